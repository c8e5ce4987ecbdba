"""Joins the rows of one ticket: history, worklogs, several people, repeats.

Rows of one key whose outcomes differ are history, and the last by date counts. Rows whose hours,
work date or author of a worklog alone differ are worklogs, and their hours are summed.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np

from sim.errors import TicketError, short
from sim.exports.table import Column, Table
from sim.exports.tickets import Rows

MOST_LOST = 0.2  # share of tickets whose last state may be unknown


def merged(
    table: Table,
    columns: Mapping[str, Column],
    rows: Rows,
    key: np.ndarray,
    has_keys: bool,
    words: list[tuple[str, str]],
) -> tuple[Rows, dict[str, int], list[str]]:
    """One row a ticket, what was left out with counts, and how rows were joined, in words.

    Raises TicketError, one line, where rows of a ticket contradict each other.
    """
    left_out: dict[str, int] = {}
    if not has_keys:
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
        """Whether hours or days of work alone differ within tickets, of one outcome and state."""
        known = ~np.isnan(self.rows.hours)
        thousandths = np.where(known, np.nan_to_num(self.rows.hours) * 3600, -1).round()
        differ = self._differs(thousandths)
        differ |= self._differs(self.rows.work) & (self._sum(known) > 1)
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
        """Refuse tickets of two projects that have the same number."""
        roles = {"created": self.rows.created}
        if "updated" not in self.columns and not self._differs(self.rows.answer).any():
            roles["closed"] = self.rows.closed
        for role, minutes in roles.items():
            if role in self.columns and "ticket" in self.columns:
                self._check_days(self.columns[role], minutes // 1440)

    def _check_days(self, column: Column, day: np.ndarray) -> None:
        """Refuse tickets whose rows have different days in a column of one day a ticket."""
        differ = self._differs(np.where(day > 0, day, -1))
        if not differ.any():
            return
        days = [date.fromordinal(int(d)) for d in np.unique(day[differ[self.number]])[:3] if d > 0]
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
        words = sorted(
            {short(self.words[word][1], 30) for word in self.rows.word[here].tolist() if word >= 0}
        )
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
            "rows of one ticket with different hours or days of work are worklogs: "
            f"{summed:,} summed"
        )


def _keys_have(number: int) -> str:
    return f"{number:,} keys have" if number != 1 else "1 key has"
