"""What a number tells of outputs, from draws that are there already.

E[y | x] is fitted to the draws: a natural cubic spline of the normal scores of one parameter, or
lines and squares of several taken together. A fit to noise alone varies too, and that part of its
variance is taken out. How much there is of it depends on how x was dealt: a column of a posterior
has as many values as there are rows, and what else a row holds is noise that no draws average
away. So fits, nulls and resamples work on the coarsest clusters in which x has one value.

Levels are labels of draws, int (draws,), the coarsest first: draws of equal label share a row.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

KNOTS = (0.1, 0.35, 0.65, 0.9)  # places of the spline's knots, as shares of the draws
RESAMPLES, DEALT = 200, 200
Z = 1.959963984540054
RESIDUE = 1e-9  # share of a variance that is floating-point noise
SURE = 200.0  # spread over noise from which the size of a fit is known but for other values
AT_ONCE = 1 << 18  # numbers of deals that are fitted together
ANGLES = np.linspace(0, np.pi / 2, 7)
ENOUGH = 8  # units a term, below which several parameters taken together have lines alone


@dataclass(frozen=True)
class Input:
    """One parameter, or several taken together, on the clusters in which they have one value.

    x       (units, e), its values; e columns
    which   int (draws,), the unit of each draw
    sizes   (units,), draws of each
    mixed   int (units,) or None: clusters of some of the columns, where columns differ in that
    raw     (units, m), the functions a fit is made of, the constant first
    """

    x: np.ndarray
    which: np.ndarray
    sizes: np.ndarray
    mixed: np.ndarray | None
    raw: np.ndarray = field(repr=False)

    def means(self, y):
        """Means of each unit (units, n), of y (draws, n)."""
        if len(self.sizes) == len(self.which):
            return y
        sums = np.stack([np.bincount(self.which, column, len(self.sizes)) for column in y.T], 1)
        return sums / self.sizes[:, None]

    def fit(self, means):
        """`Fit` of unit means (units, n)."""
        return fit(self.raw, means, self.sizes, self.mixed, self._q)

    @cached_property
    def _q(self):
        return _orthonormal(self.raw, self.sizes)

    def dealt(self, means, rng, times):
        """Fits of unit means (units, n), the input's values dealt to the units at random.

        times : int, how often
        returns : iterator of `Fit`, each of many deals: its arrays have one axis more, the first
        """
        most = max(1, AT_ONCE // (len(means) * (self.raw.shape[1] + means.shape[1])))
        for first in range(0, times, most):
            yield self._deals(means, rng, min(most, times - first))

    def _deals(self, means, rng, times):
        if self.mixed is not None:
            x = np.stack([self._apart(rng) for _ in range(times)])
            q = _orthonormal(functions(x, self.sizes), self.sizes)
            return fit(None, means, self.sizes, self.mixed, q)
        places = np.stack([rng.permutation(len(self.sizes)) for _ in range(times)])
        if np.ptp(self.sizes) == 0:  # the same as to deal the means, and the basis stays
            return _alone(self._q, means[places])
        if self.x.shape[1] > 1:
            return fit(self.raw[places], means, self.sizes)
        return fit(None, means, self.sizes, q=_reweighted(self._q, places, self.sizes))

    def _apart(self, rng):
        """Values dealt to units, and those columns that come in clusters to clusters."""
        labels = np.asarray(self.mixed)
        x = self.x[rng.permutation(len(self.sizes))]
        _, first, which = np.unique(labels, return_index=True, return_inverse=True)
        clustered = self._clustered
        x[:, clustered] = self.x[first][rng.permutation(len(first))[which]][:, clustered]
        return x

    @cached_property
    def _clustered(self):
        return np.array([_constant(column, np.asarray(self.mixed)) for column in self.x.T])


def unit_of(x, levels):
    """Labels of the coarsest clusters in which x (draws, e) has one value: int (draws,)."""
    for labels in levels:
        if all(_constant(column, labels) for column in x.T):
            return np.unique(labels, return_inverse=True)[1]
    return np.arange(len(x))


def _constant(column, labels):
    _, first, which = np.unique(labels, return_index=True, return_inverse=True)
    return np.array_equal(column[first][which], column)


def read(x, levels=()):
    """An Input from values x (draws,) or (draws, e)."""
    x = np.asarray(x, float)
    x = x.reshape(len(x), -1)
    which = unit_of(x, levels)
    _, first = np.unique(which, return_index=True)
    if len(first) == len(which):  # every draw its own unit, in their order
        which = first = np.arange(len(which))
    sizes = np.bincount(which).astype(float)
    mixed = None
    if levels and len(first) == len(x) and x.shape[1] > 1:
        finest = levels[-1]
        mixed = finest if any(_constant(column, finest) for column in x.T) else None
        if mixed is not None and len(np.unique(mixed)) == len(x):
            mixed = None
    return Input(x[first], which, sizes, mixed, functions(x[first], sizes))


def functions(x, sizes):
    """Functions (..., units, m) of x (..., units, e), the constant first.

    sizes : (units,), draws of each
    """
    if x.shape[-1] == 1:
        return _spline(x[:, 0], sizes)
    x = x[..., (np.ptp(x, axis=-2) > 0).reshape(-1, x.shape[-1]).all(axis=0)]
    x = (x - x.mean(axis=-2, keepdims=True)) / x.std(axis=-2, keepdims=True)
    squares = (x**2,) if x.shape[-2] >= ENOUGH * (2 * x.shape[-1] + 1) else ()
    return np.concatenate((np.ones((*x.shape[:-1], 1)), x, *squares), axis=-1)


def _spline(x, sizes):
    from scipy.special import ndtri  # late: slow to import

    z = ndtri(_ranks(x, sizes) / sizes.sum())
    knots = ndtri(np.array(KNOTS))
    full = np.column_stack((np.ones(len(z)), z, *natural(z, knots)))
    _, r = np.linalg.qr(full)
    return full[:, np.abs(np.diag(r)) > 1e-9 * abs(r[0, 0])]


def _ranks(x, sizes):
    """Middle of the ranks of each unit's draws, from 1/2; equal values share the mean of theirs."""
    _, which = np.unique(x, return_inverse=True)
    counts = np.bincount(which, sizes)
    return (np.cumsum(counts) - counts / 2)[which]


