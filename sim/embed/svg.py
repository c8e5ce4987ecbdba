"""Run records in SVG files: a metadata element."""

import hashlib
import re
from xml.sax.saxutils import escape

from sim.embed.envelope import KEY
from sim.errors import CheckError
from sim.extras import require

SVG = "{http://www.w3.org/2000/svg}"
END = b"</svg>"
_RECORD = re.compile(rb'<metadata id="' + KEY.encode() + rb'">[^<]*</metadata>\n')


def write(data, text):
    """The bytes of an SVG with a sealed text as its last metadata element."""
    element = f'<metadata id="{KEY}">{escape(text)}</metadata>\n'.encode()
    at = data.rindex(END)
    return data[:at] + element + data[at:]


def fingerprint(data):
    """SHA-256 of all but the record."""
    return hashlib.sha256(_RECORD.sub(b"", data)).hexdigest()


def read(data):
    """The sealed text of an SVG's bytes; a script or an entity is refused. Raises CheckError."""
    require("reading an SVG figure", "defusedxml")
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(data)
    except DefusedXmlException:
        raise CheckError("declares XML entities, which no figure of ours does") from None
    except (ElementTree.ParseError, ValueError, LookupError):
        raise CheckError("not an SVG file that can be read: damaged or cut short") from None
    if root.tag != f"{SVG}svg":
        raise CheckError("not an SVG file")
    found = None
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if _is_active(element):
            raise CheckError("holds a script")
        if element.tag == f"{SVG}metadata" and element.get("id") == KEY:
            found = element.text or ""
    if found is None:
        raise CheckError("holds no run record")
    return found


def _is_active(element):
    """Whether an element would run something when the file is opened."""
    tag = element.tag.rpartition("}")[2].lower()
    if tag in ("script", "foreignobject", "iframe", "handler"):
        return True
    return any(
        key.rpartition("}")[2].lower().startswith("on") or "javascript:" in value.lower()
        for key, value in element.attrib.items()
    )
