"""The planning page in an HTML deck, read only: answers of a grid, and the script that shows them.

Nothing is asked of a server. Without the script, as where a page's policy forbids it, the section
says so and the deck reads as any other.

    uv run python -m sim.planning.view      after the page's modules have changed
"""

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path

from sim.embed import views
from sim.planning.bundle import bundle, style

PLACE = "tiercurve-view"
NAME = "view"  # of its section
TITLE = "Move it yourself"
ABOUT = (
    "Every answer was computed when the deck was made: by all runs of the deck where only the plan "
    "is chosen, elsewhere by fewer. Nothing is sent anywhere."
)
STILL = "Moving needs JavaScript; every number of this deck stands on the other slides without it."


def script() -> str:
    """The script of a deck: one module."""
    return bundle("deck")


def section(answers: str) -> str:
    """The section of a deck: a heading, the place, the answers as data and the script.

    answers : JSON, as `sim.planning.grid.grid` gives it
    """
    return "\n".join(
        [
            f'<section id="{NAME}" class="view">',
            f"<h2>{TITLE}</h2>",
            f"<p>{ABOUT}</p>",
            f'<div id="{PLACE}"><p>{STILL}</p></div>',
            views.data_block(views.ANSWERS, answers),
            views.data_block(views.STYLE, json.dumps(style())),
            views.script_block(script()),
            "</section>",
        ]
    )


def policy() -> str:
    """The element of a page's head that lets this script run, and nothing else load or leave."""
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'\">"
    )


def main() -> None:
    """List the checksum of the script among those that `tiercurve check` lets a deck hold."""
    listed = Path(str(files("sim.embed"))) / "views.txt"
    if views.checksum(script()) not in views.known():
        with listed.open("a", encoding="ascii") as file:
            file.write(f"{views.checksum(script())}\n")


if __name__ == "__main__":
    main()
