"""`search`: the best mix of levels under a budget and a head count, by screening, then deciding."""

import dataclasses

import numpy as np
import pandas as pd

from sim.analysis import estimates
from sim.engine import metrics
from sim.errors import DecideError, count
from sim.experiments.decide import analysis
from sim.records.directions import DIRECTIONS

SCREEN = {"draws": 50, "luck": 2}  # by which all mixes are screened
MOST_MIXES = 2000
FINALISTS = 8


def search(
    scenario,
    people=None,
    budget=None,
    metric=None,
    step=1,
    finalists=FINALISTS,
    draws=400,
    luck=8,
    seed=1,
    threads=None,
    progress=None,
):
    """The best mix of novices, intermediates and experts under a budget and a head count.

    All mixes of up to `people` engineers are screened on 50 draws; the best of those within the
    budget, `finalists` of them, are decided between on draws of their own, so that the luck of
    the screening does not flatter the winner.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Whose [team] is varied; its other people stay.
    people : int, optional
        Most engineers of the three levels; as many as in the scenario by default.
    budget : float, optional
        Most that all costs may be in expectation, in the scenario's currency.
    metric, draws, luck, seed, threads, progress : as for `decide`
    step : int
        People by which mixes differ.
    finalists : int, >= 2

    Returns
    -------
    Decision, whose `screened` has a row a mix: mix, people, mean, low, high (95%, of the
    expectation), cost, within_budget, finalist

    Raises
    ------
    DecideError, CompareError, ScenarioError
        One line, before anything runs; or where no two mixes are within the budget.
    """
    named = analysis.mixes(scenario, people, step, at_most=True)
    metric = analysis.metric_of(named, metric)
    _check(named, finalists)
    analysis.check(named, metric, budget, draws, luck, seed, threads)
    share = len(named) * 100, finalists * draws * luck
    other = seed + 1
    values = analysis.values_of(
        named, other, **SCREEN, threads=threads, progress=_part(progress, 0, share)
    )
    table = _screened(named, values, metric, budget, finalists)
    kept = {mix: named[mix] for mix in table.loc[table["finalist"], "mix"]}
    if len(kept) < 2:
        raise DecideError(f"budget = {budget:,.0f}: {len(kept)} mix is within it; two are needed")
    tell = _part(progress, share[0], share)
    found = analysis.decide(kept, metric, budget, draws, luck, seed, threads, tell)
    return dataclasses.replace(found, screened=table)


def _check(named, finalists):
    if len(named) > MOST_MIXES:
        raise DecideError(f"{len(named):,} mixes: must be {MOST_MIXES:,} or fewer; take a step")
    count("finalists", finalists, DecideError, 2, analysis.MOST_PLANS)


def _part(progress, done, share):
    return None if progress is None else (lambda worlds, _: progress(done + worlds, sum(share)))


def _screened(named, values, metric, budget, finalists):
    """All mixes with what they deliver and cost, the best first."""
    y = values[..., metrics.NAMES.index(metric)]
    cost = analysis.costs(values)
    table = pd.DataFrame(
        [estimates.estimate(one)[:3] for one in y], columns=("mean", "low", "high")
    )
    table.insert(0, "mix", list(named))
    table.insert(1, "people", [plan.headcount for plan in named.values()])
    table["cost"] = cost
    table["within_budget"] = True if budget is None else cost <= budget
    order = np.argsort(-DIRECTIONS[metric] * table["mean"].to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    place = table["within_budget"].cumsum()
    table["finalist"] = table["within_budget"] & (place <= finalists)
    return table
