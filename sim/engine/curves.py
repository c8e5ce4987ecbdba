"""Tier curves: how a session ends, given who works on what with which tool.

    logit P(outcome >= c) = cut[c] + shift(x) - slope * log2(L / L_ref) + ...

A curve set is a posterior: rows of joint draws, made by `python -m calibration.fit` or from a
team's own tickets. A row holds rates *averaged over people, tasks and sizes*, as studies publish
them, and the register parameters that were fitted with them. Averaging flattens a curve, so the
conditional cuts and shifts follow from the rates and from how much spread was averaged out. This
module reads sets and evaluates curves; it knows no chance, no clock and no state.
"""

import functools
import json
import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sim import caveats, files, parameters, scenario
from sim.engine import inlined
from sim.errors import CurveError, short

LEVELS = tuple(scenario.LEVELS)
LEVEL_NUMBERS = (1, 2, 3, 4, 5)
ROLES = ("engineer", "adjacent")
OUTCOMES = ("failed", "partial", "unverified", "verified")
FAILED, PARTIAL, UNVERIFIED, VERIFIED = range(4)
# What three cuts and five shifts amount to once averaged: all measures of novices, and verified
# success of every level.
RATES = (
    "partial_1", "judged_1", "verified_1", "verified_2", "verified_3", "verified_4", "verified_5",
)  # fmt: skip
# What a team's own record adds to a row: name -> (least, greatest, value without a record).
OF_RECORD = {
    "ticket_size": (1e-3, 1e3, 1.0),
    "drift_level": (-7.0, 7.0, 0.0),
    "drift_reverting": (-7.0, 7.0, 0.0),
    "drift_walk_sd": (0.0, 3.0, 0.0),
    "drift_reverting_sd": (0.0, 3.0, 0.0),
    "drift_persistence": (0.0, 1.0, 0.0),
    "drift_jump_chance": (0.0, 1.0, 0.0),
    "drift_jump_sd": (0.0, 3.0, 0.0),
}
WIDEST = 5.0  # latent spread up to which the quadrature below is exact to 1e-4 [logit]
FLATTENING = (16 * math.sqrt(3) / (15 * math.pi)) ** 2  # logistic against normal, Johnson (1970)
NEWTON_STEPS = 6  # always as many, so that a draw is the same alone or among many


def normal_nodes(count):
    """Places and weights of Gauss-Hermite quadrature: two (count,), the weights adding to 1.

    E f(Z) of a standard normal Z is about sum(weight * f(place)); exact where f is a polynomial
    of degree below 2 count.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return nodes, weights / weights.sum()


_NODES, _WEIGHTS = normal_nodes(61)
_KEPT = _WEIGHTS > 1e-14  # the others add nothing that a double can hold
_NODES, _WEIGHTS = _NODES[_KEPT], _WEIGHTS[_KEPT]


@dataclass(frozen=True, eq=False)  # one that is read is kept, so that it is its own key
class CurveSet:
    """Joint draws of averaged rates and of the register parameters fitted with them.

    name     label used in scenario files and provenance
    date     month whose middle the set describes, "YYYY-MM"
    window_months  how far its evidence reaches to either side of that [months]
    columns  names: RATES, then register parameters, each in the register's unit; of a team's own
             record also those of OF_RECORD
    central  (c,), the row used when uncertainty is off
    draws    (n, c), the posterior; rows are equally likely
    caveats  sentences that go with whatever uses the set
    record   of a team's own record: "ends", the day on which it does, and what it tells; else empty
    """

    name: str
    date: str
    window_months: float
    columns: tuple[str, ...]
    central: np.ndarray
    draws: np.ndarray
    caveats: tuple[caveats.Caveat, ...]
    record: dict = field(default_factory=dict)

    @property
    def updates(self):
        """Names of the parameters that a row brings along."""
        return self.columns[len(RATES) :]

    def conditional(self, spread, rates):
        """Cuts (n, 3) and level shifts (n, 5) of n draws [logit], the novice shift being 0.

        spread : (n,), latent standard deviation of person, task and size [logit]
        rates : (n, 7) of RATES
        """
        if np.max(spread, initial=0.0) > WIDEST:
            raise CurveError(
                f"curve set {self.name!r}: a latent spread of {np.max(spread):.2f} logits is "
                f"beyond {WIDEST:g}: narrow sd_task, sd_developer, size_ref_sigma or "
                "slope_per_doubling"
            )
        eta = conditional_logit(rates, spread)
        return eta[:, :3], eta[:, 2:] - eta[:, 2:3]


def averaged(eta, spread):
    """Average of expit(eta + spread Z) over a standard normal Z, by Gauss-Hermite quadrature.

    eta : (n, ...) [logit]
    spread : (n,) [logit]

    Equation 3 of docs/model.md.
    """
    total = np.zeros_like(eta)
    for weight, share in _weighted(eta, spread):
        total += weight * share
    return total


def _average_and_slope(eta, spread):
    """The average, and its derivative by eta."""
    total, slope = np.zeros_like(eta), np.zeros_like(eta)
    for weight, share in _weighted(eta, spread):
        total += weight * share
        slope += weight * share * (1.0 - share)
    return total, slope


def _weighted(eta, spread):
    """Each node's weight and expit(eta + spread node); one by one, so they stay in the cache."""
    from scipy.special import expit  # late: slow to import

    spread = spread.reshape(-1, *(1,) * (eta.ndim - 1))
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        yield weight, expit(eta + spread * node)


