"""Done tickets by week are those of the file, and whatever is wrong with it is said at once."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import BacktestError, TicketError
from sim.forecasting import weekly

HEADER = "project,week,closed\n"


def table(tmp_path, text, name="weeks.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def export(tmp_path, days, outcome="Done"):
    """A plain export with a ticket closed on each of some days."""
    rows = [f"T-{i},{outcome},{day}\n" for i, day in enumerate(days)]
    return table(tmp_path, "ticket,outcome,closed\n" + "".join(rows), "export.csv")


def refusal(path):
    with pytest.raises(BacktestError) as refused:
        weekly.read(path)
    return str(refused.value).splitlines()


def test_weeks_without_a_row_are_zero_and_the_order_of_rows_is_free(tmp_path):
    rows = "a,2026-01-19,5\nb,2026-01-05,1\na,2026-01-05,3\n"
    a, b = weekly.read(table(tmp_path, HEADER + rows))
    assert (a.name, a.first, a.counts.tolist()) == ("a", date(2026, 1, 5), [3, 0, 5])
    assert (b.name, b.counts.tolist()) == ("b", [1])
    assert a.notes == ("1 week without a row: 0.",)


def test_a_week_is_any_of_its_days_or_its_number(tmp_path):
    rows = "week;closed\n2026-W02;2\n2026-01-14;3\n2026-01-25 00:00:00;4.0\n"
    (one,) = weekly.read(table(tmp_path, rows))
    assert (one.first, one.counts.tolist()) == (date(2026, 1, 5), [2, 3, 4])


def test_all_faults_of_a_table_are_told_at_once_each_in_a_line(tmp_path):
    rows = (
        "a,2026-01-05,3\na,2026-01-07,4\na,soon,1\na,2026-02-02,-1\na,2026-02-09,1.5\n"
        "a,2026-02-16,\na,2026-02-23,9999999\nb,1026-01-05,1\nb,2026-01-05,1\n"
    )
    lines = refusal(table(tmp_path, HEADER + rows))
    assert all(line.startswith("weeks.csv: ") for line in lines)
    said = [
        "line 3: project 'a': week of 2026-01-05 stands twice", "line 4: week = 'soon'",
        "line 5: closed = '-1'", "line 6: closed = '1.5'", "line 7: closed = ''",
        "line 8: closed = '9999999'", "project 'b': weeks from 1026",
    ]  # fmt: skip
    assert len(lines) == len(said)
    assert [text for text, line in zip(said, lines, strict=True) if text not in line] == []


def test_many_faults_are_cut_to_twenty_lines_and_a_count(tmp_path):
    lines = refusal(table(tmp_path, HEADER + "a,soon,1\n" + "a,2026-01-05,x\n" * 40))
    assert len(lines) == 21
    assert "and 21 faults after these" in lines[-1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("week,closed\n", "a header and no rows"),
        ("wek,closed\n2026-01-05,3\n", "columns wek, closed: a table of weeks has"),
        ("project,closed\na,3\n", "columns project, closed: a table of weeks has"),
        ("week,closed,closed\n2026-01-05,3,4\n", "column 'closed' stands twice"),
        ("week,closed\n2026-01-05,3,4\n", "line 2: 3 cells under 2 columns"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_one_line(text, said, tmp_path):
    (line,) = refusal(table(tmp_path, text))
    assert line.startswith("weeks.csv")
    assert said in line


@pytest.mark.parametrize("data", [b"", b"\0\1", b"PK\3\4", b"\xff\xfe\0", b"week,closed\n\xe9,3\n"])
def test_what_is_no_text_is_refused_in_one_line(data, tmp_path):
    path = tmp_path / "weeks.csv"
    path.write_bytes(data)
    with pytest.raises((BacktestError, TicketError), match=r"^weeks\.csv[^\n]*$"):
        weekly.read(path)


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path):
    with pytest.raises(TicketError, match=r"^none\.csv: cannot be read[^\n]*$"):
        weekly.read(tmp_path / "none.csv")


# ---- exports -------------------------------------------------------------------------------------


def test_tickets_of_an_export_are_counted_by_the_week_of_their_closing(tmp_path):
    days = ["2026-01-05", "2026-01-11", "2026-01-12", "2026-02-01"]
    (one,) = weekly.read(export(tmp_path, days))
    assert (one.first, one.counts.tolist()) == (date(2026, 1, 5), [2, 1, 0, 1])


def test_tickets_given_up_are_not_counted(tmp_path):
    rows = "ticket,outcome,closed\n1,Done,2026-01-05\n2,Won't do,2026-01-06\n3,Done,2026-01-18\n"
    (one,) = weekly.read(table(tmp_path, rows, "export.csv"))
    assert one.counts.tolist() == [1, 1]


def test_a_week_that_the_record_ends_in_the_middle_of_is_left_out_and_said(tmp_path):
    (one,) = weekly.read(export(tmp_path, ["2026-01-05", "2026-01-14"]))  # a Wednesday
    assert one.counts.tolist() == [1]
    assert any("ends on 2026-01-14" in note for note in one.notes)


def test_weeks_after_the_last_closing_are_zero_where_tickets_were_still_opened(tmp_path):
    rows = (
        "ticket,outcome,created,closed\n1,Done,2026-01-02,2026-01-05\n"
        "2,Done,2026-01-03,2026-01-12\n3,Open,2026-01-30,\n"
    )
    (one,) = weekly.read(table(tmp_path, rows, "export.csv"))
    assert one.counts.tolist() == [1, 1, 0, 0]


def test_a_record_of_one_person_is_said_to_be_none_of_a_team(tmp_path):
    rows = "ticket,outcome,closed,assignee\n1,Done,2026-01-05,eva\n2,Done,2026-01-18,eva\n"
    (one,) = weekly.read(table(tmp_path, rows, "export.csv"))
    assert any("one person" in note for note in one.notes)
    assert not any("eva" in note for note in one.notes)


def test_an_export_without_a_done_ticket_or_a_date_is_refused(tmp_path):
    (line,) = refusal(table(tmp_path, "ticket,outcome\n1,Done\n2,Done\n", "export.csv"))
    assert "2 tickets done, none with a date of closing" in line


# ---- too little ----------------------------------------------------------------------------------


def weeks(*counts, days=()):
    return weekly.Weekly("", date(2026, 1, 5), np.array(counts), (), days)


@pytest.mark.parametrize(
    ("counts", "days", "said"),
    [
        ((3, 4, 5), (), "3 weeks: must be 8 or more"),
        ((3,), (), "1 week: must be 8 or more"),
        ((0,) * 9, (), "9 weeks and no ticket closed in any"),
        ((0, 0, 120, *(0,) * 9), (), "all 120 tickets were closed in the week of 2026-01-19"),
        ((120,), (date(2026, 1, 6).toordinal(),), "all 120 tickets were closed on 2026-01-06"),
    ],
)
def test_too_little_to_learn_from_is_named(counts, days, said):
    assert said in weekly.too_little(weeks(*counts, days=days))


def test_eight_weeks_with_closings_in_two_are_enough():
    assert weekly.too_little(weeks(0, 3, 0, 0, 0, 0, 4, 0)) == ""


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.randoms())
def test_no_ticket_is_lost_whatever_the_order_and_gaps(tmp_path_factory, counts, luck):
    first = date(2024, 1, 1)
    rows = [(first + timedelta(weeks=week), n) for week, n in enumerate(counts)]
    kept = [row for row in rows if row[1]] or rows[:1]
    luck.shuffle(kept)
    text = "week,closed\n" + "".join(f"{day},{n}\n" for day, n in kept)
    (one,) = weekly.read(table(tmp_path_factory.mktemp("weeks"), text))
    assert one.counts.sum() == sum(counts)
    assert np.trim_zeros(one.counts).tolist() == np.trim_zeros(np.array(counts)).tolist()
