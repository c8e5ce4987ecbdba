"""Outcomes: what follows when a session, a stretch by hand or a review has ended."""

from sim.engine import compiled, inlined, luck, row
from sim.engine.choosing import by_hand, can_work, capability, is_reviewer, takes_class
from sim.engine.curves import UNVERIFIED, VERIFIED, outcome_of
from sim.engine.freezes import release_time
from sim.engine.odds import (
    clearing_hours,
    defect_hazard,
    detection,
    hand_success,
    happens,
    own_logit,
    unattended_hours,
    visible_hazard,
)
from sim.engine.people import practise
from sim.engine.state import (
    ABSENT,
    BY_HAND,
    DONE,
    ESCAPED_DEFECTS,
    FIX,
    FIX_SESSIONS,
    HELD,
    HOURS_PER_WEEK,
    IS_UNVERIFIED,
    IS_VERIFIED,
    LOOK_AGAIN,
    MANUAL,
    REPEAT_SESSIONS,
    REVIEW_NONE,
    REVIEW_UNVERIFIED,
    RUNNING,
    SESSIONS,
    SUBMISSIONS,
    SUBMITTED,
    TASKS_DONE,
    UNRELEASED,
)
from sim.engine.tasks import (
    count_reviews,
    create,
    credit,
    give_up,
    hand_over,
    leave,
    open_next,
    release,
    return_to_queue,
    session_index,
    whole_of,
)

_TINY = 1e-9  # a remainder below this share of the task is rounding, not work


@inlined
def finish_session(w, developers, tasks, luck_cache, i, k):
    """The developer's part of a session ends; its outcome follows once the agent is done too."""
    d, t = row(developers, i), row(tasks, k)
    t.session_logit = own_logit(w, d, t, t.piece)
    t.outcome = d.outcome = outcome_of(w, t.session_logit, t.luck)
    rest = unattended_hours(w, t)
    if rest > 0.0:
        release(d, tasks, k)
        t.state, t.timer = RUNNING, w.time + rest
        w.timer_task = k
    else:
        conclude(w, developers, tasks, luck_cache, i, k)


@compiled
def agent_done(w, developers, tasks, luck_cache, k):
    """An agent that went on by itself is done: the task is back in its developer's hands."""
    i = tasks[k].owner
    w.changed |= LOOK_AGAIN
    hand_over(w, developers[i], tasks, i, k)
    conclude(w, developers, tasks, luck_cache, i, k)
    if must_lay_down(w, developers[i]) and tasks[k].state == HELD and tasks[k].owner == i:
        return_to_queue(w, developers[i], tasks, k)


@inlined
def must_lay_down(w, d):
    """Whether work that comes back to a person goes on to others: they are gone, or cannot work."""
    return d.activity == ABSENT or not can_work(w, d)


@inlined
def conclude(w, developers, tasks, luck_cache, i, k):
    """A session is over: what its outcome leaves of the piece.

    Equations 11, 35 of docs/model.md.
    """
    d, t = row(developers, i), row(tasks, k)
    count_session(w, t)
    t.to_clear = 0.0 if t.outcome >= UNVERIFIED else clearing_hours(w, t.piece)
    if t.outcome >= UNVERIFIED:
        work = IS_VERIFIED if t.outcome == VERIFIED else IS_UNVERIFIED
        t.unverified += 0 if t.outcome == VERIFIED else 1
        t.agent_hours += t.piece
        piece_done(w, developers, tasks, luck_cache, i, k, defect_hazard(w, work, t.session_logit))
        return
    if t.outcome > 0:  # partial: a share of the piece is done, without hard evidence
        part = w.partial_share * t.piece
        t.hazard += part * defect_hazard(w, IS_UNVERIFIED, t.session_logit)
        t.unverified += 1
        t.agent_hours += part
        t.left -= part
        t.piece -= part
    t.attempts += 1
    t.tries += 1
    # A piece of which nothing is left was done in parts.
    if t.piece <= _TINY * t.size_hours:
        t.to_clear = 0.0
        piece_done(w, developers, tasks, luck_cache, i, k, 0.0)
    elif t.attempts >= w.max_sessions and not by_hand(w, d):
        escalate(w, developers, tasks, i, k)


