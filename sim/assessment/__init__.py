"""What to know before acting on the study, for one team: `sim.assess`."""

from sim.assessment.assessment import Assessment, assess
from sim.assessment.work_sample import WorkSample, measure
from sim.errors import AssessError

__all__ = ["AssessError", "Assessment", "WorkSample", "assess", "measure"]
