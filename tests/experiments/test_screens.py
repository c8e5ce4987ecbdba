"""The first screen: five short lines and a table in 80 columns, led by the plan's own metric."""

import re
from functools import cache
from tempfile import mkdtemp

import numpy as np
import pytest
from command import tiercurve

import sim
from sim.experiments import decide as decisions
from sim.experiments import drivers
from sim.report import WIDTH

LINES = ["answer", "range", "odds", "narrow", "next"]
KEY = re.compile(r"[a-z]\w*_\w+|\b(?:team|tasks|policy|training|tool|world|money)\.[a-z]\w*")


@cache
def plan(weeks=10):
    """A small plan with a deadline and salaries."""
    return sim.load("done-by-march/today").replace(
        {"horizon.weeks": weeks, "answer.by_week": weeks - 2, "tasks.backlog": 40}
    )


@cache
def decision():
    hire = plan().replace({"team.expert": 5})
    return sim.decide({"today": plan(), "hire": hire}, draws=50, luck=2, threads=1)


@cache
def analysis():
    factors = ["composition", "dev_share"]
    return sim.sensitivity(plan(), factors, samples=64, luck=2, threads=1)


@cache
def sweep(*paths):
    values = {"team.expert": [1, 3, 5], "policy.review": ["all", "none"]}
    factors = {path: values[path] for path in paths}
    return sim.sweep(plan(), factors, f"{mkdtemp()}/sweep", draws=20, luck=2, threads=1)


@cache
def mixes():
    return sim.decide(decisions.mixes(plan(), step=3), draws=50, luck=2, threads=1)


RECORDS = {
    "decision": decision,
    "decision between mixes": mixes,
    "sensitivity": analysis,
    "sweep of one": lambda: sweep("team.expert"),
    "sweep of two": lambda: sweep("team.expert", "policy.review"),
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_first_screen_has_five_lines_at_most_and_one_table_in_eighty_columns(name):
    record = RECORDS[name]()
    lines, table = record._tables(False)
    names = [of for of, _ in lines.rows]
    assert names == [of for of in LINES if of in names]
    assert {"answer", "narrow", "next"} <= set(names)
    assert len(table.rows) <= 6
    assert sum(line.startswith("---") for line in table.lines()) == 1  # not in blocks
    for line in (*lines.lines(), *table.lines()):
        assert len(line) <= WIDTH, line
    assert len(record.text()) < len(record.text(True))
    assert "more caveats, which --all shows." in record.text()
    assert "more caveats" not in record.text(True)


@pytest.mark.parametrize("name", RECORDS)
def test_the_first_screen_says_words_and_leads_with_the_plans_own_metric(name):
    lines, table = RECORDS[name]()._tables(False)
    for of, said in lines.rows:
        assert not KEY.findall(said), (of, said)
    assert not KEY.findall(" ".join(map(str, table.head)))
    shown = " ".join([dict(lines.rows)["answer"], table.title, table.note])
    assert "chance to be done by" in shown
    assert "work delivered" not in shown


def test_extra_cost_stands_beside_the_chance():
    for record in (decision(), sweep("team.expert")):
        lines, table = record._tables(False)
        assert "extra cost of" in dict(lines.rows)["answer"]
        assert table.head[-1] == "extra cost"
        assert {row[-1] for row in table.rows} >= {"0"}


def test_a_cell_has_the_key_of_each_number_beside_its_words():
    _, _, numbers = decision()._cell_tables()
    assert dict(zip(numbers.head, numbers.rows[0], strict=True)).keys() >= {"number", "key"}
    rows = {row[1]: row[0] for row in numbers.rows}
    words = decision().measure_first["words"]
    assert all(words[key] == said for key, said in rows.items())
    _, factors = analysis()._cell_tables()
    assert ("mix of levels", "composition") in {row[1:3] for row in factors.rows}
    assert "dev_share" in decision().measure_first.index
    assert "composition" in set(analysis().indices["factor"])


def test_the_commands_show_everything_where_it_is_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ("decide", "no-tool", "baseline", "--draws", 50, "--luck", 2)
    _, first, _ = tiercurve(*words, capsys=capsys)
    _, whole, _ = tiercurve(*words, "--all", capsys=capsys)
    assert any(line.startswith("answer ") for line in first.splitlines()[:4])
    assert "Findings:" not in first
    assert "Findings:" in whole
    assert max(map(len, first.splitlines())) <= WIDTH


def test_a_driver_comes_with_an_interval_that_holds_its_share():
    """Linear and normal: the share of variance is 0.5; the interval holds it 19 times in 20."""
    rng, held = np.random.default_rng(3), 0
    runs, draws = 200, 200
    for key in range(runs):
        x = rng.normal(size=draws)
        y = np.sqrt(0.5) * x + np.sqrt(0.5) * rng.normal(size=draws)
        ((first, *_),) = drivers.ranked(y[:, None], {"team_offset": x}, key, intervals=True)
        assert first["low"] <= first["share"] <= first["high"]
        held += first["low"] <= 0.5 <= first["high"]
    assert held / runs > 0.95 - 4 * np.sqrt(0.95 * 0.05 / runs)


def test_a_plan_on_other_terms_is_marked_in_the_table_as_not_ranked():
    easier = plan().replace({"tasks.advanced_share": 0.1})
    text = sim.compare(
        {"today": plan(), "hire": plan().replace({"team.expert": 5}), "easier": easier},
        draws=20, luck=2, threads=1,
    ).text()  # fmt: skip
    rows = [line.split("  ")[0] for line in text.splitlines()]
    assert {"easier *", "hire"} <= set(rows)
    assert "* On other terms than today, so not ranked." in " ".join(text.split())


def test_both_chances_of_an_answer_over_another_plan_stand_with_their_intervals(tmp_path, capsys):
    path = tmp_path / "hire.toml"
    path.write_text(
        'extends = "done-by-march/hire"\n[answer]\nmetric = "done_by"\nby_week = 20\n'
        'against = "done-by-march/today"\n',
        encoding="utf-8",
    )
    _, out, _ = tiercurve("run", path, "--draws", 20, "--luck", 2, capsys=capsys)
    chance = r"\d+% \(\d+% to \d+%\)"
    assert re.search(f"odds {chance} against {chance}; 95% intervals", " ".join(out.split()))


def test_a_choice_among_many_mixes_ends_with_the_hashes_of_a_few():
    one = sim.decide(
        {f"plan {i}": plan().replace({"team.expert": i}) for i in range(1, 9)},
        draws=50, luck=2, threads=1,
    )  # fmt: skip
    assert one.text().rstrip().splitlines()[-1].count(",") < 9
    assert "3 more, curves study" in " ".join(one.text().split())
