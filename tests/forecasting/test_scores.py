"""Scores of forecasts are those of theory."""

import numpy as np
import pytest
from scipy import stats

from sim.forecasting import rivals, scores


def test_the_score_of_a_point_is_its_absolute_error():
    assert scores.crps(np.full(50, 7.0), 10.0) == pytest.approx(3.0)


def test_the_score_of_a_normal_is_the_closed_form():
    """CRPS of N(0, 1) at y is y (2 Phi(y) - 1) + 2 phi(y) - 1 / sqrt(pi)."""
    samples = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    for y in (-1.5, 0.0, 0.7):
        exact = y * (2 * stats.norm.cdf(y) - 1) + 2 * stats.norm.pdf(y) - 1 / np.sqrt(np.pi)
        assert scores.crps(samples, y) == pytest.approx(exact, abs=1e-3)


def test_central_intervals_hold_what_lies_within_them():
    samples = np.arange(101)
    assert scores.inside(samples, 50) == [True, True, True]
    assert scores.inside(samples, 85) == [False, True, True]
    assert scores.inside(samples, 96) == [False, False, True]
    assert scores.inside(samples, 99) == [False, False, False]


def test_resampling_of_a_constant_is_that_constant():
    history = np.concatenate([np.full(40, 99), np.full(26, 4)])
    totals = rivals.resampling(history, 13, 100, np.random.default_rng(1))
    assert (totals == 52).all()


def test_a_fixed_drift_spreads_the_total_by_its_factor():
    history, rng = np.full(30, 10), np.random.default_rng(1)
    for rival, sd in ((rivals.with_drift, 0.5), (rivals.weighted, 0.4)):
        logs = np.log(rival(history, 13, 20_000, rng) / 130)
        assert logs.std() == pytest.approx(sd, rel=0.03)


def test_weights_halve_every_eight_weeks():
    """Of a history that was 0 until 8 weeks ago, half of the weight lies in the weeks since."""
    history = np.concatenate([np.zeros(400, int), np.ones(8, int)])
    rng = np.random.default_rng(1)
    drawn = rivals.weighted(history, 13, 40_000, rng)
    assert drawn.mean() / np.exp(0.4**2 / 2) == pytest.approx(6.5, rel=0.02)
