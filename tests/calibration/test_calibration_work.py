"""Stage two: emulator and weights give closed forms back, and the shipped posterior is honest."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from calibration import (
    checks,
    curve_set,
    observations,
    particles,
    populations,
    sbc,
    work,
    work_settings,
    work_text,
)
from sim import ledger, parameters
from sim.engine import curves, posterior, setup
from sim.records import provenance

ROOT = Path(__file__).parents[2] / "calibration"
SETTINGS = work_settings.read()
DATA = work.read()
MOVED = {(row["place"], row["name"]): row for row in DATA["contraction"]}
STUDY = curves.read(ROOT / "curves" / "study.json")
ROWS = posterior.work().draws


def named_population(name):
    (found,) = [one for one in SETTINGS.populations if one.name == name]
    return found


# ---- what populations say ------------------------------------------------------------------------


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
    team = named_population("use").plan.to_dict()["team"]
    people = [team[level] for level in curves.LEVELS]
    most = 0.6 * (rates[4] - np.average(rates, weights=people))
    assert 0.028 < most < 0.036  # "about 3 points", as the report says of a miss


# ---- the shipped posterior -----------------------------------------------------------------------


def test_the_shipped_posterior_is_made_of_the_evidence_register_and_curves_that_ship():
    made = DATA["provenance"]
    for name, file in (
        ("evidence", "evidence.csv"), ("register", "register.toml"), ("work", "work.toml"),
        ("curves", "curves/study.json"),
    ):  # fmt: skip
        assert made[f"{name}_sha256"] == curve_set.sha256(ROOT / file), file
    assert DATA["curves"]["fitted_sha256"] == posterior.fitted_sha256(STUDY)
    assert made["effective"] > SETTINGS.rows
    assert made["distinct_rows"] > 0.5 * SETTINGS.rows
    assert posterior.overridden() == ()


def test_what_ships_has_the_columns_that_the_register_marks():
    assert tuple(DATA["columns"]) == work_settings.carried()
    assert ROWS.shape == (SETTINGS.rows, len(DATA["columns"]))


def test_the_engine_still_says_what_it_said_when_the_posterior_was_made():
    """Outputs of the first rows, run again: a rule that moves them asks for a new fit."""
    kept = DATA["sample"]
    space = particles.Space(SETTINGS)
    draws = particles.Draws(space, np.array(kept["z"]), np.array(kept["rows"]))
    for name, values in work.sampled(SETTINGS, draws).items():
        assert values == pytest.approx(kept["outputs"][name], rel=1e-5, abs=1e-5), name


def test_simulation_based_calibration_of_stage_two_stands():
    ranks = sbc.read("work")
    assert len(ranks.ranks) == SETTINGS.repetitions
    assert ranks.uniform
    assert DATA["calibration"]["uniform"]


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


def test_what_targets_speak_of_contracts_and_hidden_defects_of_agent_work_do_not():
    for name in (
        "review_rate", "review_look_hours", "oversight_share", "planning_hours", "failure_cost",
        "visible_agent", "recovery_per_level", "hand_ratio", "size_ref_hours", "horizon_factor",
        "familiarity_effect",
    ):  # fmt: skip
        assert MOVED["", name]["fitted"], name
    for name in ("defect_verified", "defect_unverified", "visible_advanced", "familiarity_mean"):
        assert not MOVED["", name]["fitted"], name


def test_emulators_explain_most_of_what_their_targets_ask():
    for row in DATA["checks"]:
        assert row["explained"] > 0.8, row["name"]


def test_emulators_are_as_good_where_the_posterior_lies_as_where_they_were_tested():
    """Against the engine at the rows, within 5 standard errors of a root mean square, a fifth of
    it allowed for a region that the tested points seldom reach."""
    for row in DATA["checks"]:
        most = row["emulator_error"] * (1.2 + 5 / np.sqrt(2 * SETTINGS.checked)) + 1e-6
        assert row["error_at_rows"] < most, row["name"]


def test_the_tables_of_the_readme_are_those_of_the_posterior():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert work_text.written(text, DATA) == text


def test_each_target_is_shown_as_published_prior_full_fit_and_left_out():
    table = checks.check().work
    assert set(table["name"]) == {one.name for one in SETTINGS.targets}
    for row in table.itertuples():
        low, median, high = row.left_out
        assert low <= median <= high
        assert 0 <= row.tension <= 1
        assert row.left_out_effective > 200, row.name


def test_medians_are_inside_their_bands_or_the_report_says_why_not():
    for row in checks.check().work.itertuples():
        in_band = row.band[0] <= row.median <= row.band[1]
        assert row.inside == (in_band and row.share_inside >= work.SHARE_INSIDE)
        assert (row.why == "") == row.inside, row.name


def test_every_target_is_a_target_of_the_ledger():
    evidence = ledger.read()
    for one in SETTINGS.targets:
        uses = {evidence[row].use for row in one.evidence}
        assert uses == {"target" if one.fit else "context"}, one.name


def sources_of(rows):
    evidence = ledger.read()
    return {evidence[row].source for row in rows if row in evidence}


def rests_on():
    """What is fitted first, or has a prior, and the ledger's rows behind it: dict."""
    named = {name: one.evidence for name, one in parameters.register().items()}
    rows = observations.read()[1]
    return named | {work_settings.CURVES: [row.id for row in rows]}


