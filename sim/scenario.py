"""Scenarios: what a team, its work, its tools and its policies are.

Reads TOML files that extend each other, checks every value, and gives one plain, immutable record.
It holds levers and overrides of the world; it knows nothing of chance, of the clock, or of how a
value is used. Whatever is wrong with a file ends in one ScenarioError of one line.
"""

import datetime
import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from sim.parameters import (
    Distribution,
    RegisterError,
    bounds_phrase,
    did_you_mean,
    is_number,
    parse_distribution,
    register,
    world_parameters,
)

LEVELS = {"novice": 1, "beginner": 2, "intermediate": 3, "advanced": 4, "expert": 5}
NOTHING = "nothing"  # extends = "nothing": the file states every lever itself
MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_PEOPLE = 500
_NOT_MODELLED = ("training", "joiners", "money", "domains")
_EXCLUSIVE = (  # a child that states a key of one side drops the other side from its parent
    ("tasks", {"arrivals_per_week"}, {"backlog"}),
    ("tool", {"anchor"}, {"horizon_hours", "slope_per_doubling"}),
)
LevelName = Literal["novice", "beginner", "intermediate", "advanced", "expert"]


class ScenarioError(ValueError):
    """A scenario, a tool profile or a curve set cannot be used; one line says where and why."""


# ---------------------------------------------------------------- the schema


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def _fault(key: str, message: str) -> PydanticCustomError:
    """A fault found by a check of ours: the key below the table checked, and what must hold."""
    return PydanticCustomError("fault", "{message}", {"key": key, "message": message})


def _month(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value, re.ASCII):
        raise _fault("", 'must be a month in quotes, such as "2026-12"')
    if not "2020-01" <= value <= "2040-12":
        raise _fault("", "must be from 2020-01 to 2040-12")
    return value


def _version(value: Any) -> Any:
    try:
        return value if value in ("start", "date") else _month(value)
    except PydanticCustomError:
        raise _fault("", "must be 'start', 'date' or a month from 2020-01 to 2040-12") from None


