"""The error of every fault in a scenario, and how values and paths are shown in its one line."""

from collections.abc import Iterable
from typing import Any


class ScenarioError(ValueError):
    """A scenario, a tool profile or a curve set cannot be used; one line says where and why."""


def one_line(label: str, faults: list[str]) -> ScenarioError:
    """The first fault of a file, and a count of the rest."""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return ScenarioError(f"{label}: {faults[0]}{more}")


def one_of(words: Iterable[str]) -> str:
    """`; use one of none, all`: for a word that is near no known one."""
    return "; use one of " + ", ".join(words)


def shown(value: Any) -> str:
    """A value as an error line shows it: as in TOML, short, and on one line."""
    if isinstance(value, str):
        return f'"{short(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + short(", ".join(f"{k} = {shown(v)}" for k, v in value.items())) + " }"
    if isinstance(value, list):
        return "[" + short(", ".join(map(shown, value))) + "]"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a very large number"
    return short(str(value))


def short(text: str, most: int = 60) -> str:
    """A text in at most so many printable characters."""
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return line if len(line) <= most else line[: most - 1] + "…"


def shown_path(keys: Iterable[Any]) -> str:
    """`people[1].level` for ("people", 0, "level")."""
    path = ""
    for key in keys:
        path += f"[{key + 1}]" if isinstance(key, int) else f".{short(str(key))}"
    return path.removeprefix(".")
