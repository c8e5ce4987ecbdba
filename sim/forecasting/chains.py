"""The drift on a grid: steps of the level, what reverts, and the chance of a count.

The level is ln of tickets a week on a grid; what reverts is a chain of a few states; both are exact
Markov chains, so that filter, forecast and smoothing share one model and differ in nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np
from scipy.special import gammaln, ndtr

from sim.forecasting.settings import Settings

STEP = 0.125  # of the grid [ln]
LEAST_RATE = 0.02  # lowest level of the grid [tickets/week]
STATES = 5  # of what reverts
BULKS = (1.5, 3.0, 4.5)  # sizes of a bulk of closings [ln of how many times a week's rate]
OUTLIER = 1e-15  # least likelihood of a count over its highest
# Level before anything is seen. Assumption: 8 tickets a week, a wide range (0.16 to 400 at 95%).
START_MEAN, START_SD = np.log(8.0), 2.0  # [ln tickets/week]


def steps(levels: np.ndarray, sd: float) -> np.ndarray:
    """Chance of each step between levels, of variance `sd`² away from the ends: (g, g).

    Steps finer than the grid move by one place, rarely enough to keep their variance.
    """
    n, places = len(levels), sd**2 / STEP**2
    if places <= 0.6:
        chain = (1 - places) * np.eye(n) + places / 2 * (np.eye(n, k=1) + np.eye(n, k=-1))
    else:
        own = np.sqrt(sd**2 - STEP**2 / 12)  # rounding to the grid adds its variance
        apart = levels[None, :] - levels[:, None]
        chain = ndtr((apart + STEP / 2) / own) - ndtr((apart - STEP / 2) / own)
    return chain / chain.sum(axis=1, keepdims=True)


def reversion(persistence: float, sd: float, n: int = STATES):
    """A chain of n states with the mean 0, variance and correlation of an AR(1).

    returns : values (n,), chance of each step (n, n), and long-run chances (n,)

    Source: Rouwenhorst's method (Kopecky and Suen 2010, doi 10.1016/j.red.2010.02.002).
    """
    stay = (1 + persistence) / 2
    chain = np.array([[stay, 1 - stay], [1 - stay, stay]])
    for size in range(3, n + 1):
        wider = np.zeros((size, size))
        wider[:-1, :-1] += stay * chain
        wider[:-1, 1:] += (1 - stay) * chain
        wider[1:, :-1] += (1 - stay) * chain
        wider[1:, 1:] += stay * chain
        wider[1:-1] /= 2
        chain = wider
    weights = np.array([comb(n - 1, k) for k in range(n)]) / 2.0 ** (n - 1)
    return np.linspace(-1, 1, n) * sd * np.sqrt(n - 1), chain, weights


@dataclass(frozen=True, eq=False)
class Chains:
    """The model of weekly counts under settings.

        ln rate = level + reverting + bulk;  count ~ Poisson(rate x gamma of mean 1)

    settings  Settings
    top       highest count the grid must reach [tickets/week]

    A state is (walk, reverting SD, shape, state of what reverts, level): chances of all of them
    are arrays (w, s, r, m, g), the first three the listed values of the settings.
    """

    settings: Settings
    top: float

    @cached_property
    def levels(self) -> np.ndarray:
        """Levels of the grid (g,) [ln tickets/week]."""
        high = np.log(max(self.top, 50.0)) + 1.0
        return np.arange(np.log(LEAST_RATE), high + STEP, STEP)

    @cached_property
    def walk(self) -> np.ndarray:
        """Chance of each step of the level, for each walk: (w, g, g)."""
        kept, jump = self.settings, self.settings.jump_chance
        jumps = steps(self.levels, kept.jump_sd)
        small = [steps(self.levels, sd) for sd in kept.walks]
        return np.array([(1 - jump) * one + jump * jumps for one in small])

    @cached_property
    def reverting(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Values (s, m), chance of each step (m, m) and long-run chances (m,)."""
        kept = self.settings
        values = [reversion(kept.persistence, sd)[0] for sd in kept.reverting]
        return np.array(values), *reversion(kept.persistence, 1.0)[1:]

    @cached_property
    def bulks(self) -> tuple[np.ndarray, np.ndarray]:
        """Sizes of bulks, none first [ln], and their chances: two (4,)."""
        kept = self.settings
        shares = kept.bulk_decay ** np.arange(len(BULKS))
        shares = kept.bulk_chance * shares / shares.sum()
        return np.array([0.0, *BULKS]), np.array([1 - kept.bulk_chance, *shares])

    def start(self) -> np.ndarray:
        """Chances before anything is seen: (w, s, r, m, g)."""
        kept = self.settings
        level = np.exp(-0.5 * ((self.levels - START_MEAN) / START_SD) ** 2)
        chances = self.reverting[2][:, None] * level / level.sum()
        listed = (len(kept.walks), len(kept.reverting), len(kept.shapes))
        return np.broadcast_to(chances, (*listed, *chances.shape)) / np.prod(listed)

    def move(self, chances: np.ndarray) -> np.ndarray:
        """Chances a week later: (w, s, r, m, g)."""
        w, *listed, g = chances.shape
        moved = (chances.reshape(w, -1, g) @ self.walk).reshape(w, *listed, g)
        return self.reverting[1].T @ moved

    def likelihood(self, count: int) -> np.ndarray:
        """Chance of a week's count in each state: (s, r, m, g).

        Nowhere under OUTLIER of the highest: a count that no level near explains moves nothing.
        """
        shapes = np.array(self.settings.shapes)[:, None, None, None]
        sizes, chances = self.bulks
        values = self.reverting[0]
        log_rate = values[:, None, :, None, None] + self.levels[:, None] + sizes
        excess = np.logaddexp(log_rate, np.log(shapes))  # of rate + shape
        logs = (
            gammaln(count + shapes) - gammaln(shapes) - gammaln(count + 1.0)
            + shapes * (np.log(shapes) - excess) + count * (log_rate - excess)
        )  # fmt: skip
        likelihood = np.exp(logs) @ chances
        return np.maximum(likelihood, OUTLIER * likelihood.max())
