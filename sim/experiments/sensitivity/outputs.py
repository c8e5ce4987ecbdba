"""Outputs: metrics at the end, or flows summed up to a week."""

import numpy as np

from sim.engine import metrics
from sim.errors import SensitivityError, did_you_mean, near

DEFAULT = (
    "work_delivered", "tasks_done_average", "tasks_done_advanced", "hours_per_task",
    "escaped_defects", "expertise_mean_end",
)  # fmt: skip


def default(plan):
    """Outputs looked at unless others are asked for."""
    priced = plan.money is not None and plan.money.price_per_expert_hour is not None
    return ("net_value", *DEFAULT[:-1]) if priced else DEFAULT


def check(plan, names):
    """The names as a tuple; one clear line for the first that is no output of the scenario."""
    names = (names,) if isinstance(names, str) else tuple(names)
    if not names:
        raise SensitivityError("metrics: name one at least")
    for name in names:
        _check_one(plan, str(name))
    if len(set(names)) < len(names):
        raise SensitivityError("metrics: one is named twice")
    return names


def _check_one(plan, name):
    flow, at, week = name.partition("@")
    if not at:
        if name not in metrics.NAMES:
            hint = did_you_mean(name, metrics.NAMES)
            raise SensitivityError(f"{name}: not a metric{hint}")
        return
    if flow not in metrics.ADD_UP:
        raise SensitivityError(f"{name}: not a flow that adds up{near(flow, metrics.ADD_UP)}")
    if not week.isdigit() or not 1 <= int(week) <= plan.horizon.weeks:
        raise SensitivityError(
            f"{name}: must read '{flow}@WEEK' with a week from 1 to {plan.horizon.weeks}"
        )


def weekly(names):
    """Whether any output needs the flows of each week."""
    return any("@" in name for name in names)


def needs_lead_times(names):
    """Whether any output is a lead time."""
    return any(name.startswith("lead_time") for name in names)


def take(names, values, flows):
    """Outputs (jobs, outputs) from the values and flows of `batch.simulate`."""
    columns = []
    for name in names:
        flow, at, week = name.partition("@")
        if at:
            columns.append(flows[:, : int(week), metrics.FLOWS.index(flow)].sum(axis=1))
        else:
            columns.append(values[:, metrics.NAMES.index(name)])
    return np.stack(columns, axis=1)
