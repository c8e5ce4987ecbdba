"""A record of weeks becomes a posterior that plans use, and says what it changed."""

import base64
import importlib
import json
import lzma
import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from command import tiercurve

import sim
from sim import figures
from sim.engine import curves
from sim.learning import bank as banks
from sim.learning import coming
from sim.learning import history as histories
from sim.records import run_record
from sim.scenario import snapshot

FIRST = date(2025, 10, 6)
WORLDS = 1_000
LAST_26 = FIRST + timedelta(weeks=14)  # of 40 weeks
RATE = 15.0  # tickets a week, where draws of platform-team lie


def weeks_file(path, counts, first=FIRST):
    rows = [(first + timedelta(weeks=week), int(n)) for week, n in enumerate(counts)]
    pd.DataFrame(rows, columns=["week", "closed"]).to_csv(path, index=False)
    return path


def steady(weeks=40, rate=RATE, seed=3):
    return np.random.default_rng(seed).poisson(rate, weeks)


@pytest.fixture(scope="module", autouse=True)
def anew():
    """Worlds of one team in the same weeks are simulated and fitted once; this forgets them."""
    module = importlib.import_module("sim.learning.learn")
    simulate, emulators, kept = banks.simulate, module.emulators, {}

    def simulated(plan, weeks, worlds, seed, progress=None):
        key = (plan.to_toml(), weeks, worlds, seed)
        if key not in kept:
            kept[key] = simulate(plan, weeks, worlds, seed, progress)
        return kept[key]

    def fitted(bank):
        if id(bank) not in kept:
            kept[id(bank)] = emulators(bank), bank  # which is kept, so its id stays its own
        return kept[id(bank)][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(banks, "simulate", simulated)
        patch.setattr(module, "emulators", fitted)
        yield kept.clear


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("learn")


@pytest.fixture(scope="module")
def learned(folder):
    path = weeks_file(folder / "weeks.csv", steady())
    return sim.learn(
        path, "platform-team", known={"development": 14.0, "hours": 8.0}, worlds=WORLDS
    )


@pytest.fixture(scope="module")
def ours(folder, learned):
    """A plan with the record, in its own folder."""
    learned.save(folder / "our-team")
    plan = 'extends = "platform-team"\nrecord = "our-team"\n[horizon]\nweeks = 8\n'
    (folder / "ours.toml").write_text(plan + 'start = "2026-07-13"\n')
    return folder / "ours.toml"


def test_the_range_narrows_about_what_was_seen(learned):
    row = learned.observed.set_index("measure").loc["tickets"]
    assert row.observed == pytest.approx((steady()[-26:].sum() + 0.5) / 26)
    assert row.after_p10 < row.observed < row.after_p90
    assert row.after_p90 / row.after_p10 < 0.5 * row.before_p90 / row.before_p10
    answers = learned.answers.set_index("answer")
    assert (answers["fold_after"] < answers["fold_before"]).all()


def test_a_stated_number_narrows_its_parameter(learned):
    row = learned.parameters.set_index("parameter").loc["dev_share"]
    assert row.narrowed > 0.5
    assert row.after_p10 < 14 / 40 < row.after_p90


def test_quantities_that_a_record_does_not_tell_are_left_as_they_were(learned):
    row = learned.parameters.set_index("parameter").loc["training_efficacy"]
    assert abs(row.narrowed) < 0.15


def test_sentences_say_before_now_and_what_comes(learned):
    text = " ".join(learned.sentences())
    for words in ("tickets a week over 26 weeks", "before", "now", "with 80% chance", "drift"):
        assert words in text
    assert "platform-team" in learned.text()
    assert not any(line.endswith("..") for line in learned.sentences())
    told = learned.text(everything=True)
    assert "share of paid hours for development" in told
    assert not re.search(r"dev share|hand success expert|trend drift|causal share", told)


def test_parts_of_the_spread_add_up(learned):
    last = learned.forecasts.iloc[-1]
    assert last[["ignorance", "drift", "chance"]].sum() == pytest.approx(1.0)
    assert last["monday"] == (FIRST + timedelta(weeks=40)).isoformat()


def test_its_own_last_quarter_is_forecast_from_the_weeks_before(learned):
    assert learned.quarter["came"] == steady()[-13:].sum()
    past = histories.History("x", "", FIRST, steady(), 26, {"tickets": 1.0}, 0, ())
    before = past.before(13)
    assert len(before.counts) == 27
    assert before.observed == {"tickets": pytest.approx((steady()[1:27].sum() + 0.5) / 26)}


def test_the_same_seed_gives_the_same_posterior(learned, folder, anew):
    anew()
    again = sim.learn(
        folder / "weeks.csv", "platform-team", known={"development": 14.0, "hours": 8.0},
        worlds=WORLDS,
    )  # fmt: skip
    assert again.team == learned.team


def test_it_is_read_again_as_it_was_saved(learned, ours):
    kept = sim.load_record(ours.parent / "our-team")
    assert kept.to_json() == learned.to_json()
    assert kept.team == learned.team
    assert kept.text() == learned.text()


def test_a_plan_runs_on_the_rows_of_its_record(ours, learned):
    plan = sim.load(ours)
    result = sim.run(plan, 30, 2)
    rows = json.loads(learned.team)
    known = {row[rows["columns"].index("dev_share")] for row in rows["draws"]}
    assert set(result.parameters["dev_share"]) <= known
    assert {"ticket_size", "drift_level"} <= set(result.parameters.columns)
    assert any("learned from 26 weeks up to 2026-07-13" in line for line in result.caveats)
    assert "our-team" in result.provenance["curves"]


def test_tickets_lead_where_the_record_tells_no_hours(folder):
    path = weeks_file(folder / "short.csv", steady(12))
    sim.learn(path, "platform-team", worlds=WORLDS).save(folder / "tickets-only")
    data = {"extends": "platform-team", "record": str(folder / "tickets-only")}
    plan = sim.Scenario.from_dict(data)
    assert plan.answer.metric == "tasks_done"
    assert any(
        "expert-hours" in line for line in sim.run(plan.replace({"horizon.weeks": 4}), 2, 1).caveats
    )


def test_hours_known_leave_work_as_the_answer(ours):
    assert sim.load(ours).answer.metric == "work_delivered"


def test_a_saved_result_runs_again_without_the_folder(ours, tmp_path, capsys):
    result = sim.run(sim.load(ours), 4, 1)
    result.save(tmp_path / "kept")
    figures.save(result.plot(), tmp_path / "run.svg")
    (ours.parent / "our-team").rename(ours.parent / "moved")
    try:
        kept = sim.load_record(tmp_path / "kept")
        again = sim.run(kept.scenario, 4, 1)
        code, output, said = tiercurve("check", tmp_path / "run.svg", capsys=capsys)
    finally:
        (ours.parent / "moved").rename(ours.parent / "our-team")
    assert again.replications.equals(result.replications)
    assert kept.text(everything=True) == result.text(everything=True)
    assert code == 0, output + said


def test_both_plans_of_a_comparison_drift_on_one_path(ours):
    plan = sim.load(ours)
    more = plan.replace({"team.expert": 4})
    both = sim.compare({"now": plan, "more": more}, draws=40, luck=2)
    one, other = both.results["now"], both.results["more"]
    assert (one.parameters["drift_level"] == other.parameters["drift_level"]).all()
    logs = [np.log(r.values("tasks_done").mean(axis=1)).ravel() for r in (one, other)]
    assert np.std(logs[1] - logs[0]) < 0.6 * np.std(logs[0])


def test_an_analysis_takes_the_record_as_one_factor(ours):
    found = sim.sensitivity(sim.load(ours), samples=32, luck=2, metrics=["tasks_done"])
    assert "team record" in set(found.indices["factor"])
    assert not {"curve", "how people work"} & set(found.indices["factor"])


# ---- a record that grows -------------------------------------------------------------------------


def test_learning_again_scores_the_forecast_made_before(folder, learned):
    counts = np.concatenate([steady(), steady(13, seed=5)])
    path = weeks_file(folder / "grown.csv", counts)
    again = sim.learn(path, "platform-team", worlds=WORLDS, before=learned)
    assert len(again.forecasts) == 2
    first, second = again.forecasts.itertuples()
    assert first.came == counts[40:53].sum()
    assert np.isnan(second.came)
    assert any("Forecasts made of this team before: " in line for line in again.sentences())


def test_a_quarter_that_is_not_over_is_not_scored(folder, learned):
    path = weeks_file(folder / "half.csv", np.concatenate([steady(), [15] * 6]))
    again = sim.learn(path, "platform-team", worlds=WORLDS, before=learned)
    assert again.forecasts["came"].isna().all()


# ---- the plan as it was --------------------------------------------------------------------------


def test_what_is_to_come_is_no_part_of_the_past(folder):
    plan = sim.load("platform-team").replace(
        {
            "training": {"seats": 2, "start_week": 2, "weeks": 6},
            "joiners": [{"count": 1, "level": "expert", "role": "engineer", "week": 4}],
            "tasks": {"backlog": 100},
            "answer": {"by_week": 20},
        }
    )
    found = sim.learn(folder / "weeks.csv", plan, worlds=WORLDS)
    then = found.scenario
    assert then.training.seats == 0
    assert not then.joiners
    assert then.tasks.backlog is None
    assert then.horizon.weeks == 26
    assert then.horizon.start == (FIRST + timedelta(weeks=14)).isoformat()
    assert any("training, joiners, the backlog left out" in note for note in found.notes)


# ---- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ({"developement": 14}, "did you mean 'development'?"),
        ({"tickets": 3}, "'tickets': not one of"),
        ({"development": -1}, "development = -1: must be above 0 and at most 40"),
        ({"given_up": 2}, "given_up = 2: must be above 0 and at most 1"),
        ({"hours": float("nan")}, "hours = nan"),
    ],
)
def test_known_numbers_are_checked(folder, known, line):
    with pytest.raises(sim.LearnError) as error:
        sim.learn(folder / "weeks.csv", "platform-team", known=known, worlds=WORLDS)
    assert line in str(error.value)


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ([5] * 6, "6 weeks: must be 8 or more"),
        ([0] * 20, "no ticket closed in any"),
        ([0] * 10 + [300] + [0] * 10, "all 300 tickets were closed in the week of"),
    ],
)
def test_files_that_say_nothing_of_a_team_are_refused(tmp_path, counts, line):
    with pytest.raises(sim.LearnError) as error:
        sim.learn(weeks_file(tmp_path / "w.csv", counts), "platform-team", worlds=WORLDS)
    assert line in str(error.value)
    assert "w.csv" in str(error.value)


