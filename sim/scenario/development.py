"""`development_hours_per_week`: the share of a week that is development, as a calendar has it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import ScenarioError, shown
from sim.parameters import is_number

KEY = "development_hours_per_week"
PARAMETER = "dev_share"
FULL_WEEK = 40.0  # hours of a full week; who works less develops the same share of theirs
SCHEMA = {
    "description": "Hours of a full week of 40 that a person develops; sets world.dev_share [h]",
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": FULL_WEEK},
        {
            "type": "array", "minItems": 2, "maxItems": 2,
            "items": {"type": "number", "exclusiveMinimum": 0, "maximum": FULL_WEEK},
        },
    ],
}  # fmt: skip


def with_share(stated: Mapping[str, Any], label: str) -> tuple[dict[str, Any], list[str]]:
    """What a file or a change states, its hours of development turned into world.dev_share.

    stated : nested dicts
    label : name of the file, for faults
    returns : the same with the share in place of the hours, and faults, a line each

    Hours are a number, or a range [low, high] in which nothing is likelier than anything else. They
    are a fault where they are no hours of a week, or where world.dev_share is stated beside them.
    """
    if KEY not in stated:
        return dict(stated), []
    rest = {key: value for key, value in stated.items() if key != KEY}
    world = rest.get("world", {})
    if not isinstance(world, dict):
        return rest, []
    if PARAMETER in world:
        return rest, [f"{label}: must state either {KEY} or world.{PARAMETER}, not both"]
    hours = stated[KEY]
    ends = hours if isinstance(hours, list | tuple) else [hours]
    if not all(is_number(end) and 0 < end <= FULL_WEEK for end in ends) or not _rising(ends):
        return rest, [
            f"{label}: {KEY} = {shown(hours)}: must be above 0 and at most {FULL_WEEK:g} hours of "
            "a full week, or a range such as [13, 15]"
        ]
    shares = [end / FULL_WEEK for end in ends]
    share = {"uniform": shares} if len(shares) == 2 else shares[0]
    return rest | {"world": world | {PARAMETER: share}}, []


def in_changes(changes: Mapping[str, Any], label: str) -> dict[str, Any]:
    """Changes of `Scenario.replace`, hours of development turned into world.dev_share.

    Raises ScenarioError, one line, as `with_share` tells faults.
    """
    path = f"world.{PARAMETER}"
    if KEY not in changes:
        return dict(changes)
    table = changes.get("world")
    world = dict(table) if isinstance(table, Mapping) else {}
    world |= {PARAMETER: changes[path]} if path in changes else {}
    stated, faults = with_share({KEY: changes[KEY], "world": world}, label)
    if faults:
        raise ScenarioError(faults[0])
    rest = {key: value for key, value in changes.items() if key != KEY}
    return rest | {path: stated["world"][PARAMETER]}


def _rising(ends: Sequence[float]) -> bool:
    return len(ends) == 1 or (len(ends) == 2 and ends[0] < ends[1])
