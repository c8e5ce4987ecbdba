"""Experiments run again from their run records, each kind by a function of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from sim.analysis import estimates
from sim.checking.verdicts import printed_numbers
from sim.checking.workloads import WORK, deck_plan, design_of
from sim.decks import Deck, content
from sim.decks.analyses import analyse
from sim.engine import metrics
from sim.errors import RecordError, short
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.experiments.decide import decide
from sim.experiments.decide.decision import STATED
from sim.experiments.limits import estimate
from sim.experiments.robustness import robustness
from sim.experiments.run import run
from sim.experiments.sensitivity import sensitivity
from sim.experiments.sweep.as_written import LABEL
from sim.experiments.sweep.claims import claim_of_point, claims_of_difference
from sim.experiments.tiers import tier_curves
from sim.records.claims import shared
from sim.records.words import three_figures
from sim.scenario import snapshot


def possible(record):
    """Whether a RunRecord is of a kind that can be run again."""
    return record.kind in KINDS


class Again(NamedTuple):
    """What a record gives when its experiment is run again.

    claims  tuple of Claim
    stated  lines that a deck of it states, as `sim.decks.content.stated` gives them
    """

    claims: tuple
    stated: tuple = ()


class Rerun(NamedTuple):
    """An experiment that was run again.

    claims  function without arguments, its claims
    stated  as in Again
    """

    claims: Callable
    stated: tuple = ()


def rerun(record, threads=None, progress=None):
    """The claims of a RunRecord, computed by running its experiment again: tuple of Claim."""
    return again(record, threads, progress).claims


def again(record, threads=None, progress=None):
    """What a RunRecord gives when its experiment is run again: `Again`.

    Each is printed in as many figures as the record prints it in, see `_as_printed`.

    threads, progress : as for `run`

    Raises RecordError, one line, for a kind or a run that cannot be made again; also where its rows
    cannot fit into memory.
    """
    workload_of(record, threads).refuse_unfit(RecordError, "run record: ")
    options = {"threads": threads, "progress": progress}
    return _with_plans(KINDS, record, lambda given: _given(record, given), options)


def workload_of(record, threads=None):
    """The Workload of running a RunRecord's experiment again; nothing runs.

    threads : as for `run`

    Raises RecordError, one line, for a kind or a run that cannot be made again.
    """
    return _with_plans(WORK, record, lambda work: work, threads)


def _with_plans(functions, record, finish, options):
    """What the function of a record's kind gives, with its plans made to run."""
    if not possible(record):
        raise RecordError(f"a {short(record.kind)}, which cannot be run again from its record yet")
    if not record.plans:
        raise RecordError("run record: plans: there are none")
    try:
        with snapshot.runnable(record.plans) as plans:
            arguments = dict(record.arguments)
            return finish(functions[record.kind](record, plans, arguments, options))
    except RecordError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"run record: {_reason(error)}") from None


def _given(record, given):
    """What a function of KINDS gives, a Rerun or just its claims, as the record prints it."""
    whole = given if isinstance(given, Rerun) else Rerun(given)
    return Again(_as_printed(record, whole.claims), whole.stated)


def _as_printed(record, make):
    """The claims that `make` gives, each in as many figures as the record prints it in.

    A number is told in the figures that its error supports; earlier versions told three of every
    number, and what they told is as true. Either is accepted, number by number, and nothing else.
    """
    claims = tuple(make())
    recorded = {claim.id: claim for claim in record.claims}
    if all(_prints_as(claim, recorded.get(claim.id, claim)) for claim in claims):
        return claims
    with three_figures():
        earlier = {claim.id: claim for claim in make()}
    return tuple(
        earlier[claim.id]
        if claim.id in recorded and _prints_as(earlier[claim.id], recorded[claim.id])
        else claim
        for claim in claims
    )


def _prints_as(claim, other):
    """Whether two claims print the same numbers."""
    return printed_numbers(claim) == printed_numbers(other)


def _reason(error):
    """Why a record cannot be run, in one line; errors of this package say it themselves."""
    ours = type(error).__module__.startswith("sim.")
    first = str(error).splitlines()[0] if str(error) else ""
    return short(first if ours else f"{type(error).__name__}: {first}", 300)


def as_recorded(result, plan):
    """A result of a plan that was made to run, as one of the plan that the record holds."""
    return replace(result, provenance=_as_recorded(result.provenance, plan))


def _as_recorded(provenance, plan):
    of_set, plus, of_work = provenance["curves"].rpartition(" + ")
    curves = f"{plan['levers']['tool']['curves']} {of_set.rpartition(' ')[2]}{plus}{of_work}"
    return provenance | {"scenario_sha256": snapshot.sha256(plan), "curves": curves}


