"""Worlds whose answer is known before they run: by arithmetic, or from queueing theory."""

import math

import numpy as np
import pytest
import worlds
from scipy.special import expit, ndtr

from sim.engine import calendar, curves, luck, setup, state, tasks
from sim.scenario import Scenario
from sim.validation import known_answers

# ---- arithmetic ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "weeks", "experts", "done"),
    [
        (4.0, 10, 1, 49),  # 8 h of the clock each; what ends at hour 400 does not run
        (3.0, 10, 1, 66),  # 400 / 6 = 66.7
        (4.0, 10, 3, 147),
        (4.0, 1, 1, 4),  # 8, 16, 24, 32
        (20.0, 1, 1, 0),  # ends at hour 40
        (19.0, 1, 1, 1),
    ],
)
def test_an_expert_by_hand_does_the_tasks_that_fit_into_the_hours(hours, weeks, experts, done):
    end = worlds.run(worlds.alone(hours, weeks=weeks, experts=experts))
    assert end.metrics["tasks_done"] == end.metrics["submissions"] == done
    assert end.metrics["work_delivered"] == done * hours
    assert end.metrics["hours_manual"] == pytest.approx(20.0 * weeks * experts)
    assert end.metrics["hours_idle"] == 0


def test_stretches_do_not_change_what_a_task_takes():
    one = worlds.alone(4.0)
    for stretch in (0.5, 1.0, 4.0):
        end = worlds.run(one.replace({"policy.stretch_hours": stretch}))
        assert end.metrics["tasks_done"] == 49
        assert len(end.trace) // 49 == 4 / stretch


def test_a_backlog_is_finished_in_the_week_that_arithmetic_says():
    end = worlds.run(worlds.alone(4.0, backlog=10))  # 10 tasks of 8 h of the clock
    assert end.metrics["finish_week"] == 2.0
    assert end.metrics["backlog_end"] == 0
    assert end.metrics["hours_idle"] == pytest.approx(200 - 40)
    # All are there from the start: lead times are 8, 16, ..., 80 h.
    assert end.metrics["lead_time_mean"] == pytest.approx(44.0)
    assert end.metrics["lead_time_p50"] == 40.0
    assert end.metrics["lead_time_p90"] == 72.0


def test_a_novice_takes_the_ratio_longer_and_a_part_timer_the_ratio_of_hours():
    novice = worlds.alone(4.0, hand_ratio=2.0).replace({"team": {"novice": 1}})
    assert worlds.run(novice).metrics["tasks_done"] == 24  # 16 h of the clock each
    row = {"count": 1, "level": 5, "role": "engineer", "hours_per_week": 20.0}
    levers = worlds.alone(4.0).to_dict() | {"team": {}, "people": [row]}
    end = worlds.run(Scenario.from_dict(levers))
    assert end.metrics["tasks_done"] == 24
    assert end.metrics["work_per_dev_week"] == pytest.approx(24 * 4 / (10 * 0.5))


def test_an_assistive_tool_saves_its_share_of_the_coding_share():
    """4 h - 100% adopted x half of it coding x half of that saved = 3 h, 6 h of the clock."""
    plan = worlds.alone(4.0, assist_coding_share=0.5, assist_saving_expert=0.5)
    plan = plan.replace({"tool": {"profile": "completion-assistant"}})
    assert worlds.run(plan).metrics["tasks_done"] == 66
    half = plan.replace({"tool.adoption": 0.5})  # 3.5 h: 400 / 7 = 57.1
    assert worlds.run(half).metrics["tasks_done"] == 57
    # Where the place halves what is saved, 3.5 h too; where it would save more than all, all.
    place = plan.replace({"world.tool_hours_factor": 2.0})
    assert worlds.run(place).metrics["tasks_done"] == 57
    most = plan.replace(
        {"world.tool_hours_factor": 0.1}
    )  # 2 h: 400 / 4, the last ends with the run
    assert worlds.run(most).metrics["tasks_done"] == 99


