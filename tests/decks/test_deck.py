"""A deck quotes only claims; charts are native, files stand alone, bad plans are refused."""

import dataclasses
import io
import json
import re
import shlex
import subprocess
import sys
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

import sim
from sim import embed
from sim.checking import check, rerun
from sim.cli import main
from sim.decks import Deck, analyses, charts, layout, powerpoint, web
from sim.decks import plan as plans
from sim.decks.content import Given, Quote, quotes, reach, text
from sim.errors import DeckError
from sim.experiments import decide
from sim.experiments.compare import compare
from sim.records import words
from sim.records.run_record import loads

ROOT = Path(__file__).parents[2]
NAMES = (
    "title", "answer", "question", "comparison", "composition", "sensitivity", "measure", "context",
    "backup", "odds", "difference", "break-even", "variance", "queues", "caveats",
    "reproduce", "register",
)  # fmt: skip
TEAM = {"team.novice": 2, "team.intermediate": 1, "team.expert": 1}  # small: few mixes to run
PLAN = {
    "title": "Two plans <and> $more$",
    "question": "Does training two novices beat hiring one expert?",
    "draws": 50,
    "weeks": 8,
    "price": 2.4,
    "plans": [
        {"scenario": "two-years", "label": "today's team", "changes": TEAM},
        {"scenario": "two-years", "label": "the training", "changes": TEAM | {
            "training.seats": 2, "training.weeks": 2, "training.cost_per_seat": 40.0}},
        {"scenario": "two-years", "label": "the hire", "changes": TEAM | {"team.expert": 2}},
    ],
    "composition": {"draws": 50},
    "sensitivity": {"samples": 32, "factors": ["dev_share", "oversight_share"]},
}  # fmt: skip


@cache
def made():
    return sim.deck(PLAN, threads=1)


@cache
def written():
    """The deck as a PowerPoint file: its bytes."""
    deck = made()
    return powerpoint.to_bytes(deck.content, (deck.record,))


def shown():
    return Presentation(io.BytesIO(written()))


def pieces(slide):
    return [piece for line in slide.lines for piece in line]


def test_every_slide_is_there_in_order():
    names = list(dict.fromkeys(slide.name for slide in made().slides))
    assert tuple(names) == NAMES


def test_plain_text_holds_no_number_so_each_is_a_claim_or_was_stated():
    for slide in made().slides:
        for piece in pieces(slide):
            if not isinstance(piece, Quote | Given):
                assert not re.search(r"\d", piece), (slide.name, piece)


def test_what_was_stated_is_no_result():
    """The numbers in stated text are those of the plan, the register or a caveat."""
    run = made().analyses
    results = {claim.forms["value"] for claim in made().claims.values()}
    results = {word for word in results if re.fullmatch(r"[+−]?[\d,]{3,}(\.\d+)?", word)}
    allowed = " ".join(run.caveats) + str(run.plan.stated)
    for slide in made().slides:
        if slide.name in ("register", "reproduce", "caveats", "context"):
            continue
        for piece in pieces(slide):
            if isinstance(piece, Given):
                found = set(re.findall(r"[+−]?[\d,]{3,}(?:\.\d+)?", piece)) & results
                assert all(word in allowed for word in found), (slide.name, piece)


def test_a_deck_of_three_figures_is_made_again_with_three():
    """Decks of earlier versions told three figures of every number, and prices to the cent."""
    run = made().analyses
    with words.three_figures():
        earlier = tuple(dataclasses.replace(run).claims.values())
    assert len({claim.id for claim in earlier}) == len(run.claims)
    assert sum(claim.shown != run.claims[claim.id].shown for claim in earlier) > 50
    price = next(claim for claim in earlier if claim.id.startswith("price/"))
    assert all(re.fullmatch(r"[\d,]+\.\d\d|never", text) for text in price.shown)
    again = {claim.id: claim for claim in rerun.rerun(run.run_record(earlier), threads=1)}
    for claim in earlier:
        now = again[claim.id]
        assert (now.shown, now.sentence) == (claim.shown, claim.sentence)


def test_every_quoted_number_has_unit_and_interval():
    for claim in made().claims.values():
        assert claim.interval, claim.id
        assert claim.unit, claim.id
        assert not np.isnan([claim.value, claim.low, claim.high]).any(), claim.id


