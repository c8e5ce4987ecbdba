"""The table of absence: days on which nobody works, and shares of the week that people are away."""

import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.scenario.calendar_days import DAYS_A_WEEK, working_day
from sim.scenario.values import MOST_WEEKS, TableOfFile, checked_day, share, value_fault

MOST_DAYS = 366  # of one row of holidays


def _days(value: Any) -> Any:
    """A day, or [first, last] of several in a row."""
    if not isinstance(value, list):
        return checked_day(value)
    if len(value) != 2:
        raise value_fault("must be a day, or [first, last] where it is several")
    first, last = map(checked_day, value)
    if last < first:
        raise value_fault("must have its earlier day first")
    if _date(last) - _date(first) >= datetime.timedelta(days=MOST_DAYS):
        raise value_fault("must be a year or less")
    return [first, last]


_DAY = {"type": "string", "format": "date"}
Days = Annotated[
    Any,
    BeforeValidator(_days),
    WithJsonSchema(
        {"anyOf": [_DAY, {"type": "array", "items": _DAY, "minItems": 2, "maxItems": 2}]}
    ),
]
Week = Annotated[int, Field(ge=0, le=MOST_WEEKS - 1)]


class Absence(TableOfFile):
    """When nobody works, and how much of the week people are away; all of it is paid."""

    holidays: list[Days] = Field(
        default=[],
        description="Days on which nobody works, YYYY-MM-DD, or [first, last] of several in a row; "
        "those outside the run do not matter",
    )
    holiday_weeks: list[Week] = Field(
        default=[],
        description="Weeks in which nobody works, as weeks into the run",
        json_schema_extra={"unit": "weeks"},
    )
    leave: float = share("Share of everybody's working time that is leave, holidays apart", 0.0)
    sickness: float = share("Share of what is left of it that people are sick", 0.0)

    @property
    def attendance(self) -> float:
        """Share of the week, but for holidays, that people are there."""
        return (1.0 - self.leave) * (1.0 - self.sickness)


def days_off(absence: Absence, start: str, weeks: int) -> list[int]:
    """Days of five on which nobody works, for each week of a run.

    start : a month or a day, as horizon.start states it
    """
    off = working_days(absence.holidays, absence.holiday_weeks, start)
    return [
        sum(week * DAYS_A_WEEK + day in off for day in range(DAYS_A_WEEK)) for week in range(weeks)
    ]


def working_days(days: list[Any], weeks: list[int], start: str) -> set[int]:
    """Numbers in a run of the working days among some days and weeks; below 0 before it.

    days : each a day, or [first, last]; weeks : into the run
    start : a month or a day, as horizon.start states it
    """
    found = {week * DAYS_A_WEEK + day for week in weeks for day in range(DAYS_A_WEEK)}
    for row in days:
        first, last = map(_date, row if isinstance(row, list) else (row, row))
        each = (first + datetime.timedelta(days=n) for n in range((last - first).days + 1))
        found |= {working_day(day, start) for day in each if day.weekday() < DAYS_A_WEEK}
    return found


def in_a_row(days: set[int], weeks: int) -> list[tuple[int, int]]:
    """Days of a run that follow each other: (first, day after the last) of each, in order.

    days : numbers of working days, as of `working_days`; weeks : length of the run
    """
    there = sorted(day for day in days if 0 <= day < weeks * DAYS_A_WEEK)
    firsts = [day for day in there if day - 1 not in days or day == 0]
    lasts = [day for day in there if day + 1 not in days or day == there[-1]]
    return [(first, last + 1) for first, last in zip(firsts, lasts, strict=True)]


def _date(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day)
