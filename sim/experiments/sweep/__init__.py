"""Sweeps: many points of a scenario, kept in a store that survives being killed."""

from importlib import import_module
from typing import Any

_NAMES = {
    "sweep": "start",
    "Sweep": "result",
    "load_sweep": "result",
    "Replay": "replaying",
    "replay": "replaying",
    "load_study": "study",
    "is_study": "study",
}

__all__ = [*_NAMES, "design"]


def __getattr__(name: str) -> Any:
    # Late, so that a worker process imports only what a chunk needs.
    if name == "design":
        return import_module(f"{__name__}.design")
    if name in _NAMES:
        return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
