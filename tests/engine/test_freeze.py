"""A freeze of reviews or of releases, and work that needs no review."""

import pytest
import worlds

from sim.scenario import load

pytestmark = pytest.mark.xfail(strict=True, reason="a freeze and review by risk are to be built")


def test_a_freeze_of_nothing_is_no_change_to_the_bit():
    plan = load("platform-team").replace({"horizon.weeks": 8})
    none = plan.replace({"freeze": {"reviews": [], "releases": []}})
    assert worlds.differences(worlds.run(plan), worlds.run(none)) == []


def test_a_share_of_nothing_without_review_is_no_change_to_the_bit():
    plan = load("platform-team").replace({"horizon.weeks": 8})
    none = plan.replace({"policy.unreviewed_share": 0.0, "policy.unreviewed_hours": 100.0})
    unlike = {"world.unreviewed_hours"}
    assert set(worlds.differences(worlds.run(plan), worlds.run(none))) <= unlike


def test_releases_wait_for_the_end_of_a_freeze():
    """20 tickets of 4 h by hand at 20 h a week: what is done in weeks 1 and 2 is out in week 3."""
    plan = worlds.alone(backlog=20, weeks=8).replace({"freeze": {"release_weeks": [1, 2]}})
    assert worlds.run(plan).weekly[:4, 1].tolist() == [5.0, 0.0, 0.0, 15.0]
