"""The first question to a team: how many hours of the week go into development.

No literature narrows it, and a calendar tells it.
"""

from typing import NamedTuple

import numpy as np

from sim import parameters
from sim.engine import setup
from sim.records.words import label, rounded, units
from sim.scenario.development import FULL_WEEK, KEY, PARAMETER

FEWEST = 50  # draws from which the range under known hours is told
HALF_WIDTH = 1.0  # of the range of hours that a calendar would give [h a week]
PARTS = 10  # of the draws, each left out in turn for the error of a range
T = 2.2621571628  # 97.5% point of Student's t with PARTS - 1 degrees of freedom
_SPENT = ("agent", "manual", "review", "rework", "fix", "training", "mentoring", "idle")


def unknown(plan, key=True):
    """What to find out before anything is run, in a sentence; "" where the plan knows it.

    plan : Scenario
    key : whether it says under which key of a plan that is stated; else it says of what it is, as
        on slides that say beside it what would improve the choice between plans
    """
    if PARAMETER in plan.world or setup.tier_curves(plan).record:
        return ""
    belief = parameters.world_parameters()[PARAMETER].distribution
    assert belief is not None  # every world parameter has one
    low, high = (FULL_WEEK * float(end) for end in belief.quantile(np.array([0.05, 0.95])))
    where = f"; state {KEY}, or learn it with the rest from your own record (tiercurve learn)"
    what = (
        "To narrow every forecast" if key else "For the forecast of each plan, whichever is chosen"
    )
    return (
        f"{what}, find out first how many hours of a full week a person "
        f"develops: {low:.0f} to {high:.0f} where it was counted. No study narrows it for you, "
        f"a calendar does{where if key else ''}."
    )


class Narrowing(NamedTuple):
    """What knowing the hours of development would narrow.

    low, high     where the hours are in 8 of 10 draws [h of a full week]
    known         range of the hours that a calendar would give [h of a full week]
    now, then     range of 8 of 10 worlds as a ratio of its ends, as it is and where they are known
    likely        95% interval of `then`, by the number of draws
    """

    low: float
    high: float
    known: tuple[float, float]
    now: float
    then: float
    likely: tuple[float, float]


def narrowing(result):
    """What knowing the hours of development would narrow in what leads of a Result: a Narrowing.

    returns : None where the plan states the hours, parameters are at their centre, or the draws do
        not show that the range falls

    The range is that of 8 of 10 worlds, as a ratio of its ends. Under known hours it is what is
    left of the logarithms of the metric once a straight line in those of the hours is taken off,
    with the hours back within an hour on each side.
    """
    plan, metric = result.scenario, result.metric
    if not result.uncertain or PARAMETER in plan.world or result.provenance["draws"] < FEWEST:
        return None
    values = result.values(metric)[:, :, 0]
    if np.isnan(values).any() or (values <= 0).any():
        return None
    hours = FULL_WEEK * result.drawn[PARAMETER]
    centre = round(float(np.median(hours)))
    output, hours_log = np.log(values), np.log(hours)
    now, then = ranges(output, hours_log, centre)
    fall_error, then_error = errors(output, hours_log, centre)
    if np.log(then / now) + T * fall_error >= 0.0:
        return None
    low, high = map(float, np.quantile(hours, (0.1, 0.9)))
    likely = then * np.exp(-T * then_error), then * np.exp(T * then_error)
    return Narrowing(low, high, (centre - HALF_WIDTH, centre + HALF_WIDTH), now, then, likely)


def question(result):
    """What knowing the hours of development would narrow, and the output per such hour.

    result : a Result
    returns : a sentence; "" where `narrowing` has nothing
    """
    known = narrowing(result)
    if known is None:
        return ""
    ends = [f"{end:.0f}" for end in known.known]
    return (
        f"First find out how many hours of a full week a person develops: {known.low:.0f} to "
        f"{known.high:.0f} in 8 of 10 draws. Where it is {ends[0]} to {ends[1]}, the range of "
        f"{label(result.metric)} falls from {known.now:.1f}-fold to {known.then:.1f}-fold (95% "
        f"interval by the number of draws {known.likely[0]:.1f} to {known.likely[1]:.1f}; {KEY} = "
        f"[{', '.join(ends)}]). {_per_hour(result)}"
    )


def ranges(output, hours, centre):
    """The range of 8 of 10 worlds, as a ratio of its ends: as it is, and where hours are known.

    output : (draws, luck), logarithm of what is put out
    hours  : (draws,), logarithm of the hours of development
    centre : of the hours that are known, within HALF_WIDTH [h]
    """
    mean = output.mean(axis=1)
    slope = np.cov(mean, hours)[0, 1] / np.var(hours, ddof=1)
    rest = output - slope * hours[:, None]
    known = np.log(np.linspace(centre - HALF_WIDTH, centre + HALF_WIDTH, 9))
    spread = (rest[..., None] + slope * known).ravel()
    return tuple(float(np.exp(np.subtract(*np.quantile(x, (0.9, 0.1))))) for x in (output, spread))


def errors(output, hours, centre):
    """Standard errors of ln(then / now) and of ln then, as `ranges` gives them, by the draws.

    Each tenth of the draws is left out in turn (delete-a-group jackknife).
    """
    part = np.arange(len(hours)) % PARTS
    left = [ranges(output[part != i], hours[part != i], centre) for i in range(PARTS)]
    now, then = np.log(left).T
    return tuple(float(np.sqrt((PARTS - 1) * np.var(values))) for values in (then - now, then))


def _per_hour(result):
    """Work delivered per hour of development, in words."""
    spent = sum(result.values(f"hours_{name}") for name in _SPENT)
    rate = (result.values("work_delivered") / spent).ravel()
    mean, low, high = rounded(rate.mean(), *np.quantile(rate, (0.1, 0.9)))
    unit = units(result.scenario)["work_delivered"]
    return f"An hour of development delivers {mean} {unit} ({low} to {high} in 8 of 10 worlds)."
