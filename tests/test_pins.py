"""What records and commands print is what they printed before: see pins/README.md."""

import difflib
import os
from pathlib import Path

import pytest
from command import tiercurve
from pins import commands, faces, records

EXPECTED = Path(__file__).parent / "pins" / "expected"
WRITE = os.environ.get("TIERCURVE_PINS") == "write"
MOST_LINES = 60  # of a difference shown


def compare(name, text):
    """Hold a text against its pin; or write the pin, which fails so that it is not left on."""
    path = EXPECTED / f"{name}.txt"
    if WRITE:
        path.write_text(text, encoding="utf-8")
        pytest.fail(f"{path.name} written; run again without TIERCURVE_PINS", False)
    expected = path.read_text(encoding="utf-8")
    if text != expected:
        lines = difflib.unified_diff(
            expected.splitlines(), text.splitlines(), "pinned", "now", lineterm="", n=1
        )
        lines = list(lines)
        more = f"\n... {len(lines) - MOST_LINES} lines more" if len(lines) > MOST_LINES else ""
        pytest.fail(f"{name} is not as pinned:\n" + "\n".join(lines[:MOST_LINES]) + more, False)


@pytest.mark.parametrize("name", records.MAKE)
def test_a_record_shows_what_it_showed(name, tmp_path):
    compare(f"record-{name}", faces.faces(records.record(name, tmp_path), tmp_path))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """The folder that commands run in, with the files they read."""
    commands.files(tmp_path, records.texts())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")
    return tmp_path


def said(words, folder, capsys):
    code, out, err = tiercurve(*words, capsys=capsys)
    text = f"$ tiercurve {' '.join(words)}\nexit code {code}\n---- output\n{out}---- said\n{err}"
    return faces.stable(faces.printed(text), folder)


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_a_command_prints_what_it_printed(name, desk, capsys):
    compare(f"command-{name}", said(commands.COMMANDS[name], desk, capsys))


def test_what_is_refused_is_refused_in_the_same_words(desk, capsys):
    found = [said(words, desk, capsys) for words in commands.REFUSED]
    assert all("\nexit code 2\n" in text for text in found)
    compare("refused", "\n".join(found))
