"""Figure of a decision: the record in, a matplotlib Figure out; nothing is estimated here."""

import textwrap

import numpy as np

from sim import caveats
from sim.figures.drawing import beside, few_thousands, points, rows
from sim.figures.style import GREY, INK, SKY, VERMILLION, framed, say, styled
from sim.records import provenance
from sim.records.factors import factor
from sim.records.words import label as words
from sim.records.words import percent

MOST = 10  # plans, and parameters, that are shown
MEANING = (
    "P(best): probability of being the best plan, in expectation over what is not known / "
    "in one world, luck included. Worth measuring: expected gain of knowing that number alone "
    "before choosing."
)


@styled
def decide_figure(decision):
    """Plans against the best one, and what each number is worth measuring first.

    decision : Decision
    returns : matplotlib.figure.Figure, two panels, with title, warnings and footnote
    """
    labels = decision.labels
    named = " vs ".join(labels) if len(labels) < 5 else f"{len(labels)} plans"
    foot = provenance.footnote(decision.design, named)
    shown = (caveats.WORKFORCE, *caveats.OTHER_TERMS)
    figure = framed(decision, decision.headline(), [MEANING], foot, shown)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    _plans(left, decision)
    _worth(right, decision)
    return figure


def _plans(axes, decision):
    """Difference of each plan to the best with its interval, and its odds."""
    table = decision.table.loc[list(decision.choices)].sort_values("regret", kind="stable")
    table = table.head(MOST).iloc[::-1]
    y = np.arange(len(table))
    axes.axvline(0, color=INK, linewidth=1)
    ends = ["difference", "difference_low", "difference_high"]
    points(axes, y, _scale(decision) * table[ends], "difference")
    for at, (_, row) in zip(y, table.iterrows(), strict=True):
        odds = f"{percent(row['p_best_expected'])} / {percent(row['p_best_world'])}"
        beside(axes, at, odds, 1.01)
    axes.text(1.01, 1.02, "P(best)", transform=axes.transAxes, size=9)
    rows(axes, [_short(name) for name in table.index], size=9)
    axes.set_ylim(-0.6, len(y) - 0.4)
    few_thousands(axes.xaxis)
    axes.set_title("Against the best plan, 95% interval")
    axes.set_xlabel(f"Difference in {words(decision.metric)}\n[{_unit(decision)}]")


def _scale(decision):
    """By what differences are multiplied as they are drawn: those of shares are points."""
    return 100 if decision.unit == "share" else 1


def _unit(decision):
    return "points" if decision.unit == "share" else decision.unit


def _short(name):
    """A label on two lines at most, so that neighbours stay apart."""
    return "\n".join(textwrap.wrap(name, 26, max_lines=2, placeholder=" …"))


def _worth(axes, decision):
    """What each number is worth knowing, with interval and null check."""
    axes.set_title("Worth measuring first, 95% interval")
    table = decision.measure_first
    table = table[table["value"] > 0].head(MOST).iloc[::-1]
    columns = ["value", "low", "high"]
    table = table.assign(**_scale(decision) * table[columns])
    if table.empty:
        say(axes, "No number would improve the choice")
        axes.set(xticks=[], yticks=[])
        return
    y = np.arange(len(table))
    colours = [SKY if clear else GREY for clear in table["clear"]]
    axes.barh(y, table["value"], color=colours, height=0.62)
    axes.hlines(y, table["low"], table["high"], color=INK, linewidth=2)
    null = _scale(decision) * decision.null
    axes.axvline(null, color=VERMILLION, linewidth=2)
    axes.text(
        null, 1.0, " what chance\n may make", transform=axes.get_xaxis_transform(), size=8.5,
        color=VERMILLION, va="top",
    )  # fmt: skip
    rows(axes, [_short(factor(name)) for name in table.index])
    axes.set_ylim(-0.6, len(y) + 0.6)
    axes.set_xlim(left=0)
    few_thousands(axes.xaxis)
    axes.set_xlabel(f"Expected gain from knowing it\n[{_unit(decision)}]")
