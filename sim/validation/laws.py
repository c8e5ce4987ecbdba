"""What holds exactly or at a known rate: laws, common luck, two clocks, the error of estimates.

A law is how far a world is from it: 0 means that the law holds; times and hours are compared
relative to their size, counts as they are.
"""

import numpy as np

from sim.analysis import estimates
from sim.engine import batch, setup, state
from sim.engine.curves import LEVELS
from sim.validation import coverage, worlds
from sim.validation.check import ROUNDING, check_of, exact_check

IN_HAND = (
    state.HELD,
    state.RUNNING,
    state.SUBMITTED,
    state.QUEUED,
    state.IN_REVIEW,
    state.UNRELEASED,
)


def capacity_hours(end):
    """Development hours the team has in the whole run, training and mentoring included [h]."""
    return float(end.calendar["capacity"].sum())


def tasks_lost(end):
    """Arrived less done, given up, waiting and in hand [tasks, or parts of them]."""
    states = end.tasks["state"]
    settled = (state.DONE, state.ABANDONED, state.WAITING, state.CHAINED, *IN_HAND)
    return int(end.world["arrived"]) - int(np.isin(states, settled).sum())


def hours_lost(end):
    """Hours by activity less capacity, over capacity [share]."""
    by_activity = sum(end.metrics[f"hours_{bucket}"] for bucket in state.BUCKETS)
    return _relative(by_activity, capacity_hours(end))


def littles_gap(end):
    """Tasks in the system, integrated over time, less the time tasks were in it [share]."""
    started = end.tasks[np.isfinite(end.tasks["start"])]
    stay = np.minimum(started["end"], end.world["horizon"]) - started["start"]
    return _relative(float(end.world["area"]), float(stay.sum()))


def work_gap(end):
    """Work delivered less the size of accepted tasks without an open defect [share]."""
    credited = end.tasks["credited"] == 1
    return _relative(end.metrics["work_delivered"], float(end.tasks["whole_hours"][credited].sum()))


def parts_gap(end):
    """Parts of tasks whose sizes or counts do not add up to those of the whole [parts]."""
    tasks = end.tasks[end.tasks["stream"] == 1]
    gaps = 0
    for whole in tasks[tasks["part"] == 0]:
        parts = tasks[tasks["root"] == whole["root"]]
        left = int((parts["state"] != state.DONE).sum())
        given_up = int((parts["state"] == state.ABANDONED).sum())
        held = int((parts["state"] == state.HELD).sum()) if len(parts) > 1 else 0
        gaps += abs(_relative(float(parts["size_hours"].sum()), whole["whole_hours"])) > 1e-9
        gaps += abs(left - int(whole["parts_left"])) + abs(held - int(whole["parts_held"]))
        gaps += abs(given_up - int(whole["parts_given_up"]))
    return gaps


def tickets_lost(end):
    """Of a backlog, tickets less those done, given up, and otherwise not done [tickets]."""
    if end.world["work"] != state.BACKLOG:
        return 0
    wholes = end.tasks[(end.tasks["stream"] == 1) & (end.tasks["part"] == 0)]
    fixes = end.tasks[(end.tasks["stream"] == 0) & np.isfinite(end.tasks["arrival"])]
    open_fixes = int((fixes["state"] != state.DONE).sum())
    done, left = int(end.world["stream_done"]), int(end.metrics["backlog_end"]) - open_fixes
    given_up = (wholes["parts_given_up"] > 0).sum() + (fixes["state"] == state.ABANDONED).sum()
    return (
        abs(int(end.world["backlog"]) - done - left)
        + abs(int((wholes["parts_left"] == 0).sum()) - done)
        + abs(int(given_up) - int(end.metrics["abandoned"]))
    )


def urgent_gap(end):
    """Reviews counted as urgent less those that wait while their author is at the limit."""
    waiting = end.tasks["owner"][end.tasks["state"] == state.QUEUED]
    at_limit = end.developers["unreviewed"] >= end.world["wip_limit"]
    return abs(int(end.world["urgent"]) - int(at_limit[waiting].sum()))


def queue_gap(end):
    """Tasks that wait at the end less those that the last week's row has in its queues [tasks]."""
    tasks, last = end.tasks, end.weeks["queues"][-1]
    listed = tasks["state"] == state.WAITING
    waiting = {
        slice(state.W_REVIEW, state.W_REVIEW + len(LEVELS)): np.isin(
            tasks["state"], (state.SUBMITTED, state.QUEUED)
        ),
        state.W_FIXES: listed & (tasks["queue"] == state.FIXES),
        state.W_NEW: listed & (tasks["queue"] == state.STREAM),
    }
    return sum(abs(int(last[place].sum()) - int(each.sum())) for place, each in waiting.items())


def overlaps(end):
    """Stretches of one person, or on one task, that overlap in time [stretches]."""
    count = 0
    for column in ("developer", "task"):
        rows = np.sort(end.trace, order=[column, "start_hours", "end_hours"])
        same = rows[column][1:] == rows[column][:-1]
        count += int((same & (rows["start_hours"][1:] < rows["end_hours"][:-1])).sum())
    return count


