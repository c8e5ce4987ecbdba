"""The first screen of a run: five lines, the answer, its range, its odds, what would narrow it and
what to do next.
"""

import math

from sim.analysis import estimates
from sim.engine import luck, metrics
from sim.experiments import development, drivers, findings
from sim.records import words
from sim.records.factors import factor
from sim.records.words import percent, rounded


def of_run(result, answer):
    """The five lines of a run: list of (name, text).

    answer : answers.Answer of it
    """
    lines = _compared(result, answer) if answer.comparison else _alone(result)
    return [*lines, ("narrow", _narrow(result)), ("next", _next(result))]


def _alone(result):
    metric = result.scenario.answer.metric
    metric = metrics.BY_NAME[metric].compared or metric
    if metric == "done_by":
        return _deadline(result)
    if metric in words.NEVER:
        return _finish(result)
    return _amount(result, metric)


def _deadline(result):
    plan, worlds = result.scenario, result.values("done_by").size
    row = _row(result, "done_by")
    p, low, high = (percent(row[column]) for column in ("mean", "ci_low", "ci_high"))
    are = "is" if plan.tasks.backlog == 1 else "are"
    when = words.by_when(plan, day=True)
    return [
        ("answer", words.capital(f"{words.tickets(plan)} {are} done {when} with probability {p}.")),
        ("range", _when(result)),
        ("odds", f"{p}, give or take the error of {worlds:,} worlds: {low} to {high} (95%)."),
    ]


def _finish(result):
    forecast = result.forecast()
    p, low, high = (
        percent(x) for x in (forecast.finished, forecast.finished_low, forecast.finished_high)
    )
    span, half = words.weeks(forecast.horizon), forecast.p50
    tickets = words.tickets(result.scenario)
    answer = f"Fewer than half of the worlds have {tickets} done within {span}."
    if half < math.inf:
        when = words.week(result.scenario, half)
        answer = f"Half of the worlds have {tickets} done by {when}."
    return [
        ("answer", answer),
        ("range", _when(result)),
        ("odds", f"Done within {span}: {p} of worlds ({low} to {high}, 95% interval)."),
    ]


def _when(result):
    """When worlds are done, and how many tickets nobody could do."""
    forecast = result.forecast()
    shares = (("half", forecast.p50), ("85%", forecast.p85))
    plan = result.scenario
    weeks = [f"{share} by {words.week(plan, week)}" for share, week in shares if week < math.inf]
    late = [share for share, week in shares if week == math.inf]
    if late:
        weeks.append(f"{late[0]} not within {words.weeks(forecast.horizon)}")
    if not forecast.given_up:
        return f"Worlds done: {', '.join(weeks)}."
    nobody = words.mean_count(forecast.given_up)
    told = f"Worlds done: {', '.join(weeks)}. Tickets nobody could do: {nobody} on average."
    if plan.tasks.done_share < 1.0:
        return told
    return f"{told} tasks.done_share = 0.95 would count the backlog as done without the last 5%."


def _amount(result, metric):
    plan, row, unit = result.scenario, _row(result, metric), result.units[metric]
    share = unit == "share"
    scale = 100 if share else 1
    columns = ("mean", "ci_low", "ci_high", "p10", "p90")
    numbers = dict(zip(columns, rounded(
        *(scale * row[c] for c in columns), error=words.error_told(row["mc_error"], unit)
    ), strict=True))  # fmt: skip
    unit = "%" if share else f" {unit}"
    span = words.weeks(plan.horizon.weeks)
    if row["undefined"]:
        worlds = result.values(metric).size
        span += f"; {findings.undefined(row['undefined'], worlds)}"
    if math.isnan(row["mean"]):
        return [("answer", f"{words.label(metric)}: too few worlds have a value; {span}.")]
    what = "delivers" if metric == "work_delivered" else f"{words.label(metric)}:"
    kind = words.kind_of_interval(result.uncertain, result.provenance["luck"])
    ends = "no interval"
    if not math.isnan(row["ci_low"]):
        ends = f"{numbers['ci_low']} to {numbers['ci_high']}{unit}: {kind}".rstrip(",")
    tails = f"1 world in 10 is below {numbers['p10']}, 1 in 10 above {numbers['p90']}{unit}"
    chance = row["chance_share"]
    told = "" if math.isnan(chance) else f"; {percent(chance)} of that spread is plain luck"
    return [
        ("answer", f"{plan.name} {what} about {numbers['mean']}{unit} in {span}."),
        ("range", f"{words.capital(ends)}."),
        ("odds", f"{tails}{told}."),
    ]


def _row(result, metric):
    """The estimate of one metric: dict of `estimates.COLUMNS`."""
    return dict(zip(estimates.COLUMNS, result.estimate(metric), strict=True))


def _compared(result, answer):
    """Answer, range and odds of a question that compares."""
    comparison = answer.comparison
    plan = comparison.plans[0]
    row = comparison.row(plan, comparison.metric)
    odds = findings.better(row) or "Neither more nor less of it is better."
    if metrics.BY_NAME[comparison.metric].event:
        both = (
            comparison.results[label].estimate(comparison.metric)
            for label in (plan, comparison.reference)
        )
        odds = f"{' against '.join(map(_chance, both))}; 95% intervals by the number of worlds."
    worlds = findings.in_one_world(row)
    return [
        ("answer", f"{findings.with_cost(comparison, row)}."),
        ("range", f"{words.capital(worlds)}." if worlds else _when(result)),
        ("odds", odds),
    ]


def _chance(row):
    """A probability with its interval, from `estimates.COLUMNS`."""
    p, low, high = map(percent, row[:3])
    return f"{p} ({low} to {high})"


def _narrow(result):
    """What would narrow the answer most, in words."""
    known = development.narrowing(result)
    ask = "Hours of a full week that a person develops"
    if known:
        low, high = (f"{end:.0f}" for end in known.known)
        return (
            f"{ask}: {known.low:.0f} to {known.high:.0f} in 8 of 10 draws. {development.KEY} = "
            f"[{low}, {high}] would narrow the range from {known.now:.1f}-fold to "
            f"{known.then:.1f}-fold (95% interval {known.likely[0]:.1f} to {known.likely[1]:.1f})."
        )
    if first := _drivers(result):
        return f"{first} Your own record narrows it: tiercurve learn."
    if development.unknown(result.scenario):
        return f"{ask}: a calendar tells them ({development.KEY})."
    return "Your own record: tiercurve learn; what is luck stays."


def _drivers(result):
    """The factors that carry most of what leads, in words; nothing where none is clear."""
    if not result.uncertain:
        return ""
    drawn = result.drawn | result.rates
    means = result.values(result.metric).mean(axis=1)
    key = luck.key_of(result.provenance["seed"])
    (rows,) = drivers.ranked(means, drawn, key, result.scenario.world.keys(), intervals=True)
    told = [
        f"{factor(row['parameter'])} ({percent(row['share'])} of the variance, "
        f"{percent(row['low'])} to {percent(row['high'])})"
        for row in rows[:2]
    ]
    return f"What is expected varies most by {', '.join(told)}; 95% intervals." if told else ""


def _next(result):
    name = result.scenario.called
    return (
        f"tiercurve compare {name} OTHER sets a plan against it; tiercurve sensitivity {name} says "
        f"what moves it; tiercurve run {name} --all shows every metric."
    )
