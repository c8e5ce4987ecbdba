"""A comparison says what theory says of paired worlds, and names what it cannot say."""

import dataclasses
import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from command import tiercurve
from scipy.special import ndtr

import sim
from sim.analysis import best, paired
from sim.engine import metrics
from sim.experiments import findings, terms
from sim.records import words as wording
from sim.records.words import DIRECTIONS

INF = math.inf


def two_way(rng, draws, luck, between, within, mean=1.0):
    """Differences with known spread (standard deviations) between and within draws."""
    return mean + between * rng.normal(size=(draws, 1)) + within * rng.normal(size=(draws, luck))


# Statistics of paired arrays.


@pytest.mark.parametrize(
    ("between", "within", "low", "high"),
    [
        (2.0, 1.0, 0.94, 0.96),
        (1.0, 1.0, 0.94, 0.96),
        (1.0, 2.0, 0.92, 0.96),
        (1.0, 4.0, 0.92, 0.97),  # 94% chance: the spread between draws is hardly seen
        (0.3, 3.0, 0.93, 1.0),  # 99% chance: too wide rather than too narrow
    ],
)
def test_the_interval_of_an_expected_difference_covers_a_new_draw(between, within, low, high):
    """Of normal expectations N(1, between^2), 95% are to lie in it, whatever the chance."""
    rng = np.random.default_rng(11)
    covered = []
    for _ in range(300):
        row = paired.estimate(two_way(rng, 100, 2, between, within))
        ends = (row["ci_low"] - 1) / between, (row["ci_high"] - 1) / between
        covered.append(ndtr(ends[1]) - ndtr(ends[0]))
    error = 4 * np.std(covered) / np.sqrt(300)
    assert low - error <= np.mean(covered) <= high + error


def test_without_ignorance_the_interval_is_numerical_error_and_covers_the_truth():
    rng = np.random.default_rng(12)
    rows = [paired.estimate(two_way(rng, 100, 2, 0.0, 1.0)) for _ in range(300)]
    hits = [row["ci_low"] <= 1 <= row["ci_high"] for row in rows]
    assert np.mean(hits) >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / 300)
    # Draw means alone would span 2 x 1.96 / sqrt(2) = 2.8.
    assert np.mean([row["ci_high"] - row["ci_low"] for row in rows]) < 1.2


def test_an_interval_without_chance_in_it_ends_between_the_second_and_third_of_100_draws():
    """At 2.525 of 101, with the numerical error in quadrature."""
    d = np.repeat(np.random.default_rng(13).normal(size=(100, 1)), 2, axis=1)
    row = paired.estimate(d)
    in_order = np.sort(d[:, 0]) - row["mean"]
    wide = np.hypot(np.abs(in_order), 1.959964 * row["mc_error"])
    assert wide[2] - 1e-6 <= row["mean"] - row["ci_low"] <= wide[1] + 1e-6
    assert wide[-3] - 1e-6 <= row["ci_high"] - row["mean"] <= wide[-2] + 1e-6


@pytest.mark.parametrize(("between", "within"), [(2.0, 1.0), (1.0, 1.0), (1.0, 2.0)])
def test_the_probability_of_a_better_expectation_is_the_closed_form_for_normals(between, within):
    """P(N(1, between^2) > 0) = Phi(1/between), however much chance lies over it."""
    rng = np.random.default_rng(14)
    truth = float(ndtr(1 / between))
    found = [best.better(two_way(rng, 400, 3, between, within)) for _ in range(200)]
    points = [p for p, _, _ in found]
    assert abs(np.mean(points) - truth) < 4 * np.std(points) / np.sqrt(200) + 0.005
    hits = np.mean([low <= truth <= high for _, low, high in found])
    assert abs(hits - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 200)  # nor always: it would be too wide


def test_the_interval_of_that_probability_covers_when_most_is_chance():
    rng = np.random.default_rng(15)
    truth = float(ndtr(1 / 1.0))
    found = [best.better(two_way(rng, 100, 2, 1.0, 4.0)) for _ in range(300)]
    hits = np.mean([low <= truth <= high for _, low, high in found])
    assert hits >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / 300)


