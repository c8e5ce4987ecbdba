"""What figures of a sweep share: the values of its points in words, its grid, its axes."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.errors import FigureError, is_int_or_float
from sim.figures.drawing import thousands
from sim.figures.style import GREY
from sim.records.factors import factor
from sim.records.words import capital, unit_of_factor

LONGEST = 28  # letters of a value on an axis
FEW = 8  # values of a factor that stand apart on an axis


def point(sweep, row):
    """The values of a point in words: "novice engineers = 2, expert engineers = 3"."""
    return ", ".join(f"{factor(path)} = {text(row[path])}" for path in sweep.factors)


def text(value):
    """A value of a factor, short."""
    words = f"{value:.4g}" if isinstance(value, (float, np.floating)) else str(value)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def axis(path):
    """A factor in words with its unit, if it has one, for an axis."""
    unit = unit_of_factor(path)
    return capital(f"{factor(path)} [{unit}]" if unit else factor(path))


def are_numbers(column):
    """Whether all values of a column are numbers."""
    return all(map(is_int_or_float, column.tolist()))


def levels(column):
    """The values of a factor, each once; numbers in order."""
    each = list(dict.fromkeys(column.tolist()))
    return sorted(each) if are_numbers(column) else each


def grid(table, across, up, columns):
    """All combinations of two factors: dict `xs`, `ys` and arrays (up, across) of some columns.

    None where the points are no grid, or one that is too fine to be seen.
    """
    xs, ys = (levels(table[path]) for path in (across, up))
    if len(xs) * len(ys) > 4 * len(table) or (len(xs) > 30 or len(ys) > 30):
        return None
    places = [(ys.index(y), xs.index(x)) for y, x in zip(table[up], table[across], strict=True)]
    cells: dict = {"xs": xs, "ys": ys}
    for column in columns:
        cells[column] = np.full((len(ys), len(xs)), np.nan)
        cells[column][tuple(np.transpose(places))] = table[column]
    return cells


def mesh(axes, cells, column, **look):
    """Cells of a grid in colours; those without a value are grey."""
    edges = [np.arange(len(cells[key]) + 1) - 0.5 for key in ("xs", "ys")]
    axes.set_facecolor("#DDDDDD")
    return axes.pcolormesh(*edges, np.ma.masked_invalid(cells[column]), **look)


def colours(drawn, axes, label, **where):
    """The bar of colours of a panel."""
    bar = axes.figure.colorbar(drawn, ax=axes, label=label, **{"pad": 0.02, **where})
    bar.outline.set_visible(False)
    thousands(bar.ax.xaxis if bar.orientation == "horizontal" else bar.ax.yaxis)
    return bar


def label_cells(axes, cells, across, up):
    """Label a panel of cells by the values of both factors."""
    for one, key, path in ((axes.xaxis, "xs", across), (axes.yaxis, "ys", up)):
        few = range(0, len(cells[key]), max(1, -(-len(cells[key]) // 10)))
        one.set_ticks([*few], [text(cells[key][i]) for i in few])
        one.set_label_text(axis(path))
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0)


def label_points(axes, sweep, table):
    """Label points in their order along an axis, by the values of all factors."""
    values = table[list(sweep.factors)].astype(object).itertuples(index=False)
    labels = ["\n".join(map(text, row)) for row in values]
    few = range(0, len(labels), max(1, len(labels) // 12))
    axes.set_xticks([*few], [labels[i] for i in few])
    axes.set_xlim(-0.7, len(table) - 0.3)
    axes.set_xlabel(" above ".join(map(axis, sweep.factors)))


def along(axes, sweep, table):
    """Places along the axis of the one factor of numbers, whose values few ticks name."""
    values = table[sweep.factors[0]].tolist()
    if len(values) <= 12:
        axes.set_xticks(values, [text(v) for v in values])
    axes.set_xlabel(axis(sweep.factors[0]))
    return np.array(values, float)


def unit(sweep, metric):
    """Unit of a metric as it is told: percent for shares, the currency for money."""
    stated = sweep.unit(metric)
    return "%" if stated == "share" else stated


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


def ternary(figure, place, sweep, total):
    """The panel left (1) or right (2) of two, over three parts of one whole."""
    import mpltern  # noqa: F401 - registers the projection

    axes = figure.add_subplot(1, 2, place, projection="ternary", ternary_sum=total)
    corners = (axes.set_tlabel, axes.set_llabel, axes.set_rlabel)
    for set_label, path in zip(corners, sweep.factors, strict=True):
        set_label(axis(path))
    for one in (axes.taxis, axes.laxis, axes.raxis):
        one.set_tick_params(length=0, pad=14, labelsize=9)
        one.set_major_locator(MaxNLocator(nbins=6, integer=total > 1))
    axes.grid(color=GREY, alpha=0.4, linewidth=0.6)
    return axes


def dot_size(count):
    """Area of a dot of a ternary map of so many."""
    return float(np.clip(9_000 / count, 16, 300))


def places(column):
    """Where points stand along a factor, a little apart where many share a value; and labels."""
    values, each = column.tolist(), levels(column)
    if are_numbers(column) and len(each) > FEW:
        return np.array(values, float), None
    place = np.array([each.index(value) for value in values], float)
    for level in range(len(each)):
        here = np.flatnonzero(place == level)
        place[here] += np.linspace(-0.3, 0.3, len(here)) if len(here) > 1 else 0.0
    return place, [text(level) for level in each]
