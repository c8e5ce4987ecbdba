"""Days of the calendar as weeks of a run: where it starts, and the week a deadline falls in."""

import datetime
import re

DAYS_A_WEEK = 5  # working days, Monday to Friday
_FIRST, _LAST = "2020-01", "2040-12"


def is_month(text: str) -> bool:
    """Whether a text is a month from 2020 to 2040, YYYY-MM."""
    found = re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII)
    return found is not None and _FIRST <= text <= _LAST


def is_day(text: str) -> bool:
    """Whether a text is a day from 2020 to 2040 that exists, YYYY-MM-DD."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) or not is_month(text[:7]):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def first_day(start: str) -> datetime.date:
    """The day on which a run begins: the day stated, or the first Monday of a month."""
    if len(start) > len("YYYY-MM"):
        return datetime.date.fromisoformat(start)
    first = datetime.date.fromisoformat(f"{start}-01")
    return first + datetime.timedelta(days=-first.weekday() % 7)


def week_at_end_of(day: str, start: str) -> float:
    """Weeks of a run that are over when a day ends: working days from its first day, by five.

    day : YYYY-MM-DD; start : a month or a day. Below zero where the day is before the run.
    """
    end = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
    return (_working_days(end) - _working_days(first_day(start))) / DAYS_A_WEEK


def _working_days(before: datetime.date) -> int:
    """Working days before a day, counted from some Monday long ago."""
    weeks, over = divmod(before.toordinal() - 1, 7)  # day 1 of the calendar is a Monday
    return weeks * DAYS_A_WEEK + min(over, DAYS_A_WEEK)
