"""Who computes chunks: threads here, or processes here for models that hold the interpreter.

A pool has `workers`, `submit(job, blocks)`, `wait(futures)` -> (done, rest),
`result(future)` and `close(now)`.
"""

import os
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from sim.engine.mesa_worlds import Workers
from sim.errors import SweepError, WorkerError
from sim.experiments.sweep.chunk import compute

TRIES = 3  # how often a chunk is tried whose worker dies


class Threads:
    """Threads of this process, for the compiled clock, which holds no lock."""

    def __init__(self, workers=None):
        self.workers = workers or os.cpu_count() or 1
        self.pool = ThreadPoolExecutor(self.workers, thread_name_prefix="sweep")

    def submit(self, job, blocks):
        return self.pool.submit(compute, job, blocks)

    def wait(self, futures, timeout=None):
        return wait(futures, timeout, FIRST_COMPLETED)

    def result(self, future):
        return future.result()

    def close(self, now=False):
        """End; `now` drops what has not begun."""
        self.pool.shutdown(wait=not now, cancel_futures=True)


class Processes:
    """Worker processes, for models on Mesa's clock; one that dies costs only its chunk."""

    def __init__(self, workers=None):
        self.pool = Workers(workers)
        self.workers = self.pool.count

    def submit(self, job, blocks):
        return self.pool.submit(compute, job, blocks, tries=TRIES)

    def wait(self, futures, timeout=None):
        return wait(futures, timeout, FIRST_COMPLETED)

    def result(self, future):
        try:
            return future.result()
        except SweepError:
            raise
        except WorkerError as error:
            _, blocks = error.arguments
            points = ", ".join(str(p) for p in dict.fromkeys(b[0] for b in blocks[:3]))
            raise SweepError(f"{error} at point {points}") from None
        except Exception as error:  # above all a class that cannot be found there
            line = " ".join(str(error).split())
            raise SweepError(f"a worker cannot run this: {type(error).__name__}: {line}") from None

    def close(self, now=False):
        self.pool.close(now)
