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

    def dealt(self, means, rng):
        """`Fit` of unit means (units, n), the input's values dealt to the units at random."""
        places = rng.permutation(len(self.sizes))
        if self.mixed is not None:
            raw = functions(self._apart(places, rng), self.sizes)
            return fit(raw, means, self.sizes, self.mixed)
        if np.ptp(self.sizes) == 0:  # the same as to deal the means, and the basis stays
            return _alone(self._q, means[places])
        return fit(self.raw[places], means, self.sizes)

    def _apart(self, places, rng):
        """Values dealt to units, and those columns that come in clusters to clusters."""
        labels = np.asarray(self.mixed)
        _, first, which = np.unique(labels, return_index=True, return_inverse=True)
        x = self.x[places]
        clustered = np.array([_constant(column, labels) for column in self.x.T])
        x[:, clustered] = self.x[first][rng.permutation(len(first))[which]][:, clustered]
        return x


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
    """Functions (units, m) of x (units, e), the constant first.

    sizes : (units,), draws of each
    """
    if x.shape[1] == 1:
        return _spline(x[:, 0], sizes)
    scale = np.ptp(x, axis=0)
    x = (x - x.mean(axis=0))[:, scale > 0] / x.std(axis=0)[scale > 0]
    squares = (x**2,) if len(x) >= ENOUGH * (2 * x.shape[1] + 1) else ()
    return np.column_stack((np.ones(len(x)), x, *squares))


def _spline(x, sizes):
    from scipy.special import ndtri  # late: slow to import

    z = ndtri(_ranks(x, sizes) / sizes.sum())
    knots = ndtri(np.array(KNOTS))
    full = np.column_stack((np.ones(len(z)), z, *_natural(z, knots)))
    _, r = np.linalg.qr(full)
    return full[:, np.abs(np.diag(r)) > 1e-9 * abs(r[0, 0])]


def _ranks(x, sizes):
    """Middle of the ranks of each unit's draws, from 1/2; equal values share the mean of theirs."""
    _, which = np.unique(x, return_inverse=True)
    counts = np.bincount(which, sizes)
    return (np.cumsum(counts) - counts / 2)[which]


def _natural(z, knots):
    """The curved part of a natural cubic spline: straight beyond its knots."""

    def bent(k):
        last = np.maximum(z - knots[-1], 0) ** 3
        return (np.maximum(z - knots[k], 0) ** 3 - last) / (knots[-1] - knots[k])

    return [bent(k) - bent(len(knots) - 2) for k in range(len(knots) - 2)]


@dataclass(frozen=True)
class Fit:
    """E[y | x] on the units.

    mean     (n,), of y over the draws
    values   (units, n), shrunk for the noise in them
    spread   (n,), variance of the fit, noise included
    noise    (n,), what a fit to noise alone would have
    """

    mean: np.ndarray
    values: np.ndarray
    spread: np.ndarray
    noise: np.ndarray

    @property
    def clean(self):
        """Variance of E[y | x] (n,), noise taken out."""
        return np.maximum(0.0, self.spread - self.noise)


def _orthonormal(raw, sizes):
    return np.linalg.qr(raw * np.sqrt(sizes / sizes.sum())[:, None])[0]


def fit(raw, means, sizes, mixed=None, q=None):
    """Weighted fit of unit means (units, n) on functions raw (units, m), by numbers of draws.

    mixed : labels of clusters of units, where noise is alike within them
    q : `_orthonormal` of raw, where it is known

    The noise is what the residuals say it is, unit by unit (HC2), or by clusters of units.
    """
    root = np.sqrt(sizes / sizes.sum())[:, None]
    q = _orthonormal(raw, sizes) if q is None else q
    z = means * root
    fitted = q @ (q.T @ z)
    residual = z - fitted
    mean = (root * z).sum(axis=0)
    off = fitted / root - mean
    spread = ((root * off) ** 2).sum(axis=0)
    if mixed is None:
        reach = (q**2).sum(axis=1)
        left = np.maximum(1 - reach, 1e-3)
        noise = ((reach - root[:, 0] ** 2).clip(0) / left) @ residual**2
    else:
        noise = _clustered(q - root * (root * q).sum(axis=0), residual, mixed)
    clean = np.maximum(0.0, spread - noise)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(spread > 0, np.sqrt(clean / spread), 0.0)
    return Fit(mean, mean + scale * off, spread, noise)


def _alone(q, means):
    """`fit` where every unit is a draw and x tells nothing: noise is alike in all units."""
    units, m = q.shape
    root = 1 / np.sqrt(units)
    c = q.T @ means * root
    mean = means.mean(axis=0)
    spread = np.maximum(0.0, (c**2).sum(axis=0) - mean**2)
    left = np.maximum(0.0, (means**2).mean(axis=0) - (c**2).sum(axis=0))
    noise = left * (m - 1) / max(1, units - m)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(spread > 0, np.sqrt(np.maximum(0.0, spread - noise) / spread), 0.0)
    return Fit(mean, mean + scale * (q @ c / root - mean), spread, noise)


def _clustered(q, residual, labels):
    """Variance of a fit to noise that is alike within clusters, of residuals (units, n)."""
    which = np.unique(labels, return_inverse=True)[1]
    count = which.max() + 1
    factor = count / max(1, count - q.shape[1])
    return factor * np.array([
        sum((np.bincount(which, column * r) ** 2).sum() for column in q.T) for r in residual.T
    ])  # fmt: skip


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
    low, high   95% interval from resampled rows
    null        95% point of the largest share of all inputs, were none of any use
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    null: np.ndarray


def shares(y, inputs, key, levels=(), variance=None, resamples=RESAMPLES):
    """Closed shares of columns y (draws, n), of each input alone: dict name -> `Share`.

    inputs    dict name -> (draws,) or (draws, e) taken together
    key       int >= 0, names resampling and dealing
    variance  (n,), what shares are of; that of y over the draws if None

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
            guess = np.array([one.dealt(means, rng).clean for _ in range(DEALT)]) / whole
        null.add(name, one, guess)
        drawn = []
        if resamples:
            weights = unit_weights(one, levels, key, resamples)
            square = one.means(y**2) if variance is None else None
            for (values, w), every in zip(
                resampled(one, means, weights, found.noise), weights, strict=True
            ):
                total = whole if square is None else _total(means, square, every)
                drawn.append(_variance(values, w) / total)
        parts[name] = (found.clean / whole, np.std(drawn, axis=0) if drawn else np.nan)
    return {
        name: Share(
            np.minimum(at, 1.0), np.clip(at - Z * error, 0, 1), np.clip(at + Z * error, 0, 1),
            null.point(name),
        )
        for name, (at, error) in parts.items()
    }  # fmt: skip


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


def _total(means, square, w):
    """Variance of y in a resample, from means of y and of its square in each unit."""
    share = w / w.sum()
    return share @ square - (share @ means) ** 2


def _variance(values, w):
    share = (w / w.sum())[:, None]
    return (share * (values - (share * values).sum(axis=0)) ** 2).sum(axis=0)