@inlined
def count_session(w, t):
    """Count a session by outcome, purpose and whether it repeats one that did not get done.

    Who repeats one mends what it left: it counts as a fix too. The first session on a task in
    parts is the first on its first part.
    """
    if t.sessions == 0 and t.part == 0:
        w.first[t.outcome] += 1
    w.sessions[t.outcome] += 1
    t.sessions += 1
    w.week[SESSIONS] += 1.0
    if t.kind == FIX or t.rework or t.tries > 0:
        w.week[FIX_SESSIONS] += 1.0
    if t.tries > 0:
        w.week[REPEAT_SESSIONS] += 1.0


@inlined
def finish_hand(w, developers, tasks, luck_cache, i, k):
    """A stretch by hand ends; at the piece's end it is right or it is escalated."""
    d, t = row(developers, i), row(tasks, k)
    if t.manual_left > w.stretch_hours:
        t.manual_left -= w.stretch_hours
        return
    t.manual_left = 0.0
    u, _ = luck.of_task(w, luck_cache, t.key, session_index(t), luck.HAND)
    t.tries += 1
    if u < hand_success(w, d, t):
        t.unverified += 1
        hazard = defect_hazard(w, BY_HAND, d.shift[t.domain])
        piece_done(w, developers, tasks, luck_cache, i, k, hazard)
    else:
        escalate(w, developers, tasks, i, k)


@inlined
def piece_done(w, developers, tasks, luck_cache, i, k, hazard):
    """A piece is done: what is left of the task shrinks, at nothing it is submitted."""
    t = row(tasks, k)
    t.hazard += t.piece * hazard
    t.left -= t.piece
    t.piece = 0.0
    t.piece_index += 1
    t.attempts = t.tries = 0
    if t.left <= _TINY * t.size_hours:
        t.left = 0.0
        submit(w, developers, tasks, luck_cache, i, k)


@compiled
def escalate(w, developers, tasks, i, k):
    """Escalate to the least expert colleague of a higher level, or give the task up.

    For somebody who cannot work by hand, one of the same level who can is
    eligible too: what they need is not a level but a pair of hands. The asker learns as
    from work by hand of as many hours as the colleague spends with them.

    Equation 11 of docs/model.md.
    """
    d, t = row(developers, i), row(tasks, k)
    own = capability(w, d, t.domain)
    best = -1
    for j in range(len(developers)):
        other = row(developers, j)
        there = other.activity != ABSENT and j != i
        if not there or not can_work(w, other) or not capability(w, other, t.domain) > own:
            continue
        if not takes_class(w, other, t):
            continue
        if best < 0:
            best = j
            continue
        x, y = other.level[t.domain], row(developers, best).level[t.domain]
        if x < y or (x == y and other.held < row(developers, best).held):
            best = j
    release(d, tasks, k)
    t.attempts, t.manual_left = 0, 0.0
    if best < 0:
        give_up(w, tasks, i, k, own)
        return
    w.escalations += 1
    w.changed |= LOOK_AGAIN
    t.escalated = t.mentoring = 1
    practise(w, d, t.domain, w.escalation_hours, MANUAL)
    hand_over(w, row(developers, best), tasks, best, k)


@compiled
def submit(w, developers, tasks, luck_cache, i, k):
    """Hand a task in: it waits for review, or is accepted at once.

    Equation 12 of docs/model.md.
    """
    t = row(tasks, k)
    release(row(developers, i), tasks, k)
    t.submissions += 1
    t.submitted = w.time
    w.week[SUBMISSIONS] += 1.0
    u, v = luck.of_task(w, luck_cache, t.key, t.submissions, luck.SUBMISSION)
    t.defect = 1 if happens(t.hazard, v) else 0
    t.visible = has_visible(w, t, luck_cache)
    spared = w.review == REVIEW_NONE or (w.review == REVIEW_UNVERIFIED and t.unverified == 0)
    if spared or needs_no_review(w, t, luck_cache):
        accept(w, tasks, luck_cache, k)
        return
    t.state = SUBMITTED
    t.timer = w.time + u * w.review_look_hours
    count_reviews(w, developers, i, 1, 0)
    row(developers, i).waiting[t.domain] += 1
    w.timer_task = k


