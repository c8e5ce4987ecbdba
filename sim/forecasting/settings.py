"""Settings of the drift: how far a team's weekly rate moves, for good and for a while.

One set for all teams. Each team's own history weighs the values that are listed; nothing is fitted
to a team beyond that.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sim.errors import BacktestError


@dataclass(frozen=True)
class Settings:
    """The prior of the drift, pooled over trackers.

    walks        SD of a week's permanent step of ln rate, listed values [ln, > 0]
    reverting    SD of what reverts, listed values [ln, > 0]
    persistence  share of it that is left a week later [0 to under 1]
    shapes       of the gamma that chance multiplies a week's rate by, listed values [> 0]; the
                 smaller, the more counts vary beyond a Poisson's
    jump_chance  of a large permanent step in a week [0 to under 1]
    jump_sd      its SD [ln, > 0]
    bulk_chance  of a week in which old tickets are closed in bulk [0 to under 1]
    bulk_decay   chance of each size of a bulk over that of the size before it [above 0, at most 1]

    Listed values are equally likely before a history is seen. Raises BacktestError, one line.
    """

    walks: tuple[float, ...] = (0.03, 0.1)
    reverting: tuple[float, ...] = (0.15, 0.5)
    persistence: float = 0.7
    shapes: tuple[float, ...] = (1.5, 4.0, 12.0)
    jump_chance: float = 0.01
    jump_sd: float = 0.8
    bulk_chance: float = 0.01
    bulk_decay: float = 0.25

    def __post_init__(self) -> None:
        for name in ("walks", "reverting", "shapes"):
            values = getattr(self, name)
            if not values or not all(0 < value < 1e6 for value in values):
                raise BacktestError(f"{name} = {values}: must be one number above 0 or more")
        for name in ("persistence", "jump_chance", "bulk_chance"):
            value = getattr(self, name)
            if not 0 <= value < 1:
                raise BacktestError(f"{name} = {value}: must be from 0 to under 1")
        if not 0 < self.jump_sd < 1e6:
            raise BacktestError(f"jump_sd = {self.jump_sd}: must be above 0")
        if not 0 < self.bulk_decay <= 1:
            raise BacktestError(f"bulk_decay = {self.bulk_decay}: must be above 0 and at most 1")

    def to_json(self) -> dict[str, Any]:
        """The settings as plain data."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


SHIPPED = Settings()
