"""What a comparison hangs on: each row is the comparison so changed; words say what turns it."""

import json

import numpy as np
import pandas as pd
import pytest
from command import tiercurve

import sim
from sim import parameters
from sim.engine import mechanisms
from sim.errors import CompareError
from sim.experiments.robustness import analysis, sentences
from sim.experiments.robustness.settings import (
    AS_IS,
    HIGH,
    LOW,
    NO,
    OFF,
    OTHER_LUCK,
    UNCLEAR,
    WORDS,
    YES,
    Setting,
    is_doubtful,
    settings_of,
)
from sim.records import words

TEAM = sim.load("baseline").replace({"horizon.weeks": 3})
PLANS = {"as is": TEAM, "one expert": TEAM.replace({"team.expert": 3})}
DRAWS, LUCK = 4, 2
FRAME = sentences.Frame("b", "a", "work_delivered", "expert-h", 3)


def settings(*names, kind=LOW):
    """As is, and the settings of some names of one kind."""
    every = settings_of(TEAM)
    return [every[0], *(s for s in every if s.kind == kind and s.name in names)]


def rows(chosen, plans=PLANS):
    table = analysis.measured(plans, "work_delivered", chosen, DRAWS, LUCK, 1)
    return table.set_index(["kind", "name"])


# ---- which settings ------------------------------------------------------------------------------


def test_every_mechanism_is_off_once_and_every_doubtful_prior_is_at_both_ends():
    every = settings_of(TEAM)
    assert [s.kind for s in every[:2]] == [AS_IS, OTHER_LUCK]
    off = {s.name: s.changes for s in every if s.kind == OFF}
    assert off == {name: mechanisms.off(name) for name in mechanisms.MECHANISMS}
    known = parameters.world_parameters()
    doubtful = [n for n, p in known.items() if is_doubtful(p, p.distribution)]
    for kind, at in ((LOW, 0.05), (HIGH, 0.95)):
        ends = {s.name: s.changes[f"world.{s.name}"] for s in every if s.kind == kind}
        assert list(ends) == doubtful
        for name, value in ends.items():
            assert value == float(known[name].distribution.quantile(at))


@pytest.mark.parametrize(
    ("belief", "evidence", "expected"),
    [
        ({"normal": [1.0, 1.2]}, ("a-row",), False),
        ({"normal": [1.0, 1.2]}, ("assumption",), True),
        ({"normal": [1.0, 3.0]}, ("a-row",), True),
        ({"normal": [-0.1, 0.1]}, ("a-row",), True),
        ({"normal": [-1.2, -1.0]}, ("a-row",), True),  # below zero no ratio says how wide it is
        ({"fixed": [1.0]}, ("assumption",), False),
    ],
)
def test_a_prior_is_doubtful_if_it_is_assumed_or_wide(belief, evidence, expected):
    belief = parameters.parse_distribution(belief)
    one = parameters.Parameter("x", "world", 1.0, belief, "h", parameters.ANYWHERE, evidence, "why")
    assert is_doubtful(one, belief) is expected


def test_a_belief_that_the_plan_states_takes_the_place_of_the_register():
    stated = {"world.failure_cost": {"uniform": [1.0, 5.0]}, "world.planning_hours": 0.1}
    ends = {(s.kind, s.name): s.value for s in settings_of(TEAM.replace(stated))}
    assert ends[LOW, "failure_cost"] == pytest.approx(1.2)
    assert ends[HIGH, "failure_cost"] == pytest.approx(4.8)
    assert (LOW, "planning_hours") not in ends


def test_every_mechanism_and_parameter_has_words_of_its_own_and_no_other_has():
    assert set(WORDS["mechanisms"]) == set(mechanisms.MECHANISMS)
    assert set(words.parameters()) == set(parameters.world_parameters())
    every = [*WORDS["mechanisms"].values(), *words.parameters().values()]
    assert len(set(every)) == len(every)
    assert not any("_" in words for words in every)


# ---- numbers -------------------------------------------------------------------------------------


def test_each_row_is_the_comparison_of_the_plans_so_changed():
    chosen = [*settings("review_rate"), *settings("failed sessions", kind=OFF)[1:]]
    table = rows(chosen)
    for setting in chosen:
        plans = {label: plan.replace(setting.changes) for label, plan in PLANS.items()}
        compared = sim.compare(plans, draws=DRAWS, luck=LUCK).row("one expert", "work_delivered")
        for column in analysis.KEPT:
            expected = pytest.approx(compared[column], rel=1e-12, nan_ok=True)
            assert table.loc[(setting.kind, setting.name), column] == expected, column


def test_a_mechanism_that_is_off_already_moves_nothing():
    off = {label: plan.replace(mechanisms.off()) for label, plan in PLANS.items()}
    table = rows(settings(*mechanisms.MECHANISMS, kind=OFF), off)
    assert len(table) == 1 + len(mechanisms.MECHANISMS)
    assert (table[["moved", "moved_low", "moved_high", "other_sign"]] == 0).all().all()
    assert (table["turns"] == NO).all()


