"""An emulator: a quadratic in standardised inputs, fitted by ridge regression, with its error."""

from dataclasses import dataclass

import numpy as np

CHUNK = 4096  # points at a time: their features stay in memory


@dataclass(frozen=True)
class Emulator:
    """What the engine would say, from what it said at some points.

    names        inputs, in the order of the columns it takes
    centre, scale  mean and standard deviation of each input (d,)
    slopes       coefficients of `features`
    intercept    of the output
    error        root mean square error at points it never saw, the engine's chance in it
    explained    share of the output's variance there that it explains
    """

    names: tuple[str, ...]
    centre: np.ndarray
    scale: np.ndarray
    slopes: np.ndarray
    intercept: float
    error: float
    explained: float

    def __call__(self, x):
        """Outputs (n,) at inputs x (n, d)."""
        parts = np.array_split(x, 1 + len(x) // CHUNK)
        said = [features((part - self.centre) / self.scale) @ self.slopes for part in parts]
        return self.intercept + np.concatenate(said)


def features(z):
    """All first and second powers and products of z (n, d): (n, d + d (d + 1) / 2)."""
    first, second = np.triu_indices(z.shape[1])
    return np.concatenate([z, z[:, first] * z[:, second]], axis=1)


def fit(names, x, y, penalty, held_out):
    """An Emulator of outputs y (n,) at inputs x (n, d); the last `held_out` points test it.

    penalty : of the slopes, in points: with n points, a slope of a standardised input shrinks by
        n / (n + penalty) at most
    """
    centre, scale = x.mean(axis=0), x.std(axis=0)
    shown, kept = slice(None, -held_out), slice(-held_out, None)
    a = features((x - centre) / scale)
    middle = a[shown].mean(axis=0)
    b, mean = a[shown] - middle, y[shown].mean()
    slopes = np.linalg.solve(b.T @ b + penalty * np.eye(b.shape[1]), b.T @ (y[shown] - mean))
    off = y[kept] - (mean - middle @ slopes + a[kept] @ slopes)
    error = float(np.sqrt(np.mean(off**2)))
    return Emulator(
        tuple(names), centre, scale, slopes, float(mean - middle @ slopes), error,
        float(1.0 - error**2 / y[kept].var()),
    )  # fmt: skip
