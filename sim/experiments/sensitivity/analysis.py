"""`sensitivity`: from a scenario and factors to indices, block by block."""

from collections.abc import Mapping

import numpy as np

from sim.engine import batch, setup
from sim.engine import luck as luck_of
from sim.engine import metrics as engine_metrics
from sim.experiments import provenance
from sim.experiments.run import MOST_LUCK, caveats
from sim.experiments.sensitivity import blocks, moments, outputs, ranking, rows, salib
from sim.experiments.sensitivity.errors import SensitivityError
from sim.experiments.sensitivity.factors import factors_of
from sim.experiments.sensitivity.record import Sensitivity
from sim.parameters import Distribution
from sim.scenario import Scenario, load

METHODS = ("sobol", *salib.DESIGNED, *salib.GIVEN)
MEMORY = 64e6  # bytes of outputs held at a time


def sensitivity(
    scenario,
    factors=None,
    method="sobol",
    samples=1024,
    luck=16,
    seed=1,
    metrics=None,
    groups=False,
    others=True,
    second_order=False,
    threads=None,
    progress=None,
):
    """Which factors move an output, and how much of the rest is interaction and chance.

    Parameters
    ----------
    scenario : Scenario, str or Path
    factors : sequence of names, or mapping name -> range, optional
        World parameters (with their registered distributions), dotted paths of levers,
        "composition" (the mix of levels at the same number of people) or "curve" (what the
        study leaves open about the curve). A range is a list of values, equally likely, or a
        distribution such as {"uniform": [0.1, 0.6]}. By default twelve that matter.
    method : "sobol", "morris", "efast", "pawn", "delta" or "rbd_fast"
        The first gives shares of variance free of chance; the others rank single inputs on
        means over luck, "pawn", "delta" and "rbd_fast" from given data.
    samples : int
        Blocks of k + 2 rows for "sobol" with k factors (best a power of two); trajectories for
        "morris"; points a curve for "efast"; rows for the others.
    luck : int
        Worlds a row; 2 at least for "sobol".
    seed : int
        Any integer. The same seed gives the same numbers, on any number of threads.
    metrics : sequence of names, optional
        Metrics such as "work_delivered", or flows up to a week such as "work_delivered@13".
    groups : bool
        One factor for each of composition, training, task mix, tool, evidence, organisation.
    others : bool
        Whether all that is uncertain and not named is varied too, as one more factor; else it
        stays at its centre.
    second_order : bool
        Whether "sobol" also gives the interaction of each pair of factors, from 2k + 2 rows a
        block.
    threads : int, optional
    progress : callable, optional
        Called with (worlds done, worlds in all).

    Returns
    -------
    Sensitivity, or Ranking for the methods other than "sobol"

    Raises
    ------
    ScenarioError, SensitivityError
        One line, before anything runs; or where no output is defined often enough.
    """
    plan = scenario if isinstance(scenario, Scenario) else load(scenario)
    _check(method, samples, luck, seed, threads, second_order)
    names = outputs.check(plan, outputs.default(plan) if metrics is None else metrics)
    made = factors_of(plan, factors, groups and method == "sobol", others)
    design = {
        "seed": seed, "draws": samples, "luck": luck, "engine": "compiled",
        "uncertainty": "full" if others else "named", "method": method,
    }  # fmt: skip
    about = {
        "caveats": _caveats(plan, design, others),
        "provenance": provenance.record(plan, **design),
    }
    if method != "sobol":
        return _ranking(plan, made, method, samples, luck, seed, names, threads, progress, about)
    work = (luck, seed, names, bool(second_order))
    reduced = _blocks(plan, made, 0, samples, *work, threads, progress)
    asked = {"factors": _plain(factors), "groups": groups, "others": others}
    return Sensitivity(plan, made, asked, names, reduced, **about)


def _plain(factors):
    """Factors as asked for, as JSON can hold them."""
    if factors is None or isinstance(factors, str):
        return factors
    if not isinstance(factors, Mapping):
        return list(factors)
    lists = (list, tuple, range, np.ndarray)
    return {
        name: np.asarray(found).tolist() if isinstance(found, lists) else _stated(found)
        for name, found in factors.items()
    }


def _stated(found):
    return found.to_plain() if isinstance(found, Distribution) else found


def extend(found, samples, threads=None, progress=None):
    """The same analysis with blocks up to `samples`; those there are run no second time."""
    p = found.provenance
    have = p["draws"]
    if isinstance(samples, bool) or not isinstance(samples, int) or samples <= have:
        raise SensitivityError(f"samples = {samples!r}: must be more than the {have} there are")
    _check("sobol", samples, p["luck"], p["seed"], threads)
    now = provenance.record(found.scenario, **{k: p[k] for k in DESIGN} | {"draws": samples})
    for name in ("engine_sources", "evidence_sha256"):
        if now[name] != p[name]:
            raise SensitivityError(f"made with another {name}: run it anew")
    work = (p["luck"], p["seed"], found.metrics, found.moments.second)
    count = samples - have
    more = _blocks(found.scenario, found.factors, have, count, *work, threads, progress)
    kept = moments.joined([found.moments, more])
    parts = (found.scenario, found.factors, found.asked, found.metrics, kept, found.caveats, now)
    return Sensitivity(*parts)


