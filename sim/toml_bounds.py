"""Bounds on a TOML text, held before it is parsed.

The parser of the standard library takes time that grows with the square of a key's parts and memory
with every key, so that a small text can hold a machine. One pass over the text, linear in its
length, refuses what no file of this project comes near.
"""

import re

MOST_PARTS = 32  # of a dotted key
MOST_DEPTH = 32  # of brackets and braces
MOST_LETTERS = 1_000  # of one part of a key, and of a number, which Python may not print else
MOST_KEYS = 50_000

_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5} | \'\'\'.*?\'{3,5} | "(?:\\.|[^"\\\n])*+" | '[^'\n]*+'
    | \#[^\n]*+ | [A-Za-z0-9_+:-]++ | [ \t]++ | .''',
    re.VERBOSE | re.DOTALL,
)
_AFTER = re.compile(r"[ \t]*+[.=\]]")
_QUOTES = ('"', "'")


def check(text: str) -> None:
    """Refuse a text whose keys are too many or too deep, or keys or numbers too long.

    Raises ValueError, one line.
    """
    depth = parts = keys = 0
    after_dot = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        first = token[0]
        if first in " \t":
            continue
        if first == ".":
            after_dot = True
            continue
        if first in "[{":
            depth += 1
        elif first in "]}":
            depth -= 1
        keys += first in "=["
        if token in _QUOTES or (token in ('""', "''") and text.startswith(first, match.end())):
            return  # a quote that is not closed: the parser stops here too
        parts = parts + 1 if after_dot else 1
        after_dot = False
        if depth > MOST_DEPTH:
            raise ValueError(f"nested too deeply, over {MOST_DEPTH} brackets")
        if parts > MOST_PARTS:
            raise ValueError(f"a key of more than {MOST_PARTS} parts")
        if keys > MOST_KEYS:
            raise ValueError(f"more than {MOST_KEYS:,} keys")
        if len(token) > MOST_LETTERS and _is_key(text, match):
            raise ValueError(f"a key of more than {MOST_LETTERS:,} letters")
        if len(token) > MOST_LETTERS and first not in "#\"'":
            raise ValueError(f"a number or word of more than {MOST_LETTERS:,} letters")


def _is_key(text: str, match: re.Match[str]) -> bool:
    """Whether a token is, by what follows it, a key or a part of one."""
    if match[0][0] == "#":
        return False
    after = _AFTER.match(text, match.end())
    return after is not None and not (after[0].endswith("]") and match[0][0] in _QUOTES)
