"""Which way is better, for each metric and weekly flow."""

HIGHER, LOWER, NEITHER = 1, -1, 0

# NEITHER: a plan may have more or less of it for good or bad reasons (sessions, hours by
# activity, people by level), so no probability of being better is given.
DIRECTIONS = {
    "work_delivered": HIGHER,
    "work_per_dev_week": HIGHER,
    "tasks_done": HIGHER,
    "tasks_done_average": HIGHER,
    "tasks_done_advanced": HIGHER,
    "advanced_share_done": NEITHER,
    "sessions": NEITHER,
    "submissions": NEITHER,
    "first_session_success": HIGHER,
    "verified_share": HIGHER,
    "fix_session_share": LOWER,
    "repeat_share": LOWER,
    "hours_per_task": LOWER,
    "lead_time_mean": LOWER,
    "lead_time_p50": LOWER,
    "lead_time_p90": LOWER,
    "review_wait_mean": LOWER,
    "hours_agent": NEITHER,
    "hours_manual": NEITHER,
    "hours_review": NEITHER,
    "hours_rework": LOWER,
    "hours_fix": LOWER,
    "hours_training": NEITHER,
    "hours_mentoring": NEITHER,
    "hours_idle": NEITHER,
    "hours_average": NEITHER,
    "hours_advanced": NEITHER,
    "escaped_defects": LOWER,
    "open_defect_hours_end": LOWER,
    "escalations": NEITHER,
    "abandoned": LOWER,
    "self_review_share": LOWER,
    "expert_load": NEITHER,
    "backlog_end": LOWER,
    "finish_week": LOWER,
    "expertise_mean_end": HIGHER,
    "level_counts_end_novice": NEITHER,
    "level_counts_end_beginner": NEITHER,
    "level_counts_end_intermediate": NEITHER,
    "level_counts_end_advanced": NEITHER,
    "level_counts_end_expert": NEITHER,
    "labour_cost": LOWER,
    "tool_cost": LOWER,
    "training_cost": LOWER,
    "hiring_cost": LOWER,
    "cost_per_work": LOWER,
    "net_value": HIGHER,
    # Flows that are not metrics.
    "cost": LOWER,
    "fix_sessions": NEITHER,
    "repeat_sessions": NEITHER,
}

# Metrics that are undefined because it did not happen within the horizon: later than any week.
NEVER = frozenset({"finish_week"})
