"""The store of a sweep: a folder that survives being killed, and holds what it says it holds.

    manifest.json         what the sweep is: scenario, seed, factors, versions, what was asked last
    points.parquet        a row a point: its number and its values
    rows/rows-HASH.parquet    rows of worlds; the name is the hash of the bytes
    weeks/rows-HASH.parquet   flows of each week, of the worlds in the rows file of that name
    as-written.parquet    what the plan as written costs, where no point is it
    against/              a store of the reference alone, where points are held against one
    status.csv            a row a chunk: file, rows, failures, core-seconds; written now and then

A rows file holds in its own notes which blocks of worlds it has, so a file that is there is
all there is to know: whatever else is lost or late is made again from the files.
"""

import csv
import io
import json
import shutil
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim import engine, files
from sim.engine import metrics
from sim.errors import SweepError, SweepWarning, is_whole, short
from sim.experiments.sweep import design, shape
from sim.experiments.sweep.chunk import META, TYPES, hashed, missing, stored
from sim.experiments.sweep.folder import PART, Local
from sim.records import provenance

FORMAT = 1
MANIFEST, POINTS, STATUS = "manifest.json", "points.parquet", "status.csv"
ROWS, WEEKS, AGAINST = "rows", "weeks", "against"
ALL = (0, 1 << 62, 0, 1 << 62)  # the block of a point of which no world can be made
COLUMNS = ("file", "rows", "failed", "points", "cpu_seconds", "model_cpu_seconds", "sha256")
# What must be equal for rows to stand in one store: key of the manifest -> what it is, in words.
SAME = {
    "factors": "the factors {}",
    "seed": "seed {}",
    "uncertainty": "uncertainty {}",
    "weekly": "weekly rows {}",
    "model": "the model {}",
}
KINDS: dict[str, Any] = {  # of what every manifest holds
    "name": str, "question": str, "scenario": dict, "scenario_sha256": str, "factors": dict,
    "folder": (str, type(None)), "model": (str, type(None)), "weekly": bool, "inputs": dict,
    "uncertainty": str, "seed": int,
}  # fmt: skip
MOST_ASKED = 1 << 31  # draws, luck: of 32 bits in the rows
NOTES = {"blocks", "refused", "count", "failed", "weeks"}  # of every rows file
_DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException)
VERSIONS = {"engine_sources": "engine", "evidence_sha256": "evidence", "curves": "curves"}


@dataclass
class Store:
    """An open store: its manifest, its points and which worlds are in it.

    folder    Local or Remote
    manifest  dict
    points    list of dicts, the values of each point by its number
    done      dict, point -> list of blocks that are done
    status    dict, file -> row of the status table
    damaged   names of files that were cut short or altered, and are gone
    overlapping  names of files that held worlds which another holds too, and are gone
    foreign   names of files of another sweep, which stay where they are and count for nothing
    """

    folder: Any
    manifest: dict
    points: list = field(default_factory=list)
    done: dict = field(default_factory=dict)
    status: dict = field(default_factory=dict)
    damaged: list = field(default_factory=list)
    overlapping: list = field(default_factory=list)
    foreign: list = field(default_factory=list)

    def add_points(self, wanted):
        """Numbers of a design's points: old ones keep theirs, new ones come after."""
        known = {design.key(values): i for i, values in enumerate(self.points)}
        numbers, before = [], len(self.points)
        for i in range(len(wanted)):
            values = wanted.point(i)
            number = known.setdefault(design.key(values), len(self.points))
            if number == len(self.points):
                self.points.append(values)
            numbers.append(number)
        if len(self.points) > before or before == 0:
            self.folder.write(POINTS, points_file(self.points, self.manifest["factors"]))
        return numbers

    def ask(self, points, **asked):
        """Record the current request: numbers of the points, design, draws and luck."""
        self.manifest["ask"] = {**asked, "points": spans(points)}
        self.save_manifest()

    def save_manifest(self):
        text = provenance.dumps(self.manifest)
        self.folder.write(MANIFEST, text.encode())

    def keep(self, done):
        """Write the files of a chunk: weekly flows first, so that no rows lack theirs."""
        if done.weeks is not None:
            self.folder.write(f"{WEEKS}/{done.name}", done.weeks)
        self.folder.write(f"{ROWS}/{done.name}", done.rows)
        self.note(done.name, done.notes, *done.seconds)

    def note(self, name, notes, seconds=None, model_seconds=None):
        """Add a rows file to what is known of the store."""
        for point, *block in notes["blocks"]:
            self.done.setdefault(point, []).append(tuple(block))
        for point in notes["refused"]:
            self.done[point] = [ALL]
        points = len({point for point, *_ in notes["blocks"]})
        times = ("" if s is None else f"{s:.4f}" for s in (seconds, model_seconds))
        row = (name, notes["count"], notes["failed"], points, *times, name[5:37])
        self.status[name] = dict(zip(COLUMNS, map(str, row), strict=True))

    def save_status(self):
        """Write the status table."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.status.values())
        self.folder.write(STATUS, out.getvalue().encode())

    @property
    def rows(self):
        """Number of rows in all files."""
        return sum(int(row["rows"]) for row in self.status.values())

    @property
    def failed(self):
        """Number of rows that hold an error."""
        return sum(int(row["failed"]) for row in self.status.values())


def spans(numbers):
    """Whole numbers as list of [first, last], one a run of consecutive ones, in their order."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and number == rows[-1][1] + 1:
            rows[-1][1] = number
        else:
            rows.append([number, number])
    return rows


