"""Variance-based indices that chance does not inflate, with their intervals.

With f(x) the expected output, luck averaged out, V its variance over the factors:

    S_i = Cov(f(B), f(AB_i) - f(A)) / V - b c_i  alone
    T_i = mean (f(AB_i) - f(A))² / (2 V)         with all its interactions
    S_ij = mean (f(BA_i) f(AB_j) - f(A) f(B)) / V - S_i - S_j   of a pair, beyond each alone

The means over R replicates still hold chance. A square of a mean exceeds the square of the
expectation by s²/R, a product by the covariance over R: both are taken off, which leaves the mean
of products of *different* replicates. So neither V nor S_i nor T_i is inflated by luck, common or
not. Resampling is over whole blocks, as matrix products.

c_i are three means that are zero in expectation: of f(A) f(B), and of f(AB_i)² less f(A)² and
less f(B)². The weights b are those of a regression over the blocks, so that what these means happen
to be is taken out of S_i. Janon's and Monod's estimator is best where a factor does most; where it
does little its error is up to ten times Saltelli's (benchmarks/rankings.py). S_i is never above
T_i, nor is an end of its interval: the smaller of the two counts (of the smaller in each resample
the interval of a small S_i held 78 to 88 of 100). Records of earlier versions lack what c_i takes,
and do without.

What factors do alone is the sum of S_i as estimated, all of V at most, in the estimate as in the
resamples; none of them is cut at its T_i: a sum of the smaller of the two is too low (by 0.24 of 1
in a sum of 8 factors and 32 blocks), and lay below the interval of what was not cut.

Source: Saltelli et al. 2010 for S_i without c_i, Saltelli 2002 for pairs, Jansen 1999 for T_i,
Janon, Klein, Lagnoux, Nodet and Prieur 2014 for the estimator compared; the corrections are
arithmetic.
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis.moments import pairs

Z = 1.959963984540054  # 97.5% point of the standard normal
RESAMPLES = 1000
FEW = 10  # over the number of blocks: how much resamples of few blocks are too narrow
PART = 100  # resamples in memory at a time


@dataclass(frozen=True)
class Indices:
    """Estimates of one output from n blocks; k factors.

    first, total    (k,)
    variance        V, of the expected output over the factors
    chance          mean variance over luck
    mean            mean output
    first_low ...   (k,), 95% intervals from resampled blocks; NaN where V is not above zero
    floor           (k,), total below which a factor without any effect would stay in 95 of 100
    second ...      (pairs,) of `moments.pairs`, with 95% intervals; empty unless asked for
    split ...       (3,), shares of the variance of one world of factors alone, of interactions and
                    of chance, with 95% intervals
    drawn           (resamples, 3 + 2k + pairs): mean, variance, chance, first, total and second
                    order of each resample
    """

    first: np.ndarray
    total: np.ndarray
    variance: float
    chance: float
    mean: float
    first_low: np.ndarray
    first_high: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray
    floor: np.ndarray
    second: np.ndarray
    second_low: np.ndarray
    second_high: np.ndarray
    split: np.ndarray
    split_low: np.ndarray
    split_high: np.ndarray
    drawn: np.ndarray


def estimate(moments, key, resamples=RESAMPLES):
    """Indices of one output (`Moments.of`), every block finite.

    key : int >= 0, names the resampling
    """
    table = terms(moments)
    n, k = len(table), moments.factors
    plain = ratios(table.mean(axis=0)[None], k, moments.second)[0]
    b = _controlled(table, plain, k, moments.second)
    point = ratios(table.mean(axis=0)[None], k, moments.second, b)[0]
    drawn = resampled(table, k, moments.second, b, key, resamples)
    known = is_known(drawn[:, 1])
    table = _with_ends(point[3:], drawn[:, 3:], n)
    first, total, second = np.split(table if known else table * np.nan, [k, 2 * k], axis=1)
    first = np.fmin(first, total)
    split = _with_ends(_parts(point[None], k)[0], _parts(drawn, k), n).clip(0, 1)
    split[:, :2] *= 1 if known else np.nan
    return Indices(
        first=first[0], first_low=first[1], first_high=first[2],
        total=total[0], total_low=total[1], total_high=total[2],
        second=second[0], second_low=second[1], second_high=second[2],
        split=split[0], split_low=split[1], split_high=split[2],
        variance=point[1], chance=point[2], mean=point[0] + centre(moments),
        floor=noise_floor(moments, point[1] if known else np.nan, n), drawn=drawn,
    )  # fmt: skip


def _with_ends(point, drawn, n):
    """Estimates (c,) and the ends of their 95% intervals, from resamples (r, c): (3, c)."""
    ends = np.quantile(drawn, [0.025, 0.975], axis=0)
    return np.array([point, *(point + (1 + FEW / n) * (ends - point))])


def _parts(drawn, k):
    """Shares of factors alone, interactions and chance in the variance of one world: (n, 3).

    drawn : (n, 3 + 2k ...), as `ratios` gives it; an output that never varies has no shares: NaN
    """
    variance, chance = drawn[:, 1], drawn[:, 2]
    alone = np.clip(drawn[:, 3 : 3 + k].sum(axis=1), 0, 1) * variance
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.array([alone, variance - alone, chance]).T / (variance + chance)[:, None]


def is_known(variance):
    """Whether resamples of V leave it above zero, so that dividing by it makes sense."""
    return bool(np.quantile(variance, 0.025) > 0)


def centre(moments):
    """Mean over all rows; products are taken around it, which steadies the estimates."""
    return float(moments.means.mean())


def terms(moments):
    """The terms of each Saltelli block, whose means make the estimates: (blocks, columns).

    A and B are the two sampled rows of a block, AB_i is A with factor i taken from B, BA_i the
    reverse. Columns: mean of A and B; their mean square; the variance between worlds of one row;
    for each factor the product of B with AB_i - A, and half the square of AB_i - A; for each pair
    the product of BA_i with AB_j less that of A with B; and the three of `_controls`. What chance
    between worlds adds to a square or a product is taken out of each.
    """
    m, luck, k = moments.means - centre(moments), moments.luck, moments.factors
    ends, apart = m[:, [0, -1]], m[:, 1 : k + 1] - m[:, :1]
    return np.column_stack(
        (
            ends.mean(axis=1),
            (ends**2 - moments.within / luck).mean(axis=1),
            moments.within.mean(axis=1),
            m[:, -1:] * apart - moments.shared / luck,
            (apart**2 - moments.apart / luck) / 2,
            *([_crossed(m, k) - moments.crossed / luck] if moments.second else []),
            *([] if moments.paired is None else _controls(m, moments)),
        )
    )


def _controls(m, moments):
    """A times B, and AB_i squared less A squared and B squared: three arrays (blocks, k)."""
    luck, mixed = moments.luck, m[:, 1 : moments.factors + 1]
    ends = m[:, [0, -1]] ** 2 - moments.within / luck
    square = mixed**2 - moments.each / luck
    product = m[:, :1] * m[:, -1:] - (moments.paired - moments.shared) / luck
    return product, square - ends[:, :1], square - ends[:, 1:]


def _controlled(table, plain, k, second):
    """Weights (3, k) of the controls of each factor, by regression over the blocks."""
    base = _base(k, second)
    if table.shape[1] == base:
        return None
    square, v = table[:, 1], plain[1]
    b = np.zeros((3, k))
    for i in range(k):
        off = table[:, 3 + i] / v - plain[3 + i] * square / v
        controls = table[:, base + i :: k]
        centred = controls - controls.mean(axis=0)
        b[:, i] = np.linalg.lstsq(centred, off - off.mean(), rcond=None)[0]
    return b


def _base(k, second):
    """Columns of `terms` before the controls."""
    return 3 + 2 * k + (k * (k - 1) // 2 if second else 0)


def _crossed(m, k):
    """Products of pairs, from means m (blocks, 2k + 2): (blocks, pairs)."""
    first, other = pairs(k)
    return m[:, 1 + k + first] * m[:, 1 + other] - m[:, :1] * m[:, -1:]


def ratios(means, k, second=False, b=None):
    """Mean, V, chance and indices (n, 3 + 2k + pairs), from means of `terms` (n, columns).

    Indices are 0 where V is.

    b : (3, k), weights of the controls; without, first order is Saltelli's
    """
    base = _base(k, second)
    out = means[:, :base].copy()
    out[:, 1] = means[:, 1] - means[:, 0] ** 2
    varies = out[:, 1:2] != 0  # of blocks in which an output is always the same none has a share
    out[:, 3:] = np.divide(out[:, 3:], out[:, 1:2], where=varies, out=np.zeros_like(out[:, 3:]))
    if second:
        first, other = pairs(k)
        out[:, 3 + 2 * k :] -= out[:, 3 + first] + out[:, 3 + other]
    if b is not None:
        out[:, 3 : 3 + k] -= varies * (b * means[:, base:].reshape(-1, 3, k)).sum(axis=1)
    return out


def resampled(table, k, second, b, key, resamples):
    """`ratios` of resampled blocks (resamples, columns)."""
    rng = np.random.default_rng(key)
    parts = []
    for start in range(0, resamples, PART):
        places = rng.integers(len(table), size=(len(table), min(PART, resamples - start)))
        parts.append(ratios(weights(places) @ table, k, second, b))
    return np.concatenate(parts)


def weights(places):
    """Share of each block in each resample, from places (blocks, resamples) drawn."""
    blocks, count = places.shape
    flat = places + blocks * np.arange(count)
    return np.bincount(flat.ravel(), minlength=blocks * count).reshape(count, blocks) / blocks


def noise_floor(moments, variance, n):
    """95% point of the total of a factor without effect on the expected output (k,).

    If f(AB_i) = f(A), the mean of D² - s²/R has mean 0 and variance 2 σ⁴ / (R (R - 1)) a block,
    σ² being the variance of AB_i - A over luck; s⁴ exceeds σ⁴ by (R + 1) / (R - 1).
    """
    luck = moments.luck
    if luck < 2:
        return np.zeros(moments.factors)
    fourth = (moments.apart**2).mean(axis=0) * (luck - 1) / (luck + 1)
    return 1.6448536269514722 * np.sqrt(2 * fourth / (luck * (luck - 1) * n)) / (2 * variance)


def clear(table):
    """Which pairs of factors do more, or less, together than chance may make."""
    return (table["S2_low"] > 0) | (table["S2_high"] < 0)
