"""What plans give for what they cost more: switch, verdict and sentences, by known answers."""

import json
import re

import numpy as np
import pytest
from scipy.stats import norm

import sim
from sim.cli import main
from sim.experiments.decide import analysis, trade, trade_sentences

FAST = {"draws": 60, "luck": 2, "threads": 1}
PLANS = ("today", "train", "hire")
PACKAGED = [f"done-by-march/{name}" for name in PLANS]


def made_up(lead=1.0, cost=50.0, draws=400, seed=3, unit="done_by"):
    """Two plans: the second gives lead + x more for a fixed cost, with chance: (Trade, x)."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(draws)
    weeks = 15 + 2 * rng.standard_normal((2, draws, 4))
    weeks[1] -= (lead + x)[:, None]
    costs = np.zeros_like(weeks)
    costs[1] = cost
    return trade.trade(unit, ("today", "hire"), weeks, costs, "EUR", None), x


@pytest.fixture(scope="module")
def decision():
    return sim.decide(PACKAGED, worth=5000, measuring=2000, **FAST)


def test_a_week_earlier_is_more_and_the_worth_is_cost_over_weeks():
    one, _ = made_up()
    (switch,) = one.switches
    assert one.frontier["plan"].tolist() == ["today", "hire"]
    assert switch.low < 50.0 < switch.high
    assert switch.worth == pytest.approx(50 / (one.gains[1] - one.gains[0]).mean())


@pytest.mark.parametrize("worth", [30.0, 50.0, 120.0])
def test_the_verdict_at_a_worth_is_that_of_theory(worth):
    """Net benefit is normal: its probability and what knowing x is worth have closed forms."""
    one, x = made_up(draws=2000)
    found = one.at(worth, {"x": x}, 1, ())
    mean, spread = worth * 1.0 - 50.0, worth
    dearer = found.p[0] if found.plan == "hire" else 1 - found.p[0]
    assert dearer == pytest.approx(norm.cdf(mean / spread), abs=0.03)
    known = spread * norm.pdf(mean / spread) + mean * norm.cdf(mean / spread) - max(0.0, mean)
    assert found.knowing["x"].low <= known <= found.knowing["x"].high
    assert found.first[0] == "x"


@pytest.mark.parametrize(
    ("measuring", "ending"),
    [
        (1.0, "so that measuring pays by"),
        (1e6, "more than it is worth"),
        (None, "before what measuring costs"),
    ],
)
def test_what_measuring_costs_is_taken_off_what_knowing_is_worth(measuring, ending):
    one, x = made_up()
    lines = list(trade_sentences.verdict(one, one.at(50.0, {"tau_team": x}, 1, ()), measuring))
    assert ending in lines[1]
    assert "by chance alone the largest of 1 may seem worth up to" in lines[1]


@pytest.mark.parametrize("seed", range(8))
def test_gains_that_are_noise_are_never_said_to_pay_at_no_worth_or_from_one(seed):
    told = trade_sentences.flip(made_up(lead=0.0, draws=50, seed=seed)[0])
    assert told.startswith(("no worth of", "'hire' pays against 'today', if at all", "no dearer"))
    assert "whatever" not in told
    assert "or more (" not in told


def test_a_worth_that_may_be_none_is_no_claim():
    one, _ = next(
        (found, x) for seed in range(40)
        for found, x in [made_up(lead=0.05, draws=50, seed=seed)] if found.switches
    )  # fmt: skip
    assert not trade_sentences.is_settled(one.switches[-1])


def test_below_the_last_of_several_switches_no_single_plan_is_named_the_best():
    weeks = 15 - np.broadcast_to(np.array([0.0, 2, 3])[:, None, None], (3, 20, 2))
    costs = np.broadcast_to(np.array([0.0, 10, 30])[:, None, None], (3, 20, 2)).copy()
    one = trade.trade("done_by", ("a", "b", "c"), weeks, costs, "EUR", None)
    assert "below it at first 'b', then cheaper ones" in trade_sentences.flip(one)
    assert "then cheaper ones have the best" in trade_sentences.quotable(one)


def test_a_plan_that_costs_least_and_gives_most_is_best_whatever_a_week_is_worth():
    one, _ = made_up(lead=2.0, cost=-5.0)
    assert one.switches == ()
    assert "'hire' costs least" in trade_sentences.flip(one)
    assert not len(one.worths)
    assert trade_sentences.chances(one) == []


@pytest.mark.parametrize("metric", ["lead_time_p50", "labour_cost"])
def test_money_buys_no_ratio_and_no_money(metric):
    assert trade.amount_of(metric) is None
    assert made_up(unit=metric)[0] is None


def test_a_search_tells_no_net_benefit_of_plans_that_it_picked_by_the_metric():
    found = sim.search("done-by-march/today", people=2, metric="work_delivered", **FAST)
    assert found.trade is None
    assert "is worth" not in found.headline()


def test_a_stated_worth_that_changes_nothing_is_answered():
    plans = {"a": sim.load("done-by-march/today"), "b": sim.load("done-by-march/today")}
    lines = sim.decide(plans, worth=10.0, **FAST).sentences()
    assert any("changes nothing: no two plans to choose from differ in cost" in x for x in lines)


def test_the_first_sentence_says_from_what_worth_the_choice_flips(decision):
    assert "a week earlier is worth" in decision.headline()
    assert "where a week earlier is worth 5,000 EUR, 'today'" in decision.headline()
    assert "a week earlier is worth" in decision.sentences()[1]
    assert "weeks are counted to week 30" in decision.sentences()[1]
    assert decision.sentences()[2].startswith("Where a week earlier is worth 5,000 EUR")


def test_the_chances_of_all_plans_add_up_at_each_worth(decision):
    sums = decision.trade.acceptability().groupby("worth")["p"].sum()
    assert sums.to_numpy() == pytest.approx(1.0)
    assert "* the best on average" in decision.text(everything=True)


def test_the_frontier_is_that_of_the_means_of_the_worlds(decision):
    """A backlog that is not done counts as done at the horizon, so lateness counts beyond it."""
    assert decision.amounts.max() == 30
    weeks, costs = (x.mean(axis=(1, 2)) for x in (decision.amounts, decision.costs))
    for _, row in decision.trade.frontier.iterrows():
        at = row["worth"] + 1.0
        assert decision.labels[int(np.argmin(at * weeks + costs))] == row["plan"]


def test_a_decision_of_a_comparison_trades_as_the_same_decision(decision):
    compared = sim.compare(*PACKAGED, **FAST)
    again = analysis.of_comparison(compared)
    assert again.trade.frontier.equals(decision.trade.frontier)


def test_a_saved_decision_trades_as_before(decision, tmp_path):
    decision.save(tmp_path / "kept")
    again = sim.load_record(tmp_path / "kept")
    assert again.trade.frontier.equals(decision.trade.frontier)
    assert again.sentences() == decision.sentences()


def test_the_worth_can_be_quoted_and_is_the_same_when_made_again(decision, tmp_path):
    (claim,) = [c for c in decision.claims() if c.id.startswith("done_by/worth/")]
    last = decision.trade.frontier.iloc[-1]
    assert (claim.value, claim.id.rpartition("/")[2]) == (last["worth"], last["plan"])
    decision.plot("worth").savefig(tmp_path / "worth.png")
    assert "done_by/worth" in str(decision.claims())
    checked = sim.check(tmp_path / "worth.png")
    assert {number.verdict for number in checked.numbers} == {"identical"}


def test_the_command_tells_it_draws_it_and_gives_it_as_data(tmp_path, capsys):
    asked = [*PACKAGED, "--draws", "60", "--luck", "2", "--worth", "900000", "--measuring", "5000"]
    main.app(
        ["decide", *asked, "--all", "--plot", str(tmp_path / "w.svg"), "--figure", "worth"],
        standalone_mode=False,
    )
    out = " ".join(capsys.readouterr().out.split())
    assert "Where a week earlier is worth 900,000 EUR" in out
    assert "A week earlier is worth [EUR]" in (tmp_path / "w.svg").read_text(encoding="utf-8")
    main.app(["decide", *asked, "--json"], standalone_mode=False)
    told = json.loads(capsys.readouterr().out)["net_benefit"]
    assert told["at"]["worth"] == 900000
    assert told["unit"] == "a week earlier"
    assert told["best"][0]["worth"] == 0.0


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"worth": -1}, "worth = -1: must be money, 0 or more"),
        ({"worth": float("nan")}, "worth = nan: must be money"),
        ({"worth": "much"}, 'worth = "much": must be money'),
        ({"worth": 10**400}, "worth = .*: must be money"),
        ({"worth": 1e300}, "worth = .*: must be money"),
        ({"budget": 10**400}, "budget = .*: must be a number"),
        ({"measuring": 10}, "measuring: needs worth"),
        (
            {"worth": 10, "metric": "lead_time_p50"},
            "worth: lead_time_p50 is nothing that money buys",
        ),
    ],
)
def test_a_worth_that_cannot_be_counted_gets_one_line(asked, line):
    with pytest.raises(sim.DecideError, match=line):
        sim.decide(PACKAGED, **asked, **FAST)


@pytest.mark.parametrize(
    ("what", "value"), [("worth", "abc"), ("worth", [1]), ("worth", -5), ("measuring", True)]
)
def test_a_saved_worth_that_is_no_money_is_damage(decision, tmp_path, what, value):
    path = decision.save(tmp_path / "kept") / "decision.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    for one in about["provenance"].values():
        one[what] = value
    path.write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(sim.DecideError, match="damaged"):
        sim.load_record(path.parent)


def test_a_search_takes_no_worth(capsys):
    with pytest.raises(SystemExit):
        main.app(["decide", "done-by-march/today", "--people", "2", "--worth", "5"])
    assert "a search picks its plans by the metric" in " ".join(capsys.readouterr().err.split())


def test_a_worth_needs_money():
    plans = ["backlog-deadline", "late-joiners"]
    with pytest.raises(sim.DecideError, match=r"states no \[money\], which worth needs"):
        sim.decide(plans, metric="weeks_to_done", worth=10, **FAST)


def without_money():
    """A team, and the same with an expert more: no salaries."""
    today = sim.load("platform-team")
    more = today.team.expert + 1
    return {"today": today, "hire": today.replace({"team.expert": more})}


def test_without_money_what_a_plan_costs_more_is_paid_hours():
    """One more of 40 h a week over all weeks, in each world, whatever it works."""
    plans = without_money()
    one = sim.decide(plans, metric="work_delivered", **FAST)
    weeks = plans["today"].horizon.weeks
    np.testing.assert_allclose(one.trade.costs[1] - one.trade.costs[0], 40.0 * weeks, atol=1e-5)
    assert one.trade.currency == "paid hours"
    mean = (one.trade.gains[1] - one.trade.gains[0]).mean()
    assert one.trade.switches[-1].worth == pytest.approx(40.0 * weeks / mean)
    assert re.search("an hour of expert work is worth .* paid hours or more", one.headline())
    assert any("a paid hour counts alike at every level" in line for line in one.sentences())


def test_plans_of_the_same_people_without_money_do_not_trade():
    today = without_money()["today"]
    slower = today.replace({"policy.adjacent_work": "average"})
    assert sim.decide({"a": today, "b": slower}, metric="work_delivered", **FAST).trade is None


def test_a_figure_of_worth_is_of_decisions_that_money_moves():
    today = without_money()["today"]
    plain = sim.decide(
        {"a": today, "b": today.replace({"tool.adoption": 0.5})}, metric="work_delivered", **FAST
    )
    with pytest.raises(sim.DecideError, match="kind = 'worth'"):
        plain.plot("worth")


def test_a_budget_that_nothing_meets_is_refused_before_the_worlds_run(monkeypatch):
    drawn = []
    real = analysis.values_of
    monkeypatch.setattr(
        analysis, "values_of", lambda named, seed, draws, *more, **kw: drawn.append(draws) or real(
            named, seed, draws, *more, **kw
        ),
    )  # fmt: skip
    with pytest.raises(sim.DecideError, match="budget = -1,000,000: no plan is within it"):
        sim.decide(PACKAGED, budget=-1e6, **FAST)
    assert drawn == [analysis.TRIAL["draws"]]


def test_no_plan_costs_least_where_one_states_no_money():
    plans = {"today": sim.load("done-by-march/today")}
    without = {key: value for key, value in plans["today"].to_dict().items() if key != "money"}
    without["team"] = without["team"] | {"expert": 4}
    plans["hire"] = sim.Scenario(without, "hire")
    one = sim.decide(plans, **FAST)
    assert one.trade is None
    assert "costs least" not in " ".join(one.sentences())