def test_no_number_is_used_twice():
    """What is fitted to stands behind no prior that is fitted, and behind one target only."""
    fitted_to = [row for one in SETTINGS.targets if one.fit for row in one.evidence]
    assert len(fitted_to) == len(set(fitted_to))
    for name, rows in rests_on().items():
        assert not set(rows) & set(fitted_to), name


def test_a_study_behind_a_target_and_a_prior_is_named_with_what_differs():
    """All of `studies`, and nothing else: a new prior from a study of a target needs its reason."""
    fitted_to = sources_of(row for one in SETTINGS.targets if one.fit for row in one.evidence)
    named = {source: one for one in SETTINGS.studies for source in one.sources}
    assert len(named) == sum(len(one.sources) for one in SETTINGS.studies)
    for one in SETTINGS.studies:
        assert set(one.sources) & fitted_to, one
        used = {name for name, rows in rests_on().items() if sources_of(rows) & set(one.sources)}
        assert used == set(one.priors)
        assert len(one.because) > 40
    for name, rows in rests_on().items():
        assert sources_of(rows) & fitted_to <= set(named), name


def test_no_prior_rests_on_what_a_target_is_split_or_joined_from():
    """Parts of a target, and counts of the same people that imply it, are the target itself."""
    parts = {
        "metr-oss-exposure-low", "metr-oss-exposure-high", "metr-oss-short", "metr-oss-long",
        "sadowski-changes-week", "sadowski-minutes-review", "psp-between-sigma", "psp-p90-p10",
    }  # fmt: skip
    assert parts <= set(ledger.read())
    for name, rows in rests_on().items():
        assert not set(rows) & parts, name


def test_the_people_of_the_trials_work_on_their_own_code():
    """Once a plan can say so: `own_share` of work on code that its author knows."""
    if "own_share" not in type(PLAN.tasks).model_fields:
        return
    for population in SETTINGS.populations:
        if population.place == "trial":
            assert population.plan.tasks.own_share == 1.0
            assert population.against.tasks.own_share == 1.0


def test_a_horizon_that_an_emulator_sees_is_that_of_the_profile():
    for population in SETTINGS.populations:
        own = SETTINGS.place_of(population).own or {}
        if setup.HORIZON in own and population.plan.horizon_belief is not None:
            assert own[setup.HORIZON].numbers == population.plan.horizon_belief.numbers