@inlined
def needs_no_review(w, t, luck_cache):
    """Whether a submission is small average work of the share that nobody reviews.

    Equation 42 of docs/model.md.
    """
    if w.unreviewed_share <= 0.0 or t.advanced == 1 or t.whole_hours > w.unreviewed_hours:
        return False
    _, v = luck.of_task(w, luck_cache, t.key, 0, luck.OWN_CODE)
    return v < w.unreviewed_share


@inlined
def has_visible(w, t, luck_cache):
    """Whether a submission holds a fault that a review sees, from its luck.

    Equation 36 of docs/model.md.
    """
    hazard = visible_hazard(w, t)
    if hazard == 0.0:
        return 0
    _, v = luck.of_task(w, luck_cache, t.key, t.submissions, luck.REVIEW_HOURS)
    return 1 if happens(hazard, v) else 0


@compiled
def finish_review(w, developers, tasks, luck_cache, i, k):
    """A review ends: what is caught comes back as rework, else the task is accepted.

    Equation 13 of docs/model.md.
    """
    t = row(tasks, k)
    author = t.owner
    count_reviews(w, developers, author, -1, 0)
    if not is_caught(w, row(developers, i), t, luck_cache, author == i):
        accept(w, tasks, luck_cache, k)
        return
    t.rework = 1
    # What a review sees is in what it was shown, so that rounds of it become smaller.
    size = t.submitted_hours if t.visible else t.size_hours
    t.left = t.submitted_hours = w.rework_share * size
    t.hazard, t.unverified, t.agent_hours = 0.0, 0, 0.0
    hand_over(w, row(developers, author), tasks, author, k)
    if must_lay_down(w, row(developers, author)):
        return_to_queue(w, row(developers, author), tasks, k)


@inlined
def is_caught(w, d, t, luck_cache, own):
    """Whether a reviewer catches what a submission holds, hidden or visible, on one luck.

    Equations 16, 36 of docs/model.md.
    """
    if t.defect == 0 and t.visible == 0:
        return False
    p = detection(w, d, t, own)
    if t.visible == 1 and not own and is_reviewer(w, d, t.domain):
        p = max(p, w.visible_detection) if t.defect else w.visible_detection
    u, _ = luck.of_task(w, luck_cache, t.key, t.submissions, luck.REVIEW)
    return u < p


@compiled
def accept(w, tasks, luck_cache, k):
    """A task, or a part of one, is accepted; any defect in it starts to wait for its day.

    In a freeze of releases all that follows waits for its end.
    """
    t, root = row(tasks, k), row(tasks, row(tasks, k).root)
    if w.release_freezes > 0 and release_time(w) > w.time:
        t.state, t.timer = UNRELEASED, release_time(w)
        w.timer_task = k
        return
    t.state = DONE
    whole = row(tasks, whole_of(t, k))
    whole.parts_left -= 1
    if not t.stream:
        root.open_defects -= 1
    if whole.parts_left == 0:
        leave(w, whole)
        w.week[TASKS_DONE + t.advanced] += 1.0
        if t.stream:
            count_done(w)
            if w.chains > 0:
                open_next(w, tasks, t.root)
    if root.parts_left == 0 and root.open_defects == 0:
        credit(w, tasks, t.root, 1)
    if t.defect or t.visible:
        w.week[ESCAPED_DEFECTS] += 1.0
        schedule_defect(w, tasks, luck_cache, k)


@inlined
def count_done(w):
    """Count a task of the stream that is done, and note when enough of the backlog is.

    Equation 31 of docs/model.md.
    """
    w.stream_done += 1
    if w.stream_done == w.backlog_needed:
        w.backlog_done = w.time


@compiled
def schedule_defect(w, tasks, luck_cache, k):
    """Set the day on which an escaped defect of task k surfaces as a fix, if that is any work.

    Equation 13 of docs/model.md.
    """
    t = row(tasks, k)
    hours = w.fix_size_share * t.size_hours
    if hours <= 0.0:
        return
    _, v = luck.of_task(w, luck_cache, t.key, t.submissions, luck.REVIEW)
    day = w.time + luck.exponential(v) * w.defect_delay_weeks * HOURS_PER_WEEK
    if day >= w.horizon:
        return
    key = luck.child_key(t.key, t.submissions)
    child = create(w, tasks, luck_cache, key, FIX, t.advanced, t.domain, hours, t.root)
    if child >= 0:
        row(tasks, child).timer = day
        w.timer_task = child
