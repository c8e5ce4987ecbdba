"""Who computes chunks: threads here, or processes here for models that hold the interpreter.

A pool has `workers`, `submit(job, blocks)`, `wait(futures)` -> (done, rest),
`result(future)` and `close(now)`.
"""

import contextlib
import logging
import math
import os
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import numpy as np

from sim.analysis import estimates
from sim.engine import metrics
from sim.engine.mesa_worlds import Workers
from sim.errors import SweepError, WorkerError
from sim.experiments.sweep import chunk
from sim.experiments.sweep.chunk import MAIN, compute
from sim.records.words import rounded

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
        """Shut the pool down; `now` drops the chunks that have not begun."""
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
        except (SweepError, MemoryError):
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


# ---- chunks on a Dask cluster; the one door to Dask ----------------------------------------------


TIMEOUT = "20s"
ASK_EVERY = 5.0  # seconds without an ended chunk after which the cluster is asked for its workers
ANSWER = 30.0  # seconds that the scheduler has to answer
WITHOUT_WORKERS = 120.0  # seconds without any worker after which none is waited for


class Dask:
    """The workers of a Dask cluster, as a pool.

    cluster : a scheduler's address such as "tcp://10.0.0.1:8786", or a distributed.Client
    """

    def __init__(self, cluster):
        distributed = _distributed()
        self.wait_for_one = distributed.wait
        self.late = distributed.TimeoutError
        self.own = isinstance(cluster, str)
        self.client = _connect(distributed, cluster) if self.own else cluster
        if not isinstance(self.client, distributed.Client):
            kind = type(cluster).__name__
            raise SweepError(f"cluster must be an address or a distributed.Client, not {kind}")
        self.workers = sum(self.client.nthreads().values())
        if not self.workers:
            self.close()
            raise SweepError(f"cluster {self.client.scheduler.address}: has no workers; start one")
        self.address = self.client.scheduler.address

    def submit(self, job, blocks):
        # Not pure: Dask would hash the arguments, and the same chunk is never asked for twice.
        with self._lost_in_one_line():
            return self.client.submit(compute, job, blocks, pure=False)

    def wait(self, futures, timeout=None):
        """As of the other pools; SweepError where scheduler or workers are lost for good."""
        until = time.monotonic() + (math.inf if timeout is None else timeout)
        last = time.monotonic()  # when there was a worker
        with self._lost_in_one_line():
            while not (ended := self._ended(futures, until))[0] and time.monotonic() < until:
                if self._has_workers():
                    last = time.monotonic()
                elif time.monotonic() - last > WITHOUT_WORKERS:
                    raise self._lost(f"has had no workers for {WITHOUT_WORKERS:g} s")
        return ended

    def _ended(self, futures, until):
        try:
            with self.client.as_current():
                left = min(ASK_EVERY, max(0.0, until - time.monotonic()))
                return self.wait_for_one(futures, left, "FIRST_COMPLETED")
        except self.late:
            return set(), set(futures)

    def _has_workers(self):
        return bool(self.client.sync(self.client.scheduler.ncores, callback_timeout=ANSWER))

    @contextlib.contextmanager
    def _lost_in_one_line(self):
        try:
            yield
        except SweepError:
            raise
        except Exception as error:  # of connections, of futures that were cancelled, of timeouts
            raise self._lost(f"was lost ({type(error).__name__})") from None

    def _lost(self, what):
        return SweepError(
            f"cluster {self.address}: {what}; what ended is kept: start the same sweep again, on a "
            "cluster or without one, it goes on"
        )

    def result(self, future):
        try:
            return future.result(timeout=ANSWER)  # it has ended: no more than its rows are awaited
        except SweepError:
            raise
        except self.late as error:
            raise self._lost(f"was lost ({type(error).__name__})") from None
        except Exception as error:  # whatever may befall machines far away
            line = (str(error).splitlines() or [type(error).__name__])[0][:120]
            raise SweepError(
                f"cluster: gave up a chunk ({line}); start the same sweep again, it goes on"
            ) from None

    def close(self, now=False):
        if self.own:
            self.client.close(timeout=ANSWER)


