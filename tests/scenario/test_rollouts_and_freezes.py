"""Rollouts, freezes and chains as a file states them: what is read, who is meant, what refused."""

import pytest

import sim
from sim.errors import PlanError
from sim.scenario import Scenario, snapshot
from sim.scenario.freeze import Freeze
from sim.scenario.rollouts import begins_after, users
from sim.scenario.values import LEVELS

ROW = {"week": 2, "profile": "claude-code-2026"}


def plan(**tables):
    return Scenario.from_dict({"question": "Is it so?", **tables})


def row(**keys):
    return plan(rollout=[ROW | keys]).rollout[0]


# ---- read ----------------------------------------------------------------------------------


def test_a_plan_that_states_none_of_it_is_the_plan_it_was():
    stated = sim.load("baseline").to_dict()
    assert not {"rollout", "freeze"} & set(stated)
    for same in (plan().replace({"rollout": []}), plan(tasks={"blocked_share": 0.0})):
        assert (same == plan(), same.sha256 == plan().sha256) == (True, True)


def test_a_row_is_its_profile_with_what_it_states_itself_and_another_profile_takes_its_place():
    one = plan(rollout=[ROW | {"adoption": 0.5, "share": 0.25}])
    (stated,) = one.rollout
    assert (stated.kind, stated.anchor, stated.adoption) == ("agentic", "study", 0.5)
    other = one.replace({"rollout.1.profile": "agent-early-2025"}).rollout[0]
    assert (other.anchor, other.adoption, other.share) == (None, 1.0, 0.25)
    assert one.replace({"rollout.1.week": 7}).rollout[0].week == 7


def test_whatever_is_stated_survives_its_own_toml(tmp_path):
    one = plan(
        rollout=[ROW | {"levels": ["expert"], "weeks": 4, "curve": "s"}, ROW | {"profile": "none"}],
        freeze={"reviews": ["2026-12-24"], "release_weeks": [3]},
        tasks={"backlog": 90, "blocked_share": 0.5, "chain_length": 3},
        policy={"unreviewed_share": 0.5},
    )
    (tmp_path / "mine.toml").write_text(one.to_toml(), encoding="utf-8")
    assert sim.load(tmp_path / "mine.toml") == one
    assert snapshot.restored(snapshot.keep(one)) == one


def test_a_kept_row_without_its_profile_in_full_is_refused_for_a_file_would_be_read():
    kept = snapshot.keep(plan(rollout=[ROW]))
    del kept["levers"]["rollout"][0]["kind"]
    with pytest.raises(PlanError, match=r"rollout\[1\]\.kind: missing"):
        snapshot.restored(kept)


def test_what_a_plan_works_with_is_said_of_its_first_agent():
    none = plan(tool={"profile": "none"})
    later = none.replace({"rollout": [ROW | {"profile": "completion-assistant"}, ROW]})
    assert (none.main_tool.kind, none.uses_agent) == ("none", False)
    assert (later.main_tool.profile, later.uses_agent) == ("claude-code-2026", True)
    assert not later.replace({"policy.agent_use": "never"}).uses_agent
    later = later.replace({"rollout.2.profile": "none"})
    assert later.main_tool.profile == "completion-assistant"


def test_an_agent_that_comes_later_has_its_price():
    pay = dict.fromkeys(LEVELS, 50.0)
    money = {"currency": "USD", "engineer": pay, "adjacent": pay}
    none = plan(tool={"profile": "none"}, money=money)
    assert none.money.tool_per_person_month == 0.0
    later = plan(tool={"profile": "none"}, money=money, rollout=[ROW])
    assert later.money.tool_per_person_month == 260.0
    own = plan(
        tool={"profile": "none"}, money=money, rollout=[ROW | {"cost_per_person_month": 9.0}]
    )
    assert own.money.tool_per_person_month == 0.0


# ---- who, and when -------------------------------------------------------------------------

PEOPLE = [("engineer", [float(level)]) for level in (1, 1, 3, 3, 3, 3, 3, 5, 5)]


def test_a_larger_share_holds_the_people_of_a_smaller_one():
    for first in ("spread", "lowest", "highest"):
        before: set[int] = set()
        for share in (0.0, 0.1, 0.3, 0.5, 0.8, 1.0):
            chosen = {place for place, _ in users(row(share=share, first=first), PEOPLE)}
            assert before <= chosen
            assert len(chosen) == int(share * 9 + 0.5)
            before = chosen


def test_a_half_is_every_other_person_or_one_end():
    chosen = {
        first: sorted(place for place, _ in users(row(share=0.5, first=first), PEOPLE))
        for first in ("spread", "lowest", "highest")
    }
    assert chosen == {
        "spread": [0, 2, 4, 6, 8], "lowest": [0, 1, 2, 3, 4], "highest": [4, 5, 6, 7, 8],
    }  # fmt: skip


def test_people_are_of_the_role_and_of_the_nearest_level():
    people = [("engineer", [2.4]), ("adjacent", [2.5]), ("engineer", [1.0, 5.0])]
    beginners, middle = row(levels=["beginner"]), row(levels=["intermediate"], role="engineer")
    assert users(beginners, people) == [(0, 2)]
    assert users(middle, people) == [(2, 2)]
    assert users(row(levels=["intermediate"], role="adjacent"), people) == [(1, 2)]
    assert users(row(levels=["expert"]), people) == []


