"""The error of this folder."""


class DeckError(ValueError):
    """A deck that cannot be planned or written: one line."""