def _text(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip():
        raise _fault("", "must be a text in quotes that is not empty")
    return value


def _arrivals(value: Any) -> Any:
    if value == "saturated" and isinstance(value, str):
        return value
    if not is_number(value) or value < 0:
        raise _fault("", "must be 'saturated', or a number of 0 or more")
    return float(value)


def _level(value: Any) -> float:
    if isinstance(value, str) and value in LEVELS:
        return float(LEVELS[value])
    if isinstance(value, str):
        raise _fault("", "unknown level" + (did_you_mean(value, LEVELS) or _one_of(LEVELS)))
    if not is_number(value) or not 1 <= value <= 5:
        raise _fault("", "must be a level's name, a number from 1 to 5, or [low, high]")
    return float(value)


def _level_or_range(value: Any) -> Any:
    if not isinstance(value, list):
        return _level(value)
    if len(value) != 2:
        raise _fault("", "must be [low, high] when it is a range")
    low, high = map(_level, value)
    if low > high:
        raise _fault("", "must have its lower level first")
    return [low, high]


def _one_of(words: Any) -> str:
    return "; use one of " + ", ".join(words)


Month = Annotated[str, BeforeValidator(_month), WithJsonSchema({"type": "string"})]
Version = Annotated[str, BeforeValidator(_version), WithJsonSchema({"type": "string"})]
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": "string", "minLength": 1})]
Arrivals = Annotated[
    Any,
    BeforeValidator(_arrivals),
    WithJsonSchema({"anyOf": [{"const": "saturated"}, {"type": "number", "minimum": 0}]}),
]
_LEVEL_SCHEMA = {"anyOf": [{"enum": list(LEVELS)}, {"type": "number", "minimum": 1, "maximum": 5}]}
LevelOrRange = Annotated[
    Any,
    BeforeValidator(_level_or_range),
    WithJsonSchema(
        {
            "anyOf": [
                *_LEVEL_SCHEMA["anyOf"],
                {"type": "array", "items": _LEVEL_SCHEMA, "minItems": 2, "maxItems": 2},
            ]
        }
    ),
]


def _number(unit: str, description: str, default: Any = ..., **limits: Any) -> Any:
    """A field with its unit, which error lines and editors show."""
    return Field(default, description=description, json_schema_extra={"unit": unit}, **limits)


def _share(description: str, default: Any = ...) -> Any:
    return _number("share", description, default, ge=0, le=1)


def _people() -> Any:
    return _number("people", "People of this level", 0, ge=0, le=MAX_PEOPLE)


class Horizon(_Table):
    """How long the run lasts, and when it begins."""

    start: Month = Field(description="Month in which the run begins, YYYY-MM")
    weeks: int = _number("weeks", "Length of the run, in working weeks of 40 h", ge=1, le=520)


class Adjacent(_Table):
    """People who know the domain and do not code by hand, by level."""

    novice: int = _people()
    beginner: int = _people()
    intermediate: int = _people()
    advanced: int = _people()
    expert: int = _people()


class Team(Adjacent):
    """Engineers by level, and people in adjacent roles."""

    adjacent: Adjacent = Field(default=Adjacent())


class People(_Table):
    """A row of people that [team] cannot state: a level between names, a range, part-time."""

    count: int = _number("people", "How many such people", ge=1, le=MAX_PEOPLE)
    level: LevelOrRange = Field(description="Level name, number from 1 to 5, or [low, high]")
    role: Literal["engineer", "adjacent"] = Field(description="Role of these people")
    hours_per_week: float = _number("h/week", "Hours each works a week", 40.0, gt=0, le=60)


class Size(_Table):
    """Sizes of tasks: hours an expert engineer of the domain would need by hand."""

    size: Literal["lognormal", "exponential", "constant"] = Field(description="Shape")
    median_hours: float | None = _number("expert-h", "Median size", None, gt=0, le=10_000)
    sigma: float | None = _number("log h", "Standard deviation of the log", None, ge=0, le=5)
    mean_hours: float | None = _number("expert-h", "Mean size", None, gt=0, le=10_000)

    @model_validator(mode="after")
    def _numbers_of_its_shape(self) -> "Size":
        needed = ("median_hours", "sigma") if self.size == "lognormal" else ("mean_hours",)
        _needs_only(self, needed, ("median_hours", "sigma", "mean_hours"), f"size = '{self.size}'")
        return self


class Tasks(_Table):
    """The work: how much arrives, of which class and kind, and how large it is."""

    arrivals_per_week: Arrivals | None = _number("tasks/week", "'saturated', or a rate", None)
    backlog: int | None = _number("tasks", "Finite backlog", None, ge=0, le=1_000_000)
    advanced_share: float = _share("Share of arriving tasks that are advanced work")
    fix_share: float = _share("Share of arriving tasks that fix what existed before")
    average: Size
    advanced: Size

    @model_validator(mode="after")
    def _one_source_of_work(self) -> "Tasks":
        if (self.arrivals_per_week is None) == (self.backlog is None):
            raise _fault("", "must state either arrivals_per_week or backlog, not both")
        return self


class Profile(_Table):
    """A tool profile: what the team works with, and of which date."""

    kind: Literal["agentic", "assistive", "none"] = Field(description="What the tool does")
    description: Text = Field(description="What it is, in one line")
    source: Text | None = Field(default=None, description="Where its figures come from")
    date: Month | None = Field(default=None, description="Month its curve describes, YYYY-MM")
    anchor: Literal["study"] | None = Field(default=None, description="Curve of the study")
    horizon_hours: float | None = _number(
        "expert-h", "Size an expert's session is judged done half the time", None, gt=0, le=10_000
    )
    slope_per_doubling: float | None = _number(
        "logit/doubling", "Log-odds lost per doubling of size", None, gt=0, le=5
    )
    version: Version | None = Field(
        default=None, description="Version used: 'start' of the run, as of its 'date', or a month"
    )
    improves: bool | None = Field(default=None, description="Whether it improves inside a run")
    adoption: float | None = _share("Share of the work taken to the tool", None)

    @model_validator(mode="after")
    def _keys_of_its_kind(self) -> "Profile":
        own = ("source", "date", "adoption")
        agentic = ("anchor", "horizon_hours", "slope_per_doubling", "version", "improves")
        if self.kind == "none":
            _needs_only(self, (), ("adoption", *agentic), "kind = 'none'")
        elif self.kind == "assistive":
            _needs_only(self, own, (*own, *agentic), "kind = 'assistive'")
        else:
            by_horizon = self.horizon_hours is not None or self.slope_per_doubling is not None
            if by_horizon == (self.anchor is not None):
                fault = "must state either anchor = 'study' or horizon_hours and slope_per_doubling"
                raise _fault("", fault)
            curve = ("horizon_hours", "slope_per_doubling") if by_horizon else ("anchor",)
            needed = (*own, *curve, "version", "improves")
            _needs_only(self, needed, needed, "kind = 'agentic'")
        return self


class Tool(Profile):
    """The merged tool profile, its name, and the curve set."""

    profile: Text = Field(description="A file of scenarios/tools, by name or path")
    curves: Text = Field(description="Curve set: study, headline, or a fitted set")


class Policy(_Table):
    """What the team has decided about how it works."""

    routing: Literal["fifo", "matched", "strict"] = Field(description="Who picks which work")
    matched_level: LevelName = Field(description="From which level people do advanced work")
    lookahead: int = _number("tasks", "Tasks that may be passed over", ge=0, le=1000)
    agent_use: Literal["always", "never", "pays"] = Field(description="When work goes to the agent")
    scope_hours: float = _number("expert-h", "Largest piece given to a session", gt=0, le=10_000)
    max_sessions: int = _number("sessions", "Sessions on one piece before by hand", ge=1, le=20)
    stretch_hours: float = _number("h", "Longest stretch by hand", gt=0, le=10_000)
    review: Literal["none", "unverified", "all"] = Field(description="Which work is reviewed")
    review_order: Literal["first", "turn", "last"] = Field(description="When reviews come")
    reviewer_level: LevelName = Field(description="From which level people review")
    review_hours_per_week: float = _number("h/week", "Review allowance a person", ge=0, le=168)
    wip_limit: int = _number("items", "Own unreviewed items before reviewing", ge=1, le=1_000_000)
    adjacent_by_hand: bool = Field(description="Whether adjacent roles code by hand")


class _Levers(_Table):
    question: Text = Field(description="The question this scenario answers")
    horizon: Horizon
    team: Team
    people: list[People] = Field(default=[], description="Rows that [team] cannot state")
    tasks: Tasks
    tool: Tool
    policy: Policy
    world: dict[str, Any] = Field(default={}, description="Overrides of the register")

    @model_validator(mode="after")
    def _not_too_many(self) -> "_Levers":
        total = sum(row.count for row in _groups(self.team, self.people))
        if total > MAX_PEOPLE:
            raise _fault("team", f"{total} people with [[people]]: must be {MAX_PEOPLE} or fewer")
        return self


def _needs_only(
    table: BaseModel, needed: tuple[str, ...], possible: tuple[str, ...], why: str
) -> None:
    for key in needed:
        if getattr(table, key) is None:
            raise _fault(key, f"missing; {why} needs it")
    for key in possible:
        if key not in needed and getattr(table, key) is not None:
            raise _fault(key, f"not used by {why}; remove it")


@dataclass(frozen=True)
class Group:
    """People who are alike.

    count           people
    low, high       range of their levels [1 to 5]; equal when all are of one level
    role            "engineer" or "adjacent"
    hours_per_week  [h/week]
    """

    count: int
    low: float
    high: float
    role: str
    hours_per_week: float


def _groups(team: Team, people: list[People]) -> tuple[Group, ...]:
    rows = [
        Group(getattr(table, name), float(level), float(level), role, 40.0)
        for role, table in (("engineer", team), ("adjacent", team.adjacent))
        for name, level in LEVELS.items()
        if getattr(table, name)
    ]
    for row in people:
        low, high = row.level if isinstance(row.level, list) else (row.level, row.level)
        rows.append(Group(row.count, low, high, row.role, row.hours_per_week))
    return tuple(rows)


# ---------------------------------------------------------------- the scenario


class Scenario:
    """One question, with every lever stated and checked; it does not change.

    Its tables are attributes: `horizon`, `team`, `people`, `tasks`, `tool`, `policy`; `world` maps
    each overridden parameter to its Distribution; `notes` lists what a reader should be told.
    Made by `load`, `Scenario.from_dict` and `replace`.
    """

    def __init__(
        self,
        levers: Mapping[str, Any],
        name: str,
        notes: tuple[str, ...] = (),
        folder: Path | None = None,
    ) -> None:
        """levers: every lever, as `to_dict` returns them; folder: where relative paths start."""
        plain = _plain(dict(levers), name)
        if isinstance(plain.get("tool"), dict):
            plain["tool"], said = _with_profile(plain["tool"], name, folder)
            notes = (*notes, *said)
        model = _checked(_Levers, plain, name)
        self.name = name
        self.question = model.question
        self.horizon = model.horizon
        self.team = model.team
        self.people = tuple(model.people)
        self.tasks = model.tasks
        self.tool = model.tool
        self.policy = model.policy
        self.world: dict[str, Distribution] = _world(model.world, name)
        self._dict = model.model_dump(exclude_none=True)
        first = {"profile": self.tool.profile, "curves": self.tool.curves}
        self._dict["tool"] = first | self._dict["tool"]
        self._dict["world"] = {key: d.to_plain() for key, d in sorted(self.world.items())}
        _check_against_register(self._dict, name)
        if self.tool.curves not in ("study", "headline"):
            try:
                curves_path(self.tool.curves, folder)
            except ScenarioError as error:
                raise ScenarioError(f"{name}: tool.curves: {error}") from None
        self._notes = notes
        self._folder = folder

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], name: str = "scenario") -> "Scenario":
        """A scenario stated as nested dicts, which extends `baseline` unless it says otherwise."""
        return _extended(data, name, None, ())

    @property
    def groups(self) -> tuple[Group, ...]:
        """Everybody in the team, [team] and [[people]] together, alike people in one row."""
        return _groups(self.team, list(self.people))

    @property
    def pinned(self) -> tuple[str, ...]:
        """World parameters fixed to one value by the user."""
        return tuple(name for name, belief in self.world.items() if belief.pinned)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the results should be told, a line each."""
        pins = (f"world.{n} = {self.world[n].numbers[0]:g}: pinned by you" for n in self.pinned)
        return (*self._notes, *pins)

    @property
    def months_ahead(self) -> int:
        """Months from the date the tool's curve describes to the version the team uses."""
        tool = self.tool
        if tool.date is None or tool.version in (None, "date"):
            return 0
        version = self.horizon.start if tool.version == "start" else tool.version
        return _month_number(str(version)) - _month_number(tool.date)

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of everything stated; the order of fields does not matter."""
        canonical = json.dumps(self._dict, sort_keys=True, ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def replace(self, changes: Mapping[str, Any]) -> "Scenario":
        """The same scenario with some levers changed, checked again.

        changes : dotted path -> value, such as {"team.novice": 3, "tool.profile": "none"};
            a whole table ({"team": {...}}) is merged as a file that extends this one would be
        """
        merged = self.to_dict()
        single: dict[str, Any] = {}
        for path, value in changes.items():
            if not isinstance(path, str) or not path:
                raise ScenarioError(f"{self.name}: {_shown(path)}: must be a dotted path")
            keys = path.split(".")
            self._refuse_unknown(keys, merged)
            nested = _nested(keys, value)
            if keys in (["team"], ["team", "adjacent"], ["people"]):
                merged = _merge(merged, _plain(nested, self.name), whole_team=True)
            else:
                single = _deep(single, nested)
        merged = _merge(merged, _plain(single, self.name), whole_team=False)
        return Scenario(merged, self.name, self._notes, self._folder)

    def _refuse_unknown(self, keys: list[str], merged: dict[str, Any]) -> None:
        first = keys[0]
        if first in _NOT_MODELLED or first in merged:
            return
        paths = {path.rsplit(".", 1)[-1]: path for path, _ in reversed(list(_leaves(merged)))}
        paths |= {name: f"world.{name}" for name in world_parameters()}
        near = difflib.get_close_matches(first, [*merged, *paths], n=1, cutoff=0.6)
        hint = f"; did you mean '{paths.get(near[0], near[0])}'?" if near else ""
        raise ScenarioError(f"{self.name}: {_shown_path(keys)}: unknown key{hint}")

    def to_dict(self) -> dict[str, Any]:
        """Every lever, the tool profile merged in, as plain nested dicts (a copy)."""
        return json.loads(json.dumps(self._dict))

    def to_toml(self) -> str:
        """A file that states every lever and extends nothing; loading it gives an equal one."""
        return f'extends = "{NOTHING}"\n' + "\n".join(_toml_lines(self._dict, ())) + "\n"

    def __eq__(self, other: object) -> bool:
        return self._dict == other._dict if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {self.question}>"


def load(name_or_path: str | Path) -> Scenario:
    """The scenario of a name (`"platform-team"`) or of a path (`"plans/mine.toml"`).

    A name is looked up in the working folder, in its `scenarios` folder, then in the package;
    `notes` says when a local file hides a packaged one.
    """
    return _load(_find(name_or_path, None, "scenario"), ())


def available() -> list[tuple[str, str, str]]:
    """(name, question, where) of every scenario that `load` finds by name, local ones first."""
    found: dict[str, tuple[str, str, str]] = {}
    for folder in _folders("scenario"):
        for path in _toml_files(folder):
            try:
                question = _read(path).get("question")
            except ScenarioError as error:
                question = f"(unreadable: {error})"
            if folder == Path.cwd() and not _is_question(question):
                continue  # some other tool's TOML
            where = "package" if folder == _package() else _label(path)
            found.setdefault(path.stem, (path.stem, str(question), where))
    return list(found.values())


def _is_question(value: Any) -> bool:
    return isinstance(value, str) and not value.startswith("(unreadable")


def curves_path(name: str, folder: Path | None = None) -> Path:
    """The file of a curve set: `calibration/curves/NAME.json` of the package, or a local path."""
    packaged = Path(str(files("calibration"))) / "curves"
    candidates = [packaged / f"{name}.json"] if _is_name(name) else []
    candidates += [base / name for base in (folder, Path.cwd()) if base is not None]
    for path in candidates:
        if _is_file(path):
            return path
    known = {path.stem for path in packaged.glob("*.json")} | {"study", "headline"}
    hint = did_you_mean(name, known) or "; expected a name in calibration/curves or a path"
    raise ScenarioError(f"no curve set '{_short(name)}'{hint}")


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors; no key but `question` is required."""
    result = _Levers.model_json_schema()
    for table in result["$defs"].values():
        table.pop("required", None)
    result["$defs"]["People"]["required"] = ["count", "level", "role"]
    result["required"] = ["question"]
    result["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    result["title"] = "Tiercurve scenario"
    extends = {"type": "string", "description": "Scenario this one extends (default: baseline)"}
    result["properties"] = {"extends": extends} | result["properties"]
    shape = {"type": "object", "minProperties": 1, "maxProperties": 1}
    result["properties"]["world"] = {
        "type": "object",
        "description": "Overrides of calibration/register.toml: a number, or a distribution",
        "additionalProperties": False,
        "properties": {
            name: {"anyOf": [{"type": "number"}, shape], "description": f"{p.reasoning} [{p.unit}]"}
            for name, p in world_parameters().items()
        },
    }
    return result


# ---------------------------------------------------------------- finding and reading files


def _package() -> Path:
    return Path(str(files("scenarios")))


def _folders(what: str) -> list[Path]:
    """Where a name of a scenario or of a tool is looked up, in order."""
    here = Path.cwd()
    if what == "tool":
        return [here / "scenarios" / "tools", here / "tools", _package() / "tools"]
    return [here, here / "scenarios", _package()]


def _is_name(text: str) -> bool:
    return re.fullmatch(r"\w[\w .+-]*", text) is not None and not text.endswith(".toml")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a null character, or a name too long
        return False


def _toml_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob("*.toml") if _is_file(path))
    except OSError:
        return []


