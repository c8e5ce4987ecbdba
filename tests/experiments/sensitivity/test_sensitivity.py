"""A sensitivity analysis of a scenario is repeatable, extendable, and says what it cannot say."""

import dataclasses
import itertools
import json
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from command import tiercurve

import sim
from sim import figures
from sim.engine import batch, levers, mechanisms, setup
from sim.experiments.sensitivity import Ranking, factors, given, rows, sentences

SMALL = {"samples": 32, "luck": 2, "threads": 1, "metrics": ("work_delivered", "sessions@4")}
TWO = {"team_offset": None, "training.seats": [0, 2]}


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace({"horizon.weeks": 10})


@pytest.fixture(scope="module")
def found(plan):
    return sim.sensitivity(plan, TWO, **SMALL)


def test_ends_of_factors_are_in_the_outputs_unit_and_their_interval_holds_a_run_at_both(plan):
    """Against paired runs with the factor pinned at its ends, all else as in the analysis."""
    asked = {"tasks.advanced_share": {"uniform": [0.1, 0.6]}}
    made = sim.sensitivity(plan, asked, samples=128, luck=4, metrics=["work_delivered"])
    table = made.ends().set_index("factor")
    row = table.loc["tasks.advanced_share"]
    assert (row["kind"], row["low_end"], row["high_end"]) == ("number", "15%", "55%")
    low, high = (plan.replace({"tasks.advanced_share": share}) for share in (0.15, 0.55))
    pair = sim.compare(low, high, draws=400, luck=2, seed=3, threads=1)
    change = pair.summary().xs("work_delivered", level="metric")["mean"].iloc[0]
    wide = row["change_high"] - row["change_low"]
    assert row["change_low"] - wide / 2 < change < row["change_high"] + wide / 2
    assert row["at_high"] - row["at_low"] == pytest.approx(row["change"])
    assert list(table["change"].abs()) == sorted(table["change"].abs(), reverse=True)
    assert table.loc["other parameters", "kind"] == "together"


def test_the_tornado_is_titled_by_its_first_row_with_ends_and_refused_where_it_is_none(
    found, capsys
):
    words = " ".join(text.get_text() for text in found.plot("tornado").texts)
    assert "work delivered" in words
    for more, says in ((["--method", "morris"], "goes with"), ([], "pairs needs")):
        code, _, told = tiercurve(
            "sensitivity", "baseline", "--figure", "pairs", *more, capsys=capsys
        )
        assert code == 2
        assert says in told


def test_default_factors_are_eleven_and_leave_no_uncertain_parameter_out(plan):
    made = factors.factors_of(plan)
    assert len(made) == 11
    inputs = {one.name for factor in made for one in factor.inputs}
    members = {name for factor in made for one in factor.inputs for name in one.members}
    uncertain = {n for n, p in sim.register().items() if p.kind == "world"}
    fixed = {n for n in uncertain if len(set(sim.register()[n].distribution.numbers)) == 1}
    assert uncertain - fixed <= inputs | members
    assert not inputs & members
    assert set(setup.curve_set(plan).updates) <= members  # come as rows of the posterior
    assert sum(one.name == "team_offset" for f in made for one in f.inputs) == 1


@pytest.mark.parametrize("name", mechanisms.vanishing())
def test_every_mechanism_is_a_factor_from_where_it_vanishes(plan, name):
    """By itself where it has a range, and else with the block that it was fitted in."""
    plan = plan.replace({"tool": {"profile": "agent-early-2025"}})  # has a horizon of its own
    off, known = mechanisms.vanishing()[name], sim.register()[name].distribution
    most = max(known.quantile(np.array([0.05, 0.95])).tolist(), key=lambda end: abs(end - off))
    own, rest = factors.factors_of(plan, {name: {"uniform": sorted((off, most))}})
    assert [one.name for one in own.inputs] == [name]
    inputs = [*own.inputs, *rest.inputs]
    u = np.full((2, sum(one.columns for one in inputs)), 0.5)
    u[:, 0] = (0.0, 1.0)
    without, with_it = rows.points(plan, 1, inputs, u).worlds
    assert without.tobytes() != with_it.tobytes()
    named = factors.factors_of(plan, [name])[0].inputs[0]
    assert name in (named.name, *named.members)


