"""The first screens of records: what a planner needs, on few lines within 80 columns."""

from sim.caveats import ALWAYS, LAW, OTHER_TERMS, WORKFORCE, of_kinds, once

SHOWN = (*ALWAYS, *OTHER_TERMS, WORKFORCE, LAW)  # kinds of caveats on a first screen


def caveats(every):
    """Caveats of a first screen: those that always stand, and how many more there are.

    That of the law stands alone where none of workforce change says more.
    """
    shown = once(of_kinds(every, *SHOWN))
    hidden = len(every) - len(shown)
    return [*shown, *([f"{hidden} more caveats, which --all shows."] if hidden else [])]
