"""What idle people wait for, and who looks for work once something has changed."""

import math

import numpy as np
import pytest
from stage import Stage

from sim.engine import choosing, idle, outcomes, rules, state, tasks
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
    MANUAL,
    NEW_FIX,
    NEW_GIVEN_UP,
    NEW_REVIEW,
    NEW_WORK,
    OUT_OF_HOURS,
    REVIEW,
    REVIEWERS,
    REVIEWS,
    STREAM,
    WORKERS,
)


def groups(s, i=0):
    """The sets of idle people that seat i is in."""
    return [group for group in range(state.SETS) if idle.is_in(s.w, group, i)]


def looks(s):
    """Who looks for work now."""
    return [i for i in range(len(s.d)) if rules.looks(s.world, i)]


def waiting(people=3, **fields):
    """Everybody has looked and found nothing, with hours for reviews; the round is over."""
    fields = {"review_hours_per_week": 10.0, "at_limit": state.LIMIT_WAIT} | fields
    s = Stage(people=people, **fields)
    for i, d in enumerate(s.d):
        d.allowance = 2.0
        choosing.stay_idle(s.w, d, i, False)
    return s


def at_limit(s, i):
    """Person i waits at the limit on work in progress."""
    choosing.stay_idle(s.w, s.d[i], i, True)
    return s


def begin_round(s, *changes):
    s.w.changed = sum(changes)
    rules.begin_round(s.world, s.developers)
    return s


# ---- sets of seats -------------------------------------------------------------------------


@pytest.mark.parametrize("seat", [0, 59, 60, 119, 539])
def test_a_seat_is_in_a_set_from_when_it_is_added_until_it_is_removed(seat):
    s = Stage()
    idle.add(s.w, WORKERS, seat)
    assert [i for i in range(540) if idle.is_in(s.w, WORKERS, i)] == [seat]
    assert np.count_nonzero(s.w.idle_seats) == 1
    idle.add(s.w, WORKERS, 3)
    idle.remove(s.w, WORKERS, seat)
    assert [i for i in range(540) if idle.is_in(s.w, WORKERS, i)] == [3]


@pytest.mark.parametrize("place", range(60))
def test_the_lowest_bit_is_found_whatever_stands_above_it(place):
    assert idle.lowest(1 << place) == place
    assert idle.lowest((1 << 59) | (1 << place)) == place


def test_the_next_who_looks_is_the_first_from_a_seat_on():
    s = Stage(people=130)
    for seat in (5, 59, 60, 129):
        idle.add(s.w, CALLED, seat)
    after = [idle.next_looker(s.w, 130, i) for i in (0, 5, 6, 59, 60, 61, 129, 130)]
    assert after == [5, 5, 59, 59, 60, 129, 129, -1]
    assert idle.next_looker(s.w, 60, 60) == -1


# ---- who waits for what --------------------------------------------------------------------


def test_somebody_with_nothing_to_do_waits_for_work_fixes_and_reviews():
    s = waiting()
    assert groups(s) == [EVERYBODY, WORKERS, FIXERS, REVIEWERS]
    assert (s.w.listed, s.d[0].listed, s.d[0].blocked) == (3, 1, 0)


def test_who_waits_at_the_limit_takes_fixes_and_reviews_alone():
    s = at_limit(waiting(), 1)
    assert groups(s, 1) == [EVERYBODY, FIXERS, REVIEWERS, BLOCKED]
    assert (s.w.listed, s.d[1].blocked) == (3, 1)
    choosing.stay_idle(s.w, s.d[1], 1, False)
    assert groups(s, 1) == [EVERYBODY, WORKERS, FIXERS, REVIEWERS]
    assert (s.w.listed, s.d[1].blocked) == (3, 0)


def test_choosing_nothing_enters_the_sets_and_at_the_limit_the_blocked():
    s = Stage(people=2, wip_limit=1, at_limit=state.LIMIT_WAIT).hand_in(0, 0)
    s.d[0].reviews_of = s.d[1].reviews_of = state.NOBODY
    for i, expected in ((0, [EVERYBODY, FIXERS, BLOCKED]), (1, [EVERYBODY, WORKERS, FIXERS])):
        assert rules.choose(s.world, s.developers, s.tasks, s.luck_cache, i) == (IDLE, -1)
        assert groups(s, i) == expected


def test_somebody_at_work_who_asks_what_there_would_be_enters_no_set():
    s = Stage()
    s.d[0].activity = MANUAL
    assert choosing.stay_idle(s.w, s.d[0], 0, True) == IDLE
    assert (groups(s), s.w.listed, s.d[0].blocked) == ([], 0, 0)


def test_who_cannot_work_waits_for_reviews_alone():
    s = waiting(tool=state.TOOL_NONE)
    s.d[0].role = state.ADJACENT
    choosing.stay_idle(s.w, s.d[0], 0, False)
    assert groups(s) == [EVERYBODY, REVIEWERS]


