"""One bank of simulations: emulators, weights and calibration give closed forms back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration import (
    bank,
    equations,
    particles,
    populations,
    sbc,
    work,
    work_settings,
)
from sim.analysis import emulator
from sim.engine import curves, posterior, setup

ROOT = Path(__file__).parents[2] / "calibration"
SETTINGS = work_settings.read()
STUDY = curves.read(ROOT / "curves" / "study.json")


def named_population(name):
    (found,) = [one for one in SETTINGS.populations if one.name == name]
    return found


# ---- known answers: emulators --------------------------------------------------------------------


def test_an_emulator_of_a_quadratic_is_that_quadratic():
    luck = np.random.default_rng(1)
    x = luck.standard_normal((600, 3))

    def truth(x):
        return 1.0 + 2.0 * x[:, 0] - x[:, 1] * x[:, 2] + 0.5 * x[:, 1] ** 2

    found = emulator.fit(x, truth(x), 1e-9, 3)
    fresh = 2.0 * luck.standard_normal((900, 3))
    assert found(fresh) == pytest.approx(truth(fresh), abs=1e-6)


def test_products_are_those_of_the_inputs_that_explain_most():
    luck = np.random.default_rng(2)
    x = luck.standard_normal((2000, 6))
    y = 3.0 * x[:, 4] + 2.0 * x[:, 1] + x[:, 1] * x[:, 4] + 0.01 * x[:, 0]
    found = emulator.fit(x, y, 1e-6, 2)
    assert found.crossed.tolist() == [1, 4]
    assert found(x) == pytest.approx(y, abs=1e-6)


def test_what_an_emulator_says_is_its_features_times_its_slopes():
    luck = np.random.default_rng(3)
    x = luck.standard_normal((50, 5))
    found = emulator.fit(x, luck.standard_normal(50), 1.0, 3)
    by_features = found.intercept + emulator.features(x, found.crossed) @ found.slopes
    assert found(x) == pytest.approx(by_features, abs=1e-12)


def test_the_error_of_an_emulator_is_the_noise_it_cannot_explain():
    luck = np.random.default_rng(2)
    x = luck.standard_normal((4000, 3))
    y = x[:, 0] + 0.3 * luck.standard_normal(4000)
    found = emulator.cross_validate(x, y, 1.0, 3, 5)
    assert found.error == pytest.approx(0.3, abs=4 * 0.3 / np.sqrt(2 * 4000) + 0.002)
    assert found.explained == pytest.approx(1 - 0.09 / 1.09, abs=0.015)


def test_the_error_of_an_emulator_is_that_where_it_is_asked():
    """A cube is no square: far out the error is larger, and points there make it smaller."""
    luck = np.random.default_rng(3)
    x = np.concatenate(
        [luck.standard_normal((2000, 2)), 3.0 + 0.3 * luck.standard_normal((500, 2))]
    )
    y = x[:, 0] ** 3 + 0.1 * luck.standard_normal(2500)
    near = slice(2000, None)
    everywhere, there = (
        emulator.cross_validate(x, y, 1.0, 2, 5, part) for part in (slice(None), near)
    )
    of_prior = emulator.cross_validate(x[:2000], y[:2000], 1.0, 2, 5)
    far = np.sqrt(np.mean((of_prior.whole(x[near]) - y[near]) ** 2))
    assert far > 3 * of_prior.error
    assert there.error < 0.5 * far
    off = [y[i] - everywhere.folds[i % 5](x[i : i + 1])[0] for i in range(2000, 2500)]
    assert there.error == pytest.approx(np.sqrt(np.mean(np.square(off))))


def test_the_emulator_of_a_fold_has_not_seen_it():
    """A point moved far away changes the emulators of all folds but its own."""
    luck = np.random.default_rng(4)
    x, y = luck.standard_normal((60, 2)), luck.standard_normal(60)
    moved = y.copy()
    moved[7] += 100.0
    before, after = (emulator.cross_validate(x, one, 1.0, 2, 5) for one in (y, moved))
    for fold, (one, other) in enumerate(zip(before.folds, after.folds, strict=True)):
        assert np.array_equal(one.slopes, other.slopes) == (fold == 7 % 5)


# ---- known answers: a linear Gaussian problem ----------------------------------------------------


class Line:
    """A prior of 40 normal coordinates and 5 rows of a curve, 0 but for one column."""

    size, names = 40, tuple(("", str(i)) for i in range(40))
    column = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) / np.sqrt(2.0)

    class study:  # noqa: N801
        draws = np.zeros((5, 1))

    def prior(self, count, luck):
        z = luck.standard_normal((count, self.size))
        return particles.Draws(self, z, luck.integers(5, size=count))

    def curve_inputs(self, rows):
        return self.column[rows][:, None]


H = np.array([[1.0, 1.0, 0.0, *[0.0] * 37], [0.0, 1.0, 0.0, *[0.0] * 37]])
SD = np.array([0.4, 0.6])
AIM = np.array([3.0, -1.5])  # far out: one prior draw in a thousand comes near
ROW = np.array([0.5, 0.0])  # how far a row moves each


def line_pool(count=20_000, rounds=6, seed=3):
    """The pool, and its log likelihood."""

    def predict(draws):
        return draws.z @ H.T + Line.column[draws.rows][:, None] * ROW

    def likelihood(said):
        return -0.5 * (((said - AIM) / SD) ** 2).sum(axis=1)

    luck = np.random.default_rng(seed)
    return particles.pool(Line(), predict, likelihood, luck, rounds, count), likelihood


def closed_form(used=(0, 1)):
    """Mean (3,), covariance (3, 3) of the first coordinates, and the rows' probabilities."""
    h, sd, aim = H[list(used), :3], SD[list(used)], AIM[list(used)]
    covariance = np.linalg.inv(np.eye(3) + h.T @ np.diag(1 / sd**2) @ h)
    spread = np.linalg.inv(h @ h.T + np.diag(sd**2))
    off = aim - Line.column[:, None] * ROW[list(used)]
    share = np.exp(-0.5 * np.einsum("ri,ij,rj->r", off, spread, off))
    share /= share.sum()
    means = (covariance @ h.T @ np.diag(1 / sd**2) @ off.T).T
    mean = share @ means
    between = (share[:, None] * (means - mean)).T @ (means - mean)
    return mean, covariance + between, share


