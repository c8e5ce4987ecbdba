"""Nothing that a file says moves the cursor, turns the order of words or hides one on a screen."""

import json
import sys

import pytest
from command import tiercurve
from hypothesis import given
from hypothesis import strategies as st

from sim import report
from sim.cli import common
from sim.cli.terminal import CleanStream, clean_output, harmless

HARMFUL = (
    "\x1b[2J",
    "\x9b31m",
    "\x07",
    "\r",
    "\x08",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u200b",
    "\ufeff",
)
PLAN = 'extends = "baseline"\nquestion = "What {}then?"\n'


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_streams_write_harmless_text_and_come_back(stream, capsys):
    before = sys.stdout, sys.stderr
    with clean_output():
        print("a\x1b[2J\u202eb\tc", file=getattr(sys, stream))
        assert not hasattr(getattr(sys, stream), "buffer")
    assert (sys.stdout, sys.stderr) == before
    out = capsys.readouterr()
    assert getattr(out, stream[3:]) == "a\\u001b[2J\\u202eb\tc\n"


def test_bytes_are_refused():
    with pytest.raises(TypeError):
        CleanStream(sys.stdout).write(b"")


@given(st.text())
def test_what_json_says_is_the_same_cleaned(text):
    assert json.loads(harmless(json.dumps({"k": text}, ensure_ascii=False))) == {"k": text}


@given(st.text())
def test_no_harmful_character_is_left(text):
    assert not set(harmless("".join(HARMFUL) + text)) & set(
        "".join(HARMFUL) + "\x7f\u2028"
    ).difference("[2J31m")


def test_usual_text_stays_as_it_is():
    text = "Δ 3 ± 1 %, déjà vu; «да» 日本語 👩\u200d💻\n\tx"
    assert harmless(text) == text


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def is_harmless(*texts):
    return not any(c in text for text in texts for c in "\x1b\u202e\x9b\r")


def test_a_question_of_a_plan_reaches_the_screen_cleaned(folder, capsys):
    """Marks of direction may stand in a text; a list of plans shows what they are."""
    (folder / "mine.toml").write_text(PLAN.format("\u202e"), encoding="utf-8")
    code, out, err = tiercurve("list", capsys=capsys)
    assert (code, is_harmless(out, err)) == (0, True)
    assert "What \\u202ethen?" in out or "mine" in out


@pytest.mark.parametrize("command", ["run", "check", "read", "deck", "assess", "replay"])
def test_names_of_files_reach_the_screen_cleaned(command, folder, capsys):
    name = "x\x1b[2J\u202e.toml"
    (folder / name).write_text('que\x1b[2Jstion = "\\u202e', encoding="utf-8")
    code, out, err = tiercurve(command, name, capsys=capsys)
    assert (code, is_harmless(out, err)) == (2, True)
    assert err


@pytest.mark.parametrize(
    ("said", "most"),
    [("60", 60), ("120", 120), ("9", report.NARROWEST), ("99999", report.WIDEST),
     *((odd, report.WIDTH) for odd in ("", "0", "-5", "abc", "9" * 400, "６０", "80.5"))],
)  # fmt: skip
def test_lines_are_as_wide_as_columns_says_where_it_says_a_number(said, most, monkeypatch):
    monkeypatch.setenv("COLUMNS", said)
    lines = report.wrapped("word " * 1000)
    assert most - 5 < max(map(len, lines)) <= most
    table = report.Table(tuple(f"heading {i}" for i in range(60)), [("cell",) * 60])
    assert max(map(len, table.lines())) <= most


def test_where_no_bar_is_shown_a_line_a_minute_says_how_far_it_is(monkeypatch, capsys):
    seconds = iter((0.0, 1.0, 30.0, 61.0, 100.0, 122.0))
    monkeypatch.setattr(common.time, "monotonic", lambda: next(seconds))
    with common.Progress("step") as progress:
        for done in range(1, 6):
            progress(done, 2000)
    said = capsys.readouterr().err.splitlines()
    assert said == ["3 of 2,000 steps so far ...", "5 of 2,000 steps so far ..."]
