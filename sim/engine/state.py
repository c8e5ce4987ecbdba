"""The data layout: what a world, a developer, a task, a week and a calendar are made of.

Five structured arrays hold all there is to know of one simulated world:
`world` (1,), `developers` (n,) in key order, `tasks` (capacity,) in order of
creation, `weeks` (w,), the flows of each week, and `calendar` (n * w,), the hours
of each person in each week, person by person. Rules read and write them; both
clocks and the metrics see the same bytes.

A row of `developers` is a seat: its holder may leave and another take it.

Row attributes (`task.size_hours`) work when compiled; uncompiled, arrays must be
record arrays for that, which `blank` sees to.
"""

from typing import NamedTuple

import numba
import numpy as np

HOURS_PER_WEEK = 40.0
HOURS_PER_MONTH = HOURS_PER_WEEK * 52 / 12
WEEKS_PER_YEAR = 52.0
HOURS_PER_YEAR = HOURS_PER_WEEK * WEEKS_PER_YEAR
DOMAINS = 4  # domains a person can have a level in

AVERAGE, ADVANCED = 0, 1
NEW, FIX = 0, 1
ENGINEER, ADJACENT = 0, 1
TOOL_NONE, TOOL_ASSISTIVE, TOOL_AGENTIC = 0, 1, 2
SATURATED, POISSON, BACKLOG = 0, 1, 2
SIZE_LOGNORMAL, SIZE_EXPONENTIAL, SIZE_CONSTANT = 0, 1, 2
FIFO, MATCHED, STRICT = 0, 1, 2
USE_ALWAYS, USE_NEVER, USE_PAYS = 0, 1, 2
REVIEW_NONE, REVIEW_UNVERIFIED, REVIEW_ALL = 0, 1, 2
REVIEW_FIRST, REVIEW_TURN, REVIEW_LAST = 0, 1, 2

# Work whose defects have odds of their own.
BY_HAND, IS_VERIFIED, IS_UNVERIFIED = range(3)

# What a developer does during a stretch.
IDLE, AGENT, MANUAL, REVIEW, MENTORING, ABSENT = range(6)
ACTIVITIES = ("idle", "agent", "manual", "review", "mentoring", "absent")

# Where a task stands; RUNNING: the agent is still at work, its developer is not.
(DORMANT, WAITING, HELD, RUNNING, SUBMITTED, QUEUED, IN_REVIEW, DONE, ABANDONED) = range(9)

# Lists of tasks nobody owns: new work; fixes, and work handed back; submissions.
STREAM, FIXES, REVIEWS = range(3)

# Whose work a person may review, where it is not that of one author.
NOBODY, ANYBODY = -2, -1

HIGHER, LOWER, NEITHER = 1, -1, 0  # which way is better


class Flow(NamedTuple):
    """Something a world counts week by week.

    better  HIGHER, LOWER or NEITHER
    """

    name: str
    unit: str
    meaning: str
    better: int = NEITHER


# What rules count in the running week, as `w.week[SESSIONS] += 1.0`; a weekly flow each.
COUNTED = (
    Flow("work_delivered", "expert-h", "credited, less what was withdrawn", HIGHER),
    Flow("tasks_done_average", "tasks", "average tasks accepted", HIGHER),
    Flow("tasks_done_advanced", "tasks", "advanced tasks accepted", HIGHER),
    Flow("sessions", "sessions", "attempts with an agent"),
    Flow("fix_sessions", "sessions", "whose purpose is a fix or rework"),
    Flow("repeat_sessions", "sessions", "that repeat one on the same piece"),
    Flow("submissions", "submissions", "times a task was handed in"),
    Flow("escaped_defects", "defects", "accepted unseen", LOWER),
    Flow("abandoned", "tasks", "given up", LOWER),
)
(
    WORK_DELIVERED, TASKS_DONE, _, SESSIONS, FIX_SESSIONS, REPEAT_SESSIONS, SUBMISSIONS,
    ESCAPED_DEFECTS, ABANDONED_TASKS,
) = range(len(COUNTED))  # fmt: skip

