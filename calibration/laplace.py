"""Mode, curvature and importance draws of a smooth density: fast, and checked against itself.

A density here is a function from coordinates (n, d) to log densities (n,); the coordinates are
about standard normal under the prior, which sets the steps of the differences below.
"""

from dataclasses import dataclass

import numpy as np

STEP = 2e-3  # of central differences, in prior standard deviations
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


def gradient(density, z):
    """Gradient (d,) at z by central differences, in one call."""
    moves = STEP * np.eye(len(z))
    found = density(np.concatenate([z + moves, z - moves]))
    return (found[: len(z)] - found[len(z) :]) / (2 * STEP)


def hessian(density, z):
    """Matrix of second derivatives (d, d) at z by central differences, in one call."""
    size, step = len(z), 10 * STEP
    rows, columns = np.triu_indices(size)
    one, other = step * np.eye(size)[rows], step * np.eye(size)[columns]
    points = np.concatenate([z + one + other, z + one - other, z - one + other, z - one - other])
    values = density(points).reshape(4, -1)
    entries = (values[0] - values[1] - values[2] + values[3]) / (4 * step**2)
    matrix = np.zeros((size, size))
    matrix[rows, columns] = matrix[columns, rows] = entries
    return matrix


def maximise(density, start):
    """The mode of a density, searched from `start` (d,)."""
    from scipy.optimize import minimize  # late: slow to import

    def down(z):
        points = np.concatenate([[z], z + STEP * np.eye(len(z)), z - STEP * np.eye(len(z))])
        found = density(points)
        size = len(z)
        slope = (found[1 : size + 1] - found[size + 1 :]) / (2 * STEP)
        return -found[0], -slope

    found = minimize(down, start, jac=True, method="BFGS", options={"gtol": 1e-4, "maxiter": 300})
    return Mode(found.x, _positive(-hessian(density, found.x)))


def _positive(precision):
    """Covariance of a precision matrix, directions without curvature held at the prior's width."""
    values, vectors = np.linalg.eigh(precision)
    return (vectors / np.maximum(values, 0.25)) @ vectors.T


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
