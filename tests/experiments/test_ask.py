"""What is asked while a page is redrawn is what a comparison of the same draws holds."""

import numpy as np
import pytest

import sim


@pytest.fixture(scope="module")
def plans():
    reference = sim.load("platform-team").replace({"horizon.weeks": 8})
    return reference.replace({"team.expert": 4}), reference


@pytest.fixture(scope="module")
def of_backlog():
    plan = sim.load("scenarios/done-by-march/today.toml")
    return plan.replace({"team.expert": 4}), plan


def rows(result, metric, draws=slice(None)):
    return result.values(metric)[draws, :, 0]


@pytest.mark.parametrize("pair", ["plans", "of_backlog"])
def test_worlds_are_those_of_a_comparison_to_the_bit(pair, request):
    plan, reference = request.getfixturevalue(pair)
    comparison = sim.compare({"now": reference, "larger": plan}, draws=6, luck=2, seed=3)
    worlds = sim.ask(plan, reference, draws=4, first=2, luck=2, seed=3, threads=2)
    first, second = comparison.results.values()
    for metric in worlds.metrics:
        if metric != "extra_cost":
            np.testing.assert_array_equal(
                worlds.values[metric], rows(second, metric, slice(2, None))
            )
            np.testing.assert_array_equal(
                worlds.reference_values[metric], rows(first, metric, slice(2, None))
            )
        d = worlds.difference(metric).ravel()
        d = d[np.isfinite(d)]
        every = comparison.differences("larger", metric)
        assert len(d)
        assert np.array_equal(d, every[-len(d) :])


def test_metrics_are_those_of_a_page_unless_named(plans, of_backlog):
    assert sim.ask(*of_backlog, draws=1, luck=1).metrics == (
        "done_by", "work_delivered", "tasks_done", "extra_cost", "finish_week",
    )  # fmt: skip
    assert sim.ask(plans[0], draws=1, luck=1).metrics == ("work_delivered", "tasks_done")
    named = sim.ask(*plans, draws=1, luck=1, metrics=["lead_time_p50", "tasks_done"])
    assert named.metrics == ("lead_time_p50", "tasks_done")
    assert np.isfinite(named.values["lead_time_p50"]).all()


def test_joined_worlds_are_those_asked_at_once(of_backlog):
    whole = sim.ask(*of_backlog, draws=5, first=1)
    parts = [sim.ask(*of_backlog, draws=n, first=first) for n, first in ((2, 1), (3, 3))]
    joined = parts[0].extend(parts[1])
    assert (joined.first, joined.draws, joined.luck) == (1, 5, 2)
    for name in ("values", "reference_values"):
        for metric, values in getattr(whole, name).items():
            np.testing.assert_array_equal(getattr(joined, name)[metric], values)


def test_weekly_flows_are_those_of_a_comparison_to_the_bit(of_backlog):
    plan, reference = of_backlog
    comparison = sim.compare({"now": reference, "larger": plan}, draws=4, luck=2)
    flows = ["work_delivered", "cost"]
    worlds = sim.ask(plan, reference, draws=4, weekly=flows)
    assert worlds.flows == tuple(flows)
    for rows_, result in zip(
        (worlds.reference_weekly, worlds.weekly), comparison.results.values(), strict=True
    ):
        for flow in flows:
            expected = result.weekly[flow].to_numpy().reshape(4, 2, -1)
            np.testing.assert_array_equal(rows_[flow], expected)


def test_a_part_of_worlds_is_fewer_draws_asked(of_backlog):
    whole = sim.ask(*of_backlog, draws=5, weekly=["cost"])
    part, asked = whole.part(3), sim.ask(*of_backlog, draws=3, weekly=["cost"])
    for name in ("values", "reference_values", "weekly", "reference_weekly"):
        for metric, values in getattr(asked, name).items():
            np.testing.assert_array_equal(getattr(part, name)[metric], values)
    with pytest.raises(sim.RunError, match=r"^draws = 6: must be a whole number from 1 to 5$"):
        whole.part(6)


def test_a_plan_alone_is_a_run_of_it(plans):
    plan = plans[0]
    result = sim.run(plan, draws=3, luck=1, uncertainty="central")
    worlds = sim.ask(plan, draws=3, luck=1, uncertainty="central")
    assert worlds.reference is None
    assert worlds.reference_values == {}
    np.testing.assert_array_equal(worlds.values["work_delivered"], rows(result, "work_delivered"))
    with pytest.raises(sim.RunError, match="platform-team: was asked without a reference"):
        worlds.difference("work_delivered")


def test_the_reference_costs_nothing_more_than_itself(of_backlog):
    plan, reference = of_backlog
    worlds = sim.ask(plan, reference, draws=2, metrics="extra_cost")
    costs = sim.ask(plan, reference, draws=2, metrics=["cost_to_horizon"])
    assert (worlds.reference_values["extra_cost"] == 0).all()
    assert np.array_equal(worlds.values["extra_cost"], costs.difference("cost_to_horizon"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"draws": 0}, "draws = 0: must be a whole number from 1 to 524288"),
        ({"first": -1}, "first = -1: must be a whole number from 0 to 524287"),
        ({"first": 524280}, "draws = 10: must be a whole number from 1 to 8"),
        ({"luck": 0}, "luck = 0: must be a whole number from 1 to 4096"),
        ({"seed": 1.5}, "seed = 1.5: must be a whole number"),
        ({"threads": 0}, "threads = 0: must be a whole number from 1 to 1024"),
        ({"uncertainty": "some"}, "uncertainty = 'some': must be 'full' or 'central'"),
        ({"weekly": ["costs"]}, "weekly: 'costs': unknown flow; did you mean 'cost'"),
        ({"metrics": []}, r"metrics = \[\]: name one at least"),
        ({"metrics": ["task_done"]}, "metrics: 'task_done': unknown metric; did you mean"),
        (
            {"metrics": ["done_by"]},
            "metrics: done_by: platform-team must state tasks.backlog for it",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(asked, said, plans):
    with pytest.raises(sim.RunError, match=f"^{said}") as error:
        sim.ask(*plans, **asked)
    assert "\n" not in str(error.value)


def test_extra_cost_needs_a_reference(of_backlog):
    said = "^metrics: extra_cost: is over another plan; name a reference$"
    with pytest.raises(sim.RunError, match=said):
        sim.ask(of_backlog[0], metrics=["extra_cost"])


def test_plans_of_other_horizons_are_refused(plans):
    with pytest.raises(sim.CompareError, match=r"horizon\.weeks = 8: must be that of"):
        sim.ask(plans[0], "platform-team")


def test_worlds_that_do_not_follow_are_refused(plans):
    plan, reference = plans
    worlds = sim.ask(plan, reference, draws=2)
    for other, said in (
        (sim.ask(plan, reference, draws=2, first=3), "first = 3: must be 2, the draw that follows"),
        (sim.ask(plan, reference, draws=2, first=2, luck=1), "luck: must be that of"),
        (sim.ask(plan, reference, draws=2, first=2, seed=2), "seed: must be that of"),
        (sim.ask(plan, draws=2, first=2), "reference: must be that of"),
        (sim.ask(reference, reference, draws=2, first=2), "plan: must be that of"),
        (None, "Worlds are extended by Worlds, not NoneType"),
    ):
        with pytest.raises(sim.RunError, match=f"^{said}"):
            worlds.extend(other)
