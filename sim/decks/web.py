"""A deck as one HTML page that needs nothing else, and as Markdown with a folder of figures.

The page holds no file and no address outside, and no script but that of the view to move, where the
plan asks for one. What each slide rests on, its claim cards and its trace, is at the end. Each
quote stands in a span that names its claim; in Markdown a comment at the end names the claims of
each line.
"""

import html
import re
import textwrap

from sim import figures
from sim.decks.content import Quote, cards, chart_words, quotes, stated, text
from sim.embed import mark, markdown, span, with_record
from sim.planning import view

STYLE = """
:root { --ink: #222; --pale: #e3e3e3; --back: #fff; --note: #555; --mark: #0072b2;
  --worse: #a63f00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --pale: #444; --back: #1c1c1c; --note: #b8b8b8; --mark: #56b4e9;
    --worse: #ff9d5c; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back);
  max-width: 62rem; margin: 2rem auto; padding: 0 1.2rem; overflow-wrap: break-word; }
section { border-top: 3px solid var(--mark); margin: 2.5rem 0; padding-top: .8rem; }
h1 { font-size: 2rem; line-height: 1.2; } h2 { font-size: 1.3rem; line-height: 1.3; }
nav { font-size: .9rem; } nav ol { padding-left: 1.4rem; } a { color: var(--mark); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border-bottom: 1px solid var(--pale); padding: .35rem .6rem; text-align: left;
  vertical-align: top; }
svg { width: 100%; min-width: 38rem; height: auto; }
details { color: var(--note); font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
details.part { color: inherit; font-size: inherit; white-space: normal; }
@media (max-width: 40rem) {
  svg { min-width: 0; } div:has(> svg) { margin: 0 -1.1rem; }
  table { font-size: .7rem; } th, td { padding: .3rem .2rem; overflow-wrap: normal; }
}
@media print { section { break-inside: avoid; } details, nav { display: none; } }
"""
# Colours of ink and ground in a drawing, which follow the page's.
INKS = {"#222222": "--ink", "#555555": "--note", "#0072b2": "--mark"}
# Words in the colour of what is worse: darker than its marks, so that small letters are read.
_WORDS = re.compile(r"(<text [^>]*?fill: )#d55e00")
_GROUND = re.compile(r'(<g id="patch_\d+">\s*<path [^>]*?style="fill: )#ffffff')
_SIZE = re.compile(r' (width|height)="[\d.]+pt"')
_ABOUT = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
TRACES, RESTS = "traces", "What each section rests on"
MOST_NAME = 70  # letters of a title in the list of sections
ESCAPED = str.maketrans({c: f"\\{c}" for c in markdown.ESCAPES} | {"\n": " "})


def chart_rows(chart):
    """The numbers of a chart as rows of lines, the header first."""
    named = len(chart.series) > 1
    header = [(chart.across,), *((s.name if named else chart.axis,) for s in chart.series)]
    rows = [
        [(str(place),), *((Quote(series.claims[p], "short"),) for series in chart.series)]
        for p, place in enumerate(chart.places)
    ]
    return [header, *rows]


def drawn(slide):
    """The figures of a slide: (figure, words for it, rows of its numbers or None)."""
    for chart in slide.charts:
        yield figures.chart_figure(chart), chart_words(chart), chart_rows(chart)
    if slide.picture:
        yield slide.picture.draw(size="inset"), slide.picture.words, None


# ---- HTML ----------------------------------------------------------------------------------------


def to_html(content, records):
    """The bytes of a self-contained page; the same content gives the same bytes."""
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{view.policy() if content.view else ''}"
        f"<title>{html.escape(content.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{_contents(content)}\n<main>\n{shown(content)}\n{_view(content)}</main>\n"
        "</body>\n</html>\n"
    )
    return with_record(page.encode(), ".html", *records, stated=stated(content))


def _view(content):
    """The section with the view to move, where there is one."""
    return f"{view.section(content.view)}\n" if content.view else ""


def _contents(content):
    """The list of sections; the parts of a long table are one."""
    names = {slide.name: html.escape(_short(slide)) for slide in reversed(content.slides)}
    names = dict(reversed(names.items())) | {TRACES: RESTS}
    items = [f'<li><a href="#{name}">{words}</a></li>' for name, words in names.items()]
    if content.view:
        items.append(f'<li><a href="#{view.NAME}">{view.TITLE}</a></li>')
    return f'<nav aria-label="Sections"><ol>\n{"\n".join(items)}\n</ol></nav>'


def shown(content):
    """The slides as HTML for a notebook cell, without a page around them."""
    before = [None, *(slide.name for slide in content.slides)]
    sections = (
        _section(slide, slide.name != last)
        for slide, last in zip(content.slides, before, strict=False)
    )
    return "\n".join([*sections, _traces(content.slides)])


