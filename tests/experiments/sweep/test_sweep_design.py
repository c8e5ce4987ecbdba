"""Designs hold the points theory says, studies state them as data, the command runs them."""

import json
import math
import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from command import tiercurve

import sim
from sim.engine import metrics
from sim.experiments.sweep import design, is_study, load_study

SHARE, NOVICE, PROFILE = "tasks.advanced_share", "team.novice", "tool.profile"


def points(made):
    return [tuple(made.point(i).values()) for i in range(len(made))]


def test_a_factorial_has_every_combination_in_order():
    made = design.factorial({NOVICE: range(3), PROFILE: ["none", "x"], SHARE: np.array([0.1])})
    assert points(made) == list(product(range(3), ["none", "x"], [0.1]))
    assert type(made.point(0)[SHARE]) is float


def test_zipped_factors_go_in_step_and_must_be_as_long():
    assert points(design.zipped({NOVICE: [1, 2], SHARE: [0.1, 0.2]})) == [(1, 0.1), (2, 0.2)]
    with pytest.raises(sim.SweepError, match=r"team.novice has 2, tasks.advanced_share has 1"):
        design.zipped({NOVICE: [1, 2], SHARE: [0.1]})


def test_a_latin_hypercube_uses_each_slice_of_each_range_once():
    made = design.latin({SHARE: [0.0, 1.0], "world.dev_share": [0.2, 0.4]}, 50, seed=3)
    unit = np.array(points(made)) - [0.0, 0.2]
    slices = np.floor(unit / [1.0, 0.2] * 50 + 1e-9).astype(int)
    assert all(sorted(column) == list(range(50)) for column in slices.T)
    assert points(made) == points(
        design.latin({SHARE: [0.0, 1.0], "world.dev_share": [0.2, 0.4]}, 50, 3)
    )


def test_sobol_points_fill_every_cell_and_more_of_them_keep_the_first():
    ranges = {SHARE: [0.0, 1.0], "tasks.fix_share": (0.0, 1.0)}
    made = design.sobol(ranges, 64)
    cells = {(int(a * 8), int(b * 8)) for a, b in points(made)}
    assert len(cells) == 64  # a (0, 6, 2)-net in base 2
    assert points(design.sobol(ranges, 128))[:64] == points(made)
    assert points(design.sobol(ranges, 64, seed=2)) != points(made)


