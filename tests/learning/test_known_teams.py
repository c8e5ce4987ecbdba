"""Learning agrees with closed forms where there are any, and drift with what it must do."""

import json

import numpy as np
import pytest

import sim
from sim.engine import batch, curves, mesa_worlds, metrics, setup
from sim.forecasting import Level
from sim.learning import bank as banks
from sim.learning import likelihood, measures, posterior

N, NOISE = 6_000, 0.3


def bank_of(slope, seed=1):
    """A bank of one parameter that counts and one that does not: ln tickets = slope z + noise."""
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((N, 2))
    places = values.argsort(axis=0).argsort(axis=0)
    from scipy.special import ndtri

    scores = ndtri((places + 0.5) / N)
    outcome = np.full((N, len(measures.MEASURES)), np.nan)
    outcome[:, 0] = slope * scores[:, 0] + NOISE * rng.standard_normal(N)
    return banks.Bank(
        ("a", "b"), values, scores, np.zeros(2, bool), outcome, outcome[:, 0].copy(), np.zeros(N)
    )


@pytest.mark.parametrize("value", [-0.8, 0.0, 0.5])
def test_a_straight_line_with_normal_noise_gives_the_normal_posterior(value):
    bank = bank_of(1.0)
    every = {"tickets": likelihood.emulate(bank.scores, bank.outcome[:, 0])}
    fit = likelihood.Likelihood.of(every, ["tickets"])
    rows = posterior.sample(bank, fit, [value], 1)
    noise = NOISE**2 + measures.MEASURES["tickets"].discrepancy ** 2
    weight = 1.0 / (1.0 + noise)
    error = 4.0 / np.sqrt(len(rows.scores))
    assert rows.scores[:, 0].mean() == pytest.approx(weight * value, abs=error * 0.3 + 0.02)
    assert rows.scores[:, 0].std() == pytest.approx(np.sqrt(noise * weight), rel=0.06)
    assert abs(rows.scores[:, 1].mean()) < 1.5 * error
    assert rows.scores[:, 1].std() == pytest.approx(1.0, rel=0.08)


def test_a_measure_that_parameters_do_not_move_teaches_nothing():
    bank = bank_of(0.0)
    every = {"tickets": likelihood.emulate(bank.scores, bank.outcome[:, 0])}
    rows = posterior.sample(bank, likelihood.Likelihood.of(every, ["tickets"]), [0.2], 1)
    assert rows.effective > 0.97 * rows.deals * N
    assert rows.scores.std(axis=0) == pytest.approx(1.0, rel=0.06)


def test_the_spread_of_noise_that_grows_with_the_mean_is_seen():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((N, 3))
    y = x[:, 0] + np.exp(-1.0 + 0.5 * x[:, 0]) * rng.standard_normal(N)
    part = likelihood.emulate(x, y)
    at = np.zeros((3, 3))
    at[:, 0] = (-1.0, 0.0, 1.0)
    mean, sd = part.at(at)
    assert mean == pytest.approx((-1.0, 0.0, 1.0), abs=0.06)
    assert sd == pytest.approx(np.exp(-1.0 + 0.5 * at[:, 0]), rel=0.12)


@pytest.mark.parametrize("key", measures.MEASURES)
def test_scales_are_inverted(key):
    one = measures.MEASURES[key]
    values = np.array([0.05, 0.4, 0.9])
    assert one.unscaled(one.scaled(values)) == pytest.approx(values)


def test_every_measure_is_that_of_the_worlds():
    plan = sim.load("platform-team").replace({"horizon.weeks": 6})
    result = sim.run(plan, 3, 1)
    table = result.replications
    values = table[list(metrics.NAMES)].to_numpy()
    share = result.parameters["dev_share"].to_numpy()
    got = dict(zip(measures.MEASURES, measures.of_worlds(values, share, 6, 12).T, strict=True))
    assert np.exp(got["tickets"]) == pytest.approx((table["tasks_done"] + 0.5) / 6)
    assert np.exp(got["hours"]) == pytest.approx(table["hours_per_task"])
    assert np.exp(got["review_hours"]) == pytest.approx(table["hours_review"] / 72)
    assert np.exp(got["development"]) == pytest.approx(40 * share)
    spent = sum(table[f"hours_{k}"] for k in ("agent", "manual", "review", "rework", "fix"))
    rework = (table["hours_rework"] + table["hours_fix"]) / spent
    assert measures.MEASURES["rework"].unscaled(got["rework"]) == pytest.approx(rework)


# ---- drift in the engine -----------------------------------------------------------------------


def team_file(path, changes=(), ends="2026-06-01", rows=50):
    """A record's curve set of packaged rows, with drift and size as stated."""
    plan = sim.load("platform-team")
    drawn = setup.draw(plan, 1, 0, rows)
    own = {name: without for name, (_, _, without) in curves.OF_RECORD.items()} | dict(changes)
    names = [name for name in drawn if name != "curve" and "." not in name]
    table = np.column_stack(
        [
            drawn["curve"],
            *(drawn[name] for name in names),
            *(np.full(rows, v) for v in own.values()),
        ]
    )
    base = setup.tier_curves(plan)
    data = {
        "name": "team", "date": base.date, "window_months": base.window_months,
        "columns": [*curves.RATES, *names, *own], "central": np.median(table, axis=0).tolist(),
        "draws": table.tolist(), "caveats": [], "record": {"ends": ends},
    }  # fmt: skip
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def worked(plan, draws=10):
    """Development hours of everybody, mean over worlds."""
    result = sim.run(plan, draws, 1)
    return sum(
        result.values(f"hours_{name}").mean()
        for name in ("agent", "manual", "review", "rework", "fix", "mentoring", "idle")
    )


