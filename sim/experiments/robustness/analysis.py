"""`robustness`: plans compared again with each mechanism off and at the ends of doubtful priors.

Common random numbers throughout: each setting meets the same draws, tasks and luck, and the one
value it sets, so that what moves is what was changed.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from sim.analysis import clusters, estimates, paired
from sim.engine import batch, metrics, setup
from sim.errors import CompareError, count
from sim.experiments import answers, leading, pairing, workload
from sim.experiments.compare import labelled
from sim.experiments.result import Result
from sim.experiments.robustness.record import Robustness
from sim.experiments.robustness.sentences import NOT_REFITTED
from sim.experiments.robustness.settings import (
    AS_IS,
    NO,
    OTHER_LUCK,
    UNCLEAR,
    YES,
    settings_of,
)
from sim.experiments.run import caveats
from sim.experiments.traces import MOST_DRAWS, MOST_LUCK
from sim.records import provenance

PROBE = 4  # draws in which a setting must change some output to be run in all of them
MOVED = ("moved", "moved_low", "moved_high")
SIGN = ("other_sign", "other_sign_low", "other_sign_high")
KEPT = (
    "reference_mean", "plan_mean", "mean", "ci_low", "ci_high", "mc_error", "p_better_expected",
    "p_better_expected_low", "p_better_expected_high",
)  # fmt: skip


def robustness(*plans, draws=100, luck=2, seed=1, threads=None, progress=None, weeks=None):
    """What the difference of plans to the first of them hangs on.

    The leading metric's difference with every mechanism as it is, with each mechanism of
    `sim.engine.mechanisms` off in turn, and at both ends (5% and 95% point) of each doubtful
    prior, as `settings.is_doubtful` says. A value at an end is taken in every draw; the rest of
    the posterior stays as it is and is not fitted anew.

    Parameters
    ----------
    *plans : Scenario, str or Path; or one dict, label -> any of these
        Two at least, the reference first, all of one horizon.
    draws, luck, seed, threads : as for `run`; luck 2 at least
    progress : callable, optional
        Called with (settings done, settings in all).
    weeks : int, optional
        Horizon of all plans, instead of their own [weeks].

    Returns
    -------
    Robustness

    Raises
    ------
    CompareError, ScenarioError
        One line, before anything runs, also where the rows cannot fit into memory; a metric without
        a value in any world after the first runs.
    """
    named = labelled(*plans, weeks=weeks)
    workload_of(named, draws=draws, luck=luck, seed=seed, threads=threads).refuse_unfit(
        CompareError
    )
    metric = leading.metric_of_all(named.values())
    settings = settings_of(next(iter(named.values())))
    table = measured(named, metric, settings, draws, luck, seed, threads, progress)
    design = {
        "seed": seed, "draws": draws, "luck": luck, "engine": "compiled", "uncertainty": "full",
    }  # fmt: skip
    origins = {label: provenance.record(plan, **design) for label, plan in named.items()}
    return Robustness(named, metric, table, _caveats(named, design), origins)


def workload_of(*plans, draws=100, luck=2, seed=1, threads=None, weeks=None):
    """The Workload of an analysis, for which nothing runs; arguments as for `robustness`.

    At most: a setting that changes nothing is not run in all worlds.

    Raises what `robustness` raises of its arguments, but for memory.
    """
    named = labelled(*plans, weeks=weeks)
    _check(named, draws, luck, seed, threads)
    settings = settings_of(next(iter(named.values())))
    each = [workload.of_worlds(plan, draws, luck, threads) for plan in named.values()]
    return replace(sum(each, workload.NOTHING).times(len(settings)), at_most=True)


def _check(named, draws, luck, seed, threads):
    for label, plan in named.items():
        if isinstance(plan, Result):
            raise CompareError(f"{label}: a result holds one setting; give the scenario")
        answers.check(plan)
    for name, value, low, high in (
        ("draws", draws, 2, MOST_DRAWS), ("luck", luck, 2, MOST_LUCK // 2),
        ("threads", 1 if threads is None else threads, 1, 1024),
    ):  # fmt: skip
        count(name, value, CompareError, low, high)
    count("seed", seed, CompareError)


def _caveats(named, design):
    ran = {
        label: SimpleNamespace(scenario=plan, caveats=caveats(plan, design))
        for label, plan in named.items()
    }
    return (*pairing.caveats(ran), NOT_REFITTED)


def measured(named, metric, settings, draws, luck, seed, threads=None, progress=None, cache=None):
    """One row a plan (but the reference) and setting: DataFrame.

    named : dict, label -> Scenario, the reference first
    settings : sequence of Setting, the first AS_IS; OTHER_LUCK takes as many worlds of its own
    cache : dict, optional, keeps worlds of plans from one call to the next

    Columns: plan, kind, name, value as in Setting; those of a comparison (KEPT); `moved`, the
    difference less that of the first setting, with its 95% numerical interval; `other_sign`, the
    share of draws whose expected difference has the other sign than there, with its 95% interval;
    `turns`, whether the mean has.
    """
    worlds = _Worlds(metric, draws, luck, seed, threads, {} if cache is None else cache)
    reference, *others = named
    rows: dict = {label: [] for label in others}
    full = {label: worlds.of(plan, settings[0]) for label, plan in named.items()}
    for label, values in full.items():
        if np.isnan(values).all():
            raise CompareError(
                f"{label}: {metric} has no value in any of its worlds, so that nothing turns it; "
                "ask another in [answer]"
            )
    for done, setting in enumerate(settings, 1):
        y = full
        if setting.kind != AS_IS and worlds.matters(named, setting, settings[0]):
            y = {label: worlds.of(plan, setting) for label, plan in named.items()}
        for label in others:
            pairs = (full[reference], full[label]), (y[reference], y[label])
            rows[label].append({"plan": label, **_row(metric, setting, *pairs)})
        if progress is not None:
            progress(done, len(settings))
    return pd.concat([_sorted(pd.DataFrame(part)) for part in rows.values()], ignore_index=True)


class _Worlds:
    """The metric of plans under settings, each run once: (draws, luck)."""

    def __init__(self, metric, draws, luck, seed, threads, cache):
        self.metric = metrics.NAMES.index(metrics.BY_NAME[metric].compared or metric)
        self.lead_times = metric.startswith("lead_time")  # which take a sort for each world
        self.design = draws, luck, seed
        self.threads, self.cache = threads, cache

    def of(self, plan, setting):
        """Values of the metric under a setting."""
        return self.rows(plan, setting, self.design[0])[..., self.metric]

    def rows(self, plan, setting, draws):
        """All metrics (draws, luck, metrics) under a setting, of the first draws."""
        _, luck, seed = self.design
        first = luck if setting.kind == OTHER_LUCK else 0
        changed = plan.replace(setting.changes) if setting.changes else plan
        key = (changed.sha256, self.lead_times, draws, luck, seed, first)
        if key not in self.cache:
            self.cache[key] = self._run(changed, draws, luck, seed, first)
        return self.cache[key]

    def _run(self, plan, draws, luck, seed, first):
        """All metrics (draws, luck, metrics), of the worlds from luck `first` on."""
        place = np.repeat(np.arange(draws), luck)
        replication = setup.replication(place, np.tile(first + np.arange(luck), draws))
        points = batch.templates_of(plan, seed, setup.draw(plan, seed, 0, draws))
        values, _ = batch.simulate(
            points, place, replication, self.threads, lead_times=self.lead_times
        )
        return values.reshape(draws, luck, -1)

    def matters(self, named, setting, as_is):
        """Whether a setting changes anything of any plan in the first draws.

        Not only the metric: whether a deadline is met may be the same in all of them.
        """
        every = self.design[0]
        few = min(PROBE, every)
        return any(
            not np.array_equal(
                self.rows(plan, setting, few), self.rows(plan, as_is, every)[:few], equal_nan=True
            )
            for plan in named.values()
        )


def _row(name, setting, full, pair):
    """A setting's row for one plan; full, pair : (reference, plan), each (draws, luck)."""
    metric = metrics.BY_NAME[name]
    row, before = (
        paired.compare(a, b, metric.better, True, metric.never, metric.event)
        for a, b in (pair, full)
    )
    was, now = (paired.difference(a, b) for a, b in (full, pair))
    return {
        "kind": setting.kind, "name": setting.name, "value": setting.value,
        **{column: row[column] for column in KEPT},
        **dict(zip(MOVED, moved(was, now), strict=True)),
        **dict(zip(SIGN, other_sign(was, now), strict=True)),
        "turns": turns(before, row),
    }  # fmt: skip


