"""Figures of one run: its work, its people's levels, and where their hours go.

Nothing is estimated that the summary does not estimate: each number comes from
`sim.analysis.estimates`, each footnote from `sim.records.provenance`.
"""

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from sim.analysis import estimates
from sim.engine.curves import LEVELS
from sim.engine.state import ACCOUNTS
from sim.errors import FigureError
from sim.figures.drawing import band, beside, done_by_week, fan, thousands
from sim.figures.style import BLUE, GREEN, GREY, INK, ORANGE, framed, say, styled, whole_numbers
from sim.records.words import estimate, kind_of_interval, weeks

ACTIVITIES = {row.name: row.label or row.name.capitalize() for row in ACCOUNTS}
NAMES = ("Novice", "Beginner", "Intermediate", "Advanced-level", "Expert")
COLUMNS = tuple(f"level_{level}" for level in LEVELS)
CLASSES = {
    "average": ("Average work", BLUE),
    "advanced": ("Advanced work", ORANGE),
    "training": ("Training", GREEN),
    "helping": ("Mentoring, no task", GREEN),
    "idle": ("Nothing to do", GREY),
}
MEANING = (
    "Expert-hour: what an expert engineer does by hand in an hour, counted while no surfaced "
    "defect is open in it. Development hours: paid hours less meetings."
)
OF_TIME = ("done_by", "weeks_to_done")  # metrics told by a curve of what is done by week
PEOPLE = (
    "People nearest each level of expertise at the end of each week, engineers and adjacent roles "
    "together; level is expertise in the work, not a job title."
)
HOURS = (
    "Development hours: paid hours less meetings. Hours of a class include review, rework, fixes "
    "and mentoring on its tasks; both panels add up to the same total."
)


# ---- work and hours ------------------------------------------------------------------------------


@styled
def run_figure(result):
    """Work delivered week by week, and where the hours go, of one run.

    result : Result
    returns : matplotlib.figure.Figure, two panels, with title, warnings and footnote

    Where the answer is when a backlog is done, the left panel is the share of worlds in which it
    is, by week. Else it is work delivered. Bands of that panel, per week and
    cumulative: the 95% interval of the expected output (chance averaged out), and where 8 of 10
    single worlds fall. Either can be the wider one; it depends on how much of the variance is luck.
    """
    figure = framed(result, finding(result), [MEANING])
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    if result.metric in OF_TIME:
        plan = result.scenario
        done_by_week(left, {plan.name: result.done_by_week()}, plan.horizon.weeks, plan.by_week)
        left.set_title("Backlog done by week", pad=18)
    else:
        _work(left, result)
    _hours(right, result)
    for axes in (left, right):
        axes.tick_params(labelsize=9.5, color=INK, labelcolor=INK)  # ticks are made at drawing
    return figure


def finding(result):
    """The title: what the answer is of, or what the team delivers, with its interval."""
    name, span = result.scenario.name, weeks(result.scenario.horizon.weeks)
    if result.metric != "work_delivered":
        return result.headline()
    values = result.values("work_delivered")[:, :, 0]
    if not values.any():
        nobody = not result.scenario.groups and not result.scenario.people
        why = "has nobody in it and " if nobody else ""
        return (
            f"{name} {why}delivers no work in {span} (0 expert-hours in all {values.size} worlds)"
        )
    mean, ends = estimate(*result.estimate("work_delivered")[:3])
    return f"{name} delivers about {mean} expert-hours in {span} ({_kind(result)} {ends})"


def _kind(result):
    return kind_of_interval(result.uncertain, result.provenance["luck"])


def _ends(result, values, bounds):
    """Mean and both ends of the interval, of values (draws, luck) of a result's worlds.

    bounds : least and greatest they can be
    """
    return estimates.estimate(values, result.uncertain, groups=result.groups, bounds=bounds)[:3]


def _by_week(values, result, before=()):
    """Estimates by week, a row a week, of values (draws, luck, weeks) that are not below zero.

    before : rows ahead of them
    """
    weekly, (uncertain, groups) = np.moveaxis(values, 2, 0), (result.uncertain, result.groups)
    least = (0.0, np.inf)
    rows = (estimates.estimate(week, uncertain, "", groups, least)[:6] for week in weekly)
    return pd.DataFrame([*before, *rows], columns=estimates.COLUMNS[:6])


