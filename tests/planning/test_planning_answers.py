"""Answers of the page are the numbers of a comparison, no surer than their worlds, and told so."""

import json
import math
import re

import numpy as np
import pytest

import sim
from sim.analysis import paired
from sim.errors import PlannerError
from sim.planning import answers, sentences
from sim.planning.desk import Desk, example
from sim.planning.worlds import LUCK, SEED, STAGES, Superseded, WorldCache, stages_of
from sim.records.words import parameters


@pytest.fixture(scope="module")
def desk():
    return example()


@pytest.fixture(scope="module")
def hire(desk):
    """The answers of the example at every stage."""
    return [desk.answer(desk.state, stage) for stage in range(len(STAGES))]


@pytest.fixture(scope="module")
def work():
    """A desk of work without an end, small."""
    return Desk(sim.load("platform-team").replace({"horizon.weeks": 8}))


def test_the_last_answer_is_that_of_the_command_line_from_its_files(desk, hire, tmp_path):
    for which in ("today", "plan"):
        (tmp_path / f"{which}.toml").write_text(desk.toml(desk.state, which), encoding="utf-8")
    comparison = sim.compare(
        tmp_path / "today.toml", tmp_path / "plan.toml", draws=STAGES[-1], luck=LUCK, seed=SEED
    )
    (row,) = comparison.summary_of("done_by").to_dict("records")
    last, weeks = hire[-1], np.arange(1, comparison.weeks + 1)
    assert last["worlds"] == STAGES[-1] * LUCK
    for name, result in zip(("today", "plan"), comparison.results.values(), strict=True):
        finish = result.values("finish_week")
        expected = [(finish <= week).mean() for week in weeks]
        assert last["chance"][name] == pytest.approx(expected, abs=1e-6)
    assert last["chance"]["plan"][19] == pytest.approx(row["plan_mean"], abs=1e-6)
    costs = {cost["name"]: cost for cost in last["costs"]["rows"]}
    (extra,) = comparison.summary_of("extra_cost").to_dict("records")
    assert costs["cost_to_horizon"]["difference"] == pytest.approx(extra["mean"], rel=1e-5)
    size = re.search(r": (\d+) points more \(95% range (\d+) to (\d+)\)", last["sentence"])
    ends = [100 * row[name] for name in ("mean", "ci_low", "ci_high")]
    assert [float(part) for part in size.groups()] == pytest.approx(ends, abs=0.5)


def test_worlds_of_a_file_are_those_of_the_page_to_the_bit(desk, tmp_path):
    (tmp_path / "plan.toml").write_text(desk.toml(desk.state, "plan"), encoding="utf-8")
    result = sim.run(tmp_path / "plan.toml", draws=STAGES[0], luck=LUCK, seed=SEED)
    plan = sim.load(tmp_path / "plan.toml")
    worlds = desk.cache.worlds(plan, STAGES[0], "done_by")
    for metric in worlds.metrics:
        np.testing.assert_array_equal(worlds.values[metric], result.values(metric)[:, :, 0])


def test_finer_stages_go_on_from_coarser_ones(hire):
    assert [answer["worlds"] for answer in hire] == [draws * LUCK for draws in STAGES]
    assert [answer["last"] for answer in hire] == [False, False, True]
    assert [answer["basis"] is None for answer in hire] == [True, True, False]


def test_few_worlds_are_told_roughly_and_to_one_figure(hire, work):
    rough = [hire[0], work.answer({"plan.engineer.expert": 3}, 0), work.answer({}, 0)]
    for answer in rough:
        assert answer["coarse"]
        close = answer["sentence"].startswith("Too close to call: 20 runs cannot tell")
        assert close or "roughly" in answer["sentence"]
        told = re.sub(r"by \d+ \w+ \d{4}|in \d+ weeks|\d+ runs", "", answer["sentence"])
        for digits in re.findall(r"\d[\d,.]*", told):
            assert len(digits.replace(",", "").rstrip(".").strip("0")) <= 1, answer["sentence"]
    assert not any(answer["coarse"] for answer in hire[1:])
    assert not any("roughly" in answer["sentence"] for answer in hire[1:])


def test_no_world_is_simulated_twice(desk, monkeypatch):
    cache = WorldCache()
    asked = []
    real = sim.planning.worlds.ask

    def counting(plan, draws, first, **more):
        asked.append((first, draws))
        return real(plan, draws=draws, first=first, **more)

    monkeypatch.setattr("sim.planning.worlds.ask", counting)
    plan = desk.base
    for draws in (10, 25, 10, 25):
        assert cache.worlds(plan, draws, "done_by").draws == draws
    starts = [first for first, _ in asked]
    assert starts == [0, *np.cumsum([draws for _, draws in asked])[:-1]]
    assert sum(draws for _, draws in asked) == 25


