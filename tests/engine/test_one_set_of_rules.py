"""The rules are written once: the same uncompiled, and a change reaches both clocks."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import worlds

ROOT = Path(__file__).parents[2]
CODE = """
import json, sys
sys.path.insert(0, {tests!r})
import worlds
found = []
for number in {numbers}:
    plan = worlds.any_scenario(worlds.picker(number))
    one = worlds.run(plan, 3, number, 1)
    other = worlds.run_mesa(plan, 3, number, 1)
    assert worlds.differences(one, other) == [], number
    found.append([x.hex() for x in (*one.row.tolist(), *one.weekly.ravel().tolist())])
print(json.dumps(found))
"""


CHANGED = (20, 30, 31)  # scenarios of few tasks in which every change below is seen


def compiled(number):
    """Metrics and weekly flows of a random scenario, on the compiled clock of this package."""
    end = worlds.run(worlds.any_scenario(worlds.picker(number)), 3, number, 1)
    return np.concatenate([end.row, end.weekly.ravel()])


def uncompiled(root, numbers=tuple(range(32))):
    """Metrics and weekly flows of random scenarios, on both clocks of the package under `root`."""
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(tests=str(ROOT / "tests"), numbers=list(numbers))],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [np.array([float.fromhex(x) for x in row]) for row in json.loads(done.stdout)]


def test_uncompiled_rules_give_the_same_numbers_to_the_last_bit():
    for number, found in enumerate(uncompiled(ROOT)):
        assert np.array_equal(compiled(number), found, equal_nan=True)


@pytest.mark.parametrize(
    ("module", "rule", "changed"),
    [
        ("odds.py", "hours * d.hand_factor[t.domain] * noise * known", "2.0 * hours * noise"),
        ("choosing.py", "return 1 if t.kind == FIX else 2", "return 2"),
        ("outcomes.py", "w.rework_share * size", "0.5 * w.rework_share * size"),
    ],
)
def test_a_change_to_one_rule_changes_both_clocks(module, rule, changed, tmp_path):
    for package in ("sim", "scenarios", "calibration"):
        shutil.copytree(ROOT / package, tmp_path / package)
    path = tmp_path / "sim" / "engine" / module
    text = path.read_text(encoding="utf-8")
    assert text.count(rule) == 1
    path.write_text(text.replace(rule, changed), encoding="utf-8")
    before = map(compiled, CHANGED)  # to the last bit what they are uncompiled, as shown above
    differ = [
        not np.array_equal(one, two, equal_nan=True)
        for one, two in zip(before, uncompiled(tmp_path, CHANGED), strict=True)
    ]
    assert any(differ)
