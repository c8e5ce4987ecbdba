"""Run records and claims of sweeps and of tier curves: a claim a point, or a row of a table."""

import numpy as np

from sim.analysis import estimates
from sim.checking.rerun import as_kept
from sim.experiments.claims_of import claims_of
from sim.experiments.findings import label as words
from sim.experiments.run import run
from sim.experiments.sweep import Sweep, design
from sim.experiments.tiers import TierCurves, tier_curves
from sim.records import claims
from sim.records.run_record import RunRecord, about, record_of
from sim.records.units import units
from sim.records.words import kind_of_interval, percent, rounded, weeks
from sim.scenario import snapshot

INTERVAL = "95% interval over what is not known"
METRIC = "work_delivered"


@claims_of.register
def _already(found: tuple):
    """Claims made again are claims."""
    return found


@record_of.register
def of_sweep(sweep: Sweep, metric=METRIC):
    """The RunRecord of a sweep: the plan of each finished point, and one metric of each.

    metric : such as "work_delivered", which the figure shows
    """
    rows, p = _rows_of(sweep, metric), sweep.provenance
    asked = {name: p[name] for name in ("draws", "luck", "seed")}
    points = {label: sweep.store.points[row["point"]] for label, row in rows.items()}
    plans = {label: sweep.scenario_of(row["point"]) for label, row in rows.items()}
    return RunRecord(
        "sweep",
        {label: snapshot.keep(plan) for label, plan in plans.items()},
        _provenance(p, plans),
        asked | {"metric": metric, "uncertainty": sweep.manifest["uncertainty"], "points": points},
        sweep_claims(sweep, metric),
        f"{about('sweep', [sweep.scenario.name], p)}, {len(rows)} points of "
        f"{', '.join(sweep.factors)}",
    )


def _rows_of(sweep, metric):
    """Rows of a sweep's summary by label: "point 3"."""
    table = sweep.summary(metric)
    return {f"point {row['point']}": row for _, row in table[table["mean"].notna()].iterrows()}


def _provenance(p, plans):
    """That of the first point whole, of the others what differs."""
    found = {label: {"scenario_sha256": plan.sha256} for label, plan in plans.items()}
    return {
        label: (p if place == 0 else {}) | own for place, (label, own) in enumerate(found.items())
    }


@claims_of.register
def sweep_claims(sweep: Sweep, metric=METRIC):
    """Claims of a sweep: `METRIC/mean/point%20N`, of each point that is finished."""
    found, citation = [], sweep.cite()
    for label, row in _rows_of(sweep, metric).items():
        plan = sweep.scenario_of(row["point"])
        provenance = {label: sweep.provenance | {"scenario_sha256": plan.sha256}}
        shared = claims.shared(provenance, sweep.caveats, citation)
        values = sweep.store.points[row["point"]]
        found.append(_point(label, plan, values, metric, row, sweep.uncertain, shared))
    return tuple(found)


def remake(record, plans, threads, progress):
    """Claims of the points of a sweep, or tier curves: see `run_record.REMAKERS`."""
    asked = record.arguments
    if record.kind == "sweep":
        return tuple(_points_again(record, plans, asked, threads, progress))
    ((label, plan),) = plans.items()
    found = as_kept(tier_curves(plan, asked["draws"], asked["seed"]), record.plans[label])
    return _curve_claims(found)


def _points_again(record, plans, asked, threads, progress):
    """Each point is a run of its own: the same worlds as in the sweep."""
    how = {name: asked[name] for name in ("draws", "luck", "seed", "uncertainty")}
    for done, (label, plan) in enumerate(plans.items(), 1):
        result = as_kept(run(plan, **how, threads=threads), record.plans[label])
        y = result.values(asked["metric"])[:, :, 0]
        row = dict(zip(estimates.COLUMNS, estimates.estimate(y, result.uncertain), strict=True))
        shared = claims.shared({label: result.provenance}, result.caveats, result.cite())
        values = asked["points"][label]
        if progress is not None:
            progress(done, len(plans))
        yield _point(label, plan, values, asked["metric"], row, result.uncertain, shared)


def _point(label, plan, values, metric, row, uncertain, shared):
    """The claim of a metric at one point."""
    unit = units(plan)[metric]
    numbers = [row[c] for c in ("mean", "ci_low", "ci_high")]
    scale, sign = (100, "%") if unit == "share" else (1, "")
    shown = tuple(f"{text}{sign}" for text in rounded(*(scale * n for n in numbers)))
    shown_unit = "" if sign else unit
    kind = kind_of_interval(uncertain, shared["luck"])
    said = (
        f"With {design.said(values)}: {words(metric)} {f'{shown[0]} {shown_unit}'.rstrip()} in "
        f"{weeks(plan.horizon.weeks)} ({kind} {shown[1]} to {shown[2]})."
    )
    return claims.made(
        claims.name(metric, "mean", label), said, numbers, kind, unit, shown, shown_unit, shared,
        row["mc_error"],
    )  # fmt: skip


@record_of.register
def of_curves(found: TierCurves):
    """The RunRecord of tier curves."""
    p, plan = found.provenance, found.scenario
    return RunRecord(
        "curves",
        {plan.name: snapshot.keep(plan)},
        {plan.name: p},
        {"draws": p["draws"], "seed": p["seed"]},
        _curve_claims(found),
        f"tier curves of {plan.name}: {p['draws']} draws, seed {p['seed']}, Tiercurve "
        f"{p['version']}",
    )


@claims_of.register
def _curve_claims(found: TierCurves):
    """Claims of tier curves: `rate/MEASURE/LEVEL` and `outcome/WORK/ROLE/LEVEL/OUTCOME`."""
    label = found.scenario.name
    shared = claims.shared({label: found.provenance}, found.caveats, "")
    return (
        *(_rate(row, shared) for row in _defined(found.rates)),
        *(_outcome(row, shared) for row in _defined(found.outcomes)),
    )


def _defined(table):
    return table[table["mean"].notna()].itertuples(index=False)


def _rate(row, shared):
    said = f"{{}} of first sessions of studied {row.name}-level people are {row.measure}"
    return _share(claims.name("rate", row.measure, row.name), row, said, shared)


def _outcome(row, shared):
    people = f"{row.name}-level people ({row.role})"
    said = f"{{}} of first sessions of {people} on {row.work} work end {row.outcome}"
    id_ = claims.name("outcome", row.work, row.role, row.name, row.outcome)
    return _share(id_, row, said, shared)


def _share(id_, row, said, shared):
    numbers = (row.mean, row.ci_low, row.ci_high)
    shown = tuple(map(percent, numbers))
    said = f"{said.format(shown[0])} ({INTERVAL} {shown[1]} to {shown[2]})."
    said = said[0].upper() + said[1:]
    spread = (row.ci_high - row.ci_low) / 4  # about four standard deviations of normal draws
    error = spread / np.sqrt(shared["draws"])
    return claims.made(id_, said, numbers, INTERVAL, "share", shown, "", shared, error)
