"""The mission's own studies: named, one command each."""

from sim.experiments.studies.catalogue import NAMES, study
from sim.experiments.studies.errors import StudyError
from sim.experiments.studies.study import Study, load_study

__all__ = ["NAMES", "Study", "StudyError", "load_study", "study"]
