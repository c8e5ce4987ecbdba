"""An answer of the planning page: from worlds of today and of the plan to plain data.

Pure: arrays in, a dict for JSON out. Every number is of the worlds that are there; how many, and
whether they are few, stands beside it.
"""

import math

import numpy as np

from sim.analysis import clusters, estimates, paired
from sim.engine import metrics, posterior, setup
from sim.engine.state import ACCOUNTS
from sim.experiments import leading
from sim.planning import sentences
from sim.planning.worlds import BESIDE, COSTS
from sim.records.words import DIRECTIONS, NEVER, capital
from sim.records.words import label as label_of
from sim.scenario.calendar_days import day_at_end_of

FEW = 40  # worlds below which all is rough
DOTS = 100
MOST_KEPT = 64  # groups of draws
BAND = (0.1, 0.5, 0.9)  # of worlds, by week
CENTRES = (np.arange(DOTS) + 0.5) / DOTS
COST_WORDS = {
    "labour_cost": "People", "tool_cost": "Tool", "training_cost": "Seats of a training",
    "hiring_cost": "Hiring", "cost_to_horizon": "All costs",
}  # fmt: skip


def leading_metric(today, plan):
    """The metric that the answer is of: that of the plans' question."""
    return leading.metric_of_all((today, plan))


def answer(today, plan, moved=True):
    """What a plan changes against today: a dict that JSON holds.

    today, plan : Worlds of the same draws and luck, with the metrics and flows of `worlds`
    moved : whether the plan is another than today

    Keys: worlds, coarse, metric, verdict, sure (whether the interval of the difference leaves out
    none), sentence, dots, chance, weekly, hours, ahead, costs,
    beside; what the plans do not have is None.
    """
    metric = leading_metric(today.plan, plan.plan)
    worlds = int(plan.values[metric].size)
    coarse = worlds < FEW
    groups = _groups(today)
    row = _row(today, plan, metric, groups)
    if moved:
        cost = _extra_cost(today, plan, groups)
        verdict, sentence = sentences.answer(plan.plan, metric, row, (worlds, coarse), cost)
    else:
        verdict = "today"
        known = _alone(today, metric, groups)
        sentence = sentences.of_today(today.plan, metric, known, worlds, coarse)
    return {
        "worlds": worlds,
        "coarse": coarse,
        "metric": metric,
        "label": label_of(metric),
        "unit": sentences.unit_words(plan.plan, metric),
        "verdict": verdict,
        "sure": bool(row.get("ci_low", 0) > 0 or row.get("ci_high", 0) < 0),
        "sentence": sentence,
        "dots": _dots(today, plan, metric) if moved else None,
        "chance": _chance(today, plan),
        "weekly": _weekly(today, plan),
        "hours": _hours(today, plan),
        "ahead": _ahead(today, plan) if moved else None,
        "costs": _costs(today, plan, groups),
        "beside": _beside(today, plan, groups),
    }


# ---- estimates -----------------------------------------------------------------------------------


_KEPT: dict = {}  # groups of draws, by what they depend on


def _groups(worlds):
    """Draws that share what is one row of the posterior: int (draws,), or None.

    Which row a draw takes depends on the curve set and on what the plan states in its place.
    """
    plan, drawn = worlds.plan, (worlds.seed, worlds.first, worlds.draws)
    key = (str(plan.curves_file), frozenset(plan.world), plan.tool.profile, *drawn)
    if key not in _KEPT:
        _KEPT[key] = _drawn_groups(plan, *drawn)
        if len(_KEPT) > MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
    return _KEPT[key]


def _drawn_groups(plan, seed, first, draws):
    drawn = setup.draw(plan, seed, first, draws, True)
    levels = posterior.levels(drawn, plan.world.keys())
    return levels[0] if levels else None


