"""Experiments run again from their run records, each kind by a function of its own."""

from dataclasses import replace

from sim.analysis import estimates
from sim.decks.analyses import analyse
from sim.decks.plan import DeckFile, DeckPlan
from sim.engine import metrics
from sim.errors import DeckError, RecordError, ScenarioError, short
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.experiments.decide import decide
from sim.experiments.limits import estimate
from sim.experiments.robustness import robustness
from sim.experiments.robustness.settings import settings_of
from sim.experiments.run import run
from sim.experiments.sensitivity import sensitivity
from sim.experiments.sweep.claims import claim_of_point
from sim.experiments.tiers import tier_curves
from sim.records.claims import shared
from sim.scenario import snapshot
from sim.scenario.checking import checked

MOST_PERSON_WEEKS = 100_000_000  # that a record from elsewhere may ask to simulate


def possible(record):
    """Whether a RunRecord is of a kind that can be run again."""
    return record.kind in KINDS


def rerun(record, threads=None, progress=None):
    """The claims of a RunRecord, computed by running its experiment again: tuple of Claim.

    threads, progress : as for `run`

    Raises RecordError, one line, for a kind or a run that cannot be made again.
    """
    if not possible(record):
        raise RecordError(f"a {short(record.kind)}, which cannot be run again from its record yet")
    if not record.plans:
        raise RecordError("run record: plans: there are none")
    try:
        with snapshot.runnable(record.plans) as plans:
            _refuse_heavy(plans, record)
            options = {"threads": threads, "progress": progress}
            return tuple(KINDS[record.kind](record, plans, dict(record.arguments), options))
    except RecordError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"run record: {_reason(error)}") from None


def _reason(error):
    """Why a record cannot be run, in one line; errors of this package say it themselves."""
    ours = type(error).__module__.startswith("sim.")
    first = str(error).splitlines()[0] if str(error) else ""
    return short(first if ours else f"{type(error).__name__}: {first}", 300)


def _refuse_heavy(plans, record):
    worlds = len(settings_of(next(iter(plans.values())))) if record.kind == "robustness" else 1
    for name in ("draws", "luck"):
        count = record.arguments.get(name, 1)
        worlds *= count if isinstance(count, int) and count > 0 else 1
    weeks = sum(
        plan.horizon.weeks * (plan.headcount + sum(row.count for row in plan.joining))
        for plan in plans.values()
    )
    if worlds * weeks > MOST_PERSON_WEEKS:
        raise RecordError(
            f"run record: asks for {worlds * weeks:,} person-weeks of simulation, more than "
            f"{MOST_PERSON_WEEKS:,}; run it by hand"
        )


def _design(arguments):
    """Arguments of `run` from those of a record; on the fast clock, whose rows are the same."""
    if arguments["developer_class"] is not None:
        raise RecordError("ran with a class of developer that is not in the record; run it by hand")
    return {name: arguments[name] for name in ("draws", "luck", "seed", "uncertainty")}


def as_recorded(result, plan):
    """A result of a plan that was made to run, as one of the plan that the record holds."""
    return replace(result, provenance=_as_recorded(result.provenance, plan))


def _as_recorded(provenance, plan):
    of_set, plus, of_work = provenance["curves"].rpartition(" + ")
    curves = f"{plan['levers']['tool']['curves']} {of_set.rpartition(' ')[2]}{plus}{of_work}"
    return provenance | {"scenario_sha256": snapshot.sha256(plan), "curves": curves}


def _run(record, plans, arguments, options):
    ((label, plan),) = plans.items()
    result = run(plan, **_design(arguments), **options)
    return as_recorded(result, record.plans[label]).claims()


def _compare(record, plans, arguments, options):
    return _whole(compare(plans, **_design(arguments), **options), record).claims()


def _whole(comparison, record):
    """A comparison of plans that were made to run, as one of those that the record holds."""
    results = comparison.results.items()
    return Comparison({label: as_recorded(r, record.plans[label]) for label, r in results})


def _decide(record, plans, arguments, options):
    names = ("metric", "budget", "draws", "luck", "seed")
    decision = decide(plans, **{name: arguments[name] for name in names}, **options)
    provenance = {k: _as_recorded(p, record.plans[k]) for k, p in decision.provenance.items()}
    return replace(decision, provenance=provenance).claims()


def _robustness(record, plans, arguments, options):
    design = {name: arguments[name] for name in ("draws", "luck", "seed")}
    again = robustness(plans, **design, **options)
    provenance = {k: _as_recorded(p, record.plans[k]) for k, p in again.provenance.items()}
    return replace(again, provenance=provenance).claims()


def _sensitivity(record, plans, arguments, options):
    ((label, plan),) = plans.items()
    names = ("factors", "samples", "luck", "seed", "metrics", "groups", "others")
    analysis = sensitivity(plan, **{name: arguments[name] for name in names}, **options)
    provenance = _as_recorded(analysis.provenance, record.plans[label])
    return replace(analysis, provenance=provenance).claims()


def _sweep(record, plans, arguments, options):
    """Each point is a run of its own: the same worlds as in the sweep."""
    design = {name: arguments[name] for name in ("draws", "luck", "seed", "uncertainty")}
    metric, progress = arguments["metric"], options["progress"]
    of = metrics.BY_NAME[metric].compared
    over, before = "", 0.0
    if of:  # what is extra is so over the plan as written; once it was over the first point
        reference = arguments.get("over", next(iter(plans)))
        over = arguments.get("over_words", reference)
        before = run(plans[reference], **design, threads=options["threads"])
        before = before.values(of)[:, :, 0]
    points = {label: plan for label, plan in plans.items() if label in arguments["points"]}
    for done, (label, plan) in enumerate(points.items(), 1):
        result = run(plan, **design, threads=options["threads"])
        result = as_recorded(result, record.plans[label])
        y = result.values(of or metric)[:, :, 0] - before
        found = estimate(result.scenario, metric, y, result.uncertain)
        row = dict(zip(estimates.COLUMNS, found, strict=True))
        common = shared({label: result.provenance}, result.caveats, result.cite())
        values = arguments["points"][label]
        if progress is not None:
            progress(done, len(plans))
        yield claim_of_point(label, plan, values, metric, row, result.uncertain, common, over)


def _curves(record, plans, arguments, options):
    ((label, plan),) = plans.items()
    curves = tier_curves(plan, arguments["draws"], arguments["seed"])
    return as_recorded(curves, record.plans[label]).claims()


def _deck(record, plans, arguments, options):
    return deck_again(record, plans, **options).claims.values()


def deck_again(record, plans, threads=None, progress=None):
    """The Analyses of a RunRecord of kind "deck", run again.

    plans : dict, label -> Scenario

    Raises DeckError, one line, where the record's own arguments cannot be used.
    """
    stated = dict(record.arguments.get("deck", {}))
    name = str(stated.pop("name", "deck"))
    stated["plans"] = [{"scenario": label} for label in plans]  # their files are not needed
    try:
        file = checked(DeckFile, stated, "run record")
    except ScenarioError as error:
        raise DeckError(str(error)) from None
    again = analyse(DeckPlan(name, file, plans), threads, progress)
    return replace(again, comparison=_whole(again.comparison, record))


KINDS = {
    "run": _run,
    "compare": _compare,
    "decide": _decide,
    "robustness": _robustness,
    "sensitivity": _sensitivity,
    "sweep": _sweep,
    "curves": _curves,
    "deck": _deck,
}
