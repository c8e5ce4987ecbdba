"""The largest change of a tornado in words, and as a claim: in the output's own unit."""

import numpy as np

from sim.experiments.sensitivity.ends import TOGETHER
from sim.experiments.sensitivity.factors import OTHERS
from sim.records.claims import INTERVAL, made, name
from sim.records.factors import factor
from sim.records.words import capital, output_label, rounded, signed, unit_of_output, units


def first(analysis, metric):
    """The row of `ends` of the named factor whose change is shown and largest; None without one."""
    table = analysis.ends(metric)
    table = table[table["factor"] != OTHERS]
    shown = table[(table["change_low"] > 0) | (table["change_high"] < 0)]
    return next(shown.itertuples(), None)


def finding(analysis, metric):
    """What the first factor changes an output by, with its interval: a sentence without its dot."""
    row = first(analysis, metric)
    if row is None:
        return f"No named factor is shown to move {output_label(metric)} from end to end"
    return _sentence(row, *_told(analysis, row)[1:])


def claims(analysis, common):
    """The claim of `finding` for each output, `METRIC/change/FACTOR`: iterator.

    common : what the claims share, see `sim.records.claims.shared`
    """
    for metric in analysis.metrics:
        row = first(analysis, metric)
        if row is None:
            continue
        unit = units(analysis.scenario).get(metric, unit_of_output(metric))
        numbers, shown, shown_unit = _told(analysis, row)
        sentence = f"{_sentence(row, shown, shown_unit)}."
        id_ = name(metric, "change", row.factor)
        yield made(id_, sentence, numbers, INTERVAL, unit, shown, shown_unit, common)


def _told(analysis, row):
    """A change and both ends of its interval: in the output's unit, as text, and the text's unit.

    Of a share in percentage points; how wide a factor taken together goes has no sign.
    """
    numbers = [float(n) for n in (row.change, row.change_low, row.change_high)]
    unit = units(analysis.scenario).get(row.metric, unit_of_output(row.metric))
    scaled = (100 if unit == "share" else 1) * np.array(numbers)
    shown = (rounded if row.kind == TOGETHER else signed)(*scaled)
    return numbers, shown, "points" if unit == "share" else unit


def _sentence(row, shown, unit):
    size, low, high = shown
    what, span = output_label(row.metric), f"({INTERVAL} {low} to {high})"
    if row.kind == TOGETHER:
        moved = f"moves {what} over {size} {unit} {span} in 8 of 10 of its values"
        return capital(f"{factor(row.factor)} {moved}")
    ends = f"from {row.low_end} to {row.high_end}"
    return capital(f"{factor(row.factor)}, {ends}, moves {what} by {size} {unit} {span}")
