"""The result of a run: its rows, its summary, where it comes from, what to keep in mind."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from sim.analysis import estimates
from sim.engine import metrics
from sim.errors import ResultError
from sim.experiments import answers, claims
from sim.experiments.answers import Answer, of_one
from sim.experiments.forecast import forecast
from sim.experiments.run_text import run_cell, run_text
from sim.records import citations, folders, provenance, run_record
from sim.records.record import Record
from sim.records.units import units
from sim.scenario import Scenario

FILES = ("replications", "weekly", "parameters")
KEYS = (("draw", "luck", *metrics.NAMES), ("draw", "luck", "week", *metrics.FLOWS), ())
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
    runner        what runs another plan, as `sim.run`: for a question that compares
    """

    scenario: Scenario
    replications: pd.DataFrame
    weekly: pd.DataFrame
    parameters: pd.DataFrame
    caveats: tuple[str, ...]
    provenance: dict
    runner: Callable | None = field(default=None, repr=False, compare=False)

    @property
    def uncertain(self):
        """Whether the parameters were drawn, or central."""
        return self.provenance["uncertainty"] == "full"

    def values(self, *names):
        """Values of metrics as an array (draws, luck, metrics); all of them by default."""
        names = names or metrics.NAMES
        shape = (self.provenance["draws"], self.provenance["luck"], len(names))
        return self.replications[list(names)].to_numpy(float).reshape(shape)

    def summary(self):
        """One row a metric: unit, mean, intervals, share of chance; see DESIGN section 5.

        `mean` is the expected output; `ci_low`, `ci_high` its 95% interval over what is
        not known, for decks; `p10`, `p50`, `p90` where one world falls, for promises;
        `chance_share` how much of the variance is luck; `mc_error` the numerical error of
        the mean; `undefined` the worlds in which the metric has no value.
        """
        return estimates.summarise(self.values(), metrics.NAMES, self.units, self.uncertain)

    @property
    def units(self):
        """Unit of every metric: name -> text, money in the scenario's currency."""
        return units(self.scenario)

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
        finish, given_up = (self.values(name)[:, :, 0] for name in ("finish_week", "abandoned"))
        return forecast(finish, given_up, self.scenario.tasks.backlog, self.scenario.horizon.weeks)

    def probability(self, statement):
        """How often a statement such as "tasks_done >= 100" holds, with its interval.

        Over chance and ignorance together. Worlds in which the metric is not defined
        (a backlog not finished within the horizon) count as not holding.
        """
        found = re.fullmatch(r"\s*(\w+)\s*(>=|<=|>|<)\s*([-+.\deE]+)\s*", str(statement))
        if not found or found[1] not in metrics.NAMES:
            raise ResultError(
                f"{statement!r}: must read 'METRIC >= NUMBER' (or <=, >, <) with a metric such as "
                "tasks_done"
            )
        try:
            number = float(found[3])
        except ValueError:
            raise ResultError(f"{statement!r}: {found[3]!r} is not a number") from None
        values = self.values(found[1])[:, :, 0]
        undefined = int(pd.isna(values).sum())
        return estimates.probability(_COMPARISONS[found[2]](values, number), undefined)

    def to_json(self, found=None):
        """The result as `tiercurve run --json` prints it: plain data, NaN as None.

        found : answers.Answer, if it is already known
        """
        found = found or answers.answer(self)
        finite = self.scenario.tasks.backlog is not None
        table = self.summary().reset_index()
        rows = [
            {key: provenance.plain(value) for key, value in row.items()}
            for row in table.to_dict("records")
        ]
        return {
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            "answer": found.sentence,
            "metrics": rows,
            "forecast": self.forecast().to_json() if finite else None,
            "caveats": [*found.caveats, *self.caveats],
            "provenance": self.provenance,
        }

    def text(self):
        """The record as lines for a terminal."""
        return run_text(self, found=Answer(of_one(self), ()))

    def claims(self, label=None):
        """Every number that can be quoted of it: tuple of Claim.

        label : the plan's name by default
        """
        return claims.of_result(self, label)

    def run_record(self, metric=None):
        """The RunRecord that makes it again."""
        return run_record.made("run", {self.scenario.name: self}, self.claims())

    def _cell(self):
        return run_cell(self)

    def plot(self, kind="work", size="screen", theme="light"):
        """A matplotlib Figure of the run.

        kind : "work" (delivered by week, and hours by activity), "levels" (people by level
            and week) or "hours" (by class of work and by activity)
        size, theme : "screen", "slide", "paper" or "inset"; "light" or "dark"; see figures.look
        """
        from sim import figures  # the one way back: listed in the import contracts

        drawn = {
            "work": figures.run_figure,
            "levels": figures.levels_figure,
            "hours": figures.hours_figure,
        }
        if kind not in drawn:
            raise ResultError(f"kind = {kind!r}: must be one of {', '.join(drawn)}")
        return drawn[kind](self, size=size, theme=theme)

    def cite(self):
        """How to cite these numbers: text and BibTeX, for tool, evidence and scenario."""
        return citations.cite({self.scenario.name: self.provenance})

    def save(self, path, overwrite=False):
        """Write the result as a folder of Parquet and JSON; whole, or not at all.

        Raises ResultError if the path exists, unless it is a saved result and
        `overwrite` is true.
        """
        about = {
            "name": self.scenario.name,
            "scenario": self.scenario.to_dict(),
            "caveats": self.caveats,
            "provenance": self.provenance,
        }
        return folders.write(path, "result", about, self._put, ResultError, overwrite)

    def _put(self, folder):
        for name in FILES:
            getattr(self, name).to_parquet(folder / f"{name}.parquet", index=False)

    def __repr__(self):
        p = self.provenance
        row = self.summary().loc["work_delivered"]
        return (
            f"<Result {self.scenario.name}: {row['mean']:,.0f} expert-h delivered in "
            f"{self.scenario.horizon.weeks} weeks, 95% interval of the expectation "
            f"{row['ci_low']:,.0f} to {row['ci_high']:,.0f}; {p['draws']} draws x {p['luck']} luck>"
        )
