"""Figure of the study review-bottleneck."""

import numpy as np

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
from sim.studies import review

RULES = {
    "open": (BLUE, "o", "-", "from intermediate level up"),
    "narrow": (VERMILLION, "s", (0, (5, 2)), "only experts"),
}


@styled
def review_figure(study):
    """Work by how many experts there are, and what each relief brings and lets through."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        f"Nine engineers, two of them novices, over {review.WEEKS} weeks. Reliefs: against only "
        "the two experts reviewing, on the same tasks and luck. Intervals: 95%, of the expectation "
        "over what is not known.",
        provenance.footnote(study.provenance, study.name),
    ]
    frame(figure, study.title, [], notes)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.5))
    _experts(left, study.tables["experts"])
    _reliefs(right, study.tables["reliefs"])
    return figure


def _experts(axes, table):
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


def _reliefs(axes, table):
    """Work gained by each relief, and the defects it lets escape."""
    work = table[(table["metric"] == "work_delivered") & (table["plan"] != review.NARROW)]
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
