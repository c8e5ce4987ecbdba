"""What helps never hurts: without tolerance where there is a proof, else over many worlds.

Worlds compared share their luck, so means are of paired differences.
"""

import itertools
import math

import numpy as np
import pytest
import worlds

import sim
from sim.engine import curves, luck, metrics, odds, setup, state

AGENT = {"profile": "claude-code-2026"}
NO_DEFECTS = {"defect_hand": 0.0, "defect_verified": 0.0, "defect_unverified": 0.0}


def paired(plan, changes, metric, count=100):
    """Mean and standard error of what a change adds to a metric."""
    one, two = (worlds.run_many(p, count) for p in (plan, plan.replace(changes)))
    gains = [b.metrics[metric] - a.metrics[metric] for a, b in zip(one, two, strict=True)]
    return np.mean(gains), np.std(gains, ddof=1) / math.sqrt(count)


def central_world(**changes):
    plan = worlds.plan(**changes)
    return plan, setup.worlds(plan, 1, setup.draw(plan, 1, 0, 1, False))


# ---- proofs --------------------------------------------------------------------------------


def test_better_odds_never_give_a_worse_outcome_with_the_same_luck():
    for draw in range(20):
        plan = worlds.plan()
        world = setup.worlds(plan, 1, setup.draw(plan, 1, draw, 1))[0]
        for i in range(50):
            u = luck.pair(luck.key_of(1), draw, i, 0, luck.SESSION)[0]
            outcomes = [
                curves.outcome_of(world, eta, luck.logit(u)) for eta in np.linspace(-15, 15, 31)
            ]
            assert outcomes == sorted(outcomes)
            assert {outcomes[0], outcomes[-1]} <= {curves.FAILED, curves.VERIFIED}


@pytest.mark.parametrize("base", [0.0, 0.01, 0.3, 0.99, 1.0])
def test_better_odds_never_break_more(base):
    _, world = central_world()
    w = world[0]
    w["defect_logit"][state.BY_HAND] = odds.defect_logit(base)
    hazards = [odds.defect_hazard(w, state.BY_HAND, eta) for eta in np.linspace(-10, 10, 41)]
    assert hazards == sorted(hazards, reverse=True)
    assert 0 <= hazards[-1] <= hazards[0] < np.inf
    at_reference = -math.expm1(-odds.defect_hazard(w, state.BY_HAND, w["shift_reference"]))
    assert at_reference == pytest.approx(base, rel=1e-12, abs=1e-11)


def test_the_shift_of_a_level_rises_with_the_level():
    _, world = central_world()
    shifts = [curves.level_shift(world[0]["shift"], x) for x in np.linspace(1, 5, 81)]
    assert all(a <= b for a, b in itertools.pairwise(shifts))
    assert shifts[0] == min(shifts)


@pytest.mark.parametrize("number", range(12))
def test_a_longer_run_repeats_the_shorter_one_and_goes_on(number):
    """Nothing looks ahead to the horizon: the weeks they share are the same weeks."""
    short = worlds.any_scenario(worlds.picker(2000 + number))
    long = short.replace({"horizon.weeks": short.horizon.weeks + 3})
    a, b = worlds.run(short), worlds.run(long)
    shared = b.weekly[: short.horizon.weeks]
    counts = [i for i, name in enumerate(metrics.FLOWS) if not name.startswith("hours_")]
    assert np.array_equal(a.weekly[:, counts], shared[:, counts], equal_nan=True)
    np.testing.assert_allclose(a.weekly, shared, rtol=1e-9, atol=1e-9)
    assert np.array_equal(a.trace, b.trace[: len(a.trace)])
    assert b.metrics["tasks_done"] >= a.metrics["tasks_done"]


def test_a_better_team_of_one_never_does_less():
    """Each try meets the same luck, so a task takes one person no longer with better odds.

    By hand they are certain: else giving a task up early would save time for others.
    """
    certain = NO_DEFECTS | {"hand_success_expert": 50.0}
    plan = worlds.plan(team={"expert": 1}, tool=AGENT, policy={"review": "none"}, world=certain)
    for number in range(15):
        done = [
            worlds.run(plan.replace({"world.team_offset": offset}), 1, 0, number, False)
            .metrics["tasks_done"]
            for offset in (-20.0, -2.0, -0.5, 0.0, 0.3, 1.0, 4.0, 20.0)
        ]  # fmt: skip
        assert done == sorted(done)


def test_faster_hands_never_do_less():
    plan = worlds.plan(
        team={"novice": 1}, tool={"profile": "none"}, policy={"review": "none"}, world=NO_DEFECTS
    )
    for number in range(15):
        done = [
            worlds.run(plan.replace({"world.hand_ratio": ratio}), 1, 0, number, False)
            .metrics["tasks_done"]
            for ratio in (10.0, 4.0, 2.0, 1.3, 1.0)
        ]  # fmt: skip
        assert done == sorted(done)


def same_days(one, two):
    """Whether two worlds went the same way, whatever their levers were."""
    return (
        np.array_equal(one.row, two.row, equal_nan=True)
        and np.array_equal(one.weekly, two.weekly, equal_nan=True)
        and np.array_equal(one.trace, two.trace)
    )


