"""Reads a team's own tickets: tolerant of how exports are written, strict about what they mean.

Rows that cannot be used are counted by reason and left out; a file that as a whole cannot be used
is refused in one line. Person keys become numbers while reading and are kept nowhere.
"""

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from sim.engine.curves import LEVELS
from sim.errors import TicketError, did_you_mean

MOST_BYTES = 200_000_000
MOST_UNREADABLE = 0.2  # share of outcomes that may be no known word before the file is refused
MOST_HOURS = 10_000.0  # what a scenario accepts as a size [h]
FEWEST = 10  # usable rows with the agent; fewer cannot move anything worth a file
UNKNOWN = -1

# What a column may be called in an export; the first name is the template's.
COLUMNS = {
    "ticket": ("ticket", "id", "key", "issue", "issue_key", "ticket_id"),
    "person": ("person", "person_key", "developer", "assignee", "author", "engineer", "owner"),
    "level": ("level", "expertise", "expertise_level"),
    "role": ("role",),
    "class": ("class", "task_class", "work_class"),
    "labels": ("labels", "label", "tags", "components"),
    "hours": ("hours", "actual_hours", "time_spent", "hours_spent", "effort_hours"),
    "agent": ("agent", "with_agent", "used_agent", "ai"),
    "outcome": ("outcome", "result", "status", "closed", "resolution"),
    "reviewer": ("reviewer", "reviewed_by"),
    "date": ("date", "closed_at", "closed_on", "resolved", "finished", "end_date", "created"),
}
CLOSED = (
    "closed", "done", "yes", "y", "true", "1", "success", "succeeded", "merged", "resolved",
    "complete", "completed", "fixed", "accepted", "finished",
)  # fmt: skip
NOT_CLOSED = (
    "failed", "no", "n", "false", "0", "failure", "abandoned", "rejected", "reopened", "wont do",
    "won't do", "wontfix", "cancelled", "canceled", "not done", "reverted", "not closed",
)  # fmt: skip
STUDY = ("failed", "partial", "unverified", "verified")
STILL_OPEN = ("open", "in progress", "todo", "to do", "new", "blocked", "in review", "wip")
YES = ("yes", "y", "true", "1", "with", "agent", "ai", "agentic")
NO = ("no", "n", "false", "0", "without", "hand", "manual", "none", "by hand")
ROLES = {"engineer": 0, "developer": 0, "software engineer": 0, "adjacent": 1, "analyst": 1,
         "product": 1, "operations": 1, "manager": 1}  # fmt: skip
ADVANCED = (
    "architecture", "architectural", "performance", "security", "distributed", "incident",
    "scalability", "concurrency", "advanced",
)  # fmt: skip


@dataclass(frozen=True)
class Tickets:
    """Usable rows of an export, a column an array (n,).

    name      of the file
    person    numbers, -1 unknown
    weights   (n, 5), what is known of the level: one 1, equal parts of a range, all 0 unknown
    role      0 engineer, 1 adjacent
    advanced  0 average, 1 advanced, NaN unknown
    hours     [h], NaN unknown
    agent     whether with the agent
    outcome   0 up, in `scale`'s order
    scale     words of the outcomes from worst to best
    days      ordinal of the date, 0 unknown
    counts    what was met and left out or blank: reason -> rows
    """

    name: str
    person: np.ndarray
    weights: np.ndarray
    role: np.ndarray
    advanced: np.ndarray
    hours: np.ndarray
    agent: np.ndarray
    outcome: np.ndarray
    scale: tuple[str, ...]
    days: np.ndarray
    counts: dict[str, int]

    @property
    def people(self) -> int:
        """How many people can be told apart."""
        return len(np.unique(self.person[self.person >= 0]))


