"""How probable it is that a plan is the best in expectation, over what is not known.

A draw's expectation is known from a few worlds, so draw means scatter more than expectations do. A
count of draws in which a plan's mean is the highest is then wrong both ways: where most of the
scatter is chance, plans that always differ seem to take turns. What chance adds is taken out in two
steps. All differences of a draw are shrunk together, by the analysis of variance of their
covariances, so that variances and correlations are those of expectations. Then each is mapped to
the shape that expectations have where draw means have theirs (`deconvolution`): a skew is weaker in
what chance has blurred, and an edge is gone.

The interval is that of a Bayesian bootstrap over draws, or clusters of draws that share a row of
the posterior: mean, variances and shape are found again with weights that are exponential (Rubin
1981). As for Jeffreys' interval of a share, half a draw counts for a plan and half against it, so
that none or all of the draws are not certainty.
"""

from functools import lru_cache

import numpy as np

from sim.analysis import deconvolution

RESAMPLES = 400
HALF = 0.5  # draws counted for, and against, a plan beside those there are
JOINT = 20  # draws a plan needs for its differences to be shrunk with those of the others
ROUNDING = 1e-12  # share of the squares that is floating-point noise
SINGULAR = 1e-9  # share of the variance that no combination of plans has less of
MOST = 2_000_000  # differences mapped at a time
KEPT = 2  # sets of weights in memory


def best(gains, groups=None):
    """Probability that each plan's expected gain is the best of a draw, and its 95% interval.

    gains : (plans >= 2, draws >= 2, luck >= 2), more is better
    groups : int (draws,), draws that share a row of the posterior
    returns : (plans, 3): probabilities that sum to 1, and both ends; plans that never differ share
    """
    reference = int(gains.mean(axis=(1, 2)).argmax())
    d = gains - gains[reference]
    d[np.abs(d) < ROUNDING * np.abs(gains).max(axis=0)] = 0.0
    first, *others = _alike(d, reference)
    weights, extra = _weights(gains.shape[1], groups)
    share = np.ones((RESAMPLES, 1))
    if others:
        share = _shares(d[[kind[0] for kind in others]], weights, groups)
    found = np.empty((len(gains), 3))
    for place, kind in enumerate((first, *others)):
        # Turned round for the first, so that two plans have intervals that mirror each other.
        odds = share[:, place] / len(kind)
        found[kind] = _estimate(odds, extra if place else extra[:, ::-1], _tail(weights, groups))
    return found


def better(gain, groups=None):
    """Probability that an expected gain is above 0, and its 95% interval; always 0 counts half.

    gain : (draws >= 2, luck >= 2)
    groups : int (draws,), draws that share a row of the posterior
    """
    return best(np.stack([np.zeros_like(gain), gain]), groups)[1]


def _alike(d, reference):
    """Places of plans that never differ from each other, together; the reference's first."""
    kinds: dict = {d[reference].tobytes(): []}
    for place, one in enumerate(d):
        kinds.setdefault(one.tobytes(), []).append(place)
    return list(kinds.values())


def _tail(weights, groups):
    """Share of resamples beyond an end: of a mean of normal draws Student's interval has so many.

    A weighted mean of n draws scatters by the root of (n - 1) / (n + 1) too little, and the normal
    point is below Student's.
    """
    from scipy.special import ndtr, stdtrit  # late: slow to import

    count = weights.shape[1] if groups is None else len(np.unique(groups))
    if count < 2:
        return 0.0
    return float(ndtr(-stdtrit(count - 1, 0.975) * np.sqrt((count + 1) / (count - 1))))


def _estimate(share, extra, tail):
    """Mean, and both ends of the interval, of shares (RESAMPLES,) of a plan."""
    mean = float(share.mean())
    counted = share * (1 - extra.sum(axis=1)) + extra[:, 0]
    low, high = np.quantile(counted, [tail, 1 - tail])
    return mean, min(mean, float(low)), max(mean, float(high))


def _weights(draws, groups):
    """Weights of draws (RESAMPLES, draws), and of what counts for and against a plan (.., 2)."""
    which = np.arange(draws)
    if groups is not None:
        _, first, which = np.unique(groups, return_index=True, return_inverse=True)
        which = np.argsort(np.argsort(first))[which]
    return _weights_of(which.tobytes())


