"""What is asked is weighed before it runs: said, asked about or refused in one line."""

import importlib
import json

import pytest
from command import tiercurve

import sim
from sim import embed
from sim.engine import batch
from sim.errors import CompareError, DecideError, RunError, SensitivityError, StudyError, SweepError
from sim.records import run_record

GB = 1e9
SMALL = "baseline"
PLAN = {"horizon.weeks": 4}
TASKS = {"tasks.arrivals_per_week": 1e6}  # in a week, more than any memory holds in a run


class SimulationError(BaseException):
    """A world was asked for; no Exception, which a command would tell in a line."""


@pytest.fixture
def nothing_runs(monkeypatch):
    """Any simulation ends the test with SimulationError."""

    def simulate(*_, **__):
        raise SimulationError

    monkeypatch.setattr(batch, "simulate", simulate)
    monkeypatch.setattr(batch, "run_chunk", simulate)


@pytest.fixture
def memory(monkeypatch):
    """Give the machine so much memory [bytes]."""
    from sim import machine

    def give(size):
        monkeypatch.setattr(machine, "memory", lambda: size)

    return give


@pytest.fixture(scope="module")
def record():
    return sim.run(sim.load(SMALL).replace(PLAN), 20, 2, 1, threads=1).run_record()


@pytest.fixture
def page(tmp_path):
    """Write a Markdown file that carries a record as plain data, changed by hand: its path."""

    def write(record, change):
        data = json.loads(run_record.dumps(record))
        change(data)
        text = json.dumps({embed.KEY: [data], "drawing": None, "marks": []})
        path = tmp_path / "report.md"
        path.write_text(f"# Report\n\n<!-- {embed.KEY} {text.replace('--', '-\\u002d')} -->\n")
        return path

    return write


# ---- check ---------------------------------------------------------------------------------------


def levers(data):
    return next(iter(data["plans"].values()))["levers"]


def second_plan(data):
    ((label, plan),) = data["plans"].items()
    data["plans"] = {label: plan, "other": plan}
    data["provenance"]["other"] = data["provenance"][label]


def run_of(data, draws, luck, weeks, **tasks):
    data["arguments"] |= {"draws": draws, "luck": luck}
    levers(data)["horizon"]["weeks"] = weeks
    kept = levers(data)["tasks"]
    if "backlog" in tasks:
        del kept["arrivals_per_week"]
    kept |= tasks


def sensitivity_of(data, samples):
    levers(data)["horizon"]["weeks"] = 26
    data["kind"] = "sensitivity"
    data["arguments"] = {
        "factors": None, "samples": samples, "luck": 2, "seed": 1, "metrics": None,
        "groups": False, "others": True,
    }  # fmt: skip


def deck_of(data, **stated):
    levers(data)["horizon"]["weeks"] = 520
    second_plan(data)
    data["kind"] = "deck"
    data["arguments"] = {"deck": {"title": "T", "question": "Q?", "analyses": []} | stated}


def decision_of(data, draws):
    levers(data)["horizon"]["weeks"] = 26
    second_plan(data)
    data["kind"] = "decide"
    data["arguments"] = {
        "metric": "work_delivered",
        "budget": None,
        "draws": draws,
        "luck": 8,
        "seed": 1,
    }


def sweep_of(data, draws):
    (label,) = data["plans"]
    levers(data)["horizon"]["weeks"] = 26
    data["kind"] = "sweep"
    data["arguments"] = {
        "draws": draws, "luck": 64, "seed": 1, "uncertainty": "full", "metric": "work_delivered",
        "points": {label: {}},
    }  # fmt: skip


def robustness_of(data, draws):
    second_plan(data)
    levers(data)["horizon"]["weeks"] = 26
    data["kind"] = "robustness"
    data["arguments"] = {"draws": draws, "luck": 2, "seed": 1}


