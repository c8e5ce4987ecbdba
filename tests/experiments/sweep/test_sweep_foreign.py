"""Rows of another sweep are never taken for one's own, and no point is lost by them."""

import io
import json
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim.errors import SweepError, SweepWarning
from sim.experiments.sweep import chunk

ONE = {"team": {"novice": 0, "intermediate": 1, "expert": 0}, "horizon.weeks": 1}
MIX = {"team.novice": [0, 1, 2]}
SMALL = {"draws": 4, "luck": 2, "chunk": 8, "threads": 1}


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace(ONE)


@pytest.fixture(scope="module")
def whole(plan, tmp_path_factory):
    """The folder of a sweep, and its rows."""
    path = tmp_path_factory.mktemp("whole") / "mix"
    return path, sim.sweep(plan, MIX, path, **SMALL).frame


@pytest.fixture
def mine(whole, tmp_path):
    return shutil.copytree(whole[0], tmp_path / "mix")


def rows_of(folder):
    return sorted((folder / "rows").glob("rows-*.parquet"))


def again(plan, folder):
    return sim.sweep(plan, MIX, folder, **SMALL)


OTHERS = {  # what differs -> plan changes, factors, options of the other sweep
    "seed": ({}, MIX, {"seed": 2}),
    "scenario": ({"team.expert": 1}, MIX, {}),
    "factors": ({}, {"team.beginner": [0, 1, 2]}, {}),
    "points": ({}, {"team.novice": [2, 1, 0]}, {}),
    "uncertainty": ({}, MIX, {"uncertainty": "central"}),
    "more points": ({}, {"team.novice": [0, 1, 2, 3, 4]}, {"seed": 3}),
}


@pytest.mark.parametrize("case", OTHERS)
@pytest.mark.parametrize("lost", [False, True])
def test_chunks_of_another_sweep_are_named_and_left_aside(case, lost, plan, whole, mine, tmp_path):
    changes, factors, options = OTHERS[case]
    other = tmp_path / "other"
    sim.sweep(plan.replace(changes) if changes else plan, factors, other, **SMALL | options)
    own, foreign = rows_of(mine), rows_of(other)
    for path in own if lost else ():
        path.unlink()
    for path in foreign:
        shutil.copy(path, mine / "rows")
    with pytest.warns(SweepWarning, match="left aside, for it is of another sweep") as warned:
        found = again(plan, mine)
    # Turned round, the point in the middle is the same in both: its chunk is nobody else's.
    assert any(path.name in str(one.message) for one in warned for path in foreign)
    pd.testing.assert_frame_equal(found.frame, whole[1])
    assert {path.name for path in foreign} <= {path.name for path in rows_of(mine)}  # still there
    with pytest.warns(SweepWarning, match="left aside"):
        pd.testing.assert_frame_equal(sim.load_sweep(mine).frame, whole[1])


def with_notes(path, change):
    """Write a rows file anew with other notes, under the name of its bytes."""
    table = pq.read_table(path)
    notes = json.loads(table.schema.metadata[chunk.META])
    change(notes)
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({chunk.META: json.dumps(notes).encode()}), out)
    new = path.with_name(f"rows-{chunk.hashed(out.getvalue())}.parquet")
    new.write_bytes(out.getvalue())
    return new


def test_worlds_that_two_files_hold_are_dropped_once_and_made_again(plan, whole, mine):
    first, *_ = rows_of(mine)
    with_notes(first, lambda notes: notes.update(seen="twice"))
    with pytest.raises(SweepError, match="hold worlds that others hold too"):
        sim.load_sweep(mine)
    with pytest.warns(SweepWarning, match="1 file was dropped"):
        found = again(plan, mine)
    pd.testing.assert_frame_equal(found.frame, whole[1])
    pd.testing.assert_frame_equal(again(plan, mine).frame, whole[1])  # mended once, for good


def test_worlds_a_dropped_file_held_beside_are_made_again(plan, whole, mine):
    """A file may hold some worlds twice and others alone: none is lost."""
    first, second, *_ = rows_of(mine)

    def claim_both(notes):
        stated = json.loads(pq.read_schema(second).metadata[chunk.META])
        notes["blocks"] += stated["blocks"]
        notes["points"] |= stated["points"]

    with_notes(first, claim_both)
    first.unlink()
    with pytest.warns(SweepWarning, match=r"dropped|altered"):
        found = again(plan, mine)
    pd.testing.assert_frame_equal(found.frame, whole[1])


def test_a_sweep_of_before_chunks_said_whose_they_are_stays_readable(plan, whole, mine):
    for path in rows_of(mine):
        with_notes(path, lambda notes: (notes.pop("sweep"), notes.pop("points")))
        path.unlink()
    before = {path.name for path in rows_of(mine)}
    pd.testing.assert_frame_equal(sim.load_sweep(mine).frame, whole[1])
    pd.testing.assert_frame_equal(again(plan, mine).frame, whole[1])
    assert {path.name for path in rows_of(mine)} == before


def test_rows_are_kept_though_the_points_are_lost(plan, mine):
    before = rows_of(mine)
    (mine / "points.parquet").unlink()
    with pytest.raises(SweepError, match=r"points.parquet is missing.*put it back"):
        again(plan, mine)
    assert rows_of(mine) == before


def test_a_chunk_of_points_that_are_not_there_is_kept(plan, whole, mine, tmp_path):
    """A folder whose list of points was put back from before more were asked for."""
    points = (mine / "points.parquet").read_bytes()
    sim.sweep(plan, {"team.novice": [0, 1, 2, 3]}, mine, **SMALL)
    more = rows_of(mine)
    (mine / "points.parquet").write_bytes(points)
    with pytest.warns(SweepWarning, match="left aside"):
        pd.testing.assert_frame_equal(again(plan, mine).frame, whole[1])
    assert rows_of(mine) == more