def test_a_setting_that_a_metric_shows_in_few_draws_is_run_in_all_of_them(monkeypatch):
    """Whether a deadline is met is the same in the first draws, however the work moves."""
    plan = TEAM.replace({"tasks.backlog": 40, "answer.by_week": 2.5})
    plans = {"a": plan, "b": plan.replace({"team.expert": 3})}
    chosen = settings("failed sessions", "oversight growth", kind=OFF)

    def table():
        return analysis.measured(plans, "done_by", chosen, 24, LUCK, 1)

    every = table()
    monkeypatch.setattr(analysis, "PROBE", 24)
    pd.testing.assert_frame_equal(every, table())
    assert (every["moved"] != 0).any()


def test_a_metric_without_a_value_is_refused_in_one_line_and_turns_nothing():
    waits = TEAM.replace({"answer.metric": "review_wait_mean"})
    plans = {"a": waits, "b": waits.replace({"policy.review": "none"})}
    with pytest.raises(
        CompareError, match=r"^b: review_wait_mean has no value in any of its worlds"
    ):
        sim.robustness(plans, draws=DRAWS, luck=LUCK)


def test_other_luck_is_the_same_draws_with_the_worlds_that_follow():
    table = rows([Setting(AS_IS), Setting(OTHER_LUCK)])
    four = sim.compare(PLANS, draws=DRAWS, luck=2 * LUCK)
    a, b = (result.values("work_delivered")[:, LUCK:, 0] for result in four.results.values())
    assert table.loc[(OTHER_LUCK, ""), "mean"] == pytest.approx((b - a).mean(), rel=1e-12)
    assert table.loc[(OTHER_LUCK, ""), "moved"] != 0


def test_what_moves_is_a_mean_over_draws_and_its_interval_that_of_theory():
    was = np.zeros((400, 2))
    now = 3.0 + np.random.default_rng(1).normal(size=(400, 1)) + np.zeros((1, 2))
    mean, low, high = analysis.moved(was, now)
    assert mean == pytest.approx(3.0, abs=4 / 20)
    assert high - mean == pytest.approx(1.96 / 20, rel=0.15)
    assert mean - low == pytest.approx(high - mean)


def test_draws_that_change_sign_are_counted_once_chance_is_taken_out():
    was = np.repeat([[1.0], [2.0], [-1.0], [-2.0]], 2, axis=1)
    now = np.repeat([[-1.0], [2.0], [-1.0], [-2.0]], 2, axis=1)
    assert analysis.other_sign(was, now)[0] == 0.25
    assert analysis.other_sign(was, -was)[0] == 1.0
    rng = np.random.default_rng(2)
    luck = 1.0 + 9.0 * rng.normal(size=(500, 2))  # all chance: draw means alone would differ
    again = 1.0 + 9.0 * rng.normal(size=(500, 2))
    assert (luck.mean(axis=1) * again.mean(axis=1) < 0).mean() > 0.4
    assert analysis.other_sign(np.abs(luck.mean()) + luck - luck.mean(), again)[0] < 0.4


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ((3.0, 1.0), (2.0, 1.0), NO),
        ((3.0, 1.0), (-3.0, 1.0), YES),
        ((3.0, 1.0), (-1.0, 1.0), UNCLEAR),
        ((1.0, 1.0), (-3.0, 1.0), UNCLEAR),
        ((3.0, 1.0), (0.0, 0.0), NO),
        ((3.0, 1.0), (np.nan, np.nan), NO),
    ],
)
def test_an_answer_turns_where_its_mean_has_the_other_sign(before, now, expected):
    one, other = (dict(zip(("mean", "mc_error"), pair, strict=True)) for pair in (before, now))
    assert analysis.turns(one, other) == expected


def test_rows_stand_in_the_order_of_what_they_move():
    names = ("review_rate", "belief_bias", "failure_cost", "oversight_share")
    table = rows([Setting(AS_IS), Setting(OTHER_LUCK), *settings(*names)[1:]])
    assert list(table.index[:2]) == [(AS_IS, ""), (OTHER_LUCK, "")]
    moved = table["moved"].iloc[2:].abs()
    assert moved.is_monotonic_decreasing
    assert moved.index[-1] == (LOW, "belief_bias")  # of agent_use = "pays" alone
    assert moved.iloc[-1] == 0


# ---- words ---------------------------------------------------------------------------------------


def _table(*changed):
    """Rows made by hand: as is, other luck, and (kind, name, moved, other sign, turns) of each."""
    every = [(AS_IS, "", 0.0, 0.0, NO), (OTHER_LUCK, "", 0.5, 0.05, NO), *changed]
    table = pd.DataFrame(every, columns=["kind", "name", "moved", "other_sign", "turns"])
    mean = 10 + table["moved"]
    return table.assign(value=0.25, mean=mean, ci_low=-1.0, ci_high=30.0, mc_error=0.05)