def natural(z, knots):
    """The curved part of a natural cubic spline: straight beyond its knots."""

    def bent(k):
        last = np.maximum(z - knots[-1], 0) ** 3
        return (np.maximum(z - knots[k], 0) ** 3 - last) / (knots[-1] - knots[k])

    return [bent(k) - bent(len(knots) - 2) for k in range(len(knots) - 2)]


@dataclass(frozen=True)
class Fit:
    """E[y | x] on the units; of many fits, arrays but `mean` have them as their first axis.

    mean     (n,), of y over the draws
    off      (units, n), the fit less the mean
    spread   (n,), variance of the fit, noise included
    noise    (n,), what a fit to noise alone would have
    terms    int, functions it is made of, the constant apart
    left     int, degrees of freedom of the noise
    """

    mean: np.ndarray
    off: np.ndarray
    spread: np.ndarray
    noise: np.ndarray
    terms: int
    left: int

    @property
    def values(self):
        """E[y | x] (units, n), shrunk for the noise in it."""
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(self.spread > 0, np.sqrt(self.clean / self.spread), 0.0)
        return self.mean[..., None, :] + scale[..., None, :] * self.off

    def scale(self, z):
        """What `off` is to be multiplied with (n,), at the z-th standard error of its size.

        The spread in units of noise has a noncentral F distribution; its noncentrality is that of
        which the spread is the Phi(-z) point, 0 where that is none.
        """
        from scipy.special import fdtr, ncfdtrinc, ndtr  # late: slow to import

        terms, left, below = max(1, self.terms), max(1, self.left), ndtr(-z)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = self.spread / self.noise
        some = np.isfinite(ratio) & (fdtr(terms, left, ratio) > below)
        ratio = np.where(some, ratio, 1.0)
        beyond = ncfdtrinc(terms, left, below, np.minimum(ratio, SURE))
        found = np.where(some, np.sqrt(beyond / (terms * np.minimum(ratio, SURE))), 0.0)
        return np.where((self.noise <= 0) & (self.spread > 0), 1.0, found)

    def near(self, z):
        """As `scale`, times what a fit to other values of the input may vary more or less."""
        return self.scale(z) * np.exp(z / np.sqrt(2 * len(self.off)))

    @property
    def clean(self):
        """Variance of E[y | x] (n,), noise taken out."""
        return np.maximum(0.0, self.spread - self.noise)


