"""A folder of files that are written whole or not at all, here or in an object store."""

import contextlib
import errno
import os
from pathlib import Path

from sim.errors import SweepError, short
from sim.files import MOST_TABLE, content

PART, LOCK = ".part", ".lock"
MOVED = "the folder was moved or removed meanwhile; move it back, or name where it is now"


def folder(path):
    """The folder at a path, or at a URL such as "s3://bucket/mix" (through fsspec)."""
    if "\0" in str(path):
        raise SweepError(f"{short(str(path))}: is no usable name of a folder")
    return Remote(str(path)) if "://" in str(path) else Local(Path(path))


class Local:
    """A folder on this machine; a file appears by an atomic rename."""

    def __init__(self, path, above=None):
        self.path, self.name, self.is_locked = path, str(path), False
        self.above = above  # the folder whose lock holds for this one too

    def below(self, name):
        """A folder in this one, under the same lock."""
        return Local(self.path / name, self)

    def exists(self):
        return self.path.exists()

    def read(self, name):
        return content(self.path / name, MOST_TABLE)

    def write(self, name, data):
        """Write a file, whole or not at all."""
        target = self.path / name
        part = target.with_name(f".{target.name}{PART}")
        try:
            if self._was_moved():
                raise FileNotFoundError(errno.ENOENT, MOVED, str(self.path))
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(target)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def _was_moved(self):
        if self.above is not None:
            return self.above._was_moved()
        return self.is_locked and not (self.path / LOCK).exists()

    def names(self, below):
        """Names of the files in a folder below, sorted; "" is this folder."""
        try:
            entries = sorted(p.name for p in (self.path / below).iterdir() if p.is_file())
        except (FileNotFoundError, NotADirectoryError):
            return []
        return entries

    def remove(self, name):
        (self.path / name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self):
        """Keep others from writing here at the same time; a lock dies with its process."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / LOCK).open("w") as file:
            try:
                _lock(file)
            except OSError:
                raise SweepError(
                    f"{self.name}: another sweep is writing here; wait for it or choose another"
                ) from None
            self.is_locked = True
            try:
                yield
            finally:
                self.is_locked = False


class Remote:
    """A folder in an object store, through fsspec; a file appears when it is closed."""

    def __init__(self, url):
        try:
            import fsspec
        except ImportError:
            raise SweepError(f"{url}: needs fsspec; pip install 'tiercurve[cluster]'") from None
        self.name = url
        try:
            self.files, self.root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise SweepError(f"{url}: {str(error).splitlines()[0]}") from None

    def below(self, name):
        """A folder in this one."""
        return Remote(f"{self.name.rstrip('/')}/{name}")

    def exists(self):
        return self.files.exists(self.root)

    def read(self, name):
        return self.files.cat_file(f"{self.root}/{name}")

    def write(self, name, data):
        self.files.makedirs(f"{self.root}/{name}".rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(f"{self.root}/{name}", bytes(data))

    def names(self, below):
        self.files.invalidate_cache()
        try:
            entries = self.files.ls(f"{self.root}/{below}".rstrip("/"), detail=True)
        except FileNotFoundError:
            return []
        return sorted(f["name"].rpartition("/")[2] for f in entries if f["type"] == "file")

    def remove(self, name):
        self.files.rm_file(f"{self.root}/{name}")

    @contextlib.contextmanager
    def locked(self):
        """Object stores have no locks: one sweep at a time is up to the person."""
        yield


def _lock(file):
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
