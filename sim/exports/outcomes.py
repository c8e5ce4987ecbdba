"""What became of each row: done, given up, never an attempt, or still open.

Order of evidence: Resolution, the state's reason, an outcome column, Status, a date of merging,
completion or cancelling, and last the Status Category. Two things go before it, and are said: a
word for given up or no attempt is never outvoted by a plain "done", as workflows set "Done" for
whatever leaves the board; and a ticket reopened is open, whatever closed it before.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from sim.exports import dates
from sim.exports.headers import Profile
from sim.exports.map_file import Map
from sim.exports.table import Column
from sim.exports.vocabulary import meanings, plain

DONE, GIVEN_UP, NO_ATTEMPT, OPEN, REOPENED = range(5)
SILENT, UNKNOWN = -1, -2
ANSWERS = ("done", "given up", "no attempt", "open", "reopened")
KEYS = ("done", "given_up", "no_attempt", "open")  # of `outcomes` in JSON; reopened is open
STUDY = ("failed", "partial", "unverified", "verified")  # the study's scale, worst first
STRONG = ("resolution", "reason", "outcome", "status")  # in the order of evidence
_BLANK = frozenset({"", "none", "null", "n a", "na", "nan"})


@dataclass
class Outcomes:
    """Outcomes of rows.

    answer    (n,) int, DONE to REOPENED; SILENT where nothing says, UNKNOWN where a word is none
    word      (n,) int, place in `words` of what settled the answer
    words     as the file writes them, each with its column: (header, text)
    overruled sentences about rows whose columns do not say the same, with counts
    """

    answer: np.ndarray
    word: np.ndarray
    words: list[tuple[str, str]]
    overruled: dict[str, int] = field(default_factory=dict)

    def counts(self, rows: np.ndarray | slice = slice(None)) -> dict[tuple[str, str, int], int]:
        """(header, text, answer) -> how many of some rows, the most frequent first."""
        pairs = Counter(zip(self.word[rows].tolist(), self.answer[rows].tolist(), strict=True))
        return {(*self.words[word], answer): count for (word, answer), count in pairs.most_common()}


def of(
    columns: Mapping[str, Column],
    rows: int,
    profile: Profile,
    stated: Map,
    study: bool,
    masked: Callable[[Column, str], str],
) -> Outcomes:
    """The outcomes of a table's rows.

    columns : role -> column
    study   : whether words are those of the study's scale, which has partial successes
    masked  : a text of a column as a record may have it
    """
    reader = _Reader(profile, stated, study, "merged" in columns)
    weigh = _Weighing(rows, masked)
    for role in STRONG:
        if role in columns:
            weigh.add(columns[role], reader.meanings(columns[role], role))
    for role, answer in (("merged", DONE), ("canceled", GIVEN_UP), ("closed", DONE)):
        if role in columns and (role != "closed" or "canceled" in columns or weigh.empty):
            meaning = columns[role].map(partial(_of_date, answer=answer), np.int64)
            weigh.add(columns[role].renamed(_shown_date), meaning, weak=True)
    if "merged" in columns and profile.unmerged:
        weigh.unmerge(columns["merged"])
    if "category" in columns:
        weigh.add(columns["category"], reader.meanings(columns["category"], "category"), weak=True)
    return weigh.outcomes()


def _of_date(text: str, answer: int) -> int:
    """What a cell of a column of dates, or of yes and no, says of a ticket."""
    truth = dates.is_truth(text)
    if truth or (truth is None and dates.is_date(text)):
        return answer
    if truth is False or dates.is_blank(text):
        return SILENT
    word = meanings("outcomes").get(plain(text))
    return ANSWERS.index(word.replace("_", " ")) if word else UNKNOWN


def _shown_date(text: str) -> str:
    """A cell of a column of dates as a word of an outcome: which date it is does not matter."""
    return "a date" if dates.is_date(text) else "" if dates.is_blank(text) else text


class _Reader:
    """Reads the words of a column of outcomes."""

    def __init__(self, profile: Profile, stated: Map, study: bool, merged: bool) -> None:
        self.stated, self.study = stated, study
        self.unmerged = profile.unmerged and not merged

    def meanings(self, column: Column, role: str) -> np.ndarray:
        texts = [self.meaning(text, role) for text in column.texts]
        if role == "resolution" and DONE not in texts and GIVEN_UP not in texts:
            # A team that never sets a resolution has "Unresolved" beside everything.
            texts = [SILENT if meaning == OPEN else meaning for meaning in texts]
        return np.array(texts, dtype=np.int64)[column.codes]

    def meaning(self, text: str, role: str) -> int:
        word = plain(text)
        if word in self.stated.outcomes:
            return ANSWERS.index(self.stated.outcomes[word])
        if self.study and word in STUDY:
            return GIVEN_UP if word == "failed" else DONE
        if word in _BLANK or (role == "reason" and word == "reopened"):
            return SILENT if word in _BLANK else REOPENED
        if role == "status" and word in ("0", "1", "0 0", "1 0"):
            return UNKNOWN  # numbers of states are a tracker's own
        if word == "incomplete" and role not in ("resolution", "reason"):
            return OPEN
        if word in ("1 0", "0 0"):  # as a column of truth values with gaps is written
            return DONE if word == "1 0" else GIVEN_UP
        if self.unmerged and word == "closed":
            return GIVEN_UP
        meaning = meanings("outcomes").get(word)
        if meaning is None:
            # A reason may be any event ("Implementation started"); the state says what it is.
            return SILENT if role == "reason" else UNKNOWN
        return {**{name.replace(" ", "_"): i for i, name in enumerate(ANSWERS)}}[meaning]


class _Weighing:
    """Combines columns of evidence, one after the other."""

    def __init__(self, rows: int, masked: Callable[[Column, str], str]) -> None:
        self.masked = masked
        self.answer = np.full(rows, SILENT, dtype=np.int64)
        self.word = np.full(rows, -1, dtype=np.int64)
        self.words: list[tuple[str, str]] = []
        self.overruled: dict[str, int] = {}
        self.empty = True

    def add(self, column: Column, meaning: np.ndarray, weak: bool = False) -> None:
        """A further column.

        weak : it speaks only where nothing before it did
        """
        self.empty = False
        word = column.codes.astype(np.int64) + len(self.words)
        self.words += [(column.header, self.masked(column, text)) for text in column.texts]
        silent = self.answer == SILENT
        says = meaning != SILENT
        if weak:
            takes = says & (silent | (self.answer == UNKNOWN)) & (meaning != UNKNOWN)
            takes |= says & silent
        else:
            negative = (meaning == GIVEN_UP) | (meaning == NO_ATTEMPT)
            over = ((self.answer == DONE) & negative) | (
                (self.answer != SILENT) & (self.answer != REOPENED) & (meaning == REOPENED)
            )
            takes = says & (silent | over)
            known = self.answer != UNKNOWN  # a word that is none is not shown: it may be a name
            self._note(column, meaning, takes & ~silent & known, word, "taken over")
            open_ = ~takes & says & ~silent & ((meaning == OPEN) != (self.answer == OPEN))
            open_ &= (
                (meaning != REOPENED) & (self.answer != REOPENED) & (meaning != UNKNOWN) & known
            )
            self._note(column, meaning, open_, word, "not taken over")
        self.answer = np.where(takes, meaning, self.answer)
        self.word = np.where(takes, word, self.word)

    def unmerge(self, merged: Column) -> None:
        """Closed without a merge is given up."""
        given = (self.answer == DONE) & ~merged.filled
        if given.any():
            self.overruled[f"closed with an empty '{merged.header}', taken as given up"] = int(
                given.sum()
            )
            self.answer = np.where(given, GIVEN_UP, self.answer)

    def _note(self, column, meaning, rows, word, verb) -> None:
        pairs = Counter(zip(word[rows].tolist(), self.word[rows].tolist(), strict=True))
        for (new, old), count in pairs.most_common(5):
            here, there = self.words[new], self.words[old]
            text = f"{here[0]} '{here[1]}' {verb} {there[0]} '{there[1]}'"
            self.overruled[text] = self.overruled.get(text, 0) + count

    def outcomes(self) -> Outcomes:
        return Outcomes(self.answer, self.word, self.words, self.overruled)
