"""Run the chunks of a sweep that are missing, write each as it ends, and end cleanly."""

import errno
import time

from sim.errors import SweepError, SweepStopped
from sim.experiments.sweep import chunk, design
from sim.files import reason as reason_of

AHEAD = 2  # chunks in flight for each worker: one at work, one waiting
STATUS_EVERY = 10.0  # seconds between writings of the status table
LAST_WAIT = 10.0  # seconds given to chunks at work when somebody stops the sweep
FULL = (errno.ENOSPC, errno.EDQUOT)


def chunks(store, numbers, draws, luck, most):
    """Chunks of the worlds that are still missing: iterator of lists of (point, values, block)."""
    asked = (0, draws, 0, luck)
    left = (
        (number, block)
        for number in numbers
        for block in chunk.missing(asked, store.done.get(number, ()))
    )
    for part in chunk.packed(left, most):
        yield [(number, store.points[number], block) for number, block in part]


def count_missing(store, numbers, draws, luck):
    """How many worlds are still missing."""
    asked = (0, draws, 0, luck)
    return sum(
        chunk.worlds(block)
        for number in numbers
        for block in chunk.missing(asked, store.done.get(number, ()))
    )


def run(store, job, todo, pool, tell, strict=False):
    """Compute chunks on a pool and keep each in the store as it ends.

    todo : iterable of chunks; few are taken ahead, so memory does not grow with it
    tell : called with each Done
    strict : whether the first failing point ends it

    Raises SweepStopped where the caller is interrupted, SweepError where the disk or the memory is
    full or, if strict, at the first failure. What is done is kept.
    """
    todo, saved = iter(todo), time.monotonic()
    flying: set = set()
    now = True
    try:
        while True:
            flying |= _submitted(pool, job, todo, AHEAD * pool.workers - len(flying))
            if not flying:
                break
            ended, flying = pool.wait(flying)
            for future in ended:
                _keep(store, pool.result(future), tell, strict)
            if time.monotonic() - saved > STATUS_EVERY:
                store.save_status()
                saved = time.monotonic()
        now = False
    except KeyboardInterrupt:
        _last_ones(store, pool, flying, tell)
        raise SweepStopped from None
    except OSError as error:
        raise _write_error(store, error) from None
    except MemoryError:
        raise _stopped(store, "not enough memory", "With fewer threads, start") from None
    finally:
        pool.close(now)
        _save_status(store)


def _submitted(pool, job, todo, room):
    """Chunks handed to the pool, as many as there is room for."""
    futures: set = set()
    while len(futures) < room:
        chunk = next(todo, None)
        if chunk is None:
            break
        futures.add(pool.submit(job, chunk))
    return futures


def _keep(store, done, tell, strict):
    store.keep(done)
    tell(done)
    if strict and done.errors:
        point, error = done.errors[0]
        raise SweepError(failure(store, point, error) + "; stopped, as strict asks")


def failure(store, point, error):
    """A failing point in one line."""
    return f"point {point} ({design.in_words(store.points[point])}) failed: {error}"


def _last_ones(store, pool, flying, tell):
    """Keep the chunks that were running when the sweep was stopped; drop those not begun."""
    running = {future for future in flying if not future.cancel()}
    until = time.monotonic() + LAST_WAIT
    try:
        while running and time.monotonic() < until:
            ended, running = pool.wait(running, timeout=until - time.monotonic())
            for future in ended:
                store.keep(pool.result(future))
    except (KeyboardInterrupt, Exception):
        return  # stopped once more, or it failed: it is done again next time


def _save_status(store):
    try:
        store.save_status()
    except OSError:
        return  # the files themselves say it all


def _write_error(store, error):
    full = error.errno in FULL
    reason, first = reason_of(error), "Start"
    if full:
        reason, first = "the disk is full", "Make room and start"
    return _stopped(store, reason, first)


def _stopped(store, reason, first):
    """Why a sweep ended before its time, and how it goes on."""
    return SweepError(
        f"{store.folder.name}: {reason}; {store.rows:,} rows are kept. {first} the same sweep "
        "again: it goes on from there"
    )
