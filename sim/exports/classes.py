"""Class of work: average or advanced, by a column of its own, or by labels."""

from collections import Counter

import numpy as np

from sim.exports import agents
from sim.exports.source import Notes
from sim.exports.table import Column
from sim.exports.vocabulary import listed, plain

MOST_SHOWN = 6  # labels


def of(column: Column | None, labels: list[Column], rows: int, notes: Notes) -> np.ndarray:
    """1 where work is advanced, 0 where class or labels say otherwise, NaN where there is neither.

    column : of classes, which goes before labels
    returns : (n,)
    """
    value = np.full(rows, np.nan)
    for one in labels:
        value = np.fmax(value, one.map(_class, float))
    if column is not None:
        known = {"average": 0.0, "advanced": 1.0}
        stated = column.map(lambda text: known.get(plain(text), np.nan), float)
        value = np.where(np.isnan(stated), value, stated)
    elif labels:
        _note(labels, value, notes)
    return value


def _note(labels: list[Column], value: np.ndarray, notes: Notes) -> None:
    """Say which labels tell of advanced work, and what is taken of the others."""
    met = Counter[str]()
    for one in labels:
        for text, count in one.counts().items():
            met.update({label: count for label in agents.split(text) if is_advanced(label)})
    if met:
        shown = ", ".join(f"'{label}' {count:,}" for label, count in met.most_common(MOST_SHOWN))
        advanced = int((value == 1).sum())
        notes.settled.append(f"class of work: advanced by labels, {advanced:,} rows: {shown}")
    if (value == 0).any():
        average = int((value == 0).sum())
        notes.assumed.append(
            f"class of work: {average:,} rows with other labels only are taken as average"
        )


def _class(text: str) -> float:
    labels = agents.split(text)
    return float(any(map(is_advanced, labels))) if labels else np.nan


def is_advanced(label: str) -> bool:
    """Whether a whole word of a label says that work is advanced, and none denies it."""
    words = plain(label).split()
    return any(word in listed("work", "advanced") for word in words) and not any(
        word in listed("work", "negations") for word in words
    )
