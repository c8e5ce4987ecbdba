"""Figure of the study headline-or-study."""

import numpy as np

from sim.figures.style import (
    BLUE,
    GREY,
    HEIGHT,
    INK,
    VERMILLION,
    WIDTH,
    ShownFigure,
    frame,
    styled,
    thousands,
)
from sim.records import provenance
from sim.studies import headline

COLOURS = {"study": (BLUE, "o"), "headline": (VERMILLION, "s")}


@styled
def headline_figure(study):
    """Work each plan gains by both curve sets, and what following the headline loses."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        "The headline pairs an expert's rate of at least partial success with a novice's of "
        "verified success. Bars: which plan each has you choose. Loss: net gain, by the study's "
        "curves, of the plan they choose less that of the plan the headline chooses; pay ratios "
        "are assumptions.",
        provenance.footnote(study.provenance, study.name),
    ]
    frame(figure, study.title, [], notes)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
    _plans(left, study.tables["plans"])
    _loss(right, study.tables["choices"])
    return figure


def _plans(axes, table):
    labels = list(dict.fromkeys(table["plan"]))
    axes.axvline(0, color=INK, linewidth=1)
    for shift, (curves, (colour, marker)) in zip((0.12, -0.12), COLOURS.items(), strict=True):
        mine = table[table["curves"] == curves]
        y = np.arange(len(labels))[::-1] + shift
        axes.hlines(y, mine["low"], mine["high"], color=colour, linewidth=2)
        axes.plot(mine["work"], y, marker, color=colour, markersize=8, label=f"by the {curves}")
    names = [label.capitalize().replace(" instead", "\ninstead") for label in labels]
    axes.set_yticks(np.arange(len(labels))[::-1], names)
    axes.set_ylim(-0.6, len(labels) - 0.1)
    axes.tick_params(axis="y", length=0)
    thousands(axes.xaxis)
    axes.locator_params(axis="x", nbins=5)
    axes.set_title("What each plan gains over as is")
    axes.set_xlabel("Work gained, 95% interval [expert-h]")
    axes.legend(loc="upper right", fontsize=9)


def _loss(axes, table):
    axes.fill_between(
        table["price"], table["low"], table["high"], color=GREY, alpha=0.3, linewidth=0
    )
    axes.plot(table["price"], table["loss"], color=INK, linewidth=2.2)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(0, table["price"].max())
    top = max(1.0, float(table["high"].max()))
    axes.set_ylim(-0.05 * top, 1.7 * top)
    for row, curves in enumerate(("study", "headline")):
        _stretches(axes, table, curves, top * (1.58 - 0.26 * row))
    thousands(axes.yaxis)
    axes.set_title("What following the headline loses")
    axes.set_xlabel("Worth of an expert-hour of work\n[h of intermediate pay]")
    axes.set_ylabel("Loss, 95% numerical interval\n[h of intermediate pay]")


def _stretches(axes, table, curves, y):
    """Which plan a curve set chooses, over the worths of work where it does."""
    colour = COLOURS[curves][0]
    chosen, price = table[curves].to_numpy(), table["price"].to_numpy()
    starts = np.flatnonzero(np.r_[True, chosen[1:] != chosen[:-1]])
    ends = np.r_[starts[1:], len(chosen) - 1]
    whose = f"{curves}: "  # said once a bar
    for start, end in zip(starts, ends, strict=True):
        low, high = price[start], price[end]
        axes.hlines(y, low, high, color=colour, linewidth=5)
        axes.vlines([low, high], y - 0.03, y + 0.03, color="white", linewidth=2)
        if high - low >= 0.3 * price[-1]:
            words = SHORT.get(chosen[start], chosen[start])
            axes.annotate(
                whose + words, ((low + high) / 2, y), (0, 4), textcoords="offset points",
                ha="center", size=9, color=colour,
            )  # fmt: skip
            whose = ""


SHORT = {headline.SWAP: "experts for novices", headline.TRAIN: "train", headline.HIRE: "hire"}
