"""No tests: a record of every class that has figures, and the kinds of figure it is held to."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import hand_made

import sim

DESIGN = {"draws": 12, "luck": 2, "seed": 7}
BASE = sim.load("baseline")
BACKLOG = {"tasks.backlog": 40, "answer.metric": "finish_week"}
DEADLINE = BACKLOG | {"answer.metric": "done_by", "answer.by_week": 14}
TWO_LEVELS = {"policy.reviewer_level": "advanced", "team.advanced": 1, "team.novice": 6}
PEOPLE = {"count": 2, "level": "expert", "role": "engineer", "week": 4}
LONG = "a plan with a name so long that it stands on two lines of a panel's title at the least"
PLANS = {"more-experts": {"team.expert": 3}, LONG: {"joiners": [PEOPLE]}}
MARCH = {name: sim.load(f"done-by-march/{name}") for name in ("today", "train", "hire")}
WEEK = BASE.replace({"horizon.weeks": 2})
THREE = ["team.novice", "team.intermediate", "team.expert"]
ONE = {"team.novice": [0, 1, 2, 3]}
TWO = {"team.novice": [0, 2, 4], "policy.wip_limit": [1, 3]}
FOUR = TWO | {"policy.review": ["all", "none"], "tasks.advanced_share": [0.1, 0.5]}
MIXED = sim.design.mixtures(THREE, 3)
WAYS = {"policy.review": ["all", "none", "unverified"]}
RUN = (None, "levels", "hours", "hours-by-week", "queues", "swimlanes")


def run(**changes):
    return sim.run(BASE.replace(changes), **DESIGN)


def compared(changes, plans):
    base = BASE.replace(changes)
    named = {label: base.replace(one) for label, one in plans.items()}
    return sim.compare({"today": base, **named}, **DESIGN)


def decided(plans):
    return sim.decide(plans, **{**DESIGN, "draws": 50, "threads": 1})


def analysed(plan=WEEK, **how):
    return sim.sensitivity(plan, **{"samples": 32, "luck": 2, "seed": 1, "threads": 1, **how})


def swept(factors, plan=WEEK, **how):
    return sim.sweep(plan, factors, f"{mkdtemp()}/sweep", draws=4, luck=2, threads=1, **how)


class Case(NamedTuple):
    """A record, and the kinds of its figures that are drawn; None is the one it has by default."""

    kind_of_record: str
    make: Any
    figures: tuple = (None,)


CASES = {
    "run": Case("Result", run, RUN),
    "one week": Case("Result", lambda: run(**{"horizon.weeks": 1}), RUN),
    "two years": Case(
        "Result", lambda: run(**{"horizon.weeks": 104}),
        (None, "hours-by-week", "queues", "swimlanes"),
    ),
    "backlog": Case("Result", lambda: run(**BACKLOG)),
    "backlog never done": Case(
        "Result", lambda: run(**BACKLOG | {"tasks.backlog": 4_000}),
        (None, "hours-by-week", "queues"),
    ),
    "deadline": Case("Result", lambda: run(**DEADLINE), RUN),
    "large team": Case(
        "Result", lambda: run(**{"team.intermediate": 9, "team.adjacent.novice": 4}),
        (None, "hours", "hours-by-week", "queues", "swimlanes"),
    ),
    "two levels": Case("Result", lambda: run(**TWO_LEVELS), (None, "queues")),
    "two levels, a deadline": Case(
        "Result", lambda: run(**TWO_LEVELS, **DEADLINE), (None, "queues")
    ),
    "no review": Case("Result", lambda: run(**{"policy.review": "none"}), (None, "queues")),
    "comparison": Case("Comparison", lambda: compared({}, PLANS), (None, "weeks")),
    "one plan": Case(
        "Comparison", lambda: compared({}, {"no-tool": {"tool.profile": "none"}}), (None, "weeks")
    ),
    "comparison by a deadline": Case("Comparison", lambda: compared(DEADLINE, PLANS)),
    "decision": Case(
        "Decision",
        lambda: decided({"today": BASE, **{k: BASE.replace(v) for k, v in PLANS.items()}}),
    ),
    "decision with a price": Case("Decision", lambda: decided(MARCH), (None, "worth")),
    "curves": Case("TierCurves", lambda: sim.tier_curves("baseline", draws=40), (None, "outcomes")),
    "analysis": Case(
        "Sensitivity", lambda: analysed(factors=["dev_share", "review_rate"], second_order=True),
        ("shares", "tornado", "convergence", "pairs"),
    ),
    "every factor": Case(
        "Sensitivity", lambda: analysed(BASE.replace(DEADLINE | {"horizon.weeks": 16})),
        ("tornado",),
    ),
    "groups": Case("Sensitivity", lambda: analysed(groups=True), ("shares",)),
    "ranking": Case("Ranking", lambda: analysed(factors=None, method="morris", samples=4)),
    "lines": Case("Sweep", lambda: swept(ONE), ("lines",)),
    "bars": Case("Sweep", lambda: swept(WAYS), ("lines",)),
    "weeks to a backlog's end": Case(
        "Sweep", lambda: swept(ONE, BASE.replace(BACKLOG)), ("lines",)
    ),
    "heat": Case("Sweep", lambda: swept(TWO), ("heat",)),
    "multiples": Case("Sweep", lambda: swept(FOUR), ("multiples",)),
    "ternary": Case("Sweep", lambda: swept(MIXED), ("ternary",)),
    "ternary of many": Case("Sweep", lambda: swept(sim.design.mixtures(THREE, 9)), ("ternary",)),
    "ternary in steps": Case(
        "Sweep", lambda: swept(sim.design.mixtures(THREE, 4, 2)), ("ternary",)
    ),
    "lines against": Case("Sweep", lambda: swept(ONE, against=WEEK), ("lines",)),
    "bars against": Case("Sweep", lambda: swept(WAYS, against=WEEK), ("lines",)),
    "heat against": Case("Sweep", lambda: swept(TWO, against=WEEK), ("heat",)),
    "ternary against": Case("Sweep", lambda: swept(MIXED, against=WEEK), ("ternary",)),
    "ternary of many against": Case(
        "Sweep", lambda: swept(sim.design.mixtures(THREE, 9), against=WEEK), ("ternary",)
    ),
    "backtest": Case("Backtest", hand_made.backtest_of_weeks),
    "validation": Case("Validation", hand_made.validation_of_all, ("coverage", "patterns")),
    "learning": Case(
        "Learning", lambda: hand_made.learning_of_weeks(Path(mkdtemp())), ("learning", "burn-up")
    ),
}  # fmt: skip


@cache
def record(name):
    """The record of a case, made once in a process."""
    return CASES[name].make()


def held(kind_of_record, default):
    """Kinds of figure that all cases of a class of record are held to, None being the default."""
    cases = (case for case in CASES.values() if case.kind_of_record == kind_of_record)
    return {kind or default for case in cases for kind in case.figures}
