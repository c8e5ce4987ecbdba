"""What a plan has in stages is said in words where it has it, and not where it has not."""

from types import SimpleNamespace

import pytest
from command import tiercurve

import sim
from sim.experiments import levers, since, stages

HALF_TIME = {"count": 2, "level": "expert", "role": "engineer", "hours_per_week": 20.0}
AGENT = {"profile": "claude-code-2026", "week": 6}


@pytest.fixture(scope="module")
def plan():
    """Two novices, three intermediates, two experts; an analyst."""
    return sim.Scenario.from_dict(
        {
            "horizon": {"start": "2026-12-07", "weeks": 16},
            "team": {"novice": 2, "intermediate": 4, "expert": 2, "adjacent": {"advanced": 1}},
            "tasks": {"backlog": 60},
        }
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ()),
        ({"tasks.chain_length": 3, "policy.unreviewed_hours": 2.0}, ()),
        ({"people": [HALF_TIME]}, ("2 people at 20 h a week",)),
        (
            {"training.seats": 2, "training.target": "expert", "training.role": "engineer"},
            ("2 engineers trained towards expert, 8 weeks from the start",),
        ),
        (
            {"absence": {"holidays": ["2026-12-24", ["2026-12-31", "2027-01-01"]], "leave": 0.1}},
            (
                "nobody at work on 24 December 2026, from 31 December 2026 to 1 January 2027",
                "10% leave",
            ),
        ),
        ({"absence": {"holidays": ["2028-12-24"], "sickness": 0.04}}, ("4% sickness",)),
        (
            {"absence": {"holiday_weeks": [0]}},
            ("nobody at work from 7 December 2026 to 11 December 2026",),
        ),
        (
            {"freeze": {"releases": [["2026-12-18", "2027-01-05"]], "review_weeks": [1]}},
            (
                "no review begun from 14 December 2026 to 18 December 2026",
                "nothing released from 18 December 2026 to 5 January 2027",
            ),
        ),
        ({"freeze": {"releases": ["2028-12-18"]}}, ()),
        (
            {"tasks.blocked_share": 0.4, "tasks.chain_length": 3},
            ("40% of tickets waiting for another, in chains of 3",),
        ),
        (
            {"policy.unreviewed_share": 0.5, "policy.review": "all"},
            ("50% of average work up to 1 expert-h not reviewed",),
        ),
        ({"policy.unreviewed_share": 0.5, "policy.review": "none"}, ()),
        (
            {"now": {"open": 20, "in_hand": 3, "done": 40}},
            ("20 tickets open today, 40 done before, 3 of the open ones in hand",),
        ),
    ],
)
def test_each_stage_is_said_where_a_plan_has_it_and_no_other(plan, changes, told):
    assert stages.in_words(plan.replace(changes)) == told


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, "all 9 people from week 6"),
        ({"share": 0.5}, "5 of 9 people from week 6"),
        ({"share": 0.4, "weeks": 8}, "4 of 9 people from week 6 on, over 8 weeks"),
        ({"role": "engineer", "share": 0.5}, "4 of 8 engineers from week 6"),
        ({"levels": ["expert"]}, "all 2 expert people from week 6"),
        ({"role": "adjacent"}, "all 1 people in adjacent roles from week 6"),
        ({"levels": ["beginner"]}, "no beginner people at the start from week 6"),
    ],
)
def test_the_header_says_for_whom_a_tool_comes_and_how_many_they_are(plan, row, told):
    rolled_out = plan.replace({"tool.profile": "none", "rollout": [AGENT | row]})
    assert stages.tools(rolled_out) == f"none, claude-code-2026 for {told}"


def test_first_screens_say_freezes_and_chains(tmp_path, capsys):
    text = """
        [horizon]
        start = "2026-12-07"
        weeks = 10
        [tasks]
        backlog = 20
        blocked_share = 0.5
        [freeze]
        releases = ["2026-12-18", "2027-01-05"]
        """
    (tmp_path / "frozen.toml").write_text(text)
    (tmp_path / "without.toml").write_text('extends = "frozen"\nfreeze.releases = []')
    names = [tmp_path / f"{name}.toml" for name in ("frozen", "without")]
    for command in (["run", names[0]], ["compare", *names]):
        code, out, _ = tiercurve(*command, "--draws", 4, "--luck", 2, capsys=capsys)
        said = " ".join(out.split())
        assert code == 0
        assert (
            "with nothing released on 18 December 2026, on 5 January 2027; 50% of tickets waiting"
            in said
        )
        assert "2026-12-18 and 2027-01-05 are two days, and what is between them is not" in said


@pytest.mark.parametrize(
    ("releases", "doubted"),
    [
        (["2026-12-18", "2027-01-05"], True),
        ([["2026-12-18", "2027-01-05"]], False),
        (["2026-12-18", "2026-12-21"], False),
        (["2026-12-18", "2027-01-05", "2027-01-07"], False),
    ],
)
def test_two_days_of_a_freeze_that_may_be_meant_as_its_ends_are_doubted(plan, releases, doubted):
    doubts = plan.replace({"freeze": {"releases": releases}}).doubts
    assert any('[["2026-12-18", "2027-01-05"]]' in doubt for doubt in doubts) == doubted


