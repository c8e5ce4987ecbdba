"""Words that look like a person's name are doubted, and words of packaged plans are not."""

import pytest

import sim
from sim.scenario import persons


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Can Anna Schmidt be replaced?", ["Anna Schmidt"]),
        ("Anna Schmidt leaves: what then?", ["Anna Schmidt"]),
        ("Should Maria García-López be trained?", ["Maria García-López"]),
        ("Will Dr. Weber stay?", ["Dr. Weber"]),
        ("ask anna@example.com or @anna", ["anna@example.com", "@anna"]),
        ("What if Anna leaves in March?", []),
        ("Will the backlog be done by June? Nobody knows.", []),
        ("What Do Three Novices Add To Us?", []),
        ("Does Claude Code pay beside GitHub Copilot?", []),
        ("Does the API of the CRUD app hold?", []),
    ],
)
def test_names_are_told_from_other_words_by_their_capitals(text, names):
    assert persons.names(text) == names


def test_a_single_word_is_taken_for_a_name_only_where_a_row_holds_one_person():
    leaver = {"count": 1, "level": "expert", "role": "engineer", "week": 4}
    plan = sim.load("baseline").replace({"question": "What if Anna leaves in March?"})
    assert persons.of_plan(plan) == ()
    (line,) = persons.of_plan(plan.replace({"leavers": [leaver]}))
    assert line.startswith("question: 'Anna' may be a person's name (a guess")
    assert "2 December 2027" in line
    assert line in plan.replace({"leavers": [leaver]}).doubts
    assert persons.of_plan(plan.replace({"leavers": [leaver | {"count": 2}]})) == ()


def test_packaged_plans_name_nobody():
    plans = [sim.load(name) for name, _, where in sim.available() if where == "package"]
    assert plans
    assert [persons.of_plan(plan) for plan in plans] == [()] * len(plans)
