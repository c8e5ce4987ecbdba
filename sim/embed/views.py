"""The view to move of a deck: what of a page may run, and how its answers are held to the record.

A page of ours runs one script at most, the view's, and only as a version of Tiercurve wrote it:
`views.txt` lists their checksums, the newest last.
"""

import hashlib
from importlib.resources import files

from sim.embed.lines import Line

ANSWERS, STYLE = "tiercurve-view-answers", "tiercurve-view-style"  # elements of data
MODULE = "module"
DIGITS = 15  # of the checksum of answers, as a reader sees it


def data_block(name: str, text: str) -> str:
    """JSON as an element of a page, named; nothing in it looks like markup."""
    return f'<script type="application/json" id="{name}">{quiet(text)}</script>'


def script_block(text: str) -> str:
    """A script of a page, as it stands."""
    return f'<script type="{MODULE}">{text}</script>'


def quiet(text: str) -> str:
    """JSON in which nothing looks like markup; it reads back as the same data."""
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text.replace("--", "-\\u002d")


def checksum(script: str) -> str:
    """The checksum of a script as `views.txt` lists it."""
    return hashlib.sha256(script.encode()).hexdigest()


def known() -> list[str]:
    """Checksums of the scripts that versions of Tiercurve wrote, the newest last."""
    listed = files(__package__).joinpath("views.txt").read_text(encoding="ascii")
    return [line for line in listed.splitlines() if not line.startswith("#")]


def is_ours(element) -> bool:
    """Whether a script of a page, an element of lxml, is one that Tiercurve wrote."""
    if dict(element.attrib) != {"type": MODULE}:
        return False
    return checksum(element.text or "") in known()


def stated(text: str) -> str:
    """What a deck states of its answers: a line that changes with any of them.

    text : of their element, as `quiet` gives it
    """
    number = int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10**DIGITS
    return f"answers of the view to move, by their checksum: {number}"


def lines_of(root) -> list[Line]:
    """The same of the answers that a page holds, from its root element of lxml."""
    found = root.xpath(f"//script[@id='{ANSWERS}']")
    return [Line("the view to move", stated(element.text or "")) for element in found]
