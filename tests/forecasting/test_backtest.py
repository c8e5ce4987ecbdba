"""A backtest forecasts each quarter from the weeks before it alone, and says how well."""

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from command import tiercurve

import sim
from sim.forecasting import replay, weekly
from sim.forecasting.settings import SHIPPED

FIRST = date(2024, 1, 1)
DRAWS = 200


def counts_of(mean, weeks, seed=1):
    return np.random.default_rng(seed).poisson(mean, weeks)


def written(path, **projects):
    """A table of counts by project, or of one alone under the name `only`."""
    rows = [
        (name, FIRST + timedelta(weeks=week), int(n))
        for name, counts in projects.items()
        for week, n in enumerate(counts)
    ]
    table = pd.DataFrame(rows, columns=["project", "week", "closed"])
    if list(projects) == ["only"]:
        table = table.drop(columns="project")
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    path = written(tmp_path_factory.mktemp("steady") / "weeks.csv", only=counts_of(12, 104))
    return sim.backtest(path, draws=1000)


def test_forecasts_are_made_every_thirteen_weeks_from_the_twenty_sixth(steady):
    table = steady.forecasts
    assert steady.count == (104 - 26) // 13
    mondays = sorted(set(table["monday"]))
    assert mondays[0] == (FIRST + timedelta(weeks=26)).isoformat()
    assert len(table) == steady.count * len(steady.methods)
    counts = counts_of(12, 104)
    came = [int(counts[t : t + 13].sum()) for t in range(26, 92, 13)]
    assert table[table["method"] == "drift"]["came"].tolist() == came


def test_a_forecast_reads_nothing_of_what_comes_after_it():
    counts = counts_of(12, 65)
    other = counts.copy()
    other[39:] = 40
    rows = [
        replay.of_project(weekly.Weekly("", FIRST, one), SHIPPED, 1, DRAWS)[0]
        for one in (counts, other)
    ]
    first, second = (table[table["monday"] <= "2024-09-30"] for table in rows)
    assert len(first) == 2 * len(replay.RIVALS) + 2
    ends = [*replay.ENDS, "recent"]
    # The grid reaches higher for the second, so its samples differ by rounding alone.
    same = first["method"] != "drift"
    pd.testing.assert_frame_equal(first[same][ends], second[same][ends])
    assert second[~same][ends].to_numpy() == pytest.approx(first[~same][ends].to_numpy(), rel=0.15)


def test_a_project_has_the_same_scores_whatever_stands_beside_it(tmp_path):
    one, two = counts_of(9, 60), counts_of(20, 70, seed=2)
    both = sim.backtest(written(tmp_path / "b.csv", one=one, two=two), draws=DRAWS).forecasts
    alone = sim.backtest(written(tmp_path / "a.csv", two=two), draws=DRAWS).forecasts
    kept = both[both["project"] == "two"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, alone)


def test_on_a_steady_team_intervals_hold_and_resampling_alone_is_hard_to_beat(steady):
    rows = steady.summary()
    assert rows.loc["drift", "in95"] == 1
    assert rows.loc["drift", "crps"] < rows.loc["with_drift", "crps"]


def test_on_teams_that_drift_the_level_beats_resampling(tmp_path):
    """Rates that walk by 0.1 a week, known truth: less error, and intervals that hold more."""
    rng = np.random.default_rng(5)
    walks = 3 + 0.1 * rng.standard_normal((12, 156)).cumsum(axis=1)
    projects = {f"p{i}": rng.poisson(np.exp(walk)) for i, walk in enumerate(walks)}
    rows = sim.backtest(written(tmp_path / "w.csv", **projects), draws=500).summary()
    assert rows.loc["drift", "ratio"] < 0.95
    assert rows.loc["resampling", "in80"] < 0.7
    n = 12 * 10
    assert abs(rows.loc["drift", "in80"] - 0.8) < 4 * np.sqrt(0.8 * 0.2 / n)


def test_json_has_what_is_asked_of_it(steady):
    data = json.loads(json.dumps(steady.to_json(), allow_nan=False))
    assert data["forecasts"] == steady.count
    for scores in (data, data["resampling"], data["with_drift"]):
        assert set(scores["inside"]) == {"50", "80", "95"}
        assert scores["crps"] > 0
    assert data["coming"][""] == sorted(data["coming"][""])


