"""A sweep gives the same rows in threads, in processes and on a cluster, whatever dies."""

import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine import batch
from sim.errors import SweepWarning
from sim.experiments.sweep import pools

ONE = {"team": {"novice": 0, "intermediate": 1, "expert": 0}, "horizon.weeks": 1}
MIX = {"tasks.advanced_share": [0.1, 0.5], "team.novice": [0, 1]}


class Plain(sim.Developer):
    """Changes nothing."""


class Helpful(sim.Developer):
    """Reviews before anything else."""

    def choose(self):
        review = self.find_review()
        return ("review", review) if review is not None else super().choose()


class Breaks(sim.TeamModel):
    """Fails in one world, prints in all."""

    def run(self):
        print("a model may print")
        if int(self.world[0]["replication"]) == (1 << 12) and len(self.people) == 2:
            raise KeyError("somebody's own fault")
        return super().run()


class Dies(sim.TeamModel):
    """Takes its process with it, once a file tells it to."""

    def run(self):
        flag = self.plan.question
        if os.path.exists(flag):
            os.unlink(flag)
            os._exit(9)
        return super().run()


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace(ONE)


@pytest.fixture(scope="module")
def rows(plan, tmp_path_factory):
    return sim.sweep(plan, MIX, tmp_path_factory.mktemp("sweep") / "mix", draws=3, luck=2).frame


def test_a_subclass_runs_in_processes_and_one_that_changes_nothing_gives_the_same_rows(
    plan, rows, tmp_path
):
    out = tmp_path / "mix"
    found = sim.sweep(plan, MIX, out, 3, 2, model=Plain, threads=2, chunk=5)
    pd.testing.assert_frame_equal(found.frame, rows)
    again = sim.replay(out, 3, model=Plain)
    pd.testing.assert_frame_equal(again.trace, sim.trace(found.scenario_of(0), draw=1, luck=1))
    with pytest.raises(sim.SweepError, match="was run with model Plain"):
        sim.replay(out, 3)
    with pytest.raises(sim.SweepError, match="not the model Helpful"):
        sim.sweep(plan, MIX, out, 3, 2, model=Helpful)


def test_an_error_of_a_model_is_the_row_of_its_world_and_the_rest_goes_on(plan, rows, tmp_path):
    with pytest.warns(SweepWarning, match='KeyError: "somebody\'s own fault"'):
        found = sim.sweep(plan, MIX, tmp_path / "mix", 3, 2, model=Breaks, threads=1)
    frame = found.frame
    failed = frame["error"].notna()
    assert frame.loc[failed, ["point", "draw", "luck"]].to_numpy().tolist() == [
        [1, 1, 0],
        [3, 1, 0],
    ]
    pd.testing.assert_frame_equal(frame[~failed], rows[~failed])
    assert sim.replay(tmp_path / "mix", (1, 1, 0), model=Breaks).row["point"] == 1


def test_a_process_that_dies_is_replaced_and_its_chunk_run_again(plan, rows, tmp_path):
    flag = tmp_path / "die"
    flag.touch()
    deadly = plan.replace({"question": str(flag)})
    found = sim.sweep(deadly, MIX, tmp_path / "mix", 3, 2, model=Dies, threads=1)
    assert not flag.exists()
    pd.testing.assert_frame_equal(found.frame, rows)


