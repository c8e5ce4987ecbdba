"""Run records and marks in PowerPoint files: a custom XML part, and names of shapes."""

import io
import zipfile
from xml.sax.saxutils import escape

from sim.embed.envelope import KEY
from sim.embed.marks import Place, marks_in
from sim.errors import CheckError
from sim.extras import require

NAMESPACE = "urn:tiercurve:record"
PART = "/customXml/item-tiercurve.xml"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
MOST_PARTS, MOST_BYTES = 5_000, 100_000_000  # of a file from elsewhere, unpacked
MACROS = ("vbaproject.bin", "activex")


def attach(presentation, text):
    """Put a sealed text into a presentation of python-pptx that is not saved yet."""
    from pptx.opc.package import Part  # late: slow to import
    from pptx.opc.packuri import PackURI

    content = f'<tiercurve xmlns="{NAMESPACE}">{escape(text)}</tiercurve>'
    blob = b'<?xml version="1.0" encoding="UTF-8"?>\n' + content.encode()
    main = presentation.part
    for relation in main.rels.values():
        if not relation.is_external and relation.target_part.partname == PART:
            relation.target_part.blob = blob
            return
    part = Part(PackURI(PART), "application/xml", main.package, blob)
    main.relate_to(part, RELATION)


def marked(data):
    """The places of a file's bytes that quote claims."""
    return places(_open(data))


def write(data, text):
    """The bytes of a saved file with a sealed text in it."""
    presentation, out = _open(data), io.BytesIO()
    attach(presentation, text)
    presentation.save(out)
    return out.getvalue()


def read(data):
    """The sealed text of a file's bytes, and the places that quote claims.

    Raises CheckError, the end of one line.
    """
    presentation = _open(data)
    try:
        return _sealed(presentation), places(presentation)
    except CheckError:
        raise
    except Exception as error:  # as below
        raise CheckError(f"not a PowerPoint file that can be read ({_kind(error)})") from None


def _open(data):
    require("reading a PowerPoint deck", "pptx", "defusedxml")
    from pptx import Presentation  # late: slow to import

    refuse_archive(data)
    try:
        return Presentation(io.BytesIO(data))
    except Exception as error:  # whatever a hostile file makes the library do
        raise CheckError(f"not a PowerPoint file that can be read ({_kind(error)})") from None


def _kind(error):
    return type(error).__name__


def refuse_archive(data):
    """Refuse a zip that is damaged, unpacks to too much, or leads outside itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise CheckError("not a PowerPoint file, or cut short") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise CheckError(f"unpacks to over {MOST_BYTES // 10**6} MB or {MOST_PARTS:,} parts")
    for name in (part.filename for part in parts):
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise CheckError("holds a part with a path outside the file")
        if any(word in name.lower() for word in MACROS):
            raise CheckError("holds a macro")


def _sealed(presentation):
    from defusedxml import ElementTree

    for part in presentation.part.package.iter_parts():
        if "/customXml/" not in part.partname or NAMESPACE.encode() not in part.blob:
            continue
        try:
            root = ElementTree.fromstring(part.blob)
        except Exception:  # an XML error or one of defusedxml's
            raise CheckError(f"its {KEY} is not valid XML") from None
        if root.tag == f"{{{NAMESPACE}}}tiercurve":
            return root.text or ""
    raise CheckError("holds no run record")


def places(presentation):
    """The places of a presentation that quote claims."""
    return tuple(_places(presentation))


def _places(presentation):
    for number, slide in enumerate(presentation.slides, 1):
        yield from _of_shapes(f"slide {number}", slide.shapes)
        if slide.has_notes_slide:
            yield from _of_shapes(f"notes of slide {number}", slide.notes_slide.shapes)


def _of_shapes(where, shapes):
    for shape in shapes:
        if hasattr(shape, "shapes"):  # a group
            yield from _of_shapes(where, shape.shapes)
        properties = shape._element._nvXxPr.cNvPr
        marks = marks_in(f"{shape.name} {properties.get('descr') or ''}")
        if not marks:
            continue
        if getattr(shape, "has_chart", False):
            yield Place(f"{where}, chart", marks, _numbers(shape.chart))
        elif getattr(shape, "has_table", False):
            yield Place(f"{where}, table", marks, _cells(shape.table))
        else:
            text = shape.text_frame.text if shape.has_text_frame else ""
            yield Place(f"{where}, text", marks, text)


def _cells(table):
    return {
        (r, c): cell.text for r, row in enumerate(table.rows) for c, cell in enumerate(row.cells)
    }


def _numbers(chart):
    """Numbers of a chart by (series, point, form); low and high from its error bars."""
    found = {}
    for s, series in enumerate(chart._chartSpace.iter(f"{CHART}ser")):
        values = _points(series, "val") | _points(series, "yVal")
        minus, plus = (_points(series, "errBars", end) for end in ("minus", "plus"))
        for p, value in values.items():
            found[s, p, "value"] = value
            if p in minus and p in plus:
                found[s, p, "low"], found[s, p, "high"] = value - minus[p], value + plus[p]
    return found


def _points(series, *path):
    """Numbers below an element of a series, by the index of their point."""
    found = {}
    for element in series.findall("/".join(CHART + name for name in path)):
        for point in element.iter(f"{CHART}pt"):
            try:
                found[int(point.get("idx"))] = float(point.findtext(f"{CHART}v"))
            except (TypeError, ValueError):
                continue  # not a number: a mark on it will find none
    return found
