"""`decide`: plans on the same draws and luck, and which number to measure before choosing."""

import dataclasses

import numpy as np
import pandas as pd

from sim.analysis import estimates
from sim.engine import batch, metrics, posterior, setup
from sim.engine.state import HOURS_PER_WEEK
from sim.errors import DecideError, count, did_you_mean, is_int_or_float, shown
from sim.experiments import leading, limits, terms, workload
from sim.experiments.compare import labelled
from sim.experiments.decide.decision import MOST_MONEY, Decision, beyond_all, is_money
from sim.experiments.decide.trade import FINISH, UNITS, amount_of
from sim.experiments.findings import GIVEN_UP
from sim.experiments.pairing import check_plans, workforce
from sim.experiments.result import Result
from sim.experiments.run import caveats
from sim.experiments.traces import MOST_DRAWS, MOST_LUCK
from sim.parameters import world_parameters
from sim.records import provenance
from sim.records.words import DIRECTIONS, NEVER
from sim.scenario import as_scenario

COSTS = ("labour_cost", "tool_cost", "training_cost", "hiring_cost")
MOST_PLANS = 200


def decide(
    plans,
    metric=None,
    budget=None,
    draws=400,
    luck=8,
    seed=1,
    threads=None,
    progress=None,
    worth=None,
    measuring=None,
):
    """Which plan to choose, how sure that is, and what to measure first.

    Parameters
    ----------
    plans : sequence of Scenario, name or path; or dict, label -> any of these
        Two at least, of one horizon and one [world].
    metric : str, optional
        What decides; by default the metric of the plans' [answer], else net value where every
        plan states a price of work, else work delivered. Lower is better for costs, defects, times.
    budget : float, optional
        Most that a plan may cost more than the first in expectation, over the horizon, in the
        plans' currency; below 0 where money is to be saved. Dearer plans are shown and not chosen.
    draws, luck, seed : int
        As for `run`; luck 2 at least.
    threads, progress : as for `run`
    worth : float, optional
        Money that a unit of what decides is worth to you, see `trade.UNITS`: an hour of expert
        work, or for a deadline a week earlier. Then the choice by net benefit is told too.
    measuring : float, optional
        Money that measuring one number costs; it is taken off what knowing the number is worth.
        Needs `worth`, or a price of work in all plans.

    Returns
    -------
    Decision

    Raises
    ------
    DecideError, CompareError, ScenarioError
        One line, before anything runs, also where the rows cannot fit into memory; or where no
        plan is within the budget.
    """
    priced = {"worth": worth, "measuring": measuring}
    return decided(plans, metric, budget, draws, luck, seed, threads, progress, priced)


def decided(plans, metric, budget, draws, luck, seed, threads, progress, priced, today=None):
    """As `decide`; extra costs are over those of `today`, a Scenario, if not of the first plan.

    priced : dict, `worth` and `measuring`
    """
    named, metric = _planned(plans, metric, budget, draws, luck, seed, threads)
    priced = _priced(named, metric, **priced)
    _work(named, draws, luck, threads).refuse_unfit(DecideError)
    if today is None:
        _refuse_budget(named, budget, seed, threads)
    drawn = _drawn(named, seed, draws)
    values = values_of(named, seed, draws, luck, threads, progress)
    y = measured(values, metric)
    if not np.isfinite(y).all():
        lost = int((~np.isfinite(y)).sum())
        raise DecideError(f"{metric}: not defined in {lost} of {y.size} worlds; choose another")
    design = {
        "seed": seed, "draws": draws, "luck": luck, "engine": "compiled", "uncertainty": "full",
        "metric": metric, "budget": budget, **priced,
    }  # fmt: skip
    parameters = _varied(drawn)
    return Decision(
        named, metric, y, costs(values), parameters, _caveats(named, design),
        {label: provenance.record(one, **design) for label, one in named.items()},
        extra=_over(today, _all_costs(values), seed, luck, threads, _groups(named, parameters)),
        given_up=_of_all(values, GIVEN_UP).mean(axis=(1, 2)), **_traded(named, values, metric),
    )  # fmt: skip


def workload_of(plans, metric=None, budget=None, draws=400, luck=8, seed=1, threads=None):
    """The Workload of a decision, for which nothing runs; arguments as for `decide`.

    Raises what `decide` raises of its arguments, but for memory.
    """
    named, _ = _planned(plans, metric, budget, draws, luck, seed, threads)
    return _work(named, draws, luck, threads)


