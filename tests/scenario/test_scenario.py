"""Scenario files: what is wrong is said in one line, what is right survives every way round."""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import ScenarioError
from sim.parameters import register, world_parameters
from sim.scenario import Group, Scenario, available, curves_path, load, schema
from sim.scenario.merging import leaves
from sim.scenario.tables import Policy

PACKAGE = Path(sim.__file__).parent.parent / "scenarios"
PACKAGED = sorted(path.stem for path in PACKAGE.glob("*.toml"))
TOOLS = sorted(path.stem for path in (PACKAGE / "tools").glob("*.toml"))
WORLD = next(iter(world_parameters()))
QUESTION = 'question = "Why?"\n'


@pytest.fixture(autouse=True)
def _empty_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(text, name="mine.toml"):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def one_line(error):
    text = str(error.value)
    for line in text.splitlines():  # a line a fault
        assert line.strip()
        assert line.isprintable()
    return text


# ---------------------------------------------------------------- what is wrong


BROKEN = [
    ("policy.reveiw = 1", "mine.toml: policy.reveiw: unknown key; did you mean 'review'?"),
    ("team.expert = -1", "mine.toml: team.expert = -1: must be 0 or more (people)"),
    ("polcy.review = 1", "mine.toml: polcy: unknown key; did you mean 'policy'?"),
    ("zzz = 1", "mine.toml: zzz: unknown key"),
    ("team.expert = 1.0", "team.expert = 1.0: must be a whole number (people)"),
    ("team.expert = true", "team.expert = true: must be a whole number (people)"),
    ('team.expert = "2"', 'team.expert = "2": must be a whole number (people)'),
    ("team.adjacent.novise = 1", "team.adjacent.novise: unknown key; did you mean 'novice'?"),
    ("team = 3", "team = 3: must be a table"),
    (
        "team.novice = 400\nteam.expert = 400",
        "team: 800 people with [[people]] and",
    ),
    ('horizon.start = "2026-13"', 'horizon.start = "2026-13": must be a month'),
    ('horizon.start = "2050-01"', "must be a month or a day in quotes"),
    ("horizon.start = 2026-12-01", "horizon.start = 2026-12-01: must be put in quotes"),
    ("horizon.weeks = 0", "horizon.weeks = 0: must be 1 or more"),
    ("horizon.weeks = 521", "must be 520 or less"),
    ("tasks.advanced_share = 1.5", "tasks.advanced_share = 1.5: must be 1 or less (share)"),
    ("tasks.fix_share = nan", "tasks.fix_share = nan: must be a finite number"),
    ("tasks.fix_share = true", "tasks.fix_share = true: must be a number (share)"),
    ("tasks.fix_share = inf", "must be a finite number"),
    ("tasks.fix_share = 1e300", "must be a finite number of sensible size"),
    ("tasks.arrivals_per_week = -1", "must be 'saturated', or a number of 0 or more"),
    ('tasks.arrivals_per_week = "lots"', 'tasks.arrivals_per_week = "lots": must be'),
    ("tasks.arrivals_per_week = true", "tasks.arrivals_per_week = true: must be"),
    ("tasks.backlog = 1.5", "tasks.backlog = 1.5: must be a whole number (tasks)"),
    (
        "tasks.backlog = 9\ntasks.arrivals_per_week = 3",
        "tasks: must state either arrivals_per_week or backlog, not both",
    ),
    ('tasks.average = { size = "constant" }', "tasks.average.mean_hours: missing"),
    ('tasks.average = { size = "pareto" }', 'tasks.average.size = "pareto": must be \'logn'),
    ("tasks.average.median_hours = 0", "must be above 0 (expert-h)"),
    ("tasks.average.sigma = -0.1", "tasks.average.sigma = -0.1: must be 0 or more"),
    (
        'tasks.average = { size = "constant", mean_hours = 1, sigma = 1 }',
        "tasks.average.sigma: not used by size = 'constant'; remove it",
    ),
    ('tool.profile = "claude-code-2062"', "did you mean 'claude-code-2026'?"),
    ("tool.profile = 3", "tool.profile = 3: must be the name of a tool profile"),
    ('tool.profile = "../secret.toml"', "tool.profile: ../secret.toml: no such tool file"),
    ('tool.curves = "hedline"', "no curve set 'hedline'; did you mean 'headline'?"),
    ("tool.curves = 3", "tool.curves = 3: must be a text in quotes"),
    ("tool.adoption = 2", "tool.adoption = 2: must be 1 or less (share)"),
    ("tool.horizon_hours = 2", "tool.slope_per_doubling: missing; kind = 'agentic' needs it"),
    ('tool.profile = "none"\ntool.adoption = 1', "tool.adoption: not used by kind = 'none'"),
    ('tool.kind = "assistive"', "tool.anchor: not used by kind = 'assistive'"),
    ('tool.version = "newest"', "must be 'start', 'date' or a month"),
    ('policy.review = "some"', "must be 'none', 'unverified' or 'all'"),
    ('policy.reviewer_level = "senior"', "policy.reviewer_level = \"senior\": must be 'novice'"),
    ("policy.scope_hours = 0", "policy.scope_hours = 0: must be above 0 (expert-h)"),
    ("policy.wip_limit = 0", "policy.wip_limit = 0: must be 1 or more (items)"),
    ("policy.max_sessions = 21", "policy.max_sessions = 21: must be 20 or less (sessions)"),
    ("policy.adjacent_by_hand = 1", "policy.adjacent_by_hand = 1: must be true or false"),
    (f"world.{WORLD}x = 1", f"world.{WORLD}x: unknown key; did you mean '{WORLD}'?"),
    (f"world.{WORLD} = 1e9", f"world.{WORLD} = 1000000000.0: must be from"),
    (f"world.{WORLD} = {{ uniform = [2, 1] }}", "must be in rising order"),
    (f'world.{WORLD} = "high"', "must be a number or one of"),
    ("world = 3", "world = 3: must be a table"),
    ("training.weeks = 60\ntraining.seats = 1", "start_week + weeks = 0 + 60: must not exceed"),
    ("training.seat = 1", "training.seat: unknown key; did you mean 'seats'?"),
    ('training.domain = "web"', "training.domain: unknown domain; use one of [domains], which"),
    ("[[joiners]]\nweek = 2", "mine.toml: joiners[1].level: missing"),
    ('[[joiners]]\ncount = 1\nlevel = 3\nrole = "engineer"\nweek = 26', "must be below horizon"),
    ('[[leavers]]\nlevel = "novice"\nrole = "engineer"\nweek = 2\ncount = 3', "3 people of this"),
    ('[[leavers]]\nlevel = 2\nrole = "adjacent"\nweek = 2', "1 people of this level and role"),
    ("attrition.per_year = -1", "attrition.per_year = -1: must be 0 or more (share/year)"),
    ("money = 1", "money = 1: must be a table"),
    ('money.currency = "EUR"', "money.tool_per_person_month: missing"),
    ("domains = { data = 0.5, web = 0.4 }", "domains: shares sum to 0.9: must sum to 1"),
    ("domains = { a = 2.0, b = -1.0 }", "domains: shares must be 0 or more"),
    (
        '[[people]]\ncount = 1\nrole = "engineer"\nlevel = { data = 3 }',
        "must state each of [domains]",
    ),
    ("tasks.advanced_share = { uniform = [0.2, 1.4] }", "tasks.advanced_share"),
    ("policy.parallel_sessions = 0", "policy.parallel_sessions = 0: must be 1 or more (sessions)"),
    ('[[people]]\nlevel = 3\nrole = "engineer"', "people[1].count: missing"),
    ('[[people]]\ncount = 1\nlevel = 6\nrole = "engineer"', "people[1].level = 6: must be a lev"),
    (
        '[[people]]\ncount = 1\nlevel = ["expert", 2]\nrole = "engineer"',
        "people[1].level: must have its lower level first",
    ),
    ('[[people]]\ncount = 1\nlevel = "senor"\nrole = "engineer"', "unknown level; use one of"),
    ('[[people]]\ncount = 1\nlevel = 3\nrole = "boss"', "must be 'engineer' or 'adjacent'"),
    (
        '[[people]]\ncount = 1\nlevel = 3\nrole = "engineer"\nhours_per_week = 61',
        "people[1].hours_per_week = 61: must be 60 or less (h/week)",
    ),
    ("[people]\ncount = 1", "people = { count = 1 }: must be a list"),
    ('extends = "basline"', "no scenario named 'basline'; did you mean 'baseline'?"),
    ('extends = "mine"', "a scenario cannot extend itself"),
    ("extends = 3", "extends = 3: must be a scenario's name"),
    ('extends = "\\u0000"', "holds the control character 0x00: must be plain text"),
    ('extends = "nothing"', "mine.toml: training: missing"),
    ("team.expert = ", "mine.toml: not valid TOML"),
    ("team.expert = 1\nteam.expert = 1", "mine.toml: not valid TOML"),
    (f"team.expert = {'9' * 5000}", "mine.toml: not valid TOML"),
    (f"team.expert = {'9' * 400}", "must be a finite number of sensible size"),
    ("x = " + "[" * 5000, "mine.toml: "),
    ("x = " + "[" * 50 + "]" * 50, "nested too deeply"),
    ("team.expert = -1\nteam.novice = -1", "mine.toml: team.novice = -1: must be"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_file_gives_one_clear_line(text, said):
    with pytest.raises(ScenarioError) as error:
        load(write(QUESTION + text))
    line = one_line(error)
    assert said in line
    assert line.startswith("mine.toml: ")


def test_a_file_need_not_ask_a_question_but_asks_none_that_is_empty():
    assert load(write("[team]\nexpert = 1")).question == "What does mine deliver?"
    deadline = "[answer]\nby_week = 9\n[tasks]\nbacklog = 5"
    asked = load(write(deadline)).question
    assert asked == "Will the 5 tickets of mine be done by week 9?"
    of_parent = load(write('extends = "platform-team"')).question
    assert of_parent == load("platform-team").question
    with pytest.raises(ScenarioError, match=r"question .* must be a text in quotes that is not em"):
        load(write('question = " "'))


def test_a_file_that_cannot_be_a_scenario_is_refused():
    Path("latin.toml").write_bytes('question = "für"'.encode("latin-1"))
    Path("large.toml").write_text("#" * 1_000_001)
    Path("folder.toml").mkdir()
    for path, said in [
        ("latin.toml", "latin.toml: not UTF-8 text (byte 13)"),
        ("large.toml", "large.toml: larger than 1 MB"),
        ("folder.toml", "folder.toml: no such scenario file"),
        ("absent.toml", "absent.toml: no such scenario file"),
        ("platform-taem", "did you mean 'platform-team'?"),
        ("\x00", "no such scenario file"),
        ("", "no such scenario file"),
    ]:
        with pytest.raises(ScenarioError) as error:
            load(path)
        assert said in one_line(error)


def test_a_byte_order_mark_and_windows_line_ends_are_no_obstacle():
    Path("mine.toml").write_bytes(b'\xef\xbb\xbfquestion = "Why?"\r\n[team]\r\nexpert = 1\r\n')
    assert load("mine").team.expert == 1


def test_scenarios_that_extend_each_other_in_a_circle_are_refused():
    write(QUESTION + 'extends = "b"', "a.toml")
    write(QUESTION + 'extends = "a"', "b.toml")
    with pytest.raises(ScenarioError, match=r"goes in a circle: a\.toml → b\.toml → a\.toml"):
        load("a")


def test_a_fault_in_a_parent_is_blamed_on_the_parent():
    write(QUESTION + 'extends = "b"', "a.toml")
    write(QUESTION + "team.expert = -1", "b.toml")
    with pytest.raises(ScenarioError, match=r"^b\.toml: team\.expert = -1"):
        load("a")


def test_a_fault_in_a_tool_profile_is_blamed_on_the_profile():
    write('kind = "none"\ndescription = "x"\nspede = 2', "tools/slow.toml")
    with pytest.raises(ScenarioError, match=r"^tools/slow\.toml: spede: unknown key"):
        load(write(QUESTION + 'tool.profile = "slow"'))


# ---------------------------------------------------------------- what any content gives


def tomlable():
    """Anything tomllib can return, with known keys likely."""
    base = load("platform-team").to_dict()
    leaves = st.one_of(
        st.booleans(),
        st.integers(),
        st.integers(-3, 700),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["expert", "saturated", "matched", "all", "none", "study", "2027-01"]),
        st.dates(),
        st.datetimes(),
        st.times(),
    )
    keys = st.sampled_from(sorted(all_keys(base) | {"extends", "training", "fixed", "uniform"}))
    values = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(keys | st.text(max_size=8), inner, max_size=4)
        ),
        max_leaves=12,
    )
    return keys, values


