"""Dates of rows: which columns hold them, in which order of day and month, as minutes."""

import numpy as np

from sim.errors import TicketError
from sim.exports import dates
from sim.exports.source import Source
from sim.exports.table import Column
from sim.exports.vocabulary import meanings, plain

ROLES = ("closed", "merged", "canceled", "date", "created", "updated")
MOST_UNREADABLE = 0.2  # share of a column's dates
_TRUTHS = ("1 0", "0 0")


class Moments:
    """Dates of an export's rows, in the order of day and month that the whole file settles."""

    def __init__(self, source: Source, stated: str | None) -> None:
        self.source = source
        self.yes_or_no: set[str] = set()  # roles of dates whose column says yes or no
        for role in ROLES:
            column = source.columns.get(role)
            if column is not None and not _is_dated(column):
                self._not_dated(role, column)
        texts = {source.columns[role].header: source.columns[role].texts
                 for role in ROLES if role in source.columns}  # fmt: skip
        self.order, settled = dates.settle(source.name, texts, stated)
        if settled:
            source.notes.settled.append(f"dates: {settled}")
            source.notes.map["dates"] = {"order": self.order}

    def instants(self, role: str) -> np.ndarray:
        """Minutes since year 1 in UTC of each row, to tell which is later, 0 unknown: (n,)."""
        column = self.source.columns.get(role)
        if column is None or role in self.yes_or_no:
            return np.zeros(len(self.source), dtype=np.int64)
        values = column.map(lambda text: dates.minutes(text, self.order), np.int64)
        return np.where(values > 0, values - column.map(dates.offset, np.int64), 0)

    def minutes(self, role: str) -> np.ndarray:
        """Minutes since year 1 of each row, as its clock says, 0 unknown: (n,)."""
        column = self.source.columns.get(role)
        if column is None or role in self.yes_or_no:
            return np.zeros(len(self.source), dtype=np.int64)
        values = column.map(lambda text: dates.minutes(text, self.order), np.int64)
        bad = ~column.map(dates.is_blank, bool) & (values == 0)
        if bad.sum() > MOST_UNREADABLE * max(int(column.filled.sum()), 1):
            texts = [
                t
                for t in column.texts
                if not dates.is_blank(t) and not dates.minutes(t, self.order)
            ]
            raise TicketError(
                f"{self.source.name}: column '{column.header}' holds "
                f"{self.source.quote(column, texts)}: no dates that can be read; write 2026-03-31, "
                "and leave the cell empty where there is none"
            )
        self.source.notes.count("date not readable", bad.sum())
        return values

    def last_instants(self) -> np.ndarray:
        """When each row was changed, else closed, in UTC: (n,) minutes, 0 unknown."""
        last = np.zeros(len(self.source), dtype=np.int64)
        for role in ("updated", "closed", "merged", "canceled", "date", "created"):
            last = np.where(last == 0, self.instants(role), last)
        return last

    def closing(self, created: np.ndarray) -> np.ndarray:
        """When each row was closed: of closing, merging or cancelling, else its only date."""
        closed = np.zeros(len(self.source), dtype=np.int64)
        for role in ("closed", "merged", "canceled", "date"):
            closed = np.where(closed == 0, self.minutes(role), closed)
        if (closed > 0).any() or not (created > 0).any():
            return closed
        header = self.source.columns["created"].header
        self.source.notes.assumed.append(f"no date of closing: '{header}' stands for it")
        return created

    def _not_dated(self, role: str, column: Column) -> None:
        """A column named as a date that holds something else: words of outcomes, or nothing."""
        texts = [text for text in column.texts if not dates.is_blank(text)]
        known = [plain(t) in meanings("outcomes") or plain(t) in _TRUTHS for t in texts]
        if not texts:
            return
        ticked = any(dates.is_truth(text) is not None for text in texts)
        if role == "closed" and all(known) and ticked:
            self.yes_or_no.add(role)
        elif role == "closed" and all(known):
            self.source.move("closed", "outcome")
        elif role == "merged" and all(known):
            self.yes_or_no.add(role)
        else:
            raise TicketError(self._refusal(role, column, texts, "no dates"))

    def _refusal(self, role: str, column: Column, texts: list[str], kind: str) -> str:
        return (
            f"{self.source.name}: column '{column.header}' holds "
            f"{self.source.quote(column, texts)}: {kind}; write 2026-03-31, or say in a map "
            f"(--map): [columns] {role} = false"
        )


def _is_dated(column: Column) -> bool:
    """Whether half of what a column holds can be read as dates."""
    texts = [text for text in column.texts if not dates.is_blank(text)][:1000]
    dated = sum(map(dates.is_date, texts))
    return dated > 0 and dated >= len(texts) / 2
