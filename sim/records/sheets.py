"""Tables of a workbook as a planner reads them: what leads is first, with words and units.

How numbers are shown follows from units: of the row, in a table with a column `unit`, or of a
column, as `in_units` states them. The numbers themselves stay whole.
"""

import math

from sim.records import words

SHARE, PERCENT, WEEK = "share", "%", "week"
# Columns of a table with a column `unit` whose numbers are in the unit of their row.
MEASURED = (
    "mean", "ci_low", "ci_high", "p10", "p50", "p90", "mc_error", "reference_mean", "plan_mean",
)  # fmt: skip
MOST_PLACES = 6


def by_metric(table, leads, currency=""):
    """A summary with what leads in its first rows, and each metric in words: DataFrame.

    table : with an index or a column `metric`, `unit` and `mean`
    leads : metrics that come first, in their order; those without any value are passed over
    currency : of the plan, as units hold it
    """
    flat = table.reset_index() if table.index.names != [None] else table
    there = set(flat["metric"][flat["mean"].notna()])
    first = [name for name in leads if name in there]
    order = {name: place for place, name in enumerate(dict.fromkeys([*first, *flat["metric"]]))}
    rows = flat.sort_values("metric", key=lambda names: names.map(order), kind="stable")
    rows = rows.reset_index(drop=True)
    rows.insert(rows.columns.get_loc("metric") + 1, "in words", rows["metric"].map(words.label))
    return in_units(rows, {}, currency)


def in_units(table, units, currency=""):
    """The table, shown in units: column -> "share", "%", a currency, or any other unit."""
    table.attrs = {"units": dict(units), "currency": currency}
    return table


def formats(table):
    """How each number of a table is shown: a function (row from 0, column) -> Excel format."""
    if not table.attrs:
        return lambda row, column: ""
    units, currency = table.attrs["units"], table.attrs["currency"]
    steps = {c: _places(table[c]) for c in units if units[c] not in (SHARE, PERCENT)}
    of_rows = [""] * len(table)
    if "unit" in table.columns:
        measured = table[[name for name in MEASURED if name in table.columns]]
        of_rows = [
            number_format(unit, _places(numbers), currency)
            for unit, numbers in zip(table["unit"], measured.to_numpy(float), strict=True)
        ]

    def format_of(row, column):
        if column in units:
            return number_format(units[column], steps.get(column, 0), currency)
        if column in MEASURED:
            return of_rows[row]
        if str(column).startswith(("p_", "chance")):
            return number_format(SHARE, 0, currency)
        return number_format(PERCENT, 0, currency) if str(column).startswith("percent") else ""

    return format_of


def number_format(unit, places, currency):
    """Excel's format of numbers in a unit; money has its currency beside it.

    places : decimals
    """
    if unit == SHARE:
        return "0.0%"
    if unit == PERCENT:
        return '0.0"%"'
    number = "#,##0" + ("." + "0" * places if places else "")
    money = currency and currency in str(unit)
    return f'{number} "{str(unit).replace(chr(34), "")}"' if money else number


def _places(numbers):
    """Decimals that leave three figures of the largest of some numbers."""
    largest = max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)
    return min(MOST_PLACES, max(0, 2 - math.floor(math.log10(largest)))) if largest > 0 else 0
