"""Figures of a comparison: records in, a matplotlib Figure out.

Nothing is estimated here: each number comes from the comparison's own tables, the
title from `Comparison.headline`.
"""

import math
import textwrap

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim import caveats
from sim.engine import metrics
from sim.figures.drawing import beside, done_by_week, fan, thousands
from sim.figures.style import BLUE, GREY, INK, VERMILLION, framed, say, styled, whole_numbers
from sim.records import provenance
from sim.records.words import DIRECTIONS, capital, estimate
from sim.records.words import label as label_of

LETTERS = 56  # of a panel's title to a line
ROW = 3.0  # height of each further plan [inch]
# What is shown as relative change, on one axis.
RELATIVE = metrics.listed("relative")
OF_TIME = ("done_by", "weeks_to_done")  # metrics told by a curve of what is done by week
LINES = ("mean", "ci_low", "ci_high", "p10", "p90")
PERCENT = ("percent", "percent_low", "percent_high")
MEANING = (
    "Plan less reference, world by world, on the same draws, tasks and luck. Break-even: the first "
    "week by which half of the worlds are ahead, and stay ahead to the end."
)
# Colour and marker by what a change is, so that either alone tells it.
KINDS = {
    "Better": (BLUE, "o"),
    "Worse": (VERMILLION, "s"),
    "Neither is better": (INK, "D"),
    "Includes no change": (GREY, "|"),
}


@styled
def compare_figure(comparison):
    """Difference by week, and relative change of the main metrics; a row a plan.

    comparison : Comparison
    returns : matplotlib.figure.Figure, two panels a plan, with title, warnings and footnote

    Bands of the left panels, cumulative: the 95% interval of the expected difference
    (chance averaged out), and where the difference falls in 8 of 10 single worlds. On
    the right, each change of a mean relative to the reference, with its 95% interval.
    """
    plans = comparison.plans
    shown = (caveats.WORKFORCE, *caveats.OTHER_TERMS)
    more = ROW * (len(plans) - 1)
    foot = _foot(comparison)
    figure = framed(comparison, comparison.headline(), [MEANING], foot, shown, more)
    panels = figure.subplots(
        len(plans), 2, sharex="col", sharey="col", squeeze=False, width_ratios=(1.15, 1)
    )
    weekly, even = comparison.weekly(), comparison.break_even()
    table = comparison.summary()
    names = [n for n in RELATIVE if n in table.index.unique("metric") and _shown(table, n)]
    for (left, right), plan in zip(panels, plans, strict=True):
        if comparison.metric in OF_TIME:
            _done(left, comparison, plan)
        else:
            _difference(left, comparison, plan, weekly[weekly["plan"] == plan], even.loc[plan])
        _relative(right, comparison, table.loc[[plan]], names)
        for axes in (left, right):
            axes.tick_params(labelsize=9.5, color=INK, labelcolor=INK)
    _limits(panels, comparison, weekly, table, names)
    return figure


def _foot(comparison):
    p = comparison.results[comparison.reference].provenance
    others = " · ".join(
        f"{label} {comparison.results[label].provenance['scenario_sha256'][:8]}"
        for label in comparison.plans
    )
    return f"{others} vs {provenance.footnote(p, comparison.reference)}"


def _difference(axes, comparison, plan, weekly, even):
    """The difference so far, from 0 at the start, with both bands and its break-even."""
    week = [0, *weekly["week"]]
    lines = {name: [0.0, *weekly[name]] for name in LINES}
    kind = comparison.interval.rstrip(",").replace("expectation", "expected difference")
    fan(axes, week, lines, kind)
    axes.axhline(0, color=INK, linewidth=1)
    at = float(even["week"])
    if 1 < at < math.inf:
        axes.plot([at], [0], "o", color=INK, markersize=7, label=f"Break-even: week {at:.0f}")
    axes.set_title(_words(comparison, plan, even))
    flow = label_of(comparison.flow)
    axes.set_ylabel(f"Difference in {flow},\ncumulative [{comparison.units[comparison.flow]}]")
    if not any(map(any, lines.values())):
        say(axes, "No difference in any world")
    elif plan == comparison.plans[0] or 1 < at < math.inf:
        axes.legend(loc="upper left", fontsize=9)


