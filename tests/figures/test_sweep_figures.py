"""A figure of a sweep shows its record, fits its design, and nothing overlaps or is cut."""

import re
from functools import cache
from tempfile import mkdtemp

import matplotlib.text
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import FillBetweenPolyCollection, LineCollection

import sim
from sim import figures
from sim.experiments.sweep.start import FEW
from sim.figures import lines
from sim.records import provenance
from sim.records.words import DIRECTIONS, rounded

SHARE, NOVICE = "tasks.advanced_share", "team.novice"
LEVELS = ["team.novice", "team.intermediate", "team.expert"]
WEEK = {"horizon.weeks": 1}
MANY = {NOVICE: range(7), SHARE: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]}
CASES = {
    "one factor": ({SHARE: [0.1, 0.3, 0.5]}, {}, 1),
    "words": ({"tool.profile": ["none", "claude-code-2026"]}, {}, 1),
    "one point": ({NOVICE: [1]}, {}, 1),
    "swaps": (sim.design.swaps(sim.load("baseline"), NOVICE, "team.expert"), {}, 1),
    "two factors": ({NOVICE: [0, 1, 2], SHARE: [0.1, 0.5]}, {}, 2),
    "many cells": (MANY, {}, 4),
    "no grid": (sim.design.latin({NOVICE: [0, 20], SHARE: [0.0, 0.6]}, 12), {}, 4),
    "mixture": (sim.design.mixtures(LEVELS, 3), {}, 2),
    "four factors": (
        {NOVICE: [0, 1], SHARE: [0.1, 0.5], "policy.review": ["all", "none"], "team.expert": [1]},
        {},
        6,
    ),
    "central": ({SHARE: [0.1, 0.5]}, {"uncertainty": "central"}, 1),
    "a failing point": ({NOVICE: [1, 501]}, {}, 1),
    # More points than are looked through before a sweep starts, which would refuse them.
    "nothing but failures": ({NOVICE: list(range(501, 502 + FEW))}, {}, 1),
}
# Each of these designs again, against the plan with two experts more.
HELD = {
    "one factor": 1, "words": 1, "swaps": 1, "two factors": 2, "many cells": 4, "no grid": 4,
    "mixture": 2, "four factors": 6, "one point": 1, "central": 1, "a failing point": 1,
}  # fmt: skip
pytestmark = pytest.mark.filterwarnings("ignore::sim.errors.SweepWarning")


@cache
def found(case):
    factors, asked, _ = CASES[case]
    plan = sim.load("baseline").replace(WEEK)
    return sim.sweep(plan, factors, f"{mkdtemp()}/sweep", **{"draws": 4, "luck": 2, **asked})


@cache
def held(case):
    """The sweep of a case, against a reference on the same terms where its points are."""
    factors, asked, _ = CASES[case]
    plan = sim.load("baseline").replace(WEEK)
    reference = plan.replace({"team.expert": 4})
    out = f"{mkdtemp()}/sweep"
    return sim.sweep(plan, factors, out, **{"draws": 4, "luck": 2, **asked}, against=reference)


def words(figure):
    return " ".join(" ".join(text.get_text() for text in figure.texts).split())


@pytest.mark.parametrize("case", CASES)
def test_every_design_draws_with_its_finding_units_and_provenance(case, tmp_path):
    figure = found(case).plot()
    assert len(figure.axes) == CASES[case][2]
    said = words(figure)
    assert said.startswith("Baseline: ")
    assert provenance.footnote(found(case).provenance, "baseline") in said
    assert figures.save(figure, tmp_path / "sweep.png").stat().st_size > 5_000


ALL = [*((found, case) for case in CASES), *((held, case) for case in HELD)]


@pytest.mark.parametrize(("sweep", "case"), ALL)
def test_no_text_is_cut_off_or_lies_on_the_title_or_the_notes(sweep, case):
    figure = sweep(case).plot()
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    inner = [
        text
        for axes in figure.axes
        for text in (*axes.texts, axes.xaxis.label, axes.yaxis.label, axes.title, axes._left_title)
        if text.get_text() and text.get_visible()
    ]
    boxes = [text.get_window_extent(renderer) for text in (*figure.texts, *inner)]
    for text, box in zip((*figure.texts, *inner), boxes, strict=True):
        assert text.get_fontsize() >= 8
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
    for i, box in enumerate(boxes[: len(figure.texts)]):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_the_title_is_the_first_row_of_best():
    row = found("two factors").best().iloc[0]
    title = " ".join(found("two factors").plot().get_suptitle().split())
    at = f"highest at novice engineers = {row[NOVICE]:g}, share of advanced work = {row[SHARE]}"
    assert title.endswith(f"{at}; points are not on the same terms (share of advanced work)")


