"""The estimate of work and memory counts what is simulated, and is right within a factor of 3."""

import numpy as np
import pytest

import sim
from sim.engine import batch, metrics, setup
from sim.experiments import workload
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
