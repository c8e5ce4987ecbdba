"""Run one row of a sweep again, hold it against what is stored, and show what happened in it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim import engine
from sim.engine import batch, mesa_worlds, metrics, setup
from sim.errors import ScenarioError, SweepError
from sim.experiments import traces
from sim.experiments.sweep import store
from sim.experiments.sweep.result import load_sweep
from sim.experiments.sweep.start import packed_model
from sim.records import provenance
from sim.scenario import Scenario


@dataclass(frozen=True, repr=False)
class Replay:
    """A row that was run again and came out equal.

    row       Series, the row as stored
    scenario  the Scenario of its point; None where it has none
    trace     DataFrame, the world stretch by stretch (as `sim.trace` gives it)
    """

    row: pd.Series
    scenario: Scenario | None
    trace: pd.DataFrame

    def text(self):
        """What the row is, in one line."""
        r = self.row
        about = f"point {r['point']}, draw {r['draw']}, luck {r['luck']}"
        if self.scenario is None or not len(self.trace):
            return f"{about}: fails as it did: {r['error']}"
        return f"{about}: run again, all {len(metrics.NAMES)} metrics as stored"

    def __repr__(self):
        r = self.row
        return f"<Replay point {r['point']}, draw {r['draw']}, luck {r['luck']}: same as stored>"


def replay(path, row, model=None):
    """Run one row of a sweep again.

    Parameters
    ----------
    path : str or Path
        The sweep's folder.
    row : int, or (point, draw, luck)
        A row number of `load_sweep(path).frame`, or the world itself.
    model : type, optional
        The subclass the sweep was run with.

    Returns
    -------
    Replay

    Raises
    ------
    SweepError
        One line: no such row, made by another version, or not equal to what is stored.
    """
    sweep = load_sweep(path)
    _check_version(sweep)
    pickled, model_name = packed_model(model)
    if model_name != sweep.manifest["model"]:
        needed = sweep.manifest["model"] or "none"
        raise SweepError(f"{sweep.path}: was run with model {needed}; give the same to replay")
    stored = _row(sweep, row)
    try:
        plan = sweep.scenario_of(stored["point"])
    except ScenarioError as error:
        _same_error(sweep, stored, str(error))
        return Replay(stored, None, pd.DataFrame())
    try:
        values, trace = _again(sweep, plan, stored, pickled)
    except Exception as error:  # somebody's own model: the row holds its error
        if pd.isna(stored["error"]):
            raise
        _same_error(sweep, stored, f"{type(error).__name__}: {' '.join(str(error).split())}")
        return Replay(stored, plan, pd.DataFrame())
    _same_values(sweep, stored, values)
    return Replay(stored, plan, trace)


def row_of(text):
    """A row as a person types it: "17", or "3,0,1" for point, draw and luck."""
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 3):
        raise SweepError(f"row = {text!r}: must be a number, or POINT,DRAW,LUCK such as 3,0,1")
    return numbers[0] if len(numbers) == 1 else tuple(numbers)


def _check_version(sweep):
    now = {"engine_sources": engine.source_hash()}
    known = sweep.manifest["provenance"]
    current = provenance.record(sweep.scenario)
    for key in store.VERSIONS:
        now[key] = current[key]
    store.check_versions(sweep.path, sweep.manifest, {"provenance": known | now, "inputs": {}})


def _row(sweep, row):
    keys = sweep.rows(metrics.NAMES[0])[["point", "draw", "luck"]]
    if isinstance(row, (int, np.integer)) and not isinstance(row, bool):
        if not 0 <= row < len(keys):
            raise SweepError(f"row = {row}: must be from 0 to {len(keys) - 1}")
        place = int(row)
    else:
        try:
            same = (keys == [int(n) for n in row]).all(axis=1).to_numpy()
        except (TypeError, ValueError):
            raise SweepError(f"row = {row!r}: must be a number, or (point, draw, luck)") from None
        if not same.any():
            raise SweepError(f"row = {row}: no such point, draw and luck in {sweep.path}")
        place = int(same.argmax())
    return sweep.frame.iloc[place]


def _again(sweep, plan, stored, pickled):
    """Values (metrics,) and trace of a world, run anew."""
    seed, uncertain = sweep.manifest["seed"], sweep.manifest["uncertainty"]
    draw, luck = int(stored["draw"]), int(stored["luck"])
    if pickled is not None:
        full = uncertain == "full"
        make = mesa_worlds.unpacked(pickled)
        model = make(plan, seed, draw, luck, full, trace=True).run()
        return model.metrics(), traces.stretches(plan, model.stretches())
    points = batch.templates_of(plan, seed, setup.draw(plan, seed, draw, 1, uncertain == "full"))
    values, _ = batch.simulate(points, [0], setup.replication([draw], [luck]), threads=1)
    return values[0], traces.trace(plan, seed, draw, luck, uncertainty=uncertain)


def _same_error(sweep, stored, error):
    if stored["error"] != error:
        raise SweepError(f"{sweep.path}: now fails with {error!r}, then {stored['error']!r}")


def _same_values(sweep, stored, values):
    before = stored[list(metrics.NAMES)].to_numpy(float)
    other = [
        f"{name} {was:g}, now {now:g}"
        for name, was, now in zip(metrics.NAMES, before, values, strict=True)
        if was != now and not (np.isnan(was) and np.isnan(now))
    ]
    if not pd.isna(stored["error"]) or other:
        difference = other[0] if other else "the row holds an error"
        raise SweepError(f"{sweep.path}: does not come out as stored ({difference})")
