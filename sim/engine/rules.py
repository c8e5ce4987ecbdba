"""The rules: what happens when a developer picks work or ends a stretch of it.

Small compiled functions over the four arrays of state.py, written once and
called by both clocks. A clock calls, in this order: `start` once; then for each
event in order of (time, key) `finish` (a developer's stretch ends) or `fire` (a
task's timer rings); after each, `act` for every idle developer; at the horizon
`close`. A rule that sets a task's timer says so in `world.timer_task`; at most
one a call. DESIGN.md section 3 is the description these functions follow.
"""

import math

from sim.engine import compiled, luck
from sim.engine.curves import UNVERIFIED, VERIFIED, level_shift, outcome_of, session_logit
from sim.engine.state import (
    ABANDONED,
    ADJACENT,
    AGENT,
    B_AGENT,
    B_FIX,
    B_IDLE,
    B_MANUAL,
    B_MENTORING,
    B_REVIEW,
    B_REWORK,
    BACKLOG,
    DOMAINS,
    DONE,
    DORMANT,
    ENGINEER,
    FIFO,
    FIX,
    FIXES,
    HELD,
    HOURS_PER_WEEK,
    IDLE,
    IN_REVIEW,
    MANUAL,
    MATCHED,
    MENTORING,
    NEW,
    POISSON,
    QUEUED,
    REVIEW,
    REVIEW_FIRST,
    REVIEW_NONE,
    REVIEW_TURN,
    REVIEW_UNVERIFIED,
    REVIEWS,
    SATURATED,
    SEGMENTS,
    SIZE_EXPONENTIAL,
    SIZE_LOGNORMAL,
    STREAM,
    SUBMITTED,
    TOOL_AGENTIC,
    TOOL_ASSISTIVE,
    USE_NEVER,
    USE_PAYS,
    WAITING,
)  # fmt: skip

_TINY = 1e-9  # a remainder below this share of the task is rounding, not work
_WITHIN, _URGENT, _ANY = 0, 1, 2  # which reviews a developer will take


# ---- clock time and development hours ----------------------------------------------------


@compiled
def hours_between(developer, start, end):
    """Development hours of a person between two clock times: the integral of the rate."""
    total = 0.0
    for s in range(SEGMENTS):
        until = developer.rate_until[s]
        if until > start:
            total += developer.rate[s] * (min(until, end) - start)
            start = until
        if start >= end:
            break
    return total


@compiled
def time_after(developer, start, hours):
    """Clock time at which a person has put in `hours` from `start`; inf if never."""
    for s in range(SEGMENTS):
        until = developer.rate_until[s]
        if until > start and developer.rate[s] > 0.0:
            end = start + hours / developer.rate[s]
            if end <= until:
                return end
            hours -= developer.rate[s] * (until - start)
        if until > start:
            start = until
    return math.inf


@compiled
def book(world, developers, weeks, i, bucket, start, end, hours, advanced):
    """Book the hours of a stretch to the weeks they fall in; what lies past the horizon is not."""
    w, d = world[0], developers[i]
    whole = end <= w.horizon
    end = min(end, w.horizon)
    first, last = int(start / HOURS_PER_WEEK), int(end / HOURS_PER_WEEK)
    if not whole or last > first:
        if not whole:
            hours = hours_between(d, start, end)
        at = start
        for week in range(first, min(last + 1, len(weeks))):
            stop = min(end, (week + 1) * HOURS_PER_WEEK)
            part = hours_between(d, at, stop)
            weeks[week].hours[bucket] += part
            if bucket != B_IDLE:
                weeks[week].hours_class[advanced] += part
            at = stop
    else:
        weeks[first].hours[bucket] += hours
        if bucket != B_IDLE:
            weeks[first].hours_class[advanced] += hours
    if bucket != B_IDLE:
        d.hours_worked += hours
    return hours


@compiled
def this_week(world, weeks):
    """The row of the week that the clock stands in."""
    return weeks[min(int(world[0].time / HOURS_PER_WEEK), len(weeks) - 1)]


# ---- lists of tasks ------------------------------------------------------------------------


@compiled
def push(head, tail, which, tasks, k):
    """Append task k to list `which`."""
    tasks[k].next = -1
    tasks[k].prev = tail[which]
    if tail[which] < 0:
        head[which] = k
    else:
        tasks[tail[which]].next = k
    tail[which] = k


