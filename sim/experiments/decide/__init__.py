"""Which plan to choose, how sure that is, and which number to measure first."""

from sim.errors import DecideError
from sim.experiments.decide.analysis import decide, mixes, of_comparison, search
from sim.experiments.decide.decision import Decision
from sim.experiments.decide.trainings import search_trainings

__all__ = [
    "DecideError", "Decision", "decide", "mixes", "of_comparison", "search", "search_trainings",
]  # fmt: skip