def test_a_difference_that_is_all_chance_is_not_called_surely_better():
    """Truth is no difference: the probability is spread about one half, its interval wide."""
    rng = np.random.default_rng(16)
    found = [best.better(two_way(rng, 100, 2, 0.0, 1.0, 0.0)) for _ in range(600)]
    points = [p for p, _, _ in found]
    assert abs(np.mean(points) - 0.5) < 4 * np.std(points) / np.sqrt(600)
    hits = np.mean([low <= 0.5 <= high for _, low, high in found])
    assert abs(hits - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 600)


def test_better_in_one_world_counts_worlds_and_ties_half():
    gain = np.array([[1.0, -1.0], [0.0, 2.0], [0.0, 0.0], [-3.0, -1.0]])
    value, low, high = paired.better_world(gain)
    assert value == (1 + 0 + 0.5 + 1 + 0.5 + 0.5 + 0 + 0) / 8
    assert low < value < high


def test_one_world_is_less_sure_than_the_expectation():
    rng = np.random.default_rng(17)
    gain = two_way(rng, 400, 2, 1.0, 2.0)
    world = paired.better_world(gain)[0]
    assert abs(world - ndtr(1 / np.sqrt(5))) < 4 * np.sqrt(0.25 / 400)
    assert best.better(gain)[0] > world


def test_which_way_is_better_turns_both_probabilities_round():
    rng = np.random.default_rng(18)
    a = rng.normal(10, 1, (50, 2))
    b = a + rng.normal(0.3, 1, (50, 2))
    up, down, neither = (paired.compare(a, b, way) for way in (1, -1, 0))
    for name in ("p_better_expected", "p_better_world"):
        assert up[name] + down[name] == pytest.approx(1)
        assert up[f"{name}_low"] + down[f"{name}_high"] == pytest.approx(1)
        assert math.isnan(neither[name])


def test_the_chance_share_of_a_difference_is_the_one_put_in():
    rng = np.random.default_rng(19)
    shares = [paired.estimate(two_way(rng, 200, 2, 1.0, 2.0))["chance_share"] for _ in range(50)]
    assert abs(np.mean(shares) - 4 / 5) < 4 * np.std(shares) / np.sqrt(50) + 0.01


def test_variance_saved_is_the_ratio_of_the_variances():
    """A and A + D with var A = 25, var D = 1: (25 + 26) / 1."""
    rng = np.random.default_rng(20)
    saved = []
    for _ in range(200):
        a = 5 * rng.normal(size=(200, 1)) + np.zeros((1, 2))
        saved.append(paired.variance_saved(a, a + rng.normal(size=(200, 1))))
    assert abs(np.mean(saved) - 51) < 4 * np.std(saved) / np.sqrt(200) + 0.02 * 51


def test_unpaired_plans_save_nothing():
    rng = np.random.default_rng(21)
    saved = [paired.variance_saved(*rng.normal(size=(2, 100, 2))) for _ in range(200)]
    assert abs(np.mean(saved) - 1) < 4 * np.std(saved) / np.sqrt(200) + 0.01


def test_a_constant_difference_saves_all_and_no_variance_saves_nothing_to_speak_of():
    a = np.random.default_rng(22).normal(10, 1, (50, 2))
    assert paired.variance_saved(a, a + 3) == INF
    assert paired.variance_saved(a, a) == INF
    assert math.isnan(paired.variance_saved(np.ones((50, 2)), np.full((50, 2), 0.1 + 0.2)))


def test_a_relative_difference_leaves_out_the_size_of_the_output():
    """b = 1.1 a in every world: +10% exactly, however widely a varies."""
    a = np.exp(np.random.default_rng(23).normal(5, 1, (60, 2)))
    assert paired.relative(a, 1.1 * a) == pytest.approx((10, 10, 10))


