"""`sensitivity`: from a scenario and factors to indices, block by block."""

from collections.abc import Mapping

import numpy as np

from sim.analysis import moments, screening
from sim.caveats import Caveat
from sim.engine import luck as luck_of
from sim.errors import SensitivityError
from sim.experiments.run import caveats
from sim.experiments.sensitivity import execute, members, ranking, rows
from sim.experiments.sensitivity.factors import factors_of
from sim.experiments.sensitivity.record import Sensitivity
from sim.parameters import Distribution
from sim.records import provenance
from sim.scenario import as_scenario


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
        "composition" (the mix of levels at the same number of people), or a block of the
        posterior: "curve" (the tier curve), "how people work" or "tool trend". A parameter of
        a block stands for its block, which is exchanged whole. A range is a list of values,
        equally likely, or a distribution such as {"uniform": [0.1, 0.6]}. By default eleven
        that matter.
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
        One line, before anything runs, also where its worlds cannot fit into memory; or where no
        output is defined often enough.
    """
    given = (factors, method, samples, luck, seed, metrics, groups, others, second_order, threads)
    plan, made, names = _planned(scenario, *given)
    work = execute.work(plan, made, method, samples, luck, names, second_order, threads)
    work.refuse_unfit(SensitivityError, f"{plan.name}: ")
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
    reduced = execute.blocks_of(plan, made, 0, samples, *work, threads, progress)
    about["drawn"] = members.drawn(plan, made, 0, samples, seed)
    asked = {"factors": _plain(factors), "groups": groups, "others": others}
    return Sensitivity(plan, made, asked, names, reduced, **about)


def workload_of(
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
):
    """The Workload of an analysis, for which nothing runs; arguments as for `sensitivity`.

    At most: rows that make the same world are run once.

    Raises what `sensitivity` raises of its arguments, but for memory.
    """
    asked = (factors, method, samples, luck, seed, metrics, groups, others, second_order, threads)
    plan, made, names = _planned(scenario, *asked)
    return execute.work(plan, made, method, samples, luck, names, second_order, threads)


def _planned(
    scenario, factors, method, samples, luck, seed, metrics, groups, others, second, threads
):
    """Scenario, factors and outputs of an analysis, checked."""
    plan = as_scenario(scenario)
    execute.check(method, samples, luck, seed, threads, second)
    if metrics is not None:
        metrics = execute.check_outputs(plan, metrics)
    made = factors_of(plan, factors, groups and method == "sobol", others)
    return plan, made, execute.check_outputs(plan, metrics or execute.default_outputs(plan, made))


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


def _caveats(plan, design, others):
    said = list(caveats(plan, {"uncertainty": "full", "luck": 2, "draws": design["draws"]}))
    sentence = (
        "Shares are of the variance over the ranges stated for levers and parameters: wider ranges "
        "would make a factor matter more."
    )
    said.append(Caveat(sentence))
    if not others:
        said.append(Caveat("What is uncertain and not named stays at its centre."))
    return tuple(said)


def _ranking(plan, made, method, samples, luck, seed, names, threads, progress, about):
    inputs = [one for factor in made for one in factor.inputs]
    columns = rows.columns(inputs)
    key = luck_of.key_of(seed)
    if method in screening.DESIGNED:
        x = screening.sample(method, columns, samples, key)
        u = np.clip(_within(method, x), moments.EDGE, 1 - moments.EDGE)
    else:
        x = u = moments.points(len(columns), 0, samples, key)[0]
    cache: dict = {}
    parts = []
    step = execute.step_of(plan, 1, luck, names, len(u))
    for start in range(0, len(u), step):
        part = u[start : start + step]
        # Trajectories compare neighbours, so all rows share their luck.
        draw = (
            np.zeros(len(part), int)
            if method in screening.DESIGNED
            else start + np.arange(len(part))
        )
        tell = execute.part_of(progress, start * luck, len(part) * luck, len(u) * luck)
        parts.append(
            execute.simulate(
                plan, seed, inputs, part, draw, luck, names, threads, tell, cache
            ).mean(axis=1)
        )
    y = np.concatenate(parts)
    if method in screening.DESIGNED:
        return ranking.ranked(plan, method, columns, x, y, names, key, **about)
    columns, x, levels = members.single(plan, inputs, u)
    return ranking.ranked(plan, method, columns, x, y, names, key, **about, levels=levels)


def _within(method, x):
    """Morris goes to the ends of each range: to the 5 and 95% points, not to what never is."""
    return 0.05 + 0.9 * x if method == "morris" else x
