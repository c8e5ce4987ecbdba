"""Slides and figures of the packaged decks say words: no key of a plan, no name of a file."""

import dataclasses
import re
from functools import cache
from types import SimpleNamespace

import matplotlib.text
import pytest

import sim
from sim.decks import answer, content
from sim.decks import plan as plans
from sim.engine import metrics
from sim.experiments.sensitivity.factors import DEFAULT, RANGES
from sim.figures.drawing import chart_figure
from sim.parameters import world_parameters
from sim.records.factors import factor, member, values
from sim.records.words import rounded, signed

BACKUP = ("reproduce", "register")  # slides that may name keys and files
WEEKS = 26  # at most, that the test may end soon
TABLES = "answer|horizon|money|policy|tasks|team|tool|training|world|domains"
KEY = re.compile(rf"[a-z]\w*_\w+|\b(?:{TABLES})\.[a-z]\w*|\b[a-z]+\.[a-z]+\b(?!\.)")
PACKAGED = [name for name, _ in plans.available()]


def keys(text):
    """What of a text is a key: names with underscores, and dotted paths."""
    return [found for found in KEY.findall(text) if not found.endswith(".com")]


@cache
def deck(name):
    """A packaged deck with all its analyses, few worlds and a short run."""
    plan = plans.load(name)
    stated = plan.stated.model_copy(
        update={
            "draws": 50,
            "analyses": plans.ANALYSES,
            "sensitivity": plan.stated.sensitivity.model_copy(update={"samples": 32}),
            "composition": plan.stated.composition.model_copy(update={"draws": 50}),
        }
    )
    short = {
        label: one.replace({"horizon.weeks": min(WEEKS, one.horizon.weeks)})
        for label, one in plan.plans.items()
    }
    return sim.deck(dataclasses.replace(plan, stated=stated, plans=short), threads=1)


def texts_of(figure):
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


def texts(slide):
    """Every text that a slide shows: title, body, table, charts and pictures."""
    yield from map(content.text, slide.lines)
    yield slide.foot
    for chart in slide.charts:
        yield from (chart.title, chart.axis, chart.across, *map(str, chart.places))
        yield from (series.name for series in chart.series)
        yield from texts_of(chart_figure(chart))
    if slide.picture:
        yield slide.picture.words
        yield from texts_of(slide.picture.draw(size="slide"))


@pytest.mark.parametrize("name", PACKAGED)
def test_no_slide_before_the_backup_names_a_key_or_a_file(name):
    files = {one.name for one in deck(name).analyses.plan.plans.values()}
    slugs = {file for file in files if "-" in file}
    shown = [slide for slide in deck(name).slides if slide.name not in BACKUP]
    assert len(shown) >= 9
    for slide in shown:
        for text in texts(slide):
            assert not keys(text), (slide.name, text)
            assert not [slug for slug in slugs if slug in text], (slide.name, text)


@pytest.mark.parametrize("name", PACKAGED)
def test_no_figure_of_its_analyses_names_a_key(name):
    analyses = deck(name).analyses
    records = (analyses.sensitivity, analyses.decision, analyses.comparison, analyses.composition)
    for record in records:
        for text in texts_of(record.plot()):
            assert not keys(text), text


def test_a_deadline_is_mapped_by_its_chance_and_told_in_points():
    """A deck of a backlog maps what is asked of it; work delivered is mapped where it is asked."""
    by = {name: next(s for s in deck(name).slides if s.name == "composition") for name in PACKAGED}
    title = content.text(by["done-by-march"].title)
    assert "chance to be done by week 20" in title
    assert re.search(r"\d+% \(95% interval \d+% to \d+%\)|\d+% \(95% interval \d+ to \d+%\)", title)
    assert "deliver most per" in content.text(by["train-or-hire"].title)
    claims = deck("done-by-march").analyses.claims
    for id_ in ("done_by/knowing/everything", "done_by/choice"):
        assert claims[id_].shown_unit == "points"
        assert claims[id_].form("value") in claims[id_].sentence
    charts = [chart for slide in deck("done-by-march").slides for chart in slide.charts]
    assert not [chart.axis for chart in charts if "[share]" in chart.axis]


