"""Figures of the people of one run: their levels over time, and where their hours go."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.analysis import estimates
from sim.engine.curves import LEVELS
from sim.errors import FigureError
from sim.figures.run import ACTIVITIES, hour_bars, warnings_of
from sim.figures.style import (
    BLUE,
    GREEN,
    GREY,
    HEIGHT,
    ORANGE,
    WIDTH,
    ShownFigure,
    frame,
    rounded,
    say,
    styled,
)
from sim.records import provenance

NAMES = ("Novice", "Beginner", "Intermediate", "Advanced-level", "Expert")
COLUMNS = tuple(f"level_{level}" for level in LEVELS)
CLASSES = {
    "average": ("Average work", BLUE),
    "advanced": ("Advanced work", ORANGE),
    "training": ("Training", GREEN),
    "helping": ("Mentoring, no task", GREEN),
    "idle": ("Nothing to do", GREY),
}
PEOPLE = (
    "People nearest each level of expertise at the end of each week, engineers and adjacent roles "
    "together; level is expertise in the work, not a job title."
)
HOURS = (
    "Development hours: paid hours less meetings. Hours of a class include review, rework, fixes "
    "and mentoring on its tasks; both panels add up to the same total."
)


@styled
def levels_figure(result):
    """How many people stand at each level, week by week, a panel a level.

    result : Result whose weekly record counts people by level
    returns : matplotlib.figure.Figure, five panels on one scale

    Bands as in run_figure: the 95% interval of the expected count, and where 8 of 10
    single worlds fall. Raises FigureError, one line, where the record has no counts.
    """
    counts = _counts(result)
    foot = provenance.footnote(result.provenance, result.scenario.name)
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    frame(figure, _levels_finding(result, counts), warnings_of(result), [PEOPLE, foot])
    panels = figure.subplots(1, 5, sharey=True)
    for place, axes in enumerate(panels):
        _level(axes, counts[..., place], result.uncertain)
        axes.set(title=NAMES[place])
    tops = counts.max(axis=(0, 1, 2))  # the legend goes where it is least in the way
    top = max(1.0, 1.06 * tops.max(), 1.45 * tops.min())
    panels[0].set(ylabel="People", ylim=(0, top))
    panels[0].yaxis.set_major_locator(MaxNLocator(integer=True))
    panels[tops.argmin()].legend(loc="upper left", handlelength=1.4, borderpad=0, fontsize=9)
    panels[2].set(xlabel="Time [weeks]")
    return figure


@styled
def hours_figure(result):
    """Hours by class of work and by activity, with 95% intervals.

    result : Result
    returns : matplotlib.figure.Figure, two panels
    """
    classes = _by_class(result)
    activities = {
        text: (result.values(f"hours_{name}")[:, :, 0], GREY if name == "idle" else BLUE)
        for name, text in ACTIVITIES.items()
    }
    foot = provenance.footnote(result.provenance, result.scenario.name)
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    frame(figure, _hours_finding(result), warnings_of(result), [HOURS, foot])
    kind = "interval" if result.uncertain else "numerical error"
    titles = ("Hours by class of work", "Hours by activity")
    for axes, bars, title in zip(figure.subplots(1, 2), (classes, activities), titles, strict=True):
        axes.set(title=title, xlabel=f"Development hours, mean and 95% {kind} [h]")
        _bars(axes, bars, result.uncertain)
    return figure


def _counts(result):
    """People (draws, luck, weeks, 5 levels)."""
    missing = [name for name in COLUMNS if name not in result.weekly]
    if missing:
        raise FigureError(
            f"{result.scenario.name}: the weekly record has no column {missing[0]!r}; run the "
            "scenario again with this version"
        )
    p, weeks = result.provenance, result.scenario.horizon.weeks
    return result.weekly[list(COLUMNS)].to_numpy(float).reshape(p["draws"], p["luck"], weeks, 5)


def _levels_finding(result, counts):
    """The title: people at intermediate or above, at the end of the first and last week."""
    name, weeks = result.scenario.name, counts.shape[2]
    if not counts.any():
        return f"{name} has nobody in it (0 people in all {counts[..., 0, 0].size} worlds)"
    able = counts[..., 2:].sum(axis=3)
    (first, *_), (mean, low, high) = (
        estimates.estimate(able[:, :, week], result.uncertain)[:3] for week in (0, -1)
    )
    total = counts[:, :, -1].sum(axis=2)
    of = f" of {_people(total.max())}" if total.min() == total.max() else ""
    since = "" if weeks == 1 else f", {_people(first)} in week 1"
    kind = "95% interval of the expectation" if result.uncertain else "95% numerical error only,"
    return (
        f"{name}: {_people(mean)}{of} people are intermediate or above in week "
        f"{weeks}{since} ({kind} {_people(low)} to {_people(high)})"
    )


def _people(count):
    """A number of people to one decimal, without one where it is whole: 7, 8.3."""
    return f"{count:.1f}".removesuffix(".0")


def _level(axes, counts, uncertain):
    """People at one level by week: mean, 95% interval, and 8 of 10 single worlds."""
    rows = [estimates.estimate(counts[:, :, w], uncertain)[:6] for w in range(counts.shape[2])]
    mean, low, high, p10, _, p90 = zip(*rows, strict=True)
    week = range(1, len(rows) + 1)
    kind = "95% interval" if uncertain else "95% numerical error"
    edge = {"color": ORANGE, "linestyle": (0, (4, 2)), "linewidth": 1.4, "drawstyle": "steps-mid"}
    axes.fill_between(week, low, high, color=BLUE, alpha=0.2, linewidth=0, label=kind)
    axes.plot(week, p90, label="8 of 10 worlds", **edge)
    axes.plot(week, p10, **edge)
    axes.plot(week, mean, color=BLUE, linewidth=2.4, label="Mean", marker="o" * (len(rows) == 1))
    axes.set_xlim(0, len(rows) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axes.grid(axis="y", color=GREY, alpha=0.25, linewidth=0.6)


def _by_class(result):
    """Hours (draws, luck) of each class; what mentoring is on no task is what is left over."""
    names = ("average", "advanced", "training", "idle")
    hours = {name: result.values(f"hours_{name}")[:, :, 0] for name in names}
    total = sum(result.values(f"hours_{name}")[:, :, 0] for name in ACTIVITIES)
    left = total - sum(hours.values())
    hours["helping"] = left * (abs(left) > 1e-6 * total)  # not the rounding of sums
    return {text: (hours[name], colour) for name, (text, colour) in CLASSES.items()}


def _hours_finding(result):
    """The title: hours on advanced and on average work, with the intervals."""
    advanced, average = (result.values(f"hours_{k}")[:, :, 0] for k in ("advanced", "average"))
    name, weeks = result.scenario.name, result.scenario.horizon.weeks
    span = f"{weeks} week" if weeks == 1 else f"{weeks} weeks"
    if not advanced.any() and not average.any():
        return f"{name}: no hours go into work in {span} (0 h in all {advanced.size} worlds)"
    (one, *ends), (other, *others) = (
        rounded(*estimates.estimate(hours, result.uncertain)[:3], finest=0)
        for hours in (advanced, average)
    )
    kind = "95% intervals of the expectation" if result.uncertain else "95% numerical error only,"
    return (
        f"{name}: in {span}, {one} hours go into advanced work and {other} into average work "
        f"({kind} {' to '.join(ends)} and {' to '.join(others)})"
    )


def _bars(axes, hours, uncertain):
    """Bars of the hours that are not always zero."""
    shown = {text: pair for text, pair in hours.items() if pair[0].any()}
    if not shown:
        axes.set(xlim=(0, 1), xticks=[0], yticks=[])
        say(axes, "No hours are worked")
        return
    rows = [estimates.estimate(values, uncertain)[:3] for values, _ in shown.values()]
    hour_bars(axes, np.array(rows), list(shown), [colour for _, colour in shown.values()])
