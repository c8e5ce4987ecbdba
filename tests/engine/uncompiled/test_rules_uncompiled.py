"""What a clock calls: begin, finish, on_timer, start and close, each on a hand-made state."""

import math

import pytest
from stage import Stage, snapshot, uniform

from sim.engine import freezes, luck, outcomes, rules, state, tasks
from sim.engine.curves import FLATTENING
from sim.engine.state import ABSENT, AGENT, FIXES, IDLE, MANUAL, MENTORING, REVIEW, REVIEWS, STREAM


def begin(s, activity, k, i=0):
    rules.begin(*s.args(), s.luck_cache, i, activity, k)


def finish(s, i=0):
    rules.finish(*s.args(), s.luck_cache, i)


def on_timer(s, k):
    rules.on_timer(*s.args("world", "developers", "tasks", "weeks", "luck_cache"), k)


# ---- begin ---------------------------------------------------------------------------------


def test_who_finds_nothing_to_do_stays_as_they_are():
    s = Stage()
    before = snapshot(s.developers), snapshot(s.world)
    begin(s, IDLE, -1)
    assert (snapshot(s.developers), snapshot(s.world)) == before


def test_waiting_work_is_picked_up_and_its_piece_and_hours_are_set():
    s = Stage(people=2, planning_hours=1.0).line_up(STREAM, 3, 4)
    s.t[3].left, s.t[3].size_hours, s.w.time, s.w.in_system = 8.0, 8.0, 10.0, 4
    s.d[0].start = 10.0
    begin(s, AGENT, 3)
    d, t = s.d[0], s.t[3]
    assert (t.state, t.owner, t.start, t.since, t.piece) == (state.HELD, 0, 10.0, 10.0, 2.0)
    assert (d.activity, d.task, d.start, d.hours, d.piece_hours) == (AGENT, 3, 10.0, 1.0, 2.0)
    assert d.until == 12.0  # an hour of work at half the clock
    assert (s.hands(0), s.list_of(STREAM), s.w.idle, s.w.in_system) == ([3], [4], 1, 5)


def test_work_in_hand_is_gone_on_with():
    s = Stage().give(0, 2, 1)
    s.t[1].since, s.t[1].piece, s.t[1].manual_left = 3.0, 1.5, 1.25
    begin(s, MANUAL, 1)
    assert s.hands(0) == [2, 1]
    assert (s.t[1].since, s.d[0].hours, s.d[0].piece_hours, s.d[0].until) == (3.0, 1.25, 1.5, 2.5)


def test_a_review_begins_with_what_was_submitted():
    s = Stage(people=2, review_rate=0.5, review_agent_factor=1.0).hand_in(1, 3)
    s.t[3].submitted_hours, s.t[3].piece = 3.0, 0.0
    begin(s, REVIEW, 3)
    assert (s.d[0].activity, s.d[0].hours, s.d[0].piece_hours) == (REVIEW, 1.5, 3.0)
    assert (s.t[3].state, s.t[3].owner, s.t[3].piece) == (state.IN_REVIEW, 1, 0.0)


def test_idle_time_before_a_stretch_is_booked_as_idle():
    s = Stage().line_up(STREAM, 0)
    s.d[0].start, s.w.time = 4.0, 10.0
    begin(s, MANUAL, 0)
    assert s.weeks[0].hours[state.B_IDLE] == 3.0
    assert s.d[0].start == 10.0


def test_a_stretch_that_would_outlast_its_person_never_ends():
    for leaves, until in ((4.0, 4.0), (3.9, math.inf)):
        s = Stage().line_up(STREAM, 0)
        s.d[0].leaves = leaves
        begin(s, MANUAL, 0)
        assert s.d[0].until == until


def test_a_stretch_begins_in_the_week_of_the_person_s_own_calendar():
    s = Stage(people=2).line_up(STREAM, 0)
    s.calendar["rate"] = [0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.5, 0.5]
    s.calendar["until"] = [math.inf] * 4 + [40.0, 80.0, math.inf, math.inf]
    s.w.time, s.w.weeks_over, s.d[1].start = 41.0, 1, 41.0
    begin(s, MANUAL, 0, 1)
    assert s.d[1].until == 49.0


