"""Check a figure, a report or a deck: read its run record, run it again, compare every number.

A file that quotes numbers is also held, text by text, against the claims it marks, and a deck
against all else that it states. Nothing is estimated here: claims are made by sim.experiments, as
they were when the file was written.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from sim import embed, machine, report
from sim.checking import quotes, statements
from sim.checking.rerun import again, possible, workload_of
from sim.checking.verdicts import (
    DIFFERENT,
    IDENTICAL,
    VERDICTS,
    Number,
    differences,
    moved,
    reworded,
    verdict,
)
from sim.errors import CheckError, LongCheckError, RecordError
from sim.experiments import workload
from sim.experiments.sweep import Sweep
from sim.files import only_packaged
from sim.loading import load_record
from sim.records.run_record import to_embed
from sim.scenario import snapshot

REDRAWN = (
    "the drawing is not the one that was written: a number in it may have been changed by hand, or "
    "another program saved it"
)
UNSTATED = "lists no lines that it states besides: only the numbers it marks are held"
FIRST = 5  # identical numbers shown where nothing is wrong
LISTS = {
    "Edited": "edited", "Altered": "altered", "Numbers": "", "Not as it was": "differences",
    "Not checked": "notes",
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Check:
    """What became of every number of a file.

    path         of the file
    about        what it carries, a line a record
    numbers      tuple of Number, all that could be made again
    edited       lines: texts and charts that do not show the number they quote or state
    altered      lines: plans whose levers are not those that were run, a figure drawn over
    differences  lines: versions, evidence, curves, platform that are not as they were
    notes        lines: what could not be checked
    quoted       how many quoted numbers were held against their text
    """

    path: Path
    about: tuple[str, ...]
    numbers: tuple[Number, ...]
    edited: tuple[str, ...]
    altered: tuple[str, ...]
    differences: tuple[str, ...]
    notes: tuple[str, ...]
    quoted: int

    @property
    def ok(self):
        """Whether every number agrees with the record, as far as chance allows, and is shown so."""
        return not (self.edited or self.altered or self.counts[DIFFERENT])

    @cached_property
    def counts(self):
        """How many numbers have each verdict."""
        verdicts = [number.verdict for number in self.numbers]
        return {verdict: verdicts.count(verdict) for verdict in VERDICTS}

    def summary(self):
        """One row a number, by its claim: `verdict`, what it `was` and is `now`, as printed."""
        rows = [number.row() for number in self.numbers]
        return pd.DataFrame(rows, columns=["claim", "verdict", "was", "now"]).set_index("claim")

    def sentences(self):
        """The verdict on the file in one sentence, then a sentence for each thing that is wrong."""
        return [f"{self.path.name}: {self._verdict()}", *self.edited, *self.altered]

    def text(self, everything=False):
        """For a terminal: the verdict, what is wrong, what has changed since, and the numbers.

        everything : whether to list the identical numbers too
        """
        lines = [self.sentences()[0], *(f"  {line}" for line in self.about)]
        for title, name in LISTS.items():
            block = getattr(self, name) if name else self._shown(everything)
            lines += ["", f"{title}:", *(f"  {line}" for line in block)] if block else []
        return "\n".join(lines)

    def _verdict(self):
        counts = ", ".join(f"{n} {verdict}" for verdict, n in self.counts.items() if n)
        words = f"{len(self.numbers)} numbers made again: {counts}"
        if self.quoted:
            wrong = f"{len(self.edited)} not as recorded" if self.edited else "all as recorded"
            words += f"; {self.quoted} quoted in it: {wrong}"
        return ("as recorded. " if self.ok else "DIFFERENT. ") + words

    def _shown(self, everything):
        if everything:
            return [str(number) for number in self.numbers]
        rest = [number for number in self.numbers if number.verdict == IDENTICAL]
        shown = [str(number) for number in self.numbers if number.verdict != IDENTICAL]
        shown += map(str, rest[:FIRST])
        more = len(rest) - FIRST
        return [*shown, f"and {more} more identical; --all lists them"] if more > 0 else shown

    def to_json(self):
        """As `tiercurve check --json` prints it: plain data."""
        lists = ("about", "edited", "altered", "differences", "notes")
        return {
            "file": str(self.path),
            "ok": self.ok,
            "counts": self.counts,
            "quoted": self.quoted,
            **{name: list(getattr(self, name)) for name in lists},
            "numbers": [number.row() for number in self.numbers],
        }

    def __str__(self):
        return self.text()

    def __repr__(self):
        return f"<Check {self.sentences()[0]}>"

    def _repr_html_(self):
        rows = [tuple(number.row().values()) for number in self.numbers]
        table = report.Table(("claim", "verdict", "was", "now"), rows)
        return report.cell(self.sentences(), [table], caveats=(*self.differences, *self.notes))


def check(path, threads=None, progress=None, most_seconds=workload.A_MINUTE):
    """Run again what a file says it was made of, and compare every number.

    Parameters
    ----------
    path : str or Path
        A figure (.png, .svg, .pdf), a deck (.pptx), a report (.html, .md), or the folder of a
        saved result, comparison, decision or sensitivity analysis.
    threads, progress : as for `run`
    most_seconds : float or None
        Most that running it again may take, as estimated; None for as long as it takes.

    Returns
    -------
    Check

    Raises
    ------
    CheckError
        One line, where the file carries no record, is damaged or hostile, cannot be run again, or
        asks for more work or memory than it may; before anything runs where that can be seen.
    """
    path = Path(path)
    document, kept = _checkable(path)
    left = tuple(_left(record) for record in document.records if not possible(record))
    work = _work(path, kept, threads)
    work.refuse_unfit(CheckError, f"{path.name}: ")
    if most_seconds is not None and work.seconds > most_seconds:
        most = workload.limit_in_words(most_seconds)
        raise LongCheckError(f"{path.name}: asks for {work.in_words()}, over {most}")
    numbers, lines = [], []
    stated: list = []
    for record in kept:
        now = _again(path, record, threads, progress)
        claims = {claim.id: claim for claim in now.claims}
        numbers += _compared(record, claims)
        lines += differences(record, claims)
        stated += [] if moved(record) or reworded(record) else now.stated
    wrong, quoted = quotes.faults(document)
    wrong += statements.faults(stated or document.stated, document.lines) if document.stated else []
    if not document.stated and any(record.kind == "deck" for record in kept):
        left += (UNSTATED,)
    return Check(
        path,
        tuple(record.about for record in document.records),
        tuple(numbers),
        tuple(wrong),
        (*_altered(kept), *([] if document.as_drawn else [REDRAWN])),
        tuple(dict.fromkeys(lines)),
        left,
        quoted,
    )


def workload_of_file(path, threads=None):
    """The Workload of checking a file; nothing runs. Raises CheckError as `check` does."""
    return _work(Path(path), _checkable(Path(path))[1], threads)


def _checkable(path):
    """The Document that a file is, and those of its records that are run again."""
    document = carried(path)
    kept = [record for record in document.records if possible(record)]
    if kept and not any(record.claims for record in kept):
        raise CheckError(f"{path.name}: its record holds no claims: there is nothing to check")
    if not kept:
        raise CheckError(f"{path.name}: {_left(document.records[0])}")
    return document, kept


def _work(path, kept, threads):
    machine.memory()  # while files of the machine may be read
    try:
        return sum((workload_of(record, threads).freed() for record in kept), workload.NOTHING)
    except RecordError as error:
        raise CheckError(f"{path.name}: {error}") from None


def carried(path):
    """The Document that a file, or the folder of a saved record, is; raises CheckError."""
    return _folder(path) if path.is_dir() else embed.read(path)


def _left(record):
    return (
        f"carries where it comes from ({record.about}), but a {record.kind} cannot be run again "
        "from it yet"
    )


def _again(path, record, threads, progress):
    """What a record gives when it is run again: Again."""
    try:
        return again(record, threads, progress)
    except RecordError as error:
        raise CheckError(f"{path.name}: {error}") from None


def _folder(path):
    """The Document of a folder that `save` wrote."""
    if Sweep.is_saved(path):
        raise CheckError(f"{path.name}: rows of a sweep are checked by `tiercurve replay`")
    with only_packaged(path):  # a folder from elsewhere may name any file
        return embed.Document((to_embed(load_record(path)),), None)


def _altered(records):
    """Plans whose levers are not those of the fingerprint beside them."""
    for record in records:
        for label, kept in record.plans.items():
            stated = record.provenance.get(label, {}).get("scenario_sha256")
            if stated != snapshot.sha256(kept):
                yield f"{label}: its levers are not those of the scenario that was run"


def _compared(record, claims):
    chance, worded = moved(record), reworded(record)
    for was in record.claims:
        now = claims.get(was.id)
        yield Number(was, now, DIFFERENT if now is None else verdict(was, now, chance, worded))
