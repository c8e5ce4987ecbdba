"""The mission's studies are repeatable, and say what their tables say."""

import functools
import itertools
import json
import sys

import numpy as np
import pandas as pd
import pytest
from drawn import faults, texts_of

import sim
from sim.cli import main
from sim.figures import style
from sim.studies import (
    NAMES,
    average_share,
    composition,
    gap,
    headline,
    mixes,
    review,
    spread,
    training,
    working,
)
from sim.studies.study import against, crossings, first_crossing, of, plan
from sim.studies.study import values as values_of

ONES = np.ones((1, 10, 2))
SMALL = {"draws": 50, "luck": 2, "threads": 1}


@pytest.fixture(scope="module", autouse=True)
def shorter():
    """What holds over months holds over weeks; the two studies of two years stay as they are."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (composition, average_share, review, spread, working):
            patch.setattr(module, "WEEKS", 8)
        patch.setattr(gap, "WEEKS", 12)
        yield


@functools.cache
def small(name):
    return sim.study(name, **SMALL)


@pytest.fixture(scope="module", params=NAMES)
def study(request):
    return small(request.param)


@pytest.fixture(scope="module")
def trained():
    return small(training.NAME)


def test_a_study_is_deterministic(study):
    again = sim.study(study.name, **(SMALL | {"threads": 2}))
    assert again.findings == study.findings
    for name, table in study.tables.items():
        assert table.equals(again.tables[name])


def test_a_study_is_plain_data_and_has_its_figure(study):
    data = json.loads(json.dumps(study.to_json(), allow_nan=False))
    assert data["findings"][0].startswith(study.title)
    assert set(data["tables"]) == set(study.tables)
    assert " ".join(study.plot().get_suptitle().split()) == study.title


@pytest.mark.parametrize("size", style.SIZES)
def test_no_text_of_a_study_s_figure_is_cut_off_or_lies_on_another(study, size):
    figure = study.plot(size=size)
    assert faults(figure, least=8 if size in ("screen", "slide", "inset") else 5) == []
    assert len(texts_of(figure)) > 10


def test_a_saved_study_comes_back_and_says_how_to_cite_it(study, tmp_path):
    back = sim.load_study(study.save(tmp_path / "kept"))
    assert back.to_json() == study.to_json()
    assert " ".join(back.plot().get_suptitle().split()) == study.title
    assert f"'{study.name}'" in study.cite()
    with pytest.raises(sim.StudyError, match="not a saved study"):
        sim.load_study(tmp_path)


def test_the_hire_pays_an_expert_for_the_weeks_after_the_seat_is_filled(trained):
    hire = trained.tables["plans"].set_index("plan").loc[training.HIRE]
    tool = 2.0 * 12 / 52
    per_week = 40 * 1.6 + tool
    # 104 weeks less a mean of 8 until the seat is filled; the mean of 50 draws varies.
    assert hire["cost"] == pytest.approx(400 + 96 * per_week, rel=0.03)


def test_the_training_costs_its_seats_and_no_more_pay(trained):
    train = trained.tables["plans"].set_index("plan").loc[training.TRAIN]
    assert train["cost"] == pytest.approx(2 * 40.0)


def test_the_break_even_price_is_where_the_net_gain_is_zero(trained):
    plans, prices = (trained.tables[name] for name in ("plans", "prices"))
    for row in plans.itertuples():
        mine = prices[prices["plan"] == row.plan]
        if np.isfinite(row.price) and row.price <= mine["price"].max():
            assert np.interp(row.price, mine["price"], mine["mean"]) == pytest.approx(0, abs=1e-6)


def test_the_chances_to_be_the_best_choice_are_all_of_it_and_none_pays_for_worthless_work(trained):
    """Work that is worth nothing pays for nothing; the dearest is better only as worth rises."""
    table = trained.tables["choices"].pivot(index="worth", columns="plan", values="chance")
    assert table.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert table.loc[0.0, training.AS_IS] > 0.99
    assert table[training.HIRE].iloc[-1] > table[training.HIRE].iloc[0]


def test_hiring_beats_training_from_where_their_net_gains_meet(trained):
    plans = trained.tables["plans"].set_index("plan")
    train, hire = plans.loc[training.TRAIN], plans.loc[training.HIRE]
    row = trained.tables["switch"].iloc[0]
    net = [row["worth"] * plan["work"] - plan["cost"] for plan in (train, hire)]
    assert net[0] == pytest.approx(net[1])
    assert row["low"] < row["worth"] < row["high"]
    assert f"worth {row['worth']:.1f} hours" in trained.title


@pytest.mark.parametrize(
    ("more", "dearer", "worth", "said"),
    [
        (-1.0, 5.0, np.inf, "Hiring an expert is not shown to bring more work"),
        (1.0, -5.0, 0.0, "Hiring an expert is expected to bring more work"),
    ],
)
def test_where_one_plan_brings_more_for_less_it_is_better_at_any_worth(
    monkeypatch, more, dearer, worth, said
):
    both = [np.stack([np.zeros((20, 2)), np.full((20, 2), x)]) for x in (more, dearer)]
    monkeypatch.setattr(training, "_gains_and_costs", lambda comparison, labels: both)
    row = training._switch(None)
    assert row["worth"] == worth
    assert training._answer(row).startswith(said)


def test_dearer_seats_raise_the_break_even_price_in_proportion(trained):
    seats, plans = trained.tables["seats"], trained.tables["plans"].set_index("plan")
    for label in (training.TRAIN, training.NONCODERS):
        mine = seats[seats["plan"] == label].set_index("times")
        assert mine.loc[1.0, "price"] == plans.loc[label, "price"]
        assert mine.loc[4.0, "cost"] - mine.loc[1.0, "cost"] == pytest.approx(3 * 2 * 40.0)
        prices = mine["price"].to_numpy()
        assert np.isinf(prices).all() or (np.diff(prices) >= 0).all()


def test_no_work_gained_means_never_and_the_sentence_says_so():
    found = training.pays_from(np.full(20, -1.0), np.full(20, 5.0), 1)
    assert found["price"] == np.inf
    assert "never" in training.price_words(found)


def test_thirds_share_out_the_draws(trained):
    drivers = trained.tables["drivers"]
    ends = training.DRIVERS
    for name in ends:
        rows = drivers[drivers["parameter"] == name]
        assert list(rows["part"]) == list(training.PARTS)
        assert (rows["to"].to_numpy()[:-1] == rows["from"].to_numpy()[1:]).all()


def test_pay_of_a_mix_is_arithmetic_and_ties_break_at_equal_pay_by_work():
    pays = dict(zip(composition.counts_of(8), composition.pay(4.0), strict=True))
    assert pays[(8, 0, 0)] == pytest.approx(1)
    assert pays[(0, 8, 0)] == pytest.approx(2)
    assert pays[(4, 0, 4)] == pytest.approx(2.5)
    work = np.ones(45)
    work[composition.counts_of(8).index((0, 0, 8))] = 1.5
    assert composition.best(work, 1.0) == composition.counts_of(8).index((0, 0, 8))
    assert composition._move(work) == pytest.approx(1.55)  # experts at over 1.5 times: novices
    assert composition._move(1 / np.arange(1, 46)) == np.inf  # novices are first and cheapest


def test_mixes_of_the_composition_study_are_on_a_triangle():
    found = small(composition.NAME)
    table = found.tables["mixes"]
    assert table.groupby("advanced_share").size().to_dict() == dict.fromkeys((0.1, 0.3, 0.6), 45)
    assert (table[list(composition.MIXED)].sum(axis=1) == 8).all()
    sums = table.groupby("advanced_share")[["p_best", "p_best_paid"]].sum()
    assert sums.to_numpy() == pytest.approx(1.0)


def test_a_mix_differs_from_the_team_as_it_is_as_compare_tells_it():
    found = small(composition.NAME).tables["mixes"]
    base = composition.base_of(plan("mission-team")).replace({"tasks.advanced_share": 0.3})
    mix = "8 expert"
    plans = {"as it is": base, "mix": dict(composition.mixes(base, 8))[mix]}
    row = sim.compare(plans, draws=50, luck=2).row("mix", "work_per_dev_week")
    (told,) = found[(found["advanced_share"] == 0.3) & (found["mix"] == mix)].to_dict("records")
    assert {name: told[name] for name in composition.HELD} == {
        name: row[of] for name, of in composition.HELD.items()
    }
    said = small(composition.NAME).findings[2]
    assert "against the team as it is in the same worlds (95% interval" in said


def test_maps_mark_the_team_as_it_is_where_it_is_a_mix_of_their_levels():
    base = plan("mission-team")
    team = composition.team_of(base)
    assert team.to_dict("records") == [{"novice": 2, "intermediate": 5, "expert": 2}]
    assert team.to_dict("list") == small(composition.NAME).tables["team"].to_dict("list")
    assert composition.team_of(base.replace({"team.beginner": 1})).empty
    (x,), (y,) = composition.place(team)  # two ninths of the way from the foot to the top
    assert (x, y) == pytest.approx((3 / 9, 2 / 9 * np.sqrt(0.75)))
    axes = small(composition.NAME).plot().axes[0]
    (mark,) = [line for line in axes.lines if line.get_marker() == "s"]
    assert mark.get_xydata().tolist() == [[x, y]]


def test_a_training_brings_what_compare_tells(trained):
    table = trained.tables["plans"].set_index("plan")
    plans = {training.AS_IS: plan("mission-team"), training.TRAIN: plan("mission-train")}
    comparison = sim.compare(plans, draws=50, luck=2)
    work, cost = (comparison.row(training.TRAIN, name) for name in ("work_delivered", "extra_cost"))
    row = table.loc[training.TRAIN]
    assert row[["work", "work_low", "work_high"]].tolist() == [*work[["mean", "ci_low", "ci_high"]]]
    assert row["cost"] == cost["mean"]
    assert row["p_better_expected"] == work["p_better_expected"]


def test_the_title_says_what_the_headline_costs_at_worst_or_that_it_is_not_shown_to():
    choices = small(headline.NAME).tables["choices"]
    rows = {
        "costs up to 1,600 hours": (1600.0, 1200.0, 2000.0),
        "is not shown to cost anything: at worst 300 (−50 to 650)": (300.0, -50.0, 650.0),
    }
    for said, (loss, low, high) in rows.items():
        worst = choices.head(1).assign(
            study=training.TRAIN, headline=headline.SWAP, loss=loss, low=low, high=high
        )
        assert said in headline._answer(worst)
    same = choices.assign(headline=choices["study"])
    assert "choose as the study does" in headline._answer(same)


def test_stretches_of_choices_cover_every_worth_once():
    choices = small(headline.NAME).tables["choices"]
    for curves in headline.SETS:
        stretches = headline._stretches(choices, curves)
        assert all(one[1] == other[0] for one, other in itertools.pairwise(stretches))
        assert stretches[-1][1] - stretches[0][0] == pytest.approx(12.0 + headline.STEP)


def test_following_the_headline_never_gains_by_the_study():
    found = small(headline.NAME).tables["choices"]
    assert (found["loss"] >= -1e-9).all()
    same = found["study"] == found["headline"]
    assert (found.loc[same, "loss"] == 0).all()


def test_a_line_crosses_where_arithmetic_says_or_never():
    at = np.array(average_share.SHARES)
    rising = at - 0.45
    assert crossings(at, rising) == pytest.approx([0.45])
    assert crossings(at, rising + 1) == []
    never = average_share._flip((rising + 1)[:, None, None] * ONES, 1)
    shares = average_share._shares((rising + 1)[:, None, None] * ONES)
    assert "never flips" in average_share._sentences({"flip": never, "shares": shares})[0]


def test_a_large_team_is_mixed_by_steps_and_not_refused():
    """2,000 mixes at the most: all of 61 people, by steps of three of 140."""
    base = sim.load("done-by-march/today")
    for people, count in ((9, 55), (61, 1953), (140, 1128)):
        team = {"team.novice": 0, "team.expert": 0, "team.intermediate": people}
        assert mixes.runs(base.replace(team))[0][1] == 1 + count


def test_a_team_whose_lead_may_be_none_is_not_called_ahead():
    """Nor is a flip told without its verdict where no lead after it is shown."""
    shares = pd.DataFrame({"share": average_share.SHARES, "mean": -2.0, "ci_high": 0.5})
    shares["ci_low"] = -7.0
    flip = pd.DataFrame([{"at": np.nan, "low": np.nan, "high": np.nan, "p_crosses": 0.0}])
    tables = {"shares": shares, "flip": flip}
    title = average_share._sentences(tables)[0]
    assert title.startswith("Too close to call from 10% to 100% average work")
    assert "ahead throughout" not in title
    shares.loc[7:, "ci_high"] = -0.5
    assert average_share._sentences(tables)[0].endswith("shown to be ahead at 3 of 10 shares")
    flip[["at", "low", "high", "p_crosses"]] = 0.85, 0.5, 0.9, 0.6
    assert average_share._sentences(tables)[0].startswith("From 85% average work on")
    flip["at"], shares["ci_high"] = 0.3, 0.5
    title = average_share._sentences(tables)[0]
    assert title.startswith("Too close to call: from 30% average work on")


def test_a_gain_that_is_a_line_crosses_with_the_interval_of_its_draws():
    """Gain x - 0.4 + e of draws e: resampled crossings spread by sd(e) / sqrt(draws)."""
    at = np.linspace(0, 1, 11)
    e = 0.5 * np.random.default_rng(1).standard_normal(400)
    found = first_crossing(at, at[:, None] - 0.4 + e, 1)
    assert found["at"] == pytest.approx(0.4 - e.mean())
    half = 1.96 * e.std() / np.sqrt(400)
    assert found["high"] - found["low"] == pytest.approx(2 * half, rel=0.15)
    never = first_crossing(at, at[:, None] + 5 + e, 1)
    assert np.isnan(never["at"])
    assert never["p_crosses"] == 0


def test_a_row_against_the_reference_is_arithmetic():
    y = np.arange(240.0).reshape(3, 10, 4, 2)
    named = dict.fromkeys("abc", plan("mission-team"))
    table = against(named, ("work_delivered", "escaped_defects"), y, 1)
    row = of(table, "c", "escaped_defects")
    assert row["difference"] == row["difference_low"] == row["difference_high"] == 80
    assert row["mean"] == y[2, ..., 1].mean()
    assert row["p_better"] == 0  # more defects escape
    assert of(table, "b", "work_delivered")["difference"] == 0


def test_equal_plans_run_once_and_give_equal_rows():
    one = plan("mission-team").replace({"horizon.weeks": 2})
    ran = []
    y = values_of(
        {"a": one, "b": one.replace({"team.expert": 3}), "c": one}, ("sessions",), 1, 2, 2, 1,
        lambda done, total: ran.append(total),
    )  # fmt: skip
    assert set(ran) == {2 * 4}
    assert np.array_equal(y[0], y[2])


def test_teams_of_the_spread_study_have_one_size_and_one_mean_level():
    level = {name: i + 1 for i, name in enumerate(spread.LEVELS)}
    for team in spread.TEAMS.values():
        assert sum(team.values()) == 8
        assert sum(level[name] * n for name, n in team.items()) == 8 * 3
    assert [spread.spread(team) for team in (spread.NARROW, spread.WIDE)] == [0.0, 2.0]
    teams = small(spread.NAME).tables["teams"]
    assert (teams.loc[teams["plan"] == spread.NARROW, "difference"].dropna() == 0).all()


def test_without_the_agent_neither_scope_nor_sessions_matter():
    found = small(working.NAME).tables
    never = found["settings"].query("agent_use == 'never'")
    assert (never.groupby("metric")["mean"].nunique() == 1).all()
    work = found["settings"].query("metric == 'work_delivered'")
    assert work["p_best"].sum() == pytest.approx(1)
    assert (work.loc[work["plan"] == "2 h, 1 session, always", "difference"] == 0).all()
    assert found["alone"].query("metric == 'work_delivered'").groupby("lever").size().to_dict() == {
        words: len(values)
        for words, values in zip(working.WORDS.values(), working.LEVERS.values(), strict=True)
    }


def test_the_wider_the_gap_the_more_an_expert_for_a_novice_brings():
    drifts = small(gap.NAME).tables["drifts"]
    swapped = drifts[drifts["plan"] == gap.SWAP].set_index("drift")
    gains = [swapped.loc[drift, "difference"] for drift in gap.DRIFTS]
    assert gains[0] < gains[2] < gains[-1]
    flips = small(gap.NAME).tables["flips"]
    said = gap._never(flips.assign(at=np.nan))
    assert said.startswith("Never from −50% to +50% of the gap a year")
    assert len(flips) == 6


def test_scenarios_of_the_gap_drift_the_way_they_are_called():
    for name, sign in (("gap-narrows", -1), ("gap-widens", 1)):
        assert np.sign(sim.load(name).world["gap_drift"].numbers).tolist() == [sign, sign]


def test_a_bottleneck_ends_where_it_costs_under_a_hundredth_for_good_or_never():
    def table(costs):
        rows = [
            {"experts": n, "plan": label, "metric": "work_delivered", "mean": 1000.0,
             "difference": -cost * (label == "narrow")}
            for n, cost in zip(review.EXPERTS, costs, strict=True)
            for label in ("open", "narrow")
        ]  # fmt: skip
        return pd.DataFrame(rows).assign(difference_low=-99.0, difference_high=9.0)

    assert review.enough(table((90, 5, 40, 9, 1))) == 4
    assert review.enough(table((90, 50, 40, 30, 20))) is None
    assert "never costs less than 1%" in review._enough(table((90, 50, 40, 30, 20)))


def test_where_nothing_is_reviewed_nothing_waits_and_more_escapes():
    table = small(review.NAME).tables["reliefs"]
    row = of(table, "nothing is reviewed", "review_wait_mean")
    assert np.isnan(row["mean"])
    assert row["undefined"] == 50 * 2
    assert of(table, "nothing is reviewed", "escaped_defects")["difference_low"] > 0


def test_plans_of_a_study_differ_in_what_is_done_only():
    base = plan("mission-team")
    assert base.horizon.weeks >= 104
    assert all(plan(f"mission-{name}").world == base.world for name in ("train", "hire"))
    taught, untaught = plan("mission-train-noncoders"), plan("mission-noncoders")
    assert taught.replace({"training": untaught.to_dict()["training"]}).team == untaught.team


@pytest.mark.parametrize(
    ("study", "catalogue"),
    [("team", "two-years"), ("train", "train-to-intermediate"), ("hire", "hire-an-expert")],
)
def test_training_and_hiring_rest_on_one_set_of_assumptions(study, catalogue):
    """The studies' plans are the catalogue's, which the deck and the page on decisions compare."""
    own, other = plan(f"mission-{study}").to_dict(), sim.load(catalogue).to_dict()
    for asks in ("question", "answer"):
        own.pop(asks), other.pop(asks)
    assert own == other


@pytest.mark.parametrize(
    ("name", "changes", "text"),
    [
        ("train-or-hir", {}, "did you mean 'train-or-hire'"),
        ("train-or-hire", {"draws": 10}, "from 50"),
        ("train-or-hire", {"luck": 1}, "from 2"),
        ("train-or-hire", {"seed": "x"}, "whole number"),
    ],
)
def test_what_is_no_study_is_refused_in_one_line(name, changes, text):
    with pytest.raises(sim.StudyError, match=text) as caught:
        sim.study(name, progress=pytest.fail, **changes)
    assert "\n" not in str(caught.value)


def test_the_command_lists_and_runs(tmp_path, capsys):
    plot = tmp_path / "s.png"
    small = ["--draws", "50", "--luck", "2", "--plot", str(plot)]
    for words, check in (([], "train-or-hire"), (["train-or-hire", *small], "Keep in mind:")):
        argv, sys.argv = sys.argv, ["tiercurve", "study", *words]
        try:
            main.app(standalone_mode=False)
        finally:
            sys.argv = argv
        assert check in capsys.readouterr().out
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("odds", "close"), [((0.96, 0.04), False), ((0.6, 0.4), True)])
def test_the_best_mix_is_too_close_to_call_where_another_is_ringed_on_the_map(odds, close):
    mixes = pd.DataFrame({"advanced_share": 0.3, "p_best": odds, "p_best_paid": odds[::-1]})
    for column in composition.ODDS:
        assert composition.is_close({"mixes": mixes}, 0.3, column) is close
