"""An emulator: squares and some products of its inputs, fitted by ridge regression, with its error.

Inputs are nearly standard normal under the prior. Which of them have products among each other is
read off a first fit without any: those that explain most.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Emulator:
    """What a simulation would say, from what many said.

    crossed    places of the inputs that have products among each other
    slopes     coefficients of `features`
    intercept  of the output
    """

    crossed: np.ndarray
    slopes: np.ndarray
    intercept: float

    def __call__(self, x):
        """Outputs (n,) at inputs x (n, d)."""
        d = x.shape[1]
        z = x[:, self.crossed]
        products = np.zeros((z.shape[1], z.shape[1]))
        products[np.triu_indices(len(products), 1)] = self.slopes[2 * d :]
        squares = x**2 @ self.slopes[d : 2 * d]
        return self.intercept + x @ self.slopes[:d] + squares + ((z @ products) * z).sum(axis=1)


@dataclass(frozen=True)
class Tested:
    """An emulator, those of all but a fold each, and what that shows of its error.

    folds      (k,) of Emulator; that of fold f has not seen the points i with i % k == f
    error      root mean square error at points not seen, the simulation's chance in it: where it
               is asked, if that was said
    explained  share of the output's variance at all points not seen that it explains
    """

    whole: Emulator
    folds: tuple[Emulator, ...]
    error: float
    explained: float


def features(x, crossed):
    """Inputs, their squares, and products of the crossed ones: (n, 2 d + c (c - 1) / 2)."""
    first, second = np.triu_indices(len(crossed), 1)
    z = x[:, crossed]
    return np.concatenate([x, x**2, z[:, first] * z[:, second]], axis=1)


def fit(x, y, penalty, crossed):
    """An Emulator of outputs y (n,) at inputs x (n, d).

    penalty : of the slopes, in points: with n points, a slope of a standardised input shrinks by
        n / (n + penalty) at most
    crossed : how many inputs have products
    """
    slopes, _ = _ridge(features(x, []), y, penalty)
    d = x.shape[1]
    weight = (slopes[:d] * x.std(axis=0)) ** 2 + 2.0 * (slopes[d:] * x.var(axis=0)) ** 2
    chosen = np.sort(np.argsort(-weight, kind="stable")[:crossed])
    return Emulator(chosen, *_ridge(features(x, chosen), y, penalty))


def _ridge(a, y, penalty):
    middle, mean = a.mean(axis=0), y.mean()
    b = a - middle
    slopes = np.linalg.solve(b.T @ b + penalty * np.eye(b.shape[1]), b.T @ (y - mean))
    return slopes, float(mean - middle @ slopes)


def cross_validate(x, y, penalty, crossed, folds, asked=slice(None)):
    """A Tested emulator of outputs y (n,) at inputs x (n, d).

    asked : the points that lie where it will be asked, whose error counts; all by default
    """
    fold = np.arange(len(y)) % folds
    apart = tuple(fit(x[fold != f], y[fold != f], penalty, crossed) for f in range(folds))
    off = np.empty(len(y))
    for f, one in enumerate(apart):
        off[fold == f] = y[fold == f] - one(x[fold == f])
    error = float(np.sqrt(np.mean(off[asked] ** 2)))
    explained = float(1.0 - np.mean(off**2) / y.var())
    return Tested(fit(x, y, penalty, crossed), apart, error, explained)
