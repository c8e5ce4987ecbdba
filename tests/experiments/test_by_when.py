"""By when and at what cost: times to done, deadlines and money are those of theory.

The known answers are of a queue of c experts with n tasks there from the start, whose service is
exponential: the time to done is a sum of exponential stages, of rate min(k, c) / s while k tasks
are left, so its distribution, its restricted mean and what it costs have closed forms.
"""

import math

import matplotlib.text
import numpy as np
import pytest
import worlds
from scipy.linalg import expm, solve

import sim
from sim.analysis import estimates, paired
from sim.experiments import findings, limits
from sim.experiments.decide import analysis, sentences
from sim.records import words

SERVICE = 20.0  # mean of a task [h]
TASKS, EXPERTS = 12, 3
BY, UP_TO = 2.5, 3.0  # [weeks]
PAY = 50.0  # of an hour
ERRORS = 4  # standard errors allowed


def stages(tasks, servers, service):
    """Generator (tasks, tasks) [1/h] of the number left, done as the state left out."""
    rate = np.minimum(np.arange(tasks, 0, -1), servers) / service
    return np.diag(-rate) + np.diag(rate[:-1], 1)


def p_done(hours, tasks=TASKS, servers=EXPERTS, service=SERVICE):
    """Probability that all tasks are done by a time [h]."""
    return 1 - expm(stages(tasks, servers, service) * hours)[0].sum()


def restricted_mean(hours, tasks=TASKS, servers=EXPERTS, service=SERVICE):
    """Mean of min(T, hours) [h]: the integral of the probability that tasks are left."""
    q = stages(tasks, servers, service)
    return float(solve(q, expm(q * hours) - np.eye(tasks))[0].sum())


def queue(weeks=10, answer=None, **changes):
    """The queue as a scenario: nothing but the size of a task is left to chance."""
    size = {"size": "exponential", "mean_hours": SERVICE}
    pay = dict.fromkeys(("novice", "beginner", "intermediate", "advanced", "expert"), PAY)
    money = {"currency": "EUR", "engineer": pay, "adjacent": pay, "tool_per_person_month": 0.0}
    levers = {
        "tasks": {"backlog": TASKS},
        "tasks.average": size,
        "tasks.advanced": size,
        "money": money,
        "answer": answer or {"by_week": BY, "up_to_week": UP_TO},
    }
    plan = worlds.alone(weeks=weeks, experts=EXPERTS, backlog=TASKS, dev_share=1.0)
    return plan.replace(levers | changes)


def central(plan, draws=1000, luck=2, seed=1):
    return sim.run(plan, draws=draws, luck=luck, seed=seed, uncertainty="central")


def near(result, metric, truth):
    values = result.values(metric).ravel()
    error = values.std(ddof=1) / math.sqrt(values.size)
    return abs(values.mean() - truth) < ERRORS * error


# ---- known answers -------------------------------------------------------------------------------


def test_done_by_time_to_done_and_cost_until_done_of_a_queue_are_those_of_theory():
    result = central(queue())
    assert near(result, "done_by", p_done(40 * BY))
    assert near(result, "weeks_to_done", restricted_mean(40 * UP_TO) / 40)
    assert near(result, "cost_until_done", EXPERTS * PAY * restricted_mean(40 * UP_TO))
    row = result.summary().loc["done_by"]
    assert row["ci_low"] < p_done(40 * BY) < row["ci_high"]
    assert (result.values("backlog_done") == TASKS).mean() > 0.99


def test_no_interval_of_a_cost_leaves_what_everybody_costs():
    """A backlog that few worlds finish: most cost all pay to the week counted to, and none more."""
    plan = queue(
        12, {"by_week": 8, "up_to_week": 8}, **{"world.dev_share": {"uniform": [0.1, 0.6]}}
    )
    for end, metric in ((8, "cost_until_done"), (12, "cost_to_horizon")):
        most = EXPERTS * PAY * 40 * end
        assert limits.limits(plan, metric) == (0.0, pytest.approx(most))
        row = sim.run(plan, draws=100, luck=2).summary().loc[metric]
        assert 0.5 * most < row["mean"] <= row["ci_high"] <= most * (1 + 1e-12)


