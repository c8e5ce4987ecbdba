"""One chunk of a sweep: simulate its worlds and give its rows as the bytes of a Parquet file.

The same function runs in a thread, in a process and on a cluster, and its rows depend on
nothing but what it is asked. It keeps between calls only what it could make again.
"""

import hashlib
import io
import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim import engine
from sim.engine import batch, mesa_worlds, metrics, setup
from sim.errors import SweepError
from sim.experiments.sweep import design

META = b"tiercurve"  # key of our notes in a Parquet file
MAIN = metrics.NAMES[0]  # the metric of which progress shows an estimate
KEPT = 8  # sets of draws a thread remembers
TYPES = {"number": pa.float64(), "truth": pa.bool_(), "text": pa.string(), "json": pa.string()}
NO_WORLD = -1  # draw and luck of the row of a point that no world of could be made

_own = threading.local()


@dataclass(frozen=True)
class Job:
    """What all chunks of a sweep share.

    plan       Scenario that the points change
    seed       int
    uncertain  bool, whether parameters are drawn
    weekly     bool, whether the flows of each week are kept
    kinds      dict, dotted path -> how its column is stored (TYPES)
    sources    hash of the engine that the rows must come from
    sweep      identity of the sweep, as in its chunks
    model      None, or the subclass of TeamModel or Developer, as mesa_worlds.pack gives it
    """

    plan: Any
    seed: int
    uncertain: bool
    weekly: bool
    kinds: dict
    sources: str
    sweep: str
    model: bytes | None = None


@dataclass
class Done:
    """The outcome of one chunk.

    rows, weeks   bytes of Parquet files; weeks is None unless kept
    name          name of the file, made of the hash of its bytes
    notes         dict that is also in the file: blocks, refused, count, failed
    seconds       of a core that it took, and of these the model itself
    estimate      (draws, sums, counts) of the main metric, for the running estimate
    errors        list of (point, error), the first few
    """

    rows: bytes
    weeks: bytes | None
    name: str
    notes: dict
    seconds: tuple[float, float]
    estimate: tuple
    errors: list = field(default_factory=list)


def compute(job, blocks):
    """Simulate blocks and write their rows.

    job : Job
    blocks : list of (point, values of its paths, (draw, draw end, luck, luck end))
    returns : Done
    """
    started = time.thread_time()
    if job.sources != engine.source_hash():
        raise SweepError("a worker runs another version of Tiercurve; install the same everywhere")
    parts, failed, refused = [], [], []
    for point, values, block in blocks:
        try:
            plan = job.plan.replace(values)
            parts.append((point, values, block, plan, _worlds(job, plan, block)))
        except MemoryError:
            raise  # of this machine, not of the point
        except Exception as error:
            if _of_the_point(error):
                refused.append(point)
                if block[0] == 0 and block[2] == 0:  # one row a point, however it is cut
                    failed.append((point, values, NO_WORLD, NO_WORLD, _line(error)))
            else:
                failed += _each_failed(point, values, block, error)
    before = time.thread_time()
    out = _simulate(job, parts, failed)
    spent = time.thread_time() - before
    notes = {
        "sweep": job.sweep,
        "points": {str(point): design.identity(values) for point, values, _ in blocks},
        "blocks": [[point, *block] for point, _, block in blocks],
        "refused": refused,
        "count": len(out["draw"]) + len(failed),
        "failed": len(failed),
    }
    return _written(job, out, failed, notes, started, spent)


def _of_the_point(error):
    """Whether an error concerns every world of a point, and not some of its draws alone."""
    from sim.errors import ScenarioError

    return isinstance(error, ScenarioError)


