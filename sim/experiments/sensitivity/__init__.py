"""Which factors move an output, how much is interaction, and how much is chance."""

from sim.errors import SensitivityError
from sim.experiments.sensitivity.analysis import sensitivity
from sim.experiments.sensitivity.ranking import Ranking, given
from sim.experiments.sensitivity.record import Sensitivity

__all__ = [
    "Ranking", "Sensitivity", "SensitivityError", "given", "sensitivity",
]  # fmt: skip
