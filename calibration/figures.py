"""Figures of calibration: records in, a matplotlib Figure out; nothing is estimated here."""

from calibration import work_figure
from sim.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    VERMILLION,
    ShownFigure,
    frame,
    is_inset,
    percent,
    styled,
)

NAMES = ("Novice", "Beginner", "Intermediate", "Advanced-\nlevel", "Expert")
MEASURES = {
    "partial": ("At least partial success", GREEN, "^"),
    "judged": ("Judged done", ORANGE, "s"),
    "verified": ("Verified success", BLUE, "o"),
}
UNSEEN = 0.2  # right of a level, where its prediction stands
NOTE = (
    "Facts of work: medians and 95% intervals of what the engine says, of the fit to all of them "
    "and of one without the fact; met where the fitted median lies in its band, with 4 of 10 draws."
)


@styled
def check_figure(check):
    """Facts of how people work and published rates beside the fit, and what they narrowed.

    check : Check
    returns : matplotlib.figure.Figure, three panels; an inset is the facts of work alone
    """
    figure = ShownFigure()
    if is_inset():
        frame(figure, "", [], [NOTE, ""], more_height=3.4)
        work_figure.targets(figure.subplots(), check.work)
        return figure
    frame(figure, _finding(check), [], _notes(check), more_height=7.2)
    parts = figure.subfigures(2, 1, height_ratios=[5, 8.5], squeeze=False)
    above, below = parts[:, 0]
    left, right = above.subplots(1, 2, width_ratios=[3, 2])
    _levels(left, check)
    work_figure.moved(right, check.moved)
    work_figure.targets(below.subplots(), check.work)
    return figure


def _finding(check):
    """How much of what was published is met, and the first that is missed with its numbers."""
    table, work = check.targets, check.work
    met = (
        f"{table['inside'].sum()} of {len(table)} published rates and {work['inside'].sum()} of "
        f"{len(work)} facts of work are met"
    )
    unseen = check.held_out[~check.held_out["median_inside"]]
    missed = [f"level {row.level}, predicted unseen" for row in unseen.itertuples()]
    missed += [
        f"{row.what}, published {work_figure.told(row, '95% interval ').removesuffix(': missed')}"
        for row in work[~work["inside"]].itertuples(name="Row")
    ]
    if not missed:
        return f"{met}, and both levels predicted unseen"
    more = f", and {len(missed) - 1} more" if missed[1:] else ""
    return f"{met}. Missed: {missed[0]}{more}"


def _notes(check):
    found = check.diagnostics
    unseen = "; ".join(
        f"level {row.level} {100 * row.share_inside:.0f}% of draws in its band"
        for row in check.held_out.itertuples()
    )
    return [
        "Above: points and thin bars, published rates of first sessions with their tolerance, one "
        "vendor's study; lines and bands, median and 95% interval of the fit to all rows. Black: "
        f"levels 2 and 4 predicted from the others alone ({unseen}; band: to be met).",
        NOTE,
        *(f"Missed, {row.what}: {row.why}" for row in check.work.itertuples(name="Row") if row.why),
        f"{found['effective']:,.0f} effective draws, split R-hat {found['rhat']:.3f}",
    ]


def _levels(axes, check):
    """Published rates by level beside the fit, and the two levels predicted unseen."""
    table, fitted = check.targets, check.levels
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
    _held_out(axes, check.held_out)
    axes.set(title="Rates by level of expertise", ylabel="First sessions [%]", xlim=(0.7, 5.3))
    axes.set_ylim(0, 125)
    axes.set_yticks(range(0, 101, 20))
    axes.set_xticks(range(1, 6), NAMES)
    _finish(axes)
    axes.legend(loc="upper left", ncols=2, columnspacing=1.0, handletextpad=0.3, borderpad=0)


def _held_out(axes, table):
    """The levels predicted unseen, right of their points, with the bands they must meet."""
    for place, row in enumerate(table.itertuples()):
        at = row.level + UNSEEN
        axes.fill_between(
            [at - 0.09, at + 0.09], 100 * row.band_low, 100 * row.band_high, color=GREY,
            alpha=0.5, linewidth=0,
        )  # fmt: skip
        reach = [[100 * (row.median - row.low)], [100 * (row.high - row.median)]]
        axes.errorbar(
            [at], [100 * row.median], reach, fmt="D", markersize=4, capsize=3,
            color=INK if row.median_inside else VERMILLION,
            label="Predicted unseen" if place == 0 else None,
        )  # fmt: skip


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
