"""Rankings by the methods of SALib: screening, and measures from given data."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sim.analysis import screening
from sim.analysis.given import unit_of
from sim.caveats import noted
from sim.engine import luck
from sim.engine import metrics as metrics_of
from sim.errors import SensitivityError, choice, did_you_mean
from sim.experiments import screens
from sim.experiments.result import Result
from sim.experiments.sensitivity import ranking_words
from sim.records import folders, provenance
from sim.records.record import Record
from sim.records.words import unit_of_output, units
from sim.scenario.snapshot import Kept

MOST_ROWS = 15  # of an output in a cell
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
        return ranking_words.finding(self, metric)

    @property
    def called(self):
        """The method as it is called where it is read."""
        return screening.METHOD_NAMES[self.method]

    def unit(self, metric):
        """Unit of the measure of an output, with the plan's currency; "" where it has none."""
        if self.method != "morris":
            return ""
        return units(self.scenario).get(metric) or unit_of_output(metric)

    @property
    def ranked(self):
        """Outputs that have a ranking, in their order: list of names."""
        return list(dict.fromkeys(self.indices["metric"]))

    def summary(self):
        """One row an output and input, by falling measure: `indices`."""
        return self.indices

    def sentences(self):
        """The first three inputs of each output, in words."""
        return ranking_words.sentences(self)

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
        about = f"{self.scenario.name}: {self.scenario.question}"
        return [about, f"Inputs ranked by {self.called}"]

    def _sentences_shown(self, everything):
        return self.sentences() if everything else []

    def _caveats_shown(self, everything):
        return self.caveats if everything else screens.caveats(self.caveats)

    def _tables(self, everything):
        if everything:
            return [ranking_words.table(self, metric) for metric in self.ranked]
        return ranking_words.first_screen(self)

    def _cell_tables(self):
        lines, _ = ranking_words.first_screen(self)
        return [
            lines,
            *(ranking_words.table(self, metric, MOST_ROWS, keys=True) for metric in self.ranked),
        ]

    def _figures(self):
        from sim.figures.sensitivity import ranking_figure  # late: Matplotlib is slow to import

        return {"inputs": ranking_figure}

    def _cited(self):
        return f"inputs ranked by {self.called}", "scenario"

    def _saved(self):
        return folders.packed(self)

    @classmethod
    def _read(cls, about, path):
        return folders.unpacked(cls, about)

    def __repr__(self):
        return f"<Ranking {self.scenario.name}: {' '.join(self.sentences()[:1])}>"


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
