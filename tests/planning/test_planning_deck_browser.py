"""A deck with a view to move, opened from the disk in Chromium: it moves, and asks for nothing.

Marked `browser`: run by `uv run pytest -m browser`, with Debian's chromium installed.
"""

from pathlib import Path

import pytest

import sim

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
PLAN = {
    "title": "Two plans", "question": "Which?", "draws": 50, "analyses": [], "interactive": True,
    "plans": [
        {"scenario": "done-by-march/today", "label": "today's team"},
        {"scenario": "done-by-march/hire", "label": "hiring a senior"},
        {"scenario": "done-by-march/train", "label": "training two juniors"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("deck") / "plan.html"
    sim.deck(PLAN, path)
    return path.as_uri()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_reader_moves_it_and_nothing_is_asked_of_anybody(chromium, address, width, theme):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(address)
    page.wait_for_selector('.answer[data-last="true"]')
    first = page.inner_text(".sentence")
    page.get_by_role("slider", name="Hours of a week that go into development").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "first => document.getElementById('tiercurve-view').firstChild.shadowRoot"
        ".querySelector('.sentence').textContent !== first",
        arg=first,
    )
    assert "8 h of 40" in page.locator(".controls").inner_text()
    page.get_by_role("combobox", name="Plan, against today's team").select_option("k1")
    page.get_by_text("2 trained towards intermediate").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture").click()
    assert "</svg>" in download.value.path().read_text(encoding="utf-8")
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_axe_finds_no_violation_in_the_deck_and_its_view(chromium, address):
    context = chromium.new_context(bypass_csp=True)  # for axe itself
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector('.answer[data-last="true"]')
    page.evaluate(AXE)
    found = page.evaluate("axe.run('#view').then((found) => found.violations)")
    assert [(one["id"], one["nodes"][0]["html"][:100]) for one in found] == []
    context.close()


def test_without_scripts_the_deck_reads_as_any_other_and_says_what_is_missing(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert "Moving needs JavaScript" in page.inner_text("#tiercurve-view")
    assert page.locator("main section").count() > 5
    context.close()