# Accounts that a developer's hours are booked to; together they are the capacity. The hours of
# each are a metric and a weekly flow, such as `hours_agent`.
ACCOUNTS = (
    Flow("agent", "h", "new work with an agent"),
    Flow("manual", "h", "new work by hand"),
    Flow("review", "h", "reviewing"),
    Flow("rework", "h", "rework after review", LOWER),
    Flow("fix", "h", "fix tasks", LOWER),
    Flow("training", "h", "training, trainers included"),
    Flow("mentoring", "h", "mentoring on escalations, and newcomers"),
    Flow("idle", "h", "development time with nothing to do"),
)
(B_AGENT, B_MANUAL, B_REVIEW, B_REWORK, B_FIX, B_TRAINING, B_MENTORING, B_IDLE) = range(
    len(ACCOUNTS)
)
BUCKETS = tuple(account.name for account in ACCOUNTS)

_I, _F = np.int64, np.float64

# Uncertain numbers of the model, by their names in the register; one value a draw.
PARAMETERS = (
    "slope_per_doubling", "size_ref_hours", "advanced_penalty", "adjacent_penalty_average",
    "adjacent_penalty_advanced", "team_offset", "sd_task", "sd_developer", "dev_share",
    "planning_hours", "oversight_share", "instruction_gain", "session_noise_sd",
    "runtime_share", "switching_hours", "partial_share", "hand_ratio", "hand_noise_sd",
    "hand_success_expert", "hand_success_per_level", "hand_success_advanced",
    "assist_coding_share", "assist_saving_novice", "assist_saving_expert", "review_rate",
    "review_agent_factor", "review_look_hours", "review_skill_intermediate",
    "review_skill_per_level", "self_review_factor", "defect_hand", "defect_verified",
    "defect_unverified", "defect_slope", "rework_share", "fix_size_share",
    "defect_delay_weeks", "escalation_hours", "belief_bias", "causal_share",
    "learning_rate", "delegation_damping", "training_efficacy", "ramp_start", "ramp_weeks",
    "mentor_share", "fill_sd", "communication_loss", "communication_most", "gap_drift",
    "task_growth",
)  # fmt: skip

WORLD = np.dtype(
    [(name, _F) for name in PARAMETERS]
    + [
        # curves of this draw
        ("cut_partial", _F), ("cut_unverified", _F), ("cut_verified", _F),
        ("shift", _F, (16,)), ("shift_reference", _F), ("shift_mean", _F), ("years", _F),
        ("progress", _F), ("progress_per_hour", _F),
        # levers
        ("horizon", _F), ("work", _I), ("arrivals_per_hour", _F), ("backlog", _I),
        ("advanced_share", _F), ("fix_share", _F),
        ("size_kind", _I, (2,)), ("size_scale", _F, (2,)), ("size_sigma", _F, (2,)),
        ("tool", _I), ("adoption", _F), ("agent_use", _I), ("scope_hours", _F),
        ("max_sessions", _I), ("stretch_hours", _F), ("routing", _I), ("matched_level", _F),
        ("lookahead", _I), ("review", _I), ("review_order", _I), ("reviewer_level", _F),
        ("review_hours_per_week", _F), ("wip_limit", _I), ("adjacent_by_hand", _I),
        ("parallel_sessions", _I), ("subteam_size", _I),
        ("domains", _I), ("domain_until", _F, (DOMAINS,)),
        ("training_start", _F), ("training_end", _F), ("training_target", _F),
        ("training_hours", _F), ("trainer_hours", _F), ("training_domain", _I),
        ("attrition_per_hour", _F), ("refill", _I), ("refill_weeks", _F),
        # money, in the scenario's currency; `priced` 0 none, 1 costs, 2 costs and a price of work
        ("priced", _I), ("pay", _F, (2, 5)), ("price", _F), ("tool_cost_per_week", _F),
        ("cost_per_seat", _F), ("refill_cost", _F),
        # which luck
        ("key", _I), ("replication", _I),
        # where the run stands
        ("time", _F), ("n_tasks", _I), ("n_stream", _I), ("timer_task", _I), ("idle", _I),
        ("able", _I, (DOMAINS,)), ("reviewers", _I, (DOMAINS,)), ("stand_in", _I, (DOMAINS,)),
        ("second_stand_in", _I, (DOMAINS,)), ("weeks_over", _I),
        ("talk", _F), ("trainer_level", _F), ("trainer_share", _F), ("mentor_hours", _F),
        ("overflow", _I), ("head", _I, (3,)), ("tail", _I, (3,)),
        ("in_system", _I), ("area", _F), ("area_time", _F), ("arrived", _I),
        ("first", _I, (4,)), ("sessions", _I, (4,)), ("reviews", _I), ("self_reviews", _I),
        ("review_wait", _F), ("escalations", _I), ("events", _I), ("stretches", _I),
        ("labour_cost", _F), ("tool_cost", _F), ("training_cost", _F), ("hiring_cost", _F),
        ("urgent", _I), ("defect_logit", _F, (3,)), ("scope_doublings", _F),
        # flows of the week that runs, until its end
        ("week_ends", _F), ("week", _F, (len(COUNTED),)),
    ]
)  # fmt: skip

