"""What follows when a session, a stretch by hand or a review has ended: each rule by itself."""

import math

import pytest
from stage import Stage, uniform

from sim.engine import luck, outcomes, state
from sim.engine.curves import FAILED, PARTIAL, UNVERIFIED, VERIFIED


def ended(outcome, **fields):
    """One person who has ended a session on a piece of 2 of 8 h with an outcome."""
    s = Stage(defect_slope=0.0, **fields).give(0, 0)
    t = s.t[0]
    t.size_hours, t.left, t.piece, t.outcome = 8.0, 8.0, 2.0, outcome
    s.w.defect_logit[state.IS_VERIFIED] = math.log(0.1)
    s.w.defect_logit[state.IS_UNVERIFIED] = math.log(0.3)
    return s, t


def conclude(s):
    outcomes.conclude(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)


# ---- sessions ------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [FAILED, PARTIAL, UNVERIFIED, VERIFIED])
def test_a_session_ends_by_the_luck_of_its_task_and_the_odds_of_its_piece(outcome):
    s = Stage().give(0, 1)
    t = s.t[1]
    t.piece, t.left = 4.0, 8.0
    eta = 0.75 - 0.5 * 2
    edges = [0.0] + [1 / (1 + math.exp(-(cut + eta))) for cut in (-1.0, 1.0, 2.0)] + [1.0]
    s.d[0].shift[0], t.luck = 0.75, luck.logit((edges[3 - outcome] + edges[4 - outcome]) / 2)
    outcomes.finish_session(s.w, s.developers, s.tasks, s.luck_cache, 0, 1)
    assert t.session_logit == pytest.approx(eta)
    assert t.outcome == s.d[0].outcome == outcome
    assert s.w.sessions.tolist() == [int(k == outcome) for k in range(4)]
    assert s.w.timer_task == -1


def test_an_agent_that_goes_on_keeps_its_task_and_leaves_its_developer_free():
    s = Stage(runtime_share=1.0, parallel_sessions=4).give(0, 1, 2)
    s.w.time, s.t[1].piece, s.t[1].luck = 10.0, 2.0, 0.0
    outcomes.finish_session(s.w, s.developers, s.tasks, s.luck_cache, 0, 1)
    assert (s.t[1].state, s.t[1].timer, s.w.timer_task) == (state.RUNNING, 11.5, 1)
    assert s.hands(0) == [2]
    assert s.w.sessions.sum() == 0
    s.w.time = 11.5
    outcomes.agent_done(s.w, s.developers, s.tasks, s.luck_cache, 1)
    assert s.w.sessions.sum() == 1
    assert s.t[1].since == 11.5


def test_an_agent_goes_on_by_itself_however_short_the_rest():
    s = Stage(runtime_share=0.2, parallel_sessions=4).give(0, 1)
    s.t[1].piece, s.t[1].luck = 2.0, 0.0
    outcomes.finish_session(s.w, s.developers, s.tasks, s.luck_cache, 0, 1)
    assert s.t[1].state == state.RUNNING
    assert s.t[1].timer == pytest.approx(0.3)


def test_what_an_agent_leaves_undone_for_somebody_who_has_left_goes_to_the_others():
    for there, where in ((state.IDLE, "hands"), (state.ABSENT, "waiting")):
        s, t = ended(FAILED)
        s.d[0].activity = there
        outcomes.release(s.d[0], s.tasks, 0)
        t.state = state.RUNNING
        outcomes.agent_done(s.w, s.developers, s.tasks, s.luck_cache, 0)
        assert (s.hands(0) == [0]) == (where == "hands")
        assert (s.list_of(state.FIXES) == [0]) == (where == "waiting")


def test_what_an_absent_developer_s_agent_passed_on_stays_where_it_went():
    """Abandoned: nobody's. Passed on: the colleague's. Neither goes to the list as well."""
    for colleague, standing in ((2.0, state.ABANDONED), (4.0, state.HELD)):
        s = Stage(people=2, max_sessions=1, adjacent_by_hand=0).give(0, 0)
        s.d[0].role, s.d[0].activity, s.d[1].level[0] = state.ADJACENT, state.ABSENT, colleague
        s.d[1].role = state.ADJACENT
        s.t[0].piece, s.t[0].outcome = 2.0, FAILED
        outcomes.release(s.d[0], s.tasks, 0)
        outcomes.agent_done(s.w, s.developers, s.tasks, s.luck_cache, 0)
        assert s.t[0].state == standing
        assert s.list_of(state.FIXES) == []
        assert (s.hands(1) == [0]) == (standing == state.HELD)


