"""A scenario's question is answered in one sentence with an interval, or refused in one line."""

import math
import re

import numpy as np
import pytest
from command import tiercurve

import sim
from sim.experiments import answers
from sim.experiments.answers import forecast
from sim.records.words import label

MONEY = {
    "currency": "EUR",
    "engineer": {"novice": 50, "beginner": 60, "intermediate": 70, "advanced": 80, "expert": 90},
    "adjacent": {"novice": 50, "beginner": 60, "intermediate": 70, "advanced": 80, "expert": 90},
    "tool_per_person_month": 100,
    "price_per_expert_hour": 200,
}


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace({"horizon.weeks": 6})


@pytest.fixture(scope="module")
def backlog(plan):
    finite = plan.replace({"tasks.backlog": 40, "answer.metric": "finish_week"})
    return sim.run(finite, draws=20, luck=2)


def write(path, text):
    path.write_text('question = "?"\n' + text, encoding="utf-8")
    return path


def digits(number, largest, error):
    """A number as a sentence writes it: three figures of the largest beside it, or what the
    simulation error supports, a power of ten of which it is half or more."""
    places = 2 - math.floor(math.log10(abs(largest)))
    places = min(places, -math.floor(math.log10(2 * error)))
    return f"{round(number, places):,.{max(places, 0)}f}"


def test_an_answer_holds_the_numbers_of_the_summary(plan):
    result = sim.run(plan, draws=20)
    row = result.summary().loc["work_delivered"]
    said = result.answer()
    assert said.startswith("baseline delivers about")
    assert "in 6 weeks (95% interval of the expectation" in said
    largest = digits(row["ci_high"], row["ci_high"], row["mc_error"])
    assert f"to {largest}); in 8 of 10 worlds" in said
    assert f" to {digits(row['p90'], row['p90'], row['mc_error'])}." in said


@pytest.mark.parametrize("metric", ["tasks_done", "first_session_success", "review_wait_mean"])
def test_any_metric_can_be_the_answer_with_its_unit(plan, metric):
    result = sim.run(plan.replace({"answer.metric": metric}), draws=10)
    unit = result.summary().loc[metric, "unit"]
    said = result.answer()
    assert ("%" if unit == "share" else unit) in said
    assert " to " in said


def test_worlds_without_a_value_are_said(plan):
    none = plan.replace({"answer.metric": "verified_share", "policy.agent_use": "never"})
    assert "undefined in 20 of 20 worlds" in sim.run(none, draws=10).answer()
    few = plan.replace({"horizon.weeks": 1, "answer.metric": "hours_per_task", "team.expert": 1})
    few = few.replace({"team.novice": 0, "team.intermediate": 0})
    result = sim.run(few, draws=60)
    missing = int(result.summary().loc["hours_per_task", "undefined"])
    assert 0 < missing < 120
    assert f"undefined in {missing} of 120 worlds" in result.answer()


def test_a_question_that_compares_is_answered_by_the_paired_difference(tmp_path):
    path = write(
        tmp_path / "mine.toml", "team.expert = 4\nhorizon.weeks = 6\n[answer]\nagainst = 'baseline'"
    )
    mine = sim.load(path)
    result = sim.run(mine, draws=20)
    reference = sim.load("baseline").replace({"horizon.weeks": 6})
    found = sim.compare(reference, result)
    (first, *_) = found.sentences()
    assert first.startswith(result.answer().removesuffix("."))
    assert answers.answer(result).caveats == found.caveats[: len(answers.answer(result).caveats)]


def test_fewer_people_than_the_plan_compared_with_bring_the_workforce_caution(tmp_path, capsys):
    path = write(
        tmp_path / "mine.toml", "team.expert = 1\nhorizon.weeks = 3\n[answer]\nagainst = 'baseline'"
    )
    code, out, _ = tiercurve("run", path, "--draws", 4, capsys=capsys)
    assert code == 0
    assert "no basis for workforce change" in " ".join(out.split())
    assert out.splitlines()[3].startswith("answer  Against baseline, mine delivers")


