"""Reads a file of labelled tickets; tolerant of how spreadsheets write, strict about labels."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim import ticket_file
from sim.errors import AssessError, short
from sim.ticket_file import TicketFile

CLASSES = ("average", "advanced")
COLUMNS = ("ticket", "class", "rater_1", "rater_2", "hours")
MOST_BYTES = 50_000_000
MOST_UNREADABLE = 0.2  # share of labels that may be neither word before the file is refused
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
    """

    name: str
    labels: np.ndarray
    hours: np.ndarray
    raters: int
    unlabelled: int
    unreadable: int
    repeated: int
    bad_hours: int


def read(path: str | Path) -> Tickets:
    """Read a sample of labelled tickets.

    Columns, in any order and case; others are ignored: `class`, or `rater_1` and
    optionally `rater_2`, each "average" or "advanced"; `ticket` (an id, optional);
    `hours` (hours an expert would need by hand [expert-h], optional). Comma, semicolon
    or tab between cells; with semicolons a decimal comma is read.

    Raises AssessError, one line, where the file cannot be used.
    """
    file = ticket_file.read(path, MOST_BYTES, AssessError)
    return _Reader(file, _columns(file)).read()


def _columns(file: TicketFile) -> dict[str, int]:
    """Known columns and where they stand."""
    place = {word: file.place(word) for word in COLUMNS if word in file.words}
    if "class" in place and "rater_1" in place:
        raise AssessError(f"{file.name}: has 'class' and 'rater_1': must have one of them")
    if "class" not in place and "rater_1" not in place:
        raise file.no_column("'class' or 'rater_1'", ("class", "rater_1"))
    return place


class _Reader:
    """Counts what is met on the way through the rows of one file."""

    def __init__(self, file: TicketFile, place: dict[str, int]) -> None:
        self.file, self.name, self.place = file, file.name, place
        first = "class" if "class" in place else "rater_1"
        self.raters = [first, *(["rater_2"] if "rater_2" in place else [])]
        self.fault = ""
        self.labels = self.unreadable = self.unlabelled = self.repeated = self.bad_hours = 0
        self.seen: set[str] = set()

    def read(self) -> Tickets:
        rows = [row for line, cells in self.file.rows if (row := self._row(line, cells))]
        if self.unreadable > MOST_UNREADABLE * self.labels:
            counted = f"{self.unreadable} of {self.labels} labels are neither, over 20%"
            raise AssessError(f"{self.name}, {self.fault}: must be average or advanced ({counted})")
        if not rows:
            raise AssessError(f"{self.name}: no labelled ticket in {len(self.file.rows)} rows")
        labels = np.array([pair for pair, _ in rows], dtype=int)
        hours = np.array([hours for _, hours in rows], dtype=float)
        return Tickets(
            self.name, labels, hours, len(self.raters), self.unlabelled, self.unreadable,
            self.repeated, self.bad_hours,
        )  # fmt: skip

    def _row(self, line: int, cells: list[str]) -> tuple[tuple[int, int], float] | None:
        ticket = self._cell(cells, "ticket")
        if ticket and ticket in self.seen:
            self.repeated += 1
            return None
        self.seen.add(ticket)
        texts = [self._cell(cells, rater).lower() for rater in self.raters]
        if not any(texts):
            self.unlabelled += 1
            return None
        found = [
            self._label(line, rater, text) for rater, text in zip(self.raters, texts, strict=True)
        ]
        pair = (found[0], found[1] if len(found) > 1 else NOT_LABELLED)
        return None if pair == (NOT_LABELLED, NOT_LABELLED) else (pair, self._hours(cells))

    def _cell(self, cells: list[str], column: str) -> str:
        return ticket_file.cell(cells, self.place.get(column))

    def _label(self, line: int, rater: str, text: str) -> int:
        if not text:
            return NOT_LABELLED
        self.labels += 1
        if text in CLASSES:
            return CLASSES.index(text)
        self.unreadable += 1
        self.fault = self.fault or f'row {line}: {rater} = "{short(text, 40)}"'
        return NOT_LABELLED

    def _hours(self, cells: list[str]) -> float:
        text = self._cell(cells, "hours")
        if not text:
            return math.nan
        decimal = text.replace(",", ".") if self.file.mark == ";" else text
        hours = ticket_file.hours(decimal)
        self.bad_hours += math.isnan(hours)
        return hours
