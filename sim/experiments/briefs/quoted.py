"""Claims of a Brief beyond those of its comparison: so far, worth, choice, knowing, factors, mixes.

Ids, beside those of `claims_of`: `FLOW/so_far/LABEL/WEEK`, `price/pays_from/LABEL`,
`METRIC/choice`, `METRIC/p_best/LABEL`, `METRIC/knowing/NUMBER`, `METRIC/total/FACTOR`,
`METRIC/variance/PART`, `work_per_dev_week/best_mix`, `work_per_dev_week/p_best_mix`,
`work_per_pay/best_mix`, `work_per_pay/p_best_mix`, `pay_ratio/moves`.
"""

import math

import numpy as np

from sim.experiments import estimates, findings
from sim.experiments.claims import Claim, name
from sim.experiments.claims_of import ODDS
from sim.experiments.decide import said as decided
from sim.experiments.decide.analysis import COSTS
from sim.experiments.sensitivity import outputs
from sim.experiments.studies import composition, training
from sim.experiments.wording import percent, rounded, signed

POINTS = 8  # weeks at which the difference so far is quoted
NUMERICAL = "95% numerical interval"
INTERVAL = "95% interval"
DRAWS = "not ranked; see the difference at the horizon"


def claims(brief):
    """Claims of a Brief, without those of its comparison: iterator."""
    yield from _so_far(brief)
    yield from _prices(brief)
    if brief.decision:
        yield from _decision(brief)
    if brief.sensitivity:
        yield from _sensitivity(brief)
    if brief.composition:
        yield from _composition(brief)


def weeks_quoted(brief):
    """Weeks at which the difference so far is quoted, the horizon last."""
    ends = np.linspace(0, brief.comparison.weeks, POINTS + 1)[1:]
    return sorted({max(1, round(end)) for end in ends})


def _context(brief, results, caveats=None, how=DRAWS, carried=()):
    """What claims share: label -> provenance."""
    first = next(iter(results.values()))
    return {
        "draws": first["draws"],
        "luck": first["luck"],
        "seed": first["seed"],
        "scenarios": {label: p["scenario_sha256"] for label, p in results.items()},
        "evidence_sha256": first["evidence_sha256"],
        "curves": tuple(p["curves"] for p in results.values()),
        "version": first["version"],
        "carried_by": carried,
        "carried_how": how,
        "caveats": tuple(brief.comparison.caveats if caveats is None else caveats),
        "citation": brief.comparison.cite(),
    }


def _claim(id_, sentence, numbers, interval, unit, shown, shown_unit, context, error=math.nan):
    value, low, high = map(float, numbers)
    return Claim(
        id_, sentence[0].upper() + sentence[1:], value, low, high, interval, unit, tuple(shown),
        shown_unit, float(error), **context,
    )  # fmt: skip


def _plans(brief, *labels):
    results = brief.comparison.results
    return {label: results[label].provenance for label in labels or results}


def _so_far(brief):
    """The difference so far at some weeks."""
    found = brief.comparison
    unit, kind = found.units[found.flow], findings.interval(found)
    table = found.weekly().set_index(["plan", "week"])
    for label in found.plans:
        context = _context(brief, _plans(brief, found.reference, label))
        for week in weeks_quoted(brief):
            numbers = table.loc[(label, week), ["mean", "ci_low", "ci_high"]].tolist()
            shown = signed(*numbers)
            sentence = (
                f"By week {week} {label} is {shown[0]} {unit} of {findings.label(found.flow)} "
                f"against {found.reference} ({kind} {shown[1]} to {shown[2]})."
            )
            id_ = name(found.flow, "so_far", label, str(week))
            yield _claim(id_, sentence, numbers, kind, unit, shown, unit, context)


def _prices(brief):
    """What an expert-hour of work must be worth for each plan to pay, where money is stated."""
    found = brief.comparison
    if any(result.scenario.money is None for result in found.results.values()):
        return
    unit = f"{found.units['labour_cost']} per expert-h"
    for label in found.plans:
        work, cost = (_gain(found, label, *names) for names in (("work_delivered",), COSTS))
        row = training.pays_from(work, cost, found.design["seed"])
        numbers = [row[c] for c in ("price", "price_low", "price_high")]
        shown = ["never" if math.isinf(n) else f"{n:.2f}" for n in numbers]
        sentence = _pays(label, shown, unit)
        context = _context(brief, _plans(brief, found.reference, label))
        id_ = name("price", "pays_from", label)
        yield _claim(id_, sentence, numbers, NUMERICAL, unit, shown, unit, context)


def _gain(found, label, *names):
    """Sum of metrics in each draw, plan less reference, chance averaged out (draws,)."""
    plan, base = (found.results[key].values(*names) for key in (label, found.reference))
    return (plan - base).sum(axis=2).mean(axis=1)


def _pays(label, shown, unit):
    if shown[0] == "never":
        return (
            f"{label} pays at no worth of work: it is not expected to deliver more ({NUMERICAL} "
            f"of the worth {shown[1]} to {shown[2]})."
        )
    return (
        f"{label} pays where work is worth {shown[0]} {unit} or more ({NUMERICAL} {shown[1]} to "
        f"{shown[2]})."
    )


