"""Pages that the project writes, by Axe, in Chromium: HTML decks and the documentation site.

Decks are marked `browser`: run by `uv run pytest -m browser`, with Debian's chromium installed. The
site takes minutes, and is marked `long`: run by `uv run --group docs pytest -m long`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from sim import decks

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "tests/planning/axe/axe.min.js").read_text(encoding="utf-8")
PLAN = """
title = "Train or hire?"
question = "Does training one novice deliver more?"
draws = 50
luck = 2
weeks = 10
analyses = ["break_even", "decision"]
[[plans]]
label = "today's team"
scenario = "two-years"
[[plans]]
label = "training"
scenario = "train-to-intermediate"
"""
VIEWS = [(1280, "light"), (390, "dark")]


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deck")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    out = folder / "plan.html"
    decks.deck(folder / "plan.toml", out, threads=1)
    return out


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the documentation site."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-q", str(ROOT / "docs"), str(folder)]
    subprocess.run(build, check=True)
    return folder


def faults(page, path):
    """What Axe finds on a page with all that folds opened, and its width where it is too wide."""
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 5
    wide = page.evaluate("document.documentElement.scrollWidth")
    told = [(path.name, "wide", wide)] if wide > page.viewport_size["width"] else []
    return told + [
        (path.name, one["id"], node["html"][:120], node.get("failureSummary"))
        for one in found["violations"]
        for node in one["nodes"][:2]
    ]


def view(chromium, width, theme):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    return context.new_page()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), [*VIEWS, (1280, "dark"), (390, "light")])
def test_axe_finds_no_violation_in_an_html_deck(chromium, deck, width, theme):
    assert faults(view(chromium, width, theme), deck) == []


@pytest.mark.long
@pytest.mark.parametrize(("width", "theme"), VIEWS)
def test_axe_finds_no_violation_on_any_page_of_the_site(chromium, site, width, theme):
    page = view(chromium, width, theme)
    """Of pages of code the list of modules alone: the others are made alike."""
    code = site / "_modules"
    pages = [path for path in sorted(site.rglob("*.html")) if code not in path.parents]
    pages.append(code / "index.html")
    assert len(pages) > 40
    assert [fault for path in pages for fault in faults(page, path)] == []


@pytest.mark.browser
def test_what_has_no_name_is_a_violation(chromium, tmp_path):
    """Axe does look: a button without words is told."""
    path = tmp_path / "bad.html"
    path.write_text("<html lang='en'><title>t</title><main><h1>H</h1><button></button></main>")
    assert "button-name" in {one[1] for one in faults(view(chromium, 1280, "light"), path)}