def test_a_record_that_no_draw_explains_is_refused_with_the_nearest(tmp_path):
    path = weeks_file(tmp_path / "w.csv", steady(26, 4000.0), LAST_26)
    with pytest.raises(sim.LearnError) as error:
        sim.learn(path, "platform-team", worlds=WORLDS)
    assert "no draw explains" in str(error.value)
    assert "98 of 100 draws give" in str(error.value)


def test_a_surprising_record_is_told(tmp_path):
    path = weeks_file(tmp_path / "w.csv", steady(26, 90.0))
    found = sim.learn(path, "platform-team", worlds=WORLDS)
    assert any(note.startswith("Surprising: tickets done a week") for note in found.notes)


def test_several_projects_are_no_one_team(tmp_path):
    rows = [(p, FIRST + timedelta(weeks=w), 5) for p in "ab" for w in range(20)]
    path = tmp_path / "w.csv"
    pd.DataFrame(rows, columns=["project", "week", "closed"]).to_csv(path, index=False)
    with pytest.raises(sim.LearnError, match="2 projects: must be the record of one team"):
        sim.learn(path, "platform-team", worlds=WORLDS)


@pytest.mark.parametrize(
    ("extra", "line"),
    [
        ('record = "absent"', "make it with tiercurve learn FILE --as PLAN --out absent"),
        ("record = 3", "record = 3: must be the folder of a learned record"),
        ('record = "study"', "no learned record, or a damaged one"),
        ('record = "our-team"\n[tool]\ncurves = "study"', "either record or tool.curves, not both"),
    ],
)
def test_a_plan_whose_record_cannot_be_used_says_so(ours, extra, line):
    path = ours.parent / "wrong.toml"
    path.write_text('extends = "platform-team"\n' + extra + "\n")
    with pytest.raises(sim.ScenarioError) as error:
        sim.load(path)
    assert line in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_damaged_posterior_is_refused_in_one_line(folder, learned, tmp_path):
    learned.save(tmp_path / "broken")
    text = (tmp_path / "broken" / "team.json").read_text()
    (tmp_path / "broken" / "team.json").write_text(text[: len(text) // 2])
    with pytest.raises(sim.LearnError) as error:
        sim.load_record(tmp_path / "broken")
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("observed", lambda rows: rows.clear()),
        ("observed", lambda rows: rows[0].pop("observed")),
        ("parameters", lambda rows: rows[0].update(parameter=1.5)),
        ("answers", lambda rows: rows.pop()),
        ("forecasts", lambda rows: rows[-1].pop("monday")),
        ("coming", lambda rows: rows.clear()),
        ("about", lambda about: about.pop("weeks")),
        ("quarter", lambda quarter: quarter.pop("came")),
    ],
)
def test_a_saved_learning_without_what_it_shows_is_damaged(learned, tmp_path, table, change):
    path = learned.save(tmp_path / "broken") / "learning.json"
    saved = json.loads(path.read_text(encoding="utf-8"))
    saved["quarter"] = saved["quarter"] or {"p10": 1.0, "p90": 2.0, "came": 1.0}
    change(saved[table])
    saved["quarter"] = saved["quarter"] or {"p10": 1.0}
    path.write_text(json.dumps(saved), encoding="utf-8")
    with pytest.raises(sim.LearnError, match="a damaged learning") as error:
        sim.load_record(path.parent)
    assert len(str(error.value).splitlines()) == 1


