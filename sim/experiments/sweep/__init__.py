"""Sweeps: many points of a scenario, kept in a store that survives being killed."""

from sim.experiments.sweep import design
from sim.experiments.sweep.errors import SweepError, SweepStopped, SweepWarning
from sim.experiments.sweep.replaying import Replay, replay
from sim.experiments.sweep.result import Sweep, load_sweep
from sim.experiments.sweep.start import sweep
from sim.experiments.sweep.study import load_study

__all__ = [
    "Replay", "Sweep", "SweepError", "SweepStopped", "SweepWarning", "design", "load_study",
    "load_sweep", "replay", "sweep",
]  # fmt: skip
