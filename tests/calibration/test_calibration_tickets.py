"""A team's export, clean or dirty, gives a clear result or a clear refusal."""

import json
from itertools import pairwise

import numpy as np
import pytest
import worlds

import sim
from calibration import answer, cells, curve_set, fit, local, tickets
from sim.engine import curves, setup
from sim.errors import TicketError
from sim.exports.outcomes import STUDY
from sim.scenario import snapshot

HEADER = "ticket,person,level,role,class,hours,agent,outcome,date"
LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")
SHARES = np.full(5, 0.2)


def lines(count, seed=1, missing=0.0, people=8, one_class=False):
    luck = np.random.default_rng(seed)
    made = []
    for i in range(count):
        person = int(luck.integers(people))
        level = LEVELS[person % 5] if luck.random() >= missing else "unknown"
        work = "average" if one_class or luck.random() < 0.7 else "advanced"
        closed = luck.random() < 0.5 + 0.07 * (person % 5)
        made.append(
            f"T{i},anna-{person},{level},engineer,{work},{luck.lognormal(0.5, 1):.2f},yes,"
            f"{'closed' if closed else 'failed'},2026-07-{1 + i % 28:02d}"
        )
    return made


def export(folder, rows, header=HEADER, name="tickets.csv"):
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def read(tmp_path, rows, header=HEADER):
    return tickets.read(export(tmp_path, rows, header))


def refusal(tmp_path, rows, header=HEADER):
    with pytest.raises(TicketError) as caught:
        read(tmp_path, rows, header)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---- reading -----------------------------------------------------------------------------------


def test_a_clean_file_is_read_whole(tmp_path):
    found = read(tmp_path, lines(50))
    assert len(found.outcome) == 50
    assert found.people == 8
    assert found.scale == ("not closed", "closed")
    assert found.counts == {}


def test_wrong_columns_are_refused_with_a_hint(tmp_path):
    said = refusal(tmp_path, ["1,2"], header="persn,outcme")
    assert said.startswith("tickets.csv: no column 'outcome' among outcme, 1 other; did you mean")
    assert "template.csv" in refusal(tmp_path, ["1,2"], header="a,b")


def test_columns_come_in_any_order_and_under_the_names_of_exports(tmp_path):
    rows = [f"closed;2,5;AI;{i % 3};novice" for i in range(20)]
    found = read(tmp_path, rows, header="Status;Time Spent;With Agent;Assignee;Expertise")
    assert (found.hours == 2.5).all()  # a decimal comma
    assert found.people == 3
    assert found.agent.all()


def dated(rows, days):
    kept = [row.rsplit(",", 1)[0] for row in rows]
    return [f"{row},{day}" for row, day in zip(kept, days, strict=True)]


def test_mixed_date_formats_are_read_and_only_unreadable_ones_counted(tmp_path):
    days = ["2026-07-31", "31.07.2026", "31/07/2026", "2026-07-31T10:00:00Z", "31-07-2026",
    "someday",
            "", "2026-13-01", "31/07/2026", "31/07/2026", "31/Jul/26 4:10 PM",
            "05/07/2026"]  # fmt: skip
    found = read(tmp_path, dated(lines(12), days))
    from datetime import date

    july = date(2026, 7, 31).toordinal()
    assert list(found.days[:5]) == [july] * 5
    assert found.days[11] == date(2026, 7, 5).toordinal()  # the day comes first in the others
    assert found.counts["date not readable"] == 2


def test_dates_of_both_orders_are_refused_as_two_exports(tmp_path):
    days = ["31/07/2026", "07/31/2026", *["2026-07-31"] * 10]
    said = refusal(tmp_path, dated(lines(12), days))
    assert "'date': dates of both orders, 31/07/2026 and 07/31/2026" in said


def test_negative_and_unreadable_hours_are_missing_and_counted(tmp_path):
    rows = lines(14)
    for place, hours in enumerate(("-3", "0", "many", "nan", "99999", "3h", "1,5")):
        cells_ = rows[place].split(",")
        cells_[5] = hours if "," not in hours else f'"{hours}"'
        rows[place] = ",".join(cells_)
    found = read(tmp_path, rows)
    assert np.isnan(found.hours[:5]).all()
    assert list(found.hours[5:7]) == [3.0, 1.5]
    assert found.counts == {"hours not above 0 and at most 10,000, taken as missing": 5}