def test_a_parameter_of_a_block_stands_for_its_block_unless_it_has_a_range(plan):
    (block,) = factors.factors_of(plan, ["review_rate", "hand_ratio"])[0].inputs
    assert (block.name, block.varied[:22]) == ("how people work", "rows of the posterior:")
    mine = plan.replace({"world.review_rate": {"uniform": [0.1, 0.2]}})
    stated, *others = (one for f in factors.factors_of(mine, ["review_rate"]) for one in f.inputs)
    assert stated.belief.numbers == (0.1, 0.2)
    assert "review_rate" not in {name for one in others for name in one.members}
    ranged = factors.factors_of(plan, {"review_rate": {"uniform": [0.1, 0.2]}})
    assert ranged[0].inputs[0].belief.numbers == (0.1, 0.2)


def test_a_block_is_exchanged_whole_and_leaves_the_others(plan):
    """Rows that differ in one number differ in that block alone, and take one posterior row."""
    found = setup.curve_set(plan)
    blocks = [factors._block(plan, name) for name in ("curve", "how people work", "tool trend")]
    u = np.full((4, sum(one.columns for one in blocks)), 0.3)
    u[1, 0], u[2, 1], u[3, 2:] = 0.9, 0.9, 0.9
    worlds = rows.points(plan, 1, blocks, u).worlds
    fields = {"curve": "sd_task", "how people work": "review_rate"}
    for row, moved in enumerate((None, *fields, "tool trend")):
        for block, field in fields.items():
            place = int((0.9 if block == moved else 0.3) * len(found.draws))
            assert worlds[field][row] == found.draws[place, found.columns.index(field)]
    assert worlds["progress"][0] == worlds["progress"][2] != worlds["progress"][3]


def test_closed_shares_of_parameters_are_listed_with_their_block(found, plan):
    table = found.members
    assert set(table["block"]) == {"curve", "how people work", "tool trend"}
    names = {name for members in setup.blocks(plan).values() for name in members}
    assert set(table["parameter"]) == names
    assert (table["S1_low"] <= table["S1_high"]).all()


def test_groups_hold_the_same_inputs_under_the_seven_names(plan):
    alone = {one.name for f in factors.factors_of(plan) for one in f.inputs}
    made = factors.factors_of(plan, groups=True)
    assert {f.name for f in made} == set(factors.GROUPS) - {factors.RECORD}  # it has none
    assert {one.name for f in made for one in f.inputs} == alone


def test_groups_name_only_what_there_is():
    blocks = (factors.CURVE, factors.WORKING, factors.TREND, factors.RECORD)
    known = {*sim.register(), *factors.RANGES, factors.COMPOSITION, *blocks}
    assert [name for name in factors._GROUPED if name not in known] == []


def test_every_mix_keeps_the_number_of_people_and_is_as_likely_as_any_other(plan):
    (one,) = factors.factors_of(plan, ["composition"])[0].inputs
    counts = [change["team"] for change in one.choices]
    assert all(sum(v for v in c.values() if isinstance(v, int)) == 9 for c in counts)
    grid = (np.arange(1000) + 0.5) / 1000
    u = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    share = np.bincount(one.place(u), minlength=55) / len(u)
    assert share == pytest.approx(1 / 55, rel=0.02)


@pytest.mark.parametrize("path", levers.FIELDS)
def test_a_lever_set_in_the_row_is_the_lever_of_a_changed_scenario(path):
    base = sim.load("baseline")
    values = setup.draw(base, 1, 0, 3)
    by_row = setup.worlds(base, 1, values)
    value = 1.25 if path == "policy.split_hours" else 0.75  # the split is at least 1 h
    levers.put(by_row, path, np.full(3, value))
    assert by_row.tobytes() == setup.worlds(base.replace({path: value}), 1, values).tobytes()


