"""The first screen of a run and of a comparison: what a planner needs, on few lines.

A run has five lines: the answer, its range, its odds, what would narrow it and what to do next. A
comparison has a table of plans, why they differ in a line each, and what to do next.
"""

import math

from sim.analysis import estimates
from sim.caveats import ALWAYS, LAW, OTHER_TERMS, WORKFORCE, of_kinds
from sim.engine import luck, metrics
from sim.engine.state import BUCKETS
from sim.experiments import development, drivers, findings, leading
from sim.records import words
from sim.records.words import percent, rounded, signed
from sim.report import Table

SHOWN = (*ALWAYS, *OTHER_TERMS, WORKFORCE, LAW)  # kinds of caveats on a first screen
MOST_WHY = 4  # differences named for a plan
CHANCE, FINISH = "chance", "finish"
THOUSANDS = 10_000  # money from which it is told in thousands
READ = (
    "Below each plan its change against {reference}, 95% interval{points}. Finish: week by which "
    "half, and 85%, of worlds are done."
)


def caveats(every):
    """Caveats of a first screen: those that always stand, and how many more there are."""
    shown = of_kinds(every, *SHOWN)
    hidden = len(every) - len(shown)
    return [*shown, *([f"{hidden} more caveats, which --all shows."] if hidden else [])]


