"""Reads the folders of saved results and comparisons."""

from sim import files
from sim.engine import metrics
from sim.errors import CompareError, ResultError
from sim.experiments.comparison import Comparison
from sim.experiments.result import FILES, KEYS, Result
from sim.experiments.run import run
from sim.records import folders, provenance


def load_result(path):
    """Read a result that `Result.save` wrote.

    Raises ResultError, one line, where the folder is not one or is damaged.
    """
    return folders.read(path, "result", _result, ResultError)


def _result(about, path):
    frames = {name: files.table(path / f"{name}.parquet") for name in FILES}
    frames["replications"] = _with_young(frames["replications"])
    plan = folders.scenario(about["scenario"], about["name"])
    made = provenance.checked(about["provenance"])
    result = Result(plan, **frames, caveats=folders.caveats_of(about), provenance=made, runner=run)
    _check(result)
    return result


def _with_young(frame):
    """Replications with the metrics that an earlier version did not know, undefined."""
    lacking = [name for name in metrics.YOUNG if name not in frame.columns]
    if not lacking or not set(metrics.NAMES) - set(lacking) <= set(frame.columns):
        return frame
    first = [name for name in frame.columns if name not in metrics.NAMES]
    return frame.reindex(columns=[*first, *metrics.NAMES])


def _check(result):
    """Refuse frames that are not those of a run: ValueError."""
    worlds = result.provenance["draws"] * result.provenance["luck"]
    weeks = result.scenario.horizon.weeks
    lengths = (worlds, worlds * weeks, result.provenance["draws"])
    for name, keys, length in zip(FILES, KEYS, lengths, strict=True):
        frame = getattr(result, name)
        if len(frame) != length and len(frame.columns):
            raise ValueError(f"{name}: {len(frame)} rows, not {length}")
        missing = [key for key in keys if key not in frame.columns]
        if missing:
            raise ValueError(f"{name}: no column {missing[0]}")


def load_comparison(path):
    """Read a comparison that `Comparison.save` wrote.

    Raises CompareError, one line, where the folder is not one or is damaged.
    """
    return folders.read(path, "comparison", _comparison, CompareError, (ResultError,))


def _comparison(about, path):
    names = about["folders"].items()
    return Comparison({label: load_result(path / name) for label, name in names})
