"""Every record has the same face: learn one, and you know all."""

import ast
import inspect
import json
import pydoc
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from hand_made import backtest_of_weeks, learning_of_weeks, validation_of_all
from pins import records as small

import sim
from sim import loading
from sim.experiments.run import against
from sim.records import words
from sim.records.record import Record

README = Path(__file__).parents[2] / "sim" / "records" / "README.md"
FACE = tuple(name for name in vars(Record) if not name.startswith("_"))
SHOWN = (*FACE, "caveats", "provenance")
ORIGIN = re.compile(r"tiercurve \S+, .*evidence [0-9a-f]{12}$")
NAMES = {
    "Result": "result", "Comparison": "comparison", "Sensitivity": "sensitivity",
    "Ranking": "ranking", "Decision": "decision", "Study": "study-average-share",
    "TierCurves": "tier-curves", "Sweep": "sweep", "Assessment": "assessment",
    "Calibration": "calibration", "Robustness": "robustness",
}  # fmt: skip

BY_HAND = {
    "Validation": lambda _: validation_of_all(), "Backtest": lambda _: backtest_of_weeks(),
    "Learning": learning_of_weeks,
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small record of a kind, by the name of its class."""
    folder, kept = tmp_path_factory.mktemp("records"), {}

    def make(name):
        if name not in kept:
            by_hand = BY_HAND.get(name)
            kept[name] = by_hand(folder) if by_hand else small.record(NAMES[name], folder)
        return kept[name]

    return make


KINDS = list(loading.RECORDS.values())
CLASSES = [getattr(sim, name) for name in KINDS]


def test_every_kind_of_record_is_here():
    assert set(KINDS) == {*NAMES, *BY_HAND}
    assert len(set(KINDS)) == len(KINDS) == len({kind._kind for kind in CLASSES})


@pytest.mark.parametrize("kind", CLASSES, ids=KINDS)
def test_a_record_has_the_members_of_all_and_help_shows_them(kind):
    assert issubclass(kind, Record)
    text = pydoc.plain(pydoc.render_doc(kind))
    for name in FACE:
        assert re.search(rf"\b{name}\b", text), name
        assert inspect.getdoc(getattr(kind, name)) or name == "error", name
    for name in ("caveats", "provenance"):
        assert name in kind.__dataclass_fields__ or inspect.getdoc(getattr(kind, name)), name


@pytest.mark.parametrize("kind", CLASSES, ids=KINDS)
def test_a_member_is_called_in_the_same_way_in_every_record(kind):
    """A kind may take more, at the end and with a default; never less, nor another default."""
    for name in FACE:
        base, own = getattr(Record, name), getattr(kind, name)
        if not callable(base) or isinstance(base, type):
            continue
        wanted = list(inspect.signature(base).parameters.values())
        taken = list(inspect.signature(own).parameters.values())
        plain = [(p.name, p.default, p.kind) for p in taken[: len(wanted)]]
        assert plain == [(p.name, p.default, p.kind) for p in wanted], name
        rest = taken[len(wanted) :]
        assert all(p.default is not p.empty or p.kind is p.VAR_POSITIONAL for p in rest), name


@pytest.mark.parametrize("name", KINDS)
def test_a_member_gives_the_same_thing_in_every_record(name, made):
    record = made(name)
    summary = record.summary()
    assert isinstance(summary, pd.DataFrame)
    assert len(summary)
    assert isinstance(record.sentences(), list)
    assert record.sentences()
    assert all(type(line) is str and line for line in record.sentences())
    assert isinstance(record.caveats, tuple)
    assert all(isinstance(line, str) and line.kind for line in record.caveats)
    assert isinstance(record.provenance, dict)
    json.dumps(record.to_json(), allow_nan=False)
    assert record.cite().startswith("Tiercurve ")
    assert "@software{tiercurve," in record.cite()
    assert "\n" not in repr(record)
    assert record._with_comparer(against).to_json() == record.to_json()


@pytest.mark.parametrize("name", KINDS)
def test_a_record_is_saved_and_read_again_by_one_function(name, made, tmp_path):
    record, path = made(name), tmp_path / "kept"
    assert record.save(path) == path
    assert type(record).is_saved(path)
    again = sim.load_record(path)
    assert type(again) is type(record)
    assert _same(again.to_json(), path) == _same(record.to_json(), path)
    assert again.text().splitlines()[:-2] == record.text().splitlines()[:-2]
    assert again.caveats == record.caveats
    with pytest.raises(type(record).error, match="overwrite=True") as refused:
        record.save(path)
    assert "\n" not in str(refused.value)
    record.save(path, overwrite=True)


def _same(data, path):
    """A sweep says where it is; all else is equal."""
    return {key: value for key, value in data.items() if key != "sweep"}


@pytest.mark.parametrize("name", KINDS)
def test_a_record_that_is_damaged_is_refused_in_one_line(name, made, tmp_path):
    record = made(name)
    path = record.save(tmp_path / "kept")
    for file in path.glob("*.json"):
        file.write_text("{")
    with pytest.raises(ValueError, match=re.escape(path.name)) as refused:
        sim.load_record(path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", KINDS)
def test_another_kind_of_figure_is_refused_in_one_line(name, made):
    record = made(name)
    with pytest.raises(type(record).error, match=r"must be|no figure is drawn") as refused:
        record.plot("pie")
    assert "\n" not in str(refused.value)
    assert all(kind in str(refused.value) for kind in record.plots)


@pytest.mark.parametrize("name", KINDS)
def test_a_record_shows_itself_as_a_cell_and_as_text_that_ends_with_its_origin(name, made):
    record = made(name)
    cell = record._repr_html_()
    assert cell.startswith("<div>")
    assert cell.endswith("</div>")
    assert "<p>" in cell
    assert ORIGIN.search(" ".join(str(record).split())), str(record)[-300:]


CODE = """
import sys, sim
sim.load_record(sys.argv[1])
print(*sorted(name for name in sys.modules if name.startswith(("sim.", "calibration."))))
"""


def test_other_kinds_are_not_imported_to_read_one(made, tmp_path):
    """Naming a class imports its analyses, and they are slow to import."""
    path = made("Result").save(tmp_path / "kept")
    ran = subprocess.run(
        [sys.executable, "-c", CODE, str(path)], capture_output=True, text=True, check=True
    )
    imported = ran.stdout.split()
    others = ("calibration.local", "sim.assessment", "sim.experiments.decide", "sim.studies",
              "sim.experiments.sensitivity", "sim.experiments.sweep", "sim.forecasting",
              "sim.validation")  # fmt: skip
    assert "sim.experiments.result" in imported
    assert [name for name in others if name in imported] == []


def test_a_data_file_that_is_missing_is_named(made, tmp_path):
    path = made("Result").save(tmp_path / "kept")
    (path / "weekly.parquet").unlink()
    with pytest.raises(
        sim.ResultError, match=r"not a saved result \(weekly\.parquet is missing\)$"
    ):
        sim.load_record(path)


def test_a_number_that_is_infinite_is_written_and_leaves_the_step_to_the_others():
    inf = float("inf")
    assert words.estimate(2.5, -inf, 7.0) == ("2.50", "−∞ to 7.00")
    assert words.signed(inf, 2.0) == ("+∞", "+2.00")


def example():
    """The worked example of the README, as a module."""
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    module = ModuleType("people_example")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(ast.parse(code), str(README), "exec"), vars(module))
    return module


def test_a_record_of_a_new_kind_takes_one_file_and_one_line(tmp_path, monkeypatch):
    module = example()
    monkeypatch.setattr(sim, "People", module.People, raising=False)
    monkeypatch.setitem(loading.RECORDS, "people.json", "People")
    record = module.people(sim.load("baseline"))
    assert record.sentences() == [f"baseline has {sim.load('baseline').headcount} people."]
    again = sim.load_record(record.save(tmp_path / "people"))
    assert again == record
    assert again.to_json() == record.to_json()
    assert again.text() == record.text()
    assert ORIGIN.search(" ".join(record.text().split()))
    assert "<table>" in record._repr_html_()
    assert set(SHOWN) <= set(dir(record))
    with pytest.raises(sim.RecordError, match=r"^people: no figure is drawn of it$"):
        record.plot("pie")
