"""Worlds to test: those of the verification report, and scenarios for Hypothesis to walk."""

from hypothesis import strategies as st

from sim.validation.laws import capacity_hours
from sim.validation.worlds import (
    ALL_TIES,
    BY_HAND,
    LEVELS,
    World,
    alone,
    any_scenario,
    differences,
    of_mesa,
    picker,
    plan,
    run,
    run_many,
    run_mesa,
    run_prepared,
    staged_scenario,
)

__all__ = [
    "ALL_TIES", "BY_HAND", "LEVELS", "World", "alone", "any_scenario", "capacity_hours",
    "differences", "of_mesa", "picker", "plan", "run", "run_many", "run_mesa", "run_prepared",
    "sampled", "scenarios", "staged_scenario", "walk",
]  # fmt: skip


def sampled(draw):
    """`pick(options)` from Hypothesis, the first option being the simplest."""
    return lambda options: draw(st.sampled_from(list(options)))


@st.composite
def scenarios(draw):
    """Hypothesis' strategy of any scenario."""
    return any_scenario(sampled(draw))


def walk(head, tasks):
    """Indices of the tasks in a linked list."""
    found = []
    while head >= 0:
        found.append(int(head))
        head = tasks[head]["next"]
    return found
