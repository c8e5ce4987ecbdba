"""Plans that are not asked the same, or not paid the same, are never an improvement by that."""

import re

import pytest

import sim
from sim.caveats import OTHER_PRICES, OTHER_WORK, OTHER_WORLD, of_kinds
from sim.decks import analyses
from sim.decks import plan as plans
from sim.decks.content import text
from sim.decks.slides import slides
from sim.errors import AnswerError, DeckError, ResultError
from sim.experiments import terms
from sim.experiments.sensitivity import execute, sentences
from sim.experiments.sensitivity.factors import factors_of

SALARY = {
    "novice": 5e4, "beginner": 6e4, "intermediate": 7e4, "advanced": 8.5e4, "expert": 1e5,
}  # fmt: skip
TODAY = {
    "answer": {"by_week": 12},
    "horizon": {"weeks": 16},
    "team": {"novice": 2, "intermediate": 4, "expert": 3},
    "tasks": {"backlog": 40, "advanced_share": 0.4},
    "money": {"currency": "EUR", "tool_per_person_month": 100.0, "salary": {"engineer": SALARY}},
}
EXPERT = {"count": 1, "level": "expert", "role": "engineer", "week": 2, "hiring_cost": 2e4}
HIRE = {"joiners": [EXPERT]}
OTHER = {  # change -> how its line begins, its kind
    "more": ({"tasks.backlog": 80}, "tickets of the backlog: 40 → 80", OTHER_WORK),
    "part": (
        {"tasks.done_share": 0.8},
        "share of the backlog that must be done: 100% → 80%",
        OTHER_WORK,
    ),
    "sure": (
        {"world.dev_share": 0.5},
        "share of paid hours for development: not stated → 0.5",
        OTHER_WORLD,
    ),
    "paid": (
        {"money.salary.engineer.expert": 150_000.0},
        "hour of expert engineers: 48.08 → 72.12",
        OTHER_PRICES,
    ),
    "tool": (
        {"money.tool_per_person_month": 50.0},
        "tool, a person and month: 100 → 50",
        OTHER_PRICES,
    ),
}


@pytest.fixture(scope="module")
def today():
    return sim.Scenario.from_dict(TODAY, "today")


@pytest.fixture(scope="module")
def found(today):
    """Plans that hire, and one of each kind of other terms, against today."""
    others = {label: today.replace(change) for label, (change, _, _) in OTHER.items()}
    return sim.compare({"today": today, "hire": today.replace(HIRE)} | others, draws=20)


# ---- what differs --------------------------------------------------------------------------------


@pytest.mark.parametrize("label", OTHER)
def test_terms_that_differ_are_named_by_kind(label, today):
    change, line, kind = OTHER[label]
    assert terms.other_terms(today, today.replace(change)) == {kind: [line]}
    title = terms.in_words(today, today.replace(change), "done_by")
    assert (line in title) == (kind != OTHER_PRICES)
    assert (line in terms.in_words(today, today.replace(change), "extra_cost")) == (
        kind == OTHER_PRICES
    )


def test_what_a_plan_does_is_no_other_term(today):
    analyst = {"team.adjacent.intermediate": 1, "money.salary.adjacent": SALARY}
    for change in (HIRE, analyst, {"training.seats": 2}, {"policy.review": "none"}):
        assert terms.other_terms(today, today.replace(change)) == {}
    other_tool = {"tool.profile": "none", "money.tool_per_person_month": 0.0}
    assert terms.other_terms(today, today.replace(other_tool)) == {}  # its price comes with it


def test_pay_by_the_hour_that_comes_to_the_salary_is_the_same_price(today):
    hourly = {level: today.money.cost_per_hour("engineer")[level] for level in SALARY}
    by_hour = {key: value for key, value in TODAY["money"].items() if key != "salary"}
    plan = sim.Scenario.from_dict(TODAY | {"money": by_hour | {"engineer": hourly}}, "hourly")
    assert terms.other_terms(today, plan) == {}


