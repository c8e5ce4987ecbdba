"""The charts of a deck, drawn: a Chart in, a matplotlib Figure out."""

import numpy as np

from sim.figures.style import BLUE, GREEN, INK, VERMILLION, WIDTH, ShownFigure, styled, thousands

SERIES = ((BLUE, "o"), (VERMILLION, "s"), (GREEN, "D"))
ROW = 0.42  # height of a bar [inch]


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
    axes.set_title(chart.title, size=11, weight="bold")
    (axes.set_xlabel if bars else axes.set_ylabel)(chart.axis)
    if chart.across:
        (axes.set_ylabel if bars else axes.set_xlabel)(chart.across)
    if len(chart.series) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=len(chart.series))
    thousands(axes.xaxis if bars else axes.yaxis)
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
    for place, series in enumerate(chart.series):
        value, reach = _numbers(chart, series)
        colour, marker = SERIES[place]
        axes.errorbar(
            chart.places, value, yerr=reach, color=colour, marker=marker, linewidth=2, capsize=4,
            label=series.name,
        )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(left=0)
