"""A cluster that is lost for good: one line, rows that ended are kept, the sweep goes on without.

Scheduler and worker are processes of their own, as on a cluster; nobody starts them again.
"""

import contextlib
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from command import tiercurve

import sim
from sim.errors import SweepError
from sim.experiments.sweep import pools, store

ONE = 'extends = "baseline"\n[horizon]\nweeks = 1\n[team]\nnovice = 1\n'
VARY = "tasks.advanced_share=" + ",".join(f"{i / 100}" for i in range(40))
SHARES = {"tasks.advanced_share": [i / 100 for i in range(40)]}
SIZE = {"draws": 50, "luck": 2}
CHUNKS_FIRST = 3  # that end before anything is killed


@pytest.fixture
def cluster(tmp_path):
    """A Dask cluster of one worker: (its address, processes by name)."""
    pytest.importorskip("distributed")
    place = tmp_path / "scheduler.json"
    roles = {
        "scheduler": ("dask_scheduler", "--no-dashboard", "--port", "0", "--host", "127.0.0.1"),
        "worker": ("dask_worker", "--no-dashboard", "--no-nanny", "--nthreads", "1",
                   "--local-directory", str(tmp_path / "scratch")),
    }  # fmt: skip
    with contextlib.ExitStack() as stack:
        processes = {}
        for role, (module, *options) in roles.items():
            words = [sys.executable, "-m", f"distributed.cli.{module}", *options]
            log = stack.enter_context((tmp_path / f"{role}.log").open("w"))
            process = subprocess.Popen(
                [*words, "--scheduler-file", str(place)], stdout=log, stderr=log
            )
            processes[role] = process
            stack.callback(process.wait)
            stack.callback(process.kill)
        yield _address(place), processes


def _address(place):
    """Where the scheduler is, once it has a worker."""
    import distributed

    while not (place.exists() and place.read_text().strip().endswith("}")):
        time.sleep(0.05)
    with distributed.Client(scheduler_file=str(place), set_as_default=False) as client:
        client.wait_for_workers(1)
        return client.scheduler.address


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """A small plan in the folder of the test, and chunks that are small enough for many."""
    (tmp_path / "one.toml").write_text(ONE)
    monkeypatch.chdir(tmp_path)
    for name in ("LEAST_ROWS", "MOST_ROWS", "VERY_MOST_ROWS", "FIRST_ROWS"):
        monkeypatch.setattr(pools, name, 100)
    monkeypatch.setattr(pools, "ASK_EVERY", 0.5)
    return sim.load("one")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The rows of the sweep without a cluster."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "one.toml").write_text(ONE)
    return sim.sweep(sim.load(folder / "one.toml"), SHARES, folder / "kept", **SIZE).frame


def signal_after_some_chunks(monkeypatch, process, number):
    """Send a signal once chunks have ended; only from then on is a cluster soon given up.

    However slow the machine: before the signal the cluster has all its time to answer.
    """
    keep = store.Store.keep

    def keep_and_signal(self, done):
        keep(self, done)
        if len(self.status) == CHUNKS_FIRST:
            process.send_signal(number)
            monkeypatch.setattr(pools, "WITHOUT_WORKERS", 1.0)
            if number == signal.SIGSTOP:  # no answer will ever come
                monkeypatch.setattr(pools, "ANSWER", 1.0)

    monkeypatch.setattr(store.Store, "keep", keep_and_signal)


LOST = {  # what happens -> (to whom, by which signal, what is said)
    "the scheduler is killed": ("scheduler", signal.SIGKILL, "was lost ("),
    "the scheduler hangs": ("scheduler", signal.SIGSTOP, "was lost ("),
    "the last worker is killed": ("worker", signal.SIGKILL, "has had no workers for 1 s"),
}


KILLED = pytest.param(*list(LOST)[:1], marks=pytest.mark.long)  # as of a client of one's own, below


@pytest.mark.parametrize("case", [KILLED, *list(LOST)[1:]])
def test_a_cluster_that_is_lost_ends_the_sweep_in_one_line_and_it_goes_on_without(
    case, plan, cluster, alone, tmp_path, monkeypatch, capsys
):
    address, processes = cluster
    role, number, line = LOST[case]
    words = ("sweep", "one", "--vary", VARY, "--draws", 50, "--luck", 2, "--out", "kept")
    with monkeypatch.context() as lossy:
        signal_after_some_chunks(lossy, processes[role], number)
        code, out, said = tiercurve(*words, "--cluster", address, capsys=capsys)
    *so_far, said = said.splitlines()  # a slow machine is told how far it is
    assert (code, out) == (2, ""), said
    assert all(told.endswith(" so far ...") for told in so_far), so_far
    assert said.startswith(f"tiercurve: cluster {address}: {line}")
    assert "start the same sweep again" in said
    kept = {path.name: path.read_bytes() for path in (tmp_path / "kept" / "rows").glob("*.parquet")}
    assert CHUNKS_FIRST <= len(kept) < 40
    code, _, said = tiercurve(*words, capsys=capsys)
    assert code == 0, said
    there = {path.name: path.read_bytes() for path in (tmp_path / "kept" / "rows").glob("*")}
    assert kept.items() <= there.items()
    pd.testing.assert_frame_equal(sim.load_sweep(tmp_path / "kept").frame, alone)


def test_rows_that_have_ended_and_never_arrive_end_in_one_line(cluster, monkeypatch):
    """A scheduler that hangs between the end of a chunk and its rows."""
    address, processes = cluster
    pool = pools.Dask(address)
    future = pool.client.submit(sum, [1, 2])
    assert pool.wait({future})[0] == {future}
    processes["scheduler"].send_signal(signal.SIGSTOP)
    monkeypatch.setattr(pools, "ANSWER", 1.0)
    with pytest.raises(SweepError, match=r"was lost \(TimeoutError\); what ended is kept"):
        pool.result(future)
    pool.close()


def test_a_client_of_ones_own_that_loses_its_scheduler_ends_in_one_line(
    plan, cluster, tmp_path, monkeypatch
):
    import distributed

    address, processes = cluster
    signal_after_some_chunks(monkeypatch, processes["scheduler"], signal.SIGKILL)
    with (
        distributed.Client(address, set_as_default=False) as client,
        pytest.raises(SweepError, match="was lost") as told,
    ):
        sim.sweep(plan, SHARES, tmp_path / "kept", **SIZE, cluster=client)
    assert "\n" not in str(told.value)
