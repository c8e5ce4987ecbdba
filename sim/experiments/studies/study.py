"""A study: a named question, its tables, and what was found, in sentences made from them."""

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiments import provenance
from sim.scenario import load
from sim.scenario.shown import Shown


@dataclass(frozen=True, repr=False)
class Study(Shown):
    """The answer to one of the mission's questions.

    name        as `tiercurve study` takes it
    question    what it answers
    title       its finding, one sentence without a dot
    findings    sentences a manager can quote, each number with its interval
    tables      dict, name -> DataFrame, all that its figure shows
    caveats     sentences that belong to every use of these numbers
    provenance  dict
    details     dict of records its figure also needs; not part of the JSON
    """

    name: str
    question: str
    title: str
    findings: tuple[str, ...]
    tables: dict[str, pd.DataFrame]
    caveats: tuple[str, ...]
    provenance: dict
    details: dict[str, Any] = field(default_factory=dict)

    def to_json(self):
        """The study as `tiercurve study --json` prints it: plain data, NaN as None."""
        return {
            "study": self.name,
            "question": self.question,
            "title": self.title,
            "findings": list(self.findings),
            "tables": {name: _records(table) for name, table in self.tables.items()},
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def plot(self, size="screen", theme="light"):
        """The study's figure, a matplotlib Figure.

        size, theme : "screen", "slide", "paper" or "inset"; "light" or "dark"; see figures.look
        """
        from sim.reporting import figures  # the one way back: listed in the import contracts

        return figures.study_figure(self, size=size, theme=theme)

    def __repr__(self):
        return f"<Study {self.name}: {self.title}>"


def _records(table):
    rows = table.to_dict("records")
    return [{key: provenance.plain(value) for key, value in row.items()} for row in rows]


def plan(name):
    """A scenario of the package's `studies` folder, by name."""
    return load(Path(str(files("scenarios"))) / "studies" / f"{name}.toml")
