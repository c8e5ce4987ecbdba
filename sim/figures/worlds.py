"""Marks of single worlds: the fan of what they come to by week, and a hundred of them as dots.

A panel has one kind of band: where 50, 80 and 95 of 100 worlds fall. The expectation is a line,
with its interval as a small bar at the end. Nothing is estimated here but quantiles of worlds.
"""

from typing import NamedTuple

import numpy as np

from sim.figures.style import BLUE, GREY, INK, VERMILLION, thousands
from sim.records.words import estimate, rounded, signed

SHARES = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)  # ends of the bands, as shares of worlds
AVERAGE = "Average"
TAILS = ("1 in 40", "1 in 10", "1 in 4")  # worlds beyond the ends of the bands
ALPHA = 0.17  # of each band; they lie on one another
LINE = 0.058  # height of a line of labels, as a share of the panel's
MOST_WEEKS = 26  # quantiles of single weeks jump: of longer runs some weeks are shown
DOTS, COLUMNS = 100, (28, 34, 42, 52, 64)  # of which the fewest that fit are taken
SHAPES = {"o": 1.0, "s": 0.84, "D": 0.7}  # sizes of markers that look as large
BELOW = 2.2  # room below the dots, in dots
ROOM = 0.2  # for words above the dots, as a share of the panel's height
SHADES = "Shades: where 50, 80 and 95 of 100 simulated worlds fall."