@pytest.mark.parametrize(("size", "done"), [(2.0, 99), (4.0, 49), (3.0, 57)])
def test_a_certain_session_takes_planning_oversight_runtime_and_switching(size, done):
    """A piece of 2 h: 0.5 + 2 (0.25 + 0.25) + 0.5 = 2 h, 4 h of the clock; one of 1 h: 3 h."""
    plan = worlds.alone(size).replace({"tool": {"profile": "claude-code-2026"}})
    plan = plan.replace(
        {"policy.scope_hours": 2.0}
        | {"world.team_offset": 20.0, "world.planning_hours": 0.5, "world.oversight_share": 0.25}
        | {"world.runtime_share": 0.25, "world.switching_hours": 0.5}
        | {"world.session_noise_sd": 0.0, "world.instruction_gain": 1.0}
        | {"world.defect_verified": 0.0, "world.defect_unverified": 0.0}
    )
    end = worlds.run(plan, uncertain=False)
    assert end.metrics["tasks_done"] == done
    assert end.metrics["verified_share"] == 1.0
    assert end.metrics["hours_manual"] == 0.0


# ---- queueing theory -----------------------------------------------------------------------


@pytest.mark.parametrize("servers", [1, 3])
def test_a_team_that_cannot_fail_is_an_erlang_queue(servers):
    """Mean wait of tasks, over independent worlds, at 70% load."""
    found = known_answers.many_servers(servers, 80)
    assert found.std_error < 0.05 * found.expected
    assert found.passed


def test_lognormal_sizes_make_tasks_wait_as_pollaczek_and_khinchine_say():
    found = known_answers.lognormal_sizes(60)
    assert found.std_error < 0.05 * found.expected
    assert found.passed


def test_fixes_wait_less_than_new_work_as_cobham_says():
    first, second = known_answers.two_classes(40)
    assert first.passed
    assert second.passed
    assert first.expected < 0.5 * second.expected


def test_formulas_of_queues_agree_where_they_should():
    """M/M/1 is M/M/c with c = 1 and M/G/1 with E[S^2] = 2 s^2; one class is no priority."""
    rate, service = 0.1, 4.0
    mm1 = known_answers.erlang_wait(1, rate, service)
    assert mm1 == pytest.approx(rate * service**2 / (1 - rate * service))
    second = 2 * service**2
    assert known_answers.pollaczek_khinchine_wait(rate, service, second) == pytest.approx(mm1)
    assert known_answers.priority_waits((rate, 0.0), service, second)[0] == pytest.approx(mm1)
    assert known_answers.priority_waits((0.0, rate), service, second)[1] == pytest.approx(mm1)
    assert known_answers.erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert known_answers.pollaczek_khinchine_wait(rate, service, service**2) * 2 == (
        pytest.approx(mm1)  # constant sizes halve the wait
    )


def test_formulas_of_retries_and_counts_agree_where_they_should():
    """One try is one attempt; without spread all tasks are alike; exponential sizes give t/m."""
    assert known_answers.attempts(0.3, 1) == pytest.approx(1)
    assert known_answers.attempts(0.3, 1000) == pytest.approx(1 / 0.3)
    alike = known_answers.attempts(expit(0.4), 20)
    assert known_answers.mixed_attempts(0.4, 0.0, 20) == pytest.approx(alike)
    assert known_answers.renewals(200.0, 4.0, 32.0) == pytest.approx(50.0)


def test_retries_are_geometric_where_tasks_are_alike():
    assert known_answers.retries(tasks=2000).passed


def test_failures_persist_as_the_spread_of_difficulty_says():
    alike, unlike = known_answers.retries(tasks=2000), known_answers.retries(1.5, tasks=2000)
    assert unlike.passed
    assert unlike.expected > alike.expected + 0.5


def test_counts_of_tasks_done_are_poisson_or_renewals():
    assert [found.claim for found in known_answers.counts(200) if not found.passed] == []


# ---- sessions, time, sizes -----------------------------------------------------------------


