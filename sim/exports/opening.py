"""From a path to lines of text: regular files of text only, in an encoding that is certain.

What is not text is refused by its name, before it is read. Lines come one by one, so that memory
does not grow with the file.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim import files
from sim.errors import TicketError

MOST_BYTES = 1_000_000_000
MOST_LINE = 20_000_000  # [characters]
SAMPLE = 64_000  # bytes by which kind and encoding are told

# First bytes of files that spreadsheets and trackers also write, and what they are.
_KINDS = (
    (b"PK", "a spreadsheet or archive (.xlsx, .zip); save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet (.xls); save the sheet as CSV UTF-8"),
    (b"PAR1", "a Parquet file; save it as CSV UTF-8"),
    (b"%PDF", "a PDF; export the tickets as CSV"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"\x89PNG", "a picture; export the tickets as CSV"),
    (b"{\\rtf", "a Word document; export the tickets as CSV"),
)
_MARKED = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@contextmanager
def text(path: Path, encoding: str | None = None):
    """The file as an open text of lines that keep their ends.

    encoding : what a map states; by default UTF-8, or what a byte order mark says

    Raises TicketError, one line, where it is no text of at most 1 GB.
    """
    sample = _sample(path)
    encoding = _encoding(path.name, sample, encoding)
    try:
        with files.text_lines(path, encoding, MOST_BYTES) as file:
            yield file
    except UnicodeError:
        raise TicketError(_not_this(path, encoding)) from None
    except OSError as error:
        raise TicketError(f"{files.name_of(path)}: cannot be read: {files.reason(error)}") from None


def lines(name: str, file: io.TextIOBase) -> Iterator[str]:
    """Lines of an open text. Raises TicketError where one is too long to hold."""
    number = 0
    while line := file.readline(MOST_LINE):
        number += 1
        if len(line) >= MOST_LINE:
            raise TicketError(
                f"{name}, line {number}: longer than {MOST_LINE / 1e6:.0f} million characters: "
                "must be a table with a row a ticket"
            )
        if "\0" in line:
            raise TicketError(f"{name}, line {number}: holds a zero byte: must be text, CSV UTF-8")
        yield line


def start(path: Path, count: int) -> bytes:
    """The first bytes of a regular file. Raises TicketError for whatever else has a path."""
    try:
        return files.start(path, count)
    except (OSError, ValueError) as error:
        raise TicketError(f"{files.name_of(path)}: cannot be read: {files.reason(error)}") from None


def _sample(path: Path) -> bytes:
    sample = start(path, SAMPLE)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TicketError(f"{path.name}: {size / 1e6:,.0f} MB: must be 1,000 MB or less")
    for first, kind in _KINDS:
        if sample.startswith(first):
            raise TicketError(f"{path.name}: is {kind}")
    head = sample[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<rss", b"<table")):
        raise TicketError(
            f"{path.name}: is a web page or XML, as some trackers call their export to Excel; "
            "export the tickets as CSV"
        )
    return sample


def _encoding(name: str, sample: bytes, stated: str | None) -> str:
    marked = next((word for mark, word in _MARKED.items() if sample.startswith(mark)), None)
    if marked:
        return marked
    if b"\0" in sample and not stated:
        place = sample.index(b"\0")
        if sample[1::2].count(0) > len(sample) // 4 or sample[::2].count(0) > len(sample) // 4:
            kind = "all zeros" if not sample.strip(b"\0") else "UTF-16 without a mark of its order"
        else:
            kind = f"a zero byte at {place}"
        raise TicketError(f"{name}: holds {kind}: must be text; save it as CSV UTF-8")
    return stated or "utf-8-sig"


def _not_this(path: Path, encoding: str) -> str:
    """Why a file is not text in an encoding."""
    if encoding not in ("utf-8-sig", "utf-8"):
        return f"{path.name}: is not text in {encoding.upper()}; save it as CSV UTF-8"
    number, line = _broken_line(path)
    kind = "Windows-1252 or Latin-1" if _is_western(line) else "another encoding"
    return (
        f"{path.name}, line {number}: not UTF-8 text, perhaps {kind}: save it as CSV UTF-8, or say "
        'in a map (--map): [file] encoding = "cp1252"'
    )


def _broken_line(path: Path) -> tuple[int, bytes]:
    """The first line that is not UTF-8, and its number."""
    number, line = 0, b""
    with files.open_regular(path) as file:
        while line := file.readline(MOST_LINE):
            number += 1
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                break
    return number, line


def _is_western(line: bytes) -> bool:
    """Whether bytes above ASCII are mostly letters and quotes of Western Europe, one byte each."""
    high = [byte for byte in line if byte >= 0x80]
    letters = sum(byte >= 0xC0 or byte in b"\x91\x92\x93\x94\x96\x97\x80" for byte in high)
    return letters > len(high) / 2
