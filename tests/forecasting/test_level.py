"""The level after a history is that of theory; forecasts hold what comes as often as they say."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy import stats

from sim.errors import BacktestError
from sim.forecasting import Level, scores
from sim.forecasting.chains import START_MEAN, START_SD, Chains, reversion, steps
from sim.forecasting.level import counts_ahead, filtered
from sim.forecasting.replay import LEAST_RECENT, WEEKS
from sim.forecasting.settings import SHIPPED, Settings

STILL = Settings((1e-6,), (1e-6,), 0.0, (1e5,), 0.0, 0.5, 0.0)  # no drift, Poisson counts
KNOWN = 26  # weeks of a history
TEAMS = 25  # a setting


def test_steps_of_the_level_have_the_variance_that_is_asked():
    levels = Chains(SHIPPED, 50.0).levels
    middle = len(levels) // 2
    for sd in (0.01, 0.03, 0.1, 0.3, 0.5):
        chances = steps(levels, sd)[middle]
        apart = levels - levels[middle]
        assert chances.sum() == pytest.approx(1)
        assert chances @ apart == pytest.approx(0, abs=1e-9)
        assert np.sqrt(chances @ apart**2) == pytest.approx(sd, rel=0.01)


@pytest.mark.parametrize("persistence", [0.0, 0.7, 0.95])
def test_what_reverts_has_the_moments_of_an_autoregression(persistence):
    values, chain, weights = reversion(persistence, 0.4)
    assert weights @ values == pytest.approx(0)
    assert weights @ values**2 == pytest.approx(0.4**2)
    assert weights @ chain == pytest.approx(weights)
    assert (weights * values) @ chain @ values == pytest.approx(persistence * 0.4**2)


def test_the_chances_of_all_counts_of_a_week_add_up_to_one():
    chains = Chains(replace(SHIPPED, bulk_chance=0.0), 20.0)
    low = chains.levels < np.log(5)
    total = np.sum([chains.likelihood(count) for count in range(400)], axis=0)[..., low]
    assert total == pytest.approx(np.ones_like(total), abs=1e-4)


def test_without_drift_the_rate_is_that_of_bayes_for_a_poisson():
    counts = np.array([4, 7, 5, 9, 3, 6, 5, 8])
    rates, chances = Level(counts, STILL).rate
    weights = stats.norm.pdf(np.log(rates), START_MEAN, START_SD) * np.prod(
        stats.poisson.pmf(counts[:, None], rates), axis=0
    )
    assert chances == pytest.approx(weights / weights.sum(), abs=2e-4)


def test_without_drift_a_forecast_is_the_predictive_of_a_poisson():
    """With no drift at all the rate is known to a place of the grid, and the total is Poisson."""
    counts = np.full(600, 20)
    totals = Level(counts, STILL).ahead(13, draws=20_000).sum(axis=1)
    mean, place = 260.0, 0.125 * 260.0
    assert abs(totals.mean() - mean) < place / 2
    assert totals.var() == pytest.approx(mean + place**2 / 12, rel=0.15)


def test_paths_through_a_record_have_the_chances_of_all_its_weeks_together():
    """Two weeks, enumerated: the mean ln rates given both counts, against the paths drawn."""
    settings = Settings((0.3,), (0.5,), 0.6, (3.0,), 0.0, 0.5, 0.0)
    counts = np.array([3, 12])
    level = Level(counts, settings)
    chains = level.chains
    values, chain, _ = chains.reverting
    first = (chains.start()[0, 0, 0] * chains.likelihood(3)[0, 0]).reshape(-1)
    moved = np.kron(chain, chains.walk[0])
    joint = first[:, None] * moved * chains.likelihood(12)[0, 0].reshape(-1)
    joint /= joint.sum()
    rate = (values[0][:, None] + chains.levels).reshape(-1)
    exact = np.array([rate @ joint.sum(axis=1), rate @ joint.sum(axis=0)])
    past, _ = level.factors(1, draws=4000)
    change = past[:, 1] - past[:, 0]
    std_error = change.std() / np.sqrt(len(change))
    assert abs(change.mean() - (exact[1] - exact[0])) < 4 * std_error


def test_factors_average_one_over_the_record_and_spread_with_the_weeks_ahead():
    counts = np.random.default_rng(3).poisson(12, 60)
    past, after = Level(counts).factors(52, draws=800)
    assert past.shape == (800, 60)
    assert after.shape == (800, 52)
    assert np.exp(past).mean(axis=1) == pytest.approx(np.ones(800))
    spread = after.std(axis=0)
    assert spread[12] > spread[0]
    assert spread[51] > spread[12]


def test_without_a_history_factors_walk_from_today_by_the_prior():
    """Their variance after h weeks: h permanent steps, and what reverts twice its share left."""
    settings = Settings((0.1,), (0.3,), 0.5, (4.0,), 0.1, 0.5, 0.0)
    past, after = Level(np.zeros(0, int), settings).factors(20, draws=20_000)
    assert past.shape == (20_000, 0)
    step = 0.9 * 0.1**2 + 0.1 * 0.5**2
    for week in (1, 5, 20):
        variance = week * step + 2 * 0.3**2 * (1 - 0.5**week) + 0.125**2 / 12
        assert after[:, week - 1].var() == pytest.approx(variance, rel=0.06)


def test_a_bulk_of_closings_moves_the_level_little():
    counts = np.full(60, 10)
    plain = Level(counts).ahead(13, draws=2000).sum(axis=1)
    counts[-8] = 900
    after = Level(counts).ahead(13, draws=2000).sum(axis=1)
    assert np.median(after) < 1.5 * np.median(plain)


@pytest.mark.parametrize("counts", [[0] * 60 + [10**6] + [0] * 5, [10**6] * 9 + [0], [0], [10**6]])
def test_counts_that_no_level_explains_leave_a_forecast_that_is_finite(counts):
    level = Level(np.array(counts))
    assert level.rate[1].sum() == pytest.approx(1)
    assert (level.ahead(13, draws=50) >= 0).all()
    assert np.isfinite(np.concatenate(level.factors(13, draws=50), axis=1)).all()


def test_a_level_that_has_halved_for_good_is_followed():
    counts = np.concatenate([np.full(60, 40), np.full(20, 10)])
    assert 100 < np.median(Level(counts).ahead(13, draws=2000).sum(axis=1)) < 180


def test_the_same_seed_gives_the_same_forecast_and_another_gives_another():
    level = Level(np.arange(1, 40))
    assert (level.ahead(13, 200, seed=0) == level.ahead(13, 200, seed=0)).all()
    assert (level.ahead(13, 200, seed=0) != level.ahead(13, 200, seed=1)).any()


@pytest.mark.parametrize(
    "wrong",
    [{"walks": ()}, {"walks": (0.0,)}, {"shapes": (float("nan"),)}, {"persistence": 1.0},
     {"jump_chance": -0.1}, {"jump_sd": 0.0}, {"bulk_decay": 0.0}],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_in_one_line(wrong):
    (name,) = wrong
    with pytest.raises(BacktestError, match=rf"^{name} = .*: must be [^\n]*$"):
        Settings(**wrong)


# ---- teams whose truth is known ------------------------------------------------------------------


def truths():
    """Settings with one value of each that is listed: what one team's truth may be."""
    listed = product(SHIPPED.walks, SHIPPED.reverting, SHIPPED.shapes)
    return [replace(SHIPPED, walks=(w,), reverting=(s,), shapes=(r,)) for w, s, r in listed]