def test_of_many_terms_two_are_named_and_the_rest_counted(today):
    change = {"tasks.backlog": 41, "tasks.done_share": 0.9, "tasks.fix_share": 0.1}
    said = terms.in_words(today, today.replace(change), "done_by")
    assert re.fullmatch(r"not asked the same \(tickets .+; share .+; and 1 more\)", said)


# ---- comparisons ---------------------------------------------------------------------------------


def test_each_kind_is_a_caveat_in_one_sentence(found):
    for label, (_, line, kind) in OTHER.items():
        said = [text for text in of_kinds(found.caveats, kind) if f"{label} against today" in text]
        assert len(said) == 1
        assert line in said[0]
        assert "not of the plan" in said[0]


def test_a_title_ranks_the_plans_on_the_terms_of_the_first_alone(found):
    headline = found.headline()
    left = headline.partition("Not ranked, as on other terms than today: ")[2]
    assert left == "more, part, sure"
    assert re.search(r"of 4 plans|of 3 plans", headline, re.I)


def test_no_difference_is_credited_to_a_plan_on_other_terms(found):
    first = {label: f"({OTHER[label][1]}): against today, {label}" for label in ("more", "part")}
    for label, words in first.items():
        row = found.summary().loc[(label, "done_by")]
        assert row["mean"] != 0
        said = [line for line in found.sentences() if words in line]
        assert said
        assert all(line.startswith("Not asked the same (") for line in said)
        assert not any("It is better with probability" in line for line in said)
        assert not any(line.startswith(f"Break-even of {label}") for line in found.sentences())
        rows = {row[0]: row for row in found._tables(True)[list(found.plans).index(label)].rows}
        assert rows["done_by"][6] == "-"
    two = sim.compare(dict(list(found.results.items())[::2][:2]))
    assert two.headline().startswith(
        "Not asked the same (tickets of the backlog: 40 → 80): against today"
    )


def test_extra_cost_at_other_prices_says_so(found):
    said = " ".join(found.sentences())
    assert re.search(
        r"extra cost over today in \d+ weeks \+[\d,]+ EUR, not at the same prices "
        r"\(hour of expert engineers: 48.08 → 72.12\)",
        said,
    )
    hire = next(line for line in found.sentences() if "hire" in line and "extra cost" in line)
    assert "prices" not in hire


def test_where_no_plan_is_on_the_terms_of_the_first_none_is_ranked(today):
    plans_ = {"today": today} | {n: today.replace({"tasks.backlog": n_}) for n, n_ in
                                 (("fifty", 50), ("sixty", 60))}  # fmt: skip
    headline = sim.compare(plans_, draws=10).headline()
    assert headline.startswith("None of 2 plans is ranked, as none is on the terms of today.")


@pytest.mark.parametrize("order", [("today", "endless"), ("endless", "today")])
def test_a_deadline_that_a_plan_cannot_be_asked_is_refused(order, today):
    plans_ = {"today": today, "endless": endless()}
    named = {label: plans_[label] for label in order}
    for ask in (sim.compare, sim.decide):
        with pytest.raises(ValueError, match=r"endless: must state tasks\.backlog") as error:
            ask(named)
        assert len(str(error.value).splitlines()) == 1
        assert "chance to be done by the deadline" in str(error.value)
    assert sim.decide(named, "work_delivered", draws=50, luck=2).metric == "work_delivered"


def endless():
    """Today's team with work that has no end."""
    stated = {key: value for key, value in TODAY.items() if key not in ("answer", "tasks")}
    return sim.Scenario.from_dict(stated, "endless")


def test_a_deck_refuses_a_deadline_that_a_plan_cannot_be_asked(today, tmp_path):
    for plan in (today, endless()):
        (tmp_path / f"{plan.name}.toml").write_text(plan.to_toml(), encoding="utf-8")
    stated = {"title": "A", "question": "B?", "plans": [{"scenario": "today.toml"},
              {"scenario": "endless.toml"}]}  # fmt: skip
    with pytest.raises(DeckError, match=r"endless: must state tasks\.backlog"):
        analyses.check(plans.read(stated, "deck", tmp_path))


