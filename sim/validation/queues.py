"""Queues whose mean wait is known, run on the engine: people by hand who are certain and exact.

Tasks of the first and the last `EDGE` hours are left out: the queue's relaxation time is about
150 h, so that neither the empty start nor the end can be seen.
"""

import numpy as np

from sim.engine import state
from sim.validation import closed_forms, worlds
from sim.validation.check import mean_check

WEEKS, EDGE = 520, 2000.0  # [weeks], [h]
LOAD, SERVICE = 0.7, 4.0  # busy share of each person; mean size [h]
EXPONENTIAL = {"size": "exponential", "mean_hours": SERVICE}
LOGNORMAL = {"size": "lognormal", "median_hours": 2.0, "sigma": 1.0}
GROUP = "queues"


def plan(servers, rate, sizes, fix_share=0.0):
    """Experts who each do one task after another; tasks arrive by chance, `rate` an hour."""
    return worlds.alone(weeks=WEEKS, experts=servers, dev_share=1.0).replace(
        {"tasks": {"arrivals_per_week": 40 * rate}}
        | {"tasks.average": sizes, "tasks.advanced": sizes, "tasks.fix_share": fix_share}
    )


def waits(end):
    """Waits [h] of the tasks that arrived in the middle of a run, and which of them are fixes.

    Every such task must have been started once: a wait that has not ended would be missed.
    """
    tasks = end.tasks
    middle = (tasks["arrival"] > EDGE) & (tasks["arrival"] < WEEKS * 40 - EDGE)
    order = np.argsort(tasks["key"])
    place = order[np.searchsorted(tasks["key"][order], end.trace["task"])]
    seen = middle[place]
    if seen.sum() != middle.sum():
        raise RuntimeError("a task in the middle of the run was started twice or not at all")
    wait = (end.trace["start_hours"] - tasks["arrival"][place])[seen]
    return wait, (tasks["kind"][place] == state.FIX)[seen]


def many_servers(servers, count=80):
    """Mean wait of an M/M/c queue, over `count` worlds."""
    rate = LOAD * servers / SERVICE
    found = [
        waits(end)[0].mean() for end in worlds.run_many(plan(servers, rate, EXPONENTIAL), count)
    ]
    return mean_check(
        GROUP,
        f"{servers} {'person' if servers == 1 else 'people'} at {LOAD:.0%} load keep tasks waiting"
        f" as an M/M/{servers} queue does",
        "C(c, a) / (c/s - λ), Erlang C" if servers > 1 else "ρ s / (1 - ρ)",
        closed_forms.erlang_wait(servers, rate, SERVICE),
        found,
        "h",
    )


def lognormal_sizes(count=80):
    """Mean wait of an M/G/1 queue with lognormal sizes, over `count` worlds."""
    mean, second = closed_forms.lognormal_moments(2.0, 1.0)
    rate = LOAD / mean
    found = [waits(end)[0].mean() for end in worlds.run_many(plan(1, rate, LOGNORMAL), count)]
    return mean_check(
        GROUP,
        "one person with lognormal sizes keeps tasks waiting as an M/G/1 queue does",
        "λ E[S²] / (2 (1 - λ E[S])), Pollaczek-Khinchine",
        closed_forms.pollaczek_khinchine_wait(rate, mean, second),
        found,
        "h",
    )


def two_classes(count=80, fix_share=0.4):
    """Mean waits of fixes and of new work, which waits for them, over `count` worlds."""
    rate = LOAD / SERVICE
    rates = fix_share * rate, (1 - fix_share) * rate
    expected = closed_forms.priority_waits(rates, SERVICE, 2 * SERVICE**2)
    found = []
    for end in worlds.run_many(plan(1, rate, EXPONENTIAL, fix_share), count):
        wait, fix = waits(end)
        found.append((wait[fix].mean(), wait[~fix].mean()))
    claims = ("fixes wait as the first class", "new work waits as the second class")
    formulas = ("W₀ / (1 - ρ₁)", "W₀ / ((1 - ρ₁)(1 - ρ))")
    return [
        mean_check(
            GROUP,
            f"{claim} of a non-preemptive priority queue does",
            f"{formula}, W₀ = λ E[S²] / 2, Cobham",
            wait,
            values,
            "h",
        )
        for claim, formula, wait, values in zip(
            claims, formulas, expected, zip(*found, strict=True), strict=True
        )
    ]
