"""People who change: levels, training, coming and going, and what they cost, by arithmetic."""

import math

import numpy as np
import pytest
import worlds

from sim.engine import calendar, curves, odds, people, setup, state, tools
from sim.scenario import load
from sim.validation.known_answers import TRAINING, novice, payoffs

STILL = {"learning_rate": 0.0, "communication_loss": 0.0}
PAY = {"novice": 40.0, "beginner": 50.0, "intermediate": 60.0, "advanced": 70.0, "expert": 80.0}
MONEY = {"currency": "EUR", "engineer": PAY, "adjacent": PAY, "tool_per_person_month": 0.0}

# ---- training ------------------------------------------------------------------------------


def test_trainings_pay_what_arithmetic_says():
    """None, one that does nothing, one that works, and one of which half counts."""
    assert [(c.expected, c.found) for c in payoffs()] == [(49, 49), (47, 47), (83, 83), (59, 59)]


def test_training_takes_its_hours_and_leaves_its_level():
    end = worlds.run(novice(TRAINING, training_efficacy=1.0))
    assert end.metrics["hours_training"] == pytest.approx(5 * 4.0)
    assert end.metrics["hours_manual"] == pytest.approx(80.0 + 300.0)
    assert end.developers["level"][0, 0] == 5.0
    assert end.developers["hired_level"][0, 0] == 1.0


def test_trained_and_hired_people_of_a_level_differ_by_the_causal_share_in_every_effect():
    plan = worlds.plan(team={"novice": 1}, tool={"profile": "completion-assistant"})
    world = setup.worlds(plan, 1, setup.draw(plan, 1, 0, 1))
    share = world[0]["causal_share"]
    assert 0.3 < share < 0.95
    seats = state.blank(3, state.DEVELOPER)
    for seat, (hired, now) in zip(seats, ((1.0, 1.0), (3.5, 3.5), (1.0, 3.5)), strict=True):
        seat["hired_level"][0], seat["level"][0] = hired, now
    for i in range(3):
        people.refresh(world[0], seats[i])
    for effect in ("shift", "oversight", "hand_factor", "hand_logit", "review_logit", "recovery"):
        low, high, trained = seats[effect][:, 0]
        assert trained == pytest.approx(low + share * (high - low), rel=1e-12), effect
        assert low != high, effect


def test_trainers_are_the_most_expert_and_share_the_hours():
    plan = worlds.plan(
        horizon={"weeks": 4},
        team={"novice": 2, "intermediate": 1, "expert": 2},
        training=TRAINING | {"seats": 2, "weeks": 2, "trainer_hours_per_week": 6.0},
        world=STILL,
    )
    end = worlds.run(plan)
    assert end.calendar["training"][:, 0].tolist() == [4.0, 4.0, 0.0, 3.0, 3.0]
    assert end.calendar["training"][:, 2:].sum() == 0
    assert end.metrics["hours_training"] == 2 * (8.0 + 6.0)


def test_seats_go_to_the_lowest_levels_that_are_eligible():
    def seats(**changes):
        plan = worlds.plan(
            team={"novice": 1, "beginner": 1, "expert": 1, "adjacent": {"novice": 1}},
            training=TRAINING | {"seats": 2, "target": "intermediate"} | changes,
        )
        return [(s["role"], s["level_low"][0]) for s in setup.team(plan) if s["trainee"]]

    assert seats() == [(0, 1.0), (1, 1.0)]
    assert seats(role="engineer") == [(0, 1.0), (0, 2.0)]
    assert seats(role="adjacent") == [(1, 1.0)]
    assert seats(from_level="beginner") == [(0, 2.0)]
    assert seats(target="novice") == []


# ---- learning ------------------------------------------------------------------------------


def test_practice_closes_the_gap_to_the_top_exponentially():
    """20 h a week by hand for 10 weeks; the last stretch and week are not yet a level."""
    plan = novice(TRAINING | {"seats": 0}, weeks=10, learning_rate=0.01)
    end = worlds.run(plan)
    levels = end.developers["level"][0, 0]
    practised = 20.0 * 10
    expected = 5 - 4 * math.exp(-0.01 * practised / 4)
    before = 5 - 4 * math.exp(-0.01 * (practised - 8.0) / 4)
    assert before - 1e-9 <= levels <= expected + 1e-9