def test_a_relative_interval_is_that_of_the_ratio_of_expectations():
    """Ratio N(1.2, 0.05^2) over draws, luck of 2% on both: 95% within 1.2 +- 1.96 x 0.05."""
    rng = np.random.default_rng(24)
    ends = []
    for _ in range(100):
        size = np.exp(rng.normal(5, 0.7, (200, 1)))
        ratio = 1.2 + 0.05 * rng.normal(size=(200, 1))
        noise = 1 + 0.02 * rng.normal(size=(2, 200, 2))
        ends.append(paired.relative(size * noise[0], size * ratio * noise[1])[1:])
    low, high = np.mean(ends, axis=0)
    error = 4 * np.std(ends) / np.sqrt(100)
    assert low == pytest.approx(20 - 9.8, abs=0.5 + error)
    assert high == pytest.approx(20 + 9.8, abs=0.5 + error)


def test_nothing_is_relative_to_a_reference_of_nothing():
    a = np.ones((10, 2))
    a[3] = 0
    assert np.isnan(paired.relative(a, a + 1)).all()


def test_draws_undefined_in_either_plan_are_left_out_of_all_three_means():
    a, b = np.arange(20.0).reshape(10, 2), np.arange(20.0).reshape(10, 2) + 5
    a[0, 0] = b[4, 1] = b[4, 0] = np.nan
    row = paired.compare(a, b, 1)
    assert row["undefined"] == 3
    assert row["plan_mean"] - row["reference_mean"] == row["mean"] == 5


def test_finishing_is_better_than_never_finishing():
    a, b = np.full((10, 2), np.nan), np.full((10, 2), np.nan)
    assert math.isnan(paired.compare(a, b, -1, never=True)["p_better_world"])
    b[:5] = 20.0  # the plan finishes in half the draws, the reference in none: the rest ties
    row = paired.compare(a, b, -1, never=True)
    assert row["p_better_world"] == 0.75
    assert row["undefined"] == 20
    assert math.isnan(row["mean"])


def test_rounding_of_sums_is_no_difference():
    a = np.full((3, 2), 0.1 + 0.2)
    assert not paired.difference(a, np.full((3, 2), 0.3)).any()
    assert paired.difference(a, a + 1e-6).all()


def test_break_even_by_hand():
    paths = np.array(
        [
            [-1, -3, -2, 1, 2],  # dip, then recovery in week 4
            [-1, 2, -1, 0, 3],  # behind again in week 3: week 4 counts, not week 2
            [1, 2, 3, 4, 5],  # from the first week
            [0, 0, 0, 0, 1],  # never behind
            [5, 4, 3, 1, -1],  # behind at the horizon
            [-1, -1, -1, -1, 0],  # level at the very end
            [0, 0, 0, 0, 0],  # no difference
        ],
        float,
    )
    np.testing.assert_array_equal(paired.break_even(paths), [4, 4, 1, 1, INF, 5, np.nan])


def test_break_even_quantiles_count_never_as_later_than_any_week():
    week = np.array([[3.0, 5.0], [7.0, INF], [INF, INF], [9.0, np.nan], [4.0, 6.0]])
    found = paired.distribution(week)
    assert (found["p10"], found["p50"], found["p90"]) == (3, 7, INF)
    assert (found["never"], found["same"]) == (0.3, 0.1)
    assert found["never_low"] < 0.3 < found["never_high"]


def test_worlds_that_do_not_differ_are_neither_ahead_nor_behind():
    """Six worlds of ten are level in every week; of the other four all are ahead by week 3."""
    differ = np.array([[[-1, -1, 2, 3.0]], [[-1, 1, 1, 3]], [[-2, -1, 1, 2]], [[-1, -1, 1, 1]]])
    paths = np.concatenate([np.zeros((6, 1, 4)), differ])
    np.testing.assert_allclose(paired.ahead(paths)[0], [0.3, 0.4, 0.7, 0.7])
    row, alone = (paired.break_even_week(each) for each in (paths, differ))
    assert row["week"] == alone["week"] == 3
    assert (row["same"], row["never"]) == (0.6, 0)
    behind = paired.break_even_week(-paths)
    assert (behind["week"], behind["never"]) == (INF, 0.4)


def test_worlds_are_ahead_for_good_by_the_week_they_break_even():
    """Two worlds of four are ahead for good by week 2, one in week 4, one never."""
    paths = np.array([[[-1, 1, 1, 1], [-1, 1, 1, 1]], [[-1, 1, -1, 1], [1, 1, 1, -1]]], float)
    np.testing.assert_array_equal(paired.ahead(paths)[0], [0, 0.5, 0.5, 0.75])
    row = paired.break_even_week(paths)
    assert (row["week"], row["never"], row["same"]) == (2, 0.25, 0)
    assert row["week_low"] <= 2 <= row["week_high"]


