"""What the estimators need of each block, once its replicates have been reduced.

Luck is common to the rows of a block and fresh from block to block, so replicate r of a block is
one world that differs between rows only by what the factors change. Means over replicates and
their covariances are all that is kept: 5k + 4 numbers a block and output, whatever the luck, and
k + k(k - 1)/2 more where pairs of factors are asked for.
"""

from dataclasses import dataclass

import numpy as np

ARRAYS = ("means", "within", "apart", "shared", "crossed")
LATER = ("each", "paired")  # records of earlier versions have none


@dataclass(frozen=True)
class Moments:
    """Blocks reduced over their replicates; k factors, q outputs.

    means    (blocks, k + 2, q), mean of each row A, AB_1 ... AB_k, B; or, with second order,
             (blocks, 2k + 2, q) of A, AB_1 ... AB_k, BA_1 ... BA_k, B
    within   (blocks, 2, q), variance over luck of A and of B
    apart    (blocks, k, q), variance over luck of AB_i - A
    shared   (blocks, k, q), covariance over luck of B with AB_i - A
    crossed  (blocks, pairs, q), covariance over luck of BA_i with AB_j, i < j, less that of A
             with B; no pairs without second order
    luck     int, replicates; with 1 the outputs are taken to hold no chance
    each     (blocks, k, q), variance over luck of AB_i; or None, as `paired`, in old records
    paired   (blocks, k, q), covariance over luck of B with AB_i
    """

    means: np.ndarray
    within: np.ndarray
    apart: np.ndarray
    shared: np.ndarray
    crossed: np.ndarray
    luck: int
    each: np.ndarray | None = None
    paired: np.ndarray | None = None

    @property
    def arrays(self):
        """The arrays there are: name -> array."""
        every = {name: getattr(self, name) for name in (*ARRAYS, *LATER)}
        return {name: array for name, array in every.items() if array is not None}

    @property
    def blocks(self):
        """How many blocks."""
        return len(self.means)

    @property
    def factors(self):
        """How many factors."""
        return self.apart.shape[1]

    @property
    def second(self):
        """Whether there are rows for indices of second order."""
        return self.means.shape[1] > self.factors + 2

    @property
    def finite(self):
        """Which blocks have a value in every row and replicate: bool (blocks, q)."""
        return np.isfinite(self.means).all(axis=1)

    def of(self, output, keep=slice(None)):
        """One output, some blocks: Moments with q = 1 left out of the shapes."""
        parts = {name: array[keep, :, output] for name, array in self.arrays.items()}
        return Moments(**parts, luck=self.luck)


def reduced(y, second=False):
    """Moments of values y (blocks, rows, luck, q); a block with a NaN or inf is NaN throughout.

    second : bool, whether there are 2k + 2 rows a block, for indices of second order, not k + 2
    """
    luck, k = y.shape[2], (y.shape[1] - 2) // (2 if second else 1)
    freedom = max(1, luck - 1)  # with one replicate there is no chance to be told: 0 / 1
    with np.errstate(invalid="ignore", over="ignore"):
        means = y.mean(axis=2)
        lost = ~np.isfinite(y).all(axis=(1, 2))
        centred = y - means[:, :, None]
        apart = centred[:, 1 : k + 1] - centred[:, :1]
        parts = {
            "means": means,
            "within": (centred[:, [0, -1]] ** 2).sum(axis=2) / freedom,
            "apart": (apart**2).sum(axis=2) / freedom,
            "shared": (centred[:, -1:] * apart).sum(axis=2) / freedom,
            "crossed": (
                _crossed(centred, k) / freedom if second else np.empty((len(y), 0, y.shape[3]))
            ),
            "each": (centred[:, 1 : k + 1] ** 2).sum(axis=2) / freedom,
            "paired": (centred[:, -1:] * centred[:, 1 : k + 1]).sum(axis=2) / freedom,
        }
    for part in parts.values():
        part[np.broadcast_to(lost[:, None], part.shape)] = np.nan
    return Moments(**parts, luck=luck)


def _crossed(centred, k):
    """Sum over luck of BA_i AB_j - A B for the pairs of factors: (blocks, pairs, q)."""
    first, other = pairs(k)
    ends = (centred[:, 0] * centred[:, -1]).sum(axis=1)
    found = [
        (centred[:, 1 + k + i] * centred[:, 1 + j]).sum(axis=1) - ends
        for i, j in zip(first, other, strict=True)
    ]
    return np.stack(found, axis=1)


def pairs(k):
    """The pairs i < j of k factors, in order: two int arrays."""
    return np.triu_indices(k, 1)


def joined(several):
    """The blocks of several, one after another."""
    names = set.intersection(*(set(m.arrays) for m in several))
    parts = {name: np.concatenate([getattr(m, name) for m in several]) for name in names}
    return Moments(**parts, luck=several[0].luck)


# ---- Saltelli blocks -----------------------------------------------------------------------------


EDGE = 2.0**-32  # keeps quantiles finite
MOST_BLOCKS = 1 << 19  # what replication numbers have room for


def points(columns, first, count, key):
    """A_j and B_j for blocks first ... first + count - 1: two arrays (count, columns) in (0, 1).

    key : int >= 0, names the scrambling
    """
    from scipy.stats import qmc  # late: slow to import

    sequence = qmc.Sobol(2 * columns, scramble=True, seed=np.random.default_rng(key))
    if first:
        sequence.fast_forward(first)
    with np.errstate(all="ignore"):
        both = np.clip(_random(sequence, count), EDGE, 1 - EDGE)
    return both[:, :columns], both[:, columns:]


def _random(sequence, count):
    """Points of the sequence; that a part of it is not balanced is meant, and not warned of."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return sequence.random(count)


def rows(a, b, owner, second=False):
    """Rows of blocks: array (blocks, k + 2, columns), in the order A, AB_1 ... AB_k, B.

    owner : int array (columns,), the factor 0 ... k - 1 that each column belongs to
    second : bool, whether BA_1 ... BA_k come before B: (blocks, 2k + 2, columns)
    """
    owner = np.asarray(owner)
    factors = int(owner.max()) + 1
    out = [a]
    for x, y in ((a, b), (b, a)) if second else ((a, b),):
        out += [np.where(owner == factor, y, x) for factor in range(factors)]
    return np.stack([*out, b], axis=1)


def height(factors, second=False):
    """Rows of a block."""
    return (2 if second else 1) * factors + 2
