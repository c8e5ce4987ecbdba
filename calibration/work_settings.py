"""Reads calibration/work.toml: targets, the populations they were measured on, their places."""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibration.equations import EQUATIONS, OWN
from calibration.targets import UNITS, Target
from sim import ledger, parameters
from sim.engine import levers, setup
from sim.errors import ScenarioError, choice, count, did_you_mean
from sim.parameters import Distribution, is_number
from sim.scenario import Scenario, load

HERE = Path(__file__).parent
PACKAGED = HERE / "work.toml"
MEASURES = {  # what the engine is asked -> its outputs
    "reviews": ("reviews", "hours", "latency"),
    "learning": ("gain",),
    "tasks": ("gain",),
    "time": ("change",),
    "unmodified": ("share",),
}
COMPARES = ("tasks", "time")  # measures of a plan against another
COUNTS = (
    "seed", "points", "near", "luck", "folds", "crossed", "rounds", "particles", "rows", "checked",
    "bins", "repetitions",
)  # fmt: skip
NUMBERS = ("penalty", "fitted_from")
CURVES = "tier curves"  # what stands for the fit of fit.toml among priors of a study
TARGET = (
    "name", "what", "outputs", "evidence", "value", "unit", "half_width", "discount", "band",
    "miss",
)  # fmt: skip


class WorkError(ValueError):
    """Settings of the work fit that cannot be used: one line, where, what, what would do."""


@dataclass(frozen=True)
class Place:
    """What those who were studied have for themselves.

    parameters  of the register that every place draws anew
    own         lever, horizon of its tool, or name of equations.OWN -> Distribution
    """

    name: str
    parameters: tuple[str, ...] = ()
    own: dict[str, Distribution] | None = None


