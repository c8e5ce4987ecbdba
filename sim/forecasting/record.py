"""The record of a backtest: how well forecasts of past quarters would have done."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from sim.caveats import noted
from sim.errors import BacktestError
from sim.forecasting.replay import COLUMNS, DRIFT, ENDS, HELD, LEAST_RECENT, WEEKS
from sim.forecasting.scores import NOMINAL
from sim.records import folders, words
from sim.records.record import Record
from sim.report import Table

# Methods in the order they are told -> their names in a table.
METHODS = {
    DRIFT: "a level that walks",
    "with_drift": "resampling, fixed drift 0.5",
    "weighted": "weighted weeks, fixed drift 0.4",
    "resampling": "resampling",
}
NO_TEAM = (
    "This scores the drift and the chance of counts. A tracker has no people, tools or agents in "
    "it, so nothing here says whether the simulation of a team is right."
)
FEW = 20  # forecasts below which shares inside say little
MOST_LEFT_OUT = 5  # projects left out that are named


@dataclass(frozen=True, repr=False)
class Backtest(Record):
    """Forecasts of the next 13 weeks, made every 13 weeks of a record, with their scores.

    name        of the file
    forecasts   a row a forecast and method: project, monday (the first day ahead), method, recent
                (13 weeks at the rate of the last 26) and came [tickets], q2.5 to q97.5 of the
                forecast [tickets], crps (over recent), in50, in80, in95
    coming      project -> quantiles of the 13 weeks after the record, as q2.5 to q97.5 [tickets]
    left_out    project -> why it is not scored
    notes       how tickets were counted: sentences
    provenance  dict, all that is needed to make it again
    """

    _kind = "backtest"
    error = BacktestError
    methods: ClassVar[dict[str, str]] = METHODS

    name: str
    forecasts: pd.DataFrame
    coming: dict[str, list[float]]
    left_out: dict[str, str]
    notes: tuple[str, ...]
    provenance: dict[str, Any]

    @property
    def count(self) -> int:
        """How many forecasts were scored."""
        return int((self.forecasts["method"] == DRIFT).sum())

    @property
    def caveats(self):
        """What these scores cannot say, and what was left out."""
        said = f"{self._forecasts_in_words()} only"
        few = [f"{said}: of {FEW} or fewer, shares inside are mostly chance."]
        left = list(self.left_out.items())
        named = [f"Not scored: {name or self.name}, {why}." for name, why in left[:MOST_LEFT_OUT]]
        more = len(left) - MOST_LEFT_OUT
        return noted([
            NO_TEAM, *(few if self.count <= FEW else ()), *named,
            *([f"Not scored: {more} projects more."] if more > 0 else ()), *self.notes,
        ])  # fmt: skip

    def summary(self):
        """One row a method: shares inside, `crps`, and `ratio`, its mean over projects.

        crps : mean over the recent level of each forecast
        ratio : of a project's mean CRPS to that of resampling with a fixed drift of 0.5
        """
        table = self.forecasts
        rows = table.groupby("method")[[*HELD, "crps"]].mean().loc[list(METHODS)]
        by_project = table.groupby(["method", "project"])["crps"].mean().unstack("method")
        return rows.assign(ratio=by_project.div(by_project["with_drift"], axis=0).mean())

    def sentences(self):
        """How often intervals held what came, how far off forecasts were, and what comes next."""
        rows = self.summary()
        own, fixed, plain = (rows.loc[name] for name in (DRIFT, "with_drift", "resampling"))
        held = ", ".join(
            f"{words.share(own[column])} at nominal {share}%"
            for column, share in zip(HELD, NOMINAL, strict=True)
        )
        return [
            f"{self._forecasts_in_words()} of {WEEKS} weeks, each from the weeks before it: their "
            f"intervals hold what came {held}.",
            f"They are off by {own['crps']:.2f} of the recent level (mean CRPS); resampling the "
            f"last 26 weeks by {plain['crps']:.2f}, with a fixed drift of 0.5 by "
            f"{fixed['crps']:.2f}{self._against(own['ratio'])}.",
            f"Resampling alone holds {words.share(plain['in80'])} at nominal 80%.",
            *self._next(),
        ]

    def to_json(self):
        rows = self.summary()
        projects = [
            {"project": name, "forecasts": int((part["method"] == DRIFT).sum()),
             **{method: _scores(row) for method, row in _of_methods(part)}}
            for name, part in self.forecasts.groupby("project")
        ]  # fmt: skip
        return {
            "file": self.name,
            "forecasts": self.count,
            **_scores(rows.loc[DRIFT]),
            "ratio": float(rows.loc[DRIFT, "ratio"]),
            **{name: _scores(rows.loc[name]) for name in METHODS if name != DRIFT},
            "projects": projects,
            "coming": self.coming,
            "left_out": self.left_out,
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def _forecasts_in_words(self) -> str:
        many = self.forecasts["project"].nunique()
        text = f"{self.count:,} forecast{'s' if self.count > 1 else ''}"
        return f"{text} of {many:,} projects" if many > 1 else text

    def _against(self, ratio: float) -> str:
        """The error against that of resampling with a fixed drift, in words."""
        if len(self.coming) > 1:
            return f"; the ratio to the latter is {ratio:.2f}, mean over projects"
        change = words.percent(abs(1 - ratio))
        return f": {change} {'less' if ratio < 1 else 'more'} than the latter"

    def _next(self) -> list[str]:
        """What the weeks after the record bring, where the file is of one project."""
        if len(self.coming) > 1:
            return []
        (ends,) = self.coming.values()
        low, middle, high = (f"{ends[place]:,.0f}" for place in (1, 3, 5))
        return [f"The {WEEKS} weeks after it: {middle} tickets, with 80% chance {low} to {high}."]

    def _about(self):
        return [f"{self.name}: forecasts of {WEEKS} weeks, scored on what came"]

    def _tables(self, everything):
        head = ("method", "inside 50%", "inside 80%", "inside 95%", "CRPS / recent", "ratio")
        rows = [
            (METHODS[str(row.Index)], *(words.share(getattr(row, name)) for name in HELD),
             f"{row.crps:.3f}", f"{row.ratio:.3f}")
            for row in self.summary().itertuples()
        ]  # fmt: skip
        note = (
            "CRPS / recent: mean error of a whole forecast over 13 weeks at the rate of the last "
            f"26. Ratio: to resampling with drift 0.5, mean over projects. Only forecasts from "
            f"{LEAST_RECENT / WEEKS:g} tickets a week on."
        )
        tables = [Table(head, rows, "", note)]
        return [*tables, self._by_project()] if everything or len(self.coming) > 1 else tables

    def _by_project(self) -> Table:
        """A row a project: its scores beside resampling with a fixed drift, and what comes."""
        rows = []
        for name, part in self.forecasts.groupby("project"):
            methods = dict(_of_methods(part))
            own, fixed = methods[DRIFT], methods["with_drift"]
            ends = self.coming[str(name)]
            rows.append((name or self.name, int((part["method"] == DRIFT).sum()),
                         words.share(own["in80"]), f"{own['crps']:.3f}", f"{fixed['crps']:.3f}",
                         f"{ends[1]:,.0f} to {ends[5]:,.0f}"))  # fmt: skip
        head = ("project", "forecasts", "inside 80%", "CRPS", "fixed drift", "next 13 weeks, 80%")
        return Table(head, rows, "By project")

    def _figures(self):
        from sim.figures import backtest_figure  # late: Matplotlib is slow to import

        return {"backtest": backtest_figure}

    def _origins(self):
        return {self.name: self.provenance}

    def _cited(self):
        return f"backtest of {WEEKS} weeks ahead", "record"

    def _saved(self):
        return folders.packed(self)

    @classmethod
    def _read(cls, about, path):
        record = folders.unpacked(cls, about)
        _check(record)
        return record

    def __repr__(self):
        return f"<Backtest {self.name}: {self._forecasts_in_words()}>"


def _check(record: Backtest) -> None:
    """Refuse what was read and is no backtest: ValueError, a few words."""
    table, made_by = record.forecasts, record.provenance
    if list(table.columns) != list(COLUMNS) or not len(table):
        raise ValueError("forecasts: not the columns of a backtest")
    texts = table[["project", "monday", "method"]].map(lambda value: isinstance(value, str))
    numbers = table[["recent", "came", *ENDS, "crps"]]
    numeric = all(dtype.kind in "if" for dtype in numbers.dtypes)
    if not texts.all(axis=None) or not numeric or not numbers.abs().lt(1e15).all(axis=None):
        raise ValueError("forecasts: a cell is not of its kind")
    for monday in set(table["monday"]):
        date.fromisoformat(monday)
    if not all(table[name].dtype == bool for name in HELD):
        raise ValueError("forecasts: whether an interval held is not yes or no")
    times = table.groupby(["project", "monday", "method"]).size().unstack("method")
    if set(times.columns) != set(METHODS) or not (times == 1).all(axis=None):
        raise ValueError("forecasts: not one of each method")
    if set(record.coming) != set(table["project"]) or any(
        len(ends) != len(ENDS) or not all(0 <= end < 1e15 for end in ends)
        for ends in record.coming.values()
    ):
        raise ValueError("coming: not the quantiles of each project")
    if not all(isinstance(made_by.get(key), str) for key in ("version", "evidence_sha256")):
        raise ValueError("provenance: version or evidence_sha256 is missing")


def _scores(row) -> dict[str, Any]:
    """Shares inside and CRPS of a row, as `--json` gives them."""
    inside = {str(share): float(row[name]) for share, name in zip(NOMINAL, HELD, strict=True)}
    return {"inside": inside, "crps": float(row["crps"])}


def _of_methods(part: pd.DataFrame):
    """Method -> mean scores of the forecasts of one project, in the order of METHODS."""
    rows = part.groupby("method")[[*HELD, "crps"]].mean()
    return [(name, rows.loc[name]) for name in METHODS]