def test_the_sizes_of_the_trial_by_forecast_are_those_of_the_whole():
    """Forecasts with an error of 0.62 on sizes of 1.33 h and 0.88, cut at one hour."""
    luck = np.random.default_rng(8)
    size = np.log(1.33) + 0.88 * luck.standard_normal(400_000)
    short = size + 0.62 * luck.standard_normal(400_000) <= 0.0
    assert short.mean() == pytest.approx(0.395, abs=0.005)
    for name, part in (("early-short", size[short]), ("early-long", size[~short])):
        average = named_population(name).plan.tasks.average
        assert average.median_hours == pytest.approx(np.exp(part.mean()), rel=0.02)
        assert average.sigma == pytest.approx(part.std(), abs=0.02)
    (target,) = [one for one in SETTINGS.targets if one.name == "METR early"]
    assert target.outputs["early-short.change"] == 0.395


def test_targets_have_the_values_of_their_rows():
    evidence = ledger.read()
    for one in SETTINGS.targets:
        values = [
            row.value if row.value is not None else
            row.high if row.low is None else (row.low + row.high) / 2
            for row in (evidence[name] for name in one.evidence)
        ]  # fmt: skip
        if one.name == "merge gap":
            values = [-value for value in values]  # published as what is missing
        if one.unit == "calendar h":
            middle, sites = np.exp(np.mean(np.log(values))), np.std(np.log(values), ddof=1)
            assert one.discount == pytest.approx(1.96 * sites * one.value, rel=0.02)
        else:
            middle = np.mean(values)
        assert one.value == pytest.approx(middle, rel=0.02), one.name


# ---- draws of a run ------------------------------------------------------------------------------


PLAN = sim.load("baseline")


def test_a_run_draws_rows_of_the_joint_posterior():
    values = setup.draw(PLAN, 1, 0, 300)
    rows = np.column_stack([values[name] for name in DATA["columns"]])
    known = {tuple(row): at for row, at in zip(ROWS, posterior.work().rows, strict=True)}
    for row, curve in zip(rows, values["curve"], strict=True):
        assert np.array_equal(STUDY.draws[known[tuple(row)], : len(curves.RATES)], curve)


def test_correlations_of_the_posterior_reach_a_run():
    """The horizon of a benchmark is the factor times the size: fitted, they go against each
    other. 5 standard errors of a correlation, every pair."""
    found, drawn = setup.curve_set(PLAN), setup.draw(PLAN, 1, 0, 2000)
    names = DATA["columns"]
    there = np.corrcoef([found.draws[:, found.columns.index(name)] for name in names])
    here = np.corrcoef([drawn[name] for name in names])
    pair = names.index("size_ref_hours"), names.index("horizon_factor")
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
        draws = ROWS[:, place]
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
        Path, "read_bytes", lambda p: real(p) + (b" " if p.name == "work.parquet" else b"")
    )
    assert provenance.evidence_sha256() != before
    provenance.evidence_sha256.cache_clear()


def test_the_table_of_assumptions_has_the_posterior_s_ranges_and_names_it():
    beliefs = {one.name: one for one in sim.assess(PLAN).beliefs}
    cost = beliefs["review_rate"]
    assert cost.central > 1.5 * parameters.world_parameters()["review_rate"].central
    assert posterior.work().label in cost.reasoning
    assert beliefs["planning_hours"].source == "published"  # fitted: no longer assumption alone
    assert beliefs["visible_advanced"].source == "assumption"  # nothing told more of it


# ---- files that cannot be used -------------------------------------------------------------------


