"""How often intervals hold what they claim to hold, counted over many repetitions.

A repetition is what a user sees: one run of a few draws and lucks, and the estimates made of it.
Truth is a nested run, of other draws, so large that its own error hardly counts. Both are of the
same population: parameters from the register, curves from the finite rows of a curve set (a new
draw takes one of the same rows). Values come in as arrays; nothing here knows of scenarios.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from sim.analysis import estimates, paired
from sim.engine import metrics
from sim.scenario import Scenario
from sim.validation.worlds import outputs

LIMIT = 3.0  # standard errors that a count may be off
COLUMN = {name: place for place, name in enumerate(estimates.COLUMNS)}
_WORDS = tomllib.loads(files("sim.validation").joinpath("coverage.toml").read_text("utf-8"))
HOLDS = {row["interval"]: (row["what"], row["share"]) for row in _WORDS["holds"]}
LIMITS = {  # (interval, output) that is known to miss -> least share it may hold, and why
    (interval, output): (least, _WORDS["why"][why])
    for interval, rows in _WORDS["limits"].items()
    for output, (least, why) in rows.items()
}
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
    "abandoned": "rare sum",
}
LUCKY = ("fix_session_share", "hours_per_task", "lead_time_p50", "open_defect_hours_end")
DIFFERENCES = ("work_delivered", "tasks_done", "first_session_success", "review_wait_mean")
RUN_SEED, TRUTH_SEED = 1, 2  # the truth is of other draws than the runs
DRAWS, LUCK = 100, 2  # the default of a run
MORE_DRAWS, MORE_LUCK = 50, 8


@dataclass(frozen=True)
class Coverage:
    """How often one interval of one output held what it claims to hold.

    interval     what the interval is called, such as "ci_low to ci_high"
    output       the metric, or what was made of it
    kind         "count", "ratio", "quantile" or "difference": what sort of output it is
    draws, luck  design of one repetition
    repetitions  how many there were
    held         share that was held
    inside       share that was held and not by an end of the interval; the same but for counts
    std_error    of `held`, by the number of repetitions and of new draws or worlds
    share        chance_share of the output, of the nested run
    """

    interval: str
    output: str
    kind: str
    draws: int
    luck: int
    repetitions: int
    held: float
    inside: float
    std_error: float
    share: float

    @property
    def nominal(self):
        """Share that should be held."""
        return HOLDS[self.interval][1]

    @property
    def tolerance(self):
        """LIMIT standard errors of as many repetitions that answer yes or no [share]."""
        return LIMIT * np.sqrt(self.nominal * (1 - self.nominal) / self.repetitions)

    @property
    def passed(self):
        """Whether `nominal` is within `tolerance` of what was held.

        A count often falls on an end of an interval, which then holds more than it should with
        its ends and less without them: no interval of a count can do better.
        """
        low, high = self.inside - self.tolerance, self.held + self.tolerance
        return bool(low <= self.nominal <= high)


@dataclass(frozen=True)
class Truth:
    """Reference values of one output, from a run of many draws with many worlds each.

    mean         over all worlds
    expectations (draws,), sorted: the expected output of each draw, without chance
    worlds       (draws,), sorted: the output in one world of each draw
    share        share of the variance that is between worlds of one draw
    """

    mean: float
    expectations: np.ndarray
    worlds: np.ndarray
    share: float


def truth(y):
    """Truth from values y (many draws, many luck), of the worlds that have a value, as in a run."""
    y = y[~np.isnan(y).all(axis=1)]
    parts, first = estimates.split(y), y[:, 0]
    expectations = estimates.shrunk(parts, estimates.worlds_a_draw(y))
    share = parts.within / (parts.within + parts.between)
    worlds = np.sort(first[~np.isnan(first)])
    return Truth(parts.mean, np.sort(expectations), worlds, float(share))


def held_point(low, high, value):
    """Share of intervals (repetitions,) that hold one value: held, inside, standard error."""
    held = float(((low <= value) & (value <= high)).mean())
    inside = float(((low < value) & (value < high)).mean())
    # An error of at least one repetition: none or all held is not certainty.
    return held, inside, float(np.sqrt(max(held * (1 - held), 1 / len(low)) / len(low)))


def held_values(low, high, values):
    """Share of values (n,), in order, that intervals (repetitions,) hold: as `held_point`.

    All pairs of an interval and a value count (a two-sample U-statistic): its variance is that
    over the intervals and that over the values, each over how many there are.
    """
    n, repetitions = len(values), len(low)

    def between(left, right):
        return np.maximum(0, np.searchsorted(values, high, right) - left) / n

    by_interval = between(np.searchsorted(values, low, "left"), "right")
    inside = between(np.searchsorted(values, low, "right"), "left").mean()
    starts = np.searchsorted(np.sort(low), values, "right")
    by_value = (starts - np.searchsorted(np.sort(high), values, "left")) / repetitions
    variance = by_interval.var(ddof=1) / repetitions + by_value.var(ddof=1) / n
    return float(by_interval.mean()), float(inside), float(np.sqrt(variance))


def of_output(y, nested, output, kind):
    """Coverage of the four intervals of a summary: list of Coverage.

    y       : (repetitions, draws, luck)
    nested  : (many draws, much luck)
    """
    known = truth(nested)
    bounds = metrics.BY_NAME[output].bounds() if output in metrics.BY_NAME else estimates.UNBOUNDED
    columns = np.array([estimates.estimate(one, bounds=bounds) for one in y])
    told = ~np.isnan(columns[:, COLUMN["ci_low"]])  # no interval where many worlds have no value
    y, columns = y[told], columns[told]
    column = {name: columns[:, place] for name, place in COLUMN.items()}
    half = estimates.Z * column["mc_error"]
    counted = {
        "mean ± 1.96 mc_error": held_point(
            column["mean"] - half, column["mean"] + half, known.mean
        ),
        "ci_low to ci_high": held_values(column["ci_low"], column["ci_high"], known.expectations),
        "p10 to p90": held_values(column["p10"], column["p90"], known.worlds),
        "chance_low to chance_high": held_point(
            column["chance_low"], column["chance_high"], known.share
        ),
    }
    return _named(counted, output, kind, y, known.share)


def of_pair(a, b, nested_a, nested_b, output):
    """Coverage of what a comparison adds: the relative difference, and which plan is better.

    a, b : (repetitions, draws, luck), worlds of one paired with worlds of the other
    """
    share = truth(paired.difference(nested_a, nested_b)).share
    percent = np.array([paired.relative(x, y)[1:] for x, y in zip(a, b, strict=True)]) / 100
    percent = percent[~np.isnan(percent).any(axis=1)]  # undefined where a draw delivered nothing
    better = np.array(
        [paired.better_world(paired.difference(x, y))[1:] for x, y in zip(a, b, strict=True)]
    )
    known = np.sort(relative_expectations(nested_a, nested_b))
    often = float(paired.step(paired.difference(nested_a, nested_b)).mean())
    counted = {
        "percent_low to percent_high": held_values(percent[:, 0], percent[:, 1], known),
        "p_better_world": held_point(better[:, 0], better[:, 1], often),
    }
    return _named(counted, output, "difference", a, share)


def of_probability(y, nested, output, at_least):
    """Coverage of the interval of the probability that an output is at least so much."""
    ends = np.array([estimates.probability(one >= at_least)[1:3] for one in y])
    held = held_point(ends[:, 0], ends[:, 1], float((nested >= at_least).mean()))
    share = truth((nested >= at_least).astype(float)).share
    return _named({"probability": held}, f"{output} >= {at_least:g}", "probability", y, share)


def relative_expectations(a, b):
    """Relative difference b/a - 1 of each draw (draws,), chance taken out.

    By values linear in b - r a, with r the draw's own ratio, which needs much luck.
    """
    base = a.mean(axis=1, keepdims=True)
    ratio = b.mean(axis=1, keepdims=True) / base
    linear = ratio - 1 + (b - ratio * a) / base
    return estimates.shrunk(estimates.split(linear), a.shape[1])


def _named(counted, output, kind, y, share):
    repetitions, draws, luck = y.shape
    return [
        Coverage(interval, output, kind, draws, luck, repetitions, held, inside, error, share)
        for interval, (held, inside, error) in counted.items()
    ]


# ---- what is run -------------------------------------------------------------------------------


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
QUICK = Size(500, (4000, 8), ("work_delivered", "first_session_success"), ("work_delivered",), ())


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
    return outputs(plan, seed, draws, luck, threads, tell, tuple(OUTPUTS))


def limit(row):
    """Why a miss of a Coverage is known; "" where it is not, goes further, or nothing is missed."""
    least, why = LIMITS.get((row.interval, row.output), (1.0, ""))
    as_known = row.held + 3 * row.std_error >= least
    return why if as_known and not row.passed else ""


def run(size=FULL, threads=None, tell=None):
    """Coverage of every interval: list of Coverage.

    Draw i of the long run that repetitions are cut from depends on the seed and i alone, so
    that cuts are as independent as runs of different seeds.
    """
    a, truth_a = _both(small(), size, threads, tell)
    rows = [
        row
        for name in size.outputs
        for row in of_output(_of(a, name), _of(truth_a, name), name, OUTPUTS[name])
    ]
    done = _of(a, "tasks_done"), _of(truth_a, "tasks_done")
    rows += of_probability(*done, "tasks_done", float(np.median(done[1])))
    if size.differences:
        rows += _differences(a, truth_a, size, threads, tell)
    if size.lucky:
        more = worlds(
            small(), RUN_SEED, size.repetitions * MORE_DRAWS, MORE_LUCK, threads, tell
        ).reshape(size.repetitions, MORE_DRAWS, MORE_LUCK, -1)
        for name in size.lucky:
            rows += of_output(_of(more, name), _of(truth_a, name), name, OUTPUTS[name])
    return rows


def _differences(a, truth_a, size, threads, tell):
    b, truth_b = _both(other(), size, threads, tell)
    rows = []
    for name in size.differences:
        one, two, nested_one, nested_two = (_of(v, name) for v in (a, b, truth_a, truth_b))
        label = f"difference in {name}"
        rows += of_output(two - one, nested_two - nested_one, label, "difference")
        if OUTPUTS[name] in ("sum", "count"):
            rows += of_pair(one, two, nested_one, nested_two, label)
    return rows


def _both(plan, size, threads, tell):
    """The runs (repetitions, draws, luck, outputs) and the nested run (draws, luck, outputs)."""
    count = size.repetitions * DRAWS
    runs = worlds(plan, RUN_SEED, count, LUCK, threads, tell)
    draws, luck = size.truth
    nested = worlds(plan, TRUTH_SEED, draws, luck, threads, tell)
    return runs.reshape(size.repetitions, DRAWS, LUCK, -1), nested


def _of(values, name):
    return values[..., list(OUTPUTS).index(name)]
