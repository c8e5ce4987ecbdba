"""A sweep that was run: its rows, a summary of each point, and which is best."""

import io
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim import report
from sim.analysis import estimates, paired
from sim.caveats import FAILED, UNFINISHED, Caveat
from sim.engine import metrics
from sim.errors import ScenarioError, SweepError, did_you_mean
from sim.experiments import pairing
from sim.experiments.run import caveats
from sim.experiments.sweep import design
from sim.experiments.sweep import store as stores
from sim.experiments.sweep.claims import METRIC, of_sweep, record_of_sweep
from sim.experiments.sweep.folder import folder
from sim.records import provenance, words
from sim.records.record import Record
from sim.records.words import DIRECTIONS, NEVER, units
from sim.report import Table
from sim.scenario import Scenario

SHOWN = 12  # points, unless all are asked for
HOW = (
    "best expected: probability, over what is not known, that the expected output of this point is "
    "the best of all; best in a world: share of worlds in which it came out best. Each with its "
    "95% interval; '-' where it cannot be told."
)
KEYS = ("point", "draw", "luck", "error")
CHANCES = (
    "p_best_expected", "p_best_expected_low", "p_best_expected_high",
    "p_best_world", "p_best_world_low", "p_best_world_high",
)  # fmt: skip
PEOPLE = ("team", "people", "joiners", "leavers")
ABOUT_TOOL = ("tool", "horizon", "policy.agent_use")  # what caveats depend on