TEXT = (ROOT / "work.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("points = 4000", "points = 0", "points = 0: must be a whole number above 0"),
        ("folds = 5", "folds = 1", "folds = 1: must be from 2 to points"),
        ("repetitions = 100", "repetitions = 4001", "at most as many as points"),
        ("penalty = 20.0", "penalty = -1", "penalty = -1: must be a number above 0"),
        ('cut = "causal_share"', 'cut = "causal_shar"', "did you mean 'causal_share'"),
        ('cut = "causal_share"', 'cut = "dev_share"', "must be fitted with work"),
        ("seed = ", "sed = ", "sed: unknown key; did you mean 'seed'?"),
        ('place = "firms"', 'place = "firm"', "place = 'firm': must be one of reviewers"),
        ('measure = "tasks"', 'measure = "task"', "measure = 'task': must be one of reviews"),
        ('against = "field-before.toml"', "", "needs a plan that it is against"),
        ('"field-agent.toml"', '"field.toml"', "populations.field: "),
        ('equation = "fifths"', 'equation = "halves"', "must be one of second_sessions"),
        ('"tool.adoption" = {', '"tool.cost" = {', "tool.cost: must be one of"),
        ('["hand_noise_sd"]', '["hand_ratio"]', "hand_ratio: is fitted, so no place's own"),
        ('"use.gain" = 1.0', '"use.gains" = 1.0', "outputs = 'use.gains': must be one of"),
        ('"use.gain" = 1.0', '"use.gain" = 1.0, "course.ratio" = 1.0', "or all of equations"),
        ("half_width = 20.0", "half_width = 0", "half_width = 0: must be a number above 0"),
        ("value = 54.9", "value = 154.9", "value = 154.9: no % can be that"),
        ('"sarkar-25"', '"sarkar-99"', "the ledger has no row 'sarkar-99'"),
        ('"sarkar-25"', '"metr-doubling"', "is superseded; use 'metr-2026-doubling'"),
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


def copied(folder, change, **columns):
    """The shipped posterior in a folder, with another `work.json` and other columns."""
    (folder / "work.json").write_text(json.dumps(DATA | change))
    table = pd.read_parquet(ROOT / "posterior" / "work.parquet").assign(**columns)
    table.to_parquet(folder / "work.parquet", index=False)
    return folder


@pytest.mark.parametrize(
    ("change", "columns", "says"),
    [
        ({"columns": ["review_rat"]}, {}, "not a work posterior"),
        ({"central": [0.1]}, {}, "must have one number a column"),
        ({"central": [9e9] * len(DATA["columns"])}, {}, "must lie from"),
        ({}, {"review_rate": -1.0}, "column 'review_rate': must lie from 0 to 5"),
        ({}, {"review_rate": np.nan}, "column 'review_rate': must lie from 0 to 5"),
        ({"columns": [*DATA["columns"][:-1], "causal_shar"]}, {"causal_shar": 0.6}, "did you mean"),
        ({"contraction": None}, {}, "not a work posterior"),
    ],
)
def test_a_broken_posterior_is_refused_in_one_line(tmp_path, change, columns, says):
    with pytest.raises(curves.CurveError) as caught:
        posterior.read(copied(tmp_path, change, **columns))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_posterior_without_its_rows_is_refused_in_one_line(tmp_path):
    (tmp_path / "work.json").write_text(json.dumps(DATA))
    with pytest.raises(curves.CurveError, match="not a work posterior") as caught:
        posterior.read(tmp_path)
    assert "\n" not in str(caught.value)


def test_32_bits_keep_a_number_on_its_bound(tmp_path):
    found = posterior.read(copied(tmp_path, {}, training_efficacy=0.0, partial_share=1.0))
    assert (found.draws[:, found.columns.index("partial_share")] == 1.0).all()


# ---- a prior that was edited after the fit -------------------------------------------------------


def test_an_edited_prior_is_named_and_the_others_are_not(tmp_path):
    known = parameters.register()
    priors = {name: known[name].distribution.to_plain() for name in DATA["columns"]}
    asfitted = posterior.read(copied(tmp_path, {"priors": priors}))
    assert posterior.overridden(asfitted) == ()
    priors["oversight_share"] = {"lognormal": [0.1, 0.9]}
    edited = posterior.read(copied(tmp_path, {"priors": priors}))
    assert posterior.overridden(edited) == ("oversight_share",)


def test_a_run_warns_of_an_edited_prior_unless_the_scenario_states_it(tmp_path, monkeypatch):
    priors = {"oversight_share": {"lognormal": [0.1, 0.9]}}
    other = posterior.read(copied(tmp_path, {"priors": priors}))
    monkeypatch.setattr(posterior, "work", lambda: other)
    warning = "was edited after the fit, whose posterior still gives oversight_share: the edit does"
    assert warning in " ".join(sim.run(PLAN, draws=2, luck=1).caveats)
    stated = PLAN.replace({"world.oversight_share": 0.3})
    assert "edited after the fit" not in " ".join(sim.run(stated, draws=2, luck=1).caveats)
