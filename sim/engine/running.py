"""A project that runs: what waits for review and what is in hand when the world begins.

Nothing is known of it but how many tasks there are, so it is dealt out to those who would have
taken it, and what is done of it is as if they had done it, without hard evidence.
"""

from sim.engine import compiled, luck, row
from sim.engine.choosing import can_work, mode_of_work, routing_allows, takes_class
from sim.engine.odds import defect_hazard, happens, own_logit
from sim.engine.outcomes import has_visible
from sim.engine.state import ABSENT, AGENT, BY_HAND, IS_UNVERIFIED
from sim.engine.tasks import await_review, count_reviews, pick_up, take


@compiled
def resume(w, developers, tasks, luck_cache):
    """Put the first tasks of the backlog where they are: first those that wait for review."""
    for k in range(min(w.waiting_review + w.in_hand, w.n_tasks)):
        i = author_of(w, developers, row(tasks, k))
        if i < 0:
            continue  # nobody could have begun it
        if k < w.waiting_review:
            resume_review(w, developers, tasks, luck_cache, i, k)
        else:
            resume_work(w, developers, tasks, luck_cache, i, k)


@compiled
def author_of(w, developers, t):
    """Who has begun a task: whoever routing lets take it and has least of the work; or -1.

    Where routing lets nobody, anybody who can take work of its class.
    """
    best, best_allowed = -1, False
    for i in range(len(developers)):
        d = row(developers, i)
        if d.activity == ABSENT or not can_work(w, d) or not takes_class(w, d, t):
            continue
        allowed = routing_allows(w, d, t)
        if best >= 0:
            other = row(developers, best)
            fewer = d.held + d.unreviewed < other.held + other.unreviewed
            if best_allowed > allowed or (best_allowed == allowed and not fewer):
                continue
        best, best_allowed = i, allowed
    return best


@compiled
def resume_work(w, developers, tasks, luck_cache, i, k):
    """Put task k, or the first part of it, into the hands of person i, some of it done."""
    d, t = row(developers, i), row(tasks, k)
    pick_up(w, d, tasks, luck_cache, i, k)
    left = w.in_hand_left * t.size_hours
    count_as_done(w, d, t, luck_cache, t.size_hours - left)
    t.left = left


@compiled
def resume_review(w, developers, tasks, luck_cache, i, k):
    """Let task k, which person i has handed in, wait for a reviewer."""
    d, t = row(developers, i), row(tasks, k)
    take(w, tasks, k)
    t.owner, t.since, t.submitted, t.submissions = i, w.time, w.time, 1
    count_as_done(w, d, t, luck_cache, t.size_hours)
    t.left = 0.0
    _, v = luck.of_task(w, luck_cache, t.key, t.submissions, luck.SUBMISSION)
    t.defect = 1 if happens(t.hazard, v) else 0
    t.visible = has_visible(w, t, luck_cache)
    count_reviews(w, developers, i, 1, 0)
    d.waiting[t.domain] += 1
    await_review(w, developers, tasks, k)


@compiled
def count_as_done(w, d, t, luck_cache, hours):
    """Count a person's work of so many expert-hours on a task as done, without hard evidence."""
    if hours <= 0.0:
        return
    if mode_of_work(w, d, t, luck_cache) == AGENT:
        session_logit = own_logit(w, d, t, min(hours, w.scope_hours))
        t.hazard += hours * defect_hazard(w, IS_UNVERIFIED, session_logit)
        t.agent_hours += hours
    else:
        t.hazard += hours * defect_hazard(w, BY_HAND, d.shift[t.domain])
    t.unverified += 1
