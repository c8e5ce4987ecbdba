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

    groups : int (draws,), draws that share a row of the posterior; resamples take them whole
    """
    plans, draws, luck = y.shape
    best = int(y.mean(axis=(1, 2)).argmax())
    rng = np.random.default_rng(key)
    expected = advantages(y, best)
    value, short = gain(expected), _short((y - y[best]).mean(axis=2), groups)
    groups = np.arange(draws) if groups is None else groups
    drawn = [gain(advantages(y[:, clusters.resample(groups, rng)], best)) for _ in range(RESAMPLES)]
    null = []
    for _ in range(PERMUTED):  # worlds dealt to draws at random: nothing is left to be known
        dealt = rng.permutation(draws * luck)
        worlds = y.reshape(plans, -1)[:, dealt].reshape(y.shape)
        null.append(gain(advantages(worlds, best)))
    low, high = _interval(value, drawn, gain(expected + short[:, None]))
    return Value(value, low, high, float(np.quantile(null, 0.95)))


def _short(d, groups):
    """How much of their lag behind the best may be simulation error: (plans,), of d (plans, draws).

    d : mean gain of each plan in each draw, less that of the best
    """
    error = Z * np.array([clusters.mean_error(row, groups) for row in d])
    return np.minimum(-d.mean(axis=1), error)


def _interval(value, drawn, level):
    """95% interval from the spread of resamples, not below 0.

    level : value if the plans were as level as the error of their means allows. Knowing is worth
        most where plans are level, and the plan that comes out best has a lead that it may owe to
        that: estimates are too low there, by up to 0.4 errors of the lead.
    """
    half = Z * float(np.std(drawn, ddof=1))
    return max(0.0, value - half), value + float(np.hypot(half, max(0.0, level - value)))


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


def partial(means, parameters, key, levels=(), resamples=RESAMPLES):
    """Value of knowing each parameter alone (EVPPI): dict name -> `Value`.

    Parameters
    ----------
    means : (plans, draws), mean gain of each plan in each draw, over its luck
    parameters : dict name -> (draws,) or (draws, e), taken together
    key : int >= 0, names resampling and permutation
    levels : which draws share a row of the posterior, see `given`
    resamples : int, for the intervals

    No interval ends below what a parameter of no use may show (95%): as much may be hidden.

    The null check deals the values of each parameter to its rows at random, and takes the
    largest value among all: so many parameters are looked at that one may seem to matter. It is
    apart for single parameters and for several taken together, see `given.Null`.
    """
    d = (means - means[means.mean(axis=1).argmax()]).T
    rng = np.random.default_rng(key)
    found, null = {}, given.Null(1)
    short = _short(d.T, levels[0] if levels else None)
    for name, x in parameters.items():
        one = given.read(x, levels)
        unit = one.means(d)
        whole = one.fit(unit)
        value = _gain(whole.values, one.sizes)
        weights = given.unit_weights(one, levels, key, resamples)
        drawn = [_gain(*fit) for fit in given.resampled(one, unit, weights, whole.noise)]
        dealt = [one.dealt(unit, rng).values for _ in range(PERMUTED)]
        null.add(name, one, np.array([[_gain(values, one.sizes)] for values in dealt]))
        low, high = _interval(value, drawn, _gain(whole.values + short, one.sizes))
        hidden = [_gain(values + short, one.sizes) for values in dealt]
        found[name] = (value, low, max(high, float(np.quantile(hidden, 0.95))))
    return {
        name: Value(at, low, high, float(null.point(name)[0]))
        for name, (at, low, high) in found.items()
    }


def _gain(values, weights):
    """`gain` of expectations (units, plans) with a weight a unit."""
    share = weights / weights.sum()
    return float(share @ values.max(axis=1) - (share @ values).max())


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
