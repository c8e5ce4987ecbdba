"""Whatever stands on the command line or around it ends in a line and an exit code as promised."""

import os
import subprocess
import sys

import hostile_words
import pytest
from command import tiercurve
from fuzzing import RANDOM

from sim.cli import main

TINY = """
extends = "baseline"
question = "What will one do?"
horizon.weeks = 2
team = { novice = 1, intermediate = 0, expert = 0 }
"""
OTHER = 'extends = "tiny"\nquestion = "What will two do?"\nteam.novice = 2\n'
DECK = """
title = "T"
question = "Q?"
draws = 50
analyses = []
plans = [{ scenario = "tiny" }, { scenario = "other" }]
"""
TICKETS = (
    "level,work,agent,outcome\n" + "novice,average,yes,success\nexpert,advanced,no,failure\n" * 30
)
WEEKS = "week,closed\n" + "".join(f"2024-W{week:02},{week % 7 + 3}\n" for week in range(1, 50))
# Sound lines, the first argument first; each takes a fraction of a second.
SOUND = {
    "run": ["tiny", "--draws", "2", "--luck", "1"],
    "plan": ["tiny", "--no-browser"],
    "compare": ["tiny", "other", "--draws", "2", "--luck", "1"],
    "trace": ["tiny", "--rows", "1"],
    "sweep": ["tiny", "--vary", "team.novice=1,2", "--draws", "2", "--luck", "1", "--out", "swept"],
    "replay": ["swept", "0"],
    "sensitivity": ["tiny", "--factors", "dev_share,review_rate", "--samples", "32", "--luck", "2"],
    "decide": ["tiny", "other", "--draws", "2", "--luck", "1"],
    "study": ["tier-gap", "--draws", "4", "--luck", "1"],
    "deck": ["deck.toml", "--out", "x.txt"],
    "read": ["tickets.csv"],
    "learn": ["weeks.csv", "--as", "tiny", "--worlds", "1"],
    "backtest": ["weeks.csv"],
    "assess": ["tiny"],
    "curves": ["tiny", "--draws", "50"],
    "calibrate": ["tickets.csv", "--dry-run"],
    "check": ["no-such.png"],
    "validate": ["--quick", "--patterns", "tickets.csv"],
    "new": ["fresh"],
}
LONG_WORK = {("run", "--precision=2%"), ("run", "--precision=0%")}  # sound, and asks for much
MANY_LINES = 22  # of the faults of one file
SHARE = 60  # one line of so many is run here


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with what sound lines name."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "tiny.toml").write_text(TINY)
    (folder / "other.toml").write_text(OTHER)
    (folder / "deck.toml").write_text(DECK)
    (folder / "tickets.csv").write_text(TICKETS)
    (folder / "weeks.csv").write_text(WEEKS)
    return folder


def chosen(place):
    """The lines that are run: all with FUZZ, else the same share of them each time."""
    every = [
        words for command, _, words in hostile_words.lines(SOUND, place)
        if (command, words[-1]) not in LONG_WORK
    ]  # fmt: skip
    return every if RANDOM else every[::SHARE]


def test_a_hostile_word_on_any_command_ends_in_a_line_and_code_2_at_most(
    place, monkeypatch, capsys
):
    monkeypatch.chdir(place)
    monkeypatch.setattr("sim.planning.server.serve", lambda _, found, __: found.close())
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    assert set(SOUND) == set(hostile_words.named()) - {"list", "schema"}
    tiercurve("sweep", *SOUND["sweep"], capsys=capsys)
    for words in chosen(place):
        code, _, err = tiercurve(*words, capsys=capsys)
        told = [word[:60] for word in words], code, err[:2000]
        assert code in (0, 1, 2), told
        assert "Traceback" not in err, told
        assert "Errno" not in err, told
        assert code == 0 or err.strip(), told
        if code == 2 and "Usage: " not in err:
            assert len(err.splitlines()) <= MANY_LINES, told
            assert max(map(len, err.splitlines())) <= main.MOST + 100, told


def test_a_fault_of_the_program_is_a_line_of_its_own_and_code_3(monkeypatch, capsys):
    def broken(*_):
        raise KeyError("what\nnobody foresaw")

    monkeypatch.setattr("sim.scenario.load", broken)
    code, out, err = tiercurve("run", "baseline", capsys=capsys)
    assert (code, out, len(err.splitlines())) == (main.FAULT, "", 1)
    assert err.startswith("tiercurve: a fault of Tiercurve (KeyError: 'what")
    monkeypatch.setenv(main.TRACEBACK, "1")
    with pytest.raises(KeyError):
        tiercurve("run", "baseline", capsys=capsys)


def test_an_endless_name_of_a_folder_that_is_looked_for_is_cut_in_its_line(place, capsys):
    out = place / ("a" * 5000)
    words = ("learn", place / "weeks.csv", "--as", "baseline", "--out", out)
    code, _, err = tiercurve(*words, capsys=capsys)
    assert (code, len(err.splitlines())) == (2, 1)
    assert len(err) < main.MOST + 100


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")])
@pytest.mark.parametrize("where", ["sim.scenario.load", "sim.engine.batch.run_chunk"])
def test_too_little_memory_is_said_in_a_line(where, error, monkeypatch, capsys):
    """Here, and in the threads that run worlds."""

    def greedy(*_):
        raise error

    monkeypatch.setattr(where, greedy)
    code, _, err = tiercurve("run", "baseline", capsys=capsys)
    assert (code, err) == (2, f"tiercurve: {main.NO_MEMORY}\n")


# Lists plans and refuses one, in one process.
TWICE = """
import sys
from sim.cli import main

for words, code in ((["list"], None), (["trace", "tiny", "--draw", "-1"], 2)):
    sys.argv = ["tiercurve", *words]
    try:
        main.main()
    except SystemExit as stop:
        assert stop.code in (code, 0 if code is None else code), stop.code
"""
# Environments, each in a process of its own: variables that are set, those that are taken away.
AROUND = {
    "no home, a strange terminal": (
        {"TERM": "", "COLUMNS": "0", "LINES": "x", "NO_COLOR": "1"},
        ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "USER", "LOGNAME", "LANG"),
    ),
    "a home that is none, columns of letters": (
        {"HOME": "/no/such", "MPLCONFIGDIR": "/no/such", "COLUMNS": "abc", "TERM": "\udcff"}
        | {"TZ": "Nowhere/Land"},
        ("XDG_CACHE_HOME",),
    ),
    "no language, fewer columns than none": (
        {"LANG": "xx_YY.KOI8", "LC_ALL": "tlh", "COLUMNS": "-5", "TERM": "dumb"},
        (),
    ),
    "ASCII alone, no place": (
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "COLUMNS": "9" * 400}
        | {"TMPDIR": "/no/such", "TIERCURVE_CACHE": ""},
        ("LANG", "PATH"),
    ),
}


@pytest.mark.parametrize("name", AROUND)
def test_an_odd_environment_changes_no_answer(name, place):
    """Each lists the plans of a folder, and refuses one in a line."""
    given, gone = AROUND[name]
    around = {key: word for key, word in (os.environ | given).items() if key not in gone}
    start = [sys.executable, "-c", TWICE]
    done = subprocess.run(start, cwd=place, env=around, capture_output=True, timeout=120)
    said = [x for x in done.stderr.decode(errors="replace").splitlines() if "compiling" not in x]
    assert (done.returncode, len(said)) == (0, 1), said
    assert said[0].startswith("tiercurve: draw = -1: must be a whole number")
    assert b"tiny" in done.stdout