@pytest.fixture(scope="module")
def line():
    pool, likelihood = line_pool()
    return pool, pool.weights(likelihood)


def check_against(pool, weight, used=(0, 1)):
    mean, covariance, share = closed_form(used)
    count = particles.effective(weight)
    z = pool.draws.z[:, :3]
    assert (np.abs(weight @ z - mean) < 5 * np.sqrt(np.diag(covariance) / count)).all()
    found = (weight[:, None] * (z - mean)).T @ (z - mean)
    assert found == pytest.approx(covariance, abs=5 * np.sqrt(2 / count))
    rows = np.bincount(pool.draws.rows, weight)
    assert (np.abs(rows - share) < 5 * np.sqrt(share * (1 - share) / count) + 0.002).all()


def test_weights_give_a_linear_gaussian_posterior_in_closed_form(line):
    check_against(*line)


def test_rounds_move_to_where_the_posterior_lies(line):
    """As many draws of the prior alone would leave about one in a thousand of them to count."""
    _, weight = line
    assert particles.effective(weight) > 0.05 * len(weight)
    alone, likelihood = line_pool(count=120_000, rounds=1)
    assert particles.effective(alone.weights(likelihood)) < 0.01 * len(weight)


def test_a_target_left_out_leaves_the_closed_form_without_it(line):
    pool, _ = line
    for used in ((0,), (1,)):
        place = used[0]
        weight = pool.weights(lambda said, k=place: -0.5 * ((said[:, k] - AIM[k]) / SD[k]) ** 2)
        check_against(pool, weight, used)


