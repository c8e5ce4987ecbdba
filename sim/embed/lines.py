"""The lines of a document as its reader sees them: paragraphs, rows of tables, speaker notes.

A row is one line, its cells with " | " between. What is only drawn is not among them.
"""

import html
import re
from typing import NamedTuple

CELLS = " | "  # between cells of a row
_TEXTS = ("h1", "h2", "h3", "h4", "p", "li", "details", "footer", "pre")
# What stands for something else in a line of Markdown: an escaped mark, an element, an entity.
_MARKED = re.compile(r"\\([\\`*_\[\]#|!~<>&])|</?\w[^<>]*>|(&#?\w{1,31};)")
_IMAGE = re.compile(r"!\[(.*)\]\([^()]*\)")
_BETWEEN = re.compile(r"(?<!\\)\|")


class Line(NamedTuple):
    """A line of a document.

    where  for people: "slide 3", "notes of slide 3", "line 12"
    text   with every run of blanks as one space
    """

    where: str
    text: str


def of(where, *texts):
    """Lines of some texts, each at its ends of lines; those without text are left out."""
    rows = (row for text in texts for row in text.splitlines())
    return [Line(where, plain) for row in rows if (plain := " ".join(row.split()))]


def row(where, cells):
    """The line of a row of a table."""
    return of(where, CELLS.join(" ".join(cell.split()) for cell in cells))


# ---- PowerPoint ----------------------------------------------------------------------------------


def of_pptx(presentation):
    """Lines of a presentation of python-pptx: list of Line."""
    lines = []
    for number, slide in enumerate(presentation.slides, 1):
        lines += _of_shapes(f"slide {number}", slide.shapes)
        if slide.has_notes_slide:
            lines += _of_shapes(f"notes of slide {number}", slide.notes_slide.shapes)
    return lines


def _of_shapes(where, shapes):
    for shape in shapes:
        if hasattr(shape, "shapes"):  # a group
            yield from _of_shapes(where, shape.shapes)
        elif getattr(shape, "has_chart", False):
            if shape.chart.has_title:
                yield from of(where, shape.chart.chart_title.text_frame.text)
        elif getattr(shape, "has_table", False):
            for cells in shape.table.rows:
                yield from row(where, [cell.text for cell in cells.cells])
        elif shape.has_text_frame:
            yield from of(where, *(part.text for part in shape.text_frame.paragraphs))


# ---- HTML and Markdown ---------------------------------------------------------------------------


def of_html(root):
    """Lines of a page, from its root element of lxml: list of Line."""
    lines = []
    for element in root.iter(*_TEXTS, "tr", "img", "svg"):
        where = f"line {element.sourceline}"
        if element.tag == "tr":
            lines += row(where, [cell.text_content() for cell in element])
        elif element.tag == "img":
            lines += of(where, element.get("alt") or "")
        elif element.tag == "svg":
            lines += of(where, element.get("aria-label") or "")
        else:
            lines += of(where, element.text_content())
    return lines


def of_markdown(text):
    """Lines of a Markdown file as `sim.decks` writes it: list of Line."""
    lines, block = [], False
    for number, raw in enumerate(text.splitlines(), 1):
        where = f"line {number}"
        if raw.strip() in ("<pre>", "</pre>"):
            block = raw.strip() == "<pre>"
        elif block:
            lines += of(where, html.unescape(raw))
        elif raw.startswith("|"):
            lines += row(where, map(_plain, _BETWEEN.split(raw.strip())[1:-1]))
        elif image := _IMAGE.fullmatch(raw.strip()):
            lines += of(where, _plain(image[1]))
        else:
            lines += of(where, _plain(raw.lstrip("#").strip().strip("*")))
    return lines


def _plain(text):
    """The text of Markdown as it is shown: without elements, escapes and entities."""
    return _MARKED.sub(lambda m: m[1] or html.unescape(m[2] or ""), text).strip()
