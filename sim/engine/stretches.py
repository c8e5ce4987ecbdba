"""Stretches: how long the next one takes, and what is booked when one ends."""

from sim.engine import inlined, luck
from sim.engine.calendar import book
from sim.engine.choosing import allowance
from sim.engine.odds import hand_hours, review_hours, session_hours
from sim.engine.people import practise
from sim.engine.state import (
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
)
from sim.engine.tasks import take_review


@inlined
def begin_review(w, developers, tasks, i, k):
    """Take a submission from the review queue; the hours it will take.

    Equation 17 of docs/model.md.
    """
    d, t = developers[i], tasks[k]
    take_review(w, developers, tasks, k)
    w.reviews += 1
    w.self_reviews += 1 if t.owner == i else 0
    w.review_wait += w.time - t.submitted
    hours = review_hours(w, t)
    d.allowance = allowance(w, d) - hours
    d.allowance_time = w.time
    return hours


@inlined
def work_hours(w, d, t, activity, drawn):
    """Development hours of the stretch that begins [h].

    Equation 7 of docs/model.md.
    """
    if activity == MENTORING:
        return w.escalation_hours
    if activity == AGENT:
        t.luck, noise = luck.session(w, drawn, t.key, session_index(t))
        return session_hours(w, d, t, t.piece, noise)
    if t.manual_left <= 0.0:
        noise = luck.noise(luck.normal(t.hand_luck), w.hand_noise_sd)
        t.manual_left = hand_hours(d, t, t.piece, noise)
    return min(w.stretch_hours, t.manual_left)


@inlined
def session_index(t):
    """Which luck an attempt meets: that of its piece and try, whoever makes it."""
    return (t.piece_index << 10) | min(t.tries, 1023)


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
