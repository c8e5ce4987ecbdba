"""Records as folders: KIND.json, which says what one is, and its data files beside it.

Written whole or not at all, and never over anything else. Results, comparisons, sensitivity
analyses, decisions and studies are all kept so.
"""

import math
import shutil
from dataclasses import fields
from pathlib import Path

from pydantic import TypeAdapter

from sim import caveats, files
from sim.errors import short
from sim.records import provenance
from sim.scenario import Scenario

FORMAT = 1
_DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError)


def write(path, kind, about, put, error, overwrite=False):
    """Write a record as a folder; returns its Path.

    Parameters
    ----------
    path : str or Path
    kind : str, what it is, in one word: names the JSON file
    about : dict, plain data, with `caveats`, whose kinds are kept beside them
    put : callable, given the folder, writes the data files into it
    error : class of the error, raised if the path exists and is not to be, or cannot be, replaced
    overwrite : bool, whether one of the same kind may be replaced
    """
    path = Path(path)
    ours = (path / f"{kind}.json").is_file()
    if path.exists() and not (overwrite and ours):
        hint = "say overwrite=True" if ours else "choose another"
        raise error(f"{path}: exists already; {hint}")
    part = path.with_name(f".{path.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    put(part)
    kinds = [caveat.kind for caveat in about["caveats"]]
    text = provenance.dumps({"format": FORMAT} | about | {"caveat_kinds": kinds})
    (part / f"{kind}.json").write_text(text, encoding="utf-8")
    if path.exists():
        shutil.rmtree(path)
    part.rename(path)
    return path


def read(path, kind, make, error, passed=()):
    """The record of a folder that `write` made: what `make(about, path)` returns.

    passed : classes of errors that say themselves what is wrong

    Raises `error`, one line, where the folder is not one, is damaged or of another format.
    """
    path = Path(path)
    try:
        about = files.plain_json(files.content(path / f"{kind}.json"))
        if about["format"] != FORMAT:
            here = short(str(about["format"]), 20)
            raise error(f"{path}: format {here}: this version reads {FORMAT}")
        return make(about, path)
    except (error, *passed):
        raise
    except FileNotFoundError as missing:
        name = Path(missing.filename or path).name
        raise error(f"{path}: not a saved {kind} ({name} is missing)") from None
    except _DAMAGE as damage:
        reason = (str(damage).splitlines() or [type(damage).__name__])[0][:120]
        raise error(f"{path}: a damaged {kind} ({reason})") from None


def caveats_of(about):
    """The caveats that `write` kept, as a tuple; folders saved before kinds were have texts alone.

    Raises ValueError, one line, where they are not caveats.
    """
    return caveats.read(about["caveats"], about.get("caveat_kinds"))


def scenario(stated, name):
    """The Scenario that `Scenario.to_dict` stated."""
    return Scenario.from_dict({"extends": "nothing", **stated}, str(name))


def packed(record, leave_out=()):
    """Fields and caveats of a record as plain data, by their declared types.

    leave_out : names of fields that are kept otherwise

    `unpacked` reads them; Scenarios are declared as `snapshot.Kept`.
    """
    plain = {
        f.name: _finite(_adapter(f).dump_python(getattr(record, f.name), mode="json"))
        for f in fields(record)
        if f.name not in (*leave_out, "caveats")
    }
    return {**plain, "caveats": record.caveats}


def unpacked(cls, about, **others):
    """The record of class `cls` whose fields `packed` gave; ValueError where they are not.

    others : fields that were left out
    """
    for f in fields(cls):
        if f.name not in others:
            stated = f.name == "caveats"
            kept = caveats_of(about) if stated else _adapter(f).validate_python(about[f.name])
            others[f.name] = kept
    return cls(**others)


def _adapter(field):
    return TypeAdapter(field.type)


def _finite(value):
    """Plain data with words for what JSON has no number for: "inf", "-inf", "nan"."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
