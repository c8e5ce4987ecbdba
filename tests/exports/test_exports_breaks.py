"""What a hostile test of the reader of exports broke is read right, or refused by name."""

import csv
import json
import math
import os

import pytest
from command import tiercurve
from fuzzing import is_one_clear_line

import sim
from sim.assessment import work_file
from sim.exports import durations, map_file, people


def export(folder, header, rows, separator=",", name="export.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows([header, *rows])
    return path


def refusal(read, *arguments, **named):
    with pytest.raises(sim.TicketError) as caught:
        read(*arguments, **named)
    is_one_clear_line(caught.value)
    return str(caught.value)


def hours_of(folder, texts, header=("ticket", "outcome", "hours"), **named):
    rows = [[f"T-{i}", "closed", text] for i, text in enumerate(texts)]
    return sim.read(export(folder, header, rows, "\t"), **named).hours.tolist()


# ---- numbers and units -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        (("1,200 h", "8 h"), [1200, 8]),
        (("1.200 Std", "8 Std"), [1200, 8]),
        (("1.500 h", "0,5 h"), [1500, 0.5]),
        (("1 200 h", "8 h"), [1200, 8]),
        (("1,5 h", "2.5 h"), [1.5, 2.5]),
        (("1\u00a0200", "8"), [1200, 8]),
        (("1\u202f200,5", "8"), [1200.5, 8]),
        (("1\u2009200", "8"), [1200, 8]),
    ],
)
def test_a_unit_or_a_space_in_a_cell_changes_no_mark_of_numbers(texts, hours, tmp_path):
    assert hours_of(tmp_path, texts) == hours


def test_three_digits_before_a_unit_are_the_same_question_as_without_one(tmp_path):
    with pytest.raises(sim.TicketError, match="1125 or 1"):
        hours_of(tmp_path, ("1.125 h", "2.375 h"))


def test_a_written_map_states_no_decimal_mark_that_nothing_showed(tmp_path):
    path = export(
        tmp_path, ["ticket", "outcome", "hours"], [[i, "closed", i + 1] for i in range(9)]
    )
    assert "decimal" not in map_file.text(sim.read(path).map)


def test_a_stated_decimal_mark_that_the_file_contradicts_is_refused(tmp_path):
    stated = map_file.Map(decimal=".")
    with pytest.raises(sim.TicketError, match="'0,5' cannot have the decimal"):
        hours_of(tmp_path, ("1,250", "0,5"), map=stated)


def test_time_spent_of_jira_that_is_no_whole_minutes_is_a_question(tmp_path):
    header = ("Issue key", "Status", "Time Spent")
    with pytest.raises(sim.TicketError, match="its unit is not told"):
        hours_of(tmp_path, (8, 16, 4, 80), header)
    assert hours_of(tmp_path, (3600, 900, 60), header) == pytest.approx([1, 0.25, 1 / 60])


def test_headers_in_utc_tell_gitlab_whose_times_are_seconds(tmp_path):
    header = ["Title", "Issue ID", "State", "Assignee", "Closed At (UTC)", "Time Spent"]
    rows = [["a", i, "Closed", "x", "2026-03-01 10:00:00", 300 * i] for i in (1, 2, 3)]
    record = sim.read(export(tmp_path, header, rows))
    assert record.tracker == "GitLab"
    assert record.hours.tolist() == pytest.approx([1 / 12, 1 / 6, 1 / 4])


def test_labelled_work_is_in_the_unit_its_header_names(tmp_path):
    rows = [[i, "average", 90] for i in range(3)]
    found = work_file.read(export(tmp_path, ["ticket", "class", "Hours (min)"], rows))
    assert found.hours.tolist() == [1.5] * 3
    assert "'Hours (min)' is in minutes, as its name says" in found.settled


# ---- dates -------------------------------------------------------------------------------------


def test_without_a_date_of_closing_a_ticket_is_open(tmp_path):
    rows = [[f"A-{i}", "2026-03-01" if i % 2 else ""] for i in range(12)]
    record = sim.read(export(tmp_path, ["Issue key", "Resolved"], rows))
    assert (record.outcomes["done"], record.outcomes["open"]) == (6, 6)
    assert record.left_out == {}


@pytest.mark.parametrize(
    "blank", ["null", "NaN", "None", "Not resolved", "0001-01-01T00:00:00", "-", "N/A"]
)
@pytest.mark.parametrize("blanks", [2, 8])
def test_a_blank_of_a_column_of_dates_is_no_date_however_it_is_written(blank, blanks, tmp_path):
    rows = [[f"A-{i}", blank if i < blanks else "2026-03-01"] for i in range(12)]
    record = sim.read(export(tmp_path, ["Issue key", "Resolved"], rows))
    assert (record.outcomes["done"], record.outcomes["open"]) == (12 - blanks, blanks)