def test_ratio_is_the_mean_over_projects_of_ratios_of_means(tmp_path):
    path = written(tmp_path / "t.csv", a=counts_of(9, 80), b=counts_of(30, 200, 2))
    record = sim.backtest(path, draws=DRAWS)
    means = record.forecasts.groupby(["project", "method"])["crps"].mean()
    ratios = [means[p, "drift"] / means[p, "with_drift"] for p in ("a", "b")]
    assert record.to_json()["ratio"] == pytest.approx(np.mean(ratios))


def test_few_forecasts_are_said_to_say_little_and_no_team_is_claimed(steady):
    assert any("6 forecasts only" in caveat for caveat in steady.caveats)
    assert any("no people, tools or agents" in caveat for caveat in steady.caveats)


def test_projects_that_cannot_be_scored_are_left_out_and_said(tmp_path):
    projects = {"long": counts_of(9, 60), "short": counts_of(9, 30), "slow": counts_of(0.5, 60)}
    record = sim.backtest(written(tmp_path / "t.csv", **projects), draws=DRAWS)
    assert set(record.forecasts["project"]) == {"long"}
    assert record.left_out["short"].startswith("30 weeks: must be 39 or more")
    assert record.left_out["slow"].startswith("under 2 tickets a week")
    assert any("short, 30 weeks" in caveat for caveat in record.caveats)


def test_where_nothing_can_be_scored_each_project_has_its_line(tmp_path):
    path = written(tmp_path / "t.csv", short=counts_of(9, 30), slow=counts_of(0.5, 60))
    with pytest.raises(sim.BacktestError) as refused:
        sim.backtest(path)
    first, second = str(refused.value).splitlines()
    assert first.startswith("t.csv: project 'short': 30 weeks")
    assert second.startswith("t.csv: project 'slow': under 2 tickets")


@pytest.mark.parametrize(
    ("asked", "said"), [({"draws": 10}, "draws = 10: "), ({"seed": 1.5}, "seed = 1.5: ")]
)
def test_what_cannot_be_asked_is_refused_in_one_line(asked, said, tmp_path):
    with pytest.raises(sim.BacktestError, match=rf"^{said}[^\n]*$"):
        sim.backtest(tmp_path / "any.csv", **asked)


def test_the_same_seed_gives_the_same_record_and_a_negative_one_is_a_seed(tmp_path):
    path = written(tmp_path / "t.csv", only=counts_of(9, 60))
    one, same, other = (sim.backtest(path, seed=s, draws=DRAWS).forecasts for s in (1, 1, -1))
    pd.testing.assert_frame_equal(one, same)
    assert not one["crps"].equals(other["crps"])


def test_the_command_prints_words_or_json_saves_and_draws(tmp_path, capsys):
    path = written(tmp_path / "t.csv", only=counts_of(9, 60))
    code, text, _ = tiercurve("backtest", path, capsys=capsys)
    assert code == 0
    assert "2 forecasts of 13 weeks, each from the weeks before it" in text
    words = ("--json", "--out", tmp_path / "kept", "--plot", tmp_path / "f.png")
    code, text, _ = tiercurve("backtest", path, *words, capsys=capsys)
    assert code == 0
    assert json.loads(text)["forecasts"] == 2
    assert sim.load_record(tmp_path / "kept").to_json() == json.loads(text)
    assert (tmp_path / "f.png").stat().st_size > 10_000


def test_the_command_refuses_with_exit_code_two_and_no_traceback(tmp_path, capsys):
    path = written(tmp_path / "t.csv", only=counts_of(9, 5))
    code, text, said = tiercurve("backtest", path, capsys=capsys)
    assert (code, text) == (2, "")
    assert said == "tiercurve: t.csv: 5 weeks: must be 8 or more\n"


def test_an_export_is_scored_like_its_counts(tmp_path):
    counts = counts_of(6, 52)
    rows = [
        f"{week}-{i},Done,{FIRST + timedelta(weeks=week, days=i % 5)}\n"
        for week, n in enumerate(counts)
        for i in range(n)
    ]
    export = tmp_path / "export.csv"
    export.write_text("ticket,outcome,closed\n" + "".join(rows), encoding="utf-8")
    table = written(tmp_path / "t.csv", only=counts)
    one, two = (sim.backtest(path, draws=DRAWS).forecasts for path in (export, table))
    pd.testing.assert_frame_equal(one, two)
