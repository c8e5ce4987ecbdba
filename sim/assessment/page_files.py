"""Pages of an assessment as files: never over another file, whole or not at all."""

import os
from pathlib import Path

from sim.errors import AssessError


def check_page(path: str | Path, what: str, endings: tuple[str, ...]) -> Path:
    """A path that a page can be written to.

    what : the page in words, such as "a record"; endings : those its file may have

    Raises AssessError, one line, if it is no new file of an ending in a folder that exists.
    """
    path = Path(path)
    if path.suffix.lower() not in endings:
        raise AssessError(f"{path}: {what} must end in {' or '.join(endings)}")
    if path.exists() or path.is_symlink():
        raise AssessError(f"{path}: exists already; choose another")
    if not path.absolute().parent.is_dir():
        raise AssessError(f"{path}: the folder {path.absolute().parent.name} does not exist")
    return path


def write_page(path: Path, text: str) -> Path:
    """Write a text to a new file, whole or not at all; returns its path.

    Raises AssessError, one line, if the file exists or cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        _place(part, path)
    except OSError as error:
        reason = error.strerror or error
        raise AssessError(f"{path}: cannot be written ({reason})") from None
    finally:
        part.unlink(missing_ok=True)
    return path


def _place(part: Path, path: Path) -> None:
    """Give a finished file its name, without ever replacing another."""
    try:
        os.link(part, path)  # fails where somebody was quicker; a rename would replace it
    except FileExistsError:
        raise AssessError(f"{path}: exists already; choose another") from None
    except OSError:  # a file system without links
        part.rename(path)
