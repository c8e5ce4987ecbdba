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
KNOTS, WIDTH = 12, 6.0  # points of the table of MANY rows, over so many logits
FEW, MANY = 50.0, 250.0
LEAST = 1e-12  # of a probability, for its logarithm
INFORMATION = 0.25  # most that a row can tell of a shift of its log-odds


@numba.njit(nogil=True, error_model="numpy")
def _look(tables, place, which, at):
    """Value of a table in its own steps, by cubic Hermite interpolation, and its slope a step."""
    last = tables.shape[3] - 1
    at = min(max(at, 0.0), last - 1e-6)
    i = int(at)
    t = at - i
    a, b = tables[place, which, 0, i], tables[place, which, 0, i + 1]
    da, db = tables[place, which, 1, i], tables[place, which, 1, i + 1]
    c2, c3 = 3 * (b - a) - 2 * da - db, 2 * (a - b) + da + db
    return a + t * (da + t * (c2 + t * c3)), da + t * (2 * c2 + t * 3 * c3)


@numba.njit(nogil=True, error_model="numpy")
def _logs(shares, cuts, out):
    """Fill out (4, outcomes, 2, grid): log probability of an outcome, and its slope a step.

    shares : (4, 1, 2, grid), the averaged curve and its slope a step, by spread
    """
    for place in range(len(shares)):
        for outcome in range(len(cuts) + 1):
            for k in range(len(GRID)):
                above, d_above, below, d_below = 1.0, 0.0, 0.0, 0.0
                if outcome > 0:
                    above, d_above = _look(shares, place, 0, k + cuts[outcome - 1] / STEP)
                if outcome < len(cuts):
                    below, d_below = _look(shares, place, 0, k + cuts[outcome] / STEP)
                p = max(above - below, LEAST)
                out[place, outcome, 0, k] = math.log(p)
                out[place, outcome, 1, k] = (d_above - d_below) / p


@numba.njit(nogil=True, error_model="numpy")
def _mixed(logs, place, shifts, weights, row, fixed, outcome):
    """Probability of the outcome of a row of nobody known, its level averaged over."""
    total = 0.0
    for level in range(5):
        if weights[row, level] > 0.0:
            log_p, _ = _look(logs, place, outcome, (fixed + shifts[level] + EDGE) / STEP)
            total += weights[row, level] * math.exp(log_p)
    return max(total, LEAST)


@numba.njit(nogil=True, error_model="numpy")
def _tabulate(logs, low, width, values, slopes, fixed, first, last, known, outcome, count):
    """Log-likelihood of rows first to last, and its slope, at points low, low + width, ..."""
    values[:] = 0.0
    slopes[:] = 0.0
    for i in range(first, last):
        for k in range(len(values)):
            at = (fixed[i] + low + k * width + EDGE) / STEP
            log_p, slope = _look(logs, 2 + known[i], outcome[i], at)
            values[k] += count[i] * log_p
            slopes[k] += count[i] * slope
    for k in range(len(values)):
        slopes[k] *= width / STEP


@numba.njit(nogil=True, error_model="numpy")
def _read(values, slopes, at):
    """A table at `at`, in its own steps, by cubic Hermite interpolation."""
    i = min(max(int(at), 0), len(values) - 2)
    t = at - i
    a, b, da, db = values[i], values[i + 1], slopes[i], slopes[i + 1]
    return a + t * (da + t * (3 * (b - a) - 2 * da - db + t * (2 * (a - b) + da + db)))


@numba.njit(nogil=True, error_model="numpy")
def _person(logs, shifts, fixed, sd, groups, first, last, weights, known, outcome, count):
    """Log of the likelihood of a person, groups first to last: effect and levels integrated out.

    By the trapezoid rule, in steps of the least spread that the rows can leave: exact to many
    digits for what falls off at both ends. The error of the tables grows with rows and with the
    fourth power of their step, which is the same for all but far numbers: smooth in them.
    """
    rows = 0.0
    for i in range(groups[first], groups[last]):
        rows += count[i]
    low, high = shifts.min() - REACH * sd, shifts.max() + REACH * sd
    knots = int(KNOTS * (max(rows, FEW) / MANY) ** 0.25 * max(1.0, (high - low) / WIDTH))
    points = 2 * math.ceil(REACH * math.sqrt(1.0 + INFORMATION * rows * sd**2)) + 1
    width = (high - low) / (knots - 1)
    values, slopes = np.empty(knots), np.empty(knots)
    total = np.empty(points)
    for k in range(points):
        total[k] = -0.5 * (REACH * (2.0 * k / (points - 1) - 1.0)) ** 2
    for g in range(first, last):
        _tabulate(
            logs, low, width, values, slopes, fixed, groups[g], groups[g + 1], known, outcome,
            count,
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
    logs = np.zeros((tables.shape[1], cuts.shape[1] + 1, 2, len(GRID)))
    for n in range(len(out)):
        _logs(tables[n], cuts[n], logs)
        behind = weights + wrong[n] * drift
        for i in range(len(count)):
            fixed[i] = (
                by_size[n] * doublings[i]
                - advanced[n] * is_advanced[i]
                - adjacent[n] * is_adjacent[i]
            )
        total = 0.0
        for i in range(groups[people[0]]):
            p = _mixed(logs, known[i], shifts[n], behind, i, fixed[i], outcome[i])
            total += count[i] * math.log(p)
        for person in range(len(people) - 1):
            total += _person(
                logs, shifts[n], fixed, sd[n], groups, people[person],
                people[person + 1], behind, known, outcome, count,
            )  # fmt: skip
        out[n] = total
