"""What a plan has that no control of the page shows: it holds as it stands, told in words."""

import re
from typing import Any

from sim.errors import PlannerError
from sim.experiments import levers
from sim.experiments.pairing import check_plans
from sim.planning.controls import people, seats
from sim.scenario import Scenario, load
from sim.scenario.files import packaged_tools
from sim.scenario.merging import leaves

# Levers that a control moves, or that follow from one; a table by its dot.
MOVED = (
    "team.", "horizon.", "world.", "money.", "tool.", "trainings.", "tasks.backlog",
    "tasks.arrivals_per_week", "tasks.done_share", "tasks.advanced_share", "tasks.blocked_share",
    "policy.review", "training.seats", "training.target", "training.weeks", "training.start_week",
    "training.hours_per_week", "training.cost_per_seat", "development_hours_per_week",
)  # fmt: skip
# Those that hold today and with the plan, so that two plans of one page must state them alike.
COMMON = ("tasks.", "horizon.", "world.", "money.", "development_hours_per_week", "domains.",
          "answer.")  # fmt: skip
TOOL_PRICE = "money.tool_per_person_month"  # goes with a tool
_OF_STATE = {
    "training.seats": "seats", "training.target": "target", "training.weeks": "train_weeks",
    "training.hours_per_week": "train_hours", "training.start_week": "train_start",
    "training.cost_per_seat": "seat_price", "policy.review": "plan.review",
}  # fmt: skip
_BEFORE = re.compile(r": .+? → ")


def kept(plan: Scenario) -> list[str]:
    """What no control shows of a plan, a line each: what it states beside a plan without it."""
    baseline = load("baseline").replace({"training.seats": plan.training.seats})
    paths = [path for path in levers.differences(baseline, plan) if not _is_moved(path)]
    if not plan.training.seats:
        paths = [path for path in paths if not path.startswith("training.")]
    return [_BEFORE.sub(": ", line) for line in levers.in_words(baseline, plan, paths)]


def _is_moved(path: str) -> bool:
    return any(path.startswith(one) if one.endswith(".") else path == one for one in MOVED)


def beside(reference: Scenario, plan: Scenario) -> tuple[dict[str, Any], dict[str, Any]]:
    """How a plan differs from today: (state of the controls, changes that no control makes).

    The second is dotted path -> value, for `Scenario.replace`.

    Raises PlannerError or CompareError, one line, where the two are not of one page: the facts are
    moved for both at once.
    """
    check_plans({"today": reference, "the plan": plan})
    old, new = (dict(leaves(each.to_dict())) for each in (reference, plan))
    state: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    for path in levers.differences(reference, plan):
        if path.startswith(COMMON) and path != TOOL_PRICE:
            lines = "; ".join(levers.in_words(reference, plan, [path]))
            raise PlannerError(
                f"{plan.name}: {lines}: must be as in {reference.name}, since the page moves it "
                "for both"
            )
        key, value = _control(path, old, new, reference, plan)
        if key:
            state[key] = value
        else:
            changes |= _whole(path, plan)
    return state, changes


def _control(
    path: str, old: dict[str, Any], new: dict[str, Any], reference: Scenario, plan: Scenario
) -> tuple[str, Any]:
    """The control that makes a change, and where it then stands; ("", None) where none does."""
    if path in _OF_STATE and path in new:
        return _OF_STATE[path], new[path]
    for role, level, key in seats("plan"):
        at = f"team.{level}" if role == "engineer" else f"team.adjacent.{level}"
        fewer = people(plan, role, level) - people(reference, role, level)
        if path == at and fewer < 0:
            return key, fewer
    if path == "tool.profile" and plan.tool.profile in {reference.tool.profile, *packaged_tools()}:
        stated = {one: v for one, v in new.items() if one.startswith("tool.")}
        plain = reference.replace({"tool": {"profile": plan.tool.profile}}).to_dict()["tool"]
        if stated == {f"tool.{one}": v for one, v in leaves(plain)}:
            return "plan.tool", plan.tool.profile
    return "", None


def _whole(path: str, plan: Scenario) -> dict[str, Any]:
    """A change as `Scenario.replace` takes it: a list or a table of rows as one."""
    stated: Any = plan.to_dict()
    for part in path.split("."):
        if not isinstance(stated, dict) or part not in stated:
            return {path: None}
        stated = stated[part]
    return {path: stated}
