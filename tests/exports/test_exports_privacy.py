"""Names and addresses of people never leave the reader, in no output, message, file or cache."""

import csv
import json
import os
import pickle

import pytest
import trackers
from command import tiercurve

import sim
from sim.exports import map_file

PEOPLE = ("Zyxwora Quellmann", "Bruno Kvitlund")
SECRETS = ("zyxwora", "quellmann", "kvitlund")


@pytest.fixture
def named(monkeypatch, tmp_path):
    """Exports of people with names that nothing else has, and a cache folder of their own."""
    monkeypatch.setattr(trackers, "NAMES", tuple(PEOPLE[i % 2] for i in range(6)))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return tmp_path


def secrets_in(text):
    return [secret for secret in SECRETS if secret in text.lower()]


def everything(record):
    """Every form a record has, as one text."""
    return "\n".join(
        (record.text(), str(record), repr(record), record.markdown(), record._repr_html_(),
         json.dumps(record.to_json()), map_file.text(record.map), str(vars(record)),
         pickle.dumps(record).decode("latin-1"))
    )  # fmt: skip


@pytest.mark.parametrize("tracker", ["jira", "github", "gitlab", "linear", "azure", "git"])
def test_no_form_of_a_record_has_a_name(tracker, named):
    path, _ = trackers.export(tracker, named, rows=60)
    assert secrets_in(path.read_text(encoding="utf-8"))
    assert secrets_in(everything(sim.read(path))) == []


def test_no_output_file_or_cache_of_a_command_has_a_name(named, capsys, monkeypatch):
    path, _ = trackers.export("jira", named, rows=120)
    monkeypatch.chdir(named)
    commands = (
        ("read", path), ("read", path, "--json"), ("read", path, "--write-map", "ours.toml"),
        ("calibrate", path, "--dry-run"), ("calibrate", path, "--out", "ours"),
        ("calibrate", path, "--json", "--closed-as", "verified"),
    )  # fmt: skip
    for words in commands:
        code, out, err = tiercurve(*words, capsys=capsys)
        assert code == 0
        assert secrets_in(out + err) == []
    files = [one for one in named.rglob("*") if one.is_file() and one != path]
    assert {one.name for one in files} >= {"ours.toml", "ours.json", "ours.md"}
    for one in files:
        assert secrets_in(one.read_bytes().decode("latin-1")) == []
        assert secrets_in(os.fsdecode(one)) == []


COLUMNS = ("Issue key", "Status", "Resolution", "Resolved", "Created", "Time Spent", "Labels",
           "Story Points", "Level", "Status Category", "Agent", "Parent", "Issue Type")  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_no_refusal_has_a_name_wherever_names_stand(column, named, capsys):
    """Names pasted over each column in turn, as a slip of a spreadsheet does."""
    right = {
        "Status": "Done",
        "Resolution": "Done",
        "Resolved": "2026-03-01",
        "Created": "2026-02-01",
        "Time Spent": "3600",
        "Status Category": "Done",
        "Agent": "yes",
        "Level": "novice",
    }
    header = ["Issue key", *(name for name in COLUMNS if name != "Issue key"), "Assignee"]
    path = named / "slip.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for i in range(20):
            row = {"Issue key": f"A-{i}", **right, "Assignee": PEOPLE[i % 2]}
            row[column] = (PEOPLE[i % 2], "z.quellmann@x.example")[i % 3 == 0]
            writer.writerow([row.get(name, "") for name in header])
    for words in (("read", path), ("read", path, "--json"), ("calibrate", path, "--dry-run")):
        _, out, err = tiercurve(*words, capsys=capsys)
        assert secrets_in(out + err) == []
