"""The record of a team's tickets: what an export says, and how it was read."""

import html
import textwrap
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from sim.exports import people
from sim.exports.outcomes import ANSWERS, DONE, GIVEN_UP, KEYS, REOPENED
from sim.exports.tickets import four

TITLE = "How your file was read"
MOST_WORDS = 12  # words of outcomes shown one by one


@dataclass(frozen=True, repr=False, eq=False)
class TicketRecord:
    """Tickets of an export, a column an array (n,); no name, address or title is in it.

    name       of the file
    tracker    whose export it is, in words
    outcome    0 done, 1 given up, 2 never an attempt, 3 still open, 4 reopened, which is open
    word       place in `words` of the word that says so
    person     number, -1 nobody
    hours      hours spent [h], NaN unknown
    points     story points, a scale of its own; NaN unknown
    agent      1 with an agent, 0 without, -1 not said
    advanced   0 average, 1 advanced, NaN unknown
    adjacent   whether the role is an adjacent one
    level_low, level_high  1 to 5, 0 unknown, -1 not readable
    created, closed  ordinals of days, 0 unknown
    words      (column, word) of outcomes
    columns    column -> meaning
    agent_words, agent_source  words met of agents with counts, and what told of them
    settled    how dates, units and marks were settled: sentences
    joined     how rows were joined to tickets: sentences
    assumed    what nothing in the file says: sentences
    left_out   what was left out or blank: reason -> count
    cautions   sentences
    rows       of the file
    accounts   where the rows are: tickets, joined, left out -> count; they add up to `rows`
    map        the reading as the tables of a map
    map_sha256 of the map it was read with, "" if none
    """

    name: str
    tracker: str
    outcome: np.ndarray
    word: np.ndarray
    person: np.ndarray
    hours: np.ndarray
    points: np.ndarray
    agent: np.ndarray
    advanced: np.ndarray
    adjacent: np.ndarray
    level_low: np.ndarray
    level_high: np.ndarray
    created: np.ndarray
    closed: np.ndarray
    words: tuple[tuple[str, str], ...]
    columns: dict[str, str]
    agent_words: dict[str, int]
    agent_source: str
    settled: tuple[str, ...]
    joined: tuple[str, ...]
    assumed: tuple[str, ...]
    left_out: dict[str, int]
    cautions: tuple[str, ...]
    rows: int
    accounts: dict[str, int] = field(default_factory=dict)
    map: dict[str, dict[str, Any]] = field(default_factory=dict)
    map_sha256: str = ""

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def people(self) -> int:
        """How many people did the tickets."""
        return len(np.unique(self.person[self.person != people.NOBODY]))

    @property
    def outcomes(self) -> dict[str, int]:
        """Tickets by answer: done, given_up, no_attempt, open."""
        counts = np.bincount(four(self.outcome), minlength=len(KEYS))
        return {key: int(count) for key, count in zip(KEYS, counts, strict=True)}

    @property
    def window(self) -> tuple[str, str] | None:
        """First and last day on which tickets closed, or None."""
        days = self.closed[self.closed > 0]
        if not len(days):
            return None
        first, last = (date.fromordinal(int(day)) for day in (days.min(), days.max()))
        return first.isoformat(), last.isoformat()

    @property
    def attempts(self) -> np.ndarray:
        """Tickets that were attempted and have an outcome: done, given up or reopened (n,) bool."""
        return np.isin(self.outcome, (DONE, GIVEN_UP, REOPENED))

    def hours_summary(self) -> dict[str, float | None]:
        """Smallest, median and largest hours spent [h]; None without any."""
        known = self.hours[~np.isnan(self.hours)]
        if not len(known):
            return {"min": None, "median": None, "max": None}
        ends = (known.min(), np.median(known), known.max())
        return dict(zip(("min", "median", "max"), (round(float(x), 4) for x in ends), strict=True))

    def words_met(self) -> list[tuple[str, str, str, int]]:
        """Column, word, answer and tickets of each word of outcomes, the most frequent first."""
        met = Counter[tuple[str, str, str]]()
        pairs = Counter(zip(self.word.tolist(), self.outcome.tolist(), strict=True))
        for (word, answer), count in pairs.items():
            met[(*self.words[word], ANSWERS[answer])] += count
        return [(*words, count) for words, count in met.most_common()]

    def to_json(self) -> dict[str, Any]:
        """Plain data; what is not known is None."""
        return {
            "tickets": len(self),
            "outcomes": self.outcomes,
            "hours": self.hours_summary(),
            "window": list(self.window) if self.window else None,
            "people": self.people,
            "agent": dict(self.agent_words),
            "columns": dict(self.columns),
            "words": [
                {"column": column, "word": word, "outcome": answer, "tickets": count}
                for column, word, answer, count in self.words_met()
            ],
            "settled": list(self.settled),
            "rows": {"of the file": self.rows, **self.accounts},
            "joined": list(self.joined),
            "assumed": list(self.assumed),
            "left_out": dict(self.left_out),
            "cautions": list(self.cautions),
        }

    def text(self) -> str:
        """How the file was read, for a terminal."""
        return _terminal(self)

    def markdown(self) -> str:
        """How the file was read, as a section of a Markdown page."""
        return _markdown(self)

    def _repr_html_(self) -> str:
        return _cell(self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<TicketRecord {self.name}: {len(self):,} tickets of {self.people:,} people>"


# ---- how the file was read, in words ------------------------------------------------------------


def _facts(record) -> list[tuple[str, list[str]]]:
    """Headings with their lines."""
    counts = record.outcomes
    hours, window = record.hours_summary(), record.window
    summary = [
        f"{record.name}: {record.tracker}, {record.rows:,} rows, {len(record):,} tickets"
        + (f", {window[0]} to {window[1]}" if window else "")
        + f", {record.people:,} people",
        f"done {counts['done']:,}, given up {counts['given_up']:,}, never an attempt "
        f"{counts['no_attempt']:,}, still open {counts['open']:,}",
    ]
    if hours["median"] is not None:
        summary.append(
            f"hours spent: {hours['min']:g} to {hours['max']:g}, median {hours['median']:g}"
        )
    facts = [
        ("", summary),
        ("Columns", [f"{header}: {meaning}" for header, meaning in record.columns.items()]),
        ("Words of outcomes", _words(record)),
        ("Agent", _agent(record)),
        ("Settled by the file", list(record.settled)),
        ("Rows and tickets", _rows(record)),
        ("Assumed", list(record.assumed)),
        ("Left out or blank", [f"{reason}: {n:,}" for reason, n in record.left_out.items()]),
        ("Keep in mind", list(record.cautions)),
    ]
    return [(heading, list(map(_printable, lines))) for heading, lines in facts]


def _printable(line: str) -> str:
    """A line without characters that steer a terminal or the direction of writing."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in line
    )


def _rows(record) -> list[str]:
    """Where the file's rows are, where not each is a ticket, and how rows were joined."""
    if len(record) == record.rows:
        return list(record.joined)
    parts = ", ".join(f"{reason} {count:,}" for reason, count in record.accounts.items())
    return [f"{record.rows:,} rows: {parts}", *record.joined]


def _words(record) -> list[str]:
    met = record.words_met()
    lines = [
        f"{header} '{text}': {answer}, {count:,}"
        for header, text, answer, count in met[:MOST_WORDS]
    ]
    return lines if len(met) <= MOST_WORDS else [*lines, f"and {len(met) - MOST_WORDS} more"]


def _agent(record) -> list[str]:
    if not record.agent_source:
        return []
    words = ", ".join(f"'{word}' {count:,}" for word, count in list(record.agent_words.items())[:6])
    counts = {state: int((record.agent == state).sum()) for state in (1, 0, -1)}
    lines = [
        f"by {record.agent_source}: with an agent {counts[1]:,}, without {counts[0]:,}, not said "
        f"{counts[-1]:,}"
    ]
    return [*lines, f"words: {words}"] if words else lines


def _terminal(record, width: int = 96) -> str:
    """Lines for a terminal."""
    lines = [TITLE]
    for heading, facts in _facts(record):
        if heading and facts:
            lines += ["", heading]
        for fact in facts:
            lines += textwrap.wrap(fact, width, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)


def _markdown(record) -> str:
    """A section of a Markdown page."""
    (_, summary), *rest = _facts(record)
    lines = [f"## {TITLE}", "", ". ".join(map(_plain, summary)) + ".", ""]
    for heading, facts in rest:
        if facts:
            ends = " " if heading == "Keep in mind" else "; "
            lines.append(f"- **{heading}**: {_plain(ends.join(facts))}")
    return "\n".join([*lines, ""])


def _plain(fact: str) -> str:
    """A line whose marks Markdown does not take for its own."""
    return "".join(f"\\{c}" if c in "|*<" else c for c in fact)


def _cell(record) -> str:
    """A notebook cell or a section of a page."""
    parts = [f"<h3>{TITLE}</h3>"]
    for heading, facts in _facts(record):
        if facts:
            parts += [f"<h4>{heading}</h4>"] if heading else []
            parts.append("<ul>" + "".join(f"<li>{html.escape(f)}</li>" for f in facts) + "</ul>")
    return "\n".join(parts)
