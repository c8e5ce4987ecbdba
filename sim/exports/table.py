"""A table of text: the columns that are asked for, each as distinct texts and who has which.

Rows are read strictly: a quote that is not closed, cells beyond the header and rows broken in two
are refused with their line. Other columns are passed over, so that memory does not grow with them.
"""

import csv
import itertools
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import TicketError
from sim.exports import dialect, opening

MOST_CELL = 10_000_000  # [characters]
LONGEST_NAME = 200  # of a column [characters]
ROWS = 20_000  # read at a time
SHAPES = 1_000  # rows by whose first cells the beginning of a row is known


@dataclass(frozen=True)
class Column:
    """One column.

    header  as the file writes it
    texts   distinct texts, without blanks around them
    codes   (n,) int, which text each row has
    """

    header: str
    texts: list[str]
    codes: np.ndarray

    def __len__(self):
        return len(self.codes)

    def map(self, meaning: Callable[[str], object], dtype) -> np.ndarray:
        """The meaning of each row's text, found once for each distinct text: (n,)."""
        return np.array([meaning(text) for text in self.texts], dtype=dtype)[self.codes]

    def counts(self) -> dict[str, int]:
        """Distinct texts with how many rows have them, the most frequent first."""
        numbers = np.bincount(self.codes, minlength=len(self.texts))
        order = np.argsort(-numbers, kind="stable")
        return {self.texts[i]: int(numbers[i]) for i in order if numbers[i]}

    @property
    def filled(self) -> np.ndarray:
        """Which rows hold anything: (n,) bool."""
        return self.map(bool, bool)

    def renamed(self, name: Callable[[str], str]) -> "Column":
        """The column with other texts, which need not be distinct."""
        return Column(self.header, [name(text) for text in self.texts], self.codes)

    def take(self, rows: np.ndarray) -> "Column":
        """The column of some rows."""
        return Column(self.header, self.texts, self.codes[rows])


@dataclass(frozen=True)
class Table:
    """A table of text.

    name     of the file
    columns  those that were asked for, in the file's order
    headers  of all columns
    lines    (n,) line of the file each row begins on
    marks    (n,) hash of all cells of a row: equal rows have equal ones
    notes    what was left out or filled in while reading -> how often
    """

    name: str
    columns: tuple[Column, ...]
    headers: tuple[str, ...]
    lines: np.ndarray
    marks: np.ndarray
    notes: dict[str, int]

    def __len__(self):
        return len(self.lines)


def clean(header: str) -> str:
    """A column's name on one line, printable and short enough to be shown."""
    line = "".join(c if c.isprintable() else " " for c in header[:LONGEST_NAME])
    return " ".join(line.split())


def column(header: str, cells: list[str]) -> Column:
    """A column from its cells."""
    return _column(header, [_packed(cells)])


def read(
    path: Path,
    known: Collection[str],
    wanted: Callable[[tuple[str, ...]], Collection[int]],
    encoding: str | None = None,
    most_rows: int | None = None,
) -> Table:
    """Read a table.

    known     plain names of columns, by which the header is known
    wanted    from the headers to the places of the columns to keep
    encoding  what a map states

    Raises TicketError, one line, where the file or a row of it cannot be read.
    """
    with opening.text(path, encoding) as file:
        lines = opening.lines(path.name, file)
        first = list(itertools.islice(lines, dialect.TITLES + 3))
        written = dialect.of(path.name, first, known)
        rows = _Rows(path.name, written, itertools.chain(first[written.skipped :], lines))
        return rows.table(wanted, most_rows)


