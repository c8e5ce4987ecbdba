"""Which plan to choose, how sure that is, and which number to measure first."""

from sim.experiments.decide.analysis import decide, mixes
from sim.experiments.decide.decision import Decision, load_decision
from sim.experiments.decide.errors import DecideError

__all__ = ["DecideError", "Decision", "decide", "load_decision", "mixes"]
