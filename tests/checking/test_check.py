"""A figure, report or deck can be run again from itself, and a number edited by hand is named."""

import io
import json
import struct
import zipfile
import zlib
from dataclasses import replace

import pytest
from command import tiercurve
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

import sim
from sim import embed, figures
from sim.checking import check, verdicts
from sim.embed import documents, envelope, images
from sim.errors import CheckError
from sim.records import run_record, words

PLAN = """
question = "What will a small team deliver in six weeks?"
horizon.weeks = 6
team.novice = 1
team.intermediate = 2
team.expert = 1
"""
FIGURES, DOCUMENTS = ("png", "svg", "pdf"), ("pptx", "html", "md")
WORK, HOURS = "work_delivered/mean/small", "hours_agent/mean/small"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """A run of a scenario whose file has changed since."""
    path = tmp_path_factory.mktemp("plan") / "small.toml"
    path.write_text(PLAN)
    found = sim.run(sim.load(path), draws=40, luck=2, seed=3, threads=1)
    path.write_text(PLAN.replace("team.expert = 1", "team.expert = 9"))
    return found


@pytest.fixture(scope="module")
def record(result):
    return result.run_record()


@pytest.fixture(scope="module")
def files(result, record, tmp_path_factory):
    """One file of each format that carries the record: suffix -> bytes."""
    folder = tmp_path_factory.mktemp("files")
    figure = result.plot()
    for suffix in FIGURES:
        figures.save(figure, folder / f"plan.{suffix}")
    deck(record).save(folder / "plan.pptx")
    said = embed.span(record.claim(WORK)), embed.span(record.claim(HOURS), "short")
    (folder / "plan.html").write_text(f"<body><p>Work &lt; {said[0]}<br>{said[1]}</p></body>")
    (folder / "plan.md").write_text(f"# Plan\n\na < b: {said[0]}, `x` {said[1]}\n")
    for suffix in DOCUMENTS[1:]:
        embed.attach(folder / f"plan.{suffix}", record)
    return {path.suffix[1:]: path.read_bytes() for path in folder.iterdir()}


def deck(record):
    """A deck with a claim in a text, in a table and in a chart with its own axis."""
    work, hours = record.claim(WORK), record.claim(HOURS)
    found = Presentation()
    slide = found.slides.add_slide(found.slide_layouts[5])
    slide.shapes.title.text = f"So: {work.form('full')}."
    embed.mark_shape(slide.shapes.title, embed.mark(work))
    box = Inches(1), Inches(2), Inches(4), Inches(2)
    table = slide.shapes.add_table(2, 2, *box)
    table.table.cell(1, 0).text = work.form("short")
    table.table.cell(1, 1).text = hours.form("short")
    embed.mark_shape(table, embed.mark(work, "short", (1, 0)), embed.mark(hours, "short", (1, 1)))
    data = CategoryChartData()
    data.categories = ["Work", "Hours"]
    data.add_series("Mean", (work.value, hours.value))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *box, data)
    both = list(enumerate((work, hours)))
    chart.chart._chartSpace.xpath(".//c:ser/c:cat")[0].addprevious(error_bars(work, hours))
    embed.mark_shape(
        chart,
        *(embed.mark(c, form, (0, p)) for p, c in both for form in ("value", "low", "high")),
    )
    slide.notes_slide.notes_text_frame.text = work.card()
    embed.attach_to_pptx(found, record)
    return found


def error_bars(*claims):
    """Error bars of a series, to the ends of the intervals of some claims."""
    ends = {
        "plus": [claim.high - claim.value for claim in claims],
        "minus": [claim.value - claim.low for claim in claims],
    }
    points = {
        end: "".join(f'<c:pt idx="{i}"><c:v>{x!r}</c:v></c:pt>' for i, x in enumerate(lengths))
        for end, lengths in ends.items()
    }
    inner = "".join(f"<c:{e}><c:numLit>{text}</c:numLit></c:{e}>" for e, text in points.items())
    return parse_xml(f'<c:errBars xmlns:c="{documents.CHART[1:-1]}">{inner}</c:errBars>')


