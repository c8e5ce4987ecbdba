"""How much more one plan gives than another, relative to it, with chance taken out.

What is estimated is E[b | draw] / E[a | draw] of a new draw: how often as much a plan is expected
to give as its reference, once what is not known has been settled. The mean of the few worlds of a
draw is far from its expectation, and the ratio of two such means is further off where little gets
done, so that ratios read off the worlds scatter far more than those of expectations.

Draws are compared on a scale on which that matters least: the difference over the mean of both
terms, 2 (b - r a) / (b + r a), with r a ratio in their middle. It is between -2 and 2 however small
a draw is, straight in b - r a, whose chance the worlds tell without bias, and its divisor knows
nothing of the sign of that chance. Scatter between draws comes from the analysis of variance of it,
which weighs all draws alike: weights by how well a draw is known go to large ones, in which plans
differ least, and held 87 of 100.
"""

import numpy as np

from sim.analysis import clusters, estimates

LEAST = 1e-3  # share of a size that is no chance; less, of worlds below zero, is taken for this


def interval(a, b, groups=None):
    """95% interval of the ratio of expectations b / a of a new draw: (low, high).

    a, b   : (draws, luck), worlds of two plans, paired; all draw means of a above 0, of b 0 or more
    groups : int (draws,), draws that share a row of the posterior

    The 2.5% and 97.5% points of draws shrunk to their mean, as in `estimates.expected_interval`,
    with the numerical error of the centre added in quadrature, of the logarithm of the ratio.
    """
    ratio = _centre(a, b)
    if ratio == 0:
        return 0.0, 0.0
    d, size = b - ratio * a, (b + ratio * a) / 2
    size /= (whole := size.mean(axis=1, keepdims=True))
    parts = estimates.split(d / whole)
    # Two worlds of a draw agree in this share of its squared size. The root of what draws differ by
    # is too small by half the rest for the divisor, and by as much for the bend of the scale, as
    # designs with a known answer show.
    shrink = estimates.factors(parts, *a.shape) / _told(size)
    below, above = estimates.ends(parts, np.minimum(shrink, 1.0))
    error = estimates.Z * clusters.mean_error(parts.means, groups)
    centre, low, high = (_log(parts.mean + off) for off in (0.0, below, above))
    down, up = np.hypot(centre - low, error), np.hypot(high - centre, error)
    return float(ratio * np.exp(centre - down)), float(ratio * np.exp(centre + up))


def _centre(a, b):
    """A ratio in the middle of those of draws, which a few large ones do not move."""
    middle = float(np.median(b.mean(axis=1) / a.mean(axis=1)))
    return middle if middle > 0 else b.mean() / a.mean()


def _told(size):
    """Share of a draw's mean size, squared, that is no chance; sizes (draws, luck) of mean 1."""
    luck = size.shape[1]
    noise = size.var(axis=1, ddof=1).mean() / luck if luck > 1 else 0.0
    return max(1 - noise, LEAST)


def _log(z):
    """Logarithm of the ratio of two terms whose difference over their mean is z."""
    with np.errstate(divide="ignore"):
        return np.log((1 + z / 2) / (1 - z / 2))
