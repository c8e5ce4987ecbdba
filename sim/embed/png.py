"""Run records in PNG files: a compressed text chunk, which every viewer passes over."""

import hashlib
import io
import struct
import warnings
import zlib
from contextlib import contextmanager

from sim.embed.envelope import KEY
from sim.errors import CheckError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 50_000_000
_PIXELS = b"IDAT"


def write(data, text):
    """The bytes of a PNG with a sealed text in an iTXt chunk before its pixels."""
    body = KEY.encode() + b"\0\1\0\0\0" + zlib.compress(text.encode(), 9)
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body
    chunk += struct.pack(">I", zlib.crc32(chunk[4:]))
    at = data.index(_PIXELS) - 4
    return data[:at] + chunk + data[at:]


def fingerprint(data):
    """SHA-256 of the pixels; another compression of the same picture has the same."""
    with _opened(data) as image:
        pixels = image.convert("RGBA")
        return hashlib.sha256(repr(pixels.size).encode() + pixels.tobytes()).hexdigest()


def read(data):
    """The sealed text of a PNG's bytes. Raises CheckError."""
    if not data.startswith(SIGNATURE):
        raise CheckError("not a PNG file")
    with _opened(data) as image:
        found = image.info.get(KEY)  # of the chunks before the pixels
    if not isinstance(found, str):
        raise CheckError("holds no run record")
    return str(found)


@contextmanager
def _opened(data):
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
