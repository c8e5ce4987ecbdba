"""Debian's Chromium, for the tests marked `browser` and `lab`."""

import shutil

import pytest

WAIT = 120_000  # ms at most for what is waited for; nothing here judges by the clock


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import expect, sync_playwright  # late: other tests do without

    found = shutil.which("chromium")
    assert found, "chromium is not installed: apt-get install chromium"
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
