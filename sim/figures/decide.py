"""Figure of a decision: the record in, a matplotlib Figure out; nothing is estimated here."""

import textwrap

import numpy as np

from sim import caveats
from sim.engine import metrics
from sim.figures import worlds
from sim.figures.drawing import beside, few_thousands, points, rows
from sim.figures.style import (
    GREY,
    INK,
    SKY,
    VERMILLION,
    framed,
    is_inset,
    letters,
    say,
    styled,
)  # fmt: skip
from sim.records import provenance
from sim.records.factors import factor
from sim.records.words import capital, estimate, percent, plan_title, with_titles
from sim.records.words import label as words

MOST = 10  # plans, and parameters, that are shown
MOST_DOTS = 4  # plans beside the reference, of which single worlds are shown
TITLE = 190  # letters of a title; what is over stands in a note
ROW, FIRST = (
    2.5,
    1.4,
)  # height of a further row of dots, and less than a panel's of the first [inch]
BESIDE, ALONE = (4.6, 1.7), (9.5, 1.7)  # a panel of dots, with one beside it and without [inch]
MEANING = (
    "Each dot is one of 100 equally likely differences, world by world, luck included. Best of "
    "all: on average, by what is not known."
)
INTERVALS = (
    "Best: probability of being the best plan, on average over what is not known / in one world, "
    "luck included."
)
WORTH = "Worth measuring: expected gain of knowing that number alone before choosing."


@styled
def decide_figure(decision):
    """Plans against the reference, and what each number is worth measuring first.

    decision : Decision
    returns : matplotlib.figure.Figure, with title, warnings and footnote; an inset has the plans
        alone

    Of up to MOST_DOTS plans beside the first, a hundred differences to it in single worlds; of
    more, or of a probability, the difference to the best plan with its 95% interval. The panel of
    what to measure is left out where no number would improve the choice.
    """
    labels = decision.labels
    foot = provenance.footnote(decision.design)
    shown = (caveats.WORKFORCE, *caveats.OTHER_TERMS)
    dotted = 1 < len(labels) <= MOST_DOTS + 1 and not metrics.BY_NAME[decision.metric].event
    worth = bool((decision.measure_first["value"] > 0).any()) and not is_inset()
    notes = [" ".join([MEANING if dotted else INTERVALS, *([WORTH] if worth else [])])]
    title, *rest = _parted(with_titles(_unquoted(decision), labels))
    notes = [*rest, *notes]
    more = ROW * (len(labels) - 2) if dotted else 0.0
    figure = framed(decision, title, notes, foot, shown, more, labels)
    plans, *others = _parts(figure, worth)
    (_worlds if dotted else _plans)(plans, decision)
    for part in others:
        _worth(part.subplots(), decision)
    return figure


def _unquoted(decision):
    """The choice without the quotes around labels of one word, and others in those of print."""
    text = decision.choice()
    for label in decision.labels:
        title = plan_title(label)
        text = text.replace(f"'{label}'", f"“{title}”" if " " in title else title)
    return text


def _parted(choice):
    """A choice as a title of some three lines, and what is left of it as a note, if anything."""
    title, *rest = choice.split("; ")
    while rest and len(title) + len(rest[0]) < TITLE:
        title = f"{title}; {rest.pop(0)}"
    return [title, f"{capital('; '.join(rest))}."] if rest else [title]


def _parts(figure, both):
    """The parts of a figure: that of the plans, and where there are both, of what to measure."""
    ratios = (1.25, 1) if both else (1,)
    return figure.subfigures(1, len(ratios), squeeze=False, width_ratios=ratios)[0]


def _worlds(part, decision):
    """A hundred differences to the first plan, of each other one."""
    first, *others = decision.labels
    scale, unit = _scale(decision)
    sizes = ALONE if len(part.figure.subfigs) == 1 else BESIDE
    sizes = (7.0, sizes[1]) if is_inset() else sizes
    differences = {label: scale * decision.differences(label) for label in others}
    grid = worlds.grid_of_dots(list(differences.values()), sizes)
    panels = part.subplots(len(others), 1, squeeze=False)[:, 0]
    for axes, label in zip(panels, others, strict=True):
        axes.set_title(_row_title(decision, label, first, letters(sizes[0] / 12)))
        if not differences[label].any():
            say(axes, "No difference in any world")
            axes.set(yticks=[], xticks=[0], xlim=(-1, 1))
            continue
        better = metrics.BY_NAME[decision.metric].better
        worlds.sides(axes, worlds.dots(axes, differences[label], better, grid), better)
        numbers = [scale * number for number in decision.expected_difference(label)]
        worlds.average(axes, numbers)
        mean, ends = estimate(*numbers, signs=True)
        axes.set_xlabel(f"Difference in {words(decision.metric)} [{unit}], average {mean} ({ends})")


