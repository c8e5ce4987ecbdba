"""What the engine says of each population of work.toml: the outputs that targets observe.

reviews_per_week       reviews of a person in 40 paid hours [ln]
review_hours_per_week  hours they take [ln]
review_latency         from the last request to acceptance, median over changes [ln calendar h]
learning_gain          judged success at the end of the run less that of the levels people came
                       with, on the work of the central study, the tool held still [pp]
tasks_gain             tasks accepted against the other plan, on the same luck [ln ratio]
"""

import numpy as np

from calibration.work_settings import OUTPUTS
from sim.engine import batch, curves, levers, metrics, setup, state

HOURS_PER_DAY, DAYS_PER_WEEK = 8.0, 5
OFF_DAY, OFF_WEEK = 16.0, 48.0  # hours between two working days, and more at a weekend


def outputs(population, seed, values, own, luck):
    """Outputs (n, outputs of the population), mean over `luck` worlds each.

    values : as `setup.draw` returns them, n draws
    own : lever -> (n,), what is this population's alone
    """
    measured = {"review": _review, "use": _use, "field": _field}[population.name]
    count = len(values["curve"])
    worlds = [np.stack([np.arange(count), np.full(count, one)]) for one in range(luck)]
    return np.mean([measured(population, seed, values, own, *one) for one in worlds], axis=0)


def _points(plan, seed, values, own):
    points = batch.templates_of(plan, seed, values)
    for path, numbers in own.items():
        levers.put(points.worlds, path, numbers)
    return points


def _each(points, draw, luck):
    """Run worlds one after another; yields the scratch that holds each one's final state."""
    scratch = setup.Scratch(points.people, points.weeks)
    row, flows = np.empty((1, len(metrics.NAMES))), np.empty((0, 0, 0))
    replication = setup.replication(draw, luck)
    for i in range(len(draw)):
        place = slice(i, i + 1)
        batch.run_chunk(points, np.arange(i, i + 1), replication[place], scratch, row, flows)
        yield scratch, row[0]


def _review(population, seed, values, own, draw, luck):
    points = _points(population.plan, seed, values, own)
    weeks = population.plan.horizon.weeks * points.people
    hours = metrics.NAMES.index("hours_review")
    rows = [
        (scratch.world[0]["reviews"] / weeks, row[hours] / weeks, latency(scratch))
        for scratch, row in _each(points, draw, luck)
    ]
    return np.log(rows)


def latency(scratch):
    """Median over accepted tasks, from the last request for review to acceptance [calendar h]."""
    tasks = scratch.tasks[: scratch.world[0]["n_tasks"]]
    done = tasks[tasks["state"] == state.DONE]
    if len(done) == 0:
        return np.nan
    return float(np.median(calendar(done["end"]) - calendar(done["submitted"])))


def calendar(hours):
    """Calendar hours at a working hour: days of 8, weeks of 5, nights and weekends between."""
    days = np.floor(np.asarray(hours) / HOURS_PER_DAY)
    return hours + OFF_DAY * days + OFF_WEEK * np.floor(days / DAYS_PER_WEEK)


def _use(population, seed, values, own, draw, luck):
    from calibration.model import averaged

    points = _points(population.plan, seed, values, own)
    spread = setup.latent_spread(values)
    now, then = np.empty((2, len(draw), points.people))
    for i, (scratch, _) in enumerate(_each(points, draw, luck)):
        people = scratch.developers[: points.people]
        coefficients = points.worlds["shift"][i]
        now[i] = people["shift"][:, 0]
        then[i] = [curves.level_shift(coefficients, x) for x in people["hired_level"][:, 0]]
    cut = points.worlds["cut_unverified"][:, None]
    gain = averaged(cut + now, spread) - averaged(cut + then, spread)
    return 100.0 * gain.mean(axis=1, keepdims=True)


def _field(population, seed, values, own, draw, luck):
    """The plan's own levers are its own; those of the plan before are as they are stated."""
    replication, place = setup.replication(draw, luck), np.arange(len(draw))
    tasks = [
        batch.simulate(_points(plan, seed, values, levers_of), place, replication, threads=1)[0][
            :, metrics.NAMES.index("tasks_done")
        ]
        for plan, levers_of in ((population.plan, own), (population.against, {}))
    ]
    return np.log((tasks[0] + 0.5) / (tasks[1] + 0.5))[
        :, None
    ]  # 0.5: no task is not minus infinity


def names(settings):
    """Outputs of all populations, in their order."""
    return [one for population in settings.populations for one in OUTPUTS[population.name]]