def all_keys(table):
    below = (all_keys(value) for value in table.values() if isinstance(value, dict))
    return set(table).union(*below)


def scenario_or_one_line(data):
    try:
        scenario = Scenario.from_dict(data, "fuzz")
    except ScenarioError as error:
        assert all(line.isprintable() for line in str(error).splitlines())  # noqa: PT017
        return
    again = Scenario.from_dict(tomllib.loads(scenario.to_toml()), "again")
    assert again == scenario
    assert again.sha256 == scenario.sha256


KEYS, VALUES = tomlable()


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS | st.text(max_size=8), VALUES, max_size=6))
def test_random_content_is_a_scenario_or_one_line(data):
    scenario_or_one_line({"question": "Why?"} | data)


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_a_mutated_scenario_is_a_scenario_or_one_line(data):
    mutant = load("platform-team").to_dict()
    for _ in range(data.draw(st.integers(1, 3))):
        table = mutant
        key = data.draw(st.sampled_from(sorted(table)))
        while isinstance(table[key], dict) and table[key] and data.draw(st.booleans()):
            table = table[key]
            key = data.draw(st.sampled_from(sorted(table)))
        what = data.draw(st.sampled_from(["change", "nudge", "drop", "rename", "keep"]))
        if what == "change":
            table[key] = data.draw(VALUES)
        elif what == "nudge" and isinstance(table[key], int | float):
            table[key] = table[key] * data.draw(st.sampled_from([-1, 0, 0.5, 1, 2, 1000]))
        elif what == "drop" and len(table) > 1:
            del table[key]
        elif what == "rename":
            table[data.draw(KEYS)] = table.pop(key)
    scenario_or_one_line(mutant)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_random_bytes_are_refused_in_one_line_unless_they_state_nothing(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_bytes(content)
        try:
            plan = load(path)
        except ScenarioError as error:
            assert all(line.isprintable() for line in str(error).splitlines())  # noqa: PT017
        else:
            assert plan.groups == load("baseline").groups


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["team.novice", "tool.profile", "world"]) | KEYS, VALUES))
def test_random_changes_give_a_scenario_or_one_line(changes):
    try:
        load("baseline").replace(changes)
    except ScenarioError as error:
        assert all(line.isprintable() for line in str(error).splitlines())  # noqa: PT017


