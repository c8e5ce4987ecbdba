"""Days of a plan that are over by the day on which it is run: a deadline, a start, the whole of it.

Said to whoever runs it, and kept in no record: what a plan gives does not depend on today.
"""

import datetime
from collections.abc import Iterator
from typing import Any

from sim.scenario.calendar_days import day_at_end_of, day_words, first_day
from sim.scenario.files import is_packaged

MONTH = (
    31  # days a start may lie back without a word; assumption: plans are written before they run
)


def of_plan(plan: Any, today: datetime.date) -> tuple[str, ...]:
    """Sentences on what is past, with what would do; none of a packaged plan, an example.

    plan : Scenario
    """
    if plan._folder is not None and is_packaged(plan._folder):
        return ()
    return tuple(f"{plan.name}: {line}" for line in _lines(plan, today))


def _lines(plan: Any, today: datetime.date) -> Iterator[str]:
    start, now = first_day(plan.horizon.start), f"today is {day_words(today)}"
    if plan.by_week is not None and (by := _end_of(plan, plan.by_week)) < today:
        yield (
            f"its deadline, {day_words(by)}, is past ({now}); move answer.by, and say in [now] "
            "what is done and open"
        )
    elif (end := _end_of(plan, plan.horizon.weeks)) < today:
        yield f"its run ends on {day_words(end)}, which is past ({now}); move horizon.start"
    elif (today - start).days > MONTH and plan.now is None:
        yield (
            f"it starts on {day_words(start)}, which is past ({now}); move horizon.start, or say "
            "in [now] what is done and open"
        )


def _end_of(plan: Any, week: float) -> datetime.date:
    """The day by whose end so many weeks of the run are over; its first where none are."""
    if week <= 0:
        return first_day(plan.horizon.start)
    return datetime.date.fromisoformat(day_at_end_of(week, plan.horizon.start))
