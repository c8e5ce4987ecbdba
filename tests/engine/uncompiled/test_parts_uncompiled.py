"""Rules of parts and of work given up, each on a hand-made state."""

import math

import pytest
from stage import Stage

from sim.engine import activities, choosing, luck, odds, outcomes, state, tasks
from sim.engine.state import ABANDONED, AGENT, GIVEN_UP, MANUAL, STREAM, WAITING
from sim.scenario.values import MAX_PEOPLE


def large(hours=20.0, split=8.0, rows=12):
    """A large task between two others in the stream; rows 3 and on are free."""
    s = Stage(tasks=rows, split_hours=split, sd_task=1.0, work=state.BACKLOG)
    s.w.n_tasks = 3
    s.line_up(STREAM, 0, 1, 2)
    t = s.t[1]
    t.size_hours = t.whole_hours = t.left = t.submitted_hours = hours
    t.trait, t.arrival, t.since = 0.7, 0.0, 0.0
    return s


def test_a_large_task_stands_as_equal_parts_in_its_own_place():
    s = large()
    s.w.arrived = 3
    tasks.split(s.w, s.tasks, s.luck_cache, 1)
    assert s.list_of(STREAM) == [0, 1, 3, 4, 2]
    parts = [s.t[k] for k in (1, 3, 4)]
    for place, part in enumerate(parts):
        assert part.size_hours == part.left == part.submitted_hours == pytest.approx(20.0 / 3)
        assert (part.whole_hours, part.trait, part.root, part.stream) == (20.0, 0.7, 1, 1)
        assert (part.part, part.state, part.arrival) == (place, WAITING, 0.0)
        assert tasks.is_part(part)
        assert tasks.whole_of(part, 99) == 1
    assert (s.t[1].parts_left, s.w.arrived, s.w.n_tasks) == (3, 5, 5)
    keys = [part.key for part in parts]
    assert keys == [1, luck.part_key(1, 1), luck.part_key(1, 2)]
    assert not set(keys) & {luck.child_key(1, count) for count in range(10)}
    assert not tasks.is_part(s.t[0])


def test_the_last_of_a_list_is_split_at_its_end():
    s = large()
    s.t[2].size_hours = s.t[2].whole_hours = 9.0
    tasks.split(s.w, s.tasks, s.luck_cache, 2)
    assert s.list_of(STREAM) == [0, 1, 2, 3]


def test_no_task_has_more_parts_than_the_most():
    s = large(hours=8.0 * 100, rows=3 + 2 * state.MOST_PARTS)
    tasks.split(s.w, s.tasks, s.luck_cache, 1)
    assert s.t[1].parts_left == state.MOST_PARTS
    assert s.t[1].size_hours == pytest.approx(800.0 / state.MOST_PARTS)
    assert s.w.overflow == 0


@pytest.mark.parametrize(("hours", "parts"), [(8.0, 1), (8.1, 2), (16.0, 2), (16.1, 3)])
def test_a_task_is_split_when_it_is_first_picked_up_and_only_then(hours, parts):
    s = large(hours)
    tasks.pick_up(s.w, s.d[0], s.tasks, s.luck_cache, 0, 1)
    assert s.hands(0) == [1]
    assert (s.t[1].parts_left, len(s.list_of(STREAM))) == (parts, 2 + parts - 1)
    assert s.t[1].parts_held == (1 if parts > 1 else 0)
    tasks.return_to_queue(s.w, s.d[0], s.tasks, 1)
    assert s.t[1].parts_held == 0
    tasks.pick_up(s.w, s.d[0], s.tasks, s.luck_cache, 0, 1)
    assert s.t[1].parts_left == parts


def test_fixes_of_defects_are_not_split():
    s = large(100.0)
    s.t[1].stream, s.t[1].root = 0, 0
    tasks.pick_up(s.w, s.d[0], s.tasks, s.luck_cache, 0, 1)
    assert (s.t[1].size_hours, s.t[1].parts_left) == (100.0, 1)


