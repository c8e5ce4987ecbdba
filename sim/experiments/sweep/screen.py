"""The first screen of a sweep: the best point, how sure that is, and a table of the first ones."""

import string

import numpy as np

from sim.engine import metrics
from sim.experiments.sweep import differences, sentences
from sim.records.factors import factor
from sim.records.words import capital
from sim.report import Table

MOST = 6  # points in the table


def of_sweep(sweep, metric):
    """The five lines and the table of the first points: list of Table."""
    table = sweep.best(metric)
    lines = [
        ("answer", sentences.answer(sweep, metric, table)),
        ("range", sentences.worlds(sweep, metric, table)),
        ("odds", sentences.odds(sweep, metric, table)),
        ("narrow", sentences.narrow(sweep, metric, table)),
        ("next", "tiercurve replay FOLDER 0 shows one world; sweep --all shows every point."),
    ]
    return [Table((), [line for line in lines if line[1]]), _points(sweep, metric, table)]


def _points(sweep, metric, table):
    """The first points with their values, the best first: a Table.

    Where the factors' words are too long for a line, letters stand for them.
    """
    money = metrics.UNITS[metric].startswith(metrics.MONEY)
    costs = None if money else sentences.extra_costs(sweep)
    shown = None if sweep.against is None else differences.likely(sweep, metric)
    rows = [_row(sweep, metric, row, costs, shown) for _, row in table.head(MOST).iterrows()]
    named = list(map(factor, sweep.factors))
    title = (
        f"{capital(sentences.in_words(sweep, metric))}{_unit(sweep, metric)}, from the best down"
    )
    notes = [] if costs is None else [_note_of_cost(sweep)]
    if len(table) > len(rows):
        notes.append(f"{len(table) - len(rows)} more points, which --all shows.")
    event = metrics.BY_NAME[metric].event  # no chance of a chance
    numbers = _head(event, costs)
    if sweep.against is not None:
        numbers = _head_against(event, costs, shown)
        title = f"{title}: difference to {sweep.reference}"
    whole = Table(("point", *named, *numbers), rows, title, " ".join(notes), left=0)
    if whole.fits:
        return whole
    letters = string.ascii_uppercase[: len(named)]
    told = "; ".join(f"{letter}: {words}" for letter, words in zip(letters, named, strict=False))
    notes.insert(0, f"{told}.")
    return Table(("point", *letters, *numbers), rows, title, " ".join(notes), left=0)


def _unit(sweep, metric):
    if sweep.unit(metric) == "share":
        return "" if sweep.against is None else " [points]"
    return f" [{sweep.unit(metric)}]"


def _head(event, costs):
    best, cost = () if event else ("best",), () if costs is None else ("extra cost",)
    return ("mean", "95% interval", *best, *cost)


def _head_against(event, costs, shown):
    better = () if shown is None else ("better",)
    return ("difference", *_head(event, costs)[1:2], *better, *_head(event, costs)[2:])


def _row(sweep, metric, row, costs, shown):
    """A point's values, and its metric or its difference to the reference, in words.

    shown : which probability of being better is shown, as `differences.likely` gives it
    """
    point = int(row["point"])
    values = (sentences.value(row[path]) for path in sweep.factors)
    numbers = sentences.told(metric, row)
    if sweep.against is not None:
        *numbers, expected, world = differences.cells(sweep, metric, point)
        numbers += [] if shown is None else [(expected, world)[shown]]
    ranked = not sentences.other_terms(sweep, metric) and not np.isnan(row["p_best_expected"])
    odds = (
        ()
        if metrics.BY_NAME[metric].event
        else (f"{row['p_best_expected']:.0%}" if ranked else "-",)
    )
    own = (point, *values, *numbers, *odds)
    return own if costs is None else (*own, sentences.cost(costs, point))


def _note_of_cost(sweep):
    return f"Extra cost over {sweep.reference} [{sweep.unit(sentences.COST)}]."
