"""Points of a sweep against its reference, world by world, as `compare` tells each of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis import value
from sim.engine import luck, metrics
from sim.experiments import differences, findings, levers
from sim.records import words
from sim.records.words import DIRECTIONS, capital, kind_of_interval, units

BETTER, WORSE, MORE, LESS = "better", "worse", "more", "less"
CLOSE, SAME, TERMS = "too close to call", "no difference", "on other terms"
ITSELF = "the reference itself"
NONE = "undefined"  # where the metric has no value in the point or in the reference
ODDS = ("p_better_expected", "p_better_world")
# Columns of `Sweep.best` and how a row of a comparison names them.
SHOWN = {
    "difference": "mean", "difference_low": "ci_low", "difference_high": "ci_high",
    **{f"{odds}{end}": f"{odds}{end}" for odds in ODDS for end in ("", "_low", "_high")},
}  # fmt: skip


@dataclass(frozen=True)
class Worlds:
    """Worlds of a point or of the reference, as `findings` reads them of a Result."""

    scenario: Any
    cube: Any

    def values(self, name):
        """Values of a metric (draws, luck, 1)."""
        return self.cube(name)[:, :, None]


@dataclass(frozen=True, eq=False)
class PointComparison:
    """One point of a sweep against its reference, as `findings` and `claims` read a Comparison.

    sweep : Sweep
    number : of the point
    label : what the point is called
    """

    sweep: Any
    number: int
    label: str

    @property
    def reference(self):
        return self.sweep.reference

    @cached_property
    def results(self):
        sweep, place = self.sweep, self.sweep.asked[0].index(self.number)
        return {
            self.reference: Worlds(sweep.against.scenario, sweep.reference_values),
            self.label: Worlds(
                sweep.scenario_of(self.number), lambda name: sweep.values(name)[place]
            ),
        }

    @property
    def plans(self):
        return (self.label,)

    @property
    def design(self):
        _, draws, luck_ = self.sweep.asked
        return {"draws": draws, "luck": luck_, "seed": self.sweep.manifest["seed"]}

    @property
    def uncertain(self):
        return self.sweep.uncertain

    @property
    def weeks(self):
        return self.sweep.against.scenario.horizon.weeks

    @property
    def units(self):
        return units(self.sweep.against.scenario)

    @property
    def interval(self):
        return kind_of_interval(self.uncertain, self.design["luck"])

    def row(self, label, name):
        """One row of the summary of a comparison: Series."""
        named = {"unit": self.units[name], **rows(self.sweep, name)[self.number]}
        return pd.Series(named, name=(label, name))

    def told(self, name, optimism=0.0):
        """What `compare` finds of the point in a metric, and what it costs more, without a dot.

        optimism : what its difference owes to having been chosen, in the metric's unit
        """
        row = self.row(self.label, name)
        row[["mean", "plan_mean", "ci_low", "ci_high"]] -= optimism
        return findings.with_cost(self, row)


def rows(sweep, name):
    """Rows of `compare` of each finished point in a metric: dict, number -> dict of its columns."""
    kept = sweep.__dict__.setdefault("_rows_against", {})
    if name not in kept:
        of = differences.measured(name)
        reference, cube = sweep.reference_values(of), sweep.values(of)
        kept[name] = {
            number: differences.row_of(
                name,
                reference,
                y,
                sweep.uncertain,
                sweep.groups,
                lambda number=number: is_reference(sweep, number),
            )
            for number, y in zip(sweep.asked[0], cube, strict=True)
            if number in sweep.finished
        }
    return kept[name]


def is_reference(sweep, number):
    """Whether a point is the reference, by all that is planned."""
    return levers.are_one(sweep.against.scenario, sweep.scenario_of(number))


def verdicts(sweep, name):
    """How each finished point stands to the reference in a metric: dict, number -> str.

    BETTER or WORSE (MORE or LESS where neither is better) where the 95% interval of the difference,
    as it is told, leaves out no difference; else CLOSE. SAME where no world differs, ITSELF where
    the point is the reference, TERMS where it is not asked, assumed or paid the same, NONE where
    there is no difference to tell.
    """
    kept = sweep.__dict__.setdefault("_verdicts", {})
    if name not in kept:
        kept[name] = {
            number: _verdict(PointComparison(sweep, number, f"point {number}"), name)
            for number in rows(sweep, name)
        }
    return kept[name]


def _verdict(point, name):
    row = point.row(point.label, name)
    if np.isnan(row["mean"]):
        return NONE
    if findings.other_terms(point, point.label, name):
        return TERMS
    if not findings.differs(row):
        return ITSELF if is_reference(point.sweep, point.number) else SAME
    if findings.includes_zero(row):
        return CLOSE
    sign = DIRECTIONS[name]
    return (BETTER, WORSE)[sign * row["mean"] < 0] if sign else (MORE, LESS)[row["mean"] < 0]


def optimism(sweep, name):
    """What the difference of the best point owes to its having been chosen among all.

    In the sign of the difference, of the points and worlds that have a value; 0 where nothing was
    chosen, or too few worlds tell.
    """
    sign = DIRECTIONS[name]
    ranked = [n for n, verdict in verdicts(sweep, name).items() if verdict not in (NONE, TERMS)]
    if not sign or len(ranked) < 2:
        return 0.0
    of = differences.measured(name)
    places = [sweep.asked[0].index(number) for number in ranked]
    gains = sign * (sweep.values(of)[places] - sweep.reference_values(of))
    whole = np.isfinite(gains).all(axis=(0, 2))
    if whole.sum() < value.FOLDS:
        return 0.0
    groups = None if sweep.groups is None else sweep.groups[whole]
    key = luck.key_of(sweep.manifest["seed"])
    return sign * value.chosen(gains[:, whole], key, groups).optimism


def table(sweep, names):
    """One row a finished point and metric: its values, the row of `compare`, and the verdict."""
    parts = []
    for name in names:
        found = rows(sweep, name)
        if not found:
            continue
        part = sweep.points[sweep.points["point"].isin(found)].reset_index(drop=True)
        part = pd.concat([part, pd.DataFrame(found.values())], axis=1)
        place = len(sweep.factors) + 1
        part.insert(place, "metric", name)
        part.insert(place + 1, "unit", metrics.UNITS[name])
        parts.append(part.assign(verdict=list(verdicts(sweep, name).values())))
    if not parts:
        return pd.DataFrame()
    return pd.concat(parts).sort_values("point", kind="stable").reset_index(drop=True)


# ---- in words ------------------------------------------------------------------------------------


def answer(point, metric):
    """What `compare` finds of the point that comes out best, and what is left out of it.

    point : PointComparison
    """
    off = optimism(point.sweep, metric)
    row = point.row(point.label, metric)
    sentence = f"{point.told(metric, off)}."
    scale = 100 if row["unit"] == "share" else 1
    (size,) = words.rounded(abs(scale * off), error=findings.error_of(row))
    if not size.strip("0."):
        return sentence
    count = len(verdicts(point.sweep, metric))
    return (
        f"{sentence} Left out: {size} {findings.unit(row)} that the best of {count} points owes to "
        "luck."
    )


def headline(sweep, metric, table, values):
    """How many points are shown to beat the reference, and which gains most: no dot.

    table : of `Sweep.best`
    values : function of a row of it, the point's values in words

    The gain is less what it owes to the choice among all points.
    """
    found, name = verdicts(sweep, metric), words.label(metric)
    over, count = sweep.reference, len(found)
    ranked = table[~table["verdict"].isin((NONE, TERMS))]
    if not len(ranked):
        why = "none on its terms" if TERMS in found.values() else "none with a value of both"
        return f"{capital(name)} of {count} points against {over}: {why}"
    better, other = (
        ranked[ranked["verdict"] == BETTER],
        ranked[~ranked["verdict"].isin((SAME, ITSELF))],
    )
    if not len(other):
        return f"None of {count} points differs from {over} in {name}"
    row = (better if len(better) else other).iloc[0]
    gain = f"{values(row)}, {_gain(sweep, metric, row)}"
    if not len(better):
        return f"None of {count} points is shown to beat {over} in {name}; nearest: {gain}"
    beat = "beats" if len(better) == 1 else "beat"
    most = ":" if len(better) == 1 else ", most:"
    return f"{len(better)} of {count} points {beat} {over} in {name}{most} {gain}"


def _gain(sweep, metric, row):
    """The difference of a point and its interval, less what it owes to the choice, in words."""
    number = int(row["point"])
    point = PointComparison(sweep, number, f"point {number}")
    told = point.row(point.label, metric)
    told[["mean", "ci_low", "ci_high"]] -= optimism(sweep, metric)
    size, span = words.estimate(
        *findings.amounts(told, "mean", "ci_low", "ci_high"), signs=True,
        error=findings.error_of(told),
    )  # fmt: skip
    return f"{size} {findings.unit(told)} (95% interval {span})"


def counts(sweep, metric):
    """How many points are better, worse, or cannot be told from the reference: a sentence."""
    found = list(verdicts(sweep, metric).values())
    kinds = (BETTER, WORSE, MORE, LESS, CLOSE, SAME, ITSELF, TERMS, NONE)
    told = ", ".join(f"{found.count(kind)} {kind}" for kind in kinds if kind in found)
    return f"Of {len(found)} points against {sweep.reference}: {told}, each by its 95% interval."


def cells(sweep, metric, number):
    """Difference and interval of a point, and how likely it is better, in words: tuple of 4."""
    if verdicts(sweep, metric)[number] == ITSELF:
        return "0", ITSELF, "-", "-"
    point = PointComparison(sweep, number, f"point {number}")
    row = point.row(point.label, metric)
    told = words.estimate(
        *findings.amounts(row, "mean", "ci_low", "ci_high"), signs=True,
        error=findings.error_of(row),
    )  # fmt: skip
    ranked = verdicts(sweep, metric)[number] != TERMS
    odds = ("-" if np.isnan(row[of]) or not ranked else words.percent(row[of]) for of in ODDS)
    return *told, *odds


def likely(sweep, metric):
    """Which of ODDS says how likely points are better, in expectation first; None for an event."""
    found = pd.DataFrame(rows(sweep, metric).values())
    return next((place for place, of in enumerate(ODDS) if found[of].notna().any()), None)
