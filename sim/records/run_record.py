"""The run record: an experiment as plain data, whole enough to be made again.

It holds the plans themselves and not the names of their files, so that what was run can be run
again although the files have changed since. It travels inside figures, decks and reports. Each
kind of record that can be run again has its row in REMAKERS.
"""

import json
from dataclasses import dataclass, replace

from sim.errors import RecordError, short
from sim.records import claims
from sim.scenario import snapshot

SCHEMA = 1
MOST_BYTES = 1_000_000  # as much as the text chunk of a PNG file holds
ARGUMENTS = ("draws", "luck", "seed", "engine", "uncertainty", "developer_class")
_FIELDS = ("schema", "kind", "plans", "provenance", "arguments", "claims", "about")


@dataclass(frozen=True)
class RunRecord:
    """An experiment as plain data: plans, arguments and the claims that came of it.

    kind        "run", "compare", ...
    plans       dict, label -> as `snapshot.keep` gives them; the reference first
    provenance  dict, label -> as in sim.records.provenance
    arguments   dict, plain data: what the experiment was told besides its plans
    claims      tuple of Claim, every number that can be quoted of it
    about       the record in one line, for people
    """

    kind: str
    plans: dict
    provenance: dict
    arguments: dict
    claims: tuple[claims.Claim, ...]
    about: str

    def claim(self, id_):
        """The claim of an id; raises RecordError where there is none."""
        for claim in self.claims:
            if claim.id == id_:
                return claim
        raise RecordError(f"{id_}: no such claim in this record")


def made(kind, results, quotable, **more):
    """The RunRecord of results by label, with arguments beyond those of a run."""
    provenance = {label: result.provenance for label, result in results.items()}
    first = next(iter(provenance.values()))
    return RunRecord(
        kind,
        {label: snapshot.keep(result.scenario) for label, result in results.items()},
        provenance,
        {name: first[name] for name in ARGUMENTS} | more,
        tuple(quotable),
        about(kind, results, first),
    )


def about(kind, labels, provenance):
    """A record in one line."""
    p = provenance
    worlds = f"{p['draws']} draws x {p['luck']} luck, seed {p['seed']}"
    return f"{kind} of {' and '.join(labels)}: {worlds}, Tiercurve {p['version']}"


def dumps(record):
    """The record as JSON text on one line; raises RecordError where it is too large to travel."""
    data = {
        "schema": SCHEMA,
        "kind": record.kind,
        "plans": snapshot.shared(record.plans),
        "provenance": record.provenance,
        "arguments": record.arguments,
        "claims": claims.pack(record.claims),
        "about": record.about,
    }
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    if len(text) > MOST_BYTES:
        raise RecordError(f"run record of {len(text):,} bytes: must not exceed {MOST_BYTES:,}")
    return text


def within_limit(record):
    """The record with as many of its first claims as `dumps` allows."""
    kept = len(record.claims)
    while kept:
        try:
            dumps(record)
            return record
        except RecordError:
            kept //= 2
            record = replace(record, claims=record.claims[:kept])
    return record


def mention(record):
    """The RunRecord that only says where something comes from; it cannot be run again."""
    stated = json.loads(json.dumps(getattr(record, "provenance", None) or {}, default=str))
    nested = bool(stated) and all(isinstance(value, dict) for value in stated.values())
    kind = type(record).__name__
    provenance = stated if nested else {kind: stated}
    return RunRecord(kind, {}, provenance, {}, (), short(repr(record).strip("<>"), 300))


def to_embed(record, metric=None):
    """The RunRecord that travels in a figure of a record.

    metric : which metric the figure shows, where it was told one

    Where the record has none, or it is too large to travel, it says where the figure comes from.
    """
    if not hasattr(record, "run_record"):
        return mention(record)
    try:
        run_record = record.run_record(metric)
        if record._claims_may_be_cut:
            run_record = within_limit(run_record)
        dumps(run_record)
    except RecordError:  # it has none, or thousands of points are too many to travel
        return mention(record)
    return run_record


def loads(text):
    """A record from what `dumps` gave; nothing is run. Raises RecordError, one line."""
    if len(text) > MOST_BYTES:
        raise RecordError(f"run record of over {MOST_BYTES:,} bytes: refused")
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError too
        raise RecordError("run record: not valid JSON") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        schema = data.get("schema") if isinstance(data, dict) else None
        version = short(str(schema), 20) if isinstance(schema, int) else "unknown"
        raise RecordError(f"run record: schema {version}: this version reads {SCHEMA}")
    if set(data) != set(_FIELDS):
        raise RecordError("run record: fields are missing or unknown")
    _check(data)
    try:
        all_claims = claims.unpack(data["claims"])
    except claims.ClaimError as error:
        raise RecordError(f"run record: {error}") from None
    kept = {name: data[name] for name in ("kind", "plans", "provenance", "arguments", "about")}
    return RunRecord(**kept, claims=all_claims)


def _refuse(constant):
    raise ValueError(constant)


def _check(data):
    """Refuse fields of the wrong kind, and put each plan's own curve set in its place."""
    for name in ("kind", "about"):
        if not isinstance(data[name], str):
            raise RecordError(f"run record: {name}: must be text")
    if not isinstance(data["arguments"], dict):
        raise RecordError("run record: arguments: must be a table")
    for name in ("plans", "provenance"):
        table = data[name]
        if not isinstance(table, dict) or not all(isinstance(v, dict) for v in table.values()):
            raise RecordError(f"run record: {name}: must be a table of tables")
    if data["arguments"] and not data["plans"]:  # what only says where it is from has neither
        raise RecordError("run record: plans: there are none")
    try:
        data["plans"] = snapshot.apart(data["plans"])
        for label, kept in data["plans"].items():
            snapshot.check(label, kept)
    except snapshot.PlanError as error:
        raise RecordError(f"run record: {error}") from None
