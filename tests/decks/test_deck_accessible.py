"""A deck can be read by those who cannot see it: titles, texts for pictures, order, language."""

import io
import re
import zipfile
from functools import cache

import pytest
from drawn import contrast
from lxml import html
from matplotlib.colors import to_rgb
from test_deck import made, page, shown, written

from sim.decks import content
from sim.decks.web import RESTS, STYLE, TRACES
from sim.embed import documents, envelope
from sim.embed.envelope import marks_in
from sim.figures.drawing import chart_figure

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MARK = re.compile(r"claim:|%20|\b[0-9a-f]{8,}\b")


def shapes():
    return [shape for slide in shown().slides for shape in slide.shapes]


def words_for(shape):
    return shape._element._nvXxPr.cNvPr.get("descr") or ""


def test_every_slide_has_a_title_of_its_own():
    titles = [slide.shapes.title.text for slide in shown().slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_what_is_seen_and_not_read_has_a_text_in_its_place():
    seen = [s for s in shapes() if s.has_chart or s.has_table or s.shape_type == 13]
    assert len(seen) > 5
    for shape in seen:
        assert len(words_for(shape)) > 20, shape.name
        assert len(words_for(shape)) < 1_500, shape.name


def test_no_name_and_no_text_in_a_place_of_a_shape_is_a_mark_of_the_machine():
    for shape in shapes():
        assert not MARK.search(f"{shape.name} {words_for(shape)}"), shape.name


def test_a_chart_is_told_with_its_numbers():
    charts = [chart for slide in made().slides for chart in slide.charts]
    told = [words_for(shape) for shape in shapes() if shape.has_chart]
    for chart, words in zip(charts, told, strict=True):
        assert chart.title in words
        assert chart.series[0].claims[-1].form("short") in words


def test_slides_are_read_from_the_title_down():
    """Shapes are read out in the order they stand in the file."""
    for slide in shown().slides:
        first, *others = slide.shapes
        assert first == slide.shapes.title
        tops = [shape.top for shape in others]
        lefts = [shape.left for shape in others]
        pairs = zip(
            zip(tops, lefts, strict=True), zip(tops[1:], lefts[1:], strict=True), strict=False
        )
        assert all(a[0] <= b[0] or a[1] < b[1] for a, b in pairs)


def test_every_run_of_text_states_its_language():
    for slide in shown().slides:
        for run in slide._element.iter(f"{DRAWING}r"):
            assert run.find(f"{DRAWING}rPr").get("lang") == "en-GB"


def test_heads_of_tables_and_charts_stand_out_from_their_ground():
    """WCAG 2.2 asks for 4.5 of text and 3 of what is drawn."""
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        theme = archive.read("ppt/theme/theme1.xml").decode()
    accents = re.findall(r'<a:accent[1-3]><a:srgbClr val="(\w+)"/>', theme)
    assert len(accents) == 3
    inks = [[int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)] for colour in accents]
    assert contrast(inks[0], (1, 1, 1)) >= 4.5  # white letters of a table's head
    assert all(contrast(ink, (1, 1, 1)) >= 3 for ink in inks)


@pytest.mark.parametrize("old", ["name", "descr"])
def test_marks_of_earlier_decks_are_still_found(old):
    show = shown()
    shape = next(s for s in show.slides[2].shapes if s.has_text_frame)
    mark = "claim:work_delivered/mean/baseline#full"
    properties = shape._element._nvXxPr.cNvPr
    properties.set(old, f"Quotes {mark}")
    assert marks_in(mark)[0] in envelope.marks_of_shape(shape)


def test_every_quote_of_the_deck_is_marked_in_a_hidden_part():
    marked = {mark.claim for place in documents.places(shown()) for mark in place.marks}
    assert marked >= {claim.id for slide in made().slides for claim in slide.claims}


# ---- the page ------------------------------------------------------------------------------------


@cache
def root():
    return html.document_fromstring(page().encode())


