"""Figures of calibration: records in, a matplotlib Figure out; nothing is estimated here."""

from calibration import work_figure
from sim.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    ShownFigure,
    frame,
    percent,
    styled,
)

NAMES = ("Novice", "Beginner", "Intermediate", "Advanced-\nlevel", "Expert")
MEASURES = {
    "partial": ("At least partial success", GREEN, "^"),
    "judged": ("Judged done", ORANGE, "s"),
    "verified": ("Verified success", BLUE, "o"),
}


@styled
def check_figure(check):
    """Published rates beside the fit's, two held-out levels, and how people work. check : Check"""
    figure = ShownFigure()
    frame(figure, _finding(check), [], _notes(check), more_height=7.0)
    (left, right), (below, moved) = figure.subplots(2, 2, width_ratios=[3, 2], height_ratios=[4, 5])
    _levels(left, check.targets, check.levels)
    _held_out(right, check.held_out)
    work_figure.targets(below, check.work)
    work_figure.moved(moved, check.moved)
    return figure


def _finding(check):
    table = check.targets
    outside = check.held_out[~check.held_out["median_inside"]]
    work = check.work["inside"]
    said = (
        f"{table['inside'].sum()} of {len(table)} published outcomes and {work.sum()} of "
        f"{len(work)} facts of work are met"
    )
    shares = "; ".join(
        f"level {row.level}: {100 * row.share_inside:.0f}% of draws in its band"
        for row in check.held_out.itertuples()
    )
    missed = ", ".join(f"level {level}" for level in outside["level"])
    held = f"unseen, {missed} is missed" if missed else "unseen levels at the median"
    return f"{said}; {held} ({shares})"


def _notes(check):
    found = check.diagnostics
    return [
        "Above: points, published; bars, tolerance. Left: lines and bands, median and 95% "
        "interval of the fit to all rows. Right: fitted on levels 1, 3 and 5 of verified success "
        "only; black bars, 95% interval of the prediction. First sessions, adjusted rates of one "
        "vendor's study.",
        "Below: medians and 95% intervals of what the engine says, before and after; bars with "
        "95% Monte Carlo error.",
        *(
            f"{row.name} is missed. {row.why}"
            for row in check.work.itertuples(name="Row")
            if row.why
        ),
        f"{found['effective']:,.0f} effective draws, split R-hat {found['rhat']:.3f}",
    ]


def _levels(axes, table, fitted):
    for measure, (label, colour, marker) in MEASURES.items():
        rows = table[table["row"].str.startswith(f"study-{measure}")]
        level = rows["row"].str[-1].astype(int)
        curve = fitted[fitted["measure"] == measure]
        low, high = 100 * curve["low"], 100 * curve["high"]
        axes.fill_between(curve["level"], low, high, color=colour, alpha=0.25, linewidth=0)
        axes.plot(curve["level"], 100 * curve["median"], color=colour, linewidth=2)
        axes.errorbar(
            level, 100 * rows["published"], 100 * rows["tolerance"], fmt=marker, color=colour,
            markeredgecolor=INK, ecolor=INK, elinewidth=1, capsize=3, label=label,
        )  # fmt: skip
    axes.set(title="Fitted to all rows", ylabel="First sessions [%]", xlim=(0.7, 5.3))
    axes.set_ylim(0, 120)
    axes.set_yticks(range(0, 101, 20))
    axes.set_xticks(range(1, 6), NAMES)
    _finish(axes)
    axes.legend(loc="upper left", ncols=3, columnspacing=1.0, handletextpad=0.3, borderpad=0)


def _held_out(axes, table):
    for place, row in enumerate(table.itertuples()):
        axes.fill_between(
            [place - 0.32, place + 0.32], 100 * row.band_low, 100 * row.band_high, color=GREY,
            alpha=0.35, linewidth=0, label="Band to be met" if place == 0 else None,
        )  # fmt: skip
        reach = [[100 * (row.median - row.low)], [100 * (row.high - row.median)]]
        axes.errorbar(
            [place - 0.12], [100 * row.median], reach, fmt="D", color=INK, capsize=4,
            label="Predicted unseen" if place == 0 else None,
        )  # fmt: skip
        for shift, value, form, colour, label in (
            (0.06, row.published, "o", BLUE, "Published"),
            (0.2, row.straight_line, "_", ORANGE, "Straight line between neighbours"),
        ):
            axes.plot(
                place + shift, 100 * value, form, color=colour, markersize=9, markeredgewidth=2.5,
                label=label if place == 0 else None,
            )  # fmt: skip
    axes.set(title="Two levels predicted unseen", ylabel="Verified success [%]", xlim=(-0.5, 1.5))
    axes.set_xticks(range(len(table)), [NAMES[level - 1] for level in table["level"]])
    axes.set_ylim(10, 48)
    _finish(axes)
    axes.legend(loc="upper left", borderpad=0)


def _finish(axes):
    percent(axes.yaxis)
    axes.grid(axis="y", color=GREY, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)


@styled
def ranks_figure(found):
    """Ranks of the truth among posterior draws, a panel a quantity. found : sbc.Ranks"""
    from calibration import sbc

    count = len(found.names)
    rows = -(-count // COLUMNS)
    figure = ShownFigure()
    tested = "kept" if found.uniform else "REJECTED"
    lowest = found.p_values.min()
    repetitions = len(found.ranks)
    hold = "hold" if found.uniform else "do not hold"
    title = (
        f"The {found.name} fit's intervals {hold} the truth as often as they say "
        f"(uniform ranks: {tested} at a familywise 1%; lowest p {lowest:.3f} of {count})"
    )
    note = (
        f"{repetitions} repetitions: truth drawn from the prior, data simulated from it and fitted "
        f"by Laplace with importance draws. Rank of the truth among {sbc.DRAWS} draws; between "
        "the thin lines 99 of 100 bars of a uniform end."
    )
    frame(figure, title, [], [note],
          more_height=max(0.0, 1.45 * rows - 3.6))  # fmt: skip
    panels = figure.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False)
    for place, axes in enumerate(panels.ravel()):
        if place >= count:
            axes.set_visible(False)
            continue
        _ranks(axes, found.ranks[:, place], sbc.DRAWS, sbc.BINS)
        axes.set_title(found.names[place].replace("_", " "), size=9)
        if place >= count - COLUMNS:
            axes.set_xlabel("Rank")
            axes.tick_params(labelbottom=True)
        if place % COLUMNS == 0:
            axes.set_ylabel("Fits")
    return figure


def _ranks(axes, ranks, draws, bins):
    from scipy.stats import binom  # late: slow to import

    low, high = binom.ppf([0.005, 0.995], len(ranks), 1 / bins)
    axes.axhspan(low, high, color=GREY, alpha=0.35, linewidth=0, zorder=0)
    edges = [place * (draws + 1) / bins - 0.5 for place in range(bins + 1)]
    axes.hist(ranks, edges, color=BLUE, alpha=0.85, edgecolor="white", linewidth=0.4)
    for end in (low, high):
        axes.axhline(end, color=INK, linewidth=0.6)
    axes.set_xlim(-0.5, draws + 0.5)


COLUMNS = 5  # panels a row
