"""A study: a named question, its tables, its findings in sentences; and what studies share.

Most studies hold plans against one of them, metric by metric, on the same draws and luck.
"""

from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

import numpy as np
import pandas as pd

from sim import files
from sim.analysis import paired
from sim.engine import metrics
from sim.errors import StudyError
from sim.experiments import limits
from sim.experiments.decide.analysis import values_of
from sim.experiments.run import caveats
from sim.figures import style
from sim.records import folders, provenance
from sim.records.record import Record
from sim.records.words import DIRECTIONS, estimate
from sim.scenario import load

# Name of a study -> what draws its figure; filled where the studies are listed.
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

    _kind = "study"
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
        """The study's findings, a sentence each, each number with its interval."""
        return list(self.findings)

    def to_json(self):
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


def study_of(name, question, base, design, sentences, tables):
    """A Study run from a base plan.

    design : (seed, draws, luck)
    sentences : title, findings
    """
    about = dict(zip(("seed", "draws", "luck"), design, strict=True))
    about |= {"engine": "compiled", "uncertainty": "full"}
    title, findings = sentences
    return Study(
        name, question, title, tuple(findings), tables, caveats(base, about),
        provenance.record(base, **about),
    )  # fmt: skip


def framed(study, note, more_height=0.0):
    """An empty figure of a study: title, caveats, a note on how to read it, its origin."""
    foot = provenance.footnote(study.provenance)
    return style.framed(study, study.title, [note], foot, more_height=more_height)


def table_of(study, name):
    """A table of a study that its figure shows: StudyError where an earlier version had none."""
    if name not in study.tables:
        raise StudyError(f"{study.name}: kept by an earlier version, without {name}: run it anew")
    return study.tables[name]


def part_of(progress, place, parts):
    """Progress of one part among several alike, as progress of all."""
    if progress is None:
        return None
    return lambda done, total: progress(place * total + done, parts * total)


def each(items, progress):
    """Pairs of (item, progress callback) for items that take the same time each."""
    for place, item in enumerate(items):
        yield item, part_of(progress, place, len(items))


def plan(name):
    """A scenario of the package's `studies` folder, by name."""
    return load(Path(str(resources("scenarios"))) / "studies" / f"{name}.toml")


# ---- plans against one of them -------------------------------------------------------------------

COLUMNS = (
    "plan", "metric", "mean", "low", "high", "difference", "difference_low", "difference_high",
    "percent", "percent_low", "percent_high", "p_better", "undefined",
)  # fmt: skip
PAIRED = (
    "mean", "ci_low", "ci_high", "percent", "percent_low", "percent_high", "p_better_expected",
    "undefined",
)  # fmt: skip


def values(named, names, seed, draws, luck, threads, progress):
    """Metrics of plans on the same draws and luck: (plans, draws, luck, metrics).

    named : dict, label -> Scenario; equal plans run once
    names : sequence of metrics
    """
    once = {plan.sha256: plan for plan in named.values()}
    y = values_of(once, seed, draws, luck, threads, progress)
    keys = list(once)
    places = [keys.index(plan.sha256) for plan in named.values()]
    return y[places][..., [metrics.NAMES.index(name) for name in names]]


def against(named, names, y, reference=0):
    """Each plan and its difference to the reference: DataFrame COLUMNS, a row a plan and metric.

    named : dict, label -> Scenario
    y     : (plans, draws, luck, metrics)

    `low`, `high` and those of the difference are 95% intervals of the expectation; `percent` is
    the difference relative to the reference, with its own; `p_better` is the probability, over
    what is not known, that the plan is expected to be better.
    """
    rows = [
        (label, *_row(plan, name, y[reference, ..., m], y[place, ..., m]))
        for place, (label, plan) in enumerate(named.items())
        for m, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(plan, name, a, b):
    mean, low, high = limits.estimate(plan, name, b)[:3]
    row = paired.compare(a, b, DIRECTIONS[name])
    return name, mean, low, high, *(row[column] for column in PAIRED)


def difference(row):
    """A plan's difference to the reference and its 95% interval: two texts, with + or −."""
    ends = row["difference_low"], row["difference_high"]
    return estimate(row["difference"], *ends, signs=True)


def of(table, label, metric):
    """Row of `against`'s table for a plan and metric."""
    return table[(table["plan"] == label) & (table["metric"] == metric)].iloc[0]


def crossings(at, means):
    """Where the straight lines from one of `means` (n,) to the next change sign; else [].

    at : (n,), the places of the means, ascending
    """
    places = []
    for i in range(len(means) - 1):
        before, after = means[i], means[i + 1]
        if before * after < 0:
            places.append(float(at[i] + (at[i + 1] - at[i]) * before / (before - after)))
    return places


def first_crossing(at, means, key, resamples=1000):
    """The first change of sign of expected gains, as a dict; NaN where there is none.

    at : (n,), places
    means : (n, draws), gain in each draw at each place
    returns : `at`; `low`, `high`, 95% numerical, over resampled draws that cross; `crossings`;
        `p_crosses`, the share of resamples that do
    """
    rng = np.random.default_rng(key)
    draws = means.shape[1]
    drawn = [
        crossings(at, means[:, rng.integers(draws, size=draws)].mean(axis=1))
        for _ in range(resamples)
    ]
    first = [one[0] for one in drawn if one]
    here = crossings(at, means.mean(axis=1))
    low, high = np.quantile(first, [0.025, 0.975]) if here and first else (np.nan, np.nan)
    return {
        "at": here[0] if here else np.nan, "low": low, "high": high, "crossings": len(here),
        "p_crosses": len(first) / resamples,
    }  # fmt: skip
