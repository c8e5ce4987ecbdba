"""Whom to train, when and how many: the search keeps to its budgets, and finds known answers."""

import numpy as np
import pytest
from command import tiercurve

import sim
from sim.checking import rerun
from sim.errors import DecideError
from sim.experiments.decide import sentences, trainings
from sim.experiments.decide.sentences import is_close
from sim.experiments.decide.timing import NOBODY, searched, sentence

LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")
CHANGES = {
    "horizon.weeks": 26, "domains": {}, "money.currency": "EUR",
    "money.tool_per_person_month": 90.0,
    "team": {"novice": 2, "intermediate": 1, "expert": 1},
    "training.weeks": 2, "training.hours_per_week": 4.0, "training.trainer_hours_per_week": 2.0,
    "training.cost_per_seat": 500.0,
    **{f"money.engineer.{level}": 40.0 + 15.0 * place for place, level in enumerate(LEVELS)},
}  # fmt: skip
SMALL = {"draws": 50, "luck": 2, "threads": 1}


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace(CHANGES)


@pytest.fixture(scope="module")
def decision(plan):
    return sim.search_trainings(plan, **SMALL)


def test_each_training_takes_other_people_and_hours_are_arithmetic(plan):
    pay = {f"money.adjacent.{level}": 40.0 for level in LEVELS}
    four = plan.replace({"team.adjacent.novice": 1, **pay})
    named, rows = trainings.candidates(four, [0, 5])
    who = {label.partition(" from ")[0] for label in named} - {NOBODY.partition(" from ")[0]}
    assert who == {
        "1 novice engineer", "2 novice engineers", "1 novice adjacent colleague",
        "2 novice engineers and 1 novice adjacent colleague",
    }  # fmt: skip
    assert [row["hours"] for row in rows if row["seats"] == 2] == [2 * (2 * 4 + 2)] * 2
    assert named[NOBODY].cohorts == {}
    for row in rows:
        (cohort,) = named[row["training"]].cohorts.values()
        assert (cohort.seats, cohort.start_week) == (row["seats"], row["start_week"])


def test_trainings_end_within_the_plan_or_its_deadline(plan):
    _, rows = trainings.candidates(plan)
    assert [row["start_week"] for row in rows if row["seats"] == 1] == [0, 8, 16, 24]
    due = {"tasks.backlog": 30, "answer.metric": "done_by", "answer.by_week": 8}
    _, rows = trainings.candidates(plan.replace(due))
    assert max(row["start_week"] for row in rows) == 6


def test_finalists_are_decided_on_fresh_draws_as_decide_tells_it(plan, decision):
    again = sim.decide(dict(decision.plans), **SMALL)
    assert np.array_equal(again.y, decision.y)
    assert decision.trade.headline() == again.trade.headline()
    assert decision.labels[0] == NOBODY
    kept = decision.screened[decision.screened["finalist"]]
    assert set(kept["training"]) == set(decision.labels[1:])
    assert {0} < set(kept["start_week"])


def test_no_finalist_costs_more_and_gives_less_unless_there_is_room(plan):
    found = sim.search_trainings(plan, finalists=2, **SMALL)
    assert len(found.labels) == 3
    table = found.screened
    by_hand = [
        not ((table["extra_cost"] <= row["extra_cost"]) & (table.index < place)).any()
        for place, row in table.iterrows()
    ]
    assert table["efficient"].tolist() == by_hand


def test_budgets_of_money_and_of_hours_are_kept(plan):
    found = sim.search_trainings(plan, budget=600.0, hours=15.0, **SMALL)
    kept = found.screened[found.screened["finalist"]]
    assert (kept["extra_cost"] <= 600).all()
    assert (found.screened["hours"] <= 15).all()
    assert set(kept["seats"]) == {1}


def test_budgets_stand_in_the_first_lines(plan, decision, tmp_path):
    count = len(decision.screened)
    assert searched(decision) == [
        f"Searched: {count} trainings, bounded by nothing; --hours bounds what they take; "
        "--budget bounds what they cost"
    ]
    bound = sim.search_trainings(plan, budget=900.0, hours=30.0, **SMALL)
    line = (
        f"Searched: {len(bound.screened)} trainings that cost at most 900 EUR more than none and "
        "take at most 30 h out of development"
    )
    assert line in " ".join(" ".join(bound.text().splitlines()[:4]).split())
    kept = sim.load_record(bound.save(tmp_path / "bound"))
    assert searched(kept) == [line]


def test_a_training_that_brings_nothing_and_costs_is_never_worth_it(plan):
    """It takes hours and money and gives no level: nobody is trained, whatever work is worth."""
    useless = plan.replace({"training.efficacy": 0.0, "training.hours_per_week": 20.0})
    found = sim.search_trainings(useless, **SMALL)
    assert found.best == NOBODY
    assert found.timing["p"].idxmax() == "not"
    assert "training nobody comes out best" in found.sentences()[1]
    assert found.trade.cheapest == NOBODY
    assert "pays where" not in found.trade.headline()


