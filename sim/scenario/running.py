"""The table of a project that runs, and a plan as it stands today.

A file may count its weeks from the project's first day and say in `now.week` how many are over. It
is read as the plan of what is left: it starts today, and its weeks count from there.
"""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import ScenarioError, is_whole
from sim.scenario.calendar_days import first_day
from sim.scenario.tools import Profile
from sim.scenario.values import LEVELS, MOST_WEEKS, Fault, Rule, TableOfFile, number, share

_MOST = 1_000_000  # tickets


def _no_more_begun_than_open(now: Any) -> Iterator[Fault]:
    if now.in_hand + now.waiting_review > now.open:
        sums = f"{now.in_hand} + {now.waiting_review}"
        yield "", f"in_hand + waiting_review = {sums}: must not exceed {now.open}"


def _no_more_advanced_than_open(now: Any) -> Iterator[Fault]:
    if now.advanced is not None and now.advanced > now.open:
        yield "advanced", f"{now.advanced}: must not exceed open = {now.open}"


class Now(TableOfFile):
    """Where a project stands that runs: the forecast goes on from its open tickets."""

    open: int = number(
        "tasks", "Tickets that are not done, in hand and waiting for review or not; sets "
        "tasks.backlog", ge=0, le=_MOST,
    )  # fmt: skip
    advanced: int | None = number(
        "tasks", "Of the open ones, how many are advanced work; by default by the share of "
        "advanced work", None, ge=0, le=_MOST,
    )  # fmt: skip
    in_hand: int = number("tasks", "Of the open ones, those that are begun", 0, ge=0, le=_MOST)
    in_hand_left: float = share("Share of a ticket in hand that is still to be done", 0.5)
    waiting_review: int = number(
        "tasks", "Of the open ones, those that wait for review", 0, ge=0, le=_MOST
    )
    done: int = number(
        "tasks", "Tickets that are done; they count towards tasks.done_share", 0, ge=0, le=_MOST
    )
    week: int = number(
        "weeks", "Weeks of the plan that are over; the plan is read as what is left of it", 0,
        ge=0, le=MOST_WEEKS - 1,
    )  # fmt: skip

    rules = (_no_more_begun_than_open, _no_more_advanced_than_open)


