"""Queues: what waits at the end of a week, and who may take it."""

from sim.engine import compiled, inlined, row
from sim.engine.choosing import is_reviewer, level_standing_in
from sim.engine.people import nearest_level
from sim.engine.state import ABSENT, FIXES, STREAM, W_FIXES, W_NEW, W_REVIEW


@compiled
def count_waiting(w, developers, week):
    """Write how long each queue is to the row of the week that ends.

    A submission waits from when it is handed in until its review begins; it is counted at the level
    of the least expert who may review it.
    """
    for domain in range(w.domains):
        count_reviews_by_level(w, developers, week, domain)
    week.queues[W_FIXES] = w.length[FIXES]
    week.queues[W_NEW] = w.length[STREAM]


@inlined
def count_reviews_by_level(w, developers, week, domain):
    """Count what waits for review in one domain, by the lowest level that may review it."""
    waiting = least = how_many = following = 0
    for i in range(len(developers)):
        d = row(developers, i)
        waiting += d.waiting[domain]
        if is_reviewer(w, d, domain):
            level = nearest_level(d, domain)
            if least == 0 or level < least:
                least, how_many, following = level, 1, least
            elif level == least:
                how_many += 1
            elif following == 0 or level < following:
                following = level
    if waiting == 0:
        return
    for i in range(len(developers)):
        d = row(developers, i)
        if d.waiting[domain] > 0:
            level = least
            if how_many == 1 and is_reviewer(w, d, domain) and nearest_level(d, domain) == least:
                level = following  # nobody reviews their own work
            if level == 0:
                level = level_without_reviewer(w, d, i, domain)
            week.queues[W_REVIEW + level - 1] += d.waiting[domain]


@inlined
def level_without_reviewer(w, d, author, domain):
    """Level of whoever reviews somebody's work where nobody eligible is there but them.

    Of the stand-ins, or else their own; that which the plan asks for where nobody is there at all.
    """
    level = level_standing_in(w, author, domain)
    if level == 0 and d.activity != ABSENT:
        return nearest_level(d, domain)
    return level if level > 0 else int(w.reviewer_level + 0.5)
