"""Work and memory that simulated worlds take, estimated from plans alone, before anything runs.

A world's events follow from its hours of development and how long a stretch of work takes in the
mean; its time from events, tasks and people; memory from the rows that are kept. Each experiment
adds up the worlds of its own design. Constants are rough: the events of a world are right within a
factor of 3 for ordinary plans (`tests/experiments/test_workload.py`), and so is the time on a
machine that does nothing else. Plans with long queues that nobody may take can need more.
"""

import math
import os
from dataclasses import dataclass, replace

from sim import machine
from sim.engine import metrics, state
from sim.experiments.one_world import world

A_MINUTE, AN_HOUR = 60.0, 3600.0  # [s]
# Share of the memory that rows may take: the rest of the process needs some (assumption).
ROOM = 0.8

# Seconds in one thread, a draw: setting up and summing up; which parameters carry the claims of a
# plan, or of a difference; the value of knowing.
PER_DRAW, PER_DRAW_OF_CLAIMS, PER_DRAW_OF_VALUE = 0.5e-3, 4e-3, 3e-3
MESA = 130  # times the compiled clock's time for an event (benchmarks/README.md)

# Bytes.
NUMBER = 8
VALUES = NUMBER * len(metrics.NAMES)  # of a world
FLOWS = NUMBER * len(metrics.FLOWS)  # of a week of a world
INDEX = 3 * NUMBER  # of a row: draw, luck, week
PER_DRAW_KEPT = 1000  # parameters of a draw, as drawn and as a table
PER_DRAW_SUMMED = 2000  # the largest step of summing up a metric
TEMPLATE = state.WORLD.itemsize + PER_DRAW_KEPT + PER_DRAW_SUMMED  # of a draw


@dataclass(frozen=True)
class Workload:
    """What an experiment takes, estimated before it runs.

    worlds   that are simulated
    events   of the clock, in all of them
    seconds  that it takes here, on so many threads
    memory   the most that it holds at a time [bytes]
    kept     what it still holds when it is over [bytes]
    threads  that run worlds
    at_most  whether fewer worlds may do
    """

    worlds: int
    events: float
    seconds: float
    memory: float
    kept: float
    threads: int
    at_most: bool = False

    def __add__(self, other):
        """One after the other; what the first keeps is held while the other runs."""
        return Workload(
            self.worlds + other.worlds, self.events + other.events, self.seconds + other.seconds,
            max(self.memory, self.kept + other.memory), self.kept + other.kept,
            max(self.threads, other.threads), self.at_most or other.at_most,
        )  # fmt: skip

    def times(self, count):
        """So many alike, one after another."""
        return Workload(
            self.worlds * count, self.events * count, self.seconds * count,
            self.memory + self.kept * (count - 1), self.kept * count, self.threads, self.at_most,
        )  # fmt: skip

    def longer(self, seconds):
        """The same, and so many seconds in one thread."""
        return replace(self, seconds=self.seconds + seconds)

    def freed(self):
        """The same, of which nothing is kept."""
        return replace(self, kept=0.0)

    def stacked(self):
        """The same, whose rows are copied into one array at the end."""
        return replace(self, memory=self.memory + self.kept, kept=2 * self.kept)

    @property
    def fits(self):
        """Whether its rows fit into the memory of this machine."""
        return bool(self.memory <= ROOM * machine.memory())

    def refuse_unfit(self, error, where=""):
        """Refuse what cannot fit into memory: one line.

        error : class of what is raised
        where : what the line starts on, with its colon and space
        """
        if not self.fits:
            raise error(
                f"{where}{self.worlds:,} worlds take about {size(self.memory)} of memory; there "
                f"are {size(machine.memory())} here: ask for fewer draws, luck, weeks or tasks"
            )

    def in_words(self):
        """Time and worlds: "about 3 hours on 2 threads (81,000,000 worlds)"."""
        return self._time() + (f" ({self.worlds:,} worlds)" if self.worlds else "")

    def _time(self):
        about = "up to" if self.at_most else "about"
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        return f"{about} {duration(self.seconds)} on {threads}"

    def text(self):
        """Estimates of worlds, time and memory, a line each, for a terminal."""
        most = "up to " if self.at_most else ""
        fit = "" if self.fits else ": it does not fit, and would be refused"
        return "\n".join((
            f"worlds  {most}{self.worlds:,}" if self.worlds else "worlds  not counted",
            f"time    {self._time()}",
            f"memory  about {size(self.memory)} of {size(machine.memory())}{fit}",
            "Nothing was run. Time and memory are rough, within a factor of 3.",
        ))  # fmt: skip

    def to_json(self):
        """Plain data; `machine_bytes` is None where the system does not say."""
        there = machine.memory()
        return {
            "worlds": self.worlds,
            "events": round(self.events),
            "seconds": round(self.seconds, 3),
            "memory_bytes": round(self.memory),
            "machine_bytes": round(there) if math.isfinite(there) else None,
            "fits": self.fits,
        }


NOTHING = Workload(0, 0.0, 0.0, 0.0, 0.0, 1)


def of_worlds(plan, draws, luck=1, threads=None, engine="compiled", weekly=False, copies=2.0):
    """What the worlds of a plan take: Workload.

    draws, luck : worlds are their product
    threads : as for `run`; all cores by default
    weekly : whether the flows of each week are kept too
    copies : how many times over the rows are held at a time, at most
    """
    one, worlds, cores = world(plan), draws * luck, os.cpu_count() or 1
    threads = threads or cores
    weeks = plan.horizon.weeks if weekly else 0
    rows = worlds * (VALUES + INDEX + weeks * (FLOWS + INDEX))
    slower = MESA if engine == "mesa" else 1
    return Workload(
        worlds,
        worlds * one.events,
        worlds * one.seconds * slower / min(threads, cores) + draws * PER_DRAW,
        copies * rows + draws * TEMPLATE + min(threads, worlds) * one.memory,
        rows + draws * PER_DRAW_KEPT,
        threads,
    )


def measured(seconds, memory=0.0, threads=1):
    """A Workload known by measurement, whose worlds are not counted.

    seconds : that it takes one thread
    memory : the most that it holds at a time [bytes]
    threads : that share it; None for all cores
    """
    cores = os.cpu_count() or 1
    threads = threads or cores
    return Workload(0, 0.0, seconds / min(threads, cores), memory, 0.0, threads)


# ---- in words ------------------------------------------------------------------------------------


def limit_in_words(seconds):
    """A limit on a time in words: "a minute", "an hour"."""
    return {A_MINUTE: "a minute", AN_HOUR: "an hour"}.get(seconds) or duration(seconds)


def duration(seconds):
    """A time in words, to the step that so rough a number supports."""
    for most, unit, length in (
        (90, "second", 1), (5400, "minute", 60), (172_800, "hour", 3600),
        (63_072_000, "day", 86_400),
    ):  # fmt: skip
        if seconds < most:
            count = _rounded(max(1.0, seconds / length))
            return f"{count:,} {unit}{'s' if count > 1 else ''}"
    return f"{_rounded(seconds / 31_536_000):,} years"


def _rounded(number):
    """A whole number of two figures."""
    return round(float(f"{number:.2g}"))


def size(count):
    """Bytes in words."""
    for unit, length in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= length:
            return (
                "unknown size"
                if math.isinf(count)
                else f"{float(f'{count / length:.2g}'):,.15g} {unit}"
            )
    return "1 MB"
