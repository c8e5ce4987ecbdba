"""Figures of a sensitivity analysis: records in, a matplotlib Figure out.

Nothing is estimated here: each number comes from the record's own tables.
"""

import math
import textwrap

import numpy as np

from sim.analysis import screening, sobol
from sim.figures.drawing import beside, rows
from sim.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SKY,
    VERMILLION,
    framed,
    is_inset,
    letters,
    say,
    styled,
    thousands,
)  # fmt: skip
from sim.records.factors import factor
from sim.records.words import capital, output_label, shares_of_all

ROOM = 0.32  # height of each factor beyond those there is room for [inch]
MOST = 15  # inputs of a ranking that are shown
MOST_INSET = 8  # factors of an inset
PANELS, INSET_PANELS = 5, 3  # factors whose convergence is shown
PAIRS = 10  # pairs of factors that are shown
MEANING = (
    "Shares of the variance of the expected output over the stated ranges, chance taken out. "
    "Total: with all interactions, which count once for each factor in them, so totals may "
    "exceed 100%. Noise floor: totals of a factor without effect stay below it in 95 of 100 "
    "analyses."
)
PAIR = (
    "Share of the variance of the expected output that two factors make together, beyond what "
    "each makes alone, chance taken out; 95% intervals. Dark: more than chance may make."
)
PARTS = {"factors": BLUE, "interactions": ORANGE, "chance": GREY}


@styled
def sensitivity_figure(analysis, metric):
    """Total and first-order shares of each factor, and what the variance splits into.

    analysis : Sensitivity
    metric : str, one of its outputs
    returns : matplotlib.figure.Figure, two panels, with title, warnings and footnote; an inset is
        the first of them, of the largest factors
    """
    table = analysis.indices[analysis.indices["metric"] == metric].sort_values("ST", kind="stable")
    table = table.tail(MOST_INSET) if is_inset() else table
    notes = [MEANING, analysis.verdict(metric).text]
    more = ROOM * max(0, len(table) - 7)
    figure = framed(analysis, analysis.finding(metric), notes, more_height=more)
    left, right = (
        (figure.subplots(), None) if is_inset() else figure.subplots(1, 2, width_ratios=(2.4, 1))
    )
    if table["ST"].isna().all():
        say(left, "No variance can be told from chance")
    else:
        _bars(left, table)
    if right is not None:
        _split(right, analysis.split().query("metric == @metric").set_index("part"))
    return figure


def _bars(axes, table):
    """Totals as bars with intervals, in words beside them, shares alone as diamonds, floors."""
    y = np.arange(len(table))
    columns = ["ST", "ST_low", "ST_high", "S1", "S1_low", "S1_high", "floor"]
    shares = 100 * table[columns].astype(float).clip(0, 1)  # what a share can be
    low, high, total = shares["ST_low"], shares["ST_high"], "95% interval of the total"
    whole = {"height": 0.62, "alpha": 0.55, "label": "Total, with interactions"}
    axes.barh(y, shares["ST"], color=BLUE, **whole)
    axes.hlines(y, low, high, color=INK, linewidth=2, label=total)
    axes.hlines(y - 0.22, shares["S1_low"], shares["S1_high"], color=ORANGE, linewidth=1.2)
    alone = "Alone, with 95% interval"
    axes.plot(shares["S1"], y - 0.22, "D", color=ORANGE, markersize=5, label=alone)
    ends = (y - 0.4, y + 0.4)
    axes.vlines(shares["floor"], *ends, color=VERMILLION, linewidth=2, label="Noise floor")
    rows(axes, list(map(_short, table["factor"])))
    axes.set_xlim(0, max(10, 1.02 * max(high.max(), shares["S1_high"].max())))
    axes.set_xlabel("Share of the variance of the expected output [%]")
    if is_inset():
        return
    axes.set_title("What each factor moves")
    axes.legend(loc="lower right")
    for place, row in zip(y, table.itertuples(), strict=True):
        size, *ends = shares_of_all(row.ST, row.ST_low, row.ST_high)
        beside(axes, place, f"{size} ({' to '.join(ends)})")


def _measured(ranking, metric, panels):
    """What a method measures, with its unit, on as many lines as a panel has room for."""
    what = capital(screening.MEASURES[ranking.method][1])
    unit = f" [{ranking.unit(metric)}]" if ranking.unit(metric) else ""
    return "\n".join(textwrap.wrap(f"{what}{unit}", letters(0.5 / panels, 10)))


def _short(name):
    """A factor in words, on two lines at most."""
    return "\n".join(textwrap.wrap(factor(name), 26, max_lines=2, placeholder=" …"))


def _percent(values):
    return 100 * np.asarray(values, float)