def test_rows_that_repeat_a_ticket_count_once(tmp_path):
    found = read(tmp_path, lines(20) + lines(5))
    assert len(found.outcome) == 20
    assert found.counts["repeats another row"] == 5


def test_rows_alike_without_a_ticket_number_are_different_tickets(tmp_path):
    found = read(tmp_path, ["p1,novice,yes,closed"] * 30, header="person,level,agent,outcome")
    assert len(found.outcome) == 30


def test_levels_may_be_words_numbers_ranges_or_unknown(tmp_path):
    said = ["novice", "5", "2-3", "beginner to intermediate", "unknown", "", "7", "senior", "4.0"]
    rows = [f"{level},yes,closed" for level in said + ["3"] * 5]
    found = read(tmp_path, rows, header="level,agent,outcome")
    expected = [[1, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0.5, 0.5, 0, 0], [0, 0.5, 0.5, 0, 0],
                [0] * 5, [0] * 5, [0] * 5, [0] * 5, [0, 0, 0, 1, 0]]  # fmt: skip
    assert np.array_equal(found.weights[:9], expected)
    assert found.counts["level unknown"] == 2
    assert found.counts["level not readable, taken as unknown"] == 2


def test_labels_stand_in_for_the_class(tmp_path):
    rows = ["security; api,yes,closed", "crud,yes,closed", ",yes,closed"] + ["ui,yes,no"] * 9
    found = read(tmp_path, rows, header="labels,agent,outcome")
    assert list(found.advanced[:2]) == [1, 0]
    assert np.isnan(found.advanced[2])


def test_open_tickets_are_left_out_and_unknown_outcomes_refused_above_a_fifth(tmp_path):
    rows = lines(20)
    found = read(tmp_path, [*rows, *(f"X{i},a,3,engineer,average,1,yes,open," for i in range(9))])
    assert found.counts["no outcome yet"] == 9
    said = refusal(tmp_path, [*rows, *(f"X{i},a,3,,average,1,yes,banana," for i in range(9))])
    assert "outcome = 'banana': 9 of 29 outcomes are no known word, over 20%" in said


def test_the_study_s_four_words_make_its_scale_if_they_are_declared_to_be_its(tmp_path):
    words = ["failed", "partial", "unverified", "verified"] * 5
    path = export(tmp_path, [f"{word},yes" for word in words], header="outcome,agent")
    with pytest.raises(TicketError, match="read with --closed-as verified"):
        tickets.read(path)
    found = tickets.read(path, closed_as="verified")
    assert found.scale == STUDY
    assert list(found.outcome[:4]) == [0, 1, 2, 3]


def test_three_rows_are_refused(tmp_path):
    said = refusal(tmp_path, lines(3))
    assert said == "tickets.csv: 3 usable rows with the agent of 3; needs 10 at least"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04", "is a spreadsheet or archive"),
        ("outcome\ncaf\u00e9".encode("latin-1"), "not UTF-8 text"),
        (b"outcome,outcome\n1,1\n", "column 'outcome': there are two of it"),
    ],
)
def test_files_that_are_no_export_are_refused_in_one_line(tmp_path, content, says):
    path = tmp_path / "tickets.csv"
    path.write_bytes(content)
    with pytest.raises(TicketError, match=says):
        tickets.read(path)
    with pytest.raises(TicketError, match="cannot be read"):
        tickets.read(tmp_path / "gone.csv")


# ---- counting ----------------------------------------------------------------------------------


def test_cells_count_every_row_once_and_keep_people_apart(tmp_path):
    found = read(tmp_path, lines(200))
    counted = cells.cells(found, SHARES)
    assert counted.count.sum() == 200
    assert len(counted.people) == 9
    begins = counted.groups[counted.people]
    per_person = [counted.count[a:b].sum() for a, b in pairwise(begins)]
    assert sorted(per_person) == sorted(np.bincount(found.person))


def test_a_missing_level_takes_its_person_s_own_drawn_towards_the_team_s():
    weights = np.array([[0, 0, 1, 0, 0]] * 9 + [[0] * 5, [0] * 5], float)
    person = np.array([0] * 9 + [0, 1])
    filled = cells.level_weights(weights, person, SHARES)
    assert filled.sum(axis=1) == pytest.approx(1)
    assert filled[9, 2] > 0.9  # nine rows of their own say intermediate
    assert filled[10, 2] == pytest.approx((9 + 1) / (9 + 5))  # the team's and five of the study's


