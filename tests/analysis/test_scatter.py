"""How widely a ratio of mean squares scatters: known answers, and what its interval holds."""

import numpy as np
import pytest
from scipy.stats import f, t

from sim.analysis import estimates, scatter

DRAWS, LUCK = 60, 3


def ratio(y):
    """Ratio of mean squares of y (draws, luck), and its scatter."""
    parts = estimates.split(y)
    return parts.ratio, parts.tails


def test_the_interval_of_normal_values_is_that_of_the_f_distribution():
    freedom = DRAWS - 1, DRAWS * (LUCK - 1)
    low, high = scatter.interval(3.0, scatter.NORMAL, DRAWS, LUCK)
    assert low == pytest.approx(3 / f.ppf(0.975, *freedom))
    assert high == pytest.approx(3 / f.ppf(0.025, *freedom))


def test_the_jackknife_of_normal_values_has_the_kurtosis_of_their_squares():
    """All luck: each draw's share of the ratio is that of a squared normal mean."""
    rng = np.random.default_rng(3)
    of = [ratio(rng.standard_normal((4000, 40)))[1] for _ in range(20)]
    assert np.mean([one.kurtosis for one in of]) == pytest.approx(scatter.SQUARES, abs=1.5)
    assert np.mean([one.excess for one in of]) == pytest.approx(1.0, abs=0.05)
    assert np.mean([one.skewness for one in of]) == pytest.approx(np.sqrt(8), abs=0.3)


def test_long_tails_widen_by_student_s_t_and_short_ones_do_not():
    normal = np.log(scatter.interval(3.0, scatter.NORMAL, DRAWS, LUCK))
    short = np.log(scatter.interval(3.0, scatter.Scatter(1.0, 0.0, 3.0), DRAWS, LUCK))
    tails = np.log(scatter.interval(3.0, scatter.Scatter(1.0, 0.0, 31.0), DRAWS, LUCK))
    assert short == pytest.approx(normal)
    wider = t.ppf(0.975, 2 * DRAWS / 30) / t.ppf(0.975, 2 * DRAWS / 14)
    assert tails - np.log(3) == pytest.approx(wider * (normal - np.log(3)))


def test_skewness_moves_the_upper_end_alone_and_only_to_the_right():
    normal = scatter.interval(3.0, scatter.NORMAL, DRAWS, LUCK)
    right = scatter.interval(3.0, scatter.Scatter(1.0, 2.0, 15.0), DRAWS, LUCK)
    left = scatter.interval(3.0, scatter.Scatter(1.0, -2.0, 15.0), DRAWS, LUCK)
    assert left == normal
    assert right[0] == normal[0]
    assert right[1] > normal[1]


@pytest.mark.parametrize("y", [np.ones((2, 2)), np.ones((9, 2))])
def test_values_that_tell_nothing_of_their_scatter_are_taken_as_normal(y):
    assert ratio(y)[1] == scatter.NORMAL


def rare(rng, draws, luck):
    """Sums of a rare thing: a gamma rate a draw, its Poisson count, each of exponential size."""
    rate = rng.gamma(0.5, 1.0, size=(draws, 1))
    count = rng.poisson(np.broadcast_to(rate, (draws, luck)))
    return np.where(count > 0, rng.gamma(np.maximum(count, 1e-9)), 0.0)


def test_the_share_of_luck_of_rare_sums_is_held():
    """Closed form: between Var(rate) = 0.5; within E(rate) x E(size^2) = 0.5 x 2.

    At 400 draws within 3 standard errors of 95%, where normal values would hold 74%. A hundred
    draws of something as rare are too few: 91.5% (0.9) of 1,000 repetitions.
    """
    rng = np.random.default_rng(21)
    truth, repeats, held, normal = 1.0 / 1.5, 1000, 0, 0
    for _ in range(repeats):
        y = rare(rng, 400, 2)
        parts = estimates.split(y)
        low, high = estimates.chance(parts, *y.shape)[1:]
        held += low <= truth <= high
        low, high = estimates.chance(parts._replace(tails=scatter.NORMAL), *y.shape)[1:]
        normal += low <= truth <= high
    assert normal / repeats < 0.85
    assert abs(held / repeats - 0.95) < 3 * np.sqrt(0.95 * 0.05 / repeats)
