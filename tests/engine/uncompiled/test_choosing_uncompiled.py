"""Who may do what, and what somebody idle does next: each rule on a hand-made state."""

import math

import numpy as np
import pytest
from stage import Stage, uniform

from sim.engine import choosing, luck, people, rules, state, tasks
from sim.engine.state import AGENT, FIXES, IDLE, MANUAL, MENTORING, NOBODY, REVIEW, STREAM

WITHIN, URGENT, ANY = choosing.WITHIN, choosing.URGENT, choosing.ANY


def choose(s, person=0):
    """The same, whichever of its two names the rule is called by."""
    chosen = choosing.choose(s.w, s.developers, s.tasks, s.luck_cache, person)
    return tuple(map(int, chosen))


# ---- who may do what -----------------------------------------------------------------------


def test_adjacent_roles_work_by_hand_only_where_the_scenario_says_so():
    s = Stage()
    assert choosing.by_hand(s.w, s.d[0])
    s.d[0].role = state.ADJACENT
    assert not choosing.by_hand(s.w, s.d[0])
    s.w.adjacent_by_hand = 1
    assert choosing.by_hand(s.w, s.d[0])


@pytest.mark.parametrize("tool", range(3))
@pytest.mark.parametrize("use", range(3))
def test_work_goes_to_an_agent_where_there_is_one_and_policy_lets_it(tool, use):
    s = Stage(tool=tool, agent_use=use)
    asked = tool == state.TOOL_AGENTIC and use != state.USE_NEVER
    assert choosing.with_agent(s.w, s.d[0]) == asked
    assert choosing.can_work(s.w, s.d[0])
    s.d[0].role = state.ADJACENT
    assert choosing.can_work(s.w, s.d[0]) == asked


@pytest.mark.parametrize(
    ("routing", "advanced", "level", "able", "allowed"),
    [
        (state.FIFO, 1, 1.0, 1, True),
        (state.MATCHED, 0, 1.0, 1, True),
        (state.MATCHED, 1, 4.0, 1, True),  # at the level is enough
        (state.MATCHED, 1, 3.99, 1, False),
        (state.MATCHED, 1, 3.99, 0, True),  # nobody else can
        (state.STRICT, 0, 1.0, 0, True),
        (state.STRICT, 1, 4.0, 0, True),
        (state.STRICT, 1, 3.99, 0, False),
    ],
)
def test_routing_leaves_advanced_work_to_those_who_are_able(
    routing, advanced, level, able, allowed
):
    s = Stage(routing=routing, domains=2)
    s.t[0].advanced, s.t[0].domain = advanced, 1
    s.d[0].level[1], s.w.able[1] = level, able
    assert bool(choosing.routing_allows(s.w, s.d[0], s.t[0])) == allowed


def test_the_limit_on_work_in_progress_is_met_at_its_number():
    s = Stage(wip_limit=3)
    for unreviewed, limited in ((2, False), (3, True), (4, True)):
        s.d[0].unreviewed = unreviewed
        assert choosing.at_limit(s.w, s.d[0]) == limited


def test_a_reviewer_is_there_an_engineer_and_of_the_level():
    s = Stage(reviewer_level=3.0, domains=2)
    assert choosing.is_reviewer(s.w, s.d[0], 1)
    for field, value in (("activity", state.ABSENT), ("role", state.ADJACENT)):
        other = Stage(reviewer_level=3.0)
        setattr(other.d[0], field, value)
        assert not choosing.is_reviewer(other.w, other.d[0], 0)
    s.d[0].level[1] = 2.99
    assert not choosing.is_reviewer(s.w, s.d[0], 1)


def may(s, person, k=0):
    s.rank_stand_ins()
    return bool(choosing.may_review(s.w, s.developers, person, s.t[k]))


