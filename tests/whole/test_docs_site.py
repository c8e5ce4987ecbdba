"""What the pages of the documentation site say runs, is complete, and leads somewhere."""

import re
import runpy
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

import sim

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path for path in DOCS.glob("**/*.md") if path.name != "README.md")
TEXT = {path: path.read_text(encoding="utf-8") for path in PAGES}


def blocks(language):
    """(page, code) of every block of a language that stands on a page itself."""
    return [
        pytest.param(code, id=f"{path.stem}-{i}")
        for path, text in TEXT.items()
        for i, code in enumerate(re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S))
    ]


@pytest.mark.parametrize("code", blocks("python"))
def test_every_example_on_a_page_runs_as_it_stands(code):
    exec(code, {})


@pytest.mark.parametrize("code", blocks("toml"))
def test_every_scenario_on_a_page_loads(code, tmp_path):
    (tmp_path / "shown.toml").write_text(code, encoding="utf-8")
    assert sim.load(tmp_path / "shown.toml").headcount > 0


def test_every_public_name_is_in_the_reference_and_nothing_else():
    text = TEXT[DOCS / "api.md"]
    named = set(re.findall(r":: sim\.(\w+)$", text, re.M))
    assert named | {"design"} == set(sim.__all__)  # a module, whose functions are listed
    assert ":: sim.experiments.sweep.design\n" in text


def test_every_page_is_in_the_table_of_contents():
    listed = set(re.findall(r"^[\w/-]+$", TEXT[DOCS / "index.md"], re.M))
    for path in TEXT:
        name = path.relative_to(DOCS).with_suffix("").as_posix()
        assert name == "index" or name in listed or f"{name.rpartition('/')[0]}/index" in listed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_every_included_file_is_there(page):
    for target in re.findall(r"\]\(([^)#\s]+)", TEXT[page]):
        assert target.startswith("http") or (page.parent / target).exists(), target
    for target, rest in re.findall(r"^```{\w*include} (\S+)\n(.*?)^```", TEXT[page], re.M | re.S):
        included = (page.parent / target).read_text(encoding="utf-8")
        for mark in re.findall(r'^:(?:start-after|end-before): "(.+)"$', rest, re.M):
            assert included.count(f"{mark}\n") == 1, mark


@pytest.fixture
def conf(monkeypatch):
    """The site's settings, read without the generator."""
    for name in ("latex2mathml", "latex2mathml.converter", "docutils", "docutils.nodes"):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name, ModuleType(name)))
    monkeypatch.setattr(sys.modules["latex2mathml"], "converter", None, raising=False)
    monkeypatch.setattr(sys.modules["docutils"], "nodes", None, raising=False)
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    return runpy.run_path(str(DOCS / "conf.py"))


def test_links_between_files_become_links_between_pages(conf):
    root = DOCS.parent
    for file, page in conf["PAGES"].items():
        assert (root / file).is_file()
        assert (DOCS / f"{page}.md").is_file()
    mended = conf["mended"]
    text = "[a](scenarios/README.md) [b](sim/cli/main.py) [c](https://x.y/z) [d](docs/model.md#z)"
    assert mended(text, root, "index") == "[a](scenarios.md) b [c](https://x.y/z) [d](model.md#z)"
    assert mended("![p](figures/check.png)", root / "calibration", "calibration") == (
        "![p](../calibration/figures/check.png)"
    )


QUESTIONS = sorted((DOCS / "questions").glob("*.md"))


@pytest.mark.parametrize("page", QUESTIONS, ids=lambda page: page.stem)
def test_every_question_of_a_manager_has_a_picture_whose_text_is_its_title(page):
    """Light and dark, drawn by the one command of the page: `docs/pictures/questions.py`."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^```sh\n(.*)\n```", text, re.M)[0].count(f" --plot {page.stem}.png") == 1
    shown = re.findall(r"^```{image} (\S+)\n:class: only-(\w+)\n:alt: (.*)$", text, re.M)
    assert [theme for _, theme, _ in shown] == ["light", "dark"]
    for target, theme, alt in shown:
        assert target == f"../pictures/{page.stem}-{theme}.png"
        assert Image.open(page.parent / target).text["Title"] == alt
    assert f"](questions/{page.name})" in TEXT[DOCS / "questions.md"]


# What was learned from a record is not made again from a figure.
AGAIN = [page for page in QUESTIONS if not page.stem.startswith("own-")]


@pytest.mark.long
@pytest.mark.parametrize("page", AGAIN, ids=lambda page: page.stem)
def test_the_picture_of_a_question_says_what_its_record_gives_again(page):
    assert sim.check(DOCS / "pictures" / f"{page.stem}-light.png").ok
