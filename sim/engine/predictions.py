"""What a draw says of sessions, tasks and reviews by its equations alone, without running a world.

For calibration targets that need no queue: hours, repeated sessions, what a review sends back.
Parameters come as `setup.draw` returns them; each function takes all draws at once. Levels are
those hired at. No chance, no clock, no state; tests hold the functions against simulated worlds.
"""

from dataclasses import dataclass

import numpy as np

from sim.engine import curves

_NODES, _WEIGHTS = curves.normal_nodes(15)


@dataclass(frozen=True)
class Curve:
    """Cuts and shifts of draws, as worlds of a tool without progress have them.

    values   parameters of n draws, as `setup.draw` returns them
    cuts     (n, 3), of at least partial, judged and verified success [logit]
    shifts   (n, 16), coefficients of the monotone cubic through the level shifts
    effects  (n,), what is added for every session: team, progress of the tool [logit]
    """

    values: dict
    cuts: np.ndarray
    shifts: np.ndarray
    effects: np.ndarray

    def logit(self, level, hours, advanced=False, tries=0):
        """Log-odds (n,) of a session before cuts, without effects of person and task.

        level : in [1, 5]; hours : size of the piece [expert-h]; tries : that failed before

        Equations 1, 4, 33 of docs/model.md.
        """
        v = self.values
        doublings = np.log2(hours / v["size_ref_hours"])
        recovery = v["recovery_per_level"] * (level - 3.0) if tries > 0 else 0.0
        penalty = v["advanced_penalty"] if advanced else 0.0
        shift = self.shift(level) - v["slope_per_doubling"] * doublings
        return shift - penalty + recovery + self.effects

    def shift(self, level):
        """Level shifts (n,) of a level [logit].

        Equation 4 of docs/model.md.
        """
        interval = min(int(level) - 1, 3)
        c = self.shifts[:, 4 * interval : 4 * interval + 4].T
        return np.polyval(c, level - 1.0 - interval)

    def at_least(self, which, eta):
        """Probability of an outcome of curves.OUTCOMES or better; eta : (n, ...) [logit]"""
        from scipy.special import expit  # late: slow to import

        cut = self.cuts[:, which - 1]
        return expit(cut.reshape(-1, *(1,) * (eta.ndim - 1)) + eta)


def curve(values, spread, effects=0.0):
    """The Curve of draws whose published rates average over a latent `spread` (n,) [logit].

    effects : (n,) or a number [logit]

    By equation 3 of docs/model.md.
    """
    eta = curves.conditional_logit(np.ascontiguousarray(values["curve"]), spread)
    shifts = curves.interpolation(eta[:, 2:] - eta[:, 2:3])
    effects = np.broadcast_to(np.asarray(effects, float), (len(eta),))
    return Curve(values, eta[:, :3], shifts, effects)


def of_people_and_tasks(values):
    """Standard deviation (n,) of the effects of person and task together [logit]."""
    return np.sqrt(values["sd_task"] ** 2 + values["sd_developer"] ** 2)


# ---- horizons ----------------------------------------------------------------------------------


def expert_horizon(known):
    """Size (n,) at which an expert's session is judged done half the time [expert-h].

    Times horizon_factor it is what a benchmark would say of the tool.

    By equations 2, 34 of docs/model.md.
    """
    eta = known.logit(5.0, known.values["size_ref_hours"]) + known.cuts[:, 1]
    return known.values["size_ref_hours"] * 2.0 ** (eta / known.values["slope_per_doubling"])


# ---- hours -------------------------------------------------------------------------------------


def attended_hours(values, level, hours, parallel=1):
    """Mean human hours (n,) of a session, but for clearing up [h].

    level : in [1, 5]; hours : size of the piece [expert-h], a number or (n,); parallel : sessions
    at once

    By equations 7, 38 of docs/model.md.
    """
    place = values["tool_hours_factor"]
    oversight = place * values["oversight_share"] * values["instruction_gain"] ** (5.0 - level)
    growth = hours ** (values["oversight_growth"] - 1.0)
    running = values["runtime_share"] / parallel
    fixed = place * values["planning_hours"] + values["switching_hours"]
    return fixed + hours * (oversight * growth + running)


def clearing_hours(values, hours):
    """Human hours (n,) to clear up after a failed session on a piece of `hours` [h].

    By equations 35, 38 of docs/model.md.
    """
    return values["tool_hours_factor"] * values["failure_cost"] * hours


