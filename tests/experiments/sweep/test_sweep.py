"""A sweep survives being killed, runs only what is missing, and gives the same rows however."""

import contextlib
import csv
import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim.analysis import best, paired
from sim.engine import metrics, setup
from sim.errors import SweepStopped, SweepWarning
from sim.experiments.sweep import chunk, execute, folder, start, store
from sim.records.words import rounded

ONE = {"team": {"novice": 0, "intermediate": 1, "expert": 0}, "horizon.weeks": 1}
MIX = {"tasks.advanced_share": [0.1, 0.5], "team.novice": [0, 1, 2]}
TOOL = 'description = "None at all"\nkind = "none"\n'
SMALL = {"draws": 8, "luck": 2, "chunk": 20}


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace(ONE)


@pytest.fixture(scope="module")
def rows(plan, tmp_path_factory):
    return sim.sweep(plan, MIX, tmp_path_factory.mktemp("sweep") / "mix", **SMALL).frame


def written(path):
    whole = (p for p in (path / "rows").iterdir() if p.name[0] != ".")
    return {p.name: p.stat().st_mtime_ns for p in whole}


# ---- the rows -----------------------------------------------------------------------------------


def test_each_point_has_the_rows_of_a_run_of_its_own(plan, rows):
    for point, values in enumerate(({**dict(zip(MIX, v, strict=True))}) for v in pairs()):
        alone = sim.run(plan.replace(values), draws=8, luck=2).replications
        mine = rows[rows["point"] == point].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine[alone.columns], alone, check_dtype=False)
        assert (mine[list(values)] == list(values.values())).all(axis=None)


def pairs():
    return [(share, novices) for share in MIX["tasks.advanced_share"] for novices in (0, 1, 2)]


def test_draws_of_a_tool_with_a_horizon_are_not_those_of_one_without(plan, tmp_path):
    names = ["claude-code-2026", "agent-early-2025"]
    found = sim.sweep(plan, {"tool.profile": names}, tmp_path / "t", draws=4, luck=1).frame
    for point, name in enumerate(names):
        alone = sim.run(plan.replace({"tool.profile": name}), draws=4, luck=1).replications
        mine = found[found["point"] == point].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine[alone.columns], alone, check_dtype=False)


def test_rows_do_not_depend_on_threads_or_chunks(plan, rows, tmp_path):
    for threads, most in ((1, 1), (2, 7), (3, 1000)):
        out = tmp_path / f"{threads}-{most}"
        again = sim.sweep(plan, MIX, out, draws=8, luck=2, threads=threads, chunk=most)
        pd.testing.assert_frame_equal(again.frame, rows)


def test_other_tools_read_the_rows_without_this_project(plan, rows, tmp_path):
    sim.sweep(plan, MIX, tmp_path / "mix", **SMALL)
    read = pd.read_parquet(tmp_path / "mix" / "rows").sort_values(["point", "draw", "luck"])
    pd.testing.assert_frame_equal(read.reset_index(drop=True), rows)
    status = pd.read_csv(tmp_path / "mix" / "status.csv")
    assert status["rows"].sum() == len(rows)
    assert set(status["file"]) == set(os.listdir(tmp_path / "mix" / "rows"))


def test_weekly_flows_are_kept_on_request_and_sum_to_the_rows(plan, rows, tmp_path):
    two = {"horizon.weeks": [1, 3]}
    found = sim.sweep(plan, two, tmp_path / "weekly", draws=4, luck=2, weekly=True, chunk=5)
    weeks = found.weekly
    assert weeks.groupby("point")["week"].max().tolist() == [1, 3]
    sums = weeks.groupby(["point", "draw", "luck"], as_index=False)["work_delivered"].sum()
    assert np.allclose(sums["work_delivered"], found.frame["work_delivered"])
    with pytest.raises(sim.SweepError, match="weekly rows were not kept"):
        _ = sim.sweep(plan, MIX, tmp_path / "mix", **SMALL).weekly


# ---- what is there is not run again -------------------------------------------------------------