def test_acting_says_whether_somebody_is_at_work_now():
    s = Stage()
    assert not rules.act(*s.args(), s.luck_cache, 0)
    s.line_up(STREAM, 1)
    assert rules.act(*s.args(), s.luck_cache, 0)
    assert (s.d[0].activity, s.d[0].task) == (AGENT, 1)


# ---- finish --------------------------------------------------------------------------------


def at(activity, hours=2.0, **fields):
    """Somebody at the end of a stretch on task 0."""
    s = Stage(people=2, **fields)
    d = s.d[0]
    if activity == REVIEW:
        s.t[0].owner, s.t[0].state, s.d[1].unreviewed = 1, state.IN_REVIEW, 1
    else:
        s.give(0, 0)
    d.activity, d.task, d.start, d.until, d.hours, s.w.idle = activity, 0, 6.0, 10.0, hours, 1
    s.w.time, s.t[0].piece, d.outcome = 10.0, 2.0, 2
    return s


def idle_again(s):
    d = s.d[0]
    return (d.activity, d.start, d.until, s.w.idle) == (IDLE, 10.0, math.inf, 2)


def test_a_session_that_ends_is_booked_and_has_its_outcome():
    s = at(AGENT)
    s.t[0].luck = luck.logit(1e-9)
    finish(s)
    assert s.weeks[0].hours[state.B_AGENT] == 2.0
    assert (s.d[0].outcome, s.w.sessions[3], s.t[0].state) == (3, 1, state.SUBMITTED)
    assert idle_again(s)


def test_a_stretch_by_hand_that_ends_has_no_outcome_of_a_session():
    s = at(MANUAL)
    s.d[0].hand_logit[0], s.t[0].manual_left = 50.0, 2.0
    finish(s)
    assert s.weeks[0].hours[state.B_MANUAL] == 2.0
    assert (s.d[0].outcome, s.w.sessions.sum(), s.t[0].state) == (-1, 0, state.SUBMITTED)
    assert idle_again(s)


def test_a_review_that_ends_accepts_what_has_no_defect():
    s = at(REVIEW)
    finish(s)
    assert s.weeks[0].hours[state.B_REVIEW] == 2.0
    assert (s.t[0].state, s.d[1].unreviewed, s.d[0].outcome) == (state.DONE, 0, -1)
    assert idle_again(s)


def test_after_mentoring_the_work_itself_begins():
    s = at(MENTORING)
    s.t[0].mentoring = s.t[0].escalated = 1
    finish(s)
    assert s.weeks[0].hours[state.B_MENTORING] == 2.0
    assert (s.t[0].mentoring, s.t[0].state, s.t[0].piece) == (0, state.HELD, 2.0)
    assert (s.d[0].hours_helping, s.w.sessions.sum()) == (2.0, 0)
    assert idle_again(s)


def test_a_week_ends_before_what_happens_at_its_end():
    for time, over in ((39.99, 0), (40.0, 1)):
        s = at(REVIEW)
        s.w.time = s.d[0].until = time
        finish(s)
        assert s.w.weeks_over == over
        assert s.w.week[state.TASKS_DONE] == 1  # in the week that has begun


# ---- timers --------------------------------------------------------------------------------


def test_a_submission_becomes_visible_when_a_reviewer_looks():
    s = Stage().line_up(REVIEWS, 3)
    t = s.t[1]
    t.state, t.timer, t.owner, s.w.time = state.SUBMITTED, 12.0, 0, 12.0
    on_timer(s, 1)
    assert (t.state, t.since, t.timer, s.list_of(REVIEWS)) == (state.QUEUED, 12.0, math.inf, [3, 1])
    assert (s.d[0].queued, s.w.urgent) == (1, 0)
    assert s.w.arrived == 0


def test_an_agent_that_is_done_gives_its_task_back():
    s = Stage()
    t = s.t[1]
    t.state, t.owner, t.timer, t.piece, s.w.time = state.RUNNING, 0, 12.0, 2.0, 12.0
    on_timer(s, 1)
    assert (t.timer, t.attempts, s.hands(0), s.w.sessions[0]) == (math.inf, 1, [1], 1)
    assert s.w.arrived == 0


