"""A deck as Markdown, with its figures as PNG files in a folder beside it."""

from sim.decks.content import Quote, cards
from sim.decks.page import chart_rows
from sim.embed import span, with_record

ESCAPED = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|"})


def to_bytes(content, records, folder):
    """The text of a Markdown file, and its figures: (bytes, dict of file name -> bytes).

    folder : name of the folder that will hold the figures
    """
    figures: dict[str, bytes] = {}
    parts = [_section(slide, folder, figures) for slide in content.slides]
    return with_record("\n\n".join(parts).encode(), ".md", *records), figures


def _section(slide, folder, figures):
    level = "#" if slide.name == "title" else "##"
    parts = [f"{level} {line(slide.title)}", *map(line, slide.body)]
    if slide.table:
        parts.append(_table((slide.table.header, *slide.table.rows)))
    for place, chart in enumerate(slide.charts, 1):
        file = f"{slide.name}-{place}.png"
        parts += [_image(_drawn(chart), chart.title, folder, file, figures)]
        parts += [_table(chart_rows(chart))]
    if slide.picture:
        file = f"{slide.name}.png"
        parts.append(
            _image(slide.picture.draw(size="inset"), slide.picture.says, folder, file, figures)
        )
    if slide.claims:
        said = "\n".join(f"    {words}" if words else "" for words in cards(slide.claims))
        parts.append(f"Claim cards:\n\n{said}")
    parts.append(f"*{slide.foot.translate(ESCAPED)}*")
    return "\n\n".join(parts)


def line(words):
    """A line as Markdown; each quote in a span that names its claim."""
    return "".join(
        span(piece.claim, piece.form) if isinstance(piece, Quote) else piece.translate(ESCAPED)
        for piece in words
    )


def _table(rows):
    head, *rest = ([line(words) for words in row] for row in rows)
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _drawn(chart):
    from sim import figures

    return figures.chart_figure(chart)


def _image(figure, says, folder, file, figures):
    from sim import figures as drawing

    figures[file] = drawing.to_bytes(figure, "png")
    return f"![{says.translate(ESCAPED)}]({folder}/{file})"
