"""Which of several points is best, and how sure that is: pure functions over arrays.

y (points, draws, luck), world (i, k) of one point paired with world (i, k) of all others.
"""

import numpy as np

from sim.analysis import estimates, paired

SHIFTS = 64  # values of the numerical error that a ranking is averaged over


def best_world(gain):
    """Shares (points, draws, luck): 1 where a point is best in a world, ties share it.

    gain : (points, draws, luck), more is better
    """
    top = gain == gain.max(axis=0)
    return top / top.sum(axis=0)


def best_expected(gain, seed=1):
    """Shares (points, draws): how often a point's expected gain is the best of a draw.

    gain : (points, draws, luck >= 2), more is better

    Expected gains of a draw are those relative to the point of the highest mean, since with
    luck in common a difference is known better than its terms, with chance taken out as for
    a comparison (`estimates.shrunk`). Each mean difference has a numerical error, clustered
    by draw, over which shares are averaged: SHIFTS normal values a point, from `seed`.
    """
    points, draws, luck = gain.shape
    reference = int(gain.mean(axis=(1, 2)).argmax())
    expected, errors = np.zeros((points, draws)), np.zeros(points)
    for p in range(points):
        d = paired.difference(gain[reference], gain[p])
        parts = estimates.split(d)
        expected[p] = estimates.shrunk(parts, luck)
        errors[p] = parts.means.std(ddof=1) / np.sqrt(draws)
    shares = np.zeros((points, draws))
    random = np.random.default_rng(seed)
    for _ in range(SHIFTS):
        shifted = expected + (errors * random.standard_normal(points))[:, None]
        top = shifted == shifted.max(axis=0)
        shares += top / top.sum(axis=0)
    return shares / SHIFTS


def chances(shares):
    """Probability and 95% interval for each point, from shares (points, draws[, luck]).

    Wilson's, clustered by draw; draws resolve 1/draws at best.
    """
    cubes = shares.reshape(*shares.shape[:2], -1)
    return np.array([estimates.probability(cube)[:3] for cube in cubes])
