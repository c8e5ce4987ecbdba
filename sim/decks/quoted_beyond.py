"""Claims of a Brief about other worlds than its plans': what moves the reference, mixes of levels.

Ids: `METRIC/total/FACTOR`, `METRIC/variance/PART`, `work_per_dev_week/best_mix`,
`work_per_dev_week/p_best_mix`, `work_per_pay/best_mix`, `work_per_pay/p_best_mix`,
`pay_ratio/moves`. What all claims of a Brief are made with is here too.
"""

import math

import numpy as np

from sim.analysis import estimates
from sim.experiments.sensitivity.sentences import of_sensitivity
from sim.records.claims import NUMERICAL, ODDS, made, name, shared
from sim.records.words import capital, percent, rounded
from sim.studies import composition

DRAWS = "not ranked; see the difference at the horizon"


def claims(brief):
    """Claims of the sensitivity analysis and of the mixes, where there are: iterator."""
    if brief.sensitivity:
        yield from _sensitivity(brief)
    if brief.composition:
        yield from _composition(brief)


def context_of(brief, results, caveats=None, how=DRAWS, carried=()):
    """What claims of a Brief share: label -> provenance."""
    caveats = brief.comparison.caveats if caveats is None else caveats
    return shared(results, caveats, brief.comparison.cite(), carried, how)


def share_of(p, draws):
    """A share of draws with its 95% interval."""
    holds = np.arange(draws)[:, None] < round(p * draws)
    return [float(p), *estimates.probability(holds)[1:3]]


def _sensitivity(brief):
    found = brief.sensitivity
    how = "total shares of variance, this analysis"
    context = context_of(
        brief, {found.scenario.name: found.provenance}, found.caveats, how, _factors(found)
    )
    yield from of_sensitivity(found, context, _within)


def _within(numbers):
    """Shares from nothing to the whole, or to the first where that is above it."""
    return [min(max(number, 0.0), max(1.0, numbers[0])) for number in numbers]


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
    context = context_of(
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
        yield made(
            name(key, "best_mix"), capital(sentence), numbers, "95% interval of the expectation",
            f"{unit} per {per}", shown, unit, context,
        )  # fmt: skip
        numbers = share_of(row[odds], draws)
        shown = tuple(map(percent, numbers))
        sentence = (
            f"{who} are expected best per {per} with probability {shown[0]} ({ODDS} {shown[1]} to "
            f"{shown[2]})."
        )
        yield made(
            name(key, "p_best_mix"), capital(sentence), numbers, ODDS, "share", shown, "", context
        )
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
    return made(
        name("pay_ratio", "moves"), capital(sentence), numbers, NUMERICAL, "ratio of pay", shown,
        "times", context,
    )  # fmt: skip