class _Rows:
    """Reads the rows of one table."""

    def __init__(self, name: str, written: dialect.Dialect, lines: Iterator[str]) -> None:
        self.name, self.written = name, written
        csv.field_size_limit(max(csv.field_size_limit(), MOST_CELL))  # of the process; only up
        self.reader = csv.reader(lines, delimiter=written.separator, strict=True)
        self.notes = dict.fromkeys(written.notes, 1)
        self.shapes: set[str] = set()
        self.shaped = 0
        self.suspects: list[tuple[str, str]] = []  # shape of a row's beginning, refusal

    def table(self, wanted, most_rows) -> Table:
        header = tuple(map(clean, self._next() or []))
        if len(header) > dialect.MOST_COLUMNS:
            raise TicketError(
                f"{self.name}: {len(header):,} columns: must be {dialect.MOST_COLUMNS:,} or fewer"
            )
        self.width = max((i + 1 for i, cell in enumerate(header) if cell), default=0)
        places = sorted(place for place in wanted(header) if place < self.width)
        packed: list[list] = [[] for _ in places]
        numbers, marks = [], []
        for rows, lines in self._blocks(most_rows):
            for place, parts in zip(places, packed, strict=True):
                parts.append(_packed([row[place] for row in rows]))
            numbers.append(np.array(lines, dtype=np.int64))
            marks.append(np.array([hash(tuple(row)) for row in rows], dtype=np.int64))
        for shape, refusal in self.suspects:
            if shape in self.shapes:
                raise TicketError(refusal)
        columns = tuple(_column(header[i], parts) for i, parts in zip(places, packed, strict=True))
        none = np.zeros(0, dtype=np.int64)
        return Table(
            self.name, columns, header, np.concatenate([none, *numbers]),
            np.concatenate([none, *marks]), self.notes,
        )  # fmt: skip

    def _next(self) -> list[str] | None:
        line = self.reader.line_num + self.written.skipped + 1
        try:
            return next(self.reader, None)
        except csv.Error as error:
            reason = str(error)
            if "unexpected end" in reason:
                reason = "a quote is not closed; write a quote inside a cell twice"
            elif "expected after" in reason:
                reason = "a quote is not closed, or stands inside a cell; write it twice there"
            elif "field larger" in reason:
                reason = f"a cell of more than {MOST_CELL / 1e6:.0f} million characters"
            raise TicketError(f"{self.name}, line {line}: {reason}") from None

    def _blocks(self, most_rows):
        """Rows of the header's width, and their lines, so many at a time."""
        rows, lines, left = [], [], most_rows or 10**12
        before, skipped = self.reader.line_num, self.written.skipped
        last = 0
        while left and (cells := self._next()) is not None:
            line, before = before + 1, self.reader.line_num
            if not "".join(cells).strip():
                continue
            count = len(cells)
            if before > line:
                self._check_lines(cells, line + skipped)
            if count != self.width:
                self._check_width(cells, count, last, line + skipped)
                cells = cells[: self.width] + [""] * (self.width - count)
            elif self.shaped < SHAPES:
                self.shapes.add(_shape(cells[0]))
                self.shaped += 1
            last = count
            rows.append(cells)
            lines.append(line + skipped)
            left -= 1
            if len(rows) == ROWS:
                yield rows, lines
                rows, lines = [], []
        if rows:
            yield rows, lines

    def _check_width(self, cells, count, last, line):
        """Rows that are too long, or the halves of one row, are not what they seem."""
        under = f"{count} cell{'s' if count > 1 else ''} under {self.width} columns"
        if any(map(str.strip, cells[self.width :])):
            raise TicketError(
                f"{self.name}, line {line}: {under}: a separator inside a cell needs quotes "
                "around the cell"
            )
        if count < self.width:
            if count + last - 1 == self.width and _shape(cells[0]) not in self.shapes:
                raise TicketError(
                    f"{self.name}, line {line}: {under}: a line break inside a cell needs quotes "
                    "around the cell"
                )
            reason = "rows shorter than the header, the rest taken as empty"
            self.notes[reason] = self.notes.get(reason, 0) + 1

    def _check_lines(self, cells, line):
        """Lines inside of one cell that look like rows: a quote that was not closed."""
        mark, full = self.written.separator, self.width - 1
        for place, cell in enumerate(cells if full else ()):
            *whole, last = re.split(r"\r\n|\r|\n", cell)[1:] or [""]
            rows = [text for text in whole if text.count(mark) == full]
            begins = [_shape(text.split(mark, 1)[0]) for text in rows]
            if 0 < last.count(mark) == full - (len(cells) - place - 1):
                begins.append(_shape(last.split(mark, 1)[0]))
            # A key such as T-12 begins a row for certain; words do where every line would be one.
            sure = [shape for shape in begins if "0" in shape and " " not in shape]
            sure = sure or (begins if rows and len(rows) == len(whole) else [])
            refusal = (
                f"{self.name}, line {line}: a quote is not closed: its cell swallows line "
                f"{line + 1}; write a quote inside a cell twice"
            )
            self.suspects += [(shape, refusal) for shape in sure]


def _shape(text: str) -> str:
    """What a cell looks like: "a-0" for T-12, "a a" for two words."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", text[:60].strip()))


def _packed(cells: list[str]):
    import pyarrow as pa  # late: slow to import

    return pa.array(cells, pa.string())


def _column(header: str, parts: list) -> Column:
    """A column from the packed cells of its blocks."""
    import pandas as pd
    import pyarrow as pa

    coded = pa.chunked_array(parts, pa.string()).combine_chunks().dictionary_encode()
    texts = [text.strip() for text in coded.dictionary.to_pylist()]
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    if len(set(texts)) == len(texts):
        return Column(header, texts, codes)
    places, distinct = pd.factorize(np.array(texts, dtype=object))
    return Column(header, [str(text) for text in distinct], places.astype(np.int32)[codes])
