"""A bank of simulated pasts: what draws of the parameters would have had a team deliver.

Parameters that are no part of the joint posterior are independent of it and of each other, so a
column of the bank dealt anew is a draw of the same belief: the bank's columns give as many new
draws as are wanted, without one more simulation.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sim import parameters
from sim.engine import batch, curves, luck, metrics, setup
from sim.learning import measures

# Size of a tracker's ticket over the model's task: a third to three times in 9 of 10 teams.
# Assumption: what is cut into one ticket differs that much, and nothing published says how much.
TICKET_SIZE, SIZE_SD = "ticket_size", np.log(3.0) / parameters.Z95
RATES = curves.RATES


@dataclass(frozen=True, eq=False)
class Bank:
    """Draws of a plan's belief, and what each delivered.

    names    (d,), rates and parameters
    values   (n, d), in their units
    scores   (n, d), normal scores of them; 0 where a column does not vary
    joint    (d,) bool, columns of the joint posterior, which are kept together
    outcome  (n, measures), every measure on its scale
    work     (n,), ln of work delivered a week [expert-h]
    shift    (n,), ln tickets of the second half of the weeks over those of the first
    """

    names: tuple[str, ...]
    values: np.ndarray
    scores: np.ndarray
    joint: np.ndarray
    outcome: np.ndarray
    work: np.ndarray
    shift: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    def deal(self, rng) -> np.ndarray:
        """Rows to take of each column for n new draws: int (n, d)."""
        n, d = self.values.shape
        rows = np.empty((n, d), np.int64)
        rows[:, self.joint] = rng.permutation(n)[:, None]
        for place in np.flatnonzero(~self.joint):
            rows[:, place] = rng.permutation(n)
        return rows

    def pick(self, table, rows) -> np.ndarray:
        """A table of (n, d), with the rows of each column that are named."""
        return np.take_along_axis(table, rows, axis=0)


def simulate(plan, weeks, worlds, seed, progress=None) -> Bank:
    """The Bank of a plan.

    plan : Scenario, the team as it was
    weeks : of its horizon
    worlds : draws, one world each
    progress : callable, told (worlds done, worlds in all)
    """
    drawn = draws(plan, seed, worlds)
    templates = batch.templates_of(plan, seed, drawn)
    place = np.arange(worlds)
    values, flows = batch.simulate(
        templates, place, setup.replication(place, 0), weekly=True, tell=progress
    )
    names = tuple(name for name in drawn if name not in ("curve", *_ranges(drawn)))
    table = np.column_stack([drawn["curve"], *(drawn[name] for name in names)])
    carried = set(setup.curve_set(plan).updates) - plan.world.keys()
    joint = [True] * len(RATES) + [name in carried for name in names]
    outcome = measures.of_worlds(values, drawn["dev_share"], weeks, plan.headcount)
    work = values[:, metrics.NAMES.index("work_delivered")]
    return Bank(
        (*RATES, *names), table, _scores(table), np.array(joint), outcome,
        np.log(np.maximum(work, 0.5) / weeks), _shift(flows),
    )  # fmt: skip


def _shift(flows):
    """ln tickets of the second half of weeks over those of the first: (worlds,)."""
    done = [metrics.FLOWS.index(f"tasks_done_{kind}") for kind in ("average", "advanced")]
    tickets = flows[:, :, done].sum(axis=2)
    half = tickets.shape[1] // 2
    first, second = tickets[:, :half].sum(axis=1), tickets[:, -half:].sum(axis=1)
    return np.log((second + 0.5) / (first + 0.5))


def _ranges(drawn):
    """Levers that only a range is known of: no parameters of the world."""
    return [name for name in drawn if "." in name]


def draws(plan, seed, count):
    """Draws of a plan's belief, the size of its tickets beside."""
    drawn = setup.draw(plan, seed, 0, count)
    if TICKET_SIZE not in drawn:
        numbers = np.empty(count)
        luck.uniforms(luck.key_of(seed), luck.name_entity(TICKET_SIZE), numbers)
        drawn[TICKET_SIZE] = np.exp(SIZE_SD * ndtri(numbers))
    return drawn


def _scores(table):
    """Normal scores of each column; 0 where it does not vary."""
    places = table.argsort(axis=0).argsort(axis=0)
    scores = ndtri((places + 0.5) / len(table))
    return np.where(np.ptp(table, axis=0) > 0.0, scores, 0.0)
