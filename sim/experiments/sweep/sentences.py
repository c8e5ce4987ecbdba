"""The sentences of a sweep: which point is best, whether that can be told, what it costs more."""

import numpy as np
import pandas as pd

from sim.analysis import estimates, paired
from sim.engine import metrics
from sim.errors import ScenarioError
from sim.experiments import terms
from sim.experiments.sweep import as_written, differences
from sim.records import words
from sim.records.factors import factor
from sim.records.words import DIRECTIONS, by_when, capital, more_draws, signed

COST, EXTRA = "cost_to_horizon", "extra_cost"
TERMS, CLOSE, CLEAR = "on other terms", "too close to call", "clear"
FREE = ", without the price of a seat: state training.cost_per_seat"
DIFFERENCE = (
    "difference", "its 95% interval", "better expected", "better in a world", "verdict",
)  # fmt: skip
ERRORS = 2  # Monte Carlo standard errors below which a lead is too close to call


# ---- how points stand to each other --------------------------------------------------------------


def other_terms(sweep, metric):
    """Factors that vary what is asked, assumed or paid, on which a metric depends."""
    return terms.of_paths(sweep.factors, metric)


def standing(sweep, metric, table=None):
    """Whether the first point is the best: TERMS where none can be, CLOSE to the next, or CLEAR.

    table : `sweep.best(metric)`, where it is known
    """
    if other_terms(sweep, metric):
        return TERMS
    table = sweep.best(metric) if table is None else table
    return CLOSE if _is_close(_lead(sweep, metric, table), metric) else CLEAR


def near(sweep, metric):
    """Numbers of the points too close to call with the first, by so many worlds: frozenset.

    None where neither more nor less is better, or points are not on the same terms.
    """
    kept = sweep.__dict__.setdefault("_near_best", {})
    if metric not in kept:
        kept[metric] = frozenset(_near(sweep, metric))
    return kept[metric]


def _near(sweep, metric):
    if not DIRECTIONS[metric] or other_terms(sweep, metric):
        return
    table = sweep.best(metric)
    table = table[table["mean"].notna()]
    first, *others = _values_of(sweep, metric, table["point"])
    for point, other in zip(table["point"].iloc[1:], others, strict=True):
        if _is_close(_against_first(sweep, metric, first, other), metric):
            yield int(point)


def _is_close(row, metric):
    """Whether a row of `paired.compare` is too close to call; None, of nothing, is not."""
    if row is None:
        return False
    if metrics.BY_NAME[metric].event:
        return bool(row["ci_low"] <= 0.0 <= row["ci_high"])
    return bool(abs(row["mean"]) <= ERRORS * row["mc_error"])


def _lead(sweep, metric, table):
    """The first point against the second, a row of `paired.compare`; None where there is none."""
    if len(table) < 2 or table["mean"].iloc[:2].isna().any():
        return None
    first, second = _values_of(sweep, metric, table["point"].iloc[:2])
    return _against_first(sweep, metric, first, second)


def _values_of(sweep, metric, points):
    """Values (draws, luck) of a metric at some points: array."""
    numbers = list(sweep.asked[0])
    return sweep.values(metric)[[numbers.index(point) for point in points]]


def _against_first(sweep, metric, first, other):
    of = metrics.BY_NAME[metric]
    return paired.compare(other, first, 1, sweep.uncertain, of.never, of.event)


def extra_costs(sweep):
    """Cost over that of the plan as written: DataFrame by point, or None.

    `mean`, `low`, `high` (95%), `mc_error`; None where no money is counted, or all points cost
    alike, unless that is for want of a price.
    """
    values = sweep.values(COST)
    there = ~np.isnan(values).any(axis=(1, 2))
    if not there.any():
        return None
    extra = sweep.over_reference(values)[there]
    if not extra.any() and not as_written.seats_without_price(sweep):
        return None
    rows = [_extra_cost(estimates.estimate(one, sweep.uncertain)) for one in extra]
    points = pd.Index(np.array(sweep.asked[0])[there], name="point")
    return pd.DataFrame(rows, columns=("mean", "low", "high", "mc_error"), index=points)


def _extra_cost(row):
    """Mean, both ends of its interval and simulation error of an estimate."""
    named = dict(zip(estimates.COLUMNS, row, strict=True))
    return [named[column] for column in ("mean", "ci_low", "ci_high", "mc_error")]


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
    varied = "; ".join(map(factor, sweep.factors))
    first = f"{len(numbers)} points of {varied}: {draws} draws x {luck} luck."
    table = sweep.best(metric)
    if not len(table) or np.isnan(table["mean"].iloc[0]):
        return [first]
    return [first, *filter(None, (answer(sweep, metric, table), odds(sweep, metric, table)))]


# ---- the lines of the first screen ---------------------------------------------------------------


def answer(sweep, metric, table):
    """The first point, as far as it is shown to be the best, and what it costs more."""
    if not len(table) or np.isnan(table["mean"].iloc[0]):
        return f"No point has a value of {words.label(metric)}."
    if sweep.against is None:
        return f"{_best(sweep, metric, table)}{_extra(sweep, metric, table)}."
    row = table.iloc[0]
    point = differences.PointComparison(sweep, int(row["point"]), _values(sweep)(row))
    return f"{_best(sweep, metric, table)}. {differences.answer(point, metric)}"


def odds(sweep, metric, table):
    """How many points beat the reference, and how probably the first is the best of all.

    Nothing where there is no reference, and where that cannot be told.
    """
    if not len(table):
        return ""
    told = _against(sweep, metric, table) if sweep.against is not None else ""
    return " ".join(filter(None, (told, _odds(sweep, metric, table))))


