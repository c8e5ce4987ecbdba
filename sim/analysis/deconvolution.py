"""The shape of expectations, where only means of a few worlds are known.

Draw means are expectations and noise: their distribution is that of expectations, blurred. What
blurs it is known from the worlds of a draw, by size and by skew. Expectations are taken to be of
one of the shifted lognormals SHAPES, the normal among them, which of them as the draw means say;
the map from what is blurred to what is not is that between the two distributions (optimal
transport), so with little noise draw means stay what they are, whatever their shape.

With two worlds a draw the skew of the noise cannot be told from noise that grows with the
expectation: it is taken to be half way.
"""

from functools import lru_cache

import numpy as np

SHAPES = np.array([-1.0, -0.8, -0.6, -0.45, -0.3, -0.15, 0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0])
PRIOR = 0.6  # sd of the sigma of a shape before anything is known: a skew of 2.3
SIGNALS = np.sqrt(1 - np.array([0.0, 0.01, 0.03, *np.arange(0.06, 1, 0.06), 0.99]))
NOISES = np.array([-0.8, -0.5, -0.3, -0.15, 0.0, 0.15, 0.3, 0.5, 0.8])  # shapes of the noise
GRID, STEP = np.arange(-6, 8.01, 0.05), 0.05
POINTS = 150  # of the distribution of expectations
LEAST = 0.03  # noise that is taken to be there, so that densities are smooth
GOLDEN = (np.sqrt(5) - 1) / 2  # multiples of it, less whole numbers, are spread evenly
FLOOR = 1e-5  # least density: no draw rules out a shape by itself
HALF_WAY = 0.75  # of the covariance of mean and variance of two worlds, that is skew of a mean


class Shapes:
    """The shapes that one output's expectations may have, and how likely each is.

    d : (draws, luck >= 2)
    count : int, draws that are independent
    """

    def __init__(self, d, count):
        means, variances = d.mean(axis=1), d.var(axis=1, ddof=1)
        self._noise = _noise_shape(d, means, variances)
        self._means, total = means, means.std()
        self._count = count
        self._places = _place((means - means.mean()) / total if total > 0 else 0 * means)

    def _below(self, signal):
        """Cumulated chance of each shape (shapes,), by the place in SIGNALS of what is no noise."""
        _, density = table(self._noise, signal)
        logs = np.log(density[:, self._places]).sum(axis=1) * self._count / len(self._means)
        logs -= (SHAPES / PRIOR) ** 2 / 2
        chance = np.exp(logs - logs.max())
        return np.cumsum(chance / chance.sum())

    def mapped(self, expected, weights, centre):
        """Expectations (resamples, draws) that were shrunk, mapped to a shape a resample.

        weights : (resamples, draws)
        centre : (resamples,), their means
        """
        off = expected - centre[:, None]
        spread = np.sqrt((weights * off**2).sum(axis=1))
        total = weights @ self._means**2 - centre**2
        share = spread / np.sqrt(np.where(total > 0, total, np.inf))
        signal = np.abs(SIGNALS - share[:, None]).argmin(axis=1)
        points = (np.arange(len(spread)) * GOLDEN) % 1
        found = np.broadcast_to(centre[:, None], expected.shape).copy()
        for place in np.unique(signal[spread > 0]):
            some = np.flatnonzero((signal == place) & (spread > 0))
            shape = np.searchsorted(self._below(place), points[some]).clip(max=len(SHAPES) - 1)
            maps, _ = table(self._noise, place)
            z = off[some] / spread[some, None]
            at = np.clip((z - GRID[0]) / STEP, 0, len(GRID) - 1.001)
            low, shape = at.astype(int), shape[:, None]
            left, right = maps[shape, low], maps[shape, low + 1]
            found[some] += spread[some, None] * (left + (at - low) * (right - left))
        return found


def _noise_shape(d, means, variances):
    """Place in NOISES of the noise of a draw's mean, from d (draws, luck)."""
    luck = d.shape[1]
    both = ((means - means.mean()) * variances).mean()
    third = HALF_WAY * both
    if luck > 2:
        own = ((d - means[:, None]) ** 3).sum(axis=1).mean() * luck / ((luck - 1) * (luck - 2))
        third = 3 * both / luck - 2 * own / luck**2
    size = (variances.mean() / luck) ** 1.5
    skew = third / size if size > 0 else 0.0
    return int(np.abs(_skew(NOISES) - skew).argmin())


def _skew(shape):
    """Skewness of a shifted lognormal of this sigma."""
    w = np.exp(shape**2)
    return np.sign(shape) * (w + 2) * np.sqrt(w - 1)


def quantile(shape, z):
    """Standardised shifted lognormal, its normal score z; with shape 0 the normal itself."""
    if shape == 0:
        return z
    s = abs(shape)
    middle, spread = np.exp(s * s / 2), np.exp(s * s / 2) * np.sqrt(np.expm1(s * s))
    return np.sign(shape) * (np.exp(shape * z) - middle) / spread


def score(shape, x):
    """Normal score of x, the inverse of `quantile`; infinite beyond its edge."""
    if shape == 0:
        return x
    s = abs(shape)
    middle, spread = np.exp(s * s / 2), np.exp(s * s / 2) * np.sqrt(np.expm1(s * s))
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.maximum(np.sign(shape) * x * spread + middle, 0.0)
        return np.log(size) / shape


@lru_cache(len(NOISES) * len(SIGNALS))
def table(noise, signal):
    """Maps from blurred to clean values, and densities of the blurred: two (shapes, GRID).

    noise, signal : places in NOISES and SIGNALS; one of them takes some 20 ms, and few are met
    """
    from scipy.special import ndtr, ndtri  # late: slow to import

    z = ndtri((np.arange(POINTS) + 0.5) / POINTS)
    kind, share = NOISES[noise], SIGNALS[signal]
    size = max(LEAST, np.sqrt(1 - share**2))
    maps = np.empty((len(SHAPES), len(GRID)))
    density = np.empty_like(maps)
    for which, shape in enumerate(SHAPES):
        off = (GRID - share * quantile(shape, z)[:, None]) / size
        below = ndtr(score(kind, off)).mean(axis=0)
        density[which] = np.gradient(below, STEP)
        maps[which] = quantile(shape, ndtri(np.clip(below, 1e-7, 1 - 1e-7)))
    return maps, np.maximum(density, FLOOR)


def _place(z):
    """Place in GRID of each z."""
    return np.clip(np.rint((z - GRID[0]) / STEP), 0, len(GRID) - 1).astype(int)