def test_a_word_in_a_column_of_dates_is_not_done(tmp_path):
    rows = [[f"A-{i}", "2026-03-01" if i else "Ben Stone"] for i in range(12)]
    record = sim.read(export(tmp_path, ["Issue key", "Resolved"], rows))
    assert record.outcomes["done"] == len(record) == 11
    rows = [[f"A-{i}", "2026-03-01" if i % 2 else "soon"] for i in range(12)]
    text = refusal(sim.read, export(tmp_path, ["Issue key", "Resolved"], rows))
    assert "leave the cell empty" in text
    assert "false" not in text


@pytest.mark.parametrize("mark", ["/", "-", "."])
def test_a_year_that_may_be_first_is_a_question(mark, tmp_path):
    rows = [[i, "closed", mark.join(("25", f"{i:02d}", "01"))] for i in range(1, 13)]
    path = export(tmp_path, ["ticket", "outcome", "date"], rows)
    text = refusal(sim.read, path)
    assert all(word in text for word in ("'date'", "year first or last", "2025-01-01"))
    rows = [[i, "closed", mark.join((f"{i + 12:02d}", "03", "26"))] for i in range(1, 13)]
    record = sim.read(export(tmp_path, ["ticket", "outcome", "date"], rows))
    assert record.window == ("2026-03-13", "2026-03-24")


@pytest.mark.parametrize("unreal", ["99/99/9999", "30/02/2025", "31/11/2025", "13/13/2025"])
def test_a_date_that_does_not_exist_proves_no_order(unreal, tmp_path):
    rows = [[i, "closed", f"0{i % 9 + 1}/0{i % 7 + 2}/2025"] for i in range(20)]
    path = export(tmp_path, ["ticket", "outcome", "date"], [*rows, [99, "closed", unreal]])
    assert "--dates dmy or --dates mdy" in refusal(sim.read, path)


def test_the_later_of_two_states_is_told_with_their_time_zones(tmp_path):
    rows = [
        ["A-1", "In Progress", "2026-03-01T23:00:00+09:00"],
        ["A-1", "Done", "2026-03-01T15:30:00+00:00"],
        ["A-2", "Done", "2026-03-01T20:00:00-0500"],
        ["A-2", "Reopened", "2026-03-01T23:30:00Z"],
    ]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Updated"], rows))
    assert record.outcomes["done"] == 2


@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("TRUE", "FALSE"), ("1.0", "0.0")])
def test_a_box_that_is_not_ticked_is_open(yes, no, tmp_path):
    rows = [[f"A-{i}", (yes, no, "")[i % 3]] for i in range(12)]
    record = sim.read(export(tmp_path, ["Ticket", "Completed"], rows))
    assert (record.outcomes["done"], record.outcomes["open"]) == (4, 8)
    rows = [[f"A-{i}", (yes, no, "pending")[i % 3]] for i in range(12)]
    record = sim.read(export(tmp_path, ["Ticket", "Completed"], rows))
    assert (record.outcomes["done"], record.outcomes["open"]) == (4, 8)


def test_numbers_of_states_are_a_question_and_incomplete_work_is_open(tmp_path):
    rows = [[f"A-{i}", i % 2] for i in range(12)]
    assert "--map" in refusal(sim.read, export(tmp_path, ["Ticket", "Status"], rows))
    rows = [[f"A-{i}", ("Incomplete", "Done")[i % 2]] for i in range(12)]
    assert sim.read(export(tmp_path, ["Ticket", "Status"], rows)).outcomes["open"] == 6
    assert sim.read(export(tmp_path, ["Key", "Resolution"], rows)).outcomes["no_attempt"] == 6


# ---- rows of one ticket ------------------------------------------------------------------------


def test_two_exports_glued_together_are_refused_by_their_dates_of_closing(tmp_path):
    header = ["number", "state", "stateReason", "labels", "closedAt"]
    rows = [[i, "closed", "completed", "", f"2026-0{part}-0{i}"] for part in (1, 2)
            for i in range(1, 7)]  # fmt: skip
    text = refusal(sim.read, export(tmp_path, header, rows))
    assert all(word in text for word in ("'number'", "'closedAt'", "two projects", "'project'"))
    rows = [[*row, f"repo {i // 6}"] for i, row in enumerate(rows)]
    assert len(sim.read(export(tmp_path, [*header, "repository"], rows))) == 12


def test_long_words_of_a_file_are_cut_in_what_is_said_of_them(tmp_path):
    header = ["Issue key", "Status", "Resolution"]
    rows = [[f"T-{i}", "Closed", "Done"] for i in range(8)]
    rows.append(["T-1", "Closed", "x" * 3000])
    text = refusal(sim.read, export(tmp_path, header, rows))
    assert "different outcomes" in text
    assert len(text) < 300


