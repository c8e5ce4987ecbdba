"""What holds exactly or at a known rate: laws, common luck, two clocks, the error of estimates."""

import numpy as np

from sim.analysis import estimates
from sim.engine import batch, setup
from sim.validation import coverage_run, laws, shapes, worlds
from sim.validation.check import ROUNDING, Check, exact_check

OWN = ("key", "advanced", "kind", "whole_hours", "trait", "hand_luck")  # what luck gives a task
LEVERS = (  # changes that must leave every other thing's luck as it was
    {"policy.review": "none"},
    {"policy.agent_use": "never"},
    {"tool.profile": "none"},
    {"team.expert": 4},
    {"policy.scope_hours": 0.5},
    {"world.review_rate": 1.0},
)
LAWS = (  # law, its measure, unit, how far it may be off, formula
    ("what arrived is done, given up, waiting or in hand", laws.tasks_lost, "tasks", 0.0,
     "arrived = done + abandoned + waiting + in hand"),
    ("hours by activity add up to capacity", laws.hours_lost, "share", ROUNDING,
     "Σ hours by activity = capacity"),
    ("tasks in the system over time are the time tasks were in it", laws.littles_gap, "share",
     ROUNDING, "∫ L dt = Σ W, Little"),
    ("work delivered is the size of accepted tasks without an open defect", laws.work_gap,
     "share", ROUNDING, "Σ size of credited tasks"),
    ("what a task was split into adds up to it", laws.parts_gap, "parts", 0.0,
     "Σ parts = whole"),
    ("a backlog keeps its tickets through splitting and giving up", laws.tickets_lost, "tickets",
     0.0, "backlog = done + given up + not done"),
    ("nobody is in two places, and no task in two pairs of hands", laws.overlaps, "stretches",
     0.0, "no two stretches overlap"),
)  # fmt: skip


def conserved(count=200):
    """The laws in `count` worlds of every shape: the farthest any of them is off."""
    ends = [worlds.run(shapes.any_scenario(shapes.picker(i)), 1, i, 1) for i in range(count)]
    return [
        exact_check(
            "laws", f"{claim}, in every world", formula, 0.0,
            max(abs(measure(end)) for end in ends), unit, count, allowed,
        )
        for claim, measure, unit, allowed, formula in LAWS
    ]  # fmt: skip


def clocks_apart(count=25):
    """Fields in which the compiled clock and Mesa differ, in `count` worlds of every shape."""
    apart = 0
    for i in range(count):
        plan = shapes.any_scenario(shapes.picker(i))
        one, other = worlds.run(plan, 3, i, 1), worlds.run_mesa(plan, 3, i, 1)
        apart += len(worlds.differences(one, other))
    return exact_check(
        "identities", "the compiled clock and the Mesa model give the same world, bit by bit",
        "compiled = Mesa", 0, apart, "fields", 2 * count,
    )  # fmt: skip


def unlike_draws(plan, other, change=()):
    """Parameters whose draws differ between two plans, those of `change` left out."""
    one, two = (setup.draw(p, 3, 0, 50) for p in (plan, other))
    stated = {name.removeprefix("world.") for name in change}
    return [n for n in one if n not in stated and not np.array_equal(one[n], two[n])]


def unlike_tasks(one, other):
    """What luck gives a task, where it differs between the tasks that two worlds share."""
    common = min(len(one.stream), len(other.stream))
    if common <= 10:
        raise RuntimeError("the two worlds share too few tasks to tell")
    return [
        name
        for name in OWN
        if not np.array_equal(one.stream[name][:common], other.stream[name][:common])
    ]


def common_luck():
    """Draws and tasks that change where a lever does."""
    plan = worlds.plan(horizon={"weeks": 4})
    unlike = 0
    for change in LEVERS:
        other = plan.replace(change)
        unlike += len(unlike_draws(plan, other, change))
        unlike += len(unlike_tasks(worlds.run(plan, 3, 7, 1), worlds.run(other, 3, 7, 1)))
    return exact_check(
        "identities", "plans that differ in a lever meet the same draws and the same tasks",
        f"{len(LEVERS)} levers, one at a time", 0, unlike, "fields", 2 * len(LEVERS),
    )  # fmt: skip


def threads_apart():
    """Values that change with the number of threads, or with how jobs are cut."""
    plan, draws = coverage_run.small(), 60
    points = batch.templates_of(plan, 1, setup.draw(plan, 1, 0, draws))
    replication = setup.replication(np.arange(draws), 0)
    one, two = (
        batch.simulate(points, np.arange(draws), replication, threads, chunk=chunk)[0]
        for threads, chunk in ((1, 60), (3, 7))
    )
    apart = int((~((one == two) | (np.isnan(one) & np.isnan(two)))).sum())
    return exact_check(
        "identities", "rows depend neither on threads nor on how work is cut",
        "1 thread = 3 threads", 0, apart, "values", 2 * draws,
    )  # fmt: skip


SIZES = (25, 100, 400, 1600)  # draws of a run


def error_rate(draws=12_800, threads=None):
    """How the error of mean work delivered falls with the number of draws in a run.

    draws : of all the runs of one size together; sizes share none

    The error at a size is the spread of the means of its runs; its logarithm has variance
    1 / (2 runs), so that the slope is a weighted regression.
    """
    y = coverage_run.worlds(coverage_run.small(), 4, len(SIZES) * draws, 2, threads)[:, :, 0]
    runs = np.array([draws // size for size in SIZES])
    parts_of = y.reshape(len(SIZES), draws, 2)
    errors = [
        part.reshape(n, -1).mean(axis=1).std(ddof=1) for n, part in zip(runs, parts_of, strict=True)
    ]
    x, logs = np.log(SIZES), np.log(errors)
    centre = np.average(x, weights=runs)
    spread = (runs * (x - centre) ** 2).sum()
    slope = (runs * (x - centre) * logs).sum() / spread
    parts = estimates.split(y)
    predicted = np.sqrt((parts.between + parts.within / 2) / SIZES[1])
    error = float(errors[1] / np.sqrt(2 * runs[1]))
    return [
        Check(
            "identities", "the error of a mean falls with the root of the number of draws",
            "d ln error / d ln draws = -1/2", -0.5, float(slope), float(np.sqrt(0.5 / spread)),
            "", y.size,
        ),
        Check(
            "identities", f"the error of a mean of {SIZES[1]} draws is what its parts predict",
            "√((between + within / luck) / draws)", float(predicted), float(errors[1]), error,
            "expert-h", y.size,
        ),
    ]  # fmt: skip
