"""Figure of one run: its work by week and where the hours go, or when its backlog is done.

Nothing is estimated that the summary does not estimate: each number comes from
`sim.analysis.estimates`, each footnote from `sim.records.provenance`.
"""

import math

import numpy as np

from sim.figures import dates, worlds
from sim.figures.drawing import done_by_week
from sim.figures.hours import of_100, shares_by_activity
from sim.figures.stack import weekly
from sim.figures.style import framed, is_inset, say, styled
from sim.records.words import (
    capital,
    kind_of_interval,
    percent,
    plan_subject,
    plan_title,
    rounded,
    tickets,
    weeks,
)  # fmt: skip

MEANING = (
    "Expert-hour: what an expert engineer does by hand in an hour, counted while no surfaced "
    "defect is open in it. Development hours: paid hours less meetings."
)
CHANCES = "Band of a chance: 95% interval by the number of worlds."
OF_TIME = ("done_by", "weeks_to_done")  # metrics told by a curve of what is done by week
TICKETS = ("tasks_done_average", "tasks_done_advanced")


@styled
def run_figure(result):
    """What one run comes to, and where its hours go.

    result : Result
    returns : matplotlib.figure.Figure, two panels, with title, warnings and footnote; an inset is
        the first of them

    The left panel is work delivered week by week: where 50, 80 and 95 of 100 single worlds fall,
    and the expectation, with its 95% interval at the end. Where the answer is when a backlog is
    done, it is the share of worlds in which it is, by date, and the right panel is what is done of
    it by week.
    """
    timed = result.metric in OF_TIME
    kind = kind_of_interval(result.uncertain, result.provenance["luck"]).rstrip(",")
    shades = f"{worlds.SHADES} Bar at the right: the average, with its {kind}."
    notes = [CHANCES if is_inset() else f"{CHANCES} {shades}"] if timed else [shades, MEANING]
    figure = framed(result, finding(result), notes)
    if is_inset():
        (_done if timed else _work)(figure.subplots(), result)
        return figure
    left, right = figure.subplots(1, 2, width_ratios=(1, 1) if timed else (1.2, 1))
    (_done if timed else _work)(left, result)
    if timed:
        _burn_up(right, result)
    else:
        of_100(right, shares_by_activity(result), "Of 100 development hours")
    return figure


def finding(result):
    """The title: what the answer is of, or what the team delivers, and where worlds fall."""
    plan = result.scenario
    if result.metric == "weeks_to_done":
        return f"{capital(plan_title(plan.name))}: {_when(result)}"
    name = capital(plan_subject(plan.name))
    if result.metric == "done_by":
        return result.headline().replace(plan.name, name, 1)
    if result.metric != "work_delivered":
        return f"{result.headline().replace(plan.name, name, 1)}. {capital(_delivers(result))}"
    return f"{name} {_delivers(result)}"


def _delivers(result):
    """What a plan delivers, in words from the verb on: what the left panel shows."""
    plan, span = result.scenario, weeks(result.scenario.horizon.weeks)
    values = result.values("work_delivered")[:, :, 0]
    if not values.any():
        nobody = not plan.groups and not plan.people
        why = "has nobody in it and " if nobody else ""
        return f"{why}delivers no work in {span} (0 expert-hours in all {values.size} worlds)"
    row = result.summary().loc["work_delivered"]
    mean, low, high = rounded(row["mean"], row["p10"], row["p90"], error=row["mc_error"])
    return f"delivers about {mean} expert-hours in {span} (8 times in 10: {low} to {high})"


def _when(result):
    """When a backlog is done, in words: by which date half and 85% of worlds have it done."""
    plan, forecast = result.scenario, result.forecast()
    start, work = plan.horizon.start, tickets(plan)
    half, most = (
        "" if math.isinf(week) else dates.day_words(dates.end_of(week, start))
        for week in (forecast.p50, forecast.p85)
    )
    done, low, high = (
        percent(share)
        for share in (forecast.finished, forecast.finished_low, forecast.finished_high)
    )
    within = f"within {weeks(forecast.horizon)} (95% interval {low} to {high})"
    if not half:
        return f"{done} chance that {work} are done {within}"
    if not most:
        return f"{work} are as likely as not done by {half}; {done} chance {within}"
    ends = (_date_or_later(week, start) for week in (forecast.p50_low, forecast.p50_high))
    return (
        f"{work} are as likely as not done by {half}, and 85% sure by {most} "
        f"(95% interval of the first {' to '.join(ends)})"
    )


def _date_or_later(week, start):
    return "later" if math.isinf(week) else dates.day_words(dates.end_of(week, start))


def _paths(result, names):
    """Sum of weekly flows so far, from 0 at the start: (worlds, weeks + 1)."""
    flows = weekly(result, names).sum(axis=3)
    total = flows.reshape(-1, flows.shape[2]).cumsum(axis=1)
    return np.hstack([np.zeros((len(total), 1)), total])


def _work(axes, result):
    """Cumulative work delivered, from 0 at the start."""
    paths = _paths(result, ["work_delivered"])
    axes.set_title("Work delivered so far")
    axes.set_ylabel("Work delivered, cumulative [expert-h]")
    _fan(axes, result, paths, "work_delivered", "No work is delivered")


def _fan(axes, result, paths, metric, nothing):
    """A fan of worlds whose end is a metric of the summary, over the calendar."""
    row = result.summary().loc[metric]
    if paths.any():
        ends = row[["mean", "ci_low", "ci_high"]].to_numpy(float)
        worlds.fan(axes, paths, ends, row["mc_error"])
    else:
        axes.set(ylim=(0, 1), yticks=[0], xlim=(0, result.scenario.horizon.weeks))
        say(axes, nothing)
    dates.months(axes, result.scenario.horizon)


def _done(axes, result):
    """Share of worlds whose backlog is done by each week, with the deadline and two marks."""
    plan, forecast = result.scenario, result.forecast()
    marks = ((50, forecast.p50), (85, forecast.p85))
    done_by_week(axes, {"": result.done_by_week()}, plan, {"": result.chance_done()}, marks)
    axes.set_title(f"How likely {tickets(plan)} are done", pad=20)


def _burn_up(axes, result):
    """Tickets done so far, fixes among them."""
    axes.set_title("Tickets done so far, fixes among them", pad=20)
    axes.set_ylabel("Tickets done, cumulative [tasks]")
    _fan(axes, result, _paths(result, TICKETS), "tasks_done", "No ticket is done")
