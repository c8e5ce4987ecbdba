"""The scenario: a record with every lever checked, and how files that extend each other make it."""

import difflib
import hashlib
import json
import shlex
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.errors import Faults, ScenarioError, UnknownKeyError, shown, shown_path
from sim.parameters import Distribution, parse_distribution, world_parameters
from sim.report import Table, cell, grid
from sim.scenario import development, doubts, own_record, prices, running
from sim.scenario.calendar_days import week_at_end_of
from sim.scenario.checking import (
    UNUSABLE,
    check_against_register,
    checked,
    plain,
    readable,
    world_overrides,
)
from sim.scenario.cross_checks import answer_has_what_it_needs, somebody_is_eligible
from sim.scenario.files import Found, called, curves_path, find, read, same_file, toml_lines
from sim.scenario.hints import LISTS
from sim.scenario.merging import deep, leaves, merge, nested, without_rivals
from sim.scenario.people import Group, group_of, groups_of
from sim.scenario.rollouts import Rollout
from sim.scenario.tables import YOUNG, Levers
from sim.scenario.tools import Profile, Tool
from sim.scenario.values import SIZES, Rule

HEAD = ("table", "levers")  # of a scenario shown as a table
NOTHING = "nothing"  # extends = "nothing": the file states every lever itself


class Scenario:
    """One question, with every lever stated and checked; it does not change.

    Its tables are attributes: `answer`, `horizon`, `team`, `people`, `tasks`, `tool`, `policy`,
    `rollout`, `training`, `trainings`, `joiners`, `leavers`, `attrition`, `absence`, `freeze`,
    `now`, `domains`, `money`; `tools` are that of the start and those of rollouts; `cohorts` maps
    the path of each training that has seats to it; `world` maps each parameter that the tool
    profile or the scenario overrides to its Distribution; `notes` lists what a reader should be
    told.
    Made by `load`, `Scenario.from_dict` and `replace`.
    """

    def __init__(
        self,
        levers: Mapping[str, Any],
        name: str,
        notes: tuple[str, ...] = (),
        folder: Path | None = None,
        faults: Faults | None = None,
        rules: tuple[Rule, ...] = (),
    ) -> None:
        """levers: every lever, as `to_dict` returns them; folder: where relative paths start.

        faults: those of its file that are known; rules: what must hold beside those of its tables.
        """
        faults = Faults(name) if faults is None else faults
        stated = readable(dict(levers), faults)
        for table, path in _tools_of(stated):
            notes = (*notes, *_with_profile(table, path, faults, folder))
        if "money" in stated:
            tools = [table for table, _ in _tools_of(stated)]
            stated["money"], more = prices.with_price(stated["money"], tools)
            notes = prices.without_note((*notes, *more), stated["money"])
        model = _levers(stated, faults, folder, rules)
        self._as_stated, self._stated_notes = None, notes
        self._weeks_over = week = model.now.week if model.now is not None else 0
        if week:
            self._as_stated = model.model_dump(exclude_none=True)
            model = _levers(running.from_today(self._as_stated, week), faults, folder)
            notes = (
                *notes,
                f"now.week = {week}: weeks are told from {model.horizon.start} on, of which the "
                f"plan has {model.horizon.weeks}",
            )
        self.name = name
        self.question = model.question
        self.answer = model.answer
        self.horizon = model.horizon
        self.team = model.team
        self.people = tuple(model.people)
        self.tasks = model.tasks
        self.tool = model.tool
        self.rollout = tuple(model.rollout or ())
        self.policy = model.policy
        self.training = model.training
        self.trainings = tuple(model.trainings or ())
        self.cohorts = model.cohorts
        self.joiners = tuple(model.joiners)
        self.leavers = tuple(model.leavers)
        self.attrition = model.attrition
        self.absence = model.absence
        self.freeze = model.freeze
        self.now = model.now
        self.domains = dict(model.domains)
        self.money = model.money
        own = world_overrides(model.world, name)
        of_tool = world_overrides(self.tool.world or {}, name, "tool.world")
        self.world: dict[str, Distribution] = of_tool | own
        self.pinned = tuple(key for key, belief in own.items() if belief.pinned)
        self._dict = model.model_dump(exclude_none=True)
        first = {"profile": self.tool.profile, "curves": self.tool.curves}
        self._dict["tool"] = first | self._dict["tool"]
        self._dict["world"] = {key: d.to_plain() for key, d in sorted(own.items())}
        self._notes = notes
        self._folder = folder

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], name: str = "scenario") -> "Scenario":
        """A scenario stated as nested dicts, which extends `baseline` unless it says otherwise."""
        return _extended(data, name)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Everybody in the team at the start, alike people in one row."""
        return groups_of(self.team, self.people, self.domains)

    @property
    def joining(self) -> tuple[Group, ...]:
        """The people of each row of [[joiners]]."""
        return tuple(group_of(row, list(self.domains)) for row in self.joiners)

    @property
    def headcount(self) -> int:
        """People at the start."""
        return sum(group.count for group in self.groups)

    @property
    def advanced_share(self) -> Distribution:
        """What is believed of the share of advanced work; one value where it is pinned."""
        return parse_distribution(self.tasks.advanced_share, (0.0, 1.0))

    @property
    def tools(self) -> "tuple[Tool | Rollout, ...]":
        """What people work with at the start, and what they begin to use during the run."""
        return (self.tool, *self.rollout)

    @property
    def main_tool(self) -> "Tool | Rollout":
        """The tool that most is said of: the first agent, else the first other one, if any."""
        order = ("agentic", "assistive", "none")
        return min(self.tools, key=lambda tool: order.index(tool.kind))

    @property
    def uses_agent(self) -> bool:
        """Whether anybody may ever work with an agent."""
        return self.main_tool.kind == "agentic" and self.policy.agent_use != "never"

    @property
    def horizon_belief(self) -> Distribution | None:
        """What is believed of the tool's own horizon [expert-h]; None if it has none."""
        return self.horizon_beliefs.get("tool.horizon_hours")

    @property
    def horizon_beliefs(self) -> dict[str, Distribution]:
        """What is believed of horizons of tools that have one of their own, by their paths."""
        paths = ("tool", *(f"rollout.{n}" for n in range(1, len(self.rollout) + 1)))
        return {
            f"{path}.horizon_hours": parse_distribution(tool.horizon_hours, SIZES)
            for path, tool in zip(paths, self.tools, strict=True)
            if tool.horizon_hours is not None
        }

    @property
    def by_week(self) -> float | None:
        """Week of the run by whose end the backlog is to be done; None without a deadline."""
        if self.answer.by is None:
            return self.answer.by_week
        return week_at_end_of(self.answer.by, self.horizon.start)

    @property
    def up_to_week(self) -> float:
        """Week up to which time and cost until done are counted: stated, the deadline, the end."""
        return self.answer.up_to_week or self.by_week or float(self.horizon.weeks)

    @cached_property
    def curves_file(self) -> Path:
        """The file of its curve set: packaged, a local one, or a team's own record."""
        return curves_path(self.tool.curves, self._folder)

    def against(self) -> "Scenario | None":
        """The plan that the question compares with, over the same weeks; None if it has none.

        It is looked up as `extends` is, beside the file this scenario was read from.
        """
        name = self.answer.against
        if name is None:
            return None
        asking = self._folder / f"{self.name}.toml" if self._folder else None
        try:
            file = find(name, self._folder, "scenario", asking=asking)
        except ScenarioError as error:
            raise ScenarioError(f"{self.name}: answer.against: {error}") from None
        weeks = {"horizon": {"start": self.horizon.start, "weeks": self.horizon.weeks}}
        return _load(file, ()).replace(weeks)

    @property
    def called(self) -> str:
        """What commands take for it, as a shell reads it: its name, or the path of its file."""
        return shlex.quote(called(self.name, self._folder) if self._folder else self.name)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the results should be told, a line each."""
        pins = (f"world.{n} = {self.world[n].numbers[0]:g}: pinned by you" for n in self.pinned)
        return (*self._notes, *pins, *self.doubts)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is stated that may not be meant, a sentence each: those of `notes` to be shown."""
        return doubts.of_plan(self)

    @property
    def months_ahead(self) -> int:
        """Months from the date the tool's curve describes to the version the team uses."""
        return self.months_ahead_of(self.tool)

    def months_ahead_of(self, tool: Profile) -> int:
        """Months from the date a tool's curve describes to the version in use."""
        if tool.date is None or tool.version in (None, "date"):
            return 0
        version = self.horizon.month if tool.version == "start" else tool.version
        return _month_number(str(version)) - _month_number(tool.date)

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of everything stated; the order of fields does not matter."""
        return fingerprint(self._dict)

    def replace(self, changes: Mapping[str, Any]) -> "Scenario":
        """The same scenario with some levers changed, checked again.

        changes : dotted path -> value, such as {"team.novice": 3, "tool.profile": "none"};
            a whole table ({"team": {...}}) is merged as a file that extends this one would be
        """
        merged = self.to_dict()
        single: dict[str, Any] = {}
        of_rows: dict[str, Any] = {}
        changes = development.in_changes(changes, self.name)
        changes = own_record.in_changes(changes, self.name, self._folder)
        changes = running.in_changes(changes, self.name, self._weeks_over)
        for path, value in changes.items():
            if not isinstance(path, str) or not path:
                raise UnknownKeyError(f"{self.name}: {shown(path)}: must be a dotted path")
            keys = path.split(".")
            self._refuse_unknown(keys, merged)
            if keys[0] in LISTS and len(keys) > 1:
                of_rows[path] = value
                continue
            change = nested(keys, value)
            if keys in (["team"], ["team", "adjacent"], ["people"]):
                merged = merge(merged, plain(change, self.name), whole_team=True)
            else:
                single = deep(single, change)
        merged = merge(merged, plain(single, self.name), whole_team=False)
        for path, value in of_rows.items():
            self._change_row(merged, path.split("."), plain(value, self.name))
        changed = Scenario(merged, self.name, self._notes, self._folder)
        changed._weeks_over = changed._weeks_over or self._weeks_over
        return changed

    def _change_row(self, merged: dict[str, Any], keys: list[str], value: Any) -> None:
        """Change a row of a list of tables in place: ["joiners", "1", "week"] is of the first."""
        table, place, *rest = keys
        rows = merged.get(table, [])
        there = f"there {'is 1 row' if len(rows) == 1 else f'are {len(rows)} rows'} of [[{table}]]"
        if not place.isdecimal() or not 1 <= int(place) <= len(rows) or not rest:
            raise UnknownKeyError(
                f"{self.name}: {shown_path(keys)}: {there}, counted from 1: state its place and "
                f"key, such as {table}.1.level"
            )
        row = rows[int(place) - 1]
        if table == "rollout" and rest == ["profile"]:  # the rest of it comes with its profile
            row = {key: row[key] for key in row if key not in Profile.model_fields}
        rows[int(place) - 1] = deep(row, nested(rest, value))

    def _refuse_unknown(self, keys: list[str], merged: dict[str, Any]) -> None:
        first = keys[0]
        if first in Levers.model_fields:
            return
        paths = {path.rsplit(".", 1)[-1]: path for path, _ in reversed(list(leaves(merged)))}
        paths |= {name: f"world.{name}" for name in world_parameters()}
        near = difflib.get_close_matches(first, [*merged, *paths], n=1, cutoff=0.6)
        hint = f"; did you mean '{paths.get(near[0], near[0])}'?" if near else ""
        raise UnknownKeyError(f"{self.name}: {shown_path(keys)}: unknown key{hint}")

    def inherited(self) -> dict[str, Any]:
        """What a file that extends this plan starts from: weeks count as in the plan's own file."""
        return json.loads(json.dumps(self._as_stated or self._dict))

    def to_dict(self) -> dict[str, Any]:
        """Every lever, the tool profile merged in, as plain nested dicts (a copy)."""
        return json.loads(json.dumps(self._dict))

    def to_toml(self) -> str:
        """A file that states every lever and extends nothing; loading it gives an equal one."""
        return f'extends = "{NOTHING}"\n' + "\n".join(toml_lines(self._dict)) + "\n"

    def __eq__(self, other: object) -> bool:
        return self._dict == other._dict if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {self.question}>"

    def _repr_html_(self) -> str:
        lines = (f"{self.name}: {self.question}", *self.notes)
        return cell(lines, [Table(HEAD, self._stated())])

    def __str__(self) -> str:
        lines = (f"{self.name}: {self.question}", "", *grid(HEAD, self._stated()), *self.notes)
        return "\n".join(lines)

    def _stated(self) -> list[tuple[str, str]]:
        """Tables with the levers stated in each, those that are nothing left out."""
        tables: dict[str, list[str]] = {}
        for path, value in leaves(self.to_dict()):
            table, _, key = path.partition(".")
            if table != "question" and value not in (0, 0.0, [], {}, None):
                tables.setdefault(table, []).append(f"{key} {value}".strip())
        return [(table, "; ".join(values)) for table, values in tables.items()]


