"""The error of this folder."""


class DecideError(ValueError):
    """A decision that cannot be analysed or read: one line."""
