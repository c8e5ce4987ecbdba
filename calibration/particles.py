"""Draws of the prior of stage two, weighed by targets: importance sampling, and what it moved.

The prior is a row of the tier curves and the register's beliefs, independent of each other.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim import parameters
from sim.engine import curves, setup

BLOCKS = 20  # parts of the draws that the Monte Carlo error is read off
STUDY = Path(__file__).parent / "curves" / "study.json"


@dataclass(frozen=True)
class Draws:
    """Draws of all that is uncertain, for one population or for none.

    values  as the engine takes them, `setup.draw`
    own     lever -> (n,), beliefs of the population alone
    rows    row of the tier curves of each draw (n,)
    shapes  lever -> shape of the belief about it
    """

    values: dict[str, np.ndarray]
    own: dict[str, np.ndarray]
    rows: np.ndarray
    shapes: dict[str, str]

    def column(self, name):
        """Values of one input (n,), on the scale on which its belief is nearly normal."""
        if name in curves.RATES:
            rate = self.values["curve"][:, curves.RATES.index(name)]
            return np.log(rate / (1.0 - rate))
        if name in self.own:
            return on_scale(self.shapes[name], self.own[name])
        belief = parameters.world_parameters()[name].distribution
        return on_scale(belief.shape if belief is not None else "", self.values[name])

    def matrix(self, names):
        """Inputs (n, names)."""
        return np.stack([self.column(name) for name in names], axis=1)


def on_scale(shape, values):
    """ln of what is lognormal, log-odds of what is logit-normal, else as it is."""
    if shape == "lognormal":
        return np.log(values)
    return np.log(values / (1.0 - values)) if shape == "logitnormal" else values


def shared(settings, luck, count):
    """Draws of what no place has for itself: rows of the tier curves, and the register's beliefs.

    luck : numpy Generator
    """
    found = curves.read(STUDY)
    rows = luck.integers(len(found.draws), size=count)
    values = _register((*settings.carried, settings.null), luck, count)
    size = len(curves.RATES)
    values |= dict(zip(found.updates, found.draws[rows, size:].T, strict=True))
    return Draws(values | {"curve": found.draws[rows, :size]}, {}, rows, {})


def placed(draws, population, luck):
    """The draws with what a population has for itself, as far as its emulators see it."""
    count = len(draws.rows)
    own = {path: belief.quantile(luck.random(count)) for path, belief in population.own.items()}
    seen = [name for name in population.inputs if name not in own and name not in curves.RATES]
    values = draws.values | _register(
        [name for name in seen if name not in draws.values], luck, count
    )
    shapes = {path: belief.shape for path, belief in population.own.items()}
    return Draws(values, own, draws.rows, shapes)


def completed(draws, population, luck):
    """The draws with the rest of the register, as the engine needs them."""
    count = len(draws.rows)
    rest = [name for name in parameters.world_parameters() if name not in draws.values]
    share = np.full(count, population.plan.advanced_share.central)
    values = draws.values | _register(rest, luck, count) | {setup.ADVANCED_SHARE: share}
    return Draws(values, draws.own, draws.rows, draws.shapes)


def _register(names, luck, count):
    known = parameters.world_parameters()
    wanted = {name: known[name] for name in names}
    return parameters.draws(wanted, {}, lambda name: luck.random(count))


def picked(draws, places):
    """Some of the draws, in the order of `places`."""
    return Draws(
        {name: values[places] for name, values in draws.values.items()},
        {name: values[places] for name, values in draws.own.items()},
        draws.rows[places],
        draws.shapes,
    )


# ---- weights -----------------------------------------------------------------------------------


def weights(distances, classes=None):
    """Importance weights (n,) of draws, summing to 1.

    distances : (n, targets), simulated less observed, in standard errors
    classes : int (n,), optional
        The group of each draw. A group keeps its prior weight; only weights within it change.
    """
    log = -0.5 * (distances**2).sum(axis=1)
    found = np.exp(log - log.max())
    if classes is not None:
        total = np.bincount(classes, found)
        found = found * (np.bincount(classes) / total)[classes]
    return found / found.sum()


def classes_of(values, count):
    """Which of `count` classes of equal size each value falls into: int (n,)."""
    return np.argsort(np.argsort(values, kind="stable"), kind="stable") * count // len(values)


def effective(weight):
    """Effective number of draws with these weights."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def resampled(weight, count, u):
    """Places of `count` equally likely draws, by systematic resampling with one uniform u."""
    until = np.cumsum(weight) / weight.sum()
    return np.minimum(np.searchsorted(until, (np.arange(count) + u) / count), len(weight) - 1)


def spread(x, weight):
    """Standard deviation of values x (n,) under weights."""
    mean = np.average(x, weights=weight)
    return float(np.sqrt(np.average((x - mean) ** 2, weights=weight)))


def contraction(x, weight):
    """1 - posterior variance / prior variance of x (n,), and its Monte Carlo standard error.

    The error is that between blocks of the draws.
    """
    parts = np.array([
        1.0 - (spread(x[block], weight[block]) / x[block].std()) ** 2
        for block in np.array_split(np.arange(len(x)), BLOCKS)
    ])  # fmt: skip
    whole = 1.0 - (spread(x, weight) / x.std()) ** 2
    return float(whole), float(parts.std(ddof=1) / np.sqrt(BLOCKS))


def quantiles(x, weight, at):
    """Quantiles of values x (n,) under weights: (at,)."""
    order = np.argsort(x, kind="stable")
    until = np.cumsum(weight[order]) / weight.sum()
    return x[order][np.minimum(np.searchsorted(until, at), len(x) - 1)]
