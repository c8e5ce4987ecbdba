"""Tier curves: how a session ends, given who works on what with which tool.

    logit P(outcome >= c) = cut[c] + shift(x) - slope * log2(L / L_ref) + ...

A curve set holds the cuts (partial, unverified, verified) and the shifts of the
five levels, fitted in calibration/fit.py so that rates *averaged over people,
tasks and sizes* are the published ones. Averaging flattens a curve, so the
conditional cuts depend on how much spread was averaged out; a set is therefore
stored on a grid of that spread. This module reads sets and evaluates curves; it
knows no chance, no clock and no state.
"""

import json
import math
from dataclasses import dataclass

import numpy as np

from sim.engine import inlined
from sim.engine.luck import logit

LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")
OUTCOMES = ("failed", "partial", "unverified", "verified")
FAILED, PARTIAL, UNVERIFIED, VERIFIED = range(4)


class CurveError(ValueError):
    """A curve set that cannot be read: one line, where, what, what would do."""


@dataclass(frozen=True)
class CurveSet:
    """Cuts and level shifts on a grid of latent spread.

    name     label used in scenario files and provenance
    date     month whose middle the set describes, "YYYY-MM"
    window_months  how far its evidence reaches to either side of that [months]
    spread   (s,), standard deviation averaged out [logit], from 0 up
    theta    (s, 3 + 5), three cuts and five level shifts [logit]
    error    (s, 8, e), square root of the fit's covariance; e unit normals
    caveats  sentences that go with whatever uses the set
    """

    name: str
    date: str
    window_months: float
    spread: np.ndarray
    theta: np.ndarray
    error: np.ndarray
    caveats: tuple[str, ...]

    def conditional(self, spread, normals):
        """Cuts (n, 3) and level shifts (n, 5) of n draws [logit].

        spread : (n,), latent standard deviation of person, task and size [logit]
        normals : (n, e), unit normals of the fit's own uncertainty; zeros for the centre
        """
        if np.max(spread, initial=0.0) > self.spread[-1]:
            raise CurveError(
                f"curve set {self.name!r}: a latent spread of {np.max(spread):.2f} logits is "
                f"beyond its grid (0 to {self.spread[-1]:g}): narrow sd_task, sd_developer, "
                "size_ref_sigma or slope_per_doubling"
            )
        place = np.clip(np.searchsorted(self.spread, spread) - 1, 0, len(self.spread) - 2)
        width = self.spread[place + 1] - self.spread[place]
        weight = ((spread - self.spread[place]) / width)[:, None]
        theta = (1 - weight) * self.theta[place] + weight * self.theta[place + 1]
        error = (1 - weight[..., None]) * self.error[place] + weight[..., None] * self.error[
            place + 1
        ]
        theta = theta + np.einsum("nij,nj->ni", error, normals)
        return theta[:, :3], theta[:, 3:]


def read(path):
    """Read a curve set from JSON.

    Raises CurveError, one line, if the file is missing or not a curve set.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        curves = CurveSet(
            name=str(data["name"]),
            date=str(data["date"]),
            window_months=float(data["window_months"]),
            spread=np.array(data["spread"], float),
            theta=np.array(data["theta"], float),
            error=np.array(data["error"], float),
            caveats=tuple(map(str, data["caveats"])),
        )
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise CurveError(f"{path.name}: not a curve set ({error!r})") from None
    size = len(curves.spread)
    # An infinite cut is meant (a set with one cut has nothing between); a NaN never is.
    whole = curves.theta.shape == (size, 8) and curves.error.shape[:2] == (size, 8)
    if not whole or size < 2 or np.isnan(curves.theta).any() or np.isnan(curves.error).any():
        raise CurveError(f"{path.name}: theta must be (spread, 8), error (spread, 8, e), no NaN")
    return curves


def interpolation(shifts):
    """Coefficients of the monotone cubic through the five level shifts.

    shifts : (n, 5) [logit]
    returns : (n, 16), four intervals of four coefficients, highest power first

    Source: Fritsch and Butland (1984), as in scipy.interpolate.PchipInterpolator.
    """
    from scipy.interpolate import PchipInterpolator  # late: slow to import

    coefficients = PchipInterpolator(np.arange(1.0, 6.0), shifts, axis=1).c  # (4, 4, n)
    return np.ascontiguousarray(np.transpose(coefficients, (2, 1, 0)).reshape(len(shifts), 16))


@inlined
def level_shift(coefficients, level):
    """Shift of a continuous expertise level in [1, 5] [logit]."""
    i = min(int(level) - 1, 3)
    t = level - 1.0 - i
    c0, c1 = coefficients[4 * i], coefficients[4 * i + 1]
    c2, c3 = coefficients[4 * i + 2], coefficients[4 * i + 3]
    return ((c0 * t + c1) * t + c2) * t + c3


@inlined
def session_logit(world, shift, hours, advanced, adjacent, effects):
    """Log-odds of a session before its cuts: all terms of the tier curve.

    shift : level shift of the developer [logit]
    hours : size of the piece attacked [expert-h, > 0]
    advanced, adjacent : whether the work is advanced, the person of an adjacent role
    effects : persistent effects of person and task, and the tool's progress [logit]
    """
    if hours == world.scope_hours:
        doublings = world.scope_doublings
    else:
        doublings = math.log2(hours / world.size_ref_hours)
    eta = shift - world.slope_per_doubling * doublings
    if advanced:
        eta -= world.advanced_penalty
    if adjacent:
        penalty = world.adjacent_penalty_advanced if advanced else world.adjacent_penalty_average
        eta -= penalty
    return eta + world.team_offset + effects


@inlined
def outcome_of(world, eta, u):
    """Outcome of a session with log-odds eta and the luck u of its task.

    P(outcome >= c) = expit(cut[c] + eta): u below that probability, compared on
    the log-odds scale. A higher eta never makes an outcome worse at the same u.
    """
    threshold = logit(u) - eta
    if threshold < world.cut_verified:
        return VERIFIED
    if threshold < world.cut_unverified:
        return UNVERIFIED
    if threshold < world.cut_partial:
        return PARTIAL
    return FAILED
