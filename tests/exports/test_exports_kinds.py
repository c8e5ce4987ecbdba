"""Every kind of export that was once misread is read right, or refused by name.

Each test makes its own files: the same fault in several shapes, sizes, words and separators.
"""

import csv
import json
import os
import random

import numpy as np
import pytest
from command import tiercurve
from fuzzing import is_one_clear_line

import sim
from calibration import contrast, tickets
from sim.assessment import work_file
from sim.experiments.sweep import design

SEEDS = range(4)


def export(folder, header, rows, separator=",", name="export.csv", encoding="utf-8"):
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows([header, *rows])
    return path


def refusal(read, *arguments, **named):
    with pytest.raises((sim.TicketError, sim.SweepError)) as caught:
        read(*arguments, **named)
    is_one_clear_line(caught.value)
    return str(caught.value)


def keys(count, prefix="OUR-"):
    return [f"{prefix}{i + 1}" for i in range(count)]


def said(record, words):
    return any(words in sentence for sentence in (*record.cautions, *record.assumed))


# ---- outcomes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_resolution_goes_before_status(seed, tmp_path):
    luck = random.Random(seed)
    kinds = {"Done": 0, "Fixed": 0, "Won't Do": 1, "Declined": 1, "WONTFIX": 1, "Duplicate": 2,
             "Cannot Reproduce": 2, "Invalid": 2}  # fmt: skip
    words = [luck.choice(list(kinds)) for _ in range(40)]
    rows = [[key, "Closed", word] for key, word in zip(keys(40), words, strict=True)]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Resolution"], rows))
    assert list(record.outcome) == [kinds[word] for word in words]
    assert all(
        f"never an attempt: {word}" in record.left_out for word in set(words) if kinds[word] == 2
    )


@pytest.mark.parametrize("apostrophe", ["'", "’", "‘", "`"])
def test_given_up_is_read_however_its_apostrophe_is_written(apostrophe, tmp_path):
    words = [f"won{apostrophe}t do", f"Won{apostrophe}t Fix", "wont_do", "NOT PLANNED", "Done"]
    rows = [[i, word] for i, word in enumerate(words)]
    assert list(sim.read(export(tmp_path, ["ticket", "outcome"], rows)).outcome) == [1, 1, 1, 1, 0]


def test_a_word_under_a_fifth_is_left_out_by_name_and_over_it_refused(tmp_path):
    rows = [[i, "Done"] for i in range(30)] + [[99, "Florp"]]
    record = sim.read(export(tmp_path, ["ticket", "status"], rows))
    assert len(record) == 30
    assert said(record, "left out: 'Florp'")
    rows += [[100 + i, "Blib"] for i in range(8)]
    text = refusal(sim.read, export(tmp_path, ["ticket", "status"], rows))
    assert all(word in text for word in ("status = 'Blib', 'Florp'", "9 of 39", "--map"))


@pytest.mark.parametrize("header", ["state_reason", "stateReason", "State Reason"])
def test_the_reason_of_a_state_tells_what_closed_means(header, tmp_path):
    rows = [[1, "closed", "completed"], [2, "closed", "not_planned"], [3, "closed", "duplicate"],
            [4, "open", ""], [5, "open", "reopened"], [6, "closed", ""]]  # fmt: skip
    assert list(sim.read(export(tmp_path, ["number", "state", header], rows)).outcome) == [
        0, 1, 2, 3, 4, 0,
    ]  # fmt: skip


def test_removed_is_not_done_whatever_its_reason(tmp_path):
    rows = [[1, "Task", "Removed", "Completed"], [2, "Task", "Closed", "Completed"],
            [3, "Task", "Closed", "Implementation started"]]  # fmt: skip
    record = sim.read(export(tmp_path, ["ID", "Work Item Type", "State", "Reason"], rows))
    assert list(record.outcome) == [1, 0, 0]
    assert "State 'Removed' taken over Reason 'Completed': 1" in record.settled


@pytest.mark.parametrize("word", ["Verified", "Released", "Deployed"])
def test_one_word_of_a_workflow_does_not_change_the_scale(word, tmp_path):
    rows = [[key, word if i < 22 else "Closed"] for i, key in enumerate(keys(26))]
    rows += [[f"X-{i}", "Reopened"] for i in range(4)]
    path = export(tmp_path, ["Issue key", "Status"], rows)
    found = tickets.read(path)
    assert found.scale == ("not closed", "closed")
    assert (found.outcome == 1).sum() == 26
    assert (found.outcome == 0).sum() == 4
    assert sim.read(path).outcomes["open"] == 4


