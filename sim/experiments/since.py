"""What changed since the last forecast of a project that runs: the same backlog, then and now."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.analysis import estimates
from sim.errors import AnswerError, ScenarioError
from sim.experiments import levers
from sim.experiments.result import Result
from sim.experiments.run import run
from sim.records.words import capital, date, percent
from sim.report import Table
from sim.scenario import Scenario, running
from sim.scenario.calendar_days import day_at_end_of, first_day

PROGRESS = ("horizon.", "now.", "tasks.backlog")  # levers that differ because time has passed
REACHED = ("familiarity", "changed")  # of a tool: what stands where a team has begun to use it
SHARES = (("half", 0.5), ("85%", 0.85))
MEANING = (
    "Two forecasts, each with the 95% interval of so many worlds: a change within both may be "
    "chance. Both assume the same of what nobody knows, unless the plans say otherwise."
)


@dataclass(frozen=True)
class Since:
    """A forecast beside the one before it.

    now, before  Result of either; both have a backlog, and `now` starts later
    done         tickets done since
    added        tickets added since, below 0 where some were taken out
    weeks        between the two, five working days each
    """

    now: Result
    before: Result
    done: int
    added: int
    weeks: float

    @cached_property
    def table(self):
        """A row of the backlog and of each date: DataFrame.

        Columns: `what`; `before`, `before_low`, `before_high` and `now`, `now_low`, `now_high`,
        with 95% intervals by the number of worlds; `unit`. Of shares of worlds the first day by
        whose end so many are done, empty where that is not within the horizon.
        """
        rows: list[dict[str, Any]] = [
            {"what": "open tickets", "unit": "tickets", **self._both(_open)},
            {"what": "chance by deadline", "unit": "share", **self._both(_chance)},
            *(
                {
                    "what": f"{name} of worlds done", "unit": "day",
                    **self._both(lambda result, share=share: _days(result, share)),
                }
                for name, share in SHARES
            ),
        ]  # fmt: skip
        met = self.now.scenario.by_week is not None or self.before.scenario.by_week is not None
        return pd.DataFrame([row for row in rows if met or row["unit"] != "share"])

    def _both(self, of):
        numbers: dict[str, Any] = {}
        for name, result in (("before", self.before), ("now", self.now)):
            ends = of(result)
            numbers |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        return numbers

    @property
    def changes(self):
        """What the plan states otherwise than the one before, but for progress: tuple of str.

        The one before is taken as it would stand by now, had all gone as planned.
        """
        old, new = self.before.scenario, self.now.scenario
        days = _days_moved(old, new)
        old = carried_on(old, new)
        paths = [p for p in levers.differences(old, new) if not p.startswith(PROGRESS)]
        return (*days, *levers.in_words(old, new, paths))

    def sentences(self):
        """What was done since, how the forecast moved, and what was planned otherwise."""
        start = self.before.scenario.horizon.start
        more = {True: f"{self.added} were added", False: f"{-self.added} were taken out"}
        added = more[self.added > 0] if self.added else "none was added"
        lines = [
            f"Since the forecast from {start}, {self.weeks:g} weeks ago, {self.done} tickets were "
            f"done and {added}."
        ]
        lines += [f"{capital(line)}." for line in self._moved()]
        told = "; ".join(self.changes)
        lines.append(f"Planned otherwise since: {told}." if told else "Nothing else was changed.")
        return lines

    def _moved(self):
        for _, row in self.table[self.table["unit"] != "tickets"].iterrows():
            then, now = (_shown(row, name) for name in ("before", "now"))
            yield f"{row['what']}: {then} then, {now} now"

    def tables(self):
        """The forecast then and now as a table in words: list of Table."""
        rows = [
            (row["what"], _shown(row, "before"), _shown(row, "now"))
            for _, row in self.table.iterrows()
        ]
        first, *_, last = self.sentences()
        head = ("", f"from {self.before.scenario.horizon.start}", "now")
        return [Table(head, rows, first, note=f"{last} {MEANING}")]

    def to_json(self):
        """Plain data: what was done, the table, what was planned otherwise."""
        from sim.records import provenance

        return {
            "before": self.before.scenario.horizon.start, "weeks": self.weeks, "done": self.done,
            "added": self.added, "table": provenance.records(self.table),
            "changes": list(self.changes), "findings": self.sentences(),
            "provenance": self.before.provenance,
        }  # fmt: skip


def since(now, before, threads=None, progress=None):
    """A forecast beside the one before it: a Since.

    now : Result, with a backlog
    before : Result of the last forecast, or its Scenario, which is run as `now` was
    threads, progress : as for `run`

    Raises AnswerError, one line, where they are not forecasts of one project one after the other.
    """
    plan = now.scenario
    old = before.scenario if isinstance(before, Result) else before
    check(plan, old)
    if not isinstance(before, Result):
        p = now.provenance
        asked = (p["draws"], p["luck"], p["seed"], None, p["engine"], p["uncertainty"], threads)
        before = run(old, *asked, progress)
    weeks = (first_day(plan.horizon.start) - first_day(old.horizon.start)).days / 7
    done = _done(plan) - _done(old)
    if plan.now is None:  # nothing says what was done, so nothing is taken to be added
        done = max(0, old.tasks.backlog - plan.tasks.backlog)
    added = plan.tasks.backlog + done - old.tasks.backlog
    return Since(now, before, done, added, round(weeks, 1))


def _days_moved(old, plan):
    """Which days a plan sets otherwise than another, in words: its deadline, the end of its weeks.

    Days, since weeks count from another start.
    """
    for what, weeks in (
        ("deadline", lambda one: one.by_week), ("end of the plan", lambda one: one.horizon.weeks)
    ):  # fmt: skip
        then, now = (
            "none" if weeks(one) is None else date(day_at_end_of(weeks(one), one.horizon.start))
            for one in (old, plan)
        )
        if then != now:
            yield f"{what}: {then} → {now}"


def carried_on(old, plan):
    """A plan as it would stand when a later one of its project starts, had all gone as it says.

    What the later one states as reached is taken from it: familiarity, a rollout that has begun.
    The plan itself where it would have been over by then.
    """
    weeks = (first_day(plan.horizon.start) - first_day(old.horizon.start)).days // 7
    if weeks < 1:
        return old
    new, before = plan.to_dict(), old.to_dict()
    stated = running.as_planned(before, weeks)
    own = {key: new[key] for key in ("horizon", "answer", "now") if key in new}
    stated = {key: value for key, value in stated.items() if key != "now"} | own
    stated["tasks"] = stated["tasks"] | {"backlog": plan.tasks.backlog}
    if before["tool"]["profile"] != stated["tool"]["profile"]:  # the familiarity now reached
        reached = {key: new["tool"][key] for key in REACHED if key in new["tool"]}
        stated["tool"] = stated["tool"] | reached
    begun = [row for row in new.get("rollout", []) if row["week"] == 0]
    stated["rollout"] = [
        next((other for other in begun if _is_one_rollout(row, other)), row)
        for row in stated["rollout"]
    ]
    try:
        return Scenario(stated, old.name)
    except ScenarioError:
        return old


def _is_one_rollout(row, other):
    """Whether two rows are one rollout of which the other tells how far it is today."""
    return all(
        row.get(key) == other.get(key)
        for key in {*row, *other}
        if key not in ("familiarity", "weeks", "curve")
    )


def check(plan, old):
    """Refuse plans that are not of one project one after the other: AnswerError, one line."""
    for one in (plan, old):
        if one.tasks.backlog is None:
            raise AnswerError(f"{one.name}: no tasks.backlog, so nothing to forecast since")
    starts = [first_day(one.horizon.start) for one in (old, plan)]
    if starts[0] >= starts[1]:
        raise AnswerError(
            f"{plan.name}: starts on {starts[1]}, and the forecast before it on {starts[0]}: it "
            "must start later; state now.week or horizon.start"
        )
    if _done(plan) < _done(old):
        raise AnswerError(
            f"{plan.name}: now.done = {_done(plan)}: must be {_done(old)} or more, what was done "
            "at the forecast before it"
        )


def _done(plan):
    return 0 if plan.now is None else plan.now.done


def _open(result):
    return (float(result.scenario.tasks.backlog), math.nan, math.nan)


def _chance(result):
    if result.scenario.by_week is None:
        return (math.nan,) * 3
    row = dict(zip(estimates.COLUMNS, result.estimate("done_by"), strict=True))
    return row["mean"], row["ci_low"], row["ci_high"]


def _days(result, share):
    """First day by whose end a share of worlds is done, and both ends of its interval."""
    forecast, start = result.forecast(), result.scenario.horizon.start
    place = 0 if share == SHARES[0][1] else 3
    return tuple(
        "" if math.isinf(week) or week <= 0 else day_at_end_of(week, start)
        for week in forecast[place : place + 3]
    )


def _shown(row, name):
    """A number of the table with its interval, in words."""
    value, low, high = (row[key] for key in (name, f"{name}_low", f"{name}_high"))
    if row["unit"] == "tickets":
        return f"{value:,.0f}"
    if row["unit"] == "share":
        if math.isnan(value):
            return "no deadline"
        return f"{percent(value)} ({percent(low)} to {percent(high)})"
    if not value:
        return "not within the horizon"
    low, high = (end[5:] if end[:4] == value[:4] else end for end in (low, high))
    return f"{value} ({low or 'at once'} to {high or 'beyond'})"
