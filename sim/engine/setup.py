"""From a scenario and a draw of the uncertain parameters to the arrays a run starts with."""

import math

import numpy as np

from sim import parameters, scenario
from sim.engine import curves, luck, state

DAYS_PER_MONTH = 365.25 / 12
_LEVEL = {name: float(i + 1) for i, name in enumerate(curves.LEVELS)}
_CODES = {
    "routing": ("fifo", "matched", "strict"),
    "agent_use": ("always", "never", "pays"),
    "review": ("none", "unverified", "all"),
    "review_order": ("first", "turn", "last"),
}
_TOOLS = ("none", "assistive", "agentic")
_SIZES = ("lognormal", "exponential", "constant")


def curve_set(plan):
    """The curve set a scenario names, with its caveats."""
    return curves.read(scenario.curves_path(plan.tool.curves))


def draw(plan, seed, first, count, uncertain=True):
    """Values of every uncertain parameter for draws first ... first + count - 1.

    returns : dict name -> (count,); "curve" -> (count, e), the fit's unit normals

    Draw i of a parameter depends on seed, i and its name alone, so scenarios
    compared at one seed share what they have in common.
    """
    numbers = curve_set(plan).error.shape[2]
    if not uncertain:
        values = {k: np.full(count, v) for k, v in parameters.central(plan.world).items()}
        return values | {"curve": np.zeros((count, numbers))}
    key = luck.key_of(seed)

    def uniforms(name):
        out = np.empty(first + count)
        luck.uniforms(key, luck.name_entity(name), out)
        return out[first:]

    values = parameters.draws(parameters.world_parameters(), plan.world, uniforms)
    from scipy.special import ndtri  # late: slow to import

    normals = [ndtri(uniforms(f"curve.{j}")) for j in range(numbers)]
    return values | {"curve": np.stack(normals, axis=1)}


def replication(draw, luck):
    """Number of the world of draw i and luck k; both keep theirs when there are more of them."""
    return (np.asarray(draw, np.int64) << 12) | np.asarray(luck, np.int64)


def months(plan):
    """Months from the middle of what the tool's curve describes to the version in use."""
    ahead = float(plan.months_ahead)
    # The curve describes the middle of its month, a run starts with the first day of its own.
    return ahead - 0.5 if plan.tool.version == "start" else ahead


def worlds(plan, seed, values):
    """One world for each draw: its parameters, curves and the scenario's levers.

    values : as `draw` returns them
    returns : structured (draws,) of state.WORLD
    """
    rows = np.zeros(len(values["slope_per_doubling"]), state.WORLD)
    for name in state.PARAMETERS:
        rows[name] = values[name]
    rows["key"] = luck.key_of(seed)
    _put_levers(rows, plan)
    _put_curves(rows, plan, values)
    return rows


def _put_levers(rows, plan):
    policy, tasks, tool = plan.policy, plan.tasks, plan.tool
    for name, words in _CODES.items():
        rows[name] = words.index(getattr(policy, name))
    for name in ("lookahead", "scope_hours", "max_sessions", "stretch_hours", "wip_limit"):
        rows[name] = getattr(policy, name)
    rows["review_hours_per_week"] = policy.review_hours_per_week
    rows["adjacent_by_hand"] = policy.adjacent_by_hand
    rows["matched_level"] = _LEVEL[policy.matched_level]
    rows["reviewer_level"] = _LEVEL[policy.reviewer_level]
    rows["tool"] = _TOOLS.index(tool.kind)
    rows["adoption"] = tool.adoption if tool.adoption is not None else 0.0
    rows["horizon"] = plan.horizon.weeks * state.HOURS_PER_WEEK
    rows["advanced_share"], rows["fix_share"] = tasks.advanced_share, tasks.fix_share
    for place, sizes in enumerate((tasks.average, tasks.advanced)):
        rows["size_kind"][:, place] = _SIZES.index(sizes.size)
        rows["size_scale"][:, place] = sizes.median_hours or sizes.mean_hours
        rows["size_sigma"][:, place] = sizes.sigma or 0.0
    if tasks.backlog is not None:
        rows["work"], rows["backlog"] = state.BACKLOG, tasks.backlog
    elif tasks.arrivals_per_week == "saturated":
        rows["work"] = state.SATURATED
    else:
        rows["work"] = state.POISSON
        rows["arrivals_per_hour"] = tasks.arrivals_per_week / state.HOURS_PER_WEEK


