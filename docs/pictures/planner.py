"""The pictures of the planning page in the README, light and dark: needs Debian's chromium.

uv run python docs/pictures/planner.py
"""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
SIZE = {"width": 1280, "height": 800}


def main():
    """Write planner-light.png and planner-dark.png: the example as it opens."""
    words = [sys.executable, "-m", "sim.cli.main", "plan", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium")
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox"]
                )
                for theme in ("light", "dark"):
                    page = browser.new_page(viewport=SIZE, color_scheme=theme)
                    page.goto(address)
                    page.wait_for_selector('.answer[data-last="true"]', timeout=120_000)
                    page.screenshot(path=FOLDER / f"planner-{theme}.png")
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
