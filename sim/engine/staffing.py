"""Staffing: people join, leave, end a training, begin to use a tool; weeks end, levels move."""

import math

from sim.engine import compiled, idle
from sim.engine.activities import close_stretch, cut
from sim.engine.calendar import book_idle, hours_between, next_tenure
from sim.engine.choosing import can_work
from sim.engine.people import (
    accustom,
    count_able,
    graduate,
    mean_level,
    next_cohort,
    rise,
    roll_out,
    seat_holder,
)
from sim.engine.queues import count_waiting
from sim.engine.state import ABSENT, HOURS_PER_WEEK, IDLE, REVIEW
from sim.engine.tasks import lay_down
from sim.engine.tools import next_rollout


@compiled
def change_staffing(world, developers, tasks, weeks, calendar, i):
    """A change of staffing: somebody joins, leaves, ends a training or begins to use a tool."""
    w, d = world[0], developers[i]
    if w.time >= w.week_ends:
        end_weeks(w, developers, weeks)
    if d.activity == ABSENT:
        arrive_in_team(w, d, i)
        seat_holder(w, d)
    elif w.time >= d.leaves:
        depart(w, developers, tasks, weeks, calendar, i)
    elif rollout_time(w, d) <= w.time:
        change_tool(w, d, tasks)
    else:
        graduate(w, d)
    schedule_staffing(w, d)
    count_able(w, developers)


@compiled
def arrive_in_team(w, d, i):
    """Somebody takes the seat."""
    d.activity, d.start, d.until, d.task = IDLE, w.time, math.inf, -1
    w.idle += 1
    idle.enter(w, d, i)


@compiled
def depart(w, developers, tasks, weeks, calendar, i):
    """Somebody leaves: their stretch is cut, their work goes back, their seat may be refilled."""
    d = developers[i]
    if d.activity == IDLE:
        book_idle(w, d, weeks, calendar, i)
        idle.leave(w, d, i)
    else:
        hours = hours_between(calendar, len(weeks), i, d.start, w.time)
        close_stretch(w, d, tasks[d.task], weeks, calendar, i, w.time, hours)
        cut(w, developers, tasks, d.task, d.activity, hours)
    d.activity, d.until = ABSENT, math.inf
    lay_down(w, d, tasks)
    d.generation += 1
    d.joins, d.leaves = next_tenure(w, d, d.generation, d.leaves)


@compiled
def rollout_time(w, d):
    """When a person begins to use another tool; inf if never."""
    c = next_rollout(w, d)
    return d.rollout_from[c] if c >= 0 else math.inf


@compiled
def change_tool(w, d, tasks):
    """Somebody begins to use another tool; who cannot work without the old one lays work down.

    Equation 41 of docs/model.md.
    """
    roll_out(w, d)
    if not can_work(w, d) and (d.activity == IDLE or d.activity == REVIEW):
        lay_down(w, d, tasks)


@compiled
def schedule_staffing(w, d):
    """When the next change of a seat comes; inf if none."""
    if d.activity == ABSENT:
        d.staffing_time = d.joins
        return
    d.staffing_time = d.leaves
    c = next_cohort(w, d)
    if c >= 0:
        d.staffing_time = min(d.staffing_time, w.training_end[c])
    if w.rollouts > 0:
        d.staffing_time = min(d.staffing_time, rollout_time(w, d))


@compiled
def end_weeks(w, developers, weeks):
    """At the first event after a week: practice becomes level, people and work are counted."""
    while w.weeks_over < len(weeks) and w.time >= w.week_ends:
        week = weeks[w.weeks_over]
        write_week(w, week)
        for i in range(len(developers)):
            d = developers[i]
            if d.activity != ABSENT:
                if w.learning_rate > 0.0:
                    rise(w, d)
                if w.familiarity_effect > 0.0:
                    accustom(w, d)
                week.levels[min(int(mean_level(w, d) + 0.5), 5) - 1] += 1.0
        if w.learning_rate > 0.0:
            count_able(w, developers)
        count_waiting(w, developers, week)
        w.weeks_over += 1
        if w.weeks_over < len(weeks):
            w.pace = weeks[w.weeks_over].pace
        w.week_ends += HOURS_PER_WEEK


@compiled
def write_week(w, week):
    """Write what was counted in a week to its row, and count anew."""
    for flow in range(len(w.week)):
        week.counted[flow] = w.week[flow]
    clear_week(w)


@compiled
def clear_week(w):
    """Nothing has been counted yet."""
    for flow in range(len(w.week)):
        w.week[flow] = 0.0
