"""A deck as a PowerPoint file: native text, tables and charts; claim cards in the notes."""

import io
import re
import zipfile
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from sim import files
from sim.decks import charts, layout
from sim.decks.content import Chart, Picture, Table, cards, chart_words, quotes, stated, text
from sim.embed import attach_to_pptx, documents, mark, mark_shape
from sim.errors import CheckError, DeckError

WIDE, HIGH = 13.333, 7.5  # of a slide without a template [inch]
OWN_TITLE = layout.Box(layout.MARGIN, 0.35, WIDE - 2 * layout.MARGIN, 1.1)
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
SMALL = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
LANGUAGE = "en-GB"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
# Okabe and Ito's colours in the place of the library's own: native tables and charts take them.
ACCENTS = ("0072B2", "D55E00", "009E73", "E69F00", "56B4E9", "CC79A7")
OFFICE = "http://schemas.microsoft.com/office/powerpoint/2010/main"
SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"  # of a list of sections [MS-PPTX 2.2]
DATED = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can state
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_DAY = b"2026-01-01T00:00:00Z"


def to_bytes(content, records, template=None):
    """A PowerPoint file; the same content gives the same bytes.

    records : RunRecords that travel in it
    template : Path of a .pptx whose look it takes, without its slides

    Raises DeckError, one line, for a template that cannot be used.
    """
    show = _opened(template)
    unit = Unit(show)
    area = _area(show, unit, template is not None)
    parts: dict = {}
    for slide in (part for whole in content.slides for part in layout.pages(whole, area)):
        parts.setdefault(slide.part, []).append(_add(show, slide, area, unit, template is not None))
    _divide(show, parts)
    show.core_properties.title = content.title
    show.core_properties.author = "Tiercurve"
    attach_to_pptx(show, *records, stated=stated(content))
    out = io.BytesIO()
    show.save(out)
    return same_bytes(out.getvalue())


def _divide(show, parts):
    """Put slides into sections, which PowerPoint lists, prints and folds by themselves.

    parts : dict, name of a section -> its slides; sections of a template go with its slides
    """
    root = show.part._element
    extensions = root.find(qn("p:extLst"))
    if extensions is None:
        extensions = parse_xml(f"<p:extLst {nsdecls('p')}/>")
        root.append(extensions)
    for old in extensions.findall(f"{qn('p:ext')}[@uri='{SECTIONS}']"):
        extensions.remove(old)
    sections = "".join(
        f'<p14:section name="{part}" id="{{{str(uuid5(NAMESPACE_OID, part)).upper()}}}">'
        f"<p14:sldIdLst>{''.join(f'<p14:sldId id="{one.slide_id}"/>' for one in slides)}"
        "</p14:sldIdLst></p14:section>"
        for part, slides in parts.items()
    )
    listed = f'<p14:sectionLst xmlns:p14="{OFFICE}">{sections}</p14:sectionLst>'
    extensions.append(parse_xml(f'<p:ext {nsdecls("p")} uri="{SECTIONS}">{listed}</p:ext>'))


def check_template(path):
    """Refuse a template that cannot be used, before anything runs: DeckError, one line."""
    if path is not None:
        _opened(path)


def _opened(template):
    """An empty presentation, of the template's look."""
    if template is None:
        return _plain()
    if Path(template).suffix.lower() in (".potx", ".potm", ".thmx"):
        raise DeckError(f"{template}: a template of PowerPoint's own; open it and save it as .pptx")
    try:
        data = files.content(Path(template))
        show = Presentation(io.BytesIO(documents.safe_archive(data)))
        for entry in list(show.slides._sldIdLst):
            show.part.drop_rel(entry.rId)
            show.slides._sldIdLst.remove(entry)
        _layout(show)
    except (DeckError, CheckError) as error:
        raise DeckError(f"{template}: {error}") from None
    except (OSError, MemoryError) as error:
        raise DeckError(f"{template}: cannot be read: {files.reason(error)}") from None
    except Exception as error:  # whatever a file that is none makes the library do
        kind = type(error).__name__
        raise DeckError(f"{template}: not a .pptx file that can be read ({kind})") from None
    return show


def _plain():
    """The library's own look, on a wide slide."""
    show = Presentation()
    scale = Inches(WIDE) / show.slide_width
    master = show.slide_master
    for shape in (s for part in (master, *master.slide_layouts) for s in part.placeholders):
        shape.left, shape.top, shape.width, shape.height = (
            Emu(int(shape.left * scale)), shape.top, Emu(int(shape.width * scale)), shape.height,
        )  # fmt: skip
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    theme = master.part.part_related_by(RT.THEME)
    theme._blob = _recoloured(theme.blob)
    return show


