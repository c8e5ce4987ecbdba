"""What a file that extends another keeps, replaces and drops; pure work on nested dicts."""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.parameters import SHAPES

ARRIVING, FINITE = (
    "work_delivered",
    "finish_week",
)  # what is asked of work that arrives, of a backlog

_EXCLUSIVE = (  # a child that states a key of one side drops the other side from its parent
    ("tasks", {"arrivals_per_week"}, {"backlog"}),
    ("tool", {"anchor"}, {"horizon_hours", "slope_per_doubling"}),
    ("answer", {"by"}, {"by_week"}),
    ("money", {"salary"}, {"engineer", "adjacent"}),
)


def merge(parent: dict[str, Any], child: dict[str, Any], *, whole_team: bool) -> dict[str, Any]:
    """child over parent, key by key, with the exceptions a planner would expect.

    whole_team : [team] of the child replaces the parent's people as a whole (files); otherwise
        single counts change (`replace`)
    """
    had = _table(parent, "tasks")
    parent = without_rivals(parent, child)
    for key in ("average", "advanced"):
        old, new = (_table(_table(side, "tasks"), key) for side in (parent, child))
        if "size" in new and new["size"] != old.get("size"):
            parent["tasks"] = _without(_table(parent, "tasks"), {key})
    if _table(child, "answer").keys() & {"by", "by_week"}:  # a new deadline asks if it is met
        parent["answer"] = _without(_table(parent, "answer"), {"metric"})
    if _changes_source(had, _table(child, "tasks"), _table(parent, "answer")):
        parent["answer"] = _without(_table(parent, "answer"), {"metric"})
    new_tool, old_tool = _table(child, "tool"), _table(parent, "tool")
    if "profile" in new_tool and new_tool["profile"] != old_tool.get("profile"):
        parent["tool"] = {"curves": old_tool["curves"]} if "curves" in old_tool else {}
    if whole_team and isinstance(child.get("team"), dict):
        only_adjacent = child["team"].keys() == {"adjacent"}
        parent["team"] = _without(_table(parent, "team"), {"adjacent"}) if only_adjacent else {}
        if not only_adjacent:
            parent.pop("people", None)
    merged = deep(parent, child)
    if isinstance(child.get("world"), dict):  # a distribution is one value: it replaces
        merged["world"] = {**_table(parent, "world"), **child["world"]}
    if "domains" in child:  # shares of one whole
        merged["domains"] = child["domains"]
    return merged


def _changes_source(old: dict[str, Any], new: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether work comes from another source, and the parent's answer is of the one it had.

    Of a backlog it is asked when it is done, of work that arrives how much is delivered.
    """
    if "backlog" in new and "backlog" not in old:
        return answer.get("metric") == ARRIVING
    return "arrivals_per_week" in new and "backlog" in old and answer.get("metric") == FINITE


def without_rivals(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """parent without the keys that cannot stand beside those the child states."""
    parent = dict(parent)
    for section, one, other in _EXCLUSIVE:
        for stated, dropped in ((one, other), (other, one)):
            if _table(child, section).keys() & stated:
                parent[section] = _without(_table(parent, section), dropped)
    return parent


def deep(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """child over parent, key by key, tables in tables too."""
    merged = dict(parent)
    for key, value in child.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and not _is_belief(value):
            value = deep(old, value)
        merged[key] = value
    return merged


def _is_belief(value: Mapping[str, Any]) -> bool:
    """Whether a table states a distribution, which is one value: it replaces as a whole."""
    return len(value) == 1 and all(
        shape in SHAPES and isinstance(numbers, list) for shape, numbers in value.items()
    )


def _table(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _without(table: Mapping[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in keys}


def nested(keys: list[str], value: Any) -> dict[str, Any]:
    """`{"team": {"novice": 3}}` for (["team", "novice"], 3)."""
    for key in reversed(keys):
        value = {key: value}
    return value


def at(table: Mapping[str, Any], path: str) -> Any:
    """What a nested table states at a dotted path, None where nothing; rows count from 1."""
    value: Any = table
    for key in path.split("."):
        if isinstance(value, list):
            value = value[int(key) - 1] if key.isdecimal() and 0 < int(key) <= len(value) else None
        else:
            value = value.get(key) if isinstance(value, Mapping) else None
    return value


def leaves(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(dotted path, value) of everything below a table that is not itself a table."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*above, key))
        else:
            yield ".".join((*above, key)), value