def test_reviewers_review_the_work_of_others_and_nobody_else_while_there_is_one():
    s = Stage(people=4, reviewers=2).hand_in(0, 0)
    s.d[2].level[0] = 2.0
    s.d[3].role = state.ADJACENT
    assert [may(s, i) for i in range(4)] == [False, True, False, False]
    s.d[3].level[0] = 5.0  # however expert others are
    assert not may(s, 3)
    s.w.reviewers[0], s.t[0].owner = 1, 2  # the author is no reviewer, so one remains
    assert not may(s, 3)


def test_the_first_person_may_be_the_stand_in_and_the_author_never_is_then():
    s = Stage(people=3, reviewers=0, reviewer_level=5.0).hand_in(2, 0)
    s.d[0].level[0], s.d[1].level[0] = 4.0, 1.0
    assert [may(s, i) for i in range(3)] == [True, False, False]


def test_where_the_author_is_the_only_reviewer_all_others_of_the_highest_level_stand_in():
    s = Stage(people=4, reviewers=1).hand_in(0, 0)
    for i, level in ((1, 1.0), (2, 2.5), (3, 3.4)):
        s.d[i].level[0] = level
    s.d[0].level[0] = 4.0
    assert [may(s, i) for i in range(4)] == [False, False, True, True]  # levels as rounded
    s.d[0].level[0] = 3.0  # one of them, and not the only one
    assert [may(s, i) for i in range(4)] == [False, False, True, True]
    s.d[2].activity = state.ABSENT
    assert [may(s, i) for i in range(4)] == [False, False, False, True]
    s.d[3].role = state.ADJACENT  # whoever is there may stand in
    assert may(s, 3)


def test_the_stand_in_is_the_most_expert_in_the_domain_of_the_task():
    s = Stage(people=3, reviewers=0, domains=2, reviewer_level=5.0).hand_in(0, 0)
    s.t[0].domain = 1
    s.d[1].level[:2], s.d[2].level[:2] = (4.0, 2.0), (2.0, 4.0)
    assert [may(s, i) for i in range(3)] == [False, False, True]


def test_one_alone_reviews_their_own_and_only_when_alone():
    s = Stage(people=2, reviewers=0, reviewer_level=5.0).hand_in(0, 0)
    assert [may(s, i) for i in range(2)] == [False, True]
    s.d[1].activity = state.ABSENT
    assert [may(s, i) for i in range(2)] == [True, False]


def test_an_allowance_accrues_by_the_hour_and_a_day_s_worth_is_saved_at_most():
    s = Stage(review_hours_per_week=4.0)
    s.w.time, s.d[0].allowance, s.d[0].allowance_time = 30.0, -1.0, 26.0
    assert choosing.allowance(s.w, s.d[0]) == pytest.approx(-1.0 + 4 * 0.1)
    s.d[0].allowance = 0.75
    assert choosing.allowance(s.w, s.d[0]) == 0.8


@pytest.mark.parametrize(
    ("budget", "left", "hours", "has"),
    [(4.0, -1.0, 10.0, False), (4.0, -1.0, 10.5, True), (4.0, 0.25, 0.0, True),
     (4.0, 0.0, 0.0, False), (0.5, 0.25, 0.0, True), (0.0, 0.25, 8.0, False),
     (0.0, 0.0, 8.0, False)],
)  # fmt: skip
def test_a_person_has_hours_for_a_review_if_any_are_left_or_have_accrued(budget, left, hours, has):
    s = Stage(review_hours_per_week=budget)
    s.w.time, s.d[0].allowance, s.d[0].allowance_time = 50.0 + hours, left, 50.0
    assert choosing.has_allowance(s.w, s.d[0]) == has == (choosing.allowance(s.w, s.d[0]) > 0.0)