DESIGN = ("seed", "draws", "luck", "engine", "uncertainty", "method")


def _check(method, samples, luck, seed, threads, second_order=False):
    if method not in METHODS:
        raise SensitivityError(f"method = {method!r}: must be {' or '.join(map(repr, METHODS))}")
    least_samples, least_luck = {"sobol": (32, 2), "morris": (2, 1)}.get(method, (65, 1))
    for name, value, low, high in (
        ("samples", samples, least_samples, blocks.MOST_BLOCKS),
        ("luck", luck, least_luck, MOST_LUCK),
        ("threads", 1 if threads is None else threads, 1, 1024),
    ):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise SensitivityError(
                f"{name} = {value!r}: must be a whole number from {low} to {high}"
            )
    if second_order and method != "sobol":
        raise SensitivityError(f"second_order: not for method = {method!r}; use 'sobol'")
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise SensitivityError(f"seed = {seed!r}: must be a whole number")


def _caveats(plan, design, others):
    said = list(caveats(plan, {"uncertainty": "full", "luck": 2, "draws": design["draws"]}))
    said.append(
        "Shares are of the variance over the ranges stated for levers and parameters: wider ranges "
        "would make a factor matter more."
    )
    if not others:
        said.append("What is uncertain and not named stays at its centre.")
    return tuple(said)


def _blocks(plan, made, first, count, luck, seed, names, second, threads, progress):
    """Moments of blocks first ... first + count - 1, reduced as they come."""
    inputs = [one for factor in made for one in factor.inputs]
    height, parts = blocks.height(len(made), second), []
    cache: dict = {}
    step = _step(plan, height * luck, names, count)
    for _, u in _design(made, first, count, step, seed, second):
        rows.prepare(plan, seed, inputs, u, cache)  # what does not go together stops here
    for start, u in _design(made, first, count, step, seed, second):
        block = np.repeat(first + start + np.arange(len(u) // height), height)
        tell = _told(progress, start * height * luck, len(u) * luck, count * height * luck)
        y = _simulate(plan, seed, inputs, u, block, luck, names, threads, tell, cache)
        parts.append(moments.reduced(y.reshape(-1, height, luck, y.shape[-1]), second))
    return moments.joined(parts)


def _design(made, first, count, step, seed, second):
    """(place of its first block, rows u) of each `step` of blocks."""
    owner = np.repeat(np.arange(len(made)), [factor.columns for factor in made])
    for start in range(0, count, step):
        size = min(step, count - start)
        a, b = blocks.points(len(owner), first + start, size, luck_of.key_of(seed))
        yield start, blocks.rows(a, b, owner, second).reshape(-1, len(owner))


def _step(plan, jobs_a_block, names, count):
    """Blocks at a time, so that their outputs fit into MEMORY."""
    numbers = len(engine_metrics.NAMES)
    if outputs.weekly(names):
        numbers += plan.horizon.weeks * len(engine_metrics.FLOWS)
    return int(max(1, min(count, MEMORY / (8 * numbers * jobs_a_block))))


def _told(progress, done, step, total):
    """Tells progress of a step of worlds, some of which may not need to be run."""
    if progress is None:
        return None
    return lambda worlds, run: progress(done + worlds * step // run, total)


def _simulate(plan, seed, inputs, u, draw, luck, names, threads, tell, cache):
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


def _ranking(plan, made, method, samples, luck, seed, names, threads, progress, about):
    inputs = [one for factor in made for one in factor.inputs]
    columns = rows.columns(inputs)
    key = luck_of.key_of(seed)
    if method in salib.DESIGNED:
        x = salib.sample(method, columns, samples, key)
        u = np.clip(_within(method, x), blocks.EDGE, 1 - blocks.EDGE)
    else:
        x = u = blocks.points(len(columns), 0, samples, key)[0]
    cache: dict = {}
    parts = []
    step = _step(plan, luck, names, len(u))
    for start in range(0, len(u), step):
        part = u[start : start + step]
        # Trajectories compare neighbours, so all rows share their luck.
        draw = (
            np.zeros(len(part), int) if method in salib.DESIGNED else start + np.arange(len(part))
        )
        tell = _told(progress, start * luck, len(part) * luck, len(u) * luck)
        parts.append(
            _simulate(plan, seed, inputs, part, draw, luck, names, threads, tell, cache).mean(
                axis=1
            )
        )
    return ranking.ranked(plan, method, columns, x, np.concatenate(parts), names, key, **about)


def _within(method, x):
    """Morris goes to the ends of each range: to the 5 and 95% points, not to what never is."""
    return 0.05 + 0.9 * x if method == "morris" else x