def test_without_any_target_the_pool_is_the_prior(line):
    pool, _ = line
    weight = pool.weights(lambda said: np.zeros(len(said)))
    count = particles.effective(weight)
    assert (np.abs(weight @ pool.draws.z) < 5 / np.sqrt(count)).all()
    assert np.bincount(pool.draws.rows, weight) == pytest.approx(0.2, abs=0.02)


def test_contraction_is_that_of_the_closed_form_and_none_where_nothing_touches(line):
    pool, weight = line
    _, covariance, _ = closed_form()
    for place in range(3):
        share, error = particles.contraction(pool.draws.z[:, place], weight)
        assert abs(share - (1 - covariance[place, place])) < 5 * error
        assert error < 0.03


def test_resampled_rows_are_the_weighted_draws(line):
    pool, weight = line
    z = pool.draws.z[particles.resampled(weight, 4000, 0.37), :3]
    mean, covariance, _ = closed_form()
    std_error = np.sqrt(np.diag(covariance) / 4000)
    assert (np.abs(z.mean(axis=0) - mean) < 5 * std_error).all()


def test_a_cut_parameter_keeps_its_prior_and_tells_what_it_is_tied_to():
    """z0 is cut: it stays N(0, 1), and z1 given z0 is as the target z0 + z1 has it."""
    z = np.random.default_rng(4).standard_normal((200_000, 2))
    pool = particles.Pool(None, z.sum(axis=1, keepdims=True), np.zeros(len(z)))
    weight = pool.weights(
        lambda said: -0.5 * ((said[:, 0] - 1.0) / 0.5) ** 2, particles.classes_of(z[:, 0], 500)
    )
    share, error = particles.contraction(z[:, 0], weight)
    assert abs(share) < 4 * error
    assert abs(weight @ z[:, 0]) < 0.01
    # z1 given z0 is N(0.8 (1 - z0), 0.2), so their covariance is -0.8.
    assert weight @ (z[:, 0] * z[:, 1]) == pytest.approx(-0.8, abs=0.02)


# ---- known answers: targets and errors -----------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "value", "aim", "per_unit"),
    [
        ("h/week", 2.0, np.log(2.0), 1 / 2),
        ("% change", 19.0, np.log(1.19), 1 / 119),
        ("% change", -18.0, np.log(0.82), 1 / 82),
        ("%", 15.0, np.log(15 / 85), 100 / (15 * 85)),
        ("pp", -24.0, -24.0, 1.0),
    ],
)
def test_errors_are_on_the_scale_of_a_unit_and_come_back(unit, value, aim, per_unit):
    """Widths by the slope of the scale at the value; `shown` undoes `aim`."""
    target = replace(SETTINGS.targets[0], unit=unit, value=value, half_width=3.0, discount=4.0)
    assert target.aim == pytest.approx(aim)
    assert target.sd == pytest.approx(5.0 / 1.959964 * per_unit)
    assert target.shown(np.array([target.aim])) == pytest.approx([value])


def test_targets_of_a_group_have_their_discount_in_common():
    errors = np.linspace(0.1, 0.3, len(SETTINGS.targets))
    found = bank.covariance(SETTINGS, errors)
    names = [one.name for one in SETTINGS.targets]
    early, late, field = (names.index(name) for name in ("METR early", "METR late", "A15 field"))
    one, other = SETTINGS.targets[early], SETTINGS.targets[late]
    assert found[early, late] == pytest.approx(one.discount_sd * other.discount_sd)
    assert found[early, field] == 0
    assert found[early, early] == pytest.approx(one.sd**2 + errors[early] ** 2)
    assert one.discount_sd == pytest.approx(other.discount_sd, rel=0.01)  # equal, as is said there


def test_what_is_not_fitted_to_moves_nothing():
    said = np.random.default_rng(5).standard_normal((10, len(SETTINGS.targets)))
    likelihood = bank.log_likelihood(SETTINGS, np.zeros(len(SETTINGS.targets)))
    before = likelihood(said)
    for place, target in enumerate(SETTINGS.targets):
        other = said.copy()
        other[:, place] += 1.0
        assert np.array_equal(likelihood(other), before) == (not target.fit), target.name