@pytest.fixture(scope="module")
def scored():
    """Intervals of 13 weeks of generated teams: held, and width, by the prior and by the truth."""
    rows = []
    for place, truth in enumerate(truths()):
        rng = np.random.default_rng(place)
        drawn = Chains(truth, 50.0)
        series = counts_ahead(drawn, drawn.start(), KNOWN + WEEKS, 4 * TEAMS, rng)
        busy = series[:, :KNOWN].mean(axis=1) * WEEKS >= LEAST_RECENT
        for counts in series[busy][:TEAMS]:
            rows.append([*_interval(counts, SHIPPED, rng), *_interval(counts, truth, rng)])
    return np.array(rows)


def _interval(counts, settings, rng):
    """Whether intervals hold the last 13 weeks, and ln of the ends of that of 80% apart."""
    chains = Chains(settings, float(counts[:KNOWN].max()))
    *_, last = filtered(counts[:KNOWN], chains)
    totals = counts_ahead(chains, last, WEEKS, 1000, rng).sum(axis=1)
    low, high = np.quantile(totals, [0.1, 0.9])
    return [*scores.inside(totals, counts[KNOWN:].sum()), np.log1p(high) - np.log1p(low)]


def test_intervals_hold_the_next_quarter_of_generated_teams_as_often_as_they_say(scored):
    n = len(scored)
    assert n > 10 * len(truths())
    for columns in (scored[:, :3], scored[:, 4:7]):
        for share, held in zip((0.5, 0.8, 0.95), columns.mean(axis=0), strict=True):
            std_error = np.sqrt(share * (1 - share) / n)
            # Ends are whole tickets, which belong to the interval: up to a few % of chance more.
            assert -4 * std_error < held - share < 4 * std_error + 0.03


def test_the_interval_is_hardly_wider_than_that_of_a_filter_that_knows_the_drift(scored):
    assert np.mean(scored[:, 3]) / np.mean(scored[:, 7]) < 1.25