@compiled
def take(head, tail, which, tasks, k):
    """Remove task k from list `which`, wherever it stands."""
    before, after = tasks[k].prev, tasks[k].next
    if before < 0:
        head[which] = after
    else:
        tasks[before].next = after
    if after < 0:
        tail[which] = before
    else:
        tasks[after].prev = before


@compiled
def hold(developers, tasks, i, k, now):
    """Put task k into the hands of developer i."""
    t = tasks[k]
    t.state, t.owner, t.since = HELD, i, now
    push(developers["head"], developers["tail"], i, tasks, k)
    developers[i].held += 1


@compiled
def let_go(developers, tasks, i, k):
    """Take task k out of the hands of developer i."""
    take(developers["head"], developers["tail"], i, tasks, k)
    developers[i].held -= 1


# ---- tasks come into being, and leave ------------------------------------------------------


@compiled
def size_of(world, advanced, u):
    """Size of a task from its luck [expert-h]."""
    w = world[0]
    scale = w.size_scale[advanced]
    if w.size_kind[advanced] == SIZE_LOGNORMAL:
        return scale * math.exp(w.size_sigma[advanced] * luck.normal(u))
    if w.size_kind[advanced] == SIZE_EXPONENTIAL:
        return scale * luck.exponential(u)
    return scale


@compiled
def create(world, tasks, key, kind, advanced, hours, root):
    """A new task with its persistent luck; its index, or -1 if there is no room."""
    w = world[0]
    k = w.n_tasks
    if k >= len(tasks):
        w.overflow = 1
        return -1
    w.n_tasks = k + 1
    u, v = luck.pair(w.key, w.replication, key, 0, luck.TASK_TRAIT)
    t = tasks[k]
    t.key, t.kind, t.advanced, t.domain = key, kind, advanced, 0
    t.stream = 1 if root < 0 else 0
    t.size_hours = t.left = t.submitted_hours = hours
    t.trait = w.sd_task * luck.normal(u)
    noise = w.hand_noise_sd
    t.hand_noise = math.exp(noise * luck.normal(v) - 0.5 * noise * noise)  # mean 1
    t.state, t.owner, t.timer, t.since, t.next, t.prev = DORMANT, -1, math.inf, w.time, -1, -1
    t.arrival = t.start = t.end = t.submitted = math.inf
    t.piece, t.piece_index, t.attempts, t.tries, t.manual_left = 0.0, 0, 0, 0, 0.0
    t.sessions = t.submissions = t.rework = t.escalated = t.mentoring = 0
    t.clean, t.unverified, t.agent_hours, t.defect = 0.0, 0, 0.0, 0
    t.root = k if root < 0 else root
    t.open_defects = t.credited = 0
    return k


@compiled
def next_of_stream(world, tasks):
    """The next task of the one ordered stream: class, kind and size from its own luck."""
    w = world[0]
    key = w.n_stream
    u, v = luck.pair(w.key, w.replication, key, 0, luck.TASK_KIND)
    advanced = 1 if u < w.advanced_share else 0
    u, _ = luck.pair(w.key, w.replication, key, 0, luck.TASK_SIZE)
    kind = FIX if v < w.fix_share else NEW
    k = create(world, tasks, key, kind, advanced, size_of(world, advanced, u), -1)
    if k >= 0:
        w.n_stream = key + 1
    return k


@compiled
def announce(world, tasks, now):
    """Create the next Poisson arrival and set its timer."""
    w = world[0]
    if w.arrivals_per_hour <= 0.0:
        return
    u, _ = luck.pair(w.key, w.replication, w.n_stream, 0, luck.ARRIVAL)
    k = next_of_stream(world, tasks)
    if k >= 0:
        tasks[k].timer = now + luck.exponential(u) / w.arrivals_per_hour
        w.timer_task = k


@compiled
def arrive(world, tasks, k):
    """Task k becomes work that somebody can pick."""
    w, t = world[0], tasks[k]
    t.state, t.arrival, t.since, t.timer = WAITING, w.time, w.time, math.inf
    w.arrived += 1
    # A saturated stream has no end of fixes, so there they keep their place in it.
    queue = FIXES if t.kind == FIX and not (t.stream and w.work == SATURATED) else STREAM
    push(w.head, w.tail, queue, tasks, k)
    if w.work != SATURATED or not t.stream:
        enter(world, t)


