"""People as numbers, and levels: names are compared while a file is read, and kept nowhere."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.engine.curves import LEVELS
from sim.exports.table import Column
from sim.exports.vocabulary import listed, meanings, plain

NOBODY = -1
A_NAME = "a name"  # stands for a text that has one
MOST_PARTS = 5  # words of a name
SHORTEST = 3  # letters of a name, or part of one, that is looked for in texts
PLURAL = ("assignees", "assignee usernames")  # columns that name several people
_ADDRESS = re.compile(r"(?<![^\s<>@])[^\s<>@]++@[^\s<>@]++")  # linear on endless words
NO_LEVEL = (0, 0)  # of a text that states none
UNREADABLE = (-1, -1)
_BLANK = ("", "unknown", "?", "n/a", "na", "none", "-")


@dataclass(frozen=True)
class People:
    """Who did each row.

    person  (n,) int, 0 up; NOBODY where no one is named
    count   how many people there are
    nobody  rows whose column says "Unassigned" or the like, or nothing
    alike   people whose keys look alike, such as a name and its address
    several rows that name several people; the first counts
    levels  (count,) int, 1 to 5 as a map states, 0 unknown
    """

    person: np.ndarray
    count: int
    nobody: int
    alike: int
    several: int
    levels: np.ndarray


def of(columns: list[Column], rows: int, stated_levels) -> People:
    """The people of a table's rows; of several columns or names in a cell, the first."""
    person, several = np.full(rows, NOBODY, dtype=np.int64), 0
    named = [[_keys(t, plain(c.header) in PLURAL) for t in c.texts] for c in columns]
    # In the order of their keys, so that no order of rows or columns changes a number.
    keys = {key: i for i, key in enumerate(sorted({n[0] for texts in named for n in texts if n}))}
    for column, first in zip(columns, named, strict=True):
        codes = [keys[names[0]] if names else NOBODY for names in first]
        here = np.array(codes, dtype=np.int64)[column.codes]
        more = np.array([len(names) > 1 for names in first], dtype=bool)[column.codes]
        more |= (person != NOBODY) & (here != NOBODY) & (here != person)
        several += int(more.sum())
        person = np.where(person == NOBODY, here, person)
    return People(
        person, len(np.unique(person[person >= 0])), int((person == NOBODY).sum()),
        _alike(keys), several,
        np.array([stated_levels.get(key, 0) for key in keys], dtype=np.int64),
    )  # fmt: skip


def _keys(text: str, plural: bool) -> list[str]:
    """Keys of the people a cell names, none for nobody.

    plural : whether commas part people, as in "Assignees"; "Lopez, Ana" is one person elsewhere
    """
    text = re.sub(r"^\[(.*)\]$", r"\1", re.sub(r"['\"]", "", text.strip())) if plural else text
    named = parts(text, "," if plural else "")
    nobody = listed("people", "nobody")
    return [key for key in named if plain(key) and plain(key) not in nobody and not is_bot(key)]


def parts(text: str, comma: str = "") -> list[str]:
    """Keys of accounts of a cell, parted by semicolons, bars and `comma`."""
    return [part.strip().casefold() for part in re.split(rf"[;|{comma}]", text)]


def is_bot(key: str) -> bool:
    """Whether an account is none of a person: dependabot[bot], Copilot."""
    return key.endswith("[bot]") or plain(key) in listed("people", "bots")


def _alike(keys: Iterable[str]) -> int:
    """How many keys share their words with another: "Ana Lopez", "Lopez, Ana", ana.lopez@x.y."""
    groups = defaultdict(list)
    for key in keys:
        bare = _ADDRESS.sub(lambda match: match[0].split("@")[0], key)
        groups[tuple(sorted(set(plain(bare).split())))].append(key)
    return sum(len(group) for group in groups.values() if len(group) > 1)


class Names:
    """Names and addresses of an export's people, to keep texts that have one off the screen."""

    def __init__(self, texts: Iterable[str]) -> None:
        words = {word for text in texts for word in _forms(text)}
        known = {part for word in meanings("outcomes") for part in (word, *word.split())}
        self.words = words - known - listed("people", "nobody")

    def are_in(self, text: str) -> bool:
        """Whether a text is, or has in it, an address, a name or a login."""
        if text == A_NAME or _ADDRESS.search(text):
            return True
        parts = plain(text).split()
        ends = range(1, min(len(parts), MOST_PARTS) + 1)
        return any(
            " ".join(parts[i : i + n]) in self.words for n in ends for i in range(len(parts))
        )

    def quoted(self, texts: Iterable[str], most: int = 3) -> str:
        """Texts as an error line shows them, so many at most; one that has a name is not shown."""
        shown = Counter(A_NAME if self.are_in(text) else f"'{_short(text)}'" for text in texts)
        return ", ".join(list(shown)[:most])


def _forms(text: str) -> Iterable[str]:
    """Plain words by which the people of a cell may be met: names, logins, parts of both."""
    for part in re.split(r"[;|,<>()\[\]'\"]", text):
        word = plain(part.split("@")[0])
        yield from (form for form in (word, *word.split()) if len(form) >= SHORTEST)


def without_addresses(text: str) -> str:
    """A text in which no address stands."""
    return _ADDRESS.sub(A_NAME, text)


def _short(text: str) -> str:
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return line if len(line) <= 40 else line[:39] + "…"


def level(text: str) -> tuple[int, int]:
    """Lowest and highest level of a text, 1 to 5; NO_LEVEL or UNREADABLE."""
    word = text.lower().strip()
    if word in _BLANK:
        return NO_LEVEL
    parts = re.split(r"\s*(?:–|-|\bto\b|\.\.)\s*", word)
    ends = [step for part in parts if (step := _level_of(part)) is not None]
    if len(parts) > 2 or len(ends) < len(parts):
        return UNREADABLE
    return min(ends), max(ends)


def _level_of(text: str) -> int | None:
    if text in LEVELS:
        return LEVELS.index(text) + 1
    return int(float(text)) if re.fullmatch(r"[1-5](?:[.,]0+)?", text.replace(",", ".")) else None