# ---------------------------------------------------------------- what extends what


def test_a_child_keeps_what_it_does_not_state():
    child = load(write(QUESTION + 'policy.review = "unverified"\nhorizon.weeks = 52'))
    base = load("baseline").to_dict()
    base["policy"]["review"] = "unverified"
    base["horizon"]["weeks"] = 52
    assert child.to_dict() == base | {"question": "Why?"}


def test_naming_a_team_replaces_the_whole_team():
    write(
        QUESTION
        + '[[people]]\ncount = 2\nlevel = 2.5\nrole = "engineer"\n[team.adjacent]\nexpert=1',
        "parent.toml",
    )
    child = load(write(QUESTION + 'extends = "parent"\n[team]\nexpert = 1'))
    assert child.groups == (Group(1, ((5.0, 5.0),), "engineer", 40.0),)


def test_naming_adjacent_people_alone_keeps_the_engineers():
    child = load(write(QUESTION + "[team.adjacent]\nbeginner = 1"))
    assert child.groups == (*load("baseline").groups, Group(1, ((2.0, 2.0),), "adjacent", 40.0))


def test_rows_of_people_are_added_to_the_team_and_that_is_said():
    row = '[[people]]\ncount = 2\nlevel = ["beginner", 3.5]\nrole = "adjacent"\nhours_per_week = 20'
    child = load(write(QUESTION + row))
    assert child.groups == (*load("baseline").groups, Group(2, ((2.0, 3.5),), "adjacent", 20.0))
    assert child.notes == ("mine: [[people]] are added to the [team] of baseline",)
    assert load(write(QUESTION + row + "\n[team]\nexpert = 1")).notes == ()


