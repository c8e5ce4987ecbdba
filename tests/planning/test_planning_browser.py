"""The page in Chromium: a journey by mouse and keyboard, wide and narrow, in both themes.

Marked `browser`: run by `uv run pytest -m browser`, with Debian's chromium installed.
"""

import contextlib
import re
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import expect

import sim
from sim.planning import sockets

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
TOKEN = "of-the-test"
SERVE = """
from sim.planning import desk, server, sockets
server.serve(desk.example(), sockets.listening({port}), {token!r})
"""
LAST = '.answer[data-last="true"]'
WAIT = 120_000  # ms at most for what is waited for; nothing here judges by the clock
DEADLINE = "Deadline: end of week"


@contextlib.contextmanager
def served(port):
    """The example served by a process of its own at a port, once it listens there."""
    code = SERVE.format(port=port, token=TOKEN)
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        while process.poll() is None and not _listens(port):
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def _listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@pytest.fixture(scope="module")
def port():
    with sockets.listening() as found:
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def address(port):
    with served(port):
        yield f"http://127.0.0.1:{port}/?token={TOKEN}"


def opened(chromium, address, width=1280, theme="light", fragment=""):
    """A page at its last answer, whose errors and requests to others end the test."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda request: page.faults.append(request.url) if is_elsewhere(request.url) else None,
    )
    for tries in range(WAIT // 100):
        try:
            page.goto(address + fragment)
            break
        except Exception:
            if tries == WAIT // 100 - 1:
                raise
            page.wait_for_timeout(100)  # the server has not opened its port yet
    page.faults.clear()
    page.wait_for_selector(LAST)
    return page


def is_elsewhere(url):
    return not re.match(r"http://127\.0\.0\.1:|blob:http://127\.0\.0\.1:|data:", url)


def sentence(page):
    return page.inner_text(".sentence")


def rest(page, action):
    """Do something, and wait for the last answer that follows from another state."""
    before = page.evaluate("location.hash")
    action()
    page.wait_for_function("before => location.hash !== before", arg=before)
    page.wait_for_selector(LAST)


def test_a_journey_by_keyboard_and_mouse(chromium, address, tmp_path):
    page = opened(chromium, address)
    first = sentence(page)
    assert first.startswith("With the plan the chance to be done by 26 March 2027 is ")

    deadline = page.get_by_label(DEADLINE, exact=False).first
    deadline.focus()
    rest(page, lambda: page.keyboard.press("ArrowRight"))
    expect(page.locator('[data-control="deadline"] output')).to_have_text("21 · 2 April 2027")
    assert "by 2 April 2027" in sentence(page)

    rest(page, lambda: page.keyboard.press("Control+z"))
    assert sentence(page) == first
    rest(page, lambda: page.keyboard.press("Control+y"))
    assert "by 2 April 2027" in sentence(page)

    rest(page, page.get_by_role("button", name="One more, novices, with the plan").click)
    expect(page.locator(".changes")).to_contain_text("novice engineer")
    rest(page, lambda: page.get_by_label("Reviewed", exact=True).select_option("unverified"))
    expect(page.locator(".changes")).to_contain_text("review")

    for which in ("Plan", "Today"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"{which} (TOML)").click()
        download.value.save_as(tmp_path / f"{which.lower()}.toml")
    comparison = sim.compare(tmp_path / "today.toml", tmp_path / "plan.toml", draws=200)
    row = comparison.row(comparison.plans[0], "done_by")
    told = re.findall(r"(\d+)%", sentence(page))[:2]
    assert told == [f"{100 * row[name]:.0f}" for name in ("plan_mean", "reference_mean")]

    with page.expect_download() as download:
        page.get_by_role("button", name="Picture").click()
    assert sentence(page).split(":")[0] in Path(download.value.path()).read_text(encoding="utf-8")

    other = opened(chromium, address, fragment=page.evaluate("location.hash"))
    assert sentence(other) == sentence(page)
    rest(other, other.get_by_role("button", name="Reset").click)
    assert sentence(other).startswith("Today the chance")
    assert sentence(page) != sentence(other)
    assert page.faults == other.faults == []
    page.context.close()
    other.context.close()


def test_a_run_is_watched_by_play_step_and_slider(chromium, address):
    page = opened(chromium, address)
    watch = page.locator(".watch")
    watch.get_by_role("button", name="Watch the plan").click()
    expect(watch.locator(".lanes svg.picture")).to_be_visible()
    expect(watch).to_contain_text(
        re.compile(r"Week [1-9]\d*, to \d+ \w+ \d{4}: \d+ tasks done so far")
    )
    watch.get_by_role("button", name="Pause").click()
    slider = watch.get_by_label("Week of the run")
    slider.focus()
    page.keyboard.press("End")
    expect(watch).to_contain_text("Week 30, to 4 June 2027")
    watch.get_by_role("button", name="◀ Week").click()
    expect(watch).to_contain_text("Week 29, to 28 May 2027")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(watch).to_contain_text("Week 1, to")
    session = watch.locator(".sessions details").first
    session.locator("summary").click()
    expect(session).to_contain_text("What its odds were made of")
    expect(session).to_contain_text(re.compile(r"So the chance to be judged done\s*\d+%"))
    expect(session).to_contain_text("What came: ")
    page.evaluate(AXE)
    assert page.evaluate("axe.run('.watch').then((found) => found.violations.length)") == 0
    page.get_by_role("button", name="One more, novices, with the plan").click()
    expect(watch.locator(".lanes svg.picture")).to_be_hidden()
    assert page.faults == []
    page.context.close()


def test_while_a_slider_is_dragged_answers_are_rough_and_axes_stand_still(chromium, address):
    page = opened(chromium, address)
    axis = "[...document.querySelectorAll('.weekly .tick')].map((one) => one.textContent).join()"
    before = page.evaluate(axis)
    backlog = page.locator("#control-backlog")
    backlog.scroll_into_view_if_needed()
    box = backlog.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.27, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, middle, steps=5)
    page.wait_for_selector('.answer[data-worlds="20"]')
    assert re.search("roughly|Too close to call", sentence(page))
    assert page.evaluate(axis) == before
    page.mouse.up()
    page.wait_for_selector('.answer[data-worlds="400"]' + LAST.removeprefix(".answer"))
    assert page.evaluate(axis) != before
    assert page.faults == []
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_page(chromium, address, width, theme):
    page = opened(chromium, address, width, theme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")
    told = [
        (one["id"], node["html"][:120], node.get("failureSummary"))
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]
    assert told == []
    assert len(found["passes"]) > 20
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".answer").get_attribute("aria-live") == "polite"
    for picture in page.locator("svg.picture").all():
        assert len(picture.get_attribute("aria-label")) > 20
    page.context.close()


@pytest.mark.parametrize("fragment", ["#plan=", "#plan=AAAA", "#plan=" + "A" * 9000])
def test_a_link_that_holds_no_plan_is_a_line_and_the_page_works(chromium, address, fragment):
    page = opened(chromium, address, fragment=fragment)
    expect(page.locator(".notice")).to_contain_text("This link")
    rest(page, page.get_by_role("button", name="Reset").click)
    expect(page.locator(".notice")).to_be_hidden()
    page.context.close()


def test_a_link_whose_plan_no_control_allows_is_a_line_of_the_server(chromium, address):
    page = opened(chromium, address)
    link = page.evaluate(
        """async () => {
          const { toFragment } = await import("/page/state.js");
          return toFragment("done-by-march/today", { weeks: 9999 });
        }"""
    )
    page.evaluate("link => (location.hash = link)", link)
    expect(page.locator(".notice")).to_contain_text("Weeks simulated: 9999: must be from 2 to 60")
    rest(page, page.get_by_role("button", name="Undo").click)
    expect(page.locator(".notice")).to_be_hidden()
    page.context.close()


def test_a_lost_server_is_said_and_the_page_comes_back(chromium):
    with sockets.listening() as found:
        port = found.getsockname()[1]
    with served(port):
        page = opened(chromium, f"http://127.0.0.1:{port}/?token={TOKEN}")
    page.get_by_role("button", name="One more, beginners, with the plan").click()
    expect(page.locator(".notice")).to_contain_text("does not answer. Trying again")
    with served(port):
        expect(page.locator(".notice")).to_be_hidden(timeout=WAIT)
        expect(page.locator(".changes")).to_contain_text("beginner")
    page.context.close()


def test_the_wrong_token_shows_a_line_and_no_plan(chromium, address):
    page = chromium.new_page()
    got = page.goto(address.replace(TOKEN, "wrong"))
    assert got.status == 403
    assert "open the address" in page.inner_text("body")
    page.close()


def test_axe_is_as_it_was_published_and_its_licence_stands_beside_it():
    assert AXE.startswith("/*! axe v4.")
    licence = Path(__file__).parent / "axe" / "LICENSE"
    assert "Mozilla Public License, version 2.0" in licence.read_text(encoding="utf-8")
    markers = tomllib.loads((Path(sim.__file__).parents[1] / "pyproject.toml").read_text())
    options = markers["tool"]["pytest"]["ini_options"]
    assert "not browser" in options["addopts"]
