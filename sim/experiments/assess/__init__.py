"""What to know before acting on the study, for one team: `sim.assess`."""

from sim.experiments.assess.assessment import Assessment, assess
from sim.experiments.assess.errors import AssessError
from sim.experiments.assess.work_sample import WorkSample, measure

__all__ = ["AssessError", "Assessment", "WorkSample", "assess", "measure"]
