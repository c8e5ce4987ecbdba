"""Where compiled code is kept between runs, and what is done where it cannot be.

Whoever can write to that folder can run code as the person who runs the model, so one that belongs
to somebody else, or that others can write to, is not used. Without a folder, or on a full disk,
the model compiles anew each time and says so.
"""

import os
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

UNCACHED = "compiled code is not kept, so each start compiles anew"


class CacheWarning(UserWarning):
    """Compiled code cannot be kept or is not trusted; nothing else changes."""


def usable(folder: Path) -> bool:
    """Whether compiled code may be kept in a folder, made if need be; else CacheWarning says why.

    folder : below another one of ours, in the place for caches
    """
    try:
        for ours in (folder.parent.parent, folder.parent, folder):  # whatever the umask allows
            ours.mkdir(parents=True, exist_ok=True, mode=0o700)
        fault = next(filter(None, map(_fault, (folder, folder.parent))), "")
        fault = fault or _fault(folder.parent.parent, shared=True)
        if not fault and not os.access(folder, os.W_OK):
            fault = f"{folder} cannot be written to"
    except OSError as error:
        fault = f"{folder}: {error.strerror or error}"
    if fault:
        say(fault)
    return not fault


def _fault(folder: Path, shared: bool = False) -> str:
    """Why a folder is not trusted, or "".

    shared : whether anybody may make files there, if nobody can replace those of others
    """
    if not hasattr(os, "geteuid"):
        return ""
    about = folder.stat()
    if about.st_uid not in (os.geteuid(), 0):
        return f"{folder} belongs to another user"
    own_group = about.st_gid == os.getegid()
    writable = stat.S_IWOTH if own_group else stat.S_IWOTH | stat.S_IWGRP
    if about.st_mode & writable and not (shared and about.st_mode & stat.S_ISVTX):
        return f"{folder} can be written to by others"
    return ""


def say(fault: str) -> None:
    """Say once why compiled code is not kept, and what would do."""
    mend = "set TIERCURVE_CACHE to a folder of your own with room in it"
    warnings.warn(f"{fault}: {UNCACHED}; {mend}", CacheWarning, stacklevel=3)


def forgive(dispatcher: Any) -> Any:
    """Let a compiled function of numba go on where its code cannot be kept; that function."""
    cache: Any = getattr(dispatcher, "_cache", None)
    if hasattr(cache, "_cache_file"):  # it keeps anything at all
        cache.save_overload = _tried(cache, cache.save_overload)
        cache.load_overload = _tried(cache, cache.load_overload)
    return dispatcher


def _tried(cache: Any, method: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        try:
            return method(*arguments)
        except OSError as error:
            cache.disable()
            say(f"the folder of compiled code: {error.strerror or error}")
            return None

    return call