def test_people_begin_evenly_over_the_weeks_or_few_many_few():
    even = [week for _, week in users(row(weeks=9, first="lowest"), PEOPLE)]
    assert even == list(range(2, 11))
    s = row(weeks=100, curve="s")
    for time in (0.1, 0.3, 0.5, 0.8):
        assert begins_after(s, 3 * time**2 - 2 * time**3 + 1e-9) == pytest.approx(100 * time, abs=1)
    assert begins_after(row(), 0.9) == 0


@pytest.mark.parametrize(
    ("start", "spans"),
    [
        ("2026-12-21", [(3, 10)]),
        ("2026-12-28", [(0, 5), (7, 8)]),
        ("2027-01-04", [(2, 3)]),
        ("2027-02-01", []),
    ],
)
def test_days_in_a_row_are_one_freeze_and_those_outside_the_run_do_not_matter(start, spans):
    """Thursday 24 December 2026 to Friday 1 January 2027, and Wednesday 6 January."""
    days = [["2026-12-24", "2027-01-01"], "2027-01-06"]
    assert Freeze(releases=days).spans("release", start, 2) == spans
    assert Freeze(reviews=days).spans("release", start, 2) == []
    assert Freeze(review_weeks=[0, 1]).spans("review", start, 3) == [(0, 10)]


def test_a_plan_in_its_week_is_what_is_left_of_it():
    one = plan(
        rollout=[ROW | {"week": 9}], freeze={"review_weeks": [3, 12], "release_weeks": [8]},
        now={"open": 97, "week": 8},
    )  # fmt: skip
    assert one.rollout[0].week == 1
    assert (one.freeze.review_weeks, one.freeze.release_weeks) == ([4], [0])
    with pytest.raises(
        sim.ScenarioError, match=r"rollout\[1\]\.week = 2: is over in now\.week = 8"
    ):
        plan(rollout=[ROW], now={"open": 97, "week": 8})


# ---- refused, and doubted ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ({"rollout": ROW}, "must be a list; write [[rollout]], a table in double"),
        ({"rollout": [{"week": 2}]}, "rollout[1].profile: missing; state the name of a tool"),
        ({"rollout": [{"profile": "none"}]}, "rollout[1].week: missing; state it, such as week"),
        ({"rollout": [ROW | {"profile": "cursor"}]}, "no tool named 'cursor'; use one of"),
        ({"rollout": [ROW] * 9}, "rollout: 9 rows: must be 8 or fewer"),
        ({"rollout": [ROW | {"share": 50}]}, "must be 1 or less (share); 50% is 0.5"),
        ({"rollout": [ROW | {"users": 2}]}, "rollout[1].users: unknown key; state share"),
        ({"rollout": [ROW | {"level": "expert"}]}, "unknown key; state levels"),
        ({"rollout": [ROW | {"levels": []}]}, "rollout[1].levels = []"),
        ({"rollout": [ROW | {"levels": ["senior"]}]}, 'levels[1] = "senior": must be'),
        ({"rollout": [ROW | {"week": "2027-01-04"}]}, "count weeks from horizon.start"),
        ({"rollout": [ROW | {"world": {"planning_hours": 0.1}}]}, "one for all tools; state it in"),
        ({"pilot": []}, "pilot: unknown key; a tool that comes later is a row of [[rollout]]"),
        ({"tool": {"week": 3}}, "tool.week: unknown key; a tool that comes later"),
        ({"freeze": {"days": []}}, "freeze.days: unknown key; state reviews or releases"),
        ({"freeze": {"review_weeks": [90]}}, "freeze.review_weeks[1]: 90: must be below"),
        ({"freeze": {"releases": ["24.12.2026"]}}, 'must be written YYYY-MM-DD: "2026-12-24"'),
        ({"tasks": {"blocked_share": 0.2}}, "tasks.blocked_share: needs backlog"),
        ({"tasks": {"backlog": 9, "blocked_share": 0.6}}, "0.6: must not exceed 0.5, since the"),
        ({"tasks": {"backlog": 9, "chain_length": 1}}, "chain_length = 1: must be 2 or more"),
        ({"tasks": {"dependencies": 0.2}}, "tickets that wait for another are tasks.blocked"),
        ({"policy": {"unreviewed_share": 20}}, "must be 1 or less (share); 20% is 0.2"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line_with_what_would_do(tables, line):
    with pytest.raises(sim.ScenarioError) as told:
        plan(**tables)
    assert line in str(told.value)
    assert len(str(told.value).splitlines()) <= 2


def test_too_many_freezes_are_refused():
    tables = {"horizon": {"weeks": 40}, "freeze": {"review_weeks": list(range(0, 34, 2))}}
    with pytest.raises(sim.ScenarioError, match=r"freeze\.reviews: 17 freezes in the run: must be"):
        plan(**tables)


def test_a_rollout_to_nobody_and_one_after_the_run_are_doubted():
    one = plan(rollout=[ROW | {"levels": ["beginner"]}, ROW | {"week": 90}, ROW])
    first, second = one.doubts
    assert first.startswith("rollout[1]: nobody there is of its role and levels")
    assert second.startswith("rollout[2].week = 90: begins after the run")


def test_a_share_too_small_for_those_there_and_for_those_who_join_is_doubted():
    """A third of one person and of one more is nobody, as each is rounded by itself."""
    joiner = {"count": 1, "level": "novice", "role": "engineer", "week": 1}
    row = {"profile": "claude-code-2026", "week": 0, "share": 0.3}
    plan = sim.load("baseline").replace(
        {"team": {"novice": 1}, "joiners": [joiner], "rollout": [row]}
    )
    assert any("less than one person" in doubt for doubt in plan.doubts)