def test_the_map_of_a_deadline_is_the_chance_of_each_mix_by_hand():
    """Shares of worlds done of a mix that runs alone, on the same draws and luck."""
    study = deck("done-by-march").analyses.composition
    plan = deck("done-by-march").analyses.plan.reference
    row = study.tables["mixes"].set_index("mix").loc["9 expert"]
    team = {"novice": 0, "beginner": 0, "intermediate": 0, "advanced": 0, "expert": 9}
    alone = sim.run(
        plan.replace({f"team.{level}": n for level, n in team.items()}), draws=50, luck=2, threads=1
    )
    assert row["mean"] == alone.replications["done_by"].mean()
    today = sim.run(plan, draws=50, luck=2, threads=1)
    extra = (
        alone.replications["cost_to_horizon"].mean() - today.replications["cost_to_horizon"].mean()
    )
    assert row["extra_cost"] == pytest.approx(extra)


@pytest.mark.parametrize("name", [*world_parameters(), *DEFAULT, *RANGES])
def test_every_parameter_and_lever_that_is_varied_has_words(name):
    assert not keys(factor(name))
    assert "_" not in member(name, "curve")
    assert not keys(values({name: 1}))


def test_what_looks_like_a_key_is_known_as_one():
    for text in ("dev_share", "team.novice = 4", "policy.review", "tasks.done_share"):
        assert keys(text)
    assert not keys("Done by week 20. The chance is 1.5 to 2.5; e.g. more.")
    assert all(keys(name) for name in metrics.NAMES if "_" in name)


def test_the_slide_of_the_question_says_what_the_reference_has_in_stages():
    frozen = sim.load("release-freeze").replace(
        {
            "tool.profile": "none",
            "rollout": [{"profile": "claude-code-2026", "week": 2, "share": 0.5}],
        }
    )
    comparison = sim.compare(
        {"today": frozen, "thawed": frozen.replace({"freeze.releases": []})}, draws=4, luck=2
    )
    asked = SimpleNamespace(question="What does the freeze cost?")
    analyses = SimpleNamespace(comparison=comparison, plan=SimpleNamespace(stated=asked))
    reference, other, *_ = map(content.text, answer.question(analyses).body)
    assert ", tool none, “claude code 2026” for " in reference
    assert (
        ", with nothing released from 18 December 2026 to 15 January 2027. It is what" in reference
    )
    assert "days on which nothing is released" in other
    assert not re.search(r"\d{4}-\d{2}", f"{reference} {other}"), "dates stand in words"
    assert " weeks from 7 December 2026, " in reference


@pytest.mark.parametrize("name", PACKAGED)
def test_what_moves_the_answer_is_titled_by_the_longest_named_bar_in_its_own_unit(name):
    made = deck(name)
    analysis = made.analyses.sensitivity
    slide = next(slide for slide in made.slides if slide.name == "sensitivity")
    title, metric = content.text(slide.title), analysis.metrics[0]
    table = analysis.ends(metric).query("factor != 'other parameters'")
    shown = table[(table["change_low"] > 0) | (table["change_high"] < 0)]
    row = shown.iloc[0]
    assert "variance" not in title
    assert abs(row["change"]) == shown["change"].abs().max()
    scale, unit = (100, "points") if metric == "done_by" else (1, "expert-h")
    unit = "EUR" if "EUR" in title else unit
    unit = "intermediate-level hours" if metric == "net_value" and unit != "EUR" else unit
    size, low, high = (scale * row[c] for c in ("change", "change_low", "change_high"))
    as_text = rounded if row["kind"] == "together" else signed
    told = as_text(size, low, high)
    assert f" {told[0]} {unit} (95% interval {told[1]} to {told[2]})" in title
    drawn = " ".join(texts_of(slide.picture.draw(size="screen")))
    assert told[0] in drawn
    assert title.rstrip(".") in " ".join(drawn.split())
