"""What the plan as written costs: extra cost of points is told over it.

Where no point is the plan as written it runs by itself, on the draws and luck of the points, and
its costs are kept beside their rows. Sweeps of before that, of models of one's own, and of more
worlds than the memory holds at a time have none: their extra cost is over the first point.
"""

import io

import numpy as np
import pandas as pd

from sim.experiments import workload
from sim.experiments.run import run
from sim.experiments.run import workload_of as of_run
from sim.experiments.sweep import design
from sim.scenario import Scenario
from sim.scenario.merging import at

FILE = "as-written.parquet"
COST = "cost_to_horizon"
LABEL = "the plan as written"


def point_of(plan, point, numbers):
    """Number of the point that is the plan as written, or None.

    point : function, number -> values of that point
    numbers : of those that were asked for
    """
    if not numbers:
        return None
    stated = plan.to_dict()
    own = design.key({path: at(stated, path) for path in point(numbers[0])})
    return next((number for number in numbers if design.key(point(number)) == own), None)


def workload_of(plan, point, numbers, options, threads):
    """The Workload of running the plan as written by itself: NOTHING where that is not done.

    point, numbers : as for `point_of`
    options : those of the sweep
    """
    if plan.money is None or point_of(plan, point, numbers) is not None:
        return workload.NOTHING
    work = of_run(_alone(plan), options["draws"], options["luck"], threads=threads)
    return work.freed() if work.fits else workload.NOTHING


def keep(store, plan, numbers, options, threads):
    """Run the plan as written where its cost is asked for and no point is it."""
    draws, luck = options["draws"], options["luck"]
    work = workload_of(plan, store.points.__getitem__, numbers, options, threads)
    if not work.worlds or costs(store, draws, luck) is not None:
        return
    result = run(
        _alone(plan), draws, luck, options["seed"], uncertainty=options["uncertainty"],
        threads=threads,
    )  # fmt: skip
    table = result.replications[["draw", "luck", COST]]
    store.folder.write(FILE, table.to_parquet(index=False))


def _alone(plan):
    """The plan without what its question asks and compares, on which its cost does not depend."""
    levers = plan.to_dict()
    answer = {k: v for k, v in levers["answer"].items() if k not in ("metric", "against")}
    return Scenario(levers | {"answer": answer}, plan.name, folder=plan._folder)


def costs(store, draws, luck):
    """Costs of the plan as written to the end of the run (draws, luck); None where not kept."""
    if FILE not in store.folder.names(""):
        return None
    try:
        table = pd.read_parquet(io.BytesIO(store.folder.read(FILE)))
        table = table[(table["draw"] < draws) & (table["luck"] < luck)]
        if len(table) != draws * luck:
            return None
        cube = np.full((draws, luck), np.nan)
        cube[table["draw"], table["luck"]] = table[COST]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None  # damaged: as if it had not been kept
    return None if np.isnan(cube).any() else cube


def seats_without_price(sweep):
    """Whether points train people at no price of a seat."""
    if not any(path.split(".")[0] == "training" for path in sweep.factors):
        return False
    written = sweep.manifest["scenario"]["training"]
    for number in sweep.asked[0]:
        values = sweep.store.points[number]
        stated = values.get("training", {})
        whole = written | stated if isinstance(stated, dict) else written
        seats, price = (
            values.get(f"training.{key}", whole[key]) for key in ("seats", "cost_per_seat")
        )
        if seats and not price:
            return True
    return False
