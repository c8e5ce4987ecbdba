"""Runs the worlds of an analysis, step by step, within memory."""

import dataclasses
import math

import numpy as np

from sim.analysis import moments, screening
from sim.engine import batch, metrics, setup, state
from sim.engine import luck as luck_of
from sim.errors import SensitivityError, choice, count, did_you_mean, near
from sim.experiments import leading, workload
from sim.experiments.findings import EXTRA
from sim.experiments.sensitivity import rows
from sim.experiments.sensitivity.factors import COMPOSITION
from sim.experiments.traces import MOST_LUCK

METHODS = ("sobol", *screening.DESIGNED, *screening.GIVEN)
DESIGN = ("seed", "draws", "luck", "engine", "uncertainty", "method")
MEMORY = 64e6  # bytes of outputs held at a time


def check(method, samples, luck, seed, threads, second_order=False):
    """Refuse a design that cannot be run: SensitivityError, one line."""
    choice("method", method, METHODS, SensitivityError)
    least_samples, least_luck = {"sobol": (32, 2), "morris": (2, 1)}.get(method, (65, 1))
    for name, value, low, high in (
        ("samples", samples, least_samples, moments.MOST_BLOCKS),
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
    height, parts = moments.height(len(made), second), []
    cache: dict = {}
    step = step_of(plan, height, luck, names, count)
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
        a, b = moments.points(len(owner), first + start, size, luck_of.key_of(seed))
        yield start, moments.rows(a, b, owner, second).reshape(-1, len(owner))


def step_of(plan, rows, luck, names, count):
    """Blocks of so many rows at a time, so that their worlds and outputs fit into MEMORY."""
    return int(max(1, min(count, MEMORY / (rows * _bytes_of_row(plan, luck, names)))))


def _bytes_of_row(plan, luck, names):
    """Bytes of a row: where its worlds start, with the team, and their outputs."""
    people = sum(group.count for group in (*plan.groups, *plan.joining))
    weeks = plan.horizon.weeks if weekly(names) else 0
    start = state.WORLD.itemsize + people * state.DEVELOPER.itemsize
    return start + luck * (workload.VALUES + weeks * workload.FLOWS)


# What a row of factors takes besides its worlds, measured in November 2026.
ROW_SECONDS = 40e-6  # to be made and told from others
COMBINATION_SECONDS = 3e-3  # of choices: another plan
SAMPLE_SECONDS = 7e-3  # of a block, for indices and what single parameters of a posterior tell
HELD = 4  # times a step that is in memory, as it is copied and reduced


def work(plan, made, method, samples, luck, names, second, threads):
    """The Workload of an analysis with these factors and outputs, at most."""
    inputs = [one for factor in made for one in factor.inputs]
    columns = sum(one.columns for one in inputs)
    a_sample = {
        "sobol": moments.height(len(made), bool(second)), "morris": columns + 1, "efast": columns,
    }.get(method, 1)  # fmt: skip
    count = samples * a_sample
    combinations = math.prod(len(one.choices) for one in inputs if one.choices)
    whole = workload.of_worlds(plan, count, luck, threads, weekly=weekly(names))
    step = min(count, MEMORY / _bytes_of_row(plan, luck, names)) * _bytes_of_row(plan, luck, names)
    kept = count * 8 * (columns + 3 * len(names))
    scratch = min(whole.threads, whole.worlds) * workload.world(plan).memory
    more = samples * SAMPLE_SECONDS if method == "sobol" else 0.0
    more += count * ROW_SECONDS + min(count, combinations) * COMBINATION_SECONDS
    return dataclasses.replace(
        whole, memory=HELD * step + 2 * kept + scratch, kept=kept, at_most=True,
        seconds=whole.seconds - count * workload.PER_DRAW + more,
    )  # fmt: skip


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
        weekly(names),
        tell,
        lead_times=needs_lead_times(names),
    )
    return take(names, values, flows).reshape(len(run), luck, -1)[which]


# ---- outputs: metrics at the end, or flows summed up to a week -----------------------------------


DEFAULT = (
    "work_delivered", "tasks_done_average", "tasks_done_advanced", "hours_per_task",
    "escaped_defects", "expertise_mean_end",
)  # fmt: skip


# Factors that change what a plan costs: tables of levers, and the mix of levels.
COSTLY = (
    "team",
    "people",
    "joiners",
    "leavers",
    "attrition",
    "training",
    "trainings",
    "tool",
    "rollout",
    "money",
)


def default_outputs(plan, made):
    """Outputs looked at unless others are asked for: what leads, and extra cost, first.

    made : sequence of Factor; where none of them changes a cost, there is no extra cost
    """
    first = [leading.metric_of_all([plan])]
    inputs = [one.name for factor in made for one in factor.inputs]
    costly = any(name == COMPOSITION or name.split(".")[0] in COSTLY for name in inputs)
    counted = plan.money is not None and not metrics.UNITS[first[0]].startswith(metrics.MONEY)
    if costly and counted:
        first.append(EXTRA)
    return tuple(leading.first(DEFAULT, *first)[: len(DEFAULT)])


def check_outputs(plan, names):
    """The names as a tuple; one clear line for the first that is no output of the scenario."""
    names = (names,) if isinstance(names, str) else tuple(names)
    if not names:
        raise SensitivityError("metrics: name one at least")
    for name in names:
        _check_one(plan, str(name))
    if len(set(names)) < len(names):
        raise SensitivityError("metrics: one is named twice")
    return names


def _check_one(plan, name):
    flow, at, week = name.partition("@")
    if not at:
        if name not in metrics.NAMES:
            hint = did_you_mean(name, metrics.NAMES)
            raise SensitivityError(f"{name}: not a metric{hint}")
        return
    if flow not in metrics.ADD_UP:
        raise SensitivityError(f"{name}: not a flow that adds up{near(flow, metrics.ADD_UP)}")
    if not week.isdigit() or not 1 <= int(week) <= plan.horizon.weeks:
        raise SensitivityError(
            f"{name}: must read '{flow}@WEEK' with a week from 1 to {plan.horizon.weeks}"
        )


def weekly(names):
    """Whether any output needs the flows of each week."""
    return any("@" in name for name in names)


def needs_lead_times(names):
    """Whether any output is a lead time."""
    return any(name.startswith("lead_time") for name in names)


def take(names, values, flows):
    """Outputs (jobs, outputs) from the values and flows of `batch.simulate`."""
    columns = []
    for name in names:
        flow, at, week = name.partition("@")
        if at:
            columns.append(flows[:, : int(week), metrics.FLOWS.index(flow)].sum(axis=1))
        else:
            # What the plan as it stands costs is one number, so extra cost moves as the cost does.
            of = metrics.BY_NAME[name].compared or name
            columns.append(values[:, metrics.NAMES.index(of)])
    return np.stack(columns, axis=1)
