"""The one door to files that somebody else may have made: data only, and never more than fits.

Folders that are written whole or not at all are put in their place here too.

Every reader of the project opens a file by `open_regular` or by what stands on it. What stands here
says why a file cannot be used in a few words, as a ValueError or in the `strerror` of an OSError;
readers put the file's name before it and raise their own error. Nothing here loads code: JSON,
TOML, Parquet without objects, and NumPy archives without pickles. SECURITY.md says what that
protects against.
"""

import errno
import io
import json
import math
import os
import shutil
import stat
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.resources import files as resources
from pathlib import Path
from typing import Any, BinaryIO

from sim import toml_bounds

MOST_TEXT = 50_000_000  # largest JSON or CSV file of this project's own kinds [bytes]
MOST_TABLE = 4_000_000_000  # what a table or an archive may take when it is unpacked [bytes]
MOST_NUMBER = 1e100  # of a table: squares of larger ones, and their sums, are no numbers
MOST_TOML = 1_000_000  # [bytes]
NUMBER = 8  # [bytes]
PIECE = 1 << 16  # read at a time [bytes]
PLAIN_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FOLDER = "is a folder; name the file in it"
SPECIAL = "is a pipe or a device; save it as a file first"
CLOSED = "is not in the record, and nothing in a record names a file"

_open_folders: ContextVar[tuple[Path, ...] | None] = ContextVar("open_folders", default=None)


@contextmanager
def only_packaged(*more: Path) -> Iterator[None]:
    """Within it no file is read but those of the package and of the folders given.

    So a record from elsewhere reads nothing of this machine, whichever of its fields names a file.
    """
    packages = (Path(str(resources(name))) for name in ("sim", "calibration", "scenarios"))
    token = _open_folders.set(tuple(folder.resolve() for folder in (*packages, *more)))
    try:
        yield
    finally:
        _open_folders.reset(token)


def is_open(path: Path) -> bool:
    """Whether a file may be looked for and read here, see `only_packaged`."""
    folders = _open_folders.get()
    return folders is None or any(path.resolve().is_relative_to(folder) for folder in folders)


class _Bounded(io.RawIOBase):
    """A file of which at most so many bytes are read, even where it grows meanwhile."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file, self.most, self.left = file, most, most + 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.file.read(min(len(buffer), self.left))
        self.left -= len(data)
        if not self.left:
            raise OSError(errno.EFBIG, _larger(self.most))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()


def open_regular(path: Path) -> BinaryIO:
    """A regular file, open for reading; a link is followed.

    Raises OSError, whose `strerror` says in words why not: folders, pipes and devices are refused
    by their kind and never waited for. ValueError where the path is none.
    """
    if not is_open(path):
        raise PermissionError(errno.EACCES, CLOSED, str(path))
    _check_kind(path, os.stat(path).st_mode)  # a device is not even opened
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _check_kind(path, os.fstat(number).st_mode)  # it may be another by now
        return os.fdopen(number, "rb")
    except OSError:
        os.close(number)
        raise


def _check_kind(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, FOLDER, str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, SPECIAL, str(path))


def name_of(path: Path) -> str:
    """A file's name as an error line shows it; of a root, which has none, the path."""
    return path.name or str(path)


def reason(error: Exception) -> str:
    """Why a file cannot be read, in a few words on one line."""
    text = getattr(error, "strerror", None) or (str(error).splitlines() or [""])[0]
    return text or type(error).__name__


def text_lines(path: Path, encoding: str, most: int) -> io.TextIOWrapper:
    """A text file, open to be read line by line, of which at most so many bytes are read."""
    bounded = io.BufferedReader(_Bounded(open_regular(path), most), PIECE)
    return io.TextIOWrapper(bounded, encoding=encoding, newline="")


def sha256(path: Path, most: int = MOST_TABLE) -> str:
    """Hash of a file's bytes, read in pieces: hexadecimal digits."""
    import hashlib

    digest = hashlib.sha256()
    with io.BufferedReader(_Bounded(open_regular(path), most), PIECE) as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _larger(most: int) -> str:
    return f"larger than {most / 1e6:,g} MB"


def by_name_or_path(
    text: str, folders: Iterable[Path], fits: Callable[[Path], bool] = lambda path: True
) -> Path | None:
    """The TOML file of a path, or of a name in the first folder with one that fits; else None."""
    if text.endswith(".toml"):
        return Path(text) if is_there(Path(text)) else None
    paths = (folder / f"{text}.toml" for folder in folders)
    return next((path for path in paths if is_there(path) and fits(path)), None)


def is_there(path: Path) -> bool:
    """Whether there is a file that may be read, or a pipe or device to be refused by kind."""
    try:
        return is_open(path) and path.exists() and not path.is_dir()
    except (OSError, ValueError):  # a null character, or a name too long
        return False


def content(path: Path, most: int = MOST_TEXT) -> bytes:
    """The bytes of a regular file of at most so many. Raises ValueError or OSError."""
    pieces: list[bytes] = []
    with open_regular(path) as file:
        step, left = os.fstat(file.fileno()).st_size + 1, most + 1  # as much as it says it has
        while left and (piece := file.read(min(step, left))):
            pieces.append(piece)
            step, left = PIECE, left - len(piece)
    if not left:
        raise ValueError(_larger(most))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def start(path: Path, count: int) -> bytes:
    """The first bytes of a regular file. Raises ValueError or OSError."""
    with open_regular(path) as file:
        return file.read(count)


def toml(path: Path, most: int = MOST_TOML) -> dict[str, Any]:
    """What a TOML file states. Raises ValueError (UnicodeDecodeError for other text) or OSError."""
    return toml_of(content(path, most))


