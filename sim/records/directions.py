"""Which way is better, for each metric and weekly flow: read from their rows in the engine."""

from sim.engine import metrics

DIRECTIONS = {flow.name: flow.better for flow in metrics.WEEKLY} | {
    metric.name: metric.better for metric in metrics.METRICS
}

# Metrics that are undefined because it did not happen within the horizon: later than any week.
NEVER = frozenset(metric.name for metric in metrics.METRICS if metric.never)
