"""Claims of a deck's analyses beyond those of its comparison.

Ids: `FLOW/so_far/LABEL/WEEK`, `price/pays_from/LABEL`, `METRIC/choice`, `METRIC/worth/LABEL`,
`METRIC/p_best/LABEL`, `METRIC/knowing/NUMBER`, `METRIC/flips/NUMBER` of the plans; and of other
worlds `METRIC/total/FACTOR`, `METRIC/change/FACTOR`, `METRIC/variance/PART`, `METRIC/best_mix`,
`work_per_dev_week/best_mix`, `work_per_dev_week/p_best_mix`, `work_per_pay/best_mix`,
`work_per_pay/p_best_mix`, `pay_ratio/moves`.
"""

import math

import numpy as np

from sim.experiments.decide import claims as of_decision
from sim.experiments.decide import sentences as decided
from sim.experiments.decide.analysis import COSTS
from sim.experiments.findings import on_terms
from sim.experiments.sensitivity import effects
from sim.experiments.sensitivity.sentences import of_sensitivity
from sim.records.claims import EXPECTED, NUMERICAL, ODDS, made, name, shared
from sim.records.words import (
    capital,
    decimals,
    numerical_error,
    percent,
    rounded,
    signed,
    too_close,
    within_interval,
)
from sim.records.words import label as label_of
from sim.studies import composition, mixes, training

POINTS = 8  # weeks at which the difference so far is quoted
DRAWS = "not ranked; see the difference at the horizon"


def claims(analyses):
    """Claims of Analyses, without those of their comparison: iterator."""
    comparison = analyses.comparison
    for label in comparison.plans:
        plans = {key: comparison.results[key].provenance for key in (comparison.reference, label)}
        yield from _of_plan(comparison, label, _context(analyses, plans))
    if analyses.decision:
        yield from _decision(analyses)
    if analyses.sensitivity:
        yield from _sensitivity(analyses)
    if analyses.composition:
        yield from _composition(analyses)


def _context(analyses, provenances, caveats=None, carried_how=DRAWS, carried_by=()):
    """What claims of one origin share: label -> provenance."""
    comparison = analyses.comparison
    caveats = comparison.caveats if caveats is None else caveats
    return shared(provenances, caveats, comparison.cite(), carried_by, carried_how)


# ---- of the plans --------------------------------------------------------------------------------


def _of_plan(comparison, label, context):
    yield from _so_far(comparison, label, context)
    if all(result.scenario.money is not None for result in comparison.results.values()):
        yield _price(comparison, label, context)


def weeks_quoted(comparison):
    """Weeks at which the difference so far is quoted, the horizon last."""
    ends = np.linspace(0, comparison.weeks, POINTS + 1)[1:]
    return sorted({max(1, round(end)) for end in ends})


def _so_far(comparison, label, context):
    """The difference so far at some weeks."""
    flow, kind = comparison.flow, comparison.interval
    unit = comparison.units[flow]
    table = comparison.weekly().set_index(["plan", "week"]).loc[label]
    for week in weeks_quoted(comparison):
        *numbers, error = table.loc[week, ["mean", "ci_low", "ci_high", "mc_error"]].tolist()
        shown = signed(*numbers, error=error)
        sentence = (
            f"By week {week} {label} is {shown[0]} {unit} of {label_of(flow)} "
            f"against {comparison.reference} ({kind} {shown[1]} to {shown[2]})."
        )
        sentence = on_terms(comparison, label, flow, sentence)
        id_ = name(flow, "so_far", label, str(week))
        yield made(id_, capital(sentence), numbers, kind, unit, shown, unit, context, error)


def _price(comparison, label, context):
    """What an expert-hour of work must be worth for a plan to pay."""
    unit = f"{comparison.units['labour_cost']} per expert-h"
    work, cost = (_gain(comparison, label, *names) for names in (("work_delivered",), COSTS))
    row = training.pays_from(work, cost, comparison.design["seed"])
    numbers = [row[c] for c in ("price", "price_low", "price_high")]
    error = numerical_error(*numbers)
    texts = decimals(*numbers, places=2, error=error)
    shown = ["never" if math.isinf(n) else text for n, text in zip(numbers, texts, strict=True)]
    pays = f"where work is worth {shown[0]} {unit} or more"
    if shown[0] == "never":  # but where work is worth little a saving does
        at = "no high worth" if cost.mean() < 0 else "no worth"
        saves = ", and is cheaper" if cost.mean() < 0 else ""
        pays = f"at {at} of work: it is not expected to deliver more{saves}"
    ends = within_interval(NUMERICAL, *shown[1:])
    sentence = f"{label} pays against the first plan {pays} {ends}."
    sentence = on_terms(comparison, label, "net_value", sentence)
    id_ = name("price", "pays_from", label)
    return made(id_, capital(sentence), numbers, NUMERICAL, unit, shown, unit, context, error)


def _gain(comparison, label, *names):
    """Sum of metrics in each draw, plan less reference, chance averaged out (draws,)."""
    results = comparison.results
    plan, base = (results[key].values(*names) for key in (label, comparison.reference))
    return (plan - base).sum(axis=2).mean(axis=1)


