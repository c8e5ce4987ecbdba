"""Run records and marks in HTML and Markdown: a block of data, and spans with `data-claim`."""

from sim.embed.envelope import KEY
from sim.embed.marks import Place, marks_in
from sim.errors import CheckError
from sim.extras import require

DATA = "application/json"
MOST_BYTES = 30_000_000
EMBEDDING = ("iframe", "object", "embed", "applet")
_SCHEME = "javascript:"


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


def marked_html(data):
    """The places of a page that quote claims."""
    return tuple(_places(_parsed(data)))


def marked_markdown(data):
    """The places of a Markdown file that quote claims."""
    return tuple(_places(_parsed(b"<div>" + data)))  # text alone is no page


def read_html(data):
    """The sealed text of a page, and the places that quote claims. Raises CheckError."""
    root = _parsed(data)
    return _only(root.xpath(f"//script[@id='{KEY}']/text()")), tuple(_places(root))


def read_markdown(data):
    """The sealed text of a Markdown file, and the places that quote claims. Raises CheckError."""
    places = marked_markdown(data)
    start, end = f"<!-- {KEY} ", " -->"
    _, *found = data.decode("utf-8").split(start)
    return _only([text.partition(end)[0] for text in found]), places


def _only(records):
    if len(records) != 1:
        raise CheckError("holds no run record" if not records else "holds two run records")
    return str(records[0])


def _parsed(data):
    """The elements of a page, or of the HTML in a Markdown file; a script is refused."""
    require("an HTML or Markdown deck", "lxml")
    from lxml import etree, html  # late: slow to import

    if len(data) > MOST_BYTES:
        raise CheckError(f"larger than {MOST_BYTES // 10**6} MB; not one of ours")
    try:
        text = data.decode("utf-8-sig")
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except UnicodeDecodeError:
        raise CheckError("not UTF-8 text") from None
    except (etree.LxmlError, ValueError, AssertionError):
        raise CheckError("not text that can be read") from None
    for element in root.iter(etree.Element):
        if _is_active(element):
            raise CheckError("holds a script")
    return root


def _is_active(element):
    """Whether an element would run something when the page is opened."""
    given = element.attrib
    link = any(_SCHEME in "".join(value.split()).lower() for value in given.values())
    handler = any(key.lower().startswith("on") for key in given)
    if element.tag == "script":
        return link or handler or given.get("type") != DATA
    return link or handler or element.tag in EMBEDDING


def _places(root):
    for element in root.iter():
        marks = marks_in(element.get("data-claim") or "") if isinstance(element.tag, str) else ()
        if marks:
            yield Place(f"line {element.sourceline}", marks, element.text_content())