def _planned(plans, metric, budget, draws, luck, seed, threads):
    """Plans by label and the metric that decides, checked."""
    named = labelled(plans) if isinstance(plans, dict) else labelled(*plans)
    if len(named) > MOST_PLANS:
        raise DecideError(
            f"{len(named)} plans: must be {MOST_PLANS} or fewer; search mixes instead"
        )
    if metric is None:
        leading.check_asked(named, DecideError)
    metric = metric_of(named, metric)
    check(named, metric, budget, draws, luck, seed, threads)
    return named, metric


def _work(named, draws, luck, threads):
    """The Workload of plans over so many draws and luck."""
    each = [workload.of_worlds(plan, draws, luck, threads) for plan in named.values()]
    whole = sum(each, workload.NOTHING).stacked()
    return whole.longer(draws * workload.PER_DRAW_OF_VALUE)


def of_comparison(comparison, budget=None):
    """The Decision among the plans of a Comparison, from the worlds it has run: no more are.

    What decides is the comparison's metric, that of its plans' [answer].

    budget : as for `decide`

    Raises DecideError, one line, as `decide` does.
    """
    named = {label: result.scenario for label, result in comparison.results.items()}
    metric, shared = comparison.metric, comparison.design
    if not comparison.uncertain:
        raise DecideError("all parameters are at their centre: nothing can be known better")
    draws, luck, seed = (shared[name] for name in ("draws", "luck", "seed"))
    check(named, metric, budget, draws, luck, seed, None)
    values = np.stack([result.values() for result in comparison.results.values()])
    cost, given_up = (_of_all(values, name) for name in ("cost_to_horizon", GIVEN_UP))

    design = {
        "seed": seed, "draws": draws, "luck": luck, "engine": "compiled", "uncertainty": "full",
        "metric": metric, "budget": budget,
    }  # fmt: skip
    parameters = _varied(setup.draw(named[comparison.reference], seed, 0, draws))
    return Decision(
        named, metric, measured(values, metric), cost.mean(axis=(1, 2)), parameters,
        _caveats(named, design),
        {label: provenance.record(one, **design) for label, one in named.items()},
        extra=extra_costs(cost, comparison.groups), given_up=given_up.mean(axis=(1, 2)),
        **_traded(named, values, metric),
    )  # fmt: skip


def extra_costs(cost, groups=None):
    """Cost over that of the first plan, with its 95% interval: (plans, 3).

    cost   : (plans, draws, luck), in all to the horizon
    groups : int (draws,), draws that share a row of the posterior
    """
    return np.array([estimates.estimate(one - cost[0], groups=groups)[:3] for one in cost])


def _groups(named, parameters):
    """Draws that share what is one row of the posterior, as `Decision.groups`."""
    levels = posterior.levels(parameters, next(iter(named.values())).world.keys())
    return levels[0] if levels else None


def _over(today, cost, seed, luck, threads, groups):
    """Extra costs (plans, 3) over those of a Scenario that runs here, or of the first plan."""
    if today is None:
        return extra_costs(cost, groups)
    before = _all_costs(values_of({"": today}, seed, cost.shape[1], luck, threads, None))
    return extra_costs(np.concatenate([before, cost]), groups)[1:]


def _traded(named, values, metric):
    """What money buys, and costs, in each world: arguments of Decision, none where it buys none.

    A backlog that is not done within the horizon counts as done at its end.
    """
    name = amount_of(metric)
    if name is None:
        return {}
    amounts = _of_all(values, name)
    if name == FINISH:
        weeks = next(iter(named.values())).horizon.weeks
        amounts = np.where(np.isnan(amounts), weeks, amounts)
    return {"amounts": amounts, "costs": _prices(named, values)}


def _prices(named, values):
    """What each plan costs in each world: money, or paid hours where no plan states money."""
    if any(plan.money is not None for plan in named.values()):
        return _all_costs(values)
    work, per_week = (_of_all(values, name) for name in ("work_delivered", "work_per_dev_week"))
    with np.errstate(divide="ignore", invalid="ignore"):  # not known of a world without work
        return np.round(HOURS_PER_WEEK * work / per_week, PLACES)


def _priced(named, metric, worth=None, measuring=None):
    """`worth` and `measuring` as they count: those that are stated, checked; DecideError."""
    for name, value in (("worth", worth), ("measuring", measuring)):
        if not is_money(value):
            raise DecideError(f"{name} = {shown(value)}: must be money, 0 or more")
    if worth is None and measuring is not None and metric == leading.NET:
        (worth, *others) = {plan.money.price_per_expert_hour for plan in named.values()}
        worth = None if others else worth
    if worth is None and measuring is not None:
        raise DecideError("measuring: needs worth, what a unit of what decides is worth in money")
    if worth is None:
        return {"worth": None, "measuring": None}
    if metric not in UNITS:
        raise DecideError(f"worth: {metric} is nothing that money buys; {', '.join(UNITS)} are")
    for label, plan in named.items():
        if plan.money is None:
            raise DecideError(f"{label}: states no [money], which worth needs")
    _one_currency(named)
    return {"worth": worth, "measuring": measuring}


