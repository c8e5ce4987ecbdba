"""Hours and odds: how long a stretch takes, how likely it succeeds, and what it breaks."""

import math

from sim.engine import compiled, inlined, luck
from sim.engine.curves import FLATTENING, session_logit
from sim.engine.state import ADJACENT, HOURS_PER_YEAR

_CERTAIN = -math.log(1e-12)


@inlined
def own_logit(w, d, t, hours):
    """Log-odds of a session of a person on a piece of task t, before the cuts.

    Equations 1, 5, 33, 37 of docs/model.md.
    """
    shift = d.shift[t.domain]
    if w.gap_drift != 0.0:
        wider = max(0.0, 1.0 + w.gap_drift * (d.years + w.time / HOURS_PER_YEAR))
        shift = w.shift_mean + (shift - w.shift_mean) * wider
    effects = d.trait + t.trait + d.progress + d.progress_per_hour * w.time
    effects += d.familiarity_logit
    if t.tries > 0:
        effects += d.recovery[t.domain]
    adjacent = d.role == ADJACENT
    return session_logit(w, d.slope_per_doubling, shift, hours, t.advanced == 1, adjacent, effects)


@inlined
def session_hours(w, d, t, hours, noise):
    """Human hours of a session on a piece of `hours` [h], but for clearing up before it.

    Equation 7 of docs/model.md.
    """
    growth = w.scope_growth if hours == w.scope_hours else oversight_growth(w, hours)
    oversight = w.oversight_share * d.oversight[t.domain] * noise * growth
    runtime = w.runtime_share / w.parallel_sessions
    return w.planning_hours + hours * (oversight + runtime) + w.switching_hours


@inlined
def oversight_growth(w, hours):
    """Factor on the oversight an expert-hour, for a piece of `hours` against one of an hour.

    Of nothing, which rework may come to, there is nothing to oversee, however fast it grows.

    Equation 7 of docs/model.md.
    """
    return hours ** (w.oversight_growth - 1.0) if hours > 0.0 else 0.0


@inlined
def clearing_hours(w, hours):
    """Hours to clear up after a session that did not get a piece of `hours` done [h].

    Equation 35 of docs/model.md.
    """
    return w.failure_cost * hours


@inlined
def unattended_hours(w, t):
    """Working hours by which a session goes on after its developer has turned to something else.

    Equation 8 of docs/model.md.
    """
    if w.parallel_sessions == 1:
        return 0.0
    return t.piece * w.runtime_share * (1.0 - 1.0 / w.parallel_sessions)


@inlined
def hand_hours(w, d, t, hours, noise):
    """Hours of a piece by hand [h]: an expert engineer needs its size, or less on their own code.

    Equation 9 of docs/model.md.
    """
    known = w.own_code_factor if t.own_code == 1 else 1.0
    return hours * d.hand_factor[t.domain] * noise * known


@inlined
def hand_success(w, d, t):
    """Probability that a piece done by hand is right: what is hard about a task is so for all.

    Equation 10 of docs/model.md.
    """
    logit = d.hand_logit[t.domain]
    if t.advanced:
        logit -= w.hand_success_advanced
    logit = w.hand_spread * logit + w.hand_task_share * t.trait
    return 1.0 / (1.0 + math.exp(-logit))


@compiled
def hand_spread(w):
    """Log-odds by hand on a task without effect of its own, over those of the mean over tasks.

    So that the mean over tasks stays what the parameters say, to within the approximation of a
    logistic by a normal distribution.

    Equation 10 of docs/model.md.
    """
    return math.sqrt(1.0 + FLATTENING * (w.hand_task_share * w.sd_task) ** 2)


@inlined
def coordination(w, others):
    """Share of a person's time on a part that goes to the others who work on the same task.

    Equation 29 of docs/model.md.
    """
    if w.communication_most <= 0.0:
        return 0.0
    return w.communication_most * -math.expm1(-w.coordination_loss * others / w.communication_most)


@compiled
def defect_logit(base):
    """Log-odds of a defect per expert-hour, from its probability; infinite where it is 0 or 1.

    Equation 12 of docs/model.md.
    """
    if base <= 0.0:
        return -math.inf
    return math.inf if base >= 1.0 else luck.logit(base)


@inlined
def defect_hazard(w, work, session_logit):
    """-ln P(no defect) per expert-hour of work done at a session's own log-odds.

    work : BY_HAND, IS_VERIFIED or IS_UNVERIFIED; its base odds belong to an intermediate on
        average work of the reference size. A stronger tool or a better developer breaks less.

    Equation 12 of docs/model.md.
    """
    base = w.defect_logit[work]
    if base == math.inf:
        return _CERTAIN
    # P(no defect) = 1 - expit(x), so its -ln is ln(1 + e**x). An absolute error of 1e-16 does not
    # matter here, and log1p takes twice as long.
    return math.log(1.0 + math.exp(base - w.defect_slope * (session_logit - w.shift_reference)))


@inlined
def happens(hazard, v):
    """Whether something of a hazard happens, from its luck v in (0, 1): v < 1 - e**-hazard.

    That lies between hazard - hazard**2 / 2 and hazard, which is all that most luck needs to know.

    Equation 12 of docs/model.md.
    """
    if v >= hazard:
        return False
    return v < hazard - 0.5 * hazard * hazard or v < -math.expm1(-hazard)


@inlined
def written_share(t):
    """Share of a submission that an agent wrote."""
    return t.agent_hours / t.submitted_hours if t.submitted_hours > 0.0 else 0.0


@inlined
def visible_hazard(w, t):
    """-ln P(no fault that a review sees) of a submission: more of them where an agent wrote it.

    Equation 36 of docs/model.md.
    """
    rate = w.visible_hand + (w.visible_agent - w.visible_hand) * written_share(t)
    if rate == 0.0:
        return 0.0
    if t.advanced:
        rate *= w.visible_advanced
    return rate * t.submitted_hours**w.visible_growth


@inlined
def review_hours(w, t):
    """Hours to review what was submitted [h].

    Equation 15 of docs/model.md.
    """
    dearer = 1.0 + (w.review_agent_factor - 1.0) * written_share(t)
    return w.review_rate * t.submitted_hours * dearer


@inlined
def detection(w, d, t, own):
    """Probability that a reviewer catches a hidden defect that is there.

    Equation 16 of docs/model.md.
    """
    p = 1.0 / (1.0 + math.exp(-d.review_logit[t.domain]))
    return p * w.self_review_factor if own else p


@compiled
def agent_pays(w, d, t, hours):
    """Whether a session is expected to take fewer hours than by hand, on the team's belief.

    Equation 14 of docs/model.md.
    """
    session_logit = own_logit(w, d, t, hours) - t.trait + w.belief_bias
    p = 1.0 / (1.0 + math.exp(-(w.cut_unverified + session_logit)))
    session = session_hours(w, d, t, hours, 1.0) + (1.0 - p) * clearing_hours(w, hours)
    return session < p * hand_hours(w, d, t, hours, 1.0)