class _Found(NamedTuple):
    path: Path
    notes: tuple[str, ...]


def _find(
    name_or_path: str | Path, folder: Path | None, what: str, asking: Path | None = None
) -> _Found:
    """The file of a scenario or tool.

    folder : where the asking file lies; names are looked up there too, and paths start there
    asking : the file that asks, which is passed over, so that a local `baseline` can extend the
        packaged one it hides
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or not _is_name(text):
        for base in (folder, Path.cwd()):
            if base is not None and _is_file(base / text):
                return _Found(base / text, ())
        raise ScenarioError(f"{_short(text)}: no such {what} file")
    folders = _folders(what)
    if folder is not None and what == "scenario" and folder not in folders:
        folders.insert(0, folder)
    hits = [path for path in (base / f"{text}.toml" for base in folders) if _is_file(path)]
    hits = [path for path in hits if asking is None or not _same_file(path, asking)]
    if not hits:
        known = {path.stem for base in folders for path in _toml_files(base)}
        hint = did_you_mean(text, known) or _one_of(sorted(known))
        raise ScenarioError(f"no {what} named '{_short(text)}'{hint}")
    hidden = hits[-1].parent == folders[-1] and not _same_file(hits[0], hits[-1])
    note = f"{text}: read from {_label(hits[0])}, which hides the packaged {what} of that name"
    return _Found(hits[0], (note,) if hidden else ())


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _label(path: Path) -> str:
    """A path as a person in the working folder would write it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _read(path: Path) -> dict[str, Any]:
    """A TOML file as a dict; every failure is one line that starts with its name."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise ScenarioError(f"{path.name}: cannot be read: {reason}") from None
    if len(content) > MAX_BYTES:
        raise ScenarioError(f"{path.name}: larger than 1 MB; not a scenario")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path.name}: not UTF-8 text (byte {error.start})") from None
    except RecursionError:
        raise ScenarioError(f"{path.name}: nested too deeply") from None
    except ValueError as error:  # also what Python says of an integer of 5,000 digits
        raise ScenarioError(f"{path.name}: not valid TOML: {_short(str(error), 160)}") from None


def _load(found: _Found, chain: tuple[Path, ...]) -> Scenario:
    path = found.path
    data = _read(path)
    scenario = _extended(data, path.stem, path, (*chain, path), label=path.name)
    scenario._notes = (*found.notes, *scenario._notes)
    return scenario


def _extended(
    data: Mapping[str, Any],
    name: str,
    path: Path | None,
    chain: tuple[Path, ...],
    label: str | None = None,
) -> Scenario:
    """The scenario of one file's content, merged over what it extends."""
    label = label or name
    child = _plain(data, label)
    is_root = path is not None and path.stem == "baseline"
    extends = child.pop("extends", NOTHING if is_root else "baseline")
    _refuse_not_modelled(child, label)
    if "question" not in child:
        raise ScenarioError(f"{label}: question: missing; say what this scenario answers")
    notes: tuple[str, ...] = ()
    folder = path.parent if path else None
    if not isinstance(extends, str) or not extends:
        raise ScenarioError(f"{label}: extends = {_shown(extends)}: must be a scenario's name")
    if extends != NOTHING:
        parent = _parent(extends, label, folder, path, chain)
        notes = parent._notes
        if "people" in child and "team" not in child and parent.groups:
            notes += (f"{name}: [[people]] are added to the [team] of {parent.name}",)
        child = _merge(parent.to_dict(), child, whole_team=True)
    scenario = Scenario(child, label, notes, folder)
    scenario.name = name
    return scenario


