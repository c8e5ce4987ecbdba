"""`decide`: plans on the same draws and luck, and which number to measure before choosing."""

import numpy as np

from sim.caveats import OTHER_WORK, Caveat
from sim.engine import batch, metrics, setup
from sim.errors import DecideError, count, did_you_mean
from sim.experiments.cautions import changes, workforce
from sim.experiments.compare import labelled
from sim.experiments.decide.decision import Decision
from sim.experiments.pairing import check_plans
from sim.experiments.result import Result
from sim.experiments.run import MOST_DRAWS, MOST_LUCK, caveats
from sim.parameters import world_parameters
from sim.records import provenance
from sim.records.directions import DIRECTIONS

COSTS = ("labour_cost", "tool_cost", "training_cost", "hiring_cost")
MOST_PLANS = 200


def decide(plans, metric=None, budget=None, draws=400, luck=8, seed=1, threads=None, progress=None):
    """Which plan to choose, how sure that is, and what to measure first.

    Parameters
    ----------
    plans : sequence of Scenario, name or path; or dict, label -> any of these
        Two at least, of one horizon and one [world].
    metric : str, optional
        What decides; by default net value where every plan states a price of work, else work
        delivered. Lower is better for costs, defects and times.
    budget : float, optional
        Most that all costs of a plan may be in expectation, in the plans' currency. Dearer plans
        are shown and not chosen.
    draws, luck, seed : int
        As for `run`; luck 2 at least.
    threads, progress : as for `run`

    Returns
    -------
    Decision

    Raises
    ------
    DecideError, CompareError, ScenarioError
        One line, before anything runs; or where no plan is within the budget.
    """
    named = labelled(plans) if isinstance(plans, dict) else labelled(*plans)
    if len(named) > MOST_PLANS:
        raise DecideError(
            f"{len(named)} plans: must be {MOST_PLANS} or fewer; search mixes instead"
        )
    metric = metric_of(named, metric)
    check(named, metric, budget, draws, luck, seed, threads)
    drawn = _drawn(named, seed, draws)
    values = values_of(named, seed, draws, luck, threads, progress)
    y = values[..., metrics.NAMES.index(metric)]
    if not np.isfinite(y).all():
        lost = int((~np.isfinite(y)).sum())
        raise DecideError(f"{metric}: not defined in {lost} of {y.size} worlds; choose another")
    design = {
        "seed": seed, "draws": draws, "luck": luck, "engine": "compiled", "uncertainty": "full",
        "metric": metric, "budget": budget,
    }  # fmt: skip
    return Decision(
        named, metric, y, costs(values), _varied(drawn), _caveats(named, design),
        {label: provenance.record(one, **design) for label, one in named.items()},
    )  # fmt: skip


def of_comparison(comparison, budget=None):
    """The Decision among the plans of a Comparison, from the worlds it has run: no more are.

    What decides is the comparison's flow: net value where every plan states a price of work, else
    work delivered.

    budget : as for `decide`

    Raises DecideError, one line, as `decide` does.
    """
    named = {label: result.scenario for label, result in comparison.results.items()}
    metric, shared = comparison.flow, comparison.design
    if not comparison.uncertain:
        raise DecideError("all parameters are at their centre: nothing can be known better")
    draws, luck, seed = (shared[name] for name in ("draws", "luck", "seed"))
    check(named, metric, budget, draws, luck, seed, None)
    y, *costs = (
        np.stack([result.values(name)[:, :, 0] for result in comparison.results.values()])
        for name in (metric, *COSTS)
    )
    design = {
        "seed": seed, "draws": draws, "luck": luck, "engine": "compiled", "uncertainty": "full",
        "metric": metric, "budget": budget,
    }  # fmt: skip
    drawn = setup.draw(named[comparison.reference], seed, 0, draws)
    return Decision(
        named, metric, y, np.sum(costs, axis=0).mean(axis=(1, 2)), _varied(drawn),
        _caveats(named, design),
        {label: provenance.record(one, **design) for label, one in named.items()},
    )  # fmt: skip


def costs(values):
    """Expected cost in all of each plan, from all metrics (plans, draws, luck, metrics)."""
    return sum(values[..., metrics.NAMES.index(name)] for name in COSTS).mean(axis=(1, 2))


def mixes(scenario, people=None, step=1, at_most=False):
    """Plans for each mix of novice, intermediate and expert engineers: dict label -> Scenario.

    people : int, optional, how many there are in all; as many as in the scenario by default
    step : int, people by which mixes differ
    at_most : bool, whether fewer people will do too, one at least
    """
    from sim.experiments.sensitivity import factors
    from sim.scenario import as_scenario

    plan = as_scenario(scenario)
    team = plan.to_dict()["team"]
    there = sum(people for people in team.values() if isinstance(people, int))
    people = there if people is None else people
    for name, value in (("people", people), ("step", step)):
        count(name, value, DecideError, 1)
    empty = {level: 0 for level, value in team.items() if isinstance(value, int)}
    named = {}
    sizes = range(people, 0, -step) if at_most else [people]
    for mix in (mix for size in sizes for mix in factors.mixes(size)):
        if mix[0] % step or mix[1] % step:
            continue
        counts = dict(zip(factors.MIXED, mix, strict=True))
        changed = {"team": empty | counts | {"adjacent": team["adjacent"]}}
        named[" + ".join(f"{n} {level}" for level, n in counts.items() if n)] = plan.replace(
            changed
        )
    return named