@dataclass(frozen=True, repr=False, eq=False)
class Sweep(Record):
    """The rows of a sweep as it was last asked for; read when needed, never held as a whole.

    folder  where it is kept
    store   what is in it
    """

    kind = "sweep"
    error = SweepError

    folder: Any
    store: stores.Store

    @property
    def path(self):
        """The folder's name."""
        return self.folder.name

    @property
    def manifest(self):
        """What the sweep is, as plain data."""
        return self.store.manifest

    @cached_property
    def asked(self):
        """Points (their numbers), draws and luck, as last asked for."""
        ask = self.manifest["ask"]
        return stores.numbers_of(ask["points"]), ask["draws"], ask["luck"]

    @property
    def uncertain(self):
        """Whether the parameters were drawn, or central."""
        return self.manifest["uncertainty"] == "full"

    @property
    def factors(self):
        """The dotted paths that points set."""
        return list(self.manifest["factors"])

    @property
    def scenario(self):
        """The Scenario that points change."""
        m = self.manifest
        levers = {"question": m["question"], **m["scenario"]}
        return Scenario(levers, m["name"], folder=m["folder"] and Path(m["folder"]))

    def scenario_of(self, point):
        """The Scenario of a point; raises ScenarioError where the point has none."""
        return self.scenario.replace(self.store.points[point])

    @cached_property
    def points(self):
        """DataFrame: a row a point, its number and its values."""
        rows = [{"point": n, **self.store.points[n]} for n in self.asked[0]]
        return pd.DataFrame(rows, columns=["point", *self.factors])

    @property
    def frame(self):
        """All rows as one tidy DataFrame, by point, draw and luck: a world a row, or an error.

        `error` says why a point failed; its metrics are missing, and draw and luck are -1
        where no world of it could be made. The row number is what `sim.replay` takes.
        """
        return self.rows()

    def rows(self, *names):
        """As `frame`, with only these metrics."""
        known(*names)
        columns = ["point", *self.factors, "draw", "luck", "error", *(names or metrics.NAMES)]
        return self._stored(columns).to_pandas()

    @property
    def weekly(self):
        """Flows of each week: point, draw, luck, week and a column a flow."""
        if not self.manifest["weekly"]:
            raise SweepError(f"{self.path}: weekly rows were not kept; sweep with weekly=True")
        return self._stored(None, stores.WEEKS).to_pandas()

    def _stored(self, columns, below=stores.ROWS):
        """Rows that were asked for, in order."""
        numbers, draws, luck = self.asked
        wanted, parts = pa.array(numbers, pa.int64()), []
        for name in self.store.status:
            part = self._file(f"{below}/{name}", columns)
            there = pc.and_(pc.less(part["draw"], draws), pc.less(part["luck"], luck))
            parts.append(part.filter(pc.and_(there, pc.is_in(part["point"], value_set=wanted))))
        if not parts:
            raise SweepError(f"{self.path}: holds no rows yet; start the sweep again")
        table = pa.concat_tables(parts)
        order = table.append_column("#", pc.index_in(table["point"], value_set=wanted))
        keys = ["#", "draw", "luck", *(["week"] if below == stores.WEEKS else [])]
        order = pc.sort_indices(order, sort_keys=[(key, "ascending") for key in keys])
        return table.take(order)

    def _file(self, name, columns):
        path = getattr(self.folder, "path", None)
        try:
            source = path / name if path else io.BytesIO(self.folder.read(name))
            with pq.ParquetFile(source) as file:
                return _with_young(file, columns)
        except (OSError, ValueError, pa.ArrowException):
            raise SweepError(
                f"{self.path}: {name} is damaged; start the same sweep again, it mends that"
            ) from None

    @cached_property
    def failures(self):
        """DataFrame: a row a failing point, with its values, its first error, how many rows."""
        files = [f for f, row in self.store.status.items() if row["failed"] != "0"]
        columns = ["point", *self.factors, "error", "rows"]
        if not files:
            return pd.DataFrame(columns=columns)
        parts = pd.concat([self._file(f"{stores.ROWS}/{f}", list(KEYS)).to_pandas() for f in files])
        parts = parts[parts["error"].notna() & parts["point"].isin(self.asked[0])]
        parts = parts[(parts["draw"] < self.asked[1]) & (parts["luck"] < self.asked[2])]
        found = parts.sort_values(["point", "draw", "luck"]).groupby("point")["error"]
        table = found.agg(["first", "size"]).reset_index()
        table = table.rename(columns={"first": "error", "size": "rows"})
        return self.points.merge(table, on="point")[columns]

    def failed_line(self):
        """How many points failed and why, in one line; empty where none did."""
        table = self.failures
        if not len(table):
            return ""
        numbers = self.asked[0]
        first = table.iloc[0]
        values = design.said(self.store.points[first["point"]])
        said = f"{len(table)} of {len(numbers)} points failed: point {first['point']} ({values})"
        more = f"; and {len(table) - 1} more in .failures" if len(table) > 1 else ""
        return f"{self.path}: {said}: {first['error']}{more}"

    def values(self, metric):
        """Values of a metric as an array (points asked for, draws, luck); NaN where missing."""
        return self._cube(metric)[0]

    def _cube(self, metric):
        """Values (points, draws, luck), and which points have all their worlds."""
        known(metric)
        numbers, draws, luck = self.asked
        table = self._stored([*KEYS, metric])
        table = table.filter(pc.is_null(table["error"]))
        place = {number: i for i, number in enumerate(numbers)}
        at = np.array([place[n] for n in table["point"].to_numpy()], np.int64)
        at = (at * draws + table["draw"].to_numpy()) * luck + table["luck"].to_numpy()
        cube, there = np.full(len(numbers) * draws * luck, np.nan), np.zeros(len(numbers))
        cube[at] = table[metric].to_numpy()
        there = np.bincount(at // (draws * luck), minlength=len(numbers)) == draws * luck
        return cube.reshape(len(numbers), draws, luck), there

    def summary(self, *names):
        """One row a point and metric (all of them by default): values, unit and intervals.

        Columns are those of `Result.summary`. Points that failed or are not finished are
        left out; `failures` and `unfinished` say which.
        """
        known(*names)
        parts = []
        for name in names or metrics.NAMES:
            cube, there = self._cube(name)
            bounds = metrics.BY_NAME[name].bounds()
            rows = [estimates.estimate(y, self.uncertain, bounds) for y in cube[there]]
            table = pd.DataFrame(rows, columns=estimates.COLUMNS)
            table.insert(0, "metric", name)
            table.insert(1, "unit", metrics.UNITS[name])
            parts.append(pd.concat([self.points[there].reset_index(drop=True), table], axis=1))
        return pd.concat(parts).sort_values("point", kind="stable").reset_index(drop=True)

    def sentences(self, metric=METRIC):
        """Which point is best by a metric and how sure that is; how many points there are."""
        numbers, draws, luck = self.asked
        design = f"{draws} draws x {luck} luck"
        said = [f"{len(numbers)} points of {', '.join(self.factors)}, {design}."]
        table = self.best(metric)
        if len(table) and not np.isnan(table["mean"].iloc[0]):
            row = table.iloc[0]
            values = ", ".join(f"{path} {_value(row[path])}" for path in self.factors)
            size, span = words.estimate(row["mean"], row["ci_low"], row["ci_high"])
            odds = _chance(row, "p_best_expected")
            tail = "" if odds == "-" else f"; it is the best in expectation with probability {odds}"
            said.append(
                f"Best mean {words.label(metric)}: point {row['point']} ({values}), {size} "
                f"{self.unit(metric)} (95% interval {span}){tail}."
            )
        return said

    def unit(self, metric):
        """Unit of a metric, the currency where it is money."""
        return units(self.scenario)[metric]

    def best(self, metric="work_delivered", direction=None):
        """Points from the best mean down, each with the probability that it is the best of all.

        `p_best_expected`, over what is not known, chance averaged out: which to choose;
        undefined where that cannot be told from chance (one luck a draw, central parameters).
        `p_best_world`: in how many single worlds it came out best: what will be seen after.
        Each with its 95% interval. Worlds in which any point has no value are left out, with
        their draw; of `finish_week`, no value is the latest.

        direction : 1 if more is better, -1 if less is; by default as the metric has it
        """
        known(metric)
        sign = DIRECTIONS[metric] if direction is None else direction
        if sign not in (1, -1):
            raise SweepError(f"{metric}: neither more nor less is better; say direction = 1 or -1")
        cube, there = self._cube(metric)
        cube = cube[there]
        if not len(cube):
            raise SweepError(f"{self.path}: no point is finished; start the same sweep again")
        table = self.points[there].reset_index(drop=True)
        bounds = metrics.BY_NAME[metric].bounds()
        rows = [estimates.estimate(y, self.uncertain, bounds) for y in cube]
        shown = pd.DataFrame(rows, columns=estimates.COLUMNS)[["mean", "ci_low", "ci_high"]]
        table = pd.concat([table, shown, self._chances(metric, sign, cube)], axis=1)
        order = (sign * -table["mean"]).argsort(kind="stable")
        return table.iloc[order].reset_index(drop=True)

    def _chances(self, metric, sign, cube):
        """The six columns of probabilities for values (points, draws, luck)."""
        if metric in NEVER:
            cube = np.where(np.isnan(cube), np.inf, cube)
        gain = sign * cube[:, ~np.isnan(cube).any(axis=(0, 2))]
        found = np.full((len(cube), 6), np.nan)
        if gain.shape[1] > 1:
            finite = np.isfinite(gain).all()
            if self.uncertain and gain.shape[2] > 1 and finite:
                found[:, :3] = paired.chances(paired.best_expected(gain))
            found[:, 3:] = paired.chances(paired.best_world(gain))
        return pd.DataFrame(found, columns=CHANCES)

    @property
    def unfinished(self):
        """Numbers of points that lack worlds and did not fail."""
        from sim.experiments.sweep.execute import count_missing

        numbers, draws, luck = self.asked
        return [n for n in numbers if count_missing(self.store, [n], draws, luck)]

    @cached_property
    def caveats(self):
        """Sentences that belong to every use of these numbers."""
        numbers, draws, luck = self.asked
        of = {"uncertainty": self.manifest["uncertainty"], "draws": draws, "luck": luck}
        said = []
        if any(path.split(".")[0] in PEOPLE for path in self.factors):
            said.append(pairing.workforce("sweep"))
        seen = set()
        for number in numbers:
            values = {
                k: v for k, v in self.store.points[number].items() if k.startswith(ABOUT_TOOL)
            }
            if design.key(values) not in seen:
                seen.add(design.key(values))
                try:
                    said += caveats(self.scenario.replace(values), of)
                except ScenarioError:
                    continue  # a failing point
        if len(self.failures):
            said.append(Caveat(self.failed_line(), FAILED))
        if left := self.unfinished:
            sentence = f"{len(left)} of {len(numbers)} points are not finished, and left out."
            said.append(Caveat(sentence, UNFINISHED))
        return tuple(dict.fromkeys(said))

    @property
    def provenance(self):
        """All that is needed to make these rows again."""
        numbers, draws, luck = self.asked
        return self.manifest["provenance"] | {"draws": draws, "luck": luck, "points": len(numbers)}

    def to_json(self, metric="work_delivered"):
        """The sweep as `tiercurve sweep --json` prints it: plain data, NaN as None."""
        return {
            "sweep": str(self.path),
            "scenario": self.manifest["name"],
            "question": self.manifest["question"],
            "factors": self.factors,
            "metric": metric,
            "unit": metrics.UNITS[metric],
            "points": provenance.records(self.best(metric)),
            "failures": provenance.records(self.failures),
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def text(self, everything=False, metric=METRIC):
        """The record as lines for a terminal.

        everything : whether to show every point, not the best alone
        metric : which decides what is best
        """
        origin = provenance.origin(self._origins())
        tables = self._tables(everything, metric)
        said = self.sentences(metric)
        return report.terminal(self._about(), said, tables, self.caveats, origin)

    def _about(self):
        return [f"{self.scenario.name}: {self.scenario.question}"]

    def _tables(self, everything, metric=METRIC):
        table = self.best(metric)
        shown = table if everything else table.head(SHOWN)
        hidden = len(table) - len(shown)
        head = ("point", *self.factors, "mean", "95% interval", "best expected", "best in a world")
        rows = [
            (
                int(row["point"]),
                *(_value(row[path]) for path in self.factors),
                *words.estimate(row["mean"], row["ci_low"], row["ci_high"]),
                _chance(row, "p_best_expected"),
                _chance(row, "p_best_world"),
            )
            for _, row in shown.iterrows()
        ]
        title = f"{words.label(metric)} [{self.unit(metric)}], from the best mean down"
        more = f"{hidden} more points; --all shows them. " if hidden else ""
        return [Table(head, rows, title, more + HOW)]

    claims_may_be_cut = False

    def claims(self, metric=METRIC):
        """A metric at each finished point: tuple of Claim."""
        return of_sweep(self, metric)

    def run_record(self, metric=None):
        """The RunRecord that makes its points again; with one metric, work delivered by default."""
        return record_of_sweep(self, metric or METRIC)

    _plots_a_metric = True

    def _figures(self):
        from sim.figures import sweep  # late: Matplotlib is slow to import

        kinds = dict.fromkeys((sweep.fitting(self), *sweep.KINDS))
        return {kind: partial(sweep.sweep_figure, kind=kind) for kind in kinds}

    def _origins(self):
        return {self.manifest["name"]: self.provenance}

    def _cited(self):
        return f"at {len(self.asked[0])} points", "scenario"

    def save(self, path, overwrite=False):
        """Copy the sweep's folder, which holds all of it already; returns the new Path."""
        return stores.copied(self.folder, path, overwrite)

    @classmethod
    def load(cls, path):
        """The sweep in a folder or at a URL, as `load_sweep` reads it."""
        return load_sweep(path)

    @classmethod
    def is_saved(cls, path):
        """Whether a folder is marked as one of a sweep."""
        return (Path(path) / stores.MANIFEST).is_file()

    def __repr__(self):
        numbers, draws, luck = self.asked
        failed = f", {len(self.failures)} failed" if len(self.failures) else ""
        return (
            f"<Sweep {self.path}: {len(numbers)} points of {', '.join(self.factors)}{failed}; "
            f"{draws} draws x {luck} luck>"
        )


def _value(stated):
    """A value of a factor, short."""
    return f"{stated:.6g}" if isinstance(stated, float) else str(stated)


def _chance(row, name):
    """A probability with its interval, in percent."""
    if np.isnan(row[name]):
        return "-"
    return f"{row[name]:.0%} ({row[f'{name}_low']:.0%} to {row[f'{name}_high']:.0%})"


def load_sweep(path, verify=True):
    """The sweep in a folder (or at a URL), as it was last asked for.

    verify : whether to hold every file against its hash first

    Raises SweepError, one line, where the folder holds no sweep or a damaged one.
    """
    where = folder(path)
    found = stores.Store(where, stores.read_manifest(where))
    if "ask" not in found.manifest:
        raise SweepError(f"{where.name}: was not begun; start the sweep again")
    stores.take_stock(found, verify, mend=False)
    if any(last >= len(found.points) for _, last in found.manifest["ask"]["points"]):
        raise SweepError(f"{where.name}: a damaged sweep (points are missing); start it again")
    if found.damaged:
        raise SweepError(
            f"{where.name}: {len(found.damaged)} files are cut short or altered (first: "
            f"{found.damaged[0]}); start the same sweep again, it mends that"
        )
    return Sweep(where, found)


def known(*names):
    """Refuse a metric that is none."""
    for name in names:
        if name not in metrics.NAMES:
            raise SweepError(f"{name!r}: no such metric{did_you_mean(str(name), metrics.NAMES)}")


def _with_young(file, columns):
    """Columns of a Parquet file; metrics that an earlier version did not know are undefined."""
    lacking = set(metrics.YOUNG) - set(file.schema_arrow.names)
    if columns is None or not lacking & set(columns):
        return file.read(columns)
    table = file.read([name for name in columns if name not in lacking])
    nothing = pa.nulls(len(table), pa.float64()).fill_null(float("nan"))
    for name in columns:
        if name in lacking:
            table = table.append_column(name, nothing)
    return table.select(columns)
