"""Compiled likelihood of tickets: rows of a person share the person, and rows of a label the level.

A person's rows with one label have one true level, which is not known for certain: the label says
how likely each is. The log-likelihood of such a group is tabulated over all that its rows have in
common, the shift of the level and the person's effect together; a person is then a sum over levels
of each group and an integral over the effect, read off the tables.
"""

import math

import numba
import numpy as np

EDGE, STEP = 16.0, 0.25  # grid of the averaged logistic curve [logit]
GRID = np.arange(-EDGE, EDGE + STEP / 2, STEP)
REACH = 4.5  # how far a person's effect is followed, in its standard deviations
FEWEST, KNOTS, MANY = 8, 12, 250.0  # points of a group's table; as many for so many rows
INFORMATION = 0.25  # most that a row can tell of a shift of its log-odds


@numba.njit(nogil=True, error_model="numpy")
def _look(tables, place, eta):
    """Value and derivative of an averaged curve at eta, by cubic Hermite interpolation."""
    at = min(max((eta + EDGE) / STEP, 0.0), len(GRID) - 1.000001)
    i = int(at)
    t = at - i
    a, b = tables[place, 0, i], tables[place, 0, i + 1]
    da, db = tables[place, 1, i] * STEP, tables[place, 1, i + 1] * STEP
    c2, c3 = 3 * (b - a) - 2 * da - db, 2 * (a - b) + da + db
    value = a + t * (da + t * (c2 + t * c3))
    return value, (da + t * (2 * c2 + t * 3 * c3)) / STEP


@numba.njit(nogil=True, error_model="numpy")
def _outcome(tables, place, cuts, eta, outcome):
    """Probability of an outcome at log-odds eta, and its derivative."""
    above, d_above = 1.0, 0.0
    if outcome > 0:
        above, d_above = _look(tables, place, cuts[outcome - 1] + eta)
    below, d_below = 0.0, 0.0
    if outcome < len(cuts):
        below, d_below = _look(tables, place, cuts[outcome] + eta)
    return max(above - below, 1e-12), d_above - d_below


@numba.njit(nogil=True, error_model="numpy")
def _mixed(tables, place, cuts, shifts, weights, row, fixed, outcome):
    """Probability of the outcome of a row of nobody known, its level averaged over."""
    total = 0.0
    for level in range(5):
        if weights[row, level] > 0.0:
            p, _ = _outcome(tables, place, cuts, fixed + shifts[level], outcome)
            total += weights[row, level] * p
    return max(total, 1e-12)


@numba.njit(nogil=True, error_model="numpy")
def _tabulate(tables, cuts, low, width, values, slopes, fixed, first, last, known, outcome, count):
    """Log-likelihood of rows first to last, and its slope, at points low, low + width, ..."""
    for k in range(len(values)):
        at = low + k * width
        total = slope = 0.0
        for i in range(first, last):
            p, d = _outcome(tables, 2 + known[i], cuts, fixed[i] + at, outcome[i])
            total += count[i] * math.log(p)
            slope += count[i] * d / p
        values[k], slopes[k] = total, slope * width


@numba.njit(nogil=True, error_model="numpy")
def _read(values, slopes, at):
    """A table at `at`, in its own steps, by cubic Hermite interpolation."""
    i = min(max(int(at), 0), len(values) - 2)
    t = at - i
    a, b, da, db = values[i], values[i + 1], slopes[i], slopes[i + 1]
    return a + t * (da + t * (3 * (b - a) - 2 * da - db + t * (2 * (a - b) + da + db)))


@numba.njit(nogil=True, error_model="numpy")
def _person(tables, cuts, shifts, fixed, sd, groups, first, last, weights, known, outcome, count):
    """Log of the likelihood of a person, groups first to last: effect and levels integrated out.

    By the trapezoid rule, in steps of the least spread that the rows can leave: exact to many
    digits for what falls off at both ends. The error of the tables grows with rows and with the
    fourth power of their step, which is the same for all numbers: smooth in them.
    """
    rows = 0.0
    for i in range(groups[first], groups[last]):
        rows += count[i]
    knots = max(FEWEST, int(KNOTS * (rows / MANY) ** 0.25))
    points = 2 * math.ceil(REACH * math.sqrt(1.0 + INFORMATION * rows * sd**2)) + 1
    low = shifts.min() - REACH * sd
    width = (shifts.max() + REACH * sd - low) / (knots - 1)
    values, slopes = np.empty(knots), np.empty(knots)
    total = np.empty(points)
    for k in range(points):
        total[k] = -0.5 * (REACH * (2.0 * k / (points - 1) - 1.0)) ** 2
    for g in range(first, last):
        _tabulate(
            tables, cuts, low, width, values, slopes, fixed, groups[g], groups[g + 1], known,
            outcome, count,
        )  # fmt: skip
        top = values.max()
        for k in range(points):
            u = sd * REACH * (2.0 * k / (points - 1) - 1.0)
            mixed = 0.0
            for level in range(5):
                if weights[groups[g], level] > 0.0:
                    at = (u + shifts[level] - low) / width
                    mixed += weights[groups[g], level] * math.exp(_read(values, slopes, at) - top)
            total[k] += top + math.log(max(mixed, 1e-300))
    top = total.max()
    step = 2.0 * REACH / (points - 1)
    return top + math.log(np.exp(total - top).sum() * step / math.sqrt(2.0 * math.pi))


@numba.njit(nogil=True, error_model="numpy")
def likelihoods(
    out, tables, cuts, shifts, advanced, adjacent, by_size, sd, wrong, groups, people, weights,
    drift, is_advanced, is_adjacent, doublings, known, outcome, count,
):  # fmt: skip
    """Fill out (n,) with the log-likelihood of every set of numbers.

    wrong : (n,), share of labels that are wrong; drift (rows, 5), what an error in every label
    adds to `weights`. groups : (groups + 1,) cells; people : (people + 1,) groups.
    """
    fixed = np.empty(len(count))
    for n in range(len(out)):
        behind = weights + wrong[n] * drift
        for i in range(len(count)):
            fixed[i] = (
                by_size[n] * doublings[i]
                - advanced[n] * is_advanced[i]
                - adjacent[n] * is_adjacent[i]
            )
        total = 0.0
        for i in range(groups[people[0]]):
            p = _mixed(tables[n], known[i], cuts[n], shifts[n], behind, i, fixed[i], outcome[i])
            total += count[i] * math.log(p)
        for person in range(len(people) - 1):
            total += _person(
                tables[n], cuts[n], shifts[n], fixed, sd[n], groups, people[person],
                people[person + 1], behind, known, outcome, count,
            )  # fmt: skip
        out[n] = total
