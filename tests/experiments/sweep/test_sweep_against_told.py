"""What a sweep says of its points against a reference is what their numbers are, everywhere."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from command import tiercurve
from excel import column, sheets
from test_sweep_against import MIX, SMALL, WEEK, told_by_compare

import sim
from sim.caveats import OTHER_WORK, of_kinds
from sim.checking import rerun
from sim.errors import SweepError
from sim.experiments.sweep import differences

BACKLOG = {
    "horizon.weeks": 12, "team": {"novice": 1, "intermediate": 1, "expert": 1},
    "tasks.backlog": 30, "answer.metric": "done_by", "answer.by_week": 8,
}  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    return sim.Scenario.from_dict(sim.load("baseline").replace(WEEK).to_dict(), "plan")


@pytest.fixture(scope="module")
def late(plan):
    return plan.replace(BACKLOG)


@pytest.fixture(scope="module")
def clear(late, tmp_path_factory):
    """A sweep of which one point is clearly better, one is the reference, one clearly worse."""
    out = tmp_path_factory.mktemp("clear") / "sweep"
    return sim.sweep(late, {"team.expert": [0, 1, 8]}, out, draws=60, luck=2, against=late)


def test_the_verdict_of_a_point_is_whether_its_interval_leaves_out_no_difference(clear):
    table = clear.differences("done_by")
    assert table["verdict"].tolist() == ["worse", "the reference itself", "better"]
    assert table["ci_high"][0] < 0 < table["ci_low"][2]
    assert (table.loc[1, ["mean", "ci_low", "ci_high", "mc_error"]] == 0).all()


def test_the_point_that_is_the_reference_is_told_as_itself(clear, late):
    """No interval of the error of so many worlds, as nothing differs; as `compare` has it."""
    assert differences.cells(clear, "done_by", 1) == ("0", "the reference itself", "-", "-")
    assert "the reference itself" in clear.text()
    assert "1 the reference itself" in differences.counts(clear, "done_by")
    compared = sim.compare(late, sim.Scenario.from_dict(late.to_dict(), "twin"), draws=60, luck=2)
    row = compared.row("twin", "done_by")
    assert (row["mean"], row["ci_low"], row["ci_high"]) == (0.0, 0.0, 0.0)


def test_a_plan_without_a_difference_that_is_another_plan_keeps_its_interval(late):
    """Nobody is trained, so weeks of training change no world; the plans are two all the same."""
    other = sim.Scenario.from_dict(late.replace({"training.weeks": 3}).to_dict(), "other")
    row = sim.compare(late, other, draws=10, luck=2).row("other", "done_by")
    assert row["mean"] == 0.0
    assert row["ci_low"] < 0.0 < row["ci_high"]


def test_a_probability_differs_by_points_and_costs_stand_beside_it(clear, late):
    name = "work_delivered"
    assert clear.metric == "done_by"
    assert set(clear.differences()["metric"]) == {"done_by", "extra_cost", name}
    row = clear.best().iloc[0]
    assert row["point"] == 2
    cube, reference = clear.values("done_by"), clear.reference_values("done_by")
    assert row["difference"] == pytest.approx((cube[2] - reference).mean(), abs=1e-12)
    answer, odds = clear.sentences()[1:3]
    size = re.search(r"Against plan, point 2 \(expert engineers 8\) makes it (\d+) points", answer)
    assert int(size[1]) == pytest.approx(100 * row["difference"], abs=12)  # less the optimism
    assert f"extra cost over plan in {BACKLOG['horizon.weeks']} weeks +" in answer
    assert "Of 3 points against plan: 1 better, 1 worse, 1 the reference itself" in odds


def test_the_lead_is_told_without_what_it_owes_to_luck(plan, tmp_path):
    """Points that hardly differ: the best of them owes its lead to having been chosen."""
    values = [round(0.9 + i / 200, 3) for i in range(20)]
    sweep = sim.sweep(plan, {"tool.adoption": values}, tmp_path / "s", 20, against=plan)
    off = differences.optimism(sweep, "work_delivered")
    assert off > 0
    best = sweep.best().iloc[0]
    cube = sweep.values("work_delivered") - sweep.reference_values("work_delivered")
    gains = cube.mean(axis=(1, 2))
    assert best["difference"] == pytest.approx(gains.max(), rel=1e-9)
    point = differences.PointComparison(sweep, int(best["point"]), "it")
    assert "Left out: " in differences.answer(point, "work_delivered")


def test_a_point_that_is_the_reference_is_named_and_one_that_is_not_is_not(clear, late, tmp_path):
    assert "Point 1 is plan itself: it differs in nothing." in clear.caveats
    other = sim.sweep(late, {"team.expert": [0, 2]}, tmp_path / "s", 2, against=late)
    assert not any("itself" in line for line in other.caveats)
    longer = late.replace({"team.novice": 2})  # alike in what is varied, not in all
    third = sim.sweep(late, {"team.expert": [0, 1]}, tmp_path / "t", 2, against=longer)
    assert not any("itself" in line for line in third.caveats)


def test_points_asked_for_other_work_are_neither_better_nor_worse(late, tmp_path):
    out = tmp_path / "s"
    sweep = sim.sweep(late, {"tasks.advanced_share": [0.0, 0.9]}, out, 20, against=late)
    assert set(sweep.differences("done_by")["verdict"]) == {"on other terms"}
    assert of_kinds(sweep.caveats, OTHER_WORK)
    answer, odds = sweep.sentences()[1:3]
    assert "Not asked the same (share of advanced work" in answer
    assert odds.startswith("Of 2 points against plan: 2 on other terms")
    assert "none on its terms" in " ".join(sweep.plot().get_suptitle().split())


def test_a_reference_that_is_asked_for_other_work_carries_a_caveat(late, tmp_path):
    other = late.replace({"tasks.backlog": 60})
    sweep = sim.sweep(late, {"team.expert": [0, 1]}, tmp_path / "s", 4, against=other)
    (caveat,) = of_kinds(sweep.caveats, OTHER_WORK)
    assert "30" in caveat
    assert "60" in caveat


def test_a_plan_without_a_deadline_is_asked_by_that_of_the_other(late, tmp_path):
    bare = late.to_dict()
    bare["answer"] = {}
    bare = sim.Scenario.from_dict(bare, "bare")
    for place, (one, two) in enumerate(((late, bare), (bare, late))):
        sweep = sim.sweep(one, {"team.expert": [0, 2]}, tmp_path / f"{place}", 8, against=two)
        row = sweep.differences("done_by").iloc[1]
        alone = sim.compare({"a": two, "b": one.replace({"team.expert": 2})}, draws=8)
        assert row["mean"] == alone.row("b", "done_by")["mean"]
        assert 0 < row["plan_mean"] <= 1


def test_the_numbers_are_the_same_in_json_workbook_claims_and_figure(clear, tmp_path):
    pytest.importorskip("xlsxwriter")
    row = clear.best().iloc[0]
    plain = clear.to_json()
    assert plain["against"]["plan"] == "plan"
    assert plain["points"][0]["difference"] == row["difference"]
    assert plain["points"][0]["verdict"] == "better"
    json.dumps(plain, allow_nan=False)
    book = sheets(clear.to_excel(tmp_path / "book.xlsx"))
    rows = book["differences"]
    keys = zip(column(rows, "point"), column(rows, "metric"), column(rows, "mean"), strict=True)
    assert {key[:2]: key[2] for key in keys}[2, "done_by"] == pytest.approx(row["difference"])
    assert column(rows, "reference") == ["plan"] * 9
    ends = column(book["tables"], "difference to plan, low")
    assert ends[0] == pytest.approx(row["difference_low"])
    claims = {claim.id: claim for claim in clear.claims()}
    claim = claims["done_by/difference/point%202"]
    assert (claim.value, claim.low) == (row["difference"], row["difference_low"])
    assert claim.sentence.startswith("With expert engineers = 8: Against plan, point 2 makes it ")
    axes = clear.plot().axes[0]
    dots = np.concatenate([line.get_xydata() for line in axes.lines if line.get_marker() in "oD"])
    means = 100 * clear.differences("done_by")["mean"]
    assert sorted(dots[:, 1]) == pytest.approx(sorted(means))


def test_its_record_makes_every_claim_again(clear, plan, tmp_path):
    other = plan.replace({"team.beginner": 1})
    mixed = sim.sweep(plan, MIX, tmp_path / "s", against=other, **SMALL)
    for sweep, metric in ((clear, "done_by"), (mixed, "work_delivered"), (mixed, "extra_cost")):
        again = rerun.rerun(sweep.run_record(metric), threads=1)
        assert [c.sentence for c in again] == [c.sentence for c in sweep.claims(metric)]
        assert any("/difference/" in claim.id for claim in again)
    figure = tmp_path / "sweep.png"
    mixed.plot().savefig(figure)
    assert sim.check(figure, threads=1).ok


def test_the_first_screen_has_a_table_of_differences_in_words(clear, plan, tmp_path):
    lines, table = clear._tables(False)
    assert [of for of, _ in lines.rows] == ["answer", "odds", "narrow", "next"]
    assert table.head == ("point", "expert engineers", "difference", "95% interval", "extra cost")
    assert table.title.endswith("[points], from the best down: difference to plan")
    sweep = sim.sweep(plan, MIX, tmp_path / "s", against=plan, **SMALL)
    assert sweep._tables(False)[1].head[3:7] == ("difference", "95% interval", "better", "best")
    whole = sweep.text(everything=True)
    assert "verdict" in whole
    assert "difference: point less plan, world by world" in " ".join(whole.split())


# ---- what fails, and what cannot be compared ----------------------------------------------------


@pytest.mark.filterwarnings("ignore::sim.errors.SweepWarning")
def test_points_that_fail_are_left_out_as_ever(plan, tmp_path):
    sweep = sim.sweep(plan, {"team.novice": [1, 501]}, tmp_path / "s", 4, against=plan)
    assert sweep.differences()["point"].unique().tolist() == [0]
    assert sweep.failures["point"].tolist() == [1]
    assert any("1 of 2 points failed" in line for line in sweep.caveats)


def test_a_metric_without_a_value_has_no_difference_as_by_compare(late, tmp_path):
    """Of a backlog that is never done there is no week, nor a difference of weeks."""
    name = "finish_week"
    hard = late.replace({"tasks.backlog": 400})
    sweep = sim.sweep(hard, {"team.expert": [0, 1]}, tmp_path / "s", 4, against=hard)
    row = sweep.differences(name).iloc[0]
    alone = told_by_compare(hard, sweep.scenario_of(0), [name], draws=4, luck=2).iloc[0]
    assert np.isnan(row["mean"])
    assert row["undefined"] == alone["undefined"] == 8
    assert row["verdict"] == "undefined"


BAD = [  # changes of the reference, factors, what is said
    ({"horizon.weeks": 2}, {}, r"plan: horizon.weeks = 1: must be that of \w+, 2, the reference"),
    ({"horizon.start": "2027-09"}, {}, r"plan: horizon.start = .*: must be that of"),
    ({"money.currency": "USD"}, {}, r"plan: money.currency = EUR: must be that of \w+, USD"),
    ({}, {"horizon.weeks": [1, 2]}, r"point 1: horizon.weeks = 2: must be that of \w+, 1"),
]


@pytest.mark.parametrize(("changes", "factors", "said"), BAD)
def test_a_reference_that_cannot_be_compared_is_refused_before_anything_runs(
    changes, factors, said, plan, tmp_path
):
    other = sim.Scenario.from_dict(plan.replace(changes).to_dict(), "other")
    with pytest.raises(SweepError, match=rf"\A{said}[^\n]*state the same in both[^\n]*\Z"):
        sim.sweep(plan, factors or MIX, tmp_path / "s", against=other, **SMALL)
    assert not (tmp_path / "s").exists()


def test_a_deadline_cannot_be_varied_against_another(late, tmp_path):
    with pytest.raises(SweepError, match=r"\Apoint 1: answer.by_week: week 9: must be that of"):
        sim.sweep(late, {"answer.by_week": [8, 9]}, tmp_path / "s", 2, against=late)


def test_a_sweep_without_a_reference_has_no_differences(plan, tmp_path):
    sweep = sim.sweep(plan, MIX, tmp_path / "s", **SMALL)
    with pytest.raises(SweepError, match=r"\A[^\n]*has no reference; sweep with against=[^\n]*\Z"):
        sweep.differences()


@pytest.mark.parametrize("harm", ["removed", "of another plan", "altered"])
def test_a_harmed_reference_is_named_and_run_again(harm, plan, tmp_path):
    out, other = tmp_path / "s", plan.replace({"team.expert": 2})
    first = sim.sweep(plan, MIX, out, against=plan, **SMALL)
    before, rows = first.differences(), out / "against" / "rows"
    if harm == "altered":
        (path, *_) = rows.iterdir()
        path.write_bytes(path.read_bytes()[:-9])
    else:
        (out / "against").rename(tmp_path / "gone")
    if harm == "of another plan":
        sim.sweep(plan, MIX, tmp_path / "t", against=other, **SMALL)
        (tmp_path / "t" / "against").rename(out / "against")
    with pytest.raises(SweepError, match=r"\A[^\n]+\Z"):
        sim.load_sweep(out)
    if harm == "of another plan":
        with pytest.raises(SweepError, match="holds another sweep"):
            sim.sweep(plan, MIX, out, against=plan, **SMALL)
        return
    if harm == "altered":
        with pytest.warns(sim.errors.SweepWarning, match="run again"):
            again = sim.sweep(plan, MIX, out, against=plan, **SMALL)
    else:
        again = sim.sweep(plan, MIX, out, against=plan, **SMALL)
    pd.testing.assert_frame_equal(again.differences(), before)


def test_a_folder_that_is_its_own_reference_is_refused(plan, tmp_path):
    out = tmp_path / "s"
    sim.sweep(plan, MIX, out, against=plan, **SMALL)
    (out / "against").rename(tmp_path / "gone")
    (out / "against").symlink_to(out)
    with pytest.raises(SweepError, match=r"\A[^\n]*a damaged sweep \(its reference is of another"):
        sim.load_sweep(out)


def test_a_reference_with_fewer_worlds_than_its_points_is_not_finished(plan, tmp_path):
    """As where more draws were asked for, and it was killed before the reference was opened."""
    out = tmp_path / "s"
    sim.sweep(plan, MIX, out, against=plan, **SMALL)
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["ask"]["draws"] = 16
    (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SweepError, match="its reference is not finished; start the same sweep"):
        sim.load_sweep(out)
    more = SMALL | {"draws": 16}
    again = sim.sweep(plan, MIX, out, against=plan, **more)
    assert again.values("work_delivered").shape[1] == 16
    assert again.differences("work_delivered")["undefined"].sum() == 0


def test_a_copy_of_a_sweep_has_its_reference(clear, tmp_path):
    copy = sim.Sweep.load(clear.save(tmp_path / "copy"))
    pd.testing.assert_frame_equal(copy.differences(), clear.differences())


# ---- the command --------------------------------------------------------------------------------


@pytest.fixture
def here(plan, tmp_path, monkeypatch):
    (tmp_path / "plan.toml").write_text(plan.to_toml())
    (tmp_path / "long.toml").write_text('extends = "plan"\nquestion = "?"\nhorizon.weeks = 3\n')
    (tmp_path / "study.toml").write_text(
        'scenario = "plan"\nagainst = "plan"\nquestion = "?"\ndraws = 4\n[design]\n'
        'kind = "factorial"\n[design.factors]\n"team.novice" = [0, 1]\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


VARY = ("--vary", "team.novice=0,1", "--draws", 4, "--out", "s")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody", "nobody"),
        ("long", "horizon.weeks = 1: must be that of long, 3, the reference"),
        ("team-mix", "team-mix"),
        ("../../etc/passwd", "passwd"),
        ("", "no such scenario file"),
        ("a\0b", "a"),
        ("x" * 5000, "xxx"),
        ("point 0", "point 0"),
        ("3", "3"),
    ],
)
def test_a_reference_that_is_none_ends_in_one_line(name, said, here, capsys):
    code, out, line = tiercurve("sweep", "plan", *VARY, "--against", name, capsys=capsys)
    assert (code, out) == (2, "")
    assert line.startswith("tiercurve: ")
    assert len(line) < 700
    assert line.count("\n") == 1
    assert said in line
    assert not (here / "s").exists()


def test_a_metric_that_the_reference_lacks_is_refused(here, capsys):
    words = ("sweep", "plan", *VARY, "--against", "baseline", "--metric", "extra_cost")
    code, _, line = tiercurve(*words, capsys=capsys)
    assert code == 2
    assert "baseline: must state [money]: without it no point can be compared" in line


def test_the_command_and_a_study_hold_points_against_a_plan(here, capsys):
    code, out, _ = tiercurve("sweep", "plan", *VARY, "--against", "plan", capsys=capsys)
    assert code == 0
    assert "from the best down: difference to plan" in out
    code, out, _ = tiercurve("sweep", "study", "--json", capsys=capsys)
    assert code == 0
    assert json.loads(out)["against"]["plan"] == "plan"
    words = ("sweep", "plan", *VARY, "--dry-run")
    code, out, _ = tiercurve(*words, "--against", "plan", capsys=capsys)
    assert code == 0
    worlds = [text.splitlines()[0].split() for text in (out, tiercurve(*words, capsys=capsys)[1])]
    assert worlds == [["worlds", "24"], ["worlds", "16"]]  # two points and the reference


def test_a_plan_that_is_called_like_a_point_keeps_both_apart(plan, tmp_path):
    odd = sim.Scenario.from_dict(plan.to_dict(), "point 0")
    sweep = sim.sweep(plan, {"team.novice": [0, 1]}, tmp_path / "s", 4, against=odd)
    assert sweep.reference == "point 0 (2)"
    again = rerun.rerun(sweep.run_record(), threads=1)
    assert [c.sentence for c in again] == [c.sentence for c in sweep.claims()]


# ---- models of one's own ------------------------------------------------------------------------


class Plain(sim.Developer):
    """Changes nothing."""


class Breaks(sim.TeamModel):
    """Fails where two people are at work."""

    def run(self):
        if len(self.people) == 2:
            raise KeyError("two")
        return super().run()


def test_a_model_of_ones_own_runs_the_reference_too(plan, tmp_path):
    asked = {"draws": 2, "luck": 1, "against": plan}
    fast = sim.sweep(plan, {"team.novice": [0, 1]}, tmp_path / "fast", **asked)
    slow = sim.sweep(plan, {"team.novice": [0, 1]}, tmp_path / "slow", **asked, model=Plain)
    pd.testing.assert_frame_equal(slow.differences(), fast.differences())


def test_a_reference_whose_worlds_fail_ends_the_sweep_in_one_line(plan, tmp_path):
    asked = {"draws": 2, "luck": 1, "against": plan.replace({"team.novice": 1}), "model": Breaks}
    for _ in range(2):  # and again, where its rows are kept
        with pytest.raises(SweepError, match=r"\A[^\n]*the reference plan failed in 2 worlds") as e:
            sim.sweep(plan, {"team.expert": [2, 3]}, tmp_path / "s", **asked)
        assert "\n" not in str(e.value)