def test_second_sessions_are_bayes_rule_on_one_latent_effect():
    """Against a plain sum over draws of the effect, at one row of the curves."""
    space = particles.Space(SETTINGS)
    draws = particles.Draws(space, np.zeros((1, space.size)), np.array([17]))
    said = bank.of_equation(named_population("trouble"), draws)[0]
    values = draws.values()
    spread, recovery = setup.latent_spread(values)[0], values["recovery_per_level"][0]
    assert recovery == pytest.approx(0.15)
    effect = spread * np.random.default_rng(6).standard_normal(400_000)
    cuts, shifts = space.cuts[17], space.shifts[17]
    for answer, level in zip(said, (0, 4), strict=True):
        first = _expit(cuts[0] + shifts[level] + effect)
        again = _expit(cuts[2] + shifts[level] + recovery * (level - 2) + effect)
        share = ((1 - first) * again).mean() / (1 - first).mean()
        assert _expit(answer) == pytest.approx(share, rel=0.02)


def _expit(x):
    return 1 / (1 + np.exp(-x))


def test_fifths_are_those_of_people_drawn_one_by_one():
    """200,000 people of ten tasks: fifths formed on five, measured on the other five."""
    values = {"hand_ratio": 4.0, "level_sd": 0.96, "level_share": 0.6, "hand_noise_sd": 0.37}
    arrays = {name: np.array([value]) for name, value in values.items()}
    (said,) = equations.outputs("fifths", arrays, np.zeros((1, 3)), np.zeros((1, 5)))[0]
    luck = np.random.default_rng(7)
    between = np.log(4.0) / 4 * 0.96 / np.sqrt(0.6)
    people = between * luck.standard_normal(200_000)
    halves = people + 0.37 / np.sqrt(5) * luck.standard_normal((2, 200_000))
    low, high = np.quantile(halves[0], [0.2, 0.8])
    gap = halves[1][halves[0] > high].mean() - halves[1][halves[0] < low].mean()
    assert said == pytest.approx(gap, abs=0.01)


def benchmark_values(space, **own):
    draws = particles.Draws(space, np.zeros((1, space.size)), np.array([17]))
    return draws.values("benchmark") | {name: np.array([value]) for name, value in own.items()}


def merge_gap(space, **own):
    values = benchmark_values(space, **own)
    return equations.outputs("merge", values, space.cuts[[17]], space.shifts[[17]])[0, 0]


def test_the_merge_gap_is_none_where_agents_break_as_much_as_people():
    space = particles.Space(SETTINGS)
    alike = {
        "defect_hand": 0.2, "defect_verified": 0.2, "defect_slope": 0.0,
        "visible_hand": 0.5, "visible_agent": 0.5,
    }  # fmt: skip
    assert merge_gap(space, **alike) == pytest.approx(0.0, abs=1e-9)


def test_the_merge_gap_of_faults_that_all_sizes_have_alike_is_that_of_two_hazards():
    """No hidden defects, a hazard that does not grow with the size, and a share of faults seen."""
    space = particles.Space(SETTINGS)
    own = {
        "defect_hand": 1e-12, "defect_verified": 1e-12, "visible_hand": 0.3, "visible_agent": 0.9,
        "visible_growth": 0.0, "visible_advanced": 1.0, "visible_detection": 0.8,
    }  # fmt: skip
    merged, by_hand = (1 - 0.8 * -np.expm1(-hazard) for hazard in (0.9, 0.3))
    assert merge_gap(space, **own) == pytest.approx(48 * (merged / by_hand - 1), abs=1e-6)


def test_sizes_of_benchmark_issues_are_those_published():
    """39% under 15 min, 91% under 1 h, the rest advanced."""
    hours, advanced = equations.sizes()
    assert (hours < 0.25).mean() == pytest.approx(0.39, abs=0.06)
    assert advanced.mean() == pytest.approx(0.09, abs=0.002)