def _weekly(result, names):
    """Columns of the weekly record (draws, luck, weeks, columns)."""
    p = result.provenance
    shape = (p["draws"], p["luck"], result.scenario.horizon.weeks, len(names))
    return result.weekly[list(names)].to_numpy(float).reshape(shape)


def _work(axes, result):
    """Cumulative work delivered, from 0 at the start, with both bands."""
    total = _weekly(result, ["work_delivered"])[..., 0].cumsum(axis=2)
    table = _by_week(total, result, before=[(0.0,) * 6])
    week = range(len(table))
    band(axes, week, table["p10"], table["p90"], ORANGE, 0.22)
    fan(axes, week, table, _kind(result).rstrip(",").replace("expectation", "expected output"))
    axes.set(title="Work delivered so far", xlabel="Time [weeks]", xlim=(0, week[-1]))
    axes.set_ylabel("Work delivered, cumulative [expert-h]")
    ends = table[["ci_low", "ci_high", "p10", "p90"]].to_numpy()
    if not ends.any():
        axes.set(ylim=(0, 1), yticks=[0])
        say(axes, "No work is delivered")
    else:
        # Headroom for the legend, wherever the curves run.
        axes.set_ylim(1.05 * min(0.0, ends.min()), 1.3 * max(0.0, ends.max()))
        axes.legend(loc="upper left")
    whole_numbers(axes.xaxis, 8)
    thousands(axes.yaxis)


def _hours(axes, result):
    """Mean hours by activity, with the 95% interval of each; those always zero left out."""
    names = [name for name in ACTIVITIES if (result.replications[f"hours_{name}"] != 0).any()]
    table = result.summary().loc[[f"hours_{name}" for name in names]]
    axes.set(title="Where the hours go", xlabel=_axis(result))
    colours = [GREY if name == "idle" else BLUE for name in names]
    bars = table[["mean", "ci_low", "ci_high"]].to_numpy()
    _hour_bars(axes, bars, [ACTIVITIES[name] for name in names], colours)


def _axis(result):
    error = "interval" if result.uncertain else "numerical error"
    return f"Development hours, mean and 95% {error} [h]"


def _hour_bars(axes, bars, names, colours):
    """Horizontal bars of hours with their intervals, and a column of them in numbers at the right.

    bars : (bars, 3), mean and both ends of the interval [h]
    """
    if not names:
        axes.set(xlim=(0, 1), xticks=[0], yticks=[])
        say(axes, "No hours are worked")
        return
    place, (means, lows, highs) = range(len(names)), bars.T
    axes.barh(place, means, color=colours, alpha=0.75, height=0.62)
    axes.hlines(place, lows, highs, color=INK, linewidth=1.4)
    for ends in (lows, highs):
        axes.plot(ends, place, "|", color=INK, markersize=8, markeredgewidth=1.4)
    widest = bars.max()
    for y, bar in zip(place, bars, strict=True):
        beside(axes, y, "{} ({})".format(*estimate(*bar, finest=0 if widest >= 100 else 12)))
    axes.set_yticks(place, names)
    axes.set_ylim(max(len(names), 3) - 0.5, -0.5)  # first activity on top; a lone bar stays a bar
    axes.set_xlim(0, 1.03 * widest)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.tick_params(axis="y", length=0)
    thousands(axes.xaxis)


# ---- levels of the people ------------------------------------------------------------------------


@styled
def levels_figure(result):
    """How many people stand at each level, week by week, a panel a level.

    result : Result whose weekly record counts people by level
    returns : matplotlib.figure.Figure, five panels on one scale

    Bands as in run_figure: the 95% interval of the expected count, and where 8 of 10
    single worlds fall. Raises FigureError, one line, where the record has no counts.
    """
    missing = [name for name in COLUMNS if name not in result.weekly]
    if missing:
        raise FigureError(
            f"{result.scenario.name}: the weekly record has no column {missing[0]!r}; run the "
            "scenario again with this version"
        )
    counts = _weekly(result, COLUMNS)
    figure = framed(result, _levels_finding(result, counts), [PEOPLE])
    panels = figure.subplots(1, 5, sharey=True)
    for place, axes in enumerate(panels):
        _level(axes, counts[..., place], result)
        axes.set(title=NAMES[place])
    tops = counts.max(axis=(0, 1, 2))  # the legend goes where it is least in the way
    top = max(1.0, 1.06 * tops.max(), 1.45 * tops.min())
    panels[0].set(ylabel="People", ylim=(0, top))
    panels[0].yaxis.set_major_locator(MaxNLocator(integer=True))
    panels[tops.argmin()].legend(loc="upper left", handlelength=1.4, borderpad=0, fontsize=9)
    panels[2].set(xlabel="Time [weeks]")
    return figure


