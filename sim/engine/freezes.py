"""Freezes: spans of the run in which no review begins, or nothing that is accepted is released."""

import math

from sim.engine import compiled, inlined
from sim.engine.state import HOURS_PER_DAY, LIMIT_REVIEW


@inlined
def no_review_begins(w):
    """Whether reviews are frozen now.

    Equation 42 of docs/model.md.
    """
    for n in range(w.review_freezes):
        if w.review_freeze_from[n] <= w.time < w.review_freeze_to[n]:
            return True
    return False


@compiled
def release_time(w):
    """When what is accepted now is released: at once, or at the end of a freeze [working h].

    Equation 42 of docs/model.md.
    """
    for n in range(w.release_freezes):
        if w.release_freeze_from[n] <= w.time < w.release_freeze_to[n]:
            return w.release_freeze_to[n]
    return w.time


@compiled
def next_look(w):
    """When people look again whether there is a review for them [working h]; inf if never.

    At the next day where reviews wait for hours, and at the end of a freeze.
    """
    time = math.inf if w.at_limit == LIMIT_REVIEW else w.time + HOURS_PER_DAY
    for n in range(w.review_freezes):
        if w.review_freeze_to[n] > w.time:
            time = min(time, w.review_freeze_to[n])
    return time