def test_a_team_of_nobody_is_allowed():
    assert load(write(QUESTION + "team.expert = 0")).groups == ()


def test_a_backlog_takes_the_place_of_arrivals_and_back():
    backlog = load(write(QUESTION + "tasks.backlog = 120"))
    assert (backlog.tasks.backlog, backlog.tasks.arrivals_per_week) == (120, None)
    arrivals = backlog.replace({"tasks.arrivals_per_week": 7})
    assert (arrivals.tasks.backlog, arrivals.tasks.arrivals_per_week) == (None, 7.0)


def test_a_size_of_another_kind_replaces_and_of_the_same_kind_merges():
    other = load(write(QUESTION + 'tasks.average = { size = "constant", mean_hours = 2 }'))
    assert other.to_dict()["tasks"]["average"] == {"size": "constant", "mean_hours": 2.0}
    same = load(write(QUESTION + "tasks.average.sigma = 0.5"))
    base = load("baseline").to_dict()["tasks"]["average"]
    assert same.to_dict()["tasks"]["average"] == base | {"sigma": 0.5}


def test_overrides_of_a_tool_hold_until_another_tool_is_named():
    write(QUESTION + "tool.adoption = 0.5", "half.toml")
    assert load("half").tool.adoption == 0.5
    assert load("half").tool.profile == load("baseline").tool.profile
    child = load(write(QUESTION + 'extends = "half"\ntool.profile = "agent-early-2025"'))
    assert child.tool.adoption == 1.0
    assert child.tool.curves == "study"