def test_titles_of_results_are_findings_with_their_interval():
    for slide in made().slides:
        if slide.charts or slide.picture or slide.name in ("answer", "comparison"):
            said = text(slide.title)
            words = ("interval", "No single number", "8 of 10", "do not settle")
            assert any(word in said for word in words), said
            assert said.endswith(".")


def test_charts_are_native_and_their_error_bars_reach_to_the_interval():
    found = 0
    for made_, slide in zip(shown().slides, made().slides, strict=True):
        native = [shape.chart for shape in made_.shapes if shape.has_chart]
        assert len(native) == len(slide.charts)
        for chart, asked in zip(native, slide.charts, strict=True):
            assert chart.part.chart_workbook.xlsx_part is not None
            for place, series in enumerate(chart.plots[0].series):
                claims = charts._ordered(asked, asked.series[place])
                assert list(series.values) == [claim.value for claim in claims]
                for end, which in (("minus", 0), ("plus", 1)):
                    values = series._element.xpath(f"./c:errBars/c:{end}//c:v")
                    lengths = [float(value.text) for value in values]
                    assert lengths == [reach(claim)[which] for claim in claims]
                found += 1
            low, high = chart.value_axis.minimum_scale, chart.value_axis.maximum_scale
            assert all(low <= claim.low and claim.high <= high for claim in asked.claims)
    assert found >= 5


def test_error_bars_stand_where_the_schema_wants_them():
    order = ("idx", "order", "tx", "spPr", "invertIfNegative", "marker", "errBars", "cat", "xVal",
             "val", "yVal", "smooth")  # fmt: skip
    for slide in shown().slides:
        for shape in slide.shapes:
            if shape.has_chart:
                for series in shape.chart._chartSpace.xpath(".//c:ser"):
                    tags = [child.tag.split("}")[1] for child in series]
                    assert [order.index(tag) for tag in tags] == sorted(map(order.index, tags))


def test_the_table_is_native_and_shows_the_claims():
    (slide,) = (s for s in made().slides if s.name == "comparison")
    (native,) = (
        shape.table
        for s in shown().slides
        for shape in s.shapes
        if shape.has_table and shape.table.cell(0, 1).text == "today's team"
    )
    for r, c, line in slide.table.cells:
        assert native.cell(r, c).text == text(line)


def test_speaker_notes_hold_the_card_of_every_claim_of_the_slide():
    for native, slide in zip(shown().slides, made().slides, strict=True):
        notes = native.notes_slide.notes_text_frame.text
        for claim in slide.claims:
            for line in claim.card(caveats=False).splitlines():
                assert line in notes, (slide.name, line)


def test_a_caveat_stands_once_in_a_deck_on_its_slide():
    """Not in each card of the notes; and all of them are told."""
    run = made().analyses
    notes = "".join(native.notes_slide.notes_text_frame.text for native in shown().slides)
    assert not [line for line in run.caveats if line in notes]
    told = [text(line) for slide in made().slides if slide.name == "caveats" for line in slide.body]
    assert len(told) == len(set(told)) > 3
    assert {line for claim in made().claims.values() for line in claim.caveats} <= set(run.caveats)


def boxes(slide, unit):
    return [
        layout.Box(*map(unit.back, (s.left, s.top, s.width, s.height))) for s in slide.shapes
    ]  # fmt: skip


def apart(one, other):
    return (
        one.right <= other.left + 0.01 or other.right <= one.left + 0.01
        or one.bottom <= other.top + 0.01 or other.bottom <= one.top + 0.01
    )  # fmt: skip


def check_places(show):
    """Nothing overlaps or lies outside, and every text fits its box, in inches of a wide slide."""
    unit = powerpoint.Unit(show)
    for number, slide in enumerate(show.slides, 1):
        found = boxes(slide, unit)
        for i, box in enumerate(found):
            assert min(box.left, box.top) >= 0, number
            assert box.right <= powerpoint.WIDE + 0.01, number
            assert box.bottom <= unit.high + 0.01, number
            assert all(apart(box, other) for other in found[i + 1 :]), number
        for shape, box in zip(slide.shapes, found, strict=True):
            if shape.has_text_frame and shape.text_frame.text:
                paragraphs = shape.text_frame.paragraphs
                size = paragraphs[0].runs[0].font.size.pt / unit.scale
                texts = [paragraph.text for paragraph in paragraphs]
                assert size >= 8.9
                needs = layout.height(texts, size, box.width - 0.2)
                assert needs <= box.height + 0.15, (number, shape.name, texts[0])


