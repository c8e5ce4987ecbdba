"""What forecasts are held against: the methods in use, each a total of the weeks that follow."""

from collections.abc import Callable

import numpy as np

RECENT = 26  # weeks that are resampled
DRIFT = 0.5  # SD of the fixed drift [ln], of all weeks ahead alike
HALF_LIFE = 8  # weeks after which a week weighs half
WEIGHTED_DRIFT = 0.4  # SD of the fixed drift beside weighted weeks [ln]


def resampling(history: np.ndarray, weeks: int, draws: int, rng) -> np.ndarray:
    """Monte Carlo: weeks ahead are drawn from the last 26: (draws,) [tickets]."""
    return rng.choice(history[-RECENT:], (draws, weeks)).sum(axis=1)


def with_drift(history: np.ndarray, weeks: int, draws: int, rng) -> np.ndarray:
    """The same, times a fixed lognormal drift: (draws,) [tickets]."""
    factor = np.exp(DRIFT * rng.standard_normal(draws))
    return resampling(history, weeks, draws, rng) * factor


def weighted(history: np.ndarray, weeks: int, draws: int, rng) -> np.ndarray:
    """Weeks of the whole history drawn by weights that halve every 8 weeks, times a drift."""
    weights = 0.5 ** (np.arange(len(history))[::-1] / HALF_LIFE)
    drawn = rng.choice(history, (draws, weeks), p=weights / weights.sum()).sum(axis=1)
    return drawn * np.exp(WEIGHTED_DRIFT * rng.standard_normal(draws))


Rival = Callable[[np.ndarray, int, int, np.random.Generator], np.ndarray]
RIVALS: dict[str, Rival] = {
    "resampling": resampling, "with_drift": with_drift, "weighted": weighted,
}  # fmt: skip
