"""How many blocks of Philox, of two numbers each, an event takes: the rules run uncompiled.

uv run python benchmarks/luck_per_event.py
"""

import os

os.environ["NUMBA_DISABLE_JIT"] = "1"  # so that calls can be counted

import sim
from sim.engine import luck, setup
from sim.engine.team_model import TeamModel


def blocks_per_event(plan):
    """Blocks drawn by the rules over the events of one world of a plan."""
    world = setup.worlds(plan, 1, setup.draw(plan, 1, 0, 1, True))
    philox, blocks = luck.philox, 0

    def counted(*words):
        nonlocal blocks
        blocks += 1
        return philox(*words)

    luck.philox = counted
    model = TeamModel(plan, 1, 0, 0, world=world).run()
    luck.philox = philox
    return blocks / int(model.world[0]["events"])


if __name__ == "__main__":
    print(f"{blocks_per_event(sim.load('baseline').replace({'horizon.weeks': 8})):.3f}")
