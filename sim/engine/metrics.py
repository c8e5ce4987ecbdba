"""The outputs: one row each, computed once from the final state of a world.

All that is known of a metric stands in its row of `METRICS`; adding one is a row there, and a line
in `fill_row` or what it calls. Ratios are sums over sums. Where a denominator is zero the metric is
NaN in the row, and the summary counts such rows instead of averaging over them.
"""

import itertools
import math
from dataclasses import dataclass

import numba
import numpy as np

from sim.engine import compiled, compiled_with_arrays
from sim.engine.curves import LEVELS
from sim.engine.people import mean_level
from sim.engine.state import (
    ABANDONED_TASKS,
    ABSENT,
    ACCOUNTS,
    ADVANCED,
    AVERAGE,
    B_IDLE,
    BACKLOG,
    COUNTED,
    DONE,
    DORMANT,
    ESCAPED_DEFECTS,
    FIX_SESSIONS,
    HIGHER,
    HOURS_PER_WEEK,
    LOWER,
    NEITHER,
    REPEAT_SESSIONS,
    SATURATED,
    SESSIONS,
    SUBMISSIONS,
    TASKS_DONE,
    WAITING,
    WORK_DELIVERED,
    Flow,
)

_ROUNDING = 1e-9  # work below this is the last bits of a sum [expert-h]
MONEY = "money"  # in units; a plan that states its currency has that instead
# Limits that depend on the world, in the metric's own unit: hours of development and people there
# are, how long the run lasts, tickets of the backlog, and the week up to which time is counted.
CAPACITY, HEADCOUNT, HORIZON = "capacity", "headcount", "horizon"
TICKETS, COUNTED_TO = "tickets", "counted to"


@dataclass(frozen=True)
class Metric:
    """All that is known of an output.

    better    HIGHER, LOWER or NEITHER. NEITHER: a plan may have more or less of it for good or bad
              reasons (sessions, hours by activity, people by level), so no probability of being
              better is given
    label     in words, where these are not its name
    upper     the most it can be: a number, CAPACITY, HEADCOUNT, HORIZON, TICKETS or COUNTED_TO;
              None if unlimited
    negative  whether it can be below zero
    never     whether it is undefined where something did not happen within the horizon, which is
              later than any week
    event     whether it is 1 where something happened in a world and 0 where not: its mean is a
              probability, whose interval is the error of the number of worlds
    compared  the metric whose difference this one is in a comparison; itself where empty
    young     whether files saved by the version before lack it
    group     metrics side by side that are measured together, as an array of this name

    Its place in lists for people, 0 where it is not in one; in tens, so that another fits between:
    headline  the table of a run
    told      what is told of a comparison
    relative  the figure of relative changes
    slide     the table of a deck
    """

    name: str
    unit: str
    meaning: str
    better: int = NEITHER
    label: str = ""
    upper: float | str | None = None
    negative: bool = False
    never: bool = False
    event: bool = False
    compared: str = ""
    young: bool = False
    group: str = ""
    headline: int = 0
    told: int = 0
    relative: int = 0
    slide: int = 0

    def bounds(self, people=math.inf, weeks=math.inf, tickets=math.inf, counted_to=math.inf):
        """Least and greatest it can be, in its unit, with so many people over so many weeks.

        tickets    : of the backlog
        counted_to : week up to which the time until it is done is counted
        """
        hours = HOURS_PER_WEEK * weeks
        limits = {
            None: math.inf,
            HEADCOUNT: float(people),
            CAPACITY: people * hours,
            HORIZON: float(weeks) if self.unit == "weeks" else hours,
            TICKETS: float(tickets),
            COUNTED_TO: float(counted_to),
        }
        most = limits[self.upper] if self.upper in limits else float(self.upper)
        return (-math.inf if self.negative else 0.0), most

    @property
    def words(self):
        """The metric in words."""
        return self.label or self.name.replace("_", " ")

    @property
    def kind(self):
        """What its estimate takes it for: "event", "never" or ""; see sim.analysis.estimates."""
        return "event" if self.event else "never" if self.never else ""


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
        LOWER, label="cost until done", young=True, headline=182, told=122,
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
        label="cost to the horizon", young=True, headline=184, told=124,
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
# What is counted week by week; the order is that of the columns.
WEEKLY = (
    *COUNTED,
    *(flow._replace(name=f"hours_{flow.name}") for flow in ACCOUNTS),
    *_BY_LEVEL,
    Flow("cost", MONEY, "all costs", LOWER),
    Flow("net_value", MONEY, "work delivered at its price, less all costs", HIGHER),
)
FLOWS = tuple(flow.name for flow in WEEKLY)
FLOW_UNITS = {flow.name: flow.unit for flow in WEEKLY}
ADD_UP = tuple(flow.name for flow in WEEKLY if flow not in _BY_LEVEL)  # flows with a sum over weeks


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