def test_nothing_on_a_slide_overlaps_or_is_cut():
    check_places(shown())


def test_the_same_content_gives_the_same_bytes():
    again = Deck(made().analyses)
    assert powerpoint.to_bytes(again.content, (again.record,)) == written()


@cache
def page():
    deck = made()
    return web.to_html(deck.content, (deck.record,)).decode()


class Outside(HTMLParser):
    """Collects every address that a browser would fetch."""

    def __init__(self):
        super().__init__()
        self.fetched, self.scripts = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.fetched += [given[key] for key in ("src", "href", "srcset", "data") if key in given]
        if tag == "script" and given.get("type") != "application/json":
            self.scripts.append(given)


def test_the_page_needs_nothing_from_outside():
    found = Outside()
    found.feed(page())
    assert found.scripts == []
    assert all(address.startswith("#") for address in found.fetched)
    assert not re.search(r"@import|url\((?!#)", page())
    assert not re.search(r'(href|src)="https?:', page())


def test_the_page_says_what_the_slides_say():
    plain = re.sub(r"<[^>]+>", "", page()).replace("&amp;", "&")
    plain = plain.replace("&lt;", "<").replace("&gt;", ">")
    for slide in made().slides:
        for line in slide.lines:
            assert text(line) in plain, slide.name
    assert "<and>" not in page()


def test_markdown_brings_its_figures_and_replaces_both_only_when_asked(tmp_path):
    path = made().save(tmp_path / "plan.md")
    said = path.read_text(encoding="utf-8")
    files = re.findall(r"\]\((plan_figures/[\w-]+\.png)\)", said)
    assert len(files) >= 5
    assert all((tmp_path / file).read_bytes().startswith(b"\x89PNG") for file in files)
    with pytest.raises(DeckError, match="exists already"):
        made().save(path)
    assert made().save(path, overwrite=True).read_text(encoding="utf-8") == said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.md", "plan_figures"]


@pytest.mark.parametrize("suffix", [".pptx", ".html", ".md"])
def test_every_quoted_number_of_a_file_is_marked_and_shown_as_its_claim_prints_it(suffix, tmp_path):
    from sim.checking.quotes import faults

    document = embed.read(made().save(tmp_path / f"plan{suffix}"))
    lines, quoted = faults(document)
    assert lines == []
    marked = {mark.claim for place in document.places for mark in place.marks}
    assert marked == set(made().claims)
    assert quoted >= len(made().claims)


def test_a_deck_made_again_from_its_record_gives_the_same_numbers(tmp_path):
    path = made().save(tmp_path / "plan.pptx")
    found = check.check(path, threads=1)
    assert found.ok, found.text()
    assert found.counts["identical"] == len(made().claims)


def test_a_number_edited_in_the_deck_is_named(tmp_path):
    show = shown()
    (shape,) = (s for s in show.slides[1].shapes if s == show.slides[1].shapes.title)
    run = shape.text_frame.paragraphs[0].runs[0]
    run.text = re.sub(r"\d(?=\D*\()", lambda m: str((int(m[0]) + 1) % 10), run.text, count=1)
    path = tmp_path / "edited.pptx"
    show.save(path)
    from sim.checking.quotes import faults

    lines, _ = faults(embed.read(path))
    assert len(lines) == 1
    assert "net_value/choice" in lines[0]


def test_the_record_holds_the_plans_and_reads_back():
    from sim.records.run_record import dumps

    again = loads(dumps(made().record))
    assert again.kind == "deck"
    assert list(again.plans) == ["today's team", "the training", "the hire"]
    assert {claim.id for claim in again.claims} == set(made().claims)


def test_a_decision_from_a_comparison_is_the_one_that_would_be_run():
    stated = plans.read(PLAN).plans
    found = decide.of_comparison(compare(stated, draws=50, luck=2, threads=1))
    direct = decide.decide(stated, draws=50, luck=2, threads=1)
    assert np.array_equal(found.y, direct.y)
    assert found.metric == direct.metric
    assert found.sentences() == direct.sentences()


def sections(show):
    """Name of each section of a presentation -> ids of its slides."""
    space = f"{{{powerpoint.OFFICE}}}"
    return {
        one.get("name"): [int(slide.get("id")) for slide in one.iter(f"{space}sldId")]
        for one in show.part._element.iter(f"{space}section")
    }


