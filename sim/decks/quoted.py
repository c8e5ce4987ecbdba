"""Claims of a Brief beyond those of its comparison: so far, worth, choice, knowing.

Ids, beside those of a comparison: `FLOW/so_far/LABEL/WEEK`, `FLOW/pays_back/LABEL`,
`price/pays_from/LABEL`, `METRIC/choice`, `METRIC/p_best/LABEL`, `METRIC/knowing/NUMBER`, and those
of `quoted_beyond`.
"""

import math

import numpy as np

from sim.decks import quoted_beyond
from sim.decks.quoted_beyond import context_of, share_of
from sim.experiments.decide import claims as decided
from sim.experiments.decide.analysis import COSTS
from sim.records.claims import NUMERICAL, ODDS, made, name
from sim.records.words import break_even_weeks, capital, percent, signed, weeks
from sim.records.words import label as label_of
from sim.studies import training

POINTS = 8  # weeks at which the difference so far is quoted
BELIEFS = "80% interval over what is not known"


def claims(brief):
    """Claims of a Brief, without those of its comparison: iterator."""
    yield from _so_far(brief)
    yield from _pays_back(brief)
    yield from _prices(brief)
    if brief.decision:
        yield from _decision(brief)
    yield from quoted_beyond.claims(brief)


def weeks_quoted(brief):
    """Weeks at which the difference so far is quoted, the horizon last."""
    ends = np.linspace(0, brief.comparison.weeks, POINTS + 1)[1:]
    return sorted({max(1, round(end)) for end in ends})


def _plans(brief, *labels):
    results = brief.comparison.results
    return {label: results[label].provenance for label in labels or results}


def _so_far(brief):
    """The difference so far at some weeks."""
    found = brief.comparison
    unit, kind = found.units[found.flow], found.interval
    table = found.weekly().set_index(["plan", "week"])
    for label in found.plans:
        context = context_of(brief, _plans(brief, found.reference, label))
        for week in weeks_quoted(brief):
            numbers = table.loc[(label, week), ["mean", "ci_low", "ci_high"]].tolist()
            shown = signed(*numbers)
            sentence = (
                f"By week {week} {label} is {shown[0]} {unit} of {label_of(found.flow)} "
                f"against {found.reference} ({kind} {shown[1]} to {shown[2]})."
            )
            id_ = name(found.flow, "so_far", label, str(week))
            yield made(id_, capital(sentence), numbers, kind, unit, shown, unit, context)


def _pays_back(brief):
    """When each plan has caught up in expectation, in work and in what decides."""
    found = brief.comparison
    for flow in dict.fromkeys(("work_delivered", found.flow)):
        table = found.break_even(flow)
        for label in found.plans:
            if (label, "expected") not in table.index:
                continue
            numbers = table.loc[(label, "expected"), ["p50", "p10", "p90"]].tolist()
            if math.isnan(numbers[0]):  # no difference in any week
                continue
            shown = break_even_weeks(numbers, found.weeks)
            context = context_of(brief, _plans(brief, found.reference, label))
            sentence = _caught_up(found, label, flow, numbers, shown)
            id_ = name(flow, "pays_back", label)
            yield made(id_, capital(sentence), numbers, BELIEFS, "weeks", shown, "", context)


def _caught_up(found, label, flow, numbers, shown):
    what = f"{label} catches up with {found.reference} in {label_of(flow)}"
    if math.isinf(numbers[1]):  # the 10% point: never under 9 of 10 beliefs
        does_not = what.replace("catches up", "does not catch up", 1)
        return f"In expectation {does_not} within {weeks(found.weeks)} ({BELIEFS}: the same)."
    by = "" if math.isinf(numbers[0]) else "by "
    return f"In expectation {what} {by}{shown[0]} ({BELIEFS} {shown[1]} to {shown[2]})."


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
        context = context_of(brief, _plans(brief, found.reference, label))
        id_ = name("price", "pays_from", label)
        yield made(id_, capital(sentence), numbers, NUMERICAL, unit, shown, unit, context)


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
    context = context_of(brief, _plans(brief), decision.caveats)
    yield from decided.choice(decision, context)
    if len(decision.choices) > 1:
        yield from _odds(decision, context)
    positive = decision.measure_first[decision.measure_first["value"] > 0]
    yield from decided.knowing(decision, positive, context)


def _odds(decision, context):
    """How likely each plan is the best, in expectation over what is not known."""
    for label in decision.choices:
        numbers = share_of(decision.table.loc[label, "p_best_expected"], decision.design["draws"])
        shown = tuple(map(percent, numbers))
        sentence = (
            f"'{label}' is expected best of {len(decision.choices)} plans with probability "
            f"{shown[0]} ({ODDS} {shown[1]} to {shown[2]})."
        )
        id_ = name(decision.metric, "p_best", label)
        yield made(id_, capital(sentence), numbers, ODDS, "share", shown, "", context)