@compiled
def enter(world, t):
    """A task's lead time starts."""
    w = world[0]
    t.start = w.time
    w.area += w.in_system * (w.time - w.area_time)
    w.area_time = w.time
    w.in_system += 1


@compiled
def leave(world, t):
    """A task's lead time ends."""
    w = world[0]
    t.end = w.time
    w.area += w.in_system * (w.time - w.area_time)
    w.area_time = w.time
    w.in_system -= 1


@compiled
def credit(world, tasks, weeks, root, on):
    """Credit the work of a task, or withdraw it while a surfaced defect is open."""
    t = tasks[root]
    if t.credited != on:
        t.credited = on
        this_week(world, weeks).work += t.size_hours if on else -t.size_hours


# ---- who may do what -----------------------------------------------------------------------


@compiled
def by_hand(world, d):
    """Whether a person can do coding work by hand."""
    return d.role == ENGINEER or world[0].adjacent_by_hand == 1


@compiled
def with_agent(world):
    """Whether work is taken to an agent at all."""
    return world[0].tool == TOOL_AGENTIC and world[0].agent_use != USE_NEVER


@compiled
def can_work(world, d):
    """Whether a person can do tasks in any way."""
    return by_hand(world, d) or with_agent(world)


@compiled
def suits(world, d, t):
    """Whether routing lets a person take a waiting task."""
    w = world[0]
    if w.routing == FIFO or t.advanced == 0 or d.level[t.domain] >= w.matched_level:
        return True
    return w.routing == MATCHED and w.able == 0


@compiled
def at_limit(world, d):
    """Whether a person has as many unreviewed items as the limit on work in progress."""
    return d.unreviewed >= world[0].wip_limit


@compiled
def is_reviewer(world, d, t):
    """Whether a person's level and role make them an eligible reviewer."""
    return d.role == ENGINEER and d.level[t.domain] >= world[0].reviewer_level


@compiled
def may_review(world, developers, i, t):
    """Whether developer i may review t: eligible and not the author, or the stand-in.

    Where nobody is eligible the most expert other person reviews; one alone
    reviews their own work.
    """
    author = t.owner
    if i != author and is_reviewer(world, developers[i], t):
        return True
    others = world[0].reviewers - (1 if is_reviewer(world, developers[author], t) else 0)
    if others > 0:
        return False
    if len(developers) == 1:
        return True
    best = -1
    for j in range(len(developers)):
        if j != author and (
            best < 0 or developers[j].level[t.domain] > developers[best].level[t.domain]
        ):
            best = j
    return i == best


@compiled
def allowance(world, d):
    """Hours a person may review now: accrues continuously, at most a day's worth is saved."""
    w = world[0]
    rate = w.review_hours_per_week / HOURS_PER_WEEK
    return min(d.allowance + rate * (w.time - d.allowance_time), w.review_hours_per_week / 5.0)


# ---- choosing ------------------------------------------------------------------------------


@compiled
def find_review(world, developers, tasks, i, which):
    """The oldest visible review that developer i may and will take, or -1.

    which : _WITHIN the allowance, or its author is at the limit; _URGENT only the
        latter; _ANY.
    """
    w = world[0]
    k = w.head[REVIEWS]
    if k < 0:
        return -1
    free = which == _ANY or (which == _WITHIN and allowance(world, developers[i]) > 0.0)
    while k >= 0:
        t = tasks[k]
        if (free or at_limit(world, developers[t.owner])) and may_review(world, developers, i, t):
            return k
        k = t.next
    return -1


@compiled
def rank(t):
    """Order of work: rework and escalations, then fixes, then new work."""
    if t.rework or t.escalated:
        return 0
    return 1 if t.kind == FIX else 2


@compiled
def find_own(developers, tasks, i):
    """The first of the best rank among the tasks in a person's hands, or -1."""
    best = -1
    k = developers[i].head
    while k >= 0:
        if best < 0 or rank(tasks[k]) < rank(tasks[best]):
            best = k
        k = tasks[k].next
    return best


