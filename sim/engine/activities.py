"""Activities: how long a stretch of each takes, to which account its hours go, how it ends.

A stretch is what somebody does at one go. Its hours are known when it begins; it ends when they
are put in, or is cut where somebody leaves. Who does what is chosen in `choosing`; what the end of
a session, of work by hand or of a review leaves is worked out in `outcomes`.
"""

from sim.engine import inlined, luck, row
from sim.engine.calendar import book
from sim.engine.choosing import allowance, piece_of
from sim.engine.odds import coordination, hand_hours, review_hours, session_hours
from sim.engine.outcomes import finish_hand, finish_review, finish_session
from sim.engine.people import practise
from sim.engine.state import (
    ABANDONED,
    AGENT,
    B_AGENT,
    B_FIX,
    B_MANUAL,
    B_MENTORING,
    B_REVIEW,
    B_REWORK,
    FIX,
    MANUAL,
    MENTORING,
    REVIEW,
    WAITING,
)
from sim.engine.tasks import (
    await_review,
    is_part,
    others_on,
    pick_up,
    session_index,
    take_again,
    take_review,
)

# ---- hours -------------------------------------------------------------------------- ------------


@inlined
def begin(w, developers, tasks, luck_cache, i, k, activity):
    """Person i turns to task k; the development hours that the stretch will take [h]."""
    d, t = row(developers, i), row(tasks, k)
    if activity == REVIEW:
        d.piece_hours = t.submitted_hours
        return begin_review(w, developers, tasks, luck_cache, i, k)
    if t.state == WAITING:
        pick_up(w, d, tasks, luck_cache, i, k)
    elif t.state == ABANDONED:
        take_again(w, d, tasks, i, k)
    t.piece = d.piece_hours = piece_of(w, d, t)
    return work_hours(w, d, tasks, t, activity, luck_cache)


@inlined
def begin_review(w, developers, tasks, luck_cache, i, k):
    """Take a submission from the review queue; the hours it will take.

    Equations 15, 17 of docs/model.md.
    """
    d, t = developers[i], tasks[k]
    take_review(w, developers, tasks, k)
    w.reviews += 1
    w.self_reviews += 1 if t.owner == i else 0
    w.review_wait += w.time - t.submitted
    z, _ = luck.of_task(w, luck_cache, t.key, t.submissions, luck.REVIEW_HOURS)
    hours = review_hours(w, t) * luck.noise(z, w.review_noise_sd)
    d.allowance = allowance(w, d) - hours
    d.allowance_time = w.time
    return hours


@inlined
def work_hours(w, d, tasks, t, activity, luck_cache):
    """Development hours of the stretch that begins [h].

    What a failed session has left is cleared up first, by whoever goes on.

    Equations 7, 29, 35 of docs/model.md.
    """
    if activity == MENTORING:
        return w.escalation_hours
    if activity == AGENT:
        t.luck, noise = luck.session(w, luck_cache, t.key, session_index(t))
        return (t.to_clear + session_hours(w, d, t, t.piece, noise)) * slowed(w, d, tasks, t)
    if t.manual_left <= 0.0:
        noise = luck.noise(luck.normal(t.hand_luck), w.hand_noise_sd)
        hours = t.to_clear + hand_hours(w, d, t, t.piece, noise)
        t.manual_left, t.to_clear = hours * slowed(w, d, tasks, t), 0.0
    return min(w.stretch_hours, t.manual_left)


@inlined
def slowed(w, d, tasks, t):
    """Factor on a person's hours for coordinating with others on the same task.

    Equation 29 of docs/model.md.
    """
    if not is_part(t):
        return 1.0
    others = others_on(d, tasks, t)
    return 1.0 / (1.0 - coordination(w, others)) if others > 0 else 1.0


# ---- account -------------------------------------------------------------------------------


@inlined
def account(d, t):
    """The account to which hours of what a person does at a task go."""
    if d.activity == REVIEW:
        return B_REVIEW
    if d.activity == MENTORING:
        return B_MENTORING
    if t.rework:
        return B_REWORK
    if t.kind == FIX:
        return B_FIX
    return B_AGENT if d.activity == AGENT else B_MANUAL


@inlined
def close_stretch(w, d, t, weeks, calendar, i, end, hours):
    """Enter the hours that person i worked on task t up to `end` into accounts and learning.

    A stretch is a period of work without a break; hours after the end of the run do not count.
    """
    d.hours = book(w, d, weeks, calendar, i, account(d, t), end, hours, t.advanced)
    if d.activity == REVIEW or t.escalated:
        d.hours_helping += d.hours
    if d.activity == AGENT or d.activity == MANUAL:
        practise(w, d, t.domain, d.hours, d.activity)


# ---- end -----------------------------------------------------------------------------------


@inlined
def finish(w, developers, tasks, luck_cache, i, k, activity):
    """A stretch of person i at task k is over: what follows from it."""
    if activity == AGENT:
        finish_session(w, developers, tasks, luck_cache, i, k)
    elif activity == MANUAL:
        finish_hand(w, developers, tasks, luck_cache, i, k)
    elif activity == REVIEW:
        finish_review(w, developers, tasks, luck_cache, i, k)
    elif activity == MENTORING:
        row(tasks, k).mentoring = 0


@inlined
def cut(w, developers, tasks, k, activity, hours):
    """A stretch at task k is cut after `hours`, for whoever was at it leaves.

    What was done by hand stays done; a cut session leaves nothing, and mentoring begins anew.
    """
    if activity == REVIEW:
        await_review(w, developers, tasks, k)
        row(developers, row(tasks, k).owner).waiting[row(tasks, k).domain] += 1
    elif activity == MANUAL:
        row(tasks, k).manual_left -= hours
