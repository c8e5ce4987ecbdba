"""Drift: a team's level walks from week to week, on one path for all plans of a draw.

Learned from a team's own record outside the engine, where the past is filtered; here it goes on.
Without a record there is none, and every factor is exactly 1.
"""

import math

from sim.engine import compiled, luck

_DRAW = ~0xFFF  # of a replication: its draw, whose worlds share a path


@compiled
def walk(w, weeks):
    """Put the factor on development hours of each week in its row.

    Equation 39 of docs/model.md.
    """
    level, reverting = w.drift_level, w.drift_reverting
    for step in range(w.drift_weeks + len(weeks)):
        if w.drifts:
            u, v = luck.pair(w.key, w.replication & _DRAW, 0, 2 * step, luck.DRIFT)
            jump, _ = luck.pair(w.key, w.replication & _DRAW, 0, 2 * step + 1, luck.DRIFT)
            sd = w.drift_jump_sd if jump < w.drift_jump_chance else w.drift_walk_sd
            level += sd * luck.normal(u)
            kept = w.drift_persistence
            noise = w.drift_reverting_sd * math.sqrt(1.0 - kept * kept)
            reverting = kept * reverting + noise * luck.normal(v)
        if step >= w.drift_weeks:
            weeks[step - w.drift_weeks].pace = math.exp(level + reverting)
