"""What rankings and errors hold, over many repetitions of models with known answers.

    uv run python benchmarks/rankings.py

A row prints what was found beside the band fixed for it; the exit code says whether all are inside.
Nested brute force is of small models: outer values of a parameter, inner means by arithmetic. It
takes some 20 minutes on one core.
"""

import sys

import numpy as np

from sim.analysis import clusters, given, moments, sobol, value
from sim.experiments.sensitivity import ranking

ROWS = 400
Z = 1.959963984540054


def coverage(draw, truth, repetitions=1000):
    """Share of repetitions in which mean ± 1.96 mc_error holds the truth."""
    held = 0
    for seed in range(repetitions):
        means, groups = draw(np.random.default_rng(seed))
        held += abs(means.mean() - truth) <= Z * clusters.mean_error(means, groups)
    return held / repetitions


def rows_of(rng, draws, rows=ROWS):
    """Means of draws whose larger part comes from rows, and their rows."""
    row = rng.integers(rows, size=draws)
    return rng.standard_normal(rows)[row] + rng.standard_normal(draws), row


def evppi(repetitions=40, draws=8000):
    """Share of intervals that hold the nested value of a column in a curved model."""
    grid = np.random.default_rng(0).standard_normal(2_000_000)
    inner = 0.2 + grid + 0.3 * (grid**2 - 1)  # E[gain | a], other columns averaged by arithmetic
    known = np.maximum(inner, 0).mean() - 0.2
    held = 0
    for seed in range(repetitions):
        rng = np.random.default_rng(seed)
        table = rng.standard_normal((ROWS, 4))
        row = rng.integers(ROWS, size=draws)
        a, b, *_ = table[row].T
        gain = 0.2 + a + 0.3 * (a**2 - 1) + b + rng.standard_normal(draws)
        part = value.partial(np.stack([0 * gain, gain]), {"a": a}, seed, (row,))["a"]
        held += part.low <= known <= part.high
    return held / repetitions


def posterior_like(seed, draws, used=3, unused=6):
    """A model whose inputs come from rows: means (2, draws), parameters, levels.

    y = a + b + c + z + chance, where a, b, c are columns of the drawn row and z is drawn alone;
    u0 ... are columns of the row, and v0 ... drawn alone, that nothing uses.
    """
    rng = np.random.default_rng(seed)
    table = rng.standard_normal((ROWS, used + unused))
    row = rng.integers(ROWS, size=draws)
    names = ["a", "b", "c", *(f"u{i}" for i in range(unused))]
    parameters = {name: table[row, i] for i, name in enumerate(names)}
    parameters["z"] = rng.standard_normal(draws)
    parameters |= {f"v{i}": rng.standard_normal(draws) for i in range(unused)}
    means = 0.5 * rng.standard_normal((2, draws))
    means[1] += 0.2 + sum(parameters[name] for name in "abcz")
    return means, parameters, (row, row)


def unclear(draws, seeds):
    """Analyses that name any parameter nothing uses; all of them where one that is used is not."""
    named = 0
    for seed in range(seeds):
        means, parameters, levels = posterior_like(seed, draws)
        parts = value.partial(means, parameters, seed, levels)
        if not all(parts[name].clear for name in "abcz"):
            return seeds
        named += any(part.clear for name, part in parts.items() if name[0] in "uv")
    return named


def unranked(method, seeds=5, draws=2_000):
    """Rankings with any input nothing uses above the floor; all where one used is not above it."""
    named = 0
    for seed in range(seeds):
        means, parameters, levels = posterior_like(seed, draws)
        x = np.column_stack(list(parameters.values()))
        table = ranking.table(method, list(parameters), x, means[1], seed, levels)
        above = set(table[table["value"] > table["floor"]]["factor"])
        if not set("abcz") <= above:
            return seeds
        named += bool({name for name in above if name[0] in "uv"})
    return named


