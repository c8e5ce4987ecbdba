"""An agent has a price where a plan in dollars states none, said as not the plan's own."""

import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario import prices

SALARY = dict.fromkeys(("novice", "beginner", "intermediate", "advanced", "expert"), 9e4)


def plan(currency="USD", **tool):
    money = {"currency": currency, "salary": {"engineer": SALARY}}
    return sim.Scenario.from_dict({"money": money, **({"tool": tool} if tool else {})}, "mine")


def test_an_agent_in_dollars_costs_what_its_vendor_says_and_the_plan_says_so():
    priced = plan()
    assert priced.money.tool_per_person_month == 13 * 20
    assert sum("13 USD a developer and active day" in note for note in priced.notes) == 1
    assert sim.Scenario(priced.to_dict(), "mine").money == priced.money


def test_no_tool_costs_nothing_and_no_note_is_due():
    without = plan(profile="none")
    assert without.money.tool_per_person_month == 0
    assert not any("USD" in note for note in without.notes)


@pytest.mark.parametrize(
    ("currency", "tool"), [("EUR", {}), ("USD", {"profile": "completion-assistant"})]
)
def test_elsewhere_the_price_is_asked_for_with_what_is_known(currency, tool):
    with pytest.raises(ScenarioError, match=r"tool_per_person_month: missing; state what you pay"):
        plan(currency, **tool)


def test_a_price_that_is_stated_stays():
    stated = plan().replace({"money.tool_per_person_month": 40.0})
    assert stated.money.tool_per_person_month == 40
    assert not any("13 USD" in note for note in stated.notes)
    assert prices.with_price({"currency": "USD", prices.KEY: 1.0}, {"kind": "agentic"})[1] == ()
