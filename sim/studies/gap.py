"""Whether a narrowing or a widening gap between levels changes what to do over the next year."""

import itertools
import textwrap

import numpy as np
import pandas as pd

from sim.engine import luck as luck_of
from sim.figures.drawing import band, thousands
from sim.figures.style import BLUE, GREEN, INK, VERMILLION, letters, styled
from sim.records.words import percent
from sim.studies.study import (
    COLUMNS,
    against,
    difference,
    each,
    first_crossing,
    framed,
    of,
    plan,
    study_of,
    values,
)

NAME = "gap"
QUESTION = (
    "If the gap between novices and experts narrows or widens over the next year, does that change "
    "what to do?"
)
AS_IS = "as is"
SWAP, TRAIN, ALIKE = (
    "two experts instead of two novices", "train two novices", "nine intermediates",
)  # fmt: skip
DRIFTS = (-0.5, -0.25, 0.0, 0.25, 0.5)  # of the gap, a year: below zero it narrows
WEEKS = 52
METRICS = ("work_delivered",)


def runs():
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    return [(plan("mission-team").replace({"horizon.weeks": WEEKS}), 4 * len(DRIFTS))]


def run(draws=100, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `drifts` (a row a drift and plan) and `flips`."""
    year = {"horizon.weeks": WEEKS}
    base = plan("mission-team").replace(year)
    plans = {
        AS_IS: base,
        SWAP: base.replace({"team.novice": 0, "team.expert": 4}),
        TRAIN: plan("mission-train").replace(year),
        ALIKE: base.replace({"team": {"intermediate": 9}}),
    }
    each_drift = [
        values(_drifted(plans, drift), METRICS, seed, draws, luck, threads, tell)
        for drift, tell in each(DRIFTS, progress)
    ]
    y = np.stack(each_drift)  # (drifts, plans, draws, luck, 1)
    labels = list(plans)
    tables = {"drifts": _drifts(plans, y), "flips": _flips(labels, y, luck_of.key_of(seed))}
    return study_of(NAME, QUESTION, base, (seed, draws, luck), _sentences(tables), tables)


def _drifted(plans, drift):
    return {label: each.replace({"world.gap_drift": drift}) for label, each in plans.items()}


def _drifts(plans, y):
    parts = [
        against(_drifted(plans, drift), METRICS, one).assign(drift=drift)
        for drift, one in zip(DRIFTS, y, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)[["drift", *COLUMNS]]


def _flips(labels, y, key):
    """For each pair of plans, the drift at which the better one changes; NaN where never."""
    rows = []
    for (i, a), (j, b) in itertools.combinations(enumerate(labels), 2):
        gains = (y[:, j, ..., 0] - y[:, i, ..., 0]).mean(axis=2)
        rows.append({"plan": b, "against": a} | first_crossing(DRIFTS, gains, key))
    return pd.DataFrame(rows)


def gain(drifts, label, drift):
    """Difference in work of a plan to as is at a drift, and its interval, as two texts."""
    return difference(of(drifts[drifts["drift"] == drift], label, METRICS[0]))


def _sentences(tables):
    drifts, flips = tables["drifts"], tables["flips"]
    flipping = flips[flips["at"].notna()]
    narrow, wide = (gain(drifts, SWAP, drift) for drift in (DRIFTS[0], DRIFTS[-1]))
    title = (
        f"{SWAP.capitalize()} bring {narrow[0]} expert-h in {WEEKS} weeks if the gap halves "
        f"each year, {wide[0]} if it grows by half each year (95% intervals of the expectation "
        f"{narrow[1]}, {wide[1]})"
    )
    return title, (
        f"{title}.",
        *(_plan(drifts, label) for label in (SWAP, TRAIN, ALIKE)),
        *(_flip(row) for row in flipping.itertuples()),
        _never(flips[flips["at"].isna()]),
    )


def _plan(drifts, label):
    words = []
    for drift, when in (
        (DRIFTS[0], "halves each year"), (0.0, "stays"), (DRIFTS[-1], "grows by half each year"),
    ):  # fmt: skip
        words.append("{} expert-h ({}) if the gap {}".format(*gain(drifts, label, drift), when))
    return (
        f"{label.capitalize()}, against as is: {', '.join(words)}; over {WEEKS} weeks, 95% "
        "intervals of the expectation."
    )


def share(drift):
    """A drift in words: "−35%"."""
    return "0%" if drift == 0 else f"{drift:+.0%}".replace("-", "−")


def _flip(row):
    return (
        f"Between '{row.plan}' and '{row.against}' the better one changes at a drift of "
        f"{share(row.at)} of the gap a year (95% numerical interval {share(row.low)} to "
        f"{share(row.high)}, in {percent(row.p_crosses)} of resampled draws)."
    )


def _never(flips):
    """Which choices no drift changes."""
    span = f"from {share(DRIFTS[0])} to {share(DRIFTS[-1])} of the gap a year"
    if flips.empty:
        return f"Every choice between two of the plans changes somewhere {span}."
    pairs = "; ".join(f"'{row.plan}' or '{row.against}'" for row in flips.itertuples())
    return f"Never {span} does the better one change between {pairs}."


SHOWN = {
    SWAP: (VERMILLION, "s", (0, (5, 2))),
    ALIKE: (GREEN, "^", (0, (1, 1))),
    TRAIN: (BLUE, "o", "-"),
}


@styled
def figure(study):
    """What each plan gains over as is, by the drift of the gap; a panel a plan."""
    flips = study.tables["flips"]
    against = flips[(flips["against"] == AS_IS) & flips["plan"].isin(SHOWN)]
    crosses = bool((against["crossings"] > 0).any())
    cross = " Cross: where the better of the plan and as is changes." if crosses else ""
    note = (
        f"Baseline's nine people over {WEEKS} weeks; the gap is that between levels in a "
        "session's odds, and drifts about the mean level of the study's sessions from January 2026 "
        "on. Which way it goes is not published: the range is an assumption. Shaded: 95% interval "
        f"of the expectation.{cross}"
    )
    figure = framed(study, note)
    panels = figure.subplots(1, len(SHOWN), sharey=True)
    drifts = study.tables["drifts"]
    for axes, label in zip(panels, SHOWN, strict=True):
        flip = flips[(flips["plan"] == label) & (flips["against"] == AS_IS)].iloc[0]
        _draw_plan(axes, label, drifts[drifts["plan"] == label], flip)
    thousands(panels[0].yaxis)
    panels[0].set_ylabel("Work gained over as is [expert-h]")
    return figure


def _draw_plan(axes, label, table, flip):
    colour, marker, line = SHOWN[label]
    x = 100 * table["drift"]
    axes.axhline(0, color=INK, linewidth=1)
    band(axes, x, table["difference_low"], table["difference_high"], colour, 0.18)
    axes.plot(x, table["difference"], marker, linestyle=line, color=colour, linewidth=2.2)
    if flip["crossings"]:
        axes.plot(100 * flip["at"], 0, "X", color=INK, markersize=10)
        end = f"changes at {share(flip['at'])}"
    else:
        end = "better plan: same throughout"
    axes.text(0.98, 0.02, end, transform=axes.transAxes, ha="right", size=9)
    axes.set_xticks(list(x), [share(drift) for drift in table["drift"]])
    lines = textwrap.wrap(label.capitalize(), letters(0.7 / len(SHOWN), 10.5))
    axes.set_title("\n".join(lines), size=10.5)
    axes.set_xlabel("← narrows      widens →\nDrift of the gap [share a year]")
