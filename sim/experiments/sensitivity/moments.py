"""What the estimators need of each block, once its replicates have been reduced.

Luck is common to the rows of a block and fresh from block to block, so replicate r of a block is
one world that differs between rows only by what the factors change. Means over replicates and
their covariances are all that is kept: 3k + 4 numbers a block and output, whatever the luck.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Moments:
    """Blocks reduced over their replicates; k factors, q outputs.

    means    (blocks, k + 2, q), mean of each row A, AB_1 ... AB_k, B
    within   (blocks, 2, q), variance over luck of A and of B
    apart    (blocks, k, q), variance over luck of AB_i - A
    shared   (blocks, k, q), covariance over luck of B with AB_i - A
    luck     int, replicates; with 1 the outputs are taken to hold no chance
    """

    means: np.ndarray
    within: np.ndarray
    apart: np.ndarray
    shared: np.ndarray
    luck: int

    @property
    def blocks(self):
        """How many blocks."""
        return len(self.means)

    @property
    def factors(self):
        """How many factors."""
        return self.means.shape[1] - 2

    @property
    def finite(self):
        """Which blocks have a value in every row and replicate: bool (blocks, q)."""
        return np.isfinite(self.means).all(axis=1)

    def of(self, output, keep=slice(None)):
        """One output, some blocks: Moments with q = 1 left out of the shapes."""
        return Moments(
            self.means[keep, :, output],
            self.within[keep, :, output],
            self.apart[keep, :, output],
            self.shared[keep, :, output],
            self.luck,
        )


def reduced(y):
    """Moments of values y (blocks, k + 2, luck, q); a block with a NaN or inf is NaN throughout."""
    luck = y.shape[2]
    with np.errstate(invalid="ignore", over="ignore"):
        means = y.mean(axis=2)
        lost = ~np.isfinite(y).all(axis=(1, 2))
        centred = y - means[:, :, None]
        apart = centred[:, 1:-1] - centred[:, :1]
        own = centred[:, [0, -1]]
        # With one replicate there is no chance to be told: 0 / 1.
        freedom = max(1, luck - 1)
        parts = (
            means,
            (own**2).sum(axis=2) / freedom,
            (apart**2).sum(axis=2) / freedom,
            (centred[:, -1:] * apart).sum(axis=2) / freedom,
        )
    for part in parts:
        part[np.broadcast_to(lost[:, None], part.shape)] = np.nan
    return Moments(*parts, luck)


def joined(several):
    """The blocks of several, one after another."""
    return Moments(
        np.concatenate([m.means for m in several]),
        np.concatenate([m.within for m in several]),
        np.concatenate([m.apart for m in several]),
        np.concatenate([m.shared for m in several]),
        several[0].luck,
    )
