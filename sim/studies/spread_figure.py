"""Figure of the study spread."""

import numpy as np

from sim.figures.style import (
    BLUE,
    HEIGHT,
    INK,
    SKY,
    VERMILLION,
    WIDTH,
    ShownFigure,
    beside,
    frame,
    styled,
)
from sim.records import provenance
from sim.studies import spread


@styled
def spread_figure(study):
    """Each team against that of one level, and the widest one under other rules."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        f"Eight engineers of mean level 3 over {spread.WEEKS} weeks, the same tasks and luck for "
        "all teams. Left: beside each team, how much longer a review waits. Right: four novices "
        "with four experts, one rule of the baseline another. Intervals: 95%, of the expectation "
        "over what is not known.",
        provenance.footnote(study.provenance, study.name),
    ]
    frame(figure, study.title, [], notes)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
    table = study.tables["teams"]
    _teams(left, table[table["rule"] == next(iter(spread.RULES))])
    _rules(right, table[table["plan"] == spread.WIDE])
    for axes in (left, right):
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("Work against eight\nintermediates [expert-h\nper developer-week]")
    return figure


def _teams(axes, table):
    work = table[table["metric"] == spread.METRICS[0]].iloc[::-1]
    waits = table[table["metric"] == "review_wait_mean"].set_index("plan")
    y = np.arange(len(work))
    _points(axes, y, work, BLUE)
    for at, label in zip(y, work["plan"], strict=True):
        if label != spread.NARROW:
            beside(axes, at, waits.loc[label])
    heading = "wait for review [h]\n(95% interval)"
    axes.text(1.02, 1.0, heading, transform=axes.transAxes, va="bottom", size=9)
    names = [
        f"{one.plan.replace(', ', chr(10))} (sd {one.spread:.1f})" for one in work.itertuples()
    ]
    axes.set_yticks(y, names, size=9)
    axes.set_title("By spread of levels")


def _rules(axes, table):
    work = table[table["metric"] == spread.METRICS[0]].iloc[::-1]
    y = np.arange(len(work))
    _points(axes, y, work, VERMILLION)
    axes.axhspan(len(y) - 1.45, len(y) - 0.55, color=SKY, alpha=0.15, linewidth=0)
    axes.set_yticks(y, [rule.capitalize() for rule in work["rule"]], size=9)
    axes.set_title("The widest, by rule")


def _points(axes, y, work, colour):
    axes.axvline(0, color=INK, linewidth=1)
    axes.hlines(y, work["difference_low"], work["difference_high"], color=colour, linewidth=2)
    axes.plot(work["difference"], y, "o", color=colour, markersize=8)
    axes.set_ylim(-0.6, len(y) - 0.4)
