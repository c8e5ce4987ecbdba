"""Run records inside documents, and marks on what they quote: PowerPoint, HTML and Markdown.

A PowerPoint file holds its record in a custom XML part, and marks in extensions of its shapes; a
page holds it in a block of data, and marks in `data-claim` of its elements; Markdown in a comment.
What is read may come from anybody: it is refused with CheckError, one line.
"""

import io
import re
import zipfile
from xml.sax.saxutils import escape

from sim import files
from sim.embed import lines, markdown, views
from sim.embed.envelope import KEY, Place, marks_in, marks_of_shape
from sim.errors import CheckError
from sim.extras import require

NAMESPACE = "urn:tiercurve:record"
PART = "/customXml/item-tiercurve.xml"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
MOST_PARTS, MOST_UNPACKED = 5_000, 100_000_000  # of a file from elsewhere, unpacked
MACROS = ("vbaproject.bin", "activex")
DATA = "application/json"
MOST_PAGE = 30_000_000  # [bytes]
MOST_ELEMENTS = 1_000_000  # of all parts of a deck, counted by the marks that begin and end them
MOST_TAGS = 200_000  # of a page
_EBCDIC = b"\x4c\x6f\xa7\x94"  # how XML begins where elements cannot be counted
_USUAL = re.compile(rb"""encoding\s*=\s*["'](utf-8|us-ascii|ascii)["']""")
EMBEDDING = ("iframe", "object", "embed", "applet")
_SCHEME = "javascript:"


# ---- PowerPoint ----------------------------------------------------------------------------------


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


def marked_pptx(data):
    """The places of a file's bytes that quote claims."""
    return places(_open(data))


def write_pptx(data, text):
    """The bytes of a saved file with a sealed text in it."""
    presentation, out = _open(data), io.BytesIO()
    attach(presentation, text)
    presentation.save(out)
    return out.getvalue()


def read_pptx(data):
    """The sealed text of a file's bytes, the places that quote claims, and its lines.

    Raises CheckError, the end of one line.
    """
    show = _open(data)
    return _tried(lambda: (_sealed(show), places(show), lines.of_pptx(show)))


def _open(data):
    require("reading a PowerPoint deck", "pptx", "defusedxml")
    from pptx import Presentation  # late: slow to import

    plain = safe_archive(data)
    return _tried(lambda: Presentation(io.BytesIO(plain)))


def _tried(reading):
    """What a call gives, with whatever a hostile file makes the library do caught."""
    try:
        return reading()
    except CheckError:
        raise
    except Exception as error:
        kind = type(error).__name__
        raise CheckError(f"not a PowerPoint file that can be read ({kind})") from None


