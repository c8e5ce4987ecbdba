"""A state of the page's controls gives the plans it says, or one line of what is wrong."""

import math

import pytest

import sim
from sim.errors import PlannerError, ScenarioError
from sim.planning.controls import MOST_PEOPLE, controls_of
from sim.planning.desk import Desk
from sim.planning.plans import plans

NAMES = [name for name, *_ in sim.available()]


@pytest.fixture(scope="module")
def base():
    return sim.load("done-by-march/today")


@pytest.mark.parametrize("name", NAMES)
def test_a_state_in_which_nothing_was_moved_is_the_scenario(name):
    scenario = sim.load(name)
    today, plan = plans(scenario, {})
    assert today == scenario
    assert plan == scenario


@pytest.mark.parametrize("name", NAMES)
def test_every_control_has_a_label_a_source_and_a_value_within_its_range(name):
    for control in controls_of(sim.load(name)).values():
        assert control.label
        assert control.source
        if control.choices is not None:
            assert control.value in control.choices
        else:
            values = control.value if isinstance(control.value, list) else [control.value]
            assert all(control.low <= value <= control.high for value in values), control
            assert control.unit


def fault_of(scenario, state):
    """The line that refuses a state; nothing where it gives plans."""
    try:
        plans(scenario, state)
    except (PlannerError, ScenarioError) as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", ["done-by-march/today", "two-years", "platform-team"])
def test_every_control_moved_to_either_end_gives_a_plan_or_says_why_not(name):
    scenario = sim.load(name)
    for control in controls_of(scenario).values():
        ends = list(control.choices) if control.choices else [control.low, control.high]
        for end in ends:
            value = [end, end] if control.kind == "pair" else end
            line = fault_of(scenario, {control.id: value})
            assert "\n" not in line
            assert not line or control.kind in ("people", "range"), line


def test_facts_hold_today_and_with_the_plan(base):
    state = {"hours": [12, 14], "deadline": 22, "advanced": 30, "pay.engineer.expert": 120_000}
    for plan in plans(base, state):
        assert plan.world["dev_share"].numbers == (0.3, 0.35)
        assert plan.by_week == 22
        assert plan.tasks.advanced_share == 0.3
        assert plan.money.salary.engineer.expert == 120_000


def test_hours_without_a_range_are_a_number(base):
    (today, _) = plans(base, {"hours": [16, 16]})
    assert today.world["dev_share"].numbers == (0.4,)


def test_who_is_added_joins_and_who_is_taken_away_is_not_there(base):
    state = {"plan.engineer.expert": 2, "plan.engineer.novice": -1, "join": 4, "hiring": 9000}
    today, plan = plans(base, state)
    assert today.team == base.team
    assert (plan.team.expert, plan.team.novice) == (base.team.expert, base.team.novice - 1)
    (row,) = plan.joiners
    assert (row.count, row.level, row.week, row.hiring_cost) == (2, 5.0, 4, 9000.0)


def test_what_the_plan_changes_is_told_against_today(base):
    today, plan = plans(base, {"today.engineer.expert": 1, "plan.engineer.expert": -1})
    assert (today.team.expert, plan.team.expert) == (1, 0)


def test_no_tool_costs_nothing_and_another_is_paid_as_it_was_unless_told(base):
    _, plan = plans(base, {"plan.tool": "none"})
    assert plan.money.tool_per_person_month == 0
    _, plan = plans(base, {"plan.tool": "agent-early-2025"})
    assert plan.money.tool_per_person_month == base.money.tool_per_person_month
    _, plan = plans(base, {"plan.tool": "agent-early-2025", "plan.tool_price": 99})
    assert plan.money.tool_per_person_month == 99


def test_a_deadline_stated_as_a_day_stays_a_day(base):
    levers = base.to_dict()
    levers["answer"] = {"metric": "done_by", "by": "2027-03-26"}
    (today, _) = plans(sim.Scenario(levers, "day"), {"deadline": 21})
    assert today.answer.by == "2027-04-02"


def test_a_training_of_the_plan_is_not_today(base):
    today, plan = plans(base, {"seats": 2, "train_weeks": 6, "train_hours": 5, "seat_price": 100})
    assert today.training.seats == 0
    assert (plan.training.seats, plan.training.weeks) == (2, 6)
    assert (plan.training.hours_per_week, plan.training.cost_per_seat) == (5.0, 100.0)


def test_the_file_of_a_plan_gives_the_plan_back(base, tmp_path):
    state = {"hours": [12, 14], "plan.engineer.expert": 1, "seats": 1, "plan.review": "unverified"}
    for name, plan in zip(("today", "plan"), plans(base, state), strict=True):
        (tmp_path / f"{name}.toml").write_text(plan.to_toml(), encoding="utf-8")
        assert sim.load(tmp_path / f"{name}.toml") == plan


@pytest.mark.parametrize(
    ("state", "line"),
    [
        ([], "must be a table"),
        ({str(i): 1 for i in range(1000)}, "must be a table"),
        ({"week": 3}, "week: no control of this plan; did you mean 'weeks'"),
        ({"x" * 5000: 3}, "no control of this plan"),
        ({"weeks": "30"}, "Weeks simulated: '30': must be a number"),
        ({"weeks": True}, "Weeks simulated: True: must be a number"),
        ({"weeks": None}, "must be a number"),
        ({"weeks": 2.5}, "Weeks simulated: 2.5: must be whole, in weeks"),
        ({"weeks": 10**400}, "must be"),
        ({"weeks": math.nan}, "must be"),
        ({"weeks": -math.inf}, "must be"),
        ({"weeks": {"__class__": 1}}, "must be a number"),
        ({"hours": [14]}, "must be [low, high]"),
        ({"hours": [14, 12]}, "must have its lower end first"),
        ({"hours": [0, 14]}, "must be from 2 to 38"),
        ({"today.tool": "../../etc/passwd"}, "must be one of"),
        ({"today.tool": ["none"]}, "must be one of"),
        ({"plan.engineer.novice": -3}, "Novices: 3 fewer of 2: nobody is left to take away"),
        ({"today.engineer.expert": 60}, "66 people: the page takes 60 at most"),
        ({"plan.engineer.expert": 60}, "69 people: the page takes 60 at most"),
        (
            {f"today.engineer.{level}": 0 for level in ("novice", "intermediate", "expert")},
            "nobody is in the team",
        ),
    ],
)
def test_a_state_that_no_control_gives_is_refused_in_one_line(state, line, base):
    with pytest.raises(PlannerError) as error:
        plans(base, state)
    assert line in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def test_a_scenario_too_large_for_the_page_is_refused(base):
    with pytest.raises(PlannerError, match=f"the page takes {MOST_PEOPLE} at most"):
        plans(base.replace({"team.expert": 61}), {})


def test_what_a_plan_states_itself_is_no_assumption_of_others(base):
    controls = controls_of(base)
    for name in ("done_share", "weeks", "advanced"):
        assert controls[name].source == "as the plan's file states it"
    assert controls_of(sim.load("baseline"))["advanced"].source.startswith("assumption")


def test_a_file_of_the_page_names_no_other_plan(base):
    """Its today stands beside it, and a path of one folder leads nowhere from another."""
    asking = base.replace({"answer.against": "done-by-march/hire"})
    assert "against" not in Desk(asking).toml({}, "today")
