"""The mission's own studies: named, one command each."""

from sim.errors import StudyError
from sim.studies.catalogue import NAMES, study
from sim.studies.study import Study

__all__ = ["NAMES", "Study", "StudyError", "study"]
