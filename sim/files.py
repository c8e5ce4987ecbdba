"""Reads files that somebody else may have made: data only, and never more than fits.

What stands here says why a file cannot be used in a few words, as a ValueError; readers put the
file's name before it and raise their own error. Nothing here loads code: JSON, Parquet without
objects, and NumPy archives without pickles. SECURITY.md says what that protects against.
"""

import errno
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

MOST_TEXT = 50_000_000  # largest JSON or CSV file of this project's own kinds [bytes]
MOST_TABLE = 4_000_000_000  # what a table or an archive may take when it is unpacked [bytes]
NUMBER = 8  # [bytes]


def by_name_or_path(
    text: str, folders: Iterable[Path], fits: Callable[[Path], bool] = lambda path: True
) -> Path | None:
    """The TOML file of a path, or of a name in the first folder with one that fits; else None."""
    if text.endswith(".toml"):
        return Path(text) if Path(text).is_file() else None
    paths = (folder / f"{text}.toml" for folder in folders)
    return next((path for path in paths if path.is_file() and fits(path)), None)


def content(path: Path, most: int = MOST_TEXT) -> bytes:
    """The bytes of a file of at most so many. Raises ValueError or OSError."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"larger than {most / 1e6:,.0f} MB")
    return data


def plain_json(data: bytes | str) -> Any:
    """What a JSON text holds. Raises ValueError, also where it is nested too deeply."""
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def table(path: Path) -> Any:
    """A Parquet file of numbers as a DataFrame.

    Raises ValueError or OSError where it is damaged, holds anything but numbers, or is larger
    than it may be once unpacked.
    """
    import pyarrow as pa  # late: slow to import
    import pyarrow.parquet as pq

    if not path.is_file():  # Arrow's own error names no file
        raise FileNotFoundError(errno.ENOENT, "is missing", str(path))
    try:
        with pq.ParquetFile(path) as file:
            check_table(file)
            return file.read(use_threads=False).replace_schema_metadata().to_pandas()
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
    import io

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
    import zipfile
    import zlib

    import numpy as np

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_TABLE:
            raise ValueError(f"larger than {MOST_TABLE / 1e9:g} GB once unpacked")
        with np.load(path, allow_pickle=False) as found:
            return {name: found[name] for name in names}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, SyntaxError) as error:
        raise ValueError(str(error) or "not an archive") from None
    except (RuntimeError, AttributeError, MemoryError, OverflowError) as error:
        raise ValueError(f"not an archive of numbers ({type(error).__name__})") from None
