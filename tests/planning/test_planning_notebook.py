"""The page in a notebook: answered by the kernel as by the server; a picture where it is still."""

import json
import re

import pytest

import sim
from sim import extras
from sim.errors import CompareError, ExtraError, PlannerError, ScenarioError
from sim.experiments import levers
from sim.planning import bundle
from sim.planning.desk import EXAMPLE_QUESTION, Desk

SMALL = {"horizon.weeks": 8, "tasks.backlog": 40, "answer.by": "2026-12-11"}


@pytest.fixture(scope="module")
def today():
    return sim.load("done-by-march/today").replace(SMALL)


@pytest.fixture
def page(today):
    return sim.planner(today)


def asked(page, what, **params):
    """What a message of the page is answered, sent as often as it says that there is more."""
    for _ in range(1000):
        told = page.reply(json.loads(json.dumps({"id": 5, "what": what, "params": params})))
        assert told["id"] == 5
        if "more" not in told:
            return told
    raise AssertionError("it never ends")


# ---- messages ------------------------------------------------------------------------------------


def test_the_kernel_answers_what_the_server_does(page, today):
    desk, state = Desk(today), {"plan.engineer.expert": 1}
    opening = asked(page, "opening")["value"]
    assert opening == json.loads(json.dumps(desk.opening()))
    for stage in (0, 2):
        value = asked(page, "ask", state=state, stage=stage)["value"]
        assert json.loads(json.dumps(value)) == json.loads(json.dumps(desk.answer(state, stage)))
    assert asked(page, "file", state=state, which="plan")["value"] == desk.toml(state, "plan")
    assert asked(page, "run", state=state, which="plan")["value"] == desk.one_run(state, "plan")


def test_a_long_answer_comes_in_turns_of_which_each_adds_worlds(page, monkeypatch):
    monkeypatch.setattr("sim.planning.notebook.TURN", 0.0)
    told = [page.reply({"id": 1, "what": "ask", "params": {"state": {}, "stage": 2}})]
    while "more" in told[-1]:
        told.append(page.reply({"id": 1, "what": "ask", "params": {"state": {}, "stage": 2}}))
    assert len(told) > 2
    assert told[-1]["value"]["worlds"] == 400


@pytest.mark.parametrize(
    "message",
    [
        None, 3, [], {}, {"id": 1, "what": ["ask"], "params": {}}, {"id": 1, "what": "ask"},
        {"id": 1, "what": "ask", "params": {"state": {}}}, {"id": 1, "what": "stop", "params": {}},
        {"id": 1, "what": "ask", "params": {"state": {"no": 1}, "stage": 0}},
        {"id": 1, "what": "ask", "params": {"state": {}, "stage": "x"}},
        {"id": 1, "what": "moved", "params": {"state": {"weeks": 10**9}}},
        {"id": 1, "what": "file", "params": {"state": {}, "which": "../x"}},
    ],
)  # fmt: skip
def test_a_message_that_asks_for_nothing_the_page_knows_is_answered_by_a_line(page, message):
    told = page.reply(message)
    assert set(told) == {"id", "error"}
    assert told["error"]
    assert "\n" not in told["error"]
    assert page.state == {}


# ---- the object ----------------------------------------------------------------------------------


def test_where_the_controls_rest_is_the_state_and_gives_the_plans(page, today):
    asked(page, "moved", state={"plan.engineer.expert": 1, "backlog": 44})
    assert page.state == {"plan.engineer.expert": 1, "backlog": 44}
    assert page.today == today.replace({"tasks.backlog": 44})
    assert [row.count for row in page.plan.joiners] == [1]
    record = page.record(draws=20)
    assert list(record.plans) == ["the plan"]
    with pytest.raises(PlannerError, match="no control of this plan"):
        page.state = {"nothing": 1}
    assert page.state == {"plan.engineer.expert": 1, "backlog": 44}


