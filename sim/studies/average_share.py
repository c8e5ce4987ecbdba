"""Where the share of average work flips the better team: alike people, or novices with experts."""

import numpy as np
import pandas as pd

from sim.analysis import estimates
from sim.engine import luck as luck_of
from sim.engine import metrics
from sim.experiments.decide.analysis import values_of
from sim.figures.style import BLUE, GREY, HEIGHT, INK, ORANGE, WIDTH, ShownFigure, frame, styled
from sim.records import provenance
from sim.records.words import percent, signed
from sim.studies.study import made, part_of, plan
from sim.studies.variants import first_crossing

NAME = "average-share"
QUESTION = (
    "At the same mean level, where does the share of average work flip the better team: eight "
    "intermediates, or four novices with four experts?"
)
NARROW, WIDE = "eight intermediates", "four novices and four experts"
TEAMS = {NARROW: {"intermediate": 8}, WIDE: {"novice": 4, "expert": 4}}
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # average among arriving tasks
WEEKS = 26


def run(draws=100, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `shares` (a row a share) and `flip`."""
    base = plan("mission-team").replace({"horizon.weeks": WEEKS})
    teams = {label: base.replace({"team": team}) for label, team in TEAMS.items()}
    gains = []
    for place, share in enumerate(SHARES):
        plans = {
            label: one.replace({"tasks.advanced_share": round(1 - share, 6)})
            for label, one in teams.items()
        }
        values = values_of(plans, seed, draws, luck, threads, part_of(progress, place, len(SHARES)))
        work = values[..., metrics.NAMES.index("work_per_dev_week")]
        gains.append(work[1] - work[0])
    gain = np.stack(gains)  # (shares, draws, luck), wide less narrow
    tables = {"shares": _shares(gain), "flip": _flip(gain, luck_of.key_of(seed))}
    title, findings = _said(tables)
    return made(NAME, QUESTION, base, (seed, draws, luck), title, findings, tables)


def _shares(gain):
    rows = []
    for share, d in zip(SHARES, gain, strict=True):
        found = dict(zip(estimates.COLUMNS, estimates.estimate(d), strict=True))
        names = ("mean", "ci_low", "ci_high", "p10", "p90", "mc_error")
        rows.append({"share": share, **{name: found[name] for name in names}})
    return pd.DataFrame(rows)


def _flip(gain, key):
    """Where the expected gain (shares, draws, luck) changes sign: a row of `first_crossing`."""
    return pd.DataFrame([first_crossing(SHARES, gain.mean(axis=2), key)])


def _said(tables):
    shares, flip = tables["shares"], tables["flip"].iloc[0]
    ends = [_end(shares.iloc[place]) for place in (0, -1)]
    better = WIDE if shares.iloc[-1]["mean"] > 0 else NARROW
    if np.isnan(flip["at"]):
        title = (
            f"The share of average work never flips the better team from {SHARES[0]:.0%} to "
            f"{SHARES[-1]:.0%}: {better} are ahead throughout"
        )
        sure = f"A flip appears in {percent(flip['p_crosses'])} of resampled draws."
    else:
        title = (
            f"From {percent(flip['at'])} average work on, {better} deliver more than the other "
            f"team (95% numerical interval {percent(flip['low'])} to {percent(flip['high'])})"
        )
        sure = (
            f"The flip appears in {percent(flip['p_crosses'])} of resampled draws; over what is "
            "not known the difference stays open where its interval includes zero."
        )
    return title, (f"{title}.", sure, *ends)


def _end(row):
    gain = signed(row["mean"], row["ci_low"], row["ci_high"])
    return (
        f"With {row['share']:.0%} average work {WIDE} deliver {gain[0]} expert-h per "
        f"developer-week against {NARROW} (95% interval of the expectation {gain[1]} to {gain[2]})."
    )


@styled
def figure(study):
    """Advantage of the wide team over the narrow one by the share of average work."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    table, flip = study.tables["shares"], study.tables["flip"].iloc[0]
    flips = bool(np.isfinite(flip["at"]))
    grey = (
        " Grey: 95% numerical interval of the share at which the expected difference changes sign."
    )
    notes = [
        f"Eight engineers of mean level 3 over {WEEKS} weeks, the same tasks and "
        f"luck for both teams.{grey if flips else ''}",
        provenance.footnote(study.provenance, study.name),
    ]
    frame(figure, study.title, [], notes)
    axes = figure.subplots()
    x = 100 * table["share"]
    axes.fill_between(
        x, table["ci_low"], table["ci_high"], color=BLUE, alpha=0.2, linewidth=0,
        label="95% interval of the expected difference",
    )  # fmt: skip
    (upper,) = axes.plot(x, table["p90"], label="8 of 10 single worlds (10–90%)")
    (lower,) = axes.plot(x, table["p10"])
    for line in (upper, lower):
        line.set(color=ORANGE, linestyle=(0, (4, 2)), linewidth=1.4)
    axes.plot(x, table["mean"], "o-", color=BLUE, linewidth=2.4, label="Mean")
    axes.axhline(0, color=INK, linewidth=1)
    if flips:
        axes.axvspan(100 * flip["low"], 100 * flip["high"], color=GREY, alpha=0.3, linewidth=0)
    axes.set_xlim(x.min(), x.max())
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.3 * (high - low))  # headroom for the legend
    axes.legend(loc="upper left", ncol=3)
    axes.set_title(f"{WIDE.capitalize()}, less {NARROW}")
    axes.set_xlabel("Average work among arriving tasks [%]")
    axes.set_ylabel("Difference in work\n[expert-h per developer-week]")
    return figure
