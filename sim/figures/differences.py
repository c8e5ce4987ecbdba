"""Figures of a sweep against a reference: differences, in colours that part at none.

Blue is better than the reference, orange worse; where neither more nor less is better, blue is
more. Points whose 95% interval includes no difference are hatched, hollow or small, as the legend
says. Nothing is estimated here.
"""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.engine import metrics
from sim.errors import FigureError
from sim.figures import designs, lines, triangle
from sim.figures.drawing import thousands
from sim.figures.style import BLUE, GREY, INK, is_inset
from sim.figures.triangle import CELL_INK, FAINT_LINE, HATCH
from sim.figures.worlds import SHADES
from sim.records.words import DIRECTIONS, capital, plan_title
from sim.records.words import label as label_of

MIDDLE = "#F4F1EA"  # of no difference
COLOURS = LinearSegmentedColormap.from_list(
    "worse to better", ["#8A3400", "#D9772B", "#F2C79B", MIDDLE, "#A9D3EC", "#3E93C7", "#00466F"]
)
MOST_NUMBERS = 36  # cells of a heat map in which numbers can be read
DARK = 0.62  # share of the largest difference from which the ink of a cell is white
SAME = "no difference"
SHOWN = ("better", "worse", "more", "less")  # verdicts that tell a point from the reference


def meaning(sweep, metric, kind):
    """How to read the figure, in words."""
    what = "over what we do not know, chance averaged out" if sweep.uncertain else "numerical only"
    if metrics.BY_NAME[metric].event:
        what = "the error of so many worlds"
    told = (
        f"Each point less {plan_title(sweep.reference)}, in the same worlds. 95% interval of the "
        f"expected difference: {what}. Too close to call: that interval includes no difference. "
        "The gain in the title is less what the best of so many points owes to luck."
    )
    return of_lines(metric, told) if kind == "lines" else told


def of_lines(metric, meaning):
    """How to read lines, before what else there is to say, in words."""
    shades = "" if metrics.BY_NAME[metric].event else f"{SHADES} "
    return f"{shades}Dots and bars: the average and its interval. {meaning}"


def _unit(sweep, metric):
    unit = designs.unit(sweep, metric)
    return "points" if unit == "%" else unit


def _what(sweep, metric):
    name = capital(label_of(metric))
    return f"{name} less that of\n{plan_title(sweep.reference)} [{_unit(sweep, metric)}]"


def _likely(sweep):
    return f"Probability to be better\nthan {plan_title(sweep.reference)} [%]"


def _close(table):
    """Which points are not told from the reference, which is another plan: bool (points,)."""
    return (~table["verdict"].isin((*SHOWN, lines.ITSELF))).to_numpy()


def _itself(table):
    """Which points are the reference: bool (points,)."""
    return (table["verdict"] == lines.ITSELF).to_numpy()


def _scale(table, metric):
    """Colours and limits of differences: a dict for `cmap`, `vmin` and `vmax`."""
    most = float(table["mean"].abs().max()) or 1.0
    worse_first = DIRECTIONS[metric] >= 0
    cmap = COLOURS if worse_first else COLOURS.reversed()
    return {"cmap": cmap, "vmin": -most, "vmax": most}


def _legend(axes, handles):
    """A legend above a panel, its entries beside each other."""
    place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "borderaxespad": 0.2}
    axes.legend(handles=handles, ncol=len(handles), **place)


def _sides(metric):
    """Boxes of the legend for better and worse."""
    names = ("Better", "Worse") if DIRECTIONS[metric] else ("More", "Less")
    places = (0.85, 0.15)
    return [Patch(color=COLOURS(at), label=name) for at, name in zip(places, names, strict=True)]


# ---- lines ---------------------------------------------------------------------------------------


def _lines(figure, sweep, table, metric):
    """Differences along one factor, or along points in their order where more change at once."""
    marks = lines.Marks(_close(table), _itself(table))
    lines.draw(figure, sweep, table, metric, _what(sweep, metric), marks)


# ---- two factors ---------------------------------------------------------------------------------


def _heat(figure, sweep, table, metric):
    """The difference over two factors, with its interval in the cells or its odds beside them."""
    if len(sweep.factors) != 2:
        raise FigureError(f"a heat map needs two factors; the sweep has {len(sweep.factors)}")
    first, second = sweep.factors
    odds = sweep.likely(metric)
    table = table.assign(
        close=_close(table), same=table["verdict"] == SAME, itself=_itself(table),
        odds=100 * table[odds] if odds else np.nan,
    )  # fmt: skip
    columns = ("point", "mean", "close", "same", "itself", "odds")
    cells = designs.grid(table, second, first, columns)
    if cells is not None and cells["mean"].size <= MOST_NUMBERS:
        axes = figure.subplots()
        _cells(axes, sweep, cells, table, metric)
        _numbers(axes, sweep, cells, metric)
        return
    left, *right = figure.subplots(1, 2 if odds and not is_inset() else 1, squeeze=False)[0]
    if cells is None:
        _scattered(left, sweep, table, metric)
    else:
        _cells(left, sweep, cells, table, metric)
    for axes in right:
        _odds(axes, sweep, cells, table)


def _cells(axes, sweep, cells, table, metric):
    """Cells in the colours of their differences, hatched where too close to call."""
    drawn = designs.mesh(axes, cells, "mean", **_scale(table, metric))
    designs.colours(drawn, axes, _what(sweep, metric))
    for (row, column), close in np.ndenumerate(cells["close"]):
        if close == 1:
            look: dict = {"fill": False, "hatch": HATCH, "edgecolor": FAINT_LINE, "linewidth": 0}
            axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **look))
    designs.label_cells(axes, cells, sweep.factors[1], sweep.factors[0])
    _legend(axes, [*_sides(metric), _hatched()])


