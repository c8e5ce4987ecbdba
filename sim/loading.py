"""Reads what `save` wrote: any record by `load_record`, or one kind by a function of its own."""

from functools import partial
from pathlib import Path

import sim
from sim.errors import RecordError
from sim.experiments.run import against

# The file that marks a saved folder -> public name of its class; a new kind is one row more.
RECORDS = {
    "result.json": "Result", "comparison.json": "Comparison", "sensitivity.json": "Sensitivity",
    "ranking.json": "Ranking", "decision.json": "Decision", "study.json": "Study",
    "curves.json": "TierCurves", "manifest.json": "Sweep", "assessment.json": "Assessment",
    "record.json": "Validation", "calibration.json": "Calibration",
    "robustness.json": "Robustness", "backtest.json": "Backtest", "learning.json": "Learning",
}  # fmt: skip


def load_record(path):
    """The record in a folder that `save` wrote, whatever its kind.

    path : str or Path

    Raises RecordError where the folder holds none, the record's own error where it is damaged;
    one line each.
    """
    for file, name in RECORDS.items():
        if (Path(path) / file).is_file():
            return _load(name, path)
    kinds = ", ".join(RECORDS.values())
    raise RecordError(f"{Path(path)}: holds no saved record (of {kinds})")


def _load(name, path):
    """The record of a class of `sim`, imported here: a kind is imported when it is met."""
    return getattr(sim, name).load(path)._with_comparer(against)


load_result = partial(_load, "Result")
load_comparison = partial(_load, "Comparison")
load_sensitivity = partial(_load, "Sensitivity")
load_decision = partial(_load, "Decision")
load_study = partial(_load, "Study")
