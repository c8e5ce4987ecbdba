"""The record of a variance-based analysis: indices, split, verdict, saving."""

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sim import reading
from sim.engine import luck, metrics
from sim.experiments import provenance
from sim.experiments.sensitivity import convergence, indices, said
from sim.experiments.sensitivity.errors import SensitivityError
from sim.experiments.sensitivity.factors import Factor, factors_of
from sim.experiments.sensitivity.moments import Moments
from sim.scenario import Scenario

LOST = 0.05  # share of blocks that may be dropped
COLUMNS = (
    "metric", "factor", "group", "S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high", "floor",
)  # fmt: skip
PARTS = ("factors", "interactions", "chance")
_MOMENTS = ("means", "within", "apart", "shared")


@dataclass(frozen=True, repr=False)
class Sensitivity:
    """Shares of the variance of outputs, by factor, interaction and chance.

    scenario    the Scenario varied
    factors     tuple of Factor
    asked       dict of the arguments `factors`, `groups`, `others` that made them
    metrics     outputs
    moments     Moments, what is left of the runs: blocks, reduced over their luck
    caveats     sentences that belong to every use of these numbers
    provenance  dict, all that is needed to make them again

    Raises SensitivityError where no output is defined in blocks enough.
    """

    scenario: Scenario
    factors: tuple[Factor, ...]
    asked: dict
    metrics: tuple[str, ...]
    moments: Moments
    caveats: tuple[str, ...]
    provenance: dict

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
        return indices.estimate(self.moments.of(place, keep), luck.key_of(self.provenance["seed"]))

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

    def split(self):
        """Shares of the variance of one world: DataFrame metric, part, share, low, high (95%).

        `part` is "factors" (each alone), "interactions" of factors, or "chance".
        """
        k, rows = len(self.factors), []
        for metric, found in self._found.items():
            shares = np.full((3, 3), np.nan)
            if found is not None:
                drawn = _shares(found.drawn[:, 1], found.drawn[:, 2], found.drawn[:, 3 : 3 + k])
                at = _shares(found.variance, found.chance, found.first)
                shares = np.column_stack((at, *np.quantile(drawn, [0.025, 0.975], axis=1)))
            for part, (share, low, high) in zip(PARTS, shares, strict=True):
                rows.append((metric, part, share, low, high))
        return pd.DataFrame(rows, columns=("metric", "part", "share", "low", "high"))

    def convergence(self, metric=None):
        """ST at N/4, N/2 and N: DataFrame blocks, factor, ST, ST_low, ST_high."""
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
        """What can be relied on for an output, the first by default: `convergence.Verdict`."""
        metric = metric or self.metrics[0]
        found = self.found(metric)
        if found is None:
            text = f"Undefined in {self.dropped[metric]:,} of {self.blocks:,} blocks: no indices."
            return convergence.Verdict(0, np.nan, False, np.nan, text)
        half = self._estimate(metric, self.blocks // 2) if self.blocks >= 32 else None
        return convergence.verdict(self.names, found, half, self.blocks)

    def sentences(self):
        """What was found of each output, in plain words, each number with its interval."""
        return said.sentences(self)

    def extend(self, samples, threads=None, progress=None):
        """The same analysis with blocks up to `samples`; none is run a second time."""
        from sim.experiments.sensitivity.analysis import extend  # it imports this module

        return extend(self, samples, threads, progress)

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
            "indices": _records(self.indices),
            "split": _records(self.split()),
            "verdicts": {metric: self.verdict(metric).text for metric in self.metrics},
            "dropped": self.dropped,
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def plot(self, metric=None):
        """Totals and first-order shares with intervals and noise floor, as a matplotlib Figure."""
        from sim.reporting import figures  # the one way back: listed in the import contracts

        return figures.sensitivity_figure(self, metric or self.metrics[0])

    def save(self, path, overwrite=False):
        """Write the analysis as a folder, sensitivity.json and moments.npz; whole, or not at all.

        Raises SensitivityError if the path exists, unless it is a saved one and `overwrite`.
        """
        path = Path(path)
        ours = (path / "sensitivity.json").is_file()
        if path.exists() and not (overwrite and ours):
            hint = "say overwrite=True" if ours else "choose another"
            raise SensitivityError(f"{path}: exists already; {hint}")
        part = path.with_name(f".{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        about = {"format": 1, "name": self.scenario.name, "plan": self.scenario.to_dict()}
        about |= {"asked": self.asked, "metrics": self.metrics, "luck": self.moments.luck}
        text = provenance.dumps(about | self.to_json())
        (part / "sensitivity.json").write_text(text, encoding="utf-8")
        arrays = {name: getattr(self.moments, name) for name in _MOMENTS}
        np.savez_compressed(part / "moments.npz", **arrays)
        if path.exists():
            shutil.rmtree(path)
        part.rename(path)
        return path

    def __repr__(self):
        p = self.provenance
        return (
            f"<Sensitivity {self.scenario.name}: {len(self.factors)} factors, {self.blocks:,} "
            f"blocks x {p['luck']} luck. {self.verdict().text}>"
        )


def _one(found, metric):
    if metric not in found:
        raise SensitivityError(f"{metric}: not analysed; there are {', '.join(found)}")
    return found[metric]


def _shares(variance, chance, first):
    """Shares (3, ...) of factors alone, interactions and chance in the variance of one world."""
    alone = np.sum(first, axis=-1) * variance
    with np.errstate(invalid="ignore"):  # an output that never varies has no shares: NaN
        return np.array([alone, variance - alone, chance]) / (variance + chance)


def _records(table):
    rows = table.to_dict("records")
    return [{key: provenance.plain(value) for key, value in row.items()} for row in rows]


def _check(kept, k, names):
    """Refuse moments that are not those of k factors and these metrics: ValueError."""
    unknown = [name for name in names if name not in metrics.NAMES]
    if unknown or not names:
        raise ValueError(f"metrics: {unknown[:1] or 'none'}")
    for name, rows in zip(_MOMENTS, (k + 2, 2, k, k), strict=True):
        part = getattr(kept, name)
        if part.dtype != float or part.shape != (len(kept.means), rows, len(names)):
            raise ValueError(f"{name}: not numbers of {k} factors and {len(names)} metrics")
    if not isinstance(kept.luck, int) or kept.luck < 1:
        raise ValueError("luck must be 1 or more")


def load_sensitivity(path):
    """Read an analysis that `Sensitivity.save` wrote.

    Raises SensitivityError, one line, where the folder is not one or is damaged.
    """
    path = Path(path)
    try:
        about = reading.plain_json(reading.content(path / "sensitivity.json"))
        if about["format"] != 1:
            raise SensitivityError(f"{path}: format {about['format']}: this version reads 1")
        plan = Scenario.from_dict({"extends": "nothing", **about["plan"]}, str(about["name"]))
        kept = Moments(**reading.arrays(path / "moments.npz", _MOMENTS), luck=about["luck"])
        asked, names = about["asked"], tuple(about["metrics"])
        made = factors_of(plan, asked["factors"], asked["groups"], asked["others"])
        _check(kept, len(made), names)
        return Sensitivity(
            plan, made, asked, names, kept, tuple(about["caveats"]),
            provenance.checked(about["provenance"]),
        )  # fmt: skip
    except FileNotFoundError as error:
        missing = Path(error.filename or path).name
        said_ = f"{path}: not a saved sensitivity analysis ({missing} is missing)"
        raise SensitivityError(said_) from None
    except SensitivityError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise SensitivityError(f"{path}: a damaged sensitivity analysis ({reason})") from None
