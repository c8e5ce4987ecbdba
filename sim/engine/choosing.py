"""Choosing: who may do what, and what somebody idle does next."""

import math

from sim.engine import compiled, idle, inlined, luck, row
from sim.engine.freezes import no_review_begins
from sim.engine.odds import agent_pays
from sim.engine.people import is_alone, nearest_level, review_budget
from sim.engine.state import (
    ABSENT,
    ADJACENT_ALL,
    AGENT,
    ANYBODY,
    BLOCKED,
    ENGINEER,
    FIFO,
    FIX,
    FIXERS,
    FIXES,
    GIVEN_UP,
    HOURS_AGAIN,
    HOURS_PER_WEEK,
    IDLE,
    LIMIT_REVIEW,
    LIMIT_WAIT,
    MANUAL,
    MATCHED,
    MENTORING,
    NOBODY,
    OUT_OF_HOURS,
    REVIEW,
    REVIEW_FIRST,
    REVIEW_TURN,
    REVIEWERS,
    REVIEWS,
    SATURATED,
    SEATS_A_NUMBER,
    STREAM,
    TOOL_AGENTIC,
    USE_NEVER,
    USE_PAYS,
    WORKERS,
)
from sim.engine.tasks import able_from, arrive, at_limit, has_given_up, next_of_stream, urgent_of

WITHIN, URGENT, ANY = 0, 1, 2  # which reviews a person will take


# ---- who may do what -----------------------------------------------------------------------


@inlined
def by_hand(w, d):
    """Whether a person can do coding work by hand."""
    return d.role == ENGINEER or w.adjacent_by_hand == 1


@inlined
def with_agent(w, d):
    """Whether a person takes work to an agent at all."""
    return d.tool == TOOL_AGENTIC and w.agent_use != USE_NEVER


@inlined
def can_work(w, d):
    """Whether a person can do tasks in any way."""
    return by_hand(w, d) or with_agent(w, d)


@inlined
def capability(w, d, domain):
    """What a person can do in a domain: twice their level, rounded, one more if by hand too."""
    return 2 * int(d.level[domain] + 0.5) + (1 if by_hand(w, d) else 0)


@inlined
def takes_class(w, d, t):
    """Whether the plan lets a person of that role take work of that class."""
    return t.advanced == 0 or d.role == ENGINEER or w.adjacent_work == ADJACENT_ALL


@inlined
def can_take(w, d, t):
    """Whether a person can take waiting work of that class, whatever routing leaves to whom."""
    return can_work(w, d) and takes_class(w, d, t)


@inlined
def may_take_again(w, d, i, t):
    """Whether person i may take a given-up task: more capable than those who gave it up, or next.

    Nobody takes a task again that they gave up, unless they have become more capable since.

    Equation 30 of docs/model.md.
    """
    own = capability(w, d, t.domain)
    able = own > t.tried_by or (own >= able_from(w, t) and not has_given_up(t, i))
    return able and takes_class(w, d, t)


@inlined
def routing_allows(w, d, t):
    """Whether routing lets a person take a waiting task."""
    if not takes_class(w, d, t):
        return False
    if w.routing == FIFO or t.advanced == 0 or d.level[t.domain] >= w.matched_level:
        return True
    return w.routing == MATCHED and w.able[t.domain] == 0


@inlined
def is_reviewer(w, d, domain):
    """Whether a person is there, and of the level and role of an eligible reviewer."""
    return d.activity != ABSENT and d.role == ENGINEER and d.level[domain] >= w.reviewer_level


@inlined
def level_standing_in(w, author, domain):
    """Level of those who stand in as reviewers of somebody's work; 0 where nobody else is there."""
    if w.stand_ins[domain] == 1 and w.stand_in[domain] == author:
        return w.next_level[domain]
    return w.stand_in_level[domain]


@compiled
def may_review(w, developers, i, t):
    """Whether person i may review t: eligible and not the author, or the stand-in.

    Where nobody is eligible all others of the highest level there is review; one
    alone reviews whatever there is.
    """
    author = t.owner
    if i != author and is_reviewer(w, row(developers, i), t.domain):
        return True
    its_author = is_reviewer(w, row(developers, author), t.domain)
    if w.reviewers[t.domain] - (1 if its_author else 0) > 0:
        return False
    level = level_standing_in(w, author, t.domain)
    if level == 0:
        return i == author
    d = row(developers, i)
    return i != author and d.activity != ABSENT and nearest_level(d, t.domain) == level