def test_no_name_or_text_of_an_export_is_in_any_file(tmp_path):
    rng = np.random.default_rng(1)
    days = [FIRST + timedelta(days=int(d)) for d in np.sort(rng.integers(0, 180, 400))]
    table = pd.DataFrame(
        {
            "Key": [f"SECRETKEY-{i}" for i in range(400)],
            "Summary": "Hidden title",
            "Assignee": rng.choice(["Ada Lovelace", "Grace Hopper", "Alan Turing"], 400),
            "Status": "Done",
            "Resolution": rng.choice(["Fixed", "Won't Do"], 400, p=[0.9, 0.1]),
            "Created": [d - timedelta(days=3) for d in days],
            "Resolved": days,
        }
    )
    table.to_csv(tmp_path / "export.csv", index=False)
    found = sim.learn(tmp_path / "export.csv", "platform-team", worlds=WORLDS)
    assert "given_up" in found.about["measures"]
    found.save(tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        text = path.read_text()
        assert not any(name in text for name in ("SECRETKEY", "Hidden", "Lovelace", "Hopper"))
    assert any("3 people did the tickets" in note for note in found.notes)


# ---- the command line ----------------------------------------------------------------------------


def test_the_command_writes_and_updates_a_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    weeks_file(tmp_path / "w.csv", steady())
    arguments = ("learn", "w.csv", "--as", "platform-team", "--out", "team", "--worlds", WORLDS)
    code, _, said = tiercurve(*arguments, "--know", "development=14", capsys=capsys)
    assert code == 0, said
    assert "posterior written to team" in said
    assert {path.name for path in (tmp_path / "team").iterdir()} == {"learning.json", "team.json"}
    weeks_file(tmp_path / "w.csv", np.concatenate([steady(), [15] * 13]))
    code, output, said = tiercurve(*arguments, "--json", capsys=capsys)
    assert code == 0, said
    assert "team is learned anew; its forecasts are kept" in said
    data = json.loads(output)
    assert [row["came"] is None for row in data["forecasts"]] == [False, True]


@pytest.mark.parametrize(
    ("option", "line"),
    [
        (("--know", "development"), "development: must be KEY=NUMBER"),
        (("--weeks", "3"), "weeks = 3: must be a whole number from 8 to 104"),
        (("--worlds", "10"), "worlds = 10: must be a whole number from 1000 to 100000"),
    ],
)
def test_options_out_of_range_are_one_line(tmp_path, capsys, option, line):
    path = weeks_file(tmp_path / "w.csv", steady())
    code, _, said = tiercurve("learn", path, "--as", "platform-team", *option, capsys=capsys)
    assert code == 2
    assert line in said


def test_plans_of_one_record_travel_with_one_copy_of_it(ours):
    plan = sim.load(ours)
    both = sim.compare({"now": plan, "more": plan.replace({"team.expert": 4})}, draws=4, luck=1)
    text = run_record.dumps(both.run_record())
    assert text.count("lzma:") == 1
    assert len(text) < 700_000
    back = run_record.loads(text)
    assert back.plans == both.run_record().plans
    with snapshot.runnable(back.plans) as plans:
        rows = sim.run(plans["more"], 4, 1).replications
    assert rows.equals(both.results["more"].replications)


@pytest.mark.parametrize(
    ("curves", "line"),
    [
        ("lzma:!!", "damaged or too long"),
        ("lzma:" + base64.b85encode(lzma.compress(b"0" * 4_000_000)).decode(), "too long"),
        ("same as nobody", "no plan before it"),
    ],
)
def test_a_packed_record_that_is_damaged_is_refused_in_one_line(curves, line, tmp_path):
    kept = snapshot.keep(sim.load("platform-team"))
    kept["levers"]["tool"]["curves"] = "ours"

    def restore():
        plans = snapshot.apart({"plan": kept | {"curves": curves}})
        snapshot.scenario("plan", plans["plan"], tmp_path)

    with pytest.raises(snapshot.PlanError, match=line) as error:
        restore()
    assert len(str(error.value).splitlines()) == 1


def starting(ours, start):
    return sim.load(ours).replace({"horizon.start": start, "horizon.weeks": 4})


@pytest.mark.parametrize(
    ("start", "line"),
    [
        ("2026-06-01", "starts 6 weeks before its record ends"),
        ("2027-03-01", "The record ended 33 weeks before the plan starts"),
    ],
)
def test_a_plan_that_does_not_go_on_from_its_record_says_so(ours, start, line):
    assert any(line in one for one in sim.run(starting(ours, start), 2, 1).caveats)


def test_a_record_of_years_ago_is_refused_in_one_line(ours):
    with pytest.raises(sim.CurveError, match="over 104 weeks apart; learn from a newer record"):
        sim.run(starting(ours, "2029-01-01"), 2, 1)


@pytest.mark.parametrize("text", ["", "[1, 2]", "null", "{", "[" * 100_000, '{"record": 3}'])
def test_a_damaged_record_is_not_called_a_missing_one(ours, text):
    folder = ours.parent / "damaged"
    folder.mkdir(exist_ok=True)
    (folder / "team.json").write_text(text)
    with pytest.raises(sim.ScenarioError) as error:
        sim.Scenario.from_dict({"extends": "platform-team", "record": str(folder)})
    assert "or a damaged one; learn it again" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "about",
    [{"weeks": -1}, {"weeks": "x"}, {"measures": 5}, {"expert_hours": "maybe"}, {"ends": "x"}],
)
def test_what_a_record_says_of_itself_is_checked(learned, about, tmp_path):
    data = json.loads(learned.team)
    data["record"] |= about
    path = tmp_path / "team.json"
    path.write_text(json.dumps(data))
    with pytest.raises(sim.CurveError) as error:
        curves.read(path)
    assert len(str(error.value).splitlines()) == 1


