"""What believing the headline pairing, 91% against 15%, would have you do, and what that costs."""

import numpy as np
import pandas as pd

from sim.analysis import estimates
from sim.figures.drawing import few_thousands, headroom, points, rows, thousands
from sim.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PINK,
    SKY,
    VERMILLION,
    is_inset,
    patch,
    say,
    styled,
)  # fmt: skip
from sim.records.words import estimate
from sim.studies.study import each, framed, plan, study_of, values
from sim.studies.training import AS_IS, COSTS, HIRE, TRAIN

NAME = "headline-or-study"
QUESTION = 'What would believing "91% against 15%" have you do, and what does that cost?'
SWAP = "two experts instead of two novices"
SETS = ("study", "headline")  # curve sets
PRICES = np.linspace(0.0, 12.0, 49)  # worth of work [intermediate-h per expert-h]
STEP = PRICES[1] - PRICES[0]


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
    title = _answer(tables["choices"])
    return title, (
        f"{title}.",
        _apart(tables["choices"]),
        *(_plan(plans, label, weeks) for label in (SWAP, TRAIN, HIRE)),
    )


def _answer(choices):
    """What following the headline loses at worst, as a sentence without its dot."""
    if (choices["headline"] == choices["study"]).all():
        return "Believing the headline has you choose as the study does, whatever work is worth"
    worst = choices.loc[choices["loss"].idxmax()]
    loss, ends = estimate(worst["loss"], worst["low"], worst["high"])
    pair = f"“{SHORT[worst['headline']]}”, not “{SHORT[worst['study']]}”"
    if worst["low"] <= 0:
        return f"Believing the headline is not shown to cost anything: at worst {loss} ({ends})"
    return (
        f"Believing the headline costs up to {loss} hours of intermediate pay: {pair} "
        f"(95% numerical interval {ends})"
    )


def _gains(plans, label):
    """Work a plan gains by the headline and by the study, each as two texts."""
    return [estimate(*plans.loc[(curves, label)], signs=True) for curves in ("headline", "study")]


def _plan(plans, label, weeks):
    headline, study = _gains(plans, label)
    return (
        f"{label.capitalize()}: {headline[0]} expert-h in {weeks} weeks by the headline (95% "
        f"interval of the expectation {headline[1]}), {study[0]} by the study ({study[1]})."
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
OF_PLANS = {AS_IS: GREY, TRAIN: SKY, HIRE: ORANGE, SWAP: PINK}
WHOSE = {"headline": "the headline\nsays", "study": "the study\nsays"}
SHORT = {SWAP: "experts for novices", TRAIN: "train", HIRE: "hire", AS_IS: "as is"}
INSIDE = "#111111"  # words on a plan's colour, light or dark
WIDE = 0.25  # share of the axis from which a stretch has room for its words


@styled
def figure(study):
    """What each curve set would have you do and what the headline's choice loses; what plans gain.

    An inset is the choices and the loss alone.
    """
    note = (
        "The headline pairs an expert's rate of at least partial success with a novice's of "
        "verified success. Lost, where they differ: net gain, by the study's curves, of the plan "
        "they choose less that of the plan the headline chooses; pay ratios are assumptions."
    )
    figure = framed(study, note)
    left, right = (figure, None) if is_inset() else figure.subfigures(1, 2, width_ratios=(1.25, 1))
    above, below = left.subplots(2, 1, sharex=True, height_ratios=(1, 1.7))
    _draw_choices(above, study.tables["choices"])
    _draw_loss(below, study.tables["choices"])
    if right is not None:
        _draw_plans(right.subplots(), study.tables["plans"])
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


def _draw_choices(axes, table):
    """Which plan each curve set chooses at each worth of work: a bar each, in the plan's colour."""
    last = table["price"].max()
    for y, curves in enumerate(("study", "headline")):
        for low, high, chosen in _stretches(table, curves):
            look = {"color": OF_PLANS[chosen], "height": 0.62, "edgecolor": "white"}
            axes.barh(y, high - low, left=low, **look)
            if high - low >= WIDE * last:
                words = {"ha": "center", "va": "center", "size": 9.5, "color": INSIDE}
                axes.text((low + high) / 2, y, SHORT[chosen], **words)
    rows(axes, [WHOSE[curves] for curves in ("study", "headline")])
    axes.set_ylim(-0.5, 2.2)
    axes.xaxis.set_visible(False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_title("What each would have you do")
    chosen = [plan for plan in OF_PLANS if plan in {*table["study"], *table["headline"]}]
    keys = [patch(OF_PLANS[plan], SHORT[plan]) for plan in chosen]
    axes.legend(handles=keys, ncols=len(keys), fontsize=9, handlelength=1, loc="upper left")


def _draw_loss(axes, table):
    """What the headline's choice loses, over the worths of work where it is another."""
    last, other = table["price"].max(), table["headline"] != table["study"]
    places = np.flatnonzero(other)
    for part in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
        rows_ = table.iloc[part]
        price = rows_["price"].to_numpy()
        axes.axvspan(price[0] - STEP / 2, price[-1] + STEP / 2, color=GREY, alpha=0.15, linewidth=0)
        ends = {"yerr": [rows_["loss"] - rows_["low"], rows_["high"] - rows_["loss"]]}
        axes.bar(price, rows_["loss"], width=0.8 * STEP, color=VERMILLION, alpha=0.6)
        axes.errorbar(price, rows_["loss"], fmt="none", ecolor=INK, elinewidth=1.2, **ends)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(-STEP / 2, last + STEP / 2)
    if len(places):
        worst = table.loc[table["loss"].idxmax()]
        loss = estimate(worst["loss"], worst["low"], worst["high"])[0]
        headroom(axes, 0.2)
        axes.annotate(
            f"at most {loss}", (worst["price"], worst["high"]), (0, 4), ha="center", va="bottom",
            textcoords="offset points", weight="bold",
        )  # fmt: skip
    else:
        say(axes, "They choose the same plan throughout")
    thousands(axes.yaxis)
    axes.set_title("What following the headline loses, where they differ")
    axes.set_xlabel("Worth of an expert-hour of work [h of intermediate pay]")
    axes.set_ylabel("Lost, 95% numerical\ninterval [h of that pay]")


def _stretches(table, curves):
    """Stretches of worth over which a curve set chooses one plan: (from, to, plan) each."""
    chosen, price = table[curves].to_numpy(), table["price"].to_numpy()
    starts = np.flatnonzero(np.r_[True, chosen[1:] != chosen[:-1]])
    ends = np.r_[starts[1:] - 1, len(chosen) - 1]
    return [
        (price[start] - STEP / 2, price[end] + STEP / 2, chosen[start])
        for start, end in zip(starts, ends, strict=True)
    ]
