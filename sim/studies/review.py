"""When review is the bottleneck, what that costs, and what relieves it."""

import numpy as np
import pandas as pd

from sim.figures.style import (
    BLUE,
    HEIGHT,
    INK,
    VERMILLION,
    WIDTH,
    ShownFigure,
    beside,
    frame,
    styled,
    thousands,
)
from sim.records import provenance
from sim.records.words import percent, rounded
from sim.studies import variants
from sim.studies.study import made, part_of, plan

NAME = "review-bottleneck"
QUESTION = "When is review the bottleneck, what does that cost, and what relieves it?"
PEOPLE, WEEKS = 9, 26
EXPERTS = (1, 2, 3, 4, 5)  # on the team, in place of intermediates
NARROW = "only the experts review"  # the bottleneck
RELIEFS = {
    "intermediates review too": {"policy.reviewer_level": "intermediate"},
    "everybody reviews": {"policy.reviewer_level": "novice"},
    "only unverified work is reviewed": {"policy.review": "unverified"},
    "one unreviewed item each at most": {"policy.wip_limit": 1},
    "authors at the limit review whatever the hours": {"policy.at_limit": "review"},
    "one intermediate becomes an expert": {"team.intermediate": 4, "team.expert": 3},
    "nothing is reviewed": {"policy.review": "none"},
}
METRICS = (
    "work_delivered", "review_wait_mean", "escaped_defects", "open_defect_hours_end", "expert_load",
)  # fmt: skip
MATTERS = 0.01  # share of the work from which a cost is called one


def run(draws=100, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `experts` (a row a number of experts) and `reliefs`."""
    base = plan("mission-team").replace({"horizon.weeks": WEEKS})
    few = base.replace({"policy.reviewer_level": "expert"})
    work = {"seed": seed, "draws": draws, "luck": luck, "threads": threads}
    reliefs = {NARROW: few} | {label: few.replace(change) for label, change in RELIEFS.items()}
    y = variants.values(reliefs, METRICS, **work, progress=part_of(progress, 0, 2))
    tables = {
        "experts": _experts(base, few, work, part_of(progress, 1, 2)),
        "reliefs": variants.against(list(reliefs), METRICS, y),
    }
    title, findings = _said(tables)
    return made(NAME, QUESTION, base, (seed, draws, luck), title, findings, tables)


def _experts(base, few, work, progress):
    """What it costs that only the experts review, by how many they are."""
    teams = {n: {"novice": 2, "intermediate": PEOPLE - 2 - n, "expert": n} for n in EXPERTS}
    named = {
        f"{n} {rule}": one.replace({"team": team})
        for n, team in teams.items()
        for rule, one in (("open", base), ("narrow", few))
    }
    y = variants.values(named, METRICS[:2], **work, progress=progress)
    parts = []
    for place, n in enumerate(EXPERTS):
        mine = variants.against(("open", "narrow"), METRICS[:2], y[2 * place : 2 * place + 2])
        mine.insert(0, "experts", n)
        parts.append(mine)
    return pd.concat(parts, ignore_index=True)


def enough(experts):
    """Fewest experts from which their reviewing alone costs under 1% of the work; None if never."""
    for n in EXPERTS:
        mine = experts[experts["experts"] >= n]
        narrow = mine.query("plan == 'narrow' and metric == 'work_delivered'")
        whole = mine.query("plan == 'open' and metric == 'work_delivered'")
        if (-narrow["difference"].to_numpy() < MATTERS * whole["mean"].to_numpy()).all():
            return n
    return None


def _said(tables):
    reliefs, experts = tables["reliefs"], tables["experts"]
    lost = variants.difference(
        variants.of(experts[experts["experts"] == 2], "narrow", "work_delivered")
    )
    title = (
        f"Letting only the two experts review changes what is delivered by {lost[0]} expert-h in "
        f"{WEEKS} weeks (95% interval of the expectation {lost[1]} to {lost[2]})"
    )
    wait = [variants.of(reliefs, label, "review_wait_mean") for label in (NARROW, *RELIEFS)]
    return title, (
        f"{title}.",
        _wait(wait[0], "when only the two experts review"),
        _wait(wait[1], "when the intermediates review too"),
        _enough(experts),
        *(_relief(reliefs, label) for label in RELIEFS),
    )


def _wait(row, when):
    mean, low, high = rounded(row["mean"], row["low"], row["high"])
    return (
        f"Work waits {mean} working h for its review {when} (95% interval of the expectation {low} "
        f"to {high})."
    )


def _enough(experts):
    n, most = enough(experts), EXPERTS[-1]
    last = experts.query("plan == 'narrow' and metric == 'work_delivered'").iloc[-1]
    mean, low, high = variants.difference(last)
    end = f"with {most} experts it is {mean} expert-h (95% interval {low} to {high})"
    if n is None:
        return f"It never costs less than 1% of the work, up to {most} experts of nine: {end}."
    return f"It costs less than 1% of the work from {n} experts of nine on; {end}."


def _relief(table, label):
    work, escaped = (variants.of(table, label, name) for name in ("work_delivered", METRICS[2]))
    gain, more = variants.difference(work), variants.difference(escaped)
    return (
        f"Relief, {label}: {gain[0]} expert-h (95% interval of the expectation {gain[1]} to "
        f"{gain[2]}; better with probability {percent(work['p_better'])}), and {more[0]} defects "
        f"that escape ({more[1]} to {more[2]})."
    )


RULES = {
    "open": (BLUE, "o", "-", "from intermediate level up"),
    "narrow": (VERMILLION, "s", (0, (5, 2)), "only experts"),
}


@styled
def figure(study):
    """Work by how many experts there are, and what each relief brings and lets through."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        f"Nine engineers, two of them novices, over {WEEKS} weeks. Reliefs: against only "
        "the two experts reviewing, on the same tasks and luck. Intervals: 95%, of the expectation "
        "over what is not known.",
        provenance.footnote(study.provenance, study.name),
    ]
    frame(figure, study.title, [], notes)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.5))
    _draw_experts(left, study.tables["experts"])
    _draw_reliefs(right, study.tables["reliefs"])
    return figure