def safe_archive(data):
    """The archive as one of the same parts that is safe to open.

    Refuses one that is damaged, unpacks to too much, or leads outside itself.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise CheckError("not a PowerPoint file, or cut short") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise CheckError(f"unpacks to over {MOST_UNPACKED // 10**6} MB or {MOST_PARTS:,} parts")
    for name in (part.filename for part in parts):
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise CheckError("holds a part with a path outside the file")
        if any(word in name.lower() for word in MACROS):
            raise CheckError("holds a macro")
    return _unpacked(data)


def _unpacked(data):
    """The archive with its parts not packed, whose sizes and elements have been counted."""
    try:
        plain = files.unpack(data, MOST_UNPACKED)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise CheckError(f"not a PowerPoint file ({files.reason(error)})") from None
    elements = 0
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            elements += part.count(b"<")  # of pictures too: few
            head = part[:200].lower()
            other = head.startswith(b"<?xml") and b"encoding" in head and not _USUAL.search(head)
            if other or part.startswith(_EBCDIC):
                raise CheckError("holds a part that is no UTF-8 text")
    if elements > MOST_ELEMENTS:
        raise CheckError(f"holds over {MOST_ELEMENTS:,} elements; not one of ours")
    return plain


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
    return tuple(_of_slides(presentation))


def _of_slides(presentation):
    for number, slide in enumerate(presentation.slides, 1):
        yield from _of_shapes(f"slide {number}", slide.shapes)
        if slide.has_notes_slide:
            yield from _of_shapes(f"notes of slide {number}", slide.notes_slide.shapes)


def _of_shapes(where, shapes):
    for shape in shapes:
        if hasattr(shape, "shapes"):  # a group
            yield from _of_shapes(where, shape.shapes)
        marks = marks_of_shape(shape)
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
    numbers = {}
    for s, series in enumerate(chart._chartSpace.iter(f"{CHART}ser")):
        values = _points(series, "val") | _points(series, "yVal")
        minus, plus = (_points(series, "errBars", end) for end in ("minus", "plus"))
        for p, value in values.items():
            numbers[s, p, "value"] = value
            if p in minus and p in plus:
                numbers[s, p, "low"], numbers[s, p, "high"] = value - minus[p], value + plus[p]
    return numbers


def _points(series, *path):
    """Numbers below an element of a series, by the index of their point."""
    numbers = {}
    for element in series.findall("/".join(CHART + name for name in path)):
        for point in element.iter(f"{CHART}pt"):
            try:
                numbers[int(point.get("idx"))] = float(point.findtext(f"{CHART}v"))
            except (TypeError, ValueError):
                continue  # not a number: a mark on it will find none
    return numbers


# ---- HTML and Markdown ---------------------------------------------------------------------------


def html_block(text):
    """A sealed text as the element that carries it in HTML."""
    return views.data_block(KEY, text)


def markdown_block(text):
    """A sealed text as the comment that carries it in Markdown."""
    return f"<!-- {KEY} {views.quiet(text)} -->"


def write_html(data, text):
    """The bytes of a page with a sealed text in it, at the end of its body."""
    page, block = data.decode("utf-8"), html_block(text)
    head, end, tail = page.rpartition("</body>")
    return (f"{head}{block}\n{end}{tail}" if end else f"{page}\n{block}\n").encode()


def write_markdown(data, text):
    """The bytes of a Markdown file with a sealed text in it, at its end."""
    return f"{data.decode('utf-8').rstrip()}\n\n{markdown_block(text)}\n".encode()


def marked_html(data):
    """The places of a page that quote claims."""
    return tuple(_of_elements(_parsed(data)))


def marked_markdown(data):
    """The places of a Markdown file that quote claims; earlier decks marked them in spans."""
    spans = tuple(_of_elements(_parsed(b"<div>" + data)))  # text alone is no page
    return (*spans, *markdown.places(data.decode("utf-8-sig")))


def read_html(data):
    """The sealed text of a page, the places that quote claims, its lines. Raises CheckError."""
    root = _parsed(data)
    sealed = _only(root.xpath(f"//script[@id='{KEY}']/text()"))
    return sealed, tuple(_of_elements(root)), lines.of_html(root) + views.lines_of(root)


def read_markdown(data):
    """The sealed text of a Markdown file, places that quote, its lines. Raises CheckError."""
    places = marked_markdown(data)
    start, end = f"<!-- {KEY} ", " -->"
    shown, *texts = data.decode("utf-8").split(start)
    return _only([text.partition(end)[0] for text in texts]), places, lines.of_markdown(shown)


def _only(records):
    if len(records) != 1:
        raise CheckError("holds no run record" if not records else "holds two run records")
    return str(records[0])


def _parsed(data):
    """The elements of a page, or of the HTML in a Markdown file; a script of others is refused."""
    require("an HTML or Markdown deck", "lxml")
    from lxml import etree, html  # late: slow to import

    if len(data) > MOST_PAGE:
        raise CheckError(f"larger than {MOST_PAGE // 10**6} MB; not one of ours")
    if data.count(b"<") > MOST_TAGS:
        raise CheckError(f"holds over {MOST_TAGS:,} tags; not one of ours")
    try:
        text = data.decode("utf-8-sig")
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except UnicodeDecodeError:
        raise CheckError("not UTF-8 text") from None
    except (etree.LxmlError, ValueError, AssertionError):
        raise CheckError("not text that can be read") from None
    for element in root.iter(etree.Element):
        if _is_active(element):
            raise CheckError("holds a script; not one of ours")
    return root


def _is_active(element):
    """Whether an element would run something when the page is opened."""
    given = element.attrib
    link = any(_SCHEME in "".join(value.split()).lower() for value in given.values())
    handler = any(key.lower().startswith("on") for key in given)
    if element.tag == "script":
        return link or handler or not (given.get("type") == DATA or views.is_ours(element))
    return link or handler or element.tag in EMBEDDING


def _of_elements(root):
    for element in root.iter():
        marks = marks_in(element.get("data-claim") or "") if isinstance(element.tag, str) else ()
        if marks:
            yield Place(f"line {element.sourceline}", marks, element.text_content())
