"""The same mean level, narrow against wide spread: what a team's mix does beyond its mean."""

import numpy as np
import pandas as pd

from sim.figures.drawing import beside, points, rows
from sim.figures.style import BLUE, INK, SKY, VERMILLION, styled
from sim.records.words import estimate, percent
from sim.scenario import LEVELS
from sim.studies.study import against, difference, each, framed, of, plan, study_of, values

NAME = "spread"
QUESTION = "Eight people of mean level 3: does it matter how far apart they are?"
WEEKS = 26
TEAMS = {
    "8 intermediate": {"intermediate": 8},
    "2 beginner, 4 intermediate, 2 advanced": {"beginner": 2, "intermediate": 4, "advanced": 2},
    "4 beginner, 4 advanced": {"beginner": 4, "advanced": 4},
    "2 novice, 4 intermediate, 2 expert": {"novice": 2, "intermediate": 4, "expert": 2},
    "4 novice, 4 expert": {"novice": 4, "expert": 4},
}
# Rules under which the teams are compared, and what they change.
RULES: dict[str, dict] = {
    "as in the baseline": {},
    "anybody may review": {"policy.reviewer_level": "novice"},
    "always the next task": {"policy.routing": "fifo"},
    "no agent": {"policy.agent_use": "never"},
}
METRICS = (
    "work_per_dev_week", "tasks_done_average", "tasks_done_advanced", "review_wait_mean",
    "escaped_defects",
)  # fmt: skip
NARROW, WIDE = "8 intermediate", "4 novice, 4 expert"


def runs():
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    return [(plan("mission-team").replace({"horizon.weeks": WEEKS}), len(RULES) * len(TEAMS))]


def run(draws=100, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with the table `teams`, a row a rule, team and metric."""
    base = plan("mission-team").replace({"horizon.weeks": WEEKS})
    parts = []
    for rule, tell in each(RULES, progress):
        named = {label: base.replace({"team": TEAMS[label]} | RULES[rule]) for label in TEAMS}
        table = against(named, METRICS, values(named, METRICS, seed, draws, luck, threads, tell))
        table.insert(0, "rule", rule)
        table.insert(2, "spread", table["plan"].map(spread))
        parts.append(table)
    teams = pd.concat(parts, ignore_index=True)
    sentences, design = _sentences(teams), (seed, draws, luck)
    return study_of(NAME, QUESTION, base, design, sentences, {"teams": teams})


def spread(team):
    """Standard deviation of the levels of a team."""
    counts = [TEAMS[team].get(level, 0) for level in LEVELS]
    return float(np.std(np.repeat(np.arange(1, 6), counts)))


def _sentences(table):
    usual = table[table["rule"] == next(iter(RULES))]
    narrow, wide = (of(usual, team, METRICS[0]) for team in (NARROW, WIDE))
    apart, ends = difference(wide)
    title = (
        f"At the same mean level, four novices with four experts deliver {apart} expert-h per "
        f"developer-week against eight intermediates (95% interval of the expectation "
        f"{ends})"
    )
    own = estimate(narrow["mean"], narrow["low"], narrow["high"])
    others = (difference(of(usual, WIDE, name)) for name in METRICS[2:])
    what = ("advanced tasks done", "working h that a review waits", "defects that escape")
    return title, (
        f"{title}; they are expected to deliver more with probability {percent(wide['p_better'])}.",
        f"Eight intermediates deliver {own[0]} expert-h per developer-week (95% interval of the "
        f"expectation {own[1]}).",
        _also(zip(others, what, strict=True)),
        *(_under(table, rule) for rule in list(RULES)[1:]),
    )


def _also(rows):
    words = ", ".join(f"{mean} {what} ({ends})" for (mean, ends), what in rows)
    return f"Also against eight intermediates: {words}; 95% intervals of the expectation."


def _under(table, rule):
    mean, ends = difference(of(table[table["rule"] == rule], WIDE, METRICS[0]))
    return (
        f"With '{rule}' the difference is {mean} expert-h per developer-week (95% interval of the "
        f"expectation {ends})."
    )


@styled
def figure(study):
    """Each team against that of one level, and the widest one under other rules."""
    note = (
        f"Eight engineers of mean level 3 over {WEEKS} weeks, the same tasks and luck for "
        "all teams. Left: beside each team, how much longer a review waits. Right: four novices "
        "with four experts, one rule of the baseline another. Intervals: 95%, of the expectation "
        "over what is not known."
    )
    figure = framed(study, note)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
    table = study.tables["teams"]
    _draw_teams(left, table[table["rule"] == next(iter(RULES))])
    _draw_rules(right, table[table["plan"] == WIDE])
    for axes in (left, right):
        axes.set_xlabel("Work against eight\nintermediates [expert-h\nper developer-week]")
    return figure


def _draw_teams(axes, table):
    work = table[table["metric"] == METRICS[0]].iloc[::-1]
    waits = table[table["metric"] == "review_wait_mean"].set_index("plan")
    y = np.arange(len(work))
    _draw_points(axes, y, work, BLUE)
    for at, label in zip(y, work["plan"], strict=True):
        if label != NARROW:
            beside(axes, at, "{} ({})".format(*difference(waits.loc[label])))
    heading = "wait for review [h]\n(95% interval)"
    axes.text(1.02, 1.0, heading, transform=axes.transAxes, va="bottom", size=9)
    names = [
        f"{one.plan.replace(', ', chr(10))} (sd {one.spread:.1f})" for one in work.itertuples()
    ]
    rows(axes, names, size=9)
    axes.set_title("By spread of levels")


def _draw_rules(axes, table):
    work = table[table["metric"] == METRICS[0]].iloc[::-1]
    y = np.arange(len(work))
    _draw_points(axes, y, work, VERMILLION)
    axes.axhspan(len(y) - 1.45, len(y) - 0.55, color=SKY, alpha=0.15, linewidth=0)
    rows(axes, [rule.capitalize() for rule in work["rule"]], size=9)
    axes.set_title("The widest, by rule")


def _draw_points(axes, y, work, colour):
    axes.axvline(0, color=INK, linewidth=1)
    points(axes, y, work, "difference", colour)
    axes.set_ylim(-0.6, len(y) - 0.4)
