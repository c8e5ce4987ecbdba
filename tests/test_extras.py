"""What needs a library of an extra says so in one line; nothing else needs one."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sim
from sim import extras
from sim.errors import ExtraError

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PLAN = sim.load("baseline").replace({"horizon.weeks": 2})
PLANS = [{"scenario": "baseline"}, {"scenario": "no-tool"}]


def library(requirement):
    return requirement.split(">")[0].split("[")[0].lower()


@pytest.fixture
def bare(monkeypatch):
    """As if the package were installed without its extras."""
    monkeypatch.setattr(extras, "find_spec", lambda module: None)
    for module in extras.LIBRARIES:
        monkeypatch.setitem(sys.modules, module, None)


def test_the_libraries_of_extras_are_in_the_extra_that_is_named_and_not_in_the_core():
    core = {library(line) for line in PROJECT["dependencies"]}
    for name, extra in extras.LIBRARIES.values():
        lines = PROJECT["optional-dependencies"][extra]
        assert name in {library(line) for line in lines}
        assert name not in core


def test_runs_comparisons_sweeps_analyses_and_their_figures_need_no_extra(tmp_path):
    code = f"""
import sys
for name in {list(extras.LIBRARIES)}:
    sys.modules[name] = None  # an import of it would fail
import sim
plan = sim.load("baseline").replace({{"horizon.weeks": 2}})
result = sim.run(plan, draws=2, luck=1)
result.plot().savefig({str(tmp_path / "run.svg")!r})
sim.compare(plan, plan.replace({{"team.expert": 3}}), draws=2, luck=1).plot().savefig(
    {str(tmp_path / "compare.png")!r})
sim.sweep(plan, {{"team.novice": [0, 1]}}, {str(tmp_path / "sweep")!r}, draws=2, luck=1).summary()
sim.sensitivity(plan, ["dev_share", "review_rate"], samples=32, luck=2).sentences()
assert sim.check({str(tmp_path / "compare.png")!r}, threads=1).ok
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize(("form", "extra"), [(".pptx", "deck"), (".html", "deck"), (".md", "deck")])
def test_a_deck_without_its_library_is_refused_before_anything_runs(bare, tmp_path, form, extra):
    stated = {"title": "t", "question": "q?", "plans": PLANS}
    with pytest.raises(ExtraError, match=rf"deck needs .*: pip install 'tiercurve\[{extra}\]'$"):
        sim.deck(stated, tmp_path / f"plan{form}")


def test_a_pdf_figure_without_its_library_is_refused_in_one_line(bare, tmp_path):
    with pytest.raises(ExtraError, match=r"needs pypdf: pip install 'tiercurve\[check\]'$"):
        sim.run(PLAN, draws=2, luck=1).plot().savefig(tmp_path / "run.pdf")


@pytest.mark.parametrize("name", ["run.svg", "run.pdf", "plan.pptx", "plan.html"])
def test_a_file_that_cannot_be_read_without_a_library_is_refused_in_one_line(bare, tmp_path, name):
    saved = {path.suffix: path for path in (ROOT / "tests" / "pins" / "saved").iterdir()}
    path = tmp_path / name
    path.write_bytes(saved[path.suffix].read_bytes())
    with pytest.raises(ExtraError, match=r"needs \S+: pip install 'tiercurve\[(check|deck)\]'$"):
        sim.check(path)