def _line(error):
    """An error in one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    ours = type(error).__module__.startswith("sim.")
    return text if ours else f"{type(error).__name__}: {text}"


def _each_failed(point, values, block, error):
    first, end, low, high = block
    return [
        (point, values, draw, luck, _line(error))
        for draw in range(first, end)
        for luck in range(low, high)
    ]


def _worlds(job, plan, block):
    """Where the worlds of a block start: batch.WorldTemplates, one a draw."""
    first, end = block[:2]
    kept = _own.__dict__.setdefault("draws", OrderedDict())
    believed = repr((plan.world, plan.advanced_share, plan.horizon_beliefs))
    key = (job.seed, job.uncertain, believed, plan.tool.curves, first, end)
    if key not in kept:
        kept[key] = setup.draw(plan, job.seed, first, end - first, job.uncertain)
        if len(kept) > KEPT:
            kept.popitem(last=False)
    return batch.templates_of(plan, job.seed, kept[key])


def _simulate(job, parts, failed):
    """Columns of all worlds: point, values, draw, luck, metrics and, on request, flows."""
    sizes = [(b[1] - b[0]) * (b[3] - b[2]) for _, _, b, _, _ in parts]
    out = {
        "point": np.repeat(np.array([p for p, *_ in parts], np.int64), sizes),
        "part": np.repeat(np.arange(len(parts)), sizes),
        "draw": _concatenated(
            [np.repeat(np.arange(b[0], b[1]), b[3] - b[2]) for _, _, b, *_ in parts]
        ),
        "luck": _concatenated(
            [np.tile(np.arange(b[2], b[3]), b[1] - b[0]) for _, _, b, *_ in parts]
        ),
        "parts": parts,
        "values": np.empty((sum(sizes), len(metrics.NAMES))),
        "flows": np.empty((0, 0, 0)),
    }
    if parts and job.model is None:
        _on_compiled(job, out, parts)
    elif parts:
        _on_mesa(job, out, parts, failed)
    return out


def _concatenated(arrays):
    return np.concatenate(arrays) if arrays else np.empty(0, np.int64)


def _on_compiled(job, out, parts):
    points = batch.joined([template for *_, template in parts])
    if job.weekly:
        out["flows"] = np.full((len(out["draw"]), points.weeks, len(metrics.FLOWS)), np.nan)
    starts = np.cumsum([0, *(len(template.worlds) for *_, template in parts)])[:-1]
    firsts = np.array([block[0] for _, _, block, *_ in parts])
    place = (starts - firsts)[out["part"]] + out["draw"]
    replication = setup.replication(out["draw"], out["luck"])
    scratch = _scratch(points)
    batch.run_chunk(points, place, replication, scratch, out["values"], out["flows"])


def _scratch(points):
    """Work arrays of this thread, replaced by larger ones where they are too small."""
    people, weeks = points.people, points.weeks
    have: Any = getattr(_own, "scratch", None)
    if have is None or have.people < people or len(have.weeks) < weeks:
        if have is not None:
            people, weeks = max(people, have.people), max(weeks, len(have.weeks))
        _own.scratch = setup.Scratch(people, weeks)
    return _own.scratch


def _on_mesa(job, out, parts, failed):
    """Run worlds one by one on the Mesa clock; one that fails is a row with its error."""
    kept = np.ones(len(out["draw"]), bool)
    flows: list = []
    for i in range(len(out["draw"])):
        point, values, block, plan, template = parts[out["part"][i]]
        draw, luck = int(out["draw"][i]), int(out["luck"][i])
        world = template.worlds[draw - block[0] : draw - block[0] + 1]
        try:
            make = mesa_worlds.unpacked(job.model)
            row, weekly = mesa_worlds.run_world(make, plan, job.seed, draw, luck, world)
            out["values"][i] = row
            flows.append(weekly)
        except MemoryError:
            raise
        except Exception as error:  # somebody's own code: anything
            kept[i] = False
            failed.append((point, values, draw, luck, _line(error)))
    for name in ("point", "part", "draw", "luck", "values"):
        out[name] = out[name][kept]
    if job.weekly and flows:
        weeks = max(len(flow) for flow in flows)
        out["flows"] = np.full((len(flows), weeks, len(metrics.FLOWS)), np.nan)
        for row, flow in zip(out["flows"], flows, strict=True):
            row[: len(flow)] = flow


# ---- rows as Parquet -----------------------------------------------------------------------------


def _written(job, out, failed, notes, started, spent):
    weeks = _parquet(_weeks(out)) if job.weekly else None
    notes["weeks"] = hashed(weeks) if weeks else None
    table = _table(job, out, failed)
    rows = _parquet(table.replace_schema_metadata({META: json.dumps(notes).encode()}))
    name = f"rows-{hashed(rows)}.parquet"
    main = out["values"][:, 0]
    draws, place = np.unique(out["draw"], return_inverse=True)
    sums, counts = np.bincount(place, main, len(draws)), np.bincount(place, minlength=len(draws))
    errors = [(point, line) for point, _, _, _, line in failed[:10]]
    seconds = (time.thread_time() - started, spent)
    return Done(rows, weeks, name, notes, seconds, (draws, sums, counts), errors)


def hashed(data):
    """Hash of a file's bytes: str of 32 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()[:32]


