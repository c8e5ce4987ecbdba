"""The one face of every record: summary, sentences, caveats, claims, figure, citation, saving."""

from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from sim import report
from sim.errors import ClaimError, RecordError, choice
from sim.records import folders, provenance, workbook
from sim.scenario import Scenario

MOST_DRIVERS = 3  # factors named beside a claim


class Record(ABC):
    """Results of an experiment or an analysis; every kind of record has these members.

    A kind states its `_kind`, its `error`, `summary`, `sentences` and `to_json`; `_about`,
    `_tables` and `_figures` for text, cell and plot; `_saved`, `_write` and `_read` where more
    than `to_json` is kept. `repr` is one line, `print` gives `text()`, a notebook shows a cell.
    """

    error: ClassVar[type[ValueError]]  # class of its errors
    caveats: tuple
    provenance: dict
    scenario: Scenario  # where it is of one plan; else `_origins` is stated

    @abstractmethod
    def summary(self):
        """The numbers that matter most, a DataFrame: one row an output, a plan or a factor."""

    @abstractmethod
    def sentences(self):
        """What came out, in plain words: a list of str, each number with its interval."""

    @abstractmethod
    def to_json(self):
        """Plain data, as `--json` prints it; NaN as None."""

    def claims(self):
        """Every number that can be quoted of it: tuple of Claim. Raises ClaimError if none can."""
        raise ClaimError(f"no claims are made of a {type(self).__name__}")

    def run_record(self, metric=None):
        """The RunRecord that makes it again; raises RecordError, one line, where none can.

        metric : which metric it is wanted for, where a record holds only one
        """
        raise RecordError(f"no run record is made of a {type(self).__name__}")

    def plot(self, kind=None, metric=None, size="screen", theme="light"):
        """A matplotlib Figure of the record.

        kind : one of `plots`, the first by default
        metric : of which output, where the figure shows one; the first or main by default
        size, theme : "screen", "slide", "page" or "inset"; "light" or "dark"; see figures.style

        Raises the record's error, one line, for another kind or metric.
        """
        drawn = self._figures()
        if not drawn:
            raise self.error(f"{self._kind}: no figure is drawn of it")
        kind = next(iter(drawn)) if kind is None else kind
        choice("kind", kind, drawn, self.error)
        more = {} if metric is None else {"metric": metric}
        if more and not self._plots_a_metric:
            raise self.error(f"metric = {metric!r}: figures of a {self._kind} show all of theirs")
        return drawn[kind](self, **more, size=size, theme=theme)

    @property
    def plots(self):
        """The kinds of figure that `plot` draws: tuple of str."""
        return tuple(self._figures())

    def cite(self):
        """How to cite these numbers: text and BibTeX, for tool, evidence and every plan."""
        return provenance.cite(self._origins(), *self._cited())

    def save(self, path, overwrite=False):
        """Write the record as a folder: KIND.json and its data beside it; returns its Path.

        Whole, or not at all. Raises the record's error, one line, if the path exists, unless it
        is a saved record of this kind and `overwrite` is true. `sim.load_record` reads it.
        """

        def put(folder):
            self._write(folder)
            folders.keep_curves(folder, self._plans())

        return folders.write(path, self._kind, self._saved(), put, self.error, overwrite)

    def to_excel(self, path, overwrite=False):
        """Write the record as an Excel workbook of `sheets`; returns its Path.

        Raises ExcelError or ExtraError, one line, where it cannot be.
        """
        return workbook.write(path, self.sheets(), overwrite)

    def sheets(self):
        """The sheets of its workbook: name -> DataFrame; what it says first, provenance last."""
        about = workbook.about(self, self._origins(), self._first_lines())
        answer, origin = about["answer"], about["provenance"]
        return {
            "answer": answer, "tables": self._main_sheet(), **self._sheets(), "provenance": origin,
        }  # fmt: skip

    @classmethod
    def load(cls, path):
        """The record of a folder that `save` wrote.

        Raises the record's error, one line, where the folder is not one or is damaged.
        """
        return folders.read(path, cls._kind, cls._read, cls.error)

    @classmethod
    def is_saved(cls, path):
        """Whether a folder is marked as a saved record of this kind."""
        return (Path(path) / f"{cls._kind}.json").is_file()

    def text(self, everything=False):
        """The record as lines for a terminal.

        everything : whether to show every row, not the main ones alone
        """
        tables = self._tables(everything)
        origin = provenance.origin(self._origins())
        sentences, caveats = self._sentences_shown(everything), self._caveats_shown(everything)
        return report.terminal(self._about(), sentences, tables, caveats, origin)

    def __str__(self):
        return self.text()

    def _repr_html_(self):
        figure = self._own_figure() if self._figures() else None
        sentences = self._sentences_shown(False) or self._about()
        return report.cell(sentences, self._cell_tables(), figure, self.caveats)

    def _own_figure(self):
        """The figure of a cell, for which nothing else runs."""
        return self.plot()

    # ---- what a kind states, or may state ------------------------------------------------------

    _kind: ClassVar[str]  # in one word; names the JSON file of a saved folder
    _claims_may_be_cut: ClassVar[bool] = True  # where its run record is too large for a file
    _plots_a_metric: ClassVar[bool] = False

    def _about(self):
        """Lines that say what the record is of."""
        return []

    def _sentences_shown(self, everything):
        """The sentences that text and cell show; none where a table holds what matters of them."""
        return self.sentences()

    def _caveats_shown(self, everything):
        """The caveats that a terminal shows."""
        return self.caveats

    def _tables(self, everything):
        """The tables that text and cell show: list of report.Table."""
        return []

    def _cell_tables(self):
        """The tables of a cell, where they are others than those of a terminal."""
        return self._tables(False)

    def _figures(self):
        """Kind of figure -> function of (record, size, theme); the first is the main one."""
        return {}

    def _origins(self):
        """Label of each plan -> provenance, the reference first."""
        return {self.scenario.name: self.provenance}

    def _plans(self):
        """Plans whose own curve sets are saved with the record: tuple of Scenario."""
        plan = getattr(self, "scenario", None)
        return (plan,) if isinstance(plan, Scenario) else ()

    def _cited(self):
        """What the numbers are beside a run, and what the labels of `_origins` name."""
        return "", "scenario"

    def _first_lines(self):
        """What heads its workbook, as on its first screen: (what, text) rows, the question first.

        By default its question, and its headline where it has one.
        """
        plan, headline = getattr(self, "scenario", None), getattr(self, "headline", None)
        lines = [("question", plan.question)] if plan is not None else []
        return [*lines, *([("answer", f"{headline()}.")] if headline else [])]

    def _main_sheet(self):
        """The first table of its workbook: DataFrame."""
        return self.summary()

    def _sheets(self):
        """More sheets of its workbook: name -> DataFrame."""
        return {}

    def _saved(self):
        """What KIND.json holds: plain data, with `caveats`."""
        return self.to_json()

    _frames: ClassVar[tuple[str, ...]] = ()  # names of the DataFrames kept, as Parquet

    def _write(self, folder):
        """Write the data files of a saved record into a folder."""
        for name in self._frames:
            getattr(self, name).to_parquet(folder / f"{name}.parquet", index=False)

    def _with_comparer(self, comparer):
        """The record; a run takes `comparer`, for a question that compares it with a plan."""
        return self

    @classmethod
    def _read(cls, about, path):
        """The record of what `_saved` and `_write` kept."""
        raise cls.error(f"{path}: a saved {cls._kind} cannot be read again")


