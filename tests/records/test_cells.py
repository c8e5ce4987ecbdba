"""Records show themselves: a notebook cell with words, table and figure; text in a terminal."""

from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.colors import to_rgba

import sim
from sim import figures, report
from sim.figures import style
from sim.studies import composition

NAMES = (
    "scenario", "result", "comparison", "decision", "sensitivity", "ranking", "sweep", "study",
)  # fmt: skip
TEAM = {"team.novice": 1, "team.intermediate": 2, "team.expert": 1}  # small: few mixes to run
PLAN = sim.load("baseline").replace({"horizon.weeks": 2, **TEAM})


@cache
def record(name, folder):
    factors = ["dev_share", "review_rate"]
    plans = {"a & b": PLAN, "<more>": PLAN.replace({"team.expert": 3})}
    make = {
        "scenario": lambda: PLAN,
        "result": lambda: sim.run(PLAN, draws=8),
        "comparison": lambda: sim.compare(plans, draws=8),
        "decision": lambda: sim.decide(plans, draws=50, luck=2),
        "sensitivity": lambda: sim.sensitivity(PLAN, factors, samples=32, luck=2),
        "ranking": lambda: sim.sensitivity(PLAN, factors, "morris", samples=2, luck=1),
        "sweep": lambda: sim.sweep(PLAN, {"team.novice": [0, 2]}, folder / "s", draws=8, luck=2),
        "study": lambda: composition.run(50, 2, base=PLAN, shares=(0.3,)),
    }
    return make[name]()


@pytest.fixture(scope="module", params=NAMES)
def shown(request, tmp_path_factory):
    return record(request.param, tmp_path_factory.getbasetemp())


class Balance(HTMLParser):
    """Counts what is opened and not closed."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_cell_is_well_formed_and_stands_alone(shown):
    found = Balance()
    found.feed(shown._repr_html_())
    assert found.open == []
    tags = [tag for tag, _ in found.seen]
    assert "table" in tags or not shown._tables(False)
    images = [attrs for tag, attrs in found.seen if tag == "img"]
    assert len(images) == (not isinstance(shown, sim.Scenario))
    assert all(attrs["src"].startswith("data:image/png;base64,") for attrs in images)
    assert not any(tag in ("script", "link", "more") for tag in tags)


def test_text_says_more_than_the_one_line_of_repr(shown):
    assert "\n" not in repr(shown)
    assert len(str(shown).splitlines()) > 5


def test_a_cell_shows_the_numbers_of_its_record(tmp_path_factory):
    result = record("result", tmp_path_factory.getbasetemp())
    row = result.summary().loc["work_delivered"]
    columns = row[["mean", "ci_low", "ci_high"]]
    for text in figures.rounded(*columns, error=row["mc_error"]):
        assert text in result._repr_html_()


def kept_apart(figure):
    """Whether no text outside the panels lies on another or is cut."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    boxes = [text.get_window_extent(renderer) for text in figure.texts if text.get_text()]
    inside = all(
        box.x0 >= -1 and box.y0 >= -1 and box.x1 <= figure.bbox.x1 + 1
        and box.y1 <= figure.bbox.y1 + 1
        for box in boxes
    )  # fmt: skip
    return inside and not any(
        box.overlaps(other) for i, box in enumerate(boxes) for other in boxes[i + 1 :]
    )


@pytest.mark.parametrize("size", style.SIZES)
@pytest.mark.parametrize("theme", style.THEMES)
def test_a_figure_has_the_width_of_its_size_and_the_ground_of_its_theme(
    size, theme, tmp_path_factory
):
    figure = record("comparison", tmp_path_factory.getbasetemp()).plot(size=size, theme=theme)
    wanted = style.SIZES[size]
    assert figure.get_size_inches()[0] == pytest.approx(wanted.width * wanted.scale)
    assert bool(figure.get_suptitle()) == wanted.framed
    ground = figure.get_facecolor()[:3]
    assert np.mean(ground) > 0.9 if theme == "light" else np.mean(ground) < 0.2
    if wanted.framed:
        ink = np.mean(to_rgba(figure._suptitle.get_color())[:3])
        assert abs(ink - np.mean(ground)) > 0.6  # ink is seen on its ground
    assert kept_apart(figure)


def test_a_scaled_figure_is_the_same_figure_larger(tmp_path_factory):
    result = record("result", tmp_path_factory.getbasetemp())
    small, large = (result.plot(size=size) for size in ("screen", "slide"))
    ratio = style.SIZES["slide"].scale
    for one, other in zip(small.texts, large.texts, strict=True):
        assert one.get_text().startswith(other.get_text())  # the screen's has the trace besides
        assert other.get_fontsize() == pytest.approx(ratio * one.get_fontsize())
    for one, other in zip(small.axes, large.axes, strict=True):
        assert other.get_xlim() == one.get_xlim()


@pytest.mark.parametrize("wrong", [{"size": "poster"}, {"theme": "drak"}])
def test_a_size_or_theme_that_there_is_not_is_refused_in_one_line(wrong, tmp_path_factory):
    with pytest.raises(figures.FigureError, match="unknown") as error:
        record("result", tmp_path_factory.getbasetemp()).plot(**wrong)
    assert "\n" not in str(error.value)


def test_one_size_leaves_the_next_figure_as_it_was(tmp_path_factory):
    result = record("result", tmp_path_factory.getbasetemp())
    before = figures.to_bytes(result.plot(), "svg")
    result.plot(size="page", theme="dark")
    assert figures.to_bytes(result.plot(), "svg") == before


def test_words_of_a_cell_are_read_from_the_left_and_numbers_from_the_right():
    """Notebooks put every cell to the right that does not say otherwise."""
    left = 'style="text-align:left"'
    lines = report.Table((), [("answer", "The team delivers 400 expert-h.")]).html()
    assert lines.count(left) == lines.count("<td") == 2
    head = ("plan", "mean", "95% interval", "because")
    why = "Rows of the evidence say so."
    table = report.Table(head, [("a", "1,200", "under 1% (0% to 2%)", why)], left=1).html()
    assert f"<td {left}>a</td><td>1,200</td><td>under 1% (0% to 2%)</td><td {left}>" in table
    assert f"<th {left}>plan</th><th>mean</th><th>95% interval</th><th {left}>because</th>" in table