def _decision(brief):
    decision = brief.decision
    metric, unit = decision.metric, decision.unit
    context = _context(brief, _plans(brief), decision.caveats)
    if len(decision.choices) > 1:
        _, row = decided.next_best(decision)
        numbers = [-row[0], *sorted(-row[1:])]
        yield _claim(
            name(metric, "choice"), decided.choice(decision) + ".", numbers, INTERVAL, unit,
            signed(*numbers), unit, context,
        )  # fmt: skip
        yield from _odds(decision, context)
    worth = {"everything": decision.evpi} | {
        label: row for label, row in decision.measure_first.iterrows() if row["value"] > 0
    }
    for label, found in worth.items():
        numbers = [found[c] for c in ("value", "low", "high")] if label != "everything" else [
            found.value, found.low, found.high
        ]  # fmt: skip
        shown = rounded(*numbers)
        what = "all that can be known" if label == "everything" else label
        sentence = (
            f"Knowing {what} before choosing is worth {shown[0]} {unit} ({INTERVAL} {shown[1]} to "
            f"{shown[2]})."
        )
        yield _claim(
            name(metric, "knowing", label), sentence, numbers, INTERVAL, unit, shown, unit, context
        )


def _odds(decision, context):
    """How likely each plan is the best, in expectation over what is not known."""
    for label in decision.choices:
        numbers = _share(decision.table.loc[label, "p_best_expected"], decision.design["draws"])
        shown = tuple(map(percent, numbers))
        sentence = (
            f"'{label}' is expected best of {len(decision.choices)} plans with probability "
            f"{shown[0]} ({ODDS} {shown[1]} to {shown[2]})."
        )
        id_ = name(decision.metric, "p_best", label)
        yield _claim(id_, sentence, numbers, ODDS, "share", shown, "", context)


def _share(p, draws):
    """A share of draws with its 95% interval."""
    holds = np.arange(draws)[:, None] < round(p * draws)
    return [float(p), *estimates.probability(holds)[1:3]]


def _sensitivity(brief):
    found = brief.sensitivity
    metric = found.metrics[0]
    how = "total shares of variance, this analysis"
    context = _context(
        brief, {found.scenario.name: found.provenance}, found.caveats, how, _factors(found)
    )
    what = outputs.label(metric)
    for row in found.indices.dropna(subset=["ST"]).itertuples():
        yield _part(
            name(metric, "total", row.factor), f"{row.factor} moves {{}} of the variance of {what}",
            (row.ST, row.ST_low, row.ST_high), context,
        )  # fmt: skip
    for row in found.split().dropna(subset=["share"]).itertuples():
        yield _part(
            name(metric, "variance", row.part),
            f"Of the variance of {what} in one world {{}} is of {row.part}",
            (row.share, row.low, row.high), context,
        )  # fmt: skip


def _part(id_, said, numbers, context):
    numbers = [min(max(n, 0.0), max(1.0, numbers[0])) for n in numbers]
    shown = tuple(map(percent, numbers))
    sentence = f"{said.format(shown[0])} ({INTERVAL} {shown[1]} to {shown[2]})."
    return _claim(id_, sentence, numbers, INTERVAL, "share", shown, "", context)


def _factors(found):
    """The named factors above the noise floor, as carriers."""
    table = found.indices.dropna(subset=["ST"]).sort_values("ST", ascending=False, kind="stable")
    table = table[table["ST"] > table["floor"]].head(3)
    return tuple(
        {"parameter": row.factor, "share": round(min(row.ST, 1.0), 3), "rests_on": row.group}
        for row in table.itertuples()
    )


def _composition(brief):
    study = brief.composition
    share = float(study.tables["moves"]["advanced_share"].iloc[0])
    context = _context(
        brief, {f"{brief.comparison.reference}, {composition.WEEKS} weeks": study.provenance},
        study.caveats, "not ranked for mixes",
    )  # fmt: skip
    draws = study.provenance["draws"]
    for key, column, odds, unit, per in (
        ("work_per_dev_week", "work", "p_best", "expert-h", "developer-week"),
        ("work_per_pay", "per_pay", "p_best_paid", "expert-h",
         f"week of a novice's pay, with experts at {composition.STATED:g} times that"),
    ):  # fmt: skip
        row = composition.best_mix(study.tables, share, column)
        who = composition.people(row["mix"])
        numbers = [x * row[column] / row["work"] for x in (row["work"], row["low"], row["high"])]
        shown = rounded(*numbers)
        sentence = (
            f"With {share:.0%} advanced work {who} deliver most per {per}: {shown[0]} {unit} "
            f"(95% interval of the expectation {shown[1]} to {shown[2]})."
        )
        yield _claim(
            name(key, "best_mix"), sentence, numbers, "95% interval of the expectation",
            f"{unit} per {per}", shown, unit, context,
        )  # fmt: skip
        numbers = _share(row[odds], draws)
        shown = tuple(map(percent, numbers))
        sentence = (
            f"{who} are expected best per {per} with probability {shown[0]} ({ODDS} {shown[1]} to "
            f"{shown[2]})."
        )
        yield _claim(name(key, "p_best_mix"), sentence, numbers, ODDS, "share", shown, "", context)
    yield _moves(study, share, context)


def _moves(study, share, context):
    row = study.tables["moves"].iloc[0]
    numbers = [row[c] for c in ("ratio", "low", "high")]
    never = f"never up to {composition.RATIOS[-1]:g}"
    shown = [never if math.isinf(n) else f"{n:.2f}" for n in numbers]
    start = f"With {share:.0%} advanced work the best mix per pay"
    if math.isinf(numbers[0]):
        sentence = f"{start} moves {never} times a novice's pay for an expert"
    else:
        sentence = f"{start} moves once an expert is paid {shown[0]} times a novice"
    sentence += f" ({NUMERICAL} {shown[1]} to {shown[2]})."
    return _claim(
        name("pay_ratio", "moves"), sentence, numbers, NUMERICAL, "ratio of pay", shown,
        "times", context,
    )  # fmt: skip
