"""Figures of a run week by week say what its weekly record says, in words."""

import dataclasses
from functools import cache

import numpy as np
import pytest
from drawn import faults, texts_of

import sim
from sim.engine.curves import LEVELS
from sim.errors import FigureError
from sim.figures import hours_by_week, queues, stack
from sim.records.words import percent

BACKLOG = {"tasks.backlog": 60, "horizon.weeks": 40}
TWO_LEVELS = {"policy.reviewer_level": "advanced", "team.advanced": 1, "team.novice": 6}
EXPERTS = {"policy.reviewer_level": "expert"}


@cache
def run(*changes):
    plan = sim.load("baseline").replace(dict(changes))
    return sim.run(plan, draws=12, luck=2, seed=7)


def result(**changes):
    return run(*changes.items())


def waiting(run, *levels):
    """Tasks that wait for review, worlds by weeks, summed over the levels that may do it."""
    columns = [f"waiting_review_{level}" for level in levels or LEVELS]
    weeks = run.scenario.horizon.weeks
    return run.weekly[columns].sum(axis=1).to_numpy().reshape(-1, weeks)


def panels(figure):
    return [axes.get_title(loc="left") for axes in figure.axes]


def test_the_fan_of_reviews_starts_at_none_and_ends_at_the_mean_of_the_worlds():
    plan = result(**EXPERTS)
    figure = plan.plot("queues")
    (average,) = [line for line in figure.axes[0].lines if line.get_label() == "Average"]
    assert average.get_ydata()[0] == 0.0
    assert average.get_ydata()[-1] == pytest.approx(waiting(plan)[:, -1].mean())


def test_a_project_that_runs_starts_with_what_waits_for_review():
    plan = sim.load("running-project")
    figure = sim.run(plan, draws=4, luck=2).plot("queues")
    (average,) = [line for line in figure.axes[0].lines if line.get_label() == "Average"]
    assert average.get_ydata()[0] == plan.now.waiting_review > 0


def test_the_title_says_how_many_wait_and_for_whom():
    plan = result(**EXPERTS)
    title, mean = queues.finding(plan), waiting(plan)[:, -1].mean()
    assert f"on average {mean:.0f} tasks (95% interval of the expectation " in title
    assert ") wait for review at the end of week 26" in title
    assert title.endswith("; experts alone may review them")
    assert "experts alone" not in queues.finding(result())


def test_a_peak_long_before_the_end_is_told_in_its_week():
    plan = result(**BACKLOG)
    weeks, note = stack.weeks_at_work(plan)
    means = waiting(plan)[:, :weeks].mean(axis=0)
    assert means.max() > stack.PEAK * means[-1]
    assert f"at the end of week {means.argmax() + 1}, " in queues.finding(plan)
    assert weeks < 40
    assert f"up to week {weeks}" in note
    assert "up to week" in " ".join(text.get_text() for text in plan.plot("queues").texts)


def test_who_may_review_has_a_panel_where_levels_differ():
    assert panels(result(**EXPERTS).plot("queues")) == ["Waiting for review"]
    plan = result(**TWO_LEVELS)
    figure = plan.plot("queues")
    assert panels(figure) == ["Waiting for review", "Who may review it"]
    told = " ".join(text.get_text() for text in figure.axes[1].texts)
    assert "Advanced-level or above" in told
    assert "Experts alone" in told
    experts = waiting(plan, "expert").mean(axis=0)
    layer = figure.axes[1].collections[0].get_paths()[0].vertices  # the lowest
    assert layer[:, 1].max() == pytest.approx(experts.max())


def test_what_waits_to_be_worked_on_is_shown_where_the_work_has_an_end():
    assert panels(result(**BACKLOG).plot("queues"))[-1] == "Waiting to be worked on"
    without = result(**{"policy.review": "none"}).plot("queues")
    assert panels(without) == ["Waiting to be worked on"]
    assert "wait to be worked on" in queues.finding(result(**BACKLOG, **{"policy.review": "none"}))


def test_a_record_of_an_earlier_version_has_no_queues_and_says_so():
    plan = result()
    columns = list(queues.REVIEW)
    for weekly in (plan.weekly.drop(columns=columns), plan.weekly.assign(**{columns[0]: np.nan})):
        with pytest.raises(FigureError, match="has no queues; run the scenario again"):
            dataclasses.replace(plan, weekly=weekly).plot("queues")


def test_layers_of_hours_are_all_hours_of_the_week():
    plan = result()
    hours = plan.weekly[list(hours_by_week.COLUMNS)].sum(axis=1).to_numpy().reshape(-1, 26)
    axes = plan.plot("hours-by-week").axes[0]
    assert axes.get_ylim()[1] == pytest.approx(hours.mean(axis=0).max())


def shares(run, first, last):
    """Share of each activity in the hours of some weeks, on average over worlds."""
    weeks, count = run.scenario.horizon.weeks, len(hours_by_week.COLUMNS)
    hours = run.weekly[list(hours_by_week.COLUMNS)].to_numpy().reshape(-1, weeks, count)
    sums = hours[:, first:last].sum(axis=1)
    return sums / sums.sum(axis=1, keepdims=True), sums


def test_the_title_of_hours_is_what_changes_most():
    plan = result(**EXPERTS)
    first, last = (shares(plan, *span)[0].mean(axis=0) for span in ((0, 6), (20, 26)))
    most = np.abs(last - first).argmax()
    title = hours_by_week.finding(plan)
    assert f"{percent(last[most])} of the development hours (95% interval" in title
    assert title.endswith(f" in the last 6 weeks, {percent(first[most])} in the first")


def test_of_a_backlog_the_title_is_what_most_hours_at_work_go_into():
    plan = result(**BACKLOG)
    weeks, _ = stack.weeks_at_work(plan)
    _, sums = shares(plan, 0, weeks)
    at_work = sums[:, :-1] / sums[:, :-1].sum(axis=1, keepdims=True)  # the last is idle
    assert hours_by_week.COLUMNS[-1] == "hours_idle"
    share = percent(at_work.mean(axis=0).max())
    title = hours_by_week.finding(plan)
    assert f": {share} of the hours at work (95% interval" in title
    assert title.endswith(f" in {weeks} weeks")


@pytest.mark.parametrize("kind", ["queues", "hours-by-week"])
def test_words_and_no_keys_stand_on_them(kind):
    for changes in ({}, BACKLOG, TWO_LEVELS):
        words = [text.get_text() for text in texts_of(result(**changes).plot(kind, size="slide"))]
        assert not any("_" in text for text in words)


@pytest.mark.parametrize("kind", ["queues", "hours-by-week"])
@pytest.mark.parametrize(
    "changes", [{"team": {}}, {"tasks.arrivals_per_week": 0}, {"horizon.weeks": 1}]
)
def test_they_are_drawn_of_nobody_of_no_work_and_of_a_week(kind, changes):
    if "team" in changes:
        levels = dict.fromkeys(LEVELS, 0)
        changes = {"team": {**levels, "adjacent": levels}}
    plan = sim.run(sim.load("baseline").replace(changes), draws=4, luck=2)
    assert faults(plan.plot(kind), least=8) == []
