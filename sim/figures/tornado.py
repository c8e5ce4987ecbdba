"""Figure of what an output comes to between the low and the high end of each factor."""

import textwrap

import numpy as np

from sim.figures.drawing import beside, few_thousands, rows
from sim.figures.style import BLUE, GREY, INK, ORANGE, framed, is_inset, say, styled
from sim.records.factors import factor
from sim.records.words import capital, output_label, signed, unit_of_output, units

MOST, ROOM = 12, 0.34  # factors that are shown; height of each beyond the eighth [inch]
MOST_INSET = 7
NOTE = (
    "Average of the simulated worlds where a factor is at its low or high end and all others vary: "
    "of a number where 1 in 10 of what is believed of it is below or above, of choices those "
    "with the least and the most. Grey: numbers taken together, where 8 of 10 of their values put "
    "the average. Orange: at the end named first; blue: at the other."
)
BESIDE = " Beside it the change, with its 95% interval."


@styled
def tornado_figure(analysis, metric):
    """What an output comes to at the low and the high end of each factor, in its own unit.

    analysis : Sensitivity
    metric : str, one of its outputs
    returns : matplotlib.figure.Figure, a row a factor, the largest change first
    """
    table = analysis.ends(metric)
    moved = table[table["change"].abs() > 0]
    shown = moved.head(MOST_INSET if is_inset() else MOST).iloc[::-1].reset_index(drop=True)
    notes = [NOTE if is_inset() else NOTE + BESIDE, analysis.verdict(metric).text]
    more = ROOM * max(0, len(shown) - 8)
    unit = _unit(analysis, metric)
    figure = framed(analysis, analysis.change(metric), notes, more_height=more)
    axes = figure.subplots()
    if shown.empty:
        say(axes, "No variance can be told from chance")
        return figure
    _bars(axes, shown, metric, unit, table.attrs["average"])
    return figure


def _unit(analysis, metric):
    """Unit of an output, with the plan's currency: "%" for a share."""
    unit = units(analysis.scenario).get(metric, unit_of_output(metric))
    return "%" if unit == "share" else unit


def _numbers(row, unit):
    """A change and the ends of its interval, in points where the output is a share."""
    scale = 100 if unit == "%" else 1
    return scale * np.array([row.change, row.change_low, row.change_high])


def _change(row, unit):
    """A change and its interval as text."""
    numbers = _numbers(row, unit)
    if row.kind == "together":
        size, low, high = (text.removeprefix("+") for text in signed(*numbers))
        return f"{size} wide ({low} to {high})"
    size, low, high = signed(*numbers)
    unclear = "" if row.change_low > 0 or row.change_high < 0 else " unclear"
    return f"{size} ({low} to {high}){unclear}"


def _bars(axes, table, metric, unit, average):
    """A bar a factor from the average to each end, its ends and its change in words."""
    y, scale = np.arange(len(table)), 100 if unit == "%" else 1
    at = scale * table[["at_low", "at_high"]].to_numpy(float)
    if unit == "%":  # of numbers taken together the ends are those of a normal output
        at = at.clip(0, 100)
    reach, middle = at - scale * average, scale * average
    together = (table["kind"] == "together").to_numpy()
    longer = np.abs(reach).argmax(axis=1)  # drawn first: both ends may lie on one side
    for side in (longer, 1 - longer):
        colours = np.where(together, GREY, np.where(side == 0, ORANGE, BLUE))
        axes.barh(y, reach[y, side], left=middle, height=0.6, color=colours)
    axes.axvline(middle, color=INK, linewidth=1)
    rows(axes, [_name(row) for row in table.itertuples()], size=9)
    axes.set_xlabel(f"{capital(output_label(metric))} [{unit}]; line: average")
    few_thousands(axes.xaxis)
    if is_inset():
        return
    for place, row in zip(y, table.itertuples(), strict=True):
        beside(axes, place, _change(row, unit))


def _name(row):
    """A factor in words, its ends below it."""
    lines = textwrap.wrap(capital(factor(row.factor)), 34, max_lines=2, placeholder=" …")
    ends = f"{row.low_end} to {row.high_end}" if row.low_end else "taken together"
    return "\n".join([*lines, ends])
