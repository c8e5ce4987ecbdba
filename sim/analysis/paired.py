"""What can be said of two plans that met the same draws and the same luck.

Pure functions over arrays: a is the reference, b the plan, both (draws, luck) of one
metric, world (i, k) of one paired with world (i, k) of the other; paths have weeks as
a last axis. Nothing here knows of scenarios.
"""

import numpy as np

from sim.analysis import best, clusters, estimates, ratios

ROUNDING = 1e-12  # a difference below this share of its terms is floating-point noise
COLUMNS = (
    "reference_mean", "plan_mean", "mean", "ci_low", "ci_high", "p10", "p50", "p90",
    "chance_share", "chance_low", "chance_high", "percent", "percent_low", "percent_high",
    "p_better_expected", "p_better_expected_low", "p_better_expected_high",
    "p_better_world", "p_better_world_low", "p_better_world_high",
    "variance_saved", "mc_error", "undefined",
)  # fmt: skip
UNKNOWN = (np.nan,) * 3


def difference(a, b):
    """b - a, and exactly 0 where the two differ by rounding only."""
    with np.errstate(invalid="ignore"):  # never - never: undefined
        d = np.subtract(b, a, dtype=float)
        d[np.abs(d) < ROUNDING * (np.abs(a) + np.abs(b))] = 0.0  # "<": never less a week is not 0
    return d


def estimate(d, uncertain=True, groups=None):
    """`estimates.COLUMNS` of a difference d (draws, luck), as a dict, as for a run.

    A difference of exactly nothing has no share of chance.
    """
    row = estimates.estimate(d, uncertain, groups=groups)
    row = dict(zip(estimates.COLUMNS, row, strict=True))
    if not np.nan_to_num(d).any():
        row["chance_share"] = row["chance_low"] = row["chance_high"] = np.nan
    return row