def fan(axes, paths, ends, error=np.nan, sign=False):
    """What worlds come to by week, with labels at the right edge.

    paths : (worlds, weeks + 1), from the start
    ends : the expectation at the end with both ends of its interval
    error : simulation error of the expectation, to which all is rounded
    sign : whether what is above zero gets a plus
    """
    weeks = paths.shape[1] - 1
    week = np.unique([*range(0, weeks, max(1, weeks // MOST_WEEKS)), weeks])
    bands = np.quantile(paths[:, week], SHARES, axis=0, method="weibull")  # as a summary's p10
    for low, high in zip(bands[:3], bands[:2:-1], strict=True):
        axes.fill_between(week, low, high, color=BLUE, alpha=ALPHA, linewidth=0)
    axes.plot(week, paths[:, week].mean(axis=0), color=BLUE, linewidth=2.4, label=AVERAGE)
    at = 1.03 * weeks
    axes.vlines([at], *([end] for end in ends[1:]), color=INK, linewidth=2.0)
    axes.plot([at], [ends[0]], "o", color=INK, markersize=5)
    axes.set_xlim(0, 1.06 * weeks)
    low, high = min(0.0, bands.min(), ends[1]), max(0.0, bands.max(), ends[2])
    room = (high - low) or 1.0
    axes.set_ylim(low - (0.04 * room if low < 0 else 0), high + 0.06 * room)
    axes.spines["bottom"].set_bounds(0, weeks)
    thousands(axes.yaxis)
    edge_labels(axes, weeks, 1.06 * weeks, bands[:, -1], ends, error, sign)


def edge_labels(axes, at, average_at, last, ends, error, sign):
    """Say at the right edge what the ends of the bands are, and the average.

    at, average_at : where on the x axis the bands and the average end
    last : (6,), the ends of the bands there; those that are not finite are not told
    ends : the average and both ends of its interval; NaN where there is none
    error : simulation error of the average, to which all is rounded
    sign : whether what is above zero gets a plus
    """
    texts = (signed if sign else rounded)(*np.where(np.isfinite(last), last, 0), error=error)
    average, interval = estimate(*ends, signs=sign, error=error)
    interval = "" if interval == "-" else f" ({interval})"
    labels = [(y, f"{tail} below {text}") for y, tail, text in
              zip(last[:3], TAILS, texts[:3], strict=True)]  # fmt: skip
    none = [tail for y, tail in zip(last[:3], TAILS, strict=True) if y == 0 == last[0]]
    if none and not sign:  # of what is counted nothing is below none
        labels = [(0.0, f"{none[-1]} at 0"), *labels[len(none) :]]
    labels.append((ends[0], f"{AVERAGE} {average}{interval}"))
    labels += [(y, f"{tail} above {text}") for y, tail, text in
               zip(last[3:], TAILS[::-1], texts[3:], strict=True)]  # fmt: skip
    labels = [(y, text) for y, text in labels if np.isfinite(y)]
    low, high = axes.get_ylim()
    step = LINE * (high - low)
    places = spread([y for y, _ in labels], step, low + step / 2, high - step / 2)
    for place, (y, text) in zip(places, labels, strict=True):
        bold = text.startswith(AVERAGE)
        axes.annotate(
            text, (average_at if bold else at, y), (1.05, (place - low) / (high - low)),
            textcoords=axes.transAxes, va="center", size=9.5 if bold else 9,
            weight="bold" if bold else "normal",
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.7, "relpos": (0, 0.5)},
        )  # fmt: skip


def spread(heights, steps, low, high):
    """Heights moved apart as little as needed: list, in the order given.

    steps : least distance, or that from each to the next, of heights that go up
    low, high : where they must stay
    """
    order = sorted(range(len(heights)), key=lambda i: (heights[i], i))
    apart = np.broadcast_to(steps, max(0, len(heights) - 1))
    places = [max(low, heights[i]) for i in order]
    for i, step in enumerate(apart):
        places[i + 1] = max(places[i + 1], places[i] + step)
    if places:
        places[-1] = min(places[-1], high)
    for i in reversed(range(len(apart))):
        places[i] = min(places[i], places[i + 1] - apart[i])
    return [place for _, place in sorted(zip(order, places, strict=True))]


# ---- a hundred worlds ----------------------------------------------------------------------------


class Grid(NamedTuple):
    """Columns of dots that panels share: ends of the axis, columns, and the panel's size [inch].

    tallest : dots in the highest column of all panels
    """

    low: float
    high: float
    columns: int
    inches: tuple[float, float]
    tallest: int = 0

    @property
    def width(self):
        """Of a column, in the unit of the axis."""
        return (self.high - self.low) / self.columns or 1.0

    @property
    def dot(self):
        """Room of a dot across [pt]."""
        return self.inches[0] * 72 / (self.columns + 2)

    def places(self, values, kinds):
        """Column of each of some values that go up, none of which is beyond zero: int arrays."""
        column = np.floor(values / self.width + (kinds == 0) * 0.5).astype(int)
        column = np.where(kinds < 0, np.minimum(column, -1), np.maximum(column, 0))
        return column, np.array([np.sum(column[:i] == c) for i, c in enumerate(column)])


def grid_of_dots(several, inches):
    """The Grid of some panels' differences, each (worlds,): as few columns as fit their height."""
    ends = [np.quantile(values, (0.005, 0.995)) for values in several if len(values)]
    low = min([0.0, *(float(low) for low, _ in ends)])
    high = max([0.0, *(float(high) for _, high in ends)])
    for columns in COLUMNS:
        grid = Grid(low, high, columns, inches)
        tallest = max([0, *(grid.places(*_hundred(v))[1].max() + 1 for v in several if len(v))])
        if (tallest + BELOW) * grid.dot <= (1 - ROOM) * 72 * inches[1]:
            break
    return grid._replace(tallest=int(tallest))


def _hundred(differences):
    """A hundred quantiles of differences, and whether each is below, at or above zero."""
    below, above = (round(DOTS * float(np.mean(s * differences > 0))) for s in (-1, 1))
    values = np.quantile(differences, (np.arange(DOTS) + 0.5) / DOTS)
    return values, np.repeat([-1, 0, 1], [below, max(0, DOTS - below - above), above])[:DOTS]


def dots(axes, differences, better, grid):
    """Differences in single worlds as a hundred dots, those better and worse apart.

    differences : (worlds,), no NaN
    better : 1 where more is better, -1 where less is, 0 where neither is
    grid : Grid, of all panels that share the x axis
    returns : counts of dots below zero, at zero and above
    """
    values, kinds = _hundred(differences)
    column, height = grid.places(values, kinds)
    across, up, width = grid.dot, grid.inches[1] * 72, grid.width
    top = max(up / across - BELOW, (grid.tallest + BELOW) / (1 - ROOM) - BELOW)
    size = 0.86 * min(across, up / (top + BELOW))
    for kind in (-1, 0, 1):
        colour, marker = _look(kind * better)
        x = (column[kinds == kind] + (0.5 if kind else 0.0)) * width
        axes.plot(
            x, height[kinds == kind] + 0.5, marker, color=colour, linestyle="none",
            markersize=size * SHAPES[marker], markeredgewidth=0,
        )  # fmt: skip
    axes.axvline(0, ymax=1 - ROOM, color=INK, linewidth=1.2)
    axes.set(xlim=(grid.low - width, grid.high + width), ylim=(-BELOW, top), yticks=[])
    axes.spines["left"].set_visible(False)
    thousands(axes.xaxis)
    axes.locator_params(axis="x", nbins=6)
    return tuple(int(np.sum(kinds == kind)) for kind in (-1, 0, 1))


def _look(kind):
    """Colour and marker of a dot: better 1, worse -1, neither 0."""
    return {1: (BLUE, "o"), -1: (VERMILLION, "s"), 0: (GREY, "D")}[kind]


def sides(axes, counts, better):
    """Say above the dots how many of a hundred lie on each side of zero."""
    below, _, above = counts
    words = {1: "better", -1: "worse"}
    for count, side, x, ha in ((below, -1, 0.0, "left"), (above, 1, 1.0, "right")):
        if not count:
            continue
        word = words.get(side * better, "less" if side < 0 else "more")
        axes.text(
            x, 0.985, f"{count} of 100\n{word}", transform=axes.transAxes, ha=ha, va="top",
            size=11, weight="bold", color=_look(side * better)[0] if better else INK,
        )  # fmt: skip


def average(axes, numbers):
    """The expectation and its interval, as a small bar below the dots.

    numbers : mean, and both ends of its interval, NaN where there is none
    """
    axes.hlines([-1.2], *([end] for end in numbers[1:]), color=INK, linewidth=2.0)
    axes.plot(numbers[:1], [-1.2], "o", color=INK, markersize=5, clip_on=False)
