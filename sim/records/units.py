"""Units of the metrics as a plan states them: amounts of money in its own currency."""

from sim.engine import metrics


def units(plan):
    """Unit of every metric: name -> text, with the plan's currency where it states one."""
    currency = plan.money.currency if plan.money else metrics.MONEY
    return {name: unit.replace(metrics.MONEY, currency) for name, unit in metrics.UNITS.items()}
