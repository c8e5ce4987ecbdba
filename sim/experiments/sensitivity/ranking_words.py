"""The words of a ranking: sentences, tables, and the five lines of its first screen."""

import numpy as np

from sim.analysis import screening
from sim.analysis.given import Z
from sim.records import words
from sim.records.factors import factor
from sim.records.words import capital, output_label
from sim.report import Table

FIRST = 3  # inputs of an output in its sentence
MOST = 6  # inputs in the table of the first screen
SAMPLES = {"morris": "trajectories", "efast": "points a curve"}


def finding(ranking, metric):
    """The input that moves an output most, as a sentence without its dot."""
    placed, above = _settled(_of(ranking, metric))
    what = output_label(metric)
    if placed.empty:
        more = "is not settled" if len(above) else "is not told from noise"
        return f"What moves {what} most {more}, by {ranking.called}"
    first = placed.iloc[0]
    size, ends = _estimate(first)
    interval = "" if ends == "-" else f" (95% interval {ends})"
    return (
        f"{capital(factor(first.factor))} moves {what} most, by {ranking.called}: "
        f"{size}{_unit(ranking, metric)}, {_meaning(ranking)}{interval}"
    )


def sentences(ranking):
    """The first inputs of each output, in words: list of sentences."""
    return [_sentence(ranking, metric) for metric in ranking.ranked]


def _sentence(ranking, metric):
    table, what = _of(ranking, metric), output_label(metric)
    placed, above = _settled(table)
    if above.empty:
        return f"No input moves {what} more than noise shows."
    rows = _listed(ranking, metric, placed if len(placed) else above)
    how = "most" if len(placed) else "most is not settled; above noise"
    ends = "" if table["low"].isna().all() else ", 95% intervals"
    meaning = screening.MEASURES[ranking.method][1]
    return f"What moves {what} {how}, by {ranking.called}: {rows} ({meaning}{ends})."


def _listed(ranking, metric, table):
    """The first rows of a table, each with its size and interval, in words."""
    unit = _unit(ranking, metric)
    rows = ((factor(row.factor), *_estimate(row)) for row in table.head(FIRST).itertuples())
    return "; ".join(
        f"{name} {size}{unit}{'' if ends == '-' else f' ({ends})'}" for name, size, ends in rows
    )


def _of(ranking, metric):
    """Rows of one output, the largest first."""
    return ranking.indices[ranking.indices["metric"] == metric]


def _settled(table):
    """Rows whose place is settled, and all above their floor, or whose interval leaves out nothing.

    A place is settled where the gap to the next is wider than the errors of both. Records of old
    that have neither floor nor interval are taken as they are.
    """
    has_floor = "floor" in table and table["floor"].notna().any()
    if not has_floor and table["low"].isna().all():
        return table, table
    above = table[table["value"] > table["floor"]] if has_floor else table[table["low"] > 0.0]
    value = above["value"].to_numpy()
    half = (above["high"] - above["value"]).to_numpy()
    if np.isnan(half).all():  # no interval: what noise does stands for it
        half = Z * above["error"].to_numpy()
    gap = value[:-1] - value[1:] > np.hypot(half[:-1], half[1:])
    last = len(value) > 0 and len(above) <= 1
    places = int(np.logical_and.accumulate(gap).sum()) if len(gap) else int(last)
    return above.head(places), above


def _estimate(row):
    """Value and interval of an input in words."""
    return words.estimate(row.value, row.low, row.high, finest=2)


def _unit(ranking, metric):
    """Unit of a measure with a space before it, where it has one."""
    unit = ranking.unit(metric)
    return f" {unit}" if unit else ""


def _meaning(ranking):
    """What a measure is, beside its size."""
    return "over its range" if ranking.method == "morris" else screening.MEASURES[ranking.method][1]


# ---- tables --------------------------------------------------------------------------------------


def table(ranking, metric, most=None, keys=False):
    """The first inputs of an output: a Table.

    most : how many; all where None
    keys : whether the key of each stands beside its words
    """
    unit = f" [{ranking.unit(metric)}]" if ranking.unit(metric) else ""
    head = ("factor", *(["key"] if keys else []), screening.HEADS[ranking.method] + unit)
    rows = [
        (factor(row.factor), *([row.factor] if keys else []), *_estimate(row))
        for row in _of(ranking, metric)[:most].itertuples()
    ]
    note = f"{capital(head[-1].removesuffix(unit))}: {screening.MEASURES[ranking.method][1]}."
    title = f"{capital(output_label(metric))}:"
    return Table((*head, "95% interval"), rows, title, note, left=2 if keys else 1)


# ---- the first screen ----------------------------------------------------------------------------


def first_screen(ranking):
    """The five lines and the table of the first inputs of the first output: list of Table."""
    metric = ranking.ranked[0]
    lines = [
        ("answer", f"{finding(ranking, metric)}."),
        ("range", _next_inputs(ranking, metric)),
        ("odds", screening.NOTES[ranking.method]),
        ("narrow", _narrow(ranking)),
        ("next", _next(ranking)),
    ]
    return [Table((), [line for line in lines if line[1]]), table(ranking, metric, MOST)]


def _next_inputs(ranking, metric):
    """The inputs after the first, as far as their places are settled; "" where there are none."""
    placed, above = _settled(_of(ranking, metric))
    rest = placed.iloc[1:] if len(placed) else above
    start = "Next" if len(placed) else "Above noise, in no order"
    return f"{start}: {_listed(ranking, metric, rest)}." if len(rest) else ""


def _command(ranking):
    return f"tiercurve sensitivity {ranking.scenario.called} --method {ranking.method}"


def _narrow(ranking):
    """How more of its samples are asked for."""
    more = 2 * ranking.provenance["draws"]
    what = SAMPLES.get(ranking.method, "rows")
    return f"More {what}: {_command(ranking)} --samples {more}."


def _next(ranking):
    return (
        f"tiercurve sensitivity {ranking.scenario.called} says what share of the variance each "
        f"factor makes; {_command(ranking)} --all shows every input and metric."
    )
