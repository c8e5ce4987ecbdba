"""Figures of a comparison: records in, a matplotlib Figure out.

Nothing is estimated here: each number comes from the comparison's own tables, the
title from `Comparison.headline`.
"""

import textwrap

from matplotlib.ticker import MaxNLocator

from sim import caveats
from sim.analysis import paired
from sim.engine import metrics
from sim.figures import dates, worlds
from sim.figures.drawing import band, beside, done_by_week, thousands
from sim.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    VERMILLION,
    framed,
    is_inset,
    letters,
    say,
    styled,
)
from sim.records import provenance
from sim.records.words import DIRECTIONS, capital, error_told, estimate, plan_title, with_titles
from sim.records.words import label as label_of

LEFT, RIGHT = 0.4, 0.27  # of the figure's width, for the title of a panel
ROW, TALL, SHORT = 3.0, 3.7, 0.9  # height of each further plan: usual, by week, of an inset [inch]
TICKS = 6  # of months on a panel, at most
DOTS_IN = {False: (3.9, 2.2), True: (7.0, 1.3)}  # a panel of dots, of a figure and an inset [inch]
# What is shown as relative change, on one axis.
RELATIVE = metrics.listed("relative")
OF_TIME = ("done_by", "weeks_to_done")  # metrics told by a curve of what is done by week
PERCENT = ("percent", "percent_low", "percent_high")
MEANING = (
    "Plan less reference, world by world, on the same draws, tasks and luck. Each dot is one of "
    "100 equally likely differences."
)
OF_DATES = (
    "Bands: 95% interval by the number of worlds. Beside the curves: chance by the deadline, or by "
    "the end where there is none."
)
BY_WEEK = (
    "Plan less reference, world by world, on the same draws, tasks and luck. Break-even: the first "
    "week by which half of the worlds are ahead, and stay ahead to the end; so it is told of weeks "
    "that an eighth of the time follows."
)
# Colour and marker by what a change is, so that either alone tells it.
KINDS = {
    "better": (BLUE, "o"),
    "worse": (VERMILLION, "s"),
    "": (INK, "D"),
    "unclear": (GREY, "|"),
}


@styled
def compare_figure(comparison):
    """A hundred differences of each plan, and relative change of the main metrics; a row a plan.

    comparison : Comparison
    returns : matplotlib.figure.Figure, two panels a plan, with title, warnings and footnote; an
        inset has the first of each

    On the left the difference in what leads, in a hundred equally likely worlds; where the answer
    is when a backlog is done, the chance of that by week, of the plan and of the reference. On
    the right, each change of a mean relative to the reference, with its 95% interval.
    """
    timed = comparison.metric in OF_TIME
    title, meaning = comparison.headline(), OF_DATES if timed else MEANING
    if timed and is_inset():
        figure, ((axes,),) = _panels(comparison, title, meaning, rows=1)
        _done(axes, comparison, comparison.results)
        return figure
    figure, panels = _panels(comparison, title, meaning)
    table = comparison.summary()
    names = [n for n in RELATIVE if n in table.index.unique("metric") and _shown(table, n)]
    differences = {plan: _differences(comparison, plan) for plan in comparison.plans}
    grid = worlds.grid_of_dots(list(differences.values()), DOTS_IN[is_inset()])
    for (left, *right), plan in zip(panels, comparison.plans, strict=True):
        if timed:
            _done(left, comparison, (comparison.reference, plan))
            left.set_title(_name(comparison, plan), pad=20)
        else:
            _dots(left, comparison, plan, differences[plan], grid)
        for axes in right:
            _relative(axes, comparison, table.loc[[plan]], names)
    if not is_inset():
        _limits(panels, comparison, table, names)
    return figure


@styled
def weeks_figure(comparison):
    """The difference by week, and the chance to be ahead for good by each week; a row a plan.

    comparison : Comparison
    returns : matplotlib.figure.Figure, two panels a plan; an inset has the first of each
    """
    figure, panels = _panels(
        comparison, comparison.headline(), f"{worlds.SHADES} {BY_WEEK}", TALL, TALL
    )
    even, ahead = comparison.break_even(), comparison.chance_ahead()
    for (left, *right), plan in zip(panels, comparison.plans, strict=True):
        _difference(left, comparison, plan)
        for axes in right:
            _ahead(axes, comparison, ahead[ahead["plan"] == plan], even.loc[plan])
    return figure


