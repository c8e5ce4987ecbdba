"""Figure of a decision by net benefit: how probably each plan is best, by the worth of a unit."""

import itertools
import textwrap

import numpy as np

from sim import caveats
from sim.figures.drawing import DONE, LABEL, at_the_edge, band, few_thousands
from sim.figures.style import INK, framed, say, styled
from sim.records import provenance
from sim.records.words import capital, plan_title, with_titles

POINTS, REACH = 16, 3.0  # worths that are drawn, up to so many times the last switch
MEANING = (
    "Lines: how probably a plan has the best expected net benefit, over what is not known, with "
    "95% intervals. Dashed: where the plan that is best on average changes."
)


@styled
def worth_figure(decision):
    """How probably each plan is best on net benefit, against what a unit is worth; a line a plan.

    decision : Decision that has a `trade`
    returns : matplotlib.figure.Figure, one panel, with title, warnings and footnote

    Dashed lines mark the worths at which another plan is best on average (the frontier).
    """
    trade, labels = decision.trade, decision.labels
    told = trade.headline()
    for label in labels:
        told = told.replace(f"'{label}'", label)
    title = capital(with_titles(told, labels))
    foot = provenance.footnote(decision.design)
    shown = (caveats.WORKFORCE, *caveats.OTHER_TERMS)
    figure = framed(decision, title, [MEANING], foot, shown, plans=labels)
    axes = figure.subplots()
    axes.set_xlabel(f"{capital(trade.unit.one)} is worth [{trade.currency}]")
    axes.set_ylabel("Chance to be best on average [%]")
    if not trade.switches:
        say(axes, capital(trade.headline()))
        axes.set(xticks=[], yticks=[])
        return figure
    _lines(axes, trade)
    _switches(axes, trade)
    few_thousands(axes.xaxis)
    return figure


def _lines(axes, trade):
    """A line a plan, with its interval; its name and chance at the right end."""
    worths = np.linspace(0, REACH * trade.switches[-1].worth, POINTS)
    table = trade.acceptability(worths)
    axes.set(xlim=(0, worths[-1]), ylim=(0, 100))
    ends = []
    colours = itertools.cycle(DONE)
    for (label, part), colour in zip(table.groupby("plan", sort=False), colours, strict=False):
        p, low, high = (100 * part[name].to_numpy() for name in ("p", "low", "high"))
        band(axes, worths, low, high, colour, 0.15)
        axes.plot(worths, p, color=colour, linewidth=2.4)
        name = textwrap.wrap(capital(plan_title(label)), LABEL, max_lines=2, placeholder=" …")
        words = "\n".join([*name[:-1], f"{name[-1]}: {p[-1]:.0f}%"])
        ends.append((p[-1], words, colour))
    at_the_edge(axes, ends, True)


def _switches(axes, trade):
    """Where the plan that is best on average changes, and which is before the first."""
    for switch in trade.switches:
        axes.axvline(switch.worth, color=INK, linewidth=1.4, linestyle=(0, (5, 3)))
        axes.text(
            switch.worth, 101, trade.shown(switch)[0], size=9, ha="center",
            va="bottom", weight="bold",
        )  # fmt: skip
