"""The sentences of a sweep: which point is best, whether that can be told, what it costs more."""

import numpy as np
import pandas as pd

from sim.analysis import estimates, paired
from sim.engine import metrics
from sim.errors import ScenarioError
from sim.experiments import terms
from sim.experiments.sweep import as_written
from sim.records import words
from sim.records.words import DIRECTIONS, by_when, capital, signed

COST, EXTRA = "cost_to_horizon", "extra_cost"
TERMS, CLOSE, CLEAR = "on other terms", "too close to call", "clear"
FREE = ", without the price of a seat: state training.cost_per_seat"
ERRORS = 2  # Monte Carlo standard errors below which a lead is too close to call


# ---- how points stand to each other --------------------------------------------------------------


def other_terms(sweep, metric):
    """Factors that vary what is asked, assumed or paid, on which a metric depends."""
    return terms.of_paths(sweep.factors, metric)


def standing(sweep, metric):
    """Whether the first point is the best: TERMS where none can be, CLOSE to the next, or CLEAR."""
    if other_terms(sweep, metric):
        return TERMS
    table = sweep.best(metric)
    if len(table) < 2 or table["mean"].iloc[:2].isna().any():
        return CLEAR
    values, numbers = sweep.values(metric), list(sweep.asked[0])
    first, second = (values[numbers.index(point)] for point in table["point"].iloc[:2])
    of = metrics.BY_NAME[metric]
    row = paired.compare(second, first, 1, sweep.uncertain, of.never, of.event)
    if of.event:
        return CLOSE if row["ci_low"] <= 0.0 <= row["ci_high"] else CLEAR
    return CLOSE if abs(row["mean"]) <= ERRORS * row["mc_error"] else CLEAR


def extra_costs(sweep):
    """Cost over that of the plan as written: DataFrame by point, or None.

    `mean`, `low`, `high` (95%); None where no money is counted, or all points cost alike, unless
    that is for want of a price.
    """
    values = sweep.values(COST)
    there = ~np.isnan(values).any(axis=(1, 2))
    if not there.any():
        return None
    extra = sweep.over_reference(values)[there]
    if not extra.any() and not as_written.seats_without_price(sweep):
        return None
    rows = [estimates.estimate(one, sweep.uncertain)[:3] for one in extra]
    points = pd.Index(np.array(sweep.asked[0])[there], name="point")
    return pd.DataFrame(rows, columns=("mean", "low", "high"), index=points)


# ---- in words ------------------------------------------------------------------------------------


def in_words(sweep, metric, point=None):
    """A metric in words, a deadline with its week: that of a point, where points have their own.

    point : number of the point it is told of; None for all of them
    """
    if metric == EXTRA:
        return f"extra cost over {sweep.reference}"
    if metric != "done_by":
        return f"mean {words.label(metric)}"
    if point is None and set(sweep.factors) & set(terms.OF_DEADLINE):
        return "chance to be done by each point's own deadline"
    try:
        plan = sweep.scenario if point is None else sweep.scenario_of(point)
    except ScenarioError:
        plan = sweep.scenario
    when = "by the deadline" if plan.by_week is None else by_when(plan)
    return f"chance to be done {when}"


def sentences(sweep, metric):
    """How many points there are; which is best by a metric, and how sure that is."""
    numbers, draws, luck = sweep.asked
    first = f"{len(numbers)} points of {', '.join(sweep.factors)}, {draws} draws x {luck} luck."
    table = sweep.best(metric)
    if not len(table) or np.isnan(table["mean"].iloc[0]):
        return [first]
    return [first, f"{_best(sweep, metric, table)}{_extra(sweep, metric, table)}."]


def reservation(sweep, metric):
    """Why the first point is not called the best, to end a title; nothing where it is."""
    how = standing(sweep, metric)
    if how == TERMS:
        return f"; points are not on the same terms ({', '.join(other_terms(sweep, metric))})"
    return f", {CLOSE}" if how == CLOSE else ""


def _best(sweep, metric, table):
    """The first point, as far as it is shown to be the best, without a dot."""
    row, how = table.iloc[0], standing(sweep, metric)
    way = "highest" if DIRECTIONS[metric] > 0 else "lowest"
    what = in_words(sweep, metric, int(row["point"]))
    at = _point(sweep, metric, row)
    if how == TERMS:
        varied = ", ".join(other_terms(sweep, metric))
        none = f"Points are not on the same terms ({varied}), so none is best"
        return f"{none}; {way} {what}: {at}"
    if how == CLOSE:
        second = _point(sweep, metric, table.iloc[1])
        return f"{capital(way)} {what}, too close to call between so few worlds: {at}, and {second}"
    odds = chance(row, "p_best_expected")
    tail = "" if odds == "-" else f"; it is the best in expectation with probability {odds}"
    return f"Best {what}: {at}{tail}"


def _point(sweep, metric, row):
    """A point with its values and its metric."""
    values = ", ".join(f"{path} {value(row[path])}" for path in sweep.factors)
    size, span = told(metric, row)
    return f"point {int(row['point'])} ({values}), {size} (95% interval {span})"


def _extra(sweep, metric, table):
    """What the first point costs more than the plan as written; of that itself, the next."""
    costs = None if metrics.UNITS[metric].startswith(metrics.MONEY) else extra_costs(sweep)
    if costs is None:
        return ""
    own = sweep.reference_point
    point = next((n for n in table["point"] if n != own and n in costs.index), None)
    if point is None:
        return ""
    size, low, high = signed(*costs.loc[point])
    range_ = "" if low == size == high else f" ({low} to {high})"
    other = ", not at the same prices" if other_terms(sweep, EXTRA) else ""
    unit = sweep.unit(COST)
    free = FREE if as_written.seats_without_price(sweep) else ""
    over = sweep.reference
    return f"; extra cost of point {point} over {over} {size} {unit}{range_}{other}{free}"


def value(stated):
    """A value of a factor, short."""
    return f"{stated:.6g}" if isinstance(stated, float) else str(stated)


def told(metric, row):
    """A mean and its interval as two texts, shares in percent."""
    scale, sign = (100, "%") if metrics.UNITS[metric] == "share" else (1, "")
    numbers = (scale * row[column] for column in ("mean", "ci_low", "ci_high"))
    size, span = words.estimate(*numbers)
    return f"{size}{sign if size != '-' else ''}", f"{span}{sign if span != '-' else ''}"


def chance(row, name):
    """A probability with its interval, in percent."""
    if np.isnan(row[name]):
        return "-"
    return f"{row[name]:.0%} ({row[f'{name}_low']:.0%} to {row[f'{name}_high']:.0%})"


# ---- the table -----------------------------------------------------------------------------------


def columns(sweep, metric):
    """Head of the table of points, and what gives a row of it from a row of `best`."""
    money = metrics.UNITS[metric].startswith(metrics.MONEY)
    costs = None if money else extra_costs(sweep)
    head = ["point", *sweep.factors, "mean", "95% interval", "best expected", "best in a world"]
    ranked = standing(sweep, metric) != TERMS
    if costs is not None:
        head.append(f"extra cost over {sweep.reference} [{sweep.unit(COST)}]")

    def cells(row):
        odds = [chance(row, f"p_best_{of}") if ranked else "-" for of in ("expected", "world")]
        point = int(row["point"])
        own = (point, *(value(row[path]) for path in sweep.factors), *told(metric, row), *odds)
        return own if costs is None else (*own, _cost(costs, point))

    return tuple(head), cells


def _cost(costs, point):
    if point not in costs.index:
        return "-"
    size, low, high = signed(*costs.loc[point])
    return size if low == size == high else f"{size} ({low} to {high})"
