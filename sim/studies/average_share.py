"""Where the share of average work flips the better team: alike people, or novices with experts."""

import numpy as np
import pandas as pd

from sim.analysis import estimates
from sim.engine import luck as luck_of
from sim.figures.drawing import band, headroom
from sim.figures.style import BLUE, GREY, INK, styled
from sim.records.words import estimate, includes_none, percent, signed
from sim.studies.study import each, first_crossing, framed, plan, study_of, values

NAME = "average-share"
QUESTION = (
    "At the same mean level, where does the share of average work flip the better team: eight "
    "intermediates, or four novices with four experts?"
)
NARROW, WIDE = "eight intermediates", "four novices and four experts"
TEAMS = {NARROW: {"intermediate": 8}, WIDE: {"novice": 4, "expert": 4}}
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # average among arriving tasks
WEEKS = 26
SHOWN = ["mean", "ci_low", "ci_high", "p10", "p90", "mc_error"]


def runs():
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    return [(plan("mission-team").replace({"horizon.weeks": WEEKS}), len(SHARES) * len(TEAMS))]


def run(draws=100, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `shares` (a row a share) and `flip`."""
    base = plan("mission-team").replace({"horizon.weeks": WEEKS})
    gains = []
    for share, tell in each(SHARES, progress):
        work = {"tasks.advanced_share": round(1 - share, 6)}
        teams = {label: base.replace({"team": team} | work) for label, team in TEAMS.items()}
        narrow, wide = values(teams, ["work_per_dev_week"], seed, draws, luck, threads, tell)
        gains.append((wide - narrow)[..., 0])
    gain = np.stack(gains)  # (shares, draws, luck), wide less narrow
    tables = {"shares": _shares(gain), "flip": _flip(gain, luck_of.key_of(seed))}
    return study_of(NAME, QUESTION, base, (seed, draws, luck), _sentences(tables), tables)


def _shares(gain):
    rows = [estimates.estimate(d) for d in gain]
    table = pd.DataFrame(rows, columns=estimates.COLUMNS)[SHOWN]
    table.insert(0, "share", SHARES)
    return table


def _flip(gain, key):
    """Where the expected gain (shares, draws, luck) changes sign: a row of `first_crossing`."""
    return pd.DataFrame([first_crossing(SHARES, gain.mean(axis=2), key)])


def _sentences(tables):
    shares, flip = tables["shares"], tables["flip"].iloc[0]
    ends = [_end(shares.iloc[place]) for place in (0, -1)]
    better = WIDE if shares.iloc[-1]["mean"] > 0 else NARROW
    if np.isnan(flip["at"]):
        title, sure = _never(better, shares, flip)
    else:
        title = (
            f"From {percent(flip['at'])} average work on, {better} deliver more than the other "
            f"team (95% numerical interval {percent(flip['low'])} to {percent(flip['high'])})"
        )
        after = shares[shares["share"] > flip["at"]]
        title = title if _shown(after).any() else f"Too close to call: from{title[len('From') :]}"
        sure = (
            f"The flip appears in {percent(flip['p_crosses'])} of resampled draws; over what is "
            "not known the difference stays open where its interval includes zero."
        )
    return title, (f"{title}.", sure, *ends)


def _never(better, shares, flip):
    """Title and how sure it is where the expected difference has one sign at every share."""
    shown, span = _shown(shares), f"from {SHARES[0]:.0%} to {SHARES[-1]:.0%} average work"
    count = f"{int(shown.sum())} of {len(shares)} shares"
    title = (
        f"The share of average work never flips the better team {span}: {better} are ahead "
        "throughout"
    )
    if not shown.any():
        title = f"Too close to call {span}: neither team is shown to be ahead at any share"
    elif not shown.all():
        title = (
            f"The share of average work is not shown to flip the better team {span}: {better} are "
            f"shown to be ahead at {count}"
        )
    sure = f"A flip appears in {percent(flip['p_crosses'])} of resampled draws."
    return title, sure


def _shown(shares):
    """Whether the interval of each share's difference, as it is told, leaves out none: array."""
    told = zip(shares["ci_low"], shares["ci_high"], strict=True)
    return np.array([not includes_none(*signed(low, high)) for low, high in told])


def _end(row):
    gain, ends = estimate(row["mean"], row["ci_low"], row["ci_high"], signs=True)
    return (
        f"With {row['share']:.0%} average work {WIDE}, less {NARROW}, come to {gain} expert-h per "
        f"developer-week (95% interval of the expectation {ends})."
    )


@styled
def figure(study):
    """Advantage of the wide team over the narrow one by the share of average work."""
    table, flip = study.tables["shares"], study.tables["flip"].iloc[0]
    flips = bool(np.isfinite(flip["at"]))
    grey = (
        " Grey: 95% numerical interval of the share at which the expected difference changes sign."
    )
    note = (
        f"Eight engineers of mean level 3 over {WEEKS} weeks, the same tasks and luck for both "
        f"teams.{grey if flips else ''}"
    )
    figure = framed(study, note)
    axes = figure.subplots()
    x = 100 * table["share"]
    kind = "95% interval of the expected difference"
    band(axes, x, table["ci_low"], table["ci_high"], label=kind)
    axes.plot(x, table["mean"], "o-", color=BLUE, linewidth=2.4, label="Average", clip_on=False)
    axes.axhline(0, color=INK, linewidth=1)
    if flips:
        axes.axvspan(100 * flip["low"], 100 * flip["high"], color=GREY, alpha=0.3, linewidth=0)
    axes.set_xlim(x.min(), x.max())
    headroom(axes, 0.3)
    axes.legend(loc="upper left", ncol=3)
    axes.set(title=f"{WIDE.capitalize()}, less {NARROW}")
    axes.set_xlabel("Average work among arriving tasks [%]")
    axes.set_ylabel("Difference in work\n[expert-h per developer-week]")
    return figure