def _levels_finding(result, counts):
    """The title: people at intermediate or above, at the end of the first and last week."""
    name, weeks_ = result.scenario.name, counts.shape[2]
    if not counts.any():
        return f"{name} has nobody in it (0 people in all {counts[..., 0, 0].size} worlds)"
    able = counts[..., 2:].sum(axis=3)
    bounds = result.bounds("level_counts_end_expert")
    (first, *_), (mean, low, high) = (_ends(result, able[:, :, week], bounds) for week in (0, -1))
    total = counts[:, :, -1].sum(axis=2)
    of = f" of {_people(total.max())}" if total.min() == total.max() else ""
    since = "" if weeks_ == 1 else f", {_people(first)} in week 1"
    return (
        f"{name}: {_people(mean)}{of} people are intermediate or above in week "
        f"{weeks_}{since} ({kind_of_interval(result.uncertain, 2)} {_people(low)} to "
        f"{_people(high)})"
    )


def _people(count):
    """A number of people to one decimal, without one where it is whole: 7, 8.3."""
    return f"{count:.1f}".removesuffix(".0")


def _level(axes, counts, result):
    """People at one level by week: mean, 95% interval, and 8 of 10 single worlds."""
    table = _by_week(counts, result)
    week, form = range(1, len(table) + 1), "o-" if len(table) == 1 else "-"
    kind = "95% interval" if result.uncertain else "95% numerical error"
    fan(axes, week, table, kind, "8 of 10 worlds", form, drawstyle="steps-mid")
    axes.set_xlim(0, len(table) + 0.5)
    whole_numbers(axes.xaxis, 4)
    axes.grid(axis="y", color=GREY, alpha=0.25, linewidth=0.6)


# ---- hours by class of work ----------------------------------------------------------------------


@styled
def hours_figure(result):
    """Hours by class of work and by activity, with 95% intervals.

    result : Result
    returns : matplotlib.figure.Figure, two panels
    """
    hours = {name: result.values(f"hours_{name}")[:, :, 0] for name in ACTIVITIES}
    activities = {
        ACTIVITIES[name]: (values, GREY if name == "idle" else BLUE)
        for name, values in hours.items()
    }
    figure = framed(result, _hours_finding(result), [HOURS])
    titles = ("Hours by class of work", "Hours by activity")
    each = (_by_class(result, sum(hours.values())), activities)
    for axes, bars, title in zip(figure.subplots(1, 2), each, titles, strict=True):
        axes.set(title=title, xlabel=_axis(result))
        shown = {text: pair for text, pair in bars.items() if pair[0].any()}
        bounds = result.bounds("hours_idle")
        rows = [_ends(result, values, bounds) for values, _ in shown.values()]
        _hour_bars(axes, np.array(rows), list(shown), [colour for _, colour in shown.values()])
    return figure


def _by_class(result, total):
    """Hours (draws, luck) of each class; what mentoring is on no task is what is left over."""
    names = ("average", "advanced", "training", "idle")
    hours = {name: result.values(f"hours_{name}")[:, :, 0] for name in names}
    left = total - sum(hours.values())
    hours["helping"] = left * (abs(left) > 1e-6 * total)  # not the rounding of sums
    return {text: (hours[name], colour) for name, (text, colour) in CLASSES.items()}


def _hours_finding(result):
    """The title: hours on advanced and on average work, with the intervals."""
    advanced, average = (result.values(f"hours_{k}")[:, :, 0] for k in ("advanced", "average"))
    name, span = result.scenario.name, weeks(result.scenario.horizon.weeks)
    if not advanced.any() and not average.any():
        return f"{name}: no hours go into work in {span} (0 h in all {advanced.size} worlds)"
    (one, ends), (other, others) = (
        estimate(*result.estimate(f"hours_{k}")[:3], finest=0) for k in ("advanced", "average")
    )
    kind = "95% intervals of the expectation" if result.uncertain else "95% numerical error only,"
    return (
        f"{name}: in {span}, {one} hours go into advanced work and {other} into average work "
        f"({kind} {ends} and {others})"
    )
