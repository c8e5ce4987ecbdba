"""Rollouts of tools: who works with what from which week on, and what they know of it."""

import numpy as np
import pytest
import worlds

from sim.scenario import load

pytestmark = pytest.mark.xfail(strict=True, reason="[[rollout]] is to be built")
AGENT = {"profile": "claude-code-2026", "familiarity": 0.3}
STATED = ("tool", "adoption", "years", "progress", "progress_per_hour", "slope_per_doubling")


def differences(one, other):
    """What differs between two worlds, but for the fields that state which tool is whose."""
    known = {f"world.{name}" for name in STATED} | {"world.team_familiarity"}
    return [
        name
        for name in worlds.differences(one, other)
        if name not in known and "rollout" not in name and name != "world.tool_cost_per_week"
    ]


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
    assert np.array_equal(one.weekly[:20], other.weekly[:20])
    assert not np.array_equal(one.weekly[20:], other.weekly[20:])