def _levers(
    stated: dict[str, Any], faults: Faults, folder: Path | None, rules: tuple[Rule, ...] = ()
) -> Levers:
    """What is stated as checked tables; or ScenarioError, a line for each fault of any table."""
    model = None
    with faults.taken():
        beside = (answer_has_what_it_needs,)
        model = checked(Levers, stated, faults.label, rules, beside=beside)
    for table, path in ((stated, "world"), (stated.get("tool"), "tool.world")):
        world = table.get("world") if isinstance(table, dict) else None
        with faults.taken():
            world_overrides(world if isinstance(world, dict) else {}, faults.label, path)
    check_against_register(stated, faults)
    _check_curves(stated, faults, folder)
    if model is not None and faults.lines:
        faults.add(*(f"{key}: {told}" for key, told in answer_has_what_it_needs(model)))
    faults.tell()
    assert model is not None  # else its faults are told
    return model


def _check_curves(stated: dict[str, Any], faults: Faults, folder: Path | None) -> None:
    tool = stated.get("tool")
    curves = tool.get("curves", "study") if isinstance(tool, dict) else "study"
    if isinstance(curves, str) and curves.strip() and curves not in ("study", "headline"):
        try:
            curves_path(curves, folder)
        except ScenarioError as error:
            faults.add(f"tool.curves: {error}")


