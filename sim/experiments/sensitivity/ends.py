"""What an output changes from the low to the high end of each factor: the table of a tornado."""

import numpy as np
import pandas as pd

from sim.analysis import ends, moments
from sim.engine import luck
from sim.experiments.sensitivity.factors import COMPOSITION
from sim.records.words import number, percent, unit_of_factor

COLUMNS = (
    "metric", "factor", "kind", "low_end", "high_end", "at_low", "at_high",
    "change", "change_low", "change_high",
)  # fmt: skip
NUMBER, CHOICE, TOGETHER = "number", "choice", "together"
UNTOLD = ("logit", "ln", "factor", "exponent")  # units in which an end says nothing to a planner


def table(analysis, metric):
    """One row a factor: DataFrame of COLUMNS, the largest change first; empty without indices.

    `at_low` and `at_high` are the expected output at the ends, in its unit: of a number at its
    10% and 90% points, of choices at the one with the least and the most; of a factor taken
    together, where 8 of 10 of its values put it. `change` has a 95% interval.
    """
    found = analysis.found(metric)
    if found is None or np.isnan(found.total).any():
        return pd.DataFrame(columns=COLUMNS)
    place = analysis.metrics.index(metric)
    keep = np.flatnonzero(analysis.moments.finite[:, place])
    means = analysis.moments.means[keep, :, place]
    key = luck.key_of(analysis.provenance["seed"])
    count = sum(factor.columns for factor in analysis.factors)
    u = [end[keep] for end in moments.points(count, 0, analysis.blocks, key)]
    middle, start, rows = float(means[:, [0, -1]].mean()), 0, []
    for i, factor in enumerate(analysis.factors):
        mine = [end[:, start : start + factor.columns] for end in u]
        start += factor.columns
        variance = found.variance * found.first[i], found.drawn[:, 1] * found.drawn[:, 3 + i]
        kind, made = _ends(factor, mine, means[:, 1 + i] - means[:, 0], variance, key)
        at = [middle + each for each in made.at]
        told = _words(factor, kind, made.places)
        rows.append((metric, factor.name, kind, *told, *at, made.change, made.low, made.high))
    made = pd.DataFrame(rows, columns=COLUMNS)
    order = made["change"].abs().sort_values(ascending=False, kind="stable").index
    made = made.loc[order].reset_index(drop=True)
    made.attrs["average"] = middle
    return made


def _ends(factor, u, change, variance, key):
    """Kind of a factor, and its `analysis.ends.Ends`."""
    one = factor.inputs[0]
    alone = len(factor.inputs) == 1 and one.columns == 1
    if alone and one.choices and one.name != COMPOSITION:
        places = np.stack([one.place(end) for end in u], axis=1)
        return CHOICE, ends.of_choices(places, len(one.choices), change, key)
    if alone and one.belief is not None:
        return NUMBER, ends.of_number(np.hstack(u), change, key)
    return TOGETHER, ends.of_variance(*variance)


def _words(factor, kind, places):
    """The two ends of a factor in words; "" where words say nothing."""
    one = factor.inputs[0]
    if kind == CHOICE:
        return [str(next(iter(one.choices[int(place)].values()))) for place in places]
    if kind == TOGETHER:
        return ["", ""]
    unit = unit_of_factor(one.name) or unit_of_factor(f"world.{one.name}")
    if unit.startswith(UNTOLD):
        return ["low", "high"]
    values = one.belief.quantile(np.array(places))
    if unit.startswith("share"):
        told, unit = [percent(value) for value in values], unit.removeprefix("share").strip()
    else:
        told = [number(value) for value in values]
    return [told[0], f"{told[1]} {unit}".strip()]
