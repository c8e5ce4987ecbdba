"""Sensitivity indices are those of theory, and chance neither inflates them nor hides."""

import dataclasses

import numpy as np
import pytest

from sim.analysis import convergence, moments, screening, sobol
from sim.errors import SensitivityError


def ishigami(x):
    """The function on (0, 1)³, x on the last axis."""
    x = np.pi * (2 * x - 1)
    return (1 + 0.1 * x[..., 2] ** 4) * np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2


ALONE = np.array([(1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 49 / 8, 0.0])
TOGETHER = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)  # of the first and the third
VARIANCE = ALONE.sum() + TOGETHER
FIRST = ALONE / VARIANCE
TOTAL = (ALONE + TOGETHER * np.array([1, 0, 1])) / VARIANCE


def sobol_g(x, a):
    return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=-1)


def designed(columns, count, key, second=False):
    return moments.rows(*moments.points(columns, 0, count, key), np.arange(columns), second)


def found(y, key=1, resamples=200, second=False):
    """Indices of values y (blocks, rows, luck)."""
    return sobol.estimate(moments.reduced(y[..., None], second).of(0), key, resamples)


def found_before(y, key, resamples, second=False):
    """Indices as of a record of an earlier version, whose first order has no controls."""
    kept = dataclasses.replace(moments.reduced(y[..., None], second), each=None, paired=None)
    return sobol.estimate(kept.of(0), key, resamples)


def with_chance(count, luck, seed, kind, second=False):
    """Ishigami with chance of four times its variance, on average over the factors."""
    x = designed(3, count, seed + 1, second)
    rng = np.random.default_rng(1000 + seed)
    sd = 2 * np.sqrt(VARIANCE)
    if kind == "independent":
        chance = sd * rng.standard_normal((*x.shape[:2], luck))
    else:  # one number a block and replicate, felt in proportion to the third factor
        common = rng.standard_normal((count, 1, luck))
        chance = sd * np.sqrt(3) * x[..., 2:3] * common
    return ishigami(x)[..., None] + chance


def test_ishigami_without_chance():
    result = found(ishigami(designed(3, 16384, 1))[..., None])
    assert result.first == pytest.approx(FIRST, abs=0.01)
    assert result.total == pytest.approx(TOTAL, abs=0.01)
    assert result.variance == pytest.approx(VARIANCE, rel=0.01)
    assert (result.floor == 0).all()


def test_sobol_g_without_chance():
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    part = 1 / (3 * (1 + a) ** 2)
    variance = np.prod(1 + part) - 1
    total = part * np.prod(1 + part) / (1 + part) / variance
    result = found(sobol_g(designed(5, 8192, 3), a)[..., None])
    assert result.first == pytest.approx(part / variance, abs=0.01)
    assert result.total == pytest.approx(total, abs=0.01)


def test_estimates_and_resamples_are_those_of_salib_where_there_is_no_chance():
    from SALib.analyze import sobol

    x = designed(3, 512, 5)
    y = ishigami(x)
    ours = found_before(y[..., None], 7, 100)
    theirs = sobol.analyze(
        screening.problem("abc"), y.ravel(), calc_second_order=False, num_resamples=100, seed=7,
        keep_resamples=True,
    )  # fmt: skip
    assert ours.first == pytest.approx(np.minimum(theirs["S1"], theirs["ST"]), abs=1e-12)
    assert ours.total == pytest.approx(theirs["ST"], abs=1e-12)
    assert ours.drawn[:, 3:6] == pytest.approx(theirs["S1_conf_all"], abs=1e-12)
    assert ours.drawn[:, 6:] == pytest.approx(theirs["ST_conf_all"], abs=1e-12)


