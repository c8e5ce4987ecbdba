"""Tickets that wait for another: chains in a backlog."""

import numpy as np
import pytest
import worlds

from sim.engine import state, tasks
from sim.scenario import load
from sim.validation import laws


def blocked(share, length):
    return {"tasks.blocked_share": share, "tasks.chain_length": length}


def test_a_share_of_nothing_is_no_change_to_the_bit():
    plan = load("done-by-march/today")
    for luck in range(3):
        one, other = worlds.run(plan, luck=luck), worlds.run(plan.replace(blocked(0, 9)), luck=luck)
        assert set(worlds.differences(one, other)) <= {"world.chain_length"}


def test_a_chain_of_all_tickets_takes_as_long_as_one_person_does():
    """Five experts, 20 tickets of 4 h at 20 h a week each: 4 weeks, as one of them alone."""
    plan = worlds.alone(backlog=20, weeks=8, experts=5)
    chain = plan.replace(blocked(0.95, 20))
    assert worlds.run(plan).metrics["finish_week"] == pytest.approx(0.8)
    end = worlds.run(chain)
    assert end.metrics["finish_week"] == pytest.approx(4.0)
    assert end.trace["task"].tolist() == list(range(20))
    assert worlds.differences(end, worlds.run_mesa(chain)) == []


def test_pairs_take_two_rounds_of_half_the_hands():
    """Four experts, eight tickets in four pairs: each pair is two stretches in a row."""
    plan = worlds.alone(backlog=8, weeks=4, experts=4).replace(blocked(0.5, 2))
    end = worlds.run(plan)
    assert end.metrics["finish_week"] == pytest.approx(0.4)
    assert sorted(end.trace["task"][:4]) == [0, 2, 4, 6]
    two = worlds.run(worlds.alone(backlog=8, weeks=4, experts=8).replace(blocked(0.5, 2)))
    assert two.metrics["finish_week"] == pytest.approx(0.4)  # four of eight have nothing to do


@pytest.mark.parametrize(("share", "length"), [(0.3, 2), (0.3, 3), (0.5, 2), (0.9, 10), (0.04, 5)])
def test_the_share_of_tickets_that_wait_is_the_one_stated_in_chains_of_that_length(share, length):
    plan = worlds.alone(backlog=100, weeks=1).replace(blocked(share, length))
    waits = worlds.run(plan).tasks["state"] == state.CHAINED
    whole = round(share * 100 / (length - 1)) * (length - 1)
    world = worlds.run(plan).world
    first = np.array([tasks.is_chained(world, number) for number in range(100)])
    assert first.sum() == whole
    assert waits.sum() <= whole
    runs = "".join("x" if one else "." for one in first).replace(".", " ").split()
    assert {len(run) for run in runs} <= {length - 1}


def test_what_is_begun_waits_for_nothing():
    plan = worlds.alone(backlog=20, weeks=8, experts=9).replace(blocked(0.5, 2))
    now = plan.replace({"now": {"open": 20, "in_hand": 9}})
    end = worlds.run(now)
    assert (end.trace["start_hours"][:9] == 0.0).all()
    assert worlds.differences(end, worlds.run_mesa(now)) == []


@pytest.mark.parametrize("name", ["done-by-march/today", "running-project", "backlog-deadline"])
def test_tickets_are_conserved_where_some_wait_whatever_is_split_or_given_up(name):
    change = {"policy.split_hours": 4.0, "team": {"novice": 3, "expert": 2}}
    plan = load(name).replace(blocked(0.6, 4) | change)
    for luck in range(3):
        end = worlds.run(plan, luck=luck)
        for law, (measure, allowed) in laws.LAWS.items():
            assert abs(measure(end)) <= allowed, law
    assert worlds.differences(worlds.run(plan), worlds.run_mesa(plan)) == []


def test_parallel_hands_are_a_bound_and_as_many_chains_as_hands_reach_it():
    """40 tickets of a fifth of a week, four experts: two weeks, and as long in four chains."""
    plan = worlds.alone(backlog=40, weeks=20, experts=4)
    shares = (0.0, 0.3, 0.6, 0.9)
    ends = [worlds.run(plan.replace(blocked(share, 10))) for share in shares]
    weeks = [end.metrics["finish_week"] for end in ends]
    assert min(weeks) >= weeks[0] == pytest.approx(2.0)
    assert weeks[-1] == pytest.approx(2.0)
    longer = plan.replace(blocked(0.9, 10) | {"team": {"expert": 8}})
    assert worlds.run(longer).metrics["finish_week"] == pytest.approx(2.0)  # not one
