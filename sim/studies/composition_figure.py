"""Figure of the study composition: maps over the mixes of three levels."""

import numpy as np
from matplotlib.colors import Normalize

from sim.figures.run import WARNINGS
from sim.figures.style import (
    BLUE,
    GREY,
    HEIGHT,
    INK,
    ORANGE,
    VERMILLION,
    WIDTH,
    ShownFigure,
    frame,
    styled,
)
from sim.records import provenance
from sim.studies import composition

LEVELS = {
    "novice": (VERMILLION, (0, (1, 1))),
    "intermediate": (BLUE, "-"),
    "expert": (INK, (0, (5, 2))),
}
BREAK = {True: "\n", False: " "}  # of labels, which have less room in one row
LIKELY = 0.05  # probability of being best from which a mix is ringed
# Title, column mapped, probability of being best.
ROWS = (
    ("per developer-week", "work", "p_best"),
    ("per pay", "per_pay", "p_best_paid"),
)


@styled
def composition_figure(study):
    """A map for each share of advanced work: work per week above, per pay below."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    c = composition
    notes = [
        f"Maps: each dot is a mix of {c.PEOPLE} people over {c.WEEKS} weeks; per pay with an "
        f"expert at {c.STATED:g} times a novice's and an intermediate half-way, in proportion "
        "(assumptions). Star: most expected. Ring: best with probability "
        f"{LIKELY:.0%} or more, in expectation over what is not known. Below: shaded, the 95% "
        "numerical interval of the ratio at which the best mix leaves that of equal pay.",
        provenance.footnote(study.provenance, study.name),
    ]
    warnings = [line for line in study.caveats if line.startswith(WARNINGS)]
    tables = {
        share: {name: t[t["advanced_share"] == share] for name, t in study.tables.items()}
        for share in study.tables["moves"]["advanced_share"]
    }
    one = len(tables) == 1
    frame(figure, study.title, warnings, notes, more_height=0.0 if one else 4.6)
    if one:  # maps side by side, the rest below them
        rows = [["week", "pay"], ["ridge", "ridge"]]
        places: dict = figure.subplot_mosaic(rows, height_ratios=(2, 1))
        panels = np.array([[axes] for axes in places.values()])
    else:
        panels = figure.subplots(3, len(tables), height_ratios=(1.25, 1.25, 1))
    for axes_row, (title, column, odds) in zip(panels, ROWS, strict=False):
        for axes, (share, table) in zip(axes_row, tables.items(), strict=True):
            _map(axes, table["mixes"], column, odds)
            axes.set_title(f"{share:.0%} advanced work, {title}", size=10)
    for axes, table in zip(panels[2], tables.values(), strict=True):
        _ridge(axes, table["ratios"], table["moves"].iloc[0])
    panels[2, 0].set_ylabel(f"People in the{BREAK[one]}best mix per pay")
    panels[2, 0].legend(loc="center left", bbox_to_anchor=(0.14, 0.5), fontsize=9)
    bar = figure.colorbar(
        panels[0, 0].collections[0], ax=list(panels[:2].ravel()), shrink=0.8 if one else 0.6,
        aspect=20 if one else 30,
    )  # fmt: skip
    bar.set_label(f"Expected work against{BREAK[one]}the best mix [%]")
    return figure


def _ridge(axes, ratios, moves):
    """People of each level in the best mix per pay, by the pay ratio."""
    last = ratios["ratio"].max()
    axes.axvspan(
        min(moves["low"], last), min(moves["high"], last), color=GREY, alpha=0.3, linewidth=0
    )
    for level, (colour, style) in LEVELS.items():
        axes.step(
            ratios["ratio"], ratios[level], where="post", color=colour, linestyle=style,
            linewidth=2.2, label=level,
        )  # fmt: skip
    axes.set_xlim(1, last)
    axes.set_ylim(-0.3, composition.PEOPLE + 0.4)
    axes.set_xlabel("Pay of an expert over a novice's")


def place(table):
    """Where each mix lies on the map: intermediate left below, expert right, novice on top."""
    people = composition.PEOPLE
    x = table["expert"] / people + table["novice"] / people / 2
    return x.to_numpy(), (table["novice"] / people * np.sqrt(3) / 2).to_numpy()


def _map(axes, table, column, odds):
    x, y = place(table)
    percent = 100 * table[column].to_numpy() / table[column].max()
    axes.scatter(
        x, y, c=percent, s=130, marker="h", cmap="cividis", norm=Normalize(40, 100), linewidth=0
    )
    ringed = (table[odds] >= LIKELY).to_numpy()
    axes.scatter(x[ringed], y[ringed], s=190, facecolors="none", edgecolors=VERMILLION, linewidth=2)
    top = int(np.argmax(percent))
    axes.scatter(x[top], y[top], s=150, marker="*", color=ORANGE, edgecolors=INK, zorder=3)
    for words, at, how in (
        ("all novice", (0.5, 0.93), "center"),
        ("all intermediate", (-0.02, -0.1), "left"),
        ("all expert", (1.02, -0.1), "right"),
    ):
        axes.text(*at, words, ha=how, va="center", size=9)
    axes.set(xlim=(-0.12, 1.12), ylim=(-0.16, 1.0), aspect="equal")
    axes.set_axis_off()