def compare(a, b, direction, uncertain=True, never=False, event=False, groups=None):
    """One row of a comparison (COLUMNS) as a dict.

    direction : 1 if higher is better, -1 if lower is, 0 if neither
    never : whether an undefined value means that it never happened, later than any other
    event : whether values are 1 where something happened and 0 where not
    groups : int (draws,), draws that share a row of the posterior, see `clusters`

    The difference is of the worlds in which both plans have a value; `undefined` counts the others.
    Where they are more than 5% no interval is given. Of what never happened in some world there is
    no mean; of an event the row is `event_difference`.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    missing = np.isnan(a) | np.isnan(b)
    row = dict.fromkeys(COLUMNS, np.nan) | {"undefined": int(missing.sum())}
    if event:
        return row | ({} if missing.any() else event_difference(a, b, groups))
    if missing.all(axis=1).sum() <= len(a) - 2 and not (never and missing.any()):
        row |= _defined(a, b, missing, direction, uncertain, groups)
    if direction and never and not (np.isnan(a) & np.isnan(b)).all():
        a, b = (np.where(np.isnan(v), np.inf, v) for v in (a, b))
        row |= _named("p_better_world", better_world(direction * difference(a, b), groups))
    return row


def _defined(a, b, missing, direction, uncertain, groups):
    """The columns of a comparison for the worlds that are not `missing`."""
    d = np.where(missing, np.nan, difference(a, b))
    row = {name: v for name, v in estimate(d, uncertain, groups).items() if name in COLUMNS}
    row |= {"reference_mean": float(a[~missing].mean()), "plan_mean": float(b[~missing].mean())}
    whole = ~missing.any(axis=1)
    a, b, d = a[whole], b[whole], d[whole]
    groups = None if groups is None else groups[whole]
    if missing.sum() > estimates.UNDEFINED * missing.size or len(d) < 2:
        return row
    row |= _named("percent", relative(a, b, uncertain, groups))
    if direction:
        row |= _named("p_better_world", better_world(direction * d, groups))
        if uncertain and d.shape[1] > 1:  # else there is no expectation to tell from chance
            row |= _named("p_better_expected", best.better(direction * d, groups))
    return row | {"variance_saved": variance_saved(a, b, uncertain)}


def event_difference(a, b, groups=None):
    """Columns of a comparison for an event: the paired difference of its probabilities.

    a, b : (draws, luck), 1 where it happened and 0 where not
    groups : int (draws,), draws that share a row of the posterior

    The interval is Tango's score interval for matched pairs (1998), with the number of worlds that
    independent ones would need for the same standard error, as for `estimates.probability`; so it
    has a width where no world differs, and holds where few do. It is the error of so many worlds,
    and no spread over what is not known.
    """
    d = b - a
    means, mean = d.mean(axis=1), float(d.mean())
    sums, sizes = clusters.sums_of(means - mean, groups)
    error = clusters.standard_error(sums, sizes)
    n = float(d.var()) / error**2 if error > 0 else len(sums)
    n = min(max(n, len(sums)), d.size)
    gained, lost = n * float((d > 0).mean()), n * float((d < 0).mean())
    return {
        "reference_mean": float(a.mean()), "plan_mean": float(b.mean()), "mean": mean,
        "ci_low": _score_end(n, gained, lost, 1), "ci_high": _score_end(n, gained, lost, -1),
        "mc_error": clusters.mean_error(means, groups),
    }  # fmt: skip


def _score_end(n, gained, lost, side):
    """End of the score interval of a paired difference: the lower of side 1, the upper of -1.

    n : pairs, of which `gained` and `lost` differ; not whole where worlds share draws
    """
    low, high = -1.0, 1.0
    for _ in range(estimates.HALVINGS):
        middle = (low + high) / 2
        # Probability of `lost` that is likeliest where the difference is `middle`.
        b = -gained - lost + (2 * n - gained + lost) * middle
        root = np.sqrt(max(0.0, b * b + 8 * n * lost * middle * (1 - middle)))
        variance = n * (2 * (root - b) / (4 * n) + middle * (1 - middle))
        off = gained - lost - n * middle
        bound = side * estimates.Z * np.sqrt(max(variance, 0.0))
        too_low = off > bound or (off == bound and side < 0)
        low, high = (middle, high) if too_low else (low, middle)
    return high if side > 0 else low


def _named(name, found):
    return dict(zip((name, f"{name}_low", f"{name}_high"), map(float, found), strict=True))


def step(d):
    """1 where d is above zero, 0 where below, 1/2 where it is zero or neither ever happens."""
    return np.where(d > 0, 1.0, np.where(d < 0, 0.0, 0.5))


def better_world(gain, groups=None):
    """Share of worlds in which the gain (draws, luck) is above zero, and its 95% interval.

    Ties count half. The interval is Wilson's, clustered by draw (`estimates.probability`).
    """
    return estimates.probability(step(gain), groups=groups)[:3]


def relative(a, b, uncertain=True, groups=None):
    """Relative difference of the means [%] and its 95% interval; undefined unless all a are > 0.

    groups : int (draws,), draws that share a row of the posterior

    The difference is that of the means over all worlds, sums over sums. The interval is,
    over what is not known, that of a new draw's own E[b] / E[a] - 1 (`ratios.interval`): the size
    of the output, which varies between draws, cancels. With one set of parameters it is the error
    of the one ratio; so is it a line in b - r a where b can be below zero.
    """
    if not uncertain:  # one set of parameters: all worlds are of one draw
        a, b = a.reshape(1, -1), b.reshape(1, -1)
    base = a.mean(axis=1, keepdims=True)
    if not (base > 0).all():
        return UNKNOWN
    percent = 100 * (b.mean() / a.mean() - 1)
    if uncertain and (b.mean(axis=1) >= 0).all():
        low, high = ratios.interval(a, b, groups)
        return percent, 100 * (low - 1), 100 * (high - 1)
    ratio = b.mean(axis=1, keepdims=True) / base
    row = estimate(ratio - 1 + difference(ratio * a, b) / base, uncertain, groups)
    return percent, 100 * row["ci_low"], 100 * row["ci_high"]


def variance_saved(a, b, uncertain=True):
    """How many times the variance of the mean difference would be, without pairing.

    (Var A + Var B) / Var(B - A) over draw means (over worlds where all share one draw):
    the numerator is what independent draws and luck would give. Infinite where the two
    plans differ by a constant or not at all; undefined where neither varies.
    """
    d = difference(a, b)
    noise = (ROUNDING * (abs(a.mean()) + abs(b.mean()))) ** 2
    if uncertain:
        a, b, d = (values.mean(axis=1) for values in (a, b, d))
    apart, paired = a.var(ddof=1) + b.var(ddof=1), d.var(ddof=1)
    if apart <= noise:
        return np.nan
    return float(apart / paired) if paired > max(noise, ROUNDING * apart) else np.inf


def break_even(paths):
    """Break-even week of each path (..., weeks) of cumulative gains; weeks count from 1.

    The earliest week from whose end to the horizon the gain is never below zero: inf where
    it is below at the horizon, NaN where it is zero in every week (no difference).
    """
    behind = paths < 0
    weeks = paths.shape[-1]
    last = weeks - np.argmax(behind[..., ::-1], axis=-1)  # the last week behind
    week = np.where(behind.any(axis=-1), last + 1.0, 1.0)
    week = np.where(behind[..., -1], np.inf, week)
    return np.where((paths == 0).all(axis=-1), np.nan, week)


def last_judged(weeks):
    """The last of so many weeks by whose end it can be told who is ahead for good: int.

    An eighth of the weeks must follow. Later "for good" means little, and in the last week no more
    than "ahead", so a chance of it jumps there.
    """
    return weeks - max(1, weeks // 8) if weeks > 1 else weeks


def ahead(paths, groups=None):
    """Chance to be ahead, and stay ahead up to the horizon, by each week: (3, weeks).

    paths : (draws, luck, weeks), cumulative gains of single worlds
    groups : int (draws,), draws that share a row of the posterior
    returns : the share of worlds, and both ends of its 95% interval (`estimates.probability`)

    Worlds without any difference are neither ahead nor behind: each counts half, so the chance is
    a half when as many of those that differ are ahead for good as are not. A share of worlds is
    unbiased for any number of draws and lucks, which a break-even of estimated expectations is
    not: the noise left in an estimated path puts its last crossing too late.
    """
    by_week = np.moveaxis(ahead_for_good(paths), -1, 0)
    return np.array([estimates.probability(holds, groups=groups)[:3] for holds in by_week]).T


def ahead_for_good(paths):
    """Whether a world is ahead, and stays so, by each week: 1 or 0, a half without any difference.

    paths : (..., weeks), cumulative gains of single worlds; so is what is returned
    """
    week = break_even(paths)[..., None]
    return np.where(np.isnan(week), 0.5, week <= np.arange(1, paths.shape[-1] + 1))


def break_even_week(paths, groups=None):
    """The week of break-even, from paths (draws, luck, weeks) of cumulative gains, as a dict.

    `week`, the first by which the chance to be ahead, and to stay so, is half or more, worlds
    without any difference counting half (`ahead`); infinite where it is not within the horizon;
    `week_low`, `week_high` its 95% interval, the weeks by which the interval of that chance
    reaches a half. `p10`, `p90`: where the week falls in 8 of 10 single worlds. `never`, the share
    of worlds behind at the horizon, `never_low`, `never_high` (95%); `same`, the share of worlds
    without any difference, in all of which the week is NaN.
    """
    week = break_even(paths)
    spread = distribution(week, groups)
    row = {name: spread[name] for name in ("p10", "p90", "never", "never_low", "never_high")}
    if spread["same"] == 1:
        return dict.fromkeys(("week", "week_low", "week_high"), np.nan) | row | {"same": 1.0}
    share, low, high = ahead(paths, groups)
    # Ahead soonest where the chance is highest: its upper end gives the lower week.
    weeks = (_first(chance >= 0.5) for chance in (share, high, low))
    named = zip(("week", "week_low", "week_high"), weeks, strict=True)
    return dict(named) | row | {"same": spread["same"]}


def _first(holds):
    """Number, from 1, of the first week in which something holds; infinite where it never does."""
    return float(np.argmax(holds) + 1) if holds.any() else np.inf


def distribution(week, groups=None):
    """p10, p50, p90, never (with 95% interval) and same, of break-even weeks (draws, luck).

    Quantiles are of the worlds that differ, "never" as infinity; `never` and `same` (no
    difference in any week) are shares of all.
    """
    same = np.isnan(week)
    quantiles = UNKNOWN
    if not same.all():  # no interpolation: half way to never is nowhere
        quantiles = np.quantile(week[~same], [0.1, 0.5, 0.9], method="inverted_cdf")
    never = estimates.probability(np.isinf(week), groups=groups)
    return {
        **dict(zip(("p10", "p50", "p90"), map(float, quantiles), strict=True)),
        "never": never.value,
        "never_low": never.low,
        "never_high": never.high,
        "same": float(same.mean()),
    }


# ---- which of several points is best in one world: in expectation, see `best` --------------------


def best_world(gain):
    """Shares (points, draws, luck): 1 where a point is best in a world, ties share it.

    gain : (points, draws, luck), more is better
    """
    top = gain == gain.max(axis=0)
    return top / top.sum(axis=0)


def chances(shares):
    """Probability and 95% interval for each point, from shares (points, draws[, luck]).

    Wilson's, clustered by draw; draws resolve 1/draws at best.
    """
    cubes = shares.reshape(*shares.shape[:2], -1)
    return np.array([estimates.probability(cube)[:3] for cube in cubes])