def test_the_budget_is_what_is_set_aside_or_what_people_can_whichever_is_less():
    s = Stage(review_hours_per_week=4.0, review_capacity=3.0)
    assert people.review_budget(s.w, s.d[0]) == 3.0
    s.w.time, s.d[0].allowance, s.d[0].allowance_time = 40.0, -1.0, 20.0
    assert choosing.allowance(s.w, s.d[0]) == pytest.approx(-1.0 + 20.0 * 3.0 / 40.0)
    s.d[0].allowance = 5.0
    assert choosing.allowance(s.w, s.d[0]) == pytest.approx(0.6)
    s.w.review_capacity = 9.0
    assert people.review_budget(s.w, s.d[0]) == 4.0
    s.w.pace = 1.5  # a week that is worth more
    assert people.review_budget(s.w, s.d[0]) == 6.0


@pytest.mark.parametrize("new", ["newcomer", "generation"])
def test_the_budget_of_who_is_new_ramps_up_week_by_week(new):
    """From 0.25 to 1 in a straight line over 3 weeks: 3/8, 5/8 and 7/8 in the weeks' middles."""
    s = Stage(review_hours_per_week=8.0, ramp_start=0.25, ramp_weeks=3.0)
    d = s.d[0]
    d.joins = 40.0
    assert people.review_budget(s.w, d) == 8.0
    d[new] = 1
    for time, hours in ((40.0, 3.0), (79.9, 3.0), (80.0, 5.0), (120.0, 7.0), (160.0, 8.0)):
        s.w.time = time
        assert people.review_budget(s.w, d) == pytest.approx(hours), time
    s.w.time = d.allowance_time = 40.0
    d.allowance = 5.0
    assert choosing.allowance(s.w, d) == pytest.approx(3.0 / 5.0)


@pytest.mark.parametrize("ramp", [{"ramp_start": 1.0, "ramp_weeks": 9.7}, {"ramp_weeks": 0.0}])
def test_where_nobody_ramps_up_the_budget_of_a_newcomer_is_anybody_s_to_the_bit(ramp):
    s = Stage(review_hours_per_week=5.3, **ramp)
    s.d[0].newcomer = 1
    for time in (0.0, 1.7, 40.0, 387.9, 388.0, 1e4):
        s.w.time = time
        assert people.review_budget(s.w, s.d[0]) == 5.3


# ---- reviews -------------------------------------------------------------------------------


def find(s, which, person=0):
    return int(choosing.find_review(s.w, s.developers, s.tasks, person, which))


def test_the_oldest_review_that_a_person_may_do_is_found():
    s = Stage(people=3, review_hours_per_week=5.0)
    s.d[0].allowance = 1.0
    assert find(s, ANY) == -1
    s.hand_in(0, 2).hand_in(1, 4, 3)  # the first is their own
    assert [find(s, which) for which in (WITHIN, URGENT, ANY)] == [4, -1, 4]
    s.d[0].allowance = 0.0  # nothing left is nothing
    assert [find(s, which) for which in (WITHIN, URGENT, ANY)] == [-1, -1, 4]
    assert int(rules.find_review(s.world, s.developers, s.tasks, 0)) == 4


@pytest.mark.parametrize("at_limit", [state.LIMIT_WAIT, state.LIMIT_CONTINUE])
def test_no_review_is_taken_beyond_the_budget_where_the_policy_says_so(at_limit):
    s = Stage(people=3, wip_limit=2, review_hours_per_week=5.0, at_limit=at_limit)
    s.hand_in(2, 0).hand_in(1, 4, 3)
    assert [find(s, which) for which in (WITHIN, URGENT, ANY)] == [-1, -1, -1]
    s.d[0].allowance = 0.1
    assert [find(s, which) for which in (WITHIN, URGENT, ANY)] == [0, 4, 0]


@pytest.mark.parametrize(
    ("at_limit", "chosen"),
    [
        (state.LIMIT_REVIEW, (state.REVIEW, 4)),
        (state.LIMIT_WAIT, (state.IDLE, -1)),
        (state.LIMIT_CONTINUE, (state.AGENT, 5)),
    ],
)
def test_an_author_at_the_limit_reviews_waits_or_goes_on_with_new_work(at_limit, chosen):
    s = Stage(people=2, wip_limit=1, at_limit=at_limit, review_order=state.REVIEW_LAST)
    s.hand_in(0, 0).hand_in(1, 4).line_up(state.STREAM, 5)
    assert choosing.choose(s.w, s.developers, s.tasks, s.luck_cache, 0) == chosen
    s.give(0, 2)  # what they have begun goes on
    assert choosing.choose(s.w, s.developers, s.tasks, s.luck_cache, 0) == (state.AGENT, 2)


