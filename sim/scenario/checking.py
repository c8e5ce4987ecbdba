"""From anything a file or a caller states to checked tables, or one line that says why not."""

import datetime
import re
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import (
    Faults,
    RegisterError,
    ScenarioError,
    did_you_mean,
    is_int_or_float,
    of_faults,
    shown,
    shown_path,
)
from sim.parameters import (
    Distribution,
    bounds_phrase,
    is_number,
    parse_distribution,
    register,
    world_parameters,
)
from sim.scenario import hints
from sim.scenario.merging import leaves
from sim.scenario.sound import faults_of
from sim.scenario.tables import Levers
from sim.scenario.values import RULES, Fault, Rule, TableOfFile

MAX_DEPTH = 12
# Control characters but tabs and ends of lines, marks that turn the order of text, and what is no
# character at all: a deck cannot hold them, and a reader would not see them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def control_in(text: str) -> str:
    """Which control character a text holds first, in words; "" where it holds none."""
    match = _CONTROL.search(text)
    if match is None:
        return ""
    if match[0] == "\v":
        return "a vertical tab"
    turns = "\u2000" < match[0] < "\ufff0"
    return f"the {'mark of direction' if turns else 'control character'} {ord(match[0]):#04x}"


class _Unusable:
    """What stands for a value that no file may hold, once its fault is known."""


UNUSABLE = _Unusable()


def plain(value: Any, label: str) -> Any:
    """A copy of nested dicts, lists, texts, truth values and numbers.

    Raises ScenarioError, a line for each fault.
    """
    faults = Faults(label)
    copy = readable(value, faults)
    faults.tell()
    return copy


def readable(value: Any, faults: Faults, at: tuple[Any, ...] = ()) -> Any:
    """A copy of what a file states, UNUSABLE in place of what it may not; of each a fault is added.

    at : path of the value in the file
    """
    if value is UNUSABLE:
        return value
    if len(at) > MAX_DEPTH:
        return _unusable(faults, at, ": nested too deeply")
    if isinstance(value, Mapping):
        keys = [key for key in value if _is_key(key, faults, at)]
        return {key: readable(value[key], faults, (*at, key)) for key in keys}
    if isinstance(value, list | tuple):
        return [readable(v, faults, (*at, i)) for i, v in enumerate(value)]
    if hasattr(value, "item") and hasattr(value, "dtype"):  # a NumPy scalar
        value = value.item() if getattr(value, "ndim", 1) == 0 else None
    if isinstance(value, bool):
        return value
    if is_int_or_float(value):
        if not abs(value) <= 1e12:  # written so that nan fails too
            must = f" = {shown(value)}: must be a finite number of sensible size"
            return _unusable(faults, at, must)
        return value + 0  # -0.0 becomes 0.0
    if isinstance(value, str):
        fault = _fault_of_text(value)
        return _unusable(faults, at, fault) if fault else str(value)
    return _unusable(faults, at, _fault_of_kind(value, at))


def _unusable(faults: Faults, at: tuple[Any, ...], fault: str) -> _Unusable:
    faults.add(f"{shown_path(at)}{fault}")
    return UNUSABLE


def _is_key(key: Any, faults: Faults, at: tuple[Any, ...]) -> bool:
    if not isinstance(key, str):
        faults.add(f"{shown_path(at)}: key {shown(key)}: must be a text")
    elif strange := control_in(key):
        faults.add(f"{shown_path(at)}: key {shown(key)}: holds {strange}: must be plain text")
    else:
        return True
    return False


def _fault_of_text(text: str) -> str:
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        return ": must be text without lone surrogates"
    if strange := control_in(text):
        return f" = {shown(text)}: holds {strange}: must be plain text"
    return ""


def _fault_of_kind(value: Any, at: tuple[Any, ...]) -> str:
    if isinstance(value, datetime.date | datetime.time):
        if at and str(at[-1]).endswith(("week", "weeks")):
            mend = hints.in_weeks(at[-1], value)
            return f" = {value}: must be a number of weeks; {mend}"
        return f" = {value}: must be put in quotes; dates are written as text here"
    kind = type(value).__name__
    return f": must be a number, a text, true or false, a list or a table, not {kind}"


def _is_unusable(value: Any) -> bool:
    """Whether a value is, or holds, what has its fault already."""
    if isinstance(value, dict):
        return any(map(_is_unusable, value.values()))
    return value is UNUSABLE or (isinstance(value, list) and any(map(_is_unusable, value)))


def checked[Model: TableOfFile](
    model: type[Model],
    data: dict[str, Any],
    label: str,
    rules: Sequence[Rule] = (),
    is_whole: bool = True,
    beside: Sequence[Rule] = (),
) -> Model:
    """data as a record of the schema, or a line for each fault.

    rules : what must hold beside the rules of the schema
    beside : what is told with other faults alone: without them it is refused by what needs it
    is_whole : whether keys that are missing are faults, and what tables ask of each other
    """
    try:
        found = model.model_validate(data)
    except ValidationError as error:
        raise _of_errors(model, data, label, error.errors(), (*rules, *beside), is_whole) from None
    if is_whole and (faults := [fault for rule in rules for fault in rule(found)]):
        faults += [fault for rule in beside for fault in rule(found)]
        raise of_faults(label, [_rule_line((), fault) for fault in faults])
    return found