def _row(today, plan, metric, groups):
    """What `sim.compare` says of a metric: both means, their difference, interval and error.

    NaN where the metric has no value in some worlds too many.
    """
    a, b = today.values[metric], plan.values[metric]
    if metrics.BY_NAME[metric].event:
        return paired.event_difference(a, b, groups)
    missing = np.isnan(a) | np.isnan(b)
    if missing.mean() > (0 if metric in NEVER else estimates.UNDEFINED):
        return {"mean": math.nan, "mc_error": math.nan}
    means = {"reference_mean": float(a[~missing].mean()), "plan_mean": float(b[~missing].mean())}
    return means | paired.estimate(np.where(missing, np.nan, _difference(today, plan, metric)),
                                   groups=groups)  # fmt: skip


def _alone(worlds, metric, groups):
    """(mean, low, high, error) of a metric of one plan."""
    values = worlds.values[metric]
    if metrics.BY_NAME[metric].event:
        p, low, high, _ = estimates.probability(values, groups=groups)
        return p, low, high, math.nan
    row = dict(zip(estimates.COLUMNS, estimates.estimate(values, groups=groups), strict=True))
    return tuple(row[name] for name in ("mean", "ci_low", "ci_high", "mc_error"))


def _extra_cost(today, plan, groups):
    """(mean, error) of what the plan costs more, or None where money is not counted."""
    if "cost_to_horizon" not in plan.values or "cost_to_horizon" not in today.values:
        return None
    return _mean(_difference(today, plan, "cost_to_horizon"), groups)


def _difference(today, plan, metric):
    return paired.difference(today.values[metric], plan.values[metric])


def _mean(values, groups):
    """(mean, error) over worlds that have a value; NaN where too few have."""
    if np.isnan(values).any():
        return math.nan, math.nan
    return float(values.mean()), float(clusters.mean_error(values.mean(axis=1), groups))


# ---- pictures ------------------------------------------------------------------------------------


def _dots(today, plan, metric):
    """A hundred equally likely differences, or of an event a hundred worlds by what came of it."""
    a, b = today.values[metric], plan.values[metric]
    if metrics.BY_NAME[metric].event:
        shares = [
            float(np.mean((a == here) & (b == there))) for here, there in ((1, 1), (0, 1), (1, 0))
        ]
        kinds = ("both", "plan", "today", "neither")
        return {"counts": dict(zip(kinds, _whole([*shares, 1 - sum(shares)]), strict=True))}
    d = _difference(today, plan, metric).ravel()
    d = d[np.isfinite(d)]
    if not len(d):
        return None
    better = DIRECTIONS[metric] or 1
    shares = [float(np.mean(better * d > 0)), float(np.mean(better * d < 0))]
    counts = dict(zip(("better", "worse", "same"), _whole([*shares, 1 - sum(shares)]), strict=True))
    return {"values": _plain(np.quantile(d, CENTRES)), "counts": counts, "better": better}


def _whole(shares):
    """Shares as whole numbers of a hundred that sum to it."""
    exact = DOTS * np.clip(np.array(shares), 0, 1)
    counts = np.floor(exact + 1e-9).astype(int)
    for place in np.argsort(counts - exact, kind="stable")[: DOTS - counts.sum()]:
        counts[place] += 1
    return counts.tolist()


def _chance(today, plan):
    """Chance that a backlog is done by the end of each week; None without a backlog."""
    if "finish_week" not in plan.values or "finish_week" not in today.values:
        return None
    weeks = np.arange(1, plan.plan.horizon.weeks + 1)
    by_week = plan.plan.by_week
    return {
        "days": [day_at_end_of(int(week), plan.plan.horizon.start) for week in weeks],
        "deadline": by_week,
        "words": sentences.deadline_words(plan.plan) if by_week else None,
        **{
            name: _plain((worlds.values["finish_week"][..., None] <= weeks).mean(axis=(0, 1)))
            for name, worlds in (("today", today), ("plan", plan))
        },
    }


