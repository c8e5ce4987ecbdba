"""Uncompiled: how long each queue is at the end of a week, and who may take what waits."""

import math

import numpy as np
from stage import Stage

from sim.engine import choosing, people, queues, state


def counted(s):
    """The queues of the running week of a stage, counted now."""
    s.weeks[0].queues[:] = 0.0
    queues.count_waiting(s.w, s.developers, s.weeks[0])
    return s.weeks[0].queues.tolist()


def lowest_level(s, k, author):
    """Level of the least expert who may review task k by the rule for one person and one task.

    Where nobody is there at all, the level that the plan asks for.
    """
    s.t[k].owner = author
    here = [i for i, d in enumerate(s.d) if d.activity != state.ABSENT]
    able = [i for i in here if choosing.may_review(s.w, s.developers, i, s.t[k])]
    levels = [people.nearest_level(s.d[i], s.t[k].domain) for i in able]
    return min(levels, default=int(s.w.reviewer_level))


def test_what_waits_is_counted_at_the_level_of_the_least_expert_who_may_review_it():
    rng = np.random.default_rng(1)
    seen = set()
    for _ in range(400):
        s = Stage(people=int(rng.integers(1, 6)), reviewer_level=float(rng.integers(2, 6)))
        s.w.domains = int(rng.integers(1, 3))
        for d in s.d:
            d.level[:2], d.role = rng.uniform(1, 5, 2), rng.integers(0, 2)
            d.activity = state.ABSENT if rng.random() < 0.2 else state.IDLE
            d.joins, d.leaves = (0.0, math.inf) if d.activity == state.IDLE else (math.inf,) * 2
        people.count_able(s.w, s.developers)
        expected = np.zeros(len(state.QUEUES))
        for k in range(6):
            author = int(rng.integers(len(s.d)))
            s.t[k].domain = rng.integers(s.w.domains)
            s.d[author].waiting[s.t[k].domain] += 1
            level = lowest_level(s, k, author)
            expected[state.W_REVIEW + level - 1] += 1.0
            seen.add(level)
        assert counted(s) == expected.tolist()
    assert seen == {1, 2, 3, 4, 5}


def test_a_reviewer_s_own_work_waits_for_the_next_level():
    s = Stage(people=3, reviewer_level=3.0)
    s.d[1].level[0], s.d[2].level[0] = 5.0, 4.0
    people.count_able(s.w, s.developers)
    s.d[0].waiting[0], s.d[1].waiting[0] = 2, 1
    assert counted(s)[:5] == [0.0, 0.0, 1.0, 2.0, 0.0]


def test_lists_are_as_long_as_the_tasks_in_them_are_many():
    s = Stage(tasks=6).line_up(state.FIXES, 0, 1).line_up(state.STREAM, 2, 3, 4)
    assert counted(s)[state.W_FIXES :] == [2.0, 3.0]
