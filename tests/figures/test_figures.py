"""Figures: what stands on them comes from the record, and they draw for every kind of run."""

import io
import re
import subprocess
import sys
from functools import cache

import matplotlib
import numpy as np
import pytest
from drawn import faults
from matplotlib.figure import Figure
from matplotlib.text import Text

import sim
from sim import figures
from sim.analysis.value import Value
from sim.figures.hours import ACTIVITIES
from sim.figures.style import SKY, VERMILLION, WARNING
from sim.figures.worlds import SHARES
from sim.records import provenance
from sim.records.words import capital, plan_subject, rounded

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
    figure = run.plot("work")
    assert isinstance(figure, Figure)
    said = words(figure)
    assert said.startswith(capital(plan_subject(run.scenario.name)))
    assert figures.finding(run) in said
    assert provenance.footnote(run.provenance) in said
    assert "seed 7" in said
    assert run.provenance["scenario_sha256"][:8] not in said  # its file has that
    left, right = figure.axes
    assert re.fullmatch(r"(1 week|26 weeks) from 7 December 2026", left.get_xlabel())
    assert "[expert-h]" in left.get_ylabel()
    assert left.get_title(loc="left")
    assert right.get_title(loc="left")
    assert figures.save(figure, tmp_path / "run.png").stat().st_size > 10_000
    assert [path.name for path in tmp_path.iterdir()] == ["run.png"]


@pytest.mark.parametrize("case", CASES)
def test_no_text_is_cut_off_or_small_or_lies_on_another(case):
    assert faults(result(case).plot("work"), least=8) == []


def test_the_title_holds_the_row_of_the_summary_to_what_its_error_bears():
    run = result("team")
    row = run.summary().loc["work_delivered"]
    shown = rounded(row["mean"], row["p10"], row["p90"], error=row["mc_error"])
    mean, low, high = shown
    assert f"about {mean} expert-hours" in figures.finding(run)
    assert figures.finding(run).endswith(f"(8 times in 10: {low} to {high})")


def test_the_fan_ends_at_quantiles_of_the_worlds():
    run = result("team")
    worlds = run.values("work_delivered")[:, :, 0]
    left = run.plot().axes[0]
    ends = [band.get_paths()[0].vertices for band in left.collections[:3]]
    last = [v[v[:, 0] == run.scenario.horizon.weeks, 1] for v in ends]
    found = sorted([*(v.min() for v in last), *(v.max() for v in last)])
    assert found == pytest.approx(list(np.quantile(worlds, SHARES, method="weibull")))
    low, high = run.summary().loc["work_delivered", ["p10", "p90"]]
    assert (found[1], found[4]) == pytest.approx((low, high))  # what the title says of 8 in 10
    (average,) = [line for line in left.lines if line.get_label() == "Average"]
    assert average.get_ydata()[-1] == pytest.approx(worlds.mean())


def test_the_small_bar_is_the_interval_of_the_expectation():
    run = result("team")
    row = run.summary().loc["work_delivered"]
    bar = run.plot().axes[0].collections[3].get_segments()[0]
    assert bar[:, 1] == pytest.approx([row["ci_low"], row["ci_high"]])


def parts(case):
    """Words beside the bar of where the hours go."""
    return " ".join(text.get_text() for text in result(case).plot("work").axes[1].texts)


def test_activities_that_never_happen_are_left_out():
    assert ACTIVITIES["manual"] in parts("no tool")
    assert ACTIVITIES["agent"] not in parts("no tool")
    assert parts("no work") == "100  Nothing to do (100 to 100)"


def test_the_bar_of_hours_is_of_a_hundred():
    bars = result("team").plot().axes[1].patches
    assert sum(bar.get_height() for bar in bars) == pytest.approx(100)


@pytest.mark.parametrize(
    ("case", "warning"),
    [("headline", "HEADLINE CURVES"), ("central", "leaves out"), ("one luck", "too wide")],
)
def test_numbers_not_to_be_planned_with_carry_a_warning(case, warning):
    shown = [text for text in result(case).plot().texts if warning in text.get_text()]
    assert len(shown) == 1
    assert shown[0].get_color() == WARNING
    assert not any(t.get_color() == WARNING for t in result("team").plot().texts)


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


def test_a_bar_has_the_colour_of_what_is_clear_where_it_is_beyond_its_own_line():
    """What chance may make of one number is less than of several together, by hand 1 and 4."""
    decided = sim.decide(
        {"nine": "baseline", "ten": sim.load("baseline").replace({"team.expert": 4})},
        draws=50, luck=2, threads=1,
    )  # fmt: skip
    parts = dict(decided._known[1])
    parts |= {
        "dev_share": Value(2.0, 1.0, 3.0, null=1.0), "curve": Value(3.0, 2.0, 5.0, null=4.0),
        "review_rate": Value(0.5, 0.0, 1.0, null=1.0),
    }  # fmt: skip
    vars(decided).update(_known=(Value(9.0, 8.0, 10.0, 1.0), parts))
    vars(decided).pop("measure_first", None)
    axes = decided.plot().axes[-1]
    lines = [
        path.vertices[0, 0]
        for marks in axes.collections
        if np.allclose(marks.get_color()[0], matplotlib.colors.to_rgba(VERMILLION))
        for path in marks.get_paths()
    ]
    bars = [(bar.get_width(), bar.get_facecolor()) for bar in axes.patches]
    assert len(bars) == len(lines)
    assert {1.0, 4.0} <= set(lines)
    assert {2.0, 3.0, 0.5} <= {width for width, _ in bars}
    for (width, colour), line in zip(bars, lines, strict=True):
        clear = matplotlib.colors.to_rgba(SKY)
        assert (colour == clear) == (width > line), (width, line)


def test_what_no_font_of_a_figure_has_is_left_out_without_a_warning(recwarn):
    plan = sim.Scenario.from_dict({"horizon": {"weeks": 2}}, "Launch 🚀 now")
    figure = sim.run(plan, draws=4, luck=2).plot()
    figure.savefig(io.BytesIO(), format="png")
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]
    told = " ".join(text.get_text() for text in figure.findobj(Text))
    assert "🚀" not in told
    assert "Launch" in told