@pytest.fixture
def written(files, tmp_path):
    """Write one of the files, or other bytes, and give its path."""

    def write(suffix, data=None):
        path = tmp_path / f"plan.{suffix}"
        path.write_bytes(files[suffix] if data is None else data)
        return path

    return write


# Every format.


@pytest.mark.parametrize("suffix", [*FIGURES, *DOCUMENTS])
def test_a_file_holds_the_whole_record_of_its_run(suffix, written, record):
    (found,) = embed.read(written(suffix)).records
    assert run_record.dumps(found) == run_record.dumps(record)


@pytest.mark.parametrize("suffix", [*FIGURES, *DOCUMENTS])
def test_a_file_answers_identical_on_other_threads_though_the_scenario_has_changed(
    suffix, written, record
):
    found = sim.check(written(suffix), threads=2)
    assert found.ok, found.text()
    assert found.counts == {
        "identical": len(record.claims), "within 1e-9": 0, "within simulation error": 0,
        "different": 0,
    }  # fmt: skip
    assert not found.differences, found.differences
    assert found.quoted == {"pptx": 9, "html": 2, "md": 2}.get(suffix, 0)


@pytest.mark.parametrize("suffix", [*FIGURES, *DOCUMENTS])
def test_a_number_edited_in_the_record_is_named(suffix, written, files, record):
    claim = record.claim(WORK)
    other = replace(claim, value=claim.value * 1.001)
    claims = tuple(other if found is claim else found for found in record.claims)
    forged = embed.seal([replace(record, claims=claims)], "none")
    write, _ = embed.FORMATS[f".{suffix}"]
    if suffix in ("html", "md"):
        text = files[suffix].decode().replace(repr(claim.value), repr(other.value))
        path = written(suffix, text.encode())
    elif suffix == "pptx":
        path = written(suffix, write(files[suffix], forged))
    else:
        plain = {"png": _without_text, "svg": _without_metadata, "pdf": _without_attachment}
        path = written(suffix, write(plain[suffix](files[suffix]), forged))
    found = sim.check(path, threads=1)
    assert not found.ok
    (number,) = [number for number in found.numbers if number.verdict == "different"]
    assert number.was.id == WORK
    assert str(number) in found.text()


def _without_text(data):
    start = data.index(b"iTXt") - 4
    return data[:start] + data[start + 12 + struct.unpack(">I", data[start : start + 4])[0] :]


def _without_metadata(data):
    start, end = data.index(b'<metadata id="tier'), data.rindex(b"</metadata>")
    return data[:start] + data[end + 12 :]


def _without_attachment(data):
    writer, out = PdfWriter(), io.BytesIO()
    writer.append_pages_from_reader(PdfReader(io.BytesIO(data)))
    writer.write(out)
    return out.getvalue()


# Edits by hand.


def edit_title(slide):
    slide.shapes.title.text = slide.shapes.title.text.replace("expert-h", "person-h")
    return WORK


def edit_digit(slide):
    run = slide.shapes.title.text_frame.paragraphs[0].runs[0]
    digit = next(c for c in run.text if c.isdigit())
    run.text = run.text.replace(digit, str((int(digit) + 1) % 10), 1)
    return WORK


def edit_cell(slide):
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    table.cell(1, 1).text = table.cell(1, 0).text
    return HOURS


def edit_error_bar(slide):
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    point = chart._chartSpace.findall(f".//{documents.CHART}plus//{documents.CHART}v")[1]
    point.text = repr(float(point.text) / 2)
    return HOURS


def edit_chart(slide):
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    data = CategoryChartData()
    data.categories = ["Work", "Hours"]
    first, second = chart.plots[0].series[0].values
    data.add_series("Mean", (first, second * 1.01))
    chart.replace_data(data)
    return HOURS


