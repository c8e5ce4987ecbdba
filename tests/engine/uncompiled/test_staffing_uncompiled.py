"""People join, leave and end a training, and weeks end: each rule on a hand-made state."""

import math

import numpy as np
import pytest
from stage import Stage

from sim.engine import drift, luck, people, staffing, state
from sim.engine.state import ABSENT, AGENT, FIXES, IDLE, MANUAL, MENTORING, REVIEW, REVIEWS


def change_staffing(s, i=0):
    staffing.change_staffing(*s.args(), i)


# ---- joining, leaving, training ------------------------------------------------------------


def test_somebody_who_joins_is_idle_with_their_own_level_and_their_next_turn():
    s = Stage(people=2, review_hours_per_week=5.0)
    d = s.d[0]
    d.activity, d.task, d.joins, d.leaves, s.w.time, s.w.idle = ABSENT, 3, 10.0, 90.0, 10.0, 1
    d.level[0], d.level_low[:], d.level_high[:] = 1.0, 4.0, 4.0
    s.w.able[:] = s.w.reviewers[:] = 0
    change_staffing(s)
    assert (d.activity, d.task, d.start, d.until, d.staffing_time) == (
        IDLE,
        -1,
        10.0,
        math.inf,
        90.0,
    )
    assert (d.level[0], d.hired_level[0], d.allowance) == (4.0, 4.0, 1.0)
    assert (s.w.idle, s.w.able[0], s.w.reviewers[0]) == (2, 1, 2)


def test_somebody_trained_graduates_at_the_end_of_the_training():
    s = Stage(training_end=50.0, training_target=4.0, training_efficacy=0.5, weeks=8)
    d = s.d[0]
    d.trainee, d.leaves, s.w.time = 1, 300.0, 50.0
    staffing.schedule_staffing(s.w, d)
    assert d.staffing_time == 50.0
    change_staffing(s)
    assert (d.level[0], d.trained, d.staffing_time) == (3.5, 1, 300.0)
    assert d.activity == IDLE


@pytest.mark.parametrize(
    ("trainee", "generation", "trained", "staffing_time"),
    [(1, 0, 0, 50.0), (0, 0, 0, 90.0), (1, 1, 0, 90.0), (1, 0, 1, 90.0)],
)
def test_the_next_turn_is_the_training_s_end_for_those_in_it_and_else_leaving(
    trainee, generation, trained, staffing_time
):
    s = Stage(training_end=50.0)
    d = s.d[0]
    d.leaves, d.joins = 90.0, 7.0
    d.trainee, d.generation, d.trained = trainee, generation, trained
    staffing.schedule_staffing(s.w, d)
    assert d.staffing_time == staffing_time
    d.leaves = 30.0
    staffing.schedule_staffing(s.w, d)
    assert d.staffing_time == 30.0
    d.activity = ABSENT
    staffing.schedule_staffing(s.w, d)
    assert d.staffing_time == 7.0


def test_turns_after_a_week_s_end_count_the_week_first():
    s = Stage()
    s.d[0].leaves = s.w.time = 40.0
    change_staffing(s)
    assert s.w.weeks_over == 1
    assert s.weeks[0].levels.tolist() == [0, 0, 1, 0, 0]


# ---- leaving -------------------------------------------------------------------------------


def leaver(activity, *hands):
    s = Stage(people=2, refill=0).give(0, *hands)
    d = s.d[0]
    d.leaves, s.w.time, d.activity, d.start = 20.0, 20.0, activity, 4.0
    if activity != IDLE:
        d.task, s.w.idle = 0, 1
    return s, d


def test_an_idle_person_who_leaves_books_their_idle_hours():
    s, d = leaver(IDLE)
    change_staffing(s)
    assert s.weeks[0].hours[state.B_IDLE] == 8.0
    assert (d.activity, d.until, d.staffing_time, s.w.idle) == (ABSENT, math.inf, math.inf, 1)
    assert (d.generation, d.joins, d.leaves) == (1, math.inf, math.inf)
    assert (s.w.able[0], s.w.reviewers[0]) == (0, 1)


