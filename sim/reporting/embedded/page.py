"""Run records and marks in HTML and Markdown: a block of data, and spans with `data-claim`."""

import re
from html.parser import HTMLParser

from sim.reporting.embedded.envelope import KEY
from sim.reporting.embedded.errors import CheckError
from sim.reporting.embedded.marks import Place, marks_in

DATA = "application/json"
MOST_DEPTH = 500
VOID = frozenset(  # never closed
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_COMMENT = re.compile(rf"<!-- {KEY} (.*?) -->", re.DOTALL)


def html_block(text):
    """A sealed text as the element that carries it in HTML."""
    return f'<script type="{DATA}" id="{KEY}">{_quiet(text)}</script>'


def markdown_block(text):
    """A sealed text as the comment that carries it in Markdown."""
    return f"<!-- {KEY} {_quiet(text)} -->"


def _quiet(text):
    """JSON in which nothing looks like markup; it reads back as the same data."""
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text.replace("--", "-\\u002d")


def write_html(data, text):
    """The bytes of a page with a sealed text in it, at the end of its body."""
    page, block = data.decode("utf-8"), html_block(text)
    head, end, tail = page.rpartition("</body>")
    return (f"{head}{block}\n{end}{tail}" if end else f"{page}\n{block}\n").encode()


def write_markdown(data, text):
    """The bytes of a Markdown file with a sealed text in it, at its end."""
    return f"{data.decode('utf-8').rstrip()}\n\n{markdown_block(text)}\n".encode()


def read_html(data):
    """The sealed text of a page, and the places that quote claims. Raises CheckError."""
    found = _parsed(data)
    if len(found.records) != 1:
        raise CheckError("holds no run record" if not found.records else "holds two run records")
    return found.records[0], tuple(found.places)


def read_markdown(data):
    """The sealed text of a Markdown file, and the places that quote claims. Raises CheckError."""
    records = _COMMENT.findall(_text(data))
    found = _parsed(data)
    if len(records) != 1:
        raise CheckError("holds no run record" if not records else "holds two run records")
    return records[0], tuple(found.places)


def _text(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CheckError("not UTF-8 text") from None


def _parsed(data):
    text = _text(data)
    if "\0" in text:
        raise CheckError("not text")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


class _Reader(HTMLParser):
    """Collects the record's block and the text of each marked element; runs nothing."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.records, self.places = [], []
        self._open = []  # of elements: (tag, marks, pieces of text)
        self._data = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._refuse_active(tag, given)
        if tag == "script":
            self._data = [] if given.get("id") == KEY else None
        if tag in VOID:
            return
        if len(self._open) >= MOST_DEPTH:
            raise CheckError("nested too deeply")
        self._open.append((tag, marks_in(given.get("data-claim") or ""), []))

    def handle_startendtag(self, tag, attrs):
        self._refuse_active(tag, dict(attrs))

    def _refuse_active(self, tag, given):
        link = any("javascript:" in (value or "").lower() for value in given.values())
        handler = any(key.startswith("on") for key in given)
        if link or handler or (tag == "script" and given.get("type") != DATA):
            raise CheckError("holds a script")

    def handle_data(self, data):
        if self._data is not None:
            self._data.append(data)
            return
        for _, marks, pieces in self._open:
            if marks:
                pieces.append(data)

    def handle_endtag(self, tag):
        if tag == "script" and self._data is not None:
            self.records.append("".join(self._data))
            self._data = None
        if tag not in (name for name, _, _ in self._open):
            return
        while True:
            name, marks, pieces = self._open.pop()
            self._keep(marks, pieces)
            if name == tag:
                return

    def close(self):
        super().close()
        for _, marks, pieces in self._open:
            self._keep(marks, pieces)

    def _keep(self, marks, pieces):
        if marks:
            line = self.getpos()[0]
            self.places.append(Place(f"line {line}", marks, "".join(pieces)))
