"""What the reader of exports is for, on whole exports of six trackers whose truth is known."""

import subprocess
from pathlib import Path

import pytest
import trackers
from command import tiercurve

import sim
from sim.exports import dialect

EXAMPLES = Path(__file__).parents[2] / "docs" / "exports" / "examples"

TRACKERS = ("jira", "github", "gitlab", "linear", "azure", "git")
ROWS = 300


@pytest.mark.parametrize("tracker", TRACKERS)
def test_an_export_of_300_rows_is_read_to_the_exact_counts_hours_dates_and_outcomes(
    tracker, tmp_path
):
    path, truth = trackers.export(tracker, tmp_path, rows=ROWS)
    assert sim.read(path).to_json().items() >= truth.items()


def test_the_command_refuses_with_code_2_and_one_line_of_column_values_and_mend(tmp_path, capsys):
    path = tmp_path / "board.csv"
    path.write_text("Issue key,Status\nA-1,Florp\nA-2,Blib\nA-3,Florp\n", encoding="utf-8")
    code, out, err = tiercurve("read", path, "--json", capsys=capsys)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert all(word in err for word in ("Status", "Florp", "Blib", "--map"))


@pytest.mark.parametrize("tracker", TRACKERS)
def test_the_example_of_each_page_is_made_here_and_read_as_it_was_made(tracker, tmp_path):
    path, truth = trackers.export(tracker, tmp_path, rows=30, seed=7)
    example = EXAMPLES / path.name
    assert example.read_bytes() == path.read_bytes()
    assert sim.read(example).to_json().items() >= truth.items()


def test_the_git_command_the_reader_prints_writes_what_it_reads(tmp_path):
    who = ["-c", "user.name=Eva", "-c", "user.email=eva@x.example"]
    git = ["git", "-C", str(tmp_path), *who]
    subprocess.run([*git, "init", "-q"], check=True)
    for message in ("one", "two\n\nCo-authored-by: Claude <noreply@x.example>"):
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", message], check=True)
    subprocess.run(["sh", "-c", dialect.GIT_LOG], cwd=tmp_path, check=True)
    record = sim.read(tmp_path / "git-log.tsv")
    assert (len(record), record.people, record.agent_words) == (2, 1, {"claude": 1})
    page = (EXAMPLES.parent / "git-log.md").read_text(encoding="utf-8")
    assert dialect.GIT_LOG in page
