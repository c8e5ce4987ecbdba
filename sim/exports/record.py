"""The record of a team's tickets: what an export says, and how it was read."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from sim.exports import people
from sim.exports.outcomes import ANSWERS, DONE, GIVEN_UP, KEYS, REOPENED
from sim.exports.tickets import four


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
        from sim.exports import text

        return text.terminal(self)

    def markdown(self) -> str:
        """How the file was read, as a section of a Markdown page."""
        from sim.exports import text

        return text.markdown(self)

    def _repr_html_(self) -> str:
        from sim.exports import text

        return text.html(self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<TicketRecord {self.name}: {len(self):,} tickets of {self.people:,} people>"
