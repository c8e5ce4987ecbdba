"""Value of knowing and shares of a block against nested brute force, of packaged plans.

    uv run python benchmarks/brute_force.py

Each row is a number of `decide` (value of knowing it before choosing) or of `sensitivity` (closed
share of the variance of a block), with its 95% interval at the defaults, beside nested brute force:
OUTER values of the number, at each INNER draws of all else, both plans in the same worlds. What
noise of the inner means adds is taken out by halves of them. The exit code says whether every
interval meets brute force within its own 95% interval. It takes some half an hour on two cores.
"""

import sys

import numpy as np

import sim
from sim.analysis import moments
from sim.experiments.sensitivity import execute, factors
from sim.scenario import as_scenario

OUTER, INNER, WEEKS = 256, 256, 26
SEED = 2026  # other than that of the analyses
Z = 1.96
METRIC = ("work_delivered",)
DECISIONS = (  # plan in hand, plan, what is known: a block, or a number that is in none
    ("baseline", "no-tool", ("how people work", "review_capacity")),
    ("train-to-intermediate", "two-years", ("how people work", "training_efficacy")),
    ("baseline", "narrow-spread", ("how people work", "dev_share")),
)
SHARES = (("baseline", "how people work"), ("no-tool", "how people work"), ("two-years", "curve"))


def plan_of(name):
    """A packaged plan over WEEKS, so that inner means can be of many worlds."""
    return as_scenario(name).replace({"horizon.weeks": WEEKS})


def worlds(plans, name, luck):
    """Work delivered (plans, OUTER, INNER, luck), a number or block fixed along the first axis."""
    known = factors.factors_of(plan_of(plans[0]), [name])
    inputs = [one for factor in known for one in factor.inputs]
    width = known[0].columns
    u = moments.points(sum(one.columns for one in inputs), 0, OUTER * INNER, SEED)[0]
    u[:, :width] = np.repeat(moments.points(width, 0, OUTER, SEED + 1)[0], INNER, axis=0)
    draw = np.arange(len(u))
    return np.stack([
        execute.simulate(
            plan_of(plan), SEED, inputs, u, draw, luck, METRIC, None, None, {}
        ).reshape(OUTER, INNER, luck)
        for plan in plans
    ])  # fmt: skip


def of_halves(estimate, y):
    """An estimate from y (..., INNER, luck) without what noise of inner means adds to it."""
    half = y.shape[-2] // 2
    return 2 * estimate(y) - (estimate(y[..., :half, :]) + estimate(y[..., half:, :])) / 2


def jackknife(estimate, y):
    """An estimate from y (OUTER, ...) and its standard error over outer values."""
    left = np.array([estimate(np.delete(y, i, axis=0)) for i in range(len(y))])
    return estimate(y), float(np.sqrt((len(y) - 1) * left.var()))


def knowing(gains):
    """Value of knowing what is fixed along the first axis, of gains (OUTER, INNER, luck)."""
    means = gains.mean(axis=(1, 2))
    return float(np.maximum(means, 0).mean() - max(means.mean(), 0))


def share(y):
    """Closed share of the variance of the expectation that what is fixed has, of y."""
    within = y.var(axis=2, ddof=1).mean() / y.shape[2]  # chance left in a draw's mean
    means = y.mean(axis=2)
    inner = means.var(axis=1, ddof=1).mean()
    between = means.mean(axis=1).var(ddof=1) - inner / y.shape[1]
    return float(between / (between + inner - within))


def decisions():
    """Rows (what, value, low, high, nested value, its error) of the value of knowing."""
    for today, plan, names in DECISIONS:
        plans = {today: plan_of(today), plan: plan_of(plan)}
        told = sim.decide(plans, metric=METRIC[0]).measure_first
        for name in names:
            one, two = worlds((today, plan), name, 1)
            nested = jackknife(lambda gains: of_halves(knowing, gains), two - one)
            yield f"{plan} or {today}: {name}", *told.loc[name, ["value", "low", "high"]], *nested


def shares():
    """Rows of the closed share of a block."""
    for plan, block in SHARES:
        analysis = sim.sensitivity(plan_of(plan), [block], samples=512, luck=4, metrics=METRIC)
        row = analysis.indices.set_index("factor").loc[block]
        nested = jackknife(share, worlds((plan,), block, 2)[0])
        yield f"{plan}: share of {block}", *row[["S1", "S1_low", "S1_high"]], *nested


def main():
    """Print a row a number; 1 where an interval is away from brute force."""
    bad = 0
    for rows in (decisions(), shares()):
        for what, value, low, high, nested, error in rows:
            met = low <= nested + Z * error and nested - Z * error <= high
            bad += not met
            print(
                f"{what:58} {value:9.3f} ({low:.3f} to {high:.3f})   nested {nested:.3f} "
                f"± {Z * error:.3f}{'' if met else '  AWAY'}",
                flush=True,
            )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
