"""How fast the planning page is in Chromium, and how it bears many visitors: figures, not tests.

    uv run python benchmarks/planning_page.py               speed: a minute or two
    uv run python benchmarks/planning_page.py --visitors 20 --minutes 10

The first tells the time from the release of a slider to the first redraw, to 200 and to 400 worlds,
and from the command to an answer on the screen, each beside its target. The second moves controls
for so many visitors at once, and tells errors, times and memory; its exit code is 1 where an answer
failed, the median is over a second or memory grew by over a tenth in its second half.
"""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

MOVES = 20  # of a slider, each followed by a rest
STARTS = 3  # of the command
# Aims on a quiet machine of two cores: median and 95% [ms], None where none is stated.
TARGETS = {
    "release to first redraw": (150, 300),
    "release to 200 worlds": (700, None),
    "release to 400 worlds": (None, None),
    "command to an answer": (3000, None),
}
GROWTH = 1.1  # of memory at the end, over the most in the first half, at most
MEDIAN = 1.0  # seconds to an answer, of many visitors
SHOWN = """
(selector) => new Promise((done) => {
  const answer = document.querySelector(".answer").dataset;
  document.querySelector(selector).addEventListener("change", () => {
    const [began, drawn] = [performance.now(), answer.drawn];
    let [first, rest] = [null, null];
    const look = () => {
      const took = performance.now() - began;
      if (answer.drawn !== drawn) first ??= took;
      if (first !== null && Number(answer.worlds) >= 200) rest ??= took;
      const whole = Number(answer.worlds) >= 400 && answer.last === "true";
      if (first !== null && whole) done([first, rest, took]);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { once: true, capture: true });
})
"""


def started(*options):
    """The command, and the address it printed."""
    words = [sys.executable, "-m", "sim.cli.main", "plan", "--no-browser", *options]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return process, process.stdout.readline().strip()


# ---- one person ----------------------------------------------------------------------------------


def speed():
    """Tell the times that one person waits, each beside its target."""
    starts, browsers, moves = [], [], []
    for number in range(STARTS):
        began = time.perf_counter()
        process, address = started()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                browsers.append(1000 * (time.perf_counter() - began))
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.goto(address)
                page.wait_for_selector(".sentence")
                starts.append(1000 * (time.perf_counter() - began))
                page.wait_for_selector('.answer[data-last="true"]')
                if number == STARTS - 1:
                    moves = measured(page)
                browser.close()
        finally:
            process.terminate()
            process.wait()
    for (what, targets), times in zip(
        TARGETS.items(), (*zip(*moves, strict=True), starts), strict=True
    ):
        tell(what, times, targets)
    print(f"  of which until the browser itself is there: median {np.median(browsers):.0f} ms")


def tell(what, times, targets):
    """One line: median and 95% of some times [ms], and what is aimed at."""
    found = np.quantile(times, [0.5, 0.95])
    words = [
        f"{name} {time:.0f} ms" + (f" (target {target})" if target else "")
        for name, time, target in zip(("median", "95%"), found, targets, strict=True)
    ]
    print(f"{what}: {', '.join(words)}; {len(times)} times")


def measured(page):
    """Times from the release of a slider to the first redraw, to 200 and to 400 worlds [ms]."""
    found = []
    sliders = [page.locator("#control-deadline"), page.locator("#control-backlog")]
    while len(found) < MOVES:
        slider = sliders[len(found) % 2]
        slider.scroll_into_view_if_needed()
        box, before = slider.bounding_box(), slider.input_value()
        middle = box["y"] + box["height"] / 2
        selector = f"#{slider.get_attribute('id')}"
        page.evaluate(f"(selector) => {{ window.told = ({SHOWN})(selector); }}", selector)
        page.mouse.move(box["x"] + box["width"] * 0.4, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * random.uniform(0.3, 0.5), middle, steps=4)
        page.mouse.up()
        if slider.input_value() == before:
            continue  # where it stood, so nothing is asked
        found.append(page.evaluate("window.told"))
    return found


# ---- many visitors -------------------------------------------------------------------------------


def visitors(count, minutes):
    """Move controls for many visitors at once; whether all was as it should be."""
    process, address = started()
    base, _, token = address.partition("/?token=")
    end = time.monotonic() + 60 * minutes
    times, faults, memory = [], [], []
    threads = [
        threading.Thread(target=visit, args=(base, token, i, end, times, faults))
        for i in range(count)
    ]
    for thread in threads:
        thread.start()
    while time.monotonic() < end:
        time.sleep(min(10.0, max(0.1, end - time.monotonic())))
        memory.append(resident(process.pid))
    for thread in threads:
        thread.join()
    process.terminate()
    process.wait()
    median, high = np.quantile(times, [0.5, 0.95])
    settled = max(memory[: max(1, len(memory) // 2)])
    print(f"{count} visitors, {minutes:g} minutes: {len(times)} answers, {len(faults)} faults")
    print(f"  median {median:.2f} s, 95% {high:.2f} s")
    each = max(1, len(memory) // 10)
    print(f"  memory, ten times of as many: {', '.join(map(str, memory[each - 1 :: each]))} MB")
    for fault in faults[:5]:
        print(f"  {fault}")
    return not faults and median < MEDIAN and memory[-1] <= GROWTH * settled


def visit(base, token, number, end, times, faults):
    """One visitor, who moves a control every second or so and waits for the answer."""
    luck = random.Random(number)
    headers = {"x-tiercurve-token": token, "x-tiercurve-visitor": f"visitor-{number}"}
    while time.monotonic() < end:
        state = {
            "backlog": luck.randrange(80, 240, 4), "plan.engineer.expert": luck.randrange(3),
            "deadline": luck.randrange(12, 30),
        }  # fmt: skip
        body = json.dumps({"state": state, "stage": 0}).encode()
        began = time.perf_counter()
        try:
            request = urllib.request.Request(f"{base}/answer", body, headers)
            json.load(urllib.request.urlopen(request, timeout=60))
            times.append(time.perf_counter() - began)
        except (OSError, ValueError, urllib.error.URLError) as error:
            faults.append(f"visitor {number}: {error}")
        time.sleep(luck.uniform(0.5, 1.5))


def resident(process):
    """Memory of a process [MB]."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=1.0)
    asked = parser.parse_args()
    if not asked.visitors:
        speed()
    elif not visitors(asked.visitors, asked.minutes):
        sys.exit(1)
