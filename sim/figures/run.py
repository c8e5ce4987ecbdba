"""Figures of one run: records in, a matplotlib Figure out.

Nothing is estimated that the summary does not estimate: each number comes from
`sim.analysis.estimates`, each footnote from `sim.records.provenance`.
"""

from matplotlib.ticker import MaxNLocator

from sim import caveats
from sim.analysis import estimates
from sim.engine.state import ACCOUNTS
from sim.figures.style import (
    BLUE,
    GREY,
    HEIGHT,
    INK,
    ORANGE,
    WIDTH,
    ShownFigure,
    frame,
    rounded,
    say,
    styled,
    thousands,
)
from sim.records import provenance
from sim.records.words import kind_of_interval

ACTIVITIES = {row.name: row.label or row.name.capitalize() for row in ACCOUNTS}
MEANING = (
    "Expert-hour: what an expert engineer does by hand in an hour, counted while no surfaced "
    "defect is open in it. Development hours: paid hours less meetings."
)


@styled
def run_figure(result):
    """Work delivered week by week, and where the hours go, of one run.

    result : Result
    returns : matplotlib.figure.Figure, two panels, with title, warnings and footnote

    Bands of the left panel, per week and cumulative: the 95% interval of the
    expected output (chance averaged out), and where 8 of 10 single worlds fall.
    Either can be the wider one; it depends on how much of the variance is luck.
    """
    foot = provenance.footnote(result.provenance, result.scenario.name)
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    frame(figure, finding(result), warnings_of(result), [MEANING, foot])
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    _work(left, result)
    _hours(right, result)
    for axes in (left, right):
        axes.tick_params(labelsize=9.5, color=INK, labelcolor=INK)  # ticks are made at drawing
    return figure


def finding(result):
    """The title: what the team delivers, with its interval, in one sentence."""
    name, weeks = result.scenario.name, result.scenario.horizon.weeks
    span = f"{weeks} week" if weeks == 1 else f"{weeks} weeks"
    values = result.values("work_delivered")[:, :, 0]
    if not values.any():
        nobody = not result.scenario.groups and not result.scenario.people
        why = "has nobody in it and " if nobody else ""
        return (
            f"{name} {why}delivers no work in {span} (0 expert-hours in all {values.size} worlds)"
        )
    mean, low, high = rounded(*estimates.estimate(values, result.uncertain)[:3])
    return f"{name} delivers about {mean} expert-hours in {span} ({_kind(result)} {low} to {high})"


def _kind(result):
    return kind_of_interval(result.uncertain, result.provenance["luck"])


def warnings_of(record):
    """The caveats of a record without which its numbers must not be shown."""
    return caveats.of_kinds(record.caveats, *caveats.ALWAYS)


def _work(axes, result):
    """Cumulative work delivered, from 0 at the start, with both bands."""
    p, weeks = result.provenance, result.scenario.horizon.weeks
    flows = result.weekly["work_delivered"].to_numpy(float).reshape(p["draws"], p["luck"], weeks)
    total = flows.cumsum(axis=2)
    rows = [estimates.estimate(total[:, :, w], result.uncertain) for w in range(weeks)]
    columns = zip((0.0,) * 6, *(row[:6] for row in rows), strict=True)
    mean, low, high, p10, _, p90 = columns
    week = range(weeks + 1)
    kind = _kind(result).rstrip(",").replace("expectation", "expected output")
    axes.fill_between(week, p10, p90, color=ORANGE, alpha=0.22, linewidth=0)
    axes.fill_between(week, low, high, color=BLUE, alpha=0.2, linewidth=0, label=kind)
    edge = {"color": ORANGE, "linestyle": (0, (4, 2)), "linewidth": 1.4}
    axes.plot(week, p90, label="8 of 10 single worlds (10–90%)", **edge)
    axes.plot(week, p10, **edge)
    axes.plot(week, mean, color=BLUE, linewidth=2.4, label="Mean")
    axes.set(title="Work delivered so far", xlabel="Time [weeks]")
    axes.set_ylabel("Work delivered, cumulative [expert-h]")
    axes.set_xlim(0, weeks)
    if not any(high) and not any(low) and not any(p90) and not any(p10):
        axes.set(ylim=(0, 1), yticks=[0])
        say(axes, "No work is delivered")
    else:
        # Headroom for the legend, wherever the curves run.
        axes.set_ylim(1.05 * min(0.0, *low, *p10), 1.3 * max(0.0, *high, *p90))
        axes.legend(loc="upper left")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    thousands(axes.yaxis)


def _hours(axes, result):
    """Mean hours by activity, with the 95% interval of each; those always zero left out."""
    table = result.summary()
    names = [name for name in ACTIVITIES if (result.replications[f"hours_{name}"] != 0).any()]
    axes.set(title="Where the hours go", xlabel=f"Development hours, {_label(result)} [h]")
    if not names:
        axes.set(xlim=(0, 1), xticks=[0], yticks=[])
        say(axes, "No hours are worked")
        return
    rows = table.loc[[f"hours_{name}" for name in names], ["mean", "ci_low", "ci_high"]]
    colours = [GREY if name == "idle" else BLUE for name in names]
    hour_bars(axes, rows.to_numpy(), [ACTIVITIES[name] for name in names], colours)


def hour_bars(axes, rows, names, colours):
    """Horizontal bars of hours with their intervals, and a column of them in numbers at the right.

    rows : (bars, 3), mean and both ends of the interval [h]
    """
    place, (means, lows, highs) = range(len(names)), rows.T
    axes.barh(place, means, color=colours, alpha=0.75, height=0.62)
    axes.hlines(place, lows, highs, color=INK, linewidth=1.4)
    for ends in (lows, highs):
        axes.plot(ends, place, "|", color=INK, markersize=8, markeredgewidth=1.4)
    widest = rows.max()
    for y, (mean, low, high) in zip(place, rows, strict=True):
        middle, *ends = rounded(mean, low, high, finest=0 if widest >= 100 else 12)
        text = f"{middle} ({ends[0]} to {ends[1]})"
        axes.text(1.02, y, text, va="center", size=9, transform=axes.get_yaxis_transform())
    axes.set_yticks(place, names)
    axes.set_ylim(max(len(names), 3) - 0.5, -0.5)  # first activity on top; a lone bar stays a bar
    axes.set_xlim(0, 1.03 * widest)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.tick_params(axis="y", length=0)
    thousands(axes.xaxis)


def _label(result):
    return "mean and 95% " + ("interval" if result.uncertain else "numerical error")
