"""Figure of the study average-share."""

import numpy as np

from sim.figures.style import BLUE, GREY, HEIGHT, INK, ORANGE, WIDTH, ShownFigure, frame, styled
from sim.records import provenance
from sim.studies import average_share


@styled
def average_share_figure(study):
    """Advantage of the wide team over the narrow one by the share of average work."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    table, flip = study.tables["shares"], study.tables["flip"].iloc[0]
    flips = bool(np.isfinite(flip["at"]))
    grey = (
        " Grey: 95% numerical interval of the share at which the expected difference changes sign."
    )
    notes = [
        f"Eight engineers of mean level 3 over {average_share.WEEKS} weeks, the same tasks and "
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
    axes.set_title(f"{average_share.WIDE.capitalize()}, less {average_share.NARROW}")
    axes.set_xlabel("Average work among arriving tasks [%]")
    axes.set_ylabel("Difference in work\n[expert-h per developer-week]")
    return figure