def _table(job, out, failed):
    """Rows of a chunk: point, its values, draw, luck, error, metrics; failed ones at the end."""
    points, draws, lucks = (
        np.concatenate([out[name], np.array([row[i] for row in failed], np.int64)])
        for name, i in (("point", 0), ("draw", 2), ("luck", 3))
    )
    columns = {"point": pa.array(points)}
    for path, kind in job.kinds.items():
        columns[path] = _values_column(path, kind, out, failed)
    columns["draw"] = pa.array(draws.astype(np.int32))
    columns["luck"] = pa.array(lucks.astype(np.int32))
    worlds = pa.nulls(len(out["draw"]), pa.string())
    errors = pa.array([row[4] for row in failed], pa.string())
    columns["error"] = pa.chunked_array([worlds, errors]).combine_chunks()
    values = np.full((len(metrics.NAMES), len(points)), np.nan)  # a metric in one piece
    values[:, : len(out["draw"])] = out["values"].T
    columns |= {name: pa.array(column) for name, column in zip(metrics.NAMES, values, strict=True)}
    return pa.table(columns)


def _values_column(path, kind, out, failed):
    levels = [stored(values[path], kind) for _, values, *_ in out["parts"]]
    column = pa.array(levels, TYPES[kind]).take(pa.array(out["part"]))
    more = pa.array([stored(row[1][path], kind) for row in failed], TYPES[kind])
    return pa.chunked_array([column, more]).combine_chunks()


def stored(value, kind):
    """A value of a factor as its column holds it."""
    if kind == "json":
        return json.dumps(value, sort_keys=True)
    return float(value) if kind == "number" else value


def _weeks(out):
    """Flows in long form: point, draw, luck, week (from 1) and a column a flow."""
    flows = out["flows"]
    weeks = flows.shape[1]
    columns = {
        "point": np.repeat(out["point"], weeks),
        "draw": np.repeat(out["draw"].astype(np.int32), weeks),
        "luck": np.repeat(out["luck"].astype(np.int32), weeks),
        "week": np.tile(np.arange(1, weeks + 1, dtype=np.int32), len(flows)),
    }
    flat = flows.reshape(len(columns["point"]), len(metrics.FLOWS))
    there = ~np.isnan(flat[:, 0])  # a shorter run has fewer weeks
    columns |= dict(zip(metrics.FLOWS, np.ascontiguousarray(flat.T), strict=True))
    return pa.table({name: pa.array(column[there]) for name, column in columns.items()})


def _parquet(table):
    out = io.BytesIO()
    coded = [
        field.name
        for field in table.schema
        if field.name not in metrics.NAMES and field.name not in metrics.FLOWS
    ]
    # Numbers that hardly repeat gain nothing by a dictionary, and it costs more than the rest.
    pq.write_table(
        table, out, compression="snappy", use_dictionary=coded, write_statistics=["point", "draw"]
    )
    return out.getvalue()


# ---- blocks of worlds ----------------------------------------------------------------------------


def missing(asked, done):
    """The parts of a block that no finished block covers: list of blocks that do not overlap.

    asked : (draw, draw end, luck, luck end)
    done : list of the same
    """
    left = [asked]
    for block in done:
        left = [piece for whole in left for piece in _without(whole, block)]
    return left


def _without(whole, hole):
    """The parts of a rectangle outside another."""
    a, b, c, d = whole
    e, f, g, h = max(a, hole[0]), min(b, hole[1]), max(c, hole[2]), min(d, hole[3])
    if e >= f or g >= h:
        return [whole]
    pieces = [(a, e, c, d), (f, b, c, d), (e, f, c, g), (e, f, h, d)]
    return [piece for piece in pieces if worlds(piece)]


def worlds(block):
    """How many worlds a block holds."""
    return max(0, block[1] - block[0]) * max(0, block[3] - block[2])


def packed(blocks, most):
    """Chunks of blocks (point, block), each of `most()` worlds or little less, lazily.

    `most` is asked anew each time: chunks may grow as it turns out how long they take. A block
    that is too large for a chunk is cut between draws; one draw is never cut.
    """
    chunk: list = []
    size = 0
    for point, block in blocks:
        for piece in _cut(block, most()):
            if chunk and size + worlds(piece) > most():
                yield chunk
                chunk, size = [], 0
            chunk.append((point, piece))
            size += worlds(piece)
    if chunk:
        yield chunk


def _cut(block, most):
    first, end, low, high = block
    step = max(1, most // (high - low))
    for draw in range(first, end, step):
        yield (draw, min(draw + step, end), low, high)