def _run(record, plans, arguments, options):
    ((label, plan),) = plans.items()
    result = run(plan, **design_of(arguments), **options)
    return as_recorded(result, record.plans[label]).claims


def _compare(record, plans, arguments, options):
    return _whole(compare(plans, **design_of(arguments), **options), record).claims


def _whole(comparison, record):
    """A comparison of plans that were made to run, as one of those that the record holds."""
    results = comparison.results.items()
    return Comparison({label: as_recorded(r, record.plans[label]) for label, r in results})


def _decide(record, plans, arguments, options):
    names = ("metric", "budget", "draws", "luck", "seed")
    stated = {name: arguments[name] for name in STATED if name in arguments}
    decision = decide(plans, **{name: arguments[name] for name in names}, **stated, **options)
    provenance = {k: _as_recorded(p, record.plans[k]) for k, p in decision.provenance.items()}
    return replace(decision, provenance=provenance).claims


def _robustness(record, plans, arguments, options):
    design = {name: arguments[name] for name in ("draws", "luck", "seed")}
    again = robustness(plans, **design, **options)
    provenance = {k: _as_recorded(p, record.plans[k]) for k, p in again.provenance.items()}
    return replace(again, provenance=provenance).claims


def _sensitivity(record, plans, arguments, options):
    ((label, plan),) = plans.items()
    names = ("factors", "samples", "luck", "seed", "metrics", "groups", "others")
    analysis = sensitivity(plan, **{name: arguments[name] for name in names}, **options)
    provenance = _as_recorded(analysis.provenance, record.plans[label])
    return replace(analysis, provenance=provenance).claims


def _sweep(record, plans, arguments, options):
    """Each point is a run of its own, and so is the reference: the same worlds as in the sweep."""
    design = {name: arguments[name] for name in ("draws", "luck", "seed", "uncertainty")}
    metric, progress = arguments["metric"], options["progress"]
    of = metrics.BY_NAME[metric].compared
    over, before, against = "", 0.0, arguments.get("against")
    if against is not None:
        held = run(plans[against], **design, threads=options["threads"])
        held = as_recorded(held, record.plans[against])
        before, over = (held.values(of)[:, :, 0], against) if of else (0.0, "")
    elif of:  # what is extra is so over the plan as written; once it was over the first point
        reference = arguments.get("over", next(iter(plans)))
        over = LABEL if arguments.get("over_words") == LABEL else reference
        before = run(plans[reference], **design, threads=options["threads"])
        before = before.values(of)[:, :, 0]
    points, comparisons = [], {}
    asked = {label: plan for label, plan in plans.items() if label in arguments["points"]}
    for done, (label, plan) in enumerate(asked.items(), 1):
        result = run(plan, **design, threads=options["threads"])
        result = as_recorded(result, record.plans[label])
        y = result.values(of or metric)[:, :, 0] - before
        found = estimate(result.scenario, metric, y, result.uncertain)
        row = dict(zip(estimates.COLUMNS, found, strict=True))
        common = shared({label: result.provenance}, result.caveats, result.cite())
        values = arguments["points"][label]
        if progress is not None:
            progress(done, len(asked))
        points.append((label, plan, values, metric, row, result.uncertain, common, over))
        if against is not None:
            comparisons[label] = Comparison({against: held, label: result})

    def claims():
        for point in points:
            label, _, values, *_, common, _ = point
            yield claim_of_point(*point)
            if label in comparisons:
                yield from claims_of_difference(comparisons[label], metric, values, common)

    return claims


def _curves(record, plans, arguments, options):
    ((label, plan),) = plans.items()
    curves = tier_curves(plan, arguments["draws"], arguments["seed"])
    return as_recorded(curves, record.plans[label]).claims


def _deck(record, plans, arguments, options):
    analyses = deck_again(record, plans, **options)
    # A new one each time, which holds no claims yet.
    return Rerun(
        lambda: replace(analyses).claims.values(), tuple(content.stated(Deck(analyses).content))
    )


def deck_again(record, plans, threads=None, progress=None):
    """The Analyses of a RunRecord of kind "deck", run again.

    plans : dict, label -> Scenario

    Raises DeckError, one line, where the record's own arguments cannot be used.
    """
    again = analyse(deck_plan(record, plans), threads, progress)
    return replace(again, comparison=_whole(again.comparison, record))


# Kind -> what runs it again, and gives what makes its claims.
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
