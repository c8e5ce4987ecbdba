"""Mode, curvature and importance draws of a smooth density: fast, and checked against itself.

A density here is a function from coordinates (n, d) to log densities (n,); the coordinates are
about standard normal under the prior, which sets the steps of the differences below.
"""

from dataclasses import dataclass

import numpy as np

STEP = 0.02  # of central differences, in standard deviations of the posterior as guessed
TAILS = 7.0  # degrees of freedom of the proposal: heavier than the normal it is built on


@dataclass(frozen=True)
class Mode:
    """Point of greatest density (d,), and the covariance (d, d) that the curvature there gives."""

    place: np.ndarray
    covariance: np.ndarray


@dataclass(frozen=True)
class Sample:
    """Importance draws: coordinates (n, d), weights (n,) that sum to 1.

    effective : what the weights leave of the draws, 1 / sum of squares
    largest : the largest weight; near 1, one draw stands for all and nothing can be trusted
    """

    draws: np.ndarray
    weights: np.ndarray

    @property
    def effective(self):
        return 1.0 / (self.weights**2).sum()

    @property
    def largest(self):
        return self.weights.max()

    def resampled(self, count, luck):
        """Equally likely draws (count, d), by systematic resampling."""
        at = (luck.random() + np.arange(count)) / count
        rows = np.searchsorted(np.cumsum(self.weights), at).clip(max=len(self.weights) - 1)
        return self.draws[luck.permutation(rows)]


def hessian(density, z, root, step=10 * STEP):
    """Second derivatives (d, d) along the columns of root at z, by differences in one call."""
    size = len(z)
    rows, columns = np.triu_indices(size)
    one, other = step * root.T[rows], step * root.T[columns]
    points = np.concatenate([z + one + other, z + one - other, z - one + other, z - one - other])
    values = density(points).reshape(4, -1)
    entries = (values[0] - values[1] - values[2] + values[3]) / (4 * step**2)
    matrix = np.zeros((size, size))
    matrix[rows, columns] = matrix[columns, rows] = entries
    return matrix


def maximise(density, start):
    """The mode of a density, searched from `start` (d,).

    Quasi-Newton steps in coordinates scaled by the curvature at the start: records of any size,
    and with them any curvature, take about as many.
    """
    from scipy.optimize import minimize  # late: slow to import

    size = len(start)
    root = _root(-hessian(density, start, 0.02 * np.eye(size)) / 0.02**2)
    moves = STEP * root.T

    def down(v):
        z = start + root @ v
        found = density(np.concatenate([[z], z + moves, z - moves]))
        return -found[0], -(found[1 : size + 1] - found[size + 1 :]) / (2 * STEP)

    options = {"gtol": 1e-2, "maxiter": 200}
    found = minimize(down, np.zeros(size), jac=True, method="BFGS", options=options)
    place = start + root @ found.x
    inner = _root(-hessian(density, place, root))
    return Mode(place, root @ inner @ inner.T @ root.T)


def _root(precision):
    """Root of the covariance of a precision matrix; directions without curvature stay near 1."""
    values, vectors = np.linalg.eigh(precision)
    return vectors / np.sqrt(np.maximum(np.abs(values), 0.05))


def importance(density, mode, count, luck):
    """Draws from a wide Student t around the mode, weighted to the density."""
    size = len(mode.place)
    root = np.linalg.cholesky(mode.covariance)
    normal = luck.standard_normal((count, size))
    scale = np.sqrt(TAILS / luck.chisquare(TAILS, count))[:, None]
    t = normal * scale
    draws = mode.place + t @ root.T
    proposed = -0.5 * (TAILS + size) * np.log1p((t**2).sum(axis=1) / TAILS)
    log_weights = density(draws) - proposed
    weights = np.exp(log_weights - log_weights.max())
    return Sample(draws, weights / weights.sum())


def settled(density, mode, count, luck, rounds=4, enough=0.1):
    """Importance draws, the proposal moved to where the weights are while too few count."""
    found = importance(density, mode, count, luck)
    for _ in range(rounds):
        if found.effective >= enough * count:
            break
        weights = _tempered(found.weights, 2 * enough * count)
        mean = weights @ found.draws
        apart = found.draws - mean
        mode = Mode(mean, (weights[:, None] * apart).T @ apart)
        found = importance(density, mode, count, luck)
    return found


def _tempered(weights, effective):
    """Weights to the largest power at which so many draws still count."""
    low, high = 0.0, 1.0
    for _ in range(30):
        power = (low + high) / 2
        tried = weights**power
        enough = tried.sum() ** 2 / (tried**2).sum() >= effective
        low, high = (power, high) if enough else (low, power)
    tried = weights**low
    return tried / tried.sum()