def read(path: str | Path) -> Tickets:
    """Read an export. Raises TicketError, one line, where the file cannot be used."""
    path = Path(path)
    lines = _records(path.name, _text(path))
    if not lines:
        raise TicketError(f"{path.name}: is empty; needs a header and one row a ticket")
    place = _columns(path.name, lines[0])
    reader = _Reader(path.name, place, lines[1:])
    return reader.read()


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise TicketError(f"{path.name}: {size / 1e6:,.0f} MB: must be 200 MB or less")
        data = path.read_bytes()
        if data[:2] == b"PK":
            raise TicketError(f"{path.name}: is a spreadsheet or archive; save it as CSV UTF-8")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "save it as CSV UTF-8"
        raise TicketError(f"{path.name}: not UTF-8 text (byte {error.start}); {hint}") from None
    except (OSError, ValueError) as error:
        if isinstance(error, TicketError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise TicketError(f"{path.name}: cannot be read: {reason}") from None


def _records(name: str, text: str) -> list[list[str]]:
    """Records that are not blank; with semicolons or tabs a decimal comma is read."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return [cells for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise TicketError(f"{name}, line {reader.line_num}: {error}") from None


def _columns(name: str, header: list[str]) -> dict[str, int]:
    """Where each known column stands."""
    words = ["_".join(re.findall(r"[^\W_]+", cell.lower())) for cell in header]
    place: dict[str, int] = {}
    for column, aliases in COLUMNS.items():
        found = [alias for alias in aliases if alias in words]
        if found:
            if words.count(found[0]) > 1:
                raise TicketError(f"{name}: column '{found[0]}': there are two of it")
            place[column] = words.index(found[0])
    if "outcome" not in place:
        shown = ", ".join(word[:20] for word in words if word)[:80]
        near = [did_you_mean(word, COLUMNS["outcome"]) for word in words if word]
        hint = next(filter(None, near), "; see the template calibration/examples/template.csv")
        raise TicketError(f"{name}: no column 'outcome' among {shown}{hint}")
    return place


class _Reader:
    """Counts what is met on the way through the rows of one file."""

    def __init__(self, name: str, place: dict[str, int], lines: list[list[str]]) -> None:
        self.name, self.place, self.lines = name, place, lines
        self.counts: Counter[str] = Counter()
        self.people: dict[str, int] = {}
        self.fault = ""

    def read(self) -> Tickets:
        words = {self._cell(cells, "outcome").lower() for cells in self.lines}
        # "verified", "partial" and "unverified" belong to the study's scale only.
        scale = STUDY if words & {"partial", "unverified", "verified"} else ("not closed", "closed")
        self.day_first = _day_first(self._cell(cells, "date") for cells in self.lines)
        rows = [row for cells in self._distinct() if (row := self._row(cells, scale))]
        unreadable = self.counts["outcome is no known word"]
        told = len(rows) + unreadable
        if unreadable > MOST_UNREADABLE * max(told, 1):
            raise TicketError(
                f"{self.name}: outcome = {self.fault!r}: {unreadable} of {told} outcomes are no "
                f"known word, over 20%; use closed or failed, or {', '.join(STUDY)}"
            )
        columns = list(zip(*rows, strict=True)) if rows else [()] * 8
        agent = np.array(columns[5], dtype=bool)
        if agent.sum() < FEWEST:
            raise TicketError(
                f"{self.name}: {agent.sum()} usable rows with the agent of {len(self.lines)}; "
                f"needs {FEWEST} at least{self._why()}"
            )
        return Tickets(
            name=self.name,
            person=np.array(columns[0], dtype=np.int64),
            weights=np.array(columns[1], dtype=float).reshape(-1, 5),
            role=np.array(columns[2], dtype=np.int64),
            advanced=np.array(columns[3], dtype=float),
            hours=np.array(columns[4], dtype=float),
            agent=agent,
            outcome=np.array(columns[6], dtype=np.int64),
            scale=scale,
            days=np.array(columns[7], dtype=np.int64),
            counts={reason: count for reason, count in self.counts.items() if count},
        )

    def _why(self) -> str:
        left = ", ".join(f"{reason}: {count}" for reason, count in self.counts.items())
        return f" ({left})" if left else ""

    def _distinct(self):
        """Rows, without those that repeat a ticket or another row to the letter."""
        seen = set()
        told = "ticket" in self.place or {"date", "hours"} <= self.place.keys()
        for cells in self.lines:
            key = self._cell(cells, "ticket") or (tuple(cells) if told else None)
            if key is not None and key in seen:
                self.counts["repeats another row"] += 1
                continue
            seen.add(key)
            yield cells

    def _cell(self, cells: list[str], column: str) -> str:
        place = self.place.get(column, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def _row(self, cells: list[str], scale: tuple[str, ...]):
        outcome = self._outcome(self._cell(cells, "outcome"), scale)
        agent = self._agent(self._cell(cells, "agent"))
        if outcome is None or agent is None:
            return None
        key = self._cell(cells, "person").casefold()
        person = self.people.setdefault(key, len(self.people)) if key else UNKNOWN
        return (
            person, self._level(self._cell(cells, "level")), self._role(self._cell(cells, "role")),
            self._advanced(cells), self._hours(self._cell(cells, "hours")), agent, outcome,
            self._day(self._cell(cells, "date")),
        )  # fmt: skip

    def _outcome(self, text: str, scale: tuple[str, ...]) -> int | None:
        word = text.lower()
        if word in scale:
            return scale.index(word)
        if word in CLOSED and scale is not STUDY:
            return 1
        if word in NOT_CLOSED:
            return 0
        if not word or word in STILL_OPEN:
            self.counts["no outcome yet"] += 1
            return None
        self.counts["outcome is no known word"] += 1
        self.fault = self.fault or text[:40]
        return None

    def _agent(self, text: str) -> bool | None:
        if "agent" not in self.place:
            return True
        word = text.lower()
        if word in YES or word in NO:
            return word in YES
        self.counts["not said whether with the agent"] += 1
        return None

    def _level(self, text: str) -> tuple[float, ...]:
        nothing = (0.0,) * 5
        word = text.lower().strip()
        if word in ("", "unknown", "?", "n/a", "na", "none", "-"):
            self.counts["level unknown"] += 1
            return nothing
        parts = re.split(r"\s*(?:–|-|\bto\b|\.\.)\s*", word)
        ends = [level for part in parts if (level := _one_level(part)) is not None]
        if len(parts) > 2 or len(ends) < len(parts):
            self.counts["level not readable, taken as unknown"] += 1
            return nothing
        low, high = min(ends), max(ends)
        inside = [float(low <= level <= high) for level in range(1, 6)]
        return tuple(part / sum(inside) for part in inside)

    def _role(self, text: str) -> int:
        word = text.lower()
        if word and word not in ROLES:
            self.counts["role not known, taken as engineer"] += 1
        return ROLES.get(word, 0)

    def _advanced(self, cells: list[str]) -> float:
        word = self._cell(cells, "class").lower()
        if word in ("average", "advanced"):
            return float(word == "advanced")
        labels = self._cell(cells, "labels").lower()
        if labels:
            return float(any(word in labels for word in ADVANCED))
        self.counts["class unknown"] += 1
        return math.nan

    def _hours(self, text: str) -> float:
        if not text:
            self.counts["hours missing"] += 1
            return math.nan
        plain = text.lower().removesuffix("hours").removesuffix("h").strip()
        if plain.count(",") == 1 and "." not in plain:
            plain = plain.replace(",", ".")
        try:
            hours = float(plain.replace(",", ""))
        except ValueError:
            hours = math.nan
        if 0 < hours <= MOST_HOURS:  # written so that nan fails too
            return hours
        self.counts["hours not above 0 and at most 10,000, taken as missing"] += 1
        return math.nan

    def _day(self, text: str) -> int:
        if not text:
            return 0
        found = _date(text, self.day_first)
        if found is None:
            self.counts["date not readable"] += 1
            return 0
        return found.toordinal()


def _one_level(text: str) -> int | None:
    if text in LEVELS:
        return LEVELS.index(text) + 1
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number in (1, 2, 3, 4, 5) else None


_SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\b")


def _day_first(texts) -> bool:
    """Whether 03/04/2026 is the third of April: by the dates that leave no choice."""
    day, month = 0, 0
    for text in texts:
        if found := _SLASHED.match(text):
            day += int(found[1]) > 12
            month += int(found[2]) > 12
    return day >= month


def _date(text: str, day_first: bool) -> date | None:
    """ISO dates with or without time, and dates written with slashes, dots or dashes."""
    try:
        if found := _SLASHED.match(text):
            one, two, year = map(int, found.groups())
            day, month = (one, two) if (day_first and two <= 12) or one > 12 else (two, one)
            return date(year, month, day)
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
