"""What a metric can be in a plan, which no interval of it leaves, and its estimate inside that."""

from sim.analysis import estimates
from sim.engine import metrics


def limits(plan, name):
    """Least and greatest a metric can be in a plan, in its unit."""
    people = plan.headcount + sum(row.count for row in plan.joiners)
    tickets = plan.tasks.backlog or 0
    return metrics.BY_NAME[name].bounds(people, plan.horizon.weeks, tickets, plan.up_to_week)


def estimate(plan, name, y, uncertain=True, groups=None):
    """`estimates.COLUMNS` of worlds y (draws, luck) of a metric of a plan, by its kind and limits.

    groups : int (draws,), draws that share a row of the posterior
    """
    kind = metrics.KINDS.get(name, "")
    return estimates.estimate(y, uncertain, kind, groups, limits(plan, name))
