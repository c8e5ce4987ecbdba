"""Figure of where the hours go week by week, in layers by activity."""

import numpy as np

from sim.analysis import estimates
from sim.figures import dates
from sim.figures.hours import ACTIVITIES, COLOURS
from sim.figures.stack import Layer, mean_of, stack, weekly, weeks_at_work
from sim.figures.style import INK, framed, say, styled
from sim.records.words import capital, estimate, kind_of_interval, percent, plan_title, weeks

COLUMNS = tuple(f"hours_{name}" for name in ACTIVITIES)
NOTE = (
    "Development hours of the whole team in each week: paid hours less meetings. Layers: on "
    "average over simulated worlds. Numbers beside: a week, on average over all weeks shown; in "
    "brackets the 95% interval of that."
)
PARTS = 4  # of the weeks shown, the first and the last of which are compared


@styled
def hours_by_week_figure(result):
    """Development hours of each week by activity, on average.

    result : Result
    returns : matplotlib.figure.Figure, one panel, the activities stacked

    At the right edge each activity has its hours a week, with the 95% interval.
    """
    shown, until = weeks_at_work(result)
    hours = weekly(result, COLUMNS, shown)
    figure = framed(result, finding(result), [f"{NOTE} {until}".strip()])
    axes = figure.subplots()
    dates.months(axes, result.scenario.horizon, 12, shown)
    axes.set(title="Where the hours go", ylabel="Development hours a week [h]")
    means = hours.mean(axis=(0, 1))
    if not means.any():
        axes.set(ylim=(0, 1), yticks=[0])
        say(axes, "No hours are worked")
        return figure
    layers = []
    for i, (name, words) in enumerate(ACTIVITIES.items()):
        *ends, error = mean_of(result, hours[..., i].mean(axis=2))
        mean, interval = estimate(*ends, error=error)
        layers.append(Layer(f"{words}: {mean} h ({interval})", COLOURS.get(name, INK), means[:, i]))
    stack(axes, layers)
    return figure


def finding(result):
    """The title: the activity whose share of the hours changes most as time goes by.

    Of a backlog, which is worked off, the activity that most of the hours at work go into.
    """
    name, (shown, _) = capital(plan_title(result.scenario.name)), weeks_at_work(result)
    hours = weekly(result, COLUMNS, shown)
    if not hours.any():
        return f"{name}: no hours are worked (0 h in all {hours[..., 0, 0].size} worlds)"
    changes = result.scenario.tasks.backlog is None
    told = (_change if changes else _largest)(result, hours)
    return f"{name}: {told}"


def _largest(result, hours):
    """The activity with the largest share of the hours at work, in words."""
    shares = _shares(hours * (np.array(list(ACTIVITIES)) != "idle"))
    most = int(shares.mean(axis=(0, 1)).argmax())
    what, span = list(ACTIVITIES.values())[most].lower(), weeks(hours.shape[2])
    share, interval = _share_in_words(result, shares[..., most])
    return f"{share} of the hours at work {interval} go into {what} in {span}"


def _change(result, hours):
    """The activity whose share changes most from the first to the last part of the weeks."""
    shown = hours.shape[2]
    part = max(1, shown // PARTS)
    first, last = _shares(hours[:, :, :part]), _shares(hours[:, :, -part:])
    change = np.abs((last - first).mean(axis=(0, 1)))
    most = int((change if shown > 1 else last.mean(axis=(0, 1))).argmax())
    share, interval = _share_in_words(result, last[..., most])
    activity, what = list(ACTIVITIES.items())[most]
    does = "find nothing to do" if activity == "idle" else f"go into {what.lower()}"
    span, since = "the week", ""
    if shown > 1:
        span = "the last week" if part == 1 else f"the last {weeks(part)}"
        since = f", {percent(first[..., most].mean())} in the first"
    return f"{share} of the development hours {interval} {does} in {span}{since}"


def _share_in_words(result, shares):
    """A share (draws, luck) in words, and its interval in brackets."""
    mean, low, high, _ = mean_of(result, shares, estimates.SHARE)
    kind = kind_of_interval(result.uncertain, result.provenance["luck"])
    return percent(mean), f"({kind} {percent(low)} to {percent(high)})"


def _shares(hours):
    """Share of each activity in the hours of some weeks: (draws, luck, activities)."""
    sums = hours.sum(axis=2)
    total = sums.sum(axis=2, keepdims=True)
    return np.divide(sums, total, out=np.zeros_like(sums), where=total > 0)