def hand_hours(values, level, hours, own_share=0.0):
    """Mean hours (n,) by hand of a piece of `hours` [expert-h], without an assistive tool [h].

    own_share : share of the work on code its author knows

    By equation 9 of docs/model.md.
    """
    known = 1.0 - own_share * (1.0 - values["own_code_factor"])
    return hours * values["hand_ratio"] ** ((5.0 - level) / 4.0) * known


def session_hours(known, level, hours, advanced=False, parallel=1):
    """Mean human hours (n,) of a first session, with what clearing up after it takes [h].

    By equations 7, 35 of docs/model.md.
    """
    eta = known.logit(level, hours, advanced)[:, None] + _latent(known.values)
    done = known.at_least(curves.UNVERIFIED, eta) @ _WEIGHTS
    attended = attended_hours(known.values, level, hours, parallel)
    return attended + (1.0 - done) * clearing_hours(known.values, hours)


def piece_hours(known, level, hours, *, max_sessions=2, own_share=0.0, advanced=False, parallel=1):
    """Mean human hours (n,) until a piece is done: sessions, then by hand, which goes right [h].

    A failed session is followed by another on what is left of the piece, up to `max_sessions`; a
    partial one leaves all but partial_share of it. Persistent effects of person and task are the
    same in all of them.

    By equations 7, 9, 11, 33, 35 of docs/model.md.
    """
    v, z = known.values, _latent(known.values)
    left = {0: np.ones_like(z)}  # partial sessions so far -> probability of being there (n, nodes)
    total = np.zeros_like(z)
    for tries in range(max_sessions):
        after: dict[int, np.ndarray] = {}
        for parts, chance in left.items():
            size = hours * (1.0 - v["partial_share"]) ** parts
            eta = known.logit(level, size, advanced, tries)[:, None] + z
            done = known.at_least(curves.UNVERIFIED, eta)
            partial = known.at_least(curves.PARTIAL, eta) - done
            clearing = (1.0 - done) * clearing_hours(v, size)[:, None]
            total += chance * (attended_hours(v, level, size, parallel)[:, None] + clearing)
            after[parts] = after.get(parts, 0.0) + chance * (1.0 - done - partial)
            after[parts + 1] = after.get(parts + 1, 0.0) + chance * partial
        left = after
    for parts, chance in left.items():
        size = hours * (1.0 - v["partial_share"]) ** parts
        total += chance * hand_hours(v, level, size, own_share)[:, None]
    return total @ _WEIGHTS


def task_hours(known, level, hours, *, scope, **how):
    """Mean human hours (n,) of a task taken to the agent in pieces of `scope` [expert-h].

    hours : size of the task [expert-h], a number; how : as `piece_hours` takes it

    By equations 7, 9, 11, 33, 35 of docs/model.md.
    """
    pieces, rest = divmod(hours, scope)
    total = 0.0
    if pieces > 0:
        total = pieces * piece_hours(known, level, np.full(len(known.cuts), scope), **how)
    if rest > 1e-9 * hours:
        total = total + piece_hours(known, level, np.full(len(known.cuts), rest), **how)
    return total


def _latent(values):
    """Places (n, nodes) of the effects of person and task together [logit]."""
    return of_people_and_tasks(values)[:, None] * _NODES


# ---- second sessions ---------------------------------------------------------------------------


def second_session(known, level, spread, success=curves.VERIFIED, failed=curves.UNVERIFIED):
    """Probability (n,) that a second session on a piece succeeds, given that the first did not.

    spread : (n,), latent standard deviation of person, task and size [logit]
    success : least outcome that counts; failed : least outcome that the first fell short of

    Pieces are of the reference size but for the spread. A partial first session has done its share
    of the piece.

    By equations 1, 2, 11, 33 of docs/model.md.
    """
    v, z = known.values, spread[:, None] * _NODES
    reference = v["size_ref_hours"]
    first = known.logit(level, reference)[:, None] + z
    partial = known.at_least(curves.PARTIAL, first)
    done = known.at_least(failed, first)
    easier = -(v["slope_per_doubling"] * np.log2(1.0 - v["partial_share"]))[:, None]
    second = known.logit(level, reference, tries=1)[:, None] + z
    both = (1.0 - partial) * known.at_least(success, second)
    if failed > curves.PARTIAL:
        both += (partial - done) * known.at_least(success, second + easier)
    return (both @ _WEIGHTS) / ((1.0 - done) @ _WEIGHTS)


