"""How long a stretch takes and what is booked when it ends, on a hand-made state."""

import math

import pytest
from scipy.special import ndtr
from stage import Stage, uniform

from sim.engine import activities, luck, state, tasks
from sim.engine.state import AGENT, MANUAL, MENTORING, REVIEW


def test_a_review_leaves_the_queue_and_is_counted_and_charged_to_the_allowance():
    s = Stage(people=2, review_rate=0.5, review_agent_factor=1.0, review_hours_per_week=10.0)
    s.hand_in(1, 2, 3)
    s.w.time, s.t[2].submitted, s.w.review_wait = 14.0, 5.0, 100.0
    s.d[0].allowance, s.d[0].allowance_time = 0.25, 8.0
    assert activities.begin_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 2) == 1.0
    assert s.list_of(state.REVIEWS) == [3]
    assert (s.t[2].state, s.w.reviews, s.w.self_reviews) == (state.IN_REVIEW, 1, 0)
    assert s.w.review_wait == 109.0
    assert (s.d[0].allowance, s.d[0].allowance_time) == (0.25 + 6 * 0.25 - 1.0, 14.0)
    s.t[3].submitted = 14.0
    activities.begin_review(s.w, s.developers, s.tasks, s.luck_cache, 1, 3)
    assert (s.w.reviews, s.w.self_reviews) == (2, 1)


def test_mentoring_takes_its_hours():
    s = Stage(escalation_hours=1.5)
    assert activities.work_hours(s.w, s.d[0], s.tasks, s.t[0], MENTORING, s.luck_cache) == 1.5


def test_a_session_meets_the_luck_of_its_piece_and_try_and_its_noise_has_mean_one():
    s = Stage(session_noise_sd=0.8, oversight_share=1.0)
    t = s.t[0]
    t.piece, t.piece_index, t.tries = 2.0, 3, 1
    u, v = uniform(s.w, t.key, 3 * 1024 + 1, luck.SESSION)
    hours = activities.work_hours(s.w, s.d[0], s.tasks, t, AGENT, s.luck_cache)
    assert t.luck == luck.logit(u)
    assert hours == pytest.approx(2.0 * math.exp(0.8 * luck.normal(v) - 0.32))


def test_the_luck_of_a_piece_is_that_of_its_place_and_try():
    s = Stage()
    t = s.t[0]
    found = set()
    for piece in range(3):
        for tries in range(3):
            t.piece_index, t.tries = piece, tries
            found.add(tasks.session_index(t))
    assert found == {1024 * piece + tries for piece in range(3) for tries in range(3)}
    t.piece_index, t.tries = 1, 5000
    assert tasks.session_index(t) == 2047  # and never the next piece's


def test_whoever_goes_on_after_a_failed_session_clears_up_first():
    s = Stage(planning_hours=1.0, stretch_hours=100.0)
    t = s.t[0]
    t.piece, t.to_clear = 2.0, 0.5
    assert activities.work_hours(s.w, s.d[0], s.tasks, t, AGENT, s.luck_cache) == 1.5
    assert t.to_clear == 0.5  # until the session is over, for it may be cut
    assert activities.work_hours(s.w, s.d[0], s.tasks, t, MANUAL, s.luck_cache) == 2.5
    assert (t.manual_left, t.to_clear) == (2.5, 0.0)
    assert activities.work_hours(s.w, s.d[0], s.tasks, t, MANUAL, s.luck_cache) == 2.5


def test_by_hand_a_piece_takes_its_hours_in_stretches_of_a_given_length():
    s = Stage(stretch_hours=4.0, hand_noise_sd=0.5)
    t = s.t[0]
    t.hand_luck = ndtr((math.log(1.5) + 0.125) / 0.5)  # noise 1.5, of mean 1
    t.piece, s.d[0].hand_factor[0] = 3.0, 2.0
    assert activities.work_hours(s.w, s.d[0], s.tasks, t, MANUAL, s.luck_cache) == 4.0
    assert t.manual_left == pytest.approx(9.0)
    t.manual_left = 1.0  # what was begun goes on
    assert activities.work_hours(s.w, s.d[0], s.tasks, t, MANUAL, s.luck_cache) == 1.0
    assert t.manual_left == 1.0


BOOKED = [
    (AGENT, {}, "agent"),
    (MANUAL, {}, "manual"),
    (REVIEW, {"rework": 1, "kind": state.FIX}, "review"),
    (MENTORING, {"rework": 1, "kind": state.FIX}, "mentoring"),
    (AGENT, {"rework": 1, "kind": state.FIX}, "rework"),
    (MANUAL, {"rework": 1}, "rework"),
    (AGENT, {"kind": state.FIX}, "fix"),
    (MANUAL, {"kind": state.FIX}, "fix"),
]


@pytest.mark.parametrize("advanced", [0, 1])
@pytest.mark.parametrize(("activity", "fields", "bucket"), BOOKED)
def test_hours_go_to_the_account_of_what_they_were_for(activity, fields, bucket, advanced):
    s = Stage()
    d, t = s.d[0], s.t[0]
    d.activity, d.start, t.advanced, s.w.time = activity, 2.0, advanced, 10.0
    for name, value in fields.items():
        setattr(t, name, value)
    activities.close_stretch(s.w, d, t, s.weeks, s.calendar, 0, 10.0, 4.0)
    booked = dict(zip(state.BUCKETS, s.weeks[0].hours.tolist(), strict=True))
    assert booked == dict.fromkeys(state.BUCKETS, 0.0) | {bucket: 4.0}
    assert s.weeks[0].hours_class[advanced] == s.weeks[0].hours_class.sum() == 4.0
    assert d.hours == d.hours_worked == 4.0
    helping = activity == REVIEW
    assert d.hours_helping == (4.0 if helping else 0.0)
    practised = activity in (AGENT, MANUAL)
    assert d.practice[0] == (4.0 if practised else 0.0)


def test_hours_on_what_was_passed_on_are_help():
    s = Stage()
    s.d[0].activity, s.t[0].escalated = MANUAL, 1
    s.d[0].hours_helping = 1.0
    activities.close_stretch(s.w, s.d[0], s.t[0], s.weeks, s.calendar, 0, 8.0, 4.0)
    assert s.d[0].hours_helping == 5.0


def test_practice_counts_in_the_domain_and_less_with_the_agent():
    s = Stage(domains=2, delegation_damping=0.75)
    s.t[0].domain = 1
    for activity, expected in ((AGENT, 1.0), (MANUAL, 5.0)):
        s.d[0].activity = activity
        activities.close_stretch(s.w, s.d[0], s.t[0], s.weeks, s.calendar, 0, 8.0, 4.0)
        assert s.d[0].practice[:2].tolist() == [0.0, expected]


def test_a_stretch_past_the_horizon_is_booked_up_to_it():
    s = Stage(weeks=2)
    d = s.d[0]
    d.activity, d.start = AGENT, 30.0
    activities.close_stretch(s.w, d, s.t[0], s.weeks, s.calendar, 0, 200.0, 85.0)
    assert s.weeks["hours"][:, state.B_AGENT].tolist() == [5.0, 20.0]
    assert d.hours == d.hours_worked == d.practice[0] == 25.0