@compiled
def find_waiting(world, tasks, d, queue):
    """The first waiting task of a list that suits a person, or -1.

    At most `lookahead` are passed over. When none suits, `matched` takes the
    first all the same, so that no team wins by refusing hard work.
    """
    w = world[0]
    if not can_work(world, d):
        return -1
    k = w.head[queue]
    for _ in range(w.lookahead + 1):
        if k < 0 and queue == STREAM and w.work == SATURATED:
            k = next_of_stream(world, tasks)
            if k >= 0:
                arrive(world, tasks, k)
        if k < 0:
            break
        if suits(world, d, tasks[k]):
            return k
        k = tasks[k].next
    return w.head[queue] if w.routing == MATCHED else -1


@compiled
def choose(world, developers, tasks, i):
    """What developer i does next: (activity, task), or (IDLE, -1)."""
    w, d = world[0], developers[i]
    if w.review_order == REVIEW_FIRST:
        k = find_review(world, developers, tasks, i, _WITHIN)
        if k >= 0:
            return REVIEW, k
    work = find_own(developers, tasks, i)
    if work < 0 or rank(tasks[work]) > 1:
        fix = find_waiting(world, tasks, d, FIXES)
        if fix >= 0:
            work = fix
    if w.review_order == REVIEW_TURN:
        k = find_review(world, developers, tasks, i, _WITHIN)
        if k >= 0 and (work < 0 or tasks[k].since <= tasks[work].since):
            return REVIEW, k
    if work < 0:
        k = find_review(world, developers, tasks, i, _ANY if at_limit(world, d) else _URGENT)
        if k >= 0:
            return REVIEW, k
        work = find_waiting(world, tasks, d, STREAM)
    if work < 0:
        k = find_review(world, developers, tasks, i, _ANY)
        return (REVIEW, k) if k >= 0 else (IDLE, -1)
    return way(world, developers, tasks, i, work), work


@compiled
def piece_of(world, t):
    """Size of the piece attacked next: people split work for the agent [expert-h]."""
    if t.piece > 0.0:
        return t.piece
    return min(t.left, world[0].scope_hours) if with_agent(world) else t.left


@compiled
def way(world, developers, tasks, i, k):
    """How developer i goes on with task k: MENTORING first, then AGENT or MANUAL."""
    w, d, t = world[0], developers[i], tasks[k]
    if t.mentoring:
        return MENTORING
    if not by_hand(world, d):
        return AGENT
    if not with_agent(world) or t.manual_left > 0.0 or t.attempts >= w.max_sessions:
        return MANUAL
    _, v = luck.pair(w.key, w.replication, t.key, t.piece_index << 10, luck.HAND)
    if v >= w.adoption or (w.agent_use == USE_PAYS and not agent_pays(world, d, t)):
        return MANUAL
    return AGENT


@compiled
def agent_pays(world, d, t):
    """Whether a session is expected to take fewer hours than by hand, on the team's belief."""
    w = world[0]
    hours = piece_of(world, t)
    eta = own_logit(world, d, t, hours) - t.trait + w.belief_bias
    p = 1.0 / (1.0 + math.exp(-(w.cut_unverified + eta)))
    return session_hours(world, d, t, hours, 1.0) < p * hand_hours(world, d, t, hours, 1.0)


# ---- hours and odds ------------------------------------------------------------------------


@compiled
def own_logit(world, d, t, hours):
    """Log-odds of a session of developer d on a piece of task t, before the cuts."""
    w = world[0]
    shift = level_shift(w.shift, d.level[t.domain])
    effects = d.trait + t.trait + w.progress + w.progress_per_hour * w.time
    return session_logit(w, shift, hours, t.advanced == 1, d.role == ADJACENT, effects)


@compiled
def session_hours(world, d, t, hours, noise):
    """Human hours of a session on a piece of `hours` [h]."""
    w = world[0]
    # Fewer instructions per unit of work with more expertise (study, section 1.6).
    oversight = w.oversight_share * w.instruction_gain ** (5.0 - d.level[t.domain])
    return w.planning_hours + hours * (oversight * noise + w.runtime_share) + w.switching_hours


