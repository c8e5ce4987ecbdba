"""Run records in PDF files: an attachment, which readers list and can save."""

import hashlib
import io
import logging

from sim.embed.envelope import KEY, MOST_BYTES
from sim.errors import CheckError
from sim.extras import require

NAME = f"{KEY}.json"
WHAT = "a PDF figure with its run record"
ACTIVE = ("/JavaScript", "/JS", "/Launch")


def write(data, text):
    """The bytes of a PDF with a sealed text attached."""
    require(WHAT, "pypdf")
    from pypdf import PdfReader, PdfWriter  # late: slow to import

    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(data))), io.BytesIO()
    writer.add_attachment(NAME, text.encode())
    writer.write(out)
    return out.getvalue()


def fingerprint(data):
    """SHA-256 of what is drawn on the pages, and of what is laid over them."""
    require(WHAT, "pypdf")
    from pypdf import PdfReader

    digest = hashlib.sha256()
    try:
        for page in PdfReader(io.BytesIO(data), strict=False).pages:
            contents = page.get_contents()
            digest.update(contents.get_data() if contents is not None else b"")
            digest.update(repr(len(page.annotations or ())).encode())
    except Exception as error:  # whatever a hostile file makes the library do
        kind = type(error).__name__
        raise CheckError(f"not a PDF file that can be read, or cut short ({kind})") from None
    return digest.hexdigest()


def read(data):
    """The sealed text of a PDF's bytes; one with a script is refused. Raises CheckError."""
    if not data.startswith(b"%PDF-"):
        raise CheckError("not a PDF file")
    require(WHAT, "pypdf")
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # one line is ours to say
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        active = _is_active(reader)
        found = [bytes(content) for content in reader.attachments.get(NAME, [])]
    except Exception as error:  # whatever a hostile file makes the library do
        kind = type(error).__name__
        raise CheckError(f"not a PDF file that can be read, or cut short ({kind})") from None
    if active:
        raise CheckError("holds a script")
    if len(found) != 1 or len(found[0]) > MOST_BYTES:
        raise CheckError("holds no run record" if not found else "its run record is not one")
    try:
        return found[0].decode()
    except UnicodeDecodeError:
        raise CheckError("its run record is not text") from None


def _is_active(reader):
    """Whether the file runs something when it is opened."""
    root = reader.trailer["/Root"]
    if "/OpenAction" in root and _runs(root["/OpenAction"]):
        return True
    names = root.get("/Names", {})
    return "/AA" in root or "/JavaScript" in getattr(names, "get_object", lambda: names)()


def _runs(action):
    action = action.get_object() if hasattr(action, "get_object") else action
    return isinstance(action, dict) and action.get("/S") in ACTIVE
