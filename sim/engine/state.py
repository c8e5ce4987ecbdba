"""The data layout: what a world, a developer, a task and a week are made of.

Four structured arrays hold all there is to know of one simulated world:
`world` (1,), `developers` (n,) in key order, `tasks` (capacity,) in order of
creation and `weeks` (w,), the flows of each week. Rules read and write them;
both clocks and the metrics see the same bytes.

Row attributes (`task.size_hours`) work when compiled; uncompiled, arrays must be
record arrays for that, which `blank` sees to.
"""

import numba
import numpy as np

HOURS_PER_WEEK = 40.0
HOURS_PER_MONTH = HOURS_PER_WEEK * 52 / 12
DOMAINS = 8  # domains a person can have a level in
SEGMENTS = 12  # stretches of time with a rate of their own, per person

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

# What a developer does during a stretch.
IDLE, AGENT, MANUAL, REVIEW, MENTORING = range(5)
ACTIVITIES = ("idle", "agent", "manual", "review", "mentoring")

# Where a task stands.
DORMANT, WAITING, HELD, SUBMITTED, QUEUED, IN_REVIEW, DONE, ABANDONED = range(8)

# Lists of tasks nobody owns.
STREAM, FIXES, REVIEWS = range(3)

# Accounts that a developer's hours are booked to; together they are the capacity.
BUCKETS = ("agent", "manual", "review", "rework", "fix", "training", "mentoring", "idle")
(B_AGENT, B_MANUAL, B_REVIEW, B_REWORK, B_FIX, B_TRAINING, B_MENTORING, B_IDLE) = range(8)

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
    "defect_delay_weeks", "escalation_hours", "belief_bias",
)  # fmt: skip

WORLD = np.dtype(
    [(name, _F) for name in PARAMETERS]
    + [
        # curves of this draw
        ("cut_partial", _F), ("cut_unverified", _F), ("cut_verified", _F),
        ("shift", _F, (16,)), ("shift_reference", _F),
        ("progress", _F), ("progress_per_hour", _F),
        # levers
        ("horizon", _F), ("work", _I), ("arrivals_per_hour", _F), ("backlog", _I),
        ("advanced_share", _F), ("fix_share", _F),
        ("size_kind", _I, (2,)), ("size_scale", _F, (2,)), ("size_sigma", _F, (2,)),
        ("tool", _I), ("adoption", _F), ("agent_use", _I), ("scope_hours", _F),
        ("max_sessions", _I), ("stretch_hours", _F), ("routing", _I), ("matched_level", _F),
        ("lookahead", _I), ("review", _I), ("review_order", _I), ("reviewer_level", _F),
        ("review_hours_per_week", _F), ("wip_limit", _I), ("adjacent_by_hand", _I),
        # who and which luck
        ("key", _I), ("replication", _I), ("able", _I), ("reviewers", _I),
        # where the run stands
        ("time", _F), ("n_tasks", _I), ("n_stream", _I), ("timer_task", _I), ("idle", _I),
        ("overflow", _I), ("head", _I, (3,)), ("tail", _I, (3,)),
        ("in_system", _I), ("area", _F), ("area_time", _F), ("arrived", _I),
        ("first", _I, (4,)), ("sessions", _I, (4,)), ("reviews", _I), ("self_reviews", _I),
        ("review_wait", _F), ("escalations", _I), ("events", _I), ("stretches", _I),
    ]
)  # fmt: skip

DEVELOPER = np.dtype(
    [
        ("key", _I), ("role", _I), ("level", _F, (DOMAINS,)), ("hired_level", _F, (DOMAINS,)),
        ("level_low", _F), ("level_high", _F), ("hours_per_week", _F), ("trait", _F),
        ("rate_until", _F, (SEGMENTS,)), ("rate", _F, (SEGMENTS,)),
        ("activity", _I), ("task", _I), ("start", _F), ("until", _F), ("hours", _F),
        ("outcome", _I), ("piece_hours", _F), ("head", _I), ("tail", _I), ("held", _I),
        ("unreviewed", _I), ("allowance", _F), ("allowance_time", _F),
        ("hours_worked", _F), ("hours_helping", _F),
    ]
)  # fmt: skip

TASK = np.dtype(
    [
        ("key", _I), ("kind", _I), ("advanced", _I), ("domain", _I), ("stream", _I),
        ("size_hours", _F), ("trait", _F), ("hand_noise", _F),
        ("state", _I), ("owner", _I), ("timer", _F), ("since", _F), ("next", _I), ("prev", _I),
        ("arrival", _F), ("start", _F), ("end", _F), ("submitted", _F),
        ("left", _F), ("piece", _F), ("piece_index", _I), ("attempts", _I), ("tries", _I),
        ("manual_left", _F), ("sessions", _I), ("submissions", _I), ("rework", _I),
        ("escalated", _I), ("mentoring", _I), ("clean", _F), ("unverified", _I),
        ("agent_hours", _F), ("submitted_hours", _F), ("defect", _I),
        ("root", _I), ("open_defects", _I), ("credited", _I),
    ]
)  # fmt: skip

WEEK = np.dtype(
    [
        ("sessions", _F), ("fix_sessions", _F), ("repeat_sessions", _F), ("submissions", _F),
        ("done", _F, (2,)), ("work", _F), ("escaped", _F), ("abandoned", _F),
        ("hours", _F, (8,)), ("hours_class", _F, (2,)),
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
