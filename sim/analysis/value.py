"""The value of knowing: what a choice would gain if a parameter, or all of them, were known.

Value of information is about expectations. What can be known is E[gain | parameters], chance
averaged out; nobody can choose the plan that will be lucky. So maxima are never taken over single
worlds: they are taken over expectations, shrunk for the chance left in their estimates, because
noise in what is compared would pass for value.

Gains are y (plans, draws, luck), more is better, in the unit of the metric.
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis import estimates

KNOTS = (0.1, 0.35, 0.65, 0.9)  # places of the spline's knots, as shares of the draws
RESAMPLES, PERMUTED = 200, 200
Z = estimates.Z


@dataclass(frozen=True)
class Value:
    """Value of information with its interval.

    value      expected gain from knowing, >= 0, in the unit of the gains
    low, high  95% interval by the number of draws
    null       95% point of the value if nothing could be known; below it, it may be chance
    """

    value: float
    low: float
    high: float
    null: float

    @property
    def clear(self):
        """Whether it is more than chance may make."""
        return self.value > self.null


def advantages(y, best):
    """Expected advantage of each plan over plan `best` in each draw (plans, draws), chance out."""
    found = np.zeros(y.shape[:2])
    for plan in range(len(y)):
        d = y[plan] - y[best]
        if plan != best and d.any():
            found[plan] = estimates.shrunk(estimates.split(d), y.shape[2])
    return found


def gain(expected):
    """What choosing with knowledge gains: mean of the best less best of the means (plans, n)."""
    return float(expected.max(axis=0).mean() - expected.mean(axis=1).max())


def perfect(y, key):
    """Value of knowing all parameters (EVPI): `Value`; y (plans, draws, luck), luck >= 2."""
    plans, draws, luck = y.shape
    best = int(y.mean(axis=(1, 2)).argmax())
    rng = np.random.default_rng(key)
    value = gain(advantages(y, best))
    drawn = [
        gain(advantages(y[:, rng.integers(draws, size=draws)], best)) for _ in range(RESAMPLES)
    ]
    null = []
    for _ in range(PERMUTED):  # worlds dealt to draws at random: nothing is left to be known
        dealt = rng.permutation(draws * luck)
        worlds = y.reshape(plans, -1)[:, dealt].reshape(y.shape)
        null.append(gain(advantages(worlds, best)))
    low, high = _interval(value, drawn)
    return Value(value, low, high, float(np.quantile(null, 0.95)))


def _interval(value, drawn):
    """95% interval from the spread of resamples, not below 0."""
    half = Z * float(np.std(drawn, ddof=1))
    return max(0.0, value - half), value + half


def in_order(whole, parts):
    """The value of knowing all is no less than that of any part: (whole, parts), made so.

    Both are estimates. A part that is clear raises the whole; one that may be chance is cut.
    """
    clear = [part for part in parts.values() if part.clear]
    value = max([whole.value, *(part.value for part in clear)])
    high = max([whole.high, *(part.high for part in clear)])
    whole = Value(value, whole.low, high, whole.null)
    return whole, {name: _cut(part, whole) for name, part in parts.items()}


def _cut(part, whole):
    low, high = min(part.low, whole.value), min(part.high, whole.high)
    return Value(min(part.value, whole.value), low, high, part.null)


def basis(x):
    """Columns (draws, m) that a smooth function of x is made of, orthonormal, constant first.

    x : (draws,), a natural cubic spline of its normal scores; or (draws, e), jointly: lines and
        squares of each
    """
    from scipy.special import ndtri  # late: slow to import

    x = np.asarray(x, float)
    if x.ndim == 2:
        raw = np.column_stack((x, x**2))
    else:
        z = ndtri((_ranks(x) + 0.5) / len(x))
        raw = np.column_stack((z, *_natural(z, ndtri(np.array(KNOTS)))))
    full = np.column_stack((np.ones(len(x)), raw))
    q, r = np.linalg.qr(full)
    return q[:, np.abs(np.diag(r)) > 1e-9 * abs(r[0, 0])]


def _ranks(x):
    """Ranks from 0; equal values share the mean of theirs."""
    _, which, counts = np.unique(x, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts + 1) / 2)[which]


def _natural(z, knots):
    """The curved part of a natural cubic spline: straight beyond its knots."""

    def bent(k):
        last = np.maximum(z - knots[-1], 0) ** 3
        return (np.maximum(z - knots[k], 0) ** 3 - last) / (knots[-1] - knots[k])

    return [bent(k) - bent(len(knots) - 2) for k in range(len(knots) - 2)]


def fitted(q, d):
    """E[d | x] for columns d (draws, n) on an orthonormal basis q, shrunk for the noise in it.

    A fit to noise alone still varies, by the residual variance times (m - 1) / draws: the
    deviations from the mean are shrunk so that their variance is without that.
    """
    draws, m = q.shape
    fit = q @ (q.T @ d)
    mean = d.mean(axis=0)
    residual = ((d - fit) ** 2).sum(axis=0) / max(1, draws - m)
    spread = ((fit - mean) ** 2).sum(axis=0) / draws
    clean = np.maximum(0.0, spread - residual * (m - 1) / draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(spread > 0, np.sqrt(clean / spread), 0.0)
    return mean + scale * (fit - mean)


def partial(means, parameters, key):
    """Value of knowing each parameter alone (EVPPI): dict name -> `Value`.

    Parameters
    ----------
    means : (plans, draws), mean gain of each plan in each draw, over its luck
    parameters : dict name -> (draws,) or (draws, e)
    key : int >= 0, names resampling and permutation

    The null check deals the gains to the draws at random, alike for all parameters, and takes
    the largest value among them: so many parameters are looked at that one may seem to matter.
    """
    d = (means - means[means.mean(axis=1).argmax()]).T
    draws = len(d)
    rng = np.random.default_rng(key)
    dealt = np.stack([rng.permutation(draws) for _ in range(PERMUTED)])
    resampled = rng.integers(draws, size=(RESAMPLES, draws))
    found, null = {}, np.zeros(PERMUTED)
    for name, x in parameters.items():
        q = basis(x)
        value = gain(fitted(q, d).T)
        drawn = [gain(_refitted(x, d, places)) for places in resampled]
        null = np.maximum(null, [gain(fitted(q, d[places]).T) for places in dealt])
        found[name] = (value, *_interval(value, drawn))
    floor = float(np.quantile(null, 0.95))
    return {name: Value(at, low, high, floor) for name, (at, low, high) in found.items()}


def _refitted(x, d, places):
    return fitted(basis(x[places]), d[places]).T


def flips(means, x, key):
    """Where the best plan changes with one parameter.

    means : (plans, draws), as for `partial`
    x : (draws,), a parameter
    returns : list of (value, low, high, plan before, plan after), by rising value; the fit's
        crossings within the middle 95% of x, with 95% intervals by resampling; empty if none
    """
    best = int(means.mean(axis=1).argmax())
    d = (means - means[best]).T
    rng = np.random.default_rng(key)
    found = _crossings(x, fitted(basis(x), d))
    drawn = []
    for _ in range(RESAMPLES):
        places = rng.integers(len(x), size=len(x))
        drawn += _crossings(x[places], fitted(basis(x[places]), d[places]))
    return [(value, *_near(value, pair, drawn, x), *pair) for value, *pair in found]


def _crossings(x, fit):
    """(value, before, after) for each change of the best plan along x, inside its middle 95%."""
    order = np.argsort(x, kind="stable")
    xs, leads = x[order], fit[order].argmax(axis=1)
    low, high = np.quantile(x, [0.025, 0.975])
    at = np.flatnonzero(leads[1:] != leads[:-1])
    middle = [(xs[i] + xs[i + 1]) / 2 for i in at]
    return [
        (float(v), int(leads[i]), int(leads[i + 1]))
        for v, i in zip(middle, at, strict=True)
        if low <= v <= high
    ]


def _near(value, pair, drawn, x):
    """95% interval of a crossing, from those of resamples between the same plans."""
    same = [v for v, *other in drawn if other == pair]
    if len(same) < RESAMPLES / 4:
        return float(x.min()), float(x.max())
    low, high = np.quantile(same, [0.025, 0.975])
    return float(min(low, value)), float(max(high, value))