def test_a_failed_session_leaves_the_piece_and_counts_as_a_try():
    s, t = ended(FAILED)
    conclude(s)
    assert (t.left, t.piece, t.piece_index) == (8.0, 2.0, 0)
    assert (t.attempts, t.tries, t.unverified) == (1, 1, 0)
    assert (t.hazard, t.agent_hours) == (0.0, 0.0)
    assert s.hands(0) == [0]


@pytest.mark.parametrize("visible", [0, 1])
def test_a_submission_holds_a_fault_that_a_review_sees_by_its_luck_and_hazard(visible):
    s = Stage(visible_growth=0.0, visible_hand=1.0).give(0, 0)
    v = uniform(s.w, 0, 1, luck.REVIEW_HOURS)[1]
    s.t[0].visible = 1 - visible  # of the submission before
    s.w.visible_hand = -math.log1p(-v) + (1e-9 if visible else -1e-9)
    submit(s)
    assert (s.t[0].visible, s.t[0].defect) == (visible, 0)
    s.w.visible_hand = s.t[0].submitted_hours = 0.0
    s.give(0, 0)
    submit(s)
    assert s.t[0].visible == 0


@pytest.mark.parametrize(
    ("outcome", "to_clear"), [(FAILED, 1.0), (PARTIAL, 1.0), (UNVERIFIED, 0.0), (VERIFIED, 0.0)]
)
def test_a_session_that_is_not_done_leaves_hours_to_clear_for_its_whole_piece(outcome, to_clear):
    s, t = ended(outcome, failure_cost=0.5, partial_share=0.25)
    t.to_clear = 7.0  # of the session before
    conclude(s)
    assert t.to_clear == to_clear


def test_nothing_is_left_to_clear_of_a_piece_done_in_parts():
    s, t = ended(PARTIAL, failure_cost=0.5, partial_share=1.0)
    conclude(s)
    assert (t.piece_index, t.to_clear) == (1, 0.0)


def test_a_partial_session_does_its_share_of_the_piece_without_evidence():
    s, t = ended(PARTIAL, partial_share=0.25)
    conclude(s)
    assert (t.left, t.piece, t.agent_hours) == (7.5, 1.5, 0.5)
    assert (t.attempts, t.tries, t.unverified, t.piece_index) == (1, 1, 1, 0)
    assert t.hazard == pytest.approx(0.5 * math.log1p(0.3))
    conclude(s)  # a quarter of what is left of the piece
    assert (t.left, t.piece) == (7.125, 1.125)
    assert (t.attempts, t.tries, t.unverified) == (2, 2, 2)


def test_a_piece_done_in_parts_is_done():
    s, t = ended(PARTIAL, partial_share=1.0)
    conclude(s)
    assert (t.left, t.piece, t.piece_index, t.attempts, t.tries) == (6.0, 0.0, 1, 0, 0)
    assert t.hazard == pytest.approx(2 * math.log1p(0.3))  # counted once
    s, t = ended(PARTIAL, partial_share=0.999)  # what is left is little, but it is work
    conclude(s)
    assert t.piece_index == 0
    s, t = ended(PARTIAL, partial_share=1 - 1e-10)  # rounding is not
    conclude(s)
    assert t.piece_index == 1


@pytest.mark.parametrize(
    ("outcome", "unverified", "odds"), [(UNVERIFIED, 1, 0.3), (VERIFIED, 0, 0.1)]
)
def test_a_piece_judged_done_shrinks_the_task_and_may_break_something(outcome, unverified, odds):
    s, t = ended(outcome)
    t.attempts = t.tries = 1
    conclude(s)
    assert (t.left, t.piece, t.piece_index, t.attempts, t.tries) == (6.0, 0.0, 1, 0, 0)
    assert (t.unverified, t.agent_hours) == (unverified, 2.0)
    assert t.hazard == pytest.approx(2.0 * math.log1p(odds))
    assert t.submissions == 0
    assert s.hands(0) == [0]


