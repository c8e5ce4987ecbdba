"""Teams, work and odds at the ends of what can be asked."""

import numpy as np
import pytest
import worlds

from sim.engine import state

AGENT = {"profile": "claude-code-2026"}
FLOW_NAMES = ("tasks_done", "work_delivered", "sessions", "submissions", "escaped_defects")


@pytest.mark.parametrize(
    "tasks", [{"arrivals_per_week": "saturated"}, {"arrivals_per_week": 3.0}, {"backlog": 7}]
)
def test_nobody_does_nothing(tasks):
    end = worlds.run(worlds.plan(team={}, tasks=tasks))
    assert all(end.metrics[name] == 0 for name in FLOW_NAMES)
    assert sum(end.metrics[f"hours_{b}"] for b in state.BUCKETS) == 0
    assert np.isnan(end.metrics["work_per_dev_week"])
    assert end.metrics["backlog_end"] == end.world["arrived"]
    assert end.world["arrived"] == 7 or "backlog" not in tasks


@pytest.mark.parametrize("tasks", [{"arrivals_per_week": 0.0}, {"backlog": 0}])
def test_without_work_everybody_idles(tasks):
    end = worlds.run(worlds.plan(tasks=tasks))
    assert all(end.metrics[name] == 0 for name in FLOW_NAMES)
    assert end.metrics["hours_idle"] == pytest.approx(worlds.capacity_hours(end), rel=1e-12)
    assert len(end.trace) == len(end.tasks) == 0


def test_with_certain_failure_no_session_gets_anything_done():
    end = worlds.run(worlds.plan(tool=AGENT, world={"team_offset": -20.0}), uncertain=False)
    assert end.metrics["sessions"] == end.world["sessions"][0] > 100
    assert end.metrics["first_session_success"] == 0
    assert np.isnan(end.metrics["verified_share"])
    assert end.metrics["tasks_done"] > 0  # by hand


def test_with_certain_failure_people_who_cannot_code_give_everything_up():
    plan = worlds.plan(
        team={"adjacent": {"expert": 3}}, tool=AGENT, world={"team_offset": -20.0}
    ).replace({"team.novice": 0, "team.intermediate": 0, "team.expert": 0})
    end = worlds.run(plan, uncertain=False)
    assert end.metrics["tasks_done"] == 0
    assert end.metrics["abandoned"] > 100
    assert end.metrics["sessions"] >= 2 * end.metrics["abandoned"]  # max_sessions each


def test_rework_of_no_size_ends_however_little_oversight_grows():
    """A piece of nothing to the power of less than nothing is no number, and never ends."""
    world = {"rework_share": 0.0, "oversight_growth": 0.5, "visible_agent": 1.0}
    end = worlds.run(worlds.plan(tool=AGENT, world=world), uncertain=False)
    assert np.isfinite(end.tasks["agent_hours"]).all()
    assert end.metrics["tasks_done"] > 100
    assert end.metrics["hours_rework"] < end.metrics["hours_agent"]


def test_with_certain_success_nothing_is_tried_twice():
    end = worlds.run(worlds.plan(tool=AGENT, world={"team_offset": 20.0}), uncertain=False)
    assert end.metrics["sessions"] == end.world["sessions"][3] > 100
    assert end.metrics["first_session_success"] == 1
    assert end.metrics["verified_share"] == 1
    assert end.metrics["repeat_share"] == 0
    assert end.metrics["escalations"] == end.metrics["abandoned"] == 0
    assert not (end.trace["activity"] == state.MANUAL).any()


def test_where_nobody_is_eligible_the_most_expert_other_person_reviews():
    """Developers stand in order of key, so of level: 0 the beginner, 1 and 2 intermediates."""
    plan = worlds.plan(
        team={"beginner": 1, "intermediate": 2},
        policy={"review": "all", "reviewer_level": "expert"},
    )
    end = worlds.run(plan)
    reviews = end.trace[end.trace["activity"] == state.REVIEW]
    assert len(reviews) > 10
    assert end.metrics["tasks_done"] > 0
    assert not (reviews["developer"] == 0).any()
    assert end.metrics["self_review_share"] == 0


def test_one_person_alone_reviews_their_own_work():
    for level in ("novice", "expert"):
        end = worlds.run(worlds.plan(team={level: 1}, policy={"review": "all"}))
        assert end.world["reviews"] > 0
        assert end.metrics["self_review_share"] == 1
        assert end.metrics["tasks_done"] > 0


