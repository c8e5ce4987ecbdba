"""Which rows are one ticket, and what they are of it: repeats, worklogs, several people, history.

Rows of one key whose outcomes differ are history, and the last by date counts. Rows whose hours
alone differ are worklogs, and their hours are summed. Parents whose children are in the file are
left out, as the work is in the children.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.errors import TicketError
from sim.exports.outcomes import OPEN, REOPENED
from sim.exports.table import Column, Table
from sim.exports.vocabulary import listed, plain

MOST_LOST = 0.2  # share of tickets whose last state may be unknown


@dataclass
class Rows:
    """What each row says, a column an array (n,).

    answer, word  its outcome, and the word that says so
    person        number, -1 nobody
    hours         [h], NaN unknown
    bad_hours     bool, whether hours are stated and cannot be used
    agent         1 with, 0 without, -1 unknown
    agent_code    place in the words that tell so
    advanced      0, 1, NaN unknown
    adjacent      bool, whether the role is an adjacent one
    level         place in the levels met
    points        NaN unknown
    created, closed, updated  minutes since year 1, 0 unknown
    last          when it was changed, else closed: minutes in UTC, 0 unknown
    mark          equal for rows that are equal to the letter
    """

    answer: np.ndarray
    word: np.ndarray
    person: np.ndarray
    hours: np.ndarray
    bad_hours: np.ndarray
    agent: np.ndarray
    agent_code: np.ndarray
    advanced: np.ndarray
    adjacent: np.ndarray
    level: np.ndarray
    points: np.ndarray
    created: np.ndarray
    closed: np.ndarray
    updated: np.ndarray
    last: np.ndarray
    mark: np.ndarray

    def take(self, rows: np.ndarray) -> "Rows":
        """Some of the rows, in that order."""
        return Rows(**{name: values[rows] for name, values in vars(self).items()})

    def __len__(self):
        return len(self.answer)


def keys(columns: Mapping[str, Column], rows: int) -> tuple[np.ndarray, bool]:
    """The number of each row's ticket (n,), and whether a column tells it.

    Numbers alone are told apart by project; a row without a key is a ticket of its own.
    """
    if "ticket" not in columns:
        return np.arange(rows), False
    ticket = columns["ticket"]
    normal = ticket.map(_key, object)
    project = np.zeros(rows, dtype=np.int64)
    if "project" in columns and all(
        _key(text).lstrip("#!").isdigit() for text in ticket.texts if text
    ):
        project = columns["project"].codes.astype(np.int64)
    import pandas as pd  # late: slow to import

    codes = pd.factorize(normal)[0].astype(np.int64)
    _, number = np.unique(codes * (project.max(initial=0) + 1) + project, return_inverse=True)
    blank = ~ticket.filled
    number = number.astype(np.int64)
    number[blank] = number.max(initial=0) + 1 + np.arange(blank.sum())
    return number, True


def _key(text: str) -> str:
    if (
        text.endswith(".0") and text[:-2].isdigit()
    ):  # a whole number beside gaps, as pandas writes it
        text = text[:-2]
    return text.casefold()


def parents(
    columns: Mapping[str, Column], several: list[Column], rows: int
) -> dict[str, np.ndarray]:
    """Rows to leave out as parents or containers: reason -> (n,) bool."""
    mentioned = {_key(text) for column in several for text in column.texts if text}
    is_parent = np.zeros(rows, bool)
    for role in ("ticket", "inner_id"):
        if role in columns:
            is_parent |= columns[role].map(lambda text: _key(text) in mentioned, bool)
    reasons = {"parents whose children are in the file": is_parent}
    if "type" in columns and not several:
        containers = columns["type"].map(
            lambda text: plain(text) in listed("work", "containers"), bool
        )
        if not containers.all():
            reasons["epics and the like, as no column names a ticket's parent"] = containers
    return reasons


def merged(
    table: Table,
    columns: Mapping[str, Column],
    rows: Rows,
    key: np.ndarray,
    told: bool,
    words: list[tuple[str, str]],
) -> tuple[Rows, dict[str, int], list[str]]:
    """One row a ticket, what was left out with counts, and how rows were joined, in words.

    Raises TicketError, one line, where rows of a ticket contradict each other.
    """
    left_out: dict[str, int] = {}
    if not told:
        # Without a key rows that are alike are different tickets, unless date and time agree too.
        if not ("hours" in columns and {"closed", "date"} & columns.keys()):
            return rows, left_out, []
        key = np.unique(rows.mark, return_inverse=True)[1]
    number = np.unique(key, return_inverse=True)[1].astype(np.int64)
    if len(number) == 0 or np.bincount(number).max() == 1:
        return rows, left_out, []
    return _Join(table, columns, rows, number, words).rows_of_tickets()


class _Join:
    """Joins rows of the same ticket."""

    def __init__(self, table, columns, rows: Rows, number: np.ndarray, words) -> None:
        self.table, self.columns, self.words = table, columns, words
        self.left_out: dict[str, int] = {}
        self.joined: list[str] = []
        self.rows, self.number = rows, number
        self.count = int(number.max()) + 1

    def rows_of_tickets(self):
        self.worklogs = self._has_worklogs()
        if not self.worklogs:
            self._drop_repeats()
        self._check_projects()
        answers = self._differs(self.rows.answer)
        last, lost = self._last(answers)
        one = self.rows.take(last)
        hours = self.rows.hours[last]
        if self.worklogs:
            summed = self._sum(np.nan_to_num(self.rows.hours))
            known = self._sum(~np.isnan(self.rows.hours)) > 0
            hours = np.where(answers, hours, np.where(known, summed, np.nan))
            self._say_worklogs(answers)
        else:
            hours = np.where(np.isnan(hours), self._most(self.rows.hours), hours)
        one.hours = hours
        one.agent = self._most(self.rows.agent).astype(np.int64)
        one.advanced = self._most(self.rows.advanced)
        one.created = self._least_date(self.rows.created)
        one.closed = np.where(answers, one.closed, self._most(self.rows.closed)).astype(np.int64)
        several = self._differs(self.rows.person) & ~answers
        if several.any():
            self.joined.append(
                f"{int(several.sum()):,} tickets of several people: "
                "each counts once, with the person of most hours, or the first by key"
            )
        if answers.any():
            self.joined.append(
                f"{int(answers.sum()):,} tickets have rows of different outcomes: the last by "
                "date counts"
            )
        if lost.any():
            self.left_out["tickets whose rows contradict each other on the last day"] = int(
                lost.sum()
            )
        return one.take(np.flatnonzero(~lost)), self.left_out, self.joined

    def _differs(self, values: np.ndarray) -> np.ndarray:
        """Tickets whose rows have different values: (count,) bool."""
        low = np.full(self.count, np.iinfo(np.int64).max)
        high = np.full(self.count, np.iinfo(np.int64).min)
        np.minimum.at(low, self.number, values.astype(np.int64))
        np.maximum.at(high, self.number, values.astype(np.int64))
        return low != high

    def _sum(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.number, weights=values, minlength=self.count)

    def _most(self, values: np.ndarray) -> np.ndarray:
        """The largest value of each ticket, NaN or less than all where none is known."""
        most = np.full(self.count, -np.inf)
        np.maximum.at(most, self.number, np.where(np.isnan(values), -np.inf, values))
        return np.where(np.isinf(most), np.nan, most)

    def _least_date(self, values: np.ndarray) -> np.ndarray:
        least = np.full(self.count, np.iinfo(np.int64).max)
        known = values > 0
        np.minimum.at(least, self.number[known], values[known])
        return np.where(least == np.iinfo(np.int64).max, 0, least)

    def _has_worklogs(self) -> bool:
        """Whether hours alone differ within tickets: of one outcome and no newer state."""
        known = ~np.isnan(self.rows.hours)
        thousandths = np.where(known, np.nan_to_num(self.rows.hours) * 3600, -1).round()
        differ = self._differs(thousandths)
        state = self._differs(self.rows.answer) | self._differs(self.rows.updated)
        return bool((differ & ~state).any())

    def _drop_repeats(self) -> None:
        """Rows that are equal to the letter count once."""
        pairs = np.stack([self.number, self.rows.mark])
        _, first = np.unique(pairs, axis=1, return_index=True)
        repeats = len(self.number) - len(first)
        if repeats:
            self.left_out["repeats another row"] = repeats
            self.rows, self.number = self.rows.take(first), self.number[first]

    def _check_projects(self) -> None:
        """Tickets of two projects that have the same number."""
        created = np.where(self.rows.created > 0, self.rows.created // 1440, -1)
        differ = self._differs(created) if (created > 0).any() else np.zeros(self.count, bool)
        column = self.columns.get("created")
        if not differ.any() or column is None or "ticket" not in self.columns:
            return
        days = [
            date.fromordinal(int(d)) for d in np.unique(created[differ[self.number]])[:3] if d > 0
        ]
        raise TicketError(
            f"{self.table.name}: column '{self.columns['ticket'].header}': "
            f"{_keys_have(int(differ.sum()))} rows with different '{column.header}' "
            f"({', '.join(map(str, days))}): exports of two projects glued together? add a column "
            "'project', or read them apart"
        )

    def _last(self, answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The row that counts of each ticket, and tickets for which none can be told."""
        rows = self.rows
        moment = self._moment(answers)
        hours = np.nan_to_num(rows.hours, nan=-1.0)
        order = np.lexsort((-rows.level, -rows.person, hours, moment, self.number))
        ends = np.flatnonzero(np.append(np.diff(self.number[order]) > 0, True))
        last = order[ends]
        # A tie at the last moment between different answers.
        latest = moment == moment[last][self.number]
        low = np.full(self.count, np.iinfo(np.int64).max)
        high = np.full(self.count, np.iinfo(np.int64).min)
        np.minimum.at(low, self.number[latest], rows.answer[latest])
        np.maximum.at(high, self.number[latest], rows.answer[latest])
        lost = low != high
        if lost.sum() > MOST_LOST * max(answers.sum(), 1):
            self._refuse_history(lost)
        return last, lost

    def _moment(self, answers: np.ndarray) -> np.ndarray:
        """Minutes by which rows of a ticket are ordered: of change if told, else of closing."""
        rows = self.rows
        if not answers.any():
            return np.zeros(len(rows), dtype=np.int64)
        return rows.last

    def _refuse_history(self, lost: np.ndarray) -> None:
        here = np.flatnonzero(lost[self.number])[:2]
        words = sorted({self.words[word][1] for word in self.rows.word[here].tolist() if word >= 0})
        header = self.columns["ticket"].header if "ticket" in self.columns else "ticket"
        raise TicketError(
            f"{self.table.name}: column '{header}': {_keys_have(int(lost.sum()))} rows of "
            "different "
            f"outcomes ({', '.join(words)}) and no date tells which is last: add 'Updated' to the "
            "export, or keep one row a ticket"
        )

    def _say_worklogs(self, answers: np.ndarray) -> None:
        sizes = np.bincount(self.number, minlength=self.count)
        summed = int(((sizes > 1) & ~answers).sum())
        self.joined.append(
            f"rows of one ticket with different hours are worklogs: {summed:,} summed"
        )


def four(answer: np.ndarray) -> np.ndarray:
    """Outcomes as four answers: what is reopened is open."""
    return np.where(answer == REOPENED, OPEN, answer)


def _keys_have(number: int) -> str:
    return f"{number:,} keys have" if number != 1 else "1 key has"
