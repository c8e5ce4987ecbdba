"""The page inside another one, as a notebook holds it: drawn, moved and answered by the kernel.

Marked `browser`: run by `uv run pytest -m browser`, with Debian's chromium and node installed. The
notebook here is a page of a few lines that speaks as an anywidget's does; JupyterLab itself is
driven by the tests marked `lab`.
"""

import json
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files

import pytest

import sim
from sim.planning.bundle import bundle, style
from sim.records import words

pytestmark = pytest.mark.browser

WAIT = 120_000
LAST = '.answer[data-last="true"]'
MODULES = sorted(
    file.name.removesuffix(".js")
    for file in files("sim.planning").joinpath("page").iterdir()
    if file.name.endswith(".js") and file.name != "main.js"
)
# A notebook whose own styles would spoil the page, if they reached it.
NOTEBOOK = """<!DOCTYPE html><html lang="en"><head><title>A notebook</title><style>
  p, h2, label { color: rgb(255, 0, 0) !important; font: 30px serif !important; }
  svg { min-width: 2000px; } .card { display: none; } .page { position: fixed; }
</style></head><body data-jp-theme-light="LIGHT"><p id="own">text of the notebook</p>
<div id="cell" style="width: WIDTHpx"></div><script type="module">
import widget from "/widget.js";
const heard = [];
const model = {
  get: () => STYLE,
  on: (event, listener) => heard.push(listener),
  send: async (message) => {
    const reply = await fetch("/message", { method: "POST", body: JSON.stringify(message) });
    const told = await reply.json();
    heard.forEach((listener) => listener(told));
  },
};
widget.render({ model, el: document.getElementById("cell") });
</script></body></html>"""


@pytest.fixture(scope="module")
def notebook():
    """The address of a notebook with a page in a cell; "?light=false&width=400" as it is asked."""
    page = sim.planner()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/widget.js":
                return self.give(bundle("widget"), "text/javascript")
            asked = dict(re.findall(r"(\w+)=(\w+)", self.path))
            text = NOTEBOOK.replace("STYLE", json.dumps(style()))
            text = text.replace("LIGHT", asked.get("light", "true"))
            return self.give(text.replace("WIDTH", asked.get("width", "1180")), "text/html")

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            with lock:  # a kernel answers one message after another
                told = page.reply(json.loads(body))
            self.give(json.dumps(told), "application/json")

        def give(self, text, kind):
            self.send_response(200)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    lock = threading.Lock()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield page, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def opened(chromium, address, height=900):
    page = chromium.new_page(viewport={"width": 1280, "height": height})
    page.set_default_timeout(WAIT)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(address)
    page.wait_for_selector(LAST)
    return page


def test_a_slider_of_a_cell_moves_the_answer_and_the_kernel_knows_the_plan(chromium, notebook):
    kernel, address = notebook
    page = opened(chromium, address)
    first = page.inner_text(".sentence")
    assert first.startswith("With the plan the chance to be done by 26 March 2027 is ")
    page.get_by_label("Deadline: end of week", exact=False).first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('#cell > div').shadowRoot"
        ".querySelector('.sentence').textContent.includes('2 April 2027')"
    )
    page.wait_for_selector(LAST)
    assert kernel.state["deadline"] == 21
    assert kernel.plan.by_week == 21
    told = re.findall(r"[\d.]+%", page.inner_text(".sentence"))[:2]
    row = kernel.record().row("the plan", "done_by")
    assert tuple(told) == words.chances(row["plan_mean"], row["reference_mean"])[:2]
    with page.expect_download() as download:
        page.get_by_role("button", name="Plan (TOML)").click()
    assert "[answer]" in download.value.path().read_text(encoding="utf-8")
    page.keyboard.press("Control+z")
    page.wait_for_function(
        "first => document.querySelector('#cell > div').shadowRoot"
        ".querySelector('.sentence').textContent === first",
        arg=first,
    )
    assert kernel.state.get("deadline") is None
    assert page.faults == []
    page.close()


def test_the_styles_of_a_notebook_and_of_the_page_do_not_reach_each_other(chromium, notebook):
    page = opened(chromium, notebook[1])
    colour = "one => getComputedStyle(one).color"
    assert page.locator(".sentence").evaluate(colour) == "rgb(34, 34, 34)"
    assert page.locator("#own").evaluate(colour) == "rgb(255, 0, 0)"
    assert page.locator(".card.hours svg.picture").bounding_box()["width"] < 700
    assert page.locator("body").evaluate("one => getComputedStyle(one).margin") == "8px"
    page.close()


@pytest.mark.parametrize(
    ("light", "colour"), [("true", "rgb(34, 34, 34)"), ("false", "rgb(232, 232, 232)")]
)
def test_the_theme_is_that_of_the_notebook(chromium, notebook, light, colour):
    page = opened(chromium, f"{notebook[1]}?light={light}")
    assert page.locator(".sentence").evaluate("one => getComputedStyle(one).color") == colour
    page.close()


def test_in_a_narrow_cell_the_page_is_as_wide_as_the_cell(chromium, notebook):
    page = opened(chromium, f"{notebook[1]}?width=390")
    cell = page.locator("#cell")
    assert cell.evaluate("one => one.scrollWidth") <= 390
    answer, controls = page.locator(".top").bounding_box(), page.locator(".left").bounding_box()
    assert controls["y"] >= answer["y"] + answer["height"]
    page.close()


def test_the_bundle_of_each_module_exports_what_the_module_does(tmp_path):
    """Constants are equal, functions and classes have the same text."""
    for name in MODULES:
        (tmp_path / f"{name}.mjs").write_text(bundle(name), encoding="utf-8")
    folder = files("sim.planning").joinpath("page")
    script = f"""
      const told = (value) => typeof value === "function" ? String(value)
        : JSON.stringify(value, (_, one) => typeof one === "function" ? String(one) : one);
      for (const name of {json.dumps(MODULES)}) {{
        const one = await import("{folder}/" + name + ".js");
        const other = await import("{tmp_path}/" + name + ".mjs");
        const names = Object.keys(one).sort();
        const same = names.length && names.join() === Object.keys(other).sort().join();
        const apart = names.filter((each) => told(one[each]) !== told(other[each]));
        if (!same || apart.length) throw new Error(name + ": " + apart);
      }}
      console.log({len(MODULES)});
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True
    )
    assert done.stdout.strip() == str(len(MODULES)), done.stderr
