"""A study file: a sweep as data, so that it can be kept, cited and run again.

scenario = "platform-team"
question = "Which mix of novices and experts delivers most?"
draws = 100
[design]
kind = "factorial"
[design.factors]
"team.novice" = [0, 1, 2]
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sim.errors import ScenarioError, SweepError, choice, did_you_mean, short
from sim.experiments.sweep import design
from sim.files import by_name_or_path
from sim.scenario import Scenario, load
from sim.scenario.files import read

KEYS = (
    "scenario", "against", "question", "draws", "luck", "seed", "uncertainty", "weekly", "design",
)  # fmt: skip
DESIGNS = {
    "factorial": ("factors",),
    "zipped": ("factors",),
    "latin": ("factors", "points", "seed"),
    "sobol": ("factors", "points", "seed"),
    "table": ("file",),
    "mixtures": ("parts", "total", "step"),
    "swaps": ("give", "take", "most"),
}
LONGEST = 500  # of an error line [characters]
_OPTIONAL = ("seed", "step", "most")


@dataclass(frozen=True)
class Study:
    """A sweep that a file states.

    name      of the file
    plan      Scenario that its points change
    design    Design
    options   dict of what the file states for `sweep`: draws, luck, seed, uncertainty, weekly, and
              against, the Scenario of a reference
    """

    name: str
    plan: Scenario
    design: design.Design
    options: dict


def load_study(name_or_path):
    """The study of a name (in `scenarios/studies`, here or in the package) or of a path.

    Raises SweepError or ScenarioError, one line.
    """
    path = _file(name_or_path)
    try:
        stated = read(path)
        return _study(path, stated)
    except (SweepError, ScenarioError) as error:
        text = "; ".join(str(error).splitlines())
        text = text if text.startswith(path.name) else f"{path.name}: {text}"
        raise SweepError(short(text, LONGEST)) from None


def is_study(name_or_path):
    """Whether there is a study of that name or path; a scenario's file is none."""
    try:
        return "design" in read(_file(name_or_path))
    except (SweepError, ScenarioError):
        return False


def _folders():
    here = Path.cwd()
    package = Path(str(files("scenarios")))
    return [here, here / "studies", here / "scenarios" / "studies", package / "studies"]


def _file(name_or_path):
    text = str(name_or_path)
    if path := by_name_or_path(text, _folders(), lambda path: "design" in read(path)):
        return path
    if text.endswith(".toml"):
        raise SweepError(f"{text}: no such study file")
    known = {path.stem for folder in _folders()[1:] for path in folder.glob("*.toml")}
    hint = did_you_mean(text, known)
    raise SweepError(f"no study named '{text}'{hint or '; there are ' + ', '.join(sorted(known))}")


def _study(path, stated):
    _only(stated, KEYS, "")
    for key in ("scenario", "question", "design"):
        if key not in stated:
            raise SweepError(f"{key}: missing")
    if not isinstance(stated["design"], dict):
        raise SweepError("design: must be a table")
    plan = load(_beside(path, stated["scenario"]))
    options = {k: v for k, v in stated.items() if k not in ("scenario", "question", "design")}
    if "against" in options:
        options["against"] = load(_beside(path, options["against"], "against"))
    return Study(path.stem, plan, _design(path, plan, dict(stated["design"])), options)


def _beside(path, name, key="scenario"):
    """A scenario's name, or its path as seen from the study's own folder."""
    if not isinstance(name, str):
        raise SweepError(f"{key} = {name!r}: must be a scenario's name")
    near = path.parent / name
    return near if name.endswith(".toml") and near.is_file() else name


def _design(path, plan, stated):
    kind = stated.pop("kind", "factorial")
    choice("design.kind", kind, DESIGNS, SweepError)
    _only(stated, DESIGNS[kind], "design.")
    for key in DESIGNS[kind]:
        if key not in stated and key not in _OPTIONAL:
            raise SweepError(f"design.{key}: missing; {kind} needs it")
    if kind == "table":
        return design.table(path.parent / str(stated["file"]))
    if kind == "swaps":
        return design.swaps(plan, **stated)
    return getattr(design, kind)(**stated)


def _only(stated, known, above):
    for key in stated:
        if key not in known:
            raise SweepError(f"{above}{key}: unknown key{did_you_mean(key, known)}")
