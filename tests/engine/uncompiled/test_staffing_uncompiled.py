"""People join, leave and end a training, and weeks end: each rule on a hand-made state."""

import math

import numpy as np
import pytest
from stage import Stage

from sim.engine import drift, luck, people, staffing, state, tools
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


def test_a_training_brings_nothing_on_the_days_that_are_holidays():
    """Of ten days in weeks 2 and 3 five are off; days before and after it do not matter."""
    s = Stage(weeks=6, training_efficacy=0.5)
    s.w.training_start[0], s.w.training_end[0] = 80.0, 160.0
    s.w.days_off[1:5] = 4, 3, 2, 5
    assert (people.days_taught(s.w, 0), people.efficacy(s.w, 0)) == (0.5, 0.25)
    s.w.attendance = 1e-9
    assert people.days_taught(s.w, 0) == 0.5
    s.w.attendance = 0.0
    assert people.days_taught(s.w, 0) == 0.0
    s.w.attendance, s.w.training_end[0] = 1.0, 80.0
    assert people.days_taught(s.w, 0) == 1.0
    s.w.training_end[0] = 120.0  # one week of which three days are off
    assert people.days_taught(s.w, 0) == pytest.approx(0.4)


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


# ---- tools ---------------------------------------------------------------------------------


def rolled_out(count=2, **fields):
    """One person to whom `count` rollouts of an agent come, at 40, 80 ... working hours."""
    s = Stage(rollouts=count, weeks=8, familiarity_kept=0.25, familiarity_effect=2.0, **fields)
    s.w.familiarity_hours = 300.0
    s.w.rollout_tool[:], s.w.rollout_familiarity[:] = state.TOOL_AGENTIC, -1.0
    for c in range(count):
        s.w.rollout_agent[c], s.w.rollout_adoption[c] = c + 1, 0.5 + 0.1 * c
        s.w.rollout_slope[c], s.w.rollout_years[c] = 1.0 + c, 2.0 + c
        s.w.rollout_progress[c], s.w.rollout_progress_per_hour[c] = 3.0 + c, 4.0 + c
        s.d[0].rollout_from[c] = 40.0 * (c + 1)
    s.d[0].familiarity = 0.8
    return s


def test_the_next_rollout_is_the_earliest_that_has_not_come():
    s = rolled_out(3)
    d = s.d[0]
    d.rollout_from[:3] = 80.0, 40.0, 40.0
    for c, bits in ((1, 0), (2, 0b010), (0, 0b110), (-1, 0b111)):
        d.rolled_out = bits
        assert tools.next_rollout(s.w, d) == c
    s = rolled_out(8)
    s.d[0].rollout_from[:] = 80.0
    s.d[0].rollout_from[7] = 40.0
    assert tools.next_rollout(s.w, s.d[0]) == 7


@pytest.mark.parametrize(
    ("tool", "agent"),
    [(state.TOOL_AGENTIC, 0), (state.TOOL_ASSISTIVE, -1), (state.TOOL_NONE, -1)],
)
def test_the_first_agent_is_that_of_the_start_if_there_is_one(tool, agent):
    s = Stage(tool=tool, adoption=0.75, slope_per_doubling=0.25, years=2.0, progress=3.0)
    s.d[0].rolled_out = 5
    tools.put_first_tool(s.w, s.d[0])
    d = s.d[0]
    assert (d.tool, d.adoption, d.agent, d.rolled_out) == (tool, 0.75, agent, 0)
    assert (d.slope_per_doubling, d.years, d.progress) == (0.25, 2.0, 3.0)


