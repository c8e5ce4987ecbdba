"""Whatever stands in a saved record, it is read whole or refused with its one documented error."""

import io
import json
import pickle
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest
from fuzzing import distorted, is_one_clear_line, put, some, spoilt, spots
from hand_made import backtest_of_weeks
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import files as reading
from sim.errors import ScenarioError
from sim.studies import Study

# Numbers that make no sense may overflow on the way to a summary that makes none either.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return sound_records(tmp_path_factory.mktemp("sound"))


def sound_records(folder):
    """A sound record of each kind, saved in a folder: name -> (reader, folder, errors)."""
    plan = sim.load("platform-team").replace({"horizon.weeks": 2, "team": {"expert": 1}})
    sim.run(plan, draws=2, luck=1, seed=1).save(folder / "result")
    other = plan.replace({"team.expert": 2})
    sim.compare({"a": plan, "b": other}, draws=2, luck=1).save(folder / "comparison")
    factors = ["world.dev_share", "world.review_rate"]
    sim.sensitivity(plan, factors, samples=32, luck=2).save(folder / "sensitivity")
    sim.sweep(plan, {"team.novice": [0, 1]}, draws=2, luck=1, out=folder / "sweep")
    sim.decide({"a": plan, "b": other}, draws=50, luck=2).save(folder / "decision")
    study = Study("x", "Which?", "One", ("So.",), {"mixes": pd.DataFrame({"a": [1.5]})}, (), {})
    study.save(folder / "study")
    backtest_of_weeks().save(folder / "backtest")
    return {
        "result": (sim.load_result, folder / "result", sim.ResultError),
        "comparison": (
            sim.load_comparison, folder / "comparison", (sim.CompareError, sim.ResultError),
        ),
        "sensitivity": (sim.load_sensitivity, folder / "sensitivity", sim.SensitivityError),
        "sweep": (sim.load_sweep, folder / "sweep", sim.SweepError),
        "decision": (sim.load_decision, folder / "decision", sim.DecideError),
        "study": (sim.load_study, folder / "study", sim.StudyError),
        "backtest": (sim.Backtest.load, folder / "backtest", sim.BacktestError),
    }  # fmt: skip


RECORDS = ("result", "comparison", "sensitivity", "sweep", "decision", "study", "backtest")
USES = {  # what is asked of a record that could be read
    "result": lambda r: (r.summary(), r.cite(), repr(r), r.probability("tasks_done >= 1")),
    "comparison": lambda c: (c.plans, c.weekly(), repr(c)),
    "sensitivity": lambda s: (s.split(), repr(s)),
    "sweep": lambda s: (s.points, s.rows("work_delivered"), repr(s)),
    "decision": lambda d: (d.plans, d.y.mean(), repr(d)),
    "study": lambda s: (s.tables, repr(s)),
    "backtest": lambda b: (b.summary(), b.text(), b.to_json(), repr(b)),
}


def files(folder):
    return sorted(
        p.relative_to(folder) for p in folder.rglob("*") if p.is_file() and p.name[0] != "."
    )


def check(kind, saved, folder):
    """Read a record and use it; its error is one line."""
    reader, _, errors = saved[kind]
    try:
        USES[kind](reader(folder))
    except errors as error:
        is_one_clear_line(error)
        return False
    return True


@pytest.mark.parametrize("kind", RECORDS)
def test_the_records_that_mistakes_are_made_in_are_sound(kind, saved):
    assert check(kind, saved, saved[kind][1])


@pytest.mark.parametrize("kind", RECORDS)
def test_mistakes_in_the_bytes_of_any_file_are_refused_in_one_line(kind, saved, tmp_path):
    sound = saved[kind][1]
    shutil.copytree(sound, tmp_path / "record")

    @some(25)
    @given(st.data())
    def mistakes(data):
        name = data.draw(st.sampled_from(files(sound)))
        content = (sound / name).read_bytes()
        (tmp_path / "record" / name).write_bytes(data.draw(spoilt(content)))
        check(kind, saved, tmp_path / "record")
        (tmp_path / "record" / name).write_bytes(content)

    mistakes()


