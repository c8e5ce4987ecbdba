"""What figures of a sweep share: the values of its points in words, its grid, its axes."""

import textwrap

import numpy as np

from sim.errors import is_int_or_float
from sim.figures.drawing import thousands
from sim.records.factors import factor
from sim.records.words import capital, unit_of_factor

LONGEST = 28  # letters of a value on an axis
FEW = 8  # values of a factor that stand apart on an axis


def point(sweep, row):
    """The values of a point in words: "novice engineers = 2, expert engineers = 3".

    Of people who are shared out, "2 novice and 3 expert engineers".
    """
    if is_shared_out(sweep) and all(float(row[path]).is_integer() for path in sweep.factors):
        return mixture(sweep, row)
    return ", ".join(f"{factor(path)} = {text(row[path])}" for path in sweep.factors)


def is_shared_out(sweep):
    """Whether points share one whole out among the factors."""
    return sweep.manifest["ask"]["design"] == "mixtures"


def mixture(sweep, row):
    """A way to share a whole out, in words: "2 novice and 3 expert engineers"; parts of 0 left out.

    A last word that all factors share is said once.
    """
    names = [factor(path) for path in sweep.factors]
    (last, *more) = {name.rpartition(" ")[2] for name in names}
    last = "" if more or not all(" " in name for name in names) else last
    parts = [
        f"{text(row[path])} {name.removesuffix(f' {last}' if last else '')}"
        for path, name in zip(sweep.factors, names, strict=True)
        if row[path]
    ]
    alone = len(parts) == 1 and all(row[path] in (0, 1) for path in sweep.factors)
    words = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
    return f"{words} {last.removesuffix('s') if alone else last}".strip()


def own(plan, path):
    """The plan's own number at a dotted path; None where it has none."""
    value = plan.to_dict()
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return float(value) if is_int_or_float(value) else None


def lines(words, letters):
    """Words broken into lines, with a capital letter."""
    return "\n".join(textwrap.wrap(capital(words), letters))


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
