"""Reads calibration/fit.toml and files like it: how each fact enters the fit, and the priors."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim import files, ledger
from sim.errors import choice, count, did_you_mean
from sim.parameters import is_number

# kind -> keys it needs beside the common ones
KINDS = {
    "rate": ("measure", "level"),
    "mean_rate": ("measure",),
    "level_gap": ("measure", "from_level", "level"),
    "relative_step": ("measure",),
    "role_gap": ("software",),
    "slope": (),
}
MEASURES = ("partial", "judged", "verified")
PRIORS = (
    "judged", "gap_partial", "gap_verified", "step", "step_departure",
    "adjacent_penalty_average", "slope_per_doubling",
)  # fmt: skip
COMMON = ("evidence", "id", "value", "source", "kind", "half_width", "discount", "group")
PACKAGED = Path(__file__).parent / "fit.toml"


class ObservationError(ValueError):
    """A file of observations that cannot be used: one line, where, what, what would do."""


@dataclass(frozen=True)
class Prior:
    """A normal prior: mean and standard deviation, in the unit of its coordinate."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Observation:
    """One fact as the fit reads it. Shares are in [0, 1], slopes in logit per doubling.

    id          of the ledger's row, or of the file's
    kind        what the model predicts for it, a key of KINDS
    value       what was published
    half_width  95% half-width of its own error, `shared` of whose variance its group has in common
    discount    95% half-width of the difference between studies, common to the group
    group       rows of one study share errors within it
    measure, level, from_level  which rate, where the kind needs it
    at          verified rate of software people, for a role gap
    held_out    whether the ledger keeps the row for a check
    source      who says so
    """

    id: str
    kind: str
    value: float
    half_width: float
    discount: float
    group: str
    shared: float
    measure: str = ""
    level: int = 0
    from_level: int = 0
    at: float = 0.0
    held_out: bool = False
    source: str = ""

    def with_value(self, value: float) -> "Observation":
        return replace(self, value=float(value))

    @property
    def unit(self) -> str:
        return {"slope": "logit/doubling", "relative_step": "% change"}.get(self.kind, "%")


