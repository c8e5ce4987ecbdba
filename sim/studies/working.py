"""Levers a team has at once: scope of a session, sessions in parallel, use of the agent."""

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.best import best as best_expected
from sim.figures.style import BLUE, INK, ORANGE, VERMILLION, styled
from sim.records.words import percent, rounded, signed
from sim.studies.study import against, difference, framed, of, plan, study_of, values

NAME = "ways-of-working"
QUESTION = (
    "Without hiring or training anybody: what do the scope of a session, sessions in parallel and "
    "use of the agent change?"
)
WEEKS = 26
LEVERS = {
    "policy.scope_hours": (0.5, 1.0, 2.0, 4.0, 8.0),  # [expert-h]
    "policy.parallel_sessions": (1, 2, 3),
    "policy.agent_use": ("never", "pays", "always"),
}
USUAL: dict[str, Any] = {
    "policy.scope_hours": 2.0,
    "policy.parallel_sessions": 1,
    "policy.agent_use": "always",
}
WORDS = {
    "policy.scope_hours": "scope of a session", "policy.parallel_sessions": "sessions in parallel",
    "policy.agent_use": "use of the agent",
}  # fmt: skip
UNITS = {
    "policy.scope_hours": "{:g} h", "policy.parallel_sessions": "{}", "policy.agent_use": "{}",
}  # fmt: skip
METRICS = ("work_delivered", "escaped_defects", "review_wait_mean")
COLUMNS = tuple(path.split(".")[1] for path in LEVERS)


def runs():
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    count = math.prod(map(len, LEVERS.values()))
    return [(plan("mission-team").replace({"horizon.weeks": WEEKS}), count)]


def run(draws=100, luck=2, seed=1, threads=None, progress=None):
    """Run the study of ways of working: a `Study` with two tables.

    `settings` holds every combination of policies, `alone` each policy changed by itself.
    draws, luck, seed, threads, progress : as for `sim.run`
    """
    base = plan("mission-team").replace({"horizon.weeks": WEEKS} | USUAL)
    settings = list(itertools.product(*LEVERS.values()))
    named = {label(one): base.replace(dict(zip(LEVERS, one, strict=True))) for one in settings}
    y = values(named, METRICS, seed, draws, luck, threads, progress)
    usual = settings.index(tuple(USUAL.values()))
    table = against(named, METRICS, y, usual)
    for place, column in reversed(list(enumerate(COLUMNS))):
        table.insert(0, column, [one[place] for one in settings for _ in METRICS])
    table["p_best"] = np.where(
        table["metric"] == METRICS[0],
        np.repeat(best_expected(y[..., 0])[:, 0], len(METRICS)),
        np.nan,
    )
    tables = {"settings": table, "alone": _alone(table)}
    return study_of(NAME, QUESTION, base, (seed, draws, luck), _sentences(tables), tables)


def label(setting):
    """A combination in words: "2 h, 1 session, always"."""
    scope, parallel, use = setting
    return f"{scope:g} h, {parallel} session{'s' if parallel > 1 else ''}, {use}"


def _alone(table):
    """A lever at a time, the others as usual: lever, setting and the columns of `settings`."""
    parts = []
    for path in LEVERS:
        part = table
        for other, column in zip(LEVERS, COLUMNS, strict=True):
            if other != path:
                part = part[part[column] == USUAL[other]]
        settings = part[path.split(".")[1]].map(UNITS[path].format)
        parts.append(part.assign(lever=WORDS[path], setting=settings).drop(columns=list(COLUMNS)))
    return pd.concat(parts, ignore_index=True)


def best(table):
    """The row of the combination that delivers most."""
    work = table[table["metric"] == METRICS[0]]
    return work.loc[work["mean"].idxmax()]


def _sentences(tables):
    alone = tables["alone"][tables["alone"]["metric"] == METRICS[0]]
    top = best(tables["settings"])
    gain = difference(top)
    usual = label(tuple(USUAL.values()))
    most = (
        f"{top['plan']}: {gain[0]} expert-h in {WEEKS} weeks (95% interval of the expectation "
        f"{gain[1]})"
    )
    title = f"The best way of working looked at is {most}"
    if top["difference_low"] <= 0:
        title = f"No way of working looked at is shown to beat the usual one; {_without(tables)}"
    spread = alone.groupby("lever", sort=False)["mean"].agg(np.ptp)
    return title, (
        f"{title}.",
        f"Most is expected of {most}, against the usual one: {usual}.",
        f"Of {tables['settings']['plan'].nunique()} combinations it is expected best with "
        f"probability {percent(top['p_best'])}.",
        _defects(tables["settings"], top["plan"]),
        f"Alone, {spread.idxmax()} moves most: {rounded(spread.max())[0]} expert-h from its worst "
        "setting to its best.",
        *(_lever(alone, lever) for lever in WORDS.values()),
        _together(alone, top),
    )