PLACES = 6  # of paid hours, which plans of the same people share but for rounding

TRIAL = {"draws": 16, "luck": 1}  # by which a budget that nothing meets is refused early
SURE = 6.0  # standard errors beyond the budget


def _refuse_budget(named, budget, seed, threads):
    """Refuse a budget that no plan meets by far, from a few worlds: DecideError.

    What people and tools cost is all but fixed by a plan, so few worlds show it.
    """
    if budget is None or budget >= 0:  # the first plan costs no more than itself
        return
    cost = _all_costs(values_of(named, seed, **TRIAL, threads=threads, progress=None))[:, :, 0]
    extra = cost - cost[0]
    least = extra.mean(axis=1) - SURE * extra.std(axis=1, ddof=1) / np.sqrt(TRIAL["draws"])
    if (least > budget).all():
        place = int(extra.mean(axis=1).argmin())
        beyond_all(budget, list(named)[place], float(extra[place].mean()))


def costs(values):
    """Expected cost in all of each plan, from all metrics (plans, draws, luck, metrics)."""
    return _all_costs(values).mean(axis=(1, 2))


def _all_costs(values):
    """Cost in all to the horizon (plans, draws, luck), from all metrics."""
    return _of_all(values, "cost_to_horizon")


def measured(values, metric):
    """A metric (plans, draws, luck) of all; what is extra is so over the first plan."""
    of = metrics.BY_NAME[metric].compared
    y = _of_all(values, of or metric)
    return y - y[0] if of else y


def _of_all(values, name):
    """One metric (plans, draws, luck) of all (plans, draws, luck, metrics)."""
    return values[..., metrics.NAMES.index(name)]


OWN = "as it stands"  # label of the plan whose mixes are decided between


def with_own(scenario):
    """The plan as it stands, first, and each other mix of its engineers: dict label -> Scenario."""
    plan = as_scenario(scenario)
    team = plan.to_dict()["team"]
    others = {name: mix for name, mix in mixes(plan).items() if mix.to_dict()["team"] != team}
    return {OWN: plan, **others}


def mixes(scenario, people=None, step=1, at_most=False):
    """Plans for each mix of novice, intermediate and expert engineers: dict label -> Scenario.

    people : int, optional, how many there are in all; as many as in the scenario by default
    step : int, people by which mixes differ
    at_most : bool, whether fewer people will do too, one at least
    """
    from sim.experiments.sensitivity import factors

    plan = as_scenario(scenario)
    team = plan.to_dict()["team"]
    there = sum(people for people in team.values() if isinstance(people, int))
    people = there if people is None else people
    for name, value in (("people", people), ("step", step)):
        count(name, value, DecideError, 1)
    if (several := _count_of_mixes(people, step, at_most)) > MOST_MIXES:
        raise DecideError(f"{several:,} mixes: must be {MOST_MIXES:,} or fewer; take a step")
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


def step_of_mixes(people):
    """The fewest people by which mixes of so many must differ to be MOST_MIXES at the most."""
    return next(n for n in range(1, people + 2) if _count_of_mixes(people, n, False) <= MOST_MIXES)