def test_who_has_no_hours_for_a_review_waits_for_them_unless_reviews_go_beyond():
    s = waiting(people=1)
    s.d[0].allowance, s.w.time, s.d[0].allowance_time = -1.0, 3.0, 2.0
    choosing.stay_idle(s.w, s.d[0], 0, False)
    assert groups(s) == [EVERYBODY, WORKERS, FIXERS, OUT_OF_HOURS]
    assert s.w.hours_from[0] == pytest.approx(6.0)  # an hour at 10 h in 40, from 2 h on
    assert s.w.hours_from[0] < 6.0
    s.w.at_limit = state.LIMIT_REVIEW
    choosing.stay_idle(s.w, s.d[0], 0, False)
    assert groups(s) == [EVERYBODY, WORKERS, FIXERS, REVIEWERS]


def test_the_first_who_will_have_hours_again_is_kept_for_each_number_of_seats():
    s = waiting(people=62)
    for i, hours in ((1, -2.0), (2, -1.0), (3, -3.0), (61, -5.0)):
        s.d[i].allowance = hours
        choosing.stay_idle(s.w, s.d[i], i, False)
    assert s.w.hours_from[:3].tolist() == [pytest.approx(4.0), pytest.approx(20.0), math.inf]


def test_hours_are_reckoned_no_further_than_the_week_whose_budget_is_known():
    s = Stage(review_hours_per_week=1.0, week_ends=80.0)
    s.d[0].allowance, s.d[0].allowance_time = -1.5, 50.0
    assert choosing.hours_from(s.w, s.d[0]) == 80.0  # else 110
    s.d[0].allowance = -0.5
    assert choosing.hours_from(s.w, s.d[0]) == pytest.approx(70.0)
    s.w.review_hours_per_week = 0.0
    assert choosing.hours_from(s.w, s.d[0]) == 80.0


def test_whoever_begins_or_leaves_is_in_no_set():
    s = at_limit(waiting(), 0).line_up(STREAM, 3)
    rules.begin(*s.args(), s.luck_cache, 0, MANUAL, 3)
    assert (groups(s), s.d[0].listed, s.d[0].blocked, s.w.listed, s.w.idle) == ([], 0, 0, 2, 2)
    idle.leave(s.w, s.d[1], 1)
    assert (groups(s, 1), s.w.listed, s.w.idle) == ([], 1, 1)
    idle.leave(s.w, s.d[1], 1)
    assert (s.w.listed, s.w.idle) == (1, 0)


def test_nobody_is_idle_once_all_is_cleared():
    s = waiting(people=62)
    s.w.changed = s.w.changed_before = 3
    idle.clear(s.w)
    assert (s.w.idle, s.w.listed, s.w.changed, s.w.changed_before) == (0, 0, 0, 0)
    assert (s.w.idle_seats.any(), (s.w.hours_from == math.inf).all()) == (False, True)


# ---- what has changed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("queue", "change"),
    [(STREAM, NEW_WORK), (FIXES, NEW_FIX), (REVIEWS, NEW_REVIEW), (GIVEN_UP, NEW_GIVEN_UP)],
)
def test_what_enters_a_list_is_noted(queue, change):
    s = Stage().line_up(queue, 1)
    assert s.w.changed == change
    s.w.changed = 0
    tasks.push_after(s.w, s.tasks, 2, 1)
    assert s.w.changed == change


@pytest.mark.parametrize(
    ("queue", "change"), [(STREAM, NEW_WORK), (FIXES, FIX_TAKEN), (REVIEWS, 0), (GIVEN_UP, 0)]
)
def test_what_leaves_a_list_is_noted_where_others_work_is_passed_over(queue, change):
    for routing, noted in ((state.STRICT, change), (state.MATCHED, 0), (state.FIFO, 0)):
        s = Stage(routing=routing).line_up(queue, 1)
        s.w.changed = 0
        tasks.take(s.w, s.tasks, 1)
        assert s.w.changed == noted


def test_who_is_given_something_looks_if_they_are_idle():
    s = waiting()
    s.d[1].activity = MANUAL
    for i, called in ((0, [0]), (1, [0])):
        tasks.hand_over(s.w, s.d[i], s.tasks, i, i)
        assert s.hands(i) == [i]
        assert looks(s) == called


def test_somebody_who_has_just_become_idle_is_called_with_the_others():
    s = Stage(people=2)
    rules.call(s.world, s.developers, 1)
    assert (groups(s, 1), s.d[1].listed, s.w.listed) == ([EVERYBODY, CALLED], 1, 1)
    rules.call(s.world, s.developers, 1)
    assert s.w.listed == 1