def test_a_cache_forgets_the_plan_that_was_used_longest_ago(desk):
    cache = WorldCache(most=1)
    one, other = desk.base, desk.base.replace({"team.expert": 4})
    cache.worlds(one, 10, "done_by")
    cache.worlds(other, 10, "done_by")
    assert [worlds.plan for worlds in cache.kept.values()] == [other]


def test_a_deadline_moves_without_a_world_simulated(desk, monkeypatch):
    """Two plans that differ in their question alone share their worlds, to the bit."""
    cache = WorldCache()
    cache.worlds(desk.base, 10, "done_by")
    for week in (1, 12, 19, 20, 29, desk.base.horizon.weeks):
        moved = desk.base.replace({"answer": {"by_week": week, "metric": "weeks_to_done"}})
        afresh = WorldCache().worlds(moved, 10, "done_by")
        with monkeypatch.context() as patched:
            patched.setattr("sim.planning.worlds.ask", None)
            kept = cache.worlds(moved, 10, "done_by")
        assert kept.plan is moved
        for name, values in afresh.values.items():
            np.testing.assert_array_equal(kept.values[name], values, err_msg=name)
        assert set(np.unique(kept.values["done_by"])) <= {0.0, 1.0}


def test_worlds_of_one_deadline_are_refined_under_another(desk):
    cache = WorldCache()
    cache.worlds(desk.base, 10, "done_by")
    moved = desk.base.replace({"answer": {"by_week": 12}})
    refined, afresh = cache.worlds(moved, 20, "done_by"), WorldCache().worlds(moved, 20, "done_by")
    assert (refined.plan, refined.draws) == (moved, 20)
    for name, values in afresh.values.items():
        np.testing.assert_array_equal(refined.values[name], values, err_msg=name)


def test_cost_up_to_a_deadline_is_simulated_anew(desk):
    cache = WorldCache()
    priced = desk.base.replace({"answer": {"metric": "cost_until_done"}})
    at = [
        cache.worlds(priced.replace({"answer": {"by_week": week}}), 10, "cost_until_done")
        for week in (5, 30)
    ]
    first, last = (worlds.values["cost_until_done"].mean() for worlds in at)
    assert first < last
    assert len(cache.kept) == 2


def test_an_answer_that_is_not_wanted_any_more_stops(desk):
    with pytest.raises(Superseded):
        WorldCache().worlds(desk.base, 10, "done_by", lambda: True)


@pytest.mark.parametrize(("mean", "close"), [(0.0, True), (1.9, True), (-1.9, True), (2.1, False)])
def test_less_than_two_standard_errors_is_too_close_to_call(mean, close):
    assert sentences.too_close(mean, 1.0) is close


def test_a_difference_is_sure_where_its_interval_leaves_out_none(work, hire):
    today, plan = both(work, state := {"plan.engineer.expert": 1, "join": 0})
    row = sim.compare({"today": today, "plan": plan}, draws=STAGES[1]).row("plan", "work_delivered")
    assert work.answer(state, 1)["sure"] is bool(row["ci_low"] > 0 or row["ci_high"] < 0)
    assert hire[-1]["sure"]
    assert not work.answer({}, 1)["sure"]


def test_too_close_to_call_is_said_where_worlds_cannot_tell(desk):
    answer = desk.answer({"seats": 2}, 2)
    row = paired.event_difference(
        *(desk.cache.worlds(p, 200, "done_by").values["done_by"] for p in both(desk, {"seats": 2}))
    )
    assert abs(row["mean"]) < 2 * row["mc_error"]
    assert answer["verdict"] == "close"
    assert answer["sentence"].startswith("Too close to call: ")
    assert "400 runs cannot tell the two apart" in answer["sentence"]


def both(desk, state):
    from sim.planning.plans import plans

    return plans(desk.base, state)


def test_a_hundred_dots_are_a_hundred_and_theirs_the_shares_of_worlds(desk, hire, work):
    for answer in (*hire, work.answer({"plan.engineer.expert": 1}, 0)):
        assert sum(answer["dots"]["counts"].values()) == 100
    worlds = [
        desk.cache.worlds(p, 200, "done_by").values["done_by"] for p in both(desk, desk.state)
    ]
    only = np.mean((worlds[0] == 0) & (worlds[1] == 1))
    assert hire[-1]["dots"]["counts"]["plan"] == pytest.approx(100 * only, abs=1)
    values = work.answer({"plan.engineer.expert": 1}, 1)["dots"]["values"]
    assert values == sorted(values)
    assert len(values) == 100


@pytest.mark.parametrize(
    "shares", [[1 / 3] * 3, [0.005, 0.005, 0.99], [1.0, 0.0, 0.0], [0.125] * 8]
)
def test_whole_numbers_of_a_hundred_sum_to_it_and_are_near(shares):
    counts = answers._whole(shares)
    assert sum(counts) == 100
    assert all(abs(c - 100 * s) < 1 + 1e-9 for c, s in zip(counts, shares, strict=True))


def test_nothing_moved_is_today_alone(desk, work):
    for each in (desk, work):
        answer = each.answer({}, 1)
        assert answer["verdict"] == "today"
        assert answer["dots"] is answer["ahead"] is None
        assert answer["sentence"].startswith("Today ")