@pytest.mark.parametrize("eta", [-3.0, 0.0, 0.7, 4.0])
def test_outcomes_are_as_frequent_as_the_curve_says(eta):
    n, key = 20_000, luck.key_of(11)
    plan = worlds.plan()
    world = setup.worlds(plan, 1, setup.draw(plan, 1, 0, 1, False))[0]
    found = np.zeros(4)
    for i in range(n):
        u, _ = luck.pair(key, 0, i, 0, luck.SESSION)
        found[curves.outcome_of(world, eta, luck.logit(u))] += 1
    at_least = found[::-1].cumsum()[::-1][1:] / n
    cuts = np.array([world["cut_partial"], world["cut_unverified"], world["cut_verified"]])
    expected = expit(cuts + eta)
    std_error = np.sqrt(expected * (1 - expected) / n)
    assert (np.abs(at_least - expected) < 4 * std_error).all()


NO_DEFECTS = dict.fromkeys(
    ("defect_hand", "defect_verified", "defect_unverified", "visible_hand", "visible_agent"), 0.0
)


def test_first_sessions_on_equal_work_succeed_as_the_curve_says():
    """No effects of person or task, one size: all sessions have the odds of one point."""
    size = {"size": "constant", "mean_hours": 1.5}
    plan = worlds.plan(
        horizon={"weeks": 100},
        team={"intermediate": 20},
        tasks={"backlog": 4000, "advanced_share": 0.0, "average": size},
        tool={"profile": "claude-code-2026", "version": "date"},
        policy={"review": "none"},
        world={"sd_task": 0.0, "sd_developer": 0.0, "familiarity_effect": 0.0} | NO_DEFECTS,
    )
    end = worlds.run(plan, uncertain=False)
    first, w = end.world["first"], end.world
    assert first.sum() == 4000
    # Level 3 is a node of the interpolation: its shift is the curve's reference.
    eta = w["shift_reference"] - w["slope_per_doubling"] * math.log2(1.5 / w["size_ref_hours"])
    cuts = np.array([w["cut_partial"], w["cut_unverified"], w["cut_verified"]])
    expected = expit(cuts + eta)
    at_least = first[::-1].cumsum()[::-1][1:] / 4000
    assert (np.abs(at_least - expected) < 4 * np.sqrt(expected * (1 - expected) / 4000)).all()


@pytest.mark.parametrize(("level", "above"), [("novice", -2), ("intermediate", 0), ("expert", 2)])
def test_second_tries_succeed_as_the_curve_and_the_recovery_of_the_level_say(level, above):
    """One size, no effects, a failed session leaves the piece as it was: two coins a task."""
    size = {"size": "constant", "mean_hours": 1.5}
    plan = worlds.plan(
        horizon={"weeks": 200},
        team={level: 20},
        tasks={"backlog": 4000, "advanced_share": 0.0, "average": size},
        tool={"profile": "claude-code-2026", "version": "date"},
        policy={"review": "none", "max_sessions": 2, "tries_per_level": 1},
        world={"sd_task": 0.0, "sd_developer": 0.0, "partial_share": 0.0, "learning_rate": 0.0}
        | {"recovery_per_level": 0.4, "familiarity_effect": 0.0}
        | NO_DEFECTS,
    )
    end = worlds.run(plan, uncertain=False)
    w, sessions = end.world, end.trace[end.trace["activity"] == state.AGENT]
    assert w["first"].sum() == 4000
    second = w["sessions"] - w["first"]
    count = second.sum()
    assert count == w["first"][:2].sum()  # of those not done
    eta = curves.level_shift(w["shift"], end.developers["level"][0, 0]) + 0.4 * above
    eta -= w["slope_per_doubling"] * math.log2(1.5 / w["size_ref_hours"])
    expected = expit(np.array([w["cut_partial"], w["cut_unverified"], w["cut_verified"]]) + eta)
    at_least = second[::-1].cumsum()[::-1][1:] / count
    assert (np.abs(at_least - expected) < 4 * np.sqrt(expected * (1 - expected) / count)).all()
    assert len(sessions) == 4000 + count