def test_a_record_of_work_is_no_measurement_of_sessions(ours):
    bare, own = (sim.assess(plan) for plan in (sim.load("platform-team"), sim.load(ours)))
    assert own.counts == bare.counts


def test_a_number_stated_twice_is_refused(tmp_path, capsys):
    path = weeks_file(tmp_path / "w.csv", steady())
    known = ("--know", "development=14", "--know", "development=20")
    code, _, said = tiercurve("learn", path, "--as", "platform-team", *known, capsys=capsys)
    assert code == 2
    assert "development: stated twice" in said


# ---- by when -------------------------------------------------------------------------------------


def test_the_burn_up_is_that_of_the_forecast(learned):
    at = learned.coming.set_index("week").loc[13.0]
    last = learned.forecasts.iloc[-1]
    assert at["q50"] == pytest.approx(last["p50"], rel=0.08)
    assert at["q90"] / at["q10"] == pytest.approx(last["p90"] / last["p10"], rel=0.15)
    assert (np.diff(learned.coming["q50"]) > 0).all()


def test_dates_and_chances_agree_with_the_burn_up(learned):
    table = learned.coming.set_index("week")
    half = coming.week_of(learned.coming, 160, 0.5)
    assert table.loc[half, "q50"] >= 160 > table.loc[half - 1, "q50"]
    sure = coming.week_of(learned.coming, 160, 0.85)
    assert sure > half
    for week, share in ((half, 0.5), (sure, 0.85)):
        chances = [coming.chance(learned.coming, 160, w) for w in (week - 1, week)]
        assert chances[0] < share <= chances[1]
    day = date.fromisoformat(learned.about["ends"]) + timedelta(weeks=int(half), days=-3)
    text = learned.when(160, day.isoformat())
    assert text.startswith("160 tickets more, if the team goes on as it is: half of the worlds ")
    assert f"are done by {day}" in text
    assert text.endswith(f"% chance by {day}.")


