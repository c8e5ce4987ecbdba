"""All faults of a file at once, a line each, whichever tables they are in."""

import pytest

import sim
from sim.engine import metrics
from sim.errors import ScenarioError
from sim.experiments.leading import OF_BACKLOG
from sim.scenario.metric_names import METRIC_NAMES, OF_A_BACKLOG, OF_MONEY


def faults(tmp_path, text):
    """Lines that loading a file says, each without its name."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        sim.load(path)
    lines = str(refused.value).splitlines()
    assert all(line.startswith("mine.toml: ") for line in lines)
    return [line.removeprefix("mine.toml: ").split(":")[0] for line in lines]


def test_wrong_keys_of_any_tables_come_at_once(tmp_path):
    text = """
        [freeze]
        release = ["2027-03-01"]
        [[rollout]]
        profile = "none"
        weak = 3
        [now]
        opne = 97
        [team]
        noviec = 3
        [absence]
        sick = 0.1
        [[trainings]]
        seat = 2
        [world]
        dev_shar = 0.3
        """
    assert set(faults(tmp_path, text)) == {
        "freeze.release", "rollout[1].weak", "rollout[1].week", "now.opne", "now.open",
        "team.noviec", "absence.sick", "trainings[1].seat", "trainings[1].seats",
        "trainings[1].target", "trainings[1].start_week", "world.dev_shar",
    }  # fmt: skip


def test_what_tables_ask_of_each_other_comes_beside_faults_of_others(tmp_path):
    """A value that is no review at all hides none of what is too late for the run."""
    text = """
        [horizon]
        weeks = 20
        start = "2027-03-01"
        [policy]
        review = "nonne"
        [answer]
        metric = "work_deliverd"
        by = "2027-01-08"
        [tasks]
        backlog = 40
        blocked_share = 0.7
        [freeze]
        review_weeks = [3, 25]
        [[joiners]]
        level = "expert"
        role = "engineer"
        count = 1
        week = 30
        [[leavers]]
        level = "beginner"
        role = "engineer"
        count = 99
        week = 33
        [training]
        seats = 2
        domain = "frontend"
        start_week = 19
        [[rollout]]
        profile = "nonee"
        week = 2
        """
    assert set(faults(tmp_path, text)) == {
        'policy.review = "nonne"', 'answer.metric = "work_deliverd"', "answer.by",
        "tasks.blocked_share", "freeze.review_weeks[2]", "joiners[1].week", "leavers[1]",
        "leavers[1].week", "training", "training.domain", "rollout[1].profile",
    }  # fmt: skip


def test_days_without_quotes_come_beside_all_else(tmp_path):
    text = """
        development_hours_per_week = 90
        [answer]
        by = 2027-03-31
        [absence]
        holidays = [2026-12-24, "2026-12-32"]
        leave = 20
        [tool]
        curves = "no-such-curves"
        """
    assert faults(tmp_path, text) == [
        "answer.by = 2027-03-31",
        "absence.holidays[1] = 2026-12-24",
        "development_hours_per_week = 90",
        'absence.holidays[2] = "2026-12-32"',
        "absence.leave = 20",
        "tool.curves",
    ]


def test_all_that_is_over_today_comes_beside_a_wrong_key(tmp_path):
    text = """
        [horizon]
        weeks = 20
        [now]
        open = 97
        week = 8
        closed = 3
        [[joiners]]
        level = "expert"
        role = "engineer"
        count = 1
        week = 3
        [[rollout]]
        profile = "none"
        week = 2
        [training]
        seats = 2
        weeks = 4
        """
    assert faults(tmp_path, text) == [
        "now.closed", "joiners[1].week = 3", "rollout[1].week = 2", "training",
    ]  # fmt: skip


def test_a_rule_that_needs_a_faulty_key_is_left_out(tmp_path):
    """A misspelt backlog is one fault: neither the deadline nor the chains say they lack it."""
    text = """
        [tasks]
        backlgo = 97
        blocked_share = 0.3
        [answer]
        by_week = 12
        """
    assert faults(tmp_path, text) == ["tasks.backlgo"]


def test_a_file_whose_parent_is_missing_tells_its_own_faults_too(tmp_path):
    text = 'extends = "nobody-knows"\n[team]\nnoviec = 3\n[horizon]\nweeks = 0'
    assert faults(tmp_path, text) == [
        'extends = "nobody-knows"', "team.noviec", "horizon.weeks = 0",
    ]  # fmt: skip


def test_several_rules_of_one_table_come_at_once(tmp_path):
    text = """
        [now]
        open = 5
        in_hand = 6
        advanced = 7
        """
    assert faults(tmp_path, text) == ["now", "now.advanced"]


def test_names_of_metrics_that_plans_know_are_those_of_the_engine():
    assert METRIC_NAMES == metrics.NAMES
    money = {name for name, unit in metrics.UNITS.items() if unit.startswith(metrics.MONEY)}
    assert set(OF_MONEY) == money
    never = {metric.name for metric in metrics.METRICS if metric.never}
    assert set(OF_A_BACKLOG) == never | set(OF_BACKLOG)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[team]\nnovice = -1", ["team.novice = -1", 'answer.metric = "extra_cost"']),
        ("[policy]\nreveiw = 'all'", ["policy.reveiw", 'answer.metric = "extra_cost"']),
        ("[world]\ndev_share = 3", ["world.dev_share = 3", 'answer.metric = "extra_cost"']),
        ("[answer]\nby_week = 3", ["answer.by_week", 'answer.metric = "extra_cost"']),
    ],
)
def test_money_that_the_answer_needs_is_asked_for_with_the_other_faults(tmp_path, text, lines):
    metric = "metric = 'extra_cost'"
    stated = text.replace("[answer]", f"[answer]\n{metric}")
    assert faults(tmp_path, stated if stated != text else f"answer.{metric}\n{text}") == lines


def test_a_plan_without_other_faults_loads_without_the_money_its_answer_needs(tmp_path):
    """Others may state it: the run refuses it, and so does a comparison."""
    path = tmp_path / "mine.toml"
    path.write_text("answer.metric = 'extra_cost'", encoding="utf-8")
    assert sim.load(path).answer.metric == "extra_cost"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "[now]\nopen = -1\nin_hand = nan\nwaiting_review = 'x'\nweek = 600",
            ["now.in_hand = nan", "now.open = -1", 'now.waiting_review = "x"', "now.week = 600"],
        ),
        ("[now]\nopen = true", ["now.open = true"]),
        ("[now]\nopen = 2000000", ["now.open = 2000000"]),
        ("[now]\nopen = 10\n[tasks]\narrivals_per_week = 3", ["now.open = 10"]),
        (
            "[now]\nopen = 10\nin_hand = 8\nwaiting_review = 5\nadvanced = 20",
            ["now", "now.advanced"],
        ),
        (
            "horizon.weeks = 16\n[freeze]\nreview_weeks = [99, 100]\nrelease_weeks = [16]\n"
            "[absence]\nholiday_weeks = [20]",
            [
                "absence.holiday_weeks[1]", "freeze.review_weeks[1]", "freeze.review_weeks[2]",
                "freeze.release_weeks[1]",
            ],
        ),
        (
            "horizon.weeks = 16\nhorizon.start = '2026-12-07'\nanswer.by = '2026-12-10'\n"
            "[now]\nopen = 10\nweek = 2\n[[rollout]]\nprofile = 'none'\nweek = 1",
            ["answer.by", "rollout[1].week = 1"],
        ),
    ],
)  # fmt: skip
def test_of_one_table_too_all_faults_come_at_once(text, lines, tmp_path):
    assert faults(tmp_path, text) == lines


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[[rollout]]\nprofile = 'none'\nweek = 1\nlevels = []",
            "rollout[1].levels = []: must not be empty; leave it out for all",
        ),
        (
            "[now]\nopen = 10\nin_hand_left = 2",
            "now.in_hand_left = 2: must be 1 or less (share); half of a ticket is 0.5",
        ),
        (
            "[now]\nopen = 10\n[tasks]\narrivals_per_week = 3",
            "now.open = 10: is a backlog, which has no tasks.arrivals_per_week; leave that out",
        ),
    ],
)
def test_what_would_mend_it_is_said_in_words_of_the_file(text, says, tmp_path):
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ScenarioError) as refused:
        sim.load(tmp_path / "mine.toml")
    assert str(refused.value) == f"mine.toml: {says}"
