"""Rows of a posterior are clusters, errors hold 95 of 100, noise is neither ranked nor a title.

Known answers are linear-normal models and the g-function; bands are counted in standard errors of
the repetitions. What needs a thousand repetitions stands in `benchmarks/rankings.py`.
"""

import numpy as np
import pytest
from scipy import stats
from scipy.stats import norm

from sim.analysis import clusters, estimates, given, moments, sobol, value
from sim.engine import curves, setup
from sim.experiments.sensitivity import factors, ranking
from sim.records import words
from sim.scenario import as_scenario

ROWS = 400  # of a made posterior
USED, UNUSED = 3, 6  # columns of a row that matter, and that do not


def posterior_like(seed, draws, plans=2):
    """A model whose inputs come from rows: means (plans, draws), parameters, levels.

    y = a + b + c + z + chance, where a, b, c are columns of the drawn row and z is drawn alone;
    u0 ... are columns of the row, and v0 ... drawn alone, that nothing uses.
    """
    rng = np.random.default_rng(seed)
    table = rng.standard_normal((ROWS, USED + UNUSED))
    row = rng.integers(ROWS, size=draws)
    names = ["a", "b", "c", *(f"u{i}" for i in range(UNUSED))]
    parameters = {name: table[row, i] for i, name in enumerate(names)}
    parameters["z"] = rng.standard_normal(draws)
    parameters |= {f"v{i}": rng.standard_normal(draws) for i in range(UNUSED)}
    means = 0.5 * rng.standard_normal((plans, draws))
    means[1] += 0.2 + sum(parameters[name] for name in "abcz")
    return means, parameters, (row, row)


def unused(names):
    return [name for name in names if name[0] in "uv"]


def test_parameters_that_no_plan_uses_stay_unclear():
    """The null is family-wise, so 5 of 100 analyses name any of them; without rows, most do.

    With 2,000, 8,000 and 20,000 draws: `benchmarks/rankings.py`.
    """
    named = 0
    for seed in range(3):
        means, parameters, levels = posterior_like(seed, 2_000)
        parts = value.partial(means, parameters, seed, levels)
        named += any(parts[name].clear for name in unused(parts))
        assert all(parts[name].clear for name in "abcz")
    assert named <= 1  # two or more happen once in 140


def test_the_worth_of_a_column_of_the_rows_is_the_closed_form_inside_its_interval():
    known = norm.pdf(0.2) + 0.2 * norm.cdf(0.2) - 0.2  # E max(0, 0.2 + Z) - 0.2
    inside = []
    for seed in range(20):
        means, parameters, levels = posterior_like(seed, 4_000)
        parts = value.partial(means, {n: parameters[n] for n in "az"}, seed, levels)
        inside += [parts[name].low <= known <= parts[name].high for name in "az"]
    assert np.mean(inside) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 40)


def ranked_above(method, seed):
    """Names above the floor of a ranking by 2,000 draws."""
    means, parameters, levels = posterior_like(seed, 2_000)
    x = np.column_stack(list(parameters.values()))
    table = ranking.table(method, list(parameters), x, means[1], seed, levels)
    return set(table[table["value"] > table["floor"]]["factor"])


@pytest.mark.parametrize(("method", "seeds"), [("pawn", range(5)), ("rbd_fast", [1])])
def test_methods_for_given_data_do_not_rank_what_nothing_uses(method, seeds):
    """All that is used is above the floor. More seeds, and delta: `benchmarks/rankings.py`."""
    above = [ranked_above(method, seed) for seed in seeds]
    assert all(set("abcz") <= names for names in above)
    assert sum(bool(unused(names)) for names in above) <= len(above) // 5


@pytest.mark.xfail(strict=True, reason="a floor of normal points at 1 in 20 is passed in 2 of 5")
def test_a_floor_at_one_in_twenty_keeps_out_what_nothing_uses(monkeypatch):
    """As it was asked of PAWN first; what is dealt has a longer tail than normal points."""
    monkeypatch.setattr(ranking, "ALARM", 0.05)
    assert sum(bool(unused(ranked_above("pawn", seed))) for seed in range(5)) <= 1