@inlined
def allowance(w, d):
    """Hours a person may review now: accrues continuously, at most a day's worth is saved.

    Equation 17 of docs/model.md.
    """
    budget = review_budget(w, d)
    accrued = d.allowance + budget / HOURS_PER_WEEK * (w.time - d.allowance_time)
    return min(accrued, budget / 5.0)


@compiled
def has_allowance(w, d):
    """Whether a person has hours for a review now. What was left of them has only grown."""
    return review_budget(w, d) > 0.0 and (d.allowance > 0.0 or allowance(w, d) > 0.0)


@inlined
def hours_from(w, d):
    """A time before which a person without hours for a review has none, at this week's budget.

    A little early, so that no rounding matters.

    Equation 17 of docs/model.md.
    """
    budget = review_budget(w, d)
    if budget <= 0.0:
        return w.week_ends
    wait = -d.allowance / budget * HOURS_PER_WEEK
    return min(w.week_ends, d.allowance_time + wait * (1.0 - 1e-9))


# ---- idle ----------------------------------------------------------------------------------


@compiled
def stay_idle(w, d, i, at_the_limit):
    """Person i has found nothing to do: enter what they wait for, if they are idle; IDLE.

    Whatever `choose` may find once something has changed must be among it.
    """
    if d.activity != IDLE:
        return IDLE
    idle.withdraw(w, d, i)
    idle.enter(w, d, i)
    if at_the_limit:
        d.blocked = 1
        idle.add(w, BLOCKED, i)
    if can_work(w, d):
        idle.add(w, FIXERS, i)
        if not at_the_limit:
            idle.add(w, WORKERS, i)
    if d.reviews_of == NOBODY:
        return IDLE
    if w.at_limit == LIMIT_REVIEW or has_allowance(w, d):
        idle.add(w, REVIEWERS, i)
    else:
        idle.add(w, OUT_OF_HOURS, i)
        number = i // SEATS_A_NUMBER
        w.hours_from[number] = min(w.hours_from[number], hours_from(w, d))
    return IDLE


@compiled
def count_hours(w, developers, number):
    """Find out which idle people have hours for a review again, of one number of seats."""
    first, last = number * SEATS_A_NUMBER, min((number + 1) * SEATS_A_NUMBER, len(developers))
    w.hours_from[number] = math.inf
    for i in range(first, last):
        if idle.is_in(w, OUT_OF_HOURS, i):
            d = row(developers, i)
            if has_allowance(w, d):
                idle.remove(w, OUT_OF_HOURS, i)
                idle.add(w, HOURS_AGAIN, i)
            else:
                w.hours_from[number] = min(w.hours_from[number], hours_from(w, d))


@inlined
def begin_round(w, developers):
    """A round begins, in which those who are idle look for work by what has changed."""
    idle.begin_round(w)
    number = 0
    while number * SEATS_A_NUMBER < len(developers):
        if w.time >= w.hours_from[number]:
            count_hours(w, developers, number)
        number += 1


# ---- choosing ------------------------------------------------------------------------------


@inlined
def any_to_review(developers, i):
    """Whether the queue may hold a review for person i."""
    author = row(developers, i).reviews_of
    return author == ANYBODY or (author >= 0 and row(developers, author).queued > 0)


@inlined
def urgent_of_others(w, d):
    """Urgent reviews but for a person's own, unless they are alone and review those too."""
    return w.urgent - (0 if is_alone(w) else urgent_of(w, d))


@inlined
def find_review(w, developers, tasks, i, which):
    """The oldest visible review that person i may and will take, or -1.

    which : WITHIN the allowance, or its author is at the limit; URGENT only the
        latter; ANY. Whose authors do not review at the limit go beyond the allowance never.
    """
    k = w.head[REVIEWS]
    if k < 0 or not any_to_review(developers, i):
        return -1
    if w.review_freezes > 0 and no_review_begins(w):
        return -1
    within = which == WITHIN or w.at_limit != LIMIT_REVIEW
    within = within and has_allowance(w, row(developers, i))
    if w.at_limit != LIMIT_REVIEW and not within:
        return -1
    free = which == ANY or (which == WITHIN and within)
    if not free and urgent_of_others(w, row(developers, i)) == 0:
        return -1
    while k >= 0:
        t = row(tasks, k)
        if (free or at_limit(w, row(developers, t.owner))) and may_review(w, developers, i, t):
            return k
        k = t.next
    return -1


