"""Writing a scenario as TOML."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any


def toml_lines(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[str]:
    """A table as TOML: its own values first, then the tables below it."""
    below = {}
    for key, value in table.items():
        rows = isinstance(value, list) and not above
        if rows or key == "adjacent" or (isinstance(value, dict) and not above):
            below[key] = value
        else:
            yield f"{_toml_key(key)} = {_toml_value(value)}"
    for key, value in below.items():
        header = ".".join(map(_toml_key, (*above, key)))
        if isinstance(value, list):
            for row in value:
                yield f"\n[[{header}]]"
                yield from toml_lines(row, (*above, key))
        else:
            yield f"\n[{header}]"
            yield from toml_lines(value, (*above, key))


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml_value(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_toml_key(k)} = {_toml_value(v)}" for k, v in value.items()) + " }"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, str):  # JSON escapes are TOML escapes, except that TOML escapes DEL too
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
