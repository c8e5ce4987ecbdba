"""Tables and sentences as text for a terminal, and as HTML for a notebook cell."""

import base64
import math
from html import escape

WIDTH = 100  # letters of a line in a terminal
DPI = 100  # of a figure in a cell


def number(value):
    """Three or four digits of a number, "-" where there is none."""
    if value is None or math.isnan(value):
        return "-"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def span(low, high):
    """An interval in words, or "-"."""
    return "-" if math.isnan(low) else f"{number(low)} to {number(high)}"


def grid(head, rows):
    """Lines of a table: first two columns to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in (head, *rows)) for i in range(len(head))]

    def line(row):
        cells = (
            str(cell).ljust(width) if i < 2 else str(cell).rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return [line(head), "  ".join("-" * width for width in widths), *map(line, rows)]


def plain(text):
    """With letters that every terminal has."""
    return text.replace("−", "-").replace("→", "->")


def cell(lines, head, rows, figure=None, caveats=()):
    """A record as HTML that stands alone: sentences, a table, a figure, caveats.

    lines, caveats : str, each a paragraph or an item
    head, rows : of the table
    figure : what has `png(dpi)` and `get_suptitle()`, optional
    """
    sentences = "".join(f"<p>{escape(line)}</p>" for line in lines)
    items = "".join(f"<li>{escape(line)}</li>" for line in caveats)
    more = f"<details><summary>Keep in mind</summary><ul>{items}</ul></details>" if items else ""
    return f"<div>{sentences}{_table(head, rows)}{_image(figure)}{more}</div>"


def _table(head, rows):
    heads = "".join(f"<th>{escape(str(name))}</th>" for name in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _image(figure):
    if figure is None:
        return ""
    data = base64.b64encode(figure.png(DPI)).decode()
    words = escape(" ".join(figure.get_suptitle().split()))
    return f'<img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'


def between(low, high):
    """An interval of two texts."""
    return f"{low} to {high}"
