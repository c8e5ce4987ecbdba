"""Marks that figures share: bands, points with intervals, bars, rows of labels; charts of decks.

Nothing is estimated here: numbers come as arrays or as columns of a table.
"""

import itertools
import textwrap

import numpy as np

from sim.figures import dates
from sim.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    VERMILLION,
    WIDTH,
    ShownFigure,
    styled,
)  # fmt: skip
from sim.figures.style import thousands as thousands
from sim.figures.worlds import spread

SERIES = ((BLUE, "o"), (VERMILLION, "s"), (GREEN, "D"))  # of a chart
DONE = (BLUE, VERMILLION, GREEN, ORANGE)  # of plans, the reference first
EDGE, LABEL = 8.0, 18  # height of a line of labels of a panel of 0 to 100, letters to a line
ROW = 0.42  # height of a bar of a chart [inch]
TITLE, AXIS = 70, 44  # letters on a line of a chart's title, and of its axis of values upright


def band(axes, x, low, high, colour=BLUE, alpha=0.2, label=None, step=None):
    """A shaded band between two lines."""
    look = {"color": colour, "alpha": alpha, "linewidth": 0, "label": label, "step": step}
    axes.fill_between(x, low, high, **look)


def points(axes, at, table, column, colour=BLUE, marker="o", label=None):
    """Points with their intervals, one above the other.

    at : where each stands on the y axis
    column : of the table; its ends are COLUMN_low and COLUMN_high, or low and high
    """
    ends = f"{column}_" if f"{column}_low" in table else ""
    axes.hlines(at, table[f"{ends}low"], table[f"{ends}high"], color=colour, linewidth=2)
    axes.plot(table[column], at, marker, color=colour, markersize=8, label=label)


def done_by_week(axes, curves, plan, chances, marks=()):
    """Share of worlds whose backlog is done by each week, a curve a plan, with 95% intervals.

    curves : label -> (3, weeks + 1), the share and both ends of its interval, from week 0
    plan : Scenario, whose horizon and deadline they share
    chances : label -> share of worlds done by the deadline, or by the end where there is none
    marks : (share [%], week) at which the date is told, the week infinite where it is later
    """
    weeks, labels, deadline = plan.horizon.weeks, [], plan.by_week
    when = "by the end" if deadline is None else "by the deadline"
    for (label, found), colour in zip(curves.items(), itertools.cycle(DONE), strict=False):
        share, low, high = 100 * found
        band(axes, range(weeks + 1), low, high, colour, 0.15)
        axes.plot(range(weeks + 1), share, color=colour, linewidth=2.4, drawstyle="steps-post")
        chance = 100 * chances[label]
        words = f"{chance:.0f}% {when}"
        if label:
            name = textwrap.wrap(label, LABEL, max_lines=2, placeholder=" …")
            words = "\n".join([*name[:-1], f"{name[-1]}: {chance:.0f}%"])
        labels.append((chance, words, colour))
    if deadline is not None:
        axes.axvline(deadline, color=INK, linewidth=1.4, linestyle=(0, (5, 3)))
        axes.text(deadline, 101, "deadline", size=9, ha="center", va="bottom", weight="bold")
    axes.set(xlim=(0, weeks), ylim=(0, 100))
    dates.months(axes, plan.horizon)
    axes.set_ylabel("Chance to be done by then [%]")
    joined = deadline is None or not any(curves)  # not from the end to what is at the deadline
    at_the_edge(axes, [*labels, *_marks(axes, marks, plan.horizon)], joined)


def _marks(axes, marks, horizon):
    """Draw marks on a curve of what is done by week: labels of them."""
    for share, week in marks:
        axes.axhline(share, color=GREY, linewidth=0.8, linestyle=(0, (1, 2)))
        words = f"{share}% later than shown"
        if week < np.inf:
            axes.plot([week], [share], "o", color=INK, markersize=7, zorder=5, clip_on=False)
            words = f"{share}% by {dates.day_words(dates.end_of(week, horizon.start))}"
        yield share, words, INK


