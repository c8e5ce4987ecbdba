"""What travels inside a file: one run record or more, as one JSON text.

Beside a figure's record travels a fingerprint of its drawing, since its numbers are drawn; beside
that of a deck or a report the marks on what it quotes, so that a number typed over is missed.
"""

import json
from typing import NamedTuple

from sim.errors import CheckError
from sim.records import claims, run_record

KEY = "tiercurve-record"  # the name it goes by, in every format
MOST_BYTES = 8_000_000
MOST_RECORDS = 20


class Sealed(NamedTuple):
    """What was read back.

    records  the RunRecords
    drawing  fingerprint of the figure when it was written, or None
    marks    marks of the document when it was written, in order
    """

    records: tuple[run_record.RunRecord, ...]
    drawing: str | None
    marks: tuple[str, ...]


def seal(records, drawing=None, marks=()):
    """The text that travels, of RunRecords; ASCII on one line.

    drawing : str, fingerprint of the figure, for those that are one
    marks : of what the document quotes, as text

    Raises CheckError where they are too many or too large, or where one id stands for two
    different numbers.
    """
    texts = [run_record.dumps(record) for record in records]
    if not 0 < len(texts) <= MOST_RECORDS or sum(map(len, texts)) > MOST_BYTES:
        raise CheckError(f"{len(texts)} run records: too many or too large to travel in one file")
    seen: dict = {}
    for claim in (claim for record in records for claim in record.claims):
        if seen.setdefault(claim.id, claim.forms) != claim.forms:
            raise CheckError(f"{claim.id}: stands for two different numbers; label the plans apart")
    rest = json.dumps({"drawing": drawing, "marks": sorted(marks)})
    return f'{{"{KEY}":[{",".join(texts)}],{rest[1:]}'


def unseal(text):
    """What a text of `seal` holds: `Sealed`; raises CheckError, one line."""
    if len(text) > MOST_BYTES:
        raise CheckError(f"a run record of over {MOST_BYTES:,} bytes")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise CheckError("its run record is not valid JSON: damaged or cut short") from None
    rows = data.get(KEY) if isinstance(data, dict) else None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_RECORDS:
        raise CheckError("its run record is not one of Tiercurve's")
    drawing, marks = data.get("drawing"), data.get("marks")
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        raise CheckError("its run record is not one of Tiercurve's")
    try:
        found = tuple(run_record.loads(json.dumps(row)) for row in rows)
        return Sealed(found, drawing, tuple(marks))
    except (run_record.RecordError, claims.ClaimError) as error:
        raise CheckError(str(error)) from None
