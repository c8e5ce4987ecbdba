"""Why believe it: checks with known answers, coverage of intervals, published patterns."""

from sim.validation.patterns import PatternError
from sim.validation.record import Validation, ValidationError
from sim.validation.validate import validate

__all__ = ["PatternError", "Validation", "ValidationError", "validate"]