def test_a_session_s_own_odds_decide_how_much_it_breaks():
    s, t = ended(VERIFIED)
    s.w.defect_slope, t.session_logit = 1.0, math.log(4.0)
    conclude(s)
    assert t.hazard == pytest.approx(2.0 * math.log1p(0.1 / 4))
    s, t = ended(PARTIAL, partial_share=0.5)
    s.w.defect_slope, t.session_logit = 1.0, math.log(4.0)
    conclude(s)
    assert t.hazard == pytest.approx(math.log1p(0.3 / 4))


def test_a_first_session_is_counted_on_the_first_part_of_a_task_alone():
    s, t = ended(FAILED, max_sessions=9)
    t.part = 1
    conclude(s)
    assert s.w.first.sum() == 0
    assert s.w.sessions.tolist() == [1, 0, 0, 0]


def test_sessions_are_counted_by_outcome_purpose_and_repetition():
    s, t = ended(FAILED, max_sessions=9)
    conclude(s)
    assert s.w.first.tolist() == s.w.sessions.tolist() == [1, 0, 0, 0]
    assert (
        s.w.week[state.SESSIONS],
        s.w.week[state.REPEAT_SESSIONS],
        s.w.week[state.FIX_SESSIONS],
    ) == (1, 0, 0)
    t.outcome = PARTIAL
    conclude(s)
    assert s.w.first.tolist() == [1, 0, 0, 0]
    assert s.w.sessions.tolist() == [1, 1, 0, 0]
    assert t.sessions == 2
    assert (
        s.w.week[state.SESSIONS],
        s.w.week[state.REPEAT_SESSIONS],
        s.w.week[state.FIX_SESSIONS],
    ) == (2, 1, 1)  # who repeats one mends what it left
    t.kind = state.FIX
    conclude(s)
    t.kind, t.rework = state.NEW, 1
    conclude(s)
    assert (
        s.w.week[state.SESSIONS],
        s.w.week[state.REPEAT_SESSIONS],
        s.w.week[state.FIX_SESSIONS],
    ) == (4, 3, 3)


def test_who_cannot_work_by_hand_passes_on_after_the_last_session():
    s, t = ended(FAILED, max_sessions=2)
    s.d[0].role = state.ADJACENT
    conclude(s)
    assert t.state == state.HELD
    conclude(s)
    assert t.state == state.ABANDONED  # nobody is there to take it
    s, t = ended(FAILED, max_sessions=1)
    conclude(s)
    assert t.state == state.HELD  # an engineer goes on by hand


# ---- by hand -------------------------------------------------------------------------------


def by_hand(success, **fields):
    s = Stage(stretch_hours=4.0, **fields).give(0, 0)
    t = s.t[0]
    t.size_hours, t.left, t.piece, t.manual_left = 8.0, 8.0, 8.0, 4.0
    t.piece_index, t.tries = 3, 2
    u = uniform(s.w, t.key, 3 * 1024 + 2, luck.HAND)[0]
    edge = 1e-9 if success else -1e-9
    s.d[0].hand_logit[0] = luck.logit(u + edge)
    return s, t


def finish_hand(s):
    outcomes.finish_hand(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)


def test_a_stretch_by_hand_leaves_the_rest_of_its_piece_for_later():
    s, t = by_hand(True)
    t.manual_left = 4.5
    finish_hand(s)
    assert (t.manual_left, t.tries, t.left) == (0.5, 2, 8.0)


def test_a_piece_by_hand_is_right_by_the_luck_of_its_place_and_try():
    s, t = by_hand(True)
    s.w.defect_logit[state.BY_HAND], s.w.defect_slope = math.log(0.5), 1.0
    s.d[0].shift[0] = math.log(2.0)
    finish_hand(s)
    assert t.state == state.SUBMITTED
    assert (t.manual_left, t.left, t.unverified, t.agent_hours) == (0.0, 0.0, 1, 0.0)
    assert t.hazard == pytest.approx(8.0 * math.log1p(0.25))