def test_an_agent_that_does_the_work_leaves_less_to_learn():
    plan = worlds.plan(team={"novice": 3}, world={"learning_rate": 0.01, "delegation_damping": 0.5})
    by = {
        damping: worlds.run(plan.replace({"world.delegation_damping": damping}))
        for damping in (0.0, 0.5, 1.0)
    }
    means = [by[damping].metrics["expertise_mean_end"] for damping in (0.0, 0.5, 1.0)]
    assert means == sorted(means, reverse=True)
    assert means[0] > means[2] + 0.1


FAMILIAR = {"familiarity_effect": 1.0, "familiarity_hours": 100.0, "familiarity_mean": 0.4}


@pytest.mark.parametrize(("stated", "start"), [({}, 0.4), ({"tool.familiarity": 0.0}, 0.0)])
def test_familiarity_closes_the_gap_with_the_hours_of_use(stated, start):
    """k = 1 - (1 - k0) exp(-h / H), h by the end of the last week that was counted."""
    plan = worlds.alone(2.0, weeks=10, experts=2, team_offset=20.0, planning_hours=0.5, **FAMILIAR)
    plan = plan.replace({"tool": {"profile": "claude-code-2026"}} | stated)
    end = worlds.run(plan)
    for i, d in enumerate(end.developers):
        used = end.trace[(end.trace["developer"] == i) & (end.trace["end_hours"] < 400.0)]
        left = (1 - start) * math.exp(-used["hours"].sum() / 100.0)
        assert d["familiarity"] == pytest.approx(1 - left)
        assert d["familiarity_logit"] == pytest.approx(d["familiarity"] - 0.4)
        assert d["familiarity"] > start + 0.3


def test_the_team_is_as_familiar_as_the_studied_users_and_whoever_joins_is_not():
    plan = worlds.plan(
        horizon={"weeks": 4},
        team={"expert": 1},
        people=[{"count": 1, "level": "novice", "role": "engineer", "familiarity": 0.9}],
        joiners=[
            {"count": 1, "level": "beginner", "role": "engineer", "week": 1},
            {"count": 1, "level": "advanced", "role": "engineer", "week": 1, "familiarity": 0.7},
        ],
        tool={"profile": "none"},
        world=FAMILIAR | {"familiarity_kept": 0.25},
    )

    def by_level(plan):
        found = worlds.run(plan).developers
        return dict(zip(found["level_low"][:, 0], found["familiarity"], strict=True))

    assert by_level(plan) == {5.0: 0.4, 1.0: 0.9, 2.0: 0.0, 4.0: 0.7}
    assert by_level(plan.replace({"tool.changed": True}))[5.0] == pytest.approx(0.1)
    stated = plan.replace({"tool.changed": True, "tool.familiarity": 0.8})
    assert by_level(stated)[5.0] == pytest.approx(0.2)


def test_in_two_years_without_training_a_team_rises_by_half_a_level_and_is_not_all_experts():
    """At the centre of the register and at both ends of the rate's belief."""
    gains = {}
    for rate in (0.00075, 0.0015, 0.003):
        plan = load("two-years").replace({"world.learning_rate": rate})
        end = worlds.run(plan, uncertain=False).metrics
        gains[rate] = end["expertise_mean_end"] - 3.0
        assert end["level_counts_end_expert"] < 9
    assert 0.3 < gains[0.0015] < 0.6
    assert 0.1 < gains[0.00075] < gains[0.0015] < gains[0.003] < 1.1


# ---- joining and leaving -------------------------------------------------------------------


def joiner(**changes):
    return {"count": 1, "level": "expert", "role": "engineer", "week": 2} | changes


