"""What the evidence says of the tier curves: coordinates, priors, predictions, density.

Every uncertain number has a coordinate z with a standard normal prior, so that a prior is a
formula from z to the number, and the density of the prior is the same for all. Curves are built
on the averaged scale, where published rates live, and stretched by the latent spread s of a draw:

    cut_c = k(s) · averaged cut_c,   shift_l = k(s) · averaged shift_l,   k(s)² = 1 + 0.346 s²

which only makes the coordinates nearly independent of s; rates are always averaged exactly.
"""

import math
from collections.abc import Callable
from functools import cache, cached_property

import numpy as np

from calibration.observations import Observation, Prior
from sim import parameters
from sim.engine import curves, setup

MEASURES = ("partial", "judged", "verified")  # from the loosest to the strictest, as the cuts
CURVE = ("judged", "gap_partial", "gap_verified", "step_2", "step_3", "step_4", "step_5")
FITTED = (
    "adjacent_penalty_average", "slope_per_doubling", "size_ref_sigma", "sd_task", "sd_developer",
)  # fmt: skip
NAMES = (*CURVE, *FITTED)  # one coordinate each
LEVEL_STEPS = 4
SPREADS = np.linspace(0.0, 12.0, 2401)
NODES, WEIGHTS = curves.normal_nodes(31)  # 1e-6 at the spreads that matter here


class Model:
    """Priors and observations, as one density over coordinates z (n, 12).

    priors : dict of str to Prior, as `observations.read` returns them
    rows : sequence of Observation
    shares : (5,), share of sessions by level in the central study
    """

    def __init__(self, priors: dict[str, Prior], rows: list[Observation], shares: np.ndarray):
        self.priors, self.rows, self.shares = priors, rows, np.asarray(shares) / np.sum(shares)
        self.values = np.array([row.value for row in rows])
        self._root = np.linalg.cholesky(covariance(rows)) if rows else np.zeros((0, 0))

    @cached_property
    def _steps(self):
        """Root of the prior covariance of the four steps: one mean step, own departures."""
        mean, own = self.priors["step"].sd, self.priors["step_departure"].sd
        size = LEVEL_STEPS
        return np.linalg.cholesky(mean**2 * np.ones((size, size)) + own**2 * np.eye(size))

    # ---- from coordinates to numbers ------------------------------------------------------------

    def parameters(self, z):
        """Register parameters of coordinates z (n, 12): dict name -> (n,), in their units."""
        return {name: self._parameter(name, z[:, NAMES.index(name)]) for name in FITTED}

    def _parameter(self, name, z):
        belief = _belief(name)
        if name in self.priors:
            return np.clip(self.priors[name].mean + self.priors[name].sd * z, *belief.bounds)
        from scipy.special import ndtr  # late: slow to import

        return belief.quantile(ndtr(z))

    def curves(self, z):
        """Averaged-scale cuts (n, 3) and shifts (n, 5), and the spread s (n,) [logit]."""
        found = self.parameters(z)
        spread = setup.latent_spread(found)
        judged = self._linear("judged", z)
        partial = judged + np.exp(self._linear("gap_partial", z))
        verified = judged - np.exp(self._linear("gap_verified", z))
        steps = self.priors["step"].mean + z[:, 3:7] @ self._steps.T
        shifts = np.concatenate([np.zeros((len(z), 1)), np.cumsum(steps, axis=1)], axis=1)
        return np.stack([partial, judged, verified], axis=1), shifts, spread

    def _linear(self, name, z):
        return self.priors[name].mean + self.priors[name].sd * z[:, NAMES.index(name)]

    def conditional(self, z):
        """Cuts (n, 3) and shifts (n, 5) at the means of person, task and size, and s (n,)."""
        cuts, shifts, spread = self.curves(z)
        stretch = flattening(spread)[:, None]
        return stretch * cuts, stretch * shifts, spread

    def rates(self, z):
        """P(outcome >= MEASURES[c]) by level, averaged: (n, 3, 5)."""
        cuts, shifts, spread = self.conditional(z)
        return averaged(cuts[:, :, None] + shifts[:, None, :], spread)

    # ---- the density ----------------------------------------------------------------------------

    def predicted(self, z):
        """What the model expects of each observation, in its unit as a share or logit: (n, m)."""
        return self.expected(self.rates(z), self.parameters(z))

    def expected(self, rates, found):
        """The same from rates (n, 3, 5) and parameters (name -> (n,)): (n, m)."""
        spread = setup.latent_spread(found)
        columns = [
            _KINDS[row.kind](row, rates=rates, found=found, spread=spread, shares=self.shares)
            for row in self.rows
        ]
        return np.stack(columns, axis=1) if columns else np.zeros((len(rates), 0))

    def residuals(self, z):
        """Observed minus expected, in independent standard errors: (n, m)."""
        from scipy.linalg import solve_triangular  # late: slow to import

        return solve_triangular(self._root, (self.values - self.predicted(z)).T, lower=True).T

    def log_density(self, z):
        """Log posterior density up to a constant: (n,)."""
        z = np.atleast_2d(z)
        total = -0.5 * (z**2).sum(axis=1)
        if self.rows:
            total = total - 0.5 * (self.residuals(z) ** 2).sum(axis=1)
        return np.where(np.isfinite(total), total, -np.inf)

    def with_values(self, values):
        """The same rows with other values: for data simulated from known curves."""
        rows = [row.with_value(value) for row, value in zip(self.rows, values, strict=True)]
        return Model(self.priors, rows, self.shares)

    def without(self, *ids):
        """The model that leaves out the rows named."""
        return Model(self.priors, [row for row in self.rows if row.id not in ids], self.shares)

    def simulate(self, z, luck):
        """Observations that coordinates z (1, 12) would give, with their errors: (m,)."""
        noise = self._root @ luck.standard_normal(len(self.rows))
        return self.predicted(z)[0] + noise

    # ---- to and from the rows of a curve set ----------------------------------------------------

    def to_rows(self, z):
        """Rows of a curve set, RATES and then FITTED: (n, 12)."""
        rates, found = self.rates(z), self.parameters(z)
        of_novice = rates[:, :, 0]
        return np.column_stack([of_novice, rates[:, 2, 1:], *(found[name] for name in FITTED)])


