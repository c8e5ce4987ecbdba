"""From a file to the record of a team's tickets."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import TicketError, did_you_mean
from sim.exports import (
    agents, cautions, dates, durations, headers, json_table, levels, map_file, numbers, outcomes,
    people, table, tickets, times,
)  # fmt: skip
from sim.exports.map_file import Map
from sim.exports.outcomes import ANSWERS, DONE, NO_ATTEMPT, SILENT, UNKNOWN
from sim.exports.record import TicketRecord
from sim.exports.table import Column, Table
from sim.exports.vocabulary import listed, meanings, plain

MOST_UNKNOWN = 0.2  # share of outcomes that may be no known word
MOST_UNDATED = 0.2  # share of a column's dates that may not be readable
SAMPLE = 2_000  # rows looked at for a column that may tell outcomes
MOST_WORDS = 12  # distinct words of such a column

_MEANINGS = {
    "ticket": "ticket", "project": "project", "type": "kind of ticket", "parent": "parent",
    "outcome": "outcome", "resolution": "outcome", "reason": "outcome, its reason",
    "status": "outcome", "category": "outcome, where nothing else tells", "merged": "date of merging",
    "canceled": "date of cancelling", "person": "person, as a number", "level": "level of expertise",
    "role": "role", "class": "class of work", "labels": "labels", "agent": "agent used",
    "co_authors": "agent used", "hours": "hours spent", "points": "points, a scale of its own",
    "estimates": "an estimate, not used", "closed": "date of closing", "date": "date of closing",
    "created": "date of creation", "updated": "date of change",
}  # fmt: skip
_DATES = ("closed", "merged", "canceled", "date", "created", "updated")


def read(
    path: str | Path,
    map: str | Path | Map | None = None,
    dates: str | None = None,
    agent_since: str | Any = None,
    closed_as: str = "own",
) -> TicketRecord:
    """Read an export of a tracker.

    Parameters
    ----------
    path : str or Path
        CSV (comma, semicolon, tab or bar), or JSON, of Jira, GitHub, GitLab, Linear, Azure DevOps,
        `git log`, or a plain table: docs/exports/ has a page for each.
    map : str, Path or Map, optional
        A TOML file with the export's own words: columns, outcomes, units (see `map_file`).
    dates : "dmy" or "mdy", optional
        Order of day and month, where the file does not tell.
    agent_since : date or str, optional
        The day from which an agent was used, where the file does not say.
    closed_as : str
        Other than "own": outcomes may be the study's words failed, partial, unverified, verified.

    Returns
    -------
    TicketRecord

    Raises
    ------
    TicketError
        One line: the file, the column taken, values met, and what would do.
    """
    stated = map if isinstance(map, Map) else map_file.read(map) if map else Map()
    if dates not in (None, "dmy", "mdy"):
        raise TicketError(f"dates = {dates!r}: must be dmy or mdy")
    start = map_file.since(agent_since, "agent_since") if agent_since else stated.since
    return _Reading(Path(path), stated, dates or stated.order, start, closed_as != "own").record()


@dataclass
class _Facts:
    """What cautions are made of: columns of tickets, and what the file has."""

    tracker: str
    outcome: np.ndarray
    closed: np.ndarray
    created: np.ndarray
    person: np.ndarray
    agent: np.ndarray
    level_low: np.ndarray
    hours: np.ndarray
    agent_source: str
    level_header: str
    alike: int
    has_person: bool
    has_points: bool
    has_reviewer: bool
    subtasks: int
    unread_words: str


@dataclass
class _Reading:
    """Reads one file, step by step, and notes what it took for what."""

    path: Path
    stated: Map
    order: str | None
    since: Any
    study: bool
    settled: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    map: dict[str, dict[str, Any]] = field(default_factory=dict)

    def record(self) -> TicketRecord:
        self._open()
        if not len(self.table):
            raise TicketError(f"{self.name}: has a header and no rows; needs a row a ticket")
        self._sort_out_dates()
        found = self._outcomes()
        rows = self._rows(found)
        leave = self._parents()
        key, told = tickets.keys(self.columns, len(self.table))
        rows, key = rows.take(~leave), key[~leave]
        rows, left_out, self.joined = tickets.merged(
            self.table, self.columns, rows, key, told, found.words
        )
        self.left_out |= left_out
        rows = self._usable(rows, found)
        return self._record(rows, found)

    # ---- columns ---------------------------------------------------------------------------

    def _open(self) -> None:
        self.name = self.path.name
        known = headers.known_names(self.stated)
        if json_table.is_json(self.path):
            self.table = json_table.read(self.path)
            self.roles = headers.roles(self.name, self.table.headers, self.stated)
            by_place = dict(enumerate(self.table.columns))
        else:
            chosen: list[headers.Roles] = []

            def wanted(names):
                chosen.append(headers.roles(self.name, names, self.stated))
                return chosen[0].all

            self.table = table.read(self.path, known, wanted, self.stated.encoding)
            (self.roles,) = chosen
            by_place = dict(zip(sorted(self.roles.all), self.table.columns, strict=True))
        self.left_out |= self.table.notes
        several = self.roles.places
        self.several = {role: [by_place[i] for i in places] for role, places in several.items()}
        self.columns = {role: found[0] for role, found in self.several.items()}
        self.profile = self.roles.profile

    def _quote(self, column: Column, texts) -> str:
        """Texts of a column as an error line may show them: no name of a person."""
        others = [
            text
            for role in ("person", "other_people")
            for other in self.several.get(role, [])
            if other is not column
            for text in other.texts
        ]
        return people.quoted(texts, others)

    # ---- dates -----------------------------------------------------------------------------

    def _sort_out_dates(self) -> None:
        """Which columns are of dates, and the order of day and month."""
        for role in _DATES:
            column = self.columns.get(role)
            if column is not None and not _is_dated(column):
                self._not_dated(role, column)
        columns = {self.columns[role].header: self.columns[role].texts
                   for role in _DATES if role in self.columns}  # fmt: skip
        self.order, settled = dates.settle(self.name, columns, self.order)
        if settled:
            self.settled.append(f"dates: {settled}")
            self.map["dates"] = {"order": self.order}

    def _not_dated(self, role: str, column: Column) -> None:
        """A column named as a date that holds something else: words of outcomes, or nothing."""
        texts = [text for text in column.texts if text]
        if not texts:
            return
        words = [plain(text) in meanings("outcomes") or plain(text) in ("1 0", "0 0") for text in texts]
        if role == "closed" and all(words):
            del self.columns[role], self.several[role]
            if "outcome" not in self.columns:
                self.columns["outcome"], self.several["outcome"] = column, [column]
        elif role == "merged" and all(words):
            self.several["merged yes or no"] = [column]
        else:
            raise TicketError(
                f"{self.name}: column '{column.header}' holds {self._quote(column, texts)}: no dates; "
                f"write 2026-03-31, or say in a map (--map): [columns] {role} = false"
            )

    def _minutes(self, role: str) -> np.ndarray:
        column = self.columns.get(role)
        if column is None or "merged yes or no" in self.several and role == "merged":
            return np.zeros(len(self.table), dtype=np.int64)
        values = column.map(lambda text: dates.minutes(text, self.order), np.int64)
        bad = column.filled & (values == 0)
        if bad.sum() > MOST_UNDATED * max(column.filled.sum(), 1):
            shown = self._quote(column, [text for text in column.texts if text and not dates.minutes(text, self.order)])
            raise TicketError(
                f"{self.name}: column '{column.header}' holds {shown}: no dates that can be read; write "
                f"2026-03-31, or say in a map (--map): [columns] {role} = false"
            )
        if bad.any():
            self.left_out["date not readable"] = self.left_out.get("date not readable", 0) + int(bad.sum())
        return values

    # ---- outcomes --------------------------------------------------------------------------

    def _outcomes(self) -> outcomes.Outcomes:
        roles = (*outcomes.STRONG, "category", "merged", "canceled", "closed")
        told = {role: self.columns[role] for role in roles if role in self.columns}
        rows = len(self.table)
        if not told and self.profile.name == "git log":
            self.assumed.append("every commit is a piece of work that was done")
            return outcomes.Outcomes(np.full(rows, DONE), np.zeros(rows, np.int64), [("git log", "commit")])
        if not told:
            raise TicketError(self._no_outcome())
        strong = [role for role in (*outcomes.STRONG, "category") if role in told]
        if not strong:
            header = next(iter(told.values())).header
            self.assumed.append(f"no column of outcomes: a date in '{header}' is taken as done, none as open")
        found = outcomes.of(told, rows, self.profile, self.stated, self.study)
        self.settled += [f"{text}: {count:,}" for text, count in found.overruled.items()]
        return found

    def _no_outcome(self) -> str:
        """No column tells what became of the tickets: which may, and what would do."""
        names = [header for header in self.table.headers if header]
        near = [did_you_mean(plain(name), words_of("outcome", "status")) for name in names]
        hint = next(filter(None, near), "; see the template calibration/examples/template.csv")
        if {"class", "rater 1"} & {plain(name) for name in names}:
            hint = "; labelled work goes to `tiercurve assess PLAN --work FILE`"
        elif not any(near) and (candidate := self._candidate()):
            header, words = candidate
            hint = (
                f"; if '{header}' tells ({words}), say so in a map (--map): [columns] status = "
                f'"{header}", and under [outcomes] what each word means'
            )
        shown = ", ".join(name[:20] for name in names)[:80]
        return f"{self.name}: no column 'outcome' among {shown}{hint}"

    def _candidate(self) -> tuple[str, str] | None:
        """A column with few words, one of them of an outcome at least."""
        if json_table.is_json(self.path):
            sample = self.table
        else:
            everything = lambda names: range(len(names))  # noqa: E731
            sample = table.read(self.path, (), everything, self.stated.encoding, SAMPLE)
        for column in sample.columns:
            texts = [text for text in column.texts if text]
            known = [text for text in texts if len(text) > 3 and plain(text) in meanings("outcomes")]
            if known and len(texts) <= MOST_WORDS:
                return column.header, people.quoted(known, ())
        return None

    def _usable(self, rows: tickets.Rows, found: outcomes.Outcomes) -> tickets.Rows:
        """Tickets whose outcome is known; refuses where too many words are none."""
        unknown = rows.answer == UNKNOWN
        told = int((rows.answer != SILENT).sum())
        words = [found.words[i] for i in dict.fromkeys(rows.word[unknown].tolist())]
        if unknown.sum() > MOST_UNKNOWN * max(told, 1):
            column = next(c for c in self.columns.values() if c.header == words[0][0])
            texts = [text for header, text in words if header == words[0][0]]
            example = '"done"' if not (study := set(map(plain, texts)) & set(outcomes.STUDY)) else ""
            mend = (
                f"say what each means in a map (--map): [outcomes] \"{texts[0][:40]}\" = {example}"
                if not study
                else "words of the study's scale are read with --closed-as verified"
            )
            raise TicketError(
                f"{self.name}: {column.header} = {self._quote(column, texts)}: {int(unknown.sum()):,} of "
                f"{told:,} outcomes are no known word, over 20%; {mend}"
            )
        self.unread_words = ""
        if unknown.any():
            column = next(c for c in self.columns.values() if c.header == words[0][0])
            shown = self._quote(column, [text for _, text in words])
            self.left_out["outcome is no known word"] = int(unknown.sum())
            self.unread_words = (
                f"Words of outcomes that are not known, left out: {shown}; say what each means in a map."
            )
        silent = rows.answer == SILENT
        if silent.any():
            self.left_out["no outcome told"] = int(silent.sum())
        return rows.take(~unknown & ~silent)

    # ---- rows ------------------------------------------------------------------------------

    def _rows(self, found: outcomes.Outcomes) -> tickets.Rows:
        n = len(self.table)
        nothing = np.full(n, np.nan)
        self.people = people.of(self.several.get("person", []), n, self.stated.levels)
        if self.people.several:
            self.joined.append(f"{self.people.several:,} rows name several people: the first counts")
        created, updated = self._minutes("created"), self._minutes("updated")
        closed = np.zeros(n, dtype=np.int64)
        for role in ("closed", "merged", "canceled", "date"):
            closed = np.where(closed == 0, self._minutes(role), closed)
        if not (closed > 0).any() and (created > 0).any():
            self.assumed.append(f"no date of closing: '{self.columns['created'].header}' stands for it")
            closed = created
        hours = self._hours()
        self.use = agents.since(self._agents(), closed // 1440, self.since)
        return tickets.Rows(
            answer=found.answer, word=found.word, person=self.people.person, hours=hours,
            bad_hours=self.bad_hours, agent=self.use.agent,
            agent_code=self.use.code, advanced=self._advanced(), adjacent=self._adjacent(),
            level=self._level_codes(), points=self._points(nothing), created=created, closed=closed,
            updated=updated, mark=self.table.marks,
        )  # fmt: skip

    def _agents(self) -> agents.Use:
        return agents.of(
            self.name, self.columns, self.several.get("labels", []),
            self.several.get("co_authors", []), len(self.table), self.stated, self._quote,
        )  # fmt: skip

    def _hours(self) -> np.ndarray:
        self.bad_hours = np.zeros(len(self.table), bool)
        if "hours" not in self.columns:
            return np.full(len(self.table), np.nan)
        found = times.hours(self.name, self.columns["hours"], self.profile, self.stated)
        self.settled += found.settled
        self.assumed += found.assumed
        self.unit = found.unit
        self.map["time"] = {"unit": found.unit, "day_hours": self.stated.day_hours,
                            "week_days": self.stated.week_days}  # fmt: skip
        usable = (found.hours > 0) & (found.hours <= times.MOST_HOURS)
        self.bad_hours = self.columns["hours"].filled & ~usable
        return np.where(usable, found.hours, np.nan)

    def _points(self, nothing) -> np.ndarray:
        column = self.columns.get("points")
        return nothing if column is None else times.points(self.name, column, self.stated)

    def _level_codes(self) -> np.ndarray:
        """Levels in codes whose order does not depend on that of the rows."""
        column = self.columns.get("level")
        self.level_ends = [levels.UNKNOWN]
        if column is None:
            return np.zeros(len(self.table), dtype=np.int64)
        ends = [levels.level(text) for text in column.texts]
        self.level_ends = sorted({levels.UNKNOWN, *ends})
        codes = [self.level_ends.index(end) for end in ends]
        return np.array(codes, dtype=np.int64)[column.codes]

    def _adjacent(self) -> np.ndarray:
        column = self.columns.get("role")
        if column is None:
            return np.zeros(len(self.table), bool)
        strange = column.map(
            lambda text: bool(text) and plain(text) not in meanings("roles"), bool
        )
        if strange.any():
            self.left_out["role not known, taken as engineer"] = int(strange.sum())
        return column.map(lambda text: meanings("roles").get(plain(text)) == "adjacent", bool)

    def _advanced(self) -> np.ndarray:
        """Class of work: of its own column, else advanced where a label says so."""
        value = np.full(len(self.table), np.nan)
        for column in self.several.get("labels", []):
            of_label = {True: 1.0, False: 0.0}
            here = column.map(
                lambda text: of_label[any(word in text.lower() for word in listed("work", "advanced"))]
                if text else np.nan,
                float,
            )  # fmt: skip
            value = np.fmax(value, here)
        if "class" in self.columns:
            stated = self.columns["class"].map(
                lambda text: {"average": 0.0, "advanced": 1.0}.get(plain(text), np.nan), float
            )
            value = np.where(np.isnan(stated), value, stated)
        return value

    def _parents(self) -> np.ndarray:
        leave = np.zeros(len(self.table), bool)
        several = self.several.get("parent", [])
        for reason, here in tickets.parents(self.columns, several, len(self.table)).items():
            if here.any():
                self.left_out[reason] = int(here.sum())
                leave |= here
        self.subtasks = 0
        if "type" in self.columns and not several:
            self.subtasks = int(
                self.columns["type"].map(lambda t: plain(t) in listed("work", "subtasks"), bool).sum()
            )
        return leave

    # ---- the record ------------------------------------------------------------------------

    def _record(self, rows: tickets.Rows, found: outcomes.Outcomes) -> TicketRecord:
        low, high = self._levels(rows)
        hours = np.where(rows.hours <= times.MOST_HOURS, rows.hours, np.nan)
        self._count_blanks(rows, found, low, hours)
        closed, created = rows.closed // 1440, rows.created // 1440
        agent = self._before_agents(rows.agent, closed)
        facts = _Facts(
            self.profile.name, rows.answer, closed, created, rows.person, agent, low, hours,
            self.use.source, self.columns["level"].header if "level" in self.columns else "",
            self.people.alike, "person" in self.columns, "points" in self.columns,
            any("review" in plain(c.header) or "approver" in plain(c.header)
                for c in self.several.get("other_people", [])),
            self.subtasks, self.unread_words,
        )  # fmt: skip
        used, word = np.unique(rows.word, return_inverse=True)
        words = tuple(found.words[i] for i in used.tolist())
        return TicketRecord(
            name=self.name, tracker=self.profile.name, outcome=rows.answer, word=word,
            person=rows.person, hours=hours, points=rows.points, agent=agent,
            advanced=rows.advanced, adjacent=rows.adjacent, level_low=low, level_high=high,
            created=created, closed=closed, words=words, columns=self._meanings(),
            agent_words=self.use.counts(rows.agent_code), agent_source=self.use.source, settled=tuple(self.settled),
            joined=tuple(self.joined), assumed=tuple(self.assumed), left_out=self.left_out,
            cautions=cautions.of(facts), rows=len(self.table), map=self._map(found),
            map_sha256=self.stated.sha256,
        )  # fmt: skip

    def _levels(self, rows: tickets.Rows) -> tuple[np.ndarray, np.ndarray]:
        ends = np.array(self.level_ends, dtype=np.int64)[rows.level]
        low, high = ends[:, 0], ends[:, 1]
        if self.stated.levels and len(self.people.levels):
            stated = np.where(rows.person >= 0, self.people.levels[rows.person], 0)
            low, high = np.where(stated > 0, stated, low), np.where(stated > 0, stated, high)
        return low, high

    def _before_agents(self, agent: np.ndarray, closed: np.ndarray) -> np.ndarray:
        """Nobody worked with an agent before there were any, where the file does not say so."""
        early = (closed > 0) & (closed < cautions.AGENTS_FROM.toordinal())
        return np.where((agent == agents.UNKNOWN) & early, agents.WITHOUT, agent)

    def _count_blanks(self, rows, found, low, hours) -> None:
        counts = {}
        if "level" in self.columns:
            counts["level unknown"] = (low == 0).sum()
            counts["level not readable, taken as unknown"] = (low < 0).sum()
        if {"class", "labels"} & self.columns.keys():
            counts["class unknown"] = np.isnan(rows.advanced).sum()
        for word in np.unique(rows.word[rows.answer == NO_ATTEMPT]).tolist():
            here = (rows.answer == NO_ATTEMPT) & (rows.word == word)
            counts[f"never an attempt: {found.words[word][1]}"] = here.sum()
        if "hours" in self.columns:
            bad = np.isnan(hours) & (rows.bad_hours | ~np.isnan(rows.hours))
            counts["hours not above 0 and at most 10,000, taken as missing"] = bad.sum()
            counts["hours missing"] = (np.isnan(hours) & ~bad).sum()
        self.left_out |= {reason: int(count) for reason, count in counts.items() if count}

    def _meanings(self) -> dict[str, str]:
        named = {}
        for role, columns in self.several.items():
            if role not in _MEANINGS:
                continue
            meaning = _MEANINGS[role]
            if role == "hours":
                meaning = f"hours spent, written in {durations.IN_WORDS[self.unit]}"
            if len(columns) > 1 and len({column.header for column in columns}) < len(columns):
                meaning += f" ({len(columns)} columns, united)"
            for column in columns:
                named.setdefault(column.header, meaning)
        return named

    def _map(self, found: outcomes.Outcomes) -> dict[str, dict[str, Any]]:
        """The reading as the tables of a map."""
        columns = {}
        for role, places in self.several.items():
            if role in _MEANINGS and role not in ("estimates",):
                names = list(dict.fromkeys(column.header for column in places))
                columns[role] = names if len(names) > 1 else names[0]
        words = {}
        for role in (*outcomes.STRONG, "category"):
            if role in self.columns:
                for text in self.columns[role].texts:
                    answer = meanings("outcomes").get(plain(text))
                    stated = self.stated.outcomes.get(plain(text))
                    if stated or answer:
                        words[text] = stated or answer.replace("_", " ")
        decimal = {}
        if "hours" in self.columns:
            mark = self.stated.decimal or numbers.decimal_mark(self.columns["hours"].texts)[0]
            decimal = {} if mark == numbers.EITHER else {"decimal": mark}
        agent = {word: True for words in self.use.words for word in words} if self.use.source == "labels" else {}
        if self.since:
            agent["since"] = self.since
        file = {"encoding": self.stated.encoding} if self.stated.encoding else {}
        return {"columns": columns, "outcomes": words, "agent": agent, **self.map,
                "numbers": decimal, "file": file}  # fmt: skip


def words_of(*roles: str) -> list[str]:
    """Names that columns of some roles may have."""
    from sim.exports.vocabulary import words

    return [name for role in roles for name in words()["columns"][role]]


def _is_dated(column: Column) -> bool:
    """Whether half of what a column holds can be read as dates."""
    texts = [text for text in column.texts if text][:1000]
    dated = sum(bool(dates.minutes(text, "dmy") or dates.minutes(text, "mdy")) for text in texts)
    return dated > 0 and dated >= len(texts) / 2