def test_the_horizon_of_a_benchmark_is_the_session_s_times_the_factor():
    """An expert's session of that size, over the factor, is judged done half the time."""
    space = particles.Space(SETTINGS)
    draws = particles.Draws(space, np.zeros((1, space.size)), np.array([17]))
    values = draws.values()
    said = np.exp(bank.of_equation(named_population("scale"), draws)[0, 0]) / 60.0
    hours = said / values["horizon_factor"][0]
    doublings = np.log2(hours / values["size_ref_hours"][0])
    eta = space.shifts[17][4] - values["slope_per_doubling"][0] * doublings
    assert space.cuts[17][1] + eta == pytest.approx(0.0, abs=1e-9)


# ---- the whole, small ----------------------------------------------------------------------------


SMALL = replace(
    SETTINGS,
    points=40,
    near=20,
    particles=1500,
    rounds=3,
    rows=50,
    checked=6,
    repetitions=2,
    luck=1,
)


def test_a_bank_is_the_same_twice_and_every_output_a_number():
    few = replace(SMALL, points=12)
    space = particles.Space(few)
    one, other = (bank.simulated(few, space, lambda line: None) for _ in range(2))
    for name, values in one.outputs.items():
        assert np.isfinite(values).all(), name
        assert np.array_equal(values, other.outputs[name]), name


def test_an_output_that_is_no_number_is_refused_by_its_population(monkeypatch):
    monkeypatch.setattr(populations, "outputs", lambda *args: np.full((3, 3), np.nan))
    space = particles.Space(SMALL)
    draws = space.prior(3, np.random.default_rng(1))
    with pytest.raises(work_settings.WorkError, match="review: 9 outputs are no num"):
        bank.outputs(SMALL, draws, 1, 0, lambda line: None)


def linear_stock():
    """A bank in which three targets of the engine are each linear in a coordinate of their own."""
    names = ("A9 reviews", "A9 hours", "METR late")
    chosen = tuple(one for one in SETTINGS.targets if one.name in names)
    asked = tuple(one for one in SETTINGS.populations if one.name in ("review", "late"))
    few = replace(SETTINGS, targets=chosen, populations=asked, points=1500, repetitions=40)
    space = particles.Space(few)
    luck = np.random.default_rng(9)
    draws = space.prior(few.points, luck)
    outputs = {
        name: draws.z[:, place] + 0.3 * luck.standard_normal(few.points)
        for place, name in enumerate(n for population in asked for n in population.outputs)
    }
    return few, space, bank.Bank(draws, outputs)


def test_ranks_of_a_linear_bank_are_uniform_and_wrong_errors_are_found(monkeypatch):
    """The machinery of the calibration, engine left out: right errors stand, small ones do not."""
    monkeypatch.setattr(sbc, "WORK_PARTICLES", 800)
    few, space, stock = linear_stock()
    tested = bank.emulators(few, stock)
    assert sbc.work(few, space, stock, tested, lambda line: None).uniform
    real = bank.covariance

    def too_small(settings, errors):
        return real(settings, errors) * (0.02 if errors.any() else 1.0)  # data keep theirs

    monkeypatch.setattr(bank, "covariance", too_small)
    touched = sbc.work(few, space, stock, tested, lambda line: None).coverage(0.9)[:2]
    assert touched.max() < 0.8


def test_the_command_writes_a_posterior_that_runs_can_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(work_settings, "read", lambda: SMALL)
    work.main(["--out", str(tmp_path)])
    found = posterior.read(tmp_path)
    assert found.columns == work_settings.carried()
    assert found.draws.shape == (50, len(found.columns))
    assert posterior.overridden(found) == ()
    assert found.of == posterior.fitted_sha256(STUDY)
    said, data = capsys.readouterr().out, work.read(tmp_path / "work.json")
    for target in SETTINGS.targets:
        assert f"\n{target.name} " in said
    assert [row["name"] for row in data["checks"]] == [one.name for one in SETTINGS.targets]
    assert len(data["sample"]["rows"]) == 6
