"""What a deck is made of: a plan file, and the analyses it asks for on the same worlds."""

from sim.decks.analyses import Brief, brief
from sim.decks.plan import DeckPlan, available, load, read
from sim.errors import DeckError

__all__ = ["Brief", "DeckError", "DeckPlan", "available", "brief", "load", "read"]