def test_the_most_a_plan_can_cost_is_that_of_a_world_in_which_every_seat_is_filled_at_once():
    """Joiners at the start, a leaver, a training and a rollout: a world costs just that."""
    seat = {"level": "novice", "role": "engineer", "week": 2, "hiring_cost": 700.0}
    course = {"seats": 2, "target": "expert", "weeks": 3, "hours_per_week": 4, "start_week": 1}
    tool = {"profile": "claude-code-2026", "week": 4, "cost_per_person_month": 90.0}
    plan = queue(12).replace(
        {
            "team.novice": 3, "joiners": [seat | {"count": 2}], "training": course,
            "training.cost_per_seat": 1000.0, "training.from_level": "novice",
            "leavers": [{"level": "expert", "role": "engineer", "week": 6}],
            "money.engineer.novice": 20.0, "rollout": [tool],
        }
    )  # fmt: skip
    cost = central(plan, draws=10).values("cost_to_horizon")
    assert limits.most_cost(plan, 12) == pytest.approx(cost.max())
    assert cost.max() == pytest.approx(cost.min())


def test_a_deadline_and_a_restricted_mean_do_not_depend_on_the_horizon():
    """Plans drawn with all that is not known: people leave, join and train in both."""
    plan = sim.load("late-joiners").replace({"answer.by_week": 30, "tasks.backlog": 250})
    short, long = (
        sim.run(plan.replace({"horizon.weeks": weeks}), draws=40, luck=2) for weeks in (40, 200)
    )
    for metric in ("done_by", "weeks_to_done"):
        assert np.array_equal(short.values(metric), long.values(metric))
    assert 0.02 < short.values("done_by").mean() < 0.98
    assert short.values("weeks_to_done").max() == 30


def test_rows_of_a_backlog_do_not_change_with_luck_beyond_noise():
    plan = sim.load("backlog-deadline").replace(
        {"answer.by_week": 30, "horizon.weeks": 40}
        | {"tasks.backlog": 160, "tasks.done_share": 0.9}
    )
    tables = [sim.run(plan, draws=400 // luck * 2, luck=luck).summary() for luck in (1, 2, 8)]
    for metric in ("done_by", "weeks_to_done"):
        rows = [table.loc[metric] for table in tables]
        for row in rows[1:]:
            error = math.hypot(row["mc_error"], rows[0]["mc_error"])
            assert abs(row["mean"] - rows[0]["mean"]) < ERRORS * error
    # The week in which half are done counts those that are not, so luck does not move it either.
    middles = [table.loc["finish_week", "p50"] for table in tables]
    assert max(middles) < 1.15 * min(middles)
    assert all(math.isnan(table.loc["finish_week", "mean"]) for table in tables)


# ---- intervals hold what they say, over 1,000 repetitions ---------------------------------------

REPETITIONS, DRAWS, LUCK = 1000, 100, 2
COVERED = (0.93, 0.985)  # of a 95% interval; four standard errors of 1,000 repetitions are 2.8%


def covered(intervals, truth):
    return np.mean([low <= truth <= high for low, high in intervals])


def events(rng, shift=0.0):
    """Two plans' events (draws, luck) with luck in common; the second is likelier by 0.1."""
    p = rng.beta(2, 3, (DRAWS, 1)) * 0.8
    u = rng.random((DRAWS, LUCK))
    return u < p, u < p + shift * rng.uniform(0.5, 1.5, (DRAWS, 1))


def test_interval_of_an_event_holds_its_probability():
    rng = np.random.default_rng(1)
    found = [estimates.event(events(rng)[0].astype(float)) for _ in range(REPETITIONS)]
    rows = [dict(zip(estimates.COLUMNS, one, strict=True)) for one in found]
    truth = 0.8 * 0.4
    assert COVERED[0] < covered([(r["ci_low"], r["ci_high"]) for r in rows], truth) < COVERED[1]
    assert abs(np.mean([r["mean"] for r in rows]) - truth) < 0.005
    spread = np.std([r["mean"] for r in rows])
    assert np.mean([r["mc_error"] for r in rows]) == pytest.approx(spread, rel=0.1)


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.1])
def test_interval_of_a_paired_difference_of_probabilities_holds_it(shift):
    rng = np.random.default_rng(2)
    rows = [
        paired.compare(*(e.astype(float) for e in events(rng, shift)), 1, event=True)
        for _ in range(REPETITIONS)
    ]
    share = covered([(r["ci_low"], r["ci_high"]) for r in rows], shift)
    assert share > COVERED[0]
    assert share < COVERED[1] or shift < 0.1  # few worlds differ: never too narrow
    assert abs(np.mean([r["mean"] for r in rows]) - shift) < 0.004


