"""The rules: what follows when somebody begins or ends a stretch of work, comes or goes.

Small compiled functions over the arrays of state.py, written once and called by
both clocks. A clock calls, in this order: `start` once; then for each event in order of
(time, key) `finish` (a stretch ends), `staffing.change_staffing` (somebody joins, leaves, ends a
training or begins to use a tool), `new_day` (reviews may have hours again) or `on_timer` (a task's
timer is due); after each `begin_round`, and `act` for whoever `looks`, in key order; at the horizon
`close`. A rule that sets a task's timer says so in `world.timer_task`; at most one a call. One that
lets somebody idle find something to do says so in `world.changed` or calls them, see `idle`.
DESIGN.md section 3 is the description these functions follow.
"""

import math

from sim.engine import activities, choosing, compiled, idle, inlined, row
from sim.engine.activities import close_stretch
from sim.engine.calendar import attend, book_idle, fill, hours_between, tenure, time_after
from sim.engine.drift import walk
from sim.engine.freezes import next_look, no_review_begins
from sim.engine.odds import defect_logit, hand_spread, oversight_growth
from sim.engine.outcomes import accept, agent_done
from sim.engine.people import count_able, seat_holder
from sim.engine.running import resume
from sim.engine.staffing import arrive_in_team, clear_week, end_weeks, schedule_staffing
from sim.engine.state import (
    ABANDONED,
    ABSENT,
    BACKLOG,
    BY_HAND,
    HOURS_PER_WEEK,
    IDLE,
    IS_UNVERIFIED,
    IS_VERIFIED,
    LOOK_AGAIN,
    MATCHED,
    NEW_REVIEW,
    QUEUED,
    REVIEW,
    REVIEWS,
    RUNNING,
    SATURATED,
    STREAM,
    SUBMITTED,
    UNRELEASED,
)
from sim.engine.tasks import (
    arrive,
    await_review,
    credit,
    initial_work,
    lay_down,
    next_of_stream,
    schedule_arrival,
)


@compiled
def choose(world, developers, tasks, luck_cache, i):
    """What person i does next: (activity, task), or (IDLE, -1)."""
    return choosing.choose(world[0], developers, tasks, luck_cache, i)


@compiled
def find_review(world, developers, tasks, i):
    """The oldest submission that person i may review, whatever their allowance, or -1."""
    return choosing.find_review(world[0], developers, tasks, i, choosing.ANY)


@compiled
def may_take(world, developers, tasks, i, k):
    """Whether person i may take task k that waits: work on it, as routing says, or review it."""
    w, d, t = world[0], row(developers, i), row(tasks, k)
    if t.state == QUEUED:
        return choosing.may_review(w, developers, i, t) and not no_review_begins(w)
    if t.state == ABANDONED:
        return choosing.can_work(w, d) and choosing.may_take_again(w, d, i, t)
    return choosing.can_work(w, d) and choosing.routing_allows(w, d, t)


@compiled
def takes_anyway(world, developers, tasks, i, k):
    """Whether person i takes task k, the first that waits, where routing allows them nothing."""
    w = world[0]
    return w.routing == MATCHED and choosing.can_take(w, row(developers, i), row(tasks, k))


@compiled
def activity_on(world, developers, tasks, luck_cache, i, k):
    """What person i would do with task k: REVIEW, or how they would go on with it."""
    t = row(tasks, k)
    if t.state == QUEUED:
        return REVIEW
    return choosing.mode_of_work(world[0], row(developers, i), t, luck_cache)


@compiled
def look_ahead(world, tasks, luck_cache):
    """As many tasks of a stream without end as somebody may look at are there, and wait."""
    w = world[0]
    if w.work != SATURATED:
        return
    there, root, k = 0, -1, w.head[STREAM]
    while k >= 0:
        there += 1 if row(tasks, k).root != root else 0
        root, k = row(tasks, k).root, row(tasks, k).next
    while there <= w.lookahead:
        k = next_of_stream(w, tasks, luck_cache, w.advanced_share)
        if k < 0:
            return
        arrive(w, tasks, k)
        there += 1


@compiled
def begin_round(world, developers):
    """A round of looks begins, after an event."""
    choosing.begin_round(world[0], developers)


@compiled
def call(world, developers, i):
    """Let person i look for work in this round, whose stretch has just ended."""
    idle.call(world[0], row(developers, i), i)


@compiled
def looks(world, i):
    """Whether person i, who is idle, looks for work in this round."""
    return idle.looks(world[0], i)


@compiled
def looks_anyway(world, developers, i):
    """Whether person i, who is idle, looks if they choose otherwise than these rules do."""
    return row(developers, i).blocked == 0 or world[0].changed_before >= LOOK_AGAIN


@inlined
def act(world, developers, tasks, weeks, calendar, luck_cache, i):
    """Let somebody idle choose and begin; True if they are at work now."""
    activity, k = choosing.choose(world[0], developers, tasks, luck_cache, i)
    begin(world, developers, tasks, weeks, calendar, luck_cache, i, activity, k)
    return activity != IDLE


