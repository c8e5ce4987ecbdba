"""Hours and odds are those of their formulas, term by term."""

import math

import pytest
from stage import Stage

from sim.engine import odds, people, state


def expit(x):
    return 1 / (1 + math.exp(-x))


def test_the_log_odds_of_a_session_are_the_sum_of_their_terms():
    s = Stage(team_offset=0.25, progress=0.5, progress_per_hour=0.01, advanced_penalty=8.0)
    w, d, t = s.w, s.d[0], s.t[0]
    w.adjacent_penalty_average, w.adjacent_penalty_advanced = 16.0, 32.0
    d.shift[0], d.trait, t.trait, w.time = 1.0, 0.125, 0.0625, 3.0
    base = 1.0 + 0.25 + 0.125 + 0.0625 + 0.5 + 0.03
    assert odds.own_logit(w, d, t, 4.0) == pytest.approx(base - 0.5 * 2)  # two doublings of 1 h
    assert odds.own_logit(w, d, t, 1.0) == pytest.approx(base)
    d.role = state.ADJACENT
    assert odds.own_logit(w, d, t, 1.0) == pytest.approx(base - 16)
    t.advanced = 1
    assert odds.own_logit(w, d, t, 1.0) == pytest.approx(base - 8 - 32)
    d.role = state.ENGINEER
    assert odds.own_logit(w, d, t, 1.0) == pytest.approx(base - 8)


def test_from_the_second_try_on_a_level_adds_its_recovery():
    s = Stage(domains=2, recovery_per_level=0.25, causal_share=0.5)
    w, d, t = s.w, s.d[0], s.t[0]
    d.hired_level[:2], d.level[:2] = (5.0, 1.0), (5.0, 3.0)
    people.refresh(w, d)
    assert d.recovery[:2].tolist() == [0.5, -0.25]  # 2 and, with half of two levels, -1 above 3
    d.shift[:2], d.trait = 0.0, 8.0
    assert odds.own_logit(w, d, t, 1.0) == 8.0
    t.tries = 1
    assert odds.own_logit(w, d, t, 1.0) == 8.5
    t.tries, t.domain = 2, 1
    assert odds.own_logit(w, d, t, 1.0) == 7.75


def test_familiarity_with_the_tool_counts_against_that_of_the_studied_users():
    s = Stage(familiarity_effect=0.5, familiarity_mean=0.25, familiarity_hours=100.0)
    w, d = s.w, s.d[0]
    assert people.familiarity_logit(w, 0.25) == 0.0
    assert people.familiarity_logit(w, 0.75) == 0.25
    d.familiarity, d.tool_hours, d.trait = 0.5, 100.0 * math.log(2.0), 8.0
    people.accustom(w, d)
    assert d.familiarity == pytest.approx(0.75)
    assert d.tool_hours == 0.0
    assert odds.own_logit(w, d, s.t[0], 1.0) == pytest.approx(8.25)


def test_who_is_familiar_with_the_tool_at_first():
    s = Stage(team_familiarity=0.5)
    w, d = s.w, s.d[0]
    assert people.first_familiarity(w, d) == 0.5
    d.newcomer = 1
    assert people.first_familiarity(w, d) == 0.0
    d.familiar = 0.0
    assert people.first_familiarity(w, d) == 0.0
    d.familiar = 0.75
    assert people.first_familiarity(w, d) == 0.75
    d.generation = 1
    assert people.first_familiarity(w, d) == 0.0


def test_only_hours_with_the_agent_make_familiar():
    s = Stage(delegation_damping=0.25)
    for activity, hours in ((state.AGENT, 2.0), (state.MANUAL, 4.0)):
        people.practise(s.w, s.d[0], 0, hours, activity)
    assert (s.d[0].tool_hours, s.d[0].practice[0]) == (2.0, 5.5)


def test_a_piece_of_the_scope_uses_the_doublings_that_were_worked_out_before():
    s = Stage(scope_hours=2.0, scope_doublings=3.0)  # three and not one, to tell them apart
    assert odds.own_logit(s.w, s.d[0], s.t[0], 2.0) == -1.5
    assert odds.own_logit(s.w, s.d[0], s.t[0], 2.5) == pytest.approx(-0.5 * math.log2(2.5))


