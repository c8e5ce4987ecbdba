"""The outputs: one name each, computed once from the final state of a world.

Ratios are sums over sums. Where a denominator is zero the metric is NaN in the
row, and the summary counts such rows instead of averaging over them.
"""

import math

import numpy as np

from sim.engine import compiled, compiled_with_arrays
from sim.engine.people import mean_level
from sim.engine.state import (
    ABANDONED,
    ABSENT,
    ADVANCED,
    AVERAGE,
    BACKLOG,
    DONE,
    DORMANT,
    HOURS_PER_WEEK,
    SATURATED,
    WAITING,
)  # fmt: skip

# name, unit, what it is; the order is that of the row that `measure` fills.
METRICS = (
    ("work_delivered", "expert-h", "size of accepted work, while no surfaced defect is open in it"),
    ("work_per_dev_week", "expert-h per person-week", "work delivered per 40 paid hours"),
    ("tasks_done", "tasks", "tasks accepted, fixes included"),
    ("tasks_done_average", "tasks", "average tasks accepted"),
    ("tasks_done_advanced", "tasks", "advanced tasks accepted"),
    ("advanced_share_done", "share", "advanced among accepted tasks"),
    ("sessions", "sessions", "attempts with an agent"),
    ("submissions", "submissions", "times a task was handed in"),
    ("first_session_success", "share", "first sessions on a task judged done"),
    ("verified_share", "share", "verified among sessions judged done"),
    ("fix_session_share", "share", "sessions whose purpose is a fix or rework"),
    ("repeat_share", "share", "sessions that repeat an attempt on the same piece"),
    ("hours_per_task", "h", "development hours worked per accepted task"),
    ("lead_time_mean", "working h", "Kaplan-Meier mean, up to the longest time seen"),
    ("lead_time_p50", "working h", "Kaplan-Meier median"),
    ("lead_time_p90", "working h", "Kaplan-Meier 90% point"),
    ("review_wait_mean", "working h", "from submission to the start of its review"),
    ("hours_agent", "h", "new work with an agent"),
    ("hours_manual", "h", "new work by hand"),
    ("hours_review", "h", "reviewing"),
    ("hours_rework", "h", "rework after review"),
    ("hours_fix", "h", "fix tasks"),
    ("hours_training", "h", "training, trainers included"),
    ("hours_mentoring", "h", "mentoring on escalations, and newcomers"),
    ("hours_idle", "h", "development time with nothing to do"),
    ("hours_average", "h", "hours on average tasks, review included"),
    ("hours_advanced", "h", "hours on advanced tasks, review included"),
    ("escaped_defects", "defects", "defects accepted unseen"),
    ("open_defect_hours_end", "expert-h", "size of surfaced fixes not yet accepted, at the end"),
    ("escalations", "tasks", "times a task was passed to a colleague"),
    ("abandoned", "tasks", "tasks given up"),
    ("self_review_share", "share", "reviews of one's own work, for want of anybody else"),
    (
        "expert_load",
        "share",
        "share of experts' hours on review, escalations and teaching",
    ),
    ("backlog_end", "tasks", "tasks arrived and not yet accepted or given up, at the end"),
    ("finish_week", "weeks", "week in which the backlog was done"),
    ("expertise_mean_end", "level", "mean expertise level at the end"),
    ("level_counts_end_novice", "people", "people nearest level 1 at the end"),
    ("level_counts_end_beginner", "people", "people nearest level 2 at the end"),
    ("level_counts_end_intermediate", "people", "people nearest level 3 at the end"),
    ("level_counts_end_advanced", "people", "people nearest level 4 at the end"),
    ("level_counts_end_expert", "people", "people nearest level 5 at the end"),
    ("labour_cost", "money", "paid hours at their cost"),
    ("tool_cost", "money", "the tool, for everybody there"),
    ("training_cost", "money", "seats of a training, without anybody's hours"),
    ("hiring_cost", "money", "filling seats, without anybody's hours"),
    ("cost_per_work", "money per expert-h", "all costs over work delivered"),
    ("net_value", "money", "work delivered at its price, less all costs"),
)
NAMES = tuple(name for name, _, _ in METRICS)
UNITS = {name: unit for name, unit, _ in METRICS}

FLOWS = (
    "work_delivered", "tasks_done_average", "tasks_done_advanced", "sessions", "fix_sessions",
    "repeat_sessions", "submissions", "escaped_defects", "abandoned", "hours_agent",
    "hours_manual", "hours_review", "hours_rework", "hours_fix", "hours_training",
    "hours_mentoring", "hours_idle", "level_novice", "level_beginner", "level_intermediate",
    "level_advanced", "level_expert", "cost", "net_value",
)  # fmt: skip


@compiled
def clear(weeks):
    """Set all flows to zero."""
    for i in range(len(weeks)):
        w = weeks[i]
        w.sessions = w.fix_sessions = w.repeat_sessions = w.submissions = 0.0
        w.work = w.escaped = w.abandoned = w.cost = 0.0
        w.done[0] = w.done[1] = 0.0
        w.hours_class[0] = w.hours_class[1] = 0.0
        for b in range(8):
            w.hours[b] = 0.0
        for level in range(5):
            w.levels[level] = 0.0


