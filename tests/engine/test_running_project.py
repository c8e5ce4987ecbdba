"""A project that runs: the forecast goes on from the tickets that are open today."""

import pytest
import worlds

from sim.records import words
from sim.scenario import load

STATED = ("world.in_hand_left", "world.backlog_advanced", "world.advanced_share")


def differences(one, other):
    """What differs between two worlds, but for levers that are stated and not used."""
    return [name for name in worlds.differences(one, other) if name not in STATED]


@pytest.mark.parametrize("name", ["backlog-deadline", "two-domains"])
def test_with_nothing_in_hand_it_equals_a_fresh_backlog_to_the_bit(name):
    plan = load(name).replace({"tasks.backlog": 97, "answer": {"metric": "finish_week"}})
    now = plan.replace({"now": {"open": 97, "done": 63}})
    for luck in range(3):
        assert differences(worlds.run(plan, luck=luck), worlds.run(now, luck=luck)) == []


@pytest.mark.parametrize(("average", "advanced"), [(97, 0), (0, 97)])
def test_tickets_of_one_class_equal_a_backlog_of_that_class_to_the_bit(average, advanced):
    plan = load("backlog-deadline").replace({"answer": {"metric": "finish_week"}})
    fresh = plan.replace({"tasks.backlog": 97, "tasks.advanced_share": advanced / 97})
    now = fresh.replace({"now": {"open": average + advanced, "advanced": advanced}})
    now = now.replace({"tasks.advanced_share": 0.4})
    assert differences(worlds.run(fresh), worlds.run(now)) == []


def test_tickets_are_of_the_classes_stated():
    plan = load("backlog-deadline").replace({"now": {"open": 97, "advanced": 27}})
    for luck in range(5):
        stream = worlds.run(plan, luck=luck).stream
        assert (len(stream), stream["advanced"].sum()) == (97, 27)


def test_what_is_in_hand_takes_what_is_left_of_it():
    """Two experts, 20 tickets of 4 h, four of them half done: 72 h instead of 80 h."""
    plan = worlds.alone(backlog=20, weeks=8, experts=2)
    assert worlds.run(plan).metrics["finish_week"] == 2.0
    now = plan.replace({"now": {"open": 20, "in_hand": 4, "in_hand_left": 0.5}})
    end = worlds.run(now)
    assert end.metrics["finish_week"] == pytest.approx(72 / 40)
    assert end.metrics["work_delivered"] == 80.0
    assert worlds.differences(end, worlds.run_mesa(now)) == []


def test_what_waits_for_review_takes_its_review_alone():
    """Twenty tickets of which all wait: no stretch of work, twenty reviews."""
    plan = worlds.alone(backlog=20, weeks=8, experts=2).replace({"policy.review": "all"})
    now = plan.replace({"now": {"open": 20, "waiting_review": 20}})
    end = worlds.run(now)
    assert (end.metrics["tasks_done"], end.metrics["hours_manual"]) == (20.0, 0.0)
    assert end.metrics["hours_review"] > 0
    assert worlds.differences(end, worlds.run_mesa(now)) == []


def test_what_was_done_counts_towards_the_share_that_must_be():
    """9 of 10 of 160 are 144; with 63 done, 81 of the 97 that are left."""
    plan = worlds.alone(backlog=97, weeks=40).replace({"tasks.done_share": 0.9})
    now = plan.replace({"now": {"open": 97, "done": 63}})
    assert worlds.run(now).world["backlog_needed"] == 81


def test_the_week_of_the_plan_moves_what_is_to_come():
    plan = load("backlog-deadline").replace({"horizon": {"start": "2027-01-04", "weeks": 20}})
    now = plan.replace({"now": {"open": 97, "week": 8}})
    assert (now.horizon.start, now.horizon.weeks, now.now.week) == ("2027-03-01", 12, 0)


def test_what_was_done_counts_in_the_words_of_what_must_be_done():
    """95% of 160 tickets are to be done, and 63 of them are: not 95% of the 97 that are left."""
    today = load("done-by-march/today")
    plan = today.replace({"now": {"done": 63, "open": 97}})
    assert words.tickets(today) == "95% of 160 tickets"
    assert words.tickets(plan) == "95% of all 160 tickets"
    assert words.tickets(plan.replace({"tasks.done_share": 1.0})) == "the 97 tickets"
