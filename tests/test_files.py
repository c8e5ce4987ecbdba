"""Every reader opens files by one door, which refuses what is no file and what would not fit."""

import ast
import io
import os
import random
import shutil
import signal
import tracemalloc
import zipfile
from pathlib import Path

import kills
import numpy as np
import pandas as pd
import pytest
from defusedxml import ElementTree
from lxml import html

import sim
from calibration.synthesis import synthesis
from sim import embed, files, toml_bounds
from sim.decks import plan as deck_plans
from sim.embed import documents
from sim.experiments.sweep import design
from sim.exports import map_file
from sim.scenario.files import read as read_plan
from sim.validation import patterns

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 20


# Every reader of a path that a person or another file gives, and the suffix it wants.
READERS = {
    "plan": (sim.load, "toml"),
    "plan by its reader": (read_plan, "toml"),
    "study of a sweep": (sim.sweep, "toml"),
    "points": (design.table, "csv"),
    "deck": (deck_plans.load, "toml"),
    "pattern": (patterns.read, "toml"),
    "study of evidence": (synthesis, "toml"),
    "tickets": (sim.read, "csv"),
    "map": (map_file.read, "toml"),
    "work": (lambda path: sim.assess("baseline", path), "csv"),
    "record to learn from": (lambda path: sim.learn(path, "baseline"), "csv"),
    "history": (sim.backtest, "csv"),
    "figure": (sim.check, "svg"),
    "picture": (sim.check, "png"),
    "page": (embed.read, "html"),
    "report": (embed.read, "md"),
    "slides": (embed.read, "pptx"),
}


@pytest.fixture
def special(tmp_path):
    """Make something that is no file, under a name: its path."""

    def make(kind, name):
        path = tmp_path / name
        if kind.endswith("folder"):
            (tmp_path / "real").mkdir()
        elif kind.endswith("pipe"):
            os.mkfifo(tmp_path / "real")
        if kind in ("pipe", "folder"):
            (tmp_path / "real").rename(path)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        else:
            path.symlink_to(tmp_path / "real")
        return path

    return make