def _orthonormal(raw, sizes):
    return np.linalg.qr(raw * np.sqrt(sizes / sizes.sum())[:, None])[0]


def _reweighted(q, places, sizes):
    """Orthonormal functions (deals, units, m) where the units of q (units, m) are dealt.

    q : `_orthonormal` of functions of full rank; places : int (deals, units)

    By the Cholesky factor of their products, which are near those of the identity: as good as QR,
    at a tenth of its time.
    """
    root = np.sqrt(sizes / sizes.sum())[:, None]
    dealt = (q / root)[places] * root
    lower = np.linalg.cholesky(dealt.swapaxes(-1, -2) @ dealt)
    return dealt @ np.linalg.inv(lower).swapaxes(-1, -2)


def fit(raw, means, sizes, mixed=None, q=None):
    """Weighted fit of unit means (units, n) on functions raw (..., units, m), by numbers of draws.

    mixed : labels of clusters of units, where noise is alike within them
    q : `_orthonormal` of raw, where it is known

    The noise is what the residuals say it is, unit by unit (HC2), or by clusters of units.
    """
    root = np.sqrt(sizes / sizes.sum())[:, None]
    q = _orthonormal(raw, sizes) if q is None else q
    z = means * root
    fitted = q @ (q.swapaxes(-1, -2) @ z)
    residual = z - fitted
    mean = (root * z).sum(axis=0)
    off = fitted / root - mean
    spread = ((root * off) ** 2).sum(axis=-2)
    if mixed is None:
        reach = (q**2).sum(axis=-1)
        left = np.maximum(1 - reach, 1e-3)
        part = (reach - root[:, 0] ** 2).clip(0) / left
        noise = (part[..., None, :] @ residual**2)[..., 0, :]
    else:
        noise = _clustered(q - root * (root * q).sum(axis=-2, keepdims=True), residual, mixed)
    count = len(z) if mixed is None else len(np.unique(mixed))
    return Fit(mean, off, spread, noise, q.shape[-1] - 1, count - q.shape[-1])


def _alone(q, means):
    """`fit` where every unit is a draw and x tells nothing: noise is alike in all units.

    means : (..., units, n)
    """
    units, m = q.shape
    root = 1 / np.sqrt(units)
    c = q.T @ means * root
    mean = means.mean(axis=-2)
    told = (c**2).sum(axis=-2)
    spread = np.maximum(0.0, told - mean**2)
    left = np.maximum(0.0, (means**2).mean(axis=-2) - told)
    noise = left * (m - 1) / max(1, units - m)
    return Fit(mean, q @ c / root - mean[..., None, :], spread, noise, m - 1, units - m)


def _clustered(q, residual, labels):
    """Variance (..., n) of a fit to noise alike within clusters, of residuals (..., units, n)."""
    count = len(np.unique(labels))
    factor, total = count / max(1, count - q.shape[-1]), 0.0
    for units in _by_size(labels):
        sums = q[..., units, :].swapaxes(-1, -2) @ residual[..., units, :]
        total = total + (sums**2).sum(axis=(-3, -2))
    return factor * total


def _by_size(labels):
    """Units of each cluster, those of one size together: list of int (clusters, size)."""
    _, which, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    order = np.argsort(which, kind="stable")
    of = sizes[which[order]]
    return [order[of == size].reshape(-1, size) for size in np.unique(sizes)]


def resampled(one, means, weights, noise):
    """Values (units, n) of fits to resamples, one after another, with their weights (units,).

    weights : (resamples, units), draws of each unit in each resample
    noise : (n,), of the fit to all; a resample has twice as much
    """
    for w in weights:
        kept = w > 0
        found = fit(one.raw[kept], means[kept], w[kept])
        clean = np.maximum(0.0, found.spread - 2 * noise)
        with np.errstate(divide="ignore", invalid="ignore"):
            was = np.sqrt(found.clean / found.spread)
            scale = np.where(was > 0, np.sqrt(clean / found.spread) / was, 0.0)
        yield found.mean + scale * (found.values - found.mean), w[kept]


