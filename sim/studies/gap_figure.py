"""Figure of the study gap."""

from sim.figures.run import WARNINGS
from sim.figures.style import (
    BLUE,
    GREEN,
    HEIGHT,
    INK,
    VERMILLION,
    WIDTH,
    ShownFigure,
    frame,
    styled,
    thousands,
)
from sim.records import provenance
from sim.studies import gap

SHOWN = {
    gap.SWAP: (VERMILLION, "s", (0, (5, 2))),
    gap.ALIKE: (GREEN, "^", (0, (1, 1))),
    gap.TRAIN: (BLUE, "o", "-"),
}


@styled
def gap_figure(study):
    """What each plan gains over as is, by the drift of the gap; a panel a plan."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        f"Baseline's nine people over {gap.WEEKS} weeks; the gap is that between levels in a "
        "session's odds, and drifts about the mean level of the study's sessions from January 2026 "
        "on. Which way it goes is not published: the range is an assumption. Shaded: 95% interval "
        "of the expectation. Cross: where the better of the plan and as is changes.",
        provenance.footnote(study.provenance, study.name),
    ]
    warnings = [line for line in study.caveats if line.startswith(WARNINGS)]
    frame(figure, study.title, warnings, notes)
    panels = figure.subplots(1, len(SHOWN), sharey=True)
    drifts, flips = study.tables["drifts"], study.tables["flips"]
    for axes, label in zip(panels, SHOWN, strict=True):
        mine = flips[(flips["plan"] == label) & (flips["against"] == gap.AS_IS)]
        _plan(axes, label, drifts[drifts["plan"] == label], mine.iloc[0])
    thousands(panels[0].yaxis)
    panels[0].set_ylabel("Work gained over as is [expert-h]")
    return figure


def _plan(axes, label, table, flip):
    colour, marker, line = SHOWN[label]
    x = 100 * table["drift"]
    axes.axhline(0, color=INK, linewidth=1)
    axes.fill_between(
        x, table["difference_low"], table["difference_high"], color=colour, alpha=0.18, linewidth=0
    )
    axes.plot(x, table["difference"], marker, linestyle=line, color=colour, linewidth=2.2)
    if flip["crossings"]:
        axes.plot(100 * flip["at"], 0, "X", color=INK, markersize=10)
        end = f"changes at {gap.share(flip['at'])}"
    else:
        end = "never changes here"
    axes.text(0.98, 0.02, end, transform=axes.transAxes, ha="right", size=9)
    axes.set_xticks(list(x), [gap.share(drift) for drift in table["drift"]])
    axes.set_title(label.capitalize(), size=10.5)
    axes.set_xlabel("← narrows      widens →\nDrift of the gap [share a year]")
