"""Check a figure, a report or a deck: read its run record, run it again, compare every number.

A file that quotes numbers is also held, text by text, against the claims it marks. Nothing is
estimated here: claims are made by sim.experiments, as they were when the file was written.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim import embed
from sim.checking.environment import differences, moved, reworded
from sim.checking.quoting import edited
from sim.checking.rerun import possible, rerun
from sim.checking.text import text_of
from sim.checking.verdicts import DIFFERENT, VERDICTS, Number, verdict
from sim.errors import CheckError, RecordError
from sim.experiments.sweep import Sweep
from sim.loading import load_record
from sim.records.run_record import to_embed
from sim.scenario import snapshot

REDRAWN = (
    "the drawing is not the one that was written: a number in it may have been changed by hand, or "
    "another program saved it"
)


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
        """Whether every number is what it was, as far as chance lets say, and shown so."""
        return not (self.edited or self.altered or self.counts[DIFFERENT])

    @cached_property
    def counts(self):
        """How many numbers have each verdict."""
        found = [number.verdict for number in self.numbers]
        return {verdict: found.count(verdict) for verdict in VERDICTS}

    def text(self, everything=False):
        """For a terminal; `everything` lists the identical numbers too."""
        return text_of(self, everything)

    def to_json(self):
        """As `tiercurve check --json` prints it: plain data."""
        rows = [
            {
                "claim": number.was.id,
                "verdict": number.verdict,
                "was": number.was.form("full"),
                "now": number.now.form("full") if number.now else None,
            }
            for number in self.numbers
        ]
        lists = ("about", "edited", "altered", "differences", "notes")
        return {
            "file": str(self.path),
            "ok": self.ok,
            "counts": self.counts,
            "quoted": self.quoted,
            **{name: list(getattr(self, name)) for name in lists},
            "numbers": rows,
        }

    def __repr__(self):
        return f"<Check {self.text().splitlines()[0]}>"


def check(path, threads=None, progress=None):
    """Run again what a file says it was made of, and compare every number.

    Parameters
    ----------
    path : str or Path
        A figure (.png, .svg, .pdf), a deck (.pptx), a report (.html, .md), or the folder of a
        saved result, comparison, decision or sensitivity analysis.
    threads, progress : as for `run`

    Returns
    -------
    Check

    Raises
    ------
    CheckError
        One line, where the file carries no record, is damaged or hostile, or cannot be run
        again; before anything runs where that can be seen.
    """
    path = Path(path)
    found = carried(path)
    again = [record for record in found.records if possible(record)]
    left = tuple(_left(record) for record in found.records if not possible(record))
    if not again:
        raise CheckError(f"{path.name}: {left[0]}")
    numbers, lines = [], []
    for record in again:
        made = _made(path, record, threads, progress)
        numbers += _compared(record, made)
        lines += differences(record, made)
    wrong, quoted = edited(found)
    return Check(
        path,
        tuple(record.about for record in found.records),
        tuple(numbers),
        tuple(wrong),
        (*_altered(again), *([] if found.as_drawn else [REDRAWN])),
        tuple(dict.fromkeys(lines)),
        left,
        quoted,
    )


def carried(path):
    """The Document that a file, or the folder of a saved record, is; raises CheckError."""
    return _folder(path) if path.is_dir() else embed.read(path)


def _left(record):
    return (
        f"carries where it comes from ({record.about}), but a {record.kind} cannot be run again "
        "from it yet"
    )


def _made(path, record, threads, progress):
    """Claims of a record, made again: dict, id -> Claim."""
    try:
        made = rerun(record, threads, progress)
    except RecordError as error:
        raise CheckError(f"{path.name}: {error}") from None
    return {claim.id: claim for claim in made}


def _folder(path):
    """The Document of a folder that `save` wrote."""
    if Sweep.is_saved(path):
        raise CheckError(f"{path.name}: rows of a sweep are checked by `tiercurve replay`")
    return embed.Document((to_embed(load_record(path)),), None)


def _altered(again):
    """Plans whose levers are not those of the fingerprint beside them."""
    for record in again:
        for label, kept in record.plans.items():
            stated = record.provenance.get(label, {}).get("scenario_sha256")
            if stated != snapshot.sha256(kept):
                yield f"{label}: its levers are not those of the scenario that was run"


def _compared(record, made):
    chance, worded = moved(record), reworded(record)
    for was in record.claims:
        now = made.get(was.id)
        yield Number(was, now, DIFFERENT if now is None else verdict(was, now, chance, worded))
