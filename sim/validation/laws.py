"""Laws that hold in every world, each as how far a world is from it.

0 means that the law holds; times and hours are compared relative to their size, counts as they
are.
"""

import numpy as np

from sim.engine import state

IN_HAND = (state.HELD, state.RUNNING, state.SUBMITTED, state.QUEUED, state.IN_REVIEW)


def capacity_hours(end):
    """Development hours the team has in the whole run, training and mentoring included [h]."""
    return float(end.calendar["capacity"].sum())


def tasks_lost(end):
    """Arrived less done, given up, waiting and in hand [tasks, or parts of them]."""
    states = end.tasks["state"]
    settled = (state.DONE, state.ABANDONED, state.WAITING, *IN_HAND)
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
    found = 0
    for whole in tasks[tasks["part"] == 0]:
        parts = tasks[tasks["root"] == whole["root"]]
        left = int((parts["state"] != state.DONE).sum())
        given_up = int((parts["state"] == state.ABANDONED).sum())
        held = int((parts["state"] == state.HELD).sum()) if len(parts) > 1 else 0
        found += abs(_relative(float(parts["size_hours"].sum()), whole["whole_hours"])) > 1e-9
        found += abs(left - int(whole["parts_left"])) + abs(held - int(whole["parts_held"]))
        found += abs(given_up - int(whole["parts_given_up"]))
    return found


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


def overlaps(end):
    """Stretches of one person, or on one task, that overlap in time [stretches]."""
    found = 0
    for column in ("developer", "task"):
        rows = np.sort(end.trace, order=[column, "start_hours", "end_hours"])
        same = rows[column][1:] == rows[column][:-1]
        found += int((same & (rows["start_hours"][1:] < rows["end_hours"][:-1])).sum())
    return found


def _relative(found, expected):
    return abs(found - expected) / max(abs(expected), 1.0)
