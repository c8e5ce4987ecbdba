"""What the plan as written costs: extra cost of points is told over it.

Where no point is the plan as written it runs by itself, on the draws and luck of the points, and
its costs are kept beside their rows. Sweeps of before that, and of models of one's own, have none:
their extra cost is over the first point.
"""

import io

import numpy as np
import pandas as pd

from sim.experiments.run import run
from sim.experiments.sweep import design
from sim.scenario.merging import at

FILE = "as-written.parquet"
COST = "cost_to_horizon"
LABEL = "the plan as written"


def point_of(plan, points, numbers):
    """Number of the point that is the plan as written, or None.

    points : values of each point; numbers : of those that were asked for
    """
    if not numbers:
        return None
    stated = plan.to_dict()
    own = design.key({path: at(stated, path) for path in points[numbers[0]]})
    return next((number for number in numbers if design.key(points[number]) == own), None)


def keep(store, plan, numbers, options, threads):
    """Run the plan as written where its cost is asked for and no point is it."""
    draws, luck = options["draws"], options["luck"]
    if plan.money is None or point_of(plan, store.points, numbers) is not None:
        return
    if costs(store, draws, luck) is not None:
        return
    result = run(
        plan, draws, luck, options["seed"], uncertainty=options["uncertainty"], threads=threads
    )
    table = result.replications[["draw", "luck", COST]]
    store.folder.write(FILE, table.to_parquet(index=False))


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
