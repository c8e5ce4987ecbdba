"""What words of exports mean: `words.toml`, as dictionaries from a plain word to its meaning."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("words.toml")
_MARKS = re.compile(r"[^\w]+|_+")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@cache
def words() -> dict[str, Any]:
    """The tables of `words.toml`."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """A word without case, accents, apostrophes and marks: "Won’t Do" and "wont_do" are one."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(_MARKS.sub(" ", _APOSTROPHES.sub("", text).casefold()).split())


def plain_header(text: str) -> str:
    """A column's name as a plain word: without unit, number of repetition and camel case."""
    text = text.strip()
    if inner := re.fullmatch(r"Custom field \((.+)\)", text, re.IGNORECASE):
        text = inner[1]
    text = re.sub(r"\s*[(\[][^()\[\]]{1,12}[)\]]\s*$", "", text)
    return plain(_CAMEL.sub(" ", re.sub(r"\.\d{1,3}$", "", text)))


@cache
def meanings(table: str) -> dict[str, str]:
    """Plain word -> meaning, of one table of `words.toml`."""
    return {word: meaning for meaning, listed in words()[table].items() for word in listed}


@cache
def listed(table: str, key: str) -> frozenset[str]:
    """One list of `words.toml` as a set."""
    return frozenset(words()[table][key])