@inlined
def priority(t):
    """Order of work, 0 first: rework and escalations, then fixes, then new work."""
    if t.rework or t.escalated:
        return 0
    return 1 if t.kind == FIX else 2


@inlined
def find_own(d, tasks):
    """The first of the highest priority among the tasks in a person's hands, or -1."""
    best = -1
    k = d.head
    while k >= 0:
        if best < 0 or priority(row(tasks, k)) < priority(row(tasks, best)):
            best = k
        k = row(tasks, k).next
    return best


@inlined
def find_waiting(w, tasks, luck_cache, d, queue):
    """The first waiting task of a list that routing allows a person, or -1.

    At most `lookahead` are passed over. Where it allows none, `matched` takes the
    first all the same, so that no team wins by refusing hard work; but for a class of work
    that the plan keeps from their role.
    """
    if not can_work(w, d):
        return -1
    k, passed = w.head[queue], 0
    while passed <= w.lookahead:
        if k < 0 and queue == STREAM and w.work == SATURATED:
            k = next_of_stream(w, tasks, luck_cache, w.advanced_share)
            if k >= 0:
                arrive(w, tasks, k)
        if k < 0:
            break
        if routing_allows(w, d, row(tasks, k)):
            return k
        root = row(tasks, k).root
        k = row(tasks, k).next
        if k < 0 or row(tasks, k).root != root:  # parts of one task are passed over together
            passed += 1
    k = w.head[queue]
    return k if w.routing == MATCHED and k >= 0 and can_take(w, d, row(tasks, k)) else -1


@inlined
def find_given_up(w, tasks, d, i):
    """The first given-up task that person i may take again, or -1."""
    k = w.head[GIVEN_UP]
    if k < 0 or not can_work(w, d):
        return -1
    most = 0
    for domain in range(w.domains):
        most = max(most, capability(w, d, domain))
    open_to = 0
    for least in range(most + 1):
        open_to += w.given_up_for[least]
    if open_to == 0:
        return -1
    while k >= 0:
        if may_take_again(w, d, i, row(tasks, k)):
            return k
        k = row(tasks, k).next
    return -1


@inlined
def choose(w, developers, tasks, luck_cache, i):
    """What person i does next: (activity, task), or (IDLE, -1)."""
    d = row(developers, i)
    if w.review_order == REVIEW_FIRST:
        k = find_review(w, developers, tasks, i, WITHIN)
        if k >= 0:
            return REVIEW, k
    work = find_own(d, tasks)
    if work < 0 or priority(row(tasks, work)) > 1:
        fix = find_waiting(w, tasks, luck_cache, d, FIXES)
        if fix >= 0:
            work = fix
    if w.review_order == REVIEW_TURN:
        k = find_review(w, developers, tasks, i, WITHIN)
        if k >= 0 and (work < 0 or row(tasks, k).since <= row(tasks, work).since):
            return REVIEW, k
    if work < 0:
        k = find_review(w, developers, tasks, i, ANY if at_limit(w, d) else URGENT)
        if k >= 0:
            return REVIEW, k
        if w.at_limit == LIMIT_WAIT and at_limit(w, d):
            return stay_idle(w, d, i, True), -1
        work = find_given_up(w, tasks, d, i)
    if work < 0:
        work = find_waiting(w, tasks, luck_cache, d, STREAM)
    if work < 0:
        k = find_review(w, developers, tasks, i, ANY)
        return (REVIEW, k) if k >= 0 else (stay_idle(w, d, i, False), -1)
    return mode_of_work(w, d, row(tasks, work), luck_cache), work


@inlined
def piece_of(w, d, t):
    """Size of the piece attacked next: people split work for the agent [expert-h]."""
    if t.piece > 0.0:
        return t.piece
    return min(t.left, w.scope_hours) if with_agent(w, d) else t.left


@inlined
def mode_of_work(w, d, t, luck_cache):
    """How a person goes on with a task: MENTORING first, then AGENT or MANUAL."""
    if t.mentoring:
        return MENTORING
    if not by_hand(w, d):
        return AGENT
    if not with_agent(w, d) or t.manual_left > 0.0 or t.attempts >= w.max_sessions:
        return MANUAL
    if d.adoption < 1.0:
        _, v = luck.of_task(w, luck_cache, t.key, t.piece_index << 10, luck.HAND)
        if v >= d.adoption:
            return MANUAL
    if w.agent_use == USE_PAYS and not agent_pays(w, d, t, piece_of(w, d, t)):
        return MANUAL
    return AGENT
