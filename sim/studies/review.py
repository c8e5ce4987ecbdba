"""When review is the bottleneck, what that costs, and what relieves it."""

import numpy as np
import pandas as pd

from sim.figures.drawing import band, beside, few_thousands, points, rows, thousands
from sim.figures.style import INK, VERMILLION, is_inset, styled
from sim.records.words import capital, estimate, percent
from sim.studies.study import (
    COLUMNS,
    against,
    difference,
    framed,
    of,
    part_of,
    plan,
    study_of,
    values,
)

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


def runs():
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    base = plan("mission-team").replace({"horizon.weeks": WEEKS})
    return [(base, 1 + len(RELIEFS) + 2 * len(EXPERTS))]


def run(draws=100, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `experts` (a row a number of experts) and `reliefs`."""
    base = plan("mission-team").replace({"horizon.weeks": WEEKS})
    few = base.replace({"policy.reviewer_level": "expert"})
    work = {"seed": seed, "draws": draws, "luck": luck, "threads": threads}
    reliefs = {NARROW: few} | {label: few.replace(change) for label, change in RELIEFS.items()}
    y = values(reliefs, METRICS, **work, progress=part_of(progress, 0, 2))
    tables = {
        "experts": _experts(base, few, work, part_of(progress, 1, 2)),
        "reliefs": against(reliefs, METRICS, y),
    }
    return study_of(NAME, QUESTION, base, (seed, draws, luck), _sentences(tables), tables)


def _experts(base, few, work, progress):
    """What it costs that only the experts review, by how many they are."""
    teams = {n: {"novice": 2, "intermediate": PEOPLE - 2 - n, "expert": n} for n in EXPERTS}
    named = {
        f"{n} {rule}": one.replace({"team": team})
        for n, team in teams.items()
        for rule, one in (("open", base), ("narrow", few))
    }
    y = values(named, METRICS[:2], **work, progress=progress)
    pairs = y.reshape(len(EXPERTS), 2, *y.shape[1:])
    rules = ("open", "narrow")
    parts = [
        against({rule: named[f"{n} {rule}"] for rule in rules}, METRICS[:2], pair).assign(experts=n)
        for n, pair in zip(EXPERTS, pairs, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)[["experts", *COLUMNS]]


def _work(experts, rule):
    """Rows on work delivered under a rule, "open" or "narrow"."""
    return experts[(experts["plan"] == rule) & (experts["metric"] == "work_delivered")]


def enough(experts):
    """Fewest experts from which their reviewing alone costs under 1% of the work; None if never."""
    for n in EXPERTS:
        so_many = experts[experts["experts"] >= n]
        narrow, whole = _work(so_many, "narrow"), _work(so_many, "open")
        if (-narrow["difference"].to_numpy() < MATTERS * whole["mean"].to_numpy()).all():
            return n
    return None


def _sentences(tables):
    reliefs, experts = tables["reliefs"], tables["experts"]
    lost, ends = difference(of(experts[experts["experts"] == 2], "narrow", "work_delivered"))
    title = (
        f"Letting only the two experts review changes what is delivered by {lost} expert-h in "
        f"{WEEKS} weeks (95% interval of the expectation {ends})"
    )
    wait = [of(reliefs, label, "review_wait_mean") for label in (NARROW, *RELIEFS)]
    return title, (
        f"{title}.",
        _wait(wait[0], "when only the two experts review"),
        _wait(wait[1], "when the intermediates review too"),
        _enough(experts),
        *(_relief(reliefs, label) for label in RELIEFS),
    )


def _wait(row, when):
    mean, ends = estimate(row["mean"], row["low"], row["high"])
    return (
        f"Work waits {mean} working h for its review {when} (95% interval of the expectation "
        f"{ends})."
    )


def _enough(experts):
    n, most = enough(experts), EXPERTS[-1]
    mean, ends = difference(_work(experts, "narrow").iloc[-1])
    end = f"with {most} experts it is {mean} expert-h (95% interval {ends})"
    if n is None:
        return f"It never costs less than 1% of the work, up to {most} experts of nine: {end}."
    return f"It costs less than 1% of the work from {n} experts of nine on; {end}."


def _relief(table, label):
    work, escaped = (of(table, label, name) for name in ("work_delivered", METRICS[2]))
    gain, more = difference(work), difference(escaped)
    return (
        f"Relief, {label}: {gain[0]} expert-h (95% interval of the expectation {gain[1]}; "
        f"better with probability {percent(work['p_better'])}), and {more[0]} defects "
        f"that escape ({more[1]})."
    )


@styled
def figure(study):
    """Two panels: work delivered by number of experts; for each measure that relieves reviewers the
    gain in work, and the defects that it lets through. An inset is the second."""
    note = (
        f"Nine engineers, two of them novices, over {WEEKS} weeks. Reliefs: against only "
        "the two experts reviewing, on the same tasks and luck. Intervals: 95%, of the expectation "
        "over what is not known."
    )
    figure = framed(study, note)
    if is_inset():
        _draw_reliefs(figure.subplots(), study.tables["reliefs"])
        return figure
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.5))
    _draw_experts(left, study.tables["experts"])
    _draw_reliefs(right, study.tables["reliefs"])
    return figure


def _draw_experts(axes, table):
    """What the bottleneck costs by the number of experts."""
    work = _work(table, "narrow")
    experts, low, high = (work[name] for name in ("experts", "difference_low", "difference_high"))
    axes.axhline(0, color=INK, linewidth=1)
    band(axes, experts, low, high, VERMILLION, 0.18, "95% interval")
    axes.plot(experts, work["difference"], "s-", color=VERMILLION, linewidth=2.2)
    axes.set_xticks(list(experts))
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
    points(axes, y, work, "difference")
    for at, label in zip(y, work["plan"], strict=True):
        beside(axes, at, "{} ({})".format(*difference(escaped.loc[label])))
    heading = "escaped defects\n(95%)"
    axes.text(1.02, 1.0, heading, transform=axes.transAxes, va="bottom", size=9)
    rows(axes, list(map(capital, work["plan"])))
    few_thousands(axes.xaxis)
    axes.set_title("What relieves two experts")
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel("Work gained [expert-h]")
