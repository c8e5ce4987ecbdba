"""Figure of the study train-or-hire."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.figures.run import WARNINGS
from sim.figures.style import (
    BLUE,
    GREEN,
    HEIGHT,
    INK,
    ORANGE,
    VERMILLION,
    WIDTH,
    ShownFigure,
    frame,
    styled,
    thousands,
)
from sim.records import provenance
from sim.records.words import percent
from sim.studies import training

COLOURS = {training.TRAIN: BLUE, training.NONCODERS: GREEN, training.HIRE: VERMILLION}
STYLES = {training.TRAIN: "-", training.NONCODERS: (0, (1, 1)), training.HIRE: (0, (5, 2))}
SHOWN = {"training_efficacy": "efficacy", "causal_share": "causal share"}


@styled
def training_figure(study):
    """Training's work by week, by thirds of what decides it, and both plans by price of work."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        "Training: two seats, 8 weeks of 4 h, 2 h of trainers a week, 40 intermediate-h a seat. "
        "Hire: 8 weeks to fill, 400 intermediate-h. Pay of novice, intermediate and expert: 0.7, 1 "
        "and 1.6 (assumptions). Thirds: of the draws, by the parameter's value. Non-coders: two "
        "beside the nine, trained against untrained.",
        provenance.footnote(study.provenance, study.name),
    ]
    warnings = [line for line in study.caveats if line.startswith(WARNINGS)]
    frame(figure, study.title, warnings, notes)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.1, 1.1, 1))
    _weeks(left, study.tables["weekly"])
    _thirds(middle, study.tables["drivers"])
    _prices(right, study.tables)
    return figure


def _weeks(axes, weekly):
    """Work gained by training so far, with the interval of the expectation."""
    table = weekly[weekly["plan"] == training.TRAIN]
    axes.fill_between(
        table["week"], table["ci_low"], table["ci_high"], color=BLUE, alpha=0.2, linewidth=0,
        label="95% interval of\nthe expectation",
    )  # fmt: skip
    axes.plot(table["week"], table["mean"], color=BLUE, linewidth=2.4, label="Mean")
    edge = {"color": ORANGE, "linestyle": (0, (4, 2)), "linewidth": 1.4}
    axes.plot(table["week"], table["p90"], label="8 of 10 worlds", **edge)
    axes.plot(table["week"], table["p10"], **edge)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(0, table["week"].max())
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    thousands(axes.yaxis)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.3 * (high - low))  # headroom for the legend
    axes.set_title("Training against as is")
    axes.set_xlabel("Time [weeks]")
    axes.set_ylabel("Work gained so far [expert-h]")
    axes.legend(loc="upper left", fontsize=9)


def _thirds(axes, table):
    """Work gained at the end by thirds of efficacy and causal share."""
    y = np.arange(len(table))[::-1] - 0.6 * (np.arange(len(table)) >= len(training.PARTS))
    axes.axvline(0, color=INK, linewidth=1)
    axes.hlines(y, table["work_low"], table["work_high"], color=BLUE, linewidth=2)
    axes.plot(table["work"], y, "o", color=BLUE, markersize=8)
    for at, row in zip(y, table.itertuples(), strict=True):
        axes.text(
            0.99, at, percent(row.never), transform=axes.get_yaxis_transform(), va="center",
            ha="right", size=9,
        )  # fmt: skip
    labels = [
        f"{SHOWN[row['parameter']]} {row['part']}\n{row['from']:.2f}–{row['to']:.2f}"
        for row in table.to_dict("records")
    ]
    axes.set_yticks(y, labels, size=9)
    low, high = table["work_low"].min(), table["work_high"].max()
    axes.set_xlim(low - 5, high + 0.3 * (high - low))
    axes.tick_params(axis="y", length=0)
    axes.set_title("By what decides it")
    axes.set_title("never pays back", loc="right", size=9)
    axes.set_xlabel("Work gained at the end,\n95% numerical interval [expert-h]")


def _prices(axes, tables):
    """Net gain of both plans over as is, by what work is worth."""
    table, plans = tables["prices"], tables["plans"].set_index("plan")
    for label, colour in COLOURS.items():
        mine = table[table["plan"] == label]
        axes.fill_between(
            mine["price"], mine["low"], mine["high"], color=colour, alpha=0.15, linewidth=0
        )
        at = plans.loc[label, "price"]
        pays = f"pays from {at:.1f}" if at <= table["price"].max() else "never pays here"
        axes.plot(
            mine["price"], mine["mean"], color=colour, linestyle=STYLES[label], linewidth=2.2,
            label=f"{label.capitalize()}:\n{pays}",
        )  # fmt: skip
        if at <= table["price"].max():
            axes.plot(at, 0, "o", color=colour, markersize=8)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(0, table["price"].max())
    thousands(axes.yaxis)
    axes.set_title("By what work is worth")
    axes.set_xlabel("Worth of an expert-hour of work\n[h of intermediate pay]")
    axes.set_ylabel("Net gain over as is, 95% interval\n[h of intermediate pay]")
    axes.legend(loc="upper left", fontsize=9)
