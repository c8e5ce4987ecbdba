"""What a deck is made of: a plan file, and the analyses it asks for on the same worlds."""

from sim.experiments.briefs.analyses import Brief, brief
from sim.experiments.briefs.errors import DeckError
from sim.experiments.briefs.plan_file import DeckPlan, available, load, read

__all__ = ["Brief", "DeckError", "DeckPlan", "available", "brief", "load", "read"]
