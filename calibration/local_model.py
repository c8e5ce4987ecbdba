"""The density of a team's own tickets under the tier curves, together with the evidence.

    logit P(outcome >= c) = own cut_c + shift(level) - d·[advanced] - r·[adjacent]
                            + (h - slope) · doublings + u_person + u_task

The shifts, the slope and the spreads are those of the evidence, and its density is multiplied in:
these pool. Teams differ from the studied population: the gap between levels is wider or narrower
by a factor, about the mean level of the studied sessions, and single steps depart. Own cuts, d, r
and h belong to the team's records and say nothing about the study's measures. h is what hours tell
of the outcome beside size (work that fails takes longer): with it, hours alone never identify the
slope. u_person is integrated over each person's rows, u_task and the error of size over each row.
"""

import math
from dataclasses import dataclass

import numba
import numpy as np

from calibration import model as evidence
from calibration.cells import Cells
from sim.engine import curves

EDGE, STEP = 16.0, 0.25  # grid of the averaged logistic curve [logit]
GRID = np.arange(-EDGE, EDGE + STEP / 2, STEP)
NODES, WEIGHTS = curves.normal_nodes(21)
PERSON_NODES, PERSON_WEIGHTS = curves.normal_nodes(7)
TEAM = 5  # coordinates of how the team's levels differ from the study's
SCORING = 5  # steps to each person's most likely effect; always as many: smooth in z

# How teams differ: ln of the factor on the gap, and each step's departure [logit, averaged]. Two
# sites of one field trial differ twofold in effect (mit-24-microsoft, mit-24-accenture); that this
# holds for the gap between levels, and the departures, are assumptions.
TEAM_GAP, TEAM_STEP = 0.4, 0.1

# Priors of what is the team's own: mean and sd [logit; ln logit for gaps; logit per doubling].
OWN_CUT, OWN_GAP = (0.0, 2.5), (0.336, 0.5)
OWN_CLASS, OWN_ROLE, OWN_HOURS = (0.5, 0.75), (0.2, 0.5), (0.0, 0.15)


@dataclass(frozen=True)
class Declared:
    """That outcomes are the study's own measures, and how far the team may be from it.

    places  which of the study's cuts (0 at least partial, 1 judged, 2 verified), in order
    team    sd of the team's offset, the register's [logit]
    other_mean, other_sd  what else moves all odds: progress of the tool, size of the work [logit]
    """

    places: tuple[int, ...]
    team: float
    other_mean: float
    other_sd: float


