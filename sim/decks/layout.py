"""Where things lie on a slide: boxes in inches, how large their letters are, what fits.

How much room text takes is estimated without drawing it: wide rather than narrow.
"""

import textwrap
from dataclasses import dataclass, replace
from typing import NamedTuple

from sim.decks.content import Chart, Line, Picture, Slide, Table, text

MARGIN, GAP = 0.6, 0.25  # [inch]
FOOT = 0.4  # height of the footnote [inch]
BODY, LEAST = 18, 10  # size of the letters of the body [pt]
TABLE, TABLE_LEAST = 15, 9
TITLE, OPENING, SUBTITLE, FOOTNOTE = 26, 40, 20, 9
NOTE = 0.5  # height of a body below a table [inch]
CAPTION, BELOW = 12, 14  # letters of charts, and of a body below them
CHART, PICTURE = 0.58, 0.64  # of the width, with a body beside it
LETTER = 0.58  # mean width of a letter over its size in a wide face; 0.49 in Calibri
BOLD = 1.1  # how much wider bold letters are
LINE = 1.2  # height of a line over the size of its letters
SPACE = 0.5  # space after a paragraph over the size of its letters


# ---- how much room text takes --------------------------------------------------------------------


def line_count(words, size, width):
    """Lines that a text takes.

    size : of the letters [pt]
    width : of the box [inch]
    """
    letters = max(4, int(width * 72 / (LETTER * size)))
    return sum(max(1, len(textwrap.wrap(part, letters))) for part in words.split("\n"))


def height(texts, size, width, gap=SPACE):
    """Height that paragraphs take [inch]."""
    rows = sum(line_count(words, size, width) for words in texts)
    return (rows * LINE + max(0, len(texts) - 1) * gap) * size / 72


def largest(needs, room, most, least):
    """The largest size [pt] whose need of height is within the room, or `least` if none is."""
    return next((size for size in range(most, least, -1) if needs(size) <= room), least)


def fitting(texts, width, room, most, least):
    """The largest size [pt] at which paragraphs fit into a box, or `least` if none does."""
    return largest(lambda size: height(texts, size, width), room, most, least)


def row_heights(rows, size, widths, padding=0.12):
    """Height of each row of a table [inch]: rows of texts, widths of columns [inch]."""
    return [
        max(line_count(words, size, width - 0.25) for words, width in zip(row, widths, strict=True))
        * size * LINE / 72 + padding
        for row in rows
    ]  # fmt: skip


# ---- boxes ---------------------------------------------------------------------------------------


class Box(NamedTuple):
    """A place on a slide [inch]."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self):
        return self.left + self.width

    @property
    def bottom(self):
        return self.top + self.height


@dataclass(frozen=True)
class Placed:
    """Something on a slide, where, and the size of its letters [pt]."""

    what: Table | Chart | Picture | tuple[Line, ...]
    box: Box
    size: int


def room(width, height, title_bottom):
    """What is left of a slide below its title and above its footnote."""
    top = title_bottom + GAP
    return Box(MARGIN, top, width - 2 * MARGIN, height - top - MARGIN / 2 - FOOT)


def foot(width, height):
    """Where the footnote lies."""
    return Box(MARGIN, height - MARGIN / 2 - FOOT, width - 2 * MARGIN, FOOT)


def arrange(slide: Slide, area: Box):
    """What a slide holds below its title, each in a box of its own: list of Placed."""
    if slide.table:
        return _table(slide, area)
    shown = (slide.picture,) if slide.picture else slide.charts
    if len(shown) > 1:
        return _abreast(shown, slide.body, area)
    if not shown:
        return [_body(slide.body, area)] if slide.body else []
    if not slide.body:
        return [Placed(shown[0], area, CAPTION)]
    share = PICTURE if slide.picture else CHART
    left = Box(area.left, area.top, share * area.width, area.height)
    x = left.right + GAP
    right = Box(x, area.top, area.right - x, area.height)
    return [Placed(shown[0], left, CAPTION), _body(slide.body, right)]


def pages(slide: Slide, area: Box):
    """The slide, or as many as it needs where a table or a body alone is too long for one."""
    if slide.table:
        rows = slide.table.rows
        parts = _split(rows, lambda some: _table_fits(replace(slide.table, rows=some), slide, area))
        return [replace(slide, table=replace(slide.table, rows=part)) for part in parts]
    if slide.charts or slide.picture or not slide.body:
        return [slide]
    width = area.width - 0.2
    return [
        replace(slide, body=part)
        for part in _split(
            slide.body, lambda some: height([*map(text, some)], LEAST, width) <= area.height
        )
    ]


def _split(rows, fits):
    """Rows in as few runs as fit, one row each at least."""
    parts: list = [()]
    for row in rows:
        if parts[-1] and not fits((*parts[-1], row)):
            parts.append(())
        parts[-1] = (*parts[-1], row)
    return parts


def _table_fits(table, slide, area):
    note = NOTE if slide.body else 0.0
    widths = column_widths(table, area.width)
    return sum(row_heights(table_texts(table), TABLE_LEAST, widths)) <= area.height - note


def _body(lines, box, most=BODY, padding=0.2):
    """Lines in a box, at the largest size [pt] at which they fit."""
    size = fitting([text(line) for line in lines], box.width - padding, box.height, most, LEAST)
    return Placed(tuple(lines), box, size)


def _table(slide, area):
    """The table above, as high as it needs; the body below."""
    note = NOTE if slide.body else 0.0
    texts, widths = table_texts(slide.table), column_widths(slide.table, area.width)

    def needs(size):
        return sum(row_heights(texts, size, widths))

    size = largest(needs, area.height - note, TABLE, TABLE_LEAST)
    high = needs(size)
    placed = [Placed(slide.table, Box(area.left, area.top, area.width, high), size)]
    if slide.body:
        top = area.top + high + GAP / 2
        box = Box(area.left, top, area.width, max(0.4, area.bottom - top))
        placed.append(_body(slide.body, box, 13, 0.0))
    return placed


def table_texts(table):
    """Rows of a table as texts, the header first."""
    return [[text(line) for line in row] for row in (table.header, *table.rows)]


def column_widths(table, width):
    """Widths of the columns of a table [inch]."""
    return [width * share / sum(table.widths) for share in table.widths]


def _abreast(shown, body, area):
    """Charts side by side; the body below, as high as it needs."""
    lines = [text(line) for line in body]
    below = min(height(lines, BELOW, area.width - 0.2) + 0.15, 0.4 * area.height)
    below = below if lines else 0.0
    wide = (area.width - GAP * (len(shown) - 1)) / len(shown)
    high = area.height - (below + GAP / 2 if lines else 0.0)
    placed = [
        Placed(chart, Box(area.left + place * (wide + GAP), area.top, wide, high), CAPTION)
        for place, chart in enumerate(shown)
    ]
    if lines:
        box = Box(area.left, area.bottom - below, area.width, below)
        placed.append(_body(body, box, BELOW))
    return placed