def test_the_last_weeks_do_not_tell_who_is_ahead_for_good():
    """A path that goes up and down is ahead at the end by chance, however it goes on."""
    rng = np.random.default_rng(1)
    longer = rng.standard_normal((400, 5, 208)).cumsum(axis=2)
    shares = [paired.ahead_for_good(longer[..., :weeks]).mean(axis=(0, 1)) for weeks in (104, 208)]
    judged = paired.last_judged(104)
    assert judged == 91
    assert shares[0][-1] == pytest.approx(0.5, abs=0.05)  # no more than being ahead
    assert shares[1][103] < 0.35  # most of them fall behind again
    assert shares[0][judged - 1] < 0.4
    assert [paired.last_judged(weeks) for weeks in (1, 2, 8, 26)] == [1, 1, 7, 23]


# Words.


@pytest.mark.parametrize(
    ("quantiles", "says"),
    [
        ((19, 31, INF), "week 31 (95% interval 19 to later)"),
        ((19, 31, 40), "week 31 (95% interval 19 to 40)"),
        ((31, INF, INF), "not by week 46 (95% interval 31 to later)"),
        ((31, 50, 52), "not by week 46 (95% interval 31 to later)"),
        ((50, 51, 52), "not by week 46; whether later cannot be told within 52 weeks"),
        ((INF, INF, INF), "never within 52 weeks"),
        ((1, 1, 1), "week 1"),
        ((np.nan, np.nan, np.nan), "no difference"),
    ],
)
def test_break_even_weeks_read_as_words(quantiles, says):
    row = dict(zip(("week_low", "week", "week_high"), quantiles, strict=True))
    assert findings.break_even_words(row, 52) == says


def test_numbers_carry_their_sign_and_percent_is_never_falsely_certain():
    assert wording.signed(130.2, -80.4, 0.0) == ("+130", "−80", "0")
    assert wording.signed(1000.0, 0.2) == ("+1,000", "0")
    assert wording.percent(0.996) == "over 99%"
    assert wording.percent(0.004) == "under 1%"
    assert (wording.percent(1.0), wording.percent(0.0), wording.percent(0.5)) == (
        "100%", "0%", "50%",
    )  # fmt: skip


def test_every_metric_and_flow_says_which_way_is_better():
    assert [name for name in (*metrics.NAMES, *metrics.FLOWS) if name not in DIRECTIONS] == []
    assert set(DIRECTIONS.values()) == {1, -1, 0}


# Whole comparisons.


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace({"horizon.weeks": 8})


@pytest.fixture(scope="module")
def more(plan):
    return sim.compare(plan, plan.replace({"team.expert": 4}), draws=30, seed=3)


@pytest.fixture(scope="module")
def same(plan):
    return sim.compare(plan, plan, draws=10)


def test_a_plan_does_not_differ_from_itself(same):
    table = same.summary()
    known = table[table["mean"].notna()]
    told = known[known["ci_low"].notna()]
    assert (known.loc[known["ci_low"].isna(), "undefined"] > 0).all()
    assert len(told) > 10
    for column in ("mean", "ci_low", "ci_high", "p10", "p50", "p90", "mc_error"):
        assert (told[column] == 0).all()
    for column in ("p_better_expected", "p_better_world"):
        odds = known[column].dropna()
        assert len(odds) > 10
        assert (odds == 0.5).all()
    assert table["chance_share"].isna().all()
    assert table.loc[("baseline (2)", "work_delivered"), "variance_saved"] == INF
    assert not same.weekly().drop(columns=["plan", "week"]).to_numpy().any()
    assert set(same.break_even()["text"]) == {"no difference"}
    assert (same.break_even()["same"] == 1).all()
    assert same.sentences() == [
        "baseline (2) and baseline do not differ in work delivered in any of 20 worlds."
    ]
    json.dumps(same.to_json(), allow_nan=False)


