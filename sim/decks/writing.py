"""Writing a deck to a file: whole, or not at all, and never over another unless asked."""

import os
import shutil
from pathlib import Path

from sim import extras
from sim.errors import DeckError

FORMATS = (".pptx", ".html", ".md")
LIBRARIES = {".pptx": ("pptx",), ".html": ("lxml",), ".md": ("lxml",)}


def check_path(path, overwrite=False):
    """Refuse a path that cannot be written, before anything runs: DeckError, one line."""
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise DeckError(f"{path}: must end in {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    if not path.absolute().parent.is_dir():
        raise DeckError(f"{path}: the folder {path.absolute().parent.name} does not exist")
    for there in (path, folder_of(path)) if path.suffix.lower() == ".md" else (path,):
        if there.exists() and not (overwrite and there.is_dir() == (there != path)):
            raise DeckError(f"{there}: exists already; choose another, or say overwrite")
    extras.require(f"a {path.suffix} deck", *LIBRARIES[path.suffix.lower()])
    return path


def folder_of(path):
    """The folder of a Markdown file's figures, beside it."""
    return path.with_name(f"{path.stem}_figures")


def write(content, records, path, template=None, overwrite=False):
    """Write a deck by the suffix of its path; returns the path. Raises DeckError, one line."""
    path = check_path(path, overwrite)
    form = path.suffix.lower()
    try:
        if form == ".md":
            return _markdown(content, records, path)
        return _file(path, _bytes(content, records, form, template))
    except OSError as error:
        raise DeckError(f"{path}: cannot be written ({error.strerror or error})") from None


def _bytes(content, records, form, template):
    if form == ".pptx":
        from sim.decks import powerpoint  # late: python-pptx is slow to import

        return powerpoint.to_bytes(content, records, template)
    from sim.decks import page

    return page.to_bytes(content, records)


def _file(path, data):
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _markdown(content, records, path):
    """The figures first, so that no text is there without them."""
    from sim.decks import markdown

    folder = folder_of(path)
    data, figures = markdown.to_bytes(content, records, folder.name)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        part.mkdir()
        for name, image in figures.items():
            (part / name).write_bytes(image)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return _file(path, data)
