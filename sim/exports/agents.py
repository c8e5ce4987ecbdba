"""Whether an agent was used: by a column, by labels, by co-authors of commits, or by date."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sim.errors import TicketError
from sim.exports import numbers, people
from sim.exports.map_file import Map
from sim.exports.table import Column
from sim.exports.vocabulary import listed, plain

_NAMED = re.compile(r"['\"]name['\"]: *['\"]([^'\"]*)['\"]")  # {'name': 'ui'}, as pandas writes it
UNKNOWN, WITHOUT, WITH = -1, 0, 1
MOST_UNREADABLE = 0.2  # share of an agent column's words that may be neither yes nor no


@dataclass(frozen=True)
class Use:
    """Use of an agent, row by row.

    agent    (n,) int: WITH, WITHOUT, UNKNOWN
    code     (n,) int, place in `words`
    words    words that tell, of each kind of row
    source   what told, in words; "" where nothing did
    """

    agent: np.ndarray
    code: np.ndarray
    words: tuple[tuple[str, ...], ...]
    source: str

    def counts(self, code: np.ndarray) -> dict[str, int]:
        """Words met -> tickets, the most frequent first; code as `code`, of tickets."""
        numbers_ = np.bincount(code, minlength=len(self.words)).tolist()
        met = Counter[str]()
        for words, number in zip(self.words, numbers_, strict=True):
            met.update(dict.fromkeys(words, number))
        return {word: number for word, number in met.most_common() if number}


def of(
    name: str, columns: Mapping[str, Column], labels: list[Column], authors: list[Column],
    assigned: list[Column],
    rows: int, stated: Map, quote: Callable[[Column, list[str]], str],
) -> Use:  # fmt: skip
    """Use of an agent in a table's rows.

    quote : shows texts of a column in an error line

    Raises TicketError where an agent column holds something else.
    """
    if "agent" in columns:
        return _of_column(name, columns["agent"], stated, quote)
    use = _of_labels(labels, assigned, rows, stated)
    return use if use.source else _of_authors(authors, rows)


def since(use: Use, days: np.ndarray, start: date | None) -> Use:
    """The same, where nothing else tells by date.

    days : (n,) ordinals of days, 0 unknown
    """
    if start is None:
        return use
    dated = np.where(days >= start.toordinal(), WITH, WITHOUT)
    by_date = np.where(days > 0, dated, UNKNOWN)
    agent = np.where(use.agent == UNKNOWN, by_date, use.agent)
    if use.source and not use.source.startswith("column"):  # labels tell of use, not of none
        agent = np.where(use.agent == WITH, WITH, by_date)
    source = f"{use.source}; then " if use.source else ""
    return replace(use, agent=agent, source=f"{source}the date, with an agent from {start}")


def _of_column(name, column, stated, quote) -> Use:
    meaning = {text: _meaning(text, stated) for text in column.texts}
    counts = {text: count for text, count in column.counts().items() if text}
    unread = [text for text in counts if meaning[text] is None]
    bad = sum(counts[text] for text in unread)
    if bad > MOST_UNREADABLE * sum(counts.values()):
        raise TicketError(
            f"{name}: column '{column.header}' holds {quote(column, unread)}: not yes or no; say "
            "what each means in a map (--map): [agent] WORD = true; or, if it is a person: "
            f'[columns] person = "{column.header}", agent = false'
        )
    agent = column.map(lambda text: UNKNOWN if meaning[text] is None else meaning[text], np.int64)
    words = tuple((text,) if text and meaning[text] is not None else () for text in column.texts)
    return Use(agent, column.codes, words, f"column '{column.header}'")


def _meaning(text: str, stated: Map) -> int | None:
    """WITH, WITHOUT, UNKNOWN for a blank; None for any other text."""
    word = plain(text)
    if not word:
        return UNKNOWN
    if word in stated.agent:
        return int(stated.agent[word])
    if word in listed("agent", "yes") or word in listed("agent", "tools"):
        return WITH
    if word in listed("agent", "no"):
        return WITHOUT
    number = numbers.number(text)
    return None if math.isnan(number) or number not in (0, 1) else int(number)


def is_agent_label(label: str, stated: Map) -> bool:
    """Whether a label tells of an agent: a tool's name, or "ai" and the like."""
    word = plain(label)
    if word in stated.agent:
        return stated.agent[word]
    if word in listed("agent", "tools") or word in listed("agent", "labels"):
        return True
    parts = word.split()
    while parts and parts[0] in listed("agent", "affixes"):
        parts = parts[1:]
    while parts and parts[-1] in listed("agent", "affixes"):
        parts = parts[:-1]
    return bool(parts) and len(parts) < len(word.split()) and " ".join(parts) in listed(
        "agent", "tools"
    )  # fmt: skip