@pytest.mark.parametrize("kind", ["independent", "common"])
def test_chance_of_four_times_the_variance_biases_no_total_and_intervals_cover(kind):
    """50 designs of N = 8,192 with 4 replicates."""
    results = [found(with_chance(8192, 4, seed, kind)) for seed in range(50)]
    totals = np.array([r.total for r in results])
    error = totals.std(axis=0, ddof=1) / np.sqrt(50)
    bias = totals.mean(axis=0) - TOTAL
    assert (np.abs(bias) < 4 * error).all()
    assert (np.abs(bias) < 0.01).all()
    inside = [(r.total_low <= TOTAL) & (r.total_high >= TOTAL) for r in results]
    # 150 intervals; if 95 of 100 cover, the share has a standard error of 0.018 or more.
    assert 0.90 <= np.mean(inside) <= 0.98 + 0.018


def test_second_order_of_ishigami_is_the_closed_form():
    """Only the first and the third factor interact."""
    result = found(ishigami(designed(3, 16384, 1, second=True))[..., None], second=True)
    assert result.second == pytest.approx([0, TOGETHER / VARIANCE, 0], abs=0.015)
    assert (result.second_low[1], result.second_high[1]) == pytest.approx(
        (TOGETHER / VARIANCE,) * 2, abs=0.05
    )
    assert result.first == pytest.approx(FIRST, abs=0.01)
    assert result.total == pytest.approx(TOTAL, abs=0.01)


def test_second_order_and_its_resamples_are_those_of_salib_where_there_is_no_chance():
    from SALib.analyze import sobol

    y = ishigami(designed(3, 512, 5, second=True))
    ours = found_before(y[..., None], 7, 100, second=True)
    theirs = sobol.analyze(
        screening.problem("abc"), y.ravel(), calc_second_order=True, num_resamples=100, seed=7,
        keep_resamples=True,
    )  # fmt: skip
    upper = np.triu_indices(3, 1)
    assert ours.first == pytest.approx(np.minimum(theirs["S1"], theirs["ST"]), abs=1e-12)
    assert ours.total == pytest.approx(theirs["ST"], abs=1e-12)
    assert ours.second == pytest.approx(theirs["S2"][upper], abs=1e-12)
    spread = 1.959963984540054 * ours.drawn[:, 9:].std(axis=0, ddof=1)
    assert spread == pytest.approx(theirs["S2_conf"][upper], abs=1e-12)


@pytest.mark.parametrize("kind", ["independent", "common"])
def test_chance_passes_for_no_interaction_and_intervals_of_pairs_cover(kind):
    """40 designs with chance of four times the variance; without the correction S_13 is off."""
    known = np.array([0, TOGETHER / VARIANCE, 0])
    results = [found(with_chance(2048, 4, i, kind, True), second=True) for i in range(40)]
    values = np.array([r.second for r in results])
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    assert (np.abs(values.mean(axis=0) - known) < 4 * error).all()
    inside = [(r.second_low <= known) & (r.second_high >= known) for r in results]
    assert 0.95 - 4 * np.sqrt(0.95 * 0.05 / 120) <= np.mean(inside)


def test_without_the_correction_chance_would_pass_for_an_effect():
    y = with_chance(2048, 4, 0, "independent")
    naive = found(y.mean(axis=2, keepdims=True))
    # Chance adds 2 * 4 V / (2 * 4) = V to each half square, and V to the variance.
    assert naive.total == pytest.approx((TOTAL + 1) / 2, abs=0.06)
    assert found(y).total == pytest.approx(TOTAL, abs=4 * 0.05)


def test_the_variance_splits_into_what_factors_and_chance_make():
    result = found(with_chance(8192, 4, 1, "independent"))
    assert result.chance == pytest.approx(4 * VARIANCE, rel=0.02)
    assert result.variance == pytest.approx(VARIANCE, rel=0.1)


def test_a_factor_without_effect_stays_below_the_floor_in_95_of_100_designs():
    below = []
    for seed in range(200):
        x = designed(2, 256, seed + 1)
        chance = np.random.default_rng(seed).standard_normal((*x.shape[:2], 4))
        result = found(4 * x[..., :1] + chance, resamples=20)
        below.append(result.total[1] <= result.floor[1])
    assert 0.95 - 4 * 0.0154 <= np.mean(below) <= 1.0


