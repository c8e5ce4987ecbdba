"""A sweep along one factor, or along points in their order: where single worlds fall, in 50, 80 and
95 of 100, and the expectation as a line with its interval as small bars.

Nothing is estimated here but quantiles of worlds.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.engine import metrics
from sim.figures import designs
from sim.figures.drawing import headroom
from sim.figures.style import BLUE, INK, thousands
from sim.figures.worlds import ALPHA, SHARES, edge_labels
from sim.records.words import NEVER, capital, error_told

WIDE = 0.5  # of the shades of a point that stands alone
FIRMLY, CLOSE, ITSELF = "Told apart from the reference", "Too close to call", "the reference itself"
NUMBERS = ["mean", "ci_low", "ci_high"]


class Marks(NamedTuple):
    """How points stand to a reference: bool (points,) each, in the order of the table."""

    close: Any
    itself: Any


def draw(figure, sweep, table, metric, label, marks=None):
    """The metric, or its difference to a reference, along the points of a sweep.

    table : as told, a row a point
    label : of the axis
    marks : Marks, of differences
    """
    axes = figure.subplots()
    alone = len(sweep.factors) > 1 or not designs.are_numbers(table[sweep.factors[0]])
    alone = alone or len(table) < 2
    if alone:
        x = np.arange(len(table), dtype=float)
        designs.label_points(axes, sweep, table)
    else:
        order = np.argsort(table[sweep.factors[0]].to_numpy(), kind="stable")
        table = table.iloc[order]
        marks = marks and Marks(*(which[order] for which in marks))
        x = designs.along(axes, sweep, table)
    bands, told = shades(sweep, table, metric), table[NUMBERS].to_numpy(float)
    _limits(axes, bands, told, marks)
    _shades(axes, x, bands, alone)
    look = {"color": BLUE, "linewidth": 2.4, "linestyle": "none" if alone else "-"}
    label_of_line = None if alone else "Mean"
    axes.plot(x, told[:, 0], marker=None if marks else "o", label=label_of_line, **look)
    axes.vlines(x, *told[:, 1:].T, color=INK, linewidth=2.0)
    if marks:
        axes.axhline(0, color=INK, linewidth=1.2)
        dots(axes, x, told[:, 0], marks.close, marks.itself, 8)
        headroom(axes, 0.14)
        axes.legend(loc="upper left", ncol=3)
    axes.set_ylabel(label)
    thousands(axes.yaxis)
    if not metrics.BY_NAME[metric].event:
        _edge(axes, x[-1], bands[:, -1], table.iloc[-1], marks is not None)


def shades(sweep, table, metric):
    """Ends of where 50, 80 and 95 of 100 worlds fall: (6, points), as told.

    Infinite where so many never come to an end; NaN of an event, which is so in a world or not.
    """
    metric_of = metrics.BY_NAME[metric]
    if metric_of.event:
        return np.full((len(SHARES), len(table)), np.nan)
    numbers = list(sweep.asked[0])
    worlds = sweep.worlds(metric)[[numbers.index(number) for number in table["point"]]]
    if metrics.UNITS[metric] == "share":
        worlds = 100 * worlds
    if metric in NEVER and sweep.against is None:
        worlds = np.where(np.isnan(worlds), np.inf, worlds)
    return np.transpose([_ends(one[~np.isnan(one)]) for one in worlds])


def _ends(values):
    """Quantiles of the worlds of a point, as its summary counts them: (6,)."""
    if not len(values):
        return np.full(len(SHARES), np.nan)
    if np.isfinite(values).all():
        return np.quantile(values, SHARES, method="weibull")
    return np.quantile(values, SHARES, method="inverted_cdf")  # half way to never is nowhere


def _limits(axes, bands, told, marks):
    """Limits of what is drawn, from zero where that is near."""
    every = np.concatenate((bands.ravel(), told.ravel()))
    every = every[np.isfinite(every)]
    low, high = (every.min(), every.max()) if len(every) else (0.0, 1.0)
    room = (high - low) or abs(high) or 1.0
    low = min(low, 0.0) if marks or low < 0.5 * high else low - 0.1 * room
    high = max(high, 0.0) if marks else high
    axes.set_ylim(low - (0.04 * room if low < 0 else 0.0), high + 0.08 * room)


def _shades(axes, x, bands, alone):
    """Shades of worlds on one another; what never ends goes to the top of the panel."""
    bands = np.minimum(bands, axes.get_ylim()[1])
    for low, high in zip(bands[:3], bands[:2:-1], strict=True):
        if alone:
            axes.bar(x, high - low, WIDE, low, color=BLUE, alpha=ALPHA, linewidth=0)
        else:
            axes.fill_between(x, low, high, color=BLUE, alpha=ALPHA, linewidth=0)


def _edge(axes, at, last, row, sign):
    """Say at the right edge what the shades of the last point are, and its average."""
    error = error_told(row["mc_error"], row["unit"])
    edge_labels(axes, at, at, last, row[NUMBERS].to_numpy(float), error, sign)


def dots(axes, x, y, close, itself, size):
    """Dots of differences, hollow where they are too close to call; with their legend.

    A diamond is the reference itself.
    """
    kinds = (
        (~close & ~itself, BLUE, "o", FIRMLY), (close, "white", "o", CLOSE),
        (itself, INK, "D", capital(ITSELF)),
    )  # fmt: skip
    for which, face, marker, words in kinds:
        if which.any():
            colour = INK if marker == "D" else BLUE
            axes.plot(
                x[which], y[which], linestyle="none", marker=marker, color=colour, markersize=size,
                markerfacecolor=face, markeredgewidth=1.8, label=words,
            )  # fmt: skip
