"""What can go wrong with a sweep, in one line each."""


class SweepError(ValueError):
    """A sweep that cannot be run, read or continued: one line."""


class SweepStopped(KeyboardInterrupt):
    """Somebody stopped a sweep; what is done is kept, and the message says how to go on."""


class SweepWarning(UserWarning):
    """Points that failed, or files that were damaged: the sweep went on without them."""
