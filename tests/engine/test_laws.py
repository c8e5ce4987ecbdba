"""What holds in every world, whatever the team, the work and the policy."""

from types import SimpleNamespace

import numpy as np
import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine import metrics, setup, state
from sim.engine.team_model import TeamModel
from sim.validation import laws
from sim.validation.laws import LEVERS, OWN, unlike_draws, unlike_tasks

SOME = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LUCK = st.integers(0, 1000)
BOUND = laws.IN_HAND


@SOME
@given(worlds.scenarios(), LUCK)
def test_what_arrived_is_done_given_up_waiting_or_in_hand(plan, luck):
    end = worlds.run(plan, 1, luck)
    states, arrived = end.tasks["state"], end.tasks["arrival"] < np.inf
    assert np.array_equal(arrived, states != state.DORMANT)
    done, lost = (int((states == s).sum()) for s in (state.DONE, state.ABANDONED))
    waiting, in_hand = int((states == state.WAITING).sum()), int(np.isin(states, BOUND).sum())
    assert end.world["arrived"] == done + lost + waiting + in_hand
    assert laws.tasks_lost(end) == 0
    whole = end.tasks["part"] == 0
    ready = whole & (end.tasks["parts_left"] == 0)
    assert end.metrics["tasks_done"] == ready.sum() <= done
    assert end.metrics["abandoned"] <= lost
    started = np.isfinite(end.tasks["start"])
    assert not started[~whole].any()
    assert end.world["in_system"] == started.sum() - ready.sum()


@SOME
@given(worlds.scenarios(), LUCK)
def test_parts_add_up_to_their_task_and_a_backlog_keeps_its_tickets(plan, luck):
    end = worlds.run(plan, 1, luck)
    assert laws.parts_gap(end) == 0
    assert laws.tickets_lost(end) == 0
    # Nothing larger than asked for stands about, but for tasks nobody has begun, and the largest.
    parts = end.tasks[end.tasks["size_hours"] < end.tasks["whole_hours"]]
    bound = np.maximum(plan.policy.split_hours, parts["whole_hours"] / state.MOST_PARTS)
    assert (parts["size_hours"] <= bound * (1 + 1e-12)).all()
    assert end.world["given_up_for"].sum() == (end.tasks["state"] == state.ABANDONED).sum()


@SOME
@given(worlds.scenarios(), LUCK)
def test_every_task_stands_in_the_one_list_its_state_says(plan, luck):
    end = worlds.run(plan, 1, luck)
    tasks = end.tasks
    stream, fixes, reviews, given_up = (worlds.walk(h, tasks) for h in end.world["head"])
    assert sorted(given_up) == np.flatnonzero(tasks["state"] == state.ABANDONED).tolist()
    assert sorted(stream + fixes) == np.flatnonzero(tasks["state"] == state.WAITING).tolist()
    assert sorted(reviews) == np.flatnonzero(tasks["state"] == state.QUEUED).tolist()
    held = []
    for i, person in enumerate(end.developers):
        hands = worlds.walk(person["head"], tasks)
        assert all(tasks["owner"][hands] == i)
        assert person["held"] == len(hands)
        handed_in = np.isin(tasks["state"], (state.SUBMITTED, state.QUEUED, state.IN_REVIEW))
        assert person["unreviewed"] == (handed_in & (tasks["owner"] == i)).sum()
        held += hands
    assert sorted(held) == np.flatnonzero(tasks["state"] == state.HELD).tolist()


@SOME
@given(worlds.scenarios(), LUCK)
def test_hours_by_activity_add_up_to_capacity(plan, luck):
    end = worlds.run(plan, 1, luck)
    by_activity = sum(end.metrics[f"hours_{bucket}"] for bucket in state.BUCKETS)
    assert laws.hours_lost(end) < 1e-6
    each_week = end.weeks["hours"].sum(axis=1)
    np.testing.assert_allclose(each_week, end.calendar["capacity"].sum(axis=0), rtol=1e-6)
    assert end.weeks["hours"].min() >= 0
    by_class = end.metrics["hours_average"] + end.metrics["hours_advanced"]
    worked = by_activity - end.metrics["hours_idle"]
    teaching = sum(end.calendar[name].sum() for name in ("training", "mentoring"))
    assert by_class == pytest.approx(worked - teaching, rel=1e-6, abs=1e-9)
    assert end.developers["hours_worked"].sum() == pytest.approx(worked, rel=1e-6, abs=1e-9)
    assert end.metrics["hours_training"] == pytest.approx(end.calendar["training"].sum())


