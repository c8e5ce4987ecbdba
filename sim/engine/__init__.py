"""The engine: luck, curves, state, rules, two clocks and the metrics they share.

numba keeps compiled functions on disk, but it does not notice a change in a
function imported from another file. The cache folder is therefore named by a
hash of every source file of the engine: other sources, another folder.
"""

import hashlib
import os
from pathlib import Path

import numba
import numpy as np
import platformdirs

from sim import compile_cache
from sim.engine.compiler import decorator

_HERE = Path(__file__).parent


def source_hash():
    """Hash of the engine's sources, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(_HERE.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder():
    """Folder that holds the compiled code of exactly these sources."""
    base = os.environ.get("TIERCURVE_CACHE") or platformdirs.user_cache_dir("tiercurve")
    return Path(base) / "compiled" / source_hash()


def is_compiled():
    """Whether an earlier run has left the compiled clock for these files, Python and numba.

    numba keeps what it compiles by the place and the time of a source file and by its own version
    and Python's, so what another environment has left is of no use here.
    """
    from sim.engine import clock  # late: it is made of what stands here

    if not _KEPT:
        return bool(numba.config.DISABLE_JIT)
    cache = getattr(clock.batch, "_cache", None)
    index = getattr(getattr(cache, "_cache_file", None), "_load_index", None)
    if index is None:  # rules that run uncompiled, or another numba
        return numba.config.DISABLE_JIT or any(cache_folder().rglob("clock.batch-*.nbi"))
    return bool(index())


numba.config.CACHE_DIR = str(cache_folder())
_KEPT = not numba.config.DISABLE_JIT and compile_cache.usable(cache_folder())

# Rules make no arrays, and are compiled without counting references to those they are given: the
# counts are atomic, and cost more than all the rest. No rule divides by zero, and none checks.
_OPTIONS = {"nogil": True, "error_model": "numpy"}
compiled = decorator(_KEPT, **_OPTIONS, _nrt=False)
inlined = decorator(_KEPT, **_OPTIONS, _nrt=False, forceinline=True)  # small, or called once
compiled_with_arrays = decorator(_KEPT, **_OPTIONS)


@inlined
def row(rows, i):
    """Row i of an array, i >= 0; numba would first ask whether i counts from the end.

    For what every event does.
    """
    return rows[np.uint64(i)]