def test_a_horizon_takes_the_place_of_the_study_as_anchor():
    tool = load(write(QUESTION + "[tool]\nhorizon_hours = 3\nslope_per_doubling = 0.5")).tool
    assert (tool.anchor, tool.horizon_hours, tool.slope_per_doubling) == (None, 3.0, 0.5)


def test_a_horizon_can_be_a_distribution_and_replaces_as_a_whole():
    tool = "[tool]\nprofile = 'agent-early-2025'\n"
    plan = load(write(QUESTION + tool))
    assert plan.horizon_belief.shape == "lognormal"
    assert plan.horizon_belief.central == pytest.approx(1.0, abs=0.001)
    other = load(write(QUESTION + tool + "horizon_hours = { uniform = [2, 4] }"))
    assert (other.horizon_belief.shape, other.horizon_belief.central) == ("uniform", 3.0)
    assert plan.replace({"tool.horizon_hours": 2}).horizon_belief.pinned
    assert load("baseline").horizon_belief is None
    for stated, says in (
        ("0", "must be above 0"),
        ("{ uniform = [-1, 2] }", "must be from 0.001 to 10000"),
        ('"long"', "must be a number above 0, or a distribution"),
    ):
        with pytest.raises(ScenarioError, match=says):
            load(write(QUESTION + tool + f"horizon_hours = {stated}"))


def test_a_distribution_replaces_the_parents_as_a_whole():
    low, high = register()[WORLD].bounds
    low, high = max(low, -10.0), min(high, 10.0)
    write(QUESTION + f"world.{WORLD} = {{ uniform = [{low}, {high}] }}", "parent.toml")
    child = load(write(QUESTION + f'extends = "parent"\nworld.{WORLD} = {{ fixed = {high} }}'))
    assert child.to_dict()["world"] == {WORLD: high}
    assert child.pinned == (WORLD,)
    assert child.notes == (f"world.{WORLD} = {high:g}: pinned by you",)
    assert load("parent").pinned == ()


def test_a_local_file_hides_a_packaged_one_and_that_is_said():
    write(QUESTION + "team.expert = 9", "scenarios/platform-team.toml")
    mine = load("platform-team")
    assert mine.team.expert == 9
    assert "scenarios/platform-team.toml, which hides the packaged scenario" in mine.notes[0]
    write(QUESTION + "team.expert = 8", "platform-team.toml")
    assert load("platform-team").team.expert == 8
    assert ("platform-team", "Why?", "platform-team.toml") in available()
    assert sum(name == "platform-team" for name, _, _ in available()) == 1


