"""How far a curve set moves what a plan delivers: the study's curves against it, paired."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from calibration import curve_set
from sim.errors import TicketError
from sim.scenario import as_scenario

DRAWS, LUCK = 100, 2
METRIC = "work_delivered"


def plan_of(scenario):
    """The Scenario whose answer is shown; refuses one that curves cannot move. None for None."""
    if scenario is None:
        return None
    plan = as_scenario(scenario)
    if not plan.uses_agent:
        raise TicketError(f"{plan.name}: works without an agent, so no tickets move its answer")
    return plan


def moved(plan, data, seed, draws=DRAWS, luck=LUCK) -> dict[str, Any]:
    """What the plan delivers with the study's curves, with those of `data`, and the difference.

    data : a curve set as plain data

    Worlds are paired: the same draws of all but the curves, the same tasks and luck. Each number
    is a list: expectation, and its 95% interval over what is not known [expert-h].
    """
    from sim.analysis import estimates  # late: slow to import
    from sim.experiments.run import run

    with TemporaryDirectory() as folder:
        path = curve_set.write(Path(folder) / f"{data['name']}.json", data)
        worlds = [
            run(plan.replace({"tool.curves": curves}), draws=draws, luck=luck, seed=seed)
            for curves in ("study", str(path))
        ]
    before, after = worlds
    difference = (after.values(METRIC) - before.values(METRIC))[:, :, 0]
    rows = {
        "before": before.estimate(METRIC), "after": after.estimate(METRIC),
        "difference": estimates.estimate(difference, groups=before.groups),
    }  # fmt: skip
    return {
        "scenario": plan.name, "question": plan.question, "metric": METRIC, "unit": "expert-h",
        "weeks": plan.horizon.weeks, "draws": draws, "luck": luck, "seed": seed,
        **{name: [float(x) for x in row[:3]] for name, row in rows.items()},
        "share_up": float(np.mean(difference.mean(axis=1) > 0)),
    }  # fmt: skip