def _without(tables):
    """What never using the agent changes, in words."""
    rows = tables["alone"]
    never = rows[(rows["metric"] == METRICS[0]) & (rows["setting"] == "never")].iloc[0]
    mean, *ends = rounded(*(never[name] for name in ("percent", "percent_low", "percent_high")))
    return (
        f"never using the agent changes what is delivered by {mean}% (95% interval of the "
        f"expectation {ends[0]} to {ends[1]})"
    )


def _defects(table, setting):
    mean, ends = difference(of(table, setting, METRICS[1]))
    return f"It lets {mean} defects escape (95% interval of the expectation {ends})."


def _lever(alone, lever):
    rows = alone[(alone["lever"] == lever) & (alone["difference"] != 0)]
    words = ["{}: {} ({})".format(row["setting"], *difference(row)) for _, row in rows.iterrows()]
    return (
        f"{lever.capitalize()}, against the usual setting: {'; '.join(words)} expert-h, 95% "
        "intervals of the expectation."
    )


def _together(alone, top):
    """Whether gains of the single levers add up."""
    parts = [max(0.0, rows["difference"].max()) for _, rows in alone.groupby("lever")]
    total, whole = signed(sum(parts), top["difference"])
    return (
        f"The best settings one by one would add up to {total} expert-h; together they bring "
        f"{whole}."
    )


USES = {"always": (BLUE, "o"), "pays": (ORANGE, "s"), "never": (VERMILLION, "-")}
SHIFT = {"always": -0.12, "pays": 0.12, "never": 0.0}
SHOWN = {"always": "agent always", "pays": "if it pays", "never": "never"}


@styled
def figure(study):
    """Work against the usual way by scope and use of the agent, a panel a number of sessions."""
    note = (
        f"Baseline's nine people over {WEEKS} weeks. Ring: the usual way, "
        f"{label(tuple(USUAL.values()))}. Star: most expected. Bars: 95% interval "
        "of the relative difference of the expectation, over what is not known."
    )
    figure = framed(study, note)
    table = study.tables["settings"]
    work, top = table[table["metric"] == METRICS[0]], best(table)
    counts = LEVERS["policy.parallel_sessions"]
    panels = figure.subplots(1, len(counts), sharey=True)
    for axes, count in zip(panels, counts, strict=True):
        _draw_panel(axes, work[work["parallel_sessions"] == count], count)
        if top["parallel_sessions"] == count:
            x = _draw_place(top["scope_hours"], top["agent_use"])
            axes.plot(x, top["percent"], "*", color=INK, markersize=17, zorder=4)
    usual = _draw_place(USUAL["policy.scope_hours"], USUAL["policy.agent_use"])
    panels[0].plot(usual, 0, "o", color="none", markeredgecolor=INK, markersize=15)
    panels[0].set_ylabel("Work delivered, against the usual way [%]")
    panels[1].legend(loc="lower center", ncol=3, columnspacing=0.8, handletextpad=0.1)
    low, high = panels[0].get_ylim()
    panels[0].set_ylim(low - 0.12 * (high - low), high)  # room for the legend
    return figure


def _draw_place(scope, use):
    """Where a setting stands on the axis of scopes."""
    return LEVERS["policy.scope_hours"].index(scope) + SHIFT[use]


def _draw_panel(axes, table, count):
    axes.axhline(0, color=INK, linewidth=1)
    for use, (colour, marker) in USES.items():
        part = table[table["agent_use"] == use]
        if use == "never":  # whatever the scope
            row = part.iloc[0]
            axes.axhspan(row["percent_low"], row["percent_high"], color=colour, alpha=0.12, lw=0)
            axes.axhline(row["percent"], color=colour, linewidth=1.6, label=SHOWN[use])
            continue
        x = [_draw_place(scope, use) for scope in part["scope_hours"]]
        axes.vlines(x, part["percent_low"], part["percent_high"], color=colour, linewidth=1.6)
        axes.plot(x, part["percent"], marker, color=colour, markersize=7, label=SHOWN[use])
    scopes = LEVERS["policy.scope_hours"]
    axes.set_xticks(range(len(scopes)), [f"{hours:g}" for hours in scopes])
    axes.set_title(f"{count} session{'s' if count > 1 else ''} at once")
    axes.set_xlabel("Scope of a session [expert-h]")
