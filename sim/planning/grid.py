"""Answers of the planning page computed beforehand, for a deck that nobody serves: a small grid.

Which plan, the hours of a week that go into development, and a deadline or the share of advanced
work are moved; each place of the grid holds the answer that the page would give there.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import product
from typing import Any

from sim.caveats import ALWAYS
from sim.errors import PlannerError
from sim.experiments import terms, workload
from sim.experiments.ask import Worlds, ask
from sim.experiments.run import caveats
from sim.planning.answers import answer, leading_metric
from sim.planning.controls import Control, controls_of
from sim.planning.plans import deadline_changes, refuse_large
from sim.planning.worlds import FLOWS, asked_metrics
from sim.scenario import Scenario
from sim.scenario.calendar_days import day_at_end_of, day_words, first_day
from sim.scenario.development import FULL_WEEK, KEY

VIEW = "view"  # group of its controls
DRAWS = 50  # of a place where something is moved; as stated it has those of the deck
HOURS = (8, 14, 20, 26)  # of a week of 40, beside what the plan states
WEEKS = (-4, -2, 2, 4)  # of the deadline, beside it
SHARES = (-15, 15)  # points of advanced work, beside it


@dataclass(frozen=True)
class Axis:
    """What is moved along a side of the grid.

    control  as the page has it
    changes  of plans, by value of the control: dotted path -> value; empty where it is as stated
    """

    control: Control
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)


def axes(plans: Mapping[str, Scenario]) -> tuple[Axis, ...]:
    """What is moved over some plans, the reference first: label -> Scenario."""
    reference, *others = plans
    base = plans[reference]
    choices = dict(zip(_keys(len(others)), others, strict=True))
    which = Control(
        f"{VIEW}.plan", VIEW, f"Plan, against {reference}", "choice", "k0", choices=choices,
        source="the plans of this deck",
    )  # fmt: skip
    second = _deadline(base) if base.by_week is not None else _advanced(base)
    return Axis(which), _hours(base), second


def check(plans: Mapping[str, Scenario], where: str = "") -> None:
    """Refuse plans larger than the page takes: PlannerError, one line that begins with `where`."""
    for plan in plans.values():
        try:
            refuse_large(plan)
        except PlannerError as error:
            raise PlannerError(f"{where}{error}") from None


def work_of(plans: Mapping[str, Scenario], draws: int, luck: int) -> workload.Workload:
    """What computing the grid takes: a Workload; nothing runs."""
    points = sum(1 for _ in _places(plans))
    works = [
        workload.of_worlds(plan, moved, luck, weekly=True)
        for plan in plans.values()
        for moved in (draws, DRAWS * (points - 1))
    ]
    return sum((work.freed() for work in works), workload.NOTHING)


def grid(
    plans: Mapping[str, Scenario], draws: int, luck: int, seed: int, about: tuple[str, str]
) -> str:
    """Answers of some plans against the first, over the grid: JSON, the same for the same plans.

    draws, luck, seed : of the places where only the plan is chosen
    about : (name, what the deck says of how far it may be used)

    Raises PlannerError, one line, where a plan is larger than the page takes.
    """
    check(plans)
    reference = next(iter(plans))
    name, caveat = about
    sides = axes(plans)
    answers = {}
    for place, changes in _places(plans):
        moved = {label: plan.replace(changes) if changes else plan for label, plan in plans.items()}
        metric = leading_metric(moved[reference], moved[reference])
        asked = DRAWS if changes else draws
        worlds = {label: _worlds(plan, asked, luck, seed, metric) for label, plan in moved.items()}
        for key, label in (sides[0].control.choices or {}).items():
            told = answer(worlds[reference], worlds[label])
            answers["|".join((key, *place))] = told | _around(moved[reference], moved[label], luck)
    controls = [side.control for side in sides if len(side.control.choices or {}) > 1]
    opening = {
        "name": name, "question": "",
        "first_day": first_day(plans[reference].horizon.start).isoformat(),
        "controls": [asdict(control) for control in controls],
        "order": [[side.control.id, side.control.value] for side in sides],
        "state": {}, "caveat": caveat,
    }  # fmt: skip
    return json.dumps({"opening": opening, "answers": answers}, separators=(",", ":"))


def _around(reference: Scenario, plan: Scenario, luck: int) -> dict[str, Any]:
    """What stands around an answer of the grid."""
    design = {"uncertainty": "full", "luck": luck}
    kept = dict.fromkeys((*caveats(reference, design), *caveats(plan, design)))
    return {
        "stage": 0, "last": True, "changes": list(terms.changes(reference, plan)), "facts": [],
        "warnings": [line for line in kept if line.kind in ALWAYS], "caveats": [], "basis": None,
    }  # fmt: skip


def _worlds(plan: Scenario, draws: int, luck: int, seed: int, metric: str) -> Worlds:
    names = asked_metrics(plan, (metric,))
    return ask(plan, draws=draws, luck=luck, seed=seed, metrics=names, weekly=FLOWS)


def _places(plans: Mapping[str, Scenario]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Places of the grid but for the plan: (values of the controls, changes of all plans)."""
    _, *sides = axes(plans)
    for values in product(*(side.changes for side in sides)):
        changes: dict[str, Any] = {}
        for side, value in zip(sides, values, strict=True):
            changes |= side.changes[value]
        yield values, changes


# ---- sides ---------------------------------------------------------------------------------------


def _keys(count: int) -> list[str]:
    """Names of values in order; none that a browser takes for a number and sorts."""
    return [f"k{i}" for i in range(count)]


def _side(control: Control, words: list[str], changes: list[dict[str, Any]]) -> Axis:
    keys = _keys(len(words))
    stated = keys[changes.index({})]
    fields = asdict(control) | {
        "id": f"{VIEW}.{control.id}", "group": VIEW, "kind": "steps", "value": stated,
        "choices": dict(zip(keys, words, strict=True)),
    }  # fmt: skip
    return Axis(Control(**fields), dict(zip(keys, changes, strict=True)))


def _hours(base: Scenario) -> Axis:
    control = controls_of(base)["hours"]
    low, high = control.value
    stated = f"{low} to {high} h of {FULL_WEEK:g}, not known" if low < high else f"{low} h"
    words = [stated, *(f"{hours} h of {FULL_WEEK:g}" for hours in HOURS)]
    return _side(control, words, [{}, *({KEY: float(hours)} for hours in HOURS)])


def _deadline(base: Scenario) -> Axis:
    control = controls_of(base)["deadline"]
    stated = int(control.value)
    weeks = sorted(
        {stated, *(stated + by for by in WEEKS if 0 < stated + by <= base.horizon.weeks)}
    )
    days = [date.fromisoformat(day_at_end_of(week, base.horizon.start)) for week in weeks]
    words = [f"{week} · {day_words(day)}" for week, day in zip(weeks, days, strict=True)]
    changes = [{} if week == stated else deadline_changes(base, week) for week in weeks]
    return _side(control, words, changes)


def _advanced(base: Scenario) -> Axis:
    control = controls_of(base)["advanced"]
    stated = int(control.value)
    shares = sorted({stated, *(stated + by for by in SHARES if 0 <= stated + by <= 100)})
    changes = [{} if s == stated else {"tasks.advanced_share": s / 100} for s in shares]
    return _side(control, [f"{share}%" for share in shares], changes)
