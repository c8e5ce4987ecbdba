"""Figure of how many people of a run stand at each level of expertise."""

from sim.engine.curves import LEVELS
from sim.errors import FigureError
from sim.figures import dates
from sim.figures.stack import Layer, mean_of, stack, weekly
from sim.figures.style import framed, say, styled, whole_numbers
from sim.records.words import capital, kind_of_interval, plan_title

NAMES = ("Novice", "Beginner", "Intermediate", "Advanced-level", "Expert")
COLUMNS = tuple(f"level_{level}" for level in LEVELS)
# cividis at five even steps: even in brightness, and the same for every kind of colour vision
COLOURS = ("#2F4879", "#596180", "#7C7B78", "#BCAF6F", "#FFEA46")
PEOPLE = (
    "People nearest each level of expertise at the end of each week, engineers and adjacent roles "
    "together, on average over simulated worlds; level is expertise in the work, not a job title. "
    "In brackets: 95% interval of the average at the end."
)


@styled
def levels_figure(result):
    """How many people stand at each level, week by week, on average.

    result : Result whose weekly record counts people by level
    returns : matplotlib.figure.Figure, one panel, the levels stacked, experts lowest

    At the right edge each level has its mean at the end and the 95% interval of that. Raises
    FigureError, one line, where the record has no counts.
    """
    missing = [name for name in COLUMNS if name not in result.weekly]
    if missing:
        raise FigureError(
            f"{result.scenario.name}: the weekly record has no column {missing[0]!r}; run the "
            "scenario again with this version"
        )
    counts = weekly(result, COLUMNS)
    figure = framed(result, _finding(result, counts), [PEOPLE])
    axes = figure.subplots()
    dates.months(axes, result.scenario.horizon, ticks=12)
    axes.set(title="People at each level", ylabel="People")
    means = counts.mean(axis=(0, 1))
    if not means.any():
        axes.set(ylim=(0, 1), yticks=[0])
        say(axes, "Nobody is in it")
        return figure
    layers = [
        Layer(_words(result, counts, level), COLOURS[level], means[:, level])
        for level in reversed(range(len(COLUMNS)))
    ]
    stack(axes, layers)
    whole_numbers(axes.yaxis, 8)
    return figure


def _words(result, counts, level):
    """A level with its mean at the end and the interval of it."""
    first = counts[:, :, 0, level].mean()
    mean, low, high = _ends(result, counts[:, :, -1, level])
    ends = "" if low == high else f" ({_people(low)} to {_people(high)})"
    return f"{NAMES[level]}: {_people(mean)}{ends},\n{_people(first)} in week 1"


def _ends(result, values):
    """Mean and both ends of the interval, of values (draws, luck) of a result's worlds."""
    return mean_of(result, values, result.bounds("level_counts_end_expert"))[:3]


def _finding(result, counts):
    """The title: people at intermediate or above, at the end of the first and last week."""
    name, weeks_ = capital(plan_title(result.scenario.name)), counts.shape[2]
    if not counts.any():
        return f"{name}: nobody is in it (0 people in all {counts[..., 0, 0].size} worlds)"
    able = counts[..., 2:].sum(axis=3)
    (first, *_), (mean, low, high) = (_ends(result, able[:, :, week]) for week in (0, -1))
    total = counts[:, :, -1].sum(axis=2)
    of = f" of {_people(total.max())}" if total.min() == total.max() else ""
    since = "" if weeks_ == 1 else f", {_people(first)} in week 1"
    return (
        f"{name}: {_people(mean)}{of} people ({kind_of_interval(result.uncertain, 2)} "
        f"{_people(low)} to {_people(high)}) are intermediate or above in week {weeks_}{since}"
    )


def _people(count):
    """A number of people to one decimal, without one where it is whole: 7, 8.3."""
    return f"{count:.1f}".removesuffix(".0")
