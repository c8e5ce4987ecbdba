"""Whether expertise multiplies: as published, and as planners read it, with its probability.

Published is that experts get more work out of an instruction and succeed more often. Planners read
that an agent gives experts more than others; that is a statement about output with and without it.
Rows say both, and how probable each is over what is not known.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration import checks
from sim import ledger
from sim.analysis import estimates
from sim.engine import curves, mechanisms, setup
from sim.scenario import load
from sim.validation.worlds import outputs

SEED = 1
FULL, QUICK = (400, 4), (40, 2)  # draws, luck
PEOPLE = 9  # of one level, on the baseline's work
LEVELS = ("novice", "intermediate", "expert")
AGENT = "the study's agent"
TOOLS = {"completions": "completion-assistant", AGENT: "claude-code-2026"}
MEASURES = {  # what is gained -> metric, unit, and which way is a gain
    "output": ("work_delivered", "%", 1),
    "expert-hours of output": ("work_delivered", "expert-h", 1),
    "hours a task": ("hours_per_task", "%", -1),
}
STEPS = 4  # levels from novice to expert


@dataclass(frozen=True)
class Row:
    """One reading of "expertise multiplies".

    reading     in words
    unit        of the numbers
    published   figure or range, as text; "" where none is published
    median, low, high   of the model, 95% over what is not known
    p           probability that it holds: that the number is above `more_than`
    more_than   1 for ratios, 0 for differences
    draws       in which it has a value, of all
    """

    reading: str
    unit: str
    published: str
    median: float
    low: float
    high: float
    p: float
    more_than: float
    draws: int


def run(quick=False, threads=None):
    """The rows of the table: DataFrame, a column a field of Row."""
    draws, luck = QUICK if quick else FULL
    gains = {
        (tool, measure): gain
        for tool, profile in TOOLS.items()
        for measure, gain in _gains(profile, draws, luck, threads).items()
    }
    alike = _gains(TOOLS[AGENT], draws, luck, threads, mechanisms.off("level by hand"))
    rows = [*published(draws), *_gained(gains), *_who_gains(gains), *_were_levels_alike(alike)]
    return pd.DataFrame([vars(row) for row in rows])


def _row(reading, unit, published, values, more_than):
    values = values[~np.isnan(values)]
    low, median, high = np.quantile(values, [0.025, 0.5, 0.975], method="weibull").tolist()
    p = float((values > more_than).mean())
    return Row(reading, unit, published, median, low, high, p, more_than, len(values))


def published(draws):
    """Experts over novices as the study publishes it: work an instruction, success."""
    plan, known = load("baseline"), ledger.read()
    drawn = setup.draw(plan, SEED, 0, draws)
    slopes = (known[f"study-actions-slope{kind}"].value for kind in ("", "-raw"))
    ends = (1 + (slope or 0.0) / 100 for slope in slopes)
    low, high = (end**STEPS for end in ends)
    yield _row(
        "experts get more work out of an instruction: expert over novice", "ratio",
        f"{low:.2f} (adjusted) to {high:.2f} (raw)", drawn["instruction_gain"] ** STEPS, 1.0,
    )  # fmt: skip
    curve = setup.tier_curves(plan)
    rates = checks.rates(curve, curve.draws)
    for measure in ("verified", "judged"):
        stated = ledger.rates(known, measure)
        ratio = (
            rates[:, checks.MEASURES.index(measure), -1]
            / (rates[:, checks.MEASURES.index(measure), 0])
        )
        yield _row(
            f"experts succeed more often, {measure}: expert over novice", "ratio",
            f"{stated[5] / stated[1]:.2f}", ratio, 1.0,
        )  # fmt: skip


def _gains(profile, draws, luck, threads, changes=None):
    """What a tool changes against none at each level: what is gained -> (levels, draws).

    changes : of both plans, as `Scenario.replace` takes them
    """
    names = list(dict.fromkeys(metric for metric, _, _ in MEASURES.values()))
    agent = load("baseline").replace({"tool.profile": profile} | (changes or {}))
    hand = load("no-tool").replace(changes or {})
    gains: dict = {measure: [] for measure in MEASURES}
    for level in LEVELS:
        team = {"team": {one: PEOPLE * (one == level) for one in curves.LEVELS}}
        with_, without = (
            outputs(plan.replace(team), SEED, draws, luck, threads, names=names)
            for plan in (agent, hand)
        )
        for measure, (metric, unit, sign) in MEASURES.items():
            a, b = (worlds[..., names.index(metric)] for worlds in (without, with_))
            gains[measure].append(sign * gained(a, b, unit == "%"))
    return {measure: np.stack(of_levels) for measure, of_levels in gains.items()}


def gained(a, b, relative):
    """Change from a to b in each draw (draws,).

    a, b : (draws, luck). Relative, in percent: of the means over luck, whose little chance stays
    in and makes intervals a little wide; else with the chance taken out. NaN where a draw has no
    value, as hours a task where no task gets done by hand.
    """
    if relative:
        with np.errstate(divide="ignore", invalid="ignore"):
            change = 100 * (b.mean(axis=1) / a.mean(axis=1) - 1)
        return np.where(np.isfinite(change), change, np.nan)
    whole = np.isfinite(b - a).all(axis=1)
    change = np.full(len(whole), np.nan)
    change[whole] = estimates.shrunk(estimates.split((b - a)[whole]), a.shape[1])
    return change


def _gained(gains):
    """What each level gains by each tool, and whether it does."""
    for (tool, measure), gain in gains.items():
        unit, way = MEASURES[measure][1:]
        for level, values in zip(LEVELS, gain, strict=True):
            more = "more" if way > 0 else "fewer"
            reading = f"{level}s with {tool}: {more} {measure} than by hand"
            yield _row(reading, unit, "", values, 0.0)


def _who_gains(gains):
    """Whether experts gain more than novices and than intermediates."""
    for (tool, measure), gain in gains.items():
        unit = MEASURES[measure][1].replace("%", "points")
        way = "save" if MEASURES[measure][2] < 0 else "gain"
        for place, other in ((0, "novices"), (1, "intermediates")):
            reading = f"experts {way} more {measure} with {tool} than {other}"
            yield _row(reading, unit, "", gain[-1] - gain[place], 0.0)


def _were_levels_alike(gains):
    """Whether experts would gain more from the agent than novices if all were alike by hand."""
    for measure, gain in gains.items():
        unit, way = MEASURES[measure][1:]
        verb = "save" if way < 0 else "gain"
        reading = f"were levels alike by hand, experts would {verb} more {measure} from the agent"
        yield _row(reading, unit.replace("%", "points"), "", gain[-1] - gain[0], 0.0)
