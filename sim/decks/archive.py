"""Zip files that are the same bytes for the same content: no dates, no order of the day."""

import io
import re
import zipfile

DATED = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can state
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_DAY = b"2026-01-01T00:00:00Z"


def same_bytes(data):
    """A zip (a .pptx or .xlsx) with its dates taken out, and those of workbooks inside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith(".xlsx"):
                part = same_bytes(part)
            elif name == "docProps/core.xml":
                part = _STAMP.sub(rb"\g<1>" + _DAY + rb"\g<2>", part)
            info = zipfile.ZipInfo(name, DATED)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, part)
    return out.getvalue()
