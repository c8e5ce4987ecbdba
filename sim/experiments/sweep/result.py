"""A sweep that was run: its rows, a summary of each point, and which is best."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import report
from sim.analysis import best, estimates, paired
from sim.caveats import FAILED, UNFINISHED, Caveat
from sim.engine import metrics
from sim.errors import ScenarioError, SweepError, did_you_mean
from sim.experiments import leading, pairing, screens, terms
from sim.experiments.differences import measured
from sim.experiments.limits import estimate
from sim.experiments.run import caveats, groups_of
from sim.experiments.sweep import as_written, design, differences, sentences, workbook
from sim.experiments.sweep import reference as references
from sim.experiments.sweep import store as stores
from sim.experiments.sweep.claims import of_sweep, record_of_sweep
from sim.experiments.sweep.folder import folder
from sim.experiments.sweep.screen import of_sweep as of_first_screen
from sim.experiments.sweep.stored_rows import StoredRows
from sim.records import provenance
from sim.records.factors import factor
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
HOW_AGAINST = (
    "difference: point less {}, world by world, with its 95% interval; better: probability that "
    "the point is, in expectation and in one world; verdict: better or worse where that interval "
    "leaves out no difference."
)
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

    _kind = "sweep"
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
    def _stored(self):
        return StoredRows(self.folder, self.store, *self.asked)

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
        # Beside the sweep; sweeps of earlier versions state it from the root.
        folder = None if m["folder"] is None else Path(self.store.folder.name) / m["folder"]
        return Scenario(levers, m["name"], folder=folder)

    @cached_property
    def against(self):
        """The Sweep of the reference alone, whose one point it is; None where there is none.

        Raises SweepError, one line, where it is missing, damaged, or of another plan.
        """
        noted = self.manifest.get("against")
        if noted is None:
            return None
        where = self.folder.below(stores.AGAINST)
        there = stores.read_manifest(where)
        own = ("seed", "uncertainty", "weekly", "model")
        if "against" in there or any(there[key] != self.manifest[key] for key in own):
            raise SweepError(f"{self.path}: a damaged sweep (its reference is of another sweep)")
        found = load_sweep(where.name)
        if references.noted(found.scenario)["sha256"] != noted["sha256"]:
            raise SweepError(f"{self.path}: a damaged sweep (its reference is another plan)")
        if found.asked != ([0], *self.asked[1:]):
            raise SweepError(
                f"{self.path}: its reference is not finished; start the same sweep again, which "
                "goes on"
            )
        return found

    def reference_values(self, metric):
        """Values of a metric of the reference (draws, luck); NaN where missing."""
        return self.against.values(measured(metric))[0]

    @cached_property
    def groups(self):
        """Draws that share what is one row of the posterior: int (draws,), or None."""
        plan = self.scenario if self.against is None else self.against.scenario
        return groups_of(plan, self.manifest["seed"], self.asked[1]) if self.uncertain else None

    @property
    def metric(self):
        """The metric that leads: the answer's own, if more or less of it is better."""
        plan = self.scenario
        with suppress(ScenarioError):  # where a deadline is varied, it is the point's own
            plan = self.scenario_of(self.asked[0][0])
        metric = leading.metric_of(plan)
        return metric if DIRECTIONS.get(metric) else leading.WORK

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
        return self._stored.table(columns).to_pandas()

    @property
    def weekly(self):
        """Flows of each week: point, draw, luck, week and a column a flow."""
        if not self.manifest["weekly"]:
            raise SweepError(f"{self.path}: weekly rows were not kept; sweep with weekly=True")
        columns = ["point", "draw", "luck", "week", *metrics.FLOWS]
        return self._stored.table(columns, stores.WEEKS).to_pandas()

    @cached_property
    def failures(self):
        """DataFrame: a row a failing point, with its values, its first error, how many rows."""
        columns = ["point", *self.factors, "error", "rows"]
        table = self._stored.failures()
        if not len(table):
            return pd.DataFrame(columns=columns)
        return self.points.merge(table, on="point")[columns]

    def failed_line(self):
        """How many points failed and why, in one line; empty where none did."""
        table = self.failures
        if not len(table):
            return ""
        numbers = self.asked[0]
        first = table.iloc[0]
        values = design.in_words(self.store.points[first["point"]])
        failed = f"{len(table)} of {len(numbers)} points failed: point {first['point']} ({values})"
        more = f"; and {len(table) - 1} more in .failures" if len(table) > 1 else ""
        why = "; ".join(str(first["error"]).splitlines())
        return f"{self.path}: {failed}: {why}{more}"

    def values(self, metric):
        """Values of a metric as an array (points asked for, draws, luck); NaN where missing."""
        return self._cube(metric)[0]

    def _cube(self, metric):
        """Values (points, draws, luck), and which points have all their worlds."""
        known(metric)
        if of := metrics.BY_NAME[metric].compared:  # what is extra is so over the plan as written
            cube, there = self._cube(of)
            return self.over_reference(cube), there
        return self._stored.worlds(metric)

    @cached_property
    def _as_written(self):
        """Number of the point that is the plan as written, or None."""
        return as_written.point_of(self.scenario, self.store.points.__getitem__, self.asked[0])

    @cached_property
    def reference_point(self):
        """Number of the point that extra cost is over; None where that is the plan by itself.

        The plan as written; in sweeps that do not hold it, the first point that is finished.
        """
        if self.against is not None:
            return None
        numbers, draws, luck = self.asked
        own, there = self._as_written, self._finished
        if own is not None and there[numbers.index(own)]:
            return own
        if as_written.costs(self.store, draws, luck) is not None or not there.any():
            return None
        return numbers[int(there.argmax())]

    @property
    def _finished(self):
        """Which points have all their worlds: bool, those asked for."""
        return self._cube(as_written.COST)[1]

    @cached_property
    def finished(self):
        """Numbers of the points that have all their worlds: frozenset."""
        return frozenset(np.array(self.asked[0])[self._finished].tolist())

    @property
    def reference(self):
        """What extra cost is over, in words: the reference, where points are held against one."""
        if self.against is not None:
            taken = {f"point {number}" for number in self.asked[0]}
            return pairing.apart(self.against.scenario.name, taken)
        number = self.reference_point
        return as_written.LABEL if number in (self._as_written, None) else f"point {number}"

    def over_reference(self, costs):
        """Costs of points (points, draws, luck) less those of what extra cost is over."""
        numbers, draws, luck = self.asked
        if self.against is not None:
            return costs - self.reference_values(as_written.COST)
        if self.reference_point is not None:
            return costs - costs[numbers.index(self.reference_point)]
        own = as_written.costs(self.store, draws, luck)
        return costs if own is None else costs - own

    def summary(self, *names):
        """One row a point and metric (all of them by default): values, unit and intervals.

        Columns are those of `Result.summary`. Points that failed or are not finished are
        left out; `failures` and `unfinished` say which.
        """
        known(*names)
        parts = []
        for name in names or metrics.NAMES:
            cube, there = self._cube(name)
            table = self._estimates(name, cube, there)
            table.insert(0, "metric", name)
            table.insert(1, "unit", metrics.UNITS[name])
            parts.append(pd.concat([self.points[there].reset_index(drop=True), table], axis=1))
        return pd.concat(parts).sort_values("point", kind="stable").reset_index(drop=True)

    def _estimates(self, metric, cube, there):
        """Estimates of values (points, draws, luck), a row for each point that is `there`."""
        kept = self.__dict__.setdefault("_rows_of", {})
        if metric not in kept:
            numbers = np.array(self.asked[0])[there]
            kept[metric] = [
                estimate(self.scenario_of(number), metric, y, self.uncertain)
                for number, y in zip(numbers, cube[there], strict=True)
            ]
        return pd.DataFrame(kept[metric], columns=estimates.COLUMNS)

    def differences(self, *names):
        """One row a finished point and metric: how it differs from the reference, world by world.

        The point and its values, `metric`, `unit`, the columns of `Comparison.summary`, equal to
        those of `compare` of the reference and the point, and `verdict`: "better" or "worse" where
        the 95% interval leaves out no difference, else "too close to call"; "no difference" in any
        world; "the reference itself", whose difference is 0, from 0 to 0; "on other terms";
        or "undefined".

        names : metrics; by default what leads, extra cost and work delivered, as far as all have
            them

        Raises SweepError, one line, where points are held against no reference.
        """
        if self.against is None:
            raise SweepError(
                f"{self.path}: has no reference; sweep with against=, or --against, into another "
                "folder"
            )
        known(*names)
        return differences.table(self, names or self._leads())

    def _leads(self):
        """The metrics told of each point: what leads, extra cost, work delivered."""
        names = leading.first((), self.metric, sentences.EXTRA, leading.WORK)
        plans = (self.scenario, self.against.scenario)
        return [name for name in names if not any(leading.lacks(plan, name) for plan in plans)]

    def sentences(self, metric=None):
        """Which point is best by a metric and how sure that is; how many points there are."""
        return sentences.sentences(self, metric or self.metric)

    def in_words(self, metric):
        """A metric in words, a deadline with its week."""
        return sentences.in_words(self, metric)

    def headline_against(self, metric, table, values):
        """How many points beat the reference, and which gains most, to be a title.

        table : of `best`; values : function of a row of it, the point's values in words
        """
        return differences.headline(self, metric, table, values)

    def difference_in_words(self, metric, point):
        """A point's difference to the reference, its interval, and how likely it is better: texts.

        In expectation, or where that cannot be told in one world; "-" where neither can.
        """
        *told, expected, world = differences.cells(self, metric, point)
        return *told, world if expected == "-" else expected

    def likely(self, metric):
        """Column of `differences` that says how likely points are better; None where none does."""
        place = differences.likely(self, metric)
        return None if place is None else differences.ODDS[place]

    def near_best(self, metric=None):
        """Numbers of the points that so many worlds do not tell from the best one: frozenset.

        Empty where neither more nor less of the metric is better, and where points are asked for
        different things.
        """
        return sentences.near(self, metric or self.metric)

    def worlds(self, metric=None):
        """Values of a metric (points asked for, draws x luck) in single worlds; NaN where missing.

        Against a reference the differences to it, world by world.
        """
        metric = metric or self.metric
        if self.against is None:
            return self.values(metric).reshape(len(self.asked[0]), -1)
        of = measured(metric)
        differ = paired.difference(self.reference_values(of), self.values(of))
        return differ.reshape(len(self.asked[0]), -1)

    def in_title(self, metric, row):
        """The metric of a row of `best` and its interval, with the unit: two texts."""
        size, span = sentences.told(metric, row)
        unit = "" if self.unit(metric) == "share" else f" {self.unit(metric)}"
        return f"{size}{unit}", span

    def is_on_other_terms(self, metric):
        """Whether points are asked for different things, so that none is the best."""
        return bool(sentences.other_terms(self, metric))

    def reservation(self, metric):
        """Why the first point is not called the best, to end a title; nothing where it is."""
        return sentences.reservation(self, metric)

    def unit(self, metric):
        """Unit of a metric, the currency where it is money."""
        return units(self.scenario)[metric]

    def best(self, metric=None, direction=None):
        """Points from the best mean down, each with the probability that it is the best of all.

        `p_best_expected`, over what is not known, chance averaged out: which to choose;
        undefined where that cannot be told from chance (one luck a draw, central parameters).
        `p_best_world`: in how many single worlds it came out best: what will be seen after.
        Each with its 95% interval. Against a reference each point also has `difference`,
        `p_better_expected`, `p_better_world`, each with its interval, and `verdict`, as in
        `differences`. Worlds in which any point has no value are left out, with
        their draw; of `finish_week`, no value is the latest.

        direction : 1 if more is better, -1 if less is; by default as the metric has it
        """
        metric = metric or self.metric
        known(metric)
        sign = DIRECTIONS[metric] if direction is None else direction
        if sign not in (1, -1):
            raise SweepError(f"{metric}: neither more nor less is better; say direction = 1 or -1")
        cube, there = self._cube(metric)
        if not there.any():
            if len(self.failures) == len(self.asked[0]):
                raise SweepError(f"{self.failed_line()}. Nothing ran: mend that, and sweep again")
            raise SweepError(f"{self.path}: no point is finished; start the same sweep again")
        table = self.points[there].reset_index(drop=True)
        shown = self._estimates(metric, cube, there)[["mean", "ci_low", "ci_high", "mc_error"]]
        table = pd.concat([table, shown, self._chances(metric, sign, cube[there])], axis=1)
        if self.against is not None:
            own = self.differences(metric)
            named = {name: own[column] for name, column in differences.SHOWN.items()}
            table = table.assign(**named, verdict=own["verdict"])
        order = (sign * -table["mean"]).argsort(kind="stable")  # what has no mean comes last
        return table.iloc[order].reset_index(drop=True)

    def _chances(self, metric, sign, cube):
        """The six columns of probabilities for values (points, draws, luck)."""
        if metric in NEVER:
            cube = np.where(np.isnan(cube), np.inf, cube)
        gain = sign * cube[:, ~np.isnan(cube).any(axis=(0, 2))]
        chances = np.full((len(cube), 6), np.nan)
        if gain.shape[1] > 1:
            finite = np.isfinite(gain).all()
            if self.uncertain and gain.shape[2] > 1 and finite:
                chances[:, :3] = best.best(gain)
            chances[:, 3:] = paired.chances(paired.best_world(gain))
        return pd.DataFrame(chances, columns=CHANCES)

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
        notes = []
        if any(path.split(".")[0] in PEOPLE for path in self.factors):
            notes.append(pairing.workforce("sweep"))
        notes += terms.caveats_of_paths(self.factors)
        if self.against is not None:
            notes += references.caveats(self)
        seen = set()
        for number in numbers:
            values = {
                k: v for k, v in self.store.points[number].items() if k.startswith(ABOUT_TOOL)
            }
            if design.key(values) not in seen:
                seen.add(design.key(values))
                try:
                    notes += caveats(self.scenario.replace(values), of)
                except ScenarioError:
                    continue  # a failing point
        if self.against is not None:
            own = caveats(self.against.scenario, of)
            notes += [note.under(self.reference) for note in own if note not in notes]
        if len(self.failures):
            notes.append(Caveat(self.failed_line(), FAILED))
        if left := self.unfinished:
            sentence = f"{len(left)} of {len(numbers)} points are not finished, and left out."
            notes.append(Caveat(sentence, UNFINISHED))
        return tuple(dict.fromkeys(notes))

    @property
    def provenance(self):
        """Version, commit, hashes, seed and design of these rows: dict."""
        numbers, draws, luck = self.asked
        return self.manifest["provenance"] | {"draws": draws, "luck": luck, "points": len(numbers)}

    def to_json(self, metric=None):
        metric = metric or self.metric
        held = {} if self.against is None else {"against": references.plain(self, metric)}
        return {
            "sweep": str(self.path),
            "scenario": self.manifest["name"],
            "question": self.manifest["question"],
            "factors": self.factors,
            "metric": metric,
            "unit": metrics.UNITS[metric],
            **held,
            "points": provenance.records(self.best(metric)),
            "failures": provenance.records(self.failures),
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def text(self, everything=False, metric=None):
        """The record as lines for a terminal.

        everything : whether to show every point, not the best alone
        metric : which decides what is best; by default that of the plan's [answer]
        """
        metric = metric or self.metric
        origin = provenance.origin(self._origins())
        tables = self._tables(everything, metric)
        said = self.sentences(metric)[1:] if everything else []  # `_about` says the first
        kept = self.caveats if everything else screens.caveats(self.caveats)
        return report.terminal(self._about(), said, tables, kept, origin)

    def _sentences_shown(self, everything):
        return self.sentences()[1:] if everything else []

    def _about(self):
        varied = ", ".join(map(factor, self.factors))
        numbers, draws, luck = self.asked
        return [
            f"{self.scenario.name}: {self.scenario.question}",
            f"{len(numbers)} points of {varied}; {draws} draws x {luck} luck",
        ]

    def _tables(self, everything, metric=None):
        metric = metric or self.metric
        return [self._points(metric)] if everything else of_first_screen(self, metric)

    def _cell_tables(self):
        lines, _ = of_first_screen(self, self.metric)
        return [lines, self._points(self.metric, SHOWN)]

    def _points(self, metric, most=None):
        """Points from the best down: a Table.

        most : how many; all by default
        """
        table = self.best(metric)
        shown = table[:most]
        hidden = len(table) - len(shown)
        head, cells = sentences.columns(self, metric)
        rows = [cells(row) for _, row in shown.iterrows()]
        unit = "" if self.unit(metric) == "share" else f" [{self.unit(metric)}]"
        title = f"{sentences.in_words(self, metric)}{unit}, from the best down"
        more = f"{hidden} more points; --all shows them. " if hidden else ""
        how = HOW if self.against is None else f"{HOW} {HOW_AGAINST}".format(self.reference)
        return Table(head, rows, title, more + how)

    _claims_may_be_cut = False

    def claims(self, metric=None):
        """A metric at each finished point: tuple of Claim."""
        return of_sweep(self, metric or self.metric)

    def run_record(self, metric=None):
        """The RunRecord that makes its points again; with one metric, that of the [answer]."""
        return record_of_sweep(self, metric or self.metric)

    _plots_a_metric = True

    def _figures(self):
        from sim.figures import sweep  # late: Matplotlib is slow to import

        kinds = dict.fromkeys((sweep.fitting(self), *sweep.KINDS))
        return {kind: partial(sweep.sweep_figure, kind=kind) for kind in kinds}

    def _origins(self):
        if self.against is None:
            return {self.manifest["name"]: self.provenance}
        own, reference = self.provenance, self.against.provenance
        if own["scenario_sha256"] == reference["scenario_sha256"]:
            return {self.reference: reference}
        name = pairing.apart(self.manifest["name"], {self.reference})
        return {self.reference: reference, name: own}

    def _cited(self):
        return f"at {len(self.asked[0])} points", "scenario"

    def _first_lines(self):
        return [("question", self.scenario.question)]

    def _main_sheet(self):
        return workbook.main_sheet(self)

    def _sheets(self):
        return workbook.sheets_of(self)

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


def load_sweep(path, verify=True):
    """The sweep in a folder (or at a URL), as it was last asked for.

    verify : whether to hold every file against its hash first

    Raises SweepError, one line, where the folder holds no sweep or a damaged one.
    """
    where = folder(path)
    store = stores.Store(where, stores.read_manifest(where))
    if store.manifest.get("ask") is None:
        raise SweepError(f"{where.name}: was not begun; start the sweep again")
    stores.take_stock(store, verify, mend=False)
    if any(last >= len(store.points) for _, last in store.manifest["ask"]["points"]):
        raise SweepError(f"{where.name}: a damaged sweep (points are missing); start it again")
    for names, what in (
        (store.damaged, "are cut short or altered"),
        (store.overlapping, "hold worlds that others hold too"),
    ):
        if names:
            raise SweepError(
                f"{where.name}: {len(names)} files {what} (first: {names[0]}); start the same "
                "sweep again, it mends that"
            )
    stores.warn_foreign(store)
    sweep = Sweep(where, store)
    _ = sweep.against  # which must be there too
    return sweep


def known(*names):
    """Refuse a metric that is none."""
    for name in names:
        if name not in metrics.NAMES:
            raise SweepError(f"{name!r}: no such metric{did_you_mean(str(name), metrics.NAMES)}")