@pytest.mark.parametrize("edit", [edit_title, edit_digit, edit_cell, edit_chart, edit_error_bar])
def test_a_number_edited_in_a_deck_fails_the_check_and_is_named(edit, files, written, capsys):
    opened, out = Presentation(io.BytesIO(files["pptx"])), io.BytesIO()
    name = edit(opened.slides[0])
    opened.save(out)
    path = written("pptx", out.getvalue())
    line, *more = sim.check(path, threads=1).edited  # a bar's ends move with it
    assert line.startswith("slide 1, ")
    assert all(f"{name}: shows " in each for each in (line, *more))
    code, said, _ = tiercurve("check", path, "--threads", 1, capsys=capsys)
    assert code == 1
    assert line in said


def test_a_number_typed_anew_without_its_mark_is_missed_and_named(files, written):
    opened, out = Presentation(io.BytesIO(files["pptx"])), io.BytesIO()
    title = opened.slides[0].shapes.title
    title.text = "We deliver 9,999 expert-h"
    properties = title._element._nvXxPr.cNvPr
    properties.remove(properties[-1])  # the extension that holds its mark
    opened.save(out)
    (line,) = sim.check(written("pptx", out.getvalue()), threads=1).edited
    assert line.startswith(f"claim:{WORK}#full: quoted when written, and marked no more")
    data = files["md"].replace(b"<span data-claim", b"<span data-other", 1)
    (line,) = sim.check(written("md", data), threads=1).edited
    assert WORK in line


def test_words_around_a_quoted_number_are_free(files, written):
    opened, out = Presentation(io.BytesIO(files["pptx"])), io.BytesIO()
    title = opened.slides[0].shapes.title
    title.text = f"In a nutshell, {title.text} See appendix."
    opened.save(out)
    assert sim.check(written("pptx", out.getvalue()), threads=1).ok


@pytest.mark.parametrize("suffix", DOCUMENTS[1:])
def test_a_number_edited_in_a_report_is_named(suffix, files, written, record):
    full = record.claim(WORK).form("full")
    shown, place = full.encode(), files[suffix].index(b"data-claim")
    at = files[suffix].index(shown, place)
    data = files[suffix][:at] + b"9" + files[suffix][at:]
    (line,) = sim.check(written(suffix, data), threads=1).edited
    assert f'{WORK}: shows "9{full}", must show "{full}"' in line


def test_a_quote_of_what_is_not_in_the_record_is_named(files, written):
    data = files["md"].replace(b"claim:hours_agent", b"claim:hours_invented")
    line, *_ = sim.check(written("md", data), threads=1).edited
    assert "hours_invented/mean/small, which is not in its record" in line


def test_a_figure_that_was_drawn_over_is_said_to_be(files, written):
    data = files["svg"].replace(b"expert-h", b"expert-H", 1)
    found = sim.check(written("svg", data), threads=1)
    assert not found.ok
    assert found.altered == (check.REDRAWN,)


def test_a_png_that_is_only_compressed_anew_is_as_it_was_drawn(files, written):
    from PIL import Image, PngImagePlugin

    with Image.open(io.BytesIO(files["png"])) as image:
        info, out = PngImagePlugin.PngInfo(), io.BytesIO()
        info.add_itxt(envelope.KEY, image.info[envelope.KEY], zip=True)
        image.save(out, "PNG", pnginfo=info, compress_level=1)
    assert out.getvalue() != files["png"]
    assert sim.check(written("png", out.getvalue()), threads=1).ok


def test_levers_edited_in_the_record_are_said_not_to_be_those_that_ran(files, written):
    data = files["md"].replace(b'"weeks":6', b'"weeks":5')
    found = sim.check(written("md", data), threads=1)
    assert not found.ok
    assert found.altered == ("small: its levers are not those of the scenario that was run",)


# Marks.


