"""The table of a project that runs, and a plan as it stands today.

A file may count its weeks from the project's first day and say in `now.week` how many are over. It
is read as the plan of what is left: it starts today, and its weeks count from there.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from sim.errors import ScenarioError, of_faults
from sim.scenario.calendar_days import first_day
from sim.scenario.values import MOST_WEEKS, TableOfFile, fault_at, number, share

_MOST = 1_000_000  # tickets


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

    @model_validator(mode="after")
    def _no_more_than_are_open(self) -> "Now":
        begun = self.in_hand + self.waiting_review
        if begun > self.open:
            sums = f"{self.in_hand} + {self.waiting_review}"
            raise fault_at("", f"in_hand + waiting_review = {sums}: must not exceed {self.open}")
        if self.advanced is not None and self.advanced > self.open:
            raise fault_at("advanced", f"{self.advanced}: must not exceed open = {self.open}")
        return self


def with_backlog(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What a file states, its open tickets the backlog of the plan too."""
    now, tasks = stated.get("now"), stated.get("tasks", {})
    count = now.get("open") if isinstance(now, Mapping) else None
    if not isinstance(count, int) or not isinstance(tasks, Mapping):
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


def from_today(stated: Mapping[str, Any], week: int, label: str) -> dict[str, Any]:
    """A plan that is in its week `week` as what is left of it.

    stated : checked tables of a plan as plain nested dicts
    label : name of the file, for faults

    A training under way goes on and is paid. Raises ScenarioError, a line for each thing that is
    over and whose outcome the plan has to state.
    """
    plan = {key: value for key, value in stated.items() if key != "now"}
    weeks = plan["horizon"]["weeks"]
    if week >= weeks:
        raise of_faults(label, [f"now.week = {week}: must be below horizon.weeks = {weeks}"])
    starts = first_day(plan["horizon"]["start"]) + datetime.timedelta(weeks=week)
    plan["horizon"] = {"start": starts.isoformat(), "weeks": weeks - week}
    plan["answer"], faults = _answer(plan["answer"], week)
    for table, mend in _OVER.items():
        faults += _over(plan.get(table, []), table, week, mend)
        if table in plan:
            plan |= {table: [row | {"week": row["week"] - week} for row in plan[table]]}
    rows = {"training": plan["training"]}
    rows |= {f"trainings[{n}]": row for n, row in enumerate(plan.get("trainings", []), 1)}
    left, *others = (_training(row, path, week, faults) for path, row in rows.items())
    plan |= {"training": left, "trainings": others}
    for table, keys in _LISTS_OF_WEEKS.items():
        for key in keys if table in plan else ():
            to_come = [n - week for n in plan[table][key] if n >= week]
            plan[table] = plan[table] | {key: to_come}
    if faults:
        raise of_faults(label, faults)
    return plan | {"now": dict(stated["now"]) | {"week": 0}}


_LISTS_OF_WEEKS = {"absence": ("holiday_weeks",), "freeze": ("review_weeks", "release_weeks")}
_OVER = {  # rows of what changes in a week, and what states those whose week is over
    "joiners": "state who has joined in [team] or [[people]], and a later week for who has not",
    "leavers": "take who has left out of [team], and state a later week for who has not",
    "rollout": "state the familiarity reached, and a week that is not over",
}


def _answer(answer: Mapping[str, Any], week: int) -> tuple[dict[str, Any], list[str]]:
    moved, faults = dict(answer), []
    for key in ("by_week", "up_to_week"):
        if key not in answer:
            continue
        moved[key] = answer[key] - week
        if moved[key] <= 0:
            faults.append(f"answer.{key} = {answer[key]:g}: is over in now.week = {week}")
    return moved, faults


def _over(rows: list[dict[str, Any]], table: str, week: int, mend: str) -> list[str]:
    return [
        f"{table}[{n}].week = {row['week']}: is over in now.week = {week}; {mend}"
        for n, row in enumerate(rows, 1)
        if row["week"] < week
    ]


def _training(row: dict[str, Any], path: str, week: int, faults: list[str]) -> dict[str, Any]:
    """What is left of a training; that it has ended is added to the faults."""
    first, last = row["start_week"] - week, row["start_week"] + row["weeks"] - week
    if first >= 0 or not row["seats"]:
        return row | {"start_week": max(0, first)}
    if last <= 0:
        mend = "state the levels reached in [team], and seats = 0"
        faults.append(f"{path}: has ended in now.week = {week}; {mend}")
    return row | {"start_week": 0, "weeks": last, "cost_per_seat": 0.0}
