"""The rules: what follows when somebody begins or ends a stretch of work, comes or goes.

Small compiled functions over the arrays of state.py, written once and called by
both clocks. A clock calls, in this order: `start` once; then for each event in
order of (time, key) `finish` (a stretch ends), `turn` (somebody joins, leaves or ends a
training) or `fire` (a task's timer rings); after each, `act` for everybody idle; at the horizon
`close`. A rule that sets a task's timer says so in `world.timer_task`; at most
one a call. DESIGN.md section 3 is the description these functions follow.
"""

import math

from sim.engine import choosing, compiled, inlined, luck
from sim.engine.calendar import (
    book,
    book_idle,
    fill,
    hours_between,
    next_tenure,
    tenure,
    time_after,
)
from sim.engine.choosing import allowance, by_hand, can_work, piece_of
from sim.engine.curves import UNVERIFIED, VERIFIED, outcome_of
from sim.engine.odds import (
    defect_hazard,
    defect_logit,
    detection,
    hand_hours,
    hand_success,
    own_logit,
    review_hours,
    session_hours,
    unattended_hours,
)
from sim.engine.people import count_able, graduate, mean_level, practise, rise, settle_in
from sim.engine.state import (
    ABANDONED,
    ABSENT,
    AGENT,
    B_AGENT,
    B_FIX,
    B_MANUAL,
    B_MENTORING,
    B_REVIEW,
    B_REWORK,
    BY_HAND,
    DONE,
    FIX,
    HELD,
    HOURS_PER_WEEK,
    IDLE,
    IN_REVIEW,
    IS_UNVERIFIED,
    IS_VERIFIED,
    MANUAL,
    MENTORING,
    QUEUED,
    REVIEW,
    REVIEW_NONE,
    REVIEW_UNVERIFIED,
    REVIEWS,
    RUNNING,
    SUBMITTED,
    WAITING,
)
from sim.engine.tasks import (
    announce,
    arrive,
    create,
    credit,
    hand_back,
    hold,
    leave,
    let_go,
    pick_up,
    push,
    stock,
    take,
)

_TINY = 1e-9  # a remainder below this share of the task is rounding, not work


# ---- what a clock, or somebody who watches, asks -------------------------------------------


@compiled
def choose(world, developers, tasks, i):
    """What person i does next: (activity, task), or (IDLE, -1)."""
    return choosing.choose(world[0], developers, tasks, i)


@compiled
def find_review(world, developers, tasks, i):
    """The oldest submission that person i may review, whatever their allowance, or -1."""
    return choosing.find_review(world[0], developers, tasks, i, choosing.ANY)


# ---- beginning a stretch -------------------------------------------------------------------


@inlined
def act(world, developers, tasks, weeks, calendar, i):
    """Let somebody idle choose and begin; True if they are at work now."""
    activity, k = choosing.choose(world[0], developers, tasks, i)
    begin(world, developers, tasks, weeks, calendar, i, activity, k)
    return activity != IDLE


@compiled
def begin(world, developers, tasks, weeks, calendar, i, activity, k):
    """Begin a stretch: sets the developer's `until` and the hours it will take."""
    w, d = world[0], developers[i]
    if activity == IDLE:
        return
    if w.time > d.start:
        book_idle(w, d, weeks, calendar, i)
    t = tasks[k]
    if activity == REVIEW:
        hours = begin_review(w, d, tasks, i, k)
    else:
        if t.state == WAITING:
            pick_up(w, d, tasks, i, k)
        t.piece = piece_of(w, t)
        hours = work_hours(w, d, t, activity)
    d.activity, d.task, d.start, d.hours = activity, k, w.time, hours
    d.piece_hours = t.submitted_hours if activity == REVIEW else t.piece
    d.until = time_after(calendar, len(weeks), i, w.weeks_over, w.time, hours)
    if d.until > d.leaves:
        d.until = math.inf  # they leave before it ends
    w.idle -= 1


@inlined
def begin_review(w, d, tasks, i, k):
    """Take a submission from the review queue; the hours it will take."""
    t = tasks[k]
    take(w, tasks, k)
    t.state = IN_REVIEW
    w.reviews += 1
    w.self_reviews += 1 if t.owner == i else 0
    w.review_wait += w.time - t.submitted
    hours = review_hours(w, t)
    d.allowance = allowance(w, d) - hours
    d.allowance_time = w.time
    return hours