def in_parts(people, *owners, **fields):
    """A task of three parts in rows 0 to 2, each in the hands of the person named."""
    s = Stage(people=people, **fields)
    for k in range(3):
        s.t[k].root, s.t[k].part, s.t[k].whole_hours = 0, k, 6.0
    s.t[0].parts_left = 3
    for k, owner in enumerate(owners):
        s.give(owner, k)
    return s


def test_others_are_the_parts_in_the_hands_of_others():
    s = in_parts(2, 0, 1, 1).give(0, 3)
    assert s.t[0].parts_held == 3
    assert tasks.others_on(s.d[0], s.tasks, s.t[0]) == 2
    assert tasks.others_on(s.d[1], s.tasks, s.t[1]) == 1


def test_coordination_takes_a_share_that_saturates():
    s = in_parts(2, 0, 1, coordination_loss=0.1, communication_most=0.5)
    assert odds.coordination(s.w, 0) == 0.0
    assert odds.coordination(s.w, 1) == pytest.approx(0.5 * (1 - math.exp(-0.2)))
    assert odds.coordination(s.w, 1000) == pytest.approx(0.5)
    s.w.communication_most = 0.0
    assert odds.coordination(s.w, 3) == 0.0


@pytest.mark.parametrize("activity", [AGENT, MANUAL])
def test_hours_of_a_part_grow_with_the_others_at_work_on_its_task(activity):
    def hours(*owners, **fields):
        s = in_parts(3, *owners, planning_hours=1.0, switching_hours=0.0, **fields)
        s.t[0].piece = 2.0
        return activities.work_hours(s.w, s.d[0], s.tasks, s.t[0], activity, s.luck_cache)

    alone = hours(0)
    assert hours(0, 1, 2, communication_most=0.5) == alone  # nothing lost to coordination
    slow = hours(0, 1, 2, coordination_loss=0.1, communication_most=0.5)
    assert slow == pytest.approx(alone / (1.0 - 0.5 * (1 - math.exp(-0.4))))
    assert hours(0, 0, 0, coordination_loss=0.1, communication_most=0.5) == alone  # all their own


def test_a_task_is_done_and_credited_when_its_last_part_is_accepted():
    s = in_parts(1)
    s.w.in_system, s.w.time, s.w.backlog_needed = 1, 9.0, 1
    for k in (2, 0):
        outcomes.accept(s.w, s.tasks, s.luck_cache, k)
    assert (s.t[0].parts_left, s.t[0].credited, s.w.in_system) == (1, 0, 1)
    assert (s.t[0].end, s.w.week[state.TASKS_DONE], s.w.backlog_done) == (math.inf, 0.0, math.inf)
    outcomes.accept(s.w, s.tasks, s.luck_cache, 1)
    assert (s.t[0].parts_left, s.t[0].credited, s.w.in_system) == (0, 1, 0)
    assert (s.t[0].end, s.w.week[state.TASKS_DONE]) == (9.0, 1.0)
    assert (s.w.week[state.WORK_DELIVERED], s.w.stream_done, s.w.backlog_done) == (6.0, 1, 9.0)


def test_a_defect_that_surfaced_before_the_last_part_keeps_the_task_uncredited():
    s = in_parts(1)
    s.t[3].stream, s.t[3].root = 0, 0
    s.t[0].open_defects, s.t[0].parts_left = 1, 1
    s.t[1].state = s.t[2].state = state.DONE
    outcomes.accept(s.w, s.tasks, s.luck_cache, 0)
    assert (s.t[0].parts_left, s.t[0].credited) == (0, 0)
    outcomes.accept(s.w, s.tasks, s.luck_cache, 3)
    assert (s.t[0].open_defects, s.t[0].credited) == (0, 1)


