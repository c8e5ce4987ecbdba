"""Reads calibration/work.toml: targets, the populations they were measured on, what is carried."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import ledger, parameters
from sim.engine import curves, levers
from sim.errors import ScenarioError, choice, count, did_you_mean
from sim.parameters import Distribution, is_number
from sim.scenario import Scenario, load

HERE = Path(__file__).parent
PACKAGED = HERE / "work.toml"
UNITS = {  # unit of a target -> whether errors are of its logarithm
    "reviews/week": True, "h/week": True, "calendar h": True, "% change": True, "pp": False,
}  # fmt: skip
OUTPUTS = {  # population -> what is measured on it
    "review": ("reviews_per_week", "review_hours_per_week", "review_latency"),
    "use": ("learning_gain",),
    "field": ("tasks_gain",),
}
SIZES = ("points", "held_out", "luck", "particles", "bins")
NUMBERS = ("penalty", "fitted_from")
TARGET = (
    "name", "what", "output", "evidence", "value", "unit", "half_width", "discount", "band", "miss",
)  # fmt: skip


class WorkError(ValueError):
    """Settings of the work fit that cannot be used: one line, where, what, what would do."""


@dataclass(frozen=True)
class Population:
    """Whom a target was measured on.

    name     key of OUTPUTS
    plan     Scenario
    against  Scenario that a change is against, on the same luck; None where there is none
    inputs   names of what its emulator sees: parameters, columns of the curves, levers
    own      lever -> Distribution, beliefs about this place alone
    """

    name: str
    plan: Scenario
    against: Scenario | None
    inputs: tuple[str, ...]
    own: dict[str, Distribution]


@dataclass(frozen=True)
class Target:
    """A published number that work must agree with.

    name, what  label, and what it is in words
    output      what the engine says of it, in OUTPUTS
    evidence    rows of the ledger
    value       in `unit`, as are the next three
    half_width, discount  95% half-widths of its own error, and of other people and measures
    band        (low, high), the published range widened by the tolerance
    miss        why, should the median be outside
    """

    name: str
    what: str
    output: str
    evidence: tuple[str, ...]
    value: float
    unit: str
    half_width: float
    discount: float
    band: tuple[float, float]
    miss: str

    @property
    def aim(self) -> float:
        """The value on the scale of errors."""
        import math

        return math.log(self._natural(self.value)) if UNITS[self.unit] else self.value

    @property
    def sd(self) -> float:
        """Standard deviation of the target on the scale of errors."""
        import math

        width = math.hypot(self.half_width, self.discount) / 1.959964
        if not UNITS[self.unit]:
            return width
        return width * (self._natural(1.0) - self._natural(0.0)) / self._natural(self.value)

    def _natural(self, value: float) -> float:
        return 1.0 + value / 100.0 if self.unit == "% change" else value

    def shown(self, y: Any) -> Any:
        """Values of the scale of errors, in the target's unit. y : array"""
        import numpy as np

        if not UNITS[self.unit]:
            return y
        return 100.0 * np.expm1(y) if self.unit == "% change" else np.exp(y)


@dataclass(frozen=True)
class Settings:
    """What `work.toml` says; see there."""

    seed: int
    points: int
    held_out: int
    luck: int
    particles: int
    bins: int
    penalty: float
    fitted_from: float
    carried: tuple[str, ...]
    cut: str
    null: str
    populations: tuple[Population, ...]
    targets: tuple[Target, ...]


def read(path: Path = PACKAGED) -> Settings:
    """Read settings. Raises WorkError, one line."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WorkError(f"{path.name}: cannot be read ({error})") from None
    known = ("seed", *SIZES, *NUMBERS, "carried", "cut", "null", "populations", "targets")
    _keys(path.name, data, known, known)
    for key in (*SIZES, "seed"):
        count(f"{path.name}: {key}", data[key], WorkError, 1)
    for key in NUMBERS:
        if not is_number(data[key]) or not data[key] > 0:
            raise WorkError(f"{path.name}: {key} = {data[key]!r}: must be a number above 0")
    if data["held_out"] >= data["points"]:
        raise WorkError(f"{path.name}: held_out = {data['held_out']}: must be fewer than points")
    for name in (*data["carried"], data["cut"], data["null"]):
        _parameter(path.name, name)
    evidence = ledger.read()
    return Settings(
        **{key: data[key] for key in ("seed", *SIZES)},
        penalty=float(data["penalty"]),
        fitted_from=float(data["fitted_from"]),
        carried=tuple(data["carried"]),
        cut=data["cut"],
        null=data["null"],
        populations=tuple(
            _population(path.name, name, entry) for name, entry in data["populations"].items()
        ),
        targets=tuple(_target(path.name, entry, evidence) for entry in data["targets"]),
    )


def _keys(where: str, entry: Any, known: Any, needed: Any) -> None:
    for key in entry:
        if key not in known:
            raise WorkError(f"{where}: {key}: unknown key{did_you_mean(key, known)}")
    for key in needed:
        if key not in entry:
            raise WorkError(f"{where}: {key}: missing")


def _parameter(where: str, name: Any) -> None:
    known = parameters.world_parameters()
    if name not in known:
        raise WorkError(
            f"{where}: {name}: not a parameter of the register{did_you_mean(str(name), known)}"
        )


def _population(where: str, name: str, entry: dict[str, Any]) -> Population:
    where = f"{where}, populations.{name}"
    if name not in OUTPUTS:
        raise WorkError(f"{where}: must be one of {', '.join(OUTPUTS)}")
    _keys(where, entry, ("scenario", "against", "inputs", "own"), ("scenario", "inputs"))
    own = {}
    for path, belief in entry.get("own", {}).items():
        if path not in levers.FIELDS:
            raise WorkError(f"{where}.own: {path}: must be one of {', '.join(levers.FIELDS)}")
        own[path] = parameters.parse_distribution(belief)
    for one in entry["inputs"]:
        if one not in own and one not in curves.RATES:
            _parameter(f"{where}.inputs", one)
    try:
        plans = [
            load(HERE / "populations" / entry[key]) if key in entry else None
            for key in ("scenario", "against")
        ]
    except ScenarioError as error:
        raise WorkError(f"{where}: {error}") from None
    assert plans[0] is not None  # `scenario` is needed
    return Population(name, plans[0], plans[1], tuple(entry["inputs"]), own)


def _target(where: str, entry: dict[str, Any], evidence: dict[str, ledger.Evidence]) -> Target:
    where = f"{where}, {entry.get('name', 'targets')}"
    _keys(where, entry, TARGET, TARGET)
    outputs = [one for several in OUTPUTS.values() for one in several]
    for key, known in (("output", outputs), ("unit", list(UNITS))):
        choice(f"{where}: {key}", entry[key], known, WorkError)
    for row in entry["evidence"]:
        if row not in evidence:
            raise WorkError(f"{where}: evidence: the ledger has no row '{row}'")
    for key, low in (("value", 0.0), ("half_width", 0.0), ("discount", -1e-300)):
        if not is_number(entry[key]) or not entry[key] > low:
            raise WorkError(f"{where}: {key} = {entry[key]!r}: must be a number above 0")
    return Target(**{**entry, "evidence": tuple(entry["evidence"]), "band": tuple(entry["band"])})
