"""Cohorts, absence and a project that runs, as a file states them: what is read, and refused."""

import pytest

import sim
from sim.scenario import Scenario
from sim.scenario.absence import Absence, days_off
from sim.scenario.trainings import Training, participants

ROW = {"seats": 1, "target": "expert", "start_week": 0, "weeks": 4}
JOINER = {"count": 1, "level": "expert", "role": "engineer", "week": 2}
LEAVER = {"level": "expert", "role": "engineer", "week": 3}


def plan(**tables):
    return Scenario.from_dict({"question": "Is it so?", **tables})


# ---- read ----------------------------------------------------------------------------------


def test_a_row_is_as_the_training_where_it_does_not_say():
    one = plan(training={"weeks": 5, "hours_per_week": 6.0}, trainings=[ROW | {"weeks": 3}, ROW])
    first, second = one.trainings
    assert (first.weeks, first.hours_per_week, second.cost_per_seat) == (3, 6.0, 0.0)
    assert list(one.cohorts) == ["trainings[1]", "trainings[2]"]  # [training] has no seats
    assert [row.needs_trainers for row in one.trainings] == [True, True]


def test_a_plan_that_states_none_of_it_is_the_plan_it_was():
    stated = sim.load("baseline").to_dict()
    assert not {"trainings", "absence", "now"} & set(stated)
    without = plan().replace({"trainings": []})
    assert without == plan()
    assert without.sha256 == plan().sha256


def test_whatever_is_stated_survives_its_own_toml(tmp_path):
    holidays = ["2026-12-24", ["2027-03-26", "2027-03-29"]]
    one = plan(
        trainings=[ROW, ROW | {"efficacy": 0.5, "trainer_level": "advanced"}],
        absence={"holidays": holidays, "holiday_weeks": [3], "leave": 0.1, "sickness": 0.05},
        now={"open": 97, "advanced": 40, "in_hand": 9, "waiting_review": 4, "done": 63},
    )
    (tmp_path / "mine.toml").write_text(one.to_toml(), encoding="utf-8")
    assert sim.load(tmp_path / "mine.toml") == one


def test_rows_and_open_tickets_are_changed_by_their_path():
    one = plan(trainings=[ROW, ROW], now={"open": 97})
    changed = one.replace({"trainings.2.start_week": 6, "now.open": 60})
    assert [row.start_week for row in changed.trainings] == [0, 6]
    assert (changed.now.open, changed.tasks.backlog) == (60, 60)
    assert plan().replace({"now": {"open": 12}}).tasks.backlog == 12


def test_seats_go_by_level_to_who_is_free_and_who_has_ended_a_cohort_is_at_its_target():
    def cohort(**changes):
        return Training(
            **{"role": "any", "from_level": "novice", "hours_per_week": 4.0, "cost_per_seat": 0.0}
            | {"trainer_hours_per_week": 0.0} | ROW | changes
        )  # fmt: skip

    people = [("engineer", [2.0]), ("engineer", [1.0]), ("adjacent", [1.0]), ("engineer", [5.0])]
    first, later = cohort(target="intermediate"), cohort(start_week=4, seats=9)
    assert participants([first], people, []) == [[1]]
    assert participants([later, first], people, []) == [[2, 0, 1], [1]]
    assert participants([first, cohort(start_week=3)], people, []) == [[1], [2]]
    above = cohort(start_week=4, from_level="intermediate")
    assert participants([first, above], people, []) == [[1], [1]]
    domains = [("engineer", [1.0, 4.0]), ("engineer", [4.0, 2.0])]
    of_web = cohort(domain="web", target="intermediate")
    again = cohort(domain="web", start_week=4, target="advanced")
    assert participants([of_web, again], domains, ["data", "web"]) == [[1], [1]]


@pytest.mark.parametrize(
    ("start", "off"),
    [("2026-12-21", [2, 5, 0]), ("2026-12-24", [5, 2, 0]), ("2026-12-28", [5, 0, 0])],
)
def test_days_count_from_the_first_day_of_the_run_five_a_week(start, off):
    """Thursday 24 December 2026 to Friday 1 January 2027 are seven working days."""
    absence = Absence(holidays=[["2026-12-24", "2027-01-01"], "2026-12-25"])
    assert days_off(absence, start, 3) == off


# ---- what is left of a plan ------------------------------------------------------------------


def test_a_plan_in_its_week_is_what_is_left_of_it():
    one = plan(
        horizon={"start": "2027-01-04", "weeks": 20},
        answer={"by_week": 18},
        training=ROW | {"start_week": 6, "cost_per_seat": 100.0},
        trainings=[ROW | {"start_week": 9}],
        joiners=[JOINER | {"week": 8}],
        absence={"holiday_weeks": [3, 12]},
        now={"open": 97, "week": 8},
    )
    assert (one.horizon.start, one.horizon.weeks, one.answer.by_week) == ("2027-03-01", 12, 10)
    running, to_come = one.cohorts.values()
    assert (running.start_week, running.weeks, running.cost_per_seat) == (0, 2, 0.0)
    assert (to_come.start_week, to_come.weeks) == (1, 4)
    assert (one.joiners[0].week, one.absence.holiday_weeks) == (0, [4])
    assert "weeks are told from 2027-03-01 on, of which the plan has 12" in one.notes[-1]


