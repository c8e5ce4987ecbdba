"""All that is known of a metric stands in its row, and every one is measured, within its limits."""

import numpy as np
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st
from test_laws import SOME

from sim.engine import measuring, metrics, state
from sim.experiments.limits import most_cost

LEFT = -12345.0  # what no metric of a world is


def limit(metric, end, plan):
    """The most a metric can be in a world, in its own unit."""
    horizon = end.world["horizon"]
    limits = {
        None: np.inf,
        metrics.CAPACITY: end.calendar["capacity"].sum(),
        metrics.HEADCOUNT: len(end.developers),
        metrics.HORIZON: horizon / state.HOURS_PER_WEEK if metric.unit == "weeks" else horizon,
        metrics.TICKETS: end.world["backlog"],
        metrics.COUNTED_TO: end.world["counted_to"] / state.HOURS_PER_WEEK,
    }
    if plan.money is not None:
        limits[metrics.COST] = most_cost(plan, plan.horizon.weeks)
        limits[metrics.COST_COUNTED] = most_cost(plan, plan.up_to_week)
    return limits.get(metric.upper, metric.upper)


@SOME
@given(worlds.scenarios(), st.integers(0, 1000))
def test_every_metric_lies_within_the_limits_of_its_row(plan, luck):
    end = worlds.run(plan, 1, luck)
    for metric in metrics.METRICS:
        value = end.metrics[metric.name]
        if not np.isnan(value):
            assert value <= limit(metric, end, plan) * (1 + 1e-9) + 1e-9, metric.name
            assert value >= 0 or metric.negative, metric.name


@pytest.mark.parametrize("number", range(4))
def test_every_metric_and_flow_is_measured(number):
    end = worlds.run(worlds.any_scenario(worlds.picker(number)))
    row, weekly = np.full(len(metrics.NAMES), LEFT), np.full(end.weekly.shape, LEFT)
    arrays = (end.developers, end.tasks, end.weeks, end.calendar.ravel())
    world = np.array([end.world])
    measuring.measure((world, *arrays), row)
    measuring.by_week(world, end.weeks, weekly)
    assert [name for name, x in zip(metrics.NAMES, row, strict=True) if x == LEFT] == []
    assert [name for name, x in zip(metrics.FLOWS, weekly[0], strict=True) if x == LEFT] == []
    assert np.array_equal(row, end.row, equal_nan=True)
    assert np.array_equal(weekly, end.weekly, equal_nan=True)


def test_columns_of_plain_numbers_are_the_fields_of_records_in_the_order_of_the_rows():
    place = np.arange(float(len(metrics.NAMES)))
    row = metrics.records(place[np.newaxis])[0]
    for name in metrics.NAMES:
        if name in row.dtype.names:
            assert metrics.NAMES[int(row[name])] == name
    accounts = [metrics.NAMES[int(x)] for x in row["hours"]]
    assert accounts == [f"hours_{name}" for name in state.BUCKETS]
    levels = [metrics.NAMES[int(x)] for x in row["level_counts_end"]]
    assert levels == [name for name in metrics.NAMES if name.startswith("level_counts_end_")]
    assert [metrics.NAMES[int(x)] for x in row["hours_class"]] == [
        "hours_average",
        "hours_advanced",
    ]


def test_constants_of_what_is_counted_are_the_places_of_their_flows():
    places = {
        "work_delivered": state.WORK_DELIVERED,
        "tasks_done_average": state.TASKS_DONE + state.AVERAGE,
        "tasks_done_advanced": state.TASKS_DONE + state.ADVANCED,
        "sessions": state.SESSIONS,
        "fix_sessions": state.FIX_SESSIONS,
        "repeat_sessions": state.REPEAT_SESSIONS,
        "submissions": state.SUBMISSIONS,
        "escaped_defects": state.ESCAPED_DEFECTS,
        "abandoned": state.ABANDONED_TASKS,
    }
    assert [flow.name for flow in state.COUNTED] == sorted(places, key=places.get)
    assert sorted(places.values()) == list(range(len(state.COUNTED)))


def test_a_flow_of_a_metric_s_name_has_its_unit_and_direction():
    for flow in metrics.WEEKLY:
        if flow.name in metrics.BY_NAME:
            metric = metrics.BY_NAME[flow.name]
            assert (flow.unit, flow.better) == (metric.unit, metric.better)


@pytest.mark.parametrize("place", ["headline", "told", "relative", "slide"])
def test_no_two_metrics_have_one_place_in_a_list(place):
    places = [getattr(m, place) for m in metrics.METRICS if getattr(m, place)]
    assert len(places) == len(set(places)) == len(metrics.listed(place))
    assert metrics.listed(place)[0] == "work_delivered"


def test_no_numbers_have_no_records():
    assert metrics.records(np.empty((0, len(metrics.NAMES)))).shape == (0,)
    assert metrics.records(np.empty((0, 0, 0)), metrics.WEEK_ROW).shape == (0, 0)


@pytest.mark.parametrize("left", [4e-15, -4e-15])
def test_work_that_was_all_withdrawn_is_none_whatever_a_sum_leaves(left):
    """And costs nothing a unit, rather than more than anybody has."""
    pay = dict.fromkeys(worlds.LEVELS, 50.0)
    money = {"currency": "EUR", "engineer": pay, "tool_per_person_month": 0.0}
    end = worlds.run(worlds.alone(weeks=3).replace({"money": money}))
    assert end.metrics["cost_per_work"] > 0
    end.weeks["counted"][:, state.WORK_DELIVERED] = (20.0, -20.0, left)
    row = np.full(len(metrics.NAMES), LEFT)
    arrays = (end.developers, end.tasks, end.weeks, end.calendar.ravel())
    measuring.measure((np.array([end.world]), *arrays), row)
    found = dict(zip(metrics.NAMES, row, strict=True))
    assert found["work_delivered"] == found["work_per_dev_week"] == 0
    assert np.isnan(found["cost_per_work"])
