"""Reads what `save` wrote: any record by `load_record`, or one kind by a function of its own."""

from functools import partial
from pathlib import Path

from calibration.local import Calibration
from sim.assessment import Assessment
from sim.errors import RecordError
from sim.experiments.comparison import Comparison
from sim.experiments.decide import Decision
from sim.experiments.result import Result
from sim.experiments.run import against
from sim.experiments.sensitivity import Ranking, Sensitivity
from sim.experiments.sweep import Sweep
from sim.experiments.tiers import TierCurves
from sim.studies import Study
from sim.validation import Validation

# Every kind of record that is saved; a new kind is one row more.
RECORDS = (
    Result, Comparison, Sensitivity, Ranking, Decision, Study, TierCurves, Sweep, Assessment,
    Validation, Calibration,
)  # fmt: skip


def load_record(path):
    """The record in a folder that `save` wrote, whatever its kind.

    path : str or Path

    Raises RecordError where the folder holds none, the record's own error where it is damaged;
    one line each.
    """
    for record in RECORDS:
        if record.is_saved(path):
            return _load(record, path)
    kinds = ", ".join(record.kind for record in RECORDS)
    raise RecordError(f"{Path(path)}: holds no saved record (of {kinds})")


def _load(record, path):
    return record.load(path).with_comparer(against)


load_result = partial(_load, Result)
load_comparison = partial(_load, Comparison)
load_sensitivity = partial(_load, Sensitivity)
load_decision = partial(_load, Decision)
load_study = partial(_load, Study)
