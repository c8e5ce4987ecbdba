"""Tables of a file that has faults, as far as their keys are sound, and what rules say of those.

Pydantic checks what keys ask of each other only where every key below is sound. Here each rule is
read that needs none of those that are not, so that a file's faults come all at once.
"""

from collections.abc import Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from sim.errors import near_words
from sim.scenario.values import Fault, Rule, TableOfFile

Path = tuple[Any, ...]


class UnsoundError(Exception):
    """A rule needs a key that has a fault of its own."""


class Part:
    """A table as far as its keys are sound; any other of its keys raises UnsoundError."""

    def __init__(self, model: type[TableOfFile], values: dict[str, Any]) -> None:
        self._model = model
        self._values = values

    def __getattr__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        if name in self._model.model_fields:
            raise UnsoundError(name)
        found = vars(self._model)[name] if name in vars(self._model) else getattr(self._model, name)
        return found.__get__(self) if hasattr(found, "__get__") else found


def faults_of(
    model: type[TableOfFile], stated: Any, unsound: Sequence[Path], rules: Sequence[Rule] = ()
) -> list[tuple[Path, Fault]]:
    """What the rules of a table and of those below it say where its keys are sound.

    stated : nested dicts
    unsound : paths of the keys that have a fault, unknown keys among them
    rules : beside those of the model
    returns : path of the table, and the fault
    """
    found: list[tuple[Path, Fault]] = []
    _part(model, model.completed(stated), list(unsound), (), found, rules)
    return found


def _part(
    model: type[TableOfFile],
    stated: dict[str, Any],
    unsound: list[Path],
    above: Path,
    found: list[tuple[Path, Fault]],
    rules: Sequence[Rule] = (),
) -> Part:
    """The sound part of a table; what its rules say is added to those found."""
    unknown = [path[0] for path in unsound if path and path[0] not in model.model_fields]
    meant = {word for key in unknown for word in near_words(str(key), model.model_fields)}
    values = {}
    for key, info in model.model_fields.items():
        if key in meant or (unknown and key not in stated):
            continue  # it may be what the unknown key is meant to be
        below = [path[1:] for path in unsound if path and path[0] == key]
        if () in below:
            continue
        if key not in stated:
            values[key] = info.get_default(call_default_factory=True)
            continue
        inner = _table_in(info.annotation)
        if inner is None and not below:
            values[key] = _value(info, stated[key])
        elif inner is not None:
            values[key] = _below(inner, stated[key], below, (*above, key), found)
    part = Part(model, values)
    for rule in (*model.rules, *rules):
        try:
            for fault in rule(part):
                found.append((above, fault))
        except UnsoundError:
            continue
    return part


def _below(
    model: type[TableOfFile],
    stated: Any,
    unsound: list[Path],
    above: Path,
    found: list[tuple[Path, Fault]],
) -> Any:
    """The sound part of a table below, or of each row of a list of them; None where it is none."""
    if stated is None:
        return None
    if not isinstance(stated, list):
        return _part(model, model.completed(stated), unsound, above, found)
    rows = []
    for place, row in enumerate(stated):
        of_row = [path[1:] for path in unsound if path[0] == place]
        if () in of_row:  # what is no table is left out
            continue
        rows.append(_part(model, model.completed(row), of_row, (*above, place), found))
    return rows


def _value(info: FieldInfo, stated: Any) -> Any:
    """A sound value as the table holds it: a level's name as its number."""
    annotated: Any = Annotated  # with limits and checks, which no type checker can read
    found: TypeAdapter[Any] = TypeAdapter(annotated[info.annotation, info])
    return found.validate_python(stated)


def _table_in(annotation: Any) -> type[TableOfFile] | None:
    """The table that a field holds, alone or in a list; None where it holds values."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation if issubclass(annotation, TableOfFile) else None
    if get_origin(annotation) in (list, Union, UnionType):
        return next(filter(None, map(_table_in, get_args(annotation))), None)
    return None