def test_a_process_that_always_dies_ends_in_one_line(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(pools, "TRIES", 1)
    flag = tmp_path / "die"
    flag.touch()
    deadly = plan.replace({"question": str(flag)})
    with pytest.raises(sim.SweepError, match="a worker process died 1 times at point 0"):
        sim.sweep(deadly, MIX, tmp_path / "mix", 3, 2, model=Dies, threads=1)


class Greedy(sim.TeamModel):
    """Asks for more memory than there is, while a file tells it to."""

    def run(self):
        if os.path.exists(self.plan.question):
            np.empty(1 << 60, np.uint8)
        return super().run()


def test_a_process_without_memory_ends_in_one_line_and_is_no_failed_point(plan, rows, tmp_path):
    flag = tmp_path / "ask"
    flag.touch()
    greedy, out = plan.replace({"question": str(flag)}), tmp_path / "mix"
    line = r"not enough memory; 0 rows are kept. With fewer threads, start the same sweep again"
    with pytest.raises(sim.SweepError, match=line) as told:
        sim.sweep(greedy, MIX, out, 3, 2, model=Greedy, threads=1)
    assert "\n" not in str(told.value)
    flag.unlink()
    found = sim.sweep(greedy, MIX, out, 3, 2, model=Greedy, threads=1)
    assert not len(found.failures)
    pd.testing.assert_frame_equal(found.frame, rows)


@pytest.mark.parametrize("step", ["run_chunk", "templates_of"])
def test_a_thread_without_memory_ends_in_one_line_and_what_ended_is_kept(
    step, plan, rows, tmp_path, monkeypatch
):
    """In the simulation, or while the worlds of a point are set up."""
    real, calls = getattr(batch, step), []

    def short_of_memory(*given, **named):
        calls.append(step)
        if len(calls) > 2:
            np.empty(1 << 60, np.uint8)
        return real(*given, **named)

    with monkeypatch.context() as small:
        small.setattr(batch, step, short_of_memory)
        with pytest.raises(sim.SweepError) as told:
            sim.sweep(plan, MIX, tmp_path / "mix", 3, 2, threads=1, chunk=6)
    assert "not enough memory; 12 rows are kept" in str(told.value)
    found = sim.sweep(plan, MIX, tmp_path / "mix", 3, 2, threads=1, chunk=6)
    assert not len(found.failures)
    pd.testing.assert_frame_equal(found.frame, rows)


UNGUARDED = """
import sys, sim

class Mine(sim.Developer):
    pass

plan = sim.load("baseline").replace({one})
found = sim.sweep(plan, {mix}, sys.argv[1], 3, 2, model=Mine, threads=1)
print(len(found.frame))
"""


def test_a_script_without_a_guard_runs_its_own_subclass(rows, tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(UNGUARDED.format(one=ONE, mix=MIX))
    words = [sys.executable, str(script), str(tmp_path / "mix")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.stdout == "24\n", done.stderr
    pd.testing.assert_frame_equal(sim.load_sweep(tmp_path / "mix").frame, rows)


@pytest.mark.long  # as the script above, whose class is of no module either
def test_a_subclass_from_a_notebook_cell_runs_in_parallel(rows, tmp_path):
    import nbformat  # late: every worker imports this file
    from nbclient import NotebookClient

    cells = UNGUARDED.format(one=ONE, mix=MIX).replace("sys.argv[1]", repr(str(tmp_path / "mix")))
    cells = [nbformat.v4.new_code_cell(cell) for cell in cells.split("\n\n")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    assert notebook.cells[-1].outputs[-1].text == "24\n"
    pd.testing.assert_frame_equal(sim.load_sweep(tmp_path / "mix").frame, rows)


def test_a_class_that_cannot_be_sent_is_refused_in_one_line(plan, tmp_path):
    class Locked(sim.Developer):
        held = threading.Lock()

    with pytest.raises(sim.SweepError, match=r"Locked: cannot be sent to other processes"):
        sim.sweep(plan, MIX, tmp_path / "mix", 3, 2, model=Locked)


def test_two_dask_workers_of_which_one_is_killed_give_the_same_rows(plan, tmp_path):
    distributed = pytest.importorskip("distributed")
    shares = {"tasks.advanced_share": [i / 100 for i in range(40)]}
    alone = sim.sweep(plan, shares, tmp_path / "alone", draws=50, luck=2).frame
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster:
        victims = [worker.pid for worker in cluster.workers.values()]

        def kill_one(done, total, note):
            if done >= 400 and victims:
                os.kill(victims.pop(), signal.SIGKILL)
                victims.clear()

        out = tmp_path / "cluster"
        found = sim.sweep(
            plan, shares, out, draws=50, luck=2, chunk=100, cluster=cluster.scheduler_address,
            progress=kill_one,
        )  # fmt: skip
        assert not victims
        with distributed.Client(cluster) as client:
            asked = {"draws": 4, "luck": 1, "against": plan.replace({"team.expert": 1})}
            held = sim.sweep(plan, shares, tmp_path / "client", **asked, cluster=client)
            assert client.status == "running"
    here = sim.sweep(plan, shares, tmp_path / "here", **asked)
    pd.testing.assert_frame_equal(held.differences(), here.differences())
    pd.testing.assert_frame_equal(found.frame, alone)
    assert sum(int(row["rows"]) for row in found.store.status.values()) == 4000


def test_a_cluster_that_is_not_there_is_refused_in_one_line(plan, tmp_path, monkeypatch):
    cluster = pytest.importorskip("sim.experiments.sweep.pools")
    monkeypatch.setattr(cluster, "TIMEOUT", "1s")
    with pytest.raises(sim.SweepError, match="cannot be reached") as caught:
        sim.sweep(plan, MIX, tmp_path / "mix", cluster="tcp://127.0.0.1:1")
    assert "\n" not in str(caught.value)
    with pytest.raises(sim.SweepError, match=r"must be an address or a distributed\.Client"):
        sim.sweep(plan, MIX, tmp_path / "mix", cluster=3)
