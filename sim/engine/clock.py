"""The compiled batch clock: a next-event loop over the rules.

Events stand in two heaps ordered by (time, key): a small one of people, who have most of
the events, and one of tasks. Somebody at work has one entry, a seat whose holder will
change or end a training has one, the next day has one, a task with a timer has one; none is ever
cancelled, so the heaps need no more than one place for each. Nothing is left behind between runs.
"""

import numpy as np

from sim.engine import (
    choosing,
    compiled,
    compiled_with_arrays,
    idle,
    inlined,
    luck,
    measuring,
    row,
    rules,
    staffing,
)
from sim.engine.state import HOURS_PER_WEEK, LOOK_AGAIN

STAFFING = 1 << 60  # staffing comes after everything else at its time
DAY = 1 << 61  # a day begins after that
AGENDA = np.dtype([("time", np.float64), ("key", np.int64), ("who", np.int64)])


@inlined
def before(time, key, entry):
    """Whether an event at (time, key) comes before an entry of the agenda."""
    return time < entry.time or (time == entry.time and key < entry.key)


@inlined
def put(agenda, at, time, key, who):
    """Write an entry of the agenda."""
    entry = row(agenda, at)
    entry.time, entry.key, entry.who = time, key, who


@inlined
def enqueue(agenda, n, time, key, who):
    """Add an entry to a heap of n; the new count."""
    at = n
    while at > 0:
        above = (at - 1) >> 1
        entry = row(agenda, above)
        if not before(time, key, entry):
            break
        put(agenda, at, entry.time, entry.key, entry.who)
        at = above
    put(agenda, at, time, key, who)
    return n + 1


@inlined
def replace_first(agenda, n, time, key, who):
    """Put another entry in the place of the earliest of a heap of n."""
    at, child = 0, 1
    while child < n:
        entry = row(agenda, child)
        if child + 1 < n and before(row(agenda, child + 1).time, row(agenda, child + 1).key, entry):
            child += 1
            entry = row(agenda, child)
        if before(time, key, entry):
            break
        put(agenda, at, entry.time, entry.key, entry.who)
        at, child = child, 2 * child + 1
    put(agenda, at, time, key, who)


@compiled
def drop_first(agenda, n):
    """Remove the earliest entry of a heap of n; the new count."""
    last = row(agenda, n - 1)
    replace_first(agenda, n - 1, last.time, last.key, last.who)
    return n - 1


@inlined
def note_timer(w, tasks, agenda, n):
    """Put the timer that the last rule set on the agenda; the new count."""
    k = w.timer_task
    w.timer_task = -1
    if row(tasks, k).timer < w.horizon:
        n = enqueue(agenda, n, row(tasks, k).timer, row(tasks, k).key, k)
    return n


@compiled
def note_turn(w, developers, agenda, n, i):
    """Put the next change of seat i on the agenda; the new count."""
    d = row(developers, i)
    if d.staffing_time < w.horizon:
        n = enqueue(agenda, n, d.staffing_time, STAFFING | d.key, len(developers) + i)
    return n


@inlined
def note_day(w, developers, agenda, n):
    """Put the beginning of the next day on the agenda, if days matter; the new count."""
    if w.day_ends < w.horizon:
        n = enqueue(agenda, n, w.day_ends, DAY, 2 * len(developers))
    return n


@compiled
def let_look(world, developers, tasks, weeks, calendar, luck_cache, agenda, n, i):
    """Let everybody from seat i on who looks choose, in key order; the new count of the agenda."""
    w = world[0]
    i = idle.next_looker(w, len(developers), i)
    while i >= 0:
        d = row(developers, i)
        started = rules.act(world, developers, tasks, weeks, calendar, luck_cache, i)
        if started and d.until < w.horizon:
            n = enqueue(agenda, n, d.until, d.key, i)
        i = idle.next_looker(w, len(developers), i + 1)
    return n


@inlined
def go_on(world, developers, tasks, weeks, calendar, luck_cache, agenda, n, who):
    """Let person `who` choose, whose stretch has just ended; the new count of the agenda.

    They stand first on it still. Their next stretch takes that place, which is half the work of
    leaving the agenda and entering it again; others who are idle and look do so in key order.
    """
    w, d = world[0], row(developers, who)
    choosing.begin_round(w, developers)
    if w.listed > 0 and idle.next_looker(w, len(developers), 0) >= 0:
        idle.call(w, d, who)
        n = drop_first(agenda, n)
        return let_look(world, developers, tasks, weeks, calendar, luck_cache, agenda, n, 0)
    started = rules.act(world, developers, tasks, weeks, calendar, luck_cache, who)
    if started and d.until < w.horizon:
        replace_first(agenda, n, d.until, d.key, who)
    else:
        n = drop_first(agenda, n)
    if w.changed != 0 and w.listed > 0:  # by what they have just begun
        n = let_look(world, developers, tasks, weeks, calendar, luck_cache, agenda, n, who + 1)
    return n


