"""Rollouts of tools: who works with what from which week on, and what they know of it."""

import numpy as np
import pytest
import worlds

from sim.engine import metrics, setup, state
from sim.scenario import load
from sim.validation import laws

AGENT = {"profile": "claude-code-2026", "familiarity": 0.3}
PROFILES = ("claude-code-2026", "agent-early-2025", "completion-assistant")
STATED = {  # where it stands which tool is whose, and from when on
    "world": (
        "tool", "adoption", "years", "progress", "progress_per_hour", "slope_per_doubling",
        "team_familiarity", "tool_cost_per_week",
    ),
    "developers": ("rolled_out", "agent"),
}  # fmt: skip


UNUSED = {"developers.familiarity", "developers.familiarity_logit"}  # where nobody has an agent


def differences(one, other):
    """What differs between two worlds, but for where it stands which tool is whose."""
    known = {f"{part}.{name}" for part, names in STATED.items() for name in names}
    found = set(worlds.differences(one, other)) - known
    found -= set() if one.metrics["sessions"] else UNUSED
    return [name for name in found if "rollout" not in name]


def without_tool(plan):
    """The same plan, in which nobody has a tool."""
    return plan.replace({"tool": {"profile": "none"}})


@pytest.mark.parametrize("name", ["platform-team", "train-noncoders", "done-by-march/hire"])
@pytest.mark.parametrize(
    "profile", ["claude-code-2026", "agent-early-2025", "completion-assistant"]
)
def test_a_rollout_to_all_at_week_0_equals_the_tool_to_the_bit(name, profile):
    plan = load(name).replace({"tool": {"profile": profile, "familiarity": 0.3}})
    row = {"week": 0, "profile": profile, "familiarity": 0.3}
    rolled = without_tool(plan).replace({"rollout": [row]})
    for luck in range(2):
        one, other = worlds.run(plan, luck=luck), worlds.run(rolled, luck=luck)
        assert differences(one, other) == []


def test_a_rollout_after_the_horizon_equals_no_tool_to_the_bit():
    plan = without_tool(load("platform-team"))
    for week in (plan.horizon.weeks, 500):
        late = plan.replace({"rollout": [AGENT | {"week": week}]})
        assert differences(worlds.run(plan), worlds.run(late)) == []


def test_nothing_differs_before_the_week_of_a_rollout():
    plan = without_tool(load("platform-team"))
    one, other = worlds.run(plan), worlds.run(plan.replace({"rollout": [AGENT | {"week": 20}]}))
    assert np.array_equal(one.weekly[:20], other.weekly[:20], equal_nan=True)
    assert not np.array_equal(one.weekly[20:], other.weekly[20:], equal_nan=True)


# ---- who works with what --------------------------------------------------------------------


def test_several_tools_in_a_team_at_once_and_only_their_users_use_them():
    plan = without_tool(load("platform-team")).replace(
        {
            "rollout": [
                AGENT | {"week": 4, "levels": ["expert"]},
                {"week": 8, "profile": "agent-early-2025", "role": "adjacent"},
                {"week": 9, "profile": "completion-assistant", "levels": ["novice"]},
            ]
        }
    )
    end = worlds.run(plan)
    trace, people = end.trace, end.developers
    users = trace["developer"][trace["activity"] == state.AGENT]
    experts = np.flatnonzero(people["level_low"][:, 0] == 5)
    adjacent = np.flatnonzero(people["role"] == state.ADJACENT)
    assert set(users) == {*experts, *adjacent}
    for who, week in ((experts, 4), (adjacent, 8)):
        mine = np.isin(trace["developer"], who) & (trace["activity"] == state.AGENT)
        assert trace["start_hours"][mine].min() >= week * 40
    assert len(set(people["slope_per_doubling"][[experts[0], adjacent[0]]])) == 2
    novices = people[people["level_low"][:, 0] == 1]
    assert (novices["tool"] == state.TOOL_ASSISTIVE).all()
    assert worlds.differences(end, worlds.run_mesa(plan)) == []