def test_a_review_whose_author_is_at_the_limit_is_taken_whatever_the_allowance():
    s = Stage(people=3, wip_limit=2, review_hours_per_week=5.0).hand_in(2, 0).hand_in(1, 4, 3)
    assert s.w.urgent == 2
    assert [find(s, which) for which in (WITHIN, URGENT, ANY)] == [4, 4, 0]
    s.w.urgent = 0  # counted elsewhere; without an urgent one none is looked for
    assert find(s, URGENT) == -1
    s.w.urgent, s.d[0].reviews_of = 2, NOBODY  # as who could never review does not look
    assert find(s, URGENT) == find(s, ANY) == -1
    own = Stage(people=2, wip_limit=1).hand_in(0, 0)
    assert find(own, URGENT) == find(own, ANY) == -1


def test_who_stands_in_for_one_author_looks_only_while_that_author_has_a_review_waiting():
    s = Stage(people=3, reviewers=0, reviewer_level=5.0).hand_in(0, 2).hand_in(1, 4)
    s.d[2].reviews_of = 0
    s.d[0].level[0] = 4.0  # the first to stand in, so the second does for their work
    s.d[2].level[0] = 3.5
    s.rank_stand_ins()
    assert find(s, ANY, 2) == 2
    s.d[0].queued = 0  # counted elsewhere; without one none is looked for
    assert find(s, ANY, 2) == -1


def test_one_alone_finds_their_own_urgent_review():
    s = Stage(people=2, reviewers=0, reviewer_level=5.0, wip_limit=1).hand_in(0, 0)
    s.d[1].activity = state.ABSENT
    s.rank_stand_ins()
    assert find(s, URGENT) == 0


def stand_ins(s, author):
    """All of the highest level there but for the author; the author alone if there are none."""
    there = [i for i, d in enumerate(s.d) if i != author and d.activity != state.ABSENT]
    level = max((s.d[i].level[0] for i in there), default=0)
    return [i for i in there if s.d[i].level[0] == level] or [author]


def test_who_may_review_is_who_the_rule_says_in_any_team():
    rng = np.random.default_rng(1)
    for _ in range(300):
        s = Stage(people=int(rng.integers(1, 6)), reviewer_level=float(rng.integers(2, 7)))
        for d in s.d:
            d.level[0], d.role = rng.integers(1, 6), rng.integers(0, 2)
            d.activity = state.ABSENT if rng.random() < 0.2 else state.IDLE
            d.joins, d.leaves = (0.0, math.inf) if d.activity == state.IDLE else (math.inf,) * 2
        people.count_able(s.w, s.developers)
        here = [i for i, d in enumerate(s.d) if d.activity != state.ABSENT]
        able = [i for i in here if choosing.is_reviewer(s.w, s.d[i], 0)]
        for author in here:
            s.t[0].owner = author
            s.d[author].queued = 1
            right = [i for i in able if i != author] or stand_ins(s, author)
            assert [i for i in here if may(s, i)] == sorted(right)
            assert all(choosing.any_to_review(s.developers, i) for i in right)
            s.d[author].queued = 0


# ---- own work ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "priority"), [("rework", 0), ("escalated", 0), ("kind", 1), ("sessions", 2)]
)
def test_rework_and_escalations_come_before_fixes_before_new_work(field, priority):
    s = Stage()
    setattr(s.t[0], field, 1)
    assert choosing.priority(s.t[0]) == priority
    s.t[0].kind = state.FIX
    assert choosing.priority(s.t[0]) == min(priority, 1)