@inlined
def work_hours(w, d, t, activity):
    """Development hours of the stretch that begins [h]."""
    if activity == MENTORING:
        return w.escalation_hours
    if activity == AGENT:
        t.luck, v = luck.pair(w.key, w.replication, t.key, session_index(t), luck.SESSION)
        sd = w.session_noise_sd
        noise = math.exp(sd * luck.normal(v) - 0.5 * sd * sd)  # mean 1
        return session_hours(w, d, t, t.piece, noise)
    if t.manual_left <= 0.0:
        t.manual_left = hand_hours(d, t, t.piece, t.hand_noise)
    return min(w.stretch_hours, t.manual_left)


@inlined
def session_index(t):
    """Which luck an attempt meets: that of its piece and try, whoever makes it."""
    return (t.piece_index << 10) | min(t.tries, 1023)


# ---- ending a stretch ----------------------------------------------------------------------


@compiled
def finish(world, developers, tasks, weeks, calendar, i):
    """A stretch ends: book it, and let its consequences follow."""
    w, d = world[0], developers[i]
    if w.time >= w.week_ends:
        end_weeks(w, developers, weeks)
    k, activity = d.task, d.activity
    t = tasks[k]
    d.outcome = -1
    close_stretch(w, d, t, weeks, calendar, i, d.until, d.hours)
    if activity == AGENT:
        finish_session(w, developers, tasks, i, k)
    elif activity == MANUAL:
        finish_hand(w, developers, tasks, i, k)
    elif activity == REVIEW:
        finish_review(w, developers, tasks, i, k)
    else:
        t.mentoring = 0
    d.activity, d.start, d.until = IDLE, w.time, math.inf
    w.idle += 1


@inlined
def close_stretch(w, d, t, weeks, calendar, i, end, hours):
    """Book person i's stretch on a task, up to `end` and to the horizon; they learn from it."""
    bucket = B_AGENT if d.activity == AGENT else B_MANUAL
    if d.activity == REVIEW:
        bucket = B_REVIEW
    elif d.activity == MENTORING:
        bucket = B_MENTORING
    elif t.rework:
        bucket = B_REWORK
    elif t.kind == FIX:
        bucket = B_FIX
    d.hours = book(w, d, weeks, calendar, i, bucket, end, hours, t.advanced)
    if d.activity == REVIEW or t.escalated:
        d.hours_helping += d.hours
    if d.activity == AGENT or d.activity == MANUAL:
        practise(w, d, t.domain, d.hours, d.activity)


@inlined
def finish_session(w, developers, tasks, i, k):
    """The developer's part of a session ends; its outcome follows once the agent is done too."""
    d, t = developers[i], tasks[k]
    t.eta = own_logit(w, d, t, t.piece)
    t.outcome = d.outcome = outcome_of(w, t.eta, t.luck)
    rest = unattended_hours(w, t)
    if rest > 0.0:
        let_go(d, tasks, k)
        t.state, t.timer = RUNNING, w.time + rest
        w.timer_task = k
    else:
        conclude(w, developers, tasks, i, k)


@compiled
def agent_done(w, developers, tasks, k):
    """An agent that went on by itself is done: the task is back in its developer's hands."""
    i = tasks[k].owner
    hold(developers[i], tasks, i, k, w.time)
    conclude(w, developers, tasks, i, k)
    if developers[i].activity == ABSENT and tasks[k].state == HELD and tasks[k].owner == i:
        hand_back(w, developers[i], tasks, k)


