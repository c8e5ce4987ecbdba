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
from functools import lru_cache

import numpy as np

from sim import machine, parameters
from sim.engine import curves, metrics, state

A_MINUTE, AN_HOUR = 60.0, 3600.0  # [s]
ROOM = (
    0.8  # share of the memory that rows may take: the rest of the process needs some (assumption)
)

# Seconds of a core: measured on the packaged plans and on large ones, November 2026.
PER_WORLD = 20e-6
PER_EVENT = 0.35e-6
PER_EVENT_AND_PERSON = 2.2e-9  # whoever is idle is asked
PER_EVENT_AND_PASSED = 0.06e-6  # a task that is passed over in a queue nobody may take from
PER_TASK = 0.2e-6
PER_PERSON_WEEK = 0.1e-6
# In one thread, a draw: setting up and summing up; which parameters carry the claims of a plan, or
# of a difference; the value of knowing.
PER_DRAW, PER_DRAW_OF_CLAIMS, PER_DRAW_OF_VALUE = 0.5e-3, 4e-3, 3e-3
MESA = 130  # times the compiled clock's time for an event (benchmarks/README.md)

# Bytes.
NUMBER = 8
ENTRY = 24  # of a heap of events
CACHE = 1 << 19  # numbers shared by worlds that meet the same luck
VALUES = NUMBER * len(metrics.NAMES)  # of a world
FLOWS = NUMBER * len(metrics.FLOWS)  # of a week of a world
INDEX = 3 * NUMBER  # of a row: draw, luck, week
GROWTH = 1.5  # tasks of a world, while they move to a larger array
PER_DRAW_KEPT = 1000  # parameters of a draw, as drawn and as a table
PER_DRAW_SUMMED = 2000  # the largest step of summing up a metric
TEMPLATE = state.WORLD.itemsize + PER_DRAW_KEPT + PER_DRAW_SUMMED  # of a draw

# Rough, as seen in the packaged plans: how work by sessions and reviews goes on.
SESSIONS = 1.5  # on a piece
BY_HAND = 0.2  # of pieces, after sessions that failed
REVIEWS = 1.5  # of a task
AGAIN = 1.3  # work in all over work as it arrives: rework, fixes
UNREVIEWED = 1.5  # fixes of a task that no review saw
EVENTS = 1.4  # of a stretch of work: its end, a reviewer's look, a defect that surfaces
MIDDLE = 0.5  # of the way from an expert's hours to a novice's


