"""The record of a variance-based analysis: indices, split, verdict, saving."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim import files
from sim.analysis import convergence, sobol
from sim.analysis.moments import ARRAYS, LATER, Moments, joined, pairs
from sim.engine import luck
from sim.errors import SensitivityError, is_whole
from sim.experiments import screens
from sim.experiments.sensitivity import effects, ends, execute, members, sentences, tables
from sim.experiments.sensitivity.factors import OTHERS, Factor, Input, factors_of
from sim.experiments.sensitivity.members import Members
from sim.experiments.sensitivity.screen import of_sensitivity as of_first_screen
from sim.experiments.sensitivity.sentences import of_sensitivity
from sim.experiments.traces import MOST_LUCK
from sim.records import folders, provenance
from sim.records.record import Record
from sim.records.run_record import RunRecord, about
from sim.scenario import Scenario, snapshot

LOST = 0.05  # share of blocks that may be dropped
COLUMNS = (
    "metric", "factor", "group", "S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high", "floor",
)  # fmt: skip
PAIRS = ("metric", "factor", "other", "S2", "S2_low", "S2_high")
PARTS = ("factors", "interactions", "chance")


@dataclass(frozen=True, repr=False)
class Sensitivity(Record):
    """Shares of the variance of outputs, by factor, interaction and chance.

    scenario    the Scenario varied
    factors     tuple of Factor
    asked       dict of the arguments `factors`, `groups`, `others` that made them
    metrics     outputs
    moments     Moments, what is left of the runs: blocks, reduced over their luck
    caveats     sentences that belong to every use of these numbers
    provenance  dict, all that is needed to make them again
    drawn       Members, values of the parameters of the posterior's blocks; None in records of
                earlier versions, or where no block is varied

    Raises SensitivityError where no output is defined in blocks enough.
    """

    _kind = "sensitivity"
    error = SensitivityError

    scenario: Scenario
    factors: tuple[Factor, ...]
    asked: dict
    metrics: tuple[str, ...]
    moments: Moments
    caveats: tuple[str, ...]
    provenance: dict
    drawn: Members | None = None

    def __post_init__(self):
        if all(self._lost(metric) for metric in self.metrics):
            raise SensitivityError(
                f"undefined in more than {LOST:.0%} of blocks: {', '.join(self.metrics)}; take "
                "other metrics or narrower ranges"
            )

    @property
    def names(self):
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    @property
    def blocks(self):
        """Blocks run, N."""
        return self.moments.blocks

    @cached_property
    def dropped(self):
        """Blocks with a value that is not finite, left out whole: metric -> count."""
        lost = (~self.moments.finite).sum(axis=0)
        return {metric: int(count) for metric, count in zip(self.metrics, lost, strict=True)}

    def _lost(self, metric):
        return self.dropped[metric] > LOST * self.blocks

    @cached_property
    def _found(self):
        return {metric: self._estimate(metric, self.blocks) for metric in self.metrics}

    def _estimate(self, metric, blocks):
        """Indices of an output from the first blocks, or None where too many are dropped."""
        if self._lost(metric):
            return None
        place = self.metrics.index(metric)
        keep = np.flatnonzero(self.moments.finite[:blocks, place])
        return sobol.estimate(self.moments.of(place, keep), luck.key_of(self.provenance["seed"]))

    def found(self, metric):
        """Indices of one output, estimates and resamples."""
        return _one(self._found, metric)

    @cached_property
    def indices(self):
        """One row an output and factor: metric, factor, group; S1 and ST with 95% intervals; floor.

        S1 is the share of the variance of the expected output that the factor makes alone, ST
        with all its interactions; `floor` the ST below which a factor without effect would stay
        in 95 of 100 analyses. NaN where the variance cannot be told from chance.
        """
        k = len(self.factors)
        tables = []
        for metric, found in self._found.items():
            blank = np.full(k, np.nan)
            parts = (
                (found.first, found.first_low, found.first_high, found.total, found.total_low,
                 found.total_high, found.floor)
                if found else (blank,) * 7
            )  # fmt: skip
            groups = [factor.group for factor in self.factors]
            rows = dict(zip(COLUMNS, (metric, self.names, groups, *parts), strict=True))
            tables.append(pd.DataFrame(rows))
        return pd.concat(tables, ignore_index=True)

    @cached_property
    def members(self):
        """What each parameter of a block tells alone: one row an output and parameter.

        metric, block, parameter; S1, its closed share of the variance of the expected output,
        with 95% interval: it varies with its block, so shares may overlap, and counts what
        varies with it; `floor`, what the largest of a block shows by chance. Empty where no
        block is varied.
        """
        tables = [pd.DataFrame(columns=members.COLUMNS)]
        key = luck.key_of(self.provenance["seed"])
        for place, (metric, found) in enumerate(self._found.items()):
            if self.drawn is None or found is None or np.isnan(found.total).any():
                continue
            y = self.moments.means[:, [0, -1], place]
            tables.append(members.table(self.drawn, metric, y, found.variance, key))
        return pd.concat(tables[1:] or tables, ignore_index=True)

    @cached_property
    def second(self):
        """One row an output and pair of factors: metric, factor, other; S2 with 95% interval.

        S2 is the share of the variance of the expected output that the two make together, beyond
        what each makes alone, largest first. Raises SensitivityError unless it was asked for.
        """
        if not self.moments.second:
            raise SensitivityError("second order was not asked for; say second_order=True")
        names = np.array(self.names, object)
        first, other = pairs(len(names))
        tables = []
        for metric, found in self._found.items():
            parts = (found.second, found.second_low, found.second_high) if found else (np.nan,) * 3
            row = (metric, names[first], names[other], *parts)
            table = pd.DataFrame(dict(zip(PAIRS, row, strict=True)))
            tables.append(table.sort_values("S2", ascending=False, kind="stable"))
        return pd.concat(tables, ignore_index=True)

    def split(self):
        """Shares of the variance of one world: DataFrame metric, part, share, low, high (95%).

        `part` is "factors" (each alone), "interactions" of factors, or "chance".
        """
        rows, none = [], (np.full(3, np.nan),) * 3
        for metric, found in self._found.items():
            shares = (found.split, found.split_low, found.split_high) if found else none
            rows += [(metric, *row) for row in zip(PARTS, *shares, strict=True)]
        return pd.DataFrame(rows, columns=("metric", "part", "share", "low", "high"))

    def convergence(self, metric=None):
        """ST at N/8, N/4, N/2 and N: DataFrame blocks, factor, ST, ST_low, ST_high."""
        metric = metric or self.metrics[0]
        tables = []
        for blocks in convergence.steps(self.blocks):
            found = self._estimate(metric, blocks) if blocks < self.blocks else self.found(metric)
            if found is None:
                continue
            tables.append(
                pd.DataFrame(
                    {
                        "blocks": blocks, "factor": self.names, "ST": found.total,
                        "ST_low": found.total_low, "ST_high": found.total_high,
                    }
                )
            )  # fmt: skip
        return pd.concat(tables, ignore_index=True)

    def verdict(self, metric=None):
        """What can be relied on for an output, the first by default: `convergence.Verdict`.

        Named factors are put in order; all that is not named is one more, and has no place.
        """
        metric = metric or self.metrics[0]
        found = self.found(metric)
        if found is None:
            text = f"Undefined in {self.dropped[metric]:,} of {self.blocks:,} blocks: no indices."
            return convergence.undefined(text)
        half = self._estimate(metric, self.blocks // 2) if self.blocks >= 32 else None
        named = [i for i, name in enumerate(self.names) if name != OTHERS]
        return convergence.verdict(self.names, found, half, self.blocks, named or None)

    def ends(self, metric=None):
        """What an output, the first by default, comes to between the ends of each factor.

        DataFrame, one row a factor, the largest change first: see `ends.COLUMNS`. In the output's
        unit, `average` in its `attrs`; empty where no variance can be told from chance.
        """
        return ends.table(self, metric or self.metrics[0])

    def finding(self, metric):
        """The named factor that matters most for an output, as a sentence without its dot."""
        return sentences.finding(self, metric)

    def change(self, metric):
        """What the factor that changes an output most from end to end changes it by, in its unit.

        A sentence without its dot: the longest named bar of the tornado, with its 95% interval.
        """
        return effects.finding(self, metric)

    def pair(self, metric):
        """The pair of factors that does most together, as a sentence without its dot."""
        return sentences.pair(self, metric)

    def summary(self):
        """One row an output and factor: `indices` says of each."""
        return self.indices

    def sentences(self):
        """What was found of each output, in plain words, each number with its interval."""
        return sentences.sentences(self)

    def extend(self, samples, threads=None, progress=None):
        """The same analysis with blocks up to `samples`; none is run a second time."""
        p = self.provenance
        have = p["draws"]
        if not is_whole(samples) or samples <= have:
            raise SensitivityError(f"samples = {samples!r}: must be more than the {have} there are")
        execute.check("sobol", samples, p["luck"], p["seed"], threads)
        now = provenance.record(
            self.scenario, **{k: p[k] for k in execute.DESIGN} | {"draws": samples}
        )
        for name in ("engine_sources", "evidence_sha256"):
            if now[name] != p[name]:
                raise SensitivityError(f"made with another {name}: run it anew")
        if not all(one.words == "" for factor in self.factors for one in factor.inputs):
            raise SensitivityError("made by an earlier version, with other factors: run it anew")
        work = (p["luck"], p["seed"], self.metrics, self.moments.second)
        count = samples - have
        more = execute.blocks_of(self.scenario, self.factors, have, count, *work, threads, progress)
        kept = joined([self.moments, more])
        drawn = members.drawn(self.scenario, self.factors, have, count, p["seed"])
        parts = (self.scenario, self.factors, self.asked, self.metrics, kept, self.caveats, now)
        return Sensitivity(*parts, members.joined(self.drawn, drawn))

    def to_json(self):
        """The analysis as `tiercurve sensitivity --json` prints it: plain data, NaN as None."""
        return {
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            "method": "sobol",
            "findings": self.sentences(),
            "factors": [
                {
                    "factor": factor.name,
                    "group": factor.group,
                    "inputs": {one.name: one.varied for one in factor.inputs},
                }
                for factor in self.factors
            ],
            "indices": provenance.records(self.indices),
            "members": provenance.records(self.members),
            "second": provenance.records(self.second) if self.moments.second else None,
            "split": provenance.records(self.split()),
            "verdicts": {metric: self.verdict(metric).text for metric in self.metrics},
            "dropped": self.dropped,
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def _about(self):
        return [
            f"{self.scenario.name}: {self.scenario.question}",
            f"{len(self.factors)} factors, {self.blocks:,} blocks x {self.provenance['luck']} "
            "luck; shares of the variance of the expected output, with 95% intervals",
        ]

    def _sentences_shown(self, everything):
        return self.sentences() if everything else []

    def _caveats_shown(self, everything):
        return self.caveats if everything else screens.caveats(self.caveats)

    def _tables(self, everything):
        return [tables.factors(self, keys=False)] if everything else of_first_screen(self)

    def _cell_tables(self):
        lines, _ = of_first_screen(self)
        return [lines, tables.factors(self, keys=True)]

    def claims(self):
        """Every share of variance that can be quoted of it: tuple of Claim."""
        return of_sensitivity(self)

    def run_record(self, metric=None):
        """The RunRecord that makes it again."""
        p, name = self.provenance, self.scenario.name
        design = {"samples": p["draws"], "luck": p["luck"], "seed": p["seed"]}
        return RunRecord(
            "sensitivity",
            {name: snapshot.keep(self.scenario)},
            {name: p},
            self.asked | design | {"metrics": list(self.metrics)},
            self.claims(),
            about("sensitivity", [name], p),
        )

    _plots_a_metric = True

    def _figures(self):
        from sim.figures import sensitivity, tornado  # late: Matplotlib is slow to import

        drawn = {
            "shares": sensitivity.sensitivity_figure,
            "tornado": tornado.tornado_figure,
            "convergence": sensitivity.convergence_figure,
            "pairs": sensitivity.pairs_figure,
        }
        return {kind: _of_metric(figure) for kind, figure in drawn.items()}

    def _cited(self):
        return "sensitivity by Sobol indices", "scenario"

    def _saved(self):
        return {
            "name": self.scenario.name, "plan": self.scenario.to_dict(), "asked": self.asked,
            "metrics": self.metrics, "luck": self.moments.luck, **self.to_json(),
            "drawn": None if self.drawn is None else {
                "names": self.drawn.names, "blocks": self.drawn.blocks,
            },
        }  # fmt: skip

    def _write(self, folder):
        np.savez_compressed(folder / "moments.npz", **self.moments.arrays)
        if self.drawn is not None:
            np.savez_compressed(folder / "members.npz", values=self.drawn.values)

    @classmethod
    def _read(cls, about, path):
        plan, asked = folders.scenario(about["plan"], about["name"], path), about["asked"]
        moments = Moments(**_kept(about, path), luck=about["luck"])
        factors = _factors(plan, asked, about["factors"])
        names = execute.check_outputs(plan, about["metrics"])
        _check(moments, len(factors), len(names))
        return cls(
            plan, factors, asked, names, moments, folders.caveats_of(about),
            provenance.checked(about["provenance"]), _drawn(about, path, moments.blocks),
        )  # fmt: skip

    def __repr__(self):
        p = self.provenance
        return (
            f"<Sensitivity {self.scenario.name}: {len(self.factors)} factors, {self.blocks:,} "
            f"blocks x {p['luck']} luck. {self.verdict().text}>"
        )


def _kept(about, path):
    """Arrays of the moments; records of earlier versions lack some."""
    names = ARRAYS if "drawn" not in about else (*ARRAYS, *LATER)
    return files.arrays(path / "moments.npz", names)


def _factors(plan, asked, kept):
    """Factors of a saved record: made anew, or where an earlier version had others, as it says."""
    made = factors_of(plan, asked["factors"], asked["groups"], asked["others"])
    if [one["factor"] for one in kept] == [factor.name for factor in made]:
        return made
    return tuple(
        Factor(
            str(one["factor"]), str(one["group"]),
            tuple(Input(str(name), 1, words=str(said)) for name, said in one["inputs"].items()),
        )
        for one in kept
    )  # fmt: skip


def _drawn(about, path, blocks):
    """Members of a saved record, or None; ValueError where they are not those of its blocks."""
    said = about.get("drawn")
    if said is None:
        return None
    names, of = (tuple(map(str, said[key])) for key in ("names", "blocks"))
    values = files.arrays(path / "members.npz", ("values",))["values"]
    if values.dtype != float or values.shape != (blocks, 2, len(names)) or len(of) != len(names):
        raise ValueError(f"members.npz: not numbers of {len(names)} parameters")
    return Members(names, of, values)


def _of_metric(figure):
    """A function that draws one output, the first by default."""

    def drawn(record, metric=None, **look):
        metric = metric or record.metrics[0]
        record.found(metric)  # one line where it was not analysed
        return figure(record, metric, **look)

    return drawn


def _one(found, metric):
    if metric not in found:
        raise SensitivityError(f"{metric}: not analysed; there are {', '.join(found)}")
    return found[metric]


def _check(kept, k, q):
    """Refuse moments that are not those of k factors and q outputs: ValueError."""
    second = kept.crossed.ndim == 3 and kept.crossed.shape[1] > 0
    rows = (2 * k + 2 if second else k + 2, 2, k, k, k * (k - 1) // 2 if second else 0, k, k)
    every = dict(zip((*ARRAYS, *LATER), rows, strict=True))
    for name, part in kept.arrays.items():
        if part.dtype != float or part.shape != (len(kept.means), every[name], q):
            raise ValueError(f"{name}: not numbers of {k} factors and {q} outputs")
    if not is_whole(kept.luck) or not 1 <= kept.luck <= MOST_LUCK:
        raise ValueError(f"luck must be 1 to {MOST_LUCK:,}")
