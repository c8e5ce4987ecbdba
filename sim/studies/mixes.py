"""Which mix of levels does best by the plan's own metric, such as its chance to be done in time.

The map of a deck whose plans have a backlog; `composition` maps work delivered.
"""

import numpy as np
import pandas as pd

from sim.analysis import paired, value
from sim.engine import luck as luck_of
from sim.engine import metrics
from sim.experiments import leading, limits
from sim.experiments.decide import mixes
from sim.experiments.decide.analysis import step_of_mixes
from sim.experiments.sensitivity.factors import MIXED
from sim.experiments.sensitivity.factors import mixes as counts_of
from sim.figures.drawing import few_thousands
from sim.figures.style import INK, ORANGE, VERMILLION, styled
from sim.records.words import (
    DIRECTIONS,
    by_when,
    capital,
    error_told,
    estimate,
    label,
    signed,
    too_close,
    units,
)
from sim.studies.composition import mark_team, place, team_of
from sim.studies.composition import people as people_of
from sim.studies.study import framed, study_of, values

NAME = "mixes"
QUESTION = "Which mix of novices, intermediates and experts does best by the plan's own metric?"
AS_IS = "as it is"
COST = "cost_to_horizon"
ERRORS = 2  # Monte Carlo standard errors below which a difference is too close to call


def maps(plan):
    """Whether the map of a plan is this one: its own metric is of a backlog, and has a better."""
    metric = leading.metric_of(plan)
    return metric in leading.OF_BACKLOG and DIRECTIONS[metric] != 0


def runs(base):
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    return [(base_of(base), 1 + len(_mixed(base_of(base))))]


def run(draws=100, luck=2, seed=1, threads=None, progress=None, base=None):
    """The study: `Study` with tables `mixes`, `best` and `team`.

    base : Scenario whose engineers are mixed anew, as many as there are; see `base_of`
    """
    base = base_of(base)
    metric, named = leading.metric_of(base), _mixed(base)
    plans = {AS_IS: base, **named}
    y = values(plans, [metric, COST], seed, draws, luck, threads, progress)
    table = _table(named, metric, y[1:, ..., 0], y[..., 1])
    best = _best(table, metric, y[1:, ..., 0], luck_of.key_of(seed), units(base)[COST])
    tables = {"mixes": table, "best": best, "team": team_of(base)}
    title = sentence(base, tables)
    return study_of(NAME, QUESTION, base, (seed, draws, luck), (title, (f"{title}.",)), tables)


def base_of(plan):
    """The plan that the mixes are made of: nobody trained, joining or leaving."""
    return plan.replace({"joiners": [], "leavers": [], "training.seats": 0, "trainings": []})


def _mixed(base):
    """Mixes of the plan's engineers: of so many that all are too many, by steps of several."""
    counts = (count for count in base.to_dict()["team"].values() if isinstance(count, int))
    return mixes(base, step=step_of_mixes(sum(counts)))


def _table(named, metric, y, cost):
    """A row a mix: people of each level, the metric with its interval, its cost over as it is.

    y : (mixes, draws, luck); cost : (1 + mixes, draws, luck), of the plan as it is first

    `near` says of a mix that it cannot be told apart from the best one.
    """
    rows = [limits.estimate(plan, metric, one) for plan, one in zip(named.values(), y, strict=True)]
    table = pd.DataFrame([(*row[:3], row[-2]) for row in rows], columns=list(_COLUMNS))
    table.insert(0, "mix", list(named))
    people = sum(plan_counts(next(iter(named.values()))))
    for level, column in zip(MIXED, np.array(counts_of(people)).T, strict=True):
        table[level] = column
    best = y[int((DIRECTIONS[metric] * table["mean"]).argmax())]
    table["near"] = [_near(best, one, metric) for one in y]
    table["extra_cost"] = [float((one - cost[0]).mean()) for one in cost[1:]]
    return table


_COLUMNS = ("mean", "low", "high", "error")


def plan_counts(plan):
    """Engineers of each level of a mix: tuple of int."""
    team = plan.to_dict()["team"]
    return tuple(team[level] for level in MIXED)


def _near(best, other, metric):
    """Whether two mixes cannot be told apart by so many worlds."""
    event = metrics.BY_NAME[metric].event
    row = paired.compare(best, other, 1, event=event)
    if event:
        return bool(row["ci_low"] <= 0.0 <= row["ci_high"])
    return bool(abs(row["mean"]) <= ERRORS * row["mc_error"])


