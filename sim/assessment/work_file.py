"""Reads a file of labelled tickets; tolerant of how spreadsheets write, strict about labels."""

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.errors import AssessError, TicketError, did_you_mean, short
from sim.exports import durations, numbers, people, table, times
from sim.exports.table import Column
from sim.exports.vocabulary import plain_header

CLASSES = ("average", "advanced")
COLUMNS = ("ticket", "class", "rater_1", "rater_2", "hours")
MOST_UNREADABLE = 0.2  # share of labels that may be neither word before the file is refused
MOST_HOURS = 10_000.0  # what a scenario accepts as a size [expert-h]
NOT_LABELLED = -1


@dataclass(frozen=True)
class Tickets:
    """Labelled tickets, as read.

    name        of the file
    labels      (n, 2) int, 0 average, 1 advanced, -1 not labelled by this rater
    hours       (n,) expert-h; NaN where not given or not usable
    raters      1 or 2 columns of labels
    unlabelled  rows without a label
    unreadable  labels that are neither word
    repeated    rows whose ticket was listed before
    bad_hours   hours that are not a number above 0 and at most 10,000
    settled     how marks of numbers and lengths of days were read: sentences
    """

    name: str
    labels: np.ndarray
    hours: np.ndarray
    raters: int
    unlabelled: int
    unreadable: int
    repeated: int
    bad_hours: int
    settled: tuple[str, ...] = ()


def read(path: str | Path) -> Tickets:
    """Read a sample of labelled tickets.

    Columns, in any order and case; others are ignored: `class`, or `rater_1` and
    optionally `rater_2`, each "average" or "advanced"; `ticket` (an id, optional);
    `hours` (hours an expert would need by hand [expert-h], optional). Separators, encodings,
    numbers and durations are those of `sim.read`.

    Raises AssessError, one line, where the file cannot be used.
    """
    path = Path(path)
    try:
        rows = table.read(path, COLUMNS, lambda headers: _places(path.name, headers).values())
        place = _places(path.name, rows.headers)
        columns = dict(zip(sorted(place, key=place.__getitem__), rows.columns, strict=True))
        hours, settled = _hours(path.name, columns.get("hours"), len(rows))
        settled += [f"{reason}: {count}" for reason, count in rows.notes.items()]
    except TicketError as error:
        raise AssessError(str(error)) from None
    return replace(_Reader(path.name, columns, hours).read(rows.lines), settled=tuple(settled))


def _places(name: str, headers: tuple[str, ...]) -> dict[str, int]:
    """Known columns and where they stand."""
    words = ["_".join(re.findall(r"[^\W\d_]+|\d+", plain_header(cell))) for cell in headers]
    for word in COLUMNS:
        if words.count(word) > 1:
            raise AssessError(f"{name}: column '{word}': there are two of it")
    place = {word: words.index(word) for word in COLUMNS if word in words}
    if "class" in place and "rater_1" in place:
        raise AssessError(f"{name}: has 'class' and 'rater_1': must have one of them")
    if "class" not in place and "rater_1" not in place:
        near = [did_you_mean(word, ("class", "rater_1")) for word in words if word]
        hint = next(filter(None, near), "")
        shown = ", ".join(people.without_addresses(cell)[:20] for cell in headers if cell)[:80]
        raise AssessError(f"{name}: no column 'class' or 'rater_1' among {shown}{hint}")
    return place


def _hours(name: str, column: Column | None, rows: int) -> tuple[np.ndarray, list[str]]:
    """Expert-hours of rows, NaN where not given, below 0 where of no use; how they were read."""
    if column is None:
        return np.full(rows, np.nan), []
    texts = times.marked(column)
    number, mark = numbers.reader(name, column.header, texts, mend=numbers.WRITE_PLAINLY)
    lengths = durations.Lengths()
    unit = times.unit_of(column.header) or durations.HOURS
    hours = column.map(lambda text: durations.hours(text, unit, number, lengths), float)
    usable = (hours > 0) & (hours <= MOST_HOURS)  # written so that nan fails too
    settled = [f"'{column.header}': {mark}"] if mark else []
    if unit != durations.HOURS:
        settled.append(f"'{column.header}' is in {durations.IN_WORDS[unit]}, as its name says")
    if any(durations.has_days(text) for text in column.texts):
        settled.append(
            f"a day of work is {lengths.day_hours:g} h, a week {lengths.week_days:g} days"
        )
    return np.where(usable, hours, np.where(column.filled, -1.0, np.nan)), settled


class _Reader:
    """Counts what is met on the way through the rows of one file."""

    def __init__(self, name: str, columns: dict[str, Column], hours: np.ndarray) -> None:
        self.name, self.columns, self.hours = name, columns, hours
        first = "class" if "class" in columns else "rater_1"
        self.raters = [first, *(["rater_2"] if "rater_2" in columns else [])]
        self.fault = ""
        self.labels = self.unreadable = self.unlabelled = self.repeated = self.bad_hours = 0
        self.seen: set[str] = set()

    def read(self, lines: np.ndarray) -> Tickets:
        rows = [row for i, line in enumerate(lines.tolist()) if (row := self._row(i, line))]
        if self.unreadable > MOST_UNREADABLE * self.labels:
            counted = f"{self.unreadable} of {self.labels} labels are neither, over 20%"
            raise AssessError(f"{self.name}, {self.fault}: must be average or advanced ({counted})")
        if not rows:
            raise AssessError(f"{self.name}: no labelled ticket in {len(lines)} rows")
        labels = np.array([pair for pair, _ in rows], dtype=int)
        hours = np.array([hours for _, hours in rows], dtype=float)
        return Tickets(
            self.name, labels, hours, len(self.raters), self.unlabelled, self.unreadable,
            self.repeated, self.bad_hours,
        )  # fmt: skip

    def _row(self, i: int, line: int) -> tuple[tuple[int, int], float] | None:
        ticket = self._cell(i, "ticket")
        if ticket and ticket in self.seen:
            self.repeated += 1
            return None
        self.seen.add(ticket)
        texts = [self._cell(i, rater).lower() for rater in self.raters]
        if not any(texts):
            self.unlabelled += 1
            return None
        labels = [
            self._label(line, rater, text) for rater, text in zip(self.raters, texts, strict=True)
        ]
        pair = (labels[0], labels[1] if len(labels) > 1 else NOT_LABELLED)
        return None if pair == (NOT_LABELLED, NOT_LABELLED) else (pair, self._hours(i))

    def _cell(self, i: int, name: str) -> str:
        column = self.columns.get(name)
        return column.texts[column.codes[i]] if column else ""

    def _label(self, line: int, rater: str, text: str) -> int:
        if not text:
            return NOT_LABELLED
        self.labels += 1
        if text in CLASSES:
            return CLASSES.index(text)
        self.unreadable += 1
        self.fault = (
            self.fault or f'row {line}: {rater} = "{short(people.without_addresses(text), 40)}"'
        )
        return NOT_LABELLED

    def _hours(self, i: int) -> float:
        hours = float(self.hours[i])
        if hours < 0:
            self.bad_hours += 1
            return math.nan
        return hours
