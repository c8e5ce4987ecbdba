"""Make the saved folders and files in `saved/`. Run once, with the code of one commit; never anew.

    uv run python tests/pins/make_saved.py

Only the public face is used. It refuses to run where `saved/` is there.
"""

from pathlib import Path

import matplotlib

import sim

SAVED = Path(__file__).parent / "saved"
LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")
STATED = {
    "extends": "baseline",
    "question": "What does a team of four deliver in six weeks?",
    "horizon": {"weeks": 6},
    "team": {"novice": 1, "beginner": 0, "intermediate": 2, "advanced": 0, "expert": 1},
}
MONEY = {
    "currency": "EUR",
    "tool_per_person_month": 100.0,
    "price_per_expert_hour": 300.0,
    "engineer": {level: 40.0 + 15.0 * place for place, level in enumerate(LEVELS)},
    "adjacent": {level: 35.0 + 10.0 * place for place, level in enumerate(LEVELS)},
}
TEAM = sim.Scenario.from_dict(STATED, "team of four")
PAID = sim.Scenario.from_dict(STATED | {"money": MONEY}, "team of four, paid")
PLANS = {"as is": TEAM, "one expert more": TEAM.replace({"team.expert": 2})}
FEW = {"draws": 6, "luck": 2, "threads": 1}
FIFTY = {"draws": 50, "luck": 2, "threads": 1}
DECK = {
    "title": "One more expert",
    "question": "Does one expert more pay?",
    "draws": 50,
    "weeks": 4,
    "analyses": ["break_even", "decision"],
    "plans": [
        {"label": "as is", "scenario": "platform-team"},
        {"label": "one more", "scenario": "platform-team", "changes": {"team.expert": 3}},
    ],
}


def save(folder):
    """Write every kind of folder, figure and deck into a folder that is not there yet."""
    folder.mkdir()
    decision = sim.decide(PLANS, **FIFTY)
    sensitivity = sim.sensitivity(
        TEAM, ["dev_share", "review_rate"], samples=32, luck=2, metrics=["work_delivered"],
        threads=1,
    )  # fmt: skip
    records = {
        "result": sim.run(PAID, **FEW),
        "comparison": sim.compare(PLANS, **FEW),
        "decision": decision,
        "sensitivity": sensitivity,
    }
    for name, record in records.items():
        record.save(folder / name)
    sim.study("average-share", **FIFTY).save(folder / "study")
    records["sweep"] = sim.sweep(
        TEAM, {"team.novice": [0, 2]}, folder / "sweep", draws=4, luck=2, weekly=True, threads=1
    )
    records["curves"] = sim.tier_curves(TEAM, draws=6)
    for name, record in records.items():
        figure = record.plot()
        figure.savefig(folder / f"{name}.png", dpi=50)
        figure.savefig(folder / f"{name}.pdf")
        with matplotlib.rc_context({"svg.fonttype": "none"}):  # a third of the bytes
            figure.savefig(folder / f"{name}.svg")
    deck = sim.deck(DECK, threads=1)
    for suffix in ("pptx", "html", "md"):
        deck.save(folder / f"deck.{suffix}")


if __name__ == "__main__":
    save(SAVED)