def test_work_by_hand_of_a_leaver_stays_done_and_waits_for_others():
    s, d = leaver(MANUAL, 0, 2)
    s.t[0].manual_left = 11.0
    change_staffing(s)
    assert s.t[0].manual_left == 3.0
    assert s.weeks[0].hours[state.B_MANUAL] == 8.0
    assert s.list_of(FIXES) == [0, 2]
    assert s.hands(0) == []
    assert (s.t[0].state, s.t[2].owner, d.activity) == (state.WAITING, -1, ABSENT)
    assert s.w.idle == 1
    assert s.w.week[state.SESSIONS] == 0


def test_a_cut_session_leaves_nothing_but_its_hours():
    s, _ = leaver(AGENT, 0)
    s.t[0].manual_left = 0.5
    change_staffing(s)
    assert s.weeks[0].hours[state.B_AGENT] == 8.0
    assert (s.t[0].manual_left, s.t[0].sessions, s.w.week[state.SESSIONS]) == (0.5, 0, 0)
    assert s.list_of(FIXES) == [0]


def test_a_cut_review_goes_back_to_the_end_of_the_queue():
    s, _ = leaver(REVIEW)
    s.hand_in(1, 1)
    s.t[0].state, s.t[0].owner = state.IN_REVIEW, 1
    change_staffing(s)
    assert s.t[0].state == state.QUEUED
    assert s.list_of(REVIEWS) == [1, 0]
    assert s.d[1].queued == 2
    assert s.weeks[0].hours[state.B_REVIEW] == 8.0


def test_a_cut_mentoring_is_begun_again_by_nobody():
    s, _ = leaver(MENTORING, 0)
    s.t[0].mentoring = 1
    change_staffing(s)
    assert (s.t[0].mentoring, s.list_of(FIXES)) == (0, [0])


def test_the_seat_of_a_leaver_is_refilled_where_policy_says_so():
    s, d = leaver(IDLE)
    s.w.refill = 1
    change_staffing(s)
    assert (d.joins, d.leaves, d.staffing_time, d.activity) == (20.0, math.inf, 20.0, ABSENT)
    change_staffing(s)
    assert (d.activity, d.staffing_time, s.w.idle) == (IDLE, math.inf, 2)
    assert d.trait == 0.0


def test_the_next_holder_has_luck_of_their_own():
    s, d = leaver(IDLE)
    s.w.refill, s.w.sd_developer = 1, 1.0
    change_staffing(s)
    change_staffing(s)
    u = luck.pair(s.w.key, s.w.replication, d.key, 1, luck.DEVELOPER)[0]
    assert d.trait == luck.normal(u)


# ---- weeks ---------------------------------------------------------------------------------


def test_at_a_week_s_end_practice_becomes_level_and_people_are_counted():
    s = Stage(people=4, learning_rate=0.5, matched_level=3.5, causal_share=1.0)
    for d, level in zip(s.d, (1.4, 1.6, 4.6, 5.0), strict=True):
        d.level[0] = level
    s.d[3].activity = ABSENT
    s.d[3].practice[0], s.d[1].practice[0] = 8.0, 8.0
    s.w.time = 40.0
    staffing.end_weeks(s.w, s.developers, s.weeks)
    # 5 - 3.4 / e is 3.75: a beginner no more, able for advanced work, nearest level 4.
    assert s.d[1].level[0] == pytest.approx(5 - 3.4 / math.e)
    assert s.weeks[0].levels.tolist() == [1, 0, 0, 1, 1]
    assert s.d[3].practice[0] == 8.0
    assert (s.w.able[0], s.w.weeks_over, s.w.week_ends) == (3, 1, 80.0)