def numbers_of(spans):
    """The numbers that `spans` was made of."""
    return [number for first, last in spans for number in range(first, last + 1)]


def read_manifest(folder):
    """The manifest in a folder; SweepError, one line, if it holds no sweep."""
    try:
        manifest = files.plain_json(folder.read(MANIFEST))
        version = manifest["format"]
    except (FileNotFoundError, NotADirectoryError):
        raise SweepError(f"{folder.name}: not a sweep ({MANIFEST} is missing)") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise SweepError(f"{folder.name}: a damaged sweep ({MANIFEST})") from None
    if version != FORMAT:
        raise SweepError(
            f"{folder.name}: format {short(str(version), 20)}: this version reads {FORMAT}"
        )
    try:
        _check_manifest(manifest)
    except (ValueError, TypeError, KeyError) as error:
        raise SweepError(f"{folder.name}: a damaged sweep ({MANIFEST}: {error})") from None
    return manifest


def _check_manifest(manifest):
    """Refuse a manifest that is not a whole one: ValueError, TypeError or KeyError."""
    provenance.checked(manifest["provenance"])
    for key, kind in KINDS.items():
        if not isinstance(manifest[key], kind):
            raise ValueError(f"{key} is of the wrong kind")
    if not is_whole(manifest["seed"]):
        raise ValueError("seed is of the wrong kind")
    for path, kind in manifest["factors"].items():
        if kind not in TYPES:
            raise ValueError(f"factors.{path[:40]} is of no known kind")
    against = manifest.get("against", {"name": "", "sha256": ""})
    if not all(isinstance(against[key], str) for key in ("name", "sha256")):
        raise ValueError("against is of the wrong kind")
    ask = manifest.get("ask")
    if ask is None:
        return
    if not all(is_whole(ask[key]) and 0 < ask[key] < MOST_ASKED for key in ("draws", "luck")):
        raise ValueError("ask: draws and luck must be 1 or more, and a column must hold them")
    first_and_last = [(first, last) for first, last in ask["points"]]
    if not all(is_whole(number) for pair in first_and_last for number in pair):
        raise ValueError("ask: points must be whole numbers")
    if sum(max(0, last - first + 1) for first, last in first_and_last) > design.MOST_POINTS:
        raise ValueError("ask: more points than a sweep can have")


def new_or_same(folder, manifest):
    """The Store of a folder: a new one, or the one that is there if it is of the same sweep."""
    if MANIFEST in folder.names(""):
        there = read_manifest(folder)
        loose = {path for path, kind in there["factors"].items() if kind == "json"}  # takes any
        kinds = {p: "json" if p in loose else kind for p, kind in manifest["factors"].items()}
        manifest = manifest | {"factors": kinds}
        check_same(folder.name, there, manifest)
        check_versions(folder.name, there, manifest)
        there["inputs"] |= manifest["inputs"]
        return Store(folder, there)
    store = Store(folder, manifest)
    store.save_manifest()
    return store


def refuse_foreign(folder):
    """Refuse a folder that holds something else, before anything is written to it."""
    if MANIFEST in folder.names(""):
        read_manifest(folder)
    elif not _is_free(folder):
        raise SweepError(f"{folder.name}: exists already and is not a sweep; choose another")


def _is_free(folder):
    if hasattr(folder, "path") and folder.path.exists():
        return folder.path.is_dir() and not [p for p in folder.path.iterdir() if p.name[0] != "."]
    return not folder.names("")


