"""A deck as one HTML page that needs nothing else, and as Markdown with a folder of figures.

The page holds no script, no file and no address outside. Each quote stands in a span that names
its claim, in both.
"""

import base64
import html

from sim import figures
from sim.decks.content import Quote, cards, stated
from sim.embed import span, with_record

STYLE = """
:root { --ink: #222; --pale: #e3e3e3; --back: #fff; --note: #555; --mark: #0072b2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --pale: #444; --back: #1c1c1c; --note: #aaa; --mark: #56b4e9; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back);
  max-width: 62rem; margin: 2rem auto; padding: 0 1.2rem; }
section { border-top: 3px solid var(--mark); margin: 2.5rem 0; padding-top: .8rem; }
h1 { font-size: 2rem; line-height: 1.2; } h2 { font-size: 1.3rem; line-height: 1.3; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border-bottom: 1px solid var(--pale); padding: .35rem .6rem; text-align: left;
  vertical-align: top; }
img { max-width: 100%; background: #fff; }
details { color: var(--note); font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { color: var(--note); font-size: .8rem; }
@media print { section { break-inside: avoid; } details { display: none; } }
"""
MARKUP = "\\`*_[]#|!~"  # what Markdown makes more than text of, with <, > and &
ESCAPED = str.maketrans({c: f"\\{c}" for c in f"{MARKUP}<>&"} | {"\n": " "})
QUOTED = str.maketrans({c: f"&#{ord(c)};" for c in MARKUP})  # inside of an element


def line(words, escaped, quoted=str):
    """A line of a slide.

    escaped : makes plain text of the format
    quoted : makes the span of a quote, as HTML, fit for the format
    """
    return "".join(
        quoted(span(piece.claim, piece.form)) if isinstance(piece, Quote) else escaped(piece)
        for piece in words
    )


def chart_rows(chart):
    """The numbers of a chart as rows of lines, the header first."""
    named = len(chart.series) > 1
    header = [(chart.across,), *((s.name if named else chart.axis,) for s in chart.series)]
    rows = [
        [(str(place),), *((Quote(series.claims[p], "full"),) for series in chart.series)]
        for p, place in enumerate(chart.places)
    ]
    return [header, *rows]


def drawn(slide):
    """The figures of a slide: (figure, words for it, rows of its numbers or None)."""
    for chart in slide.charts:
        yield figures.chart_figure(chart), chart.title, chart_rows(chart)
    if slide.picture:
        yield slide.picture.draw(size="inset"), slide.picture.words, None


# ---- HTML ----------------------------------------------------------------------------------------


def to_html(content, records):
    """The bytes of a self-contained page; the same content gives the same bytes."""
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(content.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{shown(content)}\n</body>\n</html>\n"
    )
    return with_record(page.encode(), ".html", *records, stated=stated(content))


def shown(content):
    """The slides as HTML for a notebook cell, without a page around them."""
    return "\n".join(map(_section, content.slides))


def _section(slide):
    level = "h1" if slide.name == "title" else "h2"
    parts = [
        f'<section id="{slide.name}">' if slide.name != "register" else "<section>",
        f"<{level}>{_html(slide.title)}</{level}>",
        *(f"<p>{_html(words)}</p>" for words in slide.body),
    ]
    if slide.table:
        parts.append(_html_table((slide.table.header, *slide.table.rows)))
    for figure, words, rows in drawn(slide):
        data = base64.b64encode(figures.to_bytes(figure, "svg")).decode()
        parts.append(f'<img alt="{html.escape(words)}" src="data:image/svg+xml;base64,{data}">')
        parts += [_html_table(rows)] if rows else []
    if slide.claims:
        lines = html.escape("\n".join(cards(slide.claims)), False)
        parts.append(f"<details><summary>Claim cards</summary>\n{lines}</details>")
    return "\n".join([*parts, f"<footer>{html.escape(slide.foot)}</footer>", "</section>"])


def _html(words):
    return line(words, lambda piece: html.escape(piece, False))


def _html_table(rows):
    head, *rest = rows
    lines = [_html_row(head, "th"), *(_html_row(row, "td") for row in rest)]
    return "\n".join(["<table>", *lines, "</table>"])


def _html_row(row, tag):
    return f"<tr>{''.join(f'<{tag}>{_html(words)}</{tag}>' for words in row)}</tr>"


# ---- Markdown ------------------------------------------------------------------------------------


def to_markdown(content, records, folder):
    """The bytes of a Markdown file, and its figures: dict of file name -> bytes.

    folder : name of the folder that will hold the figures
    """
    images: dict[str, bytes] = {}
    parts = [part for slide in content.slides for part in _parts(slide, folder, images)]
    data = "\n\n".join(parts).encode()
    return with_record(data, ".md", *records, stated=stated(content)), images


def _parts(slide, folder, images):
    """The paragraphs of a slide; its figures are put into `images`."""
    yield f"{'#' if slide.name == 'title' else '##'} {_markdown(slide.title)}"
    yield from map(_markdown, slide.body)
    if slide.table:
        yield _markdown_table((slide.table.header, *slide.table.rows))
    for place, (figure, words, rows) in enumerate(drawn(slide), 1):
        file = f"{slide.name}-{place}.png" if rows else f"{slide.name}.png"
        images[file] = figures.to_bytes(figure, "png")
        yield f"![{words.translate(ESCAPED)}]({folder}/{file})"
        if rows:
            yield _markdown_table(rows)
    if slide.claims:
        lines = html.escape("\n".join(cards(slide.claims)), False)
        yield f"Claim cards:\n\n<pre>\n{lines}\n</pre>"
    yield f"*{slide.foot.translate(ESCAPED)}*"


def _markdown(words):
    return line(words, lambda piece: piece.translate(ESCAPED), _quoted).strip()


def _quoted(element):
    """A span whose text is no Markdown either; it reads back as the same text."""
    tag, end, rest = element.partition(">")
    text, _, tail = rest.rpartition("<")
    text = text.translate(QUOTED).replace("\n", " ")
    return f"{tag.replace('|', '&#124;')}{end}{text}<{tail}"


def _markdown_table(rows):
    head, *rest = ([_markdown(words) for words in row] for row in rows)
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
