"""Figure of where the hours go, as one bar of a hundred of them by class of work or activity."""

import itertools
import textwrap

import numpy as np

from sim.analysis import estimates
from sim.engine.state import ACCOUNTS
from sim.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PINK,
    SAND,
    SKY,
    VERMILLION,
    framed,
    is_inset,
    letters,
    say,
    styled,
)  # fmt: skip
from sim.figures.worlds import LINE, spread
from sim.records.words import capital, estimate, kind_of_interval, plan_title, weeks

ACTIVITIES = {row.name: row.label or row.name.capitalize() for row in ACCOUNTS}
COLOURS = {
    "agent": BLUE, "manual": SKY, "review": ORANGE, "rework": SAND, "fix": VERMILLION,
    "training": PINK, "mentoring": GREEN, "idle": GREY,
}  # fmt: skip
CLASSES = {
    "average": ("Average work", BLUE),
    "advanced": ("Advanced work", ORANGE),
    "training": ("Training", PINK),
    "helping": ("Mentoring, no task", GREEN),
    "idle": ("Nothing to do", GREY),
}
HOURS = (
    "Development hours: paid hours less meetings. Hours of a class include review, rework, fixes "
    "and mentoring on its tasks; both bars are of the same hours. In brackets: 95% interval."
)
ONE_BAR = "Development hours: paid hours less meetings. In brackets: 95% interval."
BAR = (0.0, 0.2)  # where a bar stands, as shares of the panel's width


@styled
def hours_figure(result):
    """Hours by class of work and by activity, of a hundred, with 95% intervals.

    result : Result
    returns : matplotlib.figure.Figure, two panels; an inset is the second of them
    """
    figure = framed(result, _finding(result), [ONE_BAR if is_inset() else HOURS])
    if is_inset():
        of_100(figure.subplots(), shares_by_activity(result), "Of 100 development hours")
        return figure
    left, right = figure.subplots(1, 2)
    of_100(left, _shares(result, _by_class(result)), "Of 100 development hours, by class of work")
    of_100(right, shares_by_activity(result), "Of 100 development hours, by activity")
    return figure


def shares_by_activity(result):
    """Shares of the hours by activity: list of (label, colour, mean, low, high)."""
    hours = {name: result.values(f"hours_{name}")[:, :, 0] for name in ACTIVITIES}
    named = {ACTIVITIES[name]: (values, COLOURS.get(name, INK)) for name, values in hours.items()}
    return _shares(result, named)


def _shares(result, named):
    """Shares of hours (draws, luck) in their sum, of what is ever more than nothing."""
    total = sum(values for values, _ in named.values())
    rows = []
    for text, (values, colour) in named.items():
        if values.any():
            share = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
            groups, bounds = result.groups, estimates.SHARE
            row = estimates.estimate(share, result.uncertain, groups=groups, bounds=bounds)
            rows.append((text, colour, *row[:3]))
    return rows


def of_100(axes, rows, title):
    """One bar of a hundred, each part with its words and interval beside it.

    rows : (label, colour, mean share, low, high), from the top
    """
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(100, 0))
    axes.set_title(title)
    if not rows:
        say(axes, "No hours are worked")
        return
    means = 100 * np.array([row[2] for row in rows])
    tops = np.concatenate([[0.0], means.cumsum()[:-1]])
    middles = tops + means / 2
    words = ["\n".join(textwrap.wrap(_words(*row), letters(0.27, 10))) for row in rows]
    lines = [1.1 * 100 * LINE * (text.count("\n") + 1) for text in words]
    steps = [(one + other) / 2 for one, other in itertools.pairwise(lines)]
    places = spread(list(middles), steps, lines[0] / 2, 100 - lines[-1] / 2)
    for (_, colour, *_), text, top, size, middle, place in zip(
        rows, words, tops, means, middles, places, strict=True
    ):
        axes.bar(
            sum(BAR) / 2, size, BAR[1] - BAR[0], bottom=top, color=colour, edgecolor="white",
            linewidth=1,
        )  # fmt: skip
        axes.plot([BAR[1], BAR[1] + 0.07], [middle, place], color=GREY, linewidth=0.8)
        axes.text(BAR[1] + 0.09, place, text, va="center", size=10)


def _words(label, _, mean, low, high):
    """A part in words: 26 new work with an agent (9 to 50)."""
    size, ends = estimate(100 * mean, 100 * low, 100 * high, finest=0)
    size = "under 1" if 0 < mean < 0.005 else size
    return f"{size}  {label}" + ("" if ends == "-" else f" ({ends})")


def _by_class(result):
    """Hours (draws, luck) of each class; what mentoring is on no task is what is left over."""
    total = sum(result.values(f"hours_{name}")[:, :, 0] for name in ACTIVITIES)
    names = ("average", "advanced", "training", "idle")
    hours = {name: result.values(f"hours_{name}")[:, :, 0] for name in names}
    left = total - sum(hours.values())
    hours["helping"] = left * (abs(left) > 1e-6 * total)  # not the rounding of sums
    return {text: (hours[name], colour) for name, (text, colour) in CLASSES.items()}


def _finding(result):
    """The title: hours on advanced and on average work, with the intervals."""
    advanced, average = (result.values(f"hours_{k}")[:, :, 0] for k in ("advanced", "average"))
    name = capital(plan_title(result.scenario.name))
    span = weeks(result.scenario.horizon.weeks)
    if not advanced.any() and not average.any():
        return f"{name}: no hours go into work in {span} (0 h in all {advanced.size} worlds)"
    (one, ends), (other, others) = (
        estimate(*result.estimate(f"hours_{k}")[:3], finest=0) for k in ("advanced", "average")
    )
    kind = kind_of_interval(result.uncertain, result.provenance["luck"])
    return (
        f"{name}: in {span}, {one} hours ({kind} {ends}) go into advanced work and {other} "
        f"({others}) into average work"
    )