def test_own_words_of_a_status_are_done_where_its_category_says_so(tmp_path):
    rows = [[key, f"Our word {i % 3}", "Done"] for i, key in enumerate(keys(12))]
    rows += [["Z-1", "Our word 3", "In Progress"]]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Status Category"], rows))
    assert record.outcomes == {"done": 12, "given_up": 0, "no_attempt": 0, "open": 1}


def test_a_resolution_of_unresolved_is_open(tmp_path):
    rows = [[key, "Unresolved" if i % 4 == 1 else "Fixed"] for i, key in enumerate(keys(16))]
    record = sim.read(export(tmp_path, ["Key", "Resolution"], rows))
    assert (record.outcomes["done"], record.outcomes["open"]) == (12, 4)


def test_a_resolution_that_a_team_never_sets_says_nothing(tmp_path):
    rows = [[key, "Done", "Unresolved"] for key in keys(12)]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Resolution"], rows))
    assert record.outcomes["done"] == 12


@pytest.mark.parametrize(
    ("header", "words", "outcomes"),
    [
        (("Clé de ticket", "État", "Personne assignée"), ("Terminé", "En cours", "Annulé"), (0, 3,
        1)),
        (("Vorgangsschlüssel", "Status", "Zugewiesene Person"), ("Erledigt", "In Arbeit",
        "Abgelehnt"), (0, 3, 1)),
        (("Clave de incidencia", "Estado", "Persona asignada"), ("Listo", "En curso",
        "Rechazado"), (0, 3, 1)),
        (("Chave", "Estado", "Responsável"), ("Concluído", "Em andamento", "Cancelado"), (0, 3, 1)),
    ],
)  # fmt: skip
def test_exports_in_other_languages_are_read(header, words, outcomes, tmp_path):
    rows = [[key, word, "ana"] for key, word in zip(keys(3), words, strict=True)]
    record = sim.read(export(tmp_path, header, rows, separator=";"))
    assert list(record.outcome) == list(outcomes)
    assert record.people == 1


def test_a_language_that_is_not_known_is_asked_for_by_column_and_words(tmp_path):
    rows = [[key, "Done" if i % 2 else "Kész", "x"] for i, key in enumerate(keys(8))]
    text = refusal(sim.read, export(tmp_path, ["Kulcs", "Állapot", "Felelős"], rows))
    assert "if 'Állapot' tells ('Done')" in text
    assert '[columns] status = "Állapot"' in text


def test_what_is_not_merged_is_given_up(tmp_path):
    rows = [[1, "MERGED", "2026-03-01T10:00:00Z"], [2, "CLOSED", ""], [3, "OPEN", ""]]
    assert list(sim.read(export(tmp_path, ["number", "state", "mergedAt"], rows)).outcome) == [
        0,
        1,
        3,
    ]


def test_no_failures_are_remarked_with_the_filter_that_would_bring_them(tmp_path):
    rows = [[key, "Done"] for key in keys(12)]
    record = sim.read(export(tmp_path, ["Issue key", "Status"], rows))
    assert said(record, "was the export filtered to Done?")
    assert said(record, "resolution")


# ---- which row is the ticket -------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_last_state_by_date_counts(seed, tmp_path):
    luck = random.Random(seed)
    rows = [[key, "Done", f"2026-03-{i % 20 + 1:02d}"] for i, key in enumerate(keys(12))]
    again = luck.sample(range(12), 3)
    rows += [[f"OUR-{i + 1}", "Reopened", f"2026-03-{i % 20 + 6:02d}"] for i in again]
    luck.shuffle(rows)
    path = export(tmp_path, ["Issue key", "Status", "Date"], rows)
    found = tickets.read(path)
    assert (len(found.outcome), int((found.outcome == 0).sum())) == (12, 3)
    assert sim.read(path).outcomes["open"] == 3


def test_a_history_without_dates_is_refused(tmp_path):
    rows = [["A-1", "Done"], ["A-1", "Reopened"], ["A-2", "Done"]]
    text = refusal(sim.read, export(tmp_path, ["Issue key", "Status"], rows))
    assert all(word in text for word in ("'Issue key'", "Done, Reopened", "add 'Updated'"))