def test_levels_and_effects_count_in_the_domain_of_the_task():
    s = Stage(domains=2)
    s.d[0].shift[:2], s.d[0].oversight[:2], s.d[0].hand_factor[:2] = (1, 2), (3, 4), (5, 6)
    s.d[0].hand_logit[:2], s.d[0].review_logit[:2] = (0.5, -0.5), (1.5, -1.5)
    s.t[1].domain, s.w.oversight_share = 1, 1.0
    for k, (shift, oversight, factor, by_hand, review) in enumerate(
        ((1, 3, 5, 0.5, 1.5), (2, 4, 6, -0.5, -1.5))
    ):
        t = s.t[k]
        assert odds.own_logit(s.w, s.d[0], t, 1.0) == shift
        assert odds.session_hours(s.w, s.d[0], t, 1.0, 1.0) == oversight
        assert odds.hand_hours(s.w, s.d[0], t, 1.0, 1.0) == factor
        assert odds.hand_success(s.w, s.d[0], t) == pytest.approx(expit(by_hand))
        assert odds.detection(s.w, s.d[0], t, False) == pytest.approx(expit(review))


@pytest.mark.parametrize(
    ("drift", "years", "time", "shift"),
    [
        (0.5, 1.0, 0.0, 1.0 + 2.0 * 1.5),
        (0.5, 0.0, 2080.0, 1.0 + 2.0 * 1.5),  # 2,080 working hours are a year
        (0.5, 1.0, 1040.0, 1.0 + 2.0 * 1.75),
        (-0.25, 1.0, 0.0, 1.0 + 2.0 * 0.75),
        (-0.5, 4.0, 0.0, 1.0),  # a gap closes and does not turn round
        (1.0, 0.5, 0.0, 4.0),
    ],
)
def test_a_gap_that_drifts_stretches_the_distance_from_the_mean_level(drift, years, time, shift):
    s = Stage(gap_drift=drift, shift_mean=1.0, years=years)
    s.w.time, s.d[0].shift[0] = time, 3.0
    assert odds.own_logit(s.w, s.d[0], s.t[0], 1.0) == pytest.approx(shift)


def test_a_session_takes_planning_and_switching_once_and_oversight_and_runtime_by_the_hour():
    s = Stage(planning_hours=1.0, switching_hours=0.5, oversight_share=0.25, runtime_share=3.0)
    s.d[0].oversight[0], s.w.parallel_sessions = 2.0, 4
    # 1 + 8 (0.25 x 2 x 1.5 + 3 / 4) + 0.5
    assert odds.session_hours(s.w, s.d[0], s.t[0], 8.0, 1.5) == 13.5
    s.t[0].piece = 8.0
    assert odds.unattended_hours(s.w, s.t[0]) == 18.0  # 24 h of runtime, a quarter watched
    s.w.parallel_sessions = 1
    assert odds.unattended_hours(s.w, s.t[0]) == 0.0


def test_oversight_grows_with_the_power_of_the_piece_and_nothing_else_does():
    s = Stage(planning_hours=1.0, oversight_share=0.25, runtime_share=0.5, oversight_growth=1.5)
    assert odds.oversight_growth(s.w, 4.0) == 2.0
    assert odds.oversight_growth(s.w, 1.0) == 1.0
    # 1 + 4 (0.25 x 2 + 0.5)
    assert odds.session_hours(s.w, s.d[0], s.t[0], 4.0, 1.0) == 5.0
    s.w.scope_growth = 3.0  # worked out before, for the scope of 2 h: 1 + 2 (0.25 x 3 + 0.5)
    assert odds.session_hours(s.w, s.d[0], s.t[0], 2.0, 1.0) == 3.5


def test_of_nothing_there_is_nothing_to_oversee_however_little_oversight_grows():
    """Rework of no size would else take hours that are no number."""
    s = Stage(oversight_growth=0.5)
    assert odds.oversight_growth(s.w, 4.0) == 0.5
    assert odds.oversight_growth(s.w, 0.0) == 0.0


def test_own_code_takes_its_share_of_the_hours_by_hand():
    s = Stage(own_code_factor=0.75)
    assert odds.hand_hours(s.w, s.d[0], s.t[0], 4.0, 2.0) == 8.0
    s.t[0].own_code = 1
    assert odds.hand_hours(s.w, s.d[0], s.t[0], 4.0, 2.0) == 6.0


def test_clearing_up_takes_its_hours_per_expert_hour():
    assert odds.clearing_hours(Stage(failure_cost=0.25).w, 6.0) == 1.5


def test_hours_by_hand_are_size_times_factor_times_noise():
    s = Stage()
    s.d[0].hand_factor[0] = 1.5
    assert odds.hand_hours(s.w, s.d[0], s.t[0], 4.0, 2.0) == 12.0


def test_advanced_work_by_hand_is_right_less_often():
    s = Stage(hand_success_advanced=3.0)
    s.d[0].hand_logit[0] = 2.0
    assert odds.hand_success(s.w, s.d[0], s.t[0]) == pytest.approx(expit(2.0))
    s.t[0].advanced = 1
    assert odds.hand_success(s.w, s.d[0], s.t[0]) == pytest.approx(expit(-1.0))


