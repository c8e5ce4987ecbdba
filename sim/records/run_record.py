"""The run record: an experiment as plain data, whole enough to be made again.

It holds the plans themselves and not the names of their files, so that what was run can be run
again although the files have changed since. It travels inside figures, decks and reports. Each
kind of record that can be run again has its row in REMAKERS.
"""

import json
from dataclasses import dataclass, replace
from functools import singledispatch
from importlib import import_module

from sim.errors import RecordError, short
from sim.experiments.claims_of import claims_of
from sim.experiments.comparison import Comparison
from sim.experiments.result import Result
from sim.records import claims
from sim.scenario import snapshot

SCHEMA = 1
MOST_BYTES = 1_000_000  # as much as the text chunk of a PNG file holds
MOST_PERSON_WEEKS = 100_000_000  # that a record from elsewhere may ask to simulate
ARGUMENTS = ("draws", "luck", "seed", "engine", "uncertainty", "developer_class")
# kind -> module with `remake(kind, plans, arguments, threads, progress)`, which gives a record
# that `claims_of` knows; the module that defines the record registers both for it.
REMAKERS = {
    "run": "sim.checking.rerun",
    "compare": "sim.checking.rerun",
    "decide": "sim.checking.rerun",
    "sensitivity": "sim.checking.rerun",
    "sweep": "sim.experiments.point_records",
    "curves": "sim.experiments.point_records",
    "deck": "sim.decks.remaking",
}
_FIELDS = ("schema", "kind", "plans", "provenance", "arguments", "claims", "about")


@dataclass(frozen=True)
class RunRecord:
    """What was run, with what, and the numbers that came of it.

    kind        "run", "compare", ...; those in REMAKERS can be run again
    plans       dict, label -> as `kept_plans.keep` gives them; the reference first
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
        for found in self.claims:
            if found.id == id_:
                return found
        raise RecordError(f"{id_}: no such claim in this record")

    @property
    def again(self):
        """Whether it can be run again."""
        return self.kind in REMAKERS


@singledispatch
def record_of(record):
    """The RunRecord of a Result, a Comparison or whatever is registered; else RecordError."""
    raise RecordError(f"no run record is made of a {type(record).__name__}")


@record_of.register
def _of_result(record: Result):
    return made("run", {record.scenario.name: record}, claims_of(record))


@record_of.register
def _of_comparison(record: Comparison):
    return made("compare", record.results, claims_of(record))


def made(kind, results, found, **more):
    """The RunRecord of results by label, with arguments beyond those of a run."""
    provenance = {label: result.provenance for label, result in results.items()}
    first = next(iter(provenance.values()))
    return RunRecord(
        kind,
        {label: snapshot.keep(result.scenario) for label, result in results.items()},
        provenance,
        {name: first[name] for name in ARGUMENTS} | more,
        tuple(found),
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
        "plans": record.plans,
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
    """The record, or as many of its claims, the first first, as `dumps` lets travel."""
    kept = len(record.claims)
    while kept:
        try:
            dumps(record)
            return record
        except RecordError:
            kept //= 2
            record = replace(record, claims=record.claims[:kept])
    return record


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
        said = short(str(schema), 20) if isinstance(schema, int) else "unknown"
        raise RecordError(f"run record: schema {said}: this version reads {SCHEMA}")
    if set(data) != set(_FIELDS):
        raise RecordError("run record: fields are missing or unknown")
    _check(data)
    try:
        found = claims.unpack(data["claims"])
    except claims.ClaimError as error:
        raise RecordError(f"run record: {error}") from None
    kept = {name: data[name] for name in ("kind", "plans", "provenance", "arguments", "about")}
    return RunRecord(**kept, claims=found)


def _refuse(constant):
    raise ValueError(constant)


def _check(data):
    """Refuse fields of the wrong kind."""
    for name in ("kind", "about"):
        if not isinstance(data[name], str):
            raise RecordError(f"run record: {name}: must be text")
    if not isinstance(data["arguments"], dict):
        raise RecordError("run record: arguments: must be a table")
    for name in ("plans", "provenance"):
        table = data[name]
        if not isinstance(table, dict) or not all(isinstance(v, dict) for v in table.values()):
            raise RecordError(f"run record: {name}: must be a table of tables")
    if not data["plans"] and data["kind"] in REMAKERS:
        raise RecordError("run record: plans: there are none")
    try:
        for label, kept in data["plans"].items():
            snapshot.check(label, kept)
    except snapshot.PlanError as error:
        raise RecordError(f"run record: {error}") from None


def rerun(record, threads=None, progress=None):
    """The experiment of a record, run again: a Result, a Comparison, ...

    threads, progress : as for `run`

    Raises RecordError, one line, for a kind or a run that cannot be made again.
    """
    if not record.again:
        raise RecordError(f"a {short(record.kind)}, which cannot be run again from its record yet")
    try:
        with snapshot.runnable(record.plans) as plans:
            _refuse_heavy(plans, record.arguments)
            maker = import_module(REMAKERS[record.kind])
            return maker.remake(record, plans, threads, progress)
    except RecordError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"run record: {_reason(error)}") from None


def _reason(error):
    """Why a record cannot be run, in one line; ours says it itself."""
    ours = type(error).__module__.startswith("sim.")
    first = str(error).splitlines()[0] if str(error) else ""
    return short(first if ours else f"{type(error).__name__}: {first}", 300)


def _refuse_heavy(plans, arguments):
    worlds = 1
    for name in ("draws", "luck"):
        count = arguments.get(name, 1)
        worlds *= count if isinstance(count, int) and count > 0 else 1
    weeks = sum(
        plan.horizon.weeks * (plan.headcount + sum(row.count for row in plan.joining))
        for plan in plans.values()
    )
    if worlds * weeks > MOST_PERSON_WEEKS:
        raise RecordError(
            f"run record: asks for {worlds * weeks:,} person-weeks of simulation, more than "
            f"{MOST_PERSON_WEEKS:,}; run it by hand"
        )


def claims_again(record, threads=None, progress=None):
    """The claims of a record made anew: the experiment runs again. Raises RecordError."""
    return tuple(claims_of(rerun(record, threads, progress)))
