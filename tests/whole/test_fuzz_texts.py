"""Whatever stands in a text file, its reader gives a record or its one documented error."""

import csv
import io
import json

import pytest
from fuzzing import NASTY, distorted, is_one_clear_line, some, spoilt
from hypothesis import given
from hypothesis import strategies as st
from worlds import plan as a_plan

import sim
from calibration import observations, tickets
from sim import ledger, parameters
from sim.assessment import work_file
from sim.engine import curves
from sim.errors import AssessError, EvidenceError, ScenarioError
from sim.experiments.sweep import design
from sim.experiments.sweep.study import load_study
from sim.exports import map_file
from sim.forecasting import weekly

ROOT = observations.__file__.rpartition("/calibration/")[0]


def sound(name):
    with open(f"{ROOT}/{name}", "rb") as file:
        return file.read()


def cut(data, lines=25):
    """The first lines of a text, so that a mistake in it is likely to matter."""
    return b"\n".join(data.splitlines()[:lines]) + b"\n"


LABELLED = b"ticket,class,hours\n" + b"".join(
    b"%d,%s,%d.5\n" % (i, (b"average", b"advanced")[i % 2], i) for i in range(20)
)
EXPORT = (
    b"Issue key,Status,Resolution,Assignee,Resolved,Time Spent,Labels,Labels,Parent\n"
    + b"".join(
        b"A-%d,Closed,Done,eva,%d/Mar/26 4:10 PM,%d,ui,copilot,\n" % (i, i + 1, 3600 * i + 60)
        for i in range(20)
    )
)
EXPORT_JSON = json.dumps(
    [
        {"number": i, "state": "CLOSED", "labels": [{"name": "ui"}], "closedAt": None}
        for i in range(9)
    ]
).encode()
WEEKS = b"project,week,closed\n" + b"".join(
    b"%s,2026-0%d-1%d,%d\n" % ((b"a", b"b")[i % 2], i // 2 % 9 + 1, i % 2, i) for i in range(18)
)
MAP = b"""[columns]
status = "State"
[outcomes]
Shipped = "done"
[time]
unit = "s"
"""
POINTS = b"team.novice,policy.review\n1,all\n2,none\n"
STUDY = b"""scenario = "platform-team"
question = "Which?"
draws = 10
seed = 1
[design]
kind = "latin"
points = 4
[design.factors]
"team.novice" = [0, 3]
"world.dev_share" = [0.2, 0.6]
"""
TOOL = sound("scenarios/tools/agent-early-2025.toml")
SCENARIO = (
    sound("scenarios/late-joiners.toml") + b"\n[world]\ndev_share = { uniform = [0.3, 0.5] }\n"
)
REGISTER = b"\n[".join(sound("calibration/register.toml").split(b"\n[")[:4])
CURVES = json.loads(sound("calibration/curves/study.json"))
CURVES["draws"] = CURVES["draws"][:3]

READERS = {  # reader, a sound file, its errors
    "scenario.toml": (sim.load, SCENARIO, ScenarioError),
    "baseline.toml": (sim.load, sound("scenarios/baseline.toml"), ScenarioError),
    "study.toml": (load_study, STUDY, (sim.SweepError, ScenarioError)),
    "evidence.csv": (ledger.read, cut(sound("calibration/evidence.csv"), 8), EvidenceError),
    "tickets.csv": (tickets.read, cut(sound("calibration/examples/synthetic-tickets.csv")),
                    sim.TicketError),
    "export.csv": (sim.read, EXPORT, sim.TicketError),
    "export.json": (sim.read, EXPORT_JSON, sim.TicketError),
    "weeks.csv": (weekly.read, WEEKS, (sim.BacktestError, sim.TicketError)),
    "map.toml": (map_file.read, MAP, sim.TicketError),
    "labelled.csv": (work_file.read, LABELLED, AssessError),
    "points.csv": (design.table, POINTS, sim.SweepError),
    "curves.json": (curves.read, json.dumps(CURVES).encode(), curves.CurveError),
    "register.toml": (parameters.read_register, REGISTER, parameters.RegisterError),
}  # fmt: skip


def check(name, data, folder):
    """Read a file; its error is one line. True if it could be read."""
    reader, _, errors = READERS[name]
    path = folder / name
    path.write_bytes(data)
    try:
        reader(path)
    except errors as error:
        is_one_clear_line(error)
        return False
    return True


@pytest.mark.parametrize("name", READERS)
def test_the_files_that_mistakes_are_made_in_are_sound(name, tmp_path):
    assert check(name, READERS[name][1], tmp_path)


@pytest.mark.parametrize("name", READERS)
def test_mistakes_in_the_bytes_give_one_clear_line(name, tmp_path):
    @some(40)
    @given(spoilt(READERS[name][1]))
    def mistakes(data):
        check(name, data, tmp_path)

    mistakes()


def test_mistakes_in_a_tool_profile_give_one_clear_line(tmp_path):
    (tmp_path / "plan.toml").write_text(
        'question = "?"\n[tool]\nprofile = "tool.toml"\n', encoding="utf-8"
    )

    @some(40)
    @given(spoilt(TOOL))
    def mistakes(data):
        (tmp_path / "tool.toml").write_bytes(data)
        try:
            sim.load(tmp_path / "plan.toml")
        except ScenarioError as error:
            is_one_clear_line(error)

    mistakes()


def test_distorted_curve_sets_give_one_clear_line(tmp_path):
    @some(40)
    @given(distorted(CURVES))
    def mistakes(data):
        check("curves.json", json.dumps(data).encode(), tmp_path)

    mistakes()


PLAN = a_plan(people=[{"count": 1, "level": 3, "role": "engineer"}], domains={"a": 1.0}).to_dict()


@some(80)
@given(distorted(PLAN))
def test_distorted_scenarios_give_a_plan_or_one_clear_line(data):
    try:
        made = sim.Scenario.from_dict(data)
    except ScenarioError as error:
        is_one_clear_line(error)
    else:
        assert sim.Scenario.from_dict(made.to_dict()).to_toml() == made.to_toml()


@some(40)
@given(
    st.dictionaries(st.sampled_from(["team.novice", "world", "tasks.average"]) | st.text(), NASTY)
)
def test_distorted_changes_give_a_plan_or_one_clear_line(changes):
    try:
        a_plan().replace(changes)
    except ScenarioError as error:
        is_one_clear_line(error)


@pytest.mark.parametrize("key", ["[]", "a[b]", "function-wrap[x()]", "", "."])
def test_a_key_of_any_shape_is_an_unknown_key(key):
    with pytest.raises(ScenarioError, match="unknown key"):
        sim.Scenario.from_dict({"question": "?", key: []})
    with pytest.raises(ScenarioError, match="unknown key"):
        sim.Scenario.from_dict({"question": "?", "policy": {key: 1}})


def spreadsheet(cells):
    out = io.StringIO()
    csv.writer(out).writerows(cells)
    return out.getvalue().encode("utf-8", "surrogatepass")


CELLS = st.sampled_from(("", "1", "-1", "nan", "1e999", "expert", "1-9", "=1+1", "31/02/2026", "x"))


@pytest.mark.parametrize("name", ["tickets.csv", "labelled.csv", "points.csv"])
def test_tables_of_anything_give_one_clear_line(name, tmp_path):
    header = next(csv.reader([READERS[name][1].decode().splitlines()[0]]))

    @some(40)
    @given(st.lists(st.lists(CELLS | st.text(max_size=3), max_size=8), max_size=15))
    def mistakes(rows):
        check(name, spreadsheet([header, *rows]), tmp_path)

    mistakes()


HOSTILE = {
    "scenario.toml": b"a = [" + b"1, " * 400_000 + b"]",
    "study.toml": b"a" * 1_100_000 + b" = 1",
    "evidence.csv": b"x" * 6_000_000,
    "curves.json": b"[" * 200_000,
    "register.toml": b"[a]\n" + b"b." * 600_000 + b"c = 1",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_files_of_hostile_size_or_depth_are_refused(name, tmp_path):
    assert not check(name, HOSTILE[name], tmp_path)


@pytest.mark.parametrize("value", ['"' + "x" * 5000 + '"', "9" * 4000, "[" + "1, " * 3000 + "]"])
@pytest.mark.parametrize("name", [name for name in READERS if name.endswith(".toml")])
def test_an_endless_value_of_any_key_gives_a_line_that_can_be_read(name, value, tmp_path):
    lines = READERS[name][1].decode().splitlines()
    for number, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        if equals:
            data = "\n".join([*lines[:number], f"{key} = {value}", *lines[number + 1 :]])
            check(name, data.encode(), tmp_path)


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_too_large_is_refused_before_it_is_read(name, tmp_path):
    """All zeros, which a file system need not store."""
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(300_000_000)
    reader, _, errors = READERS[name]
    with pytest.raises(errors, match=r"larger|must be"):
        reader(path)


@pytest.mark.parametrize("name", READERS)
def test_a_folder_or_nothing_in_place_of_a_file_is_refused(name, tmp_path):
    reader, _, errors = READERS[name]
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "nothing.csv"):
        with pytest.raises(errors):
            reader(path)