@cache
def _belief(name):
    """The register's distribution of a parameter."""
    known = parameters.world_parameters()[name]
    return parameters.parse_distribution(known.distribution, known.bounds)


def averaged(eta, spread):
    """As curves.averaged, all nodes at once: faster where thousands of densities are asked for."""
    from scipy.special import expit  # late: slow to import

    spread = spread.reshape(-1, *(1,) * eta.ndim)
    return expit(eta[..., None] + spread * NODES) @ WEIGHTS


@cache
def _inverse(rate):
    """Log-odds that average to a rate, on SPREADS: a table, since it is asked for so often."""
    return curves.conditional_logit(np.full(len(SPREADS), rate), SPREADS)


def flattening(spread):
    """How much steeper a curve is at the means than its average over the spread: k(s)."""
    return np.sqrt(1.0 + curves.FLATTENING * spread**2)


def covariance(rows):
    """Covariance of the errors of observations: (m, m)."""
    own = np.array([row.half_width for row in rows]) / Z
    discount = np.array([row.discount for row in rows]) / Z
    shared = np.array([row.shared for row in rows])
    group = np.array([row.group for row in rows])
    same = group[:, None] == group[None, :]
    common = np.sqrt(shared) * own
    total = np.where(same, np.outer(common, common) + np.outer(discount, discount), 0.0)
    np.fill_diagonal(total, own**2 + discount**2)
    return total


def _rate(row, rates, **_):
    return rates[:, MEASURES.index(row.measure), row.level - 1]


def _mean_rate(row, rates, shares, **_):
    return rates[:, MEASURES.index(row.measure)] @ shares


def _level_gap(row, rates, **_):
    of = rates[:, MEASURES.index(row.measure)]
    return of[:, row.level - 1] - of[:, row.from_level - 1]


def _relative_step(row, rates, shares, **_):
    """Change of a rate with one standard deviation of level, against its mean."""
    of = rates[:, MEASURES.index(row.measure)]
    levels = np.arange(1.0, 6.0) - shares @ np.arange(1.0, 6.0)
    sd = math.sqrt(shares @ levels**2)
    return of @ (shares * levels) / sd / (of @ shares)


def _role_gap(row, found, spread, **_):
    """Software minus other people, in verified success: shares at the software people's rate."""
    eta = np.interp(spread, SPREADS, _inverse(row.at))
    return row.at - averaged(eta - found["adjacent_penalty_average"], spread)


def _slope(row, found, **_):
    return found["slope_per_doubling"]


Z = 1.959963984540054  # 97.5% point of the standard normal
_KINDS: dict[str, Callable[..., np.ndarray]] = {
    "rate": _rate,
    "mean_rate": _mean_rate,
    "level_gap": _level_gap,
    "relative_step": _relative_step,
    "role_gap": _role_gap,
    "slope": _slope,
}
