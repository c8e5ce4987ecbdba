"""What travels inside a file: one run record or more, as one JSON text.

Beside a figure's record travels a fingerprint of its drawing, since its numbers are drawn.
"""

import json

from sim.experiments import claims, run_record
from sim.reporting.embedded.errors import CheckError

KEY = "tiercurve-record"  # the name it goes by, in every format
MOST_BYTES = 8_000_000
MOST_RECORDS = 20


def seal(records, drawing=None):
    """The text that travels, of RunRecords; ASCII on one line.

    drawing : str, fingerprint of the figure, for those that are one

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
    return f'{{"{KEY}":[{",".join(texts)}],"drawing":{json.dumps(drawing)}}}'


def unseal(text):
    """RunRecords and fingerprint of a text that `seal` gave; raises CheckError, one line."""
    if len(text) > MOST_BYTES:
        raise CheckError(f"a run record of over {MOST_BYTES:,} bytes")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise CheckError("its run record is not valid JSON: damaged or cut short") from None
    rows = data.get(KEY) if isinstance(data, dict) else None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_RECORDS:
        raise CheckError("its run record is not one of Tiercurve's")
    try:
        return tuple(run_record.loads(json.dumps(row)) for row in rows), data.get("drawing")
    except (run_record.RecordError, claims.ClaimError) as error:
        raise CheckError(str(error)) from None