def at_the_edge(axes, labels, joined):
    """Words right of a panel of 0 to 100, as near their heights as fits: (y, text, colour).

    joined : whether a line leads from the panel to each
    """
    line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.7, "relpos": (0, 0.5)}
    labels = sorted(labels, key=lambda label: label[0])
    lines = [text.count("\n") + 1 for _, text, _ in labels]
    gaps = [(one + other) / 2 for one, other in itertools.pairwise(lines)]
    ends = (EDGE * lines[0] / 2, 100 - EDGE * lines[-1] / 2)
    places = spread([y for y, *_ in labels], [EDGE * gap for gap in gaps], *ends)
    for place, (y, text, colour) in zip(places, labels, strict=True):
        axes.annotate(
            text, (axes.get_xlim()[1], y), (1.05, place / 100), textcoords=axes.transAxes,
            color=colour, size=9, va="center", weight="normal" if colour == INK else "bold",
            arrowprops=line if joined else None,
        )  # fmt: skip


def rows(axes, labels, at=None, size=10):
    """Label the rows of a panel, from below; `at` says where they stand on the y axis."""
    axes.set_yticks(range(len(labels)) if at is None else at, labels, size=size)
    axes.tick_params(axis="y", length=0)


def beside(axes, at, words, x=1.02, ha="left", colour=INK):
    """Words beside a row of a panel; x is a share of the panel's width."""
    place = axes.get_yaxis_transform()
    axes.text(x, at, words, va="center", ha=ha, size=9, color=colour, transform=place)


def headroom(axes, share):
    """Make room above what is drawn, as a share of its height; for a legend."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + share * (high - low))


def few_thousands(axis):
    """Few ticks on an axis of numbers, their thousands apart."""
    thousands(axis)
    axis.axes.locator_params(axis=axis.axis_name, nbins=5)


# ---- the chart of a deck -------------------------------------------------------------------------


@styled
def chart_figure(chart):
    """A chart of claims with their intervals.

    chart : sim.decks.content.Chart
    returns : matplotlib.figure.Figure, one panel; title and numbers come from the chart
    """
    bars = chart.kind == "bars"
    height = 1.6 + ROW * len(chart.places) if bars else 4.2
    figure = ShownFigure(figsize=(0.8 * WIDTH, height), layout="constrained")
    axes = figure.subplots()
    draw = {"bars": _bars, "columns": _columns, "lines": _lines}[chart.kind]
    draw(axes, chart)
    axes.set_title(textwrap.fill(chart.title, TITLE), size=11, weight="bold")
    across, along = (axes.yaxis, axes.xaxis) if bars else (axes.xaxis, axes.yaxis)
    along.set_label_text(chart.axis if bars else textwrap.fill(chart.axis, AXIS))
    across.set_label_text(chart.across)
    if len(chart.series) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=len(chart.series))
    thousands(along)
    return figure


def _numbers(chart, series):
    """Values, and the intervals' reach below and above them: (n,), (2, n)."""
    scale = 100 if chart.percent else 1
    value, low, high = scale * np.array([(c.value, c.low, c.high) for c in series.claims]).T
    return value, np.maximum(0, [value - low, high - value])


def _bars(axes, chart):
    (series,) = chart.series
    value, reach = _numbers(chart, series)
    y = np.arange(len(value))
    axes.barh(y, value, color=BLUE, height=0.62)
    axes.errorbar(value, y, xerr=reach, fmt="none", ecolor=INK, capsize=4)
    axes.set_yticks(y, chart.places)
    axes.set_ylim(len(value) - 0.4, -0.6)
    axes.axvline(0, color=INK, linewidth=1)


def _columns(axes, chart):
    count = len(chart.series)
    for place, series in enumerate(chart.series):
        value, reach = _numbers(chart, series)
        x = np.arange(len(value)) + (place - (count - 1) / 2) * 0.8 / count
        axes.bar(x, value, color=SERIES[place][0], width=0.5 / count, label=series.name)
        axes.errorbar(x, value, yerr=reach, fmt="none", ecolor=INK, capsize=4)
    axes.set_xticks(range(len(chart.places)), chart.places)
    axes.set_xlim(-0.6, len(chart.places) - 0.4)
    axes.axhline(0, color=INK, linewidth=1)


def _lines(axes, chart):
    for (colour, marker), series in zip(SERIES, chart.series, strict=False):
        value, reach = _numbers(chart, series)
        look = {"color": colour, "marker": marker, "linewidth": 2, "capsize": 4}
        axes.errorbar(chart.places, value, yerr=reach, label=series.name, **look)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(left=0)