def test_a_joiner_loses_the_area_of_the_ramp():
    """From 0.2 to 1 in a straight line over 8 weeks: 0.8 x 8 / 2 = 3.2 weeks are lost."""
    for ramp_weeks in (8.0, 7.3):
        plan = worlds.alone(
            weeks=20, experts=0, ramp_start=0.2, ramp_weeks=ramp_weeks, mentor_share=0.0
        ).replace({"joiners": [joiner()]})
        end = worlds.run(plan)
        assert end.calendar["capacity"].sum() == pytest.approx(20.0 * (18 - 0.4 * ramp_weeks))
        assert (end.calendar["capacity"][0, :2] == 0).all()
        assert end.metrics["level_counts_end_expert"] == 1


def test_a_newcomer_takes_a_mentor_s_share_while_they_ramp_up():
    """A quarter of 20 h a week for 8 weeks, shared by both who are there."""
    plan = worlds.alone(
        weeks=20, experts=2, ramp_start=1.0, ramp_weeks=8.0, mentor_share=0.25
    ).replace({"joiners": [joiner()]})
    end = worlds.run(plan)
    assert end.metrics["hours_mentoring"] == pytest.approx(0.25 * 20.0 * 8)
    assert sorted(end.calendar["mentoring"].sum(axis=1)) == pytest.approx([0.0, 20.0, 20.0])


def test_a_newcomer_reviews_as_much_as_their_ramp_lets_them():
    """4 h a week times a ramp from 0.2 to 1 over 8 weeks: 19.2 h in 8 weeks, of reviews of an hour.

    The newcomer alone may review what an expert by hand hands in, 15 tasks a week or more.
    """
    review = {
        "review": "all", "review_order": "first", "at_limit": "continue",
        "review_hours_per_week": 4.0,
    }  # fmt: skip
    sizes = {"review_rate": 1.0, "review_noise_sd": 0.0, "review_look_hours": 0.0}
    plan = worlds.alone(1.0, weeks=16, ramp_start=0.2, ramp_weeks=8.0, **sizes)
    plan = plan.replace({f"policy.{key}": value for key, value in review.items()})
    plan = plan.replace({"joiners": [joiner(week=0)]})
    end = worlds.run(plan)
    newcomer = int(np.flatnonzero(end.developers["newcomer"])[0])
    mine = end.trace[end.trace["developer"] == newcomer]
    mine = mine[mine["activity"] == state.REVIEW]
    for weeks, hours in ((4, 4.0 * (4 * 0.2 + 0.1 * 16 / 2)), (8, 19.2), (16, 19.2 + 32.0)):
        done = mine["hours"][mine["start_hours"] < 40.0 * weeks].sum()
        assert hours - 1.0 <= done <= hours + 4.0 / 5.0 + 1.0, weeks


def test_output_dips_when_people_join_late_and_recovers():
    """Brooks: six people and two newcomers, at the register's central values."""
    team = {"intermediate": 2, "advanced": 2, "expert": 2}
    base = worlds.plan(horizon={"weeks": 28}, team=team, world={"learning_rate": 0.0})
    late = base.replace({"joiners": [joiner(count=2, level="intermediate", week=4)]})
    gain = np.zeros(28)
    for one, two in zip(worlds.run_many(base, 1000), worlds.run_many(late, 1000), strict=True):
        gain += two.weekly[:, 0] - one.weekly[:, 0]
    assert not gain[:4].any()
    assert gain[4:8].sum() < 0  # the first month is behind
    months = gain[4:].reshape(-1, 4).sum(axis=1)
    assert (months[4:] > 0).all()  # by the fifth month, ahead


def test_seats_are_filled_after_the_mean_time_and_not_before_they_open():
    plan = worlds.plan(
        horizon={"weeks": 200}, team={}, joiners=[joiner(count=200, weeks_to_fill=20.0)],
        world={"fill_sd": 0.4},
    )  # fmt: skip
    waits = worlds.run(plan, uncertain=False).developers["joins"] / 40 - 2
    assert waits.min() >= 0
    # Whole weeks, rounded up: half a week more than the mean of 20.
    std_error = 20 * math.sqrt(math.expm1(0.16)) / math.sqrt(200)
    assert abs(waits.mean() - 20.5) < 4 * std_error