def test_of_one_s_own_work_the_first_of_the_best_rank_comes_next():
    s = Stage()
    assert choosing.find_own(s.d[0], s.tasks) == -1
    s.give(0, 3, 1, 2, 0)
    assert choosing.find_own(s.d[0], s.tasks) == 3
    s.t[1].kind = s.t[2].kind = state.FIX
    assert choosing.find_own(s.d[0], s.tasks) == 1
    s.t[0].rework = 1
    assert choosing.find_own(s.d[0], s.tasks) == 0
    equals = Stage().give(0, 0, 1)
    assert choosing.find_own(equals.d[0], equals.tasks) == 0


# ---- waiting work --------------------------------------------------------------------------


def waiting(s, queue=STREAM, person=0):
    return int(choosing.find_waiting(s.w, s.tasks, s.luck_cache, s.d[person], queue))


def test_the_first_suitable_of_those_that_may_be_passed_over_is_found():
    s = Stage(lookahead=2, routing=state.STRICT).line_up(STREAM, 0, 1, advanced=1)
    assert waiting(s) == -1
    s.line_up(STREAM, 2, 3)
    assert waiting(s) == 2
    s.w.lookahead = 1
    assert waiting(s) == -1
    s.w.lookahead = 0
    assert waiting(s) == -1
    s.d[0].level[0] = 4.0
    assert waiting(s) == 0


def test_matched_routing_takes_the_first_where_none_suits_and_nothing_where_there_is_none():
    s = Stage(lookahead=1).line_up(STREAM, 3, 1, advanced=1).line_up(STREAM, 2)
    assert waiting(s) == 3
    assert waiting(s, FIXES) == -1
    s.line_up(FIXES, 4)
    assert waiting(s, FIXES) == 4


def test_an_empty_list_holds_nothing_whatever_the_last_task_is():
    s = Stage(routing=state.STRICT).line_up(STREAM, 0)
    s.t[5].advanced, s.t[5].next = 1, 0
    assert waiting(s, FIXES) == -1


def test_who_can_work_in_no_way_finds_nothing():
    s = Stage(agent_use=state.USE_NEVER).line_up(STREAM, 0)
    assert waiting(s) == 0
    s.d[0].role = state.ADJACENT
    assert waiting(s) == -1


def test_a_saturated_stream_makes_the_tasks_that_are_looked_at_and_no_more():
    s = Stage(work=state.SATURATED, n_tasks=0, lookahead=2, routing=state.STRICT)
    s.w.advanced_share = 1.0
    assert waiting(s) == -1
    assert s.w.n_tasks == 3
    assert s.list_of(STREAM) == [0, 1, 2]
    assert waiting(s) == -1
    assert s.w.n_tasks == 3
    s.w.advanced_share, s.w.lookahead = 0.0, 3
    assert waiting(s) == 3
    assert waiting(s, FIXES) == -1
    assert s.w.n_tasks == 4
    s.w.n_tasks = 6  # no room is no task
    s.t[3].advanced, s.w.lookahead = 1, 4
    assert waiting(s) == -1
    assert s.w.overflow == 1


def test_a_stream_that_is_not_saturated_makes_nothing():
    for work in (state.POISSON, state.BACKLOG):
        s = Stage(work=work, n_tasks=0)
        assert waiting(s) == -1
        assert s.w.n_tasks == 0


# ---- what comes next -----------------------------------------------------------------------


def full(order, **fields):
    """Two people: a review (task 0), a waiting fix (1), own new work (2), a new task (3)."""
    s = Stage(people=2, review_order=order, review_hours_per_week=5.0, **fields)
    s.hand_in(1, 0).line_up(FIXES, 1).give(0, 2).line_up(STREAM, 3)
    s.t[1].kind = state.FIX
    s.d[0].allowance = 1.0
    for k, since in enumerate((5.0, 3.0, 4.0, 1.0)):
        s.t[k].since = since
    return s