@compiled
def conclude(w, developers, tasks, i, k):
    """A session is over: what its outcome leaves of the piece."""
    d, t = developers[i], tasks[k]
    count_session(w, t)
    if t.outcome >= UNVERIFIED:
        work = IS_VERIFIED if t.outcome == VERIFIED else IS_UNVERIFIED
        t.unverified += 0 if t.outcome == VERIFIED else 1
        t.agent_hours += t.piece
        piece_done(w, developers, tasks, i, k, defect_hazard(w, work, t.eta))
        return
    if t.outcome > 0:  # partial: a share of the piece is done, without hard evidence
        part = w.partial_share * t.piece
        t.hazard += part * defect_hazard(w, IS_UNVERIFIED, t.eta)
        t.unverified += 1
        t.agent_hours += part
        t.left -= part
        t.piece -= part
    t.attempts += 1
    t.tries += 1
    # A piece of which nothing is left was done in parts.
    if t.piece <= _TINY * t.size_hours:
        piece_done(w, developers, tasks, i, k, 0.0)
    elif t.attempts >= w.max_sessions and not by_hand(w, d):
        pass_on(w, developers, tasks, i, k)


@inlined
def count_session(w, t):
    """Count a session by outcome, purpose and whether it repeats one that did not get done."""
    if t.sessions == 0:
        w.first[t.outcome] += 1
    w.sessions[t.outcome] += 1
    t.sessions += 1
    w.week_sessions += 1.0
    if t.kind == FIX or t.rework:
        w.week_fix_sessions += 1.0
    if t.tries > 0:
        w.week_repeat_sessions += 1.0


@inlined
def finish_hand(w, developers, tasks, i, k):
    """A stretch by hand ends; at the piece's end it is right or it is passed on."""
    d, t = developers[i], tasks[k]
    if t.manual_left > w.stretch_hours:
        t.manual_left -= w.stretch_hours
        return
    t.manual_left = 0.0
    u, _ = luck.pair(w.key, w.replication, t.key, session_index(t), luck.HAND)
    t.tries += 1
    if u < hand_success(w, d, t):
        t.unverified += 1
        hazard = defect_hazard(w, BY_HAND, d.shift[t.domain])
        piece_done(w, developers, tasks, i, k, hazard)
    else:
        pass_on(w, developers, tasks, i, k)


@inlined
def piece_done(w, developers, tasks, i, k, hazard):
    """A piece is done: what is left of the task shrinks, at nothing it is submitted."""
    t = tasks[k]
    t.hazard += t.piece * hazard
    t.left -= t.piece
    t.piece = 0.0
    t.piece_index += 1
    t.attempts = t.tries = 0
    if t.left <= _TINY * t.size_hours:
        t.left = 0.0
        submit(w, developers, tasks, i, k)


@compiled
def pass_on(w, developers, tasks, i, k):
    """Escalate to the least expert colleague of a higher level, or abandon the task.

    For somebody who cannot work by hand, one of the same level who can is
    eligible too: what they need is not a level but a pair of hands. The asker learns as
    from work by hand of as many hours as the colleague spends with them.
    """
    d, t = developers[i], tasks[k]
    level = int(d.level[t.domain] + 0.5)
    best = -1
    for j in range(len(developers)):
        other = developers[j]
        theirs = int(other.level[t.domain] + 0.5)
        hands = theirs == level and by_hand(w, other) and not by_hand(w, d)
        there = other.activity != ABSENT and j != i
        if not there or not can_work(w, other) or not (theirs > level or hands):
            continue
        if best < 0:
            best = j
            continue
        x, y = other.level[t.domain], developers[best].level[t.domain]
        if x < y or (x == y and other.held < developers[best].held):
            best = j
    let_go(d, tasks, k)
    t.attempts, t.manual_left = 0, 0.0
    if best < 0:
        abandon(w, tasks, k)
        return
    w.escalations += 1
    t.escalated = t.mentoring = 1
    practise(w, d, t.domain, w.escalation_hours, MANUAL)
    hold(developers[best], tasks, best, k, w.time)


@compiled
def abandon(w, tasks, k):
    """Give a task up; nobody can take it further."""
    t = tasks[k]
    t.state = ABANDONED
    leave(w, t)
    w.week_abandoned += 1.0


