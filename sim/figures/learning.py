"""Figure of a learning: a record in, a matplotlib Figure out; nothing is estimated here."""

import textwrap

import numpy as np

from sim.figures.style import BLUE, GREY, INK, framed, styled
from sim.records import provenance, words

NOTE = (
    "Bars hold 8 of 10 worlds of the plan, drift aside; each row is over the median after learning."
)
GAINS = 6  # numbers shown
AHEAD = 26  # weeks of a burn-up
BANDS = (("q2.5", "q97.5", 0.15, "95%"), ("q10", "q90", 0.25, "80%"), ("q25", "q75", 0.35, "50%"))


@styled
def learning_figure(record):
    """What a record tells beside what was believed before and after, and what to find out next.

    record : Learning
    returns : matplotlib.figure.Figure, two panels: a row a measure with the ranges before and after
        and the record's value; the range of work with each number that the record does not tell
    """
    figure = framed(
        record,
        record.sentences()[0].removesuffix("."),
        [NOTE],
        provenance.footnote(record.provenance),
    )
    left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
    _ranges(left, record.observed)
    _next(right, record.next_numbers)
    return figure


@styled
def burn_up_figure(record):
    """Tickets done since the record ends, if the team goes on as it is.

    record : Learning
    returns : matplotlib.figure.Figure, one panel: bands that hold 50, 80 and 95% of worlds, and the
        middle one, by date
    """
    table = record.coming.head(AHEAD)
    last = table.iloc[-1]
    title = (
        f"If the team goes on as it is: {words.number(last['q50'])} tickets in {AHEAD} weeks, "
        f"{words.span(last['q10'], last['q90'])} in 8 of 10 worlds"
    )
    count = provenance.footnote(record.provenance)
    figure = framed(record, title, ["Bands hold 50, 80 and 95% of worlds, drift within."], count)
    axes = figure.subplots()
    start = np.datetime64(record.about["ends"])
    days = start + 7 * np.arange(len(table) + 1).astype("timedelta64[D]")
    for low, high, shade, label in BANDS:
        ends = [np.concatenate([[0.0], table[name]]) for name in (low, high)]
        axes.fill_between(days, *ends, color=BLUE, alpha=shade, linewidth=0, label=label)
    middle = np.concatenate([[0.0], table["q50"]])
    axes.plot(days, middle, color=BLUE, linewidth=2, label="half of worlds")
    axes.set(ylim=(0, None), ylabel="Tickets done since the record [tickets]", xlabel="Date")
    axes.tick_params(axis="x", labelrotation=30)
    axes.legend(loc="upper left", fontsize=9)
    return figure


def _ranges(axes, table):
    """Ranges before and after of each measure, over its median after, and the record's value."""
    places = np.arange(len(table))[::-1]
    middle = table["after_p50"].to_numpy()
    for prefix, colour, height, label in (
        ("before", GREY, 0.62, "before"), ("after", BLUE, 0.3, "after"),
    ):  # fmt: skip
        low, high = (table[f"{prefix}_{p}"].to_numpy() / middle for p in ("p10", "p90"))
        axes.barh(
            places, high - low, left=low, height=height, color=colour,
            alpha=0.45 if prefix == "before" else 0.9, label=label,
        )  # fmt: skip
    axes.plot(table["observed"] / middle, places, "D", color=INK, markersize=5, label="record")
    low, high = (
        table[[f"before_{p}", f"after_{p}"]].div(table["after_p50"], axis=0) for p in ("p10", "p90")
    )
    axes.set_xlim(0.85 * low.min(axis=None), 1.15 * high.max(axis=None))
    axes.set(xscale="log", yticks=places, yticklabels=[_short(one) for one in table["words"]])
    ticks = [tick for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10) if _within(tick, axes.get_xlim())]
    axes.set_xticks(ticks, [f"{tick:g}×" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("Over the median after learning")
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=9, borderaxespad=0.2)


def _next(axes, table):
    """How far the range of expected work falls with each number not told."""
    table = table.head(GAINS)
    places = np.arange(len(table))[::-1]
    axes.barh(places, table["fold_then"], height=0.5, color=BLUE, alpha=0.9)
    for place, value in zip(places, table["fold_then"], strict=True):
        axes.text(value, place, f"{value:.2f} ", va="center", ha="right", fontsize=9, color="white")
    if len(table):
        now = float(table["fold_now"].iloc[0])
        axes.axvline(now, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        axes.text(now, len(table) - 0.45, f"now {words.number(now)}", ha="right", fontsize=9)
        axes.set_xlim(1.0, 1.12 * max(now, table["fold_then"].max()))
    axes.set(yticks=places, yticklabels=[_short(one) for one in table["words"]])
    axes.set_xlabel("Range of work, were it\nknown [times]")
    axes.grid(axis="y", visible=False)


def _short(text):
    """Words of a measure on two lines, without how it is taken."""
    return "\n".join(textwrap.wrap(text.removesuffix(", mean").removesuffix(", median"), 24))


def _within(tick, limits):
    return limits[0] <= tick <= limits[1]
