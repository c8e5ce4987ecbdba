"""In every size and theme no text of a figure is cut, lies on another, or fades into its ground."""

from functools import cache

import pytest
from drawn import contrast, faults, texts_of
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb

import sim
from sim.figures import style

DESIGN = {"draws": 12, "luck": 2, "seed": 7}
BACKLOG = {"tasks.backlog": 40, "answer.metric": "finish_week"}
DEADLINE = BACKLOG | {"answer.metric": "done_by", "answer.by_week": 14}
TWO_LEVELS = {"policy.reviewer_level": "advanced", "team.advanced": 1, "team.novice": 6}
PEOPLE = {"count": 2, "level": "expert", "role": "engineer", "week": 4}
LONG = "a plan with a name so long that it stands on two lines of a panel's title at the least"


def run(**changes):
    return sim.run(sim.load("baseline").replace(changes), **DESIGN)


def compared(changes, plans):
    base = sim.load("baseline").replace(changes)
    named = {label: base.replace(one) for label, one in plans.items()}
    return sim.compare({"today": base, **named}, **DESIGN)


PLANS = {"more-experts": {"team.expert": 3}, LONG: {"joiners": [PEOPLE]}}
RECORDS = {
    "run": lambda: run(),
    "one week": lambda: run(**{"horizon.weeks": 1}),
    "large team": lambda: run(**{"team.intermediate": 9, "team.adjacent.novice": 4}),
    "two years": lambda: run(**{"horizon.weeks": 104}),
    "backlog": lambda: run(**BACKLOG),
    "backlog never done": lambda: run(**BACKLOG | {"tasks.backlog": 4_000}),
    "deadline": lambda: run(**DEADLINE),
    "two levels": lambda: run(**TWO_LEVELS),
    "two levels, a deadline": lambda: run(**TWO_LEVELS, **DEADLINE),
    "no review": lambda: run(**{"policy.review": "none"}),
    "comparison": lambda: compared({}, PLANS),
    "one plan": lambda: compared({}, {"no-tool": {"tool.profile": "none"}}),
    "comparison by a deadline": lambda: compared(DEADLINE, PLANS),
    "decision": lambda: sim.decide(
        {"today": "baseline", **{k: sim.load("baseline").replace(v) for k, v in PLANS.items()}},
        **{**DESIGN, "draws": 50},
    ),
    "curves": lambda: sim.tier_curves("baseline", draws=40),
    "sensitivity": lambda: sim.sensitivity(
        sim.load("baseline").replace(DEADLINE | {"horizon.weeks": 16}), samples=32, luck=2, seed=1
    ),
}
KINDS = {
    "run": (None, "levels", "hours", "hours-by-week", "queues", "swimlanes"),
    "one week": (None, "levels", "hours", "hours-by-week", "queues", "swimlanes"),
    "two years": (None, "hours-by-week", "queues", "swimlanes"),
    "backlog never done": (None, "hours-by-week", "queues"),
    "deadline": (None, "levels", "hours", "hours-by-week", "queues", "swimlanes"),
    "large team": ("hours", "hours-by-week", "queues", "swimlanes"),
    "two levels": ("queues",),
    "two levels, a deadline": ("queues",),
    "no review": ("queues",),
    "comparison": (None, "weeks"),
    "one plan": (None, "weeks"),
    "curves": (None, "outcomes"),
    "sensitivity": ("tornado",),
}
FIGURES = [(name, kind) for name in RECORDS for kind in KINDS.get(name, (None,))]


@cache
def record(name):
    return RECORDS[name]()


@pytest.mark.parametrize("size", style.SIZES)
@pytest.mark.parametrize(("name", "kind"), FIGURES)
def test_no_text_is_cut_or_lies_on_another_in_any_size(name, kind, size):
    least = 8 if size in ("screen", "slide", "inset") else 6
    assert faults(record(name).plot(kind, size=size), least) == []


@pytest.mark.parametrize("theme", style.THEMES)
@pytest.mark.parametrize(("name", "kind"), FIGURES)
def test_words_outside_the_panels_stand_out_from_the_ground(name, kind, theme):
    """WCAG 2.2 asks for 4.5, and for 3 of letters that are large and bold."""
    figure = record(name).plot(kind, theme=theme)
    figure.draw(FigureCanvasAgg(figure).get_renderer())
    ground = figure.get_facecolor()
    inner = {id(text) for axes in figure.axes for text in axes.texts}
    for text in texts_of(figure):
        if id(text) not in inner:
            assert contrast(to_rgb(text.get_color()), ground) >= 4.5, text


@pytest.mark.parametrize("theme", style.THEMES)
def test_lines_of_data_stand_out_from_the_ground(theme):
    figure = record("run").plot(theme=theme)
    (average,) = [line for line in figure.axes[0].lines if line.get_label() == "Average"]
    assert contrast(to_rgb(average.get_color()), figure.get_facecolor()) >= 4.5


def test_an_inset_is_of_one_panel_a_plan():
    assert len(record("run").plot(size="inset").axes) == 1
    assert len(record("comparison").plot(size="inset").axes) == 2
    assert len(record("curves").plot(size="inset").axes) == 1


def test_no_name_of_a_plan_is_a_slug_on_a_figure():
    """The line that traces a figure holds them, and stands on the screen's size alone."""
    for kind in KINDS["comparison"]:
        words = " ".join(
            text.get_text() for text in texts_of(record("comparison").plot(kind, size="slide"))
        )
        assert "more-experts" not in words
        assert "ore experts" in words
