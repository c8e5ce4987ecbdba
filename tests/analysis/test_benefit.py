"""Net benefit over what a unit of gain is worth: known answers, and coverage of its intervals."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.analysis import benefit

REPETITIONS = 200
SPREAD = 3 * np.sqrt(0.95 * 0.05 / REPETITIONS)


def constant(*values):
    """Worlds (plans, 10 draws, 2 lucks) that are the same everywhere."""
    return np.broadcast_to(np.array(values, float)[:, None, None], (len(values), 10, 2)).copy()


def test_the_frontier_of_four_plans_by_hand():
    """Weeks 0, 1, 3, 2.5 for 0, 30, 40, 60: the second is dominated by a mix."""
    first, switches = benefit.frontier(constant(0, 1, 3, 2.5), constant(0, 30, 40, 60))
    (only,) = switches
    assert first == 0
    assert (only.below, only.above) == (0, 2)
    assert only.worth == pytest.approx(40 / 3)
    assert only.low == pytest.approx(only.worth, rel=1e-3)
    assert only.high == pytest.approx(only.worth, rel=1e-3)


def test_each_switch_of_a_frontier_that_bends_twice():
    first, switches = benefit.frontier(constant(0, 2, 3), constant(0, 10, 30))
    assert [(s.below, s.above, s.worth) for s in switches] == [(0, 1, 5.0), (1, 2, 20.0)]
    assert first == 0


@pytest.mark.parametrize(
    ("gains", "costs"), [((0, 3), (10, 5)), ((0, 3), (5, 5)), ((1, 1), (5, 5))]
)
def test_a_plan_that_gives_more_for_no_more_is_best_at_any_worth(gains, costs):
    first, switches = benefit.frontier(constant(*gains), constant(*costs))
    assert switches == ()
    assert first == (1 if gains[1] > gains[0] else 0)


def test_what_one_plan_is_less_another_alone_counts():
    rng = np.random.default_rng(4)
    shared = rng.normal(1e4, 3e3, (1, 100, 4))
    gains, costs = (rng.normal(size=(2, 100, 4)) + np.array([0, 2])[:, None, None] for _ in "ab")
    (alone,) = benefit.frontier(gains, costs)[1]
    (both,) = benefit.frontier(gains + shared, costs + shared)[1]
    assert both.worth == pytest.approx(alone.worth, rel=1e-6)
    assert both.high == pytest.approx(alone.high, rel=1e-3)


@pytest.mark.parametrize(("shape", "draws"), [("normal", 50), ("normal", 400), ("lognormal", 100)])
def test_the_interval_of_a_switch_holds_it_95_times_in_100(shape, draws):
    """Gains with a mean of 2 and a spread of 3, costs with a mean of 100 that go with them."""
    rng = np.random.default_rng(61)
    held = []
    for _ in range(REPETITIONS):
        z = rng.standard_normal((2, draws))
        if shape == "lognormal":
            z = (np.exp(z) - np.exp(0.5)) / np.sqrt((np.e - 1) * np.e)
        low, high = benefit.interval(2 + 3 * z[0], 100 + 20 * z[0] + 40 * z[1])
        held.append(low <= 50 <= high)
    assert np.mean(held) >= 0.95 - SPREAD
    assert np.mean(held) <= 0.95 + SPREAD


def test_the_interval_holds_the_worth_of_the_best_of_eight_that_are_alike():
    """Having come out first flatters a plan: the pairwise interval held 84 of 100."""
    rng = np.random.default_rng(64)
    held = []
    for _ in range(REPETITIONS):
        gains = np.concatenate([np.zeros((1, 100, 1)), 2 + 4 * rng.standard_normal((8, 100, 1))])
        costs = np.full_like(gains, 100.0)
        costs[0] = 0.0
        (switch,) = benefit.frontier(gains, costs)[1]
        held.append(switch.low <= 50 <= switch.high)
    assert np.mean(held) >= 0.95 - SPREAD


def test_plans_that_differ_by_rounding_make_no_switch():
    assert benefit.frontier(constant(0, 0.1 + 0.2, 0.3), constant(0, 20, 10))[1][-1].worth < 50
    _, switches = benefit.frontier(constant(0, 1, 2, 3), constant(0, 7, 14, 21))
    assert [(s.below, s.above) for s in switches] == [(0, 3)]


@pytest.mark.parametrize(("gain", "may"), [(-5.0, False), (0.0, True), (5.0, True)])
def test_a_plan_may_give_more_unless_its_gain_is_told_to_be_none(gain, may):
    rng = np.random.default_rng(65)
    gains = np.concatenate([np.zeros((1, 100, 1)), gain + 3 * rng.standard_normal((1, 100, 1))])
    assert benefit.gives_more(gains, 0) is may
    assert benefit.gives_more(constant(0, 0), 0) is False


def test_gains_that_cannot_be_told_from_none_pay_from_some_worth_or_never():
    rng = np.random.default_rng(62)
    gain, cost = 0.1 + rng.normal(0, 3, 100), np.full(100, 100.0)
    low, high = benefit.interval(gain - gain.mean() + 0.1, cost)
    assert 0 < low < 1000
    assert high == np.inf


def test_the_acceptability_curve_of_normal_gains():
    """Net benefit is normal, so the probability that it is above nothing is known at each worth."""
    rng = np.random.default_rng(63)
    gain = 2 + 3 * rng.standard_normal((2000, 1)) + rng.normal(0, 2, (2000, 8))
    gains = np.stack([np.zeros_like(gain), gain])
    costs = np.stack([np.zeros_like(gain), np.full_like(gain, 100.0)])
    worths = np.array([0.0, 25.0, 50.0, 100.0])
    found = benefit.acceptability(gains, costs, worths)
    truth = norm.cdf((2 * worths - 100) / np.maximum(3 * worths, 1e-9))
    assert found[:, 1, 0] == pytest.approx(truth, abs=0.03)
    assert (found[:, 1, 1] - 0.01 <= truth).all()
    assert (truth <= found[:, 1, 2] + 0.01).all()
    assert found[:, :, 0].sum(axis=1) == pytest.approx(1.0)