def _of_errors(
    model: type[TableOfFile],
    data: dict[str, Any],
    label: str,
    errors: list[ErrorDetails],
    rules: Sequence[Rule],
    is_whole: bool,
) -> ScenarioError:
    """The faults that Pydantic tells, and of the rules it did not come to."""
    # A misspelt key is the likely cause of the rest, so it comes first.
    errors = sorted(errors, key=lambda error: error["type"] != "extra_forbidden")
    unknown = errors[0]["type"] == "extra_forbidden"
    of_keys = [error for error in errors if error["type"] != RULES]
    lines = [
        _fault_line(error, model)
        for error in of_keys
        if not _is_unusable(error["input"]) or error["type"] == "extra_forbidden"
        if is_whole or error["type"] != "missing"
    ]
    if is_whole and isinstance(data, dict):
        unsound = [tuple(_where(error)) for error in of_keys]
        found = faults_of(model, data, unsound, rules)
        of_rules = [(_where(error), f) for error in errors for f in _faults_in(error)]
        lines += [_rule_line(where, fault) for where, fault in [*of_rules, *found]]
    return of_faults(label, list(dict.fromkeys(lines)), unknown)


def _faults_in(error: ErrorDetails) -> list[Fault]:
    return error["ctx"]["faults"] if error["type"] == RULES else []


def _rule_line(where: Sequence[Any], fault: Fault) -> str:
    key, message = fault
    return f"{shown_path([*where, key] if key else where) or 'the file'}: {message}"


def _where(error: ErrorDetails) -> list[Any]:
    """The path of a fault, without the names of functions that Pydantic puts into it."""
    # An unknown key is the file's own word, whatever it looks like.
    own = error["loc"][-1:] if error["type"] == "extra_forbidden" else ()
    inner = error["loc"][: len(error["loc"]) - len(own)]
    return [*(key for key in inner if not _is_validator(key)), *own]


def _fault_line(fault: ErrorDetails, model: type[BaseModel]) -> str:
    kind, limits, where = fault["type"], fault.get("ctx", {}), _where(fault)
    path = shown_path(where) or "the file"
    if kind == "extra_forbidden":
        table = _model_at(model, where[:-1])
        known = set(table.model_fields) if table else set()
        if len(where) == 1 and model is Levers:
            known.add("extends")
        table_path = shown_path(where[:-1]) if model is Levers else None
        return f"{path}: unknown key{hints.unknown_key(table_path, str(where[-1]), known)}"
    if kind == "missing":
        return f"{path}: {hints.missing(path)}"
    if isinstance(fault["input"], dict | list) and kind == "fault":
        return f"{path}: {limits['message']}"
    unit = _unit(model, where)
    must = _must(kind, limits, fault["msg"]) + (f" ({unit})" if unit else "")
    return f"{path} = {shown(fault['input'])}: {must}{hints.value(path, fault['input'], unit)}"


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
    "too_short": "must not be empty; leave it out for all",
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
    return str(extra["unit"]) if isinstance(extra, dict) and "unit" in extra else ""


def world_overrides(
    stated: Mapping[str, Any], label: str, table: str = "world"
) -> dict[str, Distribution]:
    """[world], or what a tool profile says of it, as a Distribution for each parameter."""
    known = world_parameters()
    believed: dict[str, Distribution] = {}
    faults: list[str] = []
    unknown = False
    for name, value in stated.items():
        path = shown_path([*table.split("."), name])
        if name not in known:
            faults.insert(0, f"{path}: unknown key{did_you_mean(name, known)}")
            unknown = True
            continue
        if _is_unusable(value):
            continue
        try:
            believed[name] = parse_distribution(value, known[name].bounds)
        except RegisterError as error:
            faults.append(f"{path} = {shown(value)}: {error} ({known[name].unit})")
    if faults:
        raise of_faults(label, faults, unknown)
    return believed


def check_against_register(levers: Mapping[str, Any], faults: Faults) -> None:
    """The register may set tighter limits on a lever than the schema does.

    faults : of the file so far, to which others are added
    """
    known = register()
    for path, value in leaves(levers):
        entry = known.get(path)
        if entry is None or entry.kind != "lever" or not is_number(value):
            continue
        start = f"{path} = {shown(value)}: "
        is_told = any(line.startswith(f"{faults.label}: {start}") for line in faults.lines)
        if not is_told and not entry.bounds[0] <= value <= entry.bounds[1]:
            faults.add(f"{start}{bounds_phrase(entry.bounds)} ({entry.unit})")
