"""Saltelli blocks: which values meet in which row, as numbers in (0, 1).

Block j has rows A_j, AB_1j ... AB_kj, B_j: two independent points A_j and B_j, and for each
factor the point A_j with that factor alone taken from B_j; for indices of second order also
BA_1j ... BA_kj, the point B_j with that factor alone taken from A_j. A factor may have several
columns (a composition, a posterior): they are taken together. Points are those of a scrambled
Sobol sequence, so more blocks leave the earlier ones as they were.
"""

import numpy as np

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
