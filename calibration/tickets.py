"""What a team's tickets mean for the fit: closed or not, with an agent, by whom, of what size.

`sim.exports` reads the file; here an outcome becomes a place on a scale, and rows that the fit
cannot use are counted by reason.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from sim import exports
from sim.errors import TicketError
from sim.exports import TicketRecord
from sim.exports.cautions import AGENTS_FROM
from sim.exports.outcomes import DONE, OPEN, STUDY
from sim.exports.tickets import four
from sim.exports.vocabulary import plain

OWN = ("not closed", "closed")
FEWEST = 10  # usable rows with the agent; fewer cannot move anything worth a file
UNKNOWN = -1


@dataclass(frozen=True)
class Tickets:
    """Usable tickets of an export, a column an array (n,).

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
    record    how the file was read; None for tickets made up
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
    record: TicketRecord | None = None

    @property
    def people(self) -> int:
        """How many people can be told apart."""
        return len(np.unique(self.person[self.person >= 0]))


def read(
    path: str | Path,
    closed_as: str = "own",
    map: str | Path | None = None,
    dates: str | None = None,
    agent_since: str | date | None = None,
) -> Tickets:
    """Read an export for the fit; arguments as of `sim.read`.

    Raises TicketError, one line, where the file cannot be used.
    """
    return of_record(exports.read(path, map, dates, agent_since, closed_as), closed_as)


def of_record(record: TicketRecord, closed_as: str = "own") -> Tickets:
    """The tickets of a record that the fit can use.

    closed_as : "own", or the study's measure that outcomes are declared to be

    Raises TicketError, one line, where fewer than ten are with the agent.
    """
    counts = dict(record.left_out)
    scale, outcome = _outcome(record, closed_as, counts)
    agent = _agent(record, counts)
    used = (outcome != UNKNOWN) & (agent != UNKNOWN)
    with_agent = int((agent[used] == 1).sum())
    if with_agent < FEWEST:
        left = ", ".join(f"{reason}: {count}" for reason, count in counts.items())
        raise TicketError(
            f"{record.name}: {with_agent} usable rows with the agent of {record.rows}; needs "
            f"{FEWEST} at least" + (f" ({left})" if left else "")
        )
    return Tickets(
        name=record.name,
        person=record.person[used],
        weights=_weights(record.level_low[used], record.level_high[used]),
        role=record.adjacent[used].astype(np.int64),
        advanced=record.advanced[used],
        hours=record.hours[used],
        agent=agent[used] == 1,
        outcome=outcome[used],
        scale=scale,
        days=record.closed[used],
        counts=counts,
        record=record,
    )


def _outcome(record, closed_as, counts) -> tuple[tuple[str, ...], np.ndarray]:
    """The scale, and each ticket's place on it; UNKNOWN for those that are open or no attempt."""
    still_open = int((record.outcome == OPEN).sum())
    if still_open:
        counts["no outcome yet"] = still_open
    outcome = np.where(record.attempts, (record.outcome == DONE).astype(np.int64), UNKNOWN)
    words = [plain(text) for _, text in record.words]
    if closed_as == "own" or not {"partial", "unverified", "verified"} & set(words):
        return OWN, outcome
    place = np.array([STUDY.index(word) if word in STUDY else UNKNOWN for word in words])
    named = place[record.word]
    failed = (named == UNKNOWN) & (outcome == 0)
    other = int(((named == UNKNOWN) & (outcome == 1)).sum())
    if other:
        counts["outcome is no word of the study's scale"] = other
    return STUDY, np.where(failed, 0, np.where(record.attempts, named, UNKNOWN))


def _agent(record, counts) -> np.ndarray:
    """1 with the agent, 0 without; UNKNOWN where a file that tells of some does not say."""
    early = int(((record.closed > 0) & (record.closed < AGENTS_FROM.toordinal())).sum())
    if not record.agent_source:
        if early:
            counts[f"of before {AGENTS_FROM}, when there were no agents"] = early
        return np.where(record.agent == UNKNOWN, 1, record.agent)
    unsaid = int(((record.agent == UNKNOWN) & (four(record.outcome) != OPEN)).sum())
    if unsaid:
        counts["not said whether with the agent"] = unsaid
    return record.agent


def _weights(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """What is known of levels (n, 5): equal parts of the range, all 0 where unknown."""
    steps = np.arange(1, 6)
    inside = (steps >= low[:, None]) & (steps <= high[:, None]) & (low[:, None] > 0)
    return inside / np.maximum(inside.sum(axis=1, keepdims=True), 1)