def with_backlog(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What a file states, its open tickets the backlog of the plan too."""
    now, tasks = stated.get("now"), stated.get("tasks", {})
    count = now.get("open") if isinstance(now, Mapping) else None
    if not is_whole(count) or not 0 <= count <= _MOST or not isinstance(tasks, Mapping):
        return dict(stated)
    if "arrivals_per_week" in tasks:  # which is a fault of its own
        return dict(stated)
    return dict(stated) | {"tasks": dict(tasks) | {"backlog": count}}


def in_changes(changes: Mapping[str, Any], label: str, over: int) -> dict[str, Any]:
    """Changes of `Scenario.replace`, the open tickets the backlog too.

    over : weeks of the plan's file that are over, which a change cannot state again
    """
    table = changes.get("now")
    table = table if isinstance(table, Mapping) else {}
    if over and changes.get("now.week", table.get("week")):
        raise ScenarioError(
            f"{label}: now.week: the plan is in week {over} of its file already; state another "
            "week in a file that extends it"
        )
    count = changes.get("now.open", table.get("open"))
    if count is None or "tasks.backlog" in changes:
        return dict(changes)
    return dict(changes) | {"tasks.backlog": count}


def from_today(stated: Mapping[str, Any], week: int) -> dict[str, Any]:
    """A plan that is in its week `week` as what is left of it.

    stated : checked tables of a plan as plain nested dicts, of which `OVER` finds no fault

    A training under way goes on and is paid.
    """
    plan = {key: value for key, value in stated.items() if key != "now"}
    starts = today(plan["horizon"]["start"], week)
    plan["horizon"] = {"start": starts, "weeks": plan["horizon"]["weeks"] - week}
    weeks = {key: plan["answer"][key] for key in _ANSWERS if key in plan["answer"]}
    plan["answer"] = plan["answer"] | {key: value - week for key, value in weeks.items()}
    return _shifted(plan, week) | {"now": dict(stated["now"]) | {"week": 0}}


def _shifted(plan: dict[str, Any], week: int) -> dict[str, Any]:
    """A plan with its weeks counted from its week `week`: rows, trainings, absence and freezes."""
    plan = dict(plan)
    for table in set(_OVER) & set(plan):
        plan[table] = [row | {"week": row["week"] - week} for row in plan[table]]
    plan["training"] = _training(plan["training"], week)
    plan["trainings"] = [_training(row, week) for row in plan.get("trainings", [])]
    for table, keys in _LISTS_OF_WEEKS.items():
        for key in keys if table in plan else ():
            to_come = [n - week for n in plan[table].get(key, []) if n >= week]
            plan[table] = plan[table] | {key: to_come}
    return plan


def as_planned(stated: Mapping[str, Any], week: int) -> dict[str, Any]:
    """A plan as it stands when `week` weeks of it are over, had all gone as it says.

    stated : nested dicts of a whole plan

    Who has joined is in the team and who has left is not, a tool that all have is the tool, and
    trainings that have ended have no seats; the levels they brought are not known here. Rows of
    rollouts that go on begin today.
    """
    plan = {**stated, "team": dict(stated["team"]), "people": list(stated.get("people", []))}
    for row in stated.get("joiners", []):
        if row["week"] < week:
            _join(plan, row)
    for row in stated.get("leavers", []):
        if row["week"] < week:
            _leave(plan, row)
    for table in ("joiners", "leavers"):
        plan[table] = [row for row in stated.get(table, []) if row["week"] >= week]
    _take_up(plan, week)
    plan["training"] = _training_ended(stated["training"], week)
    rows = [_training_ended(row, week) for row in stated.get("trainings", [])]
    plan["trainings"] = [row for row in rows if row["seats"]]
    start = today(stated["horizon"]["start"], week)
    plan["horizon"] = {"start": start, "weeks": stated["horizon"]["weeks"] - week}
    return _shifted(plan, week)


def _counts(plan: dict[str, Any], row: Mapping[str, Any]) -> tuple[dict[str, Any], str] | None:
    """The counts by level that a row of people adds to, and its level; None where it adds to none.

    The counts are copied, and may be changed.
    """
    names = {float(number): name for name, number in LEVELS.items()}
    level = row["level"]
    if not isinstance(level, int | float) or float(level) not in names:
        return None
    if row["role"] == "adjacent":
        plan["team"] = plan["team"] | {"adjacent": dict(plan["team"].get("adjacent", {}))}
        return plan["team"]["adjacent"], names[float(level)]
    return plan["team"], names[float(level)]


def _join(plan: dict[str, Any], row: Mapping[str, Any]) -> None:
    own = {"count", "level", "role", "week", "weeks_to_fill", "hiring_cost"}
    counts = _counts(plan, row) if row.get("hours_per_week", 40.0) == 40.0 else None
    if counts is None or "cost_per_hour" in row:
        kept = {key: row[key] for key in row if key not in own - {"count", "level", "role"}}
        plan["people"].append(kept)
    else:
        counts[0][counts[1]] = counts[0].get(counts[1], 0) + row["count"]


def _leave(plan: dict[str, Any], row: Mapping[str, Any]) -> None:
    counts = _counts(plan, row)
    if counts is not None:
        counts[0][counts[1]] = max(0, counts[0].get(counts[1], 0) - row.get("count", 1))


def _take_up(plan: dict[str, Any], week: int) -> None:
    """Make the last tool that all have by then the tool, and let what goes on begin then."""
    rows = plan.get("rollout") or []
    for place in range(len(rows) - 1, -1, -1):
        row = rows[place]
        is_for_all = row["share"] == 1.0 and row["role"] == "any" and "levels" not in row
        if is_for_all and row["week"] + row["weeks"] <= week:
            profile = {key: row[key] for key in Profile.model_fields if key in row}
            plan["tool"] = {"curves": plan["tool"]["curves"], "profile": row["profile"]} | profile
            rows = rows[place + 1 :]
            break
    later = [row | {"week": max(row["week"], week)} for row in rows]
    plan["rollout"] = later


def _training_ended(row: Mapping[str, Any], week: int) -> dict[str, Any]:
    """A training, without seats where it has ended."""
    return dict(row) | ({"seats": 0} if row["start_week"] + row["weeks"] <= week else {})


def today(start: str, week: int) -> str:
    """The day, YYYY-MM-DD, on which a run goes on of which some weeks are over.

    start : a month or a day, as horizon.start states it
    """
    return (first_day(start) + datetime.timedelta(weeks=week)).isoformat()


_ANSWERS = ("by_week", "up_to_week")
_LISTS_OF_WEEKS = {"absence": ("holiday_weeks",), "freeze": ("review_weeks", "release_weeks")}
_OVER = {  # rows of what changes in a week, and what states those whose week is over
    "joiners": "state who has joined in [team] or [[people]], and a later week for who has not",
    "leavers": "take who has left out of [team], and state a later week for who has not",
    "rollout": "state the familiarity reached, and a week that is not over",
}


def _training(row: Mapping[str, Any], week: int) -> dict[str, Any]:
    """What is left of a training."""
    first, last = row["start_week"] - week, row["start_week"] + row["weeks"] - week
    if first >= 0 or not row["seats"]:
        return dict(row) | {"start_week": max(0, first)}
    return dict(row) | {"start_week": 0, "weeks": last, "cost_per_seat": 0.0}


def _is_within_the_plan(plan: Any) -> Iterator[Fault]:
    if plan.now is not None and plan.now.week >= plan.horizon.weeks:
        must = f"must be below horizon.weeks = {plan.horizon.weeks}"
        yield f"now.week = {plan.now.week}", must


def _weeks_of_answer_to_come(plan: Any) -> Iterator[Fault]:
    week = 0 if plan.now is None else plan.now.week
    for key in _ANSWERS if week else ():
        value = getattr(plan.answer, key)
        if value is not None and value <= week:
            yield f"answer.{key} = {value:g}", f"is over in now.week = {week}"


def _rows_to_come(table: str) -> Rule:
    def rule(plan: Any) -> Iterator[Fault]:
        week = 0 if plan.now is None else plan.now.week
        for n, row in enumerate(getattr(plan, table) or [] if week else [], 1):
            if row.week < week:
                over = f"is over in now.week = {week}; {_OVER[table]}"
                yield f"{table}[{n}].week = {row.week}", over

    return rule


def _trainings_to_come(plan: Any) -> Iterator[Fault]:
    week = 0 if plan.now is None else plan.now.week
    for path, row in plan.cohorts.items() if week else ():
        if row.start_week + row.weeks <= week:
            mend = "state the levels reached in [team], and seats = 0"
            yield path, f"has ended in now.week = {week}; {mend}"


# What must not be over today: its outcome is for the plan to state.
OVER: tuple[Rule, ...] = (
    _is_within_the_plan,
    _weeks_of_answer_to_come,
    *map(_rows_to_come, _OVER),
    _trainings_to_come,
)
