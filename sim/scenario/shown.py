"""How records show themselves: as a cell of a notebook, and as text in a terminal."""


class Shown:
    """Gives a record its notebook cell and its text, both from `sim.reporting.cells`.

    `repr` stays one line; `print` gives the text.
    """

    def _repr_html_(self) -> str:
        from sim.reporting import cells  # the one way back: listed in the import contracts

        return cells.html(self)

    def __str__(self) -> str:
        from sim.reporting import cells  # as above

        return cells.text(self)
