"""The density of a team's own tickets under the tier curves, together with the evidence.

    logit P(outcome >= c) = own cut_c + shift(level) - d·[advanced] - r·[adjacent]
                            - b·(level - mean level) + (h - slope) · doublings + u_person + u_task

The shifts, the slope and the spreads are those of the evidence, and its density is multiplied in:
these pool. Teams differ from the studied population: the gap between levels is wider or narrower
by a factor, about the mean level of the studied sessions, and single steps depart. Own cuts, d, r
and h belong to the team's records and say nothing about the study's measures. h is what hours tell
of the outcome beside size (work that fails takes longer): with it, hours alone never identify the
slope. b is how much harder the work of higher levels is than class and hours show, and a label of a
level may be wrong: neither is known from the file, both are integrated over. u_person is integrated
over each person's rows, u_task and the error of size over each row.
"""

import math
from dataclasses import dataclass

import numpy as np

from calibration import label_errors
from calibration import model as evidence
from calibration.cells import Cells
from calibration.local_likelihood import GRID, STEP, likelihoods
from sim.engine import curves

NODES, WEIGHTS = curves.normal_nodes(21)
TEAM = 5  # coordinates of how the team's levels differ from the study's
CONFOUNDED = 2  # coordinates of what makes levels look better or worse than they are
FARTHEST = 5.0  # of a coordinate, before its tail is followed no further

# How teams differ: the factor on the gap is 1 + TEAM_GAP t, with t Student's of TEAM_FREEDOM
# degrees, so that a gap of none, or the other way round, is possible and no factor is out of reach;
# and each step departs [logit, averaged]. Two sites of one field trial differ twofold in effect
# (mit-24-microsoft, mit-24-accenture): a scale known from one difference, hence the heavy tails.
# That this holds for the gap between levels, and the departures, are assumptions.
TEAM_GAP, TEAM_FREEDOM, TEAM_STEP = 0.4, 3, 0.1

# What the file does not show: work is harder by so much a level [logit, sd], whatever class and
# hours say (assumption: the study's own controls move its slopes by about 0.05); and labels of the
# level are wrong in up to the share that the ledger gives, none at least (`label_errors`).
DIFFICULTY = 0.12

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
        hidden = ("difficulty_by_level", "labels_wrong")
        last = ("own_class", "own_role", "own_hours")
        self.names = (*evidence.NAMES, *team, *hidden, *own, *last)
        self._most_wrong = 1.0 - label_errors.agreement()[0]

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
        drift = c.weights @ label_errors.drift(self.base.shares)
        likelihoods(
            out, tables, found["cuts"], found["shifts"], found["advanced"], found["adjacent"],
            found["by_size"], found["sd_developer"], found["wrong"], c.groups, c.people, c.weights,
            drift, c.advanced, c.adjacent, c.doublings, c.known, c.outcome, c.count,
        )  # fmt: skip
        return np.where(np.isfinite(out), out, -1e300)

    def numbers(self, z):
        """What coordinates z (n, d) stand for: dict of arrays with n first."""
        first = len(evidence.NAMES)
        base, own = z[:, :first], z[:, first + TEAM + CONFOUNDED :]
        cuts, shifts, spread = self.conditional(z)
        harder = self.difficulty(z)
        found = self.base.parameters(base)
        stretch = evidence.flattening(spread)
        slope = found["slope_per_doubling"]
        return {
            **found,
            "shifts": np.ascontiguousarray(shifts - harder[:, None] * self.steps),
            "wrong": self.labels_wrong(z),
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
        own = gap_factor(team[:, :1]) * shifts
        own[:, 1:] += steps
        # The studied mix of sessions keeps its mean: what differs is how far levels are apart.
        return cuts, own + (shifts - own) @ self.base.shares[:, None], spread

    @property
    def steps(self):
        """Levels (5,) from the mean of the studied sessions [levels]."""
        return label_errors.LEVEL - self.base.shares @ label_errors.LEVEL

    def difficulty(self, z):
        """How much harder the work of a level up is, of coordinates z (n, d): (n,) [logit]."""
        return DIFFICULTY * z[:, len(evidence.NAMES) + TEAM]

    def labels_wrong(self, z):
        """Share of labels of the level that are wrong: (n,)."""
        from scipy.special import ndtr  # late: slow to import

        return self._most_wrong * ndtr(z[:, len(evidence.NAMES) + TEAM + 1])

    def rates(self, z):
        """P(outcome >= each measure of the study) by level, for the team: (n, 3, 5)."""
        return self.averaged(*self.conditional(z))

    @staticmethod
    def averaged(cuts, shifts, spread):
        """The same of cuts (n, 3), shifts (n, 5) and spread (n,)."""
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
        return self.declared.team * z[:, len(evidence.NAMES) + TEAM + CONFOUNDED]

    def _tables(self, found):
        """Averaged logistic curve on GRID and its slope a step: (n, 4, 1, 2, grid).

        Four spreads: with and without hours, each with and without the person's effect in it.
        """
        from scipy.special import expit  # late: slow to import

        used = self._spreads_used()
        out = np.zeros((len(found["sd_task"]), 4, 1, 2, len(GRID)))
        for place in used:
            spread = self._spread(found, place)[:, None, None]
            share = expit(GRID[None, :, None] + spread * NODES)
            out[:, place, 0, 0] = share @ WEIGHTS
            out[:, place, 0, 1] = STEP * ((share * (1.0 - share)) @ WEIGHTS)
        return out

    def _spreads_used(self):
        c = self.cells
        assert c is not None
        people = np.arange(len(c.known)) >= c.groups[c.people[0]]
        return sorted({2 * int(p) + int(k) for p, k in zip(people, c.known, strict=True)})

    def _spread(self, found, place):
        with_person, with_hours = divmod(place, 2)
        assert self.cells is not None
        residual = self.cells.residual[0 if with_hours else 1]
        ln_size = found["size_ref_sigma"] if math.isnan(residual) else residual
        size = found["slope_per_doubling"] * ln_size / math.log(2)
        person = 0.0 if with_person else found["sd_developer"] ** 2
        return np.sqrt(found["sd_task"] ** 2 + size**2 + person)


def gap_factor(z):
    """Factor on the gap between levels of standard normal coordinates: 1 + TEAM_GAP t."""
    from scipy.special import ndtr, stdtrit  # late: slow to import

    tail = ndtr(-np.minimum(np.abs(z), FARTHEST))
    return 1.0 - TEAM_GAP * np.sign(z) * stdtrit(TEAM_FREEDOM, tail)


def _of(prior, z):
    return prior[0] + prior[1] * z