@pytest.mark.parametrize("kind", RECORDS)
def test_other_values_in_a_record_s_own_file_are_refused_in_one_line(kind, saved, tmp_path):
    sound = saved[kind][1]
    shutil.copytree(sound, tmp_path / "record")
    name = "manifest.json" if kind == "sweep" else f"{kind}.json"
    content = json.loads((sound / name).read_text(encoding="utf-8"))

    @some(8 if kind == "comparison" else 25)
    @given(distorted(content))
    def mistakes(data):
        (tmp_path / "record" / name).write_text(json.dumps(data), encoding="utf-8")
        check(kind, saved, tmp_path / "record")

    mistakes()


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("value", [True, 10**400])
def test_a_truth_value_or_an_endless_number_for_any_number_gives_one_line(
    kind, value, saved, tmp_path
):
    sound = saved[kind][1]
    shutil.copytree(sound, tmp_path / "record")
    name = "manifest.json" if kind == "sweep" else f"{kind}.json"
    content = json.loads((sound / name).read_text(encoding="utf-8"))
    most = {"sweep": 2000, "comparison": 40, "decision": 60}.get(kind, 150)  # two hold whole runs
    every = [x for x in spots(content) if isinstance(at(content, x), int | float)]
    for spot in every[:: -(-len(every) // most)]:
        changed = json.dumps(put(content, spot, "set", value))
        (tmp_path / "record" / name).write_text(changed, encoding="utf-8")
        check(kind, saved, tmp_path / "record")


ODD = [  # kind, file in it, where, what: each once ended in a traceback
    ("sweep", "manifest.json", ("ask", "draws"), True),
    ("sweep", "manifest.json", ("ask", "luck"), 10**30),
    ("sweep", "manifest.json", ("ask", "points", 0, 1), float("inf")),
    ("sweep", "manifest.json", ("ask", "points", 0, 0), 0.5),
    ("sweep", "manifest.json", ("seed",), True),
    ("result", "result.json", ("scenario", "answer", "metric"), "work_delivere]"),
    ("comparison", "plan-1/result.json", ("scenario", "answer", "metric"), "work"),
]


@pytest.mark.parametrize(("kind", "name", "spot", "value"), ODD)
def test_an_odd_value_is_refused_in_one_line(kind, name, spot, value, saved, tmp_path):
    shutil.copytree(saved[kind][1], tmp_path / "record")
    path = tmp_path / "record" / name
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(put(content, spot, "set", value)), encoding="utf-8")
    assert not check(kind, saved, tmp_path / "record")


def at(content, spot):
    for key in spot:
        content = content[key]
    return content


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_with_a_file_missing_or_a_folder_in_its_place_is_refused(kind, saved, tmp_path):
    reader, sound, errors = saved[kind]
    for number, name in enumerate(files(sound)):
        if kind == "sweep" and name.name == "status.csv":
            continue  # made again from the rows
        for how in ("missing", "folder"):
            folder = tmp_path / f"{number}-{how}"
            shutil.copytree(sound, folder)
            (folder / name).unlink()
            if how == "folder":
                (folder / name).mkdir()
            with pytest.raises(errors):
                USES[kind](reader(folder))


# ---- no code from data ---------------------------------------------------------------------


class Bomb:
    """What, unpickled, would leave a mark."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_pickle_in_an_archive_is_refused_and_never_run(saved, tmp_path):
    mark = tmp_path / "mark"
    pickle.loads(pickle.dumps(Bomb(mark))).close()  # the bomb works
    assert mark.exists()
    mark.unlink()
    _, sound, _ = saved["sensitivity"]
    shutil.copytree(sound, tmp_path / "record")
    means = np.empty(1, object)
    means[0] = Bomb(mark)
    with np.load(sound / "moments.npz") as found:
        parts = dict(found)
    np.savez(tmp_path / "record" / "moments.npz", **(parts | {"means": means}))
    with pytest.raises(sim.SensitivityError):
        sim.load_sensitivity(tmp_path / "record")
    (tmp_path / "record" / "moments.npz").write_bytes(pickle.dumps(Bomb(mark)))
    with pytest.raises(sim.SensitivityError):
        sim.load_sensitivity(tmp_path / "record")
    assert not mark.exists()


def test_a_pickle_in_place_of_any_file_of_a_record_is_refused_and_never_run(saved, tmp_path):
    mark = tmp_path / "mark"
    for kind in RECORDS:
        reader, sound, errors = saved[kind]
        for number, name in enumerate(files(sound)):
            if name.name == "status.csv":
                continue
            folder = tmp_path / f"{kind}-{number}"
            shutil.copytree(sound, folder)
            (folder / name).write_bytes(pickle.dumps(Bomb(mark)))
            with pytest.raises(errors):
                USES[kind](reader(folder))
    assert not mark.exists()


# ---- hostile size --------------------------------------------------------------------------


def test_an_archive_that_unpacks_to_more_than_fits_is_refused_before_it_is_unpacked(tmp_path):
    """5 GB of zeros in 5 MB: the sizes in the archive's own list are enough to tell."""
    path = tmp_path / "moments.npz"
    zeros = bytes(50_000_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("means.npy", zeros)
    data = path.read_bytes()
    size = len(zeros).to_bytes(4, "little")
    assert data.count(size) >= 2  # once before the file, once in the list at the end
    path.write_bytes(data.replace(size, (4_200_000_000).to_bytes(4, "little")))
    with pytest.raises(ValueError, match="larger than 4 GB once unpacked"):
        reading.arrays(path, ("means",))


def test_an_array_that_says_it_is_larger_than_its_file_is_refused(tmp_path):
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999,), }"
    out = io.BytesIO()
    np.lib.format.write_array(out, np.zeros(3))
    start = out.getvalue()[:10]
    body = start[:8] + (118).to_bytes(2, "little") + header.ljust(117) + b"\n" + bytes(24)
    path = tmp_path / "moments.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("means.npy", body)
    with pytest.raises(ValueError, match=r"array|archive"):
        reading.arrays(path, ("means",))


