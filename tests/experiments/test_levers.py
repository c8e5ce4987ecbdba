"""What one plan changes against another is told in words, each lever once and none as a dict."""

import pytest

import sim
from sim.experiments import levers, terms

PLAN = sim.load("baseline")
EXPERT = {"count": 1, "level": "expert", "role": "engineer", "week": 6}
SALARY = dict.fromkeys(("novice", "beginner", "intermediate", "advanced", "expert"), 6e4)
MONEY = {"currency": "EUR", "tool_per_person_month": 100.0, "salary": {"engineer": SALARY}}
CHANGES = [
    ({"team.expert": 3}, ("expert engineers: 2 → 3",)),
    ({"team.adjacent.novice": 2}, ("novice people in adjacent roles: 0 → 2",)),
    ({"joiners": [EXPERT]}, ("one expert engineer more, the seat open from week 6",)),
    (
        {"joiners": [EXPERT | {"count": 2, "weeks_to_fill": 8.0, "hours_per_week": 20.0}]},
        (
            "2 expert engineers more, the seat open from week 6 and filled 8 weeks later, "
            "20 h a week",
        ),
    ),
    (
        {"leavers": [{"count": 1, "level": "novice", "role": "engineer", "week": 4}]},
        ("one novice engineer less from week 4",),
    ),
    (
        {"people": [{"count": 1, "level": ["novice", 3.5], "role": "adjacent"}]},
        ("one novice to level 3.5 person in an adjacent role more",),
    ),
    (
        {"training.seats": 2, "training.from_level": "beginner"},
        (
            "2 trained towards intermediate for 8 weeks, 4 h a week each and 2 h a week of a "
            "trainer",
        ),
    ),
    (
        {"rollout": [{"week": 6, "profile": "agent-early-2025", "share": 0.5}]},
        ("tool agent-early-2025 for 5 of 9 people from week 6",),
    ),
    (
        {
            "rollout": [
                {
                    "week": 6,
                    "weeks": 4,
                    "profile": "none",
                    "role": "engineer",
                    "levels": ["novice", "beginner", "advanced"],
                }
            ]
        },
        (
            "tool none for all 2 novice, beginner and advanced-level engineers from week 6 on, "
            "over 4 weeks",
        ),
    ),
    (
        {"freeze": {"releases": ["2026-12-24"]}},
        ("days on which nothing is released: not stated → 24 December 2026",),
    ),
    ({"tasks.advanced_share": 0.5}, ("share of advanced work: 30% → 50%",)),
    (
        {"tasks.advanced_share": {"uniform": [0.25, 0.5]}},
        ("share of advanced work: 30% → 25% to 50%",),
    ),
    ({"policy.review": "none"}, ("work that is reviewed: all → none",)),
    ({"policy.adjacent_by_hand": True}, ("adjacent by hand: no → yes",)),
    ({"horizon.weeks": 30}, ("length of the run: 26 → 30 weeks",)),
    ({"tool.profile": "none"}, ("tool: claude-code-2026 → none",)),
    ({"world.dev_share": 0.4}, ("share of paid hours for development: not stated → 0.4",)),
]


@pytest.mark.parametrize(("changes", "lines"), CHANGES)
def test_a_lever_that_differs_is_told_in_words(changes, lines):
    assert terms.changes(PLAN, PLAN.replace(changes)) == lines


def test_who_no_longer_joins_is_told_too():
    with_joiner = PLAN.replace({"joiners": [EXPERT]})
    (line,) = terms.changes(with_joiner, PLAN)
    assert line == "not: one expert engineer more, the seat open from week 6"


def test_costs_of_a_seat_are_told_in_the_currency_of_the_plan():
    priced = PLAN.replace({"money": MONEY})
    joins = EXPERT | {"hiring_cost": 20_000.0, "count": 2}
    (line,) = terms.changes(priced, priced.replace({"joiners": [joins]}))
    assert line.endswith("from week 6, hired for 20,000 EUR each")


def test_no_lever_of_any_packaged_scenario_is_told_as_a_dict():
    told = [
        line
        for name, _, _ in sim.scenario.available()
        for line in levers.in_words(PLAN, sim.load(name))
    ]
    assert len(told) > 20
    assert not any(set("{}[]'") & set(line) for line in told)


def test_a_table_that_is_new_is_told_by_what_it_changes():
    """Leave and sickness of 0 are as without the table."""
    today = sim.load("baseline")
    holidays = today.replace({"absence.holidays": ["2027-01-06"]})
    assert levers.in_words(today, holidays) == ("holidays: not stated → 6 January 2027",)
    assert levers.in_words(holidays, today) == ("holidays: 6 January 2027 → not stated",)