def test_a_file_that_extends_a_running_plan_counts_weeks_as_it_does(tmp_path):
    (tmp_path / "last.toml").write_text(
        "[horizon]\nstart = '2027-01-04'\nweeks = 20\n[answer]\nby_week = 17\n"
        "[now]\nopen = 97\ndone = 3\nweek = 8\n[[joiners]]\ncount = 1\nlevel = 'expert'\n"
        "role = 'engineer'\nweek = 14\n"
    )
    (tmp_path / "this.toml").write_text(
        "extends = 'last.toml'\n[answer]\nby_week = 19\n[now]\nopen = 80\ndone = 20\nweek = 10\n"
    )
    one = sim.load(tmp_path / "this.toml")
    assert (one.horizon.start, one.horizon.weeks, one.answer.by_week) == ("2027-03-15", 10, 9)
    assert (one.joiners[0].week, one.now.done) == (4, 20)
    assert [note for note in one.notes if "weeks are told from" in note] == [
        "now.week = 10: weeks are told from 2027-03-15 on, of which the plan has 10"
    ]
    same = tmp_path / "same.toml"
    same.write_text("extends = 'last.toml'\n")
    assert sim.load(same).to_dict() == sim.load(tmp_path / "last.toml").to_dict() | {
        "question": sim.load(same).question
    }


@pytest.mark.parametrize("change", [{"now.week": 10}, {"now": {"week": 10}}])
def test_a_plan_that_starts_today_is_not_moved_again(change):
    late = plan(horizon={"start": "2027-01-04"}, now={"open": 97, "week": 8})
    with pytest.raises(sim.ScenarioError, match=r"now\.week: the plan is in week 8 of its file"):
        late.replace({"now.done": 5}).replace(change)
    assert plan(now={"open": 97}).replace(change).horizon.weeks == 16


def test_what_is_over_is_told_line_by_line_with_what_would_do():
    with pytest.raises(sim.ScenarioError) as told:
        plan(
            answer={"by_week": 6}, joiners=[JOINER], leavers=[LEAVER], training=ROW,
            trainings=[ROW], now={"open": 97, "week": 8},
        )  # fmt: skip
    lines = str(told.value).splitlines()
    places = ("answer.by_week", "joiners[1].week", "leavers[1].week", "training:", "trainings[1]:")
    assert [any(place in line for line in lines) for place in places] == [True] * 5
    assert "in [team] or [[people]]" in lines[1]


# ---- refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ({"trainings": [{"seats": 1}]}, "trainings[1].target: missing"),
        ({"trainings": [ROW] * 9}, "9 cohorts: must be 8 or fewer"),
        ({"trainings": [ROW | {"start_week": 24}]}, "trainings[1]: start_week + weeks = 24 + 4"),
        ({"trainings": [ROW | {"domain": "web"}]}, "trainings[1].domain: unknown domain"),
        ({"trainings": [ROW | {"people": 2}]}, "trainings[1].people: unknown key; state seats"),
        ({"trainings": [ROW | {"efficacy": 40}]}, "must be 1 or less (share); 40% is 0.4"),
        ({"absence": {"leave": 10}}, "absence.leave = 10: must be 1 or less (share); 10% is 0.1"),
        ({"absence": {"holidays": ["24.12.2026"]}}, 'must be written YYYY-MM-DD: "2026-12-24"'),
        ({"absence": {"holidays": [["2027-01-01", "2026-12-24"]]}}, "its earlier day first"),
        ({"absence": {"holidays": [["2026-12-24"]]}}, "must be a day, or [first, last]"),
        ({"absence": {"holidays": [["2026-01-01", "2027-12-24"]]}}, "must be a year or less"),
        ({"absence": {"holiday_weeks": [90]}}, "absence.holiday_weeks[1]: 90: must be below"),
        ({"absence": {"vacation": 0.1}}, "absence.vacation: unknown key; state leave"),
        ({"now": {"open": 5, "in_hand": 4, "waiting_review": 3}}, "4 + 3: must not exceed 5"),
        ({"now": {"open": 5, "advanced": 6}}, "now.advanced: 6: must not exceed open = 5"),
        ({"now": {"open": 5, "wip": 1}}, "now.wip: unknown key; state in_hand"),
        ({"now": {"open": 5, "week": 26}}, "now.week = 26: must be below horizon.weeks = 26"),
        (
            {"now": {"open": 5, "waiting_review": 1}, "policy": {"review": "none"}},
            "now.waiting_review: nothing is reviewed",
        ),
        ({"now": {"in_hand": 5}}, "now.open: missing"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line_with_what_would_do(tables, line):
    with pytest.raises(sim.ScenarioError) as told:
        plan(**tables)
    assert line in str(told.value)
    assert len(str(told.value).splitlines()) <= 2


def test_a_backlog_beside_the_open_tickets_is_theirs():
    with pytest.raises(sim.ScenarioError, match=r"tasks\.backlog: 5: must be now\.open = 97"):
        plan(now={"open": 97}).replace({"tasks.backlog": 5})


def test_a_cohort_for_nobody_is_refused_and_one_for_few_is_doubted(tmp_path):
    text = """
    [team]
    novice = 2
    expert = 1
    [[trainings]]
    seats = 3
    target = "intermediate"
    start_week = 0
    [[trainings]]
    seats = 1
    target = "intermediate"
    start_week = {start}
    """
    file = tmp_path / "mine.toml"
    file.write_text(text.format(start=2), encoding="utf-8")
    with pytest.raises(sim.ScenarioError, match=r"trainings\[2\].*who is in no other cohort then"):
        sim.load(file)
    file.write_text(text.partition("[[trainings]]\n    seats = 1")[0], encoding="utf-8")
    (doubt,) = sim.load(file).doubts
    assert doubt.startswith("trainings[1].seats = 3: 2 people are eligible")