@pytest.mark.parametrize(
    ("text", "forms", "lost"),
    [
        ("about 12 to 30 h", ["12"], []),
        ("about 120 to 30 h", ["12"], ["12"]),
        ("about 1,012 h", ["12"], ["12"]),
        ("about 12.5 h", ["12"], ["12"]),
        ("about 12, or more", ["12"], []),
        ("about 12.", ["12"], []),
        ("about −12 h", ["12"], ["12"]),
        ("about −12 h", ["−12"], []),
        ("about 12% of it", ["12"], ["12"]),
        ("12 and 12", ["12", "12"], []),
        ("12 and 13", ["12", "12"], ["12"]),
        ("12 (1 to 30)\nand 12", ["12", "12 (1 to 30)"], []),
    ],
)
def test_a_printed_number_is_found_as_a_whole_and_once_for_each_mark(text, forms, lost):
    found = envelope.missing(text, dict(enumerate(forms)))
    assert [forms[key] for key in found] == lost


def test_a_mark_is_read_as_it_was_written(record):
    claim = record.claim(WORK)
    for form, cell in (("full", None), ("short", (3, 12)), ("value", (0, 0))):
        written = envelope.Mark(claim.id, form, cell)
        assert envelope.marks_in(embed.mark(claim, form, cell)) == (written,)


# Verdicts.


def test_verdicts_follow_the_size_of_what_has_changed(record):
    """Rounding is 1e-9 of the largest; chance is 4 standard errors of a difference, if at all."""
    was = record.claim(WORK)
    noise = replace(was, value=was.value + 3 * was.error)
    far = replace(was, value=was.value + 8 * was.error)
    close = replace(was, value=was.value * (1 + 1e-12))
    assert verdicts.verdict(was, was, False) == "identical"
    assert verdicts.verdict(was, close, False) == "within 1e-9"
    assert verdicts.verdict(was, noise, False) == "different"
    assert verdicts.verdict(was, noise, True) == "within simulation error"
    assert verdicts.verdict(was, far, True) == "different"
    assert verdicts.verdict(was, replace(was, shown=("9", *was.shown[1:])), True) == "different"


def test_text_edited_with_its_record_is_different_whatever_has_changed_since(record):
    was = record.claim(WORK)
    noise = replace(was, value=was.value + 3 * was.error)
    first, digit = was.shown[0], was.sentence.replace("2", "3").replace("1", "2")
    for text in (
        replace(was, shown=(f"9{first}", *was.shown[1:])),
        replace(was, sentence=digit),
        replace(was, sentence=was.sentence.replace("expert-h", "expert-h more")),
    ):
        for worded in (False, True):
            assert verdicts.verdict(text, was, True, worded) == "different"
    forged = replace(was, shown=(f"9{first}", *was.shown[1:]))
    assert verdicts.verdict(was, noise, True) == "within simulation error"
    assert verdicts.verdict(forged, noise, True) == "different"
    reworded = replace(was, sentence=f"So {was.sentence}")
    assert verdicts.verdict(reworded, was, False, worded=True) == "identical"
    assert verdicts.verdict(reworded, was, False, worded=False) == "different"


def test_an_older_record_is_as_recorded_and_still_fails_where_a_figure_is_typed_over(
    result, tmp_path
):
    """Earlier versions told three figures of every number, whatever its error."""
    with words.three_figures():
        earlier = result.run_record()
    assert earlier.claim(WORK).shown != result.run_record().claim(WORK).shown
    told = earlier.claim(WORK).form("full")
    path = tmp_path / "plan.md"
    path.write_text(f"{embed.span(earlier.claim(WORK))}\n")
    embed.attach(path, earlier)
    found = sim.check(path, threads=1)
    assert found.ok
    assert found.counts["identical"] == len(earlier.claims)
    was = earlier.claim(WORK)
    other = replace(was, shown=("9" + was.shown[0][1:], *was.shown[1:]))
    assert other.shown != was.shown
    forged = replace(earlier, claims=tuple(other if c is was else c for c in earlier.claims))
    path.write_text(f"{told}\n")
    embed.attach(path, forged)
    assert [n.was.id for n in sim.check(path, threads=1).numbers if n.verdict == "different"] == [
        WORK
    ]


