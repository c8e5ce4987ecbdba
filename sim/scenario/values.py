"""Types of value of a scenario file: days, texts, levels, distributions, numbers with a unit.

Each checks one value by itself. What a table of such values is, `TableOfFile`, stands here too.
"""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.errors import RegisterError, near
from sim.parameters import is_number, parse_distribution
from sim.scenario.calendar_days import day_fault, is_day, is_month

LEVELS = {"novice": 1, "beginner": 2, "intermediate": 3, "advanced": 4, "expert": 5}
SIZES = (1e-3, 10_000.0)  # what a size may be believed to be [expert-h]
LevelName = Literal["novice", "beginner", "intermediate", "advanced", "expert"]
MAX_PEOPLE = 500
MAX_DOMAINS = 4
MOST_WEEKS = 520  # of a run
ROUNDING = 1e-6  # by how much shares of the work may miss 1


Fault = tuple[str, str]  # the key below a table, "" for the table itself; and what must hold
Rule = Callable[[Any], Iterator[Fault]]  # what keys of a table ask of each other
RULES = "rules"  # kind of the error of a table whose keys do not fit each other


def value_fault(message: str) -> PydanticCustomError:
    """The fault of a value that a check of ours refuses: what must hold."""
    return PydanticCustomError("fault", "{message}", {"message": message})


def _month(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value, re.ASCII):
        raise value_fault('must be a month in quotes, such as "2026-12"')
    if not "2020-01" <= value <= "2040-12":
        raise value_fault("must be from 2020-01 to 2040-12")
    return value


def _start(value: Any) -> Any:
    if isinstance(value, str) and (fault := day_fault(value)):
        raise value_fault(fault)
    if not isinstance(value, str) or not (is_month(value) or is_day(value)):
        raise value_fault(
            'must be a month or a day in quotes, such as "2027-03" or "2027-03-15", from 2020 '
            "to 2040"
        )
    return value


def checked_day(value: Any) -> str:
    """A day in quotes as it is stated, or a fault."""
    if isinstance(value, str) and (fault := day_fault(value)):
        raise value_fault(fault)
    if not isinstance(value, str) or not is_day(value):
        raise value_fault('must be a day in quotes, such as "2027-03-31" for the end of March 2027')
    return value


def _version(value: Any) -> Any:
    try:
        return value if value in ("start", "date") else _month(value)
    except PydanticCustomError:
        raise value_fault("must be 'start', 'date' or a month from 2020-01 to 2040-12") from None


def _text(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip():
        raise value_fault("must be a text in quotes that is not empty")
    return value


def _arrivals(value: Any) -> Any:
    if value == "saturated" and isinstance(value, str):
        return value
    if not is_number(value) or value < 0:
        raise value_fault("must be 'saturated', or a number of 0 or more")
    return float(value)


def _level(value: Any) -> float:
    if isinstance(value, str) and value in LEVELS:
        return float(LEVELS[value])
    if isinstance(value, str):
        raise value_fault("unknown level" + near(value, LEVELS))
    if not is_number(value) or not 1 <= value <= 5:
        raise value_fault("must be a level's name, a number from 1 to 5, or [low, high]")
    return float(value)


def _level_or_range(value: Any) -> Any:
    if not isinstance(value, list):
        return _level(value)
    if len(value) != 2:
        raise value_fault("must be [low, high] when it is a range")
    low, high = map(_level, value)
    if low > high:
        raise value_fault("must have its lower level first")
    return [low, high]


def _level_of_domains(value: Any) -> Any:
    if isinstance(value, dict):
        if not value:
            raise value_fault("must state a level for each of [domains]")
        return {name: _level_or_range(level) for name, level in value.items()}
    return _level_or_range(value)


def _belief(value: Any, bounds: tuple[float, float]) -> Any:
    try:
        return parse_distribution(value, bounds).to_plain()
    except RegisterError as error:
        raise value_fault(str(error)) from None


def _hours_or_belief(value: Any) -> Any:
    if isinstance(value, dict):
        return _belief(value, SIZES)
    if not is_number(value):
        raise value_fault("must be a number above 0, or a distribution")
    if not value > 0:
        raise value_fault("must be above 0")
    if value > SIZES[1]:
        raise value_fault(f"must be {SIZES[1]:g} or less")
    return float(value)


def _share_or_belief(value: Any) -> Any:
    if isinstance(value, dict):
        return _belief(value, (0.0, 1.0))
    if not is_number(value):
        raise value_fault("must be a number from 0 to 1, or a distribution")
    if not 0 <= value <= 1:
        raise value_fault(f"must be {0 if value < 0 else 1} or {'more' if value < 0 else 'less'}")
    return float(value)


Start = Annotated[str, BeforeValidator(_start), WithJsonSchema({"type": "string"})]
Day = Annotated[
    str, BeforeValidator(checked_day), WithJsonSchema({"type": "string", "format": "date"})
]
Month = Annotated[str, BeforeValidator(_month), WithJsonSchema({"type": "string"})]
Version = Annotated[str, BeforeValidator(_version), WithJsonSchema({"type": "string"})]
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": "string", "minLength": 1})]
Arrivals = Annotated[
    Any,
    BeforeValidator(_arrivals),
    WithJsonSchema({"anyOf": [{"const": "saturated"}, {"type": "number", "minimum": 0}]}),
]
_LEVEL_SCHEMA = {"anyOf": [{"enum": list(LEVELS)}, {"type": "number", "minimum": 1, "maximum": 5}]}
_RANGE_SCHEMA = {"type": "array", "items": _LEVEL_SCHEMA, "minItems": 2, "maxItems": 2}
_ANY_LEVEL = {"anyOf": [*_LEVEL_SCHEMA["anyOf"], _RANGE_SCHEMA]}
_BY_DOMAIN = {"type": "object", "additionalProperties": _ANY_LEVEL, "minProperties": 1}
Level = Annotated[Any, BeforeValidator(_level), WithJsonSchema(_LEVEL_SCHEMA)]
LevelOfDomains = Annotated[
    Any,
    BeforeValidator(_level_of_domains),
    WithJsonSchema({"anyOf": [*_ANY_LEVEL["anyOf"], _BY_DOMAIN]}),
]
_DISTRIBUTION = {"type": "object", "minProperties": 1, "maxProperties": 1}
ShareOrBelief = Annotated[
    Any,
    BeforeValidator(_share_or_belief),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, _DISTRIBUTION]}),
]
HoursOrBelief = Annotated[
    Any,
    BeforeValidator(_hours_or_belief),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _DISTRIBUTION]}),
]


def number(unit: str, description: str, default: Any = ..., **limits: Any) -> Any:
    """A field with its unit, which error lines and editors show."""
    return Field(default, description=description, json_schema_extra={"unit": unit}, **limits)


def share(description: str, default: Any = ...) -> Any:
    """A field from 0 to 1."""
    return number("share", description, default, ge=0, le=1)


class TableOfFile(BaseModel):
    """A table of a file: unknown keys and values of another kind are refused.

    rules : what its keys ask of each other; each yields (key, message) for what is not so
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
    rules: ClassVar[tuple[Rule, ...]] = ()

    @classmethod
    def completed(cls, stated: Any) -> Any:
        """What is stated, with what follows from it where more is not stated."""
        return stated

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, stated: Any) -> Any:
        return cls.completed(stated)

    @model_validator(mode="after")
    def _keys_fit(self) -> Self:
        if faults := [fault for rule in self.rules for fault in rule(self)]:
            raise PydanticCustomError(RULES, "{faults}", {"faults": faults})
        return self
