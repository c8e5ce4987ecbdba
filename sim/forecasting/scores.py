"""Scores of forecasts: how far off their distribution is, and what their intervals hold."""

import numpy as np

NOMINAL = (50, 80, 95)  # [%]


def crps(samples: np.ndarray, came: float) -> float:
    """Continuous ranked probability score of a forecast given by samples.

        mean |X - y| - mean |X - X'| / 2

    samples : (n,), equally likely
    came : what happened
    returns : in the unit of both; 0 is perfect, and for a point forecast it is the absolute error

    Source: Gneiting and Raftery 2007, equation 21 (doi 10.1198/016214506000001437).
    """
    ordered, n = np.sort(samples), len(samples)
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float(np.abs(ordered - came).mean() - weights @ ordered / n**2)


def inside(samples: np.ndarray, came: float) -> list[bool]:
    """Whether the central intervals of NOMINAL chance hold what happened."""
    ends = [(0.5 - share / 200, 0.5 + share / 200) for share in NOMINAL]
    low, high = np.quantile(samples, np.array(ends).T)
    return [bool(held) for held in (low <= came) & (came <= high)]