def check_same(name, there, asked):
    """Refuse a store that is another sweep's."""
    if there["scenario"] != asked["scenario"]:
        raise SweepError(
            f"{name}: holds another sweep, of scenario {there['name']} "
            f"({there['scenario_sha256'][:8]}, this one is {asked['name']} "
            f"{asked['scenario_sha256'][:8]}); choose another folder"
        )
    for key, words in SAME.items():
        if there[key] != asked[key]:
            here, now = (words.format(_shown(m[key])) for m in (there, asked))
            raise SweepError(f"{name}: holds a sweep with {here}, not {now}; choose another folder")
    here, now = (m.get("against", {"name": "", "sha256": ""}) for m in (there, asked))
    if here["sha256"] != now["sha256"]:
        raise SweepError(
            f"{name}: holds a sweep with {_reference(here)}, not {_reference(now)}; choose another "
            "folder"
        )


def _reference(against):
    """The reference of a manifest, in words."""
    if not against["sha256"]:
        return "no reference"
    return f"the reference {short(against['name'])} ({against['sha256'][:8]})"


def _shown(value):
    if isinstance(value, dict):
        return ", ".join(f"{path} ({kind})" for path, kind in value.items())
    return str(value)


def check_versions(name, there, now):
    """Refuse rows of another version of the model, its evidence or its curves."""
    for key, word in VERSIONS.items():
        if there["provenance"][key] != now["provenance"][key]:
            provenance = there["provenance"]
            code = (
                f"commit {provenance['git']}"
                if provenance["git"]
                else f"version {provenance['version']}"
            )
            raise SweepError(
                f"{name}: made with another {word} ({provenance[key][:24]}, now "
                f"{now['provenance'][key][:24]}); choose another folder, or go back to {code}"
            )
    for what, here in there["inputs"].items():
        if now["inputs"].get(what, here) != here:
            raise SweepError(
                f"{name}: made when the file of {what} said something else; choose another folder"
            )


def take_stock(store, verify=True, mend=True):
    """Read which points and worlds a store holds.

    verify : whether to hold the bytes of each file against its name
    mend : whether to remove what is cut short or altered, or belongs to nothing
    """
    store.points = read_points(store.folder)
    times, own = _old_times(store.folder), identity(store.manifest)
    names = store.folder.names(ROWS)
    covered: dict = {}
    if not store.points and any(PART not in name for name in names):
        raise SweepError(
            f"{store.folder.name}: {POINTS} is missing, without which its rows are of no point: "
            "put it back, or choose another folder"
        )
    for name in names:
        notes = None if PART in name else _notes(store.folder, name, verify)
        if notes is not None and not _weeks_are_there(store.folder, name, notes, verify):
            notes = None
        if notes is not None and not _is_own(notes, own, store.points):
            store.foreign.append(name)
            continue
        blocks = None if notes is None else _added(covered, notes["blocks"])
        if blocks is not None and verify and not _has_its_rows(store, name, notes):
            notes = None
        elif blocks is not None:
            covered |= blocks
            store.note(name, notes, *times.get(name, (None, None)))
            continue
        if mend:
            store.folder.remove(f"{ROWS}/{name}")
        if PART not in name:
            (store.damaged if notes is None else store.overlapping).append(name)
    for name in store.folder.names(WEEKS):
        if mend and name not in store.status and name not in store.foreign:  # rows never written
            store.folder.remove(f"{WEEKS}/{name}")


def warn_foreign(store):
    """Name the files of another sweep, if there are any: SweepWarning."""
    if store.foreign:
        names = listed(store.foreign)
        sentence = f"{store.folder.name}: left aside, for it is of another sweep: {names}"
        warnings.warn(sentence, SweepWarning, stacklevel=4)


