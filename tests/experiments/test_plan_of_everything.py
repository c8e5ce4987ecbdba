"""A plan with cohorts, a tool for half the team, Christmas and work in hand, through every door."""

import pytest
from command import tiercurve

import sim

TEXT = """
extends = "done-by-march/today"
question = "Will the 97 tickets that are left be done with the tool and the trainings?"
[answer]
by = "2027-03-31"
[horizon]
start = "2026-12-07"
weeks = 18
[tool]
profile = "none"
[[rollout]]
week = 6
profile = "claude-code-2026"
share = 0.5
[[trainings]]
seats = 1
target = "intermediate"
start_week = 0
weeks = 4
[[trainings]]
seats = 1
target = "intermediate"
start_week = 4
weeks = 4
trainer_level = "intermediate"
[absence]
holidays = [["2026-12-24", "2027-01-01"]]
leave = 0.05
[now]
open = 97
in_hand = 9
waiting_review = 3
done = 63
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The plan, the same without its tool, and the same with the tool for all."""
    folder = tmp_path_factory.mktemp("plans")
    rollout = TEXT[TEXT.index("[[rollout]]") : TEXT.index("[[trainings]]")]
    texts = {
        "half": TEXT,
        "none": TEXT.replace(rollout, ""),
        "all": TEXT.replace(rollout, rollout.replace("0.5", "1.0")),
    }
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def plans(folder):
    return [sim.load(folder / f"{name}.toml") for name in ("none", "half", "all")]


def test_it_runs_and_its_table_holds_what_is_known(plans):
    none, half, all_ = (sim.run(plan, draws=8, luck=2, threads=1) for plan in plans)
    sessions = [run.replications["sessions"].mean() for run in (none, half, all_)]
    assert sessions[0] == 0 < sessions[1] < sessions[2]
    rows = half.replications
    assert (rows["backlog_done"] + rows["backlog_end"] >= 97).all()
    christmas = half.weekly[half.weekly["week"].isin([3, 4])]
    assert christmas["submissions"].mean() < half.weekly["submissions"].mean()
    assert (half.replications["hours_training"] > 0).all()


def test_it_is_compared_and_decided_between(plans):
    compared = sim.compare(*plans, draws=8, luck=2, threads=1)
    assert compared.summary().shape[0] > 0
    assert "from week 6" in " ".join(compared.text(everything=True).split())
    decided = sim.decide(plans, draws=50, luck=2, threads=1)
    assert decided.text()


def test_it_is_swept_by_the_share_and_the_week_of_its_tool(folder, tmp_path):
    plan = sim.load(folder / "half.toml")
    factors = {"rollout.1.share": [0.0, 1.0], "rollout.1.week": [0, 6]}
    swept = sim.sweep(plan, factors, out=tmp_path / "swept", draws=6, luck=2, threads=1)
    sessions = swept.summary("sessions").set_index(list(factors))["mean"]
    assert sessions[0.0].tolist() == [0.0, 0.0]
    assert sessions[1.0, 0] > sessions[1.0, 6] > 0
    # A point of the sweep is the plan run by itself on the same draws and luck.
    alone = sim.run(plan.replace({"rollout.1.share": 1.0}), draws=6, luck=2, threads=1)
    assert alone.replications["sessions"].mean() == pytest.approx(sessions[1.0, 6])


@pytest.mark.long
def test_its_deck_is_built_with_every_analysis_that_a_deck_has(folder, tmp_path):
    stated = {
        "title": "Tool for half the team", "question": "Which?", "draws": 50,
        "plans": [{"scenario": str(folder / f"{name}.toml")} for name in ("none", "half")],
        "composition": {"draws": 50},
        "sensitivity": {"samples": 32, "factors": ["dev_share", "familiarity_effect"]},
    }  # fmt: skip
    deck = sim.deck(stated, threads=1)
    deck.save(tmp_path / "deck.pptx")
    assert (tmp_path / "deck.pptx").stat().st_size > 10_000


def test_its_command_runs_and_says_which_tool_comes_when(folder, capsys):
    code, out, _ = tiercurve("run", folder / "half.toml", "--draws", 8, "--luck", 2, capsys=capsys)
    assert code == 0
    assert "tool none, claude-code-2026 for" in " ".join(out.split())