@dataclass(frozen=True)
class World:
    """What one world of a plan takes.

    events   of the clock
    tasks    that exist at its end
    seconds  of a core, compiled
    memory   to work in [bytes]
    """

    events: float
    tasks: float
    seconds: float
    memory: float


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
        return f"{self._time()} ({self.worlds:,} worlds)"

    def _time(self):
        about = "up to" if self.at_most else "about"
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        return f"{about} {duration(self.seconds)} on {threads}"

    def text(self):
        """Estimates of worlds, time and memory, a line each, for a terminal."""
        most = "up to " if self.at_most else ""
        fit = "" if self.fits else ": it does not fit, and would be refused"
        return "\n".join((
            f"worlds  {most}{self.worlds:,}",
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


# ---- one world -----------------------------------------------------------------------------------


@lru_cache(4096)
def world(plan):
    """What one world of a Scenario takes: World."""
    known = parameters.central(plan.world)
    weeks, people = plan.horizon.weeks, sum(group.count for group in (*plan.groups, *plan.joining))
    hours, stretches, parts = _task(plan, known)
    able = _hours_of_people(plan) * known["dev_share"] / max(hours, 1e-9)
    arrived = _arrived(plan)
    worked = min(able, arrived * AGAIN)
    events = worked * EVENTS * stretches + weeks * state.HOURS_PER_WEEK / state.HOURS_PER_DAY
    if plan.tasks.backlog is None and arrived < math.inf:
        events += arrived  # each is one
    fixes = UNREVIEWED if plan.policy.review == "none" else AGAIN - 1
    tasks = worked * (parts + fixes) + (max(0.0, arrived - worked) if arrived < math.inf else 0)
    event = PER_EVENT + PER_EVENT_AND_PERSON * people + PER_EVENT_AND_PASSED * _passed(plan)
    return World(
        events,
        tasks,
        PER_WORLD + events * event + tasks * PER_TASK + people * weeks * PER_PERSON_WEEK,
        GROWTH * tasks * (state.TASK.itemsize + ENTRY)
        + people * (state.DEVELOPER.itemsize + weeks * state.CALENDAR.itemsize)
        + weeks * state.WEEK.itemsize + CACHE,
    )  # fmt: skip


def _hours_of_people(plan):
    """Hours that all are paid for in the run [h]."""
    weeks = plan.horizon.weeks
    there = sum(group.count * group.hours_per_week * weeks for group in plan.groups)
    joined = sum(
        group.count * group.hours_per_week * max(0, weeks - row.week)
        for row, group in zip(plan.joiners, plan.joining, strict=True)
    )
    return there + joined


def _arrived(plan):
    """Tasks that arrive in the run; infinite where there is always a next one."""
    if plan.tasks.backlog is not None:
        return float(plan.tasks.backlog)
    per_week = plan.tasks.arrivals_per_week
    return math.inf if per_week == "saturated" else per_week * plan.horizon.weeks


def _task(plan, known):
    """Hours of development, stretches of work and parts of a task, in the mean over sizes."""
    share = plan.advanced_share.central
    total = np.zeros(3)
    for weight, sizes in ((1 - share, plan.tasks.average), (share, plan.tasks.advanced)):
        for part, hours in _sizes(sizes):
            total += weight * part * np.array(_of_size(plan, known, hours))
    hours, stretches, parts = total
    return AGAIN * hours, AGAIN * stretches, parts


def _sizes(sizes):
    """(weight, size [expert-h]) of a distribution of sizes, at a few points."""
    if sizes.size == "constant":
        return ((1.0, sizes.mean_hours),)
    nodes, weights = curves.normal_nodes(7)
    if sizes.size == "lognormal":
        values = sizes.median_hours * np.exp(sizes.sigma * nodes)
    else:  # exponential, by its own quantiles
        values = -sizes.mean_hours * np.log1p(-(np.arange(7) + 0.5) / 7)
        weights = np.full(7, 1 / 7)
    return tuple(zip(weights, values, strict=True))


def _of_size(plan, known, size):
    """Hours, stretches and parts of one task of a size [expert-h]."""
    policy, tool = plan.policy, plan.tool
    agentic = tool.kind == "agentic" and policy.agent_use != "never"
    by_agent = (1.0 if tool.adoption is None else tool.adoption) if agentic else 0.0
    pieces = math.ceil(size / policy.scope_hours)
    piece = size / pieces
    slower = known["hand_ratio"] ** MIDDLE
    hand = slower * piece
    oversight = known["oversight_share"] * known["instruction_gain"] ** (4 * MIDDLE)
    session = (
        known["planning_hours"] + known["switching_hours"]
        + piece * (oversight * piece ** (known["oversight_growth"] - 1) + known["runtime_share"])
    )  # fmt: skip
    at_a_time = 2 if policy.parallel_sessions > 1 else 1  # the agent's end is an event too
    hours = by_agent * pieces * (SESSIONS * session + BY_HAND * hand)
    stretches = by_agent * pieces * (
        SESSIONS * at_a_time + BY_HAND * max(1.0, hand / policy.stretch_hours)
    )  # fmt: skip
    hours += (1 - by_agent) * slower * size
    stretches += (1 - by_agent) * max(1.0, slower * size / policy.stretch_hours)
    if policy.review != "none":
        hours += REVIEWS * known["review_rate"] * known["review_agent_factor"] * size
        stretches += REVIEWS
    return hours, stretches, min(math.ceil(size / policy.split_hours), state.MOST_PARTS)


def _passed(plan):
    """Tasks that a look along the queue passes over where most may not take them."""
    if plan.policy.routing != "strict":
        return 0.0
    least = curves.LEVELS.index(plan.policy.matched_level) + 1
    groups = (*plan.groups, *plan.joining)
    unable = sum(group.count for group in groups if max(high for _, high in group.levels) < least)
    share = unable / max(1, sum(group.count for group in groups))
    return plan.policy.lookahead * share * plan.advanced_share.central


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
