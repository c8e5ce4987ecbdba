"""Sessions of a run are those of its trace, their odds add up, and come as often as told."""

import math

import pytest

import sim
from sim.planning.sessions import CAME, MOST_PERSON_WEEKS, PARTS, noted, sessions

DRAW, LUCK = 3, 1


@pytest.fixture(scope="module", params=["done-by-march/today", "non-coders", "gap-widens"])
def plan(request):
    return sim.load(request.param).replace({"horizon.weeks": 26})


@pytest.fixture(scope="module")
def found(plan):
    return noted(plan, 1, DRAW, LUCK)[0]


def test_they_are_the_sessions_of_the_trace_in_its_order(plan, found):
    rows = sim.trace(plan, 1, DRAW, LUCK)
    rows = rows[rows["activity"] == "agent"]
    told = sessions(plan, 1, DRAW, LUCK)["rows"]
    assert len(told) == len(found) == len(rows)
    assert [row[8] for row in told] == list(rows["outcome"])
    assert [row[3] for row in told] == list(rows["task_name"])
    assert [row[2] for row in told] == pytest.approx(rows["end_hours"], abs=0.006)


def test_the_parts_of_the_odds_make_the_odds(found):
    """As in equation 1: the level, and what is told beside it, are all there is."""
    for one in found:
        total = one["base"] + sum(one["parts"].values())
        assert 1 / (1 + math.exp(-total)) == pytest.approx(one["done"], abs=1e-9)
        assert set(one["parts"]) <= set(PARTS)
        assert one["verified"] <= one["done"]


def test_as_many_are_done_as_was_likely(found):
    for name, least in (("done", 2), ("verified", 3)):
        chances = [one[name] for one in found]
        error = math.sqrt(sum(p * (1 - p) for p in chances)) / len(chances)
        came = sum(one["outcome"] >= least for one in found) / len(found)
        assert abs(came - sum(chances) / len(chances)) < 4 * error


def test_every_outcome_has_words():
    assert list(CAME) == ["failed", "partial", "unverified", "verified"]


def test_of_a_plan_with_too_many_or_none_there_are_no_sessions():
    plan = sim.load("platform-team")
    weeks = MOST_PERSON_WEEKS // plan.headcount + 1
    assert sessions(plan.replace({"horizon.weeks": weeks}), 1, 0, 0) is None
    assert sessions(sim.load("no-tool"), 1, 0, 0) is None