@SOME
@given(worlds.scenarios(), LUCK)
def test_weekly_flows_add_up_to_the_totals(plan, luck):
    end = worlds.run(plan, 1, luck)
    totals = dict(zip(metrics.FLOWS, end.weekly.sum(axis=0), strict=True))
    for name in (*metrics.FLOWS,):
        if name in metrics.NAMES and not np.isnan(end.metrics[name]):
            assert totals[name] == pytest.approx(end.metrics[name], rel=1e-9, abs=1e-9), name
    if totals["sessions"] > 0:
        share = totals["fix_sessions"] / totals["sessions"]
        assert end.metrics["fix_session_share"] == pytest.approx(share)
    assert totals["sessions"] == end.world["sessions"].sum() == end.tasks["sessions"].sum()
    assert totals["submissions"] == end.tasks["submissions"].sum()
    first_parts = end.tasks[end.tasks["part"] == 0]
    assert end.world["first"].sum() == (first_parts["sessions"] > 0).sum()


@SOME
@given(worlds.scenarios(), LUCK)
def test_littles_law_is_an_identity(plan, luck):
    """Tasks in the system, integrated over time, is the time tasks were in it."""
    end = worlds.run(plan, 1, luck)
    started = end.tasks[np.isfinite(end.tasks["start"])]
    stay = np.minimum(started["end"], end.world["horizon"]) - started["start"]
    assert (stay >= 0).all()
    assert laws.littles_gap(end) < 1e-6


@SOME
@given(worlds.scenarios(), LUCK)
def test_nobody_is_in_two_places_and_no_task_in_two_pairs_of_hands(plan, luck):
    end = worlds.run(plan, 1, luck)
    busy = end.developers[~np.isin(end.developers["activity"], (state.IDLE, state.ABSENT))]
    assert len(np.unique(busy["task"])) == len(busy)
    assert laws.overlaps(end) == 0
    for column, last in (("developer", end.developers["start"]), ("task", None)):
        for who in np.unique(end.trace[column]):
            rows = np.sort(end.trace[end.trace[column] == who], order=["start_hours", "end_hours"])
            assert (rows["end_hours"] >= rows["start_hours"]).all()
            assert (rows["start_hours"][1:] >= rows["end_hours"][:-1]).all()
            if last is not None:
                assert rows["end_hours"][-1] <= last[who] or last[who] == end.world["horizon"]


@SOME
@given(worlds.scenarios(), LUCK)
def test_work_delivered_is_the_size_of_credited_tasks(plan, luck):
    """Credited: accepted work of the stream in which no surfaced defect is open."""
    end = worlds.run(plan, 1, luck)
    credited = end.tasks["credited"] == 1
    assert laws.work_gap(end) < 1e-9
    open_fixes = np.zeros(len(end.tasks), int)
    surfaced = (end.tasks["stream"] == 0) & (end.tasks["state"] != state.DORMANT)
    still_open = surfaced & (end.tasks["state"] != state.DONE)
    np.add.at(open_fixes, end.tasks["root"][still_open], 1)
    assert np.array_equal(open_fixes, end.tasks["open_defects"])
    first = (end.tasks["stream"] == 1) & (end.tasks["part"] == 0)
    whole = first & (end.tasks["parts_left"] == 0) & (open_fixes == 0)
    assert np.array_equal(credited, whole)