def test_reviews_that_come_first_come_before_one_s_own_rework():
    s = full(state.REVIEW_FIRST)
    s.t[2].rework = 1
    assert choose(s) == (REVIEW, 0)
    s.d[0].allowance = -1.0
    assert choose(s) == (AGENT, 2)


def test_own_rework_comes_before_a_waiting_fix_before_own_new_work():
    for order in (state.REVIEW_TURN, state.REVIEW_LAST):
        s = full(order)
        assert choose(s) == (AGENT, 1)
        s.t[2].kind = state.FIX  # one's own fix comes before one that waits
        assert choose(s) == (AGENT, 2)
        s.t[2].kind, s.t[2].escalated = state.NEW, 1
        assert choose(s) == (AGENT, 2)
    s = full(state.REVIEW_LAST)
    choosing_without_fix = Stage().give(0, 2).line_up(STREAM, 3)
    assert choose(choosing_without_fix) == (AGENT, 2)


def test_in_turn_a_review_comes_before_work_that_has_not_waited_longer():
    s = full(state.REVIEW_TURN)
    for since, chosen in ((2.9, (REVIEW, 0)), (3.0, (REVIEW, 0)), (3.1, (AGENT, 1))):
        s.t[0].since = since
        assert choose(s) == chosen
    s.d[0].allowance, s.t[0].since = -1.0, 0.0
    assert choose(s) == (AGENT, 1)


def test_without_own_work_it_does_not_matter_what_the_last_task_is():
    s = Stage(review_order=state.REVIEW_LAST).line_up(FIXES, 1).line_up(STREAM, 2)
    s.t[1].kind, s.t[5].rework = state.FIX, 1
    assert choose(s) == (AGENT, 1)
    s = free(state.REVIEW_TURN, 1.0)
    s.t[0].since, s.t[5].since = 3.0, 1.0
    assert choose(s) == (REVIEW, 0)


def test_the_first_task_of_all_is_own_work_like_any_other():
    s = Stage(review_order=state.REVIEW_LAST).give(0, 0).line_up(FIXES, 1)
    s.t[0].rework, s.t[1].kind = 1, state.FIX
    assert choose(s) == (AGENT, 0)
    s = Stage(people=2, review_order=state.REVIEW_TURN, review_hours_per_week=5.0).give(0, 0)
    s.hand_in(1, 1)
    s.d[0].allowance, s.t[0].since, s.t[1].since = 1.0, 1.0, 2.0
    assert choose(s) == (AGENT, 0)


def free(order, allowance, **fields):
    """Nothing in hand and no fix: a review (task 0) and new work (3)."""
    s = Stage(people=2, review_order=order, review_hours_per_week=5.0, **fields)
    s.hand_in(1, 0).line_up(STREAM, 3)
    s.d[0].allowance = allowance
    return s


def test_before_new_work_come_reviews_in_turn_within_the_allowance():
    assert choose(free(state.REVIEW_TURN, 1.0)) == (REVIEW, 0)
    assert choose(free(state.REVIEW_TURN, -1.0)) == (AGENT, 3)
    assert choose(free(state.REVIEW_LAST, 1.0)) == (AGENT, 3)


def test_at_one_s_own_limit_any_review_comes_before_new_work():
    s = free(state.REVIEW_LAST, -1.0, wip_limit=3)
    s.d[0].unreviewed = 3
    assert choose(s) == (REVIEW, 0)
    s.d[0].unreviewed = 2
    assert choose(s) == (AGENT, 3)


def test_an_author_at_the_limit_is_helped_before_new_work():
    s = free(state.REVIEW_LAST, -1.0, wip_limit=1)
    assert choose(s) == (REVIEW, 0)
    s.give(0, 2)  # but not before work begun
    assert choose(s) == (AGENT, 2)