def test_a_comparison_is_the_difference_of_the_two_runs(plan, more):
    runs = [sim.run(p, draws=30, seed=3) for p in (plan, plan.replace({"team.expert": 4}))]
    table = more.summary()
    assert tuple(table.columns) == ("unit", *paired.COLUMNS)
    assert table.index.names == ["plan", "metric"]
    row = table.loc[("baseline (2)", "work_delivered")]
    means = [run.summary().loc["work_delivered", "mean"] for run in runs]
    assert row["reference_mean"] == pytest.approx(means[0])
    assert row["mean"] == pytest.approx(means[1] - means[0])
    assert row["percent"] == pytest.approx(100 * (means[1] / means[0] - 1))
    difference = runs[1].values("work_delivered") - runs[0].values("work_delivered")
    assert row["p_better_world"] == (difference > 0).mean()
    assert row["p90"] == pytest.approx(np.quantile(difference, 0.9, method="weibull"))


def test_two_more_experts_help_and_pairing_makes_it_plain(more):
    row = more.summary().loc[("baseline (2)", "work_delivered")]
    assert row["ci_low"] > 0
    assert row["p_better_expected"] > 0.95
    assert row["variance_saved"] > 4  # what issue 3 asks of train against baseline


def test_the_last_week_of_the_paths_is_the_summary(more):
    last = more.weekly().set_index("week").loc[8]
    row = more.summary().loc[("baseline (2)", "work_delivered")]
    for column in ("mean", "ci_low", "ci_high", "p10", "p90"):
        assert last[column] == pytest.approx(row[column], rel=1e-6)


def test_for_a_flow_that_is_better_low_breaking_even_is_having_less(plan):
    found = sim.compare(plan, plan.replace({"policy.review": "none"}), draws=10)
    never = found.break_even("escaped_defects").loc["baseline (2)"]
    assert never["never"] > 0.8
    assert found.weekly("escaped_defects")["mean"].iloc[-1] > 0


def test_weekly_paths_are_of_net_value_only_where_every_plan_states_money(more):
    assert more.flow == "work_delivered"
    for wrong, says in (("sales", "not a weekly flow"), ("hours_idle", "nothing breaks even")):
        with pytest.raises(sim.CompareError, match=says):
            more.break_even(wrong)


def test_net_value_leads_where_it_is_stated(more, monkeypatch):
    """As the engine will give it: a metric and a weekly flow, NaN where no money is stated."""
    monkeypatch.setattr(metrics, "FLOWS", tuple(dict.fromkeys((*metrics.FLOWS, "net_value"))))
    for missing in (False, True):
        results = {}
        for label, result in more.results.items():
            value = np.nan if missing and label == "baseline (2)" else 1.0
            weekly = result.weekly.assign(net_value=result.weekly["work_delivered"] * value)
            results[label] = dataclasses.replace(result, weekly=weekly)
        found = sim.Comparison(results)
        assert found.flow == ("work_delivered" if missing else "net_value")
        if missing:
            with pytest.raises(sim.CompareError, match="not defined for 'baseline"):
                found.weekly("net_value")
        else:
            assert found.weekly()["mean"].equals(more.weekly("work_delivered")["mean"])


def test_sentences_hold_the_numbers_of_the_summary(more):
    said = more.sentences()[0]
    row = more.summary().loc[("baseline (2)", "work_delivered")]
    shown = re.search(r"delivers (\S+) expert-h more in 8 weeks .* (\S+) to (\S+)\); in 8", said)
    numbers = (row["mean"], row["ci_low"], row["ci_high"])
    assert shown.groups() == wording.rounded(*numbers, error=row["mc_error"])
    assert f"{wording.percent(row['p_better_world'])} (" in said
    assert "in expectation and" in said
    assert f"{wording.percent(row['chance_share'])} is luck" in said
    assert "includes no difference" not in said


def test_an_interval_that_includes_no_difference_says_so(plan):
    found = sim.compare(plan, plan.replace({"policy.lookahead": 19}), draws=20)
    row = found.summary().loc[("baseline (2)", "work_delivered")]
    assert row["ci_low"] < 0 < row["ci_high"]
    assert "which includes no difference" in found.sentences()[0]


