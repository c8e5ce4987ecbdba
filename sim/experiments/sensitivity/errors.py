"""The error of this folder."""


class SensitivityError(ValueError):
    """A sensitivity analysis that cannot be made or read: one line."""
