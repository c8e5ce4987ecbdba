"""Who computes chunks: threads here, or processes here for models that hold the interpreter.

A pool has `workers`, `submit(job, blocks)`, `wait(futures)` -> (done, rest),
`result(future)` and `close(now)`.
"""

import os
import pickle
import struct
import subprocess
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from sim.errors import SweepError
from sim.experiments.sweep.chunk import compute

TRIES = 3  # how often a chunk is tried whose worker dies
SIZE = struct.Struct("<Q")


class Threads:
    """Threads of this process, for the compiled clock, which holds no lock."""

    work = staticmethod(compute)

    def __init__(self, workers=None):
        self.workers = workers or os.cpu_count() or 1
        self.pool = ThreadPoolExecutor(self.workers, thread_name_prefix="sweep")

    def submit(self, job, blocks):
        return self.pool.submit(self.work, job, blocks)

    def wait(self, futures, timeout=None):
        return wait(futures, timeout, FIRST_COMPLETED)

    def result(self, future):
        return future.result()

    def close(self, now=False):
        """End; `now` drops what has not begun."""
        self.pool.shutdown(wait=not now, cancel_futures=True)


class Processes(Threads):
    """Worker processes, each spoken to through pipes by a thread of this one.

    A worker starts anew (nothing is forked) and does not import the caller's script, so
    this works in a script without a guard, in a notebook and wherever processes spawn. One
    that dies is replaced and its chunk tried again.
    """

    def __init__(self, workers=None):
        super().__init__(workers)
        self.own, self.started, self.closed = threading.local(), [], False

    def work(self, job, blocks):
        for _ in range(TRIES):
            if self.closed:
                break
            try:
                return _answer(self._worker(), pickle.dumps((job, blocks)))
            except (EOFError, BrokenPipeError, ConnectionError):
                self.own.worker.wait()
                self.own.worker = None
        points = ", ".join(str(p) for p in dict.fromkeys(b[0] for b in blocks[:3]))
        raise SweepError(f"a worker process died {TRIES} times at point {points}")

    def _worker(self):
        if getattr(self.own, "worker", None) is None:
            self.own.worker = _start()
            self.started.append(self.own.worker)
        return self.own.worker

    def close(self, now=False):
        self.closed = True
        if now:
            for worker in self.started:
                worker.kill()
        super().close(now)
        for worker in self.started:
            worker.stdin.close()  # it reads the end and leaves
            worker.wait()
            worker.stdout.close()


def _start():
    """A worker process, told where to find what this one can import."""
    command = [sys.executable, "-m", "sim.experiments.sweep.worker"]
    paths = [path for path in sys.path if path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([os.getcwd(), *paths])}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
        start_new_session=True,  # Ctrl-C is for the one who waits
    )  # fmt: skip


def _answer(worker, request):
    send(worker.stdin, request)
    kind, found = pickle.loads(receive(worker.stdout))
    if kind == "failed":
        raise found
    return found


def send(stream, data):
    """Write a message, its length first."""
    stream.write(SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream):
    """Read a message; EOFError where the other side has gone."""
    head = stream.read(SIZE.size)
    if len(head) < SIZE.size:
        raise EOFError
    data = stream.read(SIZE.unpack(head)[0])
    if len(data) < SIZE.unpack(head)[0]:
        raise EOFError
    return data