def _relative(value, expected):
    return abs(value - expected) / max(abs(expected), 1.0)


# ---- as checks ---------------------------------------------------------------------------------

OWN = ("key", "advanced", "kind", "whole_hours", "trait", "hand_luck")  # what luck gives a task
LEVERS = (  # changes that must leave every other thing's luck as it was
    {"policy.review": "none"},
    {"policy.agent_use": "never"},
    {"tool.profile": "none"},
    {"team.expert": 4},
    {"policy.scope_hours": 0.5},
    {"world.review_rate": 1.0},
)
LAWS = {  # name -> how far a world is from it, how far it may be
    "tasks_lost": (tasks_lost, 0.0),
    "hours_lost": (hours_lost, ROUNDING),
    "littles_gap": (littles_gap, ROUNDING),
    "work_gap": (work_gap, ROUNDING),
    "parts_gap": (parts_gap, 0.0),
    "tickets_lost": (tickets_lost, 0.0),
    "overlaps": (overlaps, 0.0),
}


def conserved(count=200):
    """The laws in `count` worlds of every shape: the farthest any of them is off."""
    ends = [worlds.run(worlds.any_scenario(worlds.picker(i)), 1, i, 1) for i in range(count)]
    return [
        exact_check(name, 0.0, max(abs(measure(end)) for end in ends), count, allowed)
        for name, (measure, allowed) in LAWS.items()
    ]


def clocks_apart(count=25):
    """Fields in which the compiled clock and Mesa differ, in `count` worlds of every shape."""
    apart = 0
    for i in range(count):
        plan = worlds.any_scenario(worlds.picker(i))
        one, other = worlds.run(plan, 3, i, 1), worlds.run_mesa(plan, 3, i, 1)
        apart += len(worlds.differences(one, other))
    return exact_check("two_clocks", 0, apart, 2 * count)


def unlike_draws(plan, other, change=()):
    """Parameters whose draws differ between two plans, those of `change` left out."""
    one, two = (setup.draw(p, 3, 0, 50) for p in (plan, other))
    stated = {name.removeprefix("world.") for name in change}
    return [n for n in one if n not in stated and not np.array_equal(one[n], two[n])]


def unlike_tasks(one, other):
    """What luck gives a task, where it differs between the tasks that two worlds share."""
    common = min(len(one.stream), len(other.stream))
    if common <= 10:
        raise RuntimeError("the two worlds share too few tasks to tell")
    return [
        name
        for name in OWN
        if not np.array_equal(one.stream[name][:common], other.stream[name][:common])
    ]


def common_luck():
    """Draws and tasks that change where a lever does."""
    plan = worlds.plan(horizon={"weeks": 4})
    unlike = 0
    for change in LEVERS:
        other = plan.replace(change)
        unlike += len(unlike_draws(plan, other, change))
        unlike += len(unlike_tasks(worlds.run(plan, 3, 7, 1), worlds.run(other, 3, 7, 1)))
    return exact_check("common_luck", 0, unlike, 2 * len(LEVERS), levers=len(LEVERS))


def threads_apart():
    """Values that change with the number of threads, or with how jobs are cut."""
    plan, draws = coverage.small(), 60
    points = batch.templates_of(plan, 1, setup.draw(plan, 1, 0, draws))
    replication = setup.replication(np.arange(draws), 0)
    one, two = (
        batch.simulate(points, np.arange(draws), replication, threads, chunk=chunk)[0]
        for threads, chunk in ((1, 60), (3, 7))
    )
    apart = int((~((one == two) | (np.isnan(one) & np.isnan(two)))).sum())
    return exact_check("threads", 0, apart, 2 * draws)


SIZES = (25, 100, 400, 1600)  # draws of a run


def error_rate(draws=12_800, threads=None):
    """How the error of mean work delivered falls with the number of draws in a run.

    draws : of all the runs of one size together; sizes share none

    The error at a size is the spread of the means of its runs; its logarithm has variance
    1 / (2 runs), so that the slope is a weighted regression.
    """
    y = coverage.worlds(coverage.small(), 4, len(SIZES) * draws, 2, threads)[:, :, 0]
    runs = np.array([draws // size for size in SIZES])
    parts_of = y.reshape(len(SIZES), draws, 2)
    errors = [
        part.reshape(n, -1).mean(axis=1).std(ddof=1) for n, part in zip(runs, parts_of, strict=True)
    ]
    x, logs = np.log(SIZES), np.log(errors)
    centre = np.average(x, weights=runs)
    spread = (runs * (x - centre) ** 2).sum()
    slope = (runs * (x - centre) * logs).sum() / spread
    parts = estimates.split(y)
    predicted = np.sqrt((parts.between + parts.within / 2) / SIZES[1])
    error = float(errors[1] / np.sqrt(2 * runs[1]))
    return [
        check_of("error_rate", -0.5, slope, np.sqrt(0.5 / spread), y.size),
        check_of("error_of_mean", predicted, errors[1], error, y.size, draws=SIZES[1]),
    ]
