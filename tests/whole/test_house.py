"""The code base stands as sim/README.md says: imports run one way, late ones too, in no circle."""

import ast
import tomllib
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[2]
PACKAGES = ("sim", "calibration", "scenarios")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
(LAYERS,) = (contract for contract in CONTRACTS if contract["type"] == "layers")


def modules():
    """Every module: name -> path."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    names = {}
    for path in paths:
        parts = path.relative_to(ROOT).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


MODULES = modules()
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def for_types_alone(tree):
    """Nodes below `if TYPE_CHECKING:`, which never run."""
    blocks = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    return {id(inner) for block in blocks for inner in ast.walk(block)}


def imported(name):
    """Modules of this project that a module imports, anywhere in it, but for types alone."""
    skipped = for_types_alone(TREES[name])
    for node in ast.walk(TREES[name]):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: imports are absolute here"
            wanted = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module]
        else:
            continue
        # A package's own __init__ is run by any import below it, and is no arrow of its own.
        yield from (
            w for w in wanted if w in MODULES and w != name and not name.startswith(f"{w}.")
        )


GRAPH = {name: set(imported(name)) for name in MODULES}


def layer_of(name):
    """The place of a module's layer, 0 at the top; None for the package itself."""
    places = {
        one.strip(): place for place, row in enumerate(LAYERS["layers"]) for one in row.split("|")
    }
    own = [one for one in places if name == one or name.startswith(f"{one}.")]
    return places[max(own, key=len)] if own else None


def test_the_contract_of_layers_has_no_ignored_import():
    assert "ignore_imports" not in LAYERS


def test_every_module_has_a_layer_but_the_lists_of_names_and_data():
    assert {name for name in MODULES if layer_of(name) is None} == {"sim", "scenarios"}


@pytest.mark.parametrize("name", MODULES)
def test_no_import_goes_up_a_layer_late_ones_too(name):
    here = layer_of(name)
    if here is None:
        return
    up = [other for other in GRAPH[name] if (there := layer_of(other)) is not None and there < here]
    assert up == []


def test_no_modules_import_each_other_in_a_circle():
    left, graph = set(GRAPH), {name: set(others) for name, others in GRAPH.items()}
    while ends := {name for name in left if not graph[name] & left}:
        left -= ends
    # What is left can be reached from a circle, or lies on one.
    while starts := {name for name in left if not any(name in graph[o] for o in left)}:
        left -= starts
    assert sorted(left) == []


def test_no_folder_hides_a_public_function():
    hidden = [
        name for name in sim.__all__ if f"sim.{name}" in MODULES or (ROOT / "sim" / name).is_dir()
    ]
    assert hidden == []


@pytest.mark.parametrize("name", MODULES)
def test_private_names_do_not_cross_files(name):
    tree = TREES[name]
    taken = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") and (node.module or "").split(".")[0] in PACKAGES
    ]
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if f"{node.module}.{alias.name}" in MODULES
    }
    taken += [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        and node.attr.startswith("_")
    ]
    assert taken == []


def test_no_module_is_named_as_text_but_in_the_list_of_public_names():
    """A name in a string is one that no tool follows when a module moves."""
    lists = {"sim"}
    named = {
        (name, node.value)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value in MODULES
        and node.value.count(".") > 1
        and name not in lists
    }
    assert named == set()


HASH_IT = {"calibration.curve_set", "calibration.work", "sim.records.provenance"}


def test_one_module_reads_the_evidence_ledger_and_the_others_that_name_it_hash_it():
    naming = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "evidence.csv"
    }
    assert naming == {"sim.ledger", *HASH_IT}


def test_csv_text_is_parsed_by_one_reader_a_kind_of_file():
    reading = {
        name
        for name, tree in TREES.items()
        if {"csv.reader", "csv.DictReader"}
        & {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    }
    exports = {"sim.exports.dialect", "sim.exports.table"}  # its header line, its rows
    assert reading == {"sim.ledger", *exports, "sim.experiments.sweep.store"}


def test_whole_numbers_are_checked_in_one_place_and_by_the_schema_of_scenarios():
    checking = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and "must be a whole number" in str(node.value)
    }
    assert checking == {"sim.errors", "sim.scenario.checking"}


def test_every_module_says_in_a_sentence_what_it_is_for():
    words = {name: (ast.get_docstring(tree) or "").split() for name, tree in TREES.items()}
    assert [name for name in TREES if TREES[name].body and len(words[name]) < 3] == []


def test_folders_of_tests_mirror_those_of_the_packages():
    """A folder of tests is that of a package, of what spans them, or of rules taken uncompiled."""
    tests = ROOT / "tests"
    folders = {path.parent.relative_to(tests).as_posix() for path in tests.rglob("test_*.py")}
    packages = {path.parent.relative_to(ROOT).as_posix() for path in MODULES.values()}
    mirrored = {name.removeprefix("sim/") for name in packages} | {"."}
    assert folders - mirrored == {"whole", "engine/uncompiled"}


CLOCKS = {"perf_counter", "monotonic", "process_time", "thread_time", "time_ns", "perf_counter_ns"}


def clocks_read(tree):
    """Names of clocks that a test file reads: they are for benchmarks."""
    called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    for function in called:
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            if function.attr in CLOCKS or (function.value.id, function.attr) == ("time", "time"):
                yield function.attr
        elif isinstance(function, ast.Name) and function.id in CLOCKS:
            yield function.id


def test_no_test_reads_a_clock_so_a_busy_machine_fails_none():
    """Timings are in benchmarks/; a sweep that is killed waits for its first file."""
    waits = {"experiments/sweep/test_sweep.py"}
    reading = {
        str(path.relative_to(ROOT / "tests")): names
        for path in (ROOT / "tests").rglob("test_*.py")
        if (names := list(clocks_read(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert set(reading) == waits, reading
    assert list(clocks_read(ast.parse("time.perf_counter()\nnow = monotonic()"))) == [
        "perf_counter", "monotonic",
    ]  # fmt: skip