@compiled
def submit(w, developers, tasks, i, k):
    """Hand a task in: it waits for review, or is accepted at once."""
    t = tasks[k]
    let_go(developers[i], tasks, k)
    t.submissions += 1
    t.submitted = w.time
    w.week_submissions += 1.0
    u, v = luck.pair(w.key, w.replication, t.key, t.submissions, luck.SUBMISSION)
    t.defect = 1 if v < -math.expm1(-t.hazard) else 0
    if w.review == REVIEW_NONE or (w.review == REVIEW_UNVERIFIED and t.unverified == 0):
        accept(w, tasks, k)
        return
    t.state = SUBMITTED
    t.timer = w.time + u * w.review_look_hours
    developers[i].unreviewed += 1
    w.people_at_limit += 1 if developers[i].unreviewed == w.wip_limit else 0
    w.timer_task = k


@compiled
def finish_review(w, developers, tasks, i, k):
    """A review ends: a caught defect comes back as rework, else the task is accepted."""
    t = tasks[k]
    author = t.owner
    w.people_at_limit -= 1 if developers[author].unreviewed == w.wip_limit else 0
    developers[author].unreviewed -= 1
    u, _ = luck.pair(w.key, w.replication, t.key, t.submissions, luck.REVIEW)
    if not (t.defect and u < detection(w, developers[i], t, author == i)):
        accept(w, tasks, k)
        return
    t.rework = 1
    t.left = t.submitted_hours = w.rework_share * t.size_hours
    t.hazard, t.unverified, t.agent_hours = 0.0, 0, 0.0
    hold(developers[author], tasks, author, k, w.time)
    if developers[author].activity == ABSENT:
        hand_back(w, developers[author], tasks, k)


@compiled
def accept(w, tasks, k):
    """A task is done: credited, and any defect in it starts to wait for its day."""
    t = tasks[k]
    t.state = DONE
    leave(w, t)
    w.week_done[t.advanced] += 1.0
    if t.stream:
        credit(w, tasks, k, 1)
    else:
        tasks[t.root].open_defects -= 1
        if tasks[t.root].open_defects == 0:
            credit(w, tasks, t.root, 1)
    if t.defect:
        w.week_escaped += 1.0
        plant(w, tasks, k)


@compiled
def plant(w, tasks, k):
    """Set the day on which an escaped defect of task k surfaces as a fix."""
    t = tasks[k]
    _, v = luck.pair(w.key, w.replication, t.key, t.submissions, luck.REVIEW)
    day = w.time + luck.exponential(v) * w.defect_delay_weeks * HOURS_PER_WEEK
    if day >= w.horizon:
        return
    key = luck.child_key(t.key, t.submissions)
    hours = w.fix_size_share * t.size_hours
    child = create(w, tasks, key, FIX, t.advanced, t.domain, hours, t.root)
    if child >= 0:
        tasks[child].timer = day
        w.timer_task = child


# ---- people come, go and end a training ----------------------------------------------------


@compiled
def turn(world, developers, tasks, weeks, calendar, i):
    """A turn in somebody's time here: they join, leave, or end a training."""
    w, d = world[0], developers[i]
    if w.time >= w.week_ends:
        end_weeks(w, developers, weeks)
    if d.activity == ABSENT:
        arrive_in_team(w, d)
        settle_in(w, d)
    elif w.time >= d.leaves:
        depart(w, developers, tasks, weeks, calendar, i)
    else:
        graduate(w, d)
    set_turn(w, d)
    count_able(w, developers)


@compiled
def arrive_in_team(w, d):
    """Somebody takes the seat."""
    d.activity, d.start, d.until, d.task = IDLE, w.time, math.inf, -1
    w.idle += 1


@compiled
def depart(w, developers, tasks, weeks, calendar, i):
    """Somebody leaves: their stretch is cut, their work goes back, their seat may be refilled."""
    d = developers[i]
    if d.activity == IDLE:
        book_idle(w, d, weeks, calendar, i)
        w.idle -= 1
    else:
        hours = hours_between(calendar, len(weeks), i, d.start, w.time)
        close_stretch(w, d, tasks[d.task], weeks, calendar, i, w.time, hours)
        if d.activity == REVIEW:
            tasks[d.task].state = QUEUED
            push(w, tasks, d.task, REVIEWS)
        elif d.activity == MANUAL:  # what was done by hand stays done; a cut session leaves nothing
            tasks[d.task].manual_left -= hours
    d.activity, d.until = ABSENT, math.inf
    while d.head >= 0:
        hand_back(w, d, tasks, d.head)
    d.generation += 1
    d.joins, d.leaves = next_tenure(w, d, d.generation, d.leaves)