def test_break_even_is_unbiased_at_the_default_design_and_its_interval_holds_it():
    """A gain of w - W at week w, W normal about 6.5 by what is not known and by chance: week 7."""
    rng = np.random.default_rng(3)
    weeks = np.arange(1, 53)
    rows = []
    for _ in range(REPETITIONS):
        at = 6.5 + rng.normal(0, 2, (DRAWS, 1)) + rng.normal(0, 4, (DRAWS, LUCK))
        rows.append(paired.break_even_week(weeks - at[..., None]))
    assert abs(np.mean([r["week"] for r in rows]) - 7) < 0.25
    assert covered([(r["week_low"], r["week_high"]) for r in rows], 7) > COVERED[0]
    chance = paired.ahead(weeks - at[..., None])
    assert np.all(np.diff(chance[0]) >= 0)  # to be ahead and stay ahead only gets likelier


def test_the_interval_of_break_even_is_wide_by_whole_weeks_alone():
    """The same interval on paths known to a tenth of a week holds 95 of 100, no narrower."""
    rng = np.random.default_rng(4)
    inside = {1.0: [], 0.1: []}
    widths = {1.0: [], 0.1: []}
    for _ in range(REPETITIONS):
        at = 6.5 + rng.normal(0, 2, (DRAWS, 1)) + rng.normal(0, 4, (DRAWS, LUCK))
        for step, found in inside.items():
            row = paired.break_even_week(step * np.arange(1, 12 / step + 1) - at[..., None])
            found.append(row["week_low"] <= np.ceil(6.5 / step - 1e-9) <= row["week_high"])
            widths[step].append(step * (row["week_high"] - row["week_low"]))
    error = 3 * np.sqrt(0.95 * 0.05 / REPETITIONS)
    assert abs(np.mean(inside[0.1]) - 0.95) <= error
    assert np.mean(inside[1.0]) >= 0.95
    assert abs(np.mean(widths[1.0]) - np.mean(widths[0.1])) < 0.1


# ---- the case of a manager: 160 tickets by week 20, four ways ------------------------------------

TODAY = """
question = "Will the 160 tickets be done by week 20?"
[answer]
by_week = 20
[horizon]
weeks = 30
[team]
novice = 2
intermediate = 4
expert = 3
[tasks]
backlog = 160
advanced_share = 0.4
[money]
currency = "EUR"
tool_per_person_month = 100.0
[money.salary.engineer]
novice = 50_000
beginner = 60_000
intermediate = 70_000
advanced = 85_000
expert = 100_000
"""
HIRE = """
extends = "today"
[[joiners]]
count = 1
level = "expert"
role = "engineer"
week = 6
hiring_cost = 20_000
"""
TRAIN = """
extends = "today"
[training]
seats = 2
target = "intermediate"
weeks = 4
cost_per_seat = 3_000
"""


@pytest.fixture
def files(tmp_path):
    for name, text in {"today": TODAY, "hire": HIRE, "train": TRAIN}.items():
        (tmp_path / f"{name}.toml").write_text(text)
    return [tmp_path / f"{name}.toml" for name in ("today", "hire", "train")]


def test_a_run_and_a_comparison_lead_with_the_deadline_and_the_extra_cost(files):
    result = sim.run(files[0], draws=50)
    assert "by week 20" in result.sentences()[0]
    assert "%" in result.sentences()[0]
    found = sim.compare(*files, draws=50)
    assert "by week 20" in found.headline()
    assert "by week 20" in found.sentences()[0]
    assert "extra cost" in found.sentences()[0]
    answer, plans, *_ = found._tables(False)
    assert "by week 20" in answer.rows[0][1]
    # Weeks are a column of their own where half of the worlds are done at all.
    told = [head for head in plans.head[1:] if head != "finish"]
    assert told[:2] == ["by week 20", "extra cost"]
    shown = [row[0] for row in found._tables(True)[0].rows]
    assert shown[:2] == ["done_by", "extra_cost"]
    assert "by week 20" in result._tables(False)[0].rows[0][1]
    assert result._tables(True)[0].rows[0][0] == "done_by"


