"""Intervals keep ignorance and chance apart, and are the ones theory gives."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr

from sim.analysis import estimates


def two_way(rng, draws, luck, between, within, mean=100.0):
    """Values with known variances between and within draws."""
    return mean + between * rng.normal(size=(draws, 1)) + within * rng.normal(size=(draws, luck))


def column(y, name, uncertain=True):
    return estimates.estimate(y, uncertain)[estimates.COLUMNS.index(name)]


def test_variance_components_are_unbiased():
    rng = np.random.default_rng(1)
    parts = [estimates.split(two_way(rng, 50, 3, 2.0, 5.0)) for _ in range(400)]
    for values, truth in (([p.between for p in parts], 4.0), ([p.within for p in parts], 25.0)):
        # `between` is cut off at 0, which these settings hardly ever reach.
        assert abs(np.mean(values) - truth) < 4 * np.std(values) / np.sqrt(400) + 0.05


def test_expected_interval_has_the_width_of_ignorance_alone():
    """True 95% width is 2 x 1.96 x sd between; the raw draw means would be 3 times as wide.

    Up to an eighth more: a width that is not well known holds as much as a known one only where it
    is more on average.
    """
    rng = np.random.default_rng(2)
    widths = []
    for _ in range(200):
        y = two_way(rng, 400, 2, 1.0, 4.0)
        widths.append(column(y, "ci_high") - column(y, "ci_low"))
    truth = 2 * 1.96
    error = 4 * np.std(widths) / np.sqrt(200)
    assert truth - error <= np.mean(widths) <= 1.125 * truth + error


DESIGNS = [(100, 2), (30, 4), (400, 2)]
SPREADS = [(1.0, 0.0), (1.0, 1.0), (1.0, 2.0), (1.0, 4.0), (0.3, 3.0)]  # 0 to 99% chance


@pytest.mark.parametrize(("draws", "luck"), DESIGNS)
@pytest.mark.parametrize(("between", "within"), SPREADS)
def test_the_expected_interval_covers_a_new_draw_whatever_the_share_of_chance(
    draws, luck, between, within
):
    """Of expectations N(0, between^2) at least 93% lie in it, but for 4 standard errors.

    Fewer than 39 draws have no 2.5% point: their least and greatest hold 1 - 2 / (draws + 1).
    """
    rng = np.random.default_rng(9)
    covered = []
    for _ in range(200):
        y = two_way(rng, draws, luck, between, within, 0.0)
        low, high = estimates.expected_interval(y)
        covered.append(ndtr(high / between) - ndtr(low / between))
    least = min(0.93, 1 - 2 / (draws + 1))
    assert np.mean(covered) > least - 4 * np.std(covered) / np.sqrt(200)


def test_the_expected_interval_is_narrow_where_chance_is_small():
    """Exact width 2 x 1.96; the numerical error of 100 draws adds 2%, their points 3%."""
    rng = np.random.default_rng(10)
    widths = [
        float(np.diff(estimates.expected_interval(two_way(rng, 100, 2, 1.0, 0.1)))[0])
        for _ in range(200)
    ]
    assert np.mean(widths) < 1.08 * 2 * 1.96


def test_no_ignorance_gives_no_width():
    rng = np.random.default_rng(3)
    narrow = [column(two_way(rng, 200, 4, 0.0, 1.0), "ci_high") for _ in range(100)]
    assert np.median(narrow) < 100.3


def test_chance_share_interval_covers_nineteen_times_in_twenty():
    rng = np.random.default_rng(4)
    truth = 9 / (9 + 4)
    repeats = 2000
    hits = 0
    for _ in range(repeats):
        y = two_way(rng, 40, 2, 2.0, 3.0)
        low, high = column(y, "chance_low"), column(y, "chance_high")
        hits += low <= truth <= high
    assert abs(hits / repeats - 0.95) < 4 * np.sqrt(0.95 * 0.05 / repeats)


def skewed(rng, draws, luck):
    """Waits, say: lognormal expectations, and luck that scatters in proportion to them."""
    expected = np.exp(0.7 * rng.normal(size=(draws, 1)))
    return expected * np.exp(0.8 * rng.normal(size=(draws, luck)) - 0.32)


def test_chance_share_interval_covers_outputs_with_tails_too():
    """Closed form: between exp(s^2)(exp(s^2) - 1), within exp(2 s^2)(exp(t^2) - 1).

    Intervals for normal values hold 82% here.
    """
    rng = np.random.default_rng(14)
    between = np.exp(0.49) * np.expm1(0.49)
    within = np.exp(2 * 0.49) * np.expm1(0.64)
    truth, repeats = within / (within + between), 1000
    hits = 0
    for _ in range(repeats):
        y = skewed(rng, 100, 2)
        low, high = estimates.chance(estimates.split(y), *y.shape)[1:]
        hits += low <= truth <= high
    assert abs(hits / repeats - 0.95) < 3 * np.sqrt(0.95 * 0.05 / repeats)


def test_values_whose_scatter_is_one_draw_s_have_no_excess():
    y = np.ones((10, 2))
    y[3] = 1.0, 2.0
    assert estimates.split(y).tails.excess == 1.0
    assert estimates.split(y[2:4]).tails.excess == 1.0


@pytest.mark.parametrize("luck", [1, 2])
def test_one_new_world_in_ten_is_below_p10_and_one_above_p90(luck):
    """Exact for independent worlds: the k-th of n has k/(n + 1) below it."""
    rng = np.random.default_rng(15)
    below, above = [], []
    for _ in range(400):
        y = rng.random((20, luck))
        below.append(column(y, "p10"))
        above.append(1 - column(y, "p90"))
    for found in (below, above):
        assert abs(np.mean(found) - 0.1) < 4 * np.std(found) / np.sqrt(400)


def test_ties_make_a_probability_better_known():
    """Of 400 worlds half are ties: their halves scatter half as much as whole ones."""
    rng = np.random.default_rng(16)
    coin = rng.integers(0, 2, (200, 2)).astype(float)
    mixed = np.where(rng.random((200, 2)) < 0.5, 0.5, coin)
    whole, half = (estimates.probability(y) for y in (coin, mixed))
    assert whole.high - whole.low == pytest.approx(2 * 1.96 * 0.5 / np.sqrt(400), rel=0.1)
    ratio = (half.high - half.low) / (whole.high - whole.low)
    assert ratio == pytest.approx(np.sqrt(0.5), rel=0.15)


def test_numerical_error_is_the_spread_of_the_mean_over_repeats():
    rng = np.random.default_rng(5)
    means, errors = [], []
    for _ in range(2000):
        y = two_way(rng, 30, 2, 2.0, 3.0)
        means.append(column(y, "mean"))
        errors.append(column(y, "mc_error"))
    student = stats.t.ppf(0.975, 29) / 1.959964  # 1.96 of it are to hold 95 of 100
    assert student * np.std(means) == pytest.approx(np.sqrt(np.mean(np.square(errors))), rel=0.07)


def test_worlds_with_an_undefined_value_are_left_out_and_counted():
    y = np.arange(40.0).reshape(20, 2)
    y[3, 1] = np.nan
    assert column(y, "undefined") == 1
    assert column(y, "mean") == pytest.approx(np.nanmean(y))
    assert column(y, "ci_low") < np.nanmean(y) < column(y, "ci_high")
    assert np.isnan(column(np.full((5, 2), np.nan), "mean"))
    assert column(np.full((5, 2), np.nan), "undefined") == 10


def test_no_interval_is_given_where_more_than_one_world_in_twenty_is_undefined():
    y = two_way(np.random.default_rng(8), 50, 2, 1.0, 1.0)
    y[:5, 0] = np.nan
    assert not np.isnan(column(y, "ci_low"))
    y[5, 0] = np.nan
    assert column(y, "mean") == pytest.approx(np.nanmean(y))
    assert np.isnan([column(y, "ci_low"), column(y, "ci_high")]).all()


def test_the_split_of_unequal_draws_is_that_of_equal_ones_where_none_is_undefined():
    y = two_way(np.random.default_rng(9), 60, 3, 1.0, 2.0)
    whole, parts = estimates.split(y), estimates._split_unequal(y)
    for name in ("mean", "between", "within", "ratio", "tails"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name))


def test_the_error_of_unequal_draws_is_between_rows_of_the_posterior_by_the_worlds_they_have():
    """A cluster's sum of deviations over all worlds, by arithmetic; and that of repeats."""
    rng = np.random.default_rng(11)
    means, errors = [], []
    for _ in range(400):
        row = rng.integers(40, size=300)
        y = rng.standard_normal(40)[row][:, None] + rng.standard_normal((300, 3))
        y[rng.random(y.shape) < 0.2] = np.nan
        y[0] = np.nan  # a draw without any value
        table = estimates.estimate(y, groups=row)
        means.append(table[0])
        errors.append(table[estimates.COLUMNS.index("mc_error")])
    off = y - np.nanmean(y)
    sums = np.array([np.nansum(off[row == r]) for r in np.unique(row)])
    k, worlds = len(sums), (~np.isnan(y)).sum()
    by_hand = np.sqrt((sums**2).sum() * k / (k - 1)) / worlds
    assert errors[-1] >= by_hand * stats.t.ppf(0.975, k - 1) / 1.959964 - 1e-12
    assert errors[-1] == pytest.approx(by_hand * stats.t.ppf(0.975, k - 1) / 1.959964, rel=0.15)
    assert np.mean(np.abs(means) <= 1.959964 * np.array(errors)) == pytest.approx(0.95, abs=0.035)


