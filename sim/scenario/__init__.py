"""Scenarios: what a team, its work, its tools and its policies are.

Reads TOML files that extend each other, checks every value, and gives one plain, immutable record.
It holds levers and overrides of the world; it knows nothing of chance, of the clock, or of how a
value is used. Whatever is wrong with a file ends in one ScenarioError of one line.
"""

from sim.errors import ScenarioError
from sim.scenario.files import available, curves_path, grouped
from sim.scenario.people import Group
from sim.scenario.scenario import Scenario, as_scenario, load
from sim.scenario.tables import schema
from sim.scenario.values import LEVELS

__all__ = [
    "LEVELS",
    "Group",
    "Scenario",
    "ScenarioError",
    "as_scenario",
    "available",
    "curves_path",
    "grouped",
    "load",
    "schema",
]
