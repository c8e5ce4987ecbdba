"""One world of a plan, stretch by stretch."""

import numpy as np

from sim.engine import batch, curves, metrics, setup
from sim.engine.state import ACTIVITIES
from sim.errors import RunError, choice, count
from sim.experiments import task_names, workload
from sim.scenario import as_scenario

MOST_DRAWS, MOST_LUCK = 1 << 19, 1 << 12  # what replication numbers have room for


def trace(scenario, seed=1, draw=0, luck=0, uncertainty="full", engine="compiled"):
    """One world, stretch by stretch: who did what on which task, when, with which outcome.

    Returns
    -------
    DataFrame
        One row a stretch, in the order they end: start_hours, end_hours [working h],
        developer ("novice engineer 1"), activity, task (key), task_name ("34", "fix of 34"),
        piece_hours [expert-h], hours [h of development], outcome (of sessions). Stretches still
        running at the horizon are not in it.
    """
    plan = as_scenario(scenario)
    count("seed", seed, RunError)
    choice("engine", engine, ("compiled", "mesa"), RunError)
    choice("uncertainty", uncertainty, ("full", "central"), RunError)
    for name, value, most in (("draw", draw, MOST_DRAWS), ("luck", luck, MOST_LUCK)):
        count(name, value, RunError, 0, most - 1)
    workload.of_worlds(plan, 1).refuse_unfit(RunError, f"{plan.name}: ")
    return stretches(plan, _stretches(plan, seed, draw, luck, uncertainty == "full", engine))


def stretches(plan, rows):
    """Stretches of a world as `trace` shows them: DataFrame of the engine's rows."""
    import pandas as pd  # late: slow to import

    names = labels(plan)
    table = pd.DataFrame({name: rows[name] for name in rows.dtype.names})
    table["developer"] = [names[i] for i in rows["developer"]]
    called = task_names.names(rows["task"])
    words = [called[int(key)] for key in rows["task"]]
    table.insert(list(table).index("task") + 1, "task_name", words)
    table["activity"] = [ACTIVITIES[a] for a in rows["activity"]]
    table["outcome"] = [curves.OUTCOMES[o] if o >= 0 else "" for o in rows["outcome"]]
    return table


def _stretches(plan, seed, draw, luck, uncertain, engine):
    if engine == "mesa":
        from sim.engine.team_model import TeamModel

        return TeamModel(plan, seed, draw, luck, uncertain, trace=True).run().stretches()
    points = batch.templates_of(plan, seed, setup.draw(plan, seed, draw, 1, uncertain))
    values, flows = np.empty((1, len(metrics.NAMES))), np.empty((0, 0, 0))
    first, replication = np.zeros(1, np.int64), setup.replication([draw], [luck])
    rows = 4096
    while True:
        scratch = setup.Scratch(points.people, points.weeks, trace=rows)
        batch.run_chunk(points, first, replication, scratch, values, flows)
        rows = int(scratch.world[0]["stretches"])
        if rows <= len(scratch.trace):
            return scratch.trace[:rows]


def labels(plan):
    """Names of a team's members for tables: level, role and a number, never a person's name."""
    counted: dict[str, int] = {}
    names = []
    used = max(1, len(plan.domains))
    for seat in setup.team(plan):
        middle = (seat["level_low"] + seat["level_high"])[:used].mean() / 2
        level = curves.LEVELS[int(middle + 0.5) - 1]
        kind = f"{level}-level {('engineer', 'adjacent')[seat['role']]}"
        counted[kind] = counted.get(kind, 0) + 1
        names.append(f"{kind} {counted[kind]}")
    return names
