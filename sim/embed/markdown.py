"""Marks of a Markdown file: one comment at its end, so that the text itself reads well.

A row of the comment names a line or a cell by a digest of its words, numbers left out, and the
claims it quotes. So a line may move and a number may be edited, and the line is still the one that
is held against its claims; one whose words were changed is sought among the lines of no other.
"""

import hashlib
import re
from typing import NamedTuple

from sim.embed.envelope import Place, marks_in

START, END = "<!-- tiercurve-marks\n", "\n-->"
ESCAPES = "\\`*_[]#|!~<>&"  # what Markdown makes more than text of
_ESCAPED = re.compile(rf"\\([{re.escape(ESCAPES)}])")
_CELLS = re.compile(r"(?<!\\)\|")
_NUMBERS = re.compile(r"[\d.,+−%∞-]+")
_CARDS = re.compile(r"^<pre>$.*?^</pre>$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
MOST_ROWS = 20_000


class Line(NamedTuple):
    """A line or cell, and where it stands."""

    where: str
    text: str


def plain(text):
    """A line of Markdown as the text that it shows, every run of blanks as one space."""
    return " ".join(_ESCAPED.sub(r"\1", text).split())


def digest(text):
    """A digest of the words of a line or cell, its numbers left out."""
    words = _NUMBERS.sub("", " ".join(text.split()))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def block(rows):
    """The comment that holds marks.

    rows : (text of a line or cell as it shows, its marks)
    """
    lines = (f"{digest(text)} {' '.join(marks)}" for text, marks in rows if marks)
    return START + "\n".join(lines) + END


def places(text):
    """The places of a Markdown file that quote claims, by the comment at its end."""
    body, start, rest = text.rpartition(START)
    if not start:
        return
    body = _COMMENT.sub("", _CARDS.sub(_blank, body))
    lines: dict[str, list[Line]] = {}
    for line in _lines(body):
        lines.setdefault(digest(line.text), []).append(line)
    rows = [row.partition(" ") for row in rest.partition(END)[0].splitlines()[:MOST_ROWS]]
    found = [lines[name].pop(0) if lines.get(name) else None for name, _, _ in rows]
    others = " ".join(line.text for left in lines.values() for line in left)
    for (_, _, marks), line in zip(rows, found, strict=True):
        if marks_in(marks):
            where, text_ = line or Line("text", others)
            yield Place(where, marks_in(marks), text_)


def _lines(body):
    """Lines and cells in the order they stand."""
    for number, line in enumerate(body.split("\n"), 1):
        cells = _CELLS.split(line)[1:-1] if line.startswith("|") else [line.lstrip("# ")]
        texts = (cell for cell in cells if cell.strip(" -:"))  # without the rule below a header
        yield from (Line(f"line {number}", plain(cell)) for cell in texts)


def _blank(found):
    """As many empty lines."""
    return "\n" * found[0].count("\n")
