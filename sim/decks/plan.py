"""The file a deck is planned in: which plans, which design, which analyses."""

from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from sim.errors import DeckError, ScenarioError, did_you_mean
from sim.experiments.compare import labelled
from sim.files import by_name_or_path
from sim.scenario import Scenario, files
from sim.scenario import load as load_scenario
from sim.scenario.checking import checked, control_in, plain
from sim.scenario.tables import TableOfFile, Text, number, share

Analysis = Literal["composition", "break_even", "sensitivity", "decision"]
OF_PYTHON = "deck"  # name of a plan that no file states
ANALYSES: list[Analysis] = ["composition", "break_even", "sensitivity", "decision"]


class Plan(TableOfFile):
    """One plan: a scenario, under a name a manager understands."""

    scenario: Text = Field(description="A scenario's name, or a path from the file's folder")
    label: Text | None = Field(None, description="What it is called; its name in words if unsaid")
    changes: dict[str, Any] = Field({}, description="Dotted path of a lever -> its value")


class Composition(TableOfFile):
    """The map of mixes of levels."""

    draws: int = number("draws", "Sets of the uncertain parameters", 60, ge=50, le=2000)
    luck: int = number("worlds", "Worlds under each set", 2, ge=2, le=64)
    advanced_share: float | None = share("Advanced work among tasks; the plan's if unsaid", None)
    metric: Literal["answer", "work_delivered"] = Field(
        "answer", description="What is mapped where the plans have a backlog: what is asked of them"
    )


class Sensitivity(TableOfFile):
    """Which factors move what the reference plan delivers."""

    samples: int = number("blocks", "Blocks; a power of two", 128, ge=32, le=4096)
    luck: int = number("worlds", "Worlds a row", 2, ge=2, le=64)
    factors: list[Text] | None = Field(None, description="Factors by name; the usual if unsaid")


class DeckFile(TableOfFile):
    """A deck's plan as its file states it."""

    title: Text = Field(description="On the first slide")
    question: Text = Field(description="What the deck answers")
    plans: list[Plan] = Field(min_length=2, max_length=4, description="The reference first")
    draws: int = number("draws", "Sets of the uncertain parameters", 200, ge=50, le=20_000)
    luck: int = number("worlds", "Worlds under each set", 2, ge=2, le=64)
    seed: int = Field(1, description="Any whole number")
    weeks: int | None = number("weeks", "Horizon of all plans, not their own", None, ge=1, le=520)
    price: float | None = number(
        "money/expert-h", "Worth of an expert-hour of work, in the plans' currency", None, ge=0
    )
    budget: float | None = number("money", "Most a plan may cost more than the first", None)
    analyses: list[Analysis] = Field(ANALYSES, description="What the deck shows besides")
    interactive: bool = Field(
        False, description="Whether an HTML deck ends with a view whose controls a reader moves"
    )
    composition: Composition = Composition(advanced_share=None, metric="answer")
    sensitivity: Sensitivity = Sensitivity(factors=None)
    template: Text | None = Field(None, description="Brand template, a path to a .pptx")


@dataclass(frozen=True, repr=False)
class DeckPlan:
    """A deck's plan, checked, with its scenarios loaded.

    name      of the file, without its ending
    stated    DeckFile, what it says
    plans     dict, label -> Scenario, the reference first
    template  Path of the brand template, or None
    """

    name: str
    stated: DeckFile
    plans: dict
    template: Path | None = None

    @property
    def reference(self):
        """The Scenario of the first plan."""
        return next(iter(self.plans.values()))

    def __repr__(self):
        return f"<DeckPlan {self.name}: {self.stated.question}>"


def read(data, name=OF_PYTHON, folder=None):
    """A DeckPlan from what a file states, as nested dicts.

    folder : where paths start; names are looked up as scenarios' are

    Raises DeckError or CompareError, one line.
    """
    label = name if folder is None else f"{name}.toml"
    try:
        stated = checked(DeckFile, plain(dict(data), label), label)
        named = _scenarios(stated, label, folder)
    except ScenarioError as error:
        raise DeckError(str(error)) from None
    template = None if stated.template is None else (folder or Path()) / stated.template
    return DeckPlan(name, stated, labelled(named, weeks=stated.weeks), template)


def _scenarios(stated, label, folder):
    """Plans of a file by label."""
    named: dict[str, Scenario] = {}
    for place, row in enumerate(stated.plans, 1):
        try:
            scenario = load_scenario(_path(row.scenario, folder))
        except ScenarioError as error:
            raise ScenarioError(f"{label}: plans[{place}].scenario: {error}") from None
        try:
            plan = scenario.replace(row.changes) if row.changes else scenario
        except ScenarioError as error:
            raise ScenarioError(f"{label}: plans[{place}].changes: {error}") from None
        name = row.label or scenario.name.replace("-", " ")
        if strange := control_in(name):
            raise ScenarioError(f"{label}: plans[{place}].scenario: its name holds {strange}")
        if name in named:
            raise ScenarioError(f'{label}: plans[{place}].label = "{name}": is taken')
        named[name] = _priced(plan, stated.price, f"{label}: plans[{place}]")
    return named


def _path(name, folder):
    """A name as it is, unless a file of that path lies beside the plan."""
    beside = None if folder is None else folder / name
    return beside if beside is not None and beside.is_file() else name


def _priced(plan, price, label):
    if price is None:
        return plan
    if plan.money is None:
        raise ScenarioError(f"{label}: {plan.name} states no [money], which `price` needs")
    return plan.replace({"money.price_per_expert_hour": price})


def available():
    """(name, question) of the decks the package brings."""
    return [(p.stem, files.read(p)["question"]) for p in sorted(_packaged().glob("*.toml"))]


def load(name_or_path):
    """The plan of a deck: a path, or a name such as "train-or-hire"; DeckError, one line."""
    path = _file(name_or_path)
    try:
        data = files.read(path)
    except ScenarioError as error:
        raise DeckError(str(error)) from None
    return read(data, path.stem, path.parent)


def _file(name_or_path):
    text = str(name_or_path)
    if path := by_name_or_path(text, (Path(), _packaged())):
        return path
    known = [path.stem for path in _packaged().glob("*.toml")]
    hint = did_you_mean(text, known) or f"; expected a .toml file, or one of {', '.join(known)}"
    raise DeckError(f"{text}: no such plan of a deck{hint}")


def _packaged():
    return Path(str(resources("scenarios"))) / "decks"