@compiled
def hand_hours(world, d, t, hours, noise):
    """Hours of a piece by hand [h]: an expert engineer needs its size."""
    w = world[0]
    level = d.level[t.domain]
    factor = w.hand_ratio ** ((5.0 - level) / 4.0)
    if w.tool == TOOL_ASSISTIVE:
        place = (level - 1.0) / 4.0
        saving = (1.0 - place) * w.assist_saving_novice + place * w.assist_saving_expert
        factor *= 1.0 - w.adoption * w.assist_coding_share * saving
    return hours * factor * noise


@compiled
def hand_success(world, d, t):
    """Probability that a piece done by hand is right."""
    w = world[0]
    eta = w.hand_success_expert - w.hand_success_per_level * (5.0 - d.level[t.domain])
    if t.advanced:
        eta -= w.hand_success_advanced
    return 1.0 / (1.0 + math.exp(-eta))


@compiled
def defect_odds(world, base, eta):
    """Probability of a defect per expert-hour, at a session's own log-odds eta.

    `base` belongs to an intermediate on average work of the reference size; a
    stronger tool or a better developer also breaks less.
    """
    w = world[0]
    if base <= 0.0:
        return 0.0
    if base >= 1.0:
        return 1.0 - 1e-12
    x = luck.logit(base) - w.defect_slope * (eta - w.shift_reference)
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def review_hours(world, t):
    """Hours to review what was submitted [h]."""
    w = world[0]
    written = t.agent_hours / t.submitted_hours if t.submitted_hours > 0.0 else 0.0
    return w.review_rate * t.submitted_hours * (1.0 + (w.review_agent_factor - 1.0) * written)


@compiled
def detection(world, d, t, own):
    """Probability that a reviewer catches a defect that is there."""
    w = world[0]
    eta = w.review_skill_intermediate + w.review_skill_per_level * (d.level[t.domain] - 3.0)
    p = 1.0 / (1.0 + math.exp(-eta))
    return p * w.self_review_factor if own else p


# ---- beginning a stretch -------------------------------------------------------------------


@compiled
def act(world, developers, tasks, weeks, i):
    """Let an idle developer choose and begin; True if they are at work now."""
    activity, k = choose(world, developers, tasks, i)
    begin(world, developers, tasks, weeks, i, activity, k)
    return activity != IDLE


@compiled
def begin(world, developers, tasks, weeks, i, activity, k):
    """Begin a stretch: sets the developer's `until` and the hours it will take."""
    w, d = world[0], developers[i]
    if activity == IDLE:
        return
    if w.time > d.start:
        book(
            world,
            developers,
            weeks,
            i,
            B_IDLE,
            d.start,
            w.time,
            hours_between(d, d.start, w.time),
            0,
        )
    t = tasks[k]
    if activity == REVIEW:
        hours = begin_review(world, developers, tasks, i, k)
    else:
        if t.state == WAITING:
            pick_up(world, developers, tasks, i, k)
        if t.piece <= 0.0:
            t.piece = piece_of(world, t)
        hours = work_hours(world, d, t, activity)
    d.activity, d.task, d.start, d.hours = activity, k, w.time, hours
    d.piece_hours = t.submitted_hours if activity == REVIEW else t.piece
    d.until = time_after(d, w.time, hours)
    w.idle -= 1


@compiled
def begin_review(world, developers, tasks, i, k):
    """Take a submission from the review queue; the hours it will take."""
    w, d, t = world[0], developers[i], tasks[k]
    take(w.head, w.tail, REVIEWS, tasks, k)
    t.state = IN_REVIEW
    w.reviews += 1
    w.self_reviews += 1 if t.owner == i else 0
    w.review_wait += w.time - t.submitted
    hours = review_hours(world, t)
    d.allowance = allowance(world, d) - hours
    d.allowance_time = w.time
    return hours


@compiled
def pick_up(world, developers, tasks, i, k):
    """Take a waiting task into one's hands."""
    w, t = world[0], tasks[k]
    in_fixes = t.kind == FIX and not (t.stream and w.work == SATURATED)
    take(w.head, w.tail, FIXES if in_fixes else STREAM, tasks, k)
    if w.work == SATURATED and t.stream:
        enter(world, t)
    hold(developers, tasks, i, k, w.time)


