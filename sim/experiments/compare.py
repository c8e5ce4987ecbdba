"""Compare plans: run each over the same draws and the same luck."""

from collections.abc import Mapping
from pathlib import Path

from sim.errors import CompareError
from sim.experiments import workload
from sim.experiments.comparison import Comparison
from sim.experiments.leading import check_asked, scenario_of, with_one_deadline
from sim.experiments.pairing import apart, check_current, check_designs, check_plans
from sim.experiments.result import Result
from sim.experiments.run import run
from sim.experiments.run import workload_of as work_of_run
from sim.scenario import Scenario, as_scenario

DEFAULTS = {"draws": 100, "luck": 2, "seed": 1, "uncertainty": "full"}


def compare(
    *plans,
    draws=None,
    luck=None,
    seed=None,
    engine="compiled",
    uncertainty=None,
    threads=None,
    progress=None,
    weeks=None,
):
    """What plans change against the first of them, and how sure that is.

    All plans meet the same draws of what is not known and the same tasks with the same
    luck, so they differ only by what was changed, and the difference is known better than
    from two separate runs.

    Parameters
    ----------
    *plans : Scenario, str, Path or Result; or one dict, label -> any of these
        Two at least, the reference first, all of one horizon. Plans of one name are told
        apart as "name (2)". A Result is taken as it is, if its worlds pair with the others.
    draws, luck, seed, uncertainty : optional
        As for `run`: 100, 2, 1 and "full" by default, or those of a Result among the plans.
    engine, threads : as for `run`
    progress : callable, optional
        Called with (worlds done, worlds in all), over all plans.
    weeks : int, optional
        Horizon to give all plans that have not run yet, instead of their own [weeks].

    Returns
    -------
    Comparison

    Raises
    ------
    CompareError, RunError, ScenarioError
        One line, before anything runs; also where the rows cannot fit into memory.
    """
    named, design = _planned(plans, weeks, draws, luck, seed, uncertainty)
    _work(named, design, engine, threads).refuse_unfit(CompareError)
    total = sum(isinstance(plan, Scenario) for plan in named.values())
    results, done = {}, 0
    for label, plan in named.items():
        if isinstance(plan, Scenario):
            tell = _share(progress, done, total)
            plan = run(plan, **design, engine=engine, threads=threads, progress=tell)
            done += 1
        results[label] = plan
    return Comparison(results)


def workload_of(
    *plans,
    draws=None,
    luck=None,
    seed=None,
    engine="compiled",
    uncertainty=None,
    threads=None,
    weeks=None,
):
    """The Workload of a comparison, for which nothing runs; arguments as for `compare`.

    Raises what `compare` raises of its arguments, but for memory.
    """
    named, design = _planned(plans, weeks, draws, luck, seed, uncertainty)
    return _work(named, design, engine, threads)


def _planned(plans, weeks, draws, luck, seed, uncertainty):
    """Plans by label and the design they share, checked."""
    named = labelled(*plans, weeks=weeks)
    check_asked(named, CompareError)
    asked = {"draws": draws, "luck": luck, "seed": seed, "uncertainty": uncertainty}
    design = _design(named, asked)
    _check_pairs(named, design)
    return named, design


def _work(named, design, engine, threads):
    """The Workload of plans that have not run yet, one after another."""
    missing = [plan for plan in named.values() if isinstance(plan, Scenario)]
    each = [work_of_run(plan, **design, engine=engine, threads=threads) for plan in missing]
    return sum(each, workload.NOTHING)


def labelled(*plans, weeks=None):
    """Plans by label, scenarios loaded and told apart: label -> Scenario or Result.

    weeks : int, optional, horizon of all scenarios instead of their own [weeks]

    Raises CompareError, one line, if they are too few, of different horizons, or no plans.
    """
    if len(plans) == 1 and isinstance(plans[0], Mapping):
        named = {_label(label): _plan(plan, weeks) for label, plan in plans[0].items()}
    else:
        named = {}
        for plan in (_plan(plan, weeks) for plan in plans):
            named[apart(scenario_of(plan).name, named)] = plan
    named = with_one_deadline(named)
    check_plans({label: scenario_of(plan) for label, plan in named.items()})
    return named


def _label(label):
    if not isinstance(label, str) or not label.strip():
        raise CompareError(f"{label!r}: a plan's label must be words")
    return label


def _plan(plan, weeks=None):
    if isinstance(plan, Result):
        return plan
    if isinstance(plan, (Scenario, str, Path)):
        plan = as_scenario(plan)
        return plan if weeks is None else plan.replace({"horizon.weeks": weeks})
    kind = type(plan).__name__
    raise CompareError(f"a plan must be a Scenario, a name, a path or a Result, not {kind}")


def _design(named, asked):
    """Seed, draws, luck and uncertainty: as asked, else those of a Result, else the defaults."""
    ran = next((p.provenance for p in named.values() if isinstance(p, Result)), DEFAULTS)
    return {name: ran[name] if value is None else value for name, value in asked.items()}


def _check_pairs(named, design):
    """Refuse a Result whose worlds do not pair with the others, before anything runs."""
    ran = {name: plan.provenance for name, plan in named.items() if isinstance(plan, Result)}
    if not ran:
        return
    if len(ran) < len(named):  # the others run with what is here now
        check_current(ran, **design)
    else:
        check_designs({"this comparison": next(iter(ran.values())) | design} | ran)


def _share(progress, done, total):
    """Progress of one run among several, as progress of all."""
    if progress is None:
        return None
    return lambda worlds, of: progress(done * of + worlds, total * of)
