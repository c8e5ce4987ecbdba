"""The table of a sensitivity analysis: every factor of every output."""

import numpy as np

from sim.records.factors import factor
from sim.records.words import shares_of_all
from sim.report import Table

KEY = "key"
HEAD = (
    "metric", "factor", KEY, "group", "total share", "95% interval", "alone", "95% interval",
    "noise floor",
)  # fmt: skip
NOTE = "total share: interactions included; noise floor: what a factor of no effect makes."


def factors(analysis, keys):
    """Every factor of every output, the largest share first: a Table.

    keys : whether the key of each stands beside its words
    """
    ordered = analysis.indices.sort_values(
        ["metric", "ST"], ascending=[True, False], kind="stable", na_position="last"
    )
    shown = [i for i, column in enumerate(HEAD) if keys or column != KEY]
    head, *rows = (tuple(row[i] for i in shown) for row in (HEAD, *map(_row, ordered.itertuples())))
    return Table(head, rows, note=NOTE, left=head.index("total share"))


def _row(row):
    """A factor's row, in words."""
    total = _shares(row.ST, row.ST_low, row.ST_high)
    alone = _shares(row.S1, row.S1_low, row.S1_high)
    floor = "-" if np.isnan(row.floor) else shares_of_all(row.floor)[0]
    return row.metric, factor(row.factor), row.factor, row.group, *total, *alone, floor


def _shares(value, low, high):
    """A share of variance and its interval in words."""
    if np.isnan(value):
        return "-", "-"
    size, *ends = shares_of_all(value, low, high)
    return size, " to ".join(ends)