def test_a_lead_among_plans_that_no_interval_shows_is_no_title(files):
    comparison = sim.compare(*files, draws=50)
    rows = comparison.summary().xs("done_by", level="metric")
    best = rows.loc[rows["mean"].idxmax()]
    close = best["ci_low"] <= 0.0 <= best["ci_high"]
    close = close or words.is_noise(best["mean"], best["mc_error"])
    assert ("is shown to raise the chance" in comparison.headline()) == close
    if close:
        for plan in comparison.plans:  # each with its chance, and the reference
            chance = words.percent(rows.loc[plan, "plan_mean"])
            assert f"{plan} {chance}" in comparison.headline()
    many = sim.load(files[0]).replace({"tasks.backlog": 60, "tasks.done_share": 0.8})
    two, one = (many.replace({"team": {"novice": people}}) for people in (2, 1))
    clear = sim.compare({"two": two, "one": one, "nine": many}, draws=50).headline()
    assert clear.startswith("Of 2 plans nine is expected to gain most. ")


def test_a_plan_that_lowers_the_chance_is_named_where_none_raises_it(files):
    many = sim.load(files[0]).replace({"tasks.backlog": 60, "tasks.done_share": 0.8})
    one = many.replace({"team": {"novice": 1}})
    told = sim.compare({"many": many, "one": one, "same": many}, draws=50).headline()
    assert "None of 2 plans is shown to raise the chance to be done by week 20" in told
    assert "; one is shown to lower it, by " in told
    assert "same is shown" not in told


def test_no_plan_is_said_to_lower_the_chance_by_what_noise_may_have_made(files):
    found = sim.compare(*files, draws=50)
    rows = found.summary().xs("done_by", level="metric", drop_level=False).copy()
    rows[["mean", "ci_low", "ci_high"]] = -0.10, -0.19, -0.01  # clear of none, but
    noise = rows.assign(mc_error=0.04)
    clear = rows.assign(mc_error=0.03)
    assert "shown to lower" not in findings._none_raises(found, noise)
    assert findings._none_raises(found, clear).count("is shown to lower it, by ") == len(rows)


def test_a_lead_that_few_worlds_show_is_told_with_the_plan_it_is_over(files, monkeypatch):
    """Its interval leaves out no lead, its error is over a third of it: no tie, yet not settled."""
    decision = sim.decide(files, draws=50, luck=2)
    next_one = sentences.next_best(decision)[0]
    monkeypatch.setattr(
        sentences, "next_best", lambda _: (next_one, np.array([-0.08, -0.15, -0.04]))
    )
    monkeypatch.setattr(type(decision), "lead_error", property(lambda _: (0.03, 0.0)))
    told = sentences.choice(decision)
    assert told.startswith(f"Of 3 plans '{decision.best}' leads in chance to be done ")
    assert "by +8 points against the next" in told
    assert "(95% interval +4 to +15); more worlds may still change this" in told
    assert "Too close" not in decision.headline()
    assert {decision.best, next_one} <= set(sentences.not_told_apart(decision))
    assert "of the 1 that" not in told


def test_a_choice_too_close_to_call_names_the_cheapest_and_has_no_chance_of_a_chance(files):
    decision = sim.decide(files, draws=50, luck=2)
    assert sentences.is_close(decision)
    told = decision.headline()
    assert told.startswith("Too close to call: of 3 plans ")
    assert "of the 3 that cannot be told apart 'today' costs least" in told
    for screen in (decision._tables(True), decision._tables(False)):
        heads = [head for table in screen for head in table.head]
        assert not {"best", "best, expected", "best, one world"} & set(heads)
    chosen = decision.y[decision.labels.index(decision.best)]
    first = decision.y[0] if decision.best != decision.labels[0] else None
    if first is not None:  # worlds that the choice turns, counted by hand
        turned = 100 * (chosen > first).mean()
        assert f"In {turned:.0f} of 100 worlds '{decision.best}' is in time where" in (
            sentences.odds(decision)
        )


