"""The estimate of work and memory counts what is simulated, and is right within a factor of 3."""

import tracemalloc

import numpy as np
import pytest

import sim
from sim import machine, studies
from sim.engine import batch, metrics, setup
from sim.experiments import compare, run, workload
from sim.experiments.decide import analysis as decisions
from sim.experiments.robustness import analysis as settings
from sim.experiments.sensitivity import analysis as indices
from sim.experiments.sweep import start
from sim.scenario import load

FACTOR = 3.0
WORLDS = 12
FEW = 20  # tasks that make no difference
CATALOGUE = [name for name, _, where in sim.available() if where == "package"]
TINY = {"size": "constant", "mean_hours": 0.05}
# Plans that differ from the baseline by much in what makes work.
EXTREME = {
    "forty people": {"team.intermediate": 36},
    "arrivals of 1,000 a week": {"tasks.arrivals_per_week": 1000},
    "arrivals of 5 a week": {"tasks.arrivals_per_week": 5},
    "nothing to do": {"tasks.arrivals_per_week": 0.001},
    "tiny tasks": {"tasks.average": TINY, "tasks.advanced": TINY},
    "tiny pieces": {"policy.scope_hours": 0.1},
    "large pieces": {"policy.scope_hours": 20.0},
    "short stretches by hand": {"policy.stretch_hours": 0.1, "tool.profile": "none"},
    "no reviews": {"policy.review": "none"},
    "sessions at once": {"policy.parallel_sessions": 8},
    "ten years": {"horizon.weeks": 520},
}


def counted(plan):
    """Mean events and tasks of a world of a plan, counted."""
    templates = batch.templates_of(plan, 1, setup.draw(plan, 1, 0, WORLDS))
    place = np.arange(WORLDS)
    replication = setup.replication(place, 0 * place)
    scratch = batch.scratch_for(templates, replication)
    events, tasks = [], []
    out, flows = np.empty((1, len(metrics.NAMES))), np.empty((0, 0, 0))
    for i in place:
        jobs = place[i : i + 1], replication[i : i + 1]
        batch.run_chunk(templates, *jobs, scratch, out, flows)
        events.append(int(scratch.world[0]["events"]))
        tasks.append(int(scratch.world[0]["n_tasks"]))
    return np.mean(events), np.mean(tasks)


@pytest.mark.parametrize("name", [*CATALOGUE, *EXTREME])
def test_events_and_tasks_of_a_world_are_as_estimated_within_a_factor_of_three(name):
    plan = load(name) if name in CATALOGUE else load("baseline").replace(EXTREME[name])
    events, tasks = counted(plan)
    world = workload.world(plan)
    assert 1 / FACTOR < world.events / events < FACTOR
    assert 1 / FACTOR < (world.tasks + FEW) / (tasks + FEW) < FACTOR


# ---- designs -------------------------------------------------------------------------------------

SHORT = {"horizon.weeks": 2}
SMALL = {"draws": 50, "luck": 2, "threads": 1}


def short(name="baseline", **changes):
    return load(name).replace(SHORT | changes)


RANKED = {
    "factors": ["dev_share", "team_offset", "tasks.advanced_share", "tasks.fix_share"],
    "samples": 66, "luck": 2, "others": False, "threads": 1,
}  # fmt: skip
PAIR = {"as is": short(), "more": short(**{"team.novice": 3})}
FACTORS = {"factors": ["dev_share", "policy.review"], "samples": 32, "luck": 2, "threads": 1}
DESIGNS = {
    "run": (run.workload_of, sim.run, (short(),), {"draws": 5, "luck": 3}),
    "compare": (compare.workload_of, sim.compare, (PAIR,), {"draws": 4, "luck": 3}),
    "decide": (decisions.workload_of, sim.decide, (PAIR,), SMALL),
    "search": (
        decisions.workload_of_search, sim.search, (short(), 2), SMALL | {"finalists": 3}
    ),
    "indices": (indices.workload_of, sim.sensitivity, (short(),), FACTORS),
    "pairs": (indices.workload_of, sim.sensitivity, (short(),), FACTORS | {"second_order": True}),
    "trajectories": (
        indices.workload_of, sim.sensitivity, (short(),),
        RANKED | {"method": "morris", "samples": 4},
    ),
    "curves": (indices.workload_of, sim.sensitivity, (short(),), RANKED | {"method": "efast"}),
    "rows": (indices.workload_of, sim.sensitivity, (short(),), RANKED | {"method": "pawn"}),
    "mechanisms": (
        settings.workload_of, sim.robustness, (PAIR,), {"draws": 4, "luck": 2, "threads": 1}
    ),
}  # fmt: skip


