"""Numerical errors of means whose draws share rows of a posterior.

A posterior is a finite number of rows. Draws that took the same row are not independent: their
mean has an error that falls with the number of rows, not with that of draws. Draws of one row are
a cluster here, and errors are those between clusters.
"""

from functools import lru_cache

import numpy as np

Z = 1.959963984540054  # 97.5% point of the standard normal
RESAMPLES = 999
FEWEST = 10  # clusters below which a resample tells nothing of the tails
WIDEST = 3.0  # times Student's points that those of a resample may be
ENOUGH, REACH = 50, 0.75  # clusters from which what is beyond Student's counts twice; its most
ROUNDING = 1e-9  # share of the squares below which a resample's are floating-point noise
MOST = 1000  # clusters that are resampled; beyond, the expansion is as good
KEPT = 4  # sets of weights in memory


def mean_error(means, groups=None, worlds=None):
    """Error such that the mean of `means` give or take 1.96 of it holds the truth 95 in 100 times.

    means   (draws,), independent but for their groups
    groups  int (draws,), which cluster each draw belongs to; each its own if None
    worlds  int (draws,), how many each is the mean of, by which it weighs; equally many if None

    Half the width of the symmetric bootstrap-t interval over clusters, by 1.96: from once to
    WIDEST times Student's, and Student's itself below FEWEST clusters. Two standard errors alone
    held 89 to 92 of 100 for few or skewed draws. Student's is exact for normal draws, however few,
    and holds 88 to 90 of 100 for exponential ones; resamples of four draws put the ends 2 to 100
    times as far out. Of what happens in a tenth of draws it takes 50 of them to hold 93.

    Draws that show little skew are those without the rare large ones, so resamples of them add too
    little: bootstrap-t alone held 92.5 to 93.3 of 100 for 100 lognormal draws of sigma 1. What they
    add to Student's counts twice from ENOUGH clusters on, less often below, up to REACH; then 94,
    and of normal draws still 95.

    Source: Hall 1988, "On symmetric bootstrap confidence intervals", JRSS B 50: the interval, and
    its expansion, used above MOST clusters.
    """
    sums, sizes = sums_of(means - np.average(means, weights=worlds), groups, worlds)
    error = standard_error(sums, sizes)
    return error * _points(sums, sizes) / Z if error > 0 else 0.0


def sums_of(off, groups, worlds=None):
    """Sums of deviations (draws,) and numbers of draws, of each group, in order of appearance.

    So what is resampled does not hang on what groups are called, nor on whether draws of their own
    are named at all.

    worlds  int (draws,), where they are unequal: sums and numbers are those of worlds then
    """
    weights = np.ones(len(off)) if worlds is None else worlds.astype(float)
    if groups is None:
        return weights * off, weights
    _, first, which = np.unique(groups, return_index=True, return_inverse=True)
    which = np.argsort(np.argsort(first))[which]
    return np.bincount(which, weights * off), np.bincount(which, weights)


def standard_error(sums, sizes):
    """Standard error of a mean from the sums of deviations of clusters; NaN for a single one."""
    count = len(sums)
    if count < 2:
        return np.nan
    return float(np.sqrt((sums**2).sum() * count / (count - 1)) / sizes.sum())


def _points(sums, sizes):
    """How many standard errors to either side hold 95 of 100."""
    from scipy.special import stdtrit  # late: slow to import

    count = len(sums)
    student = float(stdtrit(count - 1, 0.975))
    if count < FEWEST:
        return student
    found = _expansion(sums) if count > MOST else _of_resamples(sums, sizes)
    more = min((1 + min(1, count / ENOUGH) ** 2) * (found - student), REACH)
    return float(np.clip(max(found, student + more), student, WIDEST * student))


def _of_resamples(sums, sizes):
    """95% point of the size of t over resamples; those of equal clusters alone are beyond any."""
    count = len(sums)
    w = _weights(count)
    total = w @ sizes
    shift = (w @ sums) / total
    square = w @ sums**2 - 2 * shift * (w @ (sums * sizes)) + shift**2 * (w @ sizes**2)
    spread = square > ROUNDING * (sums**2).sum()
    t = np.full(len(w), np.inf)
    error = np.sqrt(square[spread] * count / (count - 1)) / total[spread]
    t[spread] = np.abs(shift[spread]) / error
    return np.quantile(t, 0.95, method="higher")


def _expansion(sums):
    """The point of `mean_error` to the second order, from skewness and excess of the sums."""
    z = (sums - sums.mean()) / sums.std()
    skew, excess = (z**3).mean(), (z**4).mean() - 3
    more = ((Z**2 + 3) / 4 + skew**2 / 18 * (Z**4 + 2 * Z**2 - 3) - excess / 12 * (Z**2 - 3)) / len(
        sums
    )
    return Z * (1 + more)


@lru_cache(KEPT)
def _weights(count):
    """How often each of `count` clusters is in each resample: (RESAMPLES, count)."""
    rng = np.random.default_rng(count)
    return rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(float)


def floor(means, groups, shares):
    """Standard error that no number of draws takes out: that of the rows there are.

    means   (draws,)
    groups  int (draws,)
    shares  (clusters of the posterior,), share of all draws that each would get

    The variance between clusters comes from how much more their sums scatter than those of
    independent draws would; it is known once most rows have been drawn twice.
    """
    sums, sizes = sums_of(means - means.mean(), groups)
    draws = sizes.sum()
    share = ((sizes / draws) ** 2).sum()
    if len(sums) < 2 or share <= 1 / draws:
        return 0.0
    alone = means.var(ddof=1) / draws
    between = (standard_error(sums, sizes) ** 2 - alone) / (share - 1 / draws)
    return float(np.sqrt(max(0.0, between) * (np.asarray(shares) ** 2).sum()))


def floor_of(means, groups):
    """`floor` where each cluster would get the share it has; 0 where few were drawn twice."""
    if groups is None:
        return 0.0
    sizes = np.unique(groups, return_counts=True)[1]
    return floor(means, groups, sizes / sizes.sum()) if len(means) >= 2 * len(sizes) else 0.0


def resample(groups, rng):
    """Places of the draws of clusters taken at random with replacement, as many as there are."""
    _, which = np.unique(groups, return_inverse=True)
    order = np.argsort(which, kind="stable")
    sizes = np.bincount(which)
    taken = rng.integers(len(sizes), size=len(sizes))
    starts = (np.cumsum(sizes) - sizes)[taken]
    lengths = sizes[taken]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return order[np.repeat(starts, lengths) + within]
