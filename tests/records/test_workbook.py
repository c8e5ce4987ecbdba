"""A record is kept as an Excel workbook, in which no text of a person becomes a formula."""

import math

import numpy as np
import pandas as pd
import pytest
from command import tiercurve
from excel import sheets

import sim
from sim import extras
from sim.errors import ExcelError, ExtraError
from sim.records import workbook

NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://example.org", "\t=1", "{=1}")
PLAN = sim.load("baseline").replace({"horizon.weeks": 3})


@pytest.mark.parametrize("text", NASTY)
def test_what_looks_like_a_formula_stays_text(text, tmp_path):
    table = pd.DataFrame({text: [text, "plain"]})
    path = workbook.write(tmp_path / "a.xlsx", {"one": table})
    rows = sheets(path)["one"]
    assert rows[0]["A1"] == text
    assert rows[1]["A2"] == text


def test_a_plan_named_by_a_formula_stays_text(tmp_path):
    plans = {"=1+1": PLAN, "@more": PLAN.replace({"team.expert": 3})}
    path = sim.compare(plans, draws=4).to_excel(tmp_path / "plans.xlsx")
    found = sheets(path)
    assert list(found) == [
        "answer", "tables", "plans", "weekly", "break-even", "parameters", "provenance",
    ]  # fmt: skip
    assert any("=1+1" in row.values() for row in found["provenance"])
    assert found["plans"][1]["A2"] == "@more"


def test_numbers_are_those_of_the_record(tmp_path):
    result = sim.run(PLAN, draws=4)
    found = sheets(result.to_excel(tmp_path / "run.xlsx"))
    assert list(found) == ["answer", "tables", "worlds", "weekly", "parameters", "provenance"]
    assert len(found["worlds"]) == len(result.replications) + 1
    assert len(found["weekly"]) == len(result.weekly) + 1
    head = list(found["worlds"][0].values())
    row = list(found["worlds"][1].values())
    place = head.index("work_delivered")
    assert row[place] == pytest.approx(result.replications["work_delivered"].iloc[0], rel=1e-12)
    said = [row.get(f"B{at}") for at, row in enumerate(found["answer"], 1)]
    assert said[1] == PLAN.question
    assert result.sentences()[0] in said


def test_what_there_is_not_is_empty_and_never_is_said(tmp_path):
    table = pd.DataFrame(
        {"a": [math.nan, math.inf, 2.0], "b": [None, True, np.int64(3)], "c": ["x"] * 3}
    )
    rows = sheets(workbook.write(tmp_path / "a.xlsx", {"one": table}))["one"]
    assert rows[1].get("A2") is None
    assert rows[2]["A3"] == "never"
    assert rows[3]["A4"] == 2.0
    assert rows[3]["B4"] == 3.0


def test_the_same_record_is_the_same_file_and_none_is_written_over(tmp_path):
    table = {"one": pd.DataFrame({"a": [1]})}
    one, two = (workbook.write(tmp_path / name, table) for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == two.read_bytes()
    with pytest.raises(ExcelError, match="exists already"):
        workbook.write(one, table)
    with pytest.raises(ExcelError, match="must end in"):
        workbook.write(tmp_path / "a.xls", table)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(ExcelError, match="3 rows, a sheet holds 2"):
        workbook.write(tmp_path / "a.xlsx", {"one": pd.DataFrame({"a": [1, 2, 3]})})


def test_without_xlsxwriter_one_line_says_what_brings_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(extras, "find_spec", lambda module: None)
    with pytest.raises(ExtraError, match=r"needs xlsxwriter: pip install 'tiercurve\[excel\]'"):
        workbook.write(tmp_path / "a.xlsx", {})
    words = ("run", "baseline", "--draws", 2, "--out", tmp_path / "a.xlsx")
    code, _, err = tiercurve(*words, capsys=capsys)
    assert code == 2
    assert "tiercurve[excel]" in err


@pytest.mark.parametrize("command", [("run", "baseline"), ("compare", "baseline", "no-tool")])
def test_commands_write_a_workbook_where_the_path_ends_so(command, tmp_path, capsys):
    path = tmp_path / "plan.xlsx"
    assert tiercurve(*command, "--draws", 2, "--out", path, capsys=capsys)[0] == 0
    assert "tables" in sheets(path)
