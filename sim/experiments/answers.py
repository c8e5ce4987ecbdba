"""The sentence that answers a scenario's question, with its interval.

A scenario's [answer] names a metric and, where the question compares, the plan to
compare with, which then runs over the same draws and luck.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from sim.analysis import estimates
from sim.engine import metrics
from sim.errors import AnswerError
from sim.experiments import findings, pairing
from sim.experiments.leading import lacks, with_one_deadline
from sim.experiments.pairing import check_currencies
from sim.records.words import (
    NEVER,
    by_when,
    counted_to,
    error_told,
    kind_of_interval,
    mean_count,
    percent,
    rounded,
    tickets,
    units,
    weeks,
)
from sim.records.words import label as label_of
from sim.records.words import weeks as weeks_of


class Answer(NamedTuple):
    """What answers a scenario's question.

    sentence   one sentence, each number with its interval
    caveats    what comparing adds to the caveats of the run
    comparison the Comparison that answers, where the question compares
    """

    sentence: str
    caveats: tuple[str, ...]
    comparison: Any = None


def check(plan):
    """The plan that a scenario's question compares with, or None.

    Raises AnswerError, CompareError or ScenarioError, one line, where its [answer] cannot
    be given, before anything runs.
    """
    metric = plan.answer.metric
    other = plan.against()
    if metrics.BY_NAME[metric].compared and other is None:
        raise AnswerError(
            f'{plan.name}: answer.metric = "{metric}": is over another plan; state answer.against'
        )
    if other:  # it is asked by the same deadline
        other = with_one_deadline({"plan": plan, "other": other})["other"]
    for each in (plan, other):
        lacking = each and lacks(each, metric)
        if lacking:
            raise AnswerError(
                f'{plan.name}: answer.metric = "{metric}": {each.name} must state {lacking} for it'
            )
    if other:
        check_currencies({other.name: other, plan.name: plan})
    return other


def answer(result, threads=None, progress=None):
    """The Answer of a result; the plan it is compared with runs here.

    threads, progress : as for `run`
    """
    other = check(result.scenario)
    if other is None:
        return Answer(of_one(result), ())
    comparison = result.comparer(result, other, threads, progress)
    row = comparison.row(comparison.plans[0], comparison.metric)
    caveats = pairing.of_comparing(comparison.results)
    return Answer(findings.told(comparison, row), caveats, comparison)


def of_one(result):
    """The metric of one plan: its expectation, and where single worlds fall."""
    plan, metric = result.scenario, result.scenario.answer.metric
    metric = metrics.BY_NAME[metric].compared or metric  # what is extra is so in a comparison
    if metric in NEVER:
        return f"{plan.name}: {result.forecast()}"
    values = result.values(metric)[:, :, 0]
    row = dict(zip(estimates.COLUMNS, result.estimate(metric), strict=True))
    missing = findings.undefined(row["undefined"], values.size)
    if math.isnan(row["mean"]):
        return f"{plan.name}: {label_of(metric)} is {missing}, so too few have a value."
    if metric == "done_by":
        return _done_by(plan, row, values.size)
    said = _said(result, metric, row)
    said = f"{said}; {missing}." if row["undefined"] else f"{said}."
    nobody = result.forecast().nobody if plan.tasks.backlog is not None else ""
    return f"{said} {nobody}." if nobody else said


def _said(result, metric, row):
    """A metric of one plan in words, without the dot."""
    plan, share = result.scenario, metrics.UNITS[metric] == "share"
    mean, low, high, p10, p90 = (
        (100 if share else 1) * row[column]
        for column in ("mean", "ci_low", "ci_high", "p10", "p90")
    )
    error = error_told(row["mc_error"], metrics.UNITS[metric])
    sign = "%" if share else f" {units(plan)[metric]}"
    size, low, high = rounded(mean, low, high, error=error)
    p10, p90 = rounded(p10, p90, error=error)
    what = "delivers" if metric == "work_delivered" else f"{label_of(metric)}:"
    kind = kind_of_interval(result.uncertain, result.provenance["luck"])
    ends = "no interval" if math.isnan(row["ci_low"]) else f"{kind} {low} to {high}"
    span = f"{'in' if metric in metrics.ADD_UP else 'over'} {weeks(plan.horizon.weeks)}"
    if metric in findings.UNTIL_DONE:
        span = f"in {weeks(plan.horizon.weeks)}, {counted_to(plan)}, {findings.left(result)}"
    return (
        f"{plan.name}{' ' if what == 'delivers' else ', '}{what} about {size}{sign} "
        f"{span} ({ends}); in 8 of 10 worlds {p10} to {p90}"
    )


def _done_by(plan, row, worlds):
    """Whether a deadline is met, in words: its probability, and the error of so many worlds."""
    are = "is" if plan.tasks.backlog == 1 else "are"
    p, low, high = (percent(row[column]) for column in ("mean", "ci_low", "ci_high"))
    when = by_when(plan, day=True)
    return (
        f"{plan.name}: {tickets(plan)} {are} done {when} with probability {p} (95% "
        f"interval {low} to {high}, the error of {worlds:,} worlds)."
    )


# ---- when a finite backlog will be done ----------------------------------------------------------


class Forecast(NamedTuple):
    """When the backlog is done, over chance and ignorance together.

    p50, p85         week by whose end half, and 85%, of the worlds are done; inf where
                     that is not within the horizon
    p50_low, p50_high, p85_low, p85_high
                     95% intervals of these weeks, by the number of draws alone
    finished         share of worlds that are done within the horizon
    finished_low, finished_high   its 95% interval, by the number of draws alone
    horizon          length of the run [weeks]
    backlog          tickets there at the start
    given_up, given_up_low, given_up_high
                     tickets that nobody could do by the end: mean, 10% and 90% point of worlds
    """

    p50: float
    p50_low: float
    p50_high: float
    p85: float
    p85_low: float
    p85_high: float
    finished: float
    finished_low: float
    finished_high: float
    horizon: int
    backlog: int
    given_up: float
    given_up_low: float
    given_up_high: float

    @property
    def nobody(self):
        """How many tickets nobody could do, in words; nothing where there is none in any world."""
        if self.given_up == 0:
            return ""
        low, high = (f"{end:,.0f}" for end in (self.given_up_low, self.given_up_high))
        worlds = f"in 8 of 10 worlds {low}" + (f" to {high}" if high != low else "")
        return (
            f"At the end there are {mean_count(self.given_up)} tickets nobody could do, fixes "
            f"among them, beside a backlog of {self.backlog:,} (mean of all worlds; {worlds})"
        )

    def __str__(self):
        nobody = f" {self.nobody}." if self.nobody else ""
        return f"{self._when()}{nobody}"

    def _when(self):
        half, most = self.p50, self.p85
        within = weeks_of(self.horizon)
        left, low, high = (
            percent(1 - share) for share in (self.finished, self.finished_high, self.finished_low)
        )
        rest = f"{left} ({low} to {high}) do not finish within {within}"
        if math.isinf(half):
            return f"Fewer than half of the worlds finish within {within}; {rest}."
        said = f"Half of the worlds finish by week {half:.0f}{_interval(self[1:3])}"
        if math.isinf(most):
            return f"{said}, but not 85% within {within}; {rest}."
        return f"{said}, 85% by week {most:.0f}{_interval(self[4:6])}; {rest}."

    def to_json(self):
        """Plain data: "never" as None, and the sentence."""
        plain = {key: None if math.isinf(v) else v for key, v in self._asdict().items()}
        return plain | {"text": str(self)}


def _interval(ends):
    low, high = (f"{end:.0f}" if end < math.inf else "beyond the horizon" for end in ends)
    return f" (95% interval {low} to {high})"


def forecast(finish, given_up, backlog, horizon, groups=None):
    """Forecast from finish weeks (draws, luck), NaN or inf where never, and the horizon [weeks].

    given_up : (draws, luck), tickets that nobody could do, of a backlog of so many
    groups : int (draws,), draws that share a row of the posterior

    An end of a week's interval is the first week by which the interval of the share done
    (`estimates.probability`) reaches the share asked for.
    """
    finish = np.where(np.isnan(finish), np.inf, finish)
    weeks = range(horizon + 1)
    shares = [estimates.probability(finish <= week, groups=groups)[:3] for week in weeks]

    def first(end, share):
        return next((float(week) for week in weeks if shares[week][end] >= share), math.inf)

    # Done soonest where the share done is highest: the upper end gives the lower week.
    p50, p85 = ([first(end, share) for end in (0, 2, 1)] for share in (0.5, 0.85))
    left = (float(given_up.mean()), *map(float, np.quantile(given_up, (0.1, 0.9))))
    return Forecast(*(*p50, *p85, *shares[-1], horizon, backlog, *left))
