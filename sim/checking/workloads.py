"""What running a run record's experiment again takes, each kind by a function of its own."""

from sim.decks import analyses as decks
from sim.decks.plan import DeckFile, DeckPlan
from sim.engine import metrics
from sim.errors import DeckError, RecordError, ScenarioError
from sim.experiments import compare, run, tiers, workload
from sim.experiments.decide import analysis as decisions
from sim.experiments.robustness import analysis as settings
from sim.experiments.sensitivity import analysis as indices
from sim.scenario.checking import checked


def design_of(arguments):
    """Arguments of `run` from those of a record; on the fast clock, whose rows are the same."""
    if arguments["developer_class"] is not None:
        raise RecordError("ran with a class of developer that is not in the record; run it by hand")
    return {name: arguments[name] for name in ("draws", "luck", "seed", "uncertainty")}


def deck_plan(record, plans):
    """The DeckPlan that a record states, of plans made to run."""
    stated = dict(record.arguments.get("deck", {}))
    name = str(stated.pop("name", "deck"))
    stated["plans"] = [{"scenario": label} for label in plans]  # their files are not needed
    if isinstance(mapped := stated.get("composition"), dict):
        # Decks of earlier versions, which do not say what they map, map work delivered.
        stated["composition"] = {"metric": "work_delivered"} | mapped
    try:
        file = checked(DeckFile, stated, "run record")
    except ScenarioError as error:
        raise DeckError(str(error)) from None
    return DeckPlan(name, file, plans)


# ---- kinds ---------------------------------------------------------------------------------------


def _points(record, plans, arguments, threads):
    """Of each point of a sweep a run of its own, and of what they are held against."""
    design = {name: arguments[name] for name in ("draws", "luck", "seed", "uncertainty")}
    ran = [plan for label, plan in plans.items() if label in arguments["points"]]
    if "against" in arguments:
        ran.append(plans[arguments["against"]])
    elif metrics.BY_NAME[arguments["metric"]].compared:
        ran.append(plans[arguments.get("over", next(iter(plans)))])
    each = [run.workload_of(plan, **design, threads=threads).freed() for plan in ran]
    return sum(each, workload.NOTHING)


def _run(record, plans, arguments, threads):
    ((_, plan),) = plans.items()
    work = run.workload_of(plan, **design_of(arguments), threads=threads)
    return _claimed(work, arguments["draws"], plans)


def _compare(record, plans, arguments, threads):
    work = compare.workload_of(plans, **design_of(arguments), threads=threads)
    return _claimed(work, arguments["draws"], plans)


def _claimed(work, draws, plans):
    """Work with that of the claims of each plan, and of each difference to the first."""
    return work.longer((2 * len(plans) - 1) * draws * workload.PER_DRAW_OF_CLAIMS)


def _decide(record, plans, arguments, threads):
    names = ("metric", "budget", "draws", "luck", "seed")
    return decisions.workload_of(plans, **{n: arguments[n] for n in names}, threads=threads)


def _robustness(record, plans, arguments, threads):
    design = {name: arguments[name] for name in ("draws", "luck", "seed")}
    return settings.workload_of(plans, **design, threads=threads)


def _sensitivity(record, plans, arguments, threads):
    ((_, plan),) = plans.items()
    names = ("factors", "samples", "luck", "seed", "metrics", "groups", "others")
    return indices.workload_of(plan, **{n: arguments[n] for n in names}, threads=threads)


def _curves(record, plans, arguments, threads):
    return tiers.workload_of(arguments["draws"])


def _deck(record, plans, arguments, threads):
    return decks.workload_of(deck_plan(record, plans), threads)


WORK = {
    "run": _run,
    "compare": _compare,
    "decide": _decide,
    "robustness": _robustness,
    "sensitivity": _sensitivity,
    "sweep": _points,
    "curves": _curves,
    "deck": _deck,
}
