"""What each row says, which rows are one ticket, and which are parents.

Parents whose children are in the file are
left out, as the work is in the children.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.exports.outcomes import OPEN, REOPENED
from sim.exports.table import Column
from sim.exports.vocabulary import listed, plain


@dataclass
class Rows:
    """Rows of an export as arrays, a column each (n,).

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
    work          equal for rows of one work date and one author of a worklog
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
    work: np.ndarray
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


def four(answer: np.ndarray) -> np.ndarray:
    """Outcomes as four answers: what is reopened is open."""
    return np.where(answer == REOPENED, OPEN, answer)