def read(
    path: Path | None = None, evidence: dict[str, ledger.Evidence] | None = None
) -> tuple[dict[str, Prior], list[Observation]]:
    """Priors and observations of a file, the packaged one by default.

    Raises ObservationError, one line, at the first fault.
    """
    path = PACKAGED if path is None else Path(path)
    evidence = ledger.read() if evidence is None else evidence
    data = _toml(path)
    for key in data:
        if key not in ("prior", "group", "rows"):
            hint = did_you_mean(key, ("prior", "group", "rows"))
            raise ObservationError(f"{path.name}: {key}: unknown key{hint}")
    priors = _priors(path.name, data.get("prior", {}))
    groups, tables = data.get("group", {}), data.get("rows", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ObservationError(f"{path.name}: rows: must be [[rows]] tables")
    rows = [_row(path.name, n, table, groups, evidence) for n, table in enumerate(tables, 1)]
    for row in rows:
        if [other.id for other in rows].count(row.id) > 1:
            raise ObservationError(f"{path.name}, row {row.id}: there are two of it")
    return priors, rows


def _toml(path: Path) -> dict[str, Any]:
    try:
        return files.toml(path)
    except (OSError, UnicodeDecodeError) as error:
        reason = files.reason(error) if isinstance(error, OSError) else "not UTF-8 text"
        raise ObservationError(f"{files.name_of(path)}: cannot be read: {reason}") from None
    except ValueError as error:
        raise ObservationError(f"{path.name}: not valid TOML: {error}") from None


def _priors(name: str, tables: dict[str, Any]) -> dict[str, Prior]:
    priors = {}
    for key, table in tables.items():
        if key not in PRIORS:
            raise ObservationError(f"{name}: prior.{key}: unknown key{did_you_mean(key, PRIORS)}")
        mean, sd = table.get("mean"), table.get("sd")
        if not is_number(mean) or not is_number(sd) or not sd > 0 or not table.get("reason"):
            raise ObservationError(f"{name}: prior.{key}: needs mean, sd above 0 and a reason")
        priors[key] = Prior(float(mean), float(sd))
    return priors


def _row(
    name: str,
    number: int,
    table: dict[str, Any],
    groups: dict[str, Any],
    evidence: dict[str, ledger.Evidence],
) -> Observation:
    where = f"{name}, row {table.get('evidence') or table.get('id') or number}"
    kind = table.get("kind", "")
    choice(f"{where}: kind", kind, KINDS, ObservationError)
    allowed = (*COMMON, *KINDS[kind])
    for key in table:
        if key not in allowed:
            raise ObservationError(f"{where}: {key}: unknown key{did_you_mean(key, allowed)}")
    for key in ("half_width", *KINDS[kind]):
        if key not in table:
            raise ObservationError(f"{where}: {key}: missing")
    row, value, source, held_out = _published(where, table, evidence)
    scale = 1.0 if kind == "slope" else 0.01
    half_width, discount = table["half_width"], table.get("discount", 0.0)
    if not is_number(half_width) or not half_width > 0:
        raise ObservationError(f"{where}: half_width = {half_width!r}: must be a number above 0")
    if not is_number(discount) or discount < 0:
        raise ObservationError(f"{where}: discount = {discount!r}: must be 0 or more")
    group = str(table.get("group", row))
    shared = groups.get(group, {}).get("shared", 0.0)
    if not is_number(shared) or not 0 <= shared < 1:
        raise ObservationError(f"{name}: group.{group}: shared = {shared!r}: must be in [0, 1)")
    return Observation(
        id=row,
        kind=kind,
        value=scale * value,
        half_width=scale * half_width,
        discount=scale * discount,
        group=group,
        shared=shared,
        measure=_word(where, table, "measure", MEASURES),
        level=_level(where, table, "level"),
        from_level=_level(where, table, "from_level"),
        at=_software(where, table, evidence),
        held_out=held_out,
        source=source,
    )


def _published(
    where: str, table: dict[str, Any], evidence: dict[str, ledger.Evidence]
) -> tuple[str, float, str, bool]:
    """Id, value, source and whether it is held out: of the ledger's row or the table itself."""
    if "evidence" in table:
        row = evidence.get(table["evidence"])
        if row is None or row.value is None:
            hint = did_you_mean(str(table["evidence"]), evidence)
            raise ObservationError(f"{where}: the ledger has no such row with a value{hint}")
        if row.grade == "R":
            raise ObservationError(f"{where}: is recalled, not confirmed: never used")
        return row.id, row.value, row.source, row.use == "held-out"
    for key in ("id", "value", "source"):
        if key not in table:
            raise ObservationError(f"{where}: {key}: missing (or name a row as `evidence`)")
    if not is_number(table["value"]):
        raise ObservationError(f"{where}: value = {table['value']!r}: must be a number")
    if not isinstance(table["source"], str) or not table["source"].strip():
        raise ObservationError(f"{where}: source: must say who says so")
    if table["kind"] in ("rate", "mean_rate") and not 0 < table["value"] < 100:
        raise ObservationError(f"{where}: value = {table['value']}: must be inside 0 to 100 (%)")
    return str(table["id"]), float(table["value"]), table["source"], False


def _word(where: str, table: dict[str, Any], key: str, words: tuple[str, ...]) -> str:
    if key in table:
        choice(f"{where}: {key}", table[key], words, ObservationError)
    return table.get(key, "")


def _level(where: str, table: dict[str, Any], key: str) -> int:
    level = table.get(key, 0)
    if key in table:
        count(f"{where}: {key}", level, ObservationError, 1, 5)
    return level


def _software(where: str, table: dict[str, Any], evidence: dict[str, ledger.Evidence]) -> float:
    """Verified rate of software people: the ledger's row of that name, or a number in %."""
    if "software" not in table:
        return 0.0
    named = table["software"]
    value = named if is_number(named) else getattr(evidence.get(str(named)), "value", None)
    if value is None or not 0 < value < 100:
        raise ObservationError(f"{where}: software = {named!r}: must be a ledger row or a % rate")
    return value / 100