def test_rows_are_tickets_or_joined_or_left_out_and_their_counts_add_up(tmp_path):
    header = ["Issue key", "Issue Type", "Status", "Parent", "Hours"]
    rows = [["E-1", "Epic", "Done", "", ""], ["T-1", "Task", "Done", "E-1", 1],
            ["t-1", "Task", "Done", "E-1", 2], ["T-2", "Task", "Florp", "E-1", 2],
            *[[f"T-{i}", "Task", "Done", "E-1", 1] for i in range(3, 12)]]  # fmt: skip
    record = sim.read(export(tmp_path, header, rows))
    assert record.accounts == {
        "tickets": 10, "joined to another row of their ticket": 1,
        "parents whose children are in the file": 1, "outcome is no known word": 1,
    }  # fmt: skip
    assert sum(record.accounts.values()) == record.rows == 13
    assert "13 rows: tickets 10, joined to another row of their ticket 1" in record.text()
    assert record.to_json()["words"] == [
        {"column": "Status", "word": "Done", "outcome": "done", "tickets": 10}
    ]


@pytest.mark.parametrize("header", ["work date", "Worklog Date", "date", "Worklog Author"])
@pytest.mark.parametrize("hours", [(2, 2, 2), (2, 5, 2)])
def test_worklogs_of_equal_length_are_summed(header, hours, tmp_path):
    cells = ("ana", "ben", "cy") if "Author" in header else [f"2026-03-0{i}" for i in (1, 2, 3)]
    rows = [["T-1", "Done", "ana", *pair] for pair in zip(hours, cells, strict=True)]
    path = export(tmp_path, ["ticket", "status", "person", "hours", header], rows)
    assert sim.read(path).hours.tolist() == [sum(hours)]


# ---- names, pipes, marks that steer a terminal -------------------------------------------------

SECRETS = ("lopez", "corp.example")


def outputs(folder, capsys, header, rows, *options):
    path = export(folder, header, rows)
    texts = [
        tiercurve("read", path, *options, *more, capsys=capsys)[1:] for more in ((), ("--json",))
    ]
    return "".join(part for pair in texts for part in pair).lower()


@pytest.mark.parametrize(
    "cell",
    ["Ana Lopez", "Done (Ana Lopez)", "Waiting on Ana Lopez", "ana.lopez", "Lopez, Ana",
     "ana.lopez@corp.example", "ask ana.lopez@corp.example"],
)  # fmt: skip
@pytest.mark.parametrize("person", ["Ana Lopez", "ana.lopez@corp.example", "Lopez, Ana"])
@pytest.mark.parametrize("often", [2, 20])
def test_a_name_inside_a_word_of_an_outcome_is_shown_nowhere(cell, person, often, tmp_path, capsys):
    rows = [[f"A-{i}", cell if i < often else "Done", person] for i in range(30)]
    out = outputs(tmp_path, capsys, ["Issue key", "Status", "Assignee"], rows)
    assert not [secret for secret in SECRETS if secret in out]
    assert "a name" in out


def test_headers_that_may_be_people_are_counted_and_not_shown(tmp_path, capsys):
    rows = [["2026-03", 1, 2, 3]]
    out = outputs(tmp_path, capsys, ["hours", "Ana Lopez", "b@corp.example", "Cy"], rows)
    assert "no column 'outcome' among hours, 3 others" in out
    assert not [secret for secret in SECRETS if secret in out]


def test_words_of_outcomes_hold_no_dates(tmp_path, capsys):
    rows = [[f"A-{i}", f"2026-03-{i + 1:02d}"] for i in range(12)]
    record = sim.read(export(tmp_path, ["Issue key", "Resolved"], rows))
    assert record.words_met() == [("Resolved", "a date", "done", 12)]


@pytest.mark.parametrize("text", ['[outcomes]\n"a@corp.example" = "x"\n', '"a@corp.example" = 1\n'])
def test_addresses_in_a_map_are_not_shown(text, tmp_path):
    stated = tmp_path / "map.toml"
    stated.write_text(text, encoding="utf-8")
    assert "corp" not in refusal(map_file.read, stated)


