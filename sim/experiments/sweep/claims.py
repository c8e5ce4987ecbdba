"""The claims and the run record of a sweep: a claim a point, and against a reference up to four."""

from dataclasses import replace

from sim.engine import metrics
from sim.experiments import claims as claims_of
from sim.experiments.sweep.differences import PointComparison
from sim.records.claims import ODDS, made, name, shared
from sim.records.factors import factor
from sim.records.factors import values as in_words
from sim.records.run_record import RunRecord, about
from sim.records.words import by_when, error_told, kind_of_interval, rounded, units, weeks
from sim.records.words import label as words
from sim.scenario import snapshot


def record_of_sweep(sweep, metric):
    """The RunRecord of a sweep: the plan of each finished point, and one metric of each.

    metric : such as "work_delivered", which the figure shows
    """
    rows, p = _rows_of(sweep, metric), sweep.provenance
    asked = {key: p[key] for key in ("draws", "luck", "seed")}
    over = sweep.reference if metrics.BY_NAME[metric].compared else ""
    against = sweep.against
    points = {label: sweep.store.points[row["point"]] for label, row in rows.items()}
    plans = {label: sweep.scenario_of(row["point"]) for label, row in rows.items()}
    if against is not None:
        plans[sweep.reference] = against.scenario
        asked["against"] = sweep.reference
    elif over:  # the plan as written by itself, or one of the points
        number = sweep.reference_point
        if number is None:
            plans[over] = sweep.scenario
        asked["over"] = over if number is None else f"point {number}"
        asked["over_words"] = over
    return RunRecord(
        "sweep",
        {label: snapshot.keep(plan) for label, plan in plans.items()},
        _provenance(p, plans),
        asked | {"metric": metric, "uncertainty": sweep.manifest["uncertainty"], "points": points},
        of_sweep(sweep, metric),
        f"{about('sweep', [sweep.scenario.name], p)}, {len(rows)} points of "
        f"{', '.join(map(factor, sweep.factors))}",
    )


def _rows_of(sweep, metric):
    """Rows of a sweep's summary by label: "point 3"."""
    table = sweep.summary(metric)
    return {f"point {row['point']}": row for _, row in table[table["mean"].notna()].iterrows()}


def _provenance(p, plans):
    """Provenance by label: of the first point whole, of the others only what differs."""
    hashes = {label: {"scenario_sha256": plan.sha256} for label, plan in plans.items()}
    return {
        label: (p if place == 0 else {}) | own for place, (label, own) in enumerate(hashes.items())
    }


def of_sweep(sweep, metric):
    """Claims of a sweep: `METRIC/mean/point%20N`, of each point that is finished.

    Against a reference its difference too, and how likely it is better: `experiments.claims`.
    """
    claims, citation, rows = [], sweep.cite(), _rows_of(sweep, metric)
    over = sweep.reference if metrics.BY_NAME[metric].compared else ""
    for label, row in rows.items():
        plan = sweep.scenario_of(row["point"])
        provenance = {label: sweep.provenance | {"scenario_sha256": plan.sha256}}
        common = shared(provenance, sweep.caveats, citation)
        values = sweep.store.points[row["point"]]
        claims.append(
            claim_of_point(label, plan, values, metric, row, sweep.uncertain, common, over)
        )
        if sweep.against is not None:
            point = PointComparison(sweep, row["point"], label)
            claims += claims_of_difference(point, metric, values, common)
    return tuple(claims)


def claims_of_difference(comparison, metric, values, common):
    """Claims of a point against the reference, with the point's values in words: list.

    comparison : PointComparison, or a Comparison of the reference and the point
    values : of the point's factors
    """
    (label,) = comparison.plans
    told = claims_of.of_point(comparison, comparison.row(label, metric), common)
    prefix = f"With {in_words(values)}: "
    return [replace(claim, sentence=prefix + claim.sentence) for claim in told]


def claim_of_point(label, plan, values, metric, row, uncertain, common, over=""):
    """The claim of a metric at one point.

    over : what an extra cost is over, in words; empty for other metrics
    """
    unit = units(plan)[metric]
    numbers = [row[c] for c in ("mean", "ci_low", "ci_high")]
    scale, sign = (100, "%") if unit == "share" else (1, "")
    texts = rounded(*(scale * n for n in numbers), error=error_told(row["mc_error"], unit))
    shown = tuple(f"{text}{sign}" for text in texts)
    shown_unit = "" if sign else unit
    kind = kind_of_interval(uncertain, common["luck"])
    kind = ODDS if metrics.BY_NAME[metric].event else kind
    what = f"chance to be done {by_when(plan)}" if metric == "done_by" else words(metric)
    what += f" over {over}" if over else ""
    sentence = (
        f"With {in_words(values)}: {what} {f'{shown[0]} {shown_unit}'.rstrip()} in "
        f"{weeks(plan.horizon.weeks)} ({kind} {shown[1]} to {shown[2]})."
    )
    return made(
        name(metric, "mean", label), sentence, numbers, kind, unit, shown, shown_unit, common,
        row["mc_error"],
    )  # fmt: skip