def metric_of(named, metric):
    """What decides: the metric asked for, else net value where work is priced in every plan."""
    priced = all(
        plan.money is not None and plan.money.price_per_expert_hour is not None
        for plan in named.values()
        if not isinstance(plan, Result)
    )
    return metric or ("net_value" if priced else "work_delivered")


def check(named, metric, budget, draws, luck, seed, threads):
    """Refuse what cannot be decided, before anything runs; DecideError or CompareError."""
    if any(isinstance(plan, Result) for plan in named.values()):
        raise DecideError("plans must be scenarios, names or paths: results are not taken")
    check_plans(named)
    if metric not in metrics.NAMES:
        raise DecideError(f"{metric}: not a metric{did_you_mean(metric, metrics.NAMES)}")
    if not DIRECTIONS[metric]:
        raise DecideError(f"{metric}: neither more nor less is better, so it decides nothing")
    for name, value, low, high in (
        ("draws", draws, 50, MOST_DRAWS), ("luck", luck, 2, MOST_LUCK),
        ("threads", 1 if threads is None else threads, 1, 1024),
    ):  # fmt: skip
        count(name, value, DecideError, low, high)
    count("seed", seed, DecideError)
    _check_money(named, metric, budget)
    first, *others = named
    for label in others:
        if named[label].world != named[first].world:
            raise DecideError(
                f"{label}: does not assume the same world as {first}; plans to choose from differ "
                "in what is done, not in what is believed"
            )


def _check_money(named, metric, budget):
    if budget is not None and (isinstance(budget, bool) or not budget > 0):
        raise DecideError(f"budget = {budget!r}: must be above 0")
    needed = budget is not None or metric in (*COSTS, "cost_per_work", "net_value")
    for label, plan in named.items():
        if needed and plan.money is None:
            raise DecideError(f"{label}: states no [money], which this decision needs")
        if metric == "net_value" and plan.money.price_per_expert_hour is None:
            raise DecideError(f"{label}: money.price_per_expert_hour: missing; net value needs it")
    if needed and len({plan.money.currency for plan in named.values()}) > 1:
        raise DecideError("money.currency: must be the same in all plans")


def values_of(named, seed, draws, luck, threads, progress):
    """All metrics (plans, draws, luck, metrics), each world with the same luck in every plan."""
    place = np.repeat(np.arange(draws), luck)
    replication = setup.replication(place, np.tile(np.arange(luck), draws))
    total, found = len(named) * len(place), []
    for done, plan in enumerate(named.values()):
        points = batch.templates_of(plan, seed, setup.draw(plan, seed, 0, draws))
        start = done * len(place)
        tell = None if progress is None else _told(progress, start, total)
        values, _ = batch.simulate(points, place, replication, threads, False, tell)
        found.append(values.reshape(draws, luck, -1))
    return np.stack(found)


def _told(progress, start, total):
    return lambda done, _: progress(start + done, total)


def _drawn(named, seed, draws):
    """What is drawn, by the first plan that draws it: name -> (draws,) or (draws, e).

    Plans share the rank of a parameter in each draw even where they believe different things of
    it, as two tools have two horizons: knowing it for one is knowing it for all.
    """
    drawn: dict = {}
    for plan in named.values():
        found = setup.draw(plan, seed, 0, draws)
        varied = {name for name in found if np.ptp(found[name], axis=0).any()}
        drawn = {name: found[name] for name in varied if name not in drawn} | drawn
    return drawn


def _varied(drawn):
    """What is drawn, in the order of the register."""
    names = [*world_parameters(), setup.ADVANCED_SHARE, setup.HORIZON, "curve"]
    return {name: drawn[name] for name in names if name in drawn}


def _caveats(named, design):
    first, *others = named
    said = [workforce("analysis")]
    for label in others:
        differ = changes(named[first], named[label])
        work = [line for line in differ if line.startswith(("tasks.", "domains"))]
        if work:
            sentence = f"The plans do not meet the same work: {label} has {'; '.join(work)}."
            said.append(Caveat(sentence, OTHER_WORK))
    own = {label: caveats(plan, design) for label, plan in named.items()}
    for label, lines in own.items():
        for caveat in lines:
            everywhere = all(caveat in others for others in own.values())
            said.append(caveat if everywhere else caveat.under(label))
    return tuple(dict.fromkeys(said))
