"""Experiments run again from their records: runs, comparisons, decisions, sensitivity analyses."""

from dataclasses import replace

from sim.errors import RecordError
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.experiments.run import run
from sim.scenario import snapshot


def remake(record, plans, threads, progress):
    """A record's experiment with its plans as Scenarios: see `run_record.REMAKERS`."""
    how = {"threads": threads, "progress": progress}
    return _MAKERS[record.kind](record, plans, dict(record.arguments), how)


def _run(record, plans, asked, how):
    ((label, plan),) = plans.items()
    return as_kept(run(plan, **_design(asked), **how), record.plans[label])


def _compare(record, plans, asked, how):
    found = compare(plans, **_design(asked), **how)
    whole = {label: as_kept(r, record.plans[label]) for label, r in found.results.items()}
    return Comparison(whole)


def _design(asked):
    """Arguments of `run` from those of a record; on the fast clock, whose rows are the same."""
    if asked["developer_class"] is not None:
        raise RecordError("ran with a class of developer that is not in the record; run it by hand")
    return {name: asked[name] for name in ("draws", "luck", "seed", "uncertainty")}


def as_kept(result, kept):
    """A result of a plan that was made to run, as one of the plan that was kept."""
    return replace(result, provenance=_as_kept(result.provenance, kept))


def _as_kept(provenance, kept):
    of_set, plus, of_work = provenance["curves"].rpartition(" + ")
    curves = f"{kept['levers']['tool']['curves']} {of_set.rpartition(' ')[2]}{plus}{of_work}"
    return provenance | {"scenario_sha256": snapshot.sha256(kept), "curves": curves}


def _decide(record, plans, asked, how):
    from sim.experiments.decide import decide  # late: few records are decisions

    names = ("metric", "budget", "draws", "luck", "seed")
    found = decide(plans, **{name: asked[name] for name in names}, **how)
    provenance = {k: _as_kept(p, record.plans[k]) for k, p in found.provenance.items()}
    return replace(found, provenance=provenance)


def _sensitivity(record, plans, asked, how):
    from sim.experiments.sensitivity import sensitivity  # late: as above

    ((label, plan),) = plans.items()
    names = ("factors", "samples", "luck", "seed", "metrics", "groups", "others")
    found = sensitivity(plan, **{name: asked[name] for name in names}, **how)
    return replace(found, provenance=_as_kept(found.provenance, record.plans[label]))


_MAKERS = {"run": _run, "compare": _compare, "decide": _decide, "sensitivity": _sensitivity}