def test_people_leave_at_the_rate_stated():
    """400 people at 1 a year for 26 weeks, without refill: a share 1 - exp(-1/2) has gone."""
    plan = worlds.plan(
        horizon={"weeks": 26}, team={"expert": 400}, tasks={"backlog": 0},
        attrition={"per_year": 1.0, "refill": False, "weeks_to_fill": 0.0},
    )  # fmt: skip
    gone = 400 - worlds.run(plan).metrics["level_counts_end_expert"]
    share = 1 - math.exp(-25 / 52)  # who would leave during a week leaves at its end
    assert abs(gone / 400 - share) < 4 * math.sqrt(share * (1 - share) / 400)


def test_a_seat_that_is_refilled_at_once_is_never_empty_and_its_holder_is_somebody_else():
    plan = worlds.plan(
        horizon={"weeks": 30}, team={"expert": 50}, tasks={"backlog": 0},
        attrition={"per_year": 3.0, "refill": True, "weeks_to_fill": 0.0},
    )  # fmt: skip
    end = worlds.run(plan)
    assert (end.calendar["paid"] == 40.0).all()
    assert end.developers["generation"].max() > 1
    stay = worlds.run(plan.replace({"attrition.per_year": 0.0}))
    changed = end.developers["generation"] > 0
    assert np.array_equal(end.developers["trait"][~changed], stay.developers["trait"][~changed])
    assert (end.developers["trait"][changed] != stay.developers["trait"][changed]).all()


def test_what_a_leaver_had_in_hand_is_taken_up_by_those_who_stay():
    """One task of 40 h: half done by who leaves after 40 h of the clock, finished by the other."""
    plan = worlds.alone(40.0, backlog=1, weeks=10, experts=2).replace(
        {"leavers": [{"level": "expert", "role": "engineer", "week": 1}]}
    )
    end = worlds.run(plan)
    assert end.metrics["tasks_done"] == 1
    assert end.metrics["hours_manual"] == pytest.approx(40.0)
    assert end.developers["hours_worked"].tolist() == pytest.approx([20.0, 20.0])
    assert end.metrics["lead_time_mean"] == pytest.approx(80.0)
    assert end.metrics["level_counts_end_expert"] == 1


def test_where_everybody_leaves_work_waits():
    plan = worlds.alone(4.0, weeks=10).replace(
        {"leavers": [{"level": "expert", "role": "engineer", "week": 5}]}
    )
    end = worlds.run(plan)
    assert end.metrics["tasks_done"] == 25  # 200 h of the clock, 8 h each, the last as they leave
    assert math.isnan(end.metrics["expertise_mean_end"])
    assert end.metrics["work_per_dev_week"] == pytest.approx(25 * 4 / 5)


def test_people_added_later_meet_the_luck_they_would_have_met_from_the_start():
    plan = worlds.plan(team={"expert": 2})
    now = setup.team(plan.replace({"team.expert": 3}))
    later = setup.team(plan.replace({"joiners": [joiner()]}))
    assert now["key"].tolist() == later["key"].tolist()


# ---- talking -------------------------------------------------------------------------------


def test_talking_costs_the_published_quadratic_in_small_teams_and_saturates():
    plan = worlds.plan(world={"communication_loss": 0.0006, "communication_most": 0.5})
    w = setup.worlds(plan, 1, setup.draw(plan, 1, 0, 1, False))[0]
    w["subteam_size"] = 500
    losses = {n: calendar.communication(w, n) for n in (0, 1, 5, 10, 30, 500)}
    assert losses[0] == 0
    assert losses[5] == pytest.approx(0.015, rel=0.02)
    assert losses[10] == pytest.approx(0.06, rel=0.08)
    assert 0.3 < losses[30] < losses[500] <= 0.5
    w["subteam_size"] = 8
    assert calendar.communication(w, 16) == pytest.approx(calendar.communication(w, 8))
    assert calendar.communication(w, 9) < calendar.communication(w, 8)


# ---- money ---------------------------------------------------------------------------------