@pytest.mark.parametrize("hazard", [0.01, 0.3, 1.0, 1.7, 30.0])
def test_something_happens_where_its_luck_is_below_one_minus_e_to_minus_its_hazard(hazard):
    p = 1.0 - math.exp(-hazard)
    for share in (0.001, 0.4, 0.9, 0.999, 1.001, 1.01, 1.3):
        assert odds.happens(hazard, share * p) == (share < 1.0)


def test_a_defect_hazard_gives_its_base_odds_at_the_reference_level():
    assert odds.defect_logit(0.0) == odds.defect_logit(-0.5) == -math.inf
    assert odds.defect_logit(1.0) == odds.defect_logit(1.5) == math.inf
    assert odds.defect_logit(0.2) == pytest.approx(math.log(0.25))
    s = Stage(defect_slope=2.0, shift_reference=1.0)
    s.w.defect_logit[state.IS_VERIFIED] = math.log(0.25)
    for eta, x in ((1.0, 0.0), (2.0, -2.0), (0.0, 2.0)):
        hazard = odds.defect_hazard(s.w, state.IS_VERIFIED, eta)
        assert -math.expm1(-hazard) == pytest.approx(expit(math.log(0.25) + x))
    assert odds.defect_hazard(s.w, state.BY_HAND, 0.0) == 0.0


def test_a_certain_defect_is_certain_to_twelve_digits_an_hour():
    s = Stage()
    s.w.defect_logit[state.BY_HAND] = math.inf
    hazard = odds.defect_hazard(s.w, state.BY_HAND, 5.0)
    assert math.exp(-hazard) == pytest.approx(1e-12, rel=1e-6, abs=0)


def test_faults_that_a_review_sees_grow_with_size_agent_and_advanced_work():
    s = Stage(visible_hand=0.25, visible_agent=1.25, visible_growth=0.5, visible_advanced=3.0)
    t = s.t[0]
    t.submitted_hours = 4.0
    assert odds.visible_hazard(s.w, t) == 0.5
    t.agent_hours = 1.0  # a quarter of it
    assert odds.visible_hazard(s.w, t) == 1.0
    t.advanced = 1
    assert odds.visible_hazard(s.w, t) == 3.0
    s.w.visible_agent, t.agent_hours = 0.0, 4.0
    assert odds.visible_hazard(s.w, t) == 0.0


def test_review_hours_grow_with_what_the_agent_wrote():
    s = Stage(review_rate=0.5, review_agent_factor=3.0)
    t = s.t[0]
    t.submitted_hours, t.agent_hours = 4.0, 0.0
    assert odds.review_hours(s.w, t) == 2.0
    t.agent_hours = 1.0  # a quarter at three times the price
    assert odds.review_hours(s.w, t) == 0.5 * 4 * 1.5
    t.submitted_hours = t.agent_hours = 0.0
    assert odds.review_hours(s.w, t) == 0.0
    t.submitted_hours = t.agent_hours = 0.5
    assert odds.review_hours(s.w, t) == 0.75


def test_a_review_of_one_s_own_finds_less():
    s = Stage(self_review_factor=0.25)
    s.d[0].review_logit[0] = 1.0
    assert odds.detection(s.w, s.d[0], s.t[0], False) == pytest.approx(expit(1.0))
    assert odds.detection(s.w, s.d[0], s.t[0], True) == pytest.approx(expit(1.0) / 4)


def test_the_agent_pays_where_its_hours_are_fewer_than_those_by_hand_times_the_odds():
    """Odds of being judged done are expit(cut + eta + bias); nobody knows a task's own effect."""
    s = Stage(belief_bias=-0.5)
    w, d, t = s.w, s.d[0], s.t[0]
    d.shift[0], t.trait = 0.25, 9.0
    saved = 4.0 * expit(1.0 + 0.25 - 2 * 0.5 - 0.5)
    for hours, pays in ((saved - 0.001, True), (saved + 0.001, False)):
        w.planning_hours = hours
        assert odds.agent_pays(w, d, t, 4.0) == pays
    w.oversight_share = 0.25  # an hour for these four, without noise
    for hours, pays in ((saved - 1.001, True), (saved - 0.999, False)):
        w.planning_hours = hours
        assert odds.agent_pays(w, d, t, 4.0) == pays
    w.oversight_share, w.failure_cost = 0.0, 0.5  # two hours where it fails
    lost = 2.0 * (1.0 - expit(1.0 + 0.25 - 2 * 0.5 - 0.5))
    for hours, pays in ((saved - lost - 0.001, True), (saved - lost + 0.001, False)):
        w.planning_hours = hours
        assert odds.agent_pays(w, d, t, 4.0) == pays
    w.failure_cost = 0.0
    w.planning_hours, d.shift[0], d.hand_factor[0] = 8.0, 60.0, 2.0
    assert not odds.agent_pays(w, d, t, 4.0)  # as long as by hand does not pay