def test_one_nan_changes_nothing_else_and_is_seen():
    y = with_chance(256, 3, 2, "independent")[..., None].repeat(2, axis=-1)
    broken = y.copy()
    broken[17, 2, 1, 0] = np.nan
    whole, lost = moments.reduced(y), moments.reduced(broken)
    assert list(np.flatnonzero(~lost.finite[:, 0])) == [17]
    assert lost.finite[:, 1].all()
    assert np.array_equal(lost.of(1).means, whole.of(1).means)
    keep = np.arange(256) != 17
    ours = sobol.estimate(lost.of(0, lost.finite[:, 0]), 1, 50)
    theirs = sobol.estimate(moments.reduced(y[keep]).of(0), 1, 50)
    assert np.array_equal(ours.total, theirs.total)


def test_more_blocks_leave_the_earlier_ones_as_they_were():
    a, b = moments.points(4, 0, 96, 11)
    first, more = moments.points(4, 0, 32, 11), moments.points(4, 32, 64, 11)
    assert np.array_equal(a, np.concatenate([first[0], more[0]]))
    assert np.array_equal(b, np.concatenate([first[1], more[1]]))


def test_columns_of_one_factor_are_taken_together():
    a, b = moments.points(3, 0, 8, 1)
    made = moments.rows(a, b, [0, 1, 1])
    assert made.shape == (8, 4, 3)
    assert np.array_equal(made[:, 2], np.column_stack((a[:, 0], b[:, 1:])))


def test_no_variance_gives_no_index_and_says_so():
    chance = np.random.default_rng(3).standard_normal((128, 4, 3))
    result = found(chance)
    assert np.isnan(result.total).all()
    said = convergence.verdict(("a", "b"), result, None, 128).text
    assert "No variance can be told from chance" in said


def test_of_resamples_in_which_an_output_is_always_the_same_no_factor_has_a_share():
    """Of 32 blocks it varies in four; some resamples have none of these."""
    y = np.zeros((32, 5, 1))
    y[:4] = ishigami(designed(3, 4, 3))[..., None]
    result = found(y, resamples=1000)
    flat = result.drawn[:, 1] == 0
    assert 0 < flat.mean() < 0.025
    assert (result.drawn[flat, 3:] == 0).all()
    assert np.isfinite(result.drawn).all()
    assert np.isfinite(result.total_high).all()


def additive(weights, blocks, key):
    """Values (blocks, k + 2, 1) of a sum, in which factors are all and interactions nothing."""
    x = designed(len(weights), blocks, key)
    return (x @ np.array(weights))[..., None]


def test_the_verdict_says_how_far_the_ranking_is_settled():
    y = additive([4.0, 2.0, 1.0], 1024, 1)
    said = convergence.verdict(("a", "b", "c"), found(y), found(y[:512]), 1024)
    assert (said.places, said.rivals) == (3, ("a",))
    assert said.text.startswith(
        "1,024 samples settle the order of all named factors (100% of resamples"
    )


def test_where_the_first_place_is_open_the_verdict_names_those_that_may_be_first():
    """Of three factors two do as much, and the third a sixteenth of it."""
    y = additive([4.0, 4.0, 1.0], 64, 1)
    said = convergence.verdict(("a", "b", "c"), found(y), found(y[:32]), 64)
    assert said.places == 0
    assert set(said.rivals) == {"a", "b"}
    assert said.text.startswith("64 samples do not settle which factor is first (")


def test_a_factor_that_is_not_ranked_has_no_place_and_is_no_rival():
    y = additive([4.0, 8.0, 1.0], 256, 1)
    said = convergence.verdict(("a", "b", "c"), found(y), found(y[:128]), 256, [0, 2])
    assert (said.places, said.rivals) == (2, ("a",))


def test_no_place_is_settled_that_half_the_blocks_give_to_another():
    whole, half = (found(additive(weights, 128, 1)) for weights in ([4.0, 1.0], [1.0, 4.0]))
    said = convergence.verdict(("a", "b"), whole, half, 128)
    assert (said.places, said.rivals) == (0, ("a", "b"))
    assert "but half the samples give another" in said.text