@pytest.mark.parametrize("tool", [{"profile": "none"}, {"profile": "completion-assistant"}, AGENT])
def test_people_who_cannot_code_idle_where_there_is_no_agent(tool):
    plan = worlds.plan(
        team={"novice": 0, "adjacent": {"intermediate": 2, "expert": 1}},
        tasks={"arrivals_per_week": 5.0},
        tool=tool,
        policy={"agent_use": "never"},
    )
    end = worlds.run(plan)
    assert len(end.developers) == 3
    assert end.metrics["tasks_done"] == end.metrics["work_delivered"] == 0
    assert end.metrics["hours_idle"] == pytest.approx(worlds.capacity_hours(end), rel=1e-12)
    assert end.metrics["backlog_end"] == end.world["arrived"] > 50


def test_people_who_cannot_code_deliver_once_they_may_work_by_hand():
    plan = worlds.plan(
        team={"novice": 0, "adjacent": {"expert": 2}},
        tool={"profile": "none"},
        policy={"adjacent_by_hand": True},
    )
    assert worlds.run(plan).metrics["tasks_done"] > 0


def test_under_strict_routing_advanced_work_waits_where_nobody_is_able():
    plan = worlds.plan(
        team={"intermediate": 3},
        tasks={"backlog": 60, "advanced_share": 0.5},
        policy={"routing": "strict", "matched_level": "expert", "lookahead": 1000},
    )
    end = worlds.run(plan)
    advanced = end.stream["advanced"] == 1
    assert advanced.sum() > 10
    assert (end.stream["state"][advanced] == state.WAITING).all()
    assert (end.stream["state"][~advanced] != state.WAITING).any()
    assert end.metrics["hours_advanced"] == 0
    matched = worlds.run(plan.replace({"policy.routing": "matched"}))
    assert matched.metrics["hours_advanced"] > 0


def test_ten_years_run_and_their_hours_add_up():
    end = worlds.run(worlds.plan(horizon={"weeks": 520}))
    total = sum(end.metrics[f"hours_{b}"] for b in state.BUCKETS)
    assert total == pytest.approx(worlds.capacity_hours(end), rel=1e-9)
    assert end.metrics["tasks_done"] > 1000


def test_without_allowance_only_the_limit_on_unreviewed_work_gets_reviews_done():
    """There is always new work, so nobody without allowance or limit ever comes to review."""
    plan = worlds.plan(
        policy={
            "review": "all",
            "review_hours_per_week": 0.0,
            "wip_limit": 1000,
            "at_limit": "review",
        }
    )
    endless = worlds.run(plan)
    assert endless.metrics["submissions"] > 100
    assert endless.metrics["tasks_done"] == endless.world["reviews"] == 0
    limited = worlds.run(plan.replace({"policy.wip_limit": 1}))
    assert limited.metrics["tasks_done"] > 100


def test_an_agent_never_used_has_no_sessions():
    end = worlds.run(worlds.plan(tool=AGENT, policy={"agent_use": "never"}))
    assert end.metrics["sessions"] == end.metrics["hours_agent"] == 0
    assert np.isnan(end.metrics["first_session_success"])
    assert end.metrics["tasks_done"] > 0


def test_certain_defects_without_review_all_escape():
    """Odds are per expert-hour, so certain only in work of some size: here 4 h, and fixes too."""
    certain = {"defect_hand": 1.0, "defect_verified": 1.0, "defect_unverified": 1.0}
    size = {"size": "constant", "mean_hours": 4.0}
    plan = worlds.plan(
        tasks={"average": size, "advanced": size},
        policy={"review": "none"},
        world=certain | {"fix_size_share": 1.0, "defect_delay_weeks": 1.0},
    )
    end = worlds.run(plan)
    assert end.metrics["escaped_defects"] == end.metrics["tasks_done"] > 100
    assert (end.tasks["stream"] == 0).any()


def test_rework_of_no_size_passes_through_and_a_fix_of_none_is_no_work():
    none = {"rework_share": 0.0, "fix_size_share": 0.0, "defect_delay_weeks": 0.1}
    end = worlds.run(worlds.plan(world=none | {"defect_unverified": 0.9, "defect_hand": 0.9}))
    assert np.isfinite(end.tasks["left"]).all()
    assert end.metrics["hours_rework"] >= 0
    assert end.metrics["escaped_defects"] > 0
    assert (end.tasks["stream"] == 1).all()
    assert end.metrics["tasks_done"] > 0
