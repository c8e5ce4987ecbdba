"""One scenario run on either clock with everything it leaves behind, and the plainest scenarios.

Worlds whose answer is known before they run are made of these: an expert by hand who is certain
and exact, one change at a time.
"""

from dataclasses import dataclass

import numpy as np

from sim.engine import clock, metrics, setup
from sim.scenario import Scenario

BY_HAND = {  # an expert by hand needs exactly the size, and is always right
    "hand_noise_sd": 0.0,
    "hand_success_expert": 50.0,
    "hand_success_per_level": 0.0,
    "hand_success_advanced": 0.0,
    "defect_hand": 0.0,
    "learning_rate": 0.0,
    "communication_loss": 0.0,
}


@dataclass
class World:
    """The final state of one simulated world.

    world (structured scalar), developers (n,), tasks (created,), weeks (w,), calendar (n, w) :
        state.py's rows
    row (metrics,), weekly (w, flows), trace (stretches,) : what a run reports
    """

    world: np.void
    developers: np.ndarray
    tasks: np.ndarray
    weeks: np.ndarray
    calendar: np.ndarray
    row: np.ndarray
    weekly: np.ndarray
    trace: np.ndarray

    @property
    def metrics(self):
        """Every output by its name."""
        return dict(zip(metrics.NAMES, self.row.tolist(), strict=True))

    @property
    def stream(self):
        """Tasks of the one ordered stream, in its order: no further parts, no fixes of defects."""
        return self.tasks[(self.tasks["stream"] == 1) & (self.tasks["part"] == 0)]


def run(plan, seed=1, draw=0, luck=0, uncertain=True):
    """One world on the compiled clock."""
    values = setup.draw(plan, seed, draw, 1, uncertain)
    world = setup.worlds(plan, seed, values)
    world["replication"] = setup.replication(draw, luck)
    return run_prepared(plan, world)


def run_many(plan, count, seed=1, uncertain=False, first=0):
    """`count` worlds of one draw (the central one unless `uncertain`), luck by luck."""
    world = setup.worlds(plan, seed, setup.draw(plan, seed, 0, 1, uncertain))
    for luck in range(first, first + count):
        # Central parameters are the same for every draw, so any number of lucks will do.
        world["replication"] = luck if not uncertain else setup.replication(0, luck)
        yield run_prepared(plan, world)


def run_prepared(plan, world):
    """The world of a template (1,), run on the compiled clock with arrays of its own."""
    team = setup.team(plan)
    capacity, stretches = 1024, 4096
    while True:
        scratch = setup.Scratch(len(team), plan.horizon.weeks, stretches, capacity)
        scratch.world[0] = world[0]
        scratch.developers[:] = team
        enough = clock.run(*scratch.arrays)
        traced = int(scratch.world[0]["stretches"])
        if not enough:
            capacity *= 4
        elif traced > stretches:
            stretches = traced
        else:
            break
    row = np.zeros(len(metrics.NAMES))
    weekly = np.zeros((plan.horizon.weeks, len(metrics.FLOWS)))
    metrics.measure(scratch.arrays[:5], row)
    metrics.by_week(scratch.world, scratch.weeks, weekly)
    tasks = scratch.tasks[: scratch.world[0]["n_tasks"]]
    return World(
        scratch.world[0], scratch.developers, tasks, scratch.weeks,
        scratch.calendar.reshape(len(team), plan.horizon.weeks), row, weekly,
        scratch.trace[:traced],
    )  # fmt: skip


def run_mesa(plan, seed=1, draw=0, luck=0, uncertain=True, **how):
    """The same world on Mesa's clock."""
    from sim.engine.team_model import TeamModel  # late: Mesa is slow to import

    return of_mesa(TeamModel(plan, seed, draw, luck, uncertain, trace=True, **how).run())


def of_mesa(model):
    """A TeamModel that has reached its horizon, as a World."""
    return World(
        model.world[0], model.developers, model.tasks[: model.world[0]["n_tasks"]], model.weeks,
        model.calendar.reshape(len(model.developers), len(model.weeks)), model.metrics(),
        model.weekly(), model.stretches(),
    )  # fmt: skip


def differences(one, other):
    """Names of what differs between two worlds, bit by bit; NaN equals NaN."""
    found = [
        name
        for name, a, b in zip(metrics.NAMES, one.row, other.row, strict=True)
        if not np.array_equal(a, b, equal_nan=True)
    ]
    if not np.array_equal(one.weekly, other.weekly, equal_nan=True):
        found.append("weekly")
    if not np.array_equal(one.trace, other.trace):
        found.append("trace")
    for part, unlike in (
        ("world", ("stretches",)),
        ("developers", ()),
        ("tasks", ()),
        ("calendar", ()),
    ):
        a, b = getattr(one, part), getattr(other, part)
        if a.shape != b.shape:
            found.append(part)
            continue
        found += [
            f"{part}.{name}"
            for name in a.dtype.names
            if name not in unlike and not np.array_equal(a[name], b[name], equal_nan=True)
        ]
    return found


def plan(**changes):
    """The baseline with a whole table replaced or merged, as a file that extends it would."""
    return Scenario.from_dict({"question": "Is it so?", **changes})


def alone(hours=4.0, backlog=None, weeks=10, experts=1, **world):
    """Experts by hand, certain and exact: constant sizes, no tool, no review, no defects."""
    tasks = {
        "advanced_share": 0.0,
        "fix_share": 0.0,
        "average": {"size": "constant", "mean_hours": hours},
        "advanced": {"size": "constant", "mean_hours": hours},
    }
    if backlog is not None:
        tasks["backlog"] = backlog
    return plan(
        horizon={"weeks": weeks},
        team={"expert": experts},
        tasks=tasks,
        tool={"profile": "none"},
        policy={
            "review": "none",
            "routing": "fifo",
            "stretch_hours": 1000.0,
            "split_hours": 10_000.0,
        },
        world=BY_HAND | {"dev_share": 0.5} | world,
    )