class LocalModel:
    """Density over coordinates: the evidence's 12, then the team's own, standard normal before.

    base : evidence.Model; cells : Cells, None for the numbers alone; cuts : number of
    cuts; declared : Declared or None
    """

    def __init__(self, base, cells: Cells | None, cuts: int, declared: Declared | None = None):
        self.base, self.cells, self.cuts, self.declared = base, cells, cuts, declared
        own = (
            ("team_offset", "other_offset") if declared else ("own_cut", *["own_gap"] * (cuts - 1))
        )
        team = ("team_gap", *(f"team_step_{level}" for level in range(2, 6)))
        self.names = (*evidence.NAMES, *team, *own, "own_class", "own_role", "own_hours")

    @property
    def size(self):
        return len(self.names)

    def log_density(self, z):
        """Log posterior density up to a constant: (n,)."""
        z = np.atleast_2d(z)
        first = len(evidence.NAMES)
        total = self.base.log_density(z[:, :first]) - 0.5 * (z[:, first:] ** 2).sum(axis=1)
        return total + self.log_likelihood(z)

    def log_likelihood(self, z):
        """Log-likelihood of the tickets: (n,)."""
        z = np.atleast_2d(z)
        c = self.cells
        assert c is not None
        found = self.numbers(z)
        tables = self._tables(found)
        out = np.empty(len(z))
        _likelihoods(
            out, tables, found["cuts"], found["shifts"], found["advanced"], found["adjacent"],
            found["by_size"], found["sd_developer"], c.start, c.weights, c.advanced, c.adjacent,
            c.doublings, c.known, c.outcome, c.count,
        )  # fmt: skip
        return np.where(np.isfinite(out), out, -1e300)

    def numbers(self, z):
        """What coordinates z (n, d) stand for: dict of arrays with n first."""
        first = len(evidence.NAMES)
        base, own = z[:, :first], z[:, first + TEAM :]
        cuts, shifts, spread = self.conditional(z)
        found = self.base.parameters(base)
        stretch = evidence.flattening(spread)
        slope = found["slope_per_doubling"]
        return {
            **found,
            "shifts": np.ascontiguousarray(shifts),
            "cuts": np.ascontiguousarray(self._cuts(cuts, own, stretch)),
            "advanced": _of(OWN_CLASS, own[:, -3]),
            "adjacent": _of(OWN_ROLE, own[:, -2]),
            "by_size": _of(OWN_HOURS, own[:, -1]) - slope,
        }

    def conditional(self, z):
        """The team's cuts (n, 3), shifts (n, 5) and spread (n,) on the study's measures [logit]."""
        first = len(evidence.NAMES)
        cuts, shifts, spread = self.base.conditional(z[:, :first])
        team = z[:, first : first + TEAM]
        stretch = evidence.flattening(spread)[:, None]
        steps = stretch * TEAM_STEP * np.cumsum(team[:, 1:], axis=1)
        own = np.exp(TEAM_GAP * team[:, :1]) * shifts
        own[:, 1:] += steps
        # The studied mix of sessions keeps its mean: what differs is how far levels are apart.
        return cuts, own + (shifts - own) @ self.base.shares[:, None], spread

    def rates(self, z):
        """P(outcome >= each measure of the study) by level, for the team: (n, 3, 5)."""
        cuts, shifts, spread = self.conditional(z)
        return evidence.averaged(cuts[:, :, None] + shifts[:, None, :], spread)

    def to_rows(self, z):
        """Rows of a curve set, with the team's offset last where outcomes are the study's."""
        rates, found = self.rates(z), self.base.parameters(z[:, : len(evidence.NAMES)])
        columns = [rates[:, :, 0], rates[:, 2, 1:], *(found[name] for name in evidence.FITTED)]
        if self.declared is not None:
            columns.append(self.team_offset(z))
        return np.column_stack(columns)

    def _cuts(self, study, own, stretch):
        if self.declared is not None:
            d = self.declared
            offset = d.team * own[:, 0] + d.other_mean + d.other_sd * own[:, 1]
            return study[:, list(d.places)] + offset[:, None]
        first = _of(OWN_CUT, own[:, 0])
        gaps = np.exp(_of(OWN_GAP, own[:, 1 : self.cuts]))
        below = np.cumsum(gaps, axis=1)
        return stretch[:, None] * np.concatenate([first[:, None], first[:, None] - below], axis=1)

    def team_offset(self, z):
        """The team's offset of coordinates z (n, d), where outcomes are the study's: (n,)."""
        assert self.declared is not None
        return self.declared.team * z[:, len(evidence.NAMES) + TEAM]

    def _tables(self, found):
        """Averaged logistic curve on GRID and its derivative: (n, 4, 2, grid).

        Four spreads: with and without hours, each with and without the person's effect in it.
        """
        from scipy.special import expit  # late: slow to import

        used = self._spreads_used()
        out = np.zeros((len(found["sd_task"]), 4, 2, len(GRID)))
        for place in used:
            spread = self._spread(found, place)[:, None, None]
            share = expit(GRID[None, :, None] + spread * NODES)
            out[:, place, 0] = share @ WEIGHTS
            out[:, place, 1] = (share * (1.0 - share)) @ WEIGHTS
        return out

    def _spreads_used(self):
        c = self.cells
        assert c is not None
        people = np.arange(len(c.known)) >= c.start[0]
        return sorted({2 * int(p) + int(k) for p, k in zip(people, c.known, strict=True)})

    def _spread(self, found, place):
        with_person, with_hours = divmod(place, 2)
        assert self.cells is not None
        residual = self.cells.residual[0 if with_hours else 1]
        ln_size = found["size_ref_sigma"] if math.isnan(residual) else residual
        size = found["slope_per_doubling"] * ln_size / math.log(2)
        person = 0.0 if with_person else found["sd_developer"] ** 2
        return np.sqrt(found["sd_task"] ** 2 + size**2 + person)