def _draw_experts(axes, table):
    """What the bottleneck costs by the number of experts."""
    mine = table.query("plan == 'narrow' and metric == 'work_delivered'")
    axes.axhline(0, color=INK, linewidth=1)
    axes.fill_between(
        mine["experts"], mine["difference_low"], mine["difference_high"], color=VERMILLION,
        alpha=0.18, linewidth=0, label="95% interval",
    )  # fmt: skip
    axes.plot(mine["experts"], mine["difference"], "s-", color=VERMILLION, linewidth=2.2)
    axes.set_xticks(list(mine["experts"]))
    thousands(axes.yaxis)
    axes.set_title("If only experts review")
    axes.set_xlabel("Experts in the team of nine [people]")
    axes.set_ylabel("Work, against review from\nintermediate level up [expert-h]")
    axes.legend(loc="lower right")


def _draw_reliefs(axes, table):
    """Work gained by each relief, and the defects it lets escape."""
    work = table[(table["metric"] == "work_delivered") & (table["plan"] != NARROW)]
    work = work.sort_values("difference", kind="stable")
    escaped = table[table["metric"] == "escaped_defects"].set_index("plan")
    y = np.arange(len(work))
    axes.axvline(0, color=INK, linewidth=1)
    axes.hlines(y, work["difference_low"], work["difference_high"], color=BLUE, linewidth=2)
    axes.plot(work["difference"], y, "o", color=BLUE, markersize=8)
    for at, label in zip(y, work["plan"], strict=True):
        beside(axes, at, escaped.loc[label])
    heading = "escaped defects\n(95% interval)"
    axes.text(1.02, 1.0, heading, transform=axes.transAxes, va="bottom", size=9)
    axes.set_yticks(y, [label[0].upper() + label[1:] for label in work["plan"]])
    axes.tick_params(axis="y", length=0)
    thousands(axes.xaxis)
    axes.locator_params(axis="x", nbins=5)
    axes.set_title("What relieves it, with two experts")
    axes.set_xlabel("Work gained [expert-h]")