def fingerprint(levers: Mapping[str, Any]) -> str:
    """SHA-256 of levers as `Scenario.to_dict` gives them; the order of fields does not matter.

    Levers younger than plans that are saved count where they are not as without them.
    """
    levers = dict(levers)
    for table, keys in YOUNG.items():
        stated = levers.get(table)
        if isinstance(stated, Mapping):
            levers[table] = {
                key: value
                for key, value in stated.items()
                if key not in keys or value != keys[key].default
            }
    canonical = json.dumps(levers, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def load(name_or_path: str | Path) -> Scenario:
    """The scenario of a name (`"platform-team"`) or of a path (`"plans/mine.toml"`).

    A name is looked up in the working folder, in its `scenarios` folder, then in the package;
    `notes` says when a local file hides a packaged one.
    """
    return _load(find(name_or_path, None, "scenario"), ())


def as_scenario(scenario: Scenario | str | Path) -> Scenario:
    """A scenario as it is, or the one of a name or path."""
    return scenario if isinstance(scenario, Scenario) else load(scenario)


def _load(file: Found, chain: tuple[Path, ...]) -> Scenario:
    path = file.path
    stated = read(path)
    if isinstance(stated.get("plans"), list):
        deck = f"tiercurve deck {path.name} -o deck.pptx"
        raise ScenarioError(f"{path.name}: is the plan of a deck, not a scenario; {deck} builds it")
    return _extended(stated, path.stem, (*chain, path), file.notes)


def _extended(
    data: Mapping[str, Any], name: str, chain: tuple[Path, ...] = (), notes: tuple[str, ...] = ()
) -> Scenario:
    """The scenario of one file's content, merged over what it extends.

    chain : the files that extend each other down to this one; empty when it is not from a file
    """
    path = chain[-1] if chain else None
    label, folder = (path.name, path.parent) if path else (name, None)
    if not isinstance(data, Mapping):
        raise ScenarioError(f"{label}: must be a table")
    faults = Faults(label)
    child = readable(data, faults)
    child = {k: v for k, v in child.items() if v is not UNUSABLE or k in Levers.model_fields}
    child, more = development.with_share(child, label)
    faults.lines += more
    child, more = own_record.with_record(child, label, folder)
    faults.lines += more
    child = running.with_backlog(child)
    is_root = path is not None and path.stem == "baseline"
    extends = child.pop("extends", NOTHING if is_root else "baseline")
    if extends != NOTHING:
        try:
            parent = _parent(extends, label, chain)
        except ScenarioError as error:
            faults.take(error)
            with faults.taken():
                checked(Levers, child, label, is_whole=False)
            faults.tell()
            raise
        notes += parent._stated_notes
        if "people" in child and "team" not in child and parent.groups:
            notes += (f"{name}: [[people]] are added to the [team] of {parent.name}",)
        inherited = parent.inherited()
        inherited["answer"].pop("against", None)  # it belongs to the parent's question
        if "question" not in child and parent.name == "baseline":
            child["question"] = _question(child, name)
        child = merge(inherited, child, whole_team=True)
    child.setdefault("question", _question(child, name))
    rules = () if path is None else (somebody_is_eligible,)
    scenario = Scenario(child, label, notes, folder, faults, rules)
    scenario.name = name  # faults name the file, with its ending; results do not
    return scenario


def _question(stated: Mapping[str, Any], name: str) -> str:
    """What a file asks that does not say so: whether its deadline is met, or what is delivered."""
    answer, backlog = stated.get("answer"), stated.get("tasks")
    answer = answer if isinstance(answer, dict) else {}
    if "by" in answer or "by_week" in answer:
        when = f"by {answer['by']}" if "by" in answer else f"by week {answer['by_week']}"
        count = backlog.get("backlog", "") if isinstance(backlog, dict) else ""
        tickets = "one ticket" if count == 1 else f"{count} tickets".strip()
        return f"Will the {tickets} of {name} be done {when}?"
    if isinstance(backlog, dict) and "backlog" in backlog and "metric" not in answer:
        return f"When will the {backlog['backlog']} tickets of {name} be done?"
    return f"What does {name} deliver?"


def _parent(extends: Any, label: str, chain: tuple[Path, ...]) -> Scenario:
    path = chain[-1] if chain else None
    if not isinstance(extends, str) or not extends:
        raise ScenarioError(f"{label}: extends = {shown(extends)}: must be a scenario's name")
    try:
        file = find(extends, path.parent if path else None, "scenario", asking=path)
    except ScenarioError as error:
        itself = path is not None and extends in (path.stem, path.name)
        reason = "a scenario cannot extend itself" if itself else str(error)
        raise ScenarioError(f"{label}: extends = {shown(extends)}: {reason}") from None
    if any(same_file(file.path, seen) for seen in chain):
        circle = " → ".join(seen.name for seen in (*chain, file.path))
        raise ScenarioError(f"{label}: extends = {shown(extends)}: goes in a circle: {circle}")
    if len(chain) > 20:
        raise ScenarioError(f"{label}: extends: more than 20 files deep")
    return _load(file, chain)


def _tools_of(stated: Mapping[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """[tool] and the rows of [[rollout]] as they are stated, each with its path for faults."""
    rows = stated.get("rollout")
    tools = [(stated.get("tool"), "tool")]
    if isinstance(rows, list):
        tools += [(row, f"rollout[{place}]") for place, row in enumerate(rows, 1)]
    return [(table, path) for table, path in tools if isinstance(table, dict)]


def _with_profile(
    tool: dict[str, Any], path: str, faults: Faults, folder: Path | None
) -> tuple[str, ...]:
    """Fill in the keys of the file of a tool's profile in place; notes.

    A tool that states its `kind` is complete in itself: no file is read. Where no file can be read,
    that is a fault, and those of its keys that are not stated are UNUSABLE.
    """
    if "kind" in tool:
        return ()
    before = len(faults.lines)
    name = tool.get("profile")
    if isinstance(name, str) and name.strip():
        try:
            file = find(name, folder, "tool")
        except ScenarioError as error:
            faults.add(f"{path}.profile: {error}")
        else:
            with faults.taken():
                _fill_in(tool, file)
            if len(faults.lines) == before:
                return file.notes
    elif name is not UNUSABLE:
        must = f" = {shown(name)}: must be" if "profile" in tool else ": missing; state"
        faults.add(f"{path}.profile{must} the name of a tool profile")
        tool["profile"] = UNUSABLE
    tool |= {key: UNUSABLE for key in Profile.model_fields if key not in tool}
    return ()


def _fill_in(tool: dict[str, Any], file: Found) -> None:
    """Fill in what a tool does not state from the file of its profile, in place."""
    where = f"tools/{file.path.name}"
    profile = checked(Profile, plain(read(file.path), where), where)
    stated = {"tool": profile.model_dump(exclude_none=True)}
    over = {"tool": dict(tool)}
    tool |= deep(without_rivals(stated, over), over)["tool"]


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