def listed(names):
    """Names of files in words, the first few."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if names[3:] else "")


def identity(manifest):
    """Hash of all that rows of one sweep share, whichever folder they lie in: 32 digits.

    Scenario, factors, reference, seed, what else must be equal, engine, evidence, and curves, which
    are those of a learned record where the plan has one.
    """
    same = {key: manifest[key] for key in SAME} | {"factors": sorted(manifest["factors"])}
    if "against" in manifest:
        same["against"] = manifest["against"]["sha256"]
    made = {key: manifest["provenance"][key] for key in VERSIONS}
    text = json.dumps([manifest["scenario"], same, made], sort_keys=True)
    return hashed(text.encode())


def _is_own(notes, own, points):
    """Whether a chunk is of this sweep and of its points; old ones do not say of which they are."""
    numbers = {point for point, *_ in notes["blocks"]}
    if any(not 0 <= number < len(points) for number in numbers):
        return False
    if "sweep" not in notes:
        return True
    stated = notes["points"]
    return notes["sweep"] == own and all(
        stated.get(str(number)) == design.identity(points[number]) for number in numbers
    )


def _added(covered, blocks):
    """Blocks of some points, those covered before with them; None where one is covered already."""
    added: dict = {}
    for point, *block in blocks:
        there = added.setdefault(point, list(covered.get(point, ())))
        if missing(tuple(block), there) != [tuple(block)]:
            return None
        there.append(tuple(block))
    return added


def _has_its_rows(store, name, notes):
    """Whether a file, and that of its weeks, hold the columns and worlds that its notes say."""
    try:
        data = store.folder.read(f"{ROWS}/{name}")
        now = store.manifest["provenance"]["engine_sources"] == engine.source_hash()
        may_lack = () if now else (*metrics.YOUNG, *metrics.YOUNG_FLOWS)
        kinds = store.manifest["factors"]
        if not shape.has_rows(data, notes, kinds, store.points, may_lack):
            return False
        if notes["weeks"] is None or not store.manifest["weekly"]:
            return notes["weeks"] is None and not store.manifest["weekly"]
        return shape.has_weeks(store.folder.read(f"{WEEKS}/{name}"), may_lack)
    except _DAMAGE:
        return False


def _notes(folder, name, verify=True):
    """Notes of a rows file, or None where its bytes are not those it was written with."""
    try:
        data = folder.read(f"{ROWS}/{name}")
        if verify and hashed(data) != name[5:37]:
            return None
        notes = files.plain_json(pq.read_schema(io.BytesIO(data)).metadata[META])
        return notes if notes.keys() >= NOTES and shape.are_notes(notes) else None
    except _DAMAGE:
        return None


def _weeks_are_there(folder, name, notes, verify):
    if notes["weeks"] is None or not verify:
        return True
    try:
        return hashed(folder.read(f"{WEEKS}/{name}")) == notes["weeks"]
    except OSError:
        return False


def _old_times(folder):
    """Seconds of chunks, from the status table if it is there and whole."""
    try:
        rows = csv.DictReader(io.StringIO(folder.read(STATUS).decode()))
        return {
            r["file"]: (float(r["cpu_seconds"]), float(r["model_cpu_seconds"]))
            for r in rows
            if r["cpu_seconds"]
        }
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return {}


def copied(source, path, overwrite=False):
    """Copy a sweep's folder to a new one on this machine, whole or not at all; returns its Path.

    source : Local or Remote

    Raises SweepError, one line, if the path exists, unless it is a sweep and `overwrite` is true.
    """
    path = Path(path)
    ours = (path / MANIFEST).is_file()
    if path.exists() and not (overwrite and ours):
        hint = "say overwrite=True" if ours else "choose another"
        raise SweepError(f"{path}: exists already; {hint}")
    part = path.with_name(f".{path.name}{PART}")
    shutil.rmtree(part, ignore_errors=True)
    target = Local(part)
    for below in ("", ROWS, WEEKS, *(f"{AGAINST}/{one}".rstrip("/") for one in ("", ROWS, WEEKS))):
        for name in source.names(below):
            if not name.startswith("."):
                place = f"{below}/{name}".lstrip("/")
                target.write(place, source.read(place))
    files.put_folder(part, path)
    return path


def points_file(points, kinds):
    """The points as a Parquet file: number, a column a factor, and the exact values as JSON."""
    columns = {"point": pa.array(range(len(points)), pa.int64())}
    for path, kind in kinds.items():
        columns[path] = pa.array([stored(values[path], kind) for values in points], TYPES[kind])
    columns["values"] = pa.array([json.dumps(values) for values in points], pa.string())
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def read_points(folder):
    """The points of a store, by number; none where nothing is written yet."""
    if POINTS not in folder.names(""):
        return []
    try:
        data = io.BytesIO(folder.read(POINTS))
        table = pq.read_table(data, columns=["values"], use_threads=False)
        points = [files.plain_json(text) for text in table["values"].to_pylist()]
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException, NotImplementedError):
        raise SweepError(f"{folder.name}: a damaged sweep ({POINTS})") from None
    if not all(isinstance(values, dict) for values in points):
        raise SweepError(f"{folder.name}: a damaged sweep ({POINTS})")
    return points
