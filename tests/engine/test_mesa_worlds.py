"""Worlds on Mesa's clock run in processes that may die, and that end with whoever started them."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd
import pytest
from calls import Unreadable, die_at, note_and_fail

import sim
from sim.engine import mesa_worlds
from sim.errors import WorkerError

PLAN = {"team": {"novice": 0, "intermediate": 1, "expert": 1}, "horizon.weeks": 1}


def unlink(flag):
    """Take a file away; whether it was there, and so true for one process only."""
    try:
        os.unlink(flag)
    except FileNotFoundError:
        return False
    return True


class Dies(sim.Developer):
    """Takes its process with it, once a file tells it to."""

    def choose(self):
        if unlink(self.model.plan.question):
            os._exit(9)
        return super().choose()


class AlwaysDies(sim.Developer):
    def choose(self):
        os._exit(9)


class Breaks(sim.Developer):
    def choose(self):
        raise KeyError("somebody's own fault")


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace(PLAN)


class Greedy(sim.Developer):
    """Asks for more memory than there is."""

    def choose(self):
        np.empty(1 << 60, np.uint8)


# ---- runs ----------------------------------------------------------------------------------


def test_a_run_whose_worker_dies_has_the_same_rows_in_the_same_order(plan, tmp_path):
    flag = tmp_path / "die"
    flag.touch()
    deadly = plan.replace({"question": str(flag)})
    told = []
    found = sim.run(
        deadly, 5, 2, engine="mesa", threads=2, developer_class=Dies,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert not flag.exists()
    assert told == [(5, 10), (10, 10)]
    compiled = sim.run(plan, 5, 2)
    assert found.replications.equals(compiled.replications)
    assert found.parameters.equals(compiled.parameters)
    pd.testing.assert_frame_equal(found.weekly, compiled.weekly, check_exact=True)


def test_a_run_whose_worker_always_dies_ends_in_one_line(plan, monkeypatch):
    monkeypatch.setattr(mesa_worlds, "TRIES", 1)
    with pytest.raises(sim.RunError, match=r"^a worker process died 1 times$"):
        sim.run(plan, 2, 1, engine="mesa", threads=2, developer_class=AlwaysDies)


def test_an_error_of_a_class_reaches_the_caller_of_a_run_as_it_is(plan):
    with pytest.raises(KeyError, match="somebody's own fault"):
        sim.run(plan, 2, 1, engine="mesa", threads=2, developer_class=Breaks)


@pytest.mark.long  # an error of a class as the one above; a sweep's is in test_sweep_workers.py
def test_a_run_whose_worker_has_no_memory_ends_at_once(plan):
    with pytest.raises(MemoryError):
        sim.run(plan, 20, 2, engine="mesa", threads=2, developer_class=Greedy)


def test_a_run_of_a_class_that_cannot_be_sent_is_refused_in_one_line(plan):
    class Locked(sim.Developer):
        held = threading.Lock()

    with pytest.raises(sim.RunError, match=r"Locked: cannot be sent to other processes .*$"):
        sim.run(plan, 2, 1, engine="mesa", threads=2, developer_class=Locked)


# ---- workers -------------------------------------------------------------------------------


def test_a_worker_that_dies_costs_no_call_but_its_own():
    with mesa_worlds.Workers(2) as workers:
        calls = [workers.submit(die_at, number, tries=1) for number in range(8)]
        with pytest.raises(WorkerError) as caught:
            calls[3].result()
        assert caught.value.arguments == (3,)
        assert [call.result() for call in calls if call is not calls[3]] == [0, 1, 2, 4, 5, 6, 7]


@pytest.fixture(scope="module")
def one_worker():
    with mesa_worlds.Workers(1) as workers:
        yield workers


def test_an_error_of_a_call_is_its_own_and_not_tried_again(one_worker, tmp_path):
    path = tmp_path / "tries"
    with pytest.raises(ValueError, match="of the call"):
        one_worker.submit(note_and_fail, path, tries=3).result()
    assert path.read_text(encoding="utf-8") == "tried\n"


def test_a_call_that_cannot_be_read_fails_and_the_next_one_runs(one_worker):
    with pytest.raises(RuntimeError, match="failed to un-serialize"):
        one_worker.submit(die_at, Unreadable(), tries=3).result()
    assert one_worker.submit(die_at, 4, tries=1).result() == 4


def test_a_call_nobody_waits_for_any_more_ends_in_one_line(monkeypatch):
    """As where the thread that hands out calls ended for want of memory."""
    monkeypatch.setattr(mesa_worlds, "BEAT", 0.2)
    with mesa_worlds.Workers(1) as workers:
        assert workers.submit(die_at, 1, tries=1).result() == 1
        late = workers.submit(time.sleep, 1.0, tries=1)
        time.sleep(0.5)  # a call that is only long is waited for
        monkeypatch.setattr(threading.Thread, "is_alive", lambda self: False)
        with pytest.raises(WorkerError, match=r"cannot be used \(nobody waits for it\)$"):
            late.result()
        monkeypatch.undo()


# ---- no process is left --------------------------------------------------------------------

# Two workers say that they have begun, and stay in their first world for ever.
SCRIPT = """
import os, signal, sys, threading, sim
from sim.experiments.sweep import execute

signal.signal(signal.SIGINT, signal.default_int_handler)  # tests may run where it is ignored

execute.LAST_WAIT = 0.0  # no seconds for chunks at work

class Stays(sim.Developer):
    def choose(self):
        os.write(2, b"begun\\n")
        threading.Event().wait()

plan = sim.load("baseline").replace({plan})
if sys.argv[1] == "run":
    sim.run(plan, 4, 2, engine="mesa", threads=2, developer_class=Stays)
else:
    shares = {{"tasks.advanced_share": [0.1, 0.5]}}
    sim.sweep(plan, shares, sys.argv[2], 4, 2, model=Stays, threads=2, chunk=4)
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs groups of processes")
@pytest.mark.parametrize(("what", "by"), [("sweep", "Ctrl-C"), ("run", "SIGKILL")])
def test_no_worker_outlives_whoever_started_it(what, by, tmp_path):
    """Every process holds the pipe of errors open: its end says that all of them have gone."""
    words = [sys.executable, "-c", SCRIPT.format(plan=PLAN), what, str(tmp_path / "rows")]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "bufsize": 0}
    with subprocess.Popen(words, start_new_session=True, **pipes) as parent:
        begun = 0
        for line in iter(parent.stderr.readline, b""):
            begun += line == b"begun\n"
            if begun == 2:
                break
        assert begun == 2
        if by == "Ctrl-C":
            os.killpg(parent.pid, signal.SIGINT)  # as a terminal does: the workers get it too
        else:
            parent.kill()
        _, said = parent.communicate(timeout=120)
    if by == "Ctrl-C":
        assert parent.returncode != 0
        last = said.decode().strip().splitlines()[-1]
        assert last.startswith("sim.errors.SweepStopped")