# ---- decisions and decks -------------------------------------------------------------------------


def test_a_decision_names_the_plan_on_other_terms_before_any_other_word(found):
    decision = sim.decide(
        {label: found.results[label].scenario for label in ("today", "more", "hire")},
        draws=50, luck=2,
    )  # fmt: skip
    assert decision.headline().startswith(
        "'more' is not asked the same (tickets of the backlog: 40 → 80) as 'today': "
        "too close to call: of 3 plans "
    )
    assert of_kinds(decision.caveats, OTHER_WORK)
    alike = sim.decide(
        {label: found.results[label].scenario for label in ("today", "hire")}, draws=50, luck=2
    )
    assert alike.headline().startswith("Too close to call: of 2 plans ")


def test_tickets_nobody_could_do_are_told_wherever_a_backlog_leads(today, tmp_path):
    weak = {"team": {"novice": 3}, "tasks.advanced_share": 0.8}
    plan = today.replace(weak)
    named = {"today": plan, "hire": plan.replace(HIRE)}
    found = sim.compare(named, draws=50)
    assert found.results["today"].values("abandoned").mean() > 1
    said = next(line for line in found.sentences() if line.startswith("Tickets nobody could do"))
    assert re.search(r"today [\d.]+, hire (under )?[\d.]+; the 40 tickets must be done\. ", said)
    assert "a smaller share to be done" in said
    decision = sim.decide(named, draws=50, luck=2)
    line = next(line for line in decision.sentences() if line.startswith("Tickets nobody could do"))
    assert "today" in line
    path = decision.save(tmp_path / "decision")
    assert sim.load_record(path).sentences() == decision.sentences()
    rows = [{"scenario": "baseline", "label": label} for label in "ab"]
    deck = plans.read({"title": "A", "question": "B?", "analyses": [], "plans": rows})
    of_deck = slides(analyses.Analyses(deck, found, None, None, None))
    odds = next(slide for slide in of_deck if slide.name == "odds")
    assert any("tasks nobody could do" in text(line) for line in odds.body)


# ---- extra cost is of a comparison ---------------------------------------------------------------


def test_a_run_alone_has_no_extra_cost(today):
    result = sim.run(today.replace(HIRE), draws=4)
    assert "extra_cost" not in result.summary().index
    assert "extra_cost" not in result.text(everything=True)
    assert not any(claim.id.startswith("extra_cost") for claim in result.claims())
    with pytest.raises(ResultError):
        result.probability("extra_cost >= 0")
    with pytest.raises(AnswerError, match=r"answer\.against"):
        sim.run(today.replace({"answer.metric": "extra_cost"}), draws=4)


def test_extra_cost_decides_as_a_comparison_tells_it(today):
    named = {"today": today, "hire": today.replace(HIRE), "four": today.replace({"team.expert": 4})}
    decision = sim.decide(named, "extra_cost", draws=50, luck=2)
    extra = sim.compare(named, draws=50).summary().xs("extra_cost", level="metric")["mean"]
    assert decision.best == "today"
    for label in ("hire", "four"):
        assert decision.table.loc[label, "mean"] == pytest.approx(extra[label], rel=1e-9)
        assert extra[label] > 0


def test_sensitivity_looks_at_extra_cost_where_a_factor_changes_it(today):
    assert execute.default_outputs(today, factors_of(today, None, False, True))[:2] == (
        "done_by", "extra_cost",
    )  # fmt: skip
    beliefs = factors_of(today, ["dev_share"], False, True)
    assert "extra_cost" not in execute.default_outputs(today, beliefs)
    unpaid = sim.load("baseline")
    every = factors_of(unpaid, None, False, True)
    assert "extra_cost" not in execute.default_outputs(unpaid, every)
    priced = today.replace({"training.cost_per_seat": 3000.0, "training.weeks": 4})
    found = sim.sensitivity(
        priced, ["training.seats", "dev_share"], samples=32, luck=2, metrics=["extra_cost"],
        others=False,
    )  # fmt: skip
    assert sentences.finding(found, "extra_cost").startswith("People trained moves extra cost most")
