"""What a metric can be in a plan, which no interval of it leaves, and its estimate inside that."""

import math

from sim.analysis import estimates
from sim.engine import curves, metrics, setup, state
from sim.engine.metric import COST, COST_COUNTED


def limits(plan, name):
    """Least and greatest a metric can be in a plan, in its unit."""
    metric, weeks = metrics.BY_NAME[name], plan.horizon.weeks
    people = plan.headcount + sum(row.count for row in plan.joiners)
    tickets = plan.tasks.backlog or 0
    cost = math.inf
    if plan.money is not None and metric.upper in (COST, COST_COUNTED):
        cost = most_cost(plan, weeks if metric.upper == COST else plan.up_to_week)
    return metric.bounds(people, weeks, tickets, plan.up_to_week, cost)


def estimate(plan, name, y, uncertain=True, groups=None):
    """`estimates.COLUMNS` of worlds y (draws, luck) of a metric of a plan, by its kind and limits.

    groups : int (draws,), draws that share a row of the posterior
    """
    kind = metrics.KINDS.get(name, "")
    return estimates.estimate(y, uncertain, kind, groups, limits(plan, name))


def most_cost(plan, weeks):
    """The most a plan with money can cost until a week [money]: every seat filled when it opens.

    weeks : may be part of one, which counts in proportion

    Where people leave by chance and are followed, each seat may be filled anew every week.
    """
    cost = 0.0
    for seat in setup.team(plan):
        opens, ends = seat["opens"] / state.HOURS_PER_WEEK, seat["departs"] / state.HOURS_PER_WEEK
        there = max(0.0, min(weeks, ends) - opens)
        cost += there * seat["hours_per_week"] * _most_pay(plan, seat)
        cost += _most_tool(plan, seat, opens, min(weeks, ends))
        cost += seat["hiring_cost"] if opens < weeks else 0.0
        for c, cohort in enumerate(plan.cohorts.values()):
            taught = seat["trainee"] >> c & 1 and cohort.start_week < weeks
            cost += cohort.cost_per_seat if taught else 0.0
        if plan.attrition and plan.attrition.refill:
            cost += math.ceil(there) * plan.attrition.hiring_cost
    return float(cost)


def _most_pay(plan, seat):
    """The most an hour of whoever holds a seat costs [money]: pay is linear between levels."""
    if seat["pay"] >= 0:
        return seat["pay"]
    pay = plan.money.cost_per_hour(("engineer", "adjacent")[seat["role"]]) or {}
    used = max(1, len(plan.domains))
    low, high = (seat[end][:used].mean() for end in ("level_low", "level_high"))
    steps = [pay.get(level, 0.0) for level in curves.LEVELS]
    between = [steps[at - 1] for at in range(math.ceil(low), math.floor(high) + 1)]
    return max(*_at((low, high), steps), *between, 0.0)


def _at(levels, steps):
    """Pay at levels [1 to 5], by that at whole ones."""
    found = []
    for level in levels:
        i = min(int(level) - 1, 3)
        found.append(steps[i] + (level - 1 - i) * (steps[i + 1] - steps[i]))
    return found


def _most_tool(plan, seat, opens, ends):
    """What the tools of a seat cost from the week it opens until another [money]."""
    a_week = 12 / state.WEEKS_PER_YEAR
    first = plan.money.tool_per_person_month if plan.tool.kind != "none" else 0.0
    due = [(0.0, first)]
    for c, row in enumerate(plan.rollout):
        own = row.cost_per_person_month
        cost = plan.money.tool_per_person_month if own is None else own
        begins = seat["rollout_from"][c] / state.HOURS_PER_WEEK
        due.append((begins, cost if row.kind != "none" else 0.0))
    due = sorted(begin for begin in due if begin[0] < math.inf)
    stops = [begins for begins, _ in due[1:]] + [math.inf]
    return sum(
        max(0.0, min(stop, ends) - max(begins, opens)) * cost * a_week
        for (begins, cost), stop in zip(due, stops, strict=True)
    )