def test_a_local_baseline_can_extend_the_packaged_one_it_hides():
    write(QUESTION + 'extends = "baseline"\nhorizon.weeks = 4', "baseline.toml")
    assert load("baseline").horizon.weeks == 4
    assert load("no-tool").horizon.weeks == 4
    assert any("hides the packaged scenario" in note for note in load("no-tool").notes)


def test_a_local_tool_profile_hides_a_packaged_one_and_that_is_said():
    write('kind = "none"\ndescription = "Switched off"', "scenarios/tools/claude-code-2026.toml")
    assert load("baseline").tool.kind == "none"
    assert "hides the packaged tool" in load("baseline").notes[0]


def test_extends_looks_beside_the_asking_file_first():
    write(QUESTION + "horizon.weeks = 3", "plans/ours.toml")
    assert load(write(QUESTION + 'extends = "ours"', "plans/mine.toml")).horizon.weeks == 3
    assert load(write(QUESTION + 'extends = "ours.toml"', "plans/mine.toml")).horizon.weeks == 3


# ---------------------------------------------------------------- replace, and all the way round


def test_replace_changes_what_it_names_and_nothing_else():
    base = load("baseline")
    changed = base.replace({"team.novice": np.int64(3), "policy.scope_hours": np.float64(1.5)})
    expected = base.to_dict()
    expected["team"]["novice"] = 3
    expected["policy"]["scope_hours"] = 1.5
    assert changed.to_dict() == expected
    assert base == load("baseline")
    assert changed != base
    assert base.replace({}) == base


def test_replace_takes_a_tool_a_world_parameter_and_whole_tables():
    low = float(max(register()[WORLD].bounds[0], -10))
    changed = load("baseline").replace(
        {"tool.profile": "none", f"world.{WORLD}": low, "team": {"expert": 1}}
    )
    assert changed.tool.kind == "none"
    assert changed.world[WORLD].central == low
    assert changed.groups == (Group(1, ((5.0, 5.0),), "engineer", 40.0),)


def test_replace_can_change_the_shape_of_sizes_at_once():
    changes = {"tasks.average.size": "exponential", "tasks.average.mean_hours": 2}
    size = load("baseline").replace(changes).tasks.average
    assert (size.size, size.mean_hours, size.sigma) == ("exponential", 2.0, None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"team.novise": 3}, "team.novise: unknown key; did you mean 'novice'?"),
        ({"novice": 3}, "novice: unknown key; did you mean 'team.novice'?"),
        ({WORLD: 3}, f"{WORLD}: unknown key; did you mean 'world.{WORLD}'?"),
        ({"polcy.review": "all"}, "polcy.review: unknown key; did you mean 'policy'?"),
        ({"training.seats": -2}, "training.seats = -2: must be 0 or more (people)"),
        ({"team.novice": -1}, "team.novice = -1: must be 0 or more (people)"),
        ({"team.novice.x": 1}, "team.novice = { x = 1 }: must be a whole number"),
        ({3: 3}, "3: must be a dotted path"),
        ({"team.novice": object()}, "must be a number, a text, true or false, a list or a table"),
        ({"team.novice": np.arange(3)}, "team.novice: must be a number"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_one_line(changes, said):
    with pytest.raises(ScenarioError) as error:
        load("baseline").replace(changes)
    assert said in one_line(error)


@pytest.mark.parametrize("name", PACKAGED)
def test_every_packaged_scenario_survives_its_own_toml_and_fits_the_schema(name):
    scenario = load(name)
    again = load(write(scenario.to_toml()))
    assert again == scenario
    assert again.sha256 == scenario.sha256
    jsonschema.validate(tomllib.loads((PACKAGE / f"{name}.toml").read_text()), schema())
    jsonschema.validate(tomllib.loads(scenario.to_toml()), schema())


def test_a_scenario_written_out_no_longer_depends_on_its_profile_file():
    write('kind = "none"\ndescription = "Ours"', "tools/ours.toml")
    scenario = load(write(QUESTION + 'tool.profile = "ours"'))
    write(scenario.to_toml(), "saved.toml")
    Path("tools/ours.toml").unlink()
    assert load("saved") == scenario


def test_odd_characters_survive_the_way_round():
    question = 'A "quoted" \\ back\tslash\nnew line é 🙂?'
    scenario = load("baseline").replace({"question": question})
    assert load(write(scenario.to_toml())).question == question


def test_the_order_of_fields_does_not_matter_and_every_value_does():
    scenario = load("platform-team")
    backwards = json.loads(json.dumps(scenario.to_dict()), object_pairs_hook=reverse)
    assert list(backwards) != list(scenario.to_dict())
    assert Scenario.from_dict(backwards).sha256 == scenario.sha256
    assert scenario.replace({"team.novice": 3}).sha256 != scenario.sha256
    assert scenario.replace({"policy.scope_hours": 2}).sha256 == scenario.sha256  # 2 is 2.0


def reverse(pairs):
    return dict(reversed(pairs))


def test_the_schema_catches_a_misspelt_key():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"question": "Why?", "policy": {"reveiw": "all"}}, schema())


