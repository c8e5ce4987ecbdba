"""Figures of a sweep: lines for one factor, a heat map for two, a ternary map for mixtures of
three, and small multiples for more.

Nothing is estimated here: each number comes from the sweep's own tables.
"""

import matplotlib
import numpy as np

from sim import caveats
from sim.engine import metrics
from sim.errors import FigureError, choice
from sim.figures import designs, differences, lines, triangle
from sim.figures.drawing import thousands
from sim.figures.style import BLUE, INK, SIZE, WIDTH, framed, say, styled
from sim.records import provenance
from sim.records.words import (
    DIRECTIONS,
    NEVER,
    capital,
    error_told,
    estimate,
    percent,
    plan_title,
    with_titles,
)
from sim.records.words import label as label_of

KINDS = ("lines", "heat", "ternary", "multiples")
COLOURS = "cividis"  # even in brightness, and the same for every kind of colour vision
MOST_NUMBERS = 36  # cells of a heat map in which numbers can be read
# Kind -> what its note says beside.
MORE = {
    "ternary": " Hatched or hollow: too close to call with the first. Outlined: the first, and the "
    "plan as it is, where it is one of them."
}


@styled
def sweep_figure(sweep, metric=None, kind=None):
    """A metric over the points of a sweep, with 95% intervals.

    sweep : Sweep
    metric : str; by default that of the plan's [answer]
    kind : one of KINDS; by default what fits the design

    Against a reference the metric is the difference to it, in colours that part at none.
    returns : matplotlib.figure.Figure

    Raises FigureError, one line, where the kind does not fit the design.
    """
    metric = metric or sweep.metric
    kind = fitting(sweep) if kind is None else kind
    choice("kind", kind, KINDS, FigureError)
    held = sweep.against is not None
    table = _as_told(sweep.differences(metric) if held else sweep.summary(metric), metric)
    rows = 3.0 * ((len(sweep.factors) - 1) // 3)  # of panels beyond the first
    narrow = WIDTH - SIZE.get().width  # words of a map take more lines there
    more = {"heat": 0.9, "ternary": 0.9 + 0.5 * narrow, "multiples": rows, "lines": 0.0}[kind]
    foot = f"{len(sweep.points):,} points, of each {provenance.footnote(sweep.provenance)}"
    shown = (caveats.WORKFORCE, *caveats.OTHER_TERMS, caveats.FAILED, caveats.UNFINISHED)
    meaning = (differences.meaning if held else _meaning)(sweep, metric, kind)
    figure = framed(sweep, title(sweep, metric), [meaning], foot, shown, more)
    draw = (differences.DRAW if held else DRAW)[kind]
    columns = ["mean", "p50"] if kind == "lines" else ["mean"]
    if not len(table) or table[columns].isna().all(axis=None):
        axes = figure.subplots()
        axes.set_axis_off()
        say(axes, f"No point has a value of {label_of(metric)}")
        return figure
    draw(figure, sweep, table, metric)
    return figure


def title(sweep, metric):
    """What came of the sweep, with the interval: where the metric is best, if that can be told."""
    name, what, table = sweep.manifest["name"], sweep.in_words(metric), _ranked(sweep, metric)
    if sweep.against is not None and table is not None:
        told = sweep.headline_against(metric, table, lambda row: designs.point(sweep, row))
        return capital(with_titles(told, [sweep.reference]))
    name = capital(plan_title(name))
    if table is None or np.isnan(table.iloc[0]["mean"]):
        return f"{name}: {what.removeprefix('mean ')} over {len(sweep.points)} points"
    first = table.iloc[0]
    way = "highest" if DIRECTIONS[metric] > 0 else "lowest"
    where = f"{'with' if designs.is_shared_out(sweep) else 'at'} {designs.point(sweep, first)}"
    found = f"{name}: {what} is {way} {where}{sweep.reservation(metric)}"
    if sweep.is_on_other_terms(metric):
        return found
    size, span = sweep.in_title(metric, first)
    return f"{found}: {size}" + ("" if span == "-" else f" (95% interval {span})")


def _ranked(sweep, metric):
    """Points from the best down; None where none is better, or no point has a value."""
    ranked = DIRECTIONS[metric] and len(sweep.summary(metric))
    return sweep.best(metric) if ranked else None


def _odds(sweep, metric):
    """How probably the first point is the best of all, in words; nothing where it is not told."""
    table = None if sweep.is_on_other_terms(metric) else _ranked(sweep, metric)
    if table is None or np.isnan(table["mean"].iloc[0]):
        return ""
    row = table.iloc[0]
    for column, kind in (("p_best_expected", "in expectation"), ("p_best_world", "in one world")):
        if not np.isnan(row[column]):
            p, low, high = (percent(row[f"{column}{end}"]) for end in ("", "_low", "_high"))
            return (
                f" The point in the title is the best of {len(sweep.points)} {kind} with "
                f"probability {p} (95% interval {low} to {high})."
            )
    return ""


def fitting(sweep):
    """The kind of figure that shows a design best."""
    kind, factors = sweep.manifest["ask"]["design"], len(sweep.factors)
    if kind == "mixtures" and factors == 3:
        return "ternary"
    if factors == 1 or kind in ("swaps", "zipped") or (kind == "mixtures" and factors == 2):
        return "lines"
    return "heat" if factors == 2 else "multiples"


def _meaning(sweep, metric, kind):
    what = "over what we do not know, chance averaged out" if sweep.uncertain else "numerical only"
    meaning = f"95% interval of the expected output: {what}.{MORE.get(kind, '')}"
    if kind == "lines":
        meaning = differences.of_lines(metric, meaning)
    if metric in NEVER:
        meaning += " No average, and shades to the top, where it never happens in some world."
    return meaning + _odds(sweep, metric)


def _as_told(table, metric):
    """The rows of a metric as they are told: shares in percent."""
    if metrics.UNITS[metric] != "share":
        return table
    columns = ["mean", "ci_low", "ci_high", "p10", "p50", "p90"]
    return table.assign(**{column: 100 * table[column] for column in columns})


def _what(sweep, metric):
    return f"{capital(label_of(metric))} [{designs.unit(sweep, metric)}]"


# ---- lines ---------------------------------------------------------------------------------------


def _lines(figure, sweep, table, metric):
    """The metric along one factor, or along points in their order where more change at once."""
    lines.draw(figure, sweep, table, metric, _what(sweep, metric))


# ---- two factors ---------------------------------------------------------------------------------


def _heat(figure, sweep, table, metric):
    """The mean over two factors, with its interval in the cells or in a panel of its own."""
    if len(sweep.factors) != 2:
        raise FigureError(f"a heat map needs two factors; the sweep has {len(sweep.factors)}")
    first, second = sweep.factors
    grid = designs.grid(table, second, first, ("mean", "ci_low", "ci_high"))
    if grid is not None and grid["mean"].size <= MOST_NUMBERS:
        axes = figure.subplots()
        _cells(axes, grid, "mean", f"Mean {label_of(metric)} [{designs.unit(sweep, metric)}]")
        _numbers(axes, grid)
        designs.label_cells(axes, grid, second, first)
        return
    left, right = figure.subplots(1, 2)
    table = table.assign(width=table["ci_high"] - table["ci_low"])
    for axes, column, words in (
        (left, "mean", f"Mean {label_of(metric)}"),
        (right, "width", "Width of its 95% interval"),
    ):
        label = f"{words} [{designs.unit(sweep, metric)}]"
        if grid is not None:
            cells = grid | {"width": grid["ci_high"] - grid["ci_low"]}
            _cells(axes, cells, column, label)
            designs.label_cells(axes, grid, second, first)
        else:
            dots = axes.scatter(table[second], table[first], c=table[column], cmap=COLOURS, s=60)
            designs.colours(dots, axes, label)
            axes.set(xlabel=designs.axis(second), ylabel=designs.axis(first))
        axes.set_title(words)


def _cells(axes, cells, column, label):
    designs.colours(designs.mesh(axes, cells, column, cmap=COLOURS), axes, label)


def _numbers(axes, grid):
    """Mean and interval in each cell, in ink that can be read on its colour."""
    half = (np.nanmin(grid["mean"]) + np.nanmax(grid["mean"])) / 2
    wide = len(grid["xs"]) <= 7
    for (row, column), mean in np.ndenumerate(grid["mean"]):
        if np.isnan(mean):
            text, ink = "no value", INK
        else:
            middle, ends = estimate(
                mean, *(grid[key][row, column] for key in ("ci_low", "ci_high"))
            )
            text = "\n".join((middle, ends if wide else ends.replace(" to ", "–\n")))
            ink = triangle.CELL_INK[bool(mean < half)]
        axes.text(column, row, text, ha="center", va="center", color=ink, size=9)


# ---- mixtures of three ---------------------------------------------------------------------------


def _ternary(figure, sweep, table, metric):
    """The mean over three parts of one whole; what is not told from the best is hatched."""
    near, sign = sweep.near_best(metric), DIRECTIONS[metric] or 1
    error = [error_told(one, table["unit"].iloc[0]) for one in table["mc_error"]]
    columns = ("mean", "ci_low", "ci_high")
    told = [
        estimate(*row, error=one)
        for row, one in zip(table[[*columns]].to_numpy(float), error, strict=True)
    ]
    close = table["point"].isin(near).to_numpy()
    beside = [
        f"{size} ({span})" + ("\ntoo close to call" if one else "")
        for (size, span), one in zip(told, close, strict=True)
    ]
    unit = designs.unit(sweep, metric)
    cells = triangle.Cells(
        table, [size for size, _ in told], beside, close,
        (sign * -table["mean"]).argsort(kind="stable").tolist(), _called(metric, near),
        matplotlib.colormaps[COLOURS], f"Mean {label_of(metric)} [{unit}]",
        f"{capital(label_of(metric))} [{unit}]",
    )  # fmt: skip
    triangle.draw(figure, sweep, cells)


def _called(metric, near):
    """What the first point is called, where so many worlds tell it from the others or not."""
    names = {1: "Highest", -1: "Lowest", 0: ""}
    return "Best" if DIRECTIONS[metric] and not near else names[DIRECTIONS[metric]]


# ---- more factors --------------------------------------------------------------------------------


def _multiples(figure, sweep, table, metric):
    """A panel a factor: every point by its value of it, mean and 95% interval."""
    columns = min(3, len(sweep.factors))
    rows = -(-len(sweep.factors) // columns)
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
    fade = float(np.clip(25 / len(table), 0.08, 0.6))
    for axes, path in zip(panels.ravel(), sweep.factors, strict=False):
        x, labels = designs.places(table[path])
        axes.vlines(x, table["ci_low"], table["ci_high"], color=BLUE, alpha=fade, linewidth=2)
        axes.plot(x, table["mean"], "o", color=INK, markersize=3.5)
        if labels:
            axes.set_xticks(range(len(labels)), labels)
        axes.set_xlabel(designs.axis(path))
        thousands(axes.yaxis)
    for axes in panels.ravel()[len(sweep.factors) :]:
        axes.set_axis_off()
    for axes in panels[:, 0]:
        axes.set_ylabel(_what(sweep, metric))
    panels[0, 0].set_title("Each point: mean (dot) and 95% interval (bar)")


# Kind -> what draws it.
DRAW = {"lines": _lines, "heat": _heat, "ternary": _ternary, "multiples": _multiples}