def test_a_review_that_has_ended_calls_its_author_who_waits_at_the_limit():
    s = at_limit(waiting(), 0)
    tasks.count_reviews(s.w, s.developers, 1, -1, 0)
    tasks.count_reviews(s.w, s.developers, 0, 1, 0)
    assert (looks(s), s.d[0].blocked) == ([], 1)
    tasks.count_reviews(s.w, s.developers, 0, -1, 0)
    assert (looks(s), s.d[0].blocked, groups(s)[-1]) == ([0], 0, REVIEWERS)


def test_an_escalation_calls_the_colleague_and_lets_all_look_again():
    s = waiting().give(0, 0)
    s.d[1].level[:] = 4.0
    outcomes.escalate(s.w, s.developers, s.tasks, 0, 0)
    assert (s.w.changed, looks(s)) == (LOOK_AGAIN, [1])


# ---- who looks -----------------------------------------------------------------------------


def test_without_a_change_nobody_looks():
    assert looks(begin_round(waiting().line_up(STREAM, 0).line_up(FIXES, 1))) == []


@pytest.mark.parametrize(
    ("change", "queue", "who"),
    [
        (NEW_WORK, STREAM, [0]),
        (NEW_GIVEN_UP, GIVEN_UP, [0]),
        (NEW_FIX, FIXES, [0, 1]),
        (NEW_REVIEW, REVIEWS, [0, 1, 2]),
    ],
)
def test_those_look_whom_a_change_concerns_while_there_is_something(change, queue, who):
    """One who works, one who waits at the limit, one who only reviews."""
    s = at_limit(waiting(tool=state.TOOL_NONE), 1)
    s.d[2].role = state.ADJACENT
    choosing.stay_idle(s.w, s.d[2], 2, False)
    assert looks(begin_round(s, change | LOOK_AGAIN)) == []
    assert looks(begin_round(s.line_up(queue, 0), change | LOOK_AGAIN)) == who
    begin_round(s, LOOK_AGAIN)
    assert looks(s) == []
    s.w.changed = change  # since the round began
    assert looks(s) == who


def test_in_a_stream_without_end_those_look_who_would_see_further():
    s = waiting(work=state.SATURATED)
    assert looks(begin_round(s, NEW_WORK)) == [0, 1, 2]


def test_a_fix_taken_concerns_those_who_pass_over_others_work():
    s = at_limit(waiting(routing=state.STRICT), 1).line_up(FIXES, 0)
    assert looks(begin_round(s, FIX_TAKEN)) == [0, 2]
    assert looks(begin_round(s)) == []
    assert looks(begin_round(s, LOOK_AGAIN)) == [1]  # who could not look then


def test_a_new_team_concerns_everybody():
    s = at_limit(waiting(), 1)
    s.d[2].activity = MANUAL
    idle.leave(s.w, s.d[2], 2)
    assert looks(begin_round(s, EVERYTHING)) == [0, 1]


def test_who_waits_at_the_limit_looks_only_after_what_lets_all_look_again():
    s = at_limit(waiting(), 1)
    idle.call(s.w, s.d[1], 1)
    assert looks(begin_round(s, NEW_WORK)) == []
    assert not rules.looks_anyway(s.world, s.developers, 1)
    assert rules.looks_anyway(s.world, s.developers, 0)
    assert looks(begin_round(s, LOOK_AGAIN)) == [1]
    assert rules.looks_anyway(s.world, s.developers, 1)


def test_who_has_hours_again_looks_where_a_review_waits():
    s = waiting(people=62)
    for i in (0, 61):
        s.d[i].allowance = -1.0  # made good at 4 h
        choosing.stay_idle(s.w, s.d[i], i, False)
    s.d[61].allowance = -2.0
    for time, head, who in ((3.9, 0, []), (4.1, -1, []), (4.1, 0, [0]), (8.1, 0, [0, 61])):
        s.w.time, s.w.head[REVIEWS] = time, head
        assert looks(begin_round(s)) == who
    assert groups(s) == [EVERYBODY, WORKERS, FIXERS, HOURS_AGAIN]
    assert (s.w.hours_from == math.inf).all()


def test_hours_that_come_later_than_thought_are_looked_for_again():
    s = waiting(people=1, week_ends=40.0)
    s.d[0].allowance, s.d[0].allowance_time = -1.0, 38.0
    choosing.stay_idle(s.w, s.d[0], 0, False)
    assert s.w.hours_from[0] == 40.0
    s.w.time, s.w.week_ends = 40.0, 80.0
    begin_round(s)
    assert s.w.hours_from[0] == pytest.approx(42.0)
    assert OUT_OF_HOURS in groups(s)


def test_a_review_is_found_by_whoever_looks():
    s = waiting(people=2).hand_in(0, 0)
    assert looks(begin_round(s, NEW_REVIEW)) == [0, 1]
    chosen = [rules.choose(s.world, s.developers, s.tasks, s.luck_cache, i) for i in range(2)]
    assert chosen == [(IDLE, -1), (REVIEW, 0)]
