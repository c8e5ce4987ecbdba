"""A deck as one HTML page that needs nothing else: no script, no file, no address outside."""

import base64
import html

from sim.decks.content import Quote, Table, cards
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


def to_bytes(content, records):
    """A self-contained page; the same content gives the same bytes."""
    parts = "\n".join(map(_section, content.slides))
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(content.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{parts}\n</body>\n</html>\n"
    )
    return with_record(page.encode(), ".html", *records)


def shown(content):
    """The slides as HTML for a notebook cell, without a page around them."""
    return "\n".join(map(_section, content.slides))


def _section(slide):
    level = "h1" if slide.name == "title" else "h2"
    parts = [
        f'<section id="{slide.name}">' if slide.name != "register" else "<section>",
        f"<{level}>{line(slide.title)}</{level}>",
        *(f"<p>{line(words)}</p>" for words in slide.body),
        *([_table(slide.table)] if slide.table else []),
        *(f"{_chart(chart)}" for chart in slide.charts),
        *([_image(slide.picture.draw(size="inset"), slide.picture.says)] if slide.picture else []),
        _cards(slide),
        f"<footer>{html.escape(slide.foot)}</footer>",
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def line(words):
    """A line as HTML; each quote in a span that names its claim."""
    return "".join(
        span(piece.claim, piece.form) if isinstance(piece, Quote) else html.escape(piece, False)
        for piece in words
    )


def _table(table):
    head = "".join(f"<th>{line(words)}</th>" for words in table.header)
    rows = ("".join(f"<td>{line(words)}</td>" for words in row) for row in table.rows)
    return (
        f"<table>\n<tr>{head}</tr>\n" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "\n</table>"
    )


def chart_rows(chart):
    """The numbers of a chart as rows of lines, the header first."""
    named = len(chart.series) > 1
    header = [("",)] if not chart.across else [(chart.across,)]
    header += [(series.name if named else chart.axis,) for series in chart.series]
    rows = [
        [(str(place),), *((Quote(series.claims[p], "full"),) for series in chart.series)]
        for p, place in enumerate(chart.places)
    ]
    return [header, *rows]


def _chart(chart):
    from sim import figures

    head, *rows = chart_rows(chart)
    drawn = _image(figures.chart_figure(chart), chart.title)
    return f"{drawn}\n{_table(Table(tuple(head), tuple(rows), ()))}"


def _image(figure, says):
    from sim import figures

    data = base64.b64encode(figures.to_bytes(figure, "svg")).decode()
    return f'<img alt="{html.escape(says)}" src="data:image/svg+xml;base64,{data}">'


def _cards(slide):
    if not slide.claims:
        return ""
    said = html.escape("\n".join(cards(slide.claims)), False)
    return f"<details><summary>Claim cards</summary>\n{said}</details>"
