"""A workbook leads with what was asked, in words, percent and money."""

import pandas as pd
import pytest
from command import tiercurve
from excel import column, formats, sheets

import sim
from sim.records import sheets as shown
from sim.records import workbook

TODAY = sim.load("done-by-march/today").replace({"tasks.backlog": 40, "answer.by_week": 5})
HIRE = TODAY.replace(
    {"joiners": [{"count": 1, "level": "expert", "role": "engineer", "week": 2}]}
)  # fmt: skip


@pytest.fixture(scope="module")
def comparison():
    return sim.compare({"today": TODAY, "hire": HIRE}, draws=10)


def test_the_first_sheet_has_the_question_and_the_lines_of_the_screen(comparison, tmp_path):
    result = comparison.results["today"]
    said = sheets(result.to_excel(tmp_path / "run.xlsx"))["answer"]
    lines = dict(zip(column(said, "what"), column(said, "text"), strict=True))
    assert lines["question"] == TODAY.question
    screen = " ".join(result.text().split())
    for name in ("answer", "range", "odds"):
        assert lines[name].replace("−", "-") in screen
    said = sheets(comparison.to_excel(tmp_path / "plans.xlsx"))["answer"]
    assert column(said, "text")[:2] == [TODAY.question, f"{comparison.headline()}."]


def test_what_the_plan_asks_leads_and_extra_cost_follows_in_words(comparison, tmp_path):
    path = comparison.to_excel(tmp_path / "plans.xlsx")
    rows = sheets(path)["tables"]
    assert column(rows, "metric")[:2] == ["done_by", "extra_cost"]
    assert column(rows, "in words")[:2] == ["chance to be done by the deadline", "extra cost"]
    cells = formats(path, 2)
    (mean,) = (key.rstrip("1") for key, value in rows[0].items() if value == "mean")
    assert cells[f"{mean}2"] == "0.0%"
    assert cells[f"{mean}3"] == '#,##0 "EUR"'


def test_the_chance_of_a_backlog_stands_by_week_and_day(comparison, tmp_path):
    path = comparison.to_excel(tmp_path / "plans.xlsx")
    found = sheets(path)
    rows = found["chance by week"]
    assert len(rows) == 1 + 2 * TODAY.horizon.weeks
    at = column(rows, "week").index(5.0)
    assert column(rows, "day")[at] == "2026-12-11"  # Friday of week 5 from Monday 9 November
    done = comparison.results["today"].estimate("done_by")[0]
    assert column(rows, "chance")[at] == pytest.approx(done)
    assert "0.0%" in formats(path, list(found).index("chance by week") + 1).values()
    steady = sim.load("baseline").replace({"horizon.weeks": 3})
    assert "chance by week" not in sim.run(steady, draws=2).sheets()


def test_a_decision_has_cost_and_extra_cost_of_each_plan(tmp_path):
    decision = sim.decide({"today": TODAY, "hire": HIRE}, draws=50, luck=2)
    table = decision.sheets()["tables"].set_index("plan")
    extra = table.loc["hire", "extra cost"]
    assert extra == pytest.approx(decision.extra[1, 0])
    costs = table["cost to the horizon"]
    assert costs["hire"] - costs["today"] == pytest.approx(extra)


def test_a_question_that_compares_has_the_comparison_too(tmp_path):
    plan = sim.load("train-to-intermediate").replace({"horizon.weeks": 30})
    result = sim.run(plan, draws=4)
    found = result.sheets()
    assert found["against"]["metric"].iloc[0] == "work_delivered"
    assert found["answer"]["text"].iloc[1].startswith("Against two-years")


def test_units_decide_how_numbers_are_shown():
    table = pd.DataFrame(
        {"metric": ["done_by", "labour_cost"], "unit": ["share", "EUR"], "mean": [0.5, 1234.5],
         "chance_share": [0.1, 0.2]}
    )  # fmt: skip
    format_of = shown.formats(shown.by_metric(table, ["labour_cost"], "EUR"))
    assert format_of(0, "mean") == '#,##0 "EUR"'
    assert format_of(1, "mean") == "0.0%"
    assert format_of(1, "chance_share") == "0.0%"
    assert format_of(1, "metric") == ""
    assert shown.number_format('a"b', 0, 'a"b') == '#,##0 "ab"'
    assert shown.number_format("h", 2, "EUR") == "#,##0.00"


def test_a_table_without_units_is_shown_as_it_is(tmp_path):
    path = workbook.write(tmp_path / "a.xlsx", {"one": pd.DataFrame({"a": [0.123456789]})})
    assert set(formats(path, 1).values()) == {""}


def test_a_sweep_writes_a_workbook_beside_its_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("sweep", "done-by-march/today", "--vary", "team.expert=2,3", "--draws", 4)
    words = (*words, "--out", "plans.xlsx")
    code, _, err = tiercurve(*words, capsys=capsys)
    assert code == 0
    assert "workbook written to plans.xlsx" in err
    assert (tmp_path / "plans.xlsx").is_file()
    assert sim.load_sweep("plans").values("done_by").shape == (2, 4, 2)
    rows = sheets(tmp_path / "plans.xlsx")["tables"]
    assert column(rows, "metric")[0] == "chance to be done by week 20"
    assert "extra cost over the plan as written" in rows[0].values()
    assert tiercurve(*words, capsys=capsys)[0] == 0  # the same again goes on
    (tmp_path / "other.xlsx").write_bytes(b"mine")
    code, _, err = tiercurve(*words[:-1], "other.xlsx", capsys=capsys)
    assert code == 2
    assert "exists already" in err
    assert (tmp_path / "other.xlsx").read_bytes() == b"mine"
