"""Why believe it: checks with known answers, coverage of intervals, published patterns."""

from sim.errors import PatternError, ValidationError
from sim.validation.record import Validation
from sim.validation.validate import validate

__all__ = ["PatternError", "Validation", "ValidationError", "validate"]
