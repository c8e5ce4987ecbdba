"""The page in JupyterLab, driven in Chromium, and the notebook that was saved there as HTML.

Marked `lab`: run by `uv run --group lab pytest -m lab`, with Debian's chromium installed.
"""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import sim
from sim.planning.desk import EXAMPLE_STATE

pytestmark = pytest.mark.lab

WAIT = 180_000  # ms at most for what is waited for
NAME = "page.ipynb"
CELLS = ("import sim\npage = sim.planner()", "page")


def notebook():
    """A notebook that is not run yet: plain data."""
    cells = [
        {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "outputs": [], "source": text,
         "execution_count": None}
        for i, text in enumerate(CELLS)
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("lab")
    (made / NAME).write_text(json.dumps(notebook()), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def lab(folder):
    """The address of a JupyterLab that serves the folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ip=127.0.0.1",
        "--allow-root", "--IdentityProvider.token=of-the-test", "--ServerApp.port_retries=0",
    ]  # fmt: skip
    process = subprocess.Popen(words, cwd=folder, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(WAIT // 500):
            try:
                urllib.request.urlopen(f"{address}/api?token=of-the-test")
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def page(chromium, lab):
    """The notebook open in JupyterLab, its cells run, the page of the second at its last answer."""
    page = chromium.new_page(viewport={"width": 1500, "height": 1000})
    page.set_default_timeout(WAIT)
    page.goto(f"{lab}/lab/tree/{NAME}?token=of-the-test")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    for _ in range(6):  # JupyterLab hears nothing until all of it is there
        page.click(".jp-Cell >> nth=0")
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(WAIT / 12)
        if page.locator(".jp-OutputArea-output").count():
            break
    page.wait_for_selector('.answer[data-last="true"]')
    yield page
    page.close()


def test_a_slider_in_jupyterlab_moves_the_answer_and_what_is_typed_is_no_shortcut(page):
    first = page.inner_text(".sentence")
    assert "by 26 March 2027" in first
    page.locator("#control-deadline").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("by 2 April 2027 is").first.wait_for()
    page.wait_for_selector('.answer[data-last="true"]')
    assert page.inner_text(".sentence") != first
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator("#control-deadline").press("b")  # a new cell below, where a notebook hears it
    page.wait_for_timeout(500)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_the_notebook_exported_shows_the_picture_and_the_table(page, folder):
    page.keyboard.press("Control+s")
    for _ in range(WAIT // 500):
        saved = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if saved["cells"][1]["outputs"]:
            break
        page.wait_for_timeout(500)
    words = [sys.executable, "-m", "nbconvert", "--to", "html", NAME]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    text = Path(folder / NAME).with_suffix(".html").read_text(encoding="utf-8")
    shown = text[text.index("jp-OutputArea-child") :]
    assert re.search(r'<img alt="[^"]{20,}"[^>]*src="data:image/png;base64,', shown)
    opened = sim.planner()
    assert opened.state == EXAMPLE_STATE
    sentence = opened.record().sentences()[0]
    assert sentence[:40] in shown
    assert "<table" in shown