@pytest.mark.parametrize("parts", [(1, 6, 3), (2, 2, 6), (0.5, 4.5, 5)])
def test_worklogs_are_summed(parts, tmp_path):
    rows = [[key, "Done", "ana", part] for key in keys(12) for part in parts]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Assignee", "Hours"], rows))
    assert record.hours.tolist() == [10.0] * 12
    assert any("worklogs" in text for text in record.joined)


def test_rows_of_several_people_are_one_ticket_whose_hours_count_once(tmp_path):
    rows = [[key, "Done", name, 4] for key in keys(6) for name in ("ana", "ben")]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Assignee", "Hours"], rows))
    assert record.hours.tolist() == [4.0] * 6
    assert any("several people" in text for text in record.joined)


@pytest.mark.parametrize("link", ["Parent", "Parent id", "Parent key", "Custom field (Epic Link)"])
def test_parents_whose_children_are_in_are_left_out(link, tmp_path):
    rows = []
    for epic in range(3):
        rows.append([f"E-{epic}", 100 + epic, "Epic", "Done", ""])
        parent = 100 + epic if link == "Parent id" else f"E-{epic}"
        rows += [[f"T-{epic}{i}", epic * 10 + i, "Sub-task", "Done", parent] for i in range(5)]
    header = ["Issue key", "Issue id", "Issue Type", "Status", link]
    record = sim.read(export(tmp_path, header, rows))
    assert len(record) == 15
    assert record.left_out == {"parents whose children are in the file": 3}


def test_numbers_of_two_projects_are_told_apart_by_project_or_refused(tmp_path):
    rows = [[i, "closed", f"2026-01-{10 * part + i + 1:02d}"] for part in (0, 1) for i in range(5)]
    text = refusal(sim.read, export(tmp_path, ["number", "state", "created_at"], rows))
    assert all(word in text for word in ("'number'", "'created_at'", "two projects", "'project'"))
    rows = [[*row, f"repo {i // 5}"] for i, row in enumerate(rows)]
    record = sim.read(export(tmp_path, ["number", "state", "created_at", "repository"], rows))
    assert len(record) == 10


# ---- times and numbers -------------------------------------------------------------------------


def test_time_spent_of_jira_is_in_seconds(tmp_path):
    seconds = [1800, 3600, 5400, 57_600]
    rows = [[key, "Done", x] for key, x in zip(keys(4), seconds, strict=True)]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Time Spent"], rows))
    assert record.hours.tolist() == [0.5, 1, 1.5, 16]
    assert "'Time Spent' is in seconds, as Jira writes it" in record.settled


@pytest.mark.parametrize(
    ("header", "values"),
    [(["Issue key", "Status", "Time Spent"], [2.5, 4, 1]), (["ticket", "status", "time spent"],
    [1800, 3600, 7200])],
)  # fmt: skip
def test_a_unit_that_nothing_tells_is_a_question(header, values, tmp_path):
    rows = [[key, "Done", x] for key, x in zip(keys(3), values, strict=True)]
    path = export(tmp_path, header, rows)
    text = refusal(sim.read, path)
    assert all(word in text.lower() for word in ("time spent", "unit", "--map", "[time]"))
    stated = tmp_path / "map.toml"
    stated.write_text('[time]\nunit = "h"\n', encoding="utf-8")
    assert sim.read(path, map=stated).hours.tolist() == values


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("mark", [",", "."])
def test_thousands_are_read_beside_whole_numbers_and_said(separator, mark, tmp_path):
    hours = [f"1{mark}200", f"1{mark}050", "12", "8"]
    rows = [[i, "closed", x] for i, x in enumerate(hours)]
    record = sim.read(export(tmp_path, ["ticket", "outcome", "hours"], rows, separator))
    assert record.hours.tolist() == [1200, 1050, 12, 8]
    assert any("thousands" in text for text in record.settled)