def measure(arrays, row, with_lead_times=True):
    """Fill row (METRICS,) from the final state of a world.

    arrays : world, developers, tasks, weeks and calendar
    with_lead_times : bool, whether to measure these, which takes a sort; NaN if not
    """
    fill_row(*arrays, records(row[np.newaxis])[0], with_lead_times)


def by_week(world, weeks, out):
    """Copy the flows of each week to out (weeks, FLOWS)."""
    fill_weeks(world, weeks, records(out, WEEK_ROW))


@compiled
def clear(weeks):
    """Set all flows to zero."""
    for i in range(len(weeks)):
        w = weeks[i]
        w.cost = 0.0
        for flow in range(len(w.counted)):
            w.counted[flow] = 0.0
        for c in range(len(w.hours_class)):
            w.hours_class[c] = 0.0
        for account in range(len(w.hours)):
            w.hours[account] = 0.0
        for level in range(len(w.levels)):
            w.levels[level] = 0.0


@compiled
def fill_weeks(world, weeks, out):
    """Copy the flows of each week to out (weeks,) of WEEK_ROW."""
    price, priced = world[0].price, world[0].priced
    for i in range(len(weeks)):
        w, row = weeks[i], out[i]
        for flow in range(len(w.counted)):
            row.counted[flow] = w.counted[flow]
        for account in range(len(w.hours)):
            row.hours[account] = w.hours[account]
        for level in range(len(w.levels)):
            row.levels[level] = w.levels[level]
        row.cost = w.cost if priced > 0 else math.nan
        row.net_value = price * w.counted[WORK_DELIVERED] - w.cost if priced > 1 else math.nan


@compiled
def ratio(a, b):
    """a / b, or NaN where b is zero."""
    return a / b if b != 0.0 else math.nan


@compiled_with_arrays
def lead_times(world, tasks, row):
    """Kaplan-Meier mean, median and 90% point of lead time, into the row.

    A task not accepted by the horizon, given up or not, counts as longer than the
    time it has been seen.

    Equation 28 of docs/model.md.
    """
    w = world[0]
    n = 0
    for k in range(w.n_tasks):
        if tasks[k].start < math.inf:
            n += 1
    times, ends = np.empty(n), np.empty(n, np.int64)
    n = 0
    for k in range(w.n_tasks):
        t = tasks[k]
        if t.start < math.inf:
            done = t.parts_left == 0
            times[n] = (t.end if done else w.horizon) - t.start
            ends[n] = 1 if done else 0
            n += 1
    if n == 0:
        return
    alive, area, before, dead, at = 1.0, 0.0, 0.0, 0, 0
    order = np.argsort(times)
    while at < n:
        time = times[order[at]]
        here = done_here = 0
        while at + here < n and times[order[at + here]] == time:
            done_here += ends[order[at + here]]
            here += 1
        area += alive * (time - before)
        alive *= 1.0 - done_here / (n - at)
        if alive <= 0.5 and math.isnan(row.lead_time_p50):
            row.lead_time_p50 = time
        if alive <= 0.1 + 1e-12 and math.isnan(row.lead_time_p90):
            row.lead_time_p90 = time
        before = time
        dead += done_here
        at += here
    if dead > 0:
        row.lead_time_mean = area