@inlined
def begin(world, developers, tasks, weeks, calendar, luck_cache, i, activity, k):
    """Begin a stretch: sets the developer's `until` and the hours it will take."""
    w, d = world[0], row(developers, i)
    if activity == IDLE:
        return
    idle.leave(w, d, i)
    if w.time > d.start:
        book_idle(w, d, weeks, calendar, i)
    hours = activities.begin(w, developers, tasks, luck_cache, i, k, activity)
    d.activity, d.task, d.start, d.hours = activity, k, w.time, hours
    d.until = time_after(calendar, len(weeks), i, w.weeks_over, w.time, hours)
    if d.until > d.leaves:
        d.until = math.inf  # they leave before it ends


@inlined
def finish(world, developers, tasks, weeks, calendar, luck_cache, i):
    """A stretch ends: book it, and let its consequences follow."""
    w, d = world[0], row(developers, i)
    if w.time >= w.week_ends:
        end_weeks(w, developers, weeks)
    k, activity = d.task, d.activity
    d.outcome = -1
    close_stretch(w, d, row(tasks, k), weeks, calendar, i, d.until, d.hours)
    activities.finish(w, developers, tasks, luck_cache, i, k, activity)
    if w.rollouts > 0 and not choosing.can_work(w, d):
        lay_down(w, d, tasks)
    d.activity, d.start, d.until = IDLE, w.time, math.inf
    w.idle += 1


@compiled
def on_timer(world, developers, tasks, weeks, luck_cache, k):
    """A task's timer is due: it arrives, surfaces or is released, its agent or a look is due."""
    w, t = world[0], row(tasks, k)
    if w.time >= w.week_ends:
        end_weeks(w, developers, weeks)
    t.timer = math.inf
    if t.state == RUNNING:
        agent_done(w, developers, tasks, luck_cache, k)
        return
    if t.state == SUBMITTED:
        t.since = w.time
        await_review(w, developers, tasks, k)
        return
    if t.state == UNRELEASED:
        accept(w, tasks, luck_cache, k)
        return
    arrive(w, tasks, k)
    if t.stream:
        schedule_arrival(w, tasks, luck_cache, w.time)
    else:
        row(tasks, t.root).open_defects += 1
        credit(w, tasks, t.root, 0)


@compiled
def new_day(world, developers, weeks):
    """A day begins: where a review waits, who is idle looks again, for there may be hours by now.

    Needed only where reviews wait for hours, or for the end of a freeze; elsewhere no day comes.
    """
    w = world[0]
    if w.time >= w.week_ends:
        end_weeks(w, developers, weeks)
    w.day_ends = next_look(w)
    if w.head[REVIEWS] >= 0:
        w.changed |= LOOK_AGAIN if w.review_freezes == 0 else NEW_REVIEW


@compiled
def start(world, developers, tasks, weeks, calendar, luck_cache):
    """Set the stage at time 0: the calendar, who is there, the work that is there."""
    w = world[0]
    w.time = 0.0
    w.n_tasks = w.n_stream = w.overflow = w.weeks_over = w.urgent = 0
    idle.clear(w)
    w.timer_task, w.week_ends = -1, HOURS_PER_WEEK
    w.day_ends = next_look(w)
    clear_week(w)
    w.scope_doublings = math.log2(w.scope_hours / w.size_ref_hours)
    w.scope_growth = oversight_growth(w, w.scope_hours)
    w.defect_logit[BY_HAND] = defect_logit(w.defect_hand)
    w.defect_logit[IS_VERIFIED] = defect_logit(w.defect_verified)
    w.defect_logit[IS_UNVERIFIED] = defect_logit(w.defect_unverified)
    w.hand_spread = hand_spread(w)
    w.stream_done, w.backlog_done = 0, math.inf
    if w.work == BACKLOG and w.backlog_needed == 0:
        w.backlog_done = 0.0
    for least in range(len(w.given_up_for)):
        w.given_up_for[least] = 0
    for queue in range(len(w.head)):
        w.head[queue] = w.tail[queue] = -1
        w.length[queue] = 0
    walk(w, weeks)
    attend(w, weeks)
    w.pace = weeks[0].pace
    for i in range(len(developers)):
        d = developers[i]
        d.generation = d.unreviewed = d.queued = d.listed = d.blocked = 0
        d.waiting[:] = 0
        d.hours_worked = d.hours_helping = 0.0
        d.joins, d.leaves = tenure(w, d, 0, d.opens)
        seat_holder(w, d)
        d.activity, d.task, d.until, d.outcome = ABSENT, -1, math.inf, -1
        if d.joins <= 0.0:
            arrive_in_team(w, d, i)
        schedule_staffing(w, d)
    fill(w, developers, weeks, calendar)
    count_able(w, developers)
    initial_work(w, tasks, luck_cache)
    if w.waiting_review + w.in_hand > 0:
        resume(w, developers, tasks, luck_cache)


@compiled
def close(world, developers, tasks, weeks, calendar):
    """End the run: enter the hours of activities that have not ended, and the open tasks."""
    w = world[0]
    w.time = w.horizon
    if w.time >= w.week_ends:
        end_weeks(w, developers, weeks)
    for i in range(len(developers)):
        d = developers[i]
        if d.activity == IDLE:
            book_idle(w, d, weeks, calendar, i)
        elif d.activity != ABSENT:
            hours = hours_between(calendar, len(weeks), i, d.start, w.horizon)
            close_stretch(w, d, tasks[d.task], weeks, calendar, i, w.horizon, hours)
    w.area += w.in_system * (w.horizon - w.area_time)
    w.area_time = w.horizon
