"""Worlds of a plan for a page that is redrawn while a person looks at it: arrays, no intervals."""

import os
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.analysis import paired
from sim.engine import batch, metrics, setup
from sim.errors import RunError, choice, count, did_you_mean
from sim.experiments import leading, workload
from sim.experiments.run import MOST_DRAWS, MOST_LUCK
from sim.scenario import Scenario, as_scenario

EXTRA, FINISH = "extra_cost", "finish_week"
_ARRAYS = ("values", "reference_values", "weekly", "reference_weekly")
_LEAD_TIMES = tuple(name for name in metrics.NAMES if name.startswith("lead_time"))


@dataclass(frozen=True, eq=False)
class Worlds:
    """Worlds of a plan and of its reference, pair by pair: the same draws, tasks and luck.

    plan              Scenario
    reference         Scenario, or None where the plan was asked alone
    values            dict, metric -> (draws, luck) of the plan, in the units of `Result.summary`;
                      NaN where it has no value, as `finish_week` in a world that is not done
    reference_values  the same of the reference; empty where there is none
    first             index of the first draw
    seed              that of the draws and the luck
    uncertainty       "full" or "central", as for `run`
    weekly            dict, flow -> (draws, luck, weeks) of the plan, what each week adds; empty
                      unless flows were asked for
    reference_weekly  the same of the reference
    """

    plan: Scenario
    reference: Scenario | None
    values: dict[str, np.ndarray] = field(repr=False)
    reference_values: dict[str, np.ndarray] = field(repr=False)
    first: int
    seed: int
    uncertainty: str
    weekly: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    reference_weekly: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    @property
    def metrics(self):
        """Names of the metrics: tuple."""
        return tuple(self.values)

    @property
    def flows(self):
        """Names of the weekly flows: tuple."""
        return tuple(self.weekly)

    @property
    def draws(self):
        """How many draws there are, from `first` on."""
        return len(next(iter(self.values.values())))

    @property
    def luck(self):
        """Worlds of each draw."""
        return next(iter(self.values.values())).shape[1]

    def difference(self, metric):
        """Plan less reference in each world: (draws, luck), 0 where only rounding differs.

        Raises RunError, one line, where there is no reference or the metric was not asked for.
        """
        if self.reference is None:
            raise RunError(f"{self.plan.name}: was asked without a reference")
        if metric not in self.values:
            raise RunError(f"{metric!r}: was not asked for; use one of {', '.join(self.values)}")
        return paired.difference(self.reference_values[metric], self.values[metric])

    def extend(self, other):
        """These worlds and those of the draws that follow, as if asked at once: Worlds.

        other : Worlds of the same plans, metrics, flows, luck and seed, whose first draw comes next

        Raises RunError, one line, where they do not follow.
        """
        if not isinstance(other, Worlds):
            raise RunError(f"Worlds are extended by Worlds, not {type(other).__name__}")
        for name in ("plan", "reference", "metrics", "flows", "luck", "seed", "uncertainty"):
            if _plain(getattr(self, name)) != _plain(getattr(other, name)):
                raise RunError(f"{name}: must be that of the worlds that are extended")
        if other.first != (following := self.first + self.draws):
            raise RunError(f"first = {other.first}: must be {following}, the draw that follows")
        joined: dict[str, Any] = {n: _joined(getattr(self, n), getattr(other, n)) for n in _ARRAYS}
        return replace(self, **joined)

    def part(self, draws):
        """The first of these draws alone: Worlds.

        draws : int, from 1 to as many as there are

        Raises RunError, one line.
        """
        count("draws", draws, RunError, 1, self.draws)
        parts: dict[str, Any] = {n: _first(getattr(self, n), draws) for n in _ARRAYS}
        return replace(self, **parts)


def _joined(values, following):
    return {name: np.concatenate((rows, following[name])) for name, rows in values.items()}


def _first(values, draws):
    return {name: rows[:draws] for name, rows in values.items()}


def _plain(value):
    """What two plans are compared by; other things as they are."""
    return (value.name, value.to_dict()) if isinstance(value, Scenario) else value


