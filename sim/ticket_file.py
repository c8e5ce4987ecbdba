"""Opens a file of tickets as trackers and spreadsheets export it: text, header words, rows, hours.

It knows how such files are written and nothing of what their columns mean: calibration reads
outcomes from them, the assessment labels.
"""

import csv
import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.errors import did_you_mean

MOST_HOURS = 10_000.0  # what a scenario accepts as a size [expert-h]


@dataclass(frozen=True)
class TicketFile:
    """A table of text, as read.

    name    of the file
    error   class of the error that refuses it
    words   of the header: lower case, joined by underscores
    rows    (number of the line it ends on, cells), blank ones left out
    mark    between cells: "," or ";" or a tab
    """

    name: str
    error: type[ValueError]
    words: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    mark: str

    def place(self, word: str) -> int:
        """Where the column of that header word stands. Raises `error` where two have it."""
        if self.words.count(word) > 1:
            raise self.error(f"{self.name}: column '{word}': there are two of it")
        return self.words.index(word)

    def no_column(self, wanted: str, known: Iterable[str], otherwise: str = "") -> ValueError:
        """The error for a column that is not there.

        wanted     it, as the line names it
        known      header words that would do, of which a near one is asked for
        otherwise  what the line ends on where none is near
        """
        known = tuple(known)
        near = [did_you_mean(word, known) for word in self.words if word]
        hint = next(filter(None, near), otherwise)
        shown = ", ".join(word[:20] for word in self.words if word)[:80]
        return self.error(f"{self.name}: no column {wanted} among {shown}{hint}")


def read(path: str | Path, most: int, error: type[ValueError]) -> TicketFile:
    """Open a file of tickets: UTF-8 text, cells parted by comma, semicolon or tab.

    most   largest file [bytes]
    error  class of the error that is raised, with one line, where the file cannot be used
    """
    path = Path(path)
    text = _text(path, most, error)
    header = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as fault:
        raise error(f"{path.name}, line {reader.line_num}: {fault}") from None
    if not rows:
        raise error(f"{path.name}: is empty; needs a header and one row a ticket")
    return TicketFile(path.name, error, _words(rows[0][1]), tuple(rows[1:]), mark)


def _text(path: Path, most: int, error: type[ValueError]) -> str:
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= most else b""
        text = data.decode("utf-8-sig") if data[:2] != b"PK" else ""
    except UnicodeDecodeError as fault:
        hint = "save it as CSV UTF-8"
        raise error(f"{path.name}: not UTF-8 text (byte {fault.start}); {hint}") from None
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or fault
        raise error(f"{path.name}: cannot be read: {reason}") from None
    if size > most:
        limit = f"{most / 1e6:,.0f} MB or less"
        raise error(f"{path.name}: {size / 1e6:,.0f} MB: must be {limit}")
    if data[:2] == b"PK":
        raise error(f"{path.name}: is a spreadsheet or archive; save it as CSV UTF-8")
    return text


def _words(header: list[str]) -> tuple[str, ...]:
    """`issue_key` for "Issue key", `rater_1` for "Rater1"."""
    return tuple("_".join(re.findall(r"[^\W\d_]+|\d+", cell.lower())) for cell in header)


def cell(cells: list[str], place: int | None) -> str:
    """What a row holds at a place, without blanks around it; empty where it holds nothing."""
    return cells[place].strip() if place is not None and place < len(cells) else ""


def hours(text: str) -> float:
    """A size [expert-h], or NaN where it is no number above 0 and at most MOST_HOURS."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if 0 < number <= MOST_HOURS else math.nan  # written so that nan fails too