@compiled
def work_hours(world, d, t, activity):
    """Development hours of the stretch that begins [h]."""
    w = world[0]
    if activity == MENTORING:
        return w.escalation_hours
    if activity == AGENT:
        _, v = luck.pair(w.key, w.replication, t.key, session_index(t), luck.SESSION)
        sd = w.session_noise_sd
        noise = math.exp(sd * luck.normal(v) - 0.5 * sd * sd)  # mean 1
        return session_hours(world, d, t, t.piece, noise)
    if t.manual_left <= 0.0:
        t.manual_left = hand_hours(world, d, t, t.piece, t.hand_noise)
    return min(w.stretch_hours, t.manual_left)


@compiled
def session_index(t):
    """Which luck an attempt meets: that of its piece and try, whoever makes it."""
    return (t.piece_index << 10) | min(t.tries, 1023)


# ---- ending a stretch ----------------------------------------------------------------------


@compiled
def finish(world, developers, tasks, weeks, i):
    """A developer's stretch ends: book it, and let its consequences follow."""
    w, d = world[0], developers[i]
    k, activity = d.task, d.activity
    t = tasks[k]
    d.outcome = -1
    close_stretch(world, developers, tasks, weeks, i)
    if activity == AGENT:
        finish_session(world, developers, tasks, weeks, i, k)
    elif activity == MANUAL:
        finish_hand(world, developers, tasks, weeks, i, k)
    elif activity == REVIEW:
        finish_review(world, developers, tasks, weeks, i, k)
    else:
        t.mentoring = 0
    d.activity, d.start, d.until = IDLE, w.time, math.inf
    w.idle += 1


@compiled
def close_stretch(world, developers, tasks, weeks, i):
    """Book the stretch of developer i, up to the horizon."""
    d = developers[i]
    t = tasks[d.task]
    bucket = B_AGENT if d.activity == AGENT else B_MANUAL
    if d.activity == REVIEW:
        bucket = B_REVIEW
    elif d.activity == MENTORING:
        bucket = B_MENTORING
    elif t.rework:
        bucket = B_REWORK
    elif t.kind == FIX:
        bucket = B_FIX
    hours = book(world, developers, weeks, i, bucket, d.start, d.until, d.hours, t.advanced)
    if d.activity == REVIEW or t.escalated:
        d.hours_helping += hours
    d.hours = hours


@compiled
def finish_session(world, developers, tasks, weeks, i, k):
    """A session ends: its outcome, and what it leaves of the piece."""
    w, d, t = world[0], developers[i], tasks[k]
    u, _ = luck.pair(w.key, w.replication, t.key, session_index(t), luck.SESSION)
    eta = own_logit(world, d, t, t.piece)
    outcome = outcome_of(w, eta, u)
    d.outcome = outcome
    count_session(world, weeks, t, outcome)
    if outcome >= UNVERIFIED:
        base = w.defect_verified if outcome == VERIFIED else w.defect_unverified
        t.unverified += 0 if outcome == VERIFIED else 1
        t.agent_hours += t.piece
        piece_done(world, developers, tasks, weeks, i, k, defect_odds(world, base, eta))
        return
    if outcome > 0:  # partial: a share of the piece is done, without hard evidence
        part = w.partial_share * t.piece
        t.clean += part * math.log1p(-defect_odds(world, w.defect_unverified, eta))
        t.unverified += 1
        t.agent_hours += part
        t.left -= part
        t.piece -= part
    t.attempts += 1
    t.tries += 1
    # A piece of which nothing is left was done in parts.
    if t.piece <= _TINY * t.size_hours:
        piece_done(world, developers, tasks, weeks, i, k, 0.0)
    elif t.attempts >= w.max_sessions and not by_hand(world, d):
        pass_on(world, developers, tasks, weeks, i, k)


@compiled
def count_session(world, weeks, t, outcome):
    """Count a session by outcome, purpose and whether it repeats one that did not get done."""
    w, week = world[0], this_week(world, weeks)
    if t.sessions == 0:
        w.first[outcome] += 1
    w.sessions[outcome] += 1
    t.sessions += 1
    week.sessions += 1
    if t.kind == FIX or t.rework:
        week.fix_sessions += 1
    if t.tries > 0:
        week.repeat_sessions += 1


