"""How much room text takes, estimated without drawing it: wide rather than narrow."""

import textwrap

LETTER = 0.58  # mean width of a letter over its size in a wide face; 0.49 in Calibri
BOLD = 1.1  # how much wider bold letters are
LINE = 1.2  # height of a line over the size of its letters
GAP = 0.5  # space after a paragraph over the size of its letters


def lines(text, size, width):
    """Lines that a text takes.

    size : of the letters [pt]
    width : of the box [inch]
    """
    letters = max(4, int(width * 72 / (LETTER * size)))
    return sum(max(1, len(textwrap.wrap(part, letters))) for part in text.split("\n"))


def height(texts, size, width, gap=GAP):
    """Height that paragraphs take [inch]."""
    rows = sum(lines(text, size, width) for text in texts)
    return (rows * LINE + max(0, len(texts) - 1) * gap) * size / 72


def size(texts, width, room, most, least):
    """The largest size [pt] at which paragraphs fit into a box, or `least` if none does."""
    for found in range(most, least, -1):
        if height(texts, found, width) <= room:
            return found
    return least


def row_heights(rows, size_, widths, padding=0.12):
    """Height of each row of a table [inch]: rows of texts, widths of columns [inch]."""
    return [
        max(lines(text, size_, width - 0.25) for text, width in zip(row, widths, strict=True))
        * size_ * LINE / 72 + padding
        for row in rows
    ]  # fmt: skip


def table_size(rows, widths, room, most, least):
    """The largest size [pt] at which a table fits into a height, or `least`."""
    for found in range(most, least, -1):
        if sum(row_heights(rows, found, widths)) <= room:
            return found
    return least