def _parent(
    extends: str, label: str, folder: Path | None, path: Path | None, chain: tuple[Path, ...]
) -> Scenario:
    try:
        found = _find(extends, folder, "scenario", asking=path)
    except ScenarioError as error:
        itself = path is not None and extends in (path.stem, path.name)
        reason = "a scenario cannot extend itself" if itself else str(error)
        raise ScenarioError(f"{label}: extends = {_shown(extends)}: {reason}") from None
    if any(_same_file(found.path, seen) for seen in chain):
        circle = " → ".join(seen.name for seen in (*chain, found.path))
        raise ScenarioError(f"{label}: extends = {_shown(extends)}: goes in a circle: {circle}")
    if len(chain) > 20:
        raise ScenarioError(f"{label}: extends: more than 20 files deep")
    return _load(found, chain)


def _refuse_not_modelled(child: Mapping[str, Any], label: str) -> None:
    for key in _NOT_MODELLED:
        if key in child:
            raise ScenarioError(f"{label}: {key}: not modelled in this version; remove the section")


def _with_profile(
    tool: dict[str, Any], label: str, folder: Path | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """[tool] with the keys of its profile's file filled in, and notes.

    A [tool] that states its `kind` is complete in itself: no file is read.
    """
    if "kind" in tool:
        return tool, ()
    name = tool.get("profile")
    if not isinstance(name, str) or not name.strip():
        must = f" = {_shown(name)}: must be" if "profile" in tool else ": missing; state"
        raise ScenarioError(f"{label}: tool.profile{must} the name of a tool profile")
    try:
        found = _find(name, folder, "tool")
    except ScenarioError as error:
        raise ScenarioError(f"{label}: tool.profile: {error}") from None
    where = f"tools/{found.path.name}"
    profile = _checked(Profile, _plain(_read(found.path), where), where)
    stated = {"tool": profile.model_dump(exclude_none=True)}
    return _merge(stated, {"tool": tool}, whole_team=False, same_tool=True)["tool"], found.notes


# ---------------------------------------------------------------- merging


def _merge(
    parent: dict[str, Any], child: dict[str, Any], *, whole_team: bool, same_tool: bool = False
) -> dict[str, Any]:
    """child over parent, key by key, with the exceptions a planner would expect.

    whole_team : [team] of the child replaces the parent's people as a whole (files); otherwise
        single counts change (`replace`)
    same_tool  : keep the parent's profile keys whatever profile the child names
    """
    parent = dict(parent)
    for section, one, other in _EXCLUSIVE:
        for stated, dropped in ((one, other), (other, one)):
            if _table(child, section).keys() & stated:
                parent[section] = _without(_table(parent, section), dropped)
    for key in ("average", "advanced"):
        old, new = (_table(_table(side, "tasks"), key) for side in (parent, child))
        if "size" in new and new["size"] != old.get("size"):
            parent["tasks"] = _without(_table(parent, "tasks"), {key})
    tool = _table(child, "tool")
    named, old_tool = tool.get("profile"), _table(parent, "tool")
    if not same_tool and "profile" in tool and named != old_tool.get("profile"):
        parent["tool"] = {"curves": old_tool["curves"]} if "curves" in old_tool else {}
    if whole_team and isinstance(child.get("team"), dict):
        only_adjacent = child["team"].keys() == {"adjacent"}
        parent["team"] = _without(_table(parent, "team"), {"adjacent"}) if only_adjacent else {}
        if not only_adjacent:
            parent.pop("people", None)
    merged = _deep(parent, child)
    if isinstance(child.get("world"), dict):  # a distribution is one value: it replaces
        merged["world"] = {**_table(parent, "world"), **child["world"]}
    return merged


def _deep(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(parent)
    for key, value in child.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            value = _deep(old, value)
        merged[key] = value
    return merged


def _table(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _without(table: Mapping[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in keys}


def _nested(keys: list[str], value: Any) -> dict[str, Any]:
    for key in reversed(keys):
        value = {key: value}
    return value


def _leaves(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(dotted path, value) of everything below a table that is not itself a table."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield ".".join((*above, key)), value


# ---------------------------------------------------------------- checking


def _plain(value: Any, label: str, at: tuple[Any, ...] = ()) -> Any:
    """A copy of nested dicts, lists, texts, truth values and numbers; else ScenarioError."""

    def fail(message: str) -> ScenarioError:
        return ScenarioError(f"{label}: {_shown_path(at)}{message}")

    if len(at) > MAX_DEPTH:
        raise fail(": nested too deeply")
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise fail(f": key {_shown(key)}: must be a text")
        return {k: _plain(v, label, (*at, k)) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v, label, (*at, i)) for i, v in enumerate(value)]
    if hasattr(value, "item") and hasattr(value, "dtype"):  # a NumPy scalar
        value = value.item() if getattr(value, "ndim", 1) == 0 else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) <= 1e12:  # written so that nan fails too
            raise fail(f" = {_shown(value)}: must be a finite number of sensible size")
        return value + 0  # -0.0 becomes 0.0
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            raise fail(": must be text without lone surrogates")
        return str(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime.date | datetime.time):
        raise fail(f" = {value}: must be put in quotes; dates are written as text here")
    raise fail(f": must be a number, a text, true or false, a list or a table, not {_kind(value)}")


def _kind(value: Any) -> str:
    return type(value).__name__


def _checked[Model: BaseModel](model: type[Model], data: dict[str, Any], label: str) -> Model:
    """data as a record of the schema, or one line: the first fault and a count of the rest."""
    _refuse_not_modelled(data, label)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # A misspelt key is the likely cause of the rest, so it comes first.
        faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        raise _one_line(label, [_fault_line(fault, model) for fault in faults]) from None


def _one_line(label: str, faults: list[str]) -> ScenarioError:
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return ScenarioError(f"{label}: {faults[0]}{more}")


def _fault_line(fault: ErrorDetails, model: type[BaseModel]) -> str:
    kind, limits = fault["type"], fault.get("ctx", {})
    where = [key for key in fault["loc"] if not _is_validator(key)]
    if kind == "fault" and limits["key"]:
        return f"{_shown_path([*where, limits['key']])}: {limits['message']}"
    path = _shown_path(where) or "the file"
    if kind == "extra_forbidden":
        table = _model_at(model, where[:-1])
        known = set(table.model_fields) if table else set()
        if len(where) == 1 and model is _Levers:
            known.add("extends")
        return f"{path}: unknown key{did_you_mean(str(where[-1]), known)}"
    if kind == "missing":
        return f"{path}: missing"
    if isinstance(fault["input"], dict | list) and kind == "fault":
        return f"{path}: {limits['message']}"
    unit = _unit(model, where)
    return f"{path} = {_shown(fault['input'])}: {_must(kind, limits, fault['msg'])}{unit}"


def _is_validator(key: Any) -> bool:
    """Pydantic names the wrapping function in the path of a fault; a reader need not know."""
    return isinstance(key, str) and ("[" in key or "(" in key) and key.endswith(("]", ")"))


_MUST = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_type": "must be a text in quotes",
    "list_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "literal_error": "must be {expected}",
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "fault": "{message}",
}


def _must(kind: str, limits: Mapping[str, Any], otherwise: str) -> str:
    return _MUST[kind].format(**limits) if kind in _MUST else " ".join(otherwise.split())


def _model_at(model: type[BaseModel], where: list[Any]) -> type[BaseModel] | None:
    """The table of the schema found at a path."""
    for key in where:
        if isinstance(key, int):
            continue
        info = model.model_fields.get(key)
        inner = _model_in(info.annotation) if info else None
        if inner is None:
            return None
        model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, Union, UnionType):
        return next(filter(None, map(_model_in, get_args(annotation))), None)
    return None


def _unit(model: type[BaseModel], where: list[Any]) -> str:
    table = _model_at(model, where[:-1])
    info = table.model_fields.get(str(where[-1])) if table and where else None
    extra = info.json_schema_extra if info else None
    return f" ({extra['unit']})" if isinstance(extra, dict) and "unit" in extra else ""


def _world(stated: Mapping[str, Any], label: str) -> dict[str, Distribution]:
    known = world_parameters()
    believed: dict[str, Distribution] = {}
    faults: list[str] = []
    for name, value in stated.items():
        path = _shown_path(["world", name])
        if name not in known:
            faults.insert(0, f"{path}: unknown key{did_you_mean(name, known)}")
            continue
        try:
            believed[name] = parse_distribution(value, known[name].bounds)
        except RegisterError as error:
            faults.append(f"{path} = {_shown(value)}: {error} ({known[name].unit})")
    if faults:
        raise _one_line(label, faults)
    return believed


def _check_against_register(levers: Mapping[str, Any], label: str) -> None:
    """The register may set tighter limits on a lever than the schema does."""
    known = register()
    faults = []
    for path, value in _leaves(levers):
        entry = known.get(path)
        if entry is None or entry.kind != "lever" or not is_number(value):
            continue
        if not entry.bounds[0] <= value <= entry.bounds[1]:
            must = bounds_phrase(entry.bounds)
            faults.append(f"{path} = {_shown(value)}: {must} ({entry.unit})")
    if faults:
        raise _one_line(label, faults)


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


# ---------------------------------------------------------------- text


def _shown(value: Any) -> str:
    """A value as an error line shows it: as in TOML, short, and on one line."""
    if isinstance(value, str):
        return f'"{_short(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + _short(", ".join(f"{k} = {_shown(v)}" for k, v in value.items())) + " }"
    if isinstance(value, list):
        return "[" + _short(", ".join(map(_shown, value))) + "]"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a very large number"
    return _short(str(value))


def _short(text: str, most: int = 60) -> str:
    one_line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return one_line if len(one_line) <= most else one_line[: most - 1] + "…"


def _shown_path(keys: Iterable[Any]) -> str:
    path = ""
    for key in keys:
        path += f"[{key + 1}]" if isinstance(key, int) else f".{_short(str(key))}"
    return path.removeprefix(".")


def _toml_lines(table: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    """A table as TOML: its own values first, then the tables below it."""
    below = {}
    for key, value in table.items():
        if key in ("adjacent", "people") or (isinstance(value, dict) and not above):
            below[key] = value
        else:
            yield f"{_toml_key(key)} = {_toml_value(value)}"
    for key, value in below.items():
        header = ".".join(map(_toml_key, (*above, key)))
        if isinstance(value, list):
            for row in value:
                yield f"\n[[{header}]]"
                yield from _toml_lines(row, (*above, key))
        else:
            yield f"\n[{header}]"
            yield from _toml_lines(value, (*above, key))


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml_value(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_toml_key(k)} = {_toml_value(v)}" for k, v in value.items()) + " }"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, str):  # JSON escapes are TOML escapes, except that TOML escapes DEL too
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
