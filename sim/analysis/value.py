"""The value of knowing: what a choice would gain if a parameter, or all of them, were known.

Value of information is about expectations. What can be known is E[gain | parameters], chance
averaged out; nobody can choose the plan that will be lucky. So maxima are never taken over single
worlds: they are taken over expectations, shrunk for the chance left in their estimates, because
noise in what is compared would pass for value.

Gains are y (plans, draws, luck), more is better, in the unit of the metric.
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis import clusters, estimates, given

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


@dataclass(frozen=True)
class Chosen:
    """The plan that came out best of several, and how much that flatters it.

    best        place of the plan
    optimism    by how much its mean exceeds what the plan so chosen is expected to give, >= 0
    lead        mean gain over the next best, less what it owes to the choice: from 0 to the plain
    runner_up   place of the next best
    """

    best: int
    optimism: float
    lead: float
    runner_up: int


FOLDS, SPLITS = 10, 20
ROUNDING = 1e-12  # what is taken off a mean below this share of it is floating-point noise


def chosen(gains, key, groups=None):
    """`Chosen` of gains (plans, draws, luck), more is better; two plans at least.

    Of gains that may be undefined (NaN), the worlds count in which every plan has a value.

    The best of many estimates is too high by what chance added to it: its winner's curse. In each
    fold of the draws the plan that the other nine tenths choose is valued on draws that took no
    part in choosing; where the same plan wins throughout nothing changes. Means over SPLITS ways
    to make folds.

    key : int >= 0, names the folds
    groups : int (draws,), draws that share a row of the posterior; folds take them whole
    """
    there = np.isfinite(gains).all(axis=0)
    sums, worlds = np.where(there, gains, 0.0).sum(axis=2), there.sum(axis=1)
    draws, total = len(worlds), worlds.sum()
    which = np.unique(np.arange(draws) if groups is None else groups, return_inverse=True)[1]
    rng = np.random.default_rng(key)
    value, lead = [], []
    for _ in range(SPLITS):
        fold = rng.permutation(np.arange(which.max() + 1) % FOLDS)[which]
        inside = np.stack([np.bincount(fold, row, FOLDS) for row in sums])  # (plans, folds)
        count = np.bincount(fold, worlds, FOLDS)
        others = (inside.sum(axis=1, keepdims=True) - inside) / (total - count)
        order = np.argsort(-others, axis=0, kind="stable")[:2]
        first, second = np.take_along_axis(inside, order, axis=0)
        value.append(first.sum() / total)
        lead.append((first - second).sum() / total)
    every = sums.sum(axis=1) / total
    best, runner_up = np.argsort(-every, kind="stable")[:2]
    plain = every[best] - every[runner_up]
    off = every[best] - np.mean(value)
    return Chosen(
        int(best),
        float(off) if off > ROUNDING * abs(every[best]) else 0.0,
        float(np.clip(np.mean(lead), 0.0, plain)),
        int(runner_up),
    )


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


def perfect(y, key, groups=None):
    """Value of knowing all parameters (EVPI): `Value`; y (plans, draws, luck), luck >= 2.

    groups : int (draws,), draws that share a row of the posterior; they are one draw to intervals
    """
    plans, draws, luck = y.shape
    best = int(y.mean(axis=(1, 2)).argmax())
    rng = np.random.default_rng(key)
    expected = advantages(y, best)
    value = gain(expected)
    d = y - y[best]
    level = d.mean(axis=(1, 2))
    count = draws if groups is None else len(np.unique(groups))
    parts = [estimates.split(one) for one in d]
    off = np.stack([part.means - part.mean for part in parts])

    def at(lag, z):
        by = np.array([_size(part, count, luck, z) for part in parts])
        return gain(lag[:, None] + by[:, None] * off), by * off.std(axis=1)

    null = []
    for _ in range(PERMUTED):  # worlds dealt to draws at random: nothing is left to be known
        dealt = rng.permutation(draws * luck)
        worlds = y.reshape(plans, -1)[:, dealt].reshape(y.shape)
        null.append(gain(advantages(worlds, best)))
    low, high = _interval(value, at, level, _errors(d.mean(axis=2), groups))
    return Value(value, low, high, float(np.quantile(null, 0.95)))


def _size(parts, draws, luck, z):
    """Root of the variance between draws over that of their means, at its z-th standard error.

    parts : `estimates.Split`; the ratio of its mean squares has an F distribution, widened by the
        `excess` of what is not normal
    """
    if not parts.ratio > 0:
        return 0.0
    from scipy.special import fdtri, ndtr  # late: slow to import

    point = fdtri(max(1, draws - 1), len(parts.means) * (luck - 1), ndtr(-z))
    return float(np.sqrt(max(0.0, point**-parts.tails.excess - 1 / parts.ratio)))


def _errors(d, groups):
    """Simulation error of each plan's lag (plans,), from d (plans, draws)."""
    return np.array([clusters.mean_error(row, groups) for row in d])