def test_a_rollout_gives_its_tool_and_a_part_of_what_is_known_of_another_agent():
    s = rolled_out()
    d = s.d[0]
    d.leaves = 400.0
    staffing.schedule_staffing(s.w, d)
    assert d.staffing_time == 40.0
    s.w.time = 40.0
    change_staffing(s)
    assert (d.tool, d.adoption, d.agent, d.rolled_out) == (state.TOOL_AGENTIC, 0.5, 1, 1)
    assert (d.slope_per_doubling, d.years, d.progress, d.progress_per_hour) == (1.0, 2.0, 3.0, 4.0)
    assert d.familiarity == pytest.approx(0.2)
    assert d.familiarity_logit == pytest.approx(2.0 * 0.2)
    assert d.staffing_time == 80.0


@pytest.mark.parametrize(
    ("tool", "stated", "agent", "familiarity"),
    [
        (state.TOOL_AGENTIC, 0.5, 0, 0.5),
        (state.TOOL_AGENTIC, 0.0, 0, 0.0),
        (state.TOOL_AGENTIC, -1.0, 0, 0.2),
        (state.TOOL_AGENTIC, -1.0, 1, 0.8),
        (state.TOOL_AGENTIC, -1.0, -1, 0.8),
        (state.TOOL_NONE, 0.5, 0, 0.8),
    ],
)
def test_who_begins_knows_what_is_stated_or_what_they_keep(tool, stated, agent, familiarity):
    s = rolled_out()
    s.w.rollout_tool[0], s.w.rollout_familiarity[0], s.d[0].agent = tool, stated, agent
    assert tools.familiarity_with(s.w, s.d[0], 0) == pytest.approx(familiarity)


def test_an_agent_that_is_taken_away_leaves_the_curve_of_what_is_under_way():
    s = rolled_out(1)
    s.w.rollout_tool[0] = state.TOOL_NONE
    tools.put_tool(s.w, s.d[0], 0)
    assert (s.d[0].tool, s.d[0].agent, s.d[0].slope_per_doubling) == (state.TOOL_NONE, 0, 0.5)


@pytest.mark.parametrize(
    ("activity", "role", "held"),
    [
        (IDLE, state.ADJACENT, 0),
        (REVIEW, state.ADJACENT, 0),
        (AGENT, state.ADJACENT, 1),
        (IDLE, state.ENGINEER, 1),
    ],
)
def test_who_cannot_work_without_an_agent_lays_down_what_no_stretch_is_at(activity, role, held):
    s = rolled_out(1).give(0, 3)
    s.w.rollout_tool[0], s.d[0].role, s.d[0].activity, s.w.time = (
        state.TOOL_NONE,
        role,
        activity,
        40,
    )
    staffing.change_tool(s.w, s.d[0], s.tasks)
    assert s.d[0].held == held
    assert s.list_of(FIXES) == ([] if held else [3])


def test_whoever_joins_is_given_what_is_rolled_out_and_has_used_none_of_it():
    s = rolled_out(2, team_familiarity=0.6, familiarity_mean=0.5)
    d = s.d[0]
    s.w.time, d.newcomer = 40.0, 1
    people.seat_holder(s.w, d)
    assert (d.rolled_out, d.agent, d.familiarity, d.familiarity_logit) == (1, 1, 0.0, -1.0)
    s.w.time, d.newcomer = 80.0, 0
    people.seat_holder(s.w, d)
    assert (d.rolled_out, d.agent, d.familiarity) == (3, 2, pytest.approx(0.6 * 0.25 * 0.25))
    d.generation = 1
    people.seat_holder(s.w, d)
    assert (d.rolled_out, d.familiarity) == (3, 0.0)


def test_a_seat_costs_what_the_tool_of_the_week_does():
    s = rolled_out(3, tool_cost_per_week=5.0)
    s.w.rollout_cost[:3] = 7.0, 11.0, 13.0
    d = s.d[0]
    d.rollout_from[:3] = 40.0, 80.0, 80.0
    costs = [tools.tool_cost(s.w, d, time) for time in (0.0, 40.0, 79.0, 80.0, 160.0)]
    assert costs == [5.0, 7.0, 7.0, 13.0, 13.0]
    d.rollout_from[0] = 0.0
    assert tools.tool_cost(s.w, d, 0.0) == 7.0