def _split(axes, table):
    """Shares of the variance of one world: factors alone, interactions, chance."""
    axes.set_title("Variance of\none world")
    if table["share"].isna().all():
        say(axes, "Not to be told")
        return
    for x, (part, colour) in enumerate(PARTS.items()):
        row = table.loc[part]
        share, low, high = (100 * row[name] for name in ("share", "low", "high"))
        axes.bar(x, max(share, 0), color=colour, width=0.62)
        axes.vlines(x, max(low, 0), min(high, 100), color=INK, linewidth=2)
        top = min(max(share, high), 100)
        axes.text(x, top + 2, f"{max(share, 0):.0f}%", ha="center", weight="bold")
    axes.set_xticks(range(3), ["factors\nalone", "inter-\nactions", "chance"])
    axes.set_ylim(0, 112)
    axes.set_yticks(range(0, 101, 25))
    axes.set_ylabel("Share of the variance, with 95% interval [%]")


@styled
def convergence_figure(analysis, metric):
    """Totals of the first factors against the number of blocks, with intervals.

    analysis : Sensitivity
    metric : str, one of its outputs
    returns : matplotlib.figure.Figure, a panel a factor
    """
    meaning = (
        f"Totals for {output_label(metric)}, from the first blocks of the same design, with 95% "
        "intervals: settled where they no longer move by more than their intervals."
    )
    figure = framed(analysis, analysis.verdict(metric).text.rstrip("."), [meaning])
    table = analysis.convergence(metric)
    if table["ST"].isna().all():
        say(figure.subplots(), "No variance can be told from chance")
        return figure
    last = table[table["blocks"] == table["blocks"].max()]
    most = INSET_PANELS if is_inset() else PANELS
    first = last.sort_values("ST", ascending=False, kind="stable")["factor"].head(most)
    panels = figure.subplots(1, len(first), sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, first, strict=True):
        _settling(axes, table[table["factor"] == name])
        axes.set_title(_short(name), size=10)
        axes.set_xlabel("Blocks N")
    panels[0].set_ylabel("Total share of the variance [%]")
    return figure


def _settling(axes, table):
    x = np.arange(len(table))
    axes.vlines(x, _percent(table["ST_low"]), _percent(table["ST_high"]), color=INK, linewidth=2)
    axes.plot(x, _percent(table["ST"]), "o-", color=BLUE, markersize=7)
    axes.axhline(100 * table["ST"].iloc[-1], color=GREY, linewidth=1, linestyle=(0, (4, 2)))
    axes.set_xticks(x, [f"{n:,}" for n in table["blocks"]], size=8.5)
    axes.set_xlim(-0.5, len(x) - 0.5)


@styled
def pairs_figure(analysis, metric):
    """What pairs of factors do together, beyond each alone, the largest first, with intervals.

    analysis : Sensitivity, with second order
    metric : str, one of its outputs
    returns : matplotlib.figure.Figure
    """
    table = analysis.second[analysis.second["metric"] == metric]
    order = table["S2"].abs().sort_values(ascending=False, kind="stable").index
    table = table.loc[order].head(PAIRS).iloc[::-1]
    figure = framed(analysis, analysis.pair(metric), [PAIR, analysis.verdict(metric).text])
    axes = figure.subplots()
    if table["S2"].isna().all():
        say(axes, "No variance can be told from chance")
        return figure
    y = np.arange(len(table))
    clear = sobol.clear(table)
    axes.axvline(0, color=INK, linewidth=1)
    axes.hlines(y, _percent(table["S2_low"]), _percent(table["S2_high"]), color=INK, linewidth=2)
    colours = np.where(clear, BLUE, SKY)
    axes.scatter(_percent(table["S2"]), y, s=60, color=colours, edgecolor=INK, zorder=3)
    pairs = [f"{factor(row.factor)} ×\n{factor(row.other)}" for row in table.itertuples()]
    rows(axes, pairs, size=9)
    axes.set_xlabel(f"Share of the variance of expected {output_label(metric)} [%]")
    return figure


@styled
def ranking_figure(ranking):
    """The first inputs of each output by one of SALib's methods, with intervals where given.

    ranking : Ranking
    returns : matplotlib.figure.Figure, a panel an output, two at most; an inset is the first
    """
    names = list(dict.fromkeys(ranking.indices["metric"]))[: 1 if is_inset() else 2]
    most = min(MOST, int(ranking.indices.groupby("metric").size().max()))
    notes, more = [screening.NOTES[ranking.method]], ROOM * max(0, most - 10)
    figure = framed(ranking, ranking.finding(names[0]), notes, more_height=more)
    panels = figure.subplots(1, len(names), squeeze=False)[0]
    for axes, metric in zip(panels, names, strict=True):
        table = ranking.indices[ranking.indices["metric"] == metric].head(MOST).iloc[::-1]
        y = np.arange(len(table))
        axes.barh(y, table["value"], color=SKY, height=0.62)
        if not math.isnan(table["low"].iloc[0]):
            axes.hlines(y, table["low"], table["high"], color=INK, linewidth=2)
        axes.set_yticks(y, list(map(_short, table["factor"])), size=8)
        axes.set_title(capital(output_label(metric)))
        axes.set_xlabel(_measured(ranking, metric, len(names)))
        axes.locator_params(axis="x", nbins=5)
        thousands(axes.xaxis)
    return figure