def test_a_tool_nobody_adopts_is_a_tool_never_used_is_no_tool():
    """For engineers, with pieces as large as tasks: only the size of pieces knows of the agent."""
    plan = worlds.plan(tool=AGENT, policy={"scope_hours": 1000.0})
    for number in range(5):
        never, unadopted, none = (
            worlds.run(plan.replace(change), 1, number, 0)
            for change in (
                {"policy.agent_use": "never"},
                {"tool.adoption": 0.0},
                {"tool": {"profile": "none"}},
            )
        )
        assert never.metrics["tasks_done"] > 50
        assert same_days(never, unadopted)
        assert same_days(never, none)


def test_an_assistive_tool_nobody_adopts_is_no_tool():
    plan = worlds.plan(tool={"profile": "completion-assistant", "adoption": 0.0})
    assert same_days(worlds.run(plan), worlds.run(plan.replace({"tool": {"profile": "none"}})))


def test_a_review_that_never_happens_costs_nothing():
    """Where nothing is reviewed, neither its price nor its policy matters."""
    plan = worlds.plan(policy={"review": "none"})
    dear = plan.replace(
        {"world.review_rate": 5.0, "policy.review_order": "last", "policy.wip_limit": 1}
    )
    assert same_days(worlds.run(plan, uncertain=False), worlds.run(dear, uncertain=False))


# ---- on average ----------------------------------------------------------------------------

TEAM = {"novice": 2, "intermediate": 2, "expert": 1}
BETTER = (
    ({"world.team_offset": 1.0}, "work_delivered"),
    ({"team.intermediate": 3}, "work_delivered"),
    ({"world.dev_share": 0.5}, "work_delivered"),
    ({"world.planning_hours": 0.01}, "work_delivered"),
    ({"world.review_rate": 0.02}, "work_delivered"),
    ({"world.defect_unverified": 0.6}, "escaped_defects"),
    ({"world.review_skill_intermediate": -3.0}, "escaped_defects"),
    ({"world.review_rate": 1.0}, "hours_review"),
    ({"world.rework_share": 1.0}, "hours_rework"),
    ({"policy.reviewer_level": "expert"}, "expert_load"),
    ({"world.review_look_hours": 40.0}, "review_wait_mean"),
    ({"tool.version": "2027-06"}, "first_session_success"),
)


@pytest.mark.parametrize(("change", "metric"), BETTER, ids=str)
def test_a_change_moves_the_output_it_should(change, metric):
    """More than 4 standard errors above nothing, over 100 worlds.

    Authors at the limit review: hours for reviews that run out would bound what a change can add.
    """
    plan = worlds.plan(team=TEAM, tool=AGENT, policy={"at_limit": "review"})
    gain, std_error = paired(plan, change, metric)
    assert gain > 4 * std_error > 0


def test_where_only_an_expert_may_review_and_hours_run_out_a_team_delivers_less():
    """The expert's hours for reviews are all there are, and authors at the limit wait for them."""
    plan = worlds.plan(team=TEAM, tool=AGENT, policy={"at_limit": "wait"})
    gain, std_error = paired(plan, {"policy.reviewer_level": "expert"}, "work_delivered")
    assert gain < -4 * std_error < 0


def test_more_review_never_speeds_a_team_up():
    plan = worlds.plan(team=TEAM, tool=AGENT, world={"review_rate": 0.05})
    for rate in (0.1, 0.3, 1.0):
        gain, std_error = paired(plan, {"world.review_rate": rate}, "tasks_done")
        assert gain < 4 * std_error


def test_review_waits_of_a_team_that_keeps_up_do_not_grow_with_the_run():
    """Mean wait of a year and of four, with the same arrivals: within 4 standard errors."""
    plan = worlds.plan(tasks={"arrivals_per_week": 10.0}, horizon={"weeks": 52})
    gain, std_error = paired(plan, {"horizon.weeks": 208}, "review_wait_mean", 40)
    assert gain < 4 * std_error


def test_review_waits_after_half_a_year_and_two_years_lie_in_each_other_s_interval():
    plan = worlds.plan(tasks={"arrivals_per_week": 10.0})
    rows = [
        sim.run(plan.replace({"horizon.weeks": weeks}), draws=30).summary().loc["review_wait_mean"]
        for weeks in (26, 104)
    ]
    for one, other in (rows, rows[::-1]):
        assert one["ci_low"] <= other["mean"] <= one["ci_high"]


def gain_by_passing_over(weeks):
    """Work gained against taking all as it comes, at baseline's lookahead: row of a comparison."""
    plan = sim.load("baseline").replace({"horizon.weeks": weeks})
    plans = {"as it comes": plan.replace({"policy.lookahead": 0}), "passing over": plan}
    return sim.compare(plans, draws=40).summary().loc[("passing over", "work_delivered")]


def test_no_team_gains_more_by_passing_over_hard_work_than_may_be_put_off():
    """At most `lookahead` advanced tasks of mean size median x exp(sigma^2 / 2)."""
    plan = sim.load("baseline")
    sizes = plan.tasks.advanced
    put_off = plan.policy.lookahead * sizes.median_hours * math.exp(sizes.sigma**2 / 2)
    row = gain_by_passing_over(26)
    assert row["ci_high"] < put_off
    assert row["percent"] < 5


def test_in_two_years_a_team_gains_no_more_than_its_interval_by_passing_over_hard_work():
    """What may be put off is a matter of the first weeks, so in a long run it hardly counts."""
    assert gain_by_passing_over(104)["ci_low"] <= 0
