"""The run record: a run or a comparison as plain data, whole enough to be made again.

It holds the plans themselves and not the names of their files, so that what was run can be run
again although the files have changed since. It travels inside figures, decks and reports.
"""

import json
from dataclasses import dataclass, replace

from sim.experiments import claims, claims_of, compare, run
from sim.experiments.comparison import Comparison
from sim.experiments.results import Result
from sim.scenario import Scenario, ScenarioError

SCHEMA = 1
MOST_BYTES = 4_000_000
KINDS = ("run", "compare", "sweep", "sensitivity", "decide", "study", "curves")
ARGUMENTS = ("draws", "luck", "seed", "engine", "uncertainty", "developer_class")
_FIELDS = ("schema", "kind", "plans", "provenance", "arguments", "claims", "about")


class RecordError(ValueError):
    """A run record that cannot be made, read or run again: one line."""


@dataclass(frozen=True)
class RunRecord:
    """What was run, with what, and the numbers that came of it.

    kind        one of KINDS; "run" and "compare" can be run again
    plans       dict, label -> {"name", "notes", "levers" as `Scenario.to_dict` gives them}; the
                reference first
    provenance  dict, label -> as in sim.experiments.provenance
    arguments   dict: draws, luck, seed, engine, uncertainty, developer_class
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
    def scenarios(self):
        """The plans, checked: dict, label -> Scenario; raises RecordError, one line."""
        return {label: _scenario(label, plan) for label, plan in self.plans.items()}


def record_of(record):
    """The RunRecord of a Result or a Comparison; raises RecordError for other records."""
    if isinstance(record, Result):
        kind, results = "run", {record.scenario.name: record}
    elif isinstance(record, Comparison):
        kind, results = "compare", record.results
    else:
        raise RecordError(f"no run record is made of a {type(record).__name__}")
    provenance = {label: result.provenance for label, result in results.items()}
    first = next(iter(provenance.values()))
    return RunRecord(
        kind,
        {label: _plan(result.scenario) for label, result in results.items()},
        provenance,
        {name: first[name] for name in ARGUMENTS},
        claims_of.claims_of(record),
        _about(kind, list(results), first),
    )


def _plan(plan):
    """A Scenario as plain data, with what was noted when its files were read."""
    own = Scenario(plan.to_dict(), plan.name).notes
    notes = [note for note in plan.notes if note not in own]
    return {"name": plan.name, "notes": notes, "levers": plan.to_dict()}


def _about(kind, labels, p):
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
        said = schema if isinstance(schema, int) else "unknown"
        raise RecordError(f"run record: schema {said}: this version reads {SCHEMA}")
    if set(data) != set(_FIELDS):
        raise RecordError("run record: fields are missing or unknown")
    _check_fields(data)
    try:
        found = claims.unpack(data["claims"])
    except claims.ClaimError as error:
        raise RecordError(f"run record: {error}") from None
    kept = {name: data[name] for name in ("kind", "plans", "provenance", "arguments", "about")}
    return RunRecord(**kept, claims=found)


def _refuse(constant):
    raise ValueError(constant)


def _check_fields(data):
    plans, provenance, arguments = data["plans"], data["provenance"], data["arguments"]
    if data["kind"] not in KINDS:
        raise RecordError("run record: kind: unknown")
    for name in ("plans", "provenance"):
        table = data[name]
        if not isinstance(table, dict) or not all(isinstance(v, dict) for v in table.values()):
            raise RecordError(f"run record: {name}: must be a table of tables")
    if not plans or list(plans) != list(provenance):
        raise RecordError("run record: plans and provenance name different plans")
    if not isinstance(arguments, dict) or set(arguments) != set(ARGUMENTS):
        raise RecordError("run record: arguments: missing or unknown")
    if not isinstance(data["about"], str):
        raise RecordError("run record: about: must be text")


def _scenario(label, plan):
    if set(plan) != {"name", "notes", "levers"} or not isinstance(plan["name"], str):
        raise RecordError(f"run record: {label}: must hold a name, notes and levers")
    notes = plan["notes"]
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise RecordError(f"run record: {label}: notes must be texts")
    try:
        return Scenario(plan["levers"], plan["name"], tuple(notes))
    except ScenarioError as error:
        raise RecordError(f"run record: {error}") from None


def rerun(record, threads=None, progress=None):
    """The experiment of a record, run again: a Result or a Comparison.

    threads, progress : as for `run`

    Raises RecordError, one line, for a kind or a run that cannot be made again.
    """
    if record.kind not in ("run", "compare"):
        raise RecordError(
            f"a {record.kind} is kept in this record, but cannot be run again from it"
        )
    how = dict(record.arguments)
    if how.pop("developer_class") is not None:
        raise RecordError("ran with a class of developer that is not in the record; run it by hand")
    plans = {label: _runnable(label, plan) for label, plan in record.plans.items()}
    try:
        return _again(record, plans, how | {"threads": threads, "progress": progress})
    except (run.RunError, compare.CompareError, ScenarioError) as error:
        raise RecordError(f"run record: {error}") from None


def _again(record, plans, how):
    if record.kind == "compare":
        found = compare.compare(plans, **how)
        return Comparison(
            {label: _whole(result, record, label) for label, result in found.results.items()}
        )
    ((label, plan),) = plans.items()
    return _whole(run.run(plan, **how), record, label)


def _runnable(label, plan):
    """The plan without the other that its question names, which may be gone."""
    levers = _scenario(label, plan).to_dict()
    levers["answer"].pop("against", None)
    return _scenario(label, plan | {"levers": levers})


def _whole(result, record, label):
    """The result as of the plan in the record, with the plan that its question names."""
    plan = record.scenarios[label]
    p = result.provenance | {"scenario_sha256": plan.sha256}
    return replace(result, scenario=plan, provenance=p)


def claims_again(record, threads=None, progress=None):
    """The claims of a record made anew: the experiment runs again. Raises RecordError."""
    return claims_of.claims_of(rerun(record, threads, progress))