def test_a_decision_an_analysis_and_a_sweep_lead_with_the_deadline(files, tmp_path):
    decision = sim.decide(files, draws=50, luck=2)
    assert decision.metric == "done_by"
    assert "by week 20" in decision.sentences()[0]
    assert "extra cost" in decision.sentences()[0]
    _, (lead, low, high) = sentences.next_best(decision)
    noise = low <= 0 <= high or words.is_noise(lead, decision.lead_error[0])
    assert ("too close to call" in decision.headline().lower()) == noise
    assert "best, with probability" not in decision.headline()
    sweep = sim.sweep(files[0], {"team.expert": [2, 3, 4]}, tmp_path / "s", draws=30)
    assert "by week 20" in " ".join(sweep.sentences())
    assert sweep.to_json()["metric"] == "done_by"


def test_a_lead_that_all_worlds_show_is_told_as_one(files):
    today = sim.load(files[0]).replace({"tasks.backlog": 60, "tasks.done_share": 0.8})
    plans = {"nine": today, "two": today.replace({"team": {"novice": 2}})}
    headline = sim.decide(plans, draws=50, luck=2).headline()
    assert headline.startswith("Of 2 plans 'nine' has the best chance: +")


# ---- files that help -----------------------------------------------------------------------------

WRONG = {  # what a file says -> what its line must name
    "[team]\nseniors = 3": ["team.seniors", "novice, beginner, intermediate, advanced, expert"],
    "[team]\njuniors = 3": ["team.juniors", "novice"],
    "[team]\ndevs = 3": ["team.devs", "intermediate"],
    "[team]\nengineers = 3": ["team.engineers", "novice"],
    "[team]\nmids = 3": ["team.mids", "intermediate"],
    "[team]\nexpert = 2.5": ["team.expert", "[[people]]"],
    "[team]\nexpert = '3'": ["team.expert", "whole number"],
    "[tem]\nexpert = 3": ["tem", "team"],
    "deadline = '2027-03-15'": ["deadline", "answer.by"],
    "[answer]\ndeadline = 20": ["answer.deadline", "by"],
    "[answer]\nby = '15.3.2027'": ["answer.by", "2027-03-15"],
    "[answer]\nby = '2027-02-30'": ["answer.by", "2027-02-28"],
    "[answer]\nby = '2027-03'": ["answer.by", "2027-03-31"],
    "[answer]\nby_week = 20": ["answer", "tasks.backlog"],
    "[answer]\nby_week = 90\n[tasks]\nbacklog = 9": ["answer.by_week", "horizon.weeks"],
    "[team]\nmid = 3": ["team.mid", "intermediate"],
    "[team]\nanalyst = 1": ["team.analyst", "team.adjacent"],
    "hire = 1": ["hire", "[[joiners]]"],
    "[hire]\nexpert = 1": ["hire", "[[joiners]]"],
    "[[joiners]]\ncount = 1\nlevel = 'mid'\nrole = 'engineer'\nweek = 1": ["level", "intermediate"],
    "[money]\ncurrency = 'EUR'\ntool_per_person_month = 9\n[money.salary]\nexpert = 9": [
        "money.salary.expert",
        "[money.salary.engineer]",
    ],
    "[money]\ncurrency = 'EUR'\ntool_per_person_month = 9\n[money.salary]\nsenior = 9": [
        "money.salary.senior",
        "[money.salary.engineer]",
    ],
    "[answer]\nby = '2026-12-06'\n[tasks]\nbacklog = 9": [  # a Sunday, the day before
        "answer.by",
        "the run, which begins on Monday 2026-12-07",
    ],
    "[answer]\nby = '2026-12-06'\n[horizon]\nstart = '2026-12-05'\n[tasks]\nbacklog = 9": [
        "answer.by",
        "no working day is over",
    ],
    "[answer]\nby = '2026-11-02'\n[tasks]\nbacklog = 9": ["answer.by", "before"],
    "[money]\ncurrency = 'EUR'\ntool_per_person_month = 9\nsalary = 60000": [
        "money.salary",
        "engineer",
    ],
    "salary = 60000": ["salary", "money.salary"],
    "[money]\ncurrency = 'EUR'\ntool_per_person_month = 9": ["money", "salary"],
    "[tasks]\nadvanced_share = 40": ["tasks.advanced_share", "0.4"],
    "[tasks]\nadvanced_share = '40%'": ["tasks.advanced_share", "0.4"],
    "[tasks]\nfix_share = 20": ["tasks.fix_share", "0.2"],
    "[tasks]\nbacklogg = 160": ["tasks.backlogg", "backlog"],
    "[tasks]\ntickets = 160": ["tasks.tickets", "backlog"],
    "[horizon]\nstart = 'March 2027'": ["horizon.start", "2027-03"],
    "[horizon]\nmonths = 6": ["horizon.months", "weeks"],
    "[[people]]\ncount = 1\nlevel = 'senior'\nrole = 'engineer'": ["level", "expert"],
    "[[people]]\ncount = 1\nlevel = 'expert'\nrole = 'analyst'": ["role", "adjacent"],
    "[training]\nseats = 2\ntarget = 'novice'": ["training", "nobody"],
    "extends = 'baselin'": ["extends", "baseline"],
    "[policy]\nrouting = 'match'": ["policy.routing", "matched"],
}


