"""What one simulated world of a plan takes, estimated from the plan alone.

Events follow from the hours of development and how long a stretch of work takes in the mean, by the
size of tasks, pieces, tool and reviews; time from events, tasks and people; memory from tasks.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim import parameters
from sim.engine import curves, state

# Seconds of a core: measured on the packaged plans and on large ones, November 2026.
PER_WORLD = 20e-6
PER_EVENT = 0.35e-6
PER_EVENT_AND_PERSON = 2.2e-9  # whoever is idle is asked
PER_EVENT_AND_PASSED = 0.06e-6  # a task that is passed over in a queue nobody may take from
PER_TASK = 0.2e-6
PER_PERSON_WEEK = 0.1e-6

# Bytes.
ENTRY = 24  # of a heap of events
CACHE = 1 << 19  # numbers shared by worlds that meet the same luck
GROWTH = 1.5  # tasks of a world, while they move to a larger array

# Rough, as seen in the packaged plans: how work by sessions and reviews goes on.
SESSIONS = 1.5  # on a piece
BY_HAND = 0.2  # of pieces, after sessions that failed
REVIEWS = 1.5  # of a task
AGAIN = 1.3  # work in all over work as it arrives: rework, fixes
UNREVIEWED = 1.5  # fixes of a task that no review saw
EVENTS = 1.4  # of a stretch of work: its end, a reviewer's look, a defect that surfaces
MIDDLE = 0.5  # of the way from an expert's hours to a novice's


@dataclass(frozen=True)
class World:
    """What one world of a plan takes.

    events   of the clock
    tasks    that exist at its end
    seconds  of a core, compiled
    memory   to work in [bytes]
    """

    events: float
    tasks: float
    seconds: float
    memory: float


@lru_cache(4096)
def world(plan):
    """What one world of a Scenario takes: World."""
    known = parameters.central(plan.world)
    weeks, people = plan.horizon.weeks, sum(group.count for group in (*plan.groups, *plan.joining))
    hours, stretches, parts = _task(plan, known)
    able = _hours_of_people(plan) * known["dev_share"] / max(hours, 1e-9)
    arrived = _arrived(plan)
    worked = min(able, arrived * AGAIN)
    events = worked * EVENTS * stretches + weeks * state.HOURS_PER_WEEK / state.HOURS_PER_DAY
    if plan.tasks.backlog is None and arrived < math.inf:
        events += arrived  # each is one
    fixes = UNREVIEWED if plan.policy.review == "none" else AGAIN - 1
    tasks = worked * (parts + fixes) + (max(0.0, arrived - worked) if arrived < math.inf else 0)
    event = PER_EVENT + PER_EVENT_AND_PERSON * people + PER_EVENT_AND_PASSED * _passed(plan)
    return World(
        events,
        tasks,
        PER_WORLD + events * event + tasks * PER_TASK + people * weeks * PER_PERSON_WEEK,
        GROWTH * tasks * (state.TASK.itemsize + ENTRY)
        + people * (state.DEVELOPER.itemsize + weeks * state.CALENDAR.itemsize)
        + weeks * state.WEEK.itemsize + CACHE,
    )  # fmt: skip


def _hours_of_people(plan):
    """Hours that all are paid for in the run [h]."""
    weeks = plan.horizon.weeks
    there = sum(group.count * group.hours_per_week * weeks for group in plan.groups)
    joined = sum(
        group.count * group.hours_per_week * max(0, weeks - row.week)
        for row, group in zip(plan.joiners, plan.joining, strict=True)
    )
    return there + joined


def _arrived(plan):
    """Tasks that arrive in the run; infinite where there is always a next one."""
    if plan.tasks.backlog is not None:
        return float(plan.tasks.backlog)
    per_week = plan.tasks.arrivals_per_week
    return math.inf if per_week == "saturated" else per_week * plan.horizon.weeks


def _task(plan, known):
    """Hours of development, stretches of work and parts of a task, in the mean over sizes."""
    share = plan.advanced_share.central
    total = np.zeros(3)
    for weight, sizes in ((1 - share, plan.tasks.average), (share, plan.tasks.advanced)):
        for part, hours in _sizes(sizes):
            total += weight * part * np.array(_of_size(plan, known, hours))
    hours, stretches, parts = total
    return AGAIN * hours, AGAIN * stretches, parts


def _sizes(sizes):
    """(weight, size [expert-h]) of a distribution of sizes, at a few points."""
    if sizes.size == "constant":
        return ((1.0, sizes.mean_hours),)
    nodes, weights = curves.normal_nodes(7)
    if sizes.size == "lognormal":
        values = sizes.median_hours * np.exp(sizes.sigma * nodes)
    else:  # exponential, by its own quantiles
        values = -sizes.mean_hours * np.log1p(-(np.arange(7) + 0.5) / 7)
        weights = np.full(7, 1 / 7)
    return tuple(zip(weights, values, strict=True))


def _of_size(plan, known, size):
    """Hours, stretches and parts of one task of a size [expert-h]."""
    policy, tool, agentic = plan.policy, plan.main_tool, plan.uses_agent
    by_agent = (1.0 if tool.adoption is None else tool.adoption) if agentic else 0.0
    pieces = math.ceil(size / policy.scope_hours)
    piece = size / pieces
    slower = known["hand_ratio"] ** MIDDLE
    hand = slower * piece
    oversight = known["oversight_share"] * known["instruction_gain"] ** (4 * MIDDLE)
    session = (
        known["planning_hours"] + known["switching_hours"]
        + piece * (oversight * piece ** (known["oversight_growth"] - 1) + known["runtime_share"])
    )  # fmt: skip
    at_a_time = 2 if policy.parallel_sessions > 1 else 1  # the agent's end is an event too
    hours = by_agent * pieces * (SESSIONS * session + BY_HAND * hand)
    stretches = by_agent * pieces * (
        SESSIONS * at_a_time + BY_HAND * max(1.0, hand / policy.stretch_hours)
    )  # fmt: skip
    hours += (1 - by_agent) * slower * size
    stretches += (1 - by_agent) * max(1.0, slower * size / policy.stretch_hours)
    if policy.review != "none":
        hours += REVIEWS * known["review_rate"] * known["review_agent_factor"] * size
        stretches += REVIEWS
    return hours, stretches, min(math.ceil(size / policy.split_hours), state.MOST_PARTS)


def _passed(plan):
    """Tasks that a look along the queue passes over where most may not take them."""
    if plan.policy.routing != "strict":
        return 0.0
    least = curves.LEVELS.index(plan.policy.matched_level) + 1
    groups = (*plan.groups, *plan.joining)
    unable = sum(group.count for group in groups if max(high for _, high in group.levels) < least)
    share = unable / max(1, sum(group.count for group in groups))
    return plan.policy.lookahead * share * plan.advanced_share.central