def test_a_point_of_the_design_is_the_world_of_the_scenario_it_stands_for(plan):
    made = factors.factors_of(plan, {"training.seats": [0, 2], "team_offset": None}, others=False)
    inputs = [one for factor in made for one in factor.inputs]
    u = np.array([[0.2, 0.5], [0.7, 0.5], [0.1, 0.5]])
    points = rows.points(plan, 1, inputs, u)
    values, _ = batch.simulate(points, np.arange(3), np.full(3, 5), 1)
    for seats, row in zip((0, 2, 0), values, strict=True):
        central = setup.draw(plan, 1, 0, 1, uncertain=False)
        one = batch.templates_of(plan.replace({"training.seats": seats}), 1, central)
        expected, _ = batch.simulate(one, [0], [5], 1)
        assert np.array_equal(row, expected[0], equal_nan=True)


def test_every_combination_of_choices_is_the_world_of_its_scenario(plan):
    """Levers put into rows made from the plan alone give what each changed scenario would."""
    asked = {
        "composition": None, "training.seats": [0, 2], "training.start_week": [0, 2],
        "policy.review": ["none", "all"], "tasks.advanced_share": [0.2, 0.5],
        "tool.version": ["start", "2026-06"], "dev_share": None,
    }  # fmt: skip
    inputs = [one for f in factors.factors_of(plan, asked, others=False) for one in f.inputs]
    u = np.random.default_rng(1).random((40, sum(one.columns for one in inputs)))
    points = rows.points(plan, 1, inputs, u)
    central = setup.draw(plan, 1, 0, 1, uncertain=False)
    for i, row in enumerate(u):
        changes = {}
        for one, at in zip(inputs, (0, 2, 3, 4, 5, 6), strict=False):
            changes |= one.choices[one.place(row[None, at : at + one.columns])[0]]
        share = np.array([changes["tasks.advanced_share"]])
        own = {"dev_share": inputs[-1].belief.quantile(row[-1:]), setup.ADVANCED_SHARE: share}
        expected = batch.templates_of(plan.replace(changes), 1, central | own)
        assert points.worlds[i].tobytes() == expected.worlds[0].tobytes()
        team = points.team[points.begin[i] : points.end[i]]
        assert team.tobytes() == expected.team.tobytes()


def test_the_horizon_of_a_tool_is_a_factor_as_it_is_uncertain_in_a_run(plan):
    own = plan.replace({"tool.profile": "agent-early-2025"})
    made = factors.factors_of(own, ["dev_share"])
    assert setup.HORIZON in {one.name for factor in made for one in factor.inputs}
    assert setup.HORIZON in sim.run(own, draws=2, luck=1, threads=1).parameters
    (one,) = factors.factors_of(own, [setup.HORIZON])[0].inputs
    assert factors.group(setup.HORIZON) == "tool"
    points = rows.points(own, 1, [one], np.array([[0.2], [0.9]]))
    central = setup.draw(own, 1, 0, 1, uncertain=False)
    for row, hours in zip(points.worlds, own.horizon_belief.quantile([0.2, 0.9]), strict=True):
        alone = own.replace({"tool.horizon_hours": float(hours)})
        expected = setup.worlds(alone, 1, central | {setup.HORIZON: np.array([hours])})
        assert row.tobytes() == expected[0].tobytes()


def test_a_choice_of_tools_brings_the_horizon_of_each(plan):
    asked = {"tool.profile": ["claude-code-2026", "agent-early-2025"], "dev_share": None}
    inputs = [one for f in factors.factors_of(plan, asked, others=False) for one in f.inputs]
    points = rows.points(plan, 1, inputs, np.array([[0.1, 0.5], [0.9, 0.5]]))
    early = plan.replace({"tool.profile": "agent-early-2025"})
    expected = setup.worlds(early, 1, setup.draw(early, 1, 0, 1, uncertain=False))
    assert points.worlds[1]["progress"] == expected[0]["progress"]
    assert points.worlds[0]["progress"] != expected[0]["progress"]


def test_a_lever_known_by_choices_replaces_the_share_of_advanced_work(plan):
    made = factors.factors_of(plan, {"tasks.advanced_share": [0.1, 0.5]})
    points = rows.points(plan, 1, made[0].inputs, np.array([[0.9], [0.1]]))
    assert list(points.worlds["advanced_share"]) == [0.5, 0.1]


def test_the_same_seed_gives_the_same_numbers_on_any_number_of_threads(plan, found):
    again = sim.sensitivity(plan, TWO, **(SMALL | {"threads": 2}))
    assert np.array_equal(found.moments.means, again.moments.means)
    assert found.indices.equals(again.indices)


