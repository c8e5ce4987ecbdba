"""What a metric can be in a plan, which no interval of it leaves."""

from sim.engine import metrics


def limits(plan, name):
    """Least and greatest a metric can be in a plan, in its unit."""
    people = plan.headcount + sum(row.count for row in plan.joiners)
    tickets = plan.tasks.backlog or 0
    return metrics.BY_NAME[name].bounds(people, plan.horizon.weeks, tickets, plan.up_to_week)
