"""Rows of a run as arrays by draw, luck and week, which become tables when they are asked for.

pandas takes a third of a second to import, and what a run's first screen tells needs no table.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Cube:
    """Values of some columns, by draw and what else rows are numbered by.

    values   (draws, ..., columns)
    columns  their names
    numbers  dict, what each other axis numbers -> its first number, as {"draw": 0, "luck": 0}
    """

    values: np.ndarray
    columns: tuple[str, ...]
    numbers: dict[str, int]

    def column(self, name):
        """Values of one column, row by row: (rows,)."""
        return self.values[..., self.columns.index(name)].ravel()

    def frame(self):
        """The same as a table: DataFrame, a row for each combination, its numbers first."""
        import pandas as pd  # late: slow to import

        shape = self.values.shape[:-1]
        places = np.indices(shape).reshape(len(shape), -1)
        index = {
            name: place + first
            for place, (name, first) in zip(places, self.numbers.items(), strict=True)
        }
        table = pd.DataFrame(self.values.reshape(-1, len(self.columns)), columns=self.columns)
        return pd.concat([pd.DataFrame(index), table], axis=1)


class Table:
    """A field of a record that is given a Cube or a DataFrame, and gives a DataFrame.

    Put in place once the class is a dataclass, which would take it for the field's default.
    """

    def __init__(self, name):
        self._name = name

    def __set__(self, record, rows):
        vars(record)[self._name] = rows

    def __get__(self, record, owner):
        if record is None:
            return self
        rows = vars(record)[self._name]
        if isinstance(rows, Cube):
            rows = vars(record)[self._name] = rows.frame()
        return rows


def column(record, table, name):
    """One column of a `Table` of a record, made into no table for that: float (rows,)."""
    rows = vars(record)[table]
    return rows.column(name) if isinstance(rows, Cube) else rows[name].to_numpy(float)


def names(record, table):
    """Names of the columns of a `Table` of a record, but for those that number its rows."""
    rows = vars(record)[table]
    if isinstance(rows, Cube):
        return rows.columns
    return tuple(name for name in rows.columns if name not in ("draw", "luck", "week"))