def test_sessions_that_fail_cost_their_share_and_work_by_hand_comes_after_them():
    """An expert whose agent never succeeds: two sessions, each cleared up after, then by hand.

    Of 4 h: 2 (0.25 + 4 x 0.125 x 4**0.5) + 2 x 0.25 x 4 + 4 hours, and 0.75 x 4 on own code.
    """
    plan = worlds.alone(4.0, backlog=20, weeks=40, learning_rate=0.0, team_offset=-20.0)
    plan = plan.replace(
        {"tool": {"profile": "claude-code-2026"}, "policy.scope_hours": 100.0, "tasks.own_share": 0}
        | {f"world.{name}": 0.0 for name in ("switching_hours", "runtime_share", "partial_share")}
        | {"world.session_noise_sd": 0.0, "world.planning_hours": 0.25, "world.failure_cost": 0.25}
        | {"world.oversight_share": 0.125, "world.oversight_growth": 1.5}
        | {"world.own_code_factor": 0.75}
    )
    end = worlds.run(plan)
    assert end.metrics["tasks_done"] == 20
    assert end.metrics["hours_agent"] == pytest.approx(20 * (2 * 1.25 + 1.0))  # the first cleared
    assert end.metrics["hours_manual"] == pytest.approx(20 * (4.0 + 1.0))
    known = worlds.run(plan.replace({"tasks.own_share": 1.0}))
    assert known.metrics["hours_manual"] == pytest.approx(20 * (3.0 + 1.0))
    # A place where hours with a tool are twice those elsewhere: sessions and clearing, not by hand.
    dearer = worlds.run(plan.replace({"world.tool_hours_factor": 2.0}))
    assert dearer.metrics["hours_agent"] == pytest.approx(20 * 2 * (2 * 1.25 + 1.0))
    assert dearer.metrics["hours_manual"] == pytest.approx(20 * (4.0 + 2.0))


def test_own_code_is_as_frequent_as_the_share_and_parts_and_fixes_are_on_the_same():
    plan = worlds.plan(horizon={"weeks": 26}, tasks={"own_share": 0.3})
    end = worlds.run(plan.replace({"world.own_code_factor": 0.75, "world.defect_delay_weeks": 1.0}))
    own = end.tasks["own_code"]
    assert (own == own[end.tasks["root"]]).all()
    assert (end.tasks["stream"] == 0).any()
    assert (end.tasks["part"] > 0).any()
    share, count = own[end.tasks["root"] == np.arange(len(own))].mean(), len(end.stream)
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / count)
    without = worlds.run(plan.replace({"world.own_code_factor": 1.0}))
    assert without.tasks["own_code"].sum() == 0


def person(*each_week):
    """A person with these rates: hours between two times, and the time after some hours."""
    n = len(each_week)
    cells = state.blank(n, state.CALENDAR)
    cells["rate"] = each_week
    calendar.join_spans(cells, state.blank(n, state.WEEK), 0)

    def between(start, end):
        return calendar.hours_between(cells, n, 0, start, end)

    def after(start, hours):
        return calendar.time_after(cells, n, 0, min(int(start / 40), n - 1), start, hours)

    return cells, between, after


def test_clock_time_and_development_hours_are_inverse():
    cells, between, after = person(0.5, 0.0, 0.0, 1.0, 0.25, 0.25, 0.4)
    assert list(cells["until"]) == [40.0, 120.0, 120.0, 160.0, 240.0, 240.0, np.inf]
    assert between(0.0, 160.0) == 20.0 + 0.0 + 40.0
    assert after(0.0, 26.0) == 126.0  # 20 h in a week, then none for two
    assert after(50.0, 6.0) == 126.0
    for start in (0.0, 3.0, 40.0, 77.0, 129.0, 169.5, 300.0):
        for hours in (0.125, 1.0, 4.5, 5.0, 9.0, 20.0, 300.0):
            end = after(start, hours)
            assert between(start, end) == pytest.approx(hours, rel=1e-12)
        for end in (305.0, 400.0):
            hours = between(start, end)
            assert after(start, hours) == pytest.approx(end, rel=1e-12)


