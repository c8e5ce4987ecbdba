"""The command line answers in a table or JSON, and refuses in one line."""

import json
import os
import re
import subprocess
import sys

import jsonschema
import pandas as pd
import pytest
from command import tiercurve

import sim
from sim import engine
from sim.cli import common


@pytest.mark.parametrize("name", [name for name, _, where in sim.available() if where == "package"])
def test_every_scenario_answers_on_one_screen_in_five_lines(name, capsys):
    code, out, _ = tiercurve("run", name, "--draws", 4, capsys=capsys)
    assert code == 0
    names = [line.split("  ")[0] for line in out.splitlines() if re.match(r"[a-z]+  +\S", line)]
    assert names == ["answer", "range", "odds", "narrow", "next"]
    said = " ".join(out.split("\n\n")[1].split())
    assert said.endswith(".")
    assert re.search(r"\d.* to |do not differ in .* in any of 8 worlds", said), said
    assert "Keep in mind:" in out
    assert len(out.splitlines()) <= 40
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("name", ["baseline", "backlog-deadline", "late-joiners"])
def test_everything_is_a_table_with_units_and_intervals(name, capsys):
    code, out, _ = tiercurve("run", name, "--draws", 4, "--all", capsys=capsys)
    assert code == 0
    line = next(line for line in out.splitlines() if line.startswith("work_delivered"))
    assert "expert-h" in line
    assert " to " in line
    assert "10-90% of worlds" in out
    assert max(map(len, out.splitlines())) <= 80


def test_json_goes_to_output_alone(capsys):
    code, out, _ = tiercurve("run", "baseline", "--draws", 2, "--json", capsys=capsys)
    assert code == 0
    assert json.loads(out)["scenario"] == "baseline"


def test_rows_and_figure_are_written(tmp_path, capsys):
    rows, figure = tmp_path / "rows", tmp_path / "plan.png"
    words = ("run", "baseline", "--draws", 3, "--out", rows, "--plot", figure)
    assert tiercurve(*words, capsys=capsys)[0] == 0
    assert len(sim.load_result(rows).replications) == 6
    assert figure.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["levels", "hours", "swimlanes"])
def test_every_figure_of_a_run_can_be_asked_for(kind, tmp_path, capsys):
    path = tmp_path / "plan.png"
    words = ("run", "train-to-intermediate", "--draws", 3, "--plot", path, "--figure", kind)
    assert tiercurve(*words, capsys=capsys)[0] == 0
    assert path.read_bytes().startswith(b"\x89PNG")


def test_trace_prints_and_writes(tmp_path, capsys):
    code, out, err = tiercurve("trace", "no-tool", "--rows", 5, capsys=capsys)
    assert code == 0
    assert len(out.strip().splitlines()) == 6
    assert "stretches" in err
    path = tmp_path / "trace.csv"
    assert tiercurve("trace", "no-tool", "--out", path, capsys=capsys)[0] == 0
    assert list(pd.read_csv(path).columns) == list(sim.trace("no-tool").columns)


def test_list_names_every_scenario_with_its_question(capsys):
    code, out, _ = tiercurve("list", capsys=capsys)
    assert code == 0
    for name in ("baseline", "platform-team", "no-tool", "assistive-tool", "headline-trap"):
        assert name in out
    assert "done-by-march/today" in out
    assert "decks/" not in out
    assert sum(where == "package" for _, _, where in sim.available()) >= 14


def test_schema_is_a_json_schema_that_accepts_a_scenario(capsys):
    _, out, _ = tiercurve("schema", capsys=capsys)
    schema = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"extends": "baseline", "question": "?", "team": {"expert": 2}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"question": "?", "polcy": {}}, schema)


BROKEN = {
    "unknown key": "question = 'q'\n[policy]\nreveiw = 'all'\n",
    "negative": "question = 'q'\n[team]\nexpert = -1\n",
    "share": "question = 'q'\n[tasks]\nadvanced_share = 1.2\n",
    "nan": "question = 'q'\n[tasks]\nfix_share = nan\n",
    "type": "question = 'q'\n[horizon]\nweeks = '26'\n",
    "toml": "question = \n",
    "parent": "extends = 'nobody'\nquestion = 'q'\n",
    "profile": "question = 'q'\n[tool]\nprofile = 'magic'\n",
    "curves": "question = 'q'\n[tool]\ncurves = 'magic'\n",
    "world": "question = 'q'\n[world]\nslope = 1\n",
    "bounds": "question = 'q'\n[world]\ndev_share = 3\n",
    "training": "question = 'q'\n[training]\nseats = 2\nweeks = 60\n",
    "spread": "question = 'q'\n[world]\nsize_ref_sigma = 3\nslope_per_doubling = 3\n",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_scenario_file_gives_one_line_and_exit_code_2(fault, tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(BROKEN[fault])
    code, out, err = tiercurve("run", path, "--draws", 2, capsys=capsys)
    lines = [line for line in err.splitlines() if not line.startswith("compiling")]
    assert code == 2
    assert out == ""
    assert len(lines) == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        ("run", "nope"),
        ("run", "baseline", "--draws", "1"),
        ("run", "baseline", "--precision", "0"),
        ("run", "baseline", "--plot", "figure.xyz"),
        ("run", "baseline", "--out", "."),
        ("run", "baseline", "--plot", "no/such/folder/figure.png"),
        ("trace", "baseline", "--draw", "-1"),
        ("run",),
        ("fly",),
    ],
)
def test_a_call_that_makes_no_sense_ends_with_exit_code_2(words, capsys):
    code, out, err = tiercurve(*words, capsys=capsys)
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    assert err.strip()


def test_help_and_import_stay_light():
    """Heavy libraries are imported when first needed, not when the package is named."""
    heavy = "{'mesa', 'SALib', 'matplotlib', 'pandas', 'scipy', 'numba'}"
    for first in ("import sim", "import sim.cli.main"):
        code = f"{first}, sys; print(sorted({heavy} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stdout.strip() == "[]", (first, done.stdout, done.stderr)


# ---- the first run -------------------------------------------------------------------------------


@pytest.mark.parametrize("left", [(), ("engine_of_another/clock.batch-1.py399.nbi",)])
def test_what_another_place_has_compiled_is_not_taken_for_this_one(left, tmp_path):
    """numba would compile again, in silence, for a minute."""
    for name in left:
        path = tmp_path / "compiled" / engine.source_hash() / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"")
    code = "from sim.engine import is_compiled; print(is_compiled())"
    env = {**os.environ, "TIERCURVE_CACHE": str(tmp_path)}
    env.pop("NUMBA_DISABLE_JIT", None)
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_first_run_says_that_it_compiles_before_it_does(monkeypatch, capsys):
    monkeypatch.setattr(engine, "is_compiled", lambda: False)
    common.say_if_compiling(common.Engine.compiled)
    out, err = capsys.readouterr()
    assert out == ""
    assert "about half a minute" in err
    sim.run("baseline", draws=2)
    monkeypatch.undo()
    assert engine.is_compiled()


@pytest.mark.parametrize(
    "words",
    [
        ("run", "baseline", "--figure", "work"),
        ("compare", "baseline", "no-tool", "--figure", "weeks"),
        ("decide", "baseline", "no-tool", "--figure", "plans"),
        ("sensitivity", "baseline", "--figure", "tornado"),
    ],
)
def test_a_figure_that_would_be_drawn_nowhere_is_refused(words, capsys):
    code, out, error = tiercurve(*words, capsys=capsys)
    assert (code, out) == (2, "")
    assert "needs --plot FILE to be drawn to" in " ".join(error.split())
