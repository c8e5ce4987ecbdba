"""What the README of the engine says of adding to it is so: its example runs, in its files."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = "sim/engine"
README = (ROOT / "sim" / "engine" / "README.md").read_text(encoding="utf-8")
# What there is to add, how many files it touches, and the changes to them.
SECTIONS = re.findall(
    r"^### An? ([a-z ]+): (\d) files?\n(.*?)(?=^##)", README, re.MULTILINE | re.DOTALL
)
COUNTS = {"activity": 3, "metric": 2, "weekly flow": 2, "lever": 3, "parameter": 2}
CODE = """
import json, sys
sys.path.insert(0, {tests!r})
import worlds
from sim import parameters
from sim.engine import metrics, state
from sim.scenario import tables
from sim.validation import laws
from sim.validation.worlds import plan, run, run_mesa
team = {{"novice": 2, "intermediate": 2, "expert": 1}}
small = {{"horizon": {{"weeks": 8}}, "team": team, "tasks": {{"arrivals_per_week": 6.0}}}}
plans = [plan(**small), plan(**small, policy={{"pairing": False}})]
plans += [plan(**small, world={{"pairing_learning": share}}) for share in (0.0, 1.0)]
plans += [worlds.any_scenario(worlds.picker(n)) for n in range(4)]
rows = []
for number, one in enumerate(plans):
    end, other = run(one, 3), run_mesa(one, 3)
    assert worlds.differences(end, other) == [], number
    assert laws.hours_lost(end) < 1e-6 and laws.tasks_lost(end) == 0 and laws.urgent_gap(end) == 0
    assert laws.littles_gap(end) < 1e-6 and laws.work_gap(end) < 1e-9
    stretches = end.trace[end.trace["activity"] == state.ACTIVITIES.index("pairing")]
    weekly = dict(zip(metrics.FLOWS, end.weekly.sum(axis=0).tolist()))
    rows.append({{
        "hours": end.metrics["hours_pairing"],
        "weekly_hours": weekly["hours_pairing"],
        "traced_hours": float(stretches["hours"].sum()),
        "traced": len(stretches),
        "begun": weekly["pairings"],
        "people": len(end.developers),
        "level": end.metrics["expertise_mean_end"],
        "reviews": end.metrics["reviews_per_submission"],
    }})
print(json.dumps(rows))
"""


def changes(text):
    """The changes of a section: pairs of a file and a diff."""
    return re.findall(r"^```diff (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def changed(text, change):
    """A source with a change of the README made: its context occurs once."""
    lines = change.splitlines(keepends=True)
    before, after = (
        "".join(line[1:] or "\n" for line in lines if line[:1] != mark) for mark in ("+", "-")
    )
    assert text.count(before) == 1, before
    return text.replace(before, after)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """What small worlds leave of a copy of the package in which people pair, uncompiled."""
    folder = tmp_path_factory.mktemp("package")
    for name in ("sim", "scenarios", "calibration"):
        shutil.copytree(ROOT / name, folder / name)
    for _, _, text in SECTIONS:
        for path, change in changes(text):
            source = folder / path
            source.write_text(changed(source.read_text(encoding="utf-8"), change), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(tests=str(ROOT / "tests"))],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_all_kinds_are_shown_with_the_files_they_touch():
    stated = {kind: int(count) for kind, count, _ in SECTIONS}
    assert stated == COUNTS
    for kind, _, text in SECTIONS:
        assert len({path for path, _ in changes(text)}) == stated[kind], kind


@pytest.mark.parametrize(
    ("kind", "word", "files"),
    [
        (
            "activity",
            "MENTORING",
            [f"{ENGINE}/{f}.py" for f in ("state", "activities", "choosing")],
        ),
        ("metric", "work_delivered", [f"{ENGINE}/metrics.py", f"{ENGINE}/measuring.py"]),
        ("weekly flow", "SUBMISSIONS", [f"{ENGINE}/state.py", f"{ENGINE}/outcomes.py"]),
        (
            "lever",
            "adjacent_by_hand",
            ["sim/scenario/tables.py", "scenarios/baseline.toml", f"{ENGINE}/choosing.py"],
        ),
        ("parameter", "partial_share", ["calibration/register.toml", f"{ENGINE}/outcomes.py"]),
    ],
)
def test_what_there_is_already_stands_in_as_many_files_of_its_kind(kind, word, files):
    assert len(files) == COUNTS[kind]
    for path in files:
        assert re.search(rf"\b{word}\b", (ROOT / path).read_text(encoding="utf-8")), path


def test_people_pair_and_hours_still_add_up(rows):
    """The hours booked are those of the stretches, but for what the horizon or a leaver cut."""
    assert rows[0]["hours"] > 10
    for row in rows:
        assert row["hours"] == pytest.approx(row["weekly_hours"])
        assert row["traced_hours"] <= row["hours"] + 1e-9
        assert row["traced"] <= row["begun"]
        assert row["hours"] <= row["begun"] + 1e-9  # an hour each at most


def test_the_lever_switches_pairing_off_and_the_parameter_says_what_it_teaches(rows):
    on, off, nothing, everything = rows[:4]
    assert off["hours"] == off["begun"] == 0 < on["begun"]
    assert nothing["level"] < everything["level"]
    assert on["reviews"] > 0