LARGE = {
    "a sensitivity analysis of 65,536 samples": lambda d: sensitivity_of(d, 65536),
    "a deck of 20,000 draws x 64 luck over 520 weeks": lambda d: deck_of(d, draws=20000, luck=64),
    "an analysis inside of a deck": lambda d: deck_of(
        d, draws=50, analyses=["composition"], composition={"draws": 2000, "luck": 64}
    ),
    "a decision of 16,000 draws": lambda d: decision_of(d, 16000),
    "arrivals of 10,000 a week": lambda d: run_of(d, 100, 2, 104, arrivals_per_week=10_000),
    "a backlog of a million tickets": lambda d: run_of(d, 1000, 2, 26, backlog=1_000_000),
    "years of work": lambda d: run_of(d, 100_000, 16, 104),
    "a point of a sweep": lambda d: sweep_of(d, 20_000),
    "mechanisms": lambda d: robustness_of(d, 2000),
}


@pytest.mark.parametrize("case", LARGE)
def test_a_file_that_asks_for_more_than_a_minute_is_refused_in_one_line(
    case, record, page, nothing_runs, memory, capsys
):
    memory(1e15)
    path = page(record, LARGE[case])
    code, out, said = tiercurve("check", path, "--threads", 2, capsys=capsys)
    assert (code, out, said.count("\n")) == (2, "", 1), said
    assert said.startswith("tiercurve: report.md: asks for ")
    assert "over a minute" in said
    assert "--yes" in said
    with pytest.raises(sim.CheckError, match="over a minute"):
        sim.check(path, threads=2)


@pytest.mark.parametrize("case", LARGE)
def test_a_file_that_asks_for_more_than_a_minute_runs_with_yes(
    case, record, page, nothing_runs, memory, capsys
):
    memory(1e15)
    with pytest.raises(SimulationError):
        tiercurve("check", page(record, LARGE[case]), "--yes", capsys=capsys)


def test_a_file_that_asks_for_more_than_the_memory_is_refused_with_yes_too(
    record, page, nothing_runs, memory, capsys
):
    memory(16 * GB)
    path = page(record, lambda d: run_of(d, 500_000, 1000, 26))
    code, _, said = tiercurve("check", path, "--yes", capsys=capsys)
    assert (code, said.count("\n")) == (2, 1)
    assert "of memory" in said


def test_a_small_file_is_checked_without_a_word(record, page, capsys):
    code, out, said = tiercurve("check", page(record, lambda d: None), capsys=capsys)
    assert code in (0, 1)  # the page quotes nothing
    assert out.startswith("report.md: ")
    assert "minute" not in said


# ---- a minute, an hour ---------------------------------------------------------------------------

# Words of a command at a size that takes over a minute and less than an hour on two threads, and at
# one that takes over an hour.
COMMANDS = {
    "run": (("run", SMALL, "--draws", 60_000), ("run", SMALL, "--draws", 50_000, "--luck", 400)),
    "compare": (
        ("compare", SMALL, "no-tool", "--draws", 40_000),
        ("compare", SMALL, "no-tool", "--draws", 40_000, "--luck", 400),
    ),
    "mechanisms": (
        ("compare", SMALL, "no-tool", "--mechanisms", "--draws", 2000),
        ("compare", SMALL, "no-tool", "--mechanisms", "--draws", 40_000, "--luck", 20),
    ),
    "sensitivity": (
        ("sensitivity", SMALL, "--samples", 1024),
        ("sensitivity", SMALL, "--samples", 65_536),
    ),
    "ranking": (
        ("sensitivity", SMALL, "--method", "pawn", "--samples", 10_000),
        ("sensitivity", SMALL, "--method", "pawn", "--samples", 400_000, "--luck", 64),
    ),
    "decide": (
        ("decide", SMALL, "no-tool", "--draws", 16_000),
        ("decide", SMALL, "no-tool", "--draws", 40_000, "--luck", 400),
    ),
    "search": (
        ("decide", SMALL, "--people", 10, "--draws", 2000),
        ("decide", SMALL, "--people", 10, "--draws", 40_000, "--luck", 64),
    ),
    "study": (("study", "composition", "--draws", 1000), ("study", "gap", "--draws", 60_000)),
}