def test_a_piece_by_hand_that_went_wrong_is_passed_on():
    s, t = by_hand(False)
    finish_hand(s)
    assert t.state == state.ABANDONED
    assert (t.tries, t.unverified, t.manual_left) == (3, 0, 0.0)


def test_the_odds_of_a_piece_by_hand_are_those_of_the_domain():
    s, t = by_hand(True, domains=2)
    s.d[0].hand_logit[1], s.d[0].hand_logit[0] = s.d[0].hand_logit[0], -50.0
    s.d[0].shift[1], s.w.defect_logit[state.BY_HAND], s.w.defect_slope = 50.0, 0.0, 1.0
    t.domain = 1
    finish_hand(s)
    assert t.state == state.SUBMITTED
    assert t.hazard == pytest.approx(0.0, abs=1e-12)


# ---- pieces, submissions -------------------------------------------------------------------


def test_a_task_is_handed_in_when_nothing_but_rounding_is_left():
    for left, submitted in ((2.0, True), (2.0 + 7e-9, True), (2.0 + 9e-9, False)):
        s, t = ended(VERIFIED)
        t.left = left
        outcomes.piece_done(s.w, s.developers, s.tasks, s.luck_cache, 0, 0, 0.5)
        assert (t.submissions == 1) == submitted
        assert t.hazard == 1.0
        assert (t.left == 0.0) == submitted


def submit(s):
    outcomes.submit(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)


def test_a_submission_waits_for_the_reviewers_next_look():
    s = Stage(review_look_hours=8.0, wip_limit=2).give(0, 1, 0)
    t, d = s.t[0], s.d[0]
    s.w.time, t.submissions, t.unverified, d.queued = 16.0, 4, 1, 5
    submit(s)
    u, _ = uniform(s.w, t.key, 5, luck.SUBMISSION)
    assert (t.submissions, t.submitted, t.state) == (5, 16.0, state.SUBMITTED)
    assert t.timer == 16.0 + 8.0 * u
    assert s.w.timer_task == 0
    assert s.hands(0) == [1]
    assert (d.unreviewed, s.w.urgent, s.w.week[state.SUBMISSIONS]) == (1, 0, 1.0)
    s.give(0, 0)
    submit(s)  # now at the limit: all of theirs that wait are urgent
    assert (d.unreviewed, s.w.urgent, s.w.week[state.SUBMISSIONS]) == (2, 5, 2.0)
    s.give(0, 0)
    submit(s)
    assert (d.unreviewed, s.w.urgent) == (3, 5)  # counted once


@pytest.mark.parametrize("defect", [0, 1])
def test_a_submission_holds_a_defect_by_its_luck_and_the_hazard_of_its_parts(defect):
    s = Stage().give(0, 0)
    v = uniform(s.w, 0, 1, luck.SUBMISSION)[1]
    s.t[0].hazard = -math.log1p(-v) + (1e-9 if defect else -1e-9)
    submit(s)
    assert s.t[0].defect == defect
    assert s.t[0].hazard > 0  # what it is stays


@pytest.mark.parametrize(
    ("policy", "unverified", "reviewed"),
    [
        (state.REVIEW_NONE, 1, False),
        (state.REVIEW_UNVERIFIED, 0, False),
        (state.REVIEW_UNVERIFIED, 1, True),
        (state.REVIEW_ALL, 0, True),
    ],
)
def test_what_is_reviewed_is_policy(policy, unverified, reviewed):
    s = Stage(review=policy).give(0, 0)
    s.t[0].unverified = unverified
    submit(s)
    assert s.t[0].state == (state.SUBMITTED if reviewed else state.DONE)
    assert s.d[0].unreviewed == int(reviewed)


# ---- passing on ----------------------------------------------------------------------------


def passed_to(levels, asker=0, **changes):
    """Who gets a task that somebody escalates, or -1."""
    s = Stage(people=len(levels), escalation_hours=1.0).give(asker, 0)
    for i, level in enumerate(levels):
        s.d[i].level[0] = level
    for name, values in changes.items():
        s.developers[name] = values
    if "role" not in changes:
        s.w.adjacent_by_hand = 1
    outcomes.escalate(s.w, s.developers, s.tasks, asker, 0)
    return int(s.t[0].owner) if s.t[0].state == state.HELD else -1


