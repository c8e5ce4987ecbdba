"""Worlds on Mesa's clock, and the one runner of them in processes, for runs and sweeps alike.

Python runs one thread at a time, so worlds on this clock use more than one core only in
processes. Each worker is a process of its own, started by loky: nothing is forked and the
caller's script is not imported, so this works in a script without a guard and in a
notebook. A worker that dies is replaced, and costs no call but its own.
"""

import functools
import os
import pickle
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.errors import PackError, WorkerError

TRIES = 3  # how often a call is tried whose worker dies
BEAT = 5.0  # seconds after which it is seen to that somebody still waits for a worker
MOST = 16  # worlds a worker takes at a time


# ---- models --------------------------------------------------------------------------------


def pack(model):
    """A subclass of TeamModel or Developer, or None for the plain model, as bytes.

    It may stand in a script or in a cell of a notebook.
    """
    if model is None:
        return b""
    import cloudpickle  # late: only here

    try:
        return cloudpickle.dumps(model)
    except Exception as error:  # whatever a class may hold
        line = " ".join(str(error).split())[:120]
        raise PackError(
            f"{model.__qualname__}: cannot be sent to other processes ({line}); define it in a "
            "module, without open files or locks"
        ) from None


@functools.lru_cache(maxsize=8)
def unpacked(packed):
    """The function that makes a model, from what `pack` gives."""
    return maker(pickle.loads(packed) if packed else None)


def maker(model):
    """The function that makes a model of a class that `pack` takes."""
    from sim.engine.team_model import Developer, TeamModel  # late: Mesa is slow to import

    if model is None:
        return TeamModel
    if issubclass(model, Developer):
        return functools.partial(TeamModel, developer_class=model)
    return model


# ---- worlds --------------------------------------------------------------------------------


def run_world(make, plan, seed, draw, luck, world):
    """Metrics (metrics.NAMES,) and weekly flows (weeks, metrics.FLOWS) of a prepared world (1,)."""
    model = make(plan, seed, int(draw), int(luck), world=world).run()
    return model.metrics(), model.weekly()


def simulate(workers, plan, seed, worlds, draws, lucks, model=None, tell=None):
    """Run prepared worlds of one plan.

    workers : Workers, or None for this process alone, which also takes what is one chunk
    worlds (jobs,) of state.WORLD, draws (jobs,), lucks (jobs,) : where each starts
    model : type, subclass of TeamModel or Developer, optional
    tell : callable, optional, called with (worlds done, worlds in all)

    returns : values (jobs, metrics.NAMES), flows (jobs, weeks, metrics.FLOWS)
    """
    count = workers.count if workers else 1
    size = max(1, min(MOST, -(-len(lucks) // count)))
    chunks = [slice(i, i + size) for i in range(0, len(lucks), size)]
    calls = [(plan, seed, worlds[c], draws[c], lucks[c]) for c in chunks]
    if workers is None or len(calls) == 1:
        parts = map(functools.partial(_run_chunk, maker(model)), calls)
    else:
        parts = workers.map(functools.partial(_run_packed, pack(model)), calls)
    rows: list = []
    for part in parts:
        rows += part
        if tell is not None:
            tell(len(rows), len(lucks))
    values, flows = zip(*rows, strict=True)
    return np.array(values), np.array(flows)


def _run_packed(packed, call):
    return _run_chunk(unpacked(packed), call)


def _run_chunk(make, call):
    plan, seed, worlds, draws, lucks = call
    return [
        run_world(make, plan, seed, draws[i], lucks[i], worlds[i : i + 1])
        for i in range(len(lucks))
    ]


# ---- processes -----------------------------------------------------------------------------


class Workers:
    """Worker processes, each with a thread of this process that waits for it.

    count  how many; all cores by default
    """

    def __init__(self, count=None):
        self.count = count or os.cpu_count() or 1
        self.threads = ThreadPoolExecutor(self.count, thread_name_prefix="worker")
        self.own = threading.local()  # the process of each thread
        self.started: list = []
        self.closed, self.lock = False, threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.close(now=kind is not None)

    def submit(self, function, *arguments, tries):
        """A Future of what a function gives in a worker; its errors are those of the function.

        tries : int, how often it is tried where the worker dies of it
        """
        return self.threads.submit(self._call, tries, function, arguments)

    def map(self, function, items):
        """What a function gives for each item, in order, as it is there."""
        for future in [self.submit(function, item, tries=TRIES) for item in items]:
            yield future.result()

    def close(self, now=False):
        """End the processes; `now` kills those at work and drops what has not begun."""
        with self.lock:
            self.closed = now
            started = list(self.started) if now else []
        for worker in started:
            worker.shutdown(wait=True, kill_workers=True)
        self.threads.shutdown(wait=True, cancel_futures=now)
        for worker in self.started:
            worker.shutdown(wait=True)

    def _call(self, tries, function, arguments):
        from loky import process_executor  # late: only here

        for _ in range(tries):
            try:
                worker = self._worker()
                return _awaited(worker, worker.submit(function, *arguments))
            except process_executor.TerminatedWorkerError:
                self._forget_worker()
            except process_executor.BrokenProcessPool as error:
                # It cannot read the call, and would not a second time.
                self._forget_worker()
                line = " ".join(str(error).split())[:120]
                raise WorkerError(1, arguments, line) from None
        raise WorkerError(tries, arguments)

    def _worker(self):
        from loky import ProcessPoolExecutor  # late: only here

        with self.lock:
            if self.closed:
                raise RuntimeError("these workers have been closed")
            if getattr(self.own, "worker", None) is None:
                self.own.worker = ProcessPoolExecutor(
                    1, initializer=_begin, initargs=(os.getpid(),)
                )
                self.started.append(self.own.worker)
            return self.own.worker

    def _forget_worker(self):
        with self.lock:
            self.started.remove(self.own.worker)
            self.own.worker = None


def _awaited(worker, future):
    """What a worker gives; an error where whoever waits for it here has ended, for want of memory.

    worker : loky.ProcessPoolExecutor
    """
    from loky import process_executor  # late: only here

    while True:
        try:
            return future.result(timeout=BEAT)
        except TimeoutError:
            if future.done():  # an error of the function itself, or just ended
                return future.result()
            waits = worker._executor_manager_thread
            if waits is not None and not waits.is_alive():
                raise process_executor.BrokenProcessPool("nobody waits for it") from None


def _begin(parent):
    """The first thing a worker process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits
    os.dup2(2, 1)  # what a model prints must not mix with what the caller prints
    threading.Thread(target=_leave_without, args=(parent,), daemon=True).start()


def _leave_without(parent):
    """End this process soon after the one that started it, however that ended."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)
