"""A team's own record: what its past says of how it works, as a posterior for its plans."""

from sim.learning.learn import learn
from sim.learning.measures import MEASURES
from sim.learning.record import Learning

__all__ = ["MEASURES", "Learning", "learn"]
