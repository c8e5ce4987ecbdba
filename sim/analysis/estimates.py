"""Estimates and their intervals from a two-way design: draws x luck.

Value y[i, k] belongs to draw i (one set of uncertain parameters) and luck k (one
world under it). The variance between draws is ignorance, the variance within a
draw is chance, and the two are kept apart: see DESIGN.md section 5 for what each
column is for.
"""

from typing import NamedTuple

import numpy as np

from sim.analysis import clusters, scatter, shapes

COLUMNS = (
    "mean", "ci_low", "ci_high", "p10", "p50", "p90",
    "chance_share", "chance_low", "chance_high", "mc_error", "undefined",
)  # fmt: skip
Z = 1.959963984540054  # 97.5% point of the standard normal
SHARES = 20  # values of the chance share that an expectation is averaged over
DIFFER = 3  # as many again, one in so many, for which draws are known to differ
UNBOUNDED, SHARE = (-np.inf, np.inf), (0.0, 1.0)  # least and greatest of an output
HALVINGS = 36  # of the range of draw means, to find an end of an interval
UNDEFINED = 0.05  # share of worlds without a value above which no interval is given
EVENT, NEVER = "event", "never"  # kinds of output that have an estimate of their own


class Split(NamedTuple):
    """One-way analysis of variance of y (draws, luck), of which values may be undefined (NaN).

    mean     grand mean
    means    (draws,), mean of each draw over its luck
    between  variance between draws, chance taken out; not below 0
    within   variance within a draw, by chance; NaN with one luck a draw
    ratio    mean square between over mean square within; NaN with one luck a draw
    tails    how widely the logarithm of that ratio scatters, see `scatter`
    """

    mean: float
    means: np.ndarray
    between: float
    within: float
    ratio: float
    tails: scatter.Scatter


def split(y):
    """Split the variance of y (draws, luck) into ignorance and chance.

    Of values that may be undefined (NaN), with one at least in each draw.
    """
    if np.isnan(y).any():
        return _split_unequal(y)
    draws, luck = y.shape
    means = y.mean(axis=1)
    mean = float(means.mean())
    between_square = luck * means.var(ddof=1) if draws > 1 else 0.0
    if luck < 2:
        between = float(means.var(ddof=1)) if draws > 1 else 0.0
        return Split(mean, means, between, np.nan, np.nan, scatter.NORMAL)
    variances = y.var(axis=1, ddof=1)
    within = float(variances.mean())
    ratio = between_square / within if within > 0 else np.inf
    between = max(0.0, (between_square - within) / luck)
    return Split(mean, means, between, within, ratio, scatter.of_ratio(means, variances, luck))


def _split_unequal(y):
    """As `split`, of draws that have values in unequal numbers of worlds.

    The analysis of variance of unequal groups: mean squares weigh each draw by its worlds, and
    the luck of a draw is `worlds_a_draw`.
    """
    count = (~np.isnan(y)).sum(axis=1)
    means = np.nanmean(y, axis=1)
    draws, worlds, luck = len(y), count.sum(), worlds_a_draw(y)
    mean = float((count * means).sum() / worlds)
    between_square = float((count * (means - mean) ** 2).sum() / (draws - 1))
    if worlds == draws:
        return Split(mean, means, between_square, np.nan, np.nan, scatter.NORMAL)
    squares = np.nansum((y - means[:, None]) ** 2, axis=1)
    within = float(squares.sum() / (worlds - draws))
    variances = np.where(count > 1, squares / np.maximum(count - 1, 1), within)
    ratio = between_square / within if within > 0 else np.inf
    between = max(0.0, (between_square - within) / luck)
    return Split(mean, means, between, within, ratio, scatter.of_ratio(means, variances, luck))


def worlds_a_draw(y):
    """Worlds of a draw that have a value, of y (draws, luck): luck, unless some have none.

    Of unequal numbers n_i, N in all, that of the analysis of variance:
    (N - sum n_i^2 / N) / (k - 1).
    """
    count = (~np.isnan(y)).sum(axis=1)
    if len(y) < 2 or (count == y.shape[1]).all():
        return y.shape[1]
    return float((count.sum() - (count**2).sum() / count.sum()) / (len(y) - 1))


def shrunk(parts, luck):
    """Draw means (draws,), shrunk for the chance left in them.

    Draw means scatter more than expectations do. They are shrunk to the grand mean
    so that their variance is that between draws alone.
    """
    if np.isnan(parts.within):  # one luck a draw: nothing to take out, so too wide rather than not
        return parts.means
    total = parts.between + parts.within / luck
    shrink = np.sqrt(parts.between / total) if total > 0 else 0.0
    return parts.mean + shrink * (parts.means - parts.mean)


