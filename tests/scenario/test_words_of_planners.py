"""Faults of planners in a file are told with what would mend them, and doubts with a note."""

import re
from pathlib import Path

import pytest
from command import tiercurve

import sim
from sim.caveats import DOUBT, of_kinds
from sim.errors import ScenarioError, UnknownKeyError
from sim.records import words
from sim.scenario import doubts
from sim.scenario.calendar_days import day_at_end_of, week_at_end_of

BACKLOG = "[tasks]\nbacklog = 10\n"
JOINER = '[[joiners]]\ncount = 1\nlevel = "expert"\nrole = "engineer"\n'
SALARY = dict(zip(doubts.LEVELS, (5e4, 6e4, 7e4, 8.5e4, 1e5), strict=True))
FAULTS = [
    (f'{BACKLOG}[answer]\nby = "2027-02-30"', 'answer.by = "2027-02-30": there is no such day'),
    (f'{BACKLOG}[answer]\nby = "21.05.2027"', 'must be written YYYY-MM-DD: "2027-05-21"'),
    (f'{BACKLOG}[answer]\nby = "5/6/2027"', '"2027-06-05" or "2027-05-06"'),
    (f'{BACKLOG}[answer]\nby = "2057-05-21"', "must be from 2020 to 2040"),
    (f'{BACKLOG}[answer]\nby = "soon"', "must be a day in quotes, such as"),
    ('[horizon]\nstart = "2027-02-30"', "there is no such day; the last of that month is"),
    (f'{JOINER}week = "2027-02-15"', "count weeks from horizon.start: 0 is its first day"),
    ('[joiners]\nlevel = "expert"', "must be a list; write [[joiners]]"),
    ("[training]\nstart = 3", "training.start: unknown key; state start_week"),
    ('[tool]\nname = "claude-code-2026"', "tool.name: unknown key; state profile, such as"),
    ('[tasks]\nbacklog = "160 tickets"', "without quotes: backlog = 160"),
    ('[money]\ntool_per_person_month = "48.000 EUR"', "tool_per_person_month = 48_000"),
    ('[money]\ntool_per_person_month = "48.5 EUR"', "tool_per_person_month = 48.5"),
    ("[money.salary_per_month]\nnovice = 4000", "salaries are a year's: state [money.salary.engi"),
    ("[money]\ntool_per_person_month = 1", 'money.currency: missing; state it, such as currency ='),
    ('[[joiners]]\ncount = 1\nlevel = "expert"\nweek = 1', 'such as role = "engineer"'),
    ("[money]\ncurrency = EUR", 'put text in quotes: currency = "EUR"'),
    ("[money]\ntool_per_person_month = 48,000", "write tool_per_person_month = 48_000"),
    ('[tasks]\ndeadline = "March"', 'a deadline is answer.by = "2027-03-31" or answer.by_'),
    (f"{BACKLOG}[answer]\nby_week = 2027-03-01", 'weeks; a day is answer.by = "2027-03-01"'),
    (f'{BACKLOG}[answer]\nby_week = "2027-03-01"', '; a day is answer.by = "2027-03-01"'),
    (f"{JOINER}week = 2027-02-15", "must be a number of weeks; count weeks from horizon.start"),
    ("[money]\noverhead = 30", "10 or less (factor); 30% over salary is 1.3"),
    ("[money]\noverhead = 0.3", "30% over salary is 1.3"),
    ('[money]\noverhead = "30%"', "30% over salary is 1.3"),
    ("[money]\noverhead = 30%", "write overhead = 1.3"),
    ("[tasks]\nadvanced_share = 40%", "write advanced_share = 0.4"),
    ("[horizon]\nstart = 2027-03", 'in quotes: start = "2027-03"'),
    ("[horizon]\nstart = 15.03.2027", 'in quotes: start = "15.03.2027"'),
    ("[money]\nsalary.engineer = 60000", "must be a table by level: novice, beginner"),
    ('plans = [{ scenario = "a" }]', "is the plan of a deck, not a scenario; tiercurve deck mine"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def plan(**changes):
    money = {"currency": "EUR", "tool_per_person_month": 1.0, "salary": {"engineer": SALARY}}
    return sim.Scenario.from_dict({"team": {"novice": 2, "expert": 1}, "money": money} | changes)


@pytest.mark.parametrize(("text", "mend"), FAULTS)
def test_a_fault_is_told_with_what_would_do(text, mend):
    Path("mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        sim.load("mine")
    lines = str(error.value).splitlines()
    assert any(mend in line for line in lines)
    assert all(line.startswith("mine.toml: ") for line in lines)


@pytest.mark.parametrize("start", ["2026-12", "2027-01-06", "2027-01-09"])
def test_the_day_a_week_ends_on_is_the_one_that_ends_that_week(start):
    for days in range(1, 60):
        day = day_at_end_of(days / 5, start)
        assert week_at_end_of(day, start) == days / 5
    assert day_at_end_of(20, "2026-11-09") == "2027-03-26"  # a Friday
    assert day_at_end_of(20, "2027-01-04") == "2027-05-21"


def test_a_backlog_without_a_deadline_asks_when_it_is_done():
    asked = sim.Scenario.from_dict({"tasks": {"backlog": 20}}, "mine")
    assert asked.answer.metric == "finish_week"
    assert asked.question == "When will the 20 tickets of mine be done?"
    told = sim.run(asked.replace({"horizon.weeks": 10}), draws=4).text()
    assert re.search(
        r"answer  Half of the worlds have the 20 tickets done by week \d+ \(\d+ \w+ 20", told
    )
    stated = {"tasks": {"backlog": 20}, "answer": {"metric": "work_delivered"}}
    assert sim.Scenario.from_dict(stated).answer.metric == "work_delivered"
    assert asked.replace({"answer.by_week": 9}).answer.metric == "done_by"
    arriving = asked.replace({"tasks.arrivals_per_week": 3.0})
    assert arriving.answer.metric == "work_delivered"
    assert asked.replace({"tasks.backlog": 30}).answer.metric == "finish_week"


def test_a_deadline_in_weeks_is_told_with_its_day():
    stated = {"answer": {"by_week": 5}, "horizon": {"start": "2027-01-04", "weeks": 8}}
    result = sim.run(sim.Scenario.from_dict(stated | {"tasks": {"backlog": 5}}), draws=4)
    assert "by week 5 (5 February 2027) with probability" in result.text()
    assert "by week 5 (5 February 2027)" in result.answer()
    other = result.scenario.replace({"team.expert": 3})
    assert "deadline week 5 (5 February 2027)" in sim.compare(result, other, draws=4).text()


def test_a_run_names_who_joins_and_who_leaves():
    joiner = {"count": 1, "level": "expert", "role": "engineer", "week": 2}
    leaver = {"level": "novice", "role": "engineer", "week": 1}
    moved = plan(joiners=[joiner, joiner | {"count": 2, "level": [1, 2]}], leavers=[leaver])
    lines = sim.run(moved.replace({"horizon.weeks": 3}), draws=2).text().split("tool")[0]
    told = " ".join(lines.split())
    assert "3 people (1 expert engineer joins, the seat open from week 2; 2 engineers join" in told
    assert "1 row more joins or leaves" in told


@pytest.mark.parametrize(
    ("salary", "said"),
    [
        ({"novice": 4000.0}, "novice costs 1.92 EUR an hour (4,000 a year): is that a year's sal"),
        ({"expert": 48.0}, "expert costs 0.02 EUR an hour (48 a year)"),
    ],
)
def test_pay_that_looks_like_a_months_is_doubted_and_runs(salary, said):
    money = {"currency": "EUR", "tool_per_person_month": 1.0}
    doubtful = plan(money=money | {"salary": {"engineer": SALARY | salary}})
    result = sim.run(doubtful.replace({"horizon.weeks": 2}), draws=2)
    (doubt,) = of_kinds(result.caveats, DOUBT)
    assert said in doubt
    for everything in (False, True):
        assert said in " ".join(result.text(everything).split())


def test_pay_of_a_year_and_pay_of_nothing_are_not_doubted():
    assert plan().doubts == ()
    nothing = dict.fromkeys(SALARY, 0.0)
    paid = {"salary": {"engineer": SALARY, "adjacent": nothing}}
    assert plan(money={"currency": "EUR", "tool_per_person_month": 1.0} | paid).doubts == ()


def test_an_hours_cost_is_doubted_as_such():
    low = dict.fromkeys(SALARY, 2.0)
    doubtful = plan(money={"currency": "EUR", "tool_per_person_month": 1.0, "engineer": low})
    assert "novice costs 2.00 EUR an hour: is that the cost of an hour?" in doubtful.doubts[0]
    assert doubtful.replace({"money.currency": "hours of a novice"}).doubts == ()


def test_seats_for_which_nobody_is_there_are_told():
    (doubt,) = plan(training={"seats": 12}).doubts
    assert "training.seats = 12: 2 people are eligible when it begins in week 0" in doubt
    assert plan(training={"seats": 2}).doubts == ()
    joiner = {"count": 3, "level": "novice", "role": "engineer", "week": 1}
    later = plan(training={"seats": 12, "start_week": 2}, joiners=[joiner])
    assert "5 people are eligible when it begins in week 2" in later.doubts[0]
    trained = sim.run(plan(training={"seats": 12, "cost_per_seat": 10.0}), draws=2)
    assert (trained.values("training_cost") == 20.0).all()  # as the note says: two take part


def test_rows_of_a_list_are_changed_by_their_place_from_1():
    joiner = {"count": 1, "level": "expert", "role": "engineer", "week": 2}
    there = plan(joiners=[joiner, joiner | {"week": 3}])
    changed = there.replace({"joiners.2.week": 7, "joiners.1.count": 2})
    assert [(row.count, row.week) for row in changed.joiners] == [(2, 2), (1, 7)]
    for path in ("joiners.0.week", "joiners.3.week", "joiners.first.week", "joiners.1"):
        with pytest.raises(UnknownKeyError, match=r"there are 2 rows of \[\[joiners\]\], counted"):
            there.replace({path: 7})
    with pytest.raises(ScenarioError, match=r"joiners\[1\].week: unknown|joiners\[1\].wek"):
        there.replace({"joiners.1.wek": 7})


def test_a_sweep_over_rows_runs_and_one_that_cannot_is_refused_without_advice(capsys):
    Path("mine.toml").write_text(f"horizon.weeks = 4\n{JOINER}week = 1", encoding="utf-8")
    words = ("sweep", "mine", "--draws", 2, "--vary")
    code, out, _ = tiercurve(*words, "joiners.1.week=1,3", capsys=capsys)
    assert code == 0
    assert "week of row 1 of joiners 3" in " ".join(out.split())
    for asked, said in [
        ("joiners.0.week=2,6", "there is 1 row of [[joiners]], counted from 1"),
        ("joiners.1.week=9,20", "no point is a plan: mine: joiners[1].week: 9: must be below"),
    ]:
        code, _, err = tiercurve(*words, asked, "--out", "other", capsys=capsys)
        assert code == 2
        assert said in err
        assert "again" not in err
        assert not Path("other").exists()


def test_a_deck_is_no_scenario_among_those_there_are(capsys):
    Path("deck.toml").write_text('question = "x"\nplans = []', encoding="utf-8")
    _, out, _ = tiercurve("list", capsys=capsys)
    assert "deck" not in out.split()
    _, _, err = tiercurve("run", "zzzz", capsys=capsys)
    assert "baseline" in err
    assert "deck" not in err


@pytest.mark.parametrize(("share", "told"), [(0.95, "95%"), (0.996, "99.6%"), (0.125, "12.5%")])
def test_a_share_to_be_done_is_told_as_it_is_stated(share, told):
    asked = plan(tasks={"backlog": 1000, "done_share": share}, answer={"by_week": 5})
    assert words.tickets(asked) == f"{told} of 1,000 tickets"