def test_hours_are_a_hundred(hire):
    for name in ("today", "plan"):
        assert sum(row[name] for row in hire[-1]["hours"]) == pytest.approx(100, abs=0.1)


def test_the_chance_to_be_ahead_is_that_of_a_comparison(work):
    state = {"plan.engineer.expert": 4, "join": 0, "seats": 1, "train_weeks": 2}
    today, plan = both(work, state)
    comparison = sim.compare({"today": today, "plan": plan}, draws=STAGES[1], luck=LUCK, seed=SEED)
    expected = comparison.chance_ahead("work_delivered")["chance"].tolist()
    judged = paired.last_judged(len(expected))
    assert judged < len(expected)  # of the last weeks nobody can tell who stays ahead
    assert work.answer(state, 1)["ahead"]["chance"] == pytest.approx(expected[:judged], abs=1e-6)


def test_a_metric_without_a_value_in_too_many_worlds_is_not_known():
    answer = Desk(sim.load("review-bottleneck")).answer({"plan.review": "none"}, 0)
    assert answer["verdict"] == "unknown"
    assert "has no value in too many of 20 runs" in answer["sentence"]


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("two-years", {"seats": 2}),
        ("backlog-deadline", {"plan.tool": "none"}),
        ("running-project", {"plan.engineer.expert": 1}),
        ("two-domains", {"plan.engineer.expert": 1}),
        ("assistive-tool", {"plan.tool": "claude-code-2026"}),
        ("no-tool", {"hours": [10, 12]}),
        ("headline-trap", {"plan.review": "unverified"}),
    ],
)
def test_every_kind_of_scenario_gets_an_answer_that_json_holds(name, state):
    answer = Desk(sim.load(name)).answer(state, 0)
    assert json.loads(json.dumps(answer, allow_nan=False))
    assert answer["sentence"].endswith(".")
    assert not re.search(r"nan|None|_", answer["sentence"])


@pytest.mark.parametrize("which", ["today", "plan"])
def test_a_run_to_watch_is_a_world_of_the_command_line_nearest_to_the_middle(which, desk):
    run = desk.one_run(desk.state, which)
    plan = dict(zip(("today", "plan"), both(desk, desk.state), strict=True))[which]
    values = desk.cache.worlds(plan, 200, "done_by").values["weeks_to_done"]
    mine = values[run["draw"], run["luck"]]
    assert abs(mine - np.median(values)) == np.min(abs(values - np.median(values)))
    rows = sim.trace(plan, SEED, run["draw"], run["luck"])
    told = rows[rows["activity"].isin([name for name, _ in run["activities"]])]
    clock = (told["end_hours"] - told["start_hours"]).sum()
    assert 40 * np.sum(run["shares"]) == pytest.approx(clock, rel=0.01)
    assert len(run["people"]) == plan.headcount + sum(row.count for row in plan.joiners)
    assert run["done"] == sorted(run["done"])
    assert len(run["days"]) == plan.horizon.weeks
    with pytest.raises(PlannerError, match="must be one of plan, today"):
        desk.one_run(desk.state, "other")


def test_the_headline_curves_carry_their_warning():
    answer = Desk(sim.load("headline-trap")).answer({}, 0)
    assert any(caveat.startswith("HEADLINE") for caveat in answer["warnings"])


def test_the_basis_has_every_number_once_and_ones_own_apart(desk):
    answer = desk.answer(desk.state | {"hours": [12, 14]}, 2)
    basis = answer["basis"]
    names = [row["name"] for rows in basis.values() for row in rows]
    assert len(set(names)) == len(names) > 40
    (own,) = basis["yours"]
    assert own["name"].lower() == parameters()["dev_share"]
    assert own["value"].startswith("32% (30% to 35%)")


def test_a_plan_that_takes_too_long_is_offered_fewer_stages_or_none():
    large = sim.load("two-years").replace({"horizon.weeks": 156, "team.expert": 50})
    assert STAGES[-1] not in stages_of(large, large)
    with pytest.raises(PlannerError, match="too much for the page"):
        stages_of(*[large] * 50)


def test_a_desk_refuses_a_scenario_that_the_page_cannot_take():
    with pytest.raises(PlannerError, match="people"):
        Desk(sim.load("baseline").replace({"team.expert": 400}))


@pytest.mark.parametrize("stage", [-1, 3, 1.5, True, None, "0"])
def test_a_stage_that_is_none_is_refused(stage, desk):
    with pytest.raises(PlannerError, match=r"^stage = "):
        desk.answer({}, stage)


def test_a_number_is_rough_to_its_first_figure():
    assert sentences.rough(2490) == "2,000"
    assert sentences.rough(0.047) == "0.05"
    assert sentences.rough(-96) == "−100"
    assert sentences.rough(0) == "0"
    assert sentences.rough(math.nan) == "nan"