@compiled_with_arrays
def fill_row(world, developers, tasks, weeks, calendar, row, with_lead_times):
    """Fill a row of ROW from the final state of a world.

    with_lead_times : bool, whether to measure these, which takes a sort; NaN if not
    """
    w = world[0]
    total = np.zeros(len(w.week))
    for c in range(len(row.hours_class)):
        row.hours_class[c] = 0.0
    for account in range(len(row.hours)):
        row.hours[account] = 0.0
    for i in range(len(weeks)):
        week = weeks[i]
        for flow in range(len(week.counted)):
            total[flow] += week.counted[flow]
        for c in range(len(week.hours_class)):
            row.hours_class[c] += week.hours_class[c]
        for account in range(len(week.hours)):
            row.hours[account] += week.hours[account]
    paid = 0.0
    for i in range(len(calendar)):
        paid += calendar[i].paid

    work, sessions = total[WORK_DELIVERED], total[SESSIONS]
    if work < _ROUNDING:  # all of it has been withdrawn, but for the last bits of a sum
        work = 0.0
    row.work_delivered = work
    row.work_per_dev_week = ratio(work, paid / HOURS_PER_WEEK)
    row.tasks_done_average = total[TASKS_DONE + AVERAGE]
    row.tasks_done_advanced = total[TASKS_DONE + ADVANCED]
    row.tasks_done = row.tasks_done_average + row.tasks_done_advanced
    row.advanced_share_done = ratio(row.tasks_done_advanced, row.tasks_done)
    row.sessions, row.submissions = sessions, total[SUBMISSIONS]
    first = w.first[0] + w.first[1] + w.first[2] + w.first[3]
    row.first_session_success = ratio(float(w.first[2] + w.first[3]), float(first))
    row.first_session_verified = ratio(float(w.first[3]), float(first))
    row.verified_share = ratio(float(w.sessions[3]), float(w.sessions[2] + w.sessions[3]))
    row.fix_session_share = ratio(total[FIX_SESSIONS], sessions)
    row.repeat_share = ratio(total[REPEAT_SESSIONS], sessions)
    row.hours_per_task = ratio(row.hours_class[0] + row.hours_class[1], row.tasks_done)
    row.lead_time_mean = row.lead_time_p50 = row.lead_time_p90 = math.nan
    if with_lead_times:
        lead_times(world, tasks, row)
    row.review_wait_mean = ratio(w.review_wait, float(w.reviews))
    row.escaped_defects, row.abandoned = total[ESCAPED_DEFECTS], total[ABANDONED_TASKS]
    row.escalations = w.escalations
    row.self_review_share = ratio(float(w.self_reviews), float(w.reviews))
    tasks_at_end(world, tasks, row)
    until_done(w, weeks, calendar, row)
    people_at_end(w, developers, row)
    money(w, len(weeks), calendar, work, row)