def _of(prior, z):
    return prior[0] + prior[1] * z


@numba.njit(nogil=True)
def _look(table, eta):
    """Value and derivative of the averaged curve at eta, by cubic Hermite interpolation."""
    at = min(max((eta + EDGE) / STEP, 0.0), len(GRID) - 1.000001)
    i = int(at)
    t = at - i
    a, b = table[0, i], table[0, i + 1]
    da, db = table[1, i] * STEP, table[1, i + 1] * STEP
    c2, c3 = 3 * (b - a) - 2 * da - db, 2 * (a - b) + da + db
    value = a + t * (da + t * (c2 + t * c3))
    return value, (da + t * (2 * c2 + t * 3 * c3)) / STEP


@numba.njit(nogil=True)
def _cell(table, cuts, shifts, weights, fixed, outcome):
    """Probability of a cell's outcome and its derivative by a shift of all log-odds."""
    total = slope = 0.0
    for level in range(5):
        if weights[level] == 0.0:
            continue
        eta = fixed + shifts[level]
        above, d_above = 1.0, 0.0
        if outcome > 0:
            above, d_above = _look(table, cuts[outcome - 1] + eta)
        below, d_below = 0.0, 0.0
        if outcome < len(cuts):
            below, d_below = _look(table, cuts[outcome] + eta)
        total += weights[level] * (above - below)
        slope += weights[level] * (d_above - d_below)
    return max(total, 1e-12), slope


@numba.njit(nogil=True)
def _person(table, cuts, shifts, fixed, sd, first, last, weights, known, outcome, count):
    """Log of the likelihood of one person's rows, their effect integrated out.

    Gauss-Hermite quadrature centred and scaled where the person's own rows put the effect.
    """
    u, precision = 0.0, 1.0 / sd**2
    for _ in range(SCORING):
        gradient, precision = -u / sd**2, 1.0 / sd**2
        for i in range(first, last):
            p, d = _cell(table[2 + known[i]], cuts, shifts, weights[i], fixed[i] + u, outcome[i])
            gradient += count[i] * d / p
            precision += count[i] * d * d / (p * max(1.0 - p, 1e-9))
        u += min(max(gradient / precision, -2.0), 2.0)
    scale = 1.0 / math.sqrt(precision)
    terms = np.empty(len(PERSON_NODES))
    for k in range(len(PERSON_NODES)):
        at = u + scale * PERSON_NODES[k]
        total = 0.5 * PERSON_NODES[k] ** 2 - 0.5 * (at / sd) ** 2
        for i in range(first, last):
            p, _ = _cell(table[2 + known[i]], cuts, shifts, weights[i], fixed[i] + at, outcome[i])
            total += count[i] * math.log(p)
        terms[k] = total
    top = terms.max()
    return top + math.log((PERSON_WEIGHTS * np.exp(terms - top)).sum() * scale / sd)


@numba.njit(nogil=True)
def _likelihoods(
    out, tables, cuts, shifts, advanced, adjacent, by_size, sd, start, weights, is_advanced,
    is_adjacent, doublings, known, outcome, count,
):  # fmt: skip
    """Fill out (n,) with the log-likelihood of every set of numbers."""
    fixed = np.empty(len(count))
    for n in range(len(out)):
        for i in range(len(count)):
            fixed[i] = (
                by_size[n] * doublings[i]
                - advanced[n] * is_advanced[i]
                - adjacent[n] * is_adjacent[i]
            )
        total = 0.0
        for i in range(start[0]):
            p, _ = _cell(tables[n, known[i]], cuts[n], shifts[n], weights[i], fixed[i], outcome[i])
            total += count[i] * math.log(p)
        for person in range(len(start) - 1):
            total += _person(
                tables[n], cuts[n], shifts[n], fixed, sd[n], start[person], start[person + 1],
                weights, known, outcome, count,
            )  # fmt: skip
        out[n] = total
