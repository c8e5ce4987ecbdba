"""Absence: holidays, leave and sickness take their share of every hour of a week, exactly."""

import numpy as np
import worlds

from sim.scenario import load

HOURS = ("capacity", "training", "mentoring", "rate")


def test_leave_and_sickness_scale_every_hour_of_a_week_exactly():
    """By a power of two, so that rounding is the same."""
    plan = load("train-to-intermediate").replace({"horizon.weeks": 12})
    away = plan.replace({"absence": {"leave": 0.5, "sickness": 0.5}})
    full, less = worlds.run(plan).calendar, worlds.run(away).calendar
    assert full["training"].sum() > 0
    for hours in HOURS:
        assert np.array_equal(less[hours], full[hours] * 0.25), hours
    assert np.array_equal(less["paid"], full["paid"])


def test_holidays_take_the_working_days_they_fall_on():
    """Thursday 24 December 2026 to 1 January 2027: two days of one week and all of the next."""
    plan = worlds.alone(weeks=4).replace({"horizon.start": "2026-12-14"})
    days = ["2026-12-26", ["2026-12-24", "2027-01-01"]]  # a Saturday takes nothing
    calendar = worlds.run(plan.replace({"absence": {"holidays": days}})).calendar
    assert calendar["capacity"][0].tolist() == [20.0, 12.0, 0.0, 20.0]
    calendar = worlds.run(plan.replace({"absence": {"holiday_weeks": [0, 2]}})).calendar
    assert calendar["capacity"][0].tolist() == [0.0, 20.0, 0.0, 20.0]


def test_a_week_nobody_works_delays_a_backlog_by_a_week():
    """20 tickets of 4 h by hand at 20 h a week are four weeks; with the second off, five."""
    plan = worlds.alone(backlog=20, weeks=8)
    assert worlds.run(plan).metrics["finish_week"] == 4.0
    away = plan.replace({"absence": {"holiday_weeks": [1]}})
    assert worlds.run(away).metrics["finish_week"] == 5.0


def test_no_absence_is_no_change_to_the_bit_and_both_clocks_agree():
    plan = load("platform-team").replace({"horizon.weeks": 8})
    none = plan.replace({"absence": {"leave": 0.0, "sickness": 0.0, "holidays": []}})
    assert worlds.differences(worlds.run(plan), worlds.run(none)) == []
    some = plan.replace({"absence": {"leave": 0.1, "sickness": 0.05, "holiday_weeks": [2, 3]}})
    assert worlds.differences(worlds.run(some), worlds.run_mesa(some)) == []
