"""The sessions of one run: how likely each was to be done, what that was made of, what came.

Made on the readable clock, whose world is that of the fast one, bit for bit.
"""

import math
from typing import Any

from sim.engine import odds, state
from sim.engine.curves import OUTCOMES
from sim.engine.odds import ADJACENT, HOURS_PER_YEAR
from sim.engine.state import HOURS_PER_WEEK
from sim.engine.team_model import Developer, TeamModel
from sim.experiments import task_names
from sim.experiments.traces import labels
from sim.scenario import Scenario

MOST_PERSON_WEEKS = 600  # of a plan whose sessions are told
CAME = {
    "failed": "nothing that could be used",
    "partial": "a part of it done",
    "unverified": "judged done, without hard evidence",
    "verified": "judged done, with hard evidence",
}
PARTS = {  # what multiplies the odds, in the order told
    "size": "the size of the piece",
    "advanced": "advanced work",
    "role": "a role that does not code",
    "team": "the team's distance from the study",
    "tool": "the tool's version by then",
    "familiarity": "familiarity with the tool",
    "again": "a try after another did not get it done",
    "person": "what this person is better or worse at than their level",
    "task": "what is harder or easier about this task than its size",
}


class _Told(Developer):
    """A developer whose sessions are noted as they end."""

    def finish(self) -> None:
        """The stretch ends."""
        model, row = self.model, self.row
        if state.ACTIVITIES[row["activity"]] != "agent":
            return super().finish()
        task = model.tasks[int(row["task"])]
        told = _told(model, row, task)
        super().finish()
        model.sessions.append(told | {"person": self.place, "outcome": int(row["outcome"])})
        return None


def _told(model: TeamModel, row: Any, task: Any) -> dict[str, Any]:
    """A session before its outcome is known: place, size, log-odds and their parts."""
    world, piece = model.world[0], float(task["piece"])
    logit = float(odds.own_logit(world, row, task, piece))
    return {
        "key": int(task["key"]), "start": float(row["start"]), "end": float(world["time"]),
        "hours": piece, "advanced": bool(task["advanced"]), "logit": logit,
        "base": float(world["cut_unverified"]) + _shift(world, row, task),
        "verified": _chance(float(world["cut_verified"]) + logit),
        "done": _chance(float(world["cut_unverified"]) + logit),
        "parts": _parts(world, row, task, piece),
    }  # fmt: skip


def _shift(world: Any, row: Any, task: Any) -> float:
    """What a person's level does to outcomes [logit]: as in `sim.engine.odds.own_logit`."""
    shift = float(row["shift"][task["domain"]])
    if world["gap_drift"]:
        years = row["years"] + world["time"] / HOURS_PER_YEAR
        wider = max(0.0, 1.0 + world["gap_drift"] * years)
        shift = world["shift_mean"] + (shift - world["shift_mean"]) * wider
    return float(shift)


def _parts(world: Any, row: Any, task: Any, piece: float) -> dict[str, float]:
    """What is added to the log-odds of a person's level, by PARTS; those that add nothing are out.

    Equation 1 of docs/model.md, term by term.
    """
    advanced, adjacent = bool(task["advanced"]), row["role"] == ADJACENT
    role = world["adjacent_penalty_advanced" if advanced else "adjacent_penalty_average"]
    doublings = math.log2(piece / world["size_ref_hours"])
    parts = {
        "size": -row["slope_per_doubling"] * doublings,
        "advanced": -world["advanced_penalty"] if advanced else 0.0,
        "role": -role if adjacent else 0.0,
        "team": world["team_offset"],
        "tool": row["progress"] + row["progress_per_hour"] * world["time"],
        "familiarity": row["familiarity_logit"],
        "again": row["recovery"][task["domain"]] if task["tries"] > 0 else 0.0,
        "person": row["trait"],
        "task": task["trait"],
    }
    return {name: float(value) for name, value in parts.items() if value}


def _chance(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))


def noted(plan: Scenario, seed: int, draw: int, luck: int) -> tuple[list[dict[str, Any]], float]:
    """Every session of one world, in the order they end, and the size they are measured by [h]."""
    model = TeamModel(plan, seed, draw, luck, True, developer_class=_Told)
    model.sessions = []
    model.run()
    return model.sessions, float(model.world[0]["size_ref_hours"])


def sessions(plan: Scenario, seed: int, draw: int, luck: int) -> dict[str, Any] | None:
    """The sessions of one run as plain data; None of a plan with too many, or without an agent.

    `parts` and `came` are words; each row of `rows` is (person, start and end [h], task, size [h],
    whether advanced, chance to be judged done, chance with hard evidence, outcome, chance of the
    level alone on average work of `reference` hours, {part: factor on the odds}).
    """
    people = labels(plan)
    if not plan.uses_agent or len(people) * plan.horizon.weeks > MOST_PERSON_WEEKS:
        return None
    found, reference = noted(plan, seed, draw, luck)
    keys = [one["key"] for one in found]
    names = task_names.names(keys)
    rows = [
        [
            one["person"], round(one["start"], 2), round(one["end"], 2), names[one["key"]],
            round(one["hours"], 2), one["advanced"], round(one["done"], 3),
            round(one["verified"], 3), OUTCOMES[one["outcome"]], round(_chance(one["base"]), 3),
            {name: round(math.exp(value), 2) for name, value in one["parts"].items()},
        ]
        for one in found
    ]  # fmt: skip
    return {
        "rows": rows, "parts": PARTS, "came": CAME, "reference": reference,
        "hours_per_week": HOURS_PER_WEEK,
    }  # fmt: skip