def _recoloured(theme):
    """A theme's XML with ACCENTS as its accents."""
    for place, colour in enumerate(ACCENTS, 1):
        accent = re.compile(rb"(<a:accent%d>)\s*<a:srgbClr val=\"\w{6}\"/>" % place)
        theme = accent.sub(rb'\g<1><a:srgbClr val="' + colour.encode() + rb'"/>', theme)
    return theme


def _layout(show, opening=False):
    """The layout with a title and the fewest other places; for the opening one with a subtitle."""
    kinds = [
        (one, {p.placeholder_format.type for p in one.placeholders}) for one in show.slide_layouts
    ]
    if opening:
        for one, types in kinds:
            if types >= {PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.SUBTITLE}:
                return one
    titled = [(len(types - set(SMALL)), i) for i, (_, types) in enumerate(kinds)
              if PP_PLACEHOLDER.TITLE in types]  # fmt: skip
    if not titled:
        raise DeckError("not one of its layouts has a title")
    return kinds[min(titled)[1]][0]


class Unit:
    """Inches and points of a wide slide, on a slide of any width: it is shown as large."""

    def __init__(self, show):
        self.scale = show.slide_width / Inches(WIDE)
        self.high = self.back(show.slide_height)

    def inch(self, length):
        return Emu(round(Inches(1) * length * self.scale))

    def point(self, size):
        return Pt(size * self.scale)

    def back(self, length):
        """A length of the file [EMU] in inches of a wide slide."""
        return length / Inches(1) / self.scale


def _area(show, unit, branded):
    """What is left of a slide below its title."""
    bottom = OWN_TITLE.bottom
    if branded:
        (title,) = (p for p in _layout(show).placeholders if p.placeholder_format.type in TITLES)
        bottom = unit.back(title.top + title.height)
    return layout.room(WIDE, unit.high, bottom)


def _add(show, slide, area, unit, branded):
    opening = slide.name == "title"
    added = show.slides.add_slide(_layout(show, opening))
    if not (opening and _opening(added, slide, unit, branded)):
        _title(added, slide, unit, branded)
        for placed in layout.arrange(slide, area):
            _put(added, placed, unit)
    for place in list(added.placeholders):  # places of the layout that stay empty
        if place.has_text_frame and not place.text_frame.text:
            place._element.getparent().remove(place._element)
    if slide.hidden:
        added._element.set("show", "0")
    added.notes_slide.notes_text_frame.text = "\n".join(_notes(slide))
    for part in (added, added.notes_slide):
        _speak(part._element)
    return added


def _notes(slide):
    """Speaker notes: the claim cards of what the slide quotes."""
    lines = cards(slide.claims) if slide.claims else [f"{slide.name}: quotes no result."]
    return [*lines, "", f"Trace: {slide.foot}"]


def _speak(element):
    """State the language of every run of text, for those who have it read out."""
    for kind in ("r", "endParaRPr"):
        for run in element.iter(f"{{{DRAWING}}}{kind}"):
            properties = run.get_or_add_rPr() if kind == "r" else run
            properties.set("lang", LANGUAGE)


def _opening(added, slide, unit, branded):
    """Fill the title and subtitle of an opening slide; False where they do not fit."""
    title = added.shapes.title
    places = [p for p in added.placeholders if p.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE]
    if not places:
        return False
    subtitle = places[0]
    if not branded:
        _place(title, layout.Box(0.9, 1.5, WIDE - 1.8, 1.6), unit)
        _place(subtitle, layout.Box(0.9, 3.4, WIDE - 1.8, 2.4), unit)
    ends = unit.back(max(title.top + title.height, subtitle.top + subtitle.height))
    if ends > layout.foot(WIDE, unit.high).top:
        return False
    _fill(title.text_frame, [text(slide.title)])
    _size(title.text_frame, _fitted(title, unit, layout.OPENING), unit, bold=True)
    _fill(subtitle.text_frame, [text(line) for line in slide.body])
    _size(subtitle.text_frame, _fitted(subtitle, unit, layout.SUBTITLE), unit)
    return True


