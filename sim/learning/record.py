"""The record of a learning: what a team's own past has changed in what is believed of it."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim import files
from sim.caveats import noted
from sim.engine import curves
from sim.errors import CurveError, LearnError
from sim.learning import coming, saved
from sim.learning.summary import WEEKS_AHEAD, each
from sim.records import folders, words
from sim.records.factors import factor
from sim.records.record import Record
from sim.report import Table
from sim.scenario import snapshot
from sim.scenario.files import RECORD as FILE

MAIN = 8  # parameters shown
NARROWED = 0.05  # share of its spread that a parameter must have lost to be shown
GAIN = 0.95  # of a range that must be left at most for a number to be recommended


@dataclass(frozen=True, repr=False)
class Learning(Record):
    """What was learned from a team's record.

    name          of the file
    scenario      Scenario, the team as it was
    observed      a row a measure: observed, before_p10 to before_p90, after_p10 to after_p90 in its
                  unit, surprise (two-sided prior predictive probability)
    parameters    a row a parameter: quantiles before and after, narrowed (share of its spread lost)
    answers       tickets and work a week, before and after, 8 of 10 worlds, and the ratio of ends
    next_numbers  a row a number not told: range of work now and with it, as a ratio of the ends
    quarter       the record's last 13 weeks as forecast from those before [tickets]; or empty
    forecasts     a row a forecast of 13 weeks made of this team: monday, quantiles, came [tickets]
    coming        a row a week ahead: quantiles of tickets done since the record, q2.5 to q97.5
    still_assumed parameters that rest on assumption and are as wide as before, by weight
    about         what the posterior says of the record: ends, weeks, measures
    notes         how it was read: sentences
    provenance    dict, all that is needed to make it again
    team          the posterior, a curve set as JSON
    """

    _kind = "learning"
    error = LearnError

    name: str
    scenario: snapshot.Kept
    observed: pd.DataFrame
    parameters: pd.DataFrame
    answers: pd.DataFrame
    next_numbers: pd.DataFrame
    quarter: dict[str, float]
    forecasts: pd.DataFrame
    coming: pd.DataFrame
    still_assumed: tuple[str, ...]
    about: dict[str, Any]
    notes: tuple[str, ...]
    provenance: dict[str, Any]
    team: str = ""

    @property
    def caveats(self):
        """What was left out, what surprises, and what the posterior does not say."""
        return noted([
            *self.notes,
            "A change of plan is not narrowed by the past: what a tool, a training or a hire is "
            "worth at this place is as open as it was.",
        ])  # fmt: skip

    def summary(self):
        """A row a measure: what the record says, and worlds before and after, see `observed`."""
        return self.observed

    def sentences(self):
        """What the record says, how far the answer narrows, what comes, what to find out next."""
        return [*self._rates(), *self._coming(), *self._own_quarter(), *self._track(),
                *self._next(), *self._assumed()]  # fmt: skip

    def when(self, tickets: int, by: str | None = None) -> str:
        """When so many tickets more are done if the team goes on as it is, in a sentence.

        by : a day, such as "2027-03-15", up to which the chance is told

        Raises LearnError, one line.
        """
        return coming.sentence(self.coming, self.about["ends"], tickets, by)

    def to_json(self):
        return {
            "file": self.name,
            "plan": self.scenario.name,
            "weeks": self.about["weeks"],
            "ends": self.about["ends"],
            "observed": _rows(self.observed),
            "answers": _rows(self.answers),
            "parameters": _rows(self.parameters),
            "next_numbers": _rows(self.next_numbers),
            "quarter": self.quarter or None,
            "forecasts": _rows(self.forecasts),
            "coming": _rows(self.coming),
            "still_assumed": list(self.still_assumed),
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    # ---- sentences -------------------------------------------------------------------------------

    def _rates(self):
        tickets, work = (row for row in each(self.answers))
        seen = next(row.observed for row in each(self.observed) if row.measure == "tickets")
        low, high = words.rounded(tickets.before_p10, tickets.before_p90)
        after = words.rounded(tickets.after_p10, tickets.after_p90)
        yield (
            f"{words.number(seen)} tickets a week over {words.weeks(self.about['weeks'])}: 8 of 10 "
            f"worlds of {self.scenario.name} gave {low} to {high} before, {after[0]} to {after[1]} "
            "now."
        )
        yield (
            f"The range of work delivered (8 of 10 worlds, drift aside) goes from "
            f"{work.fold_before:.1f}-fold to {work.fold_after:.1f}-fold."
        )

    def _coming(self):
        last = self.forecasts.iloc[-1]
        low, middle, high = words.rounded(last.p10, last.p50, last.p90, finest=0)
        shares = ", ".join(
            f"{name} {words.share(last[key])}"
            for key, name in (("ignorance", "not known"), ("drift", "drift"), ("chance", "chance"))
        )
        yield (
            f"The {WEEKS_AHEAD} weeks from {last.monday}: {middle} tickets, {low} to {high} with "
            f"80% chance. Of that spread: {shares}."
        )

    def _own_quarter(self):
        if not self.quarter:
            return
        low, high, came = words.rounded(
            self.quarter["p10"], self.quarter["p90"], self.quarter["came"], finest=0
        )
        held = "inside" if self.quarter["p10"] <= self.quarter["came"] <= self.quarter["p90"] else (
            "outside")  # fmt: skip
        yield (
            f"Its own last {WEEKS_AHEAD} weeks, forecast from those before: {low} to {high} with "
            f"80% chance; {came} came, {held}."
        )

    def _track(self):
        scored = self.forecasts.dropna(subset=["came"])
        if not len(scored):
            return
        inside = ((scored.p10 <= scored.came) & (scored.came <= scored.p90)).sum()
        yield (
            f"Forecasts made of this team before: {inside} of {len(scored)} held what came within "
            "their 80% interval."
        )

    def _next(self):
        best = self.next_numbers.head(1)
        for row in each(best):
            if row.fold_then <= GAIN * row.fold_now:
                yield (
                    f"Find out next: {row.words} ({row.measure}). With it the range of expected "
                    f"work falls from {row.fold_now:.1f}-fold to {row.fold_then:.1f}-fold."
                )

    def _assumed(self):
        if self.still_assumed:
            names = ", ".join(map(factor, self.still_assumed))
            yield f"Still assumption, and moving work most: {names}."

    # ---- tables ----------------------------------------------------------------------------------

    def _about(self):
        return [f"{self.name}: what it says of {self.scenario.name}, up to {self.about['ends']}"]

    def _tables(self, everything):
        rows = [
            (row.words, words.number(row.observed), words.span(row.before_p10, row.before_p90),
             words.span(row.after_p10, row.after_p90), row.unit)
            for row in each(self.observed)
        ]  # fmt: skip
        note = "Ranges hold 8 of 10 worlds. What the record does not tell is without a value."
        first = Table(("measure", "record", "before", "after", "unit"), rows, "", note)
        return [first, self._of_parameters(everything), *self._of_numbers(everything)]

    def _of_parameters(self, everything):
        table = self.parameters
        if not everything:
            table = table[table["narrowed"] > NARROWED].head(MAIN)
        rows = [
            (factor(row.parameter), words.span(row.before_p10, row.before_p90),
             words.span(row.after_p10, row.after_p90), words.percent(max(row.narrowed, 0.0)))
            for row in each(table)
        ]  # fmt: skip
        title = "Parameters" if everything else "Parameters that it narrows most"
        return Table(("parameter", "before", "after", "narrower by"), rows, title)

    def _of_numbers(self, everything):
        rows = [
            (row.words, row.measure, f"{row.fold_then:.2f}-fold") for row in each(self.next_numbers)
        ]
        if not everything or not rows:
            return []
        now = self.next_numbers["fold_now"].iloc[0]
        note = f"Now {now:.2f}-fold: the ratio of the ends of 8 of 10 of expected work."
        return [Table(("number", "key", "range with it"), rows, "What to find out next", note)]

    # ---- saving ----------------------------------------------------------------------------------

    def _figures(self):
        from sim.figures import (
            burn_up_figure,
            learning_figure,
        )  # late: Matplotlib is slow to import

        return {"learning": learning_figure, "burn-up": burn_up_figure}

    def _cited(self):
        return f"learned from {self.name}", "scenario"

    def _saved(self):
        return {key: value for key, value in folders.packed(self).items() if key != "team"}

    def _write(self, folder):
        (folder / FILE).write_text(self.team, encoding="utf-8")

    @classmethod
    def _read(cls, about, path):
        text = files.content(path / FILE).decode("utf-8")
        try:
            curves.read(path / FILE)
        except CurveError as error:
            raise LearnError(f"{path}: {error}") from None
        return folders.unpacked(cls, {**about, "team": text, **saved.tables(about)})

    def __repr__(self):
        return f"<Learning {self.name}: {words.weeks(self.about['weeks'])} of {self.scenario.name}>"


def _rows(table):
    from sim.records import provenance

    return provenance.records(table)
