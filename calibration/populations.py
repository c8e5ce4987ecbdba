"""What the engine says of the populations of work.toml: outputs on the scale of errors.

reviews     of a plan by hand: reviews of a person in 40 paid hours [ln], hours they take [ln], and
            from the last request to acceptance, median over changes [ln calendar h]
learning    judged success at the end of the run less that of the levels, and the familiarity with
            the tool, that people came with, on the work of the central study, the tool held still
            [pp]
tasks       tasks accepted, against the other plan on the same luck [ln ratio]
time        hours of work a task, against the other plan on the same luck [ln ratio]
unmodified  share of accepted tasks on which an agent worked that were accepted when first handed
            in [log-odds]
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim import parameters
from sim.engine import batch, curves, levers, metrics, setup, state

HOURS_PER_DAY, DAYS_PER_WEEK = 8.0, 5
OFF_DAY, OFF_WEEK = 16.0, 48.0  # hours between two working days, and more at a weekend
BLOCK = 50  # draws a thread takes at a time


def outputs(population, draws, luck, seed, worlds, tell=None):
    """Outputs (n, outputs of the population) of draws, mean over `worlds` worlds each.

    luck : numpy Generator, for what of the register no emulator sees
    seed : of the engine's luck
    tell : callable, optional; called with (draws done, draws in all)
    """
    values = completed(population, draws, luck)
    own = {name: draws.column(name, place) for place, name in draws.space.names
           if place == population.place and name in levers.FIELDS}  # fmt: skip
    measured = {
        "reviews": _reviews, "learning": _learning, "tasks": _against("tasks_done"),
        "time": _against("hours_per_task"), "unmodified": _unmodified,
    }[population.measure]  # fmt: skip

    def work(first):
        part = slice(first, first + BLOCK)
        few = {name: column[part] for name, column in values.items()}
        levers_of = {name: column[part] for name, column in own.items()}
        draw = np.arange(first, first + len(few["curve"]))
        return np.mean([
            measured(population, seed, few, levers_of, draw, np.full(len(draw), world))
            for world in range(worlds)
        ], axis=0)  # fmt: skip

    parts, done = [], 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for part in threads.map(work, range(0, len(draws), BLOCK)):
            parts.append(part)
            done += len(part)
            if tell is not None:
                tell(done, len(draws))
    return np.concatenate(parts)


def completed(population, draws, luck):
    """Values as `setup.draw` returns them: the draws', and of the rest of the register new ones."""
    known = parameters.world_parameters()
    values = draws.values(population.place)
    count = len(draws)
    rest = {name: one for name, one in known.items() if name not in values}
    values = {k: column for k, column in values.items() if k in known or k == setup.HORIZON}
    values |= parameters.draws(rest, {}, lambda name: luck.random(count))
    plan = population.plan
    stated = {name: known[name] for name in plan.world}
    values |= parameters.draws(stated, plan.world, lambda name: luck.random(count))
    values[setup.ADVANCED_SHARE] = plan.advanced_share.quantile(luck.random(count))
    for one in (plan, population.against):
        seen = (population.place, setup.HORIZON) in draws.space.names
        if one is not None and one.horizon_belief is not None and not seen:
            values[setup.HORIZON] = one.horizon_belief.quantile(luck.random(count))
    return values | {"curve": draws.space.study.draws[draws.rows, : len(curves.RATES)]}


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


def _reviews(population, seed, values, own, draw, luck):
    points = _points(population.plan, seed, values, own)
    weeks = population.plan.horizon.weeks * points.people
    hours = metrics.NAMES.index("hours_review")
    rows = [
        (scratch.world[0]["reviews"] / weeks, row[hours] / weeks, latency(scratch))
        for scratch, row in _each(points, draw, luck)
    ]
    return np.log(rows)


def _accepted(scratch):
    tasks = scratch.tasks[: scratch.world[0]["n_tasks"]]
    return tasks[tasks["state"] == state.DONE]


def latency(scratch):
    """Median over accepted tasks, from the last request for review to acceptance [calendar h].

    Of a task in parts only the last to be accepted has a time of acceptance, and counts.
    """
    done = _accepted(scratch)
    done = done[np.isfinite(done["end"])]
    if len(done) == 0:
        return np.nan
    return float(np.median(calendar(done["end"]) - calendar(done["submitted"])))


def calendar(hours):
    """Calendar hours at a working hour: days of 8, weeks of 5, nights and weekends between."""
    days = np.floor(np.asarray(hours) / HOURS_PER_DAY)
    return hours + OFF_DAY * days + OFF_WEEK * np.floor(days / DAYS_PER_WEEK)


def _unmodified(population, seed, values, own, draw, luck):
    points = _points(population.plan, seed, values, own)
    said = np.empty((len(draw), 1))
    for i, (scratch, _) in enumerate(_each(points, draw, luck)):
        done = _accepted(scratch)
        done = done[done["sessions"] > 0]
        first = (done["submissions"] == 1).sum() + 0.5  # half a task either way: never infinite
        said[i] = np.log(first / (len(done) + 1.0 - first))
    return said


def _learning(population, seed, values, own, draw, luck):
    from calibration.model import averaged

    points = _points(population.plan, seed, values, own)
    spread = setup.latent_spread(values)
    now, then = np.empty((2, len(draw), points.people))
    for i, (scratch, _) in enumerate(_each(points, draw, luck)):
        people = scratch.developers[: points.people]
        world = points.worlds[i]
        coefficients, bonus = world["shift"], _familiarity(world)
        now[i] = people["shift"][:, 0] + people["familiarity_logit"]
        then[i] = [curves.level_shift(coefficients, x) + bonus for x in people["hired_level"][:, 0]]
    cut = points.worlds["cut_unverified"][:, None]
    gain = averaged(cut + now, spread) - averaged(cut + then, spread)
    return 100.0 * gain.mean(axis=1, keepdims=True)


def _familiarity(world):
    """What the familiarity of a team at the start does to its sessions [logit]; equation 37."""
    above = world["team_familiarity"] - world["familiarity_mean"]
    return world["familiarity_effect"] * above


def _against(metric):
    """ln ratio of a metric to that of the plan before, the plan's own levers in the plan alone."""
    place = metrics.NAMES.index(metric)

    def measured(population, seed, values, own, draw, luck):
        replication, every = setup.replication(draw, luck), np.arange(len(draw))
        found = [
            batch.simulate(_points(plan, seed, values, put), every, replication, threads=1)[0]
            for plan, put in ((population.plan, own), (population.against, {}))
        ]
        # Half a unit either way: no task at all is not minus infinity.
        now, before = (rows[:, place] + (0.5 if metric == "tasks_done" else 0.0) for rows in found)
        return np.log(now / before)[:, None]

    return measured