def test_what_is_shown_where_it_cannot_move_has_the_numbers_of_the_page(page):
    page.state = {"plan.engineer.expert": 1}
    data, _ = page._repr_mimebundle_()
    answer = asked(page, "ask", state=page.state, stage=2)["value"]
    record = page.record()
    row = record.row("the plan", "done_by")
    assert f"{100 * row['plan_mean']:.0f}%" in answer["sentence"]
    assert data["text/html"] == record._repr_html_()
    assert "<img" in data["text/html"]
    assert "<table" in data["text/html"]
    assert data["image/svg+xml"].rstrip().endswith("</svg>")
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == page.widget.model_id


def test_without_anywidget_the_page_is_still_and_says_what_would_move_it(page, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    data, _ = page._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "image/svg+xml"}
    with pytest.raises(ExtraError, match=r"needs anywidget: pip install 'tiercurve\[notebook\]'"):
        _ = page.widget


def test_without_a_plan_it_is_the_example_with_its_question():
    page = sim.planner()
    assert asked(page, "opening")["value"]["question"] == EXAMPLE_QUESTION
    assert page.state


# ---- a plan beside today -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "reference"),
    [
        ("half-team-trial", "no-tool"), ("hire-an-expert", "two-years"), ("no-tool", "baseline"),
        ("train-to-intermediate", "two-years"), ("stronger-tool-next-year", "platform-team"),
    ],
)  # fmt: skip
def test_a_plan_beside_a_reference_is_that_plan_and_what_no_control_shows_is_told(plan, reference):
    page, wanted = sim.planner(plan, reference), sim.load(plan)
    assert not levers.differences(sim.load(reference), page.today)
    assert not levers.differences(wanted, page.plan)
    told = page.desk.opening()["kept"]["plan"]
    assert bool(told) == bool(page.desk.more)


def test_plans_that_no_page_can_hold_are_refused_in_one_line():
    with pytest.raises(PlannerError, match="share of advanced work: 30% → 70%: must be as in"):
        sim.planner("advanced-heavy", "baseline")
    with pytest.raises(CompareError, match=r"horizon\.weeks"):
        sim.planner("two-years", "baseline")
    with pytest.raises(PlannerError, match="needs a plan"):
        sim.planner(reference="baseline")
    with pytest.raises(ScenarioError, match="no scenario named"):
        sim.planner("no-such-plan")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rollout-in-stages", "tool claude-code-2026 for all 2 advanced-level and expert people"),
        ("release-freeze", "nothing is released: 18 December 2026 to 15 January 2027"),
        ("blocked-tickets", "tickets of a chain: 20"),
        ("late-joiners", "3 intermediate engineers more"),
        ("holidays", "share of the time on leave: 10%"),
    ],
)  # fmt: skip
def test_what_a_plan_has_without_a_control_is_named(name, words):
    lines = sim.planner(name).desk.opening()["kept"]["both"]
    assert any(words in line for line in lines)
    assert all("→" not in line for line in lines)


def test_a_plan_whose_every_lever_has_a_control_keeps_nothing():
    assert sim.planner("platform-team").desk.opening()["kept"] == {"both": [], "plan": []}


# ---- one module ----------------------------------------------------------------------------------


def test_a_module_written_as_the_bundle_does_not_know_is_refused(monkeypatch):
    for source in ('import x from "./tree.js";', "export { a };", 'const a = import("./b.js");'):
        monkeypatch.setattr(bundle, "_source", lambda _, source=source: source)
        with pytest.raises(ValueError, match="no import or export that the bundle knows"):
            bundle.bundle.__wrapped__("widget")
    monkeypatch.setattr(bundle, "_source", lambda _: 'import { a } from "./other.js";')
    with pytest.raises(ValueError, match="imports itself"):
        bundle.bundle.__wrapped__("widget")


def test_the_bundle_is_one_module_that_asks_for_no_other():
    text = bundle.bundle("widget")
    assert not re.search(r"^(?:import|export \{)", text, re.MULTILINE)
    assert len(re.findall(r"^export ", text, re.MULTILINE)) == 2
    assert set(re.findall(r"https?://[^\"]+", text)) == {"http://www.w3.org/2000/svg"}
