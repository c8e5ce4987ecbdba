"""The figure of `train-or-hire`: which is the better choice, and what each brings, and when."""

from sim.analysis import paired
from sim.figures.drawing import band, beside, points, rows, thousands
from sim.figures.style import BLUE, GREY, INK, VERMILLION, is_inset, styled, whole_numbers
from sim.records.words import percent, signed
from sim.studies.study import framed, table_of

COLOURS = (GREY, BLUE, VERMILLION)  # as is, train, hire
STYLES = ((0, (1, 1)), "-", (0, (5, 2)))
NOTE = (
    "Best choice: of the highest expected net gain, work at its worth less pay; from the dashed "
    "line on hiring is expected to gain more than training. Training: two seats, 8 weeks of 4 h, "
    "2 h of trainers a week, 40 intermediate-h a seat. Hire: 12 weeks to fill, 700 intermediate-h. "
    "Pay of novice, intermediate and expert: 0.7, 1 and 1.6 (assumptions)."
)


@styled
def figure(study):
    """The chance of each choice to be the best by what work is worth; what each brings, and when.

    An inset is the first panel alone.
    """
    figure = framed(study, NOTE)
    if is_inset():
        _draw_choices(figure.subplots(), study)
        return figure
    left, right = figure.subfigures(1, 2, width_ratios=(1.25, 1))
    _draw_choices(left.subplots(), study)
    above, below = right.subplots(2, 1, height_ratios=(1, 1.6))
    _draw_gains(above, study)
    _draw_ahead(below, study)
    return figure


def _draw_choices(axes, study):
    """Chance of each choice to be the best, by what work is worth, each named at its peak."""
    table, switch = table_of(study, "choices"), table_of(study, "switch").iloc[0]
    last = table["worth"].max()
    for (label, part), colour, style in zip(_plans(table), COLOURS, STYLES, strict=True):
        chance, low, high = (100 * part[name] for name in ("chance", "low", "high"))
        band(axes, part["worth"], low, high, colour, 0.2)
        axes.plot(part["worth"], chance, color=colour, linewidth=2.6, linestyle=style)
        _name(axes, part["worth"].to_numpy(), chance.to_numpy(), label, colour)
    if 0 < switch["worth"] < last:
        axes.axvline(switch["worth"], color=INK, linewidth=1, linestyle=(0, (5, 3)))
        side = 1 if switch["worth"] < last / 2 else -1
        axes.annotate(
            f"hire from {switch['worth']:.1f}", (switch["worth"], 97), (6 * side, 0), va="top",
            textcoords="offset points", ha="left" if side > 0 else "right", weight="bold",
        )  # fmt: skip
    axes.set(xlim=(0, last), ylim=(0, 100))
    axes.set_title("Train or hire? Chance to be the best choice")
    axes.set_xlabel("Worth of an expert-hour of work [hours of an intermediate's pay]")
    axes.set_ylabel("Chance, with 95% numerical interval [%]")


def _plans(table):
    """Pairs of a plan and its rows, in the order of the table."""
    return [(label, table[table["plan"] == label]) for label in dict.fromkeys(table["plan"])]


def _name(axes, worth, chance, label, colour):
    """A choice's name beside the highest of its line: above it, or right of where it starts."""
    at, look = int(chance.argmax()), {"textcoords": "offset points", "color": colour}
    place, ha = ((26, -4), "left") if at == 0 else ((0, 12), "center")
    if at == len(worth) - 1:
        place, ha = (-6, 14), "right"
    axes.annotate(label, (worth[at], min(chance[at], 92)), place, ha=ha, weight="bold", **look)


def _draw_gains(axes, study):
    """Work each brings over as is, its pay beside it."""
    plans = table_of(study, "plans").iloc[:2].iloc[::-1]
    axes.axvline(0, color=INK, linewidth=1)
    for at, (row, colour) in enumerate(zip(plans.index, COLOURS[:0:-1], strict=True)):
        points(axes, [at], plans.loc[[row]], "work", colour)
        beside(axes, at, f"for {signed(plans.loc[row, 'cost'])[0]} h of pay")
    rows(axes, list(plans["plan"]))
    axes.set_ylim(-0.6, len(plans) - 0.4)
    axes.locator_params(axis="x", nbins=5)
    thousands(axes.xaxis)
    axes.set_title("What each brings")
    axes.set_xlabel("Work gained, 95% interval [expert-h]")


def _draw_ahead(axes, study):
    """The chance that each has paid back its hours for good, by each week."""
    table = table_of(study, "ahead")
    last = int(table["week"].max())
    table = table[table["week"] <= paired.last_judged(last)]
    for (label, part), colour, style in zip(_plans(table), COLOURS[1:], STYLES[1:], strict=True):
        week, chance = part["week"], 100 * part["chance"]
        band(axes, week, 100 * part["low"], 100 * part["high"], colour, 0.2)
        axes.plot(week, chance, color=colour, linewidth=2.4, linestyle=style)
        end = f"{label}:\n{percent(part['chance'].iloc[-1])}"
        beside(axes, min(90, chance.iloc[-1]), end, colour=colour)
    axes.axhline(50, color=GREY, linewidth=0.8, linestyle=(0, (1, 2)))
    axes.set(xlim=(0, last), ylim=(0, 100))
    whole_numbers(axes.xaxis, 5)
    axes.set_title("Whether its hours are paid back")
    axes.set_xlabel("Time [weeks]")
    axes.set_ylabel("Chance, for good, with\n95% interval [%]")