def _numbers(axes, sweep, cells, metric):
    """Difference, interval and odds in each cell, in ink that can be read on its colour."""
    most = np.nanmax(np.abs(cells["mean"])) or 1.0
    wide = len(cells["xs"]) <= 7
    for (row, column), mean in np.ndenumerate(cells["mean"]):
        words, box = "no value", None
        if not np.isnan(mean):
            number = int(cells["point"][row, column])
            size, span, odds = sweep.difference_in_words(metric, number)
            better = [] if odds == "-" else [f"better: {odds}"]
            words = "\n".join([size, span if wide else span.replace(" to ", "\nto "), *better])
        if cells["same"][row, column] == 1:
            words = SAME
        if cells["itself"][row, column] == 1:
            words = "the reference\nitself"
        if cells["close"][row, column] == 1:  # not across the hatching
            box = {"boxstyle": "round,pad=0.25", "facecolor": MIDDLE, "linewidth": 0, "alpha": 0.9}
        ink = CELL_INK[bool(abs(mean) > DARK * most and box is None)]
        place = {"ha": "center", "va": "center", "zorder": 4}
        axes.text(column, row, words, color=ink, size=9, bbox=box, **place)


def _scattered(axes, sweep, table, metric):
    """Dots that are no grid, in the colours of their differences, small where too close."""
    look = _scale(table, metric) | {"edgecolors": GREY, "linewidths": 0.8}
    sizes = np.where(table["close"], 22, 80)
    across, up = (table[path] for path in reversed(sweep.factors))
    drawn = axes.scatter(across, up, c=table["mean"], s=sizes, **look)
    designs.colours(drawn, axes, _what(sweep, metric))
    axes.set(xlabel=designs.axis(sweep.factors[1]), ylabel=designs.axis(sweep.factors[0]))
    _legend(axes, [*_sides(metric), _small()])


def _small(words="Small: too close to call"):
    look: dict = {"linestyle": "none", "marker": "o", "color": GREY, "markersize": 4}
    return Line2D([], [], label=words, **look)


def _odds(axes, sweep, cells, table):
    """How likely each point is better, beside its difference."""
    look = {"cmap": "cividis", "vmin": 0, "vmax": 100}
    if cells is None:
        across, up = (table[path] for path in reversed(sweep.factors))
        drawn = axes.scatter(across, up, c=table["odds"], s=60, **look)
        axes.set(xlabel=designs.axis(sweep.factors[1]), ylabel=designs.axis(sweep.factors[0]))
    else:
        drawn = designs.mesh(axes, cells, "odds", **look)
        designs.label_cells(axes, cells, sweep.factors[1], sweep.factors[0])
    designs.colours(drawn, axes, _likely(sweep))


# ---- mixtures of three ---------------------------------------------------------------------------


def _ternary(figure, sweep, table, metric):
    """The difference over three parts of one whole, hatched where too close to call."""
    close, sign = _close(table), DIRECTIONS[metric] or 1
    texts, beside = [], []
    for number, unsure, verdict in zip(table["point"], close, table["verdict"], strict=True):
        size, span, odds = sweep.difference_in_words(metric, int(number))
        texts.append("0" if verdict == lines.ITSELF else size)
        more = "too close to call" if unsure else "" if odds == "-" else f"better: {odds}"
        told = capital(lines.ITSELF) if verdict == lines.ITSELF else f"{size} ({span})"
        beside.append("\n".join(filter(None, (told, more))))
    cells = triangle.Cells(
        table, texts, beside, close, (sign * -table["mean"]).argsort(kind="stable").tolist(),
        _called(table, metric), _scale(table, metric)["cmap"],
        f"Difference to {plan_title(sweep.reference)} [{_unit(sweep, metric)}]",
        _what(sweep, metric), zero=True,
    )  # fmt: skip
    triangle.draw(figure, sweep, cells, lambda axes: _legend(axes, [*_sides(metric), _hatched()]))


def _called(table, metric):
    """What the point is called that comes out best: as it is shown to beat the reference or not."""
    if not DIRECTIONS[metric]:
        return ""
    return "Best" if (table["verdict"] == "better").any() else "Nearest"


def _hatched():
    """Box of the legend for what is too close to call."""
    words = "Too close to call"
    return Patch(facecolor=MIDDLE, edgecolor=FAINT_LINE, hatch=HATCH, label=words)


# ---- more factors --------------------------------------------------------------------------------


def _multiples(figure, sweep, table, metric):
    """A panel a factor: every point by its value of it, difference and 95% interval."""
    columns = min(3, len(sweep.factors))
    rows = -(-len(sweep.factors) // columns)
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
    fade = float(np.clip(25 / len(table), 0.08, 0.6))
    close = _close(table)
    for axes, path in zip(panels.ravel(), sweep.factors, strict=False):
        x, labels = designs.places(table[path])
        axes.axhline(0, color=INK, linewidth=1.2)
        axes.vlines(x, table["ci_low"], table["ci_high"], color=BLUE, alpha=fade, linewidth=2)
        lines.dots(axes, x, table["mean"].to_numpy(), close, _itself(table), 4.5)
        if labels:
            axes.set_xticks(range(len(labels)), labels)
        axes.set_xlabel(designs.axis(path))
        thousands(axes.yaxis)
    for axes in panels.ravel()[len(sweep.factors) :]:
        axes.set_axis_off()
    for axes in panels[:, 0]:
        axes.set_ylabel(_what(sweep, metric))
    panels[0, 0].set_title(f"Filled: {lines.FIRMLY.lower()}; hollow: too close to call")


DRAW = {"lines": _lines, "heat": _heat, "ternary": _ternary, "multiples": _multiples}
