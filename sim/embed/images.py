"""Run records inside figures: a text chunk of a PNG, an element of an SVG, an attachment of a PDF.

Each format writes a sealed text into the bytes of a file, reads it back, and gives a fingerprint
of what is drawn. What is read may come from anybody: it is refused with CheckError, one line.
"""

import hashlib
import io
import logging
import re
import struct
import warnings
import zlib
from contextlib import contextmanager
from xml.sax.saxutils import escape

from sim.embed.envelope import KEY, MOST_BYTES
from sim.errors import CheckError
from sim.extras import require

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 50_000_000
_PIXELS = b"IDAT"
SVG = "{http://www.w3.org/2000/svg}"
END = b"</svg>"
_RECORD = re.compile(rb'<metadata id="' + KEY.encode() + rb'">[^<]*</metadata>\n')
NAME = f"{KEY}.json"  # of the attachment of a PDF
MOST_SVG, MOST_TAGS, MOST_NAMES = 30_000_000, 500_000, 1_000_000
ACTIVE = ("/JavaScript", "/JS", "/Launch")


# ---- PNG: a compressed text chunk, which every viewer passes over --------------------------------


def write_png(data, text):
    """The bytes of a PNG with a sealed text in an iTXt chunk before its pixels."""
    body = KEY.encode() + b"\0\1\0\0\0" + zlib.compress(text.encode(), 9)
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body
    chunk += struct.pack(">I", zlib.crc32(chunk[4:]))
    at = data.index(_PIXELS) - 4
    return data[:at] + chunk + data[at:]


def png_fingerprint(data):
    """SHA-256 of the pixels; another compression of the same picture has the same."""
    with _png(data) as image:
        pixels = image.convert("RGBA")
        return hashlib.sha256(repr(pixels.size).encode() + pixels.tobytes()).hexdigest()


def read_png(data):
    """The sealed text of a PNG's bytes. Raises CheckError."""
    if not data.startswith(SIGNATURE):
        raise CheckError("not a PNG file")
    with _png(data) as image:
        text = image.info.get(KEY)  # of the chunks before the pixels
    if not isinstance(text, str):
        raise CheckError("holds no run record")
    return str(text)


@contextmanager
def _png(data):
    from PIL import Image, UnidentifiedImageError  # late: slow to import

    bombs = Image.DecompressionBombError, Image.DecompressionBombWarning
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("PNG",))
        with image:
            if image.width * image.height > MOST_PIXELS:
                raise CheckError(f"over {MOST_PIXELS // 10**6} million pixels, too large")
            yield image
    except CheckError:
        raise
    except (*bombs, UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise CheckError("not a PNG file that can be read, or cut short, or too large") from None


# ---- SVG: a metadata element ---------------------------------------------------------------------


def write_svg(data, text):
    """The bytes of an SVG with a sealed text as its last metadata element."""
    element = f'<metadata id="{KEY}">{escape(text)}</metadata>\n'.encode()
    at = data.rindex(END)
    return data[:at] + element + data[at:]


def svg_fingerprint(data):
    """SHA-256 of all but the record."""
    return hashlib.sha256(_RECORD.sub(b"", data)).hexdigest()


def read_svg(data):
    """The sealed text of an SVG's bytes; a script or an entity is refused. Raises CheckError."""
    require("reading an SVG figure", "defusedxml")
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    if len(data) > MOST_SVG or data.count(b"<") > MOST_TAGS or data.count(b"=") > MOST_NAMES:
        most = f"{MOST_SVG // 10**6} MB, {MOST_TAGS:,} tags and {MOST_NAMES:,} attributes"
        raise CheckError(f"over {most} at most; not one of ours")
    try:
        root = ElementTree.fromstring(data.decode("utf-8"))  # as counted, whatever it declares
    except DefusedXmlException:
        raise CheckError("declares XML entities, which no figure of ours does") from None
    except (ElementTree.ParseError, ValueError, LookupError):
        raise CheckError("not an SVG file that can be read: damaged or cut short") from None
    if root.tag != f"{SVG}svg":
        raise CheckError("not an SVG file")
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    if any(map(_is_active_element, elements)):
        raise CheckError("holds a script")
    records = [e for e in elements if e.tag == f"{SVG}metadata" and e.get("id") == KEY]
    if not records:
        raise CheckError("holds no run record")
    return records[-1].text or ""


def _is_active_element(element):
    """Whether an element would run something when the file is opened."""
    tag = element.tag.rpartition("}")[2].lower()
    if tag in ("script", "foreignobject", "iframe", "handler"):
        return True
    return any(
        key.rpartition("}")[2].lower().startswith("on") or "javascript:" in value.lower()
        for key, value in element.attrib.items()
    )


# ---- PDF: an attachment, which readers list and can save -----------------------------------------


def write_pdf(data, text):
    """The bytes of a PDF with a sealed text attached."""
    pypdf = _pypdf()
    writer, out = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data))), io.BytesIO()
    writer.add_attachment(NAME, text.encode())
    writer.write(out)
    return out.getvalue()


def pdf_fingerprint(data):
    """SHA-256 of what is drawn on the pages, and of what is laid over them."""
    digest = hashlib.sha256()
    with _pdf(data) as reader:
        for page in reader.pages:
            contents = page.get_contents()
            digest.update(contents.get_data() if contents is not None else b"")
            digest.update(repr(len(page.annotations or ())).encode())
    return digest.hexdigest()


def read_pdf(data):
    """The sealed text of a PDF's bytes; one with a script is refused. Raises CheckError."""
    if not data.startswith(b"%PDF-"):
        raise CheckError("not a PDF file")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # one line is ours to say
    with _pdf(data) as reader:
        active = _is_active_pdf(reader)
        texts = [bytes(content) for content in reader.attachments.get(NAME, [])]
    if active:
        raise CheckError("holds a script")
    if len(texts) != 1 or len(texts[0]) > MOST_BYTES:
        raise CheckError("holds no run record" if not texts else "its run record is not one")
    try:
        return texts[0].decode()
    except UnicodeDecodeError:
        raise CheckError("its run record is not text") from None


def _pypdf():
    require("a PDF figure with its run record", "pypdf")
    import pypdf  # late: slow to import

    return pypdf


@contextmanager
def _pdf(data):
    """A PDF that is open for reading, with whatever a hostile file makes the library do caught."""
    pypdf = _pypdf()
    try:
        yield pypdf.PdfReader(io.BytesIO(data), strict=False)
    except Exception as error:
        kind = type(error).__name__
        raise CheckError(f"not a PDF file that can be read, or cut short ({kind})") from None


def _is_active_pdf(reader):
    """Whether the file runs something when it is opened."""
    root = reader.trailer["/Root"]
    if "/OpenAction" in root and _runs(root["/OpenAction"]):
        return True
    names = root.get("/Names", {})
    return "/AA" in root or "/JavaScript" in getattr(names, "get_object", lambda: names)()


def _runs(action):
    action = action.get_object() if hasattr(action, "get_object") else action
    return isinstance(action, dict) and action.get("/S") in ACTIVE