def _count_of_mixes(people, step, at_most):
    """How many mixes of three levels there are."""
    sizes = range(people, 0, -step) if at_most else (people,)
    return sum((size // step + 1) * (size // step + 2) // 2 for size in sizes)


def metric_of(named, metric):
    """What decides: the metric asked for, else the one that leads for these plans."""
    return metric or leading.metric_of_all(map(leading.scenario_of, named.values()))


def check(named, metric, budget, draws, luck, seed, threads):
    """Refuse what cannot be decided, before anything runs; DecideError or CompareError."""
    if any(isinstance(plan, Result) for plan in named.values()):
        raise DecideError("plans must be scenarios, names or paths: results are not taken")
    check_plans(named)
    if metric not in metrics.NAMES:
        raise DecideError(f"{metric}: not a metric{did_you_mean(metric, metrics.NAMES)}")
    if metric in NEVER:
        raise DecideError(
            f"{metric}: has no mean where a backlog is not done; decide by weeks_to_done, or by "
            "done_by with a deadline (answer.by)"
        )
    for label, plan in named.items():
        if lacking := leading.lacks(plan, metric):
            raise DecideError(f"{label}: must state {lacking}, which {metric} needs")
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
    if budget is not None and (not is_int_or_float(budget) or not abs(budget) <= MOST_MONEY):
        raise DecideError(
            f"budget = {shown(budget)}: must be a number, money beyond today's cost; below 0 to "
            "save"
        )
    needed = budget is not None or metrics.UNITS[metric].startswith(metrics.MONEY)
    for label, plan in named.items():
        if needed and plan.money is None:
            raise DecideError(f"{label}: states no [money], which this decision needs")
    if needed:
        _one_currency(named)


def _one_currency(named):
    if len({plan.money.currency for plan in named.values()}) > 1:
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
        said += terms.caveats(first, named[first], label, named[label])
    own = {label: caveats(plan, design) for label, plan in named.items()}
    for label, lines in own.items():
        for caveat in lines:
            everywhere = all(caveat in others for others in own.values())
            said.append(caveat if everywhere else caveat.under(label))
    return tuple(dict.fromkeys(said))


# ---- the best mix of levels under a budget and a head count, by screening, then deciding ---------


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
        Most that a mix may cost more than the scenario as it stands, in expectation.
    metric, draws, luck, seed, threads, progress : as for `decide`
    step : int
        People by which mixes differ.
    finalists : int, >= 2

    Returns
    -------
    Decision, whose `screened` has a row a mix: mix, people, mean, low, high (95%, of the
    expectation), cost, extra_cost, within_budget, finalist

    Raises
    ------
    DecideError, CompareError, ScenarioError
        One line, before anything runs, also where the rows cannot fit into memory; or where no two
        mixes are within the budget.
    """
    asked = (metric, budget, step, finalists, draws, luck, seed, threads)
    named, metric = _searched(scenario, people, *asked)
    _work_of_search(named, finalists, draws, luck, threads).refuse_unfit(DecideError)
    share = len(named) * 100, finalists * draws * luck
    other = seed + 1
    today, screen = as_scenario(scenario), {**SCREEN, "threads": threads}
    values = values_of(named, other, **screen, progress=part_of(progress, 0, share))
    before = values_of({"": today}, other, **screen, progress=None)
    table = _screened(named, values, costs(before)[0], metric, budget, finalists)
    kept = {mix: named[mix] for mix in table.loc[table["finalist"], "mix"]}
    if len(kept) < 2:
        raise DecideError(f"budget = {budget:,.0f}: {len(kept)} mix is within it; two are needed")
    tell = part_of(progress, share[0], share)
    found = decided(kept, metric, budget, draws, luck, seed, threads, tell, {}, today)
    return dataclasses.replace(found, screened=table)


def workload_of_search(
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
):
    """The Workload of a search, for which nothing runs; arguments as for `search`.

    Raises what `search` raises of its arguments, but for memory.
    """
    asked = (metric, budget, step, finalists, draws, luck, seed, threads)
    named, _ = _searched(scenario, people, *asked)
    return _work_of_search(named, finalists, draws, luck, threads)


def _searched(scenario, people, metric, budget, step, finalists, draws, luck, seed, threads):
    """All mixes by label and the metric that decides, checked."""
    named = mixes(scenario, people, step, at_most=True)
    metric = metric_of(named, metric)
    _check(named, finalists)
    check(named, metric, budget, draws, luck, seed, threads)
    return named, metric


def _work_of_search(named, finalists, draws, luck, threads):
    """The Workload of screening all mixes, then deciding between the finalists, the largest."""
    largest = max(named.values(), key=lambda plan: plan.headcount)
    screened = _work(named, SCREEN["draws"], SCREEN["luck"], threads).freed()
    finals = workload.of_worlds(largest, draws, luck, threads).times(min(finalists, len(named)))
    return screened + finals.stacked().longer(draws * workload.PER_DRAW_OF_VALUE)


def _check(named, finalists):
    count("finalists", finalists, DecideError, 2, MOST_PLANS)


def part_of(progress, done, share):
    """Progress of a part of a search, as progress of all; `share`: worlds of each part."""
    return None if progress is None else (lambda worlds, _: progress(done + worlds, sum(share)))


def _screened(named, values, today, metric, budget, finalists):
    """All mixes with what they deliver and cost, the best first.

    today : expected cost of the scenario as it stands
    """
    y = measured(values, metric)
    cost = costs(values)
    table = pd.DataFrame(
        [limits.estimate(one, metric, at)[:3] for one, at in zip(named.values(), y, strict=True)],
        columns=("mean", "low", "high"),
    )
    table.insert(0, "mix", list(named))
    table.insert(1, "people", [plan.headcount for plan in named.values()])
    table["cost"] = cost
    table["extra_cost"] = cost - today
    table["within_budget"] = True if budget is None else cost - today <= budget
    order = np.argsort(-DIRECTIONS[metric] * table["mean"].to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    place = table["within_budget"].cumsum()
    table["finalist"] = table["within_budget"] & (place <= finalists)
    return table