def test_a_pipe_is_no_map(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    path = export(tmp_path, ["ticket", "outcome"], [[1, "closed"]])
    assert "is a pipe or a device" in refusal(sim.read, path, map=tmp_path / "pipe.toml")


@pytest.mark.parametrize("word", ["Not yet done", "Feedback", 'With "quotes"', "Back\\slash"])
def test_the_example_of_a_mend_takes_no_side_and_is_toml(word, tmp_path):
    path = export(tmp_path, ["ticket", "status"], [[i, word] for i in range(5)])
    text = refusal(sim.read, path)
    line, _, choice = text.rpartition("[outcomes] ")[2].partition(" = ")
    assert choice == '"done", "given up", "no attempt" or "open"'
    stated = tmp_path / "map.toml"
    stated.write_text(f'[outcomes]\n{line} = "open"\n', encoding="utf-8")
    assert sim.read(path, map=stated).outcomes["open"] == 5


def test_no_character_of_a_file_steers_the_terminal(tmp_path):
    rows = [[i, f"Done\x1b[31m{i % 2}\u202e"] for i in range(5)] + [
        [i, "Done"] for i in range(9, 60)
    ]
    path = export(tmp_path, ["ticket", "status"], rows, name="ours\u202e.csv")
    record = sim.read(path)
    for form in (record.text(), record.markdown(), record._repr_html_()):
        assert all(c.isprintable() or c == "\n" for c in form)


# ---- agents, bots and classes of work ----------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "tool"),
    [
        ("Claude Lopez <c@x.example>", ""),
        ("Devin Stone <d@x.example>", ""),
        ("Jules Verne <j@x.example>", ""),
        ("Claude Opus 4 <noreply@x.example>", "claude"),
        ("Claude <noreply@anthropic.com>", "claude"),
        ("Copilot <1+Copilot@users.noreply.example>", "copilot"),
        ("devin-ai-integration[bot] <1@x.example>", "devin"),
        ("Ann Ost <a@x.example>; Claude <noreply@x.example>", "claude"),
    ],
)
def test_a_co_author_whose_first_name_is_a_tool_s_is_a_person(author, tool, tmp_path):
    header = ["commit", "author", "author date", "co authors"]
    rows = [[f"{i:07x}", "eva", "2026-03-01", author if i % 2 else ""] for i in range(8)]
    record = sim.read(export(tmp_path, header, rows, "\t"))
    assert record.agent_words == ({tool: 4} if tool else {})


@pytest.mark.parametrize("bot", ["dependabot[bot]", "renovate[bot]", "Copilot",
                                 "copilot-swe-agent[bot]"])  # fmt: skip
def test_bots_are_no_people_and_an_agent_that_is_assigned_is_one(bot, tmp_path):
    rows = [[i, "closed", (bot, "eva", f"{bot},eva")[i % 3], "ui"] for i in range(12)]
    record = sim.read(export(tmp_path, ["number", "state", "assignees", "labels"], rows))
    assert record.people == 1
    assert (record.agent == 1).sum() == (8 if "opilot" in bot else 0)


def test_labels_are_read_as_pandas_writes_them(tmp_path):
    cell = "[{'id': 'x', 'name': 'copilot', 'color': 'f'}, {'id': 'y', 'name': 'security'}]"
    rows = [[i, "closed", cell if i % 2 else "[]"] for i in range(12)]
    record = sim.read(export(tmp_path, ["number", "state", "labels"], rows))
    assert record.agent_words == {"copilot": 6}
    assert (record.advanced == 1).sum() == 6


def test_whole_words_of_labels_tell_advanced_work_and_the_page_says_which(tmp_path):
    words = ("security", "non-security", "insecurity", "not architecture", "area: performance")
    rows = [[i, "closed", words[i % 5]] for i in range(20)]
    record = sim.read(export(tmp_path, ["number", "state", "labels"], rows))
    assert record.advanced.tolist() == [1, 0, 0, 0, 1] * 4
    said = "class of work: advanced by labels, 8 rows: 'security' 4, 'area: performance' 4"
    assert said in record.to_json()["settled"]
    assert any("12 rows with other labels only" in text for text in record.assumed)


def test_json_of_jira_s_interface_has_its_seconds_dates_and_categories(tmp_path):
    issues = [
        {"id": f"1{i}", "key": f"A-{i}", "fields": {
            "status": {"name": "Shipped", "statusCategory": {"key": "done", "name": "Done"}},
            "timespent": 5400, "resolutiondate": "2026-03-01T10:00:00.000+0000",
            "created": "2026-02-01T10:00:00.000+0000", "assignee": {"displayName": "Eva"}}}
        for i in range(3)
    ]  # fmt: skip
    path = tmp_path / "issues.json"
    path.write_text(json.dumps({"issues": issues}), encoding="utf-8")
    record = sim.read(path)
    assert record.hours.tolist() == [1.5] * 3
    assert record.window == ("2026-03-01", "2026-03-01")
    assert record.outcomes["done"] == 3


@pytest.mark.parametrize("word", ["1", "a", "1.", "a@", "1,234,", "' "])
def test_an_endless_cell_takes_no_endless_time(word):
    """Each took minutes at this length, by going back over it from every letter."""
    text = word * 100_000
    assert math.isnan(durations.hours(text, "h", lambda text: math.nan, durations.Lengths()))
    assert not durations.has_days(text)
    assert durations.numbers_in(text) == [text]
    assert people.without_addresses(text) is not None
