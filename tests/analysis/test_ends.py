"""Changes between the ends of a factor are those of the function, and hold their intervals."""

import numpy as np
import pytest
from scipy.special import ndtri

from sim.analysis import ends, moments

Z = ndtri(0.9)


def blocks(count, key, effect, other=0.0):
    """Places of the first of two factors in A and B, and the output of AB_1 less that of A.

    effect : function of u; other : how much the second factor bends the first one's effect
    """
    a, b = moments.points(2, 0, count, key)
    bend = 1 + other * ndtri(a[:, 1])
    return np.stack([a[:, 0], b[:, 0]], axis=1), bend * (effect(b[:, 0]) - effect(a[:, 0]))


def test_a_line_in_the_normal_score_is_found_exactly_whatever_the_other_factor_adds():
    found = ends.of_number(*blocks(64, 1, lambda u: 5 * ndtri(u)), 1)
    assert found.change == pytest.approx(10 * Z)
    assert found.at == pytest.approx((-5 * Z, 5 * Z), abs=1e-6)
    assert (found.low, found.high) == pytest.approx((10 * Z, 10 * Z))


def test_an_effect_that_bends_is_found_at_its_ends():
    """Within 5%: the spline is straight beyond its outer knots, where exp still bends."""
    found = ends.of_number(*blocks(512, 1, lambda u: np.exp(ndtri(u) / 2)), 1)
    assert found.change == pytest.approx(np.exp(Z / 2) - np.exp(-Z / 2), rel=0.05)
    assert sum(found.at) > 0  # the middle of the ends lies above the average of exp


def test_intervals_of_a_change_hold_the_truth_as_often_as_they_say():
    """The second factor makes each block's change larger or smaller; its mean is the truth."""
    held = 0
    for key in range(200):
        found = ends.of_number(*blocks(64, key, lambda u: 5 * ndtri(u), other=1.0), key)
        held += found.low <= 10 * Z <= found.high
    assert 178 <= held <= 200  # 95% of 200 less 4 standard errors; the sequence is evener than luck


def test_choices_are_told_from_the_least_to_the_most():
    value = np.array([3.0, 1.0, 7.0])
    u, _ = blocks(48, 1, lambda u: u)
    places = (3 * u).astype(int)
    found = ends.of_choices(places, 3, value[places[:, 1]] - value[places[:, 0]], 1)
    assert found.places == (1, 2)
    assert found.change == pytest.approx(6)
    assert found.at == pytest.approx((1 - value.mean(), 7 - value.mean()))


def test_what_is_taken_together_reaches_as_far_as_eight_of_ten_of_a_normal():
    found = ends.of_variance(4.0, np.full(10, 4.0))
    assert found.at == pytest.approx((-2 * Z, 2 * Z))
    assert found.change == found.low == found.high == pytest.approx(4 * Z)
    assert ends.of_variance(-1.0, np.full(10, -1.0)).change == 0
