"""Mesa and the compiled clock are two readings of the same rules: equal bit for bit."""

import numpy as np
import pytest
import worlds

from sim.engine import state
from sim.engine.team_model import Developer
from sim.scenario import available, load
from sim.validation import laws

PACKAGED = [name for name, _, where in available() if where == "package"] or [
    name for name, _, _ in available()
]


@pytest.mark.parametrize("name", PACKAGED)
def test_both_clocks_agree_on_every_packaged_scenario(name):
    plan = load(name).replace({"horizon.weeks": 8})
    for uncertain in (True, False):
        one = worlds.run(plan, 1, 2, 3, uncertain)
        other = worlds.run_mesa(plan, 1, 2, 3, uncertain)
        assert len(one.trace) > 100
        assert worlds.differences(one, other) == []


@pytest.mark.parametrize("block", range(20))
def test_both_clocks_agree_on_random_scenarios(block):
    for number in range(10 * block, 10 * block + 10):
        plan = worlds.any_scenario(worlds.picker(number))
        one = worlds.run(plan, 5, number, 1)
        other = worlds.run_mesa(plan, 5, number, 1)
        assert worlds.differences(one, other) == [], plan.to_toml()


@pytest.mark.parametrize("block", range(4))
def test_both_clocks_agree_on_random_plans_in_stages(block):
    """Cohorts, absence and work in hand, whatever else there is."""
    for number in range(10 * block, 10 * block + 10):
        plan = worlds.staged_scenario(worlds.picker(number))
        one = worlds.run(plan, 5, number, 1)
        assert worlds.differences(one, worlds.run_mesa(plan, 5, number, 1)) == [], plan.to_toml()
        assert laws.hours_lost(one) < 1e-6
        assert laws.tasks_lost(one) == 0
        assert laws.urgent_gap(one) == 0


@pytest.mark.parametrize("review_order", ["first", "turn", "last"])
@pytest.mark.parametrize("work", [{"arrivals_per_week": "saturated"}, {"backlog": 60}])
def test_both_clocks_agree_where_everything_happens_at_once(work, review_order):
    """Eight alike experts by hand on tasks of 4 h: stretches, looks and reviews all coincide."""
    same = {"size": "constant", "mean_hours": 4.0}
    plan = worlds.plan(
        horizon={"weeks": 6},
        team={"expert": 8, "adjacent": {"expert": 1}},
        tasks={"average": same, "advanced": same} | work,
        tool={"profile": "none"},
        policy={"review_order": review_order},
        world=worlds.ALL_TIES
        # A task is a day by hand, its review an hour of the clock, its rework half a day.
        | {"dev_share": 0.5, "review_rate": 0.125, "hand_success_expert": 50.0}
        | {
            "own_code_factor": 1.0,
            "visible_hand": 0.0,
            "defect_hand": 0.2,
            "rework_share": 0.5,
            "fix_size_share": 0.5,
        }
        | {"defect_delay_weeks": 0.0},
    )
    one, other = worlds.run(plan, uncertain=False), worlds.run_mesa(plan, uncertain=False)
    ends = one.trace["end_hours"]
    assert len(ends) - len(np.unique(ends)) > 20  # ties there are
    assert worlds.differences(one, other) == []


def test_the_clocks_agree_past_the_first_room_for_tasks():
    """More than 1,024 tasks, so both had to make room."""
    plan = worlds.alone(hours=0.25, weeks=52, experts=3)
    one, other = worlds.run(plan), worlds.run_mesa(plan)
    assert len(one.tasks) > 3000
    assert worlds.differences(one, other) == []


def test_the_same_names_give_the_same_rows():
    plan = load("platform-team").replace({"horizon.weeks": 8})
    assert worlds.differences(worlds.run(plan, 7, 1, 2), worlds.run(plan, 7, 1, 2)) == []
    for names in ((8, 1, 2), (7, 2, 2), (7, 1, 3)):
        assert "work_delivered" in worlds.differences(
            worlds.run(plan, 7, 1, 2), worlds.run(plan, *names)
        )


class Idler(Developer):
    """Does nothing, whatever there is to do."""

    def choose(self):
        return "idle", None


class Restless(Developer):
    """Chooses by the rules, but is asked after each event, since the rules cannot know that."""

    def choose(self):
        return super().choose()


@pytest.mark.parametrize("block", range(8))
def test_whoever_does_not_look_for_work_would_have_found_none(block):
    for number in range(200 + 10 * block, 210 + 10 * block):
        plan = worlds.any_scenario(worlds.picker(number))
        usual = worlds.run(plan, 6, number, 1)
        asked = worlds.run_mesa(plan, 6, number, 1, developer_class=Restless)
        for part in ("row", "weekly"):
            same = np.array_equal(getattr(usual, part), getattr(asked, part), equal_nan=True)
            assert same, plan.to_toml()
        assert np.array_equal(usual.trace, asked.trace), plan.to_toml()


@pytest.mark.parametrize("at_limit", ["review", "wait", "continue"])
@pytest.mark.parametrize("routing", ["fifo", "matched", "strict"])
def test_in_a_large_team_too(routing, at_limit):
    """70 people, more than stand in one number of the sets of those idle; most of them wait."""
    plan = worlds.plan(
        horizon={"weeks": 3},
        team={"novice": 30, "intermediate": 30, "expert": 10},
        tasks={"arrivals_per_week": 60.0, "advanced_share": 0.5},
        policy={"routing": routing, "at_limit": at_limit, "wip_limit": 1, "lookahead": 2},
    )
    usual, asked = worlds.run(plan), worlds.run_mesa(plan, developer_class=Restless)
    assert worlds.differences(usual, worlds.run_mesa(plan)) == []
    assert np.array_equal(usual.row, asked.row, equal_nan=True)
    assert np.array_equal(usual.trace, asked.trace)
    assert usual.metrics["hours_idle"] > 0


class Helpful(Developer):
    """Takes any review before anything else, whatever the allowance."""

    def choose(self):
        review = self.find_review()
        return ("review", review) if review is not None else super().choose()


def test_a_team_of_a_subclass_that_never_starts_idles_all_its_hours():
    plan = load("baseline").replace({"horizon.weeks": 8})
    idle = worlds.run_mesa(plan, developer_class=Idler)
    assert idle.metrics["work_delivered"] == 0
    assert idle.metrics["hours_idle"] == pytest.approx(worlds.capacity_hours(idle), rel=1e-12)


def test_a_subclass_that_reviews_without_limit_never_leaves_a_review_to_wait_while_it_chooses():
    plan = load("baseline").replace(
        {"horizon.weeks": 8, "policy.review_order": "last", "policy.review_hours_per_week": 0.0}
        | {"policy.at_limit": "review"}
    )
    usual = worlds.run_mesa(plan, uncertain=False)
    helpful = worlds.run_mesa(plan, uncertain=False, developer_class=Helpful)
    assert helpful.metrics["review_wait_mean"] < usual.metrics["review_wait_mean"]
    assert (helpful.trace["activity"] == state.REVIEW).any()
