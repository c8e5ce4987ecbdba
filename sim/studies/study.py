"""A study: a named question, its tables, and what was found, in sentences made from them."""

from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

import pandas as pd

from sim import files, markup
from sim.errors import StudyError
from sim.experiments.run import caveats
from sim.records import citations, folders, provenance
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

    name: str
    question: str
    title: str
    findings: tuple[str, ...]
    tables: dict[str, pd.DataFrame]
    caveats: tuple[str, ...]
    provenance: dict

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

    def text(self):
        """The record as lines for a terminal."""
        return _text(self)

    def _cell(self):
        return markup.cell(self.findings, (), (), self.plot(), self.caveats)

    def plot(self, size="screen", theme="light"):
        """The study's figure, a matplotlib Figure.

        size, theme : "screen", "slide", "paper" or "inset"; "light" or "dark"; see figures.look
        """
        return FIGURES[self.name](self, size=size, theme=theme)

    def cite(self):
        """How to cite the study: text and BibTeX, for tool, evidence and study."""
        return citations.cite({self.name: self.provenance}, kind="study")

    def save(self, path, overwrite=False):
        """Write the study as a folder, study.json and a CSV a table; whole, or not at all.

        Raises StudyError if the path exists, unless it is a saved study and `overwrite` is true.
        """

        def put(folder):
            for name, table in self.tables.items():
                table.to_csv(folder / f"{name}.csv", index=False)

        return folders.write(path, "study", self.to_json(), put, StudyError, overwrite)

    def __repr__(self):
        return f"<Study {self.name}: {self.title}>"


def load_study(path):
    """Read a study that `Study.save` wrote; raises StudyError, one line, where it cannot."""
    return folders.read(path, "study", _made, StudyError)


def _made(about, path):
    names = about["tables"]
    tables = {name: files.csv(path / f"{name}.csv") for name in names}
    return Study(
        about["study"], about["question"], about["title"], tuple(about["findings"]), tables,
        folders.caveats_of(about), about["provenance"],
    )  # fmt: skip


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


def _text(study):
    """What a study found and what to keep in mind."""
    p = study.provenance
    return "\n".join(
        (
            f"{study.name}: {study.question}",
            f"{p['draws']} draws x {p['luck']} luck, the same in every plan",
            "",
            *(f"- {line}" for line in study.findings),
            "",
            "Keep in mind:",
            *(f"- {caveat}" for caveat in study.caveats),
            "",
            f"tiercurve {p['version']}, seed {p['seed']}, curves {p['curves']}, evidence "
            f"{p['evidence_sha256'][:12]}",
        )
    )
