"""Figures of a sensitivity analysis: records in, a matplotlib Figure out.

Nothing is estimated here: each number comes from the record's own tables.
"""

import math

import numpy as np

from sim.analysis import screening, sobol
from sim.figures.run import warnings_of
from sim.figures.style import (
    BLUE,
    GREY,
    HEIGHT,
    INK,
    ORANGE,
    SKY,
    VERMILLION,
    WIDTH,
    ShownFigure,
    frame,
    say,
    styled,
)
from sim.records import provenance, units
from sim.records.words import output_label

ROOM = 0.32  # height of each factor beyond the tenth [inch]
MOST = 15  # inputs of a ranking that are shown
PANELS = 5  # factors whose convergence is shown
PAIRS = 10  # pairs of factors that are shown
PARTS = {"factors": BLUE, "interactions": ORANGE, "chance": GREY}


@styled
def sensitivity_figure(found, metric):
    """Total and first-order shares of each factor, and what the variance splits into.

    found : Sensitivity
    metric : str, one of its outputs
    returns : matplotlib.figure.Figure, two panels, with title, warnings and footnote
    """
    table = found.indices[found.indices["metric"] == metric].sort_values("ST", kind="stable")
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    more = ROOM * max(0, len(table) - 10)
    frame(figure, found.finding(metric), warnings_of(found), _notes(found, metric), more)
    left, right = figure.subplots(1, 2, width_ratios=(2.6, 1))
    if table["ST"].isna().all():
        say(left, "No variance can be told from chance")
    else:
        _bars(left, table)
    _split(right, found.split().query("metric == @metric").set_index("part"))
    return figure


def _notes(found, metric):
    p = found.provenance
    meaning = (
        "Shares of the variance of the expected output over the stated ranges, chance taken out. "
        "Total: with all interactions, which count once for each factor in them, so totals may "
        "exceed 100%. Noise floor: totals of a factor without effect stay below it in 95 of 100 "
        "analyses."
    )
    return [meaning, found.verdict(metric).text, provenance.footnote(p, found.scenario.name)]


def _bars(axes, table):
    """Totals as bars with intervals, shares alone as diamonds, floors as ticks."""
    y = np.arange(len(table))
    axes.barh(y, _percent(table["ST"]), color=SKY, height=0.62, label="Total, with interactions")
    axes.hlines(
        y, _percent(table["ST_low"]), _percent(table["ST_high"]), color=INK, linewidth=2,
        label="95% interval of the total",
    )  # fmt: skip
    low, high = (_percent(table[name]) for name in ("S1_low", "S1_high"))
    axes.hlines(y - 0.22, low, high, color=BLUE, linewidth=1.2)
    axes.plot(
        _percent(table["S1"]),
        y - 0.22,
        "D",
        color=BLUE,
        markersize=5,
        label="Alone, with 95% interval",
    )
    axes.vlines(
        _percent(table["floor"]), y - 0.4, y + 0.4, color=VERMILLION, linewidth=2,
        label="Noise floor",
    )  # fmt: skip
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(y, list(table["factor"]))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Share of the variance of the expected output [%]")
    axes.set_title("What each factor moves")
    axes.legend(loc="lower right")


def _percent(values):
    return 100 * np.asarray(values, float)


def _split(axes, table):
    """Shares of the variance of one world: factors alone, interactions, chance."""
    axes.set_title("Variance of one world")
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
def convergence_figure(found, metric):
    """Totals of the first factors against the number of blocks, with intervals.

    found : Sensitivity
    metric : str, one of its outputs
    returns : matplotlib.figure.Figure, a panel a factor
    """
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    meaning = (
        f"Totals for {output_label(metric)}, from the first blocks of the same design, with 95% "
        "intervals: settled where they no longer move by more than their intervals."
    )
    notes = [meaning, provenance.footnote(found.provenance, found.scenario.name)]
    frame(figure, found.verdict(metric).text.rstrip("."), warnings_of(found), notes)
    table = found.convergence(metric)
    if table["ST"].isna().all():
        say(figure.subplots(), "No variance can be told from chance")
        return figure
    last = table[table["blocks"] == table["blocks"].max()]
    first = last.sort_values("ST", ascending=False, kind="stable")["factor"].head(PANELS)
    panels = figure.subplots(1, len(first), sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, first, strict=True):
        _settling(axes, table[table["factor"] == name])
        axes.set_title(name.replace(".", ".\n"), size=10)
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
def pairs_figure(found, metric):
    """What pairs of factors do together, beyond each alone, the largest first, with intervals.

    found : Sensitivity, with second order
    metric : str, one of its outputs
    returns : matplotlib.figure.Figure
    """
    table = found.second[found.second["metric"] == metric]
    order = table["S2"].abs().sort_values(ascending=False, kind="stable").index
    table = table.loc[order].head(PAIRS).iloc[::-1]
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        "Share of the variance of the expected output that two factors make together, beyond what "
        "each makes alone, chance taken out; 95% intervals. Dark: more than chance may make.",
        found.verdict(metric).text, provenance.footnote(found.provenance, found.scenario.name),
    ]  # fmt: skip
    frame(figure, found.pair(metric), warnings_of(found), notes)
    axes = figure.subplots()
    if table["S2"].isna().all():
        say(axes, "No variance can be told from chance")
        return figure
    y = np.arange(len(table))
    clear = sobol.clear(table)
    axes.axvline(0, color=INK, linewidth=1)
    axes.hlines(y, _percent(table["S2_low"]), _percent(table["S2_high"]), color=INK, linewidth=2)
    axes.scatter(
        _percent(table["S2"]), y, s=60, color=np.where(clear, BLUE, SKY), edgecolor=INK, zorder=3
    )
    axes.set_yticks(y, [f"{row.factor} × {row.other}" for row in table.itertuples()], size=9)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(f"Share of the variance of expected {output_label(metric)} [%]")
    return figure


@styled
def ranking_figure(found):
    """The first inputs of each output by one of SALib's methods, with intervals where given.

    found : Ranking
    returns : matplotlib.figure.Figure, a panel an output, three at most
    """
    names = list(dict.fromkeys(found.indices["metric"]))[:3]
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        screening.NOTES[found.method],
        provenance.footnote(found.provenance, found.scenario.name),
    ]
    rows = min(MOST, int(found.indices.groupby("metric").size().max()))
    frame(figure, found.finding(names[0]), warnings_of(found), notes, ROOM * max(0, rows - 10))
    panels = figure.subplots(1, len(names), squeeze=False)[0]
    for axes, metric in zip(panels, names, strict=True):
        table = found.indices[found.indices["metric"] == metric].head(MOST).iloc[::-1]
        y = np.arange(len(table))
        axes.barh(y, table["value"], color=SKY, height=0.62)
        if not math.isnan(table["low"].iloc[0]):
            axes.hlines(y, table["low"], table["high"], color=INK, linewidth=2)
        axes.set_yticks(y, list(table["factor"]), size=8)
        axes.set_title(output_label(metric))
        unit = f" [{units.of_output(metric)}]" if found.method == "morris" else " [0 to 1]"
        axes.set_xlabel(f"{found.method}: {table['measure'].iloc[0]}{unit}")
    return figure
