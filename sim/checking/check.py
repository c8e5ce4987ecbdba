"""Check a figure, a report or a deck: read its run record, run it again, compare every number.

A file that quotes numbers is also held, text by text, against the claims it marks. Nothing is
estimated here: claims are made by sim.experiments, as they were when the file was written.
"""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from sim import embed, machine, report
from sim.checking.rerun import possible, rerun, workload_of
from sim.checking.verdicts import (
    DIFFERENT,
    IDENTICAL,
    VERDICTS,
    Number,
    differences,
    moved,
    number_of,
    reworded,
    verdict,
)
from sim.embed.envelope import missing
from sim.errors import CheckError, ClaimError, LongCheckError, RecordError, short
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
GONE = "and marked no more: taken out, or typed over"
EXACT = 1e-9  # relative, of numbers in a chart
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
    edited       lines: texts and charts that do not show the number they quote
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
    document, again = _checkable(path)
    left = tuple(_left(record) for record in document.records if not possible(record))
    work = _work(path, again, threads)
    work.refuse_unfit(CheckError, f"{path.name}: ")
    if most_seconds is not None and work.seconds > most_seconds:
        most = workload.limit_in_words(most_seconds)
        raise LongCheckError(f"{path.name}: asks for {work.in_words()}, over {most}")
    numbers, lines = [], []
    for record in again:
        claims = _again(path, record, threads, progress)
        numbers += _compared(record, claims)
        lines += differences(record, claims)
    wrong, quoted = edited(document)
    return Check(
        path,
        tuple(record.about for record in document.records),
        tuple(numbers),
        tuple(wrong),
        (*_altered(again), *([] if document.as_drawn else [REDRAWN])),
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
    again = [record for record in document.records if possible(record)]
    if again and not any(record.claims for record in again):
        raise CheckError(f"{path.name}: its record holds no claims: there is nothing to check")
    if not again:
        raise CheckError(f"{path.name}: {_left(document.records[0])}")
    return document, again


def _work(path, again, threads):
    machine.memory()  # while files of the machine may be read
    try:
        return sum((workload_of(record, threads).freed() for record in again), workload.NOTHING)
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
    """Claims of a record, made again: dict, id -> Claim."""
    try:
        claims = rerun(record, threads, progress)
    except RecordError as error:
        raise CheckError(f"{path.name}: {error}") from None
    return {claim.id: claim for claim in claims}


def _folder(path):
    """The Document of a folder that `save` wrote."""
    if Sweep.is_saved(path):
        raise CheckError(f"{path.name}: rows of a sweep are checked by `tiercurve replay`")
    with only_packaged(path):  # a folder from elsewhere may name any file
        return embed.Document((to_embed(load_record(path)),), None)


def _altered(again):
    """Plans whose levers are not those of the fingerprint beside them."""
    for record in again:
        for label, kept in record.plans.items():
            stated = record.provenance.get(label, {}).get("scenario_sha256")
            if stated != snapshot.sha256(kept):
                yield f"{label}: its levers are not those of the scenario that was run"


def _compared(record, claims):
    chance, worded = moved(record), reworded(record)
    for was in record.claims:
        now = claims.get(was.id)
        yield Number(was, now, DIFFERENT if now is None else verdict(was, now, chance, worded))


# ---- numbers quoted in a document --------------------------------------------------------------


def edited(document):
    """Which quoted numbers are not shown as their claims print them.

    document : Document
    returns : (list of lines, one a number, and how many numbers are quoted)
    """
    claims = {claim.id: claim for record in document.records for claim in record.claims}
    places = document.places or ()
    lines = [line for place in places for line in _of_place(place, claims)]
    there = Counter(str(mark) for place in places for mark in place.marks)
    gone = Counter(document.marks) - there
    lines += [f"{short(mark, 120)}: quoted when written, {GONE}" for mark in gone]
    return lines, there.total()


def _of_place(place, claims):
    whole = {}
    for mark in place.marks:
        claim = claims.get(mark.claim)
        if claim is None:
            yield f"{place.where}: quotes {short(mark.claim)}, which is not in its record"
            continue
        try:
            form = claim.form(mark.form)
        except ClaimError as error:
            yield f"{place.where}: {error}"
            continue
        if mark.cell is None and isinstance(place.text, str):
            whole[mark] = form
        elif (shown := _cell(place.text, mark)) is None:
            yield f"{place.where}: {mark.claim}: is not shown where it is marked"
        elif not _shows(shown, claim, mark.form):
            yield _line(place.where, mark, shown, form)
    for mark in missing(place.text, whole) if whole else ():
        yield _line(place.where, mark, place.text, whole[mark])


def _cell(content, mark):
    """Text of a cell, or a number of a chart; None where there is none."""
    if isinstance(content, str) or mark.cell is None:
        return None
    return content.get((*mark.cell, mark.form), content.get(mark.cell))


def _shows(shown, claim, form):
    if isinstance(shown, str):
        return not missing(shown, {0: claim.form(form)})
    printed = number_of(claim.form(form))
    value = getattr(claim, form, math.nan)
    wanted = [value, 100 * value, printed] if claim.unit == "share" else [value, printed]
    # An end is made of the middle and the length of an error bar, so it is rounded twice.
    scale = EXACT * max(abs(number) for number in (shown, claim.value) if math.isfinite(number))
    return any(abs(shown - number) <= max(scale, EXACT * abs(number)) for number in wanted)


def _line(where, mark, shown, form):
    shown = short(" ".join(shown.split()), 160) if isinstance(shown, str) else f"{shown:.10g}"
    return f'{where}: {mark.claim}: shows "{shown}", must show "{short(form, 160)}"'
