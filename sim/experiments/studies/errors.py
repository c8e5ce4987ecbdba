"""The error of this folder."""


class StudyError(ValueError):
    """A study that is not known or cannot run: one line."""
