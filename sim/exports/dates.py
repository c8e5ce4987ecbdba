"""Dates as exports write them; the order of day and month is settled by the whole file.

A day is taken as written, without its time zone; which of two moments is later is told with it.
03/04/2026 may be of March or of April: where no date of the file tells, it is a question; where
dates tell both, the file is of two exports.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

from sim.errors import TicketError
from sim.exports.vocabulary import listed, meanings, plain

DMY, MDY = "dmy", "mdy"
FIRST_YEAR = 1970
UNREADABLE = 0  # what a text that is no date is as minutes

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T(\d{6}).*)?")
_ORDERED = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?:,?[T ]+(.*))?")
_NAMED = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,? )?(\d{1,2})(?:st|nd|rd|th)?\.?[ /.\-]+(?:de )?"
    r"([^\W\d_]{3,10})\.?,?[ /.\-]+(?:de )?"
    r"(\d{4}|\d{2})(?:,?[T ]+(.*))?"
)
_NAME_FIRST = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,? )?([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"
    r"(?:,?[T ]+(.*))?"
)
_YES, _NO = ("yes", "y", "true", "1", "1 0"), ("no", "n", "false", "0", "0 0")
_YEAR_SHORT = re.compile(r"\d\d([/.\-])\d{1,2}\1\d{1,2}(?:,?[T ]+.*)?")
_ZONE = re.compile(r":\d\d(?:[.,]\d+)?\s*(?:Z|UTC|GMT)?([+-])(\d\d):?(\d\d)?$")
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?")
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([AaPp])?\.?[Mm]?")


def order_of(texts: Iterable[str]) -> tuple[str | None, dict[str, str]]:
    """Which order the dates of a file have, or None where none has a choice.

    Also an example of each order that a date proves, and under "both" three that may be either.
    """
    examples: dict[str, str] = {}
    for text in texts:
        match = _ORDERED.fullmatch(text)
        if not match or match[2] == ".":  # dots are written with the day first, everywhere
            continue
        first, second = int(match[1]), int(match[3])
        if (first > 12 or second > 12) and (_moment(text, DMY) or _moment(text, MDY)):
            examples.setdefault(DMY if first > 12 else MDY, text)
        elif (
            first != second and max(first, second) <= 12 and examples.get("both", "").count(",") < 2
        ):
            examples["both"] = ", ".join(filter(None, (examples.get("both"), text)))
    proved = [order for order in (DMY, MDY) if order in examples]
    return (proved[0] if len(proved) == 1 else None), examples


def settle(name: str, columns: Mapping[str, Iterable[str]], stated: str | None) -> tuple[str, str]:
    """The order of day and month of a file, and how it was settled, in words.

    columns : header -> distinct texts of every column of dates
    stated  : what the command or a map says

    Raises TicketError, one line, where the file has both orders or does not tell.
    """
    order, examples = order_of(text for texts in columns.values() for text in texts)
    headers = " and ".join(f"'{header}'" for header in columns)
    if DMY in examples and MDY in examples:
        raise TicketError(
            f"{name}: {headers}: dates of both orders, {examples[DMY]} and {examples[MDY]}: are "
            "two "
            "exports glued together? read them apart"
        )
    if not stated:
        _refuse_years_first(name, headers, columns, order or DMY)
    if stated:
        if order and order != stated:
            raise TicketError(
                f"{name}: {headers}: {examples[order]} cannot be {stated}; leave --dates out, "
                "or say "
                f"--dates {order}"
            )
        return stated, f"{_in_words(stated)}, as stated" if examples else ""
    if order:
        return order, f"{_in_words(order)}, as {examples[order]} shows"
    if "both" in examples:
        raise TicketError(
            f"{name}: {headers}: {examples['both']} may be day or month first, and no date of the "
            "file tells; say --dates dmy or --dates mdy"
        )
    return DMY, ""


def _refuse_years_first(name: str, headers: str, columns, order: str) -> None:
    """Refuse a column of dates such as 25/03/01 that may have the year first.

    They may where each is a date so, and their span is no longer than with the year last.
    """
    for texts in columns.values():
        short = [text for text in texts if _YEAR_SHORT.fullmatch(text)]
        first = [_year_first(text) for text in short]
        days = [moment.date() for text in short if (moment := _moment(text, order))]
        if not short or None in first or any(d > date.today() for d in first if d):
            continue
        real = [d for d in first if d]
        if days and max(real) - min(real) > max(days) - min(days):
            continue
        raise TicketError(
            f"{name}: {headers}: {', '.join(short[:3])} may have the year first or last; write "
            f"{real[0]} for the year first, or say --dates dmy or --dates mdy"
        )


def _year_first(text: str) -> date | None:
    match = _ORDERED.fullmatch(text)
    try:
        return date(_year(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None


def is_blank(text: str) -> bool:
    """Whether a cell of a column of dates says that there is none."""
    return plain(text) in listed("dates", "none") or text.startswith("0001-01-01")


def is_date(text: str) -> bool:
    """Whether a text is a date in either order of day and month."""
    return bool(minutes(text, DMY) or minutes(text, MDY))


def is_truth(text: str) -> bool | None:
    """Whether a box is ticked; None where the text is no yes or no."""
    word = plain(text)
    return word in _YES if word in (*_YES, *_NO) else None


def offset(text: str) -> int:
    """Minutes by which the clock of a date is ahead of UTC; 0 where no zone stands."""
    match = _ZONE.search(text)
    if not match or not match[1]:
        return 0
    ahead = 60 * int(match[2]) + int(match[3] or 0)
    return -ahead if match[1] == "-" else ahead


def _in_words(order: str) -> str:
    return "day before month" if order == DMY else "month before day"


def minutes(text: str, order: str) -> int:
    """Minutes since year 1 of a date, with its time where given; 0 where it is none."""
    mark = "T" if text[10:11] == "T" else " "
    head, _, clock = text.partition(mark)
    day_ = clock and _day(head, order)  # few days and few times of day make up many moments
    if day_ and (at := _minute(clock)) is not None:
        return day_ + at
    moment = _moment(text, order)
    if moment is None or not FIRST_YEAR <= moment.year <= 2100:
        return UNREADABLE
    return moment.toordinal() * 1440 + moment.hour * 60 + moment.minute


@lru_cache(100_000)
def _day(text: str, order: str) -> int:
    """Minutes of a date without a time; 0 where it is none."""
    moment = _moment(text, order)
    if moment is None or not FIRST_YEAR <= moment.year <= 2100:
        return UNREADABLE
    return moment.toordinal() * 1440


@lru_cache(100_000)
def _minute(clock: str) -> int | None:
    """Minute of the day of a time, 0 without one, None where it is no time."""
    try:
        at = _at(2000, 1, 1, clock)
    except ValueError:
        return None
    return at.hour * 60 + at.minute


def day(number: int) -> date:
    """The day of such minutes."""
    return date.fromordinal(number // 1440)


def _moment(text: str, order: str) -> datetime | None:
    try:
        if match := _ISO.fullmatch(text):
            return _at(int(match[1]), int(match[2]), int(match[3]), match[4])
        if match := _ORDERED.fullmatch(text):
            first, second = int(match[1]), int(match[3])
            swap = order == MDY and match[2] != "."
            day_, month = (second, first) if swap else (first, second)
            return _at(_year(match[4]), month, day_, match[5])
        if match := _NAMED.fullmatch(text):
            return _at(_year(match[3]), _month(match[2]), int(match[1]), match[4])
        if match := _NAME_FIRST.fullmatch(text):
            return _at(int(match[3]), _month(match[1]), int(match[2]), match[4])
        if match := _COMPACT.fullmatch(text):
            return _at(int(match[1]), int(match[2]), int(match[3]), None)
        if match := _EPOCH.fullmatch(text):
            return datetime(1970, 1, 1) + timedelta(seconds=int(match[1]))
    except (ValueError, KeyError):
        return None
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


@cache
def _month(name: str) -> int:
    return int(meanings("months")[plain(name)])


def _at(year: int, month: int, day_: int, clock: str | None) -> datetime:
    at = time()
    if clock and (match := _TIME.match(clock.strip())):
        hour = int(match[1]) % 12 if match[4] else int(match[1])
        at = time((hour + 12 * ((match[4] or "").lower() == "p")) % 24, int(match[2]))
    return datetime.combine(date(year, month, day_), at)