@pytest.fixture
def evidence(tmp_path, monkeypatch):
    """Files that `learn` and `calibrate` read, in the folder of the test."""
    monkeypatch.chdir(tmp_path)
    weeks = "".join(f"2025-W{week:02},{week % 7 + 3}\n" for week in range(1, 50))
    (tmp_path / "weeks.csv").write_text(f"week,closed\n{weeks}")
    tickets = "novice,average,yes,success\nexpert,advanced,no,failure\n" * 30
    (tmp_path / "tickets.csv").write_text(f"level,work,agent,outcome\n{tickets}")


OF_EVIDENCE = {  # words -> the module whose costs they are estimated by, its costs, what is said
    ("learn", "weeks.csv", "--as", SMALL): ("sim.learning.learn", ("PER_LEARNING",), "10,000"),
    ("calibrate", "tickets.csv"): ("calibration.local", ("PER_FIT",), " worlds)"),
    ("calibrate", "--evidence"): ("sim.cli.evidence", ("EVIDENCE_SECONDS",), "on 1 thread"),
    ("calibrate", "--check"): ("sim.cli.evidence", ("CHECK_SECONDS",), "on 1 thread"),
    ("validate",): ("sim.validation.validation", ("FULL_SECONDS",), " on "),
    ("validate", "--quick"): ("sim.validation.validation", ("QUICK_SECONDS",), " on "),
}


@pytest.mark.parametrize("words", OF_EVIDENCE)
def test_what_works_on_evidence_says_its_estimate_and_keeps_to_the_same_guard(
    words, evidence, nothing_runs, memory, monkeypatch, capsys
):
    memory(1e15)
    module, costs, said = OF_EVIDENCE[words]
    code, out, err = tiercurve(*words, "--dry-run", capsys=capsys)
    assert code == 0
    assert said in out + err
    for cost in costs:
        monkeypatch.setattr(importlib.import_module(module), cost, 1e6)
    code, out, err = tiercurve(*words, capsys=capsys)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert "over an hour: --yes runs it all the same" in err


def test_learning_says_what_takes_over_a_minute_and_runs_what_was_agreed_to(
    evidence, nothing_runs, memory, capsys
):
    memory(1e15)
    with pytest.raises(SimulationError):
        tiercurve("learn", "weeks.csv", "--as", SMALL, "--worlds", 100_000, capsys=capsys)
    assert "(100,000 worlds) ..." in capsys.readouterr().err
    memory(1e6)
    words = ("learn", "weeks.csv", "--as", SMALL, "--yes")
    code, out, said = tiercurve(*words, capsys=capsys)
    assert (code, out, said.count("\n")) == (2, "", 1)
    assert "of memory" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_what_takes_over_a_minute_is_said_before_it_starts(command, nothing_runs, memory, capsys):
    memory(1e15)
    with pytest.raises(SimulationError):
        tiercurve(*COMMANDS[command][0], "--threads", 2, capsys=capsys)
    said = capsys.readouterr().err
    assert "minutes on 2 threads" in said
    assert " worlds) ..." in said


@pytest.mark.parametrize("command", COMMANDS)
def test_what_takes_over_an_hour_is_asked_about(command, nothing_runs, memory, capsys):
    memory(1e15)
    words = (*COMMANDS[command][1], "--threads", 2)
    code, out, said = tiercurve(*words, capsys=capsys)
    assert (code, out) == (2, "")
    assert said.count("\n") == 1, said
    assert said.startswith("tiercurve: ")
    assert "over an hour" in said
    assert "--yes" in said
    with pytest.raises(SimulationError):
        tiercurve(*words, "--yes", capsys=capsys)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("size", [0, 1])
def test_a_dry_run_prints_the_estimate_and_runs_nothing(
    command, size, nothing_runs, memory, capsys
):
    memory(1e15)
    code, out, _ = tiercurve(*COMMANDS[command][size], "--dry-run", capsys=capsys)
    assert code == 0
    rows = [line.split()[0] for line in out.splitlines()]
    assert rows[:3] == ["worlds", "time", "memory"]
    assert "Nothing was run" in out


