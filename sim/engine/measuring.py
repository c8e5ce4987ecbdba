"""Measuring: the outputs of a world, computed once from its final state."""

import math

import numpy as np

from sim.engine import compiled, compiled_with_arrays
from sim.engine.lead_times import lead_times
from sim.engine.metrics import WEEK_ROW, records
from sim.engine.people import mean_level
from sim.engine.spending import money, ratio, until_done
from sim.engine.state import (
    ABANDONED_TASKS,
    ABSENT,
    ADVANCED,
    AVERAGE,
    BACKLOG,
    DONE,
    DORMANT,
    ESCAPED_DEFECTS,
    FIX_SESSIONS,
    HOURS_PER_WEEK,
    REPEAT_SESSIONS,
    SATURATED,
    SESSIONS,
    SUBMISSIONS,
    TASKS_DONE,
    W_NEW,
    WAITING,
    WORK_DELIVERED,
)

_ROUNDING = 1e-9  # work below this is the last bits of a sum [expert-h]


def measure(arrays, row, with_lead_times=True):
    """Fill row (METRICS,) from the final state of a world.

    arrays : world, developers, tasks, weeks and calendar
    with_lead_times : bool, whether to measure these, which takes a sort; NaN if not
    """
    fill_row(*arrays, records(row[np.newaxis])[0], with_lead_times)


def by_week(world, weeks, out):
    """Copy the flows of each week to out (weeks, FLOWS)."""
    fill_weeks(world, weeks, records(out, WEEK_ROW))


@compiled
def clear(weeks):
    """Set all flows to zero."""
    for i in range(len(weeks)):
        w = weeks[i]
        w.cost = 0.0
        for flow in range(len(w.counted)):
            w.counted[flow] = 0.0
        for c in range(len(w.hours_class)):
            w.hours_class[c] = 0.0
        for account in range(len(w.hours)):
            w.hours[account] = 0.0
        for level in range(len(w.levels)):
            w.levels[level] = 0.0
        for queue in range(len(w.queues)):
            w.queues[queue] = 0.0


@compiled
def fill_weeks(world, weeks, out):
    """Copy the flows of each week to out (weeks,) of WEEK_ROW."""
    price, priced = world[0].price, world[0].priced
    for i in range(len(weeks)):
        w, row = weeks[i], out[i]
        for flow in range(len(w.counted)):
            row.counted[flow] = w.counted[flow]
        for account in range(len(w.hours)):
            row.hours[account] = w.hours[account]
        for level in range(len(w.levels)):
            row.levels[level] = w.levels[level]
        row.cost = w.cost if priced > 0 else math.nan
        row.net_value = price * w.counted[WORK_DELIVERED] - w.cost if priced > 1 else math.nan
        for queue in range(len(w.queues)):
            row.queues[queue] = w.queues[queue]
        if world[0].work == SATURATED:
            row.queues[W_NEW] = math.nan


@compiled_with_arrays
def fill_row(world, developers, tasks, weeks, calendar, row, with_lead_times):
    """Fill a row of ROW from the final state of a world.

    with_lead_times : bool, whether to measure these, which takes a sort; NaN if not
    """
    w = world[0]
    total = np.zeros(len(w.week))
    for c in range(len(row.hours_class)):
        row.hours_class[c] = 0.0
    for account in range(len(row.hours)):
        row.hours[account] = 0.0
    for i in range(len(weeks)):
        week = weeks[i]
        for flow in range(len(week.counted)):
            total[flow] += week.counted[flow]
        for c in range(len(week.hours_class)):
            row.hours_class[c] += week.hours_class[c]
        for account in range(len(week.hours)):
            row.hours[account] += week.hours[account]
    paid = 0.0
    for i in range(len(calendar)):
        paid += calendar[i].paid

    work, sessions = total[WORK_DELIVERED], total[SESSIONS]
    if work < _ROUNDING:  # all of it has been withdrawn, but for the last bits of a sum
        work = 0.0
    row.work_delivered = work
    row.work_per_dev_week = ratio(work, paid / HOURS_PER_WEEK)
    row.tasks_done_average = total[TASKS_DONE + AVERAGE]
    row.tasks_done_advanced = total[TASKS_DONE + ADVANCED]
    row.tasks_done = row.tasks_done_average + row.tasks_done_advanced
    row.advanced_share_done = ratio(row.tasks_done_advanced, row.tasks_done)
    row.sessions, row.submissions = sessions, total[SUBMISSIONS]
    first = w.first[0] + w.first[1] + w.first[2] + w.first[3]
    row.first_session_success = ratio(float(w.first[2] + w.first[3]), float(first))
    row.first_session_verified = ratio(float(w.first[3]), float(first))
    row.verified_share = ratio(float(w.sessions[3]), float(w.sessions[2] + w.sessions[3]))
    row.fix_session_share = ratio(total[FIX_SESSIONS], sessions)
    row.repeat_share = ratio(total[REPEAT_SESSIONS], sessions)
    row.hours_per_task = ratio(row.hours_class[0] + row.hours_class[1], row.tasks_done)
    row.lead_time_mean = row.lead_time_p50 = row.lead_time_p90 = math.nan
    if with_lead_times:
        lead_times(world, tasks, row)
    row.review_wait_mean = ratio(w.review_wait, float(w.reviews))
    row.escaped_defects, row.abandoned = total[ESCAPED_DEFECTS], total[ABANDONED_TASKS]
    row.escalations = w.escalations
    row.self_review_share = ratio(float(w.self_reviews), float(w.reviews))
    tasks_at_end(world, tasks, row)
    until_done(w, weeks, calendar, row)
    people_at_end(w, developers, row)
    money(w, len(weeks), calendar, work, row)


@compiled
def tasks_at_end(world, tasks, row):
    """Open defects and what became of the backlog, into the row."""
    w = world[0]
    open_hours, waiting, given_up, parted = 0.0, 0, 0, 0
    for k in range(w.n_tasks):
        t = tasks[k]
        if t.state == DORMANT:
            continue
        if not t.stream and t.state != DONE:
            open_hours += t.size_hours
        unpicked = t.state == WAITING and t.stream and w.work == SATURATED
        if t.part == 0 and t.parts_left > 0 and not unpicked:
            waiting += 1
        if t.stream and t.part == 0:
            given_up += 1 if t.parts_given_up > 0 else 0
            parted += 1 if t.size_hours < t.whole_hours else 0
    row.open_defect_hours_end = open_hours
    row.backlog_end = waiting
    row.backlog_done = row.backlog_given_up = row.backlog_split = math.nan
    if w.work == BACKLOG:
        row.backlog_done, row.backlog_given_up, row.backlog_split = w.stream_done, given_up, parted


@compiled
def people_at_end(w, developers, row):
    """Expert load, mean level and people by level, into the row."""
    helping = worked = levels = there = 0.0
    for level in range(len(row.level_counts_end)):
        row.level_counts_end[level] = 0.0
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
            row.level_counts_end[nearest - 1] += 1.0
    row.expert_load = ratio(helping, worked)
    row.expertise_mean_end = ratio(levels, there)
