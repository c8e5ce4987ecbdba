"""Spending: what a world cost, and what its backlog had taken when it was done."""

import math

from sim.engine import compiled
from sim.engine.state import B_IDLE, BACKLOG, HOURS_PER_WEEK


@compiled
def ratio(a, b):
    """a / b, or NaN where b is zero."""
    return a / b if b != 0.0 else math.nan


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
            tool += part * cell.tool if cell.paid > 0.0 else 0.0
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
            running += cell.paid * cell.pay + cell.tool if cell.paid > 0.0 else 0.0
        cost += part * running + weeks[i].cost - running
    return cost