def test_asking_again_runs_nothing(plan, tmp_path, monkeypatch):
    out = tmp_path / "mix"
    first = sim.sweep(plan, MIX, out, **SMALL).frame
    monkeypatch.setattr(start, "_pool", lambda *_: pytest.fail("something was run"))
    pd.testing.assert_frame_equal(sim.sweep(plan, MIX, out, **SMALL).frame, first)


def test_more_draws_luck_and_points_run_only_what_is_new(plan, tmp_path):
    out = tmp_path / "mix"
    sim.sweep(plan, MIX, out, **SMALL)
    before = written(out)
    more = {**MIX, "team.novice": [3, 2, 1, 0]}
    found = sim.sweep(plan, more, out, draws=11, luck=3)
    assert {name: time for name, time in written(out).items() if name in before} == before
    assert sum(int(row["rows"]) for row in found.store.status.values()) == 8 * 11 * 3
    fresh = sim.sweep(plan, more, tmp_path / "fresh", draws=11, luck=3)
    keys = ["point"]
    pd.testing.assert_frame_equal(found.frame.drop(columns=keys), fresh.frame.drop(columns=keys))


def test_fewer_points_draws_or_luck_show_fewer_rows_and_lose_none(plan, rows, tmp_path):
    out = tmp_path / "mix"
    sim.sweep(plan, MIX, out, **SMALL)
    less = sim.sweep(plan, {**MIX, "team.novice": [1]}, out, draws=3, luck=1).frame
    kept = rows[(rows["team.novice"] == 1) & (rows["draw"] < 3) & (rows["luck"] < 1)]
    pd.testing.assert_frame_equal(less, kept.reset_index(drop=True))
    pd.testing.assert_frame_equal(sim.sweep(plan, MIX, out, **SMALL).frame, rows)


def test_numbers_of_points_are_kept_as_spans():
    for numbers in ([], [3], [0, 1, 2], [5, 6, 2, 3, 4, 9, 8]):
        assert store.numbers_of(store.spans(numbers)) == numbers
    assert store.spans(range(1000)) == [[0, 999]]


def test_missing_blocks_and_done_ones_make_up_the_whole():
    luck = random.Random(1)
    for _ in range(200):
        done, grid = [], np.zeros((9, 5), int)
        for _ in range(luck.randrange(4)):
            a, b = sorted(luck.sample(range(12), 2))
            c, d = sorted(luck.sample(range(8), 2))
            if not grid[a:b, c:d].any():
                done.append((a, b, c, d))
                grid[a:b, c:d] += 1
        for a, b, c, d in chunk.missing((0, 9, 0, 5), done):
            grid[a:b, c:d] += 1
        assert (grid == 1).all()


def test_chunks_hold_every_world_once_and_few_too_many():
    asked = [(0, (0, 10, 0, 3)), (1, (2, 4, 0, 1)), (2, (0, 100, 0, 2))]
    chunks = list(chunk.packed(iter(asked), lambda: 12))
    assert all(sum(chunk.worlds(block) for _, block in part) <= 12 for part in chunks)
    assert sum(chunk.worlds(block) for part in chunks for _, block in part) == 30 + 2 + 200


# ---- killed, cut short, full, stopped -----------------------------------------------------------