def toml_of(data: bytes | str) -> dict[str, Any]:
    """What a TOML text states; how deep, how many and how long its keys are is bounded before."""
    text = data if isinstance(data, str) else data.decode("utf-8-sig")
    toml_bounds.check(text)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def plain_json(data: bytes | str) -> Any:
    """What a JSON text holds. Raises ValueError, also where it is nested too deeply."""
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def table(path: Path) -> Any:
    """A Parquet file of numbers as a DataFrame.

    Raises ValueError or OSError where it is damaged, holds anything but numbers or one beyond
    MOST_NUMBER, or is larger than it may be once unpacked.
    """
    frame = _parquet(path).to_pandas()
    for name in frame.columns:
        _refuse_vast(name, frame[name].to_numpy())
    return frame


def columns(path: Path) -> dict[str, Any]:
    """The columns of a Parquet file of numbers: dict, name -> array (rows,), NaN where it is empty.

    Raises what `table` raises, and ValueError where whole numbers have a gap; without pandas,
    which is slow to import.
    """
    found = _parquet(path)
    try:
        each = {name: _array(found[name]) for name in found.column_names}
    except (TypeError, ValueError, BufferError) as error:
        raise ValueError(" ".join(str(error).split())) from None
    for name, values in each.items():
        _refuse_vast(name, values)
    return each


def _refuse_vast(name: str, values: Any) -> None:
    import numpy as np

    if values.dtype != float:  # narrower ones hold none so large
        return
    if (np.isfinite(values) & (np.abs(values) > MOST_NUMBER)).any():
        raise ValueError(f"{name[:40]}: a number beyond {MOST_NUMBER:g}")


def _array(column: Any) -> Any:
    import numpy as np

    filled = column.fill_null(math.nan) if column.null_count else column
    return np.from_dlpack(filled.combine_chunks())


def _parquet(path: Path) -> Any:
    import pyarrow as pa  # late: slow to import
    import pyarrow.parquet as pq

    if not path.exists():  # in words of our own
        raise FileNotFoundError(errno.ENOENT, "is missing", str(path))
    try:
        with open_regular(path) as source, pq.ParquetFile(source) as file:
            check_table(file)
            return file.read(use_threads=False).replace_schema_metadata()
    except (pa.ArrowException, NotImplementedError, KeyError, IndexError) as error:
        raise ValueError(str(error).splitlines()[0] if str(error) else "not a table") from None


def check_table(file: Any) -> None:
    """Refuse an open Parquet file that is not of numbers, or too large once unpacked."""
    import pyarrow as pa

    about = file.metadata
    for field in file.schema_arrow:
        if not (pa.types.is_primitive(field.type) or pa.types.is_null(field.type)):
            raise ValueError(f"column '{field.name[:40]}' holds no numbers")
    unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    if max(unpacked, about.num_rows * about.num_columns * NUMBER) > MOST_TABLE:
        raise ValueError(f"larger than {MOST_TABLE / 1e9:g} GB once unpacked")


def csv(path: Path) -> Any:
    """A CSV file as a DataFrame. Raises ValueError or OSError."""
    import pandas as pd  # late: slow to import

    try:
        return pd.read_csv(io.BytesIO(content(path)))
    except OverflowError as error:
        raise ValueError(str(error)) from None


def arrays(path: Path, names: tuple[str, ...]) -> dict[str, Any]:
    """Arrays of a NumPy archive, by name.

    Raises ValueError, KeyError or OSError where it is damaged, holds objects, or is larger than
    it may be once unpacked.
    """
    import numpy as np

    try:
        with open_regular(path) as file:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_TABLE:
                raise ValueError(f"larger than {MOST_TABLE / 1e9:g} GB once unpacked")
            if any(entry.compress_type not in PLAIN_PACKING for entry in entries):
                raise ValueError("packed in a way no archive of ours is")
            file.seek(0)
            with np.load(file, allow_pickle=False) as stored:
                each = {name: stored[name] for name in names}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, SyntaxError) as error:
        raise ValueError(str(error) or "not an archive") from None
    except (RuntimeError, AttributeError, MemoryError, OverflowError) as error:
        raise ValueError(f"not an archive of numbers ({type(error).__name__})") from None
    for name, values in each.items():
        _refuse_vast(name, values)
    return each


def unpack(data: bytes, most: int) -> bytes:
    """A zip archive as one whose parts are not packed, of at most so many bytes in all.

    What its own list says of sizes is not believed: parts are unpacked in pieces and counted.
    Raises ValueError or zipfile.BadZipFile where it is damaged, locked or larger.
    """
    out, left = io.BytesIO(), most
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as plain:
            for entry in archive.infolist():
                if entry.compress_type not in PLAIN_PACKING or entry.flag_bits & 1:
                    raise ValueError(f"{entry.filename[:40]!r}: locked, or packed in no usual way")
                part = _part(archive, entry, left)
                left -= len(part)
                plain.writestr(zipfile.ZipInfo(entry.filename), part)
    except (zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ValueError(str(error) or "damaged") from None
    return out.getvalue()


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    with archive.open(entry) as packed:
        pieces: list[bytes] = []
        while piece := packed.read(PIECE):
            pieces.append(piece)
            left -= len(piece)
            if left < 0:
                raise ValueError("larger than it may be once unpacked")
    return b"".join(pieces)


# ---- writing ---------------------------------------------------------------------------------


def put_folder(part: Path, path: Path) -> None:
    """Put a finished folder at a path, in the place of another that may be there.

    Whoever kills the process meets the old one, the new one or none, never half of one.
    """
    old = path.with_name(f".{path.name}.old.part")
    if path.exists():
        shutil.rmtree(old, ignore_errors=True)
        path.rename(old)
    part.rename(path)
    shutil.rmtree(old, ignore_errors=True)