def test_a_task_goes_to_the_least_expert_colleague_of_a_higher_level():
    assert passed_to([2.0, 5.0, 3.0, 4.0]) == 2
    assert passed_to([2.0, 3.0, 5.0], asker=2) == -1
    assert passed_to([3.0, 3.0]) == -1
    assert passed_to([2.4, 2.6]) == 1  # beginner and intermediate: levels are whole numbers
    assert passed_to([2.5, 3.4]) == -1  # both are nearest intermediate
    assert passed_to([2.6, 2.4, 3.5], asker=0) == 2


def test_of_equals_the_one_with_less_in_hand_takes_it_and_of_those_the_first():
    assert passed_to([2.0, 3.0, 3.0], held=[1, 2, 1]) == 2
    assert passed_to([2.0, 3.0, 3.0], held=[1, 2, 2]) == 1
    assert passed_to([2.0, 4.0, 3.0], held=[1, 0, 5]) == 2  # but level comes first
    assert passed_to([2.0, 3.0, 4.0], held=[1, 2, 0]) == 1


def test_the_first_person_is_a_colleague_as_any():
    assert passed_to([4.0, 2.0, 5.0], asker=1) == 0


def test_nobody_who_is_away_and_nobody_who_cannot_work_gets_it():
    assert passed_to([2.0, 3.0, 4.0], activity=[state.IDLE, state.ABSENT, state.AGENT]) == 2
    s = Stage(people=2, agent_use=state.USE_NEVER).give(0, 0)
    s.d[1].level[0], s.d[1].role = 5.0, state.ADJACENT
    outcomes.escalate(s.w, s.developers, s.tasks, 0, 0)
    assert s.t[0].state == state.ABANDONED


def test_who_cannot_work_by_hand_may_ask_an_equal_who_can():
    roles = [state.ADJACENT, state.ENGINEER]
    assert passed_to([3.0, 3.0], role=roles) == 1
    assert passed_to([3.0, 2.0], role=roles) == -1  # but nobody below
    assert passed_to([3.0, 3.0], role=roles[::-1]) == -1
    assert passed_to([3.0, 3.0], role=[state.ADJACENT] * 2) == -1


def test_a_colleague_begins_with_mentoring_and_the_asker_learns_from_it():
    s = Stage(people=2, escalation_hours=1.5, domains=2, delegation_damping=0.5).give(0, 1, 0)
    t = s.t[0]
    t.domain, s.d[1].level[1], s.w.time = 1, 4.0, 9.0
    t.attempts, t.manual_left, t.piece, t.tries, t.piece_index = 2, 3.0, 2.0, 2, 1
    outcomes.escalate(s.w, s.developers, s.tasks, 0, 0)
    assert s.hands(0) == [1]
    assert s.hands(1) == [0]
    assert (t.escalated, t.mentoring, s.w.escalations, t.since) == (1, 1, 1, 9.0)
    assert (t.attempts, t.manual_left, t.piece, t.tries) == (0, 0.0, 2.0, 2)
    assert s.d[0].practice[:2].tolist() == [0.0, 1.5]


def test_a_task_nobody_can_take_is_given_up():
    s = Stage().give(0, 0)
    s.w.in_system, s.w.time, s.w.area_time = 2, 10.0, 8.0
    outcomes.escalate(s.w, s.developers, s.tasks, 0, 0)
    t = s.t[0]
    assert (t.state, t.since, s.w.week[state.ABANDONED_TASKS]) == (state.ABANDONED, 10.0, 1.0)
    assert (t.tried_by, t.tried, s.list_of(state.GIVEN_UP)) == (7, 1, [0])  # 2 * 3 + 1
    assert (s.w.in_system, s.w.area_time, t.end) == (2, 8.0, math.inf)  # it is not done
    assert (s.w.escalations, s.hands(0)) == (0, [])
    assert s.d[0].practice[0] == 0.0


# ---- reviews -------------------------------------------------------------------------------


