"""Which uncertain parameters carry most of a number, from the draws of its own run.

A quick look and no sensitivity analysis: the share of the variance of the draw means that a
smooth function of one parameter explains (first order, given data), beside what the largest of
all parameters would seem to explain of noise. Parameters that matter only together are missed,
and few draws show only the strongest.
"""

import numpy as np

from sim.engine import setup
from sim.parameters import register

HOW = (
    "first-order ranking from the draws of this run, above what noise shows in 95 of 100 cases; "
    "not a sensitivity analysis"
)
CENTRAL = "all parameters are at their centre, so nothing is ranked"
MOST = 3  # parameters named
FEWEST = 30  # draws below which a spline of five terms explains anything
NOISES = 199


def ranked(means, parameters, key):
    """The first parameters for each of some numbers.

    means       (draws, n), each number in each draw, averaged over its luck; NaN where undefined
    parameters  dict, name -> (draws,) values
    key         int >= 0, names the noise
    returns     list of n tuples of dicts, the most first: parameter, share (of the variance of
                the draw means, 0 to 1), rests_on ("an assumption", or its evidence)
    """
    from sim.analysis.value import basis, fitted  # late: few need it

    draws, n = means.shape
    varied = {name: x for name, x in parameters.items() if np.ptp(x) > 0}
    if draws < FEWEST or not varied:
        return [()] * n
    clean = np.isfinite(means).all(axis=0) & (np.ptp(means, axis=0) > 0)
    y = means[:, clean] - means[:, clean].mean(axis=0)
    y = y / y.std(axis=0)
    noise = np.random.default_rng(key).standard_normal((draws, NOISES))
    both = np.concatenate([y, noise / noise.std(axis=0)], axis=1)
    shares = np.array([fitted(basis(x), both).var(axis=0) for x in varied.values()])
    floor = np.quantile(shares[:, y.shape[1] :].max(axis=0), 0.95)
    rows = iter([_first(list(varied), found, floor) for found in shares[:, : y.shape[1]].T])
    return [next(rows) if good else () for good in clean]


def _first(names, shares, floor):
    order = np.argsort(-shares, kind="stable")[:MOST]
    return tuple(
        {"parameter": names[i], "share": round(float(shares[i]), 3), "rests_on": _source(names[i])}
        for i in order
        if shares[i] > floor
    )


def _source(name):
    if name in (setup.ADVANCED_SHARE, setup.HORIZON):
        return "a range in the scenario"
    return "an assumption" if register()[name].assumed else "evidence"
