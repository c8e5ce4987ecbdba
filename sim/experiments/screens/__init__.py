"""The first screens of records: what a planner needs, on few lines within 80 columns."""

from sim.caveats import ALWAYS, LAW, OTHER_TERMS, WORKFORCE, of_kinds

SHOWN = (*ALWAYS, *OTHER_TERMS, WORKFORCE, LAW)  # kinds of caveats on a first screen


def caveats(every):
    """Caveats of a first screen: those that always stand, and how many more there are.

    That of the law stands alone where none of workforce change says more.
    """
    shown = of_kinds(every, *SHOWN)
    if of_kinds(shown, WORKFORCE):  # which says what that of the law does
        shown = [caveat for caveat in shown if caveat.kind != LAW]
    hidden = len(every) - len(shown)
    return [*shown, *([f"{hidden} more caveats, which --all shows."] if hidden else [])]
