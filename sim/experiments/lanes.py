"""One world of a run, week by week: what share of the clock each person spends on what."""

import numpy as np

from sim.engine import source_hash
from sim.engine.state import HOURS_PER_WEEK
from sim.errors import RunError
from sim.experiments.traces import labels, trace

WORK = ("agent", "manual", "review", "mentoring")  # stretches that a trace tells
MEASURE, OTHERWISE = "weeks_to_done", "work_delivered"


def measure_of(plan):
    """The metric by which a world of a plan is in the middle: time to done, or else work."""
    return MEASURE if plan.tasks.backlog is not None else OTHERWISE


def middling(result):
    """The world nearest to the median of a run: (draw, luck), by time to done or else by work."""
    return nearest(result.values(measure_of(result.scenario))[:, :, 0])


def nearest(values):
    """The world nearest to the median of values (draws, luck): (draw, luck), the first of some."""
    far = np.abs(values - np.nanmedian(values))
    draw, luck = np.unravel_index(np.argmin(np.nan_to_num(far, nan=np.inf)), values.shape)
    return int(draw), int(luck)


def lanes(result):
    """Shares of the clock of one world of a run, made again: DataFrame, and (draw, luck).

    One row a person, week and activity of WORK: person ("expert-level engineer 1"), week from 0,
    activity, share of a week's working hours. What is left of a week is waiting, training, or
    before joining and after leaving.

    Raises RunError, one line, where worlds of the run cannot be made again.
    """
    p, plan = result.provenance, result.scenario
    draw, luck = middling(result)
    _refuse_other(result)
    rows = trace(plan, p["seed"], draw, luck, p["uncertainty"])
    return by_week(rows, labels(plan), plan.horizon.weeks), (draw, luck)


def by_week(rows, people, weeks):
    """Shares of the clock by person, week and activity of the stretches of a world.

    rows : DataFrame, as `trace` gives them; people : names, in order; weeks : of the run
    """
    import pandas as pd  # late: slow to import

    hours = np.zeros((len(people), weeks, len(WORK)))
    place = {name: i for i, name in enumerate(people)}
    who = rows["developer"].map(place).to_numpy(int)
    what = rows["activity"].map({name: i for i, name in enumerate(WORK)}).to_numpy(float)
    start, end = (rows[name].to_numpy(float) for name in ("start_hours", "end_hours"))
    told = np.isfinite(what)
    for week in range(weeks):
        first = week * HOURS_PER_WEEK
        inside = np.minimum(end, first + HOURS_PER_WEEK) - np.maximum(start, first)
        here = told & (inside > 0)
        np.add.at(hours, (who[here], week, what[here].astype(int)), inside[here])
    index = pd.MultiIndex.from_product(
        [people, range(weeks), WORK], names=["person", "week", "activity"]
    )
    return pd.Series(hours.ravel() / HOURS_PER_WEEK, index, name="share").reset_index()


def _refuse_other(result):
    """Refuse a run of an earlier version, whose worlds the rules of today do not make again."""
    if result.provenance["engine_sources"] != source_hash():
        raise RunError(
            f"{result.scenario.name}: made with other rules of the engine, so none of its worlds "
            "can be drawn again; run it anew"
        )
