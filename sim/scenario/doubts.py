"""What a plan states that may not be meant: pay like a month's, seats nobody takes, a name."""

import re
from collections.abc import Iterator
from typing import Any

from sim.scenario import development, persons
from sim.scenario.absence import working_days
from sim.scenario.money import PAID_HOURS_A_YEAR
from sim.scenario.people import Group, group_of, middles
from sim.scenario.rollouts import users
from sim.scenario.trainings import Training, participants
from sim.scenario.values import LEVELS

LEAST_PAY = 5.0  # money/h; assumption: less is a month's salary, or one typed with a decimal point
LEAST_HOURS = 2.0  # h a week; assumption: less is a share of the week
_CURRENCY = re.compile(r"[A-Z]{3}|[A-Z]{0,2}[$€£]|euros?|dollars?|pounds?", re.IGNORECASE)


def of_plan(plan: Any) -> tuple[str, ...]:
    """Sentences on what may not be meant; a plan runs all the same. plan : Scenario"""
    return (
        *_of_pay(plan), *_of_seats(plan), *_of_rollouts(plan), *_of_freezes(plan), *_of_hours(plan),
        *persons.of_plan(plan),
    )  # fmt: skip


def _of_pay(plan: Any) -> Iterator[str]:
    """The lowest pay of each role that is above nothing and below LEAST_PAY."""
    money = plan.money
    if money is None or not _CURRENCY.fullmatch(money.currency):
        return  # none is counted, or in a unit of its own, such as hours of one level
    for role in ("engineer", "adjacent"):
        costs = {level: cost for level, cost in (money.cost_per_hour(role) or {}).items() if cost}
        low = min(costs, key=lambda level: costs[level], default="")
        if not low or costs[low] >= LEAST_PAY:
            continue
        a_year = getattr(money, role) is None
        table = f"money.salary.{role}" if a_year else f"money.{role}"
        of = f" ({getattr(getattr(money.salary, role), low):,.10g} a year)" if a_year else ""
        asked = "that a year's salary" if a_year else "that the cost of an hour"
        yield (
            f"{table}: {low} costs {costs[low]:.2f} {money.currency} an hour{of}: is {asked}? "
            f"Below {LEAST_PAY:g} an hour (assumption) it looks like a month's, or like thousands "
            "typed with a decimal point: write 48_000, not 48.000. A year has "
            f"{PAID_HOURS_A_YEAR:,.0f} paid hours."
        )


def _of_hours(plan: Any) -> Iterator[str]:
    """Hours of development that look like a share of the week."""
    share = plan.world.get(development.PARAMETER)
    hours = 0.0 if share is None else development.FULL_WEEK * share.central
    if 0 < hours < LEAST_HOURS:
        yield (
            f"{development.KEY} = {hours:.2g}: is that hours of a full week? Below "
            f"{LEAST_HOURS:g} (assumption) it looks like a share of it."
        )


def _of_seats(plan: Any) -> Iterator[str]:
    """Seats of a training for which there are fewer people."""
    training = plan.training
    rows = [row for row in plan.joiners if row.week <= training.start_week]
    there = [*plan.groups, *(group_of(row, list(plan.domains)) for row in rows)]
    able = sum(group.count for group in there if may_take_part(group, training, plan.domains))
    cohorts = list(plan.cohorts.values())
    taken = participants(cohorts, middles(plan.groups), list(plan.domains))
    for (path, row), people in zip(plan.cohorts.items(), taken, strict=True):
        count = able if path == "training" else len(people)
        if 0 < count < row.seats:
            yield _fewer(path, row, count)


def _of_rollouts(plan: Any) -> Iterator[str]:
    """Rollouts that reach nobody; a share of those there and of those who join is rounded apart."""
    there, joining = middles(plan.groups), middles(plan.joining)
    for place, row in enumerate(plan.rollout, 1):
        if row.week >= plan.horizon.weeks:
            yield (
                f"rollout[{place}].week = {row.week}: begins after the run of "
                f"{plan.horizon.weeks} weeks, so it changes nothing."
            )
        elif row.share > 0 and not users(row, there) and not users(row, joining):
            yield (
                f"rollout[{place}]: nobody there is of its role and levels, or its share is less "
                "than one person, so it changes nothing."
            )


def _of_freezes(plan: Any) -> Iterator[str]:
    """Two days of a freeze with working days between them, which may be meant as its ends."""
    for key in ("reviews", "releases") if plan.freeze is not None else ():
        days = getattr(plan.freeze, key)
        if len(days) != 2 or any(isinstance(day, list) for day in days):
            continue
        first, last = sorted(days)
        if len(working_days([[first, last]], [], plan.horizon.start)) > 2:
            yield (
                f"freeze.{key}: {first} and {last} are two days, and what is between them is not "
                f'frozen; all days from the one to the other are [["{first}", "{last}"]].'
            )


def _fewer(path: str, training: Training, able: int) -> str:
    role = "any role" if training.role == "any" else f"role {training.role}"
    people = "1 person is" if able == 1 else f"{able} people are"
    takes = "takes" if able == 1 else "take"
    return (
        f"{path}.seats = {training.seats}: {people} eligible when it begins in week "
        f"{training.start_week} ({role}, from {training.from_level} up to below "
        f"{training.target}), so {able} {takes} part and no more is paid for."
    )


def may_take_part(group: Group, training: Training, domains: dict[str, float]) -> bool:
    """Whether people are of the role and may be of a level that a training is for."""
    place = list(domains).index(training.domain) if training.domain else None
    low, high = min(group.levels) if place is None else group.levels[place]
    of_role = training.role in ("any", group.role)
    return of_role and low < LEVELS[training.target] and high >= LEVELS[training.from_level]
