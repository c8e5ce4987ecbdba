"""Tables and sentences of a record as text for a terminal, and as HTML for a notebook cell."""

import base64
import textwrap
from dataclasses import dataclass
from html import escape

WIDTH = 100  # letters of a line in a terminal
DPI = 100  # of a figure in a cell
MOST_ROWS = 15  # of a table in a cell
NOTHING = ("", "-")


@dataclass(frozen=True)
class Table:
    """A table in words, as terminals and notebook cells show it.

    head    headings, one a column
    rows    tuples of words, one a column; numbers are rounded already
    title   what the table holds: a line above it, or nothing
    note    how to read it: a paragraph below it, or nothing
    """

    head: tuple
    rows: list
    title: str = ""
    note: str = ""

    @property
    def columns(self):
        """Places of the columns that say something in any row; the first always stays."""
        every = range(len(self.head))
        return [i for i in every if i < 1 or any(str(row[i]) not in NOTHING for row in self.rows)]

    def lines(self):
        """Lines for a terminal, title and note with them."""
        at = self.columns
        body = grid([self.head[i] for i in at], [[row[i] for i in at] for row in self.rows])
        title = textwrap.wrap(self.title, WIDTH)
        note = textwrap.wrap(self.note, WIDTH)
        return [*title, *body, *([""] if note else []), *note]

    def html(self):
        """HTML of the first rows, with a line that says how many more there are."""
        at, rows = self.columns, self.rows[:MOST_ROWS]
        heads = "".join(f"<th>{escape(str(self.head[i]))}</th>" for i in at)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(str(row[i]))}</td>' for i in at)}</tr>" for row in rows
        )
        title = f"<p>{escape(self.title)}</p>" if self.title else ""
        hidden = len(self.rows) - len(rows)
        more = f"<p>and {hidden} more</p>" if hidden else ""
        return f"{title}<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{more}"


def terminal(about, sentences, tables, caveats, origin, listed=True):
    """A record as text for a terminal: what it is of, what it says, tables, caveats, origin.

    about : lines; a line that starts with a space goes on with the one before
    sentences, caveats : str, an item each
    tables : Table, one below the other
    origin : str, where the numbers come from
    listed : whether sentences are items of a list, not paragraphs
    """
    if listed:
        findings = [[*(["Findings:"] if len(sentences) > 1 else []), *_items(sentences)]]
    else:
        findings = [wrapped(words) for words in sentences]
    blocks = [
        [line for words in about for line in wrapped(words, rest="  ")],
        *findings,
        *(table.lines() for table in tables),
        ["Keep in mind:", *_items(caveats)] if caveats else [],
        textwrap.wrap(origin, WIDTH),
    ]
    return plain("\n\n".join("\n".join(block) for block in blocks if block))


def _items(sentences):
    """Lines of a list, an item a sentence; one alone is a paragraph."""
    first = "- " if len(sentences) > 1 else ""
    return [line for words in sentences for line in wrapped(words, first)]


def wrapped(words, first="", rest=None):
    """Lines of at most WIDTH letters.

    first : what the first line starts with
    rest : what the others do; as many spaces as `first` has letters by default
    """
    indent = " " * len(first) if rest is None else rest
    return textwrap.wrap(
        words, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
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


def grid(head, rows):
    """A table as lines of text: two columns aligned to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in (head, *rows)) for i in range(len(head))]

    def line(row):
        cells = (
            str(cell).ljust(width) if i < 2 else str(cell).rjust(width)
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