# Warms up once and forks a sweep for each line it reads, so that ten of them start quickly.
SCRIPT = """
import os, sys, sim
plan = sim.load("baseline").replace({one})
sim.run(plan, draws=2, luck=1, threads=1)
import sim.experiments.sweep
shares = [i / 100 for i in range(25)]
for path in sys.stdin:
    child = os.fork()
    if child == 0:
        asked = {{"draws": 200, "luck": 4, "chunk": 200}}
        sim.sweep(plan, {{"tasks.advanced_share": shares}}, path.strip(), **asked)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def killed_sweep(parent, path, after):
    """Start a sweep and kill it so many seconds after its first file; whether it was killed."""
    there = set(written(path)) if (path / "rows").exists() else set()
    parent.stdin.write(f"{path}\n")
    child, until = int(parent.stdout.readline()), time.monotonic() + 60
    while time.monotonic() < until:
        if (path / "rows").exists() and set(written(path)) - there:
            break
        time.sleep(0.001)
    time.sleep(after)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    ended = int(parent.stdout.readline())
    assert ended in (0, signal.SIGKILL)
    return ended != 0


def test_a_sweep_killed_ten_times_equals_one_that_was_not(plan, tmp_path):
    """20,000 runs in 100 chunks; nothing that was written is written again."""
    out, luck, killed, files = tmp_path / "killed", random.Random(7), 0, {}
    words = [sys.executable, "-c", SCRIPT.format(one=ONE)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(words, env=alone, **pipes) as parent:
        for _ in range(10):
            killed += killed_sweep(parent, out, luck.uniform(0, 0.02))
            now = written(out)
            assert files == {name: at for name, at in now.items() if name in files}
            files = now
        parent.stdin.close()
    assert killed == 10
    shares = {"tasks.advanced_share": [i / 100 for i in range(25)]}
    asked = {"draws": 200, "luck": 4}
    assert 0 < len(files) < 100
    ended = sim.sweep(plan, shares, out, **asked, chunk=200)
    whole = sim.sweep(plan, shares, tmp_path / "whole", **asked)
    assert len(whole.frame) == 20_000
    pd.testing.assert_frame_equal(ended.frame, whole.frame)
    assert sum(int(row["rows"]) for row in ended.store.status.values()) == 20_000


@pytest.mark.parametrize("harm", ["cut short", "altered", "emptied", "half written", "lost"])
def test_a_harmed_file_is_noticed_and_its_worlds_run_again(plan, rows, tmp_path, harm):
    out = tmp_path / "mix"
    sim.sweep(plan, MIX, out, **SMALL)
    victim = sorted((out / "rows").iterdir())[1]
    data = victim.read_bytes()
    if harm == "cut short":
        victim.write_bytes(data[: len(data) // 2])
    elif harm == "altered":
        victim.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    elif harm == "emptied":
        victim.write_bytes(b"")
    elif harm == "half written":
        victim.rename(victim.with_name(f".{victim.name}.part"))
    else:
        victim.unlink()
    if harm in ("cut short", "altered", "emptied"):
        with pytest.raises(sim.SweepError, match="cut short or altered"):
            sim.load_sweep(out)
        with pytest.warns(SweepWarning, match="run again"):
            mended = sim.sweep(plan, MIX, out, **SMALL)
    else:
        mended = sim.sweep(plan, MIX, out, **SMALL)
    pd.testing.assert_frame_equal(mended.frame, rows)
    assert not [name for name in os.listdir(out / "rows") if "part-" in name or name[0] == "."]


@pytest.mark.parametrize("what", ["status.csv", "weeks"])
def test_what_is_made_from_the_rows_is_made_again(plan, tmp_path, what):
    out, asked = tmp_path / "weekly", {"draws": 4, "luck": 2, "weekly": True, "chunk": 5}
    first = sim.sweep(plan, MIX, out, **asked)
    weekly, rows = first.weekly, first.frame
    if what == "weeks":
        victim = sorted((out / "weeks").iterdir())[0]
        victim.write_bytes(victim.read_bytes()[:-9])
        with pytest.warns(SweepWarning, match="run again"):
            again = sim.sweep(plan, MIX, out, **asked)
    else:
        (out / what).unlink()
        again = sim.sweep(plan, MIX, out, **asked)
        assert (out / what).exists()
    pd.testing.assert_frame_equal(again.weekly, weekly)
    pd.testing.assert_frame_equal(again.frame, rows)


def test_a_full_disk_gives_one_line_and_a_store_that_goes_on(plan, rows, tmp_path, monkeypatch):
    out, real, left = tmp_path / "mix", folder.Local.write, [3]

    def write(self, name, data):
        if name.startswith("rows/"):
            left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, name, data)

    monkeypatch.setattr(folder.Local, "write", write)
    with pytest.raises(sim.SweepError, match="the disk is full; 48 rows are kept") as caught:
        sim.sweep(plan, MIX, out, draws=8, luck=2, chunk=16, threads=1)
    assert "\n" not in str(caught.value)
    monkeypatch.setattr(folder.Local, "write", real)
    kept = written(out)
    pd.testing.assert_frame_equal(sim.sweep(plan, MIX, out, **SMALL).frame, rows)
    assert kept.items() <= written(out).items()


def test_somebody_who_stops_it_is_told_how_to_go_on(plan, rows, tmp_path):
    out = tmp_path / "mix"

    def stop(done, total, note):
        if done > 20:
            raise KeyboardInterrupt

    with pytest.raises(SweepStopped, match=r"stopped with \d+ of 96 worlds done; .* goes on"):
        sim.sweep(plan, MIX, out, draws=8, luck=2, chunk=10, progress=stop)
    half = sim.load_sweep(out)
    assert 20 < len(half.frame) < 96
    assert half.unfinished
    assert any("not finished" in line for line in half.caveats)
    pd.testing.assert_frame_equal(sim.sweep(plan, MIX, out, **SMALL).frame, rows)


def test_a_folder_that_is_renamed_meanwhile_is_said_to_be_and_goes_on_there(plan, rows, tmp_path):
    out, other = tmp_path / "mix", tmp_path / "other"

    def rename(*_):
        if out.exists():
            out.rename(other)

    with pytest.raises(sim.SweepError, match=r"\A[^\n]*moved or removed meanwhile[^\n]*\Z"):
        sim.sweep(plan, MIX, out, **SMALL, threads=1, progress=rename)
    assert not out.exists()
    pd.testing.assert_frame_equal(sim.sweep(plan, MIX, other, **SMALL).frame, rows)


def test_a_manifest_names_no_folder_from_the_root_and_both_may_move(plan, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    (here / "tool.toml").write_text(TOOL)
    (here / "mine.toml").write_text(
        'extends = "baseline"\nquestion = "?"\nhorizon.weeks = 1\n[tool]\nprofile = "tool.toml"\n'
    )
    out = here / "results" / "mix"
    swept = sim.sweep(here / "mine.toml", {"team.novice": [0, 1]}, out, draws=2, luck=1)
    assert str(tmp_path) not in (out / "manifest.json").read_text()
    assert json.loads((out / "manifest.json").read_text())["folder"] == os.path.join("..", "..")
    before = swept.scenario.sha256
    here.rename(there)
    moved = sim.load_sweep(there / "results" / "mix")
    assert moved.scenario.sha256 == before
    assert (there / "results" / "mix" / moved.manifest["folder"]).resolve() == there


def test_one_store_is_written_by_one_sweep_at_a_time(plan, tmp_path):
    busy = pytest.raises(sim.SweepError, match="another sweep is writing here")
    with folder.Local(tmp_path / "mix").locked(), busy:
        sim.sweep(plan, MIX, tmp_path / "mix", **SMALL)


# ---- a store is what it says --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "asked", "says"),
    [
        ({"policy.max_sessions": 3}, {}, "holds another sweep, of scenario baseline"),
        ({}, {"seed": 2}, "holds a sweep with seed 1, not seed 2"),
        ({}, {"uncertainty": "central"}, "with uncertainty full, not uncertainty central"),
        ({}, {"weekly": True}, "weekly rows False, not weekly rows True"),
        ({}, {"model": sim.Developer}, "with the model None, not the model Developer"),
        ({}, {"factors": {"team.expert": [0, 1]}}, "with the factors tasks.advanced_share"),
    ],
)
def test_a_store_of_another_sweep_is_refused(plan, tmp_path, changes, asked, says):
    out = tmp_path / "mix"
    sim.sweep(plan, MIX, out, **SMALL)
    before = written(out)
    with pytest.raises(sim.SweepError, match=says) as caught:
        sim.sweep(plan.replace(changes), **{"factors": MIX, **SMALL, **asked}, out=out)
    assert str(caught.value).endswith("choose another folder")
    assert written(out) == before


def test_a_question_in_other_words_is_the_same_sweep(plan, rows, tmp_path):
    sim.sweep(plan, MIX, tmp_path / "mix", **SMALL)
    again = sim.sweep(plan.replace({"question": "And now?"}), MIX, tmp_path / "mix", **SMALL)
    pd.testing.assert_frame_equal(again.frame, rows)


def test_a_store_of_another_version_is_refused_with_what_to_do(plan, tmp_path, monkeypatch):
    out = tmp_path / "mix"
    sim.sweep(plan, MIX, out, **SMALL)
    record = start.provenance.record
    for key, word in store.VERSIONS.items():
        other = lambda *a, key=key, **k: record(*a, **k) | {key: "0123456789abcdef"}  # noqa: E731
        with monkeypatch.context() as changed:
            changed.setattr(start.provenance, "record", other)
            with pytest.raises(sim.SweepError, match=f"made with another {word}") as caught:
                sim.sweep(plan, MIX, out, **SMALL)
        assert "choose another folder, or go back to" in str(caught.value)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"notes.txt": "mine"}, "exists already and is not a sweep; choose another"),
        ({"manifest.json": "{"}, "a damaged sweep"),
        ({"manifest.json": '{"format": 99}'}, "format 99: this version reads 1"),
    ],
)
def test_a_folder_that_is_no_store_is_left_alone(plan, tmp_path, files, says):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(sim.SweepError, match=says):
        sim.sweep(plan, MIX, tmp_path, **SMALL)
    with pytest.raises(sim.SweepError):
        sim.load_sweep(tmp_path)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == files


def test_a_sweep_that_says_nothing_was_asked_of_it_was_not_begun(plan, tmp_path):
    out = tmp_path / "mix"
    sim.sweep(plan, MIX, out, **SMALL)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_text(json.dumps(manifest | {"ask": None}), encoding="utf-8")
    with pytest.raises(sim.SweepError, match="was not begun; start the sweep again"):
        sim.load_sweep(out)


def test_a_file_in_place_of_a_folder_is_refused_in_one_line(plan, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(sim.SweepError, match="exists already and is not a sweep"):
        sim.sweep(plan, MIX, tmp_path / "file", **SMALL)
    with pytest.raises(sim.SweepError, match="cannot be written"):
        sim.sweep(plan, MIX, tmp_path / "file" / "below", **SMALL)
    with pytest.raises(sim.SweepError, match="not a sweep"):
        sim.load_sweep(tmp_path / "file")


def test_an_object_store_holds_the_same_rows(plan, rows):
    pytest.importorskip("fsspec")
    found = sim.sweep(plan, MIX, "memory://bucket/mix", **SMALL)
    pd.testing.assert_frame_equal(found.frame, rows)
    pd.testing.assert_frame_equal(sim.load_sweep("memory://bucket/mix").frame, rows)


# ---- points that fail ---------------------------------------------------------------------------

BAD = {"team.novice": [1, 501, 2], "tasks.fix_share": [0.1, 0.2]}


@pytest.mark.filterwarnings("ignore::sim.errors.SweepWarning")
def test_a_failing_point_is_a_row_with_its_error_and_the_rest_goes_on(plan, tmp_path):
    found = sim.sweep(plan, BAD, tmp_path / "bad", draws=6, luck=2, chunk=5)
    frame = found.frame
    failed = frame[frame["error"].notna()]
    assert failed["point"].tolist() == [2, 3]
    assert (failed["draw"] == -1).all()
    assert "must be 500 or less (people)" in failed["error"].iloc[0]
    assert failed[list(metrics.NAMES)].isna().all(axis=None)
    assert len(frame) == 4 * 12 + 2
    assert found.failures["point"].tolist() == [2, 3]
    assert sorted(found.summary("tasks_done")["point"]) == [0, 1, 4, 5]
    assert len(found.best()) == 4
    again = sim.sweep(plan, BAD, tmp_path / "bad", draws=9, luck=2, chunk=5)
    assert len(again.frame) == 4 * 18 + 2


def test_the_end_says_how_many_failed_and_why(plan, tmp_path):
    says = r"2 of 6 points failed: point 2 \(team.novice = 501.*500 or less.*and 1 more"
    with pytest.warns(SweepWarning, match=says):
        sim.sweep(plan, BAD, tmp_path / "bad", draws=2, luck=1)


def test_strict_stops_at_the_first_failure_and_says_so_again(plan, tmp_path):
    for _ in range(2):
        with pytest.raises(sim.SweepError, match=r"point [23] \(team.novice = 501"):
            sim.sweep(plan, BAD, tmp_path / "bad", draws=2, luck=1, chunk=2, strict=True)


@pytest.mark.parametrize(
    ("factors", "asked", "says"),
    [
        ({}, {}, "needs one factor at least"),
        ({"team.novise": [1]}, {}, "unknown key; did you mean 'novice'"),
        ({"novice": [1]}, {}, "unknown key; did you mean 'team.novice'"),
        ({"world.dev_shar": [0.3]}, {}, "did you mean 'dev_share'"),
        ({"team.novice": []}, {}, "team.novice: no values"),
        ({"team.novice": 3}, {}, "team.novice = 3: must be a list"),
        ({"team.novice": [1, 1.0]}, {}, "listed twice"),
        ({"team.novice": [float("nan")]}, {}, "not a value a scenario can have"),
        ({"team.novice": [object()]}, {}, "not a value a scenario can have"),
        (3, {}, "factors must be a dict, a design, a DataFrame or a CSV file"),
        (None, {}, "a sweep needs factors, or the name of a study"),
        ("no-such.csv", {}, "cannot be read as a table"),
        ({"team.novice": [1]}, {"draws": 1}, "draws = 1: must be a whole number from 2"),
        ({"team.novice": [1]}, {"luck": 0}, "luck = 0"),
        ({"team.novice": [1]}, {"seed": "x"}, "seed = 'x'"),
        ({"team.novice": [1]}, {"threads": 0}, "threads = 0"),
        ({"team.novice": [1]}, {"chunk": -1}, "chunk = -1"),
        ({"team.novice": [1]}, {"uncertainty": "some"}, "must be 'full' or 'central'"),
        ({"team.novice": [1]}, {"model": int}, "must be a subclass of TeamModel or of Developer"),
        ({"team.novice": [1]}, {"out": "nowhere://x"}, "nowhere://x: "),
    ],
)
def test_a_sweep_that_makes_no_sense_is_refused_before_anything_is_written(
    plan, tmp_path, factors, asked, says
):
    with pytest.raises((sim.SweepError, sim.ScenarioError)) as caught:
        sim.sweep(plan, factors, **{"out": tmp_path / "mix", **asked})
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "mix").exists()


# ---- summary, best, replay ----------------------------------------------------------------------


def test_the_summary_of_a_point_is_that_of_its_run(plan, tmp_path):
    found = sim.sweep(plan, MIX, tmp_path / "mix", draws=8, luck=2)
    row = found.summary().query("point == 4 and metric == 'tasks_done'").iloc[0]
    alone = sim.run(found.scenario_of(4), draws=8, luck=2).summary().loc["tasks_done"]
    assert row[alone.index].to_dict() == alone.to_dict()


def test_best_is_what_the_rows_say(plan, tmp_path):
    found = sim.sweep(plan, MIX, tmp_path / "mix", draws=8, luck=2)
    table = found.best("tasks_done")
    assert table["mean"].is_monotonic_decreasing
    cube = found.values("tasks_done")
    top = cube == cube.max(axis=0)
    share = (top / top.sum(axis=0)).mean(axis=(1, 2))
    assert np.allclose(table["p_best_world"], share[table["point"]])
    assert table["p_best_world"].sum() == pytest.approx(1)
    assert table["p_best_expected"].sum() == pytest.approx(1)
    assert found.best("hours_per_task")["mean"].is_monotonic_increasing
    with pytest.raises(sim.SweepError, match="neither more nor less is better"):
        found.best("sessions")
    with pytest.raises(sim.SweepError, match="did you mean 'tasks_done'"):
        found.best("task_done")


def test_the_expected_best_leaves_chance_out():
    """y = m_p + theta_i s_p + noise: the expected best of a draw depends on theta alone."""
    draws, luck = 4000, 4
    random_ = np.random.default_rng(3)
    theta, noise = random_.standard_normal(draws), random_.standard_normal((2, draws, luck))
    gain = np.stack([np.zeros((draws, luck)), 0.5 + theta[:, None] + np.zeros(luck)]) + 3 * noise
    expected, low, high = best.best(gain)[1]
    realised = paired.chances(paired.best_world(gain))[1, 0]
    # P(0.5 + theta > 0) = Phi(0.5); in one world Phi(0.5 / sqrt(1 + 2 * 9)).
    assert abs(expected - 0.6915) < 4 * (high - low) / (2 * 1.96)
    assert high - low < 0.15
    assert abs(realised - 0.5457) < 4 * 0.5 / draws**0.5


def test_equal_points_share_being_best():
    gain = np.ones((4, 10, 2))
    assert np.allclose(paired.best_world(gain), 0.25)
    assert np.allclose(best.best(gain)[:, 0], 0.25)


def test_a_row_replays_to_what_is_stored_with_its_trace(plan, tmp_path):
    found = sim.sweep(plan, MIX, tmp_path / "mix", **SMALL)
    for row in (0, 41, (5, 7, 1)):
        again = sim.replay(tmp_path / "mix", row)
        agent = again.trace["activity"] == "agent"
        assert agent.sum() == again.row["sessions"]
    assert again.row["point"] == 5
    assert again.scenario == found.scenario_of(5)
    for nonsense in (-1, 96, (9, 9, 9), "x"):
        with pytest.raises(sim.SweepError, match="row = "):
            sim.replay(tmp_path / "mix", nonsense)


def test_a_row_that_does_not_come_out_as_stored_is_said(plan, tmp_path, monkeypatch):
    sim.sweep(plan, MIX, tmp_path / "mix", **SMALL)
    other = setup.replication(0, 7)
    monkeypatch.setattr(setup, "replication", lambda *_: np.array([other]))
    with pytest.raises(sim.SweepError, match="does not come out as stored"):
        sim.replay(tmp_path / "mix", 0)


@pytest.mark.filterwarnings("ignore::sim.errors.SweepWarning")
def test_the_row_of_a_failing_point_replays_to_its_error(plan, tmp_path):
    sim.sweep(plan, BAD, tmp_path / "bad", draws=2, luck=1)
    again = sim.replay(tmp_path / "bad", (2, -1, -1))
    assert "must be 500 or less" in again.row["error"]
    assert again.scenario is None


def test_progress_counts_worlds_and_shows_where_the_main_metric_stands(plan, tmp_path, capsys):
    told = []
    sim.sweep(
        plan, MIX, tmp_path / "mix", **SMALL, progress=lambda done, total, note: told.append(
            (done, total, note))
    )  # fmt: skip
    assert all(a[0] < b[0] for a, b in pairwise(told))
    assert told[-1][:2] == (96, 96)
    cube = sim.load_sweep(tmp_path / "mix").values("work_delivered")
    error = 1.96 * cube.mean(axis=(0, 2)).std(ddof=1) / 8**0.5
    shown = " ± ".join(rounded(cube.mean(), error))
    assert told[-1][2] == f"work_delivered {shown} expert-h so far"
    seen = capsys.readouterr()
    assert seen.out == seen.err == ""  # not a terminal


def test_a_status_row_is_written_a_chunk(plan, tmp_path):
    sim.sweep(plan, MIX, tmp_path / "mix", **SMALL)
    with (tmp_path / "mix" / "status.csv").open() as file:
        status = list(csv.DictReader(file))
    for row in status:
        table = pq.read_table(tmp_path / "mix" / "rows" / row["file"])
        assert table.num_rows == int(row["rows"])
        assert 0 <= float(row["model_cpu_seconds"]) <= float(row["cpu_seconds"])
    assert execute.AHEAD >= 1