def test_the_page_has_its_landmarks_and_a_list_of_sections_that_lead_somewhere():
    for landmark in ("main", "nav", "h1"):
        assert len(root().xpath(f"//{landmark}")) == 1
    targets = [link.get("href").removeprefix("#") for link in root().xpath("//nav//a")]
    ids = root().xpath("//main//section/@id")
    assert targets == ids
    assert len(set(ids)) == len(ids)


def test_heads_of_tables_say_what_they_head():
    heads = root().xpath("//th")
    assert len(heads) > 20
    assert {head.get("scope") for head in heads} == {"col", "row"}
    assert all(table.getparent().get("class") == "wide" for table in root().xpath("//table"))


def test_drawings_are_told_and_follow_the_colours_of_the_page():
    drawings = root().xpath("//svg")
    assert len(drawings) >= 5
    for drawing in drawings:
        assert drawing.get("role") == "img"
        assert len(drawing.get("aria-label")) > 20
        assert drawing.get("width") is None
        assert drawing.getparent().get("class") == "wide"
        drawn = html.tostring(drawing, encoding="unicode")
        assert "#222222;" not in drawn
        assert "var(--ink" in drawn


def test_what_a_machine_needs_stands_in_the_last_section_of_a_page_alone():
    *sections, last = root().iter("section")
    assert last.get("id") == TRACES
    assert len(last.findall("details")) == len(made().slides)
    assert "sha256" in last.text_content()
    for section in sections:
        if section.get("id") not in ("reproduce", "caveats", "register", None):
            assert not MARK.search(section.text_content()), section.get("id")


def test_markdown_before_what_it_rests_on_has_no_mark_of_the_machine(tmp_path):
    made().save(tmp_path / "deck.md")
    shown_, _, rests = (tmp_path / "deck.md").read_text().partition(f"## {RESTS}")
    assert "sha256" in rests
    for part in shown_.split("\n## "):
        named = ("Anyone can", "What belongs", "Of ", "Assumption register")
        assert part.startswith(named) or not MARK.search(part), part


def test_the_first_and_largest_bars_are_told():
    for kind, places in (("bars", 9), ("columns", 9)):
        claims = made().slides[1].claims or tuple(made().claims.values())
        claim = claims[0]
        series = content.Series("share", (claim,) * places)
        chart = content.Chart(
            kind, "Shares", "Share", tuple(f"bar {n}" for n in range(9)), (series,)
        )
        assert all(f"bar {n} " in content.chart_words(chart) for n in range(9))


def test_small_words_of_a_drawing_stand_out_from_the_ground_of_the_page():
    inks = re.findall(r"--worse: (#\w+)", STYLE)
    for ink, ground in zip(inks, ("#ffffff", "#1c1c1c"), strict=True):
        assert contrast(to_rgb(ink), to_rgb(ground)) >= 4.5
    for drawing in root().iter("svg"):
        styles = [text.get("style") or "" for text in drawing.iter("text")]
        assert not [style for style in styles if "fill: #d55e00" in style]


def test_drawings_fit_a_narrow_screen():
    narrow = STYLE.partition("@media (max-width: 40rem)")[2].partition("@media")[0]
    assert "svg { min-width: 0; }" in narrow


@pytest.mark.parametrize("kind", ["bars", "columns"])
def test_words_of_a_chart_lie_within_its_drawing(kind):
    claim = next(iter(made().claims.values()))
    title = "Chance to be done by the deadline against today's team, 95% interval, the error of "
    title += "100 worlds"
    axis = "Difference in chance to be done by the deadline [percentage points]"
    series = (content.Series("chance", (claim,) * 2),)
    figure = chart_figure(content.Chart(kind, title, axis, ("hire", "train"), series))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    every = (axes.title, axes.xaxis.label, axes.yaxis.label)
    for words in (one for one in every if one.get_text()):
        box = words.get_window_extent()
        assert min(box.x0, box.y0) >= -1, words.get_text()
        assert box.x1 <= figure.bbox.x1 + 1, words.get_text()
        assert box.y1 <= figure.bbox.y1 + 1, words.get_text()