@pytest.fixture
def in_time():
    """Fail what waits for ever."""

    def late(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(MOST_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("kind", ["pipe", "link to a pipe", "device", "folder", "link to a folder"])
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file_is_refused_by_its_kind_and_never_waited_for(
    reader, kind, special, in_time
):
    read, suffix = READERS[reader]
    path = special(kind, f"x.{suffix}")
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z") as refused:
        read(path)
    assert type(refused.value).__module__.split(".")[0] in ("sim", "calibration")
    if "folder" not in kind:  # of a name, a folder is no file of that name
        assert path.name in str(refused.value)
        assert files.SPECIAL in str(refused.value)


@pytest.mark.parametrize("read", [sim.read, map_file.read, synthesis, sim.load, design.table])
def test_the_root_of_a_machine_is_no_file_and_is_named(read):
    with pytest.raises(ValueError, match=r"\A/: [^\n]+\Z"):
        read(Path("/"))


def test_a_file_that_grows_is_read_to_its_bound_and_no_further(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("id,closed\n" + "1,2\n" * 1000)
    with files.text_lines(path, "utf-8", 10_000) as file:
        file.readline()
        with path.open("a") as more:
            more.write("1,2\n" * 100_000)
        with pytest.raises(OSError, match="larger than"):
            list(file)


# What opens or parses a file. Files of the package itself are opened by `importlib.resources`.
OPENING = {
    "open", "fdopen", "read_bytes", "read_text", "ZipFile", "read_csv", "read_table",
    "read_parquet", "ParquetFile", "read_schema", "np.load", "tomllib.load", "tomllib.loads",
    "json.load", "pickle.load", "pickle.loads",
}  # fmt: skip
OF_THE_PACKAGE = ("files(", "resources(", "HERE", "PAGE", "WORDS")
ALLOWED = {  # file -> calls that are of what this process or its parent has just written
    "sim/engine/__init__.py": ("path.read_bytes()",),  # its own sources
    "sim/engine/mesa_worlds.py": ("pickle.loads(packed)",),  # from the process that started it
    "sim/figures/style.py": ("path.read_bytes()",),  # a figure it has just drawn
    "sim/experiments/sweep/store.py": (
        "pq.read_table(data, columns=['values'], use_threads=False)",
    ),
    "sim/experiments/sweep/stored_rows.py": ("pq.ParquetFile(source)",),  # of bytes that were read
}


def opens(tree):
    """Texts of calls that open or parse a file for reading."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        text, called = ast.unparse(node), ast.unparse(node.func)
        name = called.rpartition(".")[2]
        writes = name in ("open", "ZipFile") and any(f"'{mode}'" in text for mode in "wxa")
        if {called, name} & OPENING and "BytesIO" not in text and not writes:
            yield text


def test_no_reader_opens_a_file_by_itself():
    """All go through `sim.files`, so that a new reader cannot forget a pipe, a size or a depth."""
    strays = []
    for path in sorted((ROOT / "sim").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        known = ALLOWED.get(name, ())
        for text in opens(ast.parse(path.read_text(encoding="utf-8"))):
            ours = any(word in text for word in OF_THE_PACKAGE) or text in known
            if name != "sim/files.py" and not ours:
                strays.append(f"{name}: {text}")
    assert strays == []


# Bounds before parsing.

HEAVY = {
    "dots": "a." * 100_000 + "a = 1",
    "dots in a header": "[" + "a." * 100_000 + "a]",
    "dots with blanks": "a . " * 50_000 + "a = 1",
    "quoted parts": '"a".' * 50_000 + "a = 1",
    "quoted parts with quotes": r'"\"".' * 40_000 + "a = 1",
    "dots in an inline table": "x = { y = 1, " + "a." * 100_000 + "a = 1 }",
    "dots behind odd quotes": 'x = [""" " """, { ' + "a." * 90_000 + 'a = 1 }] # "',
    "brackets": "a = " + "[" * 100_000,
    "braces": "a = " + "{ a = " * 60_000,
    "a long key": "a" * 200_000 + " = 1",
    "a long quoted key": '"' + "a" * 200_000 + '" = 1',
    "many keys": "\n".join(f"k{i} = 1" for i in range(70_000)),
    "a number that Python will not print": "a = 0x" + "f" * 5_000,
    "a number that Python will not read": "a = " + "9" * 5_000,
    "many tables": "\n".join(f"[k{i}]" for i in range(70_000)),
}


@pytest.mark.parametrize("case", HEAVY)
def test_a_toml_that_would_hold_the_machine_is_refused_before_it_is_parsed(case, monkeypatch):
    monkeypatch.setattr(files.tomllib, "loads", None)
    with pytest.raises(ValueError, match=r"key|nested|number"):
        files.toml_of(HEAVY[case])


def test_toml_of_every_usual_shape_passes_the_bounds():
    for folder in ("scenarios", "sim", "calibration"):
        for path in (ROOT / folder).rglob("*.toml"):
            toml_bounds.check(path.read_text(encoding="utf-8"))
    for text in (
        'a = """' + "no. " * 500 + '"""',
        "a = '''" + "x.y." * 500 + "'''",
        "# " + "a." * 5_000,
        "a = [" + "0.5, " * 20_000 + "]",
        'a = "' + "x" * 100_000 + '"',
        'a = ["' + "x" * 100_000 + '"]',
    ):
        files.toml_of(text)


@pytest.mark.parametrize("quote", ['"', "'", '"""', "'''"])
def test_the_parser_stops_where_a_quote_is_not_closed_as_the_bounds_do(quote):
    with pytest.raises(ValueError, match=r"."):
        files.toml_of(f"x = {quote} " + "a." * 100_000 + "a = 1")


def test_parts_of_an_archive_that_understate_their_size_are_counted(monkeypatch):
    monkeypatch.setattr(documents, "MOST_UNPACKED", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ppt/presentation.xml", b"<a>" + b" " * 50_000_000)
    data, true = out.getvalue(), (50_000_003).to_bytes(4, "little")
    assert data.count(true) == 2  # before the part, and in the list
    data = data.replace(true, (1000).to_bytes(4, "little"))
    tracemalloc.start()
    with pytest.raises(sim.CheckError, match=r"\A[^\n]+\Z"):
        documents.safe_archive(data)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


ELEMENTS = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g/>" * 600_000 + b"</svg>",
    "html": b"<html><body>" + b"<b>" * 600_000,
    "md": b"<b>" * 600_000,
}


@pytest.mark.parametrize("suffix", ELEMENTS)
def test_more_elements_than_any_of_ours_has_are_refused_before_they_are_made(
    suffix, tmp_path, monkeypatch
):
    def parse(*_, **__):
        raise AssertionError("parsed")

    monkeypatch.setattr(ElementTree, "fromstring", parse)
    monkeypatch.setattr(html, "document_fromstring", parse)
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(ELEMENTS[suffix])
    with pytest.raises(sim.CheckError, match="not one of ours"):
        embed.read(path)


def test_no_more_memory_is_asked_for_than_a_file_has(tmp_path):
    """A limit of gigabytes is no buffer of gigabytes."""
    path = tmp_path / "small"
    path.write_bytes(b"x" * 1000)
    tracemalloc.start()
    try:
        assert len(files.content(path, files.MOST_TABLE)) == 1000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of forks
def test_a_folder_takes_the_place_of_another_whole_or_not_at_all(tmp_path):
    """Killed at random moments: the old one, the new one or none is there."""
    luck, target = random.Random(3), tmp_path / "record"
    whole = {f"{n}.txt": b"x" * n for n in range(60)}
    for _ in range(15):
        part = tmp_path / ".record.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for name, data in whole.items():
            (part / name).write_bytes(data)
        kills.killed(
            lambda part=part: files.put_folder(part, target), luck.uniform(0, 0.01),
            luck.choice(kills.SIGNALS),
        )  # fmt: skip
        left = {p.name: p.read_bytes() for p in target.iterdir()} if target.exists() else whole
        assert left == whole


def test_a_table_with_a_number_whose_square_is_none_is_refused(tmp_path):
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"hours": [1.0, np.inf, np.nan], "week": [1, 2, 3]}).to_parquet(path)
    assert len(files.table(path)) == len(files.columns(path)["hours"]) == 3  # never, and unknown
    pd.DataFrame({"hours": [1.0, -1e200]}).to_parquet(path)
    for read in (files.table, files.columns):
        with pytest.raises(ValueError, match=r"hours: a number beyond 1e\+100"):
            read(path)
    np.savez(tmp_path / "worlds.npz", y=np.array([1e200]))
    with pytest.raises(ValueError, match="y: a number beyond"):
        files.arrays(tmp_path / "worlds.npz", ("y",))
