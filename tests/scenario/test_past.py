"""A plan whose days are over is told so to whoever runs it, and in no record."""

from datetime import date

import pytest
from command import tiercurve

import sim
from sim.scenario import past

PLAN = """
question = "When is it done?"
extends = "done-by-march/today"

[horizon]
start = "{start}"

[answer]
metric = "done_by"
by = "{by}"
"""
TODAY = date(2026, 12, 1)


def plan(folder, start, by):
    path = folder / "ours.toml"
    path.write_text(PLAN.format(start=start, by=by), encoding="utf-8")
    return sim.load(path)


@pytest.mark.parametrize(
    ("start", "by", "says"),
    [
        ("2026-08-03", "2026-10-30", "its deadline, 30 October 2026, is past (today is 1 December"),
        ("2026-08-03", "2026-12-30", "it starts on 3 August 2026, which is past"),
        ("2026-11-30", "2026-12-30", None),
        ("2027-01-04", "2027-03-30", None),
        ("2026-08-03", "2026-12-01", "it starts on 3 August 2026"),  # by the end of today
    ],
)
def test_a_deadline_or_a_start_that_is_past_is_told(tmp_path, start, by, says):
    told = past.of_plan(plan(tmp_path, start, by), TODAY)
    assert len(told) == (says is not None)
    assert all(line.startswith(f"ours: {says}") for line in told)


def test_a_run_that_is_over_is_told_and_an_example_of_the_package_is_not(tmp_path):
    path = tmp_path / "old.toml"
    path.write_text('question = "?"\n[horizon]\nstart = "2025-03"\n', encoding="utf-8")
    (told,) = past.of_plan(sim.load(path), TODAY)
    assert told.startswith("old: its run ends on 29 August 2025, which is past")
    assert past.of_plan(sim.load("done-by-march/today"), date(2040, 1, 1)) == ()


def test_a_command_says_it_and_no_record_keeps_it(tmp_path, capsys):
    ours = plan(tmp_path, "2025-08-04", "2025-10-30")
    words = ("run", tmp_path / "ours.toml", "--draws", "2", "--luck", "1", "--json")
    code, shown, said = tiercurve(*words, capsys=capsys)
    assert code == 0
    assert "tiercurve: ours: its deadline, 30 October 2025, is past" in said
    assert "is past" not in shown
    assert not any("is past" in note for note in ours.notes)