def conditional_logit(rates, spread):
    """Log-odds whose average over the spread are the rates: the inverse of `averaged`.

    rates : (n, ...), inside (0, 1)
    spread : (n,) [logit]

    Newton's method on the log-odds of the average, which is nearly a straight line in eta. The
    points of a sweep share their draws, so the last answers are kept.

    Equation 3 of docs/model.md.
    """
    return _conditional_logit(rates.tobytes(), rates.shape, spread.tobytes())


@functools.lru_cache(maxsize=16)
def _conditional_logit(rates, shape, spread):
    rates, spread = np.frombuffer(rates).reshape(shape), np.frombuffer(spread)
    aim = np.log(rates / (1.0 - rates))
    eta = aim * np.sqrt(1.0 + FLATTENING * spread**2).reshape(-1, *(1,) * (aim.ndim - 1))
    for _ in range(NEWTON_STEPS):
        share, slope = _average_and_slope(eta, spread)
        eta = eta - (np.log(share / (1.0 - share)) - aim) * share * (1.0 - share) / slope
    return frozen(eta)


def read(path):
    """Read a curve set from JSON.

    Raises CurveError, one line, if the file is missing or not a curve set.
    """
    try:
        content = files.content(path)
    except (OSError, ValueError) as error:
        raise CurveError(f"{path.name}: not a curve set ({error!r})") from None
    return _parsed(path.name, content)


def check_data(name, data):
    """Refuse plain data that are no curve set: CurveError, one line that starts with the name."""
    _parsed(name, json.dumps(data).encode())


