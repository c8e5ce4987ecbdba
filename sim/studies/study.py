"""A study: a named question, its tables, and what was found, in sentences made from them."""

from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

import pandas as pd

from sim import files
from sim.errors import StudyError
from sim.experiments.run import caveats
from sim.records import folders, provenance
from sim.records.record import Record
from sim.scenario import load

# Name of a study -> what draws its figure; sim.studies.catalogue fills it.
FIGURES: dict = {}


@dataclass(frozen=True, repr=False)
class Study(Record):
    """The answer to one of the mission's questions.

    name        as `tiercurve study` takes it
    question    what it answers
    title       its finding, one sentence without a dot
    findings    sentences a manager can quote, each number with its interval
    tables      dict, name -> DataFrame, all that its figure shows
    caveats     sentences that belong to every use of these numbers
    provenance  dict
    """

    kind = "study"
    error = StudyError

    name: str
    question: str
    title: str
    findings: tuple[str, ...]
    tables: dict[str, pd.DataFrame]
    caveats: tuple[str, ...]
    provenance: dict

    def summary(self):
        """The first of `tables`, which its figure shows."""
        return next(iter(self.tables.values()))

    def sentences(self):
        """What was found, each number with its interval."""
        return list(self.findings)

    def to_json(self):
        """The study as `tiercurve study --json` prints it: plain data, NaN as None."""
        return {
            "study": self.name,
            "question": self.question,
            "title": self.title,
            "findings": list(self.findings),
            "tables": {name: provenance.records(table) for name, table in self.tables.items()},
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def _about(self):
        p = self.provenance
        return [
            f"{self.name}: {self.question}",
            f"{p['draws']} draws x {p['luck']} luck, the same in every plan",
        ]

    def _figures(self):
        return {"finding": FIGURES[self.name]}

    def _origins(self):
        return {self.name: self.provenance}

    def _cited(self):
        return "", "study"

    def _write(self, folder):
        for name, table in self.tables.items():
            table.to_csv(folder / f"{name}.csv", index=False)

    @classmethod
    def _read(cls, about, path):
        tables = {name: files.csv(path / f"{name}.csv") for name in about["tables"]}
        return cls(
            about["study"], about["question"], about["title"], tuple(about["findings"]), tables,
            folders.caveats_of(about), about["provenance"],
        )  # fmt: skip

    def __repr__(self):
        return f"<Study {self.name}: {self.title}>"


def made(name, question, base, design, title, findings, tables):
    """A Study run from a base plan.

    design : (seed, draws, luck)
    """
    about = dict(zip(("seed", "draws", "luck"), design, strict=True))
    about |= {"engine": "compiled", "uncertainty": "full"}
    return Study(
        name, question, title, tuple(findings), tables, caveats(base, about),
        provenance.record(base, **about),
    )  # fmt: skip


def part_of(progress, place, parts):
    """Progress of one part among several alike, as progress of all."""
    if progress is None:
        return None
    return lambda done, total: progress(place * total + done, parts * total)


def plan(name):
    """A scenario of the package's `studies` folder, by name."""
    return load(Path(str(resources("scenarios"))) / "studies" / f"{name}.toml")
