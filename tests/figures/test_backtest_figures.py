"""A figure of a backtest shows its record, and nothing overlaps or is cut."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from hand_made import backtest_of_weeks
from matplotlib.backends.backend_agg import FigureCanvasAgg

from sim import figures


@cache
def record(case):
    """A backtest of one project, or of two."""
    one = backtest_of_weeks()
    if case == "one":
        return one
    named = [one.forecasts.assign(project=name) for name in ("a", "b")]
    coming = {"a": one.coming[""], "b": one.coming[""]}
    return replace(one, forecasts=pd.concat(named, ignore_index=True), coming=coming)


@pytest.mark.parametrize("case", ["one", "two"])
def test_it_draws_with_its_finding_units_and_origin(case, tmp_path):
    figure = record(case).plot()
    said = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    count = record(case).count
    assert said.startswith(f"Of {count} forecasts of 13 weeks, 100% held what came at nominal 80%")
    assert "evidence 000000000000" in said
    left, right = figure.axes
    assert ("[tickets]" if case == "one" else "[%]") in left.get_ylabel()
    assert "recent level" in right.get_xlabel()
    assert figures.save(figure, tmp_path / "f.png").stat().st_size > 10_000


@pytest.mark.parametrize("case", ["one", "two"])
@pytest.mark.parametrize(("size", "theme"), [("screen", "light"), ("page", "dark")])
def test_no_text_is_cut_off_or_lies_on_another(case, size, theme):
    figure = record(case).plot(size=size, theme=theme)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    inner = [
        text
        for axes in figure.axes
        for text in (*axes.texts, axes.xaxis.label, axes.yaxis.label, *axes.get_yticklabels())
        if text.get_text()
    ]
    boxes = [text.get_window_extent(renderer) for text in (*figure.texts, *inner)]
    for box in boxes:
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_points_stand_where_the_record_says():
    left, _ = record("one").plot().axes
    (points,) = [line for line in left.lines if line.get_label() == "came"]
    assert list(points.get_ydata()) == [90, 130]
