"""Rows of a sweep, read from its folder when they are needed."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.engine import metrics
from sim.errors import SweepError
from sim.experiments.sweep import store as stores
from sim.files import open_regular

KEYS = ("point", "draw", "luck", "error")


@dataclass(frozen=True)
class StoredRows:
    """Rows of the worlds that were last asked for.

    folder       where they are kept
    store        what is in it
    points       numbers of the points
    draws, luck  of each
    """

    folder: Any
    store: stores.Store
    points: list[int]
    draws: int
    luck: int

    def table(self, columns, below=stores.ROWS):
        """Rows by point, draw and luck: pyarrow.Table.

        columns : names
        below : folder of the rows, `stores.ROWS` or `stores.WEEKS`

        Raises SweepError, one line, where there is none or a file is damaged.
        """
        wanted, parts = pa.array(self.points, pa.int64()), []
        for name in self.store.status:
            part = self._file(f"{below}/{name}", columns)
            there = pc.and_(pc.less(part["draw"], self.draws), pc.less(part["luck"], self.luck))
            parts.append(part.filter(pc.and_(there, pc.is_in(part["point"], value_set=wanted))))
        if not parts:
            raise SweepError(f"{self.folder.name}: holds no rows yet; start the sweep again")
        table = pa.concat_tables(parts)
        order = table.append_column("#", pc.index_in(table["point"], value_set=wanted))
        keys = ["#", "draw", "luck", *(["week"] if below == stores.WEEKS else [])]
        order = pc.sort_indices(order, sort_keys=[(key, "ascending") for key in keys])
        return table.take(order)

    def worlds(self, metric):
        """Values (points, draws, luck), NaN where missing; which points have all their worlds."""
        table = self.table([*KEYS, metric])
        table = table.filter(pc.is_null(table["error"]))
        count, worlds = len(self.points), self.draws * self.luck
        place = {number: i for i, number in enumerate(self.points)}
        at = np.array([place[n] for n in table["point"].to_numpy()], np.int64)
        at = (at * self.draws + table["draw"].to_numpy()) * self.luck + table["luck"].to_numpy()
        values = np.full(count * worlds, np.nan)
        values[at] = table[metric].to_numpy()
        there = np.bincount(at // worlds, minlength=count) == worlds
        return values.reshape(count, self.draws, self.luck), there

    def failures(self):
        """DataFrame point, error, rows: the first error of a point, and how many rows fail."""
        files = [name for name, row in self.store.status.items() if row["failed"] != "0"]
        if not files:
            return pd.DataFrame(columns=["point", "error", "rows"])
        parts = [self._file(f"{stores.ROWS}/{name}", list(KEYS)).to_pandas() for name in files]
        table = pd.concat(parts)
        table = table[table["error"].notna() & table["point"].isin(self.points)]
        table = table[(table["draw"] < self.draws) & (table["luck"] < self.luck)]
        errors = table.sort_values(["point", "draw", "luck"]).groupby("point")["error"]
        found = errors.agg(["first", "size"]).reset_index()
        return found.rename(columns={"first": "error", "size": "rows"})

    def _file(self, name, columns):
        path = getattr(self.folder, "path", None)
        try:
            data = open_regular(path / name) if path else io.BytesIO(self.folder.read(name))
            with data as source, pq.ParquetFile(source) as file:
                return _with_young(file, columns)
        except (OSError, ValueError, pa.ArrowException):
            raise SweepError(
                f"{self.folder.name}: {name} is damaged; start the same sweep again, it mends that"
            ) from None


def _with_young(file, columns):
    """Columns of a Parquet file; what an earlier version did not measure is undefined."""
    lacking = {*metrics.YOUNG, *metrics.YOUNG_FLOWS} - set(file.schema_arrow.names)
    if not lacking & set(columns):
        return file.read(columns)
    table = file.read([name for name in columns if name not in lacking])
    nothing = pa.nulls(len(table), pa.float64()).fill_null(float("nan"))
    for name in columns:
        if name in lacking:
            table = table.append_column(name, nothing)
    return table.select(columns)
