"""Weeks of a run as layers on one another, on average over worlds, with words at the right edge."""

import itertools
import math
from typing import NamedTuple

import numpy as np

from sim.analysis import estimates
from sim.engine.state import BUCKETS
from sim.figures.style import GREY
from sim.figures.worlds import LINE, spread

AT_WORK = tuple(f"hours_{name}" for name in BUCKETS if name != "idle")
LITTLE = 0.1  # of the busiest week's hours, below which later weeks of a backlog are not shown
PEAK = 1.25  # times the last week, from which the greatest average is told in its place


class Layer(NamedTuple):
    """What is drawn as one layer.

    words   at the right edge, at most two lines
    colour  of its fill
    means   (weeks,), on average over worlds, at or over each week
    """

    words: str
    colour: str
    means: np.ndarray


def stack(axes, layers):
    """Layers from the lowest up, a step a week; an empty one has no words.

    layers : list of Layer, not all of them empty
    """
    weeks = len(layers[0].means)
    ends, below, shown = np.arange(weeks + 1.0), np.zeros(weeks + 1), []
    for layer in layers:
        above = below + np.append(layer.means, layer.means[-1])  # a week is a step
        look = {"color": layer.colour, "edgecolor": "white", "linewidth": 0.8, "step": "post"}
        axes.fill_between(ends, below, above, **look)
        if layer.means.any():
            shown.append((layer.words, (below[-1] + above[-1]) / 2))
        below = above
    top = float(below.max())
    axes.set(xlim=(0, weeks), ylim=(0, top))
    steps = [LINE * top * (words.count("\n") + 1) for words, _ in shown]
    apart = [(one + other) / 2 for one, other in itertools.pairwise(steps)]
    places = spread([y for _, y in shown], apart, steps[0] / 2, top - steps[-1] / 2)
    for (words, y), place in zip(shown, places, strict=True):
        axes.annotate(
            words, (weeks, y), (1.03, place / top), textcoords=axes.transAxes, va="center", size=10,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.8, "relpos": (0, 0.5)},
        )  # fmt: skip


def weekly(result, columns, weeks=None):
    """Columns of a run's weekly record: (draws, luck, weeks, columns).

    weeks : the first so many; all by default
    """
    p = result.provenance
    shape = (p["draws"], p["luck"], result.scenario.horizon.weeks, len(columns))
    return result.weekly[list(columns)].to_numpy(float).reshape(shape)[:, :, :weeks]


def weeks_at_work(result):
    """Weeks of a run in which there is work to do: of a backlog, until little is left of it.

    returns : int, and a note that says so where these are not all weeks of the run
    """
    weeks = result.scenario.horizon.weeks
    if result.scenario.tasks.backlog is None:
        return weeks, ""
    hours = weekly(result, AT_WORK).mean(axis=(0, 1)).sum(axis=1)
    busy = np.flatnonzero(hours > LITTLE * hours.max())
    shown = int(busy[-1]) + 1 if len(busy) else weeks
    note = f"Shown up to week {shown}: from then on under a tenth of the busiest week's hours are "
    return shown, f"{note}worked, on average." if shown < weeks else ""


def mean_of(result, values, bounds=(0.0, math.inf)):
    """Mean of values (draws, luck) of a run's worlds, both ends of its interval, its error."""
    row = estimates.estimate(values, result.uncertain, groups=result.groups, bounds=bounds)
    return (*row[:3], row[estimates.COLUMNS.index("mc_error")])


def busiest(total):
    """The week that tells of a queue, and one to compare it with, as places from 0.

    total : (weeks,), on average; of one that has its peak long before the end, the peak and the
        end, else the end and the first week
    """
    peak, last = int(total.argmax()), len(total) - 1
    return (peak, last) if total[peak] > PEAK * total[last] else (last, 0)
