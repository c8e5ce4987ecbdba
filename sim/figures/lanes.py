"""Figure of one world of a run: who works on what, week by week."""

import numpy as np

from sim.errors import FigureError
from sim.figures import dates
from sim.figures.hours import COLOURS
from sim.figures.style import GREEN, GREY, INK, framed, say, styled
from sim.records.words import capital, percent, plan_title

MOST, ROOM, HEIGHT = 16, 0.3, 0.8  # lanes; height of each beyond the tenth [inch]; of a bar
LEAST = 0.005  # share of the time from which an activity is named in the title
LOOKS = {
    "agent": ("with an agent", COLOURS["agent"]),
    "manual": ("by hand", COLOURS["manual"]),
    "review": ("review", COLOURS["review"]),
    "mentoring": ("helping others", GREEN),
}
NOTE = (
    "One simulated world of {count:,}, the one nearest to the middle by {measure} (draw {draw}, "
    "luck {luck}): what would happen once, not what is expected. A bar a week, as high as the week "
    "is long; meetings are spread over it. What is left blank is waiting, training, or not there. "
    "Rework and fixes stand with the way they are done."
)


@styled
def lanes_figure(result, table, world):
    """Who works on what in one world, a lane a person, a stacked bar a week.

    result : Result; table : as `sim.experiments.lanes.lanes` gives it; world : (draw, luck)
    returns : matplotlib.figure.Figure, one panel

    More than 16 people are drawn as the mean of each level and role.
    """
    shares, names = _arranged(table)
    measure = "time to done" if result.scenario.tasks.backlog is not None else "work delivered"
    note = NOTE.format(
        count=len(result.replications), measure=measure, draw=world[0], luck=world[1]
    )
    more = ROOM * max(0, len(names) - 10)
    figure = framed(result, _finding(result, shares, names), [note], more_height=more)
    axes = figure.subplots()
    dates.months(axes, result.scenario.horizon, ticks=12)
    if not names:
        say(axes, "Nobody is in it")
        return figure
    _lanes(axes, shares, names)
    _deadline(axes, result.scenario)
    return figure


def _arranged(table):
    """Shares (lanes, weeks, activities), and names of the lanes, the least expert first."""
    people = list(dict.fromkeys(table["person"]))
    if not people:
        return np.zeros((0, 0, len(LOOKS))), []
    weeks = int(table["week"].max()) + 1
    shares = table["share"].to_numpy(float).reshape(len(people), weeks, len(LOOKS))
    if len(people) <= MOST:
        return shares, [_name(person) for person in people]
    kinds = [person.rpartition(" ")[0] for person in people]
    each = list(dict.fromkeys(kinds))
    if len(each) > MOST:
        raise FigureError(f"{len(each)} kinds of people: at most {MOST} are drawn")
    means = [shares[[k == kind for k in kinds]].mean(axis=0) for kind in each]
    return np.stack(means), [f"{_name(f'{kind} ')} (mean of {kinds.count(kind)})" for kind in each]


def _name(person):
    """A lane in words: "expert-level engineer 1" as "Expert 1"."""
    kind, _, number = person.rpartition(" ")
    level, _, role = kind.partition("-level ")
    level = "advanced-level" if level == "advanced" else level
    of = ", adjacent role" if role == "adjacent" else ""
    return capital(f"{level} {number}".strip() + of)


def _finding(result, shares, names):
    """The title: on what the time of all goes in this world."""
    name = capital(plan_title(result.scenario.name))
    if not names or not shares.any():
        return f"{name}: nobody works in it"
    every = shares.mean(axis=(0, 1))
    told = zip(every, LOOKS.values(), strict=True)
    parts = [f"{percent(share)} {words}" for share, (words, _) in told if share > LEAST]
    rest = percent(max(0.0, 1 - every.sum()))
    return f"{name}, one middling world: of all time {', '.join(parts)}; {rest} is left over"


def _lanes(axes, shares, names):
    """Lanes from above, in each a stacked bar a week."""
    weeks = np.arange(shares.shape[1])
    for lane, one in enumerate(shares):
        foot = np.full(len(weeks), len(names) - 1 - lane - HEIGHT / 2)
        scale = HEIGHT / max(1.0, float(one.sum(axis=1).max()))  # sessions may overlap
        for (words, colour), part in zip(LOOKS.values(), one.T, strict=True):
            height = part * scale
            label = words if lane == 0 else None
            axes.bar(weeks, height, 1.0, foot, align="edge", color=colour, label=label)
            foot = foot + height
        axes.axhline(len(names) - 1 - lane - HEIGHT / 2, color=GREY, linewidth=0.6)
    axes.set_yticks(range(len(names)), names[::-1], size=9)
    axes.tick_params(axis="y", length=0)
    axes.set(xlim=(0, len(weeks)), ylim=(-0.6, len(names) - 0.4))
    look = {"handlelength": 1.0, "columnspacing": 1.0, "borderaxespad": 0.2}
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.05), ncols=len(LOOKS), **look)


def _deadline(axes, plan):
    if plan.by_week is not None and plan.by_week < plan.horizon.weeks:
        axes.axvline(plan.by_week, color=INK, linewidth=1.4, linestyle=(0, (4, 2)))
        axes.annotate(
            "deadline", (plan.by_week, 1), (0, 4), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", size=9, weight="bold",
        )  # fmt: skip