# ---------------------------------------------------------------- what ships


def test_baseline_states_every_lever():
    stated = tomllib.loads((PACKAGE / "baseline.toml").read_text())
    merged = load("baseline").to_dict()
    for section in ("horizon", "team", "tasks", "policy"):
        assert stated[section].keys() == merged[section].keys()
    assert set(Policy.model_fields) == stated["policy"].keys()


def test_baseline_agrees_with_the_register_on_every_lever_both_state():
    merged = dict(leaves(load("baseline").to_dict()))
    levers = {name: p for name, p in register().items() if p.kind == "lever" and name in merged}
    assert {name: merged[name] for name in levers} == {n: p.central for n, p in levers.items()}


def test_the_platform_team_has_twelve_people():
    assert sum(group.count for group in load("platform-team").groups) == 12


@pytest.mark.parametrize("name", TOOLS)
def test_every_packaged_tool_can_be_used_and_says_its_source(name):
    scenario = load("baseline").replace({"tool.profile": name})
    assert scenario.tool.kind == "none" or "http" in scenario.tool.source


def test_months_run_from_the_curves_date_to_the_version_in_use():
    base = load("baseline")  # study: January 2026; the run starts in December 2026
    assert base.months_ahead == 11
    assert base.replace({"tool.profile": "agent-early-2025"}).months_ahead == 0
    assert base.replace({"tool.profile": "agent-mid-2027"}).months_ahead == 17
    assert base.replace({"tool.profile": "none"}).months_ahead == 0


def test_every_scenario_and_tool_is_in_the_catalogue():
    catalogue = (PACKAGE / "README.md").read_text(encoding="utf-8")
    for name in [*PACKAGED, *TOOLS]:
        assert f"| `{name}` |" in catalogue
    assert {name for name, _, where in available() if where == "package"} == set(PACKAGED)


def test_curves_are_found_by_name_or_by_path():
    path = write("{}", "ours.json")
    assert curves_path("ours.json") == Path.cwd() / path
    load("baseline").replace({"tool.curves": "ours.json"})
    with pytest.raises(ScenarioError, match="no curve set 'absent'"):
        curves_path("absent")


def test_loading_a_scenario_imports_no_heavy_library():
    heavy = "{'numpy', 'pandas', 'numba', 'scipy', 'mesa', 'matplotlib', 'SALib'}"
    code = f"import sys, sim.scenario as s; s.load('baseline'); print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_plan_says_by_what_commands_find_it(tmp_path):
    write(QUESTION, "plans/mine.toml")
    write(QUESTION, "here.toml")
    for called in ("plans/mine.toml", "here", "baseline", "done-by-march/today"):
        plan = load(called)
        assert plan.called == called
        assert load(plan.called) == plan
    assert Scenario.from_dict({}, "stated").called == "stated"
    assert Scenario.from_dict({}, "R&D").called == "'R&D'"  # as a shell reads it
    with pytest.raises(ScenarioError, match="no such scenario file"):
        load("done-by-march/nobody")
