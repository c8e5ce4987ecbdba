"""One run of a plan, week by week: who does what, and what is done so far."""

from typing import Any

from sim.experiments.ask import Worlds
from sim.experiments.lanes import WORK, by_week, measure_of, nearest
from sim.experiments.traces import labels, trace
from sim.planning.sessions import sessions
from sim.planning.worlds import SEED
from sim.scenario.calendar_days import day_at_end_of

ACTIVITIES = {
    "agent": "With an agent",
    "manual": "By hand",
    "review": "Review",
    "mentoring": "Helping others",
}
TASKS = ("tasks_done_average", "tasks_done_advanced")


def one_run(worlds: Worlds) -> dict[str, Any]:
    """The run nearest to the middle of some worlds, made again: plain data.

    `people`, `days` (the last of each week), `activities` as (name, words), `shares` of each
    person's clock by week and activity, tasks `done` so far by week, `deadline` [week] or None,
    `draw`, `luck`, and its `sessions`, each with its odds, as `sessions.sessions` gives them. What
    is left of a week is waiting, training, or a time before joining.
    """
    plan = worlds.plan
    draw, luck = nearest(worlds.values[measure_of(plan)])
    people, weeks = labels(plan), plan.horizon.weeks
    table = by_week(trace(plan, SEED, draw, luck), people, weeks)
    shares = table["share"].to_numpy(float).reshape(len(people), weeks, len(WORK))
    done = sum(worlds.weekly[flow][draw, luck] for flow in TASKS).cumsum()
    return {
        "people": people,
        "days": [day_at_end_of(week, plan.horizon.start) for week in range(1, weeks + 1)],
        "activities": [[name, ACTIVITIES[name]] for name in WORK],
        "shares": shares.round(3).tolist(),
        "done": done.round(0).tolist(),
        "deadline": plan.by_week,
        "draw": draw,
        "luck": luck,
        "sessions": sessions(plan, SEED, draw, luck),
    }
