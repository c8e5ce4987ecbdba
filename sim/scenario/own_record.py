"""`record`: a team's own posterior, made by `tiercurve learn`, in place of what is published."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import files
from sim.errors import ScenarioError, short, shown
from sim.scenario.files import curves_path

KEY = "record"
SCHEMA = {
    "type": "string",
    "minLength": 1,
    "description": "Folder that `tiercurve learn` wrote: the team's own posterior is used",
}


def with_record(
    stated: Mapping[str, Any], label: str, folder: Path | None
) -> tuple[dict[str, Any], list[str]]:
    """What a file states, its record turned into the curve set that it is.

    stated : nested dicts
    label : name of the file, for faults; folder : where it lies
    returns : the same with `tool.curves` in place of the record, and faults, a line each

    A record that tells tickets and not hours makes tickets the answer, unless the file states one.
    """
    if KEY not in stated:
        return dict(stated), []
    rest = {key: value for key, value in stated.items() if key != KEY}
    name = stated[KEY]
    if not isinstance(name, str) or not name:
        return rest, [f"{label}: {KEY} = {shown(name)}: must be the folder of a learned record"]
    tool = rest.get("tool", {})
    if isinstance(tool, dict) and "curves" in tool:
        return rest, [f"{label}: must state either {KEY} or tool.curves, not both"]
    try:
        about = _about(name, folder)
    except ScenarioError:
        return rest, [
            f"{label}: {KEY} = {shown(name)}: no learned record of that name; make it with "
            f"tiercurve learn FILE --as PLAN --out {short(name, 40)}"
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return rest, [
            f"{label}: {KEY} = {shown(name)}: no learned record, or a damaged one; learn it again"
        ]
    if isinstance(tool, dict):
        rest["tool"] = tool | {"curves": name}
    answer = rest.get("answer", {})
    if not about.get("expert_hours") and isinstance(answer, dict) and not _asks(answer, rest):
        rest["answer"] = answer | {"metric": "tasks_done"}
    return rest, []


def in_changes(changes: Mapping[str, Any], label: str, folder: Path | None) -> dict[str, Any]:
    """Changes of `Scenario.replace`, a record turned into the curve set that it is.

    Raises ScenarioError, one line, as `with_record` tells faults.
    """
    if KEY not in changes:
        return dict(changes)
    stated, faults = with_record({KEY: changes[KEY]}, label, folder)
    if faults:
        raise ScenarioError(faults[0])
    rest = {key: value for key, value in changes.items() if key != KEY}
    return rest | {"tool.curves": stated["tool"]["curves"]}


def _about(name: str, folder: Path | None) -> dict[str, Any]:
    """What the curve set of a record says of it; an error where it is none."""
    about = files.plain_json(files.content(curves_path(name, folder)))[KEY]
    if not isinstance(about, dict) or "ends" not in about:
        raise ValueError("not a record")
    return about


def _asks(answer: Mapping[str, Any], stated: Mapping[str, Any]) -> bool:
    """Whether a file states what answers the question: in [answer], or as a backlog to be done."""
    tasks = stated.get("tasks")
    backlog = isinstance(tasks, dict) and "backlog" in tasks
    return backlog or bool({"metric", "by", "by_week"} & set(answer))
