"""Reads a file of labelled tickets; tolerant of how spreadsheets write, strict about labels."""

import csv
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import AssessError, did_you_mean

CLASSES = ("average", "advanced")
COLUMNS = ("ticket", "class", "rater_1", "rater_2", "hours")
MOST_BYTES = 50_000_000
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
    path = Path(path)
    lines = _records(path.name, _text(path))
    if not lines:
        raise AssessError(f"{path.name}: is empty; needs a header and one row a ticket")
    place = _columns(path.name, lines[0][1])
    return _Reader(path.name, place).read(lines[1:])


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise AssessError(f"{path.name}: {size / 1e6:,.0f} MB: must be 50 MB or less")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "save it as CSV UTF-8"
        raise AssessError(f"{path.name}: not UTF-8 text (byte {error.start}); {hint}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise AssessError(f"{path.name}: cannot be read: {reason}") from None


def _records(name: str, text: str) -> list[tuple[int, list[str]]]:
    """Records that are not blank, each with the number of the line it ends on."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise AssessError(f"{name}, line {reader.line_num}: {error}") from None
    if mark == ";":
        return [(line, [cell.replace(",", ".") for cell in cells]) for line, cells in rows]
    return rows


def _columns(name: str, header: list[str]) -> dict[str, int]:
    """Known columns and where they stand."""
    words = ["_".join(re.findall(r"[^\W\d_]+|\d+", cell.lower())) for cell in header]
    for word in COLUMNS:
        if words.count(word) > 1:
            raise AssessError(f"{name}: column '{word}': there are two of it")
    place = {word: words.index(word) for word in COLUMNS if word in words}
    if "class" in place and "rater_1" in place:
        raise AssessError(f"{name}: has 'class' and 'rater_1': must have one of them")
    if "class" not in place and "rater_1" not in place:
        near = [did_you_mean(word, ("class", "rater_1")) for word in words if word]
        hint = next(filter(None, near), "")
        shown = ", ".join(word[:20] for word in words if word)[:80]
        raise AssessError(f"{name}: no column 'class' or 'rater_1' among {shown}{hint}")
    return place


class _Reader:
    """Counts what is met on the way through the rows of one file."""

    def __init__(self, name: str, place: dict[str, int]) -> None:
        self.name, self.place = name, place
        first = "class" if "class" in place else "rater_1"
        self.raters = [first, *(["rater_2"] if "rater_2" in place else [])]
        self.fault = ""
        self.labels = self.unreadable = self.unlabelled = self.repeated = self.bad_hours = 0
        self.seen: set[str] = set()

    def read(self, lines: list[tuple[int, list[str]]]) -> Tickets:
        rows = [row for line, cells in lines if (row := self._row(line, cells))]
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
        place = self.place.get(column, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def _label(self, line: int, rater: str, text: str) -> int:
        if not text:
            return NOT_LABELLED
        self.labels += 1
        if text in CLASSES:
            return CLASSES.index(text)
        self.unreadable += 1
        self.fault = self.fault or f'row {line}: {rater} = "{_short(text)}"'
        return NOT_LABELLED

    def _hours(self, cells: list[str]) -> float:
        text = self._cell(cells, "hours")
        if not text:
            return math.nan
        try:
            hours = float(text)
        except ValueError:
            hours = math.nan
        if 0 < hours <= MOST_HOURS:  # written so that nan fails too
            return hours
        self.bad_hours += 1
        return math.nan


def _short(text: str) -> str:
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return line if len(line) <= 40 else line[:39] + "…"
