"""Every notebook runs from top to bottom, and holds no outputs in its file."""

import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient

from sim.engine import metrics

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def code_cells(path):
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    for cell in code_cells(path):
        assert cell.outputs == []
        assert cell.execution_count is None


SMALLEST = {  # what a cell states -> the least that will do
    r"\b(draws\W+)\d+": r"\g<1>50",
    r"\b(luck\W+)\d+": r"\g<1>2",
    r"\b(samples\W+)\d+": r"\g<1>32",
    r"\b(worlds\W+)\d+": r"\g<1>1000",
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_code_of_a_notebook_runs_from_top_to_bottom(path, tmp_path, monkeypatch):
    """In this process, with few worlds: what it calls is there, and takes what it is given."""
    monkeypatch.chdir(tmp_path)  # nothing depends on the folder
    names = {"__name__": "__main__"}
    for cell in code_cells(path):
        code = cell.source
        for stated, least in SMALLEST.items():
            code = re.sub(stated, least, code)
        exec(compile(code, path.name, "exec"), names)
    plt.close("all")


# One in a kernel each time, for cells and sliders are shown there; with all of them, minutes.
KERNEL = [
    pytest.param(path, marks=[pytest.mark.long] if path != NOTEBOOKS[0] else [], id=path.stem)
    for path in NOTEBOOKS
]


@pytest.mark.parametrize("path", KERNEL)
def test_a_notebook_runs_from_top_to_bottom_and_shows_its_figures(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},  # nothing depends on the folder
    )
    client.execute()
    widgets = json.dumps(notebook.metadata.get("widgets", {}))  # what sliders show
    assert '"output_type": "error"' not in widgets
    assert ("interact(" in "".join(c.source for c in notebook.cells)) == ("stdout" in widgets)
    for cell in notebook.cells:
        if cell.cell_type == "code" and ".plot()" in cell.source:
            assert any("image/png" in output.get("data", {}) for output in cell.outputs)
    assert keys_shown(notebook) == set()


def keys_shown(notebook):
    """Keys of metrics among the heads of rows of its tables, and in what it prints."""
    outputs = [one for cell in notebook.cells for one in cell.get("outputs", [])]
    tables = "".join(one.get("data", {}).get("text/html", "") for one in outputs)
    printed = " ".join(one.get("text", "") for one in outputs)
    shown = {*re.findall(r"<th>([^<]+)</th>", tables), *re.findall(r"[\w.]+", printed)}
    return {key for key in shown if "_" in key and key in metrics.NAMES}


def test_sliders_have_turns_beside_them_that_stand_without_a_kernel():
    """A page of a notebook shows no slider, and nothing of what one would show."""
    for path in NOTEBOOKS:
        cells = [cell.source for cell in code_cells(path)]
        for place, source in enumerate(cells):
            if called := re.search(r"\binteract\(\s*(\w+)", source):
                assert re.search(rf"^ +{called[1]}\(", cells[place - 1], re.MULTILINE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_in_the_catalogue(path):
    assert f"`{path.name}`" in (FOLDER / "README.md").read_text(encoding="utf-8")