def unit_weights(one, levels, key, resamples=RESAMPLES):
    """Draws of each unit in resamples of the coarsest clusters: (resamples, units)."""
    coarse = levels[0] if levels else np.arange(len(one.which))
    coarse = np.unique(coarse, return_inverse=True)[1]
    count = coarse.max() + 1
    rng = np.random.default_rng(key)
    times = rng.multinomial(count, np.full(count, 1 / count), size=resamples)
    owner = np.zeros(len(one.sizes), int)
    owner[one.which] = coarse
    return times[:, owner] * one.sizes


@dataclass(frozen=True)
class Share:
    """Share of the variance of outputs that knowing an input takes away, on average (n,).

    value       closed index, Var E[y | x] / Var y, 0 to 1
    low, high   95% interval
    null        95% point of the largest share of all inputs, were none of any use
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    null: np.ndarray


def shares(y, inputs, key, levels=(), variance=None, intervals=True):
    """Closed shares of columns y (draws, n), of each input alone: dict name -> `Share`.

    inputs    dict name -> (draws,) or (draws, e) taken together
    key       int >= 0, names dealing
    variance  (n,), what shares are of; that of y over the draws if None
    intervals whether low and high are asked for; else they are NaN

    The null deals the values of every input to its units at random and takes the largest share
    among all inputs, since with many looked at one may seem to matter; see `Null`.
    """
    whole = y.var(axis=0) if variance is None else np.asarray(variance)
    rng, parts = np.random.default_rng(key), {}
    null, noise = Null(y.shape[1]), rng.standard_normal((len(y), DEALT))
    for name, x in inputs.items():
        one = read(x, levels)
        means = one.means(y)
        found = one.fit(means)
        if one.mixed is None and np.ptp(one.sizes) == 0:  # whatever y is, it is noise to x
            guess = _alone(one._q, noise[: len(one.sizes)]).clean[:, None]
        else:
            deals = one.dealt(means, rng, DEALT)
            guess = np.concatenate([many.clean for many in deals]) / whole
        null.add(name, one, guess)
        ends = _ends(found, whole) if intervals else np.full((2, y.shape[1]), np.nan)
        parts[name] = (np.minimum(found.clean / whole, 1.0), *ends)
    return {
        name: Share(value, low, high, null.point(name))
        for name, (value, low, high) in parts.items()
    }


def _ends(found, whole):
    """95% interval of shares of `whole` (n,) that a `Fit` tells: low, high (n,).

    What it tells against what is left, as odds: their errors are of the size of the fit, and of
    what the draws' own values of the input happen to vary. The ends are the least and the most of
    all pairs within Z errors together.
    """
    at = np.minimum(found.clean / whole, 1.0)
    rest = np.maximum(whole - found.clean, RESIDUE * whole)
    low, high = at, at
    by = np.sqrt(2 / len(found.off))
    for turn in ANGLES:
        one, other = Z * np.sin(turn), Z * np.cos(turn) * by
        less = found.scale(-one) ** 2 * found.spread * np.exp(-other)
        more = found.scale(one) ** 2 * found.spread * np.exp(other)
        low = np.fmin(low, less / (less + rest))
        high = np.fmax(high, more / (more + rest))
    return low, high


class Null:
    """What inputs of no use show: the largest of all, apart for single and for joint inputs.

    A fit to several parameters together has more noise than one to a single, and would hide all
    of those. Each kind has half of the 5 in 100 in which any of them is above.
    """

    def __init__(self, outputs):
        self._outputs = outputs
        self._kinds: dict = {}
        self._most: dict = {}

    def add(self, name, one, guess):
        """Take in what Input `one` shows where it tells nothing: (DEALT, outputs)."""
        kind = self._kinds[name] = one.x.shape[1] > 1
        before = self._most.get(kind, np.zeros((len(guess), self._outputs)))
        self._most[kind] = np.maximum(before, guess)

    def point(self, name):
        """Point above which one of 20 analyses names any input (outputs,)."""
        return np.quantile(self._most[self._kinds[name]], 1 - 0.05 / len(self._most), axis=0)