def reviewed(defect, caught, author=1, reviewer=0, **fields):
    """Somebody has reviewed task 0 of an author."""
    s = Stage(people=2, rework_share=0.25, wip_limit=2, **fields)
    t = s.t[0]
    t.owner, t.state, t.defect, t.submissions = author, state.IN_REVIEW, defect, 3
    t.size_hours, t.left, t.hazard, t.unverified, t.agent_hours = 8.0, 0.0, 0.5, 2, 1.0
    t.submitted_hours = 8.0
    s.d[author].unreviewed, s.d[author].queued, s.w.urgent = 2, 3, 4
    u = uniform(s.w, t.key, 3, luck.REVIEW)[0]
    s.d[reviewer].review_logit[0] = luck.logit(u + (1e-9 if caught else -1e-9))
    s.w.self_review_factor = 1.0
    return s, t


def test_a_caught_defect_comes_back_as_rework():
    s, t = reviewed(1, True)
    s.w.time = 30.0
    outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
    assert (t.rework, t.left, t.submitted_hours, t.state, t.since) == (1, 2.0, 2.0, state.HELD, 30)
    assert (t.hazard, t.unverified, t.agent_hours) == (0.0, 0, 0.0)
    assert s.hands(1) == [0]
    assert (s.d[1].unreviewed, s.w.urgent) == (1, 1)
    assert s.w.week.sum() == 0


@pytest.mark.parametrize(
    ("defect", "level", "author", "role", "caught"),
    [
        (0, 3.0, 1, state.ENGINEER, True),
        (0, 2.9, 1, state.ENGINEER, False),  # not eligible, so as a hidden one
        (0, 3.0, 1, state.ADJACENT, False),
        (0, 3.0, 0, state.ENGINEER, False),  # their own
        (1, 3.0, 1, state.ENGINEER, True),  # the better of two chances
    ],
)
def test_an_eligible_reviewer_sees_what_is_visible(defect, level, author, role, caught):
    s, t = reviewed(defect, False, author=author, visible_detection=1.0)
    t.visible, s.d[0].level[0], s.d[0].role = 1, level, role
    outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
    assert t.rework == int(caught)
    assert s.w.week[state.ESCAPED_DEFECTS] == int(not caught)


@pytest.mark.parametrize(("sees", "rework"), [(1e-9, 1), (-1e-9, 0)])
def test_what_is_visible_is_seen_with_its_probability(sees, rework):
    s, t = reviewed(0, False)
    t.visible = 1
    s.w.visible_detection = uniform(s.w, t.key, 3, luck.REVIEW)[0] + sees
    outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
    assert t.rework == rework
    s, t = reviewed(1, True, visible_detection=0.0)
    t.visible = 1  # a hidden one that is caught is caught all the same
    outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
    assert t.rework == 1


@pytest.mark.parametrize(("visible", "left"), [(0, 2.0), (1, 0.5)])
def test_rework_of_what_is_visible_is_a_share_of_what_was_submitted(visible, left):
    s, t = reviewed(1, True, visible_detection=1.0)
    t.visible, t.submitted_hours = visible, 2.0  # of 8 h, a quarter came back before
    outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
    assert (t.left, t.submitted_hours) == (left, left)


def test_a_defect_not_caught_and_work_without_one_are_accepted():
    for defect, caught in ((1, False), (0, True), (0, False)):
        s, t = reviewed(defect, caught)
        outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
        assert (t.state, t.rework) == (state.DONE, 0)
        assert s.w.week[state.ESCAPED_DEFECTS] == defect
        assert (s.d[1].unreviewed, s.w.urgent) == (1, 1)


def test_an_author_above_the_limit_is_still_at_it_afterwards():
    s, _ = reviewed(0, False)
    s.d[1].unreviewed = 3
    outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
    assert (s.d[1].unreviewed, s.w.urgent) == (2, 4)


def test_one_s_own_review_catches_less():
    for factor, done in ((1.0, False), (0.0, True)):
        s, t = reviewed(1, True, author=0)
        s.w.self_review_factor = factor
        outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
        assert (t.state == state.DONE) == done
    s, t = reviewed(1, True)
    s.w.self_review_factor = 0.0  # and is nobody else's matter
    outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
    assert t.rework == 1


def test_rework_of_somebody_who_has_left_goes_to_the_others():
    s, t = reviewed(1, True)
    s.d[1].activity = state.ABSENT
    outcomes.finish_review(s.w, s.developers, s.tasks, s.luck_cache, 0, 0)
    assert s.hands(1) == []
    assert s.list_of(state.FIXES) == [0]
    assert (t.state, t.rework) == (state.WAITING, 1)


