"""A sweep calls a point the best only where points are asked the same and noise cannot make it."""

import re
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.caveats import OTHER_PRICES, OTHER_WORK, of_kinds
from sim.checking import rerun
from sim.experiments.sweep import as_written, sentences, start
from sim.experiments.workload import NOTHING
from sim.figures.sweep import title
from sim.records.factors import factor

SALARY = {
    "novice": 5e4, "beginner": 6e4, "intermediate": 7e4, "advanced": 8.5e4, "expert": 1e5,
}  # fmt: skip
PLAN = {
    "answer": {"by_week": 10},
    "horizon": {"weeks": 16},
    "team": {"novice": 1, "intermediate": 2, "expert": 2},
    "tasks": {"backlog": 30, "advanced_share": 0.3, "done_share": 0.8},
    "money": {"currency": "EUR", "tool_per_person_month": 100.0, "salary": {"engineer": SALARY}},
}
HAVE = 2  # experts of the plan as written


@pytest.fixture
def swept(tmp_path):
    plan = sim.Scenario.from_dict(PLAN, "plan")

    def sweep(factors, draws=20, changes=None):
        return sim.sweep(plan.replace(changes or {}), factors, tmp_path / "sweep", draws)

    return sweep


def test_each_point_has_the_chance_of_its_own_deadline(swept):
    sweep = swept({"answer.by_week": [4, 6, 12]})
    finish = sweep.values("finish_week")[0]  # the same worlds at every point
    for place, week in enumerate((4, 6, 12)):
        assert sweep.values("done_by")[place].mean() == (finish <= week).mean()
    assert "highest chance to be done by week 12: point 2" in sweep.sentences()[1]
    table = sweep._tables(True)[0]
    assert table.title.startswith("chance to be done by each point's own deadline")
    assert "each point's own deadline" in title(sweep, "done_by")
    weeks = [re.search(r"chance to be done by week (\d+)", c.sentence)[1] for c in sweep.claims()]
    assert weeks == ["4", "6", "12"]


def test_the_interval_of_a_point_stays_within_its_own_week_and_is_that_of_its_run(swept):
    sweep = swept({"answer.by_week": [1, 2, 12]})
    table = sweep.summary("weeks_to_done", "backlog_done")
    weeks = table[table["metric"] == "weeks_to_done"]
    assert list(weeks["ci_high"] <= [1, 2, 12]) == [True] * 3
    assert (table["ci_high"][table["metric"] == "backlog_done"] <= 30).all()
    for place, ends in enumerate(weeks[["ci_low", "ci_high"]].to_numpy()):
        row = sim.run(sweep.scenario_of(place), draws=20).summary().loc["weeks_to_done"]
        assert ends == pytest.approx(row[["ci_low", "ci_high"]].to_numpy(float), rel=0.01)
    record = sweep.run_record("weeks_to_done")
    again = rerun.rerun(record, threads=1)
    assert [c.sentence for c in again] == [c.sentence for c in sweep.claims("weeks_to_done")]


def test_deadlines_as_days_and_a_plan_without_one_are_swept_too(swept):
    days = swept({"answer.by": ["2027-01-08", "2027-02-26"]})
    assert days.metric == "done_by"
    assert "done by the end of 26 February 2027" in days.sentences()[1]


def test_a_plan_without_a_deadline_is_led_by_those_of_its_points(tmp_path):
    plan = sim.Scenario.from_dict({key: v for key, v in PLAN.items() if key != "answer"}, "plan")
    assert sim.sweep(plan, {"answer.by_week": [4, 8]}, tmp_path / "s", 2).metric == "done_by"


@pytest.mark.parametrize(
    ("factors", "kind"),
    [
        ({"tasks.backlog": [10, 90]}, OTHER_WORK),
        ({"tasks.done_share": [0.5, 1.0]}, OTHER_WORK),
        ({"answer.by_week": [2, 15]}, None),
    ],
)
def test_points_that_are_not_asked_the_same_have_no_best(factors, kind, swept):
    sweep = swept(factors)
    values = sweep.values("done_by")
    assert abs(values[0].mean() - values[1].mean()) > 0.2  # noise is not what keeps it back
    assert sentences.standing(sweep, "done_by") == sentences.TERMS
    said = sweep.sentences()[1]
    assert said.startswith(f"Points are not on the same terms ({factor(next(iter(factors)))})")
    assert "best in expectation" not in said
    assert "the best of" not in title(sweep, "done_by")
    head = sweep._tables(True)[0]
    odds = [head.head.index(name) for name in ("best expected", "best in a world")]
    assert all(row[at] == "-" for row in head.rows for at in odds)
    if kind:
        assert len(of_kinds(sweep.caveats, kind)) == 1


def test_prices_that_are_swept_make_no_point_cheaper(swept):
    sweep = swept({"money.tool_per_person_month": [50.0, 500.0]})
    assert sentences.standing(sweep, "cost_to_horizon") == sentences.TERMS
    assert sentences.standing(sweep, "done_by") == sentences.CLOSE  # nothing differs
    assert "not at the same prices" in sweep.sentences()[1]
    assert len(of_kinds(sweep.caveats, OTHER_PRICES)) == 1


def test_a_lead_that_noise_may_have_made_is_too_close_to_call(swept):
    close = swept({"tool.adoption": [0.99, 1.0]}, draws=4)
    assert "too close to call" in close.sentences()[1]
    assert ", too close to call with 1 other: " in title(close, close.metric)
    assert close.near_best() == frozenset(close.best()["point"].iloc[1:])