DEVELOPER = np.dtype(
    [
        # the seat
        ("key", _I), ("role", _I), ("level_low", _F, (DOMAINS,)), ("level_high", _F, (DOMAINS,)),
        ("hours_per_week", _F), ("opens", _F), ("weeks_to_fill", _F), ("departs", _F),
        ("newcomer", _I), ("trainee", _I), ("pay", _F), ("hiring_cost", _F),
        # who holds it
        ("generation", _I), ("joins", _F), ("leaves", _F), ("turn", _F),
        ("level", _F, (DOMAINS,)), ("hired_level", _F, (DOMAINS,)), ("practice", _F, (DOMAINS,)),
        ("trained", _I), ("trait", _F),
        # what the levels do, causal share included; by domain
        ("shift", _F, (DOMAINS,)), ("oversight", _F, (DOMAINS,)), ("hand_factor", _F, (DOMAINS,)),
        ("hand_logit", _F, (DOMAINS,)), ("review_logit", _F, (DOMAINS,)),
        # what they are at
        ("activity", _I), ("task", _I), ("start", _F), ("until", _F), ("hours", _F),
        ("outcome", _I), ("piece_hours", _F), ("head", _I), ("tail", _I), ("held", _I),
        ("unreviewed", _I), ("queued", _I), ("reviews_of", _I),
        ("allowance", _F), ("allowance_time", _F),
        ("hours_worked", _F), ("hours_helping", _F),
    ]
)  # fmt: skip

TASK = np.dtype(
    [
        ("key", _I), ("kind", _I), ("advanced", _I), ("domain", _I), ("stream", _I),
        ("size_hours", _F), ("trait", _F), ("hand_luck", _F),
        ("state", _I), ("owner", _I), ("timer", _F), ("since", _F), ("queue", _I), ("next", _I),
        ("prev", _I), ("luck", _F), ("outcome", _I), ("eta", _F),
        ("arrival", _F), ("start", _F), ("end", _F), ("submitted", _F),
        ("left", _F), ("piece", _F), ("piece_index", _I), ("attempts", _I), ("tries", _I),
        ("manual_left", _F), ("sessions", _I), ("submissions", _I), ("rework", _I),
        ("escalated", _I), ("mentoring", _I), ("hazard", _F), ("unverified", _I),
        ("agent_hours", _F), ("submitted_hours", _F), ("defect", _I),
        ("root", _I), ("open_defects", _I), ("credited", _I),
    ]
)  # fmt: skip

WEEK = np.dtype(
    [
        ("counted", _F, (len(COUNTED),)), ("hours", _F, (len(ACCOUNTS),)),
        ("hours_class", _F, (2,)), ("levels", _F, (5,)), ("cost", _F),
    ]
)  # fmt: skip

# One person in one week. Hours per week, but for `rate`: development hours left for tasks per hour
# of the clock, the same until the clock says `until`; `paid` is 0 where the seat is empty.
CALENDAR = np.dtype(
    [
        ("rate", _F), ("until", _F), ("capacity", _F), ("training", _F), ("mentoring", _F),
        ("paid", _F), ("pay", _F), ("level", _F), ("tenure", _F), ("trainee", _I), ("hiring", _F),
    ]
)  # fmt: skip

TRACE = np.dtype(
    [
        ("start_hours", _F), ("end_hours", _F), ("developer", _I), ("activity", _I),
        ("task", _I), ("piece_hours", _F), ("hours", _F), ("outcome", _I),
    ]
)  # fmt: skip


def blank(length, dtype):
    """Zeros of a structured dtype whose rows have attributes, compiled or not."""
    rows = np.zeros(length, dtype)
    interpreted = numba.config.DISABLE_JIT
    return rows.view(np.recarray) if interpreted else rows