def test_an_arrival_is_work_and_announces_the_next():
    s = Stage(n_tasks=2, n_stream=2, arrivals_per_hour=0.25)
    s.w.time, s.t[1].timer = 12.0, 12.0
    on_timer(s, 1)
    assert (s.t[1].state, s.t[1].arrival, s.t[1].timer) == (state.WAITING, 12.0, math.inf)
    assert (s.list_of(STREAM), s.w.arrived, s.w.in_system) == ([1], 1, 1)
    u = uniform(s.w, 2, 0, luck.ARRIVAL)[0]
    assert s.t[2].timer == pytest.approx(12.0 - 4.0 * math.log(1 - u))
    assert (s.w.timer_task, s.w.n_tasks) == (2, 3)


def test_a_defect_that_surfaces_withdraws_the_credit_of_its_root_once():
    s = Stage(arrivals_per_hour=0.25)
    s.t[0].credited, s.t[0].whole_hours, s.w.week[state.WORK_DELIVERED] = 1, 3.0, 10.0
    for k, open_defects in ((4, 1), (5, 2)):
        s.t[k].stream, s.t[k].root, s.t[k].kind = 0, 0, state.FIX
        on_timer(s, k)
        assert (s.t[0].open_defects, s.t[0].credited, s.w.week[state.WORK_DELIVERED]) == (
            open_defects,
            0,
            7.0,
        )
    assert s.list_of(FIXES) == [4, 5]
    assert s.w.timer_task == -1  # a defect announces nothing


def test_a_timer_after_a_week_s_end_counts_the_week_first():
    for time, over in ((39.99, 0), (40.0, 1)):
        s = Stage()
        s.t[1].state, s.t[1].owner, s.w.time = state.SUBMITTED, 0, time
        on_timer(s, 1)
        assert s.w.weeks_over == over


# ---- start, close --------------------------------------------------------------------------


DIRT = (
    "n_tasks", "n_stream", "overflow", "idle", "weeks_over", "urgent", "timer_task", "time",
    "week_ends", "listed", "changed", "changed_before",
)  # fmt: skip


def test_a_new_day_ends_the_weeks_that_are_over_and_sets_the_next():
    s = Stage(day_ends=40.0, at_limit=state.LIMIT_WAIT)
    s.w.time = 40.0
    rules.new_day(s.world, s.developers, s.weeks)
    assert (s.w.day_ends, s.w.weeks_over, s.w.week_ends) == (48.0, 1, 80.0)


@pytest.mark.parametrize(("first", "looks"), [(-1, 0), (0, 1)])
def test_a_new_day_is_looked_at_only_where_a_review_waits(first, looks):
    s = Stage(day_ends=8.0)
    s.w.time, s.w.head[state.REVIEWS] = 8.0, first
    rules.new_day(s.world, s.developers, s.weeks)
    assert s.w.changed == looks * state.LOOK_AGAIN


@pytest.mark.parametrize("policy", [state.LIMIT_WAIT, state.LIMIT_CONTINUE])
def test_days_matter_where_reviews_keep_to_their_hours(policy):
    assert started(at_limit=policy).w.day_ends == 8.0
    assert started().w.day_ends == math.inf


def started(people=3, **fields):
    """A world that was used before, started again; the second person joins later, one is away."""
    s = Stage(
        people=people, dev_share=0.5, work=state.BACKLOG, backlog=2, backlog_needed=2, **fields
    )
    for name in DIRT:
        s.w[name] = 99
    s.w.head[:] = s.w.tail[:] = 42
    s.w.given_up_for[:], s.w.hand_task_share, s.w.sd_task = 9, 0.5, 2.0
    s.w.week[:] = s.w.idle_seats[:] = s.w.hours_from[:] = 99
    s.w.refill, s.w.review_hours_per_week = 0, 5.0
    s.w.defect_hand, s.w.defect_verified, s.w.defect_unverified = 0.2, 0.5, 0.8
    for d in s.d:
        d.generation = d.unreviewed = d.queued = d.reviews_of = d.listed = d.blocked = 7
        d.hours_worked = d.hours_helping = 7.0
        d.activity, d.task, d.until, d.outcome, d.allowance = AGENT, 3, 5.0, 2, -3.0
    s.d[1].opens, s.d[2].departs = 40.0, 0.0
    rules.start(*s.args(), s.luck_cache)
    return s


