"""The slides of a deck as records that know nothing of any file format.

Numbers stand in them as `Quote`s of claims, what a plan or the register states as `Given`; plain
text holds no digits, so that no number is on a slide that cannot be traced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.embed import views
from sim.embed.lines import CELLS
from sim.records.claims import Claim

ANSWER, BACKUP = "Answer", "Backup"  # parts of a deck


@dataclass(frozen=True)
class Quote:
    """A claim, printed in one of its forms."""

    claim: Claim
    form: str = "full"

    def __str__(self):
        return self.claim.form(self.form)


class Given(str):
    """Text that was stated and not estimated: names, designs, parameters, caveats."""

    __slots__ = ()


Piece = str | Quote
Line = tuple[Piece, ...]


def text(line):
    """A line as plain text."""
    return "".join(map(str, line))


def quotes(line):
    """The quotes in a line."""
    return [piece for piece in line if isinstance(piece, Quote)]


@dataclass(frozen=True)
class Table:
    """A table: lines in cells, widths of the columns in proportion."""

    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]

    @property
    def cells(self):
        """All cells as (row, column, line), the header as row 0."""
        rows = enumerate((self.header, *self.rows))
        return [(r, c, line) for r, row in rows for c, line in enumerate(row)]


@dataclass(frozen=True)
class Series:
    """A named row of claims, each drawn as its value with its interval."""

    name: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Chart:
    """A chart of claims with their intervals.

    kind    "columns" or "bars" over categories; "lines" over numbers
    title   what is drawn, with its interval in words
    axis    label of the axis of values, with its unit
    places  categories, or numbers for lines
    across  label of the other axis; empty for none
    """

    kind: str
    title: str
    axis: str
    places: tuple[Any, ...]
    series: tuple[Series, ...]
    across: str = ""

    @property
    def percent(self):
        """Whether its values are shares, to be shown in percent."""
        return self.series[0].claims[0].unit == "share"

    @property
    def claims(self):
        """All claims drawn, series by series."""
        return [claim for series in self.series for claim in series.claims]


def reach(claim):
    """How far a claim's interval reaches below and above its value, each 0 or more."""
    return max(0.0, claim.value - claim.low), max(0.0, claim.high - claim.value)


KIND_WORDS = {"columns": "Column chart", "bars": "Bar chart", "lines": "Line chart"}
MOST_POINTS = 6  # of a line, whose numbers are read out
MOST_BARS = 10  # and of bars, the first


def chart_words(chart):
    """What a chart shows, for those who cannot see it: its title, then its numbers in words."""
    parts = [f"{KIND_WORDS[chart.kind]}: {chart.title}."]
    step = max(1, -(-len(chart.places) // MOST_POINTS)) if chart.kind == "lines" else 1
    for series in chart.series:
        some = [*zip(chart.places, series.claims, strict=True)][::-step][::-1]
        some = some if chart.kind == "lines" else some[:MOST_BARS]
        named = len(chart.series) > 1
        numbers = "; ".join(f"{place} {claim.form('short')}" for place, claim in some)
        at = f" by {chart.across.lower()}" if chart.across else ""
        parts.append(f"{series.name}{at}: {numbers}." if named else f"{numbers}.")
    return " ".join(parts)


@dataclass(frozen=True)
class Picture:
    """A figure, drawn when it is written.

    draw  gives a matplotlib Figure; it takes `size` and `theme` as plots do
    words  what it shows, for those who cannot see it
    """

    draw: Callable[..., Any]
    words: str


@dataclass(frozen=True)
class Slide:
    """One slide.

    name    what it is for, one word; stays the same from deck to deck
    title   what it finds
    body    lines, each a paragraph
    table, charts, picture   one kind of them at most
    foot    what is needed to trace it
    part    of the deck: ANSWER or BACKUP
    hidden  whether it is there to be looked up: passed over in a show, folded on a page
    """

    name: str
    title: Line
    body: tuple[Line, ...] = ()
    table: Table | None = None
    charts: tuple[Chart, ...] = ()
    picture: Picture | None = None
    foot: str = ""
    part: str = ANSWER
    hidden: bool = False

    @property
    def lines(self):
        """All lines in the order they are read, without charts."""
        cells = [line for _, _, line in self.table.cells] if self.table else []
        return [self.title, *self.body, *cells]

    @property
    def claims(self):
        """Claims quoted or drawn, each once, in the order they are read."""
        quoted = [quote.claim for line in self.lines for quote in quotes(line)]
        drawn = [claim for chart in self.charts for claim in chart.claims]
        return tuple({claim.id: claim for claim in (*quoted, *drawn)}.values())


@dataclass(frozen=True)
class Content:
    """A deck: its title and its slides in order; `view` is the JSON of its view to move, or ""."""

    title: str
    slides: tuple[Slide, ...]
    view: str = ""


def cards(claims):
    """Claim cards as lines of text; what all of them share stands once, at the end.

    Without their caveats: those stand once in a deck, on the slide of them.
    """
    each = [claim.card(caveats=False).splitlines() for claim in claims]
    shared = [line for line in each[0][2:] if all(line in card for card in each)] if each else []
    lines = []
    for card in each:
        lines += [*(line for line in card if line not in shared), ""]
    return [*lines, *shared]


# ---- what a deck states, for the check -----------------------------------------------------------


def stated(content):
    """The lines with numbers of a deck, so that an edited one is noticed.

    Each is a list of texts that stand in it: one stated, one quoted from a claim, and so on. A row
    of a table is one line.
    """
    lines = [part for slide in content.slides for line in _lines(slide) for part in _parts(line)]
    if content.view:
        lines.append([views.stated(views.quiet(content.view))])
    return [parts for parts in lines if any(c.isdigit() for text in parts for c in text)]


def _lines(slide):
    yield slide.title
    yield from slide.body
    if slide.table:
        for cells in (slide.table.header, *slide.table.rows):
            yield tuple(piece for cell in cells for piece in (CELLS, *cell))[1:]
    yield from ((chart.title,) for chart in slide.charts)
    yield from ((line,) for line in cards(slide.claims))
    yield (slide.foot,)


def _parts(line):
    """A line at its ends of lines, each as texts that are stated and quoted by turns."""
    lines = [[""]]
    for piece in line:
        for place, words in enumerate(str(piece).splitlines()):
            if place:
                lines.append([""])
            if isinstance(piece, Quote) == len(lines[-1]) % 2:
                lines[-1].append("")
            lines[-1][-1] += words
    return lines