def test_without_work_any_review_is_done_and_without_reviews_nothing():
    s = Stage(people=2, review_order=state.REVIEW_LAST).hand_in(1, 0)
    s.d[0].allowance = -5.0
    assert choose(s) == (REVIEW, 0)
    assert choose(s, 1) == (IDLE, -1)  # their own
    assert tuple(map(int, rules.choose(s.world, s.developers, s.tasks, s.luck_cache, 0))) == (
        REVIEW,
        0,
    )


# ---- how -----------------------------------------------------------------------------------


def test_a_piece_is_what_is_left_within_the_scope_for_the_agent_and_all_of_it_by_hand():
    s = Stage(scope_hours=2.0)
    t = s.t[0]
    for left, piece in ((5.0, 2.0), (1.5, 1.5)):
        t.left = left
        assert choosing.piece_of(s.w, s.d[0], t) == piece
    t.left, s.w.agent_use = 5.0, state.USE_NEVER
    assert choosing.piece_of(s.w, s.d[0], t) == 5.0
    t.piece, s.w.agent_use = 0.75, state.USE_ALWAYS  # one begun goes on
    assert choosing.piece_of(s.w, s.d[0], t) == 0.75


def mode_of_work(s):
    return int(choosing.mode_of_work(s.w, s.d[0], s.t[0], s.luck_cache))


def test_a_task_passed_on_begins_with_mentoring():
    s = Stage()
    s.t[0].mentoring = 1
    assert mode_of_work(s) == MENTORING


def test_after_the_last_session_on_a_piece_it_is_done_by_hand():
    s = Stage(max_sessions=2)
    for attempts, activity in ((1, AGENT), (2, MANUAL), (3, MANUAL)):
        s.t[0].attempts = attempts
        assert mode_of_work(s) == activity
    s.d[0].role = state.ADJACENT  # who cannot, tries on
    assert mode_of_work(s) == AGENT


def test_work_begun_by_hand_and_work_without_an_agent_is_done_by_hand():
    s = Stage()
    s.t[0].manual_left = 0.5
    assert mode_of_work(s) == MANUAL
    assert mode_of_work(Stage(tool=state.TOOL_ASSISTIVE)) == MANUAL


def test_a_piece_goes_to_the_agent_as_often_as_the_tool_is_adopted():
    """By the piece's own luck: the second number of its first pair for work by hand."""
    s = Stage()
    t = s.t[0]
    for index in range(5):
        t.piece_index = index
        v = uniform(s.w, t.key, index * 1024, luck.HAND)[1]
        for adoption, activity in ((v, MANUAL), (math.nextafter(v, 1), AGENT), (1.0, AGENT)):
            s.d[0].adoption = adoption
            assert mode_of_work(s) == activity


def test_where_the_agent_is_used_when_it_pays_it_is_not_where_it_does_not():
    for planning, activity in ((0.0, AGENT), (100.0, MANUAL)):
        s = Stage(planning_hours=planning, agent_use=state.USE_PAYS)
        assert mode_of_work(s) == activity
    assert mode_of_work(Stage(planning_hours=100.0)) == AGENT


# ---- what spares a search ------------------------------------------------------------------


def test_reviews_that_wait_are_urgent_while_their_author_is_at_the_limit():
    s = Stage(people=2, wip_limit=2)
    for k, urgent in ((0, 0), (1, 1), (2, 2)):
        s.t[k].owner = 1
        s.d[1].unreviewed = k + 1
        tasks.await_review(s.w, s.developers, s.tasks, k)
        assert (s.t[k].state, s.d[1].queued, s.w.urgent) == (state.QUEUED, k + 1, urgent)
    assert s.list_of(state.REVIEWS) == [0, 1, 2]
    tasks.take_review(s.w, s.developers, s.tasks, 1)
    assert (s.t[1].state, s.d[1].queued, s.w.urgent) == (state.IN_REVIEW, 2, 1)
    assert s.list_of(state.REVIEWS) == [0, 2]
    s.d[1].unreviewed = 1
    tasks.take_review(s.w, s.developers, s.tasks, 0)
    assert (s.d[1].queued, s.w.urgent) == (1, 1)
