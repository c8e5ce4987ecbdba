"""A figure of a comparison shows its record, and nothing overlaps or is cut."""

import dataclasses
from collections import Counter
from functools import cache

import numpy as np
import pytest
from drawn import faults
from matplotlib.figure import Figure
from test_figures import words

import sim
from sim import figures
from sim.experiments import findings
from sim.figures.style import BLUE, VERMILLION, WARNING
from sim.records.words import capital, with_titles

NOBODY = dict.fromkeys(("novice", "beginner", "intermediate", "advanced", "expert"), 0)
EMPTY = {"team": {**NOBODY, "adjacent": NOBODY}}
UNREVIEWED = {"policy.review": "none"}
NEWCOMERS = {"count": 2, "level": "expert", "role": "engineer", "week": 4}
# Reference's changes to baseline, plans' changes to the reference, how it runs.
CASES = {
    "one plan": ({}, [{"team.expert": 3}], {}),
    "three plans": ({}, [{"tool.profile": "none"}, {"tool.curves": "headline"}, UNREVIEWED], {}),
    "dip": ({"horizon.weeks": 52}, [{"joiners": [NEWCOMERS]}], {}),
    "fewer people, other work": ({}, [{"team.novice": 0, "tasks.fix_share": 0.1}], {}),
    "same": ({}, [{}], {}),
    "nobody first": (EMPTY, [{"team": {"expert": 2}}], {}),
    "no work": ({"tasks.arrivals_per_week": 0}, [{"team.expert": 3}], {}),
    "one week": ({"horizon.weeks": 1}, [UNREVIEWED], {}),
    "central": ({}, [{"tool.profile": "none"}], {"uncertainty": "central"}),
    "one luck": ({}, [UNREVIEWED], {"luck": 1}),
}


@cache
def comparison(case):
    reference, plans, design = CASES[case]
    base = sim.load("baseline").replace(reference)
    found = (base.replace(changes) if changes else base for changes in plans)
    return sim.compare(base, *found, **{"draws": 12, "luck": 2, "seed": 7, **design})


@pytest.mark.parametrize("case", CASES)
def test_every_comparison_draws_with_its_finding_units_and_provenance(case, tmp_path):
    found = comparison(case)
    figure = found.plot()
    assert isinstance(figure, Figure)
    assert capital(with_titles(findings.headline(found), found.results)) in words(figure)
    assert len(figure.axes) == 2 * len(found.plans)
    left, right = figure.axes[-2:]
    assert "[expert-h]" in left.get_xlabel()
    assert "[% of baseline]" in right.get_xlabel()
    count = f"Of each plan {found.design['draws'] * found.design['luck']:,} simulated worlds"
    assert count in words(figure)
    for label in (found.reference, *found.plans):  # its file has that
        assert found.results[label].provenance["scenario_sha256"][:8] not in words(figure)
    assert figures.save(figure, tmp_path / "plans.png").stat().st_size > 10_000


@pytest.mark.parametrize("kind", ["difference", "weeks"])
@pytest.mark.parametrize("case", CASES)
def test_no_text_is_cut_off_or_small_or_lies_on_another(case, kind):
    assert faults(comparison(case).plot(kind), least=8) == []


@pytest.mark.parametrize("case", ["one plan", "dip", "nobody first"])
def test_a_hundred_dots_are_the_quantiles_of_the_differences(case):
    found = comparison(case)
    d = found.differences(found.plans[0])
    counts: Counter = Counter()
    for line in found.plot().axes[0].lines[:3]:
        counts[line.get_marker()] += len(line.get_xdata())
    assert sum(counts.values()) == 100
    assert counts["o"] == round(100 * np.mean(d > 0))
    assert counts["s"] == round(100 * np.mean(d < 0))


def test_more_is_better_or_worse_as_the_metric_says():
    figure = comparison("one plan").plot()
    below, above = figure.axes[0].texts
    assert (below.get_text()[-5:], above.get_text()[-6:]) == ("worse", "better")
    costs = comparison("one plan")
    named = {label: with_metric(r, "escaped_defects") for label, r in costs.results.items()}
    (above,) = sim.Comparison(named).plot().axes[0].texts
    assert above.get_text() == "100 of 100\nworse"


def with_metric(result, metric):
    """A result whose plan asks for another metric."""
    plan = result.scenario.replace({"answer.metric": metric})
    return dataclasses.replace(result, scenario=plan)


def test_a_mark_is_coloured_by_what_is_better_for_its_metric():
    """Without review more is done, and more defects escape."""
    found = comparison("three plans")
    right = found.plot().axes[-1]
    names = [text.get_text() for text in right.get_yticklabels()]
    marks = {
        names[int(line.get_ydata()[0])]: line.get_color()
        for line in right.lines
        if len(line.get_ydata()) == 1
    }
    assert marks["Tasks done"] == BLUE
    assert marks["Escaped defects"] == VERMILLION


def test_break_even_is_marked_where_the_record_has_it():
    found = comparison("dip")
    at = found.break_even()["week"].iloc[0]
    assert 1 < at <= 52
    dots = [line for line in found.plot("weeks").axes[1].lines if line.get_marker() == "o"]
    assert [float(line.get_xdata()[0]) for line in dots] == [at]


@pytest.mark.parametrize(
    ("case", "warning"),
    [
        ("fewer people, other work", "no basis for workforce change"),
        ("fewer people, other work", "do not meet the same work"),
        ("three plans", "HEADLINE CURVES"),
        ("central", "leaves out"),
        ("one luck", "too wide"),
    ],
)
def test_what_a_comparison_must_not_be_shown_without_is_on_its_figure(case, warning):
    figure = comparison(case).plot()
    shown = [t for t in figure.texts if t.get_color() == WARNING]
    assert len(shown) == 1
    assert warning in " ".join(shown[0].get_text().split())


def test_plans_that_do_not_differ_are_said_not_to():
    figure = comparison("same").plot()
    assert "do not differ" in words(figure)
    assert figure.axes[0].texts[0].get_text() == "No difference in any world"
