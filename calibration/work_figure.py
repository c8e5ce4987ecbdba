"""Panels on how people work: targets of stage two, and what they moved; nothing is estimated."""

import textwrap

from sim.figures.drawing import beside, rows
from sim.figures.style import BLUE, GREY, INK, VERMILLION, is_inset, patch, percent
from sim.records.factors import member
from sim.records.words import capital, rounded

REACH = 5  # standard deviations of a target that are shown on either side
MOST = 12  # parameters that are shown, those that narrowed most
WIDE, NARROW = 60, 40  # letters to a line of a target's words, and of an inset's


def targets(axes, table):
    """Each target in words: the fit, and the fit without it, against what was published.

    Distances are in standard deviations of the target: its own error and its discount. A target
    that is missed is drawn in another colour, and said so.
    """
    letters = NARROW if is_inset() else WIDE
    for place, row in enumerate(table.itertuples(name="Row")):
        scale = (row.tolerance**2 + row.discount**2) ** 0.5 / 1.96
        low, high = ((end - row.published) / scale for end in row.band)
        axes.barh(
            place, high - low, left=low, height=0.8, color=GREY, alpha=0.35,
            label="Where it is met" if place == 0 else None,
        )  # fmt: skip
        ink = INK if row.inside else VERMILLION
        for shift, ends, form, colour, label in (
            (-0.16, row.left_out, "s", BLUE, "Predicted without it"),
            (0.16, (row.low, row.median, row.high), "D", ink, "Fitted"),
        ):
            if ends is None:
                continue
            low, median, high = ((end - row.published) / scale for end in ends)
            axes.errorbar(
                [median], [place + shift], xerr=[[median - low], [high - median]], fmt=form,
                color=colour, capsize=2, markersize=4, label=label if place == 0 else None,
            )  # fmt: skip
        if not is_inset():
            beside(axes, place, told(row), colour=ink)
    axes.axvline(0, color=INK, linewidth=1)
    labels = [textwrap.fill(_words(row), letters) for row in table.itertuples(name="Row")]
    rows(axes, labels, size=8)
    for label, inside in zip(axes.get_yticklabels(), table["inside"], strict=True):
        label.set_color(INK if inside else VERMILLION)
    axes.invert_yaxis()
    axes.set_title("Facts of how people work", pad=24)
    axes.set_xlabel("Model less published [standard deviations of what was published]")
    axes.set_xlim(-REACH, REACH)
    axes.grid(axis="x", color=GREY, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderpad=0, fontsize=9)


def _words(row):
    """What a target measures, in words; of whom, where its name says it."""
    whose = row.name.partition(", ")[2]
    return capital(f"{row.what}{f' ({whose})' if whose else ''}")


def told(row, interval=""):
    """What was published of a target, and what the fit says with its interval; whether missed.

    interval : words before the ends of the interval
    """
    unit = "%" if row.unit in ("%", "% change") else f" {row.unit}"
    size, *ends = rounded(row.median, row.low, row.high)
    missed = "" if row.inside else ": missed"
    published = f"{row.published:g}".replace("-", "−")
    return f"{published}{unit}; fitted {size} ({interval}{' to '.join(ends)}){missed}"


def moved(axes, table):
    """Share of the prior's variance that the targets took, of the parameters that narrowed most."""
    shown = table[(table["place"] == "") & (table["status"] != "tier curves")]
    shown = shown.sort_values("contraction", ascending=False).head(MOST)
    for place, row in enumerate(shown.itertuples()):
        axes.barh(
            place, 100 * row.contraction, xerr=196 * row.mc_error, height=0.7,
            color=BLUE if row.fitted else GREY, ecolor=INK, error_kw={"elinewidth": 0.8},
        )  # fmt: skip
    words = [capital(member(name, "")) for name in shown["name"]]
    rows(axes, [textwrap.fill(text, 34, max_lines=2) for text in words], size=8)
    axes.invert_yaxis()
    axes.set(title="What they narrowed most", xlabel="Variance of what was believed, gone [%]")
    percent(axes.xaxis)
    axes.grid(axis="x", color=GREY, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    if not shown["fitted"].all():
        handles = [patch(BLUE, "Fitted"), patch(GREY, "Assumption still")]
        axes.legend(handles=handles, loc="lower right", borderpad=0)
