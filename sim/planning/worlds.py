"""Simulated worlds of the plans that a page asks for, kept by content and refined by more draws."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

import numpy as np

from sim.engine import metrics
from sim.errors import PlannerError
from sim.experiments import leading, workload
from sim.experiments.ask import Worlds, ask
from sim.scenario import Scenario
from sim.scenario.scenario import fingerprint

LUCK, SEED = 2, 1  # as the commands take by default
STAGES = (10, 100, 200)  # draws: while a slider moves, when it rests, and then
FEWER = 50  # draws when it rests, of a plan that takes too long for more
STEP = 0.15  # seconds, as estimated, before a newer request is looked for
LEAST_STEP, MOST_STEP = 5, 50  # draws
MOST_SECONDS = 8.0  # of a stage, as estimated; a larger one is not offered
MOST_KEPT = 48_000_000  # bytes of worlds
NUMBER = 8  # bytes
ACCOUNTS = tuple(name for name in metrics.NAMES if metrics.BY_NAME[name].group == "hours")
COSTS = ("labour_cost", "tool_cost", "training_cost", "hiring_cost", "cost_to_horizon")
BESIDE = ("review_wait_mean", "escaped_defects", "expert_load", "abandoned")
_ALWAYS = ("work_delivered", "tasks_done", *BESIDE, *ACCOUNTS)
_OF_BACKLOG = ("finish_week", "weeks_to_done")
_UP_TO_A_WEEK = "cost_until_done"  # follows from costs by week, which are not kept
FLOWS = ("work_delivered", "tasks_done_average", "tasks_done_advanced")


class Superseded(Exception):  # noqa: N818  # no error: a newer request takes its place
    """The answer is not wanted any more."""


def asked_metrics(plan: Scenario, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Metrics that an answer is made of, as far as a plan has them."""
    names = (*_ALWAYS, *more, *_OF_BACKLOG, "done_by", *COSTS, "net_value")
    return tuple(name for name in dict.fromkeys(names) if not leading.lacks(plan, name))


def stages_of(*plans: Scenario) -> tuple[int, ...]:
    """Draws of each stage that plans may be answered with, the coarsest first.

    Raises PlannerError, one line, where none can be in a time that anybody waits.
    """
    seconds = {
        draws: sum(workload.of_worlds(plan, draws, LUCK, weekly=True).seconds for plan in plans)
        for draws in (*STAGES, FEWER)
    }
    offered = tuple(draws for draws in STAGES if seconds[draws] <= MOST_SECONDS)
    if len(offered) == 1 and seconds[FEWER] <= MOST_SECONDS:
        return *offered, FEWER
    if not offered:
        took = workload.duration(seconds[STAGES[0]])
        raise PlannerError(
            f"about {took} for {STAGES[0] * LUCK} worlds: too much for the page; ask for fewer "
            "people, weeks or tickets, or use `tiercurve run`"
        )
    return offered


class WorldCache:
    """Worlds of plans, the last used kept; no world of a plan is simulated twice while they are.

    Plans that differ in their question alone, such as in its deadline, are the same worlds.

    most : bytes that are kept at most, but for the last plan
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.most = most
        self.kept: OrderedDict[tuple, Worlds] = OrderedDict()
        self.lock = Lock()

    def worlds(
        self, plan: Scenario, draws: int, metric: str, superseded: Callable[[], bool] = bool
    ) -> Worlds:
        """The first draws of a plan: those that are kept, and those that lack.

        metric : that leads, beside those that are always asked
        superseded : whether the answer is not wanted any more; asked between steps

        Raises Superseded.
        """
        names = asked_metrics(plan, (metric,))
        key = (_what_runs(plan, names), str(plan.curves_file), names)
        step = _step(plan)
        with self.lock:
            there = self.kept.get(key)
        while there is None or there.draws < draws:
            if superseded():
                raise Superseded
            first = there.draws if there else 0
            more = min(step if first else STAGES[0], draws - first)
            new = ask(
                there.plan if there else plan, draws=more, first=first, luck=LUCK, seed=SEED,
                metrics=names, weekly=FLOWS,
            )  # fmt: skip
            there = there.extend(new) if there else new
            self._keep(key, there)
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
        return _with_question(there.part(draws), plan)

    def _keep(self, key: tuple, worlds: Worlds) -> None:
        with self.lock:
            self.kept[key] = worlds
            self.kept.move_to_end(key)
            while len(self.kept) > 1 and sum(map(_bytes, self.kept.values())) > self.most:
                self.kept.popitem(last=False)


def _what_runs(plan: Scenario, names: tuple[str, ...]) -> str:
    """Fingerprint of what worlds follow from: all that a plan states but its question."""
    if _UP_TO_A_WEEK in names:
        return plan.sha256
    return fingerprint({key: value for key, value in plan.to_dict().items() if key != "answer"})


def _with_question(worlds: Worlds, plan: Scenario) -> Worlds:
    """Worlds with what a plan's question makes of them: its deadline, and up to when weeks count.

    The same to the bit as if they had been simulated, unless a backlog is done within a rounding
    error of the deadline.
    """
    values = dict(worlds.values)
    week = values.get("finish_week")
    if week is not None and "done_by" in values:
        values["done_by"] = (week <= plan.by_week).astype(float)
    if week is not None and "weeks_to_done" in values:
        values["weeks_to_done"] = np.fmin(week, plan.up_to_week)
    return replace(worlds, plan=plan, values=values)


def _step(plan: Scenario) -> int:
    """Draws to simulate before a newer request is looked for."""
    seconds = workload.of_worlds(plan, MOST_STEP, LUCK, weekly=True).seconds / MOST_STEP
    return max(LEAST_STEP, min(MOST_STEP, int(STEP / seconds)))


def _bytes(worlds: Worlds) -> int:
    """Memory that worlds take, roughly."""
    weeks = worlds.plan.horizon.weeks
    return NUMBER * worlds.draws * LUCK * (len(worlds.metrics) + weeks * len(worlds.flows))
