"""Metrics that may answer a question, and what they need: a plan is checked without the engine.

What each is stands in `sim.engine.metrics`, whose rows these are, in any order.
"""

from typing import Any

METRIC_NAMES = (
    "work_delivered", "work_per_dev_week", "tasks_done", "tasks_done_average",
    "tasks_done_advanced", "advanced_share_done", "sessions", "submissions",
    "first_session_success", "first_session_verified", "verified_share", "fix_session_share",
    "repeat_share", "hours_per_task", "lead_time_mean", "lead_time_p50", "lead_time_p90",
    "review_wait_mean", "hours_agent", "hours_manual", "hours_review", "hours_rework",
    "hours_fix", "hours_training", "hours_mentoring", "hours_idle", "hours_average",
    "hours_advanced", "escaped_defects", "open_defect_hours_end", "escalations", "abandoned",
    "self_review_share", "expert_load", "backlog_end", "backlog_done", "backlog_given_up",
    "backlog_split", "done_by", "finish_week", "weeks_to_done", "hours_until_done",
    "labour_until_done", "tool_until_done", "cost_until_done", "expertise_mean_end",
    "level_counts_end_novice", "level_counts_end_beginner", "level_counts_end_intermediate",
    "level_counts_end_advanced", "level_counts_end_expert", "labour_cost", "tool_cost",
    "training_cost", "hiring_cost", "cost_to_horizon", "extra_cost", "cost_per_work",
    "net_value",
)  # fmt: skip

# What a metric needs that a plan may leave out, beside its name.
OF_A_BACKLOG = (
    "backlog_done", "backlog_given_up", "backlog_split", "done_by", "finish_week", "weeks_to_done",
    "hours_until_done", "labour_until_done", "tool_until_done", "cost_until_done",
)  # fmt: skip
OF_MONEY = (
    "labour_until_done", "tool_until_done", "cost_until_done", "labour_cost", "tool_cost",
    "training_cost", "hiring_cost", "cost_to_horizon", "extra_cost", "cost_per_work", "net_value",
)  # fmt: skip


def lacks(plan: Any, metric: str) -> str:
    """What a plan, or its tables, does not state that a metric needs; "" where it lacks nothing."""
    is_dated = metric != "done_by" or (plan.answer.by or plan.answer.by_week) is not None
    if metric in OF_A_BACKLOG and plan.tasks.backlog is None:
        return "tasks.backlog"
    if not is_dated:
        return "answer.by or answer.by_week"
    if metric in OF_MONEY and plan.money is None:
        return "[money]"
    unpriced = metric == "net_value" and plan.money.price_per_expert_hour is None
    return "money.price_per_expert_hour" if unpriced else ""
