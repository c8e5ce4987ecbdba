"""From a file to the record of a team's tickets."""

from datetime import date
from pathlib import Path

import numpy as np

from sim.errors import TicketError
from sim.exports import (
    agents,
    answers,
    cautions,
    classes,
    durations,
    joining,
    map_file,
    people,
    tickets,
    times,
)
from sim.exports.map_file import Map
from sim.exports.moments import Moments
from sim.exports.outcomes import NO_ATTEMPT
from sim.exports.record import TicketRecord
from sim.exports.source import Source, as_map, meanings_of
from sim.exports.tickets import Rows
from sim.exports.vocabulary import listed, meanings, plain


def read(
    path: str | Path,
    map: str | Path | Map | None = None,
    dates: str | None = None,
    agent_since: str | date | None = None,
    closed_as: str = "own",
) -> TicketRecord:
    """Read an export of a tracker.

    Parameters
    ----------
    path : str or Path
        CSV (comma, semicolon, tab or bar), or JSON, of Jira, GitHub, GitLab, Linear, Azure DevOps,
        `git log`, or a plain table: the pages on exports have a section for each.
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
    if dates not in (None, *map_file.ORDERS):
        raise TicketError(f"dates = {dates!r}: must be dmy or mdy")
    since = map_file.since(agent_since, "agent_since") if agent_since else stated.since
    source = Source(Path(path), stated)
    if not len(source):
        raise TicketError(f"{source.name}: has a header and no rows; needs a row a ticket")
    return _Reading(source, dates or stated.order, since, closed_as != "own").record()


class _Reading:
    """Reads the rows of one export, joins them to tickets, and makes the record."""

    def __init__(self, source: Source, order: str | None, since: date | None, study: bool) -> None:
        self.source, self.stated, self.notes = source, source.stated, source.notes
        self.columns, self.several = source.columns, source.several
        self.moments = Moments(source, order)
        self.since = since
        self.outcomes = answers.of(source, study)

    def record(self) -> TicketRecord:
        rows = self._rows()
        before = dict(self.notes.left_out)
        leave = self._parents()
        key, has_keys = tickets.keys(self.columns, len(self.source))
        rows, left_out, joined = joining.merged(
            self.source.table,
            self.columns,
            rows.take(~leave),
            key[~leave],
            has_keys,
            self.outcomes.words,
        )
        self.notes.joined += joined
        for reason, count in left_out.items():
            self.notes.count(reason, count)
        joined_rows = int((~leave).sum()) - len(rows) - sum(left_out.values())
        rows, self.unread = answers.usable(self.source, rows, self.outcomes)
        self.accounts = {"tickets": len(rows)}
        if joined_rows:
            self.accounts["joined to another row of their ticket"] = joined_rows
        left = self.notes.left_out.items()
        self.accounts |= {k: n - before.get(k, 0) for k, n in left if n > before.get(k, 0)}
        return self._record(rows)

    # ---- rows ------------------------------------------------------------------------------

    def _rows(self) -> Rows:
        n = len(self.source)
        self.people = people.of(self.several.get("person", []), n, self.stated.levels)
        if self.people.several:
            several = self.people.several
            self.notes.joined.append(f"{several:,} rows name several people: the first counts")
        created = self.moments.minutes("created")
        closed = self.moments.closing(created)
        self.use = agents.since(self._agents(), closed // 1440, self.since)
        hours, bad_hours = self._hours()
        return Rows(
            answer=self.outcomes.answer,
            word=self.outcomes.word,
            person=self.people.person,
            hours=hours,
            bad_hours=bad_hours,
            agent=self.use.agent,
            agent_code=self.use.code,
            advanced=self._advanced(),
            adjacent=self._adjacent(),
            level=self._levels(),
            points=self._points(),
            created=created,
            closed=closed,
            updated=self.moments.minutes("updated"),
            last=self.moments.last_instants(),
            work=self._work(),
            mark=self.source.table.marks,
        )

    def _agents(self) -> agents.Use:
        labels, authors = (self.several.get(role, []) for role in ("labels", "co_authors"))
        return agents.of(
            self.source.name, self.columns, labels, authors, self.several.get("person", []),
            len(self.source), self.stated, self.source.quote,
        )  # fmt: skip

    def _hours(self) -> tuple[np.ndarray, np.ndarray]:
        """Hours of rows [h], and whether they are stated and cannot be used."""
        none = np.zeros(len(self.source), bool)
        if "hours" not in self.columns:
            return times.logged(self.several.get("log_work", []), len(self.source)), none
        column = self.columns["hours"]
        source = self.source
        self.times = times.hours(source.name, column, source.profile, self.stated, source.quote)
        self.notes.settled += self.times.settled
        self.notes.assumed += self.times.assumed
        hours = self.times.hours
        usable = (hours > 0) & (hours <= times.MOST_HOURS)  # written so that nan fails too
        return np.where(usable, hours, np.nan), column.filled & ~usable

    def _work(self) -> np.ndarray:
        """Equal for rows of one work date and one author of a worklog: (n,) int."""
        parts = [self.moments.instants("date")]
        parts += [column.codes for column in self.several.get("other_people", [])
                  if plain(column.header) in listed("work", "loggers")]  # fmt: skip
        return np.unique(np.stack(parts), axis=1, return_inverse=True)[1].reshape(-1)

    def _points(self) -> np.ndarray:
        if "points" not in self.columns:
            return np.full(len(self.source), np.nan)
        return times.points(self.source.name, self.columns["points"], self.stated)

    def _levels(self) -> np.ndarray:
        """Levels in codes whose order does not depend on that of the rows."""
        column = self.columns.get("level")
        self.level_ends = [people.NO_LEVEL]
        if column is None:
            return np.zeros(len(self.source), dtype=np.int64)
        ends = [people.level(text) for text in column.texts]
        self.level_ends = sorted({people.NO_LEVEL, *ends})
        codes = [self.level_ends.index(end) for end in ends]
        return np.array(codes, dtype=np.int64)[column.codes]

    def _adjacent(self) -> np.ndarray:
        column = self.columns.get("role")
        if column is None:
            return np.zeros(len(self.source), bool)
        roles = meanings("roles")
        strange = column.map(lambda text: bool(text) and plain(text) not in roles, bool)
        self.notes.count("role not known, taken as engineer", strange.sum())
        return column.map(lambda text: roles.get(plain(text)) == "adjacent", bool)

    def _advanced(self) -> np.ndarray:
        """Class of work: of its own column, else advanced where a label says so."""
        labels, column = self.several.get("labels", []), self.columns.get("class")
        return classes.of(column, labels, len(self.source), self.notes)

    def _parents(self) -> np.ndarray:
        """Rows to leave out: parents of others."""
        leave = np.zeros(len(self.source), bool)
        several = self.several.get("parent", [])
        for reason, here in tickets.parents(self.columns, several, len(self.source)).items():
            self.notes.count(reason, here.sum())
            leave |= here
        self.subtasks = 0
        if "type" in self.columns and not several:
            subtask = self.columns["type"].map(
                lambda text: plain(text) in listed("work", "subtasks"), bool
            )
            self.subtasks = int(subtask.sum())
        return leave

    # ---- the record ------------------------------------------------------------------------

    def _record(self, rows: Rows) -> TicketRecord:
        low, high = self._level_ends(rows)
        hours = np.where(rows.hours <= times.MOST_HOURS, rows.hours, np.nan)
        self._count_blanks(rows, low, hours)
        closed, created = rows.closed // 1440, rows.created // 1440
        agent = _before_agents(rows.agent, closed)
        facts = cautions.Facts(
            tracker=self.source.profile.name, outcome=rows.answer, closed=closed, created=created,
            person=rows.person, agent=agent, level_low=low, hours=hours,
            agent_source=self.use.source, alike=self.people.alike, subtasks=self.subtasks,
            headers={role: column.header for role, column in self.columns.items()},
            reviewer=any("review" in plain(column.header) or "approver" in plain(column.header)
                         for column in self.several.get("other_people", [])),
            unread=self.unread,
        )  # fmt: skip
        unit = self.times.unit if "hours" in self.columns else durations.HOURS
        used, word = np.unique(rows.word, return_inverse=True)
        notes = self.notes
        return TicketRecord(
            name=self.source.name,
            tracker=self.source.profile.name,
            outcome=rows.answer,
            word=word,
            person=rows.person,
            hours=hours,
            points=rows.points,
            agent=agent,
            advanced=rows.advanced,
            adjacent=rows.adjacent,
            level_low=low,
            level_high=high,
            created=created,
            closed=closed,
            words=tuple(self.outcomes.words[i] for i in used.tolist()),
            columns=meanings_of(self.source, unit),
            agent_words=self.use.counts(rows.agent_code),
            agent_source=self.use.source,
            settled=tuple(notes.settled),
            joined=tuple(notes.joined),
            assumed=tuple(notes.assumed),
            left_out=dict(notes.left_out),
            cautions=cautions.of(facts),
            rows=len(self.source),
            accounts=self.accounts,
            map=as_map(self.source, self.use, self.since, unit),
            map_sha256=self.stated.sha256,
        )

    def _level_ends(self, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest level of tickets, a map's before the file's."""
        ends = np.array(self.level_ends, dtype=np.int64)[rows.level]
        low, high = ends[:, 0], ends[:, 1]
        if self.stated.levels and len(self.people.levels):
            stated = np.where(rows.person >= 0, self.people.levels[rows.person], 0)
            low, high = np.where(stated > 0, stated, low), np.where(stated > 0, stated, high)
        return low, high

    def _count_blanks(self, rows: Rows, low: np.ndarray, hours: np.ndarray) -> None:
        count = self.notes.count
        if "level" in self.columns:
            count("level unknown", (low == 0).sum())
            count("level not readable, taken as unknown", (low < 0).sum())
        if {"class", "labels"} & self.columns.keys():
            count("class unknown", np.isnan(rows.advanced).sum())
        for word in np.unique(rows.word[rows.answer == NO_ATTEMPT]).tolist():
            here = (rows.answer == NO_ATTEMPT) & (rows.word == word)
            count(f"never an attempt: {self.outcomes.words[word][1]}", here.sum())
        if "hours" in self.columns:
            bad = np.isnan(hours) & (rows.bad_hours | ~np.isnan(rows.hours))
            count("hours not above 0 and at most 10,000, taken as missing", bad.sum())
            count("hours missing", (np.isnan(hours) & ~bad).sum())


def _before_agents(agent: np.ndarray, closed: np.ndarray) -> np.ndarray:
    """Use of an agent: none before there were any, where the file does not say otherwise."""
    early = (closed > 0) & (closed < cautions.AGENTS_FROM.toordinal())
    return np.where((agent == agents.UNKNOWN) & early, agents.WITHOUT, agent)