# ---- acceptance, escaped defects -----------------------------------------------------------


@pytest.mark.parametrize("advanced", [0, 1])
def test_accepted_work_is_done_and_credited_with_its_size(advanced):
    s = Stage()
    t = s.t[0]
    t.advanced, t.whole_hours, s.w.in_system, s.w.time = advanced, 3.0, 5, 20.0
    outcomes.accept(s.w, s.tasks, s.luck_cache, 0)
    assert (t.state, t.end, t.credited, s.w.week[state.WORK_DELIVERED]) == (
        state.DONE,
        20.0,
        1,
        3.0,
    )
    assert s.w.week[[state.TASKS_DONE, state.TASKS_DONE + 1]].tolist() == [1 - advanced, advanced]
    assert (s.w.in_system, s.w.week[state.ESCAPED_DEFECTS], s.w.n_tasks) == (4, 0.0, 6)


def test_work_is_credited_again_when_its_last_open_defect_is_fixed():
    s = Stage()
    root, fixes = s.t[0], (1, 2)
    root.whole_hours, root.open_defects, root.parts_left = 3.0, 2, 0
    for k in fixes:
        s.t[k].root, s.t[k].stream = 0, 0
    outcomes.accept(s.w, s.tasks, s.luck_cache, 1)
    assert (root.open_defects, root.credited, s.w.week[state.WORK_DELIVERED]) == (1, 0, 0.0)
    outcomes.accept(s.w, s.tasks, s.luck_cache, 2)
    assert (root.open_defects, root.credited, s.w.week[state.WORK_DELIVERED]) == (0, 1, 3.0)
    assert s.t[1].credited == s.t[2].credited == 0
    assert s.w.week[state.TASKS_DONE] == 2


def escape(**fields):
    s = Stage(tasks=8, n_tasks=6, fix_size_share=0.5, defect_delay_weeks=0.5, weeks=200, **fields)
    t = s.t[2]
    t.key, t.size_hours, t.submissions, t.defect = 77, 3.0, 2, 1
    t.advanced, t.domain, t.root, s.w.time = 1, 2, 5, 20.0
    v = uniform(s.w, 77, 2, luck.REVIEW)[1]
    return s, 20.0 - math.log(1 - v) * 0.5 * 40.0


def test_accepted_work_with_a_defect_in_it_plants_the_fix_and_other_work_does_not():
    for defect in (0, 1):
        s, day = escape()
        s.t[2].defect = defect
        outcomes.accept(s.w, s.tasks, s.luck_cache, 2)
        assert (s.w.n_tasks, s.w.week[state.ESCAPED_DEFECTS]) == (6 + defect, defect)
        assert (s.t[6].timer == pytest.approx(day)) == bool(defect)


def test_an_escaped_defect_surfaces_as_a_fix_of_its_task_s_class_and_domain():
    s, day = escape()
    outcomes.schedule_defect(s.w, s.tasks, s.luck_cache, 2)
    child = s.t[6]
    assert s.w.n_tasks == 7
    assert child.key == luck.child_key(77, 2)
    assert (child.kind, child.advanced, child.domain) == (state.FIX, 1, 2)
    assert (child.root, child.stream, child.size_hours) == (5, 0, 1.5)
    assert child.timer == pytest.approx(day)
    assert (child.state, s.w.timer_task) == (state.DORMANT, 6)


def test_a_defect_that_surfaces_after_the_horizon_is_no_task():
    s, day = escape()
    for horizon, planted in ((day, False), (math.nextafter(day, math.inf) + 1e-9, True)):
        s.w.horizon = horizon
        outcomes.schedule_defect(s.w, s.tasks, s.luck_cache, 2)
        assert (s.w.n_tasks == 7) == planted
        assert (s.w.timer_task == 6) == planted


def test_a_defect_for_which_there_is_no_room_sets_no_timer():
    s, _ = escape()
    s.w.n_tasks = 8
    outcomes.schedule_defect(s.w, s.tasks, s.luck_cache, 2)
    assert (s.w.overflow, s.w.timer_task) == (1, -1)
    assert all(t.timer == math.inf for t in s.t)