@compiled
def record(trace, n, world, developers, tasks, i, activity, start):
    """Write the stretch that developer i has just ended to row n of the trace."""
    d, line = developers[i], trace[n]
    line.start_hours, line.end_hours = start, world[0].time
    line.developer, line.activity, line.task = i, activity, tasks[d.task].key
    line.piece_hours, line.hours, line.outcome = d.piece_hours, d.hours, d.outcome


@compiled
def run(world, developers, tasks, weeks, calendar, luck_cache, agenda, timers, trace):
    """Run one world to its horizon.

    world (1,), developers (n,), tasks (capacity,), weeks (w,), calendar (n * w,) : state.py's
    luck_cache (2**m,) : luck of w.key asked for before, see `luck.of_task`
    agenda (2 * n + 1,), timers (capacity,) : scratch, the heaps of people and of tasks
    trace : (rows,), filled with the stretches in the order they end; may be empty

    returns : bool, False if `tasks` was too small. `world.stretches` counts the stretches
        that ended, also those for which `trace` had no room.
    """
    w = world[0]
    n = m = 0
    people = len(developers)
    rules.start(world, developers, tasks, weeks, calendar, luck_cache)
    for i in range(people):
        n = note_turn(w, developers, agenda, n, i)
    n = note_day(w, developers, agenda, n)
    if w.timer_task >= 0:
        m = note_timer(w, tasks, timers, m)
    choosing.begin_round(w, developers)
    n = let_look(world, developers, tasks, weeks, calendar, luck_cache, agenda, n, 0)
    while n + m > 0 and w.overflow == 0:
        w.events += 1
        who = -1
        if n == 0 or (m > 0 and before(timers[0].time, timers[0].key, agenda[0])):
            w.time, k = timers[0].time, timers[0].who
            m = drop_first(timers, m)
            rules.on_timer(world, developers, tasks, weeks, luck_cache, k)
        elif agenda[0].who == 2 * people:
            w.time = agenda[0].time
            n = drop_first(agenda, n)
            rules.new_day(world, developers, weeks)
            n = note_day(w, developers, agenda, n)
            if w.changed < LOOK_AGAIN:
                continue  # nobody has anything new to look for
        elif agenda[0].who >= people:
            w.time, seat = agenda[0].time, agenda[0].who - people
            n = drop_first(agenda, n)
            staffing.change_staffing(world, developers, tasks, weeks, calendar, seat)
            n = note_turn(w, developers, agenda, n, seat)
        else:
            w.time, who = agenda[0].time, agenda[0].who
            start, activity = row(developers, who).start, row(developers, who).activity
            rules.finish(world, developers, tasks, weeks, calendar, luck_cache, who)
            if w.stretches < len(trace):
                record(trace, w.stretches, world, developers, tasks, who, activity, start)
            w.stretches += 1
        if w.timer_task >= 0:
            m = note_timer(w, tasks, timers, m)
        if who >= 0:
            n = go_on(world, developers, tasks, weeks, calendar, luck_cache, agenda, n, who)
            continue
        choosing.begin_round(w, developers)
        if w.listed > 0:
            n = let_look(world, developers, tasks, weeks, calendar, luck_cache, agenda, n, 0)
    rules.close(world, developers, tasks, weeks, calendar)
    return w.overflow == 0


@compiled_with_arrays
def batch(worlds, team, begin, end, point, replication, scratch, out, flows, lead_times, first):
    """Run jobs `first`, `first` + 1, ... of a chunk, each from its own point.

    worlds (p,), begin (p,), end (p,) : point i starts from worlds[i] and team[begin[i] : end[i]]
    team (seats,) : teams one after another
    point (j,), replication (j,) : which point each job starts from, and the luck it meets
    scratch : world (1,), developers, tasks, weeks, calendar, luck_cache, agenda, timers, trace
        to work in, large enough for any point but, maybe, for its tasks
    out (j,) of metrics.ROW; flows (j, weeks) of metrics.WEEK_ROW, or (0, 0)
    lead_times : bool, whether these are measured; NaN if not

    returns : int, j when all is done, else the job for which `tasks` was too small.
    """
    world, all_developers, tasks, all_weeks, all_calendar, luck_cache, agenda, timers, trace = (
        scratch
    )
    key = -1  # whose luck is in `luck_cache`
    for job in range(first, len(point)):
        p = point[job]
        world[0] = worlds[p]
        if world[0].key != key:
            key = world[0].key
            luck.forget(luck_cache)
        world[0].replication = replication[job]
        n, length = end[p] - begin[p], int(world[0].horizon / HOURS_PER_WEEK)
        developers, weeks = all_developers[:n], all_weeks[:length]
        calendar = all_calendar[: n * length]
        for i in range(n):
            developers[i] = team[begin[p] + i]
        measuring.clear(weeks)
        if not run(world, developers, tasks, weeks, calendar, luck_cache, agenda, timers, trace):
            return job
        measuring.fill_row(world, developers, tasks, weeks, calendar, out[job], lead_times)
        if len(flows) > 0:
            measuring.fill_weeks(world, weeks, flows[job])
    return len(point)
