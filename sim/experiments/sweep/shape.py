"""Whether a rows file holds the columns and the worlds that its notes say.

A file may be whole, by the hash in its name, and yet not be what a chunk writes: saved anew by
another program, with columns renamed, of another kind, or rows cut. Columns beside ours, and their
order, move no row and are let be.
"""

import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.engine import metrics
from sim.errors import is_whole
from sim.experiments.sweep.chunk import NO_WORLD, TYPES, stored, worlds

KEYS = {"point": pa.int64(), "draw": pa.int32(), "luck": pa.int32()}
ERROR = {"error": pa.string()}
WEEK = {"week": pa.int32()} | dict.fromkeys(metrics.FLOWS, pa.float64())


def are_notes(notes):
    """Whether the notes of a rows file are of the kinds that `chunk.compute` writes."""
    blocks, counts = notes["blocks"], (notes["count"], notes["failed"])
    return (
        all(isinstance(one, list) and len(one) == 5 and all(map(is_whole, one)) for one in blocks)
        and all(map(is_whole, notes["refused"]))
        and all(map(is_whole, counts))
        and isinstance(notes["weeks"], str | None)
        and isinstance(notes.get("points", {}), dict)
    )


def has_rows(data, notes, kinds, points, may_lack=()):
    """Whether a rows file holds the worlds of its blocks, once each, with their points' values.

    data   its bytes
    kinds  of factors, as in the manifest
    points list of dicts, values by number
    may_lack  metrics that the version which wrote it may not have known
    """
    factors = {path: TYPES[kind] for path, kind in kinds.items()}
    measured = dict.fromkeys(metrics.NAMES, pa.float64())
    if not _has_columns(data, KEYS | factors | ERROR | measured, may_lack):
        return False
    table = pq.read_table(io.BytesIO(data), columns=[*KEYS, *factors, *ERROR], use_threads=False)
    if len(table) - table["error"].null_count != notes["failed"]:
        return False
    if len(table) != notes["count"] or any(table[key].null_count for key in KEYS):
        return False
    there = np.column_stack([table[key].to_numpy().astype(np.int64) for key in KEYS])
    world = there[:, 1] != NO_WORLD
    if not set(notes["refused"]) <= {point for point, *_ in notes["blocks"]}:
        return False
    if not set(there[~world, 0].tolist()) <= set(notes["refused"]):
        return False
    if not np.array_equal(_ordered(there[world]), _ordered(_stated(notes))):
        return False
    return all(_are_values(table, path, kinds[path], points) for path in kinds)


def has_weeks(data, may_lack=()):
    """Whether a file of weekly flows holds the columns of one; may_lack as for `has_rows`."""
    return _has_columns(data, KEYS | WEEK, may_lack)


def _has_columns(data, wanted, may_lack=()):
    """Whether a Parquet file has each column once and of its kind."""
    schema = pq.read_schema(io.BytesIO(data))
    for name, kind in wanted.items():
        places = schema.get_all_field_indices(name)
        if not places and name in may_lack:
            continue
        if len(places) != 1 or schema.field(places[0]).type != kind:
            return False
    return True


def _stated(notes):
    """Point, draw and luck of each world of the blocks: int (worlds, 3)."""
    refused = set(notes["refused"])
    own = [(point, block) for point, *block in notes["blocks"] if point not in refused]
    if sum(worlds(block) for _, block in own) > notes["count"]:
        return np.empty((0, 3), np.int64)  # more than there are rows, and than memory may hold
    parts = [
        np.array(np.meshgrid([point], range(*block[:2]), range(*block[2:]))).reshape(3, -1).T
        for point, block in own
    ]
    return np.concatenate(parts).astype(np.int64) if parts else np.empty((0, 3), np.int64)


def _ordered(keys):
    return keys[np.lexsort(keys.T)]


def _are_values(table, path, kind, points):
    """Whether a factor stands at each row as its point has it."""
    numbers, place = np.unique(table["point"].to_numpy(), return_inverse=True)
    values = [stored(points[number][path], kind) for number in numbers]
    if kind == "json":  # which may be written in other ways
        there = map(json.loads, table[path].to_pylist())
        return all(one == json.loads(values[i]) for one, i in zip(there, place, strict=True))
    same = pc.equal(table[path], pa.array(values, TYPES[kind]).take(pa.array(place)))
    return same.null_count == 0 and (len(table) == 0 or pc.all(same).as_py())
