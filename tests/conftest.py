"""What holds of every test: the width of the terminal changes none; who waits is told why."""

import os
import shutil

import pytest

WAIT = 120_000  # ms at most for what a browser is waited for; nothing judges by the clock

os.environ.pop("COLUMNS", None)


def pytest_sessionstart(session):
    """Say once that the first tests wait for the simulation to compile."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return  # nothing compiles, and a mutation run must not have the engine yet
    from sim.engine import is_compiled  # late: where the width is not that of the terminal

    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter and not hasattr(session.config, "workerinput") and not is_compiled():
        reporter.write_line("compiling the simulation, once: a minute or more without a dot ...")


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium, for the tests marked `browser` and `lab`."""
    from playwright.sync_api import expect, sync_playwright  # late: other tests do without

    found = shutil.which("chromium")
    assert found, "chromium is not installed: apt-get install chromium"
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
