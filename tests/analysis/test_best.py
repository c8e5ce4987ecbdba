"""The probability of being best holds its interval, whatever the chance and the shape.

Expectations are made up, so the probability is known from the normal distribution. What needs a
thousand repetitions stands in `benchmarks/choices.py`.
"""

import numpy as np
import pytest
from scipy.stats import norm

from sim.analysis import best, deconvolution

REPETITIONS = 200
SPREAD = 3 * np.sqrt(0.95 * 0.05 / REPETITIONS)


def gains(rng, shape, p, chance, draws, luck):
    """Worlds (draws, luck) of expectations that are above zero with probability p.

    shape  : sigma of a shifted lognormal of standard deviation 1; 0 for a normal
    chance : share of the variance of a world that is luck
    """
    expected = deconvolution.quantile(shape, rng.standard_normal(draws))
    expected = expected - deconvolution.quantile(shape, norm.ppf(1 - p))
    noise = np.sqrt(chance / (1 - chance))
    return expected[:, None] + noise * rng.standard_normal((draws, luck))


@pytest.mark.parametrize(
    ("shape", "p", "chance", "draws", "luck"),
    [
        (0.0, 0.84, 0.1, 100, 2),
        (0.0, 0.84, 0.8, 100, 2),
        (0.0, 0.5, 0.5, 100, 8),
        (0.3, 0.84, 0.5, 100, 2),
        (0.7, 0.95, 0.5, 200, 8),  # an edge that chance blurs: a count of shrunk means held 37%
    ],
)
def test_the_interval_of_a_probability_of_being_better_holds_it_95_times_in_100(
    shape, p, chance, draws, luck
):
    """And no more, with normal values: intervals that held always were twice too wide."""
    rng = np.random.default_rng(51)
    found = [best.better(gains(rng, shape, p, chance, draws, luck)) for _ in range(REPETITIONS)]
    share = np.mean([low <= p <= high for _, low, high in found])
    assert share >= 0.95 - SPREAD
    assert shape or share <= 0.95 + SPREAD


def test_plans_that_differ_from_each_other_by_chance_alone_are_not_told_apart_by_it():
    """Two plans share what makes them differ from the third; counts let them take turns with it.

    With c and e normal, variances 0.95 and 0.05, the third (0) is best where both are below it:
    P(0.3 + c + max(e1, e2) < 0), by quadrature.
    """
    rng = np.random.default_rng(52)
    many = 0.3 + np.sqrt(0.95) * rng.standard_normal(400_000)
    truth = (norm.cdf(-many / np.sqrt(0.05)) ** 2).mean()
    held, points = [], []
    for _ in range(100):
        common = np.sqrt(0.95) * rng.standard_normal(200)
        own = np.sqrt(0.05) * rng.standard_normal((2, 200))
        expected = np.stack([np.zeros(200), 0.3 + common + own[0], 0.3 + common + own[1]])
        y = expected[:, :, None] + 1.5 * rng.standard_normal((3, 200, 4))
        p, low, high = best.best(y)[0]
        points.append(p)
        held.append(low <= truth <= high)
    assert abs(np.mean(points) - truth) < 0.03
    assert np.mean(held) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 100)


def test_rows_that_several_draws_share_count_once():
    """A plan is better where its row of the posterior is: 50 rows, whatever the draws."""
    rng = np.random.default_rng(53)
    held = []
    for _ in range(100):
        row = rng.integers(50, size=500)
        y = (0.5 + rng.standard_normal(50)[row])[:, None] + 0.3 * rng.standard_normal((500, 2))
        _, low, high = best.better(y, row)
        held.append(low <= norm.cdf(0.5) <= high)
    assert np.mean(held) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 100)


def test_probabilities_add_up_and_mirror_each_other():
    y = np.random.default_rng(54).standard_normal((5, 60, 3)) + np.arange(5)[:, None, None] / 5
    found = best.best(y)
    assert found[:, 0].sum() == pytest.approx(1)
    assert (found[:, 1] <= found[:, 0]).all()
    assert (found[:, 0] <= found[:, 2]).all()
    one, other = best.best(y[:2])
    assert one[0] + other[0] == pytest.approx(1)
    assert one[1] + other[2] == pytest.approx(1)


def test_plans_that_never_differ_share_and_none_of_the_draws_is_not_certainty():
    assert np.allclose(best.best(np.ones((4, 10, 2)))[:, 0], 0.25)
    surely = np.stack([np.zeros((100, 2)), np.ones((100, 2)), np.ones((100, 2))])
    assert np.allclose(best.best(surely)[:, 0], [0, 0.5, 0.5])
    p, low, high = best.better(np.ones((100, 2)))
    assert p == high == 1
    assert 0.96 < low < 0.99  # Jeffreys: 0.975


def test_a_map_without_chance_leaves_values_where_they_are_and_shapes_have_unit_spread():
    noise = int(np.flatnonzero(deconvolution.NOISES == 0)[0])
    every = [deconvolution.table(noise, place) for place in range(len(deconvolution.SIGNALS))]
    maps, density = map(np.stack, zip(*every, strict=True))
    middle = np.abs(deconvolution.GRID) < 1.5
    normal = int(np.flatnonzero(deconvolution.SHAPES == 0)[0])
    np.testing.assert_allclose(
        maps[0, normal, middle], deconvolution.GRID[middle], rtol=0, atol=0.03
    )
    np.testing.assert_allclose(density.sum(axis=2) * deconvolution.STEP, 1, atol=0.02)
    z = norm.ppf((np.arange(4000) + 0.5) / 4000)
    for shape in deconvolution.SHAPES[2:-2]:
        x = deconvolution.quantile(shape, z)
        assert abs(x.mean()) < 0.01
        assert x.std() == pytest.approx(1, abs=0.03)
        np.testing.assert_allclose(deconvolution.score(shape, x), z, atol=1e-6)