@SOME
@given(worlds.scenarios(), LUCK)
def test_no_submission_skips_its_review_and_every_review_has_an_end(plan, luck):
    end = worlds.run(plan, 1, luck)
    ended = int((end.trace["activity"] == state.REVIEW).sum())
    under_way = int((end.tasks["state"] == state.IN_REVIEW).sum())
    cut = int(end.world["reviews"]) - ended - under_way  # its reviewer has left
    assert cut == 0 or (cut > 0 and (plan.leavers or plan.attrition))
    if plan.policy.review == "all":
        pending = int(np.isin(end.tasks["state"], BOUND[2:]).sum())
        assert end.metrics["submissions"] == ended + pending
    if plan.policy.review == "none":
        assert end.world["reviews"] == 0


@SOME
@given(worlds.scenarios(), LUCK)
def test_urgent_reviews_are_those_that_wait_while_their_author_is_at_the_limit(plan, luck):
    assert laws.urgent_gap(worlds.run(plan, 1, luck)) == 0


class Recounting(TeamModel):
    """A world that counts its urgent reviews anew after each event, and after all that it starts.

    urgent  how many it has counted, over all events
    """

    urgent = 0

    def end_event(self, *who):
        self.recount()
        super().end_event(*who)
        self.recount()

    def recount(self):
        parts = {"world": self.world[0], "developers": self.developers, "tasks": self.tasks}
        assert laws.urgent_gap(SimpleNamespace(**parts)) == 0
        self.urgent += int(self.world[0]["urgent"])


def test_urgent_reviews_are_counted_right_after_each_event():
    counted = []
    for number in range(30):
        plan = worlds.any_scenario(worlds.picker(700 + number))
        tight = {"policy.review": "all", "policy.wip_limit": 1 + number % 3}
        counted.append(Recounting(plan.replace(tight), draw=number).run().urgent)
    assert sum(n > 0 for n in counted) > 10


# ---- luck belongs to the task and to the person -------------------------------------------


@pytest.mark.parametrize("addition", ["novice", "intermediate", "expert", "adjacent.novice"])
@pytest.mark.parametrize("number", range(6))
def test_an_added_person_leaves_tasks_and_people_as_they_were(addition, number):
    # Somebody who joins is numbered after those of their level and role who are there.
    plan = worlds.any_scenario(worlds.picker(1000 + number))
    plan = plan.replace({"people": [], "joiners": []})
    more = plan.to_dict()["team"]
    for part in addition.split("."):
        old, more = more, more.get(part, {} if part == "adjacent" else 0)
    del old
    before, after = worlds.run(plan), worlds.run(plan.replace({f"team.{addition}": more + 1}))
    common = min(len(before.stream), len(after.stream))
    for name in OWN:
        assert np.array_equal(before.stream[name][:common], after.stream[name][:common]), name
    assert len(after.developers) == len(before.developers) + 1
    place = np.searchsorted(after.developers["key"], before.developers["key"])
    for name in ("key", "role", "trait", "hired_level", "joins", "leaves", "hours_per_week"):
        assert np.array_equal(after.developers[name][place], before.developers[name]), name


def test_a_person_of_a_range_of_levels_keeps_their_level_when_another_joins():
    row = {"level": [1, 5], "role": "engineer"}
    few, many = (
        worlds.run(worlds.plan(horizon={"weeks": 2}, team={}, people=[row | {"count": n}]))
        for n in (3, 7)
    )
    assert len(np.unique(many.developers["hired_level"][:, 0])) == 7
    for name in ("key", "hired_level", "trait"):
        assert np.array_equal(few.developers[name], many.developers[name][:3])


@pytest.mark.parametrize("change", LEVERS, ids=str)
def test_scenarios_that_differ_in_a_lever_share_draws_and_tasks(change):
    plan = worlds.plan(horizon={"weeks": 4})
    other = plan.replace(change)
    assert unlike_draws(plan, other, change) == []
    assert unlike_tasks(worlds.run(plan, 3, 7, 1), worlds.run(other, 3, 7, 1)) == []


def test_a_draw_is_the_same_alone_or_among_many():
    plan = worlds.plan()
    many, one = setup.draw(plan, 1, 0, 20), setup.draw(plan, 1, 13, 1)
    for name in many:
        assert np.array_equal(many[name][13:14], one[name]), name
