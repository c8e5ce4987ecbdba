"""How much memory a process may take on this machine."""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from sim.files import content

MOST = 100_000  # letters of a file that states a limit
CGROUPS = Path("/sys/fs/cgroup")
LIMITS = {"": "memory.max", "memory": "memory.limit_in_bytes"}  # of version 2, of version 1


@cache
def memory() -> float:
    """Memory that this process may take [bytes]: the machine's, or its container's if that is less.

    Infinite where the system does not say.
    """
    return min([*_machine(), *_container()], default=math.inf)


def _machine() -> Iterator[float]:
    with suppress(AttributeError, ValueError, OSError):  # not on every system
        yield float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


def _container() -> Iterator[float]:
    """Limits of the control groups that this process is in, and of those above them."""
    with suppress(ValueError, OSError):
        for line in content(Path("/proc/self/cgroup"), MOST).decode().splitlines():
            _, kinds, inside = line.split(":", 2)
            for kind in {"", "memory"} & set(kinds.split(",")):
                own = Path(inside.lstrip("/"))
                for place in (own, *own.parents):
                    yield from _limit(CGROUPS / kind / place / LIMITS[kind])


def _limit(path: Path) -> Iterator[float]:
    with suppress(ValueError, OSError):  # no such file, or "max"
        yield float(int(content(path, MOST)))
