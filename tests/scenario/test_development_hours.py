"""Hours of development stated as a calendar has them."""

import pytest

import sim
from sim.errors import ScenarioError

BASE = sim.load("baseline")


def plan(**stated):
    return sim.Scenario.from_dict(stated, "mine")


def test_hours_set_the_share_of_a_full_week():
    assert plan(development_hours_per_week=14).world["dev_share"].numbers == (0.35,)
    ends = plan(development_hours_per_week=[12, 16]).world["dev_share"]
    assert (ends.shape, ends.numbers) == ("uniform", (0.3, 0.4))


def test_a_change_states_them_over_what_was_stated_before():
    first = BASE.replace({"world.dev_share": 0.5})
    assert first.replace({"development_hours_per_week": 10}).world["dev_share"].numbers == (0.25,)
    again = BASE.replace({"development_hours_per_week": 10}).replace({"world.dev_share": 0.5})
    assert again.world["dev_share"].numbers == (0.5,)


def test_a_file_may_say_them_and_what_it_writes_says_the_share(tmp_path):
    (tmp_path / "a.toml").write_text("development_hours_per_week = [13, 15]\n", encoding="utf-8")
    read = sim.load(tmp_path / "a.toml")
    (tmp_path / "b.toml").write_text(read.to_toml(), encoding="utf-8")
    assert sim.load(tmp_path / "b.toml") == read
    assert read == BASE.replace({"question": read.question, "development_hours_per_week": [13, 15]})


@pytest.mark.parametrize(
    "hours", [0, -1, 41, True, "14", None, [15, 13], [1, 2, 3], [], float("nan")]
)
def test_what_is_no_hours_of_a_week_is_refused_in_one_line(hours):
    with pytest.raises(ScenarioError) as fault:
        BASE.replace({"development_hours_per_week": hours})
    assert "must be above 0 and at most 40 hours of a full week" in str(fault.value)
    assert "\n" not in str(fault.value)


def test_hours_and_share_together_are_refused_wherever_they_stand():
    for changes in ({"world.dev_share": 0.3}, {"world": {"dev_share": 0.3}}):
        with pytest.raises(ScenarioError, match="must state either development_hours_per_week or"):
            BASE.replace({"development_hours_per_week": 14} | changes)
    with pytest.raises(ScenarioError, match="must state either development_hours_per_week or"):
        plan(development_hours_per_week=14, world={"dev_share": 0.3})


def test_they_are_told_with_the_other_faults_of_a_file():
    with pytest.raises(ScenarioError) as fault:
        plan(development_hours_per_week=60, team={"novice": -1})
    assert [line.split(":")[1].strip().split(" ")[0] for line in str(fault.value).split("\n")] == [
        "development_hours_per_week", "team.novice",
    ]  # fmt: skip


def test_faults_from_several_readings_of_a_file_are_cut_together():
    world = {f"w{i}": 1 for i in range(15)}
    with pytest.raises(ScenarioError) as fault:
        plan(development_hours_per_week=60, team={f"k{i}": 1 for i in range(15)}, world=world)
    *lines, last = str(fault.value).split("\n")
    assert len(lines) == 20
    assert last == "mine: and 11 faults after these, told when they are mended"


def test_editors_know_the_key():
    properties = sim.scenario.schema()["properties"]
    assert "development_hours_per_week" in properties