def _weekly(today, plan):
    """What is done so far by week: where 1, 5 and 9 of 10 worlds are at most."""
    backlog = plan.plan.tasks.backlog is not None
    flows = ("tasks_done_average", "tasks_done_advanced") if backlog else ("work_delivered",)
    start = plan.plan.horizon.start
    found = {}
    for name, worlds in (("today", today), ("plan", plan)):
        so_far = sum(worlds.weekly[flow] for flow in flows).cumsum(axis=2)
        so_far = so_far.reshape(-1, so_far.shape[2])
        found[name] = [_plain(row) for row in np.quantile(so_far, BAND, axis=0)]
    return found | {
        "label": "Tasks done so far, fixes among them" if backlog else "Work delivered so far",
        "unit": "tasks" if backlog else sentences.HOURS_OF_WORK,
        "days": [day_at_end_of(w, start) for w in range(1, plan.plan.horizon.weeks + 1)],
    }


def _hours(today, plan):
    """Where a hundred hours of development go: a row an activity that has any."""
    rows = []
    for account in ACCOUNTS:
        name = f"hours_{account.name}"
        label = account.label or capital(account.name)
        shares = [_share(worlds, name) for worlds in (today, plan)]
        if any(shares):
            rows.append({"name": account.name, "label": label, "today": shares[0],
                         "plan": shares[1]})  # fmt: skip
    return rows


def _share(worlds, name):
    total = sum(float(worlds.values[f"hours_{a.name}"].mean()) for a in ACCOUNTS)
    return round(100 * float(worlds.values[name].mean()) / total, 2) if total else 0.0


def _ahead(today, plan):
    """Chance to be ahead of today in work, and stay so to the end, by each week that tells it.

    None for a backlog: both end with the same work, and the chance by date tells of time.
    """
    if plan.plan.tasks.backlog is not None:
        return None
    path = paired.difference(
        today.weekly["work_delivered"].cumsum(axis=2), plan.weekly["work_delivered"].cumsum(axis=2)
    )
    judged = paired.last_judged(path.shape[2])
    weeks = np.arange(1, judged + 1)
    start = plan.plan.horizon.start
    return {
        "chance": _plain(paired.ahead_for_good(path).mean(axis=(0, 1))[:judged]),
        "days": [day_at_end_of(int(w), start) for w in weeks],
    }


def _costs(today, plan, groups):
    """Costs to the end of the run: a row a kind that is ever paid; None without money."""
    if _extra_cost(today, plan, groups) is None:
        return None
    names = [n for n in COSTS if today.values[n].any() or plan.values[n].any()]
    rows = [_compared(today, plan, name, COST_WORDS[name], groups) for name in names]
    return {"currency": plan.plan.money.currency, "rows": rows}


def _beside(today, plan, groups):
    """What else moves: a row a metric."""
    rows = [_compared(today, plan, name, capital(label_of(name)), groups) for name in BESIDE]
    units = {name: sentences.unit_words(plan.plan, name) for name in BESIDE}
    return [row | {"unit": units[name]} for name, row in zip(BESIDE, rows, strict=True)]


def _compared(today, plan, name, label, groups):
    """A metric today, with the plan, and whether the two can be told apart."""
    mean, error = _mean(_difference(today, plan, name), groups)
    here, there = (_defined_mean(w.values[name]) for w in (today, plan))
    told = not math.isnan(mean) and not sentences.too_close(mean, error)
    return {"name": name, "label": label, "today": _number(here), "plan": _number(there),
            "difference": _number(mean), "told": told}  # fmt: skip


def _defined_mean(values):
    """Mean of the worlds that have a value; NaN where none has."""
    there = values[np.isfinite(values)]
    return float(there.mean()) if there.size else math.nan


def _number(value):
    return None if math.isnan(value) else float(f"{value:.6g}")


def _plain(values):
    """Numbers of an array, to six figures, as a list; None where there is none."""
    return [_number(float(value)) for value in values]