def test_closed_shares_of_correlated_columns_are_those_of_theory():
    """Var E[y | x_j] / V = (sum of the covariances of y with x_j)² / (var x_j V)."""
    rng = np.random.default_rng(1)
    cover = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])
    weights = np.array([1.0, 0.0, 1.0])
    known = (cover @ weights) ** 2 / (weights @ cover @ weights)
    inside = []
    for _ in range(30):
        table = rng.multivariate_normal(np.zeros(3), cover, size=ROWS)
        row = rng.integers(ROWS, size=4_000)
        x = table[row]
        y = x @ weights
        found = given.shares(y[:, None], dict(zip("abc", x.T, strict=True)), 1, (row,))
        inside += [
            (one.low[0] <= t <= one.high[0]) for one, t in zip(found.values(), known, strict=True)
        ]
        whole = given.shares(y[:, None], {"block": x[:, :2]}, 1, (row,))["block"]
        inside.append(whole.low[0] <= 0.5 <= whole.high[0])
    assert np.mean(inside) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / len(inside))


@pytest.mark.parametrize(("columns", "share"), [(3, 0.5), (25, 0.5), (3, 0.15)])
def test_the_closed_share_of_a_block_is_held_95_times_in_100_by_a_hundred_draws(columns, share):
    """Correlated columns that make a share of the variance; resamples held 85 to 92 of 100."""
    cover = np.full((columns, columns), 0.5) + 0.5 * np.eye(columns)
    weights = np.zeros(columns)
    weights[:2] = 1.0, 0.5
    noise = np.sqrt((weights @ cover @ weights) * (1 - share) / share)
    inside = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        x = rng.multivariate_normal(np.zeros(columns), cover, size=100)
        y = x @ weights + noise * rng.standard_normal(100)
        found = given.shares(y[:, None], {"block": x}, 1)["block"]
        inside.append(found.low[0] <= share <= found.high[0])
    assert abs(np.mean(inside) - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / 200)


def covered(make, truth, repetitions, groups=None):
    """Share of repetitions in which mean ± 1.96 mc_error holds the truth."""
    held = 0
    for seed in range(repetitions):
        y = make(np.random.default_rng(seed))
        row = estimates.estimate(y, groups=groups)
        error = row[estimates.COLUMNS.index("mc_error")]
        held += abs(row[0] - truth) <= estimates.Z * error
    return held / repetitions


@pytest.mark.parametrize("kind", ["normal", "exponential"])
def test_the_mean_give_or_take_its_error_holds_95_of_100(kind):
    draw = {"normal": lambda r: r.normal(1, 1, (12, 1)), "exponential": lambda r: r.exponential(
        1, (30, 1))}[kind]  # fmt: skip
    share = covered(lambda rng: draw(rng).repeat(2, axis=1), 1.0, 600)
    assert abs(share - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / 600)


def test_the_mean_of_a_hundred_lognormal_draws_is_held_94_to_96_times_in_100():
    """Of sigma 1, a skewness of 6: the bootstrap-t alone holds 93."""
    held = []
    for seed in range(3000):
        draws = np.exp(np.random.default_rng(seed).standard_normal(100))
        held.append(abs(draws.mean() - np.exp(0.5)) <= clusters.Z * clusters.mean_error(draws))
    assert 0.94 <= np.mean(held) <= 0.96


def test_the_error_of_few_draws_is_students():
    """Four draws 1, 2, 3, 4: standard error 0.6455, t of 3 degrees of freedom 3.1824 (tables)."""
    assert clusters.mean_error(np.arange(1.0, 5)) * clusters.Z == pytest.approx(2.0543, rel=1e-4)
    share = covered(lambda rng: rng.normal(1, 1, (4, 1)).repeat(2, axis=1), 1.0, 600)
    assert abs(share - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / 600)


@pytest.mark.parametrize("draws", [4, 10, 30, 200])
def test_the_error_of_a_mean_is_three_times_students_at_most(draws):
    """One draw unlike all others: most resamples have no spread, and tell nothing of the tails."""
    means = np.zeros(draws)
    means[0] = 1.0
    student = stats.t.ppf(0.975, draws - 1) * means.std(ddof=1) / np.sqrt(draws) / clusters.Z
    assert (1 - 1e-9) * student <= clusters.mean_error(means) <= (3 + 1e-9) * student


def test_the_error_of_a_mean_holds_the_floor_of_few_rows():
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        row = rng.integers(60, size=2_000)
        y = rng.standard_normal(60)[row][:, None] + rng.standard_normal((2_000, 2))
        estimate = estimates.estimate(y, groups=row)
        error = estimate[estimates.COLUMNS.index("mc_error")]
        held += abs(estimate[0]) <= estimates.Z * error
    assert abs(held / 300 - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / 300)