def moved(was, now):
    """Mean of now - was (draws, luck) and its 95% numerical interval, clustered by draw."""
    d = now - was
    d = d[np.isfinite(d).all(axis=1)]
    if len(d) < 2:
        return (np.nan,) * 3
    mean, error = float(d.mean()), clusters.Z * clusters.mean_error(d.mean(axis=1))
    return mean, mean - error, mean + error


def other_sign(was, now):
    """Share of draws in which the expected differences have opposite signs, with 95% interval.

    was, now : (draws, luck >= 2); the chance left in draw means is taken out (`estimates.shrunk`)
    """
    whole = (np.isfinite(was) & np.isfinite(now)).all(axis=1)
    if whole.sum() < 2:
        return (np.nan,) * 3
    first, second = (estimates.shrunk(estimates.split(d[whole]), d.shape[1]) for d in (was, now))
    return estimates.probability((first * second < 0)[:, None].astype(float))[:3]


def turns(before, row):
    """Whether the mean difference has another sign, by more than both numerical errors: a word."""
    if not before["mean"] * row["mean"] < 0:  # written so that nan is no turn
        return NO
    clear = all(abs(r["mean"]) > estimates.Z * r["mc_error"] for r in (before, row))
    return YES if clear else UNCLEAR


def _sorted(table):
    """As is, other luck, then what moves the answer most."""
    first = table["kind"].isin([AS_IS, OTHER_LUCK])
    rest = table[~first].sort_values(
        "moved", key=np.abs, ascending=False, kind="stable", na_position="last"
    )
    return pd.concat([table[first], rest], ignore_index=True)