def shrinkage(parts, draws, luck, differ=False):
    """Factors (SHARES,) by which draw means are shrunk, equally likely.

    differ : whether draws are known to differ, so that no factor is 0

    One for each of SHARES values of the share of chance: its exact distribution given
    normal values, from the ratio of mean squares, widened by the excess of others (`scatter`). One
    factor, 1, with one luck a draw.
    """
    if np.isnan(parts.ratio):
        return np.ones(1)
    from scipy.special import fdtr, fdtri  # late: slow to import

    points = (np.arange(SHARES) + 0.5) / SHARES
    if differ and np.isfinite(parts.ratio) and parts.ratio > 0:
        points *= fdtr(draws - 1, draws * (luck - 1), parts.ratio ** (1 / parts.tails.excess))
    with np.errstate(divide="ignore"):
        chances = fdtri(draws - 1, draws * (luck - 1), points) ** parts.tails.excess
        left = 1 - chances / np.float64(parts.ratio)
    return np.sqrt(np.maximum(0.0, left))


def expected(y):
    """Expectations (SHARES, draws) of y (draws, luck), chance taken out: see `shrinkage`."""
    parts = split(y)
    shrink = shrinkage(parts, *y.shape)
    return parts.mean + shrink[:, None] * (parts.means - parts.mean)


def expected_interval(y, error=None, bounds=UNBOUNDED):
    """95% interval of the expected output over what is not known, of y (draws, luck).

    error  : numerical error of the mean, by `clusters.mean_error` of independent draws if None
    bounds : least and greatest the output can be; the interval stays between them. Outputs that
        cannot be below zero, but for shares, are shrunk as `shapes` says.

    The 2.5% and 97.5% points of draw means shrunk to the grand mean, averaged over the
    `factors` there may be, with the numerical error of the mean added in quadrature.
    The share of chance is not known well where most is chance: one best guess of it gave
    intervals that covered 78% at 94% chance. Points are at k/(n + 1) for the k-th of n draws,
    so that a new draw falls outside 5% of the time; with fewer than 39 draws they
    are the least and the greatest.
    """
    parts = split(y)
    error = Z * (clusters.mean_error(parts.means) if error is None else error)
    from_zero = bounds[0] == 0 and tuple(bounds) != SHARE
    luck = worlds_a_draw(y)
    if from_zero:
        shrink = shrinkage(parts, len(y), luck, differ=True)
        low, high = shapes.interval(parts.means, parts.mean, shrink, error)
        return _inside(low, high, bounds)
    low, high = ends(parts, factors(parts, len(y), luck))
    return _inside(parts.mean - np.hypot(low, error), parts.mean + np.hypot(high, error), bounds)