@compiled
def finish_hand(world, developers, tasks, weeks, i, k):
    """A stretch by hand ends; at the piece's end it is right or it is passed on."""
    w, d, t = world[0], developers[i], tasks[k]
    if t.manual_left > w.stretch_hours:
        t.manual_left -= w.stretch_hours
        return
    t.manual_left = 0.0
    u, _ = luck.pair(w.key, w.replication, t.key, session_index(t), luck.HAND)
    t.tries += 1
    if u < hand_success(world, d, t):
        t.unverified += 1
        eta = level_shift(w.shift, d.level[t.domain])
        odds = defect_odds(world, w.defect_hand, eta)
        piece_done(world, developers, tasks, weeks, i, k, odds)
    else:
        pass_on(world, developers, tasks, weeks, i, k)


@compiled
def piece_done(world, developers, tasks, weeks, i, k, odds):
    """A piece is done: what is left of the task shrinks, at nothing it is submitted."""
    t = tasks[k]
    t.clean += t.piece * math.log1p(-odds)
    t.left -= t.piece
    t.piece = 0.0
    t.piece_index += 1
    t.attempts = t.tries = 0
    if t.left <= _TINY * t.size_hours:
        t.left = 0.0
        submit(world, developers, tasks, weeks, i, k)


@compiled
def pass_on(world, developers, tasks, weeks, i, k):
    """Escalate to the least expert colleague of a higher level, or abandon the task.

    For somebody who cannot work by hand, one of the same level who can is
    eligible too: what they need is not a level but a pair of hands.
    """
    w, d, t = world[0], developers[i], tasks[k]
    level = int(d.level[t.domain] + 0.5)
    best = -1
    for j in range(len(developers)):
        other = developers[j]
        theirs = int(other.level[t.domain] + 0.5)
        hands = theirs == level and by_hand(world, other) and not by_hand(world, d)
        if j == i or not can_work(world, other) or not (theirs > level or hands):
            continue
        if best < 0:
            best = j
            continue
        x, y = other.level[t.domain], developers[best].level[t.domain]
        if x < y or (x == y and other.held < developers[best].held):
            best = j
    let_go(developers, tasks, i, k)
    t.attempts, t.manual_left = 0, 0.0
    if best < 0:
        abandon(world, tasks, weeks, k)
        return
    w.escalations += 1
    t.escalated = t.mentoring = 1
    hold(developers, tasks, best, k, w.time)


@compiled
def abandon(world, tasks, weeks, k):
    """Give a task up; nobody can take it further."""
    t = tasks[k]
    t.state = ABANDONED
    leave(world, t)
    this_week(world, weeks).abandoned += 1


@compiled
def submit(world, developers, tasks, weeks, i, k):
    """Hand a task in: it waits for review, or is accepted at once."""
    w, t = world[0], tasks[k]
    let_go(developers, tasks, i, k)
    t.submissions += 1
    t.submitted = w.time
    this_week(world, weeks).submissions += 1
    u, v = luck.pair(w.key, w.replication, t.key, t.submissions, luck.SUBMISSION)
    t.defect = 1 if v < -math.expm1(t.clean) else 0
    if w.review == REVIEW_NONE or (w.review == REVIEW_UNVERIFIED and t.unverified == 0):
        accept(world, tasks, weeks, k)
        return
    t.state = SUBMITTED
    t.timer = w.time + u * w.review_look_hours
    developers[i].unreviewed += 1
    w.timer_task = k


@compiled
def finish_review(world, developers, tasks, weeks, i, k):
    """A review ends: a caught defect comes back as rework, else the task is accepted."""
    w, t = world[0], tasks[k]
    author = t.owner
    developers[author].unreviewed -= 1
    u, _ = luck.pair(w.key, w.replication, t.key, t.submissions, luck.REVIEW)
    if t.defect and u < detection(world, developers[i], t, author == i):
        t.rework = 1
        t.left = t.submitted_hours = w.rework_share * t.size_hours
        t.clean, t.unverified, t.agent_hours = 0.0, 0, 0.0
        hold(developers, tasks, author, k, w.time)
    else:
        accept(world, tasks, weeks, k)


