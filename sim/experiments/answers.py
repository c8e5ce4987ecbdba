"""The sentence that answers a scenario's question, with its interval.

A scenario's [answer] names a metric and, where the question compares, the plan to
compare with, which then runs over the same draws and luck.
"""

import math
from typing import NamedTuple

from sim.analysis import estimates
from sim.engine import metrics
from sim.errors import AnswerError, did_you_mean
from sim.experiments import cautions, findings
from sim.experiments.comparison import Comparison
from sim.experiments.pairing import apart, check_currencies, check_current, check_plans
from sim.records.directions import NEVER
from sim.records.units import units
from sim.records.words import kind_of_interval, rounded, weeks
from sim.records.words import label as label_of


class Answer(NamedTuple):
    """What answers a scenario's question.

    sentence   one sentence, each number with its interval
    caveats    what comparing adds to the caveats of the run
    """

    sentence: str
    caveats: tuple[str, ...]


def check(plan):
    """The plan that a scenario's question compares with, or None.

    Raises AnswerError, CompareError or ScenarioError, one line, where its [answer] cannot
    be given, before anything runs.
    """
    metric = plan.answer.metric
    if metric not in metrics.NAMES:
        hint = did_you_mean(metric, metrics.NAMES) or "; use one of the summary's"
        raise AnswerError(f'{plan.name}: answer.metric = "{metric}": unknown metric{hint}')
    other = plan.against()
    for each in (plan, other):
        lacks = each and _lacks(each, metric)
        if lacks:
            raise AnswerError(
                f'{plan.name}: answer.metric = "{metric}": {each.name} must state {lacks} for it'
            )
    if other:
        check_currencies({other.name: other, plan.name: plan})
    return other


def _lacks(plan, metric):
    """What a plan does not state that a metric needs, or nothing."""
    if metric in NEVER:
        return "" if plan.tasks.backlog is not None else "tasks.backlog"
    if not metrics.UNITS[metric].startswith("money"):
        return ""
    if plan.money is None:
        return "[money]"
    unpriced = metric == "net_value" and plan.money.price_per_expert_hour is None
    return "money.price_per_expert_hour" if unpriced else ""


def answer(result, threads=None, progress=None):
    """The Answer of a result; the plan it is compared with runs here.

    threads, progress : as for `run`
    """
    other = check(result.scenario)
    if other is None:
        return Answer(of_one(result), ())
    found = _compared(other, result, threads, progress)
    row = found.summary().loc[(found.plans[0], result.scenario.answer.metric)]
    return Answer(findings.told(found, row), cautions.of_comparing(found.results))


def _compared(other, result, threads, progress):
    """The Comparison of a result with another plan, which runs over the same draws and luck."""
    label = apart(result.scenario.name, (other.name,))
    check_plans({other.name: other, label: result.scenario})
    check_current({label: result.provenance})
    design = {name: result.provenance[name] for name in ("draws", "luck", "seed", "uncertainty")}
    reference = result.runner(other, **design, threads=threads, progress=progress)
    return Comparison({other.name: reference, label: result})


def of_one(result):
    """The metric of one plan: its expectation, and where single worlds fall."""
    plan, metric = result.scenario, result.scenario.answer.metric
    if metric in NEVER:
        return f"{plan.name}: {result.forecast()}"
    values = result.values(metric)[:, :, 0]
    row = dict(zip(estimates.COLUMNS, estimates.estimate(values, result.uncertain), strict=True))
    missing = findings.undefined(row["undefined"], values.size)
    if math.isnan(row["mean"]):
        return f"{plan.name}: {label_of(metric)} is {missing}, so too few have a value."
    share = metrics.UNITS[metric] == "share"
    mean, low, high, p10, p90 = (
        (100 if share else 1) * row[column]
        for column in ("mean", "ci_low", "ci_high", "p10", "p90")
    )
    sign = "%" if share else f" {units(plan)[metric]}"
    size, low, high = rounded(mean, low, high)
    p10, p90 = rounded(p10, p90)
    what = "delivers" if metric == "work_delivered" else f"{label_of(metric)}:"
    kind = kind_of_interval(result.uncertain, result.provenance["luck"])
    said = (
        f"{plan.name}{' ' if what == 'delivers' else ', '}{what} about {size}{sign} in "
        f"{weeks(plan.horizon.weeks)} ({kind} {low} to {high}); in 8 of 10 worlds {p10} to {p90}"
    )
    said = f"{said}; {missing}." if row["undefined"] else f"{said}."
    nobody = result.forecast().nobody if plan.tasks.backlog is not None else ""
    return f"{said} {nobody}." if nobody else said