def factors(parts, draws, luck):
    """Factors by which draw means are shrunk where draws may differ or not, equally likely.

    A quarter of them take it that draws differ. Without those the interval held 93 of 100 at 84%
    luck, of normal values too: one design in ten of 100 draws x 2 shows no difference there. With
    those alone it holds 95 there, but over 99 at 99% luck.
    """
    known = shrinkage(parts, draws, luck, differ=True)
    return np.concatenate((shrinkage(parts, draws, luck), known[DIFFER // 2 :: DIFFER]))


def ends(parts, shrink):
    """Offsets from the mean of the 2.5% and 97.5% points of draw means shrunk by each factor."""
    off = np.sort(parts.means) - parts.mean
    low, high = _point(off, shrink, 0.025), -_point(-off[::-1], shrink, 0.025)
    return min(0.0, low), max(0.0, high)


def _inside(low, high, bounds):
    """An interval moved inside what is possible."""
    return float(max(low, bounds[0])), float(min(high, bounds[1]))


def _point(off, shrink, share):
    """Where the mixture of off (n,), in order, times each of shrink reaches a share below."""
    below = np.arange(1, len(off) + 1) / (len(off) + 1)
    factors = np.maximum(shrink, 1e-12)  # shrunk to nothing is as good as to next to nothing
    low, high = off[0], off[-1]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        chances = np.interp(middle / factors, off, below, left=0.0, right=1.0)
        reached = chances.sum() / len(factors) >= share
        low, high = (low, middle) if reached else (middle, high)
    return high


def chance(parts, draws, luck):
    """Share of the variance that is luck, with its 95% interval.

    From the interval of the ratio of mean squares: `scatter.interval`.
    """
    rounding = (1e-12 * abs(parts.mean)) ** 2
    if np.isnan(parts.ratio) or parts.within + parts.between <= rounding:
        return np.nan, np.nan, np.nan
    low, high = scatter.interval(parts.ratio, parts.tails, draws, luck)
    share = (min(1.0, max(0.0, luck / (ratio + luck - 1))) for ratio in (parts.ratio, high, low))
    return tuple(share)


def estimate(y, uncertain=True, kind="", groups=None, bounds=UNBOUNDED):
    """One row of the summary (COLUMNS) for values y (draws, luck).

    kind   : EVENT, NEVER or "", which says what an undefined value (NaN) means
    groups : int (draws,), draws that share a row of the posterior, see `clusters`
    bounds : least and greatest the output can be; no interval leaves them

    Of an output that may be undefined the estimate is of the worlds in which it has a value, of
    each draw as many as there are; `undefined` counts the others. No interval is given where they
    are more than 5%: what is estimated is then of some worlds alone.
    """
    if kind == EVENT:
        return event(y, groups)
    if kind == NEVER and np.isnan(y).any():
        return later(y)
    undefined, worlds = int(np.isnan(y).sum()), y.size
    kept = ~np.isnan(y).all(axis=1)
    y, groups = y[kept], None if groups is None else groups[kept]
    if len(y) < 2:
        return (*(np.nan,) * 10, undefined)
    there = y[~np.isnan(y)]
    # At k/(n + 1) for the k-th of n: a new world falls below p10 one time in ten.
    quantiles = np.quantile(there, [0.1, 0.5, 0.9], method="weibull")
    told = undefined <= UNDEFINED * worlds
    if not uncertain:  # one set of parameters: all that differs is luck
        mean, error = float(there.mean()), clusters.mean_error(there)
        ends = _inside(mean - Z * error, mean + Z * error, bounds) if told else (np.nan,) * 2
        return (mean, *ends, *quantiles, 1.0, 1.0, 1.0, error, undefined)
    parts = split(y)
    error = clusters.mean_error(parts.means, groups, (~np.isnan(y)).sum(axis=1))
    interval = expected_interval(y, error, bounds) if told else (np.nan,) * 2
    shares = chance(parts, len(y), worlds_a_draw(y))
    return (parts.mean, *interval, *quantiles, *shares, error, undefined)


def event(y, groups=None):
    """One row of the summary for an event, y (draws, luck) 1 where it holds and 0 where not.

    The mean is its probability over what is not known and chance, the interval the error of so
    many worlds, clustered by draw or by `groups` of them (`probability`): no spread over draws,
    since one will happen. NaN throughout where the event has no value.
    """
    undefined = int(np.isnan(y).sum())
    if undefined or len(y) < 2:
        return (*(np.nan,) * 10, undefined)
    error = clusters.mean_error(y.mean(axis=1), groups)
    return (*probability(y, groups=groups)[:3], *(np.nan,) * 6, error, 0)


def later(y):
    """One row of the summary for when something happened, y (draws, luck), NaN where it did not.

    Quantiles count that as later than any week, infinite; there is no mean of those alone in
    which it happened. NaN throughout where it never did.
    """
    undefined = int(np.isnan(y).sum())
    quantiles = np.full(3, np.nan)
    if undefined < y.size:  # no interpolation: half way to never is nowhere
        whole = np.where(np.isnan(y), np.inf, y)
        quantiles = np.quantile(whole, [0.1, 0.5, 0.9], method="inverted_cdf")
    return (*(np.nan,) * 3, *quantiles, *(np.nan,) * 4, undefined)


def summarise(values, names, units, uncertain=True, kinds=None, groups=None, bounds=None):
    """Summary table of values (draws, luck, metrics), one row a metric.

    kinds  : dict, name -> kind of output, where it is one, as `estimate` takes it
    groups : int (draws,), draws that share a row of the posterior
    bounds : dict, name -> least and greatest it can be, for outputs that have them
    """
    import pandas as pd  # late: slow to import

    kinds, bounds = kinds or {}, bounds or {}
    rows = [
        estimate(
            values[:, :, m], uncertain, kinds.get(name, ""), groups, bounds.get(name, UNBOUNDED)
        )
        for m, name in enumerate(names)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS, index=pd.Index(names, name="metric"))
    table.insert(0, "unit", [units[name] for name in names])
    return table


class Probability(NamedTuple):
    """The probability of an event, over chance and what is not known together.

    value      share of worlds in which it holds
    low, high  95% interval of that share, for the number of draws alone
    undefined  worlds in which the metric is not defined; they count as not holding
    """

    value: float
    low: float
    high: float
    undefined: int


def probability(holds, undefined=0, groups=None):
    """Probability from holds (draws, luck) of booleans, clustered by draw, or by `groups` of them.

    The interval is Wilson's with the number of worlds that independent ones
    would need for the same standard error, at least the number of draws. Values may
    be between false and true, as halves of ties are.
    """
    draws = len(holds)
    means = holds.mean(axis=1)
    p = float(means.mean())
    error, least = 0.0, draws
    if draws > 1:
        sums, sizes = clusters.sums_of(means - p, groups)
        error, least = clusters.standard_error(sums, sizes), len(sums)
    n = p * (1 - p) / error**2 if error > 0 else least
    spread = holds.var()  # of whole worlds p (1 - p), less where there are ties
    n = min(max(n, least), holds.size * p * (1 - p) / spread if spread > 0 else holds.size)
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return Probability(p, float(max(0.0, centre - half)), float(min(1.0, centre + half)), undefined)
