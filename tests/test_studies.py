"""The mission's studies are repeatable, and say what their tables say."""

import functools
import json
import sys

import numpy as np
import pytest

import sim
from sim import cli
from sim.experiments.studies import NAMES, composition, headline, spread, training
from sim.experiments.studies.study import plan

ONES = np.ones((1, 10, 2))
SMALL = {"draws": 50, "luck": 2, "threads": 1}


@functools.cache
def small(name):
    return sim.study(name, **SMALL)


@pytest.fixture(scope="module", params=NAMES)
def study(request):
    return small(request.param)


@pytest.fixture(scope="module")
def trained():
    return small(training.NAME)


def test_a_study_is_deterministic(study):
    again = sim.study(study.name, **SMALL)
    assert again.findings == study.findings
    for name, table in study.tables.items():
        assert table.equals(again.tables[name])


def test_a_study_is_plain_data_and_has_its_figure(study):
    data = json.loads(json.dumps(study.to_json(), allow_nan=False))
    assert data["findings"][0].startswith(study.title)
    assert set(data["tables"]) == set(study.tables)
    assert " ".join(study.plot().get_suptitle().split()) == study.title


def test_the_hire_pays_an_expert_for_the_weeks_after_the_seat_is_filled(trained):
    hire = trained.tables["plans"].set_index("plan").loc[training.HIRE]
    tool = 2.0 * 12 / 52
    per_week = 40 * 1.6 + tool
    # 104 weeks less a mean of 8 until the seat is filled; the mean of 50 draws varies.
    assert hire["cost"] == pytest.approx(400 + 96 * per_week, rel=0.03)


def test_the_training_costs_its_seats_and_no_more_pay(trained):
    train = trained.tables["plans"].set_index("plan").loc[training.TRAIN]
    assert train["cost"] == pytest.approx(2 * 40.0)


def test_the_break_even_price_is_where_the_net_gain_is_zero(trained):
    plans, prices = (trained.tables[name] for name in ("plans", "prices"))
    for row in plans.itertuples():
        mine = prices[prices["plan"] == row.plan]
        if np.isfinite(row.price) and row.price <= mine["price"].max():
            assert np.interp(row.price, mine["price"], mine["mean"]) == pytest.approx(0, abs=1e-6)


def test_no_work_gained_means_never_and_the_sentence_says_so():
    found = training.pays_from(np.full(20, -1.0), np.full(20, 5.0), 1)
    assert found["price"] == np.inf
    assert "never" in training.price_words(found)


def test_thirds_share_out_the_draws(trained):
    drivers = trained.tables["drivers"]
    ends = training.DRIVERS
    for name in ends:
        rows = drivers[drivers["parameter"] == name]
        assert list(rows["part"]) == list(training.PARTS)
        assert (rows["to"].to_numpy()[:-1] == rows["from"].to_numpy()[1:]).all()


def test_pay_of_a_mix_is_arithmetic_and_ties_break_at_equal_pay_by_work():
    pays = dict(zip(composition.counts_of(8), composition.pay(4.0), strict=True))
    assert pays[(8, 0, 0)] == pytest.approx(1)
    assert pays[(0, 8, 0)] == pytest.approx(2)
    assert pays[(4, 0, 4)] == pytest.approx(2.5)
    work = np.ones(45)
    work[composition.counts_of(8).index((0, 0, 8))] = 1.5
    assert composition.best(work, 1.0) == composition.counts_of(8).index((0, 0, 8))
    assert composition._move(work) == pytest.approx(1.55)  # experts at over 1.5 times: novices
    assert composition._move(1 / np.arange(1, 46)) == np.inf  # novices are first and cheapest


def test_mixes_of_the_composition_study_are_on_a_triangle():
    found = small(composition.NAME)
    table = found.tables["mixes"]
    assert table.groupby("advanced_share").size().to_dict() == dict.fromkeys((0.1, 0.3, 0.6), 45)
    assert (table[list(composition.MIXED)].sum(axis=1) == 8).all()
    sums = table.groupby("advanced_share")[["p_best", "p_best_paid"]].sum()
    assert sums.to_numpy() == pytest.approx(1.0)


def test_following_the_headline_never_gains_by_the_study():
    found = small(headline.NAME).tables["choices"]
    assert (found["loss"] >= -1e-9).all()
    same = found["study"] == found["headline"]
    assert (found.loc[same, "loss"] == 0).all()


def test_a_line_crosses_where_arithmetic_says_or_never():
    rising = np.array(spread.SHARES) - 0.45
    assert spread.crossings(rising) == pytest.approx([0.45])
    assert spread.crossings(rising + 1) == []
    never = spread._flip((rising + 1)[:, None, None] * np.ones((1, 10, 2)), 1)
    tables = {"flip": never, "shares": spread._shares((rising + 1)[:, None, None] * ONES)}
    assert "never flips" in spread._said(tables)[0]


def test_plans_of_a_study_differ_in_what_is_done_only():
    base = plan("mission-team")
    assert base.horizon.weeks >= 104
    assert all(plan(f"mission-{name}").world == base.world for name in ("train", "hire"))


@pytest.mark.parametrize(
    ("name", "changes", "text"),
    [
        ("train-or-hir", {}, "did you mean 'train-or-hire'"),
        ("train-or-hire", {"draws": 10}, "from 50"),
        ("train-or-hire", {"luck": 1}, "from 2"),
        ("train-or-hire", {"seed": "x"}, "whole number"),
    ],
)
def test_what_is_no_study_is_refused_in_one_line(name, changes, text):
    with pytest.raises(sim.StudyError, match=text) as caught:
        sim.study(name, progress=pytest.fail, **changes)
    assert "\n" not in str(caught.value)


def test_the_command_lists_and_runs(tmp_path, capsys):
    plot = tmp_path / "s.png"
    small = ["--draws", "50", "--luck", "2", "--plot", str(plot)]
    for words, check in (([], "train-or-hire"), (["train-or-hire", *small], "Keep in mind:")):
        argv, sys.argv = sys.argv, ["tiercurve", "study", *words]
        try:
            cli.app(standalone_mode=False)
        finally:
            sys.argv = argv
        assert check in capsys.readouterr().out
    assert plot.read_bytes().startswith(b"\x89PNG")