def test_first_order_is_never_above_the_total_and_steadier_than_before():
    """The g-function, N = 128: the first factor alone makes 0.72 of the variance."""
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    part = 1 / (3 * (1 + a) ** 2)
    known = part / (np.prod(1 + part) - 1)
    firsts = []
    for seed in range(40):
        u = moments.rows(*moments.points(5, 0, 128, seed), np.arange(5))
        y = np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=-1)
        found = sobol.estimate(moments.reduced(y[..., None, None]).of(0), 1, 200)
        for first, total in (("first", "total"), ("first_low", "total_low"),
                             ("first_high", "total_high")):  # fmt: skip
            assert (getattr(found, first) <= getattr(found, total)).all()
        firsts.append(found.first)
    rms = np.sqrt(((np.array(firsts) - known) ** 2).mean(axis=0))
    assert rms.mean() < 0.030  # Saltelli's estimator: 0.033; Janon's and Monod's: 0.055


def test_the_plan_chosen_of_many_is_not_flattered():
    """Thirty plans that do not differ: the best seems to gain 0.2, and gains nothing."""
    plain, honest = [], []
    for seed in range(60):
        gains = np.random.default_rng(seed).standard_normal((30, 100, 2))
        chosen = value.chosen(gains, seed)
        plain.append(gains.mean(axis=(1, 2)).max())
        honest.append(plain[-1] - chosen.optimism)
    assert np.mean(plain) > 0.1
    assert abs(np.mean(honest)) < 0.15 * np.mean(plain) + 3 * np.std(honest) / np.sqrt(60)


def test_a_difference_within_the_noise_is_no_title():
    assert words.is_noise(1.0, 0.4)
    assert not words.is_noise(1.0, 0.3)
    assert words.is_noise(0.0, 0.1)
    assert not words.is_noise(0.0, 0.0)


def test_the_draws_that_would_tell_are_those_of_the_root_law():
    """An error of 0.6 must be a third of 1.0: (0.6 · 3)² = 3.24 times the draws there are."""
    assert words.more_draws(1000, 1.0, 0.6) == "about 3,200 would"
    assert words.more_draws(1000, 1.0, 0.6, floor=0.4).startswith("no number of draws")
    assert words.more_draws(1000, 0.0, 0.6) == "more may tell"


def test_curve_is_the_tier_curve_and_how_people_work_a_block_of_its_own():
    made = factors.factors_of(as_scenario("baseline"))
    names = [factor.name for factor in made]
    assert {"curve", "how people work", "tool trend"} <= set(names)
    members = {one.name: set(one.members) for factor in made for one in factor.inputs}
    assert "slope_per_doubling" in members["curve"]
    assert "review_rate" in members["how people work"]
    assert members["tool trend"] == {"doubling_days", "trend_drift"}
    assert not members["curve"] & members["how people work"]


def test_the_blocks_of_the_posterior_are_nearly_independent_of_each_other():
    """Exchanging them whole is right only so.

    The tool trend is independent of the others by the F-test of a regression on their ranks. The
    tier curve and how people work were fitted to targets in common: their canonical correlations
    are 0.33 and 0.29, then those of dealt rows (0.14).
    """
    plan = as_scenario("baseline")
    found = setup.curve_set(plan)
    column = dict(zip(found.columns, stats.rankdata(found.draws, axis=0).T, strict=True))
    members = setup.blocks(plan) | {"rates": curves.RATES}
    tier, work, trend = (
        np.column_stack([column[name] for block in blocks for name in members[block]
                         if name in column])
        for blocks in (("curve", "rates"), ("how people work",), ("tool trend",))
    )  # fmt: skip
    between = canonical(tier, work)
    assert between[0] < 0.4
    assert (between[2:] < 0.2).all()
    for block in (tier, work):
        explained = canonical(block, trend)[0] ** 2
        parts, rest = block.shape[1], len(block) - block.shape[1] - 1
        ratio = explained / parts / ((1 - explained) / rest)
        assert stats.f.sf(ratio, parts, rest) > 0.01


def canonical(a, b):
    """Canonical correlations of columns a (rows, m) and b (rows, n), the largest first."""
    qa, qb = (np.linalg.qr(x - x.mean(axis=0))[0] for x in (a, b))
    return np.linalg.svd(qa.T @ qb, compute_uv=False)