def test_a_training_that_takes_no_hours_and_brings_all_is_best_now(plan):
    """The sooner it begins the longer it lasts, and it takes nothing from anybody."""
    sure = {
        "training.efficacy": 1.0, "training.hours_per_week": 0.0, "world.causal_share": 1.0,
        "training.trainer_hours_per_week": 0.0, "training.target": "expert", "horizon.weeks": 52,
        "training.cost_per_seat": 10.0,
    }  # fmt: skip
    found = sim.search_trainings(plan.replace(sure), starts=[0, 40], draws=60, luck=4, threads=1)
    assert found.timing.loc["now", "plan"] == found.best
    assert found.timing.loc["now", "p"] > 0.8
    assert found.timing["p"].sum() == pytest.approx(1.0)
    assert found.timing.loc["not", "extra_cost"] == 0
    assert "pays where an hour of expert work is worth" in found.headline()


def test_what_is_not_told_apart_is_not_settled(plan):
    """Trainings that hardly differ: few draws tell neither who nor when."""
    small = {"training.efficacy": 0.01, "training.hours_per_week": 0.1}
    found = sim.search_trainings(plan.replace(small), **SMALL)
    assert "too close to call; by so many draws" in sentence(found, is_close(found))


def test_a_search_says_at_once_what_the_best_owes_to_having_been_chosen(plan, monkeypatch):
    found = sim.search_trainings(plan, **SMALL)
    monkeypatch.setattr(type(found), "optimism", property(lambda _: 12.0))
    luck = sentences.optimism(found)
    assert luck.startswith("Having come out best of ")
    assert " ".join(luck.split()) in " ".join(found.text().split())


def test_no_week_to_start_in_is_refused(plan):
    with pytest.raises(sim.DecideError, match="starts: must hold a week at least"):
        sim.search_trainings(plan, starts=[])


def test_without_money_the_price_is_asked_for(plan):
    bare = plan.to_dict()
    bare.pop("money")
    found = sim.search_trainings(sim.Scenario.from_dict(bare, "bare"), **SMALL)
    assert found.trade is None
    assert "State [money]" in sentence(found)
    (line,) = searched(found)
    assert line.endswith(
        ", bounded by nothing; --hours bounds what they take; what they cost needs [money] and "
        "training.cost_per_seat, which bare lacks"
    )


def test_a_budget_without_money_is_refused_by_the_plan_and_what_would_do(plan):
    bare = plan.to_dict()
    bare.pop("money")
    with pytest.raises(sim.DecideError, match=r"bare: states no \[money\].* --hours$"):
        sim.search_trainings(sim.Scenario.from_dict(bare, "bare"), budget=5000, **SMALL)


def test_a_deadline_is_told_by_its_chances(plan):
    due = {"tasks.backlog": 30, "answer.metric": "done_by", "answer.by_week": 12}
    found = sim.search_trainings(plan.replace(due), **SMALL)
    told = sentence(found)
    assert "chances with the best of each: now " in told
    assert "probability" not in told


def test_it_is_kept_whole_and_made_again(plan, decision, tmp_path):
    kept = sim.load_record(decision.save(tmp_path / "kept"))
    assert kept.sentences() == decision.sentences()
    assert kept.timing.equals(decision.timing)
    again = rerun.rerun(decision.run_record(), threads=1)
    told = {claim.id: claim.sentence for claim in decision.claims()}
    assert {claim.id: claim.sentence for claim in again} == told


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"hours": 3.0}, r"hours = 3: no training takes so few; one seat takes 12"),
        ({"hours": -1}, r"hours = -1: must be above 0"),
        ({"hours": float("nan")}, r"hours = .*must be above 0"),
        ({"budget": -5.0}, r"budget = -5: no training is within it; the cheapest costs 500 more"),
        ({"starts": [25]}, r"starts = 25: must be .* 0 to 24"),
        ({"starts": ["now"]}, r"starts = 'now'"),
        ({"finalists": 1}, r"finalists = 1"),
        ({"metric": "works"}, r"works: not a metric"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_one_line(asked, said, plan):
    with pytest.raises(DecideError, match=rf"\A{said}[^\n]*\Z"):
        sim.search_trainings(plan, **SMALL, **asked)


def test_a_plan_in_which_nobody_can_be_trained_is_refused(plan):
    experts = plan.replace({"team": {"expert": 3}})
    with pytest.raises(DecideError, match=r"nobody there at the start is below training.target"):
        sim.search_trainings(experts, **SMALL)
    with pytest.raises(DecideError, match=r"training.weeks = 2: does not end within horizon"):
        sim.search_trainings(plan.replace({"horizon.weeks": 1}), **SMALL)


def test_the_command_searches_and_refuses_what_does_not_go_together(
    plan, tmp_path, monkeypatch, capsys
):
    (tmp_path / "plan.toml").write_text(plan.to_toml())
    monkeypatch.chdir(tmp_path)
    few = ("--draws", 50, "--luck", 2)
    code, out, _ = tiercurve("decide", "plan", "--trainings", *few, "--hours", 15, capsys=capsys)
    assert code == 0
    assert "Train now, later or not:" in out
    assert "train nobody" in out
    for words, said in (
        (("--hours", 9), "add --trainings"),
        (("--trainings", "--mixes"), "state one of them"),
        (("--trainings", "--people", 3), "state one of them"),
        (("--trainings", "--hours", 1), "no training takes so few"),
    ):
        code, out, line = tiercurve("decide", "plan", *words, *few, capsys=capsys)
        assert (code, out) == (2, "")
        assert said in " ".join(line.split())
    code, out, _ = tiercurve("decide", "plan", "--trainings", "--dry-run", capsys=capsys)
    assert code == 0
    assert out.startswith("worlds ")
