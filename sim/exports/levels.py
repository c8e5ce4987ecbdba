"""Levels of expertise as exports state them: a name, 1 to 5, a range, or unknown."""

import re

from sim.engine.curves import LEVELS

UNKNOWN = (0, 0)
UNREADABLE = (-1, -1)
_BLANK = ("", "unknown", "?", "n/a", "na", "none", "-")


def level(text: str) -> tuple[int, int]:
    """Lowest and highest level of a text, 1 to 5; UNKNOWN or UNREADABLE."""
    word = text.lower().strip()
    if word in _BLANK:
        return UNKNOWN
    parts = re.split(r"\s*(?:–|-|\bto\b|\.\.)\s*", word)
    ends = [one for part in parts if (one := _one(part)) is not None]
    if len(parts) > 2 or len(ends) < len(parts):
        return UNREADABLE
    return min(ends), max(ends)


def _one(text: str) -> int | None:
    if text in LEVELS:
        return LEVELS.index(text) + 1
    return int(float(text)) if re.fullmatch(r"[1-5](?:[.,]0+)?", text.replace(",", ".")) else None