# ---- reviews -----------------------------------------------------------------------------------


def detection(values, level):
    """Probability (n,) that a reviewer of a level catches a hidden defect.

    By equation 16 of docs/model.md.
    """
    from scipy.special import expit  # late: slow to import

    skill = values["review_skill_intermediate"]
    return expit(skill + values["review_skill_per_level"] * (level - 3.0))


def sent_back(values, hidden, visible, level):
    """Probability that an eligible reviewer sends a submission back.

    hidden, visible : (n, ...), -ln P(none) of each kind
    level : of the reviewer

    Both kinds meet one uniform number, so what catches the one catches the other.

    By equations 12, 16, 36 of docs/model.md.
    """
    shape = (-1, *(1,) * (np.ndim(hidden) - 1))
    p = detection(values, level).reshape(shape)
    q = values["visible_detection"].reshape(shape)
    has_hidden, has_visible = -np.expm1(-hidden), -np.expm1(-visible)
    both = has_hidden * has_visible * np.maximum(p, q)
    return both + has_hidden * (1.0 - has_visible) * p + (1.0 - has_hidden) * has_visible * q


def visible_hazard(values, hours, written, advanced=False):
    """-ln P(no fault that a review sees) (n,) of a submission of `hours` [expert-h].

    written : share of it that an agent wrote

    By equation 36 of docs/model.md.
    """
    rate = values["visible_hand"] + (values["visible_agent"] - values["visible_hand"]) * written
    rate = rate * values["visible_advanced"] if advanced else rate
    return rate * hours ** values["visible_growth"]


def hidden_hazard(known, base, hours, eta):
    """-ln P(no hidden defect) (n, ...) of work at log-odds eta.

    base : name of the parameter, such as "defect_verified"

    By equation 12 of docs/model.md.
    """
    shape = (-1, *(1,) * (np.ndim(eta) - 1))
    odds = np.log(known.values[base] / (1.0 - known.values[base])).reshape(shape)
    reference = known.shift(3.0).reshape(shape)
    slope = known.values["defect_slope"].reshape(shape)
    return np.asarray(hours).reshape(shape) * np.log1p(np.exp(odds - slope * (eta - reference)))


def verified_accepted(known, level, hours, reviewer=5.0, advanced=False):
    """Probabilities that a session on a whole task of `hours` is verified, and also accepted.

    level : of the developer; hours : a number [expert-h]; reviewer : level of the reviewer
    returns : (n,), (n,); what is not accepted is sent back at the first review

    By equations 2, 12, 16, 36 of docs/model.md.
    """
    eta = known.logit(level, hours, advanced)[:, None] + _latent(known.values)
    verified = known.at_least(curves.VERIFIED, eta)
    hours = np.full(len(eta), hours)
    hidden = hidden_hazard(known, "defect_verified", hours, eta)
    visible = visible_hazard(known.values, hours, 1.0, advanced)[:, None] + np.zeros_like(eta)
    accepted = verified * (1.0 - sent_back(known.values, hidden, visible, reviewer))
    return verified @ _WEIGHTS, accepted @ _WEIGHTS


def verified_sent_back(known, level, hours, reviewer=5.0, advanced=False):
    """Share (n,) of verified sessions on whole tasks of `hours` that a review sends back.

    By equations 2, 12, 16, 36 of docs/model.md.
    """
    verified, accepted = verified_accepted(known, level, hours, reviewer, advanced)
    return 1.0 - accepted / verified


def hand_sent_back(known, level, hours, reviewer=5.0, advanced=False):
    """Share (n,) of work by hand on tasks of `hours` that a review sends back.

    By equations 12, 16, 36 of docs/model.md.
    """
    shift = known.shift(level)
    hours = np.full(len(shift), hours)
    hidden = hidden_hazard(known, "defect_hand", hours, shift)
    visible = visible_hazard(known.values, hours, 0.0, advanced)
    return sent_back(known.values, hidden, visible, reviewer)


def over_sizes(share, median, sigma, nodes=15):
    """Mean (n,) of a function of the size over lognormal sizes.

    share : function of a size [expert-h] that returns (n,)
    """
    places, weights = curves.normal_nodes(nodes)
    return sum(
        weight * share(float(median * np.exp(sigma * place)))
        for place, weight in zip(places, weights, strict=True)
    )
