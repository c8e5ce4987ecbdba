"""What believing the headline pairing, 91% against 15%, would have you do, and what that costs."""

import numpy as np
import pandas as pd

from sim.analysis import estimates
from sim.engine import metrics
from sim.experiments.decide.analysis import values_of
from sim.records.words import rounded, signed
from sim.studies.study import made, part_of, plan
from sim.studies.training import AS_IS, COSTS, HIRE, TRAIN

NAME = "headline-or-study"
QUESTION = 'What would believing "91% against 15%" have you do, and what does that cost?'
SWAP = "two experts instead of two novices"
SETS = ("study", "headline")  # curve sets
PRICES = np.linspace(0.0, 12.0, 49)  # worth of work [intermediate-h per expert-h]


def run(draws=200, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `plans`, `choices`."""
    plans = {
        AS_IS: plan("mission-team"), TRAIN: plan("mission-train"), HIRE: plan("mission-hire"),
        SWAP: plan("mission-team").replace({"team.novice": 0, "team.expert": 4}),
    }  # fmt: skip
    work, cost = {}, {}
    for place, curves in enumerate(SETS):
        believed = {label: one.replace({"tool.curves": curves}) for label, one in plans.items()}
        tell = part_of(progress, place, len(SETS))
        values = values_of(believed, seed, draws, luck, threads, tell)
        work[curves] = values[..., metrics.NAMES.index("work_delivered")]
        cost[curves] = sum(values[..., metrics.NAMES.index(name)] for name in COSTS)
    tables = {"plans": _plans(tuple(plans), work), "choices": _choices(tuple(plans), work, cost)}
    base = plans[AS_IS]
    title, findings = _said(tables, base.horizon.weeks)
    return made(NAME, QUESTION, base, (seed, draws, luck), title, findings, tables)


def _plans(labels, work):
    """Work gained over as is by each plan, as each curve set has it; 95% of the expectation."""
    rows = []
    for curves in SETS:
        for label, y in zip(labels[1:], work[curves][1:], strict=True):
            mean, low, high = estimates.estimate(y - work[curves][0])[:3]
            rows.append({"curves": curves, "plan": label, "work": mean, "low": low, "high": high})
    return pd.DataFrame(rows)


def _choices(labels, work, cost):
    """Best plan by each set, and what the headline's choice loses by the study, by price.

    The interval of the loss is numerical, of the mean; what is not known is in `plans`.
    """
    rows = []
    for price in PRICES:
        net = {curves: price * work[curves] - cost[curves] for curves in SETS}
        best = {curves: int(net[curves].mean(axis=(1, 2)).argmax()) for curves in SETS}
        lost = net["study"][best["study"]] - net["study"][best["headline"]]
        error = estimates.Z * lost.mean(axis=1).std(ddof=1) / np.sqrt(len(lost))
        row = {"price": price, **{curves: labels[best[curves]] for curves in SETS}}
        mean = float(lost.mean())
        rows.append(row | {"loss": mean, "low": mean - error, "high": mean + error})
    return pd.DataFrame(rows)


def _said(tables, weeks):
    plans = tables["plans"].set_index(["curves", "plan"])
    told, real = (signed(*plans.loc[(curves, SWAP)]) for curves in ("headline", "study"))
    title = (
        f"{SWAP.capitalize()}: the headline promises {told[0]} expert-h, the study's curves "
        f"{real[0]} (95% interval {real[1]} to {real[2]})"
    )
    return title, (
        f"{title}, in {weeks} weeks.",
        *(_plan(plans, label) for label in (SWAP, TRAIN, HIRE)),
        _apart(tables["choices"]),
    )


def _plan(plans, label):
    told, real = (signed(*plans.loc[(curves, label)]) for curves in ("headline", "study"))
    return (
        f"{label.capitalize()}: {told[0]} expert-h by the headline (95% interval of the "
        f"expectation {told[1]} to {told[2]}), {real[0]} by the study ({real[1]} to {real[2]})."
    )


def _apart(choices):
    """Where the headline chooses otherwise than the study, and the most that costs."""
    other = choices[choices["headline"] != choices["study"]]
    if other.empty:
        return (
            "At no worth of work up to "
            f"{choices['price'].max():g} hours of intermediate pay does it choose otherwise."
        )
    worst = other.loc[other["loss"].idxmax()]
    loss = rounded(worst["loss"], worst["low"], worst["high"])
    share = len(other) / len(choices)
    return (
        f"It chooses otherwise at {share:.0%} of the worths of work looked at (0 to "
        f"{choices['price'].max():g} hours of intermediate pay an expert-hour). At worst, at "
        f"{worst['price']:g}, it has you choose '{worst['headline']}' instead of "
        f"'{worst['study']}', which loses {loss[0]} hours of intermediate pay (95% numerical "
        f"interval {loss[1]} to {loss[2]})."
    )
