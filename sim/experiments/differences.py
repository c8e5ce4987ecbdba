"""One row of a comparison, from the values of two plans that met the same draws and luck."""

import math

from sim.analysis import paired
from sim.engine import metrics


def measured(name):
    """The metric whose values tell of a metric: what is extra is so of what it is extra to."""
    return metrics.BY_NAME[name].compared or name


def row_of(name, reference, plan, uncertain=True, groups=None):
    """How a plan differs from a reference in a metric: dict of `paired.COLUMNS`.

    reference, plan : (draws, luck), values of `measured(name)`, in its unit
    groups : int (draws,), draws that share a row of the posterior, or None
    """
    metric = metrics.BY_NAME[name]
    kind = {"never": metric.never, "event": metric.event, "groups": groups}
    found = paired.compare(reference, plan, metric.better, uncertain, **kind)
    if metric.compared:  # the reference has none over itself
        found |= {"reference_mean": 0.0, "plan_mean": found["mean"]}
        found |= dict.fromkeys(("percent", "percent_low", "percent_high"), math.nan)
    return found
