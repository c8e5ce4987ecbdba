"""`tiercurve new` writes a plan that loads, runs, and never takes the place of another file."""

import subprocess
import sys

import pytest
from command import tiercurve

import sim
from sim.scenario.starting import new


def test_a_new_plan_loads_with_a_backlog_and_a_deadline(tmp_path):
    path = new("our-team", tmp_path)
    assert path == tmp_path / "our-team.toml"
    plan = sim.load(path)
    assert plan.name == "our-team"
    assert (plan.tasks.backlog, plan.by_week) == (40, 12.0)
    assert plan.horizon.weeks > plan.by_week
    assert plan.answer.metric == "done_by"
    assert "NAME" not in path.read_text(encoding="utf-8")
    assert new("other.toml", tmp_path).name == "other.toml"


def test_what_a_new_plan_has_commented_out_is_a_plan_too(tmp_path):
    path = new("our-team", tmp_path)
    text = path.read_text(encoding="utf-8")
    start = text.index("# [[joiners]]")
    lines = text[start:].splitlines()
    whole = [line.removeprefix("# ") for line in lines if not line.startswith("# What")]
    path.write_text(text[:start] + "\n".join(whole), encoding="utf-8")
    plan = sim.load(path)
    assert plan.joiners[0].count == 1
    assert plan.money.currency == "EUR"


def test_the_answer_to_a_new_plan_is_neither_sure_nor_hopeless(tmp_path):
    result = sim.run(new("our-team", tmp_path), draws=50)
    assert 0.1 < result.values("done_by").mean() < 0.95
    assert "of 40 tickets are done by week 12" in result.answer()


@pytest.mark.parametrize(
    "name", ["baseline", "platform-team", "a/b", "../up", "", ".toml", "é", "a b"]
)
def test_a_name_that_is_none_or_is_packaged_is_refused(name, tmp_path):
    with pytest.raises(sim.ScenarioError) as error:
        new(name, tmp_path)
    assert len(str(error.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert tiercurve("new", "mine", capsys=capsys)[0] == 0
    (tmp_path / "mine.toml").write_text("kept", encoding="utf-8")
    code, out, err = tiercurve("new", "mine", capsys=capsys)
    assert (code, out) == (2, "")
    assert err == "tiercurve: mine.toml: exists already; choose another name\n"
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "kept"


def test_a_new_plan_is_listed_and_the_template_is_not(tmp_path):
    new("mine", tmp_path)
    command = [sys.executable, "-m", "sim.cli.main", "list"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert "mine" in names
    assert "plan" not in names
