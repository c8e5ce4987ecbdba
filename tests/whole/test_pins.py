"""What records and commands print is what they printed before: see pins/README.md."""

import pytest
from command import tiercurve
from pins import commands, faces, records
from pins.held import compare

LONG = (  # over ten seconds, of a kind that others hold
    "study-ways-of-working",  # as the other studies
    "calibrate",  # prints what record-calibration holds
)


def cases(names):
    return [
        pytest.param(name, marks=[pytest.mark.long] if name in LONG else [], id=name)
        for name in names
    ]


@pytest.mark.parametrize("name", cases(records.MAKE))
def test_a_record_shows_what_it_showed(name, tmp_path):
    compare(f"record-{name}", faces.faces(records.record(name, tmp_path), tmp_path))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """The folder that commands run in, with the files they read."""
    commands.files(tmp_path, records.texts())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")  # of help and of what is refused
    monkeypatch.setenv("TERM", "dumb")
    return tmp_path


def said(words, folder, capsys):
    code, out, err = tiercurve(*words, capsys=capsys)
    text = f"$ tiercurve {' '.join(words)}\nexit code {code}\n---- output\n{out}---- said\n{err}"
    return faces.stable(faces.printed(text), folder)


@pytest.mark.parametrize("name", cases(commands.COMMANDS))
def test_a_command_prints_what_it_printed(name, desk, capsys, monkeypatch):
    if "help" not in name:
        monkeypatch.delenv("COLUMNS")
    compare(f"command-{name}", said(commands.COMMANDS[name], desk, capsys))


def test_what_is_refused_is_refused_in_the_same_words(desk, capsys):
    found = [said(words, desk, capsys) for words in commands.REFUSED]
    assert all("\nexit code 2\n" in text for text in found)
    compare("refused", "\n".join(found))
