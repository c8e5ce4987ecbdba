"""A map: a small TOML file beside an export that says what the export's own words mean.

[columns]
status = "État"
level = false            # no column is the person's level

[outcomes]               # done, given up, no attempt, open, reopened
"Terminé" = "done"

[agent]
since = 2025-03-01
"pair bot" = true        # a word of the agent column, or a label

[dates]
order = "dmy"

[time]
unit = "s"               # s, min, h or d
day_hours = 8
week_days = 5

[numbers]
decimal = ","

[file]
encoding = "cp1252"

[levels]                 # of people, by the rubric that `tiercurve assess` prints
"key of a person" = "novice"
"""

import codecs
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sim import files
from sim.engine.curves import LEVELS
from sim.errors import TicketError, did_you_mean, is_int_or_float, is_whole, one_of, short, shown
from sim.exports import dates, durations
from sim.exports.people import without_addresses
from sim.exports.vocabulary import plain, words

MOST_BYTES = 1_000_000
SECTIONS = ("columns", "outcomes", "agent", "dates", "time", "numbers", "file", "levels")
ANSWERS = ("done", "given up", "no attempt", "open", "reopened")
ORDERS = (dates.DMY, dates.MDY)
UNITS = (durations.SECONDS, durations.MINUTES, durations.HOURS, durations.DAYS)