@pytest.mark.parametrize("kind", ["", "event"])
def test_draws_of_one_row_count_once_whatever_the_kind_of_output(kind):
    """Each draw repeated sixteen times as one row: no estimate or error is any narrower."""
    y = (two_way(np.random.default_rng(12), 50, 2, 1.0, 1.0) > 100).astype(float)
    many, row = y.repeat(16, axis=0), np.arange(50).repeat(16)
    once = estimates.estimate(y, kind=kind)
    whole = estimates.estimate(many, kind=kind, groups=row)
    for name in ("mean", "mc_error"):
        place = estimates.COLUMNS.index(name)
        assert whole[place] == pytest.approx(once[place], rel=0.02)
    narrow = estimates.estimate(many, kind=kind)[estimates.COLUMNS.index("mc_error")]
    assert narrow < 0.3 * whole[estimates.COLUMNS.index("mc_error")]
    if kind == "event":
        assert whole[1:3] == pytest.approx(once[1:3], rel=0.02)


@pytest.mark.parametrize("luck", [2, 8])
def test_what_is_estimated_does_not_depend_on_luck_where_worlds_are_undefined(luck):
    """Undefined where a draw's value is high: available worlds estimate one thing at any luck."""
    rng = np.random.default_rng(10)
    means = []
    for _ in range(300):
        y = two_way(rng, 100, luck, 1.0, 1.0)
        means.append(column(np.where(y > 102.5, np.nan, y), "mean"))
    many = two_way(rng, 200_000, 1, 1.0, 1.0)
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert abs(np.mean(means) - many[many <= 102.5].mean()) < 4 * error + 0.005


