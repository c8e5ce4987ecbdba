"""The error of every fault in what is to be assessed."""


class AssessError(ValueError):
    """A work sample, a date or a record file that cannot be used: one line."""
