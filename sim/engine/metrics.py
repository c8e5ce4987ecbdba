"""The outputs: all that is known of each, and how a run's row and a week's hold them.

All that is known of a metric stands in its row of `METRICS`; adding one is a row there, and a line
in `measuring.fill_row` or what it calls. Ratios are sums over sums. Where a denominator is zero the
metric is NaN in the row, and the summary counts such rows instead of averaging over them.
"""

import itertools

import numba
import numpy as np

from sim.engine.curves import LEVELS
from sim.engine.metric import (
    CAPACITY,
    COST,
    COST_COUNTED,
    COUNTED_TO,
    HEADCOUNT,
    HORIZON,
    MONEY,
    TICKETS,
    Metric,
)
from sim.engine.state import ACCOUNTS, COUNTED, HIGHER, LOWER, QUEUES, Flow

# The order is that of the columns of a run.
METRICS = (
    Metric(
        "work_delivered", "expert-h",
        "size of accepted work, while no surfaced defect is open in it", HIGHER,
        headline=10, told=10, relative=10, slide=10,
    ),
    Metric(
        "work_per_dev_week", "expert-h per person-week", "work delivered per 40 paid hours", HIGHER,
        headline=20,
    ),
    Metric(
        "tasks_done", "tasks", "tasks accepted, fixes included", HIGHER,
        headline=30, told=30, relative=40, slide=30,
    ),
    Metric("tasks_done_average", "tasks", "average tasks accepted", HIGHER),
    Metric("tasks_done_advanced", "tasks", "advanced tasks accepted", HIGHER),
    Metric(
        "advanced_share_done", "share", "advanced among accepted tasks", upper=1.0, headline=40,
    ),
    Metric("sessions", "sessions", "attempts with an agent"),
    Metric("submissions", "submissions", "times a task was handed in"),
    Metric(
        "first_session_success", "share", "first sessions on a task judged done", HIGHER,
        upper=1.0, headline=50,
    ),
    Metric(
        "first_session_verified", "share", "first sessions on a task that are verified", HIGHER,
        upper=1.0, young=True,
    ),
    Metric(
        "verified_share", "share", "verified among sessions judged done", HIGHER,
        upper=1.0, headline=60, told=70,
    ),
    Metric(
        "fix_session_share", "share", "sessions of a fix, of rework, or that repeat an attempt",
        LOWER,
        label="share of fixing sessions", upper=1.0, headline=80, told=80, relative=80,
    ),
    Metric(
        "repeat_share", "share", "sessions that repeat an attempt on the same piece", LOWER,
        upper=1.0, headline=70,
    ),
    Metric(
        "hours_per_task", "h", "development hours worked per accepted task", LOWER,
        headline=90, told=40, relative=50,
    ),
    Metric(
        "lead_time_mean", "working h", "Kaplan-Meier mean, up to the longest time seen", LOWER,
        upper=HORIZON,
    ),
    Metric(
        "lead_time_p50", "working h", "Kaplan-Meier median", LOWER, label="median lead time",
        upper=HORIZON, headline=100, told=50, relative=60, slide=40,
    ),
    Metric(
        "lead_time_p90", "working h", "Kaplan-Meier 90% point", LOWER, upper=HORIZON, headline=110,
    ),
    Metric(
        "review_wait_mean", "working h", "from submission to the start of its review", LOWER,
        label="wait for review", upper=HORIZON, headline=120, told=60, relative=70, slide=50,
    ),
    *(
        Metric(f"hours_{a.name}", a.unit, a.meaning, a.better, upper=CAPACITY, group="hours")
        for a in ACCOUNTS
    ),
    Metric(
        "hours_average", "h", "hours on average tasks, review included",
        upper=CAPACITY, group="hours_class",
    ),
    Metric(
        "hours_advanced", "h", "hours on advanced tasks, review included",
        upper=CAPACITY, group="hours_class",
    ),
    Metric(
        "escaped_defects", "defects", "defects accepted unseen", LOWER,
        headline=130, told=90, relative=90, slide=60,
    ),
    Metric(
        "open_defect_hours_end", "expert-h", "size of surfaced fixes not yet accepted, at the end",
        LOWER,
    ),
    Metric("escalations", "tasks", "times a task was passed to a colleague", headline=140),
    Metric(
        "abandoned", "tasks", "tasks given up and not taken again, at the end", LOWER,
        label="tasks nobody could do", headline=150, told=115,
    ),
    Metric(
        "self_review_share", "share", "reviews of one's own work, for want of anybody else", LOWER,
        upper=1.0,
    ),
    Metric(
        "expert_load", "share", "share of experts' hours on review, escalations and teaching",
        label="load on experts", upper=1.0, headline=160, told=100, relative=100, slide=70,
    ),
    Metric(
        "backlog_end", "tasks",
        "tasks arrived and not accepted, those given up among them, at the end", LOWER,
        label="backlog at the end", headline=170, told=110,
    ),
    Metric(
        "backlog_done", "tasks", "tickets of the backlog done, fixes apart", HIGHER,
        label="tickets of the backlog done", upper=TICKETS, headline=172, young=True,
    ),
    Metric(
        "backlog_given_up", "tasks", "tickets of the backlog given up, at the end", LOWER,
        label="tickets of the backlog given up", upper=TICKETS, headline=174, young=True,
    ),
    Metric(
        "backlog_split", "tasks", "tickets of the backlog that were split into parts",
        label="tickets of the backlog split", upper=TICKETS, headline=176, young=True,
    ),
    Metric(
        "done_by", "share", "whether the backlog was done by the deadline", HIGHER,
        label="chance to be done by the deadline", upper=1.0, event=True, young=True,
        headline=177, told=117, slide=12,
    ),
    Metric(
        "finish_week", "weeks", "week in which the backlog was done", LOWER,
        label="week the backlog is done", upper=HORIZON, never=True,
        headline=180, told=120, slide=80,
    ),
    Metric(
        "weeks_to_done", "weeks",
        "weeks until the backlog was done, or `answer.up_to_week` where that was later", LOWER,
        label="weeks until the backlog is done", upper=COUNTED_TO, young=True,
        headline=179, told=118, slide=16,
    ),
    Metric(
        "hours_until_done", "h", "development hours worked until the backlog was done", LOWER,
        upper=CAPACITY, never=True, young=True,
    ),
    Metric(
        "labour_until_done", MONEY, "paid hours at their cost until the backlog was done", LOWER,
        never=True, young=True,
    ),
    Metric(
        "tool_until_done", MONEY, "cost of the tool until the backlog was done", LOWER, never=True,
        young=True,
    ),
    Metric(
        "cost_until_done", MONEY, "all costs until the backlog was done, or `answer.up_to_week`",
        LOWER, label="cost until done", upper=COST_COUNTED, young=True, headline=182, told=122,
    ),
    Metric("expertise_mean_end", "level", "mean expertise level at the end", HIGHER, upper=5.0),
    *(
        Metric(
            f"level_counts_end_{level}", "people", f"people nearest level {number} at the end",
            upper=HEADCOUNT, group="level_counts_end",
        )
        for number, level in enumerate(LEVELS, 1)
    ),
    Metric("labour_cost", MONEY, "paid hours at their cost", LOWER),
    Metric("tool_cost", MONEY, "the tool, for everybody there", LOWER),
    Metric("training_cost", MONEY, "seats of a training, without anybody's hours", LOWER),
    Metric("hiring_cost", MONEY, "filling seats, without anybody's hours", LOWER),
    Metric(
        "cost_to_horizon", MONEY, "all costs to the end of the run", LOWER,
        label="cost to the horizon", upper=COST, young=True, headline=184, told=124,
    ),
    Metric(
        "extra_cost", MONEY,
        "what a plan costs more than the reference, to the end of the run; a row holds all costs "
        "less pay of the team of the first week as if it stayed",
        LOWER, label="extra cost", negative=True, compared="cost_to_horizon", young=True,
        headline=178, told=119, slide=14,
    ),
    Metric(
        "cost_per_work", f"{MONEY} per expert-h", "all costs over work delivered", LOWER,
        told=130, relative=30,
    ),
    Metric(
        "net_value", MONEY, "work delivered at its price, less all costs", HIGHER,
        negative=True, told=20, relative=20, slide=20,
    ),
)  # fmt: skip
BY_NAME = {metric.name: metric for metric in METRICS}
NAMES = tuple(BY_NAME)
YOUNG = tuple(name for name, metric in BY_NAME.items() if metric.young)
ALONE = tuple(name for name, metric in BY_NAME.items() if not metric.compared)  # of one plan
UNITS = {metric.name: metric.unit for metric in METRICS}
KINDS = {metric.name: metric.kind for metric in METRICS if metric.kind}