@pytest.fixture
def ran(monkeypatch):
    """Worlds that were simulated, a number a call."""
    counts, simulate = [], batch.simulate

    def counting(templates, template, *others, **options):
        counts.append(len(template))
        return simulate(templates, template, *others, **options)

    monkeypatch.setattr(batch, "simulate", counting)
    return counts


@pytest.mark.parametrize("design", DESIGNS)
def test_the_worlds_of_a_design_are_those_that_are_simulated(design, ran):
    workload_of, experiment, plans, options = DESIGNS[design]
    work = workload_of(*plans, **options)
    assert not ran  # nothing runs for an estimate
    experiment(*plans, **options)
    if work.at_most:
        assert work.worlds / FACTOR < sum(ran) <= work.worlds
    else:  # a search also screens what it starts from, and asks it for its costs
        assert abs(work.worlds - sum(ran)) <= (200 if design == "search" else 0)


def test_a_sweep_is_estimated_by_its_points_and_their_ends(tmp_path):
    factors = {"team.novice": [0, 1, 2], "horizon.weeks": [2, 4]}
    work = start.workload_of(short(), factors, 3, 2, threads=1)
    record = sim.sweep(short(), factors, tmp_path / "s", 3, 2, threads=1, progress=False)
    assert work.worlds == len(record.frame) == 36
    flood = start.workload_of(short(), {"tasks.arrivals_per_week": [*range(1, 200), 1e6]}, 3, 2)
    assert flood.memory > start.workload_of(short(), {"tasks.arrivals_per_week": [1e6]}).memory / 2


@pytest.mark.parametrize("name", studies.NAMES)
def test_the_worlds_of_a_study_are_those_that_are_simulated(name, monkeypatch, ran):
    for module in studies.STUDIES.values():
        if hasattr(module, "WEEKS"):
            monkeypatch.setattr(module, "WEEKS", 8)
    work = studies.workload_of(name, 50, 2, threads=1)
    assert not ran
    studies.study(name, 50, 2, threads=1)
    assert work.worlds == sum(ran)


def test_precision_is_estimated_by_the_most_draws_it_may_take():
    work = run.workload_of("baseline", 100, 2, precision="2%")
    assert work.at_most
    assert work.worlds == 2 * run.MOST_BY_PRECISION


def test_a_question_that_compares_takes_both_plans():
    plan = next(one for one in map(load, CATALOGUE) if one.against())
    alone = run.workload_of(plan, 10, 2)
    assert run.workload_of(plan, 10, 2, answer=True).worlds == 2 * alone.worlds


def test_what_is_kept_is_held_while_the_next_runs():
    one = workload.Workload(10, 100.0, 1.0, memory=50.0, kept=30.0, threads=2)
    assert (one + one).memory == 80.0
    assert one.times(3).memory == (one + one + one).memory == 110.0
    assert one.times(3).kept == 90.0
    assert (one.freed() + one).memory == 50.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (75, "75 seconds"), (119, "2 minutes"), (5900, "2 hours"),
     (7300, "2 hours"), (260_000, "3 days"), (1e12, "32,000 years")],
)  # fmt: skip
def test_a_time_is_told_to_the_step_that_it_supports(seconds, words):
    assert workload.duration(seconds) == words


def test_the_memory_of_a_container_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "CGROUPS", tmp_path)
    monkeypatch.setattr(machine, "content", _content_of(tmp_path))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "memory.max").write_text("5000000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert min(machine._container()) == 5e6


def _content_of(folder):
    def content(path, most):
        if str(path) == "/proc/self/cgroup":
            return b"0::/a/b\n"
        return path.read_bytes()

    return content


def test_memory_that_is_held_is_as_estimated_within_a_factor_of_three():
    plan = load("baseline").replace({"tasks.arrivals_per_week": 0.5, "horizon.weeks": 52})
    work = run.workload_of(plan, 300, 4, threads=1)
    tracemalloc.start()
    sim.run(plan, 300, 4, threads=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 1 / FACTOR < work.memory / peak < FACTOR
