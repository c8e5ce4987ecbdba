"""Coverage on a small fast scenario: which outputs, how many repetitions, how large a truth.

Three people for four weeks take some 0.1 ms a world, so that a thousand runs and a nested run of
two hundred thousand worlds take a minute or two. The outputs were chosen for what they are (a
sum, counts, ratios, a quantile) and for how much of them is luck, from a fifth to nearly all.
"""

from dataclasses import dataclass

import numpy as np

from sim.engine import batch, metrics, setup
from sim.scenario import Scenario
from sim.validation import coverage

OUTPUTS = {  # output -> what kind of number it is
    "work_delivered": "sum",
    "tasks_done": "count",
    "tasks_done_advanced": "count",
    "escaped_defects": "count",
    "first_session_success": "ratio",
    "fix_session_share": "ratio",
    "review_wait_mean": "ratio",
    "hours_per_task": "ratio",
    "lead_time_p50": "quantile",
    "open_defect_hours_end": "rare sum",
}
LUCKY = ("fix_session_share", "hours_per_task", "lead_time_p50", "open_defect_hours_end")
DIFFERENCES = ("work_delivered", "tasks_done", "first_session_success", "review_wait_mean")
FEW = (
    "With two lucks a draw, and most of the variance luck, how much is luck is hardly known, and "
    "the interval is a little short. With eight lucks it holds."
)
RARE = (
    "Hours of open defects are nothing in most worlds and much in a few, and scatter most where "
    "they are most: a hundred draws do not show the tails. Read p10 to p90 for such outputs."
)
TAILS = (
    "A few draws, those where hardly anything gets done, carry much of the mean and the variance; "
    "intervals from a hundred draws or fewer are a little short."
)
RATIO = (
    "The relative difference of one draw is nearly all luck here, and most so where a draw "
    "delivers little: how far draws differ can hardly be told from two lucks, nor from eight. The "
    "difference itself is held as it should be."
)
LIMITS = {  # (interval, output) that is known to miss -> least share it may hold, and why
    ("ci_low to ci_high", "fix_session_share"): (0.90, FEW),
    ("ci_low to ci_high", "hours_per_task"): (0.90, FEW),
    ("ci_low to ci_high", "lead_time_p50"): (0.90, FEW),
    ("ci_low to ci_high", "open_defect_hours_end"): (0.80, RARE),
    ("chance_low to chance_high", "open_defect_hours_end"): (0.88, RARE),
    ("chance_low to chance_high", "hours_per_task"): (0.90, TAILS),
    ("chance_low to chance_high", "difference in work_delivered"): (0.88, TAILS),
    ("mean ± 1.96 mc_error", "hours_per_task"): (0.90, TAILS),
    ("mean ± 1.96 mc_error", "open_defect_hours_end"): (0.90, RARE),
    ("percent_low to percent_high", "difference in work_delivered"): (0.86, RATIO),
    ("percent_low to percent_high", "difference in tasks_done"): (0.86, RATIO),
}
RUN_SEED, TRUTH_SEED = 1, 2  # the truth is of other draws than the runs


@dataclass(frozen=True)
class Size:
    """How much is run. The defaults make the report; `QUICK` is what the tests run.

    repetitions    runs that are made and judged
    truth          (draws, luck) of the nested run
    outputs        which of OUTPUTS
    differences    which of DIFFERENCES
    lucky          which outputs are run again with more luck
    """

    repetitions: int = 1000
    truth: tuple[int, int] = (8000, 25)
    outputs: tuple[str, ...] = tuple(OUTPUTS)
    differences: tuple[str, ...] = DIFFERENCES
    lucky: tuple[str, ...] = LUCKY


FULL = Size()
QUICK = Size(250, (4000, 8), ("work_delivered", "first_session_success"), ("work_delivered",), ())
DRAWS, LUCK = 100, 2  # the default of a run
MORE_DRAWS, MORE_LUCK = 50, 8


def small():
    """Three people for four weeks; all else as `baseline` has it."""
    return Scenario.from_dict(
        {
            "question": "What do three people deliver in four weeks?",
            "horizon": {"weeks": 4},
            "team": {"novice": 1, "intermediate": 1, "expert": 1},
        },
        "small",
    )


def other():
    """The plan that `small` is compared with: another expert, and less review."""
    return small().replace({"team.expert": 2, "policy.review": "unverified"})


def worlds(plan, seed, draws, luck, threads=None, tell=None):
    """Values (draws, luck, OUTPUTS) of a plan."""
    points = batch.templates_of(plan, seed, setup.draw(plan, seed, 0, draws))
    draw, lucks = np.repeat(np.arange(draws), luck), np.tile(np.arange(luck), draws)
    replication = setup.replication(draw, lucks)
    values, _ = batch.simulate(points, draw, replication, threads, tell=tell, chunk=512)
    kept = [metrics.NAMES.index(name) for name in OUTPUTS]
    return values[:, kept].reshape(draws, luck, -1)


def limit(row):
    """Why a miss of a Coverage is known; "" where it is not, goes further, or nothing is missed."""
    least, why = LIMITS.get((row.interval, row.output), (1.0, ""))
    as_known = row.held + 3 * row.std_error >= least
    return why if as_known and not row.passed else ""


def run(size=FULL, threads=None, tell=None):
    """Coverage of every interval: list of coverage.Coverage.

    Draw i of the long run that repetitions are cut from depends on the seed and i alone, so
    that cuts are as independent as runs of different seeds.
    """
    a, truth_a = _both(small(), size, threads, tell)
    found = [
        row
        for name in size.outputs
        for row in coverage.of_output(_of(a, name), _of(truth_a, name), name, OUTPUTS[name])
    ]
    done = _of(a, "tasks_done"), _of(truth_a, "tasks_done")
    found += coverage.of_probability(*done, "tasks_done", float(np.median(done[1])))
    if size.differences:
        found += _differences(a, truth_a, size, threads, tell)
    if size.lucky:
        more = worlds(
            small(), RUN_SEED, size.repetitions * MORE_DRAWS, MORE_LUCK, threads, tell
        ).reshape(size.repetitions, MORE_DRAWS, MORE_LUCK, -1)
        for name in size.lucky:
            found += coverage.of_output(_of(more, name), _of(truth_a, name), name, OUTPUTS[name])
    return found


def _differences(a, truth_a, size, threads, tell):
    b, truth_b = _both(other(), size, threads, tell)
    found = []
    for name in size.differences:
        one, two, nested_one, nested_two = (_of(v, name) for v in (a, b, truth_a, truth_b))
        label = f"difference in {name}"
        found += coverage.of_output(two - one, nested_two - nested_one, label, "difference")
        if OUTPUTS[name] in ("sum", "count"):
            found += coverage.of_pair(one, two, nested_one, nested_two, label)
    return found


def _both(plan, size, threads, tell):
    """The runs (repetitions, draws, luck, outputs) and the nested run (draws, luck, outputs)."""
    count = size.repetitions * DRAWS
    runs = worlds(plan, RUN_SEED, count, LUCK, threads, tell)
    draws, luck = size.truth
    nested = worlds(plan, TRUTH_SEED, draws, luck, threads, tell)
    return runs.reshape(size.repetitions, DRAWS, LUCK, -1), nested


def _of(values, name):
    return values[..., list(OUTPUTS).index(name)]
