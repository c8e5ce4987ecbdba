"""Figures: what stands on them comes from the record, and they draw for every kind of run."""

import re
import subprocess
import sys
from functools import cache

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import sim
from sim import figures
from sim.figures.run import ACTIVITIES
from sim.figures.style import VERMILLION
from sim.records import provenance

NOBODY = dict.fromkeys(("novice", "beginner", "intermediate", "advanced", "expert"), 0)
CASES = {
    "team": ("platform-team", {}, {}),
    "headline": ("headline-trap", {}, {}),
    "no tool": ("no-tool", {}, {}),
    "empty": ("baseline", {"team": {**NOBODY, "adjacent": NOBODY}}, {}),
    "no work": ("baseline", {"tasks.arrivals_per_week": 0}, {}),
    "one week": ("baseline", {"horizon.weeks": 1}, {}),
    "central": ("baseline", {}, {"uncertainty": "central"}),
    "one luck": ("baseline", {}, {"luck": 1}),
}


@cache
def result(case):
    name, changes, design = CASES[case]
    return sim.run(sim.load(name).replace(changes), **{"draws": 12, "luck": 2, "seed": 7, **design})


def words(figure):
    """All text outside the panels, on one line."""
    texts = [text.get_text() for text in figure.texts]  # the title is one of them
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize("case", CASES)
def test_every_run_draws_with_titles_units_and_its_provenance(case, tmp_path):
    run = result(case)
    figure = run.plot()
    assert isinstance(figure, Figure)
    said = words(figure)
    assert said.startswith(run.scenario.name)
    assert figures.finding(run) in said
    assert provenance.footnote(run.provenance, run.scenario.name) in said
    assert "seed 7" in said
    assert run.provenance["scenario_sha256"][:8] in said
    left, right = figure.axes
    assert "[weeks]" in left.get_xlabel()
    assert "[expert-h]" in left.get_ylabel()
    assert "[h]" in right.get_xlabel()
    assert left.get_title(loc="left")
    assert right.get_title(loc="left")
    assert figures.save(figure, tmp_path / "run.png").stat().st_size > 10_000
    assert [path.name for path in tmp_path.iterdir()] == ["run.png"]


def drawn_labels(axes):
    """Labels of the y axis within its limits; matplotlib holds one beyond, and does not draw it."""
    low, high = sorted(axes.get_ylim())
    return [text for text in axes.get_yticklabels() if low <= text.get_position()[1] <= high]


@pytest.mark.parametrize("case", CASES)
def test_no_text_is_cut_off_or_small_or_lies_on_another(case):
    figure = result(case).plot()
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    outer = figure.texts  # the title is one of them
    assert figure._suptitle in outer
    inner = [
        text
        for axes in figure.axes
        for text in (*axes.texts, axes.xaxis.label, axes.yaxis.label, *drawn_labels(axes))
        if text.get_text()
    ]
    boxes = [text.get_window_extent(renderer) for text in (*outer, *inner)]
    for text, box in zip((*outer, *inner), boxes, strict=True):
        assert text.get_fontsize() >= 8
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
    for i, box in enumerate(boxes[: len(outer)]):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_the_title_holds_the_rows_of_the_summary():
    run = result("team")
    row = run.summary().loc["work_delivered"]
    numbers = re.findall(r"[\d,]+ expert|\d[\d,]*(?= to )|(?<= to )[\d,]+", figures.finding(run))
    found = [float(text.split()[0].replace(",", "")) for text in numbers]
    for number, column in zip(found, ("mean", "ci_low", "ci_high"), strict=True):
        assert abs(number - row[column]) <= 5  # to the nearest ten


def test_the_bands_end_where_the_summary_says():
    run = result("team")
    row = run.summary().loc["work_delivered"]
    left = run.plot().axes[0]
    upper, lower, mean = (line.get_ydata()[-1] for line in left.lines)
    assert [upper, lower, mean] == pytest.approx([row["p90"], row["p10"], row["mean"]])
    ends = left.collections[1].get_paths()[0].vertices
    last = ends[ends[:, 0] == run.scenario.horizon.weeks, 1]
    assert (last.min(), last.max()) == pytest.approx((row["ci_low"], row["ci_high"]))


def test_activities_that_never_happen_are_left_out():
    shown = {text.get_text() for text in result("no tool").plot().axes[1].get_yticklabels()}
    assert ACTIVITIES["manual"] in shown
    assert ACTIVITIES["agent"] not in shown
    idle = {text.get_text() for text in result("no work").plot().axes[1].get_yticklabels()}
    assert idle == {ACTIVITIES["idle"]}


@pytest.mark.parametrize(
    ("case", "warning"),
    [("headline", "HEADLINE CURVES"), ("central", "leaves out"), ("one luck", "too wide")],
)
def test_numbers_not_to_be_planned_with_carry_a_warning(case, warning):
    shown = [text for text in result(case).plot().texts if warning in text.get_text()]
    assert len(shown) == 1
    assert shown[0].get_color() == VERMILLION
    assert not any(t.get_color() == VERMILLION for t in result("team").plot().texts)


def test_an_empty_team_is_said_to_be_empty():
    figure = result("empty").plot()
    assert "nobody" in words(figure)
    assert [axes.texts[0].get_text()[:2] for axes in figure.axes] == ["No", "No"]


def test_a_dollar_in_a_name_is_a_dollar(tmp_path):
    plan = sim.Scenario.from_dict(
        {"question": "$?", "horizon": {"weeks": 1}}, r"$\team$ " + "and a long name " * 30
    )
    figure = sim.run(plan, draws=2, luck=2, seed=7).plot()
    assert r"$\team$" in figure.get_suptitle()
    figures.save(figure, tmp_path / "a.svg")


def test_numbers_are_rounded_to_one_step():
    assert figures.rounded(2536.1, 752.4, 5779.5) == ("2,540", "750", "5,780")
    assert figures.rounded(0.0, 0.0) == ("0", "0")
    assert figures.rounded(-3.4567, -0.001) == ("−3.46", "0.00")
    assert figures.rounded(27.7, 94.7, finest=0) == ("28", "95")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "PNG"])
def test_the_same_figure_gives_the_same_bytes(suffix, tmp_path):
    one, two = (
        figures.save(result("one week").plot(), tmp_path / f"{name}.{suffix}") for name in "ab"
    )
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("name", ["run.jpg", "run", "no-folder/run.png", "folder.png"])
def test_what_cannot_be_written_is_said_in_one_line_and_leaves_nothing(name, tmp_path):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(figures.FigureError) as error:
        figures.save(result("one week").plot(), tmp_path / name)
    assert "\n" not in str(error.value)
    assert name in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_drawing_leaves_the_global_style_alone():
    before = dict(matplotlib.rcParams)
    result("team").plot()
    assert dict(matplotlib.rcParams) == before


def test_figures_do_not_need_pyplot():
    code = "import sys, sim.figures; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_notebooks_show_a_figure_without_a_magic():
    assert result("one week").plot()._repr_png_().startswith(b"\x89PNG")
