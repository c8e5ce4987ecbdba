"""Maps of mixtures of three: a cell a mixture, and beside them those that count, in words.

Cells lie in plain axes, whose room for words is theirs by construction. Nothing is estimated here.
"""

import textwrap
from typing import Any, NamedTuple

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.ticker import MaxNLocator

from sim.errors import FigureError
from sim.figures import designs
from sim.figures.drawing import thousands
from sim.figures.style import BLUE, GREY, INK, SIZE, VERMILLION, is_inset, width_of
from sim.records.factors import factor

HEIGHT = np.sqrt(3) / 2  # of a triangle of side 1
CORNER = 16  # letters to a line of a corner's label
LABEL = 0.058  # height of a line of it, of the triangle's side
SIDE = 0.2, 0.32  # inches of the triangle's side to one of the figure's width, framed and not
LETTERS = 9  # size of numbers in cells and of words of rows [pt]
PANEL = 0.36  # least width of the rows' panel, of the figure's, for letters that are not bold
HATCH, FAINT_LINE = "////", "#8C8C8C"
CELL_INK = "#212121", "#FDFDFD"  # on light and dark cells, whose colours no theme exchanges
BRIGHT = 0.36  # brightness of a cell from which its ink is dark
FIRST, FEW = 3, 5  # mixtures told in words: of many the first, of few all
MARKERS = {"h": 9, "o": 7}  # of the markers of rows
ABOVE = 15  # of the words of a row over its bar [pt], beside which stand two lines
TOLD = 0.48  # share of the panel of rows that their bars have; the rest is for words


class Cells(NamedTuple):
    """What a map shows, by row of `table`.

    table   a row a mixture: the values of three factors, `point`, mean, ci_low, ci_high
    texts   what stands in a cell, str
    beside  what stands beside a bar, str of one or two lines
    close   bool, too close to call: hatched
    first   places in the table from the best down; from the most where none is best
    best    what the first is called; empty where neither more nor less is better
    cmap    colours of `mean`
    head, label  of the map; of the colour bar, which has the unit
    zero    whether they are differences: colours part, and bars start, at none
    """

    table: Any
    texts: list
    beside: list
    close: Any
    first: list
    best: str
    cmap: Any
    head: str
    label: str
    zero: bool = False


def draw(figure, sweep, cells, legend=None):
    """The map, and but for an inset the mixtures that count beside it.

    legend : function of the map's axes that draws a legend above it
    """
    parts, total = thirds(sweep, cells.table)
    places = np.transpose([parts[2] / total + parts[0] / total / 2, HEIGHT * parts[0] / total])
    own = _own(sweep, cells.table)
    left, *right = figure.subplots(1, 1 if is_inset() else 2, squeeze=False)[0]
    _map(left, sweep, cells, places, own)
    left.set_title(cells.head, pad=24 if legend else 6)
    if legend:
        legend(left)
    for axes in right:
        _rows(axes, sweep, cells, own)


def thirds(sweep, table):
    """Three parts of one whole, as arrays (points,), and what they sum to.

    Raises FigureError, one line, where the factors are no such parts.
    """
    if len(sweep.factors) != 3:
        raise FigureError(f"a ternary map needs three parts; the sweep has {len(sweep.factors)}")
    parts = [table[path].to_numpy(float) for path in sweep.factors]
    total = float(sum(parts)[0])
    if total <= 0 or not np.allclose(sum(parts), total):
        raise FigureError("a ternary map needs parts that have the same sum at every point")
    return parts, total


def _own(sweep, table):
    """Place of the mixture that is the plan's own, or None."""
    own = [designs.own(sweep.scenario, path) for path in sweep.factors]
    if None in own:
        return None
    same = np.isclose(table[sweep.factors].to_numpy(float), own).all(axis=1)
    return int(same.argmax()) if same.any() else None


# ---- the map -------------------------------------------------------------------------------------


def _map(axes, sweep, cells, places, own):
    """Cells in colours with their numbers, the best and the plan's own outlined."""
    step = _step(places)
    corners = _hexagon(step) + places[:, None]
    mean = cells.table["mean"].to_numpy(float)
    look: dict = {"edgecolors": "white", "linewidths": 1.0, "clip_on": False}
    colours = cells.cmap.with_extremes(bad="#DDDDDD")
    drawn = PolyCollection(corners, array=np.ma.masked_invalid(mean), cmap=colours, **look)
    if cells.zero:  # colours part at none
        most = float(np.nanmax(np.abs(mean))) or 1.0
        drawn.set_clim(-most, most)
    axes.add_collection(drawn)
    hatch: dict = {"facecolors": "none", "edgecolors": FAINT_LINE, "linewidths": 0, "hatch": HATCH}
    if np.any(cells.close):
        axes.add_collection(PolyCollection(corners[cells.close], **hatch))
    outlined = [(own, CELL_INK[0])] if own is not None else []
    outlined += [(cells.first[0], VERMILLION)] if cells.best else []
    for place, colour in outlined:
        edge = _hexagon(0.9 * step) + places[place]
        axes.add_collection(
            PolyCollection([edge], facecolors="none", edgecolors=colour, linewidths=2.6, zorder=3)
        )
    _corners(axes, sweep, step)
    if _fit(cells.texts, step):
        _numbers(axes, cells, places, drawn)
    else:
        designs.colours(drawn, axes, cells.label, location="left", shrink=0.8)


def _step(places):
    """Distance of a mixture to its nearest neighbour, of the triangle's side."""
    if len(places) < 2:
        return 0.25
    apart = np.hypot(*(places[:, None] - places).T)
    return float(np.clip(apart[apart > 1e-9].min(), 0.02, 0.5))


