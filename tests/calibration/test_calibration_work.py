"""Stage two: emulator and weights give closed forms back, and the shipped posterior is honest."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from calibration import (
    checks,
    curve_set,
    emulator,
    particles,
    populations,
    work,
    work_settings,
)
from sim import ledger, parameters
from sim.engine import curves, posterior, setup
from sim.records import provenance

ROOT = Path(__file__).parents[2] / "calibration"
SETTINGS = work_settings.read()
DATA = work.read()
MOVED = {(row["place"], row["name"]): row for row in DATA["contraction"]}
STUDY = curves.read(ROOT / "curves" / "study.json")


# ---- known answers -----------------------------------------------------------------------------


def test_an_emulator_of_a_quadratic_is_that_quadratic():
    luck = np.random.default_rng(1)
    x = luck.standard_normal((600, 3)) * [1.0, 3.0, 0.5] + [0.0, 2.0, -1.0]

    def truth(x):
        return 1.0 + 2.0 * x[:, 0] - x[:, 1] * x[:, 2] + 0.5 * x[:, 1] ** 2

    found = emulator.fit("abc", x, truth(x), 1e-9, 100)
    fresh = 2.0 * luck.standard_normal((9000, 3))  # more than one chunk
    assert found(fresh) == pytest.approx(truth(fresh), abs=1e-6)
    assert found.error < 1e-6
    assert found.explained > 1 - 1e-9


def test_the_error_of_an_emulator_is_the_noise_it_cannot_explain():
    luck = np.random.default_rng(2)
    x = luck.standard_normal((4000, 3))
    y = x[:, 0] + 0.3 * luck.standard_normal(4000)
    found = emulator.fit("abc", x, y, 1.0, 1000)
    assert found.error == pytest.approx(0.3, abs=4 * 0.3 / np.sqrt(2 * 1000) + 0.002)
    assert found.explained == pytest.approx(1 - 0.09 / 1.09, abs=0.015)


def gaussian(count=200_000, seed=3):
    """z ~ N(0, 1)^3, targets z0 + z1 = 1 +- 0.8 and z1 = -0.5 +- 1: (z, weights)."""
    z = np.random.default_rng(seed).standard_normal((count, 3))
    distances = np.stack([(z[:, 0] + z[:, 1] - 1.0) / 0.8, (z[:, 1] + 0.5) / 1.0], axis=1)
    return z, particles.weights(distances)


def closed_form():
    """Mean and covariance of the same posterior, by linear algebra."""
    h = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    precision = np.diag([1 / 0.8**2, 1.0])
    covariance = np.linalg.inv(np.eye(3) + h.T @ precision @ h)
    return covariance @ h.T @ precision @ np.array([1.0, -0.5]), covariance


def test_weights_give_a_linear_gaussian_posterior_in_closed_form():
    z, weight = gaussian()
    mean, covariance = closed_form()
    std_error = np.sqrt(np.diag(covariance) / particles.effective(weight))
    assert (np.abs(weight @ z - mean) < 4 * std_error).all()
    off = z - mean
    found = (weight[:, None] * off).T @ off
    assert found == pytest.approx(covariance, abs=4 * np.sqrt(2 / particles.effective(weight)))


def test_contraction_is_that_of_the_closed_form_and_none_where_nothing_touches():
    z, weight = gaussian()
    _, covariance = closed_form()
    for place in range(3):
        share, error = particles.contraction(z[:, place], weight)
        assert abs(share - (1 - covariance[place, place])) < 4 * error
        assert error < 0.02


def test_resampled_rows_are_the_weighted_draws():
    z, weight = gaussian()
    rows = z[particles.resampled(weight, 4000, 0.37)]
    mean, covariance = closed_form()
    std_error = np.sqrt(np.diag(covariance) / 4000)
    assert (np.abs(rows.mean(axis=0) - mean) < 4 * std_error).all()
    assert np.corrcoef(rows[:, 0], rows[:, 1])[0, 1] == pytest.approx(
        covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]), abs=4 / np.sqrt(4000)
    )


def test_a_cut_parameter_keeps_its_prior_and_tells_what_it_is_tied_to():
    """z0 is cut: it stays N(0, 1), and z1 given z0 is as the target z0 + z1 has it."""
    z = np.random.default_rng(4).standard_normal((200_000, 2))
    distances = ((z[:, 0] + z[:, 1] - 1.0) / 0.5)[:, None]
    weight = particles.weights(distances, particles.classes_of(z[:, 0], 500))
    share, error = particles.contraction(z[:, 0], weight)
    assert abs(share) < 4 * error
    assert abs(weight @ z[:, 0]) < 0.01
    # z1 given z0 is N(0.8 (1 - z0), 0.2), so their covariance is -0.8.
    assert weight @ (z[:, 0] * z[:, 1]) == pytest.approx(-0.8, abs=0.02)


def test_a_parameter_that_no_target_touches_keeps_its_rows():
    """Stage-one rows weighed by a target on something else keep their marginals."""
    luck = particles.shared(SETTINGS, np.random.default_rng(5), 100_000)
    away = (luck.column("review_rate") - np.log(0.2)) / 0.3
    weight = particles.weights(away[:, None])
    for name in (*STUDY.updates, "verified_3"):
        share, error = particles.contraction(luck.column(name), weight)
        assert abs(share) < 4 * error, name
        x = luck.column(name)
        std_error = x.std() / np.sqrt(particles.effective(weight))
        assert abs(weight @ x - x.mean()) < 4 * std_error, name


@pytest.mark.parametrize(
    ("hours", "calendar"),
    [(0.0, 0.0), (7.5, 7.5), (8.0, 24.0), (12.0, 28.0), (40.0, 168.0), (47.0, 175.0)],
)
def test_working_hours_have_nights_and_weekends_between_them(hours, calendar):
    """Eight hours from 9:00; the sixth working day begins a calendar week after the first."""
    assert populations.calendar(hours) == calendar


def test_what_is_learnt_is_bounded_by_the_way_to_expert():
    """All of a gap of levels at a causal share: what the learning target is held against."""
    rates = checks.implied(STUDY)[1]
    team = SETTINGS.populations[1].plan.to_dict()["team"]
    people = [team[level] for level in curves.LEVELS]
    most = 0.6 * (rates[4] - np.average(rates, weights=people))
    assert 0.028 < most < 0.036  # "about 3 points", as the report says of a miss


# ---- the shipped posterior ---------------------------------------------------------------------


AWAITS_FIT = pytest.mark.xfail(
    strict=True,
    reason="the shipped fit is of the rules, register and evidence before work in parts",
)


@AWAITS_FIT
def test_the_shipped_posterior_is_made_of_the_evidence_register_and_curves_that_ship():
    made = DATA["provenance"]
    for name, file in (
        ("evidence", "evidence.csv"), ("register", "register.toml"), ("work", "work.toml"),
        ("curves", "curves/study.json"),
    ):  # fmt: skip
        assert made[f"{name}_sha256"] == curve_set.sha256(ROOT / file), file
    assert DATA["curves"]["fitted_sha256"] == posterior.fitted_sha256(STUDY)
    assert made["effective"] > 10 * curve_set.ROWS
    assert made["distinct_rows"] > 0.98 * curve_set.ROWS


def test_its_rows_are_draws_of_the_prior_that_the_settings_name():
    """The same particles from the same seed, to the digits of the file."""
    draws = particles.shared(SETTINGS, work.luck_of(SETTINGS, work.PRIOR), SETTINGS.particles)
    kept = particles.picked(draws, np.array(DATA["particles"]))
    rows = np.array(DATA["draws"])
    assert np.array_equal(rows[:, 0], kept.rows)
    for place, name in enumerate(DATA["columns"]):
        assert rows[:, 1 + place] == pytest.approx(kept.values[name], rel=1e-5), name


@AWAITS_FIT
def test_the_engine_still_says_what_it_said_when_the_posterior_was_made():
    """Outputs of the first rows, run again: a rule that moves them asks for a new fit."""
    clouds = work.cloud(SETTINGS)
    again = work.predicted(SETTINGS, clouds, np.array(DATA["particles"]), work.SAMPLE)
    for name, kept in DATA["sample"].items():
        assert again[name] == pytest.approx(kept, rel=1e-5, abs=1e-5), name


def test_what_no_target_touches_has_not_contracted():
    row = MOVED["", SETTINGS.null]
    assert abs(row["contraction"]) < 4 * row["mc_error"]
    assert not row["fitted"]


def test_the_cut_parameter_and_training_keep_priors_of_their_own():
    row = MOVED["", SETTINGS.cut]
    assert abs(row["contraction"]) < 4 * row["mc_error"]
    assert abs(row["shift"]) < 0.02
    assert SETTINGS.null == "training_efficacy"
    assert SETTINGS.null not in DATA["columns"]


def test_review_cost_and_oversight_contract_and_defects_of_agent_work_do_not():
    for name in ("review_rate", "review_look_hours", "oversight_share", "planning_hours"):
        assert MOVED["", name]["fitted"], name
    for name in ("defect_verified", "defect_unverified", "size_ref_hours"):
        assert not MOVED["", name]["fitted"], name


def test_emulators_explain_most_of_what_their_targets_ask():
    for row in DATA["checks"]:
        assert row["explained"] > 0.8, row["name"]


def test_emulators_are_as_good_where_the_posterior_lies_as_where_they_were_tested():
    """Against the engine at the rows, within 5 standard errors of a root mean square, a fifth of
    it allowed for a region that the tested points seldom reach."""
    for row in DATA["checks"]:
        most = row["emulator_error"] * (1.2 + 5 / np.sqrt(2 * curve_set.ROWS))
        assert row["error_at_rows"] < most, row["name"]


def test_the_tables_of_the_readme_are_those_of_the_posterior():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    for row in DATA["checks"]:
        (line,) = [one for one in lines if one.startswith(f"| {row['name']}: ")]
        assert f"{row['median']:.1f} ({row['low']:.1f} to {row['high']:.1f})" in line
        assert ("**no**" in line) != row["inside"]
    for row in DATA["contraction"]:
        if row["place"] or row["name"] in STUDY.updates:
            continue
        (line,) = [one for one in lines if one.startswith(f"| `{row['name']}` | ")]
        low, median, high = (f"{value:.3g}" for value in row["posterior"])
        assert f"| {median} ({low} to {high}) | {100 * row['contraction']:z.0f} ±" in line
        assert ("| fitted |" in line) == row["fitted"]


def test_medians_are_inside_their_bands_or_the_report_says_why_not():
    table = checks.check().work
    assert set(table["name"]) == {one.name for one in SETTINGS.targets}
    for row in table.itertuples():
        inside = row.band[0] <= row.median <= row.band[1]
        assert row.inside == inside
        assert (row.why == "") == inside, row.name


def test_every_target_is_a_target_of_the_ledger():
    evidence = ledger.read()
    for one in SETTINGS.targets:
        assert all(evidence[row].use == "target" for row in one.evidence), one.name


def test_targets_have_the_values_of_their_rows():
    evidence = ledger.read()
    for one in SETTINGS.targets:
        values = [
            row.value if row.value is not None else
            row.high if row.low is None else (row.low + row.high) / 2
            for row in (evidence[name] for name in one.evidence)
        ]  # fmt: skip
        if one.unit == "calendar h":
            middle, sites = np.exp(np.mean(np.log(values))), np.std(np.log(values), ddof=1)
            assert one.discount == pytest.approx(1.96 * sites * one.value, rel=0.02)
        else:
            middle = np.mean(values)
        assert one.value == pytest.approx(middle, rel=0.02), one.name


# ---- draws of a run ----------------------------------------------------------------------------


PLAN = sim.load("baseline")


def test_a_run_draws_rows_of_the_joint_posterior():
    values = setup.draw(PLAN, 1, 0, 300)
    rows = np.column_stack([values[name] for name in DATA["columns"]])
    known = {tuple(row[1:]): row[0] for row in DATA["draws"]}
    for row, curve in zip(rows, values["curve"], strict=True):
        assert np.array_equal(STUDY.draws[known[tuple(row)], : len(curves.RATES)], curve)


def test_correlations_of_the_posterior_reach_a_run():
    """By-hand success and planning both say what an agent gains: fitted, they go against each
    other. 5 standard errors of a correlation, every pair."""
    found, drawn = setup.curve_set(PLAN), setup.draw(PLAN, 1, 0, 2000)
    names = DATA["columns"]
    there = np.corrcoef([found.draws[:, found.columns.index(name)] for name in names])
    here = np.corrcoef([drawn[name] for name in names])
    pair = names.index("hand_success_expert"), names.index("planning_hours")
    assert there[pair] < -3 / np.sqrt(curve_set.ROWS) / 1.5
    assert here == pytest.approx(there, abs=5 / np.sqrt(2000))


def test_a_stated_parameter_wins_is_said_and_leaves_the_others():
    mine = PLAN.replace({"world.oversight_share": 0.3})
    one, other = (setup.draw(plan, 1, 0, 50) for plan in (PLAN, mine))
    assert (other["oversight_share"] == 0.3).all()
    for name in one:
        assert name == "oversight_share" or np.array_equal(one[name], other[name]), name
    said = " ".join(sim.run(mine, draws=2, luck=1).caveats)
    assert "[world] states oversight_share: in place of the posterior" in said


def test_the_central_row_is_one_row_of_the_posterior_s_medians():
    values = setup.draw(PLAN, 1, 0, 1, uncertain=False)
    for place, name in enumerate(DATA["columns"]):
        assert values[name][0] == DATA["central"][place]
        draws = np.array(DATA["draws"])[:, 1 + place]
        share = (draws < DATA["central"][place]).mean()
        assert abs(share - 0.5) < 4 * 0.5 / np.sqrt(len(draws)), name


def test_the_headline_brings_the_same_work_as_the_study():
    one, other = (
        setup.curve_set(plan) for plan in (PLAN, PLAN.replace({"tool.curves": "headline"}))
    )
    size = len(curves.RATES)
    assert np.array_equal(one.draws[:, size:], other.draws[:, size:])


def test_a_team_s_own_curves_are_joined_draw_by_draw_and_keep_their_columns():
    own = replace(
        STUDY, columns=(*curves.RATES, "review_rate"), draws=STUDY.draws[:600, : 8] * 0 + 0.31,
        central=np.full(8, 0.31),
    )  # fmt: skip
    found = posterior.joined(own)
    assert found.columns.count("review_rate") == 1
    assert (found.draws[:, :8] == 0.31).all()
    place = found.columns.index("oversight_share")
    mine = posterior.work().columns.index("oversight_share")
    assert np.array_equal(found.draws[:, place], posterior.work().draws[:, mine])


def test_a_result_says_which_posterior_it_used_and_a_saved_one_still_does(tmp_path):
    result = sim.run(PLAN, draws=2, luck=1)
    label = posterior.work().label
    assert label in result.provenance["curves"]
    assert label in " ".join(result.caveats)
    path = result.save(tmp_path / "kept")
    about = json.loads((path / "result.json").read_text())
    about["provenance"]["curves"] = about["provenance"]["curves"].replace(label, "work 0ld")
    (path / "result.json").write_text(json.dumps(about))
    old = sim.load_result(path)
    assert "work 0ld" in old.provenance["curves"]
    assert "work 0ld" in old.cite()


def test_another_posterior_is_other_evidence(monkeypatch):
    """Results that drew from different posteriors do not pair."""
    before = provenance.evidence_sha256()
    provenance.evidence_sha256.cache_clear()
    real = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda p: real(p) + (b" " if p.name == "work.json" else b"")
    )
    assert provenance.evidence_sha256() != before
    provenance.evidence_sha256.cache_clear()


def test_the_table_of_assumptions_has_the_posterior_s_ranges_and_names_it():
    beliefs = {one.name: one for one in sim.assess(PLAN).beliefs}
    cost = beliefs["review_rate"]
    assert cost.central > 1.5 * parameters.world_parameters()["review_rate"].central
    assert posterior.work().label in cost.reasoning
    assert beliefs["planning_hours"].source == "published"  # fitted: no longer assumption alone
    assert beliefs["size_ref_hours"].source == "assumption"  # nothing told more of it


# ---- files that cannot be used -----------------------------------------------------------------


TEXT = (ROOT / "work.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("points = 4000", "points = 0", "points = 0: must be a whole number above 0"),
        ("held_out = 800", "held_out = 4000", "must be fewer than points"),
        ("penalty = 20.0", "penalty = -1", "penalty = -1: must be a number above 0"),
        ('"planning_hours", "size', '"planing_hours", "size', "did you mean 'planning_hours'"),
        ("seed = ", "sed = ", "sed: unknown key; did you mean 'seed'?"),
        ("[populations.use]", "[populations.users]", "must be one of review, use, field"),
        ('"tool.adoption" = {', '"tool.cost" = {', "tool.cost: must be one of"),
        ('output = "learning_gain"', 'output = "learning"', "output = 'learning': must be one of"),
        ("half_width = 20.0", "half_width = 0", "half_width = 0: must be a number above 0"),
        ('"sarkar-25"', '"sarkar-99"', "the ledger has no row 'sarkar-99'"),
        ("[[targets]]", "[[targets", "work.toml: cannot be read"),
    ],
)
def test_broken_settings_are_refused_in_one_line(tmp_path, old, new, says):
    assert old in TEXT
    path = tmp_path / "work.toml"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(work_settings.WorkError) as caught:
        work_settings.read(path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"columns": ["review_rat"]}, "must have one number a column"),
        ({"central": [9e9] * len(DATA["columns"])}, "must lie from"),
        ({"columns": [*DATA["columns"][:-1], "causal_shar"]}, "did you mean 'causal_share'"),
        ({"draws": None}, "not a work posterior"),
    ],
)
def test_a_broken_posterior_is_refused_in_one_line(change, says):
    with pytest.raises(curves.CurveError) as caught:
        posterior.parse(json.dumps(DATA | change).encode())
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", range(3))
def test_what_the_engine_says_of_a_population_is_the_same_twice(place):
    few = replace(SETTINGS, points=12)
    (draws, y), (again, same) = (work.design(few, place) for _ in range(2))
    assert np.array_equal(y, same)
    assert np.isfinite(y).all()
    for name, values in draws.values.items():
        assert np.array_equal(values, again.values[name]), name
