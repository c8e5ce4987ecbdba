"""The first screen of a comparison: a table of plans, why they differ, and what to do next."""

import math

from sim.analysis import estimates
from sim.engine import metrics
from sim.engine.state import BUCKETS
from sim.experiments import findings, leading
from sim.records import words
from sim.records.words import percent, rounded, signed
from sim.report import Table

MOST_WHY = 4  # differences named for a plan
CHANCE, FINISH = "chance", "finish"
THOUSANDS = 10_000  # money from which it is told in thousands
READ = (
    "Below each plan its change against {reference}, 95% interval{points}. Finish: week by which "
    "half, and 85%, of worlds are done."
)


def of_comparison(comparison):
    """The tables of a comparison's first screen: the plans, why they differ, what to do next."""
    called = [result.scenario.called for result in comparison.results.values()]
    labels = f" {' '.join(called)}" if len(set(called)) == len(called) else ""  # not of one file
    steps = (
        f"tiercurve decide{labels} says which to choose, from more worlds; compare --all shows "
        "every metric."
    )
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
    aside = findings.not_ranked(comparison)
    for label in comparison.results:
        rows.append(
            (
                label + (" *" if label in aside else ""),
                *(value(label) for _, _, value, _ in columns),
            )
        )
        if label != comparison.reference:
            rows.append(("  change", *(change(label) for _, _, _, change in columns)))
    head = ("plan", *(head for head, _, _, _ in columns))
    event = any(unit == CHANCE for _, unit, _, _ in columns)
    finish = any(column[0] == FINISH for column in columns)
    read = READ if finish else READ.partition(" Finish")[0]
    points = "; of a chance in points" if event else ""
    note = read.format(reference=comparison.reference, points=points)
    note += f" * On other terms than {comparison.reference}, so not ranked." if aside else ""
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
        step = words.error_told(error, "share") if share else scale * error
        text = as_text(scale * mean, error=step)[0]
        return f"{text}%" if share else text

    def change(label):
        row = rows[label]
        if math.isnan(row["ci_low"]):
            return ""
        ends = (scale * row[column] for column in ("ci_low", "ci_high"))
        error = findings.error_of(row) if share else scale * row["mc_error"]
        low, high = signed(*ends, error=error)
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