def test_extending_runs_only_what_is_new_and_gives_what_one_analysis_would(plan, found):
    told = []
    more = found.extend(48, threads=1, progress=lambda done, total: told.append(total))
    assert set(told) == {16 * 5 * 2}
    whole = sim.sensitivity(plan, TWO, **(SMALL | {"samples": 48}))
    assert np.array_equal(more.moments.means, whole.moments.means)
    assert more.indices.equals(whole.indices)
    with pytest.raises(sim.SensitivityError, match="must be more than the 32"):
        found.extend(32)


def test_a_saved_analysis_comes_back_and_can_be_extended(found, tmp_path):
    path = found.save(tmp_path / "kept")
    back = sim.load_sensitivity(path)
    assert back.indices.equals(found.indices)
    assert back.to_json() == found.to_json()
    assert back.extend(33, threads=1).blocks == 33
    with pytest.raises(sim.SensitivityError, match="exists already"):
        found.save(path)
    (path / "moments.npz").write_bytes(b"")
    with pytest.raises(sim.SensitivityError, match="damaged"):
        sim.load_sensitivity(path)


def test_pairs_come_on_request_are_kept_and_extended(plan, tmp_path):
    whole = sim.sensitivity(plan, TWO, second_order=True, **(SMALL | {"samples": 40}))
    found = sim.sensitivity(plan, TWO, second_order=True, **SMALL)
    table = found.second[found.second["metric"] == "work_delivered"]
    assert {frozenset(pair) for pair in zip(table["factor"], table["other"], strict=True)} == {
        frozenset(pair) for pair in itertools.combinations(found.names, 2)
    }
    assert (table["S2_low"] <= table["S2_high"]).all()
    assert table["S2"].is_monotonic_decreasing
    back = sim.load_sensitivity(found.save(tmp_path / "kept"))
    assert back.second.equals(found.second)
    assert back.extend(40, threads=1).second.equals(whole.second)
    assert "together" in " ".join(found.sentences())
    figure = found.plot(kind="pairs")
    assert " ".join(figure.get_suptitle().split()) == sentences.pair(found, "work_delivered")
    assert len(figure.axes[0].get_yticks()) == len(table)


def test_the_rows_of_first_order_are_the_same_with_pairs(plan, found):
    more = sim.sensitivity(plan, TWO, second_order=True, **SMALL)
    k = len(found.factors)
    assert np.array_equal(more.moments.means[:, : k + 1], found.moments.means[:, : k + 1])
    assert np.array_equal(more.moments.means[:, -1], found.moments.means[:, -1])
    with pytest.raises(sim.SensitivityError, match="second_order=True"):
        _ = found.second


def test_totals_are_shown_against_the_number_of_blocks_and_the_last_are_the_estimates(plan):
    two = {"dev_share": None, "training.seats": [0, 2]}  # the first moves work for sure
    found = sim.sensitivity(plan, two, others=False, **(SMALL | {"samples": 64}))
    table = found.convergence()
    assert sorted(table["blocks"].unique()) == [16, 32, 64]
    last = table[table["blocks"] == 64]
    assert last["ST"].notna().all()
    np.testing.assert_array_equal(last["ST"], found.found("work_delivered").total)
    half = sim.sensitivity(plan, two, others=False, **SMALL)
    np.testing.assert_array_equal(
        table.loc[table["blocks"] == 32, "ST"], half.convergence().tail(2)["ST"]
    )
    figure = found.plot(kind="convergence")
    assert " ".join(figure.get_suptitle().split()) == found.verdict().text.rstrip(".")
    drawn = [line.get_ydata() for axes in figure.axes for line in axes.lines]
    totals = 100 * table.loc[table["factor"] == "dev_share", "ST"].to_numpy()
    assert any(np.array_equal(totals, line, equal_nan=True) for line in drawn)
    with pytest.raises(
        sim.SensitivityError, match="must be one of shares, tornado, convergence, pairs"
    ):
        found.plot(kind="all")