SOME = ("one factor", "words", "two factors", "mixture", "four factors")


@pytest.mark.parametrize("sweep", [found, held])
@pytest.mark.parametrize("case", SOME)
def test_no_text_of_a_figure_names_a_key(case, sweep):
    shown = [text.get_text() for text in sweep(case).plot().findobj(matplotlib.text.Text)]
    assert len(shown) > 5
    for text in shown:
        assert not re.search(r"[a-z]+_[a-z]+|\b(?:team|tasks|policy|tool)\.[a-z]", text), text


def test_the_line_goes_through_the_means_of_the_summary():
    axes = found("one factor").plot().axes[0]
    table = found("one factor").summary("work_delivered")
    line = next(line for line in axes.lines if line.get_label() == "Mean")
    assert np.allclose(line.get_xydata(), table[[SHARE, "mean"]])
    assert "[share]" in axes.get_xlabel()
    assert "[expert-h]" in axes.get_ylabel()


def test_a_cell_shows_mean_and_interval_of_its_point():
    table = found("two factors").summary("work_delivered")
    shown = [text.get_text() for text in found("two factors").plot().axes[0].texts]
    for _, row in table.iterrows():
        mean, low, high = rounded(row["mean"], row["ci_low"], row["ci_high"])
        assert f"{mean}\n{low} to {high}" in shown


def test_the_best_of_a_mixture_is_outlined_on_its_map_and_told_beside_it():
    sweep = found("mixture")
    left, right = sweep.plot().axes
    cells, *outlines = (one for one in left.collections if one.get_hatch() is None)
    best = sweep.best().iloc[0]
    place = sweep.summary("work_delivered")["point"].tolist().index(best["point"])
    assert np.allclose(middle(outlines[-1], 0), middle(cells, place))
    assert np.allclose(middle(cells, place), on_map(best))
    told = [text.get_text() for text in right.texts]
    mean, low, high = rounded(best["mean"], best["ci_low"], best["ci_high"], error=best["mc_error"])
    assert any(text.startswith(f"{mean} ({low} to {high})") for text in told)


def middle(cells, place):
    """Middle of a cell of a map."""
    return cells.get_paths()[place].vertices[:6].mean(axis=0)


def on_map(row):
    """Where a mixture lies: intermediate left below, expert right, novice on top."""
    novice, intermediate, expert = (row[path] / 3 for path in LEVELS)
    corners = [[0.5, 3**0.5 / 2], [0, 0], [1, 0]]
    return np.dot((novice, intermediate, expert), corners)


def test_a_mixture_is_told_in_words_and_the_plan_as_it_is_is_outlined():
    plan = sim.load("baseline").replace({**WEEK, **dict(zip(LEVELS, (0, 1, 2), strict=True))})
    sweep = sim.sweep(plan, sim.design.mixtures(LEVELS, 3), f"{mkdtemp()}/sweep", 20, 2)
    left, right = sweep.plot().axes
    assert "As it is: 1 intermediate and 2 expert engineers" in said_in(right)
    outlined = [middle(one, 0) for one in left.collections if len(one.get_paths()) == 1]
    own = {"team.novice": 0, "team.intermediate": 1, "team.expert": 2}
    assert any(np.allclose(at, on_map(own)) for at in outlined)
    assert "As it is" not in said_in(found("mixture").plot().axes[1])  # nine people, not three


def said_in(axes):
    return " ".join(" ".join(text.get_text().split()) for text in axes.texts)


def test_mixtures_too_close_to_call_are_hatched():
    sweep = sim.sweep(
        sim.load("baseline").replace(WEEK),
        sim.design.mixtures(LEVELS, 3),
        f"{mkdtemp()}/sweep",
        30,
        2,
    )
    near = sweep.near_best()
    values = {n: sweep.values("work_delivered")[n].mean(axis=1) for n in range(10)}
    first = int(sweep.best()["point"].iloc[0])
    for number, value in values.items():
        lead = values[first] - value
        error = lead.std(ddof=1) / len(lead) ** 0.5
        assert (number in near) == (number != first and lead.mean() <= 2 * error), number
    hatched = [c for c in sweep.plot().axes[0].collections if c.get_hatch()]
    assert sum(len(one.get_paths()) for one in hatched) == len(near) > 0
    title = " ".join(sweep.plot().get_suptitle().split())
    assert f"too close to call with {len(near)} other" in title


