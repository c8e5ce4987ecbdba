"""A run gives the same rows however it is run, and says where they come from."""

import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis import estimates
from sim.analysis.estimates import COLUMNS
from sim.engine import metrics, setup

SMALL = {"horizon.weeks": 4}


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace(SMALL)


@pytest.fixture(scope="module")
def result(plan):
    return sim.run(plan, draws=20, luck=2, seed=3)


def test_rows_do_not_depend_on_threads(plan, result):
    for threads in (1, 2, 3):
        again = sim.run(plan, draws=20, luck=2, seed=3, threads=threads)
        pd.testing.assert_frame_equal(again.replications, result.replications)
        pd.testing.assert_frame_equal(again.weekly, result.weekly)


def test_rows_do_not_depend_on_the_clock(plan):
    rows = [sim.run(plan, draws=3, luck=2, engine=e).replications for e in ("compiled", "mesa")]
    pd.testing.assert_frame_equal(*rows)


def test_more_draws_and_luck_keep_the_worlds_there_were(plan, result):
    more = sim.run(plan, draws=25, luck=3, seed=3).replications
    kept = more[(more["draw"] < 20) & (more["luck"] < 2)].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, result.replications)


def test_another_seed_gives_other_rows(plan, result):
    assert not sim.run(plan, draws=20, luck=2, seed=0).replications.equals(result.replications)


def test_no_interval_of_a_run_leaves_what_its_plan_makes_possible():
    """Nearly all worlds need the four weeks there are, and hardly anything is given up."""
    team, tasks = {"novice": 1, "intermediate": 1, "expert": 1}, {"backlog": 25}
    asked = {"question": "When?", "horizon": {"weeks": 4}, "team": team, "tasks": tasks}
    result = sim.run(sim.Scenario.from_dict(asked, "many"), draws=40, luck=2)
    table, values = result.summary(), result.values("weeks_to_done")[:, :, 0]
    assert estimates.estimate(values)[2] > 4  # without bounds it would leave them
    assert table["ci_high"]["weeks_to_done"] <= 4
    assert table["ci_high"]["backlog_done"] <= 25
    assert table["ci_high"]["level_counts_end_expert"] <= 3
    assert (table["ci_low"].dropna() >= 0).all()
    shares = table[table["unit"] == "share"]
    assert (shares["ci_high"].dropna() <= 1).all()


def test_summary_has_a_unit_and_an_interval_for_every_metric(result):
    table = result.summary()
    assert tuple(table.index) == metrics.ALONE
    assert tuple(table.columns) == ("unit", *COLUMNS)
    known = table[table["mean"].notna()]
    told = known[known["undefined"] <= 0.05 * 40]  # above it a mean has no interval
    assert len(told) > 10
    assert (told["ci_low"] <= told["mean"] + 1e-9).all()
    assert (told["mean"] <= told["ci_high"] + 1e-9).all()
    assert (table["unit"] != "").all()


def test_undefined_values_are_counted_not_averaged(result):
    finish = result.summary().loc["finish_week"]
    assert finish["undefined"] == 40
    assert np.isnan(finish["mean"])


def test_precision_adds_draws_until_it_is_reached(plan):
    loose = sim.run(plan, draws=20, precision="10%")
    row = loose.summary().loc["work_delivered"]
    assert 1.96 * row["mc_error"] <= 0.1 * row["mean"]
    assert loose.provenance["draws"] > 20


