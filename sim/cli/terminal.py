"""What is printed, made harmless to a terminal.

Questions, names and folders come from files of others. A control character in one could move the
cursor, rename the window or hide a word; a direction mark could turn the order of what is read.
"""

import contextlib
import re
import sys
from collections.abc import Iterator
from typing import Any, TextIO

# Control characters but for the ends of lines and tabs, marks that turn or hide text, lone
# surrogates (of names of files that are no text), and ends of lines that only some programs know.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def harmless(text: str) -> str:
    """A text in which a terminal obeys nothing: what it would obey stands as `\\u001b`.

    JSON reads the same from it, since it writes such characters so too.
    """
    return _HARMFUL.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


class CleanStream:
    """A stream of text that writes to another one, cleaned.

    stream  the other one, on which a bar of progress moves the cursor
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"text is written here, not {type(text).__name__}")
        self.stream.write(harmless(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        if name in ("buffer", "detach"):  # past which nothing would be cleaned
            raise AttributeError(name)
        return getattr(self.stream, name)


@contextlib.contextmanager
def clean_output() -> Iterator[None]:
    """Within it all that is printed, and said of errors, is cleaned."""
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(CleanStream, streams)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