def test_another_seed_is_within_simulation_error_where_other_worlds_may_have_run(result):
    """Means of other worlds differ by chance: 4 standard errors hold nearly all of them."""
    other = sim.run(result.scenario, draws=40, luck=2, seed=4, threads=1)
    made = {claim.id: claim for claim in sim.claims(other)}
    means = [claim for claim in sim.claims(result) if "/mean/" in claim.id]
    chance = [claim for claim in means if claim.error > 0]
    near = [verdicts.verdict(c, made[c.id], True) != "different" for c in chance]
    assert sum(near) >= 0.9 * len(chance)  # ends of intervals of 40 draws scatter more


def test_what_is_not_as_it_was_is_named(record):
    p = record.provenance["small"]
    then = p | {"engine_sources": "0" * 64, "packages": p["packages"] | {"numpy": "1.0"}}
    made = {claim.id: replace(claim, curves=("study 0",)) for claim in record.claims}
    lines = verdicts.differences(replace(record, provenance={"small": then}), made)
    assert [line.split(":")[0] for line in lines] == [
        "engine sources", "numpy", *["curve set of small"] * len(record.claims)
    ]  # fmt: skip
    assert "numpy: 1.0 then, " in lines[1]


# Other records.


def test_a_comparison_a_decision_and_an_analysis_run_again_from_their_figures(result, tmp_path):
    plan = result.scenario
    plans = {"as is": plan, "more": plan.replace({"team.expert": 2})}
    how = {"draws": 50, "luck": 2, "threads": 1}
    made = {
        "compare": sim.compare(plans, **how),
        "decide": sim.decide(plans, **how),
        "sensitivity": sim.sensitivity(
            plan, ["team_offset", "review_rate"], samples=32, luck=2, metrics=["tasks_done"],
            threads=1,
        ),
    }  # fmt: skip
    for name, found in made.items():
        path = figures.save(found.plot(), tmp_path / f"{name}.png")
        checked = sim.check(path, threads=2)
        assert checked.ok, checked.text()
        assert checked.counts["identical"] == len(sim.claims(found)) > 0
        (kept,) = check.carried(found.save(tmp_path / name)).records
        assert run_record.dumps(kept) == run_record.dumps(*embed.read(path).records)


def test_the_folder_of_a_saved_result_is_checked_too(result, tmp_path):
    found = sim.check(result.save(tmp_path / "kept"), threads=1)
    assert found.counts["identical"] == len(sim.claims(result))


def test_a_sweep_runs_again_point_by_point_in_the_metric_that_is_drawn(result, tmp_path):
    points = {"team.expert": [0, 1], "tool.profile": ["none", "claude-code-2026"]}
    found = sim.sweep(result.scenario, points, out=tmp_path / "mix", draws=6, luck=2, threads=1)
    path = figures.save(found.plot(metric="tasks_done"), tmp_path / "mix.svg")
    checked = sim.check(path, threads=1)
    assert checked.ok, checked.text()
    assert checked.counts["identical"] == 4
    table = found.summary("tasks_done")
    assert [number.now.value for number in checked.numbers] == list(table["mean"])
    assert checked.numbers[0].was.sentence.startswith("With expert engineers = 0, tool = none: ")


def test_tier_curves_are_made_again(result, tmp_path):
    found = sim.tier_curves(result.scenario, 50)
    checked = sim.check(figures.save(found.plot(), tmp_path / "curves.svg"))
    assert checked.ok, checked.text()
    rates = found.rates[found.rates["mean"].notna()]
    assert [n.now.value for n in checked.numbers][: len(rates)] == list(rates["mean"])