def test_a_world_starts_afresh_whatever_was_in_its_arrays():
    s = started()
    w = s.w
    assert (w.time, w.week_ends, w.weeks_over, w.overflow, w.timer_task) == (0.0, 40.0, 0, 0, -1)
    assert (w.idle, w.urgent, w.week.sum()) == (1, 0, 0.0)
    assert (w.listed, w.changed, w.changed_before) == (1, state.EVERYTHING | state.NEW_WORK, 0)
    assert (w.idle_seats.sum(), w.idle_seats[state.EVERYBODY, 0]) == (1, 1)
    assert (w.hours_from == math.inf).all()
    assert (w.n_tasks, w.n_stream, w.able[0], w.reviewers[0]) == (2, 2, 0, 1)
    assert w.head.tolist() == [0, -1, -1, -1]
    assert w.tail.tolist() == [1, -1, -1, -1]
    assert (w.given_up_for.sum(), w.stream_done, w.backlog_done) == (0, 0, math.inf)
    assert w.hand_spread == pytest.approx(math.sqrt(1 + FLATTENING * (0.5 * 2.0) ** 2))
    logits = [w.defect_logit[k] for k in (state.BY_HAND, state.IS_VERIFIED, state.IS_UNVERIFIED)]
    assert logits == pytest.approx([math.log(0.25), 0.0, math.log(4.0)])


def test_the_doublings_of_the_scope_are_worked_out_once():
    assert started(scope_hours=8.0, size_ref_hours=2.0).w.scope_doublings == 2.0


def test_at_the_start_those_are_there_who_have_joined():
    s = started()
    assert [d.activity for d in s.d] == [IDLE, ABSENT, ABSENT]
    assert [d.listed for d in s.d] == [1, 0, 0]
    assert [d.staffing_time for d in s.d] == [math.inf, 40.0, math.inf]
    assert [d.joins for d in s.d] == [0.0, 40.0, math.inf]
    for d in s.d:
        assert (d.generation, d.unreviewed, d.task, d.until, d.outcome) == (0, 0, -1, math.inf, -1)
        assert (d.queued, d.reviews_of, d.blocked) == (0, state.ANYBODY, 0)
        assert (d.hours_worked, d.hours_helping, d.allowance) == (0.0, 0.0, 1.0)
        assert (d.head, d.tail, d.held) == (-1, -1, 0)
    assert (s.d[0].start, s.d[0].level[0]) == (0.0, 3.0)
    assert s.calendar["paid"].tolist() == [40.0] * 4 + [0.0] + [40.0] * 3 + [0.0] * 4


def test_at_the_horizon_everybody_s_stretch_is_booked_and_the_area_closed():
    s = Stage(people=3, weeks=2).give(1, 0)
    s.w.time, s.w.weeks_over, s.w.week_ends = 70.0, 1, 80.0
    s.w.in_system, s.w.area, s.w.area_time = 3, 10.0, 70.0
    s.d[0].start, s.d[1].start, s.d[1].until = 72.0, 60.0, 90.0
    s.d[1].activity, s.d[1].task, s.d[1].hours = MANUAL, 0, 15.0
    s.d[2].activity = ABSENT
    rules.close(*s.args())
    assert (s.w.time, s.w.weeks_over) == (80.0, 2)
    assert s.weeks["hours"][1, state.B_IDLE] == 4.0
    assert s.weeks["hours"][1, state.B_MANUAL] == s.d[1].hours == 10.0
    assert s.weeks["hours"].sum() == 14.0
    assert (s.w.area, s.w.area_time) == (40.0, 80.0)
    assert s.weeks["levels"][1].sum() == 2


# ---- freezes -------------------------------------------------------------------------------


def frozen(kind, *spans, **fields):
    """A state in which reviews or releases are frozen in some spans."""
    s = Stage(**fields)
    s.world[f"{kind}_freezes"] = len(spans)
    for n, (first, last) in enumerate(spans):
        s.world[f"{kind}_freeze_from"][0, n], s.world[f"{kind}_freeze_to"][0, n] = first, last
    return s


@pytest.mark.parametrize(
    ("time", "begins", "released"),
    [(0.0, True, 0.0), (8.0, False, 16.0), (15.9, False, 16.0), (16.0, True, 16.0)],
)
def test_a_freeze_holds_from_its_beginning_to_before_its_end(time, begins, released):
    s = frozen("review", (40.0, 48.0), (8.0, 16.0))
    s.w.time = time
    assert freezes.no_review_begins(s.w) != begins
    s = frozen("release", (40.0, 48.0), (8.0, 16.0))
    s.w.time = time
    assert freezes.release_time(s.w) == released


