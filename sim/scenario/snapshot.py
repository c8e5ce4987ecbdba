"""Plans as plain data that stand on their own: no file outside the package is needed to run them.

What is read back may come from anybody: every lever is checked as if it stood in a file, and
nothing in it may name a file.
"""

import base64
import lzma
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from sim.errors import PlanError, ScenarioError, short
from sim.files import content, only_packaged
from sim.scenario import Scenario
from sim.scenario.files import packaged_curves
from sim.scenario.scenario import fingerprint

FIELDS = ("name", "notes", "levers", "curves")
MOST_CURVES = 3_000_000  # letters of a curve set's file
PLAIN = 50_000  # letters up to which it is kept as it is, and not packed
MOST_MEMORY = 100_000_000  # bytes, to unpack one
SAME = "same as "  # and, with the label of an earlier plan, one that is its
PACKED = "lzma:"  # what a packed one begins with


def keep(plan):
    """A Scenario as plain data: name, notes, levers, and its curve set if it is a local file."""
    own = Scenario(plan.to_dict(), plan.name, folder=plan._folder).notes
    path = plan.curves_file
    local = path not in packaged_curves()
    return {
        "name": plan.name,
        "notes": [note for note in plan.notes if note not in own],
        "levers": plan.to_dict(),
        "curves": packed(content(path).decode("utf-8")) if local else None,
    }


def check(label, kept):
    """Refuse what `keep` could not have given, as far as that shows before it is run."""
    if not isinstance(kept, dict) or set(kept) != set(FIELDS):
        raise PlanError(f"{short(label)}: must hold name, notes, levers and curves")
    name, notes, levers, curves = (kept[field] for field in FIELDS)
    good = isinstance(name, str) and name.strip() and isinstance(levers, dict)
    good = good and isinstance(notes, list) and all(isinstance(note, str) for note in notes)
    good = good and (curves is None or (isinstance(curves, str) and len(curves) <= MOST_CURVES))
    if not good:
        raise PlanError(f"{short(label)}: name, notes, levers or curves are not of their kind")
    tool = levers.get("tool")
    if not isinstance(tool, dict) or not isinstance(tool.get("kind"), str):
        raise PlanError(f"{short(label)}: tool.kind: missing, so that a file would be read")
    rows = levers.get("rollout", [])
    for place, row in enumerate(rows if isinstance(rows, list) else [], 1):
        if not isinstance(row, dict) or not isinstance(row.get("kind"), str):
            raise PlanError(
                f"{short(label)}: rollout[{place}].kind: missing, so that a file would be read"
            )
    if curves is None and tool.get("curves") not in {path.stem for path in packaged_curves()}:
        raise PlanError(f"{short(label)}: tool.curves: a file outside of the record")


def packed(text):
    """A curve set's text as it is kept: a long one packed, since a record of a plan must travel."""
    if len(text) <= PLAIN:
        return text
    return PACKED + base64.b85encode(lzma.compress(text.encode())).decode("ascii")


def text_of(kept):
    """The text that `packed` was given. Raises PlanError where it is none, or too long."""
    if not kept.startswith(PACKED):
        return kept
    try:
        data = base64.b85decode(kept[len(PACKED) :])
        unpacked = lzma.LZMADecompressor(memlimit=MOST_MEMORY).decompress(data, MOST_CURVES + 1)
        if len(unpacked) > MOST_CURVES:
            raise ValueError("too long")
        return unpacked.decode("utf-8")
    except (ValueError, lzma.LZMAError, EOFError):
        raise PlanError("curves: a packed curve set that is damaged or too long") from None


def shared(plans):
    """Plans kept, label -> data, with a curve set that an earlier one has named by its label."""
    first: dict = {}
    found = {}
    for label, kept in plans.items():
        curves = kept.get("curves")
        holder = first.setdefault(curves, label) if curves else label
        found[label] = kept if holder == label else kept | {"curves": SAME + holder}
    return found


def apart(plans):
    """Plans as they were before `shared`; what is no plan is left to `check`."""
    found: dict = {}
    for label, kept in plans.items():
        stated = kept.get("curves") if isinstance(kept, dict) else None
        if isinstance(stated, str) and stated.startswith(SAME):
            holder = found.get(stated[len(SAME) :])
            if holder is None:
                raise PlanError(f"{short(label)}: curves: {short(stated)}: no plan before it")
            kept = kept | {"curves": holder["curves"]}
        found[label] = kept
    return found


def sha256(kept):
    """Fingerprint of the levers kept, as `Scenario.sha256`."""
    return fingerprint(kept["levers"])


def scenario(label, kept, folder):
    """The Scenario to run: without the plan its question names, its own curve set in `folder`.

    Raises PlanError or ScenarioError, one line.
    """
    check(label, kept)
    levers = {**kept["levers"], "tool": dict(kept["levers"]["tool"])}
    if isinstance(levers.get("answer"), dict):
        levers["answer"] = {k: v for k, v in levers["answer"].items() if k != "against"}
    if kept["curves"] is not None:
        path = folder / f"{len(list(folder.iterdir()))}.json"
        path.write_text(text_of(kept["curves"]), encoding="utf-8")
        levers["tool"]["curves"] = str(path)
    return Scenario(levers, kept["name"], tuple(kept["notes"]))


def restored(kept):
    """The Scenario that `keep` gave, its own curve set at the path it had; ValueError if none."""
    check("scenario", kept)
    return Scenario(kept["levers"], kept["name"], tuple(kept["notes"]))


# A Scenario as a field of a record that is saved as JSON.
Kept = Annotated[Scenario, PlainValidator(restored), PlainSerializer(keep)]


@contextmanager
def runnable(plans):
    """Plans kept, label -> data, as Scenarios, label -> Scenario, while their curve sets are there.

    Meanwhile no file is read but those and the package's own, whatever a record names.

    Raises PlanError, one line.
    """
    with tempfile.TemporaryDirectory() as folder, only_packaged(Path(folder)):
        try:
            scenarios = {
                label: scenario(label, kept, Path(folder)) for label, kept in plans.items()
            }
        except ScenarioError as error:
            raise PlanError(str(error)) from None
        yield scenarios
