"""Figures of a sweep: lines for one factor, a heat map for two, a ternary map for mixtures of
three, and small multiples for more.

Nothing is estimated here: each number comes from the sweep's own tables.
"""

import numpy as np

from sim import caveats
from sim.engine import metrics
from sim.errors import FigureError, choice
from sim.figures import designs, differences
from sim.figures.drawing import EXPECTED, fan, thousands
from sim.figures.style import BLUE, INK, ORANGE, VERMILLION, framed, say, styled
from sim.records import provenance
from sim.records.words import DIRECTIONS, capital, estimate, percent, with_titles
from sim.records.words import label as label_of

KINDS = ("lines", "heat", "ternary", "multiples")
COLOURS = "cividis"  # even in brightness, and the same for every kind of colour vision
MOST_NUMBERS = 36  # cells of a heat map in which numbers can be read


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
    more = {"heat": 0.9, "ternary": 0.9, "multiples": rows, "lines": 0.0}[kind]
    foot = provenance.footnote(sweep.provenance, sweep.manifest["name"])
    foot = f"{len(sweep.points)} points · {foot}"
    shown = (caveats.WORKFORCE, *caveats.OTHER_TERMS, caveats.FAILED, caveats.UNFINISHED)
    meaning = (differences.meaning if held else _meaning)(sweep, metric, kind)
    figure = framed(sweep, title(sweep, metric), [meaning], foot, shown, more)
    draw = (differences.DRAW if held else DRAW)[kind]
    if not len(table) or table["mean"].isna().all():
        axes = figure.subplots()
        axes.set_axis_off()
        say(axes, f"No point has a value of {label_of(metric)}")
        return figure
    draw(figure, sweep, table, metric)
    return figure


def title(sweep, metric):
    """What came of the sweep, with the interval: where the metric is best, and how sure that is."""
    name, what = sweep.manifest["name"], sweep.in_words(metric)
    ranked = DIRECTIONS[metric] and len(sweep.summary(metric))
    table = sweep.best(metric) if ranked else None
    if sweep.against is not None and table is not None:
        told = sweep.headline_against(metric, table, lambda row: designs.point(sweep, row))
        return with_titles(told, [sweep.reference])
    if table is None or np.isnan(table.iloc[0]["mean"]):
        return f"{name}: {what.removeprefix('mean ')} over {len(sweep.points)} points"
    first = table.iloc[0]
    way = "highest" if DIRECTIONS[metric] > 0 else "lowest"
    expected = not np.isnan(first["p_best_expected"])
    column = "p_best_expected" if expected else "p_best_world"
    reservation = sweep.reservation(metric)
    if np.isnan(first[column]) or reservation:
        return f"{name}: {what} is {way} at {designs.point(sweep, first)}{reservation}"
    p, low, high = (percent(first[c]) for c in (column, f"{column}_low", f"{column}_high"))
    kind = "in expectation" if expected else "in one world"
    return (
        f"{name}: {what} is {way} at {designs.point(sweep, first)}, the best of {len(table)} "
        f"points {kind} with probability {p} (95% interval {low} to {high})"
    )


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
    meaning = f"95% interval of the expected output: {what}."
    if kind == "lines":
        meaning += " Dashed: where 8 of 10 single worlds fall, chance and ignorance together."
    return meaning


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
    axes = figure.subplots()
    one = len(sweep.factors) == 1
    if one and designs.are_numbers(table[sweep.factors[0]]) and len(table) > 1:
        table = table.sort_values(sweep.factors[0])
        fan(axes, designs.along(axes, sweep, table), table, form="o-")
    else:
        _bars(axes, np.arange(len(table)), table)
        designs.label_points(axes, sweep, table)
    axes.set_ylabel(_what(sweep, metric))
    thousands(axes.yaxis)
    low, high = axes.get_ylim()
    axes.set_ylim(min(0, low) if low > 0 and low < 0.5 * high else low, high + 0.2 * (high - low))
    axes.legend(loc="upper left", ncol=3)


def _bars(axes, x, table):
    dashed = {"color": ORANGE, "linestyle": (0, (4, 2)), "linewidth": 1.6}
    bar = {"color": BLUE, "alpha": 0.35, "linewidth": 9}
    axes.vlines(x, table["ci_low"], table["ci_high"], label=EXPECTED, **bar)
    axes.vlines(x + 0.12, table["p10"], table["p90"], label="8 of 10 worlds (10–90%)", **dashed)
    axes.plot(x, table["mean"], "o", color=BLUE, markersize=8, label="Mean")


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
            ink = "white" if mean < half else "black"
        axes.text(column, row, text, ha="center", va="center", color=ink, size=9)


# ---- mixtures of three ---------------------------------------------------------------------------


def _ternary(figure, sweep, table, metric):
    """The mean and the width of its interval over three parts of one whole; the best is marked."""
    parts, total = designs.thirds(sweep, table)
    size = designs.dot_size(len(table))
    table = table.assign(width=table["ci_high"] - table["ci_low"])
    best = best_place(table, metric)
    for place, column, words in (
        (1, "mean", f"Mean {label_of(metric)}"),
        (2, "width", "Width of its 95% interval"),
    ):
        axes = designs.ternary(figure, place, sweep, total)
        dots = axes.scatter(*parts, c=table[column], cmap=COLOURS, s=size, clip_on=False)
        if best is not None and column == "mean":
            ring(axes, parts, best, size)
        ringed = column == "mean" and best is not None
        axes.set_title(words + (", best ringed" if ringed else ""), pad=22)
        under = {"orientation": "horizontal", "shrink": 0.8, "pad": 0.12}
        designs.colours(dots, axes, f"{words} [{designs.unit(sweep, metric)}]", **under)


def ring(axes, parts, place, size):
    """Ring one dot of a ternary map."""
    look = {"facecolors": "none", "edgecolors": VERMILLION, "linewidths": 2.5}
    axes.scatter(*([part[place]] for part in parts), s=1.6 * size, clip_on=False, **look)


def best_place(table, metric):
    """Place of the best point in the table; None where neither more nor less is better."""
    if not DIRECTIONS[metric]:
        return None
    return int((DIRECTIONS[metric] * table["mean"]).to_numpy().argmax())


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