@functools.lru_cache(maxsize=8)  # keyed by what the file says, so it cannot go stale
def _parsed(name, content):
    try:
        data = files.plain_json(content)
        found = CurveSet(
            name=str(data["name"]),
            date=str(data["date"]),
            window_months=float(data["window_months"]),
            columns=tuple(map(str, data["columns"])),
            central=frozen(np.array(data["central"], float)),
            draws=frozen(np.array(data["draws"], float)),
            caveats=caveats.read(data["caveats"]),
            record=_record(data.get("record", {})),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = " ".join(repr(error).split())[:160]
        raise CurveError(f"{name}: not a curve set ({reason})") from None
    _check(name, found)
    return found


def _record(about):
    """What a set says of a team's own record, checked: plain data."""
    if not isinstance(about, dict):
        raise TypeError("record: must be a table")
    if about:
        date.fromisoformat(about["ends"])
        kinds = {"name": str, "weeks": int, "measures": list, "expert_hours": bool}
        wrong = [key for key, kind in kinds.items() if not isinstance(about.get(key, kind()), kind)]
        if wrong or about.get("weeks", 1) < 1:
            raise ValueError(f"record: {', '.join(wrong) or 'weeks'} is not of its kind")
    return about


def frozen(array):
    """The array, shared from now on and so not to be written to."""
    array.flags.writeable = False
    return array


def _check(name, found):
    size = len(found.columns)
    if found.columns[: len(RATES)] != RATES or len(set(found.columns)) != size:
        raise CurveError(f"{name}: columns must start with {', '.join(RATES)}, none twice")
    if found.central.shape != (size,) or found.draws.ndim != 2 or found.draws.shape[1] != size:
        raise CurveError(f"{name}: central must be ({size},), draws (n, {size}): one a column")
    rows = np.vstack([found.central, found.draws])
    if not np.isfinite(rows).all():
        raise CurveError(f"{name}: needs every number finite")
    known = {name: one.bounds for name, one in parameters.world_parameters().items()}
    if found.record:
        known |= {name: ends[:2] for name, ends in OF_RECORD.items()}
    for place, column in enumerate(found.columns):
        if place >= len(RATES) and column not in known:
            hint = parameters.did_you_mean(column, known)
            raise CurveError(
                f"{name}: column '{short(column)}': not a parameter of the register{hint}"
            )
        low, high = (1e-6, 1 - 1e-6) if place < len(RATES) else known[column]
        if rows[:, place].min() < low or rows[:, place].max() > high:
            raise CurveError(f"{name}: column '{column}': must lie from {low:g} to {high:g}")


def interpolation(shifts):
    """Coefficients of the monotone cubic through the five level shifts.

    shifts : (n, 5) [logit]
    returns : (n, 16), four intervals of four coefficients, highest power first

    Source: Fritsch and Butland (1984), to the bit as in scipy.interpolate.PchipInterpolator,
    whose import takes longer than a run's worlds.

    Equation 4 of docs/model.md.
    """
    rise = np.diff(shifts, axis=1)  # levels are one apart
    slope = np.zeros_like(shifts)
    before, after = rise[:, :-1], rise[:, 1:]
    monotone = np.sign(before) * np.sign(after) > 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        slope[:, 1:-1] = np.where(monotone, 1.0 / ((3.0 / before + 3.0 / after) / 6.0), 0.0)
    slope[:, 0] = _end_slope(rise[:, 0], rise[:, 1])
    slope[:, -1] = _end_slope(rise[:, -1], rise[:, -2])
    bend = slope[:, :-1] + slope[:, 1:] - 2.0 * rise
    powers = (bend, (rise - slope[:, :-1]) - bend, slope[:, :-1], shifts[:, :-1])
    return np.stack(powers, axis=2).reshape(len(shifts), 16)


def _end_slope(rise, after):
    """Slope at an end, from three points: never against the first rise, nor above three times it.

    rise, after : (n,), over the first and the second interval from that end
    """
    slope = (3.0 * rise - after) / 2.0
    steep = (np.sign(rise) != np.sign(after)) & (np.abs(slope) > 3.0 * np.abs(rise))
    slope = np.where(steep, 3.0 * rise, slope)
    return np.where(np.sign(slope) != np.sign(rise), 0.0, slope)


@inlined
def level_shift(coefficients, level):
    """Shift of a continuous expertise level in [1, 5] [logit].

    Equation 4 of docs/model.md.
    """
    i = min(int(level) - 1, 3)
    t = level - 1.0 - i
    c0, c1 = coefficients[4 * i], coefficients[4 * i + 1]
    c2, c3 = coefficients[4 * i + 2], coefficients[4 * i + 3]
    return ((c0 * t + c1) * t + c2) * t + c3


@inlined
def session_logit(world, slope, shift, hours, advanced, adjacent, effects):
    """Log-odds of a session before its cuts: all terms of the tier curve.

    slope : of the tool's curve [logit per doubling of size]
    shift : level shift of the developer [logit]
    hours : size of the piece attacked [expert-h, > 0]
    advanced, adjacent : whether the work is advanced, the person of an adjacent role
    effects : persistent effects of person and task, and the tool's progress [logit]

    Equation 1 of docs/model.md.
    """
    if hours == world.scope_hours:
        doublings = world.scope_doublings
    else:
        doublings = math.log2(hours / world.size_ref_hours)
    logit = shift - slope * doublings
    if advanced:
        logit -= world.advanced_penalty
    if adjacent:
        penalty = world.adjacent_penalty_advanced if advanced else world.adjacent_penalty_average
        logit -= penalty
    return logit + world.team_offset + effects


@inlined
def outcome_of(world, logit, luck):
    """Outcome of a session of these log-odds; luck is the log-odds of its u in (0, 1).

    P(outcome >= c) = expit(cut[c] + logit): u below that probability, compared on
    the log-odds scale. Higher ones never make an outcome worse at the same u.

    Equation 2 of docs/model.md.
    """
    threshold = luck - logit
    if threshold < world.cut_verified:
        return VERIFIED
    if threshold < world.cut_unverified:
        return UNVERIFIED
    if threshold < world.cut_partial:
        return PARTIAL
    return FAILED