@compiled
def money(w, weeks, calendar, work, row):
    """What it cost and what it brought, into the row; NaN where not stated.

    weeks : int, of the run

    Equation 32 of docs/model.md.
    """
    row.labour_cost = row.tool_cost = row.training_cost = row.hiring_cost = math.nan
    row.cost_per_work = row.net_value = row.cost_to_horizon = row.extra_cost = math.nan
    if w.priced == 0:
        return
    row.labour_cost, row.tool_cost = w.labour_cost, w.tool_cost
    row.training_cost, row.hiring_cost = w.training_cost, w.hiring_cost
    cost = w.labour_cost + w.tool_cost + w.training_cost + w.hiring_cost
    today = 0.0
    for person in range(len(calendar) // weeks):
        first = calendar[person * weeks]
        today += weeks * first.paid * first.pay if math.isinf(first.tenure) else 0.0
    row.cost_to_horizon, row.extra_cost = cost, cost - today
    row.cost_per_work = ratio(cost, work)
    if w.priced > 1:
        row.net_value = w.price * work - cost


@compiled
def tasks_at_end(world, tasks, row):
    """Open defects and what became of the backlog, into the row."""
    w = world[0]
    open_hours, waiting, given_up, parted = 0.0, 0, 0, 0
    for k in range(w.n_tasks):
        t = tasks[k]
        if t.state == DORMANT:
            continue
        if not t.stream and t.state != DONE:
            open_hours += t.size_hours
        unpicked = t.state == WAITING and t.stream and w.work == SATURATED
        if t.part == 0 and t.parts_left > 0 and not unpicked:
            waiting += 1
        if t.stream and t.part == 0:
            given_up += 1 if t.parts_given_up > 0 else 0
            parted += 1 if t.size_hours < t.whole_hours else 0
    row.open_defect_hours_end = open_hours
    row.backlog_end = waiting
    row.backlog_done = row.backlog_given_up = row.backlog_split = math.nan
    if w.work == BACKLOG:
        row.backlog_done, row.backlog_given_up, row.backlog_split = w.stream_done, given_up, parted


@compiled
def until_done(w, weeks, calendar, row):
    """When the backlog was done, and what it had taken by then, into the row; NaN if it is not.

    Of the week in which it was done, hours and costs count in proportion to the time. Time and
    cost until done are restricted: what is not done counts as of `counted_to`, the same in all
    plans, so that no world is left out and the length of the run does not matter.

    Equation 31 of docs/model.md.
    """
    row.finish_week = row.hours_until_done = math.nan
    row.labour_until_done = row.tool_until_done = math.nan
    row.done_by = row.weeks_to_done = row.cost_until_done = math.nan
    if w.work != BACKLOG:
        return
    if w.deadline < math.inf:
        row.done_by = 1.0 if w.backlog_done <= w.deadline else 0.0
    row.weeks_to_done = min(w.backlog_done, w.counted_to) / HOURS_PER_WEEK
    if w.priced > 0:
        row.cost_until_done = cost_until(w, weeks, calendar, row.weeks_to_done)
    if w.backlog_done == math.inf:
        return
    row.finish_week = w.backlog_done / HOURS_PER_WEEK
    hours = labour = tool = 0.0
    for i in range(len(weeks)):
        part = min(max(row.finish_week - i, 0.0), 1.0)
        for account in range(len(weeks[i].hours)):
            hours += part * weeks[i].hours[account] if account != B_IDLE else 0.0
        for person in range(len(calendar) // len(weeks)):
            cell = calendar[person * len(weeks) + i]
            labour += part * cell.paid * cell.pay
            tool += part * w.tool_cost_per_week if cell.paid > 0.0 else 0.0
    row.hours_until_done = hours
    if w.priced > 0:
        row.labour_until_done, row.tool_until_done = labour, tool


@compiled
def cost_until(w, weeks, calendar, end):
    """All costs until a week [weeks]: pay and tool by the time, hiring and seats as they are due.

    Equation 32 of docs/model.md.
    """
    cost = 0.0
    for i in range(len(weeks)):
        part = min(max(end - i, 0.0), 1.0)
        if part == 0.0:
            return cost
        running = 0.0
        for person in range(len(calendar) // len(weeks)):
            cell = calendar[person * len(weeks) + i]
            running += cell.paid * cell.pay + w.tool_cost_per_week if cell.paid > 0.0 else 0.0
        cost += part * running + weeks[i].cost - running
    return cost


@compiled
def people_at_end(w, developers, row):
    """Expert load, mean level and people by level, into the row."""
    helping = worked = levels = there = 0.0
    for level in range(len(row.level_counts_end)):
        row.level_counts_end[level] = 0.0
    for i in range(len(developers)):
        d = developers[i]
        level = mean_level(w, d)
        nearest = min(int(level + 0.5), 5)
        if nearest == 5:
            helping += d.hours_helping
            worked += d.hours_worked
        if d.activity != ABSENT:
            there += 1.0
            levels += level
            row.level_counts_end[nearest - 1] += 1.0
    row.expert_load = ratio(helping, worked)
    row.expertise_mean_end = ratio(levels, there)