def split(text: str) -> list[str]:
    """Labels of a cell: parted by commas, semicolons or bars, in brackets and quotes or not."""
    if names := _NAMED.findall(text):
        return names
    text = text.strip().removeprefix("[").removesuffix("]")
    return [
        part.strip(" '\"")
        for part in text.replace(";", ",").replace("|", ",").split(",")
        if part.strip()
    ]


def _of_labels(labels: list[Column], assigned: list[Column], rows: int, stated: Map) -> Use:
    """Labels, and agents to whom tickets are assigned: an agent where any of them tells of one."""
    by_label = [
        [tuple(one for one in split(text) if is_agent_label(one, stated)) for text in column.texts]
        for column in labels
    ]
    by_bot = [
        [tuple(filter(None, map(_bot_tool, people.parts(text, ",")))) for text in column.texts]
        for column in assigned
    ]
    sources = (("labels", by_label), ("assignees", by_bot))
    source = " and ".join(name for name, met in sources if any(map(any, met)))
    return _told([*labels, *assigned], [*by_label, *by_bot], rows, source)


def _bot_tool(key: str) -> str:
    """The agent that an account is; "" for people and other bots."""
    if not people.is_bot(key):
        return ""
    word = plain(key.removesuffix("[bot]"))
    tools = sorted(listed("agent", "tools"), key=len, reverse=True)
    return next((tool for tool in tools if f" {tool} " in f" {word} "), "")


def _of_authors(columns: list[Column], rows: int) -> Use:
    """Co-authors named in commits: a tool among them was used."""
    met = [[tuple(filter(None, [_tool(text)])) for text in column.texts] for column in columns]
    return _told(columns, met, rows, "co-authors of commits")


def _told(columns: list[Column], met: list[list[tuple[str, ...]]], rows: int, source: str) -> Use:
    """Use of an agent where any text of some columns tells of it.

    met : for each column and each of its texts the words that tell
    """
    kinds: list[tuple[str, ...]] = [()]
    code = np.zeros(rows, dtype=np.int64)
    for column, words in zip(columns, met, strict=True):
        if not any(words):
            continue
        own = {tuple(sorted(set(one))): 0 for one in [(), *words]}
        own = {one: i for i, one in enumerate(own)}
        here = np.array([own[tuple(sorted(set(one)))] for one in words], np.int64)[column.codes]
        pairs, code = np.unique(code * len(own) + here, return_inverse=True)
        listed_ = list(own)
        kinds = [tuple(sorted({*kinds[p // len(own)], *listed_[p % len(own)]})) for p in pairs]
    agent = np.array([WITH if words else WITHOUT for words in kinds], dtype=np.int64)[code]
    if not any(kinds):
        return Use(np.full(rows, UNKNOWN), code, tuple(kinds), "")
    return Use(agent, code, tuple(kinds), source)


def _tool(text: str) -> str:
    """The tool a line of co-authors names, the longest name first; "" for people.

    A name counts whole, or with a version of it behind ("Claude Opus 4"), or its own address.
    """
    return max((_tool_of(part) for part in text.split(";")), key=len, default="")


def _tool_of(author: str) -> str:
    name, _, rest = author.partition("<")
    if tool := _bot_tool(name.strip()):
        return tool
    words = plain(name).split()
    local, _, domain = rest.strip(" >").casefold().partition("@")
    tools = sorted(listed("agent", "tools"), key=len, reverse=True)
    tool = next((tool for tool in tools if words[: len(tool.split())] == tool.split()), "")
    behind = words[len(tool.split()) :]
    if tool and all(word in listed("agent", "versions") or word[0].isdigit() for word in behind):
        return tool
    own = domain in listed("agent", "domains") and local in listed("agent", "addresses")
    return tool if own else ""