def test_a_clear_lead_is_the_best(swept):
    clear = swept({"team.expert": [0, 6]}, draws=30)
    assert clear.sentences()[1].startswith("Best chance to be done by week 10: point 1")
    assert "too close to call" not in title(clear, "done_by")
    assert clear.near_best() == frozenset()
    said = " ".join(" ".join(text.get_text() for text in clear.plot().texts).split())
    assert "The point in the title is the best of 2" in said
    numbers = [
        float(text)
        for text in re.findall(r"(\d+)%", said.split("with probability")[1].split(")")[0])
    ]
    row = clear.best().iloc[0]
    asked = [row[f"p_best_expected{end}"] for end in ("", "_low", "_high")]
    assert np.allclose(np.array([numbers[0], *numbers[2:]]) / 100, asked, atol=0.0101)


EXPERTS = [([HAVE - 1, HAVE + 1], None), ([HAVE + 1, HAVE], 1)]  # values, the plan as written


@pytest.mark.parametrize(("values", "own"), EXPERTS)
def test_extra_cost_is_told_over_the_plan_as_written_as_compare_tells_it(swept, values, own):
    sweep = swept({"team.expert": values})
    assert sweep.reference_point == own
    plans = {"a": sweep.scenario, "b": sweep.scenario_of(0)}
    row = sim.compare(plans, draws=20).row("b", "extra_cost")
    costs = sentences.extra_costs(sweep)
    assert costs.loc[0, "mean"] == pytest.approx(row["mean"], rel=1e-12)
    said = r"; extra cost of point \d over the plan as written [+−][\d,]+ EUR"
    assert re.search(said, sweep.sentences()[1])
    table = sweep._tables(True)[0]
    assert table.head[-1] == "extra cost over the plan as written [EUR]"


@pytest.mark.parametrize(("values", "own"), EXPERTS)
def test_extra_cost_as_the_metric_is_over_the_plan_as_written_and_runs_again(swept, values, own):
    sweep = swept({"team.expert": values})
    cost = sweep.values("cost_to_horizon")
    alone = sim.run(sweep.scenario, draws=20, luck=2).values("cost_to_horizon")[:, :, 0]
    assert np.allclose(sweep.values("extra_cost"), cost - alone)
    claims = sweep.claims("extra_cost")
    assert all("extra cost over the plan as written" in claim.sentence for claim in claims)
    again = {claim.id: claim for claim in rerun.rerun(sweep.run_record("extra_cost"), threads=1)}
    for claim in claims:
        assert again[claim.id].sentence == claim.sentence
        assert again[claim.id].value == pytest.approx(claim.value, abs=1e-6)


def test_a_sweep_that_does_not_hold_the_plan_as_written_says_which_point_cost_is_over(swept):
    sweep = swept({"team.expert": [HAVE + 1, HAVE + 2]})
    (sweep.folder.path / as_written.FILE).write_bytes(b"no table")
    again = sim.load_sweep(sweep.folder.path)
    assert "over point 0" in again.sentences()[1]
    assert not again.values("extra_cost")[0].any()


def test_seats_without_a_price_keep_the_column_and_say_what_is_missing(swept):
    sweep = swept({"training.seats": [0, 2]}, draws=4)
    assert not sentences.extra_costs(sweep)["mean"].any()
    assert "without the price of a seat: state training.cost_per_seat" in sweep.sentences()[1]
    assert sweep._tables(True)[0].head[-1] == "extra cost over the plan as written [EUR]"


def test_seats_with_a_price_are_told_with_it(swept):
    sweep = swept({"training.seats": [0, 2]}, draws=4, changes={"training.cost_per_seat": 100.0})
    assert sentences.extra_costs(sweep)["mean"].tolist() == [0.0, 100.0]  # of one novice
    assert "without the price" not in sweep.text()


def test_points_that_cost_alike_have_no_extra_cost(swept):
    sweep = swept({"tool.adoption": [0.2, 0.9]}, draws=4)
    assert sentences.extra_costs(sweep) is None
    assert "extra cost" not in sweep.text()


@pytest.mark.parametrize(("values", "own"), EXPERTS)
def test_the_plan_as_written_is_weighed_where_it_runs_by_itself(swept, values, own):
    plan, factors = sim.Scenario.from_dict(PLAN, "plan"), {"team.expert": values}
    assert start.workload_of(plan, factors, 20).worlds == 40 * (2 if own is not None else 3)
    sweep = swept(factors)
    for metric in ("work_delivered", "extra_cost"):
        runs = len(values) + (metric == "extra_cost")  # what extra cost is over, once more
        assert rerun.workload_of(sweep.run_record(metric), threads=1).worlds == 40 * runs


def test_without_memory_for_the_plan_as_written_extra_cost_is_over_the_first_point(
    swept, monkeypatch
):
    large = replace(NOTHING, worlds=8, memory=1e30)
    monkeypatch.setattr(as_written, "of_run", lambda *_, **__: large)
    sweep = swept({"team.expert": [HAVE + 1, HAVE + 2]}, draws=4)
    assert sweep.reference == "point 0"
    assert not sweep.values("extra_cost")[0].any()


def test_a_plan_that_asks_for_extra_cost_needs_no_other_plan_in_a_sweep(swept):
    asks = {"answer.metric": "extra_cost"}
    sweep = swept({"team.expert": [HAVE + 1, HAVE + 2]}, draws=4, changes=asks)
    alone = sim.run(sim.Scenario.from_dict(PLAN, "plan"), draws=4).values("cost_to_horizon")
    cost = sweep.values("cost_to_horizon") - sweep.values("extra_cost")
    assert np.allclose(cost, alone[:, :, 0])