def test_more_tickets_than_come_in_two_years_have_no_date(learned):
    assert "half of the worlds are done not within 104 weeks" in learned.when(1_000_000)


@pytest.mark.parametrize(
    ("tickets", "by", "line"),
    [
        (0, None, "tickets = 0: must be from 1"),
        (10, "soon", "by = soon: must be a day"),
        (10, "2020-01-01", "by = 2020-01-01: must be from"),
    ],
)
def test_a_date_that_cannot_be_told_is_refused_in_one_line(learned, tickets, by, line):
    with pytest.raises(sim.LearnError) as error:
        learned.when(tickets, by)
    assert line in str(error.value)


def test_what_is_still_assumption_is_named(learned):
    assert 1 <= len(learned.still_assumed) <= 5
    register = sim.register()
    assert all(register[name].assumed for name in learned.still_assumed)
    assert any(line.startswith("Still assumption") for line in learned.sentences())


def test_the_command_says_by_when(tmp_path, capsys):
    path = weeks_file(tmp_path / "w.csv", steady())
    options = ("--tickets", 160, "--by", "2026-12-18", "--worlds", WORLDS)
    plot = ("--plot", tmp_path / "b.png", "--figure", "burn-up")
    code, output, _ = tiercurve(
        "learn", path, "--as", "platform-team", *options, *plot, capsys=capsys
    )
    assert code == 0
    assert "160 tickets more" in output
    assert (tmp_path / "b.png").stat().st_size > 10_000


@pytest.mark.parametrize("tool", ["none", "completion-assistant"])
def test_a_record_is_named_whatever_the_tool_and_what_a_plan_replaces_too(ours, tool):
    plan = sim.load(ours).replace({"tool.profile": tool, "world.dev_share": 0.3})
    caveats = sim.run(plan.replace({"horizon.weeks": 4}), 2, 1).caveats
    assert any("learned from 26 weeks" in line for line in caveats)
    assert any("[world] states dev_share" in line for line in caveats)


def test_a_day_without_tickets_is_refused(tmp_path, capsys):
    path = weeks_file(tmp_path / "w.csv", steady())
    words = ("learn", path, "--as", "platform-team", "--by", "2026-12-18")
    code, _, said = tiercurve(*words, capsys=capsys)
    assert code == 2
    assert "2026-12-18: needs --tickets" in said
