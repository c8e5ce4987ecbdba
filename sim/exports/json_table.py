"""Exports in JSON as tables: a list of objects, as `gh --json` and the trackers' interfaces give.

Lists within become texts joined by semicolons; a person, a label or a project is its login or name.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from sim import files
from sim.errors import TicketError
from sim.exports import opening, table

MOST_BYTES = 200_000_000
LISTS = ("issues", "items", "nodes", "value", "data", "workItems")  # where interfaces put the rows
NAMES = ("login", "username", "name", "displayName", "title", "key", "value", "id")
FLAT = ("fields", "time_stats")  # objects whose entries are columns themselves


def is_json(path: Path) -> bool:
    """Whether a regular file begins as JSON does."""
    return opening.start(path, 4096).lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[")


def read(path: Path) -> table.Table:
    """A table of every column that any object has. Raises TicketError, one line."""
    rows = _rows(path)
    flat = [_flat(row) for row in rows]
    names = tuple(dict.fromkeys(name for row in flat for name in row))
    headers = tuple(map(table.clean, names))
    texts = [[_text(row.get(name)) for row in flat] for name in names]
    columns = tuple(table.column(name, cells) for name, cells in zip(headers, texts, strict=True))
    marks = [hash(tuple(cells)) for cells in zip(*texts, strict=True)]
    return table.Table(
        path.name, columns, headers, np.arange(1, len(rows) + 1), np.array(marks, np.int64), {}
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        data = files.content(path, MOST_BYTES)
        data = data.removeprefix(b"\xef\xbb\xbf")
        content: Any = _lines(data) if data.lstrip()[:1] == b"{" else None
        content = files.plain_json(data) if content is None else content
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TicketError(f"{path.name}: is JSON that cannot be read: {reason}") from None
    if isinstance(content, dict):
        lists = (content[key] for key in LISTS if isinstance(content.get(key), list))
        content = next(lists, content)
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        return content
    raise TicketError(
        f"{path.name}: is JSON, but {_kind(content)}: needs CSV, or a list of tickets as "
        "`gh issue list --json number,state,stateReason,assignees,labels,closedAt` writes it"
    )


def _lines(data: bytes) -> list[Any] | None:
    """The objects of a text with one a line; None where it is not that."""
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) < 2 or not all(line.lstrip()[:1] == b"{" for line in lines):
        return None
    try:
        return [files.plain_json(line) for line in lines]
    except ValueError:
        return None


def _kind(content: Any) -> str:
    if isinstance(content, dict):
        kind = "a Trello board" if {"cards", "lists"} <= content.keys() else "one object"
        return f"{kind} with {', '.join(str(key)[:20] for key in list(content)[:4])}"
    return "an empty list" if content == [] else "no list of objects"


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row with the entries of its inner objects of columns as its own."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name in FLAT and isinstance(value, dict):
            flat.update(value)
            state = value.get("status")
            if isinstance(state, dict) and isinstance(state.get("statusCategory"), dict):
                flat.setdefault("status category", state["statusCategory"])
        elif name == "pull_request" and isinstance(value, dict):
            flat[name] = "yes"
            flat["merged_at"] = value.get("merged_at")
        else:
            flat[name] = value
    return flat


def _text(value: Any) -> str:
    """A value as the cell of a table would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(text for item in value[:100] if (text := _text(item)))
    if isinstance(value, dict):
        name = next((value[key] for key in NAMES if value.get(key) is not None), "")
        category = value.get("statusCategory")
        return _text(name if not isinstance(name, (dict, list)) else category or "")
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
