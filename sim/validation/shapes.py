"""Scenarios of every shape: each lever picked, so that laws can be tried on all of them.

A scenario of `any_scenario` is chosen by a function `pick(options)`, so that a seeded generator
(`picker`) and Hypothesis walk the same space of levers.
"""

from typing import Any

import numpy as np

from sim.validation.worlds import plan

LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")
ALL_TIES = {  # nothing but whole numbers of the same hours: events meet at one time
    "session_noise_sd": 0.0,
    "hand_noise_sd": 0.0,
    "review_look_hours": 0.0,
    "review_noise_sd": 0.0,
    "sd_developer": 0.0,
}


def picker(seed):
    """`pick(options)` from a seed."""
    rng = np.random.default_rng(seed)
    return lambda options: options[int(rng.integers(len(options)))]


_SIZES = (
    {"size": "constant", "mean_hours": 2.0},
    {"size": "constant", "mean_hours": 4.0},
    {"size": "exponential", "mean_hours": 3.0},
    {"size": "lognormal", "median_hours": 1.6, "sigma": 1.2},
    {"size": "lognormal", "median_hours": 5.0, "sigma": 0.3},
    {"size": "lognormal", "median_hours": 0.5, "sigma": 2.0},
)
_WORLD = {  # values at the ends of what the register allows, beside the drawn ones
    "session_noise_sd": (0.0,),
    "hand_noise_sd": (0.0,),
    "review_look_hours": (0.0, 80.0),
    "sd_task": (0.0,),
    "sd_developer": (0.0, 2.0),
    "partial_share": (0.0, 0.5, 1.0),
    "dev_share": (0.35, 1.0),
    "team_offset": (-20.0, 0.0, 20.0),
    "defect_hand": (0.0, 0.5, 1.0),
    "defect_verified": (0.0, 1.0),
    "defect_unverified": (0.0, 1.0),
    "defect_delay_weeks": (0.0, 0.5),
    "rework_share": (0.0, 0.3, 1.0),
    "fix_size_share": (0.0, 0.5, 1.0),
    "review_rate": (0.0, 1.0),
    "review_capacity": (0.0, 3.0, 168.0),
    "review_noise_sd": (0.0,),
    "review_skill_intermediate": (-50.0, 50.0),
    "self_review_factor": (0.0, 1.0),
    "hand_success_expert": (-50.0, 0.0, 50.0),
    "escalation_hours": (0.0, 2.0),
    "belief_bias": (-2.0, 2.0),
    "causal_share": (0.0, 1.0),
    "learning_rate": (0.0, 0.1),
    "delegation_damping": (0.0, 1.0),
    "training_efficacy": (0.0, 1.0),
    "ramp_start": (0.0, 1.0),
    "ramp_weeks": (0.0, 3.0),
    "mentor_share": (0.0, 2.0),
    "fill_sd": (0.0, 2.0),
    "communication_loss": (0.0, 0.1),
    "gap_drift": (-1.0, 1.0),
    "task_growth": (-0.5, 2.0),
    "runtime_share": (0.0, 2.0),
    "hand_task_share": (0.0, 1.0),
    "coordination_loss": (0.0, 1.0),
}
_PAY = {"novice": 40.0, "beginner": 45.0, "intermediate": 55.0, "advanced": 65.0, "expert": 80.0}


def _staffing(pick, team, domains, weeks):
    """Training, joiners, leavers, attrition and money, each or none."""
    never = (False,) * 2 + (True,)
    chosen: dict[str, Any] = {}
    if pick(never):
        length = pick(range(1, weeks))
        chosen["training"] = {
            "seats": pick((1, 3)), "target": pick(LEVELS), "weeks": length,
            "start_week": pick(range(weeks - length + 1)), "role": pick(("any", "engineer")),
            "hours_per_week": pick((4.0, 60.0)), "trainer_hours_per_week": pick((0.0, 5.0)),
            "cost_per_seat": 100.0,
        }  # fmt: skip
        if domains:
            chosen["training"]["domain"] = "data"
    if pick(never):
        chosen["joiners"] = [
            {
                "count": pick((1, 2)), "level": pick(("novice", [2.0, 4.5], "expert")),
                "role": pick(("engineer", "adjacent")), "week": pick(range(weeks)),
                "weeks_to_fill": pick((0.0, 1.5)), "hiring_cost": 1000.0,
            }
        ]  # fmt: skip
    there = [level for level in LEVELS if team.get(level)]
    if there and pick(never):
        leaver = {"level": pick(there), "role": "engineer", "week": pick(range(weeks))}
        chosen["leavers"] = [leaver]
    if pick(never):
        chosen["attrition"] = {
            "per_year": pick((5.0, 0.1, 0.0)), "refill": pick((True, False)),
            "weeks_to_fill": pick((1.0, 0.0)),
        }  # fmt: skip
    if pick(never):
        chosen["money"] = {
            "currency": "EUR", "engineer": _PAY, "adjacent": _PAY, "tool_per_person_month": 100.0,
        }  # fmt: skip
        if pick((True, False)):
            chosen["money"]["price_per_expert_hour"] = 90.0
    return chosen