def test_a_fix_accepted_before_the_last_part_does_not_credit_the_task():
    s = in_parts(1)
    s.t[3].stream, s.t[3].root, s.t[0].open_defects = 0, 0, 1
    outcomes.accept(s.w, s.tasks, s.luck_cache, 3)
    assert (s.t[0].open_defects, s.t[0].credited, s.w.stream_done) == (0, 0, 0)


# ---- given up ------------------------------------------------------------------------------


def given_up(*levels, by=0, tries=2, adjacent=()):
    """People of these levels, and task 0 given up by one of them."""
    s = Stage(people=len(levels), tries_per_level=tries)
    for d, level in zip(s.d, levels, strict=True):
        d.level[:] = level
    for i in adjacent:
        s.d[i].role = state.ADJACENT
    s.give(by, 0)
    tasks.release(s.d[by], s.tasks, 0)
    tasks.give_up(s.w, s.tasks, by, 0, choosing.capability(s.w, s.d[by], 0))
    return s


def takers(s):
    """Who may take task 0 again."""
    return [i for i, d in enumerate(s.d) if choosing.find_given_up(s.w, s.tasks, d, i) == 0]


@pytest.mark.parametrize(
    ("levels", "tries", "who"),
    [
        ((3.0, 3.0, 2.0), 2, [1]),  # a peer, not who gave it up, nobody below
        ((3.0, 3.0, 2.0), 1, []),
        ((3.0, 3.4, 3.5, 5.0), 1, [2, 3]),  # levels count as rounded
        ((3.0,), 2, []),
    ],
)
def test_a_peer_or_somebody_abler_may_take_a_given_up_task(levels, tries, who):
    assert takers(given_up(*levels, tries=tries)) == who


def test_after_as_many_tries_of_a_level_a_task_waits_for_a_higher_one():
    s = given_up(3.0, 3.0, 3.0)
    tasks.take_again(s.w, s.d[1], s.tasks, 1, 0)
    assert (s.hands(1), s.list_of(GIVEN_UP), s.w.given_up_for.sum()) == ([0], [], 0)
    assert s.w.week[state.ABANDONED_TASKS] == 0.0
    tasks.release(s.d[1], s.tasks, 0)
    tasks.give_up(s.w, s.tasks, 1, 0, 7)
    assert (s.t[0].tried, s.t[0].state, takers(s)) == (2, ABANDONED, [])
    s.d[0].level[:] = 4.0  # whoever becomes able
    assert takers(s) == [0]
    tasks.take_again(s.w, s.d[0], s.tasks, 0, 0)
    tasks.release(s.d[0], s.tasks, 0)
    tasks.give_up(s.w, s.tasks, 0, 0, 9)
    assert (s.t[0].tried_by, s.t[0].tried) == (9, 1)


def give_up_in_turn(s, *people):
    """People take task 0 again, one after the other, and give it up."""
    for i in people:
        assert i in takers(s)
        tasks.take_again(s.w, s.d[i], s.tasks, i, 0)
        tasks.release(s.d[i], s.tasks, 0)
        tasks.give_up(s.w, s.tasks, i, 0, choosing.capability(s.w, s.d[i], 0))


@pytest.mark.parametrize("first", [0, 59, 60, 119, 499])
def test_nobody_takes_a_task_again_that_they_gave_up(first):
    """Of many of one level, each may once; where the rest of the level has, it waits."""
    levels = [2.0] * state.MOST_SEATS
    peers = [first, *(i for i in (1, 61, 539) if i != first)]
    for i in peers:
        levels[i] = 3.0
    s = given_up(*levels, by=first, tries=1000)
    for left in range(1, len(peers)):
        assert takers(s) == sorted(peers[left:])
        give_up_in_turn(s, peers[left])
    assert (takers(s), s.t[0].tried) == ([], 4)
    s.d[0 if first else 2].level[:] = 4.0
    assert len(takers(s)) == 1  # whoever has become abler


