"""Run records and claims of every record there is.

`record_of` of sim.records.run_record knows runs and comparisons, point_records sweeps and tier
curves, this module the rest. What cannot be run again still says where it is from.
"""

import json
from dataclasses import replace

from sim.errors import RecordError, short
from sim.experiments import carriers, point_records
from sim.experiments.claims_of import claims_of
from sim.experiments.decide import Decision
from sim.experiments.decide import said as decided
from sim.experiments.findings import label as words
from sim.experiments.sensitivity import Sensitivity, outputs
from sim.experiments.sweep import Sweep
from sim.records import claims as claims_
from sim.records.claims import name
from sim.records.run_record import RunRecord, about, dumps, record_of, within_limit
from sim.records.words import percent, rounded, signed
from sim.scenario import snapshot

INTERVAL = "95% interval"
EXPECTED = "95% interval of the expectation"


def claims(record, sensitivity=None):
    """Every number that can be quoted of a Result, Comparison, Decision or Sensitivity.

    Parameters
    ----------
    record : Result, Comparison, Decision or Sensitivity
    sensitivity : Sensitivity, optional
        An analysis of one of the record's plans: what carries the expectation of a metric it
        analysed, of that plan, is then said from it and no longer ranked by the run's own draws.

    Returns
    -------
    tuple of Claim

    Raises
    ------
    ClaimError
        One line, for other records.
    """
    found = tuple(claims_of(record))
    return found if sensitivity is None else tuple(_weighed(claim, sensitivity) for claim in found)


def _weighed(claim, found):
    """A claim with what carries it from an analysis, if it is of that number."""
    metric, what, *_ = claim.id.split("/")
    same = list(claim.scenarios.values()) == [found.scenario.sha256]
    if what != "mean" or not same or metric not in found.metrics:
        return claim
    table = found.indices[found.indices["metric"] == metric].dropna(subset=["ST"])
    table = table[table["ST"] > table["floor"]].sort_values("ST", ascending=False, kind="stable")
    rows = tuple(
        {"parameter": row.factor, "share": round(min(row.ST, 1.0), 3), "rests_on": row.group}
        for row in table.head(carriers.MOST).itertuples()
    )
    how = (
        f"total shares of the variance of the expectation, a sensitivity analysis of "
        f"{found.blocks:,} blocks x {found.moments.luck} luck"
    )
    return replace(claim, carried_by=rows, carried_how=how)


def record_for(record, metric=None):
    """The RunRecord of anything that a figure is drawn of; some cannot be run again.

    metric : of a sweep, which metric is drawn
    """
    if record_of.dispatch(type(record)) is record_of.dispatch(object):
        return _mentioned(record)
    if isinstance(record, Sweep) and metric:
        found = point_records.of_sweep(record, metric)
    else:
        found = within_limit(record_of(record))
    try:
        dumps(found)
    except RecordError:  # thousands of points are too many to travel
        return _mentioned(record)
    return found


def _mentioned(record):
    """A RunRecord that only says where something comes from."""
    stated = json.loads(json.dumps(getattr(record, "provenance", None) or {}, default=str))
    nested = bool(stated) and all(isinstance(value, dict) for value in stated.values())
    kind = type(record).__name__
    provenance = stated if nested else {kind: stated}
    return RunRecord(kind, {}, provenance, {}, (), short(repr(record).strip("<>"), 300))


@record_of.register
def _of_decision(record: Decision):
    names = ("metric", "budget", "draws", "luck", "seed")
    return RunRecord(
        "decide",
        {label: snapshot.keep(plan) for label, plan in record.plans.items()},
        record.provenance,
        {name: record.design[name] for name in names},
        tuple(claims_of(record)),
        about("decide", list(record.plans)[:3], record.design),
    )


@record_of.register
def _of_sensitivity(record: Sensitivity):
    p = record.provenance
    more = {"samples": p["draws"], "luck": p["luck"], "seed": p["seed"]}
    return RunRecord(
        "sensitivity",
        {record.scenario.name: snapshot.keep(record.scenario)},
        {record.scenario.name: p},
        dict(record.asked) | more | {"metrics": list(record.metrics)},
        tuple(claims_of(record)),
        about("sensitivity", [record.scenario.name], p),
    )


@claims_of.register
def of_decision(decision: Decision):
    """Claims of a decision: `METRIC/mean/LABEL`, `METRIC/choice`, `METRIC/knowing/NUMBER`."""
    shared = claims_.shared(decision.provenance, decision.caveats, decision.cite())
    metric, unit = decision.metric, decision.unit
    for label, row in decision.table.iterrows():
        numbers = [row[c] for c in ("mean", "ci_low", "ci_high")]
        shown = rounded(*numbers)
        said = f"{label}: {words(metric)} {shown[0]} {unit} ({EXPECTED} {shown[1]} to {shown[2]})."
        id_ = name(metric, "mean", label)
        yield claims_.made(id_, said, numbers, EXPECTED, unit, shown, unit, shared, row["mc_error"])
    if len(decision.choices) > 1:
        _, row = decided.next_best(decision)
        numbers = [-row[0], *sorted(-row[1:])]
        shown = signed(*numbers)
        said = decided.choice(decision) + "."
        id_ = name(metric, "choice")
        yield claims_.made(id_, said, numbers, INTERVAL, unit, shown, unit, shared)
    yield from _knowing(decision, shared)


def _knowing(decision, shared):
    evpi = decision.evpi
    worth = {"everything": (evpi.value, evpi.low, evpi.high)}
    for label, row in decision.measure_first.query("clear").iterrows():
        worth[label] = (row["value"], row["low"], row["high"])
    for label, numbers in worth.items():
        shown = rounded(*numbers)
        what = "all that can be known" if label == "everything" else label
        said = (
            f"Knowing {what} before choosing is worth {shown[0]} {decision.unit} ({INTERVAL} "
            f"{shown[1]} to {shown[2]})."
        )
        id_ = name(decision.metric, "knowing", label)
        yield claims_.made(
            id_, said, numbers, INTERVAL, decision.unit, shown, decision.unit, shared
        )


@claims_of.register
def of_sensitivity(found: Sensitivity):
    """Claims of a sensitivity analysis: `METRIC/total/FACTOR` and `METRIC/variance/PART`."""
    shared = claims_.shared({found.scenario.name: found.provenance}, found.caveats, found.cite())
    for row in found.indices.dropna(subset=["ST"]).itertuples():
        what = f"{row.factor} moves {{}} of the variance of {outputs.label(row.metric)}"
        numbers = (row.ST, row.ST_low, row.ST_high)
        yield _part(name(row.metric, "total", row.factor), what, numbers, shared)
    for row in found.split().dropna(subset=["share"]).itertuples():
        what = f"{{}} of the variance of {outputs.label(row.metric)} in one world is {row.part}"
        numbers = (row.share, row.low, row.high)
        yield _part(name(row.metric, "variance", row.part), what, numbers, shared)


def _part(id_, what, numbers, shared):
    shown = tuple(percent(min(max(number, 0.0), 1.0)) for number in numbers)
    said = f"{what.format(shown[0])} ({INTERVAL} {shown[1]} to {shown[2]})."
    return claims_.made(
        id_, said[0].upper() + said[1:], numbers, INTERVAL, "share", shown, "", shared
    )
