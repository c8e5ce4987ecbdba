"""What the reader of exports is for, on whole exports of six trackers whose truth is known."""

import pytest
import trackers
from command import tiercurve

import sim

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
