"""Runs the worlds of an analysis, step by step, within memory."""

import numpy as np

from sim.analysis import moments, screening
from sim.engine import batch, setup
from sim.engine import luck as luck_of
from sim.engine import metrics as engine_metrics
from sim.errors import SensitivityError, choice, count
from sim.experiments.run import MOST_LUCK
from sim.experiments.sensitivity import blocks, outputs, rows

METHODS = ("sobol", *screening.DESIGNED, *screening.GIVEN)
DESIGN = ("seed", "draws", "luck", "engine", "uncertainty", "method")
MEMORY = 64e6  # bytes of outputs held at a time


def check(method, samples, luck, seed, threads, second_order=False):
    """Refuse a design that cannot be run: SensitivityError, one line."""
    choice("method", method, METHODS, SensitivityError)
    least_samples, least_luck = {"sobol": (32, 2), "morris": (2, 1)}.get(method, (65, 1))
    for name, value, low, high in (
        ("samples", samples, least_samples, blocks.MOST_BLOCKS),
        ("luck", luck, least_luck, MOST_LUCK),
        ("threads", 1 if threads is None else threads, 1, 1024),
    ):
        count(name, value, SensitivityError, low, high)
    if second_order and method != "sobol":
        raise SensitivityError(f"second_order: not for method = {method!r}; use 'sobol'")
    count("seed", seed, SensitivityError)


def blocks_of(plan, made, first, count, luck, seed, names, second, threads, progress):
    """Moments of blocks first ... first + count - 1, reduced as they come."""
    inputs = [one for factor in made for one in factor.inputs]
    height, parts = blocks.height(len(made), second), []
    cache: dict = {}
    step = step_of(plan, height * luck, names, count)
    for _, u in _design(made, first, count, step, seed, second):
        rows.prepare(plan, seed, inputs, u, cache)  # what does not go together stops here
    for start, u in _design(made, first, count, step, seed, second):
        block = np.repeat(first + start + np.arange(len(u) // height), height)
        tell = part_of(progress, start * height * luck, len(u) * luck, count * height * luck)
        y = simulate(plan, seed, inputs, u, block, luck, names, threads, tell, cache)
        parts.append(moments.reduced(y.reshape(-1, height, luck, y.shape[-1]), second))
    return moments.joined(parts)


def _design(made, first, count, step, seed, second):
    """(place of its first block, rows u) of each `step` of blocks."""
    owner = np.repeat(np.arange(len(made)), [factor.columns for factor in made])
    for start in range(0, count, step):
        size = min(step, count - start)
        a, b = blocks.points(len(owner), first + start, size, luck_of.key_of(seed))
        yield start, blocks.rows(a, b, owner, second).reshape(-1, len(owner))


def step_of(plan, jobs_a_block, names, count):
    """Blocks at a time, so that their outputs fit into MEMORY."""
    numbers = len(engine_metrics.NAMES)
    if outputs.weekly(names):
        numbers += plan.horizon.weeks * len(engine_metrics.FLOWS)
    return int(max(1, min(count, MEMORY / (8 * numbers * jobs_a_block))))


def part_of(progress, done, step, total):
    """Tells progress of a step of worlds, some of which may not need to be run."""
    if progress is None:
        return None
    return lambda worlds, run: progress(done + worlds * step // run, total)


def simulate(plan, seed, inputs, u, draw, luck, names, threads, tell, cache):
    """Outputs (rows, luck, outputs) of rows u, whose luck is that of `draw` (rows,)."""
    points = rows.points(plan, seed, inputs, u, cache)
    alike = batch.first_alike(points, draw)  # rows may differ in what makes no other world
    run, which = np.unique(alike, return_inverse=True)
    replication = setup.replication(np.repeat(draw[run], luck), np.tile(np.arange(luck), len(run)))
    values, flows = batch.simulate(
        points,
        np.repeat(run, luck),
        replication,
        threads,
        outputs.weekly(names),
        tell,
        lead_times=outputs.needs_lead_times(names),
    )
    return outputs.take(names, values, flows).reshape(len(run), luck, -1)[which]
