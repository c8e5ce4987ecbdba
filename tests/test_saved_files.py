"""What an earlier version saved loads and checks as it did: see pins/README.md."""

from pathlib import Path

import pytest
from pins import faces
from pins.held import compare

import sim

SAVED = Path(__file__).parent / "pins" / "saved"
FOLDERS = ("result", "comparison", "sensitivity", "decision", "study", "sweep")
# How many numbers each carries, all of which can be made again.
COUNTS = {
    "result": 92, "comparison": 317, "sensitivity": 6, "decision": 4, "sweep": 2, "curves": 95,
}  # fmt: skip
FILES = {
    **{f"{name}.{form}": count for name, count in COUNTS.items() for form in ("png", "svg", "pdf")},
    **{f"deck.{form}": 24 for form in ("pptx", "html", "md")},
    **{name: COUNTS[name] for name in ("result", "comparison", "sensitivity", "decision")},
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_saved_folder_loads_and_gives_its_tables(name):
    record = getattr(sim, f"load_{name}")(SAVED / name)
    compare(f"saved-{name}", faces.summary(record))


@pytest.mark.parametrize("name", FILES)
def test_a_saved_file_checks_as_it_did(name):
    check = sim.check(SAVED / name, threads=1)
    assert check.ok, check.text()
    assert (check.edited, check.altered, check.notes) == ((), (), ())
    assert len(check.numbers) == FILES[name]
    counts = check.counts
    assert counts["identical"] + counts["within 1e-9"] == FILES[name], check.text()
