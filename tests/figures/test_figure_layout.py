"""In every size and theme no text of a figure is cut, lies on another, fades, or holds a hash.

Every kind of figure of every class of record is held to that.
"""

import re

import pytest
from drawn import contrast, faults, texts_of
from figure_records import CASES, held, record
from matplotlib.colors import to_rgb

from sim.figures import style

HASH = re.compile(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{8,}\b|%20")
LEAST = {"screen": 8, "slide": 8, "page": 6, "inset": 8}  # letters [pt]
LOOKS = [*((size, "light") for size in style.SIZES), ("screen", "dark")]
FIGURES = [(name, kind) for name, case in CASES.items() for kind in case.figures]
pytestmark = pytest.mark.filterwarnings("ignore::sim.errors.SweepWarning")


@pytest.mark.parametrize(("size", "theme"), LOOKS)
@pytest.mark.parametrize(("name", "kind"), FIGURES)
def test_no_text_is_cut_lies_on_another_or_fades_into_its_ground(name, kind, size, theme):
    figure = record(name).plot(kind, size=size, theme=theme)
    assert faults(figure, LEAST[size]) == []
    assert faint(figure) == []
    assert [text for text in texts_of(figure) if HASH.search(text.get_text())] == []


def faint(figure):
    """Words outside the panels that do not stand out from the ground.

    WCAG 2.2 asks for 4.5, and for 3 of letters that are large and bold.
    """
    ground = figure.get_facecolor()
    inner = {id(text) for axes in figure.axes for text in axes.texts}
    outer = (text for text in texts_of(figure) if id(text) not in inner)
    return [text for text in outer if contrast(to_rgb(text.get_color()), ground) < 4.5]


def test_sizes_and_themes_are_all_held():
    assert set(LEAST) == set(style.SIZES)
    assert {theme for _, theme in LOOKS} == set(style.THEMES)


@pytest.mark.parametrize("name", CASES)
def test_no_kind_of_figure_is_left_out(name):
    """What a record offers is drawn of one of its class at the least."""
    one = record(name)
    assert type(one).__name__ == CASES[name].kind_of_record
    offered = list(one._figures())
    assert held(CASES[name].kind_of_record, offered[0]) == set(offered)


def test_no_class_of_record_is_left_out():
    kinds = {kind.__name__ for kind in _records() if "_figures" in vars(kind)}
    assert kinds - {case.kind_of_record for case in CASES.values()} == {"Study"}  # test_studies.py


def _records():
    """Every class of record there is."""
    from calibration.local import Calibration
    from sim.assessment.assessment import Assessment
    from sim.experiments.robustness.record import Robustness
    from sim.records.record import Record
    from sim.studies.study import Study

    assert {Calibration, Assessment, Robustness, Study} <= set(Record.__subclasses__())
    return Record.__subclasses__()


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
    for kind in CASES["comparison"].figures:
        words = " ".join(
            text.get_text() for text in texts_of(record("comparison").plot(kind, size="slide"))
        )
        assert "more-experts" not in words
        assert "ore experts" in words
