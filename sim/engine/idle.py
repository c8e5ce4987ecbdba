"""People who are idle: what each waits for, and who looks for work once something has changed.

Somebody who has found nothing to do is entered in sets of seats, by what might change that. After
each event a round begins: `looks` says who looks for work in it, by what has changed since the
round before. Nobody else could find anything. Sets are bits, seat by seat in key order, so that a
round takes no longer where many wait.
"""

import math

from sim.engine import compiled, inlined
from sim.engine.state import (
    BLOCKED,
    CALLED,
    EVERYBODY,
    EVERYTHING,
    FIX_TAKEN,
    FIXERS,
    FIXES,
    GIVEN_UP,
    HOURS_AGAIN,
    IDLE,
    LOOK_AGAIN,
    NEW_FIX,
    NEW_GIVEN_UP,
    NEW_REVIEW,
    NEW_WORK,
    REVIEWERS,
    REVIEWS,
    SATURATED,
    SEAT_NUMBERS,
    SEATS_A_NUMBER,
    SETS,
    STREAM,
    STRICT,
    WORKERS,
)

# ---- sets of seats -------------------------------------------------------------------------


@inlined
def add(w, group, i):
    """Add seat i to a set of those idle."""
    w.idle_seats[group, i // SEATS_A_NUMBER] |= 1 << (i % SEATS_A_NUMBER)


@inlined
def remove(w, group, i):
    """Take seat i out of a set of those idle."""
    w.idle_seats[group, i // SEATS_A_NUMBER] &= ~(1 << (i % SEATS_A_NUMBER))


@inlined
def is_in(w, group, i):
    """Whether seat i is in a set of those idle."""
    return (w.idle_seats[group, i // SEATS_A_NUMBER] >> (i % SEATS_A_NUMBER)) & 1 == 1


@inlined
def lowest(bits):
    """Place of the lowest bit that is set, of some in [1, 2**60)."""
    place = 0
    for step in (32, 16, 8, 4, 2, 1):
        if bits & ((1 << step) - 1) == 0:
            bits >>= step
            place += step
    return place


@compiled
def clear(w):
    """Nobody is idle."""
    w.idle = w.listed = w.changed = w.changed_before = 0
    for number in range(SEAT_NUMBERS):
        w.hours_from[number] = math.inf
        for group in range(SETS):
            w.idle_seats[group, number] = 0


@inlined
def enter(w, d, i):
    """Enter person i among those who are idle."""
    if d.listed == 0:
        d.listed = 1
        w.listed += 1
        add(w, EVERYBODY, i)


@compiled
def withdraw(w, d, i):
    """Take person i out of all sets of those idle."""
    w.listed -= d.listed
    d.listed = d.blocked = 0
    for group in range(SETS):
        remove(w, group, i)


@inlined
def leave(w, d, i):
    """A person is idle no more."""
    w.idle -= 1
    if d.listed == 1:
        withdraw(w, d, i)


# ---- what has changed ----------------------------------------------------------------------


@inlined
def call(w, d, i):
    """Let person i, if idle, look for work in the next round, whatever they had waited for."""
    if d.activity == IDLE:
        enter(w, d, i)
        add(w, CALLED, i)


@inlined
def unblock(w, d, i):
    """Person i is no longer at the limit on work in progress, at which they had waited."""
    if d.blocked == 1:
        d.blocked = 0
        remove(w, BLOCKED, i)
        call(w, d, i)


@inlined
def note_entry(w, queue):
    """Note that a task has entered a list that nobody owns."""
    if queue == STREAM:
        w.changed |= NEW_WORK
    elif queue == FIXES:
        w.changed |= NEW_FIX
    elif queue == REVIEWS:
        w.changed |= NEW_REVIEW
    else:
        w.changed |= NEW_GIVEN_UP


@inlined
def note_exit(w, queue):
    """Note that a task has left a list: where people pass over others' work, they see further."""
    if w.routing == STRICT:
        if queue == STREAM:
            w.changed |= NEW_WORK
        elif queue == FIXES:
            w.changed |= FIX_TAKEN


# ---- a round -------------------------------------------------------------------------------


@inlined
def begin_round(w):
    """A round begins: people look by what has changed since the round before."""
    w.changed_before, w.changed = w.changed, 0
    if w.changed_before & FIX_TAKEN != 0 and w.changed_before < LOOK_AGAIN:
        for number in range(SEAT_NUMBERS):  # who waits at the limit does not look in this round
            blocked = w.idle_seats[BLOCKED, number]
            w.idle_seats[CALLED, number] |= w.idle_seats[FIXERS, number] & blocked


@inlined
def lookers(w, number):
    """Who looks for work now, as bits of one number of seats."""
    changed = w.changed_before | w.changed
    if changed & EVERYTHING != 0:
        bits = w.idle_seats[EVERYBODY, number]
    else:
        bits = w.idle_seats[CALLED, number]
        if w.head[REVIEWS] >= 0:
            bits |= w.idle_seats[HOURS_AGAIN, number]
            if changed & NEW_REVIEW != 0:
                bits |= w.idle_seats[REVIEWERS, number]
        if changed & (NEW_FIX | FIX_TAKEN) != 0 and w.head[FIXES] >= 0:
            bits |= w.idle_seats[FIXERS, number]
        if changed & NEW_WORK != 0 and (w.head[STREAM] >= 0 or w.work == SATURATED):
            bits |= w.idle_seats[WORKERS, number]
        if changed & NEW_GIVEN_UP != 0 and w.head[GIVEN_UP] >= 0:
            bits |= w.idle_seats[WORKERS, number]
    if w.changed_before < LOOK_AGAIN:
        bits &= ~w.idle_seats[BLOCKED, number]
    return bits


@inlined
def looks(w, i):
    """Whether person i, who is idle, looks for work now."""
    return (lookers(w, i // SEATS_A_NUMBER) >> (i % SEATS_A_NUMBER)) & 1 == 1


@inlined
def next_looker(w, people, i):
    """The first seat from i on, of `people`, whose holder looks for work now, or -1."""
    number, passed = i // SEATS_A_NUMBER, i % SEATS_A_NUMBER
    while number * SEATS_A_NUMBER < people:
        bits = lookers(w, number) >> passed << passed
        if bits != 0:
            return number * SEATS_A_NUMBER + lowest(bits)
        number, passed = number + 1, 0
    return -1
