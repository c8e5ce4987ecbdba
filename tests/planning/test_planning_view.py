"""The view to move of a deck: its answers are the page's, they are held, and no other script is."""

import json
import re

import pytest

import sim
from sim.embed import views
from sim.errors import DeckError, PlannerError
from sim.planning import grid, view
from sim.planning.answers import answer

DECK = {
    "title": "Three plans", "question": "Which?", "draws": 50, "analyses": [], "interactive": True,
    "plans": [
        {"scenario": "done-by-march/today", "label": "today's team"},
        {"scenario": "done-by-march/hire", "label": "hiring </script> one"},
        {"scenario": "done-by-march/train", "label": "training two"},
    ],
}  # fmt: skip
WITHOUT_END = DECK | {
    "weeks": 6, "plans": [{"scenario": "baseline"}, {"scenario": "no-tool", "label": "no tool"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def deck():
    return sim.deck(DECK)


@pytest.fixture(scope="module")
def page(deck, tmp_path_factory):
    return deck.save(tmp_path_factory.mktemp("view") / "plan.html")


@pytest.fixture(scope="module")
def told(deck):
    return json.loads(deck.content.view)


# ---- the grid ------------------------------------------------------------------------------------


def test_every_place_that_the_controls_reach_has_an_answer(told):
    controls = {control["id"]: list(control["choices"]) for control in told["opening"]["controls"]}
    sides = [controls.get(key, [value]) for key, value in told["opening"]["order"]]
    assert [len(side) for side in sides] == [2, 5, 5]
    places = ["|".join((a, b, c)) for a in sides[0] for b in sides[1] for c in sides[2]]
    assert sorted(places) == sorted(told["answers"])


def test_where_only_the_plan_is_chosen_the_numbers_are_those_of_the_deck(deck, told):
    stated = [value for _, value in told["opening"]["order"]]
    shown = told["answers"]["|".join(stated)]
    assert shown["worlds"] == 100
    row = deck.analyses.comparison.row("hiring </script> one", "done_by")
    asked = [f"{100 * row[name]:.0f}%" for name in ("plan_mean", "reference_mean")]
    assert all(chance in shown["sentence"] for chance in asked)


def test_an_answer_of_the_grid_is_that_of_worlds_asked_there(deck, told):
    plans = deck.analyses.plan.plans
    hours = {"development_hours_per_week": 20.0}
    reference, plan = (
        sim.ask(
            plans[label].replace(hours), draws=50, luck=2, seed=1, metrics=_names(plans[label]),
            weekly=grid.FLOWS,
        )
        for label in ("today's team", "training two")
    )  # fmt: skip
    wanted = json.loads(json.dumps(answer(reference, plan)))
    shown = told["answers"]["k1|k3|k2"]
    assert {key: shown[key] for key in wanted} == wanted


def _names(plan):
    return grid.asked_metrics(plan, ("done_by",))


def test_more_hours_of_development_make_an_end_in_time_likelier(told):
    worlds = 100
    few, many = (told["answers"][f"k0|k{hours}|k2"]["chance"]["today"][19] for hours in (1, 4))
    error = ((few * (1 - few) + many * (1 - many)) / worlds) ** 0.5
    assert many - few > 4 * error


def test_work_without_end_moves_the_share_of_advanced_work():
    told = json.loads(sim.deck(WITHOUT_END).content.view)
    ids = [control["id"] for control in told["opening"]["controls"]]
    assert ids == ["view.hours", "view.advanced"]  # of one plan there is nothing to choose
    assert len(told["answers"]) == 15


def test_its_size_is_bounded_and_plans_too_large_are_refused_before_anything_runs(deck):
    assert len(deck.content.view) < 1_000_000
    longer = {"scenario": "baseline", "changes": {"horizon.weeks": 200}}
    plan = DECK | {"plans": [longer, longer | {"label": "other"}]}
    with pytest.raises(PlannerError, match=r"deck: interactive: 200 weeks: the page takes 156"):
        sim.deck(plan)


# ---- the file ------------------------------------------------------------------------------------


def test_the_deck_as_written_checks(page):
    assert sim.check(page).ok


def test_an_edited_answer_is_named(page, tmp_path):
    text = page.read_text(encoding="utf-8")
    start = text.index(views.ANSWERS)
    place = text.index('"sentence":"', start)
    edited = tmp_path / "edited.html"
    changed = text[place:].replace("%", "9%", 1)
    edited.write_text(text[:place] + changed, encoding="utf-8")
    found = sim.check(edited)
    assert not found.ok
    assert any(line.startswith("the view to move: states") for line in found.edited)


def test_answers_that_are_taken_away_are_missed(page, tmp_path):
    text = page.read_text(encoding="utf-8")
    cut = re.sub(rf'<script type="application/json" id="{views.ANSWERS}">.*?</script>', "", text)
    assert cut != text
    path = tmp_path / "cut.html"
    path.write_text(cut, encoding="utf-8")
    assert not sim.check(path).ok


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('<script type="module">', '<script type="module">alert(1);'),
        lambda text: text.replace('<script type="module">', '<script type="module" src="x.js">'),
        lambda text: text.replace("</main>", '<script type="module">x()</script></main>'),
    ],
)
def test_a_script_that_is_not_ours_to_the_letter_is_refused(page, tmp_path, change):
    path = tmp_path / "other.html"
    path.write_text(change(page.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(sim.CheckError, match="holds a script"):
        sim.check(path)


def test_the_script_is_listed_so_that_later_versions_let_it_stand():
    """After a change of the page's modules: `uv run python -m sim.planning.view`."""
    assert views.known()[-1] == views.checksum(view.script())


def test_nothing_in_the_page_can_end_its_data_or_its_script_early(page):
    text = page.read_text(encoding="utf-8")
    scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 4  # answers, style, the module, the run record
    assert json.loads(scripts[0])["answers"]
    assert scripts[2] == view.script()
    assert "<!--" not in view.script()


def test_only_an_html_deck_moves(deck, tmp_path):
    with pytest.raises(DeckError, match=r"plan\.md: a view to move needs an \.html deck"):
        sim.deck(DECK, tmp_path / "plan.md", interactive=True)
    path = deck.save(tmp_path / "plan.md")
    assert sim.check(path).ok
    assert "view to move" not in path.read_text(encoding="utf-8")


def test_a_deck_that_is_not_asked_for_a_view_has_none(tmp_path):
    plan = DECK | {"interactive": False}
    path = sim.deck(plan, tmp_path / "still.html").save(tmp_path / "again.html")
    text = path.read_text(encoding="utf-8")
    assert "module" not in re.findall(r'<script type="(\w+)"', text)
    assert "Content-Security-Policy" not in text
