"""Chunks on a Dask cluster; the one door to Dask.

Workers send their rows back and only the caller writes, so no file system is shared and
a worker that dies costs no more than its chunks, which Dask gives to another.
"""

from sim.errors import SweepError
from sim.experiments.sweep.chunk import compute

TIMEOUT = "20s"


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

    def submit(self, job, blocks):
        # Not pure: Dask would hash the arguments, and the same chunk is never asked for twice.
        return self.client.submit(compute, job, blocks, pure=False)

    def wait(self, futures, timeout=None):
        try:
            with self.client.as_current():
                return self.wait_for_one(futures, timeout, "FIRST_COMPLETED")
        except self.late:
            return set(), set(futures)

    def result(self, future):
        try:
            return future.result()
        except SweepError:
            raise
        except Exception as error:  # whatever may befall machines far away
            line = (str(error).splitlines() or [type(error).__name__])[0][:120]
            raise SweepError(
                f"cluster: gave up a chunk ({line}); start the same sweep again, it goes on"
            ) from None

    def close(self, now=False):
        if self.own:
            self.client.close()


def _distributed():
    try:
        import distributed
    except ImportError:
        raise SweepError("cluster: needs Dask; pip install 'tiercurve[cluster]'") from None
    return distributed


def _connect(distributed, address):
    try:
        return distributed.Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise SweepError(f"cluster {address}: cannot be reached ({reason[:120]})") from None