def test_a_person_who_stops_working_for_good_never_ends_a_stretch():
    _, _, after = person(0.5, 0.0)
    assert after(0.0, 20.0) == 40.0
    assert after(0.0, 20.1) == math.inf


def test_sizes_have_the_quantiles_of_their_shape():
    plan = worlds.plan(
        tasks={
            "average": {"size": "lognormal", "median_hours": 1.6, "sigma": 1.2},
            "advanced": {"size": "exponential", "mean_hours": 5.0},
        }
    )
    world = setup.worlds(plan, 1, setup.draw(plan, 1, 0, 1, False))
    for z in (-2.0, 0.0, 1.0, 3.0):
        u = ndtr(z)
        assert tasks.size_of(world[0], 0, u) == pytest.approx(1.6 * math.exp(1.2 * z), rel=1e-9)
        assert tasks.size_of(world[0], 1, u) == pytest.approx(-5.0 * math.log1p(-u), rel=1e-9)


def test_the_stream_has_the_classes_kinds_and_sizes_the_scenario_says():
    n = 10_000
    plan = worlds.plan(horizon={"weeks": 1}, team={}, tasks={"backlog": n})
    stream = worlds.run(plan).stream
    assert len(stream) == n
    advanced = stream["advanced"] == 1
    shares = [
        (advanced, 0.3),
        (stream["kind"] == state.FIX, 0.2),
        (stream["size_hours"][~advanced] < 1.6, 0.5),
        (stream["size_hours"][advanced] < 5.0, 0.5),
        (stream["size_hours"][~advanced] < 1.6 * math.exp(1.2), ndtr(1.0)),
    ]
    for counted, share in shares:
        assert abs(counted.mean() - share) < 4 * math.sqrt(share * (1 - share) / len(counted))


def test_poisson_arrivals_have_their_mean_and_variance():
    assert all(found.passed for found in known_answers.arrivals(400))


# ---- review --------------------------------------------------------------------------------


def test_where_reviewers_miss_nothing_submissions_are_accepted_or_caught():
    plan = worlds.plan(
        team={"intermediate": 4},
        policy={"review": "all"},
        world={"review_skill_intermediate": 50.0, "review_skill_per_level": 0.0}
        | {"visible_detection": 1.0},
    )
    for number in range(10):
        end = worlds.run(plan, 1, number, uncertain=True)
        tasks = end.tasks
        pending = np.isin(tasks["state"], (state.SUBMITTED, state.QUEUED, state.IN_REVIEW))
        done = tasks["state"] == state.DONE
        # Whatever was handed in and is neither accepted nor pending came back.
        caught = (tasks["submissions"] - (done | pending)).sum()
        reviewed = (end.trace["activity"] == state.REVIEW).sum()
        assert caught > 0
        assert reviewed == done.sum() + caught
        assert end.metrics["escaped_defects"] == 0
        assert not tasks["defect"][done].any()
        assert not tasks["visible"][done].any()
        assert (tasks["stream"] == 1).all()


def test_where_reviewers_see_nothing_every_defect_escapes():
    plan = worlds.plan(
        team={"intermediate": 4},
        policy={"review": "all"},
        world={"review_skill_intermediate": -50.0, "review_skill_per_level": 0.0}
        | {"visible_detection": 0.0},
    )
    end = worlds.run(plan, uncertain=False)
    done = end.tasks["state"] == state.DONE
    assert end.tasks["submissions"].max() == 1
    assert end.metrics["hours_rework"] == 0
    escaped = (end.tasks["defect"][done] == 1) | (end.tasks["visible"][done] == 1)
    assert end.tasks["visible"][done].sum() > 0
    assert end.metrics["escaped_defects"] == escaped.sum() > 0


def test_defects_by_hand_are_as_frequent_as_the_odds_per_hour_say():
    """At the reference level, 2 h by hand at 0.1 per hour: 1 - 0.9**2 = 0.19 hold one."""
    found = known_answers.defects()
    assert found.expected == pytest.approx(0.19)
    assert found.passed


