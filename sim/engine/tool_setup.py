"""The tools of a plan as the arrays a run starts with: that of the start, and those of rollouts."""

import math

import numpy as np

from sim.engine import state
from sim.scenario.tools import Tool

DAYS_PER_MONTH = 365.25 / 12
HORIZON = "tool.horizon_hours"  # a lever that may be known only as a distribution
TOOLS = state.words(Tool, "kind")


def months(plan, tool=None):
    """Months from the middle of what a tool's curve describes to the version in use.

    tool : by default the plan's first agent
    """
    tool = plan.main_tool if tool is None else tool
    ahead = float(plan.months_ahead_of(tool))
    # The curve describes the middle of its month, a run starts with the first day of its own.
    return ahead - 0.5 if tool.version == "start" else ahead


def put_tools(rows, plan, values, judged, expert, window_months):
    """Put what is each tool's own of the curve into worlds.

    values : as `setup.draw` returns them
    judged, expert : (draws,), the cut of judged success and the shift of an expert [logit]
    window_months : how far the evidence of the curve reaches to either side of its date
    """
    paths = [HORIZON, *(f"rollout.{n}.horizon_hours" for n in range(1, len(plan.rollout) + 1))]
    first, *later = (
        _curve(plan, tool, values, path, judged, expert, window_months)
        for path, tool in zip(paths, plan.tools, strict=True)
    )
    for name, value in first.items():
        rows[name] = value
    rows["rollouts"] = len(plan.rollout)
    of_start = plan.tool.profile if plan.tool.kind == "agentic" else None
    agents = list(dict.fromkeys([of_start, *(row.profile for row in plan.rollout)]))
    for c, (row, curve) in enumerate(zip(plan.rollout, later, strict=True)):
        _put_rollout(rows, c, row, curve, agents)


def _curve(plan, tool, values, path, judged, expert, window_months):
    """Slope and progress of a tool's curve, and the years from its date to the start.

    path : of its own horizon among the values, where it has one

    With a horizon the curve is moved so that an expert's session on average work of
    `horizon_hours` over `horizon_factor` is judged done half the time; by symmetry that
    holds for the averaged rate as for the conditional one.

    Equations 5, 34 of docs/model.md.
    """
    slope, offset = values["slope_per_doubling"], 0.0
    if tool.horizon_hours is not None:
        slope = np.full(len(slope), tool.slope_per_doubling)
        own = values[path] / values["horizon_factor"]
        at_horizon = slope * np.log2(own / values["size_ref_hours"])
        offset = at_horizon - judged - expert
    per_month = slope * DAYS_PER_MONTH / values["doubling_days"]
    ahead = months(plan, tool) if tool.kind == "agentic" else 0.0
    beyond = max(0.0, abs(ahead) - window_months)
    return {
        "slope_per_doubling": slope,
        "years": max(0.0, ahead) / 12,
        "progress": offset + per_month * ahead + values["trend_drift"] * math.sqrt(beyond),
        "progress_per_hour": per_month / state.HOURS_PER_MONTH if tool.improves else 0.0,
    }


def _put_rollout(rows, c, row, curve, agents):
    """The tool of rollout c in its place of the fields of rollouts.

    curve : what is its own of the curve, by field
    agents : profiles of the plan's agents, that of the start first, or None where it is none
    """
    rows["rollout_tool"][:, c] = TOOLS.index(row.kind)
    rows["rollout_agent"][:, c] = agents.index(row.profile) if row.kind == "agentic" else -1
    rows["rollout_adoption"][:, c] = row.adoption if row.adoption is not None else 0.0
    rows["rollout_familiarity"][:, c] = -1.0 if row.familiarity is None else row.familiarity
    rows["rollout_slope"][:, c] = curve["slope_per_doubling"]
    for name in ("years", "progress", "progress_per_hour"):
        rows[f"rollout_{name}"][:, c] = curve[name]
