"""Estimates and their intervals from a two-way design: draws x luck.

Value y[i, k] belongs to draw i (one set of uncertain parameters) and luck k (one
world under it). The variance between draws is ignorance, the variance within a
draw is chance, and the two are kept apart: see DESIGN.md section 5 for what each
column is for.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis import shapes

COLUMNS = (
    "mean", "ci_low", "ci_high", "p10", "p50", "p90",
    "chance_share", "chance_low", "chance_high", "mc_error", "undefined",
)  # fmt: skip
Z = 1.959963984540054  # 97.5% point of the standard normal
SHARES = 20  # values of the chance share that an expectation is averaged over
UNBOUNDED, SHARE = (-np.inf, np.inf), (0.0, 1.0)
HALVINGS = 36  # of the range of draw means, to find an end of an interval


class Split(NamedTuple):
    """One-way analysis of variance of y (draws, luck).

    mean     grand mean
    means    (draws,), mean of each draw over its luck
    between  variance between draws, chance taken out; not below 0
    within   variance within a draw, by chance; NaN with one luck a draw
    ratio    mean square between over mean square within; NaN with one luck a draw
    excess   spread of the logarithm of that ratio over what normal values have; at least 1
    """

    mean: float
    means: np.ndarray
    between: float
    within: float
    ratio: float
    excess: float


def split(y):
    """Split the variance of y (draws, luck) into ignorance and chance."""
    draws, luck = y.shape
    means = y.mean(axis=1)
    mean = float(means.mean())
    between_square = luck * means.var(ddof=1) if draws > 1 else 0.0
    if luck < 2:
        between = float(means.var(ddof=1)) if draws > 1 else 0.0
        return Split(mean, means, between, np.nan, np.nan, np.nan)
    variances = y.var(axis=1, ddof=1)
    within = float(variances.mean())
    ratio = between_square / within if within > 0 else np.inf
    between = max(0.0, (between_square - within) / luck)
    return Split(mean, means, between, within, ratio, _excess(means, variances, luck))


def _excess(means, variances, luck):
    """Standard deviation of the log ratio of mean squares over that of normal values, or 1.

    means, variances : (draws,), of each draw over its luck

    By the jackknife: the ratio is found again without each draw. Few outputs are normal: counts,
    ratios and waits have tails, and their scatter grows with their size; intervals that took
    them for normal held the true share of chance 82 to 92 times in 100 instead of 95.
    """
    draws = len(means)
    if draws < 3:
        return 1.0
    off = means - means.mean()
    squares = (off**2).sum() - off**2 * draws / (draws - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(squares) - np.log(variances.sum() - variances)
    if not np.isfinite(logs).all():  # all the scatter is that of one draw
        return 1.0
    found = np.sqrt((draws - 1) / draws * ((logs - logs.mean()) ** 2).sum())
    return max(1.0, float(found / np.sqrt(2 / (draws - 1) + 2 / (draws * (luck - 1)))))


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
    normal values, from the ratio of mean squares, widened by the `excess` of others. One
    factor, 1, with one luck a draw.
    """
    if np.isnan(parts.ratio):
        return np.ones(1)
    from scipy.special import fdtr, fdtri  # late: slow to import

    points = (np.arange(SHARES) + 0.5) / SHARES
    if differ and np.isfinite(parts.ratio) and parts.ratio > 0:
        points *= fdtr(draws - 1, draws * (luck - 1), parts.ratio ** (1 / parts.excess))
    with np.errstate(divide="ignore"):
        scatter = fdtri(draws - 1, draws * (luck - 1), points) ** parts.excess
        left = 1 - scatter / np.float64(parts.ratio)
    return np.sqrt(np.maximum(0.0, left))


def expected(y):
    """Expectations (SHARES, draws) of y (draws, luck), chance taken out: see `shrinkage`."""
    parts = split(y)
    shrink = shrinkage(parts, *y.shape)
    return parts.mean + shrink[:, None] * (parts.means - parts.mean)