def test_central_parameters_leave_no_expectation_to_tell_apart(plan):
    unreviewed = plan.replace({"policy.review": "none"})
    found = sim.compare(plan, unreviewed, draws=10, uncertainty="central")
    row = found.summary().loc[("baseline (2)", "work_delivered")]
    assert math.isnan(row["p_better_expected"])
    assert 0 <= row["p_better_world"] <= 1
    assert "numerical error only" in found.sentences()[0]
    assert "in expectation" not in found.sentences()[0]


def test_one_luck_a_draw_leaves_no_expectation_to_tell_apart(plan):
    found = sim.compare(plan, plan.replace({"team.expert": 3}), draws=10, luck=1)
    row = found.summary().loc[("baseline (2)", "work_delivered")]
    assert math.isnan(row["p_better_expected"])
    assert math.isnan(row["chance_share"])
    assert "chance included" in found.sentences()[0]


# What is compared, and what to keep in mind.


def test_plans_are_named_told_apart_or_labelled(plan):
    three = sim.compare(plan, plan, plan.replace({"team.novice": 0}), draws=2)
    assert list(three.results) == ["baseline", "baseline (2)", "baseline (3)"]
    named = sim.compare({"now": plan, "then": plan.replace({"team.expert": 3})}, draws=2)
    assert (named.reference, named.plans) == ("now", ("then",))
    assert named.changes == {"then": ("expert engineers: 2 → 3",)}
    assert three.summary().index.unique("plan").tolist() == list(three.plans)


def test_a_result_is_taken_as_it_is_with_its_design(plan):
    ran = sim.run(plan, draws=6, luck=3, seed=9)
    found = sim.compare(ran, plan.replace({"team.expert": 3}))
    assert found.results["baseline"] is ran
    assert found.results["baseline (2)"].provenance["draws"] == 6
    fresh = sim.compare(plan, plan.replace({"team.expert": 3}), draws=6, luck=3, seed=9)
    pd.testing.assert_frame_equal(found.summary(), fresh.summary())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"seed": 2}, "ran with seed = 1: must be that of this comparison, 2"),
        ({"draws": 5}, "ran with draws = 4: must be that of this comparison, 5"),
        ({"luck": 1}, "ran with luck = 2"),
        ({"uncertainty": "central"}, "ran with uncertainty = full"),
    ],
)
def test_a_result_of_another_design_is_refused_before_anything_runs(plan, changed, says):
    ran = sim.run(plan, draws=4)
    started = []
    with pytest.raises(sim.CompareError) as caught:
        sim.compare(plan, ran, **changed, progress=lambda *done: started.append(done))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert started == []


def test_a_result_of_another_engine_or_evidence_is_refused(plan):
    ran = sim.run(plan, draws=2)
    for name in ("engine_sources", "evidence_sha256"):
        old = dataclasses.replace(ran, provenance=ran.provenance | {name: "0" * 64})
        with pytest.raises(sim.CompareError, match=f"ran with {name} = 000000000000: must be"):
            sim.compare(old, plan)
        with pytest.raises(sim.CompareError, match=f"ran with {name}"):
            sim.compare(ran, old)


@pytest.mark.parametrize(
    ("plans", "says"),
    [
        ((), "two plans at least"),
        (("baseline",), "two plans at least"),
        (({"now": "baseline"},), "two plans at least"),
        (({"": "baseline", "then": "no-tool"},), "label must be words"),
        (("baseline", 3), "a plan must be a Scenario"),
    ],
)
def test_what_is_no_comparison_is_refused_in_one_line(plans, says):
    with pytest.raises(sim.CompareError) as caught:
        sim.compare(*plans)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_plans_of_different_horizons_can_be_given_one():
    found = sim.compare("baseline", "non-coders", draws=2, luck=1, weeks=3)
    assert found.weeks == 3
    with pytest.raises(sim.ScenarioError, match="must be 1 or more"):
        sim.compare("baseline", "non-coders", weeks=0)