def _hexagon(step):
    """Corners (6, 2) of a cell about 0, whose neighbours are a step away on each side."""
    angle = np.pi / 6 + np.arange(6) * np.pi / 3
    return step / np.sqrt(3) * np.column_stack([np.cos(angle), np.sin(angle)])


def _corners(axes, sweep, step):
    """Say at each corner what all of the mixture is there, and leave room for it."""
    names = [designs.lines(f"all {factor(path)}", CORNER) for path in sweep.factors]
    room = LABEL * (1 + max(name.count("\n") + 1 for name in names))
    reach, gap = step / np.sqrt(3), LABEL / 3
    at = (
        (0.5, HEIGHT + reach + gap, "center", "bottom"),
        (-step / 2, -reach - gap, "left", "top"),
        (1 + step / 2, -reach - gap, "right", "top"),
    )
    for name, (x, y, ha, va) in zip(names, at, strict=True):
        axes.text(x, y, name, ha=ha, va=va, size=9.5)
    axes.set(
        xlim=(-step / 2 - 0.02, 1.02 + step / 2), aspect="equal",
        ylim=(-reach - gap - room, HEIGHT + reach + gap + room),
    )  # fmt: skip
    axes.set_axis_off()


def _fit(texts, step):
    """Whether the numbers can be read in their cells."""
    cell = SIDE[is_inset()] * SIZE.get().width * 72 * step  # [pt]
    return max(width_of(text, LETTERS) for text in texts) <= 0.9 * cell


def _numbers(axes, cells, places, drawn):
    """A number in each cell, in ink that can be read on its colour."""
    colours = drawn.to_rgba(np.ma.masked_invalid(cells.table["mean"].to_numpy(float)))
    for text, place, colour, close in zip(cells.texts, places, colours, cells.close, strict=True):
        ink = CELL_INK[bool(brightness(colour) < BRIGHT)]
        box = {"boxstyle": "round,pad=0.15", "facecolor": colour, "linewidth": 0, "alpha": 0.85}
        middle = {"ha": "center", "va": "center", "zorder": 4, "size": LETTERS}
        axes.text(*place, text, color=ink, bbox=box if close else None, **middle)


def brightness(colour):
    """How light a colour seems, from 0 to 1."""
    return float(np.dot((0.299, 0.587, 0.114), to_rgb(colour)))


# ---- the mixtures that count ---------------------------------------------------------------------


def _rows(axes, sweep, cells, own):
    """A row a mixture, in words, with its number and interval."""
    shown = _shown(cells, own)
    values = cells.table[["mean", "ci_low", "ci_high"]].to_numpy(float)
    for y, place in enumerate(reversed(shown)):
        best, mine = bool(cells.best) and place == cells.first[0], place == own
        colour, marker = (VERMILLION, "h") if best else (INK, "h") if mine else (BLUE, "o")
        mean, low, high = values[place]
        axes.hlines([y], [low], [high], color=colour, linewidth=2.4)
        face = {"markerfacecolor": "white"} if cells.close[place] else {}
        dot = {"color": colour, "markersize": MARKERS[marker], "markeredgewidth": 1.8}
        axes.plot([mean], [y], marker, **dot, **face)
        words = designs.mixture(sweep, cells.table.iloc[place])
        words = f"{f'{cells.best}: ' * best}{'As it is: ' * mine}{words}"
        _words(axes, y, words, cells.beside[place])
    _frame_rows(axes, cells, values[shown], len(shown))
    axes.set_title(_head(cells, shown, own))


def _words(axes, y, words, beside):
    """Words of a row, over its bar and right of it; the panel is as wide without them."""
    size, in_panel = SIZE.get(), axes.get_yaxis_transform()
    lines, letters = [words], len(words)
    while max(width_of(line, LETTERS) for line in lines) > PANEL * size.width * 72:
        letters -= 2
        lines = textwrap.wrap(words, letters)
    above = {"textcoords": "offset points", "xytext": (0, ABOVE * size.scale), "va": "bottom"}
    look = {"size": LETTERS, "in_layout": False}
    axes.annotate("\n".join(lines), (0, y), xycoords=in_panel, weight="bold", **above, **look)
    axes.text(TOLD + 0.05, y, beside, transform=in_panel, va="center", **look)


def _shown(cells, own):
    """Places of the mixtures that are told in words, from the best down."""
    told = [place for place in cells.first if not np.isnan(cells.table["mean"].iloc[place])]
    if len(told) <= FEW:
        return told
    kept = {*told[:FIRST], told[-1], *([] if own is None else [own])}
    return [place for place in told if place in kept]


def _head(cells, shown, own):
    if len(shown) == len(cells.first):
        return "Every mixture"
    mine = "" if own is None or own in cells.first[:FIRST] else ", as it is"
    return f"The first {FIRST} of {len(cells.first)}{mine} and the last"


def _frame_rows(axes, cells, values, count):
    """Room for the words beside the bars; the axis ends where the bars do."""
    low, high = np.nanmin(values), np.nanmax(values)
    if cells.zero:
        low, high = min(low, 0.0), max(high, 0.0)
        y = np.arange(count)
        axes.vlines(np.zeros(count), y - 0.16, y + 0.16, color=GREY, linewidth=1.4, zorder=0)
    pad = 0.06 * ((high - low) or abs(high) or 1.0)
    low, high = low - pad, high + pad
    axes.set(xlim=(low, low + (high - low) / TOLD), ylim=(-0.6, count - 0.25), yticks=[])
    ticks = MaxNLocator(nbins=3).tick_values(low, high)
    axes.set_xticks([tick for tick in ticks if low <= tick <= high])
    thousands(axes.xaxis)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_bounds(low, high)
    axes.set_xlabel(cells.label, loc="left")