@compiled
def set_turn(w, d):
    """When the next turn of a seat comes; inf if none."""
    if d.activity == ABSENT:
        d.turn = d.joins
        return
    d.turn = d.leaves
    if d.trainee == 1 and d.generation == 0 and d.trained == 0:
        d.turn = min(d.turn, w.training_end)


@compiled
def end_weeks(w, developers, weeks):
    """At the first event after a week: practice becomes level, people and work are counted."""
    while w.weeks_over < len(weeks) and w.time >= w.week_ends:
        week = weeks[w.weeks_over]
        write_week(w, week)
        passed = False
        for i in range(len(developers)):
            d = developers[i]
            if d.activity != ABSENT:
                if w.learning_rate > 0.0 and rise(w, d):
                    passed = True
                week.levels[min(int(mean_level(w, d) + 0.5), 5) - 1] += 1.0
        if passed:
            count_able(w, developers)
        w.weeks_over += 1
        w.week_ends += HOURS_PER_WEEK


@compiled
def write_week(w, week):
    """Write what was counted in a week to its row, and count anew."""
    week.sessions, week.fix_sessions = w.week_sessions, w.week_fix_sessions
    week.repeat_sessions, week.submissions = w.week_repeat_sessions, w.week_submissions
    week.done[0], week.done[1], week.work = w.week_done[0], w.week_done[1], w.week_work
    week.escaped, week.abandoned = w.week_escaped, w.week_abandoned
    clear_week(w)


@compiled
def clear_week(w):
    """Nothing has been counted yet."""
    w.week_sessions = w.week_fix_sessions = w.week_repeat_sessions = w.week_submissions = 0.0
    w.week_done[0] = w.week_done[1] = w.week_work = w.week_escaped = w.week_abandoned = 0.0


# ---- timers, start and end -----------------------------------------------------------------


@compiled
def fire(world, developers, tasks, weeks, k):
    """A task's timer rings: it arrives, surfaces, an agent is done, or a reviewer looks."""
    w, t = world[0], tasks[k]
    if w.time >= w.week_ends:
        end_weeks(w, developers, weeks)
    t.timer = math.inf
    if t.state == RUNNING:
        agent_done(w, developers, tasks, k)
        return
    if t.state == SUBMITTED:
        t.state, t.since = QUEUED, w.time
        push(w, tasks, k, REVIEWS)
        return
    arrive(w, tasks, k)
    if t.stream:
        announce(w, tasks, w.time)
    else:
        tasks[t.root].open_defects += 1
        credit(w, tasks, t.root, 0)


@compiled
def start(world, developers, tasks, weeks, calendar):
    """Set the stage at time 0: the calendar, who is there, the work that is there."""
    w = world[0]
    w.time = 0.0
    w.n_tasks = w.n_stream = w.overflow = w.idle = w.weeks_over = w.people_at_limit = 0
    w.timer_task, w.week_ends = -1, HOURS_PER_WEEK
    clear_week(w)
    w.scope_doublings = math.log2(w.scope_hours / w.size_ref_hours)
    w.defect_logit[BY_HAND] = defect_logit(w.defect_hand)
    w.defect_logit[IS_VERIFIED] = defect_logit(w.defect_verified)
    w.defect_logit[IS_UNVERIFIED] = defect_logit(w.defect_unverified)
    for queue in range(3):
        w.head[queue] = w.tail[queue] = -1
    for i in range(len(developers)):
        d = developers[i]
        d.generation = d.unreviewed = 0
        d.hours_worked = d.hours_helping = 0.0
        d.joins, d.leaves = tenure(w, d, 0, d.opens)
        settle_in(w, d)
        d.activity, d.task, d.until, d.outcome = ABSENT, -1, math.inf, -1
        if d.joins <= 0.0:
            arrive_in_team(w, d)
        set_turn(w, d)
    fill(w, developers, weeks, calendar)
    count_able(w, developers)
    stock(w, tasks)


@compiled
def close(world, developers, tasks, weeks, calendar):
    """At the horizon: book what everybody was doing, and the tasks in the system."""
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
