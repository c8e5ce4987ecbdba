"""What every record has: a cell of a notebook, and text for a terminal."""


class Record:
    """Base of the records: gives them their notebook cell and their printed text.

    A record states `_cell()`, HTML that stands alone, and `text()`, lines for a terminal.
    `repr` stays one line; `print` gives the text.
    """

    def _repr_html_(self) -> str:
        return self._cell()

    def __str__(self) -> str:
        return self.text()
