"""What an output changes from the low to the high end of one factor, all others as they are.

Rows A and AB_i of a Saltelli block differ by factor i alone, so the change between them is
f(u of B) - f(u of A) and what i makes with others. f is a natural cubic spline of the normal scores
of u, or a step for each choice; it is fitted to the changes, and the blocks are resampled.
"""

from typing import NamedTuple

import numpy as np

from sim.analysis import given

LOW, HIGH = 0.1, 0.9  # ends of a number, as shares of what is believed of it
RESAMPLES = 400
GRID = np.linspace(0.005, 0.995, 100)  # over which the average is taken


class Ends(NamedTuple):
    """What a factor does to the expected output.

    places     (2,), where its ends are: shares, or numbers of the choices
    at         (2,), the output there, less its average over the factor
    change     the second of `at` less the first
    low, high  95% interval of the change
    """

    places: tuple[float, float]
    at: tuple[float, float]
    change: float
    low: float
    high: float


def of_number(u, change, key):
    """`Ends` of a number between its 10% and its 90% point.

    u       (n, 2), its place in (0, 1) in rows A and B
    change  (n,), the output of row AB_i less that of row A
    key     int >= 0, names the resamples
    """
    basis = _spline(u[:, 1]) - _spline(u[:, 0])
    ends = _spline(np.array([LOW, HIGH])) - _spline(GRID).mean(axis=0)
    return _told((LOW, HIGH), ends, _fits(basis, change, key))


def of_choices(places, count, change, key):
    """`Ends` of choices, from the one with the least of the output to the one with the most.

    places : int (n, 2), which choice rows A and B have; count : how many there are
    """
    steps = np.eye(count)
    fits = _fits(steps[places[:, 1]] - steps[places[:, 0]], change, key)
    least, most = np.argmin(fits[:, 0]), np.argmax(fits[:, 0])
    ends = steps[[least, most]] - steps.mean(axis=0)
    return _told((float(least), float(most)), ends, fits)


def of_variance(variance, drawn):
    """`Ends` of inputs taken together: where 8 of 10 of their values put a normal output.

    variance : of the expected output that they make alone; drawn : (resamples,) of it
    """
    z = 1.2815515655446004
    size, sizes = (z * np.sqrt(np.maximum(v, 0.0)) for v in (variance, drawn))
    low, high = 2 * np.quantile(sizes, [0.025, 0.975])
    return Ends((LOW, HIGH), (-float(size), float(size)), 2 * float(size), float(low), float(high))


def _spline(u):
    from scipy.special import ndtri  # late: slow to import

    z = ndtri(u)
    return np.column_stack((z, *given.natural(z, ndtri(np.array(given.KNOTS)))))


def _fits(basis, change, key):
    """Coefficients (m, 1 + RESAMPLES) by least squares: of all blocks, then of resamples."""
    n, rng = len(change), np.random.default_rng(key)
    weights = np.column_stack((np.ones(n), rng.multinomial(n, np.full(n, 1 / n), RESAMPLES).T))
    products = np.einsum("na,nb,nr->rab", basis, basis, weights)
    sums = np.einsum("na,n,nr->ra", basis, change, weights)
    return np.einsum("rab,rb->ar", np.linalg.pinv(products, hermitian=True), sums)


def _told(places, ends, fits):
    at = ends @ fits
    low, high = np.quantile(at[1, 1:] - at[0, 1:], [0.025, 0.975])
    first, second = float(at[0, 0]), float(at[1, 0])
    return Ends(places, (first, second), second - first, float(low), float(high))