def _against(sweep, metric, table):
    """How many points beat the reference; which gains most of them, where the first does not."""
    told = differences.counts(sweep, metric)
    shown = table[table["verdict"] == differences.BETTER]
    if not len(shown) or table["verdict"].iloc[0] == differences.BETTER:
        return told
    return f"{told} {differences.headline(sweep, metric, shown, _values(sweep))}."


def _values(sweep):
    """What says the values of a row of `Sweep.best`, with the number of its point."""

    def of(row):
        values = ", ".join(f"{factor(path)} {value(row[path])}" for path in sweep.factors)
        return f"point {int(row['point'])} ({values})"

    return of


def _odds(sweep, metric, table):
    """How probably the first point is the best of all; nothing where that cannot be told."""
    if not len(table) or standing(sweep, metric, table) == TERMS:
        return ""
    row = table.iloc[0]
    each = {"in expectation": "p_best_expected", "in a single world": "p_best_world"}
    if metrics.BY_NAME[metric].event:  # no chance of a chance
        del each["in expectation"]
    told = [f"{where} {chance(row, of)}" for where, of in each.items() if not np.isnan(row[of])]
    if not told:
        return ""
    best = f"Point {int(row['point'])} is the best of {len(table)} with probability"
    return f"{best}: {', '.join(told)}."


def worlds(sweep, metric, table):
    """Where single worlds of the first point fall; nothing where they are yes or no.

    Nor against a reference, where its difference says that.
    """
    if not len(table) or sweep.against is not None or metrics.BY_NAME[metric].event:
        return ""
    every = sweep.summary(metric)
    row = every[every["point"] == table["point"].iloc[0]].iloc[0]
    if np.isnan(row["p10"]):
        return ""
    scale, sign = (100, "%") if row["unit"] == "share" else (1, f" {sweep.unit(metric)}")
    error = words.error_told(row["mc_error"], row["unit"])
    low, high = words.rounded(scale * row["p10"], scale * row["p90"], error=error)
    return f"Point {int(row['point'])}: in 8 of 10 single worlds {low} to {high}{sign}."


def narrow(sweep, metric, table):
    """What would settle which point is the best."""
    how = standing(sweep, metric, table)
    if how == TERMS:
        return "Points that are asked the same: what is asked differs here, so no more draws help."
    if how == CLEAR:
        return "Your own record: tiercurve learn; what is luck stays."
    row = _lead(sweep, metric, table)
    return f"More draws: {more_draws(sweep.asked[1], row['mean'], row['mc_error'])} settle it."


def reservation(sweep, metric):
    """Why the first point is not called the best, to end a title; nothing where it is."""
    how = standing(sweep, metric)
    if how == TERMS:
        return f"; points are not on the same terms ({_varied(sweep, metric)})"
    if how != CLOSE:
        return ""
    others = len(near(sweep, metric))
    return f", {CLOSE} with {others} other{'s' if others > 1 else ''}"


def _varied(sweep, metric):
    """Factors that vary what is asked, assumed or paid, in words."""
    return ", ".join(map(factor, other_terms(sweep, metric)))


def _best(sweep, metric, table):
    """The first point, as far as it is shown to be the best, without a dot."""
    row, how = table.iloc[0], standing(sweep, metric, table)
    way = "highest" if DIRECTIONS[metric] > 0 else "lowest"
    what = in_words(sweep, metric, int(row["point"]))
    at = _point(sweep, metric, row)
    if how == TERMS:
        none = f"Points are not on the same terms ({_varied(sweep, metric)}), so none is best"
        return f"{none}; {way} {what}: {at}"
    if how == CLOSE:
        second = _point(sweep, metric, table.iloc[1])
        return f"{capital(way)} {what}, too close to call between so few worlds: {at}, and {second}"
    return f"Best {what}: {at}"


def _point(sweep, metric, row):
    """A point with its values and its metric."""
    size, span = told(metric, row)
    return f"{_values(sweep)(row)}, {size} (95% interval {span})"


def _extra(sweep, metric, table):
    """What the first point costs more than the plan as written; of that itself, the next."""
    costs = None if metrics.UNITS[metric].startswith(metrics.MONEY) else extra_costs(sweep)
    if costs is None:
        return ""
    own = sweep.reference_point
    point = next((n for n in table["point"] if n != own and n in costs.index), None)
    if point is None:
        return ""
    *numbers, error = costs.loc[point]
    size, low, high = signed(*numbers, error=error)
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
    error = words.error_told(row["mc_error"], metrics.UNITS[metric])
    size, span = words.estimate(*numbers, error=error)
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
    chances = {"best expected": "p_best_expected", "best in a world": "p_best_world"}
    paired_ = () if sweep.against is None else DIFFERENCE
    head = ["point", *map(factor, sweep.factors), "mean", "95% interval", *paired_, *chances]
    ranked = standing(sweep, metric) != TERMS
    if costs is not None:
        head.append(f"extra cost over {sweep.reference} [{sweep.unit(COST)}]")

    def cells(row):
        odds_ = [chance(row, of) if ranked else "-" for of in chances.values()]
        point = int(row["point"])
        held = differences.cells(sweep, metric, point) if paired_ else ()
        held = (*held, row["verdict"]) if paired_ else ()
        own = (point, *(value(row[path]) for path in sweep.factors), *told(metric, row))
        own = (*own, *held, *odds_)
        return own if costs is None else (*own, cost(costs, point))

    return tuple(head), cells


def cost(costs, point):
    """What a point costs more than the first, in words; costs : `extra_costs`."""
    if point not in costs.index:
        return "-"
    *numbers, error = costs.loc[point]
    size, low, high = signed(*numbers, error=error)
    return size if low == size == high else f"{size} ({low} to {high})"