# ---- fitting -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pooled")
    path = export(folder, lines(300, missing=0.3))
    return local.calibrate(path, folder / "my-team"), folder


def test_the_set_is_drawn_from_by_name_in_any_scenario(pooled, monkeypatch):
    found, folder = pooled
    monkeypatch.chdir(folder)
    plan = worlds.plan(tool={"profile": "claude-code-2026", "curves": "my-team"})
    assert setup.curve_set(plan).name == "my-team"
    assert found.path == folder / "my-team.json"


def test_what_travels_in_decks_and_figures_says_how_the_file_was_read(pooled, monkeypatch):
    """A run record holds the curve set's own text, and the curve set how its tickets were read."""
    found, folder = pooled
    monkeypatch.chdir(folder)
    plan = worlds.plan(tool={"profile": "claude-code-2026", "curves": "my-team"})
    carried = json.loads(snapshot.text_of(snapshot.keep(plan)["curves"]))
    assert carried["provenance"]["tickets"]["reading"] == found.reading["json"]
    result = sim.run(plan.replace({"horizon.weeks": 4}), draws=3, luck=1)
    assert result.provenance["curves"].startswith("my-team ")
    assert any("team's own tickets" in caveat for caveat in result.caveats)


def test_a_third_of_the_levels_missing_is_survived_and_said(pooled):
    found, _ = pooled
    assert 60 < found.counts["level unknown"] < 120
    assert "level unknown" in found.report()
    assert found.trusted


def test_no_person_key_is_in_what_is_written(pooled):
    _, folder = pooled
    for name in ("my-team.json", "my-team.md"):
        assert "anna" not in (folder / name).read_text(encoding="utf-8")


def test_the_report_says_what_a_manager_must_know(pooled):
    found, folder = pooled
    page = (folder / "my-team.md").read_text(encoding="utf-8")
    assert page == found.report()
    for words in ("Your data", "How far they moved the answer", "What is still assumption",
                  "How many more tickets", "your own measure", "any one person"):  # fmt: skip
        assert words in page
    assert len(page.splitlines()) < 100


def test_own_cut_points_leave_the_study_s_mean_rates_where_they_were(pooled):
    """Levels may move apart; the studied mix of sessions keeps its verified rate, near enough."""
    found, _ = pooled
    shares = fit.shares(fit.ledger.read())
    study = curves.read(curve_set.HERE / "curves" / "study.json")
    verified = slice(2, 7)
    ours = np.array(found.data["draws"])[:, verified] @ shares
    assert ours.mean() == pytest.approx((study.draws[:, verified] @ shares).mean(), abs=0.01)


def test_tickets_narrow_the_gap_and_the_study_is_kept_apart_from_how_teams_differ(pooled):
    row = pooled[0].moved.set_index("what").loc["judged done, expert minus novice"]
    study, before, after = (row[f"{s}_high"] - row[f"{s}_low"] for s in
                            ("study", "before", "pooled"))  # fmt: skip
    assert study < after < before


def test_the_same_seed_gives_the_same_set(tmp_path):
    path = export(tmp_path, lines(60))
    one, two = (local.calibrate(path, seed=3, scenario=None).data for _ in range(2))
    assert json.dumps(one) == json.dumps(two)


def test_one_class_only_leaves_its_effect_at_the_prior(tmp_path):
    found = local.calibrate(export(tmp_path, lines(80, one_class=True)), scenario=None)
    row = found.own.set_index("what").loc["advanced work, less likely closed"]
    assert row["high"] - row["low"] > 2  # 95% of the prior is 2.9 logits wide


def test_outcomes_declared_the_study_s_move_the_team_s_offset(tmp_path):
    rows = [f"{i % 6},{1 + i % 5},yes,{'closed' if i % 7 else 'failed'}" for i in range(200)]
    path = export(tmp_path, rows, header="person,level,agent,outcome")
    found = local.calibrate(
        path, closed_as="verified", scenario=None
    )  # 86% where the study has 27%
    row = found.moved.set_index("what").loc["team_offset"]
    assert row["pooled"] > 0.1 > row["before"]
    assert found.data["columns"][-1] == "team_offset"


def test_agent_against_hand_is_said_and_said_not_to_be_causal(tmp_path):
    rows = lines(120)
    rows += [row.replace(",yes,", ",no,").replace("T", "H") for row in lines(60, seed=2)]
    found = local.calibrate(export(tmp_path, rows), scenario=None)
    assert found.used == 120
    assert found.contrast["tickets_by_hand"] == 60
    assert found.contrast["low"] < found.contrast["difference"] < found.contrast["high"]
    assert "**Not causal**" in found.report()


