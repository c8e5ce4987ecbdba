"""A forecast of a running project beside the one before it: what was done, moved and changed."""

import json

import numpy as np
import pytest
from command import tiercurve

import sim
from sim.scenario.calendar_days import day_at_end_of

FAST = {"draws": 20, "luck": 2, "threads": 1}
WEEK_8 = """
extends = "done-by-march/today"
question = "And now?"
[now]
week = 8
done = 63
open = 100
in_hand = 5
"""


@pytest.fixture(scope="module")
def today():
    return sim.load("done-by-march/today")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("project") / "week-8.toml"
    path.write_text(WEEK_8, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def now(file):
    return sim.run(sim.load(file), **FAST)


def test_it_counts_what_was_done_and_what_was_added(now, today):
    """Of 160 tickets 63 are done and 100 open: 3 were added, in 8 weeks."""
    since = sim.since(now, today, threads=1)
    assert (since.done, since.added, since.weeks) == (63, 3, 8.0)
    assert since.changes == ()
    assert since.sentences()[0] == (
        "Since the forecast from 2026-11-09, 8 weeks ago, 63 tickets were done and 3 were added."
    )
    assert since.sentences()[-1] == "Nothing else was changed."


def test_both_columns_are_the_forecasts_of_either(now, today):
    before = sim.run(today, **FAST)
    table = sim.since(now, before).table.set_index("what")
    for name, result in (("before", before), ("now", now)):
        start, forecast = result.scenario.horizon.start, result.forecast()
        mean, low, high = result.estimate("done_by")[:3]
        assert table.loc["chance by deadline", name] == mean
        assert table.loc["chance by deadline", [f"{name}_low", f"{name}_high"]].tolist() == [
            low,
            high,
        ]
        assert table.loc["half of worlds done", name] == day_at_end_of(forecast.p50, start)
    assert table.loc["open tickets", ["before", "now"]].tolist() == [160.0, 100.0]
    assert np.isnan(table.loc["open tickets", "now_low"])


def test_the_plan_before_is_run_as_the_one_now(now, today):
    before = sim.run(today, **FAST)
    assert sim.since(now, today, threads=1).to_json() == sim.since(now, before).to_json()


def test_what_is_planned_otherwise_is_told_but_not_that_time_has_passed(file, today):
    other = sim.load(file).replace({"team.expert": 4})
    since = sim.since(sim.run(other, **FAST), today, threads=1)
    assert since.changes == ("expert engineers: 3 → 4",)
    assert since.sentences()[-1] == "Planned otherwise since: expert engineers: 3 → 4."


def test_the_command_tells_it_below_the_answer_and_as_data(file, tmp_path, capsys):
    few = ("--draws", 20, "--luck", 2)
    tiercurve("run", "done-by-march/today", *few, "--out", tmp_path / "then", capsys=capsys)
    for before in ("done-by-march/today", tmp_path / "then"):
        code, out, _ = tiercurve("run", file, *few, "--since", before, capsys=capsys)
        text = " ".join(out.split())
        assert code == 0
        assert "63 tickets were done and 3 were added" in text
        assert "from 2026-11-09 now" in text
        assert max(map(len, out.splitlines())) <= 80
    _, out, _ = tiercurve("run", file, *few, "--since", tmp_path / "then", "--json", capsys=capsys)
    assert json.loads(out)["since"]["added"] == 3


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("platform-team", "platform-team: no tasks.backlog, so nothing to forecast since"),
        ("later", "starts on 2027-01-04, and the forecast before it on 2027-02-01: it must start"),
        ("further", "now.done = 63: must be 90 or more, what was done at the forecast before it"),
        ("nowhere", "no scenario named 'nowhere'"),
    ],
)
def test_what_is_no_forecast_before_is_refused_before_the_run(before, line, file, capsys):
    folder = file.parent
    stated = WEEK_8.replace('"And now?"', '"Then?"')
    (folder / "later.toml").write_text(stated.replace("week = 8", "week = 12"), encoding="utf-8")
    further = stated.replace("week = 8", "week = 4").replace("done = 63", "done = 90")
    (folder / "further.toml").write_text(further, encoding="utf-8")
    path = folder / f"{before}.toml"
    name = path if path.is_file() else before
    code, out, error = tiercurve("run", file, "--draws", 20, "--since", name, capsys=capsys)
    assert (code, out) == (2, "")
    assert line in error