def test_with_the_levels_it_is_counted_again_who_is_able_and_who_stands_in():
    s = Stage(people=2, learning_rate=0.5, matched_level=4.9, able=9, reviewers=9)
    s.d[0].practice[0], s.w.time = 0.1, 40.0
    staffing.end_weeks(s.w, s.developers, s.weeks)
    assert (s.w.able[0], s.w.stand_in[0], s.w.next_level[0]) == (0, 0, 0)
    s.d[1].practice[0], s.w.time = 50.0, 80.0
    staffing.end_weeks(s.w, s.developers, s.weeks)
    assert (s.w.able[0], s.w.stand_in[0], s.w.next_level[0]) == (1, 1, 3)
    still = Stage(people=2, learning_rate=0.0, able=9)
    still.w.time = 40.0
    staffing.end_weeks(still.w, still.developers, still.weeks)
    assert still.w.able[0] == 9  # nobody learns: the count stands


def test_without_learning_practice_is_kept_and_levels_stand():
    s = Stage(learning_rate=0.0)
    s.d[0].practice[0], s.w.time = 8.0, 40.0
    staffing.end_weeks(s.w, s.developers, s.weeks)
    assert (s.d[0].level[0], s.d[0].practice[0]) == (3.0, 8.0)


def test_the_pace_is_that_of_the_week_that_runs_and_of_the_last_after_it():
    s = Stage(weeks=3)
    s.weeks["pace"] = (1.0, 2.0, 3.0)
    for time, pace in ((40.0, 2.0), (80.0, 3.0), (120.0, 3.0)):
        s.w.time = time
        staffing.end_weeks(s.w, s.developers, s.weeks)
        assert s.w.pace == pace


def test_a_path_without_drift_stays_where_the_record_left_it():
    s = Stage(weeks=3, drift_level=math.log(2.0), drift_reverting=math.log(1.5))
    drift.walk(s.w, s.weeks)
    assert s.weeks["pace"] == pytest.approx([3.0, 3.0, 3.0])


def test_what_reverts_falls_by_its_persistence_each_week_from_the_end_of_the_record():
    s = Stage(weeks=3, drift_reverting=0.8, drift_persistence=0.5, drift_weeks=1)
    s.w.drifts = 1
    drift.walk(s.w, s.weeks)
    assert s.weeks["pace"] == pytest.approx([math.exp(0.8 / 2**week) for week in (2, 3, 4)])


@pytest.mark.parametrize(("chance", "sd"), [(0.0, 0.1), (1.0, 0.7)])
def test_a_week_s_step_is_small_or_a_jump(chance, sd):
    s = Stage(weeks=3, drift_walk_sd=0.1, drift_jump_chance=chance, drift_jump_sd=0.7)
    s.w.drifts, s.w.replication = 1, (5 << 12) | 3
    drift.walk(s.w, s.weeks)
    steps = [luck.normal(luck.pair(s.w.key, 5 << 12, 0, 2 * week, luck.DRIFT)[0])
             for week in range(3)]  # fmt: skip
    assert np.log(s.weeks["pace"]) == pytest.approx(sd * np.cumsum(steps))


def test_several_weeks_end_at_once_after_a_long_silence_and_none_after_the_last():
    s = Stage(weeks=3)
    s.w.time, s.w.week[state.SESSIONS] = 85.0, 5.0
    staffing.end_weeks(s.w, s.developers, s.weeks)
    assert (s.w.weeks_over, s.w.week_ends) == (2, 120.0)
    assert s.weeks["counted"][:, state.SESSIONS].tolist() == [5.0, 0.0, 0.0]
    s.w.time = 500.0
    staffing.end_weeks(s.w, s.developers, s.weeks)
    assert (s.w.weeks_over, s.w.week_ends) == (3, 160.0)
    s.w.time = 160.0
    staffing.end_weeks(s.w, s.developers, s.weeks)
    assert s.w.weeks_over == 3


def test_a_week_s_counts_are_written_to_its_row_and_begin_anew():
    s = Stage()
    w, week = s.w, s.weeks[1]
    numbers = [1.0 + place for place in range(len(state.COUNTED))]
    w.week[:] = numbers
    staffing.write_week(w, week)
    assert week.counted.tolist() == numbers
    assert w.week.tolist() == [0.0] * len(numbers)


def test_mean_levels_are_over_the_domains_that_the_scenario_has():
    s = Stage(domains=2)
    s.d[0].level[:] = 2.0, 4.0, 5.0, 5.0
    assert people.mean_level(s.w, s.d[0]) == 3.0