def _fitted(shape, unit, most):
    """The size at which the text of a shape fits it [pt of a wide slide]."""
    texts = [paragraph.text for paragraph in shape.text_frame.paragraphs]
    width, high = (unit.back(side) - 0.2 for side in (shape.width, shape.height))
    return layout.fitting(texts, width / layout.BOLD, high + 0.1, most, layout.LEAST)


def _title(added, slide, unit, branded):
    shape = added.shapes.title
    if not branded:
        _place(shape, OWN_TITLE, unit)
    shape.text_frame.text = text(slide.title)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _size(shape.text_frame, _fitted(shape, unit, layout.TITLE), unit, bold=True)
    for paragraph in shape.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
    _mark(shape, [slide.title])


def _place(shape, box, unit):
    shape.left, shape.top, shape.width, shape.height = map(unit.inch, box)


def _put(added, placed, unit):
    """Draw one item of a slide in its box."""
    what, box = placed.what, placed.box
    if isinstance(what, Table):
        _table(added, placed, unit)
    elif isinstance(what, Chart):
        size = placed.size * unit.scale
        shape, marks = charts.add(added.shapes, what, map(unit.inch, box), size)
        mark_shape(shape, *marks)
        _describe(shape, chart_words(what))
    elif isinstance(what, Picture):
        _picture(added, what, box, unit)
    else:
        texts = [text(line) for line in what]
        _mark(_text_box(added, box, texts, placed.size, "Text", unit), what)


def _text_box(added, box, texts, size, name, unit):
    shape = added.shapes.add_textbox(*map(unit.inch, box))
    shape.name = name
    shape.text_frame.word_wrap = True
    _fill(shape.text_frame, texts)
    _size(shape.text_frame, size, unit)
    return shape


def _fill(frame, texts):
    frame.text = texts[0]
    for words in texts[1:]:
        frame.add_paragraph().text = words


def _size(frame, size, unit, bold=None, gap=layout.SPACE):
    for paragraph in frame.paragraphs:
        paragraph.space_after = unit.point(gap * size)
        for run in paragraph.runs:
            run.font.size, run.font.bold = unit.point(size), bold


def _mark(shape, lines):
    """Say which claims the lines of a shape quote."""
    marks = [mark(quote.claim, quote.form) for line in lines for quote in quotes(line)]
    if marks:
        mark_shape(shape, *marks)


def _table(added, placed, unit):
    """A native table."""
    table, box, size = placed.what, placed.box, placed.size
    texts = layout.table_texts(table)
    shape = added.shapes.add_table(len(texts), len(texts[0]), *map(unit.inch, box))
    shape.name = "Table"
    native, widths = shape.table, layout.column_widths(table, box.width)
    for column, width in zip(native.columns, widths, strict=True):
        column.width = unit.inch(width)
    heights = layout.row_heights(texts, size, widths)
    for row, height in zip(native.rows, heights, strict=True):
        row.height = unit.inch(height)
    for r, c, line in table.cells:
        _cell(native.cell(r, c), text(line), size, unit)
    marks = [mark(q.claim, q.form, (r, c)) for r, c, line in table.cells for q in quotes(line)]
    if marks:
        mark_shape(shape, *marks)
    heads = ", ".join(filter(None, texts[0]))
    _describe(shape, f"Table of {len(texts) - 1} rows with the columns {heads}.")


def _cell(cell, words, size, unit):
    cell.text = words
    cell.margin_top = cell.margin_bottom = unit.inch(0.04)
    cell.margin_left = cell.margin_right = unit.inch(0.1)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    _size(cell.text_frame, size, unit, gap=0)


def _picture(added, picture, box, unit):
    """A figure, as large as its box allows, at the top left of it."""
    from sim import figures

    image = io.BytesIO(figures.to_bytes(picture.draw(size="inset"), "png", dpi=200))
    shape = added.shapes.add_picture(image, unit.inch(box.left), unit.inch(box.top))
    scale = min(unit.inch(box.width) / shape.width, unit.inch(box.height) / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    shape.name = "Figure"
    _describe(shape, picture.words)


def _describe(shape, words):
    """Give a shape the text that is read out in its place."""
    shape._element._nvXxPr.cNvPr.set("descr", words)


def same_bytes(data):
    """A zip (a .pptx or .xlsx) with its dates taken out, and those of workbooks inside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith(".xlsx"):
                part = same_bytes(part)
            elif name == "docProps/core.xml":
                part = _STAMP.sub(rb"\g<1>" + _DAY + rb"\g<2>", part)
            info = zipfile.ZipInfo(name, DATED)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, part)
    return out.getvalue()
