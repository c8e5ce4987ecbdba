"""Tickets that wait for another: chains in a backlog."""

import pytest
import worlds

from sim.scenario import load

pytestmark = pytest.mark.xfail(strict=True, reason="tasks.blocked_share is to be built")


def test_a_share_of_nothing_is_no_change_to_the_bit():
    plan = load("done-by-march/today")
    none = plan.replace({"tasks.blocked_share": 0.0, "tasks.chain_length": 9})
    for luck in range(3):
        one, other = worlds.run(plan, luck=luck), worlds.run(none, luck=luck)
        assert set(worlds.differences(one, other)) <= {"world.chain_length"}


def test_a_chain_of_all_tickets_takes_as_long_as_one_person_does():
    """Five experts, 20 tickets of 4 h at 20 h a week each: 4 weeks, as one of them alone."""
    plan = worlds.alone(backlog=20, weeks=8, experts=5)
    chain = plan.replace({"tasks.blocked_share": 0.95, "tasks.chain_length": 20})
    assert worlds.run(plan).metrics["finish_week"] == 0.8
    assert worlds.run(chain).metrics["finish_week"] == pytest.approx(4.0)
