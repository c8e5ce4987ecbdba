"""Marks: how a document says which claim a text or a chart quotes, and in which form.

A mark reads `claim:ID#FORM`, with `@ROW,COLUMN` for a cell of a table and `@SERIES,POINT` for a
number of a chart, both counted from 0. ID is that of a Claim, FORM one of its `forms` ("full"
where none is named). In a PowerPoint file marks stand in the name or the alternative text of a
shape, with blanks between; in HTML and Markdown in `data-claim` of a span or another element.

A marked text must hold the printed form of its claim, as a whole and once for each mark; words
around it are free.
"""

import html
import re
from typing import NamedTuple

_MARK = re.compile(r"claim:([^\s#@;]+)(?:#(\w+))?(?:@(\d{1,6}),(\d{1,6}))?")


class Mark(NamedTuple):
    """That something quotes a claim.

    claim   id of the Claim
    form    which of its forms
    cell    (row, column) of a table, (series, point) of a chart; None for the whole text
    """

    claim: str
    form: str = "full"
    cell: tuple[int, int] | None = None

    def __str__(self):
        cell = f"@{self.cell[0]},{self.cell[1]}" if self.cell else ""
        return f"claim:{self.claim}#{self.form}{cell}"


class Place(NamedTuple):
    """A text or a chart that quotes claims.

    where    for people: "slide 3, shape 'Answer'"
    marks    what it quotes
    text     its whole text; of a table, each cell's, by (row, column); of a chart, numbers by
             (series, point, form)
    """

    where: str
    marks: tuple[Mark, ...]
    text: str | dict


def mark(claim, form="full", cell=None):
    """The mark of a claim as text; raises ClaimError where the claim has no such form."""
    claim.form(form)
    return str(Mark(claim.id, form, cell))


def marks_in(text):
    """The marks in a text, such as the name of a shape; unknown forms are kept for the check."""
    return tuple(
        Mark(found[1], found[2] or "full", (int(found[3]), int(found[4])) if found[3] else None)
        for found in _MARK.finditer(text)
    )


def span(claim, form="full"):
    """A claim's printed form as an HTML span that carries its mark; for Markdown too."""
    text = html.escape(claim.form(form), quote=False)
    return f'<span data-claim="{html.escape(mark(claim, form))}">{text}</span>'


def mark_shape(shape, *marks):
    """Put marks on a shape of python-pptx; one in its name, more in its alternative text.

    marks : str, as `mark` gives them
    """
    if len(marks) == 1:
        shape.name = marks[0]
        return
    properties = shape._element._nvXxPr.cNvPr
    properties.set("descr", f"Quotes {' '.join(marks)}")


def missing(text, forms):
    """Which of some printed forms do not stand in a text, each as a whole, once for each.

    forms : dict, key -> text
    returns : list of keys
    """
    left, lost = _plain(text), []
    for key in sorted(forms, key=lambda key: -len(forms[key])):  # a long one may hold a short one
        found = re.search(_whole(_plain(forms[key])), left)
        if found is None:
            lost.append(key)
        else:
            left = f"{left[: found.start()]}\0{left[found.end() :]}"
    return lost


def _plain(text):
    """A text with every run of blanks as one space."""
    return " ".join(text.split())


def _whole(form):
    """A pattern that finds a form, but not inside of a longer number."""
    before = r"(?<![\d.,+−-])" if form[:1].isdigit() else r"(?<![\d.,])"
    return f"{before}{re.escape(form)}" + r"(?![\d%])(?![.,]\d)"
