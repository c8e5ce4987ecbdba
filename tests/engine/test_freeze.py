"""A freeze of reviews or of releases, and small work that needs no review."""

import numpy as np
import pytest
import worlds

from sim.engine import metrics, state
from sim.scenario import load
from sim.validation import laws

DONE = metrics.FLOWS.index("tasks_done_average")
SMALL = {"policy.unreviewed_share": 0.5, "policy.unreviewed_hours": 2.0}


# ---- nothing -------------------------------------------------------------------------------


def test_a_freeze_of_nothing_is_no_change_to_the_bit():
    plan = load("platform-team").replace({"horizon.weeks": 8})
    none = plan.replace({"freeze": {"reviews": ["2025-12-24"], "release_weeks": []}})
    assert worlds.differences(worlds.run(plan), worlds.run(none)) == []


def test_a_share_of_nothing_without_review_is_no_change_to_the_bit():
    plan = load("platform-team").replace({"horizon.weeks": 8})
    none = plan.replace({"policy.unreviewed_share": 0.0, "policy.unreviewed_hours": 100.0})
    unlike = {"world.unreviewed_hours"}
    assert set(worlds.differences(worlds.run(plan), worlds.run(none))) <= unlike


# ---- freezes -------------------------------------------------------------------------------


def test_releases_wait_for_the_end_of_a_freeze():
    """20 tickets of 4 h by hand at 20 h a week: what is done in weeks 1 and 2 is out in week 3.

    The last of a week ends with it, as the next begins, and so counts to that.
    """
    plan = worlds.alone(backlog=20, weeks=8)
    assert worlds.run(plan).weekly[:6, DONE].tolist() == [4, 5, 5, 5, 1, 0]
    frozen = plan.replace({"freeze": {"release_weeks": [1, 2]}})
    end = worlds.run(frozen)
    assert end.weekly[:6, DONE].tolist() == [4, 0, 0, 15, 1, 0]
    assert worlds.run(frozen.replace({"horizon.weeks": 3})).metrics["tasks_done"] == 4
    assert worlds.differences(end, worlds.run_mesa(frozen)) == []


def test_no_review_begins_in_a_freeze_and_reviews_go_on_at_its_end():
    """Two experts whose 20 tickets all wait: frozen for two weeks, they begin after them."""
    plan = worlds.alone(backlog=20, weeks=8, experts=2).replace(
        {"policy.review": "all", "now": {"open": 20, "waiting_review": 20}}
    )
    frozen = plan.replace({"horizon.start": "2027-01-04", "freeze": {"review_weeks": [0]}})
    days = frozen.replace(
        {"freeze": {"review_weeks": [], "reviews": [["2027-01-04", "2027-01-08"]]}}
    )
    for at_limit in ("review", "wait", "continue"):
        change = {"policy.at_limit": at_limit}
        before, after = worlds.run(plan.replace(change)), worlds.run(frozen.replace(change))
        assert before.trace["start_hours"].min() == 0.0
        assert after.trace["start_hours"].min() == 40.0
        assert after.metrics["tasks_done"] == 20
        assert worlds.differences(after, worlds.run(days.replace(change))) == []
        assert worlds.differences(after, worlds.run_mesa(frozen.replace(change))) == []


def test_a_freeze_takes_the_working_days_it_falls_on():
    plan = worlds.plan(
        horizon={"start": "2026-12-14", "weeks": 4},
        freeze={"releases": ["2026-12-14", ["2026-12-24", "2027-01-01"]], "review_weeks": [1, 2]},
    )
    world = worlds.run(plan).world
    assert (world["review_freezes"], world["release_freezes"]) == (1, 2)
    assert (world["review_freeze_from"][0], world["review_freeze_to"][0]) == (40.0, 120.0)
    assert world["release_freeze_from"][:2].tolist() == [0.0, 64.0]
    assert world["release_freeze_to"][:2].tolist() == [8.0, 120.0]


# ---- review by risk ------------------------------------------------------------------------


def test_small_average_work_of_the_share_is_accepted_unseen_and_all_else_is_reviewed():
    plan = load("platform-team").replace(SMALL | {"horizon.weeks": 12, "policy.split_hours": 1e4})
    end = worlds.run(plan)
    tasks = end.tasks[end.tasks["submissions"] > 0]
    spared = np.zeros(len(tasks), bool)
    for place, task in enumerate(tasks):
        spared[place] = (
            task["state"] == state.DONE
            and not (end.trace["task"][end.trace["activity"] == state.REVIEW] == task["key"]).any()
        )
    small = (tasks["advanced"] == 0) & (tasks["whole_hours"] <= 2.0)
    assert not spared[~small].any()
    share = spared[small].mean()
    assert abs(share - 0.5) < 4 * np.sqrt(0.25 / small.sum())
    assert (tasks["submissions"][spared] == 1).all()


def test_of_small_work_that_nobody_reviews_each_defect_escapes():
    change = {"policy.unreviewed_share": 1.0, "policy.unreviewed_hours": 10_000.0}
    plan = load("all-average").replace({"horizon.weeks": 12})
    none, all_small = plan.replace({"policy.review": "none"}), plan.replace(change)
    one, other = worlds.run(none), worlds.run(all_small)
    assert one.metrics["escaped_defects"] > 0
    unlike = {"world.review", "world.unreviewed_share", "world.unreviewed_hours"}
    assert set(worlds.differences(one, other)) <= unlike


@pytest.mark.parametrize("name", ["platform-team", "review-bottleneck"])
def test_both_clocks_agree_on_freezes_and_review_by_risk(name):
    freeze = {"review_weeks": [2, 3], "release_weeks": [3, 4]}
    plan = load(name).replace(SMALL | {"horizon.weeks": 8, "freeze": freeze})
    one = worlds.run(plan)
    assert worlds.differences(one, worlds.run_mesa(plan)) == []
    assert laws.tasks_lost(one) == 0
    assert laws.littles_gap(one) < 1e-9