def test_what_cannot_be_run_again_says_where_it_is_from_in_one_line(result, tmp_path):
    found = sim.sensitivity(
        result.scenario, ["team_offset", "review_rate"], "morris", 4, 2, metrics=["tasks_done"],
        threads=1,
    )  # fmt: skip
    path = figures.save(found.plot(), tmp_path / "ranks.svg")
    with pytest.raises(CheckError, match=r"a Ranking cannot be run again from it yet$") as said:
        sim.check(path)
    assert "\n" not in str(said.value)
    assert embed.read(path).records[0].provenance["Ranking"]["method"] == "morris"


def test_two_records_that_say_different_things_under_one_name_are_refused(record):
    claim = record.claims[0]
    other = replace(claim, shown=("0", *claim.shown[1:]))
    with pytest.raises(CheckError, match="stands for two different numbers"):
        embed.seal([record, replace(record, claims=(other,))])


# Hostile files.


def bomb():
    """A PNG whose text chunk unpacks to 64 MB."""
    body = envelope.KEY.encode() + b"\0\1\0\0\0" + zlib.compress(b" " * 64_000_000, 9)
    chunk = b"iTXt" + body
    header = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = [
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in (header, chunk, b"IDAT" + zlib.compress(b"\0\0\0\0"), b"IEND")
    ]
    return images.SIGNATURE + b"".join(parts)


