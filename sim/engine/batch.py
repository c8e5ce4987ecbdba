"""Many worlds at once: templates, each a world and its team, and the luck they meet.

Templates may differ in everything: levers, uncertain parameters, team, weeks. Jobs run on
the compiled clock in threads that share nothing but the output, so rows depend neither on
the number of threads nor on how jobs are cut into chunks.
"""

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sim.engine import clock, luck, metrics, setup, state

MOST = 256  # jobs a thread takes at a time


@dataclass(frozen=True)
class WorldTemplates:
    """The initial states that worlds are copied from.

    worlds      (p,) of state.WORLD
    team        (seats,) of state.DEVELOPER, teams one after another
    begin, end  (p,), the team of template i is team[begin[i] : end[i]]
    """

    worlds: np.ndarray
    team: np.ndarray
    begin: np.ndarray
    end: np.ndarray

    @property
    def weeks(self):
        """The longest run among the templates [weeks]."""
        return int(self.worlds["horizon"].max() / state.HOURS_PER_WEEK) if len(self.worlds) else 0

    @property
    def people(self):
        """The largest team among the templates."""
        return int((self.end - self.begin).max(initial=0))


def templates_of(plan, seed, values):
    """The WorldTemplates of a plan: one initial state for each draw of its uncertain parameters.

    values : parameter -> values (draws,), as `setup.draw` returns them
    """
    worlds, team = setup.worlds(plan, seed, values), setup.team(plan)
    zeros = np.zeros(len(worlds), np.int64)
    return WorldTemplates(worlds, team, zeros, zeros + len(team))


def first_alike(templates, draw):
    """For each template the first that is equal to it, bit for bit, and has its draw: int (p,).

    Worlds from such templates that meet the same luck are one world.

    draw : int array (p,)
    """
    seen: dict = {}
    found = np.empty(len(templates.worlds), np.int64)
    for i in range(len(found)):
        digest = hashlib.blake2b(templates.worlds[i].tobytes(), digest_size=16)
        digest.update(templates.team[templates.begin[i] : templates.end[i]].tobytes())
        found[i] = seen.setdefault((int(draw[i]), digest.digest()), i)
    return found


def joined(several):
    """The templates of several, one after another."""
    offsets = np.cumsum([0, *(len(templates.team) for templates in several)])
    return WorldTemplates(
        np.concatenate([templates.worlds for templates in several]),
        np.concatenate([templates.team for templates in several]),
        np.concatenate([p.begin + o for p, o in zip(several, offsets, strict=False)]),
        np.concatenate([p.end + o for p, o in zip(several, offsets, strict=False)]),
    )


def simulate(
    templates,
    template,
    replication,
    threads=None,
    weekly=False,
    tell=None,
    chunk=None,
    lead_times=True,
):
    """Run worlds on the compiled clock.

    Worlds that meet the same luck run one after another, and share what has been drawn of it.

    Parameters
    ----------
    templates : WorldTemplates
    template : int array (jobs,)
        Which template each job starts from.
    replication : int array (jobs,)
        Which luck it meets: `setup.replication(draw, luck)`.
    threads : int, optional
        All cores by default.
    weekly : bool
        Whether to keep the flows of each week.
    tell : callable, optional
        Called with (jobs done, jobs in all) as they end.
    chunk : int, optional
        Jobs a thread takes at a time.
    lead_times : bool
        Whether to measure lead times, which takes a sort for each world; NaN if not.

    Returns
    -------
    values : array (jobs, metrics.NAMES)
    flows : array (jobs, weeks, metrics.FLOWS), NaN after a job's own horizon; empty unless weekly
    """
    jobs, threads = len(template), threads or os.cpu_count()
    template, replication = np.asarray(template, np.int64), np.asarray(replication, np.int64)
    order = np.argsort(replication, kind="stable")
    chunk = chunk or min(MOST, max(16, jobs // (8 * threads)))
    values = np.empty((jobs, len(metrics.NAMES)))
    flows = np.full((jobs if weekly else 0, *flows_shape(templates, weekly)), np.nan)
    local = threading.local()

    def work(first):
        if not hasattr(local, "scratch"):
            local.scratch = scratch_for(templates, replication)
        mine = order[first : first + chunk]
        out = np.empty((len(mine), len(metrics.NAMES)))
        by_week = np.full((len(mine) if weekly else 0, *flows_shape(templates, weekly)), np.nan)
        run_chunk(
            templates, template[mine], replication[mine], local.scratch, out, by_week, lead_times
        )
        values[mine] = out
        if weekly:
            flows[mine] = by_week
        return len(mine)

    finished = 0
    with ThreadPoolExecutor(threads) as pool:
        for count in pool.map(work, range(0, jobs, chunk)):
            finished += count
            if tell is not None:
                tell(finished, jobs)
    return values, flows


def scratch_for(templates, replication):
    """Arrays to run worlds of these templates in, which meet this luck."""
    rows = luck.rows_for(replication)
    return setup.Scratch(templates.people, templates.weeks, luck_rows=rows)


def flows_shape(templates, weekly):
    """Shape of a job's weekly flows, (0, 0) where they are not kept."""
    return (templates.weeks, len(metrics.FLOWS)) if weekly else (0, 0)


def run_chunk(templates, template, replication, scratch, values, flows, lead_times=True):
    """Run jobs one after another, with more room for tasks where a world needs it."""
    done, rows, by_week = 0, metrics.records(values), metrics.records(flows, metrics.WEEK_ROW)
    while done < len(template):
        done = clock.batch(
            templates.worlds, templates.team, templates.begin, templates.end, template, replication,
            scratch.arrays, rows, by_week, lead_times, done,
        )  # fmt: skip
        if done < len(template):
            scratch.grow(2 * scratch.capacity)
