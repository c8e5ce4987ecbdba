"""The pictures of the pages of questions, light and dark, and their texts for who cannot see them.

    uv run python docs/pictures/questions.py           all pages, in some minutes
    uv run python docs/pictures/questions.py worth     of one

Each page has one command that draws its picture. It is run here as it stands there, but for where
the picture goes; the text beside the picture is the title of the figure.
"""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

PICTURES = Path(__file__).parent
PAGES = PICTURES.parent / "questions"
COMMAND = re.compile(r"```sh\n(tiercurve .*)\n```")
ALT = re.compile(r"(?<=^:alt: ).*$", re.MULTILINE)


def main(names):
    """Draw the picture of each page, or of those named, and write its text into the page."""
    for page in sorted(PAGES.glob("*.md")):
        if names and page.stem not in names:
            continue
        text = page.read_text(encoding="utf-8")
        for theme in ("light", "dark"):
            draw(COMMAND.search(text).group(1), PICTURES / f"{page.stem}-{theme}.png", theme)
        title = Image.open(PICTURES / f"{page.stem}-light.png").text["Title"]
        page.write_text(ALT.sub(title.replace("\\", "\\\\"), text), encoding="utf-8")
        print(f"{page.stem}: {title}", flush=True)


def draw(command, picture, theme):
    """Run the command of a page in a folder of its own, with its picture written to `picture`."""
    words = shlex.split(command)[1:]
    words[words.index("--plot") + 1] = str(picture)
    words += ["--size", "page", "--theme", theme]
    with tempfile.TemporaryDirectory() as folder:
        for table in PAGES.glob("*.csv"):
            (Path(folder) / table.name).write_bytes(table.read_bytes())
        run = [sys.executable, "-m", "sim.cli.main", *words]
        subprocess.run(run, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(sys.argv[1:])
