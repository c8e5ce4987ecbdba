"""Rows kept as arrays are the same rows as a table."""

import dataclasses
import subprocess
import sys

import numpy as np

import sim
from sim.experiments import cubes

PANDAS = "import sys, sim; sim.run('platform-team', 2, 1).text(); print('pandas' in sys.modules)"


def test_a_table_numbers_the_rows_of_its_cube():
    values = np.arange(24.0).reshape(2, 3, 2, 2)
    cube = cubes.Cube(values, ("a", "b"), {"draw": 0, "luck": 0, "week": 1})
    frame = cube.frame()
    assert list(frame) == ["draw", "luck", "week", "a", "b"]
    for row in frame.itertuples():
        assert list(values[row.draw, row.luck, row.week - 1]) == [row.a, row.b]
    assert list(cube.column("b")) == list(frame["b"])


def test_a_run_reads_the_same_from_its_arrays_and_from_its_tables():
    run = sim.run(sim.load("platform-team").replace({"horizon.weeks": 4}), draws=3, luck=2)
    values, drawn = run.values("work_delivered", "sessions"), run.drawn
    assert isinstance(vars(run)["replications"], cubes.Cube)  # nothing asked for a table so far
    from_tables = dataclasses.replace(run)
    assert not isinstance(vars(from_tables)["replications"], cubes.Cube)
    np.testing.assert_array_equal(from_tables.values("work_delivered", "sessions"), values)
    assert from_tables.drawn.keys() == drawn.keys()
    assert all(np.array_equal(from_tables.drawn[name], drawn[name]) for name in drawn)
    assert len(run.weekly) == 3 * 2 * 4
    assert list(run.parameters) == ["draw", *drawn]


def test_the_first_screen_of_a_run_needs_no_pandas():
    """It takes a third of a second to import, and the screen shows none of its tables."""
    done = subprocess.run([sys.executable, "-c", PANDAS], check=True, capture_output=True)
    assert done.stdout.split()[-1] == b"False"