def block(repetitions=40, draws=4000):
    """Share of intervals that hold the closed share of a block of correlated columns."""
    cover = np.full((3, 3), 0.5) + 0.5 * np.eye(3)
    weights = np.array([1.0, 0.5, 0.0])
    part = weights @ cover @ weights
    held = 0
    for seed in range(repetitions):
        rng = np.random.default_rng(seed)
        row = rng.integers(ROWS, size=draws)
        x = rng.multivariate_normal(np.zeros(3), cover, size=ROWS)[row]
        y = x @ weights + rng.standard_normal(draws)
        share = given.shares(y[:, None], {"block": x}, seed, (row,))["block"]
        held += share.low[0] <= part / (part + 1) <= share.high[0]
    return held / repetitions


def first_order(repetitions=200, blocks=128):
    """Root mean square error of S1 of the g-function."""
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    part = 1 / (3 * (1 + a) ** 2)
    known, found = part / (np.prod(1 + part) - 1), []
    for seed in range(repetitions):
        u = moments.rows(*moments.points(5, 0, blocks, seed), np.arange(5))
        y = np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=-1)
        found.append(sobol.estimate(moments.reduced(y[..., None, None]).of(0), 1, 20).first)
    return float(np.sqrt(((np.array(found) - known) ** 2).mean(axis=0)).mean())


def curse(repetitions=300):
    """Mean of what the best of thirty equal plans seems to gain, corrected [sd of a world]."""
    off = []
    for seed in range(repetitions):
        gains = np.random.default_rng(seed).standard_normal((30, 100, 2))
        off.append(gains.mean(axis=(1, 2)).max() - value.chosen(gains, seed).optimism)
    return float(np.mean(off))


def normal(rng):
    return rng.normal(1, 1, 12), None


def exponential(rng):
    return rng.exponential(1, 100), None


def lognormal(rng):
    return np.exp(rng.normal(0, 1, 100)), None


def rare(rng):
    return (rng.random(100) < 0.1) * rng.exponential(1, 100), None


TABLE = (  # what, the figure, the band
    ("mean ± 1.96 mc_error, 12 normal draws", lambda: coverage(normal, 1.0), (0.93, 0.971)),
    ("the same, 100 exponential", lambda: coverage(exponential, 1.0), (0.93, 0.971)),
    ("the same, 100 lognormal, sigma 1", lambda: coverage(lognormal, np.exp(0.5)), (0.92, 0.971)),
    ("the same, 100 of which 90 are zero", lambda: coverage(rare, 0.1), (0.93, 0.98)),
    ("the same, 8,000 draws of 400 rows", lambda: coverage(
        lambda rng: rows_of(rng, 8000), 0.0, 500), (0.92, 0.98)),
    ("of 10 analyses that name the unused, 2,000 draws", lambda: unclear(2_000, 10), (0, 2)),
    ("of 5, 8,000 draws", lambda: unclear(8_000, 5), (0, 1)),
    ("of 2, 20,000 draws", lambda: unclear(20_000, 2), (0, 1)),
    ("of 5 rankings that name the unused, pawn", lambda: unranked("pawn"), (0, 1)),
    ("the same, rbd_fast", lambda: unranked("rbd_fast"), (0, 1)),
    ("the same, delta", lambda: unranked("delta"), (0, 1)),
    ("EVPPI against nested brute force", evppi, (0.85, 1.0)),
    ("closed share of a block", block, (0.85, 1.0)),
    ("error of S1, g-function, N = 128", first_order, (0.0, 0.030)),
    ("gain of the best of thirty equal plans", curse, (-0.03, 0.03)),
)  # fmt: skip


def main():
    """Print a row a figure; 1 where one is outside its band."""
    bad = 0
    for what, figure, (low, high) in TABLE:
        found = figure()
        bad += not low <= found <= high
        said = "" if low <= found <= high else "  OUTSIDE"
        print(f"{what:50} {found:8.4f}   {low:g} to {high:g}{said}", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