# ---- a run ---------------------------------------------------------------------------------------


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
    plan, worlds = result.scenario, len(result.replications)
    row = result.summary().loc["done_by"]
    p, low, high = (percent(row[column]) for column in ("mean", "ci_low", "ci_high"))
    are = "is" if plan.tasks.backlog == 1 else "are"
    when = words.by_when(plan, day=True)
    return [
        ("answer", f"{words.tickets(plan)} {are} done {when} with probability {p}."),
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
    return f"Worlds done: {', '.join(weeks)}. Tickets nobody could do: {nobody} on average."


def _amount(result, metric):
    plan, row = result.scenario, result.summary().loc[metric]
    share = row["unit"] == "share"
    scale = 100 if share else 1
    columns = ("mean", "ci_low", "ci_high", "p10", "p90")
    numbers = dict(zip(columns, rounded(
        *(scale * row[c] for c in columns), error=scale * row["mc_error"]
    ), strict=True))  # fmt: skip
    unit = "%" if share else f" {row['unit']}"
    span = words.weeks(plan.horizon.weeks)
    if row["undefined"]:
        span += f"; {findings.undefined(row['undefined'], len(result.replications))}"
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


def _compared(result, answer):
    """Answer, range and odds of a question that compares."""
    comparison = answer.comparison
    plan = comparison.plans[0]
    row = comparison.row(plan, comparison.metric)
    odds = findings.better(row) or "Neither more nor less of it is better."
    if metrics.BY_NAME[comparison.metric].event:
        odds = f"{percent(row['plan_mean'])} against {percent(row['reference_mean'])}."
    worlds = findings.in_one_world(row)
    return [
        ("answer", f"{findings.with_cost(comparison, row)}."),
        ("range", f"{words.capital(worlds)}." if worlds else _when(result)),
        ("odds", odds),
    ]


def _narrow(result):
    """What would narrow the answer most, in words."""
    known = development.narrowing(result)
    ask = "Hours of a full week that a person develops"
    if known:
        low, high = (f"{end:.0f}" for end in known.known)
        return (
            f"{ask}: {known.low:.0f} to {known.high:.0f} in 8 of 10 draws. {development.KEY} = "
            f"[{low}, {high}] would narrow the range from {known.now:.1f}-fold to "
            f"{known.then:.1f}-fold."
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
    table = result.parameters.drop(columns="draw")
    drawn = {name: table[name].to_numpy(float) for name in table} | result.rates
    means = result.values(result.metric).mean(axis=1)
    key = luck.key_of(result.provenance["seed"])
    (rows,) = drivers.ranked(means, drawn, key, result.scenario.world.keys())
    told = [
        f"{words.parameters().get(row['parameter'], row['parameter'])} "
        f"({percent(row['share'])} of the variance)"
        for row in rows[:2]
    ]
    return f"What is expected varies most by {', '.join(told)}." if told else ""


def _next(result):
    name = result.scenario.called
    return (
        f"tiercurve compare {name} OTHER sets a plan against it; tiercurve sensitivity {name} says "
        f"what moves it; tiercurve run {name} --all shows every metric."
    )


# ---- a comparison --------------------------------------------------------------------------------


def of_comparison(comparison):
    """The tables of a comparison's first screen: the plans, why they differ, what to do next."""
    called = [result.scenario.called for result in comparison.results.values()]
    labels = f" {' '.join(called)}" if len(set(called)) == len(called) else ""  # not of one file
    steps = f"tiercurve decide{labels} says which to choose; compare --all shows every metric."
    why = [(label, _why(comparison, label)) for label in comparison.plans]
    changes = [
        (label, f"{'; '.join(lines) or 'no lever differs'}.")
        for label, lines in comparison.changes.items()
    ]
    return [
        Table((), [("answer", f"{comparison.headline()}.")]),
        plans(comparison),
        Table((), changes, f"What each changes against {comparison.reference}:"),
        Table((), why, "Why, by the largest differences that are told apart from none:"),
        Table((), [("next", steps)]),
    ]


def plans(comparison):
    """Plans x what is asked of them, and below each plan its change: a Table."""
    columns = [column for column in _columns(comparison) if column is not None]
    rows = [("", *(unit for _, unit, _, _ in columns))]
    for label in comparison.results:
        rows.append((label, *(value(label) for _, _, value, _ in columns)))
        if label != comparison.reference:
            rows.append(("  change", *(change(label) for _, _, _, change in columns)))
    head = ("plan", *(head for head, _, _, _ in columns))
    event = any(unit == CHANCE for _, unit, _, _ in columns)
    finish = any(column[0] == FINISH for column in columns)
    read = READ if finish else READ.partition(" Finish")[0]
    points = "; of a chance in points" if event else ""
    note = read.format(reference=comparison.reference, points=points)
    return Table(head, rows, note=note, left=1)


def _leading(comparison):
    """Metrics of the table in their order, that of the answer first."""
    return leading.first(
        ("done_by", findings.EXTRA, "work_delivered", "escaped_defects"), comparison.metric
    )


def _backlog(comparison):
    return all(r.scenario.tasks.backlog is not None for r in comparison.results.values())


def _columns(comparison):
    """Columns of the table: heading, unit, value of a plan, change of a plan."""
    for name in _leading(comparison):
        if name == "weeks_to_done" and _backlog(comparison):
            continue  # the column of finish weeks says it
        yield _column(comparison, name)
        if name == "done_by" and _backlog(comparison) and _is_ever_done(comparison):
            yield FINISH, "half / 85%", lambda label: _weeks(comparison, label), lambda label: ""


_HEADS = {"extra_cost": "extra cost", "work_delivered": "work", "escaped_defects": "defects"}


def _column(comparison, name):
    """A metric's column, or None where no plan has a value."""
    rows = {label: comparison.row(label, name) for label in comparison.plans}
    if all(math.isnan(row["mean"]) for row in rows.values()):
        return None
    share = metrics.UNITS[name] == "share"
    numbers = [abs(x) for row in rows.values() for x in (row["plan_mean"], row["reference_mean"])]
    thousands = metrics.UNITS[name] == metrics.MONEY and max(numbers) >= THOUSANDS
    scale = 100.0 if share else 0.001 if thousands else 1.0
    unit = comparison.units[name]
    unit = f"1,000 {unit}" if thousands else CHANCE if metrics.BY_NAME[name].event else unit

    def value(label):
        if name == findings.EXTRA:
            mean, error = (rows[label]["mean"], math.nan) if label in rows else (0.0, math.nan)
        else:
            row = comparison.results[label].estimate(name)
            mean, error = (row[estimates.COLUMNS.index(column)] for column in ("mean", "mc_error"))
        if math.isnan(mean):
            return "-"
        if metrics.BY_NAME[name].event:
            return percent(mean)
        as_text = signed if name == findings.EXTRA else rounded
        text = as_text(scale * mean, error=scale * error)[0]
        return f"{text}%" if share else text

    def change(label):
        row = rows[label]
        if math.isnan(row["ci_low"]):
            return ""
        ends = (scale * row[column] for column in ("ci_low", "ci_high"))
        low, high = signed(*ends, error=scale * row["mc_error"])
        return "" if low == high else f"{low} to {high}"

    return _head(comparison, name), unit, value, change


def _head(comparison, name):
    if name == "done_by":
        plan = comparison.results[comparison.reference].scenario
        return words.by_when(plan).replace("by the end of ", "by ")
    return _HEADS.get(name, words.label(name))


def _is_ever_done(comparison):
    """Whether half of the worlds of any plan are done within the run."""
    return any(result.forecast().p50 < math.inf for result in comparison.results.values())


def _weeks(comparison, label):
    forecast = comparison.results[label].forecast()
    half, most = (
        f"{week:.0f}" if week < math.inf else "later" for week in (forecast.p50, forecast.p85)
    )
    return f"{half} / {most}"


def _why(comparison, label):
    """The largest differences in hours, escalations and waits that leave out no difference."""
    clear = {}
    for name in (*(f"hours_{bucket}" for bucket in BUCKETS), "escalations", "review_wait_mean"):
        row = comparison.row(label, name)
        if findings.differs(row) and not findings.includes_zero(row):
            clear[name] = row
    hours = [name for name in clear if name.startswith("hours_")]
    hours.sort(key=lambda name: -abs(clear[name]["mean"]))
    others = [name for name in clear if name not in hours]
    told = [_told(clear[name]) for name in (*hours[: MOST_WHY - len(others)], *others)]
    said = f"{'; '.join(told)}." if told else "no difference in hours, escalations or waits."
    return findings.on_terms(comparison, label, comparison.metric, said)


def _told(row):
    name = row.name[1]
    size, low, high = signed(
        *(row[c] for c in ("mean", "ci_low", "ci_high")), error=row["mc_error"]
    )
    unit = "" if name == "escalations" else " h"
    return f"{_ACCOUNTS.get(name, words.label(name))} {size}{unit} ({low} to {high})"


_ACCOUNTS = {
    "hours_agent": "new work with the agent",
    "hours_manual": "new work by hand",
    "hours_review": "reviewing",
    "hours_rework": "rework",
    "hours_fix": "fixes",
    "hours_training": "training",
    "hours_mentoring": "mentoring",
    "hours_idle": "nothing to do",
}