def test_dropped_blocks_are_counted_and_too_many_are_refused(found):
    moments = found.moments
    means = moments.means.copy()
    means[3, 1, 0] = np.nan
    one = dataclasses.replace(found, moments=dataclasses.replace(moments, means=means))
    assert one.dropped == {"work_delivered": 1, "sessions@4": 0}
    assert "1 block was left out of 32" in " ".join(one.sentences())
    means[:5, 1, 0] = np.nan
    two = dataclasses.replace(found, moments=dataclasses.replace(moments, means=means.copy()))
    assert two.indices.query("metric == 'work_delivered'")["ST"].isna().all()
    assert "Undefined in 5 of 32 blocks" in " ".join(two.sentences())
    means[:5] = np.nan
    with pytest.raises(sim.SensitivityError, match="undefined in more than 5% of blocks"):
        dataclasses.replace(found, moments=dataclasses.replace(moments, means=means))


def test_the_split_is_the_whole_variance(found):
    shares = found.split().groupby("metric")["share"].sum()
    assert shares.to_numpy() == pytest.approx(1.0)


def test_a_factor_that_does_nothing_has_no_total(plan):
    alone = sim.sensitivity(
        plan,
        ["dev_share", "assist_coding_share"],
        samples=32,
        luck=2,
        threads=1,
        others=False,
        metrics=("work_delivered", "sessions"),
    )  # an assistive tool's number, in a team that works with an agent
    assert (alone.indices.query("factor == 'assist_coding_share'")["ST"] == 0).all()


def test_a_flow_up_to_the_last_week_is_the_metric(plan):
    same = sim.sensitivity(
        plan, TWO, samples=32, luck=2, threads=1, metrics=("sessions", "sessions@10")
    )
    assert same.moments.means[..., 0] == pytest.approx(same.moments.means[..., 1])


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"factors": ["team_ofset"]}, "did you mean 'team_offset'"),
        ({"factors": ["gap_drift"]}, "cannot vary"),
        ({"factors": {"policy.max_sessions": {"uniform": [1, 3]}}}, "takes a list of values"),
        ({"factors": {"tool.profile": ["none", "claude-code-2026"]}}, "compare plans|limits"),
        ({"factors": ["team_offset", "team_offset"]}, "named twice"),
        ({"metrics": ["work"]}, "not a metric"),
        ({"metrics": ["sessions@11"]}, "week from 1 to 10"),
        ({"metrics": ["level_expert@3"]}, "not a flow that adds up"),
        ({"luck": 1}, "from 2 to"),
        ({"samples": 8}, "from 32 to"),
        ({"method": "sobel"}, "must be one of sobol"),
        ({"seed": 1.5}, "whole number"),
        ({"factors": {"tool.horizon_hours": {"uniform": [1, 2]}}}, "no horizon of its own"),
        ({"factors": ["tool.horizon_hours"]}, "cannot vary"),
        ({"method": "morris", "second_order": True}, "second_order: not for"),
    ],
)
def test_what_cannot_be_analysed_is_refused_before_anything_runs(plan, changes, text):
    if "tool.profile" in str(changes):
        plan = plan.replace({"tool.profile": "claude-code-2026"})
        changes = {"factors": {"tool.curves": ["study", "headline"]}}
    with pytest.raises(ValueError, match=text) as caught:
        sim.sensitivity(plan, progress=pytest.fail, **changes)
    assert "\n" not in str(caught.value)


def test_choices_that_do_not_go_together_are_refused_before_anything_runs(plan):
    both = {"training.seats": [0, 1], "training.start_week": [0, 3], "dev_share": None}
    with pytest.raises(sim.ScenarioError, match=r"must not exceed horizon\.weeks"):
        sim.sensitivity(plan, both, samples=4096, luck=2, progress=pytest.fail)


def test_a_range_the_scenario_would_refuse_is_refused(plan):
    with pytest.raises(sim.ScenarioError, match=r"policy\.scope_hours"):
        sim.sensitivity(plan, {"policy.scope_hours": {"uniform": [-1.0, 2.0]}})