def _distributed():
    try:
        import distributed
    except ImportError:
        raise SweepError("cluster: needs Dask; pip install 'tiercurve[cluster]'") from None
    return distributed


def _connect(distributed, address):
    # Of a lost scheduler it would log tracebacks beside our line.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        return distributed.Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise SweepError(f"cluster {address}: cannot be reached ({reason[:120]})") from None


# ---- progress of a sweep -------------------------------------------------------------------------


LEAST_ROWS, MOST_ROWS, VERY_MOST_ROWS = 256, 16_384, 65_536  # of a chunk
FIRST_ROWS = 1024  # of a chunk, before it is known how long a world takes
CHUNK_SECONDS = 2.0  # what a chunk should take: so much is lost of each core when killed
FEWEST_MESA_ROWS = 8
PIECES = 8  # chunks for each worker, so that none waits long for another at the end


class Running:
    """The running mean of the main metric over what was computed so far.

    Its error is numerical, clustered by draw: worlds of one draw share what is not known.
    """

    def __init__(self, draws):
        self.sums, self.counts = np.zeros(draws), np.zeros(draws)

    def add(self, draws, sums, counts):
        """Take in the worlds of a chunk: draws (n,), sums (n,) of the metric, counts (n,)."""
        here = np.asarray(draws) < len(self.sums)
        self.sums[draws[here]] += sums[here]
        self.counts[draws[here]] += counts[here]

    def __str__(self):
        there = self.counts > 0
        if there.sum() < 2:
            return ""
        means = self.sums[there] / self.counts[there]
        error = estimates.Z * means.std(ddof=1) / np.sqrt(len(means))
        mean = self.sums.sum() / self.counts.sum()
        shown = " ± ".join(rounded(mean, error))
        return f"{MAIN} {shown} {metrics.UNITS[MAIN]} so far"


class Bar:
    """A bar on a terminal for what takes over a second; silent elsewhere."""

    def __init__(self, shown=None):
        self.shown = sys.stderr.isatty() if shown is None else shown
        self.bar = None

    def __call__(self, done, total, note=""):
        if not self.shown:
            return
        if self.bar is None:
            from tqdm import tqdm

            file = getattr(sys.stderr, "stream", sys.stderr)  # it moves the cursor itself
            self.bar = tqdm(
                total=total, initial=done, unit="world", unit_scale=True, delay=1, leave=False,
                file=file,
            )  # fmt: skip
        self.bar.set_postfix_str(note, refresh=False)
        self.bar.update(done - self.bar.n)

    def close(self):
        if self.bar is not None:
            self.bar.close()


class Pace:
    """Chooses worlds per chunk: few enough to share out and to lose, enough to be worth a file."""

    def __init__(self, left, workers, mesa, fixed):
        share = left // (PIECES * workers) + 1
        self.least = FEWEST_MESA_ROWS if mesa else LEAST_ROWS
        most = min(max(MOST_ROWS, left // 2000), VERY_MOST_ROWS)  # thousands of files, not millions
        self.most = fixed or min(max(share, self.least), most)
        self.rows = fixed or min(self.most, self.least if mesa else FIRST_ROWS)
        self.fixed = fixed

    def __call__(self):
        return self.rows

    def learn(self, worlds, seconds):
        """Take in how long a chunk took."""
        if not self.fixed and seconds > 0:
            right = int(CHUNK_SECONDS * worlds / seconds)
            self.rows = min(max(right, self.least), self.most)


class Tell:
    """Reports progress as chunks end."""

    def __init__(self, done, total, draws, progress, pace):
        self.done, self.total, self.progress, self.pace = done, total, progress, pace
        self.running = Running(draws)

    def __call__(self, done):
        worlds = sum(chunk.worlds(block) for _, *block in done.notes["blocks"])
        self.done += worlds
        self.pace.learn(worlds, done.seconds[0])
        self.running.add(*done.estimate)
        self.progress(self.done, self.total, str(self.running))
