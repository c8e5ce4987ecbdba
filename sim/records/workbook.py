"""A record as an Excel workbook: what it says, its tables, weekly rows, parameters, provenance.

Text is written as text, whatever it begins with, so that a name such as "=1+1" is no formula.
Numbers are whole in their cells; `sheets` says how they are shown. The door to XlsxWriter.
"""

import datetime
import math
from pathlib import Path

import numpy as np

from sim import extras
from sim.errors import ExcelError
from sim.records import sheets as shown

MOST_ROWS = 1_048_575  # of a sheet, its heading apart
MOST_LETTERS = 32_767  # of a cell
WIDEST = 60  # letters of a column, as it is shown
SAMPLED = 200  # rows by which the width of a column is chosen
AS_TEXT = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
MADE = datetime.datetime(2000, 1, 1)  # noted in every file, so that the same record is the same


def write(path, sheets, overwrite=False):
    """Write tables as a workbook; returns its Path. Whole, or not at all.

    path : must end in .xlsx
    sheets : dict, name of a sheet -> DataFrame; a named index becomes columns

    Raises ExcelError, one line, where the path ends otherwise, exists, or a table has more rows
    than a sheet holds; ExtraError where XlsxWriter is not installed.
    """
    path = Path(path)
    if path.suffix != ".xlsx":
        raise ExcelError(f"{path}: must end in .xlsx")
    if path.exists() and not overwrite:
        raise ExcelError(f"{path}: exists already; say overwrite=True, or choose another")
    extras.require("an Excel workbook", "xlsxwriter")
    import xlsxwriter

    tables = {name: _flat(table) for name, table in sheets.items()}
    for name, table in tables.items():
        if len(table) > MOST_ROWS:
            raise ExcelError(
                f"{path}: {name} has {len(table):,} rows, a sheet holds {MOST_ROWS:,}; save a "
                "folder, which keeps them as Parquet"
            )
    part = path.with_name(f".{path.name}.part")
    with xlsxwriter.Workbook(str(part), AS_TEXT) as book:
        book.set_properties({"created": MADE})
        formats = Formats(book)
        for name, table in tables.items():
            _sheet(book.add_worksheet(name), table, formats, shown.formats(table))
    part.replace(path)
    return path


def about(record, provenance, first):
    """What a record says as a table: its sentences and caveats; and where it is from.

    provenance : dict, label of each plan -> provenance
    first : (what, text) rows before its sentences
    returns : dict, "answer" and "provenance" -> DataFrame
    """
    import pandas as pd  # late: slow to import

    told = {text for _, text in first}
    said = [*first, *(("finding", text) for text in record.sentences() if text not in told)]
    said += [("keep in mind", str(caveat)) for caveat in record.caveats]
    rows = [
        (label, key, _plain(value))
        for label, kept in provenance.items()
        for key, value in kept.items()
    ]
    return {
        "answer": pd.DataFrame(said, columns=("what", "text")),
        "provenance": pd.DataFrame(rows, columns=("plan", "key", "value")),
    }


def _plain(value):
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return value if isinstance(value, int | float) else str(value)


def _flat(table):
    """A table whose index, where it has names, stands in columns."""
    named = any(name is not None for name in table.index.names)
    return table.reset_index() if named else table


class Formats:
    """Formats of a workbook's cells, each made once."""

    def __init__(self, book):
        self.book, self.numbers = book, {}
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.long = book.add_format({"text_wrap": True, "valign": "top"})

    def number(self, text):
        """The format of a number, such as "0.0%"; None for ""."""
        if text and text not in self.numbers:
            self.numbers[text] = self.book.add_format({"num_format": text})
        return self.numbers.get(text)


def _sheet(sheet, table, formats, format_of):
    """Write a table; format_of : (row from 0, column) -> number format as text, "" for none."""
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, str(column), formats.head)
        values = table[column].tolist()
        for row, value in enumerate(values):
            _cell(sheet, row + 1, place, value, formats, format_of(row, column))
        texts = [_shown(v, format_of(row, column)) for row, v in enumerate(values[:SAMPLED])]
        letters = max(map(len, [str(column), *texts]))
        sheet.set_column(place, place, min(letters + 2, WIDEST))


def _shown(value, number_format):
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.1f}" + number_format.partition('"')[2] if number_format else f"{value:.6g}"


def _cell(sheet, row, place, value, formats, number_format):
    """A number as a number, what there is not as nothing, and all else as text."""
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, place, bool(value))
    elif isinstance(value, int | float | np.number):
        if math.isfinite(value):
            sheet.write_number(row, place, float(value), formats.number(number_format))
        elif not math.isnan(value):
            sheet.write_string(row, place, "never" if value > 0 else "-infinite")
    elif value is not None:
        text = str(value)[:MOST_LETTERS]
        sheet.write_string(row, place, text, formats.long if len(text) > WIDEST else None)