def test_slides_that_answer_and_the_backup_are_sections():
    found = sections(shown())
    assert list(found) == ["Answer", "Backup"]
    ids = [slide.slide_id for slide in shown().slides]
    assert found["Answer"] + found["Backup"] == ids  # each slide in one, in order
    first = next(slide for slide in shown().slides if slide.slide_id == found["Backup"][0])
    backup = next(slide for slide in made().content.slides if slide.part == "Backup")
    assert first.shapes.title.text == text(backup.title)


def test_a_template_s_sections_go_and_its_other_extensions_stay():
    show = Presentation()
    old = show.slides.add_slide(show.slide_layouts[0])
    powerpoint._divide(show, {"Old": [old]})
    extensions = show.part._element.find(qn("p:extLst"))
    extensions.append(parse_xml(f"<p:ext {nsdecls('p')} uri='{{guides}}'/>"))
    powerpoint._divide(show, {"Answer": [old]})
    assert sections(show) == {"Answer": [old.slide_id]}
    assert len(show.part._element.findall(qn("p:extLst"))) == 1
    assert [one.get("uri") for one in extensions] == ["{guides}", powerpoint.SECTIONS]


def branded(tmp_path, title=True):
    """A template of another size, with a slide of its own and a name in its master."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(10), Inches(5.625)
    show.slide_master.name = "Corp"
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = "Old"
    for one in show.slide_layouts:
        for place in list(one.placeholders):
            if place.placeholder_format.type in powerpoint.TITLES:
                place.left, place.width = Inches(0.5), Inches(9.0)
                place.top, place.height = Inches(0.2), Inches(1.0)
                if not title:
                    place._element.getparent().remove(place._element)
    path = tmp_path / "corp.pptx"
    show.save(path)
    return path


def test_a_template_lends_its_look_and_not_its_slides(tmp_path):
    path = made().save(tmp_path / "plan.pptx", template=branded(tmp_path))
    show = Presentation(path)
    assert (show.slide_width, show.slide_height) == (Inches(10), Inches(5.625))
    assert show.slide_master.name == "Corp"
    assert len(show.slides) >= len(made().slides)
    assert sum(map(len, sections(show).values())) == len(show.slides)
    assert not any(s.has_text_frame and s.text_frame.text == "Old"
                   for slide in show.slides for s in slide.shapes)  # fmt: skip
    check_places(show)


@pytest.mark.parametrize("kind", ["missing", "text", "zip", "titleless"])
def test_a_bad_template_is_refused_in_one_line_before_anything_runs(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(analyses, "analyse", lambda *_: pytest.fail("it ran"))
    path = tmp_path / "bad.pptx"
    if kind == "text":
        path.write_text("no slides")
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a", "b")
    elif kind == "titleless":
        path = branded(tmp_path, title=False)
    with pytest.raises(DeckError) as error:
        sim.deck(PLAN, tmp_path / "plan.pptx", template=path)
    assert "\n" not in str(error.value)
    assert path.name in str(error.value)
    assert not (tmp_path / "plan.pptx").exists()


def plan(**changes):
    return {**PLAN, **changes}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({k: v for k, v in PLAN.items() if k != "title"}, "title: missing"),
        (plan(title="Tool or\v no tool?"), 'no tool?": holds a vertical tab: must be plain text'),
        (plan(question="Why\x01?"), "holds the control character 0x01"),
        (plan(titel="a"), "titel: unknown key; did you mean 'title'?"),
        (plan(plans=PLAN["plans"][:1]), "plans"),
        (plan(plans=[{"scenario": "two-yeers"}, *PLAN["plans"]]), "plans[1].scenario"),
        (plan(plans=[*PLAN["plans"], PLAN["plans"][0]]), "label"),
        (plan(plans=[{"scenario": "two-years", "changes": {"team.expret": 1}},
                     PLAN["plans"][0]]), "plans[1].changes"),
        (plan(plans=[{"scenario": "baseline"}, {"scenario": "no-tool"}]), "[money]"),
        (plan(draws=10), "draws = 10: must be 50 or more (draws)"),
        (plan(luck=1), "luck = 1: must be 2 or more (worlds)"),
        (plan(price=-1.0), "price"),
        (plan(analyses=["composition", "magic"]), "analyses[2]"),
        (plan(composition={"advanced_share": 1.5}), "composition.advanced_share"),
        (plan(sensitivity={"factors": ["dev_shar"]}), "did you mean 'dev_share'"),
        (plan(plans=[*PLAN["plans"][:1], {"scenario": "two-years", "label": "other world",
                     "changes": {"world.dev_share": 0.3}}]), "other world"),
    ],
)  # fmt: skip
def test_a_bad_plan_is_refused_in_one_line_before_anything_runs(data, words, monkeypatch):
    ran = "sim.decks.analyses.compare"
    monkeypatch.setattr(ran, lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        sim.deck(data)
    assert "\n" not in str(error.value)
    assert type(error.value).__module__.startswith("sim")


@pytest.mark.parametrize("name", ["plan.doc", "plan", "nowhere/plan.pptx", "there.pptx"])
def test_a_path_that_cannot_be_written_is_refused_before_anything_runs(name, tmp_path, monkeypatch):
    monkeypatch.setattr(analyses, "analyse", lambda *_: pytest.fail("it ran"))
    (tmp_path / "there.pptx").write_text("kept")
    with pytest.raises(DeckError) as error:
        sim.deck(PLAN, tmp_path / name)
    assert "\n" not in str(error.value)
    assert (tmp_path / "there.pptx").read_text() == "kept"


@pytest.mark.parametrize(
    ("content", "faults"),
    [("title = ", 1), ("[[plans]]\nscenario = 3", 3), ("\x00", 1), (None, 1)],
)
def test_a_bad_plan_file_ends_in_a_line_a_fault_and_exit_code_2(
    content, faults, tmp_path, monkeypatch, capsys
):
    path = tmp_path / "plan.toml"
    if content is not None:
        path.write_text(content)
    monkeypatch.setattr(sys, "argv", ["tiercurve", "deck", str(path), "-o", str(tmp_path / "a.md")])
    with pytest.raises(SystemExit) as stopped:
        main.main()
    assert stopped.value.code == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert lines[0].startswith("tiercurve: ")
    assert len(lines) == faults
    assert all(str(path.name) in line for line in lines)
    assert not (tmp_path / "a.md").exists()


def test_the_command_writes_what_a_plan_file_asks_for(tmp_path, monkeypatch, capsys):
    run = made().analyses  # before its maker is replaced
    monkeypatch.setattr(analyses, "analyse", lambda *_: run)
    path = tmp_path / "plan.toml"
    path.write_text('title = "t"\nquestion = "q?"\nplans = [{scenario = "baseline"}, '
                    '{scenario = "no-tool"}]\n')  # fmt: skip
    out = tmp_path / "plan.html"
    monkeypatch.setattr(sys, "argv", ["tiercurve", "deck", str(path), "-o", str(out)])
    with pytest.raises(SystemExit) as stopped:
        main.main()
    assert not stopped.value.code
    assert "written to" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("name", ["plan", "our plan's a.b"])
def test_the_line_that_makes_a_deck_again_runs_as_it_stands_on_it(
    name, tmp_path, monkeypatch, capsys
):
    asked = dataclasses.replace(made().analyses.plan, name=name)
    few = {"composition": None, "sensitivity": None}  # few slides to write
    again = dataclasses.replace(made().analyses, plan=asked, **few)
    (slide,) = (s for s in Deck(again).slides if s.name == "reproduce")
    (tmp_path / f"{name}.toml").write_text('title = "t"\nquestion = "q?"\nplans = [{scenario = '
                                           '"baseline"}, {scenario = "no-tool"}]\n')  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(analyses, "analyse", lambda *_: again)
    monkeypatch.setattr(sys, "argv", shlex.split(slide.body[0][0]))
    with pytest.raises(SystemExit) as stopped:
        main.main()
    assert not stopped.value.code
    assert (tmp_path / f"{name}-again.pptx").exists()


def test_a_plan_without_a_file_names_no_command():
    (slide,) = (s for s in made().slides if s.name == "reproduce")
    assert text(slide.body[0]).startswith("sim.deck(plan), in Python, makes this deck again")


def test_the_packaged_plan_of_train_or_hire_loads_and_is_listed():
    assert "train-or-hire" in dict(plans.available())
    found = plans.load("train-or-hire")
    assert next(iter(found.plans)) == "today's team"
    assert len(found.plans) == 3


def test_the_example_of_the_readme_is_a_plan_that_loads(tmp_path):
    text_ = (ROOT / "sim" / "decks" / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text_, re.DOTALL)
    (tmp_path / "plan.toml").write_text(example, encoding="utf-8")
    assert list(plans.load(tmp_path / "plan.toml").plans) == ["today's team", "hiring one expert"]


def test_a_plan_without_prices_decides_by_work_and_leaves_out_what_is_not_asked_for():
    data = plan(analyses=["break_even"], plans=[{"scenario": "baseline"}, {"scenario": "no-tool"}])
    del data["price"]
    found = sim.deck(data, threads=1)
    names = {slide.name for slide in found.slides}
    assert names == set(NAMES) - {"composition", "sensitivity", "measure", "variance"}
    assert not any(id_.startswith(("price", "net_value")) for id_ in found.claims)


def test_a_record_with_other_arguments_than_a_plan_can_state_is_refused():
    kept = made().record
    bad = dataclasses.replace(kept, arguments=kept.arguments | {"deck": {"draws": 1}})
    with pytest.raises(DeckError, match="run record"):
        rerun.deck_again(bad, made().analyses.plan.plans, 1, None)


def test_what_is_too_long_for_a_slide_goes_on_on_the_next():
    whole = next(slide for slide in made().slides if slide.name == "register")
    parts = layout.pages(whole, layout.Box(0, 0, 12, 2))
    assert len(parts) > 1
    assert sum((part.table.rows for part in parts), ()) == whole.table.rows
    said = next(slide for slide in made().slides if slide.name == "caveats")
    parts = layout.pages(said, layout.Box(0, 0, 6, 1))
    assert len(parts) > 1
    assert sum((part.body for part in parts), ()) == said.body


def test_naming_decks_does_not_import_what_writes_them():
    code = "import sys, sim; sim.deck; sys.exit('pptx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_notebooks_show_a_deck():
    shown = made()._repr_html_()
    assert json.dumps(shown)
    assert "<section" in shown


def test_the_deck_of_a_deadline_leads_with_the_chance_and_the_extra_cost():
    assert list(plans.load("done-by-march").plans) == [
        "today's team", "training two juniors", "hiring a senior", "giving analysts the agent",
    ]  # fmt: skip
    stated = {
        "title": "Done by March?",
        "question": "Which plan is worth its extra cost?",
        "draws": 50,
        "analyses": [],
        "plans": [
            {"scenario": f"done-by-march/{name}", "label": name} for name in ("today", "hire")
        ],
    }
    slides = {slide.name: slide for slide in sim.deck(stated).slides}
    first = text(slides["comparison"].table.rows[0][0])
    assert "done by the deadline" in first
    (cost,) = quotes(slides["difference"].body[0])
    assert (cost.claim.id, cost.form) == ("extra_cost/difference/hire", "value")
    assert text(slides["difference"].body[0]).endswith("in 30 weeks.")
    assert text(slides["answer"].body[0]) == text(slides["difference"].body[0])
    (tied,) = quotes(slides["comparison"].title)
    close = "includes no difference" in tied.claim.sentence
    assert text(slides["comparison"].title).startswith("Too close to call. ") == close
    charts = [chart.title for chart in slides["difference"].charts]
    assert ["the error of 100 worlds" in title for title in charts] == [True, False]
    (note,) = map(text, slides["comparison"].body)
    assert "of the chance 95% interval, the error of 100 worlds" in note
    costs = {text(row[0]): text(row[2]) for row in slides["comparison"].table.rows}
    assert re.fullmatch(r"\+[\d,]+", costs["Extra cost [EUR]"])
    axes = [chart.axis for chart in slides["difference"].charts]
    assert ["deadline" in axis for axis in axes] == [True, False]
    assert "extra cost" in axes[1]


def test_a_plan_beyond_the_budget_stays_on_the_slides_and_is_marked():
    stated = {
        "title": "Done by March?",
        "question": "Which plan is worth its extra cost?",
        "draws": 50,
        "budget": 1000.0,
        "analyses": ["decision"],
        "plans": [
            {"scenario": f"done-by-march/{name}", "label": name}
            for name in ("today", "hire", "analysts")
        ],
    }
    slides = {slide.name: slide for slide in sim.deck(stated).slides}
    told = "Beyond the budget of 1,000, and not chosen: hire, analysts."
    assert told in [text(line) for line in slides["answer"].body]
    header = [text(cell) for cell in slides["comparison"].table.header]
    assert header[1:] == [
        "today",
        *(f"{name} (beyond budget), difference" for name in ("hire", "analysts")),
    ]
