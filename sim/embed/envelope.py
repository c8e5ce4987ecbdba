"""What travels inside a file, as one JSON text; and marks on what the file quotes.

Beside a figure's record travels a fingerprint of its drawing, since its numbers are drawn; beside
that of a deck or a report the marks on what it quotes, so that a number typed over is missed, and
of a deck the lines with numbers that it states besides.

A mark reads `claim:ID#FORM`, with `@ROW,COLUMN` for a cell of a table and `@SERIES,POINT` for a
number of a chart, both counted from 0. ID is that of a Claim, FORM one of its `forms` ("full"
where none is named). In a PowerPoint file marks stand in the name or the alternative text of a
shape, with blanks between; in HTML and Markdown in `data-claim` of a span or another element.

A marked text must hold the printed form of its claim, as a whole and once for each mark; words
around it are free.
"""

import html
import json
import re
from typing import Any, NamedTuple

from sim.errors import CheckError
from sim.records import claims, run_record

KEY = "tiercurve-record"  # the name it goes by, in every format
MOST_BYTES = 8_000_000
MOST_RECORDS = 20
_MARK = re.compile(r"claim:([^\s#@;]+)(?:#(\w+))?(?:@(\d{1,6}),(\d{1,6}))?")


class Sealed(NamedTuple):
    """What was read back.

    records  the RunRecords
    drawing  fingerprint of the figure when it was written, or None
    marks    marks of the document when it was written, in order
    stated   lines with numbers of a deck when it was written, each as texts that stand in it: one
             stated, one quoted, and so on
    """

    records: tuple[run_record.RunRecord, ...]
    drawing: str | None
    marks: tuple[str, ...]
    stated: tuple[list[str], ...] = ()


def seal(records, drawing=None, marks=(), stated=()):
    """The text that travels, of RunRecords; ASCII on one line.

    drawing : str, fingerprint of the figure, for those that are one
    marks : of what the document quotes, as text
    stated : lines that it states, as in Sealed

    Raises CheckError where they are too many or too large, or where one id stands for two
    different numbers.
    """
    texts = [run_record.dumps(record) for record in records]
    if not 0 < len(texts) <= MOST_RECORDS or sum(map(len, texts)) > MOST_BYTES:
        raise CheckError(f"{len(texts)} run records: too many or too large to travel in one file")
    seen: dict = {}
    for claim in (claim for record in records for claim in record.claims):
        if seen.setdefault(claim.id, claim.forms) != claim.forms:
            raise CheckError(f"{claim.id}: stands for two different numbers; label the plans apart")
    rest = json.dumps(
        {"drawing": drawing, "marks": sorted(marks)} | ({"stated": list(stated)} if stated else {})
    )
    return f'{{"{KEY}":[{",".join(texts)}],{rest[1:]}'


def unseal(text):
    """What a text of `seal` holds: `Sealed`; raises CheckError, one line."""
    if len(text) > MOST_BYTES:
        raise CheckError(f"a run record of over {MOST_BYTES:,} bytes")
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise CheckError("its run record is not valid JSON: damaged or cut short") from None
    if not isinstance(data, dict):
        data = {}
    rows, drawing, marks = (data.get(key) for key in (KEY, "drawing", "marks"))
    stated = data.get("stated", [])
    ours = isinstance(rows, list) and 0 < len(rows) <= MOST_RECORDS and isinstance(stated, list)
    if not ours or not all(map(_texts, (marks, *stated))):
        raise CheckError("its run record is not one of Tiercurve's")
    try:
        records = tuple(run_record.loads(json.dumps(row)) for row in rows)
        return Sealed(records, drawing, tuple(marks), tuple(stated))
    except (run_record.RecordError, claims.ClaimError) as error:
        raise CheckError(str(error)) from None


def _texts(data):
    return isinstance(data, list) and all(isinstance(text, str) for text in data)


# ---- marks ---------------------------------------------------------------------------------------


class Mark(NamedTuple):
    """A reference from a text, a cell or a point of a chart to the claim whose number it shows.

    claim   id of the Claim
    form    which of its printed forms, such as "value" or "span"
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
        Mark(part[1], part[2] or "full", (int(part[3]), int(part[4])) if part[3] else None)
        for part in _MARK.finditer(text)
    )


def span(claim, form="full"):
    """A claim's printed form as an HTML span that carries its mark; for Markdown too."""
    text = html.escape(claim.form(form), quote=False)
    return f'<span data-claim="{html.escape(mark(claim, form))}">{text}</span>'


MARKS = "urn:tiercurve:marks"  # namespace of the element that holds marks of a shape
_MARKS_URI = "{6B1C2E54-7D2A-4C1B-9E0B-7469657263A1}"  # of the extension it stands in
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def mark_shape(shape, *marks):
    """Put marks on a shape of python-pptx, where no reader is shown or told them.

    They stand in an extension of the shape's properties, so that its name and alternative text
    are free to say what it shows.

    marks : str, as `mark` gives them
    """
    from lxml import etree  # late: slow to import

    properties = shape._element._nvXxPr.cNvPr
    extensions = properties.find(f"{{{_DRAWING}}}extLst")
    if extensions is None:
        extensions = etree.SubElement(properties, f"{{{_DRAWING}}}extLst")
    extension = etree.SubElement(extensions, f"{{{_DRAWING}}}ext", uri=_MARKS_URI)
    etree.SubElement(extension, f"{{{MARKS}}}marks", nsmap={"tc": MARKS}).text = " ".join(marks)


def marks_of_shape(shape):
    """The marks of a shape of python-pptx.

    They stand in its extension; earlier versions put them into its name and alternative text.
    """
    properties = shape._element._nvXxPr.cNvPr
    hidden = (element.text or "" for element in properties.iter(f"{{{MARKS}}}marks"))
    return marks_in(" ".join([shape.name, properties.get("descr") or "", *hidden]))


def missing(text, forms):
    """Which of some printed forms do not stand in a text, each as a whole, once for each.

    forms : dict, key -> text
    returns : list of keys
    """
    left, lost = _plain(text), []
    for key in sorted(forms, key=lambda key: -len(forms[key])):  # a long one may hold a short one
        place = re.search(_whole(_plain(forms[key])), left)
        if place is None:
            lost.append(key)
        else:
            left = f"{left[: place.start()]}\0{left[place.end() :]}"
    return lost


def _plain(text):
    """A text with every run of blanks as one space."""
    return " ".join(text.split())


def _whole(form):
    """A pattern that finds a form, but not inside of a longer number."""
    before = r"(?<![\d.,+−-])" if form[:1].isdigit() else r"(?<![\d.,])"
    return f"{before}{re.escape(form)}" + r"(?![\d%])(?![.,]\d)"
