"""The speed suite: one benchmark a row of the targets, on one machine in one sitting.

uv run pytest -n 0 benchmarks --benchmark-json=speed.json
uv run python benchmarks/report.py speed.json

Single-threaded rows count CPU time, so that a busy machine disturbs them less; rows of two
threads and of start-up count the clock on the wall.
"""

import dataclasses
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import plain_mesa
import pytest

import sim
from calibration import local
from sim.analysis import moments
from sim.assessment import work_sample
from sim.engine import batch, metrics, setup, state
from sim.engine.team_model import TeamModel
from sim.experiments.sensitivity import factors, rows

CPU = pytest.mark.benchmark(timer=time.thread_time)
LUCK_PER_EVENT = Path(__file__).with_name("luck_per_event.py")
BASELINE, TWELVE = sim.load("baseline"), sim.load("platform-team")


def worlds(plan, count):
    """Points of a plan and the jobs of `count` worlds, each of a draw of its own."""
    points = batch.templates_of(plan, 1, setup.draw(plan, 1, 0, count))
    place = np.arange(count)
    return points, place, setup.replication(place, 0 * place)


def simulate(work, threads=1, weekly=False):
    return batch.simulate(*work, threads=threads, weekly=weekly)


def on_this_thread(work, lead_times=True):
    """As `simulate`, where CPU time of a thread can be read."""
    points, place, replication = work
    scratch = batch.scratch_for(points, replication)
    values, flows = np.empty((len(place), len(metrics.NAMES))), np.empty((0, 0, 0))
    batch.run_chunk(points, place, replication, scratch, values, flows, lead_times)


def events(plan, count):
    """Events of a world, the mean over `count` draws."""
    points, place, replication = worlds(plan, count)
    scratch = setup.Scratch(points.people, points.weeks, capacity=1 << 16)
    values, flows, total = np.empty((1, len(metrics.NAMES))), np.empty((0, 0, 0)), 0
    for i in range(count):
        one = slice(i, i + 1)
        batch.run_chunk(points, place[one], replication[one], scratch, values, flows)
        total += int(scratch.world[0]["events"])
    return total / count


# ---- per event -----------------------------------------------------------------------------


@CPU
def test_compiled_clock(benchmark):
    work = worlds(BASELINE, 200)
    benchmark.extra_info["events"] = 200 * events(BASELINE, 200)
    benchmark.pedantic(on_this_thread, (work,), rounds=9, warmup_rounds=1)


@CPU
def test_own_mesa_clock(benchmark):
    models = iter([TeamModel(BASELINE, 1, draw, 0) for draw in range(8)])
    seen = []

    def run():
        model = next(models).run()
        seen.append(int(model.world[0]["events"]))

    benchmark.pedantic(run, rounds=7, warmup_rounds=1)
    benchmark.extra_info["events"] = float(np.mean(seen[1:]))


@CPU
def test_plain_mesa(benchmark):
    seeds, seen = iter(range(8)), []
    benchmark.pedantic(
        lambda: seen.append(plain_mesa.PlainTeam(seed=next(seeds)).run().events),
        rounds=7, warmup_rounds=1,
    )  # fmt: skip
    benchmark.extra_info["events"] = float(np.mean(seen[1:]))


# ---- many worlds ---------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2])
def test_thousand_worlds_of_twelve_people(benchmark, threads):
    work = worlds(TWELVE, 1000)
    benchmark.pedantic(simulate, (work, threads), rounds=5, warmup_rounds=1)


def test_hundred_worlds_through_run(benchmark):
    benchmark.pedantic(sim.run, (BASELINE, 50, 2), {"threads": 1}, rounds=5, warmup_rounds=1)


def test_hundred_worlds_through_the_kernel(benchmark):
    work = worlds(BASELINE, 100)
    benchmark.pedantic(simulate, (work, 1), rounds=5, warmup_rounds=1)


def test_twenty_worlds_asked_for(benchmark):
    """10 draws x 2 luck of a plan, and as many of its reference."""
    larger = TWELVE.replace({"team.expert": 4})
    benchmark.pedantic(sim.ask, (larger, TWELVE, 10), rounds=9, warmup_rounds=1)


def test_summary_of_a_comparison(benchmark):
    benchmark.extra_info["worlds"] = 200
    results = sim.compare(TWELVE, TWELVE.replace({"team.expert": 4})).results
    benchmark.pedantic(lambda: sim.Comparison(results).summary(), rounds=9, warmup_rounds=1)


def test_summary_of_a_decision(benchmark):
    plans = (TWELVE, TWELVE.replace({"team.expert": 4}), TWELVE.replace({"team.novice": 4}))
    decision = sim.decide(plans, draws=100)
    benchmark.pedantic(lambda: dataclasses.replace(decision).text(), rounds=5, warmup_rounds=1)