def test_plans_of_different_horizons_are_refused(plan):
    for change, says in (
        ({"horizon.weeks": 9}, "horizon.weeks = 9: must be that of baseline, 8"),
        (
            {"horizon.start": "2027-01"},
            "horizon.start = 2027-01: must be that of baseline, 2026-12",
        ),
    ):
        with pytest.raises(sim.CompareError, match=re.escape(says)):
            sim.compare(plan, plan.replace(change))


def test_fewer_people_bring_the_workforce_caution_first(plan):
    found = sim.compare(plan, plan.replace({"team.novice": 0}), draws=2)
    assert found.caveats[0].startswith("baseline (2) has fewer people than baseline (7 against 9).")
    for part in ("no basis for workforce change", "EU AI Act", "employment law", "one vendor"):
        assert part in found.caveats[0]
    grown = sim.compare(plan, plan.replace({"team.novice": 3}), draws=2)
    assert not any("fewer people" in said for said in grown.caveats)


def test_other_work_and_other_beliefs_are_said(plan):
    changed = plan.replace({"tasks.advanced_share": 0.5, "world.dev_share": 0.3})
    found = sim.compare(plan, changed, draws=2)
    assert any("do not meet the same work" in s and "30% → 50%" in s for s in found.caveats)
    assert any("do not assume the same world" in s and "paid hours" in s for s in found.caveats)
    assert "baseline (2): world.dev_share = 0.3: pinned by you" in found.caveats


def test_caveats_of_all_plans_are_said_once(more):
    assert len(more.caveats) == len(set(more.caveats))
    for result in more.results.values():
        assert set(result.caveats) <= set(more.caveats)
    trap = sim.compare("baseline", "headline-trap", draws=2)
    assert any(said.startswith("headline-trap: HEADLINE CURVES") for said in trap.caveats)


def test_levers_that_come_with_a_tool_s_profile_are_not_listed_one_by_one(plan):
    lines = terms.changes(plan, plan.replace({"tool.profile": "none"}))
    assert lines == ("tool: claude-code-2026 → none",)


# Records.


def test_a_comparison_saves_whole_and_loads_equal(more, tmp_path):
    path = more.save(tmp_path / "plans")
    again = sim.load_comparison(path)
    pd.testing.assert_frame_equal(again.summary(), more.summary())
    pd.testing.assert_frame_equal(again.weekly(), more.weekly())
    assert again.caveats == more.caveats
    assert again.to_json() == more.to_json()
    kept = json.loads((path / "comparison.json").read_text())
    assert kept["findings"] == more.sentences()
    with pytest.raises(sim.CompareError, match="exists already"):
        more.save(path)
    assert more.save(path, overwrite=True) == path
    assert [p.name for p in tmp_path.iterdir()] == ["plans"]
    assert sim.compare(sim.load_result(path / "plan-1"), again.results["baseline (2)"]).uncertain


@pytest.mark.parametrize("harm", ["nothing", "not json", "no folders", "plan lost"])
def test_a_damaged_comparison_is_refused_in_one_line(same, tmp_path, harm):
    path = same.save(tmp_path / "plans")
    about = path / "comparison.json"
    if harm == "nothing":
        about.unlink()
    elif harm == "not json":
        about.write_text("{")
    elif harm == "no folders":
        about.write_text('{"format": 1}')
    else:
        (path / "plan-2" / "result.json").unlink()
    with pytest.raises((sim.CompareError, sim.ResultError)) as caught:
        sim.load_comparison(path)
    assert "\n" not in str(caught.value)


def test_json_is_plain_and_holds_every_number(more):
    data = json.loads(json.dumps(more.to_json(), allow_nan=False))
    assert len(data["metrics"]) == len(metrics.NAMES)
    assert {"plan", "metric", "unit", *paired.COLUMNS} == set(data["metrics"][0])
    assert [p["people"] for p in data["plans"]] == [9, 11]
    assert len(data["weekly"]) == 8


def test_citation_names_every_scenario(more):
    text = more.cite()
    for result in more.results.values():
        assert result.provenance["scenario_sha256"][:12] in text
    assert text.count("@software") == 1


def test_a_notebook_and_a_console_show_the_finding(more):
    assert "expert-h more in 8 weeks" in repr(more)
    assert more.sentences()[0].split(" (")[0] in more._repr_html_()


# The command line.