def test_what_never_happened_is_later_than_any_week_and_has_no_mean():
    y = np.array([[3.0, 5.0], [7.0, np.nan], [np.nan, np.nan], [9.0, 8.0], [4.0, 6.0]])
    row = dict(zip(estimates.COLUMNS, estimates.estimate(y, kind="never"), strict=True))
    assert (row["p10"], row["p50"], row["p90"], row["undefined"]) == (3, 7, np.inf, 3)
    assert np.isnan([row["mean"], row["ci_low"], row["mc_error"]]).all()


def test_central_parameters_leave_only_chance():
    y = two_way(np.random.default_rng(6), 30, 2, 0.0, 1.0)
    assert column(y, "chance_share", uncertain=False) == 1
    error = y.std(ddof=1) / np.sqrt(60) * stats.t.ppf(0.975, 59)
    high = column(y, "ci_high", uncertain=False)
    assert high == pytest.approx(y.mean() + error, rel=0.02)
    assert high >= y.mean() + error - 1e-9


def test_a_constant_has_no_chance_share():
    assert np.isnan(column(np.full((10, 2), 0.1 + 0.2), "chance_share"))


def test_one_luck_a_draw_cannot_tell_chance_from_ignorance():
    y = two_way(np.random.default_rng(7), 100, 1, 1.0, 1.0)
    assert np.isnan(column(y, "chance_share"))
    in_order = np.sort(y[:, 0])  # the end is at 2.525 of 101, and nothing is taken out for chance
    end = in_order[1] + 0.525 * (in_order[2] - in_order[1]) - y.mean()
    error = 1.959964 * column(y, "mc_error")
    assert column(y, "ci_low") == pytest.approx(y.mean() - np.hypot(end, error))


def test_probability_interval_covers_when_worlds_of_a_draw_agree():
    """With whole draws alike the number of draws counts, not of worlds."""
    rng = np.random.default_rng(8)
    repeats = 1500
    hits = 0
    for _ in range(repeats):
        holds = np.repeat(rng.random((60, 1)) < 0.3, 5, axis=1)
        found = estimates.probability(holds)
        hits += found.low <= 0.3 <= found.high
    assert abs(hits / repeats - 0.95) < 0.02


def test_a_probability_of_nothing_seen_still_has_an_interval():
    found = estimates.probability(np.zeros((50, 2), bool))
    assert found.value == 0
    assert found.low == 0
    assert 0.02 < found.high < 0.1