@pytest.mark.parametrize("sweep", [found, held])
def test_shades_are_where_worlds_fall_and_bars_the_interval(sweep):
    """The 8 of 10 of a summary are the middle one of three shades."""
    of, name = sweep("one factor"), "work_delivered"
    table = of.summary(name) if of.against is None else of.differences(name)
    axes = of.plot(metric=name).axes[0]
    shades = [one for one in axes.collections if isinstance(one, FillBetweenPolyCollection)]
    assert len(shades) == 3
    corners = shades[1].get_paths()[0].vertices
    for _, row in table.iterrows():
        heights = corners[np.isclose(corners[:, 0], row[SHARE]), 1]
        assert np.isclose(heights.min(), row["p10"])
        assert np.isclose(heights.max(), row["p90"])
    (bars,) = [one for one in axes.collections if isinstance(one, LineCollection)]
    ends = np.array([segment[:, 1] for segment in bars.get_segments()])
    assert np.allclose(ends, table[["ci_low", "ci_high"]])


def test_what_never_ends_has_shades_and_no_average():
    plan = sim.load("baseline").replace(
        {"horizon.weeks": 4, "tasks.backlog": 12, "answer.metric": "finish_week"}
    )
    sweep = sim.sweep(plan, {NOVICE: [0, 4]}, f"{mkdtemp()}/sweep", draws=12, luck=2)
    assert sweep.summary("finish_week")["mean"].isna().all()
    shown = lines.shades(sweep, sweep.summary("finish_week"), "finish_week")
    assert np.isfinite(shown[0]).all()
    assert np.isinf(shown[-1]).all()
    figure = sweep.plot("lines", metric="finish_week")
    said = said_in(figure.axes[0])
    assert "1 in 40 below" in said
    assert "Average" not in said
    assert "No average" in words(figure)


def test_failing_points_and_central_parameters_carry_a_warning():
    assert "1 of 2 points failed" in words(found("a failing point").plot())
    assert "leaves out" in words(found("central").plot())


def test_a_kind_that_does_not_fit_is_refused_in_one_line():
    for kind, says in (
        ("heat", "needs two factors"),
        ("ternary", "three parts"),
        ("pie", "kind ="),
    ):
        with pytest.raises((figures.FigureError, sim.SweepError), match=says):
            found("one factor").plot(kind=kind)


# ---- against a reference ------------------------------------------------------------------------


@pytest.mark.parametrize("case", HELD)
def test_every_design_draws_differences_in_words(case, tmp_path):
    figure = held(case).plot(size="slide", theme="dark")
    assert len(figure.axes) == HELD[case]
    assert "too close to call" in words(figure).lower()
    assert figures.save(figure, tmp_path / "sweep.png").stat().st_size > 5_000


def crossed():
    """A sweep with points that are better, worse and close, of which one is the reference."""
    plan = sim.load("baseline").replace(WEEK)
    factors = {NOVICE: [0, 2], "team.expert": [0, 2, 9]}
    return sim.sweep(plan, factors, f"{mkdtemp()}/sweep", draws=60, luck=2, against=plan)


def test_cells_are_hatched_where_the_interval_includes_no_difference():
    sweep = crossed()
    table = sweep.differences("work_delivered")
    assert {"better", "the reference itself"} <= set(table["verdict"])
    axes = sweep.plot().axes[0]
    hatched = {
        (round(patch.get_y() + 0.5), round(patch.get_x() + 0.5))
        for patch in axes.patches
        if patch.get_hatch()
    }
    told = ["better", "worse", "the reference itself"]
    close = table[~table["verdict"].isin(told)]
    ups, acrosses = [0, 2], [0, 2, 9]
    assert hatched == {
        (ups.index(row[NOVICE]), acrosses.index(row["team.expert"])) for _, row in close.iterrows()
    }
    shown = [text.get_text() for text in axes.get_legend().get_texts()]
    assert shown == ["Better", "Worse", "Too close to call"]
    assert "the reference\nitself" in [text.get_text() for text in axes.texts]


def test_colours_part_at_no_difference_and_blue_is_better():
    sweep = crossed()
    for metric in ("work_delivered", "lead_time_mean"):
        sign = DIRECTIONS[metric]
        (mesh,) = sweep.plot(metric=metric).axes[0].collections
        low, high = mesh.get_clim()
        assert low == -high
        red, _, blue, _ = mesh.cmap(mesh.norm(sign * high * 0.9))
        assert blue > red


def test_the_title_says_how_many_beat_the_reference():
    sweep = crossed()
    verdicts = sweep.differences("work_delivered")["verdict"].tolist()
    title = " ".join(sweep.plot().get_suptitle().split())
    count = verdicts.count("better")
    assert title.startswith(
        f"{count} of 6 points beat{'s' if count == 1 else ''} “baseline” in work"
    )
    assert re.search(r"expert engineers = 9, \+[\d,]+ expert-h \(95% interval \+", title)
