"""The plans that a state of the planning page gives: today, and the plan beside it.

A state is a dict of the controls that were moved, id -> value; what is not in it is as the scenario
states it. It may come from anybody, as a link does.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sim.errors import PlannerError, did_you_mean, is_int_or_float, short
from sim.planning.controls import (
    AS_TODAY,
    LEVEL_WORDS,
    MOST_PEOPLE,
    MOST_TICKETS,
    MOST_WEEKS,
    ROLES,
    Control,
    controls_of,
    people,
    seats,
)
from sim.scenario import LEVELS, Scenario
from sim.scenario.calendar_days import day_at_end_of
from sim.scenario.development import KEY

MOST_CHANGES = 60  # of a state; there are fewer controls


def plans(
    base: Scenario, state: dict[str, Any], more: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Scenario, Scenario]:
    """Today and the plan, as a state has them: two Scenarios.

    more : what the plan changes besides, that no control does: dotted path -> value

    Raises PlannerError or ScenarioError, one line, where the state is not of these controls, or
    what it gives is no plan, or too large for the page.
    """
    known = checked(controls_of(base), state)
    today = base.replace(_of_today(base, known, state))
    with_more = today.replace(more) if more else today
    plan = with_more.replace(_of_plan(with_more, known, state))
    for each in (today, plan):
        refuse_large(each)
    return today, plan


# ---- what may be asked ---------------------------------------------------------------------------


def checked(known: Mapping[str, Control], state: Any) -> dict[str, Control]:
    """The controls with the values of a state. Raises PlannerError, one line."""
    if not isinstance(state, dict) or len(state) > MOST_CHANGES:
        raise PlannerError("a plan of the page must be a table of the controls that were moved")
    for key, value in state.items():
        if key not in known:
            hint = did_you_mean(key, known) if len(key) < 60 else ""
            raise PlannerError(f"{short(key)}: no control of this plan{hint}")
        if fault := _fault(known[key], value):
            raise PlannerError(f"{known[key].label}: {short(repr(value))}: {fault}")
    return dict(known) | {
        key: replace(known[key], value=_whole(known[key], value)) for key, value in state.items()
    }


def _whole(control: Control, value: Any) -> Any:
    """A value as its control has it: 30 where a page says 30.0."""
    return int(value) if control.kind in ("range", "people") and value == int(value) else value


def _fault(control: Control, value: Any) -> str:
    """What must hold of a value of a control; nothing where it does."""
    if control.choices is not None:
        good = isinstance(value, str) and value in control.choices
        return "" if good else f"must be one of {', '.join(control.choices)}"
    if control.kind == "pair":
        if not isinstance(value, list) or len(value) != 2:
            return "must be [low, high]"
        faults = [fault for end in value if (fault := _number_fault(control, end))]
        return (
            faults[0] if faults else "" if value[0] <= value[1] else "must have its lower end first"
        )
    return _number_fault(control, value)


def _number_fault(control: Control, value: Any) -> str:
    if not is_int_or_float(value):
        return "must be a number"
    if not control.low <= value <= control.high:  # written so that nan fails too
        return f"must be from {control.low:g} to {control.high:,.10g}"
    whole = control.step >= 1 and control.kind != "number"
    return f"must be whole, in {control.unit}" if whole and value != int(value) else ""


def refuse_large(plan: Scenario) -> None:
    """Refuse a plan larger than the page takes: PlannerError, one line."""
    there = plan.headcount + sum(row.count for row in plan.joiners)
    for number, most, what in (
        (there, MOST_PEOPLE, "people"),
        (plan.horizon.weeks, MOST_WEEKS, "weeks"),
        (plan.tasks.backlog or 0, MOST_TICKETS, "tickets"),
    ):
        if number > most:
            raise PlannerError(
                f"{number:,} {what}: the page takes {most:,} at most; larger plans are for "
                "`tiercurve run`"
            )
    if not there:
        raise PlannerError("nobody is in the team: leave one person at least")


# ---- from a state to plans -----------------------------------------------------------------------


def _of_today(base: Scenario, known: dict[str, Control], state: dict[str, Any]) -> dict[str, Any]:
    """Changes of the scenario that hold today and with the plan: dotted path -> value."""
    moved = {key: known[key].value for key in state}
    changes: dict[str, Any] = {}
    if "hours" in moved:
        low, high = moved["hours"]
        changes[KEY] = [float(low), float(high)] if low < high else float(low)
    for key, path, scale in _PATHS:
        if key in moved:
            value = moved[key]
            changes[path] = value / scale if scale != 1 else value
    if "deadline" in moved:
        changes |= deadline_changes(base, moved["deadline"])
    for role, level, key in seats("today"):
        if key in moved:
            changes[_team_path(role, level)] = int(moved[key])
    if "today.tool" in moved:
        changes |= _tool(base, moved["today.tool"], moved.get("tool_price"))
    return changes


_PATHS = (  # control, path, and what a value is divided by
    ("weeks", "horizon.weeks", 1), ("backlog", "tasks.backlog", 1),
    ("done_share", "tasks.done_share", 100), ("blocked", "tasks.blocked_share", 100),
    ("advanced", "tasks.advanced_share", 100),
    ("today.review", "policy.review", 1), ("overhead", "money.overhead", 1),
    ("tool_price", "money.tool_per_person_month", 1),
    ("work_price", "money.price_per_expert_hour", 1),
    *(
        (f"pay.{role}.{level}", f"money.salary.{role}.{level}", 1)
        for role in ROLES for level in LEVELS
    ),
)  # fmt: skip


def deadline_changes(base: Scenario, week: int) -> dict[str, Any]:
    """What makes the end of a week the deadline, as the plan states it: by day or by week."""
    if base.answer.by is None:
        return {"answer.by_week": float(week)}
    return {"answer.by": day_at_end_of(week, base.horizon.start)}


def _of_plan(today: Scenario, known: dict[str, Control], state: dict[str, Any]) -> dict[str, Any]:
    """Changes of today that are the plan's own: dotted path -> value."""
    changes: dict[str, Any] = {}
    rows = []
    for role, level, key in seats("plan"):
        more = int(known[key].value) if key in known else 0
        if more > 0:
            row = {"count": more, "level": level, "role": role, "week": int(known["join"].value)}
            cost = {"hiring_cost": float(known["hiring"].value)} if "hiring" in known else {}
            rows.append(row | cost)
        elif more < 0:
            there = people(today, role, level)
            if there + more < 0:
                raise PlannerError(
                    f"{LEVEL_WORDS[level]}: {-more} fewer of {there}: nobody is left to take away"
                )
            changes[_team_path(role, level)] = there + more
    if rows:
        changes["joiners"] = [*today.to_dict().get("joiners", []), *rows]
    for key, path in _TRAINING.items():
        if key in state:
            value = known[key].value
            changes[path] = float(value) if key in ("train_hours", "seat_price") else value
    if state.get("plan.review", "") not in ("", AS_TODAY):
        changes["policy.review"] = state["plan.review"]
    if state.get("plan.tool", "") not in ("", AS_TODAY, today.tool.profile):
        price, week = state.get("plan.tool_price"), state.get("plan.tool_start", 0)
        later = _later_tool if week else _tool
        changes |= later(today, state["plan.tool"], price, *([int(week)] if week else []))
    return changes


_TRAINING = {
    "seats": "training.seats", "target": "training.target", "train_weeks": "training.weeks",
    "train_hours": "training.hours_per_week", "train_start": "training.start_week",
    "seat_price": "training.cost_per_seat",
}  # fmt: skip


def _tool(plan: Scenario, profile: str, price: float | None) -> dict[str, Any]:
    """Another tool, and its price where money is counted: none for no tool, else as it was."""
    changes: dict[str, Any] = {"tool.profile": profile}
    if plan.money is not None and (price is not None or profile == "none"):
        changes["money.tool_per_person_month"] = 0.0 if profile == "none" else float(price or 0)
    return changes


def _later_tool(plan: Scenario, profile: str, price: float | None, week: int) -> dict[str, Any]:
    """Another tool for everybody from a week of the run on: a row behind those there are."""
    row: dict[str, Any] = {"profile": profile, "week": week}
    if plan.money is not None and (price is not None or profile == "none"):
        row["cost_per_person_month"] = 0.0 if profile == "none" else float(price or 0)
    return {"rollout": [*plan.to_dict().get("rollout", []), row]}


def _team_path(role: str, level: str) -> str:
    return f"team.{level}" if role == "engineer" else f"team.adjacent.{level}"
