"""Outputs made up with a known expectation, for counting what intervals hold without the engine.

A design says what a metric is like: a sum, a count, a share or a rare sum, how far the expectation
differs between draws, and how much chance a world adds. Expectations of draws come first and worlds
after, so the truth of every draw is known and no nested run is needed.
"""

from typing import NamedTuple

import numpy as np

SUM, COUNT, SHARE, RARE = "sum", "count", "share", "rare sum"
EVENT = 1.0  # sd of ln size of an event of a rare sum
LOSS = 0.5  # power of the size of a plan by which its relative noise falls


class Design(NamedTuple):
    """What one output is like.

    kind    SUM, COUNT, SHARE or RARE
    median  of the expectations of draws, in the output's unit
    spread  sd of their logarithm, or of their logit for a share
    noise   relative sd of a world about its expectation (SUM, COUNT); trials of a share; expected
            events of a world at the median (RARE)
    draws, luck  of a repetition
    """

    kind: str
    median: float
    spread: float
    noise: float
    draws: int = 100
    luck: int = 2

    @property
    def bounds(self):
        """Least and greatest the output can be."""
        return (0.0, 1.0) if self.kind == SHARE else (0.0, np.inf)


def expectations(design, count, rng):
    """Expected outputs of new draws (count,)."""
    normal = rng.standard_normal(count)
    if design.kind == SHARE:
        centre = np.log(design.median / (1 - design.median))
        return 1 / (1 + np.exp(-(centre + design.spread * normal)))
    return design.median * np.exp(design.spread * normal)


def values(design, expected, rng):
    """Worlds (draws, luck) of draws with these expectations (draws,)."""
    mean = np.broadcast_to(expected[:, None], (len(expected), design.luck))
    if design.kind == SHARE:
        trials = int(design.noise)
        return rng.binomial(trials, mean) / trials
    if design.kind == RARE:
        return _events(mean, design.median / design.noise, rng)
    y = _around(mean, design.noise, rng)
    return rng.poisson(y).astype(float) if design.kind == COUNT else y


def _around(mean, noise, rng):
    """Gamma values of these means, with this relative sd."""
    if noise == 0:
        return np.array(mean)
    return rng.gamma(noise**-2, mean * noise**2)


def _events(mean, size, rng):
    """Sums of lognormal sizes over a Poisson number of events, with these means."""
    number = rng.poisson(mean / size)
    sizes = rng.lognormal(-(EVENT**2) / 2, EVENT, number.sum()) * size
    owner = np.repeat(np.arange(number.size), number.ravel())
    return np.bincount(owner, sizes, number.size).reshape(mean.shape)


GRID = tuple(
    Design(kind, median, spread, noise, draws, luck)
    for draws, luck in ((100, 2), (50, 8))
    for kind, settings in (
        (SUM, ((100, 0.1, 0.1), (100, 0.3, 0.3), (100, 0.7, 0.3), (100, 0.7, 1.0), (9, 1.2, 0.5))),
        (COUNT, ((40, 0.3, 0.1), (10, 0.5, 0.0), (3, 0.8, 0.3), (1, 0.8, 0.0), (0.5, 1.2, 0.0))),
        (SHARE, ((0.5, 0.5, 30), (0.1, 0.7, 30), (0.95, 0.7, 40), (0.3, 0.2, 30), (0.02, 1, 60))),
        (RARE, ((10, 0.7, 3), (10, 0.7, 1), (10, 1.0, 1), (5, 1.0, 0.5), (5, 1.3, 0.3))),
    )
    for median, spread, noise in settings
)


# ---- two plans -----------------------------------------------------------------------------------


class Pair(NamedTuple):
    """How two plans differ.

    name    of the case
    centre  median of ln(plan / reference)
    spread  sd of the logarithm over draws
    skew    of the logarithm: 0 normal; 1 as skewed as a lognormal of sigma 1
    noise   relative sd of a world at the median size; more where a plan is small
    draws, luck  of a repetition
    """

    name: str
    centre: float
    spread: float
    skew: float
    noise: float
    draws: int = 100
    luck: int = 2


PAIRS = (
    Pair("small", 0.02, 0.03, 0.0, 0.15),
    Pair("small, hardly any chance", 0.05, 0.03, 0.0, 0.01),
    Pair("large", 0.5, 0.3, 0.0, 0.3),
    Pair("large, much chance", 0.5, 0.3, 0.0, 0.8),
    Pair("large and skewed", 0.4, 0.3, 0.7, 0.3),
    Pair("large and skewed, much chance", 0.4, 0.3, 0.7, 0.7),
)
SHARED = 0.5  # share of the log-variance of a world that both plans meet


def effects(pair, count, rng):
    """Ratios plan / reference of new draws (count,)."""
    normal = rng.standard_normal(count)
    bent = np.expm1(pair.skew * normal) / pair.skew if pair.skew else normal
    return np.exp(pair.centre + pair.spread * bent)


def worlds(pair, ratio, rng):
    """Reference and plan, two arrays (draws, luck), of draws with these ratios (draws,)."""
    size = rng.lognormal(0.0, 0.7, len(ratio))[:, None]
    shape = (len(ratio), pair.luck)
    spread = np.sqrt(np.log1p((pair.noise * size**-LOSS) ** 2))
    common = np.sqrt(SHARED) * rng.standard_normal(shape)
    one, other = (common + np.sqrt(1 - SHARED) * rng.standard_normal(shape) for _ in range(2))
    a = size * np.exp(spread * one - spread**2 / 2)
    return 100 * a, 100 * ratio[:, None] * size * np.exp(spread * other - spread**2 / 2)
