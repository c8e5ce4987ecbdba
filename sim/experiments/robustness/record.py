"""The record of what a comparison hangs on."""

from dataclasses import dataclass

import pandas as pd

from sim.engine import metrics
from sim.errors import CompareError, choice
from sim.experiments import terms
from sim.experiments.robustness import sentences
from sim.experiments.robustness.settings import AS_IS, KINDS, OFF, OTHER_LUCK, TURNS, words_of
from sim.records import folders, provenance
from sim.records.claims import shared
from sim.records.record import Record
from sim.records.run_record import RunRecord, about
from sim.records.words import units
from sim.report import Table
from sim.scenario import snapshot

MOST_ROWS = 12  # ends of priors shown unless all are asked for
COLUMNS = (
    "plan", "kind", "name", "value", "reference_mean", "plan_mean", "mean", "ci_low", "ci_high",
    "mc_error", "p_better_expected", "p_better_expected_low", "p_better_expected_high", "moved",
    "moved_low", "moved_high", "other_sign", "other_sign_low", "other_sign_high", "turns",
)  # fmt: skip
TEXTS = ("plan", "kind", "name", "turns")


@dataclass(frozen=True, repr=False)
class Robustness(Record):
    """What the differences of plans to the first of them hang on.

    plans       dict, label -> Scenario, the reference first
    metric      the metric that leads
    table       DataFrame, a row a plan and setting; `analysis.measured` says of each column
    caveats     sentences that belong to every use of these numbers
    provenance  dict, label -> record
    """

    _kind = "robustness"
    error = CompareError

    plans: dict
    metric: str
    table: pd.DataFrame
    caveats: tuple[str, ...]
    provenance: dict

    @property
    def reference(self):
        """Label of the plan that the others are compared with."""
        return next(iter(self.plans))

    @property
    def design(self):
        """Seed, draws and luck: what all plans share."""
        return next(iter(self.provenance.values()))

    @property
    def unit(self):
        """Unit of the metric, money in the plans' currency."""
        priced = [plan for plan in self.plans.values() if plan.money]
        return units((priced or [self.plans[self.reference]])[0])[self.metric]

    def frame(self, label):
        """What the rows of one plan are of: `sentences.Frame`."""
        span = self.plans[self.reference].horizon.weeks
        return sentences.Frame(label, self.reference, self.metric, self.unit, span)

    def rows(self, label):
        """Rows of one plan: as is, with other luck, then what moves the answer most."""
        return self.table[self.table["plan"] == label]

    def summary(self):
        """One row a plan and setting: the difference, what moved it, share of other signs."""
        return self.table

    def sentences(self):
        """What turns the answer, what moves it, and how many draws change sign."""
        return [
            sentence
            for label in list(self.plans)[1:]
            for sentence in sentences.sentences(self.rows(label), self.frame(label))
        ]

    def to_json(self):
        """As `tiercurve compare --mechanisms --json` prints it: plain data, NaN as None."""
        return {
            "reference": self.reference,
            "plans": {
                label: list(terms.changes(self.plans[self.reference], plan))
                for label, plan in self.plans.items()
            },
            "metric": self.metric,
            "unit": self.unit,
            "findings": self.sentences(),
            "settings": provenance.records(self.table),
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def _about(self):
        p = self.design
        return [
            f"What {' and '.join(list(self.plans)[1:])} against {self.reference} hangs on: "
            f"{p['draws']} draws x {p['luck']} luck, the same in every setting"
        ]

    def _tables(self, everything):
        return [self._table(label, everything) for label in list(self.plans)[1:]]

    def _table(self, label, everything):
        frame, rows = self.frame(label), self.rows(label)
        main = rows["kind"].isin([AS_IS, OTHER_LUCK, OFF])
        shown = rows if everything else rows[main | ((~main).cumsum() <= MOST_ROWS)]
        more = len(rows) - len(shown)
        left = f" {more} more ends of priors move it less; --all shows them." if more else ""
        return Table(
            sentences.HEAD,
            [sentences.cells(row, frame) for _, row in shown.iterrows()],
            f"{label} against {self.reference}, {sentences.label(self.metric)} "
            f"[{frame.shown_unit}]:",
            sentences.NOTE + left,
        )

    def claims(self):
        """Every difference and share of signs that can be quoted of it: tuple of Claim."""
        common = shared(self.provenance, self.caveats, self.cite())
        return tuple(
            claim
            for label in list(self.plans)[1:]
            for claim in sentences.claims_of(self.rows(label), self.frame(label), common)
        )

    def run_record(self, metric=None):
        """The RunRecord that makes it again."""
        return RunRecord(
            "robustness",
            {label: snapshot.keep(plan) for label, plan in self.plans.items()},
            self.provenance,
            {name: self.design[name] for name in ("draws", "luck", "seed")},
            self.claims(),
            about("robustness", list(self.plans), self.design),
        )

    def _origins(self):
        return self.provenance

    def _cited(self):
        return "with mechanisms off and priors at their ends", "scenario"

    def _plans(self):
        return tuple(self.plans.values())

    def _saved(self):
        plans = {
            label: {"name": plan.name, "stated": plan.to_dict()}
            for label, plan in self.plans.items()
        }
        return self.to_json() | {"scenarios": plans}

    @classmethod
    def _read(cls, about, path):
        plans = {
            label: folders.scenario(one["stated"], one["name"], path)
            for label, one in about["scenarios"].items()
        }
        origins = {label: provenance.checked(about["provenance"][label]) for label in plans}
        table, metric = _checked(about["settings"], plans), about["metric"]
        if metric not in metrics.NAMES:
            raise ValueError(f"metric: {metric!r}")
        return cls(plans, metric, table, folders.caveats_of(about), origins)

    def __repr__(self):
        p, label = self.design, list(self.plans)[1]
        turning = sentences.turning(self.rows(label).iloc[2:])
        return f"<Robustness of {label}: {turning} {p['draws']} draws x {p['luck']} luck>"


def _checked(rows, plans):
    """The table that was kept as rows; ValueError where it is not of these plans."""
    table = pd.DataFrame(rows)
    if tuple(table.columns) != COLUMNS or set(table["plan"]) != set(list(plans)[1:]):
        raise ValueError("settings: not those of these plans")
    for _, own in table.groupby("plan"):
        if tuple(own["kind"][:2]) != (AS_IS, OTHER_LUCK):
            raise ValueError("settings: a plan as it is, and with other luck, come first")
    for row in table.itertuples():
        choice("kind", row.kind, KINDS, ValueError)
        words_of(row.kind, row.name)
        choice("turns", row.turns, TURNS, ValueError)
    return table.astype({name: float for name in COLUMNS if name not in TEXTS})
