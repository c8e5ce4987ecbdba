"""Variance-based indices that chance does not inflate, with their intervals.

With f(x) the expected output, luck averaged out, V its variance over the factors:

    S_i = Cov(f(B), f(AB_i) - f(A)) / V          alone
    T_i = mean (f(AB_i) - f(A))² / (2 V)         with all its interactions

The means over R replicates still hold chance. A square of a mean exceeds the square of the
expectation by s²/R, a product by the covariance over R: both are taken off, which leaves the mean
of products of *different* replicates. So neither V nor S_i nor T_i is inflated by luck, common or
not. Resampling is over whole blocks, as matrix products.

Source: Saltelli et al. 2010 for the estimators; the correction is arithmetic, see above.
"""

from dataclasses import dataclass

import numpy as np

Z = 1.959963984540054  # 97.5% point of the standard normal
RESAMPLES = 1000
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
    drawn           (resamples, 3 + 2k): mean, variance, chance, first, total of each resample
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
    drawn: np.ndarray


def estimate(moments, key, resamples=RESAMPLES):
    """Indices of one output (`Moments.of`), every block finite.

    key : int >= 0, names the resampling
    """
    table = terms(moments)
    n, k = len(table), moments.factors
    point = ratios(table.mean(axis=0)[None], k)[0]
    drawn = resampled(table, k, key, resamples)
    low, high = np.quantile(drawn[:, 3:], [0.025, 0.975], axis=0)
    known = is_known(drawn[:, 1])
    spread = point[1] if known else np.nan
    if not known:
        low, high = np.full(2 * k, np.nan), np.full(2 * k, np.nan)
        point = np.r_[point[:3], np.full(2 * k, np.nan)]
    return Indices(
        point[3 : 3 + k], point[3 + k :], point[1], point[2], point[0] + centre(moments),
        low[:k], high[:k], low[k:], high[k:], noise_floor(moments, spread, n), drawn,
    )  # fmt: skip


def is_known(variance):
    """Whether resamples of V leave it above zero, so that dividing by it makes sense."""
    return bool(np.quantile(variance, 0.025) > 0)


def centre(moments):
    """Mean over all rows; products are taken around it, which steadies the estimates."""
    return float(moments.means.mean())


def terms(moments):
    """What each block adds to the means that the estimates are made of: (blocks, 3 + 2k).

    Columns: mean of A and B, their mean square free of chance, variance over luck, then for each
    factor the product of B with AB_i - A, and half the square of AB_i - A, both free of chance.
    """
    m, luck = moments.means - centre(moments), moments.luck
    ends, apart = m[:, [0, -1]], m[:, 1:-1] - m[:, :1]
    return np.column_stack(
        (
            ends.mean(axis=1),
            (ends**2 - moments.within / luck).mean(axis=1),
            moments.within.mean(axis=1),
            m[:, -1:] * apart - moments.shared / luck,
            (apart**2 - moments.apart / luck) / 2,
        )
    )


def ratios(means, k):
    """Mean, V, chance and indices from means of terms (n, 3 + 2k); V in place of the square."""
    out = means.copy()
    out[:, 1] = means[:, 1] - means[:, 0] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        out[:, 3:] = means[:, 3:] / out[:, 1:2]
    return out


def resampled(table, k, key, resamples):
    """`ratios` of resampled blocks (resamples, 3 + 2k)."""
    rng = np.random.default_rng(key)
    parts = []
    for start in range(0, resamples, PART):
        places = rng.integers(len(table), size=(len(table), min(PART, resamples - start)))
        parts.append(ratios(weights(places) @ table, k))
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
