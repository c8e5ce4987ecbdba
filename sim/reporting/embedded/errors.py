"""The error of every file that cannot be read or checked."""


class CheckError(ValueError):
    """A file that is refused, or holds no run record: one line."""