def _panels(comparison, title, meaning, row=ROW, inset=SHORT, rows=None):
    """A figure with its title, and its panels: (rows, columns).

    row, inset : height of each further row, of a figure and of an inset [inch]
    rows : a plan each by default
    """
    rows = len(comparison.plans) if rows is None else rows
    shown = (caveats.WORKFORCE, *caveats.OTHER_TERMS)
    more = (inset if is_inset() else row) * (rows - 1)
    title = capital(with_titles(title, comparison.results))
    plans = tuple(comparison.results)
    figure = framed(comparison, title, [meaning], _foot(comparison), shown, more, plans)
    columns, look = (1, {}) if is_inset() else (2, {"width_ratios": (1.15, 1)})
    return figure, figure.subplots(rows, columns, squeeze=False, **look)


def _foot(comparison):
    count = provenance.footnote(comparison.results[comparison.reference].provenance)
    return f"Of each plan {count}"


def _name(comparison, plan):
    """Title of a row: which plan, against what."""
    against = f"{capital(plan_title(plan))} against {plan_title(comparison.reference)}"
    return "\n".join(textwrap.wrap(against, letters(0.8 if is_inset() else LEFT)))


# ---- the answer ----------------------------------------------------------------------------------


def _differences(comparison, plan):
    """Differences of a plan in what leads, in its unit as it is told."""
    scale = 100 if comparison.units[comparison.metric] == "share" else 1
    return scale * comparison.differences(plan)


def _dots(axes, comparison, plan, differences, grid):
    """A hundred differences of a plan in what leads."""
    row, metric = comparison.row(plan, comparison.metric), comparison.metric
    share = row["unit"] == "share"
    scale, unit = (100, "points") if share else (1, row["unit"])
    numbers = [scale * row[name] for name in ("mean", "ci_low", "ci_high")]
    mean, ends = estimate(*numbers, signs=True, error=error_told(row["mc_error"], row["unit"]))
    mean = mean if ends == "-" else f"{mean} ({ends})"
    what = f"Difference in {label_of(metric)} [{unit}]"
    if is_inset():
        axes.set_title(f"{_name(comparison, plan)}: average {mean}")
        axes.set_xlabel(what if plan == comparison.plans[-1] else "")
    else:
        axes.set_title(_name(comparison, plan))
        axes.set_xlabel(f"{what}\n{_bar_words(comparison)} {mean}")
    if not len(differences) or not differences.any():
        say(axes, "No difference in any world" if len(differences) else "No world has a value")
        axes.set(yticks=[], xticks=[0], xlim=(-1, 1))
        return
    better = DIRECTIONS[metric]
    counts = worlds.dots(axes, differences, better, grid)
    worlds.sides(axes, counts, better)
    worlds.average(axes, numbers)


def _bar_words(comparison):
    return "Average" if comparison.uncertain else "Average, with its numerical error alone,"


def _done(axes, comparison, labels):
    """Share of worlds whose backlog is done by week, of some plans."""
    plans = {label: comparison.results[label] for label in labels}
    named = {capital(plan_title(label)): one for label, one in plans.items()}
    curves = {name: one.done_by_week() for name, one in named.items()}
    chances = {name: one.chance_done() for name, one in named.items()}
    plan = plans[comparison.reference].scenario
    done_by_week(axes, curves, plan, chances)
    dates.months(axes, plan.horizon, TICKS)


def _shown(table, name):
    """Whether a metric has a relative change in every plan that is compared."""
    return table.xs(name, level="metric")["percent"].notna().all()