def expected_interval(y, bounds=UNBOUNDED):
    """95% interval of the expected output over what is not known, of y (draws, luck).

    bounds : least and greatest the output can be; the interval stays between them. Outputs that
        cannot be below zero, but for shares, are shrunk as `shapes` says.

    The 2.5% and 97.5% points of draw means shrunk to the grand mean, averaged over the
    `shrinkage` there may be, with the numerical error of the mean added in quadrature.
    The share of chance is not known well where most is chance: one best guess of it gave
    intervals that covered 78% at 94% chance. With two lucks a draw they are still a little
    short there, 92 to 94% (docs/validation). Points are at k/(n + 1) for the k-th of n draws,
    so that a new draw falls outside 5% of the time; with fewer than 39 draws they
    are the least and the greatest.
    """
    parts = split(y)
    off = np.sort(parts.means) - parts.mean
    shrink = shrinkage(parts, *y.shape)
    error = Z * parts.means.std(ddof=1) / np.sqrt(len(y))
    if bounds[0] == 0 and tuple(bounds) != SHARE:
        draws, luck = y.shape
        shrink = shrinkage(parts, draws, luck, differ=True)
        low, high = shapes.interval(parts.means, shrink, error)
        return _inside(low, high, bounds)
    low = _point(off, shrink, 0.025)
    high = -_point(-off[::-1], shrink, 0.025)
    low, high = np.hypot(min(0.0, low), error), np.hypot(max(0.0, high), error)
    return _inside(parts.mean - low, parts.mean + high, bounds)


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
        reached = np.interp(middle / factors, off, below, left=0.0, right=1.0).mean() >= share
        low, high = (low, middle) if reached else (middle, high)
    return high


def chance(parts, draws, luck):
    """Share of the variance that is luck, with its 95% interval.

    Exact for normal values, and widened by the `excess` of others.
    """
    rounding = (1e-12 * abs(parts.mean)) ** 2
    if np.isnan(parts.ratio) or parts.within + parts.between <= rounding:
        return np.nan, np.nan, np.nan
    from scipy.special import fdtri  # late: slow to import

    freedom = (draws - 1, draws * (luck - 1))
    high, low = (parts.ratio / fdtri(*freedom, p) ** parts.excess for p in (0.975, 0.025))
    share = (min(1.0, max(0.0, luck / (ratio + luck - 1))) for ratio in (parts.ratio, low, high))
    return tuple(share)


def estimate(y, uncertain=True, bounds=UNBOUNDED):
    """One row of the summary (COLUMNS) for values y (draws, luck).

    bounds : least and greatest the output can be

    A draw with an undefined value (NaN) among its luck is left out whole, so that the
    design stays balanced; `undefined` counts the undefined values.
    """
    undefined = int(np.isnan(y).sum())
    y = y[~np.isnan(y).any(axis=1)]
    draws, luck = y.shape
    if draws < 2:
        return (*(np.nan,) * 10, undefined)
    # At k/(n + 1) for the k-th of n: a new world falls below p10 one time in ten.
    quantiles = np.quantile(y, [0.1, 0.5, 0.9], method="weibull")
    if not uncertain:  # one set of parameters: all that differs is luck
        mean, error = float(y.mean()), float(y.std(ddof=1) / np.sqrt(y.size))
        low, high = _inside(mean - Z * error, mean + Z * error, bounds)
        return (mean, low, high, *quantiles, 1.0, 1.0, 1.0, error, undefined)
    parts = split(y)
    error = float(parts.means.std(ddof=1) / np.sqrt(draws))
    interval = expected_interval(y, bounds)
    return (parts.mean, *interval, *quantiles, *chance(parts, draws, luck), error, undefined)


def summarise(values, names, units, uncertain=True, bounds=None):
    """Summary table of values (draws, luck, metrics), one row a metric.

    bounds : name -> least and greatest, for metrics that have them
    """
    bounds = bounds or {}
    rows = [
        estimate(values[:, :, m], uncertain, bounds.get(name, UNBOUNDED))
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


def probability(holds, undefined=0):
    """Probability from holds (draws, luck) of booleans, clustered by draw.

    The interval is Wilson's with the number of worlds that independent ones
    would need for the same standard error, at least the number of draws. Values may
    be between false and true, as halves of ties are.
    """
    draws = len(holds)
    means = holds.mean(axis=1)
    p = float(means.mean())
    error = means.std(ddof=1) / np.sqrt(draws) if draws > 1 else 0.0
    n = p * (1 - p) / error**2 if error > 0 else draws
    spread = holds.var()  # of whole worlds p (1 - p), less where there are ties
    n = min(max(n, draws), holds.size * p * (1 - p) / spread if spread > 0 else holds.size)
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return Probability(p, float(max(0.0, centre - half)), float(min(1.0, centre + half)), undefined)