def test_batch_run_of_plain_mesa(benchmark):
    from mesa.batchrunner import batch_run

    benchmark.extra_info["runs"] = 20
    benchmark.pedantic(
        batch_run, (plain_mesa.WholeTeam, {"seed": range(20)}),
        {"number_processes": 1, "max_steps": 1, "display_progress": False}, rounds=3,
    )  # fmt: skip


@CPU
@pytest.mark.parametrize("people", [6, 12, 25, 50, 100, 200])
def test_growth_with_people(benchmark, people):
    plan = BASELINE.replace({"team": {"novice": people // 3, "intermediate": people // 3}})
    plan = plan.replace({"team.expert": people - 2 * (people // 3)})
    work = worlds(plan, 10)
    benchmark.extra_info["events"] = 10 * events(plan, 10)
    benchmark.extra_info["people"] = people
    benchmark.pedantic(on_this_thread, (work,), rounds=3, warmup_rounds=1)


@CPU
@pytest.mark.parametrize("weeks", [13, 26, 52, 104, 208])
def test_growth_with_the_horizon(benchmark, weeks):
    work = worlds(BASELINE.replace({"horizon.weeks": weeks}), 20)
    benchmark.extra_info["weeks"] = weeks
    benchmark.pedantic(on_this_thread, (work,), rounds=3, warmup_rounds=1)


@CPU
@pytest.mark.parametrize("count", [100, 200, 400, 800])
def test_growth_with_worlds(benchmark, count):
    benchmark.extra_info["worlds"] = count
    benchmark.pedantic(on_this_thread, (worlds(BASELINE, count),), rounds=3, warmup_rounds=1)


# ---- parts ---------------------------------------------------------------------------------


@CPU
@pytest.mark.parametrize(
    "part",
    {
        "a world without work": {"tasks.arrivals_per_week": 0.0},
        "without learning": {"world.learning_rate": 0.0},
        "without review": {"policy.review": "none"},
        "without an agent": {"tool.profile": "none"},
        "always the next task": {"policy.routing": "fifo"},
    }.items(),
    ids=lambda part: part[0],
)
def test_part(benchmark, part):
    plan = BASELINE.replace(part[1])
    benchmark.extra_info["events"] = 100 * events(plan, 100)
    benchmark.pedantic(on_this_thread, (worlds(plan, 100),), rounds=5, warmup_rounds=1)


@CPU
def test_setting_up_a_thousand_draws(benchmark):
    benchmark.pedantic(worlds, (BASELINE, 1000), rounds=5, warmup_rounds=1)


def test_luck_per_event(benchmark):
    printed = benchmark.pedantic(python, (str(LUCK_PER_EVENT),), rounds=1)
    benchmark.extra_info["blocks"] = float(printed)


# ---- sensitivity ---------------------------------------------------------------------------

QUARTER = BASELINE.replace({"horizon.weeks": 13})  # about 2,500 events a world, as in the targets
FACTORS = factors.factors_of(QUARTER)
BLOCK = len(FACTORS) + 2  # points of a block, no second order
SOBOL = {"runs": 1024 * BLOCK * 32, "samples": 1024, "luck": 32, "factors": len(FACTORS)}


@CPU
def test_kernel_of_a_sobol_design(benchmark):
    """Worlds of the first 64 blocks, four of the replications, as those of all 1,024."""
    owner = np.repeat(np.arange(len(FACTORS)), [factor.columns for factor in FACTORS])
    u = moments.rows(*moments.points(len(owner), 0, 64, 1), owner).reshape(64 * BLOCK, -1)
    place = np.repeat(np.arange(len(u)), 4)
    points = rows.points(QUARTER, 1, [one for factor in FACTORS for one in factor.inputs], u)
    alike = batch.first_alike(points, np.arange(len(u)) // BLOCK)[place]
    luck = setup.replication(place // BLOCK, np.arange(len(place)) % 4)
    new = np.flatnonzero(alike == place)  # the others are worlds that have been run
    new = new[np.argsort(luck[new], kind="stable")]  # as `batch.simulate` does
    benchmark.extra_info["worlds"] = len(place)
    work = points, place[new], luck[new]
    benchmark.pedantic(on_this_thread, (work, False), rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(timer=time.process_time)
def test_a_sobol_design_beside_its_kernel(benchmark, monkeypatch):
    """All of the design of the targets but the worlds; for these stand numbers with a signal."""
    numbers = np.random.default_rng(1).random((1 << 18, len(metrics.NAMES)))

    def stand_in(points, point, *_, **__):
        return numbers[point] + numbers[: len(point)], np.empty((0, 0, 0))

    def analyse():
        found = sim.sensitivity(QUARTER, samples=SOBOL["samples"], luck=SOBOL["luck"], threads=1)
        assert len(found.sentences()) > len(found.metrics) == 6

    monkeypatch.setattr(batch, "simulate", stand_in)
    benchmark.pedantic(analyse, rounds=3, warmup_rounds=1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    benchmark.extra_info |= SOBOL | {"peak_mb": peak - numbers.nbytes / 2**20}


# ---- large files of others --------------------------------------------------------------------

ROWS = 200_000


def test_labels_of_two_hundred_thousand_tickets(benchmark, tmp_path):
    """10 s at most on a machine that does nothing else."""
    path = tmp_path / "sample.csv"
    rows = (f"T{i},{'average' if i % 10 else 'advanced'},{i % 7 + 1}\n" for i in range(ROWS))
    path.write_text("ticket,class,hours\n" + "".join(rows))
    found = benchmark.pedantic(work_sample.measure, (path,), rounds=1)
    assert found.share.n == ROWS


def test_a_fit_to_two_hundred_thousand_tickets(benchmark, tmp_path):
    """2 minutes at most on a machine that does nothing else."""
    luck = np.random.default_rng(1)
    person, hours = luck.integers(0, 2000, ROWS), luck.lognormal(0.5, 1.2, ROWS).round(2)
    ends = np.where(luck.random(ROWS) < 0.4 + 0.08 * (person % 5), "closed", "failed")
    rows = (f"{i},p{p},{1 + p % 5},average,{h},yes,{end}\n"
            for i, (p, h, end) in enumerate(zip(person, hours, ends, strict=True)))  # fmt: skip
    path = tmp_path / "tickets.csv"
    path.write_text("ticket,person,level,class,hours,agent,outcome\n" + "".join(rows))
    found = benchmark.pedantic(local.calibrate, (path,), rounds=1)
    assert 0 < found.used < ROWS


# ---- start-up and memory -------------------------------------------------------------------


def python(*words, **env):
    """Run Python as a user does, who keeps the bytecode of what is imported; what it prints."""
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [sys.executable, *words], check=True, capture_output=True, env={**inherited, **env}
    ).stdout


def test_import(benchmark):
    benchmark.pedantic(python, ("-c", "import sim"), rounds=5, warmup_rounds=1)


def test_bare_python(benchmark):
    benchmark.pedantic(python, ("-c", "pass"), rounds=5, warmup_rounds=1)


def test_help(benchmark):
    benchmark.pedantic(python, ("-m", "sim.cli.main", "--help"), rounds=5, warmup_rounds=1)


def test_first_run_on_a_machine(benchmark, tmp_path):
    words = ("-m", "sim.cli.main", "run", "platform-team")
    benchmark.pedantic(python, words, {"TIERCURVE_CACHE": str(tmp_path)}, rounds=1)


def test_first_run_with_each_rule_on_its_own(benchmark, tmp_path):
    """The same where numba is of a version that was not tried, see `sim/engine/compiler.py`."""
    code = (
        "import numba, sys\n"
        "numba.version_info = numba.version_info._replace(short=(99, 0))\n"
        "from sim.cli.main import main\n"
        "sys.argv[1:] = ['run', 'platform-team']\n"
        "main()\n"
    )
    benchmark.pedantic(python, ("-c", code), {"TIERCURVE_CACHE": str(tmp_path)}, rounds=1)


@pytest.mark.parametrize("asked", ["run platform-team", "compare no-tool platform-team"])
def test_later(benchmark, asked):
    words = ("-m", "sim.cli.main", *asked.split())
    benchmark.pedantic(python, words, rounds=5, warmup_rounds=1)


def test_later_run_from_python(benchmark):
    """`sim.run` in a fresh process, its imports and the load of the compiled clock counted."""
    words = ("-c", "import sim; sim.run('platform-team')")
    benchmark.pedantic(python, words, rounds=5, warmup_rounds=1)


def test_memory_does_not_grow_with_worlds(benchmark):
    """Peak memory of this process, beside what the rows themselves take [MB]."""
    plan = BASELINE.replace({"horizon.weeks": 2, "team": {"expert": 1}})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    work = worlds(plan, 100_000)
    benchmark.pedantic(simulate, (work, 2), rounds=1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    taken = (work[0].worlds.nbytes + 100_000 * len(metrics.NAMES) * 8) / 2**20
    benchmark.extra_info |= {"beside_rows_mb": peak - before - taken, "rows_mb": taken}
    assert state.WORLD.itemsize * 100_000 < work[0].worlds.nbytes + 1
