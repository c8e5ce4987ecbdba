"""Why believe it: checks with known answers, coverage of intervals, published patterns."""

from sim.errors import PatternError, ValidationError
from sim.validation.validation import Validation, validate

__all__ = ["PatternError", "Validation", "ValidationError", "validate"]