def test_forty_wrong_files_each_name_what_mends_them(tmp_path):
    missed, path = {}, tmp_path / "mine.toml"
    for text, needed in WRONG.items():
        path.write_text(text)
        with pytest.raises(sim.ScenarioError) as error:
            sim.load(path)
        lines = str(error.value).splitlines()
        if len(lines) != 1 or not all(word in lines[0] for word in needed):
            missed[text] = str(error.value)
    assert not missed


def test_all_faults_of_a_file_come_at_once_a_line_each():
    stated = {"team": {"expertt": 1, "novice": -1}, "horizon": {"weeks": 0}}
    with pytest.raises(sim.ScenarioError) as error:
        sim.Scenario.from_dict(stated, "mine")
    lines = str(error.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["mine"] * 3
    assert "more" not in str(error.value).replace("or more", "")


def test_one_sentence_says_of_every_choice_by_a_chance_whether_it_is_shown(files):
    """Noise is no winner anywhere: title, claim and first sentence agree."""
    for seed in (1, 2, 3):
        decision = sim.decide(files, draws=50, luck=2, seed=seed)
        told = decision.choice()
        assert decision.headline().startswith(f"{told}; ")  # then from what worth a plan pays
        assert decision.sentences()[0] == f"{told}."
        assert decision.claims()[len(decision.plans)].sentence == f"{told}."
        shown = not sentences.is_close(decision)
        assert ("has the best chance" in told) == shown


def test_one_plan_that_is_not_shown_to_raise_the_chance_is_told_with_both_chances(files):
    today = sim.load(files[0])
    pair = sim.compare({"today": today, "other": today.replace({"team.novice": 1})}, draws=50)
    row = pair.row("other", "done_by")
    told = pair.headline()
    if words.is_noise(row["mean"], row["mc_error"]):
        assert told.startswith("The plan is not shown to raise the chance to be done by week 20")
    assert words.percent(row["plan_mean"]) in told
    assert words.percent(row["reference_mean"]) in told


def test_the_chance_beside_a_curve_is_that_of_the_day_of_the_deadline():
    """A deadline inside a week is no whole week's chance."""
    plan = sim.load("done-by-march/today").replace({"answer": {"by": "2027-03-16"}})
    assert plan.by_week % 1
    result = sim.run(plan, draws=50, luck=2)
    share = result.replications["done_by"].mean()
    assert result.chance_done() == share
    texts = [text.get_text() for text in result.plot().findobj(matplotlib.text.Text)]
    assert any(f"{100 * share:.0f}% by the deadline" in text for text in texts)


def test_mixes_are_decided_between_beside_the_plan_as_it_stands():
    plan = sim.load("done-by-march/today")
    named = analysis.with_own(plan)
    assert next(iter(named)) == "as it stands"
    teams = [str(one.to_dict()["team"]) for one in named.values()]
    assert len(set(teams)) == len(teams)


def test_hours_that_look_like_a_share_are_doubted_and_a_late_deadline_says_what_would_do():
    plan = sim.load("done-by-march/today").replace({"development_hours_per_week": 0.4})
    assert any("is that hours of a full week?" in line for line in plan.doubts)
    assert not sim.load("done-by-march/today").doubts
    with pytest.raises(sim.ScenarioError, match=r"raise horizon\.weeks to 31 or more"):
        sim.load("done-by-march/today").replace({"answer": {"by_week": 30.5}})