@dataclass(frozen=True)
class Map:
    """What a map states; empty where it states nothing.

    columns   role -> headers, () where no column has the role
    outcomes  plain word -> one of ANSWERS
    agent     plain word -> whether with an agent
    since     date from which an agent was used
    order     of day and month
    unit, day_hours, week_days  of times spent
    decimal   mark of numbers
    encoding  of the file
    levels    person's key, casefolded -> level, 1 to 5
    sha256    of the file's bytes, "" without a file
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    agent: Mapping[str, bool] = field(default_factory=dict)
    since: date | None = None
    order: str | None = None
    unit: str | None = None
    day_hours: float = durations.DAY_HOURS
    week_days: float = durations.WEEK_DAYS
    decimal: str | None = None
    encoding: str | None = None
    levels: Mapping[str, int] = field(default_factory=dict)
    sha256: str = ""


def read(path: str | Path) -> Map:
    """Read a map. Raises TicketError, one line: where, what it says, what would do."""
    path = Path(path)
    try:
        data = files.content(path, MOST_BYTES)
        tables = files.toml_of(data)
    except UnicodeDecodeError:
        raise TicketError(f"{path.name}: not UTF-8 text; save it so") from None
    except OSError as error:
        raise TicketError(f"{files.name_of(path)}: cannot be read: {files.reason(error)}") from None
    except ValueError as error:
        reason = files.reason(error)
        raise TicketError(f"{path.name}: cannot be read as a map: {reason}") from None
    return _Checks(path.name).map(tables, hashlib.sha256(data).hexdigest())


class _Checks:
    """Checks the values of one map."""

    def __init__(self, name: str) -> None:
        self.name = name

    def map(self, tables: dict[str, Any], sha256: str) -> Map:
        self.known("", tables, SECTIONS)
        for section, table in tables.items():
            if not isinstance(table, dict):
                raise self.fault(section, table, f"must be a table, [{section}]")
        of = {section: tables.get(section, {}) for section in SECTIONS}
        self.known("dates.", of["dates"], ("order",))
        self.known("time.", of["time"], ("unit", "day_hours", "week_days"))
        self.known("numbers.", of["numbers"], ("decimal",))
        self.known("file.", of["file"], ("encoding",))
        agent = dict(of["agent"])
        return Map(
            columns=self.columns(of["columns"]),
            outcomes={plain(word): self.answer(word, to) for word, to in of["outcomes"].items()},
            since=self.day(agent.pop("since", None)),
            agent={plain(word): self.truth(word, to) for word, to in agent.items()},
            order=self.one_of("dates.order", of["dates"].get("order"), ORDERS),
            unit=self.one_of("time.unit", of["time"].get("unit"), UNITS),
            day_hours=self.within("time.day_hours", of["time"].get("day_hours", 8), 24),
            week_days=self.within("time.week_days", of["time"].get("week_days", 5), 7),
            decimal=self.one_of("numbers.decimal", of["numbers"].get("decimal"), (".", ",")),
            encoding=self.encoding(of["file"].get("encoding")),
            levels={key.strip().casefold(): self.level(to) for key, to in of["levels"].items()},
            sha256=sha256,
        )

    def fault(self, key: str, value: Any, rule: str) -> TicketError:
        says = without_addresses(f"{short(key)} = {shown(value)}")
        return TicketError(f"{self.name}: {says}: {rule}")

    def known(self, section: str, table: dict[str, Any], keys: Iterable[str]) -> None:
        for key in table:
            if key not in keys:
                hint = did_you_mean(key, keys) or one_of(keys)
                named = without_addresses(f"{section}{short(key)}")
                raise TicketError(f"{self.name}: {named}: unknown key{hint}")

    def columns(self, table: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        self.known("columns.", table, words()["columns"])
        named: dict[str, tuple[str, ...]] = {}
        for role, value in table.items():
            headers = value if isinstance(value, list) else [value]
            if value is False:
                headers = []
            if not all(isinstance(header, str) and header.strip() for header in headers):
                rule = 'must be a column\'s name, a list of them, or false for "none"'
                raise self.fault(f"columns.{role}", value, rule)
            named[role] = tuple(header.strip() for header in headers)
        return named

    def answer(self, word: str, value: Any) -> str:
        return self.one_of(f"outcomes.{word}", value, ANSWERS) or ""

    def truth(self, word: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.fault(f"agent.{word}", value, "must be true or false, whether with an agent")
        return value

    def day(self, value: Any) -> date | None:
        return None if value is None else since(value, f"{self.name}: agent.since")

    def one_of(self, key: str, value: Any, allowed: tuple[str, ...]) -> str | None:
        if value is not None and value not in allowed:
            near = did_you_mean(str(value), allowed)
            raise self.fault(key, value, f"must be one of {', '.join(allowed)}{near}")
        return value

    def within(self, key: str, value: Any, most: float) -> float:
        if not is_int_or_float(value) or not 0 < value <= most:
            raise self.fault(key, value, f"must be above 0 and at most {most}")
        return float(value)

    def encoding(self, value: Any) -> str | None:
        if value is None:
            return None
        try:
            name = codecs.lookup(value).name
            "a".encode(name)  # some codecs are not of texts
        except (LookupError, TypeError, ValueError):
            rule = 'must be an encoding of texts, such as "cp1252" or "utf-16"'
            raise self.fault("file.encoding", value, rule) from None
        return name

    def level(self, value: Any) -> int:
        if value in LEVELS:
            return LEVELS.index(value) + 1
        if is_whole(value) and 1 <= value <= 5:
            return value
        raise TicketError(
            f"{self.name}: levels: {shown(value)}: must be one of {', '.join(LEVELS)}, or 1 to 5"
        )


def since(value: Any, where: str) -> date:
    """A date from which an agent was used. Raises TicketError."""
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise TicketError(f"{where} = {shown(value)}: must be a date such as 2025-03-01") from None


def text(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """A map as TOML: sections of strings, truth values, numbers, dates and lists of strings."""
    lines = ["# How tiercurve reads this export: `tiercurve read FILE --map THIS`."]
    for section, table in tables.items():
        if table:
            lines += ["", f"[{section}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())]
    return "\n".join(lines) + "\n"


def _key(word: str) -> str:
    return word if word.isascii() and word.replace("_", "").isalnum() else quoted(word)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(quoted, value)) + "]"
    return quoted(value) if isinstance(value, str) else f"{value}"


def quoted(text_: str) -> str:
    """A text as a string of TOML."""
    return json.dumps(text_, ensure_ascii=False).replace("\x7f", "\\u007f")