@compiled
def accept(world, tasks, weeks, k):
    """A task is done: credited, and any defect in it starts to wait for its day."""
    t = tasks[k]
    t.state = DONE
    leave(world, t)
    week = this_week(world, weeks)
    week.done[t.advanced] += 1
    if t.stream:
        credit(world, tasks, weeks, k, 1)
    else:
        tasks[t.root].open_defects -= 1
        if tasks[t.root].open_defects == 0:
            credit(world, tasks, weeks, t.root, 1)
    if t.defect:
        week.escaped += 1
        plant(world, tasks, k)


@compiled
def plant(world, tasks, k):
    """Set the day on which an escaped defect of task k surfaces as a fix."""
    w, t = world[0], tasks[k]
    _, v = luck.pair(w.key, w.replication, t.key, t.submissions, luck.REVIEW)
    day = w.time + luck.exponential(v) * w.defect_delay_weeks * HOURS_PER_WEEK
    if day >= w.horizon:
        return
    hours = w.fix_size_share * t.size_hours
    child = create(
        world, tasks, luck.child_key(t.key, t.submissions), FIX, t.advanced, hours, t.root
    )
    if child >= 0:
        tasks[child].timer = day
        w.timer_task = child


# ---- timers, start and end -----------------------------------------------------------------


@compiled
def fire(world, tasks, weeks, k):
    """A task's timer rings: it arrives, surfaces, or a reviewer looks."""
    w, t = world[0], tasks[k]
    t.timer = math.inf
    if t.state == SUBMITTED:
        t.state, t.since = QUEUED, w.time
        push(w.head, w.tail, REVIEWS, tasks, k)
        return
    arrive(world, tasks, k)
    if t.stream:
        announce(world, tasks, w.time)
    else:
        tasks[t.root].open_defects += 1
        credit(world, tasks, weeks, t.root, 0)


@compiled
def settle_in(world, d):
    """A person's persistent luck: place in a range of levels, effect on outcomes; and rate."""
    w = world[0]
    u, v = luck.pair(w.key, w.replication, d.key, 0, luck.DEVELOPER)
    level = d.level_low + v * (d.level_high - d.level_low)
    for domain in range(DOMAINS):
        d.level[domain] = d.hired_level[domain] = level
    d.trait = w.sd_developer * luck.normal(u)
    d.rate_until[0] = math.inf
    d.rate[0] = w.dev_share * d.hours_per_week / HOURS_PER_WEEK


@compiled
def start(world, developers, tasks, weeks):
    """Set the stage at time 0: nobody busy, the work that is there from the start."""
    w = world[0]
    w.time = 0.0
    w.n_tasks = w.n_stream = w.overflow = 0
    w.timer_task = -1
    for queue in range(3):
        w.head[queue] = w.tail[queue] = -1
    w.able = w.reviewers = 0
    for i in range(len(developers)):
        d = developers[i]
        settle_in(world, d)
        d.activity, d.task, d.start, d.until, d.outcome = IDLE, -1, 0.0, math.inf, -1
        d.head = d.tail = -1
        d.held = d.unreviewed = 0
        d.allowance, d.allowance_time = w.review_hours_per_week / 5.0, 0.0
        d.hours_worked = d.hours_helping = 0.0
        if d.role == ENGINEER:
            w.able += 1 if d.level[0] >= w.matched_level else 0
            w.reviewers += 1 if d.level[0] >= w.reviewer_level else 0
    w.idle = len(developers)
    if w.work == BACKLOG:
        for _ in range(w.backlog):
            k = next_of_stream(world, tasks)
            if k < 0:
                return
            arrive(world, tasks, k)
    elif w.work == POISSON:
        announce(world, tasks, 0.0)


@compiled
def close(world, developers, tasks, weeks):
    """At the horizon: book what everybody was doing, and the tasks in the system."""
    w = world[0]
    w.time = w.horizon
    for i in range(len(developers)):
        d = developers[i]
        if d.activity == IDLE:
            hours = hours_between(d, d.start, w.horizon)
            book(world, developers, weeks, i, B_IDLE, d.start, w.horizon, hours, 0)
        else:
            close_stretch(world, developers, tasks, weeks, i)
    w.area += w.in_system * (w.horizon - w.area_time)
    w.area_time = w.horizon
