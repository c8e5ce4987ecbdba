"""Intervals hold what they promise where the truth is known, and stay inside what is possible."""

import numpy as np
import pytest

from sim.analysis import estimates, paired, ratios
from sim.engine import metrics
from sim.validation import designs

REPETITIONS = 300
LEAST, MOST = 0.94, 0.965  # what 95% intervals of a percent difference hold on average
FLOOR = 0.93  # no row that reaches users is below it
RARE = [d for d in designs.GRID if d.kind == designs.RARE and d.draws == 100 and d.noise >= 1]


def held(low, high, truth):
    """Share of sorted truths that an interval holds."""
    return (np.searchsorted(truth, high, "right") - np.searchsorted(truth, low, "left")) / len(
        truth
    )


def holds_nominal(shares, least, most):
    """Whether the mean of shares lies in the band, but for three Monte Carlo errors."""
    error = 3 * np.std(shares) / np.sqrt(len(shares))
    return least - error <= np.mean(shares) <= most + error


# ---- percent differences -----------------------------------------------------------------------


def percent_shares(pair):
    rng = np.random.default_rng(41)
    truth, shares = np.sort(designs.effects(pair, 20_000, rng)) - 1, []
    for _ in range(REPETITIONS):
        a, b = designs.worlds(pair, designs.effects(pair, pair.draws, rng), rng)
        _, low, high = paired.relative(a, b)
        shares.append(held(low / 100, high / 100, truth))
    return np.array(shares)


@pytest.mark.parametrize("pair", designs.PAIRS, ids=lambda pair: pair.name)
def test_a_percent_interval_holds_the_ratio_of_a_new_draw_95_times_in_100(pair):
    shares = percent_shares(pair)
    assert holds_nominal(shares, LEAST, MOST), np.mean(shares)


def test_a_percent_interval_is_of_the_ratio_as_it_is_in_the_other_direction():
    """ln (b / a) = -ln (a / b), so the ends change places."""
    rng = np.random.default_rng(44)
    a, b = designs.worlds(designs.PAIRS[4], designs.effects(designs.PAIRS[4], 101, rng), rng)
    low, high = ratios.interval(a, b)
    assert ratios.interval(b, a) == pytest.approx((1 / high, 1 / low), rel=0.02)


@pytest.mark.parametrize(("draws", "luck"), [(2, 1), (2, 2), (40, 1), (12, 5)])
def test_a_percent_interval_has_finite_ends_in_order_however_few_the_worlds(draws, luck):
    rng = np.random.default_rng(46)
    a, b = rng.gamma(0.5, 10.0, (2, draws, luck)) + 1e-9
    b[:, ::2] *= -0.3  # a world may be below zero where its draw is not
    b = np.where(b.mean(axis=1, keepdims=True) < 0, -b, b)
    _, low, high = paired.relative(a, b)
    assert -100 <= low <= high < np.inf


def test_a_plan_that_does_nothing_in_some_draws_loses_a_hundred_percent_at_most():
    rng = np.random.default_rng(45)
    a = rng.gamma(4.0, 5.0, (60, 2))
    b = np.where(rng.random((60, 1)) < 0.2, 0.0, 1.2 * a)
    _, low, high = paired.relative(a, b)
    assert low == pytest.approx(-100)
    assert 0 < high < 1000
    assert paired.relative(a, 0 * a) == (-100, -100, -100)


# ---- inside what is possible -------------------------------------------------------------------


@pytest.mark.parametrize("design", designs.GRID, ids=str)
def test_an_interval_never_leaves_what_is_possible(design):
    rng = np.random.default_rng(42)
    for _ in range(60):
        y = designs.values(design, designs.expectations(design, design.draws, rng), rng)
        row = dict(zip(estimates.COLUMNS, estimates.estimate(y, bounds=design.bounds), strict=True))
        least, most = design.bounds
        assert least <= row["ci_low"] <= row["mean"] <= row["ci_high"] <= most


@pytest.mark.parametrize("design", RARE, ids=str)
def test_a_rare_sum_is_held_at_nominal_with_a_hundred_draws_of_two_lucks(design):
    rng = np.random.default_rng(43)
    truth, shares = np.sort(designs.expectations(design, 20_000, rng)), []
    for _ in range(REPETITIONS):
        y = designs.values(design, designs.expectations(design, design.draws, rng), rng)
        shares.append(held(*estimates.expected_interval(y, bounds=design.bounds), truth))
    assert holds_nominal(shares, 0.93, 0.97), np.mean(shares)


def test_every_count_and_share_has_bounds_from_its_own_row():
    for metric in metrics.METRICS:
        least, most = metric.bounds()
        assert (least == 0) != metric.negative
        if metric.unit == "share":
            assert most == 1.0
    assert metrics.BY_NAME["level_counts_end_expert"].bounds(people=9) == (0.0, 9.0)