def test_sentences_name_what_turns_the_answer_in_words():
    table = _table(
        (LOW, "review_rate", -30.0, 0.8, YES),
        (OFF, "familiarity", -10.5, 0.3, UNCLEAR),
        (HIGH, "belief_bias", 0.0, 0.0, NO),
    )
    told = " ".join(sentences.sentences(table, FRAME))
    assert "b against a: work delivered +10.0 expert-h in 3 weeks" in told
    assert "1 of 3 changes turn the answer: hours of a review at its low end, 0.25." in told
    assert "it may turn with: familiarity with the tool (off)." in told
    assert "hours of a review at its low end, 0.25 (−30.0)" in told
    assert "80% with hours of a review" in told
    assert "other luck alone changes it in 5%" in told
    assert "1 of 3 changes do nothing" in told
    calm = " ".join(sentences.sentences(_table((OFF, "familiarity", 0.0, 0.0, NO)), FRAME))
    assert "None of 1 changes turns the answer." in calm
    assert "No change moves the answer." in calm
    assert "No draw changes sign" in calm


# ---- the record and the command ------------------------------------------------------------------


@pytest.fixture(scope="module")
def record():
    return sim.robustness(PLANS, draws=DRAWS, luck=LUCK)


def test_the_record_has_a_row_a_setting_and_shows_no_key(record):
    assert len(record.table) == len(settings_of(TEAM))
    text = record.text(everything=True)
    assert [name for name in parameters.world_parameters() if f"{name} " in text] == []
    assert "more ends of priors move it less" not in " ".join(text.split())
    assert "more ends of priors move it less" in " ".join(record.text().split())
    ids = [claim.id for claim in record.claims()]
    assert len(set(ids)) == len(ids)
    assert "work_delivered/difference/failed%20sessions%20off/one%20expert" in ids


def test_a_saved_record_is_read_again_and_checks_as_recorded(record, tmp_path):
    path = record.save(tmp_path / "kept")
    again = sim.load_record(path)
    assert again.text(True) == record.text(True)
    verdict = sim.check(path)
    assert verdict.ok
    assert verdict.counts["identical"] == len(record.claims())


def test_a_record_with_a_number_changed_by_hand_is_found_out(record, tmp_path):
    path = record.save(tmp_path / "kept")
    about = json.loads((path / "robustness.json").read_text(encoding="utf-8"))
    about["settings"][5]["mean"] += 100.0
    (path / "robustness.json").write_text(json.dumps(about), encoding="utf-8")
    assert not sim.check(path).ok
    about["settings"][5]["name"] = "nobody"
    (path / "robustness.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(CompareError, match="damaged"):
        sim.load_record(path)


@pytest.mark.parametrize("kind", [["off"], None, "whatever", 3])
def test_a_row_of_no_kind_is_refused_as_damage(record, tmp_path, kind):
    path = record.save(tmp_path / "kept")
    about = json.loads((path / "robustness.json").read_text(encoding="utf-8"))
    for place in (0, 5):
        damaged = json.loads(json.dumps(about))
        damaged["settings"][place]["kind"] = kind
        (path / "robustness.json").write_text(json.dumps(damaged), encoding="utf-8")
        with pytest.raises(CompareError, match="damaged"):
            sim.load_record(path)


def test_the_command_says_it_in_a_table_or_json_and_keeps_it(tmp_path, capsys):
    for label, plan in PLANS.items():
        (tmp_path / f"{label[:3].strip()}.toml").write_text(plan.to_toml(), encoding="utf-8")
    files = [tmp_path / "as.toml", tmp_path / "one.toml"]
    few = ("--mechanisms", "--draws", "2", "--luck", "2", "--weeks", "1")
    code, out, _ = tiercurve("compare", *files, *few, "--out", tmp_path / "k", capsys=capsys)
    assert code == 0
    assert "failed sessions cost hours" in out
    assert "nothing, with other luck" in out
    assert (tmp_path / "k" / "robustness.json").is_file()
    code, out, _ = tiercurve("compare", *files, *few, "--json", capsys=capsys)
    assert code == 0
    data = json.loads(out)
    assert len(data["settings"]) == len(settings_of(TEAM))
    for options, line in (
        (("--plot", tmp_path / "x.png"), "no figure is drawn"),
        (("--uncertainty", "central"), "takes draws"),
        (("--luck", "1"), "luck"),
    ):
        code, _, said = tiercurve("compare", *files, *few, *options, capsys=capsys)
        assert code == 2
        assert line in said


@pytest.mark.parametrize(
    ("changes", "line"), [({"luck": 1}, "luck = 1"), ({"draws": 1}, "draws = 1"), ({}, "result")]
)
def test_what_cannot_be_run_is_refused_in_one_line(changes, line):
    plans = dict(PLANS)
    if not changes:
        plans["as is"] = sim.run(TEAM, draws=2, luck=2)
    with pytest.raises(CompareError, match=line) as refused:
        sim.robustness(plans, **changes)
    assert "\n" not in str(refused.value)