@pytest.mark.parametrize("method", ["pawn", "delta", "rbd_fast"])
def test_methods_for_given_data_put_the_factors_in_order(method):
    x = np.random.default_rng(1).random((200, 3))
    values, _ = screening.analyse(method, "abc", x, x @ np.array([4.0, 2.0, 0.0]), 0)
    assert list(np.argsort(-values)) == [0, 1, 2]


def test_our_pawn_is_that_of_salib():
    x = np.random.default_rng(1).random((300, 3))
    x[:, 2] = np.round(4 * x[:, 2])  # choices
    y = np.round(20 * (x[:, 0] + x[:, 1] ** 2))  # with ties
    theirs = screening.analyse("pawn", "abc", x, y, 0)[0]
    assert screening.pawn(x, y) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("method", "samples"), [("morris", 20), ("efast", 500)])
def test_methods_with_a_design_of_their_own_give_known_answers(method, samples):
    x = screening.sample(method, "abc", samples, 1)
    values, _ = screening.analyse(method, "abc", x, x @ np.array([4.0, 2.0, 0.0]), 1)
    known = [4, 2, 0] if method == "morris" else [0.8, 0.2, 0.0]
    assert values == pytest.approx(known, abs=0.02)


def test_salib_is_never_given_what_it_would_answer_with_zeros():
    x = np.random.default_rng(1).random((100, 2))
    y = x[:, 0].copy()
    y[3] = np.nan
    with pytest.raises(SensitivityError, match="1 of 100 outputs are not finite"):
        screening.analyse("delta", "ab", x, y, 0)
    with pytest.raises(SensitivityError, match="no factor matters"):
        screening.analyse("delta", "ab", x, np.ones(100), 0)


def test_seed_0_is_a_seed():
    assert screening.seeded(0) == 1
    x = np.random.default_rng(1).random((100, 2))
    once, again = (screening.analyse("rbd_fast", "ab", x, x[:, 0], 0) for _ in range(2))
    assert np.array_equal(once, again)


@pytest.mark.parametrize("blocks", [32, 128])
def test_what_factors_do_alone_lies_in_its_interval_and_is_all_of_a_sum(blocks):
    """A sum of eight factors has no interactions: alone 1, interactions 0, whatever the blocks.

    With each share cut at its total they came to 0.76 at 32 blocks, and in 62 of 100 designs lay
    outside their own interval, as the interactions did.
    """
    weights = [4.0, 3.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.0]
    results = [found(additive(weights, blocks, seed + 1), seed) for seed in range(100)]
    split, low, high = (
        np.array([getattr(r, f"split{end}") for r in results]) for end in ("", "_low", "_high")
    )
    assert split.sum(axis=1) == pytest.approx(1.0)
    assert 0.9 < split[:, 0].mean() <= 1
    assert ((low <= split) & (split <= high)).all()
    held = (low[:, 0] <= 1) & (high[:, 0] >= 1)
    assert held.mean() >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 100)


def test_intervals_of_few_blocks_under_chance_hold_small_effects_too():
    """The g-function, 64 blocks of 4 lucks, as much chance as variance: S1 held 78 of 100."""
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    part = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + part) - 1
    known = np.stack([part, part * np.prod(1 + part) / (1 + part)]) / whole
    held = []
    for seed in range(200):
        u = moments.rows(*moments.points(5, 0, 64, seed), np.arange(5))
        y = np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=-1)[..., None, None]
        noise = np.random.default_rng(seed).standard_normal((*y.shape[:2], 4, 1))
        found = sobol.estimate(moments.reduced(y + np.sqrt(whole) * noise).of(0), 1, 300)
        low = np.stack([found.first_low, found.total_low])
        high = np.stack([found.first_high, found.total_high])
        held.append((low <= known) & (known <= high))
    assert (np.mean(held, axis=0) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 200)).all()