def _scale(decision):
    """What a number of the metric is multiplied by to be told, and in which unit."""
    return (100, "points") if decision.unit == "share" else (1, decision.unit)


def _row_title(decision, label, first, line):
    """Which plan against which, and how likely it is best, on lines of so many letters."""
    row = decision.table.loc[label]
    title = f"{capital(plan_title(label))} against {plan_title(first)}"
    if not row["within_budget"]:
        words = f"{title}, beyond the budget"
    else:
        odds = f"best of all with probability {percent(row['p_best_expected'])}"
        chances = (percent(decision.table.loc[name, "mean"]) for name in (label, first))
        event = metrics.BY_NAME[decision.metric].event
        words = f"{title}: {' against '.join(chances) if event else odds}"
    return "\n".join(textwrap.wrap(words, line))


def _plans(part, decision):
    """Difference of each plan to the best with its interval, and its odds."""
    axes, (scale, unit) = part.subplots(), _scale(decision)
    table = decision.table.loc[list(decision.choices)].sort_values("regret", kind="stable")
    table = table.head(MOST).iloc[::-1].copy()
    columns = ["difference", "difference_low", "difference_high"]
    table.loc[decision.best, columns] = 0.0  # it does not differ from itself
    y = np.arange(len(table))
    axes.axvline(0, color=INK, linewidth=1)
    points(axes, y, scale * table[columns], "difference")
    event = metrics.BY_NAME[decision.metric].event  # no chance of a chance
    for at, (_, row) in zip(y, table.iterrows(), strict=True):
        if event:
            beside(axes, at, percent(row["mean"]), 1.01)
            continue
        odds = f"{percent(row['p_best_expected'])} / {percent(row['p_best_world'])}"
        beside(axes, at, odds, 1.01)
    axes.text(1.01, 1.02, "Chance" if event else "Best", transform=axes.transAxes, size=9)
    rows(axes, [_short(capital(plan_title(name))) for name in table.index], size=9)
    axes.set_ylim(-0.6, len(y) - 0.4)
    few_thousands(axes.xaxis)
    axes.set_title("Against the best plan, 95% interval")
    axes.set_xlabel(f"Difference in {words(decision.metric)}\n[{unit}]")


def _short(name):
    """A label on two lines at most, so that neighbours stay apart."""
    return "\n".join(textwrap.wrap(name, 26, max_lines=2, placeholder=" …"))


def _worth(axes, decision):
    """What each number is worth knowing, with interval and null check."""
    scale, unit = _scale(decision)
    axes.set_title("Worth measuring first")
    table = decision.measure_first
    table = table[table["value"] > 0].head(MOST).iloc[::-1]
    y = np.arange(len(table))
    colours = [SKY if clear else GREY for clear in table["clear"]]
    axes.barh(y, scale * table["value"], color=colours, height=0.62)
    axes.hlines(y, scale * table["low"], scale * table["high"], color=INK, linewidth=2)
    nulls = [scale * decision.nulls[name] for name in table.index]  # each bar by its own
    axes.vlines(nulls, y - 0.5, y + 0.5, color=VERMILLION, linewidth=2)
    axes.text(
        nulls[-1], len(y) + 0.6, " what chance\n may make", size=8.5, color=VERMILLION, va="top",
    )  # fmt: skip
    rows(axes, [_short(capital(factor(name))) for name in table.index], size=9)
    axes.set_ylim(-0.6, len(y) + 0.6)
    axes.set_xlim(left=0)
    few_thousands(axes.xaxis)
    axes.set_xlabel(f"Expected gain from knowing it,\n95% interval [{unit}]")
