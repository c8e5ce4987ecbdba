"""Writes curve sets: joint draws that the engine reads, with what is needed to make them again."""

import hashlib
import json
import os
from importlib import metadata
from pathlib import Path

import numpy as np

from calibration.model import FITTED
from sim.engine import curves

ROWS = 400  # joint draws in a set
DIGITS = 6  # significant, in the file
DATE, WINDOW_MONTHS = "2026-01", 3.5  # middle of the study's window, October 2025 to April 2026
HERE = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "emcee")
COLUMNS = (*curves.RATES, *FITTED)


class CurveSetError(ValueError):
    """A curve set that cannot be written: one line."""


def central(rows):
    """The row for runs without uncertainty: means of rates on the logit scale, else medians."""
    size = len(curves.RATES)
    rates = rows[:, :size]
    logits = np.log(rates / (1 - rates)).mean(axis=0)
    return np.concatenate([1 / (1 + np.exp(-logits)), np.median(rows[:, size:], axis=0)])


def plain(name, rows, caveats, provenance, columns=COLUMNS, centre=None):
    """A curve set as plain data. rows : (n, columns), equally likely joint draws"""
    centre = central(rows) if centre is None else centre
    return {
        "name": name,
        "date": DATE,
        "window_months": WINDOW_MONTHS,
        "caveats": list(caveats),
        "columns": list(columns),
        "central": _rounded(centre),
        "draws": [_rounded(row) for row in rows],
        "provenance": provenance,
    }


def _rounded(row):
    return [float(f"{value:.{DIGITS}g}") for value in row]


def write(path, data):
    """Write a set as JSON, a draw a line; whole, or not at all."""
    draws = ",\n".join(json.dumps(row) for row in data["draws"])
    text = json.dumps({**data, "draws": "@"}, indent=1, ensure_ascii=False)
    return write_text(path, text.replace('"@"', f"[\n{draws}\n]") + "\n")


def write_text(path, text):
    """Write a file whole, or not at all."""
    return write_bytes(path, text.encode())


def write_bytes(path, data):
    """Write a file whole, or not at all."""
    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise CurveSetError(f"{path}: cannot be written ({error.strerror or error})") from None
    finally:
        part.unlink(missing_ok=True)
    return path


def provenance(seed, **more):
    """What made a set: data by hash, seed, versions."""
    return {
        **{f"{name}_sha256": sha256(HERE / file) for name, file in (
            ("evidence", "evidence.csv"), ("register", "register.toml"), ("fit", "fit.toml"),
        )},
        "seed": seed,
        "tiercurve": metadata.version("tiercurve"),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        **more,
    }  # fmt: skip


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
