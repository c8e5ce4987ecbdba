"""Mechanisms that can be switched off, and the values of their parameters at which they vanish.

Each is one rule of docs/model.md. At its value here a run is, to the bit, what it is without the
rule. A table only: it knows no plan and runs nothing.
"""

MECHANISMS = {
    "recovery": {"recovery_per_level": 0.0},
    "benchmark horizons": {"horizon_factor": 1.0},
    "failed sessions": {"failure_cost": 0.0},
    "oversight growth": {"oversight_growth": 1.0},
    "own code": {"own_code_factor": 1.0},
    "familiarity": {"familiarity_effect": 0.0},
    "places": {"tool_hours_factor": 1.0},
    "visible faults": {"visible_hand": 0.0, "visible_agent": 0.0},
    "practice": {"learning_rate": 0.0},
    "level by hand": {"hand_ratio": 1.0, "hand_success_per_level": 0.0},
}


def off(*names: str) -> dict[str, float]:
    """Changes of a scenario that switch mechanisms off, all of them by default.

    names : keys of MECHANISMS
    returns : "world.recovery_per_level" -> value, as `Scenario.replace` takes them
    """
    return {f"world.{key}": value for key, value in vanishing(*names).items()}


def vanishing(*names: str) -> dict[str, float]:
    """Parameter -> value at which its mechanism vanishes; of all mechanisms by default."""
    chosen = names or tuple(MECHANISMS)
    return {key: value for name in chosen for key, value in MECHANISMS[name].items()}
