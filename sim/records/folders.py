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
from sim.scenario.files import packaged_curves

FORMAT = 1
_DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError)


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
    files.put_folder(part, path)
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


def scenario(stated, name, folder=None):
    """The Scenario that `Scenario.to_dict` stated.

    folder : of the record, in which its own curve set may lie, see `keep_curves`
    """
    return Scenario({**stated}, str(name), folder=folder)


def keep_curves(folder, plans):
    """Write the curve sets of plans that are no part of the package into a saved folder.

    So a record says and runs again what it rests on wherever the set has gone. One that a plan
    names by a path outside of its folders stays where it is.
    """
    for plan in plans:
        name, source = Path(plan.tool.curves), plan.curves_file
        if source in packaged_curves() or name.is_absolute() or ".." in name.parts:
            continue
        kept = folder / name.with_name(f"{name.name.removesuffix('.json')}.json")
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, kept)


def packed(record):
    """Fields and caveats of a record as plain data, by their declared types; tables as rows.

    `unpacked` reads them. Scenarios are declared as `snapshot.Kept`; a record with large tables
    keeps them as Parquet instead.
    """
    own = {f.name: _packed(f, getattr(record, f.name)) for f in fields(record)}
    return own | {"caveats": record.caveats}  # as they are: `write` keeps their kinds too


def unpacked(cls, about):
    """The record of class `cls` whose fields `packed` gave; ValueError where they are not."""
    return cls(**{f.name: _unpacked(f, about) for f in fields(cls)})


def _packed(field, value):
    if _is_table(field):
        return provenance.records(value)
    return _finite(_adapter(field).dump_python(value, mode="json"))


def _unpacked(field, about):
    if field.name == "caveats":
        return caveats_of(about)
    if _is_table(field):
        return field.type(about[field.name])
    return _adapter(field).validate_python(about[field.name])


def _is_table(field):
    """Whether a field is declared as a DataFrame."""
    import pandas as pd  # late: slow to import

    return field.type is pd.DataFrame


def _adapter(field):
    return TypeAdapter(field.type)


def _finite(value):
    """Plain data with texts where JSON has no number: "inf", "-inf", "nan"."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