def test_the_command_prints_plans_levers_and_reasons_on_one_screen(capsys):
    code, out, _ = tiercurve("compare", "baseline", "no-tool", "--draws", 6, capsys=capsys)
    assert code == 0
    for part in (
        "answer  ", "no-tool  tool: claude-code-2026 -> none.",
        "Why, by the largest differences", "next  tiercurve decide baseline no-tool", "seed 1",
    ):  # fmt: skip
        assert part in out
    assert out.isascii()
    assert max(map(len, out.splitlines())) <= 80


def test_all_prints_findings_table_and_caveats(capsys):
    words = ("compare", "baseline", "no-tool", "--draws", 6, "--all")
    code, out, _ = tiercurve(*words, capsys=capsys)
    assert code == 0
    for part in (
        "tool: claude-code-2026 -> none", "Findings:", "no-tool against baseline:",
        "10-90% of worlds", "Keep in mind:", "seed 1",
    ):  # fmt: skip
        assert part in out
    unit, *others = (line for line in out.splitlines() if line.startswith("work_delivered"))
    assert "expert-h" in unit
    assert any(" to " in line for line in others)
    assert out.isascii()


def test_everything_shows_every_metric(more):
    shown = more.text(everything=True).splitlines()
    starts = {line.split()[0] for line in shown if line}
    assert set(metrics.NAMES) <= starts


def test_the_command_gives_json_rows_and_a_figure(tmp_path, capsys):
    words = ("compare", "baseline", "no-tool", "--draws", 4, "--json", "--out", tmp_path / "rows")
    code, out, _ = tiercurve(*words, "--plot", tmp_path / "plans.png", capsys=capsys)
    assert code == 0
    data = json.loads(out)
    assert data["reference"] == "baseline"
    assert sim.load_comparison(tmp_path / "rows").to_json()["metrics"] == data["metrics"]
    assert (tmp_path / "plans.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("baseline",), "two plans at least"),
        (("baseline", "nope"), "nope"),
        (("baseline", "long.toml"), "horizon.weeks = 9: must be that of baseline, 26"),
        (("baseline", "no-tool", "--draws", "1"), "draws = 1"),
        (("baseline", "no-tool", "--plot", "a.xyz"), "must end in"),
        (("baseline", "no-tool", "--out", "."), "exists already"),
    ],
)
def test_a_comparison_that_makes_no_sense_ends_with_exit_code_2(
    words, says, tmp_path, monkeypatch, capsys
):
    (tmp_path / "long.toml").write_text("question = 'q'\n[horizon]\nweeks = 9\n")
    monkeypatch.chdir(tmp_path)
    code, out, err = tiercurve("compare", *words, capsys=capsys)
    assert code == 2
    assert out == ""
    assert says in err
    assert "Traceback" not in err
    if says not in ("must end in", "exists already"):  # typer's own say the usage too
        lines = [line for line in err.splitlines() if not line.startswith("compiling")]
        assert len(lines) == 1


def test_a_chance_that_differs_in_no_world_has_an_interval_in_whole_points():
    plan = sim.load("done-by-march/today").replace(
        {"tasks.backlog": 40, "horizon.weeks": 8, "answer.by_week": 6}
    )
    other = plan.replace({"training.weeks": 3})  # of nobody
    found = sim.compare({"a": plan, "b": other}, draws=50, luck=2, threads=1)
    (line,) = (line for line in found.text().splitlines() if line.startswith("  change"))
    assert re.fullmatch(r"  change +−(\d) to \+\1 *", line.replace("-", "−"))


def test_worlds_that_do_not_differ_are_said_beside_a_break_even():
    plan = sim.load("done-by-march/today").replace(
        {"tasks.backlog": 40, "horizon.weeks": 8, "answer.by_week": 6}
    )
    other = plan.replace({"policy.lookahead": 10})
    found = sim.compare({"a": plan, "b": other}, draws=50, luck=2, threads=1)
    same = found.break_even().loc["b", "same"]
    assert 0.5 < same < 1
    (said,) = (line for line in found.sentences() if line.startswith("Break-even"))
    told = f"{wording.percent(same)} of worlds do not differ, and count half as ahead."
    assert said.endswith(told)
