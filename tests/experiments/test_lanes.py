"""Lanes of one world tell its stretches whole, week by week, and the world is a middling one."""

import dataclasses

import pandas as pd
import pytest

import sim
from sim.experiments import lanes

PEOPLE = ["novice-level engineer 1", "expert-level engineer 1"]
STRETCHES = pd.DataFrame(
    [(0.0, 10.0, PEOPLE[0], "agent"), (30.0, 90.0, PEOPLE[0], "manual"),
     (40.0, 60.0, PEOPLE[1], "review"), (60.0, 65.0, PEOPLE[1], "idle")],
    columns=["start_hours", "end_hours", "developer", "activity"],
)  # fmt: skip


def test_a_stretch_is_parted_at_the_ends_of_weeks():
    table = lanes.by_week(STRETCHES, PEOPLE, 3).set_index(["person", "activity", "week"])["share"]
    table = table.sort_index()
    assert table[PEOPLE[0], "agent"].tolist() == [10 / 40, 0, 0]
    assert table[PEOPLE[0], "manual"].tolist() == [10 / 40, 1, 10 / 40]
    assert table[PEOPLE[1], "review"].tolist() == [0, 20 / 40, 0]
    assert table.sum() == pytest.approx(90 / 40)


@pytest.fixture(scope="module")
def run():
    return sim.run(sim.load("baseline").replace({"horizon.weeks": 6}), draws=9, luck=2, seed=5)


def test_lanes_hold_all_hours_of_the_stretches_of_the_worlds_trace(run):
    table, (draw, luck) = lanes.lanes(run)
    stretches = sim.trace(run.scenario, seed=5, draw=draw, luck=luck)
    clock = (stretches["end_hours"] - stretches["start_hours"]).sum()
    assert 40 * table["share"].sum() == pytest.approx(clock)
    assert table.groupby(["person", "week"])["share"].sum().max() <= 1 + 1e-9
    assert table["person"].nunique() == run.scenario.headcount


def test_the_world_is_nearest_to_the_median_of_work_delivered(run):
    rows = run.replications.set_index(["draw", "luck"])["work_delivered"]
    far = (rows - rows.median()).abs()
    assert far[lanes.middling(run)] == far.min()


def test_a_run_made_by_other_rules_is_refused_in_one_line(run):
    other = dataclasses.replace(run, provenance=run.provenance | {"engine_sources": "older"})
    with pytest.raises(sim.RunError, match="made with other rules of the engine"):
        other.plot("swimlanes")