def _put_curves(rows, plan, values):
    """Cuts, level shifts and progress of each draw.

    The spread averaged out in the published rates is that of person, task and
    size over the anchor population. A tool with a horizon of its own keeps
    cuts, shifts and spread and moves the whole curve, so that an expert's
    session on average work of `horizon_hours` is judged done half the time;
    by symmetry that holds for the averaged rate as for the conditional one.
    """
    found = curve_set(plan)
    size_spread = values["slope_per_doubling"] * values["size_ref_sigma"] / math.log(2)
    spread = np.sqrt(values["sd_task"] ** 2 + values["sd_developer"] ** 2 + size_spread**2)
    cuts, shifts = found.conditional(spread, values["curve"])
    slope = values["slope_per_doubling"]
    offset = 0.0
    if plan.tool.horizon_hours is not None:
        slope = np.full(len(rows), plan.tool.slope_per_doubling)
        at_horizon = slope * np.log2(plan.tool.horizon_hours / values["size_ref_hours"])
        offset = at_horizon - cuts[:, 1] - shifts[:, 4]
    rows["slope_per_doubling"] = slope
    rows["cut_partial"], rows["cut_unverified"], rows["cut_verified"] = cuts.T
    rows["shift"] = curves.interpolation(shifts)
    rows["shift_reference"] = shifts[:, 2]
    per_month = slope * DAYS_PER_MONTH / values["doubling_days"]
    ahead = months(plan) if plan.tool.kind == "agentic" else 0.0
    beyond = max(0.0, abs(ahead) - found.window_months)
    rows["progress"] = offset + per_month * ahead + values["trend_drift"] * math.sqrt(beyond)
    if plan.tool.improves:
        rows["progress_per_hour"] = per_month / state.HOURS_PER_MONTH


def team(plan):
    """The developers of a scenario in key order: structured (n,) of state.DEVELOPER.

    A person's key is role, starting level and ordinal among their like, so that
    adding somebody changes nobody else's luck.
    """
    counted: dict[int, int] = {}
    people = []
    for group in plan.groups:
        role = ("engineer", "adjacent").index(group.role)
        low, high = round(group.low * 1000), round(group.high * 1000)
        kind = (1 << 55) | (role << 52) | (low << 36) | (high << 20)
        for _ in range(group.count):
            ordinal = counted.get(kind, 0)
            counted[kind] = ordinal + 1
            people.append((kind | ordinal, role, group))
    people.sort(key=lambda person: person[0])
    rows = np.zeros(len(people), state.DEVELOPER)
    for row, (key, role, group) in zip(rows, people, strict=True):
        row["key"], row["role"] = key, role
        row["level_low"], row["level_high"] = group.low, group.high
        row["hours_per_week"] = group.hours_per_week
    return rows


class Scratch:
    """Arrays to work in, one set a thread; `tasks` grows when a world needs more."""

    def __init__(self, people, weeks, backlog=0, trace=0, capacity=1024):
        self.people, self.trace_rows = people, trace
        self.world = state.blank(1, state.WORLD)
        self.developers = state.blank(people, state.DEVELOPER)
        self.weeks = state.blank(weeks, state.WEEK)
        self.trace = state.blank(trace, state.TRACE)
        self.grow(max(capacity, 2 * backlog))

    def grow(self, capacity):
        """Room for `capacity` tasks."""
        from sim.engine.clock import AGENDA

        self.capacity = capacity
        self.tasks = state.blank(capacity, state.TASK)
        self.agenda = state.blank(self.people + capacity, AGENDA)

    @property
    def arrays(self):
        """All arrays, as the compiled clock takes them."""
        return (
            self.world, self.developers, self.tasks, self.weeks, self.agenda, self.trace,
        )  # fmt: skip
