"""Days of the calendar as weeks of a run: where it starts, and the week a deadline falls in."""

import datetime
import math
import re

DAYS_A_WEEK = 5  # working days, Monday to Friday
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
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


def day_fault(text: str) -> str:
    """Why a text that looks like a day is none, and how it is written; "" where it looks like none.

    "2027-02-30" is no day; "21.05.2027" is "2027-05-21", and 5/6/2027 is one of two.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        if is_day(text):
            return ""
        beyond = not _FIRST[:4] <= text[:4] <= _LAST[:4]
        return "must be from 2020 to 2040" if beyond else f"there is no such day; {_last(text)}"
    match = re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4})", text, re.ASCII)
    if match is None:
        return ""
    first, mark, second, year = int(match[1]), match[2], int(match[3]), match[4]
    days = [f"{year}-{second:02}-{first:02}"]  # with points the day comes first, all over the world
    days += [f"{year}-{first:02}-{second:02}"] if mark != "." else []
    real = " or ".join(f'"{day}"' for day in dict.fromkeys(days) if is_day(day))
    return f"must be written YYYY-MM-DD: {real}" if real else f"there is no such day; {_last('')}"


def _last(day: str) -> str:
    """The last day of the month of a day that is none, in words; else how days are written."""
    if not is_month(day[:7]):
        return "write YYYY-MM-DD"
    last = max(f"{day[:7]}-{number}" for number in range(28, 32) if is_day(f"{day[:7]}-{number}"))
    return f'the last of that month is "{last}"'


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


def working_day(day: datetime.date, start: str) -> int:
    """Number of a working day in a run, from 0; below 0 where it is before the run.

    day : Monday to Friday; start : a month or a day
    """
    return _working_days(day) - _working_days(first_day(start))


def day_at_end_of(week: float, start: str) -> str:
    """The day, YYYY-MM-DD, by whose end so many weeks of a run are over: a working day.

    week : above zero; start : a month or a day
    """
    done = math.ceil(week * DAYS_A_WEEK - 1e-9)  # 0.6 * 5 is 3 days, whatever floats say
    weeks, over = divmod(_working_days(first_day(start)) + done - 1, DAYS_A_WEEK)
    return datetime.date.fromordinal(weeks * 7 + over + 1).isoformat()


def day_words(day: datetime.date) -> str:
    """A date in words: 7 December 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def date_numbers(text: str) -> str:
    """A text with its days and months as YYYY-MM-DD, however they are written.

    "7 December 2026" is 2026-12-07; so are "December 2026" and "2026-12", from which runs start on
    the first Monday.
    """
    return _MONTH.sub(_first, _DATE.sub(_numbers, text))


_DATE = re.compile(rf"\b(?:(\d{{1,2}}) )?({'|'.join(MONTHS)}) (20\d\d)\b")
_MONTH = re.compile(r"(?<![\d-])20\d\d-(?:0[1-9]|1[0-2])(?![\d-])")


def _numbers(match: re.Match[str]) -> str:
    day = f"-{int(match[1]):02}" if match[1] else ""
    return f"{match[3]}-{MONTHS.index(match[2]) + 1:02}{day}"


def _first(match: re.Match[str]) -> str:
    return first_day(match[0]).isoformat()


def _working_days(before: datetime.date) -> int:
    """Working days before a day, counted from some Monday long ago."""
    weeks, over = divmod(before.toordinal() - 1, 7)  # day 1 of the calendar is a Monday
    return weeks * DAYS_A_WEEK + min(over, DAYS_A_WEEK)