@pytest.mark.parametrize("method", ["morris", "efast", "pawn", "rbd_fast"])
def test_the_other_methods_rank_single_inputs(plan, method):
    samples = {"morris": 3}.get(method, 70)
    ranked = sim.sensitivity(
        plan, ["team_offset", "training.seats"], method, samples, luck=1, threads=1, others=False,
        metrics=("work_delivered",),
    )  # fmt: skip
    assert isinstance(ranked, Ranking)
    assert set(ranked.indices["factor"]) == {"team_offset", "training.seats"}
    assert ranked.sentences()[0].startswith(
        ("What moves work delivered most", "No input moves work delivered more than noise")
    )
    assert json.dumps(ranked.to_json(), allow_nan=False)


def test_a_screening_has_five_lines_in_words_and_names_no_first_that_may_be_nothing(plan):
    """Its numbers have the output's unit; keys stand in tables of cells alone."""
    ranked = sim.sensitivity(
        plan, ["composition", "training.seats", "tool trend"], "morris", 4, luck=1, threads=1,
        others=False, metrics=("work_delivered", "tasks_done_average"),
    )  # fmt: skip
    text = ranked.text()
    lines = [line.split()[0] for line in text.split("\n\n")[1].splitlines() if line[0] != " "]
    assert lines[0] == "answer"
    assert lines[-3:] == ["odds", "narrow", "next"]
    told = " ".join([text, ranked.text(everything=True), *ranked.sentences()])
    for key in ("mu_star", "number 1", "row 1 of", "by morris", "work_delivered", "done average"):
        assert key not in told
    assert "mix of levels: share of novices" in told
    assert "Average tasks done:" in told
    assert re.search(r"[\d.]+ expert-h \(", ranked.sentences()[0])
    rows = pd.DataFrame({
        "metric": "work_delivered", "factor": ["team_offset", "curve"], "measure": "mu_star",
        "value": [2340.0, 1190.0], "low": [0.0, 580.0], "high": [5610.0, 1810.0],
        "floor": np.nan, "error": np.nan,
    })  # fmt: skip
    assert ranked.unit("work_delivered") == "expert-h"
    noise = dataclasses.replace(ranked, indices=rows)
    assert noise.finding("work_delivered").startswith("What the agent can do moves work delivered")


def test_mixes_of_a_large_team_are_spread_evenly_over_the_triangle():
    """All mixes of 140 people are over 10,000; of fewer each is a choice, as ever."""
    assert len(factors._spread_mixes(139)) == 140 * 141 // 2
    assert factors._spread_mixes(139) == factors.mixes(139)
    large = sim.load("platform-team").replace({"team.intermediate": 400})
    people = sum(count for count in large.to_dict()["team"].values() if isinstance(count, int))
    (one,) = next(f for f in factors.factors_of(large) if f.name == "composition").inputs
    mixed = [[change["team"][level] for level in factors.MIXED] for change in one.choices]
    assert len({tuple(mix) for mix in mixed}) == len(mixed) == 140 * 141 // 2
    assert min(map(min, mixed)) == 0
    assert {sum(mix) for mix in mixed} == {people}
    assert one.place(np.array([[0.0, 0.0], [0.999999, 0.5]])).tolist() == [0, len(mixed) - 1]


def test_members_of_a_run_are_ranked_from_its_own_rows(plan):
    result = sim.run(plan, draws=200, luck=1, threads=1)
    table = given(result, "work_delivered", "rbd_fast")
    inputs = result.parameters.drop(columns="draw")
    other = given(inputs, result.replications["work_delivered"], "rbd_fast")
    columns = ["factor", "value"]  # the floor takes draws of one row of the posterior together
    assert table[columns].equals(other[columns])
    assert "review_rate" in list(table["factor"][:3])
    assert "gap_drift" not in list(table["factor"])  # it does not vary


def test_a_sweep_that_was_run_is_ranked_without_running_again(tmp_path):
    """For one engineer by hand the share of advanced work matters, the scope of sessions not."""
    plan = sim.load("no-tool").replace({"horizon.weeks": 4, "team": {"expert": 1}})
    asked = {
        "tasks.advanced_share": [i / 10 for i in range(10)],
        "policy.scope_hours": [1.0 + i for i in range(8)],
    }
    swept = sim.sweep(plan, asked, tmp_path / "s", draws=2, luck=2, uncertainty="central")
    table = sim.given(swept, "tasks_done", "rbd_fast").set_index("factor")
    assert table.index[0] == "tasks.advanced_share"
    assert table.loc["tasks.advanced_share", "value"] > 0.5
    scope = table.loc["policy.scope_hours"]
    assert scope["low"] < 0.1
    assert scope["value"] < 0.2
    with pytest.raises(sim.SensitivityError, match="did you mean 'tasks_done'"):
        sim.given(swept, "task_done")


