"""Tables and sentences of a record as text for a terminal, and as HTML for a notebook cell."""

import base64
import os
import re
import textwrap
from dataclasses import dataclass
from html import escape

WIDTH = 80  # letters of a line in a terminal, where COLUMNS says nothing
NARROWEST, WIDEST = 40, 400

DPI = 100  # of a figure in a cell
MOST_ROWS = 15  # of a table in a cell
NOTHING = ("", "-")
LEFT = 2  # columns of a table aligned to the left


def line_width() -> int:
    """Letters of a line: what COLUMNS says, within what a table can be read at, else WIDTH."""
    said = os.environ.get("COLUMNS", "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
    return min(max(number, NARROWEST), WIDEST) if number else WIDTH


@dataclass(frozen=True)
class Table:
    """A table in words, as terminals and notebook cells show it.

    head    headings, one a column; none where the rows are a name and a text each
    rows    tuples of words, one a column; numbers are rounded already
    title   what the table holds: a line above it, or nothing
    note    how to read it: a paragraph below it, or nothing
    left    how many columns are aligned to the left
    """

    head: tuple
    rows: list
    title: str = ""
    note: str = ""
    left: int = LEFT

    @property
    def columns(self):
        """Places of the columns that say something in any row; the first always stays."""
        every = range(len(self.head))
        return [i for i in every if i < 1 or any(str(row[i]) not in NOTHING for row in self.rows)]

    def lines(self):
        """Lines for a terminal, title and note with them."""
        title = textwrap.wrap(plain(self.title), line_width())
        note = textwrap.wrap(plain(self.note), line_width())
        named = [] if self.head else [(plain(name), plain(text)) for name, text in self.rows]
        body = self._blocks() if self.head else items(named)
        return [*title, *body, *([""] if note else []), *note]

    @property
    def fits(self):
        """Whether a line holds its columns beside each other."""
        return width(self._of(self.columns)) <= line_width()

    def _blocks(self):
        """Lines of the columns; what a line does not hold stands in blocks below each other."""
        first, *others = self.columns
        blocks = [[first]]
        for i in others:
            wide = width(self._of([*blocks[-1], i])) > line_width()
            if wide and len(blocks[-1]) > 1:
                blocks.append([first])
            blocks[-1].append(i)
        lines = []
        for number, at in enumerate(blocks):
            head, *rows = self._of(at)
            left = sum(1 for i in at if i < self.left)
            lines += [*([""] if number else []), *grid(head, rows, left)]
        return lines

    def _of(self, at):
        """Heading and rows of some columns."""
        return [[row[i] for i in at] for row in (self.head, *self.rows)]

    def html(self):
        """HTML of the first rows, with a line that says how many more there are."""
        rows = self.rows[:MOST_ROWS]
        at = self.columns if self.head else range(len(rows[0]) if rows else 0)
        words = {
            i for i in at if not self.head or i < self.left or _is_prose(row[i] for row in rows)
        }
        heads = "".join(_cell(self.head[i], i in words, "th") for i in at if self.head)
        body = "".join(f"<tr>{''.join(_cell(row[i], i in words) for i in at)}</tr>" for row in rows)
        title = f"<p>{escape(self.title)}</p>" if self.title else ""
        hidden = len(self.rows) - len(rows)
        more = f"<p>and {hidden} more</p>" if hidden else ""
        head = f"<thead><tr>{heads}</tr></thead>" if heads else ""
        note = f"<p>{escape(self.note)}</p>" if self.note and not self.head else ""
        return f"{title}<table>{head}<tbody>{body}</tbody></table>{more}{note}"


PROSE = 4  # words from which a cell is a sentence, not a number with its interval and unit


def _is_prose(cells):
    """Whether any cell of a column is a sentence."""
    return any(len(re.findall(r"[^\W\d_]{2,}", str(text))) >= PROSE for text in cells)


def _cell(text, words, tag="td"):
    """A cell of HTML; notebooks put all to the right but those that say otherwise.

    words : whether it holds words, which are read from the left
    """
    style = ' style="text-align:left"' if words else ""
    return f"<{tag}{style}>{escape(str(text))}</{tag}>"


def terminal(about, sentences, tables, caveats, origin, listed=True):
    """A record as text for a terminal: what it is of, what it says, tables, caveats, origin.

    about : lines; a line that starts with a space goes on with the one before
    sentences, caveats : str, an item each
    tables : Table, one below the other
    origin : str, where the numbers come from
    listed : whether sentences are items of a list, not paragraphs
    """
    # An arrow takes two letters of a terminal, so lines are broken after it is spelt so.
    about, sentences, caveats = (list(map(plain, part)) for part in (about, sentences, caveats))
    if listed:
        findings = [[*(["Findings:"] if len(sentences) > 1 else []), *_items(sentences)]]
    else:
        findings = [wrapped(words) for words in sentences]
    blocks = [
        [line for words in about for line in wrapped(words, rest="  ")],
        *findings,
        *(table.lines() for table in tables),
        ["Keep in mind:", *_items(caveats)] if caveats else [],
        textwrap.wrap(origin, line_width()),
    ]
    return plain("\n\n".join("\n".join(block) for block in blocks if block))


def _items(sentences):
    """Lines of a list, an item a sentence; one alone is a paragraph."""
    first = "- " if len(sentences) > 1 else ""
    return [line for words in sentences for line in wrapped(words, first)]


def wrapped(words, first="", rest=None):
    """Lines of at most `line_width` letters.

    first : what the first line starts with
    rest : what the others do; as many spaces as `first` has letters by default
    """
    indent = " " * len(first) if rest is None else rest
    return textwrap.wrap(
        words, line_width(), initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    )


def cell(sentences, tables, figure=None, caveats=()):
    """A record as HTML that stands alone: sentences, tables, a figure, caveats.

    sentences, caveats : str, each a paragraph or an item
    tables : Table, one below the other
    figure : what has `png(dpi)` and `get_suptitle()`, optional
    """
    words = "".join(f"<p>{escape(line)}</p>" for line in sentences)
    items = "".join(f"<li>{escape(line)}</li>" for line in caveats)
    more = f"<details><summary>Keep in mind</summary><ul>{items}</ul></details>" if items else ""
    shown = "".join(table.html() for table in tables if table.rows)
    return f"<div>{words}{shown}{_image(figure)}{more}</div>"


def _image(figure):
    if figure is None:
        return ""
    data = base64.b64encode(figure.png(DPI)).decode()
    words = escape(" ".join(figure.get_suptitle().split()))
    return f'<img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'


def items(rows):
    """Lines of names and texts: a column of names, and each text wrapped beside its name."""
    names = max((len(name) for name, _ in rows), default=0)
    return [
        line
        for name, text in rows
        for line in wrapped(text, f"{name.ljust(names)}  ", " " * (names + 2)) or [name]
    ]


def width(rows):
    """Letters of a line of a table, its heading among the rows."""
    return sum(max(len(str(cell)) for cell in column) + 2 for column in zip(*rows, strict=True)) - 2


def grid(head, rows, left=LEFT):
    """A table as lines of text: the first columns aligned to the left, the others to the right.

    left : how many columns are aligned to the left
    """
    widths = [max(len(str(row[i])) for row in (head, *rows)) for i in range(len(head))]

    def line(row):
        cells = (
            str(cell).ljust(width) if i < left else str(cell).rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return [line(head), "  ".join("-" * width for width in widths), *map(line, rows)]


def markdown(head, rows):
    """Lines of a table in Markdown; cells are words that need no escape, or went by `one_line`."""
    for row in (head, ["---"] * len(head), *rows):
        space = "" if row[0] == "---" else " "
        yield "|" + "|".join(f"{space}{cell}{space}" if cell else " " for cell in row) + "|"


def one_line(words):
    """Text that stays in its cell or line of Markdown."""
    plain = " ".join(words.split()).replace("|", "\\|")
    return plain.replace("<", "&lt;").replace(">", "&gt;")


def plain(text):
    """With letters that every terminal has."""
    return text.replace("−", "-").replace("→", "->")