@lru_cache(KEPT)
def _weights_of(which):
    """As `_weights`, of the clusters of draws as bytes; many outputs are of the same draws."""
    which = np.frombuffer(which, int)
    count = which.max() + 1
    rng = np.random.default_rng(count)
    found = rng.standard_exponential((RESAMPLES, count))
    extra = rng.gamma(HALF, size=(RESAMPLES, 2))
    extra /= (found.sum(axis=1) + extra.sum(axis=1))[:, None]
    found = found[:, which]
    return found / found.sum(axis=1, keepdims=True), extra


def _shares(d, weights, groups):
    """Share of draws in which the reference, then each plan, is the best: (RESAMPLES, 1 + plans).

    d : (plans, draws, luck), gain of each over the reference
    """
    plans, draws, _ = d.shape
    count = draws if groups is None else len(np.unique(groups))
    level = d.mean(axis=(1, 2))
    d = d - level[:, None, None]
    centre = weights @ d.mean(axis=2).T  # (RESAMPLES, plans)
    shrunk = (_together if count >= JOINT * plans else _apart)(d, weights, centre, count)
    shapes = [deconvolution.Shapes(one, count) for one in d]
    found = np.empty((len(weights), 1 + plans))
    step = max(1, MOST // (plans * draws))
    for start in range(0, len(weights), step):
        part = slice(start, start + step)
        gain = np.zeros((1 + plans, len(weights[part]), draws))
        for place, (shape, one) in enumerate(zip(shapes, shrunk(part), strict=True)):
            mapped = shape.mapped(one, weights[part], centre[part, place])
            gain[1 + place] = level[place] + mapped
        top = gain == gain.max(axis=0)
        found[part] = ((top / top.sum(axis=0)) * weights[part]).sum(axis=2).T
    return found


def _apart(d, weights, centre, count):
    """Each difference shrunk by itself: a function of a slice of resamples."""
    luck, means = d.shape[2], d.mean(axis=2)
    total = (weights @ (means**2).T - centre**2) * (count + 1) / max(1, count - 1)
    within = weights @ d.var(axis=2, ddof=1).T / luck
    with np.errstate(divide="ignore", invalid="ignore"):
        by = np.where(total > 0, np.sqrt(np.maximum(0.0, 1 - within / total)), 0.0)

    def of(part):
        off = means[:, None] - centre[part].T[:, :, None]
        return centre[part].T[:, :, None] + by[part].T[:, :, None] * off

    return of


def _together(d, weights, centre, count):
    """All differences shrunk together: a function of a slice of resamples.

    Shares of noise are the eigenvalues of the covariance within draws in units of that of draw
    means; so it does not matter which plan the differences are to.
    """
    plans, _, luck = d.shape
    means = d.mean(axis=2)
    off = d - means[:, :, None]
    pairs = np.einsum("pik,qik->ipq", off, off).reshape(len(means.T), -1) / (luck - 1) / luck
    squares = np.einsum("pi,qi->ipq", means, means).reshape(len(means.T), -1)
    outer = centre[:, :, None] * centre[:, None, :]
    total = (weights @ squares).reshape(-1, plans, plans) - outer
    total *= (count + 1) / max(1, count - 1)
    within = (weights @ pairs).reshape(-1, plans, plans)
    scale = np.sqrt(np.maximum(np.einsum("bpp->bp", total), ROUNDING * (means**2).max() + 1e-300))
    both = scale[:, :, None] * scale[:, None, :]
    sizes, ways = np.linalg.eigh(total / both)
    sizes = np.sqrt(np.maximum(sizes, SINGULAR))[:, None, :]  # plans may differ in step
    root, inverse = ways * sizes, (ways / sizes).transpose(0, 2, 1)
    noise, axes = np.linalg.eigh(inverse @ (within / both) @ inverse.transpose(0, 2, 1))
    signal = np.sqrt(np.maximum(0.0, 1 - noise))[:, None, :]
    by = root @ (axes * signal) @ axes.transpose(0, 2, 1) @ inverse
    by = by * scale[:, :, None] / scale[:, None, :]

    def of(part):
        away = means[None] - centre[part][:, :, None]
        return (centre[part][:, :, None] + by[part] @ away).transpose(1, 0, 2)

    return of