@dataclass(frozen=True)
class Population:
    """Whom a target was measured on.

    place     name of a Place, or ""
    measure   of MEASURES, what the engine is asked; "" where an equation answers
    equation  of EQUATIONS; "" where the engine is asked
    plan      Scenario; None with an equation
    against   Scenario that a change is against, on the same luck; None where there is none
    """

    name: str
    place: str
    measure: str
    equation: str
    plan: Scenario | None
    against: Scenario | None

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of its outputs, `population.output`."""
        names = MEASURES[self.measure] if self.measure else EQUATIONS[self.equation]
        return tuple(f"{self.name}.{one}" for one in names)


@dataclass(frozen=True)
class Study:
    """One study of which one number is fitted to and another stands behind a prior.

    sources   its names in the ledger
    priors    entries of the register that rest on it; CURVES stands for `fit.toml`
    because   why these are different measurements
    """

    sources: tuple[str, ...]
    priors: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Settings:
    """What `work.toml` says, and which parameters the register has fitted with work."""

    seed: int
    points: int
    near: int
    luck: int
    folds: int
    crossed: int
    rounds: int
    particles: int
    rows: int
    checked: int
    bins: int
    repetitions: int
    penalty: float
    fitted_from: float
    carried: tuple[str, ...]
    cut: str
    null: str
    places: dict[str, Place]
    populations: tuple[Population, ...]
    studies: tuple[Study, ...]
    targets: tuple[Target, ...]

    def place_of(self, population: Population) -> Place:
        """Where those of a population are."""
        return self.places.get(population.place, Place(""))

    def places_of(self, target: Target) -> tuple[str, ...]:
        """Names of the places whose own draws a target depends on."""
        named = {one.name: one for one in self.populations}
        return tuple(dict.fromkeys(named[one].place for one in target.populations))

    def of_equations(self, target: Target) -> bool:
        """Whether a target is predicted by equations, without the engine."""
        return any(one.equation for one in self.populations if one.name in target.populations)


def carried() -> tuple[str, ...]:
    """Parameters that the register marks as fitted with how people work, in its order."""
    known = parameters.world_parameters()
    return tuple(name for name, one in known.items() if one.fitted == "work")


def read(path: Path = PACKAGED) -> Settings:
    """Read settings. Raises WorkError, one line."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WorkError(f"{path.name}: cannot be read ({error})") from None
    known = (*COUNTS, *NUMBERS, "cut", "null", "places", "populations", "studies", "targets")
    _keys(path.name, data, known, known)
    for key in COUNTS:
        count(f"{path.name}: {key}", data[key], WorkError, 1)
    for key in NUMBERS:
        if not is_number(data[key]) or not data[key] > 0:
            raise WorkError(f"{path.name}: {key} = {data[key]!r}: must be a number above 0")
    if not 2 <= data["folds"] <= data["points"]:
        raise WorkError(f"{path.name}: folds = {data['folds']}: must be from 2 to points")
    if data["repetitions"] > data["points"]:
        raise WorkError(
            f"{path.name}: repetitions = {data['repetitions']}: at most as many as points"
        )
    for key in ("cut", "null"):
        _parameter(f"{path.name}: {key}", data[key])
    if data["cut"] not in carried():
        raise WorkError(f"{path.name}: cut = '{data['cut']}': must be fitted with work")
    places = {name: _place(path.name, name, one) for name, one in data["places"].items()}
    populations = tuple(
        _population(path.name, name, one, places) for name, one in data["populations"].items()
    )
    evidence = ledger.read()
    return Settings(
        **{key: data[key] for key in (*COUNTS, *NUMBERS)},
        carried=carried(),
        cut=data["cut"],
        null=data["null"],
        places=places,
        populations=populations,
        studies=tuple(
            _study(f"{path.name}, studies {i}", one, evidence)
            for i, one in enumerate(data["studies"], 1)
        ),
        targets=tuple(_target(path.name, one, evidence, populations) for one in data["targets"]),
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


def _place(where: str, name: str, entry: dict[str, Any]) -> Place:
    where = f"{where}, places.{name}"
    _keys(where, entry, ("parameters", "own"), ())
    for one in entry.get("parameters", []):
        _parameter(f"{where}.parameters", one)
        if one in carried():
            raise WorkError(f"{where}.parameters: {one}: is fitted, so no place's own")
    own = {}
    for path, belief in entry.get("own", {}).items():
        names = (*levers.FIELDS, setup.HORIZON, *OWN)
        if path not in names:
            raise WorkError(f"{where}.own: {path}: must be one of {', '.join(names)}")
        own[path] = parameters.parse_distribution(belief)
    return Place(name, tuple(entry.get("parameters", [])), own)


def _population(
    where: str, name: str, entry: dict[str, Any], places: dict[str, Place]
) -> Population:
    where = f"{where}, populations.{name}"
    needed = ("equation",) if "equation" in entry else ("measure", "scenario")
    _keys(where, entry, (*needed, "place", "against"), needed)
    if "place" in entry:
        choice(f"{where}: place", entry["place"], places, WorkError)
    if "equation" in entry:
        choice(f"{where}: equation", entry["equation"], EQUATIONS, WorkError)
        return Population(name, entry.get("place", ""), "", entry["equation"], None, None)
    choice(f"{where}: measure", entry["measure"], MEASURES, WorkError)
    if (entry["measure"] in COMPARES) != ("against" in entry):
        must = "needs" if entry["measure"] in COMPARES else "has"
        raise WorkError(f"{where}: measure = '{entry['measure']}': {must} "
                        f"{'a' if must == 'needs' else 'no'} plan that it is against")  # fmt: skip
    try:
        plans = [
            load(HERE / "populations" / entry[key]) if key in entry else None
            for key in ("scenario", "against")
        ]
    except ScenarioError as error:
        raise WorkError(f"{where}: {error}") from None
    return Population(name, entry.get("place", ""), entry["measure"], "", plans[0], plans[1])


def _study(where: str, entry: dict[str, Any], evidence: dict[str, ledger.Evidence]) -> Study:
    keys = ("sources", "priors", "because")
    _keys(where, entry, keys, keys)
    known = {one.source for one in evidence.values()}
    for source in entry["sources"]:
        choice(f"{where}: sources", source, known, WorkError)
    for name in entry["priors"]:
        if name != CURVES:
            _parameter(f"{where}: priors", name)
    return Study(tuple(entry["sources"]), tuple(entry["priors"]), entry["because"])


def _target(
    where: str,
    entry: dict[str, Any],
    evidence: dict[str, ledger.Evidence],
    populations: tuple[Population, ...],
) -> Target:
    where = f"{where}, {entry.get('name', 'targets')}"
    _keys(where, entry, (*TARGET, "group", "fit"), TARGET)
    known = [one for population in populations for one in population.outputs]
    for output in entry["outputs"]:
        choice(f"{where}: outputs", output, known, WorkError)
    choice(f"{where}: unit", entry["unit"], list(UNITS), WorkError)
    for row in entry["evidence"]:
        if row not in evidence:
            raise WorkError(f"{where}: evidence: the ledger has no row '{row}'")
        if evidence[row].use == "superseded":
            other = evidence[row].replacement
            raise WorkError(f"{where}: evidence: '{row}' is superseded; use '{other}'")
    for key, low in (("half_width", 0.0), ("discount", -1e-300)):
        if not is_number(entry[key]) or not entry[key] > low:
            raise WorkError(f"{where}: {key} = {entry[key]!r}: must be a number above 0")
    target = Target(**{**entry, "evidence": tuple(entry["evidence"]), "band": tuple(entry["band"])})
    if not is_number(target.value) or not math.isfinite(target.sd):
        raise WorkError(f"{where}: value = {target.value!r}: no {target.unit} can be that")
    kinds = {bool(one.equation) for one in populations if one.name in target.populations}
    if len(kinds) > 1:
        raise WorkError(f"{where}: outputs: must be all of the engine, or all of equations")
    return target
