"""What a comparison hangs on: each mechanism switched off, each doubtful prior at its ends."""

from sim.experiments.robustness.analysis import robustness
from sim.experiments.robustness.record import Robustness

__all__ = ["Robustness", "robustness"]