def test_tickets_that_a_level_separates_without_exception_are_refused_in_one_line(tmp_path):
    """The fit is certain then, and no curve set may be."""
    rows = [
        f"p{i % 10},{1 + i % 5},average,{1 + i % 4},yes,{'closed' if i % 5 > 1 else 'failed'}"
        for i in range(200)
    ]
    path = export(tmp_path, rows, header="person,level,class,hours,agent,outcome")
    with pytest.raises(TicketError, match=r"\A[^\n]*tells how every ticket ended[^\n]*\Z"):
        local.calibrate(path)


@pytest.mark.parametrize(
    ("count", "most"),
    [(20_000, 400), pytest.param(200_000, cells.MOST_CELLS, marks=pytest.mark.long)],
)
def test_many_rows_are_fitted_by_people_drawn_at_random(count, most, tmp_path, monkeypatch):
    monkeypatch.setattr(cells, "MOST_CELLS", most)
    luck, people = np.random.default_rng(1), count // 100
    person, hours = luck.integers(0, people, count), luck.lognormal(0.5, 1.2, count).round(2)
    closed = luck.random(count) < 0.4 + 0.08 * (person % 5)
    work = np.where(luck.random(count) < 0.7, "average", "advanced")
    rows = [
        f"{i},p{p},{1 + p % 5},{w},{h},yes,{'closed' if c else 'failed'}"
        for i, (p, w, h, c) in enumerate(zip(person, work, hours, closed, strict=True))
    ]
    path = export(tmp_path, rows, header="ticket,person,level,class,hours,agent,outcome")
    found = local.calibrate(path)
    assert found.used < count  # of people drawn at random
    assert np.isfinite(found.moved["pooled"]).all()


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("gone/my-team", "does not exist"),
        ("study", "a set that ships"),
        ("there", "exists already"),
    ],
)
def test_what_could_not_be_written_is_refused_before_any_work(tmp_path, monkeypatch, out, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.json").write_text("{}")
    with pytest.raises(curve_set.CurveSetError, match=says):
        local.calibrate(tmp_path / "no-such-file.csv", out)


def test_a_measure_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(TicketError, match="closed_as = 'merged': must be one of own, partial"):
        local.calibrate(export(tmp_path, lines(20)), closed_as="merged")


# ---- how far they moved the answer -------------------------------------------------------------


def test_the_answer_is_that_of_two_runs_and_its_difference_is_paired(pooled, monkeypatch):
    found, folder = pooled
    monkeypatch.chdir(folder)
    said = found.answer
    plan = sim.load("baseline")
    ran = [
        sim.run(one, draws=said["draws"], luck=said["luck"], seed=said["seed"])
        for one in (plan, plan.replace({"tool.curves": "my-team"}))
    ]
    for name, one in zip(("before", "after"), ran, strict=True):
        row = one.summary().loc["work_delivered"]
        assert said[name] == pytest.approx([row["mean"], row["ci_low"], row["ci_high"]])
    assert said["difference"][0] == pytest.approx(said["after"][0] - said["before"][0])
    widths = {name: said[name][2] - said[name][1] for name in ("before", "after", "difference")}
    assert widths["difference"] < 0.7 * min(widths["before"], widths["after"])
    assert "Your tickets moved it by" in found.report()


def test_the_study_s_own_curves_move_no_answer(tmp_path):
    data = json.loads((curve_set.HERE / "curves" / "study.json").read_text(encoding="utf-8"))
    plan = sim.load("baseline").replace({"horizon.weeks": 2})
    said = answer.moved(plan, data, seed=1, draws=4, luck=1)
    assert said["before"] == said["after"]
    assert said["difference"] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("scenario", "says"),
    [("no-tool", "no-tool: works without an agent"), ("basline", "did you mean 'baseline'")],
)
def test_a_plan_that_no_ticket_can_move_is_refused_before_the_fit(tmp_path, scenario, says):
    out = tmp_path / "ours"
    with pytest.raises(ValueError, match=says) as caught:
        local.calibrate(export(tmp_path, lines(20)), out, scenario=scenario)
    assert "\n" not in str(caught.value)
    assert not out.with_suffix(".json").exists()