def any_scenario(pick):
    """A valid scenario with every lever picked, of at most 8 people and 2 to 6 weeks."""
    team: dict[str, Any] = {}
    people = []
    weeks = pick(range(2, 7))
    domains = pick(({}, {}, {"data": 0.7, "web": 0.3}))
    for _ in range(pick(range(9))):
        role = pick(("engineer", "engineer", "engineer", "adjacent"))
        if pick((True, True, False)):
            counts = team if role == "engineer" else team.setdefault("adjacent", {})
            level = pick(LEVELS)
            counts[level] = counts.get(level, 0) + 1
        else:
            level = pick((2.5, 3.999, [1.0, 5.0], [2.0, 3.5], "advanced", "expert"))
            if domains and pick((True, False)):
                level = {"data": level, "web": pick(LEVELS)}
            hours = pick((40.0, 20.0, 33.3, 60.0))
            people.append({"count": 1, "level": level, "role": role, "hours_per_week": hours})
    work = pick(
        (
            {"arrivals_per_week": "saturated"},
            {"arrivals_per_week": 12.0},
            {"arrivals_per_week": 0.5},
            {"arrivals_per_week": 0.0},
            {"backlog": 15, "done_share": 0.8},
            {"backlog": 0},
        )
    )
    tool = {
        "profile": pick(("claude-code-2026", "agent-early-2025", "completion-assistant", "none"))
    }
    if tool["profile"] != "none":
        tool["adoption"] = pick((1.0, 0.5, 0.0))
    if tool["profile"].startswith(("claude", "agent")):
        tool["improves"] = pick((False, True))
        tool["version"] = pick(("start", "date"))
    world = {name: pick(values) for name, values in _WORLD.items() if pick((False,) * 4 + (True,))}
    if pick((False,) * 4 + (True,)):
        world |= ALL_TIES
    share = (0.3, 0.0, 1.0)
    return plan(
        horizon={"weeks": weeks},
        team=team,
        people=people,
        tasks=work
        | {"advanced_share": pick(share), "fix_share": pick(share)}
        | {"average": pick(_SIZES), "advanced": pick(_SIZES)},
        tool=tool | {"curves": pick(("study", "study", "headline"))},
        policy={
            "routing": pick(("matched", "fifo", "strict")),
            "matched_level": pick(LEVELS),
            "lookahead": pick((20, 0, 1, 3)),
            "agent_use": pick(("always", "pays", "never")),
            "scope_hours": pick((2.0, 0.5, 1000.0)),
            "max_sessions": pick((2, 1, 5)),
            "stretch_hours": pick((4.0, 0.7, 1000.0)),
            "split_hours": pick((8.0, 1.0, 1000.0)),
            "tries_per_level": pick((2, 1, 5)),
            "review": pick(("all", "unverified", "none")),
            "review_order": pick(("first", "turn", "last")),
            "reviewer_level": pick(LEVELS),
            "review_hours_per_week": pick((2.9, 0.0, 40.0)),
            "wip_limit": pick((3, 1, 1000)),
            "at_limit": pick(("wait", "review", "continue")),
            "adjacent_by_hand": pick((False, True)),
            "parallel_sessions": pick((1, 3)),
            "subteam_size": pick((8, 1)),
        },
        world=world,
        domains=domains,
        **_staffing(pick, team, domains, weeks),
    )