def _relative(axes, comparison, table, names):
    """Relative change of each metric: a mark, its interval, and both in words."""
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_title("Change of the averages, 95% " + _error(comparison))
    for y, name in enumerate(names):
        numbers = table.xs(name, level="metric").iloc[0][list(PERCENT)].to_numpy(float)
        kind = _kind(name, *numbers)
        colour, marker = KINDS[kind]
        axes.hlines(y, *numbers[1:], color=colour, linewidth=2)
        axes.plot(numbers[0], y, marker, color=colour, markersize=8, markeredgewidth=2)
        words = "{}% ({})".format(*estimate(*numbers, signs=True, finest=1))
        beside(axes, y, f"{words} {kind}".strip(), 1.02, colour=FAINT if kind == "unclear" else INK)
    if not names:
        say(axes, "Nothing that can be put in percent")


def _error(comparison):
    return "interval" if comparison.uncertain else "numerical error"


def _kind(name, _, low, high):
    if low <= 0 <= high:
        return "unclear"
    if not DIRECTIONS[name]:
        return ""
    return "better" if DIRECTIONS[name] * low > 0 else "worse"


def _limits(panels, comparison, table, names):
    """Limits and labels that the panels on the right share."""
    low, high, room = _span(table.loc[(slice(None), names), list(PERCENT)])
    for axes in panels[:, 1]:
        axes.set_yticks(range(len(names)), [capital(label_of(name)) for name in names])
        axes.set_ylim(max(len(names), 3) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(low - 0.05 * room, high + 0.05 * room)
        ticks = MaxNLocator(nbins=4).tick_values(low, high)
        axes.set_xticks([t for t in ticks if low <= t <= high])
        thousands(axes.xaxis)
    panels[-1, 1].set_xlabel(f"Change [% of {plan_title(comparison.reference)}]")


def _span(numbers):
    """Lowest and highest of the numbers and 0, and the room between."""
    low, high = (float(end) for end in (numbers.min().min(), numbers.max().max()))
    low, high = min(0.0, low), max(0.0, high)
    return low, high, (high - low) or 1.0


# ---- by week -------------------------------------------------------------------------------------


def _difference(axes, comparison, plan):
    """The difference so far, from 0 at the start: where worlds fall, and its average."""
    flow, horizon = comparison.flow, comparison.results[plan].scenario.horizon
    paths = comparison.paths(plan)
    axes.set_title(_name(comparison, plan))
    unit = comparison.units[flow]
    axes.set_ylabel(f"Difference in {label_of(flow)},\ncumulative [{unit}]")
    if paths.any():
        row = comparison.row(plan, flow)
        ends = row[["mean", "ci_low", "ci_high"]].to_numpy(float)
        worlds.fan(axes, paths, ends, row["mc_error"], sign=True)
    else:
        axes.set(ylim=(-1, 2), yticks=[0], xlim=(0, horizon.weeks))
        say(axes, "No difference in any world")
    axes.axhline(0, color=INK, linewidth=1)
    dates.months(axes, horizon, TICKS)


def _ahead(axes, comparison, rows, even):
    """The chance to be ahead, and stay so to the end, by each week for which that can be told."""
    horizon = comparison.results[comparison.reference].scenario.horizon
    rows = rows[rows["week"] <= paired.last_judged(horizon.weeks)]
    week, shares = rows["week"], 100 * rows[["chance", "low", "high"]]
    band(axes, week, shares["low"], shares["high"], BLUE, 0.2)
    axes.plot(week, shares["chance"], color=BLUE, linewidth=2.4)
    axes.axhline(50, color=GREY, linewidth=0.8, linestyle=(0, (1, 2)))
    at = float(even["week"])
    if 1 < at <= week.max():
        axes.plot([at], [50], "o", color=INK, markersize=7, clip_on=False)
    text = even["text"]
    text = text if text == "no difference" else f"break-even: {text}"
    axes.set_title("\n".join(textwrap.wrap(capital(text), letters(RIGHT))))
    axes.set(xlim=(0, horizon.weeks), ylim=(0, 100))
    axes.set_ylabel("Chance to be ahead for good,\n95% interval [%]")
    axes.set_xlim(0, horizon.weeks)
    dates.months(axes, horizon, TICKS)
