"""Run records inside of files: what is put in, what is read back, by format.

Nothing that a file holds is run, loaded or followed: its record is data, and is read as such.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim import files
from sim.embed import documents, images
from sim.embed.envelope import KEY, Mark, Place, mark, mark_shape, seal, span, unseal
from sim.embed.lines import Line
from sim.errors import CheckError
from sim.records.run_record import RunRecord

__all__ = [
    "KEY", "CheckError", "Document", "Mark", "Place", "attach", "attach_to_pptx", "mark",
    "mark_shape", "read", "seal", "span", "unseal", "with_record",
]  # fmt: skip

MOST_BYTES = 50_000_000  # of a file
FIGURES = {
    ".png": images.png_fingerprint, ".svg": images.svg_fingerprint, ".pdf": images.pdf_fingerprint,
}  # fmt: skip
DOCUMENTS = {
    ".pptx": documents.marked_pptx, ".html": documents.marked_html,
    ".md": documents.marked_markdown,
}  # fmt: skip
FORMATS = {
    ".png": (images.write_png, lambda data: (images.read_png(data), None, ())),
    ".svg": (images.write_svg, lambda data: (images.read_svg(data), None, ())),
    ".pdf": (images.write_pdf, lambda data: (images.read_pdf(data), None, ())),
    ".pptx": (documents.write_pptx, documents.read_pptx),
    ".html": (documents.write_html, documents.read_html),
    ".md": (documents.write_markdown, documents.read_markdown),
}


class Document(NamedTuple):
    """What a file says of itself.

    records  the RunRecords it carries
    places   where it quotes claims; None for a figure, whose text is drawn
    as_drawn whether a figure is as it was drawn; True for others
    marks    marks of what it quoted when it was written
    stated   lines with numbers that a deck stated when it was written, as in `Sealed`
    lines    its lines now, a Line each
    """

    records: tuple[RunRecord, ...]
    places: tuple[Place, ...] | None
    as_drawn: bool = True
    marks: tuple[str, ...] = ()
    stated: tuple[list[str], ...] = ()
    lines: Sequence[Line] = ()


def with_record(data, suffix, *records, stated=()):
    """The bytes of a file, made a carrier of RunRecords; suffix as in FORMATS.

    stated : lines that a deck states, as in `Sealed`
    """
    write, _ = FORMATS[suffix]
    if suffix in FIGURES:
        return write(data, seal(records, FIGURES[suffix](data)))
    return write(data, seal(records, marks=_marks(DOCUMENTS[suffix](data)), stated=stated))


def _marks(places):
    return [str(mark) for place in places for mark in place.marks]


def attach(path, *records):
    """Put RunRecords into a file that is there already; whole, or not at all.

    Raises CheckError, one line.
    """
    path = Path(path)
    data = _bytes(path)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(with_record(data, path.suffix.lower(), *records))
        part.replace(path)
    except (OSError, ValueError) as error:
        raise CheckError(f"{path}: run record cannot be written ({error})") from None
    finally:
        part.unlink(missing_ok=True)
    return path


def attach_to_pptx(presentation, *records, stated=()):
    """Put RunRecords into a presentation of python-pptx: once it is marked, before it is saved.

    stated : lines that a deck states, as in `Sealed`
    """
    marks = _marks(documents.places(presentation))
    documents.attach(presentation, seal(records, marks=marks, stated=stated))


def read(path):
    """The Document that a file is; nothing in it is run.

    Raises CheckError, one line, for a file that holds no record, is damaged or hostile.
    """
    path = Path(path)
    data = _bytes(path)
    try:
        suffix = path.suffix.lower()
        text, places, lines = FORMATS[suffix][1](data)
        sealed = unseal(text)
        as_drawn = suffix not in FIGURES or FIGURES[suffix](data) == sealed.drawing
        return Document(sealed.records, places, as_drawn, sealed.marks, sealed.stated, lines)
    except CheckError as error:
        raise CheckError(f"{path.name}: {error}") from None


def _bytes(path):
    """The content of a file that may be read; raises CheckError, one line."""
    if path.suffix.lower() not in FORMATS:
        raise CheckError(f"{path.name}: must end in one of {', '.join(FORMATS)}")
    try:
        return files.content(path, MOST_BYTES)
    except OSError as error:
        raise CheckError(f"{path.name}: cannot be read: {files.reason(error)}") from None
    except ValueError as error:
        why = f"{error}; not one of ours" if "larger" in str(error) else "not a usable path"
        raise CheckError(f"{path.name}: {why}") from None