@compiled
def by_week(world, weeks, out):
    """Copy the flows of each week to out (weeks, FLOWS)."""
    price, priced = world[0].price, world[0].priced
    for i in range(len(weeks)):
        w, row = weeks[i], out[i]
        row[0], row[1], row[2] = w.work, w.done[0], w.done[1]
        row[3], row[4], row[5] = w.sessions, w.fix_sessions, w.repeat_sessions
        row[6], row[7], row[8] = w.submissions, w.escaped, w.abandoned
        for b in range(8):
            row[9 + b] = w.hours[b]
        for level in range(5):
            row[17 + level] = w.levels[level]
        row[22] = w.cost if priced > 0 else math.nan
        row[23] = price * w.work - w.cost if priced > 1 else math.nan


@compiled
def ratio(a, b):
    """a / b, or NaN where b is zero."""
    return a / b if b != 0.0 else math.nan


@compiled_with_arrays
def lead_times(world, tasks, out):
    """Kaplan-Meier mean, median and 90% point of lead time, into out (3,).

    A task not accepted by the horizon counts as longer than the time it has been
    seen; one given up as longer than the time to the horizon, since it will never
    be done.

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
            done = t.state == DONE
            times[n] = (t.end if done else w.horizon) - t.start
            ends[n] = 1 if done else 0
            n += 1
    out[0] = out[1] = out[2] = math.nan
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
        if alive <= 0.5 and math.isnan(out[1]):
            out[1] = time
        if alive <= 0.1 + 1e-12 and math.isnan(out[2]):
            out[2] = time
        before = time
        dead += done_here
        at += here
    if dead > 0:
        out[0] = area


@compiled_with_arrays
def measure(world, developers, tasks, weeks, calendar, row, with_lead_times):
    """Fill row (METRICS,) from the final state of a world.

    with_lead_times : bool, whether to measure these, which takes a sort; NaN if not
    """
    w = world[0]
    work = sessions = fixes = repeats = submissions = escaped = abandoned = 0.0
    done, classes, hours = np.zeros(2), np.zeros(2), np.zeros(8)
    for i in range(len(weeks)):
        week = weeks[i]
        work += week.work
        sessions += week.sessions
        fixes += week.fix_sessions
        repeats += week.repeat_sessions
        submissions += week.submissions
        escaped += week.escaped
        abandoned += week.abandoned
        for c in range(2):
            done[c] += week.done[c]
            classes[c] += week.hours_class[c]
        for b in range(8):
            hours[b] += week.hours[b]
    worked = classes[0] + classes[1]
    all_done = done[AVERAGE] + done[ADVANCED]
    paid = 0.0
    for i in range(len(calendar)):
        paid += calendar[i].paid

    row[0] = work
    row[1] = ratio(work, paid / HOURS_PER_WEEK)
    row[2], row[3], row[4] = all_done, done[AVERAGE], done[ADVANCED]
    row[5] = ratio(done[ADVANCED], all_done)
    row[6], row[7] = sessions, submissions
    first = w.first[0] + w.first[1] + w.first[2] + w.first[3]
    row[8] = ratio(float(w.first[2] + w.first[3]), float(first))
    row[9] = ratio(float(w.sessions[3]), float(w.sessions[2] + w.sessions[3]))
    row[10], row[11] = ratio(fixes, sessions), ratio(repeats, sessions)
    row[12] = ratio(worked, all_done)
    row[13] = row[14] = row[15] = math.nan
    if with_lead_times:
        lead_times(world, tasks, row[13:16])
    row[16] = ratio(w.review_wait, float(w.reviews))
    for b in range(8):
        row[17 + b] = hours[b]
    row[25], row[26] = classes[0], classes[1]
    row[27] = escaped
    row[29], row[30] = w.escalations, abandoned
    row[31] = ratio(float(w.self_reviews), float(w.reviews))
    tasks_at_end(world, tasks, row)
    people_at_end(w, developers, row)
    money(w, work, row)


@compiled
def money(w, work, row):
    """What it cost and what it brought, into their places in the row; NaN where not stated."""
    for place in range(41, 47):
        row[place] = math.nan
    if w.priced == 0:
        return
    row[41], row[42], row[43], row[44] = w.labour_cost, w.tool_cost, w.training_cost, w.hiring_cost
    cost = w.labour_cost + w.tool_cost + w.training_cost + w.hiring_cost
    row[45] = ratio(cost, work)
    if w.priced > 1:
        row[46] = w.price * work - cost


@compiled
def tasks_at_end(world, tasks, row):
    """Open defects, backlog and finish week, into their places in the row."""
    w = world[0]
    open_hours, waiting, last = 0.0, 0, 0.0
    for k in range(w.n_tasks):
        t = tasks[k]
        if t.state == DORMANT:
            continue
        if not t.stream and t.state != DONE:
            open_hours += t.size_hours
        unpicked = t.state == WAITING and t.stream and w.work == SATURATED
        if t.state != DONE and t.state != ABANDONED and not unpicked:
            waiting += 1
        if t.stream and t.state == DONE:
            last = max(last, t.end)
        elif t.stream and t.state != ABANDONED:
            last = math.inf
    row[28] = open_hours
    row[33] = waiting
    finished = w.work == BACKLOG and last < math.inf
    row[34] = last / HOURS_PER_WEEK if finished else math.nan


@compiled
def people_at_end(w, developers, row):
    """Expert load, mean level and people by level, into their places in the row."""
    helping = worked = levels = there = 0.0
    for place in range(36, 41):
        row[place] = 0.0
    for i in range(len(developers)):
        d = developers[i]
        level = mean_level(w, d)
        nearest = min(int(level + 0.5), 5)
        if nearest == 5:
            helping += d.hours_helping
            worked += d.hours_worked
        if d.activity != ABSENT:
            there += 1.0
            levels += level
            row[35 + nearest] += 1.0
    row[32] = ratio(helping, worked)
    row[35] = ratio(levels, there)
