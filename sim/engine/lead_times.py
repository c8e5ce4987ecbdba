"""Lead times of a world's tasks, of which some have not ended."""

import math

import numpy as np

from sim.engine import compiled_with_arrays


@compiled_with_arrays
def lead_times(world, tasks, row):
    """Kaplan-Meier mean, median and 90% point of lead time, into the row.

    A task not accepted by the horizon, given up or not, counts as longer than the
    time it has been seen.

    Equation 28 of docs/model.md.
    """
    w = world[0]
    n = 0
    for k in range(w.n_tasks):
        if tasks[k].start < math.inf:
            n += 1
    times, ends = np.empty(n), np.empty(n, np.int64)
    n = 0
    for k in range(w.n_tasks):
        t = tasks[k]
        if t.start < math.inf:
            done = t.parts_left == 0
            times[n] = (t.end if done else w.horizon) - t.start
            ends[n] = 1 if done else 0
            n += 1
    if n == 0:
        return
    alive, area, before, dead, at = 1.0, 0.0, 0.0, 0, 0
    order = np.argsort(times)
    while at < n:
        time = times[order[at]]
        here = done_here = 0
        while at + here < n and times[order[at + here]] == time:
            done_here += ends[order[at + here]]
            here += 1
        area += alive * (time - before)
        alive *= 1.0 - done_here / (n - at)
        if alive <= 0.5 and math.isnan(row.lead_time_p50):
            row.lead_time_p50 = time
        if alive <= 0.1 + 1e-12 and math.isnan(row.lead_time_p90):
            row.lead_time_p90 = time
        before = time
        dead += done_here
        at += here
    if dead > 0:
        row.lead_time_mean = area
