"""Plans against one of them, metric by metric: the table that several studies are made of."""

import numpy as np
import pandas as pd

from sim.analysis import estimates, paired
from sim.engine import metrics
from sim.experiments.decide.analysis import values_of
from sim.records.words import DIRECTIONS, signed

COLUMNS = (
    "plan", "metric", "mean", "low", "high", "difference", "difference_low", "difference_high",
    "percent", "percent_low", "percent_high", "p_better", "undefined",
)  # fmt: skip


def values(named, names, seed, draws, luck, threads, progress):
    """Metrics of plans on the same draws and luck: (plans, draws, luck, metrics).

    named : dict, label -> Scenario; equal plans run once
    names : sequence of metrics
    """
    once = {plan.sha256: plan for plan in named.values()}
    y = values_of(once, seed, draws, luck, threads, progress)
    keys = list(once)
    places = [keys.index(plan.sha256) for plan in named.values()]
    return y[places][..., [metrics.NAMES.index(name) for name in names]]


def against(labels, names, y, reference=0):
    """Each plan and its difference to the reference: DataFrame COLUMNS, a row a plan and metric.

    y : (plans, draws, luck, metrics)

    `low`, `high` and those of the difference are 95% intervals of the expectation; `percent` is
    the difference relative to the reference, with its own; `p_better` is the probability, over
    what is not known, that the plan is expected to be better.
    """
    rows = [
        _row(label, name, y[reference, ..., m], y[place, ..., m])
        for place, label in enumerate(labels)
        for m, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(label, name, a, b):
    mean, low, high = estimates.estimate(b)[:3]
    found = paired.compare(a, b, DIRECTIONS[name])
    return (
        label, name, mean, low, high, found["mean"], found["ci_low"], found["ci_high"],
        found["percent"], found["percent_low"], found["percent_high"],
        found["p_better_expected"], found["undefined"],
    )  # fmt: skip


def difference(row):
    """Difference of a row and both ends of its interval, as text with signs."""
    return signed(row["difference"], row["difference_low"], row["difference_high"])


def of(table, label, metric):
    """The row of a plan and metric."""
    return table[(table["plan"] == label) & (table["metric"] == metric)].iloc[0]


def crossings(at, means):
    """Where a line through means (n,) at places `at` (n,) changes sign; [] where it never does."""
    found = []
    for i in range(len(means) - 1):
        before, after = means[i], means[i + 1]
        if before * after < 0:
            found.append(float(at[i] + (at[i + 1] - at[i]) * before / (before - after)))
    return found


def first_crossing(at, means, key, resamples=1000):
    """The first change of sign of expected gains, as a dict; NaN where there is none.

    at : (n,), places
    means : (n, draws), gain in each draw at each place
    returns : `at`; `low`, `high`, 95% numerical, over resampled draws that cross; `crossings`;
        `p_crosses`, the share of resamples that do
    """
    rng = np.random.default_rng(key)
    draws = means.shape[1]
    drawn = [
        crossings(at, means[:, rng.integers(draws, size=draws)].mean(axis=1))
        for _ in range(resamples)
    ]
    first = [one[0] for one in drawn if one]
    here = crossings(at, means.mean(axis=1))
    low, high = np.quantile(first, [0.025, 0.975]) if here and first else (np.nan, np.nan)
    return {
        "at": here[0] if here else np.nan, "low": low, "high": high, "crossings": len(here),
        "p_crosses": len(first) / resamples,
    }  # fmt: skip