def ask(
    plan,
    reference=None,
    draws=10,
    first=0,
    luck=2,
    seed=1,
    metrics=None,
    uncertainty="full",
    threads=None,
    weekly=(),
):
    """A few worlds of a plan, and of a reference beside it, as arrays: for interactive use.

    Draw i and the luck under it depend on the seed and i alone. So 20 worlds answer while a slider
    moves, and a second call with `first` where the last one ended refines what is shown, with no
    world run twice (`Worlds.extend`). Rows equal, to the bit, those that `compare` gives for the
    same draws and luck. For numbers to quote, with their intervals, use `compare`.

    Parameters
    ----------
    plan : Scenario, str or Path
        A scenario, or the name or path of one. A Scenario saves reading its file each time.
    reference : Scenario, str or Path, optional
        The plan it is set against.
    draws : int, >= 1
        Sets of the uncertain parameters.
    first : int, >= 0
        Index of the first draw: draws first to first + draws - 1.
    luck : int, >= 1
        Worlds under each draw.
    seed : int
        As for `run`.
    metrics : list of str, optional
        Columns of `Result.summary`, or extra_cost. By default the metric of the plan's [answer],
        work_delivered and tasks_done; extra_cost where both plans state money; done_by with a
        deadline and finish_week with a backlog, where both plans have one.
    uncertainty : "full" or "central"
        As for `run`.
    threads : int, optional
        All cores by default.
    weekly : list of str
        Columns of `Result.weekly` to keep too, such as work_delivered; none by default.

    Returns
    -------
    Worlds

    Raises
    ------
    ScenarioError, CompareError, RunError
        One line that says where, what and what would do, before anything runs.
    """
    plans = _plans(plan, reference)
    _check(draws, first, luck, seed, uncertainty, threads)
    names, flows = _names(plans, metrics), _flows(weekly)
    for each in plans:
        work = workload.of_worlds(each, draws, luck, threads, weekly=bool(flows))
        work.refuse_unfit(RunError, f"{each.name}: ")
    values, by_week = _simulated(
        plans, draws, first, luck, seed, names, flows, uncertainty == "full", threads
    )
    values, *others = values
    if EXTRA in names:  # it is over the reference, which has none over itself
        (beside,) = others
        values[EXTRA] = paired.difference(beside[EXTRA], values[EXTRA])
        beside[EXTRA] = np.zeros_like(values[EXTRA])
    reference, beside = (plans[1], others[0]) if others else (None, {})
    by_week = [*by_week, {}][:2]
    return Worlds(plans[0], reference, values, beside, first, seed, uncertainty, *by_week)


def _plans(plan, reference):
    """The plan, and the reference if there is one: tuple of Scenarios that pair."""
    if reference is None:
        return (as_scenario(plan),)
    from sim.experiments.compare import labelled  # late: pandas is slow to import

    named = labelled(as_scenario(reference), as_scenario(plan))
    return tuple(named.values())[::-1]


def _check(draws, first, luck, seed, uncertainty, threads):
    count("first", first, RunError, 0, MOST_DRAWS - 1)
    count("draws", draws, RunError, 1, MOST_DRAWS - first)
    count("luck", luck, RunError, 1, MOST_LUCK)
    count("seed", seed, RunError)
    count("threads", 1 if threads is None else threads, RunError, 1, 1024)
    choice("uncertainty", uncertainty, ("full", "central"), RunError)


def _names(plans, asked):
    """Names of the metrics, as asked or by default: tuple."""
    if asked is None:
        return _by_default(plans)
    names = (asked,) if isinstance(asked, str) else tuple(asked)
    if not names:
        raise RunError("metrics = []: name one at least")
    for name in names:
        if name not in metrics.NAMES:
            hint = did_you_mean(name, metrics.NAMES) or "; use one of the summary's"
            raise RunError(f"metrics: {name!r}: unknown metric{hint}")
        if name == EXTRA and len(plans) < 2:
            raise RunError(f"metrics: {name}: is over another plan; name a reference")
        for each in plans:
            if lacking := leading.lacks(each, name):
                raise RunError(f"metrics: {name}: {each.name} must state {lacking} for it")
    return tuple(dict.fromkeys(names))


def _flows(asked):
    """Names of the weekly flows that are kept: tuple."""
    flows = (asked,) if isinstance(asked, str) else tuple(dict.fromkeys(asked))
    for name in flows:
        if name not in metrics.FLOWS:
            hint = did_you_mean(name, metrics.FLOWS) or "; use a column of Result.weekly"
            raise RunError(f"weekly: {name!r}: unknown flow{hint}")
    return flows


def _by_default(plans):
    first = plans[0].answer.metric
    more = (first, "work_delivered", "tasks_done", EXTRA, "done_by", FINISH)
    return tuple(
        name
        for name in dict.fromkeys(more)
        if not any(leading.lacks(each, name) for each in plans)
        and (name != EXTRA or len(plans) > 1)
    )


def _simulated(plans, draws, first, luck, seed, names, flows, uncertain, threads):
    """Values of worlds of some plans, which share their luck, and their weekly flows.

    returns : list of dicts name -> (draws, luck), list of dicts flow -> (draws, luck, weeks)

    Of a metric that is over another plan, that of which it is the difference.
    """
    several = [
        batch.templates_of(plan, seed, setup.draw(plan, seed, first, draws, uncertain))
        for plan in plans
    ]
    template = np.repeat(np.arange(len(plans) * draws), luck)
    lucks = np.tile(np.arange(luck), len(plans) * draws)
    replication = setup.replication(first + template % draws, lucks)
    share = -(-len(template) // (2 * (threads or os.cpu_count() or 1)))
    values, by_week = batch.simulate(
        batch.joined(several), template, replication, threads, weekly=bool(flows),
        chunk=min(share, batch.MOST), lead_times=any(name in _LEAD_TIMES for name in names),
    )  # fmt: skip
    cubes = values.reshape(len(plans), draws, luck, -1)
    places = {name: metrics.NAMES.index(metrics.BY_NAME[name].compared or name) for name in names}
    kept = {name: metrics.FLOWS.index(name) for name in flows}
    weeks = by_week.reshape(len(plans), draws, luck, *by_week.shape[1:]) if flows else cubes
    return (
        [{name: cube[:, :, place] for name, place in places.items()} for cube in cubes],
        [{name: cube[..., place].copy() for name, place in kept.items()} for cube in weeks],
    )