@pytest.mark.parametrize(
    ("time", "policy", "looks"),
    [
        (0.0, state.LIMIT_REVIEW, 16.0),
        (16.0, state.LIMIT_REVIEW, 48.0),
        (48.0, state.LIMIT_REVIEW, math.inf),
        (0.0, state.LIMIT_WAIT, 8.0),
        (9.0, state.LIMIT_WAIT, 16.0),
    ],
)
def test_people_look_again_at_the_end_of_a_freeze_and_where_reviews_have_hours_each_day(
    time, policy, looks
):
    s = frozen("review", (8.0, 16.0), (40.0, 48.0), at_limit=policy)
    s.w.time = time
    assert freezes.next_look(s.w) == looks


def test_who_may_review_looks_at_the_end_of_a_freeze_and_may_take_none_before():
    s = frozen("review", (0.0, 16.0), people=2).hand_in(1, 0)
    assert not rules.may_take(s.world, s.developers, s.tasks, 0, 0)
    assert rules.find_review(s.world, s.developers, s.tasks, 0) == -1
    s.w.time = 16.0
    rules.new_day(s.world, s.developers, s.weeks)
    assert s.w.changed & state.NEW_REVIEW
    assert rules.may_take(s.world, s.developers, s.tasks, 0, 0)
    assert rules.find_review(s.world, s.developers, s.tasks, 0) == 0


def test_what_is_accepted_in_a_freeze_is_done_at_its_end():
    s = frozen("release", (0.0, 16.0))
    t = s.t[2]
    outcomes.accept(s.w, s.tasks, s.luck_cache, 2)
    assert (t.state, t.timer, s.w.timer_task, t.parts_left) == (state.UNRELEASED, 16.0, 2, 1)
    s.w.time, s.w.timer_task = 16.0, -1
    on_timer(s, 2)
    assert (t.state, t.parts_left, t.end, s.w.timer_task) == (state.DONE, 0, 16.0, -1)


@pytest.mark.parametrize(
    ("share", "most", "advanced", "spared"),
    [(1.0, 2.0, 0, 1), (1.0, 1.9, 0, 0), (1.0, 2.0, 1, 0), (0.0, 2.0, 0, 0)],
)
def test_small_average_work_of_the_share_needs_no_review(share, most, advanced, spared):
    s = Stage(unreviewed_share=share, unreviewed_hours=most)
    s.t[0].advanced = advanced
    assert outcomes.needs_no_review(s.w, s.t[0], s.luck_cache) == spared


def test_which_small_work_needs_no_review_is_by_its_own_luck():
    s = Stage(unreviewed_hours=9.0)
    v = uniform(s.w, 0, 0, luck.OWN_CODE)[1]
    for share, spared in ((v, False), (math.nextafter(v, 1), True)):
        s.w.unreviewed_share = share
        assert outcomes.needs_no_review(s.w, s.t[0], s.luck_cache) == spared


# ---- chains --------------------------------------------------------------------------------


def test_the_next_of_a_chain_comes_first_once_the_one_before_is_done():
    s = Stage(chains=2, chain_length=2, backlog=6).line_up(STREAM, 0, 2, 3, 5)
    for k in (1, 4):
        s.t[k].state = state.CHAINED
    s.w.time = 9.0
    tasks.open_next(s.w, s.tasks, 0)
    assert s.list_of(STREAM) == [1, 0, 2, 3, 5]
    assert (s.t[1].state, s.t[1].arrival, s.t[1].since) == (state.WAITING, 9.0, 9.0)
    s.t[4].kind = state.FIX
    tasks.open_next(s.w, s.tasks, 3)
    assert s.list_of(FIXES) == [4]
    for k in (1, 2, 5):  # the last of a chain, one in none, the last of all
        tasks.open_next(s.w, s.tasks, k)
    assert len(s.list_of(STREAM)) == 5
    assert s.w.changed == state.NEW_WORK | state.NEW_FIX


def test_what_is_begun_is_in_no_chain():
    s = Stage(chains=2, chain_length=2, backlog=7, in_hand=2, waiting_review=1)
    waits = [number for number in range(7) if tasks.is_chained(s.w, number)]
    assert waits == [4, 6]