def _best(table, metric, y, key, currency):
    """The best mix, its numbers less what they owe to its having been chosen: one row."""
    sign = DIRECTIONS[metric]
    row = table.loc[(sign * table["mean"]).idxmax()].copy()
    if len(table) > 1:
        row[["mean", "low", "high"]] -= sign * value.chosen(sign * y, key).optimism
    if metrics.BY_NAME[metric].event:
        row[["mean", "low", "high"]] = row[["mean", "low", "high"]].clip(0.0, 1.0)
    return pd.DataFrame([row]).reset_index(drop=True).assign(metric=metric, currency=currency)


# ---- in words ------------------------------------------------------------------------------------


def in_words(plan):
    """The plan's own metric, a deadline with its week."""
    metric = leading.metric_of(plan)
    return f"chance to be done {by_when(plan)}" if metric == "done_by" else label(metric)


def sentence(plan, tables):
    """The best mix, and how many more cannot be told apart from it, without a dot."""
    table, row = tables["mixes"], tables["best"].iloc[0]
    metric = row["metric"]
    way = "highest" if DIRECTIONS[metric] > 0 else "lowest"
    size, ends, unit = shown(plan, row)
    people = int(sum(row[level] for level in MIXED))
    close = int(table["near"].sum()) - 1
    also = f"; {close} more cannot be told apart from it" if close else ""
    told = (
        f"Of {len(table)} mixes of {people} engineers {people_of(row['mix'])} have the {way} "
        f"{in_words(plan)}: {size}{unit} (95% interval {ends}{unit}){also}"
    )
    return too_close(told) if close else told


def shown(plan, row):
    """A mix's metric and its interval as they are printed, and the unit after them."""
    unit = units(plan)[row["metric"]]
    scale, sign = (100, "%") if unit == "share" else (1, f" {unit}")
    numbers = (scale * row[column] for column in ("mean", "low", "high"))
    return *estimate(*numbers, error=error_told(row["error"], unit)), sign


def cost_sentence(plan, row, reference):
    """What the best mix costs more than a plan, without a dot; "" where no money is counted."""
    if np.isnan(row["extra_cost"]):
        return ""
    (size,) = signed(row["extra_cost"])
    return (
        f"Extra cost of {people_of(row['mix'])} over {reference} to the end of the run {size} "
        f"{units(plan)[COST]}"
    )


# ---- the figure ----------------------------------------------------------------------------------


@styled
def figure(study):
    """A map of the metric, and where money is counted one of the extra cost beside it."""
    table, row = study.tables["mixes"], study.tables["best"].iloc[0]
    costs = table["extra_cost"].notna().all()
    note = (
        "Each dot is a mix of as many engineers as the plan has; other people, work and rules are "
        "those of the plan, and nobody is trained, joins or leaves. Star: the best mix. Square: "
        "the team as it is. Ring: mixes that cannot be told apart from the best by so many worlds."
    )
    figure = framed(study, note)
    panels = figure.subplots(1, 2 if costs else 1, squeeze=False)[0]
    share = metrics.UNITS[row["metric"]] == "share"
    what = capital(label(row["metric"]))
    words = f"{what} [%]" if share else f"{what} [{metrics.UNITS[row['metric']]}]"
    _draw_map(panels[0], table, table["mean"] * (100 if share else 1), row["mix"], words)
    if costs:
        words = f"Extra cost over the plan as it is [{row['currency']}]"
        _draw_map(panels[1], table, table["extra_cost"], row["mix"], words)
    for axes in panels:
        mark_team(axes, study)
    return figure


def _draw_map(axes, table, numbers, best, words):
    """One number over the triangle of mixes."""
    x, y = place(table)
    size = float(np.clip(6_000 / len(table), 16, 130))
    dots = axes.scatter(x, y, c=numbers, s=size, marker="h", cmap="cividis", linewidth=0)
    near = table["near"].to_numpy()
    ring = {"facecolors": "none", "edgecolors": VERMILLION, "linewidth": 2}
    axes.scatter(x[near], y[near], s=1.4 * size, **ring)
    top = int(np.flatnonzero(table["mix"] == best)[0])
    axes.scatter(x[top], y[top], s=1.2 * size, marker="*", color=ORANGE, edgecolors=INK, zorder=3)
    for corner, at, side in (
        ("all novice", (0.5, 0.95), "center"),
        ("all intermediate", (-0.02, -0.1), "left"),
        ("all expert", (1.02, -0.1), "right"),
    ):
        axes.text(*at, corner, ha=side, va="center", size=9)
    axes.set(xlim=(-0.12, 1.12), ylim=(-0.16, 1.04), aspect="equal")
    axes.set_axis_off()
    bar = axes.figure.colorbar(dots, ax=axes, orientation="horizontal", shrink=0.8, pad=0.06)
    bar.set_label(words)
    bar.outline.set_visible(False)
    few_thousands(bar.ax.xaxis)