def test_a_table_of_more_numbers_than_fit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    """Equal numbers take next to nothing in the file: here 8 MB of them, against a limit of 4."""
    monkeypatch.setattr(reading, "MOST_TABLE", 4_000_000)
    path = tmp_path / "replications.parquet"
    pd.DataFrame({"draw": np.zeros(1_000_000)}).to_parquet(path)
    assert path.stat().st_size < 10_000
    with pytest.raises(ValueError, match=r"larger than 0\.004 GB once unpacked"):
        reading.table(path)


def test_a_table_that_holds_text_is_no_table_of_numbers(tmp_path):
    path = tmp_path / "replications.parquet"
    pd.DataFrame({"draw": ["x" * 100] * 3}).to_parquet(path)
    with pytest.raises(ValueError, match="column 'draw' holds no numbers"):
        reading.table(path)


def test_a_record_s_own_file_of_hostile_depth_or_size_is_refused(saved, tmp_path):
    for kind, name in (
        ("result", "result.json"), ("comparison", "comparison.json"),
        ("sensitivity", "sensitivity.json"), ("sweep", "manifest.json"),
    ):  # fmt: skip
        reader, sound, errors = saved[kind]
        folder = tmp_path / kind
        shutil.copytree(sound, folder)
        (folder / name).write_text("[" * 500_000, encoding="utf-8")
        with pytest.raises(errors, match="damaged"):
            reader(folder)
        with (folder / name).open("wb") as file:
            file.truncate(reading.MOST_TEXT + 1)
        with pytest.raises(errors, match="damaged"):
            reader(folder)


def test_errors_of_scenarios_inside_records_are_those_of_the_record(saved, tmp_path):
    _, sound, _ = saved["result"]
    shutil.copytree(sound, tmp_path / "record")
    path = tmp_path / "record" / "result.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["scenario"]["team"]["expert"] = -1
    path.write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(sim.ResultError, match=r"a damaged result .*team\.expert = -1"):
        sim.load_result(tmp_path / "record")
    assert issubclass(ScenarioError, ValueError)