def test_a_lever_that_changes_nothing_is_no_difference(plan):
    for lever in ("tasks.chain_length", "training.weeks"):
        assert levers.differences(plan, plan.replace({lever: 3})) == []
    chained = plan.replace({"tasks.blocked_share": 0.4, "tasks.chain_length": 3})
    assert set(levers.differences(plan, chained)) == {"tasks.blocked_share", "tasks.chain_length"}


def of_the_project():
    """A plan of twenty weeks, and the same in its week eight, had all gone as it says."""
    old = {
        "horizon": {"start": "2027-01-04", "weeks": 20},
        "tasks": {"backlog": 160},
        "team": {"novice": 3, "expert": 2, "adjacent": {"novice": 2}},
        "tool": {"profile": "none"},
        "rollout": [AGENT, AGENT | {"week": 7, "share": 0.5, "profile": "agent-early-2025"}],
        "joiners": [
            {"count": 1, "level": "expert", "role": "engineer", "week": 3},
            {"count": 2, "level": "novice", "role": "engineer", "week": 12},
        ],
        "leavers": [{"level": "novice", "role": "engineer", "week": 4}],
        "absence": {"holiday_weeks": [5, 14]},
        "training": {"seats": 1, "start_week": 0, "weeks": 4},
        "trainings": [{"seats": 1, "target": "expert", "start_week": 6, "weeks": 6}],
    }
    begun = old["rollout"][1] | {"week": 8, "familiarity": 0.2}
    now = old | {
        "team": {"novice": 2, "expert": 3, "adjacent": {"novice": 2}},
        "tool": {"profile": "claude-code-2026", "familiarity": 0.4},
        "rollout": [begun], "joiners": old["joiners"][1:], "leavers": [],
        "training": {"seats": 0}, "now": {"week": 8, "done": 60, "open": 100},
    }  # fmt: skip
    return old, now


def test_a_plan_that_went_as_it_said_is_not_changed_since():
    """Rows over by now are in the team and the tool, and weeks count from today."""
    old, now = (sim.Scenario.from_dict(each, "project") for each in of_the_project())
    carried = since.carried_on(old, now)
    assert levers.differences(carried, now) == []
    later = now.replace({"joiners.1.week": 6, "tool.familiarity": 0.6})
    assert levers.in_words(since.carried_on(old, later), later) == (
        "2 novice engineers more, the seat open from week 6",
        "not: 2 novice engineers more, the seat open from week 4",
    )


def test_a_rollout_to_come_is_the_same_when_weeks_have_passed():
    old, _ = of_the_project()
    started = old | {"now": {"week": 2, "open": 150, "done": 10}}
    plans = [sim.Scenario.from_dict(each, "project") for each in (old, started)]
    assert levers.differences(since.carried_on(*plans), plans[1]) == []


def test_a_tool_that_did_not_come_as_planned_is_told():
    old, now = of_the_project()
    now = now | {"tool": {"profile": "none"}}
    plans = [sim.Scenario.from_dict(each, "project") for each in (old, now)]
    told = levers.in_words(since.carried_on(*plans), plans[1])
    assert told == ("tool: claude-code-2026 → none",)


def project(**changes):
    """A plan of twenty weeks with a deadline, a joiner, a holiday and a freeze, with changes."""
    stated = {
        "horizon": {"start": "2026-12-07", "weeks": 20}, "tasks": {"backlog": 60},
        "answer": {"by_week": 18}, "absence": {"holiday_weeks": [10]},
        "freeze": {"release_weeks": [12]},
        "joiners": [{"count": 1, "level": "expert", "role": "engineer", "week": 9}],
    }  # fmt: skip
    return sim.Scenario.from_dict(stated | changes, "project")


def changes_of(old, now):
    """What is told as planned otherwise, from plans alone."""
    results = [SimpleNamespace(scenario=plan) for plan in (now, old)]
    return since.Since(*results, 0, 0, 4.0).changes


def test_time_that_has_passed_changes_no_day_of_a_plan():
    now = project(now={"week": 4, "done": 20, "open": 40})
    assert changes_of(project(), now) == ()


def test_a_plan_that_starts_later_has_another_deadline_and_other_days():
    """Four weeks later: the deadline, the end, the joiner, the holiday and the freeze."""
    later = project(horizon={"start": "2027-01-04", "weeks": 20}, tasks={"backlog": 45})
    assert changes_of(project(), later) == (
        "deadline: 9 April 2027 → 7 May 2027",
        "end of the plan: 23 April 2027 → 21 May 2027",
        "one expert engineer more, the seat open from week 9",
        "not: one expert engineer more, the seat open from week 5",
        "weeks in which nobody works: 6 → 10 weeks",
        "weeks in which nothing is released: 8 → 12 weeks",
    )


def test_a_deadline_and_an_end_that_have_moved_are_told_as_days():
    now = {"week": 4, "done": 20, "open": 40}
    moved = project(now=now, answer={"by_week": 19})
    assert changes_of(project(), moved) == ("deadline: 9 April 2027 → 16 April 2027",)
    longer = project(now=now, horizon={"start": "2026-12-07", "weeks": 40})
    assert changes_of(project(), longer) == ("end of the plan: 23 April 2027 → 10 September 2027",)
    dropped = project(now=now, answer={"metric": "finish_week"})
    assert changes_of(project(), dropped) == ("deadline: 9 April 2027 → none",)