def test_a_result_saves_whole_and_loads_equal(result, tmp_path):
    path = result.save(tmp_path / "run")
    again = sim.load_result(path)
    for name in ("replications", "weekly", "parameters"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(result, name))
    assert again.scenario == result.scenario
    assert again.provenance == result.provenance
    assert again.caveats == result.caveats
    with pytest.raises(sim.ResultError, match="exists already"):
        result.save(path)
    assert result.save(path, overwrite=True) == path
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_saving_never_replaces_what_is_not_a_result(result, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep me")
    with pytest.raises(sim.ResultError, match="choose another"):
        result.save(tmp_path / "mine", overwrite=True)
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep me"


@pytest.mark.parametrize("harm", ["missing", "truncated", "not json", "no rows", "rows lost"])
def test_a_damaged_result_is_refused_in_one_line(result, tmp_path, harm):
    path = result.save(tmp_path / "run")
    if harm == "missing":
        (path / "weekly.parquet").unlink()
    elif harm == "truncated":
        data = (path / "replications.parquet").read_bytes()
        (path / "replications.parquet").write_bytes(data[: len(data) // 2])
    elif harm == "not json":
        (path / "result.json").write_text("{")
    elif harm == "no rows":
        (path / "parameters.parquet").write_bytes(b"")
    else:
        frame = pd.read_parquet(path / "replications.parquet")
        frame.iloc[:-1].to_parquet(path / "replications.parquet", index=False)
    with pytest.raises(sim.ResultError) as caught:
        sim.load_result(path)
    assert "\n" not in str(caught.value)


def test_probability_counts_worlds_and_refuses_nonsense(result):
    values = result.replications["tasks_done"]
    found = result.probability(f"tasks_done >= {values.median()}")
    assert found.value == (values >= values.median()).mean()
    assert found.low < found.value < found.high
    assert result.probability("finish_week <= 3").undefined == 40
    for nonsense in ("tasks_done", "tasks >= 3", "tasks_done >= many", "tasks_done == 3", "x; y"):
        with pytest.raises(sim.ResultError, match=r"must read|not a number"):
            result.probability(nonsense)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"draws": 1}, "draws = 1: must be a whole number from 2"),
        ({"draws": 2.5}, "draws = 2.5"),
        ({"draws": True}, "draws = True"),
        ({"luck": 0}, "luck = 0"),
        ({"seed": "x"}, "seed = 'x': must be a whole number"),
        ({"engine": "fast"}, "must be 'compiled' or 'mesa'"),
        ({"uncertainty": "none"}, "must be 'full' or 'central'"),
        ({"precision": "-1%"}, "must be a share such as '2%'"),
        ({"precision": "nan"}, "must be a share such as '2%'"),
        ({"threads": 0}, "threads = 0"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused_in_one_line(plan, asked, says):
    with pytest.raises(sim.RunError) as caught:
        sim.run(plan, **asked)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_headline_curves_carry_their_warning():
    said = " ".join(sim.run("headline-trap", draws=2, luck=1).caveats)
    assert "joins two measures" in said


def test_caveats_name_what_is_beyond_the_evidence(plan):
    ahead = sim.run(plan, draws=2).caveats
    assert any("10.5 months on" in line and "7.0 months beyond" in line for line in ahead)
    at_its_date = sim.run(plan.replace({"tool.version": "date"}), draws=2).caveats
    assert not any("beyond its evidence" in line for line in at_its_date)
    central = sim.run(plan, draws=2, uncertainty="central").caveats
    assert any("numerical error only" in line for line in central)


def test_json_has_the_documented_shape_and_no_nan(result):
    text = json.dumps(result.to_json(), allow_nan=False)
    data = json.loads(text)
    assert set(data) == {
        "scenario", "question", "answer", "metrics", "forecast", "caveats", "provenance",
    }  # fmt: skip
    assert set(data["metrics"][0]) == {"metric", "unit", *COLUMNS}
    documented = {
        "version", "git", "scenario_sha256", "evidence_sha256", "curves", "seed", "draws", "luck",
        "engine", "packages",
    }  # fmt: skip
    assert documented <= set(data["provenance"])


def test_citation_names_tool_evidence_and_scenario(result):
    text = result.cite()
    for part in ("Tiercurve", "Hitzig", result.provenance["scenario_sha256"][:12], "@software"):
        assert part in text


def test_a_figure_that_is_not_there_is_refused_in_one_line(result):
    known = "must be one of work, levels, hours, hours-by-week, queues, swimlanes"
    with pytest.raises(sim.ResultError, match=known):
        result.plot("pie")


def test_trace_books_what_the_metrics_say(plan):
    table = sim.trace(plan, seed=3, draw=4, luck=1)
    row = sim.run(plan, draws=5, luck=2, seed=3).replications
    row = row[(row["draw"] == 4) & (row["luck"] == 1)].iloc[0]
    sessions = table[table["activity"] == "agent"]
    assert len(sessions) == row["sessions"]
    assert set(sessions["outcome"]) <= {"failed", "partial", "unverified", "verified"}
    assert (table["end_hours"] >= table["start_hours"]).all()
    pd.testing.assert_frame_equal(table, sim.trace(plan, seed=3, draw=4, luck=1, engine="mesa"))


def test_central_uses_the_centre_of_the_curve_set_and_else_of_the_register(plan):
    found = sim.run(plan, draws=2, uncertainty="central").parameters
    posterior = setup.curve_set(plan)
    fitted = dict(zip(posterior.columns, posterior.central, strict=True))
    for name, parameter in sim.register().items():
        if parameter.kind == "world":
            assert (found[name] == fitted.get(name, parameter.central)).all()


def test_a_pinned_parameter_is_used_and_reported(plan):
    pinned = sim.run(plan.replace({"world.dev_share": 0.3}), draws=3)
    assert (pinned.parameters["dev_share"] == 0.3).all()
    assert any("pinned by you" in line for line in pinned.caveats)
    free = sim.run(plan, draws=3)
    others = pinned.parameters.drop(columns="dev_share")
    pd.testing.assert_frame_equal(others, free.parameters.drop(columns="dev_share"))


# ---- a team of one's own, on Mesa's clock --------------------------------------------------

SCRIPT = """
import sim

class Idler(sim.Developer):
    def choose(self):
        return "idle", None

if __name__ == "__main__":
    plan = sim.load("baseline").replace({"horizon.weeks": 1})
    for processes in (1, 2):
        result = sim.run(plan, draws=4, luck=2, engine="mesa", threads=processes,
                         developer_class=Idler)
        print(result.replications["hours_idle"].gt(0).all(),
              result.replications["work_delivered"].eq(0).all())
"""


def test_a_class_of_a_script_runs_in_processes(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["True"] * 4


def test_a_class_of_a_notebook_cell_runs_in_processes():
    import nbformat
    from nbclient import NotebookClient

    cells = SCRIPT.replace('if __name__ == "__main__":', "if True:")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cells)])
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    said = "".join(output.get("text", "") for output in book.cells[0].outputs)
    assert said.split().count("True") == 4


def test_mesa_in_processes_gives_the_compiled_rows():
    plan = sim.load("baseline").replace({"horizon.weeks": 2})
    rows = [
        sim.run(plan, 6, 2, 3, engine=engine, threads=threads).replications
        for engine, threads in (("compiled", 1), ("mesa", 1), ("mesa", 2))
    ]
    assert rows[0].equals(rows[1])
    assert rows[0].equals(rows[2])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"developer_class": int}, "needs engine='mesa'"),
        ({"developer_class": int, "engine": "mesa"}, "must be a subclass of sim.Developer"),
    ],
)
def test_a_team_of_something_else_is_refused_in_one_line(arguments, said):
    with pytest.raises(sim.RunError, match=re.escape(said)):
        sim.run("baseline", 2, 1, **arguments)
