"""How likely a record is under parameters: an emulator of each measure, and its spread.

The spread of a world about the emulator is chance and what the emulator misses, both seen in worlds
it has not been fitted to. The discrepancy of the measure comes on top.
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis import emulator
from sim.learning import measures

PENALTY, CROSSED, FOLDS = 30.0, 20, 4  # of the emulators, as calibration/README.md explains them
LEAST_DEFINED = 0.5  # share of worlds in which a measure must have a value
LEAST_SD = 1e-3


@dataclass(frozen=True, eq=False)
class MeasureEmulator:
    """A measure as a function of parameters.

    mean    Emulator of it
    spread  (3,), coefficients of ln variance about it, in the standardised mean
    middle, width  of that mean
    error   root mean square error at worlds not seen
    off     (n,) residuals at worlds not seen, over their spread; NaN where undefined
    """

    mean: emulator.Emulator
    spread: np.ndarray
    middle: float
    width: float
    error: float
    off: np.ndarray

    def at(self, scores):
        """Mean and standard deviation at normal scores of parameters: two (n,)."""
        mean = self.mean(scores)
        z = np.clip((mean - self.middle) / self.width, -2.5, 2.5)
        ln_variance = np.polynomial.polynomial.polyval(z, self.spread)
        return mean, np.maximum(np.exp(0.5 * ln_variance), LEAST_SD)


def emulate(scores, y) -> MeasureEmulator | None:
    """The emulator of outcomes y (n,) at normal scores (n, d); None where few have a value."""
    good = np.isfinite(y)
    if good.mean() < LEAST_DEFINED or np.ptp(y[good]) == 0.0:
        return None
    x, y_good = scores[good], y[good]
    tested = emulator.cross_validate(x, y_good, PENALTY, CROSSED, FOLDS)
    fold = np.arange(len(y_good)) % FOLDS
    off, seen = np.empty(len(y_good)), np.empty(len(y_good))
    for f, one in enumerate(tested.folds):
        seen[fold == f] = one(x[fold == f])
        off[fold == f] = y_good[fold == f] - seen[fold == f]
    middle, width = float(seen.mean()), float(max(seen.std(), LEAST_SD))
    z = np.clip((seen - middle) / width, -2.5, 2.5)
    spread = _ln_variance(z, off)
    sd = np.exp(0.5 * np.polynomial.polynomial.polyval(z, spread))
    every = np.full(len(y), np.nan)
    every[good] = off / sd
    return MeasureEmulator(tested.whole, spread, middle, width, tested.error, every)


def _ln_variance(z, off):
    """Coefficients of ln variance as a parabola in z, by iterated weighted least squares."""
    square = np.maximum(off**2, 1e-12)
    spread = np.array([np.log(square.mean()), 0.0, 0.0])
    powers = np.vander(z, 3, increasing=True)
    for _ in range(8):  # scoring of a gamma of log link
        variance = np.exp(powers @ spread)
        step = np.linalg.lstsq(powers, square / variance - 1.0, rcond=None)[0]
        spread = spread + np.clip(step, -1.0, 1.0)
    return spread


def transient(bank, part) -> float:
    """Share of the variance about the emulator of tickets that other weeks do not share, 0 to 1.

    The halves of the weeks of one world differ by what each has alone; what both have stays with
    the team: its people's traits, and what the emulator misses. The sum over all weeks has a
    quarter of the variance of that difference, once a straight line in the parameters is taken off.
    """
    ones = np.column_stack([np.ones(len(bank)), bank.scores])
    off = bank.shift - ones @ np.linalg.lstsq(ones, bank.shift, rcond=None)[0]
    _, sd = part.at(bank.scores)
    return float(min(1.0, 0.25 * off.var() / (sd**2).mean()))


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Of a record: which measures it has, how each depends on parameters, how they go together.

    keys         (k,) measures observed
    parts        (k,) of MeasureEmulator
    correlation  (k, k) of residuals
    """

    keys: tuple[str, ...]
    parts: tuple[MeasureEmulator, ...]
    correlation: np.ndarray

    @classmethod
    def of(cls, every: dict[str, MeasureEmulator], keys) -> "Likelihood":
        """The likelihood of some measures."""
        keys = tuple(keys)
        parts = tuple(every[key] for key in keys)
        off = np.column_stack([part.off for part in parts])
        off = off[np.isfinite(off).all(axis=1)]
        correlation = np.atleast_2d(np.corrcoef(off, rowvar=False))
        return cls(keys, parts, np.nan_to_num(correlation, nan=0.0) + 0.0)

    def moments(self, scores, more=0.0):
        """Mean (n, k) of a record at parameters, and its covariance (n, k, k).

        more : further variance of ln tickets, of counts that vary beyond the model's
        """
        ends = [part.at(scores) for part in self.parts]
        mean = np.column_stack([one for one, _ in ends])
        sd = np.column_stack([one for _, one in ends])
        own = self.correlation.copy()
        np.fill_diagonal(own, 1.0)
        covariance = sd[:, :, None] * sd[:, None, :] * own
        for place, key in enumerate(self.keys):
            covariance[:, place, place] += measures.MEASURES[key].discrepancy ** 2
            if key == measures.TICKETS:
                covariance[:, place, place] += more
        return mean, covariance

    def log(self, scores, observed, more=0.0) -> np.ndarray:
        """ln density of observed values (k,), on their scales, at parameters: (n,)."""
        mean, covariance = self.moments(scores, more)
        root = np.linalg.cholesky(covariance)
        off = np.linalg.solve(root, (np.asarray(observed) - mean)[:, :, None])[:, :, 0]
        return -0.5 * (off**2).sum(axis=1) - np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
