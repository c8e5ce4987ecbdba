"""Rankings by the methods of SALib: screening, and measures from given data."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sim.analysis import screening
from sim.analysis.given import Z, unit_of
from sim.caveats import noted
from sim.engine import luck
from sim.engine import metrics as metrics_of
from sim.errors import SensitivityError, choice, did_you_mean
from sim.experiments.result import Result
from sim.records import folders, provenance, words
from sim.records.factors import factor
from sim.records.record import Record
from sim.records.words import output_label, rounded, unit_of_output
from sim.report import Table
from sim.scenario.snapshot import Kept

MOST_ROWS = 15  # of an output, unless all are asked for
LOST = 0.05  # share of rows that may be undefined
# What is dealt scatters with a longer tail than normal: points for 1 in 100 keep to some 5 in 100.
ALARM = 0.01
DEALT = 20  # ways in which inputs are dealt to tell what those of no use show


@dataclass(frozen=True, repr=False)
class Ranking(Record):
    """Inputs in order of what they do to each output, by one method.

    scenario    the Scenario
    method      one of `salib.MEASURES`
    metrics     outputs
    indices     DataFrame: metric, factor, measure, value, low, high (95%), floor, error, by falling
                value; see `table`
    caveats     sentences that belong to every use of these numbers
    provenance  dict
    """

    _kind = "ranking"
    error = SensitivityError

    scenario: Kept
    method: str
    metrics: tuple[str, ...]
    indices: pd.DataFrame
    caveats: tuple[str, ...]
    provenance: dict

    def finding(self, metric):
        """The input that moves an output most, as a sentence without its dot."""
        settled, above = _settled(self.indices[self.indices["metric"] == metric])
        if settled.empty:
            more = "is not settled" if len(above) else "is not told from noise"
            return f"What moves {output_label(metric)} most {more}, by {self.called}"
        first = settled.iloc[0]
        size, ends = _estimate(first)
        of = screening.MEASURES[self.method][1]
        if self.method == "morris":
            size, of = f"{size} {unit_of_output(metric)}", "over its range"
        interval = "" if ends == "-" else f" (95% interval {ends})"
        return (
            f"{words.capital(factor(first.factor))} moves {output_label(metric)} most, by "
            f"{self.called}: {size}, {of}{interval}"
        )

    @property
    def called(self):
        """The method as it is called where it is read."""
        return screening.METHOD_NAMES[self.method]

    def summary(self):
        """One row an output and input, by falling measure: `indices`."""
        return self.indices

    def sentences(self):
        """The first three inputs of each output, in words."""
        what = screening.MEASURES[self.method][1]
        said = []
        for metric, table in self.indices.groupby("metric", sort=False):
            settled, above = _settled(table)
            if above.empty:
                said.append(f"No input moves {output_label(metric)} more than noise shows.")
                continue
            rows = "; ".join(map(_said, (settled if len(settled) else above).head(3).itertuples()))
            start = (
                f"What moves {output_label(metric)} most, by {self.method}"
                if len(settled)
                else f"What moves {output_label(metric)} most is not settled; above noise, by "
                f"{self.method}"
            )
            ends = "" if table["low"].isna().all() else ", 95% intervals"
            said.append(f"{start}: {rows} ({what}{ends}).")
        return said

    def to_json(self):
        """Plain data, NaN as None."""
        return {
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            "method": self.method,
            "findings": self.sentences(),
            "indices": provenance.records(self.indices),
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def _about(self):
        return [f"{self.scenario.name}: {self.scenario.question}", f"Inputs by {self.method}"]

    def _tables(self, everything):
        return [self._rows(None if everything else MOST_ROWS, keys=False)]

    def _cell_tables(self):
        return [self._rows(MOST_ROWS, keys=True)]

    def _rows(self, most, keys):
        """The first inputs of each output: a Table.

        most : how many of each; all where None
        keys : whether the key of each stands beside its words
        """
        measure = self.indices["measure"].iloc[0]
        head = ("metric", "factor", *(["key"] if keys else []), measure, "95% interval")
        rows = [
            (metric, factor(row.factor), *([row.factor] if keys else []), *_estimate(row))
            for metric, table in self.indices.groupby("metric", sort=False)
            for row in table[:most].itertuples()
        ]
        return Table(head, rows, left=3 if keys else 2)

    def _figures(self):
        from sim.figures.sensitivity import ranking_figure  # late: Matplotlib is slow to import

        return {"inputs": ranking_figure}

    def _cited(self):
        return f"inputs ranked by {self.method}", "scenario"

    def _saved(self):
        return folders.packed(self)

    @classmethod
    def _read(cls, about, path):
        return folders.unpacked(cls, about)

    def __repr__(self):
        return f"<Ranking {self.scenario.name}: {' '.join(self.sentences()[:1])}>"


def _settled(table):
    """Rows whose place is settled, and all above their floor; records of old have no floor.

    A place is settled where the gap to the next is wider than the errors of both.
    """
    if "floor" not in table or table["floor"].isna().all():
        return table, table
    above = table[table["value"] > table["floor"]]
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


def _said(row):
    if np.isnan(row.low):
        return f"{factor(row.factor)} {rounded(row.value, finest=2)[0]}"
    value, low, high = rounded(row.value, row.low, row.high, finest=2)
    return f"{factor(row.factor)} {value} ({low} to {high})"


def table(method, names, x, y, key, levels=()):
    """Inputs by falling measure: DataFrame factor, measure, value, low, high, floor, error.

    x : (rows, factors) in [0, 1] (any scale for "pawn", "delta", "rbd_fast")
    y : (rows,), finite
    levels : which rows share a row of the posterior, see `given`

    `floor` is what inputs of no use show in 95 of 100 analyses, the largest of them: an input
    below it has no place. `error` is the standard deviation of what they show. NaN for methods
    with a design of their own.
    """
    value, half = screening.analyse(method, names, x, y, key)
    least = -np.inf if method == "rbd_fast" else 0.0  # estimates of S1 may be below zero
    found = pd.DataFrame(
        {
            "factor": list(names), "measure": screening.MEASURES[method][0], "value": value,
            "low": np.maximum(value - half, least), "high": value + half,
            **_floors(method, names, x, y, key, levels),
        }
    )  # fmt: skip
    return found.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _floors(method, names, x, y, key, levels):
    """`floor` that any input of no use passes in 5 of 100 analyses, and `error`, of each input.

    From its values dealt at random to the rows of the posterior, or to the draws: normal points of
    DEALT of them, whose spread is that of all inputs dealt alike.
    """
    if method not in screening.GIVEN:
        return {"floor": np.nan, "error": np.nan}
    rng = np.random.default_rng(key)
    units = [unit_of(column[:, None], levels) for column in x.T]
    dealt = np.array([
        screening.values(method, names, np.column_stack([
            _dealt(column, unit, rng) for column, unit in zip(x.T, units, strict=True)
        ]), y, key)
        for _ in range(DEALT)
    ])  # fmt: skip
    kinds = np.array([unit.max() for unit in units])
    spread = np.array([dealt[:, kinds == kind].std(axis=0, ddof=1).mean() for kind in kinds])
    floor = dealt.mean(axis=0) + ndtri(1 - ALARM / len(names)) * spread
    return {"floor": floor, "error": spread}


def _dealt(column, unit, rng):
    """Values of an input, dealt to its units at random."""
    _, first = np.unique(unit, return_index=True)
    return rng.permutation(column[first])[unit]


def given(data, output, method="delta", seed=1):
    """Rank inputs by data that is there already; nothing runs.

    Parameters
    ----------
    data : Sweep, Result or DataFrame
        A sweep's factors that are numbers (means over the worlds of a point), a run's parameters
        (means over the luck of a draw), or a column an input.
    output : str, a metric of the sweep or run; or a sequence (rows,) beside a DataFrame
    method : "pawn", "delta" or "rbd_fast"
    seed : int

    Returns a DataFrame as `table`. Rows whose output is not finite are refused, not left out.
    Draws of a run that share a row of the posterior are dealt together, as they were drawn.
    """
    choice("method", method, screening.GIVEN, SensitivityError)
    inputs, y = (data, output) if isinstance(data, pd.DataFrame) else _rows(data, output)
    varied = inputs.loc[:, inputs.nunique() > 1]
    if len(y) != len(varied) or varied.shape[1] == 0:
        raise SensitivityError("inputs and output: must have as many rows, and inputs that vary")
    y = np.asarray(y, float)
    levels = data.levels if isinstance(data, Result) else ()
    return table(method, varied.columns, varied.to_numpy(float), y, luck.key_of(seed), levels)


def _rows(data, metric):
    """Inputs and mean output of a Sweep's points or a Result's draws."""
    if metric not in metrics_of.NAMES:
        raise SensitivityError(f"{metric}: not a metric{did_you_mean(metric, metrics_of.NAMES)}")
    if isinstance(data, Result):
        inputs, worlds, by = data.parameters.set_index("draw"), data.replications, "draw"
    else:
        inputs = data.points.set_index("point").select_dtypes("number")
        worlds, by = data.rows(metric), "point"
    return inputs, worlds.groupby(by)[metric].mean().reindex(inputs.index)


def ranked(plan, method, names, u, y, metrics, key, caveats, provenance, levels=()):
    """A Ranking from rows u and outputs y (rows, metrics).

    levels : which rows share a row of the posterior, as for `table`
    """
    tables, said = [], [*caveats, screening.NOTES[method]]
    for place, metric in enumerate(metrics):
        good = np.isfinite(y[:, place])
        lost = int((~good).sum())
        if lost and (method in screening.DESIGNED or lost > LOST * len(good)):
            said.append(f"{metric} is undefined in {lost} of {len(good)} rows: not ranked.")
            continue
        if lost:
            said.append(f"{metric} is undefined in {lost} of {len(good)} rows, left out.")
        if np.ptp(y[good, place]) == 0:
            said.append(f"{metric} is the same in all rows: not ranked.")
            continue
        kept = tuple(one[good] for one in levels)
        found = table(method, names, u[good], y[good, place], key, kept)
        found.insert(0, "metric", metric)
        tables.append(found)
    if not tables:
        raise SensitivityError(said[-1])
    return Ranking(
        plan, method, tuple(metrics), pd.concat(tables, ignore_index=True), noted(said), provenance
    )
