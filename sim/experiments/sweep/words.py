"""Factors and metrics as a person types them on a command line."""

import contextlib

from sim.errors import SweepError
from sim.experiments.sweep import design, result
from sim.records.directions import DIRECTIONS


def asked_factors(vary, points=None):
    """Factors from texts such as "team.novice=0,1,2", or a table's file; None where none is."""
    if vary and points is not None:
        raise SweepError("--vary and --points: state one of them")
    if points is not None:
        return design.table(points)
    found: dict[str, list] = {}
    for text in vary:
        path, equals, values = text.partition("=")
        if not equals or not path.strip():
            raise SweepError(f"--vary {text}: must read PATH=VALUE,VALUE such as team.novice=0,1,2")
        if path.strip() in found:
            raise SweepError(f"--vary {path.strip()}: stated twice")
        found[path.strip()] = [_word(value) for value in values.split(",") if value.strip()]
    return found or None


def _word(text):
    """A value as a person types it: a number or a truth value if it reads so, else a word."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text


def check_metric(name):
    """Refuse a metric that is none before anything runs."""
    result.known(name)
    if not DIRECTIONS[name]:
        raise SweepError(f"{name}: neither more nor less is better, so points cannot be ranked")