def _section(slide, first):
    """A slide as a section; the first of its name is where the list of sections leads."""
    level = "h1" if slide.name == "title" else "h2"
    parts = [
        f'<section id="{slide.name}">' if first else "<section>",
        f"<{level}>{_html(slide.title)}</{level}>",
        *(f"<p>{_html(words)}</p>" for words in slide.body),
    ]
    if slide.table:
        table = _html_table((slide.table.header, *slide.table.rows))
        parts.append(_folded("Show them", table) if slide.hidden else table)
    for figure, words, rows in drawn(slide):
        parts.append(_drawing(figure, words))
        parts += [_html_table(rows)] if rows else []
    return "\n".join([*parts, "</section>"])


def _traces(slides):
    """The section of what each slide rests on: its claim cards and its trace, folded."""
    parts = [f'<section id="{TRACES}">', f"<h2>{RESTS}</h2>"]
    for slide in slides:
        title = html.escape(_short(slide), False)
        lines = html.escape("\n".join(_trace(slide)), False)
        parts.append(f"<details><summary>{title}</summary>\n{lines}</details>")
    return "\n".join([*parts, "</section>"])


def _trace(slide):
    """What is needed to trace a slide, as lines: its claim cards, and its footnote."""
    return [*(cards(slide.claims) if slide.claims else ()), slide.foot]


def _short(slide):
    return textwrap.shorten(text(slide.title), MOST_NAME)


def _folded(name, inner):
    """A part of the page that is there to be looked up."""
    return f'<details class="part"><summary>{name}</summary>\n{inner}</details>'


def _drawing(figure, words):
    """A figure as an element of the page, in the page's colours, with words for who hears it."""
    _, _, drawing = figures.to_bytes(figure, "svg").decode().partition("<svg ")
    drawing = _ABOUT.sub("", drawing).replace("<title>Tiercurve figure</title>", "")
    head, end, rest = drawing.partition(">")
    for ink, name in INKS.items():
        rest = rest.replace(f": {ink}", f": var({name}, {ink})")
    rest = _WORDS.sub(r"\g<1>var(--worse, #a63f00)", rest)
    rest = _GROUND.sub(r"\g<1>var(--back, #ffffff)", rest)
    head = f'<svg aria-label="{html.escape(words)}" {_SIZE.sub("", head)}'
    return f'<div class="wide" tabindex="0">{head}{end}{rest.strip()}</div>'


def _html(words):
    """A line of a slide, each quote in a span that names its claim."""
    return "".join(
        span(piece.claim, piece.form) if isinstance(piece, Quote) else html.escape(piece, False)
        for piece in words
    )


def _html_table(rows):
    """A table whose first row and first column head the others; it scrolls where it is too wide."""
    head, *rest = rows
    cells = (_html(words) for words in head)  # what has no words heads nothing
    first = "".join(f'<th scope="col">{cell}</th>' if cell else "<td></td>" for cell in cells)
    lines = [f"<tr>{first}</tr>", *map(_html_row, rest)]
    return "\n".join(['<div class="wide" tabindex="0"><table>', *lines, "</table></div>"])


def _html_row(row):
    first, *others = row
    cells = "".join(f"<td>{_html(words)}</td>" for words in others)
    return f'<tr><th scope="row">{_html(first)}</th>{cells}</tr>'


# ---- Markdown ------------------------------------------------------------------------------------


def to_markdown(content, records, folder):
    """The bytes of a Markdown file, and its figures: dict of file name -> bytes.

    folder : name of the folder that will hold the figures
    """
    images: dict[str, bytes] = {}
    marked: list[tuple[str, list[str]]] = []
    parts = [part for slide in content.slides for part in _parts(slide, folder, images, marked)]
    parts += _rests(content.slides)
    text_ = "\n\n".join([*parts, markdown.block(marked)])
    return with_record(text_.encode(), ".md", *records, stated=stated(content)), images


def _parts(slide, folder, images, marked):
    """The paragraphs of a slide; its figures are put into `images`, its quotes into `marked`."""

    def shown(words):
        marked.append((text(words), [mark(quote.claim, quote.form) for quote in quotes(words)]))
        return text(words).translate(ESCAPED).strip()

    yield f"{'#' if slide.name == 'title' else '##'} {shown(slide.title)}"
    yield from map(shown, slide.body)
    if slide.table:
        yield _markdown_table((slide.table.header, *slide.table.rows), shown)
    for place, (figure, words, rows) in enumerate(drawn(slide), 1):
        file = f"{slide.name}-{place}.png" if rows else f"{slide.name}.png"
        images[file] = figures.to_bytes(figure, "png")
        yield f"![{words.translate(ESCAPED)}]({folder}/{file})"
        if rows:
            yield _markdown_table(rows, shown)


def _rests(slides):
    """The paragraphs of what each slide rests on, which a reader unfolds."""
    yield f"## {RESTS}"
    for slide in slides:
        title = html.escape(_short(slide), False)
        lines = html.escape("\n".join(_trace(slide)), False)
        yield f"<details><summary>{title}</summary>\n\n<pre>\n{lines}\n</pre>\n\n</details>"


def _markdown_table(rows, shown):
    head, *rest = ([shown(words) for words in row] for row in rows)
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
