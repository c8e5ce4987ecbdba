"""What the decisions hang on is what the code finds, and who gains is said with its probability."""

import dataclasses
import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hand_made import validation_of_all

import sim
from sim.experiments.robustness.analysis import measured
from sim.experiments.robustness.settings import AS_IS, NO, OTHER_LUCK, UNCLEAR, YES
from sim.validation import decisions, decisions_page, multiplier, report

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "validation"
DATA = json.loads((FOLDER / decisions_page.NUMBERS).read_text(encoding="utf-8"))
ROWS, GAINS = decisions_page.tables(DATA)
EVERY = decisions.available()
SIX_DIGITS = 2e-5


def test_the_shipped_page_is_what_the_code_writes_of_its_numbers():
    text = decisions_page.page(report.PAGES, ROWS, GAINS, False, DATA["made_by"])
    assert (FOLDER / decisions_page.PAGE).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_the_shipped_page_tries_every_mechanism_and_both_ends_of_every_doubtful_prior(one):
    shipped = ROWS[ROWS["decision"] == one.name]
    wanted = {(s.kind, s.name) for s in decisions.chosen(one)}
    assert set(zip(shipped["kind"], shipped["name"], strict=True)) == wanted
    assert len(shipped) == len(wanted)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_shipped_numbers_are_what_a_run_gives(one):
    """As is, and what moves the answer most; the rest of the page is made in the same way."""
    shipped = ROWS[ROWS["decision"] == one.name].set_index(["kind", "name"])
    keys = [shipped.index[0], shipped.index[2]]
    settings = [s for s in decisions.chosen(one) if (s.kind, s.name) in keys]
    again = measured(one.plans, one.metric, settings, *decisions.FULL, decisions.SEED)
    again = again.set_index(["kind", "name"])
    for key in keys:
        for column in ("mean", "ci_low", "ci_high", "moved", "other_sign"):
            expected = pytest.approx(shipped.loc[key, column], rel=SIX_DIGITS, abs=1e-9)
            assert again.loc[key, column] == expected, (key, column)


def test_training_or_hiring_is_the_packaged_deck_of_that_question():
    deck = tomllib.loads((ROOT / "scenarios" / "decks" / "train-or-hire.toml").read_text("utf-8"))
    scenarios = [plan["scenario"] for plan in deck["plans"]]
    for one in EVERY:
        if one.name.startswith("training or hiring"):
            assert [plan.name for plan in one.plans.values()] == scenarios[1:]
            prices = {plan.money.price_per_expert_hour for plan in one.plans.values()}
            assert prices == {deck["price"]}


def test_the_plans_of_a_decision_meet_one_horizon_and_its_metric():
    assert len({one.name for one in EVERY}) == len(EVERY)
    for one in EVERY:
        assert len(one.plans) == 2
        assert len({plan.horizon.weeks for plan in one.plans.values()}) == 1
        assert one.metric in ("work_delivered", "net_value")


# ---- words ---------------------------------------------------------------------------------------


def test_which_decisions_turn_is_said_in_words():
    def rows(*turns):
        kinds = [AS_IS, OTHER_LUCK, *["off"] * len(turns)]
        return pd.DataFrame({"kind": kinds, "turns": [NO, YES, *turns]})  # luck is no change

    parts = list(zip(EVERY, (rows(NO, YES), rows(UNCLEAR), rows(NO), rows()), strict=False))
    assert decisions_page.turned(parts) == (
        f"Some change alone turns: {EVERY[0].name}. "
        f"One may turn, within numerical error: {EVERY[1].name}. "
        f"No change alone turns: {EVERY[2].name}; {EVERY[3].name}."
    )


def test_a_validation_without_decisions_still_has_its_pages():
    empty = pd.DataFrame()
    text = decisions_page.page(report.PAGES, empty, empty, True, "made by hand")
    assert "made by hand" in text
    assert decisions_page.summaries(empty, 30) == []


def test_a_validation_keeps_its_decisions_and_one_of_before_they_were_run_is_read(tmp_path):
    short = ROWS[ROWS["decision"] == EVERY[0].name].head(5)
    whole = dataclasses.replace(validation_of_all(), decisions=short, multiplier=GAINS)
    path = whole.save(tmp_path / "whole")
    again = sim.load_record(path)
    assert again.to_json() == whole.to_json()
    assert again.text() == whole.text()
    assert EVERY[0].name in again.text()
    assert "Does expertise multiply?" in (path / decisions_page.PAGE).read_text(encoding="utf-8")
    kept = json.loads((path / report.KEPT).read_text(encoding="utf-8"))
    del kept["decisions"], kept["multiplier"]
    (path / report.KEPT).write_text(json.dumps(kept), encoding="utf-8")
    assert sim.load_record(path).to_json()["decisions"] == []


# ---- whether expertise multiplies ----------------------------------------------------------------


def test_gains_are_those_of_arithmetic():
    a = np.array([[10.0, 10.0], [20.0, 20.0], [np.nan, 5.0]])
    b = np.array([[15.0, 15.0], [40.0, 40.0], [8.0, 8.0]])
    for relative, expected in ((True, [50.0, 100.0]), (False, [5.0, 20.0])):
        gain = multiplier.gained(a, b, relative)
        assert gain[:2].tolist() == expected
        assert np.isnan(gain[2])
    assert np.isnan(multiplier.gained(0 * a, b, True)).all()  # nothing done by hand


def test_a_probability_is_no_surer_than_its_draws_can_tell():
    told = [decisions_page.odds(p, 30) for p in (1.0, 0.0, 0.5)]
    assert told == ["98%", "2%", "50%"]


def test_what_is_published_stands_beside_what_the_model_has_of_it():
    again = pd.DataFrame([vars(row) for row in multiplier.published(multiplier.FULL[0])])
    shipped = GAINS[GAINS["published"] != ""]
    assert list(again["reading"]) == list(shipped["reading"])
    for column in ("median", "low", "high", "p"):
        assert again[column].to_numpy() == pytest.approx(shipped[column].to_numpy(), rel=SIX_DIGITS)
    verified = shipped.iloc[1]
    assert verified["low"] < 32.9 / 14.5 < verified["high"]


def test_who_gains_is_said_by_tool_level_and_measure_with_its_probability():
    text = (FOLDER / decisions_page.PAGE).read_text(encoding="utf-8")
    for tool in multiplier.TOOLS:
        for measure in multiplier.MEASURES:
            for level in multiplier.LEVELS:
                assert f"{level}s with {tool}: " in text
            who = [r for r in GAINS["reading"] if f"more {measure} with {tool} than" in r]
            assert len(who) == 2
    alike = GAINS[GAINS["reading"].str.startswith("were levels alike by hand")]
    assert len(alike) == len(multiplier.MEASURES)
    assert (
        f"Were levels alike by hand it would be {decisions_page.odds(alike.iloc[0]['p'], 400)}"
        in text
    )
    assert GAINS["p"].between(0, 1).all()
    assert (GAINS["draws"] > 0).all()
