"""Sessions, retries, defects and counts of tasks done, against their laws."""

import math

import numpy as np
from scipy.special import expit

from sim.engine import state
from sim.validation import closed_forms, worlds
from sim.validation.check import mean_check, variance_check

SIZE_HOURS, MOST = 1.5, 20  # of every task [expert-h]; sessions before it is done by hand
GROUP = "sessions and counts"


def retrying(sd_task=0.0, tasks=4000):
    """Twenty people who go on with the agent, task by task, until it is done or 20 have failed."""
    return worlds.plan(
        horizon={"weeks": 200},
        team={"intermediate": 20},
        tasks={
            "backlog": tasks,
            "advanced_share": 0.0,
            "average": {"size": "constant", "mean_hours": SIZE_HOURS},
        },
        tool={"profile": "claude-code-2026", "version": "date"},
        policy={"review": "none", "max_sessions": MOST},
        world={"sd_task": sd_task, "sd_developer": 0.0, "partial_share": 0.0, "defect_hand": 0.0}
        | {"defect_verified": 0.0, "defect_unverified": 0.0, "learning_rate": 0.0},
    )


def judged_logit(world):
    """Log-odds that a session on one of those tasks is judged done, at level 3, a node."""
    doublings = math.log2(SIZE_HOURS / world["size_ref_hours"])
    return (
        world["cut_unverified"]
        + world["shift_reference"]
        - (world["slope_per_doubling"] * doublings)
    )


def retries(sd_task=0.0, tasks=4000):
    """Mean sessions a task, where tasks are alike (geometric) or differ and stay as they are."""
    end = worlds.run(retrying(sd_task, tasks), uncertain=False)
    logit = judged_logit(end.world)
    sessions = end.tasks["sessions"][end.tasks["stream"] == 1]
    if len(sessions) != tasks or sessions.min() < 1:
        raise RuntimeError("not every task was tried: the run is too short")
    if sd_task == 0:
        return mean_check(
            GROUP,
            "where tasks are alike, sessions until one is done are geometric",
            "(1 - (1 - p)²⁰) / p",
            closed_forms.attempts(expit(logit), MOST),
            sessions,
            "sessions",
        )
    return mean_check(
        GROUP,
        "where difficulty stays with a task, failures persist as its spread says",
        "E[(1 - (1 - p)²⁰) / p], logit p ~ N(η, σ²)",
        closed_forms.mixed_attempts(logit, sd_task, MOST),
        sessions,
        "sessions",
    )


def defects(tasks=4000):
    """Share of tasks by hand that hold a defect, 2 h each at 0.1 an hour."""
    plan = worlds.alone(2.0, backlog=tasks, weeks=100, defect_hand=0.1, hand_ratio=1.0)
    plan = plan.replace({"team": {"intermediate": 10}, "world.defect_delay_weeks": 1000.0})
    stream = worlds.run(plan).stream
    if not (stream["state"] == state.DONE).all():
        raise RuntimeError("not every task was done: the run is too short")
    return mean_check(
        GROUP,
        "a piece holds a defect as often as the odds per hour say",
        "1 - (1 - q)^L",
        closed_forms.defect_probability(0.1, 2.0),
        stream["defect"],
        "share",
    )


def counts(count=400):
    """Tasks done by one person, of exponential sizes (Poisson) and of lognormal ones."""
    hours, mean = 200.0, 4.0  # half of 10 weeks
    alone = worlds.alone(weeks=10)
    drawn = {"tasks.average": {"size": "exponential", "mean_hours": mean}}
    done = [end.metrics["tasks_done"] for end in worlds.run_many(alone.replace(drawn), count)]
    first, second = closed_forms.lognormal_moments(2.0, 1.0)
    drawn = {"tasks.average": {"size": "lognormal", "median_hours": 2.0, "sigma": 1.0}}
    renewed = [end.metrics["tasks_done"] for end in worlds.run_many(alone.replace(drawn), count)]
    claim = "tasks of exponential size that one person ends are a Poisson process"
    return [
        mean_check(GROUP, f"{claim}: mean", "t / s", hours / mean, done, "tasks"),
        variance_check(GROUP, f"{claim}: variance", "t / s", hours / mean, done, "tasks²"),
        mean_check(
            GROUP,
            "tasks of lognormal size that one person ends are a renewal process",
            "t/m + E[S²] / (2 m²) - 1",
            closed_forms.renewals(hours, first, second),
            renewed,
            "tasks",
        ),
    ]


def arrivals(count=400):
    """Number of tasks that arrive in 20 weeks at 5 a week, and its variance."""
    plan = worlds.plan(horizon={"weeks": 20}, team={}, tasks={"arrivals_per_week": 5.0})
    found = np.array([float(end.world["arrived"]) for end in worlds.run_many(plan, count)])
    claim = "arrivals are a Poisson process"
    return [
        mean_check(GROUP, f"{claim}: mean", "λ t", 100.0, found, "tasks"),
        variance_check(GROUP, f"{claim}: variance", "λ t", 100.0, found, "tasks²"),
    ]
