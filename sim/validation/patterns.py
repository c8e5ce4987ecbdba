"""Reads validation patterns: published findings, each in a small file, to hold the model against.

A pattern states scenarios, what is measured on them, the published figure, when the model passes
and what a failure would mean. `calibration/patterns/` holds those that ship; anyone can add one.
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim import files as readers
from sim import ledger
from sim.engine import curves, metrics
from sim.errors import PatternError, ScenarioError, choice, count, did_you_mean, is_int_or_float
from sim.scenario import Scenario
from sim.scenario.snapshot import Kept

MAX_BYTES = 100_000
KINDS = {
    "held-out": "no fit has seen it",
    "target": "a target of calibration: a check of the fit, not of the model",
    "direction": "no figure is published for it: only the sign is checked",
}
MEASURES = {  # measure -> how many plans it compares, and its unit where the metric's is not it
    "value": (1, None),
    "difference": (2, None),
    "ratio": (2, "ratio"),
    "percent": (2, "% change"),
    "gap": (4, "pp"),
    "first_month": (2, "% change"),
    "months_back": (2, "months"),
    "rate": (0, "%"),
}
WEEKLY = ("first_month", "months_back")
RATES = ("partial", "judged", "verified")
REQUIRED = ("claim", "setting", "kind", "measure", "source", "passes", "if_missed")
OPTIONAL = (
    "metric", "published", "scenario", "plans", "divide_by", "week", "level", "rate", "unit",
)  # fmt: skip


@dataclass(frozen=True)
class Pattern:
    """A published finding, and how the model is held against it.

    name       of its file
    claim      sentence that is true if the model passes
    setting    where it was found
    kind       "held-out", "target" or "direction"
    measure    one of MEASURES
    metric     an output, or "one / other"; "" for rates
    unit       of every number here
    published  (low, high), alike where one figure is published; None for a direction
    passes     (low, high) that the model's median must lie in
    source     rows of calibration/evidence.csv
    if_missed  what a failure would mean
    plans      (name, Scenario) of each, the reference first
    divide_by  number that a value is divided by
    week       in which a change begins, for measures over time [weeks]
    level      1 to 5, of a rate
    rate       "partial", "judged" or "verified"
    """

    name: str
    claim: str
    setting: str
    kind: str
    measure: str
    metric: str
    unit: str
    published: tuple[float, float] | None
    passes: tuple[float, float]
    source: tuple[str, ...]
    if_missed: str
    plans: tuple[tuple[str, Kept], ...]
    divide_by: float
    week: int
    level: int
    rate: str

    @property
    def metrics(self):
        """The outputs it is made of, numerator first."""
        return tuple(self.metric.split(" / ")) if self.metric else ()


def folder():
    """Where the patterns that ship are."""
    return Path(str(files("calibration"))) / "patterns"


def available(path=None):
    """Patterns of a folder, by name; those that ship by default."""
    where = folder() if path is None else Path(path)
    paths = sorted(where.glob("*.toml"))
    if not paths:
        raise PatternError(f"{where}: holds no pattern, a .toml file each")
    return [read(path) for path in paths]


def read(path):
    """The pattern in a file. Raises PatternError, one line."""
    path = Path(path)
    return parse(_table(path), path.stem)


def _table(path):
    try:
        data = readers.content(path, MAX_BYTES)
    except OSError as error:
        raise PatternError(f"{path.name}: cannot be read: {readers.reason(error)}") from None
    except ValueError:
        raise PatternError(f"{path.name}: larger than 100 kB; not a pattern") from None
    try:
        return readers.toml_of(data)
    except ValueError as error:
        reason = readers.reason(error)[:160]
        raise PatternError(f"{path.name}: not valid TOML: {reason}") from None


def parse(table, name):
    """A pattern from its table."""

    def refuse(line):
        return PatternError(f"{name}.toml: {line}")

    def fail(where, what):
        return refuse(f"{where}: {what}")

    for key in table:
        if key not in REQUIRED + OPTIONAL:
            raise fail(key, f"unknown key{did_you_mean(key, REQUIRED + OPTIONAL)}")
    for key in REQUIRED:
        if key not in table:
            raise fail(key, "is missing")
    for key in ("claim", "setting", "if_missed"):
        if not isinstance(table[key], str) or not table[key].strip():
            raise fail(key, "must be a sentence")
    choice("kind", table["kind"], KINDS, refuse)
    choice("measure", table["measure"], MEASURES, refuse)
    measure = table["measure"]
    passes, published = _pair(table, "passes", fail), _published(table, fail)
    metric = _metric(table, measure, fail)
    unit = table.get("unit", MEASURES[measure][1] or metrics.UNITS.get(metric) or "ratio")
    if not isinstance(unit, str):
        raise fail("unit", f"{unit!r}: must be text")
    level, rate = _rate(table, measure, refuse)
    return Pattern(
        name=name,
        claim=_plain(table["claim"]),
        setting=_plain(table["setting"]),
        kind=table["kind"],
        measure=measure,
        metric=metric,
        unit=unit,
        published=published,
        passes=passes,
        source=_source(table, fail),
        if_missed=_plain(table["if_missed"]),
        plans=_plans(table, measure, name, fail),
        divide_by=_number(table, "divide_by", 1.0, 1e-9, fail),
        week=int(_number(table, "week", 0, 0, fail)),
        level=level,
        rate=rate,
    )


def _plain(text):
    return " ".join(text.split())


def _is_number(value):
    return is_int_or_float(value) and value == value  # infinite is a number here, nan is none


def _number(table, key, default, least, fail):
    value = table.get(key, default)
    if not _is_number(value) or not value >= least:
        raise fail(key, f"{value!r}: must be a number of {least:g} or more")
    return float(value)


def _pair(table, key, fail):
    value = table[key]
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(_is_number(x) for x in value)
        or not value[0] < value[1]
    ):
        raise fail(key, f"{value!r}: must be [low, high]; -inf and inf are allowed")
    return float(value[0]), float(value[1])


def _published(table, fail):
    if table["kind"] == "direction":
        if "published" in table:
            raise fail("published", "a direction has no figure; or it is of another kind")
        return None
    if "published" not in table:
        raise fail("published", "is missing: a figure, or [low, high]")
    value = table["published"]
    if _is_number(value):
        return float(value), float(value)
    return _pair(table, "published", fail)


def _metric(table, measure, fail):
    metric = table.get("metric", "")
    if measure == "rate":
        return ""
    known = metrics.FLOWS if measure in WEEKLY else metrics.NAMES
    parts = metric.split(" / ") if isinstance(metric, str) else []
    if not 1 <= len(parts) <= 2 or (measure in WEEKLY and len(parts) == 2):
        raise fail("metric", f"{metric!r}: must be a metric, or 'one / other'")
    for part in parts:
        if part not in known:
            raise fail("metric", f"{part!r}: unknown metric{did_you_mean(part, known)}")
    return metric


def _source(table, fail):
    rows, source = ledger.read(), table["source"]
    if not isinstance(source, list) or not source or not all(isinstance(x, str) for x in source):
        raise fail("source", "must be a list of rows of calibration/evidence.csv")
    for one in source:
        if one not in rows:
            raise fail("source", f"'{one}': no such row of the evidence{did_you_mean(one, rows)}")
        if table["kind"] == "held-out" and rows[one].use in ("target", "input"):
            raise fail("source", f"'{one}' is used by the fit, so the kind cannot be held-out")
    return tuple(source)


def _plans(table, measure, name, fail):
    needed = MEASURES[measure][0]
    rows = table.get("plans", [])
    if not isinstance(rows, list) or len(rows) != needed:
        raise fail("plans", f"'{measure}' compares {needed}, each with a name and changes")
    if not needed:
        return ()
    try:
        base = Scenario.from_dict({"question": table["claim"], **table.get("scenario", {})}, name)
        return tuple(_plan(base, row, fail) for row in rows)
    except ScenarioError as error:
        raise PatternError(str(error).replace(name, f"{name}.toml", 1)) from None


def _plan(base, row, fail):
    if not isinstance(row, dict) or set(row) - {"name", "changes"} or "name" not in row:
        raise fail("plans", "each has a name, and changes by dotted path")
    changes = row.get("changes", {})
    if not isinstance(changes, dict):
        raise fail("plans", f"changes of {row['name']!r}: must be a table of dotted paths")
    return str(row["name"]), base.replace(changes) if changes else base


def _rate(table, measure, refuse):
    if measure != "rate":
        return 0, ""
    level: Any = table.get("level")
    count("level", level, refuse, 1, len(curves.LEVELS))
    choice("rate", table.get("rate"), RATES, refuse)
    return level, table["rate"]
