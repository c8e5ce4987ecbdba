"""What an earlier version saved loads and checks as it did: see pins/README.md."""

from pathlib import Path

import pytest
from pins import faces
from pins.held import compare

import sim

SAVED = Path(__file__).parents[1] / "pins" / "saved"
FOLDERS = ("result", "comparison", "sensitivity", "decision", "study", "sweep")
# How many numbers each carries, all of which can be made again.
COUNTS = {
    "result": 92, "comparison": 317, "sensitivity": 6, "decision": 4, "sweep": 2, "curves": 95,
}  # fmt: skip
FILES = {
    **{f"{name}.{form}": count for name, count in COUNTS.items() for form in ("png", "svg", "pdf")},
    **{f"deck.{form}": 24 for form in ("pptx", "html", "md")},
    **{name: COUNTS[name] for name in ("sensitivity", "decision")},
    # A folder makes its claims anew: none without an interval, where 5% of worlds are undefined.
    "result": 90,
    "comparison": 310,
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_saved_folder_loads_and_gives_its_tables(name):
    record = getattr(sim, f"load_{name}")(SAVED / name)
    compare(f"saved-{name}", faces.summary(record))


@pytest.mark.parametrize("name", FILES)
def test_a_saved_file_is_read_whole_and_its_check_names_what_the_rules_have_moved(name):
    """These files were made before work in parts, bounded reviews and the refit of the curves."""
    check = sim.check(SAVED / name, threads=1)
    assert (check.edited, check.altered) == ((), ())
    assert len(check.numbers) == FILES[name]
    counts = check.counts
    moved = sum(counts.values()) - counts["identical"] - counts["within 1e-9"]
    assert moved > 0
    words = ("different", "within simulation error")
    assert any(word in check.text() for word in words)
