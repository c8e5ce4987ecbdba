"""What believing the headline pairing, 91% against 15%, would have you do, and what that costs."""

import numpy as np
import pandas as pd

from sim.analysis import estimates
from sim.figures.drawing import band, few_thousands, points, rows, thousands
from sim.figures.style import BLUE, GREY, INK, VERMILLION, styled
from sim.records.words import estimate
from sim.studies.study import each, framed, plan, study_of, values
from sim.studies.training import AS_IS, COSTS, HIRE, TRAIN

NAME = "headline-or-study"
QUESTION = 'What would believing "91% against 15%" have you do, and what does that cost?'
SWAP = "two experts instead of two novices"
SETS = ("study", "headline")  # curve sets
PRICES = np.linspace(0.0, 12.0, 49)  # worth of work [intermediate-h per expert-h]


def runs():
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    return [(plan("mission-train"), 4 * len(SETS))]


def run(draws=200, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `plans`, `choices`."""
    plans = {
        AS_IS: plan("mission-team"), TRAIN: plan("mission-train"), HIRE: plan("mission-hire"),
        SWAP: plan("mission-team").replace({"team.novice": 0, "team.expert": 4}),
    }  # fmt: skip
    work, cost = {}, {}
    for curves, tell in each(SETS, progress):
        believed = {label: one.replace({"tool.curves": curves}) for label, one in plans.items()}
        y = values(believed, ("work_delivered", *COSTS), seed, draws, luck, threads, tell)
        work[curves], cost[curves] = (
            y[..., 0],
            sum(y[..., 1 + place] for place in range(len(COSTS))),
        )
    labels, base = tuple(plans), plans[AS_IS]
    tables = {"plans": _plans(labels, work), "choices": _choices(labels, work, cost)}
    sentences = _sentences(tables, base.horizon.weeks)
    return study_of(NAME, QUESTION, base, (seed, draws, luck), sentences, tables)


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


def _sentences(tables, weeks):
    plans = tables["plans"].set_index(["curves", "plan"])
    headline, (study, ends) = _gains(plans, SWAP)
    title = (
        f"{SWAP.capitalize()}: the headline promises {headline[0]} expert-h, the study's curves "
        f"{study} (95% interval {ends})"
    )
    return title, (
        f"{title}, in {weeks} weeks.",
        *(_plan(plans, label) for label in (SWAP, TRAIN, HIRE)),
        _apart(tables["choices"]),
    )


def _gains(plans, label):
    """Work a plan gains by the headline and by the study, each as two texts."""
    return [estimate(*plans.loc[(curves, label)], signs=True) for curves in ("headline", "study")]


def _plan(plans, label):
    headline, study = _gains(plans, label)
    return (
        f"{label.capitalize()}: {headline[0]} expert-h by the headline (95% interval of the "
        f"expectation {headline[1]}), {study[0]} by the study ({study[1]})."
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
    loss, ends = estimate(worst["loss"], worst["low"], worst["high"])
    share = len(other) / len(choices)
    return (
        f"It chooses otherwise at {share:.0%} of the worths of work looked at (0 to "
        f"{choices['price'].max():g} hours of intermediate pay an expert-hour). At worst, at "
        f"{worst['price']:g}, it has you choose '{worst['headline']}' instead of "
        f"'{worst['study']}', which loses {loss} hours of intermediate pay (95% numerical "
        f"interval {ends})."
    )


COLOURS = {"study": (BLUE, "o"), "headline": (VERMILLION, "s")}


@styled
def figure(study):
    """Work each plan gains by both curve sets, and what following the headline loses."""
    note = (
        "The headline pairs an expert's rate of at least partial success with a novice's of "
        "verified success. Bars: which plan each has you choose. Loss: net gain, by the study's "
        "curves, of the plan they choose less that of the plan the headline chooses; pay ratios "
        "are assumptions."
    )
    figure = framed(study, note)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
    _draw_plans(left, study.tables["plans"])
    _draw_loss(right, study.tables["choices"])
    return figure


def _draw_plans(axes, table):
    labels = list(dict.fromkeys(table["plan"]))
    y = np.arange(len(labels))[::-1]
    axes.axvline(0, color=INK, linewidth=1)
    for shift, (curves, (colour, marker)) in zip((0.12, -0.12), COLOURS.items(), strict=True):
        plans = table[table["curves"] == curves]
        points(axes, y + shift, plans, "work", colour, marker, f"by the {curves}")
    names = [label.capitalize().replace(" instead", "\ninstead") for label in labels]
    rows(axes, names, y)
    axes.set_ylim(-0.6, len(labels) - 0.1)
    few_thousands(axes.xaxis)
    axes.set_title("What each plan gains over as is")
    axes.set_xlabel("Work gained, 95% interval [expert-h]")
    axes.legend(loc="upper right", fontsize=9)


def _draw_loss(axes, table):
    band(axes, table["price"], table["low"], table["high"], GREY, 0.3, step="mid")
    look = {"color": INK, "linewidth": 2.2, "drawstyle": "steps-mid"}
    axes.plot(table["price"], table["loss"], **look)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(0, table["price"].max())
    top = max(1.0, float(table["high"].max()))
    axes.set_ylim(min(-0.05 * top, 1.05 * table["low"].min()), 1.7 * top)
    axes.set_yticks([t for t in axes.get_yticks() if t <= top])  # what is above is of no money
    for row, curves in enumerate(("study", "headline")):
        _draw_stretches(axes, table, curves, top * (1.58 - 0.26 * row))
    thousands(axes.yaxis)
    axes.set_title("What following the headline loses")
    axes.set_xlabel("Worth of an expert-hour of work\n[h of intermediate pay]")
    axes.set_ylabel("Loss, 95% numerical interval\n[h of intermediate pay]")


def _draw_stretches(axes, table, curves, y):
    """Which plan a curve set chooses, over the worths of work where it does."""
    colour = COLOURS[curves][0]
    chosen, price = table[curves].to_numpy(), table["price"].to_numpy()
    starts = np.flatnonzero(np.r_[True, chosen[1:] != chosen[:-1]])
    ends = np.r_[starts[1:], len(chosen) - 1]
    whose = f"{curves}: "  # said once a bar
    for start, end in zip(starts, ends, strict=True):
        low, high = price[start], price[end]
        axes.hlines(y, low, high, color=colour, linewidth=5)
        axes.vlines([low, high], y - 0.03, y + 0.03, color="white", linewidth=2)
        if high - low >= 0.3 * price[-1]:
            words = SHORT.get(chosen[start], chosen[start])
            axes.annotate(
                whose + words, ((low + high) / 2, y), (0, 4), textcoords="offset points",
                ha="center", size=9, color=colour,
            )  # fmt: skip
            whose = ""


SHORT = {SWAP: "experts for novices", TRAIN: "train", HIRE: "hire"}