def test_costs_are_those_of_arithmetic():
    """An intermediate at 60 for 10 weeks of 40 h; somebody of level 4.5 joins after 4 weeks."""
    plan = worlds.alone(4.0, weeks=10).replace(
        {
            "team": {"intermediate": 1},
            "joiners": [joiner(week=4, level=4.5, hiring_cost=5000.0)],
            "training": TRAINING | {"target": "advanced", "cost_per_seat": 700.0},
            "money": MONEY | {"tool_per_person_month": 130.0, "price_per_expert_hour": 100.0},
            "tool": {"profile": "completion-assistant"},
        }
    )
    end = worlds.run(plan)
    m = end.metrics
    assert m["labour_cost"] == pytest.approx(400 * 60 + 240 * 75)
    assert m["tool_cost"] == pytest.approx(16 * 130 * 12 / 52)  # 16 person-weeks
    assert m["training_cost"] == 700
    assert m["hiring_cost"] == 5000
    total = 42_000 + 480 + 700 + 5000
    assert m["cost_per_work"] == pytest.approx(total / m["work_delivered"])
    assert m["net_value"] == pytest.approx(100 * m["work_delivered"] - total)
    assert end.weeks["cost"].sum() == pytest.approx(total)
    assert end.weeks["cost"][0] == pytest.approx(2400 + 30 + 700)


def test_a_person_s_own_pay_replaces_that_of_role_and_level():
    row = {"count": 1, "level": 5, "role": "engineer", "cost_per_hour": 100.0}
    plan = worlds.alone(4.0, weeks=10).replace({"money": MONEY, "team": {"novice": 1}})
    end = worlds.run(plan.replace({"people": [row]}))
    assert end.metrics["labour_cost"] == pytest.approx(400 * (40 + 100))


def test_money_is_counted_only_where_it_is_stated_and_value_only_where_work_is_priced():
    plan = worlds.plan(horizon={"weeks": 2})
    assert math.isnan(worlds.run(plan).metrics["labour_cost"])
    costs = worlds.run(plan.replace({"money": MONEY})).metrics
    assert costs["labour_cost"] > 0
    assert costs["tool_cost"] == 0
    assert math.isnan(costs["net_value"])


# ---- domains, parallel sessions, drift -----------------------------------------------------


def test_work_comes_in_domains_and_goes_to_those_who_know_them():
    """Each is an expert in one domain and a novice in the other, by hand twice as slow there."""
    both = [
        {"count": 1, "role": "engineer", "level": {"data": 5, "web": 1}},
        {"count": 1, "role": "engineer", "level": {"data": 1, "web": 5}},
    ]
    plan = worlds.alone(4.0, weeks=50, hand_ratio=2.0).replace(
        {
            "team": {"expert": 0}, "people": both, "domains": {"data": 0.25, "web": 0.75},
            "tasks.advanced_share": 1.0, "policy.routing": "strict", "policy.lookahead": 1000,
        }
    )  # fmt: skip
    end = worlds.run(plan)
    done = end.stream["state"] == state.DONE
    n = len(end.stream)
    share = (end.stream["domain"] == 0).mean()
    assert abs(share - 0.25) < 4 * math.sqrt(0.25 * 0.75 / n)
    owners = end.developers["level"][end.stream["owner"][done], end.stream["domain"][done]]
    assert (owners == 5).all()
    assert end.metrics["tasks_done"] == 2 * 249


def test_domains_leave_everything_else_about_tasks_as_it_was():
    plan = worlds.plan(horizon={"weeks": 3})
    one, two = worlds.run(plan), worlds.run(plan.replace({"domains": {"a": 0.5, "b": 0.5}}))
    common = min(len(one.stream), len(two.stream))
    for name in ("key", "kind", "advanced", "whole_hours", "trait"):
        assert np.array_equal(one.stream[name][:common], two.stream[name][:common])


