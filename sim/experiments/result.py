"""The result of a run: its rows, its summary, where it comes from, what to keep in mind."""

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim import files, report
from sim.analysis import estimates
from sim.engine import metrics, posterior, setup
from sim.errors import CurveError, ResultError, short
from sim.experiments import (
    answers,
    claims,
    cubes,
    development,
    lanes,
    leading,
    pairing,
    screens,
    stages,
)
from sim.experiments.answers import forecast
from sim.experiments.limits import estimate, limits
from sim.experiments.screens.run import of_run
from sim.records import folders, provenance, run_record, sheets, words, workbook
from sim.records.record import Record
from sim.records.words import units
from sim.report import Table
from sim.scenario import Scenario
from sim.scenario.calendar_days import day_at_end_of

FILES = ("replications", "weekly", "parameters")
KEYS = (("draw", "luck", *metrics.NAMES), ("draw", "luck", "week", *metrics.FLOWS), ())
_READ = (
    "10-90%: where one world falls, chance and ignorance together. chance: share of that spread "
    "that is luck. undefined: worlds in which the metric has no value, where there are any."
)
HOW = f"95% interval: of the expected output, over what is not known. {_READ}"
HOW_CENTRAL = f"95% interval: numerical error only; parameters are at their centre. {_READ}"
MAIN = metrics.listed("headline")  # metrics shown unless every one is asked for
_COMPARISONS = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Result(Record):
    """What a team delivers, over what is not known and what cannot be known.

    scenario      the Scenario that ran
    replications  DataFrame, one row a world: draw, luck and every metric
    weekly        DataFrame, one row a world and week: draw, luck, week (from 1) and flows
    parameters    DataFrame, one row a draw: the uncertain parameters it used
    caveats       sentences that belong to every use of these numbers
    provenance    dict, all that is needed to make them again
    comparer      what compares it with another plan, as `run.against`: for a question that does
    """

    _kind = "result"
    error = ResultError
    _frames = FILES

    scenario: Scenario
    replications: Any
    weekly: Any
    parameters: Any
    caveats: tuple[str, ...]
    provenance: dict
    comparer: Callable | None = field(default=None, repr=False, compare=False)

    @property
    def uncertain(self):
        """Whether the parameters were drawn, or central."""
        return self.provenance["uncertainty"] == "full"

    @property
    def metric(self):
        """The metric that leads what is said of it: that of the plan's [answer]."""
        return leading.metric_of(self.scenario)

    def values(self, *names):
        """Values of metrics as an array (draws, luck, metrics); all of them by default."""
        names = names or metrics.NAMES
        shape = (self.provenance["draws"], self.provenance["luck"], len(names))
        columns = [cubes.column(self, "replications", name) for name in names]
        return np.stack(columns, axis=1).reshape(shape)

    @cached_property
    def levels(self):
        """Which draws share a row of the posterior, the coarsest first: see `posterior.levels`."""
        if not self.uncertain:
            return ()
        return posterior.levels(self.drawn, self.scenario.world.keys())

    @property
    def drawn(self):
        """The uncertain parameters in each draw: dict, name -> (draws,), as in `parameters`."""
        names = cubes.names(self, "parameters")
        return {name: cubes.column(self, "parameters", name) for name in names}

    @cached_property
    def rates(self):
        """Rates of the tier curves in each draw, "curve" -> (draws, 7), or {}.

        They stand in no table; drawn again, they are the run's where its parameters come too.
        """
        p = self.provenance
        try:
            drawn = setup.draw(self.scenario, p["seed"], 0, p["draws"])
        except (CurveError, OSError):
            return {}
        same = all(
            name in drawn and np.allclose(drawn[name], values)
            for name, values in self.drawn.items()
        )
        return {posterior.CURVE: drawn[posterior.CURVE]} if same and self.uncertain else {}

    @property
    def groups(self):
        """Draws that share what is one row of the posterior: int (draws,), or None."""
        return self.levels[0] if self.levels else None

    def summary(self):
        """One row a metric of one plan: unit, mean, intervals, share of chance.

        `mean` is the expected output; `ci_low`, `ci_high` its 95% interval over what is
        not known, for decks; `p10`, `p50`, `p90` where one world falls, for promises;
        `chance_share` how much of the variance is luck; `mc_error` the numerical error of
        the mean, the floor of the posterior's rows within: give or take 1.96 of it the mean
        holds 95 times in 100; `undefined` the worlds in which the metric has no value.
        """
        return estimates.summarise(
            self.values(*metrics.ALONE),
            metrics.ALONE,
            self.units,
            self.uncertain,
            metrics.KINDS,
            self.groups,
            {name: self.bounds(name) for name in metrics.ALONE},
        )

    def bounds(self, name):
        """Least and greatest a metric can be in this plan, from its row in the table of metrics."""
        return limits(self.scenario, name)

    def estimate(self, name):
        """The row of one metric in `summary`, without its unit: `estimates.COLUMNS` in order."""
        return estimate(
            self.scenario, name, self.values(name)[:, :, 0], self.uncertain, self.groups
        )

    @property
    def units(self):
        """Unit of every metric: name -> text, money in the scenario's currency."""
        return units(self.scenario)

    def headline(self):
        """What the plan's [answer] is of, with its interval: a sentence without its dot."""
        return answers.of_one(self).rstrip(".")

    def sentences(self):
        """What the plan delivers, and when a finite backlog is done, each with its interval."""
        return self._sentences(answers.of_one(self))

    def _sentences(self, answer):
        finite = self.scenario.tasks.backlog is not None
        forecast = str(self.forecast()) if finite else answer
        first = [answer] if forecast in answer else [answer, f"Forecast: {forecast}"]
        asked = development.question(self)
        return [*first, asked] if asked else first

    def answer(self):
        """One sentence that answers the scenario's question, with its interval.

        Where the question compares (`[answer] against`) the other plan runs now, over the
        same draws and luck. Raises AnswerError, one line, where it cannot be given.
        """
        return answers.answer(self).sentence

    def forecast(self):
        """When the backlog is done: p50, p85 and the share that finishes, with intervals.

        Over all worlds, chance and ignorance together; never counts as later than any
        week. `str` of it is a sentence. Raises ResultError where there is no backlog.
        """
        if self.scenario.tasks.backlog is None:
            raise ResultError(f"{self.scenario.name}: no tasks.backlog, so nothing to forecast")
        return self._forecast

    @cached_property
    def _forecast(self):
        finish, given_up = (self.values(name)[:, :, 0] for name in ("finish_week", "abandoned"))
        weeks = self.scenario.horizon.weeks
        return forecast(finish, given_up, self.scenario.tasks.backlog, weeks, self.groups)

    def done_by_week(self):
        """Share of worlds whose backlog is done by the end of each week, from week 0.

        returns : (3, weeks + 1), the share and both ends of its 95% interval, by the number of
            worlds alone

        Raises ResultError where there is no backlog.
        """
        if self.scenario.tasks.backlog is None:
            raise ResultError(f"{self.scenario.name}: no tasks.backlog, so nothing to be done")
        finish = self.values("finish_week")[:, :, 0]
        weeks = range(self.scenario.horizon.weeks + 1)
        shares = [estimates.probability(finish <= w, groups=self.groups)[:3] for w in weeks]
        return np.array(shares).T

    def chance_done(self):
        """Share of worlds whose backlog is done by the deadline, or by the end without one."""
        plan = self.scenario
        until = plan.horizon.weeks if plan.by_week is None else plan.by_week
        return float((self.values("finish_week")[:, :, 0] <= until).mean())

    def probability(self, statement):
        """How often a statement such as "tasks_done >= 100" holds, with its interval.

        Over chance and ignorance together. Worlds in which the metric is not defined
        (a backlog not finished within the horizon) count as not holding.
        """
        found = re.fullmatch(r"\s*(\w+)\s*(>=|<=|>|<)\s*([-+.\deE]+)\s*", str(statement))
        if not found or found[1] not in metrics.ALONE:
            raise ResultError(
                f"{statement!r}: must read 'METRIC >= NUMBER' (or <=, >, <) with a metric such as "
                "tasks_done"
            )
        try:
            number = float(found[3])
        except ValueError:
            raise ResultError(f"{statement!r}: {found[3]!r} is not a number") from None
        values = self.values(found[1])[:, :, 0]
        undefined = int(np.isnan(values).sum())
        holds = _COMPARISONS[found[2]](values, number)
        return estimates.probability(holds, undefined, self.groups)

    def to_json(self, answer=None):
        """The result as `tiercurve run --json` prints it: plain data, NaN as None.

        answer : answers.Answer, if it is already known
        """
        answer = answer or answers.answer(self)
        finite = self.scenario.tasks.backlog is not None
        return {
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            "answer": answer.sentence,
            "metrics": provenance.records(self.summary()),
            "forecast": self.forecast().to_json() if finite else None,
            "caveats": [*answer.caveats, *self.caveats],
            "provenance": self.provenance,
        }

    def text(self, everything=False, answer=None):
        """The record as lines for a terminal.

        everything : whether to show every metric, not the main ones alone
        answer : answers.Answer, if it is already known
        """
        answer = answer or self._own_answer()
        every = (*answer.caveats, *self.caveats)
        return report.terminal(
            self._about(),
            self._sentences(answer.sentence) if everything else [],
            self._tables(everything, answer),
            every if everything else screens.caveats(every),
            provenance.origin(self._origins()),
            listed=False,
        )

    def _about(self):
        plan, p = self.scenario, self.provenance
        return [
            f"{plan.name}: {plan.question}",
            f"{pairing.who(plan)}, {plan.horizon.weeks} weeks from {plan.horizon.start}, tool "
            f"{stages.tools(plan)}, {p['draws']} draws x {p['luck']} luck",
            *stages.line(plan),
        ]

    def _sentences_shown(self, everything):
        return self.sentences() if everything else []

    def _tables(self, everything, answer=None):
        if not everything:
            answer = answer or self._own_answer()
            return [Table((), of_run(self, answer))]
        table = self.summary()
        main = [name for name in leading.first(MAIN, self.metric) if name in metrics.ALONE]
        rows = [_row(table.loc[name]) for name in leading.first(metrics.ALONE, *main)]
        head = ("metric", "unit", "mean", "95% interval", "10-90% of worlds", "chance", "undefined")
        return [Table(head, rows, note=HOW if self.uncertain else HOW_CENTRAL)]

    def claims(self, label=None):
        """Every number that can be quoted of it: tuple of Claim.

        label : the plan's name by default
        """
        return claims.of_result(self, label)

    def run_record(self, metric=None):
        """The RunRecord that makes it again."""
        return run_record.made("run", {self.scenario.name: self}, self.claims())

    def plot(self, kind=None, metric=None, size="screen", theme="light"):
        """A matplotlib Figure of the run: by default of what its question asks, as in `run --plot`.

        Where the question compares (`[answer] against`) that is the comparison, and the other plan
        runs now, as for `answer`; of any kind of `plots` it is of this plan alone.

        Arguments and errors as for every record; also AnswerError, one line.
        """
        if kind is None and metric is None and self.comparer and self.scenario.answer.against:
            return answers.answer(self).comparison.plot(size=size, theme=theme)
        return super().plot(kind, metric, size, theme)

    def _own_figure(self):
        return super().plot()

    def _figures(self):
        from sim import figures  # late: Matplotlib is slow to import

        return {
            "work": figures.run_figure, "levels": figures.levels_figure,
            "hours": figures.hours_figure, "hours-by-week": figures.hours_by_week_figure,
            "queues": figures.queues_figure, "swimlanes": _swimlanes,
        }  # fmt: skip

    def sheets(self, answer=None):
        """The sheets of its workbook: name -> DataFrame; what it says first, provenance last.

        answer : answers.Answer, if it is already known
        """
        import pandas as pd  # late: slow to import

        compares = self.comparer is not None and self.scenario.answer.against
        answer = answer or (answers.answer(self) if compares else self._own_answer())
        found = super().sheets()
        first = [("question", self.scenario.question), *of_run(self, answer)]
        rest = found.pop("answer")
        told = {text for _, text in first}
        rest = rest[~rest["text"].isin(told)]
        head = {"answer": pd.concat([pd.DataFrame(first, columns=rest.columns), rest])}
        if answer.comparison is not None:
            head["against"] = answer.comparison.sheets()["tables"]
        return head | found

    def to_excel(self, path, overwrite=False, answer=None):
        """Write the result as an Excel workbook of `sheets`; returns its Path.

        answer : answers.Answer, if it is already known

        Raises ExcelError or ExtraError, one line, where it cannot be.
        """
        return workbook.write(path, self.sheets(answer), overwrite)

    def _own_answer(self):
        """The Answer of this plan alone, whatever its question compares it with."""
        return answers.Answer(answers.of_one(self), ())

    def _first_lines(self):
        return []  # `sheets` has those of its first screen

    def _main_sheet(self):
        leads = leading.first(MAIN, self.metric, "cost_until_done", "cost_to_horizon")
        return sheets.by_metric(self.summary(), leads, self.currency)

    @property
    def currency(self):
        """Currency of its money, "" where none is counted."""
        return self.scenario.money.currency if self.scenario.money else ""

    def chance_by_week(self):
        """Chance that the backlog is done by the end of each week: DataFrame, a row a week.

        `week`, `day` it ends on, `chance` with `low`, `high` (95%, the error of so many worlds).
        Raises ResultError where there is no backlog.
        """
        import pandas as pd  # late: slow to import

        chance, low, high = self.done_by_week()[:, 1:]
        weeks = range(1, self.scenario.horizon.weeks + 1)
        days = [day_at_end_of(week, self.scenario.horizon.start) for week in weeks]
        return pd.DataFrame(
            {"week": weeks, "day": days, "chance": chance, "low": low, "high": high}
        )

    def _sheets(self):
        finite = self.scenario.tasks.backlog is not None
        chance = {"chance by week": self.chance_by_week()} if finite else {}
        of = dict.fromkeys(("chance", "low", "high"), sheets.SHARE)
        return {name: sheets.in_units(table, of) for name, table in chance.items()} | {
            "worlds": self.replications, "weekly": self.weekly, "parameters": self.parameters
        }  # fmt: skip

    def _saved(self):
        return {
            "name": self.scenario.name,
            "scenario": self.scenario.to_dict(),
            "caveats": self.caveats,
            "provenance": self.provenance,
        }

    @classmethod
    def _read(cls, about, path):
        frames = {name: files.table(path / f"{name}.parquet") for name in FILES}
        frames["replications"] = _with_young(frames["replications"], metrics.NAMES, metrics.YOUNG)
        frames["weekly"] = _with_young(frames["weekly"], metrics.FLOWS, metrics.YOUNG_FLOWS)
        plan = folders.scenario(about["scenario"], about["name"], path)
        made = provenance.checked(about["provenance"])
        result = cls(plan, **frames, caveats=folders.caveats_of(about), provenance=made)
        _check(result)
        return result

    def _with_comparer(self, comparer):
        """The same result, with what compares it with another plan."""
        return replace(self, comparer=comparer)

    def __repr__(self):
        p = self.provenance
        return f"<Result {self.headline()}; {p['draws']} draws x {p['luck']} luck>"