def with_record(path, weeks=8):
    return sim.load("platform-team").replace(
        {"record": path, "horizon": {"weeks": weeks, "start": "2026-06-01"}}
    )


def test_a_level_of_twice_the_mean_doubles_the_hours_of_the_week(tmp_path):
    still = worked(with_record(team_file(tmp_path / "a.json")))
    twice = worked(with_record(team_file(tmp_path / "b.json", {"drift_level": np.log(2.0)})))
    assert twice / still == pytest.approx(2.0, rel=1e-3)


def test_tickets_of_half_the_size_are_done_about_twice_as_often(tmp_path):
    whole = sim.run(with_record(team_file(tmp_path / "a.json"), 26), 20, 1)
    half = sim.run(with_record(team_file(tmp_path / "b.json", {"ticket_size": 0.5}), 26), 20, 1)
    ratio = half.values("tasks_done").mean() / whole.values("tasks_done").mean()
    assert 1.5 < ratio < 2.3


WALK = {"drift_walk_sd": 0.1, "drift_reverting_sd": 0.3, "drift_persistence": 0.7,
        "drift_jump_chance": 0.05, "drift_jump_sd": 0.5}  # fmt: skip


def paces(plan, draws=400):
    """ln factor on hours of each week and draw, from capacities of the first person."""
    hours = []
    for draw in range(draws):
        model = sim.TeamModel(plan, 1, draw, 0)
        hours.append(model.weeks["pace"].copy())
    return np.log(hours)


def test_the_path_has_the_variance_of_its_equation(tmp_path):
    plan = with_record(team_file(tmp_path / "a.json", WALK), 12)
    path = paces(plan)
    weeks = np.arange(1, 13)
    step = 0.95 * 0.1**2 + 0.05 * 0.5**2
    expected = step * weeks + 0.3**2 * (1 - 0.7 ** (2 * weeks))
    error = expected * np.sqrt(2 / len(path)) * 1.6  # jumps have heavier tails
    assert (np.abs(path.var(axis=0) - expected) < 4 * error).all()
    assert (np.abs(path.mean(axis=0)) < 4 * np.sqrt(expected / len(path))).all()


def test_a_plan_that_starts_later_is_further_on_the_same_path(tmp_path):
    path = team_file(tmp_path / "a.json", WALK)
    now = with_record(path, 12)
    later = now.replace({"horizon": {"weeks": 4, "start": "2026-07-06"}})
    first, second = (sim.TeamModel(plan, 1, 3, 0).weeks["pace"] for plan in (now, later))
    assert second == pytest.approx(first[5:9], rel=1e-12)


def test_plans_and_luck_of_a_draw_share_the_path(tmp_path):
    plan = with_record(team_file(tmp_path / "a.json", WALK))
    other = plan.replace({"team.expert": 6})
    worlds = [sim.TeamModel(one, 1, 2, luck) for one in (plan, other) for luck in (0, 1)]
    assert all((one.weeks["pace"] == worlds[0].weeks["pace"]).all() for one in worlds)


def test_both_clocks_agree_under_drift(tmp_path):
    plan = with_record(team_file(tmp_path / "a.json", WALK | {"ticket_size": 0.7}), 10)
    values = setup.draw(plan, 5, 0, 6)
    templates = batch.templates_of(plan, 5, values)
    place = np.arange(6)
    compiled, _ = batch.simulate(templates, place, setup.replication(place, 0), 1)
    mesa, _ = mesa_worlds.simulate(None, plan, 5, templates.worlds, place, np.zeros(6, int))
    assert np.array_equal(compiled, mesa, equal_nan=True)


# ---- the level today -----------------------------------------------------------------------------


def test_the_level_today_is_measured_from_the_mean_of_the_window():
    counts = np.concatenate([np.full(40, 10), np.full(26, 20)])
    level = Level(counts)
    today = level.today(26, 2000)
    now = today["level"] + today["reverting"]
    assert np.exp(now.mean()) == pytest.approx(1.0, abs=0.12)
    whole = level.today(66, 2000)
    mean = counts.mean()
    assert np.exp((whole["level"] + whole["reverting"]).mean()) == pytest.approx(
        20 / mean, rel=0.15
    )


def test_the_path_ahead_starts_where_the_level_is():
    counts = np.random.default_rng(1).poisson(12, 60)
    level = Level(counts)
    path = level.ahead_of(26, 13, 3000)
    today = level.today(26, 3000)
    first = (today["level"] + today["reverting"]).mean()
    assert path.shape == (3000, 13)
    assert path[:, 0].mean() == pytest.approx(first, abs=0.05)
    assert (np.diff(path.var(axis=0)) > -1e-3).all()
