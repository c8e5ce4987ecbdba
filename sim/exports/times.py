"""Hours spent and points of a table's rows, with the unit and how it was settled."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.errors import TicketError
from sim.exports import durations, numbers
from sim.exports.durations import DAYS, HOURS, IN_WORDS, MINUTES, SECONDS
from sim.exports.headers import Profile
from sim.exports.map_file import Map
from sim.exports.table import Column
from sim.exports.vocabulary import plain

Quote = Callable[[Column, list[str]], str]
MOST_HOURS = 10_000.0  # what a scenario accepts as a size [h]
_TOLD = {
    SECONDS: "s sec secs seconds", MINUTES: "m min mins minutes", HOURS: "h hr hrs hours hour std",
    DAYS: "d days",
}  # fmt: skip
_LIKELY_SECONDS = 600  # a median of bare numbers, all of whole minutes, above which hours are odd
# *Assumption*: whole minutes with a median below this may be hours or minutes typed by hand.
_FEWEST_SECONDS = 300


@dataclass(frozen=True)
class Times:
    """Hours spent of each row, and how they were read.

    hours    (n,) [h], NaN where there are none
    unit     of bare numbers
    settled  how unit and marks were settled, in words
    assumed  what nothing in the file says, in words
    """

    hours: np.ndarray
    unit: str
    settled: tuple[str, ...]
    assumed: tuple[str, ...]


def hours(name: str, column: Column, profile: Profile, stated: Map, quote: Quote) -> Times:
    """Hours spent of a column.

    quote : shows texts of a column in an error line

    Raises TicketError where its numbers or unit are a question.
    """
    number, mark = numbers.reader(name, column.header, marked(column), stated.decimal)
    bare = np.array([number(text) for text in column.texts if text], dtype=float)
    bare = bare[~np.isnan(bare) & (bare != 0)]
    unit, why, assumed = _unit(name, column, profile, stated, bare)
    lengths = durations.Lengths(stated.day_hours, stated.week_days)
    values = column.map(lambda text: durations.hours(text, unit, number, lengths), float)
    filled = column.filled
    if filled.any() and np.isnan(values[filled]).all():
        raise TicketError(
            f"{name}: column '{column.header}' holds {quote(column, column.texts)}: no times; "
            "write hours, "
            "or say in a map (--map): [columns] hours = false"
        )
    settled = [text for text in (why, mark and f"'{column.header}': {mark}") if text]
    if unit == DAYS or any(durations.has_days(text) for text in column.texts):
        day = f"a day of work is {lengths.day_hours:g} h, a week {lengths.week_days:g} days"
        (settled if stated.sha256 else assumed).append(day)
    return Times(values, unit, tuple(settled), tuple(assumed))


def marked(column: Column) -> list[str]:
    """The numbers of a column of times, with the units of words taken away."""
    return [part for text in column.texts for part in durations.numbers_in(text)]


def logged(columns: list[Column], rows: int) -> np.ndarray:
    """Hours of Jira's Log Work columns (n,), "comment;date;who;seconds" each; NaN without any."""
    total, known = np.zeros(rows), np.zeros(rows, bool)
    for column in columns:
        seconds = column.map(_last_part, float)
        known |= ~np.isnan(seconds)
        total += np.nan_to_num(seconds)
    return np.where(known, total / 3600, np.nan)


def _last_part(text: str) -> float:
    part = text.rpartition(";")[2].strip()
    return float(part) if part.isascii() and part.isdigit() else math.nan


def points(name: str, column: Column, stated: Map) -> np.ndarray:
    """Story points (n,), a scale of its own; NaN where there are none."""
    for mark in (stated.decimal, None):  # a mark stated for hours need not be that of points
        try:
            number, _ = numbers.reader(name, column.header, column.texts, mark)
        except TicketError:
            continue
        return column.map(number, float)
    return np.full(len(column), math.nan)


def _unit(name, column, profile, stated, bare) -> tuple[str, str, list[str]]:
    header = f"'{column.header}'"
    if stated.unit:
        return stated.unit, f"{header} is in {IN_WORDS[stated.unit]}, as stated", []
    if unit := unit_of(column.header):
        return unit, f"{header} is in {IN_WORDS[unit]}, as its name says", []
    if profile.unit == SECONDS and len(bare):
        if (bare % 60 != 0).any() or np.median(bare) < _FEWEST_SECONDS:
            raise TicketError(
                _question(name, column, f"{profile.name} writes seconds, in whole minutes", bare)
            )
        return SECONDS, f"{header} is in seconds, as {profile.name} writes it", []
    if profile.unit:
        return profile.unit, f"{header} is in hours, as {profile.name} writes it", []
    if len(bare) and (bare % 60 == 0).all() and np.median(bare) >= _LIKELY_SECONDS:
        raise TicketError(_question(name, column, "may be seconds, minutes or hours", bare))
    return (
        HOURS,
        "",
        [f"{header} names no unit: bare numbers are taken as hours"] if len(bare) else [],
    )


def unit_of(header: str) -> str | None:
    """The unit a header names, in brackets or as its last word."""
    bracket = re.search(r"[(\[]\s*([^()\[\]]+?)\s*[)\]]\s*$", header)
    words = [plain(bracket[1])] if bracket else []
    words += plain(header).split()[-1:] if "time" in plain(header) else []
    words += ["hours"] if "hours" in plain(header).split() else []
    return next((unit for word in words for unit, of in _TOLD.items() if word in of.split()), None)


def _question(name, column, reason, bare) -> str:
    shown = ", ".join(f"{value:g}" for value in bare[:3])
    return (
        f"{name}: column '{column.header}' = {shown}: its unit is not told ({reason}); say in a "
        "map "
        '(--map): [time] unit = "s", "min" or "h"'
    )
