"""A sweep against a reference tells of each point what `compare` tells, and survives kills."""

import json
import os
import random
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from test_sweep import killed_sweep

import sim
from sim.analysis import paired
from sim.engine import metrics

LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")
WEEK = {
    "team": {"novice": 0, "intermediate": 1, "expert": 0}, "horizon.weeks": 1, "domains": {},
    "money.currency": "EUR", "money.tool_per_person_month": 90.0,
    **{f"money.engineer.{level}": 40.0 + 15.0 * place for place, level in enumerate(LEVELS)},
}  # fmt: skip
BACKLOG = {"tasks.backlog": 12, "answer.metric": "done_by", "answer.by_week": 2, "horizon.weeks": 4}
MIX = {"team.novice": [0, 1, 2], "team.expert": [0, 1]}
SMALL = {"draws": 8, "luck": 2, "chunk": 20}
COLUMNS = list(paired.COLUMNS)


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace(WEEK)


@pytest.fixture(scope="module")
def reference(plan):
    return plan.replace({"team.beginner": 1})


def told_by_compare(reference, point, names, **design):
    """Rows of `compare` of one point: DataFrame."""
    comparison = sim.compare({"reference": reference, "point": point}, **design, threads=1)
    return comparison.summary_of(*names).reset_index()


def assert_told_as_by_compare(sweep, reference, numbers, names, **design):
    table = sweep.differences(*names)
    for number in numbers:
        rows = table[table["point"] == number].reset_index(drop=True)
        alone = told_by_compare(reference, sweep.scenario_of(number), names, **design)
        assert rows["metric"].tolist() == alone["metric"].tolist() == list(names)
        pd.testing.assert_frame_equal(rows[COLUMNS], alone[COLUMNS], check_exact=True)


@pytest.mark.parametrize("asked", [{}, BACKLOG], ids=["saturated", "backlog"])
def test_the_differences_of_a_point_are_those_of_compare_to_the_bit(
    plan, reference, asked, tmp_path
):
    plan, reference = (each.replace(asked) for each in (plan, reference))
    sweep = sim.sweep(plan, MIX, tmp_path / "mix", against=reference, **SMALL)
    design = {"draws": 8, "luck": 2}
    assert_told_as_by_compare(sweep, reference, range(6), metrics.NAMES, **design)
    values = sweep.differences(sweep.metric)[COLUMNS].to_numpy()
    assert len(np.unique(values, axis=0)) > 1


def test_points_have_the_rows_of_a_sweep_without_a_reference(plan, reference, tmp_path):
    alone = sim.sweep(plan, MIX, tmp_path / "alone", **SMALL)
    sweep = sim.sweep(plan, MIX, tmp_path / "mix", against=reference, **SMALL)
    pd.testing.assert_frame_equal(sweep.frame, alone.frame)


def test_worlds_of_the_reference_run_once_and_are_those_of_its_run(plan, reference, tmp_path):
    sweep = sim.sweep(plan, MIX, tmp_path / "mix", against=reference, **SMALL)
    stored = pd.read_parquet(tmp_path / "mix" / "against" / "rows")
    assert len(stored) == 8 * 2
    alone = sim.run(reference, draws=8, luck=2).replications
    pd.testing.assert_frame_equal(sweep.against.frame[alone.columns], alone, check_dtype=False)


# ---- killed and gone on with --------------------------------------------------------------------

SCRIPT = """
import os, sys, sim
plan = sim.load("baseline").replace({changes})
reference = plan.replace({{"team.beginner": 1}})
sim.run(plan, draws=2, luck=1, threads=1)
import sim.experiments.sweep
shares = [i / 1000 for i in range({points})]
for path in sys.stdin:
    child = os.fork()
    if child == 0:
        asked = {{"draws": 50, "luck": 2, "chunk": 100, "against": reference}}
        sim.sweep(plan, {{"tasks.advanced_share": shares}}, path.strip(), **asked)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


@pytest.mark.parametrize("points", [12, pytest.param(200, marks=pytest.mark.long)])
def test_a_killed_sweep_goes_on_to_the_bit_and_tells_what_compare_tells(
    points, plan, reference, tmp_path
):
    shares = {"tasks.advanced_share": [i / 1000 for i in range(points)]}
    asked = {"draws": 50, "luck": 2, "chunk": 100, "against": reference}
    whole = sim.sweep(plan, shares, tmp_path / "whole", **asked)
    out, luck, killed = tmp_path / "killed", random.Random(3), 0
    words = [sys.executable, "-c", SCRIPT.format(changes=WEEK, points=points)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(words, env=alone, **pipes) as parent:
        for _ in range(max(2, points // 25)):
            killed += killed_sweep(parent, out, luck.uniform(0, 0.004))
        parent.stdin.close()
    assert killed
    ended = sim.sweep(plan, shares, out, **asked)
    pd.testing.assert_frame_equal(ended.frame, whole.frame)
    pd.testing.assert_frame_equal(ended.against.frame, whole.against.frame)
    for name in ("work_delivered", "extra_cost"):
        pd.testing.assert_frame_equal(ended.differences(name), whole.differences(name))
        assert_told_as_by_compare(ended, reference, range(points), [name], draws=50, luck=2)


# ---- whose rows they are ------------------------------------------------------------------------


@pytest.mark.parametrize("there", ["no reference", "another"])
def test_chunks_of_a_sweep_against_nothing_or_something_else_are_foreign(
    there, plan, reference, tmp_path
):
    given = {} if there == "no reference" else {"against": plan.replace({"team.expert": 3})}
    sim.sweep(plan, MIX, tmp_path / "other", **given, **SMALL)
    mine = sim.sweep(plan, MIX, tmp_path / "mine", against=reference, **SMALL)
    for path in (tmp_path / "other" / "rows").iterdir():
        shutil.copy(path, tmp_path / "mine" / "rows")
    with pytest.warns(sim.errors.SweepWarning, match="left aside, for it is of another sweep"):
        again = sim.sweep(plan, MIX, tmp_path / "mine", against=reference, **SMALL)
    pd.testing.assert_frame_equal(again.frame, mine.frame)
    with pytest.raises(sim.SweepError, match=r"\A[^\n]*holds a sweep [^\n]*reference[^\n]*\Z"):
        sim.sweep(plan, MIX, tmp_path / "other", against=reference, **SMALL)
    with pytest.raises(sim.SweepError, match=r"\A[^\n]*holds a sweep [^\n]*reference[^\n]*\Z"):
        sim.sweep(plan, MIX, tmp_path / "mine", **SMALL)


def test_a_sweep_without_a_reference_has_the_identity_it_had(plan, tmp_path):
    """So that stores of before references go on."""
    with pytest.raises(sim.ScenarioError):
        sim.sweep(plan, MIX, tmp_path / "none", against="nobody", **SMALL)
    sweep = sim.sweep(plan, MIX, tmp_path / "mix", against=None, **SMALL)
    assert sweep.against is None
    assert "against" not in json.loads((tmp_path / "mix" / "manifest.json").read_text())
