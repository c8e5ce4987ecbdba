"""The tool that somebody works with: that of the start, or of the last rollout to them.

What rules read of a tool stands with the person who uses it, so that several tools in a team cost
no more than one.
"""

from sim.engine import compiled
from sim.engine.state import TOOL_AGENTIC


@compiled
def next_rollout(w, d):
    """The rollout that comes next to a person, of several at once the first; -1 if none does."""
    first = -1
    for c in range(w.rollouts):
        if (d.rolled_out >> c) & 1 == 1:
            continue
        if first < 0 or d.rollout_from[c] < d.rollout_from[first]:
            first = c
    return first


@compiled
def put_first_tool(w, d):
    """Give a person the tool of the start."""
    d.rolled_out = 0
    d.tool, d.adoption, d.agent = w.tool, w.adoption, 0 if w.tool == TOOL_AGENTIC else -1
    d.slope_per_doubling, d.years = w.slope_per_doubling, w.years
    d.progress, d.progress_per_hour = w.progress, w.progress_per_hour


@compiled
def put_tool(w, d, c):
    """Give a person the tool of rollout c.

    A session under way when an agent is taken away ends as it began.

    Equation 41 of docs/model.md.
    """
    d.rolled_out |= 1 << c
    d.tool, d.adoption = w.rollout_tool[c], w.rollout_adoption[c]
    if d.tool != TOOL_AGENTIC:
        return
    d.agent = w.rollout_agent[c]
    d.slope_per_doubling, d.years = w.rollout_slope[c], w.rollout_years[c]
    d.progress, d.progress_per_hour = w.rollout_progress[c], w.rollout_progress_per_hour[c]


@compiled
def familiarity_with(w, d, c):
    """Familiarity of a person who begins to use the tool of rollout c.

    As stated; or what they have, of which those who used another agent keep a share.

    Equation 41 of docs/model.md.
    """
    if w.rollout_tool[c] != TOOL_AGENTIC:
        return d.familiarity
    if w.rollout_familiarity[c] >= 0.0:
        return w.rollout_familiarity[c]
    another = d.agent >= 0 and d.agent != w.rollout_agent[c]
    return d.familiarity * w.familiarity_kept if another else d.familiarity


@compiled
def tool_cost(w, d, time):
    """What the tool of a seat costs in a week that begins at a time [money].

    Equation 25 of docs/model.md.
    """
    cost, since = w.tool_cost_per_week, -1.0
    for c in range(w.rollouts):
        if since <= d.rollout_from[c] <= time:
            cost, since = w.rollout_cost[c], d.rollout_from[c]
    return cost