def _done(axes, comparison, plan):
    """Share of worlds whose backlog is done by week, of a plan and of the reference."""
    labels = (comparison.reference, plan)
    curves = {label: comparison.results[label].done_by_week() for label in labels}
    deadline = comparison.results[comparison.reference].scenario.by_week
    done_by_week(axes, curves, comparison.weeks, deadline)
    axes.set_title("Backlog done by week", pad=18)


def _words(comparison, plan, even):
    """Title of a left panel: when a plan breaks even; which, where there are more."""
    week = even["text"]
    week = week if week == "no difference" else f"break-even: {week}"
    names = f"{plan} against {comparison.reference}" if len(comparison.plans) > 1 else ""
    lines = textwrap.wrap(names, LETTERS)
    return "\n".join([*lines, *textwrap.wrap(capital(week), LETTERS)])


def _shown(table, name):
    """Whether a metric has a relative change in every plan that is compared."""
    return table.xs(name, level="metric")["percent"].notna().all()


def _relative(axes, comparison, table, names):
    """Relative change of each metric: a mark, its interval, and both in words."""
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_title("Change of the means, with 95% " + _error(comparison))
    kinds = set()
    for y, name in enumerate(names):
        numbers = table.xs(name, level="metric").iloc[0][list(PERCENT)].to_numpy(float)
        kind = _kind(name, *numbers)
        kinds.add(kind)
        colour, marker = KINDS[kind]
        axes.hlines(y, *numbers[1:], color=colour, linewidth=2)
        axes.plot(numbers[0], y, marker, color=colour, markersize=8, markeredgewidth=2)
        words = "{}% ({})".format(*estimate(*numbers, signs=True, finest=1))
        beside(axes, y, words, 0.995, "right")
    if names:
        _legend(axes, kinds)
    else:
        say(axes, "Nothing that can be put in percent")


def _error(comparison):
    return "interval" if comparison.uncertain else "numerical error"


def _kind(name, _, low, high):
    if low <= 0 <= high:
        return "Includes no change"
    if not DIRECTIONS[name]:
        return "Neither is better"
    return "Better" if DIRECTIONS[name] * low > 0 else "Worse"


def _limits(panels, comparison, weekly, table, names):
    """Limits and labels that all rows share."""
    left, right = panels[-1]
    left.set_xlim(0, comparison.weeks)
    whole_numbers(left.xaxis, 8)
    if comparison.metric not in OF_TIME:
        _limits_of_paths(left, weekly)
    left.set_xlabel("Time [weeks]")
    right.set_xlabel(f"Change [% of {comparison.reference}]")
    right.set_yticks(range(len(names)), [capital(label_of(name)) for name in names])
    right.set_ylim(max(len(names), 3) + 1.3, -0.6)  # room for the legend below, two rows of it
    for axes in panels[:, 1]:
        axes.tick_params(axis="y", length=0)
    low, high, room = _span(table.loc[(slice(None), names), list(PERCENT)])
    right.set_xlim(low - 0.05 * room, high + 1.15 * room)  # room for the numbers
    right.set_xticks([t for t in MaxNLocator(nbins=4).tick_values(low, high) if low <= t <= high])
    thousands(right.xaxis)


def _limits_of_paths(axes, weekly):
    """Limits of the panels of differences so far."""
    low, high, room = _span(weekly[list(LINES)])
    axes.set_ylim(low - 0.05 * room, high + 0.45 * room)  # headroom for the legend
    if low == high:
        axes.set(ylim=(-1, 2), yticks=[0])  # the words stand above the line
    thousands(axes.yaxis)


def _span(numbers):
    """Lowest and highest of the numbers and 0, and the room between."""
    low, high = (float(end) for end in (numbers.min().min(), numbers.max().max()))
    low, high = min(0.0, low), max(0.0, high)
    return low, high, (high - low) or 1.0


def _legend(axes, kinds):
    """What the marks mean: of those that are there, on white, since the zero line may pass."""
    marks = [
        Line2D([], [], color=c, marker=m, linewidth=2, markeredgewidth=2, label=label)
        for label, (c, m) in KINDS.items()
        if label in kinds
    ]
    axes.legend(
        handles=marks, loc="lower center", ncol=2, fontsize=9, frameon=True, framealpha=1,
        facecolor="white", edgecolor="white",
    )  # fmt: skip
