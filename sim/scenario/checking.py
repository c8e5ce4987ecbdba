"""From anything a file or a caller states to checked tables, or one line that says why not."""

import datetime
import re
from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import (
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
from sim.scenario.tables import Levers

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


def plain(value: Any, label: str, at: tuple[Any, ...] = ()) -> Any:
    """A copy of nested dicts, lists, texts, truth values and numbers; else ScenarioError."""

    def fail(message: str) -> ScenarioError:
        return ScenarioError(f"{label}: {shown_path(at)}{message}")

    if len(at) > MAX_DEPTH:
        raise fail(": nested too deeply")
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise fail(f": key {shown(key)}: must be a text")
            if strange := control_in(key):
                raise fail(f": key {shown(key)}: holds {strange}: must be plain text")
        return {k: plain(v, label, (*at, k)) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v, label, (*at, i)) for i, v in enumerate(value)]
    if hasattr(value, "item") and hasattr(value, "dtype"):  # a NumPy scalar
        value = value.item() if getattr(value, "ndim", 1) == 0 else None
    if is_int_or_float(value):
        if not abs(value) <= 1e12:  # written so that nan fails too
            raise fail(f" = {shown(value)}: must be a finite number of sensible size")
        return value + 0  # -0.0 becomes 0.0
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            raise fail(": must be text without lone surrogates")
        if strange := control_in(value):
            raise fail(f" = {shown(value)}: holds {strange}: must be plain text")
        return str(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime.date | datetime.time):
        if at and str(at[-1]).endswith(("week", "weeks")):
            raise fail(f" = {value}: must be a number of weeks; {hints.in_weeks(at[-1], value)}")
        raise fail(f" = {value}: must be put in quotes; dates are written as text here")
    kind = type(value).__name__
    raise fail(f": must be a number, a text, true or false, a list or a table, not {kind}")


def checked[Model: BaseModel](model: type[Model], data: dict[str, Any], label: str) -> Model:
    """data as a record of the schema, or a line for each fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # A misspelt key is the likely cause of the rest, so it comes first.
        faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        unknown = faults[0]["type"] == "extra_forbidden"
        lines = [_fault_line(fault, model) for fault in faults]
        raise of_faults(label, lines, unknown) from None


def _fault_line(fault: ErrorDetails, model: type[BaseModel]) -> str:
    kind, limits = fault["type"], fault.get("ctx", {})
    # An unknown key is the file's own word, whatever it looks like.
    own = fault["loc"][-1:] if kind == "extra_forbidden" else ()
    inner = fault["loc"][: len(fault["loc"]) - len(own)]
    where = [*(key for key in inner if not _is_validator(key)), *own]
    if kind == "fault" and limits["key"]:
        return f"{shown_path([*where, limits['key']])}: {limits['message']}"
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
        try:
            believed[name] = parse_distribution(value, known[name].bounds)
        except RegisterError as error:
            faults.append(f"{path} = {shown(value)}: {error} ({known[name].unit})")
    if faults:
        raise of_faults(label, faults, unknown)
    return believed


def check_against_register(levers: Mapping[str, Any], label: str) -> None:
    """The register may set tighter limits on a lever than the schema does."""
    known = register()
    faults = []
    for path, value in leaves(levers):
        entry = known.get(path)
        if entry is None or entry.kind != "lever" or not is_number(value):
            continue
        if not entry.bounds[0] <= value <= entry.bounds[1]:
            must = bounds_phrase(entry.bounds)
            faults.append(f"{path} = {shown(value)}: {must} ({entry.unit})")
    if faults:
        raise of_faults(label, faults)