def test_a_dry_run_for_machines_is_json(nothing_runs, capsys):
    code, out, _ = tiercurve(
        "run", SMALL, "--dry-run", "--json", "--draws", 30, "--luck", 4, capsys=capsys
    )
    assert code == 0
    assert json.loads(out)["worlds"] == 120
    assert set(json.loads(out)) == {
        "worlds", "events", "seconds", "memory_bytes", "machine_bytes", "fits"
    }  # fmt: skip


def test_a_dry_run_of_what_does_not_fit_says_so(nothing_runs, memory, capsys):
    memory(2 * GB)
    words = ("run", SMALL, "--draws", 200_000, "--luck", 10, "--dry-run")
    code, out, _ = tiercurve(*words, capsys=capsys)
    assert code == 0
    assert "does not fit" in out


def test_a_dry_run_refuses_what_cannot_run(nothing_runs, capsys):
    code, _, said = tiercurve("run", SMALL, "--draws", 1, "--dry-run", capsys=capsys)
    assert code == 2
    assert "draws = 1" in said


def test_what_is_small_is_not_spoken_of(capsys):
    _, _, said = tiercurve("run", SMALL, "--draws", 4, capsys=capsys)
    assert "minute" not in said.replace("about a minute, several", "")


# ---- decks and sweeps ----------------------------------------------------------------------------


@pytest.fixture
def deck_file(tmp_path):
    def write(**stated):
        keys = "\n".join(f"{key} = {value}" for key, value in stated.items())
        path = tmp_path / "plan.toml"
        path.write_text(
            f'title = "T"\nquestion = "Q?"\nanalyses = []\n{keys}\n'
            '[[plans]]\nscenario = "baseline"\n[[plans]]\nscenario = "no-tool"\n'
        )
        return path

    return write


def test_a_deck_is_weighed_before_it_is_built(deck_file, nothing_runs, memory, tmp_path, capsys):
    memory(1e15)
    path, out = deck_file(draws=20_000, luck=64, weeks=520), tmp_path / "d.md"
    code, _, said = tiercurve("deck", path, "-o", out, "--threads", 2, capsys=capsys)
    assert (code, said.count("\n")) == (2, 1)
    assert "over an hour" in said
    with pytest.raises(SimulationError):
        tiercurve("deck", path, "-o", out, "--yes", capsys=capsys)
    code, shown, _ = tiercurve("deck", path, "-o", out, "--dry-run", capsys=capsys)
    assert code == 0
    assert "2,560,000" in shown
    assert not out.exists()


def test_a_deck_that_does_not_fit_is_refused(deck_file, nothing_runs, memory, tmp_path, capsys):
    memory(16 * GB)
    path = deck_file(draws=20_000, luck=64, weeks=520)
    code, _, said = tiercurve("deck", path, "-o", tmp_path / "d.md", "--yes", capsys=capsys)
    assert (code, said.count("\n")) == (2, 1)
    assert "of memory" in said


SWEEP = ("sweep", SMALL, "--vary", "team.novice=0,1,2", "--threads", 2)


def test_a_sweep_is_never_refused_for_its_time(nothing_runs, tmp_path, capsys):
    words = (*SWEEP, "--draws", 100_000, "--luck", 100, "--out", tmp_path / "s")
    with pytest.raises(SimulationError):
        tiercurve(*words, capsys=capsys)
    said = capsys.readouterr().err
    assert "30,000,000 worlds" in said


def test_a_dry_run_of_a_sweep_writes_nothing(nothing_runs, tmp_path, capsys):
    words = (*SWEEP, "--draws", 10, "--luck", 3, "--out", tmp_path / "s", "--dry-run")
    code, out, _ = tiercurve(*words, capsys=capsys)
    assert code == 0
    assert out.split()[:2] == ["worlds", "90"]
    assert not (tmp_path / "s").exists()


def test_a_sweep_over_a_study_is_weighed_too(nothing_runs, capsys):
    code, out, _ = tiercurve("sweep", "team-mix", "--dry-run", capsys=capsys)
    assert code == 0
    assert out.startswith("worlds")