@pytest.mark.parametrize(("agent", "rate"), [(False, 0.3), (True, 0.8)])
def test_acceptance_is_the_integral_of_its_hazard_over_sizes(agent, rate):
    """Lognormal sizes, an author alone: against Gauss and Hermite's rule of 61 nodes."""
    plan = worlds.alone(backlog=3000, weeks=500, visible_hand=0.3, visible_agent=0.8)
    plan = plan.replace(
        {"tasks.average": {"size": "lognormal", "median_hours": 1.3, "sigma": 0.9}}
        | {"world.visible_growth": 0.4, "world.defect_delay_weeks": 1000.0}
    )
    if agent:  # that never fails, on whole tasks
        plan = plan.replace(
            {"tool": {"profile": "claude-code-2026"}, "policy.scope_hours": 1000.0}
            | {"world.team_offset": 20.0, "world.defect_verified": 0.0}
        )
    tasks_seen = worlds.run(plan).stream
    tasks_seen = tasks_seen[tasks_seen["state"] == state.DONE]
    nodes, weights = curves.normal_nodes(61)
    expected = 1.0 - weights @ np.exp(-rate * (1.3 * np.exp(0.9 * nodes)) ** 0.4)
    std_error = math.sqrt(expected * (1 - expected) / len(tasks_seen))
    assert len(tasks_seen) > 2000
    assert abs(tasks_seen["visible"].mean() - expected) < 4 * std_error


# ---- work in parts ---------------------------------------------------------------------------

IN_PARTS = {"policy.split_hours": 4.0, "world.coordination_loss": 0.0, "horizon.weeks": 100}


def in_parts(people, rate, **changes):
    """Tasks of 12 h in three equal parts of 4 h each arrive by chance; every hour is worked."""
    sizes = {"size": "constant", "mean_hours": 12.0}
    return known_answers.queue(people, rate, sizes).replace(IN_PARTS | changes)


def ends_of_batches(arrivals, parts, service, servers):
    """When the last of each batch of parts ends: Kiefer and Wolfowitz's recursion, first come."""
    free, ends = np.zeros(servers), []
    for arrival in arrivals:
        for _ in range(parts):
            first = int(free.argmin())
            free[first] = max(free[first], arrival) + service
            last = free[first]
        ends.append(last)
    return np.array(ends)


@pytest.mark.parametrize(("people", "load"), [(1, 0.7), (2, 0.8), (3, 0.9), (5, 0.6)])
def test_parts_on_several_people_are_a_queue_with_arrivals_in_batches(people, load):
    """M[3]/D/c, task by task: the same arrivals through the recursion end at the same times."""
    end = worlds.run(in_parts(people, load * people / 12.0), 1, 3)
    tasks_seen = end.stream[np.isfinite(end.stream["arrival"])]
    expected = ends_of_batches(tasks_seen["arrival"], 3, 4.0, people)
    within = expected < end.world["horizon"]
    assert within.sum() > 100
    np.testing.assert_allclose(tasks_seen["end"][within], expected[within], rtol=1e-9)
    assert np.isinf(tasks_seen["end"][~within]).all()


def test_parts_on_one_person_wait_as_an_m_d_1_queue_of_whole_tasks():
    """One person gains nothing by splitting, so a task waits as if it came whole."""
    rate = 0.7 / 12.0
    waits = []
    for end in worlds.run_many(in_parts(1, rate, **{"horizon.weeks": 500}), 40):
        seen = end.stream[np.isfinite(end.stream["end"]) & (end.stream["arrival"] > 2000.0)]
        waits.append((seen["end"] - seen["arrival"] - 12.0).mean())
    expected = known_answers.pollaczek_khinchine_wait(rate, 12.0, 144.0)
    assert abs(np.mean(waits) - expected) < 4 * np.std(waits, ddof=1) / math.sqrt(len(waits))