def claims(record, sensitivity=None):
    """Every number that can be quoted of a Result, Comparison, Decision or Sensitivity.

    Parameters
    ----------
    record : Record
    sensitivity : Sensitivity, optional
        An analysis of one of the record's plans: what drives the expectation of a metric it
        analysed, of that plan, is then stated from it and no longer ranked by the run's own draws.

    Returns
    -------
    tuple of Claim

    Raises
    ------
    ClaimError
        One line, for other records.
    """
    if not hasattr(record, "claims"):
        raise ClaimError(f"no claims are made of a {type(record).__name__}")
    own = record.claims()
    return own if sensitivity is None else tuple(_weighed(claim, sensitivity) for claim in own)


def _weighed(claim, analysis):
    """The claim, with the factors that drive it where the analysis is of its number."""
    metric, what, *_ = claim.id.split("/")
    same = list(claim.scenarios.values()) == [analysis.scenario.sha256]
    if what != "mean" or not same or metric not in analysis.metrics:
        return claim
    table = analysis.indices[analysis.indices["metric"] == metric].dropna(subset=["ST"])
    table = table[table["ST"] > table["floor"]].sort_values("ST", ascending=False, kind="stable")
    rows = tuple(
        {"parameter": row.factor, "share": round(min(row.ST, 1.0), 3), "rests_on": row.group}
        for row in table.head(MOST_DRIVERS).itertuples()
    )
    method = (
        f"total shares of the variance of the expectation, a sensitivity analysis of "
        f"{analysis.blocks:,} blocks x {analysis.moments.luck} luck"
    )
    return replace(claim, carried_by=rows, carried_how=method)