def _decision(analyses):
    decision, results = analyses.decision, analyses.comparison.results
    plans = {label: result.provenance for label, result in results.items()}
    context = _context(analyses, plans, decision.caveats)
    yield from of_decision.claim_of_choice(decision, context)
    yield from of_decision.claim_of_worth(decision, context)
    told = len(decision.choices) > 1 and not decided.is_event(decision)
    for label in decision.choices if told else ():
        numbers = decision.table.loc[label, list(decided.P_BEST)].tolist()
        shown = tuple(map(percent, numbers))
        sentence = (
            f"'{label}' is expected best of {len(decision.choices)} plans with probability "
            f"{shown[0]} ({ODDS} {shown[1]} to {shown[2]})."
        )
        id_ = name(decision.metric, "p_best", label)
        yield made(id_, capital(sentence), numbers, ODDS, "share", shown, "", context)
    positive = decision.measure_first[decision.measure_first["value"] > 0]
    yield from of_decision.claims_of_knowing(decision, positive, context)
    yield from of_decision.claims_of_flips(decision, context)


# ---- of other worlds -----------------------------------------------------------------------------


def _sensitivity(analyses):
    analysis = analyses.sensitivity
    context = _context(
        analyses, {analysis.scenario.name: analysis.provenance}, analysis.caveats,
        "total shares of variance, this analysis", _drivers(analysis),
    )  # fmt: skip
    yield from of_sensitivity(analysis, context, _within)
    yield from effects.claims(analysis, context)


def _within(numbers):
    """Shares from nothing to the whole, or to the first where that is above it."""
    return [min(max(number, 0.0), max(1.0, numbers[0])) for number in numbers]


def _drivers(analysis):
    """The first three named factors above the noise floor."""
    table = analysis.indices.dropna(subset=["ST"]).sort_values("ST", ascending=False, kind="stable")
    table = table[table["ST"] > table["floor"]].head(3)
    return tuple(
        {"parameter": row.factor, "share": round(min(row.ST, 1.0), 3), "rests_on": row.group}
        for row in table.itertuples()
    )


def _composition(analyses):
    study = analyses.composition
    if study.name == mixes.NAME:
        yield from _best_by_answer(analyses, study)
        return
    context = _context(
        analyses,
        {f"{analyses.comparison.reference}, {composition.WEEKS} weeks": study.provenance},
        study.caveats, "not ranked for mixes",
    )  # fmt: skip
    paid = f"week of a novice's pay, with experts at {composition.STATED:g} times that"
    yield from _best_mix(study, "work_per_dev_week", "work", "p_best", "developer-week", context)
    yield from _best_mix(study, "work_per_pay", "per_pay", "p_best_paid", paid, context)
    yield _moves(study, context)


def _best_by_answer(analyses, study):
    """The mix that does best by the plan's own metric, and what it costs more."""
    comparison = analyses.comparison
    reference, plan = comparison.reference, comparison.results[comparison.reference].scenario
    provenance = {f"mixes of {reference}": study.provenance}
    context = _context(analyses, provenance, study.caveats, "not ranked for mixes")
    row = study.tables["best"].iloc[0]
    size, ends, unit = mixes.shown(plan, row)
    sign = unit if unit == "%" else ""
    shown = tuple(f"{text}{sign}" for text in (size, *ends.split(" to ")))
    numbers = [row[column] for column in ("mean", "low", "high")]
    kind = ODDS if sign else EXPECTED
    id_, unit = name(row["metric"], "best_mix"), comparison.units[row["metric"]]
    yield made(
        id_, f"{mixes.sentence(plan, study.tables)}.", numbers, kind, unit, shown,
        "" if sign else unit, context, row["error"],
    )  # fmt: skip


def _best_mix(study, key, column, odds, per, context):
    """The mix that delivers most per something, and how likely it is the best."""
    share = _share(study)
    row = composition.best_mix(study.tables, share, column)
    who = composition.people(row["mix"])
    numbers = [x * row[column] / row["work"] for x in (row["work"], row["low"], row["high"])]
    error = row["error"] * row[column] / row["work"]
    shown = rounded(*numbers, error=error)
    sentence = (
        f"With {share:.0%} advanced work {who} deliver most per {per}: {shown[0]} expert-h "
        f"({EXPECTED} {shown[1]} to {shown[2]})."
    )
    if composition.is_close(study.tables, share, column):
        sentence = too_close(sentence)
    id_, unit = name(key, "best_mix"), f"expert-h per {per}"
    yield made(id_, capital(sentence), numbers, EXPECTED, unit, shown, "expert-h", context, error)
    numbers = [float(row[f"{odds}{end}"]) for end in ("", "_low", "_high")]
    shown = tuple(map(percent, numbers))
    sentence = (
        f"{who} are expected best per {per} with probability {shown[0]} ({ODDS} {shown[1]} to "
        f"{shown[2]})."
    )
    id_ = name(key, "p_best_mix")
    yield made(id_, capital(sentence), numbers, ODDS, "share", shown, "", context)


def _share(study):
    """The share of advanced work at which mixes were mapped."""
    return float(study.tables["moves"]["advanced_share"].iloc[0])


def _moves(study, context):
    row = study.tables["moves"].iloc[0]
    numbers = [row[c] for c in ("ratio", "low", "high")]
    never = f"never up to {composition.RATIOS[-1]:g}"
    texts = decimals(*numbers, places=2, error=numerical_error(*numbers))
    shown = [never if math.isinf(n) else text for n, text in zip(numbers, texts, strict=True)]
    sentence = f"With {_share(study):.0%} advanced work the best mix per pay moves "
    if math.isinf(numbers[0]):
        sentence += f"{never} times a novice's pay for an expert"
    else:
        sentence += f"once an expert is paid {shown[0]} times a novice"
    sentence += f" ({NUMERICAL} {shown[1]} to {shown[2]})."
    id_, unit = name("pay_ratio", "moves"), "ratio of pay"
    return made(id_, capital(sentence), numbers, NUMERICAL, unit, shown, "times", context)
