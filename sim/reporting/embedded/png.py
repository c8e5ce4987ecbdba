"""Run records in PNG files: a compressed text chunk, which every viewer passes over."""

import io
import struct
import zlib

from sim.reporting.embedded.envelope import KEY
from sim.reporting.embedded.errors import CheckError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = b"IDAT"


def write(data, text):
    """The bytes of a PNG with a sealed text in an iTXt chunk before its pixels."""
    body = KEY.encode() + b"\0\1\0\0\0" + zlib.compress(text.encode(), 9)
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body
    chunk += struct.pack(">I", zlib.crc32(chunk[4:]))
    at = data.index(_PIXELS) - 4
    return data[:at] + chunk + data[at:]


def read(data):
    """The sealed text of a PNG's bytes; no pixel is decoded. Raises CheckError."""
    if not data.startswith(SIGNATURE):
        raise CheckError("not a PNG file")
    from PIL import Image, UnidentifiedImageError  # late: slow to import

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            found = image.info.get(KEY)  # of the chunks before the pixels
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise CheckError("not a PNG file that can be read, or cut short, or too large") from None
    if not isinstance(found, str):
        raise CheckError("holds no run record")
    return str(found)
