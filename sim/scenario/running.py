"""The table of a project that runs, and a plan as it stands today.

A file may count its weeks from the project's first day and say in `now.week` how many are over. It
is read as the plan of what is left: it starts today, and its weeks count from there.
"""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.calendar_days import first_day
from sim.scenario.values import MOST_WEEKS, Fault, Rule, TableOfFile, number, share

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
    if not isinstance(count, int) or not isinstance(tasks, Mapping):
        return dict(stated)
    return dict(stated) | {"tasks": dict(tasks) | {"backlog": count}}


def in_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of `Scenario.replace`, the open tickets the backlog too."""
    table = changes.get("now")
    count = changes.get("now.open", table.get("open") if isinstance(table, Mapping) else None)
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
    for table in set(_OVER) & set(plan):
        plan[table] = [row | {"week": row["week"] - week} for row in plan[table]]
    plan["training"] = _training(plan["training"], week)
    plan["trainings"] = [_training(row, week) for row in plan.get("trainings", [])]
    for table, keys in _LISTS_OF_WEEKS.items():
        for key in keys if table in plan else ():
            to_come = [n - week for n in plan[table][key] if n >= week]
            plan[table] = plan[table] | {key: to_come}
    return plan | {"now": dict(stated["now"]) | {"week": 0}}


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