def test_ranges_of_whole_numbers_words_and_truth_values_give_all_of_them_alike():
    ranges = {NOVICE: [0, 3], PROFILE: ["none", "a", "b"], "policy.adjacent_by_hand": [True, False]}
    made = design.latin(ranges | {SHARE: {"low": 0.0, "high": 1.0}}, 120)
    for column, values in zip(
        zip(*points(made), strict=True), ([0, 1, 2, 3], ["none", "a", "b"]), strict=False
    ):
        counts = pd.Series(column).value_counts()
        assert set(counts.index) == set(values)
        assert (counts == 120 // len(values)).all()
    only = design.sobol({NOVICE: {"choices": [1, 5, 9]}}, 64)
    assert sorted(points(only)) == [(1,), (5,), (9,)]  # each once: a point is run once


@pytest.mark.parametrize("parts", [2, 3, 4])
def test_mixtures_are_all_ways_to_share_a_total_out(parts):
    made = design.mixtures([f"team.{level}" for level in sim.scenario.LEVELS][:parts], 6)
    assert len(made) == math.comb(6 + parts - 1, parts - 1)
    assert len(set(points(made))) == len(made)
    assert all(sum(point) == 6 and min(point) >= 0 for point in points(made))


def test_shares_of_one_whole_sum_to_it_as_a_scenario_asks():
    made = design.mixtures(["domains.a", "domains.b", "domains.c"], 1, 0.1)
    assert len(made) == math.comb(12, 2)
    for i in range(len(made)):
        sim.load("baseline").replace(made.point(i))  # refuses shares that do not sum to 1


def test_swaps_keep_the_head_count():
    plan = sim.load("baseline")
    made = design.swaps(plan, "team.novice", "team.expert")
    assert points(made) == [(2, 2), (1, 3), (0, 4)]
    assert {plan.replace(made.point(i)).headcount for i in range(3)} == {9}
    assert len(design.swaps(plan, "team.intermediate", "team.expert", most=2)) == 3


def test_a_table_gives_its_rows(tmp_path):
    rows = pd.DataFrame({NOVICE: [1, 2], PROFILE: ["none", "none"], SHARE: [0.1, 0.5]})
    rows.to_csv(tmp_path / "points.csv", index=False)
    for made in (design.table(rows), design.table(tmp_path / "points.csv")):
        assert points(made) == [(1, "none", 0.1), (2, "none", 0.5)]
        assert type(made.point(0)[NOVICE]) is int


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: design.mixtures(["a", "b"], 1, 0.3), "shares in steps of 0.3 cannot sum to it"),
        (lambda: design.mixtures(["a", "b"], 0), "total = 0: must be a number above 0"),
        (lambda: design.mixtures(["a", "a"], 3), "two different parts"),
        (lambda: design.mixtures([f"p{i}" for i in range(9)], 100), "must be 1,000,000 or fewer"),
        (lambda: design.factorial({"a": range(2000), "b": range(2000)}), "4,000,000 points"),
        (lambda: design.latin({"a": [3, 1]}, 4), "must be [low, high]"),
        (lambda: design.latin({"a": [1, 2, 3]}, 4), "must be [low, high]"),
        (lambda: design.latin({"a": [0, 1]}, 0), "points = 0"),
        (lambda: design.sobol({"a": {"low": 1}}, 4), "must state low and high, or choices"),
        (lambda: design.table(pd.DataFrame({"a": [1, 1]})), "points 1 and 2 are the same: a = 1"),
        (lambda: design.table(pd.DataFrame({"a": [1, None]})), "a: row 2 of the table is empty"),
        (lambda: design.table(pd.DataFrame({"a": []})), "a: no values"),
        (lambda: design.swaps(sim.load("baseline"), "team.beginner", "team.expert"), "from 1 to 0"),
        (lambda: design.swaps(sim.load("baseline"), "team.boss", "team.expert"), "a head count"),
    ],
)
def test_a_design_that_makes_no_sense_is_refused_in_one_line(make, says):
    with pytest.raises(sim.SweepError) as caught:
        make()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


STUDIES = ("team-mix", "novices-and-hard-work", "expert-for-novice")


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_of_the_package_loads_and_its_points_are_scenarios(name):
    study = load_study(name)
    assert is_study(name)
    for i in range(len(study.design)):
        study.plan.replace(study.design.point(i))


GOOD = 'scenario = "baseline"\nquestion = "?"\n[design]\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('scenario = "baseline"\n[design]\n', "question: missing"),
        (GOOD.replace("question", "qestion"), "unknown key; did you mean 'question'?"),
        (GOOD.replace("baseline", "baselin"), "did you mean 'baseline'?"),
        (GOOD + 'kind = "grid"\n', "design.kind = 'grid': must be one of factorial"),
        (GOOD, "design.factors: missing; factorial needs it"),
        (GOOD + "[design.factors]\n", "needs one factor at least"),
        (GOOD + "[design.factors]\n'team.novice' = []\n", "team.novice: no values"),
        (GOOD + "[design.factors]\n'team.novise' = [1]\n", "did you mean 'novice'?"),
        (GOOD + 'kind = "sobol"\nponts = 3\n', "unknown key; did you mean 'points'?"),
        (GOOD + 'kind = "mixtures"\nparts = ["a", "b"]\ntotal = 1\nstep = 0.3\n', "cannot sum"),
        (GOOD + "[design", "not valid TOML"),
    ],
)
def test_a_broken_study_gives_one_line_and_exit_code_2(text, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(text)
    code, out, err = tiercurve("sweep", "mine.toml", capsys=capsys)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "results").exists()


WEEK = 'extends = "baseline"\nquestion = "?"\n[horizon]\nweeks = 1\n'