def test_a_point_that_does_not_fit_into_memory_is_refused_before_the_sweep_starts(
    nothing_runs, memory, tmp_path, capsys
):
    memory(2 * GB)
    vary = "tasks.arrivals_per_week=10,1000000"
    words = ("sweep", SMALL, "--vary", vary, "--out", tmp_path / "s")
    code, _, said = tiercurve(*words, capsys=capsys)
    assert (code, said.count("\n")) == (2, 1)
    assert "of memory" in said


def test_a_sweep_says_without_a_terminal_how_far_it_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sim.cli.common.EVERY", 0.0)
    monkeypatch.setattr("sim.experiments.sweep.pools.FIRST_ROWS", 256)
    words = (*SWEEP, "--draws", 200, "--luck", 2, "--out", tmp_path / "s")
    code, _, said = tiercurve(*words, capsys=capsys)
    told = [line for line in said.splitlines() if " of 1,200 worlds so far" in line]
    assert code == 0
    assert len(told) > 1, said
    assert told[0].endswith(" expert-h so far ..."), told  # where the main metric stands
    assert "\r" not in said
    monkeypatch.undo()
    again = (*SWEEP, "--draws", 210, "--luck", 2, "--out", tmp_path / "s")
    assert " so far" not in tiercurve(*again, capsys=capsys)[2]  # a line a minute, not more


# ---- memory --------------------------------------------------------------------------------------

UNFIT = {
    "half a million draws x 1,000 luck": ("--draws", 500_000, "--luck", 1000),
    "200,000 draws x 10 luck": ("--draws", 200_000, "--luck", 10),
}


@pytest.mark.parametrize("case", UNFIT)
@pytest.mark.parametrize("yes", [(), ("--yes",)])
def test_a_run_that_does_not_fit_into_memory_is_refused_in_one_line(
    case, yes, nothing_runs, memory, capsys
):
    memory(16 * GB)
    code, out, said = tiercurve("run", SMALL, *UNFIT[case], *yes, capsys=capsys)
    assert (code, out, said.count("\n")) == (2, "", 1), said
    assert "GB of memory" in said or "TB of memory" in said
    assert "16 GB" in said


def test_arrivals_that_do_not_fit_into_memory_are_refused_in_one_line(
    nothing_runs, memory, tmp_path, monkeypatch, capsys
):
    memory(16 * GB)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flood.toml").write_text(
        'extends = "baseline"\n[tasks]\narrivals_per_week = 1000000\n'
    )
    for command in (("run", "flood"), ("trace", "flood"), ("decide", "flood", "baseline")):
        code, out, said = tiercurve(*command, capsys=capsys)
        assert (code, out, said.count("\n")) == (2, "", 1), said
        assert "of memory" in said


def test_the_python_calls_refuse_what_does_not_fit_and_never_ask(nothing_runs, memory, tmp_path):
    memory(2 * GB)
    plan = sim.load(SMALL)
    flood = plan.replace(TASKS)
    large = {"draws": 400_000, "luck": 64}
    calls = {
        RunError: [
            lambda: sim.run(plan, **large),
            lambda: sim.run(flood),
            lambda: sim.trace(flood),
        ],
        CompareError: [
            lambda: sim.compare(plan, "no-tool", **large),
            lambda: sim.robustness(plan, "no-tool", draws=100_000, luck=64),
        ],
        DecideError: [
            lambda: sim.decide([plan, "no-tool"], **large),
            lambda: sim.search(plan, 9, **large),
        ],
        SensitivityError: [lambda: sim.sensitivity(flood)],
        StudyError: [lambda: sim.study("gap", **large)],
        SweepError: [
            lambda: sim.sweep(plan, {"tasks.arrivals_per_week": [1e6]}, tmp_path / "s")
        ],
    }  # fmt: skip
    for error, several in calls.items():
        for call in several:
            with pytest.raises(error, match="of memory") as told:
                call()
            assert "--yes" not in str(told.value)
            assert "\n" not in str(told.value)


def test_the_python_calls_run_whatever_time_it_takes(nothing_runs, memory):
    memory(1e15)
    with pytest.raises(SimulationError):
        sim.run(SMALL, 20_000, 1000)  # hours