def test_three_digits_behind_the_only_mark_are_a_question(tmp_path):
    rows = [[i, "closed", x] for i, x in enumerate(("1.125", "2.375", "4.562"))]
    text = refusal(sim.read, export(tmp_path, ["ticket", "outcome", "hours"], rows))
    assert all(word in text for word in ("'hours'", "1125 or 1.125", "[numbers] decimal"))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("1h 30m", 1.5), ("2d", 16), ("45m", 0.75), ("1:30", 1.5), ("1w 2d", 56), ("PT1H30M",
        1.5), ("1h30", 1.5),
        ("90 min", 1.5), ("1 day, 2 hours", 10), ("2 Std. 30 Min.", 2.5), ("1,5 h", 1.5),
        ("0:45:00", 0.75),
    ],
)  # fmt: skip
def test_durations_in_words_are_read(text, hours, tmp_path):
    path = export(
        tmp_path, ["ticket", "outcome", "time spent"], [[1, "closed", text], [2, "closed", "3h"]]
    )
    record = sim.read(path)
    assert record.hours.tolist() == [hours, 3]
    if "d" in text or "w" in text:
        assert said(record, "a day of work is 8 h") == ("Std" not in text)
    stated = sim.read(path, map=_map(tmp_path, "[time]\nday_hours = 6\n"))
    assert stated.hours[0] == {"2d": 12, "1w 2d": 42, "1 day, 2 hours": 8}.get(text, hours)


def _map(folder, text):
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("separator", "text", "hours"), [(";", "1.200", 1200), (",", "1,5", 1.5), ("\t", "2,25", 2.25)]
)
def test_labelled_work_has_the_same_numbers(separator, text, hours, tmp_path):
    rows = [[i, "average", x] for i, x in enumerate((text, "8", "12"))]
    found = work_file.read(export(tmp_path, ["ticket", "class", "hours"], rows, separator))
    assert found.hours.tolist() == [hours, 8, 12]
    assert text in " ".join(found.settled)


