"""A figure of a comparison shows its record, and nothing overlaps or is cut."""

from functools import cache

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from test_figures import drawn_labels, words

import sim
from sim import figures
from sim.experiments import findings
from sim.figures.style import BLUE, VERMILLION

NOBODY = dict.fromkeys(("novice", "beginner", "intermediate", "advanced", "expert"), 0)
EMPTY = {"team": {**NOBODY, "adjacent": NOBODY}}
UNREVIEWED = {"policy.review": "none"}
NEWCOMERS = {"count": 2, "level": "expert", "role": "engineer", "week": 4}
# Reference's changes to baseline, plans' changes to the reference, how it runs.
CASES = {
    "one plan": ({}, [{"team.expert": 3}], {}),
    "three plans": ({}, [{"tool.profile": "none"}, {"tool.curves": "headline"}, UNREVIEWED], {}),
    "dip": ({"horizon.weeks": 52}, [{"joiners": [NEWCOMERS]}], {}),
    "fewer people, other work": ({}, [{"team.novice": 0, "tasks.fix_share": 0.1}], {}),
    "same": ({}, [{}], {}),
    "nobody first": (EMPTY, [{"team": {"expert": 2}}], {}),
    "no work": ({"tasks.arrivals_per_week": 0}, [{"team.expert": 3}], {}),
    "one week": ({"horizon.weeks": 1}, [UNREVIEWED], {}),
    "central": ({}, [{"tool.profile": "none"}], {"uncertainty": "central"}),
    "one luck": ({}, [UNREVIEWED], {"luck": 1}),
}


@cache
def comparison(case):
    reference, plans, design = CASES[case]
    base = sim.load("baseline").replace(reference)
    found = (base.replace(changes) if changes else base for changes in plans)
    return sim.compare(base, *found, **{"draws": 12, "luck": 2, "seed": 7, **design})


@pytest.mark.parametrize("case", CASES)
def test_every_comparison_draws_with_its_finding_units_and_provenance(case, tmp_path):
    found = comparison(case)
    figure = found.plot()
    assert isinstance(figure, Figure)
    assert findings.headline(found) in words(figure)
    assert len(figure.axes) == 2 * len(found.plans)
    left, right = figure.axes[-2:]
    assert "[weeks]" in left.get_xlabel()
    assert "[expert-h]" in left.get_ylabel()
    assert "[% of baseline]" in right.get_xlabel()
    for label in (found.reference, *found.plans):
        assert found.results[label].provenance["scenario_sha256"][:8] in words(figure)
    assert figures.save(figure, tmp_path / "plans.png").stat().st_size > 10_000


@pytest.mark.parametrize("case", CASES)
def test_no_text_is_cut_off_or_small_or_lies_on_another(case):
    figure = comparison(case).plot()
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    texts = [*figure.texts]
    for axes in figure.axes:
        legend = axes.get_legend()
        labels = drawn_labels(axes) if axes.get_subplotspec().is_first_col() else []
        texts += [*axes.texts, axes.xaxis.label, axes.yaxis.label, axes._left_title, *labels]
        texts += legend.get_texts() if legend else []
    texts = [text for text in texts if text.get_text() and text.get_visible()]
    boxes = [text.get_window_extent(renderer) for text in texts]
    for i, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        assert text.get_fontsize() >= 8
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
        over = [t for t, other in zip(texts[:i], boxes, strict=False) if box.overlaps(other)]
        assert over == [], text


@pytest.mark.parametrize("case", CASES)
def test_no_number_lies_on_an_interval(case):
    for right in comparison(case).plot().axes[1::2]:
        figure = right.figure
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        numbers = [text.get_window_extent(renderer) for text in right.texts]
        for bar in right.collections:
            drawn = bar.get_window_extent(renderer)
            assert not any(drawn.x1 > box.x0 and drawn.overlaps(box) for box in numbers)


def test_the_bands_end_where_the_summary_says():
    found = comparison("one plan")
    row = found.summary().loc[("baseline (2)", "work_delivered")]
    left = found.plot().axes[0]
    upper, lower, mean = (line.get_ydata()[-1] for line in left.lines[:3])
    assert [upper, lower, mean] == pytest.approx([row["p90"], row["p10"], row["mean"]])
    ends = left.collections[0].get_paths()[0].vertices
    last = ends[ends[:, 0] == found.weeks, 1]
    assert (last.min(), last.max()) == pytest.approx((row["ci_low"], row["ci_high"]))


def test_a_mark_is_coloured_by_what_is_better_for_its_metric():
    """Without review more is done, and more defects escape."""
    found = comparison("three plans")
    right = found.plot().axes[-1]
    names = [text.get_text() for text in right.get_yticklabels()]
    marks = {
        names[int(line.get_ydata()[0])]: line.get_color()
        for line in right.lines
        if len(line.get_ydata()) == 1
    }
    assert marks["Tasks done"] == BLUE
    assert marks["Escaped defects"] == VERMILLION


def test_break_even_is_marked_where_the_record_has_it():
    found = comparison("dip")
    at = found.break_even()["week"].iloc[0]
    assert 1 < at <= 52
    dots = [line for line in found.plot().axes[0].lines if line.get_marker() == "o"]
    assert [float(line.get_xdata()[0]) for line in dots] == [at]


@pytest.mark.parametrize(
    ("case", "warning"),
    [
        ("fewer people, other work", "no basis for workforce change"),
        ("fewer people, other work", "do not meet the same work"),
        ("three plans", "HEADLINE CURVES"),
        ("central", "leaves out"),
        ("one luck", "too wide"),
    ],
)
def test_what_a_comparison_must_not_be_shown_without_is_on_its_figure(case, warning):
    figure = comparison(case).plot()
    shown = [t for t in figure.texts if t.get_color() == VERMILLION]
    assert len(shown) == 1
    assert warning in " ".join(shown[0].get_text().split())


def test_plans_that_do_not_differ_are_said_not_to():
    figure = comparison("same").plot()
    assert "do not differ" in words(figure)
    assert figure.axes[0].texts[0].get_text() == "No difference in any world"
