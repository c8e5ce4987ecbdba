"""One thread that answers, for any number of visitors: of each only the latest request counts."""

import asyncio
import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sim.errors import PlannerError
from sim.planning.worlds import Superseded

MOST_VISITORS = 64  # that wait at once


@dataclass(eq=False)
class _Job:
    work: Callable[[Callable[[], bool]], Any]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future
    superseded: bool = False

    def end(self, result: Any = None, error: BaseException | None = None) -> None:
        """Hand over what came of it; who asked may be gone."""

        def put() -> None:
            if self.answer.done():
                return
            if error is None:
                self.answer.set_result(result)
            else:
                self.answer.set_exception(error)

        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(put)


class Worker:
    """Runs one request after another, visitors in turn.

    A newer request of a visitor takes the place of one that waits, and stops one that runs at its
    next step. Nothing of one visitor reaches another.

    first : work done before any request, such as what makes the first answer quick; if it fails,
        so does the request that asks for it
    """

    def __init__(self, first: Callable[[], Any] = bool) -> None:
        self.first = first
        self.waiting: OrderedDict[str, _Job] = OrderedDict()
        self.running: tuple[str, _Job] | None = None
        self.changed = threading.Condition()
        self.stopped = False
        self.thread = threading.Thread(target=self._run, name="answers", daemon=True)

    def start(self) -> "Worker":
        self.thread.start()
        return self

    def stop(self) -> None:
        """End at the next step; who waits is told at once that it is superseded."""
        with self.changed:
            self.stopped = True
            running = [self.running[1]] if self.running else []
            for job in (*running, *self.waiting.values()):
                job.end(error=Superseded())
            self.waiting.clear()
            self.changed.notify()

    async def answer(self, visitor: str, work: Callable[[Callable[[], bool]], Any]) -> Any:
        """What `work` returns, run in the thread; it is told whether it is superseded when it asks.

        Raises what it raises; Superseded where a newer request of the visitor came; PlannerError
        where too many visitors wait.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        with self.changed:
            older = self.waiting.pop(visitor, None)
            if older is None and len(self.waiting) >= MOST_VISITORS:
                raise PlannerError("too many people ask at once; try again in a moment")
            if older is not None:
                older.end(error=Superseded())
            if self.running and self.running[0] == visitor:
                self.running[1].superseded = True
            self.waiting[visitor] = job
            self.changed.notify()
        return await job.answer

    def _is_superseded(self, job: _Job) -> bool:
        return job.superseded or self.stopped

    def _run(self) -> None:
        with contextlib.suppress(Exception):
            self.first()
        while True:
            with self.changed:
                while not self.waiting and not self.stopped:
                    self.changed.wait()
                if self.stopped:
                    return
                self.running = self.waiting.popitem(last=False)
                job = self.running[1]
            try:
                job.end(job.work(partial(self._is_superseded, job)))
            except BaseException as error:
                job.end(error=error)
            finally:
                with self.changed:
                    self.running = None