def test_points_have_the_same_numbers_and_separators(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("team.novice;world.dev_share;\n1;0,3;\n2;0,4;\n", encoding="utf-8")
    assert design.table(path).factors == {"team.novice": [1, 2], "world.dev_share": [0.3, 0.4]}


def test_log_work_of_jira_is_summed_where_no_time_spent_stands(tmp_path):
    log = "a comment; with marks;02/Mar/26 4:10 PM;712020:1;{}"
    rows = [[key, "Done", log.format(3600), log.format(1800)] for key in keys(3)]
    rows += [["Z-1", "Done", "", ""]]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Log Work", "Log Work"], rows))
    assert record.hours[:3].tolist() == [1.5] * 3
    assert np.isnan(record.hours[3])


@pytest.mark.parametrize("cell", ["copilot, ui", "ui;copilot", "['ui', 'copilot']", "ui | copilot"])
def test_labels_of_one_cell_are_parted_however_they_are_written(cell, tmp_path):
    rows = [[key, "Done", cell if i % 2 else "ui"] for i, key in enumerate(keys(6))]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Labels"], rows))
    assert record.agent.tolist() == [0, 1] * 3
    assert record.agent_words == {"copilot": 3}


def test_story_points_are_no_hours(tmp_path):
    rows = [[key, "Done", 3] for key in keys(12)]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Story Points"], rows))
    assert np.isnan(record.hours).all()
    assert record.points.tolist() == [3.0] * 12
    assert record.columns["Story Points"] == "points, a scale of its own"
    assert said(record, "scale of their own and not hours")


# ---- dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_dates_without_a_day_beyond_12_are_asked_for_and_taken_as_stated(order, tmp_path):
    rows = [[i, "closed", f"0{i % 3 + 1}/0{i % 9 + 1}/2026"] for i in range(12)]
    path = export(tmp_path, ["ticket", "outcome", "date"], rows)
    text = refusal(sim.read, path)
    assert "'date'" in text
    assert "--dates dmy or --dates mdy" in text
    first, last = sim.read(path, dates=order).window
    assert (first, last) == (
        ("2026-01-01", "2026-09-03") if order == "dmy" else ("2026-01-01", "2026-03-09")
    )


def test_exports_of_both_orders_glued_together_are_refused(tmp_path):
    rows = [
        ["A-1", "closed", "13/03/2026"],
        ["B-1", "closed", "03/05/2026"],
        ["B-2", "closed", "03/25/2026"],
    ]
    text = refusal(sim.read, export(tmp_path, ["ticket", "outcome", "date"], rows))
    assert all(word in text for word in ("'date'", "13/03/2026", "03/25/2026", "read them apart"))


def test_a_stated_order_that_the_dates_contradict_is_refused(tmp_path):
    path = export(tmp_path, ["ticket", "outcome", "date"], [[1, "closed", "25/03/2026"]])
    assert "25/03/2026 cannot be mdy" in refusal(sim.read, path, dates="mdy")


def test_work_of_before_there_were_agents_is_without_one(tmp_path):
    rows = [[i, "closed", f"2009-03-{i + 1:02d}"] for i in range(12)]
    path = export(tmp_path, ["ticket", "outcome", "date"], rows)
    record = sim.read(path)
    assert said(record, "12 tickets of before 2021-06-29")
    assert (record.agent == 0).all()
    assert "0 usable rows with the agent" in refusal(tickets.read, path)


def test_an_agent_from_a_date_on_splits_the_record(tmp_path):
    rows = [[i, "closed", f"2026-03-{i + 1:02d}"] for i in range(20)]
    path = export(tmp_path, ["ticket", "outcome", "date"], rows)
    record = sim.read(path, agent_since="2026-03-11")
    assert record.agent.tolist() == [0] * 10 + [1] * 10
    assert "must be a date such as" in refusal(sim.read, path, agent_since="spring")


# ---- people, levels, agents --------------------------------------------------------------------


@pytest.mark.parametrize(
    "nobody", ["Unassigned", "", "unassigned", "Nobody", "nicht zugewiesen", "-", "N/A"]
)
def test_nobody_is_no_person(nobody, tmp_path):
    rows = [[key, "Done", ("ana", nobody, "cy", nobody)[i % 4]] for i, key in enumerate(keys(16))]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Assignee"], rows))
    assert record.people == 2
    assert said(record, "8 tickets of nobody")


def test_keys_that_look_alike_are_counted_and_named_nowhere(tmp_path):
    names = ["Eva Maar", "eva.maar@x.example", "Maar, Eva", "Eva  Maar", "Tom Ost"]
    rows = [[i, "closed", names[i % 5]] for i in range(20)]
    record = sim.read(export(tmp_path, ["ticket", "outcome", "person"], rows))
    assert record.people == 5
    assert said(record, "People whose keys look alike: 4")
    assert "Maar" not in record.text()


def test_an_agent_that_is_a_person_is_refused(tmp_path):
    rows = [[i, "Closed", ("Eva", "Tom")[i % 2]] for i in range(12)]
    text = refusal(sim.read, export(tmp_path, ["Ticket ID", "Status", "Agent"], rows))
    assert "column 'Agent' holds 'Eva', 'Tom': not yes or no" in text
    assert '[columns] person = "Agent"' in text


@pytest.mark.parametrize(
    ("yes", "no"), [("1.0", "0.0"), ("yes", "no"), ("TRUE", "FALSE"), ("copilot", "none")]
)
def test_truth_is_read_however_it_is_written(yes, no, tmp_path):
    rows = [[i, "closed", (no, yes)[i % 2]] for i in range(24)]
    record = sim.read(export(tmp_path, ["ticket", "outcome", "agent"], rows))
    assert record.agent.tolist() == [0, 1] * 12
    assert record.agent_words == {yes: 12, no: 12}


def test_labels_of_repeated_columns_are_united(tmp_path):
    rows = [
        [key, "Done", "backend", ("security", "", "copilot")[i % 3]]
        for i, key in enumerate(keys(12))
    ]
    record = sim.read(export(tmp_path, ["Issue key", "Status", "Labels", "Labels"], rows))
    assert record.advanced.tolist() == [1, 0, 0] * 4
    assert record.agent.tolist() == [0, 0, 1] * 4
    assert record.columns["Labels"] == "labels (2 columns, united)"


def test_a_person_with_many_levels_is_remarked(tmp_path):
    rows = [[i, "closed", "ab"[i % 2], i % 5 + 1] for i in range(20)]
    record = sim.read(export(tmp_path, ["ticket", "outcome", "person", "Level"], rows))
    assert said(record, "Column 'Level' is taken as the person's level, and 2 people have up to 5")
    none = sim.read(export(tmp_path, ["ticket", "outcome", "person", "Level"], rows),
                    map=_map(tmp_path, "[columns]\nlevel = false\n"))  # fmt: skip
    assert (none.level_low == 0).all()


def test_levels_of_people_may_stand_in_a_map(tmp_path):
    rows = [[i, "closed", ("Eva", "Tom")[i % 2]] for i in range(4)]
    stated = _map(tmp_path, '[levels]\n"Eva" = "novice"\n"tom" = 5\n')
    record = sim.read(export(tmp_path, ["ticket", "outcome", "person"], rows), map=stated)
    assert record.level_low.tolist() == [1, 5, 1, 5]


@pytest.mark.parametrize(
    ("closed", "by_hand", "low", "high"),
    [((10, 12), (4, 8), -6.7, 64.2), ((12, 12), (6, 6), -24.2, 39.0)],
)
def test_agent_against_hand_is_about_newcombe_s_where_nobody_is_known(
    closed, by_hand, low, high, tmp_path
):
    """Both ends on Newcombe's side of the difference, and half to all of his width."""
    rows = [["yes", "closed" if i < closed[0] else "failed"] for i in range(closed[1])]
    rows += [["no", "closed" if i < by_hand[0] else "failed"] for i in range(by_hand[1])]
    path = export(
        tmp_path, ["ticket", "agent", "outcome"], [[i, *row] for i, row in enumerate(rows)]
    )
    found = contrast.contrast(tickets.read(path), np.random.default_rng(1))
    assert low - 5 < 100 * found["low"] < 0 < 100 * found["high"] < high + 5
    assert 0.5 < 100 * (found["high"] - found["low"]) / (high - low) < 1.1


# ---- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_line_that_states_the_separator_is_used(separator, tmp_path):
    body = "\n".join(separator.join([str(i), "closed"]) for i in range(12))
    path = tmp_path / "export.csv"
    path.write_text(f"sep={separator}\nticket{separator}outcome\n{body}\n", encoding="utf-8")
    record = sim.read(path)
    assert len(record) == 12
    assert "line 1, which states the separator" in record.left_out


@pytest.mark.parametrize("size", [140_000, 3_000_000])
def test_long_cells_are_read(size, tmp_path):
    rows = [[key, "Done", "x" * size if i == 5 else "short"] for i, key in enumerate(keys(12))]
    assert len(sim.read(export(tmp_path, ["Issue key", "Status", "Description"], rows))) == 12


@pytest.mark.parametrize("closing", ["", '"'])
@pytest.mark.parametrize("place", [1, 3, 10])
def test_a_quote_that_swallows_rows_is_refused_with_its_line(place, closing, tmp_path):
    lines = [f"T-{i},closed,ana,ok" for i in range(12)]
    lines[place] = f'T-{place},closed,ana,"said no'
    lines[place + 1] += closing
    path = tmp_path / "export.csv"
    path.write_text("\n".join(["ticket,outcome,person,summary", *lines]) + "\n", encoding="utf-8")
    assert f"line {place + 2}: a quote is not closed" in refusal(sim.read, path)


def test_a_cell_of_many_lines_is_no_swallowed_row(tmp_path):
    text = "First, a line\nsecond, one, more\n\nT-9, closed"
    rows = [[f"T-{i}", "closed", "ana", text] for i in range(12)]
    assert len(sim.read(export(tmp_path, ["ticket", "outcome", "person", "summary"], rows))) == 12


def test_separators_and_line_breaks_that_need_quotes_are_refused(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("ticket,outcome,title\nT-1,closed,a\nT-2,closed,b, c\n", encoding="utf-8")
    assert "line 3: 4 cells under 3 columns" in refusal(sim.read, path)
    path.write_text(
        "ticket,title,outcome\nT-1,a,closed\nT-2,b\nrest of it,closed\n", encoding="utf-8"
    )
    assert "line 4: 2 cells under 3 columns" in refusal(sim.read, path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04xl/workbook.xml", "spreadsheet or archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old spreadsheet"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><table>", "web page or XML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "web page or XML"),
        (b"PAR1", "Parquet"),
        (b"commit 0123456789abcdef\nAuthor: x\n", "git's own log"),
        ("état;ticket\nx;y\n".encode("cp1252"), "perhaps Windows-1252"),
        ("ticket,outcome\n1,closed\n".encode("utf-16-le"), "UTF-16 without a mark"),
        (b"ticket,outcome\n1,clo\x00sed\n", "zero byte"),
        (b"ticket,outcome\n", "has a header and no rows"),
        (b"\n\n", "is empty"),
        (b"x" * 10_000_000, "its first line has 10.0 million characters"),
        (b",".join([b"c"] * 6000) + b"\n1\n", "6,000 columns: must be 5,000 or fewer"),
        (b'{"name": "B", "lists": [], "cards": []}', "a Trello board"),
        (b'[1, 2]', "no list of objects"),
        (b'[{"a": ', "JSON that cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_its_name(content, says, tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    assert says in refusal(sim.read, path)


def test_windows_letters_are_read_where_a_map_says_so(tmp_path):
    path = export(tmp_path, ["Clé", "État"], [["A-1", "Terminé"]], ";", encoding="cp1252")
    assert "cp1252" in refusal(sim.read, path)
    assert len(sim.read(path, map=_map(tmp_path, '[file]\nencoding = "cp1252"\n'))) == 1


def test_pipes_and_devices_are_refused_at_once(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero", "/dev/stdin"):
        text = refusal(sim.read, path)
        assert "is a pipe or a device" in text or "holds" in text
    assert "is a folder" in refusal(sim.read, tmp_path)
    assert "cannot be read" in refusal(sim.read, tmp_path / "gone.csv")


def test_json_as_interfaces_write_it_is_read(tmp_path):
    rows = [{"key": f"A-{i}", "fields": {"status": {"name": "Odd",
    "statusCategory": {"key": "done"}},
             "resolution": {"name": "Fixed"},
             "assignee": {"displayName": "Eva"}}} for i in range(3)]  # fmt: skip
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"issues": rows}), encoding="utf-8")
    record = sim.read(path)
    assert record.outcomes["done"] == 3
    assert record.people == 1
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert len(sim.read(path)) == 3


# ---- the command -------------------------------------------------------------------------------


KEYS = [
    "tickets",
    "outcomes",
    "hours",
    "window",
    "people",
    "agent",
    "columns",
    "words",
    "settled",
    "rows",
    "joined",
    "assumed",
    "left_out",
    "cautions",
]


def test_the_command_prints_how_it_read_and_the_keys_of_json(tmp_path, capsys):
    path = export(tmp_path, ["Issue key", "Status"], [[key, "Done"] for key in keys(12)])
    code, out, _ = tiercurve("read", path, capsys=capsys)
    assert code == 0
    assert out.startswith("How your file was read")
    assert "Status 'Done': done, 12" in out
    _, out, _ = tiercurve("read", path, "--json", capsys=capsys)
    assert list(json.loads(out)) == KEYS


def test_the_command_writes_a_map_and_no_map_twice(tmp_path, capsys):
    path = export(tmp_path, ["Issue key", "Status"], [[key, "Done"] for key in keys(12)])
    stated = tmp_path / "ours.toml"
    code, _, err = tiercurve("read", path, "--write-map", stated, capsys=capsys)
    assert (code, "map written" in err) == (0, True)
    assert tiercurve("read", path, "--write-map", stated, capsys=capsys)[0] == 2
    assert tiercurve("read", path, "--map", stated, capsys=capsys)[0] == 0


def test_a_dry_run_reads_and_fits_nothing(tmp_path, capsys):
    path = export(tmp_path, ["Issue key", "Status"], [[key, "Done"] for key in keys(12)])
    code, out, err = tiercurve("calibrate", path, "--dry-run", capsys=capsys)
    assert code == 0
    assert "How your file was read" in out
    assert "would take 12 tickets with the agent: not closed 0, closed 12" in err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[colums]\na = 1\n", "colums: unknown key; did you mean 'columns'?"),
        ("[columns]\nstats = 'x'\n", "columns.stats: unknown key; did you mean 'status'?"),
        ("[columns]\nstatus = 3\n", "columns.status = 3: must be a column's name"),
        ("[columns]\nstatus = 'Stats'\n", "no such column; did you mean 'Status'?"),
        ("[outcomes]\nDone = 'don'\n",
        "must be one of done, given up, no attempt, open, reopened; did you mean 'done'?"),
        ("[time]\nunit = 'hours'\n", "time.unit = \"hours\": must be one of s, min, h, d"),
        ("[time]\nday_hours = 0\n", "must be above 0 and at most 24"),
        ("[agent]\ncopilot = 'yes'\n", "must be true or false"),
        ("[agent]\nsince = 'spring'\n", "must be a date such as 2025-03-01"),
        ("[file]\nencoding = 'klingon'\n", "must be an encoding of texts"),
        ("[levels]\nEva = 'senior'\n", "must be one of novice"),
        ("[dates]\norder = 'ymd'\n", "must be one of dmy, mdy"),
        ("columns = 3\n", "must be a table"),
        ("[columns\n", "cannot be read as a map"),
    ],
)  # fmt: skip
def test_a_map_that_cannot_be_used_is_refused_in_one_line(text, says, tmp_path):
    path = export(tmp_path, ["Issue key", "Status"], [["A-1", "Done"]])
    assert says in refusal(sim.read, path, map=_map(tmp_path, text))