@pytest.mark.parametrize("sessions", [1, 4])
def test_sessions_in_parallel_share_the_attention_that_runtime_takes(sessions):
    """A piece of 4 h: 0.75 h of instructing, 0.25 h of switching, 4 h of runtime.

    One at a time takes 5 h of work, 10 h of the clock. Four at once take 2 h of work, 4 h of the
    clock, and the agent goes on for 3 h by itself. The first ends at hour 7.
    """
    plan = worlds.alone(4.0).replace({"tool": {"profile": "claude-code-2026"}})
    plan = plan.replace(
        {"policy.scope_hours": 4.0, "policy.parallel_sessions": sessions}
        | {"world.team_offset": 20.0, "world.planning_hours": 0.75, "world.oversight_share": 0.0}
        | {"world.runtime_share": 1.0, "world.switching_hours": 0.25}
        | {"world.session_noise_sd": 0.0}
        | {"world.defect_verified": 0.0, "world.defect_unverified": 0.0}
    )
    end = worlds.run(plan, uncertain=False)
    clock = 10.0 if sessions == 1 else 4.0
    rest = 0.0 if sessions == 1 else 3.0
    assert end.metrics["tasks_done"] == math.ceil((400 - rest) / clock) - 1
    assert end.metrics["lead_time_p50"] == clock + rest


def test_a_gap_that_drifts_widens_about_the_mean_level():
    for drift in (-1.0, 0.0, 0.5):
        plan = worlds.plan(world={"gap_drift": drift})
        world = setup.worlds(plan, 1, setup.draw(plan, 1, 0, 1, False))
        seats = state.blank(2, state.DEVELOPER)
        seats["level"][:, 0] = seats["hired_level"][:, 0] = 1.0, 5.0
        task = state.blank(1, state.TASK)
        for i in range(2):
            tools.put_first_tool(world[0], seats[i])
            people.refresh(world[0], seats[i])
        w = world[0]
        low, high = (odds.own_logit(w, seats[i], task[0], w["size_ref_hours"]) for i in range(2))
        years = 10.5 / 12  # from the middle of January 2026 to the start of December
        gap = curves.level_shift(w["shift"], 5.0) - curves.level_shift(w["shift"], 1.0)
        assert high - low == pytest.approx(gap * max(0.0, 1 + drift * years), abs=1e-9)


def test_tasks_that_grow_are_larger_the_later_they_come():
    size = {"size": "constant", "mean_hours": 2.0}
    plan = worlds.plan(
        horizon={"weeks": 52}, team={},
        tasks={"arrivals_per_week": 10.0, "average": size, "advanced": size},
        world={"task_growth": 0.25},
    )  # fmt: skip
    stream = worlds.run(plan).stream
    # A task is made when the one before it arrives.
    made = np.concatenate([[0.0], stream["arrival"][:-1]])
    expected = 2.0 * 1.25 ** (made / 2080)
    np.testing.assert_allclose(stream["size_hours"], expected, rtol=1e-12)


@pytest.mark.parametrize("routing", ["fifo", "matched", "strict"])
@pytest.mark.parametrize("by_hand", [False, True])
def test_adjacent_roles_leave_advanced_work_to_engineers_where_the_plan_says_so(routing, by_hand):
    """On both clocks: alone they leave all of it; beside two experts they do average work only."""
    plan = worlds.plan(
        horizon={"weeks": 12},
        team={"expert": 2, "adjacent": {"expert": 3}},
        tasks={"advanced_share": 0.5, "backlog": 80},
        policy={"adjacent_work": "average", "adjacent_by_hand": by_hand, "routing": routing},
    )
    end, other = worlds.run(plan), worlds.run_mesa(plan)
    assert worlds.differences(end, other) == []
    adjacent = np.flatnonzero(end.developers["role"] == state.ADJACENT)
    done = end.tasks[end.tasks["state"] == state.DONE]
    theirs = np.isin(done["owner"], adjacent)
    assert theirs.sum() > 5
    assert done["advanced"][theirs].max() == 0
    assert done["advanced"][~theirs].sum() > 5

    alone = worlds.run(plan.replace({"team.expert": 0}))
    done = alone.tasks[alone.tasks["state"] == state.DONE]
    assert len(done) > 5
    assert done["advanced"].sum() == 0
    everything = worlds.run(plan.replace({"team.expert": 0, "policy.adjacent_work": "all"}))
    assert everything.tasks["advanced"][everything.tasks["state"] == state.DONE].sum() > 0