def huge(width):
    """A PNG that says it is very large, with hardly any pixels in it."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, width, 8, 2, 0, 0, 0)
    parts = [
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in (header, b"IDAT" + zlib.compress(b"\0" * 100), b"IEND")
    ]
    return images.SIGNATURE + b"".join(parts)


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(data, name, content):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, content)
    return out.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><metadata id="tiercurve-record">&b;</metadata></svg>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><metadata id="tiercurve-record">&x;</metadata></svg>'
)
HOSTILE = {
    "no such file": ("png", None, "cannot be read"),
    "another ending": ("exe", lambda files: b"MZ", "must end in one of"),
    "empty": ("pdf", lambda files: b"", "not a PDF file"),
    "a PNG by name": ("png", lambda files: files["pdf"], "not a PNG file"),
    "a PDF by name": ("pdf", lambda files: files["png"], "not a PDF file"),
    "an SVG by name": ("svg", lambda files: b"<html/>", "not an SVG file"),
    "a deck by name": ("pptx", lambda files: zipped(a="b"), "not a PowerPoint file"),
    "a page by name": ("html", lambda files: files["png"], "not UTF-8 text"),
    "PNG cut short": ("png", lambda files: files["png"][: len(files["png"]) // 2], "cut short"),
    "SVG cut short": ("svg", lambda files: files["svg"][:-100], "cut short"),
    "PDF cut short": ("pdf", lambda files: files["pdf"][:2000], "cut short"),
    "deck cut short": ("pptx", lambda files: files["pptx"][:9000], "cut short"),
    "page cut short": ("html", lambda files: files["html"][:-400], "run record"),
    "notes cut short": ("md", lambda files: files["md"][:-400], "damaged or cut short"),
    "PNG text bomb": ("png", lambda files: bomb(), "too large"),
    "XML laughs": ("svg", lambda files: LAUGHS, "declares XML entities"),
    "XML from outside": ("svg", lambda files: OUTSIDE, "declares XML entities"),
    "SVG script": (
        "svg", lambda files: files["svg"].replace(b"</svg>", b"<script>x()</script></svg>"),
        "holds a script",
    ),
    "SVG handler": (
        "svg", lambda files: files["svg"].replace(b"<svg ", b'<svg onload="x()" ', 1),
        "holds a script",
    ),
    "PDF script": ("pdf", lambda files: scripted(files["pdf"]), "holds a script"),
    "page script": (
        "html", lambda files: files["html"].replace(b"</body>", b"<script>x()</script></body>"),
        "holds a script",
    ),
    "notes script": ("md", lambda files: b"<script>x()</script>" + files["md"], "holds a script"),
    "macro": (
        "pptx", lambda files: with_part(files["pptx"], "ppt/vbaProject.bin", b"x"), "holds a macro"
    ),
    "path outside": (
        "pptx", lambda files: with_part(files["pptx"], "../../etc/passwd", b"x"), "path outside"
    ),
    "zip bomb": (
        "pptx", lambda files: with_part(files["pptx"], "ppt/big.xml", b" " * 110_000_000),
        "unpacks to over",
    ),
    "huge picture": ("png", lambda files: huge(12_000), "too large"),
    "larger picture": ("png", lambda files: huge(60_000), "too large"),
    "page link": (
        "html", lambda files: files["html"].replace(b"<p>", b"<p><a href='java\nscript:x()'>y</a>"),
        "holds a script",
    ),
    "page handler": (
        "html", lambda files: files["html"].replace(b"<p>", b"<p onclick='x()'>"), "holds a script"
    ),
    "page in a page": (
        "html", lambda files: files["html"].replace(b"<p>", b"<p><iframe src='//x'></iframe>"),
        "holds a script",
    ),
    "endless comments": ("md", lambda files: b"<!-- tiercurve-record " * 150_000, "record"),
    "endless elements": ("md", lambda files: b"<!-- x " * 500_000, "not one of ours"),
    "endless tags": ("html", lambda files: b"<a <!-- " * 90_000, "holds no run record"),
    "no record": ("html", lambda files: b"<p>Nothing</p>", "holds no run record"),
    "two records": ("md", lambda files: files["md"] * 2, "holds two run records"),
    "deep": ("html", lambda files: b"<p><b>" * 9000, "holds no run record"),
    "deep JSON": ("md", lambda files: b"<!-- tiercurve-record " + b"[" * 99999 + b" -->", "JSON"),
    "curve set outside": (
        "md", lambda files: files["md"].replace(b'"curves":"study"', b'"curves":"/etc/passwd"'),
        "a file outside of the record",
    ),
    "lever out of bounds": (
        "md", lambda files: files["md"].replace(b'"weeks":6', b'"weeks":-6'), "horizon.weeks"
    ),
    "years of work": (
        "md", lambda files: files["md"].replace(b'"draws":40', b'"draws":100000'), "a minute"
    ),
}  # fmt: skip


def scripted(data):
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(data))), io.BytesIO()
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_in_one_line(case, files, tmp_path, capsys):
    suffix, make, reason = HOSTILE[case]
    path = tmp_path / f"plan.{suffix}"
    if make is not None:
        path.write_bytes(make(files))
    code, out, said = tiercurve("check", path, capsys=capsys)
    assert code == 2
    assert out == ""
    assert said.count("\n") == 1
    assert said.startswith(f"tiercurve: plan.{suffix}: ")
    assert reason in said
    assert len(said) < 300


def test_a_file_larger_than_any_of_ours_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(embed, "MOST_BYTES", 1000)
    path = tmp_path / "plan.md"
    path.write_bytes(b" " * 1001)
    with pytest.raises(CheckError, match="larger than"):
        embed.read(path)


# The command.


def test_the_command_answers_for_machines(written, record, capsys):
    code, out, _ = tiercurve("check", written("png"), "--threads", 1, "--json", capsys=capsys)
    found = json.loads(out)
    assert code == 0
    assert found["ok"] is True
    assert [row["claim"] for row in found["numbers"]] == [claim.id for claim in record.claims]


def test_the_command_lists_every_number_when_asked(written, record, capsys):
    code, out, _ = tiercurve("check", written("svg"), "--threads", 1, "--all", capsys=capsys)
    assert code == 0
    assert all(claim.form("full") in out for claim in record.claims)


@pytest.mark.parametrize("suffix", FIGURES)
def test_a_figure_saved_by_matplotlib_itself_carries_its_record(suffix, result, record, tmp_path):
    path = tmp_path / f"plan.{suffix}"
    result.plot("hours").savefig(path)
    document = embed.read(path)
    assert document.as_drawn
    assert run_record.dumps(*document.records) == run_record.dumps(record)
