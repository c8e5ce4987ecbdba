"""Texts held against those in `expected/`, or written there."""

import difflib
import os
from pathlib import Path

import pytest

EXPECTED = Path(__file__).parent / "expected"
WRITE = os.environ.get("TIERCURVE_PINS") == "write"
MOST_LINES = 60  # of a difference shown


def compare(name, text):
    """Hold a text against its pin; or write the pin, which fails so that it is not left on."""
    path = EXPECTED / f"{name}.txt"
    if WRITE:
        path.write_text(text, encoding="utf-8")
        pytest.fail(f"{path.name} written; run again without TIERCURVE_PINS", False)
    expected = path.read_text(encoding="utf-8")
    if text != expected:
        lines = difflib.unified_diff(
            expected.splitlines(), text.splitlines(), "pinned", "now", lineterm="", n=1
        )
        lines = list(lines)
        more = f"\n... {len(lines) - MOST_LINES} lines more" if len(lines) > MOST_LINES else ""
        pytest.fail(f"{name} is not as pinned:\n" + "\n".join(lines[:MOST_LINES]) + more, False)