def test_who_gave_a_task_up_may_take_it_again_only_when_abler():
    s = given_up(3.0, 4.0, 3.0, tries=3)
    give_up_in_turn(s, 1)  # abler: those before are counted no more
    assert (s.t[0].tried_by, s.t[0].tried, takers(s)) == (9, 1, [])
    s.d[0].level[:] = 4.0
    s.d[2].level[:] = 4.0
    assert takers(s) == [0, 2]
    give_up_in_turn(s, 0)
    assert takers(s) == [2]


def test_a_seat_has_a_bit_for_everybody_a_plan_may_have():
    assert MAX_PEOPLE <= state.MOST_SEATS


def test_hands_make_the_difference_between_equal_levels():
    s = given_up(3.0, 3.0, by=0, tries=1, adjacent=(0,))
    assert (s.t[0].tried_by, takers(s)) == (6, [1])
    assert takers(given_up(3.0, 3.0, by=0, tries=1, adjacent=(1,))) == []


def test_a_given_up_task_comes_after_own_work_and_before_new_work():
    s = given_up(3.0, 3.0)
    s.line_up(STREAM, 1)
    assert choosing.choose(s.w, s.developers, s.tasks, s.luck_cache, 1) == (AGENT, 0)
    assert choosing.choose(s.w, s.developers, s.tasks, s.luck_cache, 0) == (AGENT, 1)
    s.give(1, 2)
    assert choosing.choose(s.w, s.developers, s.tasks, s.luck_cache, 1) == (AGENT, 2)
    s.d[1].level[:] = 2.0
    tasks.release(s.d[1], s.tasks, 2)
    assert choosing.choose(s.w, s.developers, s.tasks, s.luck_cache, 1) == (AGENT, 1)


def test_beginning_a_given_up_task_takes_it_out_of_its_list():
    s = given_up(3.0, 3.0)
    activities.begin(s.w, s.developers, s.tasks, s.luck_cache, 1, 0, AGENT)
    assert (s.hands(1), s.list_of(GIVEN_UP), s.t[0].state) == ([0], [], state.HELD)


def test_a_task_counts_as_given_up_once_however_many_parts_are():
    s = in_parts(1, 0, 0, 0)
    for k in (0, 1):
        tasks.release(s.d[0], s.tasks, k)
        tasks.give_up(s.w, s.tasks, 0, k, 7)
    assert (s.t[0].parts_given_up, s.w.week[state.ABANDONED_TASKS]) == (2, 1.0)
    for k in (0, 1):
        tasks.take_again(s.w, s.d[0], s.tasks, 0, k)
    assert (s.t[0].parts_given_up, s.w.week[state.ABANDONED_TASKS]) == (0, 0.0)


# ---- what is hard about a task is so for everybody -------------------------------------------


def test_success_by_hand_shares_the_effect_of_the_task():
    s = Stage(hand_task_share=0.5)
    s.d[0].hand_logit[0], s.t[0].trait, s.w.hand_spread = 1.0, -2.0, 1.5
    assert odds.hand_success(s.w, s.d[0], s.t[0]) == pytest.approx(1 / (1 + math.exp(-0.5)))


@pytest.mark.parametrize("mean", [0.0, 1.0, 3.0])
def test_the_mean_of_success_by_hand_over_tasks_stays_that_of_the_parameters(mean):
    """By a fine quadrature over the effect of the task; a logistic is nearly a normal curve."""
    s = Stage(hand_task_share=0.8, sd_task=1.25)
    s.w.hand_spread = odds.hand_spread(s.w)
    s.d[0].hand_logit[0] = mean
    total = weight = 0.0
    for step in range(-600, 601):
        z = step / 100
        s.t[0].trait = s.w.sd_task * z
        total += math.exp(-z * z / 2) * odds.hand_success(s.w, s.d[0], s.t[0])
        weight += math.exp(-z * z / 2)
    assert total / weight == pytest.approx(1 / (1 + math.exp(-mean)), abs=0.012)
    s.w.sd_task = 0.0
    assert odds.hand_spread(s.w) == 1.0
