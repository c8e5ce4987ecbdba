"""Levers that are plain numbers of a world: set in its row, without a scenario each.

A table from dotted paths to the fields of `state.WORLD`, for designs that vary levers over a
range; it says nothing about which values make sense. Levers that change the team, or that are
words or whole numbers, go through `Scenario.replace`.
"""

import numpy as np

from sim.engine import state

# Dotted path -> field, and the place in it where the field holds several numbers.
FIELDS = {
    **{
        f"policy.{name}": (name, None)
        for name, dtype, unit, _ in state.POLICY
        if dtype is np.float64 and unit != "level"  # levels are words
    },
    "tasks.fix_share": ("fix_share", None),
    "tasks.own_share": ("own_share", None),
    "tasks.average.median_hours": ("size_scale", 0),
    "tasks.advanced.median_hours": ("size_scale", 1),
    "tool.adoption": ("adoption", None),
}


def put(rows, path, values):
    """Set a lever in rows (n,) of state.WORLD to values (n,), in the lever's unit."""
    field, place = FIELDS[path]
    if place is None:
        rows[field] = values
    else:
        rows[field][:, place] = values