def test_the_command_runs_goes_on_and_replays(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "week.toml").write_text(WEEK)
    words = ("sweep", "week.toml", "--vary", "team.novice=0,501,2", "--luck", 2, "--out", "mix")
    code, out, err = tiercurve(*words, "--draws", 3, capsys=capsys)
    assert code == 0
    assert re.search(r"^point +novice engineers +mean +95% interval +best", out, re.MULTILINE)
    assert "no basis for workforce change" in out
    assert "1 of 3 points failed: point 1 (team.novice = 501)" in err
    code, out, _ = tiercurve(*words, "--draws", 4, "--json", "--plot", "mix.png", capsys=capsys)
    told = json.loads(out)
    assert [point["team.novice"] for point in told["points"]] == [2, 0]
    assert told["failures"][0]["point"] == 1
    assert (tmp_path / "mix.png").read_bytes().startswith(b"\x89PNG")
    code, out, err = tiercurve("replay", "mix", "0,3,1", "--rows", 2, capsys=capsys)
    assert (code, len(out.strip().splitlines())) == (0, 3)
    assert f"all {len(metrics.NAMES)} metrics as stored" in err
    code, _, err = tiercurve("replay", "mix", "1,-1,-1", capsys=capsys)
    assert code == 0
    assert "fails as it did" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("baseline",), "a sweep needs factors, or the name of a study"),
        (("team-mxi",), "did you mean 'team-mix'?"),
        (("baseline", "--vary", "team.novice"), "must read PATH=VALUE"),
        (("baseline", "--vary", "team.novice="), "team.novice: no values"),
        (("baseline", "--vary", "team.novice=1", "--vary", "team.novice=2"), "stated twice"),
        (("baseline", "--vary", "team.novice=1", "--points", "x.csv"), "state one of them"),
        (("baseline", "--points", "x.csv"), "x.csv: cannot be read as a table"),
        (("baseline", "--vary", "team.novice=1", "--metric", "x"), "'x': no such metric"),
        (("baseline", "--vary", "team.novice=1", "--metric", "sessions"), "cannot be ranked"),
        (("baseline", "--vary", "team.novice=1", "--cluster", "tcp://x"), "cannot be reached"),
        (("baseline", "--vary", "team.novice=1", "--out", "a\0b"), "no usable name"),
    ],
)
def test_a_command_that_makes_no_sense_ends_in_one_line(words, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.experiments.sweep.pools.TIMEOUT", "1s")
    code, out, err = tiercurve("sweep", *words, capsys=capsys)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_who_stops_the_command_is_told_how_to_go_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "week.toml").write_text(WEEK)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.cli.common.Progress.__call__", interrupted)
    code, out, err = tiercurve("sweep", "week.toml", "--vary", "team.novice=0,1", capsys=capsys)
    assert (code, out) == (130, "")
    assert err.startswith("tiercurve: results/week: stopped with ")
    assert len(err.strip().splitlines()) == 1


def test_a_replay_of_nothing_ends_in_one_line(tmp_path, capsys):
    for words in (("nowhere", "1"), (tmp_path, "x"), (tmp_path, "1,2")):
        code, _, err = tiercurve("replay", *words, capsys=capsys)
        assert code == 2
        assert len(err.strip().splitlines()) == 1


def test_numbers_that_differ_in_the_last_figure_are_one_point():
    with pytest.raises(sim.SweepError, match="listed twice"):
        design.factorial({"tasks.advanced_share": [0.3, 0.1 + 0.2]})
    assert len(design.factorial({"tasks.advanced_share": [0.3, 0.3 + 1e-9]})) == 2


@pytest.mark.parametrize("number", [10**400, -(10**400), float("nan"), float("inf"), 1e301])
def test_a_number_of_no_sensible_size_is_refused_in_one_line(number):
    with pytest.raises(
        sim.SweepError, match=r"\Ateam.novice: [^\n]{1,100} is not a value"
    ) as refused:
        design.factorial({"team.novice": [1, number]})
    assert "\n" not in str(refused.value)
