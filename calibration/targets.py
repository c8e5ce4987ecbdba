"""A published number that work must agree with: its scale of errors, and how far it may be off."""

import math
from dataclasses import dataclass
from typing import Any

UNITS = {  # unit of a target -> scale of its errors
    "reviews/week": "ln", "h/week": "ln", "calendar h": "ln", "ratio": "ln",
    "min": "ln",
    "% change": "ln change", "%": "logit", "pp": "plain",
}  # fmt: skip
Z975 = 1.959964


@dataclass(frozen=True)
class Target:
    """A published number that work must agree with.

    name, what  label, and what it is in words
    outputs     population.output -> factor; the sum, on the scale of errors, is what is predicted
    evidence    rows of the ledger
    value       in `unit`, as are the next three
    half_width, discount  95% half-widths of its own error, and of other people and measures
    band        (low, high), where a median is a hit
    miss        why, should it be outside
    group       targets of one group have their discount in common
    fit         whether it is fitted to, and not only predicted
    """

    name: str
    what: str
    outputs: dict[str, float]
    evidence: tuple[str, ...]
    value: float
    unit: str
    half_width: float
    discount: float
    band: tuple[float, float]
    miss: str
    group: str = ""
    fit: bool = True

    @property
    def populations(self) -> tuple[str, ...]:
        """Names of the populations that it is predicted from."""
        return tuple(dict.fromkeys(one.split(".")[0] for one in self.outputs))

    @property
    def aim(self) -> float:
        """The value on the scale of errors."""
        scale = UNITS[self.unit]
        if scale == "logit":
            return math.log(self.value / (100.0 - self.value))
        if scale == "ln change":
            return math.log1p(self.value / 100.0)
        return math.log(self.value) if scale == "ln" else self.value

    @property
    def own_sd(self) -> float:
        """Standard deviation of its own error, on the scale of errors."""
        return self._scaled(self.half_width)

    @property
    def discount_sd(self) -> float:
        """Standard deviation of the difference between places, on the scale of errors."""
        return self._scaled(self.discount)

    @property
    def sd(self) -> float:
        """Standard deviation of both."""
        return math.hypot(self.own_sd, self.discount_sd)

    def _scaled(self, width: float) -> float:
        scale, value = UNITS[self.unit], self.value
        per_unit = {
            "ln": 1.0 / value if value else math.inf,
            "ln change": 1.0 / (100.0 + value) if value > -100 else math.inf,
            "logit": 100.0 / (value * (100.0 - value)) if 0 < value < 100 else math.inf,
            "plain": 1.0,
        }[scale]
        return width / Z975 * per_unit

    def shown(self, y: Any) -> Any:
        """Values of the scale of errors, in the target's unit. y : array"""
        import numpy as np

        scale = UNITS[self.unit]
        if scale == "logit":
            return 100.0 / (1.0 + np.exp(-y))
        if scale == "ln change":
            return 100.0 * np.expm1(y)
        return np.exp(y) if scale == "ln" else y
