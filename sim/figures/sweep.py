"""Figures of a sweep: lines for one factor, a heat map for two, a ternary map for mixtures of
three, and small multiples for more.

Nothing is estimated here: each number comes from the sweep's own tables.
"""

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim import caveats
from sim.engine import metrics
from sim.errors import FigureError, choice, is_int_or_float
from sim.figures.drawing import EXPECTED, fan, thousands
from sim.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION, framed, say, styled
from sim.records import provenance
from sim.records.factors import factor
from sim.records.words import DIRECTIONS, capital, estimate, percent, unit_of_factor
from sim.records.words import label as label_of

KINDS = ("lines", "heat", "ternary", "multiples")
COLOURS = "cividis"  # even in brightness, and the same for every kind of colour vision
MOST_NUMBERS = 36  # cells of a heat map in which numbers can be read
LONGEST = 28  # letters of a value on an axis


@styled
def sweep_figure(sweep, metric=None, kind=None):
    """A metric over the points of a sweep, with 95% intervals.

    sweep : Sweep
    metric : str; by default that of the plan's [answer]
    kind : one of KINDS; by default what fits the design
    returns : matplotlib.figure.Figure

    Raises FigureError, one line, where the kind does not fit the design.
    """
    metric = metric or sweep.metric
    kind = fitting(sweep) if kind is None else kind
    choice("kind", kind, KINDS, FigureError)
    table = _as_told(sweep.summary(metric), metric)
    rows = 3.0 * ((len(sweep.factors) - 1) // 3)  # of panels beyond the first
    more = {"heat": 0.9, "ternary": 0.9, "multiples": rows, "lines": 0.0}[kind]
    foot = provenance.footnote(sweep.provenance, sweep.manifest["name"])
    foot = f"{len(sweep.points)} points · {foot}"
    shown = (caveats.WORKFORCE, *caveats.OTHER_TERMS, caveats.FAILED, caveats.UNFINISHED)
    figure = framed(sweep, title(sweep, metric), [_meaning(sweep, kind)], foot, shown, more)
    draw = {"lines": _lines, "heat": _heat, "ternary": _ternary, "multiples": _multiples}[kind]
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
    if table is None or np.isnan(table.iloc[0]["mean"]):
        return f"{name}: {what.removeprefix('mean ')} over {len(sweep.points)} points"
    first = table.iloc[0]
    way = "highest" if DIRECTIONS[metric] > 0 else "lowest"
    expected = not np.isnan(first["p_best_expected"])
    column = "p_best_expected" if expected else "p_best_world"
    reservation = sweep.reservation(metric)
    if np.isnan(first[column]) or reservation:
        return f"{name}: {what} is {way} at {_values(sweep, first)}{reservation}"
    p, low, high = (percent(first[c]) for c in (column, f"{column}_low", f"{column}_high"))
    kind = "in expectation" if expected else "in one world"
    return (
        f"{name}: {what} is {way} at {_values(sweep, first)}, the best of {len(table)} "
        f"points {kind} with probability {p} (95% interval {low} to {high})"
    )


def _values(sweep, row):
    return ", ".join(f"{factor(path)} = {_text(row[path])}" for path in sweep.factors)


def _text(value):
    text = f"{value:.4g}" if isinstance(value, (float, np.floating)) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def fitting(sweep):
    """The kind of figure that shows a design best."""
    kind, factors = sweep.manifest["ask"]["design"], len(sweep.factors)
    if kind == "mixtures" and factors == 3:
        return "ternary"
    if factors == 1 or kind in ("swaps", "zipped") or (kind == "mixtures" and factors == 2):
        return "lines"
    return "heat" if factors == 2 else "multiples"


def _meaning(sweep, kind):
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


def _unit(sweep, metric):
    """Unit of a metric as it is told: percent for shares, the currency for money."""
    unit = sweep.unit(metric)
    return "%" if unit == "share" else unit


def _what(sweep, metric):
    return f"{capital(label_of(metric))} [{_unit(sweep, metric)}]"


def _factor(path):
    """A factor in words with its unit, if it has one."""
    unit = unit_of_factor(path)
    return capital(f"{factor(path)} [{unit}]" if unit else factor(path))


def _is_number(column):
    return all(map(is_int_or_float, column.tolist()))


def _levels(column):
    """The values of a factor, each once; numbers in order."""
    levels = list(dict.fromkeys(column.tolist()))
    return sorted(levels) if _is_number(column) else levels


# ---- lines ---------------------------------------------------------------------------------------


def _lines(figure, sweep, table, metric):
    """The metric along one factor, or along points in their order where more change at once."""
    axes = figure.subplots()
    one = len(sweep.factors) == 1
    if one and _is_number(table[sweep.factors[0]]) and len(table) > 1:
        table = table.sort_values(sweep.factors[0])
        values = table[sweep.factors[0]].tolist()
        fan(axes, np.array(values, float), table, form="o-")
        if len(values) <= 12:
            axes.set_xticks(values, [_text(v) for v in values])
        axes.set_xlabel(_factor(sweep.factors[0]))
    else:
        _bars(axes, np.arange(len(table)), table)
        values = table[list(sweep.factors)].astype(object).itertuples(index=False)
        labels = ["\n".join(map(_text, row)) for row in values]
        few = range(0, len(labels), max(1, len(labels) // 12))
        axes.set_xticks([*few], [labels[i] for i in few])
        axes.set_xlabel(" above ".join(map(_factor, sweep.factors)))
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
    axes.set_xlim(-0.7, len(table) - 0.3)


# ---- two factors ---------------------------------------------------------------------------------


def _heat(figure, sweep, table, metric):
    """The mean over two factors, with its interval in the cells or in a panel of its own."""
    if len(sweep.factors) != 2:
        raise FigureError(f"a heat map needs two factors; the sweep has {len(sweep.factors)}")
    first, second = sweep.factors
    grid = _grid(table, second, first)
    if grid is not None and grid["mean"].size <= MOST_NUMBERS:
        axes = figure.subplots()
        _cells(figure, axes, grid, "mean", f"Mean {label_of(metric)} [{_unit(sweep, metric)}]")
        _numbers(axes, grid)
        _axes_of(axes, grid, second, first)
        return
    left, right = figure.subplots(1, 2)
    table = table.assign(width=table["ci_high"] - table["ci_low"])
    for axes, column, words in (
        (left, "mean", f"Mean {label_of(metric)}"),
        (right, "width", "Width of its 95% interval"),
    ):
        label = f"{words} [{_unit(sweep, metric)}]"
        if grid is not None:
            cells = grid | {"width": grid["ci_high"] - grid["ci_low"]}
            _cells(figure, axes, cells, column, label)
            _axes_of(axes, grid, second, first)
        else:
            dots = axes.scatter(table[second], table[first], c=table[column], cmap=COLOURS, s=60)
            _bar(figure, axes, dots, label)
            axes.set(xlabel=_factor(second), ylabel=_factor(first))
        axes.set_title(words)


def _grid(table, across, up):
    """Tables of all combinations as arrays (up, across); None where the points are no grid."""
    xs, ys = (_levels(table[path]) for path in (across, up))
    if len(xs) * len(ys) > 4 * len(table) or (len(xs) > 30 or len(ys) > 30):
        return None
    places = [(ys.index(y), xs.index(x)) for y, x in zip(table[up], table[across], strict=True)]
    grid: dict = {"xs": xs, "ys": ys}
    for column in ("mean", "ci_low", "ci_high"):
        grid[column] = np.full((len(ys), len(xs)), np.nan)
        grid[column][tuple(np.transpose(places))] = table[column]
    return grid


def _cells(figure, axes, grid, column, label):
    edges = [np.arange(len(grid[key]) + 1) - 0.5 for key in ("xs", "ys")]
    mesh = axes.pcolormesh(*edges, np.ma.masked_invalid(grid[column]), cmap=COLOURS)
    axes.set_facecolor("#DDDDDD")
    _bar(figure, axes, mesh, label)


def _bar(figure, axes, drawn, label):
    bar = figure.colorbar(drawn, ax=axes, label=label, pad=0.02)
    bar.outline.set_visible(False)
    thousands(bar.ax.yaxis)


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


def _axes_of(axes, grid, across, up):
    for axis, key, label in ((axes.xaxis, "xs", across), (axes.yaxis, "ys", up)):
        few = range(0, len(grid[key]), max(1, -(-len(grid[key]) // 10)))
        axis.set_ticks([*few], [_text(grid[key][i]) for i in few])
        axis.set_label_text(_factor(label))
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0)


# ---- mixtures of three ---------------------------------------------------------------------------


def _ternary(figure, sweep, table, metric):
    """The mean and the width of its interval over three parts of one whole; the best is marked."""
    if len(sweep.factors) != 3:
        raise FigureError(f"a ternary map needs three parts; the sweep has {len(sweep.factors)}")
    import mpltern  # noqa: F401 - registers the projection

    parts = [table[path].to_numpy(float) for path in sweep.factors]
    total = float(sum(parts)[0])
    if total <= 0 or not np.allclose(sum(parts), total):
        raise FigureError("a ternary map needs parts that have the same sum at every point")
    size = float(np.clip(9_000 / len(table), 16, 300))
    table = table.assign(width=table["ci_high"] - table["ci_low"])
    best = _best_place(sweep, table, metric)
    for place, column, words in (
        (1, "mean", f"Mean {label_of(metric)}"),
        (2, "width", "Width of its 95% interval"),
    ):
        axes = figure.add_subplot(1, 2, place, projection="ternary", ternary_sum=total)
        dots = axes.scatter(*parts, c=table[column], cmap=COLOURS, s=size, clip_on=False)
        if best is not None and column == "mean":
            ring = {"facecolors": "none", "edgecolors": VERMILLION, "linewidths": 2.5}
            axes.scatter(*([p[best]] for p in parts), s=1.6 * size, clip_on=False, **ring)
        for set_label, path in zip(
            (axes.set_tlabel, axes.set_llabel, axes.set_rlabel), sweep.factors, strict=True
        ):
            set_label(_factor(path))
        for axis in (axes.taxis, axes.laxis, axes.raxis):
            axis.set_tick_params(length=0, pad=14, labelsize=9)
            axis.set_major_locator(MaxNLocator(nbins=6, integer=total > 1))
        axes.grid(color=GREY, alpha=0.4, linewidth=0.6)
        ringed = column == "mean" and best is not None
        axes.set_title(words + (", best ringed" if ringed else ""), pad=22)
        bar = figure.colorbar(
            dots, ax=axes, orientation="horizontal", shrink=0.8, pad=0.12,
            label=f"{words} [{_unit(sweep, metric)}]",
        )  # fmt: skip
        bar.outline.set_visible(False)
        thousands(bar.ax.xaxis)


def _best_place(sweep, table, metric):
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
        x, labels = _places(table[path])
        axes.vlines(x, table["ci_low"], table["ci_high"], color=BLUE, alpha=fade, linewidth=2)
        axes.plot(x, table["mean"], "o", color=INK, markersize=3.5)
        if labels:
            axes.set_xticks(range(len(labels)), labels)
        axes.set_xlabel(_factor(path))
        thousands(axes.yaxis)
    for axes in panels.ravel()[len(sweep.factors) :]:
        axes.set_axis_off()
    for axes in panels[:, 0]:
        axes.set_ylabel(_what(sweep, metric))
    panels[0, 0].set_title("Each point: mean (dot) and 95% interval (bar)")


def _places(column):
    """Where points stand along a factor, a little apart where many share a value; and labels."""
    values, levels = column.tolist(), _levels(column)
    if _is_number(column) and len(levels) > 8:
        return np.array(values, float), None
    place = np.array([levels.index(value) for value in values], float)
    for level in range(len(levels)):
        here = np.flatnonzero(place == level)
        place[here] += np.linspace(-0.3, 0.3, len(here)) if len(here) > 1 else 0.0
    return place, [_text(level) for level in levels]
