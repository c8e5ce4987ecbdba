"""Figure of what waits in a run, week by week: for review, by who may do it, and for work."""

import numpy as np

from sim.engine.curves import LEVELS
from sim.errors import FigureError
from sim.figures import dates, worlds
from sim.figures.people import COLOURS, NAMES
from sim.figures.stack import Layer, busiest, mean_of, stack, weekly, weeks_at_work
from sim.figures.style import BLUE, VERMILLION, framed, is_inset, say, styled
from sim.records.words import capital, kind_of_interval, mean_count, plan_title, rounded

REVIEW = tuple(f"waiting_review_{level}" for level in LEVELS)
WORK = {
    "waiting_new": ("New work", BLUE),
    "waiting_fixes": ("Fixes, and work handed back", VERMILLION),
}
FEW = 0.5  # tasks; what is less on average in every week has no panel
ROOM = 3.4  # height of another row of panels [inch]
NOTE = (
    "Queues at the end of each week. A task waits for review from when it is handed in until "
    "somebody begins to review it; nobody reviews their own work. Level is expertise in the work, "
    "not a job title."
)
AVERAGES = "Layers: on average over simulated worlds; in brackets the 95% interval of that."


@styled
def queues_figure(result):
    """What waits for review and to be worked on, week by week.

    result : Result whose weekly record counts what waits
    returns : matplotlib.figure.Figure: tasks that wait for review, where 50, 80 and 95 of 100
        worlds fall; of these, where levels differ, who may review them, on average; where the work
        has an end or fixes wait, what waits to be worked on, on average. An inset is the first

    Raises FigureError, one line, where the record has no queues.
    """
    _check(result)
    weeks, until = weeks_at_work(result)
    reviewed, work = weekly(result, REVIEW, weeks), weekly(result, WORK, weeks)
    panels = _panels(result, reviewed, work)
    fan = worlds.SHADES if reviews(result) else ""
    layers = AVERAGES if len(panels) > 1 or not fan else ""
    notes = [note for note in (NOTE, f"{fan} {layers}".strip(), until) if note]
    rows = "AB;CC" if len(panels) == 3 else "AB"[: len(panels)]
    more = ROOM if len(panels) == 3 else 0.0
    figure = framed(result, finding(result), notes, more_height=more)
    for axes, draw in zip(figure.subplot_mosaic(rows).values(), panels, strict=True):
        dates.months(axes, result.scenario.horizon, 12 if rows == "A" else 4, weeks)
        draw(axes)
    return figure


def reviews(result):
    """Whether the plan has its work reviewed."""
    return result.scenario.policy.review != "none"


def _check(result):
    """Refuse a run whose weekly record has no queues."""
    columns = [*REVIEW, *WORK]
    lacking = [name for name in columns if name not in result.weekly]
    if lacking or result.weekly[list(REVIEW)].isna().any(axis=None):
        raise FigureError(
            f"{result.scenario.name}: its weekly record has no queues; run the scenario again with "
            "this version"
        )


def _panels(result, reviewed, work):
    """What draws each panel, on axes: the first of them alone in an inset."""
    panels = []
    if reviews(result):
        panels.append(lambda axes: _fan(axes, result, reviewed.sum(axis=3)))
        if (reviewed.mean(axis=(0, 1)).max(axis=0) >= FEW).sum() > 1:
            panels.append(lambda axes: _by_level(axes, result, reviewed))
    fixes = work[..., 1].mean(axis=(0, 1))
    if not panels or not np.isnan(work[..., 0]).all() or fixes.max() >= FEW:
        panels.append(lambda axes: _to_work_on(axes, result, work))
    return panels[:1] if is_inset() else panels


def _fan(axes, result, waiting):
    """All that waits for review, as single worlds have it."""
    axes.set(title="Waiting for review", ylabel="Waiting at the end of the week [tasks]")
    if not waiting.any():
        _nothing(axes, "Nothing waits for review")
        return
    now = result.scenario.now
    start = np.full((waiting[..., 0].size, 1), now.waiting_review if now else 0.0)
    *ends, error = mean_of(result, waiting[:, :, -1])
    worlds.fan(axes, np.hstack([start, waiting.reshape(len(start), -1)]), ends, error)


def _by_level(axes, result, reviewed):
    """Who may review what waits, on average."""
    axes.set(title="Who may review it", ylabel="Waiting, on average [tasks]")
    named = [(f"{NAMES[i]} or above", COLOURS[i]) for i in range(len(LEVELS) - 1)]
    _stack(axes, result, reviewed, [*named, ("Experts alone", COLOURS[-1])])


def _to_work_on(axes, result, work):
    """What waits to be worked on, on average; of work without an end the fixes alone."""
    axes.set(title="Waiting to be worked on", ylabel="Waiting, on average [tasks]")
    _stack(axes, result, np.nan_to_num(work), list(WORK.values()))


def _stack(axes, result, values, named):
    """Layers of values (draws, luck, weeks, layers), the last of them lowest.

    named : (words, colour) of each
    """
    means = values.mean(axis=(0, 1))
    if not means.any():
        _nothing(axes, "Nothing waits")
        return
    week, other = busiest(means.sum(axis=1))
    layers = []
    for i, (name, colour) in enumerate(named):
        mean, interval, then = _numbers(result, values[..., i], week, other)
        told = f"{name}: {mean} ({interval})\nin week {week + 1}, {then}"
        layers.append(Layer(told, colour, means[:, i]))
    stack(axes, layers[::-1])


def _numbers(result, values, week, other):
    """Of values (draws, luck, weeks) the mean in a week, its interval, and another week's mean."""
    *ends, error = mean_of(result, values[:, :, week])
    there = values[:, :, other].mean()
    mean, low, high, then = rounded(*ends, there, error=error)
    return mean, f"{low} to {high}", f"{then} in week {other + 1}"


def _nothing(axes, text):
    axes.set(ylim=(0, 1), yticks=[])
    say(axes, text)


def finding(result, name=None):
    """The title: how much waits, on average, in the week with most or the last, and for whom.

    name : what the plan is called; its title by default
    """
    name, (weeks, _) = capital(name or plan_title(result.scenario.name)), weeks_at_work(result)
    reviewed = reviews(result)
    values = np.nan_to_num(weekly(result, REVIEW if reviewed else WORK, weeks))
    what, total = "for review" if reviewed else "to be worked on", values.sum(axis=3)
    if not total.any():
        return f"{name}: nothing waits {what} (0 tasks in all {total[..., 0].size} worlds)"
    week, other = busiest(total.mean(axis=(0, 1)))
    mean, interval, then = _numbers(result, total, week, other)
    since = f", {then}" if other != week else ""
    whom = _whom(values[:, :, week].mean(axis=(0, 1))) if reviewed else ""
    kind = kind_of_interval(result.uncertain, result.provenance["luck"])
    return (
        f"{name}: on average {mean} tasks ({kind} {interval}) wait {what} at the end of "
        f"week {week + 1}{since}{whom}"
    )


def _whom(levels):
    """For whom what waits does so, in words: "; experts alone may review 8 of them"."""
    total, experts = levels.sum(), levels[-1]
    if experts == total:
        return "; experts alone may review them"
    if experts < 0.05 * total:
        return ""
    return f"; experts alone may review {mean_count(experts)} of them"
