"""The one door to SALib: screening, and indices from data that is already there.

SALib 1.6 has two traps, and both are shut here. One NaN or infinity among the outputs gives
indices of exactly 0 with intervals of 0, without a word: outputs are refused unless finite.
`seed=0` counts as no seed: seeds given here are 1 or more.
"""

import warnings

import numpy as np

from sim.errors import SensitivityError

GIVEN = ("pawn", "delta", "rbd_fast")  # work on any sample whose inputs are independent or not
DESIGNED = ("morris", "efast")  # need a sample of their own
LEVELS = 4  # of Morris's grid
RBD_RESAMPLES = 100
DELTA_RESAMPLES, DELTA_ROWS = 20, 400  # its kernel densities take a second a factor otherwise
# method -> its measure, what it says, and the columns of SALib's answer: value, 95% half-width
MEASURES = {
    "morris": ("mu_star", "mean size of the change over the factor's range", "mu_star_conf"),
    "efast": ("ST", "total share of variance", "ST_conf"),
    "pawn": ("median", "median distance of the output's distribution, 0 to 1", None),
    "delta": ("delta_raw", "shift of the output's distribution, 0 to 1", "delta_raw_conf"),
    "rbd_fast": ("S1", "share of variance alone", "S1_conf"),
}

# What a method is called where it is read.
METHOD_NAMES = {
    "morris": "Morris screening", "efast": "eFAST", "pawn": "PAWN", "delta": "delta indices",
    "rbd_fast": "RBD-FAST",
}  # fmt: skip

# What a measure is called at the head of a column.
HEADS = {
    "morris": "mean change", "efast": "total share", "pawn": "median distance", "delta": "shift",
    "rbd_fast": "share alone",
}  # fmt: skip

# What belongs to every use of a method's numbers.
NOTES = {
    "morris": (
        "Morris screening orders inputs by what they do between their 5 and 95% points; its sizes "
        "are no shares of the variance."
    ),
    "efast": "Intervals of eFAST by resampling are indicative only, by SALib's own account.",
    "pawn": "PAWN gives no interval; differences of a few hundredths mean nothing.",
    "delta": "Delta counts correlated inputs too: an input may rank high through another.",
    "rbd_fast": "RBD-FAST gives what a factor does alone, without interactions.",
}


def seeded(key):
    """A seed that SALib takes for one: int in [1, 2**31)."""
    return 1 + int(key) % (2**31 - 2)


def problem(names):
    """SALib's description of factors that are numbers in (0, 1)."""
    names = list(names)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def sample(method, names, samples, key):
    """Rows (rows, factors) in [0, 1] for "morris" (trajectories) or "efast" (points a curve)."""
    if method == "morris":
        from SALib.sample import morris  # late: slow to import

        return morris.sample(problem(names), samples, num_levels=LEVELS, seed=seeded(key))
    from SALib.sample import fast_sampler

    if samples <= 4 * 4**2:
        raise SensitivityError(f"samples = {samples}: must be 65 or more for efast")
    return fast_sampler.sample(problem(names), samples, seed=seeded(key))


def analyse(method, names, x, y, key):
    """Measure of each factor and the half-width of its 95% interval: two arrays (factors,).

    Parameters
    ----------
    method : one of MEASURES
    names : sequence of str
    x : array (rows, factors), in [0, 1]; for a designed method, as `sample` returned it
    y : array (rows,), finite
    key : int >= 0, names the resampling

    Half-widths are NaN where SALib gives none. Raises SensitivityError for outputs that are not
    finite, or that are all the same.
    """
    if not np.isfinite(y).all():
        lost = int((~np.isfinite(y)).sum())
        said = f"{lost} of {len(y)} outputs are not finite"
        raise SensitivityError(f"{said}: {method} needs them all")
    if np.ptp(y) == 0:
        raise SensitivityError("the output is the same in all rows: no factor matters")
    value, _, width = MEASURES[method]
    found = _run(method, problem(names), np.asarray(x, float), np.asarray(y, float), seeded(key))
    values = np.asarray(found[value], float)
    return values, np.asarray(found[width], float) if width else np.full(len(values), np.nan)


SLICES = 10  # of an input, as SALib's PAWN has them


def values(method, names, x, y, key):
    """Measures of `analyse` (factors,), without intervals: for many samples one after another."""
    if method == "pawn":
        return pawn(x, y)
    if method == "delta":
        return np.asarray(_delta(problem(names), x, y, seeded(key), 2)["delta_raw"], float)
    return np.asarray(_rbd_fast(problem(names), x, y, seeded(key), 2)["S1"], float)


def pawn(x, y):
    """Median over slices of x of the Kolmogorov distance of y in it from all y: (factors,).

    As SALib's, which spends its time on p-values; x (rows, factors), y (rows,).
    """
    order = np.argsort(y, kind="stable")
    last = np.append(np.diff(y[order]) > 0, True)  # of equal values
    every = np.arange(1, len(y) + 1)[last] / len(y)
    found = []
    for column in x[order].T:
        ends = np.nanquantile(column, np.arange(0, 1 + 1 / SLICES, 1 / SLICES))
        place = np.searchsorted(ends, column, side="right") - 1
        inside = np.cumsum(place[:, None] == np.arange(len(ends) - 1), axis=0)
        kept = inside[:, inside[-1] > 0]
        distance = np.abs(kept[last] / kept[-1] - every[:, None]).max(axis=0)
        found.append(np.median(distance))
    return np.array(found)


def _rbd_fast(about, x, y, seed, resamples):
    from SALib.analyze import rbd_fast

    return rbd_fast.analyze(about, x, y, num_resamples=resamples, seed=seed)


def _delta(about, x, y, seed, resamples):
    from SALib.analyze import delta

    few = {"num_resamples": resamples, "y_resamples": min(len(y), DELTA_ROWS)}
    return delta.analyze(about, x, y, method="delta", seed=seed, **few)


def _run(method, about, x, y, seed):
    if method == "morris":
        from SALib.analyze import morris

        return morris.analyze(about, x, y, num_levels=LEVELS, seed=seed)
    if method == "efast":
        from SALib.analyze import fast

        with warnings.catch_warnings():  # NOTES says it where the numbers are shown
            warnings.simplefilter("ignore")
            return fast.analyze(about, y, seed=seed)
    if method == "pawn":
        from SALib.analyze import pawn

        return pawn.analyze(about, x, y, seed=seed)
    if method == "delta":
        return _delta(about, x, y, seed, DELTA_RESAMPLES)
    return _rbd_fast(about, x, y, seed, RBD_RESAMPLES)
