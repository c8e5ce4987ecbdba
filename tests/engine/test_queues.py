"""What waits at the end of each week is what stands in the lists, and follows Little's law."""

import numpy as np
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st
from test_laws import SOME

from sim.engine import metrics, state
from sim.engine.curves import LEVELS
from sim.validation import laws

REVIEWS = [metrics.FLOWS.index(f"waiting_review_{level}") for level in LEVELS]
FIXES, NEW = (metrics.FLOWS.index(f"waiting_{name}") for name in ("fixes", "new"))
COLUMN = metrics.FLOWS.index("submissions")


@SOME
@given(worlds.scenarios(), st.integers(0, 1000))
def test_the_last_week_s_queues_are_those_of_the_tasks_at_the_end(plan, luck):
    end = worlds.run(plan, 1, luck)
    assert laws.queue_gap(end) == 0
    assert np.isnan(end.weekly[:, NEW]).all() == (end.world["work"] == state.SATURATED)
    assert np.nanmin(end.weekly[:, [*REVIEWS, FIXES, NEW]], initial=0.0) >= 0.0


@pytest.mark.parametrize("level", ["intermediate", "expert"])
def test_what_nobody_has_hours_to_review_waits_for_whom_the_plan_asks(level):
    policy = {"review_hours_per_week": 0.0, "at_limit": "continue", "reviewer_level": level}
    team = {"novice": 2, "intermediate": 2, "expert": 2}
    plan = worlds.plan(horizon={"weeks": 6}, team=team, policy=policy)
    weekly = worlds.run(plan.replace({"world.learning_rate": 0.0})).weekly
    handed_in = weekly[:, COLUMN].cumsum()
    assert handed_in[-1] > 10
    waiting = dict(zip(LEVELS, weekly[:, REVIEWS].T, strict=True))
    assert np.array_equal(waiting.pop(level), handed_in)
    assert not any(queue.any() for queue in waiting.values())


def test_the_mean_queue_for_review_is_the_rate_times_the_wait():
    """Little's law: hours waited in all are the queue integrated over time, week by week."""
    plan = worlds.plan(horizon={"weeks": 30}, policy={"reviewer_level": "expert"})
    gaps = []
    for end in worlds.run_many(plan, 60):
        horizon, tasks = end.world["horizon"], end.tasks
        waits = np.isin(tasks["state"], (state.SUBMITTED, state.QUEUED))
        waited = end.world["review_wait"] + (horizon - tasks["submitted"][waits]).sum()
        queue = np.concatenate([[0.0], end.weekly[:, REVIEWS].sum(axis=1)])
        area = state.HOURS_PER_WEEK * (queue[1:] + queue[:-1]).sum() / 2
        gaps.append((area - waited) / waited)
    assert abs(np.mean(gaps)) < 4 * np.std(gaps) / np.sqrt(len(gaps))
    assert np.std(gaps) < 0.2  # and in each world it is about so
