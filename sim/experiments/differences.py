"""One row of a comparison, from the values of two plans that met the same draws and luck."""

import math

import numpy as np

from sim.analysis import paired
from sim.engine import metrics

NONE = (  # columns of a difference, which are 0 of a plan to itself
    "mean", "ci_low", "ci_high", "p10", "p50", "p90", "percent", "percent_low", "percent_high",
    "mc_error",
)  # fmt: skip


def measured(name):
    """The metric whose values tell of a metric: what is extra is so of what it is extra to."""
    return metrics.BY_NAME[name].compared or name


def row_of(name, reference, plan, uncertain=True, groups=None, is_itself=None):
    """How a plan differs from a reference in a metric: dict of `paired.COLUMNS`.

    reference, plan : (draws, luck), values of `measured(name)`, in its unit
    groups : int (draws,), draws that share a row of the posterior, or None
    is_itself : function without arguments, whether the plan is the reference; it is asked where
        their worlds are alike. Then the difference is none, without an interval.
    """
    metric = metrics.BY_NAME[name]
    kind = {"never": metric.never, "event": metric.event, "groups": groups}
    found = paired.compare(reference, plan, metric.better, uncertain, **kind)
    if metric.compared:  # the reference has none over itself
        found |= {"reference_mean": 0.0, "plan_mean": found["mean"]}
        found |= dict.fromkeys(("percent", "percent_low", "percent_high"), math.nan)
    if is_itself is not None and _are_alike(reference, plan) and is_itself():
        found |= {column: 0.0 for column in NONE if not math.isnan(found[column])}
    return found


def _are_alike(reference, plan):
    return np.array_equal(reference, plan, equal_nan=True)