def test_the_figure_shows_the_totals_of_the_record_and_its_title_the_finding(found):
    figure = found.plot()
    assert isinstance(figure, figures.sensitivity_figure(found, "work_delivered").__class__)
    title = " ".join(figure.get_suptitle().split())
    assert title == sentences.finding(found, "work_delivered")
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    table = found.indices.query("metric == 'work_delivered'").sort_values("ST", kind="stable")
    assert widths == pytest.approx(list(100 * table["ST"].clip(0, 1)))
    assert "[%]" in figure.axes[0].get_xlabel()


def test_the_command_prints_keeps_and_draws(tmp_path, capsys):
    words = ("sensitivity", "no-tool", "--factors", "dev_share,hand_ratio", "--samples", 32)
    words += ("--luck", 2, "--metrics", "work_delivered")
    out, plot = tmp_path / "kept", tmp_path / "a.png"
    code, text, _ = tiercurve(*words, "--out", out, "--plot", plot, capsys=capsys)
    assert code == 0
    screen = " ".join(text.split())
    assert (
        "moves work delivered most; its share of the variance is open (95% interval 20% to 100%)"
        in screen
    )
    assert "More samples: tiercurve sensitivity no-tool --samples 64" in screen
    assert "interactions included" in text
    assert "how people work" in text
    assert sim.load_sensitivity(out).names == ("dev_share", "how people work", "other parameters")
    assert plot.read_bytes().startswith(b"\x89PNG")
    code, text, _ = tiercurve(*words, "--json", capsys=capsys)
    assert json.loads(text)["findings"]
    code, _, err = tiercurve("sensitivity", "no-tool", "--factors", "dev_shar", capsys=capsys)
    assert (code, len(err.strip().splitlines())) == (2, 1)


def _analysis(rows, places, rivals):
    """What a sentence reads of an analysis: totals with their ends, and the verdict."""
    columns = ("factor", "ST", "ST_low", "ST_high")
    table = pd.DataFrame(rows, columns=columns).assign(metric="work_delivered", floor=-0.2)
    verdict = SimpleNamespace(places=places, rivals=rivals)
    return SimpleNamespace(indices=table, blocks=64, verdict=lambda metric: verdict)


def test_a_share_below_nothing_is_told_as_none_with_ends_in_order():
    below = _analysis([("dev_share", -0.1, -0.3, -0.19)], 1, ("dev_share",))
    said = sentences.finding(below, "work_delivered")
    assert said.endswith("of its variance (0% to 0%)")


@pytest.mark.parametrize(
    ("low", "high", "places", "said"),
    [
        (0.5, 0.7, 1, "moves work delivered most: 60% of its variance (50% to 70%)"),
        (0.1, 1.4, 1, "most; its share of the variance is open (95% interval 10% to 100%)"),
        (0.5, 0.7, 0, "move work delivered; 64 samples do not settle which of them does so most"),
    ],
)
def test_a_title_tells_what_the_verdict_settles_and_no_more(low, high, places, said):
    """The order is the verdict's; a size with a wide interval is told by the interval alone."""
    rows = [("dev_share", 0.6, low, high), ("hand_ratio", 0.3, 0.2, 0.4)]
    rivals = ("dev_share",) if places else ("dev_share", "hand_ratio")
    assert sentences.finding(_analysis(rows, places, rivals), "work_delivered").endswith(said)
    first = sentences.first_named(_analysis(rows, places, rivals), "work_delivered")
    assert (first is not None) == bool(places)


def test_title_note_and_deck_of_one_analysis_give_one_verdict(found):
    """Where the title names one factor the note says that its place is settled, and only there."""
    for metric in found.metrics:
        verdict = found.verdict(metric)
        title = " ".join(found.plot(metric=metric).get_suptitle().split())
        assert ("do not settle which" in title) == ("do not settle which" in verdict.text)
        assert (len(verdict.rivals) == 1) == (" samples settle " in verdict.text)