@pytest.mark.parametrize(("people", "weeks"), [(1, 6.0), (2, 3.0), (3, 2.0), (6, 1.0)])
def test_one_large_task_is_done_in_its_hours_over_the_people_who_share_it(people, weeks):
    plan = worlds.alone(120.0, backlog=1, experts=people).replace({"policy.split_hours": 4.0})
    end = worlds.run(plan.replace({"world.coordination_loss": 0.0}))
    assert end.metrics["finish_week"] == pytest.approx(weeks, rel=1e-12)
    assert end.metrics["tasks_done"] == 1
    assert end.metrics["submissions"] == 30
    assert end.metrics["hours_until_done"] == pytest.approx(120.0)


def test_working_together_costs_what_the_coordination_says():
    plan = worlds.alone(40.0, backlog=1, experts=2).replace({"policy.split_hours": 20.0})
    plan = plan.replace({"world.coordination_loss": 0.1, "world.communication_most": 0.5})
    end = worlds.run(plan)
    loss = 0.5 * (1 - math.exp(-0.2))
    # Who begins first is alone as yet; the other finds them at work.
    assert end.metrics["hours_manual"] == pytest.approx(20.0 + 20.0 / (1 - loss))


def test_splitting_never_vanishes_where_nothing_is_larger_than_the_bound():
    sizes = {"size": "lognormal", "median_hours": 3.0, "sigma": 1.0}
    plan = worlds.plan(horizon={"weeks": 6}, tasks={"average": sizes, "advanced": sizes})
    one, two = (worlds.run(plan.replace({"policy.split_hours": x})) for x in (1000.0, 10_000.0))
    assert worlds.differences(one, two) == ["world.split_hours"] or not worlds.differences(one, two)
    assert (one.tasks["part"] == 0).all()


# ---- a backlog that counts as done -------------------------------------------------------------


@pytest.mark.parametrize(("share", "week"), [(1.0, 2.0), (0.95, 2.0), (0.9, 1.8), (0.11, 0.4)])
def test_a_backlog_is_done_when_the_share_of_its_tasks_is(share, week):
    plan = worlds.alone(4.0, backlog=10).replace({"tasks.done_share": share})  # 8 h of clock each
    end = worlds.run(plan)
    assert end.metrics["finish_week"] == pytest.approx(week)
    assert end.metrics["hours_until_done"] == pytest.approx(20.0 * week)


def test_labour_and_tool_until_done_are_those_of_the_weeks_by_then():
    pay = dict.fromkeys(("novice", "beginner", "intermediate", "advanced", "expert"), 50.0)
    money = {"currency": "EUR", "engineer": pay, "adjacent": pay, "tool_per_person_month": 130.0}
    plan = worlds.alone(4.0, backlog=9, weeks=6).replace({"money": money})
    end = worlds.run(plan.replace({"tool.profile": "completion-assistant", "tool.adoption": 0.0}))
    assert end.metrics["finish_week"] == pytest.approx(1.8)
    assert end.metrics["labour_until_done"] == pytest.approx(1.8 * 40 * 50)
    assert end.metrics["tool_until_done"] == pytest.approx(1.8 * 130 * 12 / 52)
    late = worlds.run(plan.replace({"tasks.backlog": 1000}))
    names = ("finish_week", "hours_until_done", "labour_until_done", "tool_until_done")
    assert all(math.isnan(late.metrics[name]) for name in names)


def test_nobody_is_done_with_what_no_one_can_do():
    plan = worlds.alone(4.0, backlog=10, experts=3, hand_success_expert=-50.0, sd_task=0.0)
    end = worlds.run(plan)
    assert math.isnan(end.metrics["finish_week"])
    assert (end.metrics["abandoned"], end.metrics["backlog_end"]) == (10, 10)
    # Two people try each task, and each needs its hours.
    assert end.metrics["hours_manual"] == pytest.approx(2 * 10 * 4.0)
    once = worlds.run(plan.replace({"policy.tries_per_level": 1}))
    assert once.metrics["hours_manual"] == pytest.approx(10 * 4.0)
    # However many tries a level has, each of its three people makes one.
    for tries in (3, 4, 50):
        end = worlds.run(plan.replace({"policy.tries_per_level": tries}))
        assert end.metrics["hours_manual"] == pytest.approx(3 * 10 * 4.0)
