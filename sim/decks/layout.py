"""Where things lie on a slide: boxes in inches, and how large their letters are."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from sim.decks import fitting
from sim.decks.content import Chart, Line, Picture, Slide, Table, text

MARGIN, GAP = 0.6, 0.25  # [inch]
FOOT = 0.4  # height of the footnote [inch]
BODY, LEAST = 18, 10  # size of the letters of the body [pt]
TABLE, TABLE_LEAST = 15, 9
TITLE, OPENING, SUBTITLE, FOOTNOTE = 26, 40, 20, 9
NOTE = 0.5  # height of a body below a table [inch]
CAPTION, BELOW = 12, 14  # letters of charts, and of a body below them
CHART, PICTURE = 0.58, 0.64  # of the width, with a body beside it


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
            slide.body,
            lambda some: fitting.height([*map(text, some)], LEAST, width) <= area.height,
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
    return sum(fitting.row_heights(table_texts(table), TABLE_LEAST, widths)) <= area.height - note


def _body(lines, box):
    return Placed(tuple(lines), box, body_size(lines, box))


def body_size(lines, box):
    """Size of the letters of a body in a box [pt]."""
    return fitting.size([text(line) for line in lines], box.width - 0.2, box.height, BODY, LEAST)


def _table(slide, area):
    """The table above, as high as it needs; the body below."""
    note = NOTE if slide.body else 0.0
    texts, widths = table_texts(slide.table), column_widths(slide.table, area.width)
    size = fitting.table_size(texts, widths, area.height - note, TABLE, TABLE_LEAST)
    high = sum(fitting.row_heights(texts, size, widths))
    found = [Placed(slide.table, Box(area.left, area.top, area.width, high), size)]
    if slide.body:
        top = area.top + high + GAP / 2
        box = Box(area.left, top, area.width, max(0.4, area.bottom - top))
        lines = [text(line) for line in slide.body]
        found.append(Placed(slide.body, box, fitting.size(lines, box.width, box.height, 13, LEAST)))
    return found


def table_texts(table):
    """Rows of a table as texts, the header first."""
    return [[text(line) for line in row] for row in (table.header, *table.rows)]


def column_widths(table, width):
    """Widths of the columns of a table [inch]."""
    return [width * share / sum(table.widths) for share in table.widths]


def _abreast(shown, body, area):
    """Charts side by side; the body below, as high as it needs."""
    lines = [text(line) for line in body]
    below = min(fitting.height(lines, BELOW, area.width - 0.2) + 0.15, 0.4 * area.height)
    below = below if lines else 0.0
    wide = (area.width - GAP * (len(shown) - 1)) / len(shown)
    high = area.height - (below + GAP / 2 if lines else 0.0)
    found = [
        Placed(one, Box(area.left + place * (wide + GAP), area.top, wide, high), CAPTION)
        for place, one in enumerate(shown)
    ]
    if lines:
        box = Box(area.left, area.bottom - below, area.width, below)
        size = fitting.size(lines, box.width - 0.2, box.height, BELOW, LEAST)
        found.append(Placed(body, box, size))
    return found
