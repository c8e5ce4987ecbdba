"""How a table is written: its separator, lines before its header, and the header itself."""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass

from sim.errors import TicketError
from sim.exports.vocabulary import plain_header

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
TITLES = 10  # most lines that may stand before the header
MOST_HEADER = 1_000_000  # [characters]
MOST_COLUMNS = 5_000
BLANK = ' \t\r\n"' + "".join(SEPARATORS)  # of lines in which nothing stands

# The command whose output is the git profile: commit, date, author and co-authors, tab-separated.
GIT_LOG = (
    "(printf 'commit\\tauthor_date\\tauthor\\tco_authors\\n'; git log --no-merges "
    "--date=iso-strict --pretty='format:%h%x09%ad%x09%ae%x09"
    "%(trailers:key=Co-authored-by,valueonly,separator=%x3B)') > git-log.tsv"
)


@dataclass(frozen=True)
class Dialect:
    """The way a table is written.

    separator  between cells
    skipped    lines before the header
    notes      what was left out before the header, in words
    """

    separator: str
    skipped: int
    notes: tuple[str, ...] = ()


def of(name: str, first: list[str], known: Collection[str]) -> Dialect:
    """The dialect of a table.

    first : its first lines, with their ends
    known : plain names of columns that any reader looks for

    Raises TicketError where the text is recognised as something else.
    """
    start = next((place for place, line in enumerate(first) if line.strip(BLANK)), None)
    if start is None:
        raise TicketError(f"{name}: is empty; needs a header and one row a ticket")
    marks, notes = list(SEPARATORS), []
    if mark := re.fullmatch(r'"?sep=(.)"?\s*', first[start], re.IGNORECASE):
        marks, start = [mark[1]], start + 1
        notes.append("line 1, which states the separator")
    if start >= len(first):
        raise TicketError(f"{name}: is empty below its first line; needs a header and rows")
    if re.match(r"commit [0-9a-f]{7,64}\b", first[start]):
        raise TicketError(f"{name}: is git's own log, not a table; write it by: {GIT_LOG}")
    if len(first[start]) > MOST_HEADER:
        raise TicketError(
            f"{name}: its first line has {len(first[start]) / 1e6:.1f} million characters: "
            f"must be a header of at most {MOST_HEADER / 1e6:.0f} million"
        )
    places = range(start, min(len(first), start + TITLES))
    scores = [_score(first[place], mark, known, place) for place in places for mark in marks]
    best = max(score for score in scores if score[0] > 1 or score[1] == -start)
    place, separator = -best[1], best[3]
    if place > start:
        notes.append(f"{place - start} line{'s' if place - start > 1 else ''} above the header")
    return Dialect(separator, place, tuple(notes))


def _score(line, mark, known, place):
    """Known columns a line names, its place (early is better), its cells, the separator."""
    if len(line) > MOST_HEADER:
        return 0, -place, 0, mark
    row = cells(line.rstrip("\r\n"), mark)
    return len({plain_header(cell) for cell in row} & set(known)), -place, len(row), mark


def cells(line: str, separator: str) -> list[str]:
    """Cells of one line; one cell where its quotes are broken."""
    try:
        return next(csv.reader([line], delimiter=separator), [""])
    except csv.Error:
        return [line]