def test_the_plan_compared_with_is_found_as_extends_is_and_not_inherited(tmp_path):
    write(tmp_path / "other.toml", "team.expert = 9")
    mine = sim.load(write(tmp_path / "mine.toml", "[answer]\nagainst = 'other'"))
    assert mine.against().team.expert == 9
    child = sim.load(write(tmp_path / "child.toml", "extends = 'mine'"))
    assert child.against() is None
    assert child.answer.metric == "work_delivered"
    assert mine.replace({"team.expert": 3}).against().team.expert == 9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("answer.metric = 'task_done'", "unknown metric; did you mean 'tasks_done'?"),
        ("answer.metric = 'finish_week'", "mine must state tasks.backlog for it"),
        ("answer.metric = 'labour_cost'", "mine must state [money] for it"),
        ("answer.against = 'nobody'", "mine: answer.against: no scenario named 'nobody'"),
        ("answer.metrics = 'x'", "answer.metrics: unknown key; did you mean 'metric'?"),
        (
            "tasks.backlog = 3\n[answer]\nmetric = 'finish_week'\nagainst = 'baseline'",
            "baseline must state tasks.backlog for it",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_before_anything_runs(
    text, says, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("sim.experiments.run.run", lambda *_, **__: pytest.fail("it ran"))
    code, out, err = tiercurve("run", write(tmp_path / "mine.toml", text), capsys=capsys)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


def test_a_forecast_by_hand():
    """Ten draws alike in both worlds: weeks 1 to 8 and twice never."""
    weeks = np.repeat(np.array([*range(1, 9), np.nan, np.nan])[:, None], 2, axis=1)
    found = forecast(weeks, np.zeros((1, 1)), 10, 12)
    assert (found.p50, found.p85, found.finished) == (5.0, math.inf, 0.8)
    assert found.p50_low < 5 < found.p50_high
    assert found.finished_low < 0.8 < found.finished_high
    assert str(found).startswith("Half of the worlds finish by week 5 (95% interval")
    assert "but not 85% within 12 weeks; 20% (" in str(found)
    plain = found.to_json()
    assert plain["p85"] is None
    assert plain["text"] == str(found)


def test_a_forecast_covers_the_true_median():
    """Weeks uniform on [0, 40]: half are done by week 20."""
    rng = np.random.default_rng(21)
    hits = 0
    for _ in range(200):
        found = forecast(rng.uniform(0, 40, (100, 1)), np.zeros((100, 1)), 10, 52)
        hits += found.p50_low <= 20 <= found.p50_high
    assert hits / 200 >= 0.95 - 4 * np.sqrt(0.05 * 0.95 / 200)
    assert found.finished == 1


def test_nobody_who_finishes_is_said():
    found = forecast(np.full((10, 2), np.nan), np.zeros((10, 2)), 10, 1)
    assert str(found).startswith("Fewer than half of the worlds finish within 1 week; 100% (")


def test_a_forecast_is_the_share_of_worlds_done(backlog):
    found = backlog.forecast()
    assert found.finished == backlog.probability("finish_week <= 6").value
    done = backlog.probability(f"finish_week <= {found.p50}").value
    before = backlog.probability(f"finish_week <= {found.p50 - 1}").value
    assert before < 0.5 <= done
    assert backlog.answer() == f"baseline: {found}"


def test_a_forecast_names_tickets_that_nobody_could_do():
    given_up = np.repeat([0.0, 4.0, 8.0], 4).reshape(6, 2)
    found = forecast(np.full((6, 2), 3.0), given_up, 20, 5)
    assert (found.given_up, found.given_up_low, found.given_up_high) == (4.0, 0.0, 8.0)
    assert "tickets nobody could do, fixes among them, beside a backlog of 20" in str(found)
    assert found.to_json()["given_up"] == 4.0
    assert "nobody" not in str(forecast(np.full((6, 2), 3.0), 0 * given_up, 20, 5))


def test_work_without_an_end_has_no_forecast(plan):
    with pytest.raises(sim.ResultError, match=r"no tasks\.backlog, so nothing to forecast"):
        sim.run(plan, draws=2).forecast()


def test_a_forecast_stands_above_the_whole_table_of_a_finite_backlog(tmp_path, capsys):
    stated = "tasks.backlog = 20\nhorizon.weeks = 6"
    for name, more, said in [
        ("when", "", r"^when: Half of the worlds finish by week \d"),
        ("much", '\nanswer.metric = "work_delivered"', r"^Forecast: Half of the worlds finish by"),
    ]:
        path = write(tmp_path / f"{name}.toml", stated + more)
        code, out, _ = tiercurve("run", path, "--draws", 4, "--all", capsys=capsys)
        assert code == 0
        assert re.search(said, out, re.MULTILINE)


def test_money_is_in_the_currency_of_the_plan(plan, capsys):
    one = sim.run(plan.replace({"money": MONEY}), draws=4)
    two = plan.replace({"money": MONEY, "team.expert": 3})
    table = one.summary()
    assert table.loc["net_value", "unit"] == "EUR"
    assert table.loc["cost_per_work", "unit"] == "EUR per expert-h"
    assert not table["unit"].str.contains("money").any()
    found = sim.compare(one, two)
    assert set(found.summary().xs("labour_cost", level="metric")["unit"]) == {"EUR"}
    assert any("EUR" in line for line in found.sentences())
    left = found.plot().axes[0]
    assert "EUR" in left.get_xlabel()
    units = {row["metric"]: row["unit"] for row in one.to_json()["metrics"]}
    assert units["labour_cost"] == "EUR"


def test_plans_that_count_in_different_currencies_are_refused_in_one_line(plan):
    plans = [plan.replace({"money": MONEY | {"currency": c}}) for c in ("EUR", "USD")]
    with pytest.raises(sim.CompareError) as caught:
        sim.compare(*plans)
    assert str(caught.value) == "baseline (2): money.currency = USD: must be that of baseline, EUR"


# Counts in words.


@pytest.mark.parametrize(
    ("mean", "says"), [(0.0, ""), (0.004, "under 0.1 tickets"), (0.075, "0.1 t"), (12.34, "12.3 t")]
)
def test_a_mean_of_tickets_is_told_to_a_tenth(mean, says):
    one = forecast(np.full((4, 1), 3.0), np.full((4, 1), mean), 1600, 26)
    assert says in one.nobody
    assert ("beside a backlog of 1,600" in one.nobody) == (mean > 0)
    assert not re.search(r"\d\.\d\d", one.nobody)


def test_one_ticket_is_no_plural(tmp_path):
    write(tmp_path / "one.toml", "[answer]\nby_week = 2\n[tasks]\nbacklog = 1\n")
    one = sim.load(tmp_path / "one.toml")
    assert "the one ticket is done by week 2" in sim.run(one, draws=2).answer()
    asked = sim.Scenario.from_dict({"answer": {"by_week": 2}, "tasks": {"backlog": 1}}, "one")
    assert asked.question == "Will the one ticket of one be done by week 2?"


@pytest.mark.parametrize("metric", ["lead_time_p50", "verified_share", "escalations", "net_value"])
@pytest.mark.filterwarnings("error")
def test_any_metric_answers_in_five_lines_and_leads_the_table_of_plans(plan, metric):
    asked = plan.replace({"answer.metric": metric, "money": MONEY, "horizon.weeks": 8})
    (lines,) = sim.run(asked, draws=8)._tables(False)
    assert [name for name, _ in lines.rows] == ["answer", "range", "odds", "narrow", "next"]
    assert label(metric) in lines.rows[0][1]
    pair = sim.compare({"a": asked, "b": asked.replace({"team.expert": 3})}, draws=8)
    table = pair._tables(False)[1]
    assert table.head[1] == label(metric)
    assert [row[0] for row in table.rows] == ["", "a", "b", "  change"]
    assert "tiercurve decide says" in pair._tables(False)[-1].rows[0][1]


def test_the_figure_of_a_question_that_compares_is_of_the_comparison_and_a_cell_runs_nothing(
    monkeypatch,
):
    """As the command line draws it; a kind that is named is of the plan alone."""
    plan = sim.load("review-bottleneck").replace({"horizon.weeks": 6})
    result = sim.run(plan, draws=20, luck=2)
    drawn = result.plot()
    assert "wait" in drawn.get_suptitle()
    assert type(drawn.made_of).__name__ == "Comparison"
    assert result.plot("work").made_of is result
    monkeypatch.setattr("sim.experiments.answers.answer", None)
    assert "6 weeks" in result._repr_html_()