ANGLES = np.linspace(0, np.pi / 2, 7)


def _interval(value, at, lag, errors):
    """95% interval of a value, not below 0.

    at : gain from knowing, and standard deviation of what is told of each plan (plans,), by the
        lags of plans behind the best and by z: by how many standard errors what is known makes
        more of a difference than it seems to
    lag, errors : (plans,), mean gain of each plan less that of the best, and its simulation error

    Knowing is worth the more, the more level plans are and the larger the differences that it
    tells. Both are estimates, and their errors nearly independent: the ends are the least and the
    most of all pairs within Z errors, together (profile of an ellipse). Lags end at level: the best
    has a lead that it may owe to chance. Where no draw reaches the values at which a plan would be
    the best, the upper end is that of normal ones.
    """
    low = high = value
    for turn in ANGLES:
        nearer = np.minimum(0.0, lag + Z * np.cos(turn) * errors)
        more, spread = at(nearer, Z * np.sin(turn))
        less, _ = at(lag - Z * np.cos(turn) * errors, -Z * np.sin(turn))
        low, high = min(low, less), max(high, more, _normal(nearer, spread))
    return max(0.0, low), high


def _normal(lag, spread):
    """E max(0, lag + spread Z) of the plan of which it is the most; Z standard normal."""
    from scipy.special import ndtr  # late: slow to import

    some = spread > 0
    lag, spread = lag[some], spread[some]
    density = np.exp(-((lag / spread) ** 2) / 2) / np.sqrt(2 * np.pi)
    return float(max([0.0, *(spread * density + lag * ndtr(lag / spread))]))


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


def partial(means, parameters, key, levels=()):
    """Value of knowing each parameter alone (EVPPI): dict name -> `Value`.

    Parameters
    ----------
    means : (plans, draws), mean gain of each plan in each draw, over its luck
    parameters : dict name -> (draws,) or (draws, e), taken together
    key : int >= 0, names permutation
    levels : which draws share a row of the posterior, see `given`

    The null check deals the values of each parameter to its rows at random, and takes the
    largest value among all: so many parameters are looked at that one may seem to matter. It is
    apart for single parameters and for several taken together, see `given.Null`.
    """
    d = (means - means[means.mean(axis=1).argmax()]).T
    rng = np.random.default_rng(key)
    found, null = {}, given.Null(1)
    errors = _errors(d.T, levels[0] if levels else None)
    for name, x in parameters.items():
        one = given.read(x, levels)
        unit = one.means(d)
        fit = one.fit(unit)
        value = float(_gain(fit.values, one.sizes))
        deals = one.dealt(unit, rng, PERMUTED)
        dealt = np.concatenate([_gain(many.values, one.sizes) for many in deals])
        null.add(name, one, dealt[:, None])
        found[name] = (value, *_interval(value, _fitted(fit, one.sizes), fit.mean, errors))
    return {
        name: Value(at, low, high, float(null.point(name)[0]))
        for name, (at, low, high) in found.items()
    }


def _fitted(fit, sizes):
    """Gain by the lags of plans and the z-th error of what `fit` tells, as `_interval` asks it."""

    def at(lag, z):
        scale = fit.near(z)
        return _gain(lag + scale * fit.off, sizes), scale * np.sqrt(fit.spread)

    return at


def _gain(values, weights):
    """`gain` of expectations (..., units, plans) with a weight a unit."""
    share = weights / weights.sum()
    return values.max(axis=-1) @ share - (share @ values).max(axis=-1)


def flips(means, x, key, levels=()):
    """Where the best plan changes with one parameter.

    means, levels : as for `partial`
    x : (draws,), a parameter
    returns : list of (value, low, high, plan before, plan after), by rising value; the fit's
        crossings within the middle 95% of x, with 95% intervals by resampling; empty if none
    """
    d = (means - means[int(means.mean(axis=1).argmax())]).T
    one = given.read(x, levels)
    unit, at = one.means(d), one.x[:, 0]
    whole = one.fit(unit)
    found = _crossings(at, whole.values, one.sizes)
    weights = given.unit_weights(one, levels, key, RESAMPLES)
    drawn = []
    for (values, w), every in zip(
        given.resampled(one, unit, weights, whole.noise), weights, strict=True
    ):
        drawn += _crossings(at[every > 0], values, w)
    return [(value, *_near(value, pair, drawn, x), *pair) for value, *pair in found]


def _crossings(x, fit, weights):
    """(value, before, after) for each change of the best plan along x, inside its middle 95%."""
    order = np.argsort(x, kind="stable")
    xs, leads = x[order], fit[order].argmax(axis=1)
    below = np.cumsum(weights[order]) / weights.sum()
    low, high = np.interp([0.025, 0.975], below, xs)
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