# People by level at a week's end: these do not add up over weeks.
_BY_LEVEL = tuple(Flow(f"level_{level}", "people", "of the nearest level") for level in LEVELS)
# What waits at a week's end: neither do these.
_WAITING = tuple(flow._replace(name=f"waiting_{flow.name}") for flow in QUEUES)
# What is counted week by week; the order is that of the columns.
WEEKLY = (
    *COUNTED,
    *(flow._replace(name=f"hours_{flow.name}") for flow in ACCOUNTS),
    *_BY_LEVEL,
    Flow("cost", MONEY, "all costs", LOWER),
    Flow("net_value", MONEY, "work delivered at its price, less all costs", HIGHER),
    *_WAITING,
)
FLOWS = tuple(flow.name for flow in WEEKLY)
FLOW_UNITS = {flow.name: flow.unit for flow in WEEKLY}
# Flows with a sum over weeks, and those that files saved by the version before lack.
ADD_UP = tuple(flow.name for flow in WEEKLY if flow not in (*_BY_LEVEL, *_WAITING))
YOUNG_FLOWS = tuple(flow.name for flow in _WAITING)


def _row_dtype():
    """A run's row: a field a metric, or an array of those of a group."""
    fields = []
    for group, metrics in itertools.groupby(METRICS, key=lambda m: m.group or m.name):
        size = len(tuple(metrics))
        fields.append((group, np.float64, (size,)) if group not in BY_NAME else (group, np.float64))
    return np.dtype(fields)


ROW = _row_dtype()
WEEK_ROW = np.dtype(
    [
        ("counted", np.float64, (len(COUNTED),)), ("hours", np.float64, (len(ACCOUNTS),)),
        ("levels", np.float64, (len(LEVELS),)), ("cost", np.float64), ("net_value", np.float64),
        ("queues", np.float64, (len(QUEUES),)),
    ]
)  # fmt: skip


def listed(place):
    """Names of the metrics that stand in a list for people, such as "headline", in its order."""
    metrics = [metric for metric in METRICS if getattr(metric, place)]
    return tuple(metric.name for metric in sorted(metrics, key=lambda m: getattr(m, place)))


def records(values, dtype=ROW):
    """Plain numbers (..., metrics) as records (...), a view of them whose fields have names.

    dtype : ROW, or WEEK_ROW for weekly flows
    """
    if not values.size:
        return np.zeros(values.shape[:-1], dtype)
    rows = values.view(dtype)[..., 0]
    return rows.view(np.recarray) if numba.config.DISABLE_JIT else rows