for _name in FILES:
    setattr(Result, _name, cubes.Table(_name))


def _row(row):
    """A metric's row of the table, in words."""
    share = "-" if math.isnan(row["chance_share"]) else f"{row['chance_share']:.0%}"
    error = words.error_listed(row["mc_error"], row["unit"])
    estimate = words.estimate(row["mean"], row["ci_low"], row["ci_high"], error=error)
    worlds = words.span(row["p10"], row["p90"], error=error).replace("∞", "later")
    return row.name, row["unit"], *estimate, worlds, share, int(row["undefined"]) or ""


def _with_young(frame, names, young):
    """A table with the columns that an earlier version did not know, undefined.

    names : of all that is measured; young : of them, those that it may lack
    """
    lacking = [name for name in young if name not in frame.columns]
    if not lacking or not set(names) - set(lacking) <= set(frame.columns):
        return frame
    first = [name for name in frame.columns if name not in names]
    return frame.reindex(columns=[*first, *names])


def _check(result):
    """Refuse frames that are not those of a run, and an answer in no metric: ValueError."""
    metric = result.scenario.answer.metric
    if metric is not None and metric not in metrics.NAMES:
        raise ValueError(f"answer.metric: {short(str(metric))} is none")
    worlds = result.provenance["draws"] * result.provenance["luck"]
    weeks = result.scenario.horizon.weeks
    lengths = (worlds, worlds * weeks, result.provenance["draws"])
    for name, keys, length in zip(FILES, KEYS, lengths, strict=True):
        frame = getattr(result, name)
        if len(frame) != length and len(frame.columns):
            raise ValueError(f"{name}: {len(frame)} rows, not {length}")
        missing = [key for key in keys if key not in frame.columns]
        if missing:
            raise ValueError(f"{name}: no column {missing[0]}")


def _swimlanes(result, **look):
    """The figure of one world of a run, which is made again for it."""
    from sim import figures  # late: Matplotlib is slow to import

    return figures.lanes_figure(result, *lanes.lanes(result), **look)
