"""The small records that are pinned, made through the public face alone."""

from functools import cache
from pathlib import Path

import sim

TICKETS = Path(__file__).parents[2] / "calibration" / "examples" / "synthetic-tickets.csv"
DAY = "2027-01-15"  # on which assessments are made
FACTORS = ["dev_share", "review_rate", "team_offset"]
LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")
MONEY = {
    "money.currency": "EUR",
    "money.tool_per_person_month": 100.0,
    "money.price_per_expert_hour": 300.0,
    **{f"money.engineer.{level}": 40.0 + 15.0 * place for place, level in enumerate(LEVELS)},
    **{f"money.adjacent.{level}": 35.0 + 10.0 * place for place, level in enumerate(LEVELS)},
}  # fmt: skip
TEAM = sim.load("platform-team").replace({"horizon.weeks": 6, **MONEY})
BACKLOG = sim.load("backlog-deadline").replace({"horizon.weeks": 5, "tasks.backlog": 60})
PLANS = {
    "as is": TEAM,
    "trained & <coached>": TEAM.replace(
        {"training.seats": 2, "training.weeks": 2, "training.cost_per_seat": 900.0}
    ),
    "one expert more": TEAM.replace({"team.expert": 3}),
}
TWO = {label: PLANS[label] for label in ("as is", "trained & <coached>")}
DECK = {
    "title": "Two plans <and> $more$",
    "question": "Does training two novices beat hiring one expert?",
    "draws": 50,
    "weeks": 8,
    "price": 2.4,
    "plans": [
        {"scenario": "two-years", "label": "today's team"},
        {
            "scenario": "two-years",
            "label": "the training",
            "changes": {"training.seats": 2, "training.weeks": 2, "training.cost_per_seat": 40.0},
        },
        {"scenario": "two-years", "label": "the hire", "changes": {"team.expert": 3}},
    ],
    "analyses": ["break_even", "sensitivity", "decision"],  # mixes take too long
    "sensitivity": {"samples": 32, "factors": ["dev_share", "oversight_share"]},
}
STUDIES = (
    "train-or-hire", "average-share", "review-bottleneck", "headline-or-study",
    "gap", "spread", "ways-of-working",
)  # fmt: skip


def texts():
    """Files that commands read: name -> text."""
    wrong = TEAM.to_toml().replace("novice = 2", "novices = 2", 1)
    return {
        "team.toml": TEAM.to_toml(),
        "other.toml": PLANS["trained & <coached>"].to_toml(),
        "backlog.toml": BACKLOG.to_toml(),
        "wrong.toml": wrong,
        "broken.toml": "extends = nothing",
        "deck.toml": _SMALL_DECK,
        "work.csv": "class\n" + "advanced\n" * 12 + "average\n" * 28,
        "tickets.csv": TICKETS.read_text(encoding="utf-8"),
        "empty.png": "",
    }


_SMALL_DECK = """\
title = "One more expert"
question = "Does one expert more pay?"
draws = 50
weeks = 4
analyses = ["break_even", "decision"]

[[plans]]
label = "as is"
scenario = "platform-team"

[[plans]]
label = "one more"
scenario = "platform-team"
changes = { "team.expert" = 3 }
"""


@cache
def record(name, folder):
    """A record by its name in MAKE; a sweep keeps its rows in `folder`."""
    return MAKE[name](folder)


def _given(_):
    table = sim.run(TEAM, draws=40, luck=1, threads=1)
    rows = table.parameters[FACTORS]
    return sim.given(rows, table.replications["work_delivered"], "pawn")


MAKE = {
    "scenario": lambda _: TEAM,
    "scenario-of-parts": lambda _: sim.load("late-joiners"),
    "result": lambda _: sim.run(TEAM, draws=6, luck=2, threads=1),
    "result-backlog": lambda _: sim.run(BACKLOG, draws=4, luck=2, threads=1),
    "result-central": lambda _: sim.run(
        "all-average", draws=2, luck=2, uncertainty="central", threads=1
    ),
    "comparison": lambda _: sim.compare(TWO, draws=6, luck=2, threads=1),
    "comparison-backlog": lambda _: sim.compare(
        {"six": BACKLOG, "eight": BACKLOG.replace({"team.expert": 4})}, draws=4, luck=2, threads=1
    ),
    "robustness": lambda _: sim.robustness(
        {label: plan.replace({"horizon.weeks": 2}) for label, plan in TWO.items()}, draws=4,
        luck=2, threads=1,
    ),
    "sweep": lambda folder: sim.sweep(
        TEAM, {"team.novice": [0, 2], "policy.wip_limit": [1, 3]}, folder / "sweep", draws=4,
        luck=2, weekly=True, threads=1,
    ),
    "sweep-against": lambda folder: sim.sweep(
        TEAM, {"team.novice": [0, 2], "team.expert": [2, 4]}, folder / "held", draws=6, luck=2,
        against=TEAM, weekly=True, threads=1,
    ),
    "sensitivity": lambda _: sim.sensitivity(
        TEAM, FACTORS, samples=32, luck=2, metrics=["work_delivered", "hours_review@3"], threads=1
    ),
    "sensitivity-pairs": lambda _: sim.sensitivity(
        TEAM, FACTORS[:2], samples=32, luck=2, second_order=True, threads=1
    ),
    "sensitivity-groups": lambda _: sim.sensitivity(
        BACKLOG, samples=32, luck=2, groups=True, threads=1
    ),
    "ranking": lambda _: sim.sensitivity(TEAM, FACTORS, "morris", samples=3, luck=2, threads=1),
    "ranking-given": _given,
    "decision": lambda _: sim.decide(PLANS, draws=50, luck=2, threads=1),
    "search": lambda _: sim.search(
        TEAM, people=3, step=1, finalists=3, draws=50, luck=2, threads=1
    ),
    "tier-curves": lambda _: sim.tier_curves("baseline", draws=6),
    "assessment": lambda _: sim.assess("baseline", today=DAY),
    "calibration": lambda _: sim.calibrate(TICKETS),
    "deck": lambda _: sim.deck(DECK, threads=1),
    **{
        f"study-{name}": lambda _, name=name: sim.study(name, draws=50, luck=2, threads=1)
        for name in STUDIES
    },
}  # fmt: skip