def test_who_begins_is_new_to_the_tool_keeps_a_part_of_another_and_all_of_the_same():
    plan = worlds.plan(
        horizon={"weeks": 3}, team={"expert": 1}, tool={"familiarity": 0.5},
        policy={"agent_use": "never"}, world={"familiarity_kept": 0.4},
    )  # fmt: skip
    row = {"week": 1, "profile": "agent-early-2025"}
    back = [row, {"week": 2, "profile": "none"}]

    def familiarity(plan):
        return pytest.approx(worlds.run(plan).developers["familiarity"][0])

    assert familiarity(plan.replace({"rollout": [row]})) == 0.2
    assert familiarity(plan.replace({"rollout": [AGENT | {"week": 1}]})) == 0.3
    assert familiarity(plan.replace({"rollout": back})) == 0.2
    same = {"week": 2, "profile": "claude-code-2026", "adoption": 0.5}
    assert familiarity(plan.replace({"rollout": [same]})) == 0.5
    assert familiarity(without_tool(plan).replace({"rollout": [row]})) == 0.0


def test_a_rollout_over_weeks_costs_each_week_what_its_users_do():
    money = {"currency": "EUR", "engineer": dict.fromkeys(worlds.LEVELS, 0.0)}
    plan = worlds.plan(
        horizon={"weeks": 8}, team={"intermediate": 4}, tool={"profile": "none"},
        money=money | {"tool_per_person_month": 52.0}, policy={"agent_use": "never"},
        rollout=[
            {"week": 2, "profile": "claude-code-2026", "weeks": 4, "share": 1.0},
            {"week": 7, "profile": "none"},
        ],
    )  # fmt: skip
    cost = worlds.run(plan).weekly[:, metrics.FLOWS.index("cost")]
    assert cost.tolist() == [0.0, 0.0, 12.0, 24.0, 36.0, 48.0, 48.0, 0.0]
    own = plan.replace({"rollout.1.cost_per_person_month": 26.0})
    assert worlds.run(own).metrics["tool_cost"] == cost.sum() / 2


def test_who_cannot_work_without_an_agent_lays_down_their_work_when_it_is_taken_away():
    plan = load("baseline").replace(
        {
            "horizon.weeks": 12, "team": {"expert": 1, "adjacent": {"intermediate": 4}},
            "rollout": [{"week": 5, "profile": "none", "role": "adjacent"}],
        }
    )  # fmt: skip
    for luck in range(4):
        end = worlds.run(plan, luck=luck)
        mine = end.developers["role"][end.trace["developer"]] == state.ADJACENT
        at_work = mine & (end.trace["activity"] != state.REVIEW)
        assert end.trace["start_hours"][at_work].max() < 5 * 40
        assert (end.developers["held"][end.developers["role"] == state.ADJACENT] == 0).all()
        assert laws.tasks_lost(end) == 0
        assert worlds.differences(end, worlds.run_mesa(plan, luck=luck)) == []


def test_whoever_joins_is_new_to_the_tool_of_their_seat():
    joiner = {"count": 2, "level": "expert", "role": "engineer", "week": 6}
    plan = without_tool(load("baseline")).replace({"joiners": [joiner], "horizon.weeks": 7})
    rows = [AGENT | {"week": 2}, AGENT | {"week": 4, "share": 0.5}]
    for row, users in zip(rows, (2, 1), strict=True):
        people = worlds.run(plan.replace({"rollout": [row]})).developers
        new = people[people["newcomer"] == 1]
        assert (new["tool"] == state.TOOL_AGENTIC).sum() == users
        assert new["familiarity"].max() < 0.1
        without = worlds.run(plan.replace({"rollout": [row], "joiners": []})).developers
        assert set(without["key"][without["tool"] == state.TOOL_AGENTIC]) <= set(
            people["key"][people["tool"] == state.TOOL_AGENTIC]
        )


def test_the_horizons_of_two_tools_move_together():
    plan = load("baseline").replace(
        {"tool.profile": "agent-early-2025", "rollout": [{"week": 1, "profile": "claude-code-2026",
        "anchor": "study"}, {"week": 2, "profile": "agent-early-2025"}]}
    )  # fmt: skip
    values = setup.draw(plan, 1, 0, 20)
    assert np.array_equal(values["tool.horizon_hours"], values["rollout.2.horizon_hours"])
    rows = setup.worlds(plan, 1, values)
    assert np.array_equal(rows["progress"], rows["rollout_progress"][:, 1])
    assert not np.array_equal(rows["progress"], rows["rollout_progress"][:, 0])
    assert rows["rollout_agent"][0, :2].tolist() == [1, 0]
