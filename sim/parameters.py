"""The parameter register: what each number of the model is, how sure we are, and its source.

Reads `calibration/register.toml` as data, turns one uniform number per draw into a value of each
uncertain parameter, and checks what a scenario overrides. It owns no luck: the uniforms come from
the caller, keyed by parameter name.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import files
from sim.errors import RegisterError, choice, did_you_mean, is_int_or_float, shown

if TYPE_CHECKING:  # imported where used: listing and checking scenarios needs no arrays
    import numpy as np

# The 95% point of the standard normal, to double precision; the 5% point is its negative.
Z95 = 1.6448536269514722
SHAPES = {  # shape -> how many numbers state it
    "fixed": 1,
    "uniform": 2,
    "triangular": 3,
    "normal": 2,
    "lognormal": 2,
    "logitnormal": 2,
}
ANYWHERE = (-math.inf, math.inf)
MOST_BYTES = 1_000_000  # of a register
FITS = ("curves", "work")  # which fit a parameter's distribution is the prior of
_OPTIONAL = ("distribution", "fitted")
_KEYS = ("kind", "central", "distribution", "unit", "bounds", "fitted", "evidence", "reasoning")


@dataclass(frozen=True)
class Distribution:
    """What we know of one parameter: a shape and the numbers that state it.

    shape    fixed [v] · uniform [low, high] · triangular [low, mode, high] ·
             normal, lognormal, logitnormal [5% point, 95% point]
    numbers  in the parameter's unit
    bounds   hard limits, inclusive: values beyond are moved to the limit
    """

    shape: str
    numbers: tuple[float, ...]
    bounds: tuple[float, float] = field(default=ANYWHERE, compare=False)

    def quantile(self, u: Any) -> "np.ndarray":
        """Value below which a share u of the belief lies, clipped to the bounds.

        u : float or array, in [0, 1)
        returns : float array of the same shape, in the parameter's unit
        """
        import numpy as np

        with np.errstate(over="ignore"):  # what overflows is clipped to the bounds
            value = self._unclipped(np.asarray(u, dtype=float))
        return np.clip(value, *self.bounds)

    def _unclipped(self, u: "np.ndarray") -> "np.ndarray":
        import numpy as np

        a, b = self.numbers[0], self.numbers[-1]
        if self.shape == "fixed" or a == b:
            return np.full(u.shape, a)
        if self.shape == "uniform":
            return a + (b - a) * u
        if self.shape == "triangular":
            mode = self.numbers[1]
            share_below = (mode - a) / (b - a)
            rising = a + np.sqrt(u * (b - a) * (mode - a))
            falling = b - np.sqrt((1 - u) * (b - a) * (b - mode))
            return np.where(u < share_below, rising, falling)
        from scipy.special import expit, ndtri

        low, high = (_to_normal_scale(self.shape, x) for x in (a, b))
        z = (low + high) / 2 + (high - low) / (2 * Z95) * ndtri(u)
        return {"normal": lambda x: x, "lognormal": np.exp, "logitnormal": expit}[self.shape](z)

    @property
    def central(self) -> float:
        """The median, which for the stated 5% and 95% points is their midpoint on their scale."""
        return float(self.quantile(0.5))

    @property
    def pinned(self) -> bool:
        """Whether it is a single value rather than a range."""
        return self.shape == "fixed"

    def to_plain(self) -> float | dict[str, list[float]]:
        """As a scenario file states it: a bare number, or an inline table."""
        return self.numbers[0] if self.pinned else {self.shape: list(self.numbers)}


def _to_normal_scale(shape: str, x: float) -> float:
    if shape == "lognormal":
        return math.log(x)
    if shape == "logitnormal":
        return math.log(x / (1 - x))
    return x


@dataclass(frozen=True)
class Parameter:
    """One entry of the register.

    name          as scenarios write it: an identifier (world), or a lever's dotted path
    kind          "world" (uncertain, drawn) or "lever" (the planner's choice)
    central       value used when uncertainty is off
    distribution  what we believe; None for levers
    unit          of every number in the entry
    bounds        hard limits, inclusive
    evidence      rows of calibration/evidence.csv, or ("assumption",)
    reasoning     how the rows led to the numbers
    fitted        of FITS: the distribution is that fit's prior, and runs draw from its posterior;
                  "" where they draw from the distribution itself
    """

    name: str
    kind: str
    central: float
    distribution: Distribution | None
    unit: str
    bounds: tuple[float, float]
    evidence: tuple[str, ...]
    reasoning: str
    fitted: str = ""

    @property
    def assumed(self) -> bool:
        """Whether no published figure stands behind it."""
        return self.evidence == ("assumption",)


def is_number(value: Any) -> bool:
    """A finite int or float; true and false are not numbers."""
    # Written so that nan, inf and a 400-digit integer fail too.
    return is_int_or_float(value) and abs(value) <= 1e300


def parse_distribution(value: Any, bounds: tuple[float, float] = ANYWHERE) -> Distribution:
    """A bare number (pinned), a table such as `{ uniform = [0.1, 0.3] }`, or a Distribution.

    bounds : hard limits, inclusive; every stated number must lie inside
    raises RegisterError, whose text starts with what must hold
    """
    if isinstance(value, Distribution):
        value = value.to_plain()
    if is_number(value):
        value = {"fixed": value}
    if not isinstance(value, Mapping) or len(value) != 1:
        raise RegisterError("must be a number or one of " + _shape_list())
    ((shape, stated),) = value.items()
    if shape not in SHAPES:
        hint = did_you_mean(str(shape), SHAPES) or "; use one of " + _shape_list()
        printable = "".join(
            c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(shape)
        )
        raise RegisterError(f"unknown distribution '{printable[:60]}'{hint}")
    numbers = [stated] if shape == "fixed" and not isinstance(stated, list | tuple) else stated
    if not isinstance(numbers, list | tuple) or not all(map(is_number, numbers)):
        raise RegisterError(f"{shape} must be given by finite numbers")
    if len(numbers) != SHAPES[shape]:
        raise RegisterError(f"{shape} takes {SHAPES[shape]} number(s), not {len(numbers)}")
    numbers = tuple(float(x) + 0.0 for x in numbers)  # + 0.0 turns -0.0 into 0.0
    if list(numbers) != sorted(numbers):
        raise RegisterError(f"{shape} = {list(numbers)}: must be in rising order")
    if shape == "lognormal" and not numbers[0] > 0:
        raise RegisterError(f"{shape} = {list(numbers)}: must be above 0")
    if shape == "logitnormal" and not (numbers[0] > 0 and numbers[1] < 1):
        raise RegisterError(f"{shape} = {list(numbers)}: must lie between 0 and 1, both excluded")
    if numbers[0] < bounds[0] or numbers[-1] > bounds[1]:
        raise RegisterError(bounds_phrase(bounds))
    return Distribution(shape, numbers, bounds)


def bounds_phrase(bounds: tuple[float, float]) -> str:
    """`must be between 0 and 1`, `must be 0 or more`, `must be 5 or less`."""
    low, high = bounds
    if math.isinf(high):
        return f"must be {low:g} or more"
    return f"must be {high:g} or less" if math.isinf(low) else f"must be from {low:g} to {high:g}"


def _shape_list() -> str:
    return ", ".join("{ %s = [...] }" % s for s in SHAPES if s != "fixed")  # noqa: UP031


@cache
def register() -> dict[str, Parameter]:
    """Every entry of `calibration/register.toml`, by name, in the order of the file."""
    return read_register(Path(str(resources("calibration"))) / "register.toml")


def read_register(path: Path) -> dict[str, Parameter]:
    """The entries of a register in a file; RegisterError, one line, for the first fault."""
    try:
        text = files.content(path, MOST_BYTES).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise RegisterError(f"register.toml: cannot be read: {error}") from None
    return parse_register(text)


def parse_register(text: str) -> dict[str, Parameter]:
    """The entries of a register given as TOML text; one clear line for the first fault."""
    try:
        entries = files.toml_of(text)
    except ValueError as error:
        raise RegisterError(f"register.toml: not valid TOML: {error}") from None
    return {name: _parameter(name, entry) for name, entry in entries.items()}


def _parameter(name: str, entry: Any) -> Parameter:
    def fail(message: str) -> RegisterError:
        return RegisterError(f"register.toml, {name}: {message}")

    if not isinstance(entry, dict):
        raise fail("must be a table")
    if not all(part.isidentifier() for part in name.split(".")):
        raise fail("must be named by an identifier or a dotted path")
    for key in entry:
        if key not in _KEYS:
            raise fail(f"{key}: unknown key{did_you_mean(key, _KEYS)}")
    for key in _KEYS:
        if key not in entry and key not in _OPTIONAL:
            raise fail(f"{key}: missing")
    kind, unit, evidence = entry["kind"], entry["unit"], entry["evidence"]
    choice("kind", kind, ("world", "lever"), fail)
    for key in ("unit", "reasoning"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise fail(f"{key}: must be a text that is not empty")
    bounds = _bounds(entry["bounds"], fail)
    if not is_number(entry["central"]) or not bounds[0] <= entry["central"] <= bounds[1]:
        raise fail(f"central = {shown(entry['central'])}: must be a number inside the bounds")
    if evidence == "assumption":
        evidence = ["assumption"]
    if not isinstance(evidence, list) or not evidence or not all(_is_word(e) for e in evidence):
        raise fail("evidence: must be a list of row ids, or the word 'assumption'")
    if (kind == "world") != ("distribution" in entry):
        raise fail("distribution: a world entry needs one, a lever has none")
    if "fitted" in entry:
        choice("fitted", entry["fitted"], FITS, fail)
        if kind != "world":
            raise fail("fitted: a lever is chosen, not fitted")
    distribution = None
    if kind == "world":
        if "." in name:
            raise fail("a world entry must be named by a plain identifier")
        try:
            distribution = parse_distribution(entry["distribution"], bounds)
        except RegisterError as error:
            raise fail(f"distribution: {error}") from None
    return Parameter(
        name=name,
        kind=kind,
        central=float(entry["central"]),
        distribution=distribution,
        unit=unit,
        bounds=bounds,
        evidence=tuple(evidence),
        reasoning=" ".join(entry["reasoning"].split()),
        fitted=entry.get("fitted", ""),
    )


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _bounds(value: Any, fail: Callable[[str], RegisterError]) -> tuple[float, float]:
    good = isinstance(value, list) and len(value) == 2
    good = good and all(map(is_int_or_float, value))
    if not good or not value[0] <= value[1]:  # written so that nan fails too
        raise fail(f"bounds = {value}: must be [low, high]")
    return float(value[0]), float(value[1])


def world_parameters() -> dict[str, Parameter]:
    """The uncertain entries of the register."""
    return {name: p for name, p in register().items() if p.kind == "world"}


def prior(name: str) -> Distribution:
    """What the register believes of an uncertain parameter."""
    belief = world_parameters()[name].distribution
    assert belief is not None  # world entries have one
    return belief


def draws(
    names_to_parameters: Mapping[str, Parameter],
    overrides: Mapping[str, Any],
    uniforms: "Callable[[str], np.ndarray]",
) -> "dict[str, np.ndarray]":
    """One value per draw for every world parameter given; levers are left out.

    overrides : name -> number, inline table or Distribution, in the parameter's unit
    uniforms  : name -> array (n,), in [0, 1); keyed by name, so that overriding or adding one
                parameter leaves the draws of all others as they were
    returns   : name -> array (n,), in the parameter's unit, inside its bounds
    """
    believed = _believed(names_to_parameters, overrides)
    return {name: belief.quantile(uniforms(name)) for name, belief in believed.items()}


def central(overrides: Mapping[str, Any] | None = None) -> dict[str, float]:
    """The central value of every world parameter; an override replaces it by its own median."""
    overrides = overrides or {}
    parameters = world_parameters()
    believed = _believed(parameters, overrides)
    return {n: believed[n].central if n in overrides else p.central for n, p in parameters.items()}


def _believed(
    parameters: Mapping[str, Parameter], overrides: Mapping[str, Any]
) -> dict[str, Distribution]:
    believed = {n: p.distribution for n, p in parameters.items() if p.distribution is not None}
    for name, value in overrides.items():
        if name not in believed:
            raise RegisterError(f"{name}: unknown parameter{did_you_mean(name, believed)}")
        try:
            believed[name] = parse_distribution(value, parameters[name].bounds)
        except RegisterError as error:
            raise RegisterError(f"{name} = {value}: {error} ({parameters[name].unit})") from None
    return believed
